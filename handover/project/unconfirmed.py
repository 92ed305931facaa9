"""Values of handover.yaml that a program proposed and nobody confirmed: how they are marked there, and found.

Role: one mark, a comment behind the value, in the language of the file. Whoever has looked at the value deletes the
comment. It judges no value.
"""

from collections.abc import Iterator

from handover.languages.registry import START, ours
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.sources import YamlList, YamlMap, YamlNode, YamlScalar


def mark(language: str, why: str) -> str:
    """The comment that follows a value; `why` says where it comes from."""
    said = " ".join("".join(char if char.isprintable() else " " for char in why).split())
    return f"  # {_marks().get(language, _marks()[START])} {said}"


def _marks() -> dict[str, str]:
    """Language → what a comment begins with; another language's files have the first one's."""
    return {one.code: one.unconfirmed for one in ours()}


def unconfirmed(text: str, tree: YamlMap, file: str) -> Iterator[Finding]:
    """A warning for each value of the file `text`, read as `tree`, that has the mark."""
    keys, marks = dict(_keys(tree, "")), _marks().values()
    for number, line in enumerate(text.splitlines(), 1):
        if not any(f"  # {mark}" in line for mark in marks):
            continue
        message = msg("`{key}` was proposed, and nobody has confirmed it", key=keys.get(number, "?"))
        hint = msg("look at it, correct it where it's wrong, then delete the comment behind it")
        place = SourceLocation(file, number, len(line) - len(line.lstrip(" -")) + 1)
        yield Finding(place, "value.unconfirmed", message, hint, Severity.WARNING)


def _keys(node: YamlNode, path: str) -> Iterator[tuple[int, str]]:
    """Line → the key, spelt out from the outermost on, that stands there."""
    if isinstance(node, YamlMap):
        for key, value in node.entries:
            place = f"{path}.{key.text}" if path else key.text
            yield key.location.line, place
            yield from _keys(value, place)
    elif isinstance(node, YamlList):
        for number, item in enumerate(node.items, 1):
            if isinstance(item, YamlScalar):
                yield item.location.line, f"{path}[{number}]"
            else:
                yield from _keys(item, f"{path}[{number}]")
