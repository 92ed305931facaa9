"""What a figure's own title claims must be what its values show."""

import pytest

from compare_cases import CASES, compared
from conftest import ProjectCopy
from handover.compare.wording import Wording
from handover.languages.words import Words
from handover.model.errors import Severity
from handover.project.check import validate
from handover.project.check.titles import Claims
from handover.project.read import load_project

WORDS = {
    "en": Words.load("en", "en_GB", "metrics", "report"),
    "fr": Words.load("fr", "fr_FR", "metrics", "report"),
}
CASE = {case.name: case for case in CASES}
RISE = "a rise beyond variation"
"""1,200 to 1,619: 35 % more."""

TWICE, NOISE, FALL = "exactly twice is doubled", "noise isn't sold as progress", "a fall is told as plainly as a rise"


@pytest.mark.parametrize(
    ("case", "language", "title", "wrong"),
    [
        pytest.param(RISE, "en", "More leads than ever", False, id="a rise that is one"),
        pytest.param(RISE, "en", "Leads fell a little", True, id="a rise called a fall"),
        pytest.param(FALL, "en", "Leads rose again", True, id="a fall called a rise"),
        pytest.param(NOISE, "en", "Leads rose a little", True, id="chance called a rise"),
        pytest.param(NOISE, "en", "Leads are stable", False, id="chance called stable"),
        pytest.param(RISE, "en", "Leads are stable", True, id="a clear rise called stable"),
        pytest.param(TWICE, "en", "Leads doubled", False, id="twice as many"),
        pytest.param(RISE, "en", "Leads doubled", True, id="a third more called twice as many"),
        pytest.param(RISE, "en", "Leads nearly doubled", True, id="a third more isn't nearly twice as many"),
        pytest.param(TWICE, "en", "Leads more than doubled", True, id="exactly twice isn't more than twice"),
        pytest.param("more than three times is a multiple", "en", "Leads more than tripled", False, id="4.2 times"),
        pytest.param(RISE, "en", "Leads: 1,619 in a year", False, id="a figure of it"),
        pytest.param(RISE, "en", "35% more leads", False, id="its percentage"),
        pytest.param(RISE, "en", "40% more leads", True, id="another percentage"),
        pytest.param(RISE, "en", "Leads since 2024", False, id="a year is no figure"),
        pytest.param(RISE, "en", "A form that people fill in", False, id="what claims nothing"),
        pytest.param("not measured at baseline", "en", "Leads rose", True, id="a rise from nothing known"),
        pytest.param(RISE, "fr", "Davantage de demandes", False, id="a rise in French"),
        pytest.param(RISE, "fr", "Les demandes baissent", True, id="a rise called a fall in French"),
        pytest.param(RISE, "fr", "1 619 demandes en un an", False, id="a French figure"),
        pytest.param(RISE, "fr", "1 700 demandes en un an", True, id="another French figure"),
    ],
)
def test_a_title_is_held_against_the_values(case: str, language: str, title: str, wrong: bool) -> None:
    one, words = CASE[case], WORDS[language]
    comparison = compared(one.metric, one.rows, one.spans, one.metrics, words, one.today)
    assert bool(Claims(words).wrong(title, comparison, Wording(words))) is wrong


def test_it_is_an_error_at_the_title(project: ProjectCopy) -> None:
    project.replace("handover.yaml", "    combine: last\n", '    combine: last\n    title: "3 readers fewer"\n')
    _, findings = validate(load_project(project.root))
    found = [f for f in findings if f.rule == "metric.title"]
    assert [(f.location.file, f.severity) for f in found] == [("handover.yaml", Severity.ERROR)]


@pytest.mark.parametrize(
    ("label", "unit", "told"),
    [
        pytest.param("Customers who order again", "percent", True, id="customers don't rise by points"),
        pytest.param("Share of customers who order again", "percent", False, id="their share does"),
        pytest.param("Click rates", "percent", False, id="so does a rate"),
        pytest.param("Open newsletters (%)", "percent", False, id="a sign says it, too"),
        pytest.param("Customers who order again", "count", False, id="a count is one"),
    ],
)
def test_a_percentage_is_called_one(project: ProjectCopy, label: str, unit: str, told: bool) -> None:
    project.replace("handover.yaml", "metrics:\n", f"metrics:\n  again:\n    label: {label}\n    unit: {unit}\n")
    _, findings = validate(load_project(project.root))
    found = [f for f in findings if f.rule == "metric.label"]
    assert [f.severity for f in found] == [Severity.WARNING] * told
