"""Numbers as people write them: the decimal mark is the column's, and doubt is told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.project.check.numbers import read_column


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["10", "2000", "-3", "+4"], ["10", "2000", "-3", "4"], id="whole numbers need no mark"),
        pytest.param(["1,5", "2,25"], ["1.5", "2.25"], id="decimal commas"),
        pytest.param(["1.5", "2.25"], ["1.5", "2.25"], id="decimal points"),
        pytest.param(["1 234,5", "1\u00a0234", "1\u202f234,25", "1\u2009234"], ["1234.5", "1234", "1234.25", "1234"],
                     id="every space that groups"),
        pytest.param(["1'234.50", "1\u2019234.50"], ["1234.50", "1234.50"], id="Swiss apostrophes"),
        pytest.param(["1,234.5", "1,234"], ["1234.5", "1234"], id="one cell tells that commas group"),
        pytest.param(["1.234,5", "1.234"], ["1234.5", "1234"], id="one cell tells that points group"),
        pytest.param(["0.5", "1.234"], ["0.5", "1.234"], id="one cell tells that points are decimal"),
        pytest.param(["1,234,567", "1,234"], ["1234567", "1234"], id="two groups tell what one can't"),
        pytest.param(["\u22123,5", "\u2212 4"], ["-3.5", "-4"], id="a typographic minus"),
        pytest.param(["2,4 %", "3%"], ["2.4", "3"], id="a percent sign is the unit"),
        pytest.param(["0.500"], ["0.500"], id="a leading zero can't be a group"),
    ],
)  # fmt: skip
def test_a_column_is_read(cells: list[str], expected: list[str]) -> None:
    column = read_column(cells)

    assert column.wrong == {}
    assert list(column.plain) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["1,234"], {0: "number.ambiguous"}, id="a comma before three digits, alone"),
        pytest.param(["1.234", "12"], {0: "number.ambiguous"}, id="a point before three digits, without help"),
        pytest.param(["1.5", "2,5", "3.5"], {1: "number.mark"}, id="another mark than the rest"),
        pytest.param(["abc", "NaN", "inf", "1e5", "0x10", "1_000"], dict.fromkeys(range(6), "number.format"),
                     id="words and programmers' numbers"),
        pytest.param(["1 2", "12 34", "1 234 5", "1,23,456"], dict.fromkeys(range(4), "number.format"),
                     id="groups that aren't of three"),
        pytest.param(["1 234,567 8", "1 234\u00a0567"], dict.fromkeys(range(2), "number.format"),
                     id="groups behind the mark, and mixed separators"),
        pytest.param(["\u0661\u0662", "٫5", "½"], dict.fromkeys(range(3), "number.format"), id="other digits"),
        pytest.param(["--5", "- -5", "5-", "(-5)", "€5", ".5", "5."], dict.fromkeys(range(7), "number.format"),
                     id="signs and marks in odd places"),
    ],
)  # fmt: skip
def test_doubt_and_nonsense_are_told(cells: list[str], expected: dict[int, str]) -> None:
    column = read_column(cells)

    assert {index: wrong[0] for index, wrong in column.wrong.items()} == expected
    assert [value is None for value in column.plain] == [index in expected for index in range(len(cells))]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("12 k", "write all its digits: 12000"), ("13,5k", "write all its digits: 13500"),
        ("-1.2 M", "write all its digits: -1200000"), ("1.250 k", "write all its digits: 12000"),
        ("3 Md", "write all its digits: 3000000000"), ("12 m", "write digits, with a decimal point or comma: 1234.5"),
    ],
)  # fmt: skip
def test_a_shortened_number_is_refused_with_what_it_means(cell: str, hint: str) -> None:
    rule, _, said = read_column([cell, "9000"]).wrong[0]

    assert (rule, said) == ("number.format", hint)


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9), min_size=1
    ),
    st.sampled_from([(",", "\u202f"), (".", ","), (",", "."), (".", "'"), (",", "")]),
)
def test_what_is_written_with_one_mark_and_two_decimals_is_read_back(
    numbers: list[Decimal], style: tuple[str, str]
) -> None:
    mark, group = style
    texts = [f"{n:,.2f}".replace(",", "_").replace(".", mark).replace("_", group) for n in numbers]

    assert [Decimal(value or "NaN") for value in read_column(texts).plain] == numbers
