"""What number formats show beside a number: a percent sign that scales, one that is text, or a currency."""

from decimal import Decimal

import pytest

from handover.project.read.cell_format import Shown, beside


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        pytest.param("General", "0.024", Shown(), id="no format"),
        pytest.param("0.0%", "0.024", Shown(True, "%"), id="a percentage"),
        pytest.param("0.0\\%", "2.4", Shown(False, "%"), id="an escaped percent sign is text"),
        pytest.param('0.0" %"', "2.4", Shown(False, "%"), id="a quoted one too"),
        pytest.param('0.0"%', "2.4", Shown(False, "%"), id="with a quotation mark never closed"),
        pytest.param("0.0_%", "2.4", Shown(), id="a space as wide as one"),
        pytest.param("0.0*%", "2.4", Shown(), id="a cell filled with them"),
        pytest.param("[Red]0.0%", "0.024", Shown(True, "%"), id="in colour"),
        pytest.param("0.0%;-0.0", "-2.4", Shown(), id="of two sections the second is for numbers below zero"),
        pytest.param("0.0%;-0.0", "0.024", Shown(True, "%"), id="and the first for the others"),
        pytest.param("0.0%;-0.0%;0", "0", Shown(), id="a third is for zero"),
        pytest.param("[<1]0.0%;0.0", "0.024", Shown(True, "%"), id="a condition that holds"),
        pytest.param("[<1]0.0%;0.0", "2.4", Shown(), id="and one that doesn't"),
        pytest.param("$#,##0.00", "12", Shown(sign="$"), id="dollars"),
        pytest.param("[$$-409]#,##0.00", "12", Shown(sign="$"), id="dollars of a locale"),
        pytest.param("#,##0.00\\ [$€-40C]", "12", Shown(sign="€"), id="euros of a locale"),
        pytest.param('#,##0.00" USD"', "12", Shown(sign="USD"), id="a code as text"),
        pytest.param("[$CHF]\\ #,##0.00", "12", Shown(sign="CHF"), id="a code in brackets"),
        pytest.param("[$-409]mmm yy", "45000", Shown(), id="a locale without a currency"),
        pytest.param('#,##0.00\\ "€"', "12", Shown(sign="€"), id="a quoted sign"),
    ],
)
def test_a_format_shows(code: str, value: str, expected: Shown) -> None:
    assert beside(code, Decimal(value)) == expected
