"""The steps of docs/format.md, section 10, in their order.

Role: runs them, remembers which passed, and puts together what they found out. What each step checks stands in the
module named after it.
"""

import datetime as dt
import os
from typing import BinaryIO, Final

from handover import record
from handover.artifact import EntryRecord
from handover.errors import BundleError
from handover.verify.layout import check_layout
from handover.verify.listings import check_manifest, check_sums
from handover.verify.reading import RECORD_LINE, listing_limit, read_entry
from handover.verify.report import Anchors, Check, OnCheck, Report, Trust
from handover.verify.seals import check_bundle_signature, check_inventory, check_letter
from handover.verify.second_zip import check_assets
from handover.verify.trust import judge_trust

_MOST_WORKERS: Final = 8
_NOBODY: Final = Anchors()


def verify(
    file: BinaryIO,
    *,
    anchors: Anchors = _NOBODY,
    now: dt.datetime,
    allow_draft: bool = False,
    assets: BinaryIO | None = None,
    on_check: OnCheck = lambda _: None,
    workers: int | None = None,
) -> Report:
    """Check every byte and signature of the bundle in `file`.

    `now` (aware) is the time of checking; `assets` is the second zip of a split bundle, where the user has it;
    `on_check` hears of each step as it passes. Raises BundleError for a bundle that isn't intact, with its entry
    and clause. An intact bundle of an unknown signer is returned as such: see `Report.require_known_signer`.
    """
    return _Verification(anchors, now, allow_draft, on_check, workers or _processors()).run(file, assets)


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

    def run(self, file: BinaryIO, assets: BinaryIO | None) -> Report:
        from handover.archive import read_archive

        archive = read_archive(file)
        self._passed("10.1", "container: every byte of the zip accounted for")
        self._passed("10.2", f"names: {len(archive.entries)} entries, every name safe on every system")
        digests = archive.digest_all(self._workers)
        self._passed("10.3", "content: sizes and checksums agree")
        entries = tuple(EntryRecord(name=e.name, size=e.size, sha256=digests[e.name]) for e in archive.entries)
        limit = min(record.MAX_RECORD, listing_limit(len(archive.entries), RECORD_LINE))
        bundle = record.read_record(read_entry(archive, record.RECORD_NAME, limit, "10.4"))
        self._passed("10.4", check_layout(bundle, entries))
        self._passed("10.5", check_sums(archive, entries))
        if bundle.draft:
            return self._draft(bundle, entries, assets)
        manifest, words = check_manifest(archive, entries)
        self._passed("10.6", words)
        sealer, words = check_bundle_signature(archive, manifest, bundle, self._now)
        self._passed("10.7", words)
        letter, words = check_letter(archive, bundle)
        self._passed("10.8", words)
        self._passed("10.9", check_inventory(archive, bundle))
        second = check_assets(bundle, entries, assets, self._workers, self._passed)
        trust = judge_trust(sealer.certificate, sealer.chain, self._anchors, self._now, self._passed)
        return Report(
            record=bundle,
            checks=tuple(self._checks),
            entries=entries,
            trust=trust,
            letter=letter,
            bundle=sealer.signature,
            second=second,
            named=self._someone_named(),
        )

    def _draft(self, bundle: record.BundleRecord, entries: tuple[EntryRecord, ...], assets: BinaryIO | None) -> Report:
        if not self._allow_draft:
            raise BundleError(
                "this is a draft: nothing in it is signed or sealed",
                entry=record.RECORD_NAME,
                clause="10.11",
                hint="ask for the signed bundle; --allow-draft checks a draft's digests",
            )
        second = check_assets(bundle, entries, assets, self._workers, self._passed)
        self._passed("10.11", "draft: marked as such, unsigned; only its digests were checked")
        trust = Trust.UNKNOWN if self._someone_named() else Trust.DRAFT
        return Report(record=bundle, checks=tuple(self._checks), entries=entries, trust=trust, second=second)

    def _someone_named(self) -> bool:
        return bool(self._anchors.fingerprints or self._anchors.authorities)


def _processors() -> int:
    """How many threads to use: what this process may run on, and no more than memory is meant for."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, _MOST_WORKERS)
