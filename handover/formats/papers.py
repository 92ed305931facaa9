"""What contracts, invoices and letters say, as text: what the child process does (`handover.formats.confined`).

Role: PDF, Word and OpenDocument files and e-mails → text, by parsers that no count could bound from inside; so they run
in the child alone. It judges nothing that they say.
"""

import datetime as dt
import email
import email.policy
import io
import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import SIGNATURE
from handover.formats.zips import UNREADABLE, open_zip

XML_MARK: Final = b"\x1d"
"""Before a page that is an XML file kept inside the PDF; no XML and no page's text holds it."""
MAX_PAGES: Final = 12
"""Pages that are read: who, what, since when and how much stand on the first ones."""

_XML_NAMES: Final = re.compile(r"(factur-x|zugferd-invoice|xrechnung|order-x)\.xml", re.IGNORECASE)
"""What Factur-X 1.0 (6.2) and ZUGFeRD 1 and 2 call the invoice inside the PDF."""

_MATTERS: Final = re.compile(
    r"contra[tc]|convention|entente|mandat|lettre\s+de\s+mission|agreement|engagement\s+letter|facture|invoice|avoir|credit\s?note",
    re.IGNORECASE,
)
"""What stands on the first page of a contract or an invoice: of a brochure no more is read."""


_SHOWN_NAMES: Final = {"De": "From", "À": "To", "A": "To", "Envoyé": "Date", "Sent": "Date", "Objet": "Subject"}
"""What mail programs show instead of the fields' standard names."""
_SHOWN: Final = re.compile(rf"^({'|'.join(_SHOWN_NAMES)}|From|To|Date|Subject)[ \u00a0\u202f]?:(.*)$", re.MULTILINE)

_TEXT_KINDS: Final = (("001F", "utf-16-le"), ("001E", "cp1252"))
_BEFORE_FIXED: Final = 32
"""Bytes before the properties of fixed size of a message ([MS-OXMSG] 2.4.1.1)."""
_SENT, _RECEIVED = 0x0039_0040, 0x0E06_0040


def read(data: bytes) -> Iterator[bytes]:
    """A paper of any kind, in pieces, as its own function gives them."""
    yield from pdf(data) if data.startswith(b"%PDF-") else word(data) if data.startswith(b"PK") else mail(data)


def pdf(data: bytes) -> Iterator[bytes]:
    """The invoices kept in a PDF as XML, then the text of its first pages. Raises ValueError for what isn't one."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable()
    try:
        reader = PdfReader(io.BytesIO(data))
        for name, contents in reader.attachments.items():
            if _XML_NAMES.fullmatch(name):
                yield XML_MARK + contents[0]
        for number, page in enumerate(reader.pages[:MAX_PAGES]):
            runs: list[_Run] = []

            def place(text: str, outer: list[float], own: list[float], *_: object, runs: list[_Run] = runs) -> None:
                x = own[4] * outer[0] + own[5] * outer[2] + outer[4]
                y = own[4] * outer[1] + own[5] * outer[3] + outer[5]
                runs.append((round(y), round(x), text.strip("\n")))

            text = page.extract_text(visitor_text=place)
            text = (_in_columns(runs) or text).replace("\x1d", "\n")
            yield text.encode("utf-8", "surrogatepass")
            if number == 0 and text.strip() and not _MATTERS.search(text):
                return
    except PyPdfError as error:
        raise ValueError("not a PDF that can be read") from error


_Run = tuple[int, int, str]
"""A piece of a page's text, with how high and how far to the right it begins."""
_FEWEST_LINES: Final = 6
_SENTENCES: Final = 28
"""Characters of the middle line of a column of prose; the cells of a table hold less."""
_APART: Final = 120
"""Points between where two columns begin."""


