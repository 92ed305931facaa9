"""Which unit a free worker does next.

Role: hands out units in order, but those that must be done alone go to one worker at a time, which may run ahead of
the others with them. It knows nothing of files or of the bundle, and starts no thread.
"""

import threading
from collections.abc import Callable, Sequence


class Agenda:
    """The units of one run, each taken once. Good for many threads at once.

    `alone` says of each unit whether no other such unit may be done at the same time. `may_run_ahead` is asked
    whether such a unit may be done before its turn.

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
