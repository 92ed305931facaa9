"""Rows of cells → credentials, whatever the cells came from: the vault's sheet, a table in text, an export's entries.

Role: names of columns in any language, and what a cell may hold; whatever a spreadsheet turned into a number, a date or
a formula is told with its cell, never guessed at. Nothing here opens a file; no message holds a value.
"""

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from pydantic import ValidationError

from handover.formats.excel import Kind, ReadSheet
from handover.formats.excel.rows import cell_fault
from handover.languages.registry import CREDENTIALS, Language, columns, meant, ours
from handover.model.base import unprintable
from handover.model.characters import folded
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import DamagedFile, Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.rows import CredentialRow, YesNo
from handover.model.sources import shown

MAX_CHARACTERS = 10_000_000
_MAX_COLUMNS = 200
"""Columns of a table; near names are looked for of each that isn't known."""

COLUMNS = tuple(CredentialRow.model_fields)
NEEDED = ("service", "password")
"""Columns that a list of credentials has at least."""
_SECRETS = frozenset({"password", "totp_secret", "recovery_codes", "fields", "note"})

Findings = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with its place, whatever it came from; its text is never shown."""

    location: SourceLocation
    text: str = field(repr=False)
    fault: str = ""
    """Why this isn't text, if it isn't."""


PlacedRow = Mapping[int, PlacedCell]

_NOT_TEXT = {
    Kind.NUMBER: msg("holds a number or date, not text: zeros in front or digits after the fifteenth may be lost"),
    Kind.BOOLEAN: msg("holds a truth value, not text"),
    Kind.ERROR: msg("holds an error, not text"),
    Kind.FORMULA: msg("holds a formula, not text"),
}


def grid(sheet: ReadSheet, name: str) -> Iterator[PlacedRow]:
    """The rows of a sheet that hold anything. Raises DamagedFile for more characters than any vault has."""
    rows: dict[int, dict[int, PlacedCell]] = {}
    characters = 0
    for cell in sheet.cells:
        characters += len(cell.text)  # one text may stand in many cells
        if characters > MAX_CHARACTERS:
            message = msg("has more than {most:,} characters", most=MAX_CHARACTERS)
            raise DamagedFile.at(name, message, hint=msg("shorten its notes"))
        location = SourceLocation(name, cell.row, cell.column, sheet.name)
        text = cell.text.replace("\r\n", "\n")
        rows.setdefault(cell.row, {})[cell.column] = PlacedCell(location, text, _NOT_TEXT.get(cell.kind, ""))
    return iter(rows.values())


class Reading:
    """Turns rows into credentials, collecting every finding on the way."""

    def __init__(self, name: str, languages: Sequence[Language] = ()) -> None:
        self._name = name
        self._languages = languages
        self._known = headers(languages)
        self.findings: list[Finding] = []
        self._headed: set[int] = set()
        self._language: Language | None = None

    def is_table(self, sheet: ReadSheet) -> bool:
        """Whether a sheet's first row names the columns that a vault has at least."""
        first = min((cell.row for cell in sheet.cells), default=0)
        return {self._named(cell.text) for cell in sheet.cells if cell.row == first} >= set(NEEDED)

    def _called(self, column: str) -> str:
        """What the header's language calls a column."""
        return self._language.header(CREDENTIALS, column) if self._language else spoken(column)

    def _all_columns(self) -> str:
        return msg("columns are: {columns}", columns=", ".join(map(self._called, COLUMNS)))

    def _named(self, text: str) -> str | None:
        return self._known.get(folded_name(text))

    def say(self, location: SourceLocation, rule: str, message: str, hint: str = "") -> None:
        """Note an error. Neither message nor hint may hold a value."""
        self.findings.append(Finding(location, rule, message, hint))

    def warn(self, location: SourceLocation, rule: str, message: str, hint: str = "") -> None:
        """Note a warning. Neither message nor hint may hold a value."""
        self.findings.append(Finding(location, rule, message, hint, Severity.WARNING))

    def beside(self, row: PlacedRow, headed: Container[int]) -> None:
        """Note the row's cells that stand under no header."""
        for at, cell in row.items():
            if at not in headed and (cell.text.strip() or cell.fault):
                self.say(cell.location, "vault.extra-cell", msg("stands in a column without header"))

    def credentials(self, rows: Iterator[PlacedRow]) -> Iterator[CredentialRow]:
        """The first row is the header; every other that isn't blank is a credential."""
        header = next(rows, None)
        if header is None:
            if not self.findings:
                self.say(SourceLocation(self._name), "vault.empty", msg("is empty"), msg("start it with a header row"))
            return
        columns = self._columns(header)
        seen: dict[tuple[str, str], SourceLocation] = {}
        for row in rows:
            credential = self._credential(row, columns)
            if credential is None:
                continue
            place = next(iter(row.values())).location
            if (earlier := seen.setdefault(key_of(credential), place)) is not place:
                message = msg("has the same service and user name as line {line}", line=earlier.line)
                self.warn(place, "vault.repeated", message, msg("remove one of them"))
            yield credential

    def _columns(self, header: PlacedRow) -> dict[int, str]:
        columns: dict[int, str] = {}
        self._headed = set(header)
        place = next(iter(header.values())).location
        named = [column for cell in header.values() if (column := self._named(cell.text))]
        self._language = _language_of({folded_name(cell.text) for cell in header.values()}, self._languages or ours())
        if not set(NEEDED) & set(named) or len(named) == 1 < len(header):
            # Without a header row a credential stands here, one word of which may be a column's name: none is shown.
            message = msg("the first row isn't a header of the vault's columns")
            self.say(place, "vault.missing-column", message, self._all_columns())
            return {}
        if len(header) > _MAX_COLUMNS:
            message = msg("the header has more than {most} columns", most=_MAX_COLUMNS)
            self.say(place, "vault.unknown-column", message, self._all_columns())
            return {}
        for at, cell in header.items():
            column = self._named(cell.text)
            if column is None:
                message = msg("`{text}` isn't a column of the vault", text=shown(cell.text))
                guess = did_you_mean(" ".join(cell.text.split()), self._known)
                self.say(cell.location, "vault.unknown-column", message, guess or self._all_columns())
            elif column in columns.values():
                message = msg("the column {column!r} is there twice", column=self._called(column))
                self.say(cell.location, "vault.repeated-column", message)
            else:
                columns[at] = column
        for column in NEEDED:
            if column not in columns.values():
                message = msg("the column {column!r} is missing", column=self._called(column))
                self.say(place, "vault.missing-column", message, msg("add it to the header row"))
        return columns

    def _credential(self, row: PlacedRow, columns: Mapping[int, str]) -> CredentialRow | None:
        cells = {columns[at]: cell for at, cell in row.items() if at in columns and (cell.text or cell.fault)}
        self.beside(row, self._headed)
        before = len(self.findings)
        values = {column: cell.text for column, cell in cells.items() if self._is_good(column, cell)}
        if change := values.get("change_after_receipt"):
            values["change_after_receipt"] = meant(YesNo, change, self._languages)
        if not cells or (not values and len(self.findings) == before):
            return None
        first = next(iter(row.values())).location
        if "service" not in values and not (cells.get("service") and cells["service"].fault):
            hint = msg("say what these credentials open")
            self.say(first, "vault.missing-service", msg("the row has no service"), hint)
        if len(self.findings) > before or "service" not in values:
            return None
        wrong: set[str] = set()
        try:
            credential = CredentialRow.model_validate(values)
            if credential.change_after_receipt is not YesNo.CONDITIONS:
                if "password" in columns.values():
                    self._without_secret(credential, first)
                return credential
            wrong.add("change_after_receipt")
        except ValidationError as error:
            # Only which column: pydantic's own words quote the value.
            wrong |= {str(item["loc"][0]) for item in error.errors(include_input=False)}
        for column in sorted(wrong):
            self.say(cells[column].location, "vault.invalid-value", *_advice(column))
        return None

    def _is_good(self, column: str, cell: PlacedCell) -> bool:
        """Whether the cell holds a value to take; says what is wrong if it holds a bad one."""
        if cell.fault:
            message = msg("{column}: {fault}", column=spoken(column), fault=cell.fault)
            hint = msg("format the column as text and type the value again")
            self.say(cell.location, "vault.not-text", message, hint)
            return False
        if column not in _SECRETS and not cell.text.strip():
            return False
        if bad := unprintable(cell.text):
            message = msg("{column}: contains the character {bad}", column=spoken(column), bad=bad)
            self.say(cell.location, "vault.control-character", message)
            return False
        if fault := cell_fault(cell.text):
            self.say(cell.location, "vault.too-long", msg("{column}: {fault}", column=spoken(column), fault=fault))
            return False
        return True

    def _without_secret(self, credential: CredentialRow, place: SourceLocation) -> None:
        if not any(getattr(credential, column) for column in _SECRETS):
            service = shown(credential.service)
            message = msg("{service} has no password, TOTP secret, recovery codes or note", service=service)
            self.warn(place, "vault.no-secret", message, msg("write in its note how one signs in, or remove it"))


