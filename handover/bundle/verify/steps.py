"""The steps of docs/format.md, section 10, in their order.

Role: runs them, remembers which passed, and puts together what they found out. What each step checks stands in the
module named after it.
"""

import datetime as dt
from typing import TYPE_CHECKING, BinaryIO, Final

from handover.bundle import record
from handover.bundle.read import Form
from handover.bundle.verify.layout import check_layout, check_manifest, check_sums
from handover.bundle.verify.reading import RECORD_LINE, listing_limit, read_entry
from handover.bundle.verify.report import Anchors, Check, OnCheck, Passed, Report, Trust
from handover.bundle.verify.seals import (
    CheckedLetter,
    Judgement,
    Sealer,
    check_bundle_signature,
    check_inventory,
    check_letter,
    check_notice,
    judge_trust,
    notes_beside,
)
from handover.bundle.verify.second_zip import check_assets
from handover.bundle.workers import default_workers
from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.model.message import all_of, msg

if TYPE_CHECKING:
    from handover.bundle.read import Contents

_CONTAINER: Final = {
    Form.ORIGINAL: ("10.1", msg("container: every byte of the zip accounted for")),
    Form.REZIPPED: ("13.2", msg("zip: made anew by another program, sound in itself")),
    Form.FOLDER: ("13.1", msg("folder: regular files alone, none that the list doesn't name")),
}
_UNSEALED: Final = {
    record.State.DRAFT: (Trust.DRAFT, "10.11", msg("draft: marked as such, unsigned; only its digests were checked")),
    record.State.TO_SIGN: (Trust.TO_SIGN, "10.12", msg("to be signed: complete, and not sealed yet")),
}
_MOST_WORKERS: Final = 8
"""Threads that memory is meant for."""
_NOBODY: Final = Anchors()


def verify(
    given: "BinaryIO | Contents",
    *,
    anchors: Anchors = _NOBODY,
    now: dt.datetime,
    allow_draft: bool = False,
    assets: BinaryIO | None = None,
    on_check: OnCheck = lambda _: None,
    workers: int | None = None,
) -> Report:
    """Check every byte and signature of a bundle.

    `given` is the zip as it was made, which must have the one canonical form, or what `read_given` and `read_folder`
    found in another zip or a folder. `now` (aware) is the time of checking; `assets` is the second zip of a split
    bundle, where the user has it; `on_check` hears of each step as it passes. Raises BundleError for a bundle that
    isn't intact, with its entry and clause. An intact bundle of an unknown signer, or zipped again, is returned as
    such: see `Report.require_known_signer` and `Report.require_original`.
    """
    from handover.bundle.read import Contents, read_archive

    checks: list[Check] = []

    def passed(clause: str, words: str) -> None:
        checks.append(Check(clause, words))
        on_check(checks[-1])

    workers = workers or min(default_workers(), _MOST_WORKERS)
    found = given if isinstance(given, Contents) else read_archive(given)
    entries, bundle = _check_contents(found, workers, passed)
    letter, sealer = CheckedLetter(), None
    notes: tuple[str, ...] = ()
    if bundle.draft:
        _require_allowed(bundle, letter, allow_draft=allow_draft)
    else:
        letter, sealer, notes = _check_seals(found, bundle, entries, anchors, now, passed, allow_draft=allow_draft)
    second = check_assets(bundle, entries, found, assets, workers, passed)
    if sealer is None:
        trust, *step = _UNSEALED[bundle.state]
        passed(*step)
        judged = Judgement(Trust.UNKNOWN if anchors.name_a_signer else trust)
    else:
        judged = judge_trust(sealer, anchors, sealer.signature.timestamp or now, passed)
    return Report(
        record=bundle,
        checks=tuple(checks),
        entries=entries,
        trust=judged.trust,
        form=found.form,
        bundle=sealer.signature if sealer else None,
        subject=sealer.subject if sealer else "",
        authority=judged.authority,
        doubt=judged.doubt,
        notes=notes,
        letters=letter.signatures,
        missing=letter.missing,
        second=second,
        named=anchors.name_a_signer,
    )


def _check_contents(
    found: "Contents", workers: int, passed: Passed
) -> tuple[tuple[EntryRecord, ...], record.BundleRecord]:
    """Steps 10.1 to 10.5: the entries with their digests, and what handover.json says."""
    passed(*_CONTAINER[found.form])
    passed("10.2", msg("names: {count} entries, every name safe on every system", count=len(found.entries)))
    digests = found.digest_all(workers)
    found.hold_to(digests)
    passed("10.3", msg("content: sizes and checksums agree") if found.is_zip else msg("content: every file read"))
    entries = tuple(EntryRecord(name=e.name, size=e.size, sha256=digests[e.name]) for e in found.entries)
    limit = min(record.MAX_RECORD, listing_limit(len(found.entries), RECORD_LINE))
    bundle = record.read_record(read_entry(found, record.RECORD_NAME, limit, "10.4"))
    passed("10.4", check_layout(bundle, entries))
    passed("10.5", check_sums(found, entries))
    return entries, bundle


def _check_seals(
    found: "Contents",
    bundle: record.BundleRecord,
    entries: tuple[EntryRecord, ...],
    anchors: Anchors,
    now: dt.datetime,
    passed: Passed,
    *,
    allow_draft: bool,
) -> tuple[CheckedLetter, Sealer | None, tuple[str, ...]]:
    """Steps 10.6 to 10.9, and what must be told beside; without a sealer for a bundle that waits for signatures."""
    sealer = None
    if bundle.state is record.State.SIGNED:
        manifest, words = check_manifest(found, entries)
        passed("10.6", words)
        sealer, words = check_bundle_signature(found, manifest, bundle, anchors, now)
        passed("10.7", words)
    letter, words = check_letter(found, bundle, sealer.signature if sealer else None, now)
    if sealer is None:
        _require_allowed(bundle, letter, allow_draft=allow_draft)
    passed("10.8", words)
    earlier, words = check_notice(found, bundle, now)
    if words:
        passed("10.8", words)
    passed("10.9", check_inventory(found, bundle))
    notes = notes_beside(letter, (*letter.certificates, *earlier), sealer, anchors, bundle, now)
    return letter, sealer, (*(sealer.notes if sealer else ()), *notes)


def _require_allowed(bundle: record.BundleRecord, letter: CheckedLetter, *, allow_draft: bool) -> None:
    """Refuse a bundle without a seal, unless whoever asks takes one."""
    if allow_draft:
        return
    if bundle.draft:
        raise BundleError(
            msg("this is a draft: nothing in it is signed or sealed"),
            entry=record.RECORD_NAME,
            clause="10.11",
            hint=msg("ask for the signed bundle; --allow-draft checks a draft's digests"),
        )
    raise BundleError(
        msg("this bundle isn't signed yet by {missing}", missing=all_of(letter.missing)),
        entry=record.RECORD_NAME,
        clause="10.12",
        hint=msg("the owner signs it with `handover sign`; whoever received it asks for the signed bundle"),
    )
