"""The values inside one tag: their kinds, and what is wrong with how they are used.

Role: `Values` evaluates the expressions of a tag without any data: which variables they name, which of these may be
absent, which filters and comparisons fit. Scopes are made by `variables`, which walks the tags. It prints nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final, Protocol

from jinja2 import nodes

from handover.characters import unprintable
from handover.lint import expressions
from handover.lint.expressions import PRESENT, Key
from handover.lint.filters import PRINTABLE, Asking, check_filter
from handover.lint.kinds import (
    ANY,
    FLAG,
    FRACTION,
    MAY_BE_EMPTY,
    NEVER_EMPTY,
    NONE,
    NUMBER,
    TEXT,
    Kind,
    did_you_mean,
    either,
    fields_of,
)
from handover.lint.operators import ORDERING, SEARCHING, TESTS, check_comparison, check_test
from handover.model.secret_names import names_a_secret
from handover.office.sandbox import FILTERS

_LITERALS: Final = {bool: FLAG, int: NUMBER, float: FRACTION, str: TEXT, type(None): NONE}


class Say(Protocol):
    """How a finding about the tag is said."""

    def __call__(self, rule: str, message: str, hint: str = "") -> None:
        """`message` goes on after the tag."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A name in scope; `id` tells two variables of the same name apart."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class About:
    """What holds for every tag of a template."""

    view: type[object] | None
    """The document's view; None when it isn't known what the template makes: then every name may exist."""
    document: str
    printed: set[str] = field(default_factory=set)
    """Paths of everything that some tag prints."""


