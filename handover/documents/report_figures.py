"""The report's figures as its template sees them, each with its chart, its lines and its place beside the others.

Role: `drawings` makes a view of every metric and the drawings that it names, in the sizes that the template has. What
is compared, and in which words, comes from `figures`; on which page a figure stands is `report`'s business.
"""

from dataclasses import dataclass
from typing import NamedTuple

from handover.compare.comparison import Comparison
from handover.compare.periods import CaveatKind, first_day, month_of
from handover.compare.spread import Verdict
from handover.compare.wording import Wording, against
from handover.documents import figures
from handover.documents.base import RenderInput
from handover.documents.figures import Analysis, value_of
from handover.formats.chart.drawingml import chart_part
from handover.formats.chart.model import Chart, Kind, Look
from handover.formats.chart.place import Placed
from handover.formats.chart.shapes import dumbbell, sparkline
from handover.formats.chart.timeline import timeline_part
from handover.formats.palette import palette
from handover.templating.kinds import ChartName

_LARGE, _SMALL, _SMALL_OF_FEW = (160.0, 72.0), (77.0, 56.0), (77.0, 43.0)
"""Width and height in mm of a headline figure's chart and of one of six on a page, as the template has them; a few
stand below a large one."""

_TALLER = 8.0
"""Millimetres more that two large charts may have each, where the paper is A4."""

_LINE, _SHORT_LINE, _BELL = 48.0, (22.0, 6.0), (43.0, 5.0)
"""Those of the lines on the page of headline figures (fewer are higher) and in the table, and of then beside now."""

_LINE_HEIGHTS = {1: 40.0, 2: 40.0, 3: 36.0, 4: 26.0}
_LINE_LEAST = 17.0
_WIDE = 10
"""Characters of a headline value that have room at full size."""

_TIMELINE_EDGE, _TIMELINE_ROW, _TIMELINE_MOST = 12.0, 8.5, 200.0
TIMELINE = ChartName("timeline")
BELLS = 4
"""Fewer figures than that are seen beside each other without a page for it."""

_ARROWS = {"up": "▲", "down": "▼", "same": "="}

NO_HEADLINE = frozenset({CaveatKind.OTHER_SEASON, CaveatKind.MATCHED_DAYS})
"""Caveats without which a change would be misread."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One metric, wherever it is shown."""

    label: str
    """Its name."""
    title: str
    """What is seen: "Leads rose by 35%", or the agency's own words; claims nothing that the figures don't."""
    basis: str
    """What the values are: "total", "average per month" …"""
    baseline: str
    """The baseline period's value with its unit; a dash where there is none."""
    current: str
    """The current period's value with its unit; a dash where there is none."""
    wide: bool
    """Whether that, or another headline value, is too long to be set as large as it might."""
    then: str | None
    """"from £88,815", where there is something to compare with."""
    change: str
    """The change with its sign, absolute and in percent where that may be said; else a dash."""
    arrow: str | None
    """▲, ▼ or =, beside the words that say the same; absent where no change may be said."""
    direction: str
    """"up", "down", "unchanged" or "no clear change" in words; a dash where no change may be said."""
    judgement: str | None
    """"better" or "worse", where that may be said."""
    judged: str | None
    """The same beside the agency's own title, where the direction alone would be misread: down and better."""
    verdict: str | None
    """That the change is a clear one, where that is known."""
    target: str | None
    """The target agreed and whether it was met."""
    comment: str | None
    """The agency's own words about it."""
    chart: ChartName
    """Name of its chart, for a paragraph in the style that charts take the place of."""
    line: ChartName
    """Name of its series as a line, for the page of headline figures."""
    short_line: ChartName
    """Name of the same for a row of a table."""
    chart_note: str
    """What the chart shows: "Figure 1. Revenue (€): monthly values"."""
    then_key: str
    """The baseline period and its value, for the chart's key."""
    now_key: str
    """The current period and its value, for the chart's key."""
    target_key: str | None
    """The target as the chart draws it, for the chart's key."""
    events: tuple[str, ...]
    """The events that the chart numbers because it has no room for their names."""
    caveat: str | None
    """The caveat that matters most in a few words, for the page of headline figures."""
    caveats: tuple[str, ...]
    """How the figure must be read."""


@dataclass(frozen=True, slots=True)
class BellView:
    """A figure then and now on a line from zero."""

    label: str
    """Its name, with the months where some lack."""
    then: str
    """The baseline period's value."""
    now: str
    """The current period's value."""
    drawing: ChartName
    """Name of the drawing, for a paragraph in the style that charts take the place of."""


class Drawings(NamedTuple):
    """Every drawing of a report by its name, and what its template sees of the figures."""

    placed: dict[str, Placed]
    views: dict[str, FigureView]
    """By the metric's name."""
    bells: tuple[BellView, ...]


