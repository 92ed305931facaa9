"""Charts: parts, cached values, workbooks and drawings, without another program."""

import datetime as dt
import io
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree as ET  # noqa: N812 — the name everybody knows

from handover.formats.chart.drawingml import chart_part
from handover.formats.chart.markup import A, C
from handover.formats.chart.model import Band, Chart, Event, Kind, Look, Role, Span, Timeline, scale
from handover.formats.chart.place import CHART_TYPE, Placed
from handover.formats.chart.shapes import EMU_PER_MM, sparkline
from handover.formats.chart.timeline import timeline_part
from handover.formats.chart.workbook import figure, workbook
from handover.formats.package.opc import read_package, relationships, target_part
from handover.formats.palette import contrast, palette
from handover.formats.word.finish import Finish
from handover.formats.word.ooxml import w
from handover.model.errors import TemplateError
from handover.templating.kinds import ChartName
from handover.templating.template import rendered
from template_making import Maker, p

LOOK = Look.of(palette("#1F4E79"))
NAMES = {"a": A, "c": C}
TEMPLATE = Path(__file__).parents[2] / "templates" / "en" / "report.docx"
AWKWARD = "Ventes <&\"'> _x0041_ {{ x }} €"


def chart(values: list[object], kind: Kind = Kind.LINE, **changes: object) -> Chart:
    """A chart of these monthly values; the first and last quarter are the periods."""
    count = len(values)
    part = max(1, count // 4)
    given = tuple(None if value is None else Decimal(str(value)) for value in values)
    bands = (
        Band(Role.BASELINE, 0, part - 1, ("Baseline", "10 in total"), Decimal(10)),
        Band(Role.CURRENT, count - part, count - 1, ("Current", "20 in total"), Decimal(20)),
    )
    made = Chart(
        kind=kind,
        name=AWKWARD,
        description="What is seen",
        language="fr-FR",
        months=tuple(dt.date(2021 + at // 12, at % 12 + 1, 1) for at in range(count)),
        values=given,
        look=LOOK,
        category_name="Mois",
        bands=bands,
    )
    return replace(made, tick_texts=tuple(str(tick) for tick in made.scale.ticks), **changes)


def series(xml: bytes) -> list[dict[str, object]]:
    """Every series of a chart part: name, category cache, value cache by index, references."""
    found = []
    for ser in ET.fromstring(xml).iter(f"{{{C}}}ser"):
        values = ser.find("c:val/c:numRef", NAMES)
        categories = ser.find("c:cat/", NAMES)
        found.append(
            {
                "name": ser.findtext("c:tx/c:strRef/c:strCache/c:pt/c:v", None, NAMES),
                "reference": values.findtext("c:f", None, NAMES),
                "values": {int(p.get("idx")): p.findtext("c:v", None, NAMES) for p in values.iter(f"{{{C}}}pt")},
                "categories": [p.findtext("c:v", None, NAMES) for p in categories.iter(f"{{{C}}}pt")],
            }
        )
    return found


def _typed(text: str) -> str:
    # openpyxl leaves the escape of `_x0041_` as it is written.
    return text.replace("_x005F_x", "_x")


EVENTS = (Event(3, 1, "X", "1. x"), Event(3, 2, "Y", "2. y"), Event(50, 3, "Z", "3. z"))
CASES = [
    pytest.param(chart([100, 110, None, 90, 120, 130, 125, 140]), id="a line with a gap"),
    pytest.param(chart([100, 110, None, 90, 120, 130, 125, 140], Kind.BAR), id="bars with a gap"),
    pytest.param(chart([-30, -10, 5, 20]), id="a line through zero"),
    pytest.param(chart([-30, -10, 5, 20], Kind.BAR), id="bars below zero"),
    pytest.param(chart([-30, -29, -28.5]), id="all below zero"),
    pytest.param(chart(["0.0003", "0.00035", "0.0004"]), id="very small"),
    pytest.param(chart([10**14, 3 * 10**14, 10**15], Kind.BAR), id="very large"),
    pytest.param(chart([5, 5, 5, 5]), id="always the same"),
    pytest.param(chart([0, 0, 0]), id="always zero"),
    pytest.param(chart([None, None, None]), id="nothing at all"),
    pytest.param(chart([math.sin(at) for at in range(60)], events=EVENTS), id="sixty months with events"),
    pytest.param(chart(list(range(1, 25)), breaks=(12,)), id="a broken series"),
]  # fmt: skip


@pytest.mark.parametrize("drawn", CASES)
def test_every_cached_value_is_the_workbooks(drawn: Chart) -> None:
    part = chart_part(drawn)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(part.rows)))["Data"]
    found = series(part.xml)
    assert sheet["B1"].value is not None
    assert sheet.max_column == len(found) + 1
    for ser in found:
        letter = ser["reference"].split("$")[1]
        assert _typed(sheet[f"{letter}1"].value) == ser["name"]
        cells = [sheet[f"{letter}{row + 2}"].value for row in range(len(drawn.months))]
        cached = [None if (text := ser["values"].get(at)) is None else float(text) for at in range(len(cells))]
        assert cached == [None if cell is None else float(cell) for cell in cells]
        assert ser["reference"] == f"Data!${letter}$2:${letter}${len(drawn.months) + 1}"
    assert [sheet[f"A{row + 2}"].value.date() for row in range(len(drawn.months))] == list(drawn.months)


@pytest.mark.parametrize("drawn", CASES)
def test_the_values_given_are_the_values_cached(drawn: Chart) -> None:
    ours = [ser for ser in series(chart_part(drawn).xml) if str(ser["name"]).startswith("Ventes")]
    cached = {at: Decimal(text) for ser in ours for at, text in ser["values"].items()}
    assert cached == {at: value for at, value in enumerate(drawn.values) if value is not None}


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("drawn", CASES)
def test_two_runs_give_the_same_bytes(drawn: Chart) -> None:
    one, other = chart_part(drawn), chart_part(drawn)
    assert (one.xml, workbook(one.rows)) == (other.xml, workbook(other.rows))


@pytest.mark.parametrize("drawn", CASES)
def test_every_series_has_an_explicit_fill_or_line(drawn: Chart) -> None:
    for ser in ET.fromstring(chart_part(drawn).xml).iter(f"{{{C}}}ser"):
        shape = ser.find("c:spPr", NAMES)
        assert shape is not None
        assert any(shape.find(f".//a:{kind}", NAMES) is not None for kind in ("solidFill", "noFill"))
    text = chart_part(drawn).xml.decode()
    assert "schemeClr" not in text


@pytest.mark.parametrize("drawn", CASES)
def test_bars_stand_on_zero_and_all_values_are_inside_the_axis(drawn: Chart) -> None:
    axis = drawn.scale
    if drawn.kind is Kind.BAR:
        assert axis.low <= 0 <= axis.high
    known = [value for value in drawn.values if value is not None]
    assert all(axis.low <= value < axis.high for value in known)
    assert 2 <= len(axis.ticks) <= 7


@pytest.mark.parametrize("peak", [23, 100, 999, 14_174, Decimal("0.0004")])
def test_a_scale_ends_at_most_fifteen_percent_above_the_peak(peak: int | Decimal) -> None:
    drawn = chart([Decimal(peak) * share / 10 for share in range(4, 11)], Kind.BAR, bands=())
    assert Decimal(peak) < drawn.scale.high <= Decimal(peak) * Decimal("1.15")


def test_a_line_is_not_drawn_across_a_break() -> None:
    names = [ser["name"] for ser in series(chart_part(chart([1, 2, 3, 4], bands=(), breaks=(2,))).xml)]
    assert len([name for name in names if str(name).startswith("Ventes")]) == 2


def test_a_line_between_the_periods_reaches_to_both() -> None:
    drawn = chart(list(range(8)))
    assert [(role, first, last) for role, first, last in drawn.runs] == [
        (Role.BASELINE, 0, 1), (None, 1, 6), (Role.CURRENT, 6, 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("months", "events", "sides"),
    [
        pytest.param(36, [(14, "Faster pages")], ["r"], id="to the right of its month"),
        pytest.param(36, [(34, "Faster pages")], ["l"], id="to the left near the end"),
        pytest.param(36, [(3, "A"), (3, "B")], ["", ""], id="two in a month are numbered"),
        pytest.param(12, [(5, "A name that is longer than half of all the width of a chart's plot")], [""],
                     id="a name without room is numbered"),
        pytest.param(36, [(10, "Faster pages"), (13, "New shop")], ["l", "r"], id="away from the next one"),
    ],
)  # fmt: skip
def test_an_event_is_named_where_there_is_room(months: int, events: list[tuple[int, str]], sides: list[str]) -> None:
    drawn = chart([1] * months, events=tuple(Event(at, n, name, name) for n, (at, name) in enumerate(events, 1)))
    assert [side for _, side in drawn.named] == sides


@pytest.mark.parametrize(
    ("values", "side"),
    [
        pytest.param([*range(34), 41, 35], "r", id="beside its bar below a higher one"),
        pytest.param([*range(34), 34, 35], "t", id="above its bar over lower ones"),
        pytest.param([*range(33), 60, 34, 35], "t", id="above its bar where the higher one is out of reach"),
        pytest.param([*range(10), 41, 35], "t", id="above a wide bar"),
    ],
)
def test_the_last_value_of_bars_lies_on_no_bar(values: list[object], side: str) -> None:
    last = [*ET.fromstring(chart_part(chart(values, Kind.BAR, last_text="35 €")).xml).iter(f"{{{C}}}ser")][-1]
    assert last.find("c:dLbls/c:dLblPos", NAMES).get("val") == side


def test_a_gap_stays_a_gap_in_word() -> None:
    part = chart_part(chart([1, None, 3, 4]))
    assert b'<c:dispBlanksAs val="gap"/>' in part.xml


@pytest.mark.parametrize("colour", ["#1F4E79", "#FFD400", "#000000", "#FFFFFF", "#E07A1F", "#7FB069"])
def test_the_periods_differ_in_grey(colour: str) -> None:
    look = Look.of(palette(colour))
    assert contrast(look.current, look.baseline) >= 1.9
    assert contrast(look.baseline, "#FFFFFF") >= 3
    assert contrast(look.current, "#FFFFFF") >= 7


def test_what_marks_then_in_a_key_has_the_colour_of_what_is_drawn_of_it() -> None:
    styles = ET.fromstring(read_package(TEMPLATE.read_bytes(), TEMPLATE.name).parts["/word/styles.xml"])
    (then,) = (one for one in styles.iter(w("style")) if one.get(w("styleId")) == "HandoverThen")
    (colour,) = then.iter(w("color"))
    assert f"#{colour.get(w('val'))}" == LOOK.baseline


@pytest.mark.parametrize(("values", "share"), [([100, 102, 98, 101], 0.2), ([10, 40, 70, 100], 1)])
def test_noise_is_a_low_line(values: list[int], share: float) -> None:
    heights = re.findall(r'<a:path w="\d+" h="(\d+)"', sparkline(chart(values * 2), 48, 26))
    assert sum(map(int, heights))
    assert max(map(int, heights)) <= share * 26 * EMU_PER_MM


@given(st.lists(st.decimals(-(10**15), 10**15, places=3), min_size=1, max_size=30), st.booleans())
def test_a_scale_holds_its_values_on_round_steps(values: list[Decimal], zero: bool) -> None:
    axis = scale(values, zero=zero)
    assert axis.low <= min(values)
    assert max(values) < axis.high
    assert axis.step > 0
    assert axis.low % axis.step == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+3"), "1000"), (Decimal("1.50"), "1.5"), (Decimal("-0.00"), "0"), (0, "0"), (100, "100"),
        (Decimal("0.000001"), "0.000001"), (Decimal("-12.30"), "-12.3"),
    ],
)  # fmt: skip
def test_a_figure_is_written_plainly(value: Decimal | int, text: str) -> None:
    assert figure(value) == text


