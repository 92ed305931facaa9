"""A sentence of the program: a template and its values, which the edge words in the reader's language.

Role: `msg` makes one wherever a message, a hint, a question or a line of output arises. It is a `str`, the English
sentence itself, so that whoever only joins, compares or writes it needs to know nothing; `in_words_of` gives the same
sentence from a catalogue (GNU gettext). What machines read (rules, keys of JSON) is never a message. It loads no
catalogue and prints nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from gettext import NullTranslations
from string import Formatter
from typing import Final, Self

PLACE: Final = re.compile(r"\{(\w+)\}: (?=.)")
"""A place before a sentence (`{file}: is missing`): catalogues hold the sentence once, whatever stands before it."""


class Message(str):
    """A sentence in English that remembers what it was made of."""

    template: str
    """The English sentence with names in braces: what catalogues call the msgid."""
    plural: str
    """The same for other counts than one; empty where nothing is counted."""
    number: int
    """How many things it counts."""
    values: Mapping[str, object]

    def __new__(cls, template: str, plural: str, number: int, values: Mapping[str, object]) -> Self:
        """The English sentence; KeyError for a name in braces that has no value."""
        made = super().__new__(cls, (plural if plural and number != 1 else template).format_map(values))
        made.template, made.plural, made.number, made.values = template, plural, number, values
        return made

    def __add__(self, other: str) -> str:
        return joined("", (self, other))

    def __radd__(self, other: str) -> str:
        return joined("", (other, self))

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.template, self.plural, self.number, dict(self.values))


def msg(template: str, /, **values: object) -> str:
    """A sentence: `msg("{name}: is missing", name=name)`. `template` is a literal, so that catalogues can hold it."""
    return Message(template, "", 1, values)


def counted(template: str, plural: str, /, count: int, **values: object) -> str:
    """A sentence about a number of things, in its two English forms; `{count}` prints the number."""
    return Message(template, plural, count, {**values, "count": count})


def later(template: str) -> str:
    """A template whose values come later, to `msg`: this marks the literal, so that catalogues hold it."""
    return template


def literal(text: str) -> str:
    """A sentence that is kept as data (the meaning of a key, say): catalogues hold it as it's written."""
    return msg(text.replace("{", "{{").replace("}", "}}"))


def without_place(message: str, place: object) -> str:
    """The sentence alone, without the place (and a colon) that it begins with."""
    if not message.startswith(f"{place}: "):
        return message
    if isinstance(message, Message) and (found := PLACE.match(message.template)):
        inner = str(message.values[found[1]]).removeprefix(f"{place}: ")
        if inner != str(place):
            return Message(message.template, message.plural, message.number, {**message.values, found[1]: inner})
        return Message(message.template[found.end() :], message.plural[found.end() :], message.number, message.values)
    return message.removeprefix(f"{place}: ")


def joined(separator: str, items: Iterable[object]) -> str:
    """The items one after another; those that are messages stay so."""
    values = {f"item{at}": item for at, item in enumerate(items)}
    return msg(separator.join(f"{{{name}}}" for name in values), **values)


def all_of(items: Iterable[object]) -> str:
    """The items with "and" between them."""
    return _linked(later("{first} and {second}"), list(items))


def one_of(items: Iterable[object]) -> str:
    """The items with "or" between them."""
    return _linked(later("{first} or {second}"), list(items))


def first_of(items: Sequence[str]) -> str:
    """The first five of them, and how many more there are."""
    shown, more = ", ".join(items[:5]), len(items) - 5
    if more <= 0:
        return shown
    return counted("{shown} and {count} more", "{shown} and {count} more", count=more, shown=shown)


def _linked(template: str, items: Sequence[object]) -> str:
    *others, last = items or [""]
    return msg(template, first=_linked(template, others), second=last) if others else joined("", [last])


def system_reason(error: OSError, *, lower: bool = False) -> str:
    """Why the system refuses, in its own words; `lower` for small letters."""
    said = error.strerror or str(error)
    if isinstance(said, Message):  # an error of ours
        return said
    return literal(said.lower() if lower else said)


def in_words_of(catalogue: NullTranslations, text: str) -> str:
    """The text in the catalogue's language, and whatever messages its values are; any other text as it is.

    A place (and a colon) that a sentence begins with is none of the sentence that the catalogue holds: see `PLACE`.
    """
    if not isinstance(text, Message):
        return text
    place = PLACE.match(text.template)
    start = place.end() if place else 0
    template, plural = text.template[start:], text.plural[start:]
    if plural:
        template = catalogue.ngettext(template, plural, text.number)
    elif template:
        template = catalogue.gettext(template)
    if place:
        template = place[0].removesuffix(": ") + catalogue.gettext(": ") + template
    marks = catalogue.gettext(",.")
    values = {name: _in_words_of(catalogue, marks, value) for name, value in text.values.items()}
    join = getattr(catalogue, "joined", None)  # (a text, the name behind it) → both as they stand together
    return _filled(template, values, join) if join else template.format_map(values)


_PEOPLE: Final = frozenset({"missing", "name", "others", "owner", "owners", "sealer_name", "signatures"})
"""Values that name somebody: what stands before them may depend on how they begin ("la clé d’Inès")."""


def _filled(template: str, values: Mapping[str, object], join: Callable[[str, str], tuple[str, str]]) -> str:
    made = ""
    for text, name, form, conversion in Formatter().parse(template):
        made += text
        if name is not None:
            field = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"
            value = field.format_map(values)
            before, value = join(made, value) if name in _PEOPLE else (made, value)
            made = before + value
    return made


def _in_words_of(catalogue: NullTranslations, marks: str, value: object) -> object:
    if isinstance(value, str):
        return in_words_of(catalogue, value)
    if isinstance(value, int | float | Decimal):
        return _Number(value, marks)
    said = getattr(value, "said", None)  # a place, an error: it words itself, in English
    return in_words_of(catalogue, said()) if said else value


class _Number:
    """A number that prints with a language's marks of thousands and of decimals."""

    def __init__(self, value: float | Decimal, marks: str) -> None:
        self._value, self._marks = value, str.maketrans(",.", marks)

    def __format__(self, form: str) -> str:
        return format(self._value, form).translate(self._marks)


def human_size(size: int) -> str:
    """A size in bytes as people write it: decimal units (SI), one decimal from a megabyte on."""
    if size < 1_000:
        return msg("{size} B", size=size)
    if size < 1_000_000:
        return msg("{size:.0f} kB", size=size / 1_000)
    if size < 1_000_000_000:
        return msg("{size:.1f} MB", size=size / 1_000_000)
    return msg("{size:.2f} GB", size=size / 1_000_000_000)
