"""What people typed, as it is printed: quotes, apostrophes, dashes of ranges, the spaces that no line may end in.

Role: `typeset` sets a text that people typed, `spaced` our own words, each by a language's rules (`fr`, `en`). No
letter or digit ever changes, and what is set already stays. Addresses, paths, file names and code inside a text stay
byte for byte; secrets, identifiers and the tables' machine copies never come here (`handover.documents.typed` chooses).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from handover.languages.typography import EN_DASH, NO_BREAK_SPACE, Rules, Typography

_ENTITY: Final = re.compile(r"(&#?\w+;)")


def spaced(own_words: str, typography: Typography) -> str:
    """Our own words with the spaces, and the apostrophe, that their language asks for.

    What HTML writes as `&name;` stays. Applying it twice changes nothing more.
    """
    if not typography.spacing:
        return own_words
    parts = _ENTITY.split(own_words)
    for at in range(0, len(parts), 2):
        for pattern, replacement in typography.spacing:
            parts[at] = pattern.sub(replacement, parts[at])
    return "".join(parts)


_HOLE: Final = "\ue000"
"""Stands for what is left as it is while the rest is set."""

_AS_IT_IS: Final = re.compile(
    r"`[^`\n]*`|\d'\d"
    r"|\b[a-z][a-z0-9+.-]{0,30}://[^\s«»“”\"]*[\w/]"
    r"|(?<![^\s\"«»“”()])[^\s\"«»“”()]*[/\\_@=#{}<>][^\s\"«»“”()]*"
    r"|(?<![^\s\"«»“”()])[^\s\"«»“”()]*\w\.[a-z][a-z0-9]{1,4}(?![\w’'])",
    re.IGNORECASE,
)
"""Code, feet and inches, addresses, paths and names of files: looked for where a word begins, which may be long."""

_APOSTROPHES: Final[Rules] = (
    (re.compile(r"(?<=[^\W\d_])'(?=[\w\ue000])"), "’"),
    # An elision before a quotation; a single quotation may end before a double one.
    (re.compile(r"(?:(?<=\b[cdjlmnst])|(?<=qu))'(?=[«“\"])", re.IGNORECASE), "’"),
    (re.compile(r"(?<=\d)'(?=s\b)|(?<![^\s(“‘])'(?=\d\ds?\b)"), "’"),
    # One that has no second quotes nothing: “Mills & Sons' shop”, “See you 'round”.
    (re.compile(r"^([^']*(?<![\d'’]))'(?![A-Z])(?=[^'’]*$)"), r"\1’"),
)

_EARLIER: Final = (
    r"(?<![\w.,/:+#°€$£%–-])(?<!n°[ \u00a0\u202f])(?<!\b[Nn]o[ \u00a0])(?<!\b[Nn]o\.[ \u00a0])(?<!\b[Rr][ée]f[ \u00a0])"
    r"(?<!\b[Rr][ée]f\.[ \u00a0])"
)
"""Before a range: not the rest of a number, an identifier or a date."""
_LONGEST_NAME: Final = 20
_NAMED: Final = re.compile(
    r"(?:factures?|devis|contrats?|dossiers?|commandes?|bons?|lots?|invoices?|quotes?|contracts?|tickets?|orders?"
    r"|references?|références?|iso|rfc|din|code|id|siret|siren|rcs|tva|vat|tel|tél|ext)\.?\W{0,3}$",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(rf"{_EARLIER}(\d{{1,4}})-(\d{{1,4}})(?![\w/+–-]|[.,:]\d)")
_TIME: Final = r"(\d{1,2}(?:[:h]\d{0,2}|(?:[:.]\d\d)?[ap]m))"
_TIMES: Final = re.compile(rf"(?<![\w-]){_TIME}-{_TIME}(?![\w:-])")

_EVERYWHERE: Final[Rules] = (
    # Three dots after a word or a space, and no fourth: `..` is a path's, `....` a line to write on.
    (re.compile(r"(?<![.\d])\.\.\.(?![.\w])"), "…"),
    (_TIMES, rf"\1{EN_DASH}\2"),
    (re.compile(r"(?<=\S)[ \u00a0]--?[ ](?=\S)"), f"{NO_BREAK_SPACE}{EN_DASH} "),
    (re.compile(rf"(?<=\S)[ ]{EN_DASH}[ ](?=\S)"), f"{NO_BREAK_SPACE}{EN_DASH} "),
    (re.compile(r"(?<=\d)[ ](?=(?:[kM]?€|[£$%‰]|EUR|USD|GBP|CHF|CAD|AUD|JPY)(?!\w))"), NO_BREAK_SPACE),
    (re.compile(r"([€£$]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|JPY))[ ](?=\d)"), rf"\1{NO_BREAK_SPACE}"),
    (re.compile(r"(?<=\d)[ ](?=(?:kB|KB|MB|GB|TB|ko|Mo|Go|To|kg|mm|cm|km|px|h|min)\b)"), NO_BREAK_SPACE),
)  # fmt: skip

_PHONE: Final = re.compile(r"(?<![\w.,/:-])(?:\+\d{1,3}|0\d{1,4})(?: \d{1,4}){2,}(?!\w)")
"""A telephone number in groups, from at home or abroad: no line ends inside it."""

_MOST_ROUNDS: Final = 5


@lru_cache(maxsize=4096)  # a build sets a project's prose three times
def typeset(text: str, locale: str, typography: Typography) -> str:
    """A text that somebody typed, as it is printed; `locale` names months and days.

    Doing it twice changes nothing more. A language that has no rules of its own gets apostrophes, dates and dashes.
    """
    # What one rule has set may be what another waits for: `"a""b"`.
    for _ in range(_MOST_ROUNDS):
        if (made := _once(text, locale, typography)) == text:
            break
        text = made
    return text


def _once(text: str, locale: str, typography: Typography) -> str:
    if _HOLE in text:
        return text
    kept = _AS_IT_IS.findall(text)
    made = apostrophes(_AS_IT_IS.sub(_HOLE, text))
    for pattern, replacement in (*typography.typed, *_EVERYWHERE, *_dates(locale)):
        made = pattern.sub(replacement, made)
    made = _PHONE.sub(lambda match: match[0].replace(" ", NO_BREAK_SPACE), made)
    made = spaced(_NUMBERS.sub(_range, made), typography)
    held = iter(kept)
    return re.sub(_HOLE, lambda _: next(held), made)


def apostrophes(text: str) -> str:
    """A text with its apostrophes curved and nothing else changed: all that is done to a name."""
    for pattern, replacement in _APOSTROPHES:
        text = pattern.sub(replacement, text)
    return text


def _range(match: re.Match[str]) -> str:
    """Two numbers that rise are a range: 2019-2024, 10-15; 2019-017, 24-7 and 555-1234 aren't."""
    first, last = match[1], match[2]
    years = len(first) == 4 and len(last) == 2 and first[:2] in {"19", "20"} and first[2:] < last
    alike = len(first) == len(last) or (len(first), len(last)) in {(1, 2), (2, 3)}
    rises = alike and int(first) < int(last) and not (last.startswith("0") or first.startswith("0"))
    if not (years or rises) or _NAMED.search(match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]):
        return match[0]
    return f"{first}{EN_DASH}{last}"


