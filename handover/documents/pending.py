"""The list of pending projects: what its template may say, grouped by decision and sorted by due date.

What is done is a group of its own, whatever was decided about it, and isn't counted as open; nor is what was cancelled.

Role: `PendingView` and the views below it are all that `pending.docx` sees. Labels and sentences are in the template;
the summary, which counts, and the words for states are in `pending.toml`. Nothing here judges a project.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handover.documents.base import Deliverable, RenderInput
from handover.documents.shared import PagesView, of_pages
from handover.documents.word import When, rendering, voiced
from handover.languages.words import Words
from handover.model.artifact import Role
from handover.model.message import msg
from handover.model.parties import Voice
from handover.model.rows import Decision, PendingRow, PendingStatus
from handover.templating.content import Required

SOON = dt.timedelta(days=7)
"""What is due until then is told first."""

_BAR = 20
"""Spaces that a bar of progress is long: one for five in a hundred."""

_SPACE = "\N{FOUR-PER-EM SPACE}"
"""LibreOffice draws a seam at each no-break space."""

OVERVIEW_FROM = 4
"""Below this many projects the list is short enough to be its own overview."""


class Group(StrEnum):
    """What becomes of a project, in the order of the list."""

    FINISH = Decision.FINISH.value
    HAND_OVER = Decision.HAND_OVER.value
    DONE = "done"
    CANCEL = Decision.CANCEL.value


_ONLY = {Group.DONE: "only_done", Group.CANCEL: "only_cancelled"}


@dataclass(frozen=True, slots=True)
class ProjectView:
    """One pending project."""

    name: str
    """Its name."""
    description: str | None
    """What it is."""
    status: str
    """Where it stands, in words."""
    bar: str | None
    """As much of a bar as is done: spaces, for a style that fills them; absent where nothing is, or nobody said."""
    bar_left: str | None
    """As much of it as is left; absent where nothing is, or nobody said."""
    percent_done: str | None
    """How much is done, with its sign: "70 %"."""
    percent_cell: str
    """The same for a table: an en dash when it isn't known."""
    next_action: str | None
    """What has to happen next."""
    who: str | None
    """Who finishes it; of what is handed over, who takes it over."""
    who_cell: str
    """The same for a table."""
    due_date: str | None
    """When it is due, written out."""
    due_cell: str
    """The same for a table, short."""
    overdue: bool
    """Whether that day has passed on the day of this list."""
    files: str | None
    """Where its files are."""
    blockers: str | None
    """What stands in the way."""
    takeover: str | None
    """Instructions for whoever takes it over."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """The projects with one decision, or those that are done."""

    decision: Group
    """`finish`, `hand-over`, `cancel`, or `done`."""
    projects: tuple[ProjectView, ...]
    """By due date; those without one last."""
    single: bool
    """Whether there is only one, so that the sentences about it are in the singular."""
    in_time: bool
    """Whether none of those to be finished is due after the last working day."""
    takeover: bool
    """Whether each has instructions for whoever takes it over."""


@dataclass(frozen=True, slots=True)
class PendingView(PagesView):
    """All that the template of the pending projects may use."""

    american: bool
    """Whether American usage applies (locale en_US)."""
    last_working_day: str
    """The sender's last working day, written out."""
    last_day: When
    """Whether that is `ahead`, `today` or `past` on the day of this list."""
    summary: str
    """How many projects there are, by decision, and, where `soon` doesn't tell it, what is due next."""
    groups: tuple[GroupView, ...]
    """To finish, to hand over, done, cancelled; only those that have projects."""
    overview: bool
    """Whether there are enough projects for a table of the open ones at the top."""
    soon: tuple[ProjectView, ...]
    """Open projects that are overdue or due within a week, by date; none where there is no overview."""
    soon_late: bool
    """Whether one of them is overdue."""


def view(given: RenderInput) -> PendingView:
    """What the list says, from what the project holds."""
    settings, words, rows = given.project.settings, given.words, given.project.pending
    groups = tuple(_group_view(name, chosen, given) for name in Group if (chosen := _sorted(rows, name)))
    last = settings.contract.last_working_day
    still_open = [row for row in rows if row.is_open]
    overview = bool(still_open) and len(rows) >= OVERVIEW_FROM
    dated = sorted((row.due_date, at) for at, row in enumerate(still_open) if row.due_date)
    soon = [still_open[at] for due, at in dated if due <= given.today + SOON]
    return PendingView(
        **of_pages(given),
        american=words.locale == "en_US",
        last_working_day=words.date(last),
        last_day=When.of(last, given.today),
        summary=_summary(given, next_due=not (overview and soon)),
        groups=groups,
        overview=overview,
        soon=tuple(_project(row, given.today, words) for row in soon) if overview else (),
        soon_late=any(_overdue(row, given.today) for row in soon),
    )


def _group_view(name: Group, rows: Sequence[PendingRow], given: RenderInput) -> GroupView:
    projects = tuple(_project(row, given.today, given.words) for row in rows)
    return GroupView(
        decision=name,
        projects=projects,
        single=len(projects) == 1,
        in_time=_in_time(rows, given),
        takeover=all(row.takeover for row in rows),
    )


def _group(row: PendingRow) -> Group:
    return Group.DONE if row.status is PendingStatus.DONE else Group(row.decision.value)


def _sorted(rows: Sequence[PendingRow], group: Group) -> list[PendingRow]:
    chosen = [row for row in rows if _group(row) == group]
    return sorted(chosen, key=lambda row: row.due_date or dt.date.max)


