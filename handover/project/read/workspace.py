"""What a project takes over from its workspace: values of `agency.yaml`, pictures and templates, in the folder above.

Role: says whether the direct parent folder is a workspace that may be believed (the same user owns the project, the
folder and the file, and nothing is a link), merges its values under the project's, and reads files that the project
lacks from its `brand/` and `templates/`. It looks no further up, and into nothing else there but what the neighbours'
clients are called, so that none is named in what leaves. Whether a value is right is `handover.project.check`'s.
"""

import contextlib
import json
import os
import re
import stat
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from handover.formats.opener import Folder, read_named
from handover.model.agency import AGENCY_FILE, NOT_OVERRIDDEN, SHARED, is_shared
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import Finding, InvalidInput, Severity, SourceLocation
from handover.model.message import msg, system_reason
from handover.model.settings import Settings
from handover.model.sources import (
    SETTINGS_FILE,
    TEMPLATES_FOLDER,
    YamlList,
    YamlMap,
    YamlNode,
    YamlScalar,
    node_at,
    scalars,
    text_at,
)
from handover.model.sources import shown as quoted
from handover.project.read.files import ProjectFolder
from handover.project.read.yaml_tree import MAX_BYTES, read_yaml

ABOVE: Final = f"../{AGENCY_FILE}"
"""The file as findings and output name it: from the project's folder."""

_CLIENT: Final = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?client[\"']?[ \t]*:.*(?:\n(?:[ \t\r#].*)?$)*", re.MULTILINE)
"""A group of the settings: its key, and the lines that are indented below it, blank or a remark."""
_FOLDERS: Final = frozenset({"brand", TEMPLATES_FOLDER})
_HAS_OWNERS: Final = hasattr(os, "geteuid")
"""Windows tells no owner by number: there whoever may write to the folder above the project is believed."""


class Workspace:
    """The folder above a project, where it holds an `agency.yaml` that may be believed; else nothing is in it."""

    def __init__(self, project: ProjectFolder) -> None:
        """Look above the folder that `project` really is in; what is wrong there is noted in `project`."""
        self._project = project
        self._folder: ProjectFolder | None = None
        self.tree: YamlMap | None = None
        """The shared values, each at its place in `../agency.yaml`."""
        self.gave: set[str] = set()
        """The files that were read from here, by their path in a project."""
        root = Path(os.path.realpath(project.root))
        if root.parent == root or not os.path.lexists(root.parent / AGENCY_FILE):
            return
        if problem := _not_believed(root):
            message, hint = problem
            project.add(SourceLocation(ABOVE), "workspace.not-believed", message, hint, Severity.WARNING)
            return
        self._folder = ProjectFolder(root.parent)
        self.tree = read_agency(self._folder, ABOVE)
        project.findings += self._folder.findings

    def names(self, relative: str) -> list[str]:
        """The names in one folder of the project and of the workspace, sorted."""
        above = self._folder.names(relative) if self._folder else []
        return sorted({*self._project.names(relative), *above})

    def optional(self, relative: str, limit: int) -> bytes | None:
        """As `read`, but that nobody misses a file that neither has."""
        there = self._project.has(relative) or (self._folder is not None and self._folder.has(relative))
        return self.read(relative, limit) if there else None

    def others(self) -> list[str]:
        """What the clients of the projects beside this one are called, as far as it can be read."""
        if self._folder is None:
            return []
        own = Path(os.path.realpath(self._project.root))
        named = (text_at(client_in(one), "name") for one in projects(self._folder.root) if one != own)
        return [name for name in named if name.strip()]

    def read(self, relative: str, limit: int, named_at: SourceLocation | None = None) -> bytes | None:
        """As `ProjectFolder.read`, the workspace's file where the project has none of this name."""
        if (
            self._folder is None
            or relative.split("/")[0] not in _FOLDERS
            or self._project.has(relative)
            or not self._folder.has(relative)
        ):
            return self._project.read(relative, limit, named_at)
        before = len(self._folder.findings)
        content = self._folder.read(relative, limit, named_at or SourceLocation(f"../{relative}"))
        self._project.findings += self._folder.findings[before:]
        if content is not None:
            self._project.digests[relative] = self._folder.digests[relative]
            self.gave.add(relative)
        return content


