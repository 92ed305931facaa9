"""The call in which the decision is told: a sheet to have beside the phone, and its form as an e-mail.

Role: `CallView` is all that `call.docx` and `call_email.docx` see. It advises on the way to tell it from two habits,
the client's and one's own; what is said is in the templates. It looks for no tone: the dossier does.
"""

from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.shared import DocumentView, of_dossier
from handover.languages.typography import NO_BREAK_SPACE
from handover.life.dossier import Dossier
from handover.model.contract import EndedBy
from handover.model.life import CallPlan, Medium, Moment
from handover.model.message import msg
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class CallView(DocumentView):
    """All that the templates of the call may use."""

    ended_by: EndedBy
    """`agency`, also where nobody said; else it is a call of thanks: `client`, `mutual` or `expiry`."""
    person: str | None
    """Whom to call."""
    salutation: str | None
    """How letters to the client begin."""
    sender: str
    """Who writes: the first owner, else the agency."""
    phone: str | None
    """Their number."""
    planned_on: str | None
    """When, written out."""
    medium: str | None
    """How it is told, as planned: "by phone"."""
    advice: str | None
    """`call`, `write`, or `company` where one habit asks for a voice and the other for none; absent for no advice."""
    prefers: str | None
    """How the client likes to hear news, in words."""
    last_day: str | None
    """The last working day, written out."""
    ahead: bool
    """Whether it is to come, or today."""
    reasons: tuple[str, ...]
    """Why, about the agency."""
    why: str | None
    """What to say where they ask for more."""
    deliveries: tuple[str, ...]
    """What will still be delivered, and further help."""
    concessions: tuple[str, ...]
    """What may be agreed on the phone."""
    bad: bool
    """Whether anything is said on what to do should it turn bad."""
    statement: str | None
    """What to say then, and no more."""
    answers: str | None
    """Who answers messages then."""
    watch: tuple[str, ...]
    """What to keep an eye on then."""


def view(given: InternalInput) -> CallView:
    """What the sheet says."""
    dossier, words = given.dossier, given.words
    plan = dossier.internal.call or CallPlan()
    bad = plan.backlash
    return CallView(
        **of_dossier(given),
        ended_by=dossier.ended_by or EndedBy.AGENCY,
        person=plan.with_ or dossier.contact or None,
        salutation=dossier.salutation or None,
        sender=dossier.sender or dossier.agency or words.text("empty"),
        phone=dossier.phone.replace(" ", NO_BREAK_SPACE) or None,
        planned_on=words.date(plan.planned_on) if plan.planned_on else None,
        medium=words.text(f"medium.{plan.medium}") if plan.medium else None,
        advice=advice(plan),
        prefers=words.text(f"medium.{plan.client_prefers}") if plan.client_prefers else None,
        last_day=words.date(dossier.last_day) if dossier.last_day else None,
        ahead=dossier.last_day is not None and given.today <= dossier.last_day,
        reasons=plan.reasons,
        why=plan.if_asked_why,
        deliveries=dossier.promised,
        concessions=plan.concessions,
        bad=bool(bad.holding_statement or bad.who_answers or bad.watch),
        statement=bad.holding_statement,
        answers=bad.who_answers,
        watch=bad.watch,
    )


def advice(plan: CallPlan) -> str | None:
    """How to tell it, from the client's habit and one's own; None where neither is known."""
    if plan.client_prefers is Medium.EMAIL_FIRST or (plan.client_prefers is None and plan.at_ease_in_conflict is False):
        return "write"
    if plan.client_prefers is not None:
        return "company" if plan.at_ease_in_conflict is False else "call"
    return "call" if plan.at_ease_in_conflict else None


def _lacks(given: InternalInput, dossier: Dossier) -> str:
    if dossier.ended_by not in {None, EndedBy.AGENCY}:
        return msg(
            "the agency doesn't end this contract, so there is no decision to tell: `handover write call` thanks them"
        )
    return _too_late(given, dossier)


def _too_late(given: InternalInput, dossier: Dossier) -> str:
    last = dossier.last_day
    if last is None or given.today <= last or dossier.ended_by not in {None, EndedBy.AGENCY}:
        return ""
    return msg("the last working day ({last}) has passed: the decision is told already", last=last)


_REQUIRED = (Required(msg("the client's name"), ("client",)), Required(msg("the reasons"), ("reasons[]",)))

CALL: Final = Outside(
    id="call",
    audience=Audience.INTERNAL,
    moment=Moment.CALL,
    help=msg(
        "the sheet for the call in which the decision is told, or for the call of thanks where the client ends it"
    ),
    given=InternalInput,
    view=view,
    required=_REQUIRED,
    lacks=_too_late,
)
"""The registry's line for the call sheet."""

CALL_EMAIL: Final = Outside(
    id="call_email",
    audience=Audience.INTERNAL,
    moment=Moment.CALL,
    help=msg("the same as the e-mail of someone who writes first, with the offer to call"),
    given=InternalInput,
    view=view,
    required=_REQUIRED,
    lacks=_lacks,
)
"""The registry's line for its form as an e-mail."""
