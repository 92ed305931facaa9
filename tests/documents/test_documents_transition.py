"""The transition plan and its calendar: what fills itself in, who is named, what is late; and RFC 5545."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from handover.documents.base import ClientInput, Content
from handover.documents.transition import PLAN, milestones, view
from handover.documents.transition_calendar import CALENDAR, render
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.artifact import Role
from handover.model.project import Project
from handover.model.rows import AccountRow, AccountStatus, MilestoneRow, Phase, Side, TrainingRow
from sample_letter import given as letter_given
from sample_letter import pending, settings

LAST = dt.date(2026, 11, 30)
TODAY = dt.date(2026, 10, 1)
LAST_DAY = "Last working day: the handover pack goes out; the inventory’s passphrase is given by phone"


def made(language: str = "en", today: dt.date = TODAY, **changes: Any) -> ClientInput:
    rows = {
        name: changes.pop(name)
        for name in ("accounts", "milestones", "pending", "routines", "training")
        if name in changes
    }
    full = letter_given("letter", settings(language, full=False, **changes)).project
    project: Project = replace(full, **rows)
    return ClientInput(project, Words.load(language, project.locale, "life", "plan"), today)


def account(service: str, status: str = "to-transfer", **changes: Any) -> AccountRow:
    row = {"service": service, "current_owner": "Northlight Studio", "status": status}
    return AccountRow.model_validate({**row, **changes})


def row(on: str, what: str, **changes: Any) -> MilestoneRow:
    return MilestoneRow.model_validate({"on": on, "milestone": what, "phase": "train", "who": "agency", **changes})


def lesson(topic: str, **changes: Any) -> TrainingRow:
    return TrainingRow.model_validate({"topic": topic, **changes})


ANALYTICS = account("Analytics", url="https://analytics.google.com")


def told(given: ClientInput) -> list[tuple[str, str]]:
    return [(one.on.isoformat(), one.what) for one in milestones(given)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [("2026-11-30", LAST_DAY)], id="nothing but the last day"),
        pytest.param({"contract": {"end_date": "2026-12-31"}},
                     [("2026-11-30", LAST_DAY), ("2026-12-31", "End of the contract")], id="a later end"),
        pytest.param({"accounts": (ANALYTICS,)},
                     [("2026-11-16", "Estimated last safe day to begin the transfer: Analytics"),
                      ("2026-11-30", LAST_DAY)], id="a service's last safe day"),
        pytest.param({"accounts": (ANALYTICS,), "today": dt.date(2026, 11, 17)},
                     [("2026-11-17", "Begin the transfer: Analytics"),
                      ("2026-11-30", LAST_DAY)], id="a last safe day that has passed is no day of the plan"),
        pytest.param({"accounts": (ANALYTICS.model_copy(update={"status": AccountStatus.IN_PROGRESS}),)},
                     [("2026-11-30", LAST_DAY)], id="a transfer that has begun has no last safe day"),
        pytest.param({"accounts": (account("Tool", url="https://tool.example"),)},
                     [("2026-11-30", LAST_DAY)], id="of an unknown service no time is claimed"),
        pytest.param({"accounts": (account("Host", "unchanged", renewal_date="2027-01-15"),)},
                     [("2026-11-30", LAST_DAY), ("2027-01-15", "Renewal: Host")], id="a renewal soon after"),
        pytest.param({"accounts": (account("Host", "unchanged", renewal_date="2027-06-15"),
                                   account("Old", "closed", renewal_date="2026-12-15"),
                                   account("Past", "unchanged", renewal_date="2026-09-15"))},
                     [("2026-11-30", LAST_DAY)], id="no renewal that is far, past, or of what is closed"),
        pytest.param({"letter": {"deliveries": [{"what": "Full backup", "due_date": "2026-11-27"}]}},
                     [("2026-11-27", "Full backup"), ("2026-11-30", LAST_DAY)], id="a delivery"),
        pytest.param({"pending": (pending("Shop", "finish", due_date="2026-11-20"),)},
                     [("2026-11-20", "Finish: Shop"), ("2026-11-30", LAST_DAY)], id="a project to finish"),
        pytest.param({"pending": (pending("Shop", "finish", due_date="2026-12-20"),)},
                     [("2026-11-30", LAST_DAY)], id="no work after the last day"),
        pytest.param({"pending": (pending("Shop", "finish", due_date="2026-11-27"),),
                      "letter": {"deliveries": [{"what": "The new shop", "due_date": "2026-11-27"}]}},
                     [("2026-11-27", "The new shop"), ("2026-11-30", LAST_DAY)],
                     id="a project that is a delivery is told once"),
        pytest.param({"milestones": (row("2026-11-10", "Workshop"), row("2026-10-20", "First call"))},
                     [("2026-10-20", "First call"), ("2026-11-10", "Workshop"), ("2026-11-30", LAST_DAY)],
                     id="rows of the table, by date"),
        pytest.param({"milestones": tuple(row("2026-11-10", f"Step {at}") for at in (2, 10, 1))},
                     [*(("2026-11-10", f"Step {at}") for at in (2, 10, 1)), ("2026-11-30", LAST_DAY)],
                     id="rows of one day in the table's order"),
        pytest.param({"training": (lesson("Newsletter", on="2026-11-18"), lesson("Shop"))},
                     [("2026-11-18", "Newsletter"), ("2026-11-30", LAST_DAY)], id="lessons that have a day"),
        pytest.param({"transition": {"help_until": "2026-12-18"}},
                     [("2026-11-30", LAST_DAY), ("2026-12-18", "Last day for questions")], id="the end of help"),
    ],
)  # fmt: skip
def test_the_plan_fills_itself_in(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(made(**changes)) == expected


@pytest.mark.parametrize(("language", "on"), [("en", "At once"), ("fr", "Tout de suite")])
def test_what_should_have_begun_is_due_at_once_in_the_plans_first_month(language: str, on: str) -> None:
    shown = view(made(language, dt.date(2026, 11, 17), accounts=(ANALYTICS,)))
    first = shown.months[0].milestones[0]
    assert (len(shown.months), first.on, first.late) == (1, on, False)


@pytest.mark.parametrize(
    ("language", "months", "phase"),
    [("en", ["October 2026", "November 2026"], "Train"), ("fr", ["octobre 2026", "novembre 2026"], "Former")],
)
def test_the_plan_reads_month_by_month_each_line_with_its_phase(language: str, months: list[str], phase: str) -> None:
    shown = view(made(language, milestones=(row("2026-11-10", "Workshop"), row("2026-10-20", "First call"))))
    assert [month.title.replace("\u00a0", " ") for month in shown.months] == months
    assert {line.phase for month in shown.months for line in month.milestones if line.what == "Workshop"} == {phase}


@pytest.mark.parametrize(
    ("payer", "renews", "who"),
    [
        pytest.param("Northlight Studio", "2026-11-20", Side.AGENCY, id="the agency, while it pays"),
        pytest.param("Ada Marsh", "2026-11-20", Side.AGENCY, id="its owner by name, as freelancers write"),
        pytest.param("Northlight Studio", "2027-01-15", Side.CLIENT, id="after the last day, the client"),
        pytest.param(None, "2026-11-20", Side.CLIENT, id="the client where nobody is named"),
    ],
)
def test_whoever_pays_by_then_sees_to_a_renewal(payer: str | None, renews: str, who: Side) -> None:
    held = account("Host", "unchanged", renewal_date=renews, payer=payer)
    assert [one.who for one in milestones(made(accounts=(held,))) if one.key.startswith("renewal")] == [who]


@pytest.mark.parametrize("stop", ["", "."], ids=["without its full stop", "with it"])
def test_what_the_transition_costs_ends_a_sentence_once(stop: str) -> None:
    assert view(made(transition={"fee": f"EUR 900 a month{stop}"})).fee == "EUR 900 a month"


@pytest.mark.parametrize(
    ("who", "letter", "name"),
    [
        pytest.param("agency", {}, "Northlight Studio", id="the agency"),
        pytest.param("client", {}, "Acme <Bakery> & Sons", id="the client"),
        pytest.param("successor", {}, "whoever takes over", id="a successor whom nobody knows"),
        pytest.param("successor", {"successors": [{"name": "Fallow"}]}, "whoever takes over", id="a recommended one"),
        pytest.param("successor", {"successor_known": {"name": "Fallow"}}, "Fallow", id="the chosen one"),
    ],
)
def test_who_sees_to_it_is_named(who: str, letter: dict[str, Any], name: str) -> None:
    shown = view(made(milestones=(row("2026-10-20", "Call", who=who),), letter=letter))
    taught = view(made(training=(lesson("Shop", on="2026-10-20", trainer="Ben Oake"),)))

    assert [line.who for month in taught.months for line in month.milestones if line.what == "Shop"] == ["Ben Oake"]

    assert [line.who for month in shown.months for line in month.milestones if line.what == "Call"] == [name]


def test_only_what_a_table_says_is_done_or_late() -> None:
    rows = (row("2026-09-10", "Missed"), row("2026-09-11", "Reached", done_on="2026-09-12"), row("2026-10-01", "Today"))
    projects = (pending("Shop", "finish", due_date="2026-09-20"), pending("Blog", "finish", due_date="2026-10-20"))
    letter = {"deliveries": [{"what": "Old backup", "due_date": "2026-09-15"}]}
    shown = view(made(milestones=rows, pending=projects, letter=letter))

    assert [line.what for month in shown.months for line in month.milestones if line.late] == ["Missed", "Finish: Shop"]
    assert [line.what for month in shown.months for line in month.milestones if line.done] == ["Reached"]


@pytest.mark.parametrize(("day", "done"), [("2026-09-19", []), ("2026-09-20", ["Reached", "Shop"])])
def test_what_was_done_after_the_plans_own_date_is_not_done_in_it(day: str, done: list[str]) -> None:
    rows, lessons = (
        (row("2026-09-25", "Reached", done_on="2026-09-20"),),
        (lesson("Shop", on="2026-10-20", done_on="2026-09-20"),),
    )
    shown = view(made(milestones=rows, training=lessons, today=dt.date.fromisoformat(day)))
    assert [line.what for month in shown.months for line in month.milestones if line.done] == done


@pytest.mark.parametrize("today", [dt.date(2026, 11, 23), LAST], ids=["before the last day", "on it"])
def test_a_plan_in_the_pack_says_that_this_pack_goes_out_on_its_own_date(today: dt.date) -> None:
    packed = letter_given("plan", settings("en", full=False), today=today)
    said = {one.key: (one.on, one.what) for one in milestones(packed)}
    assert said["pack"] == (today, "This handover pack goes out; the inventory’s passphrase is given by phone")
    assert said["last-working-day"] == (LAST, "Last working day")
    alone = {one.key: one.what for one in milestones(made(today=today))}
    assert "pack" not in alone
    assert alone["last-working-day"].startswith("Last working day: the handover pack goes out")


def test_a_plan_in_a_pack_without_a_passphrase_speaks_of_none() -> None:
    contents = (Content("02-inventory.xlsx.cms", Role.RECIPIENT_COPY, "inventory"),)
    packed = replace(letter_given("plan", settings("en", full=False)), contents=contents)
    assert [one.what for one in milestones(packed) if one.key == "pack"] == ["This handover pack goes out"]


@pytest.mark.parametrize(("day", "lacks"), [(30, False), (31, True)])
def test_after_the_last_day_there_is_nothing_to_plan(day: int, lacks: bool) -> None:
    given = made(today=LAST + dt.timedelta(days=day - 30))
    assert bool(PLAN.lacks(given, Dossier.of(given.project))) is lacks


def test_a_transfer_that_has_not_begun_in_time_is_named() -> None:
    assert view(made(accounts=(ANALYTICS,))).blocked == ()
    assert view(made(accounts=(ANALYTICS,), today=dt.date(2026, 11, 17))).blocked == ("Analytics",)
    begun = ANALYTICS.model_copy(update={"status": AccountStatus.IN_PROGRESS})
    assert view(made(accounts=(begun,), today=dt.date(2026, 11, 17))).blocked == ()


def test_the_calendar_has_one_day_a_milestone_and_no_hour() -> None:
    given = made(accounts=(ANALYTICS,), milestones=(row("2026-10-20", "Call; with, commas\\", who="client"),))
    events = Calendar.from_ical(render(given)).walk("VEVENT")

    assert [(event.decoded("dtstart"), event.decoded("dtend")) for event in events] == [
        (one.on, one.on + dt.timedelta(1)) for one in milestones(given)
    ]
    assert all(type(event.decoded("dtstart")) is dt.date for event in events)
    assert str(events[0]["summary"]) == "Call; with, commas\\ (Acme <Bakery> & Sons)"
    assert not {"attendee", "organizer", "valarm"} & {name.casefold() for event in events for name in event}


def test_an_event_keeps_its_identifier_when_its_day_moves() -> None:
    def uids(on: str) -> list[str]:
        rows = (row(on, "Call"), row("2026-11-01", "Workshop"), row("2026-11-02", "Workshop"))
        return [str(event["uid"]) for event in Calendar.from_ical(render(made(milestones=rows))).walk("VEVENT")]

    assert set(uids("2026-10-20")) == set(uids("2026-11-10"))
    assert len(set(uids("2026-10-20"))) == 4


def test_calendar_lines_are_as_rfc_5545_asks() -> None:
    long = "Ünïcode " * 30
    content = render(made(milestones=(row("2026-10-20", long),)))

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75  # 3.1
    assert content == render(made(milestones=(row("2026-10-20", long),)))


_PARAMETER = r'[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*)'
_LINE = re.compile(rf"([A-Za-z0-9-]+)(?:;{_PARAMETER})*:([^\x00-\x08\x0a-\x1f\x7f]*)")
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
"""RFC 5545: `contentline` and `param` of 3.1, `text` of 3.3.11."""


def test_a_calendar_is_made_of_lines_of_the_grammar_and_of_what_each_part_must_have() -> None:
    texts = ('a; b, c\\d "e" : f', "Ünïcode " * 30)
    rows = tuple(row(f"2026-10-{20 + at}", text) for at, text in enumerate(texts))
    lines = render(made(milestones=rows, accounts=(ANALYTICS,))).decode().replace("\r\n ", "").split("\r\n")
    assert lines.pop() == ""
    inside: list[tuple[str, list[str]]] = []
    for line in lines:
        matched = _LINE.fullmatch(line)
        assert matched, line
        name, value = matched[1], matched[2]
        if name == "BEGIN":
            assert value == ("VEVENT" if inside else "VCALENDAR")
            inside.append((value, []))
        elif name == "END":
            part, names = inside.pop()
            assert value == part
            needed = ("PRODID", "VERSION") if part == "VCALENDAR" else ("UID", "DTSTAMP", "DTSTART")  # 3.6, 3.6.1
            assert all(names.count(one) == 1 for one in needed)
        else:
            inside[-1][1].append(name)
            assert name not in {"SUMMARY", "DESCRIPTION", "UID"} or _TEXT.fullmatch(value), line
            assert name != "DTSTAMP" or re.fullmatch(r"\d{8}T\d{6}Z", value)  # 3.8.7.2: in UTC
    assert inside == []


def test_plan_and_calendar_share_name_and_milestones() -> None:
    assert CALENDAR.words_id == PLAN.words_id == "plan"
    assert set(Phase) == {one.phase for one in milestones(made(milestones=tuple(
        row("2026-10-20", phase, phase=phase) for phase in Phase
    )))}  # fmt: skip
