"""Tables of figures that need a person's word: the order of their dates, what their marks and their columns mean.

Role: what was seen and the answers so far → the same, read as a person said, and the questions that are open of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from handover.intake import questions
from handover.intake.answers import Answers
from handover.intake.questions import Question
from handover.intake.seen import Seen
from handover.model.characters import folded


def read_as_said(seen: Seen, said: Answers, *, day_first: bool) -> tuple[Seen, list[Question]]:
    """What was seen, where tables that can be read in two ways are read as a person says; and what is open of that.

    One word says that all are read as they were shown; else the order of dates and the marks are asked for.
    """
    if not (doubtful := [one for one in seen.metrics if one.doubts]):
        return seen, []
    each = {"dates", "numbers"} & set().union(*(one.doubts for one in doubtful))
    if said.get("readings") is None and all(said.get(question) is None for question in each):
        return seen, [questions.readings(doubtful, day_first=day_first)]
    right = said.get("readings") is not None and said.flag("readings")
    proposed = {"day_first": day_first, "grouped": True}
    asked: list[Question] = []
    for question, option, ask in (
        ("dates", "day_first", partial(questions.dates, day_first=day_first)),
        ("numbers", "grouped", questions.numbers),
    ):
        unread = [one for one in seen.metrics if question in one.doubts]
        if unread and said.get(question) is None and not right:
            asked.append(ask(unread))
        elif unread:
            meant = {option: proposed[option] if said.get(question) is None else said.flag(question)}
            exports = (one.again(**meant) if question in one.doubts and one.again else one for one in seen.metrics)
            seen = replace(seen, metrics=tuple(exports))
    return seen, asked


def columns_meant(
    seen: Seen, said: Answers, known: Mapping[str, str], code: str
) -> tuple[tuple[Question, ...], Mapping[str, str]]:
    """The question which metrics the columns of plain tables are, where it's open, and what was said of it."""
    unknown = [name for one in seen.metrics for name in one.unknown]
    before = {name: known[folded(name)] for name in unknown if folded(name) in known}
    names = [name for name in unknown if name not in before]
    if not names:
        return (), before
    if said.get("columns") is None:
        return (questions.columns(seen.metrics, names, code),), before
    return (), {**before, **said.columns("columns", names)}
