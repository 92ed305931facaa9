"""Contracts, invoices, e-mails and letters: read apart, within limits, and told from one another by what they say.

Role: the reader of papers, which are parsed in a child with limits. What a contract, an invoice or a notice says, their
own modules find.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple, Self

from handover.formats.confined import Confined, Limits
from handover.formats.papers import XML_MARK
from handover.intake.contract import read_contract
from handover.intake.exports import top_of
from handover.intake.invoice import read_invoice
from handover.intake.notices import PARTS, read_letter, read_mail
from handover.intake.prose import Paper, language_of, order_in, seen_text
from handover.intake.seen import Contract, Invoice, Kind, Mail
from handover.model.message import msg
from handover.project.leaks.text import decoded

MAX_PAPER: Final = 20 * 1024 * 1024
MAX_PAPERS: Final = 200
MAX_UNPROMISING: Final = 40
"""PDFs that are read: those whose names promise a contract or an invoice, then a few of the others."""
_LIMITS: Final = Limits(seconds=3.0, output=1024 * 1024)
_MATTERS: Final = (
    "contrat", "contract", "convention", "entente", "mandat", "lettre de mission", "agreement", "engagement letter",
    "facture", "invoice", "résili", "préavis", "collaboration", "partenariat", "terminat", "notice",
)  # fmt: skip
_PROMISING: Final = re.compile(
    r"contra[tc]|convention|entente|mandat|lettre.de.mission|agreement|engagement.letter|facture|invoice|avoir|credit.?note|résili|resili|terminat|préavis|preavis|"
    r"(?<![a-z])fa[ _-]?\d|(?<![a-z])inv[ _-]?\d",
    re.IGNORECASE,
)


class Sort(StrEnum):
    """How a paper is kept."""

    PDF = "pdf"
    WORD = "word"
    MAIL = "mail"
    TEXT = "text"


@dataclass(slots=True)
class Read:
    """What all papers say."""

    contracts: list[Contract] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of most contracts and invoices."""
        spoken = Counter([one.language for one in self.contracts] * 3)
        spoken.update(language_of(one.buyer) for one in self.invoices if not one.structured)
        spoken.update(language_of(one.sentence) for one in self.mails)
        del spoken[""]
        return spoken.most_common(1)[0][0] if spoken else ""


class Parsed(NamedTuple):
    """The text of one paper: what XML is kept in it, and the parts of an e-mail."""

    sort: Sort
    paper: Paper
    kept: list[bytes]
    mail: list[str]


class Papers:
    """Reads papers one after another; a context, since a child does the parsing."""

    def __init__(self) -> None:
        self._child = Confined("handover.formats.papers:read", _LIMITS)
        self._count = Counter[tuple[Sort, int]]()
        self.unread: list[str] = []
        """PDFs that promise a contract or an invoice by their names, and whose pages hold no text."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.__exit__()

    def text(self, path: str, sort: Sort, content: Callable[[], bytes | None]) -> Parsed | None:
        """A paper's text; None where it isn't read. `content` may give None."""
        if sort in {Sort.PDF, Sort.TEXT}:
            self._count[sort, promise(path)] += 1
            if self._count[sort, promise(path)] > (MAX_PAPERS, MAX_UNPROMISING)[promise(path)]:
                return None
        data = content()
        if data is None:
            return None
        if sort is Sort.TEXT:
            return Parsed(sort, Paper.of(path, [decoded(data) or ""], numbered=False), [], [])
        parts = self._child.ask(data).pieces
        kept = [part.removeprefix(XML_MARK) for part in parts if part.startswith(XML_MARK)]
        pages = [part.decode("utf-8", "replace") for part in parts if not part.startswith(XML_MARK)]
        if sort is Sort.MAIL:
            own = [seen_text(page) for page in pages]
            return Parsed(sort, Paper.of(path, own[-1:], numbered=False), [], own)
        if sort is Sort.PDF and promise(path) == 0 and not kept and not "".join(pages).strip():
            self.unread.append(path)
        return Parsed(sort, Paper.of(path, pages, numbered=sort is Sort.PDF), kept, [])


def invoices_in(files: Iterable[tuple[str, bytes]], *, day_first: bool) -> Iterator[Invoice | None]:
    """The invoice in each file: a PDF, a Word file, a text, or the XML of Factur-X alone; None where none can be read.

    Raises HandoverError where no child can be started.
    """
    for path, data in files:
        sort = Sort.PDF if data.startswith(b"%PDF-") else Sort.WORD if data.startswith(b"PK") else Sort.TEXT
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            parsed: Parsed | None = Parsed(sort, Paper.of(path, [""], numbered=False), [data], [])
        else:
            with Papers() as reader:  # one for each: whoever names a file wants it read, however many there are
                parsed = reader.text(path, sort, partial(bytes, data))
        read = Read()
        if parsed is not None:
            judged(parsed, read, day_first=day_first)
        yield next(iter(read.invoices), None)


def day_comes_first(papers: Iterable[Paper], *, usually: bool) -> bool:
    """How the papers of a folder write a day in numbers, by those that tell; `usually` where they don't."""
    told = Counter(order_in(paper.text) for paper in papers)
    return told[True] > told[False] if told[True] != told[False] else usually


