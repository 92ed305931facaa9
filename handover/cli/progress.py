"""Who listens to a build: progress on a terminal, and a stopwatch. Nothing is shown when piped."""

import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from handover.cli import boundary, clock
from handover.cli.terminal import colour, redraw, say
from handover.model.message import human_size, msg

if TYPE_CHECKING:
    from handover.build.request import Environment

_INTERVAL = 0.2  # seconds between two redraws: fast enough to look alive, slow enough to cost nothing


class Progress:
    """Hears of steps and bytes: a line a step, and bytes, rate and time left while packing, unless `quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._redrawn = self._shown and colour() is not False  # TERM=dumb, NO_COLOR: lines only
        self._step = ""
        self._began = self._drawn = time.monotonic()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def environment(self) -> "Environment":
        """What a build is given from outside: the real clock and randomness, and this listener."""
        from handover.build.request import Environment

        return Environment(
            now=clock.now,
            random=clock.random_bytes,
            on_step=self.step,
            on_bytes=self.bytes,
            before_publishing=boundary.ignore_signals,
        )

    def seconds(self) -> dict[str, float]:
        """Wall time of each step so far."""
        now = time.monotonic()
        self._seconds[self._step] += now - self._began
        self._began = now
        return dict(self._seconds)

    def step(self, name: str) -> None:
        """A new step begins."""
        self.seconds()
        self._step = name
        if self._redrawn:
            redraw()
        if self._shown:
            say(msg("{step} …", step=msg(name)), err=True)

    def bytes(self, done: int, total: int) -> None:
        """`done` of `total` bytes are packed; redraws a few times a second."""
        now = time.monotonic()
        if not self._redrawn or (now - self._drawn < _INTERVAL and done < total):
            return
        self._drawn = now
        rate = done / max(now - self._began, 1e-3)
        left = (total - done) / rate if rate else 0
        shown = msg(
            "  {done} of {total}, {rate}/s, {left:.0f} s left",
            done=human_size(done),
            total=human_size(total),
            rate=human_size(int(rate)),
            left=left,
        )
        redraw(shown if done < total else "")
