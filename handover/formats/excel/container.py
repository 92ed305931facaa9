"""A workbook's zip: the parts that hold its sheets, found by their relationships and read when they are asked for.

Role: takes what spreadsheet programs take (ECMA-376 Part 2, and what other programs make of it): names with
backslashes or in other letter case, Strict Open XML, parts in UTF-16. Whatever isn't on the way from the package to a
sheet (thumbnails, `customXml`, drawings, `[trash]`) is never inflated. Limits hold before anything is parsed. It knows
no cells.
"""

import codecs
import re
import zipfile
from posixpath import normpath
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.formats.package.opc import MAX_MARKUP, xml_parser
from handover.formats.package.zip_items import Limits, inflate
from handover.formats.sniff import kind_of
from handover.formats.zips import UNREADABLE, open_zip
from handover.model.errors import DamagedFile
from handover.model.message import msg

if TYPE_CHECKING:
    from lxml.etree import _Element

LIMITS: Final = Limits(parts=20_000, part_bytes=128 * 1024 * 1024)

MAX_CELLS: Final = 1_500_000
"""Cells of all sheets: 100,000 rows of fifteen columns."""

SMALL_FILE: Final = 1_000_000
SMALL_CELLS: Final = 150_000
BYTES_PER_CELL: Final = 3
"""What a workbook of at most `SMALL_FILE` bytes may have, and what each cell beyond that takes of a larger one: very
regular ones shrink to 3 bytes a cell, others to 5 to 20. A cell costs whoever reads it hundreds of bytes."""

TAGS_PER_CELL: Final = 8
"""Start and end of a cell, of its value and of a text's two further elements, and as much again."""

_ATTRIBUTES: Final = 16
"""Attributes of a tag: a row has ten at the most, a cell three."""

_BLOCK: Final = 1024 * 1024
_STREAMED: Final = ("worksheets/", "sharedstrings")
"""Parts that are read element by element; of any other, a tree is made."""

_ENCODING = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16"})
"""Those that parsers of office programs know; a part that names another is read as UTF-8, or refused."""

_DAMAGED: Final = msg("open it in Excel or LibreOffice and save it again as an Excel workbook (.xlsx)")
_FALLBACK: Final = "xl/workbook.xml"


class Related(NamedTuple):
    """A relationship inside the package: the last word of its type (`worksheet`) and the part that it leads to."""

    kind: str
    part: str


