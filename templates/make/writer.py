"""From a text file's tree to a Word document: paragraphs, headings, lists, quotes, and the statements around them.

Role: the builder. Everything looks through the named styles of `house`; nothing here sets a font, a size or a colour.
Tables and layout blocks are `blocks`', which use what is here.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import docx
from docx.shared import Mm
from markdown_it.tree import SyntaxTreeNode

import house
from handover.formats.package.opc import Package, read_package, write_package
from runs import Element, Inline, el, near
from source import Source

Block = Callable[["Writer", SyntaxTreeNode], list[Element]]
_DEFAULTS = {
    "heading1": "Heading1", "heading2": "Heading2", "heading3": "Heading3", "paragraph": "Normal",
    "bullet_list": "ListBullet", "ordered_list": "ListNumber", "checklist": "HandoverChecklist",
    "fields": "HandoverField",
}  # fmt: skip
"""The style of what names none; a layout block may say otherwise for what is inside it."""
_STARTS = {"endfor": "for", "endif": "if", "elif": "if", "else": "if"}


@dataclass
class Open:
    """An `if` or `for` that isn't ended yet: its line, its keyword, and what each branch so far asks."""

    line: int
    keyword: str
    asked: list[str]


@dataclass(frozen=True)
class Heading:
    """A heading for the list of contents."""

    bookmark: str
    level: int
    content: str
    condition: str
    """What must hold for it to be there; empty for one that always is."""


