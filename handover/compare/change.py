"""One metric, two periods: what may be said about the change, and what must be said with it.

Role: `compare` decides whether a change and a percentage may be printed at all, and every caveat; which months count is
`choice`'s, on which basis they are set side by side `values`'s. Everything is computed from exact values; with how many
decimals they are printed, so that a reader finds the same change, is `rounding`'s. Wording is `wording`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from handover.compare import spread as spreads
from handover.compare.choice import Choice, both, by_days, choose
from handover.compare.comparison import Basis, Comparison, Outcome, Side
from handover.compare.periods import (
    SEASON_APART,
    Caveat,
    CaveatKind,
    days,
    is_whole_months,
    month_of,
    season_apart,
    whole_months,
)
from handover.compare.rounding import EXACT, RELATIVE_UNITS, decimals_for, kept
from handover.compare.series import Break, Series
from handover.compare.spread import Verdict
from handover.compare.values import basis_of, level_of, value_on
from handover.compare.variation import spread_of
from handover.model.reporting import Combine, Direction, Period, Periods, Unit

TINY_COUNT = Decimal(10)
"""A count below this is too small for a percentage: one more would move it by over 10 %."""

TINY_SHARE = 20
"""A baseline below 1/20 of today's value gives no percentage: "+1,900 %" says nothing that both values don't."""


def compare_all(series: Iterable[Series], periods: Periods) -> tuple[Comparison, ...]:
    """A comparison per series, in their order."""
    return tuple(compare(one, periods) for one in series)


def compare(series: Series, periods: Periods) -> Comparison:
    """Compare one metric's two periods. Total: every input gives a comparison, with the reasons for what it lacks."""
    with localcontext(EXACT):
        return _with_outlier(_compare(series, periods), periods)


def _compare(series: Series, periods: Periods) -> Comparison:
    # Those that come after the first day compared and not after the last.
    breaks = tuple(b for b in series.breaks if periods.baseline.start < b.day <= periods.current.end)
    choice = choose(series, periods, match=not breaks)
    basis = basis_of(series, periods, choice)
    exact = [kept(value_on(series, choice, side, basis, periods)) for side in (0, 1)]
    raw = [
        None if any(period.start < b.day <= period.end for b in breaks) else value
        for value, period in zip(exact, both(periods), strict=True)
    ]
    stepped = any(found.step for found in breaks)
    if stepped:
        raw = [None, None]  # one side's values are means of days, the other's aren't: no word fits both
    baseline, current = (
        Side(period, value, months, _stands_on(series, periods, basis, months, period), level_of(series, months))
        for period, value, months in zip(both(periods), raw, choice.months, strict=True)
    )
    comparison = Comparison(
        series, basis, decimals_for(series.definition, *raw), baseline, current, _outcome(choice, raw, breaks),
        caveats=(
            *choice.caveats,
            *(() if stepped else _absences(series, periods, choice, exact)),
            *(
                Caveat(CaveatKind.SOURCE_CHANGED, day=b.day, texts=b.source)
                if b.source
                else Caveat(CaveatKind.STEP, day=b.day)
                if b.step
                else Caveat(CaveatKind.BREAK, day=b.day, texts=(b.text,))
                for b in breaks
            ),
        ),
    )  # fmt: skip
    return _with_target(_with_change(comparison, choice, periods), periods)


def _stands_on(
    series: Series, periods: Periods, basis: Basis, months: tuple[int, ...], period: Period
) -> tuple[int, ...] | None:
    """The months that a side's value is of, where these aren't its whole period."""
    if by_days(series, periods) or not months:
        return None
    if basis is Basis.LAST:
        return None if months[-1] == month_of(period.end) else months[-1:]
    whole = is_whole_months(period) and months == whole_months(period)
    return None if whole else months


def _outcome(choice: Choice, raw: Sequence[Decimal | None], breaks: Sequence[Break]) -> Outcome:
    if any(found.step for found in breaks) or (breaks and all(choice.sides)):
        return Outcome.BROKEN
    if choice.apart:
        return Outcome.APART
    if raw[0] is None and raw[1] is None:
        return Outcome.NO_VALUES
    if raw[0] is None:
        return Outcome.NOT_AT_BASELINE
    return Outcome.NOT_NOW if raw[1] is None else Outcome.COMPARED


def _absences(series: Series, periods: Periods, choice: Choice, exact: Sequence[Decimal | None]) -> tuple[Caveat, ...]:
    """Why there is no value on a side, or no comparison of two."""
    if choice.apart:
        return (Caveat(CaveatKind.APART),)
    kinds = (CaveatKind.NOTHING_BASELINE, CaveatKind.NOTHING_CURRENT)
    sides = zip(kinds, exact, choice.sides, choice.nothing, strict=True)
    if empty := [Caveat(kind) for kind, value, *measured in sides if value is None and any(measured)]:
        return tuple(empty)
    if not any(choice.sides):
        parts = zip((CaveatKind.NO_WHOLE_BASELINE, CaveatKind.NO_WHOLE_CURRENT), both(periods), strict=True)
        cut = tuple(Caveat(kind) for kind, period in parts if _measured(series, period))
        return cut or (Caveat(CaveatKind.NO_VALUES),)
    first, last = series.readings[0].day, series.readings[-1].day
    if not choice.sides[0] and _measured(series, periods.baseline):
        return (Caveat(CaveatKind.NO_WHOLE_BASELINE),)
    if not choice.sides[0]:
        later = first > periods.baseline.end
        return (Caveat(CaveatKind.NOT_BEFORE, day=first) if later else Caveat(CaveatKind.NOT_AT_BASELINE),)
    if not choice.sides[1] and _measured(series, periods.current):
        return (Caveat(CaveatKind.NO_WHOLE_CURRENT),)
    if not choice.sides[1]:
        earlier = last < periods.current.start
        return (Caveat(CaveatKind.NOT_AFTER, day=last) if earlier else Caveat(CaveatKind.NOT_NOW),)
    return ()


