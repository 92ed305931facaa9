"""Universal Analytics, report as CSV: the only figures of many sites from before July 2023.

Role: takes the table that begins with "Day Index" or "Month Index" below the tables by channel, page …, whose lines
are parts. Days are written as the account's locale has them: the range in the comments tells their order. The
unnamed row of totals is left out, comparisons and segments are refused. Numbers are `columns`'.
"""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import takewhile

from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    Grid,
    Imported,
    Knowledge,
    Options,
    Record,
    ambiguous_dates,
    dated,
    grid,
    head,
    problem,
    span_in,
)
from handover.importers.metrics.columns import build
from handover.importers.metrics.headers import metrics_of, names_of
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.model.sources import Cell
from handover.project.read.dates import Span, is_whole_month, read_dates, read_range
from handover.project.read.text import fold

NAME = "universal-analytics"
TITLE = "Universal Analytics"
COLUMNS = metrics_of(NAME)

_INDEX = re.compile(
    r"(?:(?P<en>hour|day|week|month) index|index (?:du |de la |de l'|des )?(?P<fr>jour|semaine|mois|heure)s?"
    r"|(?P<de>stunden|tages|wochen|monats)index|indice (?:de |del )?(?P<es>hora|dia|semana|mes))"
)
_PARTS = frozenset({"hour", "heure", "stunden", "hora", "week", "semaine", "wochen", "semana"})
_COMPARED = names_of(NAME, "compared")
_ONLY_HERE = names_of(NAME, "only")
"""Headers of its reports that no other tool's have: GA4's say otherwise."""


def recognises(content: bytes, file: str) -> bool:
    """Whether comments with a range stand above a table by day, week or month index, or one of its own columns."""
    if not file.lower().endswith((".csv", ".tsv", ".txt")) or not any(map(span_in, head(content))):
        return False
    return not lacks(content, file) or any(
        _ONLY_HERE & {fold(cell.text) for cell in row} for row in grid(content, file)[0]
    )


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    rows, _ = grid(content, file)
    return "" if any(row and _INDEX.fullmatch(fold(row[0].text)) for row in rows) else msg("a table by “Day Index”")


def read(content: bytes, file: str, options: Options) -> Imported:
    """The dated values of the table by day or month."""
    rows, findings = grid(content, file)
    at = next((number for number, row in enumerate(rows) if row and _INDEX.fullmatch(fold(row[0].text))), None)
    if at is None:
        message, hint = (
            msg("this report of Universal Analytics has no table by day"),
            msg("export it by day or by month"),
        )
        return Imported(NAME, (), (*findings, problem(SourceLocation(file), "no-dates", message, hint)))
    header, *body = takewhile(lambda row: any(not cell.blank for cell in row), rows[at:])
    span = next((found for row in rows[:at] if row and (found := span_in(row[0].text))), None)
    records, more = _records(header, body, span, options.day_first)
    headers = [cell.text for cell in header[1:]]
    made = build(records, headers, Knowledge(NAME, TITLE, COLUMNS), options)
    return made.after(*findings, *more)


def _records(
    header: Sequence[Cell], body: Grid, span: Span | None, day_first: bool | None
) -> tuple[list[Record], list[Finding]]:
    place = header[0].location if header else SourceLocation("")
    index = _INDEX.fullmatch(fold(header[0].text))
    if index and set(index.groups()) & _PARTS:
        message = msg("the table is by {text!r}, and hours and weeks belong to no month", text=header[0].text)
        return [], [problem(place, "no-dates", message, msg("export it by day or by month"))]
    if compared := next((cell for cell in header if fold(cell.text) in _COMPARED), None):
        message = msg("this export compares: it has the column {text!r}", text=compared.text)
        return [], [problem(compared.location, "two-ranges", message, msg("export one range, without segments"))]
    body = [row for row in body if not row[0].blank]
    texts = [row[0].text for row in body]
    days = read_dates(texts, within=span, day_first=day_first)
    if days is None:
        return [], [ambiguous_dates([row[0] for row in body])]
    firsts = [_month(text, span) for text in texts]
    found = ((day or first, row) for day, first, row in zip(days, firsts, body, strict=True))
    wrong = (later("{text!r} is no day or month"), msg("export it by day or by month"))
    return dated(header, found, 0, wrong, span, by_month=any(firsts))


def _month(text: str, span: Span | None) -> dt.date | None:
    """The first day of the month `Jan 1, 2022 - Jan 31, 2022`; of a shorter one only where the file's range cuts it."""
    first, last = read_range(text) or (None, None)
    if first is None or last is None or (first.year, first.month) != (last.year, last.month):
        return None
    cut = span is not None and (first == span[0] or last == span[1])
    return first.replace(day=1) if cut or is_whole_month(first, last) else None


IMPORTER = Importer(NAME, TITLE, msg("a report kept from before July 2023, as CSV"), ("csv",), recognises, read, lacks)
