"""Templates and languages that `handover validate` is pointed at: read where they lie, and judged.

Role: reads regular files of bounded size, never through a link, and has them judged by `handover.templating`. With
`fix` it writes the templates that it mends, with `annotate` copies with comments. It prints nothing.
"""

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.cli.options import unreadable
from handover.cli.terminal import worded
from handover.model.errors import Finding, SourceLocation, UsageError
from handover.model.message import msg
from handover.model.selection import LeftOut
from handover.model.sources import SETTINGS_FILE, TEMPLATES_FOLDER

if TYPE_CHECKING:
    from handover.formats.opener import Folder

MAX_TEMPLATE: Final = 20 * 1024 * 1024
MAX_TEXT: Final = 1024 * 1024
MAX_LANGUAGE: Final = 32 * 1024 * 1024
"""Bytes that the files of one language may have together."""

MAX_FILES: Final = 200
MAX_DEPTH: Final = 3
DENY_FILE: Final = "deny.txt"
"""Names of other clients, one a line, beside the templates: none may occur in them."""

PHRASES_FILE: Final = "tone.toml"


class Wishes(NamedTuple):
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

    def add(self, file: str, findings: Iterable[Finding], folder: Path = Path()) -> None:
        """Take the findings of one file, or of what it stands for; their places are named from `folder`."""
        prefix = "" if folder == Path() else f"{folder.as_posix()}/"
        self.findings += [_under(prefix, finding) for finding in findings]
        self.files = list(dict.fromkeys([*self.files, prefix + file, *(f.location.file for f in self.findings)]))


def _under(prefix: str, finding: Finding) -> Finding:
    file = f"{prefix}{finding.location.file}"
    if "../" in finding.location.file:  # what the workspace gave: pastel/acme/../agency.yaml
        file = posixpath.normpath(file)
    return replace(finding, location=replace(finding.location, file=file))


def check_template(path: Path, wishes: Wishes, checked: Checked) -> None:
    """Judge one template. Raises UsageError where its annotated copy would replace it, OutputError as writing does."""
    from handover.bundle.publish import write_file
    from handover.documents.templates import document_id, template_file
    from handover.project.leaks.names import names_in
    from handover.templating.annotate import annotated
    from handover.templating.check import check_template as judge
    from handover.templating.check import fix_typography

    content, shown = _read(path, MAX_TEMPLATE, checked), path.as_posix()
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
            write_file(path, content, replace=True, mode=stat.S_IMODE(path.stat().st_mode))
            checked.mended[shown] = count
    judged = judge(content, about)
    checked.add(shown, judged.report.findings())
    if wishes.annotate is not None and judged.report.marks and (copy := annotated(judged, worded)) is not None:
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
    if folder.findings:
        checked.add(path.name, folder.findings, path.parent)
    return content


def _language_of(path: Path) -> str | None:
    """The language that a template's place says: its folder's name, or the project whose templates/ it is in."""
    parent = path.absolute().parent
    if _is_language(parent.name):
        return parent.name
    if parent.name == TEMPLATES_FOLDER and (parent.parent / SETTINGS_FILE).is_file():
        return project_language(parent.parent)
    return None


def project_language(root: Path) -> str | None:
    """The language that a project's settings name, or its workspace's, where they can be read that far."""
    from handover.model.sources import text_at
    from handover.project.read import load_settings
    from handover.project.read.files import ProjectFolder

    return text_at(load_settings(ProjectFolder(root)), "language") or None


def _beside(template: Path, name: str, checked: Checked) -> str:
    """The text of a file that says more about the templates beside it; empty where there is none, or after noting why
    it can't be read."""
    path = template.parent / name
    content = _read(path, MAX_TEXT, checked) if os.path.lexists(path) else None
    try:
        return content.decode("utf-8-sig") if content is not None else ""
    except UnicodeDecodeError:
        place, message = SourceLocation(path.as_posix()), msg("{name} isn't UTF-8 text", name=name)
        checked.add(path.as_posix(), [Finding(place, "text.encoding", message, msg("save it as UTF-8"))])
        return ""


def check_folder(path: Path, wishes: Wishes, checked: Checked) -> None:
    """Judge the templates and languages in a folder, or the language that it is. Raises UsageError where it is none."""
    if _is_language(path.absolute().name) and _is_language_folder(path):
        _check_language(path, wishes, checked)
    elif not check_all_in(path, wishes, checked):
        raise UsageError.at(
            path.as_posix(),
            msg(
                "this folder has no {settings_file} and no templates, so there is nothing to validate",
                settings_file=SETTINGS_FILE,
            ),
            hint=msg("give a project's folder, a .docx template, or a folder of templates"),
        )


def check_all_in(folder: Path, wishes: Wishes, checked: Checked) -> bool:
    """Judge the templates in a folder, then its languages; whether there was any."""
    templates = _documents(folder)
    for template in templates:
        check_template(template, wishes, checked)
    return check_languages(folder, wishes, checked) or bool(templates)


def check_languages(folder: Path, wishes: Wishes, checked: Checked) -> bool:
    """Judge every language in a folder; whether there was any. A link in a language's place is told, not followed."""
    found = [path for path in sorted(folder.iterdir()) if _is_language(path.name) and _is_language_folder(path)]
    for path in found:
        if path.is_symlink():
            said = msg("is a symbolic link"), msg("put the folder itself there")
            checked.add(path.as_posix(), [Finding(SourceLocation(path.as_posix()), "file.link", *said)])
        else:
            _check_language(path, wishes, checked)
    return bool(found)


def _documents(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() == ".docx" and not path.name.startswith((".", "~$"))
    ]


def _is_language(name: str) -> bool:
    return len(name) == 2 and name.isascii() and name.isalpha() and name.islower()


def _is_language_folder(path: Path) -> bool:
    return path.is_dir() and any(child.suffix in {".docx", ".toml"} for child in path.iterdir())


def _has_words(folder: Path) -> bool:
    return any(child.suffix == ".toml" for child in folder.iterdir())


def _check_language(path: Path, wishes: Wishes, checked: Checked) -> None:
    from handover.languages import files as resources
    from handover.languages.registry import START
    from handover.templating.completeness import lint_language

    shown, language = path.as_posix(), path.absolute().name
    if language != START and _has_words(path):
        ours = [dict(_files(one)) for one in sorted(resources.template_path().iterdir()) if _is_language(one.name)]
        if findings := lint_language(shown, dict(_files(path)), _english(path), ours):
            checked.add(shown, findings)
    for template in _documents(path):
        check_template(template, wishes._replace(language=wishes.language or language), checked)


def _english(path: Path) -> dict[str, bytes]:
    """The English files to compare with: those beside the language, else those that come with the program."""
    from handover.languages import files as resources
    from handover.languages.registry import START

    beside = path.absolute().parent / START
    # A folder with templates alone is a project's own English letter, not the English language.
    if beside.is_dir() and _has_words(beside):
        return dict(_files(beside))
    # What `handover new` writes (project/) is for languages that ship with the program.
    return {name: content for name, content in _files(resources.template_path(START)) if "/" not in name}


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
                        place.as_posix(), msg("has more than {most} files; no language needs as many", most=MAX_FILES)
                    )
                yield path, content
    except OSError as error:
        raise unreadable(f"{place.as_posix()}/{error.filename or ''}", error) from None


def _paths(folder: "Folder", name: str) -> Iterator[str]:
    for entry in sorted(folder.scan(name), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}".lstrip("/")
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_file(follow_symlinks=False):
            yield path
        elif entry.is_dir(follow_symlinks=False) and path.count("/") < MAX_DEPTH:
            yield from _paths(folder, path)
