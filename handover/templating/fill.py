"""Values put into a template: the tree of a part and a view → the part's XML, filled.

Role: `Filler` walks what `cut` left and fills the part where it stands: what holds no tag isn't touched, a condition
keeps one of its branches, a loop its content for each item, a value becomes a text node. Names are followed among the
declared fields of frozen dataclasses and nowhere else; nothing is compiled, called or parsed. Everything is counted
before it is made (docs/templates.md, section 5). It opens no file and knows no document.
"""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from lxml import etree

from handover.formats.chart.place import MARK as CHART_MARK
from handover.formats.word.ooxml import R, detach, w
from handover.formats.word.unwanted import SAFE_LINK
from handover.model.characters import unprintable
from handover.model.errors import TemplateError, Unfillable
from handover.model.message import msg
from handover.templating.cut import cut
from handover.templating.grammar import Both, Condition, Either, Equals, For, Given, If, Not, Path, Print, tidy
from handover.templating.kinds import ChartName, Loop
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
_NEEDS_PARAGRAPH: Final = frozenset(w(name) for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent"))
"""What Word can't open without a paragraph at its end (ECMA-376 Part 1, 17.4.65, 17.10, 17.11, 17.17.1)."""

_LONGEST_WORD: Final = 200
"""Characters of a value that may equal a word: a longer one isn't looked at each time that a loop asks."""

_WORD_START: Final = re.compile(r"(?<![^\W_])(?<![’'])[^\W\d_]")

Values = Mapping[str, Any]


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
            what = (
                msg("more than {most:,} elements", most=MOST_NODES)
                if self.nodes < 0
                else msg("more than {most} MB", most=MOST_BYTES >> 20)
            )
            where = (
                msg(": “{loops}” ({place})", loops=self.loops[-1], place=self.loops[-1].paragraph.place())
                if self.loops
                else ""
            )
            message = msg("{place}: fills {what}{where}", place=self.place, what=what, where=where)
            raise Unfillable(message, rule="tag.too-much", hint=msg("take loops out of one another"))


Relate = Callable[[str], str]
"""A link's address → the id of a relationship to it."""

Join = Callable[[str, str], tuple[str, str]]
"""A text and the value that follows it → both as the language joins them ("de", "Anne": "d’", "Anne")."""


def unjoined(before: str, value: str) -> tuple[str, str]:
    """Both as they are."""
    return before, value


@dataclass(slots=True)
class Filler:
    """Fills one story where it stands."""

    story: Story
    nodes: Sequence[TagNode]
    texts: Mapping[etree._Element, Mapping[str, Filled]]
    """Element → its attributes that print; `r:id` stands for a link's address."""
    budget: Budget
    relate: Relate
    join: Join
    _tags: list[Tag] = field(default_factory=list)
    _blocks: dict[Tag, Block] = field(default_factory=dict)
    _texts: list[Mapping[str, Filled]] = field(default_factory=list)
    _at: Tag | None = None
    """The tag that is being followed."""

    def fill(self, view: Any) -> etree._Element:
        """The story's root, filled. Raises TemplateError for an absent value, a link that leads nowhere, a limit."""
        self.budget.spend(*_weight([self.story.root]))
        self._mark()
        try:
            kind: Any = type(view)
            self._nodes([self.story.root], {name: getattr(view, name) for name in _declared(kind)})
        except _UnknownName as unknown:
            at = msg(" ({place})", place=self._at.paragraph.place()) if self._at else ""
            message = msg(
                "{place}: “{at}” asks for `{unknown}`, which this document doesn't have{at_2}",
                place=self.budget.place,
                at=self._at,
                unknown=unknown,
                at_2=at,
            )
            raise TemplateError(message, hint=msg("`handover validate` says what is meant")) from None
        return self.story.root

    def _mark(self) -> None:
        """Number what stands for a tag or prints in its attributes, and what holds any: a loop's copies keep that."""
        waiting, tags = list(self.nodes), []
        while waiting:
            node = waiting.pop()
            if isinstance(node, Block):
                self._blocks[node.tag] = node
                tags += [tag for tag, _ in node.branches] + ([node.end] if node.end else [])
                waiting += [inner for _, inside in node.branches for inner in inside]
            elif node.end:
                tags.append(node)
        marks = cut(tags)
        for number, element in enumerate(marks):
            element.set(_TAG, str(number))
        self._tags, self._texts = list(marks.values()), list(self.texts.values())
        for number, element in enumerate(self.texts):
            element.set(_HOLDS, str(number))
        for element in (*marks, *self.texts):
            for around in element.iterancestors():
                if around.get(_HOLDS) is not None:
                    break
                around.set(_HOLDS, "")

    def _nodes(self, nodes: Sequence[etree._Element], scope: Values) -> None:
        """Fill neighbours: what stands between a block's tags is chosen or repeated first."""
        at = 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if (number := node.get(_TAG)) is not None:
                tag = self._tags[int(number)]
                if isinstance(tag.statement, Print):
                    self._value(node, tag, tag.statement, scope)
                else:
                    at = self._block(self._blocks[tag], nodes, at, scope)
            elif (number := node.get(_HOLDS)) is not None:
                del node.attrib[_HOLDS]
                for name, text in self._texts[int(number)].items() if number else ():
                    value = self._text(text, scope, address=name == _LINK)
                    node.set(name, self.relate(value) if name == _LINK else value)
                self._nodes(list(node), scope)
                _complete(node)

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
            tag = block.tag if number is None else self._tags[int(number)]
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
        self.budget.spend(sum(_cost(one) for one in asked if one), 0)
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
            raise Unfillable.at(
                self.budget.place,
                msg("a link would lead to “{made}” ({where})", made=made[:80], where=where),
                rule="tag.cannot-fill",
                hint=msg("an address begins with https://, mailto: or tel:"),
            )
        return made

    def _printed(self, statement: Print, tag: Tag, scope: Values) -> str:
        self._at = tag
        value = followed(statement.path, scope)
        if value is None or value == "":
            raise Unfillable(
                msg(
                    "{place}: “{tag}” prints a value that this project doesn't have ({place_2})",
                    place=self.budget.place,
                    tag=tag,
                    place_2=tag.paragraph.place(),
                ),
                rule="tag.cannot-fill",
                hint=msg("write {{% if {path} %}} before it and {{% endif %}} after it", path=statement.path),
            )
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TemplateError.at(self.budget.place, msg("“{tag}” prints neither a text nor a number", tag=tag))
        if isinstance(value, str) and (bad := unprintable(value)):
            raise Unfillable.at(
                self.budget.place,
                msg("“{tag}” prints the character {bad}, which no Word document can hold", tag=tag, bad=bad),
                rule="tag.cannot-fill",
                hint=msg("take it out where the value comes from"),
            )
        return _formed(value, statement.form) if isinstance(value, str) else str(value)


_LINK: Final = f"{{{R}}}id"


class _UnknownName(Exception):
    """A name that the view doesn't have; the check of a template says it before."""


def followed(path: Path, scope: Values) -> Any:
    """The value at a path, or None where it, or a group on the way, is absent. Only declared fields are followed.

    Raises _UnknownName for a name that the view doesn't have.
    """
    first, *rest = path.names
    if first not in scope:
        raise _UnknownName(first)
    value = scope[first]
    for name in rest:
        if value is None:
            return None
        kind: Any = type(value)
        if name not in _declared(kind):
            raise _UnknownName(str(path))
        value = getattr(value, name)
    return value


def holds(condition: Condition, scope: Values) -> bool:
    """Whether a condition holds."""
    match condition:
        case Given(path):
            value = followed(path, scope)
            return bool(value) or dataclasses.is_dataclass(value) or (isinstance(value, int) and value is not False)
        case Equals(path, word):
            value = followed(path, scope)
            return isinstance(value, str) and len(value) <= _LONGEST_WORD and tidy(value) == word
        case Not(inner):
            return not holds(inner, scope)
        case Both(parts):
            return all(holds(part, scope) for part in parts)
        case Either(parts):
            return any(holds(part, scope) for part in parts)


def _cost(condition: Condition) -> int:
    """How many values a condition asks for."""
    match condition:
        case Not(inner):
            return _cost(inner)
        case Both(parts) | Either(parts):
            return sum(map(_cost, parts))
    return 1


@cache
def _declared(kind: Any) -> frozenset[str]:
    """The names of a view's fields; none for anything else: no attribute of another object is ever looked up."""
    return frozenset(one.name for one in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else frozenset()


def _formed(text: str, form: str) -> str:
    match form:
        case "upper":
            return text.upper()
        case "lower":
            return text.lower()
        case "title":
            return _WORD_START.sub(lambda found: found[0].upper(), text)
        case "capitalize":
            return text[:1].upper() + text[1:]
    return text if isinstance(text, ChartName) else str(text)


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


def _complete(made: etree._Element) -> None:
    """Give an element what Word needs in it, where conditions have left nothing."""
    if made.tag in _NEEDS_PARAGRAPH and (not len(made) or made[-1].tag != _PARAGRAPH):
        etree.SubElement(made, _PARAGRAPH)
    parent = made.getparent()
    needed = {w("tr"): w("tc"), w("tbl"): w("tr")}.get(str(made.tag))
    if needed and made.find(needed) is None and parent is not None:
        parent.remove(made)


def repaired(roots: Iterable[etree._Element]) -> None:
    """Give copies what must be theirs alone: bookmarks their own numbers and names, content controls no number.

    ECMA-376 Part 1, 17.13.6 and 17.5.2.18. A bookmark whose other end was left out goes.
    """
    number, names = 0, defaultdict[str, int](int)
    for root in roots:
        opened: dict[str, etree._Element] = {}
        kept: set[etree._Element] = set()
        for element in root.iter(w("bookmarkStart"), w("bookmarkEnd")):
            given = element.get(w("id"), "")
            if element.tag == w("bookmarkStart"):
                opened[given] = element
            elif (start := opened.pop(given, None)) is not None:
                number += 1
                kept |= {start, element}
                start.set(w("name"), _own_name(start.get(w("name"), ""), names))
                for one in (start, element):
                    one.set(w("id"), str(number))
        for element in list(root.iter(w("bookmarkStart"), w("bookmarkEnd"))):
            parent = element.getparent()
            if element not in kept and parent is not None:
                parent.remove(element)
        for element in list(root.iter(w("sdtPr"))):
            for identity in element.findall(w("id")):
                element.remove(identity)


def _own_name(name: str, taken: defaultdict[str, int]) -> str:
    """The name, or one made of it that no bookmark has yet; at most 40 characters, as Word has it.

    `taken` has every name, and under a beginning and `_` the last number that was put behind it.
    """
    own, start = name, f"{name[:32]}_"
    while own in taken:
        taken[start] = max(taken[start], 1) + 1
        own = f"{start}{taken[start]}"
    taken[own] = 1
    return own
