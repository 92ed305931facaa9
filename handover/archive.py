"""Strict reading of a bundle's zip: every byte accounted for before anything is inflated.

Role: accepts the canonical profile of docs/format.md, section 2, and refuses everything else, as programs disagree
about what a zip with duplicates, gaps, overlaps or differing headers contains. Then it gives contents,
checked against size and CRC-32, in bounded memory. Used by verify, unpack and mail. It knows nothing of
digests' owners, signatures or documents, writes nothing, and shares only `handover.names` with the packer.

Contents are inflated with zlib, not with the faster library that packs: what its strict decoder accepts, every
unzip opens.
"""

import contextlib
import hashlib
import os
import struct
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, Final

from handover.errors import BundleError
from handover.names import MIMETYPE, MIMETYPE_ENTRY, find_clashes, printable, violations

_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")  # APPNOTE 6.3.10, 4.3.7
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")  # 4.3.12
_END: Final = struct.Struct("<IHHHHIIH")  # 4.3.16
_END_64: Final = struct.Struct("<IQHHIIQQQQ")  # 4.3.14
_LOCATOR_64: Final = struct.Struct("<IIQI")  # 4.3.15
_LOCAL_SIGNATURE: Final = 0x04034B50
_CENTRAL_SIGNATURE: Final = 0x02014B50
_END_SIGNATURE: Final = 0x06054B50
_END_64_SIGNATURE: Final = 0x06064B50
_LOCATOR_SIGNATURE: Final = 0x07064B50
_IN_ZIP64: Final = 0xFFFFFFFF
_COUNT_IN_ZIP64: Final = 0xFFFF
_STORED: Final = 0
_DEFLATED: Final = 8
_MADE_BY_UNIX: Final = 0x0300
_FIRST_DOS_DAY: Final = 0x0021
_REGULAR_FILE: Final = 0o100644 << 16
_UTF8: Final = 0x0800
_LONGEST_RECORD: Final = _CENTRAL.size + 3 * 200 + 28  # the grammar's 200 UTF-16 units, three ZIP64 fields

_MOST_PER_BYTE: Final = 1032
"""No deflate stream gives more: 258 bytes for two bits (RFC 1951, 3.2.5)."""
_BLOCK: Final = 1024 * 1024
_SMALL: Final = 256 * 1024
_REGION: Final = 2 * 1024 * 1024
_TINY: Final = 32 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bundle may cost its reader, checked before inflating (docs/format.md, 2.9).

    Contents may total `free_total` bytes, or `ratio` times the zip's own size when that is more.
    """

    entries: int = 1_000_000
    free_total: int = 16 * 1024**3
    ratio: int = 100


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One entry as its headers state it: sizes in bytes, `data` the offset of its first stored byte."""

    name: str
    method: int
    crc: int
    compressed: int
    size: int
    data: int

    @property
    def is_stored(self) -> bool:
        """Whether the content stands in the zip as it is."""
        return self.method == _STORED


@dataclass(frozen=True, slots=True)
class _End:
    """Where the central directory is and how many entries it must list."""

    count: int
    size: int
    offset: int


