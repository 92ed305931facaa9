"""Files and folders that people give in place of a bundle, and what to tell them.

Role: recognises by content what is no bundle of ours: other kinds of files, a signed letter or the inventory alone, a
zip of something else, a project's folder. It judges no bundle.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from handover.bundle.names import ASSETS_PREFIX, printable
from handover.bundle.record import MANIFEST_NAME, RECORD_NAME, SUMS_NAME
from handover.model.errors import BundleError
from handover.model.message import counted, msg

_HEAD: Final = 4096
_ZIP_HINT: Final = msg("give the zip that `handover build` made (…-handover-….zip, …-passation-….zip)")
_OTHER_ARCHIVE: Final = msg("an archive of another kind")
_KINDS: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", msg("an encrypted or an old Office file"),
     msg("the inventory is opened with its passphrase; verify the zip that it came in")),
    (b"%PDF-", "a PDF", _ZIP_HINT),
    (b"age-encryption.org/v1", msg("a file encrypted with age"), msg("verify the zip that it came in")),
    (b"-----BEGIN CERTIFICATE", msg("a certificate"), msg("give the bundle first, then --cert with this file")),
    (b"7z\xbc\xaf\x27\x1c", _OTHER_ARCHIVE, msg("extract it, and verify the folder")),
    (b"Rar!\x1a\x07", _OTHER_ARCHIVE, msg("extract it, and verify the folder")),
    (b"\x1f\x8b", _OTHER_ARCHIVE, msg("extract it, and verify the folder")),
    (b"\xfd7zXZ\x00", _OTHER_ARCHIVE, msg("extract it, and verify the folder")),
)  # fmt: skip
"""How a file of each kind begins, what it is, and what to do."""
_PAGE: Final = (b"<!doctype html", b"<html")
_HEADERS: Final = (b"\ncontent-type:", b"\nsubject:", b"\nmime-version:")
_OFFICE: Final = {
    "word/": msg("a Word document"),
    "xl/": msg("an Excel workbook"),
    "ppt/": msg("a PowerPoint presentation"),
}


def no_bundle(file: BinaryIO, names: Sequence[str]) -> BundleError | None:
    """What a file is that no bundle can be: `names` are those in it where it is a zip. None for what may be one."""
    file.seek(0)
    head = file.read(_HEAD)
    if names:
        return _other_zip(names)
    if not head:
        return _refuse(msg("it's empty"), msg("download or copy it again"))
    for start, what, hint in _KINDS:
        if head.startswith(start):
            return _refuse(msg("it's {what}", what=what), hint)
    lowered = head.lower()
    if lowered.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PAGE):
        return _refuse(msg("it's a web page"), msg("verify the zip, or the folder, that it came in"))
    if sum(header in b"\n" + lowered for header in _HEADERS) >= 2:
        return _refuse(msg("it's an e-mail"), msg("save its attachment, and verify that"))
    if head.startswith(b"PK"):
        return _refuse(msg("it's a zip that is damaged or was cut short"), msg("download or copy it again"))
    return _refuse(msg("it's no zip"), _ZIP_HINT)


def _other_zip(names: Sequence[str]) -> BundleError | None:
    """What a zip with these names is; None for a bundle's."""
    if "[Content_Types].xml" in names:
        what = next(
            (word for folder, word in _OFFICE.items() if any(n.startswith(folder) for n in names)), msg("a package")
        )
        if any(name.startswith("_xmlsignatures/") for name in names):
            return _refuse(
                msg("it's {what} with a signature of its own", what=what),
                msg(
                    "a letter is verified in the zip or the folder that it came in; on its own, Word shows who "
                    "signed it"
                ),
            )
        return _refuse(msg("it's {what}", what=what), _ZIP_HINT)
    if all(name.startswith(ASSETS_PREFIX) for name in names):
        return _refuse(
            msg("all its files are under assets/"),
            msg("if this is the second zip of a split bundle: give the other one, and this one after it"),
        )
    if any(name.rpartition("/")[2] == RECORD_NAME for name in names):
        return None
    if MANIFEST_NAME in names or "META-INF/asicmanifest.xml" in names:
        return _refuse(msg("it's a signed container (ASiC) of another program"), _ZIP_HINT)
    shown = ", ".join(printable(name) for name in names[:3])
    more = counted(" and {count:,} more", " and {count:,} more", count=len(names) - 3) if len(names) > 3 else ""
    return _refuse(msg("it's a zip of something else ({shown}{more})", shown=shown, more=more), _ZIP_HINT)


def no_bundle_folder(root: Path, names: Sequence[str]) -> BundleError | None:
    """What a folder is that no bundle was extracted into, or None where some of one is there."""
    if "handover.yaml" in names:
        return _refuse(
            msg("it's a project's folder"),
            msg("`handover validate` checks a project; verify takes the zip in its out/"),
        )
    if RECORD_NAME in names or SUMS_NAME in names:
        return None
    inner = {name.split("/")[0] for name in names if name.count("/") == 1 and name.endswith(f"/{SUMS_NAME}")}
    if inner:
        return _refuse(msg("it's the folder around one"), msg("verify {root}", root=printable(str(root / min(inner)))))
    zips = sorted(name for name in names if "/" not in name and name.endswith(".zip"))
    if zips:
        return _refuse(
            msg("it's a folder with zips in it"), msg("verify one of them: {root}", root=printable(str(root / zips[0])))
        )
    return _refuse(msg("it's a folder without handover.json"), msg("give the folder into which a bundle was extracted"))


def _refuse(what: str, hint: str) -> BundleError:
    return BundleError(msg("this isn't a handover bundle: {what}", what=what), hint=hint)
