"""How far a change stands out from ordinary month-to-month variation.

Role: the spread of monthly values, a 95 % interval for the change where the data allow one, and outlying months.
Methods, named in the report's method section:
- same months of two years: Student's t interval of the paired monthly differences (Student, "The probable error
  of a mean", Biometrika 6, 1908);
- other periods: Welch's t interval of two means with unequal variances (B. L. Welch, Biometrika 34, 1947);
- net scores with their counts: the sampling error of a difference of two proportions of one multinomial sample;
- outlying months, a season's aside: modified z-score above 3.5 (B. Iglewicz and D. C. Hoaglin, "How to detect and
  handle outliers", ASQC 1993, as in the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17).
All of them treat months as independent, which the report says.
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from handover.compare.periods import MONTHS_A_YEAR

MIN_MONTHS = 3
"""Fewest months on each side (or pairs of months) for an interval; below, the spread isn't known."""

MIN_ANSWERS = 30
"""Fewest answers on each side for an interval of a net score: the normal approximation needs that many."""

MIN_MONTHS_OUTLIER = 6
OUTLIER_SCORE = Decimal("3.5")
_NORMAL_MAD = Decimal("0.6745")
_NORMAL_95 = Decimal("1.960")

T_95: Mapping[int, Decimal] = {
    degrees: Decimal(thousandths).scaleb(-3)
    for degrees, thousandths in zip(
        (*range(1, 31), 40, 60, 120),
        (
            12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228, 2201, 2179, 2160, 2145, 2131, 2120, 2110,
            2101, 2093, 2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2048, 2045, 2042, 2021, 2000, 1980,
        ),
        strict=True,
    )
}  # fmt: skip
"""Two-sided 95 % points of Student's t by degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2)."""


_SETTLED: Final = Context(prec=20)
"""Eight digits fewer than decimals are computed with, so that sums and differences of such values are exact."""


class SpreadMethod(StrEnum):
    """How the interval was found."""

    PAIRED = "paired"
    WELCH = "welch"
    NET_SCORE = "net-score"


class Verdict(StrEnum):
    """Whether the change is more than month-to-month variation explains."""

    BEYOND = "beyond"
    WITHIN = "within"
    UNKNOWN = "unknown"


class Spread(NamedTuple):
    """The 95 % interval of the change: of the monthly mean, or of the score itself for a net score."""

    method: SpreadMethod
    low: Decimal
    high: Decimal
    baseline: Decimal
    """Standard deviation of the monthly values; the standard error of the score for a net score."""
    current: Decimal
    counts: tuple[int, int]
    """Months on each side; answers on each side for a net score."""

    def verdict(self, change: Decimal) -> Verdict:
        """BEYOND when the interval excludes 0 on the side of the printed change, else WITHIN."""
        beyond = self.low > 0 if change > 0 else self.high < 0 if change < 0 else False
        return Verdict.BEYOND if beyond else Verdict.WITHIN


def t_95(degrees: int) -> Decimal:
    """The two-sided 95 % point of Student's t; between tabulated degrees, that of the fewer: never too narrow."""
    return T_95[max(known for known in T_95 if known <= degrees)]


def mean(values: Sequence[Decimal]) -> Decimal:
    """Arithmetic mean of at least one value."""
    return sum(values, Decimal(0)) / len(values)


def deviation(values: Sequence[Decimal]) -> Decimal:
    """Sample standard deviation (n − 1) of at least two values."""
    return _variance(values).sqrt()


def paired(baseline: Sequence[Decimal], current: Sequence[Decimal]) -> Spread | None:
    """Interval of the mean of current − baseline, month by month; None below `MIN_MONTHS` pairs."""
    if len(baseline) < MIN_MONTHS:
        return None
    baseline, current = _settled(baseline), _settled(current)
    differences = [now - then for then, now in zip(baseline, current, strict=True)]
    count = len(differences)
    half = t_95(count - 1) * (_variance(differences) / count).sqrt()
    centre = mean(differences)
    spreads = deviation(baseline), deviation(current)
    return Spread(SpreadMethod.PAIRED, centre - half, centre + half, *spreads, (count, count))


