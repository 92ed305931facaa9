"""What one side of a comparison is: a total, an average or the last value.

Role: chooses the basis on which two periods can be set side by side, and works out each one's value on it, exactly.
Which readings count is `choice`'s; what may be said about the difference is `change`'s, how it is printed `rounding`'s.
"""

from decimal import Decimal

from handover.compare import spread as spreads
from handover.compare.choice import Choice, by_days, days_counted
from handover.compare.comparison import Basis
from handover.compare.periods import equal_length, month_of
from handover.compare.series import Series, combine
from handover.model.reporting import Combine, Periods


def basis_of(series: Series, periods: Periods, choice: Choice) -> Basis:
    """Totals only where both sides are whole and equally long; averages wherever one of them isn't."""
    how, every = series.definition.combine, [reading for side in choice.sides for reading in side]
    if how is Combine.LAST:
        return Basis.LAST
    if how is Combine.WEIGHTED and series.weighs(every):
        return Basis.WEIGHTED
    if how is not Combine.SUM:
        by_day = series.daily and any(reading.day.day != 1 for reading in every)
        return Basis.MEAN_OF_DAYS if by_day else Basis.MEAN
    if choice.complete and (equal_length(periods) or 0 < len(choice.months[0]) == len(choice.months[1])):
        return Basis.TOTAL
    return Basis.PER_DAY if by_days(series, periods) else Basis.PER_MONTH


def value_on(series: Series, choice: Choice, side: int, basis: Basis, periods: Periods) -> Decimal | None:
    """One side's value: 0 is the baseline, 1 the current period."""
    readings = choice.sides[side]
    if basis in {Basis.PER_MONTH, Basis.PER_DAY}:
        total = combine(readings, Combine.SUM)
        units = len(choice.months[side]) if basis is Basis.PER_MONTH else days_counted(choice, side, periods)
        return None if total is None else total / units
    how = {Basis.TOTAL: Combine.SUM, Basis.LAST: Combine.LAST, Basis.WEIGHTED: Combine.WEIGHTED}
    if basis is Basis.WEIGHTED:
        return series.together(readings, Combine.WEIGHTED, choice.nothing[side])
    return combine(readings, how.get(basis, Combine.MEAN))


def level_of(series: Series, months: tuple[int, ...]) -> Decimal | None:
    """The monthly level of a side, for the chart: mean of its months, weighted mean or last value; unrounded."""
    monthly = series.monthly
    values = [monthly[month] for month in months if month in monthly]
    if not values:
        return None
    if series.definition.combine is Combine.LAST:
        return values[-1]
    if series.definition.combine is Combine.WEIGHTED:
        chosen = [reading for reading in series.readings if month_of(reading.day) in set(months)]
        nothing = [day for day in series.nothing if month_of(day) in set(months)]
        return series.together(chosen, Combine.WEIGHTED, nothing)
    return spreads.mean(values)
