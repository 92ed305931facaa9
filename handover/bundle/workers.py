"""Units of work on several threads, with results in order: all that packing and verifying share.

Role: a `Run` hands out its units in order, those that must be done alone to one thread at a time, and ends at the first
failure. A thread that finds no unit left hashes for the others: a `SharedDigest` hands it the blocks of a large file,
in order, while its owner reads, inflates or writes, so the last large file needn't wait for one processor alone.
Nothing here knows a file, or what a unit is.
"""

import contextlib
import hashlib
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Generic, Self, TypeVar

Result = TypeVar("Result")

_AHEAD: Final = 2
BUFFERS: Final = _AHEAD + 2
"""Blocks that a digest's owner needs to go round: those waiting, the one being hashed, and the one being filled."""
_LOOK_AROUND: Final = 0.2  # seconds: on Windows a wait without end can't be interrupted


class Stopped(Exception):
    """Work was called off; another unit's failure is the one to tell."""


def default_workers() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Agenda:
    """Numbered units, each taken once, in order. Good for many threads at once.

    `alone` says of each unit whether no other such unit may be done at the same time: one worker takes those, and may
    run ahead of the others with them. `may_run_ahead` is asked whether such a unit may be done before its turn.

    Nobody waits in a circle: of each kind the earliest is taken first, and the worker of a unit done alone that is
    ahead of its turn (`is_ahead`) comes back for the next one without waiting for anybody. When its turn has come, all
    before it are done or in others' hands. So the earliest unfinished unit is always in the hands of somebody who
    doesn't wait, or the next to be taken.
    """

    def __init__(self, alone: Sequence[bool], may_run_ahead: Callable[[int], bool]) -> None:
        self._lock = threading.Lock()
        self._alone = alone
        self._may_run_ahead = may_run_ahead
        self._single = iter([number for number, one in enumerate(alone) if one])
        self._others = iter([number for number, one in enumerate(alone) if not one])
        self._next_single = next(self._single, None)
        self._next_other = next(self._others, None)
        self._is_somebody_alone = False

    def take(self) -> int | None:
        """The number of a unit to do now; None when there is none left for this worker."""
        with self._lock:
            single, other = self._next_single, self._next_other
            if (
                single is not None
                and not self._is_somebody_alone
                and (other is None or single < other or self._may_run_ahead(single))
            ):
                self._is_somebody_alone = True
                self._next_single = next(self._single, None)
                return single
            if other is not None:
                self._next_other = next(self._others, None)
            return other

    def is_ahead(self, number: int) -> bool:
        """Whether a unit that was taken to be done alone is ahead of one that nobody took yet: a false stays so."""
        with self._lock:
            return self._alone[number] and self._next_other is not None and self._next_other < number

    def done(self, number: int) -> None:
        """Tell that a unit is done, before taking the next."""
        if self._alone[number]:
            self._is_somebody_alone = False


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


class Run(Generic[Result]):
    """The units of one call; `alone` and `may_run_ahead` are an `Agenda`'s.

    After a failure only what stands before it is still done, so that the earliest failure is the one raised, however
    many workers there are. `on_failure` is called at each one, for whoever would rather stop everything.
    """

    def __init__(
        self,
        alone: Sequence[bool],
        *,
        may_run_ahead: Callable[[int], bool] = lambda _number: True,
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self.agenda = Agenda(alone, may_run_ahead)
        self.helpers = Helpers()
        self._count = len(alone)
        self._on_failure = on_failure
        self._failing = threading.Lock()
        self._failed_at = sys.maxsize
        self._results: dict[int, Result] = {}
        self._failures: dict[int, BaseException] = {}

    def check(self, number: int) -> None:
        """Raises `Stopped` when the unit of that number needn't be finished any more."""
        if number > self._failed_at:
            raise Stopped

    def results(
        self, make_worker: Callable[[], AbstractContextManager[Callable[[int], Result]]], workers: int
    ) -> list[Result]:
        """Do all units with that many threads, fewer where the system gives no more; the results in the units' order.

        `make_worker` gives each thread a context whose value does a unit, given its number. One worker works in the
        calling thread. Raises the earliest unit's failure, after all threads ended.
        """

        def work() -> None:
            self.helpers.begin()
            try:
                self.check(0)
                with make_worker() as do:
                    self._do_units(do)
            except Stopped:
                pass
            except BaseException as failure:  # noqa: BLE001 - it's raised again in the calling thread
                self._fail(0, failure)
            self.helpers.serve()

        if workers <= 1 or not self._count:
            work()
        else:
            self._in_threads(work, min(workers, 2 * self._count))  # a unit can use one helper
        if self._failures:
            raise self._failures[min(self._failures)]
        return [self._results[number] for number in range(self._count)]

    def _in_threads(self, work: Callable[[], None], count: int) -> None:
        threads = [threading.Thread(target=work, name=f"worker-{number}") for number in range(count)]
        try:
            if not _start(threads):
                work()
            for thread in threads:
                while thread.is_alive():
                    thread.join(timeout=_LOOK_AROUND)
        except BaseException:
            self._failed_at = -1
            self._on_failure()
            raise
        finally:
            for thread in threads:
                # One that starts only now, as starting it was interrupted, finds the work called off.
                with contextlib.suppress(RuntimeError):
                    thread.join()

    def _do_units(self, do: Callable[[int], Result]) -> None:
        while (number := self.agenda.take()) is not None:
            try:
                self.check(number)
                self._results[number] = do(number)
            except Stopped:
                pass
            except BaseException as failure:  # noqa: BLE001 - it's raised again in the calling thread
                self._fail(number, failure)
            self.agenda.done(number)

    def _fail(self, number: int, failure: BaseException) -> None:
        with self._failing:
            self._failures[number] = failure
            self._failed_at = min(self._failed_at, number if isinstance(failure, Exception) else -1)
        self._on_failure()


def _start(threads: Sequence[threading.Thread]) -> int:
    """Start as many as the system lets this process have (a container may limit them); gives how many."""
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:
            return number
    return len(threads)


class SharedDigest:
    """A SHA-256 over blocks, taken by a free worker as soon as there is one. A context, for one thread.

    A block given to `update` must stay as it is until `BUFFERS - 1` more were given: `handed` counts those that
    somebody else may still be reading.
    """

    def __init__(self, helpers: Helpers) -> None:
        self._helpers = helpers
        self._digest = hashlib.sha256()
        self._blocks: queue.Queue[bytes | memoryview | None] | None = None
        self._done = threading.Event()
        self._failure: BaseException | None = None
        self.handed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def update(self, block: bytes | memoryview) -> None:
        """Go on with the next block."""
        if self._blocks is None and self._helpers.has_free:
            blocks: queue.Queue[bytes | memoryview | None] = queue.Queue(_AHEAD)
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

    def _take(self, blocks: "queue.Queue[bytes | memoryview | None]") -> None:
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
