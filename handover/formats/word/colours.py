"""What colour text and what is behind it have in a Word document, and whether the one can be told from the other.

Role: reads colours as WordprocessingML and DrawingML write them. Word takes a colour from the theme, LibreOffice and
others from the value beside it: both are given. It knows no text.
"""

import colorsys
import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.palette import contrast
from handover.formats.word.ooxml import W14, A, w

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
_MAPPED: Final = {
    "t1": ("text1", "tx1"), "bg1": ("background1", "bg1"), "t2": ("text2", "tx2"), "bg2": ("background2", "bg2"),
}  # fmt: skip
"""What settings exchange: the attribute → the names that mean another slot then."""
_OFFICE: Final = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "44546A", "lt2": "E7E6E6"}
"""Office's own theme, for documents whose theme isn't known; accents aren't guessed."""
_HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
"""ECMA-376 Part 1, 17.18.40."""


_NAMES: Final = {"window": "FFFFFF", "windowtext": "000000"}
_CLEAR: Final = 0.1
"""Opacity up to which a colour isn't seen."""


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


def theme_slots(theme: etree._Element | None, settings: etree._Element | None = None) -> Mapping[str, str]:
    """The theme's colours as hexadecimal RGB by every name for its slots, exchanged as settings say (17.15.1.20)."""
    found = dict(_OFFICE)
    scheme = None if theme is None else theme.find(f".//{{{A}}}clrScheme")
    for slot in () if scheme is None else scheme.iterchildren(etree.Element):
        for value in slot.iterchildren(etree.Element):
            found[etree.QName(slot).localname] = value.get("lastClr") or value.get("val") or ""
    mapping = None if settings is None else settings.find(w("clrSchemeMapping"))
    names = {name: found.get(slot, "") for name, slot in SLOTS.items()}
    if mapping is not None:
        for mapped, aliases in _MAPPED.items():
            found |= dict.fromkeys(aliases, names.get(mapping.get(w(mapped), aliases[0]), ""))
    return {**names, **found}


def alike(colours: Sequence[Colour]) -> bool:
    """Whether of several colours none stands out from another."""
    return all(not can_be_told(one, colours[0]) for one in colours)


def shading(element: etree._Element, slots: Mapping[str, str]) -> Colour | None:
    """A `w:shd` (17.3.5): its fill, or its pattern's colour where that covers the fill; None where it's clear."""
    pattern = element.get(w("val"), "clear")
    if pattern == "solid":
        return named_colour(element, slots, "color") or BLACK  # an automatic pattern is black
    if pattern in {"clear", "nil"}:
        return named_colour(element, slots, "fill", "themeFill") if pattern == "clear" else None
    percent = pattern.removeprefix("pct")  # of the pattern's colour over the fill; half of it for stripes
    share = min(int(percent), 100) / 100 if percent.isascii() and percent.isdigit() else 0.5
    over = named_colour(element, slots, "color") or BLACK
    under = named_colour(element, slots, "fill", "themeFill") or WHITE
    return Colour(*(_mixed(one, other, share) for one, other in zip(over, under, strict=True)))


def highlight(element: etree._Element) -> Colour | None:
    """A `w:highlight` (17.3.2.15); None for none."""
    rgb = _rgb(_HIGHLIGHTS.get(element.get(w("val"), "none"), ""))
    return None if rgb is None else Colour(rgb, rgb)


def fill_colours(fill: etree._Element, slots: Mapping[str, str], *, known: bool = False) -> tuple[Colour, ...]:
    """What a DrawingML fill shows (20.1.8): nothing, a colour, those of a gradient, or one that isn't known.

    `known`: what is no fill shows nothing.
    """
    kind = etree.QName(fill).localname
    if known and not kind.endswith("Fill"):
        return ()
    if kind == "gradFill":
        stops = [stop for stop in fill.iter(etree.Element) if etree.QName(stop).localname == "gs"]
        return tuple(colour for stop in stops for colour in drawn(stop, slots))
    if kind == "pattFill":
        return tuple(colour for layer in fill.iterchildren(etree.Element) for colour in drawn(layer, slots))
    return () if kind == "noFill" else drawn(fill, slots) if kind == "solidFill" else (Colour(None, None),)


def drawn(holder: etree._Element, slots: Mapping[str, str]) -> tuple[Colour, ...]:
    """The one colour in a DrawingML element (20.1.2.3), as it is on paper; none where it's transparent."""
    for element in holder.iterchildren(etree.Element):
        rgb, opacity = _named(element, slots), 1.0
        for change in element.iterchildren(etree.Element):
            name, value = etree.QName(change).localname, _share(change, "val")
            if name == "alpha":
                opacity = 1 - value if change.tag.startswith(W14) else value  # [MS-DOCX] 2.6.1 counts transparency
            elif rgb is not None:
                rgb = _changed(rgb, name, value)
        rgb = _mixed(rgb, (255, 255, 255), opacity)
        return () if opacity <= _CLEAR else (Colour(rgb, rgb),)
    return (Colour(None, None),)


