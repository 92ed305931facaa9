"""What internal/ says, so that none of it is repeated in what leaves.

Role: the words of the project's internal files as runs of eight, and as whole cells and values of four to seven, less
what stands in the project's public inputs too. It finds them again in a text without gaps; it reads no file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from handover.project.leaks.text import folded, squeezed

RUN: Final = 8
"""So many words in a row that are the same are no chance."""
_SHORT_VALUE: Final = 4
_LEAST_BYTES: Final = 24
"""A run of shorter words (a row of figures) says nothing."""
_GAP: Final = re.compile(r"[\W_]+")
_STRUCTURED: Final = (".csv", ".tsv", ".yaml", ".yml", ".json", ".toml")


class Run(NamedTuple):
    """Words in a row, without gaps, and how far into them their anchor stands, in bytes."""

    text: bytes
    offset: int
    source: str
    is_short: bool
    """Whether it's a whole cell or value of fewer words than a run."""


@dataclass(frozen=True)
class InternalTexts:
    """Runs of words by their anchors: the longest pair of words in each run, which runs that overlap share."""

    runs: Mapping[bytes, Sequence[Run]] = field(default_factory=dict, repr=False)
    told: Callable[[], Iterable[str]] = field(default=tuple, repr=False)
    """Texts that count for nothing and cost much to read: our templates'. Asked for once a run is found."""

    @cached_property
    def anchors(self) -> list[bytes]:
        """What to look for first, in a text without gaps and punctuation."""
        return list(self.runs)

    def sources(self, text: bytes, at: Iterable[tuple[int, int]]) -> list[str]:
        """The internal files of which runs stand in a text, where its anchors (by index) were found."""
        anchors = self.anchors
        found: dict[str, None] = {}
        for index, start in at:
            for run in self.runs[anchors[index]]:
                stands = text.startswith(run.text, start - run.offset) and start >= run.offset
                if run.source not in found and stands and not self._told.holds(run):
                    found[run.source] = None
        return list(found)

    @cached_property
    def _told(self) -> "_Spoken":
        return _Spoken(self.told())


NOTHING_INTERNAL: Final = InternalTexts()


class _Spoken:
    """What may be said: its runs of words, and its texts without gaps."""

    def __init__(self, texts: Iterable[str]) -> None:
        split = [_words(text) for text in dict.fromkeys(texts)]
        self._runs = {b"".join(words[at : at + RUN]) for words in split for at in range(len(words) - RUN + 1)}
        self._whole = b"\n".join(b"".join(words) for words in split)

    def holds(self, run: Run) -> bool:
        """Whether the run is said there: in the same words, or, where it's a short value, in any."""
        return run.text in self._runs or (run.is_short and run.text in self._whole)


def internal_texts(
    files: Mapping[str, str], public: Iterable[str], told: Callable[[], Iterable[str]] = tuple
) -> InternalTexts:
    """The runs of internal texts (by the file's name), without those that public texts hold too, or what is `told`."""
    spoken = _Spoken(public)
    known: set[bytes] = set()
    runs: dict[bytes, list[Run]] = {}
    for name, text in files.items():
        for split in _windows(name, text):
            anchor, offset = _anchor(split)
            run = Run(b"".join(split), offset, name, len(split) < RUN)
            if len(run.text) >= _LEAST_BYTES and run.text not in known and not spoken.holds(run):
                known.add(run.text)
                runs.setdefault(anchor, []).append(run)
    return InternalTexts(runs, told)


def _windows(name: str, text: str) -> Iterator[list[bytes]]:
    split = _words(text)
    yield from (split[at : at + RUN] for at in range(len(split) - RUN + 1))
    if name.lower().endswith(_STRUCTURED):
        for value in _values(text):
            short = _words(value)
            if _SHORT_VALUE <= len(short) < RUN:
                yield short


def _values(text: str) -> Iterator[str]:
    """The cells and values of a table or a list of keys, near enough: what stands between their marks."""
    for line in text.splitlines():
        yield from re.split(r"[;\t,]", line)
        yield line.partition(":")[2]


def _words(text: str) -> list[bytes]:
    # As `squeezed` takes gaps and marks out, so that runs without them are the same.
    return [word for word in (squeezed(part, marks=True) for part in _GAP.split(folded(text))) if word]


def _anchor(split: Sequence[bytes]) -> tuple[bytes, int]:
    """The longest pair of neighbours in a run, the first of several, and its offset."""
    at = max(range(len(split) - 1), key=lambda index: len(split[index]) + len(split[index + 1]))
    return split[at] + split[at + 1], sum(map(len, split[:at]))
