"""Credentials from password managers' exports: a format is told by its content, never by a file's name.

Role: the registry of formats and the two ways to pick one: of a file, and of a table by its header. A new format is a
line here, or of a CSV an entry of formats.toml. Nothing here makes a credential:
`handover.importers.credentials.reading` does.
"""

from collections.abc import Sequence
from typing import Final

from handover.importers.credentials.base import CsvFormat, Format
from handover.importers.credentials.bitwarden import BITWARDEN_JSON
from handover.importers.credentials.dashlane import DASHLANE
from handover.importers.credentials.formats import FORMATS as CSV_FORMATS
from handover.importers.credentials.keepass import KDBX, KEEPASS_XML
from handover.importers.credentials.onepassword import ONEPUX
from handover.importers.credentials.proton import PROTON
from handover.model.characters import folded

FORMATS: Final[tuple[Format, ...]] = (KDBX, KEEPASS_XML, ONEPUX, PROTON, DASHLANE, BITWARDEN_JSON)


def format_of(data: bytes) -> Format | None:
    """The format of a file that is no table, or None."""
    return next((known for known in FORMATS if known.recognises(data, "")), None)


def recognise(header: Sequence[str]) -> CsvFormat | None:
    """The CSV format whose columns a header row has, or None. The first whose needed columns are all there."""
    names = {folded(name) for name in header}
    return next((known for known in CSV_FORMATS if known.fits(names)), None)
