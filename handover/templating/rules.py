"""Every rule for templates and for a language's folder: its stable id, how much it weighs, what it says and what to do.

Role: one of the tables of `handover.cli.rules`, which stands in rules.toml. It finds nothing itself:
`handover.templating` does.
"""

from pathlib import Path

from handover.model.rule import rules_in

FAMILIES, RULES = rules_in(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
"""Families in the order of docs/rules.md, with their headings; rules in the order of the documentation."""

SEVERITIES = {rule.id: rule.severity for rule in RULES}
"""How much each weighs, by its id."""
