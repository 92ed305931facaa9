"""The text of Office files, and what they tell besides: comments, tracked changes, authors.

Role: .docx, .xlsx, .pptx and OpenDocument → text, by a pass over their XML that builds no tree and counts before
it makes. Files are opaque otherwise: whatever is damaged, encrypted or too large is said to be so, and never raises.
"""

import contextlib
import io
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import IO, Final
from xml.parsers import expat

from handover.formats.zips import UNREADABLE, open_zip
from handover.model.message import msg
from handover.project.leaks.text import OVERLAP, PIECE, encoding_of, pieces, rtf_text
from handover.project.leaks.told import Piece, Place, Trace, Unread

ENDINGS: Final = frozenset(
    {"docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "pptx", "pptm", "ppsx", "ppsm", "potx", "odt",
     "ott", "ods", "ots", "odp", "otp", "odg", "fodt"}
)  # fmt: skip
_MAX_PARTS: Final = 10_000
_MAX_XML: Final = 64 * 1024 * 1024
"""Bytes of XML, inflated, of one file."""
_MAX_TAGS: Final = 3_000_000
"""Tags of one file: an empty paragraph takes a byte of a zip, and time of whoever reads it."""
_MAX_TEXT: Final = 16 * 1024 * 1024
"""Characters of one file: a sheet can repeat one long text in every cell."""
_MAX_EMBEDDED: Final = 16 * 1024 * 1024
"""Bytes of a document in it; of one that is longer the end is missing, so that it's told to be damaged."""
_MAX_COLUMNS: Final = 100
_BLOCK: Final = 64 * 1024

_XML: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")
"""How a part that holds text begins; its name says nothing, for programs find parts by relationships."""
_SPOKEN: Final = frozenset(
    {"descr", "title", "alt", "Target", "href", "connection", "command", "prompt", "promptTitle", "error", "tooltip",
     "display", "location", "instr", "displayText", "string-value"}
)  # fmt: skip
"""Attributes that hold text: alternative texts, tips, addresses, sources of data, fields."""
_NAMING: Final = frozenset({"val", "name"})
"""Those that hold variables and names of sheets, besides much that is short."""
_LEAST_NAMING: Final = 8
_NUMBERED: Final = frozenset({"axId", "crossAx"})
"""Elements whose `val` is a number of a chart's own: a code of the same digits isn't in it."""
_STRINGS: Final = "sharedStrings.xml"
_MARKS: Final = frozenset({"[Content_Types].xml", "content.xml"})
_MIME: Final = (".mht", ".mhtml", ".eml")
_ENCODING: Final = 8_192
_FRAME: Final = ("_rels/", "[Content", "META-INF/")
"""What any package has, whatever it holds."""
_PLACES: Final = re.compile(r"(worksheets/sheet|slides/slide|notesSlides/notesSlide)(\d{1,6})\.xml$")
_PLACE_OF: Final = {
    "worksheets/sheet": Place.SHEET, "slides/slide": Place.SLIDE, "notesSlides/notesSlide": Place.NOTES,
}  # fmt: skip
_LINE_ENDS: Final = frozenset({"p", "h", "br", "cr", "tr", "row", "table-row", "si", "text", "comment", "line-break"})
_CELL_ENDS: Final = frozenset({"tc", "c", "table-cell", "tab"})
"""Elements after which a reader sees a line's or a cell's end (ECMA-376 Part 1, 17.3, 18.3, 21.1; ODF 1.3, 5 and 9)."""
_CHANGES: Final = frozenset(
    {"ins", "del", "moveFrom", "moveTo", "changed-region", "cell-content-change", "rcc", "ris", "rrc"}
)
_COMMENTS: Final = frozenset({"comment", "threadedComment", "cm", "annotation"})
_PEOPLE: Final = {
    # Element → the attribute that names a person.
    "ins": "author", "del": "author", "comment": "author", "person": "displayName", "cmAuthor": "name",
    "author": "name",
}  # fmt: skip
_NAMED: Final = frozenset({"creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager", "author"})
_NOBODY: Final = re.compile(
    r"|author|user|utilisateur|unknown|administrat(?:or|eur)|python-docx|openpyxl|un-named|microsoft office user"
    r"|libreoffice.*|apache poi|docx4j|windows user|utilisateur windows|utilisateur de microsoft office",
    re.IGNORECASE,
)
_HOLDING: Final = frozenset({"t", "r", *_PEOPLE.values()})
"""Attributes that are looked at: a cell's kind and place, people."""
_KEYS: Final = _SPOKEN | _NAMING | _HOLDING
_STARTS: Final = _CHANGES | _COMMENTS | _PEOPLE.keys() | _NAMED | _NUMBERED | {"c", "row", "si"}
_ENDS: Final = _LINE_ENDS | _CELL_ENDS | _NAMED | {"v"}
_MAX_NAMES: Final = 10_000
"""Names of elements or attributes that are remembered; no format has so many."""


