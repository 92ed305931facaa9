"""A zip that another program made of a bundle's files: its entries and their contents (docs/format.md, 13.2).

Role: the lenient reader. It reads with `zipfile`, within limits that are counted before anything is inflated, and tells
whether the zip still is as we write it, and whether programs could disagree about what is in it. It compares no
digest: that the files are the signed ones, `verify` finds out.
"""

import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from handover.bundle.names import printable, violations
from handover.bundle.read.contents import DEFLATED, STORED, ArchiveEntry, Contents, Form, Limits
from handover.model.errors import BundleError
from handover.model.message import msg

LARGEST_DIRECTORY: Final = 16 * 1024 * 1024
"""Bytes of a central directory that is read: some 150,000 entries, each of which costs half a kilobyte of memory."""
LIST_NAME: Final = "SHA256SUMS"
_LIMITS: Final = Limits()

_BLOCK: Final = 512 * 1024
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")  # APPNOTE 6.3.10, 4.3.7
_END: Final = struct.Struct("<IHHHHIIH")  # 4.3.16
_HAS_DESCRIPTOR: Final = 0x0008
_UTF8: Final = 0x0800
_DESCRIPTORS: Final = frozenset({12, 16, 20, 24})  # 4.3.9: with and without signature, with sizes of 4 and of 8 bytes
_END_SIGNATURE: Final = 0x06054B50
_END_64: Final = struct.Struct("<IQHHIIQQQQ")  # 4.3.14
_LOCATOR_64: Final = struct.Struct("<IIQI")  # 4.3.15
_LOCATOR_START: Final = b"PK\x06\x07"
_REGULAR_FILE: Final = 0o100644 << 16
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, RuntimeError,
                      NotImplementedError, OverflowError, struct.error)  # fmt: skip
"""What `zipfile` raises on a zip that isn't sound."""


def list_zip(file: BinaryIO) -> "zipfile.ZipFile | None":
    """The zip's directory as `zipfile` reads it, or None when it can't. Raises `BundleError` for one too large."""
    try:
        return zipfile.ZipFile(_Bounded(file))
    except _UNREADABLE:
        return None


