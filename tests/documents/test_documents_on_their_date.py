"""What letter and pending list say two months before the last working day, on it and after it: every sentence that a
date decides, in both languages; and what the letter says of invoices, deliveries and enclosures on its own date.
"""

import datetime as dt
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest

from handover.documents import letter, report
from handover.documents import pending as pending_list
from handover.documents.base import InternalInput, Outside
from handover.documents.call import CALL, CALL_EMAIL
from handover.documents.decision import open_sums
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.artifact import Role
from handover.model.rows import InvoiceRow
from sample_letter import given, invoice, pending, settings, texts

BEFORE, ON, AFTER = "2026-09-30", "2026-11-30", "2026-12-15"
"""Two months before the last working day (30 November 2026), that day, and two weeks after it."""
DAY = dt.date(2026, 9, 1)
"""The letter's own date where invoices and deliveries are told."""
NOTICE = {"notice_date": "2026-08-28", "notice": {"count": 3, "unit": "month"}}
MONTH = {"notice": {"count": 1, "unit": "month"}}
WEEKS = {"notice": {"count": 4, "unit": "week"}}
THIRTY = {"notice": {"count": 30, "unit": "day"}}

OPENING = {
    ("fr", BEFORE): "Le 30 novembre 2026, cela fera quatre ans et trois mois que vous nous confiez le référencement de "
    "votre site ; merci de cette confiance.",
    ("fr", ON): "Cela fait aujourd’hui quatre ans et trois mois que vous nous confiez le référencement de votre site ; "
    "merci de cette confiance.",
    ("fr", AFTER): "Pendant quatre ans et trois mois, vous nous avez confié le référencement de votre site ; merci de "
    "cette confiance.",
    ("en", BEFORE): "Thank you for trusting us with the care of your web shop. By 30 November 2026, we will have "
    "worked together for four years and three months, and it has been a pleasure.",
    ("en", ON): "Thank you for trusting us with the care of your web shop. As of today, we have worked together for "
    "four years and three months, and it has been a pleasure.",
    ("en", AFTER): "Thank you for trusting us with the care of your web shop. We worked together for four years and "
    "three months, and it was a pleasure.",
}
LAST_DAY = {
    ("fr", BEFORE): "Notre dernier jour de travail pour vous sera le 30 novembre 2026.",
    ("fr", ON): "Ce 30 novembre 2026 est notre dernier jour de travail pour vous.",
    ("fr", AFTER): "Notre dernier jour de travail pour vous a été le 30 novembre 2026.",
    ("en", BEFORE): "Our last day working with you will be 30 November 2026.",
    ("en", ON): "Today, 30 November 2026, is our last day working with you.",
    ("en", AFTER): "Our last day working with you was 30 November 2026.",
}
DECISION = {
    ("fr", "agency"): "Comme nous vous l’avons annoncé le 28 août 2026, nous avons décidé de mettre fin à ce contrat.",
    ("fr", "client"): "Vous nous avez fait part, le 28 août 2026, de votre décision de mettre fin à ce contrat, et "
    "nous en avons pris bonne note.",
    ("fr", "mutual"): "Nous sommes convenus ensemble, le 28 août 2026, de mettre fin à ce contrat.",
    ("fr", "expiry"): "Ce contrat arrive à son terme et ne sera pas reconduit.",
    ("fr", "expiry", AFTER): "Ce contrat est arrivé à son terme et n’a pas été reconduit.",
    ("en", "agency"): "As we told you on 28 August 2026, we have decided to end this contract.",
    ("en", "agency", AFTER): "As we told you on 28 August 2026, we decided to end this contract.",
    ("en", "client"): "You told us on 28 August 2026 of your decision to end this contract. Thank you for letting us "
    "know.",
    ("en", "mutual"): "We agreed together, on 28 August 2026, to end this contract.",
    ("en", "expiry"): "This contract is coming to the end of its agreed term and will not be renewed.",
    ("en", "expiry", AFTER): "This contract came to the end of its agreed term and was not renewed.",
}
UNDATED = {
    ("fr", "agency", BEFORE): "Nous vous informons de notre décision de mettre fin à ce contrat. Cette lettre vaut "
    "préavis.",
    ("fr", "agency", ON): "Nous vous informons de notre décision de mettre fin à ce contrat.",
    ("fr", "client"): "Vous nous avez fait part de votre décision de mettre fin à ce contrat, et nous en avons pris "
    "bonne note.",
    ("fr", "mutual"): "Nous sommes convenus ensemble de mettre fin à ce contrat.",
    ("en", "agency", BEFORE): "We are writing to let you know that we have decided to end this contract. This letter "
    "gives you notice.",
    ("en", "agency", ON): "We are writing to let you know that we have decided to end this contract.",
    ("en", "client"): "You told us of your decision to end this contract. Thank you for letting us know.",
    ("en", "mutual"): "We agreed together to end this contract.",
}
"""Where nobody wrote down on which day notice was given."""


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def lines(made: Any, *, invoices: tuple[InvoiceRow, ...] = (), **more: Any) -> list[str]:
    return [plain(line) for line in texts(letter.render(given("letter", made, invoices=invoices, **more)))]


