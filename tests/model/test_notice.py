"""When a contract may end: notice, renewals, waivers; and the sentence that the letter makes of each."""

import datetime as dt

import pytest

from handover.documents import letter
from handover.languages.words import Words
from handover.model.contract import Contract, Notice
from handover.model.notice import Basis, Earliest, earliest_end, may_end, notice_given, over
from sample_letter import given, settings, texts


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        pytest.param("2026-09-01", 1, "day", "2026-09-02", id="a day"),
        pytest.param("2026-09-01", 30, "day", "2026-10-01", id="thirty days are no month"),
        pytest.param("2026-02-01", 30, "day", "2026-03-03", id="thirty days over February"),
        pytest.param("2028-02-01", 30, "day", "2028-03-02", id="thirty days over a leap February"),
        pytest.param("2026-09-01", 90, "day", "2026-11-30", id="ninety days are no three months"),
        pytest.param("2026-12-31", 1, "day", "2027-01-01", id="a day over a new year"),
        pytest.param("2026-10-24", 1, "day", "2026-10-25", id="a day on which clocks change"),
        pytest.param("2026-11-02", 4, "week", "2026-11-30", id="weeks"),
        pytest.param("2026-12-21", 2, "week", "2027-01-04", id="weeks over a new year"),
        pytest.param("2028-02-22", 1, "week", "2028-02-29", id="a week to a leap day"),
        pytest.param("2026-09-01", 1, "month", "2026-10-01", id="a month, to the same number"),
        pytest.param("2026-09-15", 3, "month", "2026-12-15", id="three months"),
        pytest.param("2026-08-31", 3, "month", "2026-11-30", id="clipped to the month's end"),
        pytest.param("2026-01-31", 1, "month", "2026-02-28", id="clipped in February"),
        pytest.param("2028-01-31", 1, "month", "2028-02-29", id="clipped in a leap February"),
        pytest.param("2028-01-30", 1, "month", "2028-02-29", id="the thirtieth, clipped as well"),
        pytest.param("2028-02-29", 12, "month", "2029-02-28", id="from a leap day, a year"),
        pytest.param("2026-02-28", 1, "month", "2026-03-28", id="a short month's end isn't kept"),
        pytest.param("2026-11-30", 3, "month", "2027-02-28", id="over a new year, clipped"),
        pytest.param("2026-12-31", 2, "month", "2027-02-28", id="from New Year's Eve"),
        pytest.param("2026-12-01", 1, "month", "2027-01-01", id="from December to January"),
        pytest.param("2026-05-31", 18, "month", "2027-11-30", id="a year and a half"),
        pytest.param("2026-07-14", 24, "month", "2028-07-14", id="two years"),
    ],
)
def test_a_notice_is_over_by_the_calendar(start: str, count: int, unit: str, end: str) -> None:
    assert over(day(start), Notice.model_validate({"count": count, "unit": unit})) == day(end)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        pytest.param("2026-09-01", 1, "month", "2026-10-31", id="from the first of a month"),
        pytest.param("2026-09-30", 1, "month", "2026-10-31", id="on a month's last day"),
        pytest.param("2026-01-15", 1, "month", "2026-02-28", id="to the end of February"),
        pytest.param("2028-01-15", 1, "month", "2028-02-29", id="to a leap day"),
        pytest.param("2026-02-10", 1, "month", "2026-03-31", id="from February to a longer month's end"),
        pytest.param("2026-11-12", 3, "month", "2027-02-28", id="over a new year"),
        pytest.param("2026-12-05", 1, "month", "2027-01-31", id="in December"),
        pytest.param("2026-09-10", 2, "week", "2026-10-14", id="weeks from the month's end"),
        pytest.param("2026-09-10", 30, "day", "2026-10-30", id="days from the month's end"),
    ],
)
def test_a_notice_from_a_months_end(start: str, count: int, unit: str, end: str) -> None:
    notice = Notice.model_validate({"count": count, "unit": unit, "from": "month-end"})

    assert over(day(start), notice) == day(end)


THREE = {"count": 3, "unit": "month"}


def contract(**keys: object) -> Contract:
    shared = {"subject": "the web shop", "start_date": "2022-09-01", "ended_by": "agency"}
    return Contract.model_validate({**shared, "last_working_day": "2026-11-30", **keys})


