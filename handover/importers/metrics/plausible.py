"""Plausible, the dashboard's export: a zip of CSVs of which `visitors.csv` has the figures by day or month.

Role: takes that table, from the zip or alone; the others (pages, sources, countries …) hold parts. A table with the
column `bounces`, as the export of a whole site has it, gives durations as sums, which are no averages.
"""

from collections.abc import Mapping

from handover.formats.sniff import is_workbook
from handover.importers.importer import Importer
from handover.importers.metrics.base import Grid, Imported, Knowledge, Options, Record, grid, problem
from handover.importers.metrics.columns import build
from handover.importers.metrics.search_console import member, members
from handover.model.errors import Finding, SourceLocation
from handover.model.message import msg
from handover.model.sources import Cell, shown
from handover.project.read.dates import read_date
from handover.project.read.text import fold

NAME = "plausible"
TITLE = "Plausible"
COLUMNS: Mapping[str, str] = {
    "visitors": "visitors", "pageviews": "page_views", "visits": "sessions", "bounce_rate": "bounce_rate",
    "visit_duration": "average_session_duration",
}  # fmt: skip
_TABLE = "visitors.csv"
_HEADER = {"date", "visitors", "pageviews"}


def recognises(content: bytes, file: str) -> bool:
    """Whether it is a zip with Plausible's table of visitors, or that table."""
    if content.startswith(b"PK"):
        return not is_workbook(content) and _named(content) != ""
    return not lacks(content[: 64 * 1024], file)


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    if content.startswith(b"PK"):
        return "" if _named(content) else msg("the table visitors.csv of its zip")
    rows, _ = grid(content, file)
    names = {fold(cell.text) for cell in rows[0]} if rows else set()
    return "" if names >= _HEADER else msg("the columns date, visitors, pageviews in its first line")


def read(content: bytes, file: str, options: Options) -> Imported:
    """Visitors, views, visits and the like by day or month."""
    place, data = file, content
    if name := _named(content):
        place, data = f"{file}/{name}", member(content, name) or b""
    rows, findings = grid(data, place)
    filled = [row for row in rows if any(not cell.blank for cell in row)]
    if len(filled) < 2:
        message = msg("the table of visitors is empty")
        return Imported(NAME, (), (*findings, problem(SourceLocation(place), "empty", message, msg("export it again"))))
    header, *body = filled
    records, wrong = dated(header, body)
    known = dict(COLUMNS)
    if "bounces" in {fold(cell.text) for cell in header}:
        del known["visit_duration"]
    headers = [cell.text for cell in header if fold(cell.text) != "date"]
    made = build(records, headers, Knowledge(NAME, TITLE, known), options)
    return Imported(NAME, made.rows, (*findings, *wrong, *made.findings), made.unused, made.columns)


def _named(content: bytes) -> str:
    """The member that holds the table by date, or an empty text."""
    names = {fold(name.rpartition("/")[2]): name for name in members(content)}
    return names.get(_TABLE) or next((path for name, path in names.items() if name.startswith("imported_visitors")), "")


def dated(header: list[Cell], body: Grid) -> tuple[list[Record], list[Finding]]:
    """The rows by their day, of a table with a column `date`, and findings for what is none."""
    at = next((number for number, cell in enumerate(header) if fold(cell.text) == "date"), 0)
    records: list[Record] = []
    wrong: list[Finding] = []
    for row in body:
        day = read_date(row[at].text) if at < len(row) else None
        if day is None:
            place = row[min(at, len(row) - 1)]
            wrong.append(
                problem(
                    place.location, "date", msg("{text!r} is no date", text=shown(place.text)), msg("export it again")
                )
            )
            continue
        records.append((day, {name.text: cell for name, cell in zip(header, row, strict=False)}))
    return records, wrong


IMPORTER = Importer(
    name=NAME,
    title=TITLE,
    help=msg("Site settings, Imports & exports, Export data; or the dashboard's Export stats"),
    extensions=("zip",),
    recognises=recognises,
    lacks=lacks,
    read=read,
)
