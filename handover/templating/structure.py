"""Which tags belong together: `if` with its `endif`, `for` with its `endfor`, and whether the document survives them.

Role: `build` makes a tree of one part's tags and reports what doesn't fit: ends without beginning, a beginning in one
cell and its end in another, tags that would take text away with them or leave an empty paragraph behind. The tree is
whole even where tags are missing, so that values can be checked all the same. It changes nothing.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Final

from lxml import etree

from handover.formats.word.ooxml import w
from handover.model.message import msg
from handover.templating.grammar import DEEPEST, Unread
from handover.templating.report import Report
from handover.templating.stories import OBJECT, Paragraph, Story, within
from handover.templating.tags import LEVELS, Tag

_ENDS: Final = {"endif": "if", "endfor": "for"}
_NoteMark = tuple[tuple[int, int], Paragraph]
"""The place of a note's mark among a part's tags, and its paragraph."""

_SECTION: Final = w("sectPr")
_NOTES: Final = (w("footnoteReference"), w("endnoteReference"))


@dataclass(slots=True, eq=False)
class Block:
    """An `if` or `for` with everything up to its end."""

    tag: Tag
    branches: list[tuple[Tag, list["Tag | Block"]]] = field(default_factory=list)
    """Each branch's own tag (`if`, `elif`, `else`, `for`) and what is inside it."""
    end: Tag | None = None
    """Its `endif` or `endfor`; None where it has none."""

    @property
    def keyword(self) -> str:
        """`if` or `for`."""
        return self.tag.keyword


Node = Tag | Block


def build(tags: Iterable[Tag], report: Report) -> list[Node]:
    """The tree of one part's tags, in XML order. Tags that couldn't be read are left out: they have been reported."""
    builder = _Builder(report)
    for tag in sorted(tags, key=lambda tag: tag.order):
        if tag.statement is not None:
            builder.take(tag)
    return builder.finished()


class _Builder:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.top: list[Node] = []
        self.open: list[Block] = []
        self.count = Counter[str]()

    @property
    def inside(self) -> list[Node]:
        return self.open[-1].branches[-1][1] if self.open else self.top

    def take(self, tag: Tag) -> None:
        _check_alone(tag, self.report)
        match tag.keyword:
            case "if" | "for":
                self.open.append(Block(tag, [(tag, [])]))
                self.count[tag.keyword] += 1
                if len(self.open) == DEEPEST + 1:
                    message = msg("“{tag}” is the {deepest}th tag inside one another", tag=tag, deepest=DEEPEST + 1)
                    tag.fault(self.report, "tag.depth", message)
            case "endif" | "endfor" as keyword:
                self._close(tag, _ENDS[keyword])
            case "elif" | "else":
                self._branch(tag)
            case _:
                self.inside.append(tag)

    def finished(self) -> list[Node]:
        while self.open:
            self._give_up()
        return self.top

    def _branch(self, tag: Tag) -> None:
        block = self.open[-1] if self.open else None
        if block is None or block.keyword != "if":
            hint = msg("ask about the list with {{% if … %}} before the loop") if block else ""
            tag.fault(self.report, "tag.unbalanced", msg("“{tag}” stands outside any {{% if … %}}", tag=tag), hint)
            return
        if block.branches[-1][0].keyword == "else":
            message = msg("“{tag}” comes after the {{% else %}} of “{block_tag}”", tag=tag, block_tag=block.tag)
            tag.fault(self.report, "tag.unbalanced", message)
        if len(self.open) <= DEEPEST:
            _check_pair(block.tag, tag, self.report)
        block.branches.append((tag, []))

    def _close(self, tag: Tag, keyword: str) -> None:
        if not self.count[keyword]:
            message = msg("“{tag}” ends nothing: there is no {{% {keyword} … %}} before it", tag=tag, keyword=keyword)
            tag.fault(self.report, "tag.unbalanced", message)
            return
        while self.open[-1].keyword != keyword:
            self._give_up()
        block = self._popped()
        block.end = tag
        self._keep(block, tag)

    def _give_up(self) -> None:
        """A block without end: it ends here, for want of a better place."""
        block = self._popped()
        message = msg("“{tag}” has no {{% end{keyword} %}}", tag=block.tag, keyword=block.keyword)
        block.tag.fault(self.report, "tag.unbalanced", message)
        self._keep(block)

    def _popped(self) -> Block:
        block = self.open.pop()
        self.count[block.keyword] -= 1
        return block

    def _keep(self, block: Block, end: Tag | None = None) -> None:
        # What is deeper has been reported; whoever walks the tree needn't go there.
        if len(self.open) <= DEEPEST:
            self.inside.append(block)
            if end is not None:
                _check_pair(block.tag, end, self.report)