class Writer(Inline):
    """Writes one document."""

    def __init__(self, source: Source, blocks: Mapping[str, Block]) -> None:
        self.docx = docx.Document(io.BytesIO(house.skeleton(source.settings.language)))
        super().__init__(source, self.docx.part)
        self.blocks = blocks
        self.open: list[Open] = []
        self.floor = 0
        """How many of those began outside of what is being written."""
        self.defaults = _DEFAULTS
        self.numbered = 0
        self.contents = any(node.type == "container_block" and _name(node) == "contents" for node in source.root.walk())
        self.headings: list[Heading] = []
        """Those that its list of contents will name, where it has one."""
        self.at_end: list[Callable[[], None]] = []
        """What waits until all is written: a list of contents knows its headings only then."""

    def document(self) -> bytes:
        """The document as a .docx; the same source gives the same bytes. Raises SourceError."""
        section = self.docx.sections[0]
        section.page_width, section.page_height, section.gutter = Mm(210), Mm(297), Mm(0)
        section.header_distance = section.footer_distance = Mm(12.5)
        margins = self.measures(self.source.settings.margins, 4)
        for side, value in zip(("top", "right", "bottom", "left"), margins, strict=True):
            setattr(section, f"{side}_margin", Mm(value))
        for element in self.body(self.source.root.children):
            self.docx.element.body[-1].addprevious(element)
        for finish in self.at_end:
            finish()
        stream = io.BytesIO()
        self.docx.save(stream)
        package = read_package(stream.getvalue(), self.source.name)
        own = {
            "/word/styles.xml": house.styles(self.source.settings.language, self.used),
            "/word/numbering.xml": house.numbering(self.numbered),
        }
        return write_package(Package({**package.parts, **own}, package.types))

    def measures(self, text: str, count: int | None = None) -> list[float]:
        """Lengths in mm, as `85 75`. Raises SourceError for what are no such numbers, or not `count` of them."""
        try:
            found = [float(number) for number in text.split()]
        except ValueError:
            found = []
        if not found or (count is not None and len(found) != count):
            self.fail(f"“{text}” should be {count or 'some'} lengths in mm, with spaces between them")
        return found

    # Blocks

    def body(self, nodes: Sequence[SyntaxTreeNode]) -> list[Element]:
        """The elements of these blocks; each `if` and `for` in them is ended in them."""
        made: list[Element] = []
        with self.whole():
            for node in nodes:
                self.line = node.map[0] + 1 if node.map else self.line
                made += self._node(node)
        return made

    def text(self, markdown: str) -> list[Element]:
        """The elements of a layout block's own Markdown."""
        return self.body(self.source.more(markdown).children)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is written meanwhile ends each `if` and `for` that it begins, and no other."""
        before, self.floor = self.floor, len(self.open)
        yield
        if len(self.open) > self.floor:
            self.source.fail(self.open[-1].line, f"this `{self.open[-1].keyword}` isn't ended where it began")
        self.floor = before

    def _node(self, node: SyntaxTreeNode) -> list[Element]:
        if node.type in {"paragraph", "heading"}:
            kind = f"heading{node.tag[1:]}" if node.type == "heading" else node.type
            return self._styled(node, kind, node.children[0].content)
        if node.type in {"bullet_list", "ordered_list"}:
            return self._list(node)
        if node.type == "blockquote":
            with self.styles(paragraph=self.style(node.attrs, "Quote")):
                return self.body(node.children)
        if node.type == "statement":
            return [self.statement(self.source.statement(node.content))]
        if node.type == "html_block" and node.content.startswith("<!--"):
            return []
        name = _name(node) if node.type == "container_block" else node.type
        if node.type == "container_block" and not self.source.closes(node):
            self.fail(f"the block {name!r} isn't closed with {node.markup}")
        if name not in self.blocks:
            self.fail(f"there is no block {name!r}{near(name, self.blocks)}")
        return self.blocks[name](self, node)

    def _list(self, node: SyntaxTreeNode) -> list[Element]:
        items = [item.children for item in node.children]
        if any([inside.type for inside in item] != ["paragraph"] for item in items):
            self.fail("each item of a list is one paragraph")
        texts = [item[0].children[0].content for item in items]
        ticked = all(self.is_a(text[:1], "tick") for text in texts)
        style = self.style(node.attrs, self.defaults["checklist" if ticked else node.type])
        number = None
        if node.type == "ordered_list":
            number, self.numbered = house.FIRST_LIST + self.numbered, self.numbered + 1
        made: list[Element] = []
        for at, text in enumerate(texts):
            self.line = (node.children[at].map or (self.line - 1,))[0] + 1
            made += self.one_of(text, style, is_last=at == len(texts) - 1, number=number)
        return made

    def one_of(self, content: str, style: str, *, is_last: bool, number: int | None = None) -> list[Element]:
        """One of several paragraphs, of which the last has a style of its own where `house` says so."""
        last = house.STYLES[style].last or style
        if last != style and self.open and self.open[-1].keyword == "for":
            return self.choose(
                "loop.last", lambda: self.paragraph(content, last), lambda: self.paragraph(content, style)
            )
        return self.paragraph(content, last if is_last else style, number=number)

    @contextmanager
    def styles(self, **kinds: str) -> Iterator[None]:
        """Other default styles for what is written meanwhile."""
        before, self.defaults = self.defaults, {**self.defaults, **kinds}
        yield
        self.defaults = before

    # Statements

    def statement(self, said: str, prefix: str = "p") -> Element:
        """A paragraph that holds only a statement, which takes it along. Raises SourceError for one out of place."""
        keyword, _, asked = said.partition(" ")
        if keyword in {"if", "for"}:
            self.open.append(Open(self.line, keyword, [asked]))
        elif keyword not in _STARTS:
            self.fail(f"a template knows no `{keyword}`{near(keyword, ('if', 'for', *_STARTS))}")
        elif len(self.open) == self.floor or self.open[-1].keyword != _STARTS[keyword]:
            self.fail(f"this `{keyword}` has no `{_STARTS[keyword]}` here; after a table comes an empty line")
        elif keyword.startswith("end"):
            self.open.pop()
        else:
            self.open[-1].asked.append(asked)
        paragraph = el("p")
        paragraph.add_r().text = f"{{%{prefix} {said} %}}"
        return paragraph

    def choose(
        self, condition: str, then: Callable[[], list[Element]], otherwise: Callable[[], list[Element]] | None = None
    ) -> list[Element]:
        """What is there where a condition holds, and what is there otherwise."""
        made = [self.statement(f"if {condition}"), *then()]
        if otherwise is not None:
            made += [self.statement("else"), *otherwise()]
        return [*made, self.statement("endif")]

    def hoisted(self, content: str) -> tuple[str, str]:
        """The condition under which a whole text stands (`{% if x %}text{% endif %}`), or nothing, and the text."""
        said = [self.source.statement(character).partition(" ") for character in content]
        depth = 0
        for at, (keyword, _, _) in enumerate(said):
            depth += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(keyword, 0)
            if (depth == 0 and at < len(said) - 1) or (depth == 1 and keyword in {"elif", "else"}):
                return "", content
        if not said or (said[0][0], said[-1][0]) != ("if", "endif"):
            return "", content
        return said[0][2], content[1:-1].strip()

    def _conditions(self) -> str | None:
        """What must hold for what is written now to be there; None inside a loop."""
        if any(part.keyword == "for" for part in self.open):
            return None
        missed = [f"not ({asked})" for part in self.open for asked in part.asked[:-1]]
        return " and ".join([*missed, *(f"({part.asked[-1]})" for part in self.open if part.asked[-1])])

    # Paragraphs

    def _styled(self, node: SyntaxTreeNode, kind: str, content: str) -> list[Element]:
        """A paragraph in the style that its attributes name: always, or only `if` or `unless` something holds."""
        default = self.style({}, self.defaults[kind])
        chosen = self.style(node.attrs, default, ("if", "unless"))
        level = int(kind[-1]) if kind.startswith("heading") else 0

        def named() -> list[Element]:
            return self.paragraph(content, chosen, level=level)

        def plain() -> list[Element]:
            return self.paragraph(content, default, level=level)

        if "if" in node.attrs:
            return self.choose(str(node.attrs["if"]), named, plain)
        return self.choose(str(node.attrs["unless"]), plain, named) if "unless" in node.attrs else named()

    def paragraph(self, content: str, style: str, *, level: int = 0, number: int | None = None) -> list[Element]:
        """A text as a paragraph.

        One that stands whole in an `if` goes with it. Where the voice matters, each is a paragraph of its own, so that
        people can edit either.
        """
        condition, content = self.hoisted(content.strip())
        if condition:
            return self.choose(condition, lambda: self.paragraph(content, style, level=level, number=number))
        voices = [character for character in content if self.is_a(character, "voice")]
        if not voices:
            return [self._paragraph(content, style, level, number)]

        def voiced(attribute: str) -> list[Element]:
            said = {ord(character): getattr(self.source.marks[character], attribute) for character in voices}
            return self.paragraph(content.translate(said), style, level=level, number=number)

        return self.choose("voice == 'i'", lambda: voiced("mine"), lambda: voiced("text"))

    def _paragraph(self, content: str, style: str, level: int, number: int | None) -> Element:
        paragraph = el("p")
        self.used.add(style)
        if style != "Normal":
            paragraph.style = style
        if number is not None:
            paragraph.get_or_add_pPr().append(el("numPr", el("ilvl", val=0), el("numId", val=number)))
        runs = self.runs(content)
        if level and self.contents and (condition := self._conditions()) is not None:
            at = len(self.headings) + 1
            self.headings.append(Heading(f"_Toc{at:06}", level, content, condition))
            runs = [el("bookmarkStart", id=at, name=f"_Toc{at:06}"), *runs, el("bookmarkEnd", id=at)]
        paragraph.extend(runs)
        return paragraph


def _name(container: SyntaxTreeNode) -> str:
    return container.info.split("{")[0].strip()