def _named(element: etree._Element, slots: Mapping[str, str]) -> Rgb | None:
    kind, value = etree.QName(element).localname, _attribute(element, "val")
    if kind == "scrgbClr":
        return _rgb(bytes(round(255 * min(_share(element, name), 1)) for name in "rgb").hex())
    if kind == "hslClr":
        hue = _share(element, "hue") * 100_000 / (360 * 60_000)
        made = colorsys.hls_to_rgb(hue % 1, min(_share(element, "lum"), 1), min(_share(element, "sat"), 1))
        return _rgb(bytes(round(255 * part) for part in made).hex())
    if kind == "sysClr":
        return _rgb(_attribute(element, "lastClr") or _NAMES.get(value.casefold(), ""))
    return _rgb(slots.get(value, "") if kind == "schemeClr" else value) or _by_name(value)


def _changed(rgb: Rgb, name: str, value: float) -> Rgb | None:
    """A colour after one of its modifications (20.1.2.3.1 to 34); None after one that nobody sets by hand."""
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb))
    if name in {"lumMod", "lumOff"}:
        light = min(light * value if name == "lumMod" else light + value, 1.0)
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, light, saturation))
    elif name in {"tint", "shade", "inv"}:
        end = 255 if name == "tint" else 0
        parts = (255 - part if name == "inv" else end + (part - end) * min(value, 1) for part in rgb)
        red, green, blue = (round(part) for part in parts)
    else:
        return rgb if name in {"satMod", "satOff", "sat"} else None
    return red, green, blue


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _share(element: etree._Element, name: str) -> float:
    """A percentage as DrawingML writes it: in thousandths, or with its sign; 0 to 10 as a number."""
    text = _attribute(element, name)
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 100_000)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 10.0) if math.isfinite(value) else 1.0


def _mixed(over: Rgb | None, under: Rgb | None, share: float) -> Rgb | None:
    if over is None or under is None:
        return None
    red, green, blue = (round(one * share + other * (1 - share)) for one, other in zip(over, under, strict=True))
    return red, green, blue


def _by_name(name: str) -> Rgb | None:
    """A colour that has a name (20.1.10.47; VML knows those of CSS)."""
    if not name.isalpha() or len(name) > 30:
        return None
    from PIL.ImageColor import colormap, getrgb

    plain = name.casefold().replace("grey", "gray")
    for short, long in (("dk", "dark"), ("lt", "light"), ("med", "medium")):
        plain = long + plain.removeprefix(short) if plain.startswith(short) and plain not in colormap else plain
    if plain not in colormap:
        return None
    red, green, blue, *_ = getrgb(plain)
    return red, green, blue


def hex_colour(text: str) -> Colour:
    """A colour as VML writes it: `#RGB`, `#RRGGBB`, with an index after it, or a few names."""
    digits = text.strip().partition(" ")[0].lstrip("#").casefold()
    digits = _NAMES.get(digits, digits)
    rgb = _rgb("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits) or _by_name(digits)
    return Colour(rgb, rgb)


def named_colour(
    element: etree._Element, slots: Mapping[str, str], value: str = "val", theme: str = "theme"
) -> Colour | None:
    """What a `w:color` (17.3.2.6) or another element with such attributes says: `value` by itself, `theme…` by the
    theme's slot. None for the automatic colour, which stands out by itself, and for none at all."""
    written = element.get(w(value), "")
    cached = None if written == "auto" else hex_colour(written).word
    # For text and borders the theme's attributes are themeColor, themeTint …; for a fill, themeFill, themeFillTint ….
    name = element.get(w("themeColor" if theme == "theme" else theme))
    themed = None if name is None else _rgb(slots.get(name, ""))
    if themed is not None:
        themed = varied(themed, *(element.get(w(f"{theme}{change}"), "") for change in ("Tint", "Shade")))
    if cached is None and themed is None:
        return Colour(None, None) if name is not None else None
    return Colour(themed or cached, cached or themed)


def varied(rgb: Rgb, tint: str, shade: str) -> Rgb:
    """A theme's colour made lighter or darker (17.3.2.6): both scale the luminance, in hexadecimal 255ths."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb))
    lightness *= _share_of(shade)
    lightness = 1 - (1 - lightness) * _share_of(tint)
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _share_of(text: str) -> float:
    try:
        return min(int(text, 16), 255) / 255
    except ValueError:
        return 1.0


def _rgb(text: str) -> Rgb | None:
    try:
        parts = bytes.fromhex(text)
    except ValueError:
        return None
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None
