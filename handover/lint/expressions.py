"""The expressions inside tags, read as the renderer reads them, and what a condition says about absent values.

Role: gives the syntax tree of one tag's expression, or what is wrong with it; lists the nodes that the sandbox would
refuse; and says which values are known to be there once a condition holds. It knows no variable.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from handover.office.sandbox import STATEMENTS, sandbox

Key = tuple[str, ...]
"""A value as a template reaches it: the variable's binding, then attribute by attribute."""

KeyOf = Callable[[nodes.Node], Key | None]

PRESENT: Final = "is not none"
"""Ends the key of a value of which no more is known than that it is there: a list may still have no item."""

_LONGEST: Final = 2000
"""Characters of one tag: no number in it is too long for Python, and no text too long to be read over."""

_DEEPEST: Final = 40
"""Values in values of one tag (`a | b | c`, `((x))`): Python's own compiler gives up soon after 90."""

_NOUNS: Final = {
    "Call": "a call",
    "Slice": "a part of a list",
    "Dict": "a dictionary",
    "Pair": "a dictionary",
    "Keyword": "a named argument",
    "NSRef": "an assignment to an attribute",
    "AssignBlock": "a block",
    "Neg": "a calculation",
    "Pos": "a calculation",
}
_CALCULATIONS: Final = (nodes.BinExpr, nodes.UnaryExpr)
_ODD: Final = {
    "–": "an en dash",
    "—": "an em dash",
    "…": "an ellipsis",
    "«": "a French quotation mark",
    "»": "a French quotation mark",
    "\u200b": "an invisible space",
    "\u200c": "an invisible character",
    "\u200d": "an invisible character",
    "\u2060": "an invisible character",
    "\ufeff": "an invisible character",
    "\u00ad": "a soft hyphen",
    "\u2011": "a no-break hyphen",
    "&": "an &; write `and`",
    "!": "a !; write `not`",
    "$": "a $",
    "?": "a ?",
    "=": "a single =; write ==",
}
_STRINGS: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class Unreadable(Exception):
    """An expression that can't be read; the message says why in people's words."""


@lru_cache(maxsize=2048)
def printed(source: str) -> nodes.Node:
    """The expression of `{{ source }}`. Raises Unreadable."""
    output = _parsed(f"{{{{{source}}}}}", source)
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise Unreadable("it prints nothing")
    return output.nodes[0]


@lru_cache(maxsize=2048)
def condition(source: str) -> nodes.Node:
    """The expression of `{% if source %}`. Raises Unreadable."""
    if not source.strip():
        raise Unreadable("it has no condition")
    statement = _parsed(f"{{% if {source} %}}{{% endif %}}", source)
    assert isinstance(statement, nodes.If)  # noqa: S101 — Jinja's own promise
    return statement.test


@lru_cache(maxsize=2048)
def loop(source: str) -> nodes.For:
    """The statement of `{% for source %}`. Raises Unreadable."""
    if not source.strip():
        raise Unreadable("it doesn't say what to go through; write {% for item in list %}")
    statement = _parsed(f"{{% for {source} %}}{{% endfor %}}", source)
    assert isinstance(statement, nodes.For)  # noqa: S101 — Jinja's own promise
    return statement


@lru_cache(maxsize=2048)
def assignment(source: str) -> nodes.Assign:
    """The statement of `{% set source %}`. Raises Unreadable."""
    if "=" not in source:
        raise Unreadable("it gives no value; write {% set name = value %}")
    statement = _parsed(f"{{% set {source} %}}", source)
    assert isinstance(statement, nodes.Assign)  # noqa: S101 — without a block, Jinja gives nothing else
    return statement


def _parsed(template: str, source: str) -> nodes.Node:
    if not source.strip():
        raise Unreadable("it is empty")
    if len(source) > _LONGEST:
        raise Unreadable(f"it is longer than {_LONGEST} characters")
    try:
        body = sandbox().parse(template).body
    except TemplateSyntaxError as error:
        raise Unreadable(_why(source, str(error.message))) from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    if len(body) != 1:
        raise Unreadable("it holds more than one tag")
    if _depth(body[0]) > _DEEPEST:
        raise Unreadable("it is nested too deeply")
    return body[0]


def _depth(tree: nodes.Node) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]
    return deepest


