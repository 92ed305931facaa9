"""The client's files in a zip of their own, for bundles that would be too large for an e-mail (`--split-assets`).

Role: packs the second zip, names it after its own digest, and publishes it together with the first, which binds it
by that digest (docs/format.md 5.1). It is no container: it has no `mimetype` and no signature of its own.
`earlier_second_zip` finds the one that a bundle about to be replaced binds, to be removed with it.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from handover.build.assemble import Assembly
from handover.bundle.names import slug
from handover.bundle.publish import FolderLock, Publication
from handover.bundle.record import MAX_RECORD, RECORD_NAME, AssetsArchive, read_record
from handover.bundle.write import BundleWriter, required_space
from handover.formats.opener import open_named
from handover.model.artifact import AssetRecord
from handover.model.errors import HandoverError

_BLOCK = 1024 * 1024
_DIGITS = 16
"""Hexadecimal digits of the digest in the file name: enough to tell any two apart, short enough to read."""


class SecondZip:
    """The second zip on its way; use it as a context, `pack`, then `commit`."""

    def __init__(self, assembly: Assembly, lock: FolderLock) -> None:
        self._assembly = assembly
        self._name = f"{slug(assembly.plan.project.settings.client.id)}-assets"
        # Named after its content: one that is there already has the same bytes.
        self._publication = Publication(assembly.request.out, f"{self._name}.zip", replace=True, lock=lock)
        self._final = ""
        self._withdrawable = False

    def __enter__(self) -> Self:
        self._publication.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._publication.__exit__(kind, error, trace)

    @property
    def name(self) -> str:
        """Its final name, once it is packed."""
        return self._final

    @property
    def file(self) -> BinaryIO:
        """The zip before it is published."""
        return self._publication.file

    def pack(self, on_progress: Callable[[int], None]) -> tuple[Sequence[AssetRecord], AssetsArchive]:
        """Pack all assets; gives their records and what the first zip must say about this one."""
        plan, request = self._assembly.plan, self._assembly.request
        self._publication.require_space(required_space(plan.assets))
        writer = BundleWriter(self.file, workers=request.workers, on_progress=on_progress)
        assets = writer.add_assets(
            plan.project.assets_root,
            plan.assets,
            selection=plan.project.settings.options.assets.selection,
            retry=request.retry,
        )
        size = writer.finish()
        digest = _digest(self.file)
        self._final = f"{self._name}{_ending(digest)}"
        return assets, AssetsArchive(name=self._final, size=size, sha256=digest)

    def commit(self) -> Path:
        """Publish it; gives its path."""
        self._withdrawable = not (self._assembly.request.out / self._final).exists()
        return self._publication.commit(self._final).path

    def withdraw(self) -> None:
        """Take it back, because the first zip couldn't be published."""
        if self._withdrawable:
            with contextlib.suppress(OSError):
                (self._assembly.request.out / self._final).unlink()


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
            same = _digest(file) == bound.sha256
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


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
