"""What a chart shows, independent of how it is drawn.

Role: frozen values that say everything a drawing needs: texts are ready in the client's language, colours are
`#RRGGBB`, figures are decimals as printed. It knows no metric and no document.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil

from handover.formats.chart.scale import Scale, scale
from handover.formats.palette import Palette

_PERIODS = 2
_CHARACTER = 0.0125
"""Width of a label's character as a share of the plot's (9 points bold on 140 mm)."""


class Kind(StrEnum):
    """How values are drawn: bars stand on zero and are for amounts, lines are for levels and rates."""

    BAR = "bar"
    LINE = "line"


class Role(StrEnum):
    """Which of the two periods compared."""

    BASELINE = "baseline"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours that differ in lightness, so that they differ in grey as well, and the typeface."""

    current: str
    """Bars and label of the current period, and lines: dark, at least 7:1 on white."""
    baseline: str
    """Bars of the baseline period: middle grey, at least 3:1 from `current`."""
    baseline_text: str
    other: str
    """Bars outside both periods: pale grey."""
    current_band: str
    baseline_band: str
    text: str
    rule: str
    font: str = "Calibri"

    @classmethod
    def of(cls, palette: Palette) -> "Look":
        """The look that follows from the brand's palette."""
        return cls(
            current=palette.dark,
            baseline="#ABB2BA",
            baseline_text=palette.grey,
            other="#E0E4E8",
            current_band=palette.tint,
            baseline_band="#EDEEF0",
            text=palette.grey,
            rule="#D9DDE2",
        )


@dataclass(frozen=True, slots=True)
class Band:
    """One of the two periods by the index of its months, both ends included, with the level it is compared by."""

    role: Role
    first: int
    last: int
    lines: tuple[str, ...]
    """Its label, a line each: name and value."""
    level: Decimal | None = None
    name: str = ""
    """Name of its helper columns in the workbook."""

    @property
    def middle(self) -> int:
        """Its middle month."""
        return (self.first + self.last) // 2


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a month: a number in the chart, explained in a list beneath it."""

    at: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A series by month with the two periods marked."""

    kind: Kind
    name: str
    """Heading of the value column, and the series' name."""
    description: str
    """Alternative text: what a person who can't see the chart needs to know."""
    language: str
    """BCP 47 tag."""
    months: tuple[dt.date, ...]
    """First days of consecutive months: the category axis."""
    values: tuple[Decimal | None, ...]
    """One per month; None is a gap and stays one."""
    look: Look
    category_name: str = ""
    bands: tuple[Band, ...] = ()
    events: tuple[Event, ...] = ()
    breaks: tuple[int, ...] = ()
    """Months at which a new series begins: a line isn't drawn across a change of definition."""
    axis_format: str = "#,##0"
    """The value axis' number format (ECMA-376 Part 1, 18.8.30)."""
    tick_texts: tuple[str, ...] = ()
    """The value axis' ticks in the client's language, for drawings that have no number formats."""
    month_texts: tuple[str, ...] = ()
    """The months in the client's language, for the same drawings."""

    @property
    def scale(self) -> Scale:
        """The value axis: zero-based for bars, with room above for the periods' labels and the events."""
        figures = [value for value in self.values if value is not None]
        figures += [band.level for band in self.bands if band.level is not None]
        return scale(figures, zero=self.kind is Kind.BAR, headroom=self.headroom)

    @property
    def headroom(self) -> Decimal:
        """The share of the height that labels and events take above the data."""
        return Decimal("0.34") if self.events else Decimal("0.22")

    @property
    def crowded(self) -> bool:
        """Whether the periods' labels would touch if both were centred on their months."""
        if len(self.bands) != _PERIODS or not self.months:
            return False
        one, other = self.bands
        return _half(one) + _half(other) > abs(self.label_at(other) - self.label_at(one)) / len(self.months)

    def label_at(self, band: Band) -> int:
        """The month that a period's label is centred on: its middle one, or the next from which it covers no axis."""
        count = len(self.months)
        least = max(0, ceil(_half(band) * count - 0.5))
        return min(max(band.middle, least), count - 1 - least) if 2 * least < count else band.middle

    @property
    def every(self) -> int:
        """Every how many months the axis has a label: at most seven labels."""
        count = len(self.months)
        return next((step for step in (1, 2, 3, 6, 12, 24) if count <= step * 7), 60)


def _half(band: Band) -> float:
    """Half the width of a label, as a share of the plot's."""
    return max(map(len, band.lines), default=0) / 2 * _CHARACTER


@dataclass(frozen=True, slots=True)
class Span:
    """A bar of the timeline, both days included; a milestone when both days are the same."""

    label: str
    start: dt.date
    end: dt.date
    when: str = ""
    """Its dates as text."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Campaigns and milestones against time, from `first` to `last`."""

    name: str
    description: str
    language: str
    spans: tuple[Span, ...]
    first: dt.date
    last: dt.date
    look: Look
    headings: tuple[str, str, str, str] = ("", "", "", "")
    """Headings of the workbook's columns: name, start, days, milestone."""
