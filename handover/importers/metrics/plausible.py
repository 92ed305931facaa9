"""Plausible, the dashboard's export: a zip of CSVs of which `visitors.csv` has the figures by day or month.

Role: takes that table, from the zip or alone; the others (pages, sources, countries …) hold parts. A table with the
column `bounces`, as the export of a whole site has it, gives durations as sums, which are no averages.
"""

from typing import Final

from handover.formats.sniff import is_workbook
from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    Grid,
    Imported,
    Knowledge,
    Options,
    by_its_top,
    dated,
    filled,
    first_names,
    grid,
    problem,
)
from handover.importers.metrics.columns import build
from handover.importers.metrics.headers import metrics_of
from handover.importers.metrics.search_console import member, members
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.project.read.dates import read_date
from handover.project.read.text import fold

NAME = "plausible"
TITLE = "Plausible"
COLUMNS = metrics_of(NAME)
_TABLE = "visitors.csv"
_HEADER = {"date", "visitors", "pageviews"}


def recognises(content: bytes, file: str) -> bool:
    """Whether it is a zip with Plausible's table of visitors, or that table."""
    return (not is_workbook(content) and _named(content) != "") or by_its_top(lacks)(content, file)


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    if content.startswith(b"PK"):
        return "" if _named(content) else msg("the table visitors.csv of its zip")
    return (
        "" if first_names(content, file) >= _HEADER else msg("the columns date, visitors, pageviews in its first line")
    )


def read(content: bytes, file: str, options: Options) -> Imported:
    """Visitors, views, visits and the like by day or month."""
    place, data = file, content
    if name := _named(content):
        place, data = f"{file}/{name}", member(content, name) or b""
    rows, findings = grid(data, place)
    known = dict(COLUMNS)
    if rows and "bounces" in {fold(cell.text) for cell in rows[0]}:
        del known["visit_duration"]
    empty = problem(SourceLocation(place), "empty", msg("the table of visitors is empty"), msg("export it again"))
    return dated_table(filled(rows), Knowledge(NAME, TITLE, known), options, empty).after(*findings)


def _named(content: bytes) -> str:
    """The member that holds the table by date, or an empty text."""
    names = {fold(name.rpartition("/")[2]): name for name in members(content)}
    return names.get(_TABLE) or next((path for name, path in names.items() if name.startswith("imported_visitors")), "")


def dated_table(rows: Grid, knowledge: Knowledge, options: Options, empty: Finding) -> Imported:
    """What a table with a column `date` and a metric per column gives; `empty` says that it has no rows."""
    if len(rows) < 2:
        return Imported(knowledge.format, (), (empty,))
    header, *body = rows
    at = next((number for number, cell in enumerate(header) if fold(cell.text) == "date"), 0)
    days = ((read_date(row[at].text) if at < len(row) else None, row) for row in body)
    records, findings = dated(header, days, at, NO_DATE)
    headers = [cell.text for cell in header if fold(cell.text) != "date"]
    return build(records, headers, knowledge, options).after(*findings)


NO_DATE: Final = (later("{text!r} is no date"), msg("export it again"))

IMPORTER = Importer(
    NAME, TITLE, msg("Site settings, Imports & exports, Export data; or the dashboard's Export stats"), ("zip",),
    recognises, read, lacks,
)  # fmt: skip
