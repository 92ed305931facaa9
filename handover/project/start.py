"""What `handover init` writes: a project folder, commented, ready to fill in.

Role: decides the files and their content. Values that only the user knows are left empty, so that `validate`
lists exactly those. The words are in `templates/<language>/project/`; writing to disk is the caller's.
"""

import csv
import io
import json
from collections.abc import Mapping

from handover.languages import files as resources
from handover.model.errors import HandoverError, UsageError
from handover.model.rows import FRENCH_HEADERS, TABLES
from handover.model.schema import json_schema

SCHEMA_FILE = ".schema/handover.json"
"""Where the settings' schema is copied to: the first line of handover.yaml names it, and no network is needed."""

_TEXTS = {
    "handover.yaml": "handover.yaml",
    "README.md": "README.md",
    "brand/README.md": "brand.md",
    "internal/README.md": "internal.md",
    "templates/README.md": "templates.md",
}
_FOLDERS = ("assets/", "out/")
_GITIGNORE = """\
# Bundles, and what spreadsheet and word processors leave beside an open file.
/out/
~$*
.~lock.*
"""


def scaffold(language: str) -> dict[str, bytes]:
    """Path (forward slashes; a trailing slash means an empty folder) → content.

    `assets/` stays empty, because everything in it is delivered. Raises UsageError for a language without texts.
    """
    files = {path: _text(language, name).encode() for path, name in _TEXTS.items()}
    for name in TABLES:
        files[f"data/{name}.csv"] = _header(name, language)
    files[SCHEMA_FILE] = (json.dumps(json_schema("handover"), indent=2, ensure_ascii=False) + "\n").encode()
    files[".gitignore"] = _GITIGNORE.encode()
    return {**files, **dict.fromkeys(_FOLDERS, b"")}


def _text(language: str, name: str) -> str:
    try:
        return resources.read_text(language, "project", name)
    except HandoverError:
        raise UsageError(f"there is no project in the language {language}", hint="use fr or en") from None


def _header(name: str, language: str) -> bytes:
    """The header row, in French with semicolons for French spreadsheets, which take a comma for a decimal mark.

    The byte order mark makes Excel read and save UTF-8.
    """
    columns = [
        _french(name).get(column, column) if language == "fr" else column for column in TABLES[name].model_fields
    ]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";" if language == "fr" else ",", lineterminator="\r\n").writerow(columns)
    return buffer.getvalue().encode("utf-8-sig")


def _french(name: str) -> Mapping[str, str]:
    """Canonical column → its French header, the last one listed where there are several."""
    return {column: header for header, column in FRENCH_HEADERS[TABLES[name]].items()}
