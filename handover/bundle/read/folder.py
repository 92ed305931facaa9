"""A folder into which a bundle was extracted: its files as entries, and their contents (docs/format.md, 13.1).

Role: lists regular files alone and reads each without following a link or waiting for a pipe. What an operating
system leaves in folders is told from what people put there. It writes nothing, and compares nothing with a list.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from handover.bundle.names import printable
from handover.bundle.read.contents import STORED, ArchiveEntry, Contents, Form, Limits
from handover.formats.opener import NotRegular, is_link, open_named
from handover.model.errors import BundleError
from handover.model.message import msg, system_reason

_BLOCK: Final = 512 * 1024
_DEEPEST: Final = 200
"""Folders within folders that are entered: a name has at most 200 characters (format 3.4)."""
_LEFT_FILES: Final = frozenset(
    {".ds_store", ".localized", "icon\r", "thumbs.db", "thumbs.db:encryptable", "ehthumbs.db", "desktop.ini",
     ".directory"}
)  # fmt: skip
_LEFT_FOLDERS: Final = frozenset(
    {"__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".appledouble", "@eadir",
     "$recycle.bin", "system volume information"}
)  # fmt: skip
_LEFT_PREFIX: Final = "._"
"""AppleDouble files: what macOS keeps beside a file where the file system can't."""


def is_left_by_system(name: str) -> bool:
    """Whether macOS, Windows, a Linux desktop or a network disk leaves a file of this path without being asked."""
    *folders, file = name.casefold().split("/")
    return file in _LEFT_FILES or file.startswith(_LEFT_PREFIX) or not _LEFT_FOLDERS.isdisjoint(folders)


class Folder(Contents):
    """The regular files under a folder, by their paths in NFC."""

    def __init__(self, root: Path) -> None:
        """List them, in the order of their names.

        Raises `BundleError` for a link, a pipe, a device, a folder that can't be listed and more files than a bundle
        may have.
        """
        most = Limits().entries
        self._paths: dict[str, Path] = {}
        entries: list[ArchiveEntry] = []
        for spelt, path, facts in _walk(root, ""):
            name = unicodedata.normalize("NFC", spelt)
            if name in self._paths:
                raise BundleError(msg("it's there twice, in two spellings"), entry=printable(name), clause="3.5")
            if len(entries) == most:
                raise BundleError(msg("it holds more than {entries:,} files", entries=most), clause="2.9")
            self._paths[name] = path
            entries.append(ArchiveEntry(name, STORED, 0, facts.st_size, facts.st_size, 0))
        super().__init__(sorted(entries), Form.FOLDER)

    def stream(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The file's content. Raises `BundleError` when it can't be read, or its size isn't the one that was listed."""
        size = 0
        try:
            with open_named(self._paths[entry.name], follow=False) as file:
                while piece := file.read(_BLOCK):
                    size += len(piece)
                    yield piece
        except NotRegular:
            raise _no_file(entry.name) from None
        except OSError as error:
            raise _unreadable(entry.name, error) from error
        if size != entry.size:
            raise BundleError(msg("it changed while it was read"), entry=entry.name, clause="13.1")


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path, os.stat_result]]:
    """Every file below, by its path with slashes."""
    if prefix.count("/") > _DEEPEST:
        raise BundleError(msg("its folders lie deeper than any bundle's"), entry=printable(prefix), clause="13.1")
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            name = prefix + entry.name
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode) and not is_link(facts):
                yield from _walk(folder / entry.name, f"{name}/")
            elif stat.S_ISREG(facts.st_mode):
                yield name, folder / entry.name, facts
            else:
                raise _no_file(name)
    except OSError as error:
        raise _unreadable(prefix, error) from error


def _no_file(name: str) -> BundleError:
    return BundleError(msg("it's a link, a pipe or a device, not a file"), entry=printable(name), clause="13.1")


def _unreadable(name: str, error: OSError) -> BundleError:
    return BundleError(
        msg("it can't be read: {reason}", reason=system_reason(error)), entry=printable(name), clause="13.1"
    )
