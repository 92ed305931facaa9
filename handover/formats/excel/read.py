"""The cells of a workbook, from any program, exactly as they are stored.

Role: reads what people edited in Excel, LibreOffice or elsewhere, for the tables of `handover.project.read` and for
`handover.project.vault.workbook`. openpyxl's reader isn't used: it prints, warns, cuts `_x005F_` out, says of a number
that it is text, and refuses workbooks without styles or in Strict Open XML. A number, date, formula or error is told as
such, never guessed at. Reads bytes, opens nothing, changes nothing; input may be hostile: `container` has the limits.
Clauses are those of ECMA-376 Part 1.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from handover.formats.excel.container import Container
from handover.formats.excel.number_format import BUILT_IN, moment, section
from handover.formats.excel.number_format import Kind as Kind
from handover.model.message import msg

MAX_SHEETS = 255
_BLOCK = 1 << 16

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_COLUMN = re.compile("[A-Z]{1,3}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9:.]+)Z?)?")


_PLAIN = {"b": Kind.BOOLEAN, "e": Kind.ERROR}


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
    hidden: bool = False
    """Whether its row is hidden, by a filter or by hand."""


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
        if str(tree.tag).rpartition("}")[2] != "workbook":  # Strict Open XML has other namespaces (ISO/IEC 29500-1)
            raise self._container.damaged(msg("isn't a workbook"))
        for element in tree.iter("{*}workbookPr"):
            self.since_1904 = element.get("date1904") in {"1", "true"}
        for number, element in enumerate(tree.iter("{*}sheet"), 1):
            if number > MAX_SHEETS:
                raise self._container.damaged(
                    msg("has more than {most} sheets", most=MAX_SHEETS), msg("keep the sheets that are needed")
                )
            # Its `r:id`, of either namespace.
            related = self._related.get(next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), ""))
            if related is not None and related.kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                yield OpenSheet(element.get("name", ""), hidden, self, related.part)

    def cells(self, part: str) -> Iterator[ReadCell]:
        for found in self._walk(part, "c"):
            kind, text, *beside = self._content(found)
            if text or kind is Kind.FORMULA:
                yield ReadCell(found.row, found.column, kind, text, "".join(beside), found.hidden)

    def _content(self, cell: "_Found") -> tuple[Kind, str] | tuple[Kind, str, str]:
        if cell.formula:
            return Kind.FORMULA, cell.value
        kind = cell.attributes.get("t", "n")
        if kind == "n":
            return self._number(cell.value, cell.attributes.get("s"))
        if kind == "s":
            return Kind.TEXT, self._string(cell.value)
        if kind in {"inlineStr", "str"}:
            return Kind.TEXT, cell.inline if kind == "inlineStr" else _unescaped(cell.value)
        if kind in _PLAIN:
            return _PLAIN[kind], cell.value
        return _iso_date(cell.value) if kind == "d" else self._number(cell.value, cell.attributes.get("s"))

    def _string(self, value: str) -> str:
        if self._strings is None:
            parts = [item.part for item in self._related.values() if item.kind == "sharedStrings"]
            found = self._walk(parts[0], "si") if parts and self._container.has(parts[0]) else ()
            self._strings = [item.inline for item in found]
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
        code = self._format(style)
        if not code:
            return Kind.NUMBER, text
        value = float(text)
        shown = section(code, value)
        kind = shown.shows
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

    def _walk(self, part: str, unit: str) -> "Iterator[_Found]":
        """The cells or strings in a part, block by block: a sheet's tree takes many times its size."""
        walk = _Walk(unit)
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = walk.start
        parser.EndElementHandler = walk.end
        parser.CharacterDataHandler = walk.text
        data = memoryview(self._container.xml(part))  # without a DOCTYPE, so that nothing is defined in it
        try:
            for at in range(0, len(data), _BLOCK):
                parser.Parse(data[at : at + _BLOCK])
                yield from walk.found
                walk.found.clear()
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise self._container.damaged(msg("is damaged: a part of it isn't XML")) from None


@dataclass(slots=True)
class _Found:
    """A cell, or a shared string: its attributes, and its texts."""

    row: int
    column: int
    attributes: dict[str, str]
    value: str = ""
    inline: str = ""
    formula: bool = False
    hidden: bool = False


class _Walk:
    """Cells (`c`, 18.3.1.4) or shared strings (`si`, 18.4.8) as the parser meets them, by names without prefix.

    A cell's row and column may be left out: then they count on (18.3.1.73). A rich text's own runs count, its phonetic
    hints don't (18.4.4, 18.4.6).
    """

    def __init__(self, unit: str) -> None:
        self.found: list[_Found] = []
        self._unit = unit
        self._parent = "row" if unit == "c" else "sst"
        whole = [unit, "is"] if unit == "c" else [unit]
        self._rich = (whole, [*whole, "r"])
        """From the unit down, the elements in which a `t` is the text itself."""
        self._names: list[str] = []
        self._now: _Found | None = None
        self._row = self._column = 0
        self._hidden = False
        self._depth = 0
        """How many elements were open where the cell or string began."""
        self._pieces: list[str] | None = None
        """What is collected of the innermost element's text, up to its first child; None where it isn't wanted."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        names, now = self._names, self._now
        if self._pieces is not None and now is not None:
            self._take(now, self._pieces)
        if now is None:
            if name == self._unit and names and names[-1] == self._parent:
                self._column = column_of(attributes.get("r")) or self._column + 1
                self._now = _Found(self._row, self._column, attributes, hidden=self._hidden)
                self._depth = len(names) + 1
            elif name == "row":
                self._row, self._column = _whole(attributes.get("r")) or self._row + 1, 0
                self._hidden = attributes.get("hidden") in {"1", "true"}
            names.append(name)
            return
        names.append(name)
        inside = len(names) - self._depth
        if (inside == 1 and name == "v") or (name == "t" and names[self._depth - 1 : -1] in self._rich):
            self._pieces = []
        elif inside == 1 and name == "f":
            now.formula = True
        elif inside == 1 and name == "is":
            now.inline = ""

    def end(self, _name: str) -> None:
        if self._pieces is not None and self._now is not None:
            self._take(self._now, self._pieces)
        if self._now is not None and len(self._names) == self._depth:
            self.found.append(self._now)
            self._now = None
        self._names.pop()

    def text(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def _take(self, now: _Found, pieces: list[str]) -> None:
        self._pieces = None
        if self._names[-1] == "v":
            now.value = "".join(pieces)
        else:
            now.inline += _unescaped("".join(pieces))


def _iso_date(value: str) -> tuple[Kind, str]:
    match = _DAY.fullmatch(value.strip())
    if match is None:
        return Kind.TIME, value
    midnight = not match[2] or not match[2].strip("0:.")
    return (Kind.DATE, match[1]) if midnight else (Kind.TIME, value)


def _unescaped(text: str) -> str:
    """`ST_Xstring` read back (22.9.2.19)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def column_of(place: str | None) -> int:
    """The column, counted from 1, of a place such as `B7`; 0 for what is none."""
    return _letters(place.rstrip("0123456789")) if place else 0


@lru_cache
def _letters(letters: str) -> int:
    column = 0
    for letter in letters if _COLUMN.fullmatch(letters) else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