def drawings(given: RenderInput, analysis: Analysis) -> Drawings:
    """Every chart and line, and the views that name them: headline figures are numbered first, and drawn large."""
    look, wording = Look.of(palette(given.project.settings.brand.colour)), analysis.wording
    line = (_LINE, _LINE_HEIGHTS.get(len(analysis.headlines), _LINE_LEAST))
    placed, views, bells = dict[str, Placed](), dict[str, FigureView](), list[BellView]()
    headlines = [c.definition.id for c in analysis.headlines]
    size_of_small = _SMALL_OF_FEW if len(analysis.comparisons) - len(headlines) <= BELLS else _SMALL
    for number, comparison in enumerate(
        [*analysis.headlines, *(c for c in analysis.comparisons if c.definition.id not in headlines)], 1
    ):
        small = number > len(headlines)
        drawn = figures.chart(wording, comparison, look, small=small)
        text = figures.sparkline_text(wording, comparison)
        alone = number == len(headlines) and number % 2 == 1  # small ones follow below it
        large = (_LARGE[0], _LARGE[1] + (0 if alone or given.words.paper != "A4" else _TALLER))
        placed[f"chart-{number}"] = Placed(chart_part(drawn), drawn.description, *(size_of_small if small else large))
        for name, size in (("line", line), ("short-line", _SHORT_LINE)):
            placed[f"{name}-{number}"] = Placed(sparkline(drawn, *size), text, *size)
        shown = views[comparison.definition.id] = _figure(comparison, wording, number, drawn)
        if bell := _bell(comparison, wording, shown, number, look):
            bells.append(bell[0])
            placed[bell[0].drawing] = bell[1]
    campaigns = figures.campaigns_until(given.project, given.today)
    if drawn_line := figures.timeline(campaigns, wording.words, look):
        height = min(_TIMELINE_EDGE + _TIMELINE_ROW * len(drawn_line.spans), _TIMELINE_MOST)
        placed[TIMELINE] = Placed(timeline_part(drawn_line), drawn_line.description, _LARGE[0], height)
    return Drawings(placed, views, tuple(bells))


def _bell(
    comparison: Comparison, wording: Wording, shown: FigureView, number: int, look: Look
) -> tuple[BellView, Placed] | None:
    """A figure then and now, where both may stand beside each other without a word and neither is below zero."""
    words, then, now = wording.words, comparison.baseline.value, comparison.current.value
    grave = any(caveat.kind in NO_HEADLINE for caveat in comparison.caveats)
    if comparison.change is None or grave or then is None or now is None or min(then, now) < 0:
        return None
    months = wording.months_of_change(comparison)
    label = words.text("title.part", said=shown.label, months=months) if months else shown.label
    said = words.text("bell", label=shown.label, then=shown.baseline, now=shown.current)
    bell = BellView(label, shown.baseline, shown.current, ChartName(f"bell-{number}"))
    return bell, Placed(dumbbell(then, now, look, *_BELL), said, *_BELL)


def _figure(comparison: Comparison, wording: Wording, number: int, drawn: Chart) -> FigureView:
    definition, words = comparison.definition, wording.words
    baseline, current = (
        wording.value(definition, side.value, comparison.decimals) for side in (comparison.baseline, comparison.current)
    )
    then_key, now_key = (
        words.text("chart.key", period=wording.short_period(side), value=value_of(wording, comparison, side))
        for side in (comparison.baseline, comparison.current)
    )
    judgement = wording.judgement(comparison) or None
    chance = comparison.verdict is Verdict.WITHIN  # it has no direction then
    caveats = wording.caveats(comparison)
    return FigureView(
        label=definition.label,
        title=wording.title(comparison),
        basis=wording.basis(comparison),
        baseline=baseline,
        current=current,
        wide=len(current) > _WIDE,
        then=None if comparison.change is None else words.text("then", value=baseline),
        change=wording.change(comparison),
        arrow=_ARROWS[comparison.direction] if comparison.direction and not chance else None,
        direction=wording.verdict(comparison) if chance else wording.direction(comparison),
        judgement=judgement,
        judged=judgement if definition.title and against(comparison) else None,
        verdict=None if chance else wording.verdict(comparison) or None,
        target=wording.target(comparison) or None,
        comment=definition.comment,
        chart=ChartName(f"chart-{number}"),
        line=ChartName(f"line-{number}"),
        short_line=ChartName(f"short-line-{number}"),
        chart_note=_note(drawn, wording, number),
        then_key=then_key,
        now_key=now_key,
        target_key=drawn.target.text if drawn.target else None,
        events=tuple(event.text for event, side in drawn.named if not (side or drawn.small)),
        caveat=_short_caveat(comparison, wording),
        caveats=caveats,
    )


def _note(drawn: Chart, wording: Wording, number: int) -> str:
    """What the chart shows, with what its key doesn't tell: what is drawn otherwise, and gaps that no caveat names."""
    words = wording.words
    note = words.text("chart.note", number=words.number(number), name=drawn.name)
    measured = [at for at, value in enumerate(drawn.values) if value is not None]
    if not drawn.small and drawn.kind is Kind.LINE and all(band.level is not None for band in drawn.bands):
        note = words.text("chart.note-level", note=note)
    if not drawn.small and drawn.kind is Kind.BAR and any(drawn.role(at) is None for at in measured):
        note = words.text("chart.note-hollow", note=note)
    whole = range(min(measured, default=0), max(measured, default=0))
    if gaps := [month_of(drawn.months[at]) for at in whole if drawn.values[at] is None and drawn.role(at) is None]:
        note = words.text("chart.note-gap", note=note, months=wording.months(gaps))
    return note


def _short_caveat(comparison: Comparison, wording: Wording) -> str | None:
    """The one caveat for the page of headline figures, in a few words; all of them stand with the chart, in full."""
    words, side = wording.words, comparison.current
    if comparison.change is None and side.lacks_months and side.value is not None:
        return words.text("short.of", value=value_of(wording, comparison, side), period=wording.period(side))
    grave = next((caveat for caveat in comparison.caveats if caveat.kind in NO_HEADLINE), None)
    if grave is not None:
        return wording.caveat(grave, comparison)
    unusual = next((caveat for caveat in comparison.caveats if caveat.kind is CaveatKind.OUTLIER), None)
    return words.text("short.outlier", month=words.month(first_day(unusual.months[0]))) if unusual else None
