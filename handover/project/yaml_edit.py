"""Changing single values of a settings file, and nothing else: comments, order and every other line stay.

Role: text to text, by the places of the strict reader's tree; what was changed is read back and compared, so that a
file written in an unusual way is refused rather than broken. It opens no file and knows no key.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from handover.model.errors import OutputError
from handover.model.message import msg
from handover.model.sources import Keys, YamlList, YamlMap, YamlNode, YamlScalar, node_at, scalars
from handover.project.read.yaml_tree import read_yaml

Value = str | Sequence[str] | Mapping[str, str]
"""What can be written: a text, a list of texts, or (as a new item of a list) a group of texts."""

_PLAIN: Final = re.compile(r"([^\W\d_]|[0-9]+ [^\W\d_])[^:#\n\t]*|[0-9a-f]{64}")
"""Text that every YAML reader takes for itself, and fingerprints; what may be a number, a date or a sign is quoted."""
_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def with_value(content: bytes, file: str, path: Keys, value: Value) -> bytes:
    """The settings with `value` at `path`; an empty value leaves the key empty.

    The parent must be there: a group, or a list to which one item is added at its end. Raises OutputError where the
    line has no plain place, saying what to write by hand.
    """
    text = content.decode("utf-8-sig")
    tree = read_yaml(content, file)[0]
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    expected = _plain(tree)
    try:
        _put(expected, path, value)
        _edit(lines, tree, path, value)
        changed = end.join(lines).encode()
        if _plain(read_yaml(changed, file)[0]) == expected:
            return changed
    except (LookupError, TypeError):
        pass
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    message = msg("`{key}` can't be written where this file has no line for it", key=name)
    hint = msg("write it yourself:\n{text}", text="\n".join(_written(str(path[-1]), value, "")))
    raise OutputError.at(file, message, hint=hint)


def _edit(lines: list[str], tree: YamlMap | None, path: Keys, value: Value) -> None:
    parent, name = node_at(tree, *path[:-1]), path[-1]
    if isinstance(name, int) or not isinstance(parent, YamlMap):
        _append(lines, tree, path, value)
        return
    key, old = parent.key(name), parent.get(name)
    if key is None or old is None:
        first, given = parent.entries[0]
        at = max(first.location.line, _last_line(given))
        lines[at:at] = _written(name, value, " " * (first.location.column - 1))
        return
    at, indent = key.location.line - 1, key.location.column - 1
    before = lines[at][:indent]
    new = _written(name, value, " " * indent)
    comment = re.search(r"\s+#\s.*$", lines[at]) if isinstance(old, YamlScalar) and isinstance(value, str) else None
    new[0] = before + new[0][indent:] + (comment[0] if comment else "")
    lines[at : max(_last_line(old), at + 1)] = new


def _append(lines: list[str], tree: YamlMap | None, path: Keys, value: Value) -> None:
    """One item more in a list, or the first one of an empty key."""
    listed = node_at(tree, *path[:-1])
    if isinstance(listed, YamlList) and isinstance(value, Mapping):
        indent = " " * (listed.location.column - 1)
        (first, *rest) = (line for name, text in value.items() for line in _written(name, text, f"{indent}  "))
        at = _last_line(listed)
        lines[at:at] = [f"{indent}- {first.lstrip()}", *rest]
        return
    raise LookupError(path)


def _last_line(node: YamlNode) -> int:
    """The last line, from 1, on which a node or one of its keys stands."""
    return max(node.location.line, *(scalar.location.line for _, scalar in scalars(node)), 0)


def _written(name: str, value: Value, indent: str) -> list[str]:
    if isinstance(value, str):
        return [f"{indent}{name}: {_quoted(value)}" if value else f"{indent}{name}:"]
    if isinstance(value, Mapping):
        inner = (line for key, text in value.items() for line in _written(key, text, indent + "  "))
        return [f"{indent}{name}:", *inner]
    return [f"{indent}{name}:", *(f"{indent}  - {_quoted(text)}" for text in value)]


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _WORDS:
        return text
    return "'" + text.replace("'", "''") + "'"


def _put(tree: Any, path: Keys, value: Value) -> None:
    for step in path[:-1]:
        tree = tree[step]
    plain = dict(value) if isinstance(value, Mapping) else value if isinstance(value, str) else list(value)
    if isinstance(tree, list) and path[-1] == len(tree):
        tree.append(plain)
    elif plain in ("", []):
        tree[path[-1]] = None
    else:
        tree[path[-1]] = plain


def _plain(node: YamlNode | None) -> Any:
    if isinstance(node, YamlMap):
        return {key.text: _plain(value) for key, value in node.entries}
    if isinstance(node, YamlList):
        return [_plain(item) for item in node.items]
    return None if node is None or node.absent else node.text
