"""What values of metrics can't mean as they stand: shares for percentages, other currencies, weeks, months not over.

Role: the rules that need a metric's rows together, with the place of each, as warnings where the report prints a caveat
and as errors where only the writer can know what is meant. What contradicts the catalogue is `catalogue`'s.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from handover.compare.coverage import change_of_step, not_over
from handover.compare.periods import first_day, period_problems
from handover.model import metrics as known
from handover.model.errors import Finding, Severity
from handover.model.message import counted, later, msg
from handover.model.reporting import Combine, Unit
from handover.model.rows import MetricRow
from handover.model.settings import Settings
from handover.model.sources import scalars, shown
from handover.project.check.catalogue import problems
from handover.project.check.currencies import is_other, other_currency, sign_of
from handover.project.check.numbers import NO_PERCENTAGE, SHARES, look_like_shares, takes_no_percent
from handover.project.check.settings import View
from handover.project.check.tables import Located

_FAR_BEFORE, _FAR_AFTER = 25, 2
"""Years before and after the current period's end from which a value's date is taken for a slip."""

_WEEK = 7
_FEWEST_WEEKS = 3
"""Steps of a week from which values are taken for weekly ones."""
_THOUSANDTHS = -3
_STEPS = frozenset({3, 6, 12})
"""Months of a quarter, a half-year and a year."""

_MONTH = re.compile(r"[0-9]{4}[-/][0-9]{1,2}|[0-9]{1,2}[-/][0-9]{4}|[^0-9]+ ?-?[0-9]{2,4}")
"""A date that is written without its day."""

_Rows = Sequence[Located[MetricRow]]


def check_spans(rows: _Rows, view: View) -> None:
    """Note an error where there are figures, and nothing says which spans are compared."""
    given = view.node("periods")
    if (rows or view.keys("metrics")) and not (given and any(not node.absent for _, node in scalars(given))):
        hint = msg("write the two spans that the report compares, or take the figures out")
        view.error(("periods",), "settings.missing-key", msg("is missing"), hint)


def check_metrics(settings: Settings, rows: _Rows, view: View, today: dt.date | None) -> list[Finding]:
    """Everything about metrics, at its place; `today` is the day of the report, where that is known."""
    found = []
    for problem in problems(settings, [row.value for row in rows]):
        place = rows[problem.row].place("value") if problem.row is not None else view.key_place(*problem.keys)
        found.append(Finding(place, problem.rule, problem.message, problem.hint, problem.severity))
    by_name: dict[str, list[Located[MetricRow]]] = {}
    for row in rows:
        by_name.setdefault(row.value.metric, []).append(row)
    for name, own in by_name.items():
        definition = known.define(name, settings, {})
        found += [*_shares(definition, own, view), *_target(definition, view)]
        for check in (_currencies, _steps, _impossible, _months_among_days, _weeks, _quarters):
            found += check(definition, own)
    if settings.periods is None:
        return found  # an error already, where there are figures
    baseline, current = settings.periods.baseline, settings.periods.current
    if not baseline.start <= baseline.end < current.start <= current.end:
        return [*found, *_far(settings, rows)]  # an error already: what else is wrong with such spans helps nobody
    found += _far(settings, rows)
    found += _running(settings, rows, view, today)
    for rule, message, hint, period in period_problems(settings.periods):
        found.append(Finding(view.key_place("periods", period), rule, message, hint, Severity.WARNING))
    return found


def _shares(definition: known.MetricDefinition, own: _Rows, view: View) -> Iterable[Finding]:
    """A percent metric whose values, but those shown with a percent sign, all lie between 0 and 1; or its target.

    And a percent sign where there is no percentage.
    """
    signed = next((row for row in own if _has_percent_sign(row)), None)
    if signed is not None and takes_no_percent(definition.unit):
        message, hint = NO_PERCENTAGE
        yield signed.error("value", "metric.percent", msg("{id}: {message}", id=definition.id, message=message), hint)
    if definition.unit is not Unit.PERCENT:
        return
    message, hint = SHARES
    bare = [row for row in own if not _has_percent_sign(row)]
    if look_like_shares(row.value.value for row in bare):
        yield bare[0].warning("value", "metric.share", msg("{id}: {message}", id=definition.id, message=message), hint)
    elif definition.target is not None and 0 < definition.target <= 1 < min(row.value.value for row in own):
        place = view.key_place("metrics", definition.id, "target")
        said = msg("the target {target} of {id} is below all values, and percentages are written 0–100",
                   target=definition.target, id=definition.id)  # fmt: skip
        yield Finding(place, "metric.share", said, msg("write 2.4 for 2.4 %"), Severity.WARNING)


def _has_percent_sign(row: Located[MetricRow]) -> bool:
    cell = row.row.cells.get("value")
    return cell is not None and (cell.sign == "%" or "%" in cell.text)


def _currencies(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """Amounts in another currency than the metric's, or in one where no money is measured."""
    for row in own:
        cell = row.row.cells.get("value")
        counted = definition.unit is not Unit.MONEY
        # A workbook's look may be that of a whole column, of amounts and counts.
        sign = "" if cell is None or (counted and cell.exact) else sign_of(cell)
        if is_other(sign, "" if counted else definition.currency):
            message, hint = other_currency(sign, definition.currency)
            if counted:
                message = msg("the values are in {sign}, and no money is measured here", sign=shown(sign))
                hint = msg("write what was measured, without the sign; an amount needs a metric with `unit: money`")
            yield row.error("value", "metric.currency", msg("{id}: {message}", id=definition.id, message=message), hint)
            return


