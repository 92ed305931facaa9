"""An SVG drawn as PNG: what the child process does (`handover.formats.confined`).

Role: bytes → picture, by resvg, an extra. It runs in the child alone: no count could bound what an SVG costs, whose
parts use, mask and filter one another. That nothing in it leads outside was seen before.
"""

from collections.abc import Iterator
from typing import Final

_WIDTH: Final = 1_600
"""Pixels: a letterhead's 6 cm at 600 dots per inch, and some."""


def draw(svg: bytes) -> Iterator[bytes]:
    """The picture as PNG. Raises ValueError for what can't be drawn."""
    import resvg_py

    yield bytes(resvg_py.svg_to_bytes(svg_string=svg.decode("utf-8-sig"), width=_WIDTH))
