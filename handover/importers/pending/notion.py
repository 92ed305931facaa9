"""Notion: a database exported as "Markdown & CSV", a zip that often holds another.

Role: finds the table of all rows in it and the columns that people give such databases, in English and French. Pages as
Markdown stay there.
"""

from collections.abc import Iterator
from typing import Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.importers.credentials.json_tree import member
from handover.importers.importer import Importer
from handover.importers.pending.base import Card, Columns, Record, records, table_reader
from handover.model.errors import DamagedFile
from handover.model.message import msg

_ALL: Final = "_all.csv"
_STATES: Final = ["status", "statut", "etat", "state", "stage", "etape"]
_COLUMNS: Final = Columns(
    title=["name", "nom", "title", "titre", "task name", "task", "tache", "projet", "project name", "project"],
    state=_STATES,
    description=["description", "summary", "resume", "notes"],
    held_by=["assignee", "assign", "assigned to", "owner", "person", "responsable", "assigne a", "attribue a"],
    due=["due date", "due", "deadline", "date", "echeance", "date d'echeance", "date limite"],
    url=["url", "link", "lien"],
)
_MOST_INSIDE: Final = 3


def _tables(content: bytes, file: str, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The CSV files of the zip and of those in it, by name."""
    try:
        with open_zip(content) as archive:
            names = [one.filename for one in archive.infolist()]
    except UNREADABLE:
        raise DamagedFile(msg("{file}: isn't whole", file=file), hint=msg("export it again")) from None
    for name in names:
        if name.lower().endswith(".csv"):
            yield name, member(content, file, name)
        elif name.lower().endswith(".zip") and depth < _MOST_INSIDE:
            yield from _tables(member(content, file, name), file, depth + 1)


def _recognises(content: bytes, file: str) -> bool:
    try:
        return content.startswith(b"PK\x03\x04") and any(True for _ in _tables(content, file))
    except DamagedFile:
        return False


def _read(content: bytes, file: str, asked: None) -> list[Card]:
    found = dict(_tables(content, file))
    whole = {name: table for name, table in found.items() if name.endswith(_ALL)} or found
    cards: list[Card] = []
    for table in whole.values():
        state = next((one for one in _STATES if _rows(table, file, one)), "")
        title = next((one for one in _COLUMNS.title if _rows(table, file, one)), "")
        if state and title:
            cards += table_reader(frozenset({state, title}), _COLUMNS)(table, file, asked)
    if not cards:
        raise DamagedFile(
            msg("{file}: holds no table with a name and a status", file=file),
            hint=msg("export the database itself, as Markdown & CSV"),
        )
    return cards


def _rows(table: bytes, file: str, column: str) -> list[Record]:
    return records(table, file, frozenset({column}))


IMPORTER: Final = Importer(
    name="notion",
    title="Notion",
    help="The database's menu, Export, Markdown & CSV.",
    extensions=("zip",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "a table in a zip",
    read=_read,
)
