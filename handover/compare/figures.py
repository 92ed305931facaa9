"""Figures in words: values with their units, changes with their signs, and relative changes.

Role: the only place that writes a comparison's figures as text. A sign is a real minus, zero has none, and a rate
changes by percentage points. Which figures may be said is decided before (`handover.compare.change`).
"""

from dataclasses import dataclass
from decimal import Decimal

from handover.compare.comparison import Comparison
from handover.compare.rounding import WHOLE_MINUTES, percent_decimals, printed, rounded
from handover.languages.words import MINUS, Words, sign_of
from handover.model.metrics import MetricDefinition
from handover.model.reporting import Unit

_MINUTE, _HOUR = 60, 3600
_CHANGES_BY = {Unit.PERCENT: "points", Unit.SCORE: "points", Unit.RANK: "places"}
"""A share or a score goes up by points, a rank by places; it's never people who do."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures in one language; `words` must hold `report.toml`."""

    words: Words

    def value(self, definition: MetricDefinition, x: Decimal | None, decimals: int) -> str:
        """One value with its unit: `1,204`, `2.4%`, `€3,400`, `2 min 05 s`; a dash for None."""
        if x is None:
            return self.words.text("empty")
        if definition.unit is Unit.PERCENT:
            return self.words.percent(x, decimals)
        if definition.unit is Unit.MONEY:
            return self.words.money(x, definition.currency, decimals)
        if definition.unit is Unit.DURATION:
            return self._duration(printed(definition, x, decimals), decimals)
        return self.words.number(x, decimals)

    def amount(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """The size of a change, without a sign: `416`, `0.6 points`, `12 points`, `2 places`, `€340`."""
        size = abs(printed(definition, x, decimals))
        if unit := _CHANGES_BY.get(definition.unit):
            return self.words.plural(f"change.{unit}", size, value=self.words.number(size, decimals))
        return self.value(definition, size, decimals)

    def signed(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """The change with its sign; zero has none, and places gained are more than before."""
        x = printed(definition, -x if definition.is_rank else x, decimals)
        return sign_of(x) + self.amount(definition, x, decimals)

    def percent(self, x: Decimal, *, sign: bool = True, beside: bool = False) -> str:
        """A relative change: `+35%`, `+4.2%`; never `−0 %` for something nor `−100 %` for not all.

        A limit `beside` the absolute change has no sign: −0.01 % isn't under −0.1 %.
        """
        size, mark = abs(x), sign_of(x) if sign else ""
        limit = "" if beside else mark
        decimals = percent_decimals(x)
        shown = rounded(size, decimals) or Decimal(0)
        if x and not shown:
            return self.words.text("change.under", percent=limit + self.words.percent(Decimal("0.1"), 1))
        if x < 0 and size < 100 and shown == 100:
            return self.words.text("change.over", percent=limit + self.words.percent(Decimal("99.9"), 1))
        return mark + self.words.percent(shown, decimals)

    def change(self, comparison: Comparison) -> str:
        """The change, absolute and relative: `+416 (+35%)`, `−0.4 points`, `no change`; a dash where none is said."""
        if comparison.change is None:
            return self.words.text("empty")
        if comparison.change == 0:
            return self.words.text("change.none")
        absolute = self.signed(comparison.definition, comparison.difference, comparison.decimals)
        if comparison.percent is None:
            return absolute
        return self.words.text("change.both", absolute=absolute, relative=self.percent(comparison.percent, beside=True))

    def bare(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """A signed figure whose unit the next one of the same sentence names."""
        if definition.unit not in _CHANGES_BY:
            return self.signed(definition, x, decimals)
        shown = rounded(-x if definition.is_rank else x, decimals) or Decimal(0)
        return sign_of(shown) + self.words.number(abs(shown), decimals)

    def _duration(self, x: Decimal, decimals: int) -> str:
        """Seconds, rounded already: `2.4 s`, `2 min 05 s`, `24 h 10 min`; as decimals ask, `24 h 10 min 05 s`."""
        sign, size, words = (MINUS if x < 0 else ""), abs(x), self.words
        whole, decimals = decimals == WHOLE_MINUTES, max(decimals, 0)
        if size < _MINUTE and not whole:
            return sign + words.text("duration.seconds", seconds=words.number(size, decimals))
        hours, minutes = divmod(int(size // _MINUTE), _HOUR // _MINUTE)
        rest = size % _MINUTE
        shown = {"minutes": f"{minutes:02d}" if hours else str(minutes)}
        shown |= {"hours": words.number(hours)} if hours else {}
        shown |= {} if whole else {"seconds": ("0" if rest < 10 else "") + words.number(rest, decimals)}
        key = ("hours" if hours else "whole") if whole else ("exact" if hours else "minutes")
        return sign + words.text(f"duration.{key}", **shown)
