"""What is in zips and gzips among the client's files, inflated within limits.

Role: bytes → members and their content. It writes nothing.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.project.leaks.told import Unread

ENDINGS: Final = frozenset({"zip", "epub", "jar", "war", "xpi", "sketch", "idml", "1pux"})
MAX_BYTES: Final = 64 * 1024 * 1024
"""That are inflated of one archive at most."""
_MAX_MEMBERS: Final = 10_000
_MAX_MEMBER: Final = 16 * 1024 * 1024
_BLOCK: Final = 1024 * 1024
_FED: Final = 64 * 1024
"""Bytes inflated at a time: after each member what follows it is copied."""
_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass
class Room:
    """How much more an archive, and those in it, may inflate to."""

    left: int = MAX_BYTES


def members(content: bytes, room: Room) -> Iterator[tuple[str, bytes | None]]:
    """Names and contents of a zip's members; None for a content that is encrypted, damaged or beyond a limit. Before
    them, without a name, its comment. Raises ValueError, with the `Unread`, where no member can be listed.
    """
    if content.count(b"PK\x01\x02") > _MAX_MEMBERS:
        raise ValueError(Unread.FILES)
    try:
        with open_zip(content) as archive:
            if archive.comment:
                yield "", archive.comment
            for member in archive.infolist():
                if member.is_dir():
                    continue
                data = _inflated(archive, member, min(_MAX_MEMBER, room.left)) if room.left > 0 else None
                room.left -= len(data or b"")
                yield member.filename or "?", data
    except UNREADABLE:
        raise ValueError(Unread.DAMAGED) from None


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes | None:
    try:
        with archive.open(member) as stream:
            data = stream.read(most + 1)
    except UNREADABLE:
        return None
    return data if len(data) <= most else None


def gunzipped(content: bytes) -> Iterator[bytes]:
    """What a gzip holds (RFC 1952: its members one after another), in blocks.

    Raises ValueError, with the `Unread`, where that is damaged, or more than `MAX_BYTES`.
    """
    inflater = zlib.decompressobj(_GZIP)
    left, ended = MAX_BYTES, 0
    for at in range(0, len(content), _FED):
        waiting = content[at : at + _FED]
        while waiting:
            if inflater.eof:
                waiting = waiting.lstrip(b"\0")  # padding
                if waiting:
                    ended += 1
                    inflater = zlib.decompressobj(_GZIP)
                continue
            if left <= 0 or ended > _MAX_MEMBERS:
                raise ValueError(Unread.SIZE)
            try:
                data = inflater.decompress(waiting, min(_BLOCK, left))
            except zlib.error:
                raise ValueError(Unread.DAMAGED) from None
            left -= len(data)
            yield data
            waiting = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise ValueError(Unread.DAMAGED)


def in_blocks(content: bytes) -> Iterator[bytes]:
    """The content as files are read."""
    return (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