@pytest.mark.parametrize(
    ("keys", "given_on", "end", "basis"),
    [
        pytest.param({"notice": THREE}, "2026-08-28", "2026-11-28", "notice", id="the agency, by the contract"),
        pytest.param({"notice": THREE, "ended_by": "client"}, "2026-08-28", "2026-11-28", "notice", id="the client"),
        pytest.param({"notice": THREE, "ended_by": "mutual"}, "2026-08-28", "2026-11-28", "notice", id="together"),
        pytest.param({}, "2026-08-28", "2026-09-11", "custom", id="nothing agreed: two weeks, a custom"),
        pytest.param({"notice": THREE, "notice_waived_by": "client"}, "2026-08-28", "2026-08-28", "waived",
                     id="the client waived it"),
        pytest.param({"notice": THREE, "notice_waived_by": "mutual"}, "2026-08-28", "2026-08-28", "waived",
                     id="both agreed on less"),
        pytest.param({"notice": THREE, "notice_waived_by": "mutual", "renews_on": "2027-01-01"}, "2026-08-28",
                     "2026-08-28", "waived", id="a waiver before the term as well"),
        pytest.param({"notice": THREE, "renews_on": "2027-01-01"}, "2026-08-28", "2026-12-31", "term",
                     id="the eve of the renewal binds"),
        pytest.param({"notice": THREE, "renews_on": "2026-11-29"}, "2026-08-28", "2026-11-28", "notice",
                     id="notice over on that eve"),
        pytest.param({"notice": THREE, "renews_on": "2026-11-01"}, "2026-08-28", "2026-11-28", "notice",
                     id="notice over after the renewal"),
        pytest.param({"renews_on": "2027-01-01"}, "2026-08-28", "2026-12-31", "term", id="a term without notice"),
        pytest.param({"ended_by": "expiry", "end_date": "2026-12-31"}, "2026-08-28", "2026-12-31", "term",
                     id="expiry, at the agreed end"),
        pytest.param({"ended_by": "expiry", "renews_on": "2027-03-01"}, "2026-08-28", "2027-02-28", "term",
                     id="expiry, on the eve of what isn't renewed"),
        pytest.param({"ended_by": "expiry", "renews_on": "2027-01-01", "end_date": "2027-06-30"}, None, "2026-12-31",
                     "term", id="expiry, the renewal counts"),
        pytest.param({"ended_by": "expiry"}, "2026-08-28", None, None, id="expiry without a day"),
        pytest.param({"notice": THREE, "ended_by": "client"}, None, None, None, id="nobody says when"),
    ],
)  # fmt: skip
def test_the_earliest_day_that_contract_and_notice_allow(
    keys: dict[str, object], given_on: str | None, end: str | None, basis: str | None
) -> None:
    found = earliest_end(contract(**keys), day(given_on) if given_on else None)

    assert found == (Earliest(day(end), Basis(basis)) if end and basis else None)


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        pytest.param({}, "2026-11-30", id="on the last working day"),
        pytest.param({"end_date": "2026-12-31"}, "2026-12-31", id="on its own day"),
        pytest.param({"renews_on": "2027-01-01"}, "2026-11-30", id="before a renewal that notice prevents"),
        pytest.param({"ended_by": "expiry", "renews_on": "2027-01-01"}, "2026-12-31", id="on the eve of its renewal"),
        pytest.param({"ended_by": "expiry", "renews_on": "2026-10-01"}, "2026-11-30", id="not before the work does"),
        pytest.param({"ended_by": "expiry", "renews_on": "2027-01-01", "end_date": "2027-06-30"}, "2027-06-30",
                     id="on its own day, whatever the renewal"),
    ],
)  # fmt: skip
def test_the_contract_ends(keys: dict[str, object], end: str) -> None:
    assert contract(**keys).ends == day(end)


@pytest.mark.parametrize(
    ("last", "earliest", "basis", "may"),
    [
        pytest.param("2026-11-28", "2026-11-28", "notice", True, id="on the day"),
        pytest.param("2026-11-27", "2026-11-28", "notice", True, id="the day of notice counted in"),
        pytest.param("2026-11-26", "2026-11-28", "notice", False, id="two days early"),
        pytest.param("2026-12-31", "2026-12-31", "term", True, id="on the term's last day"),
        pytest.param("2026-12-30", "2026-12-31", "term", False, id="before the term's last day"),
        pytest.param("2027-06-30", "2026-11-28", "notice", True, id="much later"),
    ],
)
def test_a_contract_may_end_when_notice_is_over(last: str, earliest: str, basis: str, *, may: bool) -> None:
    assert may_end(day(last), Earliest(day(earliest), Basis(basis))) is may


@pytest.mark.parametrize(
    ("who", "noted", "found"),
    [
        pytest.param("agency", None, "2026-09-01", id="the agency's letter gives it"),
        pytest.param("agency", "2026-08-28", "2026-08-28", id="the agency gave it before"),
        pytest.param("client", None, None, id="of the client's, nothing is known"),
        pytest.param("client", "2026-08-20", "2026-08-20", id="the client gave it"),
        pytest.param("mutual", None, None, id="together, nothing is known"),
        pytest.param("expiry", None, None, id="what expires needs none"),
    ],
)
def test_the_day_of_notice(who: str, noted: str | None, found: str | None) -> None:
    assert notice_given(contract(ended_by=who, notice_date=noted), day("2026-09-01")) == (day(found) if found else None)


