"""Phrases that don't belong in a last letter, in each language's own list (`templates/<language>/tone.toml`).

Role: `Tone` holds one language's phrases ready to search. `handover.templating.tone` looks for them in templates,
`handover.project.check.tone` in values. It understands no sentence: who finds one warns, a person decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from handover.formats.toml import read_toml
from handover.languages import files
from handover.model.errors import HandoverError, TemplateError
from handover.model.message import later, msg

_SPACES: Final = r"\s+"
MAX_PHRASES: Final = 500
"""Phrases of one kind; ours have some fifty."""

MAX_PHRASE: Final = 100
MAX_GAPS: Final = 2
MAX_WITH_GAPS: Final = 20
"""Gaps (…) in a phrase, each of which multiplies the ways in which a text can be tried by five; phrases with one."""

_BESIDE: Final = ("exceptions", "topics", "address")
_SENTENCE: Final = re.compile(r"[^.!?;\n]+")
_WORDS: Final = re.compile(r"[^\W_]+")
_WHOLE: Final = re.compile(r"[^\W_]+(?![^\W_]|\*)")
_GAP: Final = re.compile(r"(\s*…\s*|\s+|\*|['’])")
_INNER_STAR: Final = re.compile(r"\*[\w*]")
_MESSAGES: Final = {
    "blame": later("blames the client: “{phrase}”"),
    "threat": later("threatens: “{phrase}”"),
    "sarcasm": later("sounds sarcastic: “{phrase}”"),
    "informal": later("says “tu”: “{phrase}”"),
}


class Phrases:
    """Phrases to search for. Those of which a text has a word are compiled then: most texts have none."""

    def __init__(self, phrases: Iterable[str]) -> None:
        # Longest first: the message quotes the whole phrase.
        self._phrases = sorted(phrases, key=len, reverse=True)
        self._by_word: dict[str, list[int]] = {}
        self._beginnings: list[tuple[str, int]] = []
        for number, phrase in enumerate(map(str.casefold, self._phrases)):
            if whole := _WHOLE.findall(phrase):
                self._by_word.setdefault(max(whole, key=len), []).append(number)
            else:
                self._beginnings.append((max(_WORDS.findall(phrase), key=len, default=""), number))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Each phrase in a text, as whole words, in any case."""
        folded = text.casefold()
        likely = [number for word in self._by_word.keys() & _words(folded) for number in self._by_word[word]]
        likely += [number for beginning, number in self._beginnings if beginning in folded]
        if not likely:
            return iter(())  # most of a table's many texts
        return _pattern(tuple(self._phrases[number] for number in sorted(likely))).finditer(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first of them."""
        return next(self.finditer(text), None)


class Tone(NamedTuple):
    """One language's phrases."""

    phrases: Mapping[str, Phrases]
    """`blame`, `threat`, `sarcasm`, `informal` → its phrases."""
    exceptions: Phrases | None = None
    """What only looks like one of them."""
    topics: Phrases | None = None
    """What threatens only in a sentence that addresses somebody: "the litigation page" is a page's name."""
    address: Phrases | None = None
    """What addresses somebody."""

    def found(self, text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
        """The rule, the message and the span of each phrase that doesn't belong in a last letter."""
        matches = [(kind, one) for kind, phrases in self.phrases.items() for one in phrases.finditer(text)]
        if self.topics and self.address and (topics := list(self.topics.finditer(text))):
            sentences = [one.span() for one in _SENTENCE.finditer(text) if self.address.search(one[0])]
            matches += [
                ("threat", one) for one in topics if any(start <= one.start() < end for start, end in sentences)
            ]
        excepted = [one.span() for one in self.exceptions.finditer(text)] if matches and self.exceptions else []
        for kind, one in matches:
            if not any(start <= one.start() and one.end() <= end for start, end in excepted):
                yield f"tone.{kind}", msg(_MESSAGES[kind], phrase=" ".join(one[0].split())), one.span()


@cache
def tone_of(language: str) -> Tone:
    """The phrases of a language; none when its folder has no tone.toml.

    Raises TemplateError when that file isn't what it should be.
    """
    try:
        text = files.read_text(language, "tone.toml")
    except HandoverError:
        return Tone({})
    return read_tone(text, f"templates/{language}/tone.toml")


@lru_cache(maxsize=8)
def read_tone(text: str, place: str) -> Tone:
    """The phrases in the text of a tone.toml; `place` names it in messages. Raises TemplateError."""
    table = read_toml(text, place)
    if unknown := table.keys() - _MESSAGES.keys() - set(_BESIDE):
        raise TemplateError.at(place, msg("there is no kind of phrase called {unknown!r}", unknown=min(unknown)))
    if fault := next(filter(None, (_fault(value, kind) for kind, value in table.items() if value)), ""):
        raise TemplateError.at(place, fault)
    phrases = {kind: Phrases(value) for kind, value in table.items() if value}
    beside = {kind: phrases.pop(kind, None) for kind in _BESIDE}
    return Tone(phrases, **beside)


def _fault(value: object, kind: str) -> str:
    """What is wrong with a list of phrases that anyone may have written; an empty text for nothing."""
    if not isinstance(value, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in value):
        return msg("{kind} must be a list of phrases in quotes", kind=kind)
    if len(value) > MAX_PHRASES:
        return msg("{kind} has {count:,} phrases; {most} are the limit", kind=kind, count=len(value), most=MAX_PHRASES)
    if (gapped := sum("…" in phrase for phrase in value)) > MAX_WITH_GAPS:
        return msg(
            "{kind} has {gapped} phrases with gaps (…); {most} are the limit",
            kind=kind, gapped=gapped, most=MAX_WITH_GAPS,
        )  # fmt: skip
    for phrase in value:
        if len(phrase) > MAX_PHRASE or phrase.count("…") > MAX_GAPS:
            said = msg("a phrase has at most {most} characters and {most_2} gaps (…)", most=MAX_PHRASE, most_2=MAX_GAPS)
            return msg("{kind}: “{phrase}”: {said}", kind=kind, phrase=phrase[:40], said=said)
        if _INNER_STAR.search(phrase):
            return msg("{kind}: “{phrase}”: a * stands at the end of a word", kind=kind, phrase=phrase[:40])
    return ""


@lru_cache(maxsize=4)
def _words(folded: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(folded))


@lru_cache(maxsize=64)
def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(_one(phrase) for phrase in phrases if phrase.strip()[0].isalnum())
    others = "|".join(_one(phrase) for phrase in phrases if not phrase.strip()[0].isalnum())
    # Asked once where a word begins, not once for each phrase: most places of a text are inside words.
    return re.compile("|".join(filter(None, (rf"(?<!\w)(?:{words})" if words else "", others))), re.IGNORECASE)


def _one(phrase: str) -> str:
    """A phrase as a pattern: `*` ends a word in any way, `…` stands for up to four words, any space for any space."""
    pieces = []
    for piece in _GAP.split(phrase.strip()):
        if piece.strip() == "…":
            pieces.append(rf"(?:{_SPACES}[^\s.;:!?]+){{0,4}}?{_SPACES}")
        elif piece == "*":
            pieces.append(r"\w*+")  # possessive: nothing after it could take a part of the word back
        elif piece in {"'", "’"}:
            pieces.append("['’]")
        else:
            pieces.append(_SPACES if piece.isspace() else re.escape(piece))
    joined = "".join(pieces)
    last = phrase.strip()[-1]
    return joined + (r"(?!\w)" if last.isalnum() or last == "*" else "")


def denied(names: Iterable[str]) -> Phrases:
    """Names that may not occur, ready to search at once."""
    return Phrases(name for name in names if name.strip())
