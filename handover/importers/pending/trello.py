"""Trello: a board as JSON, or as the CSV of paid workspaces.

Role: cards with their list as the state. Archived cards and lists, and cards whose due date is ticked, are told apart.
Labels, checklists, comments and attachments stay there: a card's address leads to them.
"""

from collections.abc import Iterator
from typing import Any, Final

from handover.importers.credentials.json_tree import looks_like, read_json
from handover.importers.importer import Importer
from handover.importers.pending.base import Card, Columns, due_days, has_header, table_reader, texts

_NEEDS: Final = frozenset({"card id", "card name", "list name"})
_YES: Final = frozenset({"true", "yes"})
_object = looks_like(b"cards", b"lists", b"idList")


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    board = read_json(content, file)
    lists = {one.get("id"): one for one in _objects(board, "lists")}
    people = {one.get("id"): one.get("fullName") or one.get("username") for one in _objects(board, "members")}
    cards = list(_objects(board, "cards"))
    days = due_days([(texts(iter([card.get("due")])) or [""])[0] for card in cards])
    return [_card(card, lists.get(card.get("idList"), {}), people, day) for card, day in zip(cards, days, strict=True)]


def _card(card: dict[str, Any], within: dict[str, Any], people: dict[Any, Any], day: str) -> Card:
    def text(value: object) -> str:
        return value.strip() if isinstance(value, str) else ""

    held_by = texts(people.get(one) for one in card.get("idMembers") or () if isinstance(one, str))
    return Card(
        title=text(card.get("name")),
        state=text(within.get("name")),
        description=text(card.get("desc")),
        held_by=", ".join(held_by),
        due=day,
        url=text(card.get("shortUrl") or card.get("url")),
        done=card.get("dueComplete") is True,
        archived=card.get("closed") is True or within.get("closed") is True,
    )


def _objects(board: Any, key: str) -> Iterator[dict[str, Any]]:
    found = board.get(key) if isinstance(board, dict) else None
    yield from (one for one in found or () if isinstance(one, dict)) if isinstance(found, list) else ()


JSON: Final = Importer(
    name="trello",
    title="Trello",
    help="Board menu, Print, export and share, Export as JSON.",
    extensions=("json",),
    recognises=lambda content, _file: _object(content),
    lacks=lambda content, _file: "" if _object(content) else "lists and cards",
    read=_read,
)

_recognises = has_header(_NEEDS)
CSV: Final = Importer(
    name="trello-csv",
    title="Trello",
    help="Board menu, Print, export and share, Export as CSV (paid workspaces).",
    extensions=("csv",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "the columns Card ID, Card Name, List Name",
    read=table_reader(
        _NEEDS,
        Columns(["card name"], ["list name"], ["card description"], ["members"], ["due date"], ["card url"]),
        done=lambda row: row.get("due complete", "").casefold() in _YES,
        archived=lambda row: row.get("archived", "").casefold() in _YES,
    ),
)
