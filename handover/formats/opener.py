"""The one way in which a file that a person or a project names is opened: regular files, of bounded size, no surprises.

Role: `Folder` opens what lies in a folder, through descriptors and without following a link on the way: a project, a
template's folder, an output folder may come from a stranger. `open_named` and `read_named` open what a person typed,
where a link is the person's own doing. Both refuse what would block or never end (a pipe, a device, a socket) before
it's read. That no other module opens files, but for a short list, tests/test_architecture.py holds. It looks into no
content and raises `OSError` alone, whose `strerror` completes "NAME: …".

Windows has no directory descriptors: there the path is examined just before it's opened, links and junctions are
refused, and a change in between isn't noticed.
"""

import errno
import os
import stat
from functools import partial
from pathlib import Path
from select import select
from typing import BinaryIO, Final, Self

from handover.model.message import msg

HAS_DIRECTORY_DESCRIPTORS: Final = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER_FLAGS: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_STEP_FLAGS: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
"""For a folder on the way: Linux lets who may pass through it open it so, though they may not list it."""
# O_NONBLOCK: opening a FIFO would wait for its writer; O_NOCTTY: a terminal must not become ours.
_FILE_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
PATIENCE: Final = 60.0
"""Seconds for which a pipe's writer is waited for: somebody may have to unlock a password manager before."""
_OWN_USER: Final = os.geteuid() if hasattr(os, "geteuid") else -1


class NotRegular(OSError):
    """What has the name is no file: a folder, a pipe, a device, a socket."""

    def __init__(self, mode: int, name: object) -> None:
        super().__init__(errno.EINVAL, msg("it's {mode}, not a file", mode=kind_of(mode)), str(name))


class TooLarge(OSError):
    """The file is larger than one of its kind may be."""

    def __init__(self, limit: int, name: object) -> None:
        super().__init__(errno.EFBIG, msg("it's larger than {limit}", limit=_size(limit)), str(name))


