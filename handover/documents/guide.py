"""The takeover guide: what whoever takes over has to know on their first day, and after it.

Role: `GuideView` is all that `guide.docx` sees: who controls what and what is due that week, the routines by how often
they come round, each account's change of hands, the lessons, and who could carry on the work. What the plan and the
catalogue of services say is theirs; nothing here is promised or claimed to be done but for what the tables say.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, ClientInput, Deliverable, OfProject, Outside
from handover.documents.shared import ProviderView, TransitionView, of_transition, providers
from handover.documents.transfers import ServiceView, moving, name_of, owned, services
from handover.documents.transition import done_by, milestones, who_by_name
from handover.documents.word import rendering
from handover.life.dossier import Dossier
from handover.model.artifact import Role
from handover.model.life import Moment
from handover.model.message import msg
from handover.model.rows import AccountRow, AccountStatus, Decision, Frequency, RoutineRow, TrainingRow
from handover.templating.content import Required

_WEEK: Final = dt.timedelta(6)
_SATURDAY: Final = 5
_PASSED: Final = frozenset({AccountStatus.TRANSFERRED, AccountStatus.UNCHANGED})


@dataclass(frozen=True, slots=True)
class ControlView:
    """Who controls an account on the day of the guide."""

    name: str
    """The account, as the project calls it."""
    who: str
    """Who controls it."""
    status: str
    """How far its change of hands has come."""
    payer: str
    """Who pays for it; an en dash where nobody said."""
    renews: str
    """When it renews, short; an en dash where nobody said."""


@dataclass(frozen=True, slots=True)
class DueView:
    """Something that is due in the first week."""

    on: str
    """When, short."""
    what: str
    """What it is."""
    who: str | None
    """Who sees to it; absent where nobody was named, for it is whoever takes over."""


@dataclass(frozen=True, slots=True)
class RoutineView:
    """One thing that has to be done again and again."""

    task: str
    """What has to be done."""
    how: str | None
    """How."""
    tool: str
    """With what; an en dash where nobody said."""
    minutes: str
    """How long it takes: "15 min"; an en dash where nobody said."""
    last: str
    """When it was done last, short; an en dash where nobody said."""
    next: str
    """When it is due next, short; an en dash where nobody said."""


@dataclass(frozen=True, slots=True)
class RhythmView:
    """The routines that come round equally often."""

    title: str
    """How often: "Every week"."""
    routines: tuple[RoutineView, ...]
    """By their next day."""


@dataclass(frozen=True, slots=True)
class OtherView:
    """An account without known steps."""

    name: str
    """The account, as the project calls it."""
    own: str | None
    """What remains to be done, in the project's own words."""
    done: tuple[str, ...]
    """What was done of it already, with its day."""


@dataclass(frozen=True, slots=True)
class LessonView:
    """One lesson for the people who take over."""

    topic: str
    """What it is about."""
    for_whom: str
    """Who takes part; an en dash where nobody said."""
    on: str
    """When, short, and how long; "to be agreed" without a day."""
    done: bool
    """Whether the table says that it took place."""
    trainer: str
    """Who gives it."""
    material: str | None
    """What there is to read or watch."""


@dataclass(frozen=True, slots=True)
class GuideView(TransitionView):
    """All that the template of the takeover guide may use."""

    ahead: bool
    """Whether the last working day isn't past: what isn't begun may still be complete by then."""
    first_day: str
    """The first weekday after the last working day, written out."""
    help_until: str | None
    """The last day on which questions are answered, written out."""
    controls: tuple[ControlView, ...]
    """Who controls which account; those that were closed aren't there."""
    due: tuple[DueView, ...]
    """What is due in the week from then on, or should have been done before, by date."""
    overview: str | None
    """How the parts fit together, in the sender's words."""
    rhythms: tuple[RhythmView, ...]
    """The routines, the most frequent first."""
    services: tuple[ServiceView, ...]
    """Accounts that are still to pass on and whose steps are known, the most urgent first."""
    dated: bool
    """Whether steps of any of them have a day."""
    begun: bool
    """Whether the transfer of any of them is under way."""
    undated: str | None
    """Those of them of which no source says how long they take, by name."""
    late: str | None
    """Those of them whose last day to begin in time has passed, by name."""
    others: tuple[OtherView, ...]
    """Accounts that are still to pass on, and whose steps nobody knows but their provider."""
    yours: tuple[OtherView, ...]
    """Accounts that the client owns already: only the sender's access ends."""
    lessons: tuple[LessonView, ...]
    """Lessons, by date; those without one last."""
    chosen: ProviderView | None
    """Whom the client has chosen to carry on the work."""
    providers: tuple[ProviderView, ...]
    """Who could, where nobody was chosen."""


def first_day(given: OfProject) -> dt.date:
    """The first weekday on which the work is in other hands: after the last working day, and not before today."""
    day = max(given.project.settings.contract.last_working_day + dt.timedelta(1), given.today)
    return day if day.weekday() < _SATURDAY else day + dt.timedelta(-day.weekday() % 7)


