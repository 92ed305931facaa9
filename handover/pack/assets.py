"""Opening and reading the client's files so that nothing else can be slipped in.

Role: every folder on the way and the file itself are opened relative to a directory descriptor without following
links, only regular files are read, and a file that changes while it's read is refused by name. It decides
nothing about compression or order and writes nothing.

Windows has no directory descriptors: there the path is examined just before it's opened, links and junctions
are refused, and a change in between is noticed only by the comparison after reading.
"""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from handover.errors import AssetError
from handover.names import printable

HAS_DIRECTORY_DESCRIPTORS: Final = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")

_FOLDER_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
# O_NONBLOCK: opening a FIFO would wait for its writer; O_NOCTTY: a terminal must not become ours.
_FILE_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_OWN_USER: Final = os.geteuid() if hasattr(os, "geteuid") else -1
_RETRY_HINT: Final = "close the programs that write to it, then build again (or use --retry N)"
_FOLDER_HINT: Final = "the folder of the client's files must be a real folder"
_TOO_MANY: Final = {errno.EMFILE, errno.ENFILE}
_TOO_MANY_HINT: Final = "let this process open more files at once (ulimit -n), or use fewer --workers"


class AssetChanged(AssetError):
    """A file changed, grew, shrank, vanished or was replaced while it was packed; packing again may help."""

    code = "asset-changed"


