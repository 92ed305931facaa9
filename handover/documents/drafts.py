"""Which file a draft of an e-mail holds, and the drafts that a newer one has made stale.

Role: a header of the draft names the file, its SHA-256 and that of the text beside it; here it is written and read
back. A stale draft is removed with its text only while both are as they were written. It sends nothing and reads no
bundle.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from handover.bundle.names import printable
from handover.formats.opener import open_named, read_named
from handover.model.errors import OutputError
from handover.model.message import msg, system_reason

HEADER = "X-Handover-Draft"
_FORM = re.compile(
    rb"^X-Handover-Draft: file=([A-Za-z0-9._-]{1,200});\r?\n sha256=([0-9a-f]{64});\r?\n text=([0-9a-f]{64})\r?$",
    re.MULTILINE,
)
_HEAD = 16 * 1024
_MOST_TEXT = 1024 * 1024


class Held(NamedTuple):
    """What a draft holds: the name and SHA-256 of the zip or document, and the SHA-256 of the text beside the draft."""

    file: str
    sha256: str
    text: str

    def header(self) -> bytes:
        """The header line, folded (RFC 5322, 2.2.3)."""
        return f"{HEADER}: file={self.file};\r\n sha256={self.sha256};\r\n text={self.text}".encode("ascii")


def held_by(draft: Path) -> Held | None:
    """What a draft holds; None for what isn't a draft of ours, or can't be read."""
    try:
        with open_named(draft, follow=False) as file:
            head, _, rest = file.read(_HEAD).partition(b"\r\n\r\n")
    except OSError:
        return None
    found = _FORM.search(head) if rest else None
    return None if found is None else Held(*(part.decode("ascii") for part in found.groups()))


def stale(folder: Path, bundle: str, sha256: str) -> Iterator[Path]:
    """The drafts in a folder that hold an earlier file of the name `bundle` than the one with that SHA-256."""
    for path in sorted(folder.glob("*.eml")):
        held = held_by(path)
        if held is not None and held.file == bundle and held.sha256 != sha256:
            yield path


def remove_stale(folder: Path, bundle: str, sha256: str) -> tuple[Path, ...]:
    """Remove them, each with its text unless that was edited; gives the drafts that are gone.

    Raises OutputError, naming it, for one that can't be removed: it must not be sent.
    """
    gone = []
    for path in list(stale(folder, bundle, sha256)):
        held, beside = held_by(path), path.with_suffix(".txt")
        try:
            if held is not None and _digest(beside) == held.text:
                beside.unlink()
            path.unlink()
        except OSError as error:
            raise OutputError.at(
                printable(str(path)),
                msg("holds a file as it was before, and can't be removed ({reason})", reason=system_reason(error)),
                hint=msg("don't send it: delete it"),
            ) from None
        gone.append(path)
    return tuple(gone)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(read_named(path, _MOST_TEXT, follow=False)).hexdigest()
    except OSError:
        return ""
