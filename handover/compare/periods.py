"""Months, the two periods, and whether they may be compared at all.

Role: calendar arithmetic on whole months, the rules of equal length and same season, and the caveats that a
comparison can carry. It knows no metric.
"""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from handover.model.message import msg
from handover.model.reporting import Period, Periods

MONTHS_A_YEAR = 12

SEASON_APART = Fraction(1, 5)
"""How far the seasons of what is compared may differ before it's said: two months of a year may lack."""


class CaveatKind(StrEnum):
    """Why a figure must be read with care; each has its sentence in `report.toml` under `caveat`."""

    UNEQUAL_LENGTH = "unequal-length"
    OTHER_SEASON = "other-season"
    CUT_MONTHS = "cut-months"
    GAPS_BASELINE = "gaps-baseline"
    GAPS_CURRENT = "gaps-current"
    SPARSE = "sparse"
    MATCHED = "matched"
    RUNNING = "running"
    PARTIAL_MONTHS = "partial-months"
    HOLES = "holes"
    MATCHED_DAYS = "matched-days"
    STEP = "step"
    NO_SPREAD = "no-spread"
    FEW_ANSWERS = "few-answers"
    NOT_BEFORE = "not-before"
    NOT_AT_BASELINE = "not-at-baseline"
    NOT_AFTER = "not-after"
    NOT_NOW = "not-now"
    NO_WHOLE_BASELINE = "no-whole-baseline"
    NO_WHOLE_CURRENT = "no-whole-current"
    NO_VALUES = "no-values"
    APART = "apart"
    NOTHING_BASELINE = "nothing-baseline"
    NOTHING_CURRENT = "nothing-current"
    ZERO_BASELINE = "zero-baseline"
    TINY_BASELINE = "tiny-baseline"
    SIGN = "sign"
    BREAK = "break"
    SOURCE_CHANGED = "source-changed"
    OUTLIER = "outlier"
    UNWEIGHTED = "unweighted"
    LAST_BASELINE = "last-baseline"
    LAST_CURRENT = "last-current"
    FEW_MONTHS = "few-months"


class Caveat(NamedTuple):
    """One caveat and the facts that its sentence names; which facts are set depends on the kind."""

    kind: CaveatKind
    months: tuple[int, ...] = ()
    """Months as `month_of` numbers them, ascending."""
    day: dt.date | None = None
    counts: tuple[int, ...] = ()
    number: Decimal | None = None
    change: Decimal | None = None
    """For an outlier: the change without that month, and the same in percent."""
    percent: Decimal | None = None
    texts: tuple[str, ...] = ()


def month_of(day: dt.date) -> int:
    """The month of `day` as one number that counts up by 1 a month."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def first_day(month: int) -> dt.date:
    """The first day of a month."""
    return dt.date(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1)


def last_day(month: int) -> dt.date:
    """The last day of a month."""
    year, number = month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1
    return dt.date(year, number, calendar.monthrange(year, number)[1])


def is_whole_months(period: Period) -> bool:
    """Whether the period begins on a first and ends on a last day of a month."""
    return period.start.day == 1 and period.end == last_day(month_of(period.end))


def whole_months(period: Period) -> tuple[int, ...]:
    """The months that lie wholly inside the period."""
    first, last = month_of(period.start), month_of(period.end)
    return tuple(range(first + (period.start.day > 1), last + (period.end == last_day(last))))


def cut_months(period: Period) -> tuple[int, ...]:
    """The months that the period holds only a part of."""
    whole = set(whole_months(period))
    return tuple(m for m in _touched(period) if m not in whole)


def days(period: Period) -> int:
    """Number of days, both ends included."""
    return (period.end - period.start).days + 1


def equal_length(periods: Periods) -> bool:
    """Whole months are counted as months (a February is as long as a July), anything else as days.

    Two spans of the same dates in different years are equal even if one holds a 29 February.
    """
    one, other = periods.baseline, periods.current
    if is_whole_months(one) and is_whole_months(other):
        return len(whole_months(one)) == len(whole_months(other))
    return days(one) == days(other) or _same_dates(one, other)


def same_season(periods: Periods) -> bool:
    """Whether both periods hold the same calendar months (or dates) equally often: year on year, or whole years.

    A year is as long as two in this: what counts is the share that each month has.
    """
    one, other = periods.baseline, periods.current
    if is_whole_months(one) and is_whole_months(other):
        return season_apart(whole_months(one), whole_months(other)) == 0
    return _same_dates(one, other)


def season_apart(one: Iterable[int], other: Iterable[int]) -> Fraction:
    """How far the shares of calendar months differ: 0 for the same seasons, 1 for months that have none in common.

    Half the sum of the differences, known as total variation distance.
    """
    shares = [Counter(month % MONTHS_A_YEAR for month in months) for months in (one, other)]
    sums = [max(share.total(), 1) for share in shares]
    apart = (abs(Fraction(shares[0][m], sums[0]) - Fraction(shares[1][m], sums[1])) for m in range(MONTHS_A_YEAR))
    return sum(apart, Fraction(0)) / 2


def paired_months(baseline: Iterable[int], current: Iterable[int]) -> dict[int, int]:
    """Baseline month → the same calendar month of the current period; the k-th January with the k-th January."""
    waiting: dict[int, list[int]] = {}
    for month in sorted(current):
        waiting.setdefault(month % MONTHS_A_YEAR, []).append(month)
    pairs: dict[int, int] = {}
    for month in sorted(baseline):
        if queue := waiting.get(month % MONTHS_A_YEAR):
            pairs[month] = queue.pop(0)
    return pairs


def runs(months: Iterable[int]) -> list[tuple[int, int]]:
    """Consecutive months as pairs of first and last."""
    found: list[tuple[int, int]] = []
    for month in sorted(set(months)):
        if found and found[-1][1] == month - 1:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found


def period_caveats(periods: Periods) -> tuple[Caveat, ...]:
    """Caveats that hold for every metric: periods of unequal length. Of which season its months are, a figure says."""
    if equal_length(periods):
        return ()
    return (Caveat(CaveatKind.UNEQUAL_LENGTH, counts=(days(periods.baseline), days(periods.current))),)


def period_problems(periods: Periods) -> Iterator[tuple[str, str, str, str]]:
    """The same for whoever fills in the project: a rule, what is wrong, what to write, and in which period."""
    if not equal_length(periods):
        one, other = days(periods.baseline), days(periods.current)
        message = msg(
            "the periods differ in length: {one} and {other} days; totals can't be compared, averages will be",
            one=one,
            other=other,
        )
        yield "periods.unequal-length", message, msg("choose periods of equal length, in whole months"), "current"
    if season_apart(_touched(periods.baseline), _touched(periods.current)) > SEASON_APART:
        message = msg("the periods fall in different seasons; the report will say so")
        yield "periods.season", message, msg("compare the same months of two years"), "baseline"


def _touched(period: Period) -> range:
    """The months that the period holds all or a part of."""
    return range(month_of(period.start), month_of(period.end) + 1)


def _same_dates(one: Period, other: Period) -> bool:
    years = other.start.year - one.start.year
    return _shifted(one.start, years) == _february(other.start) and _shifted(one.end, years) == _february(other.end)


def _shifted(day: dt.date, years: int) -> tuple[int, int, int]:
    year, month, number = _february(day)
    return year + years, month, number


def _february(day: dt.date) -> tuple[int, int, int]:
    # The last of February is the same date in every year.
    number = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.year, day.month, number
