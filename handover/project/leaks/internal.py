"""What internal/ says, so that none of it is repeated in what leaves.

Role: the words of the project's internal files as runs of eight, and as whole cells and values of four to seven, less
what stands in the project's public inputs too. It finds them again in a text without gaps; it reads no file.
"""

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from handover.model.sources import scalars
from handover.project.leaks.text import folded, squeezed
from handover.project.read.yaml_tree import read_yaml

RUN: Final = 8
"""So many words in a row that are the same are no chance."""
_SHORT_VALUE: Final = 4
_LEAST_BYTES: Final = 24
"""A run of shorter words (a row of figures) says nothing."""
_QUOTED: Final = re.compile(r"“[^“”]+”|«[^«»]+»")
"""Straight marks are a table's own."""
_GAP: Final = re.compile(r"[\W_]+")
_CELLS: Final = (".csv", ".tsv")
_KEYS: Final = (".yaml", ".yml", ".json")
_STRUCTURED: Final = (*_CELLS, *_KEYS, ".toml")


class Run(NamedTuple):
    """Words in a row, without gaps, and how far into them their anchor stands, in bytes."""

    text: bytes
    offset: int
    source: str
    is_short: bool
    """Whether it's a whole cell or value of fewer words than a run."""
    is_quoted: bool
    """Whether the papers say it between quotation marks alone: somebody has said it already."""


@dataclass(frozen=True)
class InternalTexts:
    """Runs of words by their anchors: the longest pair of words in each run, which runs that overlap share."""

    runs: Mapping[bytes, Sequence[Run]] = field(default_factory=dict, repr=False)
    told: Callable[[], Iterable[str]] = field(default=tuple, repr=False)
    """Texts that count for nothing and cost much to read: our templates'. Asked for once a run is found."""

    @cached_property
    def for_files(self) -> "InternalTexts":
        """What the client's own files mustn't repeat: what the papers quote (a contract's clause) may stand there."""
        kept = {anchor: [run for run in runs if not run.is_quoted] for anchor, runs in self.runs.items()}
        return InternalTexts({anchor: runs for anchor, runs in kept.items() if runs}, self.told)

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
    files: Mapping[str, str],
    public: Iterable[str],
    told: Callable[[], Iterable[str]] = tuple,
    *,
    prose: Iterable[str] = (),
    sayable: Iterable[str] = (),
    cells: Iterable[str] = (),
) -> InternalTexts:
    """The runs of internal texts (by the file's name), without those that public texts hold too, or what is `told`.

    What the agency writes to the client in its own words (`prose`) excuses what the papers themselves mean to be said
    (`sayable`), or quote: anything else that it holds was copied out of them. In what a table tells (`cells`), a few
    words are no copy yet: journal and plan say of the same day that Ada looks after the accounts.
    """
    spoken, meant, noted = _Spoken(public), _Spoken(sayable), _Spoken(own := tuple(cells))
    written = _Spoken((*prose, *own))
    quoted = {
        b"".join(run) for text in files.values() for found in _QUOTED.findall(text) for run in _windows("", found)
    }
    without = {name: _QUOTED.sub("\n", text) for name, text in files.items()} if quoted else {}
    unquoted = {b"".join(run) for name, text in without.items() for run in _windows(name, text)}
    known: set[bytes] = set()
    runs: dict[bytes, list[Run]] = {}
    for name, text in files.items():
        for split in _windows(name, text):
            at = max(range(len(split) - 1), key=lambda index: len(split[index]) + len(split[index + 1]))
            anchor, offset = split[at] + split[at + 1], sum(map(len, split[:at]))
            joined = b"".join(split)
            run = Run(joined, offset, name, len(split) < RUN, joined in quoted and joined not in unquoted)
            excused = written.holds(run) and (run.is_quoted or meant.holds(run))
            if excused or spoken.holds(run) or (run.is_short and noted.holds(run)):
                continue
            if len(run.text) >= _LEAST_BYTES and run.text not in known:
                known.add(run.text)
                runs.setdefault(anchor, []).append(run)
    return InternalTexts(runs, told)


def _windows(name: str, text: str) -> Iterator[list[bytes]]:
    split = _words(text)
    yield from (split[at : at + RUN] for at in range(len(split) - RUN + 1))
    if name.lower().endswith(_STRUCTURED):
        for value in dict.fromkeys(_values(name.lower(), text)):
            short = _words(value)
            if _SHORT_VALUE <= len(short) < RUN:
                yield short


def _values(name: str, text: str) -> Iterator[str]:
    """The cells and values of a table or a list of keys: what stands between their marks, near enough where the file
    can't be read as what its name says."""
    for line in text.splitlines():
        yield from re.split(r"[;\t,]", line)
        yield line.partition(":")[2]
    if name.endswith(_KEYS):
        tree, _ = read_yaml(text.encode(), name)
        yield from (node.text for _, node in scalars(tree))
    elif name.endswith(_CELLS):
        with contextlib.suppress(csv.Error):
            marks = max(";\t,", key=text.partition("\n")[0].count)
            yield from (cell for row in csv.reader(io.StringIO(text), delimiter=marks) for cell in row)


def _words(text: str) -> list[bytes]:
    # As `squeezed` takes gaps and marks out, so that runs without them are the same.
    return [word for word in (squeezed(part, marks=True) for part in _GAP.split(folded(text))) if word]
