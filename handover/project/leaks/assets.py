"""The look at the client's files: their names, their text, and what Office files and PDFs hold.

Role: takes each file once, from a folder or from a finished zip, and gives every finding at once. Text of any length is
searched; Office files and PDFs within limits of time, and those that weren't are named. It follows no path itself: who
calls gives the contents.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final, NamedTuple

from handover.bundle.names import printable
from handover.formats import mail_text
from handover.formats.confined import Confined, Ending, Limits
from handover.model.errors import Finding
from handover.model.message import counted, msg
from handover.project.leaks import archives, findings, office
from handover.project.leaks.files import HEAD, kind_by_content, kind_by_name
from handover.project.leaks.needles import Needle
from handover.project.leaks.search import Searcher
from handover.project.leaks.text import encoding_of, pieces, slices

SECONDS_A_FILE: Final = 2.0
SECONDS_IN_ALL: Final = 60.0
"""For Office files and PDFs; text is searched whatever it takes."""
_MAX_TIMED: Final = 64 * 1024 * 1024
_CLOSED: Final = frozenset(
    {"doc", "xls", "ppt", "dot", "pps", "pages", "numbers", "key", "one", "mdb", "accdb", "msg", "pst", "wpd", "sxw",
     "indd", "7z", "rar", "tar", "tgz", "bz2", "xz", "zst"}
)  # fmt: skip
"""Documents and archives that aren't looked into."""
_CLOSED_STARTS: Final = (b"\xd0\xcf\x11\xe0", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"(\xb5/\xfd")
"""The same, whatever they are called: documents before 2007, bzip2, xz, 7-Zip, RAR, zstd."""
_MAILS: Final = frozenset({"eml", "mbox", "mht", "mhtml"})
_SQLITE: Final = b"SQLite format 3\0"
_NO_TEXT: Final = bytes.maketrans(bytes(range(32)), b"\n" * 32)
_RTF: Final = re.compile(r"\\[a-z]{1,32}(?:-?[0-9]{1,10})? ?|[{}\r\n]")

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
_ENCODING: Final = 8_192
_LATE: Final = msg("reading it takes too long")
_PAGE_END: Final = b"\f"
"""What `handover.formats.pdf_text` writes after each page; it is imported in the child alone."""
_BESIDE, _CLOSED_INSIDE = b"\x1d", b"\x1e"
"""What it writes before what is on no page, and before the name of an attachment that is no text."""


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


def text_leaks(asset: Asset, searcher: Searcher) -> list[Finding]:
    """Findings for one file's text, where it is text."""
    with _Look(Guard(searcher), time.monotonic, None) as look:
        blocks = asset.blocks()
        look.text(asset.entry, _first(blocks), blocks)
    return look.findings


def asset_leaks(
    assets: Iterable[Asset],
    guard: Guard,
    *,
    clock: Callable[[], float] = time.monotonic,
    pdf_limits: Limits | None = None,
) -> list[Finding]:
    """Findings for what the client's files hold, in their order; those about their names alone are `name_leaks`'."""
    guard = replace(guard, searcher=replace(guard.searcher, internal=guard.searcher.internal.for_files))
    with _Look(guard, clock, pdf_limits) as look:
        for asset in assets:
            look.at(asset)
    return look.findings


