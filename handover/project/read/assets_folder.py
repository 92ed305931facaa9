"""Where the client's files are: in assets/, or in a folder outside of the project that a person has confirmed.

Role: `assets.from` → the folder to list, or a finding. A project may come from a stranger, so its own word never makes
a folder of this computer leave: a person says once, for a project, that it may, and that is kept in their own
configuration folder. It lists no file of the folder, and asks nobody.
"""

import csv
import io
import os
import stat
import sys
from pathlib import Path
from typing import Final

from handover.bundle.publish import write_file
from handover.formats.opener import is_link, kind_of, read_named
from handover.model.errors import SourceLocation
from handover.model.message import msg, system_reason
from handover.model.sources import ASSETS_FOLDER, YamlMap, YamlScalar, node_at
from handover.project.read.files import ProjectFolder

FROM: Final = ("assets", "from")
UNCONFIRMED: Final = "asset.unconfirmed"
_CONFIRMED: Final = "assets-folders.csv"
"""Project and folder on a line each, as absolute paths without links."""
_MAX: Final = 1024 * 1024


def assets_folder(folder: ProjectFolder, settings: YamlMap | None) -> Path | None:
    """The folder of the client's files, or None after noting in `folder` why it mustn't or can't be opened."""
    path, named = elsewhere(folder.root, settings), node_at(settings, *FROM)
    if path is None or named is None:
        return _own(folder)
    if problem := _problem(folder.root, path):
        folder.add(named.location, *problem)
        return None
    if folder.names(ASSETS_FOLDER):
        message = msg("the client's files are also in assets/")
        hint = msg("move those to {folder}, or leave `assets.from` empty", folder=path)
        folder.add(named.location, "asset.twice", message, hint)
        return None
    if path.resolve() not in {Path(line[1]) for line in _lines() if line[0] == str(folder.root.resolve())}:
        message = msg("nobody has confirmed on this computer that {folder} may be delivered", folder=path.resolve())
        hint = msg("`handover validate` asks for it on a terminal; in scripts, name the folder with --assets-from")
        folder.add(named.location, UNCONFIRMED, message, hint)
        return None
    return path.resolve()


def unconfirmed(root: Path, settings: YamlMap | None) -> bool:
    """Whether nothing but a person's word is missing for opening the folder that `assets.from` names."""
    folder = ProjectFolder(root)
    assets_folder(folder, settings)
    return any(finding.rule == UNCONFIRMED for finding in folder.findings)


def elsewhere(root: Path, settings: YamlMap | None) -> Path | None:
    """The folder that `assets.from` names, seen from the project; None where it names none."""
    named = node_at(settings, *FROM)
    if not isinstance(named, YamlScalar) or named.absent:
        return None
    return Path(os.path.normpath(root.absolute() / named.text))


def confirm(root: Path, folder: Path) -> None:
    """Keep that a person said that the files in `folder` are those of the project's client. Raises OutputError."""
    lines = [*_lines(), [str(root.resolve()), str(folder.resolve())]]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    place = _configuration()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(place / _CONFIRMED, text.getvalue().encode("utf-8", "surrogateescape"), replace=True)


def overlap(root: Path, folder: Path) -> bool:
    """Whether one of the two lies in the other, or they are the same."""
    one, other = root.resolve(), folder.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


def _own(folder: ProjectFolder) -> Path | None:
    path = folder.root / ASSETS_FOLDER
    if not path.is_symlink() and path.is_dir():
        return folder.root.resolve() / ASSETS_FOLDER
    there = folder.has(ASSETS_FOLDER)
    message = msg("the folder assets/ {message}", message=msg("is not a folder") if there else msg("is missing"))
    hint = msg("make it, and put the client's files into it; it may be empty")
    folder.add(SourceLocation(ASSETS_FOLDER), "file.not-regular" if there else "file.missing", message, hint)
    return None


def _problem(root: Path, path: Path) -> tuple[str, str, str] | None:
    """Why nobody could confirm the folder; None where a person can."""
    try:
        facts = path.lstat()
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            hint = msg("was it moved or renamed, or is its disk not connected? correct `assets.from`")
            return "asset.moved", msg("there is no folder {folder}", folder=path), hint
        said = msg("{folder} can't be read ({reason})", folder=path, reason=system_reason(error))
        return "asset.unreadable", said, msg("allow yourself to read it")
    if is_link(facts) or not stat.S_ISDIR(facts.st_mode):
        kind = kind_of(facts.st_mode) if not stat.S_ISREG(facts.st_mode) else msg("a file")
        said = msg("{folder} is {kind}, not a folder", folder=path, kind=msg("a link") if is_link(facts) else kind)
        return "asset.not-a-folder", said, msg("write the path of the folder itself")
    if overlap(root, path):
        said = msg("{folder} is the project's own folder, lies in it or holds it", folder=path)
        return "asset.overlap", said, msg("name a folder beside the project, or put the files into assets/")
    return None


def _lines() -> list[list[str]]:
    try:
        content = read_named(_configuration() / _CONFIRMED, _MAX)
    except OSError:
        return []
    rows = csv.reader(io.StringIO(content.decode("utf-8", "surrogateescape")))
    return [row for row in rows if len(row) == 2]


def _configuration() -> Path:
    """The user's folder for this program, as `handover.cli` has it (`click.get_app_dir`)."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home)) / "handover"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "handover"
    return Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "handover"
