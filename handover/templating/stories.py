"""A Word template as a person sees it: stories, numbered paragraphs, their text, and where each of them stands.

Role: walks the parsed parts once, in reading order, and gives every paragraph with the pieces of its text, so that a
rule can say "paragraph 12, in the table “Outstanding payments”, near “…”" and a repair can change one character of one
run. Text boxes' paragraphs are paragraphs of their own; the copies that Word keeps for older programs are marked. It
judges nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Final

from lxml import etree

from handover.formats.package.opc import Package, parse_xml, relationships, target_part
from handover.formats.word.contents import DOCUMENT, STORIES, kind_of
from handover.formats.word.ooxml import R, w
from handover.formats.word.styles import Styles
from handover.model.errors import DamagedFile

OBJECT: Final = "\ufffc"
"""Stands for a picture, a field's mark or anything else that isn't text (U+FFFC, object replacement character)."""

DEEPEST: Final = 120
"""Elements inside one another in a part: a table in a table in a text box takes some thirty."""

_TEXT: Final = w("t")
_RUN: Final = w("r")
_PARAGRAPH: Final = w("p")
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
_ORDER: Final = {"document": 0, "header": 1, "footer": 2, "footnotes": 3, "endnotes": 4}
_SHORT: Final = 50
_LONG: Final = 200
_AROUND: Final = 28


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph's text: a `w:t`, or what else the reader sees there."""

    start: int
    text: str
    element: etree._Element
    holder: etree._Element
    """What holds the piece's run: the paragraph, a link, a content control."""
    order: int
    """Its place in the whole part, in XML order."""

    @property
    def is_text(self) -> bool:
        """Whether characters of it can be changed."""
        return bool(self.element.tag == _TEXT)

    @property
    def in_run(self) -> bool:
        """Whether it stands in a run directly, as text that people typed does."""
        parent = self.element.getparent()
        return parent is not None and parent.tag == _RUN


_start: Final = attrgetter("start")


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

    def place(self, start: int = 0, end: int | None = None) -> str:
        """Its position in people's words; `start` and `end` choose the text that is quoted."""
        number = f"paragraph {self.number}"
        parts = [f"{self.story.name}, {number}" if self.story.name else number, self.where]
        near = self.near(start, end)
        return ", ".join(part for part in (*parts, f"near “{near}”" if near else "") if part)

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
        """The named styles."""
        names = [name for name, kind in self.kinds.items() if kind == "styles"]
        return Styles(self.root(names[0]) if names else None)

    @cached_property
    def stories(self) -> list[Story]:
        """The body, headers, footers and notes with their paragraphs. Raises DamagedFile."""
        found = []
        for part, kind in self.kinds.items():
            root = self.root(part) if kind in STORIES else None
            if root is not None:
                _check_depth(root, f"{self.place}: {part}")
                found.append(Story(part, kind, self._name(part, kind), root))
        found.sort(key=lambda story: (_ORDER[story.kind], story.part))
        for story in found:
            _Walker(story, self.styles).walk()
        return found

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph of every story, in reading order."""
        for story in self.stories:
            yield from story.paragraphs

    def _name(self, part: str, kind: str) -> str:
        if kind == "document":
            return ""
        if kind in {"footnotes", "endnotes"}:
            return kind
        pages = {"first": "first page's ", "even": "even pages' ", "default": ""}
        return f"{pages.get(self._pages.get(part, 'default'), '')}{kind}"

    @cached_property
    def _pages(self) -> dict[str, str]:
        """Header or footer part → the pages it is for (ECMA-376 Part 1, 17.18.36)."""
        by_id = {r.id: target_part(DOCUMENT, r) for r in relationships(self.package, DOCUMENT, self.place)}
        body = self.root(DOCUMENT)
        found: dict[str, str] = {}
        for reference in () if body is None else body.iter(w("headerReference"), w("footerReference")):
            found.setdefault(by_id.get(reference.get(f"{{{R}}}id", ""), ""), reference.get(w("type"), "default"))
        return found


def _check_depth(root: etree._Element, place: str) -> None:
    """Raise DamagedFile for elements inside one another beyond what any document has; walking them is recursive."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise DamagedFile(f"{place}: has more than {DEEPEST} elements inside one another",
                              hint="take tables or text boxes out of one another")  # fmt: skip


