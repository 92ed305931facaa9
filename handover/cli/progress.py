"""Progress on a terminal: one line a step, and bytes, rate and time left while packing. Nothing when piped."""

import sys
import time
from collections.abc import Callable

from handover.cli.report import human_size
from handover.cli.terminal import colour, redraw, say

_INTERVAL = 0.2  # seconds between two redraws: fast enough to look alive, slow enough to cost nothing


def listener(*, quiet: bool) -> tuple[Callable[[str], None], Callable[[int, int], None]]:
    """Two callbacks: one for the name of each step, one for (bytes done, bytes in all)."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return (lambda _step: None), (lambda _done, _total: None)
    if colour() is False:  # TERM=dumb, NO_COLOR: lines only, nothing redrawn
        return (lambda step: say(f"{step} …", err=True)), (lambda _done, _total: None)
    meter = _Meter()
    return meter.step, meter.bytes


class _Meter:
    def __init__(self) -> None:
        self._name = ""
        self._started = self._drawn = time.monotonic()

    def step(self, name: str) -> None:
        """A new step begins."""
        self._name = name
        self._started = time.monotonic()
        redraw()
        say(f"{name} …", err=True)

    def bytes(self, done: int, total: int) -> None:
        """`done` of `total` bytes are packed; redraws a few times a second."""
        now = time.monotonic()
        if now - self._drawn < _INTERVAL and done < total:
            return
        self._drawn = now
        elapsed = max(now - self._started, 1e-3)
        rate = done / elapsed
        left = (total - done) / rate if rate else 0
        shown = f"  {human_size(done)} of {human_size(total)}, {human_size(int(rate))}/s, {left:.0f} s left"
        redraw(shown if done < total else "")
