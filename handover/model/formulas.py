"""Metrics computed from others: a rate from its parts, for one date and for a whole period.

Role: `Ratio` divides what its parts give. A period's value is that of the whole period, never a mean of its months'
values: a month with spending and no lead counts in a cost per lead, and the lifetime value per acquisition cost is one
printed average divided by the other. It knows neither names nor settings: `handover.model.metrics` says which formula a
metric has, and whether its result may be shown.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

HUNDRED = Decimal(100)

Values = Mapping[str, Mapping[date, Decimal]]
"""Metric → date → value."""

_Sums = Mapping[date, tuple[Decimal, Decimal]]
"""Date → a part's value times its weight, and the weight: their sums' quotient is the part's average."""


class Formula(NamedTuple):
    """`scale` × (signed sum of the numerator's metrics) ÷ the denominator's metric."""

    numerator: tuple[tuple[int, str], ...]
    """Pairs of a sign (+1 or −1) and a metric."""
    denominator: str
    scale: Decimal = Decimal(1)
    automatic: bool = True
    """True: where values are given as well, and agree, the exact ones replace them. False: computed only where none
    are given, because the parts often mean something else."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Every metric that the formula needs."""
        return (*(name for _, name in self.numerator), self.denominator)

    @property
    def is_share(self) -> bool:
        """Whether it gives what part one thing is of another, in percent: never below 0 nor above 100."""
        return self.scale == HUNDRED and len(self.numerator) == 1


class Rules(NamedTuple):
    """What is known of a formula's parts: how each is computed without values, weighed and combined."""

    formula: Callable[[str], Formula | None] = lambda _: None
    weight: Callable[[str], str | None] = lambda _: None
    is_last: Callable[[str], bool] = lambda _: False
    """Whether a part's value for a period is its last one: what is printed is what is divided."""


class _Term(NamedTuple):
    """Numerator and denominator at one date, each as a sum and the weight that it is the sum of."""

    top: Decimal
    top_weight: Decimal
    bottom: Decimal
    bottom_weight: Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """A formula with the values of its parts at every date that has them all."""

    formula: Formula
    terms: Mapping[date, _Term] = field(repr=False)
    lasting: tuple[bool, bool] = (False, False)
    """Whether of numerator and denominator the last value stands for a period."""

    @classmethod
    def of(cls, formula: Formula, values: Values, rules: Rules | None = None) -> "Ratio":
        """The ratio of what `values` hold. A part's value for a month is never set beside another's for a day."""
        rules = rules or Rules()
        sums = {part: _sums(part, values, rules) for part in formula.parts}
        firsts = [months_given_whole(days) for days in sums.values()]
        terms: dict[date, _Term] = {}
        for day, (bottom, bottom_weight) in sums[formula.denominator].items():
            tops = [(sign, sums[part].get(day)) for sign, part in formula.numerator]
            known = [(sign, *top) for sign, top in tops if top is not None]
            if bottom >= 0 and len(known) == len(tops) and len({day in found for found in firsts}) == 1:
                total = sum((sign * top for sign, top, _ in known), Decimal(0))
                terms[day] = _Term(total, known[0][2], bottom, bottom_weight)
        lasting = (all(rules.is_last(part) for _, part in formula.numerator), rules.is_last(formula.denominator))
        return cls(formula, terms, lasting)

    def over(self, days: Iterable[date]) -> Decimal | None:
        """The value of several dates together; None where there is nothing to divide by."""
        found = [self.terms[day] for day in sorted(days) if day in self.terms]
        tops, bottoms = (found[-1:] if last else found for last in self.lasting)
        top = _average((term.top, term.top_weight) for term in tops)
        bottom = _average((term.bottom, term.bottom_weight) for term in bottoms)
        return None if top is None or not bottom else self.formula.scale * top / bottom

    def values(self) -> dict[date, Decimal]:
        """The value at each date that has one."""
        found = {day: self.over([day]) for day in self.terms}
        return {day: value for day, value in found.items() if value is not None}

    def is_possible(self) -> bool:
        """Whether no value is one that a share can't have: then the parts aren't parts of one thing."""
        return not self.formula.is_share or all(0 <= value <= HUNDRED for value in self.values().values())


def computable(name: str, given: Collection[str], rules: Rules) -> bool:
    """Whether a metric without values follows from what is given, through other computed ones where need be."""
    formula = rules.formula(name)
    return formula is not None and all(part in given or computable(part, given, rules) for part in formula.parts)


def leaves(formula: Formula, given: Collection[str], rules: Rules) -> tuple[str, ...]:
    """The given metrics that a formula rests on, through computed ones."""
    found: list[str] = []
    for part in formula.parts:
        inner = None if part in given else rules.formula(part)
        found += [part] if inner is None else leaves(inner, given, rules)
    return tuple(dict.fromkeys(found))


def months_given_whole(days: Collection[date]) -> frozenset[date]:
    """The first days of months that have a value on that day alone, which then stands for the month.

    The first of a month that follows a value of the day before is a day of a daily series, and stands for itself.
    """
    given = set(days)
    count = Counter((day.year, day.month) for day in given)
    firsts = (day for day in given if day.day == 1 and count[day.year, day.month] == 1)
    return frozenset(day for day in firsts if day == date.min or day - timedelta(days=1) not in given)


def _average(sums: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    total, weight = Decimal(0), Decimal(0)
    for one, its_weight in sums:
        total += one
        weight += its_weight
    return total / weight if weight > 0 else None


def _sums(part: str, values: Values, rules: Rules) -> _Sums:
    given = values.get(part)
    if given is not None:
        weights = values.get(rules.weight(part) or "", {})
        one = Decimal(1)
        whole = given.keys() <= weights.keys() and months_given_whole(given) <= months_given_whole(weights)
        each = {day: weights[day] if whole else one for day in given}
        return {day: (value * each[day], each[day]) for day, value in given.items()}
    formula = rules.formula(part)
    if formula is None:
        return {}
    terms = Ratio.of(formula, values, rules).terms
    return {day: (formula.scale * term.top, term.bottom) for day, term in terms.items()}
