"""Idle workers hash for busy ones: the last large file of a run needn't wait for one processor alone.

Role: when no unit is left, a worker waits here; a `SharedDigest` of a large file then hands its blocks to it, in
order, while its owner reads, checks, deflates and writes. The digest is the same, whoever takes it. Nothing here
reads or writes a file.
"""

import hashlib
import queue
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

_AHEAD: Final = 2
BUFFERS: Final = _AHEAD + 2
"""Blocks that an owner needs to go round: those waiting, the one being hashed, and the one being filled."""


class Helpers:
    """The workers of one run that have nothing left to do. Good for many threads at once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = 0
        self._free = 0
        self._jobs: deque[Callable[[], None]] = deque()

    def begin(self) -> None:
        """Called by a worker before its first unit."""
        with self._changed:
            self._busy += 1

    def serve(self) -> None:
        """Called by a worker after its last unit: do jobs until every worker that began came here."""
        with self._changed:
            self._busy -= 1
            self._free += 1
            self._changed.notify_all()
            while True:
                self._changed.wait_for(lambda: self._jobs or not self._busy)
                if not self._jobs:
                    self._free -= 1  # a worker that begins only now mustn't count on this one
                    return
                job = self._jobs.popleft()
                self._changed.release()
                try:
                    job()
                finally:
                    self._changed.acquire()
                    self._free += 1

    @property
    def has_free(self) -> bool:
        """Whether a worker seems free; without the lock: seen too late, a block more is hashed by its owner."""
        return self._free > 0

    def offer(self, job: Callable[[], None]) -> bool:
        """Have a free worker do the job, if there is one; gives whether there is."""
        with self._changed:
            if not self._free:
                return False
            self._free -= 1
            self._jobs.append(job)
            self._changed.notify_all()
        return True


class SharedDigest:
    """A SHA-256 over blocks, taken by a free worker as soon as there is one. A context, for one thread.

    A block given to `update` must stay as it is until `BUFFERS - 1` more were given: `handed` counts those that
    somebody else may still be reading.
    """

    def __init__(self, helpers: Helpers | None) -> None:
        self._helpers = helpers
        self._digest = hashlib.sha256()
        self._blocks: queue.Queue[memoryview | None] | None = None
        self._done = threading.Event()
        self._failure: BaseException | None = None
        self.handed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def update(self, block: memoryview) -> None:
        """Go on with the next block."""
        if self._blocks is None and self._helpers is not None and self._helpers.has_free:
            blocks: queue.Queue[memoryview | None] = queue.Queue(_AHEAD)
            if self._helpers.offer(lambda: self._take(blocks)):
                self._blocks = blocks
        if self._blocks is None:
            self._digest.update(block)
            return
        self._blocks.put(block)
        self.handed += 1

    def digest(self) -> bytes:
        """The digest of all blocks. Raises what kept another worker from taking it."""
        self._end()
        if self._failure is not None:
            raise self._failure
        return self._digest.digest()

    def _take(self, blocks: "queue.Queue[memoryview | None]") -> None:
        try:
            while (block := blocks.get()) is not None:
                self._digest.update(block)
        except BaseException as failure:  # noqa: BLE001 - it's raised again in the owner's thread
            self._failure = failure
            while blocks.get() is not None:
                pass  # the owner, who knows nothing of it yet, would wait for room
        finally:
            self._done.set()

    def _end(self) -> None:
        if self._blocks is not None:
            self._blocks.put(None)
            self._done.wait()
            self._blocks = None
