"""What surrounds the last delivery: moments, the journal, and the agency's own papers in internal/.

Role: the rows of `journal.csv`, `internal/reasons.csv`, `internal/answers.csv`, `received/*.csv` and the workspace's
`vetting.csv`, and the keys of `internal/internal.yaml`; each docstring is its documentation. None of it is an input of
a bundle, and nothing here is taken by what packs or sends one.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from handover.model.base import (
    Amount,
    Currency,
    Date,
    Flag,
    Line,
    Model,
    Number,
    Percent,
    ProjectPath,
    Sha256,
    Text,
    Word,
)


class Moment(StrEnum):
    """The moments of an ending, in the order that the guides advise."""

    DECIDE = "decide"
    CALL = "call"
    NOTICE = "notice"
    TRANSITION = "transition"
    LAST_DAY = "last-day"
    RECEIPT = "receipt"
    REVOKE = "revoke"
    AFTER = "after"
    LEARN = "learn"
    CLOSE = "close"


class Event(Word):
    """What has happened, as the journal notes it."""

    DECIDED = "decided"
    CALLED = "called"
    NOTICE_GIVEN = "notice-given"
    PLAN_AGREED = "plan-agreed"
    BUNDLE_SENT = "bundle-sent"
    PASSPHRASE_GIVEN = "passphrase-given"  # noqa: S105 — an event's name
    RECEIPT_RETURNED = "receipt-returned"
    ACCESS_REVOKED = "access-revoked"
    SURVEY_SENT = "survey-sent"
    SURVEY_ANSWERED = "survey-answered"
    POST_MORTEM_HELD = "post-mortem-held"
    CLOSED = "closed"


class Reason(Word):
    """Why one thinks of parting; there is no word on anybody's health or character."""

    LATE_PAYMENT = "late-payment"
    SCOPE = "scope"
    DISRESPECT = "disrespect"
    MORALE = "morale"
    PRICE_PRESSURE = "price-pressure"
    NEGATIVITY = "negativity"
    MICROMANAGEMENT = "micromanagement"
    NEVER_SATISFIED = "never-satisfied"
    TOO_LITTLE_WORK = "too-little-work"
    OUTGROWN = "outgrown"
    RESULTS = "results"
    UNPROFITABLE = "unprofitable"


class LeadSource(Word):
    """Whether other work comes in."""

    STEADY = "steady"
    IRREGULAR = "irregular"
    NONE = "none"


class Medium(Word):
    """How the decision is told first."""

    PHONE = "phone"
    IN_PERSON = "in-person"
    VIDEO = "video"
    EMAIL_FIRST = "email-first"


class Wave(Word):
    """When a survey was answered; `ours` is what we guess that the client would answer."""

    START = "start"
    DURING = "during"
    END = "end"
    OURS = "ours"


class Lesson(Word):
    """What a lesson changes: a question for prospects, a reason to decline, a price, or how we work."""

    QUESTION = "question"
    DEAL_BREAKER = "deal-breaker"
    PRICE = "price"
    PROCESS = "process"


class JournalRow(Model):
    """One thing that happened (`journal.csv`)."""

    date: Date
    """The day on which it happened."""
    event: Event
    """What: one of the events below."""
    by: Line | None = None
    """Who did it."""
    note: Text | None = None
    """Anything to remember of it."""


class ReasonRow(Model):
    """One fact that speaks for parting (`internal/reasons.csv`)."""

    on: Date
    """The day of it."""
    fact: Text
    """What happened, as anyone who was there would say it."""
    kind: Reason
    """Which reason it belongs to."""
    evidence: ProjectPath | None = None
    """A file in `internal/evidence/` that shows it."""
    amount: Amount | None = None
    """What it cost, where that can be said."""
    currency: Currency | None = None
    """ISO 4217 code; `options.currency` when absent."""


class AnswerRow(Model):
    """One answer to a survey (`internal/answers.csv`); `handover import answers` adds them."""

    on: Date
    """The day on which the form came back."""
    wave: Wave
    """`start`, `during`, `end`, or `ours` for our own guess."""
    respondent: Line | None = None
    """Who answered."""
    question: Line
    """The question, by its name in the form."""
    score: Number | None = None
    """The score that was given."""
    out_of: Number | None = None
    """The best possible score."""
    text: Text | None = None
    """What was written."""


class VettingRow(Model):
    """One thing to ask or to mind before working with somebody new (the workspace's `vetting.csv`)."""

    kind: Lesson
    """`question`, `deal-breaker`, `price` or `process`."""
    text: Text
    """What to ask or to mind."""
    from_project: Line | None = None
    """The projects that taught it, by their clients' ids."""
    added_on: Date
    """The day on which it was first noted."""


class ReceivedRow(Model):
    """A receipt that came back, kept untouched beside this table (`received/received.csv`)."""

    on: Date
    """The day on which it came back."""
    file: Line
    """Its name in `received/`."""
    sha256: Sha256
    """Its SHA-256."""
    code: Line | None = None
    """The code of the bundle that it names; absent where it names none."""


