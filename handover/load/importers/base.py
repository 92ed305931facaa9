"""What every importer shares: the file as rows of cells, the choice of metrics, and numbers read by column.

Role: an importer finds the table in its format and hands over dated records; `build` turns their columns into rows
of `data/metrics.csv`, with the place of each value, and findings for what it can't tell. Nothing is guessed: an
ambiguous column is a finding, and a column that no metric is known for is named. It reads no disk.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from handover.errors import Finding, Severity, SourceLocation
from handover.load.csv_table import read_csv_rows
from handover.load.text import decode
from handover.load.xlsx_table import read_xlsx_rows
from handover.metrics import BUILTIN
from handover.model import Combine, Unit
from handover.sources import Cell
from handover.validate.numbers import read_column

Grid = list[list[Cell]]
Record = tuple[dt.date, Mapping[str, Cell]]
"""A date and the record's cells by header."""

NO_DATA = frozenset(["", "--", "-", "–", "—", "n/a", "n.d.", "(not set)"])
"""What exporters write where there is no value."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t")
_CURRENCY = re.compile(r"(?:[A-Z]{3}|[€$£¥]|CHF|kr)")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([ \u00a0\u202f\u2009.,'\u2019])[0-9]{3}(?:\1[0-9]{3})*")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One value with its place in the foreign file."""

    location: SourceLocation
    date: dt.date
    metric: str
    value: Decimal
    source: str
    exported_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: rows ascending by metric and date, what is wrong, and columns nobody asked for."""

    format: str
    rows: tuple[ImportedRow, ...]
    findings: tuple[Finding, ...]
    unused: tuple[str, ...] = ()
    """Headers of number columns that no metric is known for."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a format's importer knows of its columns."""

    format: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Folded header → metric."""
    rates_are_shares: bool = False
    """True when rates are written 0–1; they become percent."""
    several_a_date: bool = False
    """True when records of one date are parts of a whole (campaigns): additive metrics are summed."""


def grid(content: bytes, file: str) -> tuple[Grid, list[Finding]]:
    """A CSV (UTF-8, or UTF-16 as "CSV (Excel)" exports write it) or a workbook as rows of cells, blank rows kept."""
    if content.startswith(b"PK\x03\x04"):
        sheet, problems = read_xlsx_rows(content, file, "metrics")
        return sheet or [], problems
    if content.startswith(_UTF16):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            hint = "export it again"
            return [], [Finding(SourceLocation(file), "text.encoding", "the file isn't valid UTF-16", hint)]
        content = text.encode("utf-8", "replace")
    text, findings = decode(content, file)
    rows, more = read_csv_rows(text, file, delimiter(text))
    return [list(row) for row in rows], findings + more


def delimiter(text: str) -> str:
    """The delimiter that gives the most lines with the same number of cells, among those outside comments."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip('"').startswith("#")][:50]

    def score(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if line.count(mark)]
        return (max((counts.count(count) for count in counts), default=0), max(counts, default=0))

    return max(_DELIMITERS, key=score)


def fold(text: str) -> str:
    """A header for comparison: lower case, without accents, byte order mark, or runs of spaces."""
    plain = unicodedata.normalize("NFKD", text.lstrip("\ufeff")).casefold()
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(kept.replace("\u2019", "'").split())


def problem(location: SourceLocation, rule: str, message: str, hint: str, *, warning: bool = False) -> Finding:
    """A finding of an import."""
    return Finding(location, f"import.{rule}", message, hint, Severity.WARNING if warning else Severity.ERROR)


def choose(header: str, options: Options, known: Mapping[str, str]) -> str | None:
    """The metric of a column: what the user said, what the format says, or a metric's own name or identifier."""
    folded = fold(header)
    said = {fold(column): metric for column, metric in options.metrics.items()}
    labels = {fold(label): metric for label, metric in options.labels.items()}
    own = folded.replace(" ", "_")
    return said.get(folded) or known.get(folded) or labels.get(folded) or (own if own in BUILTIN else None)


