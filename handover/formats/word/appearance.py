"""How text in a Word document looks: its size, its colour, what is behind it, as far as it decides what people see.

Role: resolves what holds for one run, from its own properties up to the document's defaults (ECMA-376 Part 1, 17.7.2).
It judges nothing, and measures no page.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.word import colours
from handover.formats.word.ooxml import VML, W14, A, W, w
from handover.formats.word.styles import Styles, is_on

UNKNOWN: Final = colours.Colour(None, None)
_SHAPE: Final = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_GROUPS: Final = ("{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}wgp",
                  "{http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas}wpc")  # fmt: skip
_FILLS: Final = frozenset({"noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill"})
_PLAIN: Final = frozenset({"cNvPr", "cNvGrpSpPr", "cNvFrPr", "grpSpPr", "bg", "whole", "shapetype", "lock"})
"""What a group holds beside its shapes."""
USUAL: Final = 20
"""Half-points of text that nothing gives a size (17.3.2.38)."""
_MEASURE: Final = re.compile(r"([+-]?[0-9]{0,12}(?:\.[0-9]{1,12}|[0-9])(?:e[0-9]{1,2})?)(pt|in|cm|mm|pc|pi|px|emu|%)?")
_POINTS: Final = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "pc": 12.0, "pi": 12.0, "px": 0.75,
                 "emu": 1 / 12_700}  # fmt: skip
_TAG: Final = re.compile(r"\{[{%][^{}]*[%}]\}")
"""What a template says of a text to come, whose length isn't known."""
_NARROWEST: Final = 0.3
"""Width of a letter by its size, of the narrowest that people set: 0.45 is usual."""
_ROOM: Final = 1.25
_LEADING: Final = 120
"""What text may need beyond its box before it's called cut off: a quarter, and 6 points."""
_LEFT: Final = frozenset({"left", "start", None})
_NO: Final = frozenset({"f", "false", "0"})
_OPAQUE: Final = 90_000
"""Opacity (20.1.2.3.1) below which text is seen through a filling."""
_CLEAR: Final = 0.1
"""Opacity up to which a filling isn't seen."""
HIDING: Final[tuple[str, ...]] = ("vanish", "specVanish", "webHidden")
"""Run properties that hide text: everywhere, with its paragraph's mark, in a browser's view (17.3.2)."""
_SHADING: Final = frozenset({"shd", "highlight"})
_FILLING: Final = frozenset({"textFill", "textOutline"})
_NUMBERS: Final = frozenset({"sz", "szCs", "w", "spacing", "position", "fitText"})
_READ: Final = frozenset({W, W14.strip("{}")})
"""Namespaces of properties: what another one calls `vanish` or `color` says nothing."""
_LOOKS: Final = {
    "firstRow": 0x0020, "lastRow": 0x0040, "firstColumn": 0x0080, "lastColumn": 0x0100, "noHBand": 0x0200,
    "noVBand": 0x0400,
}  # fmt: skip
"""ECMA-376 Part 1, 17.4.56: `w:tblLook` as attributes, or as bits of its value."""


Properties = dict[str, etree._Element]  # noqa: SLF001 — the only name that lxml has for it
"""What holds for a run, by the local names of its properties."""


