"""What `handover init` writes: a project folder, commented, ready to fill in.

Role: decides the files and their content. Values that only the user knows are left empty, so that `validate`
lists exactly those. The words are in `templates/<language>/project/`; writing to disk is the caller's.
"""

import csv
import io

from handover.languages import files as resources
from handover.languages import registry
from handover.languages.registry import Language
from handover.model.errors import UsageError
from handover.model.message import msg, one_of
from handover.model.rows import TABLES

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
_GITIGNORE = msg(
    "# Bundles, and what spreadsheet and word processors leave beside an open file.\n/out/\n~$*\n.~lock.*\n"
)


def scaffold(language: str) -> dict[str, bytes]:
    """Path (forward slashes; a trailing slash means an empty folder) → content.

    `assets/` stays empty, because everything in it is delivered. Raises UsageError for a language without texts.
    """
    if language not in resources.languages():
        known = one_of(sorted(resources.languages()))
        raise UsageError(
            msg("there is no project in the language {language}", language=language),
            hint=msg("use {known}", known=known),
        )
    spoken = registry.language(language)
    files = {path: resources.read_bytes(language, "project", name) for path, name in _TEXTS.items()}
    for name in TABLES:
        files[f"data/{name}.csv"] = _header(name, spoken)
    files[SCHEMA_FILE] = resources.schema_text("handover").encode()
    files[".gitignore"] = _GITIGNORE.encode()
    return {**files, **dict.fromkeys(_FOLDERS, b"")}


def _header(name: str, language: Language) -> bytes:
    """The header row as the language's spreadsheets separate it.

    The byte order mark makes Excel read and save UTF-8.
    """
    columns = [language.header(name, column) for column in TABLES[name].model_fields]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=language.delimiter, lineterminator="\r\n").writerow(columns)
    return buffer.getvalue().encode("utf-8-sig")
