"""Findings as annotations of GitHub Actions: workflow commands, one a line, in its documented escaping.

Role: writes the commands, and wraps the full list so that nothing in it can be taken for a command (only ten
annotations of a kind are shown per step, so the list is needed). Source: GitHub's documentation, "Workflow commands
for GitHub Actions", `error`, `warning` and `stop-commands`.
"""

import secrets
from collections.abc import Iterator

from handover.cli.formats import Result, position, sentence
from handover.cli.report import finding_lines
from handover.model.errors import Finding
from handover.model.message import msg


def document(result: Result) -> str:
    """The commands, then every finding as people read it."""
    listed = "\n".join(finding_lines(result.findings)) if result.findings else msg("nothing to correct")
    return "\n".join([*annotations(result), quoted(listed, secrets.token_hex(16))])


def annotations(result: Result) -> Iterator[str]:
    """One workflow command for each finding."""
    for finding in result.findings:
        place = finding.location
        properties = {"file": place.file}
        # A row of a workbook is no line of its file.
        if place.line and not place.sheet:
            properties |= {"line": str(place.line), "col": str(max(place.column, 1))}
        properties["title"] = finding.rule
        shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{finding.severity} {shown}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    where = "" if finding.location.line and not finding.location.sheet else position(finding)
    return f"{where}: {sentence(finding)}" if where else sentence(finding)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def quoted(lines: str, token: str) -> str:
    """Text that may hold anything, with commands switched off while it is printed.

    `token` must be unpredictable: whoever knows it can switch them on again.
    """
    return f"::stop-commands::{token}\n{lines}\n::{token}::"
