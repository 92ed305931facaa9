"""What the user gave to be verified: a bundle as it was made, one zipped again, a folder, or something else.

Role: finds the bundle's files in it and puts them into the order in which they were signed, so that the steps of
section 10 check all three alike (docs/format.md, 13); what is no bundle is called what it is before any clause is
spoken of. It compares no digest.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from handover.bundle import record
from handover.bundle.names import ASSETS_PREFIX, MIMETYPE, MIMETYPE_ENTRY, printable, violations
from handover.bundle.read import ArchiveEntry, Contents, Form, read_archive
from handover.bundle.read.contents import refuse_clashes
from handover.bundle.read.folder import Folder, is_left_by_system
from handover.bundle.read.rezipped import Rezipped, has_our_metadata, list_zip
from handover.bundle.verify.other_files import no_bundle, no_bundle_folder
from handover.bundle.verify.reading import SUMS_LINE, listing_limit, missing_words, read_entry, unlisted
from handover.model.errors import BundleError
from handover.model.message import msg

_BEGINNING: Final = b"mimetype" + MIMETYPE
"""What stands at offset 30 of every bundle (ETSI EN 319 162-1, A.1)."""
_TAIL: Final = (record.SUMS_NAME, record.CERTIFICATE_NAME, record.MANIFEST_NAME, record.SIGNATURE_NAME)


def read_given(file: BinaryIO) -> Contents:
    """The bundle in a zip: as it was made, or with the same files zipped again (`Form.REZIPPED`).

    Raises `BundleError`: for what is no bundle, saying what it is; for a bundle's zip that is damaged, with the clause
    of section 2 that it breaks; for a zip made anew about which programs could disagree, or with further files in it.
    """
    try:
        strict = read_archive(file)
    except BundleError as error:
        return _read_again(file, error)
    if [entry.name for entry in strict.entries[-1 - len(_TAIL) :]] == [record.RECORD_NAME, *_TAIL]:
        return strict
    try:
        order = _signed_order(strict)
    except BundleError:
        return strict  # the steps say what is wrong with its list
    stored = [entry.name for entry in strict.entries]
    # All as we write it, but for the order, which nothing but a program's own choice changes.
    if stored == order or set(stored) != set(order):
        return strict
    by_name = {entry.name: entry for entry in strict.entries}
    return strict.holding([by_name[name] for name in order], form=Form.REZIPPED)


def read_folder(root: Path) -> Contents:
    """The bundle that was extracted into `root`. Raises `BundleError` as `read_given` does."""
    found = Folder(root)
    if found.get(record.SUMS_NAME) is None or found.get(record.RECORD_NAME) is None:
        if refused := no_bundle_folder(root, [entry.name for entry in found.entries]):
            raise refused
        missing = record.SUMS_NAME if found.get(record.SUMS_NAME) is None else record.RECORD_NAME
        raise BundleError(missing_words(missing), entry=missing, clause="10.4")
    return _arranged(found)


def _read_again(file: BinaryIO, error: BundleError) -> Contents:
    """The lenient reading of a zip that the strict one refused with `error`."""
    file.seek(30)
    begins_as_ours = file.read(len(_BEGINNING)) == _BEGINNING
    listed = list_zip(file)
    names = [] if listed is None else [info.orig_filename.replace("\\", "/") for info in listed.infolist()]
    if listed is None or not any(name.rpartition("/")[2] == record.SUMS_NAME for name in names):
        if refused := None if begins_as_ours else no_bundle(file, names):
            raise refused
        if listed is not None and names and not has_our_metadata(listed):
            raise BundleError(missing_words(record.SUMS_NAME), entry=record.SUMS_NAME, clause="10.4")
        raise error
    own = has_our_metadata(listed)
    try:
        found = Rezipped(listed, file)
        order = _signed_order(found)
    except BundleError:
        if own:
            raise error from None
        raise
    ambiguity = found.ambiguity()
    if own and (ambiguity or found.stored_names == order):
        raise error  # its own zip, damaged or with something put around it
    if ambiguity:
        raise BundleError(
            msg("it was zipped again, and programs can disagree about what is in it: {ambiguity}", ambiguity=ambiguity),
            clause="13.2",
            hint=msg("use the zip that was received first"),
        )
    return _arranged(found)


def _arranged(found: Contents) -> Contents:
    """The files in their signed order, without what the system left; raises `BundleError` for what isn't listed."""
    _check_names(found.entries)
    if found.get(MIMETYPE_ENTRY) is not None and read_entry(found, MIMETYPE_ENTRY, 1024, "2.8") != MIMETYPE:
        raise BundleError(msg("it isn't the type of a bundle"), entry=MIMETYPE_ENTRY, clause="2.8")
    order = _signed_order(found)
    listed = set(order)
    further = [entry for entry in found.entries if entry.name not in listed and not is_left_by_system(entry.name)]
    loose = [entry for entry in further if entry.name.startswith(ASSETS_PREFIX)]
    if strange := [entry for entry in further if not entry.name.startswith(ASSETS_PREFIX)]:
        raise unlisted(strange)
    by_name = {entry.name: entry for entry in found.entries}
    return found.holding([by_name[name] for name in order if name in by_name], loose=loose)


def _signed_order(found: Contents) -> list[str]:
    """The names in the order of SHA256SUMS, which doesn't list itself and what is made after it (format 6.2)."""
    limit = listing_limit(len(found.entries), SUMS_LINE)
    sums = record.read_sums(read_entry(found, record.SUMS_NAME, limit, "10.5"))
    return [*sums, *(name for name in _TAIL if found.get(name) is not None)]


def _check_names(entries: Sequence[ArchiveEntry]) -> None:
    """Section 3, of all but what a system left: its names are its own."""
    names = [entry.name for entry in entries if not is_left_by_system(entry.name)]
    for name in names:
        if bad := violations(name):
            raise BundleError(msg("its name is unsafe: {bad}", bad=bad[0][1]), entry=printable(name), clause=bad[0][0])
    refuse_clashes(names)
