"""The client's files in a zip of their own, for bundles that would be too large for an e-mail (`--split-assets`).

Role: packs the second zip, names it after its own digest, and publishes it together with the first, which binds it
by that digest (docs/format.md 5.1). It is no container: it has no `mimetype` and no signature of its own.
"""

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from handover.artifact import AssetRecord
from handover.assemble import Assembly
from handover.names import slug
from handover.pack import BundleWriter, required_space
from handover.publish import FolderLock, Publication
from handover.record import AssetsArchive

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
    def file(self) -> BinaryIO:
        """The zip before it is published."""
        return self._publication.file

    def pack(self, on_progress: Callable[[int], None]) -> tuple[Sequence[AssetRecord], AssetsArchive]:
        """Pack all assets; gives their records and what the first zip must say about this one."""
        plan, request = self._assembly.plan, self._assembly.request
        self._publication.require_space(required_space(plan.assets))
        writer = BundleWriter(self.file, workers=request.workers, on_progress=on_progress)
        assets = writer.add_assets(plan.project.assets_root, plan.assets, retry=request.retry)
        size = writer.finish()
        digest = _digest(self.file)
        self._final = f"{self._name}-{digest[:_DIGITS]}.zip"
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


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
