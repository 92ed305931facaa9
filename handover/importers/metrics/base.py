"""What every importer shares: the file as rows of cells, what the user says about it, and what becomes of it.

Role: an importer finds the table in its format and hands over dated records; `columns` turns them into rows of
`data/metrics.csv`. It reads no disk.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from handover.formats.sniff import is_workbook, markup_of
from handover.importers.metrics.headers import names_of
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.metrics import BUILTIN
from handover.model.reporting import Combine, Unit
from handover.model.sources import UNREADABLE, Cell, shown
from handover.project.read.csv_table import read_csv_rows, said_delimiter
from handover.project.read.dates import Span, contradiction, is_cut, read_date
from handover.project.read.text import decode, fold
from handover.project.read.xlsx_table import read_xlsx_rows, read_xlsx_sheets

Grid = list[list[Cell]]
Record = tuple[dt.date, Mapping[str, Cell]]
"""A date and the record's cells by header."""

TOTALS = names_of("any", "totals")
"""What stands, folded, in the first cell of a row that sums others up."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t", "|")
_SPAN = re.compile(r"#\s*([0-9]{8})\s*-\s*([0-9]{8})\s*,*$")
"""A range of dates in one comment, as Google's tools write it."""


class Defined(NamedTuple):
    """What a project's settings say of a metric, as far as an import needs it; None where they say nothing."""

    unit: Unit | None = None
    combine: Combine | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Options:
    """What the user says about a file."""

    metrics: Mapping[str, str] = field(default_factory=dict)
    """Column header → metric, as `--metric "Column=metric"` gives it; wins over what is known."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """A metric's name in the client's language → its identifier."""
    exported_on: dt.date | None = None
    """The day of the export, where the file doesn't tell."""
    currency: str = "EUR"
    """The project's currency: amounts in another one are a finding."""
    defined: Mapping[str, Defined] = field(default_factory=dict)
    """Metrics that the settings define, or change."""
    day_first: bool | None = None
    """Whether `03/04/2025` is 3 April, where its column doesn't tell; None for nobody said."""
    grouped: bool | None = None
    """Whether `1,234` is a thousand in a column that doesn't tell; None for nobody said."""
    shares: bool | None = None
    """Whether 0.021 is 2.1 % in a column of percentages that has nothing above 1; None for nobody said."""

    @cached_property
    def said(self) -> Mapping[str, str]:
        """Folded column header → metric, as the user said."""
        return {fold(column): metric for column, metric in self.metrics.items()}

    @cached_property
    def called(self) -> Mapping[str, str]:
        """Folded name → metric."""
        return {fold(label): metric for label, metric in self.labels.items()}

    def unit(self, metric: str) -> Unit | None:
        """The metric's unit; None for one that nobody defined."""
        built = BUILTIN.get(metric)
        return self.defined.get(metric, Defined()).unit or (built.unit if built else None)

    def combine(self, metric: str) -> Combine | None:
        """How the metric's values combine; None for one that nobody defined."""
        built = BUILTIN.get(metric)
        return self.defined.get(metric, Defined()).combine or (built.combine if built else None)

    def currency_of(self, metric: str) -> str:
        """The ISO 4217 code that the metric's amounts are meant in."""
        return self.defined.get(metric, Defined()).currency or self.currency


class ImportedRow(NamedTuple):
    """One value with its place in the foreign file."""

    location: SourceLocation
    date: dt.date
    metric: str
    value: Decimal
    source: str
    """The tool that it comes from; empty for a plain table, whose file name says nothing."""
    exported_on: dt.date | None
    header: str = ""
    """The column that it stands in."""


