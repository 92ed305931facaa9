"""The words of one document in one language, and how that language writes dates, numbers, money and lists.

Role: `Words` joins `templates/<language>/common.toml` with a deliverable's own `<id>.toml` and gives texts by
dotted key; values are put into texts as they are, what people typed being typeset before (`handover.documents.typed`).
How the files are read is `texts`'s, which words elide `joining`'s; this module knows no document.
Locale data is CLDR's, through Babel, imported on first use because it is heavy.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from handover.languages import registry
from handover.languages.joining import Joining
from handover.languages.texts import PLACE, read_own, shipped
from handover.languages.typography import EN_DASH, NO_BREAK_SPACE
from handover.model.errors import HandoverError, TemplateError
from handover.model.message import msg

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

MINUS = "\u2212"


def sign_of(x: Decimal) -> str:
    """What stands before the size of a change: `+`, a real minus, or nothing before zero."""
    return "+" if x > 0 else MINUS if x < 0 else ""


LETTER_PAPER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
"""Territories that print on US Letter (CLDR supplemental data, measurementData, paperSize)."""


@dataclass(frozen=True)
class Words:
    """All the words of one deliverable in one language, and that locale's way to write values."""

    language: str
    """`fr`, `en` …: a folder in `templates/`."""
    locale: str
    """CLDR locale, `fr_FR`: decides dates, separators, spelling variants and paper."""
    source: str
    """Where the words are, for messages: `templates/fr/letter.toml`."""
    texts: Mapping[str, str] = field(repr=False)
    """Dotted key → text. Items of a list are `key.0`, `key.1` …"""
    own: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """File name → TOML, where the language is the project's own and none of ours."""

    @classmethod
    def load(cls, language: str, locale: str, *ids: str, own: Mapping[str, str] = MappingProxyType({})) -> "Words":
        """The words of `common.toml` and of each `<id>.toml`, later files winning.

        They are read from what ships with the program, or from `own` where that isn't empty.

        A table `[locale.en_US]` in any of these files replaces texts for that locale only.
        Raises HandoverError when a file is missing, TemplateError when it isn't valid TOML text.
        """
        texts: dict[str, str] = {}
        for name in ("common", *ids):
            texts.update(read_own(language, name, own) if own else shipped(language, name))
        variant = f"locale.{locale}."
        texts |= {key.removeprefix(variant): text for key, text in texts.items() if key.startswith(variant)}
        return cls(language, locale, f"templates/{language}/{ids[-1] if ids else 'common'}.toml", texts, own)

    def other(self, *ids: str) -> "Words":
        """The words of other documents in the same language, from the same place. Raises as `load` does."""
        return Words.load(self.language, self.locale, *ids, own=self.own)

    @property
    def understood(self) -> tuple[registry.Language, ...]:
        """The languages in which what was written with these words is read back: this one, and ours."""
        return registry.understood(self.language, self.own)

    # Texts

    def text(self, key: str, **values: str) -> str:
        """The text at `key`, with each `{name}` replaced by that value, untouched but for what `joined` does.

        Raises TemplateError for an unknown key, a missing value, or a value that the text doesn't use.
        """
        if (text := self.texts.get(key)) is None:
            raise TemplateError.at(
                self.source, msg("there is no text {key!r}", key=key), hint=msg('add {key} = "…" to it', key=key)
            )
        places = set(PLACE.findall(text))
        if places != values.keys():
            lacking = sorted(places - values.keys()) or sorted(values.keys() - places)
            fault = msg("no value for") if places - values.keys() else msg("no place for the value")
            raise TemplateError.at(
                self.source, msg("{key}: {fault} {{{lacking}}}", key=key, fault=fault, lacking=lacking[0])
            )
        # One pass: a brace inside a value is text, never another place.
        made = ""
        for at, piece in enumerate(PLACE.split(text)):
            made, piece = self.joined(made, values[piece]) if at % 2 else (made, piece)
            made += piece
        return made

    def has(self, key: str) -> bool:
        """Whether there is a text at `key`."""
        return key in self.texts

    def uses(self, key: str, place: str) -> bool:
        """Whether the text at `key` has the place `{place}`: a language may word it without."""
        return f"{{{place}}}" in self.texts.get(key, "")

    def lines(self, key: str) -> tuple[str, ...]:
        """The list of texts at `key`, in order; empty when there is none."""
        found: list[str] = []
        while (text := self.texts.get(f"{key}.{len(found)}")) is not None:
            found.append(text)
        return tuple(found)

    def plural(self, key: str, n: int | Decimal, **values: str) -> str:
        """The text of the table at `key` that fits `n` (CLDR plural categories: `one`, `many`, `other` …).

        `zero` is our own addition, taken for exactly 0 where it exists; a category that isn't there falls
        back to `other`. `{n}` is the number as this locale writes it and may be left out of the text.
        """
        return self._plural(key, n, self.exact(n), values)

    def plural_spelt(self, key: str, n: int, **values: str) -> str:
        """The same with `{n}` in letters, as long as `numbers` has a word for it."""
        return self._plural(key, n, self.spelt(n), values)

    def list(self, items: Sequence[str]) -> str:
        """`a, b et c`; `a, b and c`; `a, b, and c` in American English. An empty text for no items."""
        return self._listed(items, "standard")

    def either(self, items: Sequence[str]) -> str:
        """`a, b or c`, as the locale writes it."""
        return self._listed(items, "or")

    def parts(self, items: Sequence[str]) -> str:
        """`a; b`, or `a ; b`, as the language writes it: for items that may hold commas."""
        return self.text("between_items").join(items)

    def joined(self, before: str, value: str) -> tuple[str, str]:
        """A text and a value put behind it, as the language joins them: "de " + "Anne" are "d’" + "Anne".

        Which words elide before which sounds, and which contract with an article (`de le service` is `du service`), is
        in `[elision]` and `[contraction]` of common.toml. Before what may sound either way the full form stays.
        """
        return self._joining.joined(before, value)

    # Dates

    def date(self, day: dt.date) -> str:
        """`1er novembre 2026`, `1 November 2026`, `November 1, 2026`, never split over lines (U+00A0)."""
        from babel.dates import format_date

        pattern = str(self._babel.date_formats["long"].pattern)
        if day.day == 1 and (first := self.texts.get("first_of_month")):
            pattern = re.sub(r"(?<![a-zA-Z'])d(?![a-zA-Z])", f"'{first}'", pattern, count=1)
        return _unbroken(format_date(day, pattern, locale=self._babel))

    def date_short(self, day: dt.date) -> str:
        """For tables: `01/11/2026`; or `1 Nov 2026`, `Nov 1, 2026` where digits would be ambiguous."""
        from babel.dates import format_date, format_skeleton

        if self.texts.get("short_date") == "medium":
            return _unbroken(format_date(day, "medium", locale=self._babel))
        return format_skeleton("yMd", day, locale=self._babel)

    def month(self, day: dt.date) -> str:
        """The month of `day` with its year: `novembre 2026`, `November 2026`."""
        return _dated(day, "yMMMM", self.locale)

    def month_short(self, day: dt.date) -> str:
        """The same where there is little room: `nov. 2026`, `Nov 2026`."""
        return _dated(day, "yMMM", self.locale)

    def span(self, start: dt.date, end: dt.date) -> str:
        """From `start` to `end`, both included, as a label: `novembre 2024 – octobre 2025`.

        Whole months are written as months, `janvier – mars 2026` within one year; anything else as two dates.
        No line begins with the dash (U+00A0 before it).
        """
        if start.day != 1 or not _last_of_month(end):
            return self.date(start) if start == end else _dashed(self.date(start), self.date(end))
        if (start.year, start.month) == (end.year, end.month):
            return self.month(start)
        if start.year != end.year:
            return _dashed(self.month(start), self.month(end))
        return _dashed(self._babel.months["stand-alone"]["wide"][start.month], self.month(end))

    def span_short(self, start: dt.date, end: dt.date) -> str:
        """The same where there is little room: `nov. 2024 – oct. 2025`, each month with its year."""
        if start.day != 1 or not _last_of_month(end):
            first, last = self.date_short(start), self.date_short(end)
        else:
            first, last = self.month_short(start), self.month_short(end)
        return first if first == last else _dashed(first, last)

    def between(self, start: dt.date, end: dt.date) -> str:
        """Two days with what they share said once: `15 janv. – 14 mai 2024`, `1–30 March`; whole months as months."""
        from babel.dates import format_interval

        if start.day == 1 and _last_of_month(end):
            one = (start.year, start.month) == (end.year, end.month)
            return self.month(start) if one else self.span_short(start, end)
        said = str(format_interval(start, end, "yMMMd", locale=self._babel))
        if first := self.texts.get("first_of_month"):
            said = re.sub(r"(?<!\d)1(?=[ \u2013])", first, said)
        return _unbroken(said).replace(f"\N{THIN SPACE}{EN_DASH}\N{THIN SPACE}", f"{NO_BREAK_SPACE}{EN_DASH} ")

    def duration_between(self, start: dt.date, end: dt.date) -> str:
        """Whole years and months from `start` to `end`, both days included: `quatre ans et trois mois`.

        Below a month, whole weeks or days. Numbers up to the length of `numbers` are spelt out.
        Raises HandoverError when `end` is before `start`.
        """
        if end < start:
            message = msg("no duration from {start} to {end}: it ends before it starts", start=start, end=end)
            raise HandoverError(message)
        # The day after `end`, as month and day: a thirteenth month does no harm here, and no calendar ends.
        month, day = (end.month + 1, 1) if _last_of_month(end) else (end.month, end.day + 1)
        months = (end.year - start.year) * 12 + month - start.month - (day < start.day)
        parts = [("year", months // 12), ("month", months % 12)]
        if not months:
            days = (end - start).days + 1
            parts = [("week", days // 7)] if days % 7 == 0 else [("day", days)]
        return self.list([self.period(unit, n) for unit, n in parts if n])

    def period(self, unit: str, n: int) -> str:
        """A number of `day`, `week`, `month` or `year`: `trois mois`, `90 days`."""
        return self.plural_spelt(f"duration.{unit}", n)

    # Numbers

    def number(self, x: Decimal | int, decimals: int = 0) -> str:
        """`1 234,5` with U+202F, `1,234.5`; rounded half up to `decimals`; U+2212 for negatives, never `−0`."""
        from babel.numbers import format_decimal

        return format_decimal(_rounded(x, decimals), _pattern(decimals), locale=self._babel).replace("-", MINUS)

    def exact(self, x: Decimal | int) -> str:
        """A number with the decimals that it has: 4.50 is `4.5`."""
        return self.number(x, _decimals(x))

    def percent(self, x: Decimal | int, decimals: int = 0) -> str:
        """A percentage on the scale 0–100: 2.4 gives `2,4 %` (U+00A0) or `2.4%`."""
        from babel.numbers import format_percent

        if self.has("percent"):
            return self.text("percent", n=self.number(x, decimals))
        fraction = "." + "0" * decimals if decimals else ""
        pattern = str(self._babel.percent_formats[None].pattern).replace("##0", f"##0{fraction}", 1)
        return format_percent(_rounded(x, decimals).scaleb(-2), pattern, locale=self._babel).replace("-", MINUS)

    def money(self, amount: Decimal | int, currency: str, decimals: int | None = None) -> str:
        """`1 234,50 €`, `€1,234.50`: the currency's own decimals (ISO 4217), more only if the amount has more.

        `decimals` asks for that many instead: reports write large amounts without cents.
        """
        from babel.numbers import format_currency, get_currency_precision

        if decimals is None:
            decimals = max(get_currency_precision(currency), _decimals(amount))
        pattern = re.sub(r"0\.0+", "0" + ("." + "0" * decimals if decimals else ""), self._money_pattern())
        exact = _rounded(amount, decimals)
        text = format_currency(exact, currency, pattern, locale=self._of_money, currency_digits=False)
        return text.replace("-", MINUS)

    def amounts(self, values: Sequence[Decimal], currency: str) -> tuple[str, ...]:
        """Amounts without their currency, all with the same decimals, for a column whose head names it."""
        from babel.numbers import format_decimal, get_currency_precision

        decimals = max([get_currency_precision(currency), *map(_decimals, values)])
        pattern, locale = _pattern(decimals), self._of_money
        written = (format_decimal(_rounded(value, decimals), pattern, locale=locale) for value in values)
        return tuple(text.replace("-", MINUS) for text in written)

    def with_currency(self, amount: str, symbol: str) -> str:
        """An amount that is printed without its currency, with its symbol: `1 234,50 €`, `£1,234.50`."""
        digits = amount.lstrip("-" + MINUS)
        sign = amount.removesuffix(digits)
        if not self._money_pattern().startswith("¤"):
            return f"{amount}{NO_BREAK_SPACE}{symbol}"
        return f"{sign}{symbol}{NO_BREAK_SPACE if symbol[-1:].isalpha() else ''}{digits}"

    def currency_symbol(self, currency: str) -> str:
        """`€`, `£`, `US$`: the symbol that this locale uses, the ISO 4217 code where it has none."""
        from babel.numbers import get_currency_symbol

        return str(get_currency_symbol(currency, locale=self._babel))

    def size(self, count: int) -> str:
        """A number of bytes in decimal units: `512 octets`, `1,2 Mo`, `12 kB`."""
        units = self.lines("units.size")
        value, step = Decimal(count), 0
        # 999,999 bytes are 1 MB, not 1,000 kB.
        while step < len(units) and value >= (Decimal("999.5") if step else 1000):
            value, step = value / 1000, step + 1
        if not step:
            return self.plural("units.byte", count)
        decimals = 1 if value < 10 and _rounded(value, 1) != _rounded(value, 0) else 0
        return f"{self.number(value, decimals)}{NO_BREAK_SPACE}{units[step - 1]}"

    # Paper

    @property
    def paper(self) -> str:
        """`Letter` where people print on it, else `A4`."""
        return "Letter" if self.locale.partition("_")[2] in LETTER_PAPER else "A4"

    @property
    def tag(self) -> str:
        """The locale as a BCP 47 language tag: `fr-FR`."""
        return self.locale.replace("_", "-")

    @cached_property
    def _joining(self) -> Joining:
        return Joining(self.lines, self.texts)

    @property
    def _babel(self) -> "Locale":
        return _locale(self.locale)

    @property
    def _of_money(self) -> "Locale":
        # Swiss of every language write "CHF 1’380.50" (Federal Chancellery); CLDR's fr_CH has France's way.
        return _locale("de_CH") if self.locale.endswith("_CH") else self._babel

    def _plural(self, key: str, n: int | Decimal, written: str, values: Mapping[str, str]) -> str:
        category = "zero" if n == 0 and self.has(f"{key}.zero") else str(self._babel.plural_form(n))
        chosen = f"{key}.{category}" if self.has(f"{key}.{category}") else f"{key}.other"
        return self.text(chosen, **({"n": written} if self.uses(chosen, "n") else {}), **values)

    def _listed(self, items: Sequence[str], style: Literal["standard", "or"]) -> str:
        from babel.lists import format_list

        return format_list([*items], style=style, locale=self._babel)

    def spelt(self, n: int) -> str:
        """`four`, as long as `numbers` has a word for it; else digits."""
        words = self.lines("numbers")
        return words[n] if 0 <= n < len(words) else self.number(n)

    def _money_pattern(self) -> str:
        return str(self._of_money.currency_formats["standard"].pattern).partition(";")[0]


def _dashed(first: str, last: str) -> str:
    # A line may end after the dash, never before it.
    return f"{first}{NO_BREAK_SPACE}{EN_DASH} {last}"


def _unbroken(written: str) -> str:
    # A line never ends inside a date.
    return written.replace(" ", NO_BREAK_SPACE)


@lru_cache(maxsize=1024)  # charts name the same months again and again
def _dated(day: dt.date, skeleton: str, locale: str) -> str:
    from babel.dates import format_skeleton

    return _unbroken(format_skeleton(skeleton, day, locale=_locale(locale)))


@cache
def _pattern(decimals: int) -> "NumberPattern":
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


@cache
def _locale(name: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise HandoverError(
            msg("locale {name!r} isn't known", name=name), hint=msg("write one like fr_FR or en_GB")
        ) from None


def _decimals(x: Decimal | int) -> int:
    exponent = x.normalize().as_tuple().exponent if isinstance(x, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(x: Decimal | int, decimals: int) -> Decimal:
    # Half up is what people check with a pocket calculator; adding 0 turns −0 into 0.
    return Decimal(x).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def _last_of_month(day: dt.date) -> bool:
    return day == dt.date.max or (day + dt.timedelta(1)).day == 1
