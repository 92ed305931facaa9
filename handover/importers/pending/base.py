"""What the importers of boards and lists of tasks have in common: a card, and tables of cards.

Role: `Card` is one task as another program tells it, states still by that program's own names. `table_reader` reads an
export that is a CSV with headers that a format declares. What a state means is asked, not guessed: that is
`handover.importers.pending`'s.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from handover.formats.sniff import markup_of
from handover.importers.importer import Importer
from handover.model.errors import DamagedFile
from handover.model.message import msg
from handover.project.read.csv_table import delimiter_in, read_csv_rows
from handover.project.read.dates import read_dates
from handover.project.read.text import decode, fold

_TIME = re.compile(
    r"[ ,T]{1,4}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: ?[AaPp][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_SEARCHED = 10
"""Rows in which a header is looked for: exports through a spreadsheet have some above it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One task. Its texts are as they stand in the export; `due` is a day or what was written for one."""

    title: str
    state: str
    """What its list, column or status is called."""
    description: str = field(default="", repr=False)
    held_by: str = ""
    due: str = ""
    url: str = ""
    done: bool = False
    archived: bool = False


class Columns(NamedTuple):
    """Which headers of a format hold what, folded; of several that are there the first counts."""

    title: Sequence[str]
    state: Sequence[str]
    description: Sequence[str] = ()
    held_by: Sequence[str] = ()
    due: Sequence[str] = ()
    url: Sequence[str] = ()
    key: str = ""
    """A header whose cell stands before the title."""


Record = Mapping[str, str]
"""A row: folded header → cell; of headers that stand several times the first filled one."""


def records(content: bytes, file: str, needs: Set[str]) -> list[Record]:
    """The rows below the header that has all the columns `needs`; none where no row is one."""
    text, _ = decode(content, file)
    if markup_of(text):
        return []
    rows, _ = read_csv_rows(text, file, delimiter_in(text))
    for number, row in enumerate(rows[:_SEARCHED]):
        header = [fold(cell.text) for cell in row]
        if needs <= set(header):
            return [record(header, [cell.text for cell in cells]) for cells in rows[number + 1 :]]
    return []


def record(header: Sequence[str], cells: Sequence[str]) -> Record:
    """A row's filled cells by the folded headers."""
    found: dict[str, str] = {}
    for name, text in zip(header, cells, strict=False):
        if text.strip() and name:
            found.setdefault(name, text)
    return found


def has_header(needs: Set[str]) -> Callable[[bytes, str], bool]:
    """Whether a file is a table with these columns, folded."""

    def recognises(content: bytes, file: str) -> bool:
        text, _ = decode(content[:65536], file)
        lines = text.split("\n")[:_SEARCHED]
        return any(needs <= {fold(cell.strip('"')) for cell in re.split("[,;\t]", line)} for line in lines)

    return recognises


Test = Callable[[Record], bool]


def cards_of(
    rows: Sequence[Record], columns: Columns, *, done: Test = lambda _: False, archived: Test = lambda _: False
) -> list[Card]:
    """The rows of a table as cards."""
    days = due_days([_first(row, columns.due) for row in rows])
    return [
        Card(
            title=f"{row.get(columns.key, '')} {_first(row, columns.title)}".strip(),
            state=_first(row, columns.state),
            description=_first(row, columns.description),
            held_by=_first(row, columns.held_by),
            due=day,
            url=_first(row, columns.url),
            done=done(row),
            archived=archived(row),
        )
        for row, day in zip(rows, days, strict=True)
    ]


def table(
    name: str,
    title: str,
    help_: str,
    needs: Set[str],
    columns: Columns,
    *,
    done: Test = lambda _: False,
    archived: Test = lambda _: False,
) -> Importer[None, list[Card]]:
    """A format that is a CSV with these columns. Reading raises DamagedFile for one without a task."""

    def read(content: bytes, file: str, _asked: None) -> list[Card]:
        rows = [row for row in records(content, file, needs) if row]
        if not rows:
            hint = msg("export the whole board or list as CSV, and give that file")
            raise DamagedFile.at(file, msg("holds no task"), hint=hint)
        return cards_of(rows, columns, done=done, archived=archived)

    return Importer(name, title, help_, ("csv",), has_header(needs), read)


def _first(row: Record, names: Sequence[str]) -> str:
    return next((row[name] for name in names if name in row), "").strip()


def due_days(texts: Sequence[str]) -> list[str]:
    """Each text's day as `2026-11-30`; where the column doesn't tell which it is, the text without its time of day."""
    bare = [_TIME.sub("", text.strip()) for text in texts]
    days = read_dates(bare) or [None] * len(bare)
    return [day.isoformat() if day else text for day, text in zip(days, bare, strict=True)]
