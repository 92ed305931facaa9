"""One metric, two periods: what may be said about the change, and what must be said with it.

Role: `compare` decides whether a change and a percentage may be printed at all, and every caveat; which months count is
`choice`'s, on which basis they are set side by side `values`'s. All printed figures are rounded first and compared
after, so that a reader with a pocket calculator finds the same change. Wording is `handover.compare.wording`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from handover.compare import spread as spreads
from handover.compare.choice import Choice, both, by_days, choose
from handover.compare.comparison import Basis, Comparison, Outcome, Side
from handover.compare.periods import Caveat, CaveatKind, days, month_of, whole_months
from handover.compare.series import Break, Series
from handover.compare.spread import Verdict
from handover.compare.values import basis_of, decimals_for, level_of, rounded, value_on
from handover.compare.variation import spread_of
from handover.model import Combine, Direction, Period, Periods, Unit

TINY_COUNT = Decimal(10)
"""A count below this is too small for a percentage: one more would move it by over 10 %."""

TINY_SHARE = 20
"""A baseline below 1/20 of today's value gives no percentage: "+1,900 %" says nothing that both values don't."""

RELATIVE_UNITS = frozenset([Unit.COUNT, Unit.MONEY, Unit.RATIO, Unit.DURATION])
"""Units with a true zero, whose change may be given in percent; percentages and scores change by points."""


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
    basis = basis_of(series, periods, choice)
    raw = [
        value_on(readings, basis, len(months) if basis is Basis.PER_MONTH else days(period))
        for readings, months, period in zip(
            (choice.baseline, choice.current), choice.months, both(periods), strict=True
        )
    ]
    if breaks:
        raw = [_unless_broken(value, period, breaks) for value, period in zip(raw, both(periods), strict=True)]
    stepped = any(found.step for found in breaks)
    if stepped:
        raw = [None, None]  # one side's values are means of days, the other's aren't: no word fits both
    decimals = decimals_for(series.definition, raw)
    levels = [level_of(series, months) for months in choice.months]
    baseline, current = (
        Side(period, rounded(value, decimals), months, level)
        for period, value, months, level in zip(both(periods), raw, choice.months, levels, strict=True)
    )
    comparison = Comparison(
        series, basis, decimals, baseline, current, _outcome(choice, raw, breaks),
        caveats=(*choice.caveats, *(() if stepped else _absences(series, periods, choice)), *_break_caveats(breaks)),
    )  # fmt: skip
    return _with_target(_with_change(comparison, choice), periods)


def _relevant_breaks(series: Series, periods: Periods) -> tuple[Break, ...]:
    """Breaks that come after the first day compared and not after the last."""
    return tuple(b for b in series.breaks if periods.baseline.start < b.day <= periods.current.end)


def _unless_broken(value: Decimal | None, period: Period, breaks: Sequence[Break]) -> Decimal | None:
    return None if any(period.start < b.day <= period.end for b in breaks) else value


def _break_caveats(breaks: Sequence[Break]) -> tuple[Caveat, ...]:
    return tuple(
        Caveat(CaveatKind.SOURCE_CHANGED, day=b.day, texts=b.source)
        if b.source
        else Caveat(CaveatKind.STEP, day=b.day)
        if b.step
        else Caveat(CaveatKind.BREAK, day=b.day, texts=(b.text,))
        for b in breaks
    )


def _outcome(choice: Choice, raw: Sequence[Decimal | None], breaks: Sequence[Break]) -> Outcome:
    if any(found.step for found in breaks) or (breaks and choice.baseline and choice.current):
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
    if not choice.baseline and _measured(series, periods.baseline):
        return (Caveat(CaveatKind.NO_WHOLE_BASELINE),)
    if not choice.baseline:
        later = first > periods.baseline.end
        return (Caveat(CaveatKind.NOT_BEFORE, day=first) if later else Caveat(CaveatKind.NOT_AT_BASELINE),)
    if not choice.current and _measured(series, periods.current):
        return (Caveat(CaveatKind.NO_WHOLE_CURRENT),)
    if not choice.current:
        return (Caveat(CaveatKind.NOT_AFTER, day=last),)
    return ()


def _measured(series: Series, period: Period) -> bool:
    """Whether there are values in the period, if only for parts of months."""
    return any(period.start <= reading.day <= period.end for reading in series.readings)


def _with_change(comparison: Comparison, choice: Choice) -> Comparison:
    then, now = comparison.baseline.value, comparison.current.value
    caveats = list(comparison.caveats)
    if comparison.definition.combine is Combine.WEIGHTED and comparison.basis in {Basis.MEAN, Basis.MEAN_OF_DAYS}:
        caveats.append(Caveat(CaveatKind.UNWEIGHTED))
    if comparison.outcome is not Outcome.COMPARED or then is None or now is None:
        return replace(comparison, caveats=tuple(caveats))
    change = now - then
    percent, obstacle = _percent(comparison, choice, then, now)
    if obstacle:
        caveats.append(Caveat(obstacle, number=then))
    spread, why = spread_of(comparison.series, choice, comparison.basis)
    if why and change:
        caveats.append(why)
    return replace(
        comparison,
        outcome=Outcome.ABSOLUTE_ONLY if obstacle else Outcome.COMPARED,
        change=change,
        percent=percent,
        spread=spread,
        verdict=spread.verdict(change) if spread and change else Verdict.UNKNOWN,
        caveats=tuple(caveats),
    )


def _percent(
    comparison: Comparison, choice: Choice, then: Decimal, now: Decimal
) -> tuple[Decimal | None, CaveatKind | None]:
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
    elif comparison.basis is Basis.MEAN_OF_DAYS:
        counted = then * len(choice.baseline)
    elif comparison.basis is Basis.PER_DAY:
        counted = then * days(comparison.baseline.period)
    few = comparison.definition.unit is Unit.COUNT and comparison.basis is not Basis.WEIGHTED and counted < TINY_COUNT
    if (few and now != then) or now > then * TINY_SHARE:
        return None, CaveatKind.TINY_BASELINE
    return (now - then) / then * 100, None


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
