"""One pass over a text for everything that must not leave in it.

Role: what to look for, made ready once for a whole delivery, and the search itself. All literals (chunks of the vault's
secrets, beginnings of tokens, other clients' names) are found together by one automaton (Aho and Corasick, 1975), so
that a text costs the same whatever their number; only where one stands is looked at more closely. It reads no file.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.model.message import msg
from handover.project.leaks.internal import NOTHING_INTERNAL, InternalTexts
from handover.project.leaks.needles import Match, Needle
from handover.project.leaks.patterns import PATTERNS, Pattern
from handover.project.leaks.text import exact, folded, parted, readings, squeezed, without_gaps, words

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick


NEIGHBOUR: Final = "leak.neighbour"


class Hit(NamedTuple):
    """Something found in a text: the rule, what to say of it, and its line (from 1; 0 where lines mean nothing)."""

    rule: str
    message: str
    line: int = 0


@dataclass(frozen=True)
class Searcher:
    """Everything to look for in one delivery."""

    needles: Sequence[Needle] = ()
    denied: Sequence[str] = ()
    """Names of other clients."""
    told: Sequence[str] = ()
    """Names that may be mere words: a hit is of a rule of its own, and of no line."""
    internal: InternalTexts = field(default=NOTHING_INTERNAL, repr=False)

    def search(self, text: str) -> list[Hit]:
        """What stands in a text, each thing once."""
        data = text.encode("utf-8", "surrogatepass")
        low = data.lower()
        found = _matches(self._automaton, low)
        hits = list(_pattern_hits(data, found)) if found else []
        if self._wanted or self._joined:
            looked = _Reading(text, low)
            hits += self._wanted_hits(looked, found if looked.form is low else _matches(self._automaton, looked.form))
            hits += self._squeezed_hits(looked)
        return hits

    # How it's made ready

    @cached_property
    def _wanted(self) -> "list[_Wanted]":
        """What is searched by chunks of its own: needles, then names."""
        found = [_Wanted(needle) for needle in self.needles if needle.match is not Match.SQUEEZED]
        names = [(name, name in self.told) for name in (*self.denied, *self.told) if words(name)]
        return found + [_Wanted(name, is_told=is_told) for name, is_told in names]

    @cached_property
    def _owners(self) -> list[int]:
        """For each chunk of `_wanted`, in order, the index of what it belongs to."""
        return [index for index, wanted in enumerate(self._wanted) for _ in wanted.chunks]

    @cached_property
    def _unchunked(self) -> list[int]:
        """What of `_wanted` has no letter or digit of ASCII."""
        return [index for index, wanted in enumerate(self._wanted) if not wanted.chunks]

    @cached_property
    def _grouped(self) -> list[Needle]:
        return [needle for needle in self.needles if needle.match is Match.SQUEEZED]

    @cached_property
    def _joined(self) -> list[bytes]:
        """What is searched without gaps: needles, then anchors of internal words."""
        return [n.secret.reveal().encode("utf-8", "surrogatepass") for n in self._grouped] + self.internal.anchors

    @cached_property
    def _automaton(self) -> "BytesAhoCorasick":
        return _automaton(chunk for wanted in self._wanted for chunk in wanted.chunks)

    @cached_property
    def _joined_automaton(self) -> "BytesAhoCorasick":
        return _automaton(self._joined)

    # The search

    def _wanted_hits(self, looked: "_Reading", found: Iterable[tuple[int, int, int]]) -> Iterator[Hit]:
        # Most stand in hardly any text: only those are gone through of which something does, or which have no chunks.
        always = range(len(self._wanted)) if looked.unusual else self._unchunked
        seen: dict[int, dict[int, list[int]]] = {index: {} for index in always}
        most = len(_LITERALS)
        for literal, start, _ in found:
            if literal >= most:
                seen.setdefault(self._owners[literal - most], {}).setdefault(literal, []).append(start)
        for index, by_chunk in sorted(seen.items()):
            wanted, starts = self._wanted[index], list(by_chunk.values())
            likely = looked.unusual or len(starts) == len(wanted.chunks)
            if likely and any(map(wanted.stands_in, looked.around(starts))):
                yield wanted.hit(looked.text)

    def _squeezed_hits(self, looked: "_Reading") -> Iterator[Hit]:
        if not self._joined:
            return
        bare = looked.squeezed
        most, grouped = len(_LITERALS), len(self._grouped)
        matches = _matches(self._joined_automaton, bare)
        found = [(literal - most, start) for literal, start, _ in matches if literal >= most]
        for index in sorted({index for index, _ in found if index < grouped}):
            needle = self._grouped[index]
            yield Hit("leak.secret", needle.told, _line_of(needle, looked.text))
        at = [(index - grouped, start) for index, start in found if index >= grouped]
        for source in self.internal.sources(bare, at):
            yield Hit("leak.internal-words", msg("repeats what {source} says", source=source))


class _Reading:
    """A text in the forms that it is compared in, each made when it's first needed."""

    def __init__(self, text: str, low: bytes) -> None:
        self.text = text
        self.form = low if text.isascii() else exact(folded(text))
        """Folded, as it stands: what is escaped in it hides no letter or digit unless it is `unusual`."""
        escapes = any(mark[:1] in low and mark in low for mark in _ESCAPES)  # a byte alone is found at once
        self.unusual = escapes and bool(_UNUSUAL.search(low))

    def around(self, starts: Sequence[Sequence[int]]) -> Iterable["_Reading"]:
        """The parts of it in which chunks stand close together, each of which starts at some places; itself where there
        are none, or those are short, or wouldn't read as the whole does.
        """
        is_ascii = self.text.isascii()
        if not starts or self.unusual or len(self.form) < _SHORT or (not is_ascii and b"&" in self.form):
            return [self]
        fewest, *others = sorted(starts, key=len)
        near = [at for at in fewest if all(_has_within(other, at - _NEAR, at + _NEAR) for other in others)]
        if len(near) * 2 * _NEAR > len(self.form):
            return [self]
        parts = [slice(max(at - _NEAR, 0), at + _NEAR) for at in near]
        texts = (self.text[part] if is_ascii else self.form[part].decode("utf-8", "replace") for part in parts)
        return (_Reading(text, text.lower().encode()) for text in texts)

    @cached_property
    def _folded(self) -> str:
        return folded(readings(self.text))

    @cached_property
    def whole(self) -> str:
        """All readings, with the dashes of programs as hyphens."""
        return exact(self._folded).decode("utf-8", "surrogatepass")

    @cached_property
    def parted(self) -> str:
        """All readings, with one space for any gap."""
        return parted(self._folded)

    @property
    def squeezed(self) -> bytes:
        """Without gaps and punctuation."""
        if self.unusual:
            return squeezed(self._folded, marks=True)
        return without_gaps(self.form) if self.text.isascii() else squeezed(folded(self.text), marks=True)


