"""Children that read documents and archives, several at once, and before anybody asks for them.

Role: starts as many as there is work for, and hears what `apart` makes of each file. What was read in advance, from the
client's folder, counts for a file of the same bytes alone. It searches nothing, and says nothing to people.
"""

import contextlib
import hashlib
import queue
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from handover.bundle.workers import default_workers
from handover.bundle.write.assets import AssetFolder, read_regular
from handover.formats.confined import Answer, Confined, Ending, Limits
from handover.model.artifact import AssetSource
from handover.model.errors import AssetError
from handover.project.leaks.apart import Kind, ending_of, kind_of, may_be_apart
from handover.project.leaks.files import HEAD

SECONDS_A_FILE: Final = 2.0
SECONDS_IN_ALL: Final = 60.0
"""Of a processor, for documents and archives; text is searched whatever it takes."""
MAX_SIZE: Final = 64 * 1024 * 1024
_MANY: Final = 32
"""Documents and archives from which on more than one child reads them: another one costs as much as ten of them."""
_MOST: Final = 4
_KEPT: Final = 32 * 1024 * 1024
"""Bytes of answers that are kept until somebody asks for them."""


class Readers:
    """The children of one look at a delivery; a context, which ends them."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = replace(limits or Limits(seconds=SECONDS_A_FILE), output=2 * MAX_SIZE)
        self._most = min(default_workers(), _MOST)
        self._pool = ThreadPoolExecutor(self._most)
        self._asked = 0
        self._children: list[Confined] = []
        self._idle: queue.SimpleQueue[Confined] = queue.SimpleQueue()
        self._aside = ThreadPoolExecutor(1)
        self._advance: Future[None] | None = None
        self._known: dict[tuple[Kind, str], Future[Answer]] = {}
        self.stopped = threading.Event()
        """Set where nobody wants to know any more."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for child in self._children:
            child.stop()
        self._pool.shutdown(cancel_futures=True)
        self._aside.shutdown()
        for child in self._children:
            child.__exit__()

    @property
    def count(self) -> int:
        """How many there are so far."""
        return len(self._children)

    def read_in_advance(self, root: Path, sources: Iterable[AssetSource]) -> None:
        """Begin with what stands in a folder, beside what the caller does; what can't be read there is left alone."""
        likely = [source for source in sources if may_be_apart(source.entry) and 0 < (source.size or 0) <= MAX_SIZE]
        if likely:
            self._advance = self._aside.submit(self._go_ahead, root, likely)

    def ask(self, content: bytes, kind: Kind) -> Future[Answer]:
        """Have a file's bytes read. One thread asks at a time."""
        if self._asked in {0, *range(_MANY, _MANY + self._most - 1)}:
            self._children.append(Confined("handover.project.leaks.apart:held", self._limits))
            self._idle.put(self._children[-1])
        self._asked += 1
        return self._pool.submit(self._read, b"".join((f"{kind}\n".encode(), content)))

    def known(self) -> Mapping[tuple[Kind, str], Future[Answer]]:
        """What was read in advance, by kind and SHA-256, once that has ended.

        Without what took too long: much else was done on the machine then, so it's read again.
        """
        if self._advance is not None:
            self._advance.result()
        return {key: read for key, read in self._known.items() if read.result().ending is not Ending.TIME}

    def _go_ahead(self, root: Path, sources: Iterable[AssetSource]) -> None:
        kept, left = 0, SECONDS_IN_ALL
        waiting: deque[Future[Answer]] = deque()
        with contextlib.suppress(AssetError), AssetFolder(root) as folder:
            for source in sources:
                if kept > _KEPT or left <= 0 or self.stopped.is_set():
                    return
                with contextlib.suppress(AssetError):
                    content, _ = read_regular(folder, source.path, source.size or 0)
                    kind = kind_of(ending_of(source.entry), content[:HEAD])
                    digest = hashlib.sha256(content).hexdigest()
                    if kind is not None and (kind, digest) not in self._known:
                        self._known[kind, digest] = read = self.ask(content, kind)
                        waiting.append(read)
                if len(waiting) > self.count:
                    answer = waiting.popleft().result()
                    kept += sum(map(len, answer.pieces))
                    left -= answer.seconds

    def _read(self, content: bytes) -> Answer:
        """What a child makes of a file's kind and bytes. Runs in a thread of the pool."""
        child = self._idle.get()
        try:
            return Answer([], Ending.TIME) if self.stopped.is_set() else child.ask(content)
        finally:
            self._idle.put(child)
