"""Caveats in words: why a figure must be read with care, each as one sentence.

Role: picks the sentence of a caveat in `templates/<language>/report.toml` and gives it its facts. It decides on none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handover.compare.comparison import Comparison
from handover.compare.figures import Figures
from handover.compare.periods import Caveat, CaveatKind, first_day, last_day, runs
from handover.compare.rounding import visible

MAX_RUNS = 4
"""Runs of months that a caveat names; beyond that it gives their number."""


_COUNTED = dict.fromkeys((CaveatKind.UNEQUAL_LENGTH, CaveatKind.FEW_ANSWERS), ("then", "now"))
_QUOTED = {CaveatKind.SOURCE_CHANGED: ("before", "after"), CaveatKind.BREAK: ("text",)}
_DATED = frozenset({CaveatKind.RUNNING, CaveatKind.SOURCE_CHANGED, CaveatKind.BREAK})
"""What sentences call the two counts and the texts of their caveats, and which say a date rather than a month."""


@dataclass(frozen=True, slots=True)
class Caveats(Figures):
    """Caveats in one language; their figures are written as everywhere else."""

    def caveats(self, comparison: Comparison) -> tuple[str, ...]:
        """Every caveat of one metric as a sentence."""
        return tuple(self.caveat(caveat, comparison) for caveat in comparison.caveats)

    def caveat(self, caveat: Caveat, comparison: Comparison | None = None) -> str:
        """One caveat as a sentence; those of a metric need its comparison for their figures."""
        key, words, kind = f"caveat.{caveat.kind}", self.words, caveat.kind
        if kind is CaveatKind.OUTLIER and comparison is not None:
            return self._outlier(caveat, comparison)
        facts = dict(zip(_COUNTED.get(kind, ("have", "want")), map(words.number, caveat.counts), strict=False))
        facts |= dict(zip(_QUOTED.get(kind, ()), caveat.texts, strict=False))
        if caveat.months:
            last = kind in {CaveatKind.LAST_BASELINE, CaveatKind.LAST_CURRENT}
            facts |= {"month": self._month(caveat)} if last else {"months": self.months(caveat.months)}
        if caveat.day is not None:
            # Whatever happened on a first of the month is a month's change in monthly data.
            by_month = kind not in _DATED or (caveat.day.day == 1 and kind is not CaveatKind.RUNNING)
            when = words.month(caveat.day) if by_month else words.date(caveat.day)
            facts["date" if kind in _DATED else "month"] = when
        if kind is CaveatKind.TINY_BASELINE and comparison is not None:
            facts["value"] = self.value(comparison.definition, caveat.number, comparison.decimals)
        if kind is CaveatKind.BREAK:
            facts["text"] = facts["text"].rstrip(".")
        return words.text(key, **facts)

    def months(self, months: Sequence[int]) -> str:
        """`May – June 2024 and August 2024`; beyond `MAX_RUNS` runs, their number."""
        found = runs(months)
        if len(found) > MAX_RUNS:
            return self.words.plural("months", len(set(months)))
        return self.words.list([self.words.span(first_day(first), last_day(last)) for first, last in found])

    def _month(self, caveat: Caveat) -> str:
        return self.words.month(first_day(caveat.months[0]))

    def _outlier(self, caveat: Caveat, comparison: Comparison) -> str:
        definition = comparison.definition
        given = (number for number in (caveat.number, caveat.change) if number is not None)
        decimals = visible(definition, comparison.decimals, given)
        facts = {
            "month": self._month(caveat),
            "value": self.value(definition, caveat.number, decimals),
        }
        if caveat.change is None:
            return self.words.text("caveat.outlier-plain", **facts)
        if caveat.change == 0:
            return self.words.text("caveat.outlier-none", **facts)
        without = (
            self.signed(definition, caveat.change, decimals) if caveat.percent is None else self.percent(caveat.percent)
        )
        return self.words.text("caveat.outlier", change=without, **facts)
