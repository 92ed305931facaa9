"""What the notice says of its own arithmetic, in both languages: the day until which it runs, and which day binds."""

import datetime as dt
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache

import pytest
from dateutil.relativedelta import relativedelta

from handover.documents.notice import on_its_day, view
from handover.formats.word import contents
from handover.formats.word.ooxml import w
from handover.languages import files
from handover.languages.words import Words
from handover.model.rows import PendingRow
from handover.templating.fill import Budget, Filler, Marked, marked
from handover.templating.kinds import context_of
from handover.templating.report import Report
from handover.templating.stories import Document
from handover.templating.template import parsed
from sample_letter import given, settings

SENTENCES = {
    "starts": (
        "Our contract asks for notice of {period}, starting today: it runs until {day}.",
        "Le contrat prévoit {period} de préavis, à compter de ce jour ; ce préavis court jusqu’au {day}.",
    ),
    "starts at month's end": (
        "Our contract asks for notice of {period}, counted from the end of this month: it runs until {day}.",
        "Le contrat prévoit {period} de préavis, à compter de la fin du mois ; ce préavis court jusqu’au {day}.",
    ),
    "started": (
        "Our contract asks for notice of {period}, counted from that day: it runs until {day}.",
        "Le contrat prévoit {period} de préavis, à compter de cette date ; ce préavis court jusqu’au {day}.",
    ),
    "started at month's end": (
        (
            "Our contract asks for notice of {period}, counted from the end of the month in which it was given: "
            "it runs until {day}."
        ),
        (
            "Le contrat prévoit {period} de préavis, à compter de la fin du mois où il a été donné ; "
            "ce préavis court jusqu’au {day}."
        ),
    ),
    "term": ("Under our contract, the term runs until {day}.", "Le terme prévu par notre contrat est le {day}."),
    "term after notice": (
        "Our contract asks for notice of {period}, and its term runs until {day}.",
        "Le contrat prévoit {period} de préavis, et son terme est le {day}.",
    ),
    "waived": (
        "Our contract asks for notice of {period}. You have waived it.",
        "Le contrat prévoit {period} de préavis. Vous y avez renoncé.",
    ),
    "shorter": (
        "Our contract asks for notice of {period}. We have agreed on a shorter one.",
        "Le contrat prévoit {period} de préavis. Nous sommes convenus ensemble d’un préavis plus court.",
    ),
    # Where the term is the contract's end, that day is said once, in the sentence that follows.
    "its own end": ("", ""),
    "custom": (
        "That leaves at least two weeks, as is customary.",
        "Cela vous laisse au moins deux semaines, comme le veut l’usage.",
    ),
    "silent": ("", ""),
}
"""The paragraph between the decision and the last day; "silent" where there is none."""
STOPS = {
    "sooner": (
        "By then, we will finish “Shop”, due on {stop}.",
        "D’ici là, nous terminerons « Shop », dont l’échéance est le {stop}.",
    ),
    "later": (
        "By then, we will finish “Shop”, due on {stop}: that is why we are staying beyond the notice.",
        (
            "D’ici là, nous terminerons « Shop », dont l’échéance est le {stop} : "
            "c’est pourquoi nous restons au-delà du préavis."
        ),
    ),
    "": ("", ""),
}
"""Whether the last project to finish, or the notice, decides when the work ends."""
PERIODS = {
    (1, "day"): ("one day", "un jour"), (2, "day"): ("two days", "deux jours"), (10, "day"): ("ten days", "dix jours"),
    (30, "day"): ("30 days", "30 jours"), (60, "day"): ("60 days", "60 jours"), (90, "day"): ("90 days", "90 jours"),
    (1, "week"): ("one week", "une semaine"), (2, "week"): ("two weeks", "deux semaines"),
    (4, "week"): ("four weeks", "quatre semaines"), (6, "week"): ("six weeks", "six semaines"),
    (8, "week"): ("eight weeks", "huit semaines"),
    (1, "month"): ("one month", "un mois"), (2, "month"): ("two months", "deux mois"),
    (3, "month"): ("three months", "trois mois"), (6, "month"): ("six months", "six mois"),
    (12, "month"): ("twelve months", "douze mois"), (18, "month"): ("18 months", "18 mois"),
}  # fmt: skip
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One contract, and what its notice says."""

    given: str
    notice: str
    """As `3 month` or `3 month month-end`; empty where nothing was agreed."""
    until: str
    """The day that is printed, computed by hand; empty where none is."""
    says: str
    by: str = "agency"
    noted: bool = True
    """Whether the project notes the day of notice."""
    last: str = ""
    """The last working day; the day until which the notice runs, where the case doesn't say it."""
    end: str | None = None
    renews: str | None = None
    waived: str | None = None
    stop: str = ""
    binds: str = ""


