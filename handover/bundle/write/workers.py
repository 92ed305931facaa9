"""Several units at once, with results in order.

Role: runs the units of one call on a number of threads and stops all of them at the first failure or
interruption. With one worker, everything runs in the calling thread. It knows nothing of what a unit is.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from handover.bundle.write.helpers import Helpers
from handover.bundle.write.layout import Layout, Stopped
from handover.bundle.write.schedule import Agenda

Unit = TypeVar("Unit")
Result = TypeVar("Result")

_LOOK_AROUND = 0.2  # seconds: on Windows a wait without end can't be interrupted


def default_workers() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Run(Generic[Unit, Result]):
    """Units to be done by workers, in the agenda's order.

    `make_worker` gives each worker a context whose value does a unit, given its number. A worker without a unit
    helps the others through `helpers`.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        make_worker: Callable[[], AbstractContextManager[Callable[[Unit, int], Result]]],
        layout: Layout,
        helpers: Helpers,
        agenda: Agenda,
    ) -> None:
        self._units = units
        self._make_worker = make_worker
        self._layout = layout
        self._helpers = helpers
        self._agenda = agenda
        self._results: dict[int, Result] = {}
        self._failures: dict[int, BaseException] = {}

    def results(self, workers: int) -> list[Result]:
        """Do all units with that many workers; the results in the units' order.

        When units fail, the failure of the earliest one is raised, after all workers ended.
        """
        if workers <= 1 or not self._units:
            self._work()
        else:
            self._work_in_threads(min(workers, 2 * len(self._units)))  # a unit can use one helper
        if self._failures:
            raise self._failures[min(self._failures)]
        return [self._results[number] for number in range(len(self._units))]

    def _work_in_threads(self, count: int) -> None:
        threads = [threading.Thread(target=self._work, name=f"pack-{number}") for number in range(count)]
        try:
            if not _start(threads):
                self._work()
            for thread in threads:
                while thread.is_alive():
                    thread.join(timeout=_LOOK_AROUND)
        finally:
            self._layout.stop()
            for thread in threads:
                # One that starts only now, as starting it was interrupted, finds the work called off.
                with contextlib.suppress(RuntimeError):
                    thread.join()

    def _work(self) -> None:
        self._helpers.begin()
        self._do_units()
        self._helpers.serve()

    def _do_units(self) -> None:
        number = 0
        try:
            self._layout.check()
            with self._make_worker() as work:
                while not self._failures and (taken := self._agenda.take()) is not None:
                    number = taken
                    self._results[number] = work(self._units[number], number)
                    self._agenda.done(number)
        except Stopped:
            pass  # another worker's failure is the one to tell
        except BaseException as failure:  # noqa: BLE001 - it's raised again in the calling thread
            self._failures.setdefault(number, failure)
            self._layout.stop()


def _start(threads: Sequence[threading.Thread]) -> int:
    """Start as many as the system lets this process have (a container may limit them); gives how many."""
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:
            return number
    return len(threads)
