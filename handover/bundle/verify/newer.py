"""Whether a newer bundle of the same client, by the same key, is at hand: an old one is genuine, and misleads.

Role: looks into the zips in a folder, as far as it takes to know who sealed them and when. It says nothing of those
that are damaged, of another key, or not bundles at all, and verifies none as a whole.
"""

import contextlib
import datetime as dt
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from handover.bundle import record
from handover.bundle.names import printable
from handover.bundle.verify.reading import MAX_LISTING, MAX_SIGNATURE, read_entry
from handover.bundle.verify.report import Report
from handover.formats.opener import open_named
from handover.model.errors import HandoverError
from handover.model.message import msg

_MOST: Final = 50
"""Zips that are looked into, the latest ones first."""


class _Sealed(NamedTuple):
    """A bundle's time as its signer states it, where it is, whom it is for, and the sealer's fingerprint."""

    signed_at: dt.datetime
    path: Path
    client: str
    key: str


def latest_sealed(folder: Path, client: str) -> Path | None:
    """The zip in a folder that was sealed last for a client; whether all in it is as sealed, only `verify` says."""
    found = [one for one in _sealed((folder,)) if one.client == client]
    return max(found).path if found else None


def older_than(report: Report, *folders: Path) -> str:
    """That the verified bundle is an older one, in words: the same key sealed a later zip in `folders` for its client.

    Empty where there is none, and for a draft, which nobody signed. Never raises for what lies there.
    """
    if report.bundle is None:
        return ""
    key, then, client = report.bundle.fingerprint, report.bundle.signed_at, report.record.client
    later = [one for one in _sealed(folders) if (one.client, one.key) == (client, key) and one.signed_at > then]
    if not later:
        return ""
    newer = max(later)
    there = msg(
        "{path} was signed by the same key on {signed_at:%Y-%m-%d %H:%M} UTC",
        path=printable(str(newer.path)),
        signed_at=newer.signed_at,
    )
    when = msg("{signed_at:%Y-%m-%d %H:%M} UTC", signed_at=then)
    return msg("this is an older bundle of {client}, signed {when}: {there}", client=client, when=when, there=there)


def _sealed(folders: tuple[Path, ...]) -> Iterator[_Sealed]:
    """The sealed bundles in folders, as zips; whatever else lies there is passed over."""
    found = set[tuple[float, Path]]()
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode) and path.suffix.casefold() == ".zip":
                    found.add((facts.st_mtime, path))
    for _, path in sorted(found, reverse=True)[:_MOST]:
        with contextlib.suppress(OSError, HandoverError, ValueError):
            yield _read(path)


def _read(path: Path) -> _Sealed:
    """What a bundle's signature says. Raises HandoverError, OSError or ValueError for anything else.

    The signature covers the manifest, which covers handover.json: that much is genuine, or of another key.
    """
    from handover.bundle.read import read_archive
    from handover.seal.certificates import fingerprint
    from handover.seal.container import parse_manifest
    from handover.seal.container_signature import verify_cades

    with open_named(path, follow=False) as file:
        archive = read_archive(file)
        signature = read_entry(archive, record.SIGNATURE_NAME, MAX_SIGNATURE, "10.7")
        manifest = read_entry(archive, record.MANIFEST_NAME, MAX_LISTING, "10.6")
        about = read_entry(archive, record.RECORD_NAME, record.MAX_RECORD, "10.4")
    signed = verify_cades(signature, manifest)
    if parse_manifest(manifest).get(record.RECORD_NAME) != hashlib.sha256(about).hexdigest():
        raise ValueError(record.RECORD_NAME)
    return _Sealed(signed.signed_at, path, record.read_record(about).client, fingerprint(signed.certificate))