def _in_columns(runs: list[_Run]) -> str:
    """A page set in two columns of prose, one after the other, however it was drawn; empty for another page."""
    lines = sorted(((-y, x, text) for y, x, text in runs if text.strip()))
    common = sorted(x for x, count in Counter(x for _, x, _ in lines).most_common(2) if count >= _FEWEST_LINES)
    of_each = [sorted(len(text) for _, x, text in lines if x == start) for start in common]
    if (
        len(common) < 2
        or common[1] - common[0] < _APART
        or sum(map(len, of_each)) * 5 < len(lines) * 3
        or any(lengths[len(lengths) // 2] < _SENTENCES for lengths in of_each)
    ):
        return ""
    return "\n".join(text for right in (False, True) for _, x, text in lines if (x >= common[1]) is right)


_BODY: Final = re.compile(r"word/document\d*\.xml|content\.xml")
_LEFT: Final = frozenset(
    {"delText", "instrText", "delInstrText", "moveFrom", "tracked-changes", "annotation", "Fallback", "note"}
)
"""What holds text that a reader doesn't see there, or sees twice."""
_ENDS: Final = {**dict.fromkeys(("p", "h", "br", "cr", "tab", "tc", "table-cell", "line-break"), "\n"), "s": " "}


def word(data: bytes) -> Iterator[bytes]:
    """The text of a Word file's or an OpenDocument text's body, as it reads today: a line each paragraph and cell.

    Raises ValueError for what isn't one.
    """
    from xml.parsers import expat

    pieces: list[str] = []
    within: list[bool] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, _: object) -> None:
        tag = name.rpartition(" ")[2]
        within.append(tag not in _LEFT and (not within or within[-1]))
        pieces.extend([_ENDS[tag]] if tag in _ENDS and within[-1] else ())

    def end(_: str) -> None:
        within.pop()

    def text(data: str) -> None:
        pieces.extend([data] if within[-1] else ())

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.buffer_text = True
    try:
        with open_zip(data) as package:
            name = next((name for name in package.namelist() if _BODY.fullmatch(name)), "")
            parser.ParseFile(package.open(name))
    except (*UNREADABLE, KeyError, expat.ExpatError) as error:
        raise ValueError("not a document that can be read") from error
    yield "".join(pieces).encode("utf-8", "replace")


def mail(data: bytes) -> Iterator[bytes]:
    """An e-mail's sender and first addressee (address, then name), day (ISO, else as it's written), subject, text.

    One that was saved as text has the fields' names of the program that showed it.
    """
    for part in _as_kept(data) if data.startswith(SIGNATURE) else _as_text(data):
        yield part.encode("utf-8", "replace")


def _as_text(data: bytes) -> tuple[str, ...]:
    fields, text = _as_shown(data) or _as_sent(data)
    day = fields.get("Date", "")
    with suppress(ValueError):
        day = parsedate_to_datetime(day).date().isoformat()
    (name, address), (named, addressee) = (parseaddr(fields.get(field, "")) for field in ("From", "To"))
    return address, name, addressee, named, day, fields.get("Subject", ""), text


def _as_kept(data: bytes) -> tuple[str, ...]:
    """The same of an e-mail that Outlook saved (.msg): a stream for each property ([MS-OXMSG] 2.1.3, 2.4)."""
    kept = CompoundReader(data)

    def held(*properties: str) -> str:
        """The first of some texts that is there: UTF-16, else as Western Windows writes it."""
        paths = [((f"__substg1.0_{one}{kind}",), coded) for one in properties for kind, coded in _TEXT_KINDS]
        found = (kept.read(path, len(data)).decode(coded, "replace") for path, coded in paths if path in kept.sizes)
        return next((text.rstrip("\0") for text in found if text), "")

    fixed = kept.read(("__properties_version1.0",), len(data))[_BEFORE_FIXED:]
    times = dict(struct.unpack_from("<I4xQ", fixed, at) for at in range(0, len(fixed) - 15, 16))
    since_1601 = times.get(_SENT) or times.get(_RECEIVED) or 0
    day = dt.date(1601, 1, 1) + dt.timedelta(microseconds=since_1601 // 10) if since_1601 else ""
    return held("5D01", "0C1F"), held("0C1A"), "", held("0E04").partition(";")[0], str(day), held("0037"), held("1000")


def _as_sent(data: bytes) -> tuple[Mapping[str, str], str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = re.sub(r"<[^<>]*>", " ", text)
    return {field: str(message.get(field, "")) for field in ("From", "To", "Date", "Subject")}, text


def _as_shown(data: bytes) -> tuple[Mapping[str, str], str] | None:
    """What `Sent:` or `De :` at its beginning shows to be an e-mail that a person saved as text; None for another."""
    try:
        whole = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        whole = data.decode("cp1252", "replace")
    top, _, text = whole.replace("\r\n", "\n").partition("\n\n")
    found = {match[1]: match[2].strip() for match in _SHOWN.finditer(top)}
    if not found.keys() & _SHOWN_NAMES.keys():
        return None
    return {_SHOWN_NAMES.get(name, name): value for name, value in found.items()}, text