@cache
def _dates(locale: str) -> Rules:
    """No line ends inside a date, and a span of months or weekdays has a dash: the names are CLDR's."""
    from babel import Locale

    named = Locale.parse(locale)
    months = _names(named.months["format"][width] for width in ("wide", "abbreviated"))
    days = _names(named.days["format"][width] for width in ("wide", "abbreviated"))
    return (
        (re.compile(rf"(?<!\w)(\d{{1,2}}(?:er|st|nd|rd|th)?)[ ]({months})(?!\w)"), rf"\1{NO_BREAK_SPACE}\2"),
        (re.compile(rf"(?<!\w)({months})[ ](?=\d{{1,2}}(?:,|st|nd|rd|th|\b)|\d{{4}}\b)"), rf"\1{NO_BREAK_SPACE}"),
        (re.compile(rf"(?<!\w)((?:{months})\u00a0\d{{1,2}},)[ ](?=\d{{4}}\b)"), rf"\1{NO_BREAK_SPACE}"),
        (re.compile(rf"(?<![\w-])({months})-({months})(?![\w-])"), rf"\1{EN_DASH}\2"),
        (re.compile(rf"(?<![\w-])({days})-({days})(?![\w-])"), rf"\1{EN_DASH}\2"),
    )


def _names(tables: Iterator[Mapping[Any, str]]) -> str:
    names = {name for table in tables for name in table.values()}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