def test_a_workbook_holds_texts_exactly() -> None:
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook([("=1+1", AWKWARD, "two\nlines"), (" a ", Decimal("1.25"), None)]))
    )
    cells = sheet["Data"]
    assert [cells["A1"].value, cells["C1"].value, cells["A2"].value] == ["=1+1", "two\nlines", " a "]
    assert _typed(cells["B1"].value) == AWKWARD
    assert cells["B2"].value == 1.25


# Timeline

TIMELINE = Timeline(
    "Campaigns", "Alt", "en-GB",
    (Span("A <long> one", dt.date(2024, 3, 1), dt.date(2024, 9, 30)),
     Span("A day", dt.date(2025, 2, 3), dt.date(2025, 2, 3))),
    dt.date(2024, 1, 1), dt.date(2025, 3, 1), LOOK, ("Name", "Start", "Days", "Milestone"),
)  # fmt: skip


def test_a_timeline_counts_both_days_and_marks_milestones() -> None:
    part = timeline_part(TIMELINE)
    assert part.rows[1] == ("A <long> one", 45352, 214, None)
    assert part.rows[2][2] is None
    assert part.rows[2][3] is not None
    assert [ser["categories"] for ser in series(part.xml)] == [["A <long> one", "A day"]] * 3


def test_a_milestone_is_a_diamond_in_the_place_of_a_bar_and_only_milestones_have_one() -> None:
    root = ET.fromstring(timeline_part(TIMELINE).xml)
    drawn = root.findall(".//c:ser", NAMES)
    labels = [ser.find("c:dLbls/c:numFmt", NAMES) for ser in drawn]
    assert [label is not None and label.get("formatCode") for label in labels] == [False, False, '"◆"']
    assert [ser.find("c:spPr/a:noFill", NAMES) is not None for ser in drawn] == [True, False, True]
    assert [len(ser.findall("c:val//c:pt", NAMES)) for ser in drawn] == [2, 1, 1]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("Spring fair", "Spring fair", id="a short name is whole"),
        pytest.param(
            "Reopening of the orangery after its restoration, with all growers of the county",
            "Reopening of the orangery after its…",
            id="a long one ends at a word",
        ),
        pytest.param("x" * 80, "x" * 43 + "…", id="a word that is too long is cut"),
    ],
)
def test_a_name_on_the_timeline_leaves_room_for_the_bars(name: str, shown: str) -> None:
    day = dt.date(2024, 3, 1)
    line = TIMELINE._replace(spans=(Span(name, day, day),))
    assert timeline_part(line).rows[1][0] == shown