class Folder:
    """A folder, opened once; gives out descriptors of the files in it. Paths are relative, with `/`.

    Not for several threads at once: each has its own (`clone`). It keeps the folders on the way to the last file open,
    as neighbours are asked for one after another.
    """

    def __init__(
        self, root: Path, *, descriptor: int | None = None, follow: bool = False, by_steps: bool = False
    ) -> None:
        """Open `root`, which must be a folder, and no link unless `follow`.

        `by_steps` follows no link on the way to it either: `root`, absolute and resolved, is still the folder that it
        was then. With a `descriptor` of the folder, that folder is meant, whatever has the name `root` now. Raises
        `OSError`.
        """
        self._root = root
        self._names: list[str] = []
        self._current: str | None = None
        self._descriptors: list[int] = []
        if HAS_DIRECTORY_DESCRIPTORS:
            flags = _FOLDER_FLAGS if follow else _FOLDER_FLAGS | _NO_FOLLOW
            opened = partial(_by_steps, root) if by_steps else partial(os.open, root, flags)
            self._descriptors.append(opened() if descriptor is None else os.dup(descriptor))
        elif (not follow and is_link(os.lstat(root))) or not root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every descriptor."""
        while self._descriptors:
            os.close(self._descriptors.pop())
        self._names.clear()
        self._current = None

    def open(self, path: str) -> int:
        """A descriptor for reading the file `path`, to be closed by the caller, who asks whether it's regular."""
        folder, _, name = path.rpartition("/")
        if not HAS_DIRECTORY_DESCRIPTORS:
            return os.open(self._checked(path), _FILE_FLAGS)
        return os.open(name, _FILE_FLAGS | _NO_FOLLOW, dir_fd=self._folder(folder))

    def read(self, path: str, limit: int) -> bytes:
        """The content of a regular file of at most `limit` bytes. Raises `NotRegular`, `TooLarge`, `OSError`."""
        parts = path.split("/")
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            raise OSError(errno.EINVAL, "it isn't a path inside this folder", path)
        return _content(self.open(path), path, limit)

    def head(self, path: str, length: int) -> bytes:
        """The first `length` bytes of a regular file of any size. Raises `NotRegular`, `OSError`."""
        descriptor = self.open(path)
        try:
            _refuse_irregular(os.fstat(descriptor).st_mode, path)
            return os.read(descriptor, length)
        finally:
            os.close(descriptor)

    def stat(self, path: str) -> os.stat_result:
        """The file's own facts, following no link."""
        folder, _, name = path.rpartition("/")
        if not HAS_DIRECTORY_DESCRIPTORS:
            return os.lstat(self._root / path)
        return os.stat(name, dir_fd=self._folder(folder), follow_symlinks=False)

    def scan(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder (relative, empty for the root), with its facts read, in no order.

        The entries' `stat(follow_symlinks=False)` is good as long as nothing else of this object is used.
        """
        place = self._folder(folder) if HAS_DIRECTORY_DESCRIPTORS else str(self._checked(folder))
        with os.scandir(place) as entries:
            return list(entries)

    def is_readable(self, folder: str, name: str, facts: os.stat_result) -> bool:
        """Whether the file `name` in `folder`, which has these facts, may be opened for reading."""
        if facts.st_mode & stat.S_IRUSR and facts.st_uid == _OWN_USER:
            return True  # the usual case, and one call to the system less for each file
        if HAS_DIRECTORY_DESCRIPTORS and os.access in os.supports_dir_fd:
            return os.access(name, os.R_OK, dir_fd=self._folder(folder))
        return os.access(self._root / folder / name, os.R_OK)

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
            self._descriptors.append(os.open(name, _FOLDER_FLAGS | _NO_FOLLOW, dir_fd=self._descriptors[-1]))
            self._names.append(name)
        self._current = folder
        return self._descriptors[-1]

    def _checked(self, path: str) -> Path:
        """The whole path, where no step of `path` is a link."""
        current = self._root
        for name in filter(None, path.split("/")):
            current /= name
            if is_link(os.lstat(current)):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return current


def _by_steps(root: Path) -> int:
    """A descriptor of a folder, reached from the top one folder after another without following a link."""
    current = os.open(root.anchor, _STEP_FLAGS)
    for at, name in enumerate(root.parts[1:], 2):
        flags = _FOLDER_FLAGS if at == len(root.parts) else _STEP_FLAGS
        try:
            below = os.open(name, flags | _NO_FOLLOW, dir_fd=current)
        finally:
            os.close(current)
        current = below
    return current


def open_named(path: Path, *, follow: bool = True, pipes: bool = False) -> BinaryIO:
    """Open a file for reading by its name. Raises `NotRegular` and `OSError`.

    Without `follow` the file itself may be no link; its folder is trusted. `pipes` lets a person hand over a secret as
    they can to any program: through a pipe (`<(pass show …)`) or from the terminal. A pipe with a name of its own, as
    may lie in a stranger's project, is given up after a while in which nobody wrote into it.
    """
    # Before it's opened as well: to open some devices is to set them going.
    before = path.stat(follow_symlinks=follow).st_mode
    _refuse_irregular(before, path, pipes=pipes)
    has_name = stat.S_ISFIFO(path.lstat().st_mode)
    waits = getattr(os, "O_NONBLOCK", 0) if stat.S_ISFIFO(before) and not has_name else 0  # for the pipe's writer
    descriptor = os.open(path, _FILE_FLAGS & ~waits | (0 if follow else _NO_FOLLOW))
    try:
        _refuse_irregular(os.fstat(descriptor).st_mode, path, pipes=pipes)
        if has_name:
            _await_writer(descriptor, path)
        if pipes and hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _await_writer(descriptor: int, path: Path) -> None:
    if not select([descriptor], [], [], PATIENCE)[0]:
        raise TimeoutError(errno.ETIMEDOUT, msg("nobody writes into this pipe"), str(path))


def _refuse_irregular(mode: int, name: object, *, pipes: bool = False) -> None:
    if not stat.S_ISREG(mode) and not (pipes and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode))):
        raise NotRegular(mode, name)


def read_named(path: Path, limit: int, *, follow: bool = True) -> bytes:
    """The content of a regular file of at most `limit` bytes. Raises `TooLarge` and what `open_named` does."""
    with open_named(path, follow=follow) as file:
        return _bounded(file, path, limit)


def _content(descriptor: int, name: object, limit: int) -> bytes:
    try:
        # A folder opens like a file and fails only when it is read.
        _refuse_irregular(os.fstat(descriptor).st_mode, name)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return _bounded(file, name, limit)
    finally:
        os.close(descriptor)


def _bounded(file: BinaryIO, name: object, limit: int) -> bytes:
    content = file.read(limit + 1)
    if len(content) > limit:
        raise TooLarge(limit, name)
    return content


def kind_of(mode: int) -> str:
    """What something that isn't a regular file is, in words that follow "it's"."""
    for test, words in (
        (stat.S_ISLNK, msg("a link")),
        (stat.S_ISFIFO, msg("a pipe")),
        (stat.S_ISSOCK, msg("a socket")),
        (stat.S_ISDIR, msg("a folder")),
    ):
        if test(mode):
            return words
    return msg("a device")


def is_link(facts: os.stat_result) -> bool:
    """Whether what has these facts, read following no link, leads elsewhere: a link, or a junction on Windows."""
    reparse = getattr(facts, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(facts.st_mode) or bool(reparse)


def _size(limit: int) -> str:
    if limit >= 1 << 20:
        return msg("{limit} MB", limit=limit >> 20)
    return msg("{limit} KB", limit=limit >> 10) if limit >= 1 << 10 else msg("{limit} bytes", limit=limit)
