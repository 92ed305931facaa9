"""What colour text and what is behind it have in a Word document, and whether the one can be told from the other.

Role: reads colours as WordprocessingML and DrawingML write them. Word takes a colour from the theme, LibreOffice and
others from the value beside it: both are given. It knows no text.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.palette import contrast
from handover.formats.word.ooxml import A, w

Rgb = tuple[int, int, int]

LEAST_CONTRAST: Final = 1.3
"""Contrast (WCAG 2.1, relative luminance) below which nobody sees that there is text; the palest grey of Office's own
palette for text on paper, D9D9D9, has 1.4."""

SLOTS: Final = {
    "text1": "dk1", "dark1": "dk1", "tx1": "dk1", "background1": "lt1", "light1": "lt1", "bg1": "lt1",
    "text2": "dk2", "dark2": "dk2", "tx2": "dk2", "background2": "lt2", "light2": "lt2", "bg2": "lt2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
"""What documents call a theme's slot (ECMA-376 Part 1, 17.18.97, 20.1.10.54) → its element there (20.1.6.2)."""
_OFFICE: Final = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "44546A", "lt2": "E7E6E6"}
"""Office's own theme, for documents whose theme isn't known; accents aren't guessed."""
_HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
"""ECMA-376 Part 1, 17.18.40."""


class Colour(NamedTuple):
    """One colour as Word shows it (by the theme), and as others do (by the value beside it); None isn't known."""

    word: Rgb | None
    others: Rgb | None


WHITE: Final = Colour((255, 255, 255), (255, 255, 255))
BLACK: Final = Colour((0, 0, 0), (0, 0, 0))


def can_be_told(text: Colour, behind: Colour) -> bool:
    """Whether text stands out, however it's shown; what isn't known does."""
    pairs = ((text.word, behind.word), (text.others, behind.others))
    known = [(f"#{bytes(one).hex()}", f"#{bytes(other).hex()}") for one, other in pairs if one and other]
    return all(contrast(one, other) >= LEAST_CONTRAST for one, other in known)


def theme_slots(theme: etree._Element | None) -> Mapping[str, str]:
    """The theme's colours as hexadecimal RGB by slot."""
    found = dict(_OFFICE)
    scheme = None if theme is None else theme.find(f".//{{{A}}}clrScheme")
    for slot in () if scheme is None else scheme.iterchildren(etree.Element):
        for value in slot.iterchildren(etree.Element):
            found[etree.QName(slot).localname] = value.get("lastClr") or value.get("val") or ""
    return found


def text_colour(element: etree._Element, slots: Mapping[str, str]) -> Colour | None:
    """A `w:color` (17.3.2.6); None for the automatic one, which stands out by itself."""
    return _colour(element, slots, "val", "theme")


def shading(element: etree._Element, slots: Mapping[str, str]) -> Colour | None:
    """A `w:shd` (17.3.5): its fill, or its pattern's colour where that covers the fill; None where it's clear."""
    pattern = element.get(w("val"), "clear")
    if pattern == "solid":
        return _colour(element, slots, "color", "theme") or BLACK  # an automatic pattern is black
    if pattern in {"clear", "nil"}:
        return _colour(element, slots, "fill", "themeFill") if pattern == "clear" else None
    return Colour(None, None)  # dots and stripes


def highlight(element: etree._Element) -> Colour | None:
    """A `w:highlight` (17.3.2.15); None for none."""
    rgb = _rgb(_HIGHLIGHTS.get(element.get(w("val"), "none"), ""))
    return None if rgb is None else Colour(rgb, rgb)


def drawing_colour(fill: etree._Element, slots: Mapping[str, str]) -> Colour:
    """A DrawingML fill's colour (20.1.8.54), without its modifications where it has any."""
    for element in fill.iterchildren(etree.Element):
        value = next((value for name, value in element.attrib.items() if str(name).rpartition("}")[2] == "val"), "")
        plain = not any(etree.QName(child).localname != "alpha" for child in element.iterchildren(etree.Element))
        rgb = _rgb(slots.get(SLOTS.get(str(value), str(value)), str(value))) if plain else None
        return Colour(rgb, rgb)
    return Colour(None, None)


def page_colour(element: etree._Element, slots: Mapping[str, str]) -> Colour | None:
    """A document's `w:background` (17.2.1); None for none."""
    return _colour(element, slots, "color", "theme")


def hex_colour(text: str) -> Colour:
    """A colour as VML writes it: `#RGB`, `#RRGGBB`, with an index after it, or a few names."""
    digits = text.strip().partition(" ")[0].lstrip("#").casefold()
    digits = {"white": "ffffff", "black": "000000", "window": "ffffff"}.get(digits, digits)
    rgb = _rgb("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    return Colour(rgb, rgb)


def _colour(element: etree._Element, slots: Mapping[str, str], value: str, theme: str) -> Colour | None:
    cached = _rgb(element.get(w(value), ""))
    # For text and borders the theme's attributes are themeColor, themeTint …; for a fill, themeFill, themeFillTint ….
    name = element.get(w("themeColor" if theme == "theme" else theme))
    themed = None if name is None else _rgb(slots.get(SLOTS.get(name, name), ""))
    if themed is not None:
        themed = _modified(themed, element.get(w(f"{theme}Tint"), "FF"), element.get(w(f"{theme}Shade"), "FF"))
    if cached is None and themed is None:
        return Colour(None, None) if name is not None else None
    return Colour(themed or cached, cached or themed)


def _modified(rgb: Rgb, tint: str, shade: str) -> Rgb:
    """A theme's colour made lighter or darker (17.3.2.6), near enough to see by."""
    lighter, darker = (_byte(text) / 255 for text in (tint, shade))
    red, green, blue = (round((255 - (255 - part) * lighter) * darker) for part in rgb)
    return red, green, blue


def _byte(text: str) -> int:
    try:
        return min(int(text, 16), 255)
    except ValueError:
        return 255


def _rgb(text: str) -> Rgb | None:
    try:
        parts = bytes.fromhex(text)
    except ValueError:
        return None
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None
