"""Rendering a planned document: with its own template and words, and with an error that names the template."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from conftest import ProjectCopy
from handover.build.prepare import prepare
from handover.build.render import base_input, render, sent_alone, unfillable
from handover.build.request import ProjectRequest
from handover.bundle.binding import Kind
from handover.documents.registry import ALL
from handover.formats.package.opc import read_package
from handover.languages import files
from handover.model.errors import TemplateError
from handover.templating.fill import Budget
from hostile_templates import with_text

TODAY = dt.date(2026, 3, 2)


def planned_with(project: ProjectCopy, template: bytes):
    """The plan of a project whose own letter is this template, which validation might have refused."""
    planned = prepare(ProjectRequest(root=project.root, today=TODAY)).plan
    letter = sent_alone(Kind.LETTER, planned)[0]._replace(template=template, place="templates/letter.docx")
    return replace(
        planned, documents=tuple(letter if d is sent_alone(Kind.LETTER, planned)[0] else d for d in planned.documents)
    )


def test_a_document_of_a_template_of_ones_own_is_the_one_that_ours_makes(project: ProjectCopy) -> None:
    planned = prepare(ProjectRequest(root=project.root, today=TODAY)).plan
    own = planned_with(project, files.read_bytes("en", "letter.docx"))
    one, other = (render(sent_alone(Kind.LETTER, plan)[0], base_input(plan)).content for plan in (planned, own))
    assert one == other
    assert planned.project.settings.contract.subject.encode() in read_package(one, "l").parts["/word/document.xml"]


def test_an_error_names_the_template_and_the_place(project: ProjectCopy) -> None:
    planned = planned_with(project, with_text("{{ nonsense }}"))
    with pytest.raises(TemplateError, match=r"^templates/letter\.docx: “{{ nonsense }}” .* \(paragraph 1, near"):
        render(sent_alone(Kind.LETTER, planned)[0], base_input(planned))


@pytest.mark.parametrize(
    ("template", "rules"),
    [
        pytest.param(with_text("{{ place }}"), [], id="a template that can be filled in"),
        pytest.param(with_text("{% for a in sender.address %}" * 16 + "x" + "{% endfor %}" * 16), ["tag.too-much"],
                     id="loops in loops"),
        pytest.param(with_text("{% if"), [], id="a template whose own fault the check tells"),
    ],
)  # fmt: skip
def test_what_this_project_cant_fill_is_told(
    project: ProjectCopy, template: bytes, rules: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.templating.template.Budget", partial(Budget, 5_000))
    found = unfillable(planned_with(project, template))
    assert [(finding.location.file, finding.rule) for finding in found] == [("templates/letter.docx", r) for r in rules]


@pytest.mark.parametrize("deliverable", [d for d in ALL if d.view], ids=lambda d: d.id)
def test_what_a_template_fills_is_rendered_before_any_secret_and_without_the_vault(deliverable) -> None:
    assert not deliverable.uses_vault
    assert not deliverable.needs_assets
