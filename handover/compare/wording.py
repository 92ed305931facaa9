"""A comparison in words: titles, sentences, judgements, intervals and targets.

Role: the sentences are in `templates/<language>/report.toml`; this module chooses among them by facts, so that a title
claims nothing that the figures don't. A sign and a word always stand together: a decline never relies on colour. How
figures are written is `figures`'s, what must be said beside them `caveats`'s.
"""

from dataclasses import dataclass
from decimal import Decimal

from handover.compare.caveats import MAX_RUNS, Caveats
from handover.compare.comparison import Basis, Comparison, Outcome, Side, Trend
from handover.compare.periods import CaveatKind, first_day, last_day, runs, whole_months
from handover.compare.rounding import printed, rounded, target_decimals, visible
from handover.compare.spread import SpreadMethod, Verdict
from handover.model.metrics import MetricDefinition

MULTIPLE_FROM = Decimal(200)
"""Growth above this many percent is told as a multiple."""


MAX_RUNS_IN_TITLE = 2
"""Runs of months that a title names; beyond that it gives their number."""


@dataclass(frozen=True, slots=True)
class Wording(Caveats):
    """Everything that a document says about a comparison, in one language."""

    # Words for a table

    def direction(self, comparison: Comparison) -> str:
        """`up`, `down`, `unchanged`; a dash where no change may be said."""
        return self.words.text("empty") if comparison.trend is None else self.words.text(f"trend.{comparison.trend}")

    def judgement(self, comparison: Comparison) -> str:
        """`better` or `worse`, empty where neither may be said."""
        if comparison.better is None:
            return ""
        return self.words.text("judgement.better" if comparison.better else "judgement.worse")

    def basis(self, comparison: Comparison) -> str:
        """What the values are: `total`, `average per month` …"""
        return self.words.text(f"basis.{comparison.basis}")

    def verdict(self, comparison: Comparison) -> str:
        """`beyond the monthly variation`, `within the monthly variation`; empty where nothing is known of it."""
        if comparison.verdict is Verdict.UNKNOWN or comparison.spread is None:
            return ""
        kind = "sampling" if comparison.spread.method is SpreadMethod.NET_SCORE else "monthly"
        return self.words.text(f"verdict.{kind}-{comparison.verdict}")

    def period(self, side: Side) -> str:
        """Of when a value is: its period, or the months of it that were counted, `Aug – Oct 2026, 3 of 10 months`."""
        return self._period(side, MAX_RUNS)

    def _period(self, side: Side, most: int) -> str:
        words, period = self.words, side.period
        if side.stands_on is None:
            return words.span_short(period.start, period.end)
        want, found = len(whole_months(period)), runs(side.stands_on)
        spans = [words.span_short(first_day(first), last_day(last)) for first, last in found]
        counts = {"have": words.number(len(side.stands_on)), "want": words.number(want)}
        if len(side.stands_on) == want or len(side.months) > len(side.stands_on):
            return words.list(spans)
        if len(found) > most:
            return words.text("sentence.few", **counts)
        return words.text("sentence.part", months=words.list(spans), **counts)

    # Sentences

    def title(self, comparison: Comparison) -> str:
        """What is seen, only when it's true: `Leads doubled`, `Leads: no clear change`; and of which months, if few."""
        said = self._title(comparison)
        gaps = [side for side in (comparison.current, comparison.baseline) if _has_gaps(comparison, side)]
        if comparison.change is None or not gaps:
            return said
        return self.words.text("title.part", title=said, months=self._period(gaps[0], MAX_RUNS_IN_TITLE))

    def _title(self, comparison: Comparison) -> str:
        label = comparison.definition.label
        if comparison.change is None:
            key, months = self._absence(comparison)
            return self.words.text(f"title.{key}", label=label, **months)
        if comparison.trend is Trend.SAME:
            return self.words.text("title.same", label=label)
        if comparison.verdict is Verdict.WITHIN:
            return self.words.text("title.unclear", label=label)
        if _against(comparison):
            # A fall that is good, or a rise that isn't, would read as its opposite by its amount alone.
            then, now = (
                self.value(comparison.definition, side.value, comparison.decimals)
                for side in (comparison.baseline, comparison.current)
            )
            key = "better" if comparison.better else "worse"
            return self.words.text(f"title.{key}", label=label, then=then, now=now)
        if multiple := self._multiple(comparison):
            return multiple
        if comparison.percent is not None and abs(comparison.percent) >= Decimal("0.05"):
            amount = self.percent(comparison.percent, sign=False)
        else:
            amount = self.amount(comparison.definition, comparison.difference, comparison.decimals)
        key = "rose" if comparison.trend is Trend.UP else "fell"
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
        said = words.text(f"sentence.{comparison.trend}", **self._said(comparison))
        # "Up" is plainly good where more is better: only where it isn't does a judgement add anything.
        judged = "better" if comparison.better else "worse"
        ending = words.text(f"sentence.judged-{judged}", said=said) if _against(comparison) else said
        first = words.text("sentence.whole", start=start, ending=ending)
        verdict = self._verdict_sentence(comparison)
        return f"{first} {verdict}" if verdict else first

    def interval(self, comparison: Comparison) -> str:
        """The month-to-month spread and the interval of the change; empty where there is none."""
        spread, definition = comparison.spread, comparison.definition
        if spread is None or not comparison.change:
            return ""
        decimals = _apart(definition, comparison.decimals, spread.low, spread.high)
        bounds = {
            "low": self.bare(definition, spread.low, decimals),
            "high": self.signed(definition, spread.high, decimals),
        }
        if spread.method is SpreadMethod.NET_SCORE:
            counts = [self.words.number(count) for count in spread.counts]
            return self.words.text("interval.net-score", then=counts[0], now=counts[1], **bounds)
        decimals = visible(definition, comparison.decimals, (spread.baseline, spread.current))
        # Half a sentence lies between them: each has its unit.
        sides = {
            name: self.amount(definition, deviation, decimals)
            for name, deviation in (("then", spread.baseline), ("now", spread.current))
        }
        return self.words.text(f"interval.{spread.method}", **sides, **bounds)

    def target(self, comparison: Comparison) -> str:
        """The target and whether it was met; empty without one."""
        definition = comparison.definition
        if definition.target is None:
            return ""
        goal = self.value(definition, definition.target, target_decimals(definition, comparison.decimals))
        met = {None: "plain", True: "met", False: "missed"}[comparison.target_met]
        return self.words.text(f"target.{met}", target=goal)

    # Parts

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
            amount = self.words.text("change.both", absolute=amount, relative=self.percent(comparison.percent))
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
        named = {100: "doubled", 200: "tripled", -50: "halved"}.get(int(rounded(percent, 0) or 0))
        if now == 0:
            return self.words.text("title.zero", label=label)
        if named:
            return self.words.text(f"title.{named}", label=label)
        if percent < MULTIPLE_FROM:
            return ""
        factor = now / then
        decimals = 0 if factor >= 10 else 1
        return self.words.text("title.multiplied", label=label, factor=self.words.number(factor, decimals))


