"""SHA-256 of every entry, on all processors.

Role: splits a zip into regions that one worker takes at a time, so that one read serves many small entries. The digests
come in order, and of several damaged entries the first is named, however many workers there are.
"""

import contextlib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from handover.bundle.read.contents import ArchiveEntry, Contents
from handover.bundle.read.inflate import BLOCK, checked_whole
from handover.bundle.read.source import Source
from handover.bundle.workers import Run, SharedDigest
from handover.formats.memory import keep_freed_memory

_SMALL: Final = 256 * 1024
_REGION: Final = 2 * 1024 * 1024
_TINY: Final = 4 * 1024
"""Regions of entries that are smaller on average are mostly Python's own work, which two threads only slow down."""


def digest_all(source: Source, archive: Contents, workers: int) -> dict[str, str]:
    """SHA-256 by name in lower-case hexadecimal, in the order of the file, taken by `workers` threads or fewer.

    `source` is where the archive stands. Raises `BundleError` as `Contents.stream` does, for the first entry that is
    damaged.
    """
    keep_freed_memory()
    entries = sorted(archive.entries, key=lambda entry: entry.data)
    regions = list(_regions(entries))
    run: Run[list[str]] = Run([sum(entry.size for entry in region) < _TINY * len(region) for region in regions])

    def digest(number: int) -> list[str]:
        region = regions[number]
        first, last = region[0], region[-1]
        if first is last:
            return [_large(archive, first, run, number)]
        data = source.read(first.data, last.data + last.compressed - first.data, first.name)

        def of(entry: ArchiveEntry) -> str:
            if entry.size > BLOCK:  # what is stored in a few bytes can be large
                return _large(archive, entry, run, number)
            at = entry.data - first.data
            return sha256(checked_whole(entry, data[at : at + entry.compressed])).hexdigest()

        return [of(entry) for entry in region]

    found = run.results(lambda: contextlib.nullcontext(digest), workers)
    digests = (digest for region in found for digest in region)
    return dict(zip((entry.name for entry in entries), digests, strict=True))


def _large(archive: Contents, entry: ArchiveEntry, run: Run[list[str]], number: int) -> str:
    """The digest of one entry, read and inflated in blocks."""
    with SharedDigest(run.helpers) as digest:
        for piece in archive.stream(entry):
            run.check(number)
            digest.update(piece)
        return digest.digest().hex()


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
