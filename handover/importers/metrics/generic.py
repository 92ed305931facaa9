"""Tables that people keep themselves, as CSV or workbook: long, or wide with months down or across.

Role: three shapes. Long: columns date, metric, value (and source, exported on), as `data/metrics.csv` has them, in
any language. Wide: the first column holds months and the others metrics; or the first holds metrics and the
others months. Headers and metrics are identifiers, names in the client's language, or what `--metric` says.
"""

import datetime as dt
import re
from collections.abc import Sequence

from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    TOTALS,
    Grid,
    Imported,
    ImportedRow,
    Knowledge,
    Options,
    Record,
    ambiguous_dates,
    by_header,
    by_week,
    filled,
    grid,
    problem,
    spilt,
)
from handover.importers.metrics.columns import build, cleaned, only_part, splits
from handover.importers.metrics.headers import names_of
from handover.model.errors import Finding, SourceLocation
from handover.model.message import msg
from handover.model.metrics import BUILTIN
from handover.model.sources import UNREADABLE, Cell, shown
from handover.project.read.dates import other_period, read_date, read_dates
from handover.project.read.table import known_headers
from handover.project.read.text import fold

NAME = "generic"
_KNOWLEDGE = Knowledge(NAME, "", counts_are_whole=False)
"""Of a plain table nothing is known: its file's name is no source, and `1.300` of its counts may be 1.3."""

_DATED = re.compile(r"(?:date|month|day|period|mois|jour|periode|datum|monat|tag|fecha|mes|dia|data|giorno)s?")
"""Headers, folded, of a column of days or months: what stands in it and is none is named."""
_OF_WEEKS = re.compile(r"(?:weeks?|wk|w/c|semaines?|sem\.?|wochen?|semanas?)\b")
"""How a header, folded, begins of a column whose days stand for weeks: `Semaine du`, `Week commencing`."""
_UNDATED = names_of("search-console", "others")
"""What tables without dates are called in exports that have another one by date."""
_MONTHS_ACROSS = 2
_WEEK = 7
MAX_METRICS = 1_000
_LOOKED_AT = 10
"""Rows in which a title above the table is looked for."""


def read(content: bytes, file: str, options: Options) -> Imported:
    """The values of a long or wide table."""
    rows, findings = grid(content, file)
    table = _from_header(filled(rows))
    if len(table) < 2 and any(finding.severity == "error" for finding in findings):
        return Imported(NAME, (), tuple(findings))
    if len(table) < 2:
        finding = problem(SourceLocation(file), "empty", msg("there is no table in this file"), msg("export it again"))
        return Imported(NAME, (), (*findings, finding))
    header, *body = table
    findings += [finding for row in body for finding in spilt(header, row)]
    known = {fold(text): column for text, column in known_headers("metrics").items()}
    columns = [known.get(fold(cell.text), "") for cell in header]
    if {"date", "metric", "value"} <= set(columns):
        made = _long(columns, body, options)
    elif sum(read_date(cell.text) is not None for cell in header[1:]) >= _MONTHS_ACROSS:
        made = _across(header, body, options)
    else:
        made = _down(header, body, options)
    if any(finding.rule == "text.encoding" and finding.severity == "error" for finding in findings):
        # With bytes that are no text, the table's shape isn't what is wrong.
        made = made._replace(findings=tuple(one for one in made.findings if one.rule != "import.shape"))
    return made.after(*findings)


def _from_header(rows: Grid) -> Grid:
    """The rows without the titles that people write above a table, each alone in its row."""

    def width(row: Sequence[Cell]) -> int:
        return sum(not cell.blank for cell in row)

    widest = max(map(width, rows[:_LOOKED_AT]), default=0)
    while len(rows) > 2 and width(rows[0]) == 1 < widest:
        rows = rows[1:]
    return rows


def _dates(cells: Sequence[Cell], hint: str, options: Options) -> tuple[list[dt.date | None], list[Finding]]:
    found = read_dates([cell.text for cell in cells], day_first=options.day_first)
    if found is None:
        return [None] * len(cells), [ambiguous_dates(cells)]
    # What is wrong in a cell that can't be read has been told.
    wrong = [cell for cell, day in zip(cells, found, strict=True) if day is None and cell.text != UNREADABLE]
    return found, [_no_date(cell, hint) for cell in wrong]


def _no_date(cell: Cell, hint: str) -> Finding:
    if kind := other_period(cell.text):
        message = msg("{text!r} is {kind}", text=shown(cell.text), kind=kind)
        return problem(cell.location, "date", message, msg("give months: {hint}", hint=hint))
    return problem(cell.location, "date", msg("{text!r} is no date", text=shown(cell.text)), hint)