# In a document


@dataclass(frozen=True, slots=True)
class Charts:
    charts: tuple[ChartName, ...]
    text: str = "one"


def placed() -> Placed:
    return Placed(chart_part(chart([1, 2, 3, 4])), 'Alt "text" <&>', 160, 60)


def drawn(*names: str) -> bytes:
    """A document with a text that spells a chart's name, and a chart for each of these names."""
    finish = Finish("en-GB", "A4", palette("#1F4E79"), charts={"one": placed(), "two": placed()})
    body = p("{{ text }}") + p("{%p for name in charts %}") + p("{{ name }}") + p("{%p endfor %}")
    return rendered(Maker(body).bytes(), Charts(tuple(map(ChartName, names))), finish, place="d")


def test_a_chart_takes_the_place_of_the_paragraph_that_names_it() -> None:
    package = read_package(drawn("one", "two"), "d")
    root = ET.fromstring(package.parts["/word/document.xml"])
    descriptions = [element.get("descr") for element in root.iter() if element.tag.endswith("docPr")]
    ids = [element.get("id") for element in root.iter() if element.tag.endswith("docPr")]
    assert descriptions == ['Alt "text" <&>'] * 2
    assert len(set(ids)) == 2
    assert "".join(root.itertext()) == "one"
    links = relationships(package, "/word/document.xml", "d")
    charts = [target_part("/word/document.xml", link) for link in links if link.type.endswith("/chart")]
    assert [package.types[name] for name in charts] == [CHART_TYPE] * 2
    for name in charts:
        (link,) = relationships(package, name, "d")
        assert openpyxl.load_workbook(io.BytesIO(package.parts[target_part(name, link)]))["Data"]["B2"].value == 1


@pytest.mark.usefixtures("anew")
def test_the_same_charts_give_the_same_bytes() -> None:
    assert drawn("one") == drawn("one")


def test_a_document_that_asks_for_no_chart_has_none() -> None:
    assert not [name for name in read_package(drawn(), "d").parts if "chart" in name]


def test_a_name_that_no_chart_has_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"^d: there is no chart 'three'"):
        drawn("three")
