"""Google Ads, report as CSV: a title, a date range, a table, and rows of totals.

Role: skips the two lines above the header and the rows "Total: …" ("Total : compte", "Gesamt: Konto") below,
reads `--` as nothing, adds up campaigns, and takes the UTF-16 tabs of "CSV (Excel)" as well. Without a column of
days or months the account's total stands for the month, when the range is exactly one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    TOP,
    Grid,
    Imported,
    Knowledge,
    Options,
    Record,
    ambiguous_dates,
    by_header,
    dated,
    filled,
    filtered,
    grid,
    problem,
)
from handover.importers.metrics.columns import NO_DATA, build, read_cells
from handover.importers.metrics.headers import metrics_of, names_of
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.model.metrics import BUILTIN
from handover.model.sources import Cell
from handover.project.read.dates import Span, is_whole_month, read_dates, read_range
from handover.project.read.text import fold

NAME = "google-ads"
COLUMNS = metrics_of(NAME)
"""Conversions are whatever the account counts: they are imported only when the user says which metric they are."""

_TIME = names_of(NAME, "time")
_MONTHS = names_of(NAME, "months")
_TOTAL = re.compile(r"(?:total|gesamt)\s?:|(?:total|gesamt)$")
_CURRENCY = names_of(NAME, "currency")
_WHOLE = ("account", "compte", "konto", "campaigns", "campagnes", "kampagnen")
_ACCOUNTS = 3
"""The first of these name the whole account."""

_COUNTS = frozenset(["ad_clicks", "ad_impressions"])


def recognises(content: bytes, file: str) -> bool:
    """Whether the second filled line is a date range and the third a header of Google Ads."""
    top = _top(content[:TOP], file) if not content.startswith(b"PK") else []
    return not _lacking(top) and sum(not cell.blank for cell in top[0]) == 1


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    return _lacking(_top(content, file))


def _top(content: bytes, file: str) -> Grid:
    """The first three rows that aren't blank: title, range and header."""
    rows, _ = grid(content, file)
    return filled(rows)[:3]


def _lacking(top: Grid) -> str:
    if len(top) < 2 or read_range(_joined(top[1])) is None:
        return msg("the range of dates in its second line")
    if len(top) < 3 or not any(fold(cell.text) in COLUMNS for cell in top[2]):
        return msg("a column that it knows (Impr., Clicks, Cost …) in its third line")
    return ""


def read(content: bytes, file: str, options: Options) -> Imported:
    """Impressions, clicks, cost and the like by day or month."""
    rows, findings = grid(content, file)
    _, dates, header, *body = filled(rows)
    span = read_range(_joined(dates))
    names = [fold(cell.text) for cell in header]
    time = next((at for at, name in enumerate(names) if name in _TIME), None)
    records, more = _dated(header, body, time, span, options) if time is not None else _whole(header, body, span, file)
    headers = [cell.text for at, cell in enumerate(header) if at != time]
    knowledge = Knowledge(NAME, "Google Ads", COLUMNS, several_a_date=True, currency=_currency(names, body))
    made = build(records, headers, knowledge, options)
    if time is not None and any(row.metric in BUILTIN for row in made.rows):
        more += _left_out(header, body)
    return made.after(*findings, *more)


def _joined(row: Sequence[Cell]) -> str:
    # An unquoted "June 1, 2024 - June 30, 2024" was split at its commas.
    return ",".join(cell.text for cell in row).rstrip(",").strip()


def _is_total(row: Sequence[Cell]) -> bool:
    return any(_TOTAL.match(fold(cell.text)) for cell in row)


def _dated(
    header: Sequence[Cell], body: Grid, time: int, span: Span | None, options: Options
) -> tuple[list[Record], list[Finding]]:
    detail = [row for row in body if not _is_total(row) and time < len(row)]
    days = read_dates([row[time].text for row in detail], within=span, day_first=options.day_first)
    if days is None:
        return [], [ambiguous_dates([row[time] for row in detail])]
    wrong = (later("{text!r} is no day or month"), msg("segment the report by day or month"))
    by_month = fold(header[time].text) in _MONTHS
    return dated(header, zip(days, detail, strict=True), time, wrong, span, by_month=by_month)


def _whole(header: Sequence[Cell], body: Grid, span: Span | None, file: str) -> tuple[list[Record], list[Finding]]:
    """The row of the whole account's total, else every campaign, for a range of one month."""
    if span is None or not is_whole_month(*span):
        place = header[0].location if header else SourceLocation(file)
        message = msg("the report has no column of days or months, and its range isn't one month")
        return [], [problem(place, "no-dates", message, msg("segment the report by month and export it again"))]
    totals = [row for row in body if _is_total(row)]
    best = sorted(totals, key=_rank)[:1] or [row for row in body if not _is_total(row)]
    return [(span[0], by_header(header, row)) for row in best], []


def _rank(row: Sequence[Cell]) -> int:
    text = " ".join(fold(cell.text) for cell in row)
    return next((at for at, word in enumerate(_WHOLE) if word in text), len(_WHOLE))


def _left_out(header: Sequence[Cell], body: Grid) -> list[Finding]:
    """The finding where the account's own total is more than what the rows come to: campaigns were filtered out."""
    account = next((row for row in body if _is_total(row) and _rank(row) < _ACCOUNTS), None)
    for at, name in enumerate(header):
        if account is None or COLUMNS.get(fold(name.text)) not in _COUNTS or at >= len(account):
            continue
        cells = [row[at] for row in (account, *(row for row in body if not _is_total(row))) if at < len(row)]
        found = read_cells([cell for cell in cells if fold(cell.text) not in NO_DATA], counted=True).plain
        total, *parts = [Decimal(plain) for plain in found if plain is not None] or [Decimal(0)]
        if len(parts) == len(found) - 1 > 0 and total > sum(parts):
            said = msg("campaigns (“{text}” of the rows is {parts}, of the account {total})",
                       text=name.text, parts=sum(parts), total=total)  # fmt: skip
            return [filtered(account[at].location, said)]
    return []


def _currency(names: Sequence[str], body: Grid) -> str:
    """The code in the column of currencies; empty without one."""
    column = next((at for at, name in enumerate(names) if name in _CURRENCY), None)
    codes = [row[column].text.strip().upper() for row in body if column is not None and column < len(row)]
    return next((code for code in codes if code and code != "--"), "")


IMPORTER = Importer(
    NAME, "Google Ads", msg("Campaigns, segmented by day or month, Download, .csv or CSV (Excel)"), ("csv",),
    recognises, read, lacks,
)  # fmt: skip
