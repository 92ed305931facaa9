"""The same finding in many rows, told once: where it is first, how often, and on which lines.

Role: shortens what people read; formats for programs list every finding. Findings that say something else of each row,
and those in Word documents, whose places are words, stay single.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from handover.model.errors import Finding
from handover.model.message import all_of, counted, joined, msg

FEWEST: Final = 4
"""Lines on which the same must stand to be told once: up to three are read faster one by one."""

MAX_RUNS: Final = 200
"""Runs of neighbouring lines that are listed; what is beyond is counted."""


class Told(NamedTuple):
    """One finding, and what is to be said of the further places where it holds; an empty text for none."""

    finding: Finding
    also: str = ""


def grouped(findings: Iterable[Finding]) -> list[Told]:
    """The findings in the order given, those that say the same of further rows of a file with the first of them."""
    listed = list(findings)
    groups: dict[object, list[Finding]] = {}
    for finding in listed:
        groups.setdefault(_sameness(finding), []).append(finding)
    told = []
    few = {key: len({one.location.line for one in group}) < FEWEST for key, group in groups.items()}
    for finding in listed:
        key = _sameness(finding)
        if few[key]:
            told.append(Told(finding))
        elif finding is groups[key][0]:
            told.append(Told(finding, _also(groups[key][1:])))
    return told


def _sameness(finding: Finding) -> object:
    place = finding.location
    if place.place or not place.line:
        return finding
    return place.file, place.sheet, finding.rule, finding.severity, finding.message, finding.hint


def _also(group: Sequence[Finding]) -> str:
    """`and 6 more times, on lines 3–7 and 9`."""
    runs = _runs(sorted({finding.location.line for finding in group}))
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:MAX_RUNS]]
    if hidden := sum(last - first + 1 for first, last in runs[MAX_RUNS:]):
        shown.append(counted("{count:,} further one", "{count:,} further ones", count=hidden))
    lines = all_of([joined(", ", shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    if group[0].location.sheet:
        return msg("and {count:,} more times, on rows {lines}", count=len(group), lines=lines)
    return msg("and {count:,} more times, on lines {lines}", count=len(group), lines=lines)


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring lines as pairs of first and last."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