class _Source:
    """A seekable file read at offsets by several threads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.size = file.seek(0, os.SEEK_END)
        self._descriptor = -1
        if hasattr(os, "pread"):
            try:
                self._descriptor = file.fileno()
            except OSError:  # a file in memory has none
                self._descriptor = -1

    def read(self, offset: int, length: int, entry: str = "") -> bytes:
        """Exactly `length` bytes from `offset`."""
        pieces = b""
        while len(pieces) < length:
            piece = self._read_some(offset + len(pieces), length - len(pieces), entry)
            if not piece:
                raise BundleError("the file ends in the middle: it was cut short", entry=entry, clause="2.1")
            pieces = pieces + piece if pieces else piece
        return pieces

    def _read_some(self, offset: int, length: int, entry: str) -> bytes:
        try:
            if self._descriptor >= 0:
                return os.pread(self._descriptor, length, offset)
            with self._lock:
                self._file.seek(offset)
                return self._file.read(length)
        except OSError as error:
            raise BundleError(
                f"the file can't be read: {error.strerror or error}", entry=entry, hint="check the disk"
            ) from error


class Archive:
    """A zip of the canonical profile: its entries in order, and their contents."""

    def __init__(self, source: _Source, entries: Sequence[ArchiveEntry]) -> None:
        self._source = source
        self.entries = tuple(entries)
        self._by_name = {entry.name: entry for entry in self.entries}

    @property
    def size(self) -> int:
        """Size of the zip in bytes."""
        return self._source.size

    def get(self, name: str) -> ArchiveEntry | None:
        """The entry of that exact name, or None."""
        return self._by_name.get(name)

    def stream(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The entry's content in pieces of at most 1 MiB.

        Raises `BundleError` when the content isn't as long as stated, its CRC-32 differs, the deflate stream is
        damaged, or bytes are left over after it: then what was given before isn't to be trusted.
        """
        pieces = (
            self._source.read(entry.data + done, min(_BLOCK, entry.compressed - done), entry.name)
            for done in range(0, entry.compressed, _BLOCK)
        )
        return _content(entry, pieces)

    def read(self, entry: ArchiveEntry, limit: int) -> bytes:
        """The whole content of an entry, refused beyond `limit` bytes. Raises `BundleError` like `stream`."""
        if entry.size > limit:
            raise BundleError(
                f"it has {entry.size:,} bytes, at most {limit:,} are accepted here", entry=entry.name, clause="2.9"
            )
        return b"".join(self.stream(entry))

    def digest(self, entry: ArchiveEntry) -> str:
        """SHA-256 of an entry's content in lower-case hexadecimal. Raises like `stream`."""
        return _digest(self.stream(entry))

    def digest_all(self, workers: int, on_progress: Callable[[int], None] | None = None) -> dict[str, str]:
        """SHA-256 of every entry by name, in order, taken by `workers` threads.

        `on_progress` gets the number of content bytes done since its last call, from any thread, one at a
        time. Raises `BundleError` like `stream`, for the first entry that is damaged.
        """
        run = _DigestRun(self, on_progress)
        regions = list(_regions(self.entries))
        if workers <= 1 or len(regions) <= 1:
            found = [run.work(number, region) for number, region in enumerate(regions)]
        else:
            with ThreadPoolExecutor(min(workers, len(regions)), thread_name_prefix="digest") as pool:
                try:
                    found = list(pool.map(run.work, range(len(regions)), regions))
                except BaseException:
                    run.failed_at = -1
                    pool.shutdown(cancel_futures=True)
                    raise
        digests = (digest for region in found for digest in region)
        return dict(zip((entry.name for entry in self.entries), digests, strict=True))

    def digest_region(self, region: Sequence[ArchiveEntry]) -> list[str]:
        """SHA-256 of neighbouring entries, read in one go when there are several. Raises like `stream`."""
        first, last = region[0], region[-1]
        if len(region) == 1:
            return [self.digest(first)]
        data = self._source.read(first.data, last.data + last.compressed - first.data, first.name)
        digests = []
        for entry in region:
            start = entry.data - first.data
            digests.append(_digest(_content(entry, [data[start : start + entry.compressed]])))
        return digests


class _DigestRun:
    """The regions of one `digest_all`: after a failure, only regions before it are still looked at."""

    def __init__(self, archive: Archive, on_progress: Callable[[int], None] | None) -> None:
        self._archive = archive
        self._on_progress = on_progress
        self._serial = threading.Lock()
        self._reporting = threading.Lock()
        self.failed_at = sys.maxsize

    def work(self, number: int, region: Sequence[ArchiveEntry]) -> list[str]:
        if number > self.failed_at:
            return []
        # Many tiny entries are mostly Python's own work, which two threads at once only slow down.
        tiny = sum(entry.size for entry in region) < _TINY * len(region)
        try:
            with self._serial if tiny else contextlib.nullcontext():
                digests = self._archive.digest_region(region)
        except BaseException:
            with self._reporting:
                self.failed_at = min(self.failed_at, number)
            raise
        if self._on_progress:
            with self._reporting:
                self._on_progress(sum(entry.size for entry in region))
        return digests


