"""The currency that stands beside a number, whether it can be the one that is meant, and how many decimals it has.

Role: signs and ISO 4217 codes as people, exporters and workbooks write them; minor units. It converts nothing.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from handover.model.message import later, msg
from handover.model.sources import Cell, shown

DOLLARS: Final = frozenset(
    ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "BMD", "BSD", "BZD", "FJD",
     "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD"]
)  # fmt: skip

SIGNS: Final[Mapping[str, frozenset[str]]] = {
    "$": DOLLARS,
    **{
        sign: frozenset(codes.split())
        for sign, codes in {
            "€": "EUR", "euros": "EUR", "euro": "EUR", "Euro": "EUR", "eur": "EUR", "US$": "USD", "CA$": "CAD",
            "$CA": "CAD", "$ CA": "CAD", "$\u00a0CA": "CAD", "C$": "CAD NIO", "SFr.": "CHF",
            "A$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "R$": "BRL", "£": "GBP EGP FKP GIP SHP SYP",
            "¥": "JPY CNY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH", "₪": "ILS", "zł": "PLN",
            "Kč": "CZK", "Ft": "HUF", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "Fr.": "CHF",
        }.items()
    },
}  # fmt: skip
"""What stands for a currency beside an amount (CLDR, narrow and usual symbols) → the currencies that it can be."""

_SIGN: Final = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=lambda sign: -len(sign)))
_BESIDE: Final = re.compile(rf"(?:(?<![^\W\d_])(?:{_SIGN}|[A-Z]{{3}})(?![^\W\d_]))|[€$£¥₹₽₩₺₴₪]")
_MORE_THAN_NUMBERS: Final = re.compile(r"[^\d\s.,'%+-]")
_IN_HEADER: Final = re.compile(rf"[(\[]\s*({_SIGN}|[A-Z]{{3}})\s*[)\]]|[\s,/]({_SIGN})\s*$")


def sign_in(text: str) -> str:
    """The sign or code in a cell's text: `$` of `$1,234.50`, `USD` of `1234.50 USD`; empty without one."""
    match = _BESIDE.search(text)
    return match[0] if match else ""


def without_sign(text: str) -> str:
    """The text of a cell without any sign or code of a currency."""
    return _BESIDE.sub("", text).strip()


def sign_of(cell: Cell) -> str:
    """The sign or code that a workbook shows beside a cell's number, or that was typed beside it."""
    return cell.sign or ("" if cell.exact else amount_in(cell.text)[1])


def amount_in(text: str) -> tuple[str, str]:
    """A typed amount without the currency's sign or code before or behind it, and that sign: `CHF 1'234.50`.

    The text as it is where nothing is known of what stands there, or where it stands inside of the number.
    """
    if text.startswith("(") and text.endswith(")"):  # how accountants and Excel write what is less than 0
        inner, sign = amount_in(text[1:-1])
        return f"({inner})", sign
    match = _BESIDE.search(text) if _MORE_THAN_NUMBERS.search(text) else None
    if match is None or not (match[0] in SIGNS or _is_code(match[0])):
        return text, ""
    before, after = text[: match.start()].strip(), text[match.end() :].strip()
    return (f"{before}{after}", match[0]) if not after or before in {"", "-", "\u2212", "+"} else (text, "")


def code_of(text: str) -> str:
    """The code of the currency that a text names: `EUR` for `€` or `eur`; the text as it is where it may be several."""
    known = SIGNS.get(text.strip(), frozenset())
    code = next(iter(known)) if len(known) == 1 else text.strip().upper()
    return code if _is_code(code) else text


def sign_in_header(header: str) -> str:
    """The sign or code that a column's name ends in: `USD` of `Revenue (USD)`; empty without one."""
    match = _IN_HEADER.search(header.strip())
    found = next((group for group in match.groups() if group), "") if match else ""
    return found if found in SIGNS or _is_code(found) else ""


def is_other(sign: str, currency: str) -> bool:
    """Whether an amount with this sign or code can't be in the currency (an ISO 4217 code)."""
    if sign in SIGNS:
        return currency not in SIGNS[sign]
    return _is_code(sign) and sign != currency


def other_currency(sign: str, currency: str) -> tuple[str, str]:
    """The message and the hint for amounts in another currency than the one that is meant."""
    message = msg("amounts are in {sign}, the metric's currency is {currency}", sign=shown(sign), currency=currency)
    hint = later("set `currency:` for this metric in handover.yaml, or convert the amounts to {currency}")
    return message, msg(hint, currency=currency)


def not_in(sign: str, currency: str) -> tuple[str, str]:
    """The message and the hint for an invoice's amount in another currency than its row's."""
    said = later("the amount is in {sign}, and this invoice's currency is {currency}")
    hint = msg("write the code of the amount's currency into `currency`, or convert the amount")
    return msg(said, sign=shown(sign), currency=currency), hint


def _is_code(text: str) -> bool:
    return text in _codes()


@cache
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


_OTHER_THAN_TWO: Final = {
    code: decimals
    for decimals, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}


def minor_units(currency: str) -> int:
    """Decimals of an amount in the currency with this code (ISO 4217, list one of 2024); 2 for nearly all."""
    return _OTHER_THAN_TWO.get(currency, 2)
