"""`handover templates`: list, show, copy, compare and preview the Word templates; start a language."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import report
from handover.cli.options import FILE, FOLDER, own_folder, project_root, refuse_link, require_language
from handover.cli.tables import language_of
from handover.cli.terminal import say, worded
from handover.model.errors import OutputError
from handover.model.message import literal, msg

if TYPE_CHECKING:
    from handover.build.sample import Looks
    from handover.documents.base import Deliverable, Outside
    from handover.model.sources import Sources
    from handover.templating.own import Standing
    from handover.templating.variables import Variable

_PROJECT = click.option("--project", type=FOLDER, default=".", help="The project (default: the current folder).")
_LANGUAGE = click.option("--lang", "language", metavar="XX", help="Language (default: the project's, else en).")
_WIDTH = 80


@click.group()
def templates() -> None:
    """Own the Word templates: copy ours, restyle them in Word, and see what they may use."""


@templates.command("list", short_help="Say which template each document is made from.")
@_PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def list_(*, project: str, as_json: bool) -> None:
    """Say which template each document is rendered with, and whether ours has changed since it was copied."""
    from handover.project.read.workspace import place_of
    from handover.templating.own import standings

    sources = _sources(project_root(project))
    found = [
        dataclasses.replace(one, file=one.file and place_of(one.file, sources.from_workspace))
        for one in standings(language_of(sources), sources.templates)
    ]
    if as_json:
        report.print_json([{**dataclasses.asdict(one), "outdated": one.outdated} for one in found])
        return
    files = [one.file or worded(msg("ours")) for one in found]
    names, width = max(len(one.document) for one in found), max(map(len, files))
    for one, file in zip(found, files, strict=True):
        say(f"{one.document:<{names}} {file:<{width}}  {worded(_since(one))}".rstrip())
        if one.shadowed:
            unused = msg("{file} isn't used: the one in the language's folder comes first", file=one.shadowed)
            say(" " * 11 + unused)


def _since(standing: "Standing") -> str:
    if standing.file is None:
        return msg("version {ours}", ours=standing.ours) if standing.ours else ""
    if standing.mark is None:
        return msg("not copied from ours")
    if standing.outdated:
        return msg("ours has changed since")
    return msg("ours hasn't changed since") if standing.ours else ""


@templates.command(short_help="List every variable that a template may use.")
@click.argument("document")
@click.option("-o", "--out", type=FILE, help="Write it as a Word file to copy tags from.")
@click.option("--replace", is_flag=True, help="Replace a file of this name.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--lang", "language", metavar="XX", help="Language of the examples (default: English).")
def show(document: str, *, out: str | None, replace: bool, as_json: bool, language: str | None) -> None:
    """List every variable that DOCUMENT's template may use: what to type, its meaning, an example."""
    from handover.build.sample import sample_plan, sample_view
    from handover.languages.registry import START
    from handover.templating.variables import as_document, variables

    language = language or START
    deliverable = _deliverable(document)
    require_language(language)
    found = variables(deliverable.view_type or object, sample_view(deliverable, sample_plan(language)))
    if out is not None:
        _write(Path(out), as_document(document.capitalize(), found), replace=replace)
        report.done(
            msg("{out}: {count} variables, to copy from in Word", out=out, count=len([v for v in found if v.meaning]))
        )
    elif as_json:
        report.print_json([dataclasses.asdict(variable) for variable in found])
    else:
        _print_variables(found)


def _print_variables(found: "tuple[Variable, ...]") -> None:
    from textwrap import fill

    for variable in found:
        say(variable.tag, bold=True, nl=False)
        say("  " + literal(variable.kind))
        if variable.meaning:
            say(fill(worded(literal(variable.meaning)), _WIDTH, initial_indent="    ", subsequent_indent="    "))
        if variable.example and variable.tag.startswith("{{"):
            say("    " + msg("e.g. {example}", example=variable.example))


@templates.command(short_help="Copy our template into the project, to edit it.")
@click.argument("document")
@_PROJECT
@_LANGUAGE
@click.option("--replace", is_flag=True, help="Replace the project's own template.")
def eject(document: str, *, project: str, language: str | None, replace: bool) -> None:
    """Copy our template of DOCUMENT into the project, to edit it in Word; from then on it is used.

    With a workspace in place of a project, it is used by all its projects that have none of their own.
    """
    from handover.templating.own import ejected

    root, theirs = _owner_of_templates(project)
    chosen = language or theirs
    content = ejected(document, chosen)
    # A template in another language than the project's belongs into that language's folder, or it would be used.
    name = f"{document}.docx" if chosen == theirs else f"{chosen}/{document}.docx"
    target = root / "templates" / name
    own_folder(root, *target.parent.relative_to(root).parts)
    _write(target, content, replace=replace)
    report.done(
        msg("{target}: edit it in Word; it is used from now on", target=target),
        report.next_line("validate", target),
    )


