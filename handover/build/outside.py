"""A document outside the bundle: from a folder to an artifact of the type that its audience has.

Role: gathers what the registry line asks for and its template, ours or the project's own, and renders it. What a
document lacks is told before anything is made. It writes nothing.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.outside import outside
from handover.languages import files
from handover.life.dossier import Dossier, read_dossier
from handover.model.artifact import ClientArtifact, InternalArtifact
from handover.model.errors import InvalidInput, OutputError, Severity, TemplateError
from handover.model.life import MADE_FOLDER
from handover.model.message import msg
from handover.model.sources import TEMPLATES_FOLDER

Made = ClientArtifact | InternalArtifact


def make(document: Outside[Any], root: Path, today: dt.date) -> Made:
    """The document of the project in `root`, as of that day.

    Raises InvalidInput where what it needs has findings, OutputError where something is missing for it, TemplateError.
    """
    dossier = read_dossier(root, today).required
    given = InternalInput(dossier, dossier.load_words("life", document.id), today)
    _refuse_lacking(document, given)
    template, place = template_of(document, dossier)
    return outside(document, given, template, place, dossier.colour)


def _refuse_lacking(document: Outside[Any], given: Any) -> None:
    if lacking := document.lacks(given):
        raise OutputError(msg("{document}: {lacking}", document=document.id.replace("_", "-"), lacking=lacking))


def template_of(document: Outside[Any], dossier: Dossier) -> tuple[bytes, str]:
    """The document's template and what messages call it: the project's own, judged first, else ours."""
    from handover.documents.templates import template_file
    from handover.templating.check import lint_template

    for name in (f"{dossier.language}/{document.id}", document.id):
        if name in dossier.templates:
            place, content = f"{TEMPLATES_FOLDER}/{name}.docx", dossier.templates[name]
            found = lint_template(content, template_file(place, document.id, dossier.language))
            if any(finding.severity is Severity.ERROR for finding in found):
                raise InvalidInput(found)
            return content, place
    ours = files.word_templates(dossier.language)
    if document.id not in ours:
        raise TemplateError(
            msg("{place}: there is no such template", place=f"templates/{dossier.language}/{document.id}.docx"),
            hint=msg("put {file} into the project's templates/", file=f"{document.id}.docx"),
        )
    return ours[document.id], f"{document.id}.docx"


def target_of(document: Outside[Any], dossier: Dossier) -> Path:
    """Where the document of a project is written unless it's told otherwise: what is internal never stands in out/."""
    folder = MADE_FOLDER if document.audience is Audience.INTERNAL else "out"
    return dossier.root / folder / f"{dossier.load_words(document.id).text('file_name')}.docx"
