"""A survey's form that came back → rows of answers, and which answers it lost.

Role: reads tags by the survey's table of questions, which its caller gives; it writes nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handover.formats.word.form import Form
from handover.model.life import AnswerRow, Wave


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a form holds it: the tags of its boxes with their scores, and that of its field."""

    boxes: tuple[tuple[str, int], ...]
    out_of: int
    field: str = ""


def answers_in(
    form: Form, questions: Mapping[str, Asked], on: dt.date, wave: Wave, respondent: str
) -> tuple[tuple[AnswerRow, ...], tuple[str, ...]]:
    """The answers, and the questions whose answer can't be told: their fields are gone, or two boxes are ticked."""
    rows: list[AnswerRow] = []
    lost: list[str] = []
    for name, asked in questions.items():
        scores = [score for tag, score in asked.boxes if tag in form.ticked]
        expected = {tag for tag, _ in asked.boxes} | ({asked.field} if asked.field else set())
        if len(scores) > 1 or not expected <= set(form.tags):
            lost.append(name)
        text = form.written.get(asked.field)
        score = Decimal(scores[0]) if len(scores) == 1 else None
        if score is not None or text:
            rows.append(
                AnswerRow(
                    on=on,
                    wave=wave,
                    respondent=respondent or None,
                    question=name,
                    score=score,
                    out_of=None if score is None else Decimal(asked.out_of),
                    text=text,
                )
            )
    return tuple(rows), tuple(lost)


def known_already(rows: Sequence[AnswerRow], known: Sequence[AnswerRow]) -> bool:
    """Whether the same answers of the same day and wave are there already."""
    return bool(rows) and set(rows) <= set(known)
