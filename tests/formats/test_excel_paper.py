"""Wide tables on paper: legible, parted between columns, the first column on every page."""

import io
import re

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.formats.excel import Book, Cell, Column, Look, Sheet, write_workbook
from handover.formats.excel.paper import LEAST, Fit, fit, room

A4_LINE = 130.4
"""Digits of body text between margins of 20 mm on A4 lying: 257 mm."""


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        pytest.param([100.0], Fit(None), id="a table that fits is left to the program"),
        pytest.param([60.0, 60.0, 60.0], Fit(None), id="so is one that fits when made a little smaller"),
        pytest.param([60.0, 60.0, 65.0, 60.0], Fit(70, (3,)), id="a wider one goes on with its first column repeated"),
        pytest.param([50.0, 50.0, 50.0, 50.0], Fit(85, (3,)), id="in the largest type that needs no further page"),
        pytest.param([300.0, 300.0], Fit(None), id="two columns can't be parted, however wide"),
        pytest.param([20.0, 300.0, 300.0], Fit(100, (2,)), id="and what can't share a page doesn't"),
    ],
)
def test_a_table_is_printed_on_as_few_pages_side_by_side_as_stay_legible(widths: list[float], expected: Fit) -> None:
    assert fit(widths, "A4", lying=True) == expected


@given(st.lists(st.floats(1, 100), min_size=1, max_size=30), st.sampled_from(["A4", "Letter"]), st.booleans())
def test_no_page_is_smaller_than_legible_and_every_column_is_on_one(
    widths: list[float], paper: str, lying: bool
) -> None:
    found, line = fit(widths, paper, lying=lying), room(paper, lying=lying)
    scale = found.scale or max(LEAST, min(100, int(100 * line / sum(widths))))
    assert scale >= LEAST
    assert list(found.breaks) == sorted(set(found.breaks))
    ends = [*found.breaks, len(widths)]
    for start, end in zip([0, *found.breaks], ends, strict=True):
        page = [widths[0], *widths[max(start, 1) : end]]
        assert len(page) <= 2 or sum(page) <= line * 100 / scale + 1


def test_a_line_is_as_long_as_its_paper() -> None:
    assert room("A4", lying=True) == pytest.approx(A4_LINE, abs=0.1)
    assert room("Letter", lying=True) < room("A4", lying=True)
    assert room("Letter", lying=False) > room("A4", lying=False)


def test_a_wide_table_repeats_its_header_and_its_first_column() -> None:
    columns = tuple(Column(name, least=40, most=40) for name in "ABCDEF")
    data = write_workbook(Book((Sheet("Wide", columns, (tuple("abcdef"),)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Wide"]
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.scale, sheet.page_setup.pageOrder) == (80, "overThenDown")
    assert [found.id for found in sheet.col_breaks.brk] == [4]


def test_text_stands_off_the_edge_of_its_cell_and_in_the_middle_of_its_row() -> None:
    columns = (Column("A"), Column("B", Look.MONO), Column("C", Look.NUMBER), Column("D", Look.DATE))
    data = write_workbook(Book((Sheet("S", columns, (("a", "b", 1, None),)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    cells = [cell for row in sheet["A1:D2"] for cell in row]
    assert {cell.alignment.indent for cell in cells} == {1}
    assert {cell.alignment.vertical for cell in cells} == {"center"}


def test_a_text_higher_than_a_row_can_be_shows_its_beginning() -> None:
    data = write_workbook(Book((Sheet("S", (Column("A"), Column("B")), (("line\n" * 60, "b"), ("a", "b"))),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert [sheet[place].alignment.vertical for place in ("A2", "B2", "A3")] == ["top", "top", "center"]
    assert (sheet["A2"].number_format, sheet["A2"].quotePrefix) == ("@", True)


def test_the_foot_keeps_its_size_where_the_table_is_printed_smaller() -> None:
    from zipfile import ZipFile

    data = write_workbook(Book((Sheet("S", (Column("A"),), (("a",),)),), footer=("left", "middle", "right")))
    with ZipFile(io.BytesIO(data)) as package:
        markup = package.read("xl/worksheets/sheet1.xml").decode()
    assert re.search('<headerFooter scaleWithDoc="0"><oddFooter>', markup)


LONG = "A very long name of a client, handed over by an agency with one that is hardly shorter, "


def front(*texts: str) -> Sheet:
    columns = (Column("", least=22, most=22), Column("", least=72, most=72))
    looks = (Look.TITLE, Look.SUBTITLE)
    rows = tuple((Cell(text, look), None) for text, look in zip(texts, looks, strict=True))
    return Sheet("Front", columns, rows, ("DRAFT " + texts[1],), table=False)


def test_long_headlines_of_a_page_are_wrapped_over_all_its_columns_and_short_ones_left_alone() -> None:
    short = openpyxl.load_workbook(io.BytesIO(write_workbook(Book((front("Inventory", "Acme"),)))))["Front"]
    assert not short.merged_cells.ranges
    assert not any(short[place].alignment.wrap_text for place in ("A1", "A2", "A3"))
    long = openpyxl.load_workbook(io.BytesIO(write_workbook(Book((front(LONG, LONG * 2),)))))["Front"]
    assert {str(cells) for cells in long.merged_cells.ranges} == {"A1:B1", "A2:B2", "A3:B3"}
    for number in (1, 2, 3):
        assert long[f"A{number}"].alignment.wrap_text
        assert long.row_dimensions[number].height > short.row_dimensions[number].height + 10
    assert long["A3"].value == LONG * 2


@pytest.mark.parametrize(
    ("widths", "wrapped"),
    [
        pytest.param([20.0, 90.0], False, id="above a table of one page it runs on"),
        pytest.param([20.0] * 16, True, id="above one that is parted it stays within the column that is repeated"),
    ],
)
def test_a_notice_is_printed_whole_on_every_page(widths: list[float], wrapped: bool) -> None:
    columns = tuple(Column(f"c{at}", least=width, most=width) for at, width in enumerate(widths))
    notice = "DRAFT. Not for use: the final workbook replaces it."
    data = write_workbook(Book((Sheet("S", columns, (tuple("x" for _ in widths),), (notice,)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert sheet.print_title_rows == "$1:$2"
    assert bool(sheet["A1"].alignment.wrap_text) == wrapped
    assert (sheet.row_dimensions[1].height > 60) == wrapped
    assert not sheet.merged_cells.ranges
