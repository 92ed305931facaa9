"""Words and how each locale writes dates, numbers, money, lists and lengths of time."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.languages.fr import TYPOGRAPHY
from handover.languages.typesetting import spaced
from handover.languages.words import Words
from handover.model.errors import HandoverError, TemplateError

FR = Words.load("fr", "fr_FR")
GB = Words.load("en", "en_GB")
US = Words.load("en", "en_US")
CH = Words.load("fr", "fr_CH")
DAY = dt.date


def _words(texts: dict[str, str]) -> Words:
    return Words("fr", "fr_FR", "templates/fr/sample.toml", texts)


@pytest.mark.parametrize(
    ("words", "day", "expected"),
    [
        pytest.param(FR, DAY(2026, 11, 1), "1er\u00a0novembre\u00a02026", id="the French first of the month is 1er"),
        pytest.param(FR, DAY(2026, 11, 21), "21\u00a0novembre\u00a02026", id="only the first is an ordinal"),
        pytest.param(FR, DAY(2026, 8, 11), "11\u00a0août\u00a02026", id="months keep their accents"),
        pytest.param(GB, DAY(2026, 11, 1), "1\u00a0November\u00a02026", id="the British write day month year"),
        pytest.param(US, DAY(2026, 11, 1), "November\u00a01,\u00a02026", id="Americans write month day, year"),
        pytest.param(
            Words.load("fr", "fr_CA"), DAY(2026, 11, 1), "1er\u00a0novembre\u00a02026", id="Quebec too writes 1er"
        ),
    ],
)
def test_long_dates(words: Words, day: DAY, expected: str) -> None:
    assert words.date(day) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(FR, "01/11/2026", id="French tables hold digits"),
        pytest.param(GB, "1\u00a0Nov\u00a02026", id="British tables name the month"),
        pytest.param(US, "Nov\u00a01,\u00a02026", id="American tables name the month"),
        pytest.param(Words.load("fr", "fr_CH"), "01.11.2026", id="Switzerland puts dots"),
    ],
)
def test_short_dates(words: Words, expected: str) -> None:
    assert words.date_short(DAY(2026, 11, 1)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(
            DAY(2024, 11, 1), DAY(2025, 10, 31), "novembre\u00a02024\u00a0– octobre\u00a02025", id="whole months"
        ),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 3, 31), "janvier\u00a0– mars\u00a02025", id="months of one year"),
        pytest.param(DAY(2025, 2, 1), DAY(2025, 2, 28), "février\u00a02025", id="one month"),
        pytest.param(
            DAY(2024, 2, 1),
            DAY(2024, 2, 28),
            "1er\u00a0février\u00a02024\u00a0– 28\u00a0février\u00a02024",
            id="a leap year's last day",
        ),
        pytest.param(
            DAY(2025, 1, 2),
            DAY(2025, 3, 31),
            "2\u00a0janvier\u00a02025\u00a0– 31\u00a0mars\u00a02025",
            id="any other days",
        ),
        pytest.param(DAY(2025, 5, 6), DAY(2025, 5, 6), "6\u00a0mai\u00a02025", id="a single day"),
        pytest.param(DAY(9999, 12, 1), DAY(9999, 12, 31), "décembre\u00a09999", id="the last day of the calendar"),
    ],
)
def test_spans(start: DAY, end: DAY, expected: str) -> None:
    assert FR.span(start, end) == expected


@pytest.mark.parametrize("words", [pytest.param(FR, id="French"), pytest.param(GB, id="English")])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(DAY(2024, 1, 1), DAY(2025, 12, 31), id="whole months of two years"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 3, 31), id="whole months of one year"),
        pytest.param(DAY(2025, 1, 2), DAY(2025, 3, 31), id="any other days"),
    ],
)
def test_no_line_can_begin_with_the_dash_of_a_period(words: Words, start: DAY, end: DAY) -> None:
    for written in (words.span(start, end), words.span_short(start, end)):
        assert written.count("\u00a0– ") == written.count("–") == 1


def test_parts_are_joined_as_the_language_asks() -> None:
    assert FR.parts(["CRM, juin", "calcul"]) == "CRM, juin\u202f; calcul"
    assert GB.parts(["CRM, June", "computed"]) == "CRM, June; computed"


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        pytest.param(DAY(2022, 9, 1), DAY(2026, 11, 30), "quatre ans et trois mois", "four years and three months",
                     id="both days count"),
        pytest.param(DAY(2022, 9, 2), DAY(2026, 11, 30), "quatre ans et deux mois", "four years and two months",
                     id="a month counts when it is whole"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 12, 31), "un an", "one year", id="a year to the day"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 1, 31), "un mois", "one month", id="a month to the day"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 1, 14), "deux semaines", "two weeks", id="weeks below a month"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 1, 7), "une semaine", "one week", id="a week is feminine in French"),
        pytest.param(DAY(2025, 1, 1), DAY(2025, 1, 1), "un jour", "one day", id="a single day"),
        pytest.param(DAY(1990, 1, 1), DAY(2025, 1, 31), "35 ans et un mois", "35 years and one month",
                     id="large numbers are digits"),
        pytest.param(DAY(2020, 1, 1), DAY(9999, 12, 31), "7\u202f980 ans", "7,980 years", id="up to the last date"),
    ],
)  # fmt: skip
def test_durations(start: DAY, end: DAY, french: str, english: str) -> None:
    assert (FR.duration_between(start, end), GB.duration_between(start, end)) == (french, english)


def test_a_duration_does_not_run_backwards() -> None:
    with pytest.raises(HandoverError, match="ends before it starts"):
        FR.duration_between(DAY(2026, 1, 2), DAY(2026, 1, 1))


@pytest.mark.parametrize(
    ("words", "method", "arguments", "expected"),
    [
        pytest.param(FR, "number", ("1234567.55", 1), "1\u202f234\u202f567,6", id="French groups by a narrow space"),
        pytest.param(GB, "number", ("1234567.55", 1), "1,234,567.6", id="English groups by commas"),
        pytest.param(FR, "number", ("0.5", 0), "1", id="half goes up"),
        pytest.param(FR, "number", ("-2.5", 1), "−2,5", id="negatives have a real minus"),
        pytest.param(GB, "number", ("-0.04", 1), "0.0", id="there is no minus zero"),
        pytest.param(FR, "percent", ("2.45", 1), "2,5\u00a0%", id="a no-break space before the French percent"),
        pytest.param(CH, "percent", ("27", 0), "27\u00a0%", id="the same in Switzerland, where CLDR has none"),
        pytest.param(GB, "percent", ("2.45", 1), "2.5%", id="none before the English one"),
        pytest.param(GB, "percent", ("-0.01", 1), "0.0%", id="no minus zero percent"),
        pytest.param(FR, "money", ("-1234.5", "EUR"), "−1\u202f234,50\u00a0€", id="French money"),
        pytest.param(GB, "money", ("-1234.5", "GBP"), "−£1,234.50", id="British money"),
        pytest.param(CH, "money", ("1234.5", "CHF"), "CHF\u00a01’234.50", id="Swiss money, in French too"),
        pytest.param(US, "money", ("1234.5", "USD"), "$1,234.50", id="American money"),
        pytest.param(FR, "money", ("1200", "JPY"), "1\u202f200\u00a0JPY", id="a currency without decimals"),
        pytest.param(FR, "money", ("12.345", "EUR"), "12,345\u00a0€", id="an amount keeps all its decimals"),
        pytest.param(US, "currency_symbol", ("EUR",), "€", id="the symbol that the locale uses"),
    ],
)
def test_numbers_and_money(words: Words, method: str, arguments: tuple[Any, ...], expected: str) -> None:
    values = [Decimal(a) if isinstance(a, str) and not a.isalpha() else a for a in arguments]
    assert getattr(words, method)(*values) == expected


@pytest.mark.parametrize(
    ("words", "amount", "symbol", "expected"),
    [
        pytest.param(FR, "1\u202f440,00", "€", "1\u202f440,00\u00a0€", id="behind, in French"),
        pytest.param(FR, "−30,00", "€", "−30,00\u00a0€", id="behind what is owed to the client"),
        pytest.param(GB, "1,440.00", "£", "£1,440.00", id="before, in English"),
        pytest.param(GB, "−30.00", "£", "−£30.00", id="between the minus and the number"),
        pytest.param(CH, "1’440.00", "CHF", "CHF\u00a01’440.00", id="letters apart from the number"),
    ],
)
def test_a_printed_amount_gets_its_currency_where_the_language_puts_it(
    words: Words, amount: str, symbol: str, expected: str
) -> None:
    assert words.with_currency(amount, symbol) == expected


def test_amounts_of_a_column_share_their_decimals() -> None:
    assert FR.amounts([Decimal(5), Decimal("1.125")], "EUR") == ("5,000", "1,125")
    assert CH.amounts([Decimal(5), Decimal(1380)], "CHF") == ("5.00", "1’380.00")


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 octet", "0 bytes"),
        (1, "1 octet", "1 byte"),
        (999, "999 octets", "999 bytes"),
        (1000, "1 ko", "1 kB"),
        (1234567, "1,2 Mo", "1.2 MB"),
        (9950, "10 ko", "10 kB"),
        (999_999, "1 Mo", "1 MB"),
        (5_000_000_000, "5 Go", "5 GB"),
        (10**16, "10 000 To", "10,000 TB"),
    ],
)
def test_sizes(count: int, french: str, english: str) -> None:
    assert (_plain(FR.size(count)), _plain(GB.size(count))) == (french, english)


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("words", "items", "expected"),
    [
        (FR, ["a", "b", "c"], "a, b et c"),
        (GB, ["a", "b", "c"], "a, b and c"),
        (US, ["a", "b", "c"], "a, b, and c"),
        (FR, ["a"], "a"),
        (FR, [], ""),
        (GB, ["{0}", "{1}"], "{0} and {1}"),
    ],
)
def test_lists(words: Words, items: list[str], expected: str) -> None:
    assert words.list(items) == expected


@pytest.mark.parametrize(
    ("locale", "paper"),
    [("fr_FR", "A4"), ("en_GB", "A4"), ("en_US", "Letter"), ("fr_CA", "Letter"), ("en_IE", "A4")],
)
def test_paper(locale: str, paper: str) -> None:
    assert Words.load(locale[:2], locale).paper == paper


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("Bonjour !", "Bonjour\u202f!", id="a plain space before ! becomes narrow"),
        pytest.param("Bonjour!", "Bonjour\u202f!", id="a forgotten space is added"),
        pytest.param("oui ; non ?", "oui\u202f; non\u202f?", id="so before ; and ?"),
        pytest.param("Objet : fin", "Objet\u00a0: fin", id="a colon takes a wide no-break space"),
        pytest.param("Réf.:", "Réf.\u00a0:", id="a forgotten one before a colon is added"),
        pytest.param("« oui »", "«\u202foui\u202f»", id="guillemets hold narrow spaces"),
        pytest.param("«oui»", "«\u202foui\u202f»", id="guillemets without spaces get them"),
        pytest.param("10 % de 5 Mo", "10\u00a0% de 5\u00a0Mo", id="units stay with their numbers"),
        pytest.param("{n} Mo", "{n}\u00a0Mo", id="a place counts as a number"),
        pytest.param("n° 5, M. Le Goff", "n°\u00a05, M.\u00a0Le Goff", id="abbreviations stay with what follows"),
        pytest.param("l'accès n'est", "l’accès n’est", id="apostrophes are curved"),
        pytest.param("nos fichiers", "nos fichiers", id="ordinary words are left alone"),
        pytest.param("à 12:30", "à 12:30", id="a time is left alone"),
        pytest.param("https://a.example/b?c=d;e", "https://a.example/b?c=d;e", id="an address is left alone"),
        pytest.param("a &amp; b", "a &amp; b", id="an entity is left alone"),
    ],
)
def test_french_spacing(written: str, expected: str) -> None:
    assert spaced(written, TYPOGRAPHY) == expected


@given(st.text(st.sampled_from("ab1 ;:!?«»'%€.,{}&\u00a0\u202f\n"), max_size=40))
def test_french_spacing_done_twice_changes_nothing_more(text: str) -> None:
    once = spaced(text, TYPOGRAPHY)
    assert spaced(once, TYPOGRAPHY) == once


@given(st.text(max_size=30))
def test_values_are_never_spaced(value: str) -> None:
    assert _words({"k": "[{x}]"}).text("k", x=value) == f"[{value}]"


def test_a_brace_in_a_value_is_no_place() -> None:
    assert _words({"k": "{x} {y}"}).text("k", x="{y}", y="{x}") == "{y} {x}"


@pytest.mark.parametrize(
    ("key", "values", "message"),
    [
        pytest.param("lacking", {}, "there is no text 'lacking'", id="an unknown key"),
        pytest.param("k", {}, r"k: no value for \{x\}", id="a missing value"),
        pytest.param("k", {"x": "1", "z": "2"}, r"k: no place for the value \{z\}", id="a value too many"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(key: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(TemplateError, match=f"^templates/fr/sample.toml: {message}"):
        _words({"k": "{x}"}).text(key, **values)


@pytest.mark.parametrize(
    ("words", "n", "expected"),
    [
        pytest.param(FR, 0, "0 chose", id="zero is singular in French"),
        pytest.param(FR, 1, "1 chose", id="one is singular"),
        pytest.param(FR, 2, "2 choses", id="two is plural"),
        pytest.param(FR, 1_000_000, "1\u202f000\u202f000 choses", id="a missing category falls back to other"),
        pytest.param(GB, 0, "0 choses", id="zero is plural in English"),
        pytest.param(FR, Decimal("1.5"), "1,5 chose", id="French counts up to two as one"),
    ],
)
def test_plurals(words: Words, n: int | Decimal, expected: str) -> None:
    texts = {"k.one": "{n} chose", "k.other": "{n} choses"}
    assert Words(words.language, words.locale, "sample", texts).plural("k", n) == expected


def test_zero_can_have_words_of_its_own() -> None:
    assert _words({"k.zero": "rien", "k.one": "{n}", "k.other": "{n}"}).plural("k", 0) == "rien"


def test_a_locale_can_replace_a_text() -> None:
    assert (GB.text("channel.post"), US.text("channel.post")) == ("by post", "by mail")


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(HandoverError, match="'xx_YY' isn't known"):
        Words("fr", "xx_YY", "sample", {}).date(DAY(2026, 1, 1))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(HandoverError, match=r"templates/xx/common\.toml"):
        Words.load("xx", "xx_XX")


ONLY_FRENCH = ("elision.", "contraction.", "first_of_month", "percent")
"""What English has nothing of: nothing in it elides or contracts."""


def test_both_languages_have_the_same_common_words() -> None:
    def keys(words: Words) -> set[str]:
        return {k for k in words.texts if not k.startswith(("locale.", "numbers.", *ONLY_FRENCH))} - {
            "first_of_month",
            "percent",
        }

    assert keys(FR) == keys(GB)


@pytest.mark.parametrize("deliverable", ["letter", "pending"])
def test_both_languages_have_the_same_words_of_a_deliverable(deliverable: str) -> None:
    def keys(words: Words) -> set[str]:
        return {k for k in words.texts if not k.startswith(("locale.", "numbers.", "salutation", *ONLY_FRENCH))}

    assert keys(Words.load("fr", "fr_FR", deliverable)) == keys(Words.load("en", "en_GB", deliverable))


def test_a_plural_may_be_spelt_out_as_far_as_there_are_words() -> None:
    words = Words.load("fr", "fr_FR", "pending")
    assert words.plural_spelt("summary.finish", 16) == "seize\u00a0à terminer"
    assert words.plural_spelt("summary.finish", 17) == "17\u00a0à terminer"
    assert words.plural("summary.finish", 2) == "2\u00a0à terminer"


@pytest.mark.parametrize(
    ("value", "joined"),
    [
        pytest.param("Anne Élie", "d’Anne Élie", id="a vowel"),
        pytest.param("+EUR 3’548", "de +EUR 3’548", id="a sign, which is read"),
        pytest.param("« Agir »", "d’« Agir »", id="a quotation mark, which isn't"),
        pytest.param("Élie", "d’Élie", id="an accented one"),
        pytest.param("Œuvres vives", "d’Œuvres vives", id="a ligature"),
        pytest.param("EDF", "d’EDF", id="an acronym"),
        pytest.param("« Arcade »", "d’« Arcade »", id="inside quotation marks"),
        pytest.param("Hélène", "d’Hélène", id="a mute h"),
        pytest.param("Hyères", "d’Hyères", id="a town with one"),
        pytest.param("Hirondelle", "d’Hirondelle", id="another"),
        pytest.param("Hôtel Bleu", "d’Hôtel Bleu", id="and another"),
        pytest.param("Hugo", "de Hugo", id="an h that may be aspirated keeps the full form"),
        pytest.param("Haribo", "de Haribo", id="so does one that is"),
        pytest.param("Yves", "d’Yves", id="y before a consonant"),
        pytest.param("Yann", "de Yann", id="y before a vowel"),
        pytest.param("Claire", "de Claire", id="a consonant"),
        pytest.param("onze jours", "de onze jours", id="eleven doesn't elide"),
        pytest.param("un mois", "d’un mois", id="one does"),
        pytest.param("Ouattara", "de Ouattara", id="the sound w"),
        pytest.param("Ouest Habitat", "d’Ouest Habitat", id="west"),
        pytest.param("8 %", "de 8 %", id="a figure"),
        pytest.param("L’Hirondelle", "de L’Hirondelle", id="an article that elides itself"),
        pytest.param("l’équipe", "de l’équipe", id="in lower case too"),
        pytest.param("le service", "du service", id="an article contracts"),
        pytest.param("les équipes", "des équipes", id="in the plural too"),
        pytest.param("la direction", "de la direction", id="the feminine one doesn't"),
        pytest.param("Le Havre", "du Havre", id="a town's article contracts"),
        pytest.param("Les Ulis", "des Ulis", id="in the plural too"),
        pytest.param("Le Goff", "de Le Goff", id="a person's stays"),
        pytest.param("Le Mans Université", "de Le Mans Université", id="so does a name that begins like a town's"),
    ],
)
def test_french_joins_a_word_and_the_name_behind_it(value: str, joined: str) -> None:
    words = replace(FR, texts={**FR.texts, "k": "la page de {x}"})

    assert words.text("k", x=value) == f"la page {joined}"


def test_what_stands_before_a_value_is_joined_by_its_end_alone() -> None:
    long = "a" * 200_000 + "1 "
    assert FR.joined(long, "Anne") == (long, "Anne")
    assert FR.joined(long + "de ", "Anne") == (long + "d’", "Anne")


def test_other_words_elide_and_contract_too() -> None:
    texts = {**FR.texts, "a": "tel que {x} l’a signé", "b": "À {x}", "c": "code{x}", "d": "{x} de {y}"}
    words = replace(FR, texts=texts)

    assert words.text("a", x="Anne") == "tel qu’Anne l’a signé"
    assert words.text("b", x="le service") == "Au service"
    assert words.text("c", x="Anne") == "codeAnne"
    assert words.text("d", x="un accès", y="Anne") == "un accès d’Anne"


def test_english_joins_as_it_stands() -> None:
    assert GB.joined("of ", "Anne") == ("of ", "Anne")
    assert replace(GB, texts={**GB.texts, "k": "de {x}"}).text("k", x="Anne") == "de Anne"


@pytest.mark.parametrize(
    ("words", "start", "end", "expected"),
    [
        pytest.param(GB, DAY(2025, 3, 3), DAY(2025, 3, 30), "3–30\u00a0Mar\u00a02025", id="days of one month"),
        pytest.param(GB, DAY(2025, 3, 1), DAY(2025, 3, 31), "March\u00a02025", id="a whole month"),
        pytest.param(
            GB,
            DAY(2024, 11, 18),
            DAY(2025, 1, 20),
            "18\u00a0Nov\u00a02024\u00a0– 20\u00a0Jan\u00a02025",
            id="two years",
        ),
        pytest.param(
            FR, DAY(2024, 1, 15), DAY(2024, 5, 14), "15\u00a0janv.\u00a0– 14\u00a0mai\u00a02024", id="one year"
        ),
        pytest.param(FR, DAY(2025, 3, 1), DAY(2025, 3, 30), "1er–30\u00a0mars\u00a02025", id="the first of a month"),
        pytest.param(
            FR, DAY(2025, 2, 21), DAY(2025, 4, 1), "21\u00a0févr.\u00a0– 1er\u00a0avr.\u00a02025", id="to a first"
        ),
    ],
)
def test_two_days_say_once_what_they_share(words: Words, start: DAY, end: DAY, expected: str) -> None:
    assert words.between(start, end) == expected
