"""The text of Office files among the assets, and what they tell besides: comments, tracked changes, authors.

Role: .docx, .xlsx, .pptx and OpenDocument → text, by a pass over their XML that builds no tree and counts before
it makes. Files are opaque otherwise: whatever is damaged, encrypted or too large is said to be so, and never raises.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Final
from xml.parsers import expat

from handover.bundle.names import printable
from handover.formats.zips import UNREADABLE, open_zip
from handover.model.message import msg
from handover.project.leaks.text import encoding_of, pieces, rtf_text

ENDINGS: Final = frozenset(
    {"docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "pptx", "pptm", "ppsx", "ppsm", "potx", "odt",
     "ott", "ods", "ots", "odp", "otp", "odg", "fodt"}
)  # fmt: skip
MAX_BYTES: Final = 64 * 1024 * 1024
"""A larger Office file isn't searched."""
_MAX_PARTS: Final = 10_000
_MAX_XML: Final = 64 * 1024 * 1024
"""Bytes of XML, inflated, of one file."""
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
_PLACES: Final = re.compile(r"(?:worksheets/(sheet)|slides/(slide)|notesSlides/(notes)Slide)(\d+)\.xml$")
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


@dataclass(slots=True)
class OfficeText:
    """What was found: pieces of text with their place (`slide 3`), and traces; `unread` says why it isn't all."""

    pieces: list[tuple[str, str]] = field(default_factory=list, repr=False)
    comments: int = 0
    changes: int = 0
    people: dict[str, None] = field(default_factory=dict)
    unread: str = ""


class _Stop(Exception):
    """Reading ends here; the message says why."""


def read_office(
    content: bytes, is_late: Callable[[], bool] = lambda: False, only: "re.Pattern[str] | None" = None
) -> OfficeText:
    """The text and traces of an Office file, or of its parts called `only`. `is_late` is asked whether to stop."""
    found = OfficeText()
    try:
        if content.startswith(b"<"):
            _Reader(found, "content.xml", is_late, _Counter()).read(io.BytesIO(content))
        else:
            _read_package(content, found, is_late, only)
    except _Stop as stop:
        found.unread = str(stop)
    except (*UNREADABLE, expat.ExpatError):
        found.unread = msg("it's damaged or protected by a password")
    return found


def _read_package(
    content: bytes,
    found: OfficeText,
    is_late: Callable[[], bool],
    only: "re.Pattern[str] | None",
    outer: "_Counter | None" = None,
) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Stop(msg("it's protected by a password, or of a format before 2007"))
    if content.count(b"PK\x01\x02") > _MAX_PARTS:
        raise _Stop(msg("it has too many parts"))
    counter = _Counter(outer.xml, outer.text) if outer else _Counter()
    with open_zip(content) as package:
        seen = 0
        # Cells refer to the shared strings by number.
        for name in sorted(dict.fromkeys(package.namelist()), key=lambda name: (not name.endswith(_STRINGS), name)):
            if only and not only.fullmatch(name):
                continue
            with package.open(name) as part:
                head = part.read(_BLOCK)
                if head.lstrip().startswith(_XML):
                    seen += not name.startswith(_FRAME)
                    _Reader(found, name, is_late, counter).read(part, head)
                elif head.startswith(b"PK\3\4") and outer is None and not is_late():
                    _read_package(head + part.read(_MAX_EMBEDDED), found, is_late, only, counter)
                else:
                    _read_other(found, name, head, part, counter)
    if outer:
        outer.xml, outer.text = counter.xml, counter.text
    elif not seen and not found.unread:
        raise _Stop(msg("it isn't what its name says"))


def _read_other(found: OfficeText, name: str, head: bytes, part: IO[bytes], counter: "_Counter") -> None:
    """A part that isn't XML: text that Word takes over from other programs (ECMA-376 Part 1, 17.17.2), or closed."""
    encoding = encoding_of(head[:_ENCODING])
    if "embeddings/" in name:
        found.unread = msg("a document that is embedded in it isn't looked into")
    elif name.endswith(_MIME) or (name.endswith(".bin") and "printerSettings" not in name):
        found.unread = msg("{shown} in it isn't looked into", shown=printable(name))
    elif encoding is not None and head:
        for text, _ in pieces(head, iter(lambda: part.read(_BLOCK), b""), encoding):
            counter.text += len(text)
            if counter.text > _MAX_TEXT:
                raise _Stop(msg("it holds too much"))
            found.pieces.append(("", rtf_text(text) if head.startswith(b"{\\rtf") else text))


