"""The bytes around a bundle's data: local headers, central directory, end records (docs/format.md, section 2).

Role: pure functions from what is stored to the records of PKWARE's APPNOTE 6.3.10. Metadata is fixed, so that
two builds of the same files give the same bytes. It reads and writes no file, and it shares nothing with
`handover.bundle.read`, which must be able to find its mistakes.
"""

import struct
from dataclasses import dataclass
from typing import Final

STORED: Final = 0
DEFLATED: Final = 8

LIMIT_32: Final = 0xFFFFFFFF
"""A 32-bit field with this value means "see ZIP64" (APPNOTE 4.5.3): the first size that needs it."""
LIMIT_16: Final = 0xFFFF
"""The same for the count of entries (APPNOTE 4.4.1.4): 65,535 entries already need ZIP64."""

MOST_ENTRIES: Final = 1_000_000
FREE_TOTAL: Final = 256 * 1024**2
MOST_RATIO: Final = 100
"""What readers accept (docs/format.md, 2.9): contents of 256 MiB, or 100 times the zip's size when that is more."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")

_VERSION: Final = 20  # APPNOTE 4.4.3.2: deflate, and names with folders
_VERSION_64: Final = 45  # ZIP64
_UNIX: Final = 3 << 8  # APPNOTE 4.4.2.1: the upper byte of "version made by", whatever system this is
_UTF8_FLAG: Final = 1 << 11  # APPNOTE appendix D
_DOS_TIME: Final = 0
_DOS_DATE: Final = 0x0021  # 1980-01-01, the first day that a DOS date can express
_ATTRIBUTES: Final = 0o100644 << 16  # a regular file, rw-r--r--
_ZIP64_TAG: Final = 0x0001


@dataclass(slots=True)  # not frozen: of 100,000 small files that would show
class Stored:
    """One entry's facts as its headers state them; sizes in bytes, `sha256` raw over the content."""

    name: str
    method: int
    crc: int
    compressed: int
    size: int
    sha256: bytes


def local_header_length(name: str, size: int) -> int:
    """Length of the local header of an entry whose content has `size` bytes."""
    return _LOCAL.size + len(name.encode()) + (20 if size >= LIMIT_32 else 0)


def local_header(entry: Stored) -> bytes:
    """The local header (APPNOTE 4.3.7), with both sizes in a ZIP64 field when the size needs it (4.5.3)."""
    name = entry.name.encode()
    zip64 = entry.size >= LIMIT_32 or entry.compressed >= LIMIT_32
    extra = struct.pack("<2H2Q", _ZIP64_TAG, 16, entry.size, entry.compressed) if zip64 else b""
    fixed = _LOCAL.pack(
        b"PK\x03\x04",
        _VERSION_64 if zip64 else _VERSION,
        _flags(name),
        entry.method,
        _DOS_TIME,
        _DOS_DATE,
        entry.crc,
        LIMIT_32 if zip64 else entry.compressed,
        LIMIT_32 if zip64 else entry.size,
        len(name),
        len(extra),
    )
    return fixed + name + extra


def central_header(entry: Stored, offset: int) -> bytes:
    """The entry's record in the central directory (APPNOTE 4.3.12); `offset` is its local header's."""
    name = entry.name.encode()
    size, compressed, version, extra = entry.size, entry.compressed, _VERSION, b""
    if size >= LIMIT_32 or compressed >= LIMIT_32 or offset >= LIMIT_32:
        large = [value for value in (size, compressed, offset) if value >= LIMIT_32]
        extra = struct.pack(f"<2H{len(large)}Q", _ZIP64_TAG, 8 * len(large), *large)
        size, compressed, offset = (min(value, LIMIT_32) for value in (size, compressed, offset))
        version = _VERSION_64
    fixed = _CENTRAL.pack(
        b"PK\x01\x02",
        _UNIX | version,
        version,
        _flags(name),
        entry.method,
        _DOS_TIME,
        _DOS_DATE,
        entry.crc,
        compressed,
        size,
        len(name),
        len(extra),
        0,  # no comment
        0,  # disk number
        0,  # internal attributes
        _ATTRIBUTES,
        offset,
    )
    return fixed + name + extra


def end_records(count: int, size: int, offset: int) -> bytes:
    """What closes the archive: the ZIP64 end record and locator only when needed, and the end record.

    `count` entries, whose central directory has `size` bytes and starts at `offset` (APPNOTE 4.3.14–4.3.16).
    """
    zip64 = b""
    if count >= LIMIT_16 or size >= LIMIT_32 or offset >= LIMIT_32:
        version = _UNIX | _VERSION_64
        zip64 = _END_64.pack(
            b"PK\x06\x06", _END_64.size - 12, version, _VERSION_64, 0, 0, count, count, size, offset
        ) + _LOCATOR_64.pack(b"PK\x06\x07", 0, offset + size, 1)
    short = min(count, LIMIT_16)
    end = _END.pack(b"PK\x05\x06", 0, 0, short, short, min(size, LIMIT_32), min(offset, LIMIT_32), 0)
    return zip64 + end


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _UTF8_FLAG
