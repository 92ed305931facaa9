"""What is noted of a transition's tables: days after the end, and transfers that begin too late for their service."""

import datetime as dt

import pytest

from conftest import ProjectCopy
from handover.project.check import validate
from handover.project.read import load_project

ACCOUNTS = (
    "service,url,current_owner,new_owner,status\n"
    "Analytics,https://analytics.google.com,Northlight,Acme,{status}\n"
    "Ours,https://search.google.com,Acme,Acme,to-transfer\n"
    "Named,https://search.google.com,Ruth (Acme Bakery Ltd),Ruth,to-transfer\n"
    "Shop,https://shop.example,Northlight,Acme,to-transfer\n"
)
ERROR, LATE, WAITING = "date.milestone", "warning date.milestone", "warning account.transferred"


@pytest.mark.parametrize(
    ("status", "rows", "rules"),
    [
        pytest.param("to-transfer", ["2026-11-16,transfer,agency,Analytics,"], [], id="on the last safe day"),
        pytest.param("to-transfer", ["2026-11-17,transfer,agency,Analytics,"], [LATE], id="a day after it"),
        pytest.param("to-transfer", ["2026-11-17,transfer,agency,Analytics,2026-11-16"], [WAITING],
                     id="begun in time, and the account says not"),
        pytest.param("to-transfer", ["2026-11-16,transfer,agency,Analytics,2026-11-17"], [WAITING, LATE],
                     id="begun too late"),
        pytest.param("in-progress", ["2026-11-17,transfer,agency,Analytics,2026-11-17"], [LATE],
                     id="under way, and begun too late"),
        pytest.param("in-progress", ["2026-11-17,transfer,agency,Analytics,"], [],
                     id="under way, and begun nobody knows when"),
        pytest.param("in-progress", ["2026-11-10,transfer,agency,Analytics,", "2026-11-24,transfer,client,Analytics,"],
                     [], id="the client's last step on its last safe day"),
        pytest.param("in-progress", ["2026-11-10,transfer,agency,Analytics,", "2026-11-25,transfer,client,Analytics,"],
                     [LATE], id="under way, and the client's last step a day after its own"),
        pytest.param("to-transfer", ["2026-11-10,transfer,agency,Analytics,",
                                     "2026-11-25,transfer,client,Analytics,2026-11-24"], [WAITING],
                     id="a last step done"),
        pytest.param("to-transfer", ["2026-11-29,transfer,agency,Analytics,", "2026-11-30,transfer,client,Analytics,"],
                     [LATE, LATE], id="all in the last two days"),
        pytest.param("in-progress", ["2026-11-16,transfer,agency,Analytics,2026-11-16"], [], id="begun and under way"),
        pytest.param("to-transfer", ["2026-11-16,prepare,agency,Analytics,2026-11-16"], [], id="only prepared"),
        pytest.param("to-transfer", ["2026-11-16,transfer,client,Shop,2026-11-16"], [WAITING],
                     id="begun with a service that nobody knows, the account says not"),
        pytest.param("transferred", ["2026-11-28,transfer,agency,Analytics,"], [], id="what was transferred"),
        pytest.param("to-transfer", ["2026-11-28,check,agency,Analytics,"], [], id="a check of the last week"),
        pytest.param("to-transfer", ["2026-11-28,transfer,client,Ours,"], [], id="what the client owns already"),
        pytest.param("to-transfer", ["2026-11-28,transfer,client,Named,"], [], id="what a person of the client's owns"),
        pytest.param("to-transfer", ["2026-11-28,transfer,client,Shop,"], [], id="a service that nobody knows"),
        pytest.param("to-transfer", ["2026-11-17,transfer,agency,Analytiks,"], [LATE], id="an unknown account"),
        pytest.param("to-transfer", ["2027-01-01,close,agency,,"], [ERROR], id="a day after the end"),
    ],
)  # fmt: skip
def test_a_milestone_lies_within_the_contract_and_in_time_for_its_service(
    project: ProjectCopy, status: str, rows: list[str], rules: list[str]
) -> None:
    project.write("data/accounts.csv", ACCOUNTS.format(status=status))
    lines = "".join("{},Step,{}\n".format(*row.split(",", 1)) for row in rows)
    project.write("data/milestones.csv", f"on,milestone,phase,who,service,done_on\n{lines}")
    assert found(project) == rules


@pytest.mark.parametrize(
    ("done_on", "told"),
    [("2026-11-17", ("`done_on` (2026-11-17) ", "tell th")), ("", ("`on` (2026-11-18) ", "plan it"))],
    ids=["done", "still to be done"],
)
def test_what_is_done_is_never_to_be_planned_earlier(project: ProjectCopy, done_on: str, told: tuple[str, str]) -> None:
    project.write("data/accounts.csv", ACCOUNTS.format(status="to-transfer"))
    step = f"2026-11-18,Step,transfer,agency,Analytics,{done_on}"
    project.write("data/milestones.csv", f"on,milestone,phase,who,service,done_on\n{step}\n")
    (late,) = [one for one in project.findings() if one.rule == "date.milestone"]
    assert (late.message[: len(told[0])], late.hint[:7]) == (told[0], told[1])


@pytest.mark.parametrize(("today", "rules"), [(16, []), (17, ["date.milestone"])], ids=["in time", "too late"])
def test_what_is_under_way_on_the_last_safe_day_has_begun_in_time(
    project: ProjectCopy, today: int, rules: list[str]
) -> None:
    project.write("data/accounts.csv", ACCOUNTS.format(status="in-progress"))
    step = "2026-11-18,Step,transfer,agency,Analytics"
    project.write("data/milestones.csv", f"on,milestone,phase,who,service\n{step}\n")
    _, findings = validate(load_project(project.root), today=dt.date(2026, 11, today))
    assert [one.rule for one in findings if one.rule == "date.milestone"] == rules


@pytest.mark.parametrize(
    ("on", "help_until", "rules"),
    [
        pytest.param("2026-12-31", "", [], id="on the contract's last day"),
        pytest.param("2027-01-10", "", [ERROR], id="after it"),
        pytest.param("2027-01-10", "2027-01-18", [], id="after it, while one still helps"),
        pytest.param("2027-01-19", "2027-01-18", [ERROR], id="when one no longer helps"),
        pytest.param("", "2026-11-01", [ERROR], id="help that ends before the last working day"),
    ],
)
def test_a_lesson_takes_place_while_one_helps(project: ProjectCopy, on: str, help_until: str, rules: list[str]) -> None:
    project.write("data/training.csv", f"topic,on\nThe shop,{on}\n")
    if help_until:
        project.append("handover.yaml", f"transition:\n  help_until: {help_until}\n")
    assert found(project) == rules


def found(project: ProjectCopy) -> list[str]:
    said = [line.partition(": ")[0] for line in project.said() if "date.milestone" in line or "status` says" in line]
    return [" ".join(word for word in line.split() if ":" not in word and "/" not in word) for line in said]
