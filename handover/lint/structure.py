"""Which tags belong together: `if` with its `endif`, `for` with its `endfor`, and whether the document survives them.

Role: `build` makes a tree of one part's tags and reports what doesn't fit: ends without beginning, a beginning in one
cell and its end in another, tags that would take text away with them. The tree is whole even where tags are missing,
so that variables can be checked all the same. It reads no expression.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from lxml import etree

from handover.lint.document import OBJECT, Paragraph, within
from handover.lint.report import Report
from handover.lint.tags import Tag
from handover.office.tree import w

_ENDS: Final = {"endif": "if", "endfor": "for"}
_BRANCHES: Final = {"elif": ("if",), "else": ("if", "for")}
_KNOWN: Final = ("if", "elif", "else", "endif", "for", "endfor", "set")
DEEPEST: Final = 16
"""Python, to which tags are compiled, allows twenty loops inside one another."""

_CONTAINERS: Final = {"p": "paragraph", "tr": "row", "tc": "cell"}
_TABLE_PARTS: Final = ("tr", "tc")
_EQUALS: Final = re.compile(r"([\w.]+) *== *(?:'[^']*'|\"[^\"]*\")")
_WHY: Final = {
    "include": "a template can't read other files",
    "import": "a template can't read other files",
    "from": "a template can't read other files",
    "extends": "a template can't read other files",
    "macro": "a template can't define functions",
    "call": "a template can't call functions",
    "do": "a template can't run code",
    "block": "there is nothing to inherit from",
    "raw": "text with braces can be typed as it is",
    "with": "use {% set … %}",
    "filter": "write the filter after the value: {{ value | upper }}",
    "vm": "cells can't be merged by a tag",
    "hm": "cells can't be merged by a tag",
    "colspan": "cells can't be merged by a tag",
    "cellbg": "colours belong to a named style",
}


@dataclass(slots=True)
class Block:
    """An `if` or `for` with everything up to its end."""

    tag: Tag
    branches: list[tuple[Tag, list["Tag | Block"]]] = field(default_factory=list)
    """Each branch's own tag (`if`, `elif`, `else`, `for`) and what is inside it."""


Node = Tag | Block


def build(tags: Sequence[Tag], report: Report) -> list[Node]:
    """The tree of one part's tags, in XML order."""
    builder = _Builder(report)
    for tag in sorted(tags, key=lambda tag: tag.order):
        if tag.keyword != "comment":
            builder.take(tag)
    return builder.finished()


class _Builder:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.top: list[Node] = []
        self.open: list[Block] = []

    @property
    def inside(self) -> list[Node]:
        return self.open[-1].branches[-1][1] if self.open else self.top

    def take(self, tag: Tag) -> None:
        _check_alone(tag, self.report)
        if tag.keyword in {"if", "for"}:
            self.open.append(Block(tag, [(tag, [])]))
            if len(self.open) == DEEPEST + 1:
                message = f"“{tag}” is the {DEEPEST + 1}th tag inside one another"
                self.report.at("tag.depth", tag.paragraph, message, span=tag.span)
        elif tag.keyword in _ENDS:
            self._close(tag, _ENDS[tag.keyword])
        elif tag.keyword in _BRANCHES:
            self._branch(tag)
        elif tag.keyword in {"print", "set"}:
            self.inside.append(tag)
        else:
            _unknown(tag, self.report)

    def finished(self) -> list[Node]:
        while self.open:
            self._give_up()
        return self.top

    def _branch(self, tag: Tag) -> None:
        block = self.open[-1] if self.open else None
        if block is None or block.tag.keyword not in _BRANCHES[tag.keyword]:
            belongs = " or ".join(f"{{% {name} … %}}" for name in _BRANCHES[tag.keyword])
            self.report.at("tag.unbalanced", tag.paragraph, f"“{tag}” stands outside any {belongs}", span=tag.span)
            return
        if block.branches[-1][0].keyword == "else":
            message = f"“{tag}” comes after the {{% else %}} of “{block.tag}”"
            self.report.at("tag.unbalanced", tag.paragraph, message, span=tag.span)
        _check_pair(block.tag, tag, self.report)
        block.branches.append((tag, []))

    def _close(self, tag: Tag, keyword: str) -> None:
        if not any(block.tag.keyword == keyword for block in self.open):
            message = f"“{tag}” ends nothing: there is no {{% {keyword} … %}} before it"
            self.report.at("tag.unbalanced", tag.paragraph, message, span=tag.span)
            return
        while self.open[-1].tag.keyword != keyword:
            self._give_up()
        block = self.open.pop()
        _check_pair(block.tag, tag, self.report)
        self.inside.append(block)

    def _give_up(self) -> None:
        """A block without end: it ends here, for want of a better place."""
        block = self.open.pop()
        message = f"“{block.tag}” has no {{% end{block.tag.keyword} %}}"
        self.report.at("tag.unbalanced", block.tag.paragraph, message, span=block.tag.span)
        self.inside.append(block)


