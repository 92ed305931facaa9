"""Every rule that the code can name is in the tables, every rule in the tables is used, and the page shows them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handover.cli.rules import FAMILIES, RULES
from handover.model.errors import Severity
from handover.templating.rules import SEVERITIES as TEMPLATE_RULES
from house_plan import tree
from rules_page import rules_reference

PACKAGE = Path(__file__).parent.parent / "handover"
ID = re.compile(r"([a-z]+)\.[a-z0-9-]+")
NOT_RULES = re.compile(r".*\.(csv|zip|xlsx|docx|toml|txt|yaml|p12|png|pdf|name|local-part|domain|xml|env)")
"""Files, and error types of the models that `handover.project.check.wording` translates."""


def texts(folder: str) -> Iterator[str]:
    for path in PACKAGE.joinpath(folder).rglob("*.py"):
        if path.name == "rules.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def named() -> set[str]:
    """Every text of the code that looks like a rule's id, from where findings are made."""
    places = (
        "model",
        "bundle/write",
        "compare",
        "project",
        "importers/credentials",
        "templating",
        "languages",
        "life",
        "build",
    )
    found = {text for place in places for text in texts(place) if ID.fullmatch(text)}
    # Lists of phrases name their rule in `tone.toml`.
    phrases = {f"tone.{kind}" for kind in ("blame", "threat", "sarcasm", "informal")}
    in_family = {text for text in found if text.partition(".")[0] in FAMILIES}
    return phrases | {text for text in in_family if text in RULES or not NOT_RULES.fullmatch(text)}


def refusals() -> set[str]:
    """The rules that refuse what a Word file holds, which stand without their family beside what is said of it."""
    passed: set[str] = set()
    for path in (PACKAGE / "formats" / "word").glob("*.py"):
        for node in ast.walk(tree(path)):
            match node:
                case ast.Tuple([ast.Constant(str(rule)), ast.Call(ast.Name("msg"))]) | ast.Yield(
                    ast.Tuple([ast.Constant(str(rule)), *_])
                ):
                    passed.add(rule)
    return {f"word.{rule}" for rule in passed if rule}


def imports() -> set[str]:
    """The rules of importers, which are written without their family."""
    passed: set[str] = set()
    for path in (PACKAGE / "importers" / "metrics").glob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"problem", "self.say"}:
                passed |= {node.args[1].value} if isinstance(node.args[1], ast.Constant) else set()
    # A column of numbers is read as in a project's tables; only the family differs.
    return {f"import.{name}" for name in passed | {"format", "ambiguous", "mark"}}


def test_the_rules_in_the_tables_are_those_that_a_finding_can_name() -> None:
    assert named() | refusals() | imports() == set(RULES)


def test_numbers_of_exports_have_the_rules_of_numbers() -> None:
    assert {"number.format", "number.ambiguous", "number.mark"} <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_demands_and_what_to_do(rule) -> None:
    assert ID.fullmatch(rule.id)
    assert rule.family in FAMILIES
    assert rule.title[0].isupper() or rule.title.startswith(("`", "“"))
    assert rule.title.endswith(".")
    assert rule.help.endswith((".", "…", '""', "too."))
    assert rule.severity is Severity.ERROR or not rule.at_times_a_warning


def test_the_page_has_a_row_for_every_rule() -> None:
    rows = [line for line in rules_reference().splitlines() if line.startswith("| `")]

    assert [name for name in RULES if sum(row.startswith(f"| `{name}` |") for row in rows) != 1] == []


def test_templates_have_their_own_families() -> None:
    others = {rule.family for name, rule in RULES.items() if name not in TEMPLATE_RULES}
    assert others.isdisjoint(RULES[name].family for name in TEMPLATE_RULES)
