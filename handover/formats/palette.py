"""The agency's one accent colour, and the shades that every document derives from it.

Role: `palette` turns `brand.colour` into colours that stay legible whatever the brand is: a lemon yellow gives
an olive text, a black gives a grey tint. Colours are `#RRGGBB`; `office_hex` drops the `#` for Word and Excel.
It knows nothing of styles or themes: each document places these colours itself.

Contrast is the ratio of WCAG 2.2 (success criterion 1.4.3, "relative luminance" and "contrast ratio").
"""

import colorsys
from functools import lru_cache
from typing import NamedTuple

TEXT_CONTRAST = 4.5
"""Least contrast of text with what is behind it (WCAG 2.2, 1.4.3, level AA)."""

STRONG_CONTRAST = 7.0
"""Least contrast of headings and filled headers with white (WCAG 2.2, 1.4.6, level AAA)."""

GRAPHIC_CONTRAST = 3.0
"""Least contrast of rules, bars and focus marks with white (WCAG 2.2, 1.4.11)."""

WHITE = "#FFFFFF"
INK = "#1D2128"
GREY = "#575D66"
RULE = "#C8CDD4"
BEFORE = "#878E98"
NIGHT = "#15181D"
"""What is behind everything on a dark screen."""

_TINT_SHARE = 0.09
_NIGHT_SHARE = 0.14


class Palette(NamedTuple):
    """The shades of one brand colour, each `#RRGGBB`.

    Every text colour here (`ink`, `grey`, `text`, `dark`) has a contrast of at least 4.5:1 on white and on
    `tint`; white on `dark` has at least 7:1.
    """

    accent: str
    """The brand's colour as given: for large surfaces and pictures, never for text."""
    text: str
    """The accent, darkened where needed so that text in it is legible on white and on the tint."""
    dark: str
    """A dark of the accent: headings, and fills that carry white text."""
    line: str
    """The accent, darkened where needed so that rules, bars and lines are seen on white."""
    tint: str
    """A pale wash of the accent: backgrounds of boxes and table headers."""
    ink: str = INK
    """Body text."""
    grey: str = GREY
    """Secondary text."""
    rule: str = RULE
    """Thin rules between rows."""
    before: str = BEFORE
    """What is drawn or marked of the time before: lighter than any other, at least 3:1 on white: marks, never text."""


def palette(colour: str) -> Palette:
    """Derive every shade from one `#RRGGBB` colour."""
    accent = colour.upper()
    tint = _mix(accent, WHITE, _TINT_SHARE)
    return Palette(
        accent=accent,
        text=_legible(accent, on=tint, least=TEXT_CONTRAST, towards=0),
        dark=_legible(accent, on=WHITE, least=STRONG_CONTRAST, towards=0),
        line=_legible(accent, on=WHITE, least=GRAPHIC_CONTRAST, towards=0),
        tint=tint,
    )


def night(colour: str) -> Palette:
    """The same shades for a dark screen: `NIGHT` takes the place of white, and lighter shades that of darker ones.

    `dark` is then a light of the accent, with a contrast of at least 7:1 on `NIGHT`.
    """
    accent = colour.upper()
    tint = _mix(accent, NIGHT, _NIGHT_SHARE)
    behind = max(tint, NIGHT, key=_luminance)
    return Palette(
        accent=accent,
        text=_legible(accent, on=behind, least=TEXT_CONTRAST, towards=1),
        dark=_legible(accent, on=behind, least=STRONG_CONTRAST, towards=1),
        line=_legible(accent, on=NIGHT, least=GRAPHIC_CONTRAST, towards=1),
        tint=tint,
        ink="#E7E9EC",
        grey="#B4BAC4",
        rule="#454B55",
    )


@lru_cache(maxsize=1024)  # a document asks for the same few pairs once a run of text
def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def office_hex(colour: str) -> str:
    """`#1F4E79` → `1F4E79`, as ECMA-376 writes colours (Part 1, 22.9.2.5, ST_HexColorRGB)."""
    return colour.removeprefix("#")


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of `#RRGGBB`, each from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def as_hex(red: float, green: float, blue: float) -> str:
    """`#RRGGBB` of red, green and blue from 0 to 1."""
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in (red, green, blue))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(channels(colour), channels(other), strict=True)
    red, green, blue = (c * share + o * (1 - share) for c, o in pairs)
    return as_hex(red, green, blue)


def _legible(colour: str, *, on: str, least: float, towards: int) -> str:
    """The colour itself if it is legible on `on`, else its nearest shade that is, towards black (0) or white (1)."""
    if contrast(colour, on) >= least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(colour))
    for share in (step / 255 for step in range(1, 256)):
        shade = as_hex(*colorsys.hls_to_rgb(hue, lightness * (1 - share) + towards * share, saturation))
        if contrast(shade, on) >= least:
            return shade
    return WHITE if towards else "#000000"
