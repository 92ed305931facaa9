"""A sentence of the program: a template and its values, which the edge words in the reader's language.

Role: `msg` makes one wherever a message, a hint, a question or a line of output arises. It is a `str`, the English
sentence itself, so that whoever only joins, compares or writes it needs to know nothing; `in_words_of` gives the same
sentence from a catalogue (GNU gettext). What machines read (rules, keys of JSON) is never a message. It loads no
catalogue and prints nothing.
"""

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Self


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

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), (self.template, self.plural, self.number, dict(self.values))


def msg(template: str, /, **values: object) -> Message:
    """A sentence: `msg("{name}: is missing", name=name)`. `template` is a literal, so that catalogues can hold it."""
    return Message(template, "", 1, values)


def counted(template: str, plural: str, /, count: int, **values: object) -> Message:
    """A sentence about a number of things, in its two English forms; `{count}` prints the number."""
    return Message(template, plural, count, {**values, "count": count})


def in_words_of(catalogue: NullTranslations, text: str) -> str:
    """The text in the catalogue's language, and whatever messages its values are; any other text as it is."""
    if not isinstance(text, Message):
        return text
    template = (
        catalogue.ngettext(text.template, text.plural, text.number) if text.plural else catalogue.gettext(text.template)
    )
    return template.format_map(
        {
            name: in_words_of(catalogue, value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
    )
