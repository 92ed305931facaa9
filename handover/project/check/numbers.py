"""Numbers as people and spreadsheets write them → plain decimals; the decimal mark is decided per column.

Role: `1 234,5`, `1,234.5` and `−3` all become `1234.5` and `-3`. One cell can't tell whether `1,234` is a
thousand or a little more than one; its column usually can. Where it can't, the writer is asked. Currency signs
and words are not numbers.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from handover.model.message import msg
from handover.model.reporting import Unit

_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212"
_MARKS = (".", ",")
_NO_CENTS = re.compile("[.,][-\u2013\u2014]{1,2}$")
"""As Switzerland writes a whole amount: `120.\u2013`."""

_SHORT = re.compile(r"([-+\u2212]?[0-9][0-9., \u00a0\u202f]*?)[ \u00a0\u202f]?(k|K|M|mio|Mio|md|Md|mrd|Mrd|bn)\.?")
_TIMES: Final = {"k": 10**3, "m": 10**6, "mio": 10**6, "md": 10**9, "mrd": 10**9, "bn": 10**9}
"""`12 k` is twelve thousand. A small m isn't among them: it may be minutes."""

SHARES: Final = (
    msg("no value is above 1, and percentages are written 0–100: 2.4 means 2.4 %"),
    msg("multiply them by 100 if they are shares"),
)
"""Message and hint for values that `look_like_shares`."""

NO_PERCENTAGE: Final = (
    msg("a value has a percent sign, and the metric is no percentage"),
    msg("write it without: 2.4 for 240 % of a ratio; a percentage needs a metric whose unit is percent"),
)
"""Message and hint for values with a percent sign where `takes_no_percent`."""


def takes_no_percent(unit: Unit | None) -> bool:
    """Whether a percent sign beside a value of this unit would change what it means: 240 % is a ratio of 2.4."""
    return unit in {Unit.COUNT, Unit.MONEY, Unit.RATIO, Unit.DURATION}


def _pattern(mark: str) -> re.Pattern[str]:
    other = re.escape("," if mark == "." else ".")
    groups = rf"[1-9][0-9]{{0,2}}(?P<gap>[{_SPACES}{_APOSTROPHES}]|{other})[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*"
    return re.compile(rf"(?P<whole>[0-9]+|{groups})(?:{re.escape(mark)}(?P<rest>[0-9]+))?")


_PATTERNS = {mark: _pattern(mark) for mark in _MARKS}


class Column(NamedTuple):
    """What became of a column: `plain[i]` is cell i as a plain decimal, or None where `wrong[i]` says why not."""

    plain: tuple[str | None, ...]
    wrong: dict[int, tuple[str, str, str]]
    """Index → rule, message, hint."""


def read_column(texts: Sequence[str], *, grouped: bool | None = None) -> Column:
    """Interpret the cells of one column together. Every text is a non-blank cell; a trailing `%` is ignored.

    `grouped` says whether `1,234` is a thousand in a column that doesn't tell; None for nobody said.
    """
    readings = [_readings(text) for text in texts]
    mark = _decide(readings)
    plain: list[str | None] = []
    wrong: dict[int, tuple[str, str, str]] = {}
    for index, reading in enumerate(readings):
        distinct = set(reading.values())
        value = reading.get(mark) if mark else None
        if not mark and (len(distinct) == 1 or (distinct and grouped is not None)):
            value = sorted(distinct, key=lambda plain: "." in plain)[0 if grouped else -1]
        plain.append(value)
        if value is None:
            wrong[index] = _complaint(texts[index], reading, mark)
    return Column(tuple(plain), wrong)


def decimal_mark(texts: Sequence[str]) -> str | None:
    """The decimal mark that a column's cells show; None where none of them does."""
    return _decide([_readings(text) for text in texts])


def look_like_shares(values: Iterable[Decimal]) -> bool:
    """Whether values that should be percentages all lie between 0 and 1, and not all are 0."""
    several = list(values)
    return any(several) and all(0 <= value <= 1 for value in several)


def _readings(text: str) -> dict[str, str]:
    """Decimal mark → the plain decimal that the text is with that mark. Empty when it is no number at all."""
    if text.isascii() and text.isdigit():
        return dict.fromkeys(_MARKS, text)
    body = _NO_CENTS.sub("", text.strip().removesuffix("%").rstrip())
    if body.startswith("(") and body.endswith(")") and body[1:2].isdigit():
        body = f"-{body[1:-1].strip()}"
    sign = "-" if body[:1] in {"-", _MINUS} else ""
    if body[:1] in {"-", _MINUS, "+"}:
        body = body[1:].lstrip()
    found = {}
    for mark, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(body):
            whole, rest = re.sub("[^0-9]", "", match["whole"]), match["rest"]
            found[mark] = f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
    return found


def _decide(readings: Sequence[dict[str, str]]) -> str | None:
    """The column's decimal mark: the one that most of the cells that can tell use; None when none can."""
    votes = {mark: sum(set(reading) == {mark} for reading in readings) for mark in _MARKS}
    if votes["."] == votes[","]:
        return "." if votes["."] else None
    return max(votes, key=lambda mark: votes[mark])


def _complaint(text: str, reading: dict[str, str], mark: str | None) -> tuple[str, str, str]:
    if not reading and (short := _SHORT.fullmatch(text.strip())):
        values = set(_readings(short[1]).values())
        hint = msg("write all its digits: 12000")
        if len(values) == 1:
            whole = f"{(Decimal(values.pop()) * _TIMES[short[2].lower()]).normalize():f}"
            hint = msg("write all its digits: {whole}", whole=whole)
        return "number.format", msg("is a shortened number"), hint
    if not reading:
        return "number.format", msg("isn't a number"), msg("write digits, with a decimal point or comma: 1234.5")
    if mark is None:
        whole, fraction = sorted(reading.values(), key=lambda plain: "." in plain)
        message = msg("can mean {whole} or {fraction}, and no other cell of the column tells which",
                      whole=whole, fraction=fraction)  # fmt: skip
        return "number.ambiguous", message, msg("write {whole} or {fraction}0", whole=whole, fraction=fraction)
    if mark == ".":
        message, hint = msg("doesn't have the decimal point of the rest of the column"), msg("write it with a point")
    else:
        message, hint = msg("doesn't have the decimal comma of the rest of the column"), msg("write it with a comma")
    return "number.mark", message, hint
