"""The folder that an extraction writes into before it gets its name: made, held, given away or removed.

Role: `TemporaryFolder` is locked for as long as its process lives, so that `sweep` can tell what a killed process left
from what a living one is filling. It knows no archive. Where the system or the disk can't lock a folder (Windows, some
network disks), nothing is ever swept.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

PREFIX: Final = ".handover-open-"
_NAME: Final = re.compile(re.escape(PREFIX) + "[0-9a-f]{16}")
"""What `new_token` gives, and nothing else: a folder that somebody called almost so isn't ours."""
_TRIES: Final = 10


def new_token() -> str:
    """The unpredictable part of a temporary folder's name."""
    return secrets.token_hex(8)


class TemporaryFolder:
    """A private folder (0700) beside an extraction's target; use it as a context, then rename `path`.

    Leaving the context removes what still has its name. Entering raises `OSError` when it can't be made, a folder of
    this name being there included: that one isn't ours to remove.
    """

    def __init__(self, parent: Path, token: Callable[[], str] = new_token) -> None:
        self._parent = parent
        self._token = token
        self._lock = -1
        self.path = parent
        """The folder, once the context is entered."""

    def __enter__(self) -> Self:
        for _ in range(_TRIES):
            self.path = self._parent / f"{PREFIX}{self._token()}"
            make_private(self.path)
            if self._hold():
                return self
        raise OSError("its temporary folder is removed again and again")  # somebody's loop of sweeps: never seen

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)  # after the renaming there is nothing of this name
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _hold(self) -> bool:
        """Lock the folder; False when another process' sweep came between making and locking it."""
        try:
            self._lock = _locked(self.path)
        except (BlockingIOError, FileNotFoundError):
            return False
        except OSError:
            return True  # it can't be locked here, so nobody can sweep it either
        if self._lock < 0 or _is_same(self._lock, self.path):
            return True
        os.close(self._lock)
        self._lock = -1
        return False


def make_private(folder: Path) -> None:
    """Make one folder that nobody else can look into."""
    folder.mkdir(mode=0o700)
    try:
        folder.chmod(0o700)  # a strict umask takes the owner's own rights away
    except OSError:
        folder.rmdir()
        raise


def sweep(parent: Path) -> None:
    """Remove the temporary folders in `parent` that killed processes of this user left; never fails.

    Only real folders with the exact form of the name, which this user owns and no living process holds.
    """
    with contextlib.suppress(OSError):
        for path in [Path(entry.path) for entry in os.scandir(parent) if _NAME.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                _sweep_one(path)


def _sweep_one(path: Path) -> None:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or not hasattr(os, "getuid") or found.st_uid != os.getuid():
        return
    lock = _locked(path)
    if lock < 0:
        return
    try:
        if _is_same(lock, path):
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)


def _locked(folder: Path) -> int:
    """A descriptor that holds the folder's lock until it is closed; -1 where the system has no such locks.

    Raises `BlockingIOError` when a living process holds it, `OSError` when it can't be opened or locked.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return -1
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_same(descriptor: int, path: Path) -> bool:
    """Whether the name still leads to the folder that was locked."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False
