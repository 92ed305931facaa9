"""Zips from strangers, opened in memory with a bounded directory.

Role: the one place that makes a `ZipFile` of bytes that somebody gave us: `zipfile` makes a record of some 500 bytes
for each entry that a central directory lists, and a small file can list a million. It inflates nothing and knows no
format; a bundle's own zip is read by `handover.bundle.read`.
"""

import io
import struct
import zipfile
import zlib
from typing import Final

MAX_DIRECTORY: Final = 1024 * 1024
"""Bytes of a central directory: 10,000 entries of a hundred bytes each; Office files and exports have dozens."""

UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
"""What `zipfile` raises on files that aren't what they claim."""

_END: Final = struct.Struct("<4s4H2LH")  # APPNOTE 6.3.10, 4.3.16
_COMMENT: Final = 0xFFFF
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_SIZE: Final = 20


def open_zip(content: bytes) -> zipfile.ZipFile:
    """The zip in `content`. Raises one of `UNREADABLE`, among others for a directory larger than any that we read."""
    # As `zipfile` finds it: at the very end, else the last one before a comment.
    at = len(content) - _END.size
    if at < 0 or content[at : at + 4] != b"PK\x05\x06" or content[-2:] != b"\0\0":
        at = content.rfind(b"PK\x05\x06", max(0, len(content) - _COMMENT - _END.size))
    if at < 0 or at + _END.size > len(content):
        raise zipfile.BadZipFile("no end record")
    size = _END.unpack_from(content, at)[5]
    if size > MAX_DIRECTORY or content[max(0, at - _LOCATOR_SIZE) :].startswith(_LOCATOR):
        raise zipfile.BadZipFile("a directory larger than is read")
    return zipfile.ZipFile(io.BytesIO(content))