def _project(row: PendingRow, today: dt.date, words: Words) -> ProjectView:
    empty = words.text("empty")
    percent = None if row.percent_done is None else words.percent(row.percent_done)
    # Rounded down, since what isn't done doesn't look done; but what is begun doesn't look untouched.
    done = int(row.percent_done or 0)
    full = done * _BAR // 100 or int(done > 0)
    who = row.next_owner if _group(row) is Group.HAND_OVER else row.held_by
    return ProjectView(
        name=row.project,
        description=row.description,
        status=words.text(f"status.{row.status.value}"),
        bar=_SPACE * full or None,
        bar_left=_SPACE * (_BAR - full) or None if percent else None,
        percent_done=percent,
        percent_cell=percent or empty,
        next_action=row.next_action,
        who=who,
        who_cell=who or empty,
        due_date=words.date(row.due_date) if row.due_date else None,
        due_cell=words.date_short(row.due_date) if row.due_date else empty,
        overdue=_overdue(row, today),
        files=row.files,
        blockers=row.blockers,
        takeover=row.takeover,
    )


def _overdue(row: PendingRow, today: dt.date) -> bool:
    # What is done or was cancelled has no deadline to miss.
    return row.due_date is not None and row.due_date < today and row.is_open


def _summary(given: RenderInput, *, next_due: bool) -> str:
    words, rows = given.words, given.project.pending
    counts = {group: len(_sorted(rows, group)) for group in Group}
    still_open = [row for row in rows if row.is_open]
    if not still_open:
        closed = [group for group in (Group.DONE, Group.CANCEL) if counts[group]]
        key = _ONLY[closed[0]] if len(closed) == 1 else "only_closed"
        return _counted(words, key, len(rows))
    sentences = [_open_projects(given, still_open, counts)]
    # What is done or was cancelled is listed, but isn't open.
    if counts[Group.DONE]:
        sentences.append(_counted(words, "done", counts[Group.DONE]))
    if cancelled := counts[Group.CANCEL]:
        sentences.append(_counted(words, "cancelled", cancelled))
    return " ".join([*sentences, *_dates(given, still_open, next_due=next_due)])


def _open_projects(given: RenderInput, still_open: Sequence[PendingRow], counts: Mapping[Group, int]) -> str:
    """How many projects are open, and what becomes of them."""
    words, date = given.words, given.words.date(given.today)
    # No work is promised after the last working day.
    promised = given.today <= given.project.settings.contract.last_working_day and _in_time(still_open, given)
    if len(still_open) == 1:
        left = "_left" if still_open[0].decision is Decision.FINISH and not promised else ""
        return voiced(words, f"summary.single.{still_open[0].decision}{left}", given, date=date)
    # One sentence writes all its numbers alike.
    count = words.plural_spelt if words.has(f"numbers.{len(still_open)}") else words.plural
    said = "summary" if promised or not counts[Group.FINISH] else "summary.left"
    parts = [count(f"{said}.{group}", counts[group]) for group in (Group.FINISH, Group.HAND_OVER) if counts[group]]
    key = "left.all" if said != "summary" else "all_i" if given.project.settings.agency.voice is Voice.I else "all"
    return _counted(words, key, len(still_open), date=date, parts=words.list(parts))


def _in_time(rows: Sequence[PendingRow], given: RenderInput) -> bool:
    """Whether none of those to be finished is due after the last working day."""
    last = given.project.settings.contract.last_working_day
    return all(row.due_date is None or row.due_date <= last for row in rows if row.decision is Decision.FINISH)


def _counted(words: Words, key: str, n: int, **values: str) -> str:
    """A sentence of the summary; a number that begins it is a word, while there is one."""
    sentence = words.plural_spelt(f"summary.{key}", n, **values)
    return sentence[:1].upper() + sentence[1:]


def _dates(given: RenderInput, still_open: Sequence[PendingRow], *, next_due: bool) -> list[str]:
    """Sentences on what is late and what is due next."""
    words, sentences = given.words, []
    if late := sum(_overdue(row, given.today) for row in still_open):
        sentences.append(_counted(words, "late", late))
    following = [(row.due_date, row.project) for row in still_open if row.due_date and row.due_date >= given.today]
    if following and next_due:
        day, project = min(following, key=lambda pair: pair[0])
        sentences.append(words.text("summary.next", project=project, date=words.date(day)))
    return sentences


REQUIRED = (
    Required(msg("the client's name"), ("client",)),
    Required(msg("the day on which the list is true"), ("date",)),
    Required(msg("the summary"), ("summary",)),
    Required(msg("each project's name"), ("groups[].projects[].name",)),
    Required(msg("what has to happen next"), ("groups[].projects[].next_action",), always=False),
    Required(
        msg("when each project is due"),
        ("groups[].projects[].due_date", "groups[].projects[].due_cell"),
        always=False,
    ),
    Required(
        msg("who finishes each project or takes it over"),
        ("groups[].projects[].who", "groups[].projects[].who_cell"),
        always=False,
    ),
    Required(msg("instructions for whoever takes over"), ("groups[].projects[].takeover",), always=False),
)
"""What a list of pending projects can't do without."""

PENDING = Deliverable(
    id="pending",
    role=Role.PENDING,
    render=rendering(view),
    view=view,
    required=REQUIRED,
    has_content=lambda project, _: bool(project.pending),
)
"""The registry's line for the pending projects."""
