"""Whether what follows a letter's signature begins a page of its own.

Role: an estimate from the lengths of texts, for programs that leave a heading alone at the foot of a page though it is
kept with what follows (LibreOffice). It breaks the page only where both are sure: the lists don't fit below the
signature, and the signature fits above. It lays nothing out.
"""

from collections.abc import Iterable, Sequence

from handover.languages.words import Words

_HEIGHTS = {"A4": 250.0, "Letter": 232.0}
_SURE = 20.0
"""Millimetres of a page between its margins, and how far below its end the signature must be estimated."""

_LINE, _ROW, _CHARACTERS = 5.0, 6.4, 90
"""Height of a line and of a table's row in mm, and characters of a line."""

_FRAME, _SHORTEST = 150.0, 190.0
"""What every letter has besides what is counted, and what the shortest takes, in mm."""


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
    written = _FRAME + _LINE * (lines + sum(-(-len(text) // _CHARACTERS) for text in prose if text))
    needed = _LINE * sum(2 + len(one) for one in lists if one) + (_ROW * (rows + 2) + 2 * _LINE if rows else 0)
    return written < height - _SURE and needed > height - _SHORTEST
