"""Compound files, read as if an attacker had written them.

Role: gives the streams of a compound file of version 3 ([MS-CFB]) and refuses what isn't one: sectors outside
the file, chains that run in circles or share a sector, a directory that isn't a tree, sizes that the file can't
hold. Memory stays within a small part of the file's own size, whatever its header claims. It does not judge
what only concerns speed or looks (the colours and order of the directory's trees, unused sectors), since
office programs differ there. It writes nothing: that is `handover.formats.compound.write`.
"""

import io
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import byteorder
from typing import BinaryIO

from handover.formats.compound.write import (
    DIFAT_PER_SECTOR,
    DIRECTORY_ENTRY,
    DIRECTORY_PER_SECTOR,
    END_OF_CHAIN,
    HEADER,
    MAJOR_VERSION,
    MAX_REGULAR,
    MINI_CUTOFF,
    MINI_SECTOR,
    MINI_SECTOR_SHIFT,
    NO_STREAM,
    ROOT,
    SECTOR,
    SECTOR_SHIFT,
    SIGNATURE,
    STORAGE,
    STREAM,
    UNALLOCATED,
    name_key,
)
from handover.model.errors import DamagedFile
from handover.model.message import msg

# An encrypted workbook has about a dozen entries; a few thousand leave room for any Office document.
MAX_ENTRIES = 4096
MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class _Header:
    fat_sectors: int
    directory: int
    mini_fat: int
    mini_fat_sectors: int
    difat: int
    difat_sectors: int
    listed: "array[int]"


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class _Runs:
    """A chain as runs of neighbouring units: the unit's number in the chain → its number in the container."""

    __slots__ = ("first", "number", "units")

    def __init__(self) -> None:
        self.number = array("I")  # in the chain, of each run's first unit
        self.first = array("I")  # in the container
        self.units = 0

    def append(self, unit: int) -> None:
        if not self.number or self.first[-1] + (self.units - self.number[-1]) != unit:
            self.number.append(self.units)
            self.first.append(unit)
        self.units += 1

    def pieces(self, offset: int, count: int, unit_size: int) -> Iterator[tuple[int, int]]:
        """Where the bytes `offset … offset + count` of the chain are: (offset in the container, length) pairs."""
        run = bisect_right(self.number, offset // unit_size) - 1
        while count > 0:
            start = self.number[run] * unit_size
            end = (self.number[run + 1] if run + 1 < len(self.number) else self.units) * unit_size
            length = min(count, end - offset)
            yield self.first[run] * unit_size + offset - start, length
            offset += length
            count -= length
            run += 1


class CompoundReader:
    """The streams of a compound file, read on demand.

    `file` is the file's bytes or a seekable binary file, which must stay open; `name` is what errors call it.
    Raises DamagedFile when the file isn't a compound file that can be read safely; whatever it holds, nothing
    else is raised.
    """

    def __init__(self, file: bytes | BinaryIO, *, name: str = msg("the compound file")) -> None:
        self._file = io.BytesIO(file) if isinstance(file, bytes) else file
        self._name = name
        self._length = self._file.seek(0, io.SEEK_END)
        self._sectors = max(0, -(-(self._length - SECTOR) // SECTOR))
        self._taken = bytearray(self._sectors)
        header = self._read_header()
        self._fat = self._read_fat(header)
        entries = self._read_directory(header)
        root = entries[0]
        self._mini_runs = self._chain(root.start, -(-root.size // SECTOR), msg("the mini stream"))
        self._mini_size = root.size
        self._mini_fat = self._read_mini_fat(header)
        self._mini_taken = bytearray(min(len(self._mini_fat), -(-root.size // MINI_SECTOR)))
        self._streams = self._claim_streams(entries)
        del self._taken, self._mini_taken

    @property
    def sizes(self) -> Mapping[tuple[str, ...], int]:
        """Every stream's path (storages, then its own name) and its size in bytes."""
        return {path: entry.size for path, (entry, _) in self._streams.items()}

    def read(self, path: tuple[str, ...], limit: int) -> bytes:
        """The whole content of a stream of at most `limit` bytes. Raises DamagedFile."""
        size = self._stream(path)[0].size
        if size > limit:
            raise self._damaged(msg("a part of it is too large ({size:,} bytes)", size=size))
        return self.read_at(path, 0, size)

    def read_at(self, path: tuple[str, ...], offset: int, count: int) -> bytes:
        """The bytes `offset … offset + count` of a stream, fewer at its end. Raises DamagedFile."""
        entry, runs = self._stream(path)
        count = max(0, min(count, entry.size - offset))
        if entry.size >= MINI_CUTOFF:
            return b"".join(self._file_bytes(*piece) for piece in runs.pieces(offset, count, SECTOR))
        return b"".join(
            self._file_bytes(*piece)
            for start, length in runs.pieces(offset, count, MINI_SECTOR)
            for piece in self._mini_runs.pieces(start, length, SECTOR)
        )

    def _stream(self, path: tuple[str, ...]) -> tuple[_Entry, _Runs]:
        try:
            return self._streams[path]
        except KeyError:
            raise self._damaged(msg("a part of it is missing")) from None

    def _damaged(self, what: str) -> DamagedFile:
        return DamagedFile(
            msg("{name} is damaged: {what}", name=self._name, what=what),
            hint=msg("get the file again from where it came from"),
        )

    def _file_bytes(self, offset: int, length: int) -> bytes:
        self._file.seek(SECTOR + offset)
        data = self._file.read(length)
        if len(data) != length:
            raise self._damaged(msg("it ends too early"))
        return data

    def _read_header(self) -> _Header:
        self._file.seek(0)
        data = self._file.read(SECTOR)
        if len(data) < SECTOR or not data.startswith(SIGNATURE):
            hint = msg("check that it is the right file, and that it was saved with a password")
            raise DamagedFile(msg("{name} isn't an encrypted Office document", name=self._name), hint=hint)
        _, _, _, *layout, _, _, fat, directory, _, cutoff, mini_fat, mini_fats, difat, difats = HEADER.unpack_from(data)
        if (*layout, cutoff) != (MAJOR_VERSION, 0xFFFE, SECTOR_SHIFT, MINI_SECTOR_SHIFT, MINI_CUTOFF):
            raise self._damaged(msg("its header isn't one of a compound file of version 3"))
        if max(fat, mini_fats, difats) > self._sectors:
            raise self._damaged(msg("its header lists more sectors than the file has"))
        listed = _numbers(data[HEADER.size :])
        return _Header(fat, directory, mini_fat, mini_fats, difat, difats, listed)

    def _read_fat(self, header: _Header) -> "array[int]":
        locations = header.listed[:]
        sector = header.difat
        for _ in range(header.difat_sectors):
            part = _numbers(self._claimed_sector(sector, msg("the DIFAT")))
            locations.extend(part[:DIFAT_PER_SECTOR])
            sector = part[DIFAT_PER_SECTOR]
        if header.fat_sectors > len(locations):
            raise self._damaged(msg("its DIFAT lists fewer sectors than its header announces"))
        fat = array("I")
        for sector in locations[: header.fat_sectors]:
            fat.extend(_numbers(self._claimed_sector(sector, msg("the FAT"))))
        return fat

    def _claimed_sector(self, sector: int, what: str) -> bytes:
        self._claim(self._taken, sector, what)
        return self._file_bytes(sector * SECTOR, SECTOR)

    def _claim(self, taken: bytearray, unit: int, what: str) -> None:
        if unit >= len(taken):
            raise self._damaged(msg("{what} leads outside the file", what=what))
        if taken[unit]:
            raise self._damaged(msg("{what} uses a sector that is used already", what=what))
        taken[unit] = 1

    def _chain(self, start: int, count: int, what: str) -> _Runs:
        """The first `count` sectors of a chain; what some programs leave behind its end is not followed."""
        return self._follow(self._fat, self._taken, start, count, what)

    def _follow(self, table: "array[int]", taken: bytearray, start: int, count: int, what: str) -> _Runs:
        runs = _Runs()
        unit = start
        for _ in range(count):
            self._claim(taken, unit, what)
            if unit >= len(table):
                raise self._damaged(msg("{what} leads outside the allocation table", what=what))
            runs.append(unit)
            unit = table[unit]
        if unit > MAX_REGULAR and unit != END_OF_CHAIN and count:
            raise self._damaged(msg("{what} doesn't end properly", what=what))
        return runs

    def _read_directory(self, header: _Header) -> list[_Entry]:
        entries: list[_Entry] = []
        sector = header.directory
        while sector != END_OF_CHAIN:
            data = self._claimed_sector(sector, msg("the directory"))
            entries.extend(self._entry(raw) for raw in DIRECTORY_ENTRY.iter_unpack(data))
            if len(entries) > MAX_ENTRIES:
                raise self._damaged(msg("its directory is too long"))
            if sector >= len(self._fat):
                raise self._damaged(msg("the directory leads outside the allocation table"))
            sector = self._fat[sector]
        if len(entries) < DIRECTORY_PER_SECTOR or entries[0].kind != ROOT:
            raise self._damaged(msg("its directory has no root"))
        return entries

    def _entry(self, raw: tuple[bytes, int, int, int, int, int, int, bytes, int, int, int, int, int]) -> _Entry:
        name, length, kind, _, left, right, child, _, _, _, _, start, size = raw
        if kind == UNALLOCATED:
            return _Entry("", kind, NO_STREAM, NO_STREAM, NO_STREAM, 0, 0)
        # Some programs leave the root without a name.
        shortest = 2 if kind == ROOT else 4
        if kind not in {STORAGE, STREAM, ROOT} or not shortest <= length <= 64 or length % 2:
            raise self._damaged(msg("its directory has an entry of no known kind"))
        try:
            text = name[: length - 2].decode("utf-16-le")
        except UnicodeDecodeError:
            raise self._damaged(msg("its directory has a name that isn't text")) from None
        # [MS-CFB] 2.6.1: version 3 writers may leave rubbish in the upper half of the size.
        return _Entry(text, kind, left, right, child, start, size & 0xFFFFFFFF)

    def _read_mini_fat(self, header: _Header) -> "array[int]":
        table = array("I")
        runs = self._chain(header.mini_fat, header.mini_fat_sectors, msg("the mini FAT"))
        for offset, length in runs.pieces(0, header.mini_fat_sectors * SECTOR, SECTOR):
            table.extend(_numbers(self._file_bytes(offset, length)))
        return table

    def _claim_streams(self, entries: list[_Entry]) -> dict[tuple[str, ...], tuple[_Entry, _Runs]]:
        streams: dict[tuple[str, ...], tuple[_Entry, _Runs]] = {}
        for path, entry in self._walk(entries):
            what = msg("the stream {path!r}", path=path[-1])
            if entry.size > self._length:
                raise self._damaged(msg("{what} claims to be larger than the file", what=what))
            if entry.size >= MINI_CUTOFF:
                runs = self._chain(entry.start, -(-entry.size // SECTOR), what)
            else:
                count = -(-entry.size // MINI_SECTOR)
                runs = self._follow(self._mini_fat, self._mini_taken, entry.start, count, what)
            streams[path] = entry, runs
        return streams

    def _walk(self, entries: list[_Entry]) -> Iterator[tuple[tuple[str, ...], _Entry]]:
        """Every stream with its path. Each entry may be reached once: the directory is a tree."""
        seen = bytearray(len(entries))
        names: set[tuple[tuple[str, ...], tuple[int, str]]] = set()
        waiting: list[tuple[tuple[str, ...], int]] = [((), entries[0].child)]
        seen[0] = 1
        while waiting:
            folder, index = waiting.pop()
            if index == NO_STREAM:
                continue
            self._claim(seen, index, msg("the directory"))
            entry = entries[index]
            known = entry.kind in {STORAGE, STREAM} and len(folder) < MAX_DEPTH
            if not known or (folder, name_key(entry.name)) in names:
                raise self._damaged(msg("its directory isn't a tree of storages and streams"))
            names.add((folder, name_key(entry.name)))
            waiting += [(folder, entry.left), (folder, entry.right)]
            if entry.kind == STREAM:
                yield (*folder, entry.name), entry
            else:
                waiting.append(((*folder, entry.name), entry.child))


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I", data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers
