"""One metric, two periods: what may be said about the change, and what must be said with it.

Role: `compare` decides the basis (totals, averages, last values), whether a change and a percentage may be printed at
all, and every caveat; which months count is `choice`'s. All printed figures are rounded first and compared after, so
that a reader with a pocket calculator finds the same change. Wording is `handover.compare.wording`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from handover.compare import spread as spreads
from handover.compare.choice import Choice, both, by_days, choose
from handover.compare.periods import (
    Caveat,
    CaveatKind,
    days,
    equal_length,
    month_of,
    paired_months,
    whole_months,
)
from handover.compare.series import Break, Reading, Series, combine
from handover.compare.spread import Spread, Verdict
from handover.metrics import MetricDefinition
from handover.model import Combine, Direction, Period, Periods, Unit

TINY_COUNT = Decimal(10)
"""A count below this is too small for a percentage: one more would move it by over 10 %."""

TINY_SHARE = 20
"""A baseline below 1/20 of today's value gives no percentage: "+1,900 %" says nothing that both values don't."""

RELATIVE_UNITS = frozenset([Unit.COUNT, Unit.MONEY, Unit.RATIO, Unit.DURATION])
"""Units with a true zero, whose change may be given in percent; percentages and scores change by points."""


class Basis(StrEnum):
    """What the printed value of a period is."""

    TOTAL = "total"
    PER_MONTH = "per-month"
    PER_DAY = "per-day"
    MEAN = "mean"
    WEIGHTED = "weighted"
    LAST = "last"


class Outcome(StrEnum):
    """What may be said of the change."""

    COMPARED = "compared"
    ABSOLUTE_ONLY = "absolute-only"
    NOT_AT_BASELINE = "not-at-baseline"
    NOT_NOW = "not-now"
    NO_VALUES = "no-values"
    BROKEN = "broken"


class Trend(StrEnum):
    """The direction of the printed change."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Side:
    """One period's value as printed, and the months it stands on."""

    period: Period
    value: Decimal | None
    """Rounded to the comparison's decimals; None when there is nothing to print."""
    months: tuple[int, ...] = ()
    """The months counted, ascending; for readings by day, the whole months among them."""
    level: Decimal | None = None
    """The monthly level for the chart's period line (mean of months, or the last value); unrounded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the report prints about one metric's change."""

    series: Series
    basis: Basis
    decimals: int
    baseline: Side
    current: Side
    outcome: Outcome
    change: Decimal | None = None
    """Printed current − printed baseline, where that may be said."""
    percent: Decimal | None = None
    """100 × change ÷ printed baseline, unrounded, where that may be said."""
    spread: Spread | None = None
    verdict: Verdict = Verdict.UNKNOWN
    target_met: bool | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def definition(self) -> MetricDefinition:
        """The metric compared."""
        return self.series.definition

    @property
    def trend(self) -> Trend | None:
        """The direction of the change; None when no change may be said."""
        if self.change is None:
            return None
        return Trend.UP if self.change > 0 else Trend.DOWN if self.change < 0 else Trend.SAME

    @property
    def better(self) -> bool | None:
        """Whether the change is in the good direction; None when neither way is good, nothing changed, or the
        change is within ordinary variation: noise is neither progress nor failure.
        """
        good = self.definition.good
        if self.trend in {None, Trend.SAME} or good is Direction.NEITHER or self.verdict is Verdict.WITHIN:
            return None
        return (self.trend is Trend.UP) is (good is Direction.UP)


def compare_all(series: Iterable[Series], periods: Periods) -> tuple[Comparison, ...]:
    """A comparison per series, in their order."""
    return tuple(compare(one, periods) for one in series)


def compare(series: Series, periods: Periods) -> Comparison:
    """Compare one metric's two periods. Total: every input gives a comparison, with the reasons for what it lacks."""
    comparison = _compare(series, periods)
    return _with_outlier(comparison, periods)


def _compare(series: Series, periods: Periods) -> Comparison:
    breaks = _relevant_breaks(series, periods)
    choice = choose(series, periods, match=not breaks)
    basis = _basis(series, periods, choice)
    raw = [
        _value(readings, basis, len(months) if basis is Basis.PER_MONTH else days(period))
        for readings, months, period in zip(
            (choice.baseline, choice.current), choice.months, both(periods), strict=True
        )
    ]
    if breaks:
        raw = [_unless_broken(value, period, breaks) for value, period in zip(raw, both(periods), strict=True)]
    decimals = decimals_for(series.definition, raw)
    levels = [_level(series, months) for months in choice.months]
    baseline, current = (
        Side(period, rounded(value, decimals), months, level)
        for period, value, months, level in zip(both(periods), raw, choice.months, levels, strict=True)
    )
    comparison = Comparison(
        series, basis, decimals, baseline, current, _outcome(choice, raw, broken=bool(breaks)),
        caveats=(*choice.caveats, *_absences(series, periods, choice), *_break_caveats(breaks)),
    )  # fmt: skip
    return _with_target(_with_change(comparison, choice), periods)


def rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    """Half up, as a pocket calculator; never −0."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def decimals_for(definition: MetricDefinition, values: Sequence[Decimal | None]) -> int:
    """Decimals that both periods are printed with: the definition's, else by the unit and the larger value."""
    if definition.decimals is not None:
        return definition.decimals
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    if definition.unit is Unit.COUNT:
        whole = all(value == value.to_integral_value() for value in values if value is not None)
        return 0 if whole or largest >= 20 else 1  # below 20 a rounded mean would hide a change
    if definition.unit is Unit.MONEY:
        return 0 if largest >= 1_000 else 2
    if definition.unit is Unit.DURATION:
        return 0 if largest >= 60 else 1
    return 1


def _basis(series: Series, periods: Periods, choice: Choice) -> Basis:
    how = series.definition.combine
    if how is Combine.LAST:
        return Basis.LAST
    if how is Combine.WEIGHTED and all(r.weight is not None for r in (*choice.baseline, *choice.current)):
        return Basis.WEIGHTED
    if how is not Combine.SUM:
        return Basis.MEAN
    if choice.complete and (equal_length(periods) or _months_equal(choice)):
        return Basis.TOTAL
    return Basis.PER_DAY if by_days(series, periods) else Basis.PER_MONTH


def _months_equal(choice: Choice) -> bool:
    return bool(choice.months[0]) and len(choice.months[0]) == len(choice.months[1])


def _value(readings: Sequence[Reading], basis: Basis, units: int) -> Decimal | None:
    """One side's value; `units` is the number of months or days for an average per month or day."""
    if basis in {Basis.PER_MONTH, Basis.PER_DAY}:
        total = combine(readings, Combine.SUM)
        return None if total is None else total / units
    how = {Basis.TOTAL: Combine.SUM, Basis.LAST: Combine.LAST, Basis.WEIGHTED: Combine.WEIGHTED}
    return combine(readings, how.get(basis, Combine.MEAN))


def _level(series: Series, months: tuple[int, ...]) -> Decimal | None:
    monthly = series.monthly()
    values = [monthly[month] for month in months if month in monthly]
    if not values:
        return None
    if series.definition.combine is Combine.LAST:
        return values[-1]
    if series.definition.combine is Combine.WEIGHTED:
        return combine([r for r in series.readings if month_of(r.day) in set(months)], Combine.WEIGHTED)
    return spreads.mean(values)


def _relevant_breaks(series: Series, periods: Periods) -> tuple[Break, ...]:
    """Breaks that come after the first day compared and not after the last."""
    return tuple(b for b in series.breaks if periods.baseline.start < b.day <= periods.current.end)


def _unless_broken(value: Decimal | None, period: Period, breaks: Sequence[Break]) -> Decimal | None:
    return None if any(period.start < b.day <= period.end for b in breaks) else value


def _break_caveats(breaks: Sequence[Break]) -> tuple[Caveat, ...]:
    return tuple(
        Caveat(CaveatKind.SOURCE_CHANGED, day=b.day, texts=b.source)
        if b.source
        else Caveat(CaveatKind.BREAK, day=b.day, texts=(b.text,))
        for b in breaks
    )


def _outcome(choice: Choice, raw: Sequence[Decimal | None], *, broken: bool) -> Outcome:
    if broken and choice.baseline and choice.current:
        return Outcome.BROKEN
    if raw[0] is None and raw[1] is None:
        return Outcome.NO_VALUES
    if raw[0] is None:
        return Outcome.NOT_AT_BASELINE
    return Outcome.NOT_NOW if raw[1] is None else Outcome.COMPARED


def _absences(series: Series, periods: Periods, choice: Choice) -> tuple[Caveat, ...]:
    if not choice.baseline and not choice.current:
        return (Caveat(CaveatKind.NO_VALUES),)
    first, last = series.readings[0].day, series.readings[-1].day
    if not choice.baseline:
        later = first > periods.baseline.end
        return (Caveat(CaveatKind.NOT_BEFORE, day=first) if later else Caveat(CaveatKind.NOT_AT_BASELINE),)
    if not choice.current:
        return (Caveat(CaveatKind.NOT_AFTER, day=last),)
    return ()


