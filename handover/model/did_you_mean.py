"""A word that isn't known → the known one that was probably meant: the only place that guesses one.

Role: `nearest` and `did_you_mean` for keys, columns, words of a list, names of metrics, files and commands. A guess
that is followed becomes data, so a bold one is worse than none: it has to look like a slip of the keyboard. Two words
that differ by a word, a negation or a number are two things, however many letters they share.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final

from handover.model.message import msg

NEVER: Final[Mapping[str, frozenset[str]]] = {
    word: frozenset(others.split("|"))
    for word, others in {
        "name": "username|rename|label", "username": "name", "nom": "nombre", "number": "name",
        "description": "decision|décision", "decision": "description", "décision": "description",
        "doing": "done", "do": "done", "to do": "done", "todo": "done", "due": "done", "done": "due",
        "close": "closed", "closed": "close", "transfer": "transferred", "transferred": "transfer",
        "cancel": "cancelled", "finish": "finished", "finished": "finish", "blocker": "blocked", "blocked": "blocker",
        "fermer": "fermé", "fermé": "fermer", "transférer": "transféré", "transféré": "transférer",
        "terminer": "terminé", "terminé": "terminer", "à terminer": "terminé", "à finir": "fini", "bloquer": "bloqué",
    }.items()
}  # fmt: skip
"""What is typed → known words that it is never meant to be, though they look alike."""

LIKENESS: Final = 0.7
"""Least likeness (Ratcliff and Obershelp's, 0 to 1) of a word that is suggested."""

LONGEST: Final = 200
"""Characters of a word that is compared: the time grows with their square."""

MOST_GUESSES: Final = 100
"""Unknown words of a file for which a near one is sought: each is compared with all that are known."""

_ONE_WORD: Final = 0.9
_BREAKS: Final = re.compile(r"[\s_-]+")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that this one is probably meant to be, or an empty text."""
    if len(word) > LONGEST:
        return ""
    typed = " ".join(word.casefold().split())
    best, likeness, matcher = "", LIKENESS, SequenceMatcher(b=typed)
    for candidate in known:
        folded = candidate.casefold()
        if 2 * min(len(folded), len(typed)) < likeness * (len(folded) + len(typed)):
            continue  # most words: they can't be so alike
        matcher.set_seq1(folded)
        if matcher.quick_ratio() < likeness or folded in NEVER.get(typed, ()) or _differ(typed, folded):
            continue
        if (found := matcher.ratio()) > likeness or (found == likeness and not best):
            best, likeness = candidate, found
    return best


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` for a near miss, or an empty text."""
    guess = nearest(word, known)
    return msg("did you mean `{guess}`?", guess=guess) if guess else ""


def _differ(typed: str, known: str) -> bool:
    """Whether two words are two things: one says more, denies the other, or has another number."""
    if re.findall("[0-9]+", typed) != re.findall("[0-9]+", known):
        return True
    one, other = _BREAKS.sub("", typed), _BREAKS.sub("", known)
    if len(_BREAKS.split(typed)) != len(_BREAKS.split(known)):
        return SequenceMatcher(a=other, b=one).ratio() < _ONE_WORD
    longer, shorter = max(one, other, key=len), min(one, other, key=len)
    return longer.endswith(shorter) and len(longer) - len(shorter) >= 2
