"""Steps 10.5 and 10.6: the two lists of digests, SHA256SUMS and the signed manifest, against the entries.

Role: each must list exactly the entries that docs/format.md demands, in the container's order, with the digests
that step 10.3 found. Who signed the manifest is `seals`' work.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handover.bundle import record
from handover.bundle.names import printable
from handover.bundle.verify.reading import REFERENCE, SUMS_LINE, listing_limit, read_entry
from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.model.message import msg

if TYPE_CHECKING:
    from handover.bundle.read import Contents


def check_sums(archive: "Contents", entries: Sequence[EntryRecord]) -> str:
    """Compare SHA256SUMS; gives what was checked, in words. Raises BundleError (10.5) naming what differs."""
    limit = listing_limit(len(entries), SUMS_LINE)
    sums = record.read_sums(read_entry(archive, record.SUMS_NAME, limit, "10.5"))
    before = entries[: _position(entries, record.SUMS_NAME)]
    for entry in before:
        if sums.get(entry.name) != entry.sha256:
            said = msg("another digest") if entry.name in sums else msg("no digest")
            raise BundleError(
                msg("its content has changed: SHA256SUMS has {said}", said=said), entry=entry.name, clause="10.5"
            )
    if list(sums) != [entry.name for entry in before]:
        there = {entry.name for entry in before}
        extra = printable(next((name for name in sums if name not in there), ""))
        raise BundleError(
            msg("it lists {extra}, which isn't there", extra=extra)
            if extra
            else msg("its lines aren't in the container's order"),
            entry=record.SUMS_NAME,
            clause="10.5",
        )
    return msg("SHA256SUMS: {count} digests agree", count=len(sums))


def check_manifest(archive: "Contents", entries: Sequence[EntryRecord]) -> tuple[bytes, str]:
    """Compare the manifest; gives its bytes, which the signature is over, and what was checked, in words.

    Raises BundleError (10.6) naming what differs.
    """
    from handover.seal.container import parse_manifest

    data = read_entry(archive, record.MANIFEST_NAME, listing_limit(len(entries), REFERENCE), "10.6")
    listed = parse_manifest(data)
    # mimetype, the first, has a fixed content (format 2.8).
    stored = {entry.name: entry.sha256 for entry in entries[1 : _position(entries, record.MANIFEST_NAME)]}
    for name, digest in stored.items():
        if listed.get(name) != digest:
            said = msg("with another digest") if name in listed else msg("not at all")
            raise BundleError(msg("the signed manifest lists it {said}", said=said), entry=name, clause="10.6")
    if extra := [name for name in listed if name not in stored]:
        shown = printable(extra[0])
        raise BundleError(msg("the signed manifest lists it, but it isn't there"), entry=shown, clause="10.6")
    if list(listed) != list(stored):
        raise BundleError(msg("it doesn't list the entries in their order"), entry=record.MANIFEST_NAME, clause="9.2")
    return data, msg("manifest: lists exactly the {count} entries, digests agree", count=len(listed))


def _position(entries: Sequence[EntryRecord], name: str) -> int:
    return next(i for i, entry in enumerate(entries) if entry.name == name)
