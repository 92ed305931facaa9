"""A workspace, the folder of an agency's projects: its vetting list and what goes into it.

Role: reads `vetting.csv`, and merges what a project's post-mortem decided into it: the same point from two projects is
one row that names both. Nothing of it goes to a client but through a form that names no project.
"""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from handover.languages.registry import Language
from handover.life.dossier import Dossier
from handover.life.tables import read_table, rewritten
from handover.model.characters import folded
from handover.model.errors import Finding, InvalidInput
from handover.model.life import VETTING_FILE, Lesson, VettingRow
from handover.model.message import msg
from handover.model.sources import SETTINGS_FILE, node_at, scalars, text_at
from handover.project.leaks.names import DENY_FILE, names_in
from handover.project.leaks.search import Searcher
from handover.project.read.files import ProjectFolder
from handover.project.read.images import image_problem
from handover.project.read.workspace import client_in, projects
from handover.project.read.yaml_tree import MAX_BYTES, read_yaml

AGENCY_FILE = "agency.yaml"

_MARKS: Final = re.compile(r"[\s,.;:?!…]+")
"""What doesn't tell two points apart."""
_NAMED: Final = "leak.denied-name"


def read_vetting(folder: Path, languages: Sequence[Language]) -> tuple[tuple[VettingRow, ...], tuple[Finding, ...]]:
    """The vetting list of a workspace, each point once however often it was typed, and what is wrong with the list."""
    opened = ProjectFolder(folder)
    rows = read_table(opened, VETTING_FILE, VettingRow, languages)
    return merge([row.value for row in rows]), tuple(opened.findings)


def agency_says(folder: Path, *path: str) -> str:
    """What the workspace's agency.yaml says at a key (`agency`, `name`); empty where it doesn't."""
    return _says(folder, AGENCY_FILE, *path)


def agency_logo(folder: Path) -> bytes:
    """The picture that the workspace's agency.yaml names; empty where it names none that can be shown."""
    name = agency_says(folder, "brand", "logo")
    content = _content(folder, name) if name else b""
    return content if image_problem(content) is None else b""


def language_in(folder: Path) -> str:
    """The language of a workspace: its agency's, else the one in which all its projects are; empty for neither."""
    of_projects = {_says(project, SETTINGS_FILE, "language") for project in projects(folder)}
    return agency_says(folder, "language") or (of_projects.pop() if len(of_projects) == 1 else "")


def client_names(folder: Path) -> list[str]:
    """The clients of a workspace's projects and their people, and the names that its lists of them add, as far as
    they can be read. Raises UsageError for a list that is too long."""
    found = list[str]()
    for place in (folder, *projects(folder)):
        found += names_in(_content(place, DENY_FILE).decode("utf-8-sig", "replace"))
        client = client_in(place)
        people = scalars(node_at(client, "contacts"))
        found += [text_at(client, "name"), *(one.text for path, one in people if path[-1] == "name")]
    return list(dict.fromkeys(filter(None, found)))


def by_name(rows: Sequence[VettingRow], folder: Path) -> tuple[VettingRow, ...]:
    """The rows with the clients' names for the ids of their projects; an id that no project there has stays."""
    clients = [client_in(project) for project in projects(folder)]
    names = {text_at(client, "id"): text_at(client, "name") for client in clients}
    return tuple(
        row.model_copy(
            update={"from_project": ", ".join(names.get(one) or one for one in row.from_project.split(", "))}
        )
        if row.from_project
        else row
        for row in rows
    )


def naming(folder: Path, denied: Sequence[str], languages: Sequence[Language], allow: str) -> list[Finding]:
    """A finding for each question of the list that says one of the `denied` names; what may `allow` it, in words."""
    searcher, found = Searcher(denied=denied), list[Finding]()
    for row in read_table(ProjectFolder(folder), VETTING_FILE, VettingRow, languages):
        asked = row.value.text if row.value.kind is Lesson.QUESTION else ""
        if any(hit.rule == _NAMED for hit in searcher.search(asked)):
            names = [
                name for name in denied if any(hit.rule == _NAMED for hit in Searcher(denied=[name]).search(asked))
            ]
            said = msg("`text` names a client or somebody there, and the form goes to prospects: {names}",
                       names=", ".join(names))  # fmt: skip
            found.append(row.error("text", _NAMED, said, allow))
    return found


def _says(folder: Path, file: str, *path: str) -> str:
    return text_at(read_yaml(_content(folder, file), file)[0], *path)


def _content(folder: Path, file: str) -> bytes:
    opened = ProjectFolder(folder)
    return (opened.read(file, MAX_BYTES) if opened.has(file) else None) or b""


def learn(folder: Path, dossier: Dossier, today: dt.date) -> int:
    """Put what a project's post-mortem decided into the workspace's list; gives how many points are new to it.

    Raises InvalidInput where the list has findings, OutputError where it can't be written.
    """
    meeting = dossier.internal.post_mortem
    rows, findings = read_vetting(folder, dossier.understood)
    if findings:
        raise InvalidInput(findings)
    decided = [
        VettingRow(kind=one.kind, text=one.text, from_project=dossier.client_id, added_on=today)
        for one in (meeting.decisions if meeting else ())
    ]
    merged = merge((*rows, *decided))
    if merged != rows:
        rewritten(folder / VETTING_FILE, merged, dossier.understood)
    return len(merged) - len(rows)


def merge(rows: Sequence[VettingRow]) -> tuple[VettingRow, ...]:
    """The rows, where those of one kind that say the same are one: the first day, and every project that taught it."""
    found: dict[tuple[str, str], VettingRow] = {}
    for row in rows:
        key = row.kind, _MARKS.sub(" ", folded(row.text)).strip()
        if (known := found.get(key)) is None:
            found[key] = row
            continue
        names = [name for one in (known, row) for name in (one.from_project or "").split(", ") if name]
        taught_by = ", ".join(dict.fromkeys(names)) or None
        found[key] = known.model_copy(update={"from_project": taught_by, "added_on": min(known.added_on, row.added_on)})
    return tuple(found.values())