def projects(folder: Path) -> list[Path]:
    """The projects in a workspace; none where the folder is a project itself, or holds none."""
    if not folder.is_dir() or (folder / SETTINGS_FILE).exists():
        return []
    return sorted(path.parent for path in folder.glob(f"*/{SETTINGS_FILE}") if not path.parent.is_symlink())


def client_in(project: Path) -> YamlNode | None:
    """What a project's settings say of its client, as far as they can be read. Nothing else of them is parsed: a
    workspace may have hundreds of projects."""
    with contextlib.suppress(OSError):
        content = read_named(project / SETTINGS_FILE, MAX_BYTES, follow=False)
        if group := _CLIENT.search(content):
            return node_at(read_yaml(group[0], SETTINGS_FILE)[0], "client")
    return None


def read_agency(folder: ProjectFolder, called: str = AGENCY_FILE) -> YamlMap | None:
    """The shared part of the `agency.yaml` in a workspace, or None after noting in `folder` why it can't be read.

    Findings call the file as it is `called` from where they are read.
    """
    content = folder.read(AGENCY_FILE, MAX_BYTES, None if called == AGENCY_FILE else SourceLocation(called))
    if content is None:
        return None
    tree, findings = read_yaml(content, called)
    shared, foreign = shared_part(tree) if tree else (None, [])
    folder.findings += [*findings, *foreign]
    return shared


def shared_with(root: Path) -> YamlMap | None:
    """What a project that is about to be made at `root` will share; None where it lies in no workspace.

    Raises InvalidInput for an `agency.yaml` that can't be read.
    """
    folder = Path(os.path.realpath(root)).parent
    if not os.path.lexists(folder / AGENCY_FILE) or _not_believed(folder / root.name):
        return None
    reader = ProjectFolder(folder)
    tree = read_agency(reader)
    if tree is None:
        raise InvalidInput(reader.findings)
    return tree


def owners_file(root: Path) -> Path:
    """The file that says who the owners are: the workspace's `agency.yaml` where it names any, else the project's.

    `root` is a project or a workspace. Raises nothing: a file that can't be read is the reader's finding.
    """
    project = ProjectFolder(root)
    if not project.has(SETTINGS_FILE) and project.has(AGENCY_FILE):
        return root / AGENCY_FILE
    above = Workspace(project).tree
    theirs = above.get(NOT_OVERRIDDEN) if above else None
    if theirs is not None and not _says_nothing(theirs):
        return Path(os.path.realpath(root)).parent / AGENCY_FILE
    return root / SETTINGS_FILE


def place_of(relative: str, gave: frozenset[str] | set[str]) -> str:
    """A file's name as findings give it: `../brand/logo.png` where the workspace `gave` it."""
    return f"../{relative}" if relative in gave else relative


def _not_believed(root: Path) -> tuple[str, str] | None:
    """Why the folder above isn't taken for the project's workspace, and what to do; None where it may be."""
    try:
        with Folder(root.parent) as folder:
            facts = folder.stat(AGENCY_FILE)
    except OSError as error:
        return msg("can't be read ({reason}): nothing is taken from it", reason=system_reason(error)), ""
    if stat.S_ISLNK(facts.st_mode):
        return msg("is a link: nothing is taken from it"), msg("put the file itself there")
    owner = root.stat().st_uid if root.exists() else os.geteuid() if _HAS_OWNERS else 0
    if _HAS_OWNERS and {root.parent.stat().st_uid, facts.st_uid} != {owner}:
        hint = msg("where it is your agency's, make one user the owner of all three")
        return msg("it, or its folder, belongs to another user than the project: nothing is taken from it"), hint
    return None


def shared_part(tree: YamlMap) -> tuple[YamlMap, list[Finding]]:
    """The keys of an agency's file that projects share, and a finding for each other one."""
    findings: list[Finding] = []
    kept: list[tuple[YamlScalar, YamlNode]] = []
    for key, value in tree.entries:
        if not is_shared(key.text):
            findings.append(_foreign(key))
        elif isinstance(value, YamlMap):
            inner = [entry for entry in value.entries if is_shared(key.text, entry[0].text)]
            findings += [_foreign(own, key.text) for own, _ in value.entries if not is_shared(key.text, own.text)]
            kept.append((key, value._replace(entries=tuple(inner))))
        else:
            kept.append((key, value))
    return tree._replace(entries=tuple(kept)), findings