class Look:
    """How runs of one part look. What holds for many is resolved once: by style, paragraph, row and cell."""

    def __init__(self, root: etree._Element, styles: Styles) -> None:
        self._styles = styles
        background = root.find(w("background"))
        found = None if background is None else colours.named_colour(background, styles.slots, "color")
        self.paragraph_defaults = styles.initial("pPr")
        self._page = colours.WHITE if found is None else found
        self._of_styles: dict[tuple[str, str, _Cell], Properties] = {}
        self._of_paragraphs: dict[tuple[str, _Cell], list[etree._Element]] = {}
        self._behind: dict[etree._Element, tuple[colours.Colour, ...]] = {}
        self._paragraphs: dict[etree._Element, str] = {}
        self._cells: dict[etree._Element, _Cell] = {}

    def behind(self, run: etree._Element, found: Properties) -> tuple[colours.Colour, ...]:
        """What is behind the text: its own shading, its paragraph's, its cells', its box's, or the page.

        A page's colour is on the screen alone, and only where a setting shows it: paper is white.
        """
        own = colours.highlight(found["highlight"]) if "highlight" in found else None
        if own is None and "shd" in found:
            own = colours.shading(found["shd"], self._styles.slots)
        if own is not None:
            return (own,)
        # Each holder is judged once, however many stand in one another.
        waiting: list[etree._Element] = []
        holder: etree._Element | None = next(run.iterancestors(w("p")), run)
        while holder is not None and holder not in self._behind:
            waiting.append(holder)
            holder = holder.getparent()
        behind = (self._page, colours.WHITE) if holder is None else self._behind[holder]
        for one in reversed(waiting):
            own = self._of_holder(one)
            behind = self._behind[one] = behind if own is None else (own,)
        return behind

    def paragraph_properties(self, paragraph: etree._Element) -> Sequence[etree._Element]:
        """What holds for a paragraph, its own properties first."""
        cell = next(paragraph.iterancestors(w("tc")), None)
        key = self._paragraph_style(paragraph), _NO_CELL if cell is None else self._of_table(cell)
        if key not in self._of_paragraphs:
            parts = self._styles.conditional(*key[1]) if key[1].style else ()
            tables = [found for part in parts for found in part.iterfind(w("pPr"))]
            inherited = [*self._styles.properties(key[0], "pPr"), *tables, *self._styles.initial("pPr")]
            self._of_paragraphs[key] = inherited
        own = paragraph.find(w("pPr"))
        return self._of_paragraphs[key] if own is None else [own, *self._of_paragraphs[key]]

    def table_indent(self, table: etree._Element) -> int:
        """Twips by which a table begins right of the margin, 0 where it's aligned otherwise (17.4.50)."""
        own = table.find(w("tblPr"))
        parts = [*([] if own is None else [own]), *self._styles.properties(self._table_style(table), "tblPr")]
        if any((aligned := part.find(w("jc"))) is not None and aligned.get(w("val")) not in _LEFT for part in parts):
            return 0
        found = (part.find(w("tblInd")) for part in parts)
        indent = next((one for one in found if one is not None and one.get(w("type"), "dxa") == "dxa"), None)
        return 0 if indent is None else number(indent.get(w("w"), "")) or 0

    def _table_style(self, table: etree._Element) -> str:
        return self._styles.named(table.find(f"{w('tblPr')}/{w('tblStyle')}"), "table")

    def face(self, fonts: etree._Element | None, script: str) -> str:
        """The font of a run's letters: `script` is `ascii` or `cs` (17.3.2.26)."""
        if fonts is None:
            return ""
        theme = fonts.get(w(f"{script}Theme" if script == "ascii" else "cstheme"))
        return fonts.get(w(script), "") if theme is None else self._styles.faces.get(theme[:5], "")

    def height(self, paragraph: etree._Element) -> int:
        """The size of a paragraph's text in twips: its largest run's."""
        runs = (run for run in paragraph.iterchildren(w("r")) if run.find(w("t")) is not None)
        return max((value(self.of(run), "sz") or USUAL for run in runs), default=USUAL) * 10

    def of(self, run: etree._Element) -> Properties:
        """What holds for a run: its own properties, its styles', its table's, the document's defaults."""
        own = run.find(w("rPr"))
        named = None if own is None else own.find(w("rStyle"))
        paragraph = next(run.iterancestors(w("p")), None)
        cell = next(run.iterancestors(w("tc")), None)
        key = (
            self._styles.named(named, "character"),
            "" if paragraph is None else self._paragraph_style(paragraph),
            _NO_CELL if cell is None else self._of_table(cell),
        )
        if key not in self._of_styles:
            self._of_styles[key] = self._inherited(*key)
        return self._of_styles[key] if own is None else _over(self._of_styles[key], own)

    def _inherited(self, character: str, paragraph: str, cell: "_Cell") -> Properties:
        parts = self._styles.conditional(*cell) if cell.style else ()
        tables = [properties for part in parts for properties in part.iterfind(w("rPr"))]
        of_styles = [self._styles.properties(style, "rPr") if style else [] for style in (paragraph, character)]
        found: Properties = {}
        for level in (self._styles.initial("rPr"), tables, *of_styles):
            own: Properties = {}
            for properties in reversed(level):
                own = _over(own, properties)
            if level is tables:  # a table's style gives no shading to its runs: its cells have that
                own = _without(own, _SHADING)
            # A style can't show what another one hides: their on-off properties add up (17.7.3).
            hidden = {name: found[name] for name in HIDING if name in found and is_on(found[name])}
            found = {**(_without(found, _FILLING) if "color" in own else found), **own, **hidden}
        return found

    def letters(self, run: etree._Element, found: Properties) -> tuple[colours.Colour | None, ...]:
        """What letters show ([MS-DOCX] 2.6.1): what fills them, else their outline; without either their colour, which
        a shape's style may give (20.1.4.1.17). None is the automatic colour; nothing at all is transparent."""
        fills = list(found["textFill"].iterchildren(etree.Element)) if "textFill" in found else []
        if fills:
            fills += found["textOutline"].iterchildren(etree.Element) if "textOutline" in found else ()
            shown = ([*colours.fill_colours(one, self._styles.slots, known=True)] for one in fills)
            return tuple(next(filter(None, shown), ()))
        colour = colours.named_colour(found["color"], self._styles.slots) if "color" in found else None
        if colour is None and "highlight" in found and colours.highlight(found["highlight"]):
            return (colours.BLACK,)  # a marker's ink isn't looked at when Word chooses black or white
        if "color" in found:
            return (colour,)
        shape = next(run.iterancestors(f"{_SHAPE}wsp"), None)
        font = None if shape is None else shape.find(f"{_SHAPE}style/{{{A}}}fontRef")
        return (None,) if font is None or not len(font) else colours.drawn(font, self._styles.slots)

    def _of_holder(self, holder: etree._Element) -> colours.Colour | None:
        """What colour a paragraph, a cell, a table or a box puts behind the text in it."""
        if holder.tag == w("p"):
            return self._shaded(self.paragraph_properties(holder))
        if holder.tag == w("tc"):
            own = self._shaded(holder.iterfind(w("tcPr")))
            parts = self._styles.conditional(*self._of_table(holder))
            return own or self._shaded(properties for part in parts for properties in part.iterfind(w("tcPr")))
        if holder.tag == w("tbl"):
            return self._shaded(holder.iterfind(w("tblPr")))
        if holder.tag == f"{_SHAPE}wsp":
            # Without a fill, what is drawn behind it in the same group isn't known.
            shown = self._fill(holder)
            other = UNKNOWN if _is_among_others(holder, *_GROUPS) else None
            return other if not shown else shown[0] if colours.alike(shown) else UNKNOWN
        if str(holder.tag).startswith(VML) and holder.find(f"{VML}textbox") is not None:
            return self._of_vml(holder)
        return None

    def _shaded(self, found: Iterable[etree._Element]) -> colours.Colour | None:
        for properties in found:
            element = properties.find(w("shd"))
            if element is not None:
                return colours.shading(element, self._styles.slots)
        return None

    def _fill(self, shape: etree._Element) -> tuple[colours.Colour, ...]:
        properties = shape.find(f"{_SHAPE}spPr")
        children = () if properties is None else properties.iterchildren(etree.Element)
        fills = [child for child in children if etree.QName(child).localname in _FILLS]
        style = shape.find(f"{_SHAPE}style/{{{A}}}fillRef")
        if fills:
            return colours.fill_colours(fills[0], self._styles.slots)
        is_styled = style is not None and style.get("idx", "0") not in {"0", "1000"}
        return colours.drawn(style, self._styles.slots) if style is not None and is_styled else ()

    def is_filled(self, shape: etree._Element) -> bool:
        """Whether a shape hides what is behind it: it's filled, and not transparent in part."""
        if shape.tag == f"{_SHAPE}wsp":
            shares = (number(one.get("val", "")) or 0 for one in shape.iterfind(f"{_SHAPE}spPr/*/*/{{{A}}}alpha"))
            return bool(self._fill(shape)) and all(share >= _OPAQUE for share in shares)
        return shape.get("fillcolor") is not None and self._of_vml(shape) not in {None, UNKNOWN}

    def _of_vml(self, shape: etree._Element) -> colours.Colour | None:
        fill = shape.find(f"{VML}fill")
        said = {**shape.attrib, **({} if fill is None else {"filled": fill.get("on", "t"), **fill.attrib})}
        if str(said.get("filled", "t")).casefold() in _NO or _opacity(said) <= _CLEAR:
            return UNKNOWN if _is_among_others(shape, f"{VML}group") else None
        shown = [colours.hex_colour(str(said.get("color", said.get("fillcolor", "white"))))]
        if said.get("type", "solid") in {"solid", shape.get("type")}:
            return shown[0]
        shown.append(colours.hex_colour(str(said.get("color2", "white"))))
        return shown[0] if str(said["type"]).startswith("gradient") and colours.alike(shown) else UNKNOWN

    def _paragraph_style(self, paragraph: etree._Element) -> str:
        # Asked for every run: a paragraph of many is searched once.
        if paragraph not in self._paragraphs:
            named = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
            self._paragraphs[paragraph] = self._styles.named(named, "paragraph")
        return self._paragraphs[paragraph]

    def _of_table(self, cell: etree._Element) -> "_Cell":
        """The style of a cell's table, and the conditions under which its parts hold for it, strongest first."""
        if cell not in self._cells:
            table = next(cell.iterancestors(w("tbl")), None)
            self._cells |= {cell: _NO_CELL, **(dict(self._in_table(table)) if table is not None else {})}
        return self._cells[cell]

    def _in_table(self, table: etree._Element) -> Iterator[tuple[etree._Element, "_Cell"]]:
        """The table's own cells, not those of tables in it; controls may stand around a row or a cell."""
        style, looks = self._table_style(table), _looks(table.find(f"{w('tblPr')}/{w('tblLook')}"))
        rows = [row for row in table.iter(w("tr")) if next(row.iterancestors(w("tbl"))) is table]
        for at, row in enumerate(rows):
            cells = [cell for cell in row.iter(w("tc")) if next(cell.iterancestors(w("tr"))) is row]
            top, bottom = looks["firstRow"] and at == 0, looks["lastRow"] and at == len(rows) - 1
            for column, cell in enumerate(cells):
                left, right = looks["firstColumn"] and column == 0, looks["lastColumn"] and cell is cells[-1]
                down, across = at - looks["firstRow"], column - looks["firstColumn"]
                held = {
                    "nwCell": top and left, "neCell": top and right, "swCell": bottom and left,
                    "seCell": bottom and right, "firstCol": left, "lastCol": right, "firstRow": top, "lastRow": bottom,
                    "band1Horz": not looks["noHBand"] and down % 2 == 0,
                    "band2Horz": not looks["noHBand"] and down % 2 == 1,
                    "band1Vert": not looks["noVBand"] and across % 2 == 0,
                    "band2Vert": not looks["noVBand"] and across % 2 == 1,
                    "wholeTable": True,
                }  # fmt: skip
                yield cell, _Cell(style, tuple(name for name, holds in held.items() if holds))


