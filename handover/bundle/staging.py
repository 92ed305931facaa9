"""What gets its name only when it is whole: a file or a folder, made beside that name, filled, then renamed or removed.

Role: the one way in which output comes to be. A `Staged` is private, and locked for as long as its process lives, so
that `sweep` can tell what a killed process left from what a living one is filling. It doesn't know what is written.
Where the system or the disk can't lock a folder (Windows, some network disks), folders are never swept.
"""

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final, Self

PREFIX: Final = ".handover-"
LOCK_SUFFIX: Final = ".lock"
_OURS: Final = re.compile(re.escape(PREFIX) + r"([0-9a-f]{16}\.tmp|.+\.lock)")
"""What `new_token` gives, locks, and nothing else: what somebody called almost so isn't ours."""
_TRIES: Final = 10
_NO_LINKS: Final = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_WINDOWS: Final = os.name == "nt"  # an open file can neither be removed nor renamed there, and no folder be opened


def new_token() -> str:
    """The unpredictable part of a temporary name."""
    return secrets.token_hex(8)


class Staged:
    """A new file (0600) or folder (0700) in `parent`; use it as a context, fill it, then `give_name`.

    Leaving the context removes what still has its temporary name. Entering raises `OSError` when it can't be made,
    something of this name being there included: that isn't ours to remove.
    """

    def __init__(self, parent: Path, *, folder: bool = False, token: Callable[[], str] = new_token) -> None:
        self._parent = parent
        self._is_folder = folder
        self._token = token
        self._descriptor = -1
        self._file: BinaryIO | None = None
        self.path = parent
        """Where it is, once the context is entered."""
        self.left: Path | None = None
        """The temporary name of the finished file, where the system refused to remove it."""

    @property
    def file(self) -> BinaryIO:
        """The file, unbuffered, for reading and writing."""
        if self._file is None:
            raise ValueError("the file isn't open")
        return self._file

    def __enter__(self) -> Self:
        for _ in range(_TRIES):
            self.path = self._parent / f"{PREFIX}{self._token()}.tmp"
            if self._is_folder:
                make_private(self.path)
            else:
                self._file = os.fdopen(os.open(self.path, _NEW, 0o600), "rb+", buffering=0)
                self._descriptor = self._file.fileno()
            try:
                if self._hold():
                    return self
            except BaseException:
                self.__exit__()
                raise
            self._close()
        raise OSError(errno.EBUSY, "what is written here is removed again and again")  # a loop of sweeps: never seen

    def __exit__(self, *_: object) -> None:
        self._close()
        # After the renaming nothing has this name any more.
        if self._is_folder:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def give_name(self, target: Path, *, replace: bool = False) -> None:
        """Rename it to `target`, in the same folder, and make that durable; what is in a file must be on disk already.

        A folder takes an empty folder's place and nothing else's; a file takes another's with `replace` alone. Raises
        `FileExistsError` and other `OSError`s, after which what stands there is as it was, unless only the last step,
        that of making a file's name durable, was refused.
        """
        if _WINDOWS:
            self._close()
        if self._is_folder:
            if _WINDOWS and target.exists():
                target.rmdir()  # rename replaces an empty folder on POSIX only
            self.path.rename(target)
            with contextlib.suppress(OSError):  # it can be made again, and not every disk syncs folders
                sync_folder(target.parent)
            return
        if replace:
            self.path.replace(target)
        else:
            self._name_anew(target)
        sync_folder(target.parent)

    def fill(self, files: Mapping[str, bytes]) -> None:
        """Write a folder's files: path → content; a trailing slash means an empty folder. Raises `OSError`."""
        for name, content in files.items():
            path = self.path / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(content)

    def _name_anew(self, target: Path) -> None:
        """Take the name only if nothing has it, so that no file that came meanwhile is lost."""
        if _WINDOWS:
            self.path.rename(target)
            return
        try:
            os.link(self.path, target, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # FAT and some network disks have no hard links: look and rename, the best that they can do.
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            self.path.rename(target)
            return
        try:
            self.path.unlink()
        except OSError:
            # The file stands under its name, and that is what counts: the other name is only debris.
            self.left = self.path

    def _hold(self) -> bool:
        """Lock it, so that nobody sweeps it; False when a sweep came between making and locking it."""
        try:
            if self._is_folder:
                self._descriptor = _open_folder(self.path)
            if self._descriptor < 0 or _WINDOWS:
                return True
            lock(self._descriptor)
        except (BlockingIOError, FileNotFoundError):
            return False
        except OSError:
            return True  # it can't be locked here, so nobody can sweep it either
        return is_same(self._descriptor, self.path)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        elif self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1


def write_all(write: Callable[[memoryview], int], data: bytes) -> None:
    """Write all of `data` by a call that may take a part of it."""
    view = memoryview(data)
    while view:
        view = view[write(view) :]


def make_private(folder: Path) -> None:
    """Make one folder that nobody else can look into."""
    folder.mkdir(mode=0o700)
    try:
        folder.chmod(0o700)  # a strict umask takes the owner's own rights away
    except OSError:
        folder.rmdir()
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = _open_folder(folder, follow=True)
    if descriptor >= 0:
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def lock(descriptor: int) -> None:
    """Lock an open file or folder for this process; BlockingIOError when another one holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # only on Windows
        except OSError as error:
            raise BlockingIOError from error
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_same(descriptor: int, path: Path) -> bool:
    """Whether the name still leads to what was locked."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def sweep(folder: Path) -> None:
    """Remove what killed processes of this user left in a folder: files, lock files and folders of ours; never fails.

    What a living one writes is locked by it; and what lies where a link leads isn't ours to tidy up.
    """
    if folder.is_symlink():
        return
    with contextlib.suppress(OSError):
        for path in [Path(entry.path) for entry in os.scandir(folder) if _OURS.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                _sweep_one(path)


def _sweep_one(path: Path) -> None:
    found = path.lstat()
    is_folder = stat.S_ISDIR(found.st_mode) and path.suffix != LOCK_SUFFIX
    if not is_folder and not stat.S_ISREG(found.st_mode):
        return
    if _WINDOWS:
        if not is_folder:
            path.unlink()  # refused while anybody has it open
        return
    if found.st_uid != os.getuid():
        return
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = _open_folder(path) if is_folder else os.open(path, flags)
    try:
        lock(descriptor)
        if is_same(descriptor, path):
            shutil.rmtree(path, ignore_errors=True) if is_folder else path.unlink()
    finally:
        os.close(descriptor)


def _open_folder(folder: Path, *, follow: bool = False) -> int:
    """A descriptor of a folder; -1 where the system has none: its file system keeps its own journal."""
    if _WINDOWS:
        return -1
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
