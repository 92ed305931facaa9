"""Papers as pages of running text, and what any paper may hold: a date, a sentence around a place, a language.

Role: text → text. It knows no contract and no invoice. Every expression is bounded, since strangers wrote the text.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Self

from handover.intake.seen import Candidate, Origin
from handover.project.read.dates import read_date, read_dates

MAX_TEXT: Final = 60_000
"""Characters of a paper that are read: parties, dates and sums stand on the first pages."""
_QUOTED: Final = 220
"""Characters of a sentence that are shown."""
_BEFORE: Final = 80
_STOPS: Final = (". ", "; ")
_MONTHS: Final = 12
_NUMBERS: Final = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/.-]*\d)")
"""A day in numbers alone."""

_TELLING: Final = {
    "fr": re.compile(r"\b(?:le|la|les|des|du|une|est|et|dans|pour|par|sur|avec|nous|vous|aux)\b"),
    "en": re.compile(r"\b(?:the|of|and|to|in|for|with|this|that|is|on|by|shall|we|you|our)\b"),
}
"""The words that each language needs most."""


class Paper(NamedTuple):
    """A paper's text, page by page, with its lines and as one flowing text a page."""

    file: str
    pages: tuple[str, ...]
    numbered: bool
    """Whether the pages are those that people see."""
    day_first: bool = True
    """How a date in numbers is read that could be two."""

    @classmethod
    def of(cls, file: str, pages: Sequence[str], *, numbered: bool) -> Self:
        """At most `MAX_TEXT` characters of a paper."""
        kept, left = [], MAX_TEXT
        for page in pages:
            kept.append(seen_text(page[:left]))
            left -= len(kept[-1])
        return cls(file, tuple(kept), numbered)

    @property
    def text(self) -> str:
        """All of it, flowing."""
        return " ".join(map(flowing, self.pages))

    def flow(self) -> Iterator[tuple[int, str]]:
        """Each page's number and its flowing text."""
        yield from ((number, flowing(page)) for number, page in enumerate(self.pages, 1))

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line that isn't blank, with its page's number."""
        for number, page in enumerate(self.pages, 1):
            yield from ((number, flowing(line)) for line in page.splitlines() if line.strip())

    def date(self, text: str) -> dt.date | None:
        """The day that a text of the paper means."""
        return date_of(text, day_first=self.day_first)

    def candidate(self, value: str, page: int, text: str, start: int, end: int) -> Candidate:
        """A value that stands in a page's text from `start` to `end`, with the sentence around it."""
        return Candidate(flowing(value), Origin(self.file, page if self.numbered else 0, sentence(text, start, end)))

    def found(self, *expressions: "re.Pattern[str]") -> Iterator[Candidate]:
        """The first group of each match, expression by expression; the likeliest come first."""
        for expression in expressions:
            for page, text in self.flow():
                for match in expression.finditer(text):
                    yield self.candidate(match[1], page, text, match.start(), match.end())


def seen_text(text: str) -> str:
    """A text without the characters that nobody sees and no document can hold."""
    return "".join(char for char in text if char.isprintable() or char.isspace())


def flowing(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(text.split())


def sentence(text: str, start: int, end: int) -> str:
    """The sentence, or the part of it that can be shown, around a place."""
    earliest = max(0, start - _BEFORE)
    breaks = [at + len(mark) for mark in _STOPS if (at := text.rfind(mark, earliest, start)) >= 0]
    first = max(breaks, default=earliest)
    stops = [at for mark in _STOPS if (at := text.find(mark, end, end + _QUOTED)) >= 0]
    shown = text[first : min(stops, default=min(len(text), end + _BEFORE))]
    if not breaks and first:
        shown = f"… {shown.partition(' ')[2]}"
    return shown if len(shown) <= _QUOTED else f"{shown[:_QUOTED].rpartition(' ')[0]} …"


def date_of(text: str, *, day_first: bool = True) -> dt.date | None:
    """The day that a text means; `day_first` is how `03/04/2024` is read."""
    if day := read_date(text):
        return day
    found = read_dates([text.strip()], day_first=day_first)
    return found[0] if found else None


def order_in(text: str) -> bool | None:
    """Whether the day stands before the month in a text's dates; None where none of them tells, or they contradict."""
    pairs = ((int(one[1]), int(one[3])) for one in _NUMBERS.finditer(text))
    told = {first > _MONTHS for first, second in pairs if (first > _MONTHS) != (second > _MONTHS)}
    return told.pop() if len(told) == 1 else None


def language_of(text: str) -> str:
    """`fr` or `en`, by the words that each language needs most; empty where neither shows."""
    counts = {code: len(words.findall(text[:20_000].casefold())) for code, words in _TELLING.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > 2 else ""
