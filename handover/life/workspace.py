"""A workspace, the folder of an agency's projects: its vetting list and what goes into it.

Role: reads `vetting.csv`, and merges what a project's post-mortem decided into it: the same point from two projects is
one row that names both. Nothing of it goes to a client but through a form that names no project.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from handover.languages.registry import Language
from handover.life.dossier import Dossier
from handover.life.tables import read_table, rewritten
from handover.model.characters import folded
from handover.model.errors import Finding, InvalidInput
from handover.model.life import VETTING_FILE, VettingRow
from handover.model.sources import text_at
from handover.project.read.files import ProjectFolder
from handover.project.read.yaml_tree import MAX_BYTES, read_yaml

AGENCY_FILE = "agency.yaml"


def read_vetting(folder: Path, languages: Sequence[Language]) -> tuple[tuple[VettingRow, ...], tuple[Finding, ...]]:
    """The vetting list of a workspace, and what is wrong with it."""
    opened = ProjectFolder(folder)
    rows = read_table(opened, VETTING_FILE, VettingRow, languages)
    return tuple(row.value for row in rows), tuple(opened.findings)


def agency_says(folder: Path, *path: str) -> str:
    """What the workspace's agency.yaml says at a key (`agency`, `name`); empty where it doesn't."""
    opened = ProjectFolder(folder)
    content = opened.read(AGENCY_FILE, MAX_BYTES) if opened.has(AGENCY_FILE) else None
    return text_at(read_yaml(content, AGENCY_FILE)[0], *path) if content is not None else ""


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
    return len(merged) - len(merge(rows))


def merge(rows: Sequence[VettingRow]) -> tuple[VettingRow, ...]:
    """The rows, where those of one kind that say the same are one: the first day, and every project that taught it."""
    found: dict[tuple[str, str], VettingRow] = {}
    for row in rows:
        key = row.kind, folded(row.text).rstrip(" .?!")
        if (known := found.get(key)) is None:
            found[key] = row
            continue
        names = [name for one in (known, row) for name in (one.from_project or "").split(", ") if name]
        projects = ", ".join(dict.fromkeys(names)) or None
        found[key] = known.model_copy(update={"from_project": projects, "added_on": min(known.added_on, row.added_on)})
    return tuple(found.values())
