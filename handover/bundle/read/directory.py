"""The end records, the central directory and the local headers: what entries there are, each said twice and alike.

Role: `read_end` finds the directory; `read_entries` reads its records in order and refuses every field but those of
docs/format.md, 2.1 to 2.7 and 2.9, and every name that breaks section 3. Each local header must be, byte for byte, what
the record makes it, and stand where the entry before it ends. It reads no content, and compares no entry with another.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handover.bundle.names import printable, violations
from handover.bundle.read.contents import DEFLATED, STORED, ArchiveEntry, Limits
from handover.bundle.read.source import Source
from handover.model.errors import BundleError
from handover.model.message import msg

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")  # APPNOTE 6.3.10, 4.3.7
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")  # 4.3.12
_LOCAL_SIGNATURE: Final = 0x04034B50
_LOCAL_START: Final = struct.pack("<I", _LOCAL_SIGNATURE)
_CENTRAL_SIGNATURE: Final = 0x02014B50
_IN_ZIP64: Final = 0xFFFFFFFF
_MADE_BY_UNIX: Final = 0x0300
_FIRST_DOS_DAY: Final = 0x0021
_REGULAR_FILE: Final = 0o100644 << 16
_UTF8: Final = 0x0800
_LOCAL_EXTRA: Final = 4 + 8 + 8  # 4.5.3: a local header's ZIP64 field holds both sizes

_MOST_PER_BYTE: Final = 1032
"""No deflate stream gives more: 258 bytes for two bits (RFC 1951, 3.2.5)."""
_BLOCK: Final = 1024 * 1024
_WINDOW: Final = 64 * 1024
_CLOSE: Final = 4 * 1024


_END: Final = struct.Struct("<IHHHHIIH")  # APPNOTE 6.3.10, 4.3.16
_END_64: Final = struct.Struct("<IQHHIIQQQQ")  # 4.3.14
_LOCATOR_64: Final = struct.Struct("<IIQI")  # 4.3.15
_END_SIGNATURE: Final = 0x06054B50
_END_64_SIGNATURE: Final = 0x06064B50
_LOCATOR_SIGNATURE: Final = 0x07064B50
_VERSION_64: Final = 45  # 4.4.3.2: what ZIP64 needs
_COUNT_IN_ZIP64: Final = 0xFFFF
_LONGEST_RECORD: Final = 46 + 3 * 200 + 28
"""A central record's bytes: its fixed part, the grammar's 200 UTF-16 units in UTF-8, three ZIP64 fields."""


@dataclass(frozen=True, slots=True)
class End:
    """How many entries the central directory lists, and its size and offset in bytes."""

    count: int
    size: int
    offset: int


def read_end(source: Source, limits: Limits) -> End:
    """Find the central directory, which must reach up to the end records.

    Raises `BundleError` for anything else, and for more entries than `limits` allows.
    """
    if source.size < _END.size:
        raise BundleError(msg("it isn't a zip file: too short"), clause="2.1")
    signature, *fields = _END.unpack(source.read(source.size - _END.size, _END.size))
    disk, central_disk, count_here, count, size, offset, comment = fields
    if signature != _END_SIGNATURE or comment:
        raise BundleError(
            msg("it doesn't end as a bundle's zip does: it was cut short, something was appended, or it's no zip"),
            clause="2.5",
        )
    if disk or central_disk or count_here != count:
        raise BundleError(msg("it claims to be part of a zip in several volumes"), clause="2.5")
    end, start = End(count, size, offset), source.size - _END.size
    if count == _COUNT_IN_ZIP64 or _IN_ZIP64 in {size, offset}:
        end, start = _read_end_64(source, end)
    if end.count > limits.entries:
        raise BundleError(
            msg("it has {count:,} entries, at most {entries:,} are accepted", count=end.count, entries=limits.entries),
            clause="2.9",
        )
    if end.size > end.count * _LONGEST_RECORD or end.offset + end.size != start:
        raise BundleError(
            msg("its central directory isn't where or as long as stated: something was inserted or cut"), clause="2.5"
        )
    return end


def _read_end_64(source: Source, short: End) -> tuple[End, int]:
    """The true values, and where the ZIP64 end record starts. It must agree with the `short` end record."""
    start = source.size - _END.size - _LOCATOR_64.size - _END_64.size
    if start < 0:
        raise BundleError(msg("its ZIP64 end record is missing"), clause="2.4")
    records = source.read(start, _END_64.size + _LOCATOR_64.size)
    count, size, offset = _END_64.unpack_from(records)[7:]
    made_by = _MADE_BY_UNIX | _VERSION_64
    expected = _END_64.pack(
        _END_64_SIGNATURE, _END_64.size - 12, made_by, _VERSION_64, 0, 0, count, count, size, offset
    ) + _LOCATOR_64.pack(_LOCATOR_SIGNATURE, 0, start, 1)
    shortened = End(min(count, _COUNT_IN_ZIP64), min(size, _IN_ZIP64), min(offset, _IN_ZIP64))
    if records != expected or shortened != short:
        raise BundleError(msg("its ZIP64 end record doesn't agree with the rest"), clause="2.4")
    return End(count, size, offset), start


def read_entries(source: Source, end: End) -> Iterator[ArchiveEntry]:
    """The entries in order, which follow each other without gap from the file's start to the central directory.

    Raises `BundleError` with the entry and the clause that it breaks.
    """
    position, at, stop = 0, end.offset, end.offset + end.size
    records = _Window(source, at, stop, _BLOCK)
    headers = _Window(source, 0, end.offset, _WINDOW)

    def take(length: int, entry: str) -> bytes:
        nonlocal at
        if at + length > stop:
            raise BundleError(msg("its central directory is cut short"), entry=entry, clause="2.3")
        at += length
        return records.read(at - length, length)

    for _ in range(end.count):
        record = take(_CENTRAL.size, "")
        fields = _CENTRAL.unpack(record)
        raw = take(fields[10], "")
        name = _read_name(raw, fields[3])
        extra = take(fields[11], name) if fields[11] else b""
        entry = _read_entry(name, fields, extra, position)
        follows = entry.data + entry.compressed
        if follows > end.offset:
            raise BundleError(msg("it reaches into what follows it"), entry=name, clause="2.1")
        # From the version needed to the lengths, a local header and a record have the same fields in the same order.
        header = _local_header_64(entry, fields[3]) if extra else _LOCAL_START + record[6:32] + raw
        if headers.read(position, len(header), name) != header:
            raise BundleError(
                msg("its two headers differ, or it isn't where the directory says"), entry=name, clause="2.2"
            )
        yield entry
        position = follows
    if position != end.offset or at != stop:
        raise BundleError(msg("there are bytes that belong to no entry"), clause="2.1")


class _Window:
    """A stretch of the file in order: one read for many where what is asked for lies close."""

    def __init__(self, source: Source, start: int, end: int, ahead: int) -> None:
        self._source = source
        self._end = end
        self._ahead = ahead
        self._start = self._last = start
        self._data = b""

    def read(self, offset: int, length: int, entry: str = "") -> bytes:
        at = offset - self._start
        if at + length > len(self._data):
            most = max(self._ahead, length) if offset - self._last < _CLOSE else length
            self._data = self._source.read(offset, min(most, self._end - offset), entry)
            self._start, at = offset, 0
        self._last = offset
        return self._data[at : at + length]


def _read_name(raw: bytes, flags: int) -> str:
    if flags & 1:
        raise BundleError(msg("it's marked as encrypted by the zip itself"), entry=_shown(raw), clause="2.7")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BundleError(msg("its name isn't UTF-8"), entry=_shown(raw), clause="2.7") from None
    if flags != (0 if raw.isascii() else _UTF8):
        raise BundleError(
            msg("it has flags that no bundle has (0x{flags:04x})", flags=flags), entry=_shown(raw), clause="2.7"
        )
    if found := violations(name):
        clause, reason = found[0]
        raise BundleError(msg("its name is unsafe: {reason}", reason=reason), entry=_shown(raw), clause=clause)
    return name


def _shown(raw: bytes) -> str:
    """A name that isn't good, cut and spelt so that a terminal can show it."""
    return printable(raw[:80].decode("utf-8", "surrogateescape"))


