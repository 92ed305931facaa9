"""Width and height of an image from its headers.

Role: PNG, JPEG, GIF, WebP, BMP, TIFF, PSD and HEIF/AVIF, by a few bounded reads. It decodes no pixel and returns None
for anything else, damaged headers included; a drawing (SVG) has no pixels.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final

ReadAt = Callable[[int, int], bytes]
"""`read(offset, length)` gives at most `length` bytes of a file from `offset`."""
Size = tuple[int, int]

_FIXED: Final = ((b"\x89PNG\r\n\x1a\n", ">II", 16), (b"GIF8", "<HH", 6), (b"BM", "<ii", 18))
"""First octets, layout of width and height, and where they stand. A BMP's height is negative from top to bottom."""
_LARGEST: Final = 1_000_000
_JPEG_SEGMENTS: Final = 200
_BOX_CHILDREN: Final = 64
_TIFF_TAGS: Final = 200
_ON_ITS_SIDE: Final = frozenset({5, 6, 7, 8})
"""Orientations whose first row is a column as people see the picture (TIFF 6.0, 8)."""


def image_size(head: bytes, size: int, read: ReadAt) -> Size | None:
    """Width and height in pixels as programs show it (the orientation of JPEG, TIFF and HEIF turns it), or None.

    `head` is the file's first 4 KB.
    """
    try:
        found = _size(head, size, read)
    except (struct.error, IndexError, ValueError):  # shorter or stranger than its format says
        return None
    return found if found and 0 < found[0] <= _LARGEST and 0 < found[1] <= _LARGEST else None


def _size(head: bytes, size: int, read: ReadAt) -> Size | None:
    for start, layout, offset in _FIXED:
        if head.startswith(start):
            width, height = struct.unpack_from(layout, head, offset)
            return width, abs(height)
    if head.startswith(b"8BPS"):
        height, width = struct.unpack_from(">II", head, 14)
        return width, height
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(size, read)
    if head.startswith(b"RIFF"):
        return _webp(head)
    if head.startswith((b"II*\0", b"MM\0*")):
        return _tiff(head, read)
    if head[4:8] == b"ftyp":
        return _heif(size, read)
    return None


def _webp(head: bytes) -> Size | None:
    match head[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", head, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None


def _jpeg(size: int, read: ReadAt) -> Size | None:
    offset, turned = 2, False
    for _ in range(_JPEG_SEGMENTS):
        segment = read(offset, 9)
        if offset + 9 > size or segment[0] != 0xFF:
            return None
        marker = segment[1]
        if marker == 0xE1 and not turned:
            turned = _exif_turns(read, offset + 4)
        if marker == 0xFF:  # padding before a marker
            offset += 1
        elif 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # SOF: ITU-T T.81, table B.1
            height, width = struct.unpack_from(">HH", segment, 5)
            return (height, width) if turned else (width, height)
        else:
            offset += 2 + struct.unpack_from(">H", segment, 2)[0]
    return None


def _tiff(head: bytes, read: ReadAt) -> Size | None:
    found = _tiff_tags(head, read)
    if not {256, 257} <= found.keys():
        return None
    return (found[257], found[256]) if found.get(274) in _ON_ITS_SIDE else (found[256], found[257])


def _tiff_tags(head: bytes, read: ReadAt) -> dict[int, int]:
    """ImageWidth (256), ImageLength (257) and Orientation (274) of the first directory (TIFF 6.0, 2 and 8)."""
    order = "<" if head[:2] == b"II" else ">"
    directory = struct.unpack_from(f"{order}I", head, 4)[0]
    count = min(struct.unpack(f"{order}H", read(directory, 2))[0], _TIFF_TAGS)
    tags = read(directory + 2, 12 * count)
    found: dict[int, int] = {}
    for at in range(0, len(tags) - 11, 12):
        tag, kind = struct.unpack_from(f"{order}HH", tags, at)
        if tag in {256, 257, 274}:  # as SHORT (3) or LONG (4)
            found[tag] = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", tags, at + 8)[0]
    return found


def _exif_turns(read: ReadAt, start: int) -> bool:
    """Whether a JPEG's Exif segment, whose content begins at `start`, lays the picture on its side (Exif 3.0, 4.7)."""
    if read(start, 6) != b"Exif\0\0":
        return False
    try:
        tags = _tiff_tags(read(start + 6, 8), lambda offset, length: read(start + 6 + offset, length))
    except struct.error:
        return False
    return tags.get(274) in _ON_ITS_SIDE


def _heif(size: int, read: ReadAt) -> Size | None:
    # ISO/IEC 23008-12: meta → iprp → ipco → ispe, of which the largest is the whole image, not a tile.
    sizes: list[Size] = []
    turns: set[int] = set()
    for start, end in boxes(read, 0, size, b"meta"):
        for properties in boxes(read, start + 4, end, b"iprp"):
            for container in boxes(read, *properties, b"ipco"):
                for at, _ in boxes(read, *container, b"ispe"):
                    width, height = struct.unpack(">II", read(at + 4, 8))
                    sizes.append((width, height))
                turns |= {read(at, 1)[0] & 3 for at, _ in boxes(read, *container, b"irot")}
    largest = max(sizes, key=lambda found: found[0] * found[1], default=None)
    # 6.5.10: a quarter turn, once or three times. Where only some of the file's pictures are turned, nothing tells.
    return (largest[1], largest[0]) if largest and turns and turns <= {1, 3} else largest


def boxes(read: ReadAt, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Content ranges of the boxes of one type between two offsets (ISO/IEC 14496-12, 4.2)."""
    for _ in range(_BOX_CHILDREN):
        if start + 8 > end:
            return
        length, kind = struct.unpack(">I4s", read(start, 8))
        content = start + 8
        if length == 1:
            length = struct.unpack(">Q", read(content, 8))[0]
            content += 8
        elif length == 0:
            length = end - start
        if length < content - start or start + length > end:
            return
        if kind == wanted:
            yield content, start + length
        start += length
