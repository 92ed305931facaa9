"""Whether what follows a letter's signature begins a page of its own, and whether two pages hold it all.

Role: an estimate from the lengths of texts, for programs that leave a heading alone at the foot of a page though it is
kept with what follows (LibreOffice). It breaks the page only where both are sure: the lists don't fit below the
signature, and the signature fits above. It lays nothing out.
"""

import math
from collections.abc import Iterable, Sequence

from handover.languages.words import Words

_HEIGHTS = {"A4": 250.0, "Letter": 232.0}
_SURE = 20.0
"""Millimetres of a page between its margins, and how far below its end the signature must be estimated."""

_LINE, _ROW, _CHARACTERS = 5.0, 6.4, 90
"""Height of a line and of a table's row in mm, and characters of a line."""

_FRAME, _SHORTEST = 150.0, 190.0
"""What every letter has besides what is counted, and what the shortest takes, in mm."""

_LOST = 60.0
"""Millimetres of two pages that stay empty around what isn't parted; 50 to 70 in letters that LibreOffice laid out."""


def follows_on_next_page(
    prose: Iterable[str | None],
    lines: int,
    lists: Sequence[Sequence[object]],
    rows: int,
    words: Words,
    *,
    besides: int = 0,
) -> bool:
    """Take a letter's own texts, the lines of its address, the lists after its signature and the rows of invoices;
    `besides` are lines before the signature that other letters lack."""
    height = _HEIGHTS[words.paper] - _LINE * besides
    written = _FRAME + _LINE * (lines + _lines(prose))
    needed = _LINE * sum(2 + len(one) for one in lists if one) + (_ROW * (rows + 2) + 2 * _LINE if rows else 0)
    return written < height - _SURE and needed > height - _SHORTEST


def lines_too_many(
    prose: Iterable[str | None], lines: int, lists: Sequence[Sequence[str]], rows: int, words: Words
) -> int:
    """By about how many lines a letter may be longer than two pages; 0 where it's sure to fit. Takes the same, of the
    lists their texts.
    """
    written = _FRAME + _LINE * (lines + _lines(prose))
    needed = _LINE * sum(2 + _lines(one) for one in lists if one) + (_ROW * (rows + 2) + 2 * _LINE if rows else 0)
    return max(0, math.ceil((written + needed - 2 * _HEIGHTS[words.paper] + _LOST) / _LINE))


def _lines(texts: Iterable[str | None]) -> int:
    return sum(-(-len(text) // _CHARACTERS) for text in texts if text)
