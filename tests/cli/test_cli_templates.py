"""`handover templates`: from our template to the agency's own, and to a language of its own."""

import io
import json
import re
from pathlib import Path

import pytest
from docx import Document

from conftest import ProjectCopy
from handover.cli import run
from handover.documents.templates import with_templates
from handover.formats.package.opc import Package as OpcPackage
from handover.formats.package.opc import read_package, write_package
from handover.languages import files
from hostile_templates import with_text

DOCUMENTS = sorted(with_templates())


@pytest.fixture
def templates(project: ProjectCopy, capsys, monkeypatch):
    """Run `handover templates …` inside a copy of the base project: status, standard output, standard error."""
    monkeypatch.chdir(project.root)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = run(["templates", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def text_of(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(path.read_bytes())).paragraphs)


def edited(path: Path, old: bytes, new: bytes) -> None:
    """Replace text in the document's main part, as Word would."""
    package = read_package(path.read_bytes(), path.name)
    body = package.parts["/word/document.xml"]
    assert old in body
    parts = {**package.parts, "/word/document.xml": body.replace(old, new)}
    path.write_bytes(write_package(OpcPackage(parts, package.types)))


# list


def test_a_project_begins_with_ours(templates) -> None:
    status, out, _ = templates("list")
    assert status == 0
    assert [line.split()[:2] for line in out.splitlines()] == [[name, "ours"] for name in DOCUMENTS]


def test_a_workspaces_template_is_in_its_language_and_is_that_of_its_projects(
    templates, project: ProjectCopy, capsys
) -> None:
    above = project.root.parent
    (above / "agency.yaml").write_text("language: fr\n", encoding="utf-8")
    assert templates("eject", "letter", "--project", str(above))[0] == 0
    assert "Objet" in text_of(above / "templates" / "letter.docx")
    _, out, _ = templates("list")
    assert re.search(r"^letter +\.\./templates/letter\.docx", out, re.MULTILINE)


def test_an_ejected_template_is_the_one_that_is_used(templates, project: ProjectCopy) -> None:
    assert templates("eject", "letter")[0] == 0
    _, out, _ = templates("list")
    line = next(line for line in out.splitlines() if line.startswith("letter "))
    assert line.split(maxsplit=2) == ["letter", "templates/letter.docx", "ours hasn't changed since"]


def test_list_says_when_ours_has_changed_since(templates, monkeypatch) -> None:
    templates("eject", "letter")
    newer = {**files.word_templates("en"), "letter": with_text("{{ place }} anew")}
    monkeypatch.setattr(files, "word_templates", lambda _language: newer)
    _, out, _ = templates("list")
    assert re.search(r"^letter .* ours has changed since$", out, re.MULTILINE)


def test_list_says_when_a_template_was_not_copied_from_ours(templates, project: ProjectCopy) -> None:
    project.write("templates/letter.docx", with_text("{{ place }}"))
    assert "not copied from ours" in templates("list")[1]


def test_a_template_in_the_languages_folder_comes_first(templates, project: ProjectCopy) -> None:
    project.write("templates/letter.docx", with_text("a")).write("templates/en/letter.docx", with_text("b"))
    _, out, _ = templates("list")
    assert "templates/en/letter.docx" in out
    assert "templates/letter.docx isn't used" in out


def test_list_as_json(templates) -> None:
    templates("eject", "letter")
    listed = json.loads(templates("list", "--json")[1])
    assert [one["document"] for one in listed] == DOCUMENTS
    letter = next(one for one in listed if one["document"] == "letter")
    assert letter["file"] == "templates/letter.docx"
    assert letter["mark"]["version"] == letter["ours"]
    assert letter["outdated"] is False


# show


def test_show_lists_what_to_type_with_meaning_and_example(templates) -> None:
    status, out, _ = templates("show", "letter")
    assert status == 0
    assert "{{ contract.last_working_day }}  text\n    Written out.\n    e.g. 30\u00a0November\u00a02026\n" in out
    assert "{%p for invoice in payments.invoices %}  list\n" in out


def test_show_in_french_has_french_examples(templates) -> None:
    assert "e.g. 30\u00a0novembre\u00a02026" in templates("show", "letter", "--lang", "fr")[1]


@pytest.mark.parametrize("document", ["letter", "report", "vetting"])
def test_show_as_a_word_file_has_every_tag_as_text(document: str, templates, project: ProjectCopy) -> None:
    status, _, _ = templates("show", document, "-o", "variables.docx")
    listed = json.loads(templates("show", document, "--json")[1])
    tables = Document(str(project.root / "variables.docx")).tables
    tags = [row.cells[0].text for table in tables for row in table.rows[1:]]
    assert status == 0
    assert sorted(tags) == sorted(variable["tag"] for variable in listed)


# eject


def test_a_template_ejected_in_another_language_waits_in_that_languages_folder(templates, project) -> None:
    status, out, _ = templates("eject", "letter", "--lang", "fr")
    assert status == 0
    assert "templates/fr/letter.docx" in out
    assert re.search(r"^letter +ours", templates("list")[1], re.MULTILINE)


def test_what_is_ejected_renders_what_ours_renders(templates, project: ProjectCopy) -> None:
    templates("preview", "letter", "-o", "before.docx")
    templates("eject", "letter")
    templates("preview", "letter", "-o", "after.docx")
    assert (project.root / "before.docx").read_bytes() == (project.root / "after.docx").read_bytes()


def test_ejecting_twice_needs_to_be_meant(templates, project: ProjectCopy) -> None:
    templates("eject", "letter")
    before = (project.root / "templates/letter.docx").read_bytes()
    edited(project.root / "templates/letter.docx", b"Thank you", b"Thanks")
    assert templates("eject", "letter")[0] == 1
    assert templates("eject", "letter", "--replace")[0] == 0
    assert (project.root / "templates/letter.docx").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("eject", "nonsense"), "these can be changed: call, call_email", id="an unknown document"),
        pytest.param(("eject", "inventory"), "there is no template 'inventory'", id="a document without a template"),
        pytest.param(("eject", "letter", "--lang", "es"), "new-language es", id="a language that isn't ours"),
        pytest.param(("eject", "letter", "--lang", "../x"), "there are no templates", id="a way out of the folder"),
        pytest.param(
            ("show", "letter", "--lang", "es"), "there are no documents in es", id="a language without examples"
        ),
        pytest.param(("preview", "nonsense"), "there is no template", id="nothing to preview"),
        pytest.param(("new-language", "en"), "is there already", id="a language that is there"),
        pytest.param(("new-language", "Spanish"), "isn't a language", id="a language's name"),
        pytest.param(("new-language", ".."), "isn't a language", id="the folder above"),
        pytest.param(("list", "--project", "data"), "it isn't a project", id="a folder that isn't a project"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], says: str, templates) -> None:
    status, _, err = templates(*arguments)
    assert status == 2
    assert says in err


