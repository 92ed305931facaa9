"""Boxes that lie over the text of a Word document, so that nobody reads what is behind them.

Role: judges a drawing in front of the text, without wrapping and with a filling: whether it covers the paragraph in
which it's anchored, one near it, or most of the page. How text flows is estimated, not set: what is placed by the page
and covers less than half of it isn't found, nor what a picture covers, which may be transparent.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.word.appearance import Look, own_text
from handover.formats.word.ooxml import WP, w

_HALF: Final = 0.5
"""Share of a paragraph, or of a page's text, that is covered when a box lies over it."""
_LETTER: Final = 0.45
_LEADING: Final = 1.2
"""A letter's usual width, and a line's height, by the text's size."""
_BY_TEXT: Final = frozenset({"paragraph", "line"})
_ALIGNED: Final = {"center": 0.5, "right": 1.0}
_WRAP: Final = "{urn:schemas-microsoft-com:office:word}wrap"


EMU: Final = 635
"""English Metric Units in a twip (ECMA-376 Part 1, 20.1.2.1; 22.9.2.14)."""


class Span(NamedTuple):
    """Where something lies along one axis, in twips, and whether its place counts from the page."""

    start: float
    length: int
    from_page: bool = False

    def inside(self, at: int, length: int, units: int) -> "Span":
        """Where something lies in this, which counts `units` of its own along its length."""
        scale = self.length / units if units > 0 else 1 / EMU
        return Span(self.start + round(at * scale), round(length * scale), self.from_page)


class Box(NamedTuple):
    """Across from the page's edge, down from the page's or its paragraph's."""

    across: Span
    down: Span


def is_before_text(drawing: etree._Element) -> bool:
    """Whether a drawing (`wp:anchor`) lies in front of the text, which doesn't flow around it (20.4.2.3, 20.4.2.15)."""
    return drawing.find(f"{{{WP}}}wrapNone") is not None and drawing.get("behindDoc") not in {"1", "true"}


def lies_over(drawing: etree._Element, box: Box, page: Mapping[str, int], look: Look) -> bool:
    """Whether a filled box of a `wp:anchor` covers text; aligned ones are reckoned anew."""
    across, down = (drawing.find(f"{{{WP}}}position{axis}") for axis in "HV")
    room = page["w"] - page["left"] - page["right"]
    if across is not None and (aligned := across.findtext(f"{{{WP}}}align")):
        box = _from_left(box, page["left"] + (room - box.across.length) * _ALIGNED.get(aligned, 0.0))
    by_text = down is not None and down.get("relativeFrom") in _BY_TEXT
    return _covers_near(drawing, box, page, look) if by_text else _covers_page(box, page)


def _from_left(box: Box, start: float) -> Box:
    return box._replace(across=box.across._replace(start=start))


def lies_over_vml(
    shape: etree._Element, box: Box, style: Mapping[str, str], page: Mapping[str, int], look: Look
) -> bool:
    """The same of a filled VML shape (ECMA-376 Part 4, 19.1.2.19), which counts from its paragraph unless told."""
    wraps = [one.get("type", "none") for one in shape.iter(_WRAP)]
    if style.get("position") != "absolute" or style.get("z-index", "0").startswith("-") or wraps not in ([], ["none"]):
        return False
    if style.get("mso-position-vertical-relative", "text") != "text":
        return _covers_page(box, page)
    margin = 0 if style.get("mso-position-horizontal-relative") == "page" else page["left"]
    return _covers_near(shape, _from_left(box, box.across.start + margin), page, look)


def _covers_page(box: Box, page: Mapping[str, int]) -> bool:
    width, height = page["w"] - page["left"] - page["right"], page["h"] - abs(page["top"]) - abs(page["bottom"])
    across = _shared(box.across, page["left"], width)
    return across * _shared(box.down, abs(page["top"]), height) >= _HALF


def _covers_near(anchor: etree._Element, box: Box, page: Mapping[str, int], look: Look) -> bool:
    """Whether the paragraph of the anchor, or one before or after it, lies for the most part behind the box."""
    paragraph = next(anchor.iterancestors(w("p")), None)
    if paragraph is None or next(paragraph.iterancestors(w("tc")), None) is not None:
        return False  # in a table, how wide lines are isn't known
    width = page["w"] - page["left"] - page["right"]
    after = chain((paragraph,), paragraph.itersiblings())
    return any(
        _shared(box.down, top, height) >= _HALF and _shared(box.across, page["left"], long) >= _HALF
        for ones, step in ((after, 1), (paragraph.itersiblings(preceding=True), -1))
        for top, height, long in _laid(ones, step, width, box.down, look)
    )


def _laid(
    paragraphs: Iterator[etree._Element], step: int, width: int, down: Span, look: Look
) -> Iterator[tuple[float, float, float]]:
    """Top, height and length of paragraphs with text, down or up from the anchor's, as far as the box reaches."""
    top = 0.0
    for paragraph in paragraphs:
        if paragraph.tag != w("p") or (top > down.start + down.length if step > 0 else top < down.start):
            return
        size, text = look.height(paragraph), own_text(paragraph)
        long = len(text) * size * _LETTER
        height = max(math.ceil(long / width), 1) * size * _LEADING
        top -= height if step < 0 else 0
        if text:
            yield top, height, max(min(long, width), 1)
        top += height if step > 0 else 0


def _shared(one: Span, start: float, length: float) -> float:
    """Which share of what begins at `start` lies in the span."""
    return max(min(one.start + one.length, start + length) - max(one.start, start), 0) / length if length > 0 else 0
