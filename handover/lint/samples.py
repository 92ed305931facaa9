"""Made-up values of every kind that a document's view may have: everything there, nothing of it, and mixtures.

Role: builds views from their kinds alone, for `trial`. The values mean nothing, and no project is read.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handover.lint.kinds import MAY_BE_EMPTY, NEVER_EMPTY, Kind, context_of, fields_of

_TEXT: Final = "some text"
_MIXTURES: Final = 8
_MOST_WORDS: Final = 12
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up project, as far as one document sees it."""

    described: str
    """Ends a sentence: `where the project has everything`."""
    context: Mapping[str, object]
    """What the template is given."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """How one sample decides, place by place."""

    there: Callable[[str], bool]
    flag: Callable[[str], bool]
    count: Callable[[str], int]
    text: Callable[[str], str]


def samples(view: type[object], words: Sequence[str] = ()) -> Iterator[Sample]:
    """Made-up values of a view. `words` are texts that a template compares with: each is once every text there is."""
    yield _sample(view, "where the project has everything", _same(there=True, flag=True, count=2))
    yield _sample(view, "where the project has nothing that may be absent", _same(there=False, flag=False, count=0))
    yield _sample(view, "where the project has one of everything", _same(there=True, flag=False, count=1))
    yield _sample(view, "where the project has lists and nothing else", _same(there=False, flag=True, count=3))
    chosen = [word for word in dict.fromkeys(words) if word][:_MOST_WORDS]
    for seed in range(_MIXTURES):
        yield _sample(view, "where the project has some of what may be absent", _mixed(seed, chosen))
    for word in chosen:
        for there in (True, False):
            choice = _same(there=there, flag=there, count=2, text=word)
            yield _sample(view, f"where the texts are {word!r}", choice)


def _same(*, there: bool, flag: bool, count: int, text: str = _TEXT) -> _Choice:
    return _Choice(lambda _: there, lambda _: flag, lambda _: count, lambda _: text)


def _mixed(seed: int, words: Sequence[str]) -> _Choice:
    """Decides by a checksum of the place: the same on every machine, and otherwise without a plan."""

    def chance(path: str) -> int:
        return zlib.crc32(f"{seed} {path}".encode()) >> 8

    def text(path: str) -> str:
        number = chance(path) % (2 * len(words) + 1)
        return words[number] if number < len(words) else f"text {chance(path)} of {path}"

    return _Choice(
        lambda path: chance(path) % 2 == 0, lambda path: chance(path) % 2 == 1, lambda p: chance(p) % 4, text
    )


def _sample(view: type[object], described: str, choice: _Choice) -> Sample:
    return Sample(described, {name: _value(kind, choice, name, 0) for name, kind in context_of(view).items()})


def _value(kind: Kind, choice: _Choice, place: str, depth: int) -> Any:
    """A value of a kind; `place` tells one item of a list from another, the kind's path doesn't."""
    if kind.optional and not choice.there(place):
        return "" if kind.path in MAY_BE_EMPTY else None
    match kind.name:
        case "text":
            return choice.text(place)
        case "number":
            return choice.count(place)
        case "flag":
            return choice.flag(place)
        case "list" if kind.item and depth < _DEEPEST:
            count = max(choice.count(place), kind.path in NEVER_EMPTY)
            return tuple(_value(kind.item, choice, f"{place}[{at}]", depth + 1) for at in range(count))
        case "view" if kind.view and depth < _DEEPEST:
            fields = fields_of(kind).items()
            return kind.view(**{name: _value(inner, choice, f"{place}.{name}", depth + 1) for name, inner in fields})
    return None
