"""Every rule that a finding can name, in tables: for templates, for projects, and for what other commands read.

Role: the only place that findings' severity, docs/rules.md and machine formats take a rule's words from. An id never
changes its meaning; a rule that goes leaves its id unused. Nothing is found here.
"""

from typing import Final

from handover.importers import rules as exports
from handover.model.rule import Rule
from handover.project.check import rules as projects
from handover.templating import rules as templates

RULES: Final[dict[str, Rule]] = {rule.id: rule for rule in (*projects.RULES, *templates.RULES, *exports.RULES)}
"""Every rule by its id, in the order of the documentation."""

FAMILIES: Final[dict[str, str]] = {**projects.FAMILIES, **templates.FAMILIES, **exports.FAMILIES}
"""Families of rules, with their headings."""
