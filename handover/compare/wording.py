"""A comparison in words: values with their units, changes with their signs, titles, sentences and caveats.

Role: the only place that turns figures of a comparison into text, for every document that prints one. The
sentences are in `templates/<language>/report.toml`; this module chooses among them by facts, so that a title
claims nothing that the figures don't. A sign and a word always stand together: a decline never relies on colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handover.compare.change import Comparison, Outcome, Trend, rounded
from handover.compare.periods import Caveat, CaveatKind, first_day, last_day, runs
from handover.compare.spread import SpreadMethod, Verdict
from handover.i18n import MINUS, Words
from handover.metrics import MetricDefinition
from handover.model import Unit

MAX_RUNS = 4
"""Runs of months that a caveat names; beyond that it gives their number."""

MULTIPLE_FROM = Decimal(200)
"""Growth above this many percent is told as a multiple."""

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases in one language; `words` must hold `report.toml`."""

    words: Words

    # Figures

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

    # Sentences

    def title(self, comparison: Comparison) -> str:
        """What is seen, only when it's true: `Leads doubled`, `Leads: no clear change`."""
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
            amount = self.amount(comparison.definition, comparison.change, comparison.decimals)
        key = "rose" if comparison.trend is Trend.UP else "fell"
        return self.words.text(f"title.{key}", label=label, amount=amount)

    def sentence(self, comparison: Comparison) -> str:
        """Both values with their periods and the change, in one sentence or two."""
        words, definition = self.words, comparison.definition
        sides = {
            name: words.text(
                "sentence.side",
                value=self.value(definition, side.value, comparison.decimals),
                period=words.span_short(side.period.start, side.period.end),
            )
            for name, side in (("then", comparison.baseline), ("now", comparison.current))
        }
        if comparison.change is None:
            return self._unchangeable(comparison, sides)
        start = words.text(f"sentence.{comparison.basis}", **sides)
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
        decimals = _visible(comparison.decimals, spread.low, spread.high)
        bounds = {
            "low": self._bare(definition, spread.low, decimals),
            "high": self.signed(definition, spread.high, decimals),
        }
        if spread.method is SpreadMethod.NET_SCORE:
            counts = [self.words.number(count) for count in spread.counts]
            return self.words.text("interval.net-score", then=counts[0], now=counts[1], **bounds)
        decimals = _visible(comparison.decimals, spread.baseline, spread.current)
        then = self._bare(definition, spread.baseline, decimals).lstrip("+")
        now = self.amount(definition, spread.current, decimals)
        return self.words.text(f"interval.{spread.method}", then=then, now=now, **bounds)

    def target(self, comparison: Comparison) -> str:
        """The target and whether it was met; empty without one."""
        definition = comparison.definition
        if definition.target is None:
            return ""
        goal = self.value(definition, definition.target, comparison.decimals)
        met = {None: "plain", True: "met", False: "missed"}[comparison.target_met]
        return self.words.text(f"target.{met}", target=goal)

    def caveats(self, comparison: Comparison) -> tuple[str, ...]:
        """Every caveat of one metric as a sentence."""
        return tuple(self.caveat(caveat, comparison) for caveat in comparison.caveats)

    def caveat(self, caveat: Caveat, comparison: Comparison | None = None) -> str:
        """One caveat as a sentence; those of a metric need its comparison for their figures."""
        key, words = f"caveat.{caveat.kind}", self.words
        match caveat.kind:
            case CaveatKind.UNEQUAL_LENGTH:
                then, now = (words.number(count) for count in caveat.counts)
                return words.text(key, then=then, now=now)
            case CaveatKind.CUT_MONTHS | CaveatKind.PARTIAL_MONTHS:
                return words.text(key, months=self.months(caveat.months))
            case CaveatKind.GAPS_BASELINE | CaveatKind.GAPS_CURRENT:
                have, want = (words.number(count) for count in caveat.counts)
                return words.text(key, months=self.months(caveat.months), have=have, want=want)
            case CaveatKind.SPARSE:
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

    # Parts

    def _dated(self, key: str, caveat: Caveat) -> str:
        words, day = self.words, caveat.day
        if day is None:
            return words.text(key)
        # Whatever happened on a first of the month is a month's change in monthly data.
        when = words.month(day) if day.day == 1 else words.date(day)
        if caveat.kind is CaveatKind.SOURCE_CHANGED:
            return words.text(key, date=when, before=caveat.texts[0], after=caveat.texts[1])
        if caveat.kind is CaveatKind.BREAK:
            return words.text(key, date=when, text=caveat.texts[0].rstrip("."))
        return words.text(key, month=words.month(day))

    def _outlier(self, caveat: Caveat, comparison: Comparison) -> str:
        definition, decimals = comparison.definition, comparison.decimals
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

    def _absence(self, comparison: Comparison) -> tuple[str, dict[str, str]]:
        for caveat in comparison.caveats:
            if caveat.kind in {CaveatKind.NOT_BEFORE, CaveatKind.NOT_AFTER} and caveat.day:
                return str(caveat.kind), {"month": self.words.month(caveat.day)}
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
            comparison.outcome is Outcome.BROKEN
            and comparison.baseline.value is not None is not comparison.current.value
        ):
            parts.append(self.words.text(f"alone.both-{comparison.basis}", **sides))
        return " ".join([*parts, *reasons])

    def _said(self, comparison: Comparison) -> dict[str, str]:
        if comparison.trend is Trend.SAME or comparison.change is None:
            return {}
        amount = self.amount(comparison.definition, comparison.change, comparison.decimals)
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

    def _bare(self, definition: MetricDefinition, x: Decimal, decimals: int) -> str:
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


_REASONS = frozenset(
    [
        CaveatKind.NOT_BEFORE,
        CaveatKind.NOT_AT_BASELINE,
        CaveatKind.NOT_AFTER,
        CaveatKind.NO_VALUES,
        CaveatKind.BREAK,
        CaveatKind.SOURCE_CHANGED,
    ]
)


def _against(comparison: Comparison) -> bool:
    """Whether the direction isn't the judgement: down and better, or up and worse."""
    return comparison.better is not None and comparison.better is not (comparison.trend is Trend.UP)


def _visible(decimals: int, *values: Decimal) -> int:
    """Decimals that keep a value that isn't zero from printing as zero, at most three more."""
    for more in range(3):
        if all(not value or rounded(value, decimals + more) for value in values):
            return decimals + more
    return decimals + 3
