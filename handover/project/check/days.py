"""Dates of a table as people write them and spreadsheets save them → days as our tables write them.

Role: `15/03/2019`, `2 déc. 2026`, `janv-24` and serial numbers are read where they can only mean one day, which the
table as a whole decides; what can be two days is a question, and everything else is left as it was typed, for the model
to refuse. Which names and orders there are is `handover.project.read.dates`'.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from handover.formats.excel.number_format import moment

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_NUMBERS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_SERIALS: Final = (dt.date(1980, 1, 1), dt.date(2099, 12, 31))
"""Days that a number of five digits may stand for, as a spreadsheet counts them (ECMA-376 Part 1, 18.17.4.1)."""


class Days(NamedTuple):
    """A table's dates: each text as `2026-11-30` where it means one day, else as it is; and those that can be two."""

    texts: list[str]
    either: Mapping[int, tuple[dt.date, dt.date]]
    """Index → the day with the day first, and with the month first."""


def read_days(texts: Sequence[str], months: Sequence[bool]) -> Days:
    """Each text's day, as far as the texts together tell it; blank ones too.

    Where `months` says so a month alone is one as well, written as its first day.
    """
    found = [text.strip() for text in texts]
    odd = [at for at, text in enumerate(found) if text and not _ISO.fullmatch(text) and (months[at] or _has_day(text))]
    if not odd:
        return Days(list(texts), {})
    from handover.project.read.dates import both_readings, read_dates  # here, since most tables are as we write them

    days = read_dates([found[at] for at in odd])
    read = dict(zip(odd, days or [], strict=False))
    either = {}
    for at in odd if days is None else ():
        # Together they tell no order, or two: some may mean one day for all that.
        alone = read_dates([found[at]])
        read[at] = alone[0] if alone else None
        if alone is None and (both := both_readings(found[at])):
            either[at] = both
    read |= {at: day for at in odd if read.get(at) is None and (day := serial_day(found[at]))}
    return Days([day.isoformat() if (day := read.get(at)) else text for at, text in enumerate(texts)], either)


def serial_day(text: str, *, since_1904: bool = False) -> dt.date | None:
    """The day that a spreadsheet keeps as this number; None for what is no number of a day that can be meant."""
    found = moment(int(text), since_1904=since_1904) if _SERIAL.fullmatch(text) else None
    return found.date() if found and _SERIALS[0] <= found.date() <= _SERIALS[1] else None


def _has_day(text: str) -> bool:
    """Whether a text holds a day, a month and a year: three numbers, two beside a word, or one that is all of them."""
    if _COMPACT.fullmatch(text) or _SERIAL.fullmatch(text):
        return True
    return len(_NUMBERS.findall(text)) >= 2 + (not _LETTERS.search(text))
