"""What a project takes over from the `agency.yaml` above it, what contradicts, and what isn't believed."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import ProjectCopy
from handover.documents.plan import plan
from handover.documents.registry import ALL
from handover.languages import files
from handover.model.errors import Severity
from handover.model.sources import YamlScalar, node_at
from handover.project.check import validate
from handover.project.check.agency import check_agency
from handover.project.leaks.names import names_of
from handover.project.leaks.project import folder_leaks
from handover.project.leaks.search import NEIGHBOUR
from handover.project.read import load_agency, load_project
from handover.project.read.files import ProjectFolder
from handover.project.read.workspace import owners_file
from sample_handover import TODAY

PNG = (Path(__file__).parents[1] / "projects" / "base" / "brand" / "signature.png").read_bytes()


ALLOWS = "options: {assets: {allow_leaks: [Harbour Lights Ltd]}}\n"


def shared(project: ProjectCopy, text: str) -> ProjectCopy:
    (project.root.parent / "agency.yaml").write_text(text, encoding="utf-8")
    return project


def value(project: ProjectCopy, *path: str | int) -> str | None:
    found = node_at(load_project(project.root).settings, *path)
    return found.text if isinstance(found, YamlScalar) and not found.absent else None


@pytest.mark.parametrize(
    ("agency", "path", "expected"),
    [
        pytest.param("agency: {website: www.rivers.example}", ("agency", "website"), "www.rivers.example",
            id="a key that the project lacks"),
        pytest.param("agency: {name: Elsewhere}", ("agency", "name"), "Northlight Studio",
            id="the project's key wins"),
        pytest.param("agency: {address: [Far, Away]}", ("agency", "address", 1), "Whitby YO22 4ET",
            id="a list is the project's as a whole"),
        pytest.param("brand: {colour: '#123456'}", ("brand", "colour"), "#123456",
            id="a group that the project lacks"),
        pytest.param("agency: {registration: [VAT 1, VAT 2]}", ("agency", "registration", 1), "VAT 2",
            id="a list that the project lacks"),
        pytest.param("agency: {website: null}", ("agency", "website"), None, id="an empty value says nothing"),
    ],
)  # fmt: skip
def test_values_are_inherited_key_by_key(
    project: ProjectCopy, agency: str, path: tuple[str | int, ...], expected: str | None
) -> None:
    assert value(shared(project, agency), *path) == expected


def test_an_empty_key_of_the_project_has_the_shared_value(project: ProjectCopy) -> None:
    shared(project, "agency: {website: www.rivers.example}").replace(
        "handover.yaml", "agency:\n", "agency:\n  website:\n"
    )
    assert value(project, "agency", "website") == "www.rivers.example"


def test_a_project_needs_nothing_that_its_workspace_says(project: ProjectCopy) -> None:
    text = (project.root / "handover.yaml").read_text(encoding="utf-8")
    begin, end = text.index("agency:"), text.index("client:")
    shared(project, f"language: en\n{text[begin:end]}")
    project.write("handover.yaml", text[:begin].replace("language: en\n", "") + text[end:])

    built, findings = validate(load_project(project.root))

    assert not [found for found in findings if found.severity is Severity.ERROR]
    assert built is not None
    assert built.settings.agency.name == "Northlight Studio"
    assert built.shared


def test_a_project_in_another_language_does_not_have_the_variant_of_its_workspace(project: ProjectCopy) -> None:
    assert value(shared(project, "language: fr\nlocale: fr_BE"), "locale") is None
    assert value(shared(project, "language: en\nlocale: en_US"), "locale") == "en_US"


def test_findings_name_the_file_in_which_the_value_stands(project: ProjectCopy) -> None:
    shared(project, "agency:\n  website: x\noptions:\n  currency: Euro\n")
    found = [(str(f.location), f.rule) for f in project.findings() if "agency.yaml" in f.location.file]
    assert found == [("../agency.yaml:4:13", "text.form")]


@pytest.mark.parametrize(
    ("agency", "rule", "where"),
    [
        pytest.param("owners:\n  - {name: Mallory, title: Boss}\n", "workspace.owners", "handover.yaml",
            id="another owner"),
        pytest.param("owners:\n  - {name: Ada Marsh, title: Managing director, pin: " + "0" * 64 + "}\n",
            "workspace.owners", "handover.yaml", id="another pin"),
        pytest.param("client: {id: x}", "workspace.not-shared", "../agency.yaml", id="a client of its own"),
        pytest.param("letter: {date: 2026-01-01}", "workspace.not-shared", "../agency.yaml", id="a letter's date"),
        pytest.param("agencyy: {name: x}", "settings.unknown-key", "../agency.yaml", id="a misspelt key"),
        pytest.param("agency: {name: x", "yaml.syntax", "../agency.yaml", id="no YAML"),
    ],
)  # fmt: skip
def test_what_a_workspace_may_not_say_is_an_error(project: ProjectCopy, agency: str, rule: str, where: str) -> None:
    errors = [f for f in shared(project, agency).findings() if f.severity is Severity.ERROR]
    assert {(f.rule, f.location.file) for f in errors} == {(rule, where)}


def test_a_conflict_of_owners_names_both_files(project: ProjectCopy) -> None:
    found = next(f for f in shared(project, "owners: [{name: M, title: B}]").findings() if f.rule == "workspace.owners")
    assert found.location.file == "handover.yaml"
    assert "../agency.yaml:1:1" in found.message
    assert value(project, "owners", 0, "name") == "M"  # the workspace's are judged on, not the project's


def test_a_project_may_repeat_the_owners_of_its_workspace_without_their_pins(project: ProjectCopy) -> None:
    text = (project.root / "handover.yaml").read_text(encoding="utf-8")
    owners = text[text.index("owners:") : text.index("client:")]
    pin = next(line for line in owners.splitlines() if "pin:" in line)
    shared(project, owners).replace("handover.yaml", f"{pin}\n", "")

    assert not [f for f in project.findings() if f.rule == "workspace.owners"]
    assert value(project, "owners", 0, "pin") == pin.partition("pin:")[2].strip()


def test_a_link_in_the_place_of_the_file_is_not_believed(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("agency: {website: x.example}")
    (tmp_path / "agency.yaml").symlink_to("real.yaml")
    found = [f for f in project.findings() if f.location.file == "../agency.yaml"]
    assert [(f.rule, f.severity) for f in found] == [("workspace.not-believed", Severity.WARNING)]
    assert value(project, "agency", "website") is None


@pytest.mark.parametrize("stranger", ["agency.yaml", "."], ids=["a stranger's file", "a stranger's folder"])
def test_what_belongs_to_another_user_is_not_believed(
    project: ProjectCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stranger: str
) -> None:
    shared(project, "agency: {website: x.example}")
    theirs = (tmp_path / stranger).stat().st_ino
    real = os.stat

    def told(path: object, *arguments: object, **named: object) -> os.stat_result:
        facts = real(path, *arguments, **named)  # type: ignore[arg-type]
        if facts.st_ino != theirs:
            return facts
        changed = list(facts)
        changed[4] = facts.st_uid + 1
        return os.stat_result(changed)

    monkeypatch.setattr(os, "stat", told)
    sources = load_project(project.root)

    assert "workspace.not-believed" in {f.rule for f in sources.findings}
    assert node_at(sources.settings, "agency", "website") is None
    assert "agency" not in sources.digests


def test_nothing_is_taken_from_further_up(tmp_path: Path) -> None:
    (tmp_path / "agency.yaml").write_text("agency: {website: x.example}")
    project = ProjectCopy(tmp_path / "team" / "acme")
    assert value(project, "agency", "website") is None
    assert not load_project(project.root).shared


def test_a_project_named_by_a_dot_or_a_link_has_the_workspace_that_it_lies_in(
    project: ProjectCopy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shared(project, "agency: {website: x.example}")
    monkeypatch.chdir(project.root)
    assert load_project(Path()).shared
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link").symlink_to(project.root)
    assert load_project(tmp_path / "elsewhere" / "link").shared


def test_pictures_and_templates_are_the_projects_else_the_workspaces(project: ProjectCopy, tmp_path: Path) -> None:
    shared(project, "brand: {logo: brand/logo.png}")
    for name, content in {
        "brand/logo.png": PNG,
        "templates/letter.docx": b"ours",
        "templates/report.docx": b"r",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    project.write("templates/letter.docx", b"the project's")

    sources = load_project(project.root)

    assert sources.images["brand/logo.png"] == PNG
    assert sources.templates == {"letter": b"the project's", "report": b"r"}
    assert sources.from_workspace == {"brand/logo.png", "templates/report.docx"}
    assert sources.digests["brand/logo.png"] == sha256(PNG).hexdigest()


def test_the_projects_letter_wins_over_the_workspaces_in_the_languages_folder(
    project: ProjectCopy, tmp_path: Path
) -> None:
    shared(project, "agency: {website: x.example}").write("templates/letter.docx", b"the project's")
    (tmp_path / "templates" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "en" / "letter.docx").write_bytes(b"ours")
    assert load_project(project.root).templates == {"letter": b"the project's"}


def test_the_workspaces_list_of_other_clients_is_the_projects_too(project: ProjectCopy, tmp_path: Path) -> None:
    shared(project, "agency: {website: x.example}")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "deny.txt").write_text("Beta Ltd\nAcme Bakery\n")
    assert names_of(load_project(project.root)).denied == ("Beta Ltd",)


@pytest.mark.parametrize(
    ("neighbour", "denied", "told"),
    [
        pytest.param("name: Cidrerie Tréhorel SARL", ("Cidrerie Tréhorel",), (), id="a name as it's said"),
        pytest.param("name: Nova", (), ("Nova",), id="a name that may be a mere word"),
        pytest.param("name: The Garden Company Ltd", (), ("The Garden Company",), id="one word tells it from others"),
        pytest.param("name: Dr Martin", (), ("Dr Martin",), id="a title is no word of a name"),
        pytest.param("name: Acme Bakery", (), (), id="another project of the same client"),
        pytest.param("name: Bakery", (), (), id="a word of this client's own name"),
        pytest.param("name: Northlight Studio", (), (), id="the agency's own project"),
        pytest.param("name: Harbour Lights", (), (), id="let pass by its name"),
        pytest.param("name: [no, name]", (), (), id="settings that aren't right"),
    ],
)
def test_the_workspaces_other_clients_are_known_by_their_names(
    project: ProjectCopy, neighbour: str, denied: tuple[str, ...], told: tuple[str, ...]
) -> None:
    shared(project, "agency: {website: x.example}")
    project.append("handover.yaml", ALLOWS)
    beside(project, f"format: 1\nclient:  # theirs\n  id: them\n\n  # who\n  {neighbour}\nletter:\n  reason: x\n")
    assert names_of(load_project(project.root)) == (denied, told)


def test_a_folder_beside_a_project_without_a_workspace_is_no_neighbour(project: ProjectCopy) -> None:
    beside(project, "client: {name: Cidrerie Tréhorel}\n")
    assert names_of(load_project(project.root)) == ((), ())


def test_a_neighbour_is_refused_by_a_name_and_told_of_once_by_a_word(project: ProjectCopy) -> None:
    shared(project, "agency: {website: x.example}")
    beside(project, "client:\n  name: Cidrerie Tréhorel SARL\n")
    beside(project, "client: {name: Nova}\n", "nova")
    project.write("assets/one.txt", "Nova\nNOVA").write("assets/two.txt", "la nova").write("assets/supernovas.txt", "x")
    project.write("assets/Cidrerie-Tréhorel.txt", "x").write("assets/three.txt", "to\nCidrerie\u00a0TRÉHOREL!")

    found = [one for one in folder_leaks(load_project(project.root)) if one.rule in {"leak.denied-name", NEIGHBOUR}]

    files = {(one.location.file, one.location.line) for one in found if one.severity is Severity.ERROR}
    assert files == {("assets/Cidrerie-Tréhorel.txt", 0), ("assets/three.txt", 2)}
    (told,) = (one for one in found if one.severity is Severity.WARNING)
    assert told.message == "'Nova' is what another client of the workspace is called (assets/one.txt, assets/two.txt)"


def beside(project: ProjectCopy, settings: str, name: str = "them") -> None:
    (project.root.parent / name).mkdir()
    (project.root.parent / name / "handover.yaml").write_text(settings, encoding="utf-8")


def test_a_template_of_the_workspace_is_named_from_the_project(project: ProjectCopy, tmp_path: Path) -> None:
    shared(project, "agency: {website: x.example}")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "letter.docx").write_bytes(files.word_templates("en")["letter"])
    built, _ = validate(load_project(project.root))
    assert built is not None
    planned = plan(built, ALL, today=TODAY, standard_templates=files.word_templates("en"))
    assert "../templates/letter.docx" in {document.place for document in planned.documents}


def test_no_picture_of_a_neighbour_is_read(project: ProjectCopy, tmp_path: Path) -> None:
    shared(project, "brand: {logo: other-client/logo.png}")
    (tmp_path / "other-client").mkdir()
    (tmp_path / "other-client" / "logo.png").write_bytes(PNG)
    assert "file.missing" in {f.rule for f in project.findings()}


def test_one_digest_stands_for_the_values_taken_over(project: ProjectCopy) -> None:
    def digest(text: str) -> str | None:
        return load_project(shared(project, text).root).digests.get("agency")

    first = digest("agency: {website: x.example}")
    assert first is not None
    assert digest("# a remark\nagency:\n  website: 'x.example'\n") == first
    assert digest("agency: {website: x.example, name: Overridden}") == first
    assert digest("agency: {website: y.example}") != first
    assert digest("agency: {name: Overridden}") is None


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        pytest.param("agency: {name: Rivers}", [], id="what is missing, projects say"),
        pytest.param("owners: [{name: Ada}]", ["owners[1].title", "owners[1].pin"], id="but an owner is whole"),
        pytest.param("agency: {voice: nous}", [], id="a word of any language"),
        pytest.param("agency: {email: nobody}", ["agency.email"], id="a wrong value"),
        pytest.param("language: en\nlocale: fr_FR", ["locale"], id="what contradicts"),
    ],
)
def test_a_workspace_is_judged_alone(tmp_path: Path, agency: str, said: list[str]) -> None:
    (tmp_path / "agency.yaml").write_text(agency)
    folder = ProjectFolder(tmp_path)
    tree = load_agency(folder)
    assert tree is not None
    assert [f.message.split("`")[1] for f in (*folder.findings, *check_agency(tree, {"en", "fr"}))] == said


def test_the_owners_are_where_they_were_named(project: ProjectCopy, tmp_path: Path) -> None:
    assert owners_file(project.root).name == "handover.yaml"
    shared(project, "agency: {name: x}")
    assert owners_file(project.root).name == "handover.yaml"
    shared(project, "owners: [{name: Ada, title: Boss}]")
    assert owners_file(project.root) == owners_file(tmp_path) == tmp_path / "agency.yaml"
