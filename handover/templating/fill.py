"""Values put into a template: the tree of a part and a view → the part's XML, filled.

Role: `Filler` walks what `cut` left and makes the part anew: what holds no tag is copied, a condition gives one of its
branches, a loop its content for each item, a value becomes a text node. Names are followed among the declared fields of
frozen dataclasses and nowhere else; nothing is compiled, called or parsed. Everything is counted before it is made
(docs/templates.md, section 5). It opens no file and knows no document.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from lxml import etree

from handover.formats.chart.place import MARK as CHART_MARK
from handover.formats.word.ooxml import R, emptied, w
from handover.formats.word.unwanted import SAFE_LINK
from handover.model.characters import unprintable
from handover.model.errors import TemplateError, Unfillable
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
_TEXT: Final = etree.XPath("string()")
_ATTRIBUTES: Final = etree.XPath("descendant-or-self::*/@*", smart_strings=False)
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPH: Final = w("p")
_END: Final = "{urn:handover:tag}end"
_NEEDS_PARAGRAPH: Final = frozenset(w(name) for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent"))
"""What Word can't open without a paragraph at its end (ECMA-376 Part 1, 17.4.65, 17.10, 17.11, 17.17.1)."""

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
            what = f"more than {MOST_NODES:,} elements" if self.nodes < 0 else f"more than {MOST_BYTES >> 20} MB"
            where = f": “{self.loops[-1]}” ({self.loops[-1].paragraph.place()})" if self.loops else ""
            message = f"{self.place}: fills {what}{where}"
            raise Unfillable(message, rule="tag.too-much", hint="take loops out of one another")


@dataclass(frozen=True, slots=True)
class _Whole:
    """An element without any tag, copied as it is; moved, and counted with its story, where no loop repeats it."""

    element: etree._Element
    nodes: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Shell:
    """An element with tags inside, or in its texts."""

    element: etree._Element
    content: Sequence["_Step"]
    texts: Mapping[str, Filled]
    """Attribute → what it prints; `r:id` stands for a link's address."""
    size: int
    """0 where no loop repeats it."""


@dataclass(frozen=True, slots=True)
class _Value:
    tag: Tag
    statement: Print
    look: _Whole


@dataclass(frozen=True, slots=True)
class _Choice:
    tag: Tag
    branches: Sequence[tuple[Condition | None, Sequence["_Step"]]]
    cost: int
    """How many values its conditions ask for."""


@dataclass(frozen=True, slots=True)
class _Repeat:
    tag: Tag
    loop: For
    content: Sequence["_Step"]


_Step = _Whole | _Shell | _Value | _Choice | _Repeat

Relate = Callable[[str], str]
"""A link's address → the id of a relationship to it."""

Join = Callable[[str, str], tuple[str, str]]
"""A text and the value that follows it → both as the language joins them ("de", "Anne": "d’", "Anne")."""


def unjoined(before: str, value: str) -> tuple[str, str]:
    """Both as they are."""
    return before, value