class _Look:
    """One look at all the files of a delivery, with what is left of its time."""

    def __init__(self, guard: Guard, clock: Callable[[], float], pdf_limits: Limits | None) -> None:
        self._guard = guard
        self._clock = clock
        self._left = SECONDS_IN_ALL
        self._began = 0.0
        self._authors: dict[str, list[str]] = {}
        limits = pdf_limits or Limits(seconds=SECONDS_A_FILE)
        self._pdfs = Confined("handover.formats.pdf_text:pages", limits)
        self._mails = Confined("handover.formats.mail_text:parts", replace(limits, output=_MAX_TIMED))
        self._found: dict[Finding, None] = {}

    def __enter__(self) -> "_Look":
        return self

    def __exit__(self, *_: object) -> None:
        self._pdfs.__exit__()
        self._mails.__exit__()

    @property
    def findings(self) -> list[Finding]:
        named = [findings.authors(name, entries) for name, entries in sorted(self._authors.items())]
        return [*self._found, *named]

    def at(self, asset: Asset) -> None:
        """Look at one file."""
        entry, guard = asset.entry, self._guard
        in_name = guard.searcher.search(entry)
        self._found.update(dict.fromkeys(findings.of_name(entry, hit) for hit in in_name))
        # A name that is a secret itself isn't repeated.
        if not asset.size or any(hit.rule == "leak.secret" for hit in in_name):
            return
        if asset.size in guard.internal_sizes:
            self._compare(asset)
        blocks = asset.blocks()
        start = _first(blocks)
        if what := kind_by_content(start):
            self._add(entry, "leak.secret-file", msg("this is {what}", what=what))
        ending = entry.rpartition(".")[2].lower()
        if reader := self._reader(ending, start):
            self._timed(asset, chain((start,), blocks), reader)
        elif start.startswith(_SQLITE):
            texts = pieces(start.translate(_NO_TEXT), (block.translate(_NO_TEXT) for block in blocks), "utf-8")
            self._search(entry, ((text, 0, "") for text, _ in texts))
        elif start.startswith(_CLOSED_STARTS) or (ending in _CLOSED and encoding_of(start[:_ENCODING]) is None):
            self._add(
                entry, "leak.unsearched", msg("what it holds wasn't searched: files of its kind aren't looked into")
            )
        else:
            self.text(entry, start, blocks)

    def _reader(self, ending: str, start: bytes) -> Callable[[str, bytes], str] | None:
        """What looks into a file that must be read before it can be searched; None for any other."""
        if ending in office.ENDINGS:
            return self._office
        if start.startswith(b"%PDF-"):
            return self._pdf
        if start.startswith(b"PK\3\4"):
            return self._archive
        if start.startswith(b"\x1f\x8b"):
            return self._gzip
        return self._mail if ending in _MAILS else None

    def _add(self, entry: str, rule: str, message: str) -> None:
        self._found[findings.finding(entry, rule, message)] = None

    def _compare(self, asset: Asset) -> None:
        digest = hashlib.sha256()
        for block in asset.blocks():
            digest.update(block)
        if (name := self._guard.internal_digests.get(digest.hexdigest())) is not None:
            self._add(asset.entry, "leak.internal-file", msg("this is {name}, byte by byte", name=name))

    def text(self, entry: str, start: bytes, blocks: Iterator[bytes]) -> None:
        """Search a file's text, of which `start` was read already."""
        encoding = encoding_of(start[:_ENCODING])
        if encoding is not None:
            texts = pieces(start, blocks, encoding)
            is_rtf = start.startswith(b"{\\rtf")
            self._search(entry, ((_RTF.sub("", text) if is_rtf else text, lines, "") for text, lines in texts))

    def _search(self, entry: str, texts: Iterable[tuple[str, int, str]]) -> bool:
        """Search the texts of one file, each with the lines before it or with its place in words; whether all were."""
        told: set[str] = set()
        for number, (text, lines, place) in enumerate(texts):
            if place and self._is_late():
                return False
            if number == 0 and says_internal(text):
                self._add(entry, "leak.internal-text", msg("its first lines say that it is internal"))
            for hit in self._guard.searcher.search(text):
                if hit.message not in told:
                    told.add(hit.message)
                    self._found[findings.of_hit(entry, hit, lines=lines, place=place)] = None
        return True

    def _is_late(self) -> bool:
        return self._clock() - self._began > SECONDS_A_FILE

    def _timed(self, asset: Asset, blocks: Iterable[bytes], look: Callable[[str, bytes], str]) -> None:
        """Look into a file that must be read before it can be searched; `look` says what of it wasn't, and why."""
        if self._left <= 0 or asset.size > _MAX_TIMED:
            over = (
                msg("the {seconds_in_all:g} seconds for all are over", seconds_in_all=SECONDS_IN_ALL)
                if self._left <= 0
                else msg("it's too large")
            )
            unread = msg("its text wasn't searched: {over}", over=over)
        else:
            content = b"".join(blocks)
            began = self._began = self._clock()
            unread = look(asset.entry, content)
            self._left -= self._clock() - began
        if unread:
            self._add(asset.entry, "leak.unsearched", unread)

    def _office(self, entry: str, content: bytes) -> str:
        read = office.read_office(content, self._is_late)
        texts = ((text, 0, place or msg("in its text")) for place, whole in read.pieces for text in slices(whole))
        late = not self._search(entry, texts)
        if read.comments:
            self._add(
                entry, "leak.comments", counted("it holds {count} comment", "it holds {count} comments", read.comments)
            )
        if read.changes:
            self._add(
                entry,
                "leak.tracked-changes",
                counted("it holds {count} tracked change", "it holds {count} tracked changes", read.changes),
            )
        for name in read.people:
            if name.casefold() not in self._guard.known:
                self._authors.setdefault(name, []).append(entry)
        if not read.unread and not late:
            return ""
        said = msg("only a part of its text was searched") if read.pieces else msg("its text wasn't searched")
        return msg("{said}: {unread}", said=said, unread=read.unread or _LATE)

    def _pdf(self, entry: str, content: bytes, within: str = "") -> str:
        answer = self._pdfs.ask(content)
        self._began = self._clock()  # the child keeps its own time
        parts = answer.output.split(_PAGE_END)[:-1]
        beside = [part[1:] for part in parts if part.startswith(_BESIDE)]
        closed = [part[1:] for part in parts if part.startswith(_CLOSED_INSIDE)]
        pages = [part for part in parts if not part.startswith((_BESIDE, _CLOSED_INSIDE))]
        texts = [(page, within or msg("page {n}", n=n)) for n, page in enumerate(pages, 1)]
        texts += [(part, within or msg("in its properties, notes, fields or attachments")) for part in beside]
        if not self._search(
            entry, ((text, 0, place) for part, place in texts for text in slices(part.decode("utf-8", "replace")))
        ):
            return msg("only a part of its text was searched: {late}", late=_LATE)
        if answer.ending is not Ending.WHOLE:
            said = (
                counted("only {count} page of it searched", "only {count} pages of it searched", len(pages))
                if pages
                else msg("its text wasn't searched")
            )
            return msg("{said}: {ending}", said=said, ending=msg(answer.ending))
        if closed:
            name = printable(closed[0].decode("utf-8", "replace"))
            return msg("{name}, which it holds, wasn't searched", name=name)
        return ""

    def _mail(self, entry: str, content: bytes) -> str:
        late = not self._search(entry, _texts(archives.in_blocks(content), msg("in its source")))
        answer = self._mails.ask(content)
        self._began = self._clock()  # the child keeps its own time
        unread = self._members(entry, mail_text.read(answer.output))
        if late or answer.ending is not Ending.WHOLE:
            unread = _LATE if late else msg(answer.ending)
        return msg("not all that it holds was searched: {unread}", unread=unread) if unread else ""

    def _archive(self, entry: str, content: bytes) -> str:
        try:
            unread = self._members(entry, archives.members(content))
        except ValueError as error:
            unread = error.args[0]
        return msg("not all that it holds was searched: {unread}", unread=unread) if unread else ""

    def _members(self, entry: str, members: Iterable[tuple[str, bytes | None]]) -> str:
        """Look at the members of an archive or an e-mail; says what of them wasn't searched."""
        unread, began = "", self._began
        for name, data in members:
            self._began = began  # a PDF among them has begun anew
            shown = printable(name)
            if what := kind_by_name(name) or kind_by_content((data or b"")[:HEAD]):
                self._add(entry, "leak.secret-file", msg("in it {shown} is {what}", shown=shown, what=what))
            if data is None:
                unread = unread or msg("{shown} in it is encrypted, damaged or too large", shown=shown)
            elif self._is_late():
                return _LATE
            elif not self._member(entry, name, data):
                unread = unread or msg("{shown} in it isn't looked into", shown=shown)
        return unread

    def _member(self, entry: str, name: str, data: bytes) -> bool:
        """Look at one of them; whether it could be searched. Archives in archives aren't."""
        place = msg("in {shown}", shown=printable(name))
        ending = name.rpartition(".")[2].lower()
        if data.startswith(b"%PDF-"):
            return not self._pdf(entry, data, place)
        if ending in office.ENDINGS:
            read = office.read_office(data, self._is_late)
            return self._search(entry, ((text, 0, place) for _, all_ in read.pieces for text in slices(all_))) and not (
                read.unread
            )
        if data.startswith((b"PK\3\4", b"\x1f\x8b", *_CLOSED_STARTS)):
            return False
        if data.startswith(_SQLITE):
            data = data.translate(_NO_TEXT)
        return self._search(entry, _texts(archives.in_blocks(data), place))

    def _gzip(self, entry: str, content: bytes) -> str:
        found = archives.gunzipped(content)
        start = _first(found)
        if encoding_of(start[:_ENCODING]) is None and not start.startswith(_SQLITE):
            return msg("what it holds unpacked isn't looked into")
        late = not self._search(
            entry, _texts((block.translate(_NO_TEXT) for block in chain((start,), found)), msg("unpacked"))
        )
        return msg("not all that it holds was searched: {late}", late=_LATE) if late else ""


def _texts(blocks: Iterator[bytes], place: str) -> Iterator[tuple[str, int, str]]:
    """The pieces of what is text, with their place; nothing of what isn't."""
    start = _first(blocks)
    encoding = encoding_of(start[:_ENCODING])
    if encoding is not None:
        yield from ((text, 0, place) for text, _ in pieces(start, blocks, encoding))


def _first(blocks: Iterator[bytes]) -> bytes:
    """The first `HEAD` bytes or more."""
    start = b""
    for block in blocks:
        start += block
        if len(start) >= HEAD:
            break
    return start
