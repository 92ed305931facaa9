"""Compound files: the container of encrypted Office documents, written as a stream.

Role: turns named streams of sizes known beforehand into a compound file of version 3 ([MS-CFB], 512-byte
sectors), correct at every size: small streams in the mini stream, the FAT's own sectors listed in the DIFAT
beyond 109 of them. The file is written from front to back, so that the sink needs no `seek` and only the
allocation table (1/128 of the content) is held in memory. The same streams give the same bytes: times and
class identifiers are zero. It knows nothing of encryption, and reading is `handover.formats.compound.read`.

Layout: header, DIFAT, FAT, directory, mini FAT, the streams of 4,096 bytes or more in the order given, then the
mini stream with the smaller ones in the order given. So a small stream may depend on what a large one held.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from struct import Struct
from sys import byteorder
from typing import Protocol

from handover.model.errors import OutputError
from handover.model.message import msg

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")  # [MS-CFB] 2.2
MINOR_VERSION = 0x003E
MAJOR_VERSION = 3
SECTOR_SHIFT = 9
MINI_SECTOR_SHIFT = 6
SECTOR = 1 << SECTOR_SHIFT
MINI_SECTOR = 1 << MINI_SECTOR_SHIFT
MINI_CUTOFF = 4096  # [MS-CFB] 2.2: streams below this size live in the mini stream
HEADER = Struct("<8s16sHHHHH6sIIIIIIIII")  # followed by the first 109 DIFAT entries
HEADER_DIFAT = 109
ENTRIES_PER_SECTOR = SECTOR // 4
DIFAT_PER_SECTOR = ENTRIES_PER_SECTOR - 1  # the last one points to the next DIFAT sector

DIRECTORY_ENTRY = Struct("<64sHBBIII16sIQQIQ")  # [MS-CFB] 2.6.1
DIRECTORY_PER_SECTOR = SECTOR // DIRECTORY_ENTRY.size
UNALLOCATED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
RED, BLACK = 0, 1
ROOT_NAME = "Root Entry"

MAX_REGULAR = 0xFFFFFFFA  # [MS-CFB] 2.1
DIFAT_SECTOR = 0xFFFFFFFC
FAT_SECTOR = 0xFFFFFFFD
END_OF_CHAIN = 0xFFFFFFFE
FREE_SECTOR = 0xFFFFFFFF
NO_STREAM = 0xFFFFFFFF

# [MS-CFB] 2.7: beyond this offset lies the range-lock sector, which we never need.
MAX_FILE = 0x7FFFFF00

Buffer = bytes | bytearray | memoryview


class Sink(Protocol):
    """Where the file goes: a binary file, a socket's file, an `io.BytesIO`."""

    def write(self, data: Buffer, /) -> object:
        """Takes all of `data`."""


@dataclass(frozen=True, slots=True)
class StreamSource:
    """A stream to write: its path (storages, then its own name), its size in bytes, and its content.

    `chunks` is called once, when the stream's turn comes (see the module's layout), and must give exactly
    `size` bytes.
    """

    path: tuple[str, ...]
    size: int
    chunks: Callable[[], Iterable[Buffer]]


