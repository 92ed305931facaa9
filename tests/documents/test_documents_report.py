"""The achievements report: what its pages say, where its charts are, and what a screen reader finds."""

import datetime as dt
import io
import itertools
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook

from compare_cases import NOISY, STEADY, rows, times
from handover.documents.figures import analyse, chart, report_words
from handover.documents.report import REPORT, ReportView, view
from handover.documents.report_figures import FigureView
from handover.documents.templates import template_file
from handover.formats.chart.drawingml import chart_part
from handover.formats.chart.model import Chart, Look
from handover.formats.package.opc import Package, read_package, relationships, target_part
from handover.formats.palette import palette
from handover.model.reporting import Annotation, Metric, Period, Periods
from handover.templating.check import lint_template
from report_samples import AWKWARD, LOCALES, REPORT_SETTINGS, given

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def shown(language: str = "en", **changes: Any) -> ReportView:
    made = given(language, **changes)
    return view(made)


def figure(language: str = "en", name: str = "leads", **changes: Any) -> FigureView:
    made = given(language, **changes)
    analysis = analyse(made.project, report_words(made.words), made.today)
    order = [comparison.definition.id for comparison in analysis.comparisons]
    return view(made).figures[order.index(name)]


@cache
def rendered(language: str) -> Package:
    return read_package(REPORT.render(given(language)), "report.docx")


def root(language: str) -> etree._Element:
    return etree.fromstring(rendered(language).parts["/word/document.xml"])


def paragraphs(document: etree._Element) -> list[tuple[str, str]]:
    found = []
    for p in document.iter(f"{W}p"):
        style = p.find(f"{W}pPr/{W}pStyle")
        found.append(
            ("" if style is None else style.get(f"{W}val", ""), "".join(t.text or "" for t in p.iter(f"{W}t")))
        )
    return found


def text(language: str, **changes: Any) -> str:
    """What the report says; `changes` as for `report_samples.given`."""
    if not changes:
        return "\n".join(line for _, line in paragraphs(root(language)))
    package = read_package(REPORT.render(given(language, **changes)), "report.docx")
    return "\n".join(line for _, line in paragraphs(etree.fromstring(package.parts["/word/document.xml"])))


# The document


@pytest.mark.usefixtures("anew")
@LANGUAGES
def test_two_runs_give_the_same_bytes(language: str) -> None:
    assert REPORT.render(given(language)) == REPORT.render(given(language))


@LANGUAGES
def test_no_tag_and_no_placeholder_is_left(language: str) -> None:
    left = text(language).replace(AWKWARD, "")
    assert not re.search(r"\{\{|\{%|chart-\d|timeline", left)


@LANGUAGES
def test_what_people_typed_is_in_it_exactly(language: str) -> None:
    said = text(language)
    for typed in (
        AWKWARD,
        "A word of our own.",
        "New <shop>",
        "It rings & rings.",
        "the banner changed it",
    ):
        assert typed in said


@LANGUAGES
def test_both_periods_stand_with_every_figure(language: str) -> None:
    spans = {
        "en": ("Jun\u00a02024\u00a0– May\u00a02025", "Jul\u00a02024\u00a0– May\u00a02025, 11 of 12 months"),
        "fr": ("juin\u00a02024\u00a0– mai\u00a02025", "juil.\u00a02024\u00a0– mai\u00a02025, 11 mois sur 12"),
    }
    told = [item for item in shown(language).figures if item.arrow]
    assert all(any(span in item.then_key for span in spans[language]) for item in told)
    assert sum(spans[language][1] in item.then_key for item in told) == 1


def test_the_french_report_has_no_english_word_of_ours() -> None:
    said = text("fr")
    for word in ("Summary", "Baseline", "Current", "Change ", "Method ", "Left out", "Source:", "up ", "better"):
        assert word not in said.replace(AWKWARD, "")


def test_sections_without_data_are_absent() -> None:
    made = given("en", report={"left_out": []}, letter={"date": "2026-06-01", "place": "Bristol"})
    package = read_package(REPORT.render(made), "report.docx")
    found = paragraphs(etree.fromstring(package.parts["/word/document.xml"]))
    heads = [line for style, line in found if "Head" in style or style == "HandoverNewPage"]
    for absent in ("What was done", "In your words", "Satisfaction survey", "How we got here"):
        assert absent not in heads
    assert "Method and sources" in heads


