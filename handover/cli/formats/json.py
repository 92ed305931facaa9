"""Findings as one JSON document, and the JSON Schema that describes it (`schemas/findings.schema.json`).

Role: the format for programs of one's own. Keys are added, never renamed or removed, while `format` stays 1.
"""

from typing import Any

from handover.cli.formats import Result
from handover.cli.report import finding_record

FORMAT = 1
_DRAFT_7 = "http://json-schema.org/draft-07/schema#"


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


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 7) of `document`."""
    return {
        "$schema": _DRAFT_7,
        "title": "What `handover validate --format json` prints",
        "type": "object",
        "required": ["format", "failed", "errors", "warnings", "files", "findings"],
        "properties": {
            "format": {"const": FORMAT, "description": "Version of this format."},
            "failed": {"type": "boolean", "description": "Whether the exit status is 1."},
            "errors": _count("How many findings are errors."),
            "warnings": _count("How many findings are warnings."),
            "files": {"type": "array", "items": {"type": "string"}, "description": "Every file that was judged."},
            "findings": {"type": "array", "items": _finding(), "description": "In reading order, file by file."},
        },
    }


def _finding() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["file", "line", "column", "sheet", "place", "severity", "rule", "message", "hint"],
        "properties": {
            "file": _text("The file, relative to the current folder, with forward slashes."),
            "line": _count("Line or row, from 1; 0 for the file as a whole and in Word documents."),
            "column": _count("Column, from 1; 0 where there is none."),
            "sheet": _text("Sheet of a workbook; empty elsewhere."),
            "place": _text("Where in a Word document, in words; empty elsewhere."),
            "severity": {"enum": ["error", "warning"], "description": "An error stops a build."},
            "rule": {
                "type": "string",
                "pattern": "^[a-z]+\\.[a-z0-9-]+$",
                "description": "Stable identifier of the rule; docs/rules.md explains each.",
            },
            "message": _text("What is wrong."),
            "hint": _text("What to do; empty where the message says it."),
        },
    }


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _count(description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": description}
