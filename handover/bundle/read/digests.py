"""SHA-256 of every entry, on all processors.

Role: splits a zip into regions that one worker takes at a time, so that one read serves many small entries, and
gives a large entry's hashing to whichever worker has nothing else to do. The digests come in order, and of
several damaged entries the first is named, however many workers there are.
"""

import contextlib
import hashlib
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from handover.bundle.read.entries import ArchiveEntry
from handover.bundle.read.inflate import BLOCK, checked, checked_whole
from handover.bundle.read.source import Source
from handover.formats.memory import keep_freed_memory

_SMALL: Final = 256 * 1024
_REGION: Final = 2 * 1024 * 1024
_TINY: Final = 4 * 1024
_BATCH: Final = 8

OnProgress = Callable[[int], None]


def stream(source: Source, entry: ArchiveEntry) -> Iterator[bytes]:
    """An entry's content in pieces of at most 1 MiB. Raises `BundleError` as `content.checked` does."""
    return checked(entry, stored(source, entry))


def stored(source: Source, entry: ArchiveEntry) -> Iterator[bytes]:
    """An entry's stored bytes, in pieces of at most 512 KiB."""
    for done in range(0, entry.compressed, BLOCK):
        yield source.read(entry.data + done, min(BLOCK, entry.compressed - done), entry.name)


def digest_all(
    source: Source, entries: Sequence[ArchiveEntry], workers: int, on_progress: OnProgress | None = None
) -> dict[str, str]:
    """SHA-256 by name in lower-case hexadecimal, in the entries' order, taken by `workers` threads or fewer.

    `on_progress` gets the number of content bytes done since its last call, from any thread, one at a
    time. Raises `BundleError` as `content.checked` does, for the first entry that is damaged.
    """
    keep_freed_memory()
    regions = list(_regions(entries))
    workers = min(workers, _possible_threads(2 * workers) // 2) if workers > 1 else 1  # each has a helper's beside it
    if workers <= 1:
        run = _Run(source, on_progress)
        found = [run.work(number, region) for number, region in enumerate(regions)]
    else:
        found = _in_threads(source, regions, workers, on_progress)
    digests = (digest for region in found for digest in region)
    return dict(zip((entry.name for entry in entries), digests, strict=True))


def _possible_threads(wanted: int) -> int:
    """How many threads the system lets this process have now (a container may limit them), up to `wanted`."""
    enough = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=enough.wait, name="digest-count")
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    finally:
        enough.set()
        for thread in started:
            thread.join()
    return len(started)


def _in_threads(
    source: Source, regions: Sequence[Sequence[ArchiveEntry]], workers: int, on_progress: OnProgress | None
) -> list[list[str]]:
    with (
        ThreadPoolExecutor(workers, thread_name_prefix="digest-help") as helpers,
        ThreadPoolExecutor(max(min(workers, len(regions)), 1), thread_name_prefix="digest") as pool,
    ):
        run = _Run(source, on_progress, helpers, workers)
        try:
            return list(pool.map(run.work, range(len(regions)), regions))
        except BaseException:
            run.failed_at = -1
            pool.shutdown(cancel_futures=True)
            raise


class _Run:
    """The regions of one `digest_all`: after a failure, only what stands before it is still looked at."""

    def __init__(
        self, source: Source, on_progress: OnProgress | None, helpers: Executor | None = None, workers: int = 1
    ) -> None:
        self._source = source
        self._on_progress = on_progress
        self._helpers = helpers
        self._idle = workers
        self._serial = threading.Lock()
        self._state = threading.Lock()
        self.failed_at = sys.maxsize

    def work(self, number: int, region: Sequence[ArchiveEntry]) -> list[str]:
        """The digests of neighbouring entries; whatever, after a failure before them."""
        if number > self.failed_at:
            return []
        # Many tiny entries are mostly Python's own work, which two threads at once only slow down.
        tiny = sum(entry.size for entry in region) < _TINY * len(region)
        try:
            with self._busy(), self._serial if tiny else contextlib.nullcontext():
                digests = [self._large(number, region[0])] if len(region) == 1 else self._small(region)
        except BaseException:
            with self._state:
                self.failed_at = min(self.failed_at, number)
            raise
        if self._on_progress:
            with self._state:
                self._on_progress(sum(entry.size for entry in region))
        return digests

    def _small(self, region: Sequence[ArchiveEntry]) -> list[str]:
        """Neighbours that one read brings."""
        first, last = region[0], region[-1]
        data = self._source.read(first.data, last.data + last.compressed - first.data, first.name)
        digests = []
        for entry in region:
            start = entry.data - first.data
            stored = data[start : start + entry.compressed]
            if entry.size <= BLOCK:
                digests.append(hashlib.sha256(checked_whole(entry, stored)).hexdigest())
                continue
            digest = hashlib.sha256()
            for piece in checked(entry, [stored]):
                digest.update(piece)
            digests.append(digest.hexdigest())
        return digests

    def _large(self, number: int, entry: ArchiveEntry) -> str:
        """One entry, read and inflated in blocks."""
        hasher = _Hasher(self)
        for piece in stream(self._source, entry):
            if number > self.failed_at:
                return ""
            hasher.update(piece)
        return hasher.hexdigest()

    @property
    def has_idle(self) -> bool:
        """Whether a processor would stand still, but for a helper."""
        return self._helpers is not None and self._idle > 0

    def help(self, work: Callable[[], None]) -> "Future[None]":
        """Do a piece of work in a helper."""
        assert self._helpers is not None  # noqa: S101 — callers asked has_idle
        return self._helpers.submit(self._helped, work)

    def _helped(self, work: Callable[[], None]) -> None:
        with self._busy():
            work()

    @contextlib.contextmanager
    def _busy(self) -> Iterator[None]:
        with self._state:
            self._idle -= 1
        try:
            yield
        finally:
            with self._state:
                self._idle += 1


class _Hasher:
    """SHA-256 of one large entry: while a helper hashes a batch, its caller reads and inflates the next.

    A batch is several blocks, as handing each over by itself would cost more than it brings. With nobody free to help,
    every block is hashed at once, while it's still in the processor's cache.
    """

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._digest = hashlib.sha256()
        self._batch: list[bytes] = []
        self._hashing: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        self._batch.append(piece)
        if not self._is_helped():
            self._finish()
        elif len(self._batch) == _BATCH:
            self._wait()
            self._hashing = self._run.help(partial(self._hash, self._batch))
            self._batch = []

    def hexdigest(self) -> str:
        self._finish()
        return self._digest.hexdigest()

    def _is_helped(self) -> bool:
        return (self._hashing is not None and not self._hashing.done()) or self._run.has_idle

    def _finish(self) -> None:
        self._wait()
        self._hash(self._batch)
        self._batch = []

    def _wait(self) -> None:
        if self._hashing:
            self._hashing.result()
            self._hashing = None

    def _hash(self, batch: Sequence[bytes]) -> None:
        for piece in batch:
            self._digest.update(piece)


def _regions(entries: Sequence[ArchiveEntry]) -> Iterator[Sequence[ArchiveEntry]]:
    """Neighbours that one read and one worker take together: small ones up to 2 MiB, large ones alone."""
    first = 0
    for index in range(1, len(entries) + 1):
        ends = index == len(entries)
        if not ends:
            last = entries[index]
            span = last.data + last.compressed - entries[first].data
            ends = max(entries[first].compressed, last.compressed) > _SMALL or span > _REGION
        if ends:
            yield entries[first:index]
            first = index