def welch(baseline: Sequence[Decimal], current: Sequence[Decimal]) -> Spread | None:
    """Interval of mean(current) − mean(baseline); None with fewer than `MIN_MONTHS` months on a side."""
    if min(len(baseline), len(current)) < MIN_MONTHS:
        return None
    baseline, current = _settled(baseline), _settled(current)
    one, other = _variance(baseline) / len(baseline), _variance(current) / len(current)
    error = one + other
    half = Decimal(0)
    if error > 0:
        # The Welch–Satterthwaite equation; rounded down, which widens the interval.
        below = one * one / (len(baseline) - 1) + other * other / (len(current) - 1)
        half = t_95(max(1, int(error * error / below))) * error.sqrt() if below > 0 else Decimal(0)
    centre = mean(current) - mean(baseline)
    spreads = deviation(baseline), deviation(current)
    return Spread(SpreadMethod.WELCH, centre - half, centre + half, *spreads, (len(baseline), len(current)))


def net_score(baseline: tuple[Decimal, Decimal, Decimal], current: tuple[Decimal, Decimal, Decimal]) -> Spread | None:
    """Interval of a net score's change, each side given as (promoters, detractors, answers), scores as −100…100.

    The variance of a net share is (p + d − (p − d)²) ÷ n for shares p and d of n answers. None without answers
    or with more promoters and detractors than answers.
    """
    sides: list[tuple[Decimal, Decimal]] = []
    for promoters, detractors, answers in (baseline, current):
        if answers <= 0 or promoters < 0 or detractors < 0 or promoters + detractors > answers:
            return None
        p, d = promoters / answers, detractors / answers
        sides.append(((p - d) * 100, (p + d - (p - d) ** 2) / answers * 10_000))
    centre = sides[1][0] - sides[0][0]
    half = _NORMAL_95 * (sides[0][1] + sides[1][1]).sqrt()
    errors = sides[0][1].sqrt(), sides[1][1].sqrt()
    counts = int(baseline[2]), int(current[2])
    return Spread(SpreadMethod.NET_SCORE, centre - half, centre + half, *errors, counts)


def outliers(values: Mapping[int, Decimal]) -> tuple[int, ...]:
    """The months whose value stands far out from the others of its period, most extreme first."""
    scores = _scores(values)
    far = [month for month, score in scores.items() if abs(score) > OUTLIER_SCORE]
    return tuple(sorted(far, key=lambda month: (-abs(scores[month]), month)))


def is_season(values: Mapping[int, Decimal], month: int) -> bool:
    """Whether the same month of the other years known is as unlike the months around it, or half as unlike at least.

    `values` are those of every month; how far one lies from the median of the twelve around it is a share of that.
    """
    apart: dict[int, Decimal] = {}
    for at in (at for at in values if (at - month) % MONTHS_A_YEAR == 0):
        around = {m: value for m, value in values.items() if -6 < m - at <= 6}
        middle = _median(list(around.values()))
        # The first month of a rise is unlike those after it: without all twelve, another year's must stand out as well.
        counts = at == month or len(around) == MONTHS_A_YEAR or at in outliers(around)
        if len(around) >= MIN_MONTHS_OUTLIER and middle and counts:
            apart[at] = (values[at] - middle) / abs(middle)
    own = apart.pop(month, Decimal(0))
    usual = _median(list(apart.values())) if apart else Decimal(0)
    return own * usual > 0 and abs(own) <= 2 * abs(usual)


def _scores(values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """The modified z-score of each month, below zero for one that lies low; none of few months or without spread."""
    values = dict(zip(values, _settled(list(values.values())), strict=True))
    if len(values) < MIN_MONTHS_OUTLIER:
        return {}
    middle = _median(list(values.values()))
    distance = _median([abs(value - middle) for value in values.values()])
    return {m: _NORMAL_MAD * (value - middle) / distance for m, value in values.items()} if distance else {}


def _settled(values: Sequence[Decimal]) -> list[Decimal]:
    """The values without the last digits of what was divided: a computed rate that stays the same doesn't vary."""
    return [_SETTLED.plus(value) for value in values]


def _variance(values: Sequence[Decimal]) -> Decimal:
    centre = mean(values)
    return sum(((value - centre) ** 2 for value in values), Decimal(0)) / (len(values) - 1)


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
