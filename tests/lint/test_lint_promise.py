"""What the linter passes can be made into a document, whatever the project holds; what it refuses, it names."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from handover.errors import Severity
from handover.lint import TemplateFile, lint_template
from handover.lint.filters import TAKES
from handover.lint.operators import TESTS
from handover.lint.samples import samples
from handover.office import sandbox
from handover.office.docx import render
from hostile_templates import HOSTILE, Hostile
from lint.template_grammar import VIEWS, bodies, contexts
from lint.test_lint_controls import FINISH
from template_making import letter, pending, report

MAKERS = {"letter": letter, "report": report, "pending": pending}


def errors(content: bytes, document: str) -> list[Any]:
    found = lint_template(content, TemplateFile(f"{document}.docx", document, "en"))
    return [finding for finding in found if finding.severity is Severity.ERROR]


@effort(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(bodies(), st.data())
def test_what_is_passed_can_be_filled_in_whatever_the_project_holds(body: tuple[str, str], data: st.DataObject) -> None:
    document, paragraphs = body
    content = MAKERS[document](paragraphs).bytes()
    assume(not errors(content, document))

    for context in (data.draw(contexts(document)), *(sample.context for sample in list(samples(VIEWS[document]))[:2])):
        assert render(content, context, FINISH, place="x.docx").startswith(b"PK")


@effort(max_examples=40, deadline=None)
@given(bodies())
def test_what_is_refused_is_named_with_its_file_and_place(body: tuple[str, str]) -> None:
    document, paragraphs = body

    for finding in errors(MAKERS[document](paragraphs).bytes(), document):
        assert finding.location.file == f"{document}.docx"
        assert "paragraph " in finding.location.place
        assert "near “" in finding.location.place
        assert finding.message.isprintable()


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_template_is_refused_and_harms_nobody(hostile: Hostile) -> None:
    found = errors(hostile.make(), "letter")

    assert [finding for finding in found if not finding.rule.startswith("content.")]
    assert all(len(str(finding.message)) <= 500 for finding in found)
    assert all(finding.location.file == "letter.docx" for finding in found)


def test_every_filter_and_test_of_the_sandbox_has_its_row() -> None:
    assert set(TAKES) == set(sandbox.FILTERS)
    assert set(TESTS) == {name for name in sandbox.TESTS if name.isalpha()}
