"""Which readings of a metric count on each side of a comparison.

Role: `choose` takes whole months only, leaves out months that are partial, and keeps the same months on both sides
where the seasons agree, so that a gap is never growth. It says every month that it leaves out, and compares nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handover.compare.coverage import DENSE, PARTIAL_DAYS
from handover.compare.periods import (
    Caveat,
    CaveatKind,
    cut_months,
    days,
    equal_length,
    is_whole_months,
    month_of,
    paired_months,
    same_season,
    whole_months,
)
from handover.compare.series import Reading, Series
from handover.model.reporting import Combine, Period, Periods


class Choice(NamedTuple):
    """The readings and months that count on each side, baseline first, and the caveats met on the way."""

    sides: Sequence[tuple[Reading, ...]]
    months: Sequence[tuple[int, ...]]
    nothing: Sequence[tuple[dt.date, ...]]
    """Dates counted on which a computed rate had nothing to divide by."""
    complete: bool
    """False when a month lacks that the other side has, so that totals can't be compared."""
    caveats: tuple[Caveat, ...]
    apart: bool = False
    """True when no calendar month was measured in both of two periods that should be compared month by month."""


def choose(series: Series, periods: Periods, *, match: bool) -> Choice:
    """Which readings count: whole months only, and the same months on both sides where the seasons agree."""
    if by_days(series, periods):
        return _of_days(series, periods, match=match)
    last = series.definition.combine is Combine.LAST
    partial = series.running if last else series.partial | series.holes | series.running
    expected = [whole_months(period) for period in both(periods)]
    present = series.measured
    found = [tuple(m for m in months if m in present and m not in partial) for months in expected]
    caveats = [] if series.daily else _cut(periods)
    caveats += _dropped(series, {m for months in expected for m in months} & partial)
    if last:
        kinds = (CaveatKind.LAST_BASELINE, CaveatKind.LAST_CURRENT)
        caveats += [
            Caveat(kind, months=(have[-1],))
            for kind, want, have in zip(kinds, expected, found, strict=True)
            if have and have[-1] != want[-1]
        ]
    complete, apart = True, False
    if not last and all(found):
        gaps = _gaps(expected, found, partial)
        complete = len(found[0]) == len(found[1])
        if match and same_season(periods) and equal_length(periods):
            found, more = _matched(found)
            gaps += more
            complete, apart = True, not set(_calendar(found[0])) & set(_calendar(found[1]))
        caveats += gaps
    sides = [tuple(r for r in series.readings if month_of(r.day) in set(months)) for months in found]
    nothing = [tuple(day for day in series.nothing if month_of(day) in set(months)) for months in found]
    return Choice(sides, found, nothing, complete, tuple(caveats), apart)


def _dropped(series: Series, partial: Iterable[int]) -> list[Caveat]:
    """The months that have values and don't count, each group with its reason."""
    months = set(partial) & series.measured
    groups = (
        (CaveatKind.RUNNING, series.running),
        (CaveatKind.PARTIAL_MONTHS, series.partial),
        (CaveatKind.HOLES, series.holes),
    )
    return [
        Caveat(kind, months=tuple(sorted(months & which)), day=series.today if kind is CaveatKind.RUNNING else None)
        for kind, which in groups
        if months & which
    ]


def _of_days(series: Series, periods: Periods, *, match: bool) -> Choice:
    """Days against days; where many lack on one side of a daily series, the same days of the other are left out."""
    sides = [_within(series, period) for period in both(periods)]
    equal, caveats = equal_length(periods), list[Caveat]()
    uneven = abs(len(sides[0]) - len(sides[1])) > PARTIAL_DAYS
    if match and equal and uneven and _is_daily(sides, periods):
        starts = [period.start for period in both(periods)]
        places = [{(r.day - start).days for r in side} for side, start in zip(sides, starts, strict=True)]
        if shared := places[0] & places[1]:
            sides = [
                tuple(r for r in side if (r.day - start).days in shared)
                for side, start in zip(sides, starts, strict=True)
            ]
            caveats.append(Caveat(CaveatKind.MATCHED_DAYS, counts=(len(shared), days(periods.current))))
    months = [_months(side, period) for side, period in zip(sides, both(periods), strict=True)]
    nothing = [tuple(day for day in series.nothing if period.start <= day <= period.end) for period in both(periods)]
    if caveats:
        nothing = [(), ()]
    return Choice(sides, months, nothing, complete=equal, caveats=tuple(caveats))


