"""The monthly reports' figures, taken from the same series as `data/metrics.csv` and written as each language does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from making.figures import LAST_MONTH
from making.papers import Measure
from making.series import Series, months, values


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one project: metric → month → value, and how they are written."""

    columns: Mapping[str, Mapping[str, Decimal]]
    thousands: str
    mark: str
    minus: str
    percent: str
    over_a_year: str
    """The change in words, with `{change}` where the figure goes."""

    def figure(self, value: Decimal, places: int) -> str:
        """A number with this many decimals."""
        return f"{value:,.{places}f}".replace(",", "\0").replace(".", self.mark).replace("\0", self.thousands)

    def line(self, label: str, metric: str, month: str, *, places: int = 0, unit: str = "{}") -> Measure:
        """One line of the report for `month`, beside the same month of the year before."""
        now, before = self.columns[metric][month], self.columns[metric][year_before(month)]
        share = round((now - before) / before * 100)
        sign = {-1: self.minus, 0: "", 1: "+"}[(share > 0) - (share < 0)]
        change = f"{sign}{abs(share)}{self.percent}"
        words = self.over_a_year.format(change=change)
        return Measure(
            label, unit.format(self.figure(now, places)), unit.format(self.figure(before, places)), change, words
        )

    def thirteen(self, metric: str, month: str, names: Sequence[str]) -> list[tuple[str, Decimal]]:
        """The month, and each one back to the same month of the year before, with short names."""
        column = self.columns[metric]
        return [(names[int(m[5:]) - 1], column[m]) for m in months(year_before(month), month)]


def columns(all_series: Sequence[Series], seed: int) -> dict[str, Mapping[str, Decimal]]:
    """Metric → month → value."""
    return {series.metric: values(series, LAST_MONTH, seed) for series in all_series}


def year_before(month: str) -> str:
    """The same month of the year before."""
    return f"{int(month[:4]) - 1}{month[4:]}"


def next_month(month: str, day: int) -> str:
    """`YYYYMMDD`: this day of the month after, when its report is written."""
    year, number = int(month[:4]), int(month[5:]) + 1
    return f"{year + number // 13}{(number - 1) % 12 + 1:02d}{day:02d}"
