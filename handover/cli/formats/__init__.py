"""Findings in the formats that other programs read: JSON, GitHub annotations, SARIF, JUnit XML.

Role: one module per format, each a pure function from what was checked to text. What a finding is, is
`handover.model.errors`'; how people read it, `handover.cli.report`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handover.model.errors import Finding, Severity


@dataclass(frozen=True, slots=True)
class Result:
    """What a run checked and found."""

    files: Sequence[str]
    """Every file that was judged, relative to where the user stands, with forward slashes."""
    findings: Sequence[Finding]
    """In reading order, file by file."""
    strict: bool = False
    """Whether a warning counts as a failure."""

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return len(self.findings) - self.errors

    @property
    def failed(self) -> bool:
        """Whether the run ends with exit status 1."""
        return bool(self.findings) if self.strict else self.errors > 0


def sentence(finding: Finding) -> str:
    """A finding without its place, in one text: what is wrong and what to do."""
    return f"{finding.message}; {finding.hint}" if finding.hint else finding.message


def position(finding: Finding) -> str:
    """Where in its file a finding is, in words; empty for the file as a whole."""
    place = finding.location
    if place.place:
        return place.place
    whole = str(place)
    return whole.removeprefix(f"{place.file}:") if whole != place.file else ""
