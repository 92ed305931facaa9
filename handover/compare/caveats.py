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


@dataclass(frozen=True, slots=True)
class Caveats(Figures):
    """Caveats in one language; their figures are written as everywhere else."""

    def caveats(self, comparison: Comparison) -> tuple[str, ...]:
        """Every caveat of one metric as a sentence."""
        return tuple(self.caveat(caveat, comparison) for caveat in comparison.caveats)

    def caveat(self, caveat: Caveat, comparison: Comparison | None = None) -> str:
        """One caveat as a sentence; those of a metric need its comparison for their figures."""
        key, words = f"caveat.{caveat.kind}", self.words
        match caveat.kind:
            case CaveatKind.UNEQUAL_LENGTH | CaveatKind.FEW_ANSWERS:
                then, now = (words.number(count) for count in caveat.counts)
                return words.text(key, then=then, now=now)
            case CaveatKind.CUT_MONTHS | CaveatKind.PARTIAL_MONTHS | CaveatKind.HOLES:
                return words.text(key, months=self.months(caveat.months))
            case CaveatKind.GAPS_BASELINE | CaveatKind.GAPS_CURRENT:
                have, want = (words.number(count) for count in caveat.counts)
                return words.text(key, months=self.months(caveat.months), have=have, want=want)
            case CaveatKind.SPARSE | CaveatKind.MATCHED_DAYS:
                have, want = (words.number(count) for count in caveat.counts)
                return words.text(key, have=have, want=want)
            case CaveatKind.MATCHED:
                return words.plural(key, caveat.counts[0], months=self.months(caveat.months))
            case CaveatKind.LAST_BASELINE | CaveatKind.LAST_CURRENT:
                return words.text(key, month=words.month(first_day(caveat.months[0])))
            case CaveatKind.OUTLIER if comparison is not None:
                return self._outlier(caveat, comparison)
            case CaveatKind.TINY_BASELINE if comparison is not None:
                return words.text(key, value=self.value(comparison.definition, caveat.number, comparison.decimals))
        return self._dated(key, caveat)

    def months(self, months: Sequence[int]) -> str:
        """`May – June 2024 and August 2024`; beyond `MAX_RUNS` runs, their number."""
        found = runs(months)
        if len(found) > MAX_RUNS:
            return self.words.plural("months", len(set(months)))
        return self.words.list([self.words.span(first_day(first), last_day(last)) for first, last in found])

    def _dated(self, key: str, caveat: Caveat) -> str:
        words, day = self.words, caveat.day
        if day is None:
            return words.text(key)
        if caveat.kind is CaveatKind.RUNNING:
            return words.text(key, date=words.date(day), months=self.months(caveat.months))
        # Whatever happened on a first of the month is a month's change in monthly data.
        when = words.month(day) if day.day == 1 else words.date(day)
        if caveat.kind is CaveatKind.SOURCE_CHANGED:
            return words.text(key, date=when, before=caveat.texts[0], after=caveat.texts[1])
        if caveat.kind is CaveatKind.BREAK:
            return words.text(key, date=when, text=caveat.texts[0].rstrip("."))
        return words.text(key, month=words.month(day))

    def _outlier(self, caveat: Caveat, comparison: Comparison) -> str:
        definition = comparison.definition
        given = (number for number in (caveat.number, caveat.change) if number is not None)
        decimals = visible(definition, comparison.decimals, given)
        facts = {
            "month": self.words.month(first_day(caveat.months[0])),
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