def headers(languages: Sequence[Language]) -> dict[str, str]:
    """Every name of a column in these languages (ours), as `folded_name` gives it → the column."""
    return {**{spoken(column): column for column in COLUMNS}, **columns(CREDENTIALS, languages)}


def spoken(column: str) -> str:
    """`user_name` → `user name`, as people write it."""
    return column.replace("_", " ")


def _language_of(texts: Set[str], languages: Sequence[Language]) -> Language | None:
    """The language of most of a header's names, beside those that are the columns' own; None where there is none."""
    names = texts - {spoken(column) for column in COLUMNS}
    count, _, found = max((len(names & one.headers[CREDENTIALS].keys()), -at, one) for at, one in enumerate(languages))
    return found if count else None


def folded_name(text: str) -> str:
    """A header as it is compared."""
    return folded(text.replace("_", " "))


def _advice(column: str) -> tuple[str, str]:
    if column == "change_after_receipt":
        return msg("{column}: isn't yes or no", column=spoken(column)), msg("write yes or no")
    if column == "fields":
        hint = msg("write each field so; further lines of a value begin with a tab")
        return msg("fields: a line isn't `name: value`"), hint
    if column == "other_urls":
        return msg("other urls: is longer than a cell"), msg("keep the addresses that are used")
    message = msg("{column}: must be one line of at most 1,000 characters", column=spoken(column))
    return message, msg("put further text into the note")


def key_of(row: CredentialRow) -> tuple[str, str]:
    """What tells a credential from the others of a vault: service and user name."""
    return (row.service, row.user_name or "")
