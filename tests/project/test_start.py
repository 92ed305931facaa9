"""What `handover new` writes: complete, commented, and lacking exactly what only the user knows."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from handover.languages import registry
from handover.model.base import behind as strip
from handover.model.base import keys_of
from handover.model.characters import folded
from handover.model.errors import Severity, UsageError
from handover.model.rows import TABLES
from handover.model.settings import Settings
from handover.model.sources import scalars
from handover.project.check import validate
from handover.project.read import load_project
from handover.project.read.workspace import shared_with
from handover.project.read.xlsx_table import read_table_sheets
from handover.project.start import SCHEMA_FILE, scaffold

ONLY_THE_USER_KNOWS = [
    "agency.name",
    "agency.address",
    "agency.email",
    "owners[1].name",
    "owners[1].title",
    "owners[1].pin",
    "client.id",
    "client.name",
    "client.contacts[1].name",
    "client.contacts[1].email",
    "client.contacts[1].phone",
    "client.address",
    "contract.subject",
    "contract.start_date",
    "contract.ended_by",
    "contract.last_working_day",
    "letter.date",
    "letter.place",
]

FILLED = {
    "name": "A",
    "email": "a@b.example",
    "id": "a-b",
    "address": "[x]",
    "title": "T",
    "subject": "S",
    "place": "P",
    "ended_by": "client",
    "date": "2026-09-01",
    "start_date": "2020-01-01",
    "last_working_day": "2026-11-30",
}


AGENCY = """\
language: fr
agency: {name: A, address: [x], email: a@b.example, voice: i}
owners: [{name: A, title: T}]
brand: {colour: '#123456'}
options: {currency: CHF}
letter: {place: P}
"""


def written(language: str, root: Path) -> Path:
    shared = shared_with(root)
    for path, content in scaffold(language, shared).items():
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return root


@pytest.mark.parametrize("language", ["en", "fr"])
def test_validate_lists_exactly_what_only_the_user_knows(language: str, tmp_path: Path) -> None:
    _, findings = validate(load_project(written(language, tmp_path / "acme")))

    *settings, vault = findings
    assert [re.findall("`([^`]+)` is missing", f.message) for f in settings] == [[key] for key in ONLY_THE_USER_KNOWS]
    assert {f.location.file for f in settings} == {"handover.yaml"}
    assert [f.rule for f in settings if f.severity is Severity.WARNING] == ["owner.no-pin", "contact.no-phone"]
    assert (vault.location.file, vault.rule) == ("vault.xlsx", "vault.missing")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_in_a_workspace_nothing_is_asked_for_that_all_projects_share(language: str, tmp_path: Path) -> None:
    (tmp_path / "agency.yaml").write_text(AGENCY.replace("language: fr", f"language: {language}"), encoding="utf-8")

    sources = load_project(written(language, tmp_path / "acme"))
    findings = validate(sources)[1]

    asked = {name for f in findings for name in re.findall("`([^`]+)` is missing", f.message)}
    assert asked == {
        key for key in ONLY_THE_USER_KNOWS if not key.startswith(("agency.", "owners[")) and key != "letter.place"
    } | {"owners[1].pin"}
    given = {path: scalar.text for path, scalar in scalars(sources.settings)}
    assert (given["options", "currency"], given["agency", "voice"], given["language",]) == ("CHF", "i", language)
    assert given["brand", "colour"] == "#123456"  # what we propose elsewhere would have won over the workspace's


@pytest.mark.parametrize("language", ["en", "fr"])
def test_filled_in_it_is_a_valid_project(language: str, tmp_path: Path) -> None:
    root = written(language, tmp_path / "acme")
    text = (root / "handover.yaml").read_text(encoding="utf-8")
    for key, value in FILLED.items():
        text = re.sub(rf"^([ -]+{key}):$", rf"\1: {value}", text, flags=re.MULTILINE)
    for day in ("2024-11-01", "2025-10-31", "2025-11-01", "2026-10-31"):
        text = re.sub(r"^( +(?:start|end)):$", rf"\1: {day}", text, count=1, flags=re.MULTILINE)
    (root / "handover.yaml").write_text(text, encoding="utf-8")

    found, findings = validate(load_project(root), draft=True)

    assert [f.rule for f in findings] == ["owner.no-pin", "contact.no-phone"]
    assert found is not None


def keys(model: type[BaseModel]) -> set[str]:
    found = set(keys_of(model))
    for field in model.model_fields.values():
        inner = strip(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_key_is_there_with_a_comment(language: str) -> None:
    lines = scaffold(language)["handover.yaml"].decode().splitlines()
    mentioned = {match[1] for line in lines if (match := re.match(r"^[ #-]*([a-z_0-9]+):", line))}
    uncommented = [
        line
        for before, line in pairwise(lines)
        if re.match(r"^ *[a-z_]+:", line) and not before.lstrip().startswith("#")
    ]

    assert keys(Settings) <= mentioned
    assert uncommented == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_schema_that_the_first_line_names_is_there(language: str) -> None:
    files = scaffold(language)

    assert files["handover.yaml"].startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n".encode())
    assert SCHEMA_FILE in files


@pytest.mark.parametrize(("language", "name"), [("en", "handover.xlsx"), ("fr", "dossier.xlsx")])
def test_the_workbook_has_every_table_in_the_language(language: str, name: str) -> None:
    files = scaffold(language)
    sheets, findings = read_table_sheets(files[name], name)

    assert findings == []
    for sheet in sheets:
        canonical = [
            registry.columns(sheet.table)[folded(cell.text).replace(" ", "_" if language == "en" else " ")]
            for cell in sheet.rows[0]
        ]
        assert canonical == [column for column in TABLES[sheet.table].model_fields if column != "client"]
    assert {sheet.table for sheet in sheets} == set(TABLES)


def test_nothing_is_put_into_assets_since_it_would_be_delivered() -> None:
    assert [path for path in scaffold("en") if path.startswith("assets/")] == ["assets/"]


def test_a_language_without_texts_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no project in the language xx"):
        scaffold("xx")