def test_a_project_without_metrics_has_no_section_of_them() -> None:
    made = given("en", data=(), own={}, report={})
    package = read_package(REPORT.render(made), "report.docx")
    found = paragraphs(etree.fromstring(package.parts["/word/document.xml"]))
    assert not {"Side by side", "All figures", "The figures in detail"} & {line for _, line in found}
    assert not [name for name in package.parts if "chart" in name]


@pytest.mark.parametrize(
    ("report", "there"),
    [
        pytest.param({}, False, id="nothing was recorded"),
        pytest.param({"summary": "Four good years."}, True, id="a summary"),
        pytest.param({"story": {"before": "A leaflet."}}, True, id="a story"),
        pytest.param({"left_out": [{"metric": "bounce_rate", "reason": "the banner"}]}, True, id="what is left out"),
        pytest.param({"campaigns": [{"name": "Spring", "start": "2026-04-01"}]}, True, id="a campaign"),
        pytest.param({"campaigns": [{"name": "Autumn", "start": "2026-10-01"}]}, False, id="a campaign to come"),
    ],
)
def test_a_report_with_nothing_to_tell_isnt_made(report: dict[str, Any], *, there: bool) -> None:
    letter = {"date": "2026-06-01", "place": "Bristol"}
    made = given("en", data=(), own={}, report=report, letter=letter)
    assert REPORT.has_content(made.project, made.today) is there


def test_what_was_left_out_is_listed_where_no_metric_is_shown() -> None:
    left_out = {"left_out": [{"metric": "bounce_rate", "reason": "the banner changed it"}]}
    said = text("en", data=(), own={}, report=left_out, letter={"date": "2026-06-01", "place": "Bristol"})
    assert "the banner changed it" in said


def _style(p: etree._Element) -> str:
    style = p.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def _kept_with_next(language: str) -> set[str]:
    styles = etree.fromstring(rendered(language).parts["/word/styles.xml"])
    return {
        style.get(f"{W}styleId", "")
        for style in styles.iter(f"{W}style")
        if style.find(f"{W}pPr/{W}keepNext") is not None
    }


@LANGUAGES
def test_caveats_of_the_table_span_all_its_columns_below_their_figure(language: str) -> None:
    tables = list(root(language).iter(f"{W}tbl"))
    lines = next(rows for rows in (table.findall(f"{W}tr") for table in tables) if len(rows[0].findall(f"{W}tc")) == 6)
    spanning = [at for at, row in enumerate(lines) if len(row.findall(f"{W}tc")) == 1]
    told = [item for item in shown(language).figures if item.target or item.caveats]
    assert len(spanning) == len(told) > 1
    for at, item in zip(spanning, told, strict=True):
        cell = lines[at].find(f"{W}tc")
        assert cell.find(f"{W}tcPr/{W}gridSpan").get(f"{W}val") == "6"
        assert "".join(t.text or "" for t in cell.iter(f"{W}t")) == " ".join(filter(None, (item.target, *item.caveats)))
        above = lines[at - 1]
        assert item.label in "".join(t.text or "" for t in above.iter(f"{W}t"))
        # A program keeps rows together by the first paragraph of the first cell; no rule parts the two.
        assert _style(next(above.iter(f"{W}p"))) in _kept_with_next(language)
        borders = [cell.find(f"{W}tcPr/{W}tcBorders/{W}bottom") for cell in above.findall(f"{W}tc")]
        assert [border.get(f"{W}val") for border in borders] == ["nil"] * 6


def test_a_draft_is_marked() -> None:
    package = read_package(REPORT.render(given("en", draft=True)), "report.docx")
    headers = [content for name, content in package.parts.items() if "/header" in name]
    assert any(b"DRAFT" in content for content in headers)


def test_a_template_that_names_a_chart_wrongly_is_refused() -> None:
    made = given("en")
    package = read_package(made.template or b"", "report.docx")
    from handover.formats.package.opc import write_package

    parts = dict(package.parts)
    parts["/word/document.xml"] = parts["/word/document.xml"].replace(b"{{ figure.chart }}", b"{{ figure.label }}")
    found = lint_template(write_package(Package(parts, package.types)), template_file("report.docx", "report", "en"))
    assert [finding.rule for finding in found] == ["picture.chart"]


# Charts


