"""What a template's variables are: texts, lists, groups; derived from the views that deliverables declare.

Role: `Kind` describes a value, `kinds_of` gives the fields of a view, from its dataclass annotations alone. Paths say
where a value comes from (`figures[].caveats[]`), so that a variable can be recognised under another name. It knows no
document and no tag.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value."""

    name: str
    """`text`, `number`, `fraction`, `flag`, `list`, `view`, `none`, `loop`, `mixed` (`among` says what), or `any`
    (nothing is known, so nothing is said)."""
    optional: bool = False
    """Whether it may be absent."""
    item: "Kind | None" = None
    """The kind of a list's items."""
    view: type[object] | None = None
    """A group's dataclass."""
    path: str = ""
    """Where the value comes from."""
    unset: bool = False
    """Whether it was `set` in some branches only."""
    among: frozenset[str] = frozenset()
    """What a `mixed` value may be: names of kinds."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all that it may be."""
        return self.among or frozenset({self.name})

    def described(self) -> str:
        """In people's words: `a list of texts`."""
        if self.name == "list":
            inner = self.item.name if self.item else "any"
            return {"text": "a list of texts", "view": "a list of groups"}.get(inner, "a list")
        return " or ".join(_WORDS.get(name, "a value") for name in sorted(self.names))

    def present(self) -> "Kind":
        """The same where it is known to be there."""
        return replace(self, optional=False)


ANY: Final = Kind("any")
TEXT: Final = Kind("text")
NUMBER: Final = Kind("number")
FRACTION: Final = Kind("fraction")
"""`1.5`, which only a template itself can say: it isn't written as the language writes it, so it isn't printed."""

FLAG: Final = Kind("flag")
NONE: Final = Kind("none", optional=True)
NEVER_EMPTY: Final = frozenset({"sender.address", "recipient.address"})
"""Lists that have at least one item in every project (docs/project.md)."""

MAY_BE_EMPTY: Final = frozenset({"figures[].arrow", "headlines[].arrow"})
"""Texts that are empty at times, which is as good as absent: nothing is printed for them."""

_WORDS: Final = {
    "text": "a text", "number": "a number", "flag": "a yes or no", "view": "a group of values", "list": "a list",
    "none": "nothing", "fraction": "a decimal fraction",
}  # fmt: skip
_LOOP_NUMBERS: Final = ("index", "index0", "revindex", "revindex0", "length", "depth", "depth0")


def loop_fields() -> dict[str, Kind]:
    """What `loop` knows inside a `for`."""
    # No neighbours: the first item has none before it, and merely asking for that one is an error.
    return {**dict.fromkeys(_LOOP_NUMBERS, NUMBER), "first": FLAG, "last": FLAG}


def fields_of(kind: Kind) -> dict[str, Kind]:
    """The values in a group, with their paths; empty for what has none."""
    if kind.name == "loop":
        return loop_fields()
    if kind.view is None:
        return {}
    prefix = f"{kind.path}." if kind.path else ""
    return {name: _with_path(field, f"{prefix}{name}") for name, field in _fields(kind.view).items()}


def context_of(view: type[object]) -> dict[str, Kind]:
    """The variables of a template: its view's fields."""
    return fields_of(Kind("view", view=view))


_FIELDS: Final[dict[type[object], dict[str, Kind]]] = {}


def _fields(view: Any) -> dict[str, Kind]:
    if view not in _FIELDS:
        hints = typing.get_type_hints(view)
        _FIELDS[view] = {field.name: _kind(hints[field.name]) for field in dataclasses.fields(view)}
    return _FIELDS[view]


def _kind(annotation: Any) -> Kind:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        rest = [argument for argument in arguments if argument is not type(None)]
        return replace(_kind(rest[0]), optional=len(rest) < len(arguments)) if len(rest) == 1 else ANY
    if origin in {tuple, list} or annotation in {tuple, list}:
        return Kind("list", item=_kind(arguments[0]) if arguments else ANY)
    if dataclasses.is_dataclass(annotation):
        return Kind("view", view=typing.cast("type[object]", annotation))
    if annotation is bool:
        return FLAG
    if annotation in {int, float, Decimal}:
        return NUMBER
    return TEXT if isinstance(annotation, type) and issubclass(annotation, str) else ANY


def _with_path(kind: Kind, path: str) -> Kind:
    item = _with_path(kind.item, f"{path}[]") if kind.item else None
    return replace(kind, path=path, item=item, optional=kind.optional or path in MAY_BE_EMPTY)


def either(first: Kind, second: Kind) -> Kind:
    """The kind of what is one value or another, without a path of its own."""
    optional, unset = first.optional or second.optional, first.unset or second.unset
    if "none" in {first.name, second.name}:
        kind, optional = second if first.name == "none" else first, True
    elif "any" in {first.name, second.name}:
        kind = ANY
    elif first.name != second.name or first.view is not second.view or "mixed" in {first.name, second.name}:
        kind = Kind("mixed", among=first.names | second.names)
    else:
        kind = replace(first, item=either(first.item, second.item) if first.item and second.item else None)
    return replace(kind, optional=optional, unset=unset, path="")


def paths_by_name(view: type[object]) -> dict[str, tuple[str, ...]]:
    """Last name of every path in a view → the paths that end with it, shortest first."""
    found: dict[str, list[str]] = {}
    waiting = list(context_of(view).values())
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.path.rpartition(".")[2].removesuffix("[]"), []).append(kind.path)
        waiting += fields_of(kind.item or kind).values()
    return {name: tuple(dict.fromkeys(paths)) for name, paths in found.items()}


def did_you_mean(name: str, known: typing.Iterable[str], view: type[object] | None = None) -> str:
    """`did you mean …?` for a near miss among the known names, else where a view has the name; or an empty string."""
    near = get_close_matches(name, sorted(known), 1, 0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if view is None:
        return ""
    paths = paths_by_name(view)
    last = name.rpartition(".")[2]
    close = [last] if last in paths else get_close_matches(last, sorted(paths), 1, 0.75)
    # `client_name` is `client` or `client.name` in another document's words.
    return f"did you mean `{paths[close[0]][0]}`?" if close else ""