_NO_WHOLE = frozenset(
    [
        CaveatKind.NOTHING_BASELINE,
        CaveatKind.NOTHING_CURRENT,
        CaveatKind.NO_WHOLE_BASELINE,
        CaveatKind.NO_WHOLE_CURRENT,
    ]
)
"""Something was measured, though nothing that a value could be made of."""

_REASONS = frozenset(
    [
        CaveatKind.NOT_BEFORE,
        CaveatKind.NOT_AT_BASELINE,
        CaveatKind.NOT_AFTER,
        CaveatKind.NOT_NOW,
        CaveatKind.NO_WHOLE_BASELINE,
        CaveatKind.NO_WHOLE_CURRENT,
        CaveatKind.NO_VALUES,
        CaveatKind.APART,
        CaveatKind.NOTHING_BASELINE,
        CaveatKind.NOTHING_CURRENT,
        CaveatKind.BREAK,
        CaveatKind.SOURCE_CHANGED,
        CaveatKind.STEP,
    ]
)


def _against(comparison: Comparison) -> bool:
    """Whether the direction isn't the judgement: down and better, or up and worse."""
    return comparison.better is not None and comparison.better is not (comparison.trend is Trend.UP)


def _has_gaps(comparison: Comparison, side: Side) -> bool:
    """Whether months of the period lack in a side's value; that a last value is an earlier one, its caveat says."""
    lacks = side.stands_on is not None and len(side.stands_on) < len(whole_months(side.period))
    return lacks and comparison.basis is not Basis.LAST


def _apart(definition: MetricDefinition, decimals: int, low: Decimal, high: Decimal) -> int:
    """Decimals that keep two bounds from printing as the same figure or as zero, at most three more."""
    enough = visible(definition, decimals, (low, high))
    tried = range(enough, enough + 4)
    return next((d for d in tried if printed(definition, low, d) != printed(definition, high, d)), enough + 3)
