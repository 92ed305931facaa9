"""Values by their paths, and whether a condition holds: all that a template can ask of a view.

Role: names are followed among the declared fields of frozen dataclasses and nowhere else; nothing is compiled or called
(docs/templates.md, section 2). It prints nothing and counts nothing but what a condition costs.
"""

import dataclasses
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from handover.templating.grammar import Both, Condition, Either, Equals, Given, Not, Path, tidy
from handover.templating.kinds import ChartName

_LONGEST_WORD: Final = 200
"""Characters of a value that may equal a word: a longer one isn't looked at each time that a loop asks."""

_WORD_START: Final = re.compile(r"(?<![^\W_])(?<![’'])[^\W\d_]")

Values = Mapping[str, Any]
"""The values in scope, by name."""


class UnknownName(Exception):
    """A name that the view doesn't have; the check of a template says it before."""


def followed(path: Path, scope: Values) -> Any:
    """The value at a path, or None where it, or a group on the way, is absent. Only declared fields are followed.

    Raises UnknownName for a name that the view doesn't have.
    """
    first, *rest = path.names
    if first not in scope:
        raise UnknownName(first)
    value = scope[first]
    for name in rest:
        if value is None:
            return None
        kind: Any = type(value)
        if name not in declared(kind):
            raise UnknownName(str(path))
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
            return isinstance(value, str) and len(value) <= _LONGEST_WORD and tidy(value) == word
        case Not(inner):
            return not holds(inner, scope)
        case Both(parts):
            return all(holds(part, scope) for part in parts)
        case Either(parts):
            return any(holds(part, scope) for part in parts)


def cost(condition: Condition) -> int:
    """How many values a condition asks for."""
    match condition:
        case Not(inner):
            return cost(inner)
        case Both(parts) | Either(parts):
            return sum(map(cost, parts))
    return 1


@cache
def declared(kind: Any) -> frozenset[str]:
    """The names of a view's fields; none for anything else: no attribute of another object is ever looked up."""
    return frozenset(one.name for one in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else frozenset()


def formed(text: str, form: str) -> str:
    """The text in a letter-case form (clause 2.3); as it is for none."""
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
