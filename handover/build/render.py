"""Rendering one planned document: its template, its words and its input → an artifact, not yet sealed.

Role: the one caller of the deliverables' `render`. It holds no secret but the vault that the inventory is given, and
signs or encrypts nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from handover.build.earlier_notice import on_cover_day
from handover.bundle import binding
from handover.documents.base import RenderInput
from handover.documents.facts import letter_facts, letter_looks
from handover.documents.plan import Plan, PlannedDocument, planned_document
from handover.documents.typed import typeset_project
from handover.languages import files
from handover.model.artifact import Artifact, Role, Seal
from handover.model.errors import Finding, SourceLocation, TemplateError, Unfillable
from handover.model.message import without_place
from handover.model.project import Vault


def base_input(planned: Plan, *, alone: bool = False) -> RenderInput:
    """What every document of this plan is made from, before assets are packed; `alone` for a letter by itself."""
    return RenderInput(
        project=planned.project,
        words=planned.documents[0].words,
        today=planned.today,
        contents=planned.contents,
        draft=planned.draft,
        alone=alone,
        typeset=planned.typeset,
    )


def render(planned: PlannedDocument, base: RenderInput) -> Artifact:
    """Render one document with its own words and template. Raises TemplateError naming the template."""
    deliverable = planned.deliverable
    earlier = base.project.notice if deliverable.seal is Seal.SIGNED_BEFORE and not base.preview else None
    content = earlier or deliverable.render(document_input(planned, base))
    return Artifact(name=planned.name, role=deliverable.role, seal=deliverable.seal, content=content)


def render_all(documents: Sequence[PlannedDocument], base: RenderInput, vault: Vault | None = None) -> list[Artifact]:
    """Render several documents; the vault is given to those alone that print it."""
    return [
        render(document, replace(base, vault=vault if document.deliverable.uses_vault else None))
        for document in documents
    ]


def render_alone(kind: binding.Kind, planned: Plan) -> Artifact:
    """The letter or the notice alone, unsigned, in the form in which its owners sign it."""
    from handover.seal.letter import unsigned_letter

    document, at = sent_alone(kind, planned)
    content = document.deliverable.render(document_input(document, base_input(at, alone=True)))
    content = unsigned_letter(content, binding_alone(kind, planned), place=document.name)
    return Artifact(document.name, document.deliverable.role, document.deliverable.seal, content)


def document_input(planned: PlannedDocument, base: RenderInput) -> RenderInput:
    """What one document is made from; copies for machines are of what was typed."""
    place = planned.place or f"{planned.deliverable.id}.docx"
    if planned.deliverable.role is not Role.DATA:
        base = replace(base, project=base.typeset or typeset_project(base.project))
    if planned.deliverable.role is Role.LETTER:
        base = replace(base, project=on_cover_day(base.project, base.today))
    return replace(base, words=planned.words, template=planned.template, place=place, ours=not planned.place)


def unfillable(planned: Plan) -> list[Finding]:
    """What keeps the project's own templates, right in themselves, from being filled with what it holds."""
    found = []
    base = base_input(planned)
    for document in (one for one in planned.documents if one.place):
        try:
            render(document, base)
        except Unfillable as error:
            message = without_place(error.message, document.place)
            found.append(Finding(SourceLocation(document.place), error.rule, message, error.hint))
        except TemplateError:
            continue  # its own fault, which the check of the template names
    return found


def letter_binding(planned: Plan) -> bytes:
    """What the letter says in the bundle, as digests and in short, to be signed inside it."""
    return _binding(binding.Kind.LETTER, *sent_alone(binding.Kind.LETTER, planned), alone=False)


def binding_alone(kind: binding.Kind, planned: Plan) -> bytes:
    """The same of a letter or notice that is sent by itself."""
    return _binding(kind, *sent_alone(kind, planned), alone=True)


def sent_alone(kind: binding.Kind, planned: Plan) -> tuple[PlannedDocument, Plan]:
    """The letter among the planned documents, or the notice, which is none of them; and the plan as of its day. For a
    notice the plan's own day is the one on which it is written."""
    from handover.documents.notice import NOTICE, on_its_day

    if kind is binding.Kind.LETTER:
        at = replace(planned, project=on_cover_day(planned.project, planned.today))
        return next(d for d in planned.documents if d.deliverable.role is Role.LETTER), at
    project = on_its_day(planned.project, planned.today)
    standard = files.word_templates(project.settings.language)
    return planned_document(NOTICE, project, standard), replace(planned, project=project)


def _binding(kind: binding.Kind, document: PlannedDocument, planned: Plan, *, alone: bool) -> bytes:
    """The project is taken as it was typed: typesetting is no fact."""
    from handover.documents.letter import said, view

    given = document_input(document, base_input(planned, alone=alone))
    shown, project = view(given), planned.project
    return binding.write_binding(
        kind,
        project.settings.client.id,
        project.settings.letter.date,
        project.settings.letter.date if alone else planned.today,
        said(shown),
        letter_facts(project, [line.name for line in shown.enclosures], key_only=given.key_only),
        letter_looks(project, document.template or b"", document.words.texts),
    )