def judged(parsed: Parsed, read: Read, *, day_first: bool) -> tuple[Kind, str]:
    """What a paper is, with words that tell; what it says is added to `read`. It tells itself how it writes days."""
    told = order_in(parsed.paper.text)
    paper = parsed.paper._replace(day_first=day_first if told is None else told)
    if parsed.sort is not Sort.MAIL:
        return _judged(paper, parsed.kept, read, is_text=parsed.sort is Sort.TEXT)
    found = read_mail(paper.file, parsed.mail, day_first=paper.day_first) if len(parsed.mail) == PARTS else None
    if found is None:
        return Kind.MAIL, msg("an e-mail")
    read.mails.append(found)
    return Kind.NOTICE, msg("an e-mail that ends the contract")


def _judged(paper: Paper, kept: list[bytes], read: Read, *, is_text: bool) -> tuple[Kind, str]:
    """What a paper is. A plain text may only speak of an invoice: it is one where it has all that one needs."""
    if not kept and (titled := read_letter(paper, titled=True)) and read_contract(paper) is None:
        return _letter(titled, read)
    invoice = read_invoice(paper, kept)
    if invoice is not None and not (is_text and not (invoice.number and invoice.amount and invoice.issued_on)):
        if not invoice.number:
            return Kind.INVOICE, msg("looks like an invoice, and its number can't be read: add it by hand")
        read.invoices.append(invoice)
        return Kind.INVOICE, msg("invoice {number}", number=invoice.number)
    if (contract := read_contract(paper)) is not None:
        read.contracts.append(contract)
        return Kind.CONTRACT, msg("a contract")
    if letter := read_letter(paper):
        return _letter(letter, read)
    return Kind.FILE, ""


def _letter(found: Mail, read: Read) -> tuple[Kind, str]:
    read.mails.append(found)
    return Kind.NOTICE, msg("a letter that ends the contract")


def promise(path: str) -> int:
    """Which papers are read first: names order, but don't tell."""
    return 0 if _PROMISING.search(path) else 1


def beginning(data: bytes) -> str:
    """The beginning of a Word file's text, cheaply: what it's about, and whether it says that it's internal."""
    lines = re.sub(rb"</(?:w|text):[ph]>", b"\n", top_of(data, r"word/document\d*\.xml|content\.xml"))
    return re.sub(rb"<[^<>]*>", b"", lines).decode("utf-8", "replace").lstrip()


def may_matter(text: str) -> bool:
    """Whether a paper that begins so speaks of a contract or an invoice: most minutes and briefs don't."""
    folded = text.lower()
    return any(word in folded for word in _MATTERS)