@cache
def letter_of(language: str, day: str, ended_by: str, *, dated: bool, end: str | None = None) -> list[str]:
    contract = {"ended_by": ended_by, "end_date": end, **({"notice_date": "2026-08-28"} if dated else {})}
    return lines(settings(language, full=False, contract=contract, letter={"date": day}))


def chosen(table: dict[Any, str], language: str, ended_by: str, day: str) -> str:
    return table.get((language, ended_by, day)) or table.get((language, ended_by)) or DECISION[language, ended_by]


DAYS = [
    pytest.param(BEFORE, id="two months before"),
    pytest.param(ON, id="on the day"),
    pytest.param(AFTER, id="after"),
]
ENDINGS = ["agency", "client", "mutual", "expiry"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("ended_by", ENDINGS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_letter_after_notice_has_the_tense_of_its_day(language: str, ended_by: str, day: str) -> None:
    said = letter_of(language, day, ended_by, dated=True)
    assert OPENING[language, day] in said
    assert f"{chosen(DECISION, language, ended_by, day)} {LAST_DAY[language, day]}" in said


@pytest.mark.parametrize(
    ("language", "ended_by", "day"),
    # By which the agency gives notice after the last working day, no letter is made: `validate` refuses it.
    [case for case in product(["fr", "en"], ENDINGS, [BEFORE, ON, AFTER]) if case[1:] != ("agency", AFTER)],
)
def test_a_letter_without_a_day_of_notice_has_the_tense_of_its_day(language: str, ended_by: str, day: str) -> None:
    said = letter_of(language, day, ended_by, dated=False)
    assert OPENING[language, day] in said
    table = DECISION if ended_by == "expiry" else UNDATED
    assert f"{chosen(table, language, ended_by, day)} {LAST_DAY[language, day]}" in said


@pytest.mark.parametrize(
    ("language", "day", "end", "said"),
    [
        pytest.param("fr", BEFORE, "2026-12-31", "sera le 30 novembre 2026 ; le contrat prendra fin le 31 décembre "
                     "2026.", id="in French, both are ahead"),
        pytest.param("fr", ON, "2026-12-31", "Ce 30 novembre 2026 est notre dernier jour de travail pour vous ; le "
                     "contrat prendra fin le 31 décembre 2026.", id="in French, the end alone is ahead"),
        pytest.param("fr", AFTER, "2026-12-15", "a été le 30 novembre 2026 ; le contrat prend fin aujourd’hui.",
                     id="in French, the contract ends today"),
        pytest.param("fr", AFTER, "2026-12-01", "a été le 30 novembre 2026 ; le contrat a pris fin le 1er décembre "
                     "2026.", id="in French, both are past"),
        pytest.param("en", BEFORE, "2026-12-31", "will be 30 November 2026, and the contract ends on 31 December "
                     "2026.", id="in English, both are ahead"),
        pytest.param("en", ON, "2026-12-31", "Today, 30 November 2026, is our last day working with you, and the "
                     "contract ends on 31 December 2026.", id="in English, the end alone is ahead"),
        pytest.param("en", AFTER, "2026-12-15", "was 30 November 2026, and the contract ends today.",
                     id="in English, the contract ends today"),
        pytest.param("en", AFTER, "2026-12-01", "was 30 November 2026, and the contract ended on 1 December 2026.",
                     id="in English, both are past"),
    ],
)  # fmt: skip
def test_the_contract_s_end_has_a_tense_of_its_own(language: str, day: str, end: str, said: str) -> None:
    assert said in "\n".join(letter_of(language, day, "client", dated=True, end=end))


@pytest.mark.parametrize(
    ("language", "day", "contract", "said"),
    [
        pytest.param("fr", BEFORE, NOTICE, "Le contrat prévoit trois mois de préavis, à compter de cette date ; ce "
                     "préavis court",
                     id="in French, from the day that the sentence before names"),
        pytest.param("fr", BEFORE, MONTH, "Le contrat prévoit un mois de préavis, à compter de "
                     "ce jour", id="in French, from the letter that gives notice"),
        pytest.param("fr", BEFORE, {**MONTH, "ended_by": "client"}, "Le contrat prévoit un mois de "
                     "préavis. Notre", id="in French, from no day where none is known"),
        pytest.param("fr", BEFORE, {**NOTICE, "ended_by": "expiry"}, "Le contrat prévoit trois mois de préavis, "
                     "à compter du 28 août 2026.", id="in French, from a day that nothing named before"),
        pytest.param("fr", AFTER, NOTICE, "Le contrat prévoyait trois mois de préavis, à compter de cette date ; il a "
                     "couru", id="in French, when the contract is over"),
        pytest.param("en", BEFORE, NOTICE, "Our contract asks for notice of three months, counted from that day; it "
                     "runs",
                     id="in English, from the day that the sentence before names"),
        pytest.param("en", BEFORE, WEEKS, "Our contract asks for notice of four weeks, "
                     "starting today", id="in English, from the letter that gives notice"),
        pytest.param("en", BEFORE, {**THIRTY, "ended_by": "mutual"}, "Our contract asks for notice "
                     "of 30 days. Our", id="in English, from no day where none is known"),
        pytest.param("en", BEFORE, {**NOTICE, "ended_by": "expiry"}, "Our contract asks for notice of three "
                     "months, counted from 28 August 2026.", id="in English, from a day that nothing named before"),
        pytest.param("en", AFTER, NOTICE, "Our contract asked for notice of three months, counted from that day; it "
                     "ran",
                     id="in English, when the contract is over"),
    ],
)  # fmt: skip
def test_notice_is_counted_from_a_day_that_is_known(
    language: str, day: str, contract: dict[str, Any], said: str
) -> None:
    assert said in "\n".join(lines(settings(language, full=False, contract=contract, letter={"date": day})))


SUBJECTS = {
    ("fr", True): "Objet : → Fin de notre contrat portant sur le référencement de votre site",
    ("fr", False): "Objet : → Fin de notre contrat portant sur le référencement de votre site",
    ("en", True): "End of our contract for the care of your web shop",
    ("en", False): "Notice ending our contract for the care of your web shop",
}


@pytest.mark.parametrize(("language", "dated"), SUBJECTS)
def test_only_the_letter_that_gives_notice_is_called_notice(language: str, *, dated: bool) -> None:
    assert SUBJECTS[language, dated] in letter_of(language, BEFORE, "agency", dated=dated)


# Invoices

OPEN = {"fr": "À ce jour, la facture suivante reste à payer :",
        "en": "As of today, the following invoice is still to be paid:"}  # fmt: skip
SETTLED = {"fr": "À ce jour, toutes nos factures sont réglées.", "en": "As of today, all our invoices are settled."}
CROSSED = {"fr": "Si votre règlement a croisé cette lettre, ne tenez pas compte de ce relevé.",
           "en": "If your payment has crossed with this letter, please disregard this list."}  # fmt: skip
REMINDED = {"fr": "Si votre règlement a croisé cette lettre, ne tenez pas compte de ce rappel.",
            "en": "If your payment has crossed with this letter, please disregard this reminder."}  # fmt: skip
OVERDUE = {"fr": " (échue)", "en": " (overdue)"}


def bill(issued: int, due: int, amount: str = "500", paid: int | None = None) -> InvoiceRow:
    """An invoice by days counted from the letter's date."""

    def day(at: int) -> str:
        return str(DAY + dt.timedelta(days=at))

    return invoice("F-9", day(due), amount, issued_on=day(issued), **({} if paid is None else {"paid_on": day(paid)}))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("invoices", "said"),
    [
        pytest.param([bill(-9, 9)], [OPEN, CROSSED], id="an invoice that isn't due yet remains to be paid"),
        pytest.param([bill(0, 30)], [OPEN, CROSSED], id="so does one issued on the letter's day"),
        pytest.param([bill(-9, 0)], [OPEN, CROSSED], id="on its due date it isn't overdue"),
        pytest.param([bill(-9, -1)], [OPEN, OVERDUE, REMINDED], id="the day after it is called overdue"),
        pytest.param([bill(1, 30)], [], id="an invoice issued the day after isn't there yet"),
        pytest.param([bill(60, 90)], [], id="nor is one issued two months after"),
        pytest.param([bill(60, 90, paid=60)], [], id="whose payment later says nothing of this day"),
        pytest.param([bill(-9, 9, paid=-1)], [SETTLED], id="what was paid the day before is settled"),
        pytest.param([bill(-9, 9, paid=0)], [SETTLED], id="what was paid on the day is settled"),
        pytest.param([bill(-9, 9, paid=1)], [OPEN, CROSSED], id="what was paid the day after was open"),
        pytest.param([bill(-9, -2, paid=1)], [OPEN, OVERDUE, REMINDED], id="and overdue where it was late"),
        pytest.param([bill(-9, -2, "0")], [SETTLED], id="an invoice of which nothing is left to pay is settled"),
        pytest.param([bill(-9, -2, "0", paid=1)], [], id="unless it was paid later: how much was open nobody knows"),
        pytest.param([bill(-9, 9, paid=-1), bill(1, 30)], [SETTLED], id="all invoices are those issued by then"),
        pytest.param([bill(-9, 9, paid=-1), bill(-9, 9)], [OPEN, CROSSED], id="one open invoice is the one listed"),
        pytest.param([bill(-9, 9, "0"), bill(-9, -1)], [OPEN, OVERDUE, REMINDED], id="without one of 0 beside it"),
        pytest.param([], [], id="an empty table says nothing of what was paid"),
    ],
)
def test_the_letter_knows_the_invoices_of_its_own_day(
    language: str, invoices: list[InvoiceRow], said: list[dict[str, str]]
) -> None:
    made = settings(language, full=False, letter={"date": str(DAY)})
    text = "\n".join(lines(made, invoices=tuple(invoices)))
    every = [OPEN, SETTLED, CROSSED, REMINDED, OVERDUE]
    assert [words for words in every if words[language] in text] == sorted(said, key=every.index)
    assert ("F-9" in text) == (OPEN in said)


def test_a_credit_note_is_deducted_and_never_overdue() -> None:
    made = settings("en", full=False, letter={"date": str(DAY)})
    said = lines(made, invoices=(bill(-9, -5, "-120").model_copy(update={"due_date": None}), bill(-9, 9)))
    assert "As of today, the following invoice is still to be paid, less the credit note below:" in said
    table = [line for line in said if any(amount in line for amount in ("500.00", "120.00", "380.00"))]
    assert [table.index(line) for amount in ("500.00", "120.00", "380.00") for line in table if amount in line] == [
        0,
        1,
        2,
    ]
    assert OVERDUE["en"] not in "\n".join(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("fr", ["À ce jour, toutes mes factures sont réglées."], id="in French"),
        pytest.param("en", ["As of today, all my invoices are settled."], id="in English"),
    ],
)
def test_a_person_s_invoices_are_theirs(language: str, said: list[str]) -> None:
    made = settings(language, full=False, agency={"voice": "i"}, letter={"date": str(DAY)})
    assert said[0] in lines(made, invoices=(bill(-9, 9, paid=-1),))


