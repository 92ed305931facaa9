"""monday.com: a board as a workbook, group after group under a header of its own, subitems indented below their items.

Role: items alone; a group's name, sums and subitems are none. What its statuses mean is asked, as they're free texts.
"""

import zlib
from collections.abc import Sequence
from typing import Final

from handover.formats.sniff import is_workbook
from handover.formats.zips import UNREADABLE, open_zip
from handover.importers.importer import Importer
from handover.importers.pending.base import Card, due_days
from handover.model.errors import DamagedFile
from handover.model.message import msg
from handover.project.read.text import fold
from handover.project.read.xlsx_table import read_xlsx_rows

_KEY: Final = "Item ID (auto generated)"
_SUBITEMS: Final = "subitems"
_TOP: Final = 64 * 1024
_COLUMNS: Final = {
    "title": ("name", "item", "nom", "element"), "state": ("status", "statut", "etat"),
    "held_by": ("person", "people", "owner", "personne", "responsable"),
    "due": ("due date", "deadline", "date", "echeance", "timeline end", "timeline - end"),
}  # fmt: skip


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
    header: list[str] = []
    items: list[dict[str, str]] = []
    for row in rows or ():
        cells = [cell.text.strip() for cell in row]
        folded = [fold(text) for text in cells]
        if fold(_KEY) in folded and folded[0] != _SUBITEMS:
            header = folded
        elif header and cells[0] and folded[0] != _SUBITEMS and cells[header.index(fold(_KEY))].isdigit():
            items.append({name: text for name, text in zip(header, cells, strict=False) if text})
    if not items:
        raise DamagedFile.at(file, msg("holds no task"), hint=msg("export the whole board or list, and give that file"))
    days = due_days([_first(item, _COLUMNS["due"]) for item in items])
    return [
        Card(
            title=_first(item, _COLUMNS["title"]),
            state=_first(item, _COLUMNS["state"]),
            held_by=_first(item, _COLUMNS["held_by"]),
            due=day,
        )
        for item, day in zip(items, days, strict=True)
    ]


def _first(item: dict[str, str], names: Sequence[str]) -> str:
    return next((item[name] for name in names if name in item), "")


IMPORTER: Final = Importer(
    name="monday",
    title="monday.com",
    help="Board menu, More actions, Export board to Excel.",
    extensions=("xlsx",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "the column Item ID (auto generated)",
    read=_read,
)
