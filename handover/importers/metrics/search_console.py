"""Google Search Console, performance as a zip of CSVs or as a workbook, in any language.

Role: takes the table by date, and nothing else: the tables by query or page hold at most 1,000 rows and leave out
queries that few people made, so that their sums are not the totals. Names and headers are in the property's language,
their order isn't: a table of days whose fourth column is "CTR" is the one. Numbers are not localised ("3.1%", "2.36");
days come newest first. Of that table alone nobody knows what it was filtered by, which is told. A comparison of two
spans is refused, and so is what was filtered.
"""

import re
from decimal import Decimal

from handover.formats.sniff import is_workbook
from handover.formats.zips import UNREADABLE, open_zip
from handover.importers import json_tree
from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    TOP,
    Grid,
    Imported,
    Knowledge,
    Options,
    Record,
    dated,
    filled,
    filtered,
    grid,
    problem,
)
from handover.importers.metrics.columns import build
from handover.importers.metrics.headers import metrics_of, names_of
from handover.model.errors import DamagedFile, Finding, SourceLocation
from handover.model.message import joined, later, msg
from handover.model.metrics import BUILTIN
from handover.model.sources import Cell, shown
from handover.project.read.dates import read_date
from handover.project.read.text import fold
from handover.project.read.xlsx_table import read_xlsx_sheets

NAME = "search-console"
COLUMNS = metrics_of(NAME)
DATES = names_of(NAME, "dates")
OTHERS = names_of(NAME, "others")
FILTERS = names_of(NAME, "filters")
_DATE_FILTERS = names_of(NAME, "date_filters")
_TYPE_FILTERS = names_of(NAME, "type_filters")
_WEB = "web"
"""The type of search that every export is of where nothing else was chosen: there is no total of all types."""

