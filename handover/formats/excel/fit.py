"""How many lines a text needs in a column, so that its row is high enough and not much higher.

Role: Excel and LibreOffice adapt a row's height when somebody edits it, but not dependably when they open a file
that has none, so rows come with theirs. Widths are Calibri's advance widths (Carlito's, which are the same) in
digits, the unit of column widths (ECMA-376 Part 1, 18.3.1.13), rounded up to a tenth. Nothing here writes.
"""

from handover.formats.excel.book import Look

MAX_HEIGHT = 409.0
"""Points that a row can be high at most ("Excel specifications and limits")."""

CELL, INDENT = 0.7, 1.3
"""Digits that a cell keeps free at its edges, and for its indent: three spaces (18.8.1, indent)."""

_LINE, _SMALL_LINE, _AIR = 15.0, 11.0, 6.0
"""Points: a line of body text, a line of a digest, and the space above and below a row's text together."""

_FIXED_LINE = {Look.TITLE: 29.0}
_FIXED = {Look.TITLE: 32.0, Look.SUBTITLE: 20.0, Look.NOTICE: 22.0, Look.HEADER: 20.0, Look.NUMBER_HEADER: 20.0}
_HEADLINES = {Look.TITLE: 2.12, Look.SUBTITLE: 1.1, Look.NOTICE: 1.16}
"""How much wider a text is at 22 points, at 12 and at 12 bold than at 11."""
_MONO = {Look.MONO: 1.2, Look.DIGEST: 0.9}
"""Width of every character in the monospaced face at 11 and at 8 points."""

_BY_WIDTH = {
    0.5: " ',.Iijl\u202f’",
    0.6: "'():;`",
    0.7: "!-J[]frt{}",
    0.8: '"/\\sz',
    0.9: "Lckvxyç",
    1.1: "BCKPRXbdhnopqu«»",
    1.2: "AV",
    1.3: "DGHNU",
    1.4: "&OQ",
    1.5: "%w",
    1.6: "m",
    1.7: "Mœ",
    1.8: "@W",
}
_CJK = "\u2e80"
"""From here on characters are mostly as wide as high (Unicode Standard Annex 11)."""


class _Widths(dict[str, float]):
    """Widths by character; those not listed are as wide as a digit, or two beyond the alphabets."""

    def __missing__(self, character: str) -> float:
        return self.setdefault(character, 1.0 if character < _CJK else 2.0)


_widths = _Widths({character: width for width, characters in _BY_WIDTH.items() for character in characters})


def width_of(text: str, look: Look) -> float:
    """How wide one line of text is, in digits of body text."""
    if (each := _MONO.get(look)) is not None:
        return len(text) * each
    bold = 1.06 if look in {Look.HEADER, Look.NUMBER_HEADER, Look.LABEL, Look.PAGE_LINK} else 1.0
    return sum(map(_widths.__getitem__, text)) * _HEADLINES.get(look, bold)


def lines_needed(text: str, look: Look, room: float) -> int:
    """Lines that the text takes in `room` digits: wrapped at spaces, and inside a word that is wider."""
    return sum(_wrapped(line, look, room) for line in text.split("\n"))


def _wrapped(line: str, look: Look, room: float) -> int:
    if width_of(line, look) <= room:
        return 1
    space = width_of(" ", look)
    lines, used = 1, 0.0
    for word in line.split(" "):
        width = width_of(word, look)
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        if look is Look.MONO and width > room:
            # Some programs break a long address after its slashes and hyphens first and leave lines half empty: a
            # spare line, lest a secret look cut.
            lines += 1
        # A word that is wider than the column is broken anywhere.
        more = int(max(width - 0.001, 0) // room)
        lines += more
        used += width - more * room + (space if used else 0)
    return lines


def height_of(lines: int, look: Look) -> float:
    """Points that a row needs for so many lines of this look."""
    if look in _FIXED:
        return min(_FIXED[look] + (lines - 1) * _FIXED_LINE.get(look, _LINE) + _AIR, MAX_HEIGHT)
    return min(lines * (_SMALL_LINE if look is Look.DIGEST else _LINE) + _AIR, MAX_HEIGHT)