@dataclass(slots=True)
class _Node:
    name: str
    kind: int
    source: StreamSource | None = None
    children: dict[str, "_Node"] = field(default_factory=dict)
    index: int = 0
    left: int = NO_STREAM
    right: int = NO_STREAM
    child: int = NO_STREAM
    colour: int = BLACK
    start: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything goes, in sectors counted from the first one after the header."""

    large: tuple[_Node, ...]
    small: tuple[_Node, ...]
    nodes: tuple[_Node, ...]
    difat: int
    fat: int
    directory: int
    mini_fat: int
    mini_size: int

    @property
    def mini_sectors(self) -> int:
        return _ceil(self.mini_size, SECTOR)

    @property
    def sectors(self) -> int:
        content = sum(_ceil(node.size, SECTOR) for node in self.large)
        return self.difat + self.fat + self.directory + self.mini_fat + content + self.mini_sectors


def name_key(name: str) -> tuple[int, str]:
    """The order of names within a storage ([MS-CFB] 2.6.4): by length in UTF-16, then by simple upper case.

    Names with equal keys can't share a storage.
    """
    upper = "".join(capital if len(capital := char.upper()) == 1 else char for char in name)
    return len(name.encode("utf-16-le", "surrogatepass")), upper


def write_compound_file(sink: Sink, streams: Sequence[StreamSource]) -> int:
    """Writes a compound file with these streams to `sink`; returns its size in bytes.

    Raises OutputError when the streams are too large for the format (2 GB), and ValueError for a path or a
    content that the caller got wrong: a name that [MS-CFB] 2.6.1 forbids, or more or fewer bytes than announced.
    """
    plan = _plan(streams)
    size = SECTOR * (1 + plan.sectors)
    if size > MAX_FILE:
        hint = msg("take large files out of the workbook")
        raise OutputError(
            msg("{size:,} bytes are too large for an encrypted workbook (at most 2 GB)", size=size), hint=hint
        )
    fat = _allocate(plan)
    sink.write(_header(plan))
    if plan.difat:
        sink.write(_difat_sectors(plan))
    sink.write(_little_endian(fat))
    del fat
    sink.write(_directory(plan))
    sink.write(_mini_fat(plan))
    for node in plan.large:
        _write_padded(sink, node, SECTOR)
    for node in plan.small:
        _write_padded(sink, node, MINI_SECTOR)
    sink.write(bytes(-plan.mini_size % SECTOR))
    return size


def _ceil(size: int, unit: int) -> int:
    return -(-size // unit)


def _plan(streams: Sequence[StreamSource]) -> _Plan:
    root, leaves = _tree(streams)
    nodes = tuple(_number(root))
    large = tuple(node for node in leaves if node.size >= MINI_CUTOFF)
    small = tuple(node for node in leaves if 0 < node.size < MINI_CUTOFF)
    mini = sum(_ceil(node.size, MINI_SECTOR) for node in small)
    directory = _ceil(len(nodes), DIRECTORY_PER_SECTOR)
    mini_fat = _ceil(mini, ENTRIES_PER_SECTOR)
    content = sum(_ceil(node.size, SECTOR) for node in large) + _ceil(mini * MINI_SECTOR, SECTOR)
    fat = difat = 0
    while True:
        # The tables list their own sectors as well: repeat until they hold themselves.
        needed = _ceil(content + directory + mini_fat + fat + difat, ENTRIES_PER_SECTOR)
        if (needed, _ceil(max(0, needed - HEADER_DIFAT), DIFAT_PER_SECTOR)) == (fat, difat):
            break
        fat, difat = needed, _ceil(max(0, needed - HEADER_DIFAT), DIFAT_PER_SECTOR)
    return _Plan(large, small, nodes, difat, fat, directory, mini_fat, mini * MINI_SECTOR)


def _tree(streams: Sequence[StreamSource]) -> tuple[_Node, list[_Node]]:
    """The root of the storages, and the streams in the order given."""
    root, leaves = _Node(ROOT_NAME, ROOT), []
    for stream in streams:
        storage = root
        for name in stream.path[:-1]:
            storage = _child(storage, _Node(name, STORAGE), shared=True)
        leaf = _Node(stream.path[-1], STREAM, source=stream, size=stream.size)
        leaves.append(_child(storage, leaf, shared=False))
    return root, leaves


def _child(storage: _Node, node: _Node, *, shared: bool) -> _Node:
    encoded = len(node.name.encode("utf-16-le"))
    if not 0 < encoded <= 62 or any(char in "/\\:!" for char in node.name):
        raise ValueError(f"{node.name!r} can't be a name in a compound file")
    key = name_key(node.name)[1]
    found = storage.children.setdefault(key, node)
    if found is not node and not (shared and found.kind == STORAGE and found.name == node.name):
        raise ValueError(f"two entries of a compound file are called {node.name!r}")
    return found


def _number(root: _Node) -> Iterator[_Node]:
    """Gives every node its index and the links of its storage's red-black tree; the root comes first."""
    waiting, following = [root], 1
    while waiting:
        storage = waiting.pop(0)
        yield storage
        children = sorted(storage.children.values(), key=lambda node: name_key(node.name))
        for node in children:
            node.index = following
            following += 1
        # All levels that are full are black, the nodes of a last incomplete one red: this satisfies
        # [MS-CFB] 2.6.4 (no two reds in a row, the same number of blacks on every way down).
        black_levels = (len(children) + 1).bit_length() - 1
        storage.child = _link(children, black_levels)
        waiting.extend(children)


def _link(nodes: Sequence[_Node], black_levels: int) -> int:
    if not nodes:
        return NO_STREAM
    middle = len(nodes) // 2
    top = nodes[middle]
    top.colour = BLACK if black_levels > 0 else RED
    top.left = _link(nodes[:middle], black_levels - 1)
    top.right = _link(nodes[middle + 1 :], black_levels - 1)
    return top.index


