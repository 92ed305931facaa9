"""The cells of a workbook, from any program, exactly as they are stored.

Role: reads what people edited in Excel, LibreOffice or elsewhere, for the tables of `handover.project.read` and for
`handover.project.vault.workbook`. openpyxl's reader isn't used: it prints, warns, cuts `_x005F_` out, says of a number
that it is text, and refuses workbooks without styles or in Strict Open XML. A number, date, formula or error is told as
such, never guessed at. Reads bytes, opens nothing, changes nothing; input may be hostile: `container` has the limits.
Clauses are those of ECMA-376 Part 1.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from handover.formats.excel.container import Container
from handover.formats.excel.number_format import BUILT_IN, Shows, moment, section
from handover.model.message import msg

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SHEETS = 255

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9:.]+)Z?)?")


class Kind(StrEnum):
    """What a cell holds (18.18.11, ST_CellType): numbers as their format shows them, `formula` for any with one."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"


_PLAIN = {"b": Kind.BOOLEAN, "e": Kind.ERROR}
_SHOWN = {Shows.NUMBER: Kind.NUMBER, Shows.PERCENT: Kind.PERCENT, Shows.DATE: Kind.DATE, Shows.TIME: Kind.TIME}


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell that isn't empty: row and column counted from 1, what it holds, and its text (never printed).

    The text of a number or percentage is as stored (0.024 for 2.4 %); of a date `2026-11-30`; of a time, or a date
    with one, `2026-11-30T09:30:00`. `beside` is what the format shows beside a number: a currency, or any text.
    """

    row: int
    column: int
    kind: Kind
    text: str = field(repr=False)
    beside: str = ""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet's name and its cells in reading order."""

    name: str
    cells: tuple[ReadCell, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet whose cells are read when they are asked for: each walk reads the part anew."""

    name: str
    hidden: bool
    _reader: "_Reader" = field(repr=False)
    part: str
    """The name of its part."""

    def cells(self) -> Iterator[ReadCell]:
        """Its cells in reading order. Raises DamagedFile."""
        return self._reader.cells(self.part)

    @property
    def since_1904(self) -> bool:
        """Whether its workbook counts days from 1904, as Excel for Macs did."""
        return self._reader.since_1904

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything. Raises DamagedFile."""
        return next(self.cells(), None) is None


def open_workbook(data: bytes, place: str) -> tuple[OpenSheet, ...]:
    """The worksheets of an .xlsx in the order of their tabs; `place` names the file in messages.

    Raises DamagedFile, with nothing of the content in it, for what isn't a workbook or is too large.
    """
    return sheets_of(Container(data, place))


def sheets_of(container: Container) -> tuple[OpenSheet, ...]:
    """The worksheets of a container. Raises DamagedFile."""
    return tuple(_Reader(container).sheets())


def read_workbook(data: bytes, place: str) -> tuple[ReadSheet, ...]:
    """The same with all cells. Raises DamagedFile."""
    return tuple(ReadSheet(sheet.name, tuple(sheet.cells())) for sheet in open_workbook(data, place))


class _Reader:
    def __init__(self, container: Container) -> None:
        self._container = container
        self._related = container.related(container.main)
        self._strings: list[str] | None = None
        self._formats: list[str] | None = None
        self.since_1904 = False

    def sheets(self) -> Iterator[OpenSheet]:
        tree = self._container.tree(self._container.main)
        if _local(tree) != "workbook":
            raise self._container.damaged(msg("isn't a workbook"))
        for element in tree.iter("{*}workbookPr"):
            self.since_1904 = element.get("date1904") in {"1", "true"}
        for number, element in enumerate(tree.iter("{*}sheet"), 1):
            if number > MAX_SHEETS:
                raise self._container.damaged(
                    msg("has more than {most} sheets", most=MAX_SHEETS), msg("keep the sheets that are needed")
                )
            related = self._related.get(_relation(element))
            if related is not None and related.kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                yield OpenSheet(element.get("name", ""), hidden, self, related.part)

    def cells(self, part: str) -> Iterator[ReadCell]:
        row = 0
        for line in self._elements(part, "row", "sheetData"):
            # Both numbers may be left out: then they count on (18.3.1.73, 18.3.1.4).
            row = _whole(line.get("r")) or row + 1
            column = 0
            for cell in line:
                if _local(cell) != "c":
                    continue
                column = column_of(cell.get("r")) or column + 1
                kind, text, *beside = self._content(cell)
                if text or kind is Kind.FORMULA:
                    yield ReadCell(row, column, kind, text, *beside)

    def _content(self, cell: "_Element") -> tuple[Kind, str] | tuple[Kind, str, str]:
        value, inline, formula = "", "", False
        for child in cell:
            name = _local(child)
            if name == "v":
                value = child.text or ""
            elif name == "is":
                inline = _rich_text(child)
            elif name == "f":
                formula = True
        if formula:
            return Kind.FORMULA, value
        kind = cell.get("t", "n")
        if kind in _PLAIN:
            return _PLAIN[kind], value
        if kind == "s":
            return Kind.TEXT, self._string(value)
        if kind in {"inlineStr", "str"}:
            return Kind.TEXT, inline if kind == "inlineStr" else _unescaped(value)
        return _iso_date(value) if kind == "d" else self._number(value, cell.get("s"))

    def _string(self, value: str) -> str:
        if self._strings is None:
            parts = [item.part for item in self._related.values() if item.kind == "sharedStrings"]
            found = self._elements(parts[0], "si", "sst") if parts and self._container.has(parts[0]) else ()
            self._strings = [_rich_text(item) for item in found]
        number = _whole(value)
        if not value:
            return ""
        if number is None or number >= len(self._strings):
            raise self._container.damaged(msg("is damaged: a cell names a text that isn't there"))
        return self._strings[number]

    def _number(self, text: str, style: str | None) -> tuple[Kind, str] | tuple[Kind, str, str]:
        text = text.strip()
        if not text:
            return Kind.NUMBER, ""
        if not _NUMBER.fullmatch(text):
            raise self._container.damaged(msg("is damaged: a cell's number isn't one"))
        value = float(text)
        shown = section(self._format(style), value)
        kind = _SHOWN[shown.shows]
        if kind not in {Kind.DATE, Kind.TIME}:
            return kind, text, shown.beside
        found = moment(value, since_1904=self.since_1904)
        if found is None:
            return Kind.NUMBER, text  # as Excel, which shows ##### for it
        if kind is Kind.DATE and found.time() == dt.time():
            return kind, found.date().isoformat()
        return Kind.TIME, found.isoformat()

    def _format(self, style: str | None) -> str:
        """The number format's code for a cell's style; a style that isn't there is none, as Excel takes it."""
        if style is None:
            return ""
        if self._formats is None:
            self._formats = list(self._styles())
        index = _whole(style)
        return self._formats[index] if index is not None and index < len(self._formats) else ""

    def _styles(self) -> Iterator[str]:
        parts = [item.part for item in self._related.values() if item.kind == "styles"]
        if not parts or not self._container.has(parts[0]):
            return
        tree = self._container.tree(parts[0])
        own = {
            element.get("numFmtId"): element.get("formatCode", "") for element in tree.iterfind("{*}numFmts/{*}numFmt")
        }
        for element in tree.iterfind("{*}cellXfs/{*}xf"):
            number = element.get("numFmtId", "0")
            yield own.get(number) or BUILT_IN.get(_whole(number) or 0, "")

    def _elements(self, part: str, name: str, parent: str) -> Iterator["_Element"]:
        """The part's elements of that name, each emptied after use: a sheet's tree takes many times its size."""
        from lxml import etree

        stream = io.BytesIO(self._container.xml(part))
        try:
            for _, element in etree.iterparse(
                stream, tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                above = element.getparent()
                if above is None or _local(above) != parent:
                    continue
                yield element
                element.clear()
                while (before := element.getprevious()) is not None:
                    above.remove(before)
        except etree.XMLSyntaxError:
            raise self._container.damaged(msg("is damaged: a part of it isn't XML")) from None


def _iso_date(value: str) -> tuple[Kind, str]:
    match = _DAY.fullmatch(value.strip())
    if match is None:
        return Kind.TIME, value
    midnight = not match[2] or not match[2].strip("0:.")
    return (Kind.DATE, match[1]) if midnight else (Kind.TIME, value)


def _local(element: "_Element") -> str:
    """An element's name without its namespace: Strict Open XML has others (ISO/IEC 29500-1). Empty for a comment."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _relation(element: "_Element") -> str:
    """The `r:id` of an element, of either namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _rich_text(item: "_Element") -> str:
    """The text of a string and of its runs, without phonetic hints (18.4.8, 18.4.4, 18.4.6)."""
    return "".join(_unescaped(text) for text in _pieces(item))


def _pieces(item: "Iterable[_Element]") -> Iterator[str]:
    for child in item:
        name = _local(child)
        if name == "t":
            yield child.text or ""
        elif name == "r":
            yield from (part.text or "" for part in child if _local(part) == "t")


def _unescaped(text: str) -> str:
    """`ST_Xstring` read back (22.9.2.19)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def column_of(place: str | None) -> int:
    """The column, counted from 1, of a place such as `B7`; 0 for what is none."""
    match = _PLACE.fullmatch(place or "")
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
