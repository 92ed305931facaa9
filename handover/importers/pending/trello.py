"""Trello: a board as JSON.

Role: cards with their list as the state. Archived cards and lists, and cards whose due date is ticked, are told apart.
Labels, checklists, comments and attachments stay there: a card's address leads to them.
"""

from collections.abc import Mapping
from typing import Any, Final

from handover.importers.importer import Importer
from handover.importers.json_tree import at, looks_like, objects, read_json, text, texts
from handover.importers.pending.base import Card, due_days


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    board = read_json(content, file)
    lists = {text(one, "id"): one for one in objects(board, "lists")}
    people = {text(one, "id"): text(one, "fullName") or text(one, "username") for one in objects(board, "members")}
    cards = objects(board, "cards")
    days = due_days([text(card, "due") for card in cards])
    return [
        _card(card, lists.get(text(card, "idList"), {}), people, day) for card, day in zip(cards, days, strict=True)
    ]


def _card(card: dict[str, Any], within: dict[str, Any], people: Mapping[str, str], day: str) -> Card:
    return Card(
        title=text(card, "name"),
        state=text(within, "name"),
        description=text(card, "desc"),
        held_by=", ".join(filter(None, (people.get(one) for one in texts(card, "idMembers")))),
        due=day,
        url=text(card, "shortUrl") or text(card, "url"),
        done=at(card, "dueComplete") is True,
        archived=at(card, "closed") is True or at(within, "closed") is True,
    )


IMPORTER: Final = Importer(
    "trello", "Trello", "Board menu, Print, export and share, Export as JSON.", ("json",),
    looks_like(b"cards", b"lists", b"idList"), _read,
)  # fmt: skip
