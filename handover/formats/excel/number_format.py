"""What a cell's number format makes of a number (a percentage, a date, a time) and what it shows beside it.

Role: reads format codes (ECMA-376 Part 1, 18.8.30 and 18.8.31) as far as they change the value that people see, and
turns serial numbers into days (18.17.4.1). It knows no cells and prints nothing for them.
"""

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple


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


BUILT_IN: Final[Mapping[int, str]] = {
    9: "0%", 10: "0.00%",
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 46, 47, 55, 56), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
}  # fmt: skip
"""Codes of the built-in formats that change a value (18.8.30), those of East Asian locales included."""

_PIECE = re.compile(r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<bare>.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]*\.?[0-9]+)")
_HOLDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")
_THOUSANDS: Final = re.compile(r"^\s*(?:[kKM]|[mM]io|[mM]r?d|bn)(?![^\W\d_])")
"""A format that divides by a thousand ends its digits with commas (18.8.31), and says `k` or `M` beside them."""
_ELAPSED = re.compile(r"h+|m+|s+")
_HALF_DAY = re.compile(r"am/pm|a/p")
_EPOCHS: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 — cells have no zone
_LONGEST: Final = 255
"""Characters of a format code: Excel's own limit."""
_LEAP_BUG: Final = 60
"""The serial number of 29 February 1900, a day that never was: those before it are one day off (18.17.4.1)."""


class Section(NamedTuple):
    """One of a format's sections, which are for numbers by sign or by condition (18.8.31)."""

    shows: Kind
    beside: str
    """The text beside the number as it is; of a format with a currency of its own, that alone."""
    condition: tuple[str, float] | None


def section(code: str, value: float) -> Section:
    """The section of a format that shows this value. Quoted and escaped characters scale nothing: `0.0\\%`."""
    found = _sections(code[:_LONGEST])
    if len(found) == 1:
        return found[0]
    if any(one.condition for one in found):
        held = (one for one in found if one.condition and _HOLDS[one.condition[0]](value, one.condition[1]))
        return next(held, None) or next((one for one in found if one.condition is None), found[-1])
    at = 1 if value < 0 else 2 if value == 0 else 0
    return found[at] if at < len(found) else found[0]


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[Section, ...]:
    found: list[Section] = []
    start = 0
    for piece in _PIECE.finditer(f"{code};"):
        if piece["bare"] == ";":
            found.append(_read(code[start : piece.start()]))
            start = piece.end()
    return tuple(found) or (_read(code),)


def _read(text: str) -> Section:
    bare = beside = currency = ""
    condition, elapsed = None, False
    for piece in _PIECE.finditer(text):
        if (inner := piece["bracket"]) is not None:
            elapsed = elapsed or bool(_ELAPSED.fullmatch(inner.lower()))
            if inner.startswith("$"):
                currency = inner[1:].partition("-")[0].strip()  # [$€-40C]: a sign and whose it is
            elif match := _CONDITION.fullmatch(inner):
                condition = match[1], float(match[2])
        elif piece["bare"] is None:
            beside += piece["quoted"] or piece["escaped"] or ""
        else:
            bare += piece["bare"].lower()
            beside += piece["bare"] if piece["bare"] not in "0#?.,/" else ""
    thousands = _THOUSANDS.match(beside)
    if thousands and _SCALED.search(bare):  # the number itself is whole
        beside = beside[thousands.end() :]
    elif thousands and currency:
        currency = f"{thousands[0].strip()} {currency}"
    return Section(Kind.TIME if elapsed else _shows(bare.strip()), currency or beside, condition)


def _shows(bare: str) -> Kind:
    if bare in {"", "general", "@"}:
        return Kind.NUMBER
    letters = set(_HALF_DAY.sub("h", bare))
    if letters & set("yd") or ("m" in letters and not letters & set("hs")):
        return Kind.DATE
    return Kind.TIME if letters & set("hs") else Kind.PERCENT if "%" in bare else Kind.NUMBER


def moment(serial: float, *, since_1904: bool) -> dt.datetime | None:
    """The moment that a serial number is, to the second; None where there is none."""
    try:
        days = serial + (1 if not since_1904 and serial < _LEAP_BUG else 0)
        # Seconds first: a fraction of a day is no exact binary number.
        return _EPOCHS[since_1904] + dt.timedelta(seconds=round(days * 86_400))
    except (OverflowError, ValueError):
        return None
