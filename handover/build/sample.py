"""A contract that ends, made up: what previews are rendered with and where the examples of variables come from.

Role: turns `templates/<language>/sample.toml` into a `Project` and a plan, exactly as validation would. Every optional
part is filled in, so that a preview shows all that a template can print. It reads nothing of the user's but what it is
given, and renders nothing.
"""

import datetime as dt
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from handover.bundle.binding import Kind
from handover.documents.base import ClientInput, Deliverable, InternalInput, Outside, Sent, WorkspaceInput
from handover.documents.figures import targets_met
from handover.documents.plan import Plan, PlannedDocument, plan, planned_document
from handover.languages import files, registry
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.artifact import AssetSource
from handover.model.life import AnswerRow, Internal, JournalRow, Moment, ReasonRow, VettingRow
from handover.model.project import Project
from handover.model.rows import (
    AccountRow,
    InvoiceRow,
    MetricRow,
    MilestoneRow,
    PendingRow,
    RoutineRow,
    TrainingRow,
)
from handover.model.settings import Settings

TODAY: Final = dt.date(2026, 11, 16)
"""The day of the preview: the letter's date, so that it encloses all, before the last working day."""

BEFORE: Final = dt.date(2026, 8, 19)
"""The day on which what comes before the notice is previewed."""

AFTERWARDS: Final = dt.date(2027, 1, 11)
"""The day on which documents that follow the contract's end are previewed."""
_BEFORE: Final = (Moment.DECIDE, Moment.CALL)
_ROOT: Final = Path("sample")
_TABLES: Final[dict[str, Any]] = {
    "pending": PendingRow,
    "invoices": InvoiceRow,
    "accounts": AccountRow,
    "milestones": MilestoneRow,
    "routines": RoutineRow,
    "training": TrainingRow,
}


@dataclass(frozen=True, slots=True)
class Looks:
    """What a preview takes from a project: its own templates and words, pictures and colour."""

    templates: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    logo: bytes | None = field(default=None, repr=False)
    signature: bytes | None = field(default=None, repr=False)
    colour: str | None = None
    locale: str | None = None


def sample_plan(language: str, looks: Looks | None = None) -> Plan:
    """The made-up project's plan in a language, ready to render.

    A language without a sample of its own takes the English one. Raises TemplateError for a language that has neither
    templates of ours nor of the project.
    """
    from handover.documents.registry import ALL

    project = sample_project(language, looks or Looks())
    return plan(project, ALL, today=TODAY, standard_templates=files.word_templates(language))


def sample_view(deliverable: Deliverable | Outside[Any], planned: Plan) -> object:
    """What the document's template would be given for this plan of the made-up project."""
    from handover.build.render import base_input, document_input
    from handover.documents.typed import typeset_given

    if isinstance(deliverable, Outside):
        return deliverable.view(typeset_given(sample_given(deliverable, planned.project))) if deliverable.view else None
    document, at = _planned(deliverable, planned)
    return deliverable.view(document_input(document, base_input(at))) if deliverable.view else None


def sample_document(deliverable: Deliverable | Outside[Any], planned: Plan) -> tuple[bytes, str]:
    """The document as a .docx for this plan of the made-up project, and its template where it's the project's own."""
    from handover.build.outside import template_of
    from handover.build.render import base_input, render
    from handover.documents.outside import outside

    if not isinstance(deliverable, Outside):
        document, at = _planned(deliverable, planned)
        return render(document, replace(base_input(at), preview=True)).content, document.place
    project = planned.project
    template, place = template_of(deliverable, Dossier.of(project))
    colour = project.settings.brand.colour
    made = outside(deliverable, sample_given(deliverable, project), template, place, colour)
    return made.content, place if "/" in place else ""


def _planned(deliverable: Deliverable, planned: Plan) -> tuple[PlannedDocument, Plan]:
    """The document as it is planned; a notice or cover letter, which no bundle has to have, by itself."""
    from handover.build.render import sent_alone
    from handover.documents.notice import NOTICE

    found = next((document for document in planned.documents if document.deliverable is deliverable), None)
    if found is None and deliverable is NOTICE:
        return sent_alone(Kind.NOTICE, planned)
    standard = files.word_templates(planned.project.settings.language)
    return found or planned_document(deliverable, planned.project, standard), planned


