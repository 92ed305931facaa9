"""Monthly figures that look measured: a trend with milestones, a season, noise, gaps; all from a seed.

Role: makes `data/metrics.csv`. The figures are invented; the texts of the projects quote them, and
tests/test_examples.py checks that they quote them right.
"""

import datetime as dt
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """How one metric runs.

    `level` maps months to the seasonless value, interpolated in between; `season` holds twelve factors from
    January; `noise` is the relative standard deviation of a month; `missing` are months without a value.
    """

    metric: str
    level: Mapping[str, float]
    decimals: int = 0
    season: Sequence[float] = (1.0,) * 12
    noise: float = 0.04
    missing: frozenset[str] = field(default_factory=frozenset)


def months(first: str, last: str) -> list[str]:
    """Every month from `first` to `last` (`YYYY-MM`), both included."""
    found = []
    year, month = (int(part) for part in first.split("-"))
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def values(series: Series, last: str, seed: int) -> dict[str, Decimal]:
    """The metric's value of each month that has one, rounded to its decimals."""
    chance = random.Random(f"{seed}-{series.metric}")
    result = {}
    for month in months(min(series.level), last):
        # Drawn for missing months too, so that a gap doesn't shift what follows it.
        wobble = math.exp(chance.gauss(0, series.noise))
        value = _level(series.level, month) * series.season[int(month[5:]) - 1] * wobble
        if month not in series.missing:
            step = Decimal(1).scaleb(-series.decimals)
            result[month] = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_EVEN)
    return result


def _ordinal(month: str) -> int:
    return dt.date.fromisoformat(f"{month}-01").year * 12 + int(month[5:])


def _level(points: Mapping[str, float], month: str) -> float:
    here = _ordinal(month)
    known = sorted((_ordinal(point), value) for point, value in points.items())
    before = max((item for item in known if item[0] <= here), default=known[0])
    after = min((item for item in known if item[0] >= here), default=known[-1])
    if before[0] == after[0]:
        return before[1]
    share = (here - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * share


def table(all_series: Sequence[Series], last: str, seed: int, *, header: str, separator: str, comma: bool) -> bytes:
    """The table in long form, month by month: UTF-8, one row per value.

    `header` is the first line as it stands; `comma` writes a decimal comma.
    """
    columns = [(series.metric, values(series, last, seed)) for series in all_series]
    rows = [header]
    for month in months(min(min(series.level) for series in all_series), last):
        for metric, column in columns:
            if month in column:
                text = str(column[month]).replace(".", ",") if comma else str(column[month])
                rows.append(separator.join((month, metric, text)))
    return ("\n".join(rows) + "\n").encode()