def _check_alone(tag: Tag, report: Report) -> None:
    """What a tag takes away with itself must hold nothing else."""
    if not tag.level:
        return
    container = within(tag.paragraph, tag.level)
    if container is None:
        message = msg("“{tag}” stands outside any table", tag=tag)
        tag.fault(report, "tag.outside", message, msg("use {{%p … %}}"))
    elif other := _other_content(tag, container):
        noun = LEVELS[tag.level]
        message = msg("“{tag}” isn't alone in its {noun}: “{other}” would be lost", tag=tag, noun=noun, other=other)
        tag.fault(report, "tag.not-alone", message, msg("give the tag a {noun} of its own", noun=noun))


def _other_content(tag: Tag, container: etree._Element) -> str:
    if next(container.iter(_SECTION), None) is not None:
        return msg("a section break")
    if tag.level == "p":
        rest = tag.paragraph.text[: tag.start] + " " + tag.paragraph.text[tag.end :]
    else:
        rest = "".join(t.text or "" for t in container.iter(w("t"))).replace(tag.source, " ", 1)
        rest += OBJECT * any(True for _ in container.iter(w("drawing"), w("pict")))
    shown = " ".join(rest.replace(OBJECT, "[picture]").split())
    return shown if len(shown) <= 40 else f"{shown[:38]} …"


def _check_pair(opening: Tag, other: Tag, report: Report) -> None:
    """An opening tag, and a branch or an end that belongs to it."""
    first, second = holder(opening), holder(other)
    keyword = opening.keyword
    if opening.level != other.level:
        word = "elif …" if other.keyword == "elif" else other.keyword
        message = msg("“{other}” belongs to “{opening}” but begins differently", other=other, opening=opening)
        other.fault(report, "tag.level", message, msg("write {{%{level} {word} %}}", level=opening.level, word=word))
    elif first is not second:
        hint = ""
        if not opening.level and opening.paragraph is not other.paragraph:
            hint = msg(
                "write {{%p {keyword} … %}} and {{%p end{keyword} %}}, each alone in its paragraph", keyword=keyword
            )
        place = opening.paragraph.place().partition(", near ")[0]
        message = msg(
            "“{other}” belongs to “{opening}” ({place}) but stands in another {opening_2}",
            other=other,
            opening=opening,
            place=place,
            opening_2=_AROUND[opening.level],
        )
        other.fault(report, "tag.crosses", message, hint)
    elif not opening.level and not opening.paragraph.plain and _open_fields(opening, other):
        message = msg("“{opening}” and “{other}” cut a field or link in two", opening=opening, other=other)
        other.fault(report, "tag.crosses", message, msg("put both before it, or both after it"))


_AROUND = {"": msg("paragraph, link or cell"), "p": msg("cell or text box"), "tr": msg("table"), "tc": msg("row")}


def holder(tag: Tag) -> etree._Element | None:
    """The element whose children the tag, or what it takes away with itself, is among."""
    if not tag.level:
        return tag.paragraph.piece_at(tag.start).holder
    container = within(tag.paragraph, tag.level)
    return None if container is None else container.getparent()