def _impossible(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """A place before the first; a known count below zero (one of the project's own may be a difference)."""
    ahead = next((row for row in own if row.value.value < 1), None)
    if ahead is not None and definition.is_rank:
        message = msg("{id} is {value}, and no place is before the first", id=definition.id, value=ahead.value.value)
        hint = msg("delete the row where there was no place: tools write 0 for it")
        yield ahead.error("value", "metric.negative", message, hint)
    below = next((row for row in own if row.value.value < 0), None)
    if below is not None and definition.unit is Unit.COUNT and definition.id in known.BUILTIN:
        message = msg("{id} is {value}, and a count isn't below 0", id=definition.id, value=below.value.value)
        hint = msg("correct it; a difference needs a metric of its own in `metrics:`")
        yield below.warning("value", "metric.negative", message, hint)


def _target(definition: known.MetricDefinition, view: View) -> Iterable[Finding]:
    """A target of `165.000`, of a count or an amount: three decimals, or a thousand's point?"""
    target = definition.target
    if target is None or definition.unit not in {Unit.COUNT, Unit.MONEY} or target.as_tuple().exponent != _THOUSANDTHS:
        return
    if 1 <= abs(target) < 1000:
        whole = f"{target * 1000:f}".partition(".")[0]
        message = msg("the target {target} of {id} can mean {whole} or {target}", target=target, id=definition.id,
                      whole=whole)  # fmt: skip
        hint = msg("write {whole}, or the other with two decimals", whole=whole)
        yield Finding(view.key_place("metrics", definition.id, "target"), "metric.target", message, hint)


def _steps(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """Metrics that the report can't compare, since they have values by month first and by day later, or the reverse."""
    ordered = sorted(own, key=lambda row: row.value.date)
    day = change_of_step(definition, [row.value.date for row in ordered])
    if day is None:
        return
    later = [row for row in ordered if row.value.date >= day]
    by_day = any(row.value.date.day != 1 for row in later)
    before, after = (msg("month"), msg("day")) if by_day else (msg("day"), msg("month"))
    message = msg("{id} has values by {before} before {day:%Y-%m} and by {after} from then on",
                  id=definition.id, before=before, day=day, after=after)  # fmt: skip
    hint = msg("such values can't be compared: give all of them by month, or all by day")
    yield later[0].warning("date", "metric.steps", message, hint)


def _months_among_days(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """A month's value (`2026-01`) beside values of its days: it would be taken for that of the first day."""
    by_month: dict[tuple[int, int], list[Located[MetricRow]]] = {}
    for row in own:
        by_month.setdefault((row.value.date.year, row.value.date.month), []).append(row)
    for rows in by_month.values():
        cells = [row.row.cells.get("date") for row in rows]
        at = next((at for at, cell in enumerate(cells) if cell and _MONTH.fullmatch(cell.text.strip())), None)
        if at is not None and len({row.value.date for row in rows}) > 1:
            message = msg("{id} has a value for the month {month:%Y-%m} and others for its days",
                          id=definition.id, month=rows[at].value.date)  # fmt: skip
            hint = msg("keep the month's, or its days'; of the first day, write {day}", day=rows[at].value.date)
            yield rows[at].error("date", "metric.steps", message, hint)


def _weeks(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """Counts given week by week: the report would take each for a single day's, and a week for a part of one month.

    What stands at one moment (`last`) or is no count may well be measured once a week.
    """
    if _counts(definition) and is_weekly({row.value.date for row in own}):
        first = min(own, key=lambda row: row.value.date)
        message = msg("{id} has a value every 7 days, and each is taken for that of a single day", id=definition.id)
        hint = msg("if they are those of weeks, give them by month or by day: weeks belong to no month")
        yield first.warning("date", "metric.weekly", message, hint)


def _quarters(definition: known.MetricDefinition, own: _Rows) -> Iterable[Finding]:
    """Counts given quarter by quarter, or year by year: each would be taken for a single month's."""
    days = sorted({row.value.date for row in own})
    gaps = {(later.year - earlier.year) * 12 + later.month - earlier.month for earlier, later in pairwise(days)}
    if not _counts(definition) or len(days) < _FEWEST_WEEKS or any(day.day != 1 for day in days) or len(gaps) != 1:
        return
    first = min(own, key=lambda row: row.value.date)
    (step,) = gaps
    if step not in _STEPS:
        return
    message = msg("{id} has a value every {step} months, and each is taken for that of a single month",
                  id=definition.id, step=step)  # fmt: skip
    hint = msg("if they are those of quarters or years, give them by month")
    yield first.warning("date", "metric.weekly", message, hint)


def _counts(definition: known.MetricDefinition) -> bool:
    """Whether its values are those of a span: what is added up, or people who came in it."""
    people = definition.combine is Combine.MEAN and definition.unit is Unit.COUNT
    return definition.combine is Combine.SUM or people


def is_weekly(days: Collection[dt.date]) -> bool:
    """Whether every value falls on the same day of the week, most of them a week after the one before.

    All but the first: a week that a range cuts is told by the day on which the range begins.
    """
    gaps = [(later - earlier).days for earlier, later in pairwise(sorted(days))]
    weeks = sum(gap == _WEEK for gap in gaps)
    return weeks >= _FEWEST_WEEKS and weeks * 2 >= len(gaps) and all(gap % _WEEK == 0 for gap in gaps[1:])


def _far(settings: Settings, rows: _Rows) -> list[Finding]:
    """Values decades away from what is compared: a year was mistyped, and the chart would show nothing else."""
    end = settings.spans.current.end.year
    said = later("{date} is far from the periods compared")
    return [
        row.warning("date", "metric.far-date", msg(said, date=row.value.date.isoformat()[:7]), msg("check the year"))
        for row in rows
        if not end - _FAR_BEFORE <= row.value.date.year <= end + _FAR_AFTER
    ]


def _running(settings: Settings, rows: _Rows, view: View, today: dt.date | None) -> list[Finding]:
    """Values of a month of the current period that isn't over on the day of the report."""
    period = settings.spans.current
    inside = [row for row in rows if period.start <= row.value.date <= period.end]
    months = sorted(not_over([row.value.date for row in inside], today))
    if not months or today is None:
        return []
    names = ", ".join(f"{first_day(month):%Y-%m}" for month in months)
    message = counted(
        "the current period ends on {end}; {names} isn't over on {today}, and won't be counted",
        "the current period ends on {end}; {names} aren't over on {today}, and won't be counted",
        len(months),
        end=period.end,
        names=names,
        today=today,
    )
    hint = msg("end the period before, or build the bundle later")
    return [Finding(view.key_place("periods", "current", "end"), "periods.running", message, hint, Severity.WARNING)]
