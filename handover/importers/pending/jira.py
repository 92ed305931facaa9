"""Jira: issues as CSV; a status of the category "Done", or a day of resolution, is done.

Role: the columns that Jira writes, some of them several times, and its days with a time in the site's own form. Issues
have no address in this export: their key stands before what they are about.
"""

from dataclasses import replace
from typing import Final

from handover.importers.importer import Importer
from handover.importers.pending.base import Card, Columns, has_header, records, table_reader

_NEEDS: Final = frozenset({"summary", "issue key", "status"})
_recognises = has_header(_NEEDS)
_read_table = table_reader(
    _NEEDS,
    Columns(["summary"], ["status"], ["description"], ["assignee"], ["due date", "due"]),
    done=lambda row: row.get("status category", "").casefold() == "done" or "resolved" in row,
)


def _read(content: bytes, file: str, asked: None) -> list[Card]:
    cards = _read_table(content, file, asked)
    keys = [row.get("issue key", "") for row in records(content, file, _NEEDS) if row]
    return [replace(card, title=f"{key} {card.title}".strip()) for card, key in zip(cards, keys, strict=True)]


IMPORTER: Final = Importer(
    name="jira",
    title="Jira",
    help="Filters, the search, Export, Export CSV (all fields).",
    extensions=("csv",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "the columns Summary, Issue key, Status",
    read=_read,
)