def _read_entry(name: str, fields: tuple[int, ...], extra: bytes, position: int) -> ArchiveEntry:
    """What the record says of the entry whose local header must be at `position`."""
    signature, made_by, needed, _, method, time, date, crc, compressed, size, name_size, _, *rest = fields
    comment, disk, internal, attributes, offset = rest
    if signature != _CENTRAL_SIGNATURE:
        raise BundleError(msg("its record in the central directory is damaged"), entry=name, clause="2.3")
    if method not in {STORED, DEFLATED}:
        raise BundleError(
            msg("it's compressed in a way that no bundle uses ({method})", method=method), entry=name, clause="2.6"
        )
    if attributes != _REGULAR_FILE:
        raise BundleError(msg("it's a link, a folder or has other attributes"), entry=name, clause="2.3")
    if extra or _IN_ZIP64 in {size, compressed, offset}:
        size, compressed, offset = _read_zip64(name, (size, compressed, offset), extra)
    version = 45 if extra else 20
    fixed = (version | _MADE_BY_UNIX, version, 0, _FIRST_DOS_DAY, 0, 0, 0)
    if (made_by, needed, time, date, comment, disk, internal) != fixed:
        raise BundleError(msg("its metadata isn't what every bundle has"), entry=name, clause="2.3")
    if offset != position:
        raise BundleError(msg("it doesn't follow the entry before it"), entry=name, clause="2.1")
    if method == STORED and compressed != size:
        raise BundleError(msg("it's stored, but its two sizes differ"), entry=name, clause="2.6")
    if size > compressed * _MOST_PER_BYTE:
        raise BundleError(msg("it claims to be larger than deflate can make it"), entry=name, clause="2.9")
    local_extra = _LOCAL_EXTRA if extra and max(size, compressed) >= _IN_ZIP64 else 0
    return ArchiveEntry(name, method, crc, compressed, size, position + _LOCAL.size + name_size + local_extra)


