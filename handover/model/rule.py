"""What a rule is: the words that findings, docs/rules.md and machine formats have about it.

Role: the type of the lines in each room's table of rules, and the form of that table. It reads no file.
"""

import tomllib
from typing import NamedTuple

from handover.model.errors import Severity


class Rule(NamedTuple):
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


def rules_in(table: str) -> tuple[dict[str, str], tuple[Rule, ...]]:
    """Families with their headings, and the rules in their order, of a room's `rules.toml`."""
    families = tomllib.loads(table)
    headings = families.pop("headings")
    rules = []
    for family, lines in families.items():
        for name, (weight, title, meaning) in lines.items():
            at_times, mended = weight == "error or warning", weight.endswith(", mended")
            severity = Severity.ERROR if at_times else Severity(weight.removesuffix(", mended"))
            rules.append(Rule(f"{family}.{name}", severity, title, meaning, mended, at_times))
    return headings, tuple(rules)
