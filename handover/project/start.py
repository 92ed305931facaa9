"""What `handover new` writes: a project folder, commented, ready to fill in.

Role: decides the files and their content. Values that only the user knows are left empty, so that `validate`
lists exactly those, and writes a new project whole or not at all. The words are in `templates/<language>/project/`.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from handover.bundle.staging import Staged, sweep
from handover.languages import files as resources
from handover.languages import registry
from handover.languages.words import Words
from handover.model.agency import AGENCY_FILE, SHARED, is_shared
from handover.model.errors import OutputError, UsageError
from handover.model.message import msg, one_of, system_reason
from handover.model.sources import SETTINGS_FILE, YamlMap, scalars
from handover.project.workbook import write_tables

SCHEMA_FILE = ".schema/handover.json"
AGENCY_SCHEMA = ".schema/agency.json"
"""Where the settings' schema is copied to: the first line of handover.yaml names it, and no network is needed."""

_TEXTS = {
    "handover.yaml": "handover.yaml",
    "README.md": "README.md",
    "brand/README.md": "brand.md",
    "internal/README.md": "internal.md",
    "templates/README.md": "templates.md",
}
_WHOLE = frozenset({"agency", "owners", "brand"})
"""Groups that aren't begun where the workspace says anything of them: their values are seldom one project's own."""
_FOLDERS = ("assets/", "out/")
_GITIGNORE = "# Bundles, and what spreadsheet and word processors leave beside an open file.\n/out/\n~$*\n.~lock.*\n"


def scaffold(language: str, shared: YamlMap | None = None) -> dict[str, bytes]:
    """Path (forward slashes; a trailing slash means an empty folder) → content.

    `assets/` stays empty, because everything in it is delivered. What the workspace says (`shared`) isn't asked again.
    Raises UsageError for a language without texts.
    """
    if language not in resources.languages():
        message = msg("there is no project in the language {language}", language=language)
        raise UsageError(message, hint=msg("use {known}", known=one_of(sorted(resources.languages()))))
    spoken = registry.language(language)
    files = {path: resources.read_bytes(language, "project", name) for path, name in _TEXTS.items()}
    if shared is not None:
        note = resources.read_text(language, "project", "shared.txt")
        files[SETTINGS_FILE] = _without(files[SETTINGS_FILE].decode(), shared, note).encode()
    files[spoken.workbook] = write_tables({}, Words.load(language, spoken.locale, "inventory", "tables"))
    files[SCHEMA_FILE] = resources.schema_text("handover").encode()
    files[".gitignore"] = _GITIGNORE.encode()
    return {**files, **dict.fromkeys(_FOLDERS, b"")}


def write_project(root: Path, files: Mapping[str, bytes], more: Callable[[Path], None] | None = None) -> None:
    """Write a new project, path → content (a trailing slash means an empty folder): everything or nothing.

    `more` is given the folder before it has its name. Raises OutputError for a folder that isn't empty or can't be
    written, and what `more` raises.
    """
    try:
        if root.is_dir() and any(root.iterdir()):
            raise OutputError.at(root, msg("this folder isn't empty"), hint=msg("name a new folder"))
        root.parent.mkdir(parents=True, exist_ok=True)
        sweep(root.parent)
        # Beside the target, then renamed over the missing or empty folder.
        with Staged(root.parent, folder=True) as staged:
            staged.fill(files)
            if more is not None:
                more(staged.path)
            staged.give_name(root)
    except OSError as error:
        reason = system_reason(error)
        raise OutputError.at(root, msg("can't be written ({reason})", reason=reason)) from None


def agency_scaffold(language: str) -> dict[str, bytes]:
    """The files of a new workspace, path → content: the settings that projects share, commented, to be filled in."""
    _, *paragraphs = resources.read_text(language, "project", SETTINGS_FILE).split("\n\n")
    kept = [resources.read_text(language, "project", "agency.txt").rstrip("\n")]
    kept += [shared for paragraph in paragraphs if (shared := _shared_lines(paragraph))]
    return {
        AGENCY_FILE: ("\n\n".join(kept).rstrip("\n") + "\n").encode(),
        AGENCY_SCHEMA: resources.schema_text("agency").encode(),
    }


def _shared_lines(paragraph: str) -> str:
    """A paragraph of the settings with the keys alone, and their comments, that a workspace shares; else nothing."""
    kept: list[str] = []
    waiting: list[str] = []
    found = False
    for line, path in _keyed(paragraph):
        if not path:
            waiting.append(line)
            continue
        if is_shared(path[0]) and (len(path) == 1 or is_shared(*path) or SHARED[path[0]] is None):
            kept += [*waiting, line]
            found |= len(path) > 1 or SHARED[path[0]] is None
        waiting = []
    return "\n".join(kept) if found else ""


def _keyed(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each line of settings to fill in, and the key of one or two steps that it holds; none for comments."""
    group = ""
    for line in text.split("\n"):
        name, colon, _ = line.partition(":")
        key = name.strip().removeprefix("- ")
        if not colon or key.startswith("#"):
            yield line, ()
        elif name == name.lstrip():
            group = key
            yield line, (key,)
        else:
            yield line, (group, key)


def _without(text: str, shared: YamlMap, note: str) -> str:
    """The settings to fill in without the groups that the workspace says, and without values in place of its own."""
    said = {path: scalar.text for path, scalar in scalars(shared) if not scalar.absent}
    groups = {str(path[0]) for path in said}
    kept = []
    for paragraph in text.split("\n\n"):
        top = {line.partition(":")[0] for line in paragraph.splitlines()}
        if not top & groups & _WHOLE:
            kept.append(paragraph)
        elif note:
            kept.append(note.rstrip("\n"))
            note = ""
    emptied = {path for path in said if path[0] not in _WHOLE}
    lines = _keyed("\n\n".join(kept))
    return "\n".join(f"{line.partition(':')[0]}:" if path in emptied else line for line, path in lines)
