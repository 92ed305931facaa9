"""`handover.yaml` as a tree of located text: YAML 1.2, strict, every finding at once.

Role: walks the parser's events and builds `YamlMap`, `YamlList` and `YamlScalar`. What makes YAML surprising
is refused: a key given twice (most parsers keep the last one silently), tags, anchors and aliases (which can
also make a small file unfold into gigabytes), several documents in one file, keys that aren't words. Scalars
stay text: what they mean is decided by the models. Events are walked rather than composed nodes, so that depth
and size are bounded before anything recurses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from handover.model.agency import AGENCY_FILE
from handover.model.base import unprintable
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.sources import UNREADABLE, YamlList, YamlMap, YamlNode, YamlScalar, shown
from handover.project.read.text import decode, invisible, replace_invisible
from handover.project.read.text import place as place_in

MAX_BYTES = 256 * 1024
"""Size of the settings file: about a hundred times a full one."""
_INSTEAD = re.compile(r":[ \t]+(#(?:[^\s#]|[ \t]*[0-9]).*)$")
"""A comment in the place of a value that looks like one: no space after the #, or a number."""
_ITEM = re.compile(_INSTEAD.pattern.removeprefix(":"))
_CUT = re.compile(r"[ \t]+(#(?:[^\s#!]|[ \t]?[0-9]).*)$")
MAX_DEPTH = 12
MAX_NODES = 20_000
_YAML_TAGS = "tag:yaml.org,2002:"


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end hasn't been seen. `key` is the key that waits for its value."""

    location: SourceLocation
    is_map: bool
    items: list[YamlNode] = field(default_factory=list)
    entries: list[tuple[YamlScalar, YamlNode]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: YamlScalar | None = None
    skip_value: bool = False

    def close(self) -> YamlNode:
        return (
            YamlMap(self.location, tuple(self.entries)) if self.is_map else YamlList(self.location, tuple(self.items))
        )


def read_yaml(content: bytes, file: str) -> tuple[YamlMap | None, list[Finding]]:
    """The tree of one YAML file and what is wrong with it; never raises.

    The tree is None when there is no mapping to judge: the file is empty, isn't YAML, or is a list or a word.
    """
    text, findings = decode(content, file)
    if findings and not text:
        return None, findings
    text, more = replace_invisible(text, lambda offset: SourceLocation(file, *place_in(text, offset)))
    builder = _Builder(file, findings + more)
    builder.run(text)
    tree = builder.tree
    if isinstance(tree, YamlMap):
        return _listed(tree), builder.findings
    if not builder.broken:
        what = (
            msg("the file is empty")
            if tree is None or (isinstance(tree, YamlScalar) and tree.absent)
            else msg("the file has no keys")
        )
        command = "setup" if file.endswith(AGENCY_FILE) else "new"
        hint = msg("`handover {command}` writes one to fill in", command=command)
        builder.add(SourceLocation(file, 1, 1), "yaml.no-mapping", what, hint)
    return None, builder.findings


_ONE = {"owner": "owners", "contact": "contacts"}
"""Lists whose one item may be written without the list, under the name of one."""


def _listed(tree: YamlMap) -> YamlMap:
    """The settings with `owner:` and `client.contact:` as the lists of one that they mean."""

    def entry(key: YamlScalar, value: YamlNode, around: YamlMap) -> tuple[YamlScalar, YamlNode]:
        many = _ONE.get(key.text)
        if many is None or not isinstance(value, YamlMap) or around.key(many) is not None:
            return key, value
        return replace(key, text=many), YamlList(value.location, (value,))

    client = tree.get("client")
    entries = [entry(key, value, tree) if key.text == "owner" else (key, value) for key, value in tree.entries]
    if isinstance(client, YamlMap):
        people = YamlMap(client.location, tuple(entry(key, value, client) for key, value in client.entries))
        entries = [(key, people if value is client else value) for key, value in entries]
    return YamlMap(tree.location, tuple(entries))


class _Builder:
    """Turns parser events into one tree, keeping a stack of what is open."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self.tree: YamlNode | None = None
        self.broken = False
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._lines: list[str] = []

    def add(self, location: SourceLocation, rule: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(location, rule, message, hint))

    def run(self, text: str) -> None:
        self._lines = text.split("\n")
        for event in self._events(text):
            self._accept(event)
            if self.broken or self._documents > 1:
                break
        if self.broken:
            self.tree = None

    def _events(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            # ruamel's `safe` and `rt` parsers differ only in keeping comments, which nothing here needs.
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            context, problem = str(error.context or ""), str(error.problem or "")
            opened = "end of stream" in problem or "flow" in context
            mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
            place = SourceLocation(self.file, mark.line + 1, mark.column + 1) if mark else SourceLocation(self.file)
            self.add(place, "yaml.syntax", *_syntax(f"{problem} {context}"))
            self.broken = True
        except (YAMLError, ValueError, OverflowError, IndexError, AttributeError, AssertionError):
            # The scanner reports some malformed escapes and directives with Python's own errors.
            self.add(SourceLocation(self.file), "yaml.syntax", msg("the file is not YAML"))
            self.broken = True

    def _accept(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._document(event)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._place(self._stack.pop().close())
        elif kind in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
            self._node(event, kind)

    def _node(self, event: Any, kind: str) -> None:
        location = SourceLocation(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.add(
                location,
                "yaml.too-large",
                msg("the file has more than {most:,} values", most=MAX_NODES),
                msg("nothing needs that many"),
            )
            self.broken = True
            return
        self._refuse_features(event, kind, location)
        if kind == "AliasEvent":
            self._place(YamlScalar(location, UNREADABLE, plain=False))
        elif kind == "ScalarEvent":
            self._place(self._scalar(event, location))
        else:
            if len(self._stack) == MAX_DEPTH:
                self.add(location, "yaml.too-deep", msg("this is nested more than {most} levels deep", most=MAX_DEPTH))
                self.broken = True
                return
            self._stack.append(_Open(location, is_map=kind == "MappingStartEvent"))

    def _document(self, event: Any) -> None:
        self._documents += 1
        location = SourceLocation(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if self._documents > 1:
            # What the first one says is judged all the same.
            hint = msg("keep one document, without `---`")
            self.add(location, "yaml.several-documents", msg("a second document begins here"), hint)
        elif event.version is not None and tuple(event.version) != (1, 2):
            message = msg("the file asks for another version of YAML")
            self.add(location, "yaml.version", message, msg("delete the %YAML line: this file is YAML 1.2"))

    def _refuse_features(self, event: Any, kind: str, location: SourceLocation) -> None:
        if kind == "AliasEvent":
            self.add(
                location,
                "yaml.alias",
                msg("this value is an alias (*{anchor})", anchor=shown(event.anchor)),
                msg("write the value itself"),
            )
            return
        if event.anchor is not None:
            hint = msg("delete it; write each value in its place")
            self.add(
                location, "yaml.anchor", msg("this value has an anchor (&{anchor})", anchor=shown(event.anchor)), hint
            )
        if event.tag is not None:
            message = msg("this value has a tag ({tag})", tag=shown(event.tag.replace(_YAML_TAGS, "!!")))
            self.add(location, "yaml.tag", message, msg('delete it; quote a value that begins with "!"'))

    def _scalar(self, event: Any, location: SourceLocation) -> YamlScalar:
        text: str = event.value
        if name := unprintable(text):  # written as an escape: "\x07"
            self.findings.append(invisible(location, name))
            text = UNREADABLE
        plain = event.style is None or event.style == ""
        if plain and text:
            self._check_end(event)
        return YamlScalar(location, text, plain=plain)

    def _place(self, node: YamlNode) -> None:
        if not self._stack:
            self.tree = node
            return
        parent = self._stack[-1]
        if not parent.is_map:
            if not (isinstance(node, YamlScalar) and not node.text and node.plain and self._is_comment(node)):
                parent.items.append(node)
        elif parent.key is None:
            self._open_key(parent, node)
        else:
            if not parent.skip_value:
                # An empty value's own mark is at the next token, on another line: the key is its place.
                if isinstance(node, YamlScalar) and not node.text and node.plain:
                    self._check_comment(parent.key)
                    node = YamlScalar(parent.key.location, "")
                parent.entries.append((parent.key, node))
            parent.key, parent.skip_value = None, False

    def _check_comment(self, key: YamlScalar) -> None:
        """`colour: #1F4E79` is an empty value and a comment: without this, the text would be lost in silence."""
        line = self._line(key.location.line)
        if match := _INSTEAD.search(line, key.location.column - 1 + len(key.text)):
            place = SourceLocation(self.file, key.location.line, match.start(1) + 1)
            message = msg("`{text}` is empty: what follows # is a comment", text=shown(key.text))
            self.add(
                place, "yaml.comment", message, msg('put the value in quotes: "{match}"', match=shown(match[1].strip()))
            )

    def _is_comment(self, item: YamlScalar) -> bool:
        """Whether an empty item is one like `- #1 in York`, and so told; the item's mark is behind its dash."""
        if match := _ITEM.match(self._line(item.location.line), item.location.column - 1):
            place = SourceLocation(self.file, item.location.line, match.start(1) + 1)
            hint = msg('put the value in quotes: "{match}"', match=shown(match[1].strip()))
            self.add(place, "yaml.comment", msg("this item is empty: what follows # is a comment"), hint)
            return True
        return False

    def _check_end(self, event: Any) -> None:
        """`place: Clermont #63` is cut at the #, where a comment begins that looks like a part of the value."""
        mark = event.end_mark
        if match := _CUT.match(self._line(mark.line + 1), mark.column):
            place = SourceLocation(self.file, mark.line + 1, match.start(1) + 1)
            whole = f"{event.value}{match[0]}".strip()
            message = msg("this value ends before {match}: what follows # is a comment", match=shown(match[1].strip()))
            hint = msg('put the value in quotes ("{whole}"), or write a space after the #', whole=shown(whole))
            self.findings.append(Finding(place, "yaml.comment", message, hint, Severity.WARNING))

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if number <= len(self._lines) else ""

    def _open_key(self, parent: _Open, node: YamlNode) -> None:
        if not isinstance(node, YamlScalar):
            self.add(
                node.location,
                "yaml.key",
                msg("a key must be a word"),
                msg("put text with brackets or braces in quotes"),
            )
            parent.key, parent.skip_value = YamlScalar(node.location, ""), True
            return
        parent.key = node
        if (first := parent.lines.get(node.text)) is not None:
            message = msg(
                "the key `{text}` is given twice; the first is in line {first}", text=shown(node.text), first=first
            )
            self.add(node.location, "yaml.duplicate-key", message, msg("keep one of them"))
            parent.skip_value = True
        else:
            parent.lines[node.text] = node.location.line


_SYNTAX = (
    (
        "cannot start any",
        msg("a value begins with a character that means something else in YAML"),
        msg("put the value in quotes"),
    ),
    (
        "mapping values are not allowed",
        msg("there is a colon where none can be"),
        msg("put a value that holds `: ` in quotes, and check the indentation"),
    ),
    ("could not find expected ':'", msg("a colon is missing after the key"), msg("write `key: value`")),
    (
        "expected <block end>",
        msg("the indentation doesn't fit the lines above"),
        msg("align each key with its neighbours"),
    ),
    ("undefined alias", msg("uses an alias"), msg("write the value itself")),
    (
        "quoted scalar",
        msg("a quotation mark is opened and never closed"),
        msg("close it, or double it inside the text"),
    ),
    (
        "escape",
        msg("a backslash in double quotes begins an escape that doesn't exist"),
        msg("use single quotes, or write \\\\"),
    ),
    (
        "expected ',' or",
        msg("a bracket or brace is opened and never closed"),
        msg("close it, or put the text in quotes"),
    ),
    ("flow", msg("a bracket or brace is opened and never closed"), msg("close it, or put the text in quotes")),
    ("directive", msg("a line begins with %"), msg("delete it; this file needs none")),
    ("tag", msg("a value begins with an exclamation mark"), msg("put it in quotes")),
    ("alias", msg("a value begins with an asterisk"), msg("put it in quotes")),
    ("anchor", msg("a value begins with an ampersand"), msg("put it in quotes")),
    ("tab", msg("a tab is used for indentation"), msg("use spaces")),
)


def _syntax(problem: str) -> tuple[str, str]:
    if "'\\t'" in problem:
        return msg("a tab is used for indentation"), msg("use spaces")
    for part, message, hint in _SYNTAX:
        if part in problem:
            return message, hint
    return msg("this is not YAML"), msg("compare with what `handover new` writes")
