"""The look at all of the client's files: their names, their text, and what Office files, PDFs and archives hold.

Role: takes them from a folder, from a finished zip, or as they are packed (`Seeker`), and gives every finding at once.
Documents and archives are read in a child (`apart`) within limits, and those that weren't are named. It follows no path
itself: who calls gives the contents.
"""

import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final

from handover.bundle.names import ASSETS_PREFIX, printable
from handover.bundle.read import Contents
from handover.formats.confined import Answer, Ending, Limits
from handover.model.errors import Finding
from handover.model.message import counted, literal, msg
from handover.project.leaks import findings, told
from handover.project.leaks.apart import Kind
from handover.project.leaks.files import KINDS, kind_by_name
from handover.project.leaks.plain import Asset, Guard, Look
from handover.project.leaks.readers import MAX_SIZE, SECONDS_A_FILE, SECONDS_IN_ALL, Readers
from handover.project.leaks.text import slices
from handover.project.leaks.told import Place, Trace, Unread

_LATE: Final = msg(Ending.TIME)
_OVER: Final = msg("the {seconds_in_all:g} seconds for all are over", seconds_in_all=SECONDS_IN_ALL)


def asset_leaks(
    assets: Iterable[Asset],
    guard: Guard,
    *,
    clock: Callable[[], float] | None = None,
    limits: Limits | None = None,
) -> list[Finding]:
    """Findings for what the client's files hold, in their order; those about their names alone are `name_leaks`'."""
    with Readers(limits) as readers:
        look = _Reading(_for_files(guard), readers, clock)
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

    Both together find what `asset_leaks` does. The caller ends the `readers`.
    """

    def __init__(self, guard: Guard, readers: Readers, *, clock: Callable[[], float] | None = None) -> None:
        self._guard, self._readers, self._clock = _for_files(guard), readers, clock
        self._seen: dict[str, tuple[Kind | None, tuple[Finding, ...]]] = {}

    def see(self, entry: str, size: int, blocks: Iterator[bytes]) -> None:
        """Look at one file. Good for many threads at once; a file that is packed again is looked at again."""
        look = Look(self._guard)
        kind = look.at(entry, size, blocks)
        self._seen[entry] = kind, tuple(look.found)

    def rest(self, assets: Iterable[Asset], digests: Mapping[str, str]) -> list[Finding]:
        """All findings, in the assets' order, once everything is packed; `digests` are SHA-256 by entry.

        What nobody saw is looked at whole. It ends early where the readers were stopped.
        """
        look, known = _Reading(self._guard, self._readers, self._clock), self._readers.known()
        for asset in assets:
            if self._readers.stopped.is_set():
                return []
            if asset.entry not in self._seen:
                look.whole(asset)
                continue
            look.compare(asset, partial(digests.__getitem__, asset.entry))
            kind, found = self._seen[asset.entry]
            look.found.update(dict.fromkeys(found))
            if kind is not None:
                look.apart(asset, kind, known.get((kind, digests[asset.entry])))
        return look.findings


def _for_files(guard: Guard) -> Guard:
    searcher = guard.searcher
    return replace(guard, searcher=replace(searcher, internal=searcher.internal.for_files, told=guard.told))


class _Reading(Look):
    """One look at all the files of a delivery, with what is left of its time."""

    def __init__(self, guard: Guard, readers: Readers, clock: Callable[[], float] | None) -> None:
        super().__init__(guard)
        self._readers = readers
        self._worked = clock or time.thread_time
        """What was worked here: a busy machine is none of a file's faults."""
        self._left = SECONDS_IN_ALL
        self._began = 0.0
        self._authors: dict[str, list[str]] = {}
        self._by_file: list[dict[Finding, None]] = []
        self._waiting: deque[tuple[str, dict[Finding, None], Future[Answer]]] = deque()

    @property
    def findings(self) -> list[Finding]:
        """All of them, file by file, those about names last."""
        while self._waiting:
            self._hear()
        found = dict.fromkeys(finding for of_file in self._by_file for finding in of_file)
        named = [findings.authors(name, entries) for name, entries in sorted(self._authors.items())]
        return [*findings.together(found), *named]

    def whole(self, asset: Asset) -> None:
        """Look at one file."""
        self.compare(asset, lambda: digest_of(asset.blocks()))
        kind = self.at(asset.entry, asset.size, asset.blocks())
        if kind is not None:
            self.apart(asset, kind)

    def compare(self, asset: Asset, digest: Callable[[], str]) -> None:
        """Begin with a file. Tells that it stands in internal/, too; a name that is a secret itself isn't repeated."""
        self.found = {}
        self._by_file.append(self.found)
        if asset.size not in self.guard.internal_sizes or self.has_secret_name(asset.entry):
            return
        if (name := self.guard.internal_digests.get(digest())) is not None:
            self.add(asset.entry, "leak.internal-file", msg("this is {name}, byte by byte", name=name))

    def apart(self, asset: Asset, kind: Kind, reading: Future[Answer] | None = None) -> None:
        """Look into a file that must be read before it can be searched, and may be in hand; what of it can't be is
        told.

        It's the last of what is done with a file, and may end while others are looked at.
        """
        if self._left <= 0 or asset.size > MAX_SIZE:
            self._tell_unsearched(asset.entry, _OVER if self._left <= 0 else msg("it's too large"))
            return
        # Read here: a folder's files are opened by one thread alone.
        reading = reading or self._readers.ask(b"".join(asset.blocks()), kind)
        self._waiting.append((asset.entry, self.found, reading))
        if len(self._waiting) > self._readers.count:
            self._hear()

    def _hear(self) -> None:
        """Search what was read of the file that waits longest."""
        entry, self.found, reading = self._waiting.popleft()
        answer = reading.result()
        if self._left <= 0:
            self._tell_unsearched(entry, _OVER)
            return
        began = self._worked()
        if unread := self._answered(entry, answer):
            self.add(entry, "leak.unsearched", unread)
        self._left -= answer.seconds + self._worked() - began

    def _tell_unsearched(self, entry: str, over: str) -> None:
        self.add(entry, "leak.unsearched", msg("its text wasn't searched: {over}", over=over))

    def _answered(self, entry: str, answer: Answer) -> str:
        """Search what was read of a file, and tell its traces; says what of it wasn't searched."""
        self._began = self._worked()  # the child's time is kept by its alarm
        heard = _Heard()
        try:
            for _, some in groupby(map(told.read, answer.pieces), heard.part):
                if not self.search(entry, self._texts(entry, some, heard), self._is_late):
                    heard.unread = heard.unread or _LATE
        except ValueError:
            heard.unread = msg(Ending.FAILED)
        if answer.ending is not Ending.WHOLE:
            heard.unread = heard.unread or msg(answer.ending)
        self._tell_traces(entry, heard)
        if not heard.unread:
            return ""
        if heard.has_text:
            return msg("not all that it holds was searched: {unread}", unread=heard.unread)
        return msg("its text wasn't searched: {over}", over=heard.unread)

    def _texts(self, entry: str, pieces: Iterable[told.Piece], heard: "_Heard") -> Iterator[tuple[str, int, str]]:
        """The texts of one thing that a file holds, or of the file, with their places; what else is told is heard."""
        within = shown = ""
        for what, number, text in pieces:
            if isinstance(what, Place):
                heard.has_text = True
                place = within or msg(what, n=number)
                yield from ((part, 0, place) for part in slices(text))
            elif isinstance(what, Unread):
                heard.unread = heard.unread or msg(what, shown=self._shown(entry, text))
            elif what is Trace.PERSON:
                heard.people[text] = None
            elif what is Trace.HOLDS:
                shown = self._shown(entry, text)
                within = msg("in {shown}", shown=shown) if text else ""
                self._tell_kind(entry, shown, kind_by_name(text))
            elif what is Trace.SECRET:
                self._tell_kind(entry, shown, literal(text) if text in KINDS else "")
            else:
                heard.counts[what] += number

    def _tell_traces(self, entry: str, heard: "_Heard") -> None:
        if comments := heard.counts[Trace.COMMENTS]:
            message = counted("it holds {count} comment", "it holds {count} comments", comments)
            self.add(entry, "leak.comments", message)
        if changes := heard.counts[Trace.CHANGES]:
            message = counted("it holds {count} tracked change", "it holds {count} tracked changes", changes)
            self.add(entry, "leak.tracked-changes", message)
        for name in heard.people:
            if name.casefold() not in self.guard.known:
                self._authors.setdefault(name, []).append(entry)

    def _tell_kind(self, entry: str, shown: str, what: str) -> None:
        if what:
            self.add(entry, "leak.secret-file", msg("in it {shown} is {what}", shown=shown, what=what))

    def _shown(self, entry: str, name: str) -> str:
        """How to call something that a file holds: a name that is a secret itself isn't repeated."""
        in_name = self.guard.searcher.search(name)
        for hit in in_name:
            self.found[findings.of_hit(entry, hit, place=msg("in the name of a file in it"))] = None
        return msg("a file") if any(hit.rule == "leak.secret" for hit in in_name) else printable(name)

    def _is_late(self) -> bool:
        return self._worked() - self._began > SECONDS_A_FILE


class _Heard:
    """What was told of one file, but for its text."""

    def __init__(self) -> None:
        self.counts: Counter[Trace] = Counter()
        self.people: dict[str, None] = {}
        self.unread = ""
        self.has_text = False
        self._parts = 0

    def part(self, piece: told.Piece) -> int:
        """The number of the thing in the file that a piece belongs to."""
        self._parts += piece[0] is Trace.HOLDS
        return self._parts


def digest_of(blocks: Iterable[bytes]) -> str:
    """SHA-256 of a file's content, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
