"""The achievements report: what its template may say, and where its charts go.

Role: `ReportView` is all that `report.docx` sees. Figures and their drawings come from `report_figures`, sentences
from `handover.compare`, how they were compared from `method`; headings are in the template. Charts are placed after the
template is filled in, in the paragraphs that name them. Nothing here compares, and nothing is left out without the
method section saying so.
"""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import groupby

from handover.compare.comparison import Comparison
from handover.compare.spread import Verdict
from handover.compare.wording import against
from handover.documents import figures
from handover.documents.base import Deliverable, RenderInput
from handover.documents.figures import Analysis, analyse, report_words
from handover.documents.method import REQUIRED as REQUIRED_METHOD
from handover.documents.method import Method, method_of
from handover.documents.report_figures import BELLS, NO_HEADLINE, TIMELINE, BellView, Drawings, FigureView, drawings
from handover.documents.shared import PagesView, of_pages
from handover.documents.word import made, picture, shows_figures
from handover.languages.typography import NARROW_SPACE, NO_BREAK_SPACE
from handover.languages.words import Words
from handover.model.artifact import Role
from handover.model.message import msg
from handover.model.project import Project
from handover.model.reporting import Story
from handover.templating.content import Required
from handover.templating.kinds import ChartName

_COVER_FIGURES, _COVER_QUOTE = 3, 220
"""Figures on the cover, and characters of a quote that has room there."""

_LONG, _ROWS = 9, 22
"""Pages from which on a list of contents helps, and rows of the table on one."""

_CHARTS = 20
"""More of them LibreOffice draws as stretched pictures (its Cache/Writer/OLE_Objects); the table has every figure."""

_BELLS_MOST = 20
"""Figures beyond which then beside now wouldn't fit on a page."""

_FEW = 9
"""As many figures are then and now, and in the table, on one page."""


@dataclass(frozen=True, slots=True)
class PairView:
    """Two figures side by side."""

    left: FigureView
    """The first."""
    right: FigureView | None
    """The second; absent where their number is odd."""


@dataclass(frozen=True, slots=True)
class CoverFigureView:
    """A change for the cover."""

    change: str
    """With its sign: "+95%"."""
    label: str
    """What changed."""
    judged: str | None
    """"better", where the direction alone would be misread."""


@dataclass(frozen=True, slots=True)
class StoryView:
    """The work together in four texts."""

    before: str | None
    """How things stood when it began."""
    work: str | None
    """What was done."""
    change: str | None
    """What that changed."""
    watch: str | None
    """What to keep an eye on."""


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
class YearView:
    """What began in one year."""

    year: str
    """The year."""
    campaigns: tuple[CampaignView, ...]
    """By their start."""


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
class ReportView(PagesView):
    """All that the template of the achievements report may use."""

    covered: str
    """From the month in which the contract began to that of its last working day."""
    cover_figures: tuple[CoverFigureView, ...]
    """Up to three headline figures whose change may be said, isn't for the worse, isn't chance and lacks no month."""
    worked: str
    """How long the contract ran, in words: "four years and three months"."""
    subject: str
    """What it was about."""
    cover_quote: QuoteView | None
    """The first quote that is short enough for the cover; `quotes` has the others."""
    long: bool
    """Whether a list of contents helps."""
    baseline_period: str
    """The baseline period, shortened; empty without figures."""
    current_period: str
    """The current period, shortened; empty without figures."""
    period_notes: tuple[str, ...]
    """Caveats that hold for every figure."""
    summary: str | None
    """The sender's own paragraph."""
    story: StoryView | None
    """The work together in four texts, where any is told."""
    pictures: str | None
    """What the pictures before and after show, where there are any."""
    figures_title: str | None
    """How many headline figures there are, in words, as a heading."""
    headlines: tuple[FigureView, ...]
    """Three to five figures for the page of them; each has a large chart."""
    headlines_clear: str | None
    """That each of their changes is a clear one, where all are."""
    pairs: tuple[PairView, ...]
    """The other figures, two by two."""
    figures: tuple[FigureView, ...]
    """Every metric, in order."""
    bells: tuple[BellView, ...]
    """Figures then and now, where enough can be compared."""
    highlights: tuple[str, ...]
    """The letter's highlights, where there are no figures: else these say it."""
    years: tuple[YearView, ...]
    """Campaigns and milestones, by their start."""
    timeline: ChartName | None
    """Name of the timeline's chart, where there are campaigns."""
    timeline_note: str | None
    """What it shows: "Figure 9. Campaigns and milestones"."""
    quotes: tuple[QuoteView, ...]
    """What the client said."""
    survey: tuple[SurveyView, ...]
    """Survey scores."""
    method: Method | None
    """How the figures were compared; absent where there is nothing to say of it."""


