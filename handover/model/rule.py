"""What a rule is: the words that findings, docs/rules.md and machine formats have about it.

Role: the type of the rows in this package's tables.
"""

from dataclasses import dataclass

from handover.model.errors import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `title` is what it demands, `help` why it matters and what to do about it."""

    id: str
    severity: Severity
    """How much it weighs; where it is an error at one place and a warning at another, the error."""
    title: str
    help: str
    fixable: bool = False
    """Whether `handover validate --fix` mends it."""
    at_times_a_warning: bool = False
    """Whether it is only a warning in some places."""

    @property
    def family(self) -> str:
        """The part of the id before the dot, a key of the families."""
        return self.id.partition(".")[0]
