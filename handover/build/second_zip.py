"""The client's files in a zip of their own, for bundles that would be too large for an e-mail (`--split-assets`).

Role: packs the second zip and names it after its own digest, by which the first binds it (docs/format.md 5.1). It is no
container: it has no `mimetype` and no signature of its own. `earlier_second_zip` finds the one that a bundle about to
be replaced binds, to be removed with it.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handover.build.assemble import Packed, counted, pack_assets
from handover.build.request import BuildRequest, Environment
from handover.bundle.names import slug
from handover.bundle.publish import Publication
from handover.bundle.read.source import sha256_of
from handover.bundle.record import MAX_RECORD, RECORD_NAME, AssetsArchive, read_record
from handover.bundle.write import BundleWriter, Look, required_space
from handover.documents.plan import Plan
from handover.formats.opener import open_named
from handover.model.errors import HandoverError

_DIGITS: Final = 16
"""Hexadecimal digits of the digest in the file name: enough to tell any two apart, short enough to read."""


def pack_second_zip(
    publication: Publication, planned: Plan, request: BuildRequest, environment: Environment, look: Look
) -> Packed:
    """Pack all assets, and give the publication its name; gives their records and what the first zip must say of it.

    `look` sees each file on its way.
    """
    publication.require_space(required_space(planned.assets))
    writer = BundleWriter(publication.file, workers=request.workers, on_progress=counted(planned, environment))
    assets = pack_assets(writer, planned, request.retry, look)
    size = writer.finish()
    publication.settle()
    digest = sha256_of(publication.file)
    publication.rename(f"{slug(planned.project.settings.client.id)}-assets{_ending(digest)}")
    return assets, AssetsArchive(name=publication.path.name, size=size, sha256=digest)


@dataclass(frozen=True, slots=True)
class EarlierZip:
    """The second zip of a bundle that is about to be replaced, as it was when its digest was taken."""

    path: Path
    _state: tuple[int, ...]

    def remove(self) -> Path | None:
        """Remove it, unless it has changed since, once the new bundle stands; gives its path when it is gone."""
        with contextlib.suppress(OSError):
            if _state(self.path.lstat()) == self._state:
                self.path.unlink()
                return self.path
        return None


def earlier_second_zip(bundle: Path, *, keep: str) -> EarlierZip | None:
    """The file beside `bundle` that its handover.json binds as second zip, by name, size and digest; or None.

    None too when it is called `keep` (the new bundle's own), when its name isn't one that a build gives, when it is no
    regular file, and when another bundle in the folder binds it as well: second zips of the same files are the same.
    """
    bound = _bound(bundle)
    if bound is None or bound.name == keep or not bound.name.endswith(f"-assets{_ending(bound.sha256)}"):
        return None
    path = bundle.with_name(bound.name)
    others = (other for other in _zips(bundle.parent) if other not in {bundle, path})
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != bound.size:
            return None
        if any((its := _bound(other)) is not None and its.name == bound.name for other in others):
            return None
        with open_named(path, follow=False) as file:
            same = sha256_of(file) == bound.sha256
    except OSError:
        return None
    return EarlierZip(path, _state(found)) if same else None


def _bound(bundle: Path) -> AssetsArchive | None:
    """What a bundle says of its second zip; None for what is no bundle, or none that can be read."""
    from handover.bundle.read import read_archive

    try:
        with open_named(bundle, follow=False) as file:
            archive = read_archive(file)
            entry = archive.get(RECORD_NAME)
            return read_record(archive.read(entry, MAX_RECORD)).assets_archive if entry else None
    except (OSError, HandoverError):
        return None


def _zips(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        yield from (folder / entry.name for entry in entries if entry.name.casefold().endswith(".zip"))


def _state(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _ending(digest: str) -> str:
    return f"-{digest[:_DIGITS]}.zip"
