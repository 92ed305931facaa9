"""One metric, two periods, compared: what may be printed about the change.

Role: the result's types, which documents and wording read. It decides nothing: `handover.compare.change` does.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from handover.compare.periods import Caveat, whole_months
from handover.compare.rounding import difference
from handover.compare.series import Series
from handover.compare.spread import Spread, Verdict
from handover.model.metrics import MetricDefinition
from handover.model.reporting import Direction, Period


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
    APART = "apart"
    BROKEN = "broken"


class Trend(StrEnum):
    """The direction of the change."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


class Side(NamedTuple):
    """One period's value, exact, and the months it stands on."""

    period: Period
    value: Decimal | None
    """None when there is nothing to print."""
    months: tuple[int, ...] = ()
    """The months counted, ascending; for readings by day, the whole months among them."""
    stands_on: tuple[int, ...] | None = None
    """The months that the value is of, where these aren't all of the period; None where they are."""
    level: Decimal | None = None
    """The monthly level for the chart's period line (mean of months, or the last value); unrounded."""

    @property
    def lacks_months(self) -> bool:
        """Whether the value is of some of the period's months only."""
        return self.stands_on is not None and len(self.stands_on) < len(whole_months(self.period))


class Comparison(NamedTuple):
    """Everything that the report prints about one metric's change."""

    series: Series
    basis: Basis
    decimals: int
    """Those that values and change are printed with (`handover.compare.rounding`)."""
    baseline: Side
    current: Side
    outcome: Outcome
    change: Decimal | None = None
    """Current − baseline, where that may be said; unrounded, as all that follows."""
    percent: Decimal | None = None
    """100 × change ÷ baseline, where that may be said."""
    spread: Spread | None = None
    verdict: Verdict = Verdict.UNKNOWN
    target_met: bool | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def definition(self) -> MetricDefinition:
        """The metric compared."""
        return self.series.definition

    @property
    def difference(self) -> Decimal:
        """The change as it is printed; zero where none may be said."""
        then, now = self.baseline.value, self.current.value
        if self.change is None or then is None or now is None:
            return Decimal(0)
        return difference(self.definition, then, now, self.decimals)

    @property
    def trend(self) -> Trend | None:
        """The direction of the change; None when no change may be said."""
        if self.change is None:
            return None
        return Trend.UP if self.change > 0 else Trend.DOWN if self.change < 0 else Trend.SAME

    @property
    def direction(self) -> Trend | None:
        """The trend as people tell it: who goes from tenth to second place is up."""
        flipped = {Trend.UP: Trend.DOWN, Trend.DOWN: Trend.UP} if self.definition.is_rank else {}
        return None if self.trend is None else flipped.get(self.trend, self.trend)

    @property
    def better(self) -> bool | None:
        """Whether the change is in the good direction; None when neither way is good, nothing changed, or the
        change is within ordinary variation: noise is neither progress nor failure.
        """
        good = self.definition.good
        if self.trend in {None, Trend.SAME} or good is Direction.NEITHER or self.verdict is Verdict.WITHIN:
            return None
        return (self.trend is Trend.UP) is (good is Direction.UP)
