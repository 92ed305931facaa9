"""What is noted of a transition's tables: days after the end, and transfers that begin too late for their service."""

import pytest

from conftest import ProjectCopy

ACCOUNTS = (
    "service,url,current_owner,new_owner,status\n"
    "Analytics,https://analytics.google.com,Northlight,Acme,{status}\n"
    "Ours,https://search.google.com,Acme,Acme,to-transfer\n"
)
ERROR, LATE = "date.milestone", "warning date.milestone"


@pytest.mark.parametrize(
    ("on", "rest", "status", "rules"),
    [
        pytest.param("2026-11-16", "transfer,agency,Analytics,", "to-transfer", [], id="on the last safe day"),
        pytest.param("2026-11-17", "transfer,agency,Analytics,", "to-transfer", [LATE], id="a day after it"),
        pytest.param("2026-11-17", "transfer,agency,Analytics,2026-11-16", "to-transfer", [], id="a step done"),
        pytest.param("2026-11-17", "transfer,agency,Analytics,", "in-progress", [], id="a transfer under way"),
        pytest.param("2026-11-28", "transfer,client,Ours,", "to-transfer", [], id="what the client owns already"),
        pytest.param("2026-11-17", "transfer,agency,Analytiks,", "to-transfer", [LATE], id="an unknown account"),
        pytest.param("2027-01-01", "close,agency,,", "to-transfer", [ERROR], id="a day after the end"),
    ],
)
def test_a_milestone_lies_within_the_contract_and_in_time_for_its_service(
    project: ProjectCopy, on: str, rest: str, status: str, rules: list[str]
) -> None:
    project.write("data/accounts.csv", ACCOUNTS.format(status=status))
    project.write("data/milestones.csv", f"on,milestone,phase,who,service,done_on\n{on},Step,{rest}\n")
    assert found(project) == rules


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
    said = [line.partition(": ")[0] for line in project.said() if "date.milestone" in line]
    return [" ".join(word for word in line.split() if ":" not in word and "/" not in word) for line in said]