class Container:
    """The parts of one workbook. Raises DamagedFile, with `place` and nothing of the content, for what isn't one."""

    def __init__(self, data: bytes, place: str) -> None:
        self._place = place
        self._most = min(MAX_CELLS, SMALL_CELLS + max(0, len(data) - SMALL_FILE) // BYTES_PER_CELL)
        self._counted: dict[str, tuple[int, int]] = {}
        self._left = LIMITS.of_a_file(len(data)).total_bytes
        if len(data) > LIMITS.total_bytes:
            message = msg("is larger than {total_bytes} MB", total_bytes=LIMITS.total_bytes >> 20)
            raise self.damaged(message, msg("keep the sheets that are needed"))
        try:
            self._zip = open_zip(data)
            entries = self._zip.infolist()
        except UNREADABLE:
            kind = kind_of(data)
            if kind and not kind.startswith("a damaged"):
                raise self.damaged(msg("is {kind}", kind=kind)) from None
            raise self.damaged(msg("is no workbook, or a damaged one")) from None
        if len(entries) > LIMITS.parts:
            raise self.damaged(msg("has {count} parts; {parts} are the limit", count=len(entries), parts=LIMITS.parts))
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            # Programs on Windows have written backslashes; readers also compare without letter case (Part 2, 6.2.2.3).
            name = entry.filename.replace("\\", "/").lstrip("/").lower()
            if name in self._entries:
                raise self.damaged(msg("has two parts of one name"))
            self._entries[name] = entry
        self.main = self._main(data)

    def damaged(self, what: str, hint: str = _DAMAGED) -> DamagedFile:
        """The error for this workbook."""
        return DamagedFile.at(self._place, what, hint=hint)

    @property
    def has_macros(self) -> bool:
        """Whether a part holds macros."""
        return any("vbaproject" in name for name in self._entries)

    def has(self, part: str) -> bool:
        """Whether there is a part of that name."""
        return part.lower() in self._entries

    def xml(self, part: str) -> bytes:
        """The part as XML in UTF-8 without DOCTYPE; what lies in other encodings is turned into it."""
        entry = self._entries.get(part.lower())
        if entry is None:
            raise self.damaged(msg("a part that it names is missing"))
        try:
            data = inflate(self._zip, entry, self._place, LIMITS, self._left)
        except UNREADABLE:
            raise self.damaged(msg("is damaged: a part of it can't be unpacked")) from None
        except DamagedFile:
            reason = msg("has a part that is too large, or compressed more than {ratio} times", ratio=LIMITS.ratio)
            raise self.damaged(reason, msg("keep the sheets that are needed")) from None
        self._left -= len(data)
        data = self._utf8(data)
        self._count(part.lower(), data)
        return data

    def _count(self, part: str, data: bytes) -> None:
        """Refuse more cells, tags or attributes than the file's size makes plausible, before any of them is made.

        They are counted by their signs, with and without a namespace's prefix; few other tags begin as a cell's does.
        """
        marks = 0
        for block in (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)):
            tags, attributes = block.count(b"<"), block.count(b"=")
            if attributes > _ATTRIBUTES * tags + _BLOCK // 100:
                raise self._too_much(msg("tags with very many attributes"))
            marks += tags + attributes
        self._counted[part] = data.count(b"<c") + data.count(b":c"), data.count(b"<")
        cells, tags = map(sum, zip(*self._counted.values(), strict=True))
        for found, most, what in ((cells, self._most, "cells"), (tags, self._most * TAGS_PER_CELL, "tags")):
            if found > most:
                raise self._too_much(msg("more than {most:,} {what}", most=most, what=what))
        if marks > MAX_MARKUP and not any(name in part for name in _STREAMED):
            raise self._too_much(msg("more than {most:,} tags and attributes beside its cells", most=MAX_MARKUP))

    def _too_much(self, what: str) -> DamagedFile:
        hint = msg("keep the sheets and columns that are needed, or export the table as CSV")
        return self.damaged(msg("has {what}, which is more than a workbook of its size holds", what=what), hint)

    def tree(self, part: str) -> "_Element":
        """The root of a part."""
        from lxml import etree

        try:
            return etree.fromstring(self.xml(part), xml_parser())
        except etree.XMLSyntaxError:
            raise self.damaged(msg("is damaged: a part of it isn't XML")) from None

    def related(self, part: str) -> dict[str, Related]:
        """The relationships inside the package of a part (the package itself: an empty text), by their ids."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        if not self.has(rels):
            return {}
        found = {}
        for element in self.tree(rels):
            target = (element.get("Target") or "").strip().replace("\\", "/").partition("#")[0]
            if element.get("TargetMode") == "External" or not target:
                continue
            path = normpath(target if target.startswith("/") else f"/{folder}/{target}").lstrip("/")
            found[element.get("Id") or ""] = Related((element.get("Type") or "").rpartition("/")[2], path)
        return found

    def _main(self, data: bytes) -> str:
        parts = [item.part for item in self.related("").values() if item.kind == "officeDocument"]
        main = next((part for part in parts if self.has(part)), _FALLBACK)
        if main.lower().endswith(".bin"):
            raise self.damaged(msg("is an Excel binary workbook (.xlsb)"), msg("save it as an Excel workbook (.xlsx)"))
        kind = kind_of(data)
        if not self.has(main):
            own = msg("is a workbook without its main part") if kind == "an Excel workbook" else ""
            raise self.damaged(own or (msg("is {kind}", kind=kind) if kind else msg("isn't a workbook")))
        if kind.startswith(("a Word", "a PowerPoint", "an OpenDocument")):
            raise self.damaged(msg("is {kind}", kind=kind))
        return main

    def _utf8(self, data: bytes) -> bytes:
        """XML in UTF-8, its declaration left out, before any parser sees it: in others a DOCTYPE could hide."""
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        head = data[:400].decode("utf-16" if wide else "latin-1", "replace")
        declared = _ENCODING.match(head.removeprefix("\xef\xbb\xbf"))
        encoding = "utf-16" if wide else declared[1].lower() if declared else "utf-8"
        try:
            text = data.decode(encoding if encoding in _ENCODINGS else "utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise self.damaged(msg("is damaged: a part of it isn't text in the encoding that it names")) from None
        text = _DECLARATION.sub("", text, count=1)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise self.damaged(msg("has a DOCTYPE, which no Office file needs and attacks use"))
        return text.encode("utf-8", "replace")
