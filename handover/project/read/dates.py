"""Dates as exporters write them; day and month are told apart by column, never by cell.

Role: a column of date texts → days, or None with a reason. Names of months and weekdays in seven languages, full or
short, come from CLDR, what else people write beside them (`le`, `1er`, `sept.`) from each of our languages. A month
alone is its first day; what is no day or month, but a quarter or a year, is called so.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from typing import NamedTuple

from handover.compare.periods import last_day, month_of
from handover.languages.registry import ours
from handover.model.message import msg
from handover.project.read.text import fold

_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_SLASHED = re.compile(r"([0-9]{1,2}) ?(?:[/.] ?([0-9]{1,2}) ?[/.] ?([0-9]{4}|[0-9]{2})|-([0-9]{1,2})-([0-9]{4}))")
"""With hyphens, two digits at the end may be a day as well."""
_MIDNIGHT = re.compile(r"[tT ](?:00?:00(?::00(?:\.0+)?)?[zZ]?|12:00(?::00)? ?[aA][mM])$")
"""A day as programs write it that know only moments."""

_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_NAMED = re.compile(r"[a-z0-9 .,/'-]+")
_TOKEN = re.compile(r"[0-9]+|[a-z]+")
_SHORT_YEAR = re.compile(r"[a-z]\.?(?:-|/| ?')[0-9]{2}")
"""As Excel shows a month: `janv-24`; with a space, `Jan 24` would be a day as well."""
_WITH_YEAR = r"(?:[ -]?'?(?:20)?[0-9]{2})?"
_OTHER = tuple(
    (words, re.compile(pattern))
    for words, pattern in (
        (msg("a quarter"), rf"(?:(?:20[0-9]{{2}}|[0-9]{{2}})[ -]?)?(?:[qtk][1-4]|[1-4][qt]){_WITH_YEAR}"),
        (
            msg("a quarter"),
            rf"(?:[1-4](?:er|e|eme|st|nd|rd|th|\.|º|°)? ?)(?:trim(?:estre)?|quarter|quartal)\.?{_WITH_YEAR}",
        ),
        (msg("a half-year"), rf"(?:20[0-9]{{2}}[ -]?)?(?:[sh][12]|[12](?:er|e|eme)? ?semestre){_WITH_YEAR}"),
        (msg("a week"), rf"(?:20[0-9]{{2}}[ -]?)?(?:w|s|kw|sem\.?|semaine|week|woche)[ -]?[0-9]{{1,2}}{_WITH_YEAR}"),
        (msg("a year"), r"(?:19|20)[0-9]{2}"),
    )
)
"""Periods that hold several months, or lie across two."""

_MONTH = (
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|"
    "janv|févr|avr|juil|sept|oct|nov|déc|"
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sep|dec"
)
DATE = (
    rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s(?:de\s|of\s)?(?:{_MONTH})\.?,?\s\d{{4}}"
    rf"|(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})|\d{1,2}-\d{1,2}-\d{4})(?!\d)"
)
"""A day as people write it in the prose of our languages."""
DAY_OF_MONTH = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH})|(?:{_MONTH})\s\d{{1,2}}(?:st|nd|rd|th)?)\b"
_WITHOUT_YEAR = re.compile(rf"(?<![\w/.-]){DAY_OF_MONTH}(?!\.?,?\s\d{{4}})", re.IGNORECASE)
_HALF_A_YEAR = dt.timedelta(days=183)

_Reader = Callable[[str], dt.date | None]

Span = tuple[dt.date, dt.date]
"""Two days, both included."""


def days_in(prose: str, near: dt.date) -> list[dt.date]:
    """The days that a sentence names, in their order; one without a year is that within half a year of `near`."""
    written = re.finditer(DATE, prose, re.IGNORECASE)
    found = [(match.start(), read_date(match[0]) or (read_dates([match[0]]) or [None])[0]) for match in written]
    for match in _WITHOUT_YEAR.finditer(prose):
        years = (read_date(f"{match[0]} {near.year + more}") for more in (-1, 0, 1))
        found.append((match.start(), next((one for one in years if one and abs(one - near) <= _HALF_A_YEAR), None)))
    return [day for _, day in sorted(found, key=lambda one: one[0]) if day]


def read_dates(
    texts: Sequence[str], within: Span | None = None, *, day_first: bool | None = None
) -> list[dt.date | None] | None:
    """Each text's day, or None where it is no date; None instead of a list when day and month can't be told apart.

    `within` is the span that the file says it holds, which may tell them apart where the column alone doesn't;
    `day_first` is what the user says, for a column that doesn't tell.
    """
    plain = [_unmistakable(text) for text in texts]
    slashed = [index for index, text in enumerate(texts) if plain[index] is None and any(_slashed(text))]
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


def both_readings(text: str) -> Span | None:
    """The two days that `03/04/2026` can be, day first and month first; None where it is one day, or none."""
    first, second = _day_first(text), _month_first(text)
    return (first, second) if first and second and first != second else None


def contradiction(texts: Sequence[str]) -> tuple[int, int] | None:
    """Where two texts stand of which one can be read with the day first alone, the other with the month; else None."""
    found: dict[bool, int] = {}
    for at, text in enumerate(texts):
        first, second = (reader(text) is not None for reader in (_day_first, _month_first))
        if first != second:
            found.setdefault(first, at)
    return (found[True], found[False]) if len(found) == 2 else None


def read_range(text: str) -> Span | None:
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
    if body.rstrip(".") in _spoken().months:
        return msg("a month without its year")
    return next((words for words, pattern in _OTHER if pattern.fullmatch(body)), "")


def is_cut(month: dt.date, span: tuple[dt.date | None, dt.date | None] | None) -> bool:
    """Whether a span holds a part, and only a part, of the month that begins on `month`."""
    first, last = span or (None, None)
    if first is None or last is None:
        return False
    end = last_day(month_of(month))
    return first <= end and last >= month and not (first <= month and last >= end)


def is_whole_month(first: dt.date, last: dt.date) -> bool:
    """Whether a span is exactly one month."""
    return first.day == 1 and last == last_day(month_of(first))


def _bare(text: str) -> str:
    """Folded, without a time of midnight, quotation marks, and the word before a day in numbers: `dim. 15/03/2026`."""
    body = _MIDNIGHT.sub("", fold(text).strip("\"' "))
    word, _, day = body.partition(" ")
    if not (_SLASHED.fullmatch(day) or _ISO.fullmatch(day)):
        return body
    return day if word.rstrip(".,") in _spoken().weekdays | _spoken().beside else body


def _unmistakable(text: str) -> dt.date | None:
    body = _bare(text)
    if match := _ISO.fullmatch(body):
        return _day(int(match[1]), int(match[3]), int(match[4] or 1))
    if match := _COMPACT.fullmatch(body):
        return _day(int(match[1]), int(match[2]), int(match[3] or 1))
    if match := _MONTH_YEAR.fullmatch(body):
        return _day(int(match[2]), int(match[1]), 1)
    return _named(body)


def _named(body: str) -> dt.date | None:
    """`2 déc. 2026`, `dimanche 1er mars 2026`, `Dec 2nd, 2026`, `janv-24`."""
    if not (_NAMED.fullmatch(body) and any(map(str.isdigit, body))):
        return None
    # The words of all seven cost 0.1 s to load, those of our own languages next to nothing: documents need them anyway.
    return _named_in(body, _spoken(tuple(language.code for language in ours()))) or _named_in(body, _spoken())


def _named_in(body: str, spoken: "_Spoken") -> dt.date | None:
    tokens = [token for token in _TOKEN.findall(body) if token not in spoken.beside]
    words = [at for at, token in enumerate(tokens) if token.isalpha()]
    if len(words) == 2 and words[0] == 0 and tokens[0] in spoken.weekdays:
        tokens = tokens[1:]
    match ["month" if token in spoken.months else len(token) if token.isdigit() else "" for token in tokens]:
        case [1 | 2, "month", 2 | 4]:
            day, month, year = tokens
        case ["month", 1 | 2, 4]:
            month, day, year = tokens
        case ["month", 4]:
            day, (month, year) = "1", tokens
        case ["month", 2] if _SHORT_YEAR.search(body):
            day, (month, year) = "1", tokens
        case _:
            return None
    return _day(_year(year), spoken.months[month], int(day))


def _order(texts: Sequence[str], within: Span | None, day_first: bool | None) -> _Reader | None:
    """Day first or month first: whichever alone reads every text. First days of months may be days of January."""
    readers: tuple[_Reader, _Reader] = (_day_first, _month_first)
    texts = [text for text in texts if any(reader(text) for reader in readers)]  # 32/01/2026 is a day in neither
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
    first, second, year = _slashed(text)
    return _day(year, second, first)


def _month_first(text: str) -> dt.date | None:
    first, second, year = _slashed(text)
    return _day(year, first, second)


def _slashed(text: str) -> tuple[int, int, int]:
    """The three numbers of a text such as `03/04/2026`; zeros for any other."""
    match = _SLASHED.fullmatch(_bare(text))
    return (int(match[1]), int(match[2] or match[4]), _year(match[3] or match[5])) if match else (0, 0, 0)


def _year(text: str) -> int:
    """A year of two digits is one from 1970 to 2069: no export is older."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


class _Spoken(NamedTuple):
    """Words of dates, folded."""

    months: Mapping[str, int]
    weekdays: Set[str]
    beside: Set[str]
    """What means nothing beside a day: articles, endings of ordinals."""


@cache
def _spoken(languages: Sequence[str] = _LANGUAGES) -> _Spoken:
    from babel import Locale

    # What means two months in two languages means none.
    found: dict[str, set[int]] = {}
    weekdays: set[str] = set()
    for language in ours():
        for name, number in language.months.items():
            found[fold(name)] = {number}
    for code in languages:
        locale = Locale.parse(code)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                weekdays.update(fold(name).rstrip(".") for name in locale.days[form][width].values())
                for number, name in locale.months[form][width].items():
                    found.setdefault(fold(name).rstrip("."), set()).add(number)
    months = {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}
    return _Spoken(months, weekdays, {fold(word) for language in ours() for word in language.beside_days})
