"""One metric, two periods, compared: what may be printed about the change.

Role: the result's types, which documents and wording read. It decides nothing: `handover.compare.change` does.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from handover.compare.periods import Caveat
from handover.compare.series import Series
from handover.compare.spread import Spread, Verdict
from handover.metrics import MetricDefinition
from handover.model import Direction, Period


class Basis(StrEnum):
    """What the printed value of a period is."""

    TOTAL = "total"
    PER_MONTH = "per-month"
    PER_DAY = "per-day"
    MEAN = "mean"
    MEAN_OF_DAYS = "mean-of-days"
    WEIGHTED = "weighted"
    LAST = "last"


class Outcome(StrEnum):
    """What may be said of the change."""

    COMPARED = "compared"
    ABSOLUTE_ONLY = "absolute-only"
    NOT_AT_BASELINE = "not-at-baseline"
    NOT_NOW = "not-now"
    NO_VALUES = "no-values"
    BROKEN = "broken"


class Trend(StrEnum):
    """The direction of the printed change."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Side:
    """One period's value as printed, and the months it stands on."""

    period: Period
    value: Decimal | None
    """Rounded to the comparison's decimals; None when there is nothing to print."""
    months: tuple[int, ...] = ()
    """The months counted, ascending; for readings by day, the whole months among them."""
    level: Decimal | None = None
    """The monthly level for the chart's period line (mean of months, or the last value); unrounded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the report prints about one metric's change."""

    series: Series
    basis: Basis
    decimals: int
    baseline: Side
    current: Side
    outcome: Outcome
    change: Decimal | None = None
    """Printed current − printed baseline, where that may be said."""
    percent: Decimal | None = None
    """100 × change ÷ printed baseline, unrounded, where that may be said."""
    spread: Spread | None = None
    verdict: Verdict = Verdict.UNKNOWN
    target_met: bool | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def definition(self) -> MetricDefinition:
        """The metric compared."""
        return self.series.definition

    @property
    def trend(self) -> Trend | None:
        """The direction of the change; None when no change may be said."""
        if self.change is None:
            return None
        return Trend.UP if self.change > 0 else Trend.DOWN if self.change < 0 else Trend.SAME

    @property
    def better(self) -> bool | None:
        """Whether the change is in the good direction; None when neither way is good, nothing changed, or the
        change is within ordinary variation: noise is neither progress nor failure.
        """
        good = self.definition.good
        if self.trend in {None, Trend.SAME} or good is Direction.NEITHER or self.verdict is Verdict.WITHIN:
            return None
        return (self.trend is Trend.UP) is (good is Direction.UP)
