"""The achievements report: what its template may say, and where its charts go.

Role: `ReportView` and the views below it are all that `report.docx` sees. Figures and their sentences come from
`figures` and `handover.compare`; headings are in the template. Charts are placed after the template is filled in, in
the paragraphs that name them. Nothing here compares, and nothing is left out without the method section saying so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from handover.compare.comparison import Basis, Comparison
from handover.compare.periods import CaveatKind, days
from handover.compare.spread import SpreadMethod
from handover.compare.wording import Wording
from handover.documents import figures
from handover.documents.base import Deliverable, RenderInput
from handover.documents.figures import Analysis, analyse, notes, report_words
from handover.documents.word import made, short_name
from handover.formats.chart.drawingml import chart_part
from handover.formats.chart.model import Look
from handover.formats.chart.place import Placed
from handover.formats.chart.timeline import timeline_part
from handover.formats.palette import palette
from handover.languages.typography import NARROW_SPACE, NO_BREAK_SPACE
from handover.languages.words import Words
from handover.model.artifact import Role, Seal
from handover.model.message import msg
from handover.model.project import Project
from handover.model.settings import Direction, Period, Voice
from handover.templating.content import Required
from handover.templating.kinds import ChartName

WIDTH = 160.0
"""Width of the charts in millimetres: that of the text on any paper."""

HEIGHT = 60.0
_TIMELINE_EDGE, _TIMELINE_ROW, _TIMELINE_MOST = 12.0, 8.5, 200.0
_TIMELINE = ChartName("timeline")
_BESIDE_SUMMARY = 3
"""As many figures, the page of the summary has room for their table."""
_HELD = 2
"""Paragraphs of the method that keep with the next: neither its heading nor two lonely lines of it end a page."""
_ARROWS = {"up": "▲", "down": "▼", "same": "="}


@dataclass(frozen=True, slots=True)
class FigureView:
    """One metric, for the summary, the table of all metrics and its own section."""

    label: str
    """Its name."""
    title: str
    """What is seen: "Leads rose by 35%"; claims nothing that the figures don't."""
    basis: str
    """What the values are: "total", "average per month" …"""
    baseline: str
    """The baseline period's value with its unit; a dash where there is none."""
    current: str
    """The current period's value with its unit; a dash where there is none."""
    change: str
    """The change with its sign, absolute and in percent where that may be said; else a dash."""
    arrow: str | None
    """▲, ▼ or =, beside the words that say the same; absent where no change may be said."""
    direction: str
    """"up", "down", "unchanged" in words; a dash where no change may be said."""
    judgement: str | None
    """"better" or "worse", where that may be said."""
    verdict: str | None
    """Whether the change is beyond or within the monthly variation, where that is known."""
    sentence: str
    """Both values with their periods, and the change, in a sentence or two."""
    interval: str | None
    """The monthly variation and the 95 % interval of the change, where the data allow one."""
    target: str | None
    """The target agreed and whether it was met."""
    chart: ChartName
    """Name of its chart, for a paragraph in the style that charts take the place of."""
    chart_note: str
    """What the chart shows: "Month by month; in €"."""
    events: tuple[str, ...]
    """The events that the chart numbers."""
    caveats: tuple[str, ...]
    """How the figure must be read, beyond what the sentence says; stands with the sentence."""
    all_caveats: tuple[str, ...]
    """How the figure must be read, in full; stands where the sentence doesn't."""
    origin: str | None
    """Where the values come from."""
    source: str | None
    """The same as a line of its own: "Source: …"."""


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign or milestone."""

    when: str
    """One day, or from when to when."""
    name: str
    """Its name."""
    result: str
    """What came of it; a dash where nothing is told."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Something that the client said."""

    text: str
    """The words."""
    author: str
    """Who said them, with their role and the date where these are known."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One question of a satisfaction survey."""

    question: str
    """What was asked."""
    score: str
    """The score out of the best possible: "4.6 / 5"."""
    answers: str
    """How many answered; a dash where that isn't known."""
    date: str
    """When; a dash where that isn't known."""


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """A metric that isn't shown, and why."""

    label: str
    """Its name."""
    reason: str
    """The reason given."""


@dataclass(frozen=True, slots=True)
class MethodView:
    """A paragraph on how the figures were compared."""

    text: str
    """What it says."""
    keep: bool
    """Whether it keeps with the next one, so that no page ends soon after its heading."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the template of the achievements report may use."""

    voice: Voice
    """`we` for an agency, `i` for a person."""
    client: str
    """The client's name."""
    short_client: str
    """The client's name, shortened where it wouldn't fit into a footer."""
    agency: str
    """The sender's name."""
    date: str
    """The day of the report, written out."""
    relationship: str
    """How long the work together lasted: "four years and three months"."""
    covered: str
    """The time from the first to the last day of the contract."""
    baseline_period: str
    """The baseline period, written out."""
    current_period: str
    """The current period, written out."""
    period_notes: tuple[str, ...]
    """Caveats that hold for every figure."""
    summary: str | None
    """The sender's own paragraph."""
    headlines: tuple[FigureView, ...]
    """Three to five figures for the summary."""
    figures: tuple[FigureView, ...]
    """Every metric, in order."""
    many_figures: bool
    """Whether they are too many for the room that the summary's page leaves: their table then begins a page."""
    methods: tuple[str, ...]
    """How monthly variation was judged, method by method, with its source; empty where none was used."""
    highlights: tuple[str, ...]
    """Highlights of the work together."""
    campaigns: tuple[CampaignView, ...]
    """Campaigns and milestones, by their start."""
    timeline: ChartName | None
    """Name of the timeline's chart, where there are campaigns."""
    quotes: tuple[QuoteView, ...]
    """What the client said."""
    survey: tuple[SurveyView, ...]
    """Survey scores."""
    method: tuple[MethodView, ...]
    """How the figures were compared, a paragraph each."""
    left_out: tuple[LeftOutView, ...]
    """Metrics left out at somebody's wish."""


