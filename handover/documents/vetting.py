"""What the workspace has learned: the vetting list, for the agency alone, and a discovery form for prospects.

Role: `VettingView` and `DiscoveryView` are all that `vetting.docx` and `discovery.docx` see. The form takes the list's
questions and nothing of where they come from.
"""

from dataclasses import dataclass
from typing import Final

from handover.documents.base import Audience, Outside, WorkspaceInput
from handover.model.life import VETTING_FILE, Lesson, Moment
from handover.model.message import msg
from handover.templating.content import Required


@dataclass(frozen=True, slots=True)
class PointView:
    """One thing to ask or to mind."""

    text: str
    """What."""
    source: str
    """The project that taught it, and since when."""


@dataclass(frozen=True, slots=True)
class KindView:
    """Everything of one kind."""

    title: str
    """What it is."""
    points: tuple[PointView, ...]
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """What both documents of a workspace say."""

    agency: str | None
    """The agency's name."""
    date: str
    """The document's own day, written out."""


@dataclass(frozen=True, slots=True)
class VettingView(WorkspaceView):
    """All that the template of the vetting list may use."""

    kinds: tuple[KindView, ...]
    """By kind."""


@dataclass(frozen=True, slots=True)
class DiscoveryView(WorkspaceView):
    """All that the template of the discovery form may use."""

    questions: tuple[str, ...]
    """The list's own questions."""


def vetting_view(given: WorkspaceInput) -> VettingView:
    """What the list says."""
    words = given.words
    kinds = []
    for kind in Lesson:
        rows = sorted((row for row in given.vetting if row.kind is kind), key=lambda row: row.added_on)
        points = [
            PointView(row.text, ", ".join(filter(None, (row.from_project, words.date_short(row.added_on)))))
            for row in rows
        ]
        if points:
            kinds.append(KindView(words.text(f"lesson.{kind}"), tuple(points)))
    return VettingView(given.agency or None, words.date(given.today), tuple(kinds))


def discovery_view(given: WorkspaceInput) -> DiscoveryView:
    """What the form asks."""
    questions = tuple(row.text for row in given.vetting if row.kind is Lesson.QUESTION)
    return DiscoveryView(given.agency or None, given.words.date(given.today), questions)


VETTING: Final = Outside(
    id="vetting",
    audience=Audience.INTERNAL,
    moment=Moment.LEARN,
    help=msg("the workspace's list of what to ask and to mind before working with somebody new"),
    given=WorkspaceInput,
    view=vetting_view,
    required=(Required(msg("what to ask and to mind"), ("kinds[].points[].text",)),),
    lacks=lambda given, _: "" if given.vetting else msg("there is nothing in {file} yet", file=VETTING_FILE),
)
"""The registry's line for the vetting list."""

DISCOVERY: Final = Outside(
    id="discovery",
    audience=Audience.CLIENT,
    moment=Moment.LEARN,
    help=msg("a form for prospects, with the vetting list's own questions and no trace of their origin"),
    given=WorkspaceInput,
    view=discovery_view,
    required=(Required(msg("the list's questions"), ("questions[]",)),),
)
"""The registry's line for the discovery form."""
