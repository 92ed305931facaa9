"""The files that come with the program: templates, word lists and schemas.

Role: the one place that knows where `templates/` and `schemas/` are. They sit at the top of the repository
and are package data (`handover/_data/`) in a wheel, so that the same names work in an installed wheel, an
editable install and a bare checkout. It reads only what ships with the program: a project's own templates
are `handover.project.read`'s business. It parses nothing.
"""

from functools import cache
from pathlib import Path

from handover.model.errors import HandoverError
from handover.model.message import msg, system_reason

_TEMPLATES = "templates"
_SCHEMAS = "schemas"


def data_root(package: Path) -> Path:
    """The folder that holds `templates/` and `schemas/` for the package installed at `package`.

    A wheel's own copy comes first: beside an installed package there could be anything.
    Raises HandoverError when neither place has them.
    """
    for root in (package / "_data", package.parent):
        if (root / _TEMPLATES).is_dir():
            return root
    message = msg("the installation is incomplete: its templates are missing")
    raise HandoverError(message, hint=msg("install handover-kit again"))


@cache
def _root() -> Path:
    return data_root(Path(__file__).resolve().parents[1])


def template_path(*parts: str) -> Path:
    """Where `templates/<parts…>` is on disk; with no parts, the folder of all templates.

    Raises HandoverError when there is no such file or folder.
    """
    return _existing(_TEMPLATES, parts)


def read_bytes(*parts: str) -> bytes:
    """The content of the file `templates/<parts…>`. Raises HandoverError when there is no such file."""
    return _read(_existing(_TEMPLATES, parts))


def read_text(*parts: str) -> str:
    """The text of the UTF-8 file `templates/<parts…>`, line ends as `\\n`.

    Raises HandoverError when there is no such file.
    """
    return _text(_existing(_TEMPLATES, parts))


def languages() -> frozenset[str]:
    """The languages that ship with the program: every folder of templates that has two lower-case letters."""
    names = (path.name for path in template_path().iterdir() if path.is_dir())
    return frozenset(name for name in names if len(name) == 2 and name.isascii() and name.isalpha() and name.islower())


def word_templates(language: str) -> dict[str, bytes]:
    """The Word templates of one language by document (`letter`, `report` …); none for a language that isn't ours."""
    if language not in languages():
        return {}
    return {path.stem: _read(path) for path in sorted(template_path(language).glob("*.docx"))}


def schema_names() -> tuple[str, ...]:
    """The schemas that there are: `handover` for the settings, one for a row of each table, one for findings."""
    return tuple(sorted(path.name.removesuffix(".schema.json") for path in (_root() / _SCHEMAS).glob("*.schema.json")))


def schema_text(name: str) -> str:
    """The committed JSON Schema `schemas/<name>.schema.json`, as text.

    Raises HandoverError when there is no such schema.
    """
    return _text(_existing(_SCHEMAS, (f"{name}.schema.json",)))


def _existing(folder: str, parts: tuple[str, ...]) -> Path:
    # Names may come from a command line (`schema NAME`, `--lang`): none may leave the folder.
    if any(part in {"", ".", ".."} or "/" in part or "\\" in part or ":" in part for part in parts):
        raise HandoverError.at(folder, msg("{parts!r} is not a name of a file in this folder", parts="/".join(parts)))
    path = _root().joinpath(folder, *parts)
    if not path.exists():
        raise HandoverError.at("/".join((folder, *parts)), msg("there is no such file in this installation"))
    return path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HandoverError.at(path.name, msg("can't be read ({reason})", reason=system_reason(error))) from None


def _text(path: Path) -> str:
    return _read(path).decode("utf-8").replace("\r\n", "\n")