CASES = {
    # Days and weeks run from the day after the notice.
    "a day": Case("2026-09-01", "1 day", "2026-09-02", "starts"),
    "two days over a month's end": Case("2026-09-30", "2 day", "2026-10-02", "starts"),
    "ten days over a new year": Case("2026-12-28", "10 day", "2027-01-07", "starts"),
    "thirty days are no month": Case("2026-08-31", "30 day", "2026-09-30", "starts"),
    "thirty days over February": Case("2027-02-01", "30 day", "2027-03-03", "starts"),
    "thirty days over a leap February": Case("2028-02-01", "30 day", "2028-03-02", "starts"),
    "sixty days": Case("2026-07-15", "60 day", "2026-09-13", "starts"),
    "ninety days are no three months": Case("2026-09-01", "90 day", "2026-11-30", "starts"),
    "thirty days to a leap day": Case("2028-01-30", "30 day", "2028-02-29", "starts"),
    "a day on which clocks change": Case("2026-10-24", "1 day", "2026-10-25", "starts"),
    "a week": Case("2026-09-01", "1 week", "2026-09-08", "starts"),
    "two weeks over a new year": Case("2026-12-21", "2 week", "2027-01-04", "starts"),
    "four weeks end on the same weekday": Case("2026-11-02", "4 week", "2026-11-30", "starts"),
    "six weeks": Case("2026-06-12", "6 week", "2026-07-24", "starts"),
    "eight weeks over February": Case("2027-01-15", "8 week", "2027-03-12", "starts"),
    "eight weeks over a leap February": Case("2028-01-15", "8 week", "2028-03-11", "starts"),
    "a week to a leap day": Case("2028-02-22", "1 week", "2028-02-29", "starts"),
    # Months run to the day of the same number, or to a shorter month's end.
    "a month": Case("2026-09-15", "1 month", "2026-10-15", "starts"),
    "a month from the first": Case("2026-11-01", "1 month", "2026-12-01", "starts"),
    "a month to the first of a year": Case("2026-12-01", "1 month", "2027-01-01", "starts"),
    "a month from the thirty-first to the thirtieth": Case("2026-10-31", "1 month", "2026-11-30", "starts"),
    "a month from the thirty-first to February": Case("2027-01-31", "1 month", "2027-02-28", "starts"),
    "a month from the thirty-first to a leap February": Case("2028-01-31", "1 month", "2028-02-29", "starts"),
    "a month from the thirtieth to February": Case("2027-01-30", "1 month", "2027-02-28", "starts"),
    "a month from the twenty-ninth to February": Case("2027-01-29", "1 month", "2027-02-28", "starts"),
    "a month from the twenty-ninth to a leap February": Case("2028-01-29", "1 month", "2028-02-29", "starts"),
    "a month from February's end": Case("2027-02-28", "1 month", "2027-03-28", "starts"),
    "a month from a leap day": Case("2028-02-29", "1 month", "2028-03-29", "starts"),
    "two months from New Year's Eve": Case("2026-12-31", "2 month", "2027-02-28", "starts"),
    "two months over summer": Case("2026-07-31", "2 month", "2026-09-30", "starts"),
    "three months": Case("2026-08-28", "3 month", "2026-11-28", "starts"),
    "three months from August's end": Case("2026-08-31", "3 month", "2026-11-30", "starts"),
    "three months over a new year": Case("2026-11-30", "3 month", "2027-02-28", "starts"),
    "three months to a leap day": Case("2027-11-30", "3 month", "2028-02-29", "starts"),
    "six months from March's end": Case("2026-03-31", "6 month", "2026-09-30", "starts"),
    "twelve months": Case("2026-05-04", "12 month", "2027-05-04", "starts"),
    "twelve months from a leap day": Case("2028-02-29", "12 month", "2029-02-28", "starts"),
    "eighteen months": Case("2026-05-31", "18 month", "2027-11-30", "starts"),
    # From a month's end, months end with a month.
    "a month from the month's end": Case("2026-09-10", "1 month month-end", "2026-10-31", "starts at month's end"),
    "given on the month's last day": Case("2026-09-30", "1 month month-end", "2026-10-31", "starts at month's end"),
    "given on the first": Case("2026-09-01", "1 month month-end", "2026-10-31", "starts at month's end"),
    "to the end of February": Case("2027-01-04", "1 month month-end", "2027-02-28", "starts at month's end"),
    "to a leap day": Case("2028-01-04", "1 month month-end", "2028-02-29", "starts at month's end"),
    "from a leap day's month": Case("2028-02-10", "1 month month-end", "2028-03-31", "starts at month's end"),
    "three months from a month's end": Case("2026-08-20", "3 month month-end", "2026-11-30", "starts at month's end"),
    "over a new year, from a month's end": Case(
        "2026-11-12", "3 month month-end", "2027-02-28", "starts at month's end"),
    "weeks from a month's end": Case("2026-09-10", "2 week month-end", "2026-10-14", "starts at month's end"),
    "days from a month's end": Case("2026-09-10", "30 day month-end", "2026-10-30", "starts at month's end"),
    # Renewals: the contract runs to their eve, or as long as the notice.
    "the eve of a renewal after the notice": Case(
        "2026-08-28", "3 month", "2026-12-31", "term after notice", renews="2027-01-01"),
    "the eve of a renewal on a leap year's first of March": Case(
        "2027-11-15", "3 month", "2028-02-29", "term after notice", renews="2028-03-01"),
    "a renewal before the notice is over": Case("2026-08-28", "3 month", "2026-11-28", "starts", renews="2026-11-01"),
    "a notice that is over on the renewal's eve": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", renews="2026-11-29"),
    "a renewal without a notice": Case("2026-08-28", "", "2026-12-31", "term", renews="2027-01-01"),
    # Waivers.
    "waived by the client": Case("2026-08-28", "3 month", "", "waived", waived="client", last="2026-09-30"),
    "a shorter one agreed": Case("2026-08-28", "3 month", "", "shorter", waived="mutual", last="2026-10-15"),
    "waived, before a renewal": Case(
        "2026-08-28", "2 month", "", "waived", waived="client", renews="2027-01-01", last="2026-09-30"),
    "waived, and kept all the same": Case("2026-08-28", "3 month", "2026-11-28", "starts", waived="client"),
    "a shorter one agreed, and the longer kept": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", waived="mutual", last="2026-12-18"),
    # Expiry.
    "what expires at its agreed end": Case(
        "2026-09-01", "", "2026-12-31", "its own end", by="expiry", end="2026-12-31", last="2026-12-18"),
    "what isn't renewed": Case("2026-09-01", "", "2027-02-28", "term", by="expiry", renews="2027-03-01"),
    "what isn't renewed, of its notice nothing is said": Case(
        "2026-09-01", "3 month", "2026-12-31", "term", by="expiry", renews="2027-01-01"),
    "what expires without a day": Case("2026-09-01", "", "", "silent", by="expiry", last="2026-12-18"),
    # Who ends it.
    "the client": Case("2026-08-28", "3 month", "2026-11-28", "started", by="client"),
    "the client, from that month's end": Case(
        "2026-08-28", "3 month month-end", "2026-11-30", "started at month's end", by="client"),
    "the client, before a renewal": Case(
        "2026-08-28", "3 month", "2026-12-31", "term after notice", by="client", renews="2027-01-01"),
    "the client, nobody says when": Case(
        "2026-08-28", "3 month", "", "silent", by="client", noted=False, last="2026-11-30"),
    "the client, nothing agreed": Case("2026-08-28", "", "", "silent", by="client", last="2026-09-30"),
    "both, together": Case("2026-08-28", "2 month", "2026-10-28", "started", by="mutual"),
    "both, nothing agreed": Case("2026-08-28", "", "", "silent", by="mutual", last="2026-09-30"),
    # Nothing agreed: two weeks, a custom, and only where they are kept.
    "nothing agreed": Case("2026-08-28", "", "", "custom", last="2026-09-30"),
    "nothing agreed, two weeks to the day": Case("2026-08-28", "", "", "custom", last="2026-09-11"),
    "nothing agreed, and less than two weeks": Case("2026-08-28", "", "", "silent", last="2026-09-10"),
    # The natural stop: the last project to finish.
    "a project that is done before the notice": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", stop="2026-11-20", binds="sooner"),
    "a project on the notice's last day": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", stop="2026-11-28", binds="sooner"),
    "a project that outlasts the notice": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", last="2026-12-18", stop="2026-12-18", binds="later"),
    "a project after the last day isn't promised": Case(
        "2026-08-28", "3 month", "2026-11-28", "starts", stop="2026-11-29"),
    "a project that outlasts the two weeks": Case(
        "2026-08-28", "", "", "custom", last="2026-10-30", stop="2026-10-30", binds="later"),
    "a project after the client's own notice, of no agreed length": Case(
        "2026-08-28", "", "", "silent", by="client", last="2026-10-30", stop="2026-10-30", binds="sooner"),
    "a project that outlasts the client's notice": Case(
        "2026-08-28", "2 week", "2026-09-11", "started", by="client", last="2026-10-30", stop="2026-10-30",
        binds="later"),
    "a project after what both agreed": Case(
        "2026-08-28", "", "", "silent", by="mutual", last="2026-10-30", stop="2026-10-30", binds="sooner"),
    "a project after a notice that the client gave up": Case(
        "2026-08-28", "3 month", "", "waived", waived="client", last="2026-10-30", stop="2026-10-30", binds="sooner"),
    "a project before the term": Case(
        "2026-08-28", "3 month", "2026-12-31", "term after notice", renews="2027-01-01", stop="2026-12-15",
        binds="sooner"),
}  # fmt: skip


