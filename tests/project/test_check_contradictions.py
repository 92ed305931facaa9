"""Values that contradict each other or can't be meant: each is told with both values, at its place."""

import datetime as dt

import pytest

from conftest import ProjectCopy
from handover.project.check import validate
from handover.project.read import load_project

TODAY = dt.date(2026, 11, 23)
NOTICE = "  notice_date: 2026-08-31\n  last_working_day: 2026-11-30\n  end_date: 2026-12-31\n"


def told(project: ProjectCopy, *rules: str) -> list[str]:
    return [
        f"{finding.severity} {finding.location} {finding.rule}: {finding.message}"
        for finding in validate(load_project(project.root), today=TODAY)[1]
        if finding.rule in rules
    ]


@pytest.mark.parametrize(
    ("period", "who", "keys", "said"),
    [
        pytest.param(
            "{count: 3, unit: month}",
            "agency",
            "notice_date: 2026-10-15\n  last_working_day: 2026-11-30",
            "2026-11-30) is before the notice from 2026-10-15 is over (2027-01-15)",
            id="too early",
        ),
        pytest.param(
            "{count: 3, unit: mois}",
            "client",
            "notice_date: 2026-10-15\n  last_working_day: 2026-11-30",
            "2026-11-30) is before the notice from 2026-10-15 is over (2027-01-15)",
            id="in French",
        ),
        pytest.param(
            "{count: 90, unit: day}",
            "agency",
            "last_working_day: 2026-11-28",
            "2026-11-28) is before the notice from 2026-09-01 is over (2026-11-30)",
            id="from the letter",
        ),
        pytest.param(
            "{count: 2, unit: month}",
            "agency",
            "notice_date: 2026-10-15\n  last_working_day: 2026-11-20\n  end_date: 2026-12-01",
            "is over (2026-12-15)",
            id="the contract ends too early as well",
        ),
        pytest.param(
            "{count: 2, unit: month}",
            "agency",
            "notice_date: 2026-09-30\n  last_working_day: 2026-11-30",
            "",
            id="on the day",
        ),
        pytest.param(
            "{count: 3, unit: months}",
            "agency",
            "notice_date: 2026-09-01\n  last_working_day: 2026-11-30",
            "",
            id="whole months",
        ),
        pytest.param(
            "{count: 2, unit: month}",
            "agency",
            "notice_date: 2026-10-15\n  last_working_day: 2026-11-20\n  end_date: 2026-12-15",
            "",
            id="work ends before the contract",
        ),
        pytest.param(
            "{count: 3, unit: months}", "expiry", "last_working_day: 2026-09-30", "", id="what expires needs no notice"
        ),
        pytest.param(
            "{count: 3, unit: months}",
            "client",
            "last_working_day: 2026-09-30",
            "",
            id="nobody says when notice was given",
        ),
        pytest.param(
            "{count: 3, unit: month}",
            "agency",
            "notice_date: 2026-10-15\n  last_working_day: 2026-11-30\n  notice_waived_by: client",
            "",
            id="waived",
        ),
        pytest.param(
            "{count: 1, unit: month}",
            "agency",
            "notice_date: 2026-08-15\n  last_working_day: 2026-09-30\n  renews_on: 2026-12-01",
            "2026-09-30) is before the end of the term (2026-11-30), the eve of `renews_on`",
            id="before the term's end",
        ),
        pytest.param(
            "{count: 3, unit: month}",
            "agency",
            "notice_date: 2026-08-15\n  last_working_day: 2026-11-30\n  renews_on: 2026-10-01",
            "2026-10-01) comes before the notice from 2026-08-15 is over (2026-11-15)",
            id="renewed meanwhile",
        ),
        pytest.param(
            "{count: 1, unit: month}",
            "agency",
            "notice_date: 2026-08-15\n  last_working_day: 2026-11-30\n  renews_on: 2026-01-31",
            "2026-01-31) isn't after the day of notice (2026-08-15): it has renewed itself",
            id="renewed long before",
        ),
        pytest.param(
            "{count: 1, unit: month}",
            "expiry",
            "notice_date: 2026-08-15\n  last_working_day: 2026-11-30\n  renews_on: 2027-01-01",
            "",
            id="work that ends before the term does",
        ),
    ],
)
def test_a_last_working_day_before_the_notice_is_over(
    project: ProjectCopy, period: str, who: str, keys: str, said: str
) -> None:
    project.replace("handover.yaml", NOTICE, f"  {keys}\n  notice: {period}\n")
    project.replace("handover.yaml", "ended_by: mutual", f"ended_by: {who}")

    found = told(project, "date.notice")

    assert [said in line and line.startswith("error") for line in found] == ([True] if said else [])