def _allocate(plan: _Plan) -> "array[int]":
    """The FAT ([MS-CFB] 2.3); sets each large stream's and the root's first sector on the way."""
    fat = array("I", [DIFAT_SECTOR] * plan.difat + [FAT_SECTOR] * plan.fat)

    def chain(sectors: int) -> int:
        start = len(fat)
        if not sectors:
            return END_OF_CHAIN
        fat.extend(range(start + 1, start + sectors))
        fat.append(END_OF_CHAIN)
        return start

    chain(plan.directory)
    chain(plan.mini_fat)
    for node in plan.large:
        node.start = chain(_ceil(node.size, SECTOR))
    root = plan.nodes[0]
    root.start, root.size = chain(plan.mini_sectors), plan.mini_size
    fat.extend([FREE_SECTOR] * (plan.fat * ENTRIES_PER_SECTOR - len(fat)))
    return fat


def _header(plan: _Plan) -> bytes:
    directory = plan.difat + plan.fat
    listed = min(plan.fat, HEADER_DIFAT)
    fixed = HEADER.pack(
        SIGNATURE,
        bytes(16),
        MINOR_VERSION,
        MAJOR_VERSION,
        0xFFFE,
        SECTOR_SHIFT,
        MINI_SECTOR_SHIFT,
        bytes(6),
        0,  # the number of directory sectors is not counted in version 3
        plan.fat,
        directory,
        0,
        MINI_CUTOFF,
        directory + plan.directory if plan.mini_fat else END_OF_CHAIN,
        plan.mini_fat,
        0 if plan.difat else END_OF_CHAIN,
        plan.difat,
    )
    difat = array("I", range(plan.difat, plan.difat + listed))
    difat.extend([FREE_SECTOR] * (HEADER_DIFAT - listed))
    return fixed + _little_endian(difat)


def _difat_sectors(plan: _Plan) -> bytes:
    """The DIFAT sectors ([MS-CFB] 2.5.1), which are the file's first ones."""
    listed = array("I", range(plan.difat + HEADER_DIFAT, plan.difat + plan.fat))
    listed.extend([FREE_SECTOR] * (plan.difat * DIFAT_PER_SECTOR - len(listed)))
    sectors = array("I")
    for number in range(plan.difat):
        sectors.extend(listed[number * DIFAT_PER_SECTOR : (number + 1) * DIFAT_PER_SECTOR])
        sectors.append(number + 1 if number + 1 < plan.difat else END_OF_CHAIN)
    return _little_endian(sectors)


def _mini_fat(plan: _Plan) -> bytes:
    """The mini FAT ([MS-CFB] 2.4): the small streams one behind the other."""
    table = array("I")
    for node in plan.small:
        table.extend(range(len(table) + 1, len(table) + _ceil(node.size, MINI_SECTOR)))
        table.append(END_OF_CHAIN)
    table.extend([FREE_SECTOR] * (plan.mini_fat * ENTRIES_PER_SECTOR - len(table)))
    return _little_endian(table)


def _directory(plan: _Plan) -> bytes:
    """The directory ([MS-CFB] 2.6); large streams and the root have got their places from `_allocate`."""
    mini = 0
    for node in plan.small:
        node.start = mini
        mini += _ceil(node.size, MINI_SECTOR)
    entries = []
    for node in plan.nodes:
        name = node.name.encode("utf-16-le")
        start = END_OF_CHAIN if node.kind == STREAM and not node.size else node.start
        links = node.colour, node.left, node.right, node.child
        entries.append(DIRECTORY_ENTRY.pack(name, len(name) + 2, node.kind, *links, b"", 0, 0, 0, start, node.size))
    free = DIRECTORY_ENTRY.pack(b"", 0, UNALLOCATED, 0, NO_STREAM, NO_STREAM, NO_STREAM, b"", 0, 0, 0, 0, 0)
    return b"".join(entries) + free * (plan.directory * DIRECTORY_PER_SECTOR - len(entries))


def _write_padded(sink: Sink, node: _Node, unit: int) -> None:
    written = 0
    assert node.source is not None  # noqa: S101 - only streams have a size
    for chunk in node.source.chunks():
        written += len(chunk)
        if written > node.size:
            break
        sink.write(chunk)
    if written != node.size:
        raise ValueError(f"{node.name!r} gave {written:,} bytes or more, announced were {node.size:,}")
    sink.write(bytes(-node.size % unit))


def _little_endian(table: "array[int]") -> bytes:
    if byteorder == "big":
        table.byteswap()
    return table.tobytes()