class AssetFolder:
    """The assets' folder, opened once; gives out descriptors of the files in it.

    Not for several threads at once: each has its own (`clone`). It keeps the folders on the way to the last
    file open, as neighbours are asked for one after another.
    """

    def __init__(self, root: Path, label: str = "assets", *, descriptor: int | None = None) -> None:
        """Open `root`, which must be a folder and no link; `label` stands for it in messages.

        With a `descriptor` of the folder, that folder is meant, whatever has the name `root` now.
        """
        self._root = root
        self._label = label
        self._names: list[str] = []
        self._current: str | None = None
        self._descriptors: list[int] = []
        try:
            if HAS_DIRECTORY_DESCRIPTORS:
                opened = os.open(root, _FOLDER_FLAGS) if descriptor is None else os.dup(descriptor)
                self._descriptors.append(opened)
            elif _is_link(root) or not root.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        except OSError as error:
            raise AssetError(
                f"{label}: {_open_problem(error)}",
                hint=_TOO_MANY_HINT if error.errno in _TOO_MANY else _FOLDER_HINT,
            ) from error

    def clone(self) -> "AssetFolder":
        """The same folder, through a descriptor of its own: for another thread."""
        return AssetFolder(self._root, self._label, descriptor=self._descriptors[0] if self._descriptors else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every descriptor."""
        while self._descriptors:
            os.close(self._descriptors.pop())
        self._names.clear()
        self._current = None

    def place(self, path: str) -> str:
        """`path` as messages show it."""
        return f"{self._label}/{printable(path)}"

    def open(self, path: str) -> int:
        """A descriptor for reading the file `path` (relative, with `/`), to be closed by the caller.

        Raises `AssetChanged` when it isn't there, and `AssetError` when it's a link or can't be read.
        """
        folder, _, name = path.rpartition("/")
        try:
            if not HAS_DIRECTORY_DESCRIPTORS:
                return self._open_by_path(path)
            return os.open(name, _FILE_FLAGS, dir_fd=self._folder(folder))
        except OSError as error:
            raise self.refusal(path, error) from error

    def stat(self, path: str) -> os.stat_result:
        """The file's own facts, following no link. Raises like `open`."""
        folder, _, name = path.rpartition("/")
        try:
            if not HAS_DIRECTORY_DESCRIPTORS:
                return os.lstat(self._root / path)
            return os.stat(name, dir_fd=self._folder(folder), follow_symlinks=False)
        except OSError as error:
            raise self.refusal(path, error) from error

    def scan(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder (relative, empty for the root), with its facts read, in no order.

        The entries' `stat(follow_symlinks=False)` is good as long as nothing else of this object is used.
        """
        try:
            place = self._folder(folder) if HAS_DIRECTORY_DESCRIPTORS else str(self._root / folder)
            with os.scandir(place) as entries:
                return list(entries)
        except OSError as error:
            raise self.refusal(folder, error) from error

    def is_readable(self, folder: str, name: str, facts: os.stat_result) -> bool:
        """Whether the file `name` in `folder`, which has these facts, may be opened for reading."""
        if facts.st_mode & stat.S_IRUSR and facts.st_uid == _OWN_USER:
            return True  # the usual case, and one call to the system less for each file
        if HAS_DIRECTORY_DESCRIPTORS and os.access in os.supports_dir_fd:
            return os.access(name, os.R_OK, dir_fd=self._folder(folder))
        return os.access(self._root / folder / name, os.R_OK)

    def refusal(self, path: str, error: OSError) -> AssetError:
        """What to tell a person about a file that can't be opened or read."""
        message = f"{self.place(path)}: {_open_problem(error)}"
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ESTALE}:
            return AssetChanged(message, hint=_RETRY_HINT)
        if error.errno in _TOO_MANY:
            return AssetError(message, hint=_TOO_MANY_HINT)
        return AssetError(message, hint="put a readable, regular file there, or take it out")

    def _folder(self, folder: str) -> int:
        if folder == self._current:
            return self._descriptors[-1]
        self._current = None
        names = folder.split("/") if folder else []
        common = 0
        while common < min(len(names), len(self._names)) and names[common] == self._names[common]:
            common += 1
        while len(self._names) > common:
            self._names.pop()
            os.close(self._descriptors.pop())
        for name in names[common:]:
            self._descriptors.append(os.open(name, _FOLDER_FLAGS, dir_fd=self._descriptors[-1]))
            self._names.append(name)
        self._current = folder
        return self._descriptors[-1]

    def _open_by_path(self, path: str) -> int:
        current = self._root
        for name in path.split("/"):
            current /= name
            if _is_link(current):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return os.open(current, _FILE_FLAGS)


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
            raise _not_regular(self._folder, self._path, self._before)
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
    In one piece, without a context: of 100,000 small files every call shows.
    """
    descriptor = folder.open(path)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise _not_regular(folder, path, before)
        if before.st_size > most:
            raise AssetChanged(f"{folder.place(path)}: it grew since it was listed", hint=_RETRY_HINT)
        content = read_whole(descriptor, before.st_size)
        if len(content) < before.st_size:
            raise shortened(folder, path)
        after = os.fstat(descriptor)
        if after.st_mtime_ns != before.st_mtime_ns or after.st_size != before.st_size or after.st_ino != before.st_ino:
            check_unchanged(folder, path, before, after)
    except OSError as error:
        raise folder.refusal(path, error) from error
    finally:
        os.close(descriptor)
    return content, before


def check_unchanged(folder: AssetFolder, path: str, before: os.stat_result, after: os.stat_result) -> None:
    """Raises `AssetChanged`, saying what differs, unless both facts are of one unchanged file."""
    if after.st_size > before.st_size:
        change = "it grew"
    elif after.st_size < before.st_size:
        change = "it shrank"
    elif after.st_mtime_ns != before.st_mtime_ns or after.st_ino != before.st_ino:
        change = "it changed"
    else:
        return
    raise AssetChanged(f"{folder.place(path)}: {change} while it was packed", hint=_RETRY_HINT)


def shortened(folder: AssetFolder, path: str) -> AssetChanged:
    """The error for a file that ended before the size that it had when it was opened."""
    return AssetChanged(f"{folder.place(path)}: it shrank while it was packed", hint=_RETRY_HINT)


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


def kind_of(mode: int) -> str:
    """What something that isn't a regular file is, in words that follow "it's"."""
    for test, words in (
        (stat.S_ISLNK, "a link"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISDIR, "a folder"),
    ):
        if test(mode):
            return words
    return "a device"


def _not_regular(folder: AssetFolder, path: str, facts: os.stat_result) -> AssetError:
    return AssetError(
        f"{folder.place(path)}: it's {kind_of(facts.st_mode)}, not a file",
        hint="only regular files can be delivered: take it out",
    )


def _open_problem(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT:
            return "it isn't there"
        case errno.ELOOP:
            return "it's a link"
        case errno.ENOTDIR:
            return "a link or a file stands where a folder should"
        case errno.ENXIO:
            return "it's a socket or a device, not a file"
        case errno.EACCES | errno.EPERM:
            return "it can't be read: permission denied"
        case _:
            return f"it can't be read: {error.strerror or error}"


def _is_link(path: Path) -> bool:
    facts = os.lstat(path)
    reparse = getattr(facts, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(facts.st_mode) or bool(reparse)