class _Stop(Exception):
    """Reading ends here, for a reason, and the name that it speaks of."""

    def __init__(self, why: Unread, name: str = "") -> None:
        super().__init__(why)
        self.piece: Piece = (why, 0, name)


_FAULTS: Final = (*UNREADABLE, expat.ExpatError)


def office_text(content: bytes, only: "re.Pattern[str] | None" = None, cost: "Cost | None" = None) -> tuple[str, str]:
    """The text of an Office file, or of its parts called `only`, at once; and why it isn't all, if so. Files that are
    read with one `cost` may hold together what one may."""
    texts, unread = [], ""
    for what, _, text in read_office(content, only, cost):
        if isinstance(what, Place):
            texts.append(text)
        elif isinstance(what, Unread):
            unread = msg(what, shown=text)
    return "\n".join(texts), unread


def read_office(content: bytes, only: "re.Pattern[str] | None" = None, cost: "Cost | None" = None) -> Iterator[Piece]:
    """The text and traces of an Office file, or of its parts called `only`, each as soon as it's read."""
    cost = cost or Cost()
    try:
        if content.startswith(b"<"):
            yield from _Reader("content.xml", cost).read(io.BytesIO(content))
        else:
            yield from _read_package(content, only, cost)
    except _Stop as stop:
        yield stop.piece
    except _FAULTS:
        yield Unread.PROTECTED, 0, ""


def _read_package(
    content: bytes, only: "re.Pattern[str] | None", cost: "Cost", *, is_embedded: bool = False
) -> Iterator[Piece]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Stop(Unread.OLD)
    if content.count(b"PK\x01\x02") > _MAX_PARTS:
        raise _Stop(Unread.PARTS)
    cost.strings, seen = [], 0
    with open_zip(content) as package:
        # Cells refer to the shared strings by number.
        for name in sorted(dict.fromkeys(package.namelist()), key=lambda name: (not name.endswith(_STRINGS), name)):
            if only and not only.fullmatch(name):
                continue
            with package.open(name) as part:
                head = part.read(_BLOCK)
                if head.lstrip().startswith(_XML):
                    seen += not name.startswith(_FRAME)
                    yield from _Reader(name, cost).read(part, head)
                elif head.startswith(b"PK\3\4") and not is_embedded:
                    strings = cost.strings
                    yield from _read_package(head + part.read(_MAX_EMBEDDED), only, cost, is_embedded=True)
                    cost.strings = strings
                else:
                    yield from _read_other(name, head, part, cost)
    if not seen and not is_embedded:
        raise _Stop(Unread.OTHER)


def _read_other(name: str, head: bytes, part: IO[bytes], cost: "Cost") -> Iterator[Piece]:
    """A part that isn't XML: text that Word takes over from other programs (ECMA-376 Part 1, 17.17.2), or closed."""
    encoding = encoding_of(head[:_ENCODING])
    if "embeddings/" in name:
        yield Unread.EMBEDDED, 0, ""
    elif name.endswith(_MIME) or (name.endswith(".bin") and "printerSettings" not in name):
        yield Unread.CLOSED, 0, name
    elif encoding is not None and head:
        for text, _ in pieces(head, iter(lambda: part.read(_BLOCK), b""), encoding):
            cost.add_text(len(text))
            yield Place.TEXT, 0, rtf_text(text) if head.startswith(b"{\\rtf") else text


