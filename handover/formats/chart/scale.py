"""Value axes: round steps, where bars begin at zero and lines need not.

Role: decides minimum, maximum and step of an axis from its values, the same for Word and SVG, instead of leaving
each program to choose its own.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

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
    high = most if flipped else most + room
    if high <= 0 or flipped:
        # LibreOffice counts ticks from the end that is nearest to zero.
        high = (high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(low, (high / step).to_integral_value(ROUND_FLOOR) * step, high, step)
