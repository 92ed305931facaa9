"""Findings as SARIF 2.1.0 (OASIS, errata 01), the format of code scanning.

Role: one run with the rules that were met and a result for each finding. Word documents have no lines: there the place
is a logical location, in words. Fingerprints leave out paragraph numbers, so that a finding is known again after text
was added above it.
"""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from handover import __version__
from handover.cli.formats import Result, position, sentence
from handover.cli.rules import FAMILIES, RULES
from handover.model.errors import Finding, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NUMBER = re.compile(r"\bparagraph \d+")


def document(result: Result) -> dict[str, Any]:
    """The log as plain values."""
    rules = list(dict.fromkeys(finding.rule for finding in result.findings))
    driver = {"name": "handover", "semanticVersion": __version__, "rules": [_rule(name) for name in rules]}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [{"executionSuccessful": True, "exitCode": int(result.failed)}],
                "artifacts": [{"location": _uri(file)} for file in result.files],
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, rules.index(finding.rule)) for finding in result.findings],
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    rule = RULES.get(name)
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": rule.help, "markdown": rule.help},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {"tags": [FAMILIES[rule.family]]},
    }


def _level(severity: Severity) -> str:
    return "error" if severity is Severity.ERROR else "warning"


def _result(finding: Finding, index: int) -> dict[str, Any]:
    place = finding.location
    physical: dict[str, Any] = {"artifactLocation": _uri(place.file)}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.line and not place.sheet:
        physical["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    elif where := position(finding):
        location["logicalLocations"] = [{"fullyQualifiedName": where}]
        location["message"] = {"text": where}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _level(finding.severity),
        "message": {"text": sentence(finding)},
        "locations": [location],
        "partialFingerprints": {"handoverFinding/v1": _fingerprint(finding)},
    }


def _uri(file: str) -> dict[str, str]:
    # A path that begins at the root is an absolute URI; any other is relative to where the run began.
    return {"uri": f"file://{quote(file)}" if file.startswith("/") else quote(file)}


def _fingerprint(finding: Finding) -> str:
    place = _NUMBER.sub("paragraph", finding.location.place)
    where = place or finding.location.sheet
    told = f"{finding.rule}\n{finding.location.file}\n{where}\n{finding.message}"
    return sha256(told.encode()).hexdigest()[:32]
