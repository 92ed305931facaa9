"""How a language joins a text and a name behind it: "de" + "Anne" is "d’Anne", "de" + "le service" is "du service".

Role: words that elide before a vowel or a mute h, and words that contract with an article, as `[elision]` and
`[contraction]` of a language's `common.toml` list them. Before what may sound either way the full form stays.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from handover.languages.typography import NO_BREAK_SPACE

_LONGEST_JOINED = 40


def joined(before: str, value: str, lines: Callable[[str], Sequence[str]], texts: Mapping[str, str]) -> tuple[str, str]:
    """A text and the value behind it, as the language joins them; `lines` and `texts` are its words by key."""
    if not before.endswith((" ", NO_BREAK_SPACE)) or not value:
        return before, value
    head, word = _last_word(before[:-1])
    if word.casefold() in lines("elision.words") and _elides(value, lines("elision.full"), lines("elision.mute")):
        return f"{head}{word[:-1]}’", value
    article, _, noun = value.partition(" ")
    contracted = texts.get(f"contraction.{word.casefold()}.{article.casefold()}")
    # A name may begin with a capital article that is part of it ("Le Goff"): of those, towns alone are sure.
    if contracted and (article.islower() or re.split(r"[,(]", value)[0].strip() in lines("contraction.towns")):
        return f"{head}{contracted.capitalize() if word[0].isupper() else contracted} ", noun
    return before, value


def _last_word(text: str) -> tuple[str, str]:
    """The text before its last word, and that word; a word that is longer than any that a language joins is none."""
    end = text[-_LONGEST_JOINED:]
    match = re.search(r"[^\W\d_]+$", end)
    found = match[0] if match and len(match[0]) < _LONGEST_JOINED else ""
    return text[: len(text) - len(found)], found


def _elides(value: str, full: Sequence[str], mute: Sequence[str]) -> bool:
    """Whether a word before the value loses its vowel: before a vowel or a mute h, where that is sure."""
    word = re.match(r"[\W_]*(\w*)", value.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(c for c in unicodedata.normalize("NFD", word[1] if word else "") if not unicodedata.combining(c))
    if re.fullmatch("|".join(_started(full)), plain):
        return False
    # Before a consonant y is a vowel: d’Yves, but de Yann.
    return bool(re.match("[aeiou]|y(?![aeiouy]|$)", plain) or re.fullmatch("|".join(_started(mute)), plain))


def _started(words: Sequence[str]) -> Iterator[str]:
    """Patterns of words, a `*` at the end standing for any ending."""
    return (re.escape(word).replace(r"\*", r"\w*") for word in words)
