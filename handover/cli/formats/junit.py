"""Findings as JUnit XML, as Jenkins and most others read it (the xunit plugin's junit-10.xsd).

Role: a suite for each file; each error a failed case, each warning a passed one that says so (failed with `--strict`),
and one passed case for a file in which nothing is wrong.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from handover.cli.formats import Result, position, sentence
from handover.model.errors import Finding, Severity

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold (2.2)."""


def document(result: Result) -> str:
    """The report as text, with its XML declaration."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    failures = sum(_fails(finding, result) for finding in result.findings)
    cases = sum(max(1, len(_of(file, result))) for file in result.files)
    lines.append(f'<testsuites name="handover validate" tests="{cases}" failures="{failures}" errors="0">')
    for file in result.files:
        lines += _suite(file, _of(file, result), result)
    return "\n".join([*lines, "</testsuites>"])


def _of(file: str, result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.location.file == file]


def _fails(finding: Finding, result: Result) -> bool:
    return result.strict or finding.severity is Severity.ERROR


def _suite(file: str, findings: list[Finding], result: Result) -> Iterator[str]:
    failures = sum(_fails(finding, result) for finding in findings)
    tests = max(1, len(findings))
    yield f'  <testsuite name={_attribute(file)} tests="{tests}" failures="{failures}" errors="0" skipped="0">'
    if not findings:
        yield f'    <testcase name="nothing to correct" classname={_attribute(file)}/>'
    for finding in findings:
        where = position(finding)
        name = f"{finding.rule}: {where}" if where else finding.rule
        yield f"    <testcase name={_attribute(name)} classname={_attribute(finding.location.file)}>"
        text = f"{finding.location}: {sentence(finding)}"
        if _fails(finding, result):
            attributes = f"type={_attribute(finding.rule)} message={_attribute(finding.message)}"
            yield f"      <failure {attributes}>{_text(text)}</failure>"
        else:
            yield f"      <system-out>{_text(f'warning: {text}')}</system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))