class Imported(NamedTuple):
    """What became of a file: rows ascending by metric and date, what is wrong, and columns nobody asked for."""

    format: str
    rows: tuple[ImportedRow, ...]
    findings: tuple[Finding, ...]
    unused: tuple[str, ...] = ()
    """Headers of number columns that no metric is known for."""
    columns: tuple[str, ...] = ()
    """Every header that could have been a metric: what `--metric` may name."""

    def after(self, *findings: Finding) -> "Imported":
        """The same, with what was found before its columns were read."""
        return self._replace(findings=(*findings, *self.findings))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a format's importer knows of its columns."""

    format: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Folded header → metric."""
    rates_are_shares: bool = False
    """True when rates are written 0–1; they become percent."""
    counts_are_whole: bool = True
    """False where people write the table themselves: a count of theirs may have decimals."""
    several_a_date: bool = False
    """True when records of one date are parts of a whole (campaigns): additive metrics are summed."""
    split_by: tuple[str, ...] = ()
    """Headers of what the records of one date are parts by: page, channel; empty where that can't matter."""
    currency: str = ""
    """The currency that the file says its amounts are in, as a sign or ISO 4217 code."""


def grid(content: bytes, file: str) -> tuple[Grid, list[Finding]]:
    """A CSV (in the encodings that `decode` takes) or a workbook as rows of cells, blank rows kept.

    No rows, and an error that says what it is, for anything else.
    """
    remembered = len(content) <= TOP or is_workbook(content)  # each format in turn asks a workbook for its header
    rows, findings = (_remembered if remembered else _parsed)(content, file)
    return [list(row) for row in rows], list(findings)


def filled(rows: Grid) -> Grid:
    """The rows that hold anything."""
    return [row for row in rows if any(not cell.blank for cell in row)]


def first_names(content: bytes, file: str) -> set[str]:
    """The headers in the first line of a table, folded; none where there is no table."""
    rows, _ = grid(content, file)
    return {fold(cell.text) for cell in rows[0]} if rows else set()


def by_its_top(lacks: Callable[[bytes, str], str]) -> Callable[[bytes, str], bool]:
    """Whether a file that is no zip has the marks of a format in its first 64 KB."""
    return lambda content, file: not content.startswith(b"PK") and not lacks(content[:TOP], file)


def _parsed(content: bytes, file: str) -> tuple[Sequence[Sequence[Cell]], list[Finding]]:
    if is_workbook(content):
        sheet, problems = read_xlsx_rows(content, file, "metrics")
        if sheet is None and problems[0].rule == "xlsx.which-sheet":  # notes beside the one table are none
            sheets = read_xlsx_sheets(content, file)[0].values()  # a table has three rows of several cells at least
            tables = [rows for rows in sheets if sum(sum(not cell.blank for cell in row) > 1 for row in rows) > 2]
            sheet, problems = (tables[0], []) if len(tables) == 1 else (None, problems)
        return sheet or [], problems
    text, findings = decode(content, file)
    if kind := markup_of(text):
        message = msg("the file is {kind}, not a table", kind=kind)
        return [], [problem(SourceLocation(file), "kind", message, msg("export it as CSV"))]
    rows, more = read_csv_rows(text, file, delimiter(text))
    return rows, findings + more


TOP: Final = 64 * 1024
"""Bytes of a table, or of its beginning, that is parsed once for all formats that want to recognise it."""
_remembered = lru_cache(maxsize=1)(_parsed)


def delimiter(text: str) -> str:
    """The delimiter that the file names; else that which gives most lines, but comments, the same number of cells."""
    if said := said_delimiter(text):
        return said
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip('"').startswith("#")][:50]

    def score(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if line.count(mark)]
        return (max((counts.count(count) for count in counts), default=0), max(counts, default=0))

    return max(_DELIMITERS, key=score)


def head(content: bytes) -> list[str]:
    """The first lines of a file as text, for formats that are recognised by them."""
    start = content[:4096]
    text = start.decode("utf-16", "replace") if start.startswith(_UTF16) else start.decode("utf-8-sig", "replace")
    return text.splitlines()


def span_in(comment: str) -> Span | None:
    """The range in a comment such as `# 20240601-20240630`; None in any other."""
    match = _SPAN.match(comment.strip().strip('"'))
    first, last = (read_date(match[1]), read_date(match[2])) if match else (None, None)
    return (first, last) if first and last else None


def by_header(header: Sequence[Cell], row: Sequence[Cell]) -> dict[str, Cell]:
    """A row's cells by the texts of the header."""
    return {name.text: cell for name, cell in zip(header, row, strict=False)}


