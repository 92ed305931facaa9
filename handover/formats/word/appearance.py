"""How text in a Word document looks: its size, its colour, what is behind it, as far as it decides what people see.

Role: resolves what holds for one run, from its own properties up to the document's defaults (ECMA-376 Part 1, 17.7.2).
It judges nothing, and measures no page.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.word import colours
from handover.formats.word.ooxml import VML, W14, A, w
from handover.formats.word.styles import Styles

UNKNOWN: Final = colours.Colour(None, None)
_SHAPE: Final = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_GROUPS: Final = ("{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}wgp",
                  "{http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas}wpc")  # fmt: skip
_FILLS: Final = frozenset({"gradFill", "blipFill", "pattFill", "grpFill"})
_LOOKS: Final = {
    "firstRow": 0x0020, "lastRow": 0x0040, "firstColumn": 0x0080, "lastColumn": 0x0100, "noHBand": 0x0200,
    "noVBand": 0x0400,
}  # fmt: skip
"""ECMA-376 Part 1, 17.4.56: `w:tblLook` as attributes, or as bits of its value."""


class Given(NamedTuple):
    """What properties of runs say, None where they are silent."""

    size: int | None = None
    """Font size in half-points."""
    scale: int | None = None
    """Width of the letters in percent."""
    colour: tuple[colours.Colour | None] | None = None
    """In a tuple, as the automatic colour is None and says something."""
    behind: colours.Colour | None = None

    def or_else(self, other: "Given") -> "Given":
        """These, and the others where these are silent."""
        return Given(
            other.size if self.size is None else self.size,
            other.scale if self.scale is None else self.scale,
            other.colour if self.colour is None else self.colour,
            other.behind if self.behind is None else self.behind,
        )


class Look:
    """How runs of one part look. What holds for many is resolved once: by style, paragraph, row and cell."""

    def __init__(self, root: etree._Element, styles: Styles) -> None:
        self._styles = styles
        background = root.find(w("background"))
        found = None if background is None else colours.page_colour(background, styles.slots)
        self._page = colours.WHITE if found is None else found
        self._of_styles: dict[tuple[str, str, _Cell], Given] = {}
        self._behind: dict[etree._Element, colours.Colour] = {}
        self._paragraphs: dict[etree._Element, str] = {}
        self._cells: dict[etree._Element, _Cell] = {}
        self._rows: dict[etree._Element, tuple[int, bool, etree._Element, etree._Element]] = {}
        self._tables: dict[etree._Element, tuple[str, dict[str, bool]]] = {}

    def behind(self, run: etree._Element, given: Given) -> colours.Colour:
        """What is behind the text: its own shading, its paragraph's, its cells', its box's, the page."""
        if given.behind is not None:
            return given.behind
        holder = next(run.iterancestors(w("p")), run)
        if holder not in self._behind:
            around = (self._of_holder(one) for one in (holder, *holder.iterancestors()))
            self._behind[holder] = next((colour for colour in around if colour is not None), self._page)
        return self._behind[holder]

    def paragraph_properties(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """What holds for a paragraph, its own properties first."""
        own = paragraph.find(w("pPr"))
        if own is not None:
            yield own
        yield from self._styles.properties(self._paragraph_style(paragraph), "pPr")
        yield from self._styles.initial("pPr")

    def of(self, run: etree._Element) -> Given:
        """What holds for a run: its own properties, its styles', its table's, the document's defaults."""
        own = run.find(w("rPr"))
        named = None if own is None else own.find(w("rStyle"))
        paragraph = next(run.iterancestors(w("p")), None)
        cell = next(run.iterancestors(w("tc")), None)
        key = (
            "" if named is None else named.get(w("val"), ""),
            "" if paragraph is None else self._paragraph_style(paragraph),
            _NO_CELL if cell is None else self._of_table(cell),
        )
        if key not in self._of_styles:
            self._of_styles[key] = self._inherited(*key)
        return self._of_styles[key] if own is None else self._read(own).or_else(self._of_styles[key])

    def _inherited(self, character: str, paragraph: str, cell: "_Cell") -> Given:
        found = Given()
        for style in (character, paragraph):
            for properties in self._styles.properties(style, "rPr") if style else ():
                found = found.or_else(self._read(properties))
        # A table's style gives no shading to its runs: its cells have that.
        for part in self._styles.conditional(*cell) if cell.style else ():
            for properties in part.iterfind(w("rPr")):
                found = found.or_else(self._read(properties)._replace(behind=None))
        for properties in self._styles.initial("rPr"):
            found = found.or_else(self._read(properties))
        return found

    def _read(self, properties: etree._Element) -> Given:
        size, scale, colour = (properties.find(w(name)) for name in ("sz", "w", "color"))
        fill = properties.find(f"{W14}textFill/{W14}solidFill")
        told = None if colour is None else (colours.text_colour(colour, self._styles.slots),)
        marked, shaded = properties.find(w("highlight")), properties.find(w("shd"))
        behind = None if marked is None else colours.highlight(marked)
        if behind is None and shaded is not None:
            behind = colours.shading(shaded, self._styles.slots)
        return Given(
            size=None if size is None else number(size.get(w("val"), "")),
            scale=None if scale is None else number(scale.get(w("val"), "")),
            colour=told if fill is None else (colours.drawing_colour(fill, self._styles.slots),),
            behind=behind,
        )

    def _of_holder(self, holder: etree._Element) -> colours.Colour | None:
        """What colour a paragraph, a cell, a table or a box puts behind the text in it."""
        if holder.tag == w("p"):
            return self._shaded(self.paragraph_properties(holder))
        if holder.tag == w("tc"):
            return self._of_cell(holder)
        if holder.tag == w("tbl"):
            return self._shaded(holder.iterfind(w("tblPr")))
        if holder.tag == f"{_SHAPE}wsp":
            return self._of_shape(holder)
        if str(holder.tag).startswith(VML) and holder.find(f"{VML}textbox") is not None:
            return self._of_vml(holder)
        return None

    def _shaded(self, found: Iterator[etree._Element]) -> colours.Colour | None:
        for properties in found:
            element = properties.find(w("shd"))
            if element is not None:
                return colours.shading(element, self._styles.slots)
        return None

    def _of_cell(self, cell: etree._Element) -> colours.Colour | None:
        own = self._shaded(cell.iterfind(w("tcPr")))
        if own is not None:
            return own
        parts = self._styles.conditional(*self._of_table(cell))
        return self._shaded(properties for part in parts for properties in part.iterfind(w("tcPr")))

    def _of_shape(self, shape: etree._Element) -> colours.Colour | None:
        """A shape's fill. Without one, what is drawn behind it in the same group isn't known."""
        properties = shape.find(f"{_SHAPE}spPr")
        solid = None if properties is None else properties.find(f"{{{A}}}solidFill")
        if solid is not None:
            return colours.drawing_colour(solid, self._styles.slots)
        children = () if properties is None else properties.iterchildren(etree.Element)
        kinds = {etree.QName(child).localname for child in children}
        from_theme = "noFill" not in kinds and shape.find(f"{_SHAPE}style") is not None
        grouped = next(shape.iterancestors(*_GROUPS), None) is not None
        return UNKNOWN if grouped or from_theme or not _FILLS.isdisjoint(kinds) else None

    def _of_vml(self, shape: etree._Element) -> colours.Colour | None:
        if shape.get("filled", "t").casefold() in {"f", "false", "0"}:
            grouped = next(shape.iterancestors(f"{VML}group"), None) is not None
            return UNKNOWN if grouped else None
        return UNKNOWN if shape.find(f"{VML}fill") is not None else colours.hex_colour(shape.get("fillcolor", "white"))

    def _paragraph_style(self, paragraph: etree._Element) -> str:
        # Asked for every run: a paragraph of many is searched once.
        if paragraph not in self._paragraphs:
            named = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
            style = self._styles.default_paragraph if named is None else named.get(w("val"), "")
            self._paragraphs[paragraph] = style
        return self._paragraphs[paragraph]

    def _of_table(self, cell: etree._Element) -> "_Cell":
        """The style of a cell's table, and the conditions under which its parts hold for it, strongest first."""
        if cell not in self._cells:
            row, table = next(cell.iterancestors(w("tr")), None), next(cell.iterancestors(w("tbl")), None)
            self._cells[cell] = _NO_CELL if row is None or table is None else self._in_table(cell, row, table)
        return self._cells[cell]

    def _in_table(self, cell: etree._Element, row: etree._Element, table: etree._Element) -> "_Cell":
        if table not in self._tables:
            rows = [(one, list(one.iterchildren(w("tc")))) for one in table.iter(w("tr"))]
            self._rows |= {one: (at, at == len(rows) - 1, c[0], c[-1]) for at, (one, c) in enumerate(rows) if c}
            named = table.find(f"{w('tblPr')}/{w('tblStyle')}")
            style = self._styles.default_table if named is None else named.get(w("val"), "")
            self._tables[table] = style, _looks(table.find(f"{w('tblPr')}/{w('tblLook')}"))
        style, looks = self._tables[table]
        at, is_last, first_cell, last_cell = self._rows.get(row, (0, False, cell, cell))
        banded = not looks["noHBand"]
        held = {
            "firstCol": looks["firstColumn"] and cell is first_cell,
            "lastCol": looks["lastColumn"] and cell is last_cell,
            "firstRow": looks["firstRow"] and at == 0,
            "lastRow": looks["lastRow"] and is_last,
            "band1Horz": banded and (at - looks["firstRow"]) % 2 == 0,
            "band2Horz": banded and (at - looks["firstRow"]) % 2 == 1,
        }
        return _Cell(style, tuple(name for name, holds in held.items() if holds))


class _Cell(NamedTuple):
    style: str
    conditions: tuple[str, ...]


_NO_CELL: Final = _Cell("", ())


def _looks(element: etree._Element | None) -> dict[str, bool]:
    if element is None:
        return dict.fromkeys(_LOOKS, False)
    try:
        bits = int(element.get(w("val"), "0"), 16)
    except ValueError:
        bits = 0
    return {
        name: _is_true(element.get(w(name), "")) if element.get(w(name)) is not None else bool(bits & bit)
        for name, bit in _LOOKS.items()
    }


def _is_true(text: str) -> bool:
    """An on-off attribute that is there (ECMA-376 Part 1, 22.9.2.7)."""
    return text.casefold() in {"1", "true", "on"}


def number(text: str) -> int | None:
    """A whole number as attributes hold it, or None; a length with a unit isn't one."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None
