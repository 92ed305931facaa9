"""Packing one unit of work: a batch of small files, or one large file in blocks.

Role: reads each file once and in the same pass hashes it, takes its CRC-32, deflates or stores it, and learns
its properties. Bytes go to the unit's `Slot`. Which units there are depends on the sources alone, never on
the workers. Nothing here starts threads or knows about the bundle's other entries.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from handover.bundle.workers import BUFFERS, Helpers, SharedDigest
from handover.bundle.write.assets import (
    AssetFolder,
    check_unchanged,
    open_regular,
    read_at,
    read_regular,
    shortened,
)
from handover.bundle.write.deflate import BLOCK, SMALLEST_DEFLATED, Codec, deflating_pays, shrink
from handover.bundle.write.headers import DEFLATED, LIMIT_32, STORED, Stored, local_header, local_header_length
from handover.bundle.write.layout import Layout, Slot
from handover.formats.media import describe, describe_content
from handover.model.artifact import AssetProperties, AssetSource

Look = Callable[[str, int, Iterator[bytes]], None]
"""Sees each file's content while it is in memory: its entry, its size in bytes, and its content in blocks, of which it
takes as many as it wants. Called by several threads, and again for a file that is packed again."""

SMALL_FILE: Final = 512 * 1024
"""Largest file that is read and deflated in one go."""
_BATCH_BYTES: Final = 2 * 1024 * 1024
_BATCH_FILES: Final = 256
_GROWN: Final = 4 * 1024 * 1024
"""Bytes that the files of a batch may have grown since they were listed, all together: they are held in memory."""
_HAS_READV: Final = hasattr(os, "readv")
_EXPANSION: Final = 64 * 1024 + (LIMIT_32 >> 10)
"""Room for a deflate stream that comes out larger than its content (a stored block costs 5 bytes in 65,535)."""


class Unit(NamedTuple):
    """Consecutive sources packed by one worker: `first` counts from 0 over all sources of the run.

    `size` is what the scan saw, in bytes. Units to be packed `alone` are mostly Python's own work: one at a time.
    """

    first: int
    sources: Sequence[AssetSource]
    size: int
    large: bool
    alone: bool


@dataclass(slots=True)
class Packed:
    """One packed file: its headers' facts, its offset within the unit, and what is known of the source."""

    source: AssetSource
    stored: Stored
    offset: int
    mtime_ns: int
    properties: AssetProperties


@dataclass(slots=True)
class Worker:
    """What one worker has for itself: its own descriptors of the folder, and its buffers."""

    folder: AssetFolder
    codec: Codec
    progress: Callable[[int], None]
    helpers: Helpers
    look: Look
    buffers: list[memoryview] = field(default_factory=list)

    def buffer(self, handed: int) -> memoryview:
        """The buffer for the next block of a file of which this many blocks are or were in another worker's hands."""
        while len(self.buffers) <= handed % BUFFERS:
            self.buffers.append(memoryview(bytearray(BLOCK)))
        return self.buffers[handed % BUFFERS]


def plan_units(sources: Sequence[AssetSource], sizes: Sequence[int], alone_below: int) -> Iterator[Unit]:
    """Cut the sources into units by the sizes (bytes) that the scan saw.

    Batches whose files are smaller than `alone_below` on average are to be packed alone.
    """

    def batch(end: int) -> Unit:
        return Unit(first, sources[first:end], total, large=False, alone=total < alone_below * (end - first))

    first = 0
    total = 0
    for index, size in enumerate(sizes):
        large = size > SMALL_FILE
        if index > first and (large or total + size > _BATCH_BYTES or index - first >= _BATCH_FILES):
            yield batch(index)
            first, total = index, 0
        if large:
            yield Unit(index, sources[index : index + 1], size, large=True, alone=False)
            first, total = index + 1, 0
        else:
            total += size
    if first < len(sources):
        yield batch(len(sources))


