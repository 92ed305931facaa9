"""How a wide table is printed: which columns share a page, and at what size.

Role: `fit` decides from the widths of the columns. A table that stays legible goes on pages of its whole width; a
wider one is parted between columns, its first column repeated on every page, so that no page is read with a lens.
It writes nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

MARGIN = 20.0
"""Millimetres on every side."""

_SHORT_AND_LONG = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Millimetres."""

_DIGIT = 1.97
"""Millimetres of a digit of body text, the unit of widths, at full size; Excel's are a little narrower."""

LEAST = 70
"""Percent: eleven points become 7.7, the smallest that people read in a table without effort."""

_FULL, _STEP = 100, 5


class Fit(NamedTuple):
    """How a sheet is printed."""

    scale: int | None
    """Percent of full size; None lets the program fit the whole width on a page, which is then legible."""
    breaks: tuple[int, ...] = ()
    """Numbers of columns (from 1) after which a new page begins."""


def room(paper: str, *, lying: bool) -> float:
    """Digits of body text in a printed line, at full size."""
    return (_SHORT_AND_LONG[paper][lying] - 2 * MARGIN) / _DIGIT


def fit(widths: Sequence[float], paper: str, *, lying: bool) -> Fit:
    """How columns of these widths, in digits, are printed: on as few pages side by side as stay legible."""
    line = room(paper, lying=lying)
    parted = {scale: _parted(widths, line * 100 / scale) for scale in range(LEAST, _FULL + 1, _STEP)}
    fewest = parted[LEAST]
    if not fewest:
        return Fit(None)
    # The largest type that needs no further page.
    scale = max(scale for scale, breaks in parted.items() if len(breaks) == len(fewest))
    return Fit(scale, parted[scale])


def _parted(widths: Sequence[float], line: float) -> tuple[int, ...]:
    """Where pages end: as many columns as fit beside the first one, and at least one."""
    breaks: list[int] = []
    used = widths[0]
    for before, width in enumerate(widths[1:], start=1):
        if used + width > line and used > widths[0]:
            breaks.append(before)
            used = widths[0]
        used += width
    return tuple(breaks)