@pytest.mark.parametrize(
    ("row", "told_of"),
    [
        pytest.param("A,,done,100,,,,,cancel", ["pending.cancelled"], id="done and cancelled"),
        pytest.param("A,,terminé,,,,,,abandonner", ["pending.cancelled"], id="in French words"),
        pytest.param("A,,in-review,100,,,,,cancel", ["pending.cancelled"], id="all done and cancelled"),
        pytest.param("A,,done,40,,,,,finish", ["pending.done"], id="done and not"),
        pytest.param("A,,done,100,,,,,finish", [], id="done"),
        pytest.param("A,,in-progress,30,,,,,cancel", [], id="cancelled on the way"),
        pytest.param("A,,not-started,0,,,,,cancel", [], id="cancelled before it began"),
    ],
)
def test_states_of_a_pending_project(project: ProjectCopy, row: str, told_of: list[str]) -> None:
    header = "project,description,status,percent_done,next_action,held_by,due_date,files,decision\n"
    project.write("data/pending.csv", header + row + "\n")

    found = told(project, "pending.done", "pending.cancelled")

    assert [line.split()[2].rstrip(":") for line in found] == told_of


@pytest.mark.parametrize(
    ("row", "today", "said"),
    [
        pytest.param("A,,in-progress,,,,2026-12-01,,finish", "2026-11-23",
                     "`due_date` (2026-12-01) of what is to be finished is after the last working day (2026-11-30)",
                     id="due the day after"),
        pytest.param("A,,en cours,,,,2026-12-01,,terminer", "2026-11-23", "(2026-12-01)", id="in French words"),
        pytest.param("A,,in-progress,,,,2026-11-30,,finish", "2026-11-30", "", id="due on the last day"),
        pytest.param("A,,in-progress,,,,,,finish", "2026-11-30", "", id="without a date, on the last day"),
        pytest.param("A,,in-progress,,,,2026-11-20,,finish", "2026-12-01",
                     "on the day of the documents (2026-12-01) the last working day (2026-11-30) has passed",
                     id="still to finish the day after"),
        pytest.param("A,,done,,,,2026-12-05,,finish", "2026-12-09", "", id="done is done"),
        pytest.param("A,,in-progress,,,,2026-12-05,,hand-over", "2026-12-09", "", id="others finish that"),
    ],
)  # fmt: skip
def test_what_is_to_be_finished_ends_with_the_last_day(project: ProjectCopy, row: str, today: str, said: str) -> None:
    header = "project,description,status,percent_done,next_action,held_by,due_date,files,decision\n"
    project.write("data/pending.csv", header + row + "\n")

    findings = validate(load_project(project.root), today=dt.date.fromisoformat(today))[1]

    found = [finding.message for finding in findings if finding.rule == "pending.after-end"]
    assert [said in message for message in found] == ([True] if said else [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("une réunion de passation le 15 novembre 2026", "2026-11-15", id="in French"),
        pytest.param("une réunion de passation le 15 novembre", "2026-11-15", id="without its year"),
        pytest.param("a call on November 16th", "2026-11-16", id="in English"),
        pytest.param("un point le 1er nov. 2026, puis un autre le 5 décembre", "2026-11-01", id="one of two"),
        pytest.param("deux heures le 16/11/2026", "2026-11-16", id="in figures"),
        pytest.param("un accueil jusqu’au 22 novembre", "2026-11-22", id="after the letter, before the bundle"),
        pytest.param("une réunion le 25 novembre", "", id="still to come"),
        pytest.param("une réunion le 8 janvier", "", id="early next year"),
        pytest.param("15 heures de conseil en mars", "", id="no day"),
    ],
)
def test_what_is_offered_or_comes_next_names_no_day_that_has_passed(project: ProjectCopy, text: str, day: str) -> None:
    project.replace("handover.yaml", "letter:\n", f'letter:\n  offers: ["{text}"]\n')
    project.replace("handover.yaml", "date: 2026-09-01", "date: 2026-11-22")
    header = "project,status,next_action,decision\n"
    project.write("data/pending.csv", f'{header}A,in-progress,"{text}",hand-over\nB,done,"{text}",finish\n')

    said = told(project, "date.passed")

    assert [f"({day})" in line for line in said] == ([True, True] if day else [])


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        pytest.param(
            "2026-10-01",
            "to-transfer",
            ["`renewal_date` (2026-10-01) has passed on the day of the documents (2026-11-23): renewed"],
            id="passed",
        ),
        pytest.param("2026-11-22", "unchanged", ["(2026-11-22)"], id="passed the day before"),
        pytest.param("2026-11-23", "to-transfer", [], id="due on the day"),
        pytest.param("2026-10-01", "closed", [], id="of a closed account"),
        pytest.param("2026-10-01", "à fermer", [], id="of an account that is to be closed"),
    ],
)
def test_a_renewal_that_has_passed_is_no_deadline(project: ProjectCopy, day: str, status: str, said: list[str]) -> None:
    project.write("data/accounts.csv", f"service,current_owner,status,renewal_date\nDomain,Acme,{status},{day}\n")

    found = told(project, "date.renewal")

    assert [part in line for part, line in zip(said, found, strict=True)] == [True] * len(said)
    assert all(line.startswith("warning data/accounts.csv:2:") for line in found)


