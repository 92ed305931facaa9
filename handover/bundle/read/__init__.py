"""Strict reading of a bundle's zip: every byte accounted for before anything is inflated; and two lenient readers.

Role: `read_archive` accepts the canonical profile of docs/format.md, section 2, and refuses everything else, as
programs disagree about what a zip with duplicates, gaps, overlaps or differing headers contains. Then it gives
contents, checked against size and CRC-32, in bounded memory. `Rezipped` and `Folder` give the contents of a zip that
another program made and of a folder (section 13). Used by verify, unpack and mail. It knows nothing of digests'
owners, signatures or documents, writes nothing, and shares only `handover.bundle.names` with the packer.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from handover.bundle.names import MIMETYPE, MIMETYPE_ENTRY
from handover.bundle.read import digests
from handover.bundle.read.contents import ArchiveEntry, Contents, Form, Limits, refuse_clashes
from handover.bundle.read.directory import read_end, read_entries
from handover.bundle.read.inflate import BLOCK, checked
from handover.bundle.read.source import Source
from handover.model.errors import BundleError
from handover.model.message import msg

__all__ = ["Archive", "ArchiveEntry", "Contents", "Form", "Limits", "read_archive"]


class Archive(Contents):
    """A zip of the canonical profile: its entries in order, and their contents."""

    def __init__(self, source: Source, entries: Sequence[ArchiveEntry]) -> None:
        super().__init__(entries, Form.ORIGINAL)
        self._source = source

    @property
    def size(self) -> int:
        """Size of the zip in bytes."""
        return self._source.size

    def stream(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The entry's content in pieces of at most 1 MiB.

        Raises `BundleError` when the content isn't as long as stated, its CRC-32 differs, the deflate stream is
        damaged, or bytes are left over after it: then what was given before isn't to be trusted.
        """
        return checked(entry, self.stored(entry))

    def stored(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The entry's bytes as they are stored, deflated or not, unchecked, in pieces of at most 512 KiB."""
        for done in range(0, entry.compressed, BLOCK):
            yield self._source.read(entry.data + done, min(BLOCK, entry.compressed - done), entry.name)

    def digest_all(self, workers: int) -> dict[str, str]:
        """SHA-256 of every entry by name, in order, taken by `workers` threads; see `Contents.digest_all`."""
        return digests.digest_all(self._source, self, workers)


def read_archive(file: BinaryIO, *, limits: Limits | None = None, container: bool = True) -> Archive:
    """Read the structure of a bundle, refusing everything that isn't the canonical profile.

    `file` stays the caller's and must stay open as long as the archive is used. `container` demands the ASiC
    container's `mimetype` entry; the zip of split assets has none (docs/format.md, 2.11). Raises `BundleError`
    with the entry and the clause.
    """
    limits = limits or Limits()
    source = Source(file)
    end = read_end(source, limits)
    entries = list(read_entries(source, end))
    refuse_clashes(entry.name for entry in entries)
    limits.check(sum(entry.size for entry in entries), source.size, "2.9")
    if container:
        first = entries[0] if entries else None
        if first is None or first.name != MIMETYPE_ENTRY or not first.is_stored or first.size != len(MIMETYPE):
            raise BundleError(msg("its first entry isn't “mimetype”, stored"), entry=MIMETYPE_ENTRY, clause="2.8")
        if source.read(first.data, first.size, first.name) != MIMETYPE:
            raise BundleError(msg("it isn't the type of a bundle"), entry=MIMETYPE_ENTRY, clause="2.8")
    return Archive(source, entries)
