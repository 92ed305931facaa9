"""Values put into a template: the tree of a part and a view → the part's XML, filled.

Role: `Filler` walks a copy of what `cut` left and fills it: what holds no tag isn't touched, a condition
keeps one of its branches, a loop its content for each item, a value becomes a text node. Values are `scope`'s; nothing
is compiled, called or parsed. Everything is counted before it is made (docs/templates.md, section 5). It opens no file
and knows no document.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from lxml import etree

from handover.formats.chart.place import MARK as CHART_MARK
from handover.formats.word.ooxml import R, detach, w
from handover.formats.word.unwanted import SAFE_LINK
from handover.model.characters import unprintable
from handover.model.errors import TemplateError, Unfillable
from handover.model.message import msg
from handover.templating.cut import cut
from handover.templating.grammar import For, If, Print
from handover.templating.kinds import ChartName, Loop
from handover.templating.repair import complete
from handover.templating.scope import UnknownName, Values, cost, declared, followed, formed, holds
from handover.templating.stories import Story
from handover.templating.structure import Block
from handover.templating.structure import Node as TagNode
from handover.templating.tags import Filled, Tag

MOST_NODES: Final = 200_000
MOST_BYTES: Final = 64 * 1024 * 1024
_NODE_BYTES: Final = 100
"""What an element with its attributes takes in a part, roughly."""

_CHART_NODES: Final = 20
"""What a chart's drawing takes in the place of its paragraph."""

_NODES: Final = etree.XPath("count(descendant-or-self::*)")
_STRING: Final = etree.XPath("string()")
_ATTRIBUTES: Final = etree.XPath("descendant-or-self::*/@*", smart_strings=False)
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPH: Final = w("p")
_TEXT: Final = w("t")
_TAG: Final = "handover-tag"
"""The attribute of what stands for a tag while a part is filled: the tag's number."""

_HOLDS: Final = "handover-holds"
"""The attribute of what holds such elements; where its own attributes print values, their number."""

_BREAKS: Final = re.compile("([\n\t])")


@dataclass(slots=True)
class Budget:
    """What may still be filled in one document: nodes, turns of loops included, and bytes."""

    nodes: int = MOST_NODES
    bytes: int = MOST_BYTES
    place: str = ""
    loops: list[Tag] = field(default_factory=list)
    """The loops that are being gone through, outermost first."""

    def spend(self, nodes: int, size: int) -> None:
        """Count what is about to be made. Raises TemplateError, naming the loop, beyond the limit."""
        self.nodes -= nodes
        self.bytes -= size
        if self.nodes < 0 or self.bytes < 0:
            large = msg("more than {most} MB", most=MOST_BYTES >> 20)
            what = msg("more than {most:,} elements", most=MOST_NODES) if self.nodes < 0 else large
            loop = self.loops[-1] if self.loops else None
            where = msg(": “{loops}” ({place})", loops=loop, place=loop.paragraph.place()) if loop else ""
            message = msg("{place}: fills {what}{where}", place=self.place, what=what, where=where)
            raise Unfillable(message, rule="tag.too-much", hint=msg("take loops out of one another"))


Relate = Callable[[str], str]
"""A link's address → the id of a relationship to it."""

Join = Callable[[str, str], tuple[str, str]]
"""A text and the value that follows it → both as the language joins them ("de", "Anne": "d’", "Anne")."""


def unjoined(before: str, value: str) -> tuple[str, str]:
    """Both as they are."""
    return before, value


class Marked(NamedTuple):
    """A story in which each element says by a number what it stands for: any copy of its root can be filled."""

    part: str
    root: etree._Element
    tags: Sequence[Tag]
    blocks: Mapping[Tag, Block]
    texts: Sequence[Mapping[str, Filled]]
    """The attributes that print; `r:id` stands for a link's address."""


