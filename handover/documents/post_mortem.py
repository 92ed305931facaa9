"""The post-mortem: a form for each of the team, an agenda in three parts, facts, and what was decided.

Role: `PostMortemView` is all that `post_mortem.docx` sees. It fills in the facts that are known; decisions are
internal.yaml's, and go on into the workspace's vetting list.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.decision import payments_of
from handover.documents.shared import DocumentView, of_dossier
from handover.documents.survey_results import mean, net_of
from handover.languages.words import Words
from handover.model.life import Moment, PostMortem, Wave
from handover.model.message import msg
from handover.model.rows import PendingStatus
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact, filled in."""

    what: str
    """What it is."""
    value: str
    """Its value, or "unknown"."""


@dataclass(frozen=True, slots=True)
class DecidedView:
    """One thing that was decided."""

    kind: str
    """What it changes, in words."""
    text: str
    """What."""
    who: str
    """Who sees to it; an en dash where nobody is named."""
    by_on: str
    """By when; an en dash where no day is named."""


@dataclass(frozen=True, slots=True)
class PostMortemView(DocumentView):
    """All that the template of the post-mortem may use."""

    planned_on: str | None
    """When it takes place, written out."""
    attendees: str | None
    """Who takes part."""
    facts: tuple[FactView, ...]
    """What is known of the work."""
    decisions: tuple[DecidedView, ...]
    """What was decided."""


def view(given: InternalInput) -> PostMortemView:
    """What the paper says."""
    dossier, words = given.dossier, given.words
    meeting = dossier.internal.post_mortem or PostMortem()
    empty = words.text("empty")
    return PostMortemView(
        **of_dossier(given),
        planned_on=words.date(meeting.planned_on) if meeting.planned_on else None,
        attendees=words.list(meeting.attendees) if meeting.attendees else None,
        facts=tuple(FactView(words.text(f"fact.{name}"), value) for name, value in _facts(given).items()),
        decisions=tuple(
            DecidedView(
                words.text(f"lesson.{one.kind}"),
                one.text,
                one.who or empty,
                words.date_short(one.by_on) if one.by_on else empty,
            )
            for one in meeting.decisions
        ),
    )


def _facts(given: InternalInput) -> dict[str, str]:
    dossier, words, today = given.dossier, given.words, given.today
    unknown = words.text("unknown")
    experience = mean(dossier.answers, "experience", Wave.END)
    net = net_of(dossier.answers, words)
    decision = dossier.internal.decision
    duration = recommend = unknown
    if dossier.start and dossier.last_day:
        duration = words.duration_between(dossier.start, dossier.last_day)
    if net is not None:
        recommend = net.counts
    targets = {"targets": unknown if given.targets is None else _targets(given.targets, words)}
    return {
        "duration": duration,
        "projects": _projects(given),
        **(targets if given.targets != () else {}),
        "payments": payments_of(dossier, words, today),
        "margin": (decision.margin if decision else None) or unknown,
        "experience": unknown if experience is None else words.text("of_five", score=words.number(experience, 1)),
        "recommend": recommend,
    }


def _targets(met: Sequence[bool], words: Words) -> str:
    if len(met) == 1:
        return words.text(f"met_alone.{'yes' if met[0] else 'no'}")
    return words.plural_spelt("met", sum(met), all=words.spelt(len(met)))


def _projects(given: InternalInput) -> str:
    rows = given.dossier.pending
    if not rows:
        return given.words.text("unknown")
    done = sum(row.status is PendingStatus.DONE for row in rows)
    # What others carry on, or what nobody does any more, isn't late with whoever looks back.
    until = min(given.dossier.last_day or dt.date.max, given.today - dt.timedelta(1))
    overdue = sum(row.is_promised(until) for row in rows)
    words = given.words
    said = [words.plural_spelt("done", done, all=words.spelt(len(rows)))]
    return words.parts([*said, *([words.plural_spelt("overdue", overdue)] if overdue else [])])


POST_MORTEM: Final = Outside(
    id="post_mortem",
    audience=Audience.INTERNAL,
    moment=Moment.LEARN,
    help=msg("a form for the team, the agenda of the look back, and what was decided"),
    given=InternalInput,
    reads=frozenset({"metrics"}),
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("the decisions"), ("decisions[].text",))),
)
"""The registry's line for the post-mortem."""