@LANGUAGES
def test_every_metric_and_the_timeline_have_a_chart_with_alternative_text(language: str) -> None:
    document = root(language)
    described = [element.get("descr") or "" for element in document.iter() if element.tag.endswith("}docPr")]
    charts = [name for name in rendered(language).parts if re.fullmatch(r"/word/charts/chart\d+\.xml", name)]
    assert len(charts) == len(shown(language).figures) + 1
    month = {"en": "Jun\u00a02024", "fr": "juin\u00a02024"}[language]
    assert sum(month in descr for descr in described) >= len(shown(language).figures) - 2
    assert sum("line-" in (element.get("name") or "") for element in document.iter() if element.tag.endswith("}docPr"))
    assert all(descr.strip() for descr in described)


def test_of_many_figures_the_first_have_charts_and_all_are_in_the_table() -> None:
    names = [f"figure_{at}" for at in range(30)]
    data = tuple(row for name in names for row in rows(name, "2024-06", [100 + at for at in range(24)]))
    changes: dict[str, Any] = {
        "own": {name: Metric(label=name, unit="count") for name in names},
        "report": {**REPORT_SETTINGS, "headline": names[:3]},
    }
    made, package = (
        view(given(data=data, **changes)),
        read_package(REPORT.render(given(data=data, **changes)), "report.docx"),
    )
    charts = [name for name in package.parts if re.fullmatch(r"/word/charts/chart\d+\.xml", name)]
    assert (len(charts), len(made.figures)) == (20, 30)
    assert made.timeline_note is not None
    assert made.timeline_note.startswith("Figure 20")


@pytest.mark.parametrize(
    ("language", "metric", "expected"),
    [
        pytest.param("en", "leads", '[$-809]#,##0;[$-809]"−"#,##0', id="counts"),
        pytest.param("en", "revenue", '[$-809][>3000]"€"#,##0;[$-809][<0]"−"#,##0;[$-809]#,##0', id="money before"),
        pytest.param(
            "fr",
            "revenue",
            '[$-40C][>3000]#,##0"\u00a0€";[$-40C][<0]"−"#,##0;[$-40C]#,##0',
            id="money after",
        ),
        pytest.param(
            "fr", "conversion_rate", '[$-40C][>13]#,##0"\u00a0%";[$-40C][<0]"−"#,##0;[$-40C]#,##0', id="rates"
        ),
    ],
)
def test_an_axis_writes_a_real_minus_and_its_unit_at_the_top_alone(language: str, metric: str, expected: str) -> None:
    assert drawn(language, metric).axis_format == expected


def drawn(language: str, metric: str, **changes: str) -> Chart:
    """The chart of one metric, its words changed."""
    made = given(language)
    analysis = analyse(made.project, report_words(replace(made.words, **changes)), made.today)
    comparison = next(item for item in analysis.comparisons if item.definition.id == metric)
    return chart(analysis.wording, comparison, Look.of(palette("#1F4E79")))


def test_a_swiss_axis_has_the_apostrophe_of_amounts_and_the_space_of_counts() -> None:
    money, counts = (drawn("fr", metric, locale="fr_CH") for metric in ("revenue", "leads"))
    assert money.axis_format == '[$-100C][>3000]"EUR\u00a0"#"’"##0;[$-100C][>=1000]#"’"##0;[$-100C]0'
    assert money.tick_texts == ("0", "2’000", "EUR\u00a04’000")
    assert counts.axis_format.startswith("[$-40C]")


def test_a_belgian_axis_groups_as_its_text_does() -> None:
    for metric in ("revenue", "leads"):
        assert drawn("fr", metric, locale="fr_BE").axis_format.startswith("[$-40C]")


def test_a_charts_workbook_holds_the_rows_given() -> None:
    package = rendered("en")
    link = next(r for r in relationships(package, "/word/charts/chart1.xml", "report.docx"))
    book = load_workbook(io.BytesIO(package.parts[target_part("/word/charts/chart1.xml", link)]))["Data"]
    values = [book[f"B{row}"].value for row in range(2, 26)]
    assert values == [*STEADY, *times(1.35, STEADY)]


# Accessibility, as far as it can be read from the file


