"""Where boxes, frames and tables of a Word document are put, as far as it decides whether they lie on the page.

Role: finds what is wholly off the page or has no size. Places are read in twips (1/1440 inch) from the page's corner as
far as they can be known: what is placed by its paragraph is off the page only when it is a whole page away. It knows
no text.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from handover.formats.word.appearance import number
from handover.formats.word.ooxml import VML, WP, A, w
from handover.model.message import msg

_EMU: Final = 635
"""English Metric Units in a twip (ECMA-376 Part 1, 20.1.2.1; 22.9.2.14)."""
_SMALLEST: Final = 80
"""Twips (4 points) below which nothing in a box or a line can be read."""
_UNKNOWN_SIZE: Final = 1440
"""Twips that a frame may begin before the page when its size isn't told."""
_A4: Final = (11906, 16838)
_DRAWINGS: Final = (f"{{{WP}}}anchor", f"{{{WP}}}inline")
_FRAMES: Final = (w("framePr"), w("tblpPr"))
_UNITS: Final = {"pt": 20.0, "in": 1440.0, "cm": 1440 / 2.54, "mm": 144 / 2.54, "px": 15.0, "pc": 240.0, "": 15.0,
                 "emu": 1 / _EMU}  # fmt: skip
_LENGTH: Final = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))([a-z]*)")
_FROM_PAGE: Final = frozenset({"page", "leftMargin", "topMargin", "outsideMargin"})


def unseen_places(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Drawings, frames and floating tables that nobody sees, with how: off the page, without a size, switched off."""
    size = next(root.iter(w("pgSz")), None)
    paper = [_read(size, name, fallback) for name, fallback in zip("wh", _A4, strict=True)]
    for element in root.iter(*_DRAWINGS, *_FRAMES, f"{VML}*"):
        if element.tag in _DRAWINGS:
            how = _of_drawing(element, paper)
        else:
            how = _of_frame(element, paper) if element.tag in _FRAMES else _of_vml(element, paper)
        if how:
            yield element, how


def _is_off(paper: Sequence[int], at: Sequence[int], size: Sequence[int], from_page: Sequence[bool]) -> bool:
    """Whether a box lies wholly off the page. `from_page` says of each axis whether the place counts from there."""
    return any(
        start >= limit or start + (length or _UNKNOWN_SIZE) <= (0 if absolute else -limit)
        for limit, start, length, absolute in zip(paper, at, size, from_page, strict=True)
    )


def _of_drawing(element: etree._Element, paper: Sequence[int]) -> str:
    properties = element.find(f"{{{WP}}}docPr")
    if (properties is not None and properties.get("hidden") in {"1", "true"}) or element.get("hidden") in {"1", "true"}:
        return msg("a drawing that is switched off")
    extent = element.find(f"{{{WP}}}extent")
    size = (_emu(extent, "cx"), _emu(extent, "cy"))
    grows = next(element.iter(f"{{{A}}}spAutoFit"), None) is not None
    if extent is not None and min(size) < _SMALLEST and not grows and next(element.iter(w("t")), None) is not None:
        return msg("text in a box without size")
    if element.tag == f"{{{WP}}}inline":
        return ""
    axes = [element.find(f"{{{WP}}}{name}") for name in ("positionH", "positionV")]
    offsets = [None if axis is None else axis.findtext(f"{{{WP}}}posOffset") for axis in axes]
    at = [(number(offset or "") or 0) // _EMU for offset in offsets]
    absolute = [axis is not None and axis.get("relativeFrom") in _FROM_PAGE for axis in axes]
    return msg("a drawing that lies off the page") if _is_off(paper, at, size, absolute) else ""


def _of_frame(element: etree._Element, paper: Sequence[int]) -> str:
    """ECMA-376 Part 1, 17.3.1.11 and 17.4.57."""
    is_table = element.tag == w("tblpPr")
    names = ("tblpX", "tblpY", "horzAnchor", "vertAnchor") if is_table else ("x", "y", "hAnchor", "vAnchor")
    at = (_read(element, names[0], 0), _read(element, names[1], 0))
    exact = element.get(w("hRule")) == "exact"
    size = (_read(element, "w", 0), _read(element, "h", 0) if exact else 0)
    if exact and element.get(w("h")) is not None and size[1] < _SMALLEST:
        return msg("text in a frame without height")
    absolute = (element.get(w(names[2])) == "page", element.get(w(names[3])) == "page")
    if not _is_off(paper, at, size, absolute):
        return ""
    return msg("a table that lies off the page") if is_table else msg("a frame that lies off the page")


def _of_vml(element: etree._Element, paper: Sequence[int]) -> str:
    """ECMA-376 Part 4, 19.1.2.19: a shape's place as CSS."""
    pairs = (part.partition(":") for part in element.get("style", "").split(";"))
    style = {name.strip().casefold(): value.strip().casefold() for name, _, value in pairs}
    if style.get("visibility") == "hidden" or style.get("display") == "none":
        return msg("a drawing that is switched off")
    if style.get("position") != "absolute" or next(element.iterancestors(f"{VML}group"), None) is not None:
        return ""  # in a group, places count in the group's own units
    aligned = [style.get(f"mso-position-{axis}", "absolute") != "absolute" for axis in ("horizontal", "vertical")]
    offsets = [_css(style.get(f"margin-{side}", "")) + _css(style.get(side, "")) for side in ("left", "top")]
    at = [0 if is_aligned else offset for is_aligned, offset in zip(aligned, offsets, strict=True)]
    size = (_css(style.get("width", "")), _css(style.get("height", "")))
    absolute = [style.get(f"mso-position-{axis}-relative") == "page" for axis in ("horizontal", "vertical")]
    return msg("a drawing that lies off the page") if _is_off(paper, at, size, absolute) else ""


def _read(element: etree._Element | None, name: str, fallback: int) -> int:
    value = None if element is None else number(element.get(w(name), ""))
    return fallback if value is None else value


def _emu(element: etree._Element | None, name: str) -> int:
    value = None if element is None else number(element.get(name, ""))
    return 0 if value is None else value // _EMU


def _css(text: str) -> int:
    found = _LENGTH.fullmatch(text)
    return round(float(found[1]) * _UNITS.get(found[2], 0)) if found else 0
