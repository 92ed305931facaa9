"""Atomic output: the final name appears only when the file behind it is whole and on disk.

Role: checks the output folder before work starts, keeps two builds of the same apart, gives a temporary file beside the
final name, and renames it when told to. Whatever ends a build earlier, an existing output stays as it was; what a
killed build leaves is swept by the next. It doesn't know what is written, and verifies nothing.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from handover.bundle.names import printable, slug
from handover.bundle.staging import sweep
from handover.model.errors import OutputError

TEMPORARY_PREFIX: Final = ".handover-"
TEMPORARY_SUFFIX: Final = ".tmp"
_LOCK_SUFFIX: Final = ".lock"
_LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_RESERVE: Final = 16 * 1024 * 1024
"""Bytes that must stay free beside the estimate: a full disk harms more than a refused build."""
_BLOCK: Final = 1024 * 1024
_TRIES: Final = 10
_NO_SPACE: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NO_LINKS: Final = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}


class FolderLock:
    """One command at a time that writes what has a certain name in a folder; others write theirs beside it.

    Entering it also sweeps what dead commands left there. The lock is the system's and ends with the process, however
    it ends. Raises `OutputError` when the folder is missing, isn't writable, or another command holds the lock.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self._file = folder / f"{TEMPORARY_PREFIX}{slug(name)}{_LOCK_SUFFIX}"
        self._descriptor = -1

    def __enter__(self) -> Self:
        _check_folder(self.folder)
        try:
            while not self._is_ours():
                self._release()
                self._descriptor = os.open(self._file, _LOCK_FLAGS, 0o600)
                _lock(self._descriptor)
        except BlockingIOError:
            os.close(self._descriptor)
            self._descriptor = -1
            raise OutputError(
                f"{_named(self.folder)}: another handover command is writing the same here",
                hint="wait until it has ended, then try again",
            ) from None
        except OSError as error:
            self._release()
            raise output_error(self.folder, error) from error
        sweep_temporaries(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _is_ours(self) -> bool:
        """Whether what is locked is still what has the lock file's name: whoever held it before may have removed it."""
        return self._descriptor >= 0 and _is_same(self._descriptor, self._file)

    def _release(self) -> None:
        if self._descriptor < 0:
            return
        if os.name == "nt":  # an open file can't be removed there
            os.close(self._descriptor)
        if os.name == "nt" or self._is_ours():
            with contextlib.suppress(OSError):
                self._file.unlink()
        if os.name != "nt":
            os.close(self._descriptor)
        self._descriptor = -1


def sweep_temporaries(folder: Path) -> None:
    """Remove what dead commands left in a folder: their files, lock files and extractions. Never fails.

    What a living one writes is locked by it; and what lies where a link leads isn't ours to tidy up.
    """
    if folder.is_symlink():
        return
    with contextlib.suppress(OSError):
        for stale in folder.glob(f"{TEMPORARY_PREFIX}*"):
            if stale.suffix in {TEMPORARY_SUFFIX, _LOCK_SUFFIX}:
                with contextlib.suppress(OSError):
                    _sweep_one(stale)
    sweep(folder)  # of extractions, which may live: each has a lock of its own


def _sweep_one(stale: Path) -> None:
    if not stat.S_ISREG(stale.lstat().st_mode):
        return
    if os.name == "nt":
        stale.unlink()  # refused while anybody has it open
        return
    descriptor = os.open(stale, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _lock(descriptor)
        if _is_same(descriptor, stale):
            stale.unlink()
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock an open file for this process; BlockingIOError when another one holds it."""
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


def _is_same(descriptor: int, path: Path) -> bool:
    """Whether the name still leads to the file that was locked."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: its path, size in bytes, SHA-256 in lower-case hexadecimal, and how long the disk took."""

    path: Path
    size: int
    sha256: str
    sync_seconds: float
    left: Path | None = None
    """The temporary name of the same file, where the system refused to remove it."""


class Publication:
    """A file on its way to `folder/final_name`; use it as a context, write to `file`, then `commit`.

    Leaving the context without `commit` removes the temporary file. `estimate` is the number of bytes that will be
    needed. With a `lock` on the same folder, that one is relied upon (several publications at once); else one
    is taken. An `OSError` of the disk that leaves the context comes out as `OutputError`.
    """

    def __init__(
        self,
        folder: Path,
        final_name: str,
        *,
        replace: bool,
        estimate: int = 0,
        lock: FolderLock | None = None,
        token: Callable[[], str] = lambda: secrets.token_hex(8),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._folder = folder
        self._final_name = final_name
        self._replace = replace
        self._estimate = estimate
        self._lock = lock
        self._own_lock: FolderLock | None = None
        self._clock = clock
        self._temporary = folder / f"{TEMPORARY_PREFIX}{token()}{TEMPORARY_SUFFIX}"
        self._file: BinaryIO | None = None
        self._left: Path | None = None

    @property
    def path(self) -> Path:
        """Where the file will be after `commit`."""
        return self._folder / self._final_name

    @property
    def temporary(self) -> Path:
        """Where it is before `commit`."""
        return self._temporary

    @property
    def file(self) -> BinaryIO:
        """The temporary file: unbuffered, for reading and writing, mode 0600."""
        if self._file is None:
            raise ValueError("the publication isn't open")
        return self._file

    def __enter__(self) -> Self:
        try:
            if self._lock is None:
                self._own_lock = FolderLock(self._folder, self._final_name)
                self._own_lock.__enter__()
            self._check_name(self._final_name)
            self.require_space(self._estimate)
            self._file = self._create()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clean_up()
        if isinstance(error, OSError) and error.errno in {*_NO_SPACE, errno.EIO, errno.EROFS, errno.EFBIG}:
            raise output_error(self._folder, error) from error

    def rename(self, final_name: str) -> None:
        """Publish under another name. Raises `OutputError` for one that is taken, as on entering."""
        self._final_name = final_name
        self._check_name(final_name)

    def require_space(self, estimate: int) -> None:
        """Raises `OutputError` unless `estimate` bytes, and a reserve, are free in the folder."""
        free = shutil.disk_usage(self._folder).free
        if free < estimate + _RESERVE:
            raise OutputError(
                f"{_named(self._folder)}: the disk has {_megabytes(free)} free, the bundle may need"
                f" {_megabytes(estimate + _RESERVE)}",
                hint="free some space, or write to another disk with -o DIR",
            )

    def commit(self, final_name: str | None = None) -> Published:
        """Make the file durable and give it its final name (or `final_name`, when it's known only now).

        Raises `OutputError` when the disk refuses, or when without `replace` the name came to exist meanwhile; an
        earlier file is then as it was, unless the disk refused only to make the new name durable. Nothing may
        be written to `file` any more.
        """
        if final_name is not None:
            self._final_name = final_name
            self._check_name(final_name)
        digest = _Digest(self.file)
        digest.start()  # the processor's work, while the disk does its own
        try:
            began = self._clock()
            os.fsync(self.file.fileno())
            seconds = self._clock() - began
            sha256 = digest.result()
            size = os.fstat(self.file.fileno()).st_size
            self._give_name()
            began = self._clock()
            _sync_folder(self._folder)
            seconds += self._clock() - began
        except OSError as error:
            raise output_error(self._folder, error) from error
        finally:
            digest.stop()
        return Published(self.path, size, sha256, seconds, self._left)

    def _check_name(self, name: str) -> None:
        if name in {"", ".", ".."} or Path(name).name != name:
            raise OutputError(f"{printable(name)!r} isn't a file name", hint="name a file in an existing folder")
        if not os.path.lexists(self.path):
            return
        if not stat.S_ISREG(self.path.lstat().st_mode) and not self.path.is_symlink():
            raise OutputError(f"{self.path}: something that isn't a file has this name", hint="use -o DIR")
        if not self._replace:
            raise _exists(self.path)

    def _create(self) -> BinaryIO:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        try:
            for _ in range(_TRIES):
                file = os.fdopen(os.open(self._temporary, flags, 0o600), "rb+", buffering=0)
                if self._hold(file):
                    return file
                file.close()
        except OSError as error:
            raise output_error(self._folder, error) from error
        raise OutputError(f"{_named(self._folder)}: what is written here is removed again and again", hint="use -o DIR")

    def _hold(self, file: BinaryIO) -> bool:
        """Lock the temporary file, so that nobody sweeps it; False when a sweep came between making and locking it."""
        if os.name == "nt":
            return True  # an open file can't be removed there
        try:
            _lock(file.fileno())
        except BlockingIOError:
            return False
        except OSError:
            return True  # it can't be locked here, so nobody can sweep it either
        return _is_same(file.fileno(), self._temporary)

    def _give_name(self) -> None:
        if os.name == "nt" and self._file is not None:
            self._file.close()  # an open file can't be renamed there
        if self._replace:
            self._temporary.replace(self.path)
            return
        try:
            self._name_anew()
        except FileExistsError:
            raise _exists(self.path) from None

    def _name_anew(self) -> None:
        """Take the final name only if nothing has it, so that no file that came meanwhile is lost."""
        if os.name == "nt":
            self._temporary.rename(self.path)
            return
        try:
            os.link(self._temporary, self.path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # FAT and some network disks have no hard links: look and rename, the best that they can do.
            if os.path.lexists(self.path):
                raise _exists(self.path) from None
            self._temporary.rename(self.path)
        else:
            try:
                self._temporary.unlink()
            except OSError:
                # The file stands under its name, and that is what counts: the other name is only debris.
                self._left = self._temporary

    def _clean_up(self) -> None:
        try:
            if self._file is not None:
                self._file.close()
        finally:
            self._file = None
            # After commit nothing has this name any more.
            with contextlib.suppress(OSError):
                self._temporary.unlink()
            if self._own_lock is not None:
                self._own_lock.__exit__(None, None, None)
                self._own_lock = None


def write_file(
    target: Path,
    content: bytes | Iterable[bytes],
    *,
    replace: bool,
    mode: int | None = 0o600,
    lock: FolderLock | None = None,
) -> None:
    """Write a whole small file atomically (an e-mail draft, a letter); `content` may come in pieces.

    `mode` is the final file's, None leaves it to the system's habit. Raises `OutputError` when the folder is
    missing or not writable, when the file exists without `replace`, or when the disk refuses. With a `lock` on the
    folder, which the caller holds already, that one is relied upon.
    """
    pieces = [content] if isinstance(content, bytes) else content
    # The folder as it was typed: messages name it.
    with Publication(target.parent, target.name, replace=replace, lock=lock) as publication:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[publication.file.write(view) :]
        if mode is None:
            mode = 0o666 & ~_umask()
        if mode != 0o600:
            os.chmod(publication.temporary, mode)  # noqa: PTH101 - by name: Windows can't by descriptor
        publication.commit()


class _Digest(threading.Thread):
    """SHA-256 of a file, taken aside; the file's position is left alone where the system can do that."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(name="digest-output", daemon=True)
        self._file = file
        self._stopped = False
        self._sha256 = ""
        self._failure: OSError | None = None

    def run(self) -> None:
        digest = hashlib.sha256()
        offset = 0
        try:
            while not self._stopped and (piece := _read_at(self._file, offset, _BLOCK)):
                digest.update(piece)
                offset += len(piece)
            self._sha256 = digest.hexdigest()
        except OSError as error:
            self._failure = error

    def stop(self) -> None:
        """End the thread, whether or not it's done: the file is about to be closed."""
        self._stopped = True
        self.join()

    def result(self) -> str:
        """The digest, in lower-case hexadecimal. Raises the `OSError` of a file that can't be read."""
        self.join()
        if self._failure is not None:
            raise self._failure
        return self._sha256


def _read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(file.fileno(), length, offset)
    file.seek(offset)
    return file.read(length)


def _umask() -> int:
    # The umask can only be read by setting it; for an instant files are private, never the other way round.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder can't be synced there; the file system keeps its own journal
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def output_error(folder: Path, error: OSError) -> OutputError:
    """What to tell a person when the system refuses to write in the output folder."""
    if error.errno in _NO_SPACE:
        return OutputError(f"{_named(folder)}: the disk is full", hint="free some space, or use -o DIR")
    if error.errno == errno.EFBIG:
        return OutputError(f"{_named(folder)}: its disk takes no file as large as this bundle", hint="use -o DIR")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputError(f"{_named(folder)}: writing isn't allowed here", hint="use -o DIR")
    return OutputError(
        f"{_named(folder)}: can't write: {error.strerror or error}", hint="check the disk, or use -o DIR"
    )


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        found = "isn't a folder" if folder.exists() else "there is no such folder"
        raise OutputError(f"{_named(folder)}: {found}", hint="make it first, or name another one with -o DIR")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{_named(folder)}: writing isn't allowed here", hint="use -o DIR")


def _named(folder: Path) -> str:
    """A folder in a message; "." says little to those who typed no folder at all."""
    return "this folder" if folder == Path() else printable(str(folder))


def _exists(path: Path) -> OutputError:
    return OutputError(f"{printable(str(path))}: it exists already", hint="use --replace to overwrite it")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
