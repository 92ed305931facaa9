"""Dates as exporters write them; day and month are told apart by column, never by cell.

Role: a column of date texts → days, or None with a reason. Names of months in seven languages, full or short, come
from CLDR. A month alone is its first day; what is no day or month, but a quarter or a year, is called so.
"""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from functools import cache

from handover.model.message import msg
from handover.project.read.text import fold

_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4}|[0-9]{2})")
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?z?$")
"""A day as programs write it that know only moments."""

_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_NAMED = (
    re.compile(
        r"(?:(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th|\.)? (?:de )?)?(?P<month>[a-z]+)\.?,? (?:de )?(?P<year>[0-9]{4})"
    ),
    # As Excel shows them: `janv-24`, `Jan-2024`, `01-janv-24`; with a space, `Jan 24` would be a day as well.
    re.compile(r"(?:(?P<day>[0-9]{1,2})-)?(?P<month>[a-z]+)\.?(?:-|/| ?')(?P<year>[0-9]{4}|[0-9]{2})"),
    re.compile(r"(?P<month>[a-z]+)\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"),
)
_WITH_YEAR = r"(?:[ -]?'?(?:20)?[0-9]{2})?"
_OTHER = tuple(
    (words, re.compile(pattern))
    for words, pattern in (
        (
            msg("a quarter"),
            msg("(?:(?:20[0-9]{{2}}|[0-9]{{2}})[ -]?)?(?:[qtk][1-4]|[1-4][qt]){with_year}", with_year=_WITH_YEAR),
        ),
        (
            msg("a quarter"),
            msg(
                "(?:[1-4](?:er|e|eme|st|nd|rd|th|\\.|º|°)? ?)(?:trim(?:estre)?|quarter|quartal)\\.?{with_year}",
                with_year=_WITH_YEAR,
            ),
        ),
        (
            msg("a half-year"),
            msg("(?:20[0-9]{{2}}[ -]?)?(?:[sh][12]|[12](?:er|e|eme)? ?semestre){with_year}", with_year=_WITH_YEAR),
        ),
        (
            msg("a week"),
            msg(
                "(?:20[0-9]{{2}}[ -]?)?(?:w|s|kw|sem\\.?|semaine|week|woche)[ -]?[0-9]{{1,2}}{with_year}",
                with_year=_WITH_YEAR,
            ),
        ),
        (msg("a year"), r"(?:19|20)[0-9]{2}"),
    )
)
"""Periods that hold several months, or lie across two."""

_Reader = Callable[[str], dt.date | None]


def read_dates(
    texts: Sequence[str], within: tuple[dt.date, dt.date] | None = None, *, day_first: bool | None = None
) -> list[dt.date | None] | None:
    """Each text's day, or None where it is no date; None instead of a list when day and month can't be told apart.

    `within` is the span that the file says it holds, which may tell them apart where the column alone doesn't;
    `day_first` is what the user says, for a column that doesn't tell.
    """
    plain = [_unmistakable(text) for text in texts]
    slashed = [index for index, text in enumerate(texts) if plain[index] is None and _SLASHED.fullmatch(text.strip())]
    if not slashed:
        return plain
    order = _order([texts[index] for index in slashed], within, day_first)
    if order is None:
        return None
    for index in slashed:
        plain[index] = order(texts[index])
    return plain


def read_date(text: str) -> dt.date | None:
    """One text's day where no order of day and month is needed; else None."""
    return _unmistakable(text)


def read_range(text: str) -> tuple[dt.date, dt.date] | None:
    """`June 1, 2024 - June 30, 2024`, `2024-06-01 - 2024-06-30`, `1 juin 2024 – 30 juin 2024`; None otherwise."""
    for separator in (" - ", " – ", " — ", " bis ", " au ", " to "):
        start, found, end = text.strip().strip('"').partition(separator)
        first, last = _unmistakable(start), _unmistakable(end)
        if found and first and last:
            return first, last
        if found and (days := read_dates([start, end])) and days[0] and days[1] and days[0] <= days[1]:
            return days[0], days[1]
    return None


def other_period(text: str) -> str:
    """What a text is that is no day or month, in words (`a quarter`); empty where nothing is known of it."""
    body = fold(text).strip("\"' ")
    if body.rstrip(".") in _months():
        return msg("a month without its year")
    return next((words for words, pattern in _OTHER if pattern.fullmatch(body)), "")


def is_cut(month: dt.date, span: tuple[dt.date | None, dt.date | None] | None) -> bool:
    """Whether a span holds a part, and only a part, of the month that begins on `month`."""
    first, last = span or (None, None)
    if first is None or last is None:
        return False
    end = month.replace(day=monthrange(month.year, month.month)[1])
    return first <= end and last >= month and not (first <= month and last >= end)


def _unmistakable(text: str) -> dt.date | None:
    body = _MIDNIGHT.sub("", fold(text).strip('" '))
    if match := _ISO.fullmatch(body) or _COMPACT.fullmatch(body):
        return _day(int(match[1]), int(match[2]), int(match[3] or 1))
    if match := _MONTH_YEAR.fullmatch(body):
        return _day(int(match[2]), int(match[1]), 1)
    for pattern in _NAMED:
        if (match := pattern.fullmatch(body)) and (month := _months().get(match["month"])):
            return _day(_year(match["year"]), month, int(match["day"] or 1))
    return None


def _order(texts: Sequence[str], within: tuple[dt.date, dt.date] | None, day_first: bool | None) -> _Reader | None:
    """Day first or month first: whichever alone reads every text. First days of months may be days of January."""
    readers: tuple[_Reader, _Reader] = (_day_first, _month_first)
    able = [reader for reader in readers if all(reader(text) for text in texts)]
    if within:
        able = [
            reader for reader in able if all(within[0] <= (reader(text) or within[0]) <= within[1] for text in texts)
        ]
    if len(able) == 2 and day_first is not None:
        return _day_first if day_first else _month_first
    # Both orders that read each text as the same day are one.
    same = len(able) == 2 and all(_day_first(text) == _month_first(text) for text in texts)
    return able[0] if len(able) == 1 or same else None


def _day_first(text: str) -> dt.date | None:
    match = _SLASHED.fullmatch(text.strip())
    return _day(_year(match[3]), int(match[2]), int(match[1])) if match else None


def _month_first(text: str) -> dt.date | None:
    match = _SLASHED.fullmatch(text.strip())
    return _day(_year(match[3]), int(match[1]), int(match[2])) if match else None


def _year(text: str) -> int:
    """A year of two digits is one from 1970 to 2069: no export is older."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    from babel import Locale

    # Short forms that exports write and CLDR doesn't. What means two months in two languages means none.
    found: dict[str, set[int]] = {"sept": {9}, "juill": {7}, "fevr": {2}, "mrz": {3}, "jan": {1}}
    for language in _LANGUAGES:
        for form in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in form[width].items():
                    found.setdefault(fold(name).rstrip("."), set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}