def is_package(content: bytes) -> bool:
    """Whether a zip is an Office file by what it holds, whatever it's called."""
    if content.count(b"PK\x01\x02") > _MAX_PARTS:
        return False
    try:
        with open_zip(content) as package:
            return not _MARKS.isdisjoint(package.namelist())
    except UNREADABLE:
        return False


class Cost:
    """What a whole file has cost so far, and its shared strings."""

    def __init__(self) -> None:
        self._xml = self._tags = self._text = 0
        self.strings: list[str] = []

    def add_xml(self, block: bytes) -> None:
        """Count bytes and tags of XML; stops at the limit."""
        self._xml += len(block)
        self._tags += block.count(b"<")
        if self._xml > _MAX_XML or self._tags > _MAX_TAGS:
            raise _Stop(Unread.SIZE)

    def add_text(self, size: int) -> None:
        """Count characters of text; stops at the limit."""
        self._text += size
        if self._text > _MAX_TEXT:
            raise _Stop(Unread.SIZE)


class _Local(dict[str, str]):
    """Names with whatever prefix → what means something of them, without; an empty text for all others."""

    def __init__(self, known: "frozenset[str]") -> None:
        super().__init__()
        self._known = known

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        found = local if local in self._known else ""
        if len(self) < _MAX_NAMES:
            self[name] = found
        return found


_NOTHING: Final[Mapping[str, str]] = {}


@lru_cache(maxsize=1_000)
def _column(letters: str) -> int:
    """The number of a column from 1; 0 for none."""
    number = 0
    for letter in letters[:3]:
        if letter.isalpha():
            number = number * 26 + ord(letter.upper()) - 64
    return number