def read_archive(file: BinaryIO, *, limits: Limits | None = None, container: bool = True) -> Archive:
    """Read the structure of a bundle, refusing everything that isn't the canonical profile.

    `file` stays the caller's and must stay open as long as the archive is used. `container` demands the ASiC
    container's `mimetype` entry; the zip of split assets has none (docs/format.md, 2.11). Raises `BundleError`
    with the entry and the clause.
    """
    limits = limits or Limits()
    source = _Source(file)
    end = _read_end(source, limits)
    entries = list(_read_entries(source, end))
    _check_names(entries)
    _check_sizes(entries, source.size, limits)
    if container:
        _check_mimetype(source, entries)
    return Archive(source, entries)


def _read_end(source: _Source, limits: Limits) -> _End:
    if source.size < _END.size:
        raise BundleError("it isn't a zip file: too short", clause="2.1")
    signature, *fields = _END.unpack(source.read(source.size - _END.size, _END.size))
    disk, central_disk, count_here, count, size, offset, comment = fields
    if signature != _END_SIGNATURE or comment:
        raise BundleError(
            "it doesn't end as a bundle's zip does: it was cut short, something was appended, or it's no zip",
            clause="2.5",
        )
    if disk or central_disk or count_here != count:
        raise BundleError("it claims to be part of a zip in several volumes", clause="2.5")
    end, start = _End(count, size, offset), source.size - _END.size
    if count == _COUNT_IN_ZIP64 or _IN_ZIP64 in {size, offset}:
        end, start = _read_end_64(source, end)
    if end.count > limits.entries:
        raise BundleError(f"it has {end.count:,} entries, at most {limits.entries:,} are accepted", clause="2.9")
    if end.size > end.count * _LONGEST_RECORD or end.offset + end.size != start:
        raise BundleError(
            "its central directory isn't where or as long as stated: something was inserted or cut", clause="2.5"
        )
    return end


def _read_end_64(source: _Source, short: _End) -> tuple[_End, int]:
    start = source.size - _END.size - _LOCATOR_64.size - _END_64.size
    if start < 0:
        raise BundleError("its ZIP64 end record is missing", clause="2.4")
    records = source.read(start, _END_64.size + _LOCATOR_64.size)
    count, size, offset = _END_64.unpack_from(records)[7:]
    version = _MADE_BY_UNIX | 45
    expected = _END_64.pack(
        _END_64_SIGNATURE, _END_64.size - 12, version, 45, 0, 0, count, count, size, offset
    ) + _LOCATOR_64.pack(_LOCATOR_SIGNATURE, 0, start, 1)
    shortened = _End(min(count, _COUNT_IN_ZIP64), min(size, _IN_ZIP64), min(offset, _IN_ZIP64))
    if records != expected or shortened != short:
        raise BundleError("its ZIP64 end record doesn't agree with the rest", clause="2.4")
    return _End(count, size, offset), start


def _read_entries(source: _Source, end: _End) -> Iterator[ArchiveEntry]:
    position = 0
    records = _Records(source, end)
    for _ in range(end.count):
        record = records.take(_CENTRAL.size, "")
        fields = _CENTRAL.unpack(record)
        name = _read_name(records.take(fields[10], ""), fields[3])
        extra = records.take(fields[11], name)
        entry = _read_entry(name, fields, extra, position)
        header = _local_header(entry, fields[3])
        data = position + len(header)
        if data + entry.compressed > end.offset:
            raise BundleError("it reaches into what follows it", entry=name, clause="2.1")
        if source.read(position, len(header), name) != header:
            raise BundleError("its two headers differ, or it isn't where the directory says", entry=name, clause="2.2")
        yield ArchiveEntry(name, entry.method, entry.crc, entry.compressed, entry.size, data)
        position = data + entry.compressed
    if position != end.offset or records.left:
        raise BundleError("there are bytes that belong to no entry", clause="2.1")


