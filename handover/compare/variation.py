"""Whether a change is more than ordinary variation: the method that a metric's data allow.

Role: picks the values and the method (`handover.compare.spread`) for a comparison: answers of a survey, the same months
of two years, or two groups of months. Where the data allow no interval, it says why.
"""

from decimal import Decimal

from handover.compare import spread as spreads
from handover.compare.choice import Choice
from handover.compare.comparison import Basis
from handover.compare.periods import Caveat, CaveatKind, paired_months
from handover.compare.series import Series
from handover.compare.spread import Spread


def spread_of(series: Series, choice: Choice, basis: Basis) -> tuple[Spread | None, Caveat | None]:
    """The interval of the change and the spread of each side; else the reason why there is none to give.

    Last values have neither. An interval of no width is none: values that never vary, or answers that all say the same,
    tell nothing of how far chance could have carried them.
    """
    if basis is Basis.LAST:
        return None, None
    if answers := _answers(series, choice):
        score = spreads.net_score(*answers)
        counts = int(answers[0][2]), int(answers[1][2])
        if score is None or (min(counts) < spreads.MIN_ANSWERS and not score.low < 0 < score.high):
            # With few answers the interval is too narrow: it may still say "chance", but not the contrary.
            return None, Caveat(CaveatKind.FEW_ANSWERS, counts=counts)
        return score, None
    found = _monthly(series, choice)
    if found is None:
        return None, Caveat(CaveatKind.FEW_MONTHS)
    return (found, None) if found.low < found.high else (None, Caveat(CaveatKind.NO_SPREAD))


def _monthly(series: Series, choice: Choice) -> Spread | None:
    monthly = series.monthly
    # A month with nothing to take a share of was measured, and has no share.
    months = [[month for month in side if month in monthly] for side in choice.months]
    pairs = paired_months(*months)
    if pairs and len(pairs) == len(months[0]) == len(months[1]):
        return spreads.paired([monthly[m] for m in pairs], [monthly[m] for m in pairs.values()])
    then, now = (
        [monthly[m] for m in side if m not in series.partial | series.holes | series.running] for side in months
    )
    return spreads.welch(then, now)


def _answers(series: Series, choice: Choice) -> list[tuple[Decimal, Decimal, Decimal]] | None:
    formula = series.definition.formula
    if not series.derived or formula is None or [sign for sign, _ in formula.numerator] != [1, -1]:
        return None
    sums: list[tuple[Decimal, Decimal, Decimal]] = []
    for readings in choice.sides:
        tables = [series.parts[part] for part in formula.parts]
        if not all(reading.day in table for reading in readings for table in tables):
            return None
        one, two, three = (sum((table[r.day] for r in readings), Decimal(0)) for table in tables)
        sums.append((one, two, three))
    return sums