class _Cell(NamedTuple):
    style: str
    conditions: tuple[str, ...]


_NO_CELL: Final = _Cell("", ())


def _over(found: Properties, properties: etree._Element) -> Properties:
    """What holds under these properties; a colour takes the place of what filled the letters.

    What says nothing leaves what held: a number that is none, fonts of other scripts alone.
    """
    named = {
        name.localname: child
        for child in properties.iterchildren(etree.Element)
        if (name := etree.QName(child)).namespace in _READ
        and (name.localname not in _NUMBERS or number(child.get(w("val"), "")) is not None)
        and (name.localname != "rFonts" or child.get(w("asciiTheme")) or child.get(w("ascii")))
    }
    return {**(_without(found, _FILLING) if "color" in named else found), **named}


def _without(found: Properties, names: frozenset[str]) -> Properties:
    return {name: one for name, one in found.items() if name not in names}


def value(found: Properties, name: str, points: int = 2) -> int | None:
    """The number that a property holds, in the unit of which `points` are a point; None where there is none."""
    return number(found[name].get(w("val"), ""), points) if name in found else None


def own_text(paragraph: etree._Element) -> str:
    """What stands on a paragraph's own lines, not in the boxes that are anchored in it."""
    texts: list[str] = []
    waiting = [*reversed(paragraph)]
    while waiting:
        element = waiting.pop()
        if element.tag == w("t"):
            texts.append(element.text or "")
        elif element.tag != w("p"):
            waiting += reversed(element)
    return "".join(texts).strip()


