"""What a survey says, for the agency alone: start, end, our own guess, the difference, and the recommendation.

Role: `ResultsView` is all that `survey_results.docx` sees. It averages and counts, and interprets nothing: the net
promoter score never stands without its counts, and of fewer than ten answers the counts stand alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from handover.documents.base import Audience, InternalInput, Outside
from handover.documents.shared import DocumentView, of_dossier
from handover.documents.survey import QUESTIONS
from handover.documents.word import spoken
from handover.languages.words import Words, sign_of
from handover.model.life import ANSWERS_FILE, AnswerRow, Moment, Wave
from handover.model.message import msg
from handover.templating.content import Required

FEW: Final = 10
"""Answers below which no net promoter score is given."""
_PROMOTER, _DETRACTOR = 9, 6
_RECOMMEND: Final = "recommend"
_GOALS: Final = "objectives"


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One subject's scores."""

    question: str
    """What was asked, in a few words."""
    start: str
    """The mean at the start; an en dash where nobody answered."""
    during: str
    """The mean on the way."""
    end: str
    """The mean at the end."""
    ours: str
    """Our own guess."""
    difference: str
    """From the printed start to the printed end, with its sign."""


@dataclass(frozen=True, slots=True)
class WrittenView:
    """Something that was written."""

    question: str
    """What was asked."""
    text: str
    """The answer, word for word."""
    who: str | None
    """Who wrote it."""


@dataclass(frozen=True, slots=True)
class NetView:
    """Whether they would recommend us."""

    score: str
    """The net promoter score, with its sign."""
    answers: str
    """How many answered: "three answers"."""
    counts: str
    """How many gave 9 or 10, 7 or 8, and 6 or less; what nobody gave isn't mentioned."""
    few: bool
    """Whether these are too few for a score: the counts are all then."""


@dataclass(frozen=True, slots=True)
class ResultsView(DocumentView):
    """All that the template of the survey's results may use."""

    scores: tuple[ScoreView, ...]
    """Every subject that somebody scored from 1 to 5 or from 0 to 10."""
    during: bool
    """Whether somebody answered on the way."""
    both: bool
    """Whether start and end are compared."""
    goals: tuple[str, ...]
    """Whether they achieved what they wanted: a sentence for each time that somebody was asked."""
    net: NetView | None
    """Whether they would recommend us, at the end."""
    written: tuple[WrittenView, ...]
    """What was written at the end."""


def view(given: InternalInput) -> ResultsView:
    """What the paper says."""
    dossier, words = given.dossier, given.words
    scores = tuple(line for name in QUESTIONS if name != _GOALS and (line := _scores(name, given)))
    waves = {row.wave for row in dossier.answers if row.score is not None}
    return ResultsView(
        **of_dossier(given),
        scores=scores,
        during=Wave.DURING in waves,
        both={Wave.START, Wave.END} <= waves,
        goals=tuple(said for wave in Wave if (said := _goals(wave, dossier.answers, words))),
        net=net_of(dossier.answers, words),
        written=tuple(
            WrittenView(_label(row.question, given), row.text, row.respondent)
            for row in dossier.answers
            if row.text and row.wave is not Wave.OURS
        ),
    )


def _label(question: str, given: InternalInput) -> str:
    key = f"question.{question}"
    return spoken(given.words, key, given.dossier.voice) if given.words.has(key) else question


def mean(answers: Iterable[AnswerRow], question: str, wave: Wave) -> Decimal | None:
    """The mean score of a question in a wave, in the scale of the form; None where nobody gave one."""
    scores = [row.score for row in answers if row.question == question and row.wave is wave and row.score is not None]
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def _scores(name: str, given: InternalInput) -> ScoreView | None:
    words = given.words
    start, during, end, ours = (mean(given.dossier.answers, name, wave) for wave in Wave)
    if start is end is ours is during is None:
        return None
    moved = None if start is None or end is None else _rounded(end, 1) - _rounded(start, 1)
    return ScoreView(
        question=_label(name, given),
        start=_cell(start, words),
        during=_cell(during, words),
        end=_cell(end, words),
        ours=_cell(ours, words),
        difference=_signed(moved, words),
    )


def _goals(wave: Wave, answers: Iterable[AnswerRow], words: Words) -> str:
    """How many said yes, partly and no, leaving out what nobody said; an empty text where nobody was asked."""
    given = [row.score for row in answers if row.question == _GOALS and row.wave is wave]
    counts = {name: given.count(Decimal(score)) for name, score in QUESTIONS[_GOALS].scores}
    said = [
        words.text(f"goals.guess.{name}") if wave is Wave.OURS else words.plural_spelt(f"goals.say.{name}", count)
        for name, count in counts.items()
        if count
    ]
    return words.text(f"goals.{wave}", answers=words.list(said)) if said else ""


def _cell(value: Decimal | None, words: Words) -> str:
    return words.text("empty") if value is None else words.number(value, 1)


def _signed(value: Decimal | None, words: Words, decimals: int = 1) -> str:
    if value is None:
        return words.text("empty")
    rounded = _rounded(value, decimals)
    return sign_of(rounded) + words.number(abs(rounded), decimals)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def net_promoters(scores: Iterable[Decimal]) -> tuple[int, int, int, Decimal] | None:
    """Promoters (9–10), passives (7–8), detractors (0–6), and 100 × (promoters − detractors) ÷ answers; None for none.

    Source: F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
    """
    given = list(scores)
    if not given:
        return None
    promoters = sum(score >= _PROMOTER for score in given)
    detractors = sum(score <= _DETRACTOR for score in given)
    return (
        promoters,
        len(given) - promoters - detractors,
        detractors,
        Decimal(100 * (promoters - detractors)) / len(given),
    )


def recommendations(answers: Iterable[AnswerRow]) -> list[Decimal]:
    """The scores from 0 to 10 that were given at the end."""
    return [
        row.score for row in answers if row.question == _RECOMMEND and row.wave is Wave.END and row.score is not None
    ]


def net_of(answers: Iterable[AnswerRow], words: Words) -> NetView | None:
    """Whether the client would recommend us, in words; None where nobody was asked at the end."""
    scores = recommendations(answers)
    found = net_promoters(scores)
    if found is None:
        return None
    *counts, score = found
    gave = zip(("most", "middle", "least"), counts, strict=True)
    return NetView(
        score=_signed(score, words, 0),
        answers=words.plural_spelt("answers", len(scores)),
        counts=words.list([words.plural_spelt(f"gave.{which}", count) for which, count in gave if count]),
        few=len(scores) < FEW,
    )


SURVEY_RESULTS: Final = Outside(
    id="survey_results",
    audience=Audience.INTERNAL,
    moment=Moment.AFTER,
    help=msg("the answers: start, end, our own guess, and whether they would recommend us"),
    given=InternalInput,
    view=view,
    required=(Required(msg("the client's name"), ("client",)), Required(msg("the scores"), ("scores[].end",))),
    lacks=lambda _, dossier: "" if dossier.answers else msg("there are no answers in {file} yet", file=ANSWERS_FILE),
)
"""The registry's line for the survey's results."""
