"""A wide table of metrics (months down and a metric per column, or the reverse) → the long rows that are read.

Role: turns cells round and keeps each at its place, so that a finding names the cell that was typed. A table that isn't
plainly wide is left as it is: a misspelt long one gets its "did you mean". What values mean is judged later.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handover.model.did_you_mean import nearest
from handover.model.secret_names import names_a_secret
from handover.model.sources import Cell

LONG = ("date", "metric", "value")
_FIRST = frozenset(["date", "month", "mois", "day", "jour", "period", "période"])
_NAMES = frozenset(["metric", "indicateur", "kpi", "metrics", "indicateurs", ""])
_DAY = re.compile(r"\s*[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?\s*")
_SLASHED = re.compile(r"\s*[0-9]{1,2}[/.][0-9]{1,2}[/.](?:[0-9]{4}|[0-9]{2})\s*")
_LONGEST_DAY = 40
_DAYS_ACROSS = 2
"""Days in a header that make a table one of months across; what isn't one there is then told."""
_WORD = re.compile(r"[^\W\d_]{2}")


def long_rows(raw: Iterable[Sequence[Cell]], known: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    """The rows of a long table, or of a wide one turned into a long one: header, then date, metric and value.

    `known` are the long table's headers, folded. Rows of nothing but blanks must be gone already.
    """
    rows = iter(raw)
    header, first = next(rows, None), next(rows, None)
    rows = itertools.chain(() if first is None else [first], rows)
    if header is None:
        return
    names = [" ".join(cell.text.casefold().split()) for cell in header]
    is_long = first is None or len(header) < 2 or any(_means_more(name, known) for name in names[1:])
    days_down = not is_long and names[0] in _FIRST and first is not None and _begins_with_a_day(first)
    days = [_is_day(cell.text) for cell in header[1:] if not cell.blank]
    days_across = names[0] in _NAMES and not is_long and (all(days) or sum(days) >= _DAYS_ACROSS)
    if not (days_down or days_across):
        yield header
        yield from rows
        return
    yield tuple(Cell(header[min(at, len(header) - 1)].location, name) for at, name in enumerate(LONG))
    for row in rows:
        for head, cell in zip(header[1:], row[1:], strict=False):
            if not cell.blank and not head.blank:
                yield (row[0], head, cell) if days_down else (head, row[0], cell)
        if any(not cell.blank for cell in row[len(header) :]):  # that its cells don't fit will be said
            yield row if len(row) != len(LONG) else (*row, row[-1])


def _means_more(name: str, known: Mapping[str, str]) -> bool:
    """Whether a header is one of the long table's, if misspelt, or names a secret: then that must be said."""
    return bool(nearest(name, known)) or names_a_secret(name, code_is=False)


def _is_day(text: str) -> bool:
    """Whether a text is a day or a month, as we write them or as a spreadsheet does (`janv-24`, `30/11/2026`)."""
    if _DAY.fullmatch(text) or _SLASHED.fullmatch(text):
        return True
    from handover.project.read.dates import read_date  # here, since most tables are as we write them

    return len(text) < _LONGEST_DAY and read_date(text) is not None


def _begins_with_a_day(row: Sequence[Cell]) -> bool:
    """Whether no word follows the day."""
    return _is_day(row[0].text) and not any(_WORD.search(cell.text) for cell in row[1:])