@dataclass(slots=True)
class Filler:
    """Fills one story."""

    story: Story
    nodes: Sequence[TagNode]
    texts: Mapping[etree._Element, Mapping[str, Filled]]
    budget: Budget
    relate: Relate
    join: Join
    _marks: dict[etree._Element, Tag] = field(default_factory=dict)
    _blocks: dict[Tag, Block] = field(default_factory=dict)
    _dynamic: set[etree._Element] = field(default_factory=set)
    _spaces: Mapping[str | None, str] = field(default_factory=dict)
    _depth: int = 0
    """Loops around what is being compiled."""
    _at: Tag | None = None
    """The tag that is being followed."""

    def fill(self, view: Any) -> etree._Element:
        """The story's root, made anew. Raises TemplateError for an absent value, a link that leads nowhere, a limit."""
        whole = _weighed(self.story.root)
        self.budget.spend(whole.nodes, whole.size)
        self._prepare()
        holder = etree.Element("holder")
        try:
            self._emit([self._compiled(self.story.root)], holder, _fields(view))
        except _UnknownName as unknown:
            at = f" ({self._at.paragraph.place()})" if self._at else ""
            message = f"{self.budget.place}: “{self._at}” asks for `{unknown}`, which this document doesn't have{at}"
            raise TemplateError(message, hint="`handover validate` says what is meant") from None
        (root,) = holder
        holder.remove(root)
        return root

    # The part as steps

    def _prepare(self) -> None:
        waiting, tags = list(self.nodes), []
        while waiting:
            node = waiting.pop()
            if isinstance(node, Block):
                self._blocks[node.tag] = node
                tags += [tag for tag, _ in node.branches] + ([node.end] if node.end else [])
                waiting += [inner for _, inside in node.branches for inner in inside]
            elif node.end:
                tags.append(node)
        self._marks = cut(tags)
        self._spaces = dict(self.story.root.nsmap)
        for element in (*self._marks, *self.texts):
            self._dynamic.add(element)
            for around in element.iterancestors():
                if around in self._dynamic:
                    break
                self._dynamic.add(around)

    def _compiled(self, element: etree._Element) -> _Step:
        if element not in self._dynamic:
            return _weighed(element) if self._depth else _Whole(element)
        size = _NODE_BYTES + sum(map(len, element.attrib.values())) if self._depth else 0
        return _Shell(element, list(self._steps(list(element))), self.texts.get(element, {}), size)

    def _steps(self, children: Sequence[etree._Element]) -> Iterator[_Step]:
        at = 0
        while at < len(children):
            child = children[at]
            at += 1
            tag = self._marks.get(child)
            if tag is None:
                yield self._compiled(child)
            elif isinstance(tag.statement, Print):
                yield _Value(tag, tag.statement, _weighed(child))
            else:
                block = self._blocks[tag]
                inside, at = self._branches(block, children, at)
                yield self._block(block, inside)

    def _branches(
        self, block: Block, children: Sequence[etree._Element], at: int
    ) -> tuple[list[list[etree._Element]], int]:
        """The nodes of each branch, and where to go on after the block's end."""
        others = {tag for tag, _ in block.branches[1:]}
        inside: list[list[etree._Element]] = [[]]
        while (tag := self._marks.get(children[at])) is not block.end:
            if tag in others:
                inside.append([])
            else:
                inside[-1].append(children[at])
            at += 1
        return inside, at + 1

    def _block(self, block: Block, inside: Sequence[Sequence[etree._Element]]) -> _Step:
        first = block.tag.statement
        self._depth += isinstance(first, For)
        steps = [list(self._steps(nodes)) for nodes in inside]
        self._depth -= isinstance(first, For)
        if isinstance(first, For):
            return _Repeat(block.tag, first, steps[0])
        asked = [tag.statement.condition if isinstance(tag.statement, If) else None for tag, _ in block.branches]
        return _Choice(block.tag, list(zip(asked, steps, strict=True)), sum(_cost(one) for one in asked if one))

    # The steps as a part

    def _emit(self, steps: Sequence[_Step], parent: etree._Element, scope: Values) -> None:
        for step in steps:
            match step:
                case _Whole(element, 0):
                    parent.append(element)
                case _Whole(element, nodes, size):
                    self.budget.spend(nodes, size)
                    parent.append(deepcopy(element))
                case _Shell():
                    self._shell(step, parent, scope)
                case _Value():
                    self._value(step, parent, scope)
                case _Choice(tag, branches, cost):
                    self._at = tag
                    self.budget.spend(cost, 0)
                    chosen = (inside for asked, inside in branches if asked is None or holds(asked, scope))
                    self._emit(next(chosen, ()), parent, scope)
                case _Repeat(tag, loop, content):
                    self._repeat(tag, loop, content, parent, scope)

    def _repeat(self, tag: Tag, loop: For, content: Sequence[_Step], parent: etree._Element, scope: Values) -> None:
        self._at = tag
        items = followed(loop.path, scope) or ()
        self.budget.loops.append(tag)
        for number, item in enumerate(items, 1):
            self.budget.spend(1, 0)
            told = Loop(number, number == 1, number == len(items))
            self._emit(content, parent, {**scope, loop.name: item, "loop": told})
        self.budget.loops.pop()

    def _shell(self, step: _Shell, parent: etree._Element, scope: Values) -> None:
        made = source = step.element
        if step.size:
            self.budget.spend(1, step.size)
            made = self._like(source, parent)
            made.text = source.text
        else:
            parent.append(source)
            last = etree.SubElement(source, _END)
        for name, text in step.texts.items():
            value = self._text(text, scope, address=name == _LINK)
            made.set(name, self.relate(value) if name == _LINK else value)
        self._emit(step.content, made, scope)
        if made is source:
            # What was kept has moved behind the mark; what stands before it was left out.
            for left in [last, *last.itersiblings(preceding=True)]:
                source.remove(emptied(left))
        _completed(made)

    def _like(self, source: etree._Element, parent: etree._Element) -> etree._Element:
        """An empty element of the same name and attributes; what the root doesn't declare, it declares itself."""
        given: Any = dict(source.items())
        if source is not self.story.root and self._spaces.get(source.prefix) == etree.QName(source).namespace:
            return etree.SubElement(parent, source.tag, given)
        made: etree._Element = etree.Element(source.tag, given, nsmap=source.nsmap)  # type: ignore[arg-type]
        parent.append(made)
        return made

    def _value(self, step: _Value, parent: etree._Element, scope: Values) -> None:
        value = self._printed(step.statement, step.tag, scope)
        if isinstance(value, ChartName):
            self.budget.spend(_CHART_NODES, _CHART_NODES * _NODE_BYTES)
            paragraph = next(parent.iterancestors(_PARAGRAPH), parent) if parent.tag != _PARAGRAPH else parent
            paragraph.set(CHART_MARK, value)
            return
        before = parent[-1] if len(parent) else None
        if before is not None and before.tag == step.look.element.tag and len(before) and before[-1].tag == w("t"):
            before[-1].text, value = self.join(before[-1].text or "", value)
        lines = re.split("([\n\t])", value)
        self.budget.spend(len(lines) + step.look.nodes, len(lines) * _NODE_BYTES + step.look.size + len(value) * 4)
        run = deepcopy(step.look.element)
        for text in lines:
            if text in {"\n", "\t"}:
                etree.SubElement(run, w("br" if text == "\n" else "tab"))
            elif text:
                element = etree.SubElement(run, w("t"))
                element.set(_SPACE, "preserve")
                element.text = text
        parent.append(run)

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
            raise Unfillable(
                f"{self.budget.place}: a link would lead to “{made[:80]}” ({where})",
                rule="tag.cannot-fill",
                hint="an address begins with https://, mailto: or tel:",
            )
        return made

    def _printed(self, statement: Print, tag: Tag, scope: Values) -> str:
        self._at = tag
        value = followed(statement.path, scope)
        if value is None or value == "":
            raise Unfillable(
                f"{self.budget.place}: “{tag}” prints a value that this project doesn't have ({tag.paragraph.place()})",
                rule="tag.cannot-fill",
                hint=f"write {{% if {statement.path} %}} before it and {{% endif %}} after it",
            )
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise TemplateError(f"{self.budget.place}: “{tag}” prints neither a text nor a number")
        if isinstance(value, str) and (bad := unprintable(value)):
            raise Unfillable(
                f"{self.budget.place}: “{tag}” prints the character {bad}, which no Word document can hold",
                rule="tag.cannot-fill",
                hint="take it out where the value comes from",
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
            return isinstance(value, str) and tidy(value) == word
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


def _fields(view: Any) -> Values:
    """The declared fields of a view."""
    kind: Any = type(view)
    return {name: getattr(view, name) for name in _declared(kind)}


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


def _weighed(element: etree._Element) -> _Whole:
    nodes, text, attributes = int(str(_NODES(element)).partition(".")[0]), str(_TEXT(element)), _ATTRIBUTES(element)
    size = nodes * _NODE_BYTES + len(text) + (sum(map(len, attributes)) if isinstance(attributes, list) else 0)
    return _Whole(element, nodes, size)


def _addressed(value: str, before: str) -> str:
    """A value as a part of an address: whole, or after a scheme (RFC 3986, RFC 6068, RFC 3966)."""
    if not before:
        return value
    scheme = before[:4].lower()
    if scheme == "tel:":
        return re.sub(r"[^+\d]", "", value)
    return quote(value, safe="@+-._~/?=&:,;!$'()*" if scheme == "http" else "@+-._~")


def _completed(made: etree._Element) -> None:
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
    number, names = 0, dict[str, int]()
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


def _own_name(name: str, taken: dict[str, int]) -> str:
    """The name, or one made of it that no bookmark has yet; at most 40 characters, as Word has it.

    `taken` remembers how many copies of each there are.
    """
    own = name
    while own in taken:
        taken[name] += 1
        own = f"{name[:32]}_{taken[name]}"
    taken[own] = 1
    return own
