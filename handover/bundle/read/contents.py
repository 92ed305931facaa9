"""Entries in order and their contents, wherever they stand: in the zip as it was made, in another, in a folder.

Role: what verification and extraction read through, so that they ask the same of all three. It knows no file format.
"""

import hashlib
from collections.abc import Iterator, Sequence
from copy import copy
from enum import StrEnum
from typing import Self

from handover.bundle.read.entries import ArchiveEntry
from handover.model.errors import BundleError
from handover.model.message import msg


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

    @property
    def is_zip(self) -> bool:
        """Whether sizes and checksums stand beside the contents."""
        return self.form is not Form.FOLDER

    def get(self, name: str) -> ArchiveEntry | None:
        """The entry of that exact name, or None."""
        return self._by_name.get(name)

    def holding(self, entries: Sequence[ArchiveEntry], *, loose: Sequence[ArchiveEntry] = ()) -> Self:
        """The same source with other entries of it, or in another order."""
        other = copy(self)
        Contents.__init__(other, entries, self.form, loose=loose)
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
        return b"".join(self.stream(entry))

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
