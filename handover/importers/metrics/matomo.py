"""Matomo, the export of a report over time (`VisitsSummary.get`, the evolution graph): a row for each day or month.

Role: CSV or TSV, with the API's own names of columns or their translations; UTF-16 as its button gives it. A report of
a single date has no column of dates, one by weeks no days: both are told, and neither is taken. Visitors by day don't
add up to a month's, and `columns.build` says so.
"""

from typing import Final

from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    Imported,
    Knowledge,
    Options,
    by_its_top,
    filled,
    first_names,
    grid,
    problem,
)
from handover.importers.metrics.headers import metrics_of
from handover.importers.metrics.plausible import dated_table
from handover.model.errors import SourceLocation
from handover.model.message import msg

NAME: Final = "matomo"
TITLE: Final = "Matomo"
COLUMNS: Final = metrics_of(NAME)
_OWN: Final = (
    frozenset({"nb_actions", "nb_uniq_visitors", "nb_visits_converted", "sum_visit_length", "max_actions"}),
    frozenset({"actions", "unique visitors", "visiteurs uniques"}),
)
"""Names that only the API gives; and translated ones, of which two show the program."""


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    names = first_names(content, file)
    visits = names & {"nb_visits", "visits", "visites"}
    if visits and (names & _OWN[0] or len(names & _OWN[1]) > 1):
        return ""
    return msg("the columns nb_visits and nb_actions, or their translations, in its first line")


def read(content: bytes, file: str, options: Options) -> Imported:
    """Visits, visitors and the like by day or month."""
    rows, findings = grid(content, file)
    if "date" not in first_names(content, file):
        message = msg("the report of a single date: nothing in it says which one")
        hint = msg("export it over time, by month or day, as the evolution graph's button does")
        return Imported(NAME, (), (*findings, problem(SourceLocation(file), "no-dates", message, hint)))
    empty = problem(SourceLocation(file), "empty", msg("the table of visits is empty"), msg("export it again"))
    return dated_table(filled(rows), Knowledge(NAME, TITLE, COLUMNS), options, empty).after(*findings)


IMPORTER = Importer(
    NAME, TITLE, msg("Visitors, Overview, the evolution graph's export; or VisitsSummary.get by month or day"),
    ("csv", "tsv"), by_its_top(lacks), read, lacks,
)  # fmt: skip