def render(given: RenderInput) -> bytes:
    """The report as a .docx with its charts. Raises TemplateError when the template can't be filled in."""
    words = report_words(given.words)
    analysis = analyse(given.project, words, given.today)
    charts = _charts(given, analysis)
    return made(given, _view(given, analysis), title=words.text("doc_title"), charts=charts)


def view(given: RenderInput) -> ReportView:
    """What the report says, from what the project holds."""
    return _view(given, analyse(given.project, report_words(given.words), given.today))


def _view(given: RenderInput, analysis: Analysis) -> ReportView:
    settings, words = given.project.settings, analysis.wording.words
    views = {c.definition.id: _figure(c, analysis.wording, at) for at, c in enumerate(analysis.comparisons, 1)}
    contract, campaigns = settings.contract, _campaigns(given, words)
    return ReportView(
        voice=settings.agency.voice,
        client=settings.client.name,
        short_client=short_name(settings.client.name),
        agency=settings.agency.name,
        date=words.date(given.today),
        relationship=words.duration_between(contract.start_date, contract.last_working_day),
        covered=words.span(contract.start_date, contract.last_working_day),
        baseline_period=words.span(settings.periods.baseline.start, settings.periods.baseline.end),
        current_period=words.span(settings.periods.current.start, settings.periods.current.end),
        period_notes=analysis.notes if analysis.comparisons else (),
        summary=settings.report.summary,
        headlines=tuple(_large(views[c.definition.id]) for c in analysis.headlines),
        figures=tuple(views.values()),
        many_figures=len(views) > _BESIDE_SUMMARY,
        methods=_spread_methods(analysis),
        highlights=settings.letter.highlights,
        campaigns=campaigns,
        timeline=_TIMELINE if campaigns else None,
        quotes=_quotes(given.project, words),
        survey=_survey(given.project, words),
        method=tuple(MethodView(text, at < _HELD) for at, text in enumerate(_method(given.project, analysis))),
        left_out=_left_out(given.project, words),
    )


def _figure(comparison: Comparison, wording: Wording, number: int) -> FigureView:
    definition, words = comparison.definition, wording.words
    origin = _origin(comparison, words)
    return FigureView(
        label=definition.label,
        title=wording.title(comparison),
        basis=wording.basis(comparison),
        baseline=wording.value(definition, comparison.baseline.value, comparison.decimals),
        current=wording.value(definition, comparison.current.value, comparison.decimals),
        change=wording.change(comparison),
        arrow=_ARROWS[comparison.trend] if comparison.trend else None,
        direction=wording.direction(comparison),
        judgement=wording.judgement(comparison) or None,
        verdict=wording.verdict(comparison) or None,
        sentence=wording.sentence(comparison),
        interval=wording.interval(comparison) or None,
        target=wording.target(comparison) or None,
        chart=ChartName(f"chart-{number}"),
        chart_note=words.text("chart.note", name=figures.axis_name(wording, comparison)),
        events=figures.events(comparison, words),
        caveats=notes(wording, comparison),
        all_caveats=wording.caveats(comparison),
        origin=origin,
        source=words.text("source", origin=origin) if origin else None,
    )


def _large(shown: FigureView) -> FigureView:
    # Set large, a narrow space between thousands can't be seen.
    return replace(shown, current=shown.current.replace(NARROW_SPACE, NO_BREAK_SPACE))


def _origin(comparison: Comparison, words: Words) -> str | None:
    series = comparison.series
    parts = [*series.sources]
    if series.derived and comparison.definition.formula:
        parts.append(words.text(f"formula.{comparison.definition.id}"))
    if not parts:
        return None
    if series.exported_on:
        parts.append(words.text("exported", date=words.date(series.exported_on)))
    return words.parts([part.rstrip(". ") for part in parts])


def _charts(given: RenderInput, analysis: Analysis) -> dict[str, Placed]:
    look = Look.of(palette(given.project.settings.brand.colour))
    placed: dict[str, Placed] = {}
    for number, comparison in enumerate(analysis.comparisons, 1):
        drawn = figures.chart(analysis.wording, comparison, look)
        placed[f"chart-{number}"] = Placed(chart_part(drawn), drawn.description, WIDTH, HEIGHT)
    campaigns = figures.campaigns_until(given.project, given.today)
    if drawn_line := figures.timeline(campaigns, analysis.wording.words, look):
        height = min(_TIMELINE_EDGE + _TIMELINE_ROW * len(drawn_line.spans), _TIMELINE_MOST)
        placed[_TIMELINE] = Placed(timeline_part(drawn_line), drawn_line.description, WIDTH, height)
    return placed


