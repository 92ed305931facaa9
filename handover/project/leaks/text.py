"""How a text is read before secrets are looked for in it: decoded, in its readings, folded, without gaps.

Role: pure functions on bytes and text, fast enough for every file of a delivery. They know nothing of secrets.
"""

import codecs
import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import normalize

PIECE: Final = 1024 * 1024
"""Bytes of a long text that are searched at a time."""
OVERLAP: Final = 4096
"""Bytes that a piece repeats of the one before: no secret is longer, so none is cut."""

_HYPHENS: Final = "_-\u00ad\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_DASHES: Final = [dash.encode() for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"]
_INVISIBLE: Final = [mark.encode() for mark in "\u00ad\u200b"]
_GAPS: Final = str.maketrans(dict.fromkeys(_HYPHENS, " "))
_ALL_GAPS: Final = [c for c in map(chr, range(0x3001)) if c.isspace() or c in _HYPHENS]
_SHORT_GAPS: Final = "".join(filter(str.isascii, _ALL_GAPS)).encode()
_LONG_GAPS: Final = [gap.encode() for gap in _ALL_GAPS if not gap.isascii() and normalize("NFKC", gap) == gap]
_MARKS: Final = b"!\"#$%&'()*+,./:;<=>?@[\\]^`{|}~"
_LONG_MARKS: Final = [
    mark.encode() for mark in "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2022\u00b7\u2026"
]
_GAPS_AND_MARKS: Final = _SHORT_GAPS + _MARKS
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROLS: Final = 20
"""A file is text while at most one byte in so many is a control: what is compressed has one in nine."""
_RTF: Final = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\u(?P<code>-?[0-9]{1,5}) ?(?:\\'[0-9a-fA-F]{2}|\?)?|\\(?P<mark>[{}\\])"
    r"|\\[a-z]{1,32}(?:-?[0-9]{1,10})? ?|[{}\r\n]"
)
"""Escaped characters, control words and groups (RTF Specification 1.9.1, "Unicode RTF" and "Control Word")."""
_WITHIN_WORDS: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|del|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|text:span|tspan|tt|u|wbr)"
    r"(?:[ /][^<>\n]{0,2000})?>|<!--[^<>\n]{0,2000}-->"
)
"""Marks of HTML and SVG that part no words."""
_CLOSES: Final = re.compile(r"</[a-z]")
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_FOLDED: Final = re.compile(r"[^\n]*(?:\n[ \t][^\n]*)+")
_JSON_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")


def decoded(content: bytes) -> str | None:
    """The text of a file that looks like text, else None: UTF-16, UTF-8, or else what Windows wrote before."""
    encoding = encoding_of(content[:8_192])
    return None if encoding is None else _decode(content, encoding)