# Deliveries

REMAINS = {"fr": "Il nous reste à vous remettre :", "en": "We will still deliver:"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("days", "announced"),
    [
        pytest.param(-1, False, id="what was due the day before is no promise any more"),
        pytest.param(0, True, id="what is due on the letter's day is still to come"),
        pytest.param(60, True, id="what is due later is announced"),
    ],
)
def test_a_letter_promises_nothing_for_a_day_that_has_passed(language: str, days: int, *, announced: bool) -> None:
    due = str(DAY + dt.timedelta(days=days))
    made = settings(language, full=False, letter={"date": str(DAY), "deliveries": [{"what": "X-1", "due_date": due}]})
    text = "\n".join(lines(made))
    assert (REMAINS[language] in text, "X-1" in text) == (announced, announced)


# Enclosures

ENCLOSED = {"fr": "cette lettre s’accompagne des éléments listés à la fin.",
            "en": "this letter comes with the items listed at its end."}  # fmt: skip
PROMISED = {
    "fr": "Pour faciliter la suite, vous recevrez un dossier de passation. L’inventaire y sera "
    "chiffré : sa phrase de passe vous sera donnée par téléphone, jamais dans le même "
    "courriel que les fichiers.",
    "en": "To make the handover easy, you will receive a handover pack. The inventory in it will "
    "be encrypted: its passphrase will be given to you by phone, never in the same e-mail as the "
    "files.",
}
HEADS = {"fr": "Pièces jointes", "en": "Enclosures"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("bundle", "alone", "expected"),
    [
        pytest.param(60, False, PROMISED, id="two months before the bundle it is promised"),
        pytest.param(1, False, PROMISED, id="the day before it is promised"),
        pytest.param(0, False, ENCLOSED, id="on the bundle's day it is enclosed"),
        pytest.param(-3, False, ENCLOSED, id="a letter dated later encloses what exists then"),
        pytest.param(0, True, PROMISED, id="a letter that is sent by itself encloses nothing"),
    ],
)
def test_a_letter_encloses_nothing_of_a_later_date(
    language: str, bundle: int, expected: dict[str, str], *, alone: bool
) -> None:
    made = settings(language, full=False, letter={"date": str(DAY)})
    base = given("letter", made, today=DAY + dt.timedelta(days=bundle))
    text = plain("\n".join(texts(letter.render(replace(base, alone=alone)))))
    assert [words for words in (ENCLOSED, PROMISED) if words[language] in text] == [expected]
    assert (HEADS[language] in text, "assets/" in text) == (expected is ENCLOSED,) * 2