def test_a_licence_that_has_ended_is_told(project: ProjectCopy) -> None:
    project.replace("data/assets.csv", "2027-05-03", "2026-05-03")

    (line,) = told(project, "date.renewal")

    assert "`expires_on` (2026-05-03) has passed" in line


@pytest.mark.parametrize(("day", "wrong"), [("2026-11-22", True), ("2026-11-23", False), ("2026-12-01", False)])
def test_a_routine_that_was_due_before_is_told(project: ProjectCopy, day: str, wrong: bool) -> None:
    project.write("data/routines.csv", f"task,frequency,next_due_on\nBackup,weekly,{day}\n")
    said = f"warning data/routines.csv:2:15 date.renewal: `next_due_on` ({day}) has passed"
    assert [line.startswith(said) for line in told(project, "date.renewal")] == [True] * wrong


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        pytest.param(
            "handover.yaml",
            "end_date: 2026-12-31",
            "end_date: 2062-12-31",
            "`contract.end_date` (2062-12-31)",
            id="a contract's end",
        ),
        pytest.param(
            "handover.yaml",
            "due_date: 2026-11-20",
            "due_date: 2062-11-20",
            "`letter.deliveries[1].due_date`",
            id="a delivery",
        ),
        pytest.param(
            "handover.yaml",
            "start_date: 2023-04-03",
            "start_date: 1203-04-03",
            "`contract.start_date` (1203-04-03)",
            id="a start",
        ),
        pytest.param(
            "handover.yaml",
            "start: 2026-03-01",
            "start: 2003-03-01",
            "`report.campaigns[1].start`",
            id="a campaign long before",
        ),
        pytest.param("data/pending.csv", "2026-11-20", "2206-11-20", "`due_date` (2206-11-20)", id="a pending project"),
        pytest.param("data/accounts.csv", "2027-02-01", "2072-02-01", "`renewal_date` (2072-02-01)", id="a renewal"),
        pytest.param("data/invoices.csv", "2026-11-30", "2066-11-30", "`due_date` (2066-11-30)", id="an invoice"),
        pytest.param("data/assets.csv", "2027-05-03", "2127-05-03", "`expires_on` (2127-05-03)", id="a licence"),
    ],
)
def test_a_year_that_cant_be_meant(project: ProjectCopy, file: str, old: str, new: str, place: str) -> None:
    project.replace(file, old, new)

    (line,) = told(project, "date.year")

    assert place in line
    assert "the documents (2026-11-23): is the year meant?" in line
    assert line.startswith(f"warning {file}:")


def test_ordinary_years_are_left_alone(project: ProjectCopy) -> None:
    project.replace("data/accounts.csv", "2027-02-01", "2034-02-01")
    project.replace("handover.yaml", "start_date: 2023-04-03", "start_date: 1994-04-03")

    assert told(project, "date.year") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        pytest.param("handover.yaml", "start: 2026-03-01", "start: 2026-12-01",
                     "campaigns[1].start` (2026-12-01) is after the day of the documents (2026-11-23), so left out",
                     id="a campaign that hasn't begun"),
        pytest.param("data/invoices.csv", ",currency\nNS-118,\"Care, October\",2026-10-31,2026-11-30,1240.50,GBP",
                     ",currency,paid_on\nNS-118,Care,2026-10-31,2026-11-30,1240.50,GBP,2026-12-01",
                     "`paid_on` (2026-12-01) is after the day", id="a payment that is to come"),
        pytest.param("data/metrics.csv", "2026-01,visitors", "2026-12,visitors", "`date` (2026-12-01) is after the day",
                     id="a month that hasn't begun"),
    ],
)  # fmt: skip
def test_what_hasnt_happened_yet_isnt_told_as_if_it_had(
    project: ProjectCopy, file: str, old: str, new: str, said: str
) -> None:
    project.replace(file, old, new)

    found = told(project, "date.ahead")

    assert found
    assert all(said in line and line.startswith(f"warning {file}:") for line in found)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-23"])
@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param("routines", "task,frequency,last_on\nBackup,weekly", id="a routine"),
        pytest.param("milestones", "on,milestone,phase,who,done_on\n2026-11-20,Shop moved,check,client", id="a step"),
        pytest.param("training", "topic,done_on\nNewsletter", id="a lesson"),
    ],
)
def test_nothing_is_done_before_its_day(project: ProjectCopy, table: str, row: str, day: str) -> None:
    project.write(f"data/{table}.csv", f"{row},{day}\n")

    found = told(project, "date.ahead")

    assert [f"({day}) is after the day of the documents (2026-11-23)" in line for line in found] == [True] * (
        day > "2026-11-23"
    )


