"""A document outside the bundle: from a folder to an artifact of the type that its audience has.

Role: gathers what the registry line asks for and its template, ours or the project's own, and renders it. What a
document lacks is told before anything is made. It writes nothing.
"""

import contextlib
import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

from handover.build.prepare import prepare
from handover.build.request import ProjectRequest
from handover.bundle.names import ASSETS_PREFIX
from handover.bundle.read.source import sha256_of
from handover.bundle.verify import Report, read_given, verify
from handover.documents.base import Audience, ClientInput, Content, InternalInput, Outside, Sent, WorkspaceInput
from handover.documents.figures import targets_met
from handover.documents.outside import outside
from handover.documents.receipt import RECEIPT
from handover.formats.opener import open_named
from handover.languages import files, registry
from handover.languages.words import Words
from handover.life.dossier import Dossier, read_dossier
from handover.life.workspace import (
    agency_logo,
    agency_says,
    by_name,
    client_names,
    language_in,
    naming,
    read_vetting,
)
from handover.model.artifact import ClientArtifact, InternalArtifact, Role, UnsealedByPolicy
from handover.model.errors import HandoverError, InvalidInput, OutputError, Severity, TemplateError
from handover.model.life import MADE_FOLDER, VETTING_FILE, Moment, Wave
from handover.model.message import msg
from handover.model.project import Project
from handover.project.leaks.documents import document_leaks
from handover.project.leaks.names import core
from handover.project.leaks.project import guard_of
from handover.project.leaks.text import words as folded_words
from handover.project.read import load_project, no_assets

Made = ClientArtifact | InternalArtifact


def make(
    document: Outside[Any], root: Path, today: dt.date, wave: Wave = Wave.END, allowed: Collection[str] = ()
) -> Made:
    """The document of the project in `root`, as of that day; `wave` is a survey's, `allowed` what `refuse_internal`
    lets pass.

    Raises InvalidInput where what it needs has findings, OutputError where something is missing for it, TemplateError.
    """
    dossier = read_dossier(root, today).required
    words = dossier.load_words("life", document.words_id)
    given: Any = InternalInput(dossier, words, today)
    request = ProjectRequest(root=root, today=today, draft=True, judge_assets=False, reads=document.reads)
    if document.given is InternalInput and document.reads:
        with contextlib.suppress(InvalidInput):  # what can't be read is unknown
            given = given._replace(targets=targets_met(prepare(request).project, words, today))
    if document.given is ClientInput:
        project = prepare(request).project
        sent = all_sent(root, project.settings.client.id, today) if document.moment is Moment.RECEIPT else ()
        given = ClientInput(project, words, today, next(iter(sent), None), wave)
    refuse(document, document.lacks(given, dossier))
    template, place = (b"", "") if document.render else template_of(document, dossier)
    made = outside(document, given, template, place, dossier.colour)
    if isinstance(made, ClientArtifact):
        refuse_internal(made.name, made.content, root, allowed)
    return made


def refuse_internal(name: str, content: bytes, root: Path, allowed: Collection[str] = ()) -> None:
    """Raise InvalidInput where a document for the client says what internal/ says, or names another client, unless its
    name is `allowed`."""
    guard = guard_of(load_project(root, scan_assets=no_assets))
    found = document_leaks([UnsealedByPolicy(name, None, content)], guard.searcher)
    if found and name not in allowed:
        raise InvalidInput(found)


def make_for_workspace(
    document: Outside[Any], folder: Path, today: dt.date, otherwise: str, allowed: Collection[str] = ()
) -> Made:
    """The document of a workspace, from its vetting list, in its language (`language_in`), or `otherwise` in that one.

    Raises as `make` does, and InvalidInput where one for others names a client, unless its name is `allowed`.
    """
    rows, findings = read_vetting(folder, registry.ours())
    if findings:
        raise InvalidInput(findings)
    language = language_in(folder)
    language = language if language in files.languages() else otherwise
    words = Words.load(language, registry.language(language).locale, "life", document.id)
    if document.audience is Audience.INTERNAL and not rows:
        refuse(document, msg("there is nothing in {file} yet", file=VETTING_FILE))
    agency = agency_says(folder, "agency", "name")
    given = WorkspaceInput(by_name(rows, folder), agency, words, today, agency_logo(folder))
    template, colour = files.word_templates(language)[document.id], agency_says(folder, "brand", "colour")
    made = outside(document, given, template, f"{document.id}.docx", colour)
    if isinstance(made, ClientArtifact) and made.name not in allowed:
        hint = msg("word it without the name, or write it on purpose with --allow-leak {file}", file=made.name)
        if found := naming(folder, _as_said(client_names(folder), agency), registry.ours(), hint):
            raise InvalidInput(found)
    return made


