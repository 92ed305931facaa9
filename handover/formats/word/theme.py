"""Brand colours in a Word document: the theme's slots, and the values cached beside every use of one.

Role: `recolour` puts a palette into a document whose colour scheme is ours, so that the brand is set in one place
and every named style follows. A scheme that somebody chose in Word (Design, Colours) is theirs and stays. It knows
no style and no part but the theme.

Word takes a colour from the theme, LibreOffice and others from the value beside it: both are written.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from handover.formats.palette import Palette, office_hex
from handover.formats.word.colours import SLOTS, varied
from handover.formats.word.ooxml import A, W

SCHEME = "Handover"
"""Name of our colour scheme in a template's theme."""
_COLOURED: Any = etree.XPath("descendant-or-self::*[@w:themeColor or @w:themeFill]", namespaces={"w": W})


def slots(palette: Palette) -> dict[str, str]:
    """The palette as theme colours, `#RRGGBB` by slot: what each slot is for in our templates."""
    return {
        "dk1": palette.ink,
        "lt1": "#FFFFFF",
        "dk2": palette.grey,
        "lt2": palette.tint,
        "accent1": palette.accent,
        "accent2": palette.text,
        "accent3": palette.dark,
        "accent4": palette.line,
        "accent5": palette.tint,
        "accent6": palette.rule,
        "hlink": palette.text,
        "folHlink": palette.text,
    }


def is_ours(theme: etree._Element) -> bool:
    """Whether a theme part's colours are the scheme that the brand sets."""
    scheme = theme.find(f".//{{{A}}}clrScheme")
    return scheme is not None and scheme.get("name") == SCHEME


def set_theme(theme: etree._Element, colours: Mapping[str, str]) -> None:
    """Write the colours into the theme's scheme."""
    scheme = theme.find(f".//{{{A}}}clrScheme")
    if scheme is None:
        return
    for slot in scheme:
        name = etree.QName(slot).localname
        if name in colours:
            for child in list(slot):
                slot.remove(child)
            etree.SubElement(slot, f"{{{A}}}srgbClr", val=office_hex(colours[name]))


def recolour(root: etree._Element, colours: Mapping[str, str]) -> None:
    """Refresh the value beside each theme colour in a part (styles, numbering, document, header …)."""
    for element in _COLOURED(root):
        if used := element.get(f"{{{W}}}themeColor"):
            attribute = "val" if etree.QName(element).localname == "color" else "color"
            _refresh(element, used, attribute, ("themeTint", "themeShade"), colours)
        if used := element.get(f"{{{W}}}themeFill"):
            _refresh(element, used, "fill", ("themeFillTint", "themeFillShade"), colours)


def _refresh(
    element: etree._Element, used: str, attribute: str, variants: tuple[str, str], colours: Mapping[str, str]
) -> None:
    colour = colours.get(SLOTS.get(used, used))
    if colour is None:
        return
    tint, shade = (element.get(f"{{{W}}}{name}") or "" for name in variants)
    red, green, blue = bytes.fromhex(office_hex(colour))
    element.set(f"{{{W}}}{attribute}", bytes(varied((red, green, blue), tint, shade)).hex().upper())
