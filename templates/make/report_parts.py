"""The layout that the French and the English achievements reports share.

Role: the layout of `report.docx`; the words are in `report_fr` and `report_en`, the looks in `report_styles`. A title
page; a summary of one page with the headline figures large; the table of all metrics; a section with a chart per
metric; the timeline; quotes; survey scores; method and sources. A paragraph in the style `HandoverChart` names the
chart that takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from letter_parts import voiced
from ooxml import TAB, Writer, label, mm, strong
from report_styles import STYLES
from styles import TEXT_WIDTH, document

LOGO = (50.0, 20.0)
PICTURES = {"rId21": LOGO}
_RIGHT, _LEFT = mm(112), mm(48)
_METRICS = (mm(40), mm(24), mm(24), mm(34), mm(38))
_CAMPAIGNS = (mm(48), mm(42), mm(70))
_BEFORE_QUOTES = "summary or figures or highlights or campaigns"
_BEFORE_METHOD = f"{_BEFORE_QUOTES} or quotes or survey"
_HELD = 2
"""Paragraphs of the method that keep with the next, so that no page ends soon after its heading."""
_SURVEY = (mm(86), mm(24), mm(22), mm(28))


@dataclass(frozen=True)
class Labels:
    """The words of one language."""

    title: str
    logo: str
    prepared_for: str
    cover: Sequence[tuple[str, str, str]]
    """Condition (or nothing), label and text of each line on the title page."""
    nothing: str
    """Says so, where a report has nothing to tell."""
    summary: str
    baseline: str
    current: str
    headlines_table: str
    all_metrics: str
    metrics_heads: tuple[str, str, str, str, str]
    metrics_table: str
    footnote: str
    """Marks the last of these headings and begins the note on how monthly variation was judged, where there is one."""
    one_by_one: str
    done: str
    campaigns: str
    campaign_heads: tuple[str, str, str]
    campaigns_table: str
    quotes: str
    survey: str
    survey_heads: tuple[str, str, str, str]
    survey_table: str
    method: str
    left_out: str
    left_out_intro: str
    nothing_left_out: str
    colon: str
    page: tuple[str, str]


def build(language: str, labels: Labels) -> bytes:
    """A whole `report.docx`."""
    w = Writer(language)
    body = (
        _cover(w, labels)
        + _summary(w, labels)
        + w.when("figures", _all_metrics(w, labels), _one_by_one(w, labels))
        + w.when("highlights or campaigns", _work(w, labels))
        + w.when("quotes", _quotes(w, labels))
        + w.when("survey", _survey(w, labels))
        + w.when("method or left_out", _method(w, labels))
    )
    footer = w.p(
        "Footer", f"{{{{ short_client }}}} · {labels.title} · {{{{ date }}}}", TAB,
        labels.page[0], w.field("PAGE"), labels.page[1], w.field("NUMPAGES"),
    )  # fmt: skip
    return document(language, body, styles=STYLES, footer=footer, first_footer=w.p("Footer"), pictures=PICTURES)


def _cover(w: Writer, labels: Labels) -> str:
    return (
        w.p("HandoverLogo", w.picture("logo", *LOGO, "rId21", labels.logo))
        + w.p("HandoverCoverTitle", labels.title)
        + w.p("HandoverCoverClient", labels.prepared_for)
        + "".join(
            w.when(condition, line) if condition else line
            for condition, name, text in labels.cover
            for line in [w.p("HandoverCoverLine", label(name), TAB, text)]
        )
        + w.when(f"not ({_BEFORE_METHOD} or left_out)", w.p("HandoverNothing", labels.nothing))
    )


def _periods(w: Writer, labels: Labels) -> str:
    return w.p(
        "HandoverPeriods",
        strong(labels.baseline), f"{labels.colon}{{{{ baseline_period }}}} · ",
        strong(labels.current), f"{labels.colon}{{{{ current_period }}}}",
    ) + w.each("note", "period_notes", w.p("HandoverCaveat", "{{ note }}"))  # fmt: skip


def _caveats(w: Writer, owner: str) -> str:
    return w.each("caveat", f"{owner}.caveats", w.p("HandoverCaveat", "{{ caveat }}"))


def _summary(w: Writer, labels: Labels) -> str:
    change = "{{ headline.arrow }} {{ headline.change }}"
    left = w.p("HandoverFigure", "{{ headline.current }}") + w.when(
        "headline.arrow", w.p("HandoverFigureChange", change)
    )
    right = (
        w.p("HandoverFigureTitle", "{{ headline.title }}")
        + w.p("HandoverFigureText", "{{ headline.sentence }}")
        + w.when("headline.target", w.p("HandoverFigureText", "{{ headline.target }}"))
        + _caveats(w, "headline")
    )
    table = w.table(
        "HandoverFigureTable", (_LEFT, _RIGHT),
        w.row_tag("for headline in headlines", 2, TEXT_WIDTH),
        w.row(w.cell(_LEFT, left), w.cell(_RIGHT, right)),
        w.row_tag("endfor", 2, TEXT_WIDTH),
        head=False, description=labels.headlines_table,
    )  # fmt: skip
    return (
        w.when("summary or headlines", w.p("HandoverNewPage", labels.summary))
        + w.when("summary", w.p("HandoverLead", "{{ summary }}"))
        + w.when("headlines", _periods(w, labels) + table)
    )


def _after_cover(w: Writer, before: str, text: str) -> str:
    """A heading that begins a page when nothing but the title page stands before it."""
    return w.choose((before, w.p("Heading1", text)), otherwise=w.p("HandoverNewPage", text))


def _all_metrics(w: Writer, labels: Labels) -> str:
    kinds = ("HandoverTableHead", *("HandoverTableHeadNumber",) * 3, "HandoverTableHead")
    heads = (*labels.metrics_heads[:-1], f"{labels.metrics_heads[-1]}{{% if methods %}}{labels.footnote}{{% endif %}}")
    head = w.row(
        *(w.cell(x, w.p(kind, t)) for x, kind, t in zip(_METRICS, kinds, heads, strict=True)),
        header=True,
    )
    table = w.table(
        "HandoverTable", _METRICS, head,
        w.row_tag("for figure in figures", 5, TEXT_WIDTH), _metric_rows(w), w.row_tag("endfor", 5, TEXT_WIDTH),
        description=labels.metrics_table,
    )  # fmt: skip
    note = w.when(
        "methods",
        w.p("HandoverNote", labels.footnote + "{% for method in methods %} {{ method }}{% endfor %}"),
    )
    # With few figures the summary's page has room for the table.
    heading = w.choose(
        ("figures|length > 3", w.p("HandoverNewPage", labels.all_metrics)),
        otherwise=w.p("Heading1", labels.all_metrics),
    )
    return heading + _periods(w, labels) + table + note


def _metric_rows(w: Writer) -> str:
    """One metric's row; its caveats stand below it over all columns, with no rule and no end of page between."""
    # One paragraph: a cell whose paragraphs all depended on a condition could end up with none.
    said = "{% for caveat in figure.all_caveats %}{{ caveat }}{% if not loop.last %} {% endif %}{% endfor %}"
    caveats = w.p("HandoverTableCaveat", said)
    return (
        w.row_tag("if figure.all_caveats", 5, TEXT_WIDTH)
        + _metric_row(w, "HandoverTableHeld", open_side="bottom")
        + w.row(w.cell(TEXT_WIDTH, caveats, span=5, open_side="top"))
        + w.row_tag("else", 5, TEXT_WIDTH)
        + _metric_row(w, "HandoverTableText")
        + w.row_tag("endif", 5, TEXT_WIDTH)
    )


