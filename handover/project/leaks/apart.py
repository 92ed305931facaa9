"""What documents, archives, e-mails and packed texts hold: what the child process does (`handover.formats.confined`).

Role: knows which of the client's files must be read as a whole, and reads them: one file → pieces (`told`), each as
soon as it's there. It runs in the child, which knows no secret: what is found in the pieces is the parent's to say.
Archives in archives are looked into once more, within the limits of the outer one.
"""

import contextlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Final

from handover.project.leaks import archives, office
from handover.project.leaks.files import HEAD, kind_by_content, kind_by_name
from handover.project.leaks.text import as_read, encoding_of, pieces, rtf_text
from handover.project.leaks.told import Piece, Place, Trace, Unread, written

_CLOSED: Final = frozenset(
    {"doc", "xls", "ppt", "dot", "pps", "pages", "numbers", "key", "one", "mdb", "accdb", "msg", "pst", "wpd", "sxw",
     "indd", "iwa", "xlsb", "7z", "rar", "tar", "tgz", "bz2", "xz", "zst", "lzma", "lz", "lz4", "z",
     "cab", "arj", "lzh", "ace", "iso", "img", "dmg", "vhd", "vhdx", "vmdk", "wim", "exe", "msi", "pkg", "deb", "rpm"}
)  # fmt: skip
"""Documents, archives, disks and installers that aren't looked into."""
_CLOSED_STARTS: Final = (
    b"\xd0\xcf\x11\xe0",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"(\xb5/\xfd",
    b"MSCF",
    b'\x04"M\x18',
)
"""The same, whatever they are called: documents before 2007, bzip2, xz, 7-Zip, RAR, zstd, cabinets, LZ4."""
_TAR: Final = slice(257, 262)
_MAILS: Final = frozenset({"eml", "mbox", "mht", "mhtml"})
_RTF: Final = b"{\\rtf"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SQLITE: Final = b"SQLite format 3\0"
_UTF_16: Final = 59
"""Where a database says how its texts are encoded."""
_NO_TEXT: Final = bytes.maketrans(bytes(range(32)), b"\n" * 32)
_BEGINNING: Final = 32_768
_UNPRINTED: Final = bytes(byte if 32 <= byte < 127 else 10 for byte in range(256))
_SAID: Final = re.compile(rb"[^\n]{8,}")
"""What pictures and films say of themselves at their beginning (Exif, XMP, comments): texts as long as a password."""
_WIDE: Final = re.compile(rb"(?:[ -~]\0){8,}|(?:\0[ -~]){8,}")
"""The same in UTF-16: taking every zero away would put texts together that stand one behind another."""
_KINDS: Final = bytes(0 if byte == 0 else 1 if 32 <= byte < 127 else 2 for byte in range(256))
_SHORTEST_WIDE: Final = b"\0\1" * 7
"""What is in each text that `_WIDE` finds, by the `_KINDS` of its bytes."""
_PDF_HEADER: Final = 1024
"""Bytes within which readers look for a PDF's header (ISO 32000-1, annex H, 3.4.1)."""
_ENCODING: Final = 8_192


class Kind(StrEnum):
    """What must be read as a whole before it can be searched."""

    OFFICE = "office"
    PDF = "pdf"
    ARCHIVE = "archive"
    GZIP = "gzip"
    MAIL = "mail"


_ENDINGS: Final = office.ENDINGS | archives.ENDINGS | _MAILS | {"pdf", "gz"}
_STARTS: Final = {b"%PDF-": Kind.PDF, b"PK\3\4": Kind.ARCHIVE, b"\x1f\x8b": Kind.GZIP, b"From - ": Kind.MAIL}


def ending_of(name: str) -> str:
    """What stands behind the last dot of a name, in lower case."""
    return name.rpartition(".")[2].lower()


def may_be_apart(name: str) -> bool:
    """Whether files of such a name are mostly read apart."""
    return ending_of(name) in _ENDINGS


def kind_of(ending: str, start: bytes) -> Kind | None:
    """As what a file must be read apart, if so, by the ending of its name and its first `HEAD` bytes."""
    if ending in office.ENDINGS:
        return Kind.OFFICE
    found = next((kind for first, kind in _STARTS.items() if start.startswith(first)), None)
    if found is not None:
        return found
    if ending in _MAILS:
        return Kind.MAIL
    if ending in archives.ENDINGS and b"\0" in start:
        return Kind.ARCHIVE  # programs find a zip by its end
    is_pdf = b"%PDF-" in start[:_PDF_HEADER] and (ending == "pdf" or encoding_of(start[:_ENCODING]) is None)
    return Kind.PDF if is_pdf else None


def is_closed(ending: str, start: bytes) -> bool:
    """Whether a file is a document or an archive that isn't looked into."""
    if start.startswith(_CLOSED_STARTS) or start[_TAR] == b"ustar":
        return True
    return ending in _CLOSED and not start.startswith(_SQLITE) and encoding_of(start[:_ENCODING]) is None


def first_of(blocks: Iterator[bytes]) -> bytes:
    """The first `HEAD` bytes or more."""
    start = b""
    for block in blocks:
        start += block
        if len(start) >= HEAD:
            break
    return start