class _Walker:
    """Goes through one part in XML order, numbering paragraphs as they begin."""

    def __init__(self, story: Story, styles: Styles) -> None:
        self.story = story
        self.styles = styles
        self.number = 0
        self.order = 0
        self.heading = ""
        self.headings: dict[str, bool] = {}

    def walk(self) -> None:
        self._children(self.story.root, None, (), copy=False)

    def _children(
        self, element: etree._Element, paragraph: Paragraph | None, where: tuple[str, ...], *, copy: bool
    ) -> None:
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                self._element(child, paragraph, where, copy=copy)

    def _element(
        self, element: etree._Element, paragraph: Paragraph | None, where: tuple[str, ...], *, copy: bool
    ) -> None:
        self.order += 1
        tag = element.tag
        if tag == _PARAGRAPH:
            self._paragraph(element, where, copy=copy)
            return
        if paragraph is not None and (tag == _TEXT or tag in _MARKS):
            self._piece(element, paragraph)
        if not len(element):
            return
        if tag == w("tbl"):
            where = (*where, f"in the table “{_table_name(element, self.heading)}”")
        elif tag == w("txbxContent"):
            where = (*where, "in a text box")
        self._children(element, paragraph, where, copy=copy or tag == _FALLBACK)

    def _paragraph(self, element: etree._Element, where: tuple[str, ...], *, copy: bool) -> None:
        if not copy:
            self.number += 1
        style = element.find(_STYLE)
        under = (f"under “{self.heading}”",) if self.heading and not where else ()
        found = Paragraph(
            element,
            self.story,
            self.number,
            (where or under)[-1] if where or under else "",
            copy,
            style.get(_VALUE, "") if style is not None else "",
        )
        self.story.paragraphs.append(found)
        self._children(element, found, where, copy=copy)
        found.text = "".join(piece.text for piece in found.pieces)
        if not where and found.style and found.text.strip() and self._is_heading(found.style):
            self.heading = _shortened(found.text)

    def _is_heading(self, style: str) -> bool:
        if style not in self.headings:
            self.headings[style] = self.styles.is_heading(style)
        return self.headings[style]

    def _piece(self, element: etree._Element, paragraph: Paragraph) -> None:
        last = paragraph.pieces[-1] if paragraph.pieces else None
        start = last.start + len(last.text) if last else 0
        text = (element.text or "") if element.tag == _TEXT else _MARKS[element.tag]
        run = next(element.iterancestors(_RUN, _PARAGRAPH), element)
        holder = run.getparent() if run.tag == _RUN else run
        paragraph.pieces.append(Piece(start, text, element, run if holder is None else holder, self.order))


def _table_name(table: etree._Element, heading: str) -> str:
    """What people call a table: its title, its first row, its description, or the heading above it."""
    properties = table.find(w("tblPr"))
    caption = "" if properties is None else _value(properties, "tblCaption")
    described = "" if properties is None else _value(properties, "tblDescription")
    first = table.find(f".//{w('tr')}")
    cells = [] if first is None else [_plain(cell) for cell in first.iterfind(w("tc"))]
    head = " | ".join(cell for cell in cells if cell)
    is_head = first is not None and first.find(f"{w('trPr')}/{w('tblHeader')}") is not None
    return _shortened(caption or (head if is_head else "") or described or heading or head or "without text")


def _value(properties: etree._Element, name: str) -> str:
    element = properties.find(w(name))
    return "" if element is None else element.get(w("val"), "")


def _plain(element: etree._Element) -> str:
    return " ".join("".join(t.text or "" for t in element.iter(_TEXT)).split())


def _shortened(text: str) -> str:
    text = " ".join(text.replace(OBJECT, " ").split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 2].rstrip()} …"


def within(element: etree._Element, names: Iterable[str]) -> etree._Element | None:
    """The nearest element around this one, or itself, that has one of these WordprocessingML names."""
    wanted = {w(name) for name in names}
    return element if element.tag in wanted else next(element.iterancestors(*wanted), None)
