"""What a chart shows, independent of how it is drawn.

Role: frozen values that say everything a drawing needs: texts are ready in the client's language, colours are
`#RRGGBB`, figures are decimals as printed. It knows no metric and no document.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from handover.formats.palette import Palette

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_ROOM = Decimal("0.125")
_LEAST_SPAN = 10
"""A line's axis spans at least 1/10 of its largest value: a flat line must not look like a mountain."""


class Scale(NamedTuple):
    """An axis from `low` to `high`; ticks are the multiples of `step` from `low` to `top`.

    `high` lies an eighth above the data: room for the names of events and the last value.
    """

    low: Decimal
    top: Decimal
    high: Decimal
    step: Decimal

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        """Tick values, ascending."""
        count = int((self.top - self.low) / self.step)
        return tuple(self.low + self.step * at for at in range(count + 1))

    @property
    def decimals(self) -> int:
        """Decimals that the tick values need."""
        exponent = self.step.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    def at(self, share: Decimal) -> Decimal:
        """The value at a share of the axis' height, 0 at `low` and 1 at `high`."""
        return self.low + (self.high - self.low) * share


def scale(values: Sequence[Decimal], *, zero: bool, wanted: int = 4, flipped: bool = False) -> Scale:
    """An axis for `values` with about `wanted` steps; `zero` forces it to hold 0.

    It ends an eighth of its length beyond the data, on the side that is up: `flipped` puts the lowest value there.
    """
    least, most = min(values, default=Decimal(0)), max(values, default=Decimal(1))
    # A line whose lowest value is far below its highest is judged against zero as well.
    if zero or (least > 0 and least * 2 < most and not flipped):
        least, most = min(least, Decimal(0)), max(most, Decimal(0))
    if least == most:
        pad = abs(most) / 10 or Decimal(1)
        least, most = (least if least == 0 else least - pad), most + pad
    if (span := max(abs(least), abs(most)) / _LEAST_SPAN) > most - least:
        least, most = (most - span, most) if most > 0 else (least, least + span)
    rough = (most - least) / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(step * power for step in _STEPS if step * power >= rough)
    room = (most - least) * _ROOM
    low = ((least - (room if flipped else 0)) / step).to_integral_value(ROUND_FLOOR) * step
    if flipped and low < 1 <= least:
        low = Decimal(1)  # there is no place before the first
    high = most if flipped else most + room
    if high <= 0 or flipped:
        # LibreOffice counts ticks from the end that is nearest to zero.
        origin = low if flipped else Decimal(0)
        high = origin + ((high - origin) / step).to_integral_value(ROUND_CEILING) * step
    return Scale(low, low + ((high - low) / step).to_integral_value(ROUND_FLOOR) * step, high, step)


_CHARACTERS = 100
"""Characters of an event's name that the width of a large chart's plot holds (8 points on 145 mm)."""


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
    """Colours that differ in lightness, so that they differ in grey as well, and the typeface.

    Whatever draws a value has a contrast of at least 3:1 on white (WCAG 2.2, 1.4.11).
    """

    current: str
    """What is drawn of the current period: dark, at least 7:1 on white."""
    baseline: str
    """What is drawn of the baseline period, and outlines and thin lines outside both."""
    text: str
    rule: str
    font: str = "Calibri"

    def of_role(self, role: Role | None) -> str:
        """The colour of what is drawn of a period, or of neither."""
        return self.current if role is Role.CURRENT else self.baseline

    @classmethod
    def of(cls, palette: Palette) -> "Look":
        """The look that follows from the brand's palette."""
        return cls(current=palette.dark, baseline=palette.before, text=palette.grey, rule="#D9DDE2")


class Band(NamedTuple):
    """One of the two periods by the index of its months, both ends included, with the level it is compared by."""

    role: Role
    first: int
    last: int
    lines: tuple[str, ...]
    """What it is called, and its value."""
    level: Decimal | None = None


