"""The project's reference and schemas are what the models say now, and their examples are valid."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from handover.languages import registry
from handover.model.base import Model
from handover.model.life import LIFE_TABLES
from handover.model.rows import TABLES
from handover.model.settings import Settings
from handover.project.check.settings import View, read_settings
from handover.project.check.tables import read_rows
from handover.project.read.csv_table import read_csv
from handover.project.read.yaml_tree import read_yaml
from project_page import EXAMPLE_SETTINGS, EXAMPLES, project_reference

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_stale_or_missing_file_is_named(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That none is, `make check` says."""
    files = {"schemas/pending.schema.json": b"{}", "docs/project.md": b"new", "docs/rules.md": b"as it was"}
    monkeypatch.setattr(generate, "generated_files", lambda: files)
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert generate.outdated(tmp_path) == []
    (tmp_path / "docs/project.md").write_text("old")
    (tmp_path / "schemas/pending.schema.json").unlink()

    assert generate.outdated(tmp_path) == ["schemas/pending.schema.json", "docs/project.md"]


def test_the_example_settings_are_valid() -> None:
    tree, findings = read_yaml(EXAMPLE_SETTINGS.encode(), "handover.yaml")
    assert tree is not None
    view = View(tree)

    assert read_settings(view) is not None
    assert [*findings, *view.findings] == []


@pytest.mark.parametrize("name", TABLES)
def test_the_example_tables_are_valid(name: str) -> None:
    table, findings = read_csv(EXAMPLES[name].encode(), f"data/{name}.csv", name)
    assert table is not None

    rows = read_rows(table, TABLES[name], findings)

    assert findings == []
    assert len(rows) == len(EXAMPLES[name].splitlines()) - 1


def documented(name: str, model: type[Model]) -> list[str]:
    return [*model.model_fields, *registry.columns(name)]


def test_every_column_header_and_top_key_is_documented() -> None:
    text = project_reference()

    for table, model in (*TABLES.items(), ("settings", Settings), *LIFE_TABLES.items()):
        assert [name for name in documented(table, model) if f"`{name}`" not in text] == []