_SPAN = re.compile(r"\b(?:previous|last|derniers|precedents)\b|[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
"""What a header holds in a comparison: "Last 3 months Clicks", "6/1/24 - 6/30/24 Clicks"."""

_MAX_MEMBERS = 50

_IN_ORDER = ("clicks", "impressions", "click_through_rate", "average_position")


def recognises(content: bytes, file: str) -> bool:
    """Whether it is a zip or a workbook of Search Console's tables, or the table of days alone."""
    if is_workbook(content):
        sheets, _ = read_xlsx_sheets(content, "")
        known = {f"{fold(title)}.csv" for title in sheets} & (DATES | OTHERS)
        return len(known) > 1 or (len(sheets) > 1 and any(map(_is_dated, sheets.values())))
    if not content.startswith(b"PK"):
        return _is_dated(grid(content[:TOP], file)[0])
    names = {_base(name) for name in members(content)}
    if names & OTHERS or (names & DATES and names <= DATES):
        return True
    return any(_is_dated(grid(_start(content, name), name)[0]) for name in members(content) if name.endswith(".csv"))


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    return "" if recognises(content, file) else msg("the tables Dates.csv, Queries.csv … of its zip")


def read(content: bytes, file: str, options: Options) -> Imported:
    """Clicks, impressions, click-through rate and position by day."""
    name, rows, findings = _by_date(content, file)
    if not rows:
        message = msg("there is no table by date that can be read")
        hint = msg("export it from Performance, where the chart shows days")
        wrong = [finding for finding in findings if finding.severity == "error"]
        return Imported(NAME, (), tuple(wrong or [problem(SourceLocation(file), "no-dates", message, hint)]))
    records, headers, more = _records(rows, name)
    known = {**COLUMNS, **(dict(zip(map(fold, headers), _IN_ORDER, strict=True)) if _is_dated(rows) else {})}
    knowledge = Knowledge(NAME, "Google Search Console", known, rates_are_shares=_has_shares(rows))
    made = build(records, headers, knowledge, options)
    if any(row.metric in BUILTIN for row in made.rows):
        # Whoever gives the part metrics of its own knows what it is.
        findings += _filters(content, file)
    return made.after(*findings, *more)


def _filters(content: bytes, file: str) -> list[Finding]:
    """What the table of filters tells, but for the dates: any other one makes a part of the export."""
    if not content.startswith(b"PK"):
        message = msg("this table alone doesn't say what it was filtered by")
        hint = msg("give the whole zip or workbook of the export, which says it")
        return [problem(SourceLocation(file), "filters-unknown", message, hint, warning=True)]
    if is_workbook(content):
        sheets, _ = read_xlsx_sheets(content, file)
        return filters_of(next((rows for title, rows in sheets.items() if f"{fold(title)}.csv" in FILTERS), []))
    found = next((name for name in members(content) if _base(name) in FILTERS), None)
    data = member(content, found) if found else None
    rows, _ = grid(data, f"{file}/{found}") if data else ([], [])
    return filters_of(rows)


def filters_of(rows: Grid) -> list[Finding]:
    """The finding for a table of filters, header first, that holds more than dates and the usual type of search."""
    told: list[tuple[Cell, str]] = []
    for row in rows[1:]:
        name, value = (fold(row[at].text) if at < len(row) else "" for at in (0, 1))
        usual = name in _DATE_FILTERS or (name in _TYPE_FILTERS and value == _WEB)
        if name and not usual:
            told.append((row[0], ": ".join(cell.text.strip() for cell in row[:2] if not cell.blank)))
    if not told:
        return []
    return [filtered(told[0][0].location, joined(", ", [msg("“{text}”", text=shown(text)) for _, text in told]))]


def _by_date(content: bytes, file: str) -> tuple[str, Grid, list[Finding]]:
    """Name, rows and findings of the table by date: the one that is called so, else the one that looks so."""
    if is_workbook(content):
        sheets, findings = read_xlsx_sheets(content, file)
        called = [title for title in sheets if f"{fold(title)}.csv" in DATES]
        titles = called or [title for title, rows in sheets.items() if _is_dated(rows)]
        rows = sheets[titles[0]] if titles else []
        return file, rows, [f for f in findings if f.location.sheet in {"", *titles[:1]}]
    if not content.startswith(b"PK"):
        return (file, *grid(content, file))
    found: Grid = []
    problems: list[Finding] = []
    for name in sorted(members(content), key=lambda name: _base(name) not in DATES):
        data = member(content, name) if name.lower().endswith(".csv") else None
        rows, problems = grid(data, f"{file}/{name}") if data else (found, problems)
        if rows and (_base(name) in DATES or _is_dated(rows)):
            return f"{file}/{name}", rows, problems
    return file, [], []


def _has_shares(rows: Grid) -> bool:
    """Whether the rates are 0–1, as workbooks have them that show no percent sign: clicks through impressions tell."""
    nearer = 0
    for row in rows[1:]:
        clicks, shown, rate = (_number(cell) for cell in row[1:4]) if len(row) > 3 else (None, None, None)
        if clicks and shown and rate:
            nearer += 1 if abs(rate - clicks / shown) < abs(rate / 100 - clicks / shown) else -1
    return nearer > 0


def _number(cell: Cell) -> Decimal | None:
    return Decimal(cell.text) if cell.exact and cell.text.replace(".", "", 1).isdigit() else None


def _is_dated(rows: Grid) -> bool:
    """Whether these are days, clicks, impressions, CTR and position, in whatever language."""
    first = filled(rows)[:2]
    if len(first) < 2 or len(first[0]) != len(_IN_ORDER) + 1:
        return False
    return fold(first[0][3].text) == "ctr" and read_date(first[1][0].text) is not None


def _base(name: str) -> str:
    """A member's name without its folder, for comparison."""
    return fold(name.rpartition("/")[2])


def members(content: bytes) -> list[str]:
    """The names of a zip's first files; none for anything else."""
    return json_tree.names_in(content)[:_MAX_MEMBERS]


def _start(content: bytes, name: str) -> bytes:
    """The beginning of a member, whole lines only."""
    try:
        with open_zip(content) as archive, archive.open(name) as stream:
            return stream.read(4096).rpartition(b"\n")[0]
    except UNREADABLE:
        return b""


def member(content: bytes, name: str) -> bytes | None:
    """The content of a zip's member; None for one that can't be read or is too large."""
    try:
        return json_tree.member(content, "", name)
    except DamagedFile:
        return None


def _records(rows: Grid, file: str) -> tuple[list[Record], list[str], list[Finding]]:
    header, *body = filled(rows) or [[]]
    if not header:
        message = msg("the table by date is empty")
        return [], [], [problem(SourceLocation(file), "empty", message, msg("export it again"))]
    headers = [cell.text for cell in header[1:]]
    if any(_SPAN.search(fold(name)) for name in headers) or sum("ctr" in fold(name) for name in headers) > 1:
        message = msg("this export compares two spans")
        return [], [], [problem(header[0].location, "two-ranges", message, msg("export one span without comparison"))]
    days = ((read_date(row[0].text), row) for row in body)
    records, findings = dated(header, days, 0, (later("{text!r} is no date"), msg("export it again")))
    return records, headers, findings


IMPORTER = Importer(
    NAME, "Search Console", msg("Performance, Search results, Export, Download CSV or Excel"), ("zip", "xlsx", "csv"),
    recognises, read, lacks,
)  # fmt: skip
