"""Where templates are filled: here while all are ours, apart as soon as the project has one of its own."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ProjectCopy
from handover import pipeline, resources
from handover.deliverables.registry import ALL
from handover.errors import TemplateError
from handover.office.opc import read_package
from handover.render import base_input, letter_of, render, render_early, rendered_apart
from handover.stranger import parent
from hostile_templates import with_text

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def children(monkeypatch) -> list[str]:
    """The places for which a child was asked."""
    places: list[str] = []
    original = parent.Child.fill

    def counted(self, *arguments, place: str, **more) -> bytes:
        places.append(place)
        return original(self, *arguments, place=place, **more)

    monkeypatch.setattr(parent.Child, "fill", counted)
    return places


def prepared(project: ProjectCopy):
    return pipeline.prepare(project.root, today=TODAY).plan


def with_own_letter(project: ProjectCopy, template: bytes):
    """The plan of a project whose own letter is this template, which validation would have refused."""
    planned = prepared(project)
    letter = replace(letter_of(planned), template=template, own_template=True, place="templates/letter.docx")
    others = (document for document in planned.documents if document is not letter_of(planned))
    return replace(planned, documents=(letter, *others))


def test_templates_of_ours_are_filled_here(project: ProjectCopy, children: list[str]) -> None:
    planned = prepared(project)
    render_early(planned)
    assert not rendered_apart(planned)
    assert children == []


def test_one_template_of_the_project_sends_all_of_them_into_children(project: ProjectCopy, children: list[str]) -> None:
    project.write("templates/letter.docx", resources.read_bytes("en", "letter.docx"))
    planned = prepared(project)
    made = {artifact.role.value: artifact.content for artifact in render_early(planned)}
    assert children == ["templates/letter.docx", "pending.docx", "report.docx"]
    subject = planned.project.settings.contract.subject.encode()
    assert subject in read_package(made["letter"], "l").parts["/word/document.xml"]


def test_a_document_is_the_same_wherever_it_is_filled(project: ProjectCopy) -> None:
    here = [artifact.content for artifact in render_early(prepared(project))]
    project.write("templates/letter.docx", resources.read_bytes("en", "letter.docx"))
    assert [artifact.content for artifact in render_early(prepared(project))] == here


def test_the_letter_alone_is_filled_apart_too(project: ProjectCopy, children: list[str]) -> None:
    project.write("templates/letter.docx", resources.read_bytes("en", "letter.docx"))
    pipeline.render_letter(pipeline.prepare(project.root, today=TODAY))
    assert children == ["templates/letter.docx"]


@pytest.mark.parametrize("own", [False, True], ids=["ours", "the project's"])
def test_an_error_names_the_template(project: ProjectCopy, own: bool) -> None:
    planned = with_own_letter(project, with_text("{{ nonsense }}")) if own else prepared(project)
    letter = letter_of(planned) if own else replace(letter_of(planned), template=with_text("{{ nonsense }}"))
    place = r"templates/letter\.docx" if own else r"letter\.docx"
    with pytest.raises(TemplateError, match=rf"^{place}: 'nonsense' is undefined"):
        render(letter, base_input(planned))


@pytest.mark.parametrize("deliverable", [d for d in ALL if d.has_template], ids=lambda d: d.id)
def test_what_a_template_fills_is_rendered_before_any_secret_and_without_the_vault(deliverable) -> None:
    assert not deliverable.uses_vault
    assert not deliverable.needs_assets


def test_children_have_ended_when_a_template_fails(project: ProjectCopy, monkeypatch, tmp_path: Path) -> None:
    started = []
    original = parent.Child.__init__

    def noted(self) -> None:
        original(self)
        started.append(self._process)

    monkeypatch.setattr(parent.Child, "__init__", noted)
    planned = with_own_letter(project, with_text("{{ nonsense }}"))
    with pytest.raises(TemplateError):
        render_early(planned)
    assert len(started) == 3
    assert all(process.returncode is not None for process in started)
