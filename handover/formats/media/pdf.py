"""The number of pages that a PDF states.

Role: follows the cross-reference from the file's end to the page tree's `/Count` (ISO 32000-1, 7.5.4–7.5.8 and
7.7.3) by a few bounded reads and inflations. It's no PDF reader: encrypted, damaged or merely unusual files give
None.
"""

import re
import zlib
from typing import Final

from handover.formats.media.image import ReadAt

_TAIL: Final = 2048
_OBJECT: Final = 64 * 1024
_INFLATED: Final = 1024 * 1024
_SECTIONS: Final = 16
_OBJECTS: Final = 200_000
_MOST: Final = 1_000_000
_STARTXREF: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_ROOT: Final = re.compile(rb"/Root\s+(\d{1,10})\s+\d+\s+R")
_PAGES: Final = re.compile(rb"/Pages\s+(\d{1,10})\s+\d+\s+R")
_COUNT: Final = re.compile(rb"/Count\s+(\d{1,10})")
_PREVIOUS: Final = re.compile(rb"/(?:Prev|XRefStm)\s+(\d{1,12})")
_NUMBER: Final = {
    key: re.compile(rb"/" + key + rb"\s+(\d{1,10})") for key in (b"Length", b"Predictor", b"Columns", b"N", b"First")
}
_WIDTHS: Final = re.compile(rb"/W\s*\[\s*(\d)\s+(\d)\s+(\d)\s*\]")
_INDEX: Final = re.compile(rb"/Index\s*\[([\d\s]{1,2000})\]")

Place = tuple[int, int, int]
"""Where an object is: (1, offset, generation) in the file, (2, stream's number, index) in an object stream."""


def page_count(size: int, read: ReadAt) -> int | None:
    """The page tree's count, or None when it can't be found cheaply."""
    try:
        return _Document(size, read).pages()
    except (ValueError, IndexError, KeyError, zlib.error, RecursionError):
        return None


class _Document:
    def __init__(self, size: int, read: ReadAt) -> None:
        self._size = size
        self._read = read
        self._places: dict[int, Place] = {}
        self._trailer = b""

    def pages(self) -> int | None:
        tail = self._read(max(self._size - _TAIL, 0), min(self._size, _TAIL))
        starts = _STARTXREF.findall(tail)
        if not starts:
            return None
        self._load_references(int(starts[-1]))
        if b"/Encrypt" in self._trailer:
            return None  # names in object streams would be ciphertext
        catalogue = self._object(_number(_ROOT, self._trailer))
        tree = self._object(_number(_PAGES, catalogue))
        count = max((int(found) for found in _COUNT.findall(tree)), default=0)
        return count if 0 < count < _MOST else None

    def _load_references(self, start: int) -> None:
        pending, seen = [start], set[int]()
        while pending and len(seen) < _SECTIONS:
            offset = pending.pop(0)
            if offset in seen:
                continue
            seen.add(offset)
            data = self._read(offset, _OBJECT)
            trailer = self._table(offset, data) if data.startswith(b"xref") else self._reference_stream(data, offset)
            self._trailer = self._trailer or trailer
            pending += [int(found) for found in _PREVIOUS.findall(trailer)]

    def _table(self, offset: int, data: bytes) -> bytes:
        # A long table is read on as far as its objects are few enough to be worth it: 20 bytes each.
        if b"trailer" not in data:
            data = self._read(offset, _INFLATED)
        body, found, rest = data.partition(b"trailer")
        if not found:
            raise ValueError("no trailer")
        lines = body.split()[1:]
        at = 0
        while at + 1 < len(lines):
            first, count = int(lines[at]), int(lines[at + 1])
            at += 2
            for number in range(first, first + min(count, (len(lines) - at) // 3)):
                if lines[at + 2] == b"n":
                    self._places.setdefault(number, (1, int(lines[at]), 0))
                at += 3
        return rest.partition(b"startxref")[0]

    def _reference_stream(self, data: bytes, offset: int) -> bytes:
        head, content = self._stream(data, offset)
        widths = _WIDTHS.search(head)
        if not widths:
            raise ValueError("no widths")
        first, second, third = (int(width) for width in widths.groups())
        index = _INDEX.search(head)
        numbers = [int(number) for number in index[1].split()] if index else [0, _MOST]
        at = 0
        for start, count in zip(numbers[::2], numbers[1::2], strict=True):
            for number in range(start, start + count):
                row = content[at : at + first + second + third]
                at += len(row)
                if len(row) < first + second + third or not row or len(self._places) > _OBJECTS:
                    return head
                kind = int.from_bytes(row[:first], "big") if first else 1
                middle, last = row[first : first + second], row[first + second :]
                if kind in {1, 2}:
                    place = (kind, int.from_bytes(middle, "big"), int.from_bytes(last, "big"))
                    self._places.setdefault(number, place)
        return head

    def _object(self, number: int) -> bytes:
        kind, where, index = self._places[number]
        if kind == 1:
            return self._read(where, _OBJECT).partition(b"endobj")[0]
        kind, offset, _ = self._places[where]
        if kind != 1:
            raise ValueError("an object stream in an object stream")
        head, content = self._stream(self._read(offset, _OBJECT), offset)
        first = _number(_NUMBER[b"First"], head)
        pairs = content[:first].split()
        starts = [int(pair) for pair in pairs[1::2]]
        end = first + starts[index + 1] if index + 1 < len(starts) else len(content)
        return content[first + starts[index] : end]

    def _stream(self, data: bytes, offset: int) -> tuple[bytes, bytes]:
        """A stream object's dictionary and its content, inflated."""
        head, found, raw = data.partition(b"stream")
        if not found or b"endobj" in head:
            raise ValueError("no stream")
        start = offset + len(head) + len(found) + (2 if raw.startswith(b"\r\n") else 1)
        length = min(_number(_NUMBER[b"Length"], head), _INFLATED)
        raw = self._read(start, length)
        if b"/FlateDecode" not in head:
            return head, raw
        content = zlib.decompressobj().decompress(raw, _INFLATED)
        predictor = _NUMBER[b"Predictor"].search(head)
        if predictor and int(predictor[1]) >= 10:
            columns = _NUMBER[b"Columns"].search(head)
            content = _unpredict(content, int(columns[1]) if columns else 1)
        return head, content


def _number(pattern: "re.Pattern[bytes]", text: bytes) -> int:
    found = pattern.search(text)
    if not found:
        raise ValueError("not there")
    return int(found[1])


def _unpredict(content: bytes, columns: int) -> bytes:
    """Undo PNG's row filters None, Sub and Up (ISO 32000-1, 7.4.4.4), the ones that PDF writers use here."""
    if not 0 < columns <= 64:
        raise ValueError("an unusual row")
    above = bytes(columns)
    rows = []
    for at in range(0, len(content) - columns, columns + 1):
        row = bytearray(content[at + 1 : at + 1 + columns])
        match content[at]:
            case 0:
                pass
            case 1:
                for i in range(1, columns):
                    row[i] = (row[i] + row[i - 1]) & 0xFF
            case 2:
                row = bytearray((one + other) & 0xFF for one, other in zip(row, above, strict=True))
            case _:
                raise ValueError("an unusual filter")
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)
