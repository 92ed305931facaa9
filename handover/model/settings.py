"""`handover.yaml` as models: who ends what with whom, what the letter says, what the report compares.

Role: the shape and meaning of every key; each attribute's docstring is its documentation, in the JSON Schema
and in docs/project.md. Rules that need several keys at once (an end before a start) are in `handover.project.check`,
which knows the line of each.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handover.model.base import (
    Colour,
    Currency,
    Date,
    Email,
    Flag,
    Line,
    MetricId,
    Model,
    Number,
    ProjectPath,
    Sha256,
    Slug,
    Text,
    Whole,
    Word,
)
from handover.model.message import msg
from handover.model.selection import MAX_PATTERNS, MAX_PLACES, Selection, pattern_problem, too_many

FormatVersion = Annotated[Literal[1], BeforeValidator(lambda v: 1 if v == "1" else v)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}_[A-Z]{2}$", examples=["en_GB", "en_US", "fr_FR", "fr_BE"])]


class Voice(Word):
    """Who speaks in the documents: an agency says "we", a freelancer says "I"."""

    WE = "we"
    I = "i"  # noqa: E741 — the word itself


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


class Channel(Word):
    """How the client gets the passphrase; never the e-mail that carries the zip."""

    PHONE = "phone"
    SMS = "sms"
    IN_PERSON = "in-person"
    POST = "post"


class Beside(Word):
    """In which files the credentials are delivered."""

    BOTH = "both"
    WORKBOOK = "workbook"


class Unit(Word):
    """What a metric's values count. Percentages are written 0–100 (2.4 means 2.4 %)."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    RATIO = "ratio"
    SCORE = "score"
    RANK = "rank"
    DURATION = "duration"


class Direction(Word):
    """Which way is good for a metric."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Combine(Word):
    """How a metric's monthly values become one value for a period."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"
    WEIGHTED = "weighted"


class Agency(Model):
    """The sender: the agency or freelancer who hands over."""

    name: Line = Field(examples=["Harbour Studio"])
    """The trading name, as it stands on the letterhead."""
    voice: Voice = Voice.WE
    """`we` for an agency, `i` for a person on their own."""
    address: tuple[Line, ...] = Field(min_length=1, max_length=6, examples=[["12 Harbour Street", "Whitby YO22 4ET"]])
    """Postal address, one item a line."""
    email: Email = Field(examples=["hello@harbour-studio.example"])
    """The address that the client writes to."""
    phone: Line | None = Field(None, examples=["01947 820 000"])
    """Phone number, as it should be printed."""
    website: Line | None = Field(None, examples=["www.harbour-studio.example"])
    """Web site, as it should be printed."""
    registration: tuple[Line, ...] = Field(
        (), max_length=4, examples=[["Company No. 01234567, registered in England", "VAT GB 123 4567 89"]]
    )
    """Legal mentions for the letter's foot (company form, registration and VAT numbers), one item a line."""


class Owner(Model):
    """A person who signs the letter with a key of their own; of several, the one who signs last seals the bundle."""

    name: Line = Field(examples=["Ada Marsh"])
    """First and last name, as signed."""
    title: Line = Field(examples=["Managing director"])
    """Role under the signature."""
    email: Email | None = None
    """Direct address; the agency's when absent."""
    phone: Line | None = None
    """Direct line; the agency's when absent."""
    signature_image: ProjectPath | None = Field(None, examples=["brand/signature.png"])
    """Picture of the handwritten signature (PNG or JPEG), where none is kept beside the owner's key. It's placed in
    the letter only when the owner's key signs."""
    pin: Sha256 | None = None
    """SHA-256 fingerprint of the certificate of the owner's key (`handover keys pin` writes it): no other key signs."""


_FINAL_MARKS = re.compile(r"[\s,:;!]+$|(?<=\w{4})[\s,:;!.]+$")


def _without_final_mark(value: object) -> object:
    # The documents put the comma, or the colon, that their country writes; an abbreviation ("Jr.") keeps its point.
    return _FINAL_MARKS.sub("", value) if isinstance(value, str) and value.strip(" ,:;!.") else value


Salutation = Annotated[Line, BeforeValidator(_without_final_mark)]


_LEADING = re.compile(
    r"(?:The|Your|Our|An?|Le|La|Les|Un|Une|Des|Votre|Vos|Notre|Nos)(?= [^\W\d_A-Z])|L(?=['’][a-zà-ÿ])"
)
"""An article or a possessive before a common noun; before a proper one ("La Poste") it belongs to the name."""


