"""What a template's values are: texts, flags, lists, groups; derived from the views that documents declare.

Role: `Kind` describes a value, `fields_of` gives the fields of a view, from its dataclass annotations alone. Paths say
where a value comes from (`figures[].caveats[]`), so that it can be recognised under another name. It knows no document
and no tag.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple

from handover.model.did_you_mean import nearest
from handover.model.message import msg


class ChartName(str):
    """The name of a chart that takes a paragraph's place. A type of its own: no text that people typed is one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """What `loop` tells inside a `{% for … %}`."""

    index: int
    """1 for the first item."""
    first: bool
    """Whether this is the first item."""
    last: bool
    """Whether this is the last item."""


class Kind(NamedTuple):
    """The kind of a value."""

    name: str
    """`text`, `number`, `flag`, `chart`, `list` or `view`; `any` where nothing is known, so that nothing is said."""
    optional: bool = False
    """Whether it may be absent."""
    item: "Kind | None" = None
    """The kind of a list's items."""
    view: type[object] | None = None
    """A group's dataclass."""
    path: str = ""
    """Where the value comes from."""
    words: tuple[str, ...] = ()
    """All that a text can be, where that is a fixed list."""

    def described(self) -> str:
        """In people's words: `a list of texts`."""
        if self.name == "list":
            inner = self.item.name if self.item else "any"
            return {"text": msg("a list of texts"), "view": msg("a list of groups")}.get(inner, msg("a list"))
        return _WORDS.get(self.name, msg("a value"))


ANY: Final = Kind("any")
PRINTABLE: Final = frozenset({"text", "number", "chart", "any"})
_WORDS: Final = {
    "text": msg("a text"),
    "number": msg("a number"),
    "flag": msg("a yes or no"),
    "view": msg("a group of values"),
    "chart": msg("a chart"),
}
LOOP: Final = Kind("view", view=Loop, path="loop")


def fields_of(kind: Kind) -> dict[str, Kind]:
    """The values in a group, with their paths; empty for what has none."""
    if kind.view is None:
        return {}
    view: Any = kind.view
    prefix = f"{kind.path}." if kind.path else ""
    return {name: _with_path(field, f"{prefix}{name}") for name, field in _fields(view).items()}


def context_of(view: type[object]) -> dict[str, Kind]:
    """The values that a template may use: its view's fields."""
    return fields_of(Kind("view", view=view))


@cache
def _fields(view: Any) -> dict[str, Kind]:
    hints = typing.get_type_hints(view)
    return {field.name: _kind(hints[field.name]) for field in dataclasses.fields(view)}


def _kind(annotation: Any) -> Kind:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        (rest,) = (argument for argument in arguments if argument is not type(None))
        return _kind(rest)._replace(optional=True)
    if origin is tuple:
        return Kind("list", item=_kind(arguments[0]))
    if dataclasses.is_dataclass(annotation):
        return Kind("view", view=typing.cast("type[object]", annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Kind("text", words=tuple(str(word) for word in annotation))
    return Kind({bool: "flag", int: "number", str: "text", ChartName: "chart"}[annotation])


def _with_path(kind: Kind, path: str) -> Kind:
    return kind._replace(path=path, item=_with_path(kind.item, f"{path}[]") if kind.item else None)


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
    guess = nearest(name, known)
    if not guess and view is not None:
        paths, last = paths_by_name(view), name.rpartition(".")[2]
        close = last if last in paths else nearest(last, paths)
        guess = paths[close][0] if close else ""
    return msg("did you mean `{guess}`?", guess=guess) if guess else ""
