"""How findings, steps and results look on a terminal and in JSON.

Role: calm, aligned, 80 columns; colour only for severity. It formats values that others computed.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from handover.cli.terminal import print_json as print_json
from handover.cli.terminal import print_utf8 as print_utf8
from handover.cli.terminal import say, worded
from handover.model.characters import aloud, visible
from handover.model.characters import quoted as quoted
from handover.model.errors import Finding, OutputError, Severity
from handover.model.message import all_of, counted, joined, msg, system_reason
from handover.model.secret import Secret

_MOST = 2_000
"""Findings that are told to people one by one; nobody reads on, and a terminal takes its time."""


def print_findings(findings: Sequence[Finding], *, hint: str = "", next_command: str = "") -> None:
    """Write findings by file, in the order given, then how many there are and what to type next.

    What holds for many rows alike is written once, with their lines.
    """
    from handover.cli.grouping import grouped

    listed = grouped(findings)
    for file, group in groupby(listed[:_MOST], key=lambda told: told.finding.location.file):
        say(visible(file, ""), bold=True, err=True)
        for told in group:
            _print_finding(told.finding, told.also)
    if len(listed) > _MOST:
        say(
            counted(
                "and {count:,} more, which --format json lists",
                "and {count:,} more, which --format json lists",
                count=len(listed) - _MOST,
            ),
            err=True,
        )
    say(_count(findings), err=True)
    if hint:
        say(hint, err=True)
    if next_command:
        say(msg("next: {command}", command=next_command), err=True)


def _print_finding(finding: Finding, also: str) -> None:
    shade, weight = ("red", msg("error")) if finding.severity is Severity.ERROR else ("yellow", msg("warning"))
    place, severity = worded("  " + _where(finding) + msg(": ")), worded(weight + msg(": "))
    say(place, nl=False, err=True, line=True, whole=True)
    say(severity, fg=shade, nl=False, err=True)
    say(finding.message + _rule(finding), err=True, line=True, hang=6, begun=len(place) + len(severity))
    if finding.hint:
        say("      " + finding.hint, err=True)
    if also:
        say("      " + also, err=True)


def _where(finding: Finding) -> str:
    """A place under its file's name; places in words go without repeating it."""
    return finding.location.place or finding.location.said()


def _rule(finding: Finding) -> str:
    """The rule of a finding about a template: docs/rules.md says more about each."""
    return f" [{finding.rule}]" if finding.location.place or finding.location.file.endswith(".docx") else ""


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """What `print_findings` writes, without colour, as lines, and every finding on its own."""
    lines = []
    for file, group in groupby(findings, key=lambda f: f.location.file):
        lines.append(file)
        for finding in group:
            lines.append(f"  {_where(finding)}: {finding.severity}: {finding.message}{_rule(finding)}")
            lines += [f"      {finding.hint}"] if finding.hint else []
    return [*lines, _count(findings)]


def next_line(command: str, *arguments: object) -> str:
    """The next command to type, as the last line of what a command has done: `next: handover validate acme`."""
    typed = " ".join(["handover", command, *(quoted(argument) for argument in arguments)])
    return msg("next: {command}", command=typed)


def fingerprint_block(digits: str) -> str:
    """A fingerprint in groups of four, on two lines, to be compared by phone."""
    return "\n".join(f"  {line}" for line in aloud(digits))


def tell_shared(*, shared: bool, project: str = "") -> None:
    """Say that settings (of this one among several projects) come from a workspace: never are they in silence."""
    if shared and project:
        say(msg("{project}: settings shared from {file}", project=project, file="../agency.yaml"), err=True)
    elif shared:
        say(msg("settings shared from {file}", file="../agency.yaml"), err=True)


def tell_uncompared(root: Path) -> None:
    """Say which internal papers weren't compared with what leaves, where there are any."""
    from handover.project.leaks.project import uncompared

    if found := uncompared(root):
        print_findings(found)


def stale_lines(gone: Iterable[Path]) -> list[str]:
    """That drafts of e-mails were removed because they held an earlier version of a file, a line each."""
    return [msg("removed: {draft}, a draft of an e-mail with an earlier version", draft=draft) for draft in gone]


def left_out_line(left_out: Sequence[tuple[str, str]]) -> str:
    """How many files and folders of assets/ aren't delivered, in words."""
    folders = sum(path.endswith("/") for path, _ in left_out)
    files = len(left_out) - folders
    parts = [
        *([counted("{count} file", "{count} files", files)] if files else []),
        *([counted("{count} folder", "{count} folders", folders)] if folders else []),
    ]
    return msg("left out of what is delivered: {parts}", parts=all_of(parts))


def _count(findings: Iterable[Finding]) -> str:
    listed = list(findings)
    errors = sum(f.severity is Severity.ERROR for f in listed)
    warnings = len(listed) - errors
    parts = [
        *([counted("{count} error", "{count} errors", errors)] if errors else []),
        *([counted("{count} warning", "{count} warnings", warnings)] if warnings else []),
    ]
    return joined(", ", parts) if parts else msg("nothing to correct")


def finding_record(finding: Finding) -> dict[str, Any]:
    """One finding as `--json` writes it; 0 and an empty text mean "the file as a whole" and "none"."""
    place = finding.location
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "sheet": place.sheet,
        "place": place.place,
        "severity": str(finding.severity),
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
    }


def rows(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Labels and what belongs to each (one line or several), as lines in two columns."""
    named = [(worded(label), text) for label, text in pairs]
    width = max(12, *(len(label) for label, _ in named))
    return [
        f"  {label if at == 0 else '':<{width}} " + line
        for label, text in named
        for at, line in enumerate(worded(text).split("\n"))
    ]


def done(*lines: str) -> None:
    """Print what a command has done, a line each.

    Where standard output takes nothing (a full disk, a reader that has gone), they go to standard error, since what was
    changed must be known; then raises OutputError.
    """
    refused: OSError | None = None
    for line in lines:
        if refused is None:
            try:
                say(line)
                continue
            except OSError as error:
                refused = error
        say(line, err=True)
    if refused is not None:
        raise untold(refused, hint=msg("what stands above is done all the same"))


def show_passphrase(told: str, passphrase: Secret) -> None:
    """Show a passphrase on the terminal itself: standard output may be a file."""
    say(told, err=True)
    say(f"    {passphrase.reveal()}\n", bold=True, err=True)


def untold(error: OSError, *, hint: str = "") -> OutputError:
    """What to say when standard output can't be written; `hint` says what is done nevertheless."""
    why = msg("its reader has gone") if isinstance(error, BrokenPipeError) else system_reason(error, lower=True)
    return OutputError(msg("standard output can't be written ({why})", why=why), hint=hint)