def _inside_a_sentence(value: object) -> object:
    # It completes "our contract for …": written as a heading is, "The care of your site." would stop the sentence.
    made = _without_final_mark(value)
    if not isinstance(made, str) or made.isupper():
        return made
    return _LEADING.sub(lambda found: found[0].lower(), made, count=1) if _LEADING.match(made) else made


Subject = Annotated[Line, BeforeValidator(_inside_a_sentence)]


class Contact(Model):
    """A person at the client's."""

    name: Line = Field(examples=["Tom Hale"])
    """First and last name."""
    salutation: Salutation | None = Field(None, examples=["Dear Ms Carter", "Monsieur"])
    """How the letter begins; the final comma is the letter's. A neutral form when absent."""
    role: Line | None = Field(None, examples=["Operations manager"])
    """Role, printed under the name in the address block."""
    email: Email = Field(examples=["tom.hale@larkhill.example"])
    """Where the final e-mail goes: to the first contact and to those who sign the receipt or get the passphrase; the
    others get a copy."""
    phone: Line | None = None
    """Number at which the passphrase is given."""
    signs_receipt: Flag = False
    """True for the one who signs the receipt; the first contact where nobody is named."""
    gets_passphrase: Flag = False
    """True for the one who is given the passphrase; the first contact where nobody is named."""


class Client(Model):
    """The recipient."""

    id: Slug = Field(examples=["larkhill-pottery"])
    """Short identifier: begins file names, and is checked in tables that have a `client` column."""
    name: Line = Field(examples=["Larkhill Pottery"])
    """The client's name, as printed."""
    contacts: tuple[Contact, ...] = Field(min_length=1, max_length=20)
    """People at the client's; the letter addresses the first."""
    address: tuple[Line, ...] = Field(min_length=1, max_length=6)
    """Postal address, one item a line."""
    logo: ProjectPath | None = Field(None, examples=["brand/client.png"])
    """The client's logo, for the report's cover (PNG or JPEG)."""

    @property
    def contact(self) -> Contact:
        """The person whom the letter addresses."""
        return self.contacts[0]

    @property
    def passphrase_contact(self) -> Contact:
        """Who is given the passphrase."""
        return next((contact for contact in self.contacts if contact.gets_passphrase), self.contacts[0])

    @property
    def receipt_contact(self) -> Contact:
        """Who signs the receipt."""
        return next((contact for contact in self.contacts if contact.signs_receipt), self.contacts[0])


class Notice(Model):
    """The notice period that the contract asks for: `{count: 3, unit: month}`."""

    count: Whole = Field(ge=1, le=999, examples=[3])
    """How many."""
    unit: NoticeUnit
    """`day`, `week` or `month`."""
    runs_from: NoticeFrom = Field(NoticeFrom.NOTICE, alias="from")
    """`notice`: it runs from the day of notice; `month-end`: from the end of that day's month."""


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
    """The day on which the contract legally ends; the last working day when absent."""


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
    """The letter's own date: notice is given long before the bundle is built."""
    place: Line = Field(examples=["Whitby"])
    """Where it is signed."""
    reason: Text | None = None
    """The public reason, neutral and about no person; never the internal one."""
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
    reference: Line | None = None
    """A reference that is offered for the future ("to any agency or client who asks"); the notice offers it."""
    wishes: Text | None = None
    """Good wishes in the sender's own words; a standard sentence when absent."""


Days = Annotated[Literal[30, 60, 90], BeforeValidator(lambda v: int(v) if v in {"30", "60", "90"} else v)]


class Transition(Model):
    """The months in which the work changes hands."""

    days: Days | None = None
    """How many days they are counted as; the nearest to notice and last working day when absent."""
    fee: Line | None = Field(None, examples=["EUR 900 a month, invoiced as before"])
    """What they cost, in words."""
    contact: Line | None = Field(None, examples=["Sam Pike, 01947 222 222"])
    """Whom to call with questions, if not the first owner: letter, plan and guide say so."""
    help_until: Date | None = None
    """The last day on which questions are answered, after the last working day."""
    overview: Text | None = None
    """How the site, its accounts and the routines fit together, for whoever takes over, in a few sentences."""


class Period(Model):
    """A span of whole days, both ends included."""

    start: Date
    """First day."""
    end: Date
    """Last day."""


class Periods(Model):
    """The two spans that the report compares."""

    baseline: Period
    """Before, or at the start of the work."""
    current: Period
    """Now: as long as the baseline and in the same season, where possible."""


class Annotation(Model):
    """Something that happened to a metric at a date."""

    date: Date
    """When."""
    text: Line
    """What, in the client's language."""
    breaks_series: Flag = False
    """True when the definition or the source changed, so that values before and after can't be compared."""


