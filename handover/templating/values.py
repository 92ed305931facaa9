"""Checking every value that a template names against the view of its document, without any data.

Role: walks the tree of tags with what is known at each place: which values exist, of which kind, which may be absent
and which a condition has shown to be there. What passes here can be filled in (docs/templates.md, section 5); a
property test holds that. It remembers what is printed, for `content`, and reads no document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from handover.model.did_you_mean import MOST_GUESSES
from handover.model.message import msg
from handover.model.secret_names import names_a_secret
from handover.templating.grammar import DEEPEST, Both, Condition, Either, Equals, For, Given, If, Mark, Not, Path, Print
from handover.templating.kinds import ANY, LOOP, PRINTABLE, Kind, did_you_mean, fields_of
from handover.templating.report import Report
from handover.templating.structure import Block, Node
from handover.templating.tags import Tag

CHART_STYLE: Final = "HandoverChart"

Key = tuple[str, ...]
Fact = tuple[Key, str]
"""A value's key and a word; the empty word stands for being there."""

Facts = Mapping[Fact, bool]


class Found(NamedTuple):
    """A path followed: its kind, its key, and the keys on the way that may be absent."""

    kind: Kind
    key: Key = ()
    absent: tuple[Key, ...] = ()

    def inner(self, name: str, kind: Kind) -> "Found":
        """The value of that name and kind inside it."""
        key = (*self.key, name)
        return Found(kind, key, (*self.absent, key) if kind.optional else self.absent)


_NOTHING: Final = Found(ANY)
Scope = Mapping[str, Found]
"""The names in scope; the first part of each one's key tells two values of the same name apart."""


