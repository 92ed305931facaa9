"""Step 10.4: the table of contents against the entries that are there.

Role: every document that `handover.json` lists exists, everything else is an asset or belongs to the sealing, and the
order is that of docs/format.md, 4.1. Names and roles only: contents are other steps' work.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from handover.bundle import names, record
from handover.bundle.verify.reading import UNSIGNED_HINT, missing_words
from handover.model.artifact import EntryRecord, Role
from handover.model.errors import BundleError
from handover.model.message import msg

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
