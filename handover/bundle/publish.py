"""Atomic output: the final name appears only when the file behind it is whole and on disk.

Role: checks the output folder before work starts, keeps two builds of the same apart, and publishes a staged file
(`handover.bundle.staging`) when told to. Whatever ends a build earlier, an existing output stays as it was. It doesn't
know what is written, and verifies nothing.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Generic, NamedTuple, Self, TypeVar

from handover.bundle import staging
from handover.bundle.names import printable, slug
from handover.bundle.staging import LOCK_SUFFIX, PREFIX, Staged, is_same, new_token, sweep, write_all
from handover.model.errors import OutputError
from handover.model.message import msg, system_reason

_LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_RESERVE: Final = 16 * 1024 * 1024
"""Bytes that must stay free beside the estimate: a full disk harms more than a refused build."""
_BLOCK: Final = 1024 * 1024
_NO_SPACE: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

Result = TypeVar("Result")


class FolderLock:
    """One command at a time that writes what has a certain name in a folder; others write theirs beside it.

    Entering it also sweeps what dead commands left there. The lock is the system's and ends with the process, however
    it ends. Raises `OutputError` when the folder is missing, isn't writable, or another command holds the lock.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self._file = folder / f"{PREFIX}{slug(name)}{LOCK_SUFFIX}"
        self._descriptor = -1

    def __enter__(self) -> Self:
        _check_folder(self.folder)
        try:
            while not self._is_ours():
                self._release()
                self._descriptor = os.open(self._file, _LOCK_FLAGS, 0o600)
                staging.lock(self._descriptor)
        except BlockingIOError:
            os.close(self._descriptor)
            self._descriptor = -1
            raise OutputError.at(
                _named(self.folder),
                msg("another handover command is writing the same here"),
                hint=msg("wait until it has ended, then try again"),
            ) from None
        except OSError as error:
            self._release()
            raise output_error(_named(self.folder), error) from error
        sweep(self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    def _is_ours(self) -> bool:
        """Whether what is locked is still what has the lock file's name: whoever held it before may have removed it."""
        return self._descriptor >= 0 and is_same(self._descriptor, self._file)

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


def private_copy(file: BinaryIO, folder: Path, stack: contextlib.ExitStack) -> BinaryIO:
    """A copy of a file, in `folder` until `stack` ends: nobody else changes it between being judged, shown and used.

    Raises `OutputError`.
    """
    _check_folder(folder)
    try:
        copy = stack.enter_context(staging.Staged(folder)).file
        file.seek(0)
        while block := file.read(_BLOCK):
            write_all(copy.write, block)
        copy.seek(0)
    except OSError as error:
        raise output_error(_named(folder), error) from error
    return copy


class Published(NamedTuple):
    """What was published: its path, size in bytes and SHA-256 in lower-case hexadecimal."""

    path: Path
    size: int
    sha256: str
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
        token: Callable[[], str] = new_token,
    ) -> None:
        self._folder = folder
        self._final_name = final_name
        self._replace = replace
        self._estimate = estimate
        self._lock = lock
        self._staged = Staged(folder, token=token)
        self._open = contextlib.ExitStack()
        self._synced: _Aside[None] | None = None
        self._begun: _Aside[int] | None = None
        self._sha256: _Aside[str] | None = None
        self._hash = hashlib.sha256()
        self._given_up = False

    @property
    def path(self) -> Path:
        """Where the file will be after `commit`."""
        return self._folder / self._final_name

    @property
    def temporary(self) -> Path:
        """Where it is before `commit`."""
        return self._staged.path

    @property
    def file(self) -> BinaryIO:
        """The temporary file: unbuffered, for reading and writing, mode 0600."""
        return self._staged.file

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            if self._lock is None:
                stack.enter_context(FolderLock(self._folder, self._final_name))
            self._check_name(self._final_name)
            self.require_space(self._estimate)
            try:
                stack.enter_context(self._staged)
            except OSError as error:
                raise output_error(_named(self._folder), error) from error
            stack.callback(self._give_up)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if isinstance(error, OSError) and error.errno in {*_NO_SPACE, errno.EIO, errno.EROFS, errno.EFBIG}:
            raise output_error(_named(self._folder), error) from error

    def rename(self, final_name: str) -> None:
        """Publish under another name. Raises `OutputError` for one that is taken, as on entering."""
        self._final_name = final_name
        self._check_name(final_name)

    def require_space(self, estimate: int) -> None:
        """Raises `OutputError` unless `estimate` bytes, and a reserve, are free in the folder."""
        free = shutil.disk_usage(self._folder).free
        if free < estimate + _RESERVE:
            raise OutputError.at(
                _named(self._folder),
                msg(
                    "the disk has {free} free, writing may need {estimate}",
                    free=_megabytes(free),
                    estimate=_megabytes(estimate + _RESERVE),
                ),
                hint=msg("free some space, or write to another disk with -o DIR"),
            )

    def begin(self) -> None:
        """Say that what is written so far stays as it is: its digest is taken while the caller goes on writing."""
        size = os.fstat(self.file.fileno()).st_size
        # Opened anew: where the system can't read at an offset, whoever reads meanwhile moves the position.
        self._begun = _Aside(lambda descriptor: self._read_on(descriptor, size), os.open(self._staged.path, _READ))

    def settle(self) -> None:
        """Say that all is written: the disk takes it in, and its digest is taken, while the caller goes on reading."""
        if self._synced is None:
            self._synced = _Aside(os.fsync, os.dup(self.file.fileno()))
            self._sha256 = _Aside(self._digest, os.open(self._staged.path, _READ))

    def sha256(self) -> str:
        """The digest of all, in lower-case hexadecimal. Raises the `OSError` that kept it from being taken."""
        self.settle()
        assert self._sha256 is not None  # noqa: S101 — settled
        return self._sha256.result()

    def commit(self) -> Published:
        """Make the file durable and give it its final name.

        Raises `OutputError` when the disk refuses, or when without `replace` the name came to exist meanwhile; an
        earlier file is then as it was, unless the disk refused only to make the new name durable. Nothing may
        be written to `file` any more.
        """
        self.settle()
        assert self._synced is not None  # noqa: S101 — settled
        try:
            self._synced.result()
            sha256 = self.sha256()
            size = os.fstat(self.file.fileno()).st_size
            self._staged.give_name(self.path, replace=self._replace)
        except FileExistsError:
            raise _exists(self.path) from None
        except OSError as error:
            raise output_error(_named(self._folder), error) from error
        return Published(self.path, size, sha256, self._staged.left)

    def _check_name(self, name: str) -> None:
        if name in {"", ".", ".."} or Path(name).name != name:
            raise OutputError(
                msg("{name!r} isn't a file name", name=printable(name)), hint=msg("name a file in an existing folder")
            )
        if not os.path.lexists(self.path):
            return
        if not stat.S_ISREG(self.path.lstat().st_mode) and not self.path.is_symlink():
            raise OutputError.at(self.path, msg("something that isn't a file has this name"), hint=msg("use -o DIR"))
        if not self._replace:
            raise _exists(self.path)

    def _digest(self, descriptor: int) -> str:
        if self._begun is not None:
            os.lseek(descriptor, self._begun.result(), os.SEEK_SET)
        self._read_on(descriptor, os.fstat(descriptor).st_size)
        return self._hash.hexdigest()

    def _read_on(self, descriptor: int, end: int) -> int:
        """Digest what stands before `end`; gives how far that went."""
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        while at < end and not self._given_up and (piece := os.read(descriptor, min(_BLOCK, end - at))):
            self._hash.update(piece)
            at += len(piece)
        return at

    def _give_up(self) -> None:
        """End what is done aside; only Windows must wait for the disk, to remove the file."""
        self._given_up = True
        for aside in (self._synced, self._begun, self._sha256):
            if aside is not None and os.name == "nt":
                aside.join()


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
            write_all(publication.file.write, piece)
        if mode is None:
            mode = 0o666 & ~_umask()
        if mode != 0o600:
            os.chmod(publication.temporary, mode)  # noqa: PTH101 - by name: Windows can't by descriptor
        publication.commit()


