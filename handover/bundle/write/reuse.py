"""What a build may take over from the previous bundle: compressed bytes of files that didn't change.

Role: the record in `out/.reuse/<client>.json` (paths, sizes, times and digests; no secrets) and reading from the
previous bundle. A file is taken for unchanged when path, size, modification and change time and inode
are the recorded ones; the copied bytes' digest is compared all the same. A wrong or damaged record costs time, never
correctness: whatever doesn't fit is ignored, and verification digests every byte again before publishing.
"""

import contextlib
import errno
import hashlib
import json
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from handover.bundle.names import slug
from handover.bundle.write.assets import read_at
from handover.bundle.write.headers import DEFLATED, LIMIT_32, STORED
from handover.formats.opener import open_named
from handover.model.errors import HandoverError

SMALLEST_KEPT: Final = 16 * 1024
"""Below this size reading and deflating a file again costs no more than copying and comparing."""

_FOLDER: Final = ".reuse"
_VERSION: Final = 1
_SETTLED_NS: Final = 2_000_000_000
"""A file changed less than this before packing began isn't recorded: within one tick of the file system's clock
(2 s on FAT) it could change again unnoticed."""
_EXPANSION: Final = 64 * 1024
"""No encoder makes more than this, and a thousandth, out of content that doesn't shrink."""


class StaleReuse(HandoverError):
    """The previous bundle doesn't hold what the record says; the build does without it."""

    code = "stale-reuse"


class Kept(NamedTuple):
    """One file as it was packed: the source's facts, the headers' facts, and where its data is in the bundle.

    Times in nanoseconds, sizes and `offset` in bytes, digests in lower-case hexadecimal: `sha256` of the
    content, `data_sha256` of the bytes as stored.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    method: int
    crc: int
    compressed: int
    offset: int
    sha256: str
    data_sha256: str

    def fits(self, facts: os.stat_result) -> bool:
        """Whether the file is still the one that was packed."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode) == (
            facts.st_size,
            facts.st_mtime_ns,
            facts.st_ctime_ns,
            facts.st_ino,
        )


class Reuse:
    """The previous bundle, open for reading, and what is recorded of it. Close it before publishing."""

    def __init__(self, descriptor: int, codec: str, kept: dict[str, Kept]) -> None:
        self._descriptor = descriptor
        self._kept = kept
        # Where reading at an offset moves the descriptor's position (Windows), only one worker may read at a time.
        self._reading = contextlib.nullcontext() if hasattr(os, "pread") else threading.Lock()
        self.codec = codec
        """The encoder that made the deflated data: another one's bytes would differ."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._kept)

    def close(self) -> None:
        """Close the previous bundle; nothing is found afterwards."""
        self._kept = {}
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def knows(self, path: str) -> bool:
        """Whether anything is recorded of the file."""
        return path in self._kept

    def find(self, path: str, facts: os.stat_result) -> Kept | None:
        """The record of an unchanged file, or None."""
        kept = self._kept.get(path)
        return kept if kept and kept.fits(facts) else None

    def blocks(self, kept: Kept, block: int) -> Iterator[bytes]:
        """The stored bytes in pieces of at most `block` bytes.

        Raises `StaleReuse` after the last one when they aren't the recorded ones: the caller must not have relied
        on them before.
        """
        digest = hashlib.sha256()
        done = 0
        while done < kept.compressed:
            try:
                with self._reading:
                    data = read_at(self._descriptor, kept.offset + done, min(block, kept.compressed - done))
            except OSError as error:
                raise StaleReuse(f"{kept.path}: the previous bundle can't be read") from error
            if not data:
                raise StaleReuse(f"{kept.path}: the previous bundle is shorter than recorded")
            digest.update(data)
            done += len(data)
            yield data
        if digest.hexdigest() != kept.data_sha256:
            raise StaleReuse(f"{kept.path}: the previous bundle's bytes aren't the recorded ones")


def settled(facts: os.stat_result, began_ns: int) -> bool:
    """Whether a file's facts will tell a later change, given when packing began (the disk's clock, ns)."""
    return max(facts.st_mtime_ns, facts.st_ctime_ns) < began_ns - _SETTLED_NS


def load_reuse(folder: Path, client: str) -> Reuse | None:
    """The previous bundle in the output folder, as recorded for this client; None when there is none to use."""
    try:
        with os.fdopen(_open_record(folder, client), encoding="utf-8") as lines:
            head = json.loads(next(lines).rstrip("\n").removesuffix(",[") + "]")
            version, bundle, codec = head
            if version != _VERSION or bundle != Path(bundle).name:
                return None
            kept = dict(_parse(line) for line in lines if line.startswith("["))
        descriptor = _open_file(folder / bundle)
    except (OSError, ValueError, TypeError, StopIteration, RecursionError):
        return None
    # A record that reaches outside would have room laid out for bytes that can't come.
    size = os.fstat(descriptor).st_size
    inside = {path: one for path, one in kept.items() if one.offset + one.compressed <= size}
    return Reuse(descriptor, str(codec), inside)


def save_reuse(folder: Path, client: str, bundle: str, codec: str, kept: Iterable[Kept]) -> None:
    """Record what the published `bundle` (a name in `folder`) holds, in place of an earlier record.

    Raises `OSError`; the caller may well ignore it, as only time is lost.
    """
    path = _record_path(folder, client)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    _check_own_folder(path.parent)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        # One asset a line: a long record is read without holding its whole tree in memory.
        file.write(json.dumps([_VERSION, bundle, codec])[:-1] + ",[\n")
        separator = ""
        for one in kept:
            file.write(separator + json.dumps(one))
            separator = ",\n"
        file.write("\n]]\n")
    temporary.replace(path)


def forget_reuse(folder: Path, client: str) -> None:
    """Remove the record, for a bundle that was published without one."""
    _record_path(folder, client).unlink(missing_ok=True)


def _record_path(folder: Path, client: str) -> Path:
    return folder / _FOLDER / f"{slug(client)}.json"


def _open_record(folder: Path, client: str) -> int:
    path = _record_path(folder, client)
    _check_own_folder(path.parent)
    return _open_file(path)


def _check_own_folder(folder: Path) -> None:
    # Whoever may write to the output folder must not send the record elsewhere.
    if not stat.S_ISDIR(os.lstat(folder).st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


def _open_file(path: Path) -> int:
    """A descriptor of a regular file that isn't a link."""
    with open_named(path, follow=False) as file:
        return os.dup(file.fileno())


def _parse(line: str) -> tuple[str, Kept]:
    fields: list[Any] = json.loads(line.rstrip(",\n"))
    kept = Kept(*fields)
    texts, numbers = (kept.path, kept.sha256, kept.data_sha256), fields[1:9]
    if not all(isinstance(text, str) for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("not a record")
    if not _plausible(kept):
        raise ValueError("not a plausible record")
    return kept.path, kept


def _plausible(kept: Kept) -> bool:
    stored = kept.method == STORED and kept.compressed == kept.size and kept.sha256 == kept.data_sha256
    return (
        (stored or kept.method == DEFLATED)
        and len(bytes.fromhex(kept.sha256)) == len(bytes.fromhex(kept.data_sha256)) == hashlib.sha256().digest_size
        and 0 <= kept.crc < 1 << 32
        and min(kept.size, kept.compressed, kept.offset) >= 0
        and kept.compressed <= kept.size + (kept.size >> 10) + _EXPANSION
        and not kept.size < LIMIT_32 <= kept.compressed  # the header is laid out by the size
    )
