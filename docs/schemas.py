"""The models as JSON Schema, draft 7: what editors check `handover.yaml` with while it is written.

Role: turns the models' own schema (2020-12, of what Python accepts) into draft 7, which the YAML language server
understands, and widens it to what our reader accepts: text written without quotes that looks like a number,
each language's words, keys left empty. It writes no file; `schemas/` holds what `generate_all` gives, and a test
compares.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from handover.languages.registry import ours, spellings
from handover.model import life
from handover.model.agency import SHARED, is_shared
from handover.model.base import Model, Word, described, keys_of
from handover.model.life import INTERNAL_FILE, LIFE_TABLES, Internal
from handover.model.rows import TABLES, CredentialRow
from handover.model.settings import Settings

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/definitions/"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NULL = {"type": "null"}
_ANNOTATIONS = ("description", "default", "examples")

_MODELS: Mapping[str, type[Model]] = {
    "handover": Settings, "agency": Settings, **TABLES, "credentials": CredentialRow, "internal": Internal,
    **LIFE_TABLES,
}  # fmt: skip
LIFE_FILES = {name: getattr(life, f"{name.upper()}_FILE") for name in LIFE_TABLES}
"""The tables beside a project's own, by the file that each stands in."""

_TITLES = {
    "handover": "handover.yaml",
    "agency": "agency.yaml",
    "credentials": "A row of vault.xlsx",
    "internal": INTERNAL_FILE,
    **{name: f"A row of {file}" for name, file in LIFE_FILES.items()},
}


class _Described(GenerateJsonSchema):
    """What pydantic generates, with what each key means."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        found = super().model_schema(schema)
        for key, field in keys_of(described(schema["cls"])).items():
            if field.description:
                found["properties"][key].setdefault("description", field.description)
        return found


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 7) called `name`, as a tree of plain values.

    Raises KeyError for an unknown name.
    """
    schema = _MODELS[name].model_json_schema(schema_generator=_Described, mode="validation")
    if _MODELS[name] is Settings:
        schema = _of_workspace(schema, alone=name == "agency")
    definitions = {key: _definition(key, value) for key, value in sorted(schema.pop("$defs", {}).items())}
    title = _TITLES.get(name, f"A row of data/{name}")
    root = {"$schema": DRAFT_7, "title": title, **_converted(schema)}
    for place, (one, many) in ((root, ("owner", "owners")), (definitions.get("Client"), ("contact", "contacts"))):
        if place and many in place.get("properties", {}):
            _let_one_stand_alone(place, one, many)
    return {**root, "definitions": definitions} if definitions else root


def _of_workspace(schema: dict[str, Any], *, alone: bool) -> dict[str, Any]:
    """The settings' schema, in which no key is required that the project and its workspace can both say.

    With `alone` it's that of `agency.yaml`: the shared keys and no others.
    """
    definitions, properties = dict(schema["$defs"]), schema["properties"]
    for key, value in properties.items():
        if is_shared(key) and "$ref" in value:
            name = value["$ref"].rpartition("/")[2]
            group = definitions[name]
            kept = {own: given for own, given in group["properties"].items() if not alone or is_shared(key, own)}
            required = [own for own in group.get("required", []) if not is_shared(key, own)]
            definitions[name] = {**group, "properties": kept, "required": [] if alone else required}
    schema = {**schema, "required": [key for key in schema["required"] if not is_shared(key) or SHARED[key]]}
    if not alone:
        return {**schema, "$defs": definitions}
    properties = {key: value for key, value in properties.items() if is_shared(key)}
    used = _reached(properties, definitions)
    about = "What every project of a workspace shares."
    definitions = {key: value for key, value in definitions.items() if key in used}
    return {**schema, "description": about, "properties": properties, "required": [], "$defs": definitions}