class _Reader:
    """One part: a pass of events. Text goes into one list, by the list's own method: most events are text."""

    def __init__(self, name: str, cost: Cost) -> None:
        self._cost = cost
        self._text: list[str] = []
        self._values: list[str] = []
        """Variables and names, and whatever is written like them: apart, for styles would part a table's cells."""
        self._number: list[str] = []
        self._string: list[str] = []
        self._person: list[str] | None = None
        self._counts: dict[Trace, int] = {}
        self._people: dict[str, None] = {}
        self._column = 0
        self._shared = False
        self._is_strings = name.endswith(_STRINGS)
        place = _PLACES.search(name)
        self._place: tuple[Place, int] = (_PLACE_OF[place[1]], int(place[2])) if place else (Place.TEXT, 0)
        if name.startswith("docProps/") or name == "meta.xml":
            self._place = Place.PROPERTIES, 0
        self._starts, self._ends, self._keys = _Local(_STARTS), _Local(_ENDS), _Local(_KEYS)
        parser = expat.ParserCreate()
        parser.buffer_text = parser.ordered_attributes = True
        parser.buffer_size = _BLOCK
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        self._parser = parser

    def read(self, part: IO[bytes], head: bytes = b"") -> Iterator[Piece]:
        """Read a part, of which `head` was read before; what was read of it is given whatever stops it."""
        waiting, block = "", head or part.read(_BLOCK)
        fault: Exception | None = None
        try:
            while block:
                self._cost.add_xml(block)
                self._parser.Parse(block, False)
                waiting += self._taken()
                if len(waiting) >= PIECE:
                    yield *self._place, waiting
                    waiting = waiting[-OVERLAP:]
                block = part.read(_BLOCK)
            self._parser.Parse(b"", True)
        except (_Stop, *_FAULTS) as error:
            fault = error
        with contextlib.suppress(_Stop):  # which is told already
            waiting += self._taken()
        for text in filter(str.strip, (waiting, "".join(self._values))):
            yield *self._place, text
        yield from ((trace, count, "") for trace, count in self._counts.items())
        yield from ((Trace.PERSON, 0, name) for name in self._people)
        if fault is not None:
            raise fault

    def _taken(self) -> str:
        """The text since the last time, counted before it's joined: a sheet can repeat a long string in every cell."""
        size = sum(map(len, self._text))
        try:
            self._cost.add_text(size)
            return "".join(self._text)
        finally:
            self._text.clear()

    def _refuse(self, *_: object) -> None:
        raise _Stop(Unread.DOCTYPE)

    def _start(self, name: str, attributes: list[str]) -> None:
        local = self._starts[name]
        held = self._spoken(local, attributes) if attributes else _NOTHING
        if not local:
            return
        if local == "c":
            if held:
                self._shared = held.get("t") == "s"
                if self._shared:
                    self._parser.CharacterDataHandler = self._number.append  # of a shared string there is the number
                self._pad(held.get("r", ""))
        elif local == "row":
            self._column = 0
        elif local == "si":
            if self._is_strings:
                self._parser.CharacterDataHandler = self._string.append
        else:
            self._trace(local, held)

    def _spoken(self, local: str, attributes: list[str]) -> dict[str, str]:
        """Take the text of attributes; gives those that matter, by their names."""
        held: dict[str, str] = {}
        for at in range(0, len(attributes), 2):
            if key := self._keys[attributes[at]]:
                held[key] = value = attributes[at + 1]
                if key in _SPOKEN:
                    self._text.append(f"{value}\n")
                elif key in _NAMING and len(value) >= _LEAST_NAMING and local not in _NUMBERED:
                    self._cost.add_text(len(value) + 1)
                    self._values.append(f"{value}\n")
        return held

    def _trace(self, local: str, held: Mapping[str, str]) -> None:
        if local in _CHANGES or local in _COMMENTS:
            kind = Trace.CHANGES if local in _CHANGES else Trace.COMMENTS
            self._counts[kind] = self._counts.get(kind, 0) + 1
        if local in _PEOPLE:
            self._note(held.get(_PEOPLE[local], ""))
        if local in _NAMED:
            self._person = []
            self._parser.CharacterDataHandler = self._named

    def _named(self, text: str) -> None:
        if self._person is not None:
            self._person.append(text[:200])
        self._text.append(text)

    def _end(self, name: str) -> None:
        local = self._ends[name]
        if not local:
            return
        text = self._text
        if local == "v":
            if self._shared:
                text.append(self._shared_string())
        elif local in _CELL_ENDS:
            if self._shared:  # what stands behind the cells, headers and lists of choices, is text
                self._shared = False
                self._parser.CharacterDataHandler = text.append
            if text and text[-1] == "\n" and local != "tab":  # of the paragraph that fills the cell
                text.pop()
            text.append("\t")
        elif local == "si" and self._is_strings:
            self._parser.CharacterDataHandler = self._text.append
            string = "".join(self._string).strip("\n")
            self._string.clear()
            self._cost.strings.append(string)
            self._text.append(f"{string}\n")
        elif local in _NAMED and self._person is not None:
            self._note("".join(self._person))
            self._person = None
            self._parser.CharacterDataHandler = self._text.append
        if local in _LINE_ENDS:
            self._text.append("\n")

    def _shared_string(self) -> str:
        strings, number = self._cost.strings, "".join(self._number).strip()
        self._number.clear()
        return strings[int(number)] if number.isascii() and number.isdigit() and int(number) < len(strings) else ""

    def _pad(self, reference: str) -> None:
        """Empty cells aren't written: a password stands under its header nevertheless."""
        letters = reference.rstrip("0123456789")
        column = _column(letters)
        if self._column < column - 1 <= _MAX_COLUMNS:
            self._text.append("\t" * (column - 1 - self._column))
        self._column = max(column, self._column)

    def _note(self, name: str) -> None:
        name = " ".join(name.split())[:100]
        if not _NOBODY.fullmatch(name):
            self._people[name] = None
