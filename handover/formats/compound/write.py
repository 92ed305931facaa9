"""Compound files: the container of encrypted Office documents, written whole.

Role: turns named streams into a compound file of version 3 ([MS-CFB], 512-byte sectors), correct at every size: small
streams in the mini stream, the FAT's own sectors listed in the DIFAT beyond 109 of them. The same streams give the same
bytes: times and class identifiers are zero. It knows nothing of encryption, and reading is
`handover.formats.compound.read`.

Layout: header, DIFAT, FAT, directory, mini FAT, the streams of 4,096 bytes or more in the order given, then the
mini stream with the smaller ones in the order given.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from struct import Struct
from sys import byteorder

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

Path = tuple[str, ...]
"""Of a stream: its storages, then its own name."""


@dataclass(slots=True)
class _Node:
    name: str
    kind: int
    content: bytes = b""
    children: dict[str, "_Node"] = field(default_factory=dict)
    index: int = 0
    left: int = NO_STREAM
    right: int = NO_STREAM
    child: int = NO_STREAM
    colour: int = BLACK
    start: int = END_OF_CHAIN


@lru_cache(256)  # ours and Excel's call their streams the same
def name_key(name: str) -> tuple[int, str]:
    """The order of names within a storage ([MS-CFB] 2.6.4): by length in UTF-16, then by simple upper case.

    Names with equal keys can't share a storage.
    """
    upper = "".join(capital if len(capital := char.upper()) == 1 else char for char in name)
    return len(name.encode("utf-16-le", "surrogatepass")), upper


def compound_file(streams: Mapping[Path, bytes]) -> bytes:
    """A compound file with these streams.

    Raises OutputError when they are too large for the format (2 GB), and ValueError for a name that [MS-CFB] 2.6.1
    forbids.
    """
    root, leaves = _tree(streams)
    nodes = list(_numbered(root))
    large = [leaf for leaf in leaves if len(leaf.content) >= MINI_CUTOFF]
    mini_fat = array("I")
    for leaf in leaves:
        if 0 < len(leaf.content) < MINI_CUTOFF:
            leaf.start = _chained(mini_fat, leaf.content, MINI_SECTOR)
            root.content += _padded(leaf.content, MINI_SECTOR)
    directory = bytes(_ceil(len(nodes), DIRECTORY_PER_SECTOR) * SECTOR)
    mini_table = _sectors(mini_fat)
    contents = [directory, mini_table, *(leaf.content for leaf in large), root.content]
    difat, fat_sectors = _tables(sum(_ceil(len(content), SECTOR) for content in contents))
    fat = array("I", [DIFAT_SECTOR] * difat + [FAT_SECTOR] * fat_sectors)
    starts = [_chained(fat, content, SECTOR) for content in contents]
    if len(fat) * SECTOR + SECTOR > MAX_FILE:
        message = msg("{size:,} bytes are too large for an encrypted workbook (at most 2 GB)", size=len(fat) * SECTOR)
        raise OutputError(message, hint=msg("take large files out of the workbook"))
    for node, start in zip((*large, root), starts[2:], strict=True):
        node.start = start
    contents[0] = _directory(nodes)
    head = _header(difat, fat_sectors, starts[0], starts[1], len(mini_table) // SECTOR)
    padded = (_padded(content, SECTOR) for content in contents)
    return b"".join((head, _difat_sectors(difat, fat_sectors), _sectors(fat), *padded))


def _ceil(size: int, unit: int) -> int:
    return -(-size // unit)


def _padded(content: bytes, unit: int) -> bytes:
    return content + bytes(-len(content) % unit)


def _chained(table: "array[int]", content: bytes, unit: int) -> int:
    """Where a content begins that takes the next units of a table ([MS-CFB] 2.3, 2.4)."""
    start, units = len(table), _ceil(len(content), unit)
    if not units:
        return END_OF_CHAIN
    table.extend(range(start + 1, start + units))
    table.append(END_OF_CHAIN)
    return start


def _tables(sectors: int) -> tuple[int, int]:
    """The sectors of DIFAT and FAT for so many others: they list their own as well, so until they hold themselves."""
    fat = difat = 0
    while True:
        needed = _ceil(sectors + fat + difat, ENTRIES_PER_SECTOR)
        further = _ceil(max(0, needed - HEADER_DIFAT), DIFAT_PER_SECTOR)
        if (needed, further) == (fat, difat):
            return difat, fat
        fat, difat = needed, further


def _tree(streams: Mapping[Path, bytes]) -> tuple[_Node, list[_Node]]:
    """The root of the storages, and the streams in the order given."""
    root, leaves = _Node(ROOT_NAME, ROOT), []
    for path, content in streams.items():
        storage = root
        for name in path[:-1]:
            storage = _child(storage, _Node(name, STORAGE), shared=True)
        leaves.append(_child(storage, _Node(path[-1], STREAM, content), shared=False))
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


def _numbered(root: _Node) -> Iterator[_Node]:
    """Every node with its index and the links of its storage's red-black tree; the root comes first."""
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


def _header(difat: int, fat: int, directory: int, mini_fat: int, mini_fat_sectors: int) -> bytes:
    layout = (MINOR_VERSION, MAJOR_VERSION, 0xFFFE, SECTOR_SHIFT, MINI_SECTOR_SHIFT, bytes(6))
    # The number of directory sectors is not counted in version 3: 0, as is the transaction's after the directory.
    tables = (0, fat, directory, 0, MINI_CUTOFF, mini_fat, mini_fat_sectors, 0 if difat else END_OF_CHAIN, difat)
    listed = array("I", range(difat, difat + min(fat, HEADER_DIFAT)))
    listed.extend([FREE_SECTOR] * (HEADER_DIFAT - len(listed)))
    return HEADER.pack(SIGNATURE, bytes(16), *layout, *tables) + _little_endian(listed)


def _difat_sectors(difat: int, fat: int) -> bytes:
    """The DIFAT sectors ([MS-CFB] 2.5.1), which are the file's first ones."""
    listed = array("I", range(difat + HEADER_DIFAT, difat + fat))
    listed.extend([FREE_SECTOR] * (difat * DIFAT_PER_SECTOR - len(listed)))
    sectors = array("I")
    for number in range(difat):
        sectors.extend(listed[number * DIFAT_PER_SECTOR : (number + 1) * DIFAT_PER_SECTOR])
        sectors.append(number + 1 if number + 1 < difat else END_OF_CHAIN)
    return _little_endian(sectors)


def _directory(nodes: Sequence[_Node]) -> bytes:
    """The directory ([MS-CFB] 2.6)."""
    entries = []
    for node in nodes:
        name = node.name.encode("utf-16-le")
        links = node.colour, node.left, node.right, node.child
        start = 0 if node.kind == STORAGE else node.start
        entry = (name, len(name) + 2, node.kind, *links, b"", 0, 0, 0, start, len(node.content))
        entries.append(DIRECTORY_ENTRY.pack(*entry))
    free = DIRECTORY_ENTRY.pack(b"", 0, UNALLOCATED, 0, NO_STREAM, NO_STREAM, NO_STREAM, b"", 0, 0, 0, 0, 0)
    return b"".join(entries) + free * (-len(entries) % DIRECTORY_PER_SECTOR)


def _sectors(table: "array[int]") -> bytes:
    """A table in whole sectors, the rest of the last one free."""
    return _little_endian(table + array("I", [FREE_SECTOR] * (-len(table) % ENTRIES_PER_SECTOR)))


def _little_endian(table: "array[int]") -> bytes:
    if byteorder == "big":
        table.byteswap()
    return table.tobytes()
