"""What one project's delivery is compared with: its internal papers, and the names of other clients.

Role: reads internal/ and the list of names, and makes the `Guard` of a delivery from them; says which values of the
project's own inputs name another client. What is secret in the vault is added by whoever opens it.
"""

import contextlib
import itertools
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Final

from handover.bundle.write.assets import AssetFolder, open_regular
from handover.bundle.write.scan import scan_assets
from handover.formats.opener import open_named
from handover.languages import files as resources
from handover.model.errors import AssetError, Finding, SourceLocation
from handover.model.life import INTERNAL_FILE, JOURNAL_FILE, VETTING_FILE
from handover.model.sources import Sources, YamlNode, node_at, scalars
from handover.project.leaks import findings
from handover.project.leaks.apart import Kind, is_closed, kind_of
from handover.project.leaks.assets import asset_leaks, digest_of
from handover.project.leaks.internal import internal_texts
from handover.project.leaks.names import Names, names_of
from handover.project.leaks.office import Cost, office_text
from handover.project.leaks.plain import Asset, Guard, name_leaks
from handover.project.leaks.search import NEIGHBOUR, Searcher
from handover.project.leaks.text import decoded, encoding_of
from handover.project.read.yaml_tree import read_yaml

INTERNAL_FOLDER: Final = "internal"
_WHOLE: Final = ("evidence/", "made/")
"""In internal/: what others wrote, and what is made from the rest and from what may be said. Both are compared whole,
not word by word."""
_BESIDE: Final = (JOURNAL_FILE, f"../{VETTING_FILE}")
"""What is internal and stands elsewhere: the journal, and the workspace's vetting list."""
_PROSE: Final = frozenset(
    {("letter", key) for key in ("reason", "highlights", "offers", "conditions", "deliveries", "wishes", "reference")}
    | {("letter", "successors"), ("transition", "overview"), ("transition", "fee"), ("contract", "subject")}
    | {("report", key) for key in ("summary", "story", "pictures", "campaigns", "left_out")}
    | {("options", key) for key in ("on_receipt", "late_fee_note")}
)
"""Keys of the settings at which the agency writes to the client: what the papers say must not be copied there."""
_OF_METRICS: Final = frozenset({"title", "comment", "annotations"})
"""The same, of each metric."""
_COLUMNS: Final = frozenset(
    {"description", "next_action", "blockers", "takeover", "rights", "note", "transfer", "how", "task",
     "topic", "milestone"}
)  # fmt: skip
"""Columns of the tables in which it does. The others hold names, which the papers may well call by their names."""
_NOTED: Final = frozenset({("contract", "obligations"), ("client", "contacts")})
"""Keys of the settings with names and short facts, which are as a table's cells."""
_SAID: Final = frozenset({("call", key) for key in ("reasons", "if_asked_why", "concessions")})
"""Keys of internal.yaml that are planned to be said aloud: the letter's public reason is often one of them."""


class _Kind(Enum):
    """What a value of the project's inputs is, as far as internal papers may repeat it."""

    NAME = auto()
    """A name, a number, somebody else's words."""
    PROSE = auto()
    """What the agency writes to the client in the settings."""
    CELL = auto()
    """What it tells the client in a table."""


_TOGETHER: Final = 1_000
"""Values that are searched at once: one by one, a long table takes as long again as reading it."""
_MAX_TEXT: Final = 256 * 1024
_MAX_ALL: Final = 1024 * 1024
_HEAD: Final = 8_192
_BLOCK: Final = 1024 * 1024


def value_leaks(sources: Sources, names: Names) -> list[Finding]:
    """Findings for values of the settings and the tables that name another client."""
    if not any(names):
        return []
    searcher = Searcher(denied=names.denied, told=names.told)
    found, values = list[Finding](), _values(sources)
    while some := list(itertools.islice(values, _TOGETHER)):
        if searcher.search("\n".join(text for _, text, _ in some)):
            hits = ((place, hit) for place, text, _ in some for hit in searcher.search(text))
            found += [findings.of_value(*one) for one in hits if one[1].rule in {"leak.denied-name", NEIGHBOUR}]
    return found


def folder_leaks(sources: Sources, given: Iterable[str] = ()) -> list[Finding]:
    """What a build would refuse or tell of the client's files as they are in the folder, but for the vault's secrets.

    `given` are other clients' names besides those of the project's own list. A file that can't be read has its finding
    from the scan already, or will have one when it's packed.
    """
    names = names_of(sources, given)
    found = value_leaks(sources, names)
    entries = {asset.entry: asset.path for asset in sources.assets}
    found += name_leaks(entries)
    guard = guard_of(sources, names)
    found += guard.gaps
    if entries and sources.assets_root:
        with AssetFolder(sources.assets_root) as folder:
            assets = [
                Asset(asset.entry, asset.size or 0, partial(_blocks, folder, asset.path)) for asset in sources.assets
            ]
            found += asset_leaks(assets, guard)
    allowed = allowed_by(sources)
    return [finding for finding in found if finding.location.file not in allowed]


def _blocks(folder: AssetFolder, path: str) -> Iterator[bytes]:
    with contextlib.suppress(AssetError), open_regular(folder, path) as (descriptor, _):
        while block := os.read(descriptor, _BLOCK):
            yield block


def allowed_by(sources: Sources) -> frozenset[str]:
    """The entries that `options.assets.allow_leaks` lets pass, whatever else is wrong with the settings."""
    return frozenset(_texts(node_at(sources.settings, "options", "assets", "allow_leaks")))


