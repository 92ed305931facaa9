"""The texts of a language's files by dotted key, from what ships with the program or from a project's own folder.

Role: reads `templates/<language>/<name>.toml` and spaces our own words as their language asks. What a text is for, and
how values are put into it, is `words`'s.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from handover.formats.toml import read_toml
from handover.languages import files, registry
from handover.languages.typesetting import spaced
from handover.languages.typography import Typography
from handover.model.errors import TemplateError
from handover.model.message import msg

PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A place for a value in a text."""


@cache
def shipped(language: str, name: str) -> Mapping[str, str]:
    """The texts of a file of ours. Raises HandoverError where it is missing, TemplateError where it isn't TOML text."""
    return _parsed(language, name, files.read_text(language, f"{name}.toml"), registry.language(language).typography)


def read_own(language: str, name: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """The same from a project's own folder, file name → TOML."""
    if (text := own.get(f"{name}.toml")) is None:
        message = msg("templates/{language}/{name}.toml: is missing", language=language, name=name)
        raise TemplateError(message, hint=msg("`handover validate` lists what a language lacks"))
    return _parsed(language, name, text, registry.language(language, own).typography)


def _parsed(language: str, name: str, text: str, typography: Typography) -> Mapping[str, str]:
    place = f"templates/{language}/{name}.toml"
    found = flat(read_toml(text, place))
    if wrong := [key for key, value in found.items() if not isinstance(value, str)]:
        raise TemplateError.at(place, msg("{prefix} must be text in quotes", prefix=wrong[0]))
    return {key: spaced(value, typography) for key, value in found.items()}


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Everything in a table, and in the tables and lists in it, by dotted key; a list's are `key.0`, `key.1` …"""
    if not isinstance(value, dict | list):
        return {prefix: value}
    found: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        found |= flat(item, f"{prefix}.{key}" if prefix else str(key))
    return found
