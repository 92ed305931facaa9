"""Which two periods to compare: the best covered equal ones in the same season.

Role: rows of metrics → a baseline and a current period, with why. What makes a month count is `handover.compare`'s; it
compares nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from handover.compare.coverage import not_over, unfinished, with_holes
from handover.compare.periods import MONTHS_A_YEAR, first_day, last_day, month_of
from handover.model.formulas import months_given_whole
from handover.model.message import counted, msg
from handover.model.reporting import Period, Periods
from handover.model.rows import MetricRow

_LENGTHS: Final = (12, 6, 3, 1)
_YEARS_BACK: Final = 6


class Chosen(NamedTuple):
    """Two periods and why these."""

    periods: Periods
    why: str


def choose_periods(rows: Iterable[MetricRow], today: dt.date) -> Chosen | None:
    """The periods in which most whole months of most metrics can be compared; None where no month can.

    Of periods that cover as much, the longer, then the later current one, then the earlier baseline: how it was before
    tells most. `today` is the day as of which a month isn't over.
    """
    whole = _whole_months(rows, today)
    every = set().union(*whole.values()) if whole else set()
    best: tuple[tuple[int, int, int, int], int, int, int] | None = None
    for length in _LENGTHS:
        for end in sorted(every):
            for years in range(1, _YEARS_BACK + 1):
                before = MONTHS_A_YEAR * years
                if before < length:
                    continue
                months = range(end - length + 1, end + 1)
                full = sum(all(month in own and month - before in own for month in months) for own in whole.values())
                rank = (full * length, length, end, years)
                if full and (best is None or rank > best[0]):
                    best = rank, length, end, before
    if best is None:
        return None
    (_, length, end, _), _, _, before = best
    full = best[0][0] // length
    current = Period(start=first_day(end - length + 1), end=last_day(end))
    baseline = Period(start=first_day(end - length + 1 - before), end=last_day(end - before))
    of_all = msg("the longest periods in the same season in which every metric has every month")
    some = counted(
        "the longest periods in the same season in which one of {all} metrics has every month",
        "the longest periods in the same season in which {count} of {all} metrics have every month",
        count=full,
        all=len(whole),
    )
    why = of_all if full == len(whole) else some
    return Chosen(Periods(baseline=baseline, current=current), why)


def _whole_months(rows: Iterable[MetricRow], today: dt.date) -> Mapping[str, set[int]]:
    """Metric → the months that are wholly measured."""
    own: defaultdict[str, list[MetricRow]] = defaultdict(list)
    for row in rows:
        own[row.metric].append(row)
    found = {}
    for metric, several in own.items():
        days = sorted({row.date for row in several})
        given = months_given_whole(days)
        daily = any(first_day(month_of(day)) not in given for day in days)
        partial = unfinished(days, several, daily=daily) | with_holes(days) | not_over(days, today)
        found[metric] = {month_of(day) for day in days} - partial
    return found
