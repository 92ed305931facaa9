"""Notion: a database exported as "Markdown & CSV", a zip that often holds another.

Role: finds the table of all rows in it and the columns that people give such databases, in English and French. Pages as
Markdown stay there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from handover.importers.importer import Importer
from handover.importers.json_tree import members
from handover.importers.pending.base import Card, Columns, cards_of, due_days, has_header, records
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
_ADDRESS: Final = re.compile(r" \(https://[^\s()]*\)")
"""What follows the title of a related page."""
_AGAIN: Final = msg("export the database itself, as Markdown & CSV")
_MOST_INSIDE: Final = 3
_MOST_BYTES, _MOST_ROWS = 4 * 1024 * 1024, 100_000


def _tables(content: bytes, file: str, depth: int = 0, left: list[int] | None = None) -> Iterator[tuple[str, bytes]]:
    """The CSV files of the zip and of those in it, by name. `left` counts what all of them may hold."""
    left = left or [_MOST_BYTES + 16 * len(content), _MOST_ROWS]
    ends = (".csv", ".zip") if depth < _MOST_INSIDE else (".csv",)
    for name, data in members(content, file, lambda one: one.lower().endswith(ends)):
        is_table = name.lower().endswith(".csv")
        left[0] -= len(data)
        left[1] -= data.count(b"\n") if is_table else 0
        if min(left) < 0:
            message = msg("its tables hold more than {most:,} rows, or too much", most=_MOST_ROWS)
            raise DamagedFile.at(file, message, hint=_AGAIN)
        if is_table:
            yield name, data
        else:
            yield from _tables(data, file, depth + 1, left)


def _recognises(content: bytes, file: str) -> bool:
    try:
        return content.startswith(b"PK\x03\x04") and any(True for _ in _tables(content, file))
    except DamagedFile:
        return False


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    found = dict(_tables(content, file))
    whole = {name: table for name, table in found.items() if name.endswith(_ALL)} or found
    cards: list[Card] = []
    for table in whole.values():
        state = _column(table, file, _STATES)
        title = _column(table, file, _COLUMNS.title)
        if state and title:
            rows = [row for row in records(table, file, {state, title}) if row]
            cards += map(_plain, cards_of(rows, _COLUMNS))
    if not cards:
        raise DamagedFile.at(file, msg("holds no table with a name and a status"), hint=_AGAIN)
    return cards


def _plain(card: Card) -> Card:
    """The card without the addresses of related pages, and due on the last day of a range of them."""
    due = due_days([card.due.rpartition("→")[2]])[0] if "→" in card.due else card.due
    return replace(card, held_by=_ADDRESS.sub("", card.held_by), due=due)


def _column(table: bytes, file: str, names: Sequence[str]) -> str:
    """The first of these headers that a table has."""
    return next((one for one in names if has_header({one})(table, file)), "")


IMPORTER: Final = Importer(
    "notion", "Notion", "The database's menu, Export, Markdown & CSV.", ("zip",), _recognises, _read
)
