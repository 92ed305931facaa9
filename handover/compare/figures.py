"""Figures in words: values with their units, changes with their signs, and relative changes.

Role: the only place that writes a comparison's figures as text. A sign is a real minus, zero has none, and a rate
changes by percentage points. Which figures may be said is decided before (`handover.compare.change`).
"""

from dataclasses import dataclass
from decimal import Decimal

from handover.compare.comparison import Comparison
from handover.compare.values import rounded
from handover.i18n import MINUS, Words
from handover.metrics import MetricDefinition
from handover.model import Unit

_MINUTE, _HOUR = 60, 3600


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
            return self._duration(x, decimals)
        return self.words.number(x, decimals)

    def amount(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """The size of a change, without a sign: `416`, `0.6 percentage points`, `12 points`, `€340`."""
        size = abs(x)
        if definition.unit in {Unit.PERCENT, Unit.SCORE}:
            key = "change.percentage-points" if definition.unit is Unit.PERCENT else "change.points"
            return self.words.plural(key, size, value=self.words.number(size, decimals))
        return self.value(definition, size, decimals)

    def signed(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """The change with its sign; zero has none."""
        x = rounded(x, decimals) or Decimal(0)
        return self._sign(x) + self.amount(definition, x, decimals)

    def percent(self, x: Decimal, *, sign: bool = True) -> str:
        """A relative change: `+35%`, `+4.2%`; never `−0 %` for something nor `−100 %` for not all."""
        size, mark = abs(x), self._sign(x) if sign else ""
        near_all = x < 0 and Decimal("99.5") <= size < 100
        decimals = 1 if near_all or size < 10 else 0
        shown = rounded(size, decimals) or Decimal(0)
        if x and not shown:
            return self.words.text("change.under", percent=mark + self.words.percent(Decimal("0.1"), 1))
        if near_all and shown == 100:
            return self.words.text("change.over", percent=mark + self.words.percent(Decimal("99.9"), 1))
        return mark + self.words.percent(shown, decimals)

    def change(self, comparison: Comparison) -> str:
        """The change, absolute and relative: `+416 (+35%)`, `−0.4 points`, `no change`; a dash where none is said."""
        if comparison.change is None:
            return self.words.text("empty")
        if comparison.change == 0:
            return self.words.text("change.none")
        absolute = self.signed(comparison.definition, comparison.change, comparison.decimals)
        if comparison.percent is None:
            return absolute
        return self.words.text("change.both", absolute=absolute, relative=self.percent(comparison.percent))

    def bare(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
        """A signed figure whose unit the next one of the same sentence names."""
        if definition.unit not in {Unit.PERCENT, Unit.SCORE}:
            return self.signed(definition, x, decimals)
        shown = rounded(x, decimals) or Decimal(0)
        return self._sign(shown) + self.words.number(abs(shown), decimals)

    def _duration(self, x: Decimal, decimals: int) -> str:
        sign, size = (MINUS if x < 0 else ""), abs(rounded(x, decimals) or Decimal(0))
        if size < _MINUTE:
            return sign + self.words.text("duration.seconds", seconds=self.words.number(size, decimals))
        total = int(rounded(size, 0) or 0)
        hours, minutes, seconds = total // _HOUR, total % _HOUR // _MINUTE, total % _MINUTE
        if hours:
            shown = {"hours": self.words.number(hours), "minutes": f"{minutes:02d}"}
            return sign + self.words.text("duration.hours", **shown)
        return sign + self.words.text("duration.minutes", minutes=str(minutes), seconds=f"{seconds:02d}")

    @staticmethod
    def _sign(x: Decimal) -> str:
        return "+" if x > 0 else MINUS if x < 0 else ""
