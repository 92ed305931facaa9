"""What `handover validate` is pointed at: a project, a template, a folder of templates, a language, all languages.

Role: tells these apart, reads the files (regular ones only, of bounded size, never through a link) and has each judged
by `handover.project.check` or `handover.templating`. Findings come back with places relative to where the user stands.
It prints nothing; with `fix` it writes the templates that it mends.
"""

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from handover.cli import clock
from handover.cli.assets_folder import confirm_assets
from handover.cli.options import project_root, unreadable
from handover.cli.terminal import worded
from handover.model.agency import AGENCY_FILE
from handover.model.errors import Finding, HandoverError, SourceLocation, UsageError
from handover.model.message import msg
from handover.model.selection import LeftOut
from handover.model.sources import SETTINGS_FILE, TEMPLATES_FOLDER, in_reading_order

if TYPE_CHECKING:
    from handover.formats.opener import Folder
    from handover.model.project import Project

MAX_TEMPLATE: Final = 20 * 1024 * 1024
MAX_TEXT: Final = 1024 * 1024
MAX_LANGUAGE: Final = 32 * 1024 * 1024
"""Bytes that the files of one language may have together."""

MAX_FILES: Final = 200
MAX_DEPTH: Final = 3
DENY_FILE: Final = "deny.txt"
"""Names of other clients, one a line, beside the templates: none may occur in them."""

PHRASES_FILE: Final = "tone.toml"