class _Bounded:
    """A file of which no more than the largest directory is read at once, whatever its end record claims."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, length: int = -1) -> bytes:
        data = self._file.read(LARGEST_DIRECTORY + 1 if length < 0 else min(length, LARGEST_DIRECTORY + 1))
        if len(data) > LARGEST_DIRECTORY:
            raise BundleError(msg("it lists more files than are accepted in a zip that was made anew"), clause="13.3")
        return data


class Rezipped(Contents):
    """The files of a zip that isn't as we write it, by the names that the bundle's own list gives them."""

    def __init__(self, listed: zipfile.ZipFile, file: BinaryIO) -> None:
        """Read the zip that `list_zip` listed.

        Raises `BundleError` for what is encrypted, compressed in a rare way, there twice, or beyond the limits.
        """
        self._zip = listed
        self._file = file
        self._stored = listed.infolist()
        self.folder = _common_folder(self._stored)
        self._check_limits()
        # To choose between spellings: whether the list is good, `verify` finds out.
        listing = self._content(self.folder + LIST_NAME).decode("utf-8", "replace")
        spellings = frozenset(line[66:] for line in listing.split("\n"))
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in (info for info in self._stored if not info.is_dir()):
            name = _name(info, self.folder, spellings)
            if name in self._infos:
                raise BundleError(msg("it's there twice"), entry=printable(name), clause="13.2")
            self._infos[name] = info
        entries = (
            ArchiveEntry(name, i.compress_type, i.CRC, i.compress_size, i.file_size, i.header_offset)
            for name, i in self._infos.items()
        )
        super().__init__(tuple(entries), Form.REZIPPED)

    @property
    def stored_names(self) -> list[str]:
        """The names as they stand in the zip, folders included, in their order."""
        return [info.orig_filename for info in self._stored]

    def ambiguity(self) -> str:
        """Why programs could disagree about what the zip holds, in words; empty when they can't.

        Its entries must follow each other from the file's start to the directory, which says what the local headers
        say, and nothing may follow the end record but its comment.
        """
        starts = sorted(self._stored, key=lambda info: info.header_offset)
        after = [info.header_offset for info in starts[1:]] + [self._zip.start_dir]
        position = 0
        for info, follows in zip(starts, after, strict=True):
            if info.header_offset != position:
                return msg("something stands before or between its files")
            try:
                self._file.seek(info.header_offset)
                head = _LOCAL.unpack(self._file.read(_LOCAL.size))
                _, _, flags, method, _, _, crc, compressed, size, name_length, extra_length = head
                name = self._file.read(name_length)
                rest = follows - info.header_offset - _LOCAL.size - name_length - extra_length - info.compress_size
                if flags & _HAS_DESCRIPTOR:
                    sound = rest in _DESCRIPTORS
                else:
                    stated = {(info.compress_size, info.file_size), (0xFFFFFFFF, 0xFFFFFFFF)}
                    sound = rest == 0 and crc == info.CRC and (compressed, size) in stated
                fits = sound and flags == info.flag_bits and method == info.compress_type and name == _raw(info)
            except _UNREADABLE:
                fits = False
            if not fits:
                return msg("what it says of {name} differs from place to place", name=printable(info.orig_filename))
            position = follows
        try:
            return "" if self._ends_well() else msg("something stands after its files")
        except _UNREADABLE:
            return msg("its end is damaged")

    def stream(self, entry: ArchiveEntry) -> Iterator[bytes]:
        """The entry's content, checked against its size and CRC-32. Raises `BundleError`."""
        try:
            with self._zip.open(self._infos[entry.name]) as file:
                while piece := file.read(_BLOCK):
                    yield piece
        except _UNREADABLE:
            raise BundleError(msg("its content was changed or damaged"), entry=entry.name, clause="2.10") from None

    def _content(self, name: str) -> bytes:
        info = next((info for info in self._stored if info.orig_filename.replace("\\", "/") == name), None)
        if info is None or info.file_size > LARGEST_DIRECTORY:
            return b""
        try:
            return self._zip.read(info)
        except _UNREADABLE:
            return b""

    def _check_limits(self) -> None:
        _LIMITS.check(sum(info.file_size for info in self._stored), self._file.seek(0, os.SEEK_END), "13.3")
        for info in self._stored:
            entry = printable(info.orig_filename)
            if info.flag_bits & 1:
                raise BundleError(msg("the zip itself encrypts it"), entry=entry, clause="13.2")
            if info.compress_type not in {STORED, DEFLATED}:
                raise BundleError(
                    msg("it's compressed in a way that not every program reads"),
                    entry=entry,
                    clause="13.2",
                    hint=msg("extract it with the program that made it, and verify the folder"),
                )

    def _ends_well(self) -> bool:
        """Whether the directory, the ZIP64 records where there are any, and the end record end the file."""
        end = self._file.seek(0, os.SEEK_END) - _END.size - len(self._zip.comment)
        signature, *_, length, offset, _ = _END.unpack(self._read(end, _END.size))
        if signature != _END_SIGNATURE:
            return False
        if self._read(end - _LOCATOR_64.size, 4) == _LOCATOR_START:
            at = _LOCATOR_64.unpack(self._read(end - _LOCATOR_64.size, _LOCATOR_64.size))[2]
            _, rest, *_, length, offset = _END_64.unpack(self._read(at, _END_64.size))
            if at + 12 + rest != end - _LOCATOR_64.size:
                return False
            end = at
        return bool(offset == self._zip.start_dir and offset + length == end)

    def _read(self, offset: int, length: int) -> bytes:
        self._file.seek(max(offset, 0))
        return self._file.read(length)


def has_our_metadata(listed: zipfile.ZipFile) -> bool:
    """Whether an entry still has the metadata that bundles have (docs/format.md, 2.3): other programs write theirs."""
    return any(map(_is_ours, listed.infolist()))


def _is_ours(info: zipfile.ZipInfo) -> bool:
    made = (info.create_system, info.create_version, info.extract_version, info.external_attr, info.internal_attr)
    plain = not (info.comment or info.volume) and info.flag_bits in {0, _UTF8}
    dated = info.date_time == (1980, 1, 1, 0, 0, 0)
    return dated and plain and made in {(3, v, v, _REGULAR_FILE, 0) for v in (20, 45)}


def _raw(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _common_folder(infos: Sequence[zipfile.ZipInfo]) -> str:
    """The folder in which the list stands: who packs the folder itself gets its name before every file's."""
    names = [info.orig_filename.replace("\\", "/") for info in infos]
    found = sorted((n for n in names if n.rpartition("/")[2] == LIST_NAME and not violations(n)), key=len)
    return found[0].removesuffix(LIST_NAME) if found else ""


def _name(info: zipfile.ZipInfo, folder: str, spellings: frozenset[str]) -> str:
    """The entry's name as the list spells it, else as the zip does.

    Without the UTF-8 flag programs write their own code page (APPNOTE, D.1), some of them UTF-8; some write
    backslashes, and macOS gives accents decomposed.
    """
    raw, texts = _raw(info), [info.orig_filename]
    if not info.flag_bits & _UTF8 and not raw.isascii():
        texts = [raw.decode(code, "replace") for code in ("utf-8", "cp437", "cp850", "cp1252")]
    names = [unicodedata.normalize("NFC", text.replace("\\", "/").removeprefix(folder)) for text in texts]
    return next((name for name in names if name in spellings), names[0])
