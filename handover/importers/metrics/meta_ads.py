"""Meta Ads, report as CSV or workbook, in two languages: the currency is in the header, the span in two columns.

Role: leaves out the summary row, which has no campaign's name; adds campaigns up; takes the day or month column
where the report is broken down by time, else the span of each row, which must be a day or a whole month.
"""

import datetime as dt
import re
from collections.abc import Sequence

from handover.formats.sniff import is_workbook
from handover.importers.importer import Importer
from handover.importers.metrics.base import (
    Grid,
    Imported,
    Knowledge,
    Options,
    Record,
    by_its_top,
    dated,
    filled,
    first_names,
    grid,
    problem,
)
from handover.importers.metrics.columns import build
from handover.importers.metrics.headers import metrics_of, names_of
from handover.model.errors import Finding, SourceLocation
from handover.model.message import later, msg
from handover.model.sources import Cell
from handover.project.read.dates import is_whole_month, read_date, read_range
from handover.project.read.text import fold

NAME = "meta-ads"
_SPENT = re.compile(r"(?:amount spent|montant depense|ausgegebener betrag|importe gastado) \(([a-z]{3})\)")
_COLUMNS = metrics_of(NAME)
"""Results and reach are not here: results are what each campaign counts, and people reached can't be added up."""

_STARTS = names_of(NAME, "starts")
_ENDS = names_of(NAME, "ends")
_TIME = names_of(NAME, "time")
_NAMES = names_of(NAME, "names")


def lacks(content: bytes, file: str) -> str:
    """Which mark of this format the file hasn't, or an empty text."""
    names = first_names(content, file)
    if not names & (_STARTS | _NAMES):
        return msg("the columns “Reporting starts” and “Campaign name” in its first line")
    if not any(_SPENT.fullmatch(name) or name in _COLUMNS for name in names):
        return msg("a column that it knows (Amount spent (EUR), Impressions, Link clicks)")
    return ""


def read(content: bytes, file: str, options: Options) -> Imported:
    """Spend, impressions and link clicks by day or month."""
    rows, findings = grid(content, file)
    header, body = rows[0], filled(rows[1:])
    names = [fold(cell.text) for cell in header]
    known = dict(_COLUMNS)
    known |= {name: "ad_spend" for name in names if _SPENT.fullmatch(name)}
    named = next((at for at, name in enumerate(names) if name in _NAMES), None)
    detail = [row for row in body if named is None or (named < len(row) and not row[named].blank)]
    records, more = _records(header, names, detail, file)
    dates = {at for at, name in enumerate(names) if name in _STARTS | _ENDS | _TIME | {"ends", "fin"}}
    headers = [cell.text for at, cell in enumerate(header) if at not in dates]
    made = build(records, headers, Knowledge(NAME, "Meta Ads", known, several_a_date=True), options)
    return made.after(*findings, *more)


def _records(header: Sequence[Cell], names: Sequence[str], body: Grid, file: str) -> tuple[list[Record], list[Finding]]:
    kinds = (_TIME, _STARTS, _ENDS)
    time, starts, ends = ([at for at, name in enumerate(names) if name in kind][:1] for kind in kinds)
    hint = msg("break the report down by day or month")
    if not time and not (starts and ends):
        message = msg("the report has neither a day nor the columns of its span")
        return [], [problem(SourceLocation(file, 1, 1), "no-dates", message, hint)]
    where = time or [*starts, *ends]
    told = (" - ".join(row[at].text for at in where if at < len(row)) for row in body)
    wrong = (later("{text!r} begins neither a day nor a whole month"), hint)
    return dated(header, zip(map(_day, told), body, strict=True), where[0], wrong, rule="no-dates")


def _day(text: str) -> dt.date | None:
    """The day that a text is, or the first of the month; None for another span."""
    first, last = read_range(text) or [read_date(text)] * 2
    return first if first and last and (first == last or is_whole_month(first, last)) else None


def _recognises(content: bytes, file: str) -> bool:
    return not lacks(content, file) if is_workbook(content) else by_its_top(lacks)(content, file)


IMPORTER = Importer(
    NAME, "Meta Ads", msg("Ads Manager, a breakdown by day or month, Reports, Export table data, .csv or .xlsx"),
    ("csv", "xlsx"), _recognises, read, lacks,
)  # fmt: skip