def guard_of(sources: Sources, names: Names | None = None) -> Guard:
    """What the files of this project's delivery are compared with, but for the vault's secrets; `names` are other
    clients', those that `names_of` knows if none are given.

    What can't be opened in internal/ is left alone: it can't be packed either.
    """
    papers = _papers(sources.root, {asset.size for asset in sources.assets if asset.size})
    texts = papers.texts
    said: dict[_Kind, list[str]] = {kind: [] for kind in _Kind}
    for _, text, kind in _values(sources) if texts else ():
        said[kind].append(text)
    sayable = _sayable(texts.get(INTERNAL_FILE, ""))
    internal = internal_texts(
        texts, said[_Kind.NAME], _our_words, prose=said[_Kind.PROSE], sayable=sayable, cells=said[_Kind.CELL]
    )
    denied, told = names_of(sources) if names is None else names
    searcher = Searcher(denied=denied, internal=internal)
    return Guard(searcher, papers.digests, frozenset(papers.sizes), _known(sources), told, tuple(papers.findings))


def uncompared(root: Path) -> list[Finding]:
    """What is told of internal papers whose text nothing is compared with, if there are any."""
    return _papers(root).findings


class _Papers:
    """What is internal: digests and sizes of files that may be among the client's, texts, and files whose text isn't
    read."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.sizes: set[int] = set()
        self.texts: dict[str, str] = {}
        self._unread: list[str] = []
        self._cost = Cost()

    @property
    def findings(self) -> list[Finding]:
        """One for all files whose text isn't read."""
        return [findings.uncompared(self._unread)] if self._unread else []

    def add(self, name: str, size: int, head: bytes) -> None:
        """Take the text of a file of which `head` is the beginning, or all."""
        ending = name.rpartition(".")[2].lower()
        kind, text, unread = kind_of(ending, head), "", True
        is_read = size <= _MAX_TEXT and sum(map(len, self.texts.values())) < _MAX_ALL
        if is_read and kind is Kind.OFFICE:
            text, why = office_text(head, cost=self._cost)
            unread = bool(why)
        elif kind in {None, Kind.MAIL} and not is_closed(ending, head):
            text = (decoded(head) or "") if is_read else ""
            unread = not is_read and encoding_of(head[:_HEAD]) is not None
        self.texts |= {name: text} if text else {}
        self._unread += [name] if unread else []


def _papers(root: Path, sizes: Container[int] = ()) -> _Papers:
    """The project's internal papers; of its files those of such a `sizes` with their digests."""
    papers = _Papers()
    for name, size, folder, path in _internal(root):
        with contextlib.suppress(AssetError):
            if size in sizes:
                papers.digests[digest_of(_blocks(folder, path))] = name
                papers.sizes.add(size)
            if not path.startswith(_WHOLE):
                papers.add(name, size, _beginning(folder, path))
    for name in _BESIDE:
        with contextlib.suppress(OSError), open_named(root / name, follow=False) as file:
            papers.add(name.removeprefix("../"), os.fstat(file.fileno()).st_size, file.read(_MAX_TEXT))
    return papers


def _beginning(folder: AssetFolder, path: str) -> bytes:
    with open_regular(folder, path) as (descriptor, _):
        return os.read(descriptor, _MAX_TEXT)


def _is_prose(path: Sequence[str | int]) -> bool:
    """Whether the agency writes to the client in its own words at a key of the settings."""
    return tuple(path[:2]) in _PROSE or (path[0] == "metrics" and not _OF_METRICS.isdisjoint(path[2:3]))


def _sayable(internal: str) -> list[str]:
    """What internal.yaml plans to say aloud."""
    tree, _ = read_yaml(internal.encode(), INTERNAL_FILE)
    return [node.text for path, node in scalars(tree) if tuple(path[:2]) in _SAID] if tree is not None else []


def _internal(root: Path) -> Iterator[tuple[str, int, AssetFolder, str]]:
    place = root.resolve() / INTERNAL_FOLDER
    try:
        with AssetFolder(place, INTERNAL_FOLDER) as folder:
            for source in scan_assets(place, rename_unsafe=True, label=INTERNAL_FOLDER).sources:
                if source.size:
                    yield f"{INTERNAL_FOLDER}/{source.path}", source.size, folder, source.path
    except AssetError:
        return


def _our_words() -> Iterator[str]:
    """What our templates and their words say, in every language."""
    for language in resources.languages():
        for template in resources.word_templates(language).values():
            yield office_text(template)[0]
        for path in sorted(resources.template_path(language).glob("*.toml")):
            yield resources.read_text(language, path.name)


def _values(sources: Sources) -> Iterator[tuple[SourceLocation, str, _Kind]]:
    """What may be printed, and what kind of text it is; where the client's files are and which of them stay behind
    isn't."""
    for path, node in scalars(sources.settings):
        if path[:1] != ("assets",) and path[:2] != ("options", "assets"):
            noted = tuple(path[:2]) in _NOTED or path[0] == "owners"
            yield node.location, node.text, _Kind.PROSE if _is_prose(path) else _Kind.CELL if noted else _Kind.NAME
    for table in sources.tables.values():
        for row in table.rows:
            for name, cell in row.cells.items():
                if not cell.blank:
                    yield cell.location, cell.text, _Kind.CELL if name in _COLUMNS else _Kind.NAME


def _texts(node: YamlNode | None) -> list[str]:
    return [found.text for _, found in scalars(node)]


def _known(sources: Sources) -> frozenset[str]:
    """Names that the letter shows: those of the agency, the owner and the client's people."""
    settings = sources.settings
    parts = [settings.get(key) for key in ("agency", "owners", "client")] if settings else []
    return frozenset(" ".join(text.split()).casefold() for part in parts for text in _texts(part))