def pack_unit(worker: Worker, unit: Unit, layout: Layout, number: int, *, wait: bool = True) -> list[Packed]:
    """Pack a unit into its slot of the layout. Raises `AssetError`, `OutputError`, `Stopped`.

    Without `wait`, a batch whose place isn't known is parked even where too much is parked already.
    """
    layout.check()  # before a file is opened for nothing
    if unit.large:
        source = unit.sources[0]
        with open_regular(worker.folder, source.path) as (descriptor, facts):
            size = facts.st_size
            properties = describe(source.entry, size, lambda offset, length: read_at(descriptor, offset, length))
            slot = Slot(layout, number, local_header_length(source.entry, size))
            stored = _stream(worker, source, descriptor, size, slot)
            # A change must be known before the header makes an entry of these bytes.
            check_unchanged(worker.folder, source.path, facts, os.fstat(descriptor))
            slot.finish(local_header(stored))
        return [Packed(source, stored, 0, facts.st_mtime_ns, properties)]
    packed, data = _pack_batch(worker, unit)
    layout.place(number, data, wait=wait)
    worker.progress(sum(one.stored.size for one in packed))
    return packed


def _pack_batch(worker: Worker, unit: Unit) -> tuple[list[Packed], bytes]:
    packed = []
    chunks: list[bytes] = []
    offset = 0
    room = _GROWN
    for source in unit.sources:
        listed = source.size or 0
        content, facts = read_regular(worker.folder, source.path, listed + room)
        stored, data = store_content(worker.codec, source.entry, content)
        if stored.size > listed:
            room -= stored.size - listed
        header = local_header(stored)
        chunks += (header, data)
        properties = describe_content(source.entry, content)
        worker.look(source.entry, len(content), iter((content,)))
        packed.append(Packed(source, stored, offset, facts.st_mtime_ns, properties))
        offset += len(header) + len(data)
    return packed, b"".join(chunks)


def store_content(codec: Codec, name: str, content: bytes) -> tuple[Stored, bytes]:
    """The headers' facts and the data to write for content that is in memory."""
    data, method = content, STORED
    if len(content) >= SMALLEST_DEFLATED and (deflated := shrink(codec, content)) is not None:
        data, method = deflated, DEFLATED
    digest = hashlib.sha256(content).digest()
    return Stored(name, method, codec.crc32(content, 0), len(data), len(content), digest), data


def _deflates(worker: Worker, descriptor: int, size: int) -> bool:
    # Just below 4 GiB a stream that expands would need ZIP64 after its header is laid out: store those.
    if LIMIT_32 - _EXPANSION <= size < LIMIT_32:
        return False
    return deflating_pays(worker.codec, size, lambda offset, length: read_at(descriptor, offset, length))


def _stream(worker: Worker, source: AssetSource, descriptor: int, size: int, slot: Slot) -> Stored:
    """Store or deflate a large file into its slot, block by block."""
    compressor = worker.codec.compressor() if _deflates(worker, descriptor, size) else None
    if compressor is None:
        slot.promise(size)
    crc = compressed = 0
    with SharedDigest(worker.helpers) as digest:

        def stored() -> Iterator[memoryview]:
            nonlocal crc, compressed
            for view in _blocks(worker, source, descriptor, size, digest):
                data = compressor.compress(view) if compressor else view
                slot.write(data)
                compressed += len(data)
                crc = worker.codec.crc32(view, crc)
                yield view

        blocks = stored()
        worker.look(source.entry, size, map(bytes, blocks))
        for _ in blocks:
            pass  # what the look didn't ask for is stored as well
        if compressor:
            slot.write(data := compressor.flush())
            compressed += len(data)
        method = DEFLATED if compressor else STORED
        return Stored(source.entry, method, crc, compressed, size, digest.digest())


def _blocks(
    worker: Worker, source: AssetSource, descriptor: int, size: int, digest: SharedDigest
) -> Iterator[memoryview]:
    """The file's `size` bytes in views of the worker's buffers, taken into the digest; good until the next one."""
    left = size
    while left:
        buffer = worker.buffer(digest.handed)
        view = buffer if left >= BLOCK else buffer[:left]
        # Filled unless the file ends: where blocks are cut must not depend on how much a read gave.
        count = _read_some(descriptor, view)
        while 0 < count < len(view) and (more := _read_some(descriptor, view[count:])):
            count += more
        if not count:
            raise shortened(worker.folder, source.path)
        if count < len(view):
            view = view[:count]
        digest.update(view)
        yield view
        left -= count
        worker.progress(count)


def _read_some(descriptor: int, view: memoryview) -> int:
    if _HAS_READV:
        return os.readv(descriptor, (view,))
    data = os.read(descriptor, len(view))
    view[: len(data)] = data
    return len(data)
