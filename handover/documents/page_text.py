"""Sentences of the start page: names in them stay whole, and lead to their files.

Role: puts values into the page's words as markup. A name (a file's, an address, an identifier) is kept on one line
where it fits on one, with the comma or full stop behind it; a file's name is a link where the extracted folder has
that file. Every word and value is escaped here. What is said is `start_here`'s business.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from handover.documents.base import RenderInput
from handover.languages.words import Words
from handover.model.artifact import Role

if TYPE_CHECKING:
    from markupsafe import Markup

_PLACE = re.compile(r"\{(\w+)\}([.,:;)]*)")
"""A value's place in a text, with what may not begin the next line without it."""

_COMMAND = re.compile(r"age --decrypt --identity \S+ --output \S+ \S+$")
"""What is typed, at the end of a paragraph that explains it."""


class Whole(NamedTuple):
    """A name that isn't broken at its hyphens where it fits on a line; `href` makes it a link."""

    text: str
    href: str = ""


Value = str | Whole | Sequence[Whole]
"""Plain text, a name, or several names, which are listed with commas."""


class Paragraph(NamedTuple):
    """A paragraph, and what is to be typed below it."""

    text: "Markup"
    command: str = ""


def links(given: RenderInput) -> dict[str, str]:
    """Entry name → its address from the page, for whatever lies in the extracted folder beside it.

    The second zip of a split bundle doesn't. Addresses are percent-encoded (RFC 3986, clause 2.1).
    """
    beside = (line.name for line in given.contents if line.role is not Role.START_HERE)
    return {name: quote(name, safe="/") for name in beside if name != given.second_zip}


def file(given: RenderInput, name: str) -> Whole:
    """A file's name, as a link where there is such a file."""
    return Whole(name, links(given).get(name, ""))


def reach(phone: str | None, email: str | None) -> list[Whole]:
    """How to reach somebody: a number to call (RFC 3966) and an address to write to (RFC 6068), as links.

    A number with words in it ("ext. 12") is printed as it stands, and can't be called by a touch.
    """
    found = []
    if phone:
        digits = re.sub(r"\(0\)|[\s().\u2010-\u2015/-]", "", phone)
        found.append(Whole(phone, f"tel:{digits}" if re.fullmatch(r"\+?[0-9]+", digits) else ""))
    if email:
        found.append(Whole(email, f"mailto:{quote(email, safe='@')}"))
    return found


def sentence(words: Words, key: str, **values: Value) -> "Markup":
    """The text at `key` with the values in it. Raises TemplateError as `Words.text` does."""
    return _filled(words, _open(words, key, values), values)


def paragraphs(words: Words, key: str, **values: Value) -> list[Paragraph]:
    """The list of texts at `key`, each with those of the values that it has a place for."""
    return [
        _paragraph(words, f"{key}.{at}", {name: value for name, value in values.items() if f"{{{name}}}" in line})
        for at, line in enumerate(words.lines(key))
    ]


def listed(names: Sequence[Whole]) -> "Markup":
    """Names with commas between them."""
    return _written(names, "")


def _paragraph(words: Words, key: str, values: Mapping[str, Value]) -> Paragraph:
    text = _open(words, key, values)
    command = _COMMAND.search(text)
    if command is None:
        return Paragraph(_filled(words, text, values))
    typed = _PLACE.sub(lambda place: f"{_as_text(values[place[1]])}{place[2]}", command[0])
    return Paragraph(_filled(words, text[: command.start()].rstrip(), values), typed)


def _open(words: Words, key: str, values: Mapping[str, Value]) -> str:
    """The text with its places still open; `Words.text` has then checked that they are those of the values."""
    return words.text(key, **{name: f"{{{name}}}" for name in values})


def _filled(words: Words, text: str, values: Mapping[str, Value]) -> "Markup":
    from markupsafe import Markup, escape

    # One pass over our own words: a brace inside a value is text, never another place.
    found, at = Markup(), 0
    for place in _PLACE.finditer(text):
        before, value = text[at : place.start()], values[place[1]]
        if isinstance(value, str):
            before, value = words.joined(before, value)
        found += escape(before) + _written(value, place[2])
        at = place.end()
    return found + escape(text[at:])


def _written(value: Value, tail: str) -> "Markup":
    from markupsafe import Markup, escape

    if isinstance(value, str):
        return escape(value + tail)
    names = [value] if isinstance(value, Whole) else value
    tails = [","] * (len(names) - 1) + [tail]
    return Markup(" ").join(_kept(name, after) for name, after in zip(names, tails, strict=True))


def _kept(name: Whole, tail: str) -> "Markup":
    from markupsafe import Markup

    if name.href:
        return Markup('<span class="whole"><a href="{}">{}</a>{}</span>').format(name.href, name.text, tail)
    return Markup('<span class="whole">{}{}</span>').format(name.text, tail)


def _as_text(value: Value) -> str:
    names = [value] if isinstance(value, str | Whole) else value
    return ", ".join(name if isinstance(name, str) else name.text for name in names)