def _campaigns(given: RenderInput, words: Words) -> tuple[CampaignView, ...]:
    return tuple(
        CampaignView(figures.when(words, c.start, c.end), c.name, c.result or words.text("empty"))
        for c in figures.campaigns_until(given.project, given.today)
    )


def _quotes(project: Project, words: Words) -> tuple[QuoteView, ...]:
    found: list[QuoteView] = []
    for quote in project.settings.report.quotes:
        about = [quote.author, quote.role, words.date(quote.date) if quote.date else None]
        found.append(QuoteView(quote.text, ", ".join(part for part in about if part)))
    return tuple(found)


def _survey(project: Project, words: Words) -> tuple[SurveyView, ...]:
    empty, found = words.text("empty"), []
    for item in project.settings.report.survey:
        score, best = (_as_given(number, words) for number in (item.score, item.out_of))
        found.append(
            SurveyView(
                question=item.question,
                score=words.text("survey.score", score=score, best=best),
                answers=words.number(item.answers) if item.answers else empty,
                date=words.date_short(item.date) if item.date else empty,
            )
        )
    return tuple(found)


def _as_given(number: Decimal, words: Words) -> str:
    exponent = number.normalize().as_tuple().exponent
    return words.number(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def _left_out(project: Project, words: Words) -> tuple[LeftOutView, ...]:
    settings = project.settings
    return tuple(
        LeftOutView(
            getattr(settings.metrics.get(item.metric), "label", None)
            or (words.text(f"label.{item.metric}") if words.has(f"label.{item.metric}") else item.metric),
            item.reason,
        )
        for item in settings.report.left_out
    )


def _method(project: Project, analysis: Analysis) -> tuple[str, ...]:
    """How figures were compared; only what this report needs."""
    words, comparisons = analysis.wording.words, analysis.comparisons
    if not comparisons:
        return ()
    periods = project.settings.periods
    paragraphs = [words.text("method.periods", **_spans(periods.baseline, periods.current, words))]
    used = [basis for basis in Basis if any(c.basis is basis and _stands(c) for c in comparisons)]
    paragraphs += [words.text(f"method.basis-{basis}") for basis in used]
    kinds = {caveat.kind for comparison in comparisons for caveat in comparison.caveats}
    if CaveatKind.MATCHED in kinds:
        paragraphs.append(words.text("method.matched"))
    paragraphs.append(words.text("method.rounding"))
    if kinds & {CaveatKind.ZERO_BASELINE, CaveatKind.TINY_BASELINE, CaveatKind.SIGN}:
        paragraphs.append(words.text("method.percent"))
    if any(comparison.definition.good is Direction.NEITHER for comparison in comparisons):
        paragraphs.append(words.text("method.neither"))
    return tuple(paragraphs)


def _stands(comparison: Comparison) -> bool:
    return comparison.baseline.value is not None or comparison.current.value is not None


def _spans(baseline: Period, current: Period, words: Words) -> Mapping[str, str]:
    return {
        "baseline": words.span(baseline.start, baseline.end),
        "baseline_days": words.number(days(baseline)),
        "current": words.span(current.start, current.end),
        "current_days": words.number(days(current)),
    }


def _spread_methods(analysis: Analysis) -> tuple[str, ...]:
    words = analysis.wording.words
    used = {comparison.spread.method for comparison in analysis.comparisons if comparison.spread}
    found = [words.text(f"spread.{method}") for method in SpreadMethod if method in used]
    if used - {SpreadMethod.NET_SCORE}:
        found.append(words.text("spread.independence"))
    kinds = {caveat.kind for comparison in analysis.comparisons for caveat in comparison.caveats}
    if CaveatKind.OUTLIER in kinds:
        found.append(words.text("spread.outlier"))
    return tuple(found)


REQUIRED = (
    Required(msg("the client's name"), ("client",)),
    Required(msg("the report's date"), ("date",)),
    Required(msg("the baseline period"), ("baseline_period",)),
    Required(msg("the current period"), ("current_period",)),
    Required(
        msg("the figures"), ("figures[].sentence", "figures[].current", "headlines[].sentence", "headlines[].current")
    ),
    Required(msg("how each figure must be read"), ("figures[].all_caveats[]", "figures[].caveats[]")),
    Required(msg("caveats that hold for every figure"), ("period_notes[]",), always=False),
    Required(msg("how the figures were compared"), ("method[].text",), always=False),
    Required(msg("which metrics were left out, and why"), ("left_out[].reason",), always=False),
)
"""What an honest report can't do without."""

REPORT = Deliverable(
    id="report",
    role=Role.REPORT,
    seal=Seal.NONE,
    extension="docx",
    render=render,
    view=view,
    view_type=ReportView,
    required=REQUIRED,
)
"""The registry's line for the achievements report."""
