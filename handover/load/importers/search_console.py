"""Google Search Console, performance as a zip of CSVs, in English and French.

Role: takes the table by date, and nothing else: the tables by query or page hold at most 1,000 rows and leave out
queries that few people made, so that their sums are not the totals. Headers are localised, numbers are not
("3.1%", "2.36"); days come newest first. A comparison of two spans is refused, and so is what was filtered.
"""

import re
from collections.abc import Mapping

from handover.errors import Finding, SourceLocation
from handover.load.importers.base import Grid, Imported, Knowledge, Options, Record, filtered, fold, grid, problem
from handover.load.importers.columns import build
from handover.load.importers.dates import read_date
from handover.metrics import BUILTIN
from handover.sources import Cell, shown
from handover.zips import UNREADABLE, open_zip

NAME = "search-console"
TITLE = "Search Console"
COLUMNS: Mapping[str, str] = {
    "clicks": "clicks", "clics": "clicks", "impressions": "impressions",
    "ctr": "click_through_rate", "position": "average_position",
}  # fmt: skip
DATES = frozenset(["dates.csv", "chart.csv", "graphique.csv"])
OTHERS = frozenset(
    ["queries.csv", "pages.csv", "countries.csv", "devices.csv", "search appearance.csv", "filters.csv",
     "requetes.csv", "pays.csv", "appareils.csv", "apparence dans les resultats de recherche.csv", "filtres.csv"]
)  # fmt: skip
FILTERS = frozenset(["filters.csv", "filtres.csv", "filter.csv", "filtros.csv", "filtri.csv"])
_DATE_FILTERS = frozenset(["date", "dates", "datum", "fecha", "fechas", "data"])
_TYPE_FILTERS = frozenset(
    ["search type", "type de recherche", "type de resultats de recherche", "suchtyp", "tipo de busqueda",
     "tipo di ricerca"]
)  # fmt: skip
_WEB = "web"
"""The type of search that every export is of where nothing else was chosen: there is no total of all types."""

_SPAN = re.compile(r"\b(?:previous|last|derniers|precedents)\b|[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
"""What a header holds in a comparison: "Last 3 months Clicks", "6/1/24 - 6/30/24 Clicks"."""

MAX_BYTES = 20 * 1024 * 1024
_SMALL = 2 * 1024 * 1024
_RATIO = 20
"""What the table of a zip may come to: a day's line has 40 bytes, and figures shrink to a tenth at the most."""

_MAX_MEMBERS = 50


def recognises(content: bytes, _file: str) -> bool:
    """Whether it is a zip of Search Console's tables."""
    names = {_base(name) for name in _names(content)}
    return bool(names & OTHERS) or (bool(names & DATES) and names <= DATES)


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    return "" if recognises(content, file) else "the tables Dates.csv, Queries.csv … of its zip"


def read(content: bytes, file: str, options: Options) -> Imported:
    """Clicks, impressions, click-through rate and position by day."""
    member = next((name for name in _names(content) if _base(name) in DATES), None)
    data = _member(content, member) if member else None
    if member is None or data is None:
        message = "the zip has no table by date that can be read"
        finding = problem(SourceLocation(file), "no-dates", message, "export it again from Performance")
        return Imported(NAME, (), (finding,))
    rows, findings = grid(data, f"{file}/{member}")
    records, headers, more = _records(rows, f"{file}/{member}")
    knowledge = Knowledge(NAME, "Google Search Console", COLUMNS)
    made = build(records, headers, knowledge, options)
    if any(row.metric in BUILTIN for row in made.rows):
        # Whoever gives the part metrics of its own knows what it is.
        findings += _filters(content, file)
    return Imported(NAME, made.rows, (*findings, *more, *made.findings), made.unused, made.columns)


def _filters(content: bytes, file: str) -> list[Finding]:
    """What the table of filters tells, but for the dates: any other one makes a part of the export."""
    member = next((name for name in _names(content) if _base(name) in FILTERS), None)
    data = _member(content, member) if member else None
    rows, _ = grid(data, f"{file}/{member}") if data else ([], [])
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
    return [filtered(told[0][0].location, ", ".join(f"“{shown(text)}”" for _, text in told))]


def _base(name: str) -> str:
    """A member's name without its folder, for comparison."""
    return fold(name.rpartition("/")[2])


def _names(content: bytes) -> list[str]:
    if not content.startswith(b"PK\x03\x04"):
        return []
    try:
        with open_zip(content) as archive:
            return [name for name in archive.namelist()[:_MAX_MEMBERS] if not name.endswith("/")]
    except UNREADABLE:
        return []


def _member(content: bytes, name: str) -> bytes | None:
    try:
        most = min(MAX_BYTES, _SMALL + _RATIO * len(content))
        with open_zip(content) as archive, archive.open(name) as stream:
            data = stream.read(most + 1)
    except UNREADABLE:
        return None
    return data if len(data) <= most else None


def _records(rows: Grid, file: str) -> tuple[list[Record], list[str], list[Finding]]:
    filled = [row for row in rows if any(not cell.blank for cell in row)]
    if not filled:
        return [], [], [problem(SourceLocation(file), "empty", "the table by date is empty", "export it again")]
    header, *body = filled
    headers = [cell.text for cell in header[1:]]
    if any(_SPAN.search(fold(name)) for name in headers):
        message = "this export compares two spans"
        return [], [], [problem(header[0].location, "two-ranges", message, "export one span without comparison")]
    records: list[Record] = []
    findings: list[Finding] = []
    for row in body:
        if (day := read_date(row[0].text)) is None:
            findings.append(problem(row[0].location, "date", f"{row[0].text!r} is no date", "export it again"))
            continue
        records.append((day, dict(zip(headers, row[1:], strict=False))))
    return records, headers, findings