def has_text(element: etree._Element) -> bool:
    """Whether there is any text in it that isn't a space."""
    return any((text.text or "").strip() for text in element.iter(w("t")))


def is_cut_off(holder: etree._Element, look: Look, height: int, width: int = 0) -> bool:
    """Whether what a box, a cell or a frame of fixed size (twips) holds can't stand in it, however closely it's set."""
    needed = unseen = 0.0
    for paragraph in holder.iterchildren(w("p")):
        said = own_text(paragraph)
        text = _TAG.sub("", said)
        if said and not text:
            continue  # a template's tag takes its paragraph along
        size = look.height(paragraph)
        lines = 1 + sum(1 for _ in paragraph.iterfind(f"{w('r')}/{w('br')}"))
        if width > 0:
            lines = max(lines, math.ceil(len(text) * size * _NARROWEST / width))
        unseen += lines * size
        needed = unseen if text else needed
    return needed > height * _ROOM + _LEADING


def _looks(element: etree._Element | None) -> dict[str, bool]:
    if element is None:
        return dict.fromkeys(_LOOKS, False)
    try:
        bits = int(element.get(w("val"), "0"), 16)
    except ValueError:
        bits = 0
    told = {name: element.get(w(name)) for name in _LOOKS}
    return {
        name: bool(bits & _LOOKS[name]) if text is None else text.casefold() in {"1", "true", "on"}  # 22.9.2.7
        for name, text in told.items()
    }


def _is_among_others(shape: etree._Element, *groups: str) -> bool:
    """Whether a shape's group holds something else that can be seen, and may lie behind it."""
    group = next(shape.iterancestors(*groups), None)
    names = [] if group is None else [etree.QName(one).localname for one in group.iterchildren(etree.Element)]
    return len([name for name in names if name not in _PLAIN]) > 1


def _opacity(fill: Mapping[str, object]) -> float:
    """Of a VML filling (ECMA-376 Part 4, 19.1.2.5): a fraction, or with an f in 65,536ths."""
    text = str(fill.get("opacity", "1"))
    try:
        return float(text.removesuffix("f")) / (65_536 if text.endswith("f") else 1)
    except ValueError:
        return 1.0


def number(text: str, points: int = 20, plain: float = 1) -> int | None:
    """A whole number as attributes hold it, or None; a length with a unit (22.9.2.15) in the attribute's own, of which
    `points` are a point: 20 twips, 2 half-points. One without a unit is counted `plain` times."""
    found = _MEASURE.fullmatch(text.strip())
    if found is None:
        return None
    return round(float(found[1]) * (points * _POINTS[found[2]] if found[2] in _POINTS else plain))
