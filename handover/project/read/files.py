"""Reading one project's files: inside the folder, regular files only, each of a bounded size.

Role: what `handover.formats.opener` opens in a project's folder, with its digest, and a finding for what it refuses (a
link on the way, a pipe, a device). It looks into no file's content.
"""

import errno
import os
from hashlib import sha256
from pathlib import Path

from handover.formats.opener import Folder, NotRegular, TooLarge
from handover.model.did_you_mean import nearest
from handover.model.errors import Finding, Severity, SourceLocation, UsageError
from handover.model.message import msg, system_reason
from handover.model.sources import shown


class ProjectFolder:
    """One project's folder: reads files and remembers their digests and what was wrong."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise UsageError.at(root, msg("this is not a folder"), hint=msg("give the folder that holds handover.yaml"))
        self.root = root
        self.findings: list[Finding] = []
        self.digests: dict[str, str] = {}

    def add(
        self, location: SourceLocation, rule: str, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Note one finding."""
        self.findings.append(Finding(location, rule, message, hint, severity))

    def has(self, relative: str) -> bool:
        """Whether anything has this name, even a dangling link."""
        return os.path.lexists(self.root.joinpath(*relative.split("/")))

    def names(self, relative: str) -> list[str]:
        """The names in one folder, sorted; none when it isn't a folder (or is a link to one)."""
        try:
            with Folder(self.root, follow=True) as folder:
                return sorted(entry.name for entry in folder.scan(relative))
        except OSError:
            return []

    def near_miss(self, relative: str) -> str:
        """What to do with a file of a similar name in the same folder, or an empty string when there is none."""
        folder, _, name = relative.rpartition("/")
        found = nearest(name, self.names(folder))
        if not found:
            return ""
        other_format = Path(found).stem == Path(name).stem and not found.casefold().endswith((".csv", ".xlsx"))
        more = msg("save it as .csv or .xlsx") if other_format else msg("rename it")
        return msg("there is a file called {found}: {more}", found=shown(found), more=more)

    def read(self, relative: str, limit: int, named_at: SourceLocation | None = None) -> bytes | None:
        """The file's bytes, or None after noting why not. `limit` is in bytes.

        `relative` has forward slashes. `named_at` is the setting that names the file, for files that exist
        only because a setting says so; a file that every project has is its own place.
        """
        location = named_at or SourceLocation(relative)
        try:
            with Folder(self.root, follow=True) as folder:
                content = folder.read(relative, limit)
        except TooLarge:
            message = msg("{relative} is larger than {limit:,} KB", relative=relative, limit=limit // 1024)
            self.add(location, "file.too-large", message, msg("make it smaller"))
            return None
        except OSError as error:
            rule, message, hint = _reason(error)
            if rule == "file.missing":
                hint = self.near_miss(relative) or (msg("put it there, or correct the path") if named_at else hint)
            self.add(location, rule, msg("{relative} {message}", relative=relative, message=message), hint)
            return None
        self.digests[relative] = sha256(content).hexdigest()
        return content


def _reason(error: OSError) -> tuple[str, str, str]:
    if error.errno in {errno.ENOENT, errno.ENAMETOOLONG}:
        return "file.missing", msg("is missing"), msg("`handover new` shows what a project needs")
    if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}:
        return "file.link", msg("is a symbolic link, or lies behind one"), msg("put the file itself there")
    if isinstance(error, NotRegular) or error.errno in {errno.ENXIO, errno.EISDIR}:
        return "file.not-regular", msg("is not a file but a folder, a device or a pipe"), ""
    return "file.unreadable", msg("can't be read ({reason})", reason=system_reason(error)), msg("check its permissions")
