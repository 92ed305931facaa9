"""What a workbook would come to, counted before any cell is made.

Role: looks through the parts of an .xlsx once, block by block, and refuses more cells, tags or text than the file's
size makes plausible: a cell takes a few bytes of a zip, and hundreds of whoever reads it. It knows tags by their signs
alone, parses nothing and keeps nothing.
"""

import zipfile
from typing import Final

from handover.formats.package.opc import MAX_MARKUP
from handover.formats.package.zip_items import Limits
from handover.formats.zips import UNREADABLE, open_zip
from handover.model.errors import DamagedFile

MAX_CELLS: Final = 1_500_000
"""Cells of all sheets: 100,000 rows of fifteen columns."""

SMALL_CELLS: Final = 20_000
CELLS_PER_BYTE: Final = 0.25
"""What a workbook of any size may have, and what each of its bytes allows beyond: very regular ones take 5 bytes a
cell, others 10 to 20."""

TAGS_PER_CELL: Final = 8
"""Start and end of a cell, of its value and of a text's two further elements, and as much again."""

LIMITS: Final = Limits(parts=20_000, total_bytes=200 * 1024 * 1024)

_BLOCK: Final = 1024 * 1024
_CELL: Final = (b"<c", b":c")
"""How the tag of a cell begins, with and without a namespace's prefix; few others do."""

_ATTRIBUTES: Final = 16
"""Attributes of a tag: a row has ten at the most, a cell three."""

_STREAMED: Final = ("worksheets/", "sharedstrings")
"""Parts that are read element by element; of any other, a tree is made."""

_MEDIA: Final = (".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".tiff", ".bin")
"""Parts of which no tree is made, and in which signs of tags stand by chance."""


def check_count(data: bytes, place: str) -> None:
    """Refuse a workbook that would come to too much; `place` names it in messages. Raises DamagedFile.

    What is no zip passes: whoever reads it says what it is.
    """
    limits = LIMITS.of_a_file(len(data))
    cells = min(MAX_CELLS, int(SMALL_CELLS + CELLS_PER_BYTE * len(data)))
    counter = _Counter(place, limits.total_bytes, cells)
    try:
        with open_zip(data) as archive:
            entries = archive.infolist()
            if len(entries) > limits.parts:
                raise _refused(place, f"{len(entries):,} parts")
            for entry in entries:
                counter.count(archive, entry)
    except UNREADABLE:
        return


class _Counter:
    def __init__(self, place: str, most_bytes: int, most_cells: int) -> None:
        self._place = place
        self._most = {"bytes": most_bytes, "cells": most_cells, "tags": most_cells * TAGS_PER_CELL}
        self._found = dict.fromkeys(self._most, 0)

    def count(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Add one part, refusing as soon as it's too much."""
        streamed = any(name in entry.filename.lower() for name in _STREAMED)
        marks, seam = 0, b""
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                tags = block.count(b"<")
                self._add("bytes", len(block))
                self._add("tags", tags)
                self._add("cells", sum((seam + block).count(sign) for sign in _CELL))
                attributes = block.count(b"=")
                if attributes > _ATTRIBUTES * tags + _BLOCK // 100:
                    raise _refused(self._place, "tags with very many attributes")
                marks += tags + attributes
                if not streamed and marks > MAX_MARKUP and not entry.filename.lower().endswith(_MEDIA):
                    raise _refused(self._place, f"more than {MAX_MARKUP:,} tags and attributes beside its cells")
                seam = block[-1:]

    def _add(self, what: str, count: int) -> None:
        self._found[what] += count
        if self._found[what] > (most := self._most[what]):
            told = f"parts of more than {most >> 20} MB" if what == "bytes" else f"more than {most:,} {what}"
            raise _refused(self._place, told)


def _refused(place: str, what: str) -> DamagedFile:
    hint = "keep the sheets and columns that are needed, or export the table as CSV"
    return DamagedFile(f"{place}: has {what}, which is more than a workbook of its size holds", hint=hint)
