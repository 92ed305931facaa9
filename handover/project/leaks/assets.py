"""The look at all of the client's files: their names, their text, and what Office files, PDFs and archives hold.

Role: takes them from a folder, from a finished zip, or as they are packed (`Seeker`), and gives every finding at once.
Documents and archives are read within limits of time, and those that weren't are named. It follows no path itself: who
calls gives the contents.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final, Self

from handover.bundle.names import ASSETS_PREFIX, printable
from handover.bundle.read import Contents
from handover.formats import mail_text
from handover.formats.confined import Confined, Ending, Limits
from handover.model.errors import Finding
from handover.model.message import counted, msg
from handover.project.leaks import archives, findings, office
from handover.project.leaks.files import HEAD, kind_by_content, kind_by_name
from handover.project.leaks.plain import (
    ENCODING,
    MAILS,
    NO_TEXT,
    SQLITE,
    Asset,
    Guard,
    Kind,
    Look,
    first_of,
    is_closed,
    texts_of,
)
from handover.project.leaks.text import encoding_of, slices

SECONDS_A_FILE: Final = 2.0
SECONDS_IN_ALL: Final = 60.0
"""For documents and archives; text is searched whatever it takes."""
_MAX_TIMED: Final = 64 * 1024 * 1024
_LATE: Final = msg("reading it takes too long")
_PAGE_END: Final = b"\f"
"""What `handover.formats.pdf_text` writes after each page; it is imported in the child alone."""
_BESIDE, _CLOSED_INSIDE = b"\x1d", b"\x1e"
"""What it writes before what is on no page, and before the name of an attachment that is no text."""


def asset_leaks(
    assets: Iterable[Asset],
    guard: Guard,
    *,
    clock: Callable[[], float] = time.monotonic,
    pdf_limits: Limits | None = None,
) -> list[Finding]:
    """Findings for what the client's files hold, in their order; those about their names alone are `name_leaks`'."""
    with _Reading(_for_files(guard), clock, pdf_limits) as look:
        for asset in assets:
            look.whole(asset)
    return look.findings


def stored_assets(archive: Contents) -> Iterator[Asset]:
    """The client's files in a bundle's zip."""
    for entry in archive.entries:
        if entry.name.startswith(ASSETS_PREFIX):
            yield Asset(entry.name, entry.size, partial(archive.stream, entry))


class Seeker:
    """The look at files while they are packed: `see` takes what goes by, `rest` reads documents and archives.

    Both together find what `asset_leaks` does.
    """

    def __init__(
        self, guard: Guard, *, clock: Callable[[], float] = time.monotonic, pdf_limits: Limits | None = None
    ) -> None:
        self._guard = _for_files(guard)
        self._clock, self._pdf_limits = clock, pdf_limits
        self._seen: dict[str, tuple[Kind | None, tuple[Finding, ...]]] = {}

    def see(self, entry: str, size: int, blocks: Iterator[bytes]) -> None:
        """Look at one file. Good for many threads at once; a file that is packed again is looked at again."""
        look = Look(self._guard)
        kind = look.at(entry, size, blocks)
        self._seen[entry] = kind, tuple(look.found)

    def rest(self, assets: Iterable[Asset], digests: Mapping[str, str], stop: threading.Event) -> list[Finding]:
        """All findings, in the assets' order, once everything is packed; `digests` are SHA-256 by entry.

        What nobody saw is looked at whole. It ends early where `stop` is set.
        """
        with _Reading(self._guard, self._clock, self._pdf_limits) as look:
            for asset in assets:
                if stop.is_set():
                    break
                if asset.entry not in self._seen:
                    look.whole(asset)
                    continue
                look.compare(asset, partial(digests.__getitem__, asset.entry))
                kind, found = self._seen[asset.entry]
                look.found.update(dict.fromkeys(found))
                if kind is not None:
                    look.apart(asset, kind)
        return look.findings


def _for_files(guard: Guard) -> Guard:
    return replace(guard, searcher=replace(guard.searcher, internal=guard.searcher.internal.for_files))


class _Reading(Look):
    """One look at all the files of a delivery, with what is left of its time."""

    def __init__(self, guard: Guard, clock: Callable[[], float], pdf_limits: Limits | None) -> None:
        super().__init__(guard)
        self._clock = clock
        self._left = SECONDS_IN_ALL
        self._began = 0.0
        self._authors: dict[str, list[str]] = {}
        limits = pdf_limits or Limits(seconds=SECONDS_A_FILE)
        self._pdfs = Confined("handover.formats.pdf_text:pages", limits)
        self._mails = Confined("handover.formats.mail_text:parts", replace(limits, output=_MAX_TIMED))
        self._readers: dict[Kind, Callable[[str, bytes], str]] = {
            Kind.OFFICE: self._office,
            Kind.PDF: self._pdf,
            Kind.ARCHIVE: self._archive,
            Kind.GZIP: self._gzip,
            Kind.MAIL: self._mail,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdfs.__exit__()
        self._mails.__exit__()

    @property
    def findings(self) -> list[Finding]:
        """All of them, those about authors last."""
        named = [findings.authors(name, entries) for name, entries in sorted(self._authors.items())]
        return [*self.found, *named]

    def whole(self, asset: Asset) -> None:
        """Look at one file."""
        self.compare(asset, lambda: digest_of(asset.blocks()))
        kind = self.at(asset.entry, asset.size, asset.blocks())
        if kind is not None:
            self.apart(asset, kind)

    def compare(self, asset: Asset, digest: Callable[[], str]) -> None:
        """Tell that a file stands in internal/ as well; a name that is a secret itself isn't repeated."""
        if asset.size not in self.guard.internal_sizes or self.has_secret_name(asset.entry):
            return
        if (name := self.guard.internal_digests.get(digest())) is not None:
            self.add(asset.entry, "leak.internal-file", msg("this is {name}, byte by byte", name=name))

    def apart(self, asset: Asset, kind: Kind) -> None:
        """Look into a file that must be read before it can be searched; what of it can't be is told."""
        if self._left <= 0 or asset.size > _MAX_TIMED:
            late = msg("the {seconds_in_all:g} seconds for all are over", seconds_in_all=SECONDS_IN_ALL)
            over = late if self._left <= 0 else msg("it's too large")
            unread = msg("its text wasn't searched: {over}", over=over)
        else:
            content = b"".join(asset.blocks())
            began = self._began = self._clock()
            unread = self._readers[kind](asset.entry, content)
            self._left -= self._clock() - began
        if unread:
            self.add(asset.entry, "leak.unsearched", unread)

    def _office(self, entry: str, content: bytes) -> str:
        read = office.read_office(content, self._is_late)
        texts = ((text, 0, place or msg("in its text")) for place, whole in read.pieces for text in slices(whole))
        late = not self._searched(entry, texts)
        if read.comments:
            comments = counted("it holds {count} comment", "it holds {count} comments", read.comments)
            self.add(entry, "leak.comments", comments)
        if read.changes:
            changes = counted("it holds {count} tracked change", "it holds {count} tracked changes", read.changes)
            self.add(entry, "leak.tracked-changes", changes)
        for name in read.people:
            if name.casefold() not in self.guard.known:
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
        decoded = ((part.decode("utf-8", "replace"), place) for part, place in texts)
        if not self._searched(entry, ((text, 0, place) for part, place in decoded for text in slices(part))):
            return msg("only a part of its text was searched: {late}", late=_LATE)
        if answer.ending is not Ending.WHOLE:
            said = counted("only {count} page of it searched", "only {count} pages of it searched", len(pages))
            said = said if pages else msg("its text wasn't searched")
            return msg("{said}: {ending}", said=said, ending=msg(answer.ending))
        if closed:
            name = self._shown(entry, closed[0].decode("utf-8", "replace"))
            return msg("{name}, which it holds, wasn't searched", name=name)
        return ""

    def _mail(self, entry: str, content: bytes) -> str:
        late = not self._searched(entry, texts_of(archives.in_blocks(content), msg("in its source")))
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
        if office.is_package(content):  # under another name
            return self._office(entry, content) or unread
        return msg("not all that it holds was searched: {unread}", unread=unread) if unread else ""

    def _members(self, entry: str, members: Iterable[tuple[str, bytes | None]]) -> str:
        """Look at the members of an archive or an e-mail; says what of them wasn't searched."""
        unread, began = "", self._began
        for name, data in members:
            self._began = began  # a PDF among them has begun anew
            shown = self._shown(entry, name)
            if what := kind_by_name(name) or kind_by_content((data or b"")[:HEAD]):
                self.add(entry, "leak.secret-file", msg("in it {shown} is {what}", shown=shown, what=what))
            if data is None:
                unread = unread or msg("{shown} in it is encrypted, damaged or too large", shown=shown)
            elif self._is_late():
                return _LATE
            elif not self._member(entry, shown, name.rpartition(".")[2].lower(), data):
                unread = unread or msg("{shown} in it isn't looked into", shown=shown)
        return unread

    def _shown(self, entry: str, name: str) -> str:
        """How to call something that a file holds: a name that is a secret itself isn't repeated."""
        in_name = self.guard.searcher.search(name)
        for hit in in_name:
            self.found[findings.of_hit(entry, hit, place=msg("in the name of a file in it"))] = None
        return msg("a file") if any(hit.rule == "leak.secret" for hit in in_name) else printable(name)

    def _member(self, entry: str, shown: str, ending: str, data: bytes) -> bool:
        """Look at one of them; whether it could be searched. Archives in archives aren't."""
        place = msg("in {shown}", shown=shown)
        if ending in MAILS:
            return not self._mail(entry, data)
        if data.startswith(b"%PDF-"):
            return not self._pdf(entry, data, place)
        if ending in office.ENDINGS:
            read = office.read_office(data, self._is_late)
            whole = self._searched(entry, ((text, 0, place) for _, all_ in read.pieces for text in slices(all_)))
            return whole and not read.unread
        if data.startswith((b"PK\3\4", b"\x1f\x8b")) or is_closed(ending, data[:HEAD]):
            return False
        if data.startswith(SQLITE):
            data = data.translate(NO_TEXT)
        return self._searched(entry, texts_of(archives.in_blocks(data), place))

    def _gzip(self, entry: str, content: bytes) -> str:
        faults: list[str] = []

        def unpacked() -> Iterator[bytes]:
            try:
                yield from archives.gunzipped(content)
            except ValueError as error:  # what came before it is searched all the same
                faults.append(error.args[0])

        found = unpacked()
        start = first_of(found)
        is_text = encoding_of(start[:ENCODING]) is not None or start.startswith(SQLITE)
        if not is_text or start.startswith((b"%PDF-", b"PK\3\4")) or is_closed("", start):
            return msg("what it holds unpacked isn't looked into")
        blocks: Iterator[bytes] = chain((start,), found)
        if start.startswith(SQLITE):
            blocks = (block.translate(NO_TEXT) for block in blocks)
        whole = self._searched(entry, texts_of(blocks, msg("unpacked")))
        unread = next(iter(faults), "") if whole else _LATE
        return msg("not all that it holds was searched: {unread}", unread=unread) if unread else ""

    def _is_late(self) -> bool:
        return self._clock() - self._began > SECONDS_A_FILE

    def _searched(self, entry: str, texts: Iterable[tuple[str, int, str]]) -> bool:
        return self.search(entry, texts, self._is_late)


def digest_of(blocks: Iterable[bytes]) -> str:
    """SHA-256 of a file's content, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
