"""Where boxes, frames, tables and lines of a Word document are put, as far as it decides whether they lie on the page.

Role: finds what is wholly off the page or has no size. Places are read in twips (1/1440 inch) from the page's corner as
far as they can be known: what is placed by its paragraph is off the page only when it is a whole page away. It measures
no text but what can't stand in a box at all.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lxml import etree

from handover.formats.word.appearance import Look, has_text, is_cut_off, number, own_text
from handover.formats.word.colours import WHITE, can_be_told, hex_colour
from handover.formats.word.covered import EMU, Box, Span, is_before_text, lies_over, lies_over_vml
from handover.formats.word.ooxml import VML, WP, A, w
from handover.model.message import msg

_SMALLEST: Final = 80
"""Twips (4 points) below which nothing in a box or a line can be read."""
_DEEPEST: Final = 8
"""Groups in groups that are reckoned with."""
_MOST_CHARACTERS: Final = 5_000
"""Hundredths of a character by which a line may be indented: half a page's width."""
_UNKNOWN_SIZE: Final = 1440
"""Twips that a frame may begin before the page when its size isn't told."""
_A4: Final = {"w": 11906, "h": 16838, "left": 1440, "right": 1440, "top": 1440, "bottom": 1440}
_MS: Final = "{http://schemas.microsoft.com/office/word/2010/wordprocessing"
_SHAPE: Final = f"{_MS}Shape}}"
_GROUP: Final = f"{_MS}Group}}"
_HOLDERS: Final = (f"{_GROUP}wgp", f"{_GROUP}grpSp", f"{_MS}Canvas}}wpc")
_RELATIVE: Final = f"{_MS}Drawing}}"
_DRAWINGS: Final = (f"{{{WP}}}anchor", f"{{{WP}}}inline")
_BOX: Final = w("txbxContent")
_WHOLE: Final = 100_000
_LEAST_SCALE: Final = 33_000
"""Thousandths of a percent to which a box may shrink its text (20.1.10.3)."""
_EDGE: Final = 0.1
"""Share of its size that a box turned in space must show."""
_PIXEL: Final = 15
"""Twips of a pixel, in which CSS counts."""
_AXES: Final = (("H", "x", "w", ("left", "right"), "Width"), ("V", "y", "h", ("top", "bottom"), "Height"))
_BASES: Final = {
    "page": "", "leftMargin": "", "topMargin": "", "outsideMargin": "", "insideMargin": "", "margin": "first",
    "rightMargin": "last", "bottomMargin": "last",
}  # fmt: skip
"""What a place counts from (20.4.3.1, 20.4.3.4), where that is known: the page's edge, its margin, the margin's end."""


def _is_off(box: Box, page: Mapping[str, int]) -> bool:
    """Whether something lies wholly off the page."""
    return any(
        one.start >= limit or one.start + (one.length or _UNKNOWN_SIZE) <= (0 if one.from_page else -limit)
        for limit, one in zip((page["w"], page["h"]), box, strict=True)
    )