@LANGUAGES
def test_tables_repeat_their_headers_and_split_no_row(language: str) -> None:
    tables = list(root(language).iter(f"{W}tbl"))
    data = {"HandoverTable", "HandoverFigureTable"}
    kinds = [table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") for table in tables]
    assert len([kind for kind in kinds if kind in data]) == 5
    for kind, table in zip(kinds, tables, strict=True):
        # What only stands side by side is no table to a screen reader.
        assert (table.find(f"{W}tblPr/{W}tblDescription") is not None) is (kind in data)
        trs = table.findall(f"{W}tr")
        assert all(tr.find(f"{W}trPr/{W}cantSplit") is not None for tr in trs)
        styled = table.find(f"{W}tblPr/{W}tblStyle")
        if styled is not None and styled.get(f"{W}val") == "HandoverTable":
            assert trs[0].find(f"{W}trPr/{W}tblHeader") is not None


@LANGUAGES
def test_headings_are_headings_and_go_down_one_level_at_a_time(language: str) -> None:
    styles = etree.fromstring(rendered(language).parts["/word/styles.xml"])
    based = {
        s.get(f"{W}styleId"): (s.find(f"{W}basedOn"), s.find(f"{W}pPr/{W}outlineLvl")) for s in styles.iter(f"{W}style")
    }

    def level(style: str | None) -> int | None:
        while style in based:
            parent, outline = based[style]
            if outline is not None:
                return int(outline.get(f"{W}val"))
            style = None if parent is None else parent.get(f"{W}val")
        return None

    levels = [found for style, _ in paragraphs(root(language)) if (found := level(style)) is not None]
    assert levels[0] == 0
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@LANGUAGES
def test_the_language_is_told(language: str) -> None:
    styles = rendered(language).parts["/word/styles.xml"].decode()
    tag = LOCALES[language].replace("_", "-")
    assert f'w:lang w:val="{tag}"' in styles
    assert f'<c:lang val="{tag}"/>' in rendered(language).parts["/word/charts/chart1.xml"].decode()


def test_pages_are_numbered_of_how_many() -> None:
    footers = b"".join(content for name, content in rendered("en").parts.items() if "/footer" in name)
    assert b"PAGE" in footers
    assert b"NUMPAGES" in footers


# Views


def test_the_headlines_are_those_named_in_their_order() -> None:
    assert [item.label for item in shown().headlines] == [AWKWARD, "Revenue"]


def test_without_names_the_first_four_are_the_headlines() -> None:
    first_four = [AWKWARD, "Conversion rate", "Visitors", "Net promoter score"]
    assert [item.label for item in shown(report={}).headlines] == first_four


def test_what_is_left_out_is_listed_with_its_reason_and_nowhere_else() -> None:
    made = shown()
    assert [(item.label, item.reason) for item in made.method.left_out] == [("Bounce rate", "the banner changed it")]
    assert "Bounce rate" not in [item.label for item in made.figures]


def test_a_computed_metric_says_how() -> None:
    def origin(language: str) -> str:
        label = {"en": "Conversion rate", "fr": "Taux de conversion"}[language]
        return next(one.origin for one in shown(language).method.origins if one.label == label)

    french = "demandes ÷ visiteurs (calcul)"
    assert origin("fr") == f"CRM\u202f; {french}\u202f; exporté le 3\u00a0juin\u00a02026"
    assert origin("en") == "CRM; leads ÷ visitors (computed); exported on 3\u00a0June\u00a02026"
    assert figure(name="conversion_rate").basis == "weighted average"


def test_a_figure_carries_its_target_and_the_events_that_its_chart_has_no_room_for() -> None:
    item = figure()
    assert (item.target, item.target_key) == ("Target of 1,500 met.", "Target: 125 a month")
    assert item.events == ()
    both = tuple(Annotation(date=dt.date(2025, 6, day), text="New form") for day in (2, 20))
    crowded = figure(own={"leads": Metric(annotations=both)})
    assert crowded.events == ("1. 2\u00a0June\u00a02025\u00a0– New form", "2. 20\u00a0June\u00a02025\u00a0– New form")


def test_a_figures_own_title_and_comment_stand_in_place_of_ours() -> None:
    item = figure(own={"leads": Metric(title="More leads than ever", comment="The new form is shorter.")})
    assert (item.title, item.comment) == ("More leads than ever", "The new form is shorter.")


def test_a_caveat_stands_where_the_figure_stands() -> None:
    item = figure(name="nps")
    assert any("Not measured before June\u00a02025" in caveat for caveat in item.caveats)
    assert figure(name="revenue").title.endswith(" (Jul\u00a02025\u00a0– May\u00a02026, 11 of 12 months)")
    assert figure(name="revenue").caveats[0].startswith("No value for June\u00a02024")


def test_the_cover_shows_no_change_for_the_worse_and_none_that_may_be_chance() -> None:
    assert [(item.label, item.change) for item in shown().cover_figures] == [(AWKWARD, "+35%")]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("en", "Aug\u00a02025\u00a0– Oct\u00a02025, 3 of 12 months", id="in English"),
        pytest.param("fr", "août\u00a02025\u00a0– oct.\u00a02025, 3 mois sur 12", id="in French"),
    ],
)
def test_a_change_over_some_months_names_them_and_isnt_on_the_cover(language: str, said: str) -> None:
    year = [None, None, 40, 41, 42, *[None] * 7]
    data = tuple(rows("leads", "2024-06", [*year, *(2 * value if value else None for value in year)]))
    made = shown(language, data=data, report={})

    assert f"({said})" in made.headlines[0].title
    assert made.headlines[0].now_key.startswith(said)
    assert made.cover_figures == ()


