"""The rules for what commands read besides a project: exports of metrics, lists of credentials, what is about to leave.

Role: one of the tables of `handover.cli.rules`, which stands in rules.toml. `import metrics`, `vault`, `build` and, for
what is about to leave, `validate` name these.
"""

from pathlib import Path

from handover.model.rule import rules_in

FAMILIES, RULES = rules_in(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
"""Families in the order of docs/rules.md, with their headings; rules in the order of the documentation."""