@templates.command(short_help="Render a document with made-up data.")
@click.argument("document")
@_PROJECT
@_LANGUAGE
@click.option("-o", "--out", type=FILE, help="Where to write it (default: DOCUMENT-preview.docx here).")
@click.option("--replace", is_flag=True, help="Replace a file of this name.")
def preview(document: str, *, project: str, language: str | None, out: str | None, replace: bool) -> None:
    """Render DOCUMENT with made-up data, every optional part filled in, to see what its template looks like."""
    from handover.build.sample import sample_document, sample_plan

    deliverable = _deliverable(document)
    looks, chosen = _looks(project, language)
    planned = sample_plan(chosen, looks)
    content, place = sample_document(deliverable, planned)
    target = Path(out) if out else Path(f"{document}-preview.docx")
    _write(target, content, replace=replace)
    report.done(
        msg("{target}: made from {place}, with made-up data", target=target, place=place or msg("our template"))
    )


@templates.command("new-language", short_help="Start a new language in the project.")
@click.argument("language", metavar="XX")
@_PROJECT
def new_language(language: str, *, project: str) -> None:
    """Start the language XX (two letters) in the project: ours in English, to translate in place."""
    from handover.templating.own import new_language as started

    root = project_root(project)
    files = started(language)
    folder = root / "templates" / language
    refuse_link(folder)
    if folder.exists() and any(folder.iterdir()):
        raise OutputError.at(folder, msg("this folder isn't empty"), hint=msg("go on translating what is there"))
    own_folder(root, "templates", language)
    for name, content in files.items():
        _write(folder / name, content, replace=False)
    report.done(
        msg(
            "{folder}: {count} files in English; translate the texts between quotes, and the .docx in Word",
            folder=folder,
            count=len(files),
        ),
        msg("then write `language: {language}` into handover.yaml", language=language),
        report.next_line("validate", folder),
    )


def _owner_of_templates(given: str) -> tuple[Path, str]:
    """The folder of the project, or of the workspace, that was named, and its language."""
    from handover.languages.registry import START
    from handover.model.agency import AGENCY_FILE
    from handover.model.sources import text_at
    from handover.project.read import load_agency
    from handover.project.read.files import ProjectFolder

    root = Path(given)
    if (root / "handover.yaml").exists() or not (root / AGENCY_FILE).is_file():
        root = project_root(given)
        return root, language_of(_sources(root))
    return root, text_at(load_agency(ProjectFolder(root)), "language") or START


def _sources(root: Path) -> "Sources":
    from handover.project.read import load_project, no_assets

    return load_project(root, scan_assets=no_assets)


def _deliverable(document: str) -> "Deliverable | Outside[Any]":
    from handover.documents.templates import with_templates
    from handover.languages.registry import START
    from handover.templating.own import ours

    ours(document, START)
    return with_templates()[document]


def _looks(project: str, language: str | None) -> tuple["Looks", str]:
    """What a preview takes from the project, if there is one, and the language to render it in."""
    from handover.build.sample import Looks
    from handover.languages.registry import START
    from handover.model.sources import text_at

    root = Path(project)
    if not (root / "handover.yaml").exists():
        if project != ".":
            project_root(project)
        require_language(language or START)
        return Looks(), language or START
    sources = _sources(root)
    settings, theirs = sources.settings, language_of(sources)
    colour = text_at(settings, "brand", "colour")
    looks = Looks(
        logo=sources.images.get(text_at(settings, "brand", "logo")),
        signature=sources.images.get(text_at(settings, "owners", 0, "signature_image")),
        colour=colour if len(colour) == len("#RRGGBB") else None,
    )
    if language is not None and language != theirs:  # what lies beside the languages is in the project's own
        require_language(language)
        return looks, language
    locale = text_at(settings, "locale") or None
    return dataclasses.replace(looks, templates=sources.templates, words=sources.words, locale=locale), theirs


def _write(target: Path, content: bytes, *, replace: bool) -> None:
    from handover.bundle.publish import write_file

    write_file(target, content, replace=replace, mode=None)