class _Records:
    """The central directory's bytes in order, read in blocks: it may be long."""

    def __init__(self, source: _Source, end: _End) -> None:
        self._source = source
        self._position = end.offset
        self.left = end.size
        self._block = b""
        self._at = 0

    def take(self, length: int, entry: str) -> bytes:
        if length > self.left:
            raise BundleError("its central directory is cut short", entry=entry, clause="2.3")
        if self._at + length > len(self._block):
            rest = self._block[self._at :]
            more = min(max(_BLOCK, length), self.left - len(rest))
            self._block = rest + self._source.read(self._position, more)
            self._position += more
            self._at = 0
        piece = self._block[self._at : self._at + length]
        self._at += length
        self.left -= length
        return piece


def _read_name(raw: bytes, flags: int) -> str:
    shown = printable(raw[:80].decode("utf-8", "surrogateescape"))
    if flags & 1:
        raise BundleError("it's marked as encrypted by the zip itself", entry=shown, clause="2.7")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BundleError("its name isn't UTF-8", entry=shown, clause="2.7") from None
    if flags != (0 if raw.isascii() else _UTF8):
        raise BundleError(f"it has flags that no bundle has (0x{flags:04x})", entry=shown, clause="2.7")
    if found := violations(name):
        clause, reason = found[0]
        raise BundleError(f"its name is unsafe: {reason}", entry=shown, clause=clause)
    return name


def _read_entry(name: str, fields: tuple[int, ...], extra: bytes, position: int) -> ArchiveEntry:
    signature, made_by, needed, _, method, time, date, crc, compressed, size, *rest = fields
    _, _, comment, disk, internal, attributes, offset = rest
    if signature != _CENTRAL_SIGNATURE:
        raise BundleError("its record in the central directory is damaged", entry=name, clause="2.3")
    if method not in {_STORED, _DEFLATED}:
        raise BundleError(f"it's compressed in a way that no bundle uses ({method})", entry=name, clause="2.6")
    if attributes != _REGULAR_FILE:
        raise BundleError("it's a link, a folder or has other attributes", entry=name, clause="2.3")
    size, compressed, offset = _read_zip64(name, (size, compressed, offset), extra)
    version = 45 if extra else 20
    fixed = (version | _MADE_BY_UNIX, version, 0, _FIRST_DOS_DAY, 0, 0, 0)
    if (made_by, needed, time, date, comment, disk, internal) != fixed:
        raise BundleError("its metadata isn't what every bundle has", entry=name, clause="2.3")
    if offset != position:
        raise BundleError("it doesn't follow the entry before it", entry=name, clause="2.1")
    if method == _STORED and compressed != size:
        raise BundleError("it's stored, but its two sizes differ", entry=name, clause="2.6")
    if size > compressed * _MOST_PER_BYTE:
        raise BundleError("it claims to be larger than deflate can make it", entry=name, clause="2.9")
    return ArchiveEntry(name, method, crc, compressed, size, position)


def _read_zip64(name: str, fields: tuple[int, int, int], extra: bytes) -> tuple[int, int, int]:
    """The true size, compressed size and offset; ZIP64 values must be there exactly when needed (4.5.3)."""
    wanted = fields.count(_IN_ZIP64)
    if not wanted and not extra:
        return fields
    if not wanted or len(extra) != 4 + 8 * wanted or extra[:4] != struct.pack("<HH", 1, 8 * wanted):
        raise BundleError("it has an extra field that no bundle has", entry=name, clause="2.4")
    values = list(struct.unpack(f"<{wanted}Q", extra[4:]))
    if min(values) < _IN_ZIP64:
        raise BundleError("it uses ZIP64 without need", entry=name, clause="2.4")
    size, compressed, offset = (values.pop(0) if field == _IN_ZIP64 else field for field in fields)
    return size, compressed, offset