def _open_fields(first: Tag, last: Tag) -> bool:
    """Whether the marks of a field between two tags of a paragraph don't balance (ECMA-376 Part 1, 17.16.18)."""
    depth = 0
    for piece in first.paragraph.between(first.end, last.start):
        kind = piece.element.get(w("fldCharType"))
        depth += (kind == "begin") - (kind == "end")
        if depth < 0:
            return True
    return depth != 0


def check_blanks(nodes: Sequence[Node], sure: Collection[Block], report: Report) -> None:
    """Report paragraphs that hold nothing but what conditions or loops may leave out: they'd stay, empty.

    `sure` are the blocks that always give something.
    """
    for paragraph, inside in _top_blocks(nodes).items():
        first, last = inside[0], inside[-1]
        cell = paragraph.element.getparent()
        others = chain.from_iterable(paragraph.element.itersiblings(w("p"), preceding=way) for way in (False, True))
        if cell is not None and cell.tag != w("body") and next(others, None) is None:
            continue  # a cell, a text box or a header keeps its paragraph
        outside, at = "", 0
        for block in inside:
            end = block.end or block.tag
            outside, at = outside + paragraph.text[at : block.tag.start], end.end
        unread = any(isinstance(block.tag.statement, Unread) for block in inside)
        # One that ends with `else` always gives something.
        shown = any(block in sure or block.branches[-1][0].keyword == "else" for block in inside)
        if (outside + paragraph.text[at:]).strip() or shown or unread:
            continue
        hint = msg(
            "write {{%p {keyword} … %}} and {{%p end{keyword} %}} in paragraphs of their own", keyword=first.keyword
        )
        message = msg("“{tag}” may leave its paragraph empty", tag=first.tag)
        report.at("tag.paragraph", paragraph, message, hint, (first.tag.start, (last.end or last.tag).end))


def _top_blocks(nodes: Sequence[Node]) -> dict[Paragraph, list[Block]]:
    """Each paragraph's outermost blocks that begin and end in it, where nothing else of it is printed."""
    found: dict[Paragraph, list[Block]] = {}
    printing: set[Paragraph] = set()
    for node in nodes:
        if isinstance(node, Tag):
            printing.add(node.paragraph)
        elif node.tag.level:
            for _, inside in node.branches:
                found |= _top_blocks(inside)
        else:
            found.setdefault(node.tag.paragraph, []).append(node)
    return {paragraph: blocks for paragraph, blocks in found.items() if paragraph not in printing}


def check_notes(nodes: Iterable[Node], story: Story, report: Report) -> None:
    """Report footnotes' marks inside loops: the note itself stands once, below the page."""
    pieces = ((piece, paragraph) for paragraph in story.paragraphs for piece in paragraph.pieces)
    marks = sorted(
        (((piece.order, 0), paragraph) for piece, paragraph in pieces if piece.element.tag in _NOTES), key=itemgetter(0)
    )
    _check_marks(nodes if marks else (), marks, report)


def _check_marks(nodes: Iterable[Node], marks: Sequence[_NoteMark], report: Report) -> None:
    for node in nodes:
        if isinstance(node, Block):
            if node.keyword == "for" and (mark := _note_inside(node, marks)) is not None:
                message = msg("“{tag}” would repeat a footnote's mark", tag=node.tag)
                report.at("tag.note", mark, message, msg("take the footnote out of the loop"), node.tag.span)
            for _, inside in node.branches:
                _check_marks(inside, marks, report)


def _note_inside(block: Block, marks: Sequence[_NoteMark]) -> Paragraph | None:
    """The paragraph of the first of a story's notes' marks that stands between a loop's tags."""
    found = bisect_right(marks, block.tag.order, key=itemgetter(0))
    inside = block.end is not None and found < len(marks) and marks[found][0] < block.end.order
    return marks[found][1] if inside else None
