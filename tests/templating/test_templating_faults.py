"""Every faulty template is reported, with its rule, place and wording, and with nothing else."""

import pytest

from handover.documents.templates import template_file
from handover.model.errors import Severity
from handover.templating.check import lint_template
from handover.templating.rules import RULES, SEVERITIES
from template_making import Maker
from templating.faults import FAULTS, Fault

DENY = ("Acme Bakery",)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_gives_one_finding(fault: Fault) -> None:
    made = fault.make()
    content = made.bytes() if isinstance(made, Maker) else made
    file = f"{fault.document}.docx"

    findings = lint_template(content, template_file(file, fault.document, fault.language[:2], DENY))

    if fault.language == "fr-tone":  # a straight apostrophe is a fault of its own
        findings = [finding for finding in findings if finding.rule.startswith("tone.")]
    assert [finding.rule for finding in findings] == [fault.rule] * fault.times
    finding = findings[0]
    assert finding.location.file == file
    assert fault.place in finding.location.place
    assert fault.message in finding.message
    assert fault.hint in finding.hint
    assert finding.severity is SEVERITIES[fault.rule]


def test_there_are_enough_of_them_and_every_rule_of_a_template_is_met() -> None:
    met = {case.values[0].rule for case in FAULTS}
    elsewhere = {"tag.too-much", "tag.cannot-fill"}  # of a project, not of a template alone
    untested = {name for name in SEVERITIES if not name.startswith(("language.", "template."))} - met - elsewhere

    assert len(FAULTS) >= 120
    assert untested == set()


def test_ids_titles_and_help_are_whole_sentences() -> None:
    for rule in RULES:
        assert rule.title.endswith((".", "’).", "»."))
        assert rule.help.endswith(".")
        assert rule.severity in Severity