def _metric_row(w: Writer, name_style: str, open_side: str = "") -> str:
    direction = "{{ figure.direction }}{% if figure.judgement %}, {{ figure.judgement }}{% endif %}"
    name = w.p(name_style, strong("{{ figure.label }}")) + w.p("HandoverTableBasis", "{{ figure.basis }}")
    numbers = [w.p("HandoverTableNumber", f"{{{{ figure.{value} }}}}") for value in ("baseline", "current", "change")]
    reading = w.p("HandoverTableText", direction) + w.when(
        "figure.verdict", w.p("HandoverTableBasis", "{{ figure.verdict }}")
    )
    cells = zip(_METRICS, (name, *numbers, reading), strict=True)
    return w.row(*(w.cell(width, content, open_side=open_side) for width, content in cells))


def _one_by_one(w: Writer, labels: Labels) -> str:
    section = (
        w.p("HandoverMetric", "{{ figure.title }}")
        + w.p("HandoverChartNote", "{{ figure.chart_note }}")
        + w.p("HandoverChart", "{{ figure.chart }}")
        + w.each("event", "figure.events", w.p("HandoverEvent", "{{ event }}"))
        + w.p("HandoverReading", "{{ figure.sentence }}")
        + w.when("figure.interval", w.p("HandoverDetail", "{{ figure.interval }}"))
        + w.when("figure.target", w.p("HandoverDetail", "{{ figure.target }}"))
        + _caveats(w, "figure")
        + w.p("HandoverSource", "{% if figure.source %}{{ figure.source }}{% else %} {% endif %}")
    )
    # Right after the table: a metric that doesn't fit there begins the next page together with this heading.
    return w.p("Heading1", labels.one_by_one) + w.each("figure", "figures", section)


