"""The one error tree: what went wrong, where, what to do next, and the exit status it means.

Role: every failure that a person can meet is a `HandoverError` with a message that says the place, and a `hint`
that says the next step. This module prints nothing and exits nowhere: `handover.cli`
alone does. No error may carry a secret's value; builders of messages use row and column names instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from handover.model.message import counted, msg

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UNKNOWN_SIGNER = 3
EXIT_ZIPPED_AGAIN = 4


class Severity(StrEnum):
    """How much a finding weighs: an error stops a build, a warning is shown and the build goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True, slots=True)
class SourceLocation:
    """Where a value was read: a file relative to the project, and a line and column or a sheet and cell.

    Lines and columns count from 1; 0 means "the file as a whole". A cell location prints as
    `file:sheet!B7`, any other as `file:line:column`. Locations sort in reading order. Word documents have no
    lines: there `place` says it in words (`paragraph 12, near “…”`).
    """

    file: str
    line: int = 0
    column: int = 0
    sheet: str = ""
    place: str = ""

    def __str__(self) -> str:
        return str(self.said())

    def said(self) -> str:
        """The same, worded."""
        if self.place:
            return msg("{file}: {place}", file=self.file, place=self.place)
        if self.sheet:
            return f"{self.file}:{self.sheet}!{column_letters(self.column)}{self.line}"
        if self.line:
            return f"{self.file}:{self.line}:{max(self.column, 1)}"
        return self.file


def column_letters(column: int) -> str:
    """Spreadsheet letters of a column counted from 1 (1 → `A`, 28 → `AB`); an empty string for 0."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing wrong in the input: its place, what is wrong, and what to write instead.

    `rule` is a stable identifier (`table.missing-column`) that machine formats print and documentation
    lists; `hint` may be empty when the message already says what to do.
    """

    location: SourceLocation
    rule: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR


class HandoverError(Exception):
    """Root of every error that is shown to a person.

    `exit_status` is what the process ends with; `hint` is the next step. What is only to be known before something is
    relied on is a `caution`.
    """

    exit_status: ClassVar[int] = EXIT_FAILED

    def __init__(self, message: str, *, hint: str = "", caution: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.caution = caution
        self.hint = hint

    @classmethod
    def at(cls, place: object, what: str, **about: Any) -> Self:
        """The error at a place: a file, or a part of one, which its message begins with."""
        return cls(msg("{place}: {what}", place=place, what=what), **about)

    def __str__(self) -> str:
        return str(self.said())

    def said(self) -> str:
        """The place and what is wrong, worded."""
        return self.message


class UsageError(HandoverError):
    """The command line asks for something impossible or contradictory."""

    exit_status = EXIT_USAGE


class InvalidInput(HandoverError):
    """The project, a table or a template has findings; all of them travel together, in the order given."""

    def __init__(self, findings: Iterable[Finding], *, hint: str = "") -> None:
        self.findings: Sequence[Finding] = tuple(findings)
        errors = sum(f.severity is Severity.ERROR for f in self.findings)
        super().__init__(counted("{count} problem found", "{count} problems found", errors), hint=hint)


class TemplateError(HandoverError):
    """A template can't be rendered: its own fault or a limit it exceeded."""


class Unfillable(TemplateError):
    """A template that is right can't be filled with what this project holds; `rule` says which rule that is."""

    def __init__(self, message: str, *, rule: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.rule = rule


class SecretError(HandoverError):
    """A passphrase, password or key can't be used."""


class WrongPassphrase(SecretError):
    """The passphrase doesn't open this file."""


class WeakPassphrase(SecretError):
    """A chosen passphrase is too easy to guess."""


class SecretInClear(SecretError):
    """A secret was about to leave in clear text: in a table, a document, a file or an e-mail."""


class SigningError(HandoverError):
    """A key or certificate can't sign, or a signature can't be made."""


class DamagedFile(HandoverError):
    """A file isn't what its format says: truncated, altered or made by something else."""


class AssetError(HandoverError):
    """A file to deliver can't be delivered: not a regular file, an unsafe name, or it changed meanwhile."""


class OutputError(HandoverError):
    """The result can't be written: it exists, or the folder is missing, full or not writable."""


class BundleError(HandoverError):
    """A received bundle isn't intact. `entry` names the entry and `clause` the clause of docs/format.md."""

    def __init__(self, message: str, *, entry: str = "", clause: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.entry = entry
        self.clause = clause
        self.file = ""
        """The zip as the user named it: known to who opened it, not to who reads it."""
        self.in_second = False
        """Whether it's the second zip of a split bundle that isn't intact."""

    def said(self) -> str:
        """The file, the entry and what is wrong, worded."""
        told = self.message.startswith(self.entry) or self.file.replace("\\", "/").endswith(f"/{self.entry}")
        said = self.message
        if self.clause:
            said = msg("{said} (format {clause})", said=said, clause=self.clause)
        for place in (*([] if told else [self.entry]), self.file):
            said = msg("{place}: {said}", place=place, said=said) if place else said
        return said


class UnknownSigner(HandoverError):
    """The bundle is intact, but nothing that the user gave says who signed it."""

    exit_status = EXIT_UNKNOWN_SIGNER


class ZippedAgain(HandoverError):
    """Every file of the bundle is as signed, but another program has made the zip around them anew."""

    exit_status = EXIT_ZIPPED_AGAIN