@dataclass(slots=True)
class Checker:
    """Checks one document's tags; a new one for each template."""

    view: type[object] | None
    """The document's view; None when it isn't known what the template makes: then every name may exist."""
    document: str
    report: Report
    lonely: frozenset[Tag] = frozenset()
    """Tags that print all that their paragraph holds."""
    printed: set[str] = field(default_factory=set)
    """Paths of everything that some tag prints."""
    sure: set[Block] = field(default_factory=set)
    """Blocks that always give something."""
    _bindings: int = 0
    _guesses: int = 0

    def check(self, tree: Sequence[Node]) -> None:
        """Check one part's tree."""
        known = fields_of(Kind("view", view=self.view)) if self.view else {}
        self._nodes(tree, {name: _NOTHING.inner(name, kind) for name, kind in known.items()}, {}, 0)

    def _nodes(self, tree: Iterable[Node], scope: Scope, facts: Facts, depth: int) -> None:
        # What is deeper has been reported; to follow it could take Python further than it goes.
        for node in tree if depth <= DEEPEST else ():
            if isinstance(node, Tag):
                self._print(node, scope, facts)
            elif node.keyword == "for":
                self._for(node, scope, facts, depth)
            else:
                self._if(node, scope, facts, depth)

    def _if(self, block: Block, scope: Scope, facts: Facts, depth: int) -> None:
        decided = False
        for tag, inside in block.branches:
            then: Facts = facts
            if isinstance(tag.statement, If) and (judged := self._judged(tag.statement.condition, tag, scope, facts)):
                verdict, then, facts = judged
                if decided or verdict is False:
                    self._say(
                        "variable.constant", tag, msg("never holds here"), msg("delete it with what belongs to it")
                    )
                elif verdict:
                    self.sure.add(block)
                    # The last of a fixed list of words holds once the others don't: spelt out, it reads well.
                    if not tag.statement.further:
                        hint = msg("delete the condition, keep what it shows")
                        self._say("variable.constant", tag, msg("always holds here"), hint)
                decided = decided or verdict is True
            elif isinstance(tag.statement, Mark) and decided:
                self._say("variable.constant", tag, msg("is never reached"), msg("delete it with what belongs to it"))
            self._nodes(inside, scope, then, depth + 1)

    def _for(self, block: Block, scope: Scope, facts: Facts, depth: int) -> None:
        tag, loop = block.tag, block.tag.statement
        if not isinstance(loop, For):
            return  # it couldn't be read: what it repeats can't be judged
        found = self._follow(loop.path, tag, scope)
        if found.kind.name not in {"list", "any"}:
            inner = [name for name, inside in fields_of(found.kind).items() if inside.name == "list"]
            guess = msg("did you mean `{path}.{inner}`?", path=loop.path, inner=inner[0]) if inner else ""
            hint = guess or msg("print it without a loop")
            self._say(
                "variable.not-a-list", tag, msg("goes through {kind}, not a list", kind=found.kind.described()), hint
            )
        if found.key and facts.get((found.key, "")):
            self.sure.add(block)
        body = dict(scope)
        body[loop.name] = self._bound(loop.name, found.kind.item or ANY)
        body["loop"] = self._bound("loop", LOOP)
        self._nodes(block.branches[0][1], body, {**facts, **_there(found.key)}, depth + 1)

    def _bound(self, name: str, kind: Kind) -> Found:
        self._bindings += 1
        return _NOTHING.inner(f"{name}#{self._bindings}", kind)

    def _print(self, tag: Tag, scope: Scope, facts: Facts) -> None:
        if not isinstance(tag.statement, Print):
            return
        path = tag.statement.path
        found = self._follow(path, tag, scope)
        self.printed.add(found.kind.path)
        self._check_chart(tag, found.kind)
        if found.kind.name not in PRINTABLE:
            inner = ", ".join(list(fields_of(found.kind))[:6])
            hint = {
                "list": msg("go through it: {{% for item in … %}}{{{{ item }}}}{{% endfor %}}"),
                "flag": msg("ask it: {{% if {path} %}}", path=path),
            }.get(found.kind.name, msg("print one of its values: {inner}", inner=inner))
            self._say("variable.not-printable", tag, msg("prints {kind}", kind=found.kind.described()), hint)
        elif tag.statement.form and found.kind.name in {"number", "chart"}:
            message = msg("asks {kind} for a letter-case form", kind=found.kind.described())
            self._say("variable.not-printable", tag, message, msg("write {{{{ {path} }}}}", path=path))
        elif any(not facts.get((key, "")) for key in found.absent):
            level = "p" if tag in self.lonely else ""
            self._say(
                "variable.optional",
                tag,
                msg("prints `{path}`, which may be absent", path=path),
                msg(
                    "write {{%{level} if {path} %}} before it and {{%{level} endif %}} after it", level=level, path=path
                ),
            )

    def _check_chart(self, tag: Tag, kind: Kind) -> None:
        in_style = tag.paragraph.style == CHART_STYLE
        if kind.name == "chart" and not (in_style and tag in self.lonely):
            hint = msg("write it alone in a paragraph in the style {chart_style}", chart_style=CHART_STYLE)
            self._say("picture.chart", tag, msg("stands for a chart, which takes a whole paragraph"), hint)
        elif in_style and kind.name not in {"any", "chart"}:
            message = msg("stands in the style {chart_style} and names no chart", chart_style=CHART_STYLE)
            self._say("picture.chart", tag, message, msg("choose another style, or write the chart's name"))

    # Conditions

    def _judged(self, condition: Condition, tag: Tag, scope: Scope, facts: Facts) -> tuple[bool | None, Facts, Facts]:
        """Whether a condition holds where that is certain, and what is known where it does and where it doesn't."""
        match condition:
            case Given(path):
                found = self._follow(path, tag, scope)
                verdict = self._is_there(found, facts)
                return verdict, {**facts, **_there(found.key)}, {**facts, (found.key, ""): False}
            case Equals(path, word):
                return self._compared(path, word, tag, scope, facts)
            case Not(inner):
                verdict, then, otherwise = self._judged(inner, tag, scope, facts)
                return (None if verdict is None else not verdict), otherwise, then
            case Both(parts):
                return self._joined(parts, tag, scope, facts, stops_at=False)
            case Either(parts):
                return self._joined(parts, tag, scope, facts, stops_at=True)

    def _joined(
        self, parts: Sequence[Condition], tag: Tag, scope: Scope, facts: Facts, *, stops_at: bool
    ) -> tuple[bool | None, Facts, Facts]:
        """`and` goes on while its parts hold and stops at one that doesn't; `or` the other way round."""
        verdicts, on, stopped = [], facts, facts
        for part in parts:
            verdict, then, otherwise = self._judged(part, tag, scope, on)
            verdicts.append(verdict)
            on, stopped = (otherwise, then) if stops_at else (then, otherwise)
        # Where it stopped is only known when one part alone could have stopped it.
        stopped = stopped if len(parts) == 1 else facts
        verdict = stops_at if stops_at in verdicts else (None if None in verdicts else not stops_at)
        return (verdict, stopped, on) if stops_at else (verdict, on, stopped)

    def _is_there(self, found: Found, facts: Facts) -> bool | None:
        if not found.key:
            return None
        known = facts.get((found.key, ""))
        if known is not None:
            return known
        always = found.kind.name in {"text", "number", "view", "chart"}
        return True if always and all(facts.get((key, "")) for key in found.absent) else None

    def _compared(
        self, path: Path, word: str, tag: Tag, scope: Scope, facts: Facts
    ) -> tuple[bool | None, Facts, Facts]:
        found = self._follow(path, tag, scope)
        words = found.kind.words
        if found.kind.name not in {"text", "any"}:
            message = msg("compares {kind} with a word", kind=found.kind.described())
            self._say("variable.comparison", tag, message, msg("ask it: {{% if … %}}"))
        elif words and word not in words:
            hint = did_you_mean(word, words) or msg("it is one of: {words}", words=", ".join(words))
            message = msg("compares `{path}` with “{word}”, which it never is", path=path, word=word)
            self._say("variable.comparison", tag, message, hint)
        verdict = facts.get((found.key, word))
        others = [other for other in words if other != word]
        if verdict is None and any(facts.get((found.key, other)) for other in others):
            verdict = False
        elif verdict is None and words and all(facts.get((found.key, other)) is False for other in others):
            verdict = True
        then = {**facts, **_there(found.key), (found.key, word): True}
        return verdict, then, {**facts, (found.key, word): False}

    # Names

    def _follow(self, path: Path, tag: Tag, scope: Scope) -> Found:
        """What a path leads to; ANY after saying what is wrong with it."""
        first, *rest = path.names
        found, written = scope.get(first), first
        if found is None:
            if self.view is not None or first == "loop":
                self._unknown(
                    tag, first, msg("asks for `{first}`, which this document doesn't have", first=first), scope
                )
            return _NOTHING
        for name in rest:
            inside = fields_of(found.kind)
            if found.kind.name != "any" and name not in inside:
                self._no_such(tag, found.kind, written, name, inside)
            if name not in inside:
                return _NOTHING
            found, written = found.inner(name, inside[name]), f"{written}.{name}"
        return found

    def _no_such(self, tag: Tag, kind: Kind, written: str, name: str, inside: Mapping[str, Kind]) -> None:
        if kind.name == "list":
            hint = msg(
                "go through it: {{% for item in {written} %}}{{{{ item.{name} }}}}{{% endfor %}}",
                written=written,
                name=name,
            )
            self._say("variable.unknown", tag, msg("asks a list for `{name}`", name=name), hint)
        elif kind.name == "view":
            self._unknown(
                tag, name, msg("asks for `{written}.{name}`, which doesn't exist", written=written, name=name), inside
            )
        else:
            message = msg(
                "asks for `{written}.{name}`, and `{written}` is {kind}",
                written=written,
                name=name,
                kind=kind.described(),
            )
            self._say("variable.unknown", tag, message)

    def _unknown(self, tag: Tag, name: str, message: str, known: Iterable[str]) -> None:
        if names_a_secret(name):
            said = msg("asks for `{name}`: secrets are in the encrypted inventory alone", name=name)
            self._say("variable.secret", tag, said)
            return
        self._guesses += 1
        guess = did_you_mean(name, known, self.view) if self._guesses <= MOST_GUESSES else ""
        listed = msg("`handover templates show {document}` lists all", document=self.document)
        self._say("variable.unknown", tag, message, guess or listed)

    def _say(self, rule: str, tag: Tag, message: str, hint: str = "") -> None:
        tag.fault(self.report, rule, msg("“{tag}” {message}", tag=tag, message=message), hint)


def _there(key: Key) -> dict[Fact, bool]:
    """A value that is there, and every group on the way to it."""
    return {(key[:end], ""): True for end in range(1, len(key) + 1)}
