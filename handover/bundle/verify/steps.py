"""The steps of docs/format.md, section 10, in their order.

Role: runs them, remembers which passed, and puts together what they found out. What each step checks stands in the
module named after it.
"""

import datetime as dt
from typing import TYPE_CHECKING, BinaryIO, Final

from handover.bundle import record
from handover.bundle.read import Form
from handover.bundle.verify.layout import check_layout
from handover.bundle.verify.listings import check_manifest, check_sums
from handover.bundle.verify.reading import RECORD_LINE, listing_limit, read_entry
from handover.bundle.verify.report import Anchors, Check, OnCheck, Report, Trust
from handover.bundle.verify.seals import check_bundle_signature, check_inventory, check_letter
from handover.bundle.verify.second_zip import check_assets
from handover.bundle.verify.trust import judge_trust
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
    return _Verification(anchors, now, allow_draft, on_check, workers or min(default_workers(), _MOST_WORKERS)).run(
        given, assets
    )


class _Verification:
    """One run through section 10."""

    def __init__(self, anchors: Anchors, now: dt.datetime, allow_draft: bool, on_check: OnCheck, workers: int) -> None:
        self._anchors = anchors
        self._now = now
        self._allow_draft = allow_draft
        self._on_check = on_check
        self._workers = workers
        self._checks: list[Check] = []

    def _passed(self, clause: str, words: str) -> None:
        check = Check(clause, words)
        self._checks.append(check)
        self._on_check(check)

    def run(self, given: "BinaryIO | Contents", assets: BinaryIO | None) -> Report:
        from handover.bundle.read import Contents, read_archive

        found = given if isinstance(given, Contents) else read_archive(given)
        self._passed(*_CONTAINER[found.form])
        self._passed("10.2", msg("names: {count} entries, every name safe on every system", count=len(found.entries)))
        digests = found.digest_all(self._workers)
        self._passed(
            "10.3", msg("content: sizes and checksums agree") if found.is_zip else msg("content: every file read")
        )
        entries = tuple(EntryRecord(name=e.name, size=e.size, sha256=digests[e.name]) for e in found.entries)
        limit = min(record.MAX_RECORD, listing_limit(len(found.entries), RECORD_LINE))
        bundle = record.read_record(read_entry(found, record.RECORD_NAME, limit, "10.4"))
        self._passed("10.4", check_layout(bundle, entries))
        self._passed("10.5", check_sums(found, entries))
        if bundle.draft:
            return self._draft(bundle, found, entries, assets)
        if bundle.state is record.State.TO_SIGN:
            return self._to_sign(bundle, found, entries, assets)
        manifest, words = check_manifest(found, entries)
        self._passed("10.6", words)
        sealer, words = check_bundle_signature(found, manifest, bundle, self._anchors, self._now)
        self._passed("10.7", words)
        letter, words = check_letter(found, bundle, sealer.signature, self._now)
        self._passed("10.8", words)
        self._passed("10.9", check_inventory(found, bundle))
        second = check_assets(bundle, entries, found, assets, self._workers, self._passed)
        judged = judge_trust(sealer, self._anchors, sealer.signature.timestamp or self._now, self._passed)
        return Report(
            record=bundle,
            checks=tuple(self._checks),
            entries=entries,
            trust=judged.trust,
            form=found.form,
            letter=letter.signatures[-1],
            letters=letter.signatures,
            bundle=sealer.signature,
            subject=sealer.subject,
            authority=judged.authority,
            doubt=judged.doubt,
            notes=sealer.notes,
            second=second,
            named=self._anchors.name_a_signer,
        )

    def _draft(
        self,
        bundle: record.BundleRecord,
        found: "Contents",
        entries: tuple[EntryRecord, ...],
        assets: BinaryIO | None,
    ) -> Report:
        if not self._allow_draft:
            raise BundleError(
                msg("this is a draft: nothing in it is signed or sealed"),
                entry=record.RECORD_NAME,
                clause="10.11",
                hint=msg("ask for the signed bundle; --allow-draft checks a draft's digests"),
            )
        second = check_assets(bundle, entries, found, assets, self._workers, self._passed)
        self._passed("10.11", msg("draft: marked as such, unsigned; only its digests were checked"))
        return Report(
            record=bundle,
            checks=tuple(self._checks),
            entries=entries,
            trust=Trust.UNKNOWN if self._anchors.name_a_signer else Trust.DRAFT,
            form=found.form,
            second=second,
            named=self._anchors.name_a_signer,
        )

    def _to_sign(
        self,
        bundle: record.BundleRecord,
        found: "Contents",
        entries: tuple[EntryRecord, ...],
        assets: BinaryIO | None,
    ) -> Report:
        letter, words = check_letter(found, bundle, None, self._now)
        if not self._allow_draft:
            raise BundleError(
                msg("this bundle isn't signed yet by {missing}", missing=all_of(letter.missing)),
                entry=record.RECORD_NAME,
                clause="10.12",
                hint=msg("the owner signs it with `handover sign`; whoever received it asks for the signed bundle"),
            )
        self._passed("10.8", words)
        self._passed("10.9", check_inventory(found, bundle))
        second = check_assets(bundle, entries, found, assets, self._workers, self._passed)
        self._passed("10.12", msg("to be signed: complete, and not sealed yet"))
        return Report(
            record=bundle,
            checks=tuple(self._checks),
            entries=entries,
            trust=Trust.UNKNOWN if self._anchors.name_a_signer else Trust.TO_SIGN,
            form=found.form,
            letter=letter.signatures[-1] if letter.signatures else None,
            letters=letter.signatures,
            missing=letter.missing,
            second=second,
            named=self._anchors.name_a_signer,
        )