_SHORT: Final = 128 * 1024
_NEAR: Final = 16 * 1024
"""Bytes before and behind a chunk within which all that it belongs to stands, whatever lies between its words."""


def _has_within(starts: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(starts, first)
    return at < len(starts) and starts[at] <= last


_ESCAPES: Final = (b"&#", rb"\u00", b"%")
_UNUSUAL: Final = re.compile(
    rb"&#(?:0*(?:4[89]|5[0-7]|6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2]);|x0*(?:3[0-9]|[46][1-9a-f]|[57][0-9a]);)"
    rb"|\\u00(?:3[0-9]|[46][1-9a-f]|[57][0-9a])|%(?:3[0-9]|[46][1-9a-f]|[57][0-9a])"
)
"""A letter or digit of ASCII that is escaped though it needn't be, in a text in lower case."""


class _Wanted:
    """A needle or a name, with the chunks of letters and digits all of which stand in a text that holds it."""

    def __init__(self, what: Needle | str, *, is_told: bool = False) -> None:
        self._what, self._is_told = what, is_told
        self._form = what.secret.reveal() if isinstance(what, Needle) else words(what)
        chunks = sorted(set(_CHUNK.findall(self._form)), key=len, reverse=True)
        # Short chunks stand everywhere; what has none but those is looked for by the longest of them.
        self.chunks = [chunk.encode() for chunk in chunks if len(chunk) >= _LEAST_CHUNK or chunk is chunks[0]][:3]

    def stands_in(self, looked: _Reading) -> bool:
        """Whether a text holds it: a password as it is, a passphrase between any gaps, a name as whole words."""
        if not isinstance(self._what, Needle):
            return bool(re.search(rf"(?<!\w){re.escape(self._form)}(?!\w)", looked.parted))
        return self._form in (looked.whole if self._what.match is Match.EXACT else looked.parted)

    def hit(self, text: str) -> Hit:
        """What to say of it."""
        if isinstance(self._what, Needle):
            return Hit("leak.secret", self._what.told, _line_of(self._what, text))
        if self._is_told:
            return Hit(NEIGHBOUR, msg("{what!r} is what another client of the workspace is called", what=self._what))
        message = msg("names {what}, which mustn't leave with this client's files", what=self._what)
        return Hit("leak.denied-name", message, _line(text, lambda some: self.stands_in(_Reading(some, b""))))


_CHUNK: Final = re.compile(r"[a-z0-9]+")
_LEAST_CHUNK: Final = 4


_FORMS: Final[Mapping[Match, Callable[[str], str]]] = {
    Match.EXACT: lambda line: exact(folded(readings(line))).decode("utf-8", "surrogatepass"),
    Match.WORDS: lambda line: words(readings(line)),
    Match.SQUEEZED: lambda line: squeezed(folded(readings(line)), marks=True).decode("utf-8", "surrogatepass"),
}


_TOGETHER: Final = 500
"""Lines that are read at once: a log of a million short ones took seconds to say where its password stands."""


def _line_of(needle: Needle, text: str) -> int:
    """The first line that holds all of a secret; 0 where it goes over several."""
    form, secret = _FORMS[needle.match], needle.secret.reveal()
    return _line(text, lambda some: secret in form(some))


def _line(text: str, stands_in: Callable[[str], bool]) -> int:
    lines = text.split("\n")
    for start in range(0, len(lines), _TOGETHER):
        some = lines[start : start + _TOGETHER]
        if stands_in("\n".join(some)):
            for number, line in enumerate(some, start + 1):
                if stands_in(line):
                    return number
    return 0


_LITERALS: Final[list[tuple[bytes, Pattern]]] = [
    (literal.encode(), pattern) for pattern in PATTERNS for literal in pattern.literals
]


def _automaton(literals: Iterable[bytes]) -> "BytesAhoCorasick":
    """One for the known beginnings and more literals. With a few alone, the library would look for likely places first,
    of which Latin text is full, and take three times as long.
    """
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick([*(known for known, _ in _LITERALS), *literals], implementation=Implementation.DFA)


def _matches(automaton: "BytesAhoCorasick", text: bytes) -> list[tuple[int, int, int]]:
    return automaton.find_matches_as_indexes(text, overlapping=True)


def _pattern_hits(data: bytes, found: Iterable[tuple[int, int, int]]) -> Iterator[Hit]:
    """One hit for each kind of secret, at the first place where it stands."""
    told: set[str] = set()
    most = len(_LITERALS)
    for literal, start, _ in found:
        if literal >= most:
            continue
        pattern = _LITERALS[literal][1]
        if pattern.what in told:
            continue
        match = pattern.compiled.match(data, start)
        if match and (pattern.check is None or pattern.check(match)):
            told.add(pattern.what)
            message = msg("holds what looks like {what}", what=pattern.what)
            yield Hit("leak.token", message, data.count(b"\n", 0, start) + 1)
