"""Where each unit of work lands in the file while several are made at once.

Role: units follow each other in the archive in a fixed order, but their lengths become known in any order. A
`Layout` hands out a unit's start as soon as all before it have told their lengths; a `Slot` takes a unit's
bytes, writes them in place when its start is known and holds a bounded amount of them until then. Whatever
the number of workers, the bytes are the same. It knows nothing of files to read or of ZIP.

No deadlock: the earliest unfinished unit always has its start, so its worker never waits; and it's always in somebody's
hands or the next to be taken (`handover.bundle.workers`), as long as whoever is ahead of a unit that nobody took
doesn't wait here either.
"""

import threading
from collections import deque
from typing import Final

from handover.bundle.workers import Stopped
from handover.bundle.write.deflate import Buffer
from handover.bundle.write.file import PositionalFile
from handover.model.message import msg

_PARKED: Final = 24 * 1024 * 1024
"""Finished bytes that may wait in memory for their start, all units together."""
_HELD: Final = 16 * 1024 * 1024
"""Bytes that unfinished units may hold before their workers wait, all together: the earliest one needn't hold any."""


class Layout:
    """The order of the units of one run in `file`, the first of them at `start`."""

    def __init__(self, file: PositionalFile, start: int, workers: int) -> None:
        self.file = file
        self.held_limit = _HELD // max(workers - 1, 1)
        self._changed = threading.Condition()
        self._next = 0  # the first unit whose length isn't known
        self._starts: dict[int, int] = {0: start}
        self._lengths: dict[int, int] = {}
        self._parked: dict[int, list[Buffer]] = {}
        self._parked_bytes = 0
        self._stopped = False

    @property
    def end(self) -> int:
        """Where the unit after the last announced one would start."""
        with self._changed:
            return self._starts[self._next]

    def start_of(self, unit: int) -> int | None:
        """The unit's offset in the file, or None while an earlier unit's length is unknown."""
        with self._changed:
            self.check()
            return self._starts.get(unit)

    def wait_for(self, unit: int) -> int:
        """The unit's offset, waiting for the units before it. Raises `Stopped` when work is called off."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or unit in self._starts)
            self.check()
            return self._starts[unit]

    def announce(self, unit: int, length: int) -> None:
        """Tell a unit's whole length; parked units whose start becomes known by it are written."""
        with self._changed:
            self.check()
            self._lengths[unit] = length
            ready = self._advance()
        while ready:
            start, chunks = ready.popleft()
            self.file.write_chunks_at(chunks, start)
            with self._changed:
                self._parked_bytes -= sum(len(chunk) for chunk in chunks)
                self._changed.notify_all()

    def has_room(self, size: int) -> bool:
        """Whether a finished unit of that many bytes may be parked now."""
        return self._parked_bytes + size <= _PARKED

    def place(self, unit: int, data: bytes, *, wait: bool) -> None:
        """Announce and settle a whole unit. One ahead of its turn mustn't wait: others may wait for its worker."""
        self.announce(unit, len(data))
        self.settle(unit, [data], wait=wait)

    def settle(self, unit: int, chunks: list[Buffer], *, wait: bool = True) -> None:
        """Write the held chunks of a finished, announced unit, or park them until its start is known.

        Where too much is parked already, it waits, unless told not to.
        """
        size = sum(len(chunk) for chunk in chunks)
        with self._changed:
            self._changed.wait_for(lambda: not wait or self._stopped or unit in self._starts or self.has_room(size))
            self.check()
            if unit not in self._starts:
                self._parked[unit] = chunks
                self._parked_bytes += size
                return
            start = self._starts[unit]
        self.file.write_chunks_at(chunks, start)

    def check(self) -> None:
        """Raises `Stopped` when work was called off; without the lock, as it's asked before every block."""
        if self._stopped:
            raise Stopped

    def stop(self) -> None:
        """Call off the work: everyone who waits, writes or comes back gets `Stopped`."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _advance(self) -> deque[tuple[int, list[Buffer]]]:
        ready: deque[tuple[int, list[Buffer]]] = deque()
        while (length := self._lengths.pop(self._next, None)) is not None:
            self._starts[self._next + 1] = self._starts[self._next] + length
            self._next += 1
            if (chunks := self._parked.pop(self._next, None)) is not None:
                ready.append((self._starts[self._next], chunks))
        self._changed.notify_all()
        return ready


class Slot:
    """The place of one unit: `reserved` bytes for a header that is known last, then the data in order."""

    def __init__(self, layout: Layout, unit: int, reserved: int = 0) -> None:
        self._layout = layout
        self._unit = unit
        self._reserved = reserved
        self._written = 0
        self._held: list[Buffer] = []
        self._held_bytes = 0
        self._start: int | None = None
        self._promised: int | None = None

    def promise(self, data_length: int) -> None:
        """Say in advance how much data will come, so that later units needn't wait."""
        self._promised = data_length
        self._layout.announce(self._unit, self._reserved + data_length)

    def write(self, data: Buffer) -> None:
        """Append data. It's copied when it must be held, so the caller may reuse its buffer. Raises `Stopped`."""
        self._layout.check()  # a unit that has its start asks nobody else, and can be hours long
        if self._start is None:
            self._start = self._layout.start_of(self._unit)
        if self._start is None and self._held_bytes + len(data) > self._layout.held_limit:
            self._start = self._layout.wait_for(self._unit)
        if self._start is None:
            self._held.append(bytes(data))
            self._held_bytes += len(data)
            return
        self._flush(self._start)
        self._layout.file.write_at(data, self._start + self._reserved + self._written)
        self._written += len(data)

    def finish(self, header: bytes = b"") -> None:
        """End the unit with its header. The data must be as long as promised."""
        data_length = self._written + self._held_bytes
        if len(header) != self._reserved or self._promised not in {None, data_length}:
            message = msg("a unit's length differs from what was planned")
            raise AssertionError(message)
        if self._promised is None:
            self._layout.announce(self._unit, self._reserved + data_length)
        if self._start is None:
            self._layout.settle(self._unit, [header, *self._held] if header else self._held)
            return
        self._flush(self._start)
        self._layout.file.write_at(header, self._start)

    def _flush(self, start: int) -> None:
        if self._held:
            self._layout.file.write_chunks_at(self._held, start + self._reserved + self._written)
            self._written += self._held_bytes
            self._held = []
            self._held_bytes = 0