@pytest.mark.parametrize(("day", "warned"), [("2026-11-24", True), ("2026-11-23", False)])
def test_a_letter_isnt_dated_after_the_documents_it_comes_with(project: ProjectCopy, day: str, warned: bool) -> None:
    project.replace("handover.yaml", "  date: 2026-09-01\n", f"  date: {day}\n")

    found = told(project, "date.ahead")

    assert len(found) == warned
    assert all(f"`letter.date` ({day}) is after the day of the documents" in line for line in found)


def test_quotes_answers_and_events_lie_behind(project: ProjectCopy) -> None:
    project.replace("handover.yaml", "      out_of: 7\n", "      out_of: 7\n      date: 2026-11-24\n")
    project.replace("handover.yaml", "  survey:\n", "  quotes: [{text: T, author: A, date: 2026-11-23}]\n  survey:\n")

    (line,) = told(project, "date.ahead")

    assert "`report.survey[1].date` (2026-11-24)" in line


@pytest.mark.parametrize(
    ("status", "percent", "said"),
    [
        pytest.param("done", 60, "is 60 % of a project whose status is done", id="done in part"),
        pytest.param(
            "not-started", 60, "is 60 % of a project whose status is not-started", id="not started, in part done"
        ),
        pytest.param("idea", 25, "is 25 % of a project whose status is idea", id="an idea that is in part done"),
        pytest.param("done", 100, None, id="done"),
        pytest.param("not-started", 10, None, id="prepared"),
        pytest.param("blocked", 100, None, id="blocked when all is done"),
    ],
)
def test_status_and_progress_agree(project: ProjectCopy, status: str, percent: int, said: str | None) -> None:
    project.replace("data/pending.csv", "in-progress,60", f"{status},{percent}")

    assert [said in line for line in told(project, "pending.done")] == ([True] if said else [])


@pytest.mark.parametrize(("status", "told_of"), [("to-transfer", True), ("in-progress", True), ("unchanged", False)])
def test_an_account_never_passes_to_who_hands_over(project: ProjectCopy, status: str, told_of: bool) -> None:
    project.replace("data/accounts.csv", "Acme Bakery,Transfer", "Northlight Studio,Transfer")
    project.replace("data/accounts.csv", "in-progress", status)

    assert bool(told(project, "account.transferred")) is told_of


@pytest.mark.parametrize(
    ("owner", "status", "expected"),
    [
        pytest.param(
            "Northlight Studio",
            "transferred",
            [
                (
                    "warning data/accounts.csv:2:29 account.transferred: "
                    "`status` is transferred, and `current_owner` is still Northlight Studio"
                )
            ],
            id="the agency still owns it",
        ),
        pytest.param("Acme Bakery", "transferred", [], id="the client owns it"),
        pytest.param("Northlight Studio", "to-transfer", [], id="it hasn't passed yet"),
    ],
)
def test_an_account_that_has_passed_isnt_the_agencys(
    project: ProjectCopy, owner: str, status: str, expected: list[str]
) -> None:
    project.replace("data/accounts.csv", "Northlight", owner)
    project.replace("data/accounts.csv", "in-progress", status)

    assert told(project, "account.transferred") == expected


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("F-1,2026-07-31,2026-08-30,500\nA-1,2026-08-01,,-120\n", [], id="a credit note needs no due date"),
        pytest.param("F-1,2026-07-31,2026-08-30,500\nA-1,2026-08-01,,-60\nA-2,2026-08-01,,-60\n", [],
                     id="two equal ones are two"),
        pytest.param("F-1,2026-07-31,2026-08-30,500\nA-1,2026-08-01,,-60\nA-1,2026-08-01,,-60\n",
                     ["table.duplicate-row"], id="of one number they are one"),
        pytest.param("F-1,2026-07-31,,500\n", ["invoice.due"], id="an invoice needs one"),
        pytest.param("F-1,2026-07-31,,0\n", ["invoice.due"], id="an invoice of 0 too"),
        pytest.param("A-1,2026-08-01,,-120\n", [], id="a credit note by itself is in the client's favour"),
    ],
)  # fmt: skip
def test_credit_notes_are_credits(project: ProjectCopy, rows: str, said: list[str]) -> None:
    project.write("data/invoices.csv", "number,issued_on,due_date,amount\n" + rows)
    rules = ("invoice.due", "invoice.credit", "table.duplicate-row", "table.empty-cell", "number.range")
    assert [line.split()[2].rstrip(":") for line in told(project, *rules)] == said
