"""A document's values as JSON, and back as frozen views: what crosses into the child, and all that does.

Role: views are dataclasses of texts, numbers, flags, tuples and further views. They are written out field by field, so
that no object of the program, and no secret, can travel; anything else is our own mistake and refused. A text with a
character that Word can't hold is refused here, where the field's name is known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from handover.characters import unprintable
from handover.errors import TemplateError

_FIELDS: Final = "fields"
_VIEW: Final = "view"


def check_texts(context: Mapping[str, object], place: str) -> None:
    """Raise TemplateError, naming the field, for a text with a character that no Word document can hold."""
    for path, text in _texts(context, ""):
        if bad := unprintable(text):
            raise TemplateError(
                f"{place}: {path} holds the character {bad}, which no Word document can hold",
                hint="take it out where the value comes from",
            )


def encoded(value: object) -> Any:
    """A view, tuple, text, number, flag or None as JSON's own types. Raises TypeError for anything else."""
    if value is None or type(value) in {str, int, bool}:
        return value
    if isinstance(value, tuple | list):
        return [encoded(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
        return {_VIEW: type(value).__name__, _FIELDS: held}
    raise TypeError(f"a template's values can't hold a {type(value).__name__}")


def decoded(value: Any) -> Any:
    """The inverse of `encoded`; views come back as read-only objects with the same attributes."""
    if isinstance(value, list):
        return tuple(decoded(item) for item in value)
    if isinstance(value, dict):
        return _view(value[_VIEW], {name: decoded(item) for name, item in value[_FIELDS].items()})
    return value


class _View:
    """Attributes that can be read, and nothing else: no method, no dictionary, no way to set one."""

    __slots__ = ("_held",)
    _held: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._held[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(name)


def _view(kind: str, held: Mapping[str, Any]) -> _View:
    # Messages about unknown names print the type; `builtins` makes them print it without a module.
    view: _View = type(kind, (_View,), {"__slots__": (), "__module__": "builtins"})()
    object.__setattr__(view, "_held", held)
    return view


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text with the path by which a template would reach it; items of a list count from 1."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value, 1):
            yield from _texts(item, f"{path} (item {number})")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