def days_counted(choice: Choice, side: int, periods: Periods) -> int:
    """The days that an average per day is of: those of the period, or those measured where every day should have been.

    Where most days have no value, days without one are days on which nothing happened.
    """
    period, readings = both(periods)[side], choice.sides[side]
    lack = days(period) - len(readings) > PARTIAL_DAYS
    return len(readings) if lack and _is_daily(choice.sides, periods) else days(period)


def _is_daily(sides: Sequence[Sequence[Reading]], periods: Periods) -> bool:
    """Whether at least one side has a value for most of its days."""
    return any(len(side) >= DENSE * days(period) for side, period in zip(sides, both(periods), strict=True))


def _within(series: Series, period: Period) -> tuple[Reading, ...]:
    """The readings of a period's days; a day that isn't over on the day of the report doesn't count."""
    end = period.end if series.today is None else min(period.end, series.today - dt.timedelta(days=1))
    return tuple(reading for reading in series.readings if period.start <= reading.day <= end)


def _months(readings: Iterable[Reading], period: Period) -> tuple[int, ...]:
    touched = {month_of(reading.day) for reading in readings}
    return tuple(month for month in whole_months(period) if month in touched)


def _cut(periods: Periods) -> list[Caveat]:
    months = sorted({month for period in both(periods) for month in cut_months(period)})
    return [Caveat(CaveatKind.CUT_MONTHS, months=tuple(months))] if months else []


def _gaps(
    expected: Sequence[tuple[int, ...]], found: Sequence[tuple[int, ...]], partial: frozenset[int]
) -> list[Caveat]:
    caveats: list[Caveat] = []
    lacking = [
        tuple(m for m in want if m not in have and m not in partial) for want, have in zip(expected, found, strict=True)
    ]
    if _calendar(lacking[0]) == _calendar(lacking[1]) and lacking[0] and len(expected[0]) == len(expected[1]):
        # Measured in the same months of both periods, such as once a quarter: nothing was dropped.
        return [Caveat(CaveatKind.SPARSE, counts=(len(found[0]), len(expected[0])))]
    for kind, months in zip((CaveatKind.GAPS_BASELINE, CaveatKind.GAPS_CURRENT), lacking, strict=True):
        if months:
            caveats.append(Caveat(kind, months=months))
    return caveats


def _calendar(months: Iterable[int]) -> list[int]:
    return sorted(month % 12 for month in months)


def _matched(found: Sequence[tuple[int, ...]]) -> tuple[list[tuple[int, ...]], list[Caveat]]:
    """The months measured on both sides; the months dropped for that are named."""
    pairs = paired_months(*found)
    kept = [tuple(pairs), tuple(sorted(pairs.values()))]
    dropped = sorted({month for have, keep in zip(found, kept, strict=True) for month in have if month not in keep})
    if not pairs:
        return list(found), []
    return kept, [Caveat(CaveatKind.MATCHED, months=tuple(dropped))] if dropped else []


def by_days(series: Series, periods: Periods) -> bool:
    """Whether days are compared with days: daily readings in periods that aren't whole months."""
    return series.daily and not all(is_whole_months(period) for period in both(periods))


def both(periods: Periods) -> tuple[Period, Period]:
    """The baseline and the current period, in this order."""
    return periods.baseline, periods.current