def _unknown(tag: Tag, report: Report) -> None:
    if tag.keyword in {*_CONTAINERS, "r"}:
        hint = f"write {{%{tag.keyword} without a space before the {tag.keyword}"
    elif tag.keyword.rstrip(":") in _KNOWN:
        hint = "no colon is needed"
    else:
        near = get_close_matches(tag.keyword, _KNOWN, 1, 0.6)
        hint = _WHY.get(tag.keyword) or (f"did you mean `{near[0]}`?" if near else "")
    name = f"`{tag.keyword}`" if tag.keyword else "an empty tag"
    report.at("tag.unknown", tag.paragraph, f"“{tag}”: {name} isn't a statement that templates can use", hint, tag.span)


def _check_alone(tag: Tag, report: Report) -> None:
    """What a tag takes away with itself must hold nothing else."""
    if tag.source[2:3] in {"-", "+"} or tag.source[-3:-2] in {"-", "+"}:
        hint = "use {%p … %}, alone in its paragraph"
        report.at("tag.trim", tag.paragraph, f"“{tag}” has a - or + at its edge", hint, tag.span)
    if not tag.level:
        return
    if tag.keyword == "print":
        report.at(
            "tag.rich", tag.paragraph, f"“{tag}” prints a raw part", f"write {{{{ {tag.body.strip()} }}}}", tag.span
        )
        return
    if tag.level == "r":
        return
    container = within(tag.paragraph.element, [tag.level])
    if container is None:
        message = f"“{tag}” stands outside any table"
        report.at("tag.outside", tag.paragraph, message, "use {%p … %}", tag.span)
    elif _other_text(tag, container):
        noun = _CONTAINERS[tag.level]
        message = f"“{tag}” isn't alone in its {noun}: “{_other_text(tag, container)}” would be lost"
        report.at("tag.not-alone", tag.paragraph, message, f"give the tag a {noun} of its own", tag.span)


def _other_text(tag: Tag, container: etree._Element) -> str:
    if tag.level == "p":
        text = tag.paragraph.text
        rest = text[: tag.start] + " " + text[tag.end :]
    else:
        whole = "".join(t.text or "" for t in container.iter(w("t")))
        rest = whole.replace(tag.source, " ", 1)
    shown = " ".join(rest.replace(OBJECT, "[picture]").split())
    return shown if len(shown) <= 40 else f"{shown[:38]} …"


def _check_pair(opening: Tag, other: Tag, report: Report) -> None:
    """An opening tag, and a branch or an end that belongs to it."""
    if opening.level != other.level:
        expected = f"{{%{opening.level} {other.keyword} … %}}".replace(" … ", " ")
        message = f"“{other}” belongs to “{opening}” but begins differently"
        report.at("tag.level", other.paragraph, message, f"write {expected}", other.span)
        return
    first, second = _holder(opening), _holder(other)
    if first is second:
        return
    if not opening.level and _symmetric(opening, other):
        hint = f"write {{%p {opening.keyword} … %}} and {{%p end{opening.keyword} %}}, each alone in its paragraph"
        message = f"“{opening}” and “{other}” leave empty paragraphs behind"
        report.at("tag.paragraph", opening.paragraph, message, hint, opening.span)
        return
    message = f"“{other}” belongs to “{opening}” ({_short_place(opening)}) but stands in another {_noun(opening)}"
    report.at("tag.crosses", other.paragraph, message, span=other.span)


