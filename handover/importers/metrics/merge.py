"""Imported rows into a project's table of metrics: what is new, what is the same, what would be overwritten.

Role: `merge` compares and never decides: whoever calls it asks the user before `changed` rows replace others. What no
answer makes right (a day's value for a month's, one tool's spending for another's) is a finding. Pure; how the table is
written is `table_edit`'s, reading and writing the file the caller's.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handover.importers.metrics.base import ImportedRow, problem
from handover.model.errors import Finding
from handover.model.formulas import months_given_whole
from handover.model.message import msg
from handover.model.rows import MetricRow
from handover.project.read.text import fold


class Merge(NamedTuple):
    """What the import does to the table."""

    added: tuple[MetricRow, ...]
    changed: tuple[tuple[MetricRow, MetricRow], ...]
    """Pairs of a row and what would replace it."""
    same: int
    """Rows that were there already with the same value."""
    findings: tuple[Finding, ...] = ()
    """Why it can't be done, whatever the user says."""
    columns: tuple[str, ...] = ()
    """The imported columns whose values would change."""


def merge(existing: Sequence[MetricRow], imported: Iterable[ImportedRow]) -> Merge:
    """Match rows by date and metric."""
    table = {(row.date, row.metric): row for row in existing}
    added: list[MetricRow] = []
    changed: list[tuple[MetricRow, MetricRow]] = []
    columns: dict[str, None] = {}
    same, several = 0, list(imported)
    for item in several:
        source = item.source or None
        row = MetricRow(
            date=item.date, metric=item.metric, value=item.value, source=source, exported_on=item.exported_on
        )
        old = table.get((row.date, row.metric))
        if old is None:
            added.append(row)
        elif old.value == row.value:
            same += 1
        else:
            changed.append((old, row))
            columns[item.header] = None
    findings = [*_steps(existing, several), *_tools(table, several)]
    return Merge(tuple(added), tuple(changed), same, tuple(findings), tuple(columns))


def own_metric(source: str, metric: str) -> str:
    """A name for a tool's own metric: `meta_spend` for the advertising spend of Meta Ads, `search_console_clicks`."""
    words = re.findall("[a-z0-9]+", fold(source)) or ["own"]
    words = words[:-1] if words[-1] == "ads" else words[len(words) > 1 and words[0] == "google" :]
    return "_".join([*words[:3], metric.removeprefix("ad_")])


def _steps(existing: Sequence[MetricRow], imported: Sequence[ImportedRow]) -> list[Finding]:
    """Months that one side gives whole and the other by day: neither replaces the other, nor may both be counted."""
    ours, theirs = (_months([(row.metric, row.date) for row in rows]) for rows in (existing, imported))
    told: set[str] = set()
    findings: list[Finding] = []
    for row in imported:
        key = (row.metric, row.date.year, row.date.month)
        if key not in ours or ours[key] is theirs[key] or row.metric in told:
            continue
        told.add(row.metric)
        kinds = msg("days"), msg("a value of the whole month")
        message = msg("{header}: the table has {have} for {date:%Y-%m}, and this file has {bring} of it",
                      header=row.header, have=kinds[ours[key]], date=row.date, bring=kinds[theirs[key]])  # fmt: skip
        hint = msg("export it by month") if ours[key] else msg("export it by day")
        hint += msg(", or remove what the table has of {metric} in these months first", metric=row.metric)
        findings.append(problem(row.location, "steps", message, hint))
    return findings


def _months(dates: Iterable[tuple[str, dt.date]]) -> dict[tuple[str, int, int], bool]:
    """(Metric, year, month) → whether one value stands for the whole month."""
    days: dict[str, set[dt.date]] = {}
    for metric, day in dates:
        days.setdefault(metric, set()).add(day)
    found: dict[tuple[str, int, int], bool] = {}
    for metric, own in days.items():
        firsts = months_given_whole(own)
        found |= {(metric, day.year, day.month): day.replace(day=1) in firsts for day in own}
    return found


def _tools(table: dict[tuple[dt.date, str], MetricRow], imported: Sequence[ImportedRow]) -> list[Finding]:
    """Other values of another tool: what both tell is their sum, or two metrics, and never the later one."""
    told: set[str] = set()
    findings: list[Finding] = []
    for row in imported:
        old = table.get((row.date, row.metric))
        if old is None or old.value == row.value or not old.source or not row.source or row.metric in told:
            continue
        if fold(old.source) != fold(row.source):
            told.add(row.metric)
            message = msg("{header} of {date}: {value} from {source}, and {row_value} from {row_source}",
                          header=row.header, date=row.date, value=old.value, source=old.source, row_value=row.value,
                          row_source=row.source)  # fmt: skip
            hint = msg('give one of them a metric of its own: --metric "{header}={source}"; or remove the other '
                       "tool's rows first", header=row.header, source=own_metric(row.source, row.metric))  # fmt: skip
            if row.metric.startswith("ad_"):  # two tools may count the same visits, but never the same advertisement
                hint += msg("; or enter their sum")
            findings.append(problem(row.location, "two-tools", message, hint))
    return findings