def sample_given(document: Outside[Any], project: Project) -> Any:
    """What a document outside the bundle is made from, for the made-up project."""
    life = _values(project.settings.language)["life"]
    words = Words.load(project.settings.language, project.locale, "life", document.id, own=project.words)
    if document.given is WorkspaceInput:
        vetting = tuple(VettingRow.model_validate(row) for row in life["vetting"])
        return WorkspaceInput(vetting, project.settings.agency.name, words, AFTERWARDS)
    if document.given is ClientInput:
        contents = sample_plan(project.settings.language).contents
        name = f"{project.settings.client.id}-handover-2026-11-30.zip"
        sent = Sent(name, 48_200_000, "0123456789abcdef" * 4, "0b0e8d70", contents)
        day = TODAY if document.moment is Moment.TRANSITION else AFTERWARDS
        return ClientInput(project, words, day, sent)
    dossier = Dossier.of(
        project,
        internal=Internal.model_validate(life["internal"]),
        journal=tuple(JournalRow.model_validate(row) for row in life["journal"]),
        reasons=tuple(ReasonRow.model_validate(row) for row in life["reasons"]),
        answers=tuple(AnswerRow.model_validate(row) for row in life["answers"]),
        evidence={row["evidence"]: "0123456789abcdef" * 4 for row in life["reasons"] if "evidence" in row},
    )
    today = BEFORE if document.moment in _BEFORE else AFTERWARDS
    return InternalInput(dossier, words, today, targets_met(project, words, today) if document.reads else None)


def sample_project(language: str, looks: Looks) -> Project:
    """The made-up project, validated by the models themselves."""
    values = _values(language)
    values.pop("life")
    tables: dict[str, Any] = {
        name: tuple(map(model.model_validate, values.pop(name))) for name, model in _TABLES.items()
    }
    series: dict[str, Any] = values.pop("series")
    values |= {"language": language, "locale": looks.locale}
    images = _brand(values, looks)
    settings = Settings.model_validate(values)
    return Project(
        root=_ROOT,
        settings=settings,
        metrics=tuple(row for name, given in series.items() for row in _rows(name, given, settings)),
        asset_notes=(),
        **tables,
        assets_root=_ROOT / "assets",
        assets=(AssetSource("logo.svg", "assets/logo.svg"),),
        images=images,
        templates=dict(looks.templates),
        digests={},
        default_locale=registry.language(language, looks.words).locale,
        words=dict(looks.words),
    )


def _values(language: str) -> dict[str, Any]:
    return tomllib.loads(files.read_text(language if language in files.languages() else registry.START, "sample.toml"))


def _brand(values: dict[str, Any], looks: Looks) -> dict[str, bytes]:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (600, 450), "#D9DDE2").save(stream, "PNG")
    images = dict.fromkeys([values["report"]["pictures"][side] for side in ("before", "after")], stream.getvalue())
    if looks.colour:
        values.setdefault("brand", {})["colour"] = looks.colour
    if looks.logo:
        values.setdefault("brand", {})["logo"] = "brand/logo"
        images["brand/logo"] = looks.logo
    if looks.signature:
        values["owners"][0]["signature_image"] = "brand/signature"
        images["brand/signature"] = looks.signature
    return images


def _rows(metric: str, given: Mapping[str, Any], settings: Settings) -> list[MetricRow]:
    start = settings.spans.baseline.start
    rows = []
    for number, value in enumerate(given["values"]):
        years, month = divmod(start.month - 1 + number, 12)
        row = {"date": f"{start.year + years}-{month + 1:02d}", "metric": metric, "value": str(value)}
        about = {key: given[key] for key in ("source", "exported_on") if key in given}
        rows.append(MetricRow.model_validate({**row, **about}))
    return rows