class ReservationRow(Model):
    """Something that the client accepted with a reservation (`received/reservations.csv`)."""

    number: Line
    """Its number."""
    on: Date
    """The day on which it was made."""
    text: Text
    """What the client says is missing or isn't as agreed."""
    settled_on: Date | None = None
    """The day on which it was settled."""


class Expectations(Model):
    """What either side expects of the other."""

    theirs: Text | None = None
    """What they expect of us."""
    ours: Text | None = None
    """What we expect of them."""


class Attempt(Model):
    """Something that was tried to keep working together."""

    on: Date | None = None
    """When."""
    what: Line
    """What was tried."""
    outcome: Line | None = None
    """What came of it."""


class Asked(Model):
    """Somebody who was asked about the decision."""

    who: Line
    """Who."""
    view: Line | None = None
    """What they think."""


class DecisionFacts(Model):
    """What is known when one thinks of parting; what is absent is printed as unknown, never as nothing."""

    reasons: tuple[Reason, ...] = ()
    """Why one thinks of it."""
    revenue_share: Percent | None = None
    """The client's part of our revenue over a year, 0–100."""
    effort_share: Percent | None = None
    """The client's part of our working hours over a year, 0–100."""
    margin: Line | None = Field(None, examples=["4 % over twelve months"])
    """What the work leaves, in words."""
    only_client: Flag | None = None
    """Whether it is our only client."""
    has_stake: Flag | None = None
    """Whether either side has a stake in the other."""
    lead_source: LeadSource | None = None
    """Whether other work comes in: `steady`, `irregular` or `none`."""
    influence: Line | None = None
    """Whom the client knows whose opinion matters to us."""
    expectations: Expectations = Expectations.model_construct()
    """What either side expects of the other."""
    attempts: tuple[Attempt, ...] = ()
    """What was tried."""
    asked: tuple[Asked, ...] = ()
    """Who was asked."""
    contract_read_on: Date | None = None
    """The day on which the contract was read again."""
    lawyer_asked_on: Date | None = None
    """The day on which a lawyer was asked."""
    bad_meeting_on: Date | None = None
    """The day of the meeting after which one thought of it, where there was one."""
    not_before_on: Date | None = None
    """The day before which nothing is decided."""


class Backlash(Model):
    """What to do should the call turn bad."""

    holding_statement: Text | None = None
    """What to say and no more, until everybody is calm."""
    who_answers: Line | None = None
    """Who answers messages meanwhile."""
    watch: tuple[Line, ...] = ()
    """What to keep an eye on: reviews, access, payments."""


class CallPlan(Model):
    """The call in which the decision is told."""

    medium: Medium | None = None
    """`phone`, `in-person`, `video` or `email-first`."""
    with_: Line | None = Field(None, alias="with")
    """Whom to call; the first contact when absent."""
    planned_on: Date | None = None
    """When."""
    client_prefers: Medium | None = None
    """How the client likes to hear news."""
    at_ease_in_conflict: Flag | None = None
    """Whether whoever calls is at ease when voices are raised."""
    reasons: tuple[Line, ...] = Field((), max_length=6)
    """At least three, neutral, about us and not about them."""
    if_asked_why: Text | None = None
    """The answer, word for word, when they ask for more."""
    concessions: tuple[Line, ...] = ()
    """What may be agreed on the phone."""
    backlash: Backlash = Backlash.model_construct()
    """What to do should it turn bad."""


class LessonDecided(Model):
    """What the post-mortem decided."""

    kind: Lesson
    """`question`, `deal-breaker`, `price` or `process`."""
    text: Line
    """What."""
    who: Line | None = None
    """Who sees to it."""
    by_on: Date | None = None
    """By when."""


class PostMortem(Model):
    """The meeting in which the team looks back."""

    planned_on: Date | None = None
    """When."""
    attendees: tuple[Line, ...] = ()
    """Everyone who worked on it, who sold it, a manager."""
    decisions: tuple[LessonDecided, ...] = ()
    """What was decided; each goes into the vetting list."""


class Internal(Model):
    """`internal/internal.yaml`: what the agency writes for itself alone."""

    decision: DecisionFacts | None = None
    """What is known when one thinks of parting."""
    call: CallPlan | None = None
    """The call in which the decision is told."""
    post_mortem: PostMortem | None = None
    """The meeting in which the team looks back."""


JOURNAL_FILE = "journal.csv"
INTERNAL_FILE = "internal/internal.yaml"
REASONS_FILE = "internal/reasons.csv"
ANSWERS_FILE = "internal/answers.csv"
EVIDENCE_FOLDER = "internal/evidence"
MADE_FOLDER = "internal/made"
RECEIVED_FILE = "received/received.csv"
RESERVATIONS_FILE = "received/reservations.csv"
VETTING_FILE = "vetting.csv"

LIFE_TABLES: Mapping[str, type[Model]] = {
    "journal": JournalRow,
    "reasons": ReasonRow,
    "answers": AnswerRow,
    "vetting": VettingRow,
    "received": ReceivedRow,
    "reservations": ReservationRow,
}
"""Tables that are no input of a bundle, by the name of their file."""
