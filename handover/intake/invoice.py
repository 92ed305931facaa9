"""What an invoice says: its number, dates and total, from the XML inside the PDF or else from its text.

Role: the pages that `handover.formats.papers` gives → `Invoice`, or None for a paper that is none. The XML is UN/CEFACT
Cross Industry Invoice, as Factur-X 1.0 and ZUGFeRD 2 have it (EN 16931-3-3); four of its values are enough, so no
library is kept for them. What text says is a candidate, never more.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from handover.formats.package.opc import parse_xml
from handover.intake.prose import Paper, date_of
from handover.intake.seen import Invoice
from handover.model.errors import DamagedFile
from handover.project.check.currencies import SIGNS, sign_in
from handover.project.read.dates import DATE

_NAMES: Final = re.compile(r"\b(?:facture|invoice|avoir|credit\snote|note\sde\scrédit)\b", re.IGNORECASE)
_CREDIT: Final = re.compile(r"\b(?:avoir\sn|facture\sd['’]avoir|credit\snote|note\sde\scrédit)", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"\b(?:relevé\sde\scompte|statement\sof\saccount|account\sstatement|devis|quotation|quote|bon\sde\scommande|purchase\sorder|pro\s?forma)\b",
    re.IGNORECASE,
)
_TOP: Final = 400
_BILL: Final = r"facture(?:\s(?:de\ssituation|de\ssolde|d['’]acompte|finale|intermédiaire))?"
_NUMBER: Final = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        (
            rf"(?:{_BILL}|invoice|avoir|credit\snote|note\sde\scrédit)\s?(?:n°|nº|no\.?|number|numéro|#|:)\s?:?\s?"
            r"((?:(?-i:[A-Z]{1,4})\s)?[A-Z0-9][\w./-]{0,30}\d)"
        ),
        r"(?:numéro|number|n°|no\.)\s(?:de\s(?:la\s)?facture|of\sinvoice)?\s?:?\s?([A-Z0-9][\w./-]{0,30}\d)",
        rf"(?:{_BILL}|invoice)\s([A-Z]{{1,5}}[\w./-]{{0,30}}\d)",
        rf"(?:facture|invoice|avoir|credit\snote)\s(?!{DATE}|20\d\d\s)(\d[\w./-]{{0,30}}\d)\b",
    )
)
_DAY: Final = r"(?:date\s(?:de\s(?:la\s)?factur(?:e|ation)|d['’](?:émission|édition|avoir)|of\sissue)|invoice\sdate)"
_LAST_DAY: Final = r"(?:(?:date\sd['’])?échéance|date\slimite\sde\s(?:paiement|règlement)|due\sdate)"
_ISSUED: Final = tuple(
    re.compile(rf"{one}\s?:?\s?(?:le\s)?({DATE})", re.IGNORECASE)
    for one in (
        rf"{_DAY}\s?:?\s{_LAST_DAY}",  # two headings, then what stands below them
        _DAY, r"émise?\sle", r"\bissued(?:\son)?",
        r"(?<!due\s)\bdate", r"(?:facture|avoir)\s[^.]{0,40}?\sdu", r"\ble",
    )
)  # fmt: skip
_DUE: Final = tuple(
    re.compile(rf"{one}\s?:?\s?(?:le\s|on\s|before\s|by\s)?({DATE})", re.IGNORECASE)
    for one in (
        rf"{_DAY}\s?:?\s{_LAST_DAY}\s?:?\s{DATE}", _LAST_DAY,
        r"payable\s(?:by|before|on|avant\sle|le|au|jusqu['’]au)", r"\bdue",
        r"(?:à\s(?:payer|régler)|payment\sdue|pay\sby)(?:\s(?:avant|before|by|au\splus\stard))?",
        r"\d\s(?:jours|days)[^.\d]{0,30}?,?\s(?:soit|i\.e\.|jusqu['’]au|by|until)",
    )
)  # fmt: skip
_AMOUNT: Final = (
    r"((?:(?:[A-Z]{3}|[€£$]|Fr\.)\s?)?-?"
    r"(?:\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3}){0,3}(?:[.,]\d{2})?"
    # Four digits in one piece, without cents or a sign beside them, are a year.
    r"|\d{4,9}[.,]\d{2}|\d{4,9}(?=\s?(?:[€£$]|(?:EUR|CHF|GBP|USD|CAD)\b))|(?<=[€£$])\d{4,9})(?!\d)"
    r"(?:\s?(?:[A-Z]{3}\b|[€£$]))?)(?![.,]?\d|\s?%)"
)
_PLAIN: Final = _AMOUNT.replace("((?:", "(?:(?:", 1)
_TAXED: Final = (
    r"(?:\s(?:t\.?t\.?c\.?|t\.?v\.?a\.?c\.?|(?:tva|taxes|vat|tax)\s(?:comprises?|incluses?|included)"
    r"|incl(?:\.|uding)?\s(?:tva|vat|tax)))?"
)
_TOTAL: Final = tuple(
    re.compile(rf"{one}{_TAXED}\s?(?:\([^)]{{1,20}}\)\s?)?:?\s?{_AMOUNT}", re.IGNORECASE)
    for one in (
        # Three headings, then three amounts: the last of them.
        (
            rf"total\s(?:h\.?t\.?|net)\s?:?\s(?:tva|vat)(?:\s?\(?\d\d?(?:[.,]\d\d?)?\s?%\)?)?\s?:?\s"
            rf"(?:total\s)?(?:t\.?t\.?c\.?|total)\s?:?\s(?:{_PLAIN}\s){{2}}"
        ),
        r"(?:net\sà\spayer|reste\sà\spayer|solde\sdû|amount\sdue|balance\sdue|total\sdue)",
        r"total\s(?:t\.?t\.?c\.?|t\.?v\.?a\.?c\.?|tva\scomprise|\(?incl[^)\d]{0,15}\)?|à\spayer|toutes\staxes\scomprises|general|général)",
        r"(?:montant|total|solde)\sen\svotre\sfaveur",
        r"montant\s(?:total|ttc|dû|à\s(?:payer|régler))",
        r"grand\stotal",
        r"(?<!sub)(?<!sub-)(?<!sous-)(?<!net\s)\btotal(?!\s?\(?(?:h\.?t|tva(?!c)|vat|tax|hors|excl|net|remise|discount)\b)",
    )
)  # fmt: skip
_AMOUNTS: Final = re.compile(_AMOUNT)
_CODES: Final = re.compile(r"\b(?:EUR|CHF|GBP|USD|CAD)\b")
_CANADIAN: Final = re.compile(r"\b(?:TPS|TVQ|TVH|HST|QST)\b")
"""Taxes that Canada alone has under these names: the dollars beside them are its own."""
_CURRENCIES: Final = frozenset().union(*SIGNS.values())
_PAID: Final = re.compile(
    rf"(?<!être\s)(?<!be\s)\b(?:acquittée?|(?:déjà\s)?(?:payée?|réglée?)\s(?:par\s\w{{3,20}}\s)?(?:le\s)?{DATE}|paid\s(?:{DATE}|on|in\sfull|with\sthanks)|"
    r"soldée|solde\s(?:réglé|payé)|(?:statut|status|état)\s?:\s?(?:payée?|réglée?|soldée?|paid)|"
    r"payment\sreceived|paiement\sreçu)(?!\w)",
    re.IGNORECASE,
)
_AT_ONCE: Final = re.compile(
    r"(?:payable|paiement|règlement|échéance)\s?:?\s(?:à|dès)\s(?:la\s)?réception|(?:due|payable)\s(?:up)?on\sreceipt",
    re.IGNORECASE,
)
"""An invoice that is due when it comes, as a credit note is: on its own day."""
_CII: Final = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_CREDIT_TYPES: Final = frozenset({"381", "261", "262", "296", "308", "396", "420", "458", "532"})
"""UNTDID 1001: the codes that are credit notes (EN 16931, BT-3)."""


def read_invoice(paper: Paper, attachments: list[bytes]) -> Invoice | None:
    """An invoice: by the XML where one is whole, else by its text. What looks like one and can't be read is empty."""
    for data in attachments:
        if (found := _from_xml(paper.file, data)) is not None:
            return found
    text = paper.text
    if not _NAMES.search(text[:_TOP]) or _OTHER.search(text[:_TOP]):
        return None
    number, issued, due, total = (next(paper.found(*one), None) for one in (_NUMBER, _ISSUED, _DUE, _TOTAL))
    if number is None or total is None:
        if not (number or issued or due) or not _AMOUNTS.search(text):
            return None
        return Invoice(paper.file, number.value if number else "", None, None, None, "", buyer=text)
    amount, currency = read_amount(total.value)
    if amount is not None and amount > 0 and _CREDIT.search(text[:_TOP]):
        amount = -amount
    if not currency:  # beside another amount of the same invoice
        others = {read_amount(match[1])[1] for match in _AMOUNTS.finditer(text)} - {""} or set(_CODES.findall(text))
        currency = others.pop() if len(others) == 1 else ""
        if not currency and "$" in total.value and _CANADIAN.search(text):
            currency = "CAD"
    paid = _PAID.search(text)
    at_once = amount is not None and (amount < 0 or _AT_ONCE.search(text))
    return Invoice(
        paper.file,
        number.value,
        paper.date(issued.value) if issued else None,
        paper.date(due.value) if due else paper.date(issued.value) if issued and at_once else None,
        amount,
        currency,
        paid=paid[0] if paid else total.value if amount == 0 else "",
        buyer=text,
    )