def _work(w: Writer, labels: Labels) -> str:
    head = w.row(
        *(w.cell(x, w.p("HandoverTableHead", text)) for x, text in zip(_CAMPAIGNS, labels.campaign_heads, strict=True)),
        header=True,
    )
    line = w.row(
        w.cell(_CAMPAIGNS[0], w.p("HandoverTableText", "{{ campaign.when }}")),
        w.cell(_CAMPAIGNS[1], w.p("HandoverTableText", strong("{{ campaign.name }}"))),
        w.cell(_CAMPAIGNS[2], w.p("HandoverTableText", "{{ campaign.result }}")),
    )
    table = w.table(
        "HandoverTable", _CAMPAIGNS, head,
        w.row_tag("for campaign in campaigns", 3, TEXT_WIDTH), line, w.row_tag("endfor", 3, TEXT_WIDTH),
        description=labels.campaigns_table,
    )  # fmt: skip
    return (
        _after_cover(w, "summary or figures", labels.done)
        + w.each(
            "highlight",
            "highlights",
            w.choose(
                ("loop.last", w.p("ListBullet", "{{ highlight }}")),
                otherwise=w.p("HandoverHighlight", "{{ highlight }}"),
            ),
        )
        + w.when(
            "campaigns",
            w.p("Heading2", labels.campaigns),
            w.when("timeline", w.p("HandoverChart", "{{ timeline }}")),
            table,
        )
    )


def _quotes(w: Writer, labels: Labels) -> str:
    return _after_cover(w, _BEFORE_QUOTES, labels.quotes) + w.each(
        "quote", "quotes", w.p("Quote", "{{ quote.text }}") + w.p("HandoverAuthor", "{{ quote.author }}")
    )


def _survey(w: Writer, labels: Labels) -> str:
    kinds = ("HandoverTableHead", "HandoverTableHeadNumber", "HandoverTableHeadNumber", "HandoverTableHeadNumber")
    head = w.row(
        *(w.cell(x, w.p(kind, t)) for x, kind, t in zip(_SURVEY, kinds, labels.survey_heads, strict=True)), header=True
    )
    line = w.row(
        w.cell(_SURVEY[0], w.p("HandoverTableText", "{{ item.question }}")),
        *(
            w.cell(x, w.p("HandoverTableNumber", f"{{{{ item.{name} }}}}"))
            for x, name in zip(_SURVEY[1:], ("score", "answers", "date"), strict=True)
        ),
    )
    return _after_cover(w, f"{_BEFORE_QUOTES} or quotes", labels.survey) + w.table(
        "HandoverTable", _SURVEY, head,
        w.row_tag("for item in survey", 4, TEXT_WIDTH), line, w.row_tag("endfor", 4, TEXT_WIDTH),
        description=labels.survey_table,
    )  # fmt: skip


def _method(w: Writer, labels: Labels) -> str:
    source = w.when(
        "figure.origin", w.p("ListBullet", strong("{{ figure.label }}"), f"{labels.colon}{{{{ figure.origin }}}}")
    )
    # Neither the heading nor two lonely lines of it end a page.
    first_lines = w.choose(
        (f"loop.index <= {_HELD}", w.p("HandoverMethod", "{{ paragraph }}")),
        otherwise=w.p("Normal", "{{ paragraph }}"),
    )
    left_out = w.p("HandoverMethod", labels.left_out_intro) + w.each(
        "item", "left_out", w.p("ListBullet", strong("{{ item.label }}"), f"{labels.colon}{{{{ item.reason }}}}")
    )
    return (
        _after_cover(w, _BEFORE_METHOD, labels.method)
        + w.each("paragraph", "method", first_lines)
        + w.each("paragraph", "methods", w.p("Normal", "{{ paragraph }}"))
        + w.each("figure", "figures", source)
        + w.p("Heading2", labels.left_out)
        + w.choose(("left_out", left_out), otherwise=voiced(w, "Normal", labels.nothing_left_out))
    )
