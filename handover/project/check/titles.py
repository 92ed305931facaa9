"""What a figure's own title claims, held against its values: a direction, a multiple, a number; what its label says.

Role: looks for the words of `templates/<language>/report.toml`, `claims`, and for figures in digits; what it doesn't
know it lets pass, for it understands no sentence. The comparison itself is `handover.compare`'s.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from handover.compare.change import compare_all
from handover.compare.comparison import Comparison, Trend
from handover.compare.rounding import rounded
from handover.compare.series import build_series
from handover.compare.spread import Verdict
from handover.compare.wording import Wording
from handover.languages.tone import denied
from handover.languages.words import Words
from handover.model.errors import Finding, Severity
from handover.model.message import msg
from handover.model.metrics import define, resolve
from handover.model.reporting import Unit
from handover.model.rows import MetricRow
from handover.model.settings import Settings
from handover.project.check.settings import View

_MULTIPLES = {"doubled": Decimal(2), "tripled": Decimal(3), "halved": Decimal("0.5")}
_NEAR, _LOOSE, _OVER = Decimal("0.025"), Decimal("0.15"), Decimal("0.5")
"""How far from it, as a share, what is called a multiple may be: as it stands, after "nearly", after "more than"."""

_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f ]*\d)?")
_HINT = msg("write what the values show, or leave the title out: the report then makes one from them")


def check_titles(
    settings: Settings, rows: Sequence[MetricRow], view: View, words: Words, today: dt.date | None
) -> Iterator[Finding]:
    """An error for each title that the values contradict; `words` hold `report.toml` and `metrics.toml`."""
    if not any(metric.title for metric in settings.metrics.values()):
        return
    wording, claims = Wording(words), Claims(words)
    shown = resolve(settings, rows, {})
    given = dict.fromkeys((*settings.metrics, *(row.metric for row in rows)))
    series = build_series(shown, rows, (define(name, settings, {}) for name in given), today=today)
    for comparison in compare_all(series, settings.spans):
        name, title = comparison.definition.id, comparison.definition.title
        if title and (why := claims.wrong(title, comparison, wording)):
            place = view.key_place("metrics", name, "title")
            yield Finding(place, "metric.title", why, _HINT, Severity.ERROR)


def check_labels(settings: Settings, view: View, words: Words) -> Iterator[Finding]:
    """A warning for each percentage whose label doesn't say that it is one: customers don't rise by points."""
    shares = denied(words.lines("claims.share"))
    for name, metric in settings.metrics.items():
        label = metric.label
        if not label or define(name, settings, {}).unit is not Unit.PERCENT or "%" in label or shares.search(label):
            continue
        said = msg("“{label}” doesn't say that it is a share, and it would rise or fall by points", label=label)
        hint = msg("say what it is a share of (“Share of customers who order again”), or name the rate")
        yield Finding(view.key_place("metrics", name, "label"), "metric.label", said, hint, Severity.WARNING)


class Claims:
    """The words of one language that claim something."""

    def __init__(self, words: Words) -> None:
        self.words = words
        kinds = ("up", "down", "same", "nearly", "over", *_MULTIPLES)
        self.phrases = {kind: denied(words.lines(f"claims.{kind}")) for kind in kinds}
        self.mark = words.number(Decimal("0.5"), 1)[1]

    def wrong(self, title: str, comparison: Comparison, wording: Wording) -> str:
        """What the title claims that isn't so; empty where nothing is known to be wrong."""
        # where no change can be computed, a dash would explain nothing
        change = (wording.sentence if comparison.change is None else wording.change)(comparison)
        if not self._way_is_right(title, comparison):
            return msg("“{title}” isn't what the values show: {change}", title=title, change=change)
        for kind, factor in _MULTIPLES.items():
            if self._says(kind, title) and not self._is_multiple(title, comparison, factor):
                return msg("“{title}” is more than the values show: {change}", title=title, change=change)
        sides = (comparison.baseline.value, comparison.current.value)
        every = (*sides, comparison.change, comparison.percent, comparison.definition.target)
        found = [abs(value) for value in every if value is not None]
        then, now = sides
        known = [*found, now / then] if then and now is not None else found
        for number in self._numbers(title):
            exponent = number.as_tuple().exponent
            decimals = -exponent if isinstance(exponent, int) else 0
            if not (1990 <= number <= 2100 and not decimals) and number not in {rounded(x, decimals) for x in known}:
                said = wording.sentence(comparison)
                return msg(
                    "{number} in “{title}” is none of these figures: {said}", number=number, title=title, said=said
                )
        return ""

    def _says(self, kind: str, title: str) -> bool:
        return self.phrases[kind].search(title) is not None

    def _way_is_right(self, title: str, comparison: Comparison) -> bool:
        """Whether one of the directions claimed is the change's; chance is no direction."""
        claimed = {way for kind, way in _WAYS.items() if self._says(kind, title)}
        clear = None if comparison.verdict is Verdict.WITHIN else comparison.direction
        steady = comparison.trend is Trend.SAME or comparison.verdict is Verdict.WITHIN
        return not claimed or clear in claimed or (Trend.SAME in claimed and steady)

    def _is_multiple(self, title: str, comparison: Comparison, factor: Decimal) -> bool:
        then, now = comparison.baseline.value, comparison.current.value
        if comparison.change is None or not then or now is None:
            return False
        beyond = now / then / factor - 1
        if self._says("over", title):
            return 0 < (beyond if factor > 1 else -beyond) < _OVER
        return abs(beyond) <= (_LOOSE if self._says("nearly", title) else _NEAR)

    def _numbers(self, title: str) -> Iterator[Decimal]:
        for found in _NUMBER.findall(title):
            plain = re.sub(rf"[^\d{re.escape(self.mark)}]", "", found).replace(self.mark, ".")
            try:
                yield Decimal(plain)
            except InvalidOperation:
                continue  # a date, a version: no figure


_WAYS = {
    "up": Trend.UP, "doubled": Trend.UP, "tripled": Trend.UP, "down": Trend.DOWN, "halved": Trend.DOWN,
    "same": Trend.SAME,
}  # fmt: skip
