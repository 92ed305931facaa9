"""Entries in order and their contents, wherever they stand: in the zip as it was made, in another, in a folder.

Role: what verification and extraction read through, so that they ask the same of all three; what is said of an entry,
and how much a bundle may cost its reader. It knows no file format.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from enum import StrEnum
from typing import Final, NamedTuple, Self

from handover.bundle.names import find_clashes, printable
from handover.model.errors import BundleError
from handover.model.message import msg

STORED: Final = 0  # APPNOTE 6.3.10, 4.4.5
DEFLATED: Final = 8


class Limits(NamedTuple):
    """What a bundle may cost its reader, checked before inflating (docs/format.md, 2.9).

    Contents may total `free_total` bytes, or `ratio` times the zip's own size when that is more.
    """

    entries: int = 1_000_000
    free_total: int = 256 * 1024**2
    ratio: int = 100

    def check(self, total: int, size: int, clause: str) -> None:
        """Refuse contents of `total` bytes in a zip of `size`, if that's out of proportion. Raises `BundleError`."""
        if total > (allowed := max(self.free_total, self.ratio * size)):
            raise BundleError(
                msg(
                    "its contents would take {total:,} bytes, at most {allowed:,} are accepted for its size",
                    total=total,
                    allowed=allowed,
                ),
                clause=clause,
            )


@contextlib.contextmanager
def told_of_second() -> Iterator[None]:
    """Whatever is wrong in here is wrong with the second zip of a split bundle."""
    try:
        yield
    except BundleError as error:
        error.in_second = True
        raise


class ArchiveEntry(NamedTuple):
    """One entry as its headers state it: sizes in bytes, `data` the offset of its first stored byte.

    A named tuple, as a bundle may have a million of them: it takes a third of a frozen dataclass's time to make.
    """

    name: str
    method: int
    crc: int
    compressed: int
    size: int
    data: int

    @property
    def is_stored(self) -> bool:
        """Whether the content stands in the zip as it is."""
        return self.method == STORED


def refuse_clashes(names: Iterable[str]) -> None:
    """Refuse names that are one on Windows and macOS. Raises `BundleError` (3.5)."""
    if clashes := find_clashes(names):
        one, other = clashes[0]
        raise BundleError(
            msg("on Windows and macOS this is the same name as {one}", one=printable(one)), entry=other, clause="3.5"
        )


class Form(StrEnum):
    """What a bundle's files were found in (docs/format.md, sections 2 and 13)."""

    ORIGINAL = "original"
    REZIPPED = "rezipped"
    FOLDER = "folder"


class Contents:
    """Entries in order, and their contents. What reads a form gives `stream`."""

    form: Form

    def __init__(self, entries: Sequence[ArchiveEntry], form: Form, *, loose: Sequence[ArchiveEntry] = ()) -> None:
        self.form = form
        self.loose = tuple(loose)
        """Assets that the list doesn't name: a split bundle's, whose second zip came into the same folder."""
        self.entries = tuple(entries)
        self._by_name = {entry.name: entry for entry in self.entries}
        self._digests: Mapping[str, str] = {}

    @property
    def is_zip(self) -> bool:
        """Whether sizes and checksums stand beside the contents."""
        return self.form is not Form.FOLDER

    def get(self, name: str) -> ArchiveEntry | None:
        """The entry of that exact name, or None."""
        return self._by_name.get(name)

    def holding(
        self, entries: Sequence[ArchiveEntry], *, loose: Sequence[ArchiveEntry] = (), form: Form | None = None
    ) -> Self:
        """The same source with other entries of it, or in another order, or as another form."""
        other = copy(self)
        Contents.__init__(other, entries, form or self.form, loose=loose)
        return other

    def stream(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The entry's content in pieces of at most 1 MiB.

        Raises `BundleError` when it isn't what its source states of it: then what was given before isn't to be trusted.
        """
        raise NotImplementedError

    def read(self, entry: ArchiveEntry, limit: int) -> bytes:
        """The whole content of an entry, refused beyond `limit` bytes. Raises `BundleError` like `stream`."""
        if entry.size > limit:
            raise BundleError(
                msg("it has {size:,} bytes, at most {limit:,} are accepted here", size=entry.size, limit=limit),
                entry=entry.name,
                clause="2.9",
            )
        content = b"".join(self.stream(entry))
        known = self._digests.get(entry.name)
        if known is not None and hashlib.sha256(content).hexdigest() != known:
            raise BundleError(msg("it changed while it was read"), entry=entry.name, hint=msg("try again"))
        return content

    def hold_to(self, digests: Mapping[str, str]) -> None:
        """From now on `read` gives what has these digests (SHA-256 by name), and nothing else: all of a verdict is
        about the same bytes."""
        self._digests = digests

    def digest_all(self, workers: int) -> dict[str, str]:  # noqa: ARG002 — for those that can use them
        """SHA-256 of every entry by name, in order, taken by up to `workers` threads.

        Raises `BundleError` like `stream`, for the first entry that is damaged.
        """
        found = {}
        for entry in self.entries:
            digest = hashlib.sha256()
            for piece in self.stream(entry):
                digest.update(piece)
            found[entry.name] = digest.hexdigest()
        return found
