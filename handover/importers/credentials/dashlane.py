"""Dashlane's zip: a CSV of sign-ins beside those of cards, identities and notes.

Role: bytes → entries; the sign-ins are read as the CSV alone is, the rest is only counted.
"""

from collections.abc import Iterator
from typing import Final

from handover.importers.credentials.base import ForeignEntry, Unlock, made
from handover.importers.importer import Importer
from handover.importers.json_tree import members, zip_with
from handover.model.errors import DamagedFile, SourceLocation
from handover.model.message import msg

_SIGN_INS: Final = "credentials.csv"
_OTHERS: Final = {
    "payments.csv": msg("cards"),
    "ids.csv": msg("identities"),
    "personalInfo.csv": msg("identities"),
    "securenotes.csv": msg("secure notes"),
}


def read(data: bytes, name: str, _unlock: Unlock) -> Iterator[ForeignEntry]:
    """Every entry, table by table. Raises DamagedFile for a table that can't be read."""
    from handover.importers.credentials.export import entries_of, read_csv  # here: it reads the registry of formats

    for inner, content in members(data, name, {_SIGN_INS, *_OTHERS}.__contains__):
        table = read_csv(content, f"{name}/{inner}")
        if inner != _SIGN_INS:
            place = SourceLocation(f"{name}/{inner}")
            yield from (made(place, {"service": _OTHERS[inner]}, kind=_OTHERS[inner]) for _ in table.lines[1:])
            continue
        if table.findings or table.known is None:
            why = table.findings[0].message if table.findings else msg("its columns aren't Dashlane's")
            fault = msg("{name}: {inner}: {why}", name=name, inner=inner, why=why)
            raise DamagedFile(fault, hint=msg("export it again"))
        yield from entries_of(table)


DASHLANE: Final = Importer(
    "dashlane-zip", "Dashlane", msg("Settings, Export data: the zip as it is"), ("zip",), zip_with(_SIGN_INS), read
)
