"""Which months of a series aren't whole: cut by the export, ended early, or full of holes; and days beside months.

Role: the rules by which a month doesn't count, so that missing data are never told as a change. Exports leave out days
on which nothing happened, so that a few missing days mean nothing. It compares nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from handover.compare.periods import first_day, last_day, month_of
from handover.model.formulas import months_given_whole
from handover.model.metrics import MetricDefinition
from handover.model.reporting import Combine, Unit
from handover.model.rows import MetricRow

PARTIAL_DAYS = 3
"""Days that may lack at the end of a daily series' last month (or at the start of its first) before that month
counts as partial: exports leave out days without traffic, such as a long weekend."""

HOLE_DAYS = 7
"""Days that may lack in a row within a month of a daily series: more is no holiday."""

DENSE = 0.7
"""Share of a month's days with a value from which a series is one of every day (five days a week are 0.71 of them);
below, days without a value are days on which nothing happened."""

Days = Mapping[int, Sequence[dt.date]]
"""Month → its days with a value, ascending."""


def by_month(days: Iterable[dt.date]) -> dict[int, list[dt.date]]:
    """Days, ascending, by their month."""
    found: dict[int, list[dt.date]] = {}
    for day in days:
        found.setdefault(month_of(day), []).append(day)
    return found


def unfinished(days: Sequence[dt.date], rows: Iterable[MetricRow], *, daily: bool) -> frozenset[int]:
    """Months whose data ended before the month did: exported during it, or at the series' own two ends."""
    exports: dict[int, dt.date] = {}
    for row in rows:
        if row.exported_on:
            month = month_of(row.date)
            exports[month] = min(row.exported_on, exports.get(month, row.exported_on))
    found = {month for month, day in exports.items() if day <= last_day(month)}
    if daily and days:
        first, last = days[0], days[-1]
        if (first - first_day(month_of(first))).days > PARTIAL_DAYS:
            found.add(month_of(first))
        if (last_day(month_of(last)) - last).days > PARTIAL_DAYS:
            found.add(month_of(last))
    return frozenset(found)


def not_over(days: Iterable[dt.date], today: dt.date | None) -> frozenset[int]:
    """The months that have values and weren't over on `today`: whatever they hold is a part, or a forecast."""
    return frozenset(m for m in map(month_of, days) if today is not None and today <= last_day(m))


def with_holes(days: Sequence[dt.date]) -> frozenset[int]:
    """Months of a daily series in which more than `HOLE_DAYS` days in a row lack, where most days have a value."""
    whole = months_given_whole(days)
    months = {month: found for month, found in by_month(days).items() if first_day(month) not in whole}
    if not is_dense(months):
        return frozenset()
    return frozenset(month for month, found in months.items() if _longest_hole(month, found) > HOLE_DAYS)


def is_dense(months: Days) -> bool:
    """Whether at least half of the months have values for `DENSE` of their days."""
    shares = sorted(len(found) / last_day(month).day for month, found in months.items())
    return bool(shares) and shares[len(shares) // 2] >= DENSE


def change_of_step(definition: MetricDefinition, days: Sequence[dt.date]) -> dt.date | None:
    """Where values by month and values by day meet: the first of the month in which the later ones begin.

    Only of what is counted and can't be added up, such as people: those of a day are others than those of a month, and
    no mean of both says anything. None otherwise.
    """
    if definition.combine is not Combine.MEAN or definition.unit is not Unit.COUNT:
        return None
    whole = months_given_whole(days)
    firsts = map(first_day, by_month(days))
    return next((after for before, after in pairwise(firsts) if (before in whole) is not (after in whole)), None)


def _longest_hole(month: int, days: Sequence[dt.date]) -> int:
    before = first_day(month) - dt.timedelta(days=1)
    after = last_day(month) + dt.timedelta(days=1)
    return max((later - earlier).days - 1 for earlier, later in pairwise([before, *days, after]))