def test_a_notice_beyond_the_calendar_is_no_day() -> None:
    with pytest.raises(OverflowError):
        over(day("9999-06-01"), Notice.model_validate({"count": 12, "unit": "month"}))


@pytest.mark.parametrize(
    ("count", "unit", "french", "english"),
    [
        pytest.param(1, "day", "un jour", "one day", id="a day"),
        pytest.param(1, "week", "une semaine", "one week", id="a week"),
        pytest.param(1, "month", "un mois", "one month", id="a month"),
        pytest.param(2, "week", "deux semaines", "two weeks", id="weeks"),
        pytest.param(3, "month", "trois mois", "three months", id="months"),
        pytest.param(30, "day", "30 jours", "30 days", id="many days"),
    ],
)
def test_a_period_in_words(count: int, unit: str, french: str, english: str) -> None:
    for language, locale, said in (("fr", "fr_FR", french), ("en", "en_GB", english)):
        assert Words.load(language, locale, "letter").period(unit, count).replace("\u00a0", " ") == said


FROM_END = {**THREE, "from": "month-end"}
AGENCY = {"ended_by": "agency", "last_working_day": "2027-01-31"}
SOON = {**AGENCY, "last_working_day": "2026-10-31"}
TOLD = {**AGENCY, "notice_date": "2026-08-28"}


@pytest.mark.parametrize(
    ("keys", "french", "english"),
    [
        pytest.param({**AGENCY, "notice": THREE},
                     "trois mois de préavis, à compter de ce jour ; ce préavis court jusqu’au {} décembre 2026.",
                     "asks for notice of three months, starting today; it runs until {} December 2026.",
                     id="the letter gives it"),
        pytest.param({**AGENCY, "last_working_day": "2026-12-01", "notice": THREE},
                     "prévoit trois mois de préavis, à compter de ce jour. Notre dernier",
                     "asks for notice of three months, starting today. Our last", id="over on the last day"),
        pytest.param({**TOLD, "notice": THREE},
                     "trois mois de préavis, à compter de cette date ; ce préavis court jusqu’au 28 novembre 2026.",
                     "notice of three months, counted from that day; it runs until 28 November 2026.",
                     id="told before"),
        pytest.param({**AGENCY, "notice_date": "2026-06-15", "notice": {"count": 2, "unit": "month"}},
                     "deux mois de préavis, à compter de cette date ; il a couru jusqu’au 15 août 2026.",
                     "notice of two months, counted from that day; it ran until 15 August 2026.",
                     id="over before the letter"),
        pytest.param({**AGENCY, "notice": FROM_END},
                     "trois mois de préavis, à compter de la fin du mois ; ce préavis court jusqu’au 31 décembre 2026.",
                     "notice of three months, counted from the end of this month; it runs until 31 December 2026.",
                     id="from the month's end"),
        pytest.param({**TOLD, "notice": FROM_END},
                     "à compter de la fin du même mois ; ce préavis court jusqu’au 30 novembre 2026.",
                     "counted from the end of that month; it runs until 30 November 2026.",
                     id="told before, from that month's end"),
        pytest.param({**SOON, "notice": THREE, "notice_waived_by": "client"},
                     "trois mois de préavis, à compter de ce jour. Vous y avez renoncé. Notre dernier",
                     "notice of three months, starting today. You have waived it. Our last", id="waived by the client"),
        pytest.param({**SOON, "notice": THREE, "notice_waived_by": "mutual"},
                     "à compter de ce jour. Nous sommes convenus ensemble d’un préavis plus court.",
                     "starting today. We have agreed on a shorter one.", id="a shorter one, agreed"),
        pytest.param({**AGENCY, "last_working_day": "2026-12-01", "notice": THREE, "notice_waived_by": "client"},
                     "prévoit trois mois de préavis, à compter de ce jour. Notre dernier",
                     "asks for notice of three months, starting today. Our last", id="waived, and kept all the same"),
        pytest.param({**AGENCY, "ended_by": "client", "notice": THREE},
                     "prévoit trois mois de préavis. Notre dernier", "asks for notice of three months. Our last",
                     id="nobody says when the client gave it"),
    ],
)  # fmt: skip
def test_the_letter_says_what_was_computed(keys: dict[str, object], french: str, english: str) -> None:
    for language, said in (("fr", french), ("en", english)):
        chosen = settings(language, full=False, contract=keys)
        text = " ".join(texts(letter.render(given("letter", chosen))))
        text = text.replace("\u00a0", " ").replace("\u202f", " ")
        first = "1er" if language == "fr" else "1"
        assert said.format(first) in text
