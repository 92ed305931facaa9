"""Every rule for projects: what `handover validate` says about settings, tables, metrics and the client's files.

Role: one of the tables of `handover.cli.rules`, which stands in rules.toml. A finding's words name the place and the
value, and are written where it is found (`handover.project.read`, `handover.project.check`, `handover.model.metrics`,
`handover.bundle.write.scan`); there stands what holds for all of them.
"""

from pathlib import Path

from handover.model.rule import rules_in

FAMILIES, RULES = rules_in(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
"""Families in the order of docs/rules.md, with their headings; rules in the order of the documentation."""
