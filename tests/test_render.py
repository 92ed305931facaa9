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


def test_templates_of_ours_are_filled_here(project: ProjectCopy, children: list[str]) -> None:
    planned = prepared(project)
    render_early(planned)
    assert not rendered_apart(planned)
    assert children == []


def test_one_template_of_the_project_sends_all_of_them_into_children(project: ProjectCopy, children: list[str]) -> None:
    project.write("templates/letter.docx", with_text("{{ contract.subject }} {{ recipient.company }}"))
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
    project.write("templates/letter.docx", with_text("{{ place }}"))
    pipeline.render_letter(pipeline.prepare(project.root, today=TODAY))
    assert children == ["templates/letter.docx"]


@pytest.mark.parametrize("own", [False, True], ids=["ours", "the project's"])
def test_an_error_names_the_template(project: ProjectCopy, own: bool) -> None:
    if own:
        project.write("templates/letter.docx", with_text("{{ nonsense }}"))
    planned = prepared(project)
    letter = letter_of(planned)
    if not own:
        letter = replace(letter, template=with_text("{{ nonsense }}"))
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
    project.write("templates/letter.docx", with_text("{{ nonsense }}"))
    with pytest.raises(TemplateError):
        render_early(prepared(project))
    assert len(started) == 3
    assert all(process.returncode is not None for process in started)