class _Aside(threading.Thread, Generic[Result]):
    """Work on a descriptor of its own, which is closed afterwards, beside what the caller does."""

    def __init__(self, work: Callable[[int], Result], descriptor: int) -> None:
        super().__init__(name="settle-output", daemon=True)
        self._work = work
        self._descriptor = descriptor
        self._given: list[Result] = []
        self._failure: BaseException | None = None
        try:
            self.start()
        except RuntimeError:  # the system gives no more threads
            self.run()

    def run(self) -> None:
        try:
            self._given.append(self._work(self._descriptor))
        except BaseException as failure:  # noqa: BLE001 - it's raised again in the caller's thread
            self._failure = failure
        finally:
            os.close(self._descriptor)

    def result(self) -> Result:
        """What the work gave. Raises what stopped it."""
        if self.ident is not None:
            self.join()
        if self._failure is not None:
            raise self._failure
        return self._given[0]


def _umask() -> int:
    # The umask can only be read by setting it; for an instant files are private, never the other way round.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def output_error(place: str, error: OSError) -> OutputError:
    """What to tell a person when the system refuses to write in the output folder, which messages call `place`."""
    if error.errno in _NO_SPACE:
        return OutputError.at(place, msg("the disk is full"), hint=msg("free some space, or use -o DIR"))
    if error.errno == errno.EFBIG:
        said = msg("its disk takes no file as large as this bundle (a FAT32 stick takes 4 GB)")
        return OutputError.at(place, said, hint=msg("use -o DIR"))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputError.at(place, msg("writing isn't allowed here"), hint=msg("use -o DIR"))
    said = msg("can't write: {reason}", reason=system_reason(error))
    return OutputError.at(place, said, hint=msg("check the disk, or use -o DIR"))


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        found = msg("isn't a folder") if folder.exists() else msg("there is no such folder")
        raise OutputError.at(_named(folder), found, hint=msg("make it first, or name another one with -o DIR"))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError.at(_named(folder), msg("writing isn't allowed here"), hint=msg("use -o DIR"))


def _named(folder: Path) -> str:
    """A folder in a message; "." says little to those who typed no folder at all."""
    return msg("this folder") if folder == Path() else printable(str(folder))


def _exists(path: Path) -> OutputError:
    return OutputError.at(printable(str(path)), msg("it exists already"), hint=msg("use --replace to overwrite it"))


def _megabytes(count: int) -> str:
    return msg("{size:,.0f} MB", size=count / 1_000_000)
