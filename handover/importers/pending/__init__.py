"""Pending projects from boards and lists of tasks: a module per format, tried in order.

Role: `read_cards` picks the format, `pending_rows` gives the table's rows. What a list or status of another program
means is what the user says, or a word that our languages know for it; any other is asked for. What becomes of a project
is the user's to decide: it stays empty unless they say it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from handover.formats.sniff import kind_of, markup_of
from handover.importers.importer import Importer
from handover.importers.pending import github, monday, notion, tables, trello
from handover.importers.pending.base import Card
from handover.languages.registry import Language, meant
from handover.model.base import MAX_TEXT
from handover.model.characters import folded, unprintable
from handover.model.errors import UsageError
from handover.model.message import msg
from handover.model.rows import Decision, PendingStatus
from handover.project.read.text import in_utf_8

IMPORTERS: Final[tuple[Importer[None, list[Card]], ...]] = (
    trello.IMPORTER,
    tables.TRELLO,
    tables.ASANA,
    tables.JIRA,
    tables.LINEAR,
    github.IMPORTER,
    monday.IMPORTER,
    notion.IMPORTER,
)
"""In the order in which they are tried."""

_BOLD: Final = re.compile(r"\*\*(?=\S)([^*\n]{1,200})(?<=\S)\*\*")
"""Markdown's mark for what is bold, which these programs show as such and a document would print."""
_LOOKED_AT: Final = 512
_MAX_LINE: Final = 1_000


class Meaning(NamedTuple):
    """What the user says of a list or status: where its projects stand, and what becomes of them."""

    status: PendingStatus | None
    """None: they aren't taken."""
    decision: Decision | None = None


class Pending(NamedTuple):
    """What became of the cards."""

    rows: tuple[Mapping[str, Any], ...]
    unknown: Mapping[str, int]
    """States that nobody knows a meaning of, with the number of their cards."""
    left_out: Counter[str]
    """How many are `done`, `archived`, `unwanted` or `there` already."""


def read_cards(content: bytes, file: str) -> tuple[str, list[Card]]:
    """The program whose export it is, and its cards. Raises UsageError for no known one, DamagedFile for a damaged."""
    content = in_utf_8(content)  # as `>` of Windows PowerShell writes
    found = next((one for one in IMPORTERS if one.recognises(content, file)), None)
    if found is None:
        what = kind_of(content) or markup_of(content[:_LOOKED_AT].decode("utf-8-sig", "replace"))
        what = what or msg("a file of another kind")
        message = msg("is no export of tasks that is known, but {what}", what=what)
        hint = msg("`handover import --formats` lists them, and how one gets such a file")
        raise UsageError.at(file, message, hint=hint)
    return found.title, found.read(content, file, None)


def pending_rows(
    cards: Iterable[Card],
    meanings: Mapping[str, Meaning],
    languages: Sequence[Language],
    *,
    decision: Decision | None = None,
    there: Iterable[str] = (),
) -> Pending:
    """The rows of open cards. `meanings` is by state, folded; `there` are the projects that the table has."""
    known = {folded(name) for name in there}
    rows: list[Mapping[str, Any]] = []
    unknown: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for card in cards:
        title = _line(card.title)
        meaning = meanings.get(folded(card.state)) or _word(card.state, languages)
        if not title:
            continue
        if card.archived or card.done or (meaning and meaning.status is PendingStatus.DONE):
            left_out["archived" if card.archived else "done"] += 1
        elif meaning is None:
            unknown[card.state] += 1
        elif meaning.status is None:
            left_out["unwanted"] += 1
        elif folded(title) in known:
            left_out["there"] += 1
        else:
            known.add(folded(title))
            rows.append(_row(card, title, meaning.status, meaning.decision or decision))
    return Pending(tuple(rows), unknown, left_out)


def _word(state: str, languages: Sequence[Language]) -> Meaning | None:
    word = meant(PendingStatus, state, languages)
    return Meaning(PendingStatus(word)) if word in set(PendingStatus) else None


def _row(card: Card, title: str, status: PendingStatus, decision: Decision | None) -> dict[str, Any]:
    values = {
        "project": title,
        "description": _BOLD.sub(r"\1", _text(card.description)),
        "status": status,
        "held_by": _line(card.held_by),
        "due_date": _line(card.due),
        "files": _line(card.url),
        "decision": decision,
    }
    return {column: value for column, value in values.items() if value}


def _line(text: str) -> str:
    return " ".join(_text(text).split())[:_MAX_LINE].strip()


def _text(text: str) -> str:
    """The text as a cell may hold it: what no document can hold is left out."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    if unprintable(kept):
        kept = "".join(character for character in kept if not unprintable(character))
    return kept.strip()[:MAX_TEXT]