def _as_said(names: list[str], agency: str) -> list[str]:
    """The names but the agency's own, each without its legal form where people say it without."""
    own = f" {folded_words(agency)} "
    found = dict[str, None]()
    for name in names:
        whole, short = f" {folded_words(name)} ", core(name, own)
        if whole not in own:
            found[short if f" {folded_words(short)} " in whole else name] = None
    return list(found)


def receipt(project: Project, sent: Sent, today: dt.date) -> ClientArtifact:
    """The receipt of a bundle that has just been published, named after it. Raises TemplateError."""
    dossier = Dossier.of(project)
    given = ClientInput(project, dossier.load_words("life", RECEIPT.id), today, sent)
    made = outside(RECEIPT, given, *template_of(RECEIPT, dossier), dossier.colour)
    return ClientArtifact(f"{sent.name.removesuffix('.zip')}-{made.name}", made.content)


def refuse(document: Outside[Any], lacking: str) -> None:
    """Raise OutputError where something is missing for a document."""
    if lacking:
        raise OutputError.at(document.id.replace("_", "-"), lacking)


def all_sent(root: Path, client: str, today: dt.date) -> list[Sent]:
    """The client's signed bundles in a project's out/ that are intact on that day, the latest first."""
    # Somewhere on earth it is tomorrow already.
    now = dt.datetime.combine(today, dt.time.max, dt.UTC) + dt.timedelta(1)
    found: list[tuple[dt.datetime, Sent]] = []
    for path in sorted((root / "out").glob("*.zip")):
        try:
            with open_named(path, follow=False) as file:
                report = verify(read_given(file), now=now)
                sha256 = sha256_of(file)
        except (OSError, HandoverError):
            continue
        if report.bundle is not None and report.record.client == client:
            found.append((report.bundle.signed_at, sent_of(path, sha256, report)))
    return [sent for _, sent in sorted(found, key=lambda pair: pair[0], reverse=True)]


def sent_of(path: Path, sha256: str, report: Report) -> Sent:
    """What a receipt names of a verified bundle."""
    documents = [Content(one.name, one.role, "") for one in report.record.entries]
    has_files = any(entry.name.startswith(ASSETS_PREFIX) for entry in (*report.entries, *report.second))
    with_files = [Content(ASSETS_PREFIX, Role.ASSET, "")] if has_files or report.record.assets_archive else []
    return Sent(path.name, path.stat().st_size, sha256, report.record.bundle_id, (*documents, *with_files))


def template_of(document: Outside[Any], dossier: Dossier) -> tuple[bytes, str]:
    """The document's template and what messages call it: the project's own, judged first, else ours."""
    from handover.documents.templates import template_file
    from handover.templating.check import lint_template
    from handover.templating.own import own_template

    if own := own_template(document.id, dossier.language, dossier.templates):
        place, content = own
        found = lint_template(content, template_file(place, document.id, dossier.language))
        if any(finding.severity is Severity.ERROR for finding in found):
            raise InvalidInput(found)
        return content, place
    ours = files.word_templates(dossier.language)
    if document.id not in ours:
        raise TemplateError.at(
            f"templates/{dossier.language}/{document.id}.docx",
            msg("there is no such template"),
            hint=msg("put {file} into the project's templates/", file=f"{document.id}.docx"),
        )
    return ours[document.id], f"{document.id}.docx"


def target_of(document: Outside[Any], dossier: Dossier) -> Path:
    """Where the document of a project is written unless it's told otherwise: what is internal never stands in out/."""
    folder = MADE_FOLDER if document.audience is Audience.INTERNAL else "out"
    return dossier.root / folder / f"{dossier.load_words(document.words_id).text('file_name')}.{document.extension}"