def _why(source: str, message: str) -> str:
    """Jinja's message, or the character that Word or a habit put there."""
    bare = _STRINGS.sub("", source)
    for character, name in _ODD.items():
        single = character != "=" or re.search(r"(?<![=!<>])=(?!=)", bare)
        if character in bare and single:
            return f"it has {name}"
    if bare.count("'") % 2 or bare.count('"') % 2:
        return "a quotation mark isn't closed"
    plain = message.replace("end of print statement", "the end of the tag").replace("end of statement block", "its end")
    return plain[:1].lower() + plain[1:].rstrip(".")


def refused(node: nodes.Node) -> Iterator[str]:
    """What the sandbox would refuse in an expression, in people's words; once each, outermost first."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop(0)
        waiting = [*current.iter_child_nodes(), *waiting]
        if isinstance(current, STATEMENTS):
            continue
        name = type(current).__name__
        noun = _NOUNS.get(name) or ("a calculation" if isinstance(current, _CALCULATIONS) else f"a {name.lower()}")
        if noun not in seen:
            seen.add(noun)
            yield noun


def narrowed(node: nodes.Node, holds: bool, key_of: KeyOf) -> frozenset[Key]:
    """The values that are known to be there when the condition holds (or, with `holds` False, when it doesn't)."""
    if isinstance(node, nodes.Not):
        return narrowed(node.node, not holds, key_of)
    if isinstance(node, nodes.And | nodes.Or):
        left, right = narrowed(node.left, holds, key_of), narrowed(node.right, holds, key_of)
        return left | right if isinstance(node, nodes.And) is holds else left & right
    if isinstance(node, nodes.Compare):
        return _compared(node, holds, key_of)
    if isinstance(node, nodes.Test):
        proves = (node.name == "none" and not holds) or (node.name in {"string", "even", "odd"} and holds)
        return _present(node.node, key_of) if proves else frozenset()
    return _filled(node, key_of) if holds else frozenset()


def _compared(node: nodes.Compare, holds: bool, key_of: KeyOf) -> frozenset[Key]:
    if len(node.ops) != 1:
        return frozenset()
    left, right, op = node.expr, node.ops[0].expr, node.ops[0].op
    if isinstance(left, nodes.Const) and op not in {"in", "notin"}:
        left, right, op = right, left, _MIRRORED.get(op, op)
    if not holds:
        op = _OPPOSITE[op]
    if op == "in":
        return _filled(right, key_of) | (_present(left, key_of) if _without_none(right) else frozenset())
    if not isinstance(right, nodes.Const):
        return frozenset()
    if _is_count(left):
        return _filled(left, key_of) if isinstance(right.value, int) and _is_some(op, right.value) else frozenset()
    if op == "ne" and right.value is None:
        return _present(left, key_of)
    if op == "eq" and right.value is not None:
        return _filled(left, key_of) if right.value else _present(left, key_of)
    return frozenset()


_MIRRORED: Final = {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}
_OPPOSITE: Final = {
    "eq": "ne", "ne": "eq", "lt": "gteq", "gteq": "lt", "gt": "lteq", "lteq": "gt", "in": "notin", "notin": "in",
}  # fmt: skip


def _is_some(op: str, number: int) -> bool:
    """Whether a count that compares so with a number is above zero."""
    return {"gt": number >= 0, "gteq": number > 0, "eq": number > 0, "ne": number == 0}.get(op, False)


def _without_none(node: nodes.Node) -> bool:
    """Whether what is searched can't hold an absent value: a list of the project's, or one that is spelt out."""
    if isinstance(node, nodes.List | nodes.Tuple):
        return all(isinstance(item, nodes.Const) and item.value is not None for item in node.items)
    return isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem)


def _is_count(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name in {"length", "count"} and node.node is not None


def _present(node: nodes.Node, key_of: KeyOf) -> frozenset[Key]:
    key = None if _is_count(node) else key_of(node)
    return frozenset() if key is None else frozenset({(*key, PRESENT)})


def _filled(node: nodes.Node, key_of: KeyOf) -> frozenset[Key]:
    """The value, known to be there and not empty; `x | length` that is true means that x has items."""
    key = key_of(node.node) if isinstance(node, nodes.Filter) and node.node and _is_count(node) else key_of(node)
    return frozenset() if key is None else frozenset({key})
