"""What a cell's number format makes of a number: a percentage, a date, a time, or a number still.

Role: reads format codes (ECMA-376 Part 1, 18.8.30 and 18.8.31) as far as they change the value that people see, and
turns serial numbers into days (18.17.4.1). It knows no cells and prints nothing for them.
"""

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Shows(StrEnum):
    """What a number stands for."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"


BUILT_IN: Final[Mapping[int, str]] = {
    9: "0%", 10: "0.00%",
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 46, 47, 55, 56), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
}  # fmt: skip
"""Codes of the built-in formats that change a value (18.8.30), those of East Asian locales included."""

_LITERAL = re.compile(r'"[^"]*"?|\\.|[_*].')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
_BRACKET = re.compile(r"\[[^\]]*\]")
_HALF_DAY = re.compile(r"am/pm|a/p")
_EPOCHS: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 — cells have no zone
_LEAP_BUG: Final = 60
"""The serial number of 29 February 1900, a day that never was: those before it are one day off (18.17.4.1)."""


def shows(code: str, value: float) -> Shows:
    """What a number of this format stands for. Quoted and escaped characters only show: `0.0\\%` scales nothing."""
    return _shows(code, (value > 0) - (value < 0))


@lru_cache(maxsize=512)
def _shows(code: str, sign: int) -> Shows:
    bare = _LITERAL.sub("", code).lower()
    if _ELAPSED.search(bare):
        return Shows.TIME
    part = _section(_BRACKET.sub("", bare).split(";"), sign)
    if part.strip() in {"", "general", "@"}:
        return Shows.NUMBER
    part = _HALF_DAY.sub("h", part)
    if set(part) & set("yd") or ("m" in part and not set(part) & set("hs")):
        return Shows.DATE
    if set(part) & set("hs"):
        return Shows.TIME
    return Shows.PERCENT if "%" in part else Shows.NUMBER


def _section(parts: list[str], sign: int) -> str:
    """The section for the value's sign: positive, negative, zero (18.8.31)."""
    at = 1 if sign < 0 else 2 if sign == 0 else 0
    return parts[at] if at < len(parts) else parts[0]


def moment(serial: float, *, since_1904: bool) -> dt.datetime | None:
    """The moment that a serial number is, to the second; None where there is none."""
    try:
        days = serial + (1 if not since_1904 and serial < _LEAP_BUG else 0)
        # Seconds first: a fraction of a day is no exact binary number.
        return _EPOCHS[since_1904] + dt.timedelta(seconds=round(days * 86_400))
    except (OverflowError, ValueError):
        return None
