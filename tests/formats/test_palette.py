"""Colours derived from a brand's colour stay legible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.formats.palette import NIGHT, TEXT_CONTRAST, WHITE, contrast, night, office_hex, palette

colours = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


@given(colours)
def test_every_text_colour_of_any_brand_is_legible_on_white_and_on_its_tint(colour: str) -> None:
    shades = palette(colour)
    for text in (shades.text, shades.dark, shades.ink, shades.grey):
        assert contrast(text, WHITE) >= TEXT_CONTRAST
        assert contrast(text, shades.tint) >= TEXT_CONTRAST
    assert contrast(shades.dark, WHITE) >= 7
    assert contrast(shades.line, WHITE) >= 3


@given(colours)
def test_every_text_colour_of_any_brand_is_legible_on_a_dark_screen(colour: str) -> None:
    shades = night(colour)
    for text in (shades.text, shades.dark, shades.ink, shades.grey):
        assert contrast(text, NIGHT) >= TEXT_CONTRAST
        assert contrast(text, shades.tint) >= TEXT_CONTRAST
    assert contrast(shades.dark, NIGHT) >= 7
    assert contrast(shades.line, NIGHT) >= 3


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        pytest.param("#000000", "#FFFFFF", 21.0, id="black on white is the greatest contrast"),
        pytest.param("#777777", "#FFFFFF", 4.48, id="the well-known grey that just fails"),
        pytest.param("#1F4E79", "#1F4E79", 1.0, id="a colour on itself has none"),
    ],
)
def test_contrast_is_the_ratio_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_a_dark_brand_colour_is_used_as_it_is() -> None:
    shades = palette("#1f4e79")
    assert shades.accent == shades.text == shades.dark == shades.line == "#1F4E79"
    assert office_hex(shades.accent) == "1F4E79"


def test_a_lemon_yellow_gives_darker_text_of_the_same_hue() -> None:
    shades = palette("#FFF200")
    assert shades.accent == "#FFF200"
    red, green, blue = (int(shades.text[at : at + 2], 16) for at in (1, 3, 5))
    assert red > blue
    assert green > blue
