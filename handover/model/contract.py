"""What ends and how: the contract, its notice, the letter that says so, and the months until the last day.

Role: keys of `handover.yaml`, as `handover.model.settings` puts them together; each attribute's docstring is its
documentation. The arithmetic of notice is `handover.model.notice`'s.
"""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handover.model.base import Date, Line, Model, Text, Whole, Word, without_final_mark


class EndedBy(Word):
    """Who ends the contract; the letter's wording follows."""

    AGENCY = "agency"
    CLIENT = "client"
    MUTUAL = "mutual"
    EXPIRY = "expiry"


class NoticeUnit(Word):
    """What a notice period is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class NoticeFrom(Word):
    """Where a notice period begins: on the day of notice, or at the end of that day's month."""

    NOTICE = "notice"
    MONTH_END = "month-end"


class WaivedBy(Word):
    """Who gave up the notice period that the contract asks for."""

    CLIENT = "client"
    MUTUAL = "mutual"


class Law(Word):
    """Which law governs the contract."""

    FR = "fr"
    UK = "uk"
    US = "us"
    OTHER = "other"


_LEADING = re.compile(
    r"(?:The|Your|Our|An?|Le|La|Les|Un|Une|Des|Votre|Vos|Notre|Nos)(?= [^\W\d_A-Z])|L(?=['’][a-zà-ÿ])"
)
"""An article or a possessive before a common noun; before a proper one ("La Poste") it belongs to the name."""


def _inside_a_sentence(value: object) -> object:
    # It completes "our contract for …": written as a heading is, "The care of your site." would stop the sentence.
    made = without_final_mark(value)
    if not isinstance(made, str) or made.isupper():
        return made
    return _LEADING.sub(lambda found: found[0].lower(), made, count=1) if _LEADING.match(made) else made


_SENTENCE = re.compile(
    r"(?:we|I|you|they|nous|je|vous|ils?|elles?|please|merci)\s|(?:j|n)['’]|.*\b(?:we|I|nous|je|j['’]ai)\b.*[.!]$",
    re.IGNORECASE,
)
"""What speaks for itself: it can't complete a sentence."""


def _no_sentence(value: str) -> str:
    if _SENTENCE.match(value):
        raise PydanticCustomError("text.sentence", "is a sentence of its own")
    return value


def _going_on(value: object) -> object:
    # It goes on with "a reference …".
    return value[:1].lower() + value[1:] if isinstance(value, str) and value[1:2].islower() else value


Subject = Annotated[Line, BeforeValidator(_inside_a_sentence), AfterValidator(_no_sentence)]


class Notice(Model):
    """The notice period that the contract asks for: `{count: 3, unit: month}`."""

    count: Whole = Field(ge=1, le=999, examples=[3])
    """How many."""
    unit: NoticeUnit
    """`day`, `week` or `month`."""
    runs_from: NoticeFrom = Field(NoticeFrom.NOTICE, alias="from")
    """`notice`: it runs from the day of notice; `month-end`: from the end of that day's month."""


class Obligation(Model):
    """Something that the contract asks of the agency at its end."""

    what: Line = Field(examples=["return of every file that was received"])
    """What it asks for."""
    clause: Line | None = Field(None, examples=["clause 9.2"])
    """Where the contract says so."""
    met_on: Date | None = None
    """The day on which it was met."""


class Contract(Model):
    """The contract that ends."""

    reference: Line | None = Field(None, examples=["C-2022-017"])
    """The contract's number, printed as the letter's reference."""
    subject: Subject = Field(examples=["the care of your web site"])
    """What the contract is about, so that it completes "the contract for …" ("le contrat portant sur …")."""
    start_date: Date
    """First day of the relationship."""
    ended_by: EndedBy
    """Who ends it: `agency`, `client`, `mutual` or `expiry`."""
    notice_date: Date | None = None
    """The day on which notice was given; when absent and the agency ends the contract, the letter gives it."""
    notice: Notice | None = None
    """The notice period that the contract asks for."""
    notice_waived_by: WaivedBy | None = None
    """Who gave it up where the work ends before it is over: `client`, or `mutual` where both agreed."""
    renews_on: Date | None = None
    """The day on which the contract would renew itself: it ends on the eve, if notice is over by then."""
    governing: Law | None = None
    """The law that governs it: `fr`, `uk`, `us` or `other`. It decides which advice `handover validate` gives."""
    last_working_day: Date
    """The last day on which the agency works for the client."""
    end_date: Date | None = None
    """The day on which the contract legally ends; when absent the last working day, or the eve of `renews_on` where the
    contract expires."""
    obligations: tuple[Obligation, ...] = ()
    """What the contract asks of the agency at its end: letter and plan list it, and what was met by then."""

    @property
    def ends(self) -> dt.date:
        """The day on which it legally ends."""
        return ending(self.ended_by, self.renews_on, self.end_date, self.last_working_day) or self.last_working_day


