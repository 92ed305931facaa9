"""What each filter takes and gives.

Role: one table of the sandbox's filters by the kinds and the number of arguments that they fit. It knows no scope: the
caller gives an expression's kind and takes what is to be said.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from jinja2 import nodes

from handover.lint.kinds import ANY, NEVER_EMPTY, NUMBER, TEXT, Kind, did_you_mean, fields_of
from handover.office.sandbox import FILTERS

_INSTEAD: Final = {
    "default": "ask with {% if … %} {% else %}",
    "d": "ask with {% if … %} {% else %}",
    "safe": "values are always printed exactly as they are",
    "e": "values are always printed exactly as they are",
    "escape": "values are always printed exactly as they are",
    "trim": "values have no spaces at their ends",
    "replace": "values are printed as they are",
    "round": "numbers come as texts, rounded as the language writes them",
    "format": "values come as texts, as the language writes them",
    "sort": "lists come in their order",
    "map": "go through the list with {% for … %}",
    "select": "go through the list with {% for … if … %}",
    "selectattr": "go through the list with {% for … if … %}",
    "date": "dates come as texts, as the language writes them",
}
PRINTABLE: Final = frozenset({"text", "number"})
"""Kinds that are printed as they are, alone or joined to a text."""


@dataclass(frozen=True, slots=True)
class _Takes:
    """What one filter takes, and what it gives."""

    kinds: frozenset[str]
    described: str
    gives: Kind = TEXT
    most: int = 0
    """How many arguments it may have."""


_TEXT: Final = _Takes(frozenset({"text"}), "a text")
_COUNT: Final = _Takes(frozenset({"list", "text"}), "a list", NUMBER)
_END: Final = _Takes(frozenset({"list"}), "a list")
TAKES: Final = {
    **dict.fromkeys(("upper", "lower", "title", "capitalize"), _TEXT),
    **dict.fromkeys(("length", "count"), _COUNT),
    **dict.fromkeys(("first", "last"), _END),
    "join": _Takes(frozenset({"list"}), "a list of texts", TEXT, most=2),
}
"""Every filter of the sandbox."""

Say = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a filter's check asks of the tag that it stands in."""

    needed: Callable[[nodes.Node, str], Kind]
    """The kind of an expression that must be there."""
    has_items: Callable[[nodes.Node], bool]
    """Whether a list is known to have an item."""
    written: Callable[[nodes.Node], str]
    """An expression as the template writes it."""
    printed: Callable[[Kind], None]
    """Is told of items that a filter prints."""
    say: Say


def check_filter(node: nodes.Filter, asking: Asking) -> Kind:
    """The kind that a filter gives, after saying what doesn't fit."""
    if node.node is None:
        return ANY
    given = asking.needed(node.node, f"`{node.name}` takes")
    arguments = [asking.needed(argument, f"`{node.name}` takes") for argument in node.args or ()]
    if node.name not in FILTERS:
        hint = _INSTEAD.get(node.name) or did_you_mean(node.name, FILTERS)
        asking.say("filter.unknown", f"there is no filter `{node.name}`", hint or f"filters: {', '.join(FILTERS)}")
        return ANY
    takes = TAKES[node.name]
    if len(arguments) > takes.most or node.dyn_args is not None or node.dyn_kwargs is not None:
        most = f"at most {takes.most} values, written out," if takes.most else "nothing"
        asking.say("filter.arguments", f"`{node.name}` takes {most} between brackets", "")
        return takes.gives if takes is not _END else ANY
    if given.name == "any":
        return given if takes is _END else takes.gives
    if node.name == "join":
        return _joined(node, given, arguments, asking)
    fits = given.name in takes.kinds
    if not fits:
        asking.say("filter.type", f"`{node.name}` takes {takes.described}, not {given.described()}", "")
    return _end(node, node.node, given, asking) if takes is _END and fits else takes.gives


def _end(node: nodes.Filter, owner: nodes.Node, given: Kind, asking: Asking) -> Kind:
    """The first or last item; asking for one where there is none is an error, even in a condition."""
    if not asking.has_items(owner):
        name = asking.written(owner) or given.path or "the list"
        hint = f"ask first: {{% if {name} %}} … {{% endif %}}"
        asking.say("variable.optional", f"takes the {node.name} of `{name}`, which may have none", hint)
    return given.item or ANY


def _joined(node: nodes.Filter, given: Kind, arguments: list[Kind], asking: Asking) -> Kind:
    if arguments and not arguments[0].names <= PRINTABLE | {"any"}:
        asking.say("filter.type", f"`join` puts a text between the items, not {arguments[0].described()}", "")
    item: Kind | None = given.item or ANY
    if len(arguments) > 1:
        item = _attribute_of((node.args or [])[1], given, asking)
    if item is None:
        return TEXT
    fits = given.name == "list" and item.names <= PRINTABLE | {"any"} and not item.optional
    if not fits:
        asking.say("filter.type", f"`join` takes a list of texts, not {given.described()}", "")
    asking.printed(item)
    # Nothing joined is an empty text, which is as good as absent.
    empty = given.path not in NEVER_EMPTY and not asking.has_items(node.node or node)
    return replace(TEXT, optional=fits and empty)


def _attribute_of(second: nodes.Node, given: Kind, asking: Asking) -> Kind | None:
    """The kind of the attribute that `join` takes of each item; None after saying what is wrong with it."""
    item = given.item or ANY
    name = second.value if isinstance(second, nodes.Const) else None
    if given.name != "list" or item.name != "view" or not isinstance(name, str):
        message = "`join` takes a value of each item only where the items are groups, by its name"
        asking.say("filter.arguments", message, "write {{ list | join(', ', 'name') }}")
        return None
    inside = fields_of(item)
    if name not in inside:
        asking.say("variable.unknown", f"there is no `{name}` in the items", did_you_mean(name, inside))
        return None
    return inside[name]
