"""The look at one of the client's files while it goes by: its name, its first bytes, and its text where it is text.

Role: takes a file's blocks once, in whatever way they come, and says whether the file must be read apart: documents
and archives, which `assets` reads. Text of any length is searched. It follows no path: who calls gives the contents.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from handover.model.errors import Finding
from handover.model.message import msg
from handover.project.leaks import findings
from handover.project.leaks.apart import Kind, ending_of, first_of, is_closed, kind_of, texts_of
from handover.project.leaks.files import kind_by_content, kind_by_name
from handover.project.leaks.needles import Needle
from handover.project.leaks.search import Hit, Searcher

_INTERNAL_NAME: Final = re.compile(
    r"(^|/)(internal|interne|post[ _-]?mortem)(/(?!.*\.(py[iwx]?|so|[ch](pp)?|js|mjs|ts|go|rs|rb|java|php|cs|map)$)|"
    r"(\.(?!(py[iwx]?|so|[ch](pp)?|js|mjs|ts|go|rs|rb|java|php|cs|map)$)[^/]*)?$)|"
    r"(^|[\W_])(internal[ _-]only|do[ _-]not[ _-](send|share)|ne[ _-]pas[ _-](diffuser|envoyer))([\W_]|$)",
    re.IGNORECASE,
)
_INTERNAL_TEXT: Final = re.compile(
    r"\A(\ufeff)?\s*(---\s*\n(?:[^\n]*\n){0,20}?\s*(?:internal|interne)\s*:\s*(?:true|yes|oui)\b|"
    r"(?:[^\n]*\n){0,4}?[^\n\w]*(?:internal only|internal use only|do not send to the client|"
    r"usage interne|document interne|ne pas diffuser|ne pas transmettre au client)\b)",
    re.IGNORECASE,
)
_TOP: Final = 4_000


class Asset(NamedTuple):
    """A file that is about to leave: its entry, its size in bytes, and its content in blocks."""

    entry: str
    size: int
    blocks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Guard:
    """Everything that a delivery's files are compared with."""

    searcher: Searcher = field(default_factory=Searcher)
    internal_digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """SHA-256 of each file in internal/ that isn't empty → its name."""
    internal_sizes: frozenset[int] = frozenset()
    known: frozenset[str] = frozenset()
    """Names that the letter itself shows: nothing is told of an author among them."""
    told: tuple[str, ...] = ()
    """Names of neighbours that may be mere words: of files that hold them is told, in one finding."""
    gaps: tuple[Finding, ...] = ()
    """What is told of internal papers that nothing is compared with."""

    def with_needles(self, sought: Sequence[Needle]) -> "Guard":
        """The same, with the secrets of an opened vault."""
        return replace(self, searcher=replace(self.searcher, needles=tuple(sought)))


def name_leaks(entries: Iterable[str]) -> list[Finding]:
    """Findings for assets whose name says that they are internal, or hold secrets."""
    found = []
    for entry in entries:
        if _INTERNAL_NAME.search(entry):
            found.append(findings.finding(entry, "leak.internal-name", msg("its name says that it is internal")))
        if what := kind_by_name(entry.partition("/")[2] or entry):
            found.append(findings.finding(entry, "leak.secret-file", msg("this is {what}", what=what)))
    return found


def says_internal(text: str) -> bool:
    """Whether the first lines of a text say that it is internal."""
    return bool(_INTERNAL_TEXT.match(text[:_TOP]))


class Look:
    """What was found in some files so far."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.found: dict[Finding, None] = {}

    def at(self, entry: str, size: int, blocks: Iterator[bytes]) -> Kind | None:
        """Look at one file, of whose blocks as many are taken as are needed; as what it must be read apart, if so."""
        in_name = self.guard.searcher.search(entry)
        self.found.update(dict.fromkeys(findings.of_name(entry, hit) for hit in in_name))
        if not size or _are_secret(in_name):
            return None
        start = first_of(blocks)
        if what := kind_by_content(start):
            self.add(entry, "leak.secret-file", msg("this is {what}", what=what))
        ending = ending_of(entry)
        if (kind := kind_of(ending, start)) is not None:
            return kind
        if is_closed(ending, start):
            closed = msg("what it holds wasn't searched: files of its kind aren't looked into")
            self.add(entry, "leak.unsearched", closed)
        else:
            self.text(entry, start, blocks)
        return None

    def has_secret_name(self, entry: str) -> bool:
        """Whether a file's name is a secret itself: it isn't repeated, so nothing else can be told of the file."""
        return _are_secret(self.guard.searcher.search(entry))

    def text(self, entry: str, start: bytes, blocks: Iterator[bytes]) -> None:
        """Search a file's text, of which `start` was read already."""
        self.search(entry, ((text, lines, "") for text, lines in texts_of(start, blocks)))

    def search(
        self, entry: str, texts: Iterable[tuple[str, int, str]], is_late: Callable[[], bool] = lambda: False
    ) -> bool:
        """Search the texts of one file, each with the lines before it or with its place in words; whether all were."""
        told: set[str] = set()
        for number, (text, lines, place) in enumerate(texts):
            if place and is_late():
                return False
            if number == 0 and says_internal(text):
                self.add(entry, "leak.internal-text", msg("its first lines say that it is internal"))
            for hit in self.guard.searcher.search(text):
                if hit.message not in told:
                    told.add(hit.message)
                    self.found[findings.of_hit(entry, hit, lines=lines, place=place)] = None
        return True

    def add(self, entry: str, rule: str, message: str) -> None:
        """Tell something of a file."""
        self.found[findings.finding(entry, rule, message)] = None


def text_leaks(asset: Asset, searcher: Searcher) -> list[Finding]:
    """Findings for one file's text, where it is text."""
    look = Look(Guard(searcher))
    blocks = asset.blocks()
    look.text(asset.entry, first_of(blocks), blocks)
    return list(look.found)


def _are_secret(hits: Iterable[Hit]) -> bool:
    return any(hit.rule == "leak.secret" for hit in hits)