def marked(story: Story, nodes: Sequence[TagNode], texts: Mapping[etree._Element, Mapping[str, Filled]]) -> Marked:
    """Number what stands for a tag or prints in its attributes, and what holds any: a loop's copies keep that."""
    waiting, tags = list(nodes), []
    blocks: dict[Tag, Block] = {}
    while waiting:
        node = waiting.pop()
        if isinstance(node, Block):
            blocks[node.tag] = node
            tags += [tag for tag, _ in node.branches] + ([node.end] if node.end else [])
            waiting += [inner for _, inside in node.branches for inner in inside]
        elif node.end:
            tags.append(node)
    marks = cut(tags)
    for number, element in enumerate(marks):
        element.set(_TAG, str(number))
    for number, element in enumerate(texts):
        element.set(_HOLDS, str(number))
    for element in (*marks, *texts):
        for around in element.iterancestors():
            if around.get(_HOLDS) is not None:
                break
            around.set(_HOLDS, "")
    return Marked(story.part, story.root, tuple(marks.values()), blocks, tuple(texts.values()))


@dataclass(slots=True)
class Filler:
    """Fills copies of one story."""

    marked: Marked
    budget: Budget
    relate: Relate
    join: Join
    _at: Tag | None = None
    """The tag that is being followed."""

    def fill(self, root: etree._Element, view: Any) -> etree._Element:
        """The copy of the story's root, filled. Raises TemplateError for an absent value, a link that leads nowhere,
        a limit."""
        self.budget.spend(*_weight([root]))
        try:
            kind: Any = type(view)
            self._nodes([root], {name: getattr(view, name) for name in declared(kind)})
        except UnknownName as unknown:
            at = msg(" ({place})", place=self._at.paragraph.place()) if self._at else ""
            message = msg(
                "{place}: “{at}” asks for `{unknown}`, which this document doesn't have{at_2}",
                place=self.budget.place,
                at=self._at,
                unknown=unknown,
                at_2=at,
            )
            raise TemplateError(message, hint=msg("`handover validate` says what is meant")) from None
        return root

    def _nodes(self, nodes: Sequence[etree._Element], scope: Values) -> None:
        """Fill neighbours: what stands between a block's tags is chosen or repeated first."""
        at = 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if (number := node.get(_TAG)) is not None:
                tag = self.marked.tags[int(number)]
                if isinstance(tag.statement, Print):
                    self._value(node, tag, tag.statement, scope)
                else:
                    at = self._block(self.marked.blocks[tag], nodes, at, scope)
            elif (number := node.get(_HOLDS)) is not None:
                del node.attrib[_HOLDS]
                for name, text in self.marked.texts[int(number)].items() if number else ():
                    value = self._text(text, scope, address=name == _LINK)
                    node.set(name, self.relate(value) if name == _LINK else value)
                self._nodes(list(node), scope)
                complete(node)

    def _block(self, block: Block, nodes: Sequence[etree._Element], at: int, scope: Values) -> int:
        """Fill an `if` or a `for` whose first tag stands before `at`; where to go on after its last."""
        others = {tag for tag, _ in block.branches[1:]}
        inside: list[list[etree._Element]] = [[]]
        marks = [nodes[at - 1]]
        tag = block.tag
        while tag is not block.end:
            node = nodes[at]
            at += 1
            number = node.get(_TAG)
            tag = block.tag if number is None else self.marked.tags[int(number)]
            if tag is block.end or tag in others:
                marks.append(node)
                inside.append([])
            else:
                inside[-1].append(node)
        self._at = block.tag
        if isinstance(block.tag.statement, For):
            self._repeat(block.tag, block.tag.statement, inside[0], scope)
        else:
            self._choose(block, inside, scope)
        for node in marks:
            detach(node)
        return at

    def _choose(self, block: Block, inside: Sequence[Sequence[etree._Element]], scope: Values) -> None:
        asked = [tag.statement.condition if isinstance(tag.statement, If) else None for tag, _ in block.branches]
        self.budget.spend(sum(cost(one) for one in asked if one), 0)
        chosen = next((at for at, one in enumerate(asked) if one is None or holds(one, scope)), -1)
        for at, nodes in enumerate(inside):
            if at == chosen:
                self._nodes(nodes, scope)
            else:
                for node in nodes:
                    detach(node)

    def _repeat(self, tag: Tag, loop: For, inside: Sequence[etree._Element], scope: Values) -> None:
        """A copy of what is inside for each item; the last item gets the original."""
        items = followed(loop.path, scope) or ()
        count, size = _weight(inside)
        self.budget.loops.append(tag)
        for number, item in enumerate(items, 1):
            nodes, last = inside, number == len(items)
            self.budget.spend(*((1, 0) if last else (1 + count, size)))
            if not last:
                nodes = [deepcopy(node) for node in inside]
                for node in nodes:
                    inside[0].addprevious(node)
            self._nodes(nodes, {**scope, loop.name: item, "loop": Loop(number, number == 1, last)})
        self.budget.loops.pop()
        for node in inside if not items else ():
            detach(node)

    def _value(self, run: etree._Element, tag: Tag, statement: Print, scope: Values) -> None:
        value = self._printed(statement, tag, scope)
        del run.attrib[_TAG]
        if isinstance(value, ChartName):
            self.budget.spend(_CHART_NODES, _CHART_NODES * _NODE_BYTES)
            next(run.iterancestors(_PARAGRAPH)).set(CHART_MARK, value)
            detach(run)
            return
        before = run.getprevious()
        while before is not None and before.get(_TAG) is not None:  # a block's own tag, which goes when it's done
            before = before.getprevious()
        if before is not None and before.tag == run.tag and len(before) and before[-1].tag == _TEXT:
            before[-1].text, value = self.join(before[-1].text or "", value)
        lines = _BREAKS.split(value)
        self.budget.spend(len(lines), len(lines) * _NODE_BYTES + len(value) * 4)
        for text in lines:
            if text in {"\n", "\t"}:
                etree.SubElement(run, w("br" if text == "\n" else "tab"))
            elif text:
                element = etree.SubElement(run, _TEXT)
                element.set(_SPACE, "preserve")
                element.text = text

    def _text(self, text: Filled, scope: Values, *, address: bool) -> str:
        made = ""
        for part in text.parts:
            if isinstance(part, Tag):
                value = self._printed(part.statement, part, scope) if isinstance(part.statement, Print) else ""
                made, piece = (made, _addressed(value, made)) if address else self.join(made, value)
            else:
                piece = part
            self.budget.spend(0, len(piece) * 4)
            made += piece
        if address and not SAFE_LINK.fullmatch(made):
            where = text.tags[0].paragraph.place()
            message = msg("a link would lead to “{made}” ({where})", made=made[:80], where=where)
            hint = msg("an address begins with https://, mailto: or tel:")
            raise Unfillable.at(self.budget.place, message, rule="tag.cannot-fill", hint=hint)
        return made

    def _printed(self, statement: Print, tag: Tag, scope: Values) -> str:
        self._at = tag
        value = followed(statement.path, scope)
        if value is None or value == "":
            message = msg(
                "{place}: “{tag}” prints a value that this project doesn't have ({place_2})",
                place=self.budget.place,
                tag=tag,
                place_2=tag.paragraph.place(),
            )
            hint = msg("write {{% if {path} %}} before it and {{% endif %}} after it", path=statement.path)
            raise Unfillable(message, rule="tag.cannot-fill", hint=hint)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TemplateError.at(self.budget.place, msg("“{tag}” prints neither a text nor a number", tag=tag))
        if isinstance(value, str) and (bad := unprintable(value)):
            message = msg("“{tag}” prints the character {bad}, which no Word document can hold", tag=tag, bad=bad)
            hint = msg("take it out where the value comes from")
            raise Unfillable.at(self.budget.place, message, rule="tag.cannot-fill", hint=hint)
        return formed(value, statement.form) if isinstance(value, str) else str(value)


_LINK: Final = f"{{{R}}}id"


def _weight(elements: Iterable[etree._Element]) -> tuple[int, int]:
    """How many elements these are with all in them, and roughly how many bytes they take in a part."""
    nodes, size = 0, 0
    for element in elements:
        count, attributes = int(str(_NODES(element)).partition(".")[0]), _ATTRIBUTES(element)
        nodes += count
        size += count * _NODE_BYTES + len(str(_STRING(element)))
        size += sum(map(len, attributes)) if isinstance(attributes, list) else 0
    return nodes, size


def _addressed(value: str, before: str) -> str:
    """A value as a part of an address: whole, or after a scheme (RFC 3986, RFC 6068, RFC 3966)."""
    if not before:
        return value
    scheme = before[:4].lower()
    if scheme == "tel:":
        return re.sub(r"[^+\d]", "", value)
    return quote(value, safe="@+-._~/?=&:,;!$'()*" if scheme == "http" else "@+-._~")