_LINK: Final = (msg("is a symbolic link"), msg("put the folder itself there"))
_TABLES: Final = {".csv", ".xlsx", ".xls", ".ods"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for besides targets."""

    draft: bool = False
    fix: bool = False
    document: str | None = None
    language: str | None = None
    deny: Sequence[str] = ()
    assets_from: str | None = None
    """The folder that the user confirms for the projects' `assets.from`."""
    quiet: bool = False
    """Whether nobody is asked anything."""
    annotate: Path | None = None
    """Where copies with the findings as Word comments go."""


@dataclass(slots=True)
class Checked:
    """What was judged, in order, and everything that was found."""

    files: list[str] = field(default_factory=list)
    """Every file that was judged on its own, and every file with a finding, in order."""
    findings: list[Finding] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    """The targets that are projects, as typed."""
    sharing: list[str] = field(default_factory=list)
    """Those of the projects that take settings from their workspace."""
    mended: dict[str, int] = field(default_factory=dict)
    """File → how many corrections `fix` made in it."""
    annotated: list[Path] = field(default_factory=list)
    """The copies with comments that were written."""
    left_out: dict[str, Sequence[LeftOut]] = field(default_factory=dict)
    """Project as typed → what of its assets/ isn't delivered."""

    def add(self, file: str, findings: Iterable[Finding]) -> None:
        """Take the findings of one file, or of what it stands for."""
        self.findings += findings
        self.files = list(dict.fromkeys([*self.files, file, *(f.location.file for f in self.findings)]))


def check(targets: Sequence[str], wishes: Wishes) -> Checked:
    """Judge every target in the order given.

    Raises UsageError for what doesn't exist or is neither a project nor holds templates; HandoverError for a file that
    `fix` can't write.
    """
    checked = Checked()
    for target in targets:
        _check_one(target, wishes, checked)
    return checked


def _check_one(target: str, wishes: Wishes, checked: Checked) -> None:
    path = Path(target)
    if path.name == AGENCY_FILE and path.is_file():
        _agency(path.parent, wishes, checked)
    elif path.is_file() and path.name != SETTINGS_FILE:
        _refuse_other(path, target)
        _template(path, _shown(path), wishes, checked)
    elif path.is_dir() and not (path / SETTINGS_FILE).exists():
        if (path / AGENCY_FILE).exists():
            _agency(path, wishes, checked)
        else:
            _folder(path, wishes, checked)
    else:
        _project(target, wishes, checked)


def _refuse_other(path: Path, target: str) -> None:
    """Bundles and a project's tables are files too, and a list of what they lack as templates would help nobody."""
    from handover.cli.report import quoted

    kind = path.suffix.lower()
    if kind == ".zip":
        raise UsageError.at(
            target,
            msg("this is no template"),
            hint=msg("check a bundle with `handover verify {target}`", target=quoted(target)),
        )
    if kind in _TABLES:
        whole_path = Path(os.path.abspath(path))  # noqa: PTH100 — absolute() keeps the `..` of a path
        project = next((folder for folder in whole_path.parents if (folder / SETTINGS_FILE).is_file()), None)
        hint = msg("give the project's folder")
        if project is not None:
            hint = msg(
                "`handover validate {project}` judges all of the project's files",
                project=quoted(os.path.relpath(project)),
            )
        raise UsageError.at(target, msg("a table isn't judged on its own"), hint=hint)


def _shown(path: Path) -> str:
    return path.as_posix()


# Projects


def _project(target: str, wishes: Wishes, checked: Checked) -> None:
    from handover.cli import clock
    from handover.project.check import validate as judge
    from handover.project.leaks.project import folder_leaks
    from handover.project.read import load_project

    root = project_root(target)
    confirm_assets(root, wishes.assets_from, quiet=wishes.quiet)
    sources = load_project(root)
    project, findings = judge(sources, draft=wishes.draft, today=clock.today())
    if project is not None and project.templates:
        findings = [*findings, *_tried_out(project, draft=wishes.draft)]
    findings = [*findings, *folder_leaks(sources, wishes.deny)]
    prefix = "" if root == Path() else f"{root.as_posix()}/"
    checked.projects.append(target)
    if sources.shared:
        checked.sharing.append(target)
    if sources.left_out:
        checked.left_out[target] = sources.left_out
    checked.add(f"{prefix}{SETTINGS_FILE}", [_under(prefix, finding) for finding in findings])
    folder = root / TEMPLATES_FOLDER
    for name in (name for name in sources.templates if "/" not in name):  # languages have their turn below
        path = folder / f"{name}.docx"
        if f"{TEMPLATES_FOLDER}/{name}.docx" in sources.from_workspace:
            path = Path(os.path.normpath(root.resolve().parent / TEMPLATES_FOLDER / path.name))
        _template(path, _shown(path), replace(wishes, language=wishes.language or _project_language(root)), checked)
    if folder.is_dir() and not folder.is_symlink():
        _languages(folder, wishes, checked)


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


def _under(prefix: str, finding: Finding) -> Finding:
    file = f"{prefix}{finding.location.file}"
    if "../" in finding.location.file:  # what the workspace gave: pastel/acme/../agency.yaml
        file = posixpath.normpath(file)
    return replace(finding, location=replace(finding.location, file=file))


def _agency(folder: Path, wishes: Wishes, checked: Checked) -> None:
    """What a workspace's projects share: its settings, and its templates."""
    from handover.languages import files as resources
    from handover.project.check.agency import check_agency
    from handover.project.read import load_agency
    from handover.project.read.files import ProjectFolder

    reader = ProjectFolder(folder)
    tree = load_agency(reader)
    findings = in_reading_order([*reader.findings, *(check_agency(tree, resources.languages()) if tree else ())])
    prefix = "" if folder == Path() else f"{folder.as_posix()}/"
    checked.add(f"{prefix}{AGENCY_FILE}", [_under(prefix, finding) for finding in findings])
    templates = folder / TEMPLATES_FOLDER
    if templates.is_dir() and not templates.is_symlink():
        for path in _documents(templates):
            _template(path, _shown(path), wishes, checked)
        _languages(templates, wishes, checked)


def _project_language(root: Path) -> str | None:
    """The language that a project's settings name, or its workspace's, where they can be read that far."""
    from handover.model.sources import text_at
    from handover.project.read import load_settings
    from handover.project.read.files import ProjectFolder

    return text_at(load_settings(ProjectFolder(root)), "language") or None


# Templates


def _template(path: Path, shown: str, wishes: Wishes, checked: Checked) -> None:
    from handover.documents.templates import document_id, template_file
    from handover.project.leaks.project import names_in
    from handover.templating.annotate import annotated
    from handover.templating.check import check_template, fix_typography

    content = _read(path, MAX_TEMPLATE, checked)
    if content is None:
        return
    about = template_file(
        shown,
        wishes.document or document_id(path.name),
        wishes.language or _language_of(path),
        [*wishes.deny, *names_in(_beside(path, DENY_FILE, checked))],
        _beside(path, PHRASES_FILE, checked) or None,
    )
    if wishes.fix:
        content, count = fix_typography(content, about)
        if count:
            from handover.bundle.publish import write_file

            write_file(path, content, replace=True, mode=stat.S_IMODE(path.stat().st_mode))
            checked.mended[shown] = count
    judged = check_template(content, about)
    checked.add(shown, judged.report.findings())
    if wishes.annotate is not None and judged.report.marks and (copy := annotated(judged, worded)) is not None:
        from handover.bundle.publish import write_file

        target = wishes.annotate / path.name
        if target in checked.annotated:
            target = wishes.annotate / f"{path.absolute().parent.name}-{path.name}"
        if target.exists() and target.samefile(path):
            raise UsageError(
                msg("--annotate: {target} is the template itself", target=target),
                hint=msg("name another folder for the copies"),
            )
        write_file(target, copy, replace=True, mode=None)
        checked.annotated.append(target)


def _read(path: Path, limit: int, checked: Checked) -> bytes | None:
    """A file's bytes, or None after noting why it can't be read."""
    from handover.project.read.files import ProjectFolder

    folder = ProjectFolder(path.parent)
    content = folder.read(path.name, limit)
    prefix = "" if path.parent == Path() else f"{path.parent.as_posix()}/"
    if folder.findings:
        checked.add(_shown(path), [_under(prefix, finding) for finding in folder.findings])
    return content


def _language_of(path: Path) -> str | None:
    """The language that a template's place says: its folder's name, or the project whose templates/ it is in."""
    parent = path.absolute().parent
    if _is_language(parent.name):
        return parent.name
    if parent.name == TEMPLATES_FOLDER and (parent.parent / SETTINGS_FILE).is_file():
        return _project_language(parent.parent)
    return None


def _beside(template: Path, name: str, checked: Checked) -> str:
    """The text of a file that says more about the templates beside it; empty where there is none, or after noting why
    it can't be read."""
    path = template.parent / name
    if not os.path.lexists(path):
        return ""
    content = _read(path, MAX_TEXT, checked)
    try:
        return content.decode("utf-8-sig") if content is not None else ""
    except UnicodeDecodeError:
        finding = Finding(
            SourceLocation(_shown(path)),
            "text.encoding",
            msg("{name} isn't UTF-8 text", name=name),
            msg("save it as UTF-8"),
        )
        checked.add(_shown(path), [finding])
        return ""


# Folders


def _folder(path: Path, wishes: Wishes, checked: Checked) -> None:
    if _is_language(path.absolute().name) and _is_language_folder(path):
        _language(path, wishes, checked)
        return
    templates = _documents(path)
    for template in templates:
        _template(template, _shown(template), wishes, checked)
    if not _languages(path, wishes, checked) and not templates:
        raise UsageError.at(
            _shown(path),
            msg(
                "this folder has no {settings_file} and no templates, so there is nothing to validate",
                settings_file=SETTINGS_FILE,
            ),
            hint=msg("give a project's folder, a .docx template, or a folder of templates"),
        )


def _documents(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() == ".docx" and not path.name.startswith((".", "~$"))
    ]


def _languages(folder: Path, wishes: Wishes, checked: Checked) -> bool:
    """Judge every language in a folder; whether there was any. A link in a language's place is told, not followed."""
    found = [path for path in sorted(folder.iterdir()) if _is_language(path.name) and _is_language_folder(path)]
    for path in found:
        if path.is_symlink():
            checked.add(_shown(path), [Finding(SourceLocation(_shown(path)), "file.link", *_LINK)])
        else:
            _language(path, wishes, checked)
    return bool(found)


def _is_language(name: str) -> bool:
    return len(name) == 2 and name.isascii() and name.isalpha() and name.islower()


def _is_language_folder(path: Path) -> bool:
    return path.is_dir() and any(child.suffix in {".docx", ".toml"} for child in path.iterdir())


def _language(path: Path, wishes: Wishes, checked: Checked) -> None:
    from handover.languages.registry import START
    from handover.templating.completeness import lint_language

    shown, language = _shown(path), path.absolute().name
    if language != START and any(child.suffix == ".toml" for child in path.iterdir()):
        findings = lint_language(shown, dict(_files(path)), _english(path), list(_ours()))
        checked.add(shown, findings) if findings else None
    for template in _documents(path):
        _template(template, _shown(template), replace(wishes, language=wishes.language or language), checked)


def _english(path: Path) -> dict[str, bytes]:
    """The English files to compare with: those beside the language, else those that come with the program."""
    from handover.languages import files as resources
    from handover.languages.registry import START

    beside = path.absolute().parent / START
    # A folder with templates alone is a project's own English letter, not the English language.
    if beside.is_dir() and any(child.suffix == ".toml" for child in beside.iterdir()):
        return dict(_files(beside))
    # What `handover new` writes (project/) is for languages that ship with the program.
    return {name: content for name, content in _files(resources.template_path(START)) if "/" not in name}


def _ours() -> Iterator[dict[str, bytes]]:
    """The files of each language that comes with the program."""
    from handover.languages import files as resources

    for folder in sorted(resources.template_path().iterdir()):
        if _is_language(folder.name):
            yield dict(_files(folder))


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """A language's files, by their paths in its folder. Raises UsageError for what no language has so much of."""
    from handover.formats.opener import Folder

    left, count = MAX_LANGUAGE, 0
    try:
        with Folder(place, follow=True) as folder:
            for path in _paths(folder, ""):
                content = folder.read(path, left)
                left, count = left - len(content), count + 1
                if count > MAX_FILES:
                    raise UsageError.at(
                        _shown(place), msg("has more than {most} files; no language needs as many", most=MAX_FILES)
                    )
                yield path, content
    except OSError as error:
        raise unreadable(f"{_shown(place)}/{error.filename or ''}", error) from None


def _paths(folder: "Folder", name: str) -> Iterator[str]:
    for entry in sorted(folder.scan(name), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}".lstrip("/")
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_file(follow_symlinks=False):
            yield path
        elif entry.is_dir(follow_symlinks=False) and path.count("/") < MAX_DEPTH:
            yield from _paths(folder, path)
