"""The survey: fourteen subjects to tick and write on, as a Word form whose fields are read back by their tags.

Role: `SurveyView` is all that `survey.docx` sees; the questions are in the template. `QUESTIONS` says which tags its
fields have and what each can hold, so that a form that comes back is read by the same table.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.shared import ClientView, of_project
from handover.formats.word.form import Form
from handover.life.dossier import Dossier
from handover.model.base import MAX_LINE
from handover.model.life import AnswerRow, Moment, Wave
from handover.model.message import msg
from handover.templating.content import Required


class Question(NamedTuple):
    """One subject: the scores that can be ticked, and whether something can be written."""

    scores: tuple[tuple[str, int], ...] = ()
    """The last part of a box's tag → its score."""
    text: bool = False

    @property
    def out_of(self) -> int:
        """The best score; 0 for a question without boxes."""
        return max((score for _, score in self.scores), default=0)


FIVE: Final = Question(tuple((str(score), score) for score in range(1, 6)))
"""From 1 to 5."""
_TEXT: Final = Question(text=True)

QUESTIONS: Final[Mapping[str, Question]] = {
    "first_steps": FIVE,
    "rollout": FIVE,
    "knowledge": FIVE,
    "manager": FIVE,
    "team": FIVE,
    "experience": FIVE,
    "quality": FIVE,
    "training": FIVE,
    "objectives": Question((("yes", 2), ("partly", 1), ("no", 0)), text=True),
    "more": _TEXT,
    "communication": _TEXT,
    "meetings": FIVE,
    "why_us": _TEXT,
    "recommend": Question(tuple((str(score), score) for score in range(11)), text=True),
}
"""Every subject by its name, in the form's order. Tags are `experience-4`, and `objectives-why` for what is written."""

RESPONDENT: Final = "respondent"
"""The tag of the field for a name."""


def answers_in(form: Form, on: dt.date, wave: Wave) -> tuple[tuple[AnswerRow, ...], list[str], list[str]]:
    """The answers, and the questions of which a field is gone, or where more than one box is ticked."""
    rows: list[AnswerRow] = []
    gone: list[str] = []
    twice: list[str] = []
    # Name and company are often written in two lines.
    respondent = ", ".join(form.written.get(RESPONDENT, "").splitlines())[:MAX_LINE] or None
    for name, question in QUESTIONS.items():
        boxes = {f"{name}-{end}": score for end, score in question.scores}
        field = f"{name}-why" if question.text else ""
        scores = [score for tag, score in boxes.items() if tag in form.ticked]
        if not {*boxes, *([field] if field else [])} <= set(form.tags):
            gone.append(name)
        if len(scores) > 1:
            twice.append(name)
        text = form.written.get(field)
        score = Decimal(scores[0]) if len(scores) == 1 else None
        if score is not None or text:
            best = None if score is None else Decimal(question.out_of)
            rows.append(
                AnswerRow(on=on, wave=wave, respondent=respondent, question=name, score=score, out_of=best, text=text)
            )
    return tuple(rows), gone, twice


def tags() -> tuple[str, ...]:
    """The tags of every field of the form."""
    found = [RESPONDENT]
    for name, question in QUESTIONS.items():
        found += [f"{name}-{end}" for end, _ in question.scores]
        found += [f"{name}-why"] if question.text else []
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SurveyView(ClientView):
    """All that the template of the survey may use."""

    subject: str
    """What the contract is about."""
    email: str
    """Where the form goes back to."""
    wave: Wave
    """`start`, `during` or `end`."""


def view(given: ClientInput) -> SurveyView:
    """What the form says around its questions."""
    settings = given.project.settings
    return SurveyView(
        **of_project(given),
        subject=settings.contract.subject,
        email=settings.agency.email,
        wave=given.wave,
    )


def _lacks(given: ClientInput, _: Dossier) -> str:
    end = given.project.settings.contract.ends
    if given.wave is Wave.OURS:
        return msg("our own guess is no survey: import it with `handover import answers --wave ours`")
    if given.wave is Wave.END and given.today <= end:
        return msg("the last survey comes after the end ({day}); `--wave during` makes one for before it", day=end)
    return ""


SURVEY: Final = Outside(
    id="survey",
    audience=Audience.CLIENT,
    moment=Moment.AFTER,
    help=msg("fourteen questions as a Word form, after the end, at the start or on the way (`--wave`)"),
    given=ClientInput,
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("where it goes back to"), ("email",))),
    lacks=_lacks,
)
"""The registry's line for the survey."""
