"""Steps 10.4 to 10.6: the table of contents and the two lists of digests against the entries that are there.

Role: every document that `handover.json` lists exists, everything else is an asset or belongs to the sealing, and the
order is that of docs/format.md, 4.1; SHA256SUMS and the signed manifest list exactly the entries that they must, with
the digests that step 10.3 found. Who signed the manifest is `seals`' work.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from handover.bundle import names, record
from handover.bundle.names import printable
from handover.bundle.verify.reading import REFERENCE, SUMS_LINE, UNSIGNED_HINT, listing_limit, missing_words, read_entry
from handover.model.artifact import EntryRecord, Role
from handover.model.errors import BundleError
from handover.model.message import msg

if TYPE_CHECKING:
    from handover.bundle.read import Contents


_LISTS: Final = [record.RECORD_NAME, record.SUMS_NAME]
_SEALING: Final = [record.CERTIFICATE_NAME, record.MANIFEST_NAME, record.SIGNATURE_NAME]


def check_layout(bundle: record.BundleRecord, entries: Sequence[EntryRecord]) -> str:
    """Compare the entries with the record; gives what was checked, in words.

    Raises BundleError (10.4) naming the first entry that is missing, unannounced or out of order.
    """
    tail = _LISTS + _SEALING if bundle.state is record.State.SIGNED else _LISTS
    stored = [entry.name for entry in entries]
    there = set(stored)
    if missing := [name for name in [names.MIMETYPE_ENTRY, *tail] if name not in there]:
        raise BundleError(missing_words(missing[0]), entry=missing[0], clause="10.4", hint=UNSIGNED_HINT)
    documents = {document.name for document in bundle.entries}
    if len(documents) != len(bundle.entries):
        raise BundleError(msg("it lists a document twice"), entry=record.RECORD_NAME, clause="10.4")
    if missing := [document.name for document in bundle.entries if document.name not in there]:
        shown = names.printable(missing[0])
        raise BundleError(msg("handover.json lists it, but it isn't there"), entry=shown, clause="10.4")
    _check_documents(bundle)
    body = stored[1 : -len(tail)]
    kinds = [("a" if name.startswith(names.ASSETS_PREFIX) else "d") for name in body]
    for name, kind in zip(body, kinds, strict=True):
        if kind == "d" and name not in documents:
            raise BundleError(
                msg("nobody announced this entry: handover.json doesn't list it"), entry=name, clause="10.4"
            )
    shape = (kind for kind, _ in groupby(kinds))
    if stored[0] != names.MIMETYPE_ENTRY or stored[-len(tail) :] != tail or "ada" in "".join(shape):
        raise BundleError(msg("the entries don't stand in the order of clause 4.1"), clause="10.4")
    _check_roles(bundle)
    return msg("table of contents: {count} documents, nothing missing, nothing extra", count=len(documents))


def _check_documents(bundle: record.BundleRecord) -> None:
    """A document is what the writer made: neither one of the client's files nor part of the sealing (format 1.2)."""
    for document in bundle.entries:
        if document.name.startswith(names.ASSETS_PREFIX) or document.role is Role.ASSET:
            said = msg("handover.json lists it as a document, and it's an asset")
        elif document.name in {names.MIMETYPE_ENTRY, *_LISTS, *_SEALING}:
            said = msg("handover.json lists it as a document, and it belongs to the container")
        else:
            continue
        raise BundleError(said, entry=document.name, clause="10.4")


def _check_roles(bundle: record.BundleRecord) -> None:
    counts = Counter(document.role for document in bundle.entries)
    for role in (Role.LETTER, Role.INVENTORY, Role.START_HERE):
        may_lack = role is Role.INVENTORY and counts[Role.RECIPIENT_COPY]
        if counts[role] != 1 and not (may_lack and not counts[role]):
            raise BundleError(
                msg("it lists {count} entries with the role {role}, and must list one", count=counts[role], role=role),
                entry=record.RECORD_NAME,
                clause="10.4",
            )
    if counts[Role.NOTICE] > 1:
        raise BundleError(msg("it lists more than one notice"), entry=record.RECORD_NAME, clause="10.4")
    files = counts[Role.CREDENTIALS]
    if files > 1 or (files and (bundle.draft or not counts[Role.INVENTORY])):
        message = msg("it lists credentials as a KeePass file, which stands alone beside an encrypted inventory")
        raise BundleError(message, entry=record.RECORD_NAME, clause="10.4")


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