def read_amount(text: str) -> tuple[Decimal | None, str]:
    """An amount and its currency (ISO 4217; empty where the sign could be several): `1 234,50 €`, `CHF 1'234.50`."""
    sign = sign_in(text)
    known = SIGNS.get(sign, frozenset())
    one = next(iter(known)) if len(known) == 1 else sign if sign in _CURRENCIES else ""
    currency = "GBP" if sign == "£" else one
    digits = re.sub(r"[^\d.,-]", "", text.replace(sign, "") if sign else text).strip(".,")
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark >= 0 and len(digits) - mark - 1 == 2:
        digits = f"{re.sub('[.,]', '', digits[:mark])}.{digits[mark + 1 :]}"
    else:
        digits = re.sub("[.,]", "", digits)
    try:
        return Decimal(digits), currency
    except InvalidOperation:
        return None, currency


def _from_xml(file: str, data: bytes) -> Invoice | None:
    try:
        root = parse_xml(data, file)
    except DamagedFile:
        return None
    number = _text(root, "rsm:ExchangedDocument/ram:ID")
    summary = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
    sums = f"{summary}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    told = _text(root, f"{sums}/ram:DuePayableAmount") or _text(root, f"{sums}/ram:GrandTotalAmount")
    if not number or not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,4})?", told):
        return None
    amount = Decimal(told)
    if _text(root, "rsm:ExchangedDocument/ram:TypeCode") in _CREDIT_TYPES:
        amount = -abs(amount)
    buyer = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:Name"
    return Invoice(
        file,
        number,
        _day(root, "rsm:ExchangedDocument/ram:IssueDateTime"),
        _day(root, f"{summary}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime"),
        amount,
        _text(root, f"{summary}/ram:InvoiceCurrencyCode"),
        buyer=_text(root, buyer),
        structured=True,
    )


def _text(root: "etree._Element", path: str) -> str:
    found = root.find(path, _CII)
    return "".join(map(str, found.itertext())).strip() if found is not None else ""


def _day(root: "etree._Element", path: str) -> dt.date | None:
    """A date in format 102 (CCYYMMDD), the one that EN 16931 allows."""
    text = _text(root, f"{path}/udt:DateTimeString")
    return date_of(text) if re.fullmatch(r"\d{8}", text) else None
