"""What one side of a comparison prints: a total, an average or the last value, and with how many decimals.

Role: chooses the basis on which two periods can be set side by side, and works out and rounds each one's value on it.
Which readings count is `choice`'s; what may be said about the difference is `change`'s.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from handover.compare import spread as spreads
from handover.compare.choice import Choice, by_days
from handover.compare.comparison import Basis
from handover.compare.periods import equal_length, month_of
from handover.compare.series import Reading, Series, combine
from handover.metrics import MetricDefinition
from handover.model import Combine, Periods, Unit


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


def basis_of(series: Series, periods: Periods, choice: Choice) -> Basis:
    """Totals only where both sides are whole and equally long; averages wherever one of them isn't."""
    how = series.definition.combine
    if how is Combine.LAST:
        return Basis.LAST
    if how is Combine.WEIGHTED and all(r.weight is not None for r in (*choice.baseline, *choice.current)):
        return Basis.WEIGHTED
    if how is not Combine.SUM:
        by_day = series.daily and any(r.day.day != 1 for r in (*choice.baseline, *choice.current))
        return Basis.MEAN_OF_DAYS if by_day else Basis.MEAN
    if choice.complete and (equal_length(periods) or _months_equal(choice)):
        return Basis.TOTAL
    return Basis.PER_DAY if by_days(series, periods) else Basis.PER_MONTH


def _months_equal(choice: Choice) -> bool:
    return bool(choice.months[0]) and len(choice.months[0]) == len(choice.months[1])


def value_on(readings: Sequence[Reading], basis: Basis, units: int) -> Decimal | None:
    """One side's value; `units` is the number of months or days for an average per month or day."""
    if basis in {Basis.PER_MONTH, Basis.PER_DAY}:
        total = combine(readings, Combine.SUM)
        return None if total is None else total / units
    how = {Basis.TOTAL: Combine.SUM, Basis.LAST: Combine.LAST, Basis.WEIGHTED: Combine.WEIGHTED}
    return combine(readings, how.get(basis, Combine.MEAN))


def level_of(series: Series, months: tuple[int, ...]) -> Decimal | None:
    """The monthly level of a side, for the chart: mean of its months, weighted mean or last value; unrounded."""
    monthly = series.monthly()
    values = [monthly[month] for month in months if month in monthly]
    if not values:
        return None
    if series.definition.combine is Combine.LAST:
        return values[-1]
    if series.definition.combine is Combine.WEIGHTED:
        return combine([r for r in series.readings if month_of(r.day) in set(months)], Combine.WEIGHTED)
    return spreads.mean(values)
