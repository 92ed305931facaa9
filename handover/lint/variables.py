"""Checking every variable of a template against the view of its document, without any data.

Role: walks the tree of tags with what is known at each place: which variables exist, of which kind, which may be
absent and which a condition has shown to be there. It remembers what is printed, for `content`. It reads no document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

from jinja2 import nodes

from handover.lint import expressions
from handover.lint.expressions import Key, Unreadable
from handover.lint.filters import PRINTABLE
from handover.lint.kinds import ANY, Kind, context_of, either, fields_of
from handover.lint.report import Report
from handover.lint.structure import DEEPEST, Block, Node
from handover.lint.tags import Tag
from handover.lint.values import About, Binding, Values

CHART_STYLE: Final = "HandoverChart"
CHARTS: Final = frozenset({"figures[].chart", "headlines[].chart", "timeline"})
"""Variables that name a chart: they stand for it in a paragraph of the style above, and print a name elsewhere."""

Scope = dict[str, Binding]
Known = frozenset[Key]


@dataclass(slots=True)
class Checker:
    """Checks one document's tags; a new one for each template."""

    about: About
    report: Report
    lonely: frozenset[Tag] = frozenset()
    """Tags that print all that their paragraph holds."""
    _bindings: int = 0
    _depth: int = 0

    def check(self, tree: Sequence[Node]) -> None:
        """Check one part's tree; variables that a part sets end with it."""
        known = context_of(self.about.view) if self.about.view else {}
        self._nodes(tree, {name: Binding(kind, name) for name, kind in known.items()}, frozenset())

    # Statements

    def _nodes(self, tree: Iterable[Node], scope: Scope, known: Known) -> None:
        # What is deeper has been reported; to follow it could take Python further than it goes.
        for node in tree if self._depth <= DEEPEST else ():
            if isinstance(node, Block):
                self._depth += 1
                (self._if if node.tag.keyword == "if" else self._for)(node, scope, known)
                self._depth -= 1
            elif node.keyword == "print":
                self._print(node, scope, known)
            else:
                self._set(node, scope, known)

    def _if(self, block: Block, scope: Scope, known: Known) -> None:
        outcomes: list[Scope] = []
        for tag, inside in block.branches:
            branch, then = dict(scope), known
            if tag.keyword != "else":
                test = self._read(expressions.condition, tag)
                if test is not None:
                    use = self._values(tag, scope, known)
                    use.condition(test)
                    then = known | expressions.narrowed(test, holds=True, key_of=use.key)
                    known |= expressions.narrowed(test, holds=False, key_of=use.key)
            self._nodes(inside, branch, then)
            outcomes.append(branch)
        if block.branches[-1][0].keyword != "else":
            outcomes.append(dict(scope))
        scope.update(self._merged(outcomes))

    def _merged(self, outcomes: Sequence[Scope]) -> Scope:
        """What is in scope after a condition, whichever branch was taken."""
        merged: Scope = {}
        for name in {name for outcome in outcomes for name in outcome}:
            found = [outcome[name] for outcome in outcomes if name in outcome]
            if all(binding == found[0] for binding in found) and len(found) == len(outcomes):
                merged[name] = found[0]
                continue
            kinds = [binding.kind for binding in found]
            path = kinds[0].path if len({kind.path for kind in kinds}) == 1 else ""
            kind = replace(reduce(either, kinds), path=path)
            merged[name] = self._bound(name, replace(kind, unset=kind.unset or len(found) < len(outcomes)))
        return merged

    def _for(self, block: Block, scope: Scope, known: Known) -> None:
        tag, inside = block.branches[0]
        statement = self._read(expressions.loop, tag)
        body, item, then = dict(scope), ANY, known
        if statement is not None:
            use = self._values(tag, scope, known)
            item = use.items(statement.iter)
            key = use.key(statement.iter)
            then = known | ({key} if key else set())
            self._targets(statement.target, item, body, tag, _written_out(statement.iter))
        body["loop"] = self._bound("loop", Kind("loop", item=item))
        if statement is not None and statement.test is not None:
            use = self._values(tag, body, then)
            use.condition(statement.test)
            then |= expressions.narrowed(statement.test, holds=True, key_of=use.key)
        self._nodes(inside, body, then)
        for _, otherwise in block.branches[1:]:
            self._nodes(otherwise, dict(scope), known)

    def _set(self, tag: Tag, scope: Scope, known: Known) -> None:
        statement = self._read(expressions.assignment, tag)
        if statement is None:
            return
        kind = self._values(tag, scope, known).value(statement.node)
        self._targets(statement.target, kind, scope, tag, [statement.node])

    def _targets(
        self, target: nodes.Node, kind: Kind, scope: Scope, tag: Tag, given: Sequence[nodes.Node] | None
    ) -> None:
        """Bind what a `for` or `set` names; `given` are the expressions that are bound in turn, where written out."""
        if isinstance(target, nodes.Name):
            scope[target.name] = self._bound(target.name, kind)
            return
        wanted = _written_out(target) or ()
        if kind.name not in {"any", "list"}:
            self.say("variable.not-a-list", tag, f"takes {kind.described()} apart into several variables")
        elif kind.name == "list" and (given is None or any(_count(one) != len(wanted) for one in given)):
            name = f"`{kind.path}`" if kind.path else "a list"
            message = f"takes {name} apart into several variables, and it may have more or fewer items"
            self.say("variable.not-a-list", tag, message, f"write {{% for item in {kind.path or 'list'} %}}")
        elif not all(isinstance(part, nodes.Name) for part in wanted):
            self.say("variable.not-a-list", tag, "takes lists in a list apart", "take one apart after the other")
        for part in target.find_all(nodes.Name):
            scope[part.name] = self._bound(part.name, kind.item or ANY)

    def _values(self, tag: Tag, scope: Scope, known: Known, *, printing: bool = False) -> Values:
        def say(rule: str, message: str, hint: str = "") -> None:
            self.say(rule, tag, message, hint)

        return Values(self.about, scope, known, say, printing)

    def _bound(self, name: str, kind: Kind) -> Binding:
        self._bindings += 1
        return Binding(kind, f"{name}#{self._bindings}")

    def _print(self, tag: Tag, scope: Scope, known: Known) -> None:
        expression = self._read(expressions.printed, tag)
        if expression is None:
            return
        use = self._values(tag, scope, known, printing=True)
        kind = use.value(expression)
        self._check_chart(tag, kind)
        if not kind.names <= PRINTABLE | {"any"}:
            hints = {
                "list": "go through it with {% for … %}, or write `| join(', ')`",
                "flag": "ask it with {% if … %}",
            }
            inner = ", ".join(list(fields_of(kind))[:6])
            hint = hints.get(kind.name, f"print one of its values: {inner}" if inner else "")
            self.say("variable.not-printable", tag, f"prints {kind.described()}", hint)
        elif kind.optional:
            self._absent(tag, kind)

    def _absent(self, tag: Tag, kind: Kind) -> None:
        name = kind.path or tag.body.strip()
        asked = tag.body.partition("|")[0].strip()
        if tag in self.lonely:
            message = f"prints `{name}`, which may be absent: the paragraph then disappears"
            self.say("variable.blank", tag, message, f"write {{%p if {asked} %}} before it and {{%p endif %}} after it")
        else:
            message = f"prints `{name}`, which may be absent: the document can't be made then"
            self.say(
                "variable.optional", tag, message, f"write {{% if {asked} %}} before it and {{% endif %}} after it"
            )

    def _check_chart(self, tag: Tag, kind: Kind) -> None:
        in_style = tag.paragraph.style == CHART_STYLE
        if kind.path in CHARTS and not in_style:
            message = f"prints a chart's name outside a paragraph in the style {CHART_STYLE}"
            self.say("picture.chart", tag, message, "give the paragraph that style")
        elif in_style and kind.name != "any" and (kind.path not in CHARTS or tag not in self.lonely):
            message = f"isn't the only thing in a paragraph in the style {CHART_STYLE}, or names no chart"
            self.say("picture.chart", tag, message, "write the chart's variable alone in it, or choose another style")

    def _read(self, read: Any, tag: Tag) -> Any:
        """A tag's syntax tree, or None after saying what is wrong with it."""
        try:
            tree = read(tag.body)
        except Unreadable as error:
            self.say("tag.syntax", tag, f"can't be read: {error}")
            return None
        for noun in expressions.refused(tree):
            self.say("tag.not-allowed", tag, f"has {noun}, which templates can't have")
        return tree

    def say(self, rule: str, tag: Tag, message: str, hint: str = "") -> None:
        """Note a finding about a tag; the message goes on after the tag."""
        self.report.at(rule, tag.paragraph, f"“{tag}” {message}", hint, tag.span)


def _written_out(node: nodes.Node) -> Sequence[nodes.Node] | None:
    """The items of a list that the template spells out; None for any other expression."""
    return node.items if isinstance(node, nodes.List | nodes.Tuple) else None


def _count(node: nodes.Node) -> int:
    items = _written_out(node)
    return -1 if items is None else len(items)
