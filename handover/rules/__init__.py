"""Every rule that a finding can name, in tables: for templates, for projects, and for what other commands read.

Role: the only place that findings' severity, docs/rules.md and machine formats take a rule's words from. An id never
changes its meaning; a rule that goes leaves its id unused. Nothing is found here.
"""

from typing import Final

from handover.rules import exports, projects, templates
from handover.rules.rule import Rule

__all__ = ["EXPORT_FAMILIES", "FAMILIES", "PROJECT_FAMILIES", "RULES", "TEMPLATE_FAMILIES", "TEMPLATE_RULES", "Rule"]

TEMPLATE_RULES: Final[dict[str, Rule]] = {rule.id: rule for rule in templates.RULES}
"""The rules for Word templates and languages, by id, in the order of the documentation."""

RULES: Final[dict[str, Rule]] = {rule.id: rule for rule in (*projects.RULES, *templates.RULES, *exports.RULES)}
"""Every rule by its id, in the order of the documentation."""

PROJECT_FAMILIES: Final = projects.FAMILIES
TEMPLATE_FAMILIES: Final = templates.FAMILIES
EXPORT_FAMILIES: Final = exports.FAMILIES

FAMILIES: Final[dict[str, str]] = {**PROJECT_FAMILIES, **TEMPLATE_FAMILIES, **EXPORT_FAMILIES}
"""Families of rules, with their headings."""