class Metric(Model):
    """How one metric is named, read and compared. Naming a built-in one is enough: every key may be left out."""

    label: Line | None = None
    """Name in the client's language."""
    unit: Unit | None = None
    """`count`, `percent`, `money`, `ratio`, `score`, `rank` (a place; 1 is best) or `duration` (in seconds)."""
    currency: Currency | None = None
    """For `money`: an ISO 4217 code; `options.currency` when absent."""
    good: Direction | None = None
    """Which way is good: `up`, `down` or `neither`."""
    combine: Combine | None = None
    """How values combine over a period: `sum`, `mean`, `last`, or `weighted` by the metric in `weight`. When absent,
    counts and amounts of a metric of your own are added up, anything else is averaged."""
    weight: MetricId | None = None
    """The metric that weighs this one (a conversion rate is weighted by visitors)."""
    decimals: Whole | None = Field(None, ge=0, le=4)
    """Decimals printed; more are where a change, or a target missed, couldn't be seen with so few."""
    target: Number | None = None
    """The value that was agreed for the current period."""
    source: Line | None = Field(None, examples=["GA4, property 123456789, exported on 3 June 2026"])
    """Where all the values come from and when they were taken; a `source` that changes in the table then breaks
    nothing."""
    annotations: tuple[Annotation, ...] = ()
    """Events to mark on the chart."""
    title: Line | None = Field(None, max_length=80, examples=["Online sales nearly doubled"])
    """What the report's pages say above this figure, in place of a sentence made from the values; what it claims must
    be so."""
    comment: Line | None = Field(None, max_length=200)
    """Why it is so, in a sentence, beside the figure."""


class Campaign(Model):
    """A campaign or project that the report shows on its timeline."""

    name: Line
    """Its name."""
    start: Date
    """First day."""
    end: Date | None = None
    """Last day; absent for something that happened on one day."""
    result: Line | None = None
    """What came of it, in a sentence."""


class Quote(Model):
    """Something that the client said, with their leave."""

    text: Text
    """The words."""
    author: Line
    """Who said them."""
    role: Line | None = None
    """Their role."""
    date: Date | None = None
    """When."""


class SurveyScore(Model):
    """One answer of a satisfaction survey."""

    question: Line
    """What was asked."""
    score: Number
    """The score."""
    out_of: Number
    """The best possible score."""
    date: Date | None = None
    """When it was asked."""
    answers: Whole | None = Field(None, ge=1)
    """How many people answered."""


class LeftOut(Model):
    """A metric that is left out of the report; its method section says so."""

    metric: MetricId
    """Which one."""
    reason: Line
    """Why, for the client to read."""


class Story(Model):
    """The work together in four short texts, on a page of its own. Every one may be left out."""

    before: Text | None = None
    """How things stood when it began."""
    work: Text | None = None
    """What was done."""
    change: Text | None = None
    """What that changed."""
    watch: Text | None = None
    """What to keep an eye on from now on."""


class BeforeAfter(Model):
    """Two pictures of the same thing, side by side."""

    before: ProjectPath = Field(examples=["assets/site/2022.png"])
    """As it was (PNG or JPEG)."""
    after: ProjectPath = Field(examples=["assets/site/2026.png"])
    """As it is now."""
    caption: Line
    """What the two show; it describes them to whoever can't see them."""


class Report(Model):
    """What the achievements report tells beyond the figures."""

    headline: tuple[MetricId, ...] = Field((), max_length=5)
    """Three to five metrics for the summary; the first ones of the table when absent."""
    summary: Text | None = None
    """A paragraph of your own at the top."""
    story: Story = Story()
    """Before, what was done, what it changed, what to watch."""
    pictures: BeforeAfter | None = None
    """Before and after, beside the story."""
    campaigns: tuple[Campaign, ...] = ()
    """Campaigns and milestones, for the timeline."""
    quotes: tuple[Quote, ...] = ()
    """What the client said."""
    survey: tuple[SurveyScore, ...] = ()
    """Survey scores."""
    left_out: tuple[LeftOut, ...] = ()
    """Metrics left out, with the reason."""


class Brand(Model):
    """The agency's looks."""

    colour: Colour = "#1F4E79"
    """The one accent colour; a dark and a tint are derived from it."""
    logo: ProjectPath | None = Field(None, examples=["brand/logo.png"])
    """Logo for the letterhead (PNG or JPEG)."""


def _pattern(value: str) -> str:
    if problem := pattern_problem(value):
        raise PydanticCustomError("path.pattern", "{problem}", {"problem": problem})
    return value


