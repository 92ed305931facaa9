"""What people typed, as it is printed: quotes, apostrophes, dashes of ranges, the spaces that no line may end in.

Role: `typeset` sets a text in a language, `french_spacing` our own French words. No letter or digit ever changes, and
what is set already stays. Addresses, paths, file names and code inside a text stay byte for byte; secrets, identifiers
and the tables' machine copies never come here (`handover.documents.typed` chooses).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

NARROW_SPACE: Final = "\u202f"
NO_BREAK_SPACE: Final = "\u00a0"
EN_DASH: Final = "\u2013"

_Rules = Sequence[tuple[re.Pattern[str], str]]

_SPACES: Final = "[ \u00a0\u202f]"
_FRENCH: Final[_Rules] = (
    # A space that is there, of whatever width, then one that was forgotten (never inside `12:30`, `https://`
    # or `&amp;`): the mark is moved only when a space or the end follows it.
    (re.compile(rf"{_SPACES}([;!?»])"), rf"{NARROW_SPACE}\1"),
    (re.compile(r"(?<![&\s])(?<!&\w)(?<=[\w)}»”\"’])([!?;»])(?=[\s.,:;!?»)]|$)"), rf"{NARROW_SPACE}\1"),
    (re.compile(rf"«{_SPACES}?"), f"«{NARROW_SPACE}"),
    (re.compile(rf"{_SPACES}:(?=[\s{NO_BREAK_SPACE}]|$)"), f"{NO_BREAK_SPACE}:"),
    (re.compile(r"(?<=[\w.)}»”’]):(?=\s|$)"), f"{NO_BREAK_SPACE}:"),
    (re.compile(r"(?<=\w)'(?=[\w{])"), "’"),
    # Between a number and its unit.
    (re.compile(rf"(?<=[0-9}}]){_SPACES}(?=[%‰€£$])"), NO_BREAK_SPACE),
    (re.compile(r"(?<=[0-9}])[ ](?=(?:octets?|o|ko|Ko|Mo|Go|To|mm|cm|m|km|px|h|min|s|ms)\b)"), NO_BREAK_SPACE),
    (re.compile(r"\b(n°|p\.|M\.|MM\.|Mme|Mmes|Mlle|Dr)[ ](?=[\w{])"), rf"\1{NO_BREAK_SPACE}"),
)
_ENTITY: Final = re.compile(r"(&#?\w+;)")


def french_spacing(own_words: str) -> str:
    """Our own French words with the spaces, and the apostrophe, that French typography asks for.

    U+202F before `;`, `!`, `?` and `»` and after `«`; U+00A0 before `:`, between a number and its unit, and after
    `n°`, `M.`, `Mme` (Lexique des règles typographiques en usage à l'Imprimerie nationale). Applying it twice
    changes nothing more.
    """
    parts = _ENTITY.split(own_words)
    for at in range(0, len(parts), 2):
        for pattern, replacement in _FRENCH:
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

_APOSTROPHES: Final[_Rules] = (
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

_EVERYWHERE: Final[_Rules] = (
    (_TIMES, rf"\1{EN_DASH}\2"),
    (re.compile(r"(?<=\S)[ \u00a0]--?[ ](?=\S)"), f"{NO_BREAK_SPACE}{EN_DASH} "),
    (re.compile(rf"(?<=\S)[ ]{EN_DASH}[ ](?=\S)"), f"{NO_BREAK_SPACE}{EN_DASH} "),
    (re.compile(r"(?<=\d)[ ](?=(?:[kM]?€|[£$%‰]|EUR|USD|GBP|CHF|CAD|AUD|JPY)(?!\w))"), NO_BREAK_SPACE),
    (re.compile(r"([€£$]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|JPY))[ ](?=\d)"), rf"\1{NO_BREAK_SPACE}"),
    (re.compile(r"(?<=\d)[ ](?=(?:kB|KB|MB|GB|TB|ko|Mo|Go|To|kg|mm|cm|km|px|h|min)\b)"), NO_BREAK_SPACE),
)  # fmt: skip

_COUNTED: Final = r"(?=[ \u00a0\u202f]?(?:[kM]?€|[$£%])|,\d|[ \u00a0][a-zà-ÿ])"

_BY_LANGUAGE: Final[Mapping[str, _Rules]] = {
    "fr": (
        (re.compile(r"(?<![\w\"])\"[ \u00a0\u202f]?([^\s\"](?:[^\"\n]*?[^\s\"])?)[ \u00a0\u202f]?\"(?!\w)"), r"«\1»"),
        (re.compile(r"(?<![\w'’])'([^\s'](?:[^'\n]*[^\s'])?)'(?![\w'])"), r"“\1”"),
        (re.compile(r"^([^«»“”]*)“([^«»“”]+)”(?=[^«»]*$)"), r"\1«\2»"),
        # A thousand's space where an amount, a percentage or a word follows; a lone row of digits may be an identifier.
        (re.compile(rf"(?<=\d)(?<!\d{{4}})[ \u00a0](?=\d{{3}}(?:[ \u00a0\u202f]\d{{3}})*{_COUNTED})"), NARROW_SPACE),
        (re.compile(r"(?<=\d)(?=(?:[kM]?€|[%‰])(?!\w))"), NO_BREAK_SPACE),
        (re.compile(r"(?<=\d[ \u00a0]h)[ ](?=\d)"), NO_BREAK_SPACE),
    ),
    "en": (
        (re.compile(r"(?<![\w\"])\"([^\s\"](?:[^\"\n]*?[^\s\"])?)\"(?!\w)"), r"“\1”"),
        (re.compile(r"(?<![^\s(“])'(?=(?:tis|twas|til|em|cause|n)\b)", re.IGNORECASE), "’"),
        (re.compile(r"(?<![\w'’])'([^\s'](?:[^'\n]*[^\s'])?)'(?![\w'])"), r"‘\1’"),
        (re.compile(r"(?<=s)'(?=[\s.,;:!?)]|$)"), "’"),
        (re.compile(r"\b(Mr|Mrs|Ms|Dr|No\.|p\.|pp\.)[ ](?=[\w])"), rf"\1{NO_BREAK_SPACE}"),
    ),
}  # fmt: skip


_MOST_ROUNDS: Final = 5


def typeset(text: str, locale: str) -> str:
    """A text that somebody typed in the language of `locale`, as it is printed.

    Doing it twice changes nothing more. A language that has no rules of its own gets apostrophes, dates and dashes.
    """
    # What one rule has set may be what another waits for: `"a""b"`.
    for _ in range(_MOST_ROUNDS):
        if (made := _once(text, locale)) == text:
            break
        text = made
    return text


def _once(text: str, locale: str) -> str:
    if _HOLE in text:
        return text
    kept = _AS_IT_IS.findall(text)
    made = apostrophes(_AS_IT_IS.sub(_HOLE, text))
    language = locale.partition("_")[0]
    for pattern, replacement in (*_BY_LANGUAGE.get(language, ()), *_EVERYWHERE, *_dates(locale)):
        made = pattern.sub(replacement, made)
    made = _NUMBERS.sub(_range, made)
    if language == "fr":
        made = french_spacing(made)
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
def _dates(locale: str) -> _Rules:
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