def _down(header: Sequence[Cell], body: Grid, options: Options) -> Imported:
    """Months down, a metric per column; rows that sum others up are left out."""
    body = [row for row in body if fold(row[0].text) not in TOTALS]
    days, findings = _dates([row[0] for row in body], msg("write a month as 2026-03"), options)
    if findings and findings[0].rule == "import.ambiguous-dates":
        return Imported(NAME, (), tuple(findings))
    if _OF_WEEKS.match(fold(header[0].text)) and _weeks_apart([day for day in days if day]):
        return Imported(NAME, (), (by_week(body[0][0].location),))
    if all(day is None for day in days):
        if any(other_period(row[0].text) for row in body):
            return Imported(NAME, (), tuple(findings))
        if findings and _DATED.fullmatch(fold(header[0].text)):
            return Imported(NAME, (), tuple(findings[:1]))
        message = msg("no shape of this table is known: neither date, metric and value, nor months down or across")
        hint = msg("give it the columns date, metric, value")
        if fold(header[0].location.file.rpartition("/")[2]) in _UNDATED:
            hint = msg("import the whole export, or its table by date: Chart.csv, Dates.csv, visitors.csv")
        return Imported(NAME, (), (problem(header[0].location, "shape", message, hint),))
    records: list[Record] = [
        (day, by_header(header[1:], row[1:])) for day, row in zip(days, body, strict=True) if day is not None
    ]
    made = build(records, [cell.text for cell in header[1:]], _KNOWLEDGE, options)
    part = only_part(records, [cell.text for cell in header[1:] if splits(cell.text)])
    told = [part] if part and any(row.metric in BUILTIN for row in made.rows) else []
    return made.after(*findings, *told)


def _weeks_apart(days: Sequence[dt.date]) -> bool:
    """Whether days of a column that is called one of weeks begin weeks; the first one's may be cut."""
    later = sorted(days)[1:] or days
    return bool(days) and all((day - later[0]).days % _WEEK == 0 for day in later)


def _across(header: Sequence[Cell], body: Grid, options: Options) -> Imported:
    """Months across, a metric per row: turned round, then read like the other."""
    days = [read_date(cell.text) for cell in header[1:]]
    names = [row[0].text for row in body]
    records: list[Record] = []
    for at, day in enumerate(days, 1):
        if day is not None:
            cells = {row[0].text: row[at] for row in body if at < len(row)}
            records.append((day, cells))
    return build(records, dict.fromkeys(names), _KNOWLEDGE, options).after(*_beside_months(header, days, body))


def _beside_months(header: Sequence[Cell], days: Sequence[dt.date | None], body: Grid) -> list[Finding]:
    """Columns beside the months, but for their sums: an error where it looks like a month that was mistyped."""
    found = []
    for at, (cell, day) in enumerate(zip(header[1:], days, strict=True), 1):
        if day is None and fold(cell.text).split(" ")[0] not in TOTALS | {""} and any(at < len(row) for row in body):
            message = msg("the column {text!r} is no month, and isn't taken", text=shown(cell.text))
            mistyped = any(map(str.isdigit, cell.text))
            hint = msg("write a month as 2026-03")
            found.append(problem(cell.location, "date", message, hint, warning=not mistyped))
    return found


def _long(columns: Sequence[str], body: Grid, options: Options) -> Imported:
    """One value a row; each metric's numbers are a column of their own for the decimal mark."""
    at = {column: index for index, column in enumerate(columns) if column}
    whole = [row for row in body if max(at["date"], at["metric"], at["value"]) < len(row)]
    hint = msg("write a month as 2026-03, a day as 2026-03-31")
    days, findings = _dates([row[at["date"]] for row in whole], hint, options)
    by_metric: dict[str, list[tuple[dt.date, list[Cell]]]] = {}
    for day, row in zip(days, whole, strict=True):
        if day is not None:
            by_metric.setdefault(row[at["metric"]].text.strip(), []).append((day, row))
    if len(by_metric) > MAX_METRICS:
        message = msg("this table has {count:,} metrics; {most:,} are the limit",
                      count=len(by_metric), most=MAX_METRICS)  # fmt: skip
        finding = problem(body[0][at["metric"]].location, "too-many", message, msg("keep those that the report needs"))
        return Imported(NAME, (), (finding,))
    rows: list[ImportedRow] = []
    unused: list[str] = []
    for name, found in by_metric.items():
        records: list[Record] = [(day, {name: row[at["value"]]}) for day, row in found]
        made = build(records, [name], _KNOWLEDGE, options)
        findings += made.findings
        unused += made.unused
        more = {row[at["value"]].location: row for _, row in found}
        rows += [_with_own(row, more[row.location], at) for row in made.rows]
    return Imported(NAME, tuple(rows), tuple(findings), tuple(unused), tuple(by_metric))


def _with_own(row: ImportedRow, cells: Sequence[Cell], at: dict[str, int]) -> ImportedRow:
    """The row with the source and the day of export that its own columns give."""

    def own(column: str) -> str:
        index = at.get(column)
        return cells[index].text.strip() if index is not None and index < len(cells) else ""

    exported = read_date(own("exported_on")) or row.exported_on
    source = cleaned(own("source")) or row.source
    return row._replace(source=source, exported_on=exported)


IMPORTER = Importer(
    NAME, msg("plain table"), msg("a table of dates and figures, long or wide, saved as CSV or as a workbook"),
    ("csv", "tsv", "txt", "xlsx"),
    recognises=lambda *_: True,  # it is tried last
    read=read,
)  # fmt: skip