# preview


@pytest.mark.parametrize(
    ("document", "language", "word"),
    [*((one, "en", "Acme Bakery Ltd") for one in DOCUMENTS), ("letter", "fr", "Conserverie Le Goff")],
)
def test_preview_renders_with_made_up_data(document: str, language: str, word: str, templates, project) -> None:
    status, out, _ = templates("preview", document, "--lang", language)
    content = (project.root / f"{document}-preview.docx").read_bytes()
    assert status == 0
    assert "made from our template" in out
    # Of a workspace's papers nobody is the client.
    word = "" if document in {"vetting", "discovery"} else word
    assert word.encode() in read_package(content, "p").parts["/word/document.xml"]


def test_preview_shows_the_projects_own_template_pictures_and_colour(templates, project: ProjectCopy) -> None:
    project.append("handover.yaml", "\nbrand:\n  colour: '#AA2200'\n")
    templates("eject", "letter")
    edited(project.root / "templates/letter.docx", b"Thank you", b"A word of thanks")
    status, out, _ = templates("preview", "letter")
    package = read_package((project.root / "letter-preview.docx").read_bytes(), "p")
    assert status == 0
    assert "made from templates/letter.docx" in out
    assert b"A word of thanks" in package.parts["/word/document.xml"]
    assert b"AA2200" in package.parts["/word/theme/theme1.xml"]
    assert [name for name in package.parts if "media/signature" in name]


def test_preview_needs_no_project(templates, tmp_path: Path, monkeypatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert templates("preview", "report", "--lang", "fr")[0] == 0
    assert "Yann Le Goff, Directeur général" in text_of(empty / "report-preview.docx")


def test_preview_of_a_faulty_template_says_where(templates, project: ProjectCopy) -> None:
    project.write("templates/letter.docx", with_text("Dear {{ recipent.name }}"))
    status, _, err = templates("preview", "letter")
    assert status == 1
    assert "templates/letter.docx: " in err
    assert "recipent" in err


def test_preview_replaces_nothing_unasked(templates, project: ProjectCopy) -> None:
    project.write("letter-preview.docx", "mine")
    assert templates("preview", "letter")[0] == 1
    assert (project.root / "letter-preview.docx").read_text() == "mine"


# new-language


def test_a_new_language_starts_from_english_and_builds(templates, project: ProjectCopy, capsys) -> None:
    assert templates("new-language", "es")[0] == 0
    project.replace("handover.yaml", "language: en", "language: es")
    common = project.root / "templates/es/letter.toml"
    common.write_text(common.read_text().replace('"termination-letter"', '"carta"'), encoding="utf-8")
    (project.root / "out").mkdir(exist_ok=True)
    assert run(["build", str(project.root), "--draft", "--list"]) == 0
    assert "01-carta.docx" in capsys.readouterr().out


def test_what_a_new_language_lacks_is_listed(templates, project: ProjectCopy, capsys) -> None:
    templates("new-language", "es")
    folder = project.root / "templates/es"
    text = (folder / "pending.toml").read_text()
    (folder / "pending.toml").write_text(text.replace('title = "Pending projects"\n', ""), encoding="utf-8")
    (folder / "email.toml").unlink()
    for template in folder.glob("*.docx"):  # that each is judged, others show
        template.unlink()
    status = run(["validate", str(folder)])
    said = capsys.readouterr().err
    assert status == 1
    assert "email.toml: error: is missing" in said
    assert "lacks the text 'title'" in said
    assert "letter.toml: warning: is the English file, not translated yet" in said
    assert "project/" not in said


def test_a_new_language_replaces_nothing(templates, project: ProjectCopy) -> None:
    project.write("templates/es/letter.toml", "mine")
    assert templates("new-language", "es")[0] == 1
    assert [path.name for path in (project.root / "templates/es").iterdir()] == ["letter.toml"]


def test_a_language_that_lacks_a_file_is_refused_by_name(templates, project: ProjectCopy, capsys) -> None:
    templates("new-language", "es")
    (project.root / "templates/es/start_here.toml").unlink()
    project.replace("handover.yaml", "language: en", "language: es")
    assert run(["build", str(project.root), "--draft", "--list"]) == 1
    assert "templates/es/start_here.toml: is missing" in capsys.readouterr().err