class Event(NamedTuple):
    """Something that happened in a month: named in the chart where there is room, else a number, explained beneath."""

    at: int
    number: int
    name: str
    text: str
    """Number, date and name, for the list beneath."""


class Target(NamedTuple):
    """The value agreed for the current period, as the chart's months have it."""

    level: Decimal
    text: str


@dataclass(frozen=True)
class Chart:
    """A series by month with the two periods told apart."""

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
    target: Target | None = None
    last_text: str = ""
    """The last value with its unit, printed at its point."""
    flipped: bool = False
    """Whether up is less: the first place is at the top."""
    small: bool = False
    """One of six on a page: fewer ticks, no events."""
    axis_format: str = "#,##0"
    """The value axis' number format (ECMA-376 Part 1, 18.8.30)."""
    tick_texts: tuple[str, ...] = ()
    """The value axis' ticks in the client's language: their lengths say how wide the axis is."""

    @cached_property
    def scale(self) -> Scale:
        """The value axis: zero-based for bars."""
        figures = [value for value in self.values if value is not None]
        figures += [band.level for band in self.bands if band.level is not None]
        figures += [self.target.level] if self.target else []
        wanted = 2 if self.small else 4
        return scale(figures, zero=self.kind is Kind.BAR, wanted=wanted, flipped=self.flipped)

    def at(self, share: Decimal) -> Decimal:
        """The value at a share of the plot's height, counted from the bottom."""
        axis = self.scale
        return axis.high - (axis.high - axis.low) * share if self.flipped else axis.at(share)

    def role(self, at: int) -> Role | None:
        """The period that a month belongs to."""
        return next((band.role for band in reversed(self.bands) if band.first <= at <= band.last), None)

    @cached_property
    def last(self) -> int | None:
        """The last month with a value."""
        return max((at for at, value in enumerate(self.values) if value is not None), default=None)

    @cached_property
    def runs(self) -> tuple[tuple[Role | None, int, int], ...]:
        """The months from first to last, parted where the period or the series changes.

        What belongs to no period reaches out to the points of its neighbours, and a period to the end of one just
        before it, so that the line is whole.
        """
        count = len(self.values)
        cuts = [
            0,
            *(at for at in range(1, count) if at in self.breaks or self.role(at) is not self.role(at - 1)),
            count,
        ]
        found = []
        for first, after in pairwise(cuts):
            role = self.role(first) if count else None
            back = first > 0 and first not in self.breaks and (role is None or self.role(first - 1) is not None)
            begin = first - 1 if back else first
            end = after if role is None and after < count and after not in self.breaks else after - 1
            found.append((role, begin, end))
        return tuple(found)

    @cached_property
    def named(self) -> tuple[tuple[Event, str], ...]:
        """Each event with the side (`r`, `l`) on which its name has room; an empty side where it has none."""
        places = sorted({event.at for event in self.events})
        slot = _CHARACTERS / max(1, len(self.months))
        found: list[tuple[Event, str]] = []
        taken = 0.0
        for at in places:
            events = [event for event in self.events if event.at == at]
            here, after = (at + 0.5) * slot, min((p for p in places if p > at), default=len(self.months)) * slot
            need = len(events[0].name) + 3
            side = "" if len(events) > 1 else "r" if here + need <= after else "l" if here - need >= taken else ""
            taken = here + (need if side == "r" else 3)
            found += [(event, side) for event in events]
        return tuple(found)

    @property
    def every(self) -> int:
        """Every how many months the axis has a label: at most nine labels, each period's start among them."""
        count, starts = len(self.months), [band.first for band in self.bands]
        most = 4 if self.small else 9
        enough = [step for step in (1, 2, 3, 6, 12, 24) if count <= step * most]
        return next((step for step in enough if all(at % step == 0 for at in starts)), enough[0] if enough else 60)


class Span(NamedTuple):
    """A bar of the timeline, both days included; a milestone when both days are the same."""

    label: str
    start: dt.date
    end: dt.date
    when: str = ""
    """Its dates as text."""


class Timeline(NamedTuple):
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