def _reached(value: Any, definitions: Mapping[str, Any]) -> set[str]:
    """The definitions that a part of a schema refers to, and those that these refer to."""
    if isinstance(value, list):
        return set().union(*(_reached(item, definitions) for item in value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(_reached(item, definitions) for item in value.values()))
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        found |= {name} | _reached(definitions[name], definitions)
    return found


def _let_one_stand_alone(schema: dict[str, Any], one: str, many: str) -> None:
    """A list of one may be written as its item under `one`, which `handover.project.read.yaml_tree` understands."""
    properties, required = schema["properties"], schema.get("required", [])
    listed = next(given for given in (properties[many], *properties[many].get("anyOf", [])) if "items" in given)
    properties[one] = {"description": f"The only one of `{many}`, without the list.", "allOf": [listed["items"]]}
    if many in required:
        schema["required"] = [name for name in required if name != many]
        schema["oneOf"] = [{"required": [one]}, {"required": [many]}]
    else:
        schema["not"] = {"required": [one, many]}


def generate_all() -> dict[str, str]:
    """File name in `schemas/` → its text, for every schema."""
    return {
        f"{name}.schema.json": json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n" for name in _MODELS
    }


def _words() -> Iterator[type[Word]]:
    yield from (word for word in Word.__subclasses__() if word.__module__.startswith("handover.model."))


def _definition(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    word = next((w for w in _words() if w.__name__ == name), None)
    converted = _converted(schema)
    if word is not None:
        # The canonical words come first: editors propose them in this order.
        converted["enum"] = list(dict.fromkeys([*(member.value for member in word), *spellings(word)]))
    return converted


def _converted(schema: dict[str, Any]) -> dict[str, Any]:
    """One schema in draft 7, without what only Python's side needs (titles made from names, empty defaults)."""
    found = {key: value for key, value in schema.items() if key not in {"title", "max_digits", "decimal_places"}}
    if found.get("default", 0) in (None, {}, []) or isinstance(found.get("default"), dict):
        del found["default"]
    found = _bounds(found)
    if "$ref" in found:
        # Draft 7 ignores what stands beside a reference (JSON Schema core, draft 7, 8.3).
        reference = {"$ref": found.pop("$ref").replace("#/$defs/", _DEFINITIONS)}
        return {"allOf": [reference], **found} if found else reference
    for key in ("anyOf", "allOf"):
        if key in found:
            found[key] = [_converted(item) for item in found[key]]
    if isinstance(found.get("items"), dict):
        found["items"] = _converted(found["items"])
    if "patternProperties" in found:
        # Naming a metric is enough: its definition may be empty.
        found["patternProperties"] = {k: _property(v, required=False) for k, v in found["patternProperties"].items()}
        found["additionalProperties"] = False
    if "properties" in found:
        required = found.get("required", [])
        found["properties"] = {k: _property(v, required=k in required) for k, v in found["properties"].items()}
    return _widened(found)


def _bounds(schema: dict[str, Any]) -> dict[str, Any]:
    """Bounds that stand behind a validator keep their Python names; on text and numbers alike they mean numbers."""
    for python, standard in (("ge", "minimum"), ("le", "maximum")):
        if python in schema:
            value = float(schema.pop(python))
            schema[standard] = int(value) if value.is_integer() else value
    return schema


def _property(schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    converted = _converted(schema)
    alternatives = converted.get("anyOf", [])
    if required or _NULL in alternatives:
        return converted
    # A key without a value counts as absent.
    if alternatives:
        return {**converted, "anyOf": [*alternatives, _NULL]}
    told = {key: value for key, value in converted.items() if key in _ANNOTATIONS}
    rest = {key: value for key, value in converted.items() if key not in _ANNOTATIONS}
    return {**told, "anyOf": [rest["allOf"][0] if list(rest) == ["allOf"] else rest, _NULL]}


def _widened(schema: dict[str, Any]) -> dict[str, Any]:
    """What our reader takes beyond the model's type, since it keeps every scalar as text."""
    kind = schema.get("type")
    if kind == "string" and schema.get("format") == "date":
        # Editors seldom check formats. A column of months has its own pattern, which isn't that of a date.
        return {"pattern": _DATE, **{key: value for key, value in schema.items() if key != "format"}}
    if kind == "string" and not {"pattern", "enum", "const"} & schema.keys():
        return {**schema, "type": ["string", "number"]}
    if kind == "boolean":
        words = {"enum": [True, False, *(text for one in ours() for text in one.words["flag"])]}
        return {**{key: value for key, value in schema.items() if key != "type"}, **words}
    if schema.get("anyOf") == [{"type": "number"}, {"type": ["string", "number"]}]:
        return {**schema, "anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}]}
    return schema
