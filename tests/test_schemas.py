"""The schemas editors use: draft 7, accepting what our reader accepts, refusing what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from ruamel.yaml import YAML

from conftest import BASE
from handover.languages.files import schema_names
from project_page import EXAMPLE_SETTINGS
from schemas import generate_all, json_schema

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/handover.yaml"))


def as_an_editor_sees_it(text: str) -> Any:
    """YAML as the language server reads it: numbers and booleans resolved, dates left as text (YAML 1.2)."""
    yaml = YAML(typ="safe", pure=True)
    # The core schema has no timestamps; ruamel resolves them all the same.
    yaml.Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
    return yaml.load(text)


def errors(text: str) -> list[str]:
    """Where an editor would mark something: the deepest place of each error."""
    found = (best_match([e]) for e in Draft7Validator(json_schema("handover")).iter_errors(as_an_editor_sees_it(text)))
    return [".".join(map(str, error.absolute_path)) for error in found if error is not None]


@pytest.mark.parametrize("name", sorted(set(schema_names()) - {"findings"}))
def test_every_schema_is_valid_draft_7_without_later_keywords(name: str) -> None:
    schema = json_schema(name)

    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert not {"$defs", "prefixItems", "unevaluatedProperties"} & set(json.dumps(schema).split('"'))


def test_generated_files_are_named_after_their_schema() -> None:
    assert {name.removesuffix(".schema.json") for name in generate_all()} == set(schema_names()) - {"findings"}


@pytest.mark.parametrize("path", [BASE / "handover.yaml", *EXAMPLES], ids=lambda path: path.parent.name)
def test_a_real_project_is_accepted(path: Path) -> None:
    assert errors(path.read_text(encoding="utf-8")) == []


def test_the_documented_example_is_accepted() -> None:
    assert errors(EXAMPLE_SETTINGS) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        pytest.param("language: en", "langage: en", "", id="a misspelt key"),
        pytest.param("place: Whitby", "place: [Whitby]", "letter.place", id="a list for a text"),
        pytest.param("ended_by: mutual", "ended_by: mutally", "contract.ended_by", id="a word that isn't one"),
        pytest.param("date: 2026-09-01", "date: 1/9/2026", "letter.date", id="a date in another form"),
        pytest.param("score: 6.5", "score: high", "report.survey.0.score", id="a word for a number"),
        pytest.param(
            "    unit: count", "    unity: count", "metrics.newsletter_readers", id="a misspelt key of a metric"
        ),
        pytest.param("  newsletter_readers:\n", "  News:\n", "metrics", id="a metric's name in another form"),
        pytest.param("  - name: Ada Marsh", "  - name:", "owners.0.name", id="a required key without value"),
    ],
)
def test_what_the_reader_refuses_is_marked(old: str, new: str, path: str) -> None:
    text = (BASE / "handover.yaml").read_text()
    assert old in text

    assert set(errors(text.replace(old, new, 1))) == {path}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("ended_by: mutual", "ended_by: commun accord", id="a French word"),
        pytest.param(
            "  - name: Ada Marsh", "  - name: Ada Marsh\n    phone: 0299123456", id="a phone number without quotes"
        ),
        pytest.param("  - name: Ada Marsh", "  - name: Ada Marsh\n    phone:", id="an optional key without value"),
        pytest.param("score: 6.5", "score: '6.5'", id="a number in quotes"),
        pytest.param("      end: 2026-03-31", "      end:", id="an optional date without value"),
        pytest.param("language: en", "format: 1\nlanguage: en", id="the format's version"),
        pytest.param("report:\n", "brand:\nreport:\n", id="an optional section without keys"),
    ],
)
def test_what_the_reader_accepts_is_not_marked(old: str, new: str) -> None:
    text = (BASE / "handover.yaml").read_text()
    assert old in text

    assert errors(text.replace(old, new, 1)) == []