def written(day: str, language: str) -> str:
    """A day as a person writes it."""
    value = dt.date.fromisoformat(day)
    number = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{number} {MONTHS[language][value.month - 1]} {value.year}"


@cache
def said(case: Case, language: str) -> str:
    """The notice's text."""
    count, unit, start, *_ = [*case.notice.split(), "", "", ""]
    agreed = {"count": int(count), "unit": unit, "from": start or "notice"} if case.notice else None
    contract = {
        "ended_by": case.by, "last_working_day": case.last or case.until, "end_date": case.end,
        "notice_date": case.given if case.noted and case.by != "expiry" else None, "notice": agreed,
        "renews_on": case.renews, "notice_waived_by": case.waived,
    }  # fmt: skip
    row = {"project": "Shop", "status": "in-progress", "decision": "finish", "due_date": case.stop}
    pending = (PendingRow.model_validate(row),) if case.stop else ()
    # Of its own notice the agency writes on the day; to the client's it answers some days later.
    answered = dt.date.fromisoformat(case.given) + dt.timedelta(3 if case.by in {"client", "mutual"} else 0)
    made = settings(language, full=False, contract=contract, letter={"date": str(answered)})
    base = given("notice", made, pending=pending)
    words = Words.load(language, base.project.locale, "letter", "notice")
    at = replace(base, project=on_its_day(base.project, answered), words=words, alone=True)
    shown = view(at)
    lines = []
    for story in _stories(language, type(shown)):
        filler = Filler(story, Budget(place="notice"), lambda address: address, words.joined)
        filled = filler.fill(deepcopy(story.root), shown)
        lines += ["".join(node.text or "" for node in one.iter(w("t"))) for one in filled.iter(w("p"))]
    return " ".join(lines).replace("\u00a0", " ").replace("\u202f", " ")


