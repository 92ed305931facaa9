"""The second half of step 10.4: the zip of split assets, and the identifier that all assets go into.

Role: runs when every digest of the bundle agrees, so that a changed entry was named itself by then. It compares the
second zip with what the sealed record says of it; it doesn't look for the file.
"""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from handover.bundle import names, record
from handover.bundle.read.contents import told_of_second
from handover.bundle.read.source import sha256_of
from handover.bundle.verify.reading import unlisted
from handover.bundle.verify.report import Passed
from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.model.message import counted, msg

if TYPE_CHECKING:
    from handover.bundle.read import Contents


def check_assets(
    bundle: record.BundleRecord,
    entries: Sequence[EntryRecord],
    found: "Contents",
    assets: BinaryIO | None,
    workers: int,
    passed: Passed,
) -> tuple[EntryRecord, ...]:
    """Compare the second zip, where there is one and it's given, and recompute the bundle's identifier (5.2).

    Gives what the second zip holds, or what came from it into the same folder (`found.loose`). Without the second zip
    of a split bundle, neither can be done, and `passed` is told so. Raises BundleError.
    """
    bound = bundle.assets_archive
    second: tuple[EntryRecord, ...] = ()
    if bound is None:
        if found.loose:
            raise unlisted(found.loose)
        if assets is not None:
            raise BundleError(msg("this bundle has no second zip"), entry=record.RECORD_NAME, clause="10.4")
    elif assets is not None:
        with told_of_second():
            second = _check_second_zip(bound, assets, entries, workers)
        passed(
            "10.4",
            counted(
                "second zip: {name} is the one that was sealed, {count} file",
                "second zip: {name} is the one that was sealed, {count} files",
                name=bound.name,
                count=len(second),
            ),
        )
    elif found.loose:
        return _check_loose(bundle, found, passed)
    else:
        passed("10.4", msg("second zip: {name} was not given, so it was not checked", name=bound.name))
        return ()
    inside = (entry for entry in (*entries, *second) if entry.name.startswith(names.ASSETS_PREFIX))
    _check_identifier(bundle, {entry.name: entry.sha256 for entry in inside})
    return second


def _check_loose(bundle: record.BundleRecord, found: "Contents", passed: Passed) -> tuple[EntryRecord, ...]:
    """The second zip's files, where they were extracted into the folder: the sealed identifier vouches for them."""
    digests = found.holding(found.loose).digest_all(1)
    try:
        _check_identifier(bundle, digests)
    except BundleError:
        raise BundleError(
            msg("what is in it isn't what was sealed: a file was changed, added, or is missing"),
            entry=names.ASSETS_PREFIX.rstrip("/"),
            clause="13.5",
            hint=msg("extract the second zip again; data/assets.csv lists every file with its digest"),
        ) from None
    passed(
        "13.5",
        counted(
            "second zip: its {count} file is in the folder, as it was sealed",
            "second zip: its {count} files are in the folder, as they were sealed",
            count=len(digests),
        ),
    )
    return tuple(EntryRecord(entry.name, entry.size, digests[entry.name]) for entry in found.loose)


def _check_identifier(bundle: record.BundleRecord, digests: Mapping[str, str]) -> None:
    if gone := [name for name in bundle.renamed.values() if name not in digests]:
        shown = names.printable(gone[0])
        raise BundleError(
            msg("handover.json says that a file was renamed to it, but it isn't there"), entry=shown, clause="5.1"
        )
    made = record.bundle_id(date=bundle.date, draft=bundle.draft, inputs=bundle.inputs, assets=digests)
    if bundle.bundle_id != made:
        raise BundleError(
            msg("its bundle_id isn't the one that its date, inputs and assets give"),
            entry=record.RECORD_NAME,
            clause="5.2",
        )


def _check_second_zip(
    bound: record.AssetsArchive, assets: BinaryIO, entries: Sequence[EntryRecord], workers: int
) -> tuple[EntryRecord, ...]:
    """The second zip's entries: assets alone, which fit into one folder with the first's."""
    from handover.bundle.read import read_archive

    if (assets.seek(0, os.SEEK_END), sha256_of(assets)) != (bound.size, bound.sha256):
        raise BundleError(msg("it isn't the second zip that the bundle was made with"), entry=bound.name, clause="10.4")
    second = read_archive(assets, container=False)
    for entry in second.entries:
        if not entry.name.startswith(names.ASSETS_PREFIX):
            raise BundleError(
                msg("{name} holds it, and may hold assets alone", name=bound.name), entry=entry.name, clause="2.11"
            )
    if clashes := names.find_clashes([*(entry.name for entry in entries), *(entry.name for entry in second.entries)]):
        raise BundleError(
            msg("it's in both zips, or clashes with {clashes}", clashes=clashes[0][0]),
            entry=clashes[0][1],
            clause="3.5",
        )
    found = second.digest_all(workers)
    return tuple(EntryRecord(entry.name, entry.size, found[entry.name]) for entry in second.entries)
