"""What a workbook's number format shows beside a number: a percent sign that scales it, or a currency.

Role: reads a format code (ECMA-376 Part 1, 18.8.31) as far as it changes what the number means. `0.0%` shows 0.024 as
2.4 %; in `0.0\\%` and `0" %"` the sign is text, and the number is meant as it is.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from handover.project.check.currencies import SIGNS, sign_in

_PIECE = re.compile(r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<bare>.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands beside a number."""

    percent: bool = False
    """Whether the number is shown times a hundred, with a percent sign."""
    sign: str = ""
    """`%`, scaling or not, or the sign or code of a currency; empty for neither."""


@dataclass(frozen=True, slots=True)
class _Section:
    scales: bool
    text: str
    """All that is shown as it is."""
    currency: str
    condition: tuple[str, Decimal] | None


def beside(code: str, value: Decimal) -> Shown:
    """What the format shows beside this value; a format has up to three sections, by sign or by condition."""
    if not any(mark in code for mark in '%$[\\"') and not any(sign in code for sign in SIGNS):
        return Shown()
    section = _chosen([_read(part) for part in _sections(code)], value)
    if section.scales or "%" in section.text:
        return Shown(section.scales, "%")
    return Shown(sign=section.currency or sign_in(section.text))


def _sections(code: str) -> list[str]:
    found, start = [], 0
    for piece in _PIECE.finditer(code):
        if piece["bare"] == ";":
            found.append(code[start : piece.start()])
            start = piece.end()
    return [*found, code[start:]]


def _read(section: str) -> _Section:
    scales, text, currency, condition = False, "", "", None
    for piece in _PIECE.finditer(section):
        if piece["bracket"] is not None:
            inner = piece["bracket"]
            if inner.startswith("$"):
                currency = inner[1:].partition("-")[0].strip()  # [$€-40C]: a sign and whose it is (18.8.31)
            elif match := _CONDITION.fullmatch(inner):
                condition = (match[1], Decimal(match[2])) if match[2].count(".") <= 1 else None
        elif piece["bare"] == "%":
            scales = True
        elif piece["quoted"] is not None or piece["escaped"] is not None:
            text += piece["quoted"] or piece["escaped"] or ""
        elif piece["bare"] is not None and piece["bare"] not in "0#?.,/":
            text += piece["bare"]
    return _Section(scales, text, currency, condition)


def _chosen(sections: list[_Section], value: Decimal) -> _Section:
    for section in sections:
        if section.condition and _holds(section.condition, value):
            return section
    if any(section.condition for section in sections):
        return next((section for section in sections if section.condition is None), sections[-1])
    at = 0 if value > 0 or (value == 0 and len(sections) < 3) else 1 if value < 0 else 2
    return sections[at] if at < len(sections) else sections[0]


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    mark, limit = condition
    return {
        "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit, "=": value == limit,
        "<>": value != limit,
    }[mark]  # fmt: skip
