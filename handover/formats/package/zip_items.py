"""A package's zip: its items read within limits, and written in one form.

Role: the octets around a package's parts (ECMA-376 Part 2, 7; PKWARE APPNOTE). Reading accepts what Word, LibreOffice
and other tools write, and refuses what readers disagree about; writing leaves no choice, so that a verifier can tell
whether anything is hidden in the zip. It knows nothing of relationships, content types or XML.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.model.errors import DamagedFile
from handover.model.message import msg

CONTENT_TYPES: Final = "[Content_Types].xml"
_PART_NAME = re.compile(r"(/[A-Za-z0-9!$'()*+,;=:@_~-][A-Za-z0-9!$'()*+,;=:@_~.-]*)+")
_LONGEST_NAME = 255
"""No program makes longer ones, and names stand in messages."""
_ZIP_DATE = 0x0021
"""1 January 1980, the first day that a zip can state."""
_ZIP_VERSION = 20
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_CENTRAL_HEADER = struct.Struct("<4s6H3L5H2L")
_END_RECORD = struct.Struct("<4s4H2LH")
_ENCRYPTED_FLAG = 0x1
_RATIO_FLOOR = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may be at most: number of parts, octets of one part and of all, and compression ratio."""

    parts: int = 2000
    part_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    small_total: int = 32 * 1024 * 1024
    """What the parts of the smallest file may come to; each byte of a larger one allows `total_ratio` more."""
    total_ratio: int = 20

    def of_a_file(self, size: int) -> "Limits":
        """The limits of a file of `size` bytes: a small one can't hold much, whatever its parts inflate to."""
        return replace(self, total_bytes=min(self.total_bytes, self.small_total + self.total_ratio * size))


DEFAULT_LIMITS: Final = Limits()


def read_items(data: bytes, place: str, limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """The zip's items by name, as `read_package` takes them, in the archive's order; raises `DamagedFile`."""
    if len(data) > limits.total_bytes:
        raise DamagedFile.at(place, msg("larger than {total_bytes} MB", total_bytes=limits.total_bytes >> 20))
    try:
        limits = limits.of_a_file(len(data))
        with open_zip(data) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            _check_entries(entries, data, place, limits)
            items: dict[str, bytes] = {}
            left = limits.total_bytes
            for entry in entries:
                items[entry.filename] = content = inflate(archive, entry, place, limits, left)
                left -= len(content)
            return items
    except UNREADABLE:
        raise DamagedFile.at(
            place, msg("not a .docx that can be read"), hint=msg("open it in Word and save it again")
        ) from None


def _check_entries(entries: Sequence[zipfile.ZipInfo], data: bytes, place: str, limits: Limits) -> None:
    if len(entries) > limits.parts:
        raise DamagedFile.at(
            place, msg("has {count} parts; {parts} are the limit", count=len(entries), parts=limits.parts)
        )
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.filename
        # The relationships of the package itself are the one part whose name starts with a dot.
        bare = re.sub(r"(^|/)_rels/\.rels$", r"\1_rels/rels", name)
        spelt = name == CONTENT_TYPES or _PART_NAME.fullmatch(f"/{bare}")
        if entry.orig_filename != name or not spelt or len(name) > _LONGEST_NAME:
            raise DamagedFile.at(place, msg("{name!a} isn't the name of a part", name=name[:80]))
        if name.lower() in seen:
            raise DamagedFile.at(place, msg("has {name} twice", name=name))
        seen[name.lower()] = name
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise DamagedFile.at(place, msg("{name} is encrypted", name=name), hint=msg("save it without a password"))
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise DamagedFile.at(place, msg("{filename} overlaps another part in the zip", filename=entry.filename))
        *_, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
        end = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length + entry.compress_size


def inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str, limits: Limits, left: int) -> bytes:
    """One item's content, of at most `left` octets; raises `DamagedFile` beyond the limits."""
    cap = min(limits.part_bytes, left)
    if entry.file_size > max(_RATIO_FLOOR, entry.compress_size * limits.ratio):
        raise DamagedFile.at(
            place,
            msg("{filename} is compressed more than {ratio} times", filename=entry.filename[:80], ratio=limits.ratio),
        )
    with archive.open(entry) as stream:
        content = stream.read(cap + 1)
    if len(content) > cap:
        raise DamagedFile.at(place, msg("{filename} is larger than a part may be", filename=entry.filename[:80]))
    return content


def write_items(items: Iterable[tuple[str, bytes]]) -> bytes:
    """A deflated zip of (name, content) in the order given, with fixed times; names are ASCII."""
    return _assemble((name, content, zlib.compress(content, 9, -zlib.MAX_WBITS)) for name, content in items)


def check_items(data: bytes, items: Iterable[tuple[str, bytes]], place: str) -> None:
    """Demand that `data` is what `write_items` gives for `items`, whatever zlib compressed it; `DamagedFile`.

    Nothing can then be hidden in the zip: no other order, gap, comment, extra field or entry.
    """
    offset = 0
    packed: list[tuple[str, bytes, bytes]] = []
    refusal = DamagedFile.at(
        place, msg("the zip around its parts was changed: it was packed again, or holds something more")
    )
    for name, content in items:
        start = offset + _LOCAL_HEADER.size + len(name)
        if start > len(data):
            raise refusal
        offset = start + int(_LOCAL_HEADER.unpack_from(data, offset)[7])
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            inflated = stream.decompress(data[start:offset], len(content) + 1)
        except zlib.error:
            raise refusal from None
        if inflated != content or not stream.eof or stream.unused_data:
            raise refusal
        packed.append((name, content, data[start:offset]))
    if _assemble(packed) != data:
        raise refusal


def _assemble(items: Iterable[tuple[str, bytes, bytes]]) -> bytes:
    """A zip of (name, content, deflated content), without extra fields, descriptors or comments (APPNOTE 4.3).

    Written here so that no library's choices can change the octets that a verifier compares.
    """
    body = bytearray()
    directory = bytearray()
    count = 0
    for name, content, packed in items:
        encoded = name.encode("ascii")
        sizes = (zlib.crc32(content), len(packed), len(content), len(encoded), 0)
        fields = (_ZIP_VERSION, 0, zipfile.ZIP_DEFLATED, 0, _ZIP_DATE, *sizes)
        directory += _CENTRAL_HEADER.pack(b"PK\x01\x02", _ZIP_VERSION, *fields, 0, 0, 0, 0, len(body)) + encoded
        body += _LOCAL_HEADER.pack(b"PK\x03\x04", *fields) + encoded + packed
        count += 1
    end = _END_RECORD.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
