"""Contracts, invoices and e-mails: read apart, within limits, and told from one another by what they say.

Role: the reader of papers. PDFs and e-mails are parsed in a child with limits; Word files by the pass over their XML
that counts before it makes. What a contract or an invoice says, their own modules find.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from handover.formats.confined import Confined, Limits
from handover.formats.papers import XML_MARK
from handover.intake.contract import read_contract
from handover.intake.exports import top_of
from handover.intake.invoice import read_invoice
from handover.intake.prose import DATE, Paper, date_of, flowing, language_of, seen_text
from handover.intake.seen import Contract, Invoice, Kind, Mail
from handover.model.message import msg
from handover.project.leaks.office import office_text
from handover.project.leaks.text import decoded

MAX_PAPER: Final = 20 * 1024 * 1024
MAX_PAPERS: Final = 200
MAX_UNPROMISING: Final = 40
"""PDFs that are read: those whose names promise a contract or an invoice, then a few of the others."""
_LIMITS: Final = Limits(seconds=3.0, output=1024 * 1024)
_MATTERS: Final = (
    "contrat", "contract", "convention", "entente", "mandat", "lettre de mission", "agreement", "engagement letter",
    "facture", "invoice",
)  # fmt: skip
_PROMISING: Final = re.compile(
    r"contra[tc]|convention|entente|mandat|lettre.de.mission|agreement|engagement.letter|facture|invoice|avoir|credit.?note|résili|resili|terminat|préavis|preavis|"
    r"(?<![a-z])fa[ _-]?\d|(?<![a-z])inv[ _-]?\d",
    re.IGNORECASE,
)
_BODY: Final = re.compile(r"word/document\d*\.xml")
_WORK: Final = (
    r"[^.!?\n]{0,50}\b(?:contrat|collaboration|missions?|prestations?|partenariat|accord|convention|entente|engagement|"
    r"accompagnement|relation|mandat|contract|agreement|engagement|retainer|relationship|services)\b"
)
_ENDS: Final = re.compile(
    r"[^.!?\n]{0,160}(?:résili|"
    rf"(?:mett(?:re|ons|ez|ra)|mets|met|mis)\s(?:un\sterme|fin)\b{_WORK}|"
    rf"(?:ne|n['’])\s?(?:[\w'’]+\s){{0,2}}(?:pas|plus)\s(?:[\w'’]+\s){{0,2}}(?:renouvel|recondui|poursuiv|continu|prolong)\w*{_WORK}|"
    rf"(?:ne|n['’])\s?(?:renouvel|recondui|poursuiv|continu|prolong)\w*\s(?:pas|plus)\b{_WORK}|"
    rf"(?:ruptures?|arrêt)\sd{_WORK}|"
    r"(?:ne|n['’])\s?(?:[\w'’]+\s){0,2}(?:pas|plus)\s(?:[\w'’]+\s){0,2}(?:poursuiv|continu|travaill)\w*\savec\s(?:vous|toi)\b|"
    r"(?:accept|take|treat|consider)\sthis\s(?:\w+\s)?as\s(?:[\w'’]+\s){0,3}notice|"
    r"no\slonger\s(?:require|need)\s(?:your|the)\sservices|"
    rf"(?:cess|arrêt|termin|interromp|romp|dénonc)(?:er|re|ons|ez|e|ais|ions)\b{_WORK}|"
    r"fin\s(?:de|à)\s(?:notre|votre|ma|mon|la|ce|cette|du)?\s?(?:contrat|collaboration|mission|partenariat)|"
    r"préavis\s[^.!?\n]{0,40}(?:commence|cour[ts]|débute|démarre)|"
    r"terminat(?:e|ing|ion)\b|"
    rf"(?:end(?:ing)?|cancel(?:l?ing)?|clos(?:e|ing)|stop(?:ping)?)\s(?:our|the|this|your)\b{_WORK}|"
    rf"bring\s(?:our|the|this)\b{_WORK}[^.!?\n]{{0,20}}\bto\s(?:a\sclose|an\send)|part(?:ing)?\sways|"
    r"(?:give|giving|gives|serve|serving)\s(?:you\s)?(?:[\w'’]+\s){0,3}notice|(?:days|months|weeks)['’]?\s(?:written\s)?notice|"
    r"(?:not|won['’]t)\s(?:to\s|be\s)?(?:renew|extend))[^.!?\n]{0,160}",
    re.IGNORECASE,
)
"""What ends a contract in an e-mail; what only ends something (a campaign, a meeting) is told by what it names."""
_UNTIL: Final = re.compile(
    rf"(?:au[- ]delà\sdu|jusqu['’]au|à\seffet\sdu|(?:prend(?:ra|rait)?|prenant|mett\w+)\sfin\s(?:le|au)|"
    rf"(?:résili|dénonc|arrêt|rupture)[^.!?\n]{{0,90}}\b(?:pour\sle|au)|services\safter|derni(?:er\sjour|ère\sjournée)[^.!?\n]{{0,30}}\ble|"
    rf"nous\s(?:quitt|sépar|arrêt)\w+[^.!?\n]{{0,20}}\ble|"
    rf"beyond|until|effective(?:\s(?:on|from|as\sof))?|with\seffect\sfrom|"
    rf"last\s(?:working\s)?day[^.!?\n]{{0,30}}\b(?:is|be|being|on)|(?:end|finish|terminate|conclude)s?\son)\s"
    rf"(?:(?:lun|mar|mercre|jeu|vendre|same|sun|mon|tues|wednes|thurs|fri|satur)d[iai]y?,?\s|dimanche\s)?({DATE})",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+\d{1,3}[ .()-]{0,2})?(?:\(0\)\s?)?0?\d(?:[ .-]?\d{2,4}){3,4}(?!\d)")
_SIGNED_LINES: Final = 8

QUOTED: Final = re.compile(
    r"\n\s{0,4}(?:>|-{3,}\s?(?:original|message)|le .{5,60} a écrit|on .{5,60} wrote)", re.IGNORECASE
)
"""Where an e-mail begins to repeat the one that it answers."""


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


class Papers:
    """Reads papers one after another; a context, since children do the parsing."""

    def __init__(self) -> None:
        self._pdfs = Confined("handover.formats.papers:pdf", _LIMITS)
        self._mails = Confined("handover.formats.papers:mail", _LIMITS)
        self._count = Counter[tuple[Sort, int]]()
        self.unread: list[str] = []
        """PDFs that promise a contract or an invoice by their names, and whose pages hold no text."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pdfs.__exit__()
        self._mails.__exit__()

    def read(self, path: str, sort: Sort, content: Callable[[], bytes | None], read: Read) -> tuple[Kind, str]:
        """What a paper is, with words that tell; what it says is added to `read`. `content` may give None."""
        if sort in {Sort.PDF, Sort.TEXT}:
            self._count[sort, promise(path)] += 1
            if self._count[sort, promise(path)] > (MAX_PAPERS, MAX_UNPROMISING)[promise(path)]:
                return Kind.FILE, ""
        data = content()
        if data is None:
            return Kind.FILE, ""
        if sort is Sort.MAIL:
            return self._mail(path, data, read)
        if sort is Sort.WORD:
            text = office_text(data, only=_BODY)[0].replace("\t", "\n")  # a table's cells are lines to who reads them
            return _judged(Paper.of(path, [text], numbered=False), [], read)
        if sort is Sort.TEXT:
            return _judged(Paper.of(path, [decoded(data) or ""], numbered=False), [], read, is_text=True)
        parts = self._pdfs.ask(data).pieces
        kept = [part.removeprefix(XML_MARK) for part in parts if part.startswith(XML_MARK)]
        pages = [part.decode("utf-8", "replace") for part in parts if not part.startswith(XML_MARK)]
        if promise(path) == 0 and not kept and not "".join(pages).strip():
            self.unread.append(path)
        return _judged(Paper.of(path, pages, numbered=True), kept, read)

    def _mail(self, path: str, data: bytes, read: Read) -> tuple[Kind, str]:
        parts = [seen_text(part.decode("utf-8", "replace")) for part in self._mails.ask(data).pieces]
        if len(parts) != 7:
            return Kind.MAIL, msg("an e-mail")
        address, name, addressee, named, day, subject, text = parts
        own = QUOTED.split(text, maxsplit=1)[0]
        found = _ENDS.search(own) or _ENDS.search(subject)
        if found is None or "@" not in address:
            return Kind.MAIL, msg("an e-mail")
        until, dated = _UNTIL.search(own), re.search(DATE, day, re.IGNORECASE)
        role, phone = _signed(own, name)
        read.mails.append(
            Mail(
                path, address, flowing(name), date_of(dated[0]) if dated else None, flowing(found[0]),
                until=date_of(until[1]) if until else None, role=role, phone=phone,
                to=(flowing(named), flowing(addressee)),
            )
        )  # fmt: skip
        return Kind.NOTICE, msg("an e-mail that ends the contract")