def render(given: RenderInput) -> bytes:
    """The report as a .docx with its charts. Raises TemplateError when the template can't be filled in."""
    words = report_words(given.words)
    analysis = analyse(given.project, words, given.today)
    drawn, settings = drawings(given, analysis), given.project.settings
    shown = _view(given, analysis, drawn)
    pair = settings.report.pictures
    placed = {
        "client-logo": picture(given, settings.client.logo, words.text("client_logo", client=settings.client.name)),
        "before": picture(given, pair.before, words.text("picture.before", caption=pair.caption)) if pair else None,
        "after": picture(given, pair.after, words.text("picture.after", caption=pair.caption)) if pair else None,
    }
    return made(given, shown, title=words.text("doc_title"), placed=placed, charts=drawn.placed)


def view(given: RenderInput) -> ReportView:
    """What the report says, from what the project holds."""
    analysis = analyse(given.project, report_words(given.words), given.today)
    return _view(given, analysis, drawings(given, analysis))


def _view(given: RenderInput, analysis: Analysis, drawn: Drawings) -> ReportView:
    settings, words = given.project.settings, analysis.wording.words
    spans = settings.periods and (settings.periods.baseline, settings.periods.current)
    periods = [words.span_short(one.start, one.end) for one in spans] if spans else ["", ""]
    views = {c.definition.id: drawn.views[c.definition.id] for c in analysis.comparisons}
    headlines = tuple(views[c.definition.id] for c in analysis.headlines)
    contract, story = settings.contract, _story(settings.report.story)
    years = _years(given, words)
    drawn_small = max(0, _CHARTS - len(headlines) - bool(years))
    others = [shown for shown in views.values() if shown not in headlines][:drawn_small]
    charts = len(headlines) + len(others)
    cover_quote, quotes = _quotes(given.project, words)
    clear = all(c.verdict is Verdict.BEYOND for c in analysis.headlines) and headlines
    bells = drawn.bells if BELLS <= len(drawn.bells) <= _BELLS_MOST else ()
    return ReportView(
        **of_pages(given),
        covered=words.text(
            "timeline.span", start=words.month(contract.start_date), end=words.month(contract.last_working_day)
        ),
        cover_figures=_cover_figures(analysis),
        worked=words.duration_between(contract.start_date, contract.last_working_day),
        subject=contract.subject,
        cover_quote=cover_quote,
        # The cover, the headline figures, then what came of it, and the method.
        long=2 + bool(views) + bool(story) + _pages_of_charts(len(headlines), len(others))
        + _pages_of_tables(len(views), with_bells=bool(bells))
        + bool(years or settings.report.survey or (quotes and not story)) >= _LONG,
        baseline_period=periods[0],
        current_period=periods[1],
        period_notes=analysis.notes if analysis.comparisons else (),
        summary=settings.report.summary,
        story=story,
        pictures=settings.report.pictures.caption if settings.report.pictures else None,
        figures_title=words.plural_spelt("figures_title", len(headlines)) if headlines else None,
        headlines=tuple(_large(shown, wide=any(one.wide for one in headlines)) for shown in headlines),
        headlines_clear=words.text("headlines_clear") if clear else None,
        pairs=tuple(
            PairView(left, next(iter(others[at + 1 : at + 2]), None)) for at, left in enumerate(others) if at % 2 == 0
        ),
        figures=tuple(views.values()),
        bells=bells,
        highlights=() if views else settings.letter.highlights,
        years=years,
        timeline=TIMELINE if years else None,
        timeline_note=words.text("timeline.note", number=words.number(charts + 1), name=words.text("timeline.name"))
        if years
        else None,
        quotes=quotes,
        survey=_survey(given.project, words),
        method=method_of(given.project, analysis),
    )  # fmt: skip


def _is_bare(comparison: Comparison) -> bool:
    """Whether a change is of all that it seems to be of, so that it may stand without a word about it."""
    sides = (comparison.baseline, comparison.current)
    return not any(side.lacks_months for side in sides) and not any(c.kind in NO_HEADLINE for c in comparison.caveats)