Pattern = Annotated[Line, AfterValidator(_pattern)]
"""A pattern as `.gitignore` has them, relative to assets/."""


def _few(value: tuple[str, ...]) -> tuple[str, ...]:
    if too_many(value):
        problem = msg(
            "has more than {most} patterns with wildcards, or more than {places} places like /raw/film.mp4",
            most=MAX_PATTERNS, places=MAX_PLACES,
        )  # fmt: skip
        raise PydanticCustomError("path.pattern", "{problem}", {"problem": problem})
    return value


class AssetOptions(Model):
    """Which of the client's files are delivered. System files, locks, caches and version control aren't by default."""

    include: tuple[Pattern, ...] = Field((), max_length=MAX_PATTERNS, examples=[[".git/"]])
    """Patterns as in .gitignore, relative to assets/: what is delivered although it would be left out by default."""
    exclude: Annotated[tuple[Pattern, ...], AfterValidator(_few)] = Field((), examples=[["raw/", "*.psd"]])
    """Patterns as in .gitignore: what is left out besides; they have the last word. At most 50 with wildcards, and
    5,000 that are the place of one file or folder, like `/raw/film.mp4`."""
    allow_leaks: tuple[Line, ...] = Field((), examples=[["assets/site/.env"]])
    """Files that are delivered although they look secret or internal, each by its name as the finding gives it."""

    @property
    def selection(self) -> Selection:
        """Which files that means."""
        return Selection(self.include, self.exclude)


class Keeper(Model):
    """The person at the agency who gives the passphrase, and gives it again where it was lost."""

    name: Line = Field(examples=["Paul Rivers"])
    """First and last name."""
    phone: Line | None = None
    """Number to call; the agency's when absent."""
    email: Email | None = None
    """Address to write to; the agency's when absent."""


class Options(Model):
    """Choices about the delivery."""

    assets: AssetOptions = AssetOptions()
    currency: Currency = "EUR"
    """Currency (ISO 4217 code) where a table names none."""
    passphrase_by: Channel = Channel.PHONE
    """How the client gets the passphrase: `phone`, `sms`, `in-person` or `post`."""
    passphrase_from: Keeper | None = None
    """Who gives it: a person who can open the vault. The first owner when absent."""
    credentials: Beside = Beside.BOTH
    """`both`: the credentials are in the inventory and, under the same passphrase, in a KeePass file (.kdbx) beside it.
    `workbook`: in the inventory alone."""
    on_receipt: tuple[Line, ...] = ()
    """Further steps for the inventory's list of what to do on receipt."""
    late_fee_note: Line | None = None
    """A sentence under the outstanding payments, where the contract or the law asks for one."""


class ClientFiles(Model):
    """Where the client's files are, if not in the project's own folder assets/."""

    from_: Line | None = Field(None, alias="from", max_length=1_000, examples=["../Client - Acme"])
    """A folder outside of the project, seen from it or from the disk's top. You are asked once, on each computer,
    whether its files may be delivered; what is put there later comes along too, but for what `options.assets` says."""


class Settings(Model):
    """The whole of `handover.yaml`."""

    format: FormatVersion = 1
    """Version of this file's format."""
    language: Language
    """Language of every document: a folder in `templates/` (`fr`, `en`)."""
    locale: Locale | None = None
    """Country variant for dates, numbers and paper (`en_US` prints on Letter); `fr_FR` or `en_GB` when absent."""
    agency: Agency
    owners: tuple[Owner, ...] = Field(min_length=1, max_length=8)
    """Who signs the letter, each with a key of their own; the first is whom the client calls."""
    client: Client
    contract: Contract
    letter: Letter
    transition: Transition = Transition()
    periods: Periods
    metrics: dict[MetricId, Metric] = {}
    """Metrics by identifier, in the order of the report. A rate that follows from other metrics is computed when it's
    named here, in `report.headline`, or by a count that serves nothing else; never otherwise, and never above 100 %."""
    report: Report = Report()
    brand: Brand = Brand()
    assets: ClientFiles = ClientFiles()
    options: Options = Options()

    @property
    def owner(self) -> Owner:
        """The first owner: whom the client calls."""
        return self.owners[0]

    @property
    def keeper(self) -> Keeper:
        """Who gives the passphrase, with a number and an address where the project knows any."""
        given = self.options.passphrase_from or Keeper(
            name=self.owner.name, phone=self.owner.phone, email=self.owner.email
        )
        return given.model_copy(
            update={"phone": given.phone or self.agency.phone, "email": given.email or self.agency.email}
        )
