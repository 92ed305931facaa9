"""The termination letter: its text in every case, and what its view takes from the project."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree

from handover.documents import cover, letter
from handover.documents.word import short_name
from handover.formats.package.opc import read_package
from handover.formats.word.ooxml import w
from handover.model.artifact import Role
from handover.model.errors import TemplateError
from sample_letter import INVOICES, given, golden, invoice, outline, settings, texts
from template_making import letter as small_letter
from template_making import p

ENDINGS = ("agency", "client", "mutual", "expiry")


def said(language: str = "en", *, full: bool = True, **changes: dict[str, Any]) -> str:
    """The whole letter as one text."""
    made = settings(language, full=full, **changes)
    return "\n".join(texts(letter.render(given("letter", made, invoices=INVOICES if full else ()))))


@pytest.mark.parametrize("ended_by", ENDINGS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_agency_s_letter_with_every_section_reads_like_its_golden(language: str, ended_by: str) -> None:
    made = settings(language, full=True, contract={"ended_by": ended_by})
    text, expected = golden(
        f"letter/{language}-{ended_by}-full-we.txt", letter.render(given("letter", made, invoices=INVOICES))
    )
    assert text == expected


@pytest.mark.parametrize("ended_by", ENDINGS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_person_s_letter_without_optional_sections_reads_like_its_golden(language: str, ended_by: str) -> None:
    made = settings(language, full=False, contract={"ended_by": ended_by}, agency={"voice": "i"})
    text, expected = golden(
        f"letter/{language}-{ended_by}-bare-i.txt", letter.render(given("letter", made, enclosed=False))
    )
    assert text == expected


def test_an_american_letter_reads_like_its_golden() -> None:
    made = settings("en", full=True, locale={"name": "en_US"}, contact={"salutation": "Dear Ms. Carter"})
    text, expected = golden("letter/en-us.txt", letter.render(given("letter", made, invoices=INVOICES)))
    assert text == expected


@pytest.mark.parametrize(
    ("language", "changes", "expected"),
    [
        pytest.param("fr", {"contact": {"salutation": "Madame"}}, "d’agréer, Madame, nos salutations",
                     id="the French closing repeats the salutation"),
        pytest.param("fr", {"contact": {"salutation": "Chère Madame"}}, "d’agréer, chère Madame, nos",
                     id="chère takes a lower case inside the French closing"),
        pytest.param("fr", {"agency": {"voice": "i"}}, "Je vous prie d’agréer, cher Monsieur, mes salutations",
                     id="a person closes in the first person"),
        pytest.param("en", {"contact": {"salutation": "Dear Sir or Madam"}}, "Yours faithfully,",
                     id="a British letter to nobody by name closes faithfully"),
        pytest.param("en", {}, "Yours sincerely,", id="a British letter to a named person closes sincerely"),
        pytest.param("en", {"locale": {"name": "en_US"}}, "Sincerely,", id="an American letter closes sincerely"),
        pytest.param("en", {"locale": {"name": "en_US"}}, "Dear Ms Carter:", id="an American salutation has a colon"),
        pytest.param("en", {"locale": {"name": "en_US"}}, "call us at 07000", id="Americans call at a number"),
        pytest.param("en", {}, "call us on 07000", id="the British call on a number"),
        pytest.param("en", {"transition": {"contact": "Erwan, 07700 900 000"}}, "please contact Erwan, 07700 900 000.",
                     id="a named contact is given instead of the owner"),
        pytest.param("fr", {"options": {"passphrase_by": "phone"}}, "donnée par téléphone, jamais dans le",
                     id="the passphrase comes by the channel of the project, never by e-mail"),
        pytest.param("fr", {"contract": {"notice_date": "2026-09-01"}}, "Nous vous informons de notre décision",
                     id="notice on the letter's own day is not something announced before"),
        pytest.param("fr", {"contract": {"notice_date": "2026-08-28"}}, "Comme nous vous l’avons annoncé le 28",
                     id="notice given before is recalled"),
        pytest.param("en", {"contract": {"end_date": "2026-11-30"}}, "will be 30\u00a0November\u00a02026.",
                     id="an end on the last working day is said once"),
        pytest.param("en", {}, "four years and three months", id="the relationship's length is worked out"),
        pytest.param("en", {"owner": {"name": "Northlight Studio"}}, "Managing director",
                     id="somebody who is the company isn't named twice"),
    ],
)  # fmt: skip
def test_the_letter_says(language: str, changes: dict[str, Any], expected: str) -> None:
    assert expected in said(language, **changes)


@pytest.mark.parametrize(
    ("language", "opens", "promise"),
    [
        pytest.param("fr", "il s’ouvre avec votre clé.", "phrase de passe", id="in French"),
        pytest.param("en", "it opens with your key.", "passphrase", id="in English"),
    ],
)
def test_a_client_with_a_key_alone_is_promised_no_passphrase(language: str, opens: str, promise: str) -> None:
    base = given("letter", settings(language, full=True), invoices=INVOICES)
    copy = [
        line._replace(role=Role.RECIPIENT_COPY, name=f"{line.name}.age") if line.role is Role.INVENTORY else line
        for line in base.contents
    ]
    text = "\n".join(texts(letter.render(replace(base, contents=tuple(copy)))))
    assert opens in text
    assert promise not in text


def test_a_template_that_promises_a_passphrase_where_there_is_none_is_not_filled_in() -> None:
    base = given("letter", settings("en", full=True))
    copy = [line._replace(role=Role.RECIPIENT_COPY) if line.role is Role.INVENTORY else line for line in base.contents]
    sentence = p("You will get the passphrase {{ passphrase_by }}, never by e-mail.")
    template = small_letter(passphrase=sentence).bytes()
    with pytest.raises(TemplateError, match=r"^letter\.docx: “\{\{ passphrase_by \}\}” prints a value"):
        letter.render(replace(base, contents=tuple(copy), template=template))


@pytest.mark.parametrize(
    ("language", "full", "absent"),
    [
        pytest.param("en", False, ("proud of", "still deliver", "recommend", "handover itself", "can also"),
                     id="sections without data leave no trace in English"),
        pytest.param("fr", False, ("notamment", "à vous remettre", "relève", "passer le relais", "proposons aussi"),
                     id="sections without data leave no trace in French"),
        pytest.param("fr", True, ("F-0", "{{", "{%", "None", "\ufdd0"), id="neither paid invoices nor tags are in it"),
        pytest.param("en", True, ("START-HERE", "data/metrics.csv", "01-letter"), id="only documents are enclosures"),
    ],
)  # fmt: skip
def test_the_letter_does_not_say(language: str, full: bool, absent: tuple[str, ...]) -> None:
    text = said(language, full=full)
    assert not [words for words in absent if words in text]


def test_the_reference_is_the_contract_s_whoever_writes() -> None:
    text = said("en", agency={"voice": "i"})
    assert "Contract reference: C-2022-017" in text
    assert "Our reference" not in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_enclosure_s_purpose_stands_apart_from_its_name(language: str) -> None:
    lines = said(language).splitlines()
    enclosed = [line for line in lines if line.startswith(("02-", "03-", "assets/"))]
    assert len(enclosed) == 3
    for line in enclosed:
        name, _, purpose = line.partition(" → ")
        assert ":" not in name
        assert purpose[:1].isupper()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_end_of_page_parts_the_enclosures(language: str) -> None:
    package = read_package(letter.render(given("letter", settings(language, full=True))), "letter.docx")
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    kept = {style.get(w("styleId")) for style in styles if style.find(f"{w('pPr')}/{w('keepNext')}") is not None}
    assert {"HandoverEnclosuresHead", "HandoverEnclosure"} <= kept


def test_of_several_who_sign_none_is_left_for_another_page() -> None:
    two = settings("fr", full=False)
    two = two.model_copy(update={"owners": (*two.owners, two.owners[0].model_copy(update={"name": "Paul Rivière"}))})
    styles = [line.partition(" | ")[0] for line in outline(letter.render(given("letter", two)))]
    assert [style for style in styles if style.startswith("HandoverSignatureTitle")] == [
        "HandoverSignatureTitleHeld",
        "HandoverSignatureTitle",
    ]


def test_deliveries_and_invoices_are_in_the_order_of_their_dates() -> None:
    text = said("en")
    first, then = "13\u00a0November\u00a02026 → October report", "30\u00a0November\u00a02026 → Full backup"
    assert text.index(first) < text.index(then)
    assert text.index("F-1") < text.index("F-2")


@pytest.mark.parametrize(
    ("rows", "head", "amounts", "totals"),
    [
        pytest.param(("100", "20.5"), "€", ("100.00", "20.50"), ("120.50",), id="one currency stands in the head"),
        pytest.param(("100",), "€", ("100.00",), (), id="one invoice has no total"),
        pytest.param(("500", "-120"), "€", ("500.00", "\u2212120.00"), ("380.00",), id="a credit note is taken off"),
        pytest.param(("1.005", "2"), "€", ("1.005", "2.000"), ("3.005",), id="no amount is rounded"),
    ],
)
def test_amounts_are_columns(
    rows: tuple[str, ...], head: str, amounts: tuple[str, ...], totals: tuple[str, ...]
) -> None:
    invoices = tuple(invoice(f"F-{n}", "2026-10-01", text) for n, text in enumerate(rows))
    payments = letter.view(given("letter", settings("en", full=False), invoices=invoices)).payments
    assert payments is not None
    assert (payments.currency, tuple(i.amount for i in payments.invoices), payments.totals) == (head, amounts, totals)


def test_each_of_several_currencies_has_its_own_total() -> None:
    invoices = (invoice("1", "2026-10-01", "5"), invoice("2", "2026-10-02", "7", currency="USD"),
                invoice("3", "2026-10-03", "1"))  # fmt: skip
    payments = letter.view(given("letter", settings("en", full=False), invoices=invoices)).payments
    assert payments is not None
    assert payments.currency is None
    assert payments.totals == ("€6.00", "US$7.00")


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("language", "day", "line"),
    [
        pytest.param("en", "2026-08-30", "Return of every file (clause 9.2): done on 30 August 2026", id="met before"),
        pytest.param("en", "2026-09-02", "Return of every file (clause 9.2)", id="met after the letter's date"),
        pytest.param(
            "fr", "2026-08-30", "Return of every file (clause 9.2) : c’est fait depuis le 30 août 2026", id="in French"
        ),
    ],
)
def test_what_the_contract_asks_at_its_end_is_listed_as_far_as_the_letters_date_knows(
    language: str, day: str, line: str
) -> None:
    asked = {"what": "Return of every file", "clause": "clause 9.2", "met_on": day}
    made = settings(language, full=False, contract={"obligations": [asked]}, letter={"date": "2026-09-01"})
    alone = given("letter", made)
    beside = replace(alone, template=given("cover", made).template)
    for document in (letter.render(alone), cover.render(beside)):
        said = [text.replace("\u00a0", " ").replace("\u202f", " ") for text in texts(document)]
        assert any(one.endswith(line) for one in said)


def test_the_same_input_gives_the_same_bytes() -> None:
    sample = given("letter", settings("fr", full=True), invoices=INVOICES)
    assert letter.render(sample) == letter.render(sample)


def test_a_draft_says_so_on_every_page() -> None:
    document = letter.render(given("letter", settings("fr", full=True), draft=True))
    headers = [part for part in read_package(document, "letter").parts if part.startswith("/word/header")]
    assert ["BROUILLON" in texts(document, part) for part in headers] == [True, True]


def test_a_template_that_asks_for_something_unknown_is_refused_by_name() -> None:
    sample = given("letter", settings("en", full=False))
    with pytest.raises(TemplateError, match=r"^letter\.docx: .*asks for `colour`, which"):
        letter.render(_with_tag(sample, "{{ colour }}"))


def _with_tag(sample: Any, tag: str) -> Any:
    from handover.formats.package.opc import Package, read_package, write_package

    package = read_package(sample.template, "template")
    document = package.parts["/word/document.xml"].replace(b"{{ place }}", tag.encode())
    document = document.replace(b"{{ date }}", tag.encode())
    parts = {**package.parts, "/word/document.xml": document}
    return replace(sample, template=write_package(Package(parts, package.types)))


_anything = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1, max_size=40).filter(
    str.strip
)


@effort(max_examples=10)  # how any text is filled in: test_documents_letter_text
@forall(_anything, _anything)
def test_any_text_in_the_project_comes_out_exactly_as_given(reason: str, name: str) -> None:
    made = settings("en", full=True, letter={"reason": f"a{reason}z"}, client={"name": f"a{name}z"})
    lines = texts(letter.render(given("letter", made)))
    assert f"a{reason}z" in lines
    assert f"a{name}z" in lines


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Dunes Ltd", "Dunes Ltd", id="a name that fits is whole"),
        pytest.param(f"Dunes {'and Sons ' * 9}Ltd", f"Dunes{' and Sons' * 5} and…", id="a long one ends at a word"),
        pytest.param("x" * 80, f"{'x' * 55}…", id="one long word is cut"),
    ],
)
def test_a_footer_shortens_the_client_s_name(name: str, expected: str) -> None:
    assert short_name(name) == expected


@pytest.mark.parametrize(
    ("language", "salutation", "opening", "closing"),
    [
        pytest.param("fr", "Monsieur,", "Monsieur,", "d’agréer, Monsieur, nos salutations", id="a comma is dropped"),
        pytest.param(
            "fr",
            "Madame la Directrice ,",
            "Madame la Directrice,",
            "d’agréer, Madame la Directrice, nos",
            id="with a space",
        ),
        pytest.param("fr", "Chère Madame :", "Chère Madame,", "d’agréer, chère Madame, nos", id="a colon"),
        pytest.param(
            "fr", "Mon cher Yann", "Mon cher Yann,", "d’agréer, mon cher Yann, nos", id="a possessive in lower case"
        ),
        pytest.param("fr", "Bonjour Yann", "Bonjour Yann,", "d’agréer nos salutations", id="a greeting isn't repeated"),
        pytest.param(
            "fr", "Bonjour Madame Roux,", "Bonjour Madame Roux,", "d’agréer nos salutations", id="with a title"
        ),
        pytest.param("fr", "Hello Inès !", "Hello Inès,", "d’agréer nos salutations", id="in English"),
        pytest.param("fr", None, "Madame, Monsieur,", "d’agréer, Madame, Monsieur, nos", id="none"),
        pytest.param("en", "Dear Ms Carter,", "Dear Ms Carter,", "Yours sincerely,", id="an English comma"),
        pytest.param(
            "en", "Dear Mr Hill Jr.", "Dear Mr Hill Jr.,", "Yours sincerely,", id="an abbreviation keeps its point"
        ),
        pytest.param("en", "Dear Sir/Madam,", "Dear Sir/Madam,", "Yours faithfully,", id="nobody's name"),
        pytest.param("en", "Hi Ruth!", "Hi Ruth,", "Yours sincerely,", id="an English greeting"),
    ],
)
def test_salutations_as_people_type_them(language: str, salutation: str | None, opening: str, closing: str) -> None:
    said = texts(letter.render(given("letter", settings(language, full=False, contact={"salutation": salutation}))))

    assert opening in said
    assert any(closing in line for line in said)
    assert not any(",," in line for line in said)


NOTHING = {"fr": "trois mois de préavis.", "en": "notice of three months."}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("ended_by", "notice", "counted"),
    [
        pytest.param("client", {}, {"fr": ". ", "en": ". "}, id="nobody says when notice was given"),
        pytest.param("mutual", {}, {"fr": ". ", "en": ". "}, id="agreed together"),
        pytest.param("expiry", {}, {"fr": ". ", "en": ". "}, id="expired"),
        pytest.param(
            "expiry",
            {"notice_date": "2026-08-28"},
            {"fr": ", à compter du 28\u00a0août\u00a02026. ", "en": ", counted from 28\u00a0August\u00a02026. "},
            id="expired, with a notice of non-renewal",
        ),
        pytest.param(
            "agency", {}, {"fr": ", à compter de ce jour", "en": ", starting today"}, id="the letter is the notice"
        ),
    ],
)
def test_notice_is_never_called_observed(
    language: str, ended_by: str, notice: dict[str, str], counted: dict[str, str]
) -> None:
    period = {"fr": "trois mois", "en": "three months"}[language]
    contract = {
        "ended_by": ended_by,
        "notice": {"count": 3, "unit": "month"},
        "last_working_day": "2026-12-31",
        **notice,
    }
    text = " ".join(texts(letter.render(given("letter", settings(language, full=False, contract=contract)))))

    assert "respecté" not in text
    assert "observed" not in text
    said = {"fr": f"Le contrat prévoit {period} de préavis", "en": f"Our contract asks for notice of {period}"}
    assert f"{said[language]}{counted[language]}" in text


def test_a_french_letter_is_to_the_attention_of_whomever_it_names() -> None:
    for name, line in {
        "Anne Élie": "À l’attention d’Anne Élie",
        "Yann Le Goff": "À l’attention de Yann Le Goff",
    }.items():
        assert line in texts(letter.render(given("letter", settings("fr", full=False, contact={"name": name}))))


PLACES = {
    "in France, the recipient at the right": ("fr_FR", "Objet\u00a0:", "HandoverRecipientName"),
    "in Belgium, with the word that Belgians use": ("fr_BE", "Concerne\u00a0:", "HandoverRecipientName"),
    "in Switzerland, likewise": ("fr_CH", "Concerne\u00a0:", "HandoverRecipientName"),
    "in Québec, the recipient at the left, below the date": ("fr_CA", "Objet\u00a0:", "HandoverRecipientLeft"),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_french_letter_is_laid_out_as_its_country_does(case: str) -> None:
    locale, word, style = PLACES[case]
    lines = outline(letter.render(given("letter", settings("fr", full=True, locale={"name": locale}))))
    assert any(word in line for line in lines)
    assert next(line.strip().partition(" | ")[0] for line in lines if "Conserverie <Le Goff>" in line) == style
