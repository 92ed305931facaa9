"""The transition plan: who does what by when until the work is in other hands.

Role: `PlanView` is all that `plan.docx` sees, and `milestones` all that the calendar has: what the project says itself
(deliveries, projects to finish, renewals, the last day, the end of help), what the tables of milestones and lessons
add, and the last safe days of known services. It claims nothing that was done but for what the tables say. How each
service passes, step by step, is the takeover guide's.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from handover.documents.base import Audience, ClientInput, Deliverable, OfProject, Outside, RenderInput
from handover.documents.shared import ObligationView, TransitionView, obligations, of_transition
from handover.documents.transfers import moving, name_of, paid_by_agency, safe_to_begin, services
from handover.documents.word import rendering, unended
from handover.life.dossier import Dossier
from handover.model.artifact import Role
from handover.model.life import Moment
from handover.model.message import msg
from handover.model.rows import AccountStatus, Phase, Side
from handover.templating.content import Required

_RENEWALS: Final = dt.timedelta(90)
"""How long after the last day a renewal still belongs into the plan."""


class Milestone(NamedTuple):
    """One day of the transition."""

    on: dt.date
    what: str
    phase: Phase
    who: Side
    key: str
    """Tells it from the others of a project, whatever its day: for a calendar."""
    done_on: dt.date | None = None
    by: str | None = None
    """Who sees to it, where that is neither of the sides."""
    at_once: bool = False
    """Whether its day has passed, so that it is due at once: `on` is the document's day then."""


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One line of the plan."""

    on: str
    """When, short: a day, or "at once"."""
    what: str
    """What is reached."""
    phase: str
    """The part of the transition that it belongs to."""
    who: str
    """Who sees to it, by name."""
    done: bool
    """Whether the table says that it was reached."""
    late: bool
    """Whether its day has passed and nothing says that it was reached."""


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month of the transition."""

    title: str
    """Its name, with the year."""
    milestones: tuple[MilestoneView, ...]
    """By date."""


@dataclass(frozen=True, slots=True)
class BlockerView:
    """A project that something stands in the way of."""

    project: str
    """Its name."""
    what: str
    """What stands in the way."""


@dataclass(frozen=True, slots=True)
class PlanView(TransitionView):
    """All that the template of the transition plan may use."""

    days: str | None
    """How long the transition takes until the last working day, where that was settled: "60 days"."""
    beyond: bool
    """Whether a milestone comes after the last working day: a renewal, the end of help."""
    fee: str | None
    """What it costs, in words."""
    months: tuple[MonthView, ...]
    """What is reached when, by month."""
    blocked: tuple[str, ...]
    """Accounts whose last safe day has passed."""
    blockers: tuple[BlockerView, ...]
    """Open projects that something stands in the way of."""
    obligations: tuple[ObligationView, ...]
    """What the contract asks of the sender at its end."""
    offers: tuple[str, ...]
    """What is offered beside that."""


def milestones(given: OfProject) -> tuple[Milestone, ...]:
    """Every milestone by date; of one day what is due at once, then by phase, then in the tables' order.

    Any document's words will do.
    """
    order = list(Phase)
    found = [*_own(given), *_of_accounts(given), *_of_settings(given)]
    return tuple(sorted(found, key=lambda one: (one.on, not one.at_once, order.index(one.phase))))


def view(given: OfProject) -> PlanView:
    """What the plan says."""
    settings, words, every = given.project.settings, given.words, milestones(given)
    lines = [_line(one, given) for one in every]
    months = groupby(zip(every, lines, strict=True), key=lambda pair: words.month(pair[0].on))
    return PlanView(
        **of_transition(given),
        days=words.plural("length", days) if (days := settings.transition.days) else None,
        beyond=any(one.on > settings.contract.last_working_day for one in every),
        fee=unended(settings.transition.fee),
        months=tuple(MonthView(title, tuple(line for _, line in pairs)) for title, pairs in months),
        blocked=tuple(one.name for one in services(given) if one.late),
        blockers=tuple(
            BlockerView(row.project, row.blockers) for row in given.project.pending if row.is_open and row.blockers
        ),
        obligations=obligations(settings.contract, words, given.today),
        offers=settings.letter.offers,
    )


def _own(given: OfProject) -> Iterator[Milestone]:
    met = Counter[str]()
    for row in given.project.milestones:
        key = f"{row.service or ''}-{row.milestone}"
        yield Milestone(row.on, row.milestone, row.phase, row.who, f"row-{key}-{met[key]}", done_by(row.done_on, given))
        met[key] += 1
    for lesson in given.project.training:
        if lesson.on:
            key = f"training-{lesson.topic}-{lesson.for_whom or ''}"
            yield Milestone(
                lesson.on, lesson.topic, Phase.TRAIN, Side.AGENCY, key, done_by(lesson.done_on, given), lesson.trainer
            )


