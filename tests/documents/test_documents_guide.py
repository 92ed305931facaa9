"""The takeover guide: its first week, routines, and each account's steps with their last safe days."""

import datetime as dt
import io
from typing import Any

import pytest
from docx import Document
from test_documents_transition import ANALYTICS, account, lesson, made, row

from handover.documents.guide import GUIDE, PACKED_GUIDE, first_day, view
from handover.documents.outside import outside
from handover.documents.transition import PACKED_PLAN
from handover.languages import files
from handover.languages.services import catalogue
from handover.languages.words import Words
from handover.model.rows import AccountStatus, RoutineRow
from sample_letter import pending


def routine(task: str, frequency: str = "weekly", **changes: Any) -> RoutineRow:
    return RoutineRow.model_validate({"task": task, "frequency": frequency, **changes})


def guide(language: str = "en", **changes: Any) -> Any:
    given = made(language, **changes)
    return type(given)(given.project, Words.load(language, given.project.locale, "guide"), given.today)


@pytest.mark.parametrize(
    ("last_day", "today", "first"),
    [
        pytest.param("2026-11-27", "2026-11-01", "2026-11-30", id="after a Friday"),
        pytest.param("2026-11-29", "2026-11-01", "2026-11-30", id="after a Sunday"),
        pytest.param("2026-11-30", "2026-11-01", "2026-12-01", id="a Monday on which one still works isn't it"),
        pytest.param("2026-11-27", "2026-12-02", "2026-12-02", id="not before today"),
        pytest.param("2026-11-27", "2026-12-05", "2026-12-07", id="nor on a Saturday"),
    ],
)
def test_the_first_week_begins_on_the_first_weekday_in_other_hands(last_day: str, today: str, first: str) -> None:
    contract = {"last_working_day": last_day, "end_date": None}
    assert first_day(guide(today=dt.date.fromisoformat(today), contract=contract)) == dt.date.fromisoformat(first)


@pytest.mark.parametrize(
    ("minutes", "said"), [(None, "–"), (20, "20 min"), (90, "90 min"), (120, "2 h"), (150, "2 h 30 min"), (480, "8 h")]
)
def test_long_work_is_said_in_hours_and_breaks_in_no_cell(minutes: int | None, said: str) -> None:
    shown = view(guide(routines=(routine("Backup", minutes=minutes),)))
    assert shown.rhythms[0].routines[0].minutes == said.replace(" ", "\u00a0")


