"""Strict reading of a bundle's zip: every byte accounted for before anything is inflated; and two lenient readers.

Role: `read_archive` accepts the canonical profile of docs/format.md, section 2, and refuses everything else, as
programs disagree about what a zip with duplicates, gaps, overlaps or differing headers contains. Then it gives
contents, checked against size and CRC-32, in bounded memory. `Rezipped` and `Folder` give the contents of a zip that
another program made and of a folder (section 13). Used by verify, unpack and mail. It knows nothing of digests'
owners, signatures or documents, writes nothing, and shares only `handover.bundle.names` with the packer.
"""

from handover.bundle.read.container import Archive, read_archive
from handover.bundle.read.contents import ArchiveEntry, Contents, Form, Limits

__all__ = ["Archive", "ArchiveEntry", "Contents", "Form", "Limits", "read_archive"]