def _with_change(comparison: Comparison, choice: Choice) -> Comparison:
    then, now = comparison.baseline.value, comparison.current.value
    caveats = list(comparison.caveats)
    if comparison.definition.combine is Combine.WEIGHTED and comparison.basis is Basis.MEAN:
        caveats.append(Caveat(CaveatKind.UNWEIGHTED))
    if comparison.outcome is not Outcome.COMPARED or then is None or now is None:
        return replace(comparison, caveats=tuple(caveats))
    change = now - then
    percent, obstacle = _percent(comparison, then, now)
    if obstacle:
        caveats.append(Caveat(obstacle, number=then))
    spread = _spread(comparison.series, choice, comparison.basis)
    if spread is None and comparison.basis is not Basis.LAST and change:
        caveats.append(Caveat(CaveatKind.FEW_MONTHS))
    return replace(
        comparison,
        outcome=Outcome.ABSOLUTE_ONLY if obstacle else Outcome.COMPARED,
        change=change,
        percent=percent,
        spread=spread,
        verdict=spread.verdict(change) if spread and change else Verdict.UNKNOWN,
        caveats=tuple(caveats),
    )


def _percent(comparison: Comparison, then: Decimal, now: Decimal) -> tuple[Decimal | None, CaveatKind | None]:
    """The relative change, or why there is none. Rates and scores never have one, which needs no caveat."""
    if comparison.definition.unit not in RELATIVE_UNITS:
        return None, None
    if then == 0:
        return (None, None) if now == 0 else (None, CaveatKind.ZERO_BASELINE)
    if then < 0 or now < 0:
        return None, CaveatKind.SIGN
    counted = then
    if comparison.basis in {Basis.MEAN, Basis.PER_MONTH}:
        counted = then * len(comparison.baseline.months)
    elif comparison.basis is Basis.PER_DAY:
        counted = then * days(comparison.baseline.period)
    few = comparison.definition.unit is Unit.COUNT and comparison.basis is not Basis.WEIGHTED and counted < TINY_COUNT
    if (few and now != then) or now > then * TINY_SHARE:
        return None, CaveatKind.TINY_BASELINE
    return (now - then) / then * 100, None


def _spread(series: Series, choice: Choice, basis: Basis) -> Spread | None:
    if basis is Basis.LAST:
        return None
    if answers := _answers(series, choice):
        return spreads.net_score(*answers)
    monthly = series.monthly()
    months = choice.months
    if any(month not in monthly for side in months for month in side):
        return None
    pairs = paired_months(*months)
    if pairs and len(pairs) == len(months[0]) == len(months[1]):
        return spreads.paired([monthly[m] for m in pairs], [monthly[m] for m in pairs.values()])
    then, now = ([monthly[m] for m in side if m not in series.partial] for side in months)
    return spreads.welch(then, now)


def _answers(series: Series, choice: Choice) -> list[tuple[Decimal, Decimal, Decimal]] | None:
    formula = series.definition.formula
    if not series.derived or formula is None or [sign for sign, _ in formula.numerator] != [1, -1]:
        return None
    sums: list[tuple[Decimal, Decimal, Decimal]] = []
    for readings in (choice.baseline, choice.current):
        tables = [series.parts[part] for part in formula.parts]
        if not all(reading.day in table for reading in readings for table in tables):
            return None
        one, two, three = (sum((table[r.day] for r in readings), Decimal(0)) for table in tables)
        sums.append((one, two, three))
    return sums


def _with_target(comparison: Comparison, periods: Periods) -> Comparison:
    """Whether the current period met its target: only where its printed value covers the whole period."""
    target, now = comparison.definition.target, comparison.current.value
    if target is None or now is None:
        return comparison
    covered = comparison.basis is not Basis.TOTAL or set(comparison.current.months) == set(
        whole_months(periods.current)
    )
    if not covered or comparison.basis in {Basis.PER_MONTH, Basis.PER_DAY}:
        return comparison
    goal = rounded(target, comparison.decimals) or Decimal(0)
    met = {Direction.UP: now >= goal, Direction.DOWN: now <= goal}
    return replace(comparison, target_met=met.get(comparison.definition.good))


def _with_outlier(comparison: Comparison, periods: Periods) -> Comparison:
    """Name the month that stands out most, and the change without it: outliers stay, but nobody is misled by one."""
    series = comparison.series
    if comparison.change is None or comparison.basis in {Basis.LAST, Basis.PER_DAY} or by_days(series, periods):
        return comparison
    monthly: Mapping[int, Decimal] = series.monthly()
    sides = [{m: monthly[m] for m in side.months if m in monthly} for side in (comparison.baseline, comparison.current)]
    caveats: list[Caveat] = []
    for month in (found[0] for found in map(spreads.outliers, sides) if found):
        kept = tuple(reading for reading in series.readings if month_of(reading.day) != month)
        without = _compare(replace(series, readings=kept), periods)
        same = without.basis is comparison.basis and without.decimals == comparison.decimals
        caveats.append(
            Caveat(
                CaveatKind.OUTLIER,
                months=(month,),
                number=rounded(monthly[month], comparison.decimals),
                change=without.change if same else None,
                percent=without.percent if same else None,
            )
        )
    return replace(comparison, caveats=(*comparison.caveats, *caveats))
