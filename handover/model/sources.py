"""What was read from a project folder, before anyone judges it: text with its place, and nothing else.

Role: the values that travel from `handover.project.read` to `handover.project.check`. Every scalar and every cell is
text exactly as it was written (a plain `no` is the word "no", `0299` keeps its zero) and knows its `SourceLocation`.
Nothing here reads a file, coerces a value or decides whether it is right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from handover.model.artifact import AssetSource
from handover.model.errors import Finding, SourceLocation
from handover.model.rows import TABLES
from handover.model.selection import LeftOut

SETTINGS_FILE = "handover.yaml"
VAULT_FILE = "vault.xlsx"
DATA_FOLDER = "data"
ASSETS_FOLDER = "assets"
TEMPLATES_FOLDER = "templates"
NOTICE_FILE = "signed/notice.docx"
"""The notice as it was signed, months before the bundle."""
PICTURES = (("brand", "logo"), ("client", "logo"), ("report", "pictures", "before"), ("report", "pictures", "after"))
"""Where the settings name a picture, beside each owner's signature."""

NOT_FOR_PICTURES = frozenset({"internal", "out", TEMPLATES_FOLDER, DATA_FOLDER})
"""Folders of which nothing enters a document: a setting that names a picture there is refused, unread."""


UNREADABLE = "\ufffd"
"""The text of a value that already has a finding (a formula, an invisible character): nothing more is said of it."""

_ABSENT = frozenset({"", "~", "null", "Null", "NULL"})


class YamlScalar(NamedTuple):
    """One YAML scalar as text. `plain` is False for quoted and block scalars, which are never "absent"."""

    location: SourceLocation
    text: str
    plain: bool = True

    @property
    def absent(self) -> bool:
        """True for nothing, `~` and `null` without quotes (YAML 1.2 core schema, 10.2.1.1)."""
        return self.plain and self.text in _ABSENT


class YamlList(NamedTuple):
    """A YAML sequence."""

    location: SourceLocation
    items: tuple["YamlNode", ...]


class YamlMap(NamedTuple):
    """A YAML mapping with distinct scalar keys, in file order."""

    location: SourceLocation
    entries: tuple[tuple[YamlScalar, "YamlNode"], ...]

    def key(self, name: str) -> YamlScalar | None:
        """The key called `name`, or None."""
        return next((key for key, _ in self.entries if key.text == name), None)

    def get(self, name: str) -> "YamlNode | None":
        """The value of the key called `name`, or None."""
        return next((value for key, value in self.entries if key.text == name), None)


YamlNode = YamlScalar | YamlList | YamlMap
Keys = tuple[str | int, ...]
"""The way to a node: keys and indexes, these from 0."""


def node_at(node: YamlNode | None, *path: str | int) -> YamlNode | None:
    """What stands under keys and (0-based) indexes, one in the other; None where nothing does."""
    for step in path:
        if isinstance(node, YamlMap) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def text_at(node: YamlNode | None, *path: str | int) -> str:
    """The text that stands there; empty where none does."""
    found = node_at(node, *path)
    return found.text if isinstance(found, YamlScalar) and not found.absent else ""


def scalars(
    node: YamlNode | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], YamlScalar]]:
    """Every scalar of a tree with its path, in the file's order."""
    if isinstance(node, YamlScalar):
        yield path, node
    elif isinstance(node, YamlList):
        for index, item in enumerate(node.items):
            yield from scalars(item, (*path, index))
    elif isinstance(node, YamlMap):
        for key, value in node.entries:
            yield from scalars(value, (*path, key.text))


class Cell(NamedTuple):
    """One cell of a table. `exact` is True when a workbook held a number: its text has a decimal point."""

    location: SourceLocation
    text: str
    exact: bool = False
    sign: str = ""
    """What a workbook shows beside the number: `%`, or a currency's sign or code."""

    @property
    def blank(self) -> bool:
        """True when there is nothing but white space."""
        return not self.text.strip()


class Row(NamedTuple):
    """One row: its place and its cells by canonical column name. Columns that the table lacks are absent."""

    location: SourceLocation
    cells: Mapping[str, Cell]


class Table(NamedTuple):
    """One table: `name` is its key in `handover.model.TABLES`, `columns` its canonical columns in file order."""

    name: str
    location: SourceLocation
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    language: str = ""
    """Whose headers it has (ISO 639-1); empty for the canonical ones and for those of several languages."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that was read from one project folder.

    `settings` is None when `handover.yaml` is missing or isn't a YAML mapping; a table is missing from
    `tables` when it couldn't be read. `findings` says why. `images` and `templates` hold bytes by path in the
    settings and by document (`letter`, or `es/letter` in a language's folder). `vault` is the encrypted file as it
    is. `digests` maps each input file, relative to `root` with forward slashes, to its SHA-256 in lower-case
    hexadecimal (the client's files are digested later, while they are packed).
    `left_out` is what lies in their folder and isn't delivered. `languages` are those that documents
    can be written in. `words` holds the TOML files, by name, of a language that the project brings along in
    `templates/<language>/`.
    """

    root: Path
    settings: YamlMap | None
    tables: Mapping[str, Table]
    assets_root: Path | None = None
    """The folder of the client's files; None where it can't or mustn't be opened."""
    assets: tuple[AssetSource, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    templates: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    vault: bytes | None = field(default=None, repr=False)
    notice: bytes | None = field(default=None, repr=False)
    """`NOTICE_FILE`, where the project has it."""
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    languages: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    shared: bool = False
    """Whether the workspace's `agency.yaml` was taken into account."""
    from_workspace: frozenset[str] = frozenset()
    """The pictures and templates that the workspace gave, by their path in a project."""


def shown(value: object) -> str:
    """Typed text as a message may quote it: one line, at most 40 characters, nothing that a terminal would obey."""
    text = " ".join(str(value)[:1000].split())[:60]  # a long one may stand in every cell of a table
    text = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _rank(file: str) -> tuple[int, int]:
    folder, _, name = file.removeprefix("../").partition("/")
    if file == SETTINGS_FILE:
        return 0, 0
    if not name and file.endswith(".xlsx") and file != VAULT_FILE:
        return 1, 0
    if folder == DATA_FOLDER:
        stem = name.rpartition(".")[0]
        return 1, list(TABLES).index(stem) if stem in TABLES else len(TABLES)
    order = ("brand", ASSETS_FOLDER, VAULT_FILE)
    return 2, order.index(folder) if folder in order else len(order)


def in_reading_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as a person would go through the folder: the settings, the tables, the rest; top to bottom."""
    return sorted(
        findings,
        key=lambda f: (_rank(f.location.file), f.location.file, f.location.sheet, f.location, f.rule, f.message),
    )