def texts_of(start: bytes, blocks: Iterable[bytes]) -> Iterator[tuple[str, int]]:
    """The pieces of what is text, with the lines before each; of what isn't, words at its beginning. `first_of` gave
    its `start`.
    """
    if start.startswith(_SQLITE):
        # In UTF-16 every other byte of Latin text is zero (SQLite's file format, 1.3.13).
        zeros = b"\0" if start[_UTF_16] in {2, 3} else b""
        blocks, start = (block.translate(_NO_TEXT, zeros) for block in blocks), start.translate(_NO_TEXT, zeros)
    encoding = encoding_of(start[:_ENCODING])
    if encoding is not None:
        is_rtf = start.startswith(_RTF)
        for text, lines in pieces(start, blocks, encoding):
            yield rtf_text(text) if is_rtf else text, lines
            if (shown := as_read(text)) is not None:
                yield shown, lines
    else:
        head = start[:_BEGINNING] + _packed_in_png(start)
        said = _SAID.findall(head.translate(_UNPRINTED))
        if _SHORTEST_WIDE in head.translate(_KINDS):  # the expression looks at each byte in Python's own engine
            said += (wide.replace(b"\0", b"") for wide in _WIDE.findall(head))
        if said:
            yield b"\n".join(said).decode("ascii"), 0


def _packed_in_png(start: bytes) -> bytes:
    """The compressed texts at a PNG's beginning (PNG 3, 11.3.3), the first bytes of each."""
    found, at = b"", len(_PNG)
    while start.startswith(_PNG) and at + 8 <= len(start) and len(found) < _BEGINNING:
        size, kind = int.from_bytes(start[at : at + 4], "big"), start[at + 4 : at + 8]
        _, zero, text = start[at + 8 : at + 8 + size].partition(b"\0")
        packed = text[1:] if kind == b"zTXt" else b""
        if kind == b"iTXt" and text[:1] == b"\1":
            packed = text[2:].split(b"\0", 2)[-1]
        with contextlib.suppress(zlib.error):
            found += b"\n" + zlib.decompressobj().decompress(packed, _BEGINNING) if zero and packed else b""
        at += size + 12
    return found


def held(sent: bytes) -> Iterator[bytes]:
    """What the child does: a file behind its kind and a line break → pieces."""
    kind, _, content = sent.partition(b"\n")
    return map(written, _READERS[Kind(kind.decode())](content))


def _pdf(content: bytes) -> Iterator[Piece]:
    from handover.formats.pdf_text import texts

    for number, text in texts(content):
        if number < 0:
            yield Unread.CLOSED, 0, text
        else:
            yield Place.PAGE if number else Place.BESIDE, number, text


def _mail(content: bytes) -> Iterator[Piece]:
    from handover.formats.mail_text import parts

    yield from _text(archives.in_blocks(content), Place.SOURCE)
    yield from _members(parts(content))


def _archive(content: bytes) -> Iterator[Piece]:
    try:
        yield from _members(archives.members(content, room := archives.Room()), room)
    except ValueError as error:
        yield error.args[0], 0, ""
    if office.is_package(content):  # under another name
        yield Trace.HOLDS, 0, ""
        yield from office.read_office(content)


def _members(
    members: Iterable[tuple[str, bytes | None]], room: archives.Room | None = None, holder: str = ""
) -> Iterator[Piece]:
    """What the members hold; `room` is what archives among them may inflate to, `holder` what this one stands in."""
    for called, data in members:
        name = f"{holder}/{called}" if holder and called else called
        yield Trace.HOLDS, 0, name
        if not kind_by_name(name) and (what := kind_by_content((data or b"")[:HEAD])):
            yield Trace.SECRET, 0, what
        if data is None:
            yield Unread.LOCKED, 0, name
        elif not name:
            yield from _text(archives.in_blocks(data), Place.COMMENT)
        else:
            yield from _member(name, data, None if holder else room)


def _member(name: str, data: bytes, room: archives.Room | None) -> Iterator[Piece]:
    ending = ending_of(name)
    if data.startswith(b"%PDF-"):
        kind = Kind.PDF
    elif ending in _MAILS or ending in office.ENDINGS:
        kind = Kind.MAIL if ending in _MAILS else Kind.OFFICE
    elif room is not None and data.startswith(b"\x1f\x8b"):
        kind = Kind.GZIP
    elif room is not None and data.startswith(b"PK\3\4"):
        try:
            yield from _members(archives.members(data, room), holder=name)
        except ValueError:
            yield Unread.CLOSED, 0, name
        return
    elif data.startswith((b"PK\3\4", b"\x1f\x8b")) or is_closed(ending, data[:HEAD]):
        yield Unread.CLOSED, 0, name
        return
    else:
        yield from _text(archives.in_blocks(data), Place.TEXT)
        return
    try:
        for piece in _READERS[kind](data):
            yield (Unread.CLOSED, 0, name) if isinstance(piece[0], Unread) else piece
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 — whatever a parser raises: what else the file holds is read nevertheless
        yield Unread.CLOSED, 0, name


def _gzip(content: bytes) -> Iterator[Piece]:
    faults: list[Unread] = []

    def unpacked() -> Iterator[bytes]:
        try:
            yield from archives.gunzipped(content)
        except ValueError as error:  # what came before it is searched all the same
            faults.append(error.args[0])

    found = unpacked()
    start = first_of(found)
    is_text = encoding_of(start[:_ENCODING]) is not None or start.startswith(_SQLITE)
    if not is_text or start.startswith((b"%PDF-", b"PK\3\4")) or is_closed("", start):
        yield Unread.PACKED, 0, ""
        return
    yield from _text(chain((start,), found), Place.UNPACKED)
    yield from ((fault, 0, "") for fault in faults)


def _text(blocks: Iterator[bytes], place: Place) -> Iterator[Piece]:
    start = first_of(blocks)
    return ((place, 0, text) for text, _ in texts_of(start, blocks))


_READERS: Final[Mapping[Kind, Callable[[bytes], Iterator[Piece]]]] = {
    Kind.OFFICE: office.read_office,
    Kind.PDF: _pdf,
    Kind.ARCHIVE: _archive,
    Kind.GZIP: _gzip,
    Kind.MAIL: _mail,
}
