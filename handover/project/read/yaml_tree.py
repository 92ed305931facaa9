"""`handover.yaml` as a tree of located text: YAML 1.2, strict, every finding at once.

Role: walks the parser's events and builds `YamlMap`, `YamlList` and `YamlScalar`. What makes YAML surprising
is refused: a key given twice (most parsers keep the last one silently), tags, anchors and aliases (which can
also make a small file unfold into gigabytes), several documents in one file, keys that aren't words. Scalars
stay text: what they mean is decided by the models. Events are walked rather than composed nodes, so that depth
and size are bounded before anything recurses.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
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


class _Broken(Exception):
    """Nothing can be said of the file but what is noted."""


def read_yaml(content: bytes, file: str) -> tuple[YamlMap | None, list[Finding]]:
    """The tree of one YAML file and what is wrong with it; never raises.

    The tree is None when there is no mapping to judge: the file is empty, isn't YAML, or is a list or a word.
    """
    tree, findings = _read(content, file)
    return tree, list(findings)


@lru_cache(maxsize=8)  # a command asks for the same settings two or three times, and ruamel is slow
def _read(content: bytes, file: str) -> tuple[YamlMap | None, Sequence[Finding]]:
    text, findings = decode(content, file)
    if findings and not text:
        return None, findings
    text, more = replace_invisible(text, lambda offset: SourceLocation(file, *place_in(text, offset)))
    reader = _Reader(text, file, findings + more)
    try:
        tree = reader.document()
    except _Broken:
        return None, reader.findings
    if isinstance(tree, YamlMap):
        return _listed(tree), reader.findings
    is_empty = tree is None or (isinstance(tree, YamlScalar) and tree.absent)
    what = msg("the file is empty") if is_empty else msg("the file has no keys")
    command = "setup" if file.endswith(AGENCY_FILE) else "new"
    hint = msg("`handover {command}` writes one to fill in", command=command)
    reader.add(SourceLocation(file, 1, 1), "yaml.no-mapping", what, hint)
    return None, reader.findings


_ONE = {"owner": "owners", "contact": "contacts"}
"""Lists whose one item may be written without the list, under the name of one."""


def _listed(tree: YamlMap) -> YamlMap:
    """The settings with `owner:` and `client.contact:` as the lists of one that they mean."""

    def entry(key: YamlScalar, value: YamlNode, around: YamlMap) -> tuple[YamlScalar, YamlNode]:
        many = _ONE.get(key.text)
        if many is None or around.key(many) is not None:
            return key, value
        return key._replace(text=many), YamlList(value.location, (value,)) if isinstance(value, YamlMap) else value

    client = tree.get("client")
    entries = [entry(key, value, tree) if key.text == "owner" else (key, value) for key, value in tree.entries]
    if isinstance(client, YamlMap):
        people = YamlMap(client.location, tuple(entry(key, value, client) for key, value in client.entries))
        entries = [(key, people if value is client else value) for key, value in entries]
    return YamlMap(tree.location, tuple(entries))


class _Reader:
    """Turns parser events into one tree, as deep as settings are nested."""

    def __init__(self, text: str, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self._nodes = 0
        self._lines = text.split("\n")
        self._events = self._parsed(text)

    def add(
        self, location: SourceLocation, rule: str, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        self.findings.append(Finding(location, rule, message, hint, severity))

    def document(self) -> YamlNode | None:
        """The tree of the file's first document. Raises _Broken after noting what nothing can be read behind."""
        tree, documents = None, 0
        for event in self._events:
            kind = type(event).__name__
            documents += kind == "DocumentStartEvent"
            if documents > 1:
                # What the first one says is judged all the same.
                hint = msg("keep one document, without `---`")
                self.add(self._at(event), "yaml.several-documents", msg("a second document begins here"), hint)
                break
            if kind == "DocumentStartEvent" and event.version is not None and tuple(event.version) != (1, 2):
                message = msg("the file asks for another version of YAML")
                hint = msg("delete the %YAML line: this file is YAML 1.2")
                self.add(self._at(event), "yaml.version", message, hint)
            if kind in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
                tree = self._node(event, 0)
        return tree

    def _parsed(self, text: str) -> Iterator[Any]:
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
            raise _Broken from None
        except (YAMLError, ValueError, OverflowError, IndexError, AttributeError, AssertionError):
            # The scanner reports some malformed escapes and directives with Python's own errors.
            self.add(SourceLocation(self.file), "yaml.syntax", msg("the file is not YAML"))
            raise _Broken from None

    def _at(self, event: Any) -> SourceLocation:
        return SourceLocation(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> YamlNode:
        """What begins with an event, inside so many lists and groups."""
        location, kind = self._at(event), type(event).__name__
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = msg("the file has more than {most:,} values", most=MAX_NODES)
            self.add(location, "yaml.too-large", message, msg("nothing needs that many"))
            raise _Broken
        if kind == "AliasEvent":
            message = msg("this value is an alias (*{anchor})", anchor=shown(event.anchor))
            self.add(location, "yaml.alias", message, msg("write the value itself"))
            return YamlScalar(location, UNREADABLE, plain=False)
        if event.anchor is not None:
            message = msg("this value has an anchor (&{anchor})", anchor=shown(event.anchor))
            self.add(location, "yaml.anchor", message, msg("delete it; write each value in its place"))
        if event.tag is not None:
            message = msg("this value has a tag ({tag})", tag=shown(event.tag.replace(_YAML_TAGS, "!!")))
            self.add(location, "yaml.tag", message, msg('delete it; quote a value that begins with "!"'))
        if kind == "ScalarEvent":
            text: str = event.value
            if name := unprintable(text):  # written as an escape: "\x07"
                self.findings.append(invisible(location, name))
                text = UNREADABLE
            if text and event.style not in {"|", ">"}:
                self._check_end(event)
            return YamlScalar(location, text, plain=not event.style)
        if depth == MAX_DEPTH:
            self.add(location, "yaml.too-deep", msg("this is nested more than {most} levels deep", most=MAX_DEPTH))
            raise _Broken
        return self._map(location, depth + 1) if kind == "MappingStartEvent" else self._list(location, depth + 1)

    def _list(self, location: SourceLocation, depth: int) -> YamlList:
        items = []
        for event in self._until("SequenceEndEvent"):
            item = self._node(event, depth)
            if not (_is_nothing(item) and self._is_comment(item.location)):
                items.append(item)
        return YamlList(location, tuple(items))

    def _map(self, location: SourceLocation, depth: int) -> YamlMap:
        entries: list[tuple[YamlScalar, YamlNode]] = []
        lines: dict[str, int] = {}
        for event in self._until("MappingEndEvent"):
            key = self._node(event, depth)
            is_new = self._is_new_key(key, lines)
            value = self._node(next(self._events), depth)
            if isinstance(key, YamlScalar) and is_new:
                # An empty value's own mark is at the next token, on another line: the key is its place.
                if _is_nothing(value):
                    self._check_comment(key)
                    value = YamlScalar(key.location, "")
                entries.append((key, value))
        return YamlMap(location, tuple(entries))

    def _until(self, end: str) -> Iterator[Any]:
        while type(event := next(self._events)).__name__ != end:
            yield event

    def _is_new_key(self, key: YamlNode, lines: dict[str, int]) -> bool:
        if not isinstance(key, YamlScalar):
            hint = msg("put text with brackets or braces in quotes")
            self.add(key.location, "yaml.key", msg("a key must be a word"), hint)
            return False
        if (first := lines.get(key.text)) is not None:
            message = msg("the key `{text}` is given twice; the first is in line {first}", text=shown(key.text),
                          first=first)  # fmt: skip
            self.add(key.location, "yaml.duplicate-key", message, msg("keep one of them"))
        lines.setdefault(key.text, key.location.line)
        return first is None

    def _check_comment(self, key: YamlScalar) -> None:
        """`colour: #1F4E79` is an empty value and a comment: without this, the text would be lost in silence."""
        if match := _INSTEAD.search(self._line(key.location.line), key.location.column - 1 + len(key.text)):
            message = msg("`{text}` is empty: what follows # is a comment", text=shown(key.text))
            self._lost(key.location.line, match, message)

    def _is_comment(self, place: SourceLocation) -> bool:
        """Whether an empty item is one like `- #1 in York`, and so told; the item's mark is behind its dash."""
        if match := _ITEM.match(self._line(place.line), place.column - 1):
            self._lost(place.line, match, msg("this item is empty: what follows # is a comment"))
        return match is not None

    def _lost(self, line: int, match: re.Match[str], message: str) -> None:
        hint = msg('put the value in quotes: "{match}"', match=shown(match[1].strip()))
        self.add(SourceLocation(self.file, line, match.start(1) + 1), "yaml.comment", message, hint)

    def _check_end(self, event: Any) -> None:
        """`place: Clermont #63` is cut at the #, where a comment begins that looks like a part of the value."""
        mark = event.end_mark
        if match := _CUT.match(self._line(mark.line + 1), mark.column):
            place = SourceLocation(self.file, mark.line + 1, match.start(1) + 1)
            whole = f"{event.value}{match[0]}".strip()
            message = msg("this value ends before {match}: what follows # is a comment", match=shown(match[1].strip()))
            hint = msg('put the value in quotes ("{whole}"), or write a space after the #', whole=shown(whole))
            self.add(place, "yaml.comment", message, hint, Severity.WARNING)

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if number <= len(self._lines) else ""


def _is_nothing(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.plain and not node.text


_TAB = msg("a tab stands where YAML wants spaces")
_OPEN = (
    msg("a bracket or brace is opened and never closed"),
    msg("close it, or put the text in quotes; after a space, # begins a comment"),
)
_SYNTAX = (
    ("cannot start any", msg("a value begins with a character that means something else in YAML"),
     msg("put the value in quotes")),
    ("mapping values are not allowed", msg("there is a colon where none can be"),
     msg("put a value that holds `: ` in quotes, and check the indentation")),
    ("could not find expected ':'", msg("a colon is missing after the key"), msg("write `key: value`")),
    ("expected <block end>", msg("the indentation doesn't fit the lines above"),
     msg("align each key with its neighbours")),
    ("undefined alias", msg("uses an alias"), msg("write the value itself")),
    ("quoted scalar", msg("a quotation mark is opened and never closed"),
     msg("close it, or double it inside the text")),
    ("escape", msg("a backslash in double quotes begins an escape that doesn't exist"),
     msg("use single quotes, or write \\\\")),
    ("expected ',' or", *_OPEN),
    ("flow", *_OPEN),
    ("directive", msg("a line begins with %"), msg("delete it; this file needs none")),
    ("tag", msg("a value begins with an exclamation mark"), msg("put it in quotes")),
    ("alias", msg("a value begins with an asterisk"), msg("put it in quotes")),
    ("anchor", msg("a value begins with an ampersand"), msg("put it in quotes")),
    ("not allowed here", msg("a value begins with a character that means something else in YAML"),
     msg("put the value in quotes")),
    ("tab", _TAB, msg("use spaces")),
)  # fmt: skip


def _syntax(problem: str) -> tuple[str, str]:
    if "'\\t'" in problem:
        return _TAB, msg("use spaces")
    unknown = msg("this is not YAML"), msg("compare with what `handover new` writes")
    return next(((message, hint) for part, message, hint in _SYNTAX if part in problem), unknown)