def spilt(header: Sequence[Cell], row: Sequence[Cell]) -> list[Finding]:
    """The finding for a line of text with more values than names: an unquoted `1234,50` would be 1234."""
    width = max((at for at, cell in enumerate(header, 1) if not cell.blank), default=0)
    if all(cell.blank or cell.location.sheet for cell in row[width:]):
        return []
    message = msg("this row has {count} cells, the header has {width}", count=len(row), width=width)
    return [problem(row[0].location, "cell-count", message, msg("put what holds the separator in double quotes"))]


def dated(
    header: Sequence[Cell],
    rows: Iterable[tuple[dt.date | None, Sequence[Cell]]],
    at: int,
    wrong: tuple[str, str],
    span: tuple[dt.date | None, dt.date | None] | None = None,
    rule: str = "date",
    *,
    by_month: bool = True,
) -> tuple[list[Record], list[Finding]]:
    """Rows by their days, of which column `at` holds the text, and what is wrong with it.

    `wrong` is what is said of a `{text}` that is no day, and what to do. `span` is the file's: where the rows are whole
    months, one of which it holds only a part isn't taken; no day is outside it.
    """
    records: list[Record] = []
    findings: list[Finding] = []
    for day, row in rows:
        place = row[min(at, len(row) - 1)]
        if day is not None and by_month and is_cut(day, span):
            findings.append(cut_month(place.location, day))
        elif day is not None and not by_month and _is_outside(day, span):
            message = msg("{text!r} is outside the range that the file names", text=shown(place.text))
            findings.append(
                problem(place.location, "outside", message, msg("export it again, and change nothing in it"))
            )
        elif day is not None:
            findings += spilt(header, row)
            records.append((day, by_header(header, row)))
        elif place.text != UNREADABLE:  # what is wrong in a cell that can't be read has been told
            findings.append(problem(place.location, rule, msg(wrong[0], text=shown(place.text)), wrong[1]))
    return records, findings


def _is_outside(day: dt.date, span: tuple[dt.date | None, dt.date | None] | None) -> bool:
    first, last = span or (None, None)
    return (first is not None and day < first) or (last is not None and day > last)


def problem(location: SourceLocation, rule: str, message: str, hint: str, *, warning: bool = False) -> Finding:
    """A finding of an import."""
    return Finding(location, f"import.{rule}", message, hint, Severity.WARNING if warning else Severity.ERROR)


def by_week(place: SourceLocation) -> Finding:
    """The values are those of weeks."""
    message = msg("the file has a value every 7 days, and weeks belong to no month")
    return problem(place, "weekly", message, msg("export it by month or by day"))


def ambiguous_dates(cells: Sequence[Cell]) -> Finding:
    """The finding for a column whose days and months can't be told apart, or change places; `cells` are its cells."""
    if pair := contradiction([cell.text for cell in cells]):
        one, other = (cells[at] for at in pair)
        message = msg("the day comes first in {one} (line {line}), the month in {other} (line {other_line})",
                      one=shown(one.text), line=one.location.line, other=shown(other.text),
                      other_line=other.location.line)  # fmt: skip
        hint = msg("no order reads both: write all days of this column as 2026-03-31")
        return problem(cells[max(pair)].location, "ambiguous-dates", message, hint)
    message = msg("day and month can't be told apart in this column")
    hint = msg("say which comes first with --day-first or --month-first, or write them as 2026-03-31")
    return problem(cells[0].location, "ambiguous-dates", message, hint)


def filtered(place: SourceLocation, by: str) -> Finding:
    """The finding for an export that holds a part of what the metrics mean; `by` names what it was filtered by."""
    message = msg("this export is a part: it's filtered by {by}", by=by)
    hint = msg("export it without that filter, or give the part metrics of its own: --metric "
               '"COLUMN=a_metric_of_its_own"')  # fmt: skip
    return problem(place, "filtered", message, hint)


def cut_month(location: SourceLocation, month: dt.date) -> Finding:
    """The finding for a month that the file's span holds only a part of."""
    message = msg("{month:%Y-%m} isn't taken: the file's range holds only a part of it", month=month)
    return problem(location, "cut-month", message, msg("export whole months"), warning=True)
