"""Credentials from password managers' CSV exports: a format is told by its header, its columns are declared.

Role: the registry of formats and `recognise`, which picks one. A new format is a line in `formats`, with a function
where its rows need more than columns. Nothing here reads a file or makes a credential:
`handover.project.vault.workbook` does.
"""

from collections.abc import Sequence

from handover.importers.credentials.base import CsvFormat, NotTaken, Taken, fold, host
from handover.importers.credentials.formats import FORMATS

__all__ = ["FORMATS", "CsvFormat", "NotTaken", "Taken", "fold", "host", "recognise"]


def recognise(header: Sequence[str]) -> CsvFormat | None:
    """The format whose columns a header row has, or None. The first whose needed columns are all there."""
    names = {fold(name) for name in header}
    return next((known for known in FORMATS if known.fits(names)), None)
