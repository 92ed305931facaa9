"""The zip's bytes, by offset.

Role: reads exactly what it's asked for, for several threads at once, and turns the system's refusals and a file that
is too short into errors for people. It doesn't know what a zip is.
"""

import hashlib
import os
import threading
from typing import BinaryIO

from handover.model.errors import BundleError
from handover.model.message import msg, system_reason


def sha256_of(file: BinaryIO) -> str:
    """SHA-256 of a whole seekable file, in lower-case hexadecimal; its position is the start afterwards."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # a raw file reads and seeks, too
    file.seek(0)
    return digest.hexdigest()


class Source:
    """A seekable file read at offsets by several threads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.size = file.seek(0, os.SEEK_END)
        self._descriptor = -1
        if hasattr(os, "pread"):
            try:
                self._descriptor = file.fileno()
            except OSError:  # a file in memory has none
                self._descriptor = -1

    def read(self, offset: int, length: int, entry: str = "") -> bytes:
        """Exactly `length` bytes from `offset`; `entry` names what they belong to in messages.

        Raises `BundleError` when the file ends before, or can't be read.
        """
        pieces = b""
        while len(pieces) < length:
            piece = self._read_some(offset + len(pieces), length - len(pieces), entry)
            if not piece:
                raise BundleError(msg("the file ends in the middle: it was cut short"), entry=entry, clause="2.1")
            pieces = pieces + piece if pieces else piece
        return pieces

    def _read_some(self, offset: int, length: int, entry: str) -> bytes:
        try:
            if self._descriptor >= 0:
                return os.pread(self._descriptor, length, offset)
            with self._lock:
                self._file.seek(offset)
                return self._file.read(length)
        except OSError as error:
            raise BundleError(
                msg("the file can't be read: {reason}", reason=system_reason(error)),
                entry=entry,
                hint=msg("check the disk"),
            ) from error
