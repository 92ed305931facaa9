"""The transition plan: who does what by when until the work is in other hands, and how each known service passes.

Role: `PlanView` is all that `plan.docx` sees, and `milestones` all that the calendar has: what the project says itself
(deliveries, projects to finish, renewals, the last day), what the tables of milestones and accounts add, and the last
safe days of known services. It claims nothing that was done but for what the tables say.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.word import short_name
from handover.languages.services import Service, service_of
from handover.languages.typography import NO_BREAK_SPACE
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.life import Moment
from handover.model.message import msg
from handover.model.rows import AccountRow, AccountStatus, Decision, Phase, Side
from handover.model.settings import Voice
from handover.templating.content import Required

_MOVING: Final = frozenset({AccountStatus.TO_TRANSFER, AccountStatus.IN_PROGRESS})
_LENGTHS: Final = (30, 60, 90)
"""Days that plans are counted as."""
_RENEWALS: Final = dt.timedelta(90)
"""How long after the last day a renewal still belongs into the plan."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One day of the transition."""

    on: dt.date
    what: str
    phase: Phase
    who: Side
    key: str
    """Tells it from the others of a project, whatever its day: for a calendar."""
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One line of the plan."""

    on: str
    """When, short."""
    what: str
    """What is reached."""
    who: str
    """Who sees to it, by name."""
    done: bool
    """Whether the table says that it was reached."""
    late: bool
    """Whether its day has passed and nothing says that it was reached."""


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One part of the transition."""

    title: str
    """Its name."""
    milestones: tuple[MilestoneView, ...]
    """By date."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a service's change of hands."""

    text: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One account that changes hands."""

    name: str
    """The account, as the project calls it."""
    own: str | None
    """How ownership passes in the project's own words."""
    known: bool
    """Whether its steps are known; else the project's own words are all there is."""
    begun: bool
    """Whether the transfer is under way: its last safe day no longer matters."""
    begin_by: str | None
    """The last day on which the first step is begun in time; absent where no source says how long it takes."""
    late: bool
    """Whether that day has passed."""
    ours: tuple[StepView, ...]
    """The steps of whoever hands over."""
    yours: tuple[StepView, ...]
    """The client's steps."""
    trap: str | None
    """What easily goes wrong."""
    kept: str | None
    """What stays, and what doesn't."""
    source: str | None
    """The page that says so."""
    checked_on: str | None
    """When it was read."""


@dataclass(frozen=True, slots=True)
class PlanView:
    """All that the template of the transition plan may use."""

    voice: Voice
    """`we` for an agency, `i` for a person."""
    client: str
    """The client's name."""
    short_client: str
    """The same, shortened where it wouldn't fit into a footer."""
    agency: str
    """The sender's name."""
    date: str
    """Today, written out."""
    last_day: str
    """The last working day, written out."""
    length: str
    """How long the transition is counted as: "60 days"."""
    fee: str | None
    """What it costs, in words."""
    contact: str
    """Whom to call or write to."""
    phases: tuple[PhaseView, ...]
    """What is reached when, by phase."""
    late: tuple[MilestoneView, ...]
    """What is late."""
    services: tuple[ServiceView, ...]
    """Accounts that change hands, the most urgent first."""
    blocked: tuple[str, ...]
    """Accounts whose last safe day has passed."""
    help: tuple[str, ...]
    """Further help that the letter offers."""


def milestones(given: ClientInput) -> tuple[Milestone, ...]:
    """Every milestone, by date; those of the same day in the order of the phases."""
    order = list(Phase)
    found = [*_own(given), *_of_accounts(given), *_of_settings(given)]
    return tuple(sorted(found, key=lambda one: (one.on, order.index(one.phase), one.key)))


def view(given: ClientInput) -> PlanView:
    """What the plan says."""
    settings, words, every = given.project.settings, given.words, milestones(given)
    owner = settings.owner
    phone = (owner.phone or settings.agency.phone or "").replace(" ", NO_BREAK_SPACE)
    services = _services(given)
    lines = {one.key: _line(one, given) for one in every}
    return PlanView(
        voice=settings.agency.voice,
        client=settings.client.name,
        short_client=short_name(settings.client.name),
        agency=settings.agency.name,
        date=words.date(given.today),
        last_day=words.date(settings.contract.last_working_day),
        length=words.plural("length", length_of(given)),
        fee=settings.transition.fee,
        contact=", ".join([owner.name, *([phone] if phone else []), owner.email or settings.agency.email]),
        phases=tuple(
            PhaseView(words.text(f"phase.{phase}"), tuple(lines[one.key] for one in every if one.phase is phase))
            for phase in Phase
            if any(one.phase is phase for one in every)
        ),
        late=tuple(line for line in lines.values() if line.late),
        services=services,
        blocked=tuple(one.name for one in services if one.late),
        help=settings.letter.offers,
    )


def length_of(given: ClientInput) -> int:
    """The plan's days: those that were set, else the nearest of 30, 60 and 90 to notice → last working day."""
    settings = given.project.settings
    if settings.transition.days is not None:
        return settings.transition.days
    begun = settings.contract.notice_date or settings.letter.date
    real = (settings.contract.last_working_day - begun).days
    return min(_LENGTHS, key=lambda days: abs(days - real))


def _own(given: ClientInput) -> Iterator[Milestone]:
    met = Counter[str]()
    for row in given.project.milestones:
        key = f"{row.service or ''}-{row.milestone}"
        yield Milestone(row.on, row.milestone, row.phase, row.who, f"row-{key}-{met[key]}", row.done_on)
        met[key] += 1


