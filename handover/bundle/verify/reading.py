"""Reading single entries into memory, each up to what one of its kind may have.

Role: the limits of docs/format.md, 6.3, 9.4 and 10.9, refused before anything is inflated, and the words for entries
that are missing or that nobody listed. It doesn't look at what it reads.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from handover.bundle import record
from handover.bundle.names import printable
from handover.model.errors import BundleError
from handover.model.message import counted, msg

if TYPE_CHECKING:
    from handover.bundle.read import ArchiveEntry, Contents

MAX_LETTER: Final = 64 * 1024 * 1024
MAX_INVENTORY: Final = 512 * 1024 * 1024
MAX_SIGNATURE: Final = 1024 * 1024
MAX_LISTING: Final = 64 * 1024 * 1024
"""Largest SHA256SUMS and manifest in bytes (format 6.3 and 9.4)."""
SUMS_LINE: Final = 1024
"""Bytes that no line of SHA256SUMS exceeds: 67 and a name of at most 600 (format 3.4)."""
RECORD_LINE: Final = 2048
"""Bytes that handover.json takes at most for one entry: as a document, or its name before and after renaming."""
REFERENCE: Final = 4096
"""Bytes that no reference of the manifest exceeds: some 200 and a name of at most 600, percent-encoded (format 9.3)."""
UNSIGNED_HINT: Final = msg("a bundle without it is not intact: ask the sender for it again")
_SLACK: Final = 64 * 1024
_SHOWN: Final = 5


def missing_words(name: str) -> str:
    """What to say of an entry that every bundle must have."""
    if name in {record.SIGNATURE_NAME, record.MANIFEST_NAME, record.CERTIFICATE_NAME}:
        return msg("it is missing: this bundle isn't signed, and isn't marked as a draft")
    return msg("it is missing")


def unlisted(entries: "Sequence[ArchiveEntry]") -> BundleError:
    """What to say of files that the signed list doesn't name."""
    names = [printable(entry.name) for entry in entries]
    said, others = msg("it's there, and the signed list doesn't name it"), ", ".join(names[1:_SHOWN])
    if len(names) > _SHOWN:
        said = counted(
            "{said} (so are {others} and {count} more)",
            "{said} (so are {others} and {count} more)",
            said=said,
            others=others,
            count=len(names) - _SHOWN,
        )
    elif others:
        said = msg("{said} (so are {others})", said=said, others=others)
    return BundleError(
        said,
        entry=names[0],
        clause="13.4",
        hint=msg("it isn't part of the bundle: take it out, and verify again"),
    )


def read_entry(archive: "Contents", name: str, limit: int, clause: str) -> bytes:
    """The content of the entry `name`. Raises BundleError of `clause` when it's missing or over `limit` bytes."""
    entry = archive.get(name)
    if entry is None:
        raise BundleError(missing_words(name), entry=name, clause=clause, hint=UNSIGNED_HINT)
    if entry.size > limit:
        most = msg("{limit} MiB", limit=limit >> 20) if limit >= 1 << 20 else msg("{limit} KiB", limit=limit >> 10)
        raise BundleError(msg("it is larger than {most}", most=most), entry=name, clause=clause)
    return archive.read(entry, limit)


def listing_limit(entries: int, longest: int) -> int:
    """How large a list of so many entries can be: a few entries must not make a reader hold 64 MiB."""
    return min(MAX_LISTING, _SLACK + entries * longest)


def read_encrypted(archive: "Contents", name: str) -> bytes:
    """What is encrypted doesn't deflate: a large size from a few bytes is a bomb, and isn't read (format 10.9)."""
    entry = archive.get(name)
    if entry is not None and entry.size > entry.compressed * 1.1 + _SLACK:
        raise BundleError(msg("it shrinks when it's compressed, so it isn't encrypted"), entry=name, clause="10.9")
    return read_entry(archive, name, MAX_INVENTORY, "10.9")
