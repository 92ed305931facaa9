"""Rendering one planned document: its template, its words and its input → an artifact, not yet sealed.

Role: the one caller of the deliverables' `render`. It decides where templates are filled: in this process while all of
them are ours, and each in a child of its own, with limits, as soon as the project has one of its own. It holds no
secret but the vault that the inventory is given, and seals nothing.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from handover import binding
from handover.artifact import Artifact, Role
from handover.deliverables.base import Fill, RenderInput, fill_here
from handover.plan import Plan, PlannedDocument
from handover.stranger.values import check_texts

if TYPE_CHECKING:
    from handover.office.docx import Finish


def base_input(planned: Plan) -> RenderInput:
    """What every document of this plan is made from, before assets are packed."""
    return RenderInput(
        project=planned.project,
        words=planned.documents[0].words,
        today=planned.today,
        contents=planned.contents,
        draft=planned.draft,
        fill=_fill_apart if rendered_apart(planned) else _fill_here,
    )


def rendered_apart(planned: Plan) -> bool:
    """Whether templates are filled in children: always when the project has one of its own, ours included then."""
    return any(document.own_template for document in planned.documents)


def render(planned: PlannedDocument, base: RenderInput) -> Artifact:
    """Render one document with its own words and template. Raises TemplateError naming the template."""
    deliverable = planned.deliverable
    content = deliverable.render(document_input(planned, base))
    return Artifact(name=planned.name, role=deliverable.role, seal=deliverable.seal, content=content)


def document_input(planned: PlannedDocument, base: RenderInput, *, fill: Fill | None = None) -> RenderInput:
    """What one document is made from; `fill` takes the place of what would fill its template."""
    chosen = fill or base.fill
    if planned.own_template:
        chosen = _placed(chosen, planned.place)
    return replace(base, words=planned.words, template=planned.template, fill=chosen)


def render_early(planned: Plan) -> list[Artifact]:
    """Every document that needs nothing from the assets, in order. Children are started together and end here.

    Call it before any secret is loaded. Raises TemplateError naming the template.
    """
    base = base_input(planned)
    with ExitStack() as stack:
        if rendered_apart(planned):
            from handover.stranger.parent import Children

            children = Children(sum(document.template is not None for document in planned.early))
            base = replace(base, fill=stack.enter_context(children).fill)
        return [render(document, base) for document in planned.early]


def letter_of(planned: Plan) -> PlannedDocument:
    """The letter among the planned documents."""
    return next(d for d in planned.documents if d.deliverable.role is Role.LETTER)


def letter_binding(planned: Plan) -> bytes:
    """The digests of what the letter says, to be signed inside it."""
    letter = letter_of(planned)
    return binding.letter_binding(planned.project, letter.template or b"", dict(letter.words.texts), planned.contents)


def _fill_here(template: bytes, context: Mapping[str, object], finish: "Finish", *, place: str) -> bytes:
    check_texts(context, place)
    return fill_here(template, context, finish, place=place)


def _fill_apart(template: bytes, context: Mapping[str, object], finish: "Finish", *, place: str) -> bytes:
    from handover.stranger.parent import fill

    return fill(template, context, finish, place=place)


def _placed(fill: Fill, own_place: str) -> Fill:
    """The same, but messages name the project's own file."""

    def fill_own(template: bytes, context: Mapping[str, object], finish: "Finish", *, place: str) -> bytes:  # noqa: ARG001
        return fill(template, context, finish, place=own_place)

    return fill_own
