"""The method section of the report: how figures were compared, how sure each change is, and what was left out.

Role: the only place of a report that speaks of statistics; what it says follows from the comparisons. It compares
nothing.
"""

from dataclasses import dataclass

from handover.compare.comparison import Basis, Comparison
from handover.compare.periods import CaveatKind, days
from handover.compare.spread import SpreadMethod
from handover.documents.figures import Analysis
from handover.languages.words import Words
from handover.model.message import msg
from handover.model.project import Project
from handover.model.reporting import Direction, Unit
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """A metric that isn't shown, and why."""

    label: str
    """Its name."""
    reason: str
    """The reason given."""


@dataclass(frozen=True, slots=True)
class SureView:
    """How sure one change is."""

    label: str
    """The metric's name."""
    then: str
    """The standard deviation of the baseline period's months; a dash where there is none."""
    now: str
    """That of the current period's months."""
    between: str
    """The 95 % interval of the change."""


@dataclass(frozen=True, slots=True)
class OriginView:
    """Where a metric's values come from."""

    label: str
    """Its name."""
    origin: str
    """The source, how it is computed, and when it was taken, as far as that is known."""


@dataclass(frozen=True, slots=True)
class Method:
    """How the figures were compared."""

    paragraphs: tuple[str, ...]
    """How values and changes were made, a paragraph each."""
    sure: tuple[SureView, ...]
    """How sure each change is, where that can be said."""
    tests: tuple[str, ...]
    """How that was judged, method by method, with its source."""
    origins: tuple[OriginView, ...]
    """Where the values come from."""
    left_out: tuple[LeftOutView, ...]
    """Metrics left out at somebody's wish."""


REQUIRED = (
    Required(msg("how the figures were compared"), ("method.paragraphs[]",), always=False),
    Required(msg("which metrics were left out, and why"), ("method.left_out[].reason",), always=False),
)


def method_of(project: Project, analysis: Analysis) -> Method | None:
    """The method section; None where there is neither a figure nor one left out."""
    wording, comparisons = analysis.wording, analysis.comparisons
    words = wording.words
    origins = ((c.definition.label, _origin(c, words)) for c in comparisons)
    settings = project.settings
    found = Method(
        paragraphs=_paragraphs(project, analysis) if comparisons else (),
        sure=tuple(
            SureView(c.definition.label, *wording.deviations(c), between)
            for c in comparisons
            if (between := wording.interval(c))
        ),
        tests=_tests(analysis),
        origins=tuple(OriginView(label, origin) for label, origin in origins if origin),
        left_out=tuple(
            LeftOutView(
                getattr(settings.metrics.get(item.metric), "label", None)
                or (words.text(f"label.{item.metric}") if words.has(f"label.{item.metric}") else item.metric),
                item.reason,
            )
            for item in settings.report.left_out
        ),
    )
    return found if comparisons or found.left_out else None


def _paragraphs(project: Project, analysis: Analysis) -> tuple[str, ...]:
    """How figures were compared; only what this report needs."""
    words, comparisons = analysis.wording.words, analysis.comparisons
    periods = project.settings.spans
    spans = {
        "baseline": words.span(periods.baseline.start, periods.baseline.end),
        "baseline_days": words.number(days(periods.baseline)),
        "current": words.span(periods.current.start, periods.current.end),
        "current_days": words.number(days(periods.current)),
    }
    said = [words.text("method.periods", **spans)]
    standing = [c for c in comparisons if c.baseline.value is not None or c.current.value is not None]
    used = [basis for basis in Basis if any(c.basis is basis for c in standing)]
    said += [words.text(f"method.basis-{basis}") for basis in used]
    kinds = {caveat.kind for comparison in comparisons for caveat in comparison.caveats}
    applies = {
        "matched": CaveatKind.MATCHED in kinds,
        "rounding": True,
        "points": any(comparison.definition.unit is Unit.PERCENT for comparison in comparisons),
        "percent": bool(kinds & {CaveatKind.ZERO_BASELINE, CaveatKind.TINY_BASELINE, CaveatKind.SIGN}),
        "neither": any(comparison.definition.good is Direction.NEITHER for comparison in comparisons),
    }
    return (*said, *(words.text(f"method.{name}") for name, so in applies.items() if so))


def _tests(analysis: Analysis) -> tuple[str, ...]:
    words = analysis.wording.words
    used = {comparison.spread.method for comparison in analysis.comparisons if comparison.spread}
    found = [words.text(f"spread.{method}") for method in SpreadMethod if method in used]
    if used - {SpreadMethod.NET_SCORE}:
        found.append(words.text("spread.independence"))
    kinds = {caveat.kind for comparison in analysis.comparisons for caveat in comparison.caveats}
    if CaveatKind.OUTLIER in kinds:
        found.append(words.text("spread.outlier"))
    return tuple(found)


def _origin(comparison: Comparison, words: Words) -> str:
    series = comparison.series
    parts = [*series.sources]
    if series.derived and comparison.definition.formula:
        parts.append(words.text(f"formula.{comparison.definition.id}"))
    if parts and series.exported_on:
        parts.append(words.text("exported", date=words.date(series.exported_on)))
    return words.parts([part.rstrip(". ") for part in parts]) if parts else ""