def _signed(text: str, name: str) -> tuple[str, str]:
    """The role and the phone number that stand below the sender's name at the end of an e-mail; empty for none."""
    words = set(re.findall(r"\w+", name.casefold()))
    lines = [flowing(line) for line in text.splitlines() if line.strip()][-_SIGNED_LINES:]
    at = next((n for n, line in enumerate(lines) if words and words == set(re.findall(r"\w+", line.casefold()))), None)
    if at is None:
        return "", ""
    below = lines[at + 1 :]
    role = re.split(r"\s[–—|-]\s|,", below[0])[0].strip() if below and not re.search(r"[\d@]", below[0]) else ""
    phone = next((found[0] for line in below if (found := _PHONE.search(line))), "")
    return (role if len(role) <= 50 else ""), phone.strip()


def _judged(paper: Paper, kept: list[bytes], read: Read, *, is_text: bool = False) -> tuple[Kind, str]:
    """What a paper is. A plain text may only speak of an invoice: it is one where it has all that one needs."""
    invoice = read_invoice(paper, kept)
    if invoice is not None and not (is_text and not (invoice.number and invoice.amount and invoice.issued_on)):
        if not invoice.number:
            return Kind.INVOICE, msg("looks like an invoice, and its number can't be read: add it by hand")
        read.invoices.append(invoice)
        return Kind.INVOICE, msg("invoice {number}", number=invoice.number)
    if (contract := read_contract(paper)) is not None:
        read.contracts.append(contract)
        return Kind.CONTRACT, msg("a contract")
    return Kind.FILE, ""


def promise(path: str) -> int:
    """Which papers are read first: names order, but don't tell."""
    return 0 if _PROMISING.search(path) else 1


def beginning(data: bytes) -> str:
    """The beginning of a Word file's text, cheaply: what it's about, and whether it says that it's internal."""
    lines = re.sub(rb"</w:p>", b"\n", top_of(data, r"word/document\d*\.xml"))
    return re.sub(rb"<[^<>]*>", b"", lines).decode("utf-8", "replace").lstrip()


def may_matter(text: str) -> bool:
    """Whether a paper that begins so speaks of a contract or an invoice: most minutes and briefs don't."""
    folded = text.lower()
    return any(word in folded for word in _MATTERS)