def test_what_is_due_that_week_stands_by_date_and_later_things_do_not() -> None:
    shown = view(guide(
        routines=(routine("Backup", next_due_on="2026-12-02"), routine("Audit", "yearly", next_due_on="2027-03-01"),
                  routine("Overdue", next_due_on="2026-11-02"), routine("Whenever", "on-demand")),
        pending=(pending("Shop", "hand-over", due_date="2026-12-03", next_owner="Ruth"),
                 pending("Blog", "hand-over", due_date="2026-12-20"), pending("Site", "finish", due_date="2026-11-20")),
        milestones=(row("2026-12-04", "Check", phase="check", who="client"),
                    row("2026-12-05", "Done", done_on="2026-09-20")),
        accounts=(account("Host", "unchanged", renewal_date="2026-12-07"),),
    ))  # fmt: skip

    assert [(line.what, line.who) for line in shown.due] == [
        ("Overdue", None), ("Backup", None), ("Shop", "Ruth"), ("Check", "Acme <Bakery> & Sons"),
        ("Renewal: Host", "Acme <Bakery> & Sons"),
    ]  # fmt: skip
    assert [(rhythm.title, [one.task for one in rhythm.routines]) for rhythm in shown.rhythms] == [
        ("Every week", ["Overdue", "Backup"]), ("Every year", ["Audit"]), ("When needed", ["Whenever"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "today", "steps"),
    [
        pytest.param("to-transfer", "2026-10-01", [16, 16, 23, 24, 30],
                     id="each step has its last safe day, the client's account before the move"),
        pytest.param("to-transfer", "2026-11-20", ["late", "late", 23, 24, 30],
                     id="what hasn't begun in time is late"),
        pytest.param("in-progress", "2026-11-20", [None, None, 23, 24, 30],
                     id="of a transfer under way nobody knows which steps are done"),
    ],
)  # fmt: skip
def test_each_step_of_a_service_has_its_last_safe_day(status: str, today: str, steps: list[int | str | None]) -> None:
    moving = ANALYTICS.model_copy(update={"status": AccountStatus(status)})
    (shown,) = view(guide(accounts=(moving,), today=dt.date.fromisoformat(today))).services

    assert ["late" if step.late else step.by and int(step.by[:2]) for step in shown.steps] == steps
    assert [step.who for step in shown.steps][:2] == ["Acme <Bakery> & Sons", "Northlight Studio"]


def test_what_milestones_say_was_done_of_an_account_stands_with_it() -> None:
    done = {"service": "Analytics", "phase": "transfer", "done_on": "2026-09-20"}
    rows = (row("2026-09-21", "Account opened", **done), row("2026-09-22", "Moved", **{**done, "done_on": None}),
            row("2026-09-23", "Host invited", **{**done, "service": "Host"}),
            row("2026-10-02", "Later", **{**done, "done_on": "2026-10-02"}))  # fmt: skip
    (shown,) = view(guide(accounts=(ANALYTICS,), milestones=rows)).services
    assert shown.done == ("Account opened, 20\N{NO-BREAK SPACE}Sept\N{NO-BREAK SPACE}2026",)


def test_accounts_whose_last_day_has_passed_are_named_once() -> None:
    two = tuple(ANALYTICS.model_copy(update={"service": name}) for name in ("First", "Second"))
    assert view(guide(accounts=two, today=dt.date(2026, 11, 29))).late == "First and Second"
    assert view(guide(accounts=two, today=dt.date(2026, 10, 1))).late is None


def test_two_accounts_of_one_service_are_told_apart() -> None:
    two = (
        account("Registrar", url="https://a.example"),
        account("Registrar", url="https://b.example"),
        account("Host"),
    )
    shown = view(guide(accounts=two))

    assert [one.name for one in shown.controls] == [
        "Registrar (https://a.example)", "Registrar (https://b.example)", "Host",
    ]  # fmt: skip
    assert {one.name for one in shown.others} == {one.name for one in shown.controls}


@pytest.mark.parametrize("owner", ["Acme <Bakery> & Sons", "ACME <bakery> & sons, Ruth"])
def test_what_the_client_owns_already_has_no_steps_and_is_never_late(owner: str) -> None:
    mine = ANALYTICS.model_copy(update={"current_owner": owner, "transfer": "Remove us."})
    made_of = view(guide(accounts=(mine,), today=dt.date(2026, 11, 29)))

    assert [one.own for one in made_of.yours] == ["Remove us."]
    assert (made_of.services, made_of.others) == ((), ())


@pytest.mark.parametrize("service", catalogue(), ids=lambda one: one.id)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_catalogue_orders_every_step(service: Any, language: str) -> None:
    words = Words.load(language, {"en": "en_GB", "fr": "fr_FR"}[language], "services")
    for side, days in (("agency", service.agency), ("client", service.client)):
        assert len(days) == len(words.lines(f"{service.id}.{side}")) > 0


@pytest.mark.parametrize(
    ("url", "steps"),
    [
        pytest.param(
            "https://acme.example/wp-admin", ["Create an", "Change", "Sign in", "Once you", "Revoke"], id="wp"
        ),
        pytest.param("https://acme.wordpress.com", ["Open a", "Transfer", "Accept"], id="wordpress.com"),
    ],
)
def test_steps_without_a_day_stand_in_the_order_in_which_they_are_taken(url: str, steps: list[str]) -> None:
    (shown,) = view(guide(accounts=(account("Site", url=url),))).services

    assert [step.by for step in shown.steps] == [None] * len(steps)
    assert [step.text.startswith(said) for step, said in zip(shown.steps, steps, strict=True)] == [True] * len(steps)


def test_a_language_may_put_the_steps_in_more_or_fewer_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in (("One",), ("One", "Two", "Three", "Four", "Five", "Six")):
        monkeypatch.setattr(Words, "lines", lambda *_, lines=lines: lines)
        (shown,) = view(guide(accounts=(account("Site", url="https://acme.wordpress.com"),))).services
        assert {step.text for step in shown.steps} == set(lines)


def test_no_day_leaves_less_time_than_the_waits_that_the_sources_name() -> None:
    known = {one.id: one for one in catalogue()}
    business, domain, fr = known["google_business_profile"], known["domain_gtld"], known["domain_fr"]

    assert business.client[0] - business.agency[1] >= 7  # before a new owner can be made the primary one
    assert domain.client[1] < domain.client[0] < domain.agency[0]  # code, move, registrant: in this order
    assert fr.client[0] >= 22  # a refusal's delay
    assert known["google_ads"].agency[1] >= 7  # until the account must be linked to the new manager


@pytest.mark.parametrize(
    ("status", "who"),
    [("to-transfer", "Northlight Studio"), ("in-progress", "Northlight Studio"), ("transferred", "Acme"),
     ("unchanged", "Acme"), ("to-close", "Northlight Studio"), ("closed", None)],
)  # fmt: skip
def test_an_account_is_controlled_by_whom_its_status_says(status: str, who: str | None) -> None:
    shown = view(guide(accounts=(account("Host", status, new_owner="Acme"),))).controls
    assert [one.who for one in shown] == ([who] if who else [])


@pytest.mark.parametrize(
    ("rows", "plan", "packed", "written"),
    [
        pytest.param({}, False, False, False, id="nothing"),
        pytest.param({"accounts": (ANALYTICS,)}, False, False, True, id="an account to pass on"),
        pytest.param({"routines": (routine("Backup"),)}, False, True, True, id="a routine"),
        pytest.param({"training": (lesson("Shop"),)}, False, True, True, id="a lesson"),
        pytest.param({"milestones": (row("2026-10-20", "Call"),)}, True, False, False, id="a milestone"),
    ],
)
def test_a_bundle_holds_plan_and_guide_where_they_say_more_than_the_rest(
    rows: dict[str, Any], plan: bool, packed: bool, written: bool
) -> None:
    given = guide(**rows)
    held = [one.has_content(given.project, given.today) for one in (PACKED_PLAN, PACKED_GUIDE)]
    assert (held, GUIDE.lacks(given, None) == "") == ([plan, packed], written)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_is_a_document_in_which_unknown_services_send_to_their_provider(language: str) -> None:
    accounts = (ANALYTICS, account("Kinbook", url="https://kinbook.example", transfer="By letter."))
    made_of = guide(language, accounts=accounts)
    docx = outside(GUIDE, made_of, files.word_templates(language)["guide"], "guide.docx").content
    written = Document(io.BytesIO(docx))
    lines = [paragraph.text for paragraph in written.paragraphs]

    said = {"en": "Please ask each provider", "fr": "Demandez à chaque fournisseur"}[language]
    assert sum(line.startswith(said) for line in lines) == 1
    assert "support.google.com/analytics/answer/9305872" in "".join(lines)
    assert ["Kinbook", "By letter."] in [
        [cell.text for cell in row.cells] for table in written.tables for row in table.rows
    ]
