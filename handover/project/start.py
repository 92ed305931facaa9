"""What `handover new` writes: a project folder, commented, ready to fill in.

Role: decides the files and their content. Values that only the user knows are left empty, so that `validate`
lists exactly those. The words are in `templates/<language>/project/`; writing to disk is the caller's.
"""

from handover.languages import files as resources
from handover.languages import registry
from handover.languages.words import Words
from handover.model.errors import UsageError
from handover.model.message import msg, one_of
from handover.project.workbook import write_tables

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
    files[spoken.workbook] = write_tables({}, Words.load(language, spoken.locale, "inventory", "tables"))
    files[SCHEMA_FILE] = resources.schema_text("handover").encode()
    files[".gitignore"] = _GITIGNORE.encode()
    return {**files, **dict.fromkeys(_FOLDERS, b"")}
