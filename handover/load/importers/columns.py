"""Columns of a foreign table as rows of `data/metrics.csv`: which metric each is, and its numbers read together.

Role: `build` takes the dated records that a format's importer found and gives rows with the place of each value, and
findings for what it can't tell. Nothing is guessed: an ambiguous column is a finding, what can't be added up isn't, and
a column that no metric is known for is named.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from handover.errors import Finding, SourceLocation
from handover.load.importers.base import Imported, ImportedRow, Knowledge, Options, Record, fold, problem
from handover.metrics import BUILTIN
from handover.model import Combine, Unit
from handover.sources import UNREADABLE, Cell
from handover.validate.numbers import read_column

NO_DATA = frozenset(["", "--", "-", "–", "—", "n/a", "n.d.", "(not set)"])
"""What exporters write where there is no value."""

MAX_VALUE = Decimal(10**15)
"""The largest size that a value of `data/metrics.csv` can have (`handover.model.base.Number`)."""

MAX_SOURCE = 200
"""Characters of a source's name; the model's own limit is far above what a footnote can show."""

_CURRENCY = re.compile(r"(?:[A-Z]{3}|[€$£¥]|CHF|kr)")

_GROUPED = re.compile(r"[1-9][0-9]{0,2}([ \u00a0\u202f\u2009.,'\u2019])[0-9]{3}(?:\1[0-9]{3})*")

_HUNDRED = Decimal(100)

_INEXACT = re.compile(r"[<>\u2264\u2265~\u2248]\s*[0-9].*")
"""`< 10`, `>90%`: what exporters write to hide a small group, or where they only estimate."""


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
    headers = list(headers)
    known = {metric for header in headers if (metric := choose(header, options, knowledge.columns))}
    knowledge = replace(knowledge, source=cleaned(knowledge.source))
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
        if any(finding.rule == "import.not-additive" for finding in wrong) and known.issuperset(_parts(metric)):
            # Computed from what is added up: nothing is lost, and nothing false gets in.
            place = wrong[0].location
            parts = " and ".join(_parts(metric))
            message = f"{header} isn't taken: it can't be added up over the rows of a date, but follows from {parts}"
            findings.append(problem(place, "computed", message, "", warning=True))
            continue
        rows += more
        findings += wrong
    ordered = tuple(sorted(rows, key=lambda row: (row.metric, row.date)))
    return Imported(knowledge.format, ordered, tuple(findings), tuple(unused), tuple(headers))


def _has_numbers(records: Sequence[Record], header: str) -> bool:
    texts = [cells[header].text for _, cells in records if header in cells]
    return any(any(character.isdigit() for character in text) for text in texts)


def _column(
    records: Sequence[Record], header: str, metric: str, knowledge: Knowledge, options: Options
) -> tuple[list[ImportedRow], list[Finding]]:
    cells = [(day, found[header]) for day, found in records if header in found and found[header].text != UNREADABLE]
    filled = [(day, cell) for day, cell in cells if fold(cell.text) not in NO_DATA]
    inexact = [cell for _, cell in filled if _INEXACT.fullmatch(cell.text.strip())]
    filled = [(day, cell) for day, cell in filled if cell not in inexact]
    counted = (built := BUILTIN.get(metric)) is not None and built.unit is Unit.COUNT
    numbers = read_column([_bare(cell, counted=counted) for _, cell in filled])
    findings = [
        problem(
            filled[at][1].location, rule.removeprefix("number."), f"{header}: {filled[at][1].text!r} {message}", hint
        )
        for at, (rule, message, hint) in sorted(numbers.wrong.items())
    ]
    if knowledge.shares_unlikely and _look_like_shares(numbers.plain, [cell for _, cell in filled], metric):
        message = f"{header}: no value is above 1, and percentages are written 0–100: 2.4 means 2.4 %"
        hint = "multiply them by 100 if they are shares"
        findings.append(problem(filled[0][1].location, "share", message, hint, warning=True))
    for cell in inexact:
        message = f"{header}: {cell.text.strip()!r} is no exact value, and isn't taken"
        findings.append(problem(cell.location, "inexact", message, "", warning=True))
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
        if abs(total) > MAX_VALUE:
            message = f"{header}: the value for {day:%Y-%m-%d} has too many digits"
            findings.append(problem(place, "range", message, "check the export"))
            continue
        rows.append(ImportedRow(place, day, metric, total, knowledge.source, options.exported_on))
    return rows, findings


def _parts(metric: str) -> tuple[str, ...]:
    """The metrics that this one is computed from; one that nobody imports where it isn't computed."""
    formula = BUILTIN[metric].formula if metric in BUILTIN else None
    return tuple(dict.fromkeys(formula.parts)) if formula else ("",)


def cleaned(source: str) -> str:
    """A source's name as a line that can be printed."""
    plain = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in source)
    return " ".join(plain.split())[:MAX_SOURCE].rstrip()


def _bare(cell: Cell, *, counted: bool) -> str:
    """The text without currency. Counts are whole: a mark before three digits can only group them."""
    text = _CURRENCY.sub("", cell.text).strip()
    if cell.exact and "." not in text:
        # A workbook's number is no text: a written fraction tells `read_column` that its point is a decimal one.
        return f"{text}.0"
    return re.sub("[^0-9]", "", text) if counted and _GROUPED.fullmatch(text) else text


def _look_like_shares(plain: Sequence[str | None], cells: Sequence[Cell], metric: str) -> bool:
    """Whether every value of a rate lies between 0 and 1, none of them with a percent sign."""
    built = BUILTIN.get(metric)
    values = [Decimal(text) for text in plain if text is not None]
    small = bool(values) and all(0 <= value <= 1 for value in values) and any(values)
    return built is not None and built.unit is Unit.PERCENT and small and not any("%" in cell.text for cell in cells)


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