def unseen_places(root: etree._Element, look: Look) -> Iterator[tuple[etree._Element, str]]:
    """Drawings, frames, tables and lines that nobody sees, with how: off the page, without a size, switched off."""
    page = dict(_A4)
    for section in reversed(list(root.iter(w("sectPr")))):  # a later section's page may be another: the largest holds
        found = {**_numbers(section.find(w("pgSz"))), **_numbers(section.find(w("pgMar")))}
        page |= {name: max(value, page[name]) if name in "wh" else value for name, value in found.items()}
        columns = [_numbers(column).get("w", _UNKNOWN_SIZE) for column in section.iter(w("col"))]
        if (equal := _numbers(section.find(w("cols")))).get("num", 1) > 1 and not columns:
            gaps = (equal["num"] - 1) * equal.get("space", 720)
            columns = [(_across({**_A4, **found}) - gaps) // equal["num"]]
        if _is_without_room({**_A4, **found}) or (columns and (sum(columns) > page["w"] or min(columns) < _SMALLEST)):
            yield section, msg("margins that leave no room for text")
    for element in root.iter(*_DRAWINGS, w("p"), w("tbl"), f"{VML}*"):
        if element.tag in _DRAWINGS:
            how = _of_drawing(element, page, look)
        elif element.tag == w("p"):
            how = _of_paragraph(element, page, look)
        else:
            how = _of_table(element, page, look) if element.tag == w("tbl") else _of_vml(element, page, look)
        if how:
            yield element, how


def _across(page: Mapping[str, int]) -> int:
    return page["w"] - page["left"] - page["right"] - page.get("gutter", 0)


def _is_without_room(page: Mapping[str, int]) -> bool:
    """Whether a section's margins (17.6.11) put its text off the page."""
    sides = [page[name] for name in ("left", "right")]
    heights = [abs(page[name]) for name in ("top", "bottom")]
    running = [page.get(name, 0) for name in ("header", "footer")]
    return (
        _across(page) < _UNKNOWN_SIZE
        or min(sides) < 0
        or sum(heights) > page["h"] - _SMALLEST
        or (min(running) < 0 or max(running) > page["h"] - _SMALLEST)
    )


# Drawings


def _of_drawing(element: etree._Element, page: Mapping[str, int], look: Look) -> str:
    names = element.iter("{*}docPr", "{*}cNvPr")
    if any(one.get("hidden") in {"1", "true"} for one in (element, *names)):
        return msg("a drawing that is switched off")
    box = _anchored(element, page)
    if _is_off(box, page):
        return msg("a drawing that lies off the page")
    shapes = list(_shapes(element, box))
    found = (_of_shape(shape, inside, page, look) for shape, inside in shapes)
    if how := next(filter(None, found), ""):
        return how
    over = (shape_box for shape, shape_box in shapes if look.is_filled(shape)) if is_before_text(element) else ()
    return msg("a box that lies over text") if any(lies_over(element, one, page, look) for one in over) else ""


def _of_shape(shape: etree._Element, inside: Box, page: Mapping[str, int], look: Look) -> str:
    text = next(shape.iter(_BOX), None)
    if text is None or not has_text(text):
        return ""
    if _is_off(inside, page):
        return msg("a drawing that lies off the page")
    shrunk = (number(fit.get("fontScale", "")) or _WHOLE for fit in shape.iter(f"{{{A}}}normAutofit"))
    if any(one < _LEAST_SCALE for one in shrunk):
        return msg("text squeezed until nobody can read it")
    turns = [number(turn.get(way, "")) or 0 for turn in shape.iter(f"{{{A}}}rot") for way in ("lat", "lon")]
    if any(abs(math.cos(math.radians(turn / 60_000))) < _EDGE for turn in turns):
        return msg("text in a box without size")  # it's seen from its edge (20.1.5.11)
    if next(shape.iter(f"{{{A}}}spAutoFit"), None) is not None:
        return ""
    body = shape.find(f"{_SHAPE}bodyPr")
    edges = [sum(_emu(body, f"{side}Ins") for side in sides) for sides in ("lr", "tb")]
    room = [one.length - edge for one, edge in zip(inside, edges, strict=True)]
    if min(room) < _SMALLEST:
        return msg("text in a box without size")
    is_cut = is_cut_off(text, look, room[1], room[0] if (body is None or body.get("vert", "horz") == "horz") else 0)
    return msg("more text than its box holds") if is_cut else ""


def _anchored(element: etree._Element, page: Mapping[str, int]) -> Box:
    """Where a drawing lies (20.4.2.3)."""
    extent, simple = element.find(f"{{{WP}}}extent"), element.find(f"{{{WP}}}simplePos")
    spans = []
    for axis, side, along, margins, name in _AXES:
        relative = element.findtext(f"{_RELATIVE}sizeRel{axis}/{_RELATIVE}pct{name}")
        start, from_page = 0, False
        if element.tag != f"{{{WP}}}inline" and simple is not None and element.get("simplePos") in {"1", "true"}:
            start, from_page = _emu(simple, side), True
        elif element.tag != f"{{{WP}}}inline":
            start, from_page = _start(element.find(f"{{{WP}}}position{axis}"), page, along, margins)
        spans.append(Span(start, _percent(relative, page[along]) or _emu(extent, f"c{side}"), from_page))
    return Box(*spans)


def _start(
    position: etree._Element | None, page: Mapping[str, int], along: str, margins: tuple[str, str]
) -> tuple[int, bool]:
    if position is None:
        return 0, False
    offsets = [number(one.text or "") or 0 for one in position.iter(f"{{{WP}}}posOffset")]
    shares = [one.text for one in position.iter() if str(one.tag).startswith(f"{_RELATIVE}pctPos")]
    start = min(offsets, default=0) // EMU
    for share in shares:
        start = max(start, _percent(share, page[along]), key=abs)
    base = _BASES.get(position.get("relativeFrom", ""))
    if base == "first" or position.get("relativeFrom") == "column":
        start += abs(page[margins[0]]) if offsets or shares else 0
    elif base == "last":
        start += page[along] - abs(page[margins[1]]) if offsets or shares else 0
    return start, base is not None


def _shapes(drawing: etree._Element, box: Box) -> Iterator[tuple[etree._Element, Box]]:
    """The shapes of a drawing with where they lie: alone, or in groups, whose own units are turned into the page's."""
    top = next(drawing.iter(f"{_SHAPE}wsp", *_HOLDERS), None)
    if top is not None and top.tag == f"{_SHAPE}wsp":
        yield top, box
    waiting = [(top, box)] if top is not None and top.tag in _HOLDERS else []
    while waiting:
        holder, around = waiting.pop()
        transform = holder.find(f"{_GROUP}grpSpPr/{{{A}}}xfrm")
        origin, units = _pair(transform, "chOff", "xy"), _pair(transform, "chExt", ("cx", "cy"))
        for child in holder.iterchildren(f"{_SHAPE}wsp", *_HOLDERS):
            own = child.find(f"{{*}}{'spPr' if child.tag == f'{_SHAPE}wsp' else 'grpSpPr'}/{{{A}}}xfrm")
            at, size = _pair(own, "off", "xy"), _pair(own, "ext", ("cx", "cy"))
            inside = around if own is None else _within(around, at, size, origin, units)
            if child.tag == f"{_SHAPE}wsp":
                yield child, inside
            else:
                waiting.append((child, inside))


def _within(around: Box, at: Sequence[int], size: Sequence[int], origin: Sequence[int], units: Sequence[int]) -> Box:
    """Where something lies in a group, which counts from an origin of its own, in units of its own."""
    places = zip(around, at, size, origin, units, strict=True)
    return Box(*(one.inside(start - first, length, unit) for one, start, length, first, unit in places))


def _pair(element: etree._Element | None, name: str, axes: Sequence[str]) -> tuple[int, int]:
    found = None if element is None else element.find(f"{{{A}}}{name}")
    values = [0 if found is None else number(found.get(axis, "")) or 0 for axis in axes]
    return values[0], values[1]


# Frames and lines


def _of_paragraph(paragraph: etree._Element, page: Mapping[str, int], look: Look) -> str:
    if not own_text(paragraph):
        return ""
    found = look.paragraph_properties(paragraph)
    frames = (part.find(w("framePr")) for part in found if part not in look.paragraph_defaults)
    frame = next((one for one in frames if one is not None), None)
    if frame is not None:
        return _of_frame(frame, page)
    spacing = {name: value for part in reversed(found) for name, value in _numbers(part.find(w("ind"))).items()}
    characters = [value for name, value in spacing.items() if name.endswith("Chars")]
    stops = [_numbers(stop).get("pos", 0) for part in found for stop in part.iterfind(f"{w('tabs')}/{w('tab')}")]
    first = spacing.get("firstLine", 0) - spacing.get("hanging", 0)
    sides = spacing.get("left", spacing.get("start", 0)), spacing.get("right", spacing.get("end", 0))
    if next(paragraph.iterancestors(w("tc"), _BOX), None) is not None:
        is_off = max(map(abs, (*sides, sides[0] + first))) > page["w"] // 2
    else:
        start, end = page["left"] + sides[0], page["w"] - page["right"] - sides[1]
        is_off = min(start, start + first) < -_SMALLEST or max(start, start + first) > page["w"] - _SMALLEST
        is_off = is_off or end > page["w"] + _UNKNOWN_SIZE or end < 0
    is_off = is_off or max(map(abs, characters), default=0) > _MOST_CHARACTERS
    is_off = is_off or max(stops, default=0) > 2 * page["w"] or min(stops, default=0) < -page["w"] // 2
    return msg("a line that lies off the page") if is_off else ""


def _of_frame(element: etree._Element, page: Mapping[str, int]) -> str:
    """ECMA-376 Part 1, 17.3.1.11 and 17.4.57."""
    is_table = element.tag == w("tblpPr")
    names = ("tblpX", "tblpY", "horzAnchor", "vertAnchor") if is_table else ("x", "y", "hAnchor", "vAnchor")
    given = _numbers(element)
    exact = element.get(w("hRule")) == "exact"
    width, height = given.get("w", 0), given.get("h", 0) if exact else 0
    if exact and "h" in given and height < _SMALLEST:
        return msg("text in a frame without height")
    if 0 < width < _SMALLEST:
        return msg("text in a box without size")
    places = zip(names[:2], (width, height), names[2:], strict=True)
    spans = (Span(given.get(at, 0), length, element.get(w(base)) == "page") for at, length, base in places)
    if not _is_off(Box(*spans), page):
        return ""
    return msg("a table that lies off the page") if is_table else msg("a frame that lies off the page")


def _of_table(table: etree._Element, page: Mapping[str, int], look: Look) -> str:
    properties = table.find(w("tblPr"))
    floating = None if properties is None else properties.find(w("tblpPr"))
    if floating is not None and (how := _of_frame(floating, page)):
        return how
    margins = table.iter(w("tcMar"), w("tblCellMar"))
    around = [*(side for one in margins for side in one.iterchildren(etree.Element)), *table.iter(w("tblCellSpacing"))]
    if any(_numbers(side).get("w", 0) > page["w"] // 2 for side in around):  # 17.4.42, 17.4.68, 17.4.43
        return msg("text in a column without width")
    nested = next(table.iterancestors(w("tbl"), _BOX), None) is not None
    start = 0 if nested or floating is not None else page["left"] + look.table_indent(table)
    grid = [_numbers(column).get("w", 0) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
    fixed = properties is not None and properties.find(f"{w('tblLayout')}[@{w('type')}='fixed']") is not None
    for row in table.iterchildren(w("tr")):
        if any("{%tc" in (text.text or "") for text in row.iter(w("t"))):
            continue  # in a template: which columns there will be isn't known
        at, left = min(_val(row.find(f"{w('trPr')}/{w('gridBefore')}")), 100), start
        left += sum(grid[:at])
        for cell in row.iterchildren(w("tc")):
            own = cell.find(w("tcPr"))
            span = 1 if own is None else max(_val(own.find(w("gridSpan"))), 1)
            told = _told_width(own, page, fixed=fixed)
            width = sum(grid[at : at + span]) if told is None else told
            if has_text(cell) and (left > page["w"] - _SMALLEST or (not nested and left + width < 0)):
                return msg("a table that lies off the page")
            if fixed and (told is not None or at < len(grid)) and has_text(cell):
                if width - _margins(cell, properties) < _SMALLEST:
                    return msg("text in a column without width")
                if _is_cut_sideways(row, cell, look, width):
                    return msg("more text than its row is high")
            at, left = at + span, left + width
    return ""


def _told_width(cell: etree._Element | None, page: Mapping[str, int], *, fixed: bool) -> int | None:
    """What a cell says of its width (17.4.71), in twips or fiftieths of a percent."""
    told = None if cell is None else cell.find(w("tcW"))
    width = _numbers(told).get("w")
    if told is None or told.get(w("type"), "dxa") == "dxa":
        return width
    return _across(page) * width // 5000 if told.get(w("type")) == "pct" and fixed and width else None


def _margins(cell: etree._Element, table: etree._Element | None) -> int:
    """What the edges of a cell leave free at its sides (17.4.42, 17.4.68)."""
    found: dict[str, int] = {}
    for holder in (table, cell.find(w("tcPr"))):
        for margins in () if holder is None else holder.iterchildren(w("tblCellMar"), w("tcMar")):
            found |= {etree.QName(side).localname: _numbers(side).get("w", 0) for side in margins.iterchildren("*")}
    return sum(found.get(one, found.get(other, 0)) for one, other in (("left", "start"), ("right", "end")))


def _is_cut_sideways(row: etree._Element, cell: etree._Element, look: Look, width: int) -> bool:
    """Whether lines that run upwards in a row of exact height don't find room beside one another (17.4.72)."""
    way, height = cell.find(f"{w('tcPr')}/{w('textDirection')}"), row.find(f"{w('trPr')}/{w('trHeight')}")
    if way is None or way.get(w("val"), "").startswith("lr") or height is None or height.get(w("hRule")) != "exact":
        return False
    return is_cut_off(cell, look, width, abs(_val(height)) or 1)


# VML


def _of_vml(element: etree._Element, page: Mapping[str, int], look: Look) -> str:
    """ECMA-376 Part 4, 19.1.2.19: a shape's place as CSS."""
    style = _css_of(element)
    if style.get("visibility", "").startswith("hidden") or style.get("display", "").startswith("none"):
        return msg("a drawing that is switched off")
    text = element.find(f"{VML}textbox/{_BOX}")
    drawn = element.find(f"{VML}textpath")
    said = drawn is not None and drawn.get("string")
    if said and not can_be_told(hex_colour(element.get("fillcolor", "white")), WHITE):
        return msg("text in the colour of what is behind it")
    box = _vml_box(element, style, page)
    if _is_off(box, page):
        return msg("a drawing that lies off the page")
    if look.is_filled(element) and lies_over_vml(element, box, style, page, look):
        return msg("a box that lies over text")
    if text is None or not has_text(text):
        return ""
    if "mso-fit-shape-to-text:t" in element.find(f"{VML}textbox").get("style", "").replace(" ", ""):  # type: ignore[union-attr]
        return ""
    given = [one.length for name, one in zip(("width", "height"), box, strict=True) if name in style]
    if given and min(given) < _SMALLEST:
        return msg("text in a box without size")
    cut = len(given) == 2 and is_cut_off(text, look, given[1], given[0])
    return msg("more text than its box holds") if cut else ""


def _vml_box(element: etree._Element, style: Mapping[str, str], page: Mapping[str, int], depth: int = 0) -> Box:
    """Where a shape lies; in a group places and sizes count in the group's own units."""
    group = next(element.iterancestors(f"{VML}group"), None)
    if depth > _DEEPEST:
        return Box(Span(0, 0), Span(0, 0))  # nobody can tell how small that gets
    if group is not None:
        around = _vml_box(group, _css_of(group), page, depth + 1)
        told = (f"{group.get(name, '')},,".split(",") for name in ("coordorigin", "coordsize"))
        origin, units = ([number(part) or 0 for part in parts[:2]] for parts in told)
        at, size = ([_css(style, name, 1) for name in names] for names in (("left", "top"), ("width", "height")))
        return _within(around, at, size, origin, units if min(units) > 0 else (1000, 1000))
    floats = style.get("position") in {"absolute", "relative"}
    spans = []
    for side, length, axis, along in (("left", "width", "horizontal", "w"), ("top", "height", "vertical", "h")):
        share = page[along] * _css(style, f"mso-{side}-percent", 1) // 1000
        start = _css(style, f"margin-{side}") + _css(style, side) + share
        if not floats or style.get(f"mso-position-{axis}", "absolute") != "absolute":
            start = 0
        spans.append(Span(start, _css(style, length), style.get(f"mso-position-{axis}-relative") == "page"))
    return Box(*spans)


def _css_of(element: etree._Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.get("style", "").split(";"))
    return {name.strip().casefold(): value.strip().casefold() for name, _, value in pairs}


def _css(style: Mapping[str, str], name: str, plain: float = _PIXEL) -> int:
    """A length in twips, or in the units that it's written in where those are `plain`; nothing for a share."""
    text = style.get(name, "")
    return 0 if text.endswith("%") else number(text, plain=plain) or 0


# Numbers


def _numbers(element: etree._Element | None) -> dict[str, int]:
    """The attributes that are whole numbers, by their local names."""
    attributes = () if element is None else element.items()
    told = {etree.QName(str(key)).localname: number(str(value)) for key, value in attributes}
    return {name: value for name, value in told.items() if value is not None}


def _val(element: etree._Element | None) -> int:
    return _numbers(element).get("val", 0)


def _emu(element: etree._Element | None, name: str) -> int:
    value = None if element is None else number(element.get(name, ""))
    return 0 if value is None else value // EMU


def _percent(text: str | None, whole: int) -> int:
    """Thousandths of a percent of a length ([MS-ODRAWXML] 2.3)."""
    return whole * (number(text or "") or 0) // 100_000
