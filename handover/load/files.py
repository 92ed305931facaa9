"""Reading one project's files: inside the folder, regular files only, each of a bounded size.

Role: the only opener of input files that `handover.load` has. A project folder may come from a stranger (a
template repository, a received archive), so no step of a path may be a symbolic link, and nothing that
would block or never end (FIFO, device, socket) is opened for reading (docs/security.md).
It looks into no file's content.
"""

import errno
import os
import stat
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from handover.errors import Finding, Severity, SourceLocation, UsageError
from handover.sources import shown

# Windows has neither flag; there a link is found by lstat instead, which leaves a moment between look and open.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_BY_FOLDER = os.open in os.supports_dir_fd


class ProjectFolder:
    """One project's folder: reads files and remembers their digests and what was wrong."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise UsageError(f"{root}: this is not a folder", hint="give the folder that holds handover.yaml")
        self.root = root
        self.findings: list[Finding] = []
        self.digests: dict[str, str] = {}

    def add(
        self,
        location: SourceLocation,
        rule: str,
        message: str,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding."""
        self.findings.append(Finding(location, rule, message, hint, severity))

    def has(self, relative: str) -> bool:
        """Whether anything has this name, even a dangling link."""
        return os.path.lexists(self.root.joinpath(*relative.split("/")))

    def names(self, relative: str) -> list[str]:
        """The names in one folder, sorted; none when it isn't a folder (or is a link to one)."""
        path = self.root.joinpath(*relative.split("/")) if relative else self.root
        if relative and path.is_symlink():
            return []
        try:
            return sorted(entry.name for entry in path.iterdir())
        except OSError:
            return []

    def near_miss(self, relative: str) -> str:
        """What to do with a file of a similar name in the same folder, or an empty string when there is none."""
        folder, _, name = relative.rpartition("/")
        close = get_close_matches(name.casefold(), [n.casefold() for n in self.names(folder)], 1, 0.75)
        found = next((n for n in self.names(folder) if close and n.casefold() == close[0]), None)
        if found is None:
            return ""
        other_format = Path(found).stem == Path(name).stem and not found.casefold().endswith((".csv", ".xlsx"))
        return f"there is a file called {shown(found)}: {'save it as .csv or .xlsx' if other_format else 'rename it'}"

    def read(self, relative: str, limit: int, named_at: SourceLocation | None = None) -> bytes | None:
        """The file's bytes, or None after noting why not. `limit` is in bytes.

        `relative` has forward slashes. `named_at` is the setting that names the file, for files that exist
        only because a setting says so; a file that every project has is its own place.
        """
        location = named_at or SourceLocation(relative)
        try:
            descriptor = self._open(relative)
        except OSError as error:
            rule, message, hint = _reason(error)
            if rule == "file.missing":
                hint = self.near_miss(relative) or ("put it there, or correct the path" if named_at else hint)
            self.add(location, rule, f"{relative} {message}", hint)
            return None
        try:
            # A folder opens like a file and fails only when it is read.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                self.add(location, "file.not-regular", f"{relative} is not a file but a folder, a device or a pipe")
                return None
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read(limit + 1)
        except OSError as error:
            self.add(location, "file.unreadable", f"{relative} can't be read ({error.strerror})")
            return None
        finally:
            os.close(descriptor)
        if len(content) > limit:
            self.add(location, "file.too-large", f"{relative} is larger than {limit // 1024:,} KB", "make it smaller")
            return None
        self.digests[relative] = sha256(content).hexdigest()
        return content

    def _open(self, relative: str) -> int:
        parts = relative.split("/")
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            raise OSError(errno.EINVAL, "not a path inside the project")
        flags = os.O_RDONLY | _NO_FOLLOW | _NO_WAIT | _BINARY
        if not _BY_FOLDER:  # Windows
            path = self.root
            for part in parts:
                path /= part
                if path.is_symlink():
                    raise OSError(errno.ELOOP, "a link")
            return os.open(path, flags)
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                inner = os.open(part, flags | os.O_DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], flags, dir_fd=folder)
        finally:
            os.close(folder)


def _reason(error: OSError) -> tuple[str, str, str]:
    if error.errno in {errno.ENOENT, errno.ENAMETOOLONG}:
        return "file.missing", "is missing", "`handover init` shows what a project needs"
    if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}:
        return "file.link", "is a symbolic link, or lies behind one", "put the file itself there"
    if error.errno in {errno.ENXIO, errno.EISDIR}:
        return "file.not-regular", "is not a file but a folder, a device or a pipe", ""
    return "file.unreadable", f"can't be read ({error.strerror})", "check its permissions"