def _cover_figures(analysis: Analysis) -> tuple[CoverFigureView, ...]:
    wording, found = analysis.wording, list[CoverFigureView]()
    for comparison in analysis.headlines:
        # There is no room for the names of months, or for a caveat.
        if not _is_bare(comparison):
            continue
        if comparison.better is False or not comparison.change or comparison.verdict is Verdict.WITHIN:
            continue
        definition = comparison.definition
        change = (
            wording.signed(definition, comparison.difference, comparison.decimals)
            if comparison.percent is None
            else wording.percent(comparison.percent)
        )
        judged = wording.judgement(comparison) if against(comparison) else None
        found.append(CoverFigureView(change, definition.label, judged))
    return tuple(found[:_COVER_FIGURES])


def _pages_of_charts(large: int, small: int) -> int:
    """Two large charts a page, or six small ones, of which some stand below an odd large one."""
    return -(-large // 2) + -(-_small_ones(large, small) // 6)


def _small_ones(large: int, small: int) -> int:
    """How many small charts stand on pages of their own."""
    below = (4 if small <= BELLS else 2) if large % 2 else 0
    return max(0, small - below)


def _pages_of_tables(figures: int, *, with_bells: bool) -> int:
    """Then beside now and the table: on one page where few are."""
    return -(-figures // _ROWS) + (with_bells and figures > _FEW)


def _story(story: Story) -> StoryView | None:
    told = StoryView(story.before, story.work, story.change, story.watch)
    return told if any((told.before, told.work, told.change, told.watch)) else None


def _large(shown: FigureView, *, wide: bool) -> FigureView:
    # Set large, a narrow space between thousands can't be seen; and all of a page are of one size.
    return replace(shown, current=shown.current.replace(NARROW_SPACE, NO_BREAK_SPACE), wide=wide)


def _years(given: RenderInput, words: Words) -> tuple[YearView, ...]:
    begun = figures.campaigns_until(given.project, given.today)
    return tuple(
        YearView(
            str(year),
            tuple(
                CampaignView(figures.when(words, c.start, c.end), c.name, c.result or words.text("empty"))
                for c in found
            ),
        )
        for year, found in groupby(begun, lambda campaign: campaign.start.year)
    )


def _quotes(project: Project, words: Words) -> tuple[QuoteView | None, tuple[QuoteView, ...]]:
    """The cover's quote, and the others."""
    found: list[QuoteView] = []
    for quote in project.settings.report.quotes:
        about = [quote.author, quote.role, words.date(quote.date) if quote.date else None]
        found.append(QuoteView(quote.text, ", ".join(part for part in about if part)))
    cover = next((quote for quote in found if len(quote.text) <= _COVER_QUOTE), None)
    return cover, tuple(quote for quote in found if quote is not cover)


def _survey(project: Project, words: Words) -> tuple[SurveyView, ...]:
    empty, found = words.text("empty"), []
    for item in project.settings.report.survey:
        score, best = words.exact(item.score), words.exact(item.out_of)
        found.append(
            SurveyView(
                question=item.question,
                score=words.text("survey.score", score=score, best=best),
                answers=words.number(item.answers) if item.answers else empty,
                date=words.date_short(item.date) if item.date else empty,
            )
        )
    return tuple(found)


def _has_content(project: Project, today: dt.date) -> bool:
    """Whether there is a figure, or anything else to tell: highlights alone stand in the letter already."""
    report = project.settings.report
    told = (report.summary, report.pictures, report.quotes, report.survey, report.left_out)
    begun = figures.campaigns_until(project, today)
    return shows_figures(project) or any(told) or _story(report.story) is not None or bool(begun)


REQUIRED = (
    Required(msg("the client's name"), ("client",)),
    Required(msg("the report's date"), ("date",)),
    Required(msg("the baseline period"), ("baseline_period",)),
    Required(msg("the current period"), ("current_period",)),
    Required(msg("the figures"), ("figures[].current",)),
    Required(msg("how each figure must be read"), ("figures[].caveats[]",)),
    Required(msg("caveats that hold for every figure"), ("period_notes[]",), always=False),
    *REQUIRED_METHOD,
)
"""What an honest report can't do without."""

REPORT = Deliverable(
    id="report",
    role=Role.REPORT,
    render=render,
    view=view,
    required=REQUIRED,
    has_content=_has_content,
)
"""The registry's line for the achievements report."""
