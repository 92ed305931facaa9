"""What a file is that was given for a text or a table and is neither: by its first bytes, in people's words.

Role: so that a picture, a workbook or UTF-16 is called by its name instead of "byte 0x89 is not UTF-8". It looks at
bytes and opens nothing.
"""

import re
from typing import Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.model.message import msg

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", msg("a picture (PNG)")),
    (b"\xff\xd8\xff", msg("a picture (JPEG)")),
    (b"GIF8", msg("a picture (GIF)")),
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", msg("a compressed file (gzip)")),
    (b"7z\xbc\xaf\x27\x1c", msg("a 7-Zip archive")),
    (b"Rar!\x1a\x07", msg("a RAR archive")),
)
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The compound file's signature ([MS-CFB] 2.2): Office until 2003, and anything that Office encrypts since."""

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""The stream that an encrypted document is in ([MS-OFFCRYPTO] 2.3.4.4), as the directory spells it."""

OPEN_DOCUMENT: Final = msg("an OpenDocument file")

_MEMBERS: Final = (
    ("xl/workbook.bin", msg("an Excel binary workbook (.xlsb)")),
    ("xl/", msg("an Excel workbook")),
    ("word/", msg("a Word document")),
    ("ppt/", msg("a PowerPoint presentation")),
    ("meta-inf/manifest.xml", OPEN_DOCUMENT),
    ("index/", msg("an iWork file (Numbers, Pages or Keynote)")),
)
_LOOKED_AT: Final = 512
_JSON: Final = re.compile(r'\[\s*[\[{"\]]|\{\s*(?:["}]|//)')


def kind_of(content: bytes) -> str:
    """What the file is, with its article (`an Excel workbook`), when it is no text in UTF-8; empty when it may be."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content.startswith(_ZIP):
        return _zipped(content)
    if content.startswith(_COMPOUND):
        return (
            msg("an Office file with a password") if _ENCRYPTED in content else msg("an old Office file (.xls, .doc)")
        )
    return msg("UTF-16 text without the mark that says so") if _is_bare_utf16(content[:_LOOKED_AT]) else ""


def markup_of(text: str) -> str:
    """What a text is that holds no table: JSON, or a web page or XML; empty when it may be a CSV."""
    start = text.lstrip()
    if _JSON.match(start):
        return "JSON"
    return msg("a web page or XML") if start.startswith("<") else ""


def is_workbook(content: bytes) -> bool:
    """Whether it is a zip that holds what an .xlsx does; one that can't be read may be."""
    return content.startswith(_ZIP) and _zipped(content) in {"an Excel workbook", "a damaged zip file"}


def _zipped(content: bytes) -> str:
    try:
        with open_zip(content) as archive:
            # Programs on Windows have written backslashes.
            names = [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
    except UNREADABLE:
        return msg("a damaged zip file")
    return next((kind for start, kind in _MEMBERS if any(name.startswith(start) for name in names)), msg("a zip file"))


def _is_bare_utf16(start: bytes) -> bool:
    """Whether nearly every second byte is 0, as in Western text: UTF-8 has none, other files have no such order."""
    halves = start[0::2], start[1::2]
    most = len(halves[1]) * 0.8
    return len(start) > 1 and any(
        half.count(0) >= most and other.count(0) == 0 for half, other in (halves, halves[::-1])
    )