def _holder(tag: Tag) -> etree._Element | None:
    """The element whose children the tag, or what it takes away with itself, is among."""
    if tag.level in {"", "r"}:
        return tag.paragraph.piece_at(tag.start).holder
    container = within(tag.paragraph.element, [tag.level])
    return None if container is None else container.getparent()


def _symmetric(opening: Tag, other: Tag) -> bool:
    """Whether two tags in different paragraphs cut both at the same depth: nothing is damaged."""
    first, second = opening.paragraph.element, other.paragraph.element
    return (
        first.getparent() is second.getparent()
        and first is not second
        and _holder(opening) is first
        and _holder(other) is second
    )


def _noun(tag: Tag) -> str:
    return {"": "paragraph, link or cell", "r": "paragraph or link", "p": "cell or text box", "tr": "table"}.get(
        tag.level, "row"
    )


def _short_place(tag: Tag) -> str:
    return tag.paragraph.place().partition(", near ")[0]


def check_cells(paragraphs: Iterable[Paragraph], tags: Sequence[Tag], report: Report) -> None:
    """Report cells that could be left without any paragraph (ECMA-376 Part 1, 17.4.65)."""
    by_paragraph = {tag.paragraph.element: tag for tag in tags if tag.level == "p" and tag.keyword != "print"}
    vanishing = {within(tag.paragraph.element, [tag.level]) for tag in tags if tag.level in _TABLE_PARTS}
    seen: set[etree._Element] = set()
    for paragraph in paragraphs:
        cell = paragraph.element.getparent()
        if cell is None or cell.tag != w("tc") or cell in seen or paragraph.element not in by_paragraph:
            continue
        seen.add(cell)
        row = within(cell, ["tr"])
        if cell not in vanishing and row not in vanishing and _may_be_empty(cell, by_paragraph):
            message = f"the cell holds nothing but what “{by_paragraph[paragraph.element]}” and the like decide about"
            hint = "put a paragraph outside the conditions"
            report.at("tag.empty-cell", paragraph, message, hint)


def _exhaustive(branches: Sequence[Tag]) -> bool:
    """Whether one of an `if`'s branches is always taken: the last is `else`, or one word's values are told apart."""
    if branches[0].keyword == "for":
        return False
    asked = {found[1] if (found := _EQUALS.fullmatch(tag.body.strip())) else tag.body for tag in branches}
    return branches[-1].keyword == "else" or (len(branches) > 1 and len(asked) == 1)


def _may_be_empty(cell: etree._Element, tags: dict[etree._Element, Tag]) -> bool:
    """Whether some choice of conditions leaves no paragraph: the fewest that any choice leaves is none."""
    # Each open block: what was counted around it, its branches' counts so far, the tags of its branches.
    open_blocks: list[tuple[int, list[int], list[Tag]]] = []
    count = 0
    for child in cell:
        tag = tags.get(child)
        if tag is None:
            count += child.tag in {w("p"), w("sdt")}
        elif tag.keyword in {"if", "for"}:
            open_blocks.append((count, [], [tag]))
            count = 0
        elif tag.keyword in _BRANCHES and open_blocks:
            around, counts, tags_so_far = open_blocks.pop()
            open_blocks.append((around, [*counts, count], [*tags_so_far, tag]))
            count = 0
        elif tag.keyword in _ENDS and open_blocks:
            around, counts, branches = open_blocks.pop()
            count = around + (min([*counts, count]) if _exhaustive(branches) else 0)
    return count == 0
