"""The notice: the letter that tells the decision, months before there is a bundle.

Role: `NoticeView` is the letter's view as of the day of notice, with the arithmetic of the earliest end. The same
letter acknowledges the client's own notice, or says that a contract isn't renewed. Signed and kept as
`signed/notice.docx`, it is packed as it is, and a cover letter goes with it. It encloses nothing, for nothing exists.
"""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Final

from handover.documents.base import Deliverable, RenderInput
from handover.documents.letter import REQUIRED, LetterView, rendered
from handover.documents.letter import view as letter_view
from handover.documents.letter_pages import follows_on_next_page
from handover.documents.word import unended
from handover.languages.words import Words
from handover.model.artifact import Role, Seal
from handover.model.contract import Contract, EndedBy
from handover.model.life import Moment
from handover.model.message import msg
from handover.model.notice import Basis, Earliest, earliest_end, may_end, notice_given, used
from handover.model.project import Project


@dataclass(frozen=True, slots=True)
class AllowedView:
    """The earliest day on which contract and notice let the contract end."""

    day: str
    """Written out."""
    basis: Basis
    """What it follows from: `notice`, `term` (the eve of a renewal, or the agreed end) or `custom`, where nothing was
    agreed."""
    ends: bool
    """Whether the contract ends on that day, which the letter says anyway."""
    custom: str
    """What is usual where nothing was agreed: "two weeks"."""


@dataclass(frozen=True, slots=True)
class StopView:
    """The last project that will still be finished."""

    project: str
    """Its name."""
    day: str
    """When it is due, written out."""
    later: bool
    """Whether that is after the earliest day on which the contract may end: it decides then, not the notice."""


@dataclass(frozen=True, slots=True)
class NoticeView(LetterView):
    """All that the notice's template may use: what the letter's may, and the arithmetic."""

    allowed: AllowedView | None
    """Absent where the notice was given up, or nothing says when it was given."""
    stop: StopView | None
    """Absent where no project is to be finished by the last working day."""
    conditions: tuple[str, ...]
    """What was agreed when the decision was told."""
    pack: str | None
    """What the handover pack will hold, as far as the project has it: "your accounts, your files"."""
    reference: str | None
    """A reference that is offered for the future."""


def on_its_day(project: Project, written: dt.date) -> Project:
    """The project as of the day that its notice bears; `written` is the day on which it is.

    Where the agency ends the contract, that is the day of notice, noted or else the letter's, unless that is still to
    come. What acknowledges, confirms or says that nothing is renewed bears the day on which it is written.
    """
    settings, contract = project.settings, project.settings.contract
    day = written
    if contract.ended_by is EndedBy.AGENCY:
        day = contract.notice_date or min(settings.letter.date, written)
        contract = contract.model_copy(update={"notice_date": None})
    letter = settings.letter.model_copy(update={"date": day})
    return replace(project, settings=settings.model_copy(update={"letter": letter, "contract": contract}))


def view(given: RenderInput) -> NoticeView:
    """What the notice says, from what the project holds as of its day (`on_its_day`)."""
    shown = letter_view(replace(given, alone=True))
    settings = given.project.settings
    allowed = None
    with suppress(OverflowError):
        given_on = notice_given(settings.contract, settings.letter.date)
        allowed = earliest_end(used(settings.contract, given_on), given_on)
    return NoticeView(
        **{field.name: getattr(shown, field.name) for field in fields(LetterView)}
        | {"follows_on_next_page": _overleaf(given, shown)},
        allowed=_allowed(allowed, settings.contract, given.words),
        stop=_stop(given, allowed),
        conditions=settings.letter.conditions,
        pack=_pack(given),
        reference=unended(settings.letter.reference),
    )


def _overleaf(given: RenderInput, shown: LetterView) -> bool:
    settings = given.project.settings
    conditions, reference = settings.letter.conditions, settings.letter.reference
    return follows_on_next_page(
        (settings.contract.subject, shown.reason),
        len(shown.recipient.address),
        (shown.deliveries, shown.obligations, shown.offers, shown.successors),
        len(shown.payments.invoices) if shown.payments else 0,
        given.words,
        # A list has its introduction and the space around it; a sentence of its own is a paragraph.
        besides=(len(conditions) + 2 if conditions else 0) + (2 if reference else 0),
    )


def _allowed(earliest: Earliest | None, contract: Contract, words: Words) -> AllowedView | None:
    # An end before that day is refused where something was agreed; where nothing was, custom isn't spoken of.
    if earliest is None or earliest.basis is Basis.WAIVED or not may_end(contract.ends, earliest):
        return None
    ends = earliest.day == contract.end_date
    return AllowedView(words.date(earliest.day), earliest.basis, ends, words.period("week", 2))


def _pack(given: RenderInput) -> str | None:
    """What the project has to hand over today; a list or a report that isn't there yet isn't promised."""
    project, held = given.project, {line.deliverable for line in given.contents}
    there = {
        "accounts": project.accounts,
        "files": project.assets,
        "pending": "pending" in held,
        "report": "report" in held,
    }
    said = [given.words.text(f"pack.{name}") for name, has in there.items() if has]
    return given.words.list(said) if said else None


def _stop(given: RenderInput, earliest: Earliest | None) -> StopView | None:
    contract = given.project.settings.contract
    rows = [
        (row.due_date, row.project)
        for row in given.project.pending
        if row.due_date and row.is_promised(contract.last_working_day)
    ]
    if not rows:
        return None
    due, name = max(rows)
    # Nobody stays beyond a notice that isn't spoken of: one given up, a term, or custom where others end it.
    ours = contract.ended_by is EndedBy.AGENCY
    spoken = earliest is not None and (earliest.basis is Basis.NOTICE or (earliest.basis is Basis.CUSTOM and ours))
    return StopView(name, given.words.date(due), spoken and earliest is not None and due > earliest.day)


def render(given: RenderInput) -> bytes:
    """The notice as an unsigned .docx. Raises TemplateError when the template can't be filled in."""
    return rendered(given, view(given))


def lacks(project: Project, written: dt.date) -> str:
    """Why a notice can't be written on a day, in words; an empty text where it can."""
    settings = on_its_day(project, written).settings
    day, told = settings.letter.date, settings.contract.notice_date
    end = settings.contract.ends
    if day > end:
        return msg("its day ({day}) is after the contract's end ({end})", day=day, end=end)
    if told is not None and told > day:
        return msg("it speaks of {told} as a day that has been, and is written on {day}", told=told, day=day)
    return ""


_LATER: Final = {"passphrase_by"}

NOTICE = Deliverable(
    id="notice",
    role=Role.NOTICE,
    seal=Seal.SIGNED_BEFORE,
    render=render,
    view=view,
    required=tuple(item for item in REQUIRED if not _LATER.intersection(item.any_of)),
    words_of=("letter",),
    moment=Moment.NOTICE,
    has_content=lambda project, _today: project.notice is not None,
    reads=frozenset({"accounts", "invoices", "metrics", "pending"}),
)
"""The registry's line for the notice; a bundle has it where it was signed before."""