def view(given: OfProject) -> GuideView:
    """What the guide says."""
    settings, words, project = given.project.settings, given.words, given.project
    chosen, until = settings.letter.successor_known, settings.transition.help_until
    passing = services(given)
    known = tuple(one for one in passing if one.known)
    lessons = sorted(project.training, key=lambda row: row.on or dt.date.max)
    return GuideView(
        **of_transition(given),
        ahead=given.today <= settings.contract.last_working_day,
        first_day=words.date(first_day(given)),
        help_until=words.date(until) if until and until >= given.today else None,
        controls=tuple(_control(row, given) for row in project.accounts if row.status is not AccountStatus.CLOSED),
        due=tuple(view for _, view in sorted(_due(given), key=lambda pair: pair[0])),
        overview=settings.transition.overview,
        rhythms=tuple(_rhythms(given)),
        services=known,
        dated=any(one.dated for one in known),
        begun=any(one.begun for one in known),
        undated=words.list([one.name for one in known if not one.dated]) or None,
        late=words.list([one.name for one in known if one.late]) or None,
        others=tuple(OtherView(one.name, one.own, one.done) for one in passing if not one.known and not one.owned),
        yours=tuple(OtherView(one.name, one.own, one.done) for one in passing if one.owned),
        lessons=tuple(_lesson(row, given) for row in lessons),
        chosen=ProviderView(chosen.name, chosen.contact, None) if chosen else None,
        providers=providers(settings.letter),
    )


def _control(row: AccountRow, given: OfProject) -> ControlView:
    words = given.words
    who = (row.new_owner if row.status in _PASSED else None) or row.current_owner
    renews = words.date_short(row.renewal_date) if row.renewal_date else words.text("empty")
    status = "owned" if row.is_moving and owned(row, given) else row.status
    return ControlView(
        name_of(row, given), who, words.text(f"status.{status}"), row.payer or words.text("empty"), renews
    )


def _due(given: OfProject) -> Iterator[tuple[dt.date, DueView]]:
    start, words = first_day(given), given.words
    end = start + _WEEK
    for routine in given.project.routines:
        if (day := routine.next_due_on) and day <= end:
            yield day, DueView(words.date_short(day), routine.task, None)
    for row in given.project.pending:
        if row.is_open and row.decision is Decision.HAND_OVER and row.due_date and row.due_date <= end:
            yield row.due_date, DueView(words.date_short(row.due_date), row.project, row.next_owner or None)
    for one in milestones(given):
        if start <= one.on <= end and one.done_on is None and not one.at_once:
            yield one.on, DueView(words.date_short(one.on), one.what, who_by_name(one, given))


def _rhythms(given: OfProject) -> Iterator[RhythmView]:
    for frequency in Frequency:
        rows = [row for row in given.project.routines if row.frequency is frequency]
        rows.sort(key=lambda row: row.next_due_on or dt.date.max)
        if rows:
            yield RhythmView(given.words.text(f"rhythm.{frequency}"), tuple(_routine(row, given) for row in rows))


def _routine(row: RoutineRow, given: OfProject) -> RoutineView:
    words, empty = given.words, given.words.text("empty")
    last, following = (words.date_short(day) if day else empty for day in (row.last_on, row.next_due_on))
    return RoutineView(row.task, row.how, row.tool or empty, _minutes(row.minutes, given), last, following)


_IN_HOURS: Final = 120


def _minutes(count: int | None, given: OfProject) -> str:
    """`90 min`, and from two hours on `2 h 30 min`."""
    if not count:
        return given.words.text("empty")
    hours, rest = divmod(count, 60) if count >= _IN_HOURS else (0, count)
    said = {name: str(value) for name, value in {"hours": hours, "minutes": rest}.items() if value}
    return given.words.text("_".join(said), **said)


def _lesson(row: TrainingRow, given: OfProject) -> LessonView:
    words = given.words
    day = words.date_short(row.on) if row.on else words.text("to_agree")
    on = words.text("lesson", day=day, minutes=_minutes(row.minutes, given)) if row.minutes else day
    return LessonView(
        topic=row.topic,
        for_whom=row.for_whom or words.text("empty"),
        on=on,
        done=done_by(row.done_on, given) is not None,
        trainer=row.trainer or given.project.settings.agency.name,
        material=row.material,
    )


def _lacks(given: ClientInput, _: Dossier) -> str:
    project = given.project
    if project.routines or project.training or any(moving(given)):
        return ""
    return msg("the guide would be empty: no routine, no lesson, no account to pass on")


REQUIRED: Final = (
    Required(msg("the client's name"), ("client",)),
    Required(msg("whom to call"), ("contact",)),
    Required(msg("the routines"), ("rhythms[].routines[].task",), always=False),
    Required(msg("each service's steps"), ("services[].steps[].text",), always=False),
    Required(msg("the lessons"), ("lessons[].topic",), always=False),
)
"""What a takeover guide can't do without."""

PACKED_GUIDE: Final = Deliverable(
    id="guide",
    role=Role.GUIDE,
    render=rendering(view),
    view=view,
    required=REQUIRED,
    moment=Moment.TRANSITION,
    has_content=lambda project, _: bool(project.routines or project.training),
)
"""The registry's line for the guide in a bundle: accounts alone are told by the inventory."""

GUIDE: Final = Outside(
    id="guide",
    audience=Audience.CLIENT,
    moment=Moment.TRANSITION,
    help=msg("for whoever takes over: the first week, the routines, each service's steps, training, providers"),
    given=ClientInput,
    view=view,
    required=REQUIRED,
    lacks=_lacks,
    reads=frozenset({"accounts", "milestones", "pending", "routines", "training"}),
)
"""The registry's line for the takeover guide, while the work changes hands."""
