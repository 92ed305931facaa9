"""What each filter takes and gives.

Role: one table of the sandbox's filters by the kinds they fit. It knows no scope: the caller gives an expression's kind
and takes what is to be said.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from jinja2 import nodes

from handover.lint.kinds import ANY, NEVER_EMPTY, NUMBER, TEXT, Kind, did_you_mean, fields_of
from handover.office.sandbox import FILTERS

_TEXTS: Final = frozenset({"upper", "lower", "title", "capitalize"})
_COUNTS: Final = frozenset({"length", "count"})
_ENDS: Final = frozenset({"first", "last"})
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

Needed = Callable[[nodes.Node, str], Kind]
Say = Callable[[str, str, str], None]


def check_filter(node: nodes.Filter, needed: Needed, say: Say, printed: Callable[[Kind], None]) -> Kind:
    """The kind that a filter gives, after saying what doesn't fit.

    `needed` gives the kind of an expression that must be there; `printed` is told of items that a filter prints.
    """
    if node.node is None:
        return ANY
    given = needed(node.node, f"`{node.name}` takes")
    for argument in node.args or ():
        needed(argument, f"`{node.name}` takes")
    if node.name not in FILTERS:
        hint = _INSTEAD.get(node.name) or did_you_mean(node.name, FILTERS)
        say("filter.unknown", f"there is no filter `{node.name}`", hint or f"filters: {', '.join(FILTERS)}")
        return ANY
    if given.name == "any":
        return _result(node.name, given)
    if node.name in _TEXTS:
        _fits(given.name == "text", node.name, "a text", given, say)
        return TEXT
    if node.name in _COUNTS:
        _fits(given.name in {"list", "text"}, node.name, "a list", given, say)
        return NUMBER
    if node.name in _ENDS:
        _fits(given.name == "list", node.name, "a list", given, say)
        return replace(given.item, optional=True) if given.item else ANY
    return _joined(node, given, say, printed)


def _joined(node: nodes.Filter, given: Kind, say: Say, printed: Callable[[Kind], None]) -> Kind:
    item = given.item or ANY
    attribute = _attribute(node)
    if given.name == "list" and attribute and item.name == "view":
        inside = fields_of(item)
        if attribute not in inside:
            say("variable.unknown", f"there is no `{attribute}` in the items", did_you_mean(attribute, inside))
            return TEXT
        item = inside[attribute]
    fits = given.name == "list" and item.name in {"text", "number", "any"} and not item.optional
    _fits(fits, "join", "a list of texts", given, say)
    printed(item)
    # Nothing joined is an empty text, which is as good as absent.
    return replace(TEXT, optional=fits and given.path not in NEVER_EMPTY)


def _attribute(node: nodes.Filter) -> str:
    """The attribute that `join` takes of each item, when it is written out."""
    named = [keyword.value for keyword in node.kwargs or () if keyword.key == "attribute"]
    given = [*named, *(node.args or ())[1:2]]
    return str(given[0].value) if given and isinstance(given[0], nodes.Const) else ""


def _fits(fits: bool, name: str, wanted: str, given: Kind, say: Say) -> None:
    if not fits:
        say("filter.type", f"`{name}` takes {wanted}, not {given.described()}", "")


def _result(name: str, given: Kind) -> Kind:
    if name in _COUNTS:
        return NUMBER
    return given if name in _ENDS else TEXT