def test_winter_against_summer_is_said_on_the_page_of_headlines_and_isnt_on_the_cover() -> None:
    data = tuple(rows("leads", "2024-12", [40, 41, 42, *[None] * 3, 60, 61, 62]))
    periods = Periods(
        baseline=Period(start=dt.date(2024, 12, 1), end=dt.date(2025, 2, 28)),
        current=Period(start=dt.date(2025, 6, 1), end=dt.date(2025, 8, 31)),
    )
    made = shown(data=data, report={}, periods=periods)

    assert "the season may explain" in (made.headlines[0].caveat or "")
    assert made.cover_figures == made.bells == ()


def test_a_value_of_some_months_that_compares_with_nothing_says_so_where_it_stands_large() -> None:
    data = tuple(rows("leads", "2024-06", [*[50] * 3, *[None] * 12, *[200] * 4]))
    made = shown(data=data, report={})

    assert made.headlines[0].caveat == (
        "Only a part of the period was measured: 800 in total, Sept\u00a02025\u00a0– Dec\u00a02025, 4 of 12 months."
    )


def test_a_change_that_may_be_chance_has_no_arrow() -> None:
    assert figure(data=tuple(rows("leads", "2024-06", [*STEADY, *NOISY])), own={}, report={}).arrow is None
    assert figure().arrow == "▲"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param([3] * 12, True, id="both periods have an average"),
        pytest.param([], False, id="only one has"),
    ],
)
def test_a_chart_tells_of_the_averages_that_it_draws(before: list[int], said: bool) -> None:
    data = tuple(rows("average_position", "2024-06" if before else "2025-06", [*before, *[2] * 12]))
    note = figure(name="average_position", data=data, own={}, report={}).chart_note
    assert ("the average of each period" in note) is said


def test_a_quote_is_on_the_cover_or_further_back_never_twice() -> None:
    made = shown()
    assert made.cover_quote.text == "It rings & rings."
    assert made.quotes == ()


def test_a_place_is_drawn_with_the_first_at_the_top() -> None:
    made = given("en", data=tuple(rows("average_position", "2024-06", [18 - at * 11 / 16 for at in range(24)])), own={})
    analysis = analyse(made.project, report_words(made.words), made.today)
    drawn = chart(analysis.wording, analysis.comparisons[0], Look.of(palette("#1F4E79")))
    assert drawn.flipped
    assert drawn.scale.ticks[0] == 1
    assert b'<c:orientation val="maxMin"/>' in chart_part(drawn).xml


def test_periods_that_compare_badly_are_caveats_of_the_whole_report() -> None:
    spans = {
        "baseline": {"start": "2024-06-01", "end": "2024-08-31"},
        "current": {"start": "2025-01-01", "end": "2025-05-31"},
    }
    made = shown(periods=spans)
    assert len(made.period_notes) == 1
    assert made.period_notes[0].startswith("The periods differ in length (92 and 151\u00a0days)")


def test_methods_are_named_with_their_sources_only_where_used() -> None:
    assert ["Biometrika 6, 1908" in line for line in shown().method.tests] == [True, False]
    assert shown(data=tuple(rows("leads", "2025-06", [1])), own={}).method.tests == ()
