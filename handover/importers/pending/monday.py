"""monday.com: a board as a workbook, group after group under a header of its own, subitems indented below their items.

Role: items, and subitems behind their item's name; a group's name and sums are none. What its statuses mean is asked,
as they're free texts.
"""

import zlib
from typing import Final

from handover.formats.sniff import is_workbook
from handover.formats.zips import UNREADABLE, open_zip
from handover.importers.importer import Importer
from handover.importers.pending.base import Card, Columns, Record, cards_of, record
from handover.model.errors import DamagedFile
from handover.model.message import msg
from handover.project.read.text import fold
from handover.project.read.xlsx_table import read_xlsx_rows

_KEY: Final = "Item ID (auto generated)"
_SUBITEMS: Final = "subitems"
_TOP: Final = 64 * 1024
_COLUMNS: Final = Columns(
    title=["name", "item", "nom", "element"],
    state=["status", "statut", "etat"],
    held_by=["person", "people", "owner", "personne", "responsable"],
    due=["due date", "deadline", "date", "echeance", "timeline end", "timeline - end"],
)


def _recognises(content: bytes, _file: str) -> bool:
    if not is_workbook(content):
        return False
    try:
        with open_zip(content) as archive:
            names = [
                name for name in archive.namelist() if name in {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}
            ]
            return any(_KEY.encode() in archive.open(name).read(_TOP) for name in names)
    except (*UNREADABLE, zlib.error):
        return False


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    rows, _ = read_xlsx_rows(content, file, "pending")
    headers: dict[bool, list[str]] = {}
    items: list[Record] = []
    item = ""
    for row in rows or ():
        cells = [cell.text.strip() for cell in row]
        folded = [fold(text) for text in cells]
        is_sub = folded[0] in {_SUBITEMS, ""}  # a subitem's row begins with an empty cell, below a header of its own
        if fold(_KEY) in folded:
            headers[is_sub] = folded
        elif (header := headers.get(is_sub)) and cells[header.index(fold(_KEY))].isdigit():
            found = record(header, cells)
            item = item if is_sub else cells[0]
            items.append({**found, "name": f"{item} – {found.get('name', '')}"} if is_sub else found)
    if not items:
        raise DamagedFile.at(file, msg("holds no task"), hint=msg("export the whole board or list, and give that file"))
    return cards_of(items, _COLUMNS)


IMPORTER: Final = Importer(
    "monday", "monday.com", "Board menu, More actions, Export board to Excel.", ("xlsx",), _recognises, _read
)
