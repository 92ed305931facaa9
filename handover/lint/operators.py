"""Which kinds of values comparisons and tests take.

Role: one table of the sandbox's tests, and what `<`, `in` and `==` may stand between. It knows no scope: the caller
gives kinds and takes what is to be said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from handover.lint.kinds import ANY, Kind

ORDERING: Final = frozenset({"lt", "lteq", "gt", "gteq"})
SEARCHING: Final = frozenset({"in", "notin"})

Say = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Takes:
    """What one test takes."""

    kinds: frozenset[str] = frozenset()
    """Kinds of the value; empty for all."""
    arguments: int = 0
    """How many values follow it."""
    operator: str = ""
    """The comparison that it is another name for."""


TESTS: Final = {
    "defined": Takes(),
    "undefined": Takes(),
    "none": Takes(),
    "string": Takes(),
    "even": Takes(frozenset({"number"})),
    "odd": Takes(frozenset({"number"})),
    "eq": Takes(arguments=1, operator="eq"),
    "ne": Takes(arguments=1, operator="ne"),
    "in": Takes(arguments=1, operator="in"),
}
"""The tests that a template can name; the sandbox's others (`==`, `<`) are for filters that it doesn't have."""


def check_comparison(operator: str, left: Kind, right: Kind, say: Say) -> None:
    """Say what is wrong with a comparison; `operator` as Jinja names it (`eq`, `lt`, `in` …)."""
    if operator in ORDERING:
        _check_order(left, right, say)
    elif operator in SEARCHING:
        _check_search(left, right, say)
    else:
        _check_equal(left, right, say)


def check_test(name: str, value: Kind, arguments: Sequence[Kind], say: Say) -> None:
    """Say what is wrong with a test that exists; its value and arguments are checked as far as they go."""
    takes = TESTS[name]
    if len(arguments) != takes.arguments:
        wanted = {0: "nothing", 1: "one value"}[takes.arguments]
        say("filter.arguments", f"`is {name}` takes {wanted} after it", "")
    elif takes.operator:
        check_comparison(takes.operator, value, arguments[0], say)
    elif takes.kinds and not value.names <= takes.kinds | {"any"}:
        wanted = " or ".join(Kind(kind).described() for kind in sorted(takes.kinds))
        say("variable.operation", f"`is {name}` asks about {wanted}, not {value.described()}", "")


def _check_order(left: Kind, right: Kind, say: Say) -> None:
    names = (left.names | right.names) - {"any"}
    if not (names <= {"text"} or names <= {"number", "fraction"}):
        message = f"asks which is more of {left.described()} and {right.described()}"
        say("variable.operation", message, "two numbers, or two texts, have an order")


def _check_search(left: Kind, right: Kind, say: Say) -> None:
    if right.name == "text":
        if not left.names <= {"text", "any"}:
            say("variable.operation", f"looks for {left.described()} in a text", "")
    elif right.name == "list":
        _check_equal(left, right.item or ANY, say)
    elif right.name != "any":
        say("variable.operation", f"looks for something in {right.described()}", "a list or a text can hold something")


def _check_equal(left: Kind, right: Kind, say: Say) -> None:
    known = not {"any", "none"} & (left.names | right.names)
    if known and not left.names & right.names:
        say("variable.comparison", f"compares {left.described()} with {right.described()}", "")
