"""Opening and reading the client's files so that nothing else can be slipped in.

Role: what `handover.formats.opener` opens is read here, and a file that changes while it's read is refused by name; on
Windows a change between look and open is noticed by that comparison only. It decides nothing about compression or order
and writes nothing.
"""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final

from handover.bundle.names import printable
from handover.formats.opener import Folder, kind_of
from handover.model.errors import AssetError
from handover.model.message import msg, system_reason

_RETRY_HINT: Final = msg("close the programs that write to it, then build again")
_FOLDER_HINT: Final = msg("the folder of the client's files must be a real folder")
_TOO_MANY: Final = {errno.EMFILE, errno.ENFILE}
_TOO_MANY_HINT: Final = msg("let this process open more files at once (ulimit -n), or use fewer --workers")


class AssetChanged(AssetError):
    """A file changed, grew, shrank, vanished or was replaced while it was packed; packing again may help."""

    code = "asset-changed"


class AssetFolder(Folder):
    """The assets' folder, opened once; gives out descriptors of the files in it (`handover.formats.opener.Folder`).

    What the system refuses comes out as `AssetError`, in words.
    """

    def __init__(self, root: Path, label: str = "assets", *, descriptor: int | None = None) -> None:
        """Open `root`, which must be a folder and no link, nor below one where it's absolute: then it's resolved.

        `label` stands for it in messages.

        With a `descriptor` of the folder, that folder is meant, whatever has the name `root` now.
        """
        self._label = label
        try:
            super().__init__(root, descriptor=descriptor, by_steps=root.is_absolute())
        except OSError as error:
            raise AssetError.at(
                label,
                _open_problem(error),
                hint=_TOO_MANY_HINT if error.errno in _TOO_MANY else _FOLDER_HINT,
            ) from error

    def clone(self) -> "AssetFolder":
        """The same folder, through a descriptor of its own: for another thread."""
        return AssetFolder(self._root, self._label, descriptor=self._descriptors[0] if self._descriptors else None)

    def place(self, path: str) -> str:
        """`path` as messages show it."""
        return f"{self._label}/{printable(path)}"

    def open(self, path: str) -> int:
        """A descriptor for reading the file `path` (relative, with `/`), to be closed by the caller.

        Raises `AssetChanged` when it isn't there, and `AssetError` when it's a link or can't be read.
        """
        try:
            return super().open(path)
        except OSError as error:
            raise self.refusal(path, error) from error

    def stat(self, path: str) -> os.stat_result:
        """The file's own facts, following no link. Raises like `open`."""
        try:
            return super().stat(path)
        except OSError as error:
            raise self.refusal(path, error) from error

    def scan(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder (relative, empty for the root). Raises like `open`."""
        try:
            return super().scan(folder)
        except OSError as error:
            raise self.refusal(folder, error) from error

    def refusal(self, path: str, error: OSError) -> AssetError:
        """What to tell a person about a file that can't be opened or read."""
        message = msg("{place}: {error}", place=self.place(path), error=_open_problem(error))
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ESTALE}:
            return AssetChanged(message, hint=_RETRY_HINT)
        if error.errno in _TOO_MANY:
            return AssetError(message, hint=_TOO_MANY_HINT)
        return AssetError(message, hint=msg("put a readable, regular file there, or take it out"))


class open_regular:  # noqa: N801 - used like the function `open`
    """A context that gives a descriptor and the facts of a regular file, which must be the same when it ends.

    Raises `AssetChanged` when size, modification time or inode differ then, and `AssetError` for anything that
    isn't a regular file.
    """

    __slots__ = ("_before", "_descriptor", "_folder", "_path")

    def __init__(self, folder: AssetFolder, path: str) -> None:
        self._folder = folder
        self._path = path

    def __enter__(self) -> tuple[int, os.stat_result]:
        self._descriptor = self._folder.open(self._path)
        try:
            self._before = os.fstat(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise self._folder.refusal(self._path, error) from error
        if not stat.S_ISREG(self._before.st_mode):
            os.close(self._descriptor)
            raise AssetError.at(
                self._folder.place(self._path),
                msg("it's {st_mode}, not a file", st_mode=kind_of(self._before.st_mode)),
                hint=msg("only regular files can be delivered: take it out"),
            )
        return self._descriptor, self._before

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                check_unchanged(self._folder, self._path, self._before, os.fstat(self._descriptor))
        except OSError as failure:
            raise self._folder.refusal(self._path, failure) from failure
        finally:
            os.close(self._descriptor)
        if isinstance(error, OSError):
            raise self._folder.refusal(self._path, error) from error


def read_regular(folder: AssetFolder, path: str, most: int) -> tuple[bytes, os.stat_result]:
    """The content of a regular file of at most `most` bytes, and its facts, which were the same after reading.

    Raises `AssetChanged` and `AssetError` as `open_regular` does, and `AssetChanged` when the file is larger.
    """
    with open_regular(folder, path) as (descriptor, before):
        if before.st_size > most:
            raise AssetChanged.at(folder.place(path), msg("it grew since it was listed"), hint=_RETRY_HINT)
        content = read_whole(descriptor, before.st_size)
        if len(content) < before.st_size:
            raise shortened(folder, path)
    return content, before


def check_unchanged(folder: AssetFolder, path: str, before: os.stat_result, after: os.stat_result) -> None:
    """Raises `AssetChanged`, saying what differs, unless both facts are of one unchanged file."""
    if after.st_size > before.st_size:
        change = msg("it grew")
    elif after.st_size < before.st_size:
        change = msg("it shrank")
    elif after.st_mtime_ns != before.st_mtime_ns or after.st_ino != before.st_ino:
        change = msg("it changed")
    else:
        return
    raise AssetChanged.at(folder.place(path), msg("{change} while it was packed", change=change), hint=_RETRY_HINT)


def shortened(folder: AssetFolder, path: str) -> AssetChanged:
    """The error for a file that ended before the size that it had when it was opened."""
    return AssetChanged.at(folder.place(path), msg("it shrank while it was packed"), hint=_RETRY_HINT)


def read_whole(descriptor: int, size: int) -> bytes:
    """At most `size` bytes from where the descriptor stands: all of them unless the file is shorter."""
    data = os.read(descriptor, size) if size else b""
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data


def read_at(descriptor: int, offset: int, length: int) -> bytes:
    """At most `length` bytes from `offset`; the descriptor's position is left alone."""
    if hasattr(os, "pread"):
        return os.pread(descriptor, length, offset)
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    try:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, length)
    finally:
        os.lseek(descriptor, position, os.SEEK_SET)


def _open_problem(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return msg("it isn't there")
        case errno.ELOOP:
            return msg("it's a link")
        case errno.ENOTDIR:
            return msg("a link or a file stands where a folder should")
        case errno.ENXIO:
            return msg("it's a socket or a device, not a file")
        case errno.EACCES | errno.EPERM:
            return msg("it can't be read: permission denied")
        case _:
            return msg("it can't be read: {reason}", reason=system_reason(error))