@pytest.mark.parametrize(
    ("language", "opens"),
    [
        pytest.param("fr", "y sera chiffré : il s’ouvrira avec votre clé.", id="in French"),
        pytest.param("en", "will be encrypted: it will open with your key.", id="in English"),
    ],
)
def test_a_client_with_a_key_alone_is_promised_that_it_will_open(language: str, opens: str) -> None:
    base = given("letter", settings(language, full=False, letter={"date": str(DAY)}), today=DAY + dt.timedelta(days=9))
    copy = [line._replace(role=Role.RECIPIENT_COPY) if line.role is Role.INVENTORY else line for line in base.contents]
    assert opens in plain("\n".join(texts(letter.render(replace(base, contents=tuple(copy))))))


# The list of pending projects

IN_TIME = pending("A", "finish", due_date="2026-11-30")
UNDUE = pending("B", "finish")
BEYOND = pending("C", "finish", due_date="2026-12-01")


@pytest.mark.parametrize(
    ("rows", "day", "voice", "french", "english"),
    [
        pytest.param((IN_TIME, UNDUE), BEFORE, "we",
                     "Nous les terminons d’ici à notre dernier jour, le 30 novembre 2026.",
                     "We will finish these by our last working day, 30 November 2026.",
                     id="before the last day it is promised by then"),
        pytest.param((IN_TIME,), BEFORE, "i",
                     "Je le termine d’ici à mon dernier jour, le 30 novembre 2026.",
                     "I will finish this by my last working day, 30 November 2026.",
                     id="so it is by a person, of one project"),
        pytest.param((IN_TIME, UNDUE), ON, "we",
                     "Nous les terminons aujourd’hui, notre dernier jour.",
                     "We will finish these today, our last working day.",
                     id="on the last day it is promised for today"),
        pytest.param((UNDUE,), ON, "i",
                     "Je le termine aujourd’hui, mon dernier jour.",
                     "I will finish this today, my last working day.", id="so it is by a person, on that day"),
        pytest.param((IN_TIME, UNDUE), AFTER, "we",
                     "Il nous reste à les terminer.", "We still have to finish these.",
                     id="after the last day nothing is promised for it"),
        pytest.param((IN_TIME,), AFTER, "i",
                     "Il me reste à le terminer.", "I still have to finish this.", id="nor by a person"),
        pytest.param((BEYOND,), BEFORE, "we",
                     "Il nous reste à le terminer.", "We still have to finish this.",
                     id="what is due after the last day isn't finished by then"),
        pytest.param((IN_TIME, BEYOND), ON, "we",
                     "Il nous reste à les terminer.", "We still have to finish these.",
                     id="nor is the group that it stands in"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_promises_nothing_for_a_day_that_has_passed(
    language: str, rows: tuple[Any, ...], day: str, voice: str, french: str, english: str
) -> None:
    made = settings(language, full=False, agency={"voice": voice})
    sample = given("pending", made, pending=rows, today=dt.date.fromisoformat(day))
    said = [plain(line) for line in texts(pending_list.PENDING.render(sample))]
    promises = ("terminons", "termine ", "terminer.", "will finish", "have to finish")
    assert [line for line in said[4:] if any(words in line for words in promises)] == [
        french if language == "fr" else english
    ]


# The report


def test_the_report_counts_no_campaign_as_done_before_it_begins() -> None:
    campaigns = [{"name": name, "start": start} for name, start in (("Past", "2026-09-01"), ("Next", "2027-01-15"))]
    made = settings("en", full=False, report={"campaigns": campaigns})
    sample = given("report", made, today=dt.date(2026, 11, 30))
    assert [campaign.name for year in report.view(sample).years for campaign in year.campaigns] == ["Past"]
    early = report.view(replace(sample, today=dt.date(2026, 8, 31)))
    assert (early.years, early.timeline) == ((), None)


# Papers of our own


@pytest.mark.parametrize("document", [CALL, CALL_EMAIL], ids=lambda one: one.id)
@pytest.mark.parametrize(
    ("ended_by", "after", "told"),
    [("agency", 0, True), ("agency", 1, False), ("client", 1, None)],
)
def test_a_decision_is_told_until_the_last_day(
    document: Outside[InternalInput], ended_by: str, after: int, told: bool | None
) -> None:
    made = settings("en", full=False, contract={"ended_by": ended_by})
    one = given("letter", made)
    today = made.contract.last_working_day + dt.timedelta(days=after)
    dossier = Dossier.of(one.project)
    lacks = document.lacks(InternalInput(dossier, one.words, today), dossier)
    # A call of thanks may come later; an e-mail of thanks isn't what this one is.
    assert bool(lacks) is (document is CALL_EMAIL if told is None else not told)


@pytest.mark.parametrize(("credit", "said"), [("-120", "€380.00"), ("-500", "–"), ("-620", "–")])
def test_what_credit_notes_cover_isnt_owed(credit: str, said: str) -> None:
    words = Words.load("en", "en_GB", "life", "decision")
    rows = (bill(-9, -1), bill(-9, -5, credit))
    dossier = Dossier.of(replace(given("letter", settings("en", full=False)).project, invoices=rows))
    assert open_sums(dossier, words, DAY) == said
