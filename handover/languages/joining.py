"""How a language joins a text and a name behind it: "de" + "Anne" is "d’Anne", "de" + "le service" is "du service".

Role: words that elide before a vowel or a mute h, and words that contract with an article, as `[elision]` and
`[contraction]` of a language's `common.toml` list them. Before what may sound either way the full form stays.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from handover.languages.typography import NO_BREAK_SPACE

_LONGEST_JOINED = 40
_LAST_WORD = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{1,{_LONGEST_JOINED - 1}}}$")
"""The last word of a text; one that is longer than any that a language joins is none."""


class Joining:
    """One language's words that elide or contract; `lines` and `texts` are its words by key."""

    def __init__(self, lines: Callable[[str], Sequence[str]], texts: Mapping[str, str]) -> None:
        self._eliding = frozenset(lines("elision.words"))
        self._full, self._mute = _any_of(lines("elision.full")), _any_of(lines("elision.mute"))
        self._towns = frozenset(lines("contraction.towns"))
        self._texts = texts

    def joined(self, before: str, value: str) -> tuple[str, str]:
        """A text and the value behind it, as the language joins them."""
        if not value or not before.endswith((" ", NO_BREAK_SPACE)):
            return before, value
        found = _LAST_WORD.search(before, max(0, len(before) - _LONGEST_JOINED - 1), len(before) - 1)
        head, word = (before[: found.start()], found[0]) if found else (before[:-1], "")
        if word.casefold() in self._eliding and self._elides(value):
            return f"{head}{word[:-1]}’", value
        article, _, noun = value.partition(" ")
        contracted = self._texts.get(f"contraction.{word.casefold()}.{article.casefold()}")
        # A name may begin with a capital article that is part of it ("Le Goff"): of those, towns alone are sure.
        if contracted and (article.islower() or re.split(r"[,(]", value)[0].strip() in self._towns):
            return f"{head}{contracted.capitalize() if word[0].isupper() else contracted} ", noun
        return before, value

    def _elides(self, value: str) -> bool:
        """Whether a word before the value loses its vowel: before a vowel or a mute h, where that is sure."""
        word = re.match(r"(?![+−])[\W_]*(\w*)", value.casefold().replace("œ", "oe").replace("æ", "ae"))
        letters = unicodedata.normalize("NFD", word[1] if word else "")
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        if self._full.fullmatch(plain):
            return False
        # Before a consonant y is a vowel: d’Yves, but de Yann.
        return bool(re.match("[aeiou]|y(?![aeiouy]|$)", plain) or self._mute.fullmatch(plain))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern of words, a `*` at the end standing for any ending."""
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words))