def is_package(content: bytes) -> bool:
    """Whether a zip is an Office file by what it holds, whatever it's called."""
    if content.count(b"PK\x01\x02") > _MAX_PARTS:
        return False
    try:
        with open_zip(content) as package:
            return not _MARKS.isdisjoint(package.namelist())
    except UNREADABLE:
        return False


@dataclass(slots=True)
class _Counter:
    """What a whole file has cost so far, and its shared strings."""

    xml: int = 0
    text: int = 0
    strings: list[str] = field(default_factory=list)


class _Reader:
    """One part: a pass of events."""

    def __init__(self, found: OfficeText, name: str, is_late: Callable[[], bool], counter: _Counter) -> None:
        self._found = found
        self._is_late = is_late
        self._counter = counter
        self._text: list[str] = []
        self._name: list[str] | None = None
        self._column = 0
        self._shared = False
        self._number = ""
        self._is_strings = name.endswith(_STRINGS)
        place = _PLACES.search(name)
        self._place = f"{place[1] or place[2] or place[3]} {place[4]}" if place else ""
        if name.startswith("docProps/") or name == "meta.xml":
            self._place = msg("in its properties")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def read(self, part: IO[bytes], head: bytes = b"") -> None:
        """Read a part, of which `head` was read before; what was read of it is kept whatever stops it."""
        try:
            while block := head or part.read(_BLOCK):
                head = b""
                self._counter.xml += len(block)
                if self._counter.xml > _MAX_XML:
                    raise _Stop(msg("it holds too much"))
                if self._is_late():
                    raise _Stop(msg("reading it takes too long"))
                self._parser.Parse(block, False)
            self._parser.Parse(b"", True)
        finally:
            self._flush()

    def _refuse(self, *_: object) -> None:
        raise _Stop(msg("it declares a document type, as no program writes it"))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in _CHANGES:
            self._found.changes += 1
        elif local in _COMMENTS:
            self._found.comments += 1
        if local in _PEOPLE:
            self._person(next((v for k, v in attributes.items() if k.rpartition(":")[2] == _PEOPLE[local]), ""))
        for key, value in attributes.items():
            local_key = key.rpartition(":")[2]
            naming = local_key in _NAMING and len(value) >= _LEAST_NAMING and local not in _NUMBERED
            if naming or local_key in _SPOKEN:
                self._take(f"{value}\n")
        if local in _NAMED:
            self._name = []
        elif local == "c":
            self._shared = attributes.get("t") == "s"
            self._pad(attributes.get("r", ""))
        elif local == "row":
            self._column = 0

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in _NAMED and self._name is not None:
            self._person("".join(self._name))
            self._name = None
        if local == "si" and self._is_strings:
            self._counter.strings.append("".join(self._text).strip("\n"))
            self._flush()
        elif local == "v" and self._shared:
            self._take(self._string(self._number))
            self._number = ""
        elif local in _CELL_ENDS:
            self._shared = False  # what stands behind the cells, headers and lists of choices, is text
            self._text.append("\t")
        elif local in _LINE_ENDS:
            self._text.append("\n")

    def _characters(self, text: str) -> None:
        if self._name is not None:
            self._name.append(text[:200])
        if self._shared:
            self._number += text  # of a shared string there is the number
            return
        self._take(text)

    def _take(self, text: str) -> None:
        self._counter.text += len(text)
        if self._counter.text > _MAX_TEXT:
            raise _Stop(msg("it holds too much"))
        self._text.append(text)

    def _string(self, number: str) -> str:
        strings = self._counter.strings
        return strings[int(number)] if number.isascii() and number.isdigit() and int(number) < len(strings) else ""

    def _pad(self, reference: str) -> None:
        """Empty cells aren't written: a password stands under its header nevertheless."""
        column = 0
        for letter in reference[:3]:
            if letter.isalpha():
                column = column * 26 + ord(letter.upper()) - 64
        if self._column < column - 1 <= _MAX_COLUMNS:
            self._text.append("\t" * (column - 1 - self._column))
        self._column = max(column, self._column)

    def _person(self, name: str) -> None:
        name = " ".join(name.split())[:100]
        if not _NOBODY.fullmatch(name):
            self._found.people[name] = None

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self._found.pieces.append((self._place, text))
