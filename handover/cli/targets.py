"""What `handover validate` is pointed at: a project, a template, a folder of templates, a language, all languages.

Role: tells these apart and has each judged by `handover.project.check` or `template_targets`. Findings come back with
places relative to where the user stands. It prints nothing.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from handover.cli import clock
from handover.cli.assets_folder import confirm_assets
from handover.cli.options import project_root
from handover.cli.template_targets import (
    Checked,
    Wishes,
    check_all_in,
    check_folder,
    check_languages,
    check_template,
    project_language,
)
from handover.model.agency import AGENCY_FILE
from handover.model.characters import quoted
from handover.model.errors import Finding, HandoverError, UsageError
from handover.model.message import msg
from handover.model.sources import SETTINGS_FILE, TEMPLATES_FOLDER, in_reading_order

if TYPE_CHECKING:
    from handover.model.project import Project

_TABLES: Final = {".csv", ".xlsx", ".xls", ".ods"}


def check(targets: Sequence[str], wishes: Wishes) -> Checked:
    """Judge every target in the order given.

    Raises UsageError for what doesn't exist or is neither a project nor holds templates; HandoverError for a file that
    `fix` can't write.
    """
    checked = Checked()
    for target in targets:
        path = Path(target)
        if path.name == AGENCY_FILE and path.is_file():
            _agency(path.parent, wishes, checked)
        elif path.is_file() and path.name != SETTINGS_FILE:
            _refuse_other(path, target)
            check_template(path, wishes, checked)
        elif not path.is_dir() or (path / SETTINGS_FILE).exists():
            _project(target, wishes, checked)
        elif (path / AGENCY_FILE).exists():
            _agency(path, wishes, checked)
        else:
            check_folder(path, wishes, checked)
    return checked


def _refuse_other(path: Path, target: str) -> None:
    """Bundles and a project's tables are files too, and a list of what they lack as templates would help nobody."""
    kind = path.suffix.lower()
    if kind == ".zip":
        hint = msg("check a bundle with `handover verify {target}`", target=quoted(target))
        raise UsageError.at(target, msg("this is no template"), hint=hint)
    if kind in _TABLES:
        whole_path = Path(os.path.abspath(path))  # noqa: PTH100 — absolute() keeps the `..` of a path
        project = next((folder for folder in whole_path.parents if (folder / SETTINGS_FILE).is_file()), None)
        hint = msg("give the project's folder")
        if project is not None:
            named = quoted(os.path.relpath(project))
            hint = msg("`handover validate {project}` judges all of the project's files", project=named)
        raise UsageError.at(target, msg("a table isn't judged on its own"), hint=hint)


def _project(target: str, wishes: Wishes, checked: Checked) -> None:
    from handover.project.check import validate as judge
    from handover.project.leaks.project import folder_leaks
    from handover.project.read import load_project

    root = project_root(target)
    confirm_assets(root, wishes.assets_from, quiet=wishes.quiet)
    sources = load_project(root)
    project, findings = judge(sources, draft=wishes.draft, today=clock.today())
    if project is not None and project.templates:
        findings = [*findings, *_tried_out(project, draft=wishes.draft)]
    checked.projects.append(target)
    if sources.shared:
        checked.sharing.append(target)
    if sources.left_out:
        checked.left_out[target] = sources.left_out
    checked.add(SETTINGS_FILE, [*findings, *folder_leaks(sources, wishes.deny)], root)
    folder = root / TEMPLATES_FOLDER
    for name in (name for name in sources.templates if "/" not in name):  # languages have their turn below
        path = folder / f"{name}.docx"
        if f"{TEMPLATES_FOLDER}/{name}.docx" in sources.from_workspace:
            path = Path(os.path.normpath(root.resolve().parent / TEMPLATES_FOLDER / path.name))
        check_template(path, wishes._replace(language=wishes.language or project_language(root)), checked)
    if folder.is_dir() and not folder.is_symlink():
        check_languages(folder, wishes, checked)


def _tried_out(project: "Project", *, draft: bool) -> list[Finding]:
    """What the project's own templates can't be filled with, as a build today would find."""
    from handover.build.render import unfillable
    from handover.documents.plan import plan
    from handover.documents.registry import ALL
    from handover.languages import files as resources

    standard = resources.word_templates(project.settings.language)
    try:
        return unfillable(plan(project, ALL, today=clock.today(), standard_templates=standard, draft=draft))
    except HandoverError:
        return []  # names that can't travel, a language without templates: the build says it


def _agency(folder: Path, wishes: Wishes, checked: Checked) -> None:
    """What a workspace's projects share: its settings, and its templates."""
    from handover.languages import files as resources
    from handover.project.check.agency import check_agency
    from handover.project.read import load_agency
    from handover.project.read.files import ProjectFolder

    reader = ProjectFolder(folder)
    tree = load_agency(reader)
    findings = in_reading_order([*reader.findings, *(check_agency(tree, resources.languages()) if tree else ())])
    checked.add(AGENCY_FILE, findings, folder)
    templates = folder / TEMPLATES_FOLDER
    if templates.is_dir() and not templates.is_symlink():
        check_all_in(templates, wishes, checked)
