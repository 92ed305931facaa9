"""Rendering one planned document: its template, its words and its input → an artifact, not yet sealed.

Role: the one caller of the deliverables' `render`. It holds no secret but the vault that the inventory is given, and
signs or encrypts nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from handover.bundle import binding
from handover.documents.base import RenderInput
from handover.documents.facts import letter_facts, letter_looks
from handover.documents.plan import Plan, PlannedDocument
from handover.documents.typed import typeset_project
from handover.model.artifact import Artifact, Role
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
    content = deliverable.render(document_input(planned, base))
    return Artifact(name=planned.name, role=deliverable.role, seal=deliverable.seal, content=content)


def render_all(documents: Sequence[PlannedDocument], base: RenderInput, vault: Vault | None = None) -> list[Artifact]:
    """Render several documents; the vault is given to those alone that print it."""
    return [
        render(document, replace(base, vault=vault if document.deliverable.uses_vault else None))
        for document in documents
    ]


def render_letter(planned: Plan) -> Artifact:
    """The letter alone, unsigned, in the form in which its owners sign it."""
    from handover.seal.letter import unsigned_letter

    made = render(letter_of(planned), base_input(planned, alone=True))
    bound = letter_binding(planned, alone=True)
    return replace(made, content=unsigned_letter(made.content, bound, place=made.name))


def document_input(planned: PlannedDocument, base: RenderInput) -> RenderInput:
    """What one document is made from; copies for machines are of what was typed."""
    place = planned.place or f"{planned.deliverable.id}.docx"
    if planned.deliverable.role is not Role.DATA:
        base = replace(base, project=base.typeset or typeset_project(base.project))
    return replace(base, words=planned.words, template=planned.template, place=place)


def unfillable(planned: Plan) -> list[Finding]:
    """What keeps the project's own templates, right in themselves, from being filled with what it holds."""
    found = []
    base = base_input(planned)
    for document in (one for one in planned.documents if one.own_template):
        try:
            render(document, base)
        except Unfillable as error:
            message = without_place(error.message, document.place)
            found.append(Finding(SourceLocation(document.place), error.rule, message, error.hint))
        except TemplateError:
            continue  # its own fault, which the check of the template names
    return found


def letter_of(planned: Plan) -> PlannedDocument:
    """The letter among the planned documents."""
    return next(d for d in planned.documents if d.deliverable.role is Role.LETTER)


def letter_binding(planned: Plan, *, alone: bool = False) -> bytes:
    """What the letter says, in the bundle or by itself, as digests and in short, to be signed inside it."""
    from handover.documents.letter import said, view

    letter, project = letter_of(planned), planned.project
    given = document_input(letter, base_input(planned, alone=alone))
    shown = view(given)
    return binding.write_binding(
        binding.Kind.LETTER,
        project.settings.client.id,
        project.settings.letter.date,
        said(shown),
        letter_facts(project, [line.name for line in shown.enclosures], key_only=given.key_only),
        letter_looks(project, letter.template or b"", letter.words.texts),
    )