def _measured(series: Series, period: Period) -> bool:
    """Whether there are values in the period, if only for parts of months."""
    return any(period.start <= reading.day <= period.end for reading in series.readings)


def _with_change(comparison: Comparison, choice: Choice, periods: Periods) -> Comparison:
    then, now = comparison.baseline.value, comparison.current.value
    caveats = list(comparison.caveats)
    if comparison.definition.combine is Combine.WEIGHTED and comparison.basis in {Basis.MEAN, Basis.MEAN_OF_DAYS}:
        caveats.append(Caveat(CaveatKind.UNWEIGHTED))
    if comparison.outcome is not Outcome.COMPARED or then is None or now is None:
        return comparison._replace(caveats=tuple(caveats))
    if _other_season(comparison, choice, periods):
        caveats.append(Caveat(CaveatKind.OTHER_SEASON))
    change = now - then
    percent, obstacle = _percent(comparison, choice, then, now)
    if obstacle:
        caveats.append(Caveat(obstacle, number=then))
    spread, why = spread_of(comparison.series, choice, comparison.basis)
    if why and change:
        caveats.append(why)
    return comparison._replace(
        outcome=Outcome.ABSOLUTE_ONLY if obstacle else Outcome.COMPARED,
        change=change,
        percent=percent,
        spread=spread,
        verdict=spread.verdict(change) if spread and change else Verdict.UNKNOWN,
        caveats=tuple(caveats),
    )


def _other_season(comparison: Comparison, choice: Choice, periods: Periods) -> bool:
    """Whether winter stands against summer, in what was measured of the periods."""
    sides = [list(months) for months in choice.months]
    if comparison.basis is Basis.LAST:
        sides = [list(whole_months(period)) for period in both(periods)]
    elif by_days(comparison.series, periods):
        sides = [[month_of(reading.day) for reading in side] for side in choice.sides]
    return season_apart(*sides) > SEASON_APART


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
        counted = then * len(choice.sides[0])
    elif comparison.basis is Basis.PER_DAY:
        counted = then * days(comparison.baseline.period)
    few = comparison.definition.unit is Unit.COUNT and comparison.basis is not Basis.WEIGHTED and counted < TINY_COUNT
    if (few and now != then) or now > then * TINY_SHARE:
        return None, CaveatKind.TINY_BASELINE
    return (now - then) / then * 100, None


def _with_target(comparison: Comparison, periods: Periods) -> Comparison:
    """Whether the current period met its target: only where its value covers the whole period."""
    target, now = comparison.definition.target, comparison.current.value
    if target is None or now is None:
        return comparison
    covered = comparison.basis is not Basis.TOTAL or set(comparison.current.months) == set(
        whole_months(periods.current)
    )
    if not covered or comparison.basis in {Basis.PER_MONTH, Basis.PER_DAY}:
        return comparison
    met = {Direction.UP: now >= target, Direction.DOWN: now <= target}
    return comparison._replace(target_met=met.get(comparison.definition.good))


def _much_the_same(one: Comparison, other: Comparison) -> bool:
    """Whether two changes go the same way and are less than a point apart, so that nobody judges them differently."""
    if one.percent is None or other.percent is None:
        return False
    return (one.percent > 0) is (other.percent > 0) and abs(one.percent - other.percent) < 1


def _with_outlier(comparison: Comparison, periods: Periods) -> Comparison:
    """Name the month that stands out most, and the change without it: outliers stay, but nobody is misled by one."""
    series = comparison.series
    if comparison.change is None or comparison.basis in {Basis.LAST, Basis.PER_DAY} or by_days(series, periods):
        return comparison
    monthly: Mapping[int, Decimal] = series.monthly
    sides = [{m: monthly[m] for m in side.months if m in monthly} for side in (comparison.baseline, comparison.current)]
    caveats: list[Caveat] = []
    unusual = ([m for m in spreads.outliers(side) if not spreads.is_season(monthly, m)] for side in sides)
    for month in (found[0] for found in unusual if found):
        others = tuple(reading for reading in series.readings if month_of(reading.day) != month)
        without = _compare(replace(series, readings=others), periods)
        same = without.basis is comparison.basis
        if same and _much_the_same(comparison, without):
            continue
        caveats.append(
            Caveat(
                CaveatKind.OUTLIER,
                months=(month,),
                number=monthly[month],
                change=without.change if same else None,
                percent=without.percent if same else None,
            )
        )
    return comparison._replace(caveats=(*comparison.caveats, *caveats))
