"""A Word template as a person sees it: stories, numbered paragraphs, their text, and where each of them stands.

Role: walks the parsed parts once, in reading order, and gives every paragraph with the pieces of its text, so that a
rule can say "paragraph 12, in the table “Outstanding payments”, near “…”" and a repair can change one character of one
run. Text boxes' paragraphs are paragraphs of their own; the copies that Word keeps for older programs are marked. It
judges nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Final, NamedTuple

from lxml import etree

from handover.formats.package.opc import Package, parse_xml, relationships, target_part
from handover.formats.word.contents import DOCUMENT, STORIES, kind_of
from handover.formats.word.ooxml import R, w
from handover.formats.word.styles import Styles
from handover.model.errors import DamagedFile
from handover.model.message import joined, msg

OBJECT: Final = "\ufffc"
"""Stands for a picture, a field's mark or anything else that isn't text (U+FFFC, object replacement character)."""

DEEPEST: Final = 120
"""Elements inside one another in a part: a table in a table in a text box takes some thirty."""

_TEXT: Final = w("t")
_RUN: Final = w("r")
_PARAGRAPH: Final = w("p")
_TABLE: Final = w("tbl")
_BOX: Final = w("txbxContent")
_STYLE: Final = f"{w('pPr')}/{w('pStyle')}"
_VALUE: Final = w("val")
_MARKS: Final = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
    w("sym"): OBJECT,
    w("drawing"): OBJECT,
    w("pict"): OBJECT,
    w("object"): OBJECT,
    w("fldChar"): OBJECT,
    w("footnoteReference"): OBJECT,
    w("endnoteReference"): OBJECT,
}
_SKIPPED: Final = frozenset({w("delText"), w("instrText"), w("delInstrText"), w("pPr"), w("rPr"), w("sectPr")})
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FORGED: Final = etree.XPath("//@*[starts-with(name(), 'handover-') or namespace-uri() = 'urn:handover:tag']")
"""Attributes that only filling may write: a template that anyone made might spell them."""

_ORDER: Final = {"document": 0, "header": 1, "footer": 2, "footnotes": 3, "endnotes": 4}
_SHORT: Final = 50
_LONG: Final = 200
_AROUND: Final = 28


class Piece(NamedTuple):
    """A stretch of a paragraph's text: a `w:t`, or what else the reader sees there."""

    start: int
    text: str
    element: etree._Element
    holder: etree._Element
    """What holds the piece's run: the paragraph, a link, a content control."""
    order: int
    """Its place in the whole part, in XML order."""
    is_text: bool
    """Whether characters of it can be changed."""
    in_run: bool
    """Whether it stands in a run directly, as text that people typed does."""


_start: Final = attrgetter("start")


_NAMES: Final = {
    ("default", "header"): msg("header"),
    ("default", "footer"): msg("footer"),
    ("default", "footnotes"): msg("footnotes"),
    ("default", "endnotes"): msg("endnotes"),
    ("first", "header"): msg("first page's header"),
    ("first", "footer"): msg("first page's footer"),
    ("even", "header"): msg("even pages' header"),
    ("even", "footer"): msg("even pages' footer"),
}
"""Which pages, which part → what people call it."""