@cache
def _stories(language: str, shown: type[object]) -> list[Marked]:
    content = files.read_bytes(language, "notice.docx")
    package = contents.admitted(contents.read_template(content, "notice"), "notice")
    parts = parsed(Document(package, "notice"), Report("notice"), frozenset(context_of(shown)))
    return [marked(part.story, part.nodes, part.texts) for part in parts]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_notice_prints_its_arithmetic_and_nothing_else(case: Case, language: str) -> None:
    at = ("en", "fr").index(language)
    count, unit = (case.notice.split() or ["1", "day"])[:2]
    until = {"day": written(case.until, language)} if case.until else {}
    period = PERIODS[int(count), unit][at]
    expected = {SENTENCES[case.says][at].format(period=period, **until)}
    expected |= {STOPS[case.binds][at].format(stop=written(case.stop, language))} if case.stop and case.binds else set()
    text = said(case, language)
    assert [one for one in expected if one not in text] == []
    # Neither a period nor a day of another sentence.
    rest = text
    for one in expected - {""}:
        rest = rest.replace(one, "")
    words = (
        ("notice of", "term runs", "never agreed", "By then")
        if at == 0
        else ("de préavis,", "terme", "d’aucun", "D’ici là")
    )
    assert [word for word in words if word in rest and case.by != "expiry"] == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.says in {"starts", "started"}])
def test_the_days_computed_by_hand_are_those_of_another_library(name: str) -> None:
    case = CASES[name]
    count, unit = case.notice.split()
    assert dt.date.fromisoformat(case.given) + relativedelta(**{f"{unit}s": int(count)}) == dt.date.fromisoformat(
        case.until
    )


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 60
