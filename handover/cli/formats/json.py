"""Findings as one JSON document, which `schemas/findings.schema.json` describes.

Role: the format for programs of one's own. Keys are added, never renamed or removed, while `format` stays 1.
"""

from typing import Any

from handover.cli.formats import Result
from handover.cli.report import finding_record

FORMAT = 1


def document(result: Result) -> dict[str, Any]:
    """The whole result as plain values, in the order in which it is read."""
    return {
        "format": FORMAT,
        "failed": result.failed,
        "errors": result.errors,
        "warnings": result.warnings,
        "files": list(result.files),
        "findings": [finding_record(finding) for finding in result.findings],
    }
