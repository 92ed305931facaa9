"""A file written by several threads at offsets of their own.

Role: whole writes and reads at an offset, with the system's refusal told as an `OutputError`. It neither
decides offsets nor creates, syncs or renames the file.
"""

import os
import threading
from collections.abc import Sequence
from typing import BinaryIO, Final

from handover.bundle.publish import output_error
from handover.bundle.write.deflate import Buffer
from handover.model.message import msg

_HAS_PWRITE: Final = hasattr(os, "pwrite")
_PLACE: Final = msg("the output folder")


class PositionalFile:
    """Writes and reads a real file (one with a descriptor) at given offsets, from any thread.

    The file's own position is left alone on POSIX. Windows has no `pwrite`: there a lock and a seek stand
    in for it, and writing isn't parallel.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.flush()
        self._file = file
        self._descriptor = file.fileno()
        self._lock = threading.Lock()

    def write_at(self, data: Buffer, offset: int) -> None:
        """Write all of `data` at `offset`. Raises `OutputError` when the system refuses."""
        try:
            written = self._write_some(data, offset)
            while written < len(data):
                written += self._write_some(memoryview(data)[written:], offset + written)
        except OSError as error:
            raise output_error(_PLACE, error) from error

    def write_chunks_at(self, chunks: Sequence[Buffer], offset: int) -> None:
        """Write the chunks one after another from `offset` on."""
        for chunk in chunks:
            self.write_at(chunk, offset)
            offset += len(chunk)

    def truncate(self, length: int) -> None:
        """Cut or extend the file to `length` bytes."""
        try:
            os.truncate(self._descriptor, length)
        except OSError as error:
            raise output_error(_PLACE, error) from error

    def _write_some(self, data: Buffer, offset: int) -> int:
        if _HAS_PWRITE:
            return os.pwrite(self._descriptor, data, offset)
        with self._lock:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.write(self._descriptor, data)
