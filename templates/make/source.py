"""A document's text file, read: its front matter, its tags, and the tree of its Markdown.

Role: tags, choices between voices, page numbers and fields of forms are tokenised first, each into one private-use
character, so that Markdown sees a word where one stands and neither disturbs the other. What a tag says is
`handover.templating`'s business, what a block means is `writer`'s and `blocks`'. It writes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import house

MARKS = "[\U000f0000-\U000ffffd]"
"""What those characters are, as a pattern."""

FIRST = 0xF0000
"""Where the private-use characters begin that stand for tags (Unicode, 23.5: plane 15)."""

_TAGS = re.compile(
    r"(?P<statement>\{%.*?%\})|(?P<print>\{\{.*?\}\})|(?P<page>\{pages?\})"
    r"|(?P<tick>\[ (?::\w[\w-]*)?\])|(?P<blank>\[___+(?: *:\w[\w-]*)?\])"
)
_CHOICE = re.compile(r"\[([^\[\]|\n]*)\|([^\[\]|\n]*)\]")
_LINE = re.compile(rf"[ \t]*({MARKS})[ \t]*")
_SHARED = re.compile(r"<!-- shared: ([\w-]+) -->")


class SourceError(Exception):
    """What is wrong with a text file, with the file and the line."""


@dataclass(frozen=True)
class Mark:
    """What one private-use character stands for."""

    kind: str
    """`statement`, `print`, `page`, `tick`, `blank` or `voice`."""
    text: str
    """A tag as written; a statement without its braces; a field's instruction; a control's name."""
    mine: str = ""
    """For a voice: what a person says; `text` is what an agency says."""


@dataclass(frozen=True)
class Settings:
    """A text file's front matter."""

    language: str
    """The folder's name, unless the front matter says otherwise."""
    margins: str = "25 25 25 25"
    """Top, right, bottom, left in mm; left and right add up to 50, for the text is 160 mm wide."""


class Source:
    """One text file: its settings, what its private-use characters stand for, and its tree."""

    def __init__(self, text: str, name: str, language: str, places: Sequence[str] = ()) -> None:
        self.name = name
        self._places = places or [f"{name}, line {number}" for number, _ in enumerate(text.split("\n"), 1)]
        self.marks: dict[str, Mark] = {}
        if found := re.search(MARKS, text):
            line = text.count("\n", 0, found.start()) + 1
            self.fail(line, "has a private-use character, which stands for a tag while the file is read")
        self._lines = text.split("\n")
        self._markdown = _markdown(self)
        tokens = self._markdown.parse(self._tokenised(text))
        front = tokens.pop(0).content if tokens and tokens[0].type == "front_matter" else ""
        self.settings = self._settings(front, language)
        self.root = SyntaxTreeNode(tokens)

    @classmethod
    def read(cls, path: Path) -> "Source":
        """The file at `path`; its folder names the language. Raises SourceError.

        A line `<!-- shared: address -->` stands for the lines of `shared/address.md` beside it: what several letters
        say alike is written once.
        """
        folder, name = path.parent, f"{path.parent.name}/{path.name}"
        lines: list[str] = []
        places: list[str] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            here = f"{name}, line {number}"
            found = _SHARED.fullmatch(line)
            part = folder / "shared" / f"{found[1]}.md" if found else None
            if part and not part.is_file():
                raise SourceError(f"templates/{here}: there is no shared/{part.name}")
            taken = part.read_text(encoding="utf-8").rstrip("\n").split("\n") if part else [line]
            lines += taken
            places += [
                f"{folder.name}/shared/{part.name}, line {at}" if part else here for at, _ in enumerate(taken, 1)
            ]
        return cls("\n".join(lines), name, folder.name, places)

    def fail(self, line: int, message: str) -> NoReturn:
        """Raise SourceError for that line of this file."""
        raise SourceError(f"templates/{self._places[min(line, len(self._places)) - 1]}: {message}")

    def more(self, text: str) -> SyntaxTreeNode:
        """The tree of more Markdown, which isn't in this file: its blocks have no lines."""
        tokens = self._markdown.parse(self._tokenised(text))
        for token in tokens:
            token.map = None
        return SyntaxTreeNode(tokens)

    def inline(self, content: str) -> list[Token]:
        """The inline tokens of a piece of text."""
        return self._markdown.parseInline(content)[0].children or []

    def closes(self, container: SyntaxTreeNode) -> bool:
        """Whether a container has its closing line: Markdown would let it run to the end."""
        end = (container.map or (0, 0))[1]
        return end < len(self._lines) and self._lines[end].strip().startswith(container.markup)

    def statement(self, character: str) -> str:
        """What the statement that a character stands for says; nothing where it is no statement."""
        mark = self.marks.get(character)
        return mark.text if mark and mark.kind == "statement" else ""

    def attributes(self, text: str, line: int) -> tuple[dict[str, str], str]:
        """The attributes `{.Style key="value"}` that a text begins with, and the rest."""
        if not text.startswith("{"):
            return {}, text
        try:
            end, found = parse(text)
        except ParseError:
            self.fail(line, f'“{text[:40]}” are no attributes; write {{.Style}} or {{key="value"}}')
        return found, text[end + 1 :].strip()

    def _tokenised(self, text: str) -> str:
        return _CHOICE.sub(lambda m: self._mark(Mark("voice", m[1], m[2])), _TAGS.sub(self._tag, text))

    def _mark(self, mark: Mark) -> str:
        character = chr(FIRST + len(self.marks))
        self.marks[character] = mark
        return character

    def _tag(self, found: re.Match[str]) -> str:
        kind, text = str(found.lastgroup), found[0]
        said = {
            "statement": text[2:-2].strip(),
            "page": {"{page}": "PAGE", "{pages}": "NUMPAGES"}.get(text, ""),
            "tick": text[2:-1].lstrip(":"),
            "blank": text[1:-1].strip("_ :"),
        }
        return self._mark(Mark(kind, said.get(kind, text)))

    def _settings(self, front: str, language: str) -> Settings:
        try:
            given: Any = YAML(typ="safe").load(front) or {}
        except YAMLError as error:
            self.fail(1, f"the front matter isn't YAML: {error}")
        known = [field.name for field in fields(Settings)]
        for key in given:
            if key not in known:
                self.fail(1, f"the front matter has no {key!r}; it knows {', '.join(known)}")
        settings = Settings(**{"language": language, **{key: str(value) for key, value in given.items()}})
        if settings.language not in house.TAGS:
            self.fail(1, f"there is no language {settings.language!r}; house.py knows {', '.join(house.TAGS)}")
        return settings


def _markdown(source: Source) -> MarkdownIt:
    md = MarkdownIt("commonmark").enable("table")
    md.disable(["code", "fence", "lheading", "reference", "html_inline", "autolink", "backticks"])
    md.use(front_matter_plugin).use(attrs_block_plugin)
    md.use(attrs_plugin, after=("image", "link_close", "span_close"), spans=True)
    md.use(container_plugin, "block", validate=lambda *_: True)
    # Targets of links hold tags, which aren't ours to encode.
    md.validateLink, md.normalizeLink = (lambda _: True), (lambda url: url)  # type: ignore[method-assign, assignment]

    def statement(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
        """A tag alone on its line is a block of its own, whatever stands before and after."""
        found = _LINE.fullmatch(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        if not found or not source.statement(found[1]):
            return False
        if not silent:
            token = state.push("statement", "", 0)
            token.content, token.map, state.line = found[1], [line, line + 1], line + 1
        return True

    md.block.ruler.before("table", "statement", statement, {"alt": ["paragraph", "list", "reference"]})
    return md
