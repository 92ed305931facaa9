"""Compound files, read as if an attacker had written them.

Role: gives the streams of a compound file of version 3 ([MS-CFB]) and refuses what isn't one: sectors outside
the file, chains that run in circles or share a sector, a directory that isn't a tree, sizes that the file can't
hold. Memory stays within the file's own size, whatever its header claims. It does not judge what only concerns
speed or looks (the colours and order of the directory's trees, unused sectors), since office programs differ there.
It writes nothing: that is `handover.formats.compound.write`.
"""

from array import array
from collections.abc import Iterator, Mapping
from sys import byteorder
from typing import NamedTuple

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


class _Header(NamedTuple):
    fat_sectors: int
    directory: int
    mini_fat: int
    mini_fat_sectors: int
    difat: int
    difat_sectors: int
    listed: "array[int]"


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundReader:
    """The streams of a compound file.

    `name` is what errors call it. Raises DamagedFile when the file isn't a compound file that can be read safely;
    whatever it holds, nothing else is raised.
    """

    def __init__(self, data: bytes, *, name: str = msg("the compound file")) -> None:
        self._data = data
        self._name = name
        self._sectors = max(0, -(-(len(data) - SECTOR) // SECTOR))
        self._taken = bytearray(self._sectors)
        header = self._read_header()
        self._fat = self._read_fat(header)
        entries = self._read_directory(header)
        root = entries[0]
        chain = self._follow(self._fat, self._taken, root.start, -(-root.size // SECTOR), msg("the mini stream"))
        self._mini = b"".join(map(self._sector, chain))
        chain = self._follow(self._fat, self._taken, header.mini_fat, header.mini_fat_sectors, msg("the mini FAT"))
        self._mini_fat = _numbers(b"".join(map(self._whole_sector, chain)))
        self._mini_taken = bytearray(min(len(self._mini_fat), -(-root.size // MINI_SECTOR)))
        self._streams = self._claim_streams(entries)
        del self._taken, self._mini_taken

    @property
    def sizes(self) -> Mapping[tuple[str, ...], int]:
        """Every stream's path (storages, then its own name) and its size in bytes."""
        return {path: size for path, (size, _) in self._streams.items()}

    def read(self, path: tuple[str, ...], limit: int) -> bytes:
        """The whole content of a stream of at most `limit` bytes. Raises DamagedFile."""
        size, units = self._streams.get(path, (-1, array("I")))
        if size < 0:
            raise self._damaged(msg("a part of it is missing"))
        if size > limit:
            raise self._damaged(msg("a part of it is too large ({size:,} bytes)", size=size))
        content = b"".join(map(self._sector if size >= MINI_CUTOFF else self._mini_sector, units))[:size]
        if len(content) != size:
            raise self._damaged(msg("it ends too early"))
        return content

    def _sector(self, number: int) -> bytes:
        return self._data[SECTOR * (number + 1) : SECTOR * (number + 2)]

    def _mini_sector(self, number: int) -> bytes:
        return self._mini[MINI_SECTOR * number : MINI_SECTOR * (number + 1)]

    def _damaged(self, what: str) -> DamagedFile:
        message = msg("{name} is damaged: {what}", name=self._name, what=what)
        return DamagedFile(message, hint=msg("get the file again from where it came from"))

    def _read_header(self) -> _Header:
        data = self._data[:SECTOR]
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
        return self._whole_sector(sector)

    def _whole_sector(self, number: int) -> bytes:
        """A sector that isn't a stream's last one."""
        data = self._sector(number)
        if len(data) != SECTOR:
            raise self._damaged(msg("it ends too early"))
        return data

    def _claim(self, taken: bytearray, unit: int, what: str) -> None:
        if unit >= len(taken):
            raise self._damaged(msg("{what} leads outside the file", what=what))
        if taken[unit]:
            raise self._damaged(msg("{what} uses a sector that is used already", what=what))
        taken[unit] = 1

    def _follow(self, table: "array[int]", taken: bytearray, start: int, count: int, what: str) -> "array[int]":
        """The first `count` units of a chain; what some programs leave behind its end is not followed."""
        units = array("I")
        unit = start
        for _ in range(count):
            self._claim(taken, unit, what)
            if unit >= len(table):
                raise self._damaged(msg("{what} leads outside the allocation table", what=what))
            units.append(unit)
            unit = table[unit]
        if unit > MAX_REGULAR and unit != END_OF_CHAIN and count:
            raise self._damaged(msg("{what} doesn't end properly", what=what))
        return units

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

    def _claim_streams(self, entries: list[_Entry]) -> dict[tuple[str, ...], tuple[int, "array[int]"]]:
        """Every stream's size and sectors, of the file or of the mini stream, no one's twice."""
        streams: dict[tuple[str, ...], tuple[int, array[int]]] = {}
        for path, entry in self._walk(entries):
            what = msg("the stream {path!r}", path=path[-1])
            if entry.size > len(self._data):
                raise self._damaged(msg("{what} claims to be larger than the file", what=what))
            if entry.size >= MINI_CUTOFF:
                place = self._fat, self._taken, entry.start, -(-entry.size // SECTOR)
            else:
                place = self._mini_fat, self._mini_taken, entry.start, -(-entry.size // MINI_SECTOR)
            streams[path] = entry.size, self._follow(*place, what)
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
