"""Metrics from other programs' exports: a module per format, tried in order; the generic one last.

Role: `import_metrics`, which picks the format and keeps its rows consistent. A new format is a module with its
`IMPORTER`, its headers in headers.toml, and a line here.
"""

import datetime as dt
import re
from typing import Final

from handover.formats.memory import many_records
from handover.formats.sniff import kind_of
from handover.importers.importer import Importer
from handover.importers.metrics import (
    ga4,
    generic,
    google_ads,
    matomo,
    meta_ads,
    plausible,
    search_console,
    universal_analytics,
)
from handover.importers.metrics.base import Imported, ImportedRow, Options, by_week, filled, grid, problem
from handover.model.errors import Finding, SourceLocation, UsageError
from handover.model.formulas import months_given_whole
from handover.model.message import msg
from handover.model.sources import shown
from handover.project.check.metrics import is_weekly
from handover.project.read.dates import read_date
from handover.project.read.text import fold

IMPORTERS: Final[tuple[Importer[Options, Imported], ...]] = (
    plausible.IMPORTER,
    matomo.IMPORTER,
    search_console.IMPORTER,
    universal_analytics.IMPORTER,
    ga4.IMPORTER,
    google_ads.IMPORTER,
    meta_ads.IMPORTER,
    generic.IMPORTER,
)
"""In the order in which they are tried."""

MAX_COLUMNS_NAMED: Final = 12
"""Columns that a message names; a table may have hundreds."""

METRIC: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""As `handover.model.base.MetricId`."""

_DAY = re.compile(r"(?<![0-9])20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])")


@many_records()
def import_metrics(content: bytes, file: str, options: Options | None = None, *, format_name: str = "") -> Imported:
    """The metrics in a file, by the first format that recognises it or the one named.

    `file` names it in messages, and nothing is taken from its name. Never raises for what is in the file: findings say
    it. Raises UsageError for a format that doesn't exist, for metrics that can't be called so and for columns that the
    file hasn't.
    """
    chosen = options or Options()
    for column, metric in chosen.metrics.items():
        if not METRIC.fullmatch(metric):
            hint = msg("write lower-case letters without accents, digits and underscores: organic_visitors")
            said = msg("--metric {column}={metric}: {metric!r} can't be a metric", column=column, metric=metric)
            raise UsageError(said, hint=hint)
    known = {importer.name: importer for importer in IMPORTERS}
    if format_name and format_name not in known:
        hint = msg("choose one of {known}", known=", ".join(known))
        raise UsageError(msg("there is no format {format_name!r}", format_name=format_name), hint=hint)
    importer = known[format_name] if format_name else _recognised(content, file)
    if lacking := importer.lacks(content, file) if format_name else "":
        return Imported(importer.name, (), (_other_format(importer, lacking, content, file),))
    made = importer.read(content, file, chosen)
    if any(finding.severity == "error" for finding in made.findings):
        return made
    _refuse_absent(chosen, made, file)
    if any(row.source for row in made.rows) and is_weekly({row.date for row in made.rows}):
        return made.after(by_week(min(made.rows, key=lambda row: row.date).location))
    if made.rows:
        return _once(made, file)
    message = msg("no column of this file is a known metric")
    hint = msg("export it by date")
    if columns := _listed(made.unused):
        hint = msg('say which is which with --metric "COLUMN=metric"; columns: {columns}', columns=columns)
    return made._replace(findings=(*made.findings, problem(SourceLocation(file), "nothing", message, hint)))


def _recognised(content: bytes, file: str) -> Importer[Options, Imported]:
    return next(importer for importer in IMPORTERS if importer.recognises(content, file))


def _other_format(named: Importer[Options, Imported], lacking: str, content: bytes, file: str) -> Finding:
    """A file isn't of the format that the user named: read as such, its rates would be wrong by a hundred."""
    message = msg("this is no {title} export: it lacks {lacking}", title=named.title, lacking=lacking)
    found = _recognised(content, file)
    if found is not generic.IMPORTER:
        hint = msg("it looks like one of {title}: leave --format out, or write --format {name}",
                   title=found.title, name=found.name)  # fmt: skip
    elif kind := kind_of(content):
        hint = msg("the file is {kind}: export it again, as CSV", kind=kind)
    else:
        rows, _ = grid(content, file)
        first = shown(", ".join(cell.text.strip() for cell in (filled(rows) or [[]])[0]) or "nothing")
        hint = msg("its first line is {first}: leave --format out to read it as a plain table", first=first)
    return problem(SourceLocation(file), "other-format", message, hint)


def _refuse_absent(options: Options, made: Imported, file: str) -> None:
    """A misspelt column would leave its metric out without a word, or let another column stand for it."""
    there = {fold(column) for column in made.columns}
    for column, metric in options.metrics.items():
        if there and fold(column) not in there:
            message = msg("--metric {column}={metric}: {file} has no column {column!r} for a metric",
                          column=column, metric=metric, file=file)  # fmt: skip
            raise UsageError(message, hint=msg("its columns: {columns}", columns=_listed(made.columns)))


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(columns[:MAX_COLUMNS_NAMED]) + (" …" if len(columns) > MAX_COLUMNS_NAMED else "")


def _once(made: Imported, file: str) -> Imported:
    """One row for each metric and date: several tables of a file may repeat a value, never contradict it."""
    kept: dict[tuple[str, dt.date], ImportedRow] = {}
    findings: list[Finding] = []
    for row in made.rows:
        first = kept.setdefault((row.metric, row.date), row)
        if first.value != row.value:
            message = msg("{metric} of {date} is {value} in one table of this file and {row_value} in another",
                          metric=row.metric, date=row.date, value=first.value, row_value=row.value)  # fmt: skip
            hint = msg("export the one that holds the whole, alone")
            findings.append(problem(row.location, "two-tables", message, hint))
    dated = [] if findings or any(row.exported_on for row in made.rows) else _perhaps_exported(made, file)
    return made._replace(rows=tuple(kept.values()), findings=(*made.findings, *findings, *dated))


def _perhaps_exported(made: Imported, file: str) -> list[Finding]:
    """A question where a date in the file's name may be the day of export, and the last month then isn't whole."""
    last = max(row.date for row in made.rows)
    if last not in months_given_whole({row.date for row in made.rows if row.metric == made.rows[0].metric}):
        return []  # days show by themselves where they end
    days = list(filter(None, map(read_date, _DAY.findall(file.rpartition("/")[2]))))
    if len(days) != 1 or (days[0].year, days[0].month) != (last.year, last.month):
        return []
    message = msg("the file's name has {days}: if it was exported then, {last:%Y-%m} isn't whole",
                  days=days[0], last=last)  # fmt: skip
    hint = msg("import it with --exported-on {days}, and that month won't be counted", days=days[0])
    return [problem(SourceLocation(file), "exported-on", message, hint, warning=True)]