def _read_zip64(name: str, fields: tuple[int, int, int], extra: bytes) -> tuple[int, int, int]:
    """The true size, compressed size and offset; ZIP64 values must be there exactly when needed (4.5.3)."""
    wanted = fields.count(_IN_ZIP64)
    if not wanted or len(extra) != 4 + 8 * wanted or extra[:4] != struct.pack("<HH", 1, 8 * wanted):
        raise BundleError(msg("it has an extra field that no bundle has"), entry=name, clause="2.4")
    values = list(struct.unpack(f"<{wanted}Q", extra[4:]))
    if min(values) < _IN_ZIP64:
        raise BundleError(msg("it uses ZIP64 without need"), entry=name, clause="2.4")
    size, compressed, offset = (values.pop(0) if field == _IN_ZIP64 else field for field in fields)
    return size, compressed, offset


def _local_header_64(entry: ArchiveEntry, flags: int) -> bytes:
    """What the local header must be of an entry whose record has a ZIP64 field."""
    name = entry.name.encode()
    zip64 = max(entry.size, entry.compressed) >= _IN_ZIP64  # otherwise it's only the offset that needed it
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.compressed) if zip64 else b""
    sizes = (_IN_ZIP64, _IN_ZIP64) if zip64 else (entry.compressed, entry.size)
    version = 45 if zip64 else 20
    fixed = (_LOCAL_SIGNATURE, version, flags, entry.method, 0, _FIRST_DOS_DAY, entry.crc)
    return _LOCAL.pack(*fixed, *sizes, len(name), len(extra)) + name + extra