def build(records: Sequence[Record], headers: Iterable[str], knowledge: Knowledge, options: Options) -> Imported:
    """The rows of every column that stands for a metric."""
    rows: list[ImportedRow] = []
    findings: list[Finding] = []
    unused: list[str] = []
    taken: dict[str, str] = {}
    for header in headers:
        metric = choose(header, options, knowledge.columns)
        if metric is None:
            if header.strip() and _has_numbers(records, header):
                unused.append(header)
            continue
        if metric in taken:
            place = next((cells[header].location for _, cells in records if header in cells), SourceLocation(""))
            message = f"two columns, {taken[metric]!r} and {header!r}, are the metric {metric}"
            findings.append(problem(place, "two-columns", message, "name one of them with --metric"))
            continue
        taken[metric] = header
        more, wrong = _column(records, header, metric, knowledge, options)
        rows += more
        findings += wrong
    ordered = tuple(sorted(rows, key=lambda row: (row.metric, row.date)))
    return Imported(knowledge.format, ordered, tuple(findings), tuple(unused))


def _has_numbers(records: Sequence[Record], header: str) -> bool:
    texts = [cells[header].text for _, cells in records if header in cells]
    return any(any(character.isdigit() for character in text) for text in texts)


def _column(
    records: Sequence[Record], header: str, metric: str, knowledge: Knowledge, options: Options
) -> tuple[list[ImportedRow], list[Finding]]:
    cells = [(day, found[header]) for day, found in records if header in found]
    filled = [(day, cell) for day, cell in cells if fold(cell.text) not in NO_DATA]
    counted = (built := BUILTIN.get(metric)) is not None and built.unit is Unit.COUNT
    numbers = read_column([_bare(cell, counted=counted) for _, cell in filled])
    findings = [
        problem(
            filled[at][1].location, rule.removeprefix("number."), f"{header}: {filled[at][1].text!r} {message}", hint
        )
        for at, (rule, message, hint) in sorted(numbers.wrong.items())
    ]
    by_date: dict[dt.date, list[tuple[Cell, Decimal]]] = {}
    for (day, cell), plain in zip(filled, numbers.plain, strict=True):
        if plain is not None:
            by_date.setdefault(day, []).append((cell, _scaled(Decimal(plain), header, cell, metric, knowledge)))
    rows: list[ImportedRow] = []
    for day, values in by_date.items():
        if len(values) > 1 and not _additive(metric, knowledge):
            findings.append(_several(values[1][0], header, metric, day, knowledge))
            continue
        total = sum((value for _, value in values), Decimal(0))
        place = values[0][0].location
        rows.append(ImportedRow(place, day, metric, total, knowledge.source, options.exported_on))
    return rows, findings


def _bare(cell: Cell, *, counted: bool) -> str:
    """The text without currency. Counts are whole: a mark before three digits can only group them."""
    text = _CURRENCY.sub("", cell.text).strip()
    if cell.exact and "." not in text:
        # A workbook's number is no text: a written fraction tells `read_column` that its point is a decimal one.
        return f"{text}.0"
    return re.sub("[^0-9]", "", text) if counted and _GROUPED.fullmatch(text) else text


def _scaled(value: Decimal, header: str, cell: Cell, metric: str, knowledge: Knowledge) -> Decimal:
    built = BUILTIN.get(metric)
    rate = built.unit is Unit.PERCENT if built else ("rate" in fold(header) or "taux" in fold(header))
    if knowledge.rates_are_shares and rate and "%" not in cell.text:
        return value * _HUNDRED
    return value


def _additive(metric: str, knowledge: Knowledge) -> bool:
    # Of an unknown metric of the user's only they know whether parts add up: amounts and counts of campaigns do.
    built = BUILTIN.get(metric)
    return knowledge.several_a_date and (built is None or built.combine is Combine.SUM)


def _several(cell: Cell, header: str, metric: str, day: dt.date, knowledge: Knowledge) -> Finding:
    if knowledge.several_a_date:
        message = f"{header}: several values for {day:%Y-%m-%d}, and {metric} can't be added up"
        return problem(cell.location, "not-additive", message, "export it without a breakdown")
    message = f"{header}: a second value of {metric} for {day:%Y-%m-%d}"
    return problem(cell.location, "duplicate", message, "keep one of them")
