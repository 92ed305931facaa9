"""Contents: stored bytes in, the content out, checked to the last byte.

Role: inflates, and compares with the size and CRC-32 that the headers state (docs/format.md, 2.10), holding one block
at a time. It reads no file: its callers hand in the stored bytes.

Contents are inflated with zlib, not with the faster library that packs: what its strict decoder accepts, every
unzip opens.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from handover.bundle.read.contents import DEFLATED, ArchiveEntry
from handover.model.errors import BundleError
from handover.model.message import msg

BLOCK: Final = 512 * 1024
"""Bytes that are read, inflated and hashed at a time: more no longer fits the processor's nearer caches."""


def checked(entry: ArchiveEntry, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content in blocks, from the entry's stored bytes in `pieces`.

    Raises `BundleError` when it isn't as long as stated, its CRC-32 differs, the deflate stream is damaged, or bytes
    are left over after it: then what was given before isn't to be trusted. It never gives more than stated.
    """
    crc32 = crc32_function()
    size = crc = 0
    for piece in _inflated(entry, pieces) if entry.method == DEFLATED else pieces:
        size += len(piece)
        if size > entry.size:
            break
        crc = crc32(piece, crc)
        yield piece
    if size != entry.size:
        raise BundleError(msg("its content isn't as long as stated"), entry=entry.name, clause="2.10")
    if crc != entry.crc:
        raise BundleError(msg("its content was changed or damaged (CRC-32)"), entry=entry.name, clause="2.10")


def checked_whole(entry: ArchiveEntry, stored: bytes) -> bytes:
    """The same of a small entry in one go: three calls where `checked` takes a dozen. Raises like `checked`."""
    if entry.method == DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # Room for one byte more than stated: the stream must end by itself, and none may go further.
            content = inflater.decompress(stored, entry.size + 1)
        except zlib.error:
            content = b""
        good = inflater.eof and not inflater.unused_data
    else:
        content, good = stored, True
    if good and len(content) == entry.size and crc32_function()(content) == entry.crc:
        return content
    return b"".join(checked(entry, [stored]))  # it says what is wrong


def _inflated(entry: ArchiveEntry, pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left_over = False
    try:
        for piece in pieces:
            left_over = left_over or inflater.eof
            rest = piece
            while not inflater.eof:
                data = inflater.decompress(rest, BLOCK)
                if data:
                    yield data
                rest = inflater.unconsumed_tail
                if not rest and len(data) < BLOCK:
                    break  # with a full block, more may be waiting inside the inflater
    except zlib.error:
        raise BundleError(msg("its compressed data is damaged"), entry=entry.name, clause="2.10") from None
    if not inflater.eof:
        raise BundleError(msg("its compressed data ends too early"), entry=entry.name, clause="2.10")
    if left_over or inflater.unused_data:
        raise BundleError(msg("bytes are hidden behind its compressed data"), entry=entry.name, clause="2.10")


@cache
def crc32_function() -> Callable[..., int]:
    """CRC-32 (ITU-T V.42): of bytes, and of what came before."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.crc32
    crc32: Callable[..., int] = isal_zlib.crc32  # the same checksum, several times as fast
    return crc32