def ending(
    by: EndedBy | None, renews_on: dt.date | None, end_date: dt.date | None, last_day: dt.date | None
) -> dt.date | None:
    """The day on which a contract ends, from what is known of it: one that expires runs to the eve of its renewal, and
    none ends before the last working day."""
    term = renews_on - dt.timedelta(1) if by is EndedBy.EXPIRY and renews_on is not None else None
    return end_date or max(filter(None, (term, last_day)), default=None)


class Delivery(Model):
    """Something that will still be delivered."""

    what: Line
    """What it is."""
    due_date: Date
    """When the client gets it."""


class Successor(Model):
    """A provider whom the client could turn to next."""

    name: Line
    """The provider's name."""
    contact: Line | None = None
    """E-mail address, phone or web site."""
    note: Line | None = None
    """Why this one, in a few words."""


class KnownSuccessor(Model):
    """The provider whom the client has chosen."""

    name: Line
    """The provider's name."""
    contact: Line | None = None
    """E-mail address, phone or web site."""


class Letter(Model):
    """What the termination letter says beyond the facts of the contract."""

    date: Date
    """The letter's own date: notice is given long before the bundle is built. Where this is still the day of a notice
    that was signed before, the cover letter bears the bundle's."""
    place: Line = Field(examples=["Whitby"])
    """Where it is signed."""
    reason: Text | None = None
    """The public reason, neutral and about no person; never the internal one. Not printed where the client ends the
    contract."""
    highlights: tuple[Line, ...] = Field((), max_length=5)
    """Two to five highlights of the work together, a short sentence each."""
    deliveries: tuple[Delivery, ...] = ()
    """What will still be delivered, and when; what was due before the letter's date isn't in the letter."""
    offers: tuple[Line, ...] = ()
    """What is offered beside that, one item a line: help with choosing a provider, tools meanwhile, a workshop, a
    hotline, a briefing of whoever takes over."""
    successors: tuple[Successor, ...] = ()
    """Providers whom the client could turn to; nobody is recommended once `successor_known` is there."""
    successor_known: KnownSuccessor | None = None
    """The provider whom the client has chosen: letter, plan and guide name this one."""
    conditions: tuple[Line, ...] = ()
    """What was agreed when the decision was told (on the phone), one item a line: the notice confirms it."""
    reference: Annotated[Line, BeforeValidator(_going_on), AfterValidator(_no_sentence)] | None = Field(
        None, examples=["to any agency or client who asks"]
    )
    """A reference that is offered for the future, so that it completes "a reference …" ("une recommandation …")."""
    wishes: Text | None = None
    """Good wishes in the sender's own words; a standard sentence when absent."""


Days = Annotated[Literal[30, 60, 90], BeforeValidator(lambda v: int(v) if v in {"30", "60", "90"} else v)]


class Transition(Model):
    """The months in which the work changes hands."""

    days: Days | None = None
    """How many days before the last working day the plan speaks of: 30, 60 or 90; it names none when absent."""
    fee: Line | None = Field(None, examples=["EUR 900 a month, invoiced as before"])
    """What they cost, in words."""
    contact: Line | None = Field(None, examples=["Sam Pike, 01947 222 222"])
    """Whom to call with questions, if not the first owner: letter, start page, plan and guide say so."""
    help_until: Date | None = None
    """The last day on which questions are answered, after the last working day."""
    overview: Text | None = None
    """How the site, its accounts and the routines fit together, for whoever takes over, in a few sentences."""
