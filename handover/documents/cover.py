"""The cover letter: today's letter, where the notice was signed before and is packed as the termination letter.

Role: `CoverView` is the letter's view with the days ahead. Its template says what comes with it, what happens by when
and whom to call; the decision, its reason and what was offered stand in the notice, and aren't said again.
"""

import datetime as dt
from dataclasses import dataclass, fields

from handover.documents.base import Deliverable, RenderInput
from handover.documents.letter import REQUIRED, LetterView, rendered
from handover.documents.letter import view as letter_view
from handover.model.artifact import Role, Seal


@dataclass(frozen=True, slots=True)
class DayView:
    """A day on or after the letter's date."""

    date: str
    """Written out."""
    what: str | None
    """What is delivered; absent for the last day of work and for the contract's end."""
    last_day: bool
    """Whether it is the last day of work."""


@dataclass(frozen=True, slots=True)
class CoverView(LetterView):
    """All that the cover letter's template may use: what the letter's may, and the days ahead."""

    days: tuple[DayView, ...]
    """In their order."""
    start_page: str | None
    """The file name of the page to open first, where the bundle comes with the letter."""


def view(given: RenderInput) -> CoverView:
    """What the cover letter says, from what the project holds."""
    shown = letter_view(given)
    contract, letter = given.project.settings.contract, given.project.settings.letter
    last, end = contract.last_working_day, contract.ends
    days: list[tuple[dt.date, str | None]] = [(one.due_date, one.what) for one in letter.deliveries]
    days += [(last, None)] if last > letter.date else []
    days += [(end, None)] if end != last else []
    ahead = sorted((day for day in days if day[0] >= letter.date), key=lambda day: day[0])
    return CoverView(
        **{field.name: getattr(shown, field.name) for field in fields(LetterView)},
        days=tuple(DayView(given.words.date(day), what, not what and day == last) for day, what in ahead),
        start_page=given.named(Role.START_HERE) if shown.enclosures else None,
    )


def render(given: RenderInput) -> bytes:
    """The cover letter as an unsigned .docx. Raises TemplateError when the template can't be filled in."""
    return rendered(given, view(given))


COVER = Deliverable(
    id="cover",
    role=Role.LETTER,
    seal=Seal.SIGNED,
    render=render,
    view=view,
    required=tuple(one for one in REQUIRED if one.any_of != ("deliveries[].what",)),
    words_of=("letter",),
    has_content=lambda project, _today: project.notice is not None,
)
"""The registry's line for the cover letter."""
