"""The credentials of a delivered inventory, read back from its cells.

Role: what the workbook says, for whoever compares it with the KeePass file beside it. It decrypts nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from handover.formats.excel import ReadSheet
from handover.formats.excel.read import open_workbook
from handover.languages.registry import Language
from handover.project.vault.rows import NEEDED, folded_name, grid, headers

_BEGINNING = 40
"""Cells in which a sheet's header row is looked for."""


class Delivered(NamedTuple):
    """The credentials in a delivered inventory as its cells spell them, in its order."""

    headers: Mapping[str, str]
    """Column → what the sheet calls it."""
    rows: tuple[Mapping[str, str], ...]
    """Column → value; what is blank isn't there."""


def delivered(package: bytes, *, name: str, languages: Sequence[Language] = ()) -> Delivered:
    """The credentials in an inventory that isn't encrypted, or has been decrypted.

    Its headers may be in any of the languages (ours). Raises DamagedFile for what is no workbook.
    """
    known = headers(languages)
    rows: list[Mapping[str, str]] = []
    columns: dict[int, str] = {}
    titles: dict[str, str] = {}
    for sheet in open_workbook(package, name):
        columns = {}
        # The list of the client's files may have a million cells: only a sheet that begins as this one does is read.
        if not {known.get(folded_name(cell.text)) for cell in islice(sheet.cells(), _BEGINNING)} >= set(NEEDED):
            continue
        for row in grid(ReadSheet(sheet.name, tuple(sheet.cells())), name):
            named = {at: column for at, cell in row.items() if (column := known.get(folded_name(cell.text)))}
            if not columns and set(named.values()) >= set(NEEDED):
                columns, titles = named, {column: row[at].text for at, column in named.items()}
            elif columns:
                values = {columns[at]: cell.text for at, cell in row.items() if at in columns and cell.text}
                rows += [values] if values.get("service") else []
    return Delivered(titles, tuple(rows))
