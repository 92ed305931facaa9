"""A comparison in words: titles, sentences, judgements, intervals and targets.

Role: the sentences are in `templates/<language>/report.toml`; this module chooses among them by facts, so that a title
claims nothing that the figures don't. A sign and a word always stand together: a decline never relies on colour. How
figures are written is `figures`'s, what must be said beside them `caveats`'s.
"""

from dataclasses import dataclass
from decimal import Decimal

from handover.compare.caveats import MAX_RUNS, Caveats
from handover.compare.comparison import Basis, Comparison, Outcome, Side, Trend
from handover.compare.periods import MONTHS_A_YEAR, CaveatKind, first_day, last_day, runs, whole_months
from handover.compare.rounding import (
    NAMED,
    RELATIVE_UNITS,
    percent_decimals,
    printed,
    rounded,
    target_decimals,
    visible,
)
from handover.compare.spread import SpreadMethod, Verdict
from handover.model.reporting import Combine, Unit

MULTIPLE_FROM = Decimal(200)
"""Growth above this many percent is told as a multiple."""


@dataclass(frozen=True, slots=True)
class Wording(Caveats):
    """Everything that a document says about a comparison, in one language."""

    # Words for a table

    def direction(self, comparison: Comparison) -> str:
        """`up`, `down`, `unchanged`; a dash where no change may be said."""
        return (
            self.words.text("empty") if comparison.trend is None else self.words.text(f"trend.{comparison.direction}")
        )

    def judgement(self, comparison: Comparison) -> str:
        """`better` or `worse`, empty where neither may be said."""
        if comparison.better is None:
            return ""
        return self.words.text("judgement.better" if comparison.better else "judgement.worse")

    def basis(self, comparison: Comparison) -> str:
        """What the values are: `total`, `average per month` …"""
        return self.words.text(f"basis.{comparison.basis}")

    def verdict(self, comparison: Comparison) -> str:
        """`clear change`, `no clear change`; empty where nothing is known of it."""
        unknown = comparison.verdict is Verdict.UNKNOWN or comparison.spread is None
        return "" if unknown else self.words.text(f"verdict.{comparison.verdict}")

    def period(self, side: Side) -> str:
        """Of when a value is: its period, or the months of it that were counted, `Aug – Oct 2026, 3 of 10 months`."""
        words, period = self.words, side.period
        if side.stands_on is None:
            return words.span_short(period.start, period.end)
        want, found = len(whole_months(period)), runs(side.stands_on)
        spans = [words.span_short(first_day(first), last_day(last)) for first, last in found]
        counts = self._counts(side)
        if len(side.stands_on) == want or len(side.months) > len(side.stands_on):
            return words.list(spans)
        if len(found) > MAX_RUNS:
            return words.text("sentence.few", **counts)
        return words.text("sentence.part", months=words.list(spans), **counts)

    def short_period(self, side: Side) -> str:
        """Of when a value is, with its months where some lack: by name where they follow each other, else how many."""
        span = self.words.span_short(side.period.start, side.period.end)
        if side.stands_on is None or not side.lacks_months:
            return span
        if len(runs(side.stands_on)) == 1:
            return self.period(side)
        return self.words.text("sentence.part", months=span, **self._counts(side))

    def _counts(self, side: Side) -> dict[str, str]:
        """How many months a value is of, and how many its period has."""
        have, want = side.stands_on or (), whole_months(side.period)
        return {"have": self.words.number(len(have)), "want": self.words.number(len(want))}

    # Sentences

    def title(self, comparison: Comparison, *, judged: bool = True) -> str:
        """What is seen, only when it's true: `Leads doubled`, `Leads: no clear change`; the agency's words first.

        Of a change over some of the months, these are named, or counted where they don't follow each other. `judged`
        says whether an amount that reads as its opposite is followed by "better" or "worse".
        """
        own, months = comparison.definition.title, self.months_of_change(comparison)
        said = own or self._seen(comparison)
        verdict = ""
        # A fall that is good, or a rise that isn't, would read as its opposite by its amount alone.
        if judged and not own and against(comparison) and comparison.verdict is not Verdict.WITHIN:
            verdict = "better" if comparison.better else "worse"
        keys = [key for key in (verdict, "part" if months else "") if key]
        values = {"said": said} | ({"months": months} if months else {})
        return self.words.text(f"title.{'-'.join(keys)}", **values) if keys else said

    def months_of_change(self, comparison: Comparison) -> str:
        """The months that a change is of, where some of a period lack; else empty."""
        then, now = comparison.baseline, comparison.current
        if comparison.change is None or not (then.lacks_months or now.lacks_months):
            return ""
        if comparison.basis is Basis.LAST:
            last = (self.words.month_short(first_day(side.months[-1])) for side in (then, now))
            return self.words.text("title.last", **dict(zip(("then", "now"), last, strict=True)))
        calendar = [{month % MONTHS_A_YEAR for month in side.months} for side in (then, now)]
        if calendar[0] == calendar[1]:
            if now.stands_on is None or len(runs(now.stands_on)) == 1 or len(now.months) > len(now.stands_on):
                return self.period(now)
            return self.words.text("sentence.few", **self._counts(now))
        return self.words.text("title.apart", then=self.period(then), now=self.period(now))

    def _seen(self, comparison: Comparison) -> str:
        label = comparison.definition.label
        if comparison.change is None:
            key, months = self._absence(comparison)
            return self.words.text(f"title.{key}", label=label, **months)
        if comparison.trend is Trend.SAME:
            return self.words.text("title.same", label=label)
        if comparison.verdict is Verdict.WITHIN:
            return self.words.text("title.unclear", label=label)
        if multiple := self._multiple(comparison):
            return multiple
        up = comparison.direction is Trend.UP
        if comparison.percent is not None and abs(comparison.percent) >= Decimal("0.05"):
            amount = self.percent(comparison.percent, sign=False)
            return self.words.text("title.rose" if up else "title.fell", label=label, amount=amount)
        amount = self.amount(comparison.definition, comparison.difference, comparison.decimals)
        points = comparison.definition.unit in {Unit.PERCENT, Unit.SCORE, Unit.RANK}
        key = _way(comparison) if points else ("rose" if up else "fell")
        return self.words.text(f"title.{key}", label=label, amount=amount)

    def sentence(self, comparison: Comparison) -> str:
        """Both values with their periods and the change, in one sentence or two."""
        words, definition = self.words, comparison.definition
        both = (comparison.baseline, comparison.current)
        earlier = comparison.basis is Basis.LAST and any(side.stands_on for side in both)
        sides = {
            name: words.text(
                "sentence.side",
                value=self.value(definition, side.value, comparison.decimals),
                period=words.month_short(first_day(side.months[-1])) if earlier and side.months else self.period(side),
            )
            for name, side in (("then", comparison.baseline), ("now", comparison.current))
        }
        if comparison.change is None:
            return self._unchangeable(comparison, sides)
        start = words.text("sentence.last-measured" if earlier else f"sentence.{comparison.basis}", **sides)
        said = words.text(f"sentence.{_way(comparison)}", **self._said(comparison))
        # "Up" is plainly good where more is better: only where it isn't does a judgement add anything.
        judged = "better" if comparison.better else "worse"
        ending = words.text(f"sentence.judged-{judged}", said=said) if against(comparison) else said
        first = words.text("sentence.whole", start=start, ending=ending)
        verdict = self._verdict_sentence(comparison)
        return f"{first} {verdict}" if verdict else first

    def interval(self, comparison: Comparison) -> str:
        """The 95 % interval of the change, `+£5,669 to +£8,415 a month` of a total; empty where there is none."""
        spread, definition = comparison.spread, comparison.definition
        if spread is None or not comparison.change:
            return ""
        enough = visible(definition, comparison.decimals, (spread.low, spread.high))
        tried = range(enough, enough + 4)
        decimals = next(
            (d for d in tried if printed(definition, spread.low, d) != printed(definition, spread.high, d)), enough + 3
        )
        low, high = (spread.high, spread.low) if definition.is_rank else (spread.low, spread.high)
        said = {"low": self.bare(definition, low, decimals), "high": self.signed(definition, high, decimals)}
        by_month = definition.combine is Combine.SUM and spread.method is not SpreadMethod.NET_SCORE
        return self.words.text("interval.month" if by_month else "interval.between", **said)

    def deviations(self, comparison: Comparison) -> tuple[str, str]:
        """What each period's months vary by (standard deviation), then and now; dashes where nothing is known of it."""
        spread, empty = comparison.spread, self.words.text("empty")
        if spread is None or spread.method is SpreadMethod.NET_SCORE:
            return empty, empty
        decimals = visible(comparison.definition, comparison.decimals, (spread.baseline, spread.current))
        then, now = (self.amount(comparison.definition, x, decimals) for x in (spread.baseline, spread.current))
        return then, now

    def target(self, comparison: Comparison) -> str:
        """The target and whether it was met, or by how much it was missed; empty without one."""
        definition = comparison.definition
        if definition.target is None:
            return ""
        goal = self.value(definition, definition.target, target_decimals(definition, comparison.decimals))
        if comparison.target_met is False:
            return self.words.text("target.missed", target=goal, gap=self._gap(comparison, definition.target))
        return self.words.text("target.met" if comparison.target_met else "target.plain", target=goal)

    # Parts

    def _gap(self, comparison: Comparison, target: Decimal) -> str:
        """What the current value lacks of its target, as printed: a share of it, or its points and places."""
        definition, now = comparison.definition, comparison.current.value or Decimal(0)
        gap = printed(definition, now, comparison.decimals) - target or now - target
        if definition.unit in RELATIVE_UNITS and target > 0:
            return self.percent(gap / target * 100, sign=False)
        decimals = max(comparison.decimals, target_decimals(definition, comparison.decimals))
        return self.amount(definition, gap, visible(definition, decimals, (gap,)))

    def _absence(self, comparison: Comparison) -> tuple[str, dict[str, str]]:
        for caveat in comparison.caveats:
            if caveat.kind in {CaveatKind.NOT_BEFORE, CaveatKind.NOT_AFTER} and caveat.day:
                return str(caveat.kind), {"month": self.words.month(caveat.day)}
        if any(caveat.kind in _NO_WHOLE for caveat in comparison.caveats):
            return "no-comparison", {}
        keys = {Outcome.BROKEN: "broken", Outcome.NO_VALUES: "no-values"}
        return keys.get(comparison.outcome, "no-comparison"), {}

    def _unchangeable(self, comparison: Comparison, sides: dict[str, str]) -> str:
        """Where no change may be said: the value that is known, then why there is no comparison."""
        known = {
            Outcome.NOT_AT_BASELINE: comparison.current,
            Outcome.NOT_NOW: comparison.baseline,
        }.get(comparison.outcome)
        reasons = [self.caveat(c, comparison) for c in comparison.caveats if c.kind in _REASONS]
        parts: list[str] = []
        if known is not None and known.value is not None:
            side = sides["now" if known is comparison.current else "then"]
            parts.append(self.words.text(f"alone.{comparison.basis}", side=side))
        elif (
            comparison.outcome in {Outcome.BROKEN, Outcome.APART}
            and comparison.baseline.value is not None is not comparison.current.value
        ):
            parts.append(self.words.text(f"alone.both-{comparison.basis}", **sides))
        return " ".join([*parts, *reasons])

    def _said(self, comparison: Comparison) -> dict[str, str]:
        if comparison.trend is Trend.SAME or comparison.change is None:
            return {}
        amount = self.amount(comparison.definition, comparison.difference, comparison.decimals)
        if comparison.percent is not None:
            relative = self.percent(comparison.percent, beside=True)
            amount = self.words.text("change.both", absolute=amount, relative=relative)
        return {"amount": amount}

    def _verdict_sentence(self, comparison: Comparison) -> str:
        if comparison.verdict is Verdict.UNKNOWN or comparison.spread is None:
            return ""
        kind = "sampling" if comparison.spread.method is SpreadMethod.NET_SCORE else "monthly"
        return self.words.text(f"sentence.{kind}-{comparison.verdict}")

    def _multiple(self, comparison: Comparison) -> str:
        percent, then, now = comparison.percent, comparison.baseline.value, comparison.current.value
        if percent is None or not then or now is None:
            return ""
        label = comparison.definition.label
        if now == 0:
            return self.words.text("title.zero", label=label)
        if percent_decimals(percent):
            return ""
        if named := NAMED.get(int(rounded(percent, 0) or 0)):
            return self.words.text(f"title.{named}", label=label)
        if percent < MULTIPLE_FROM:
            return ""
        factor = now / then
        decimals = 0 if factor >= 10 else 1
        return self.words.text("title.multiplied", label=label, factor=self.words.number(factor, decimals))


_NO_WHOLE = frozenset(
    {CaveatKind.NOTHING_BASELINE, CaveatKind.NOTHING_CURRENT, CaveatKind.NO_WHOLE_BASELINE,
     CaveatKind.NO_WHOLE_CURRENT}
)  # fmt: skip
"""Something was measured, though nothing that a value could be made of."""

_REASONS = _NO_WHOLE | {
    CaveatKind.NOT_BEFORE, CaveatKind.NOT_AT_BASELINE, CaveatKind.NOT_AFTER, CaveatKind.NOT_NOW, CaveatKind.NO_VALUES,
    CaveatKind.APART, CaveatKind.BREAK, CaveatKind.SOURCE_CHANGED, CaveatKind.STEP,
}  # fmt: skip


def against(comparison: Comparison) -> bool:
    """Whether the direction isn't the judgement: down and better, or up and worse."""
    return comparison.better is not None and comparison.better is not (comparison.direction is Trend.UP)


def _way(comparison: Comparison) -> str:
    """`up`, `down` or `same`; places are `gained` or `lost`."""
    ranked = {Trend.UP: "gained", Trend.DOWN: "lost"} if comparison.definition.is_rank else {}
    return ranked.get(comparison.direction or Trend.SAME, str(comparison.direction))
