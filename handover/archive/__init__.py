"""Strict reading of a bundle's zip: every byte accounted for before anything is inflated.

Role: accepts the canonical profile of docs/format.md, section 2, and refuses everything else, as programs disagree
about what a zip with duplicates, gaps, overlaps or differing headers contains. Then it gives contents,
checked against size and CRC-32, in bounded memory. Used by verify, unpack and mail. It knows nothing of
digests' owners, signatures or documents, writes nothing, and shares only `handover.names` with the packer.
"""

from handover.archive.container import Archive, read_archive
from handover.archive.entries import ArchiveEntry, Limits

__all__ = ["Archive", "ArchiveEntry", "Limits", "read_archive"]
