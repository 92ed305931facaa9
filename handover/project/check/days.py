"""Dates of a table as spreadsheets save them → days as our tables write them, decided for the table as a whole.

Role: what Excel makes of `2026-11-30` when it saves a CSV (`30/11/2026`, `30/11/26`, `janv-24`) is read where it can
only mean one day; everything else is left as it was typed, for the model to refuse. Which names and orders there are
is `handover.project.read.dates`'.
"""

import re
from collections.abc import Sequence

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_NUMBERS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]")


def read_days(texts: Sequence[str], months: Sequence[bool]) -> list[str]:
    """Each text as `2026-11-30` where the texts together tell what day it is, else as it is; blank ones too.

    Where `months` says so a month alone is one as well, written as its first day.
    """
    found = [text.strip() for text in texts]
    odd = [at for at, text in enumerate(found) if text and not _ISO.fullmatch(text) and (months[at] or _has_day(text))]
    if not odd:
        return list(texts)
    from handover.project.read.dates import read_dates  # here, since most tables are as we write them

    days = read_dates([found[at] for at in odd])
    read = dict(zip(odd, days or [], strict=False))
    return [day.isoformat() if (day := read.get(at)) is not None else text for at, text in enumerate(texts)]


def _has_day(text: str) -> bool:
    """Whether a text holds a day, a month and a year: three numbers, or two beside a word."""
    return len(_NUMBERS.findall(text)) + bool(_LETTERS.search(text)) == 3