def _of_accounts(given: ClientInput) -> Iterator[Milestone]:
    words, end = given.words, given.project.settings.contract.last_working_day
    for account in given.project.accounts:
        service = service_of(account, words.other("services")) if account.status in _MOVING else None
        if account.status is AccountStatus.TO_TRANSFER and service and (begin := service.last_safe_day(end)):
            what = words.text("begin", service=account.service)
            yield Milestone(begin, what, Phase.TRANSFER, Side.AGENCY, f"begin-{account.service}-{account.account}")
        renews = account.renewal_date
        open_still = account.status not in {AccountStatus.CLOSED, AccountStatus.TO_CLOSE}
        if renews and open_still and given.today <= renews <= end + _RENEWALS:
            what = words.text("renewal", service=account.service)
            who = Side.AGENCY if account.payer == given.project.settings.agency.name and renews <= end else Side.CLIENT
            yield Milestone(renews, what, Phase.CHECK, who, f"renewal-{account.service}-{account.account}")


def _of_settings(given: ClientInput) -> Iterator[Milestone]:
    words, settings, contract = given.words, given.project.settings, given.project.settings.contract
    for delivery in settings.letter.deliveries:
        yield Milestone(delivery.due_date, delivery.what, Phase.TRANSFER, Side.AGENCY, f"delivery-{delivery.what}")
    # A project that is finished on the day of a delivery is that delivery, in other words.
    promised = Counter(delivery.due_date for delivery in settings.letter.deliveries)
    finishing = [row for row in given.project.pending if row.is_open and row.decision is Decision.FINISH]
    for row in finishing:
        # No work is promised for a day after the last one: the list of pending projects says what is left then.
        in_time = row.due_date is not None and row.due_date <= contract.last_working_day
        if (
            row.due_date
            and in_time
            and promised[row.due_date] < sum(other.due_date == row.due_date for other in finishing)
        ):
            what = words.text("finish", project=row.project)
            yield Milestone(row.due_date, what, Phase.PREPARE, Side.AGENCY, f"finish-{row.project}")
    last = words.text("last_day")
    yield Milestone(contract.last_working_day, last, Phase.CLOSE, Side.AGENCY, "last-working-day")
    if contract.end_date and contract.end_date > contract.last_working_day:
        yield Milestone(contract.end_date, words.text("end"), Phase.CLOSE, Side.AGENCY, "end-of-contract")


def _line(one: Milestone, given: ClientInput) -> MilestoneView:
    # Of what the program fills in itself nobody notes that it is done, but of milestones and projects.
    late = one.key.startswith(("row-", "finish-")) and one.done_on is None and one.on < given.today
    on, who = given.words.date_short(one.on), who_by_name(one, given)
    return MilestoneView(on, one.what, who, one.done_on is not None, late)


def who_by_name(one: Milestone, given: ClientInput) -> str:
    """Who sees to a milestone: the agency, the client, whom the client has chosen, or whoever takes over."""
    settings, words = given.project.settings, given.words
    known = settings.letter.successor_known
    return {
        Side.AGENCY: settings.agency.name,
        Side.CLIENT: settings.client.name,
        Side.SUCCESSOR: known.name if known else words.text("successor"),
    }[one.who]


def _services(given: ClientInput) -> tuple[ServiceView, ...]:
    words, end = given.words.other("services"), given.project.settings.contract.last_working_day
    moving = [(account, service_of(account, words)) for account in given.project.accounts if account.status in _MOVING]
    moving.sort(key=lambda pair: (pair[1].last_safe_day(end) if pair[1] else None) or end)
    return tuple(_service(account, service, words, given) for account, service in moving)


def _service(account: AccountRow, service: Service | None, words: Words, given: ClientInput) -> ServiceView:
    last = service.last_safe_day(given.project.settings.contract.last_working_day) if service else None

    def said(key: str) -> str | None:
        return words.text(f"{service.id}.{key}") if service and words.has(f"{service.id}.{key}") else None

    def steps(side: str) -> tuple[StepView, ...]:
        return tuple(StepView(text) for text in words.lines(f"{service.id}.{side}")) if service else ()

    return ServiceView(
        name=account.service,
        own=account.transfer,
        known=service is not None,
        begun=account.status is AccountStatus.IN_PROGRESS,
        begin_by=words.date(last) if last else None,
        late=last is not None and last < given.today and account.status is AccountStatus.TO_TRANSFER,
        ours=steps("agency"),
        yours=steps("client"),
        trap=said("trap"),
        kept=said("kept"),
        source=service.source if service else None,
        checked_on=words.date(service.checked_on) if service and service.checked_on else None,
    )


def _lacks(given: ClientInput, _: Dossier) -> str:
    last = given.project.settings.contract.last_working_day
    return (
        msg("the last working day ({last}) has passed: nothing is left to plan", last=last)
        if last < given.today
        else ""
    )


PLAN: Final = Outside(
    id="plan",
    audience=Audience.CLIENT,
    moment=Moment.TRANSITION,
    help=msg("who does what by when until the work is in other hands, with the last safe day of each service"),
    given=ClientInput,
    view=view,
    lacks=_lacks,
    view_type=PlanView,
    required=(
        Required(msg("the client's name"), ("client",)),
        Required(msg("the last working day"), ("last_day",)),
        Required(msg("the milestones"), ("phases[].milestones[].what",)),
    ),
)
"""The registry's line for the transition plan."""
