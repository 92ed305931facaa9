"""How many decimals two values are printed with, so that their reader can check what is said of them.

Role: values stay exact until they are printed. `decimals_for` begins with the usual decimals of a metric and adds what
is needed: two values that differ look different, none that isn't zero looks like zero, the printed change and
percentage follow from the printed values, and a target that is missed isn't printed as met. It computes no claim and
writes no text.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from handover.model.metrics import BUILTIN, MetricDefinition
from handover.model.reporting import Unit

EXACT = Context(prec=80)
"""For all arithmetic on metrics: values have up to fifteen digits before the point, and no sum may lose one behind."""

KEPT = 10
"""Decimals of a computed value that are kept, and as many digits of a smaller one: an error of division (a third, times
three) is far behind them."""

WHOLE_MINUTES = -1
"""The decimals of a duration that is printed in hours and minutes."""

RELATIVE_UNITS = frozenset([Unit.COUNT, Unit.MONEY, Unit.RATIO, Unit.DURATION])
"""Units with a true zero, whose change may be given in percent; percentages and scores change by points."""

_MINUTE, _HOUR = 60, 3600
_MORE, _CENTS = 1, 2
"""Decimals (the second: of amounts) that may be added to the usual ones only so that the difference of the printed
values is the rounded change to its last digit; beyond, and where decimals were asked for, it may be one off."""

_MOST = 24
_LONGEST = 26
"""Digits of a printed value: Decimal's own context writes 28."""

_OFF = 20
"""A printed difference is off by at most 1/20 of the change."""


def rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    """Half up, as a pocket calculator; never −0."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT) + 0


def kept(value: Decimal | None) -> Decimal | None:
    """A computed value without the errors of its divisions."""
    return None if value is None else rounded(value, KEPT + max(0, -value.adjusted()) if value else KEPT)


def printed(definition: MetricDefinition, value: Decimal, decimals: int) -> Decimal:
    """The value as it is printed with these decimals."""
    if definition.unit is Unit.DURATION and decimals == WHOLE_MINUTES:
        return (rounded(value / _MINUTE, 0) or Decimal(0)) * _MINUTE
    return rounded(value, decimals) or Decimal(0)


def difference(definition: MetricDefinition, then: Decimal, now: Decimal, decimals: int) -> Decimal:
    """The change as it is printed: what a reader finds who subtracts the printed values."""
    return printed(definition, now, decimals) - printed(definition, then, decimals)


NAMED = {-50: "halved", 100: "doubled", 200: "tripled"}
"""Relative changes, in percent, that have a word of their own; it is said of no other that prints with a decimal."""


def percent_decimals(percent: Decimal) -> int:
    """Decimals of a relative change: none from 10 % on, but where nearly all, half or double would print as just so."""
    near_all = percent < 0 and Decimal("99.5") <= abs(percent) < 100
    near = any(Decimal("0.05") <= abs(percent - named) <= Decimal("0.5") for named in NAMED)
    return 1 if near_all or near or abs(percent) < 10 else 0


def decimals_for(definition: MetricDefinition, then: Decimal | None, now: Decimal | None) -> int:
    """Decimals that both periods' values and their change are printed with."""
    known = [value for value in (then, now) if value is not None]
    usual = _usual(definition, known)
    largest = max(map(abs, known), default=Decimal(0))
    most = max(usual, min(_MOST, _LONGEST - max(largest.adjusted(), 0)))
    enough = [d for d in _steps(definition, usual, most + 1) if _is_enough(definition, then, now, d)]
    first = enough[0] if enough else most
    built = BUILTIN.get(definition.id)
    asked = definition.decimals is not None and (built is None or built.decimals != definition.decimals)
    if then is None or now is None or asked:
        return first
    more = _CENTS if definition.unit is Unit.MONEY else _MORE
    some = (d for d in enough if d <= max(usual, 0) + more)
    return next((d for d in some if difference(definition, then, now, d) == printed(definition, now - then, d)), first)


def visible(definition: MetricDefinition, decimals: int, values: Iterable[Decimal]) -> int:
    """Decimals, not fewer than given, that keep a value that isn't zero from printing as zero; at most three more."""
    several = [value for value in values if value]
    tried = _steps(definition, decimals, decimals + 3)
    return next((d for d in tried if all(printed(definition, value, d) for value in several)), decimals + 3)


def enough(definition: MetricDefinition, value: Decimal, decimals: int) -> int:
    """Decimals, not more than given, that print a value alone as it is: 1.8 where beside others it is 1.800."""
    if definition.unit is Unit.DURATION and decimals == WHOLE_MINUTES:
        return decimals
    tried = _steps(definition, min(definition.decimals or 0, decimals), decimals)
    return next((d for d in tried if printed(definition, value, d) == printed(definition, value, decimals)), decimals)


def target_decimals(definition: MetricDefinition, decimals: int) -> int:
    """Decimals, not fewer than given, that print a target as it was agreed."""
    target = definition.target or Decimal(0)
    tried = _steps(definition, decimals, _MOST)
    return next((d for d in tried if printed(definition, target, d) == target), _MOST)


def _steps(definition: MetricDefinition, first: int, end: int) -> list[int]:
    """Decimals to try; nobody writes an amount of money with one, unless it was asked for."""
    return [d for d in range(first, end) if d == first or d != 1 or definition.unit is not Unit.MONEY]


def _usual(definition: MetricDefinition, known: Sequence[Decimal]) -> int:
    largest = max(map(abs, known), default=Decimal(0))
    if definition.unit is Unit.DURATION and largest >= _MINUTE:
        return WHOLE_MINUTES if largest >= _HOUR else 0
    if definition.decimals is not None:
        return definition.decimals
    if definition.unit is Unit.COUNT:
        whole = all(value == value.to_integral_value() for value in known)
        return 0 if whole or largest >= 20 else 1  # below 20 a rounded mean would hide a change
    if definition.unit is Unit.MONEY:
        return 0 if largest >= 1_000 else 2
    return 1


def _is_enough(definition: MetricDefinition, then: Decimal | None, now: Decimal | None, decimals: int) -> bool:
    """Whether nothing false can be read from the values printed with these decimals."""
    if any(value and not printed(definition, value, decimals) for value in (then, now)):
        return False
    if now is None:
        return True
    shown_now, target = printed(definition, now, decimals), definition.target
    if target is not None and _side(shown_now, target) != _side(now, target):
        return False
    if then is None:
        return True
    change, found = now - then, difference(definition, then, now, decimals)
    if abs(found - change) * _OFF > abs(change):
        return False
    if definition.unit not in RELATIVE_UNITS or then <= 0 or now < 0:
        return True
    # The percentage that a reader finds is the one printed, or so near that rounding alone parts them.
    exact, seen = change / then * 100, found / printed(definition, then, decimals) * 100
    places = percent_decimals(exact)
    return rounded(seen, places) == rounded(exact, places) or abs(seen - exact) <= Decimal("0.05").scaleb(-places)


def _side(value: Decimal, target: Decimal) -> int:
    return (value > target) - (value < target)