@dataclass(slots=True)
class Values:
    """One tag's expressions in their scope."""

    about: About
    scope: Mapping[str, Binding]
    known: frozenset[Key]
    say: Say
    """Takes a rule, a message that goes on after the tag, and a hint."""
    printing: bool = False
    misses: int = 0
    """How many values that may be absent were said to be missing."""

    def condition(self, node: nodes.Node) -> None:
        """Check an expression that is only asked whether it holds."""
        was, self.printing = self.printing, False
        self.value(node)
        self.printing = was

    def value(self, node: nodes.Node) -> Kind:
        """The kind of an expression, after saying what is wrong in it."""
        kind = self._value(node)
        if self.printing and kind.path:
            self.about.printed.add(kind.path)
        return kind.present() if kind.optional and self._is_there(node, kind) else kind

    def needed(self, node: nodes.Node, why: str) -> Kind:
        """The kind of an expression that must be there, or a finding."""
        kind = self.value(node)
        if kind.optional and kind.name != "none" and not isinstance(node, nodes.Const):
            self.misses += 1
            asked = _written(node) or kind.path or "the value"
            hint = f"ask first: {{% if {asked} %}} … {{% endif %}}"
            self.say("variable.optional", f"{why} `{asked}`, which may be absent", hint)
        return kind.present()

    def key(self, node: nodes.Node) -> Key | None:
        """How the template reaches a value, for knowing it again; None for what isn't simply reached."""
        if isinstance(node, nodes.Name):
            return (self.scope[node.name].id,) if node.name in self.scope else None
        if isinstance(node, nodes.Getattr):
            base = self.key(node.node)
            return (*base, node.attr) if base else None
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            base = self.key(node.node)
            return (*base, str(node.arg.value)) if base else None
        return None

    def _is_there(self, node: nodes.Node, kind: Kind) -> bool:
        """Whether a value that may be absent is known to be there."""
        key = self.key(node)
        if key is None or key in self.known:
            return key is not None
        return kind.path not in MAY_BE_EMPTY and (*key, PRESENT) in self.known

    def _has_items(self, node: nodes.Node) -> bool:
        """Whether a list or text is known to have something in it."""
        if isinstance(node, nodes.List | nodes.Tuple):
            return bool(node.items)
        quiet = replace(self, say=_nothing, about=replace(self.about, printed=set()))
        return self.key(node) in self.known or quiet.value(node).path in NEVER_EMPTY

    def items(self, node: nodes.Node) -> Kind:
        """The kind of the items that a `for` goes through."""
        kind = self.needed(node, "goes through")
        if kind.name in {"list", "any"}:
            return kind.item or ANY
        hint = "print it without a loop" if kind.name in {"text", "number"} else ""
        inner = [name for name, inside in fields_of(kind).items() if inside.name == "list"]
        hint = f"did you mean `{_written(node)}.{inner[0]}`?" if inner else hint
        self.say("variable.not-a-list", f"goes through {kind.described()}, not a list", hint)
        return ANY

    def _value(self, node: nodes.Node) -> Kind:  # noqa: C901 — one line for each kind of expression
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr():
                return self._attribute(node, node.node, node.attr)
            case nodes.Getitem():
                return self._item(node)
            case nodes.Const():
                if isinstance(node.value, str) and (bad := unprintable(node.value)):
                    self.say("variable.not-printable", f"has a text with the character {bad}")
                # A text without a letter is printed as an absent value is.
                return replace(_LITERALS.get(type(node.value), ANY), optional=node.value in (None, ""))
            case nodes.TemplateData():
                return TEXT
            case nodes.Filter():
                return self._filtered(node)
            case nodes.Compare():
                return self._comparison(node)
            case nodes.And() | nodes.Or() | nodes.Not() | nodes.Test():
                return self._logic(node)
            case nodes.CondExpr():
                return self._choice(node)
            case nodes.Concat():
                for part in node.nodes:
                    self._joined(part)
                return TEXT
            case nodes.List() | nodes.Tuple():
                kinds = [self.value(item) for item in node.items]
                return Kind("list", item=reduce(either, kinds) if kinds else ANY)
        return ANY

    def _name(self, node: nodes.Name) -> Kind:
        binding = self.scope.get(node.name)
        if binding is None:
            if self.about.view is not None or node.name == "loop":
                self._unknown(node.name, f"there is no variable `{node.name}`", self.scope)
            return ANY
        if binding.kind.unset:
            message = f"uses `{node.name}`, which isn't set in every case"
            self.say("variable.not-set", message, "set it before the condition, or in every branch")
        return binding.kind

    def _attribute(self, node: nodes.Node, owner: nodes.Node, name: str) -> Kind:
        misses = self.misses
        kind = self._owner(owner)
        if kind.name == "any":
            return ANY
        inside = fields_of(kind)
        if name in inside:
            # One finding is enough: once the owner is asked for, its value is a matter of its own.
            return inside[name].present() if self.misses > misses else inside[name]
        asked = _written(node) or name
        if kind.name == "list":
            hint = f"go through it: {{% for item in {_written(owner)} %}} {{{{ item.{name} }}}}"
            self.say("variable.unknown", f"asks a list for `{name}`", hint)
        elif kind.name in {"view", "loop"}:
            self._unknown(name, f"there is no `{asked}`", inside, prefix=_written(owner))
        else:
            hint = f"write `| {name}`" if name in FILTERS else ""
            self.say("variable.unknown", f"there is no `{asked}`: `{_written(owner)}` is {kind.described()}", hint)
        return ANY

    def _owner(self, node: nodes.Node) -> Kind:
        was, self.printing = self.printing, False
        kind = self.needed(node, "asks for something in")
        self.printing = was
        return kind

    def _unknown(self, name: str, message: str, known: Iterable[str], prefix: str = "") -> None:
        if names_a_secret(name):
            hint = "credentials are in the encrypted inventory alone"
            self.say("variable.secret", f"asks for a secret: `{name}`", hint)
            return
        names = list(known)
        hint = did_you_mean(name, names, None if prefix else self.about.view)
        if prefix and hint:
            hint = hint.replace("`", f"`{prefix}.", 1)
        elif prefix and not hint:
            hint = f"`{prefix}` has {', '.join(names)}"
        self.say("variable.unknown", message, hint or f"`handover templates show {self.about.document}` lists them")

    def _item(self, node: nodes.Getitem) -> Kind:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._attribute(node, node.node, node.arg.value)
        kind = self._owner(node.node)
        self.value(node.arg)
        if isinstance(node.arg, nodes.Slice):
            return ANY  # said elsewhere: nothing may be sliced
        first = isinstance(node.arg, nodes.Const) and node.arg.value == 0 and node.arg.value is not False
        if kind.name == "text" and first:
            return TEXT
        if kind.name not in {"list", "any"}:
            self.say("variable.unknown", f"asks {kind.described()} for an item by its number")
            return ANY
        if kind.name == "list" and not (first and self._has_items(node.node)):
            owner = _written(node.node) or kind.path or "the list"
            hint = f"ask first: {{% if {owner} %}} … {{% endif %}}" if first else f"write {{% for item in {owner} %}}"
            self.say("variable.optional", f"takes an item of `{owner}` by its number, which may not have one", hint)
        return kind.item or ANY

    def _filtered(self, node: nodes.Filter) -> Kind:
        asking = Asking(self.needed, self._has_items, _written, self._print_items, self.say)
        return check_filter(node, asking)

    def _comparison(self, node: nodes.Compare) -> Kind:
        left = node.expr
        for operand in node.ops:
            check_comparison(operand.op, *self._compared(left, operand.op, operand.expr), self.say)
            left = operand.expr
        return FLAG

    def _compared(self, left: nodes.Node, operator: str, right: nodes.Node) -> tuple[Kind, Kind]:
        """The kinds of both sides, after saying which of them may be absent where it mustn't be."""
        if operator in ORDERING:
            return self.needed(left, "compares"), self.needed(right, "compares")
        if operator not in SEARCHING:
            return self.value(left), self.value(right)
        searched = self.needed(right, "searches")
        return self.needed(left, "looks for") if searched.name == "text" else self.value(left), searched

    def _logic(self, node: nodes.Expr) -> Kind:
        if isinstance(node, nodes.Test):
            return self._test(node)
        if isinstance(node, nodes.Not):
            self.value(node.node)
            return FLAG
        assert isinstance(node, nodes.And | nodes.Or)  # noqa: S101 — the caller's cases
        left = self.value(node.left)
        holds = isinstance(node, nodes.And)
        known, self.known = self.known, self.known | expressions.narrowed(node.left, holds=holds, key_of=self.key)
        right = self.value(node.right)
        self.known = known
        # `a or b` gives a only where it is there; a text or a list, not nothing.
        return either(left, right) if holds else either(left.present(), right)

    def _test(self, node: nodes.Test) -> Kind:
        if node.name not in TESTS:
            hint = did_you_mean(node.name, TESTS)
            self.say("filter.unknown", f"there is no test `is {node.name}`", hint)
        kind = self._tested(node)
        if node.name in {"defined", "undefined"} and kind.name != "any" and not kind.unset:
            asked = _written(node.node)
            hint = f"write {{% if {asked} %}}" if node.name == "defined" else f"write {{% if not {asked} %}}"
            self.say("variable.defined", f"asks whether `{asked}` is defined: it always is", hint)
        return FLAG

    def _tested(self, node: nodes.Test) -> Kind:
        """The kind of what a test asks about, after saying what doesn't fit."""
        takes, given = TESTS.get(node.name), list(node.args or ())
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self.say("filter.arguments", f"`is {node.name}` takes values that are written out")
        if takes is None or len(given) != 1 or not takes.operator:
            asks_number = takes is not None and bool(takes.kinds)
            kind = self.needed(node.node, f"`is {node.name}` takes") if asks_number else self.value(node.node)
            arguments = [self.value(argument) for argument in given]
        else:
            kind, second = self._compared(node.node, takes.operator, given[0])
            arguments = [second]
        if takes is not None:
            check_test(node.name, kind, arguments, self.say)
        return kind

    def _choice(self, node: nodes.CondExpr) -> Kind:
        self.condition(node.test)
        known = self.known
        self.known = known | expressions.narrowed(node.test, holds=True, key_of=self.key)
        first = self.value(node.expr1)
        self.known = known | expressions.narrowed(node.test, holds=False, key_of=self.key)
        if node.expr2 is None:
            self.say("variable.not-set", "says nothing for the other case", "add `else` and what to print then")
        second = first if node.expr2 is None else self.value(node.expr2)
        self.known = known
        return either(first, second)

    def _joined(self, node: nodes.Node) -> None:
        kind = self.needed(node, "joins")
        if not kind.names <= PRINTABLE | {"any"}:
            self.say("variable.not-printable", f"joins {kind.described()} to a text")

    def _print_items(self, kind: Kind) -> None:
        if self.printing and kind.path:
            self.about.printed.add(kind.path)


def _nothing(rule: str, message: str, hint: str = "") -> None:
    """Say nothing: what is wrong was said before."""


def _written(node: nodes.Node) -> str:
    """A variable with its attributes as the template writes it; an empty string for any other expression."""
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr():
            owner = _written(node.node)
            return f"{owner}.{node.attr}" if owner else ""
        case nodes.Getitem():
            owner = _written(node.node)
            return f"{owner}[{node.arg.value!r}]" if owner and isinstance(node.arg, nodes.Const) else ""
    return ""