def _local_header(entry: ArchiveEntry, flags: int) -> bytes:
    """What the entry's local header must be, given its record in the central directory."""
    name = entry.name.encode()
    zip64 = max(entry.size, entry.compressed) >= _IN_ZIP64
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.compressed) if zip64 else b""
    sizes = (_IN_ZIP64, _IN_ZIP64) if zip64 else (entry.compressed, entry.size)
    version = 45 if zip64 else 20
    fixed = (_LOCAL_SIGNATURE, version, flags, entry.method, 0, _FIRST_DOS_DAY, entry.crc)
    return _LOCAL.pack(*fixed, *sizes, len(name), len(extra)) + name + extra


def _check_names(entries: Sequence[ArchiveEntry]) -> None:
    if clashes := find_clashes(entry.name for entry in entries):
        one, other = clashes[0]
        raise BundleError(f"on Windows and macOS this is the same name as {printable(one)}", entry=other, clause="3.5")


def _check_sizes(entries: Sequence[ArchiveEntry], size: int, limits: Limits) -> None:
    total = sum(entry.size for entry in entries)
    allowed = max(limits.free_total, limits.ratio * size)
    if total > allowed:
        raise BundleError(
            f"its contents would take {total:,} bytes, at most {allowed:,} are accepted for its size", clause="2.9"
        )


def _check_mimetype(source: _Source, entries: Sequence[ArchiveEntry]) -> None:
    first = entries[0] if entries else None
    if first is None or first.name != MIMETYPE_ENTRY or not first.is_stored or first.size != len(MIMETYPE):
        raise BundleError("its first entry isn't “mimetype”, stored", entry=MIMETYPE_ENTRY, clause="2.8")
    if source.read(first.data, first.size, first.name) != MIMETYPE:
        raise BundleError("it isn't the type of a bundle", entry=MIMETYPE_ENTRY, clause="2.8")


def _regions(entries: Sequence[ArchiveEntry]) -> Iterator[Sequence[ArchiveEntry]]:
    """Neighbours that one read and one worker take together: small ones up to 2 MiB, large ones alone."""
    first = 0
    for index in range(1, len(entries) + 1):
        ends = index == len(entries)
        if not ends:
            last = entries[index]
            span = last.data + last.compressed - entries[first].data
            ends = max(entries[first].compressed, last.compressed) > _SMALL or span > _REGION
        if ends:
            yield entries[first:index]
            first = index


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _content(entry: ArchiveEntry, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content from the stored bytes, with everything that `Archive.stream` promises."""
    crc32 = _crc32()
    size = crc = 0
    for piece in _inflate(entry, pieces) if entry.method == _DEFLATED else pieces:
        size += len(piece)
        if size > entry.size:
            break
        crc = crc32(piece, crc)
        yield piece
    if size != entry.size:
        raise BundleError("its content isn't as long as stated", entry=entry.name, clause="2.10")
    if crc != entry.crc:
        raise BundleError("its content was changed or damaged (CRC-32)", entry=entry.name, clause="2.10")


def _inflate(entry: ArchiveEntry, pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left_over = False
    try:
        for piece in pieces:
            left_over = left_over or inflater.eof
            rest = piece
            while not inflater.eof:
                data = inflater.decompress(rest, _BLOCK)
                if data:
                    yield data
                rest = inflater.unconsumed_tail
                if not rest and len(data) < _BLOCK:
                    break  # with a full block, more may be waiting inside the inflater
    except zlib.error:
        raise BundleError("its compressed data is damaged", entry=entry.name, clause="2.10") from None
    if not inflater.eof:
        raise BundleError("its compressed data ends too early", entry=entry.name, clause="2.10")
    if left_over or inflater.unused_data:
        raise BundleError("bytes are hidden behind its compressed data", entry=entry.name, clause="2.10")


@cache
def _crc32() -> Callable[[bytes, int], int]:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.crc32
    crc32: Callable[[bytes, int], int] = isal_zlib.crc32  # the same checksum, several times as fast
    return crc32
