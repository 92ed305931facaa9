"""The commented handover.yaml of a new project, with the values that are known written into it.

Role: text and values → text. Comments stay where they are; a value that nobody confirmed bears the mark of
`handover.project.unconfirmed`. It decides no value.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from handover.project.unconfirmed import mark

Entry = Mapping[str, str]
"""An item of a list of mappings: key → value."""

Content = str | Entry | Sequence[str] | Sequence[Entry] | Mapping[str, Entry]

_KEY: Final = re.compile(r"( *)(- )?([a-z_]+):(?: .*)?$")
_PLAIN: Final = re.compile(r"[^\W_][\w '’.,()/&+@-]*[\w.)]|\d{4}-\d{2}-\d{2}|[\w-]+")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "oui", "non", "on", "off"})


class Value(NamedTuple):
    """A value for a key of handover.yaml, and its origin: a text, lines, items, a group, or groups by name."""

    content: Content
    why: str = ""
    confirmed: bool = False


def filled(template: str, values: Mapping[str, Value], language: str) -> str:
    """The template with each value behind its key (`contract.start_date`); keys that it lacks are left out."""
    out: list[str] = []
    place: list[tuple[int, str]] = []
    first_items = dict(_first_items(values))
    waiting: list[tuple[int, list[str]]] = []
    for line in template.splitlines():
        match = _KEY.fullmatch(line)
        if match is None:
            out.append(line)
            continue
        dash = len(match[2] or "")
        indent = len(match[1]) + dash
        _close(waiting, len(match[1]) if dash else indent, out)
        while place and place[-1][0] >= indent:
            place.pop()
        place.append((indent, match[3]))
        path = ".".join(key for _, key in place)
        value = first_items.get(path) or values.get(path)
        if value is None:
            out.append(line)
            continue
        head, note = f"{match[1]}{match[2] or ''}{match[3]}:", "" if value.confirmed else mark(language, value.why)
        if isinstance(value.content, str):
            out.append(f"{head} {scalar(value.content)}{note}")
        elif isinstance(value.content, Mapping):
            out += _group(head, value.content, indent, note)
        elif path in _HAVE_ITEMS:
            out.append(line)
            waiting.append((indent, list(_items(value.content[1:], indent + 2, note))))
        else:
            out.append(f"{head}{note}")
            out += _items(value.content, indent + 2, "")
    _close(waiting, -1, out)
    return "\n".join(out) + "\n"


def _group(head: str, content: Entry | Mapping[str, Entry], indent: int, note: str) -> Iterator[str]:
    """A group on one line, or groups by name below each other."""
    if all(isinstance(part, str) for part in content.values()):
        yield f"{head} {{{', '.join(f'{key}: {scalar(str(text))}' for key, text in content.items())}}}{note}"
        return
    yield f"{head}{note}"
    for name, entry in content.items():
        yield f"{' ' * (indent + 2)}{name}:"
        if isinstance(entry, Mapping):
            for key, text in entry.items():
                yield f"{' ' * (indent + 4)}{key}: {scalar(text)}"


_HAVE_ITEMS: Final = frozenset({"client.contacts", "owners"})
"""Lists of which the template shows a first item."""


def _first_items(values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The keys of the first item of lists of which the template shows one."""
    for path in _HAVE_ITEMS & set(values):
        value = values[path]
        first = value.content[0] if value.content and not isinstance(value.content, Mapping) else {}
        if isinstance(first, Mapping):
            yield from ((f"{path}.{key}", Value(text, value.why, value.confirmed)) for key, text in first.items())


def _close(waiting: list[tuple[int, list[str]]], indent: int, out: list[str]) -> None:
    """Write further items of a list where its block has ended: before the comments of the key that follows."""
    while waiting and indent <= waiting[-1][0]:
        lines = waiting.pop()[1]
        at = len(out)
        while at and (not out[at - 1].strip() or out[at - 1].lstrip().startswith("#")):
            at -= 1
        out[at:at] = lines


def _items(items: Sequence[str] | Sequence[Entry], indent: int, note: str) -> Iterator[str]:
    space = " " * indent
    for item in items:
        if isinstance(item, str):
            yield f"{space}- {scalar(item)}{note}"
            continue
        for number, (key, text) in enumerate(item.items()):
            lead = "- " if number == 0 else "  "
            yield f"{space}{lead}{key}: {scalar(text)}{note if number == 0 else ''}"


def scalar(text: str) -> str:
    """A text as YAML writes it on one line: plain where that can't be misread, else quoted (YAML 1.2, 7.3)."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and " #" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)