def _of_accounts(given: OfProject) -> Iterator[Milestone]:
    words, end = given.words.other("plan"), given.project.settings.contract.last_working_day
    for account, service in moving(given):
        if begin := safe_to_begin(account, service, end):
            late = begin < given.today
            what = words.text("begin_late" if late else "begin", service=name_of(account, given))
            key = f"begin-{account.service}-{account.account}"
            yield Milestone(max(begin, given.today), what, Phase.TRANSFER, Side.AGENCY, key, at_once=late)
    for account in given.project.accounts:
        renews = account.renewal_date
        open_still = account.status not in {AccountStatus.CLOSED, AccountStatus.TO_CLOSE}
        if renews and open_still and given.today <= renews <= end + _RENEWALS:
            what = words.text("renewal", service=name_of(account, given))
            who = Side.AGENCY if paid_by_agency(given, account) and renews <= end else Side.CLIENT
            yield Milestone(renews, what, Phase.CHECK, who, f"renewal-{account.service}-{account.account}")


def _of_settings(given: OfProject) -> Iterator[Milestone]:
    words, settings, contract = given.words.other("plan"), given.project.settings, given.project.settings.contract
    for delivery in settings.letter.deliveries:
        yield Milestone(delivery.due_date, delivery.what, Phase.TRANSFER, Side.AGENCY, f"delivery-{delivery.what}")
    # A project that is finished on the day of a delivery is that delivery, in other words.
    promised = Counter(delivery.due_date for delivery in settings.letter.deliveries)
    # No work is promised for a day after the last one: the list of pending projects says what is left then.
    finishing = [row for row in given.project.pending if row.is_promised(contract.last_working_day)]
    for row in finishing:
        if row.due_date and promised[row.due_date] < sum(other.due_date == row.due_date for other in finishing):
            what = words.text("finish", project=row.project)
            yield Milestone(row.due_date, what, Phase.TRANSFER, Side.AGENCY, f"finish-{row.project}")
    channel = words.text(f"channel.{settings.options.passphrase_by}")
    packed = isinstance(given, RenderInput)
    if isinstance(given, RenderInput):
        # It stands in the pack itself, which goes out on its own date.
        pack = words.text("pack_key") if given.key_only else words.text("pack", channel=channel)
        yield Milestone(given.today, pack, Phase.CLOSE, Side.AGENCY, "pack")
    last = words.text("last_day_alone") if packed else words.text("last_day", channel=channel)
    yield Milestone(contract.last_working_day, last, Phase.CLOSE, Side.AGENCY, "last-working-day")
    if contract.ends > contract.last_working_day:
        both = words.text("both")
        yield Milestone(contract.ends, words.text("end"), Phase.CLOSE, Side.AGENCY, "end-of-contract", by=both)
    if until := settings.transition.help_until:
        yield Milestone(until, words.text("help_until"), Phase.CLOSE, Side.AGENCY, "end-of-help")


def done_by(day: dt.date | None, given: OfProject) -> dt.date | None:
    """The day on which something was done, as the document's own date knows it: what was done later isn't, yet."""
    return day if day and day <= given.today else None


def _line(one: Milestone, given: OfProject) -> MilestoneView:
    # Of what the program fills in itself nobody notes that it is done, but of milestones, lessons and projects.
    kept = one.key.startswith(("row-", "training-", "finish-"))
    late = kept and one.done_on is None and one.on < given.today
    on = given.words.other("plan").text("at_once") if one.at_once else given.words.date_short(one.on)
    who = who_by_name(one, given)
    return MilestoneView(on, one.what, given.words.text(f"phase.{one.phase}"), who, one.done_on is not None, late)


def who_by_name(one: Milestone, given: OfProject) -> str:
    """Who sees to a milestone: a trainer, the agency, the client, whom the client has chosen, or whoever takes over."""
    if one.by:
        return one.by
    settings, words = given.project.settings, given.words.other("plan")
    known = settings.letter.successor_known
    return {
        Side.AGENCY: settings.agency.name,
        Side.CLIENT: settings.client.name,
        Side.SUCCESSOR: known.name if known else words.text("successor"),
    }[one.who]


REQUIRED = (
    Required(msg("the client's name"), ("client",)),
    Required(msg("the last working day"), ("last_day",)),
    Required(msg("the milestones"), ("months[].milestones[].what",)),
)
"""What a transition plan can't do without."""


PACKED_PLAN: Final = Deliverable(
    id="plan",
    role=Role.PLAN,
    render=rendering(view),
    view=view,
    required=REQUIRED,
    moment=Moment.TRANSITION,
    has_content=lambda project, today: bool(project.milestones) and today <= project.settings.contract.last_working_day,
)
"""The registry's line for the plan in a bundle: where nobody wrote milestones down, nobody planned."""


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
    help=msg("who does what by when until the work is in other hands, with each service's estimated last safe day"),
    given=ClientInput,
    view=view,
    lacks=_lacks,
    required=REQUIRED,
    reads=frozenset({"accounts", "milestones", "pending", "training"}),
)
"""The registry's line for the transition plan, months before the bundle."""
