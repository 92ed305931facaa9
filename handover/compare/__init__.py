"""Then and now: what changed between two periods, said only where the data allow it.

Role: pure functions from metric definitions, rows and periods to comparisons with their caveats (`change`), and
from those to sentences in the client's language (`wording`). It reads no file and draws nothing.
"""

from handover.compare.change import compare, compare_all
from handover.compare.comparison import Basis, Comparison, Outcome, Side, Trend
from handover.compare.periods import Caveat, CaveatKind, PeriodProblem, period_caveats, period_problems
from handover.compare.series import Reading, Series, build_series
from handover.compare.spread import Spread, SpreadMethod, Verdict

__all__ = [
    "Basis",
    "Caveat",
    "CaveatKind",
    "Comparison",
    "Outcome",
    "PeriodProblem",
    "Reading",
    "Series",
    "Side",
    "Spread",
    "SpreadMethod",
    "Trend",
    "Verdict",
    "build_series",
    "compare",
    "compare_all",
    "period_caveats",
    "period_problems",
]