def encoding_of(start: bytes) -> str | None:
    """The encoding of a file that starts with these bytes; None when it doesn't look like text."""
    if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32-le" if start[0] == 0xFF else "utf-32-be"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if start[0] == 0xFF else "utf-16-be"
    if b"\0" not in start:
        return "utf-8"
    if len(start) - len(start.translate(None, _CONTROLS)) <= len(start) // _MOST_CONTROLS:
        return "utf-8"
    # In UTF-16 every other byte of Latin text is zero, and hardly any of the rest.
    even, odd = (start[first::2].count(0) / len(start[first::2] or b"\0") for first in (0, 1))
    if max(even, odd) < 0.5 or min(even, odd) > 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode(content: bytes, encoding: str) -> str:
    if encoding != "utf-8":
        return content.decode(encoding, "replace").removeprefix("\ufeff")
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode()
    # Byte by byte takes a hundred times as long: not for a text that is in Windows-1252, or bytes behind a text's head.
    strays = content.decode("utf-8", "replace").count("\ufffd")
    return content.decode(*("cp1252", "replace") if strays > len(content) // _FEW_STRAYS else ("utf-8", _AS_WINDOWS))


def _windows_bytes(error: UnicodeError) -> tuple[str, int]:
    """What isn't UTF-8 is read as Windows-1252, byte by byte: a stray one, or a character cut in two, spoils nothing
    else.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_FEW_STRAYS: Final = 200
"""Bytes to each that isn't UTF-8, from which on a piece is taken for one in UTF-8."""
_AS_WINDOWS: Final = "handover.windows-1252"
codecs.register_error(_AS_WINDOWS, _windows_bytes)


def pieces(start: bytes, blocks: Iterable[bytes], encoding: str) -> Iterator[tuple[str, int]]:
    """A long text in overlapping pieces, each with the number of line breaks before it."""
    waiting, lines = start, 0
    for block in blocks:
        waiting += block
        if len(waiting) >= PIECE:
            # Cut where a line ends, and else where no character can be cut in two.
            end = waiting.rfind(b"\n", PIECE // 2) + 1 if encoding == "utf-8" else len(waiting) // 4 * 4
            end = end or len(waiting)
            text = _decode(waiting[:end], encoding)
            yield text, lines
            keep = max(end - OVERLAP, 0)
            lines += (
                waiting.count(b"\n", 0, keep) if encoding == "utf-8" else _decode(waiting[:keep], encoding).count("\n")
            )
            waiting = waiting[keep:]
    if waiting:
        yield _decode(waiting, encoding), lines


def slices(text: str) -> Iterator[str]:
    """A long text that is in memory, in overlapping pieces."""
    yield text[:PIECE]
    for start in range(PIECE, len(text), PIECE):
        yield text[start - OVERLAP : start + PIECE]


def rtf_text(text: str) -> str:
    """The text of a document in RTF, near enough for searching: control words and groups taken out."""
    return _RTF.sub(_rtf_character, text)


def _rtf_character(match: re.Match[str]) -> str:
    if match["byte"]:
        return bytes.fromhex(match["byte"]).decode("cp1252", "replace")
    if match["code"]:
        return chr(int(match["code"]) % 0x10000)
    return match["mark"] or ""


def as_read(text: str) -> str | None:
    """The text as a browser or a calendar shows it: without marks within words, lines put together that were folded
    (RFC 5545, 3.1; RFC 6350, 3.2). Lines keep their numbers. None where that is no other text.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("BEGIN:V"):
        found = _FOLDED.sub(lambda match: _FOLD.sub("", match[0]) + "\n" * match[0].count("\n"), text)
    elif "<" not in text:  # one character is found ten times as fast as several
        return None
    else:
        found = _WITHIN_WORDS.sub("", text) if _CLOSES.search(text) or "<!--" in text or "<wbr" in text else text
    return None if found == text else found


def readings(text: str) -> str:
    """The text as it is, and as HTML, JSON, CSV (RFC 4180, 2.7) or an address (RFC 3986, 2.1) would mean it."""
    from html import unescape
    from urllib.parse import unquote

    text = normalize("NFC", text)
    found = [text]
    if "&" in text:
        found.append(unescape(text))
    if "\\" in text:
        found.append(_JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text))
    if '""' in text:
        found.append(text.replace('""', '"'))
    if "%" in text:
        found.append(unquote(text))
    return "\n".join(found) if len(found) > 1 else text


def folded(text: str) -> str:
    """Without differences of capitals and of forms of one character."""
    return text.lower() if text.isascii() else normalize("NFKC", text).casefold()


def exact(folded_text: str) -> bytes:
    """A folded text in UTF-8 in which every dash is a hyphen: programs replace one by the other while people type."""
    found = folded_text.encode("utf-8", "surrogatepass")
    if not folded_text.isascii():
        for dash in _DASHES:
            found = found.replace(dash, b"-")
        for mark in _INVISIBLE:
            found = found.replace(mark, b"")
    return found


def parted(folded_text: str) -> str:
    """A folded text with one space for every run of white space, hyphens and underscores."""
    # Splitting is several times faster than an expression over a megabyte.
    return " ".join(folded_text.translate(_GAPS).split())


def words(text: str) -> str:
    """Folded and parted."""
    return parted(folded(text))


def squeezed(folded_text: str, *, marks: bool = False) -> bytes:
    """A folded text in UTF-8 without any gaps, and with `marks` without punctuation.

    In UTF-8, bytes are taken out ten times as fast as characters are from text.
    """
    found = folded_text.encode("utf-8", "surrogatepass").translate(None, _GAPS_AND_MARKS if marks else _SHORT_GAPS)
    if not found.isascii():
        for gap in [*_LONG_GAPS, *_LONG_MARKS] if marks else _LONG_GAPS:
            found = found.replace(gap, b"")
    return found


def without_gaps(ascii_text: bytes) -> bytes:
    """`squeezed` with `marks`, of ASCII text that is folded and encoded already."""
    return ascii_text.translate(None, _GAPS_AND_MARKS)