@dataclass(slots=True, eq=False)
class Paragraph:
    """One paragraph."""

    element: etree._Element
    story: "Story"
    number: int
    """From 1 in its story."""
    where: str
    """In words, what it stands in: `in the table “…”`; empty for plain text."""
    copy: bool
    """Whether it is a copy that only older programs see."""
    style: str = ""
    """Id of its style."""
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    """The whole text; OBJECT for what isn't text."""
    plain: bool = True
    """Whether all of it is text in runs beside one another: nothing can stand inside a tag."""

    def place(self, start: int = 0, end: int | None = None) -> str:
        """Its position in people's words; `start` and `end` choose the text that is quoted."""
        number = msg("paragraph {number}", number=self.number)
        parts = [self.story.name, number, self.where]
        near = self.near(start, end)
        return joined(", ", [part for part in (*parts, msg("near “{near}”", near=near) if near else "") if part])

    def near(self, start: int = 0, end: int | None = None) -> str:
        """The text from `start` to `end` with a little of what surrounds it, on one line."""
        end = min(len(self.text), start + _SHORT if end is None else min(end, start + _LONG))
        left, right = max(0, start - _AROUND), min(len(self.text), end + _AROUND)
        # A word cut in half reads badly.
        while 0 < left < start and not self.text[left - 1].isspace():
            left += 1
        while end < right < len(self.text) and not self.text[right].isspace():
            right -= 1
        shown = f"{'… ' if left else ''}{self.text[left:right].strip()}{' …' if right < len(self.text) else ''}"
        return " ".join(shown.replace(OBJECT, " ").split())

    def piece_at(self, offset: int) -> Piece:
        """The piece that holds the character at `offset`."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        at = bisect_right(self.pieces, offset, key=_start) - 1
        while not self.pieces[at].text:  # a mark without text stands where the next piece begins
            at -= 1
        return self.pieces[at]

    def between(self, start: int, end: int) -> list[Piece]:
        """The pieces that have at least one character from `start` up to `end`, and marks between them."""
        first = max(bisect_left(self.pieces, start, key=_start) - 1, 0)
        last = bisect_left(self.pieces, end, key=_start)
        return [p for p in self.pieces[first:last] if p.start + max(len(p.text), 1) > start]


@dataclass(slots=True, eq=False)
class Story:
    """One part that people read: the body, a header, a footer, the notes."""

    part: str
    kind: str
    name: str
    """In words: `first page's header`; empty for the body."""
    root: etree._Element
    paragraphs: list[Paragraph] = field(default_factory=list)
    _by_element: dict[etree._Element, Paragraph] = field(default_factory=dict, repr=False)

    def paragraph_of(self, element: etree._Element) -> Paragraph | None:
        """The paragraph that an element stands in, or the first that it holds."""
        if len(self._by_element) != len(self.paragraphs):
            self._by_element = {paragraph.element: paragraph for paragraph in self.paragraphs}
        near = chain((element,), element.iterancestors(), element.iter(w("p")))
        return next((self._by_element[one] for one in near if one in self._by_element), None)


@dataclass(eq=False)
class Document:
    """A template, parsed once for all rules."""

    package: Package
    place: str
    roots: dict[str, etree._Element] = field(default_factory=dict)
    """Parsed parts by name."""

    def root(self, name: str) -> etree._Element | None:
        """The root of a part, parsed on first use; None when there is no such part. Raises DamagedFile."""
        if name not in self.roots and name in self.package.parts:
            self.roots[name] = parse_xml(self.package.parts[name], f"{self.place}: {name}")
        return self.roots.get(name)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Part → kind of the relationship by which the body refers to it. Raises DamagedFile."""
        found = {DOCUMENT: "document"}
        for relation in relationships(self.package, DOCUMENT, self.place):
            if not relation.external:
                found.setdefault(target_part(DOCUMENT, relation), kind_of(relation))
        return found

    @cached_property
    def styles(self) -> Styles:
        """The named styles, with the colours of theme and settings."""
        parts = {kind: name for name, kind in reversed(self.kinds.items())}
        found = (self.root(parts[kind]) if kind in parts else None for kind in ("styles", "theme", "settings"))
        return Styles(*found)

    @cached_property
    def stories(self) -> list[Story]:
        """The body, headers, footers and notes with their paragraphs. Raises DamagedFile."""
        found = []
        for part, kind in self.kinds.items():
            root = self.root(part) if kind in STORIES else None
            if root is not None:
                forged: Any = _FORGED(root)
                for value in forged:
                    del value.getparent().attrib[value.attrname]
                pages = self._pages.get(part, "default")
                name = "" if kind == "document" else _NAMES.get((pages, kind), kind)
                found.append(Story(part, kind, name, root))
        found.sort(key=lambda story: (_ORDER[story.kind], story.part))
        for story in found:
            _Walker(story, self.styles, f"{self.place}: {story.part}").walk()
        return found

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph of every story, in reading order."""
        for story in self.stories:
            yield from story.paragraphs

    @cached_property
    def _pages(self) -> dict[str, str]:
        """Header or footer part → the pages it is for (ECMA-376 Part 1, 17.18.36)."""
        by_id = {r.id: target_part(DOCUMENT, r) for r in relationships(self.package, DOCUMENT, self.place)}
        body = self.root(DOCUMENT)
        found: dict[str, str] = {}
        for reference in () if body is None else body.iter(w("headerReference"), w("footerReference")):
            found.setdefault(by_id.get(reference.get(f"{{{R}}}id", ""), ""), reference.get(w("type"), "default"))
        return found


class _Walker:
    """Goes through one part in XML order, numbering paragraphs as they begin."""

    def __init__(self, story: Story, styles: Styles, place: str) -> None:
        self.story = story
        self.styles = styles
        self.place = place
        self.number = 0
        self.order = 0
        self.heading = ""

    def walk(self) -> None:
        self._children(self.story.root, None, (), None, copy=False, depth=1)

    def _children(
        self,
        element: etree._Element,
        paragraph: Paragraph | None,
        where: tuple[str, ...],
        run: etree._Element | None,
        *,
        copy: bool,
        depth: int,
    ) -> None:
        """Go on inside an element; `run` is the nearest around it in the same paragraph."""
        if depth >= DEEPEST:
            message = msg("has more than {deepest} elements inside one another", deepest=DEEPEST)
            raise DamagedFile.at(self.place, message, hint=msg("take tables or text boxes out of one another"))
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            self.order += 1
            if tag == _PARAGRAPH:
                self._paragraph(child, where, copy=copy, depth=depth)
                continue
            if paragraph is not None and (tag == _TEXT or tag in _MARKS):
                self._piece(child, paragraph, run, in_run=element.tag == _RUN)
            if not len(child):
                continue
            inside = where
            if tag == _TABLE:
                inside = (*where, msg("in the table “{child}”", child=_table_name(child, self.heading)))
            elif tag == _BOX:
                inside = (*where, msg("in a text box"))
            around = child if tag == _RUN else run
            self._children(child, paragraph, inside, around, copy=copy or tag == _FALLBACK, depth=depth + 1)

    def _paragraph(self, element: etree._Element, where: tuple[str, ...], *, copy: bool, depth: int) -> None:
        self.number += not copy
        style = element.find(_STYLE)
        named = "" if style is None else style.get(_VALUE, "")
        under = where[-1] if where else msg("under “{heading}”", heading=self.heading) if self.heading else ""
        found = Paragraph(element, self.story, self.number, under, copy, named)
        self.story.paragraphs.append(found)
        self._children(element, found, where, None, copy=copy, depth=depth + 1)
        found.text = "".join([piece.text for piece in found.pieces])
        first = found.pieces[0].holder if found.pieces else None
        found.plain = all(piece.is_text and piece.in_run and piece.holder is first for piece in found.pieces)
        if not where and named and found.text.strip() and self.styles.is_heading(named):
            self.heading = _shortened(found.text)

    def _piece(
        self, element: etree._Element, paragraph: Paragraph, run: etree._Element | None, *, in_run: bool
    ) -> None:
        last = paragraph.pieces[-1] if paragraph.pieces else None
        start = last.start + len(last.text) if last else 0
        is_text = element.tag == _TEXT
        text = (element.text or "") if is_text else _MARKS[element.tag]
        around = None if run is None else run.getparent()
        holder = paragraph.element if around is None else around
        paragraph.pieces.append(Piece(start, text, element, holder, self.order, is_text, in_run))


def _table_name(table: etree._Element, heading: str) -> str:
    """What people call a table: its title, its first row, its description, or the heading above it."""
    properties = table.find(w("tblPr"))
    caption = "" if properties is None else _value(properties, "tblCaption")
    described = "" if properties is None else _value(properties, "tblDescription")
    first = table.find(f".//{w('tr')}")
    cells = [] if first is None else [_plain(cell) for cell in first.iterfind(w("tc"))]
    head = " | ".join(cell for cell in cells if cell)
    is_head = first is not None and first.find(f"{w('trPr')}/{w('tblHeader')}") is not None
    return _shortened(caption or (head if is_head else "") or described or heading or head or msg("without text"))


def _value(properties: etree._Element, name: str) -> str:
    element = properties.find(w(name))
    return "" if element is None else element.get(w("val"), "")


def _plain(element: etree._Element) -> str:
    return " ".join("".join(t.text or "" for t in element.iter(_TEXT)).split())


def _shortened(text: str) -> str:
    text = " ".join(text.replace(OBJECT, " ").split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 2].rstrip()} …"


def within(paragraph: Paragraph, level: str) -> etree._Element | None:
    """The paragraph itself, or the nearest row or cell around it (`p`, `tr`, `tc`)."""
    return paragraph.element if level == "p" else next(paragraph.element.iterancestors(w(level)), None)
