"""Whether a newer bundle of the same client, by the same key, is at hand: an old one is genuine, and misleads.

Role: looks into zips and extracted bundles in a folder, as far as it takes to know who sealed them and when. It
says nothing of those that are damaged, of another key, or not bundles at all, and verifies none as a whole.
"""

import datetime as dt
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from handover.bundle import record
from handover.bundle.names import printable
from handover.bundle.verify.reading import MAX_LISTING, MAX_SIGNATURE
from handover.bundle.verify.report import Report
from handover.formats.opener import open_named, read_named
from handover.model.errors import HandoverError
from handover.model.message import msg

_MOST: Final = 50
"""Zips and folders that are looked into, the latest ones first."""

_Read = Callable[[str, int], bytes]


class Newer(NamedTuple):
    """A bundle that was sealed later: where it is, and the time that its signer states."""

    path: Path
    signed_at: dt.datetime

    def told(self, report: Report) -> str:
        """That the bundle of `report` is an older one, in words."""
        when = (
            msg("{signed_at:%Y-%m-%d %H:%M} UTC", signed_at=report.bundle.signed_at)
            if report.bundle
            else msg("earlier")
        )
        there = msg(
            "{path} was signed by the same key on {signed_at:%Y-%m-%d %H:%M} UTC",
            path=printable(str(self.path)),
            signed_at=self.signed_at,
        )
        return msg(
            "this is an older bundle of {client}, signed {when}: {there}",
            client=report.record.client,
            when=when,
            there=there,
        )


def latest_sealed(folder: Path, client: str) -> Path | None:
    """The zip in a folder that was sealed last for a client; whether all in it is as sealed, only `verify` says."""
    found = []
    for path in islice(_candidates((folder,)), _MOST):
        try:
            whose, _, signed_at = _sealed(path)
        except (OSError, HandoverError, ValueError):
            continue
        if whose == client and path.is_file():
            found.append((signed_at, path))
    return max(found, default=(None, None))[1]


def newer_bundle(report: Report, *folders: Path) -> Newer | None:
    """The latest bundle in `folders`, zipped or extracted, that the same key sealed for the same client after this one.

    None where there is none, and for a draft, which nobody signed. Never raises for what lies there.
    """
    if report.bundle is None:
        return None
    found = []
    for path in islice(_candidates(folders), _MOST):
        try:
            client, key, signed_at = _sealed(path)
        except (OSError, HandoverError, ValueError):
            continue
        if (client, key) == (report.record.client, report.bundle.fingerprint) and signed_at > report.bundle.signed_at:
            found.append(Newer(path, signed_at))
    return max(found, key=lambda one: one.signed_at, default=None)


def _candidates(folders: tuple[Path, ...]) -> Iterator[Path]:
    """What may be bundles, the latest first."""
    dated: dict[str, tuple[float, Path]] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    facts = entry.stat(follow_symlinks=False)
                    is_zip = stat.S_ISREG(facts.st_mode) and entry.name.casefold().endswith(".zip")
                    if is_zip or stat.S_ISDIR(facts.st_mode):
                        dated[os.path.realpath(entry.path)] = (facts.st_mtime, folder / entry.name)
        except OSError:
            continue
    yield from (path for _, path in sorted(dated.values(), key=lambda one: one[0], reverse=True))


def _sealed(path: Path) -> tuple[str, str, dt.datetime]:
    """Client, sealer's fingerprint and stated time of a bundle. Raises HandoverError or OSError for anything else."""
    from handover.bundle.read import read_archive

    if path.is_dir():
        return _judged(lambda name, limit: read_named(path / name, limit, follow=False))
    with open_named(path, follow=False) as file:
        archive = read_archive(file)

        def read(name: str, limit: int) -> bytes:
            entry = archive.get(name)
            if entry is None:
                raise ValueError(name)
            return archive.read(entry, limit)

        return _judged(read)


def _judged(read: _Read) -> tuple[str, str, dt.datetime]:
    """The signature covers the manifest, which covers handover.json: that much is genuine, or of another key."""
    from handover.seal.certificates import fingerprint
    from handover.seal.container import parse_manifest
    from handover.seal.container_signature import verify_cades

    signature = read(record.SIGNATURE_NAME, MAX_SIGNATURE)
    manifest = read(record.MANIFEST_NAME, MAX_LISTING)
    signed = verify_cades(signature, manifest)
    about = read(record.RECORD_NAME, record.MAX_RECORD)
    if parse_manifest(manifest).get(record.RECORD_NAME) != hashlib.sha256(about).hexdigest():
        raise ValueError(record.RECORD_NAME)
    return record.read_record(about).client, fingerprint(signed.certificate), signed.signed_at