def _foreign(key: YamlScalar, group: str = "") -> Finding:
    name = f"{group}.{key.text}" if group else key.text
    if group or key.text in Settings.model_fields:
        message = msg("`{name}` isn't shared by all projects", name=quoted(name))
        told = msg("write it into each project's {file}", file=SETTINGS_FILE)
        return Finding(key.location, "workspace.not-shared", message, told)
    known = list(SHARED)
    near = did_you_mean(key.text, known) or msg("delete it; the keys here are {keys}", keys=", ".join(known))
    return Finding(key.location, "settings.unknown-key", msg("there is no key `{name}`", name=quoted(name)), near)


def inherited(own: YamlMap | None, above: YamlMap | None) -> tuple[YamlMap | None, list[Finding]]:
    """The project's settings with the workspace's values where it says nothing, and what contradicts.

    Groups are merged key by key, a list is taken as a whole, an empty value says nothing. A project that names other
    owners than its workspace doesn't get its way: the finding names both files.
    """
    if own is None or above is None:
        return own, []
    mine, theirs = own.get(NOT_OVERRIDDEN), above.get(NOT_OVERRIDDEN)
    findings = []
    if mine is not None and theirs is not None and not _says_nothing(theirs):
        if not _says_nothing(mine) and not _agrees(mine, theirs):
            findings.append(_conflict(own, above))
        own = own._replace(entries=tuple(entry for entry in own.entries if entry[0].text != NOT_OVERRIDDEN))
    spoken = own.get("language")
    if isinstance(spoken, YamlScalar) and not spoken.absent and _text(spoken) != _text(above.get("language")):
        # A variant of another language than the project's.
        above = above._replace(entries=tuple(entry for entry in above.entries if entry[0].text != "locale"))
    return _merged(own, above), findings


def _text(node: YamlNode | None) -> str:
    return node.text if isinstance(node, YamlScalar) and not node.absent else ""


def _conflict(own: YamlMap, above: YamlMap) -> Finding:
    here, there = (key.location for tree in (own, above) for key, _ in tree.entries if key.text == NOT_OVERRIDDEN)
    message = msg("`{key}` contradicts {place}, which says who signs", key=NOT_OVERRIDDEN, place=there)
    hint = msg("delete `{key}` here, or change it there for all projects", key=NOT_OVERRIDDEN)
    return Finding(here, "workspace.owners", message, hint)


def _merged(own: YamlMap, above: YamlMap) -> YamlMap:
    entries = []
    for key, value in own.entries:
        shared, place = above.get(key.text), above.key(key.text)
        if shared is None or place is None:
            entries.append((key, value))
        elif isinstance(value, YamlMap) and isinstance(shared, YamlMap):
            entries.append((key, _merged(value, shared)))
        else:
            entries.append((place, shared) if _says_nothing(value) else (key, value))
    entries += [entry for entry in above.entries if own.key(entry[0].text) is None]
    return own._replace(entries=tuple(entries))


def _says_nothing(node: YamlNode) -> bool:
    return all(scalar.absent for _, scalar in scalars(node)) and not (isinstance(node, YamlList) and not node.items)


def _agrees(mine: YamlNode, theirs: YamlNode) -> bool:
    """Whether a project's owners are those of the workspace, as far as it says anything of them."""
    here, there = ({(path, one.text) for path, one in scalars(node) if not one.absent} for node in (mine, theirs))
    many = [len(node.items) if isinstance(node, YamlList) else 0 for node in (mine, theirs)]
    return many[0] == many[1] and here <= there


def digest_of(settings: YamlMap | None) -> str | None:
    """SHA-256 of the values that a project's settings have from its workspace (canonical JSON); None where none is."""
    taken: Sequence[tuple[Sequence[str | int], str]] = [
        (path, scalar.text) for path, scalar in scalars(settings) if scalar.location.file == ABOVE and not scalar.absent
    ]
    if not taken:
        return None
    return sha256(json.dumps(taken, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
