"""The vault: the project's credentials, kept in a workbook encrypted like the delivered inventory.

Role: reads and writes `vault.xlsx` as bytes, adds and removes credentials, and reads a plain CSV of them. People
may edit the vault in Excel or LibreOffice: whatever these turned into a number, a date or a formula is told with
its cell, never guessed at. Nothing here opens a file, asks for a passphrase or prints; no message holds a value.
Formats of other password managers are importers' business.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pydantic import ValidationError

from handover.deliverables.inventory import credential_cells, credential_columns
from handover.errors import DamagedFile, Finding, HandoverError, SecretInClear, Severity, SourceLocation
from handover.i18n import Words
from handover.load.foreign import kind_of, markup_of
from handover.load.text import how_to_save, not_text
from handover.model import FRENCH_HEADERS, CredentialRow, Vault, YesNo
from handover.model.base import unprintable
from handover.office.xlsx import Book, Cell, Column, Kind, Look, ReadSheet, Sheet, read_workbook, write_workbook
from handover.office.xlsx.count import check_count
from handover.office.xlsx.rows import cell_fault
from handover.seal.agile import check, decrypt, encrypt
from handover.seal.agile_info import SPIN_COUNT
from handover.secret import Secret

VAULT_NAME = "vault.xlsx"
MAX_CSV_BYTES = 16 * 1024 * 1024
MAX_CELLS = 200_000
"""Cells of a file of credentials: 20,000 of them with all columns."""

MAX_CHARACTERS = 10_000_000
SPARE_ROWS = 200
"""Empty rows below the credentials, set up as text so that what is typed there stays as typed."""

_COLUMNS = tuple(CredentialRow.model_fields)
_SECRETS = frozenset({"password", "totp_secret", "recovery_codes", "note"})
_NEEDED = ("service", "password")
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Findings = tuple[Finding, ...]


def read_vault(
    data: bytes, passphrase: Secret, *, name: str = VAULT_NAME, least_spin_count: int = SPIN_COUNT
) -> tuple[Vault, Findings]:
    """The credentials in a vault, and everything wrong in it, each with its cell (`vault.xlsx:Credentials!D7`).

    `name` is what locations and errors call the file. Rows with errors aren't in the vault. Raises
    WrongPassphrase, DamagedFile for what isn't an encrypted workbook, and SecretInClear for one that isn't encrypted.
    """
    if data.startswith(_ZIP):
        raise SecretInClear(
            f"{name}: isn't encrypted: whoever has the file can read its passwords",
            hint="open it, set a password to open it (File, Info, Encrypt with Password), and save it again",
        )
    package = decrypt(data, passphrase, name=name, least_spin_count=least_spin_count)
    check_count(package, name)
    sheets = read_workbook(package, name)
    sheet = next((sheet for sheet in sheets if _is_table(sheet)), None)
    if sheet is None:
        location = SourceLocation(name, 1, 1, sheets[0].name if sheets else "")
        needed = " and ".join(repr(_spoken(column)) for column in _NEEDED)
        return Vault(()), (Finding(location, "vault.no-table", f"no sheet has the columns {needed}"),)
    reading = _Reading(name)
    return Vault(tuple(reading.credentials(_grid(sheet, name)))), tuple(sorted(reading.findings))


def write_vault(
    vault: Vault,
    passphrase: Secret,
    *,
    random: Callable[[int], bytes],
    words: Words,
    colour: str = "#1F4E79",
    spin_count: int = SPIN_COUNT,
) -> bytes:
    """The vault as an encrypted workbook, checked by decrypting it again.

    `words` are those of `vault` (`Words.load(language, locale, "vault")`); `random` gives unpredictable bytes
    (`secrets.token_bytes`). Only tests lower the spin count. Raises HandoverError, naming sheet and cell and never
    the value, where a cell can't hold a value exactly.
    """
    answers = {answer: words.text(f"choices.{answer}") for answer in (YesNo.YES, YesNo.NO)}
    columns = credential_columns(words, "header", tuple(answers.values()))
    rows = [credential_cells(row, answers, links=False) for row in vault.credentials]
    helps = [
        (Cell(words.text(key), Look.LABEL), Cell(words.text(f"{key}_text"), Look.BODY))
        for key in ("fill", "save", "header_help")
    ]
    sheets = (
        Sheet(words.text("sheet"), columns, rows, spare_rows=SPARE_ROWS),
        Sheet(words.text("help_sheet"), (Column("", least=20, most=20), Column("", least=84, most=84)),
              [(Cell(words.text("title"), Look.TITLE), None), (None, None), *helps], table=False),
    )  # fmt: skip
    workbook = write_workbook(Book(sheets, colour=colour, paper=words.paper))
    encrypted = encrypt(workbook, passphrase, random=random, spin_count=spin_count)
    check(encrypted, passphrase, workbook, name=VAULT_NAME, least_spin_count=spin_count)
    return encrypted


def add(vault: Vault, rows: Iterable[CredentialRow]) -> Vault:
    """The vault with `rows` at its end. Raises HandoverError when a service and user name are already there."""
    held = list(vault.credentials)
    taken = {_key(row) for row in held}
    for row in rows:
        if _key(row) in taken:
            raise HandoverError(
                f"the vault already has {_called(row.service, row.user_name)}",
                hint="remove it first (`handover vault remove`), or give the other one another user name",
            )
        taken.add(_key(row))
        held.append(row)
    return Vault(tuple(held))


def remove(vault: Vault, service: str, user_name: str | None = None) -> Vault:
    """The vault without one credential.

    Raises HandoverError when there is none, or when the service has several and no user name says which.
    """
    named = [row for row in vault.credentials if row.service == service]
    found = [row for row in named if user_name is None or row.user_name == user_name]
    if not found:
        near = get_close_matches(service, [row.service for row in vault.credentials], 1) if not named else []
        hint = f"did you mean {near[0]!r}?" if near else "`handover vault list` shows what there is"
        raise HandoverError(f"the vault has no {_called(service, user_name)}", hint=hint)
    if len(found) > 1:
        raise HandoverError(
            f"the vault has {len(found)} credentials for {service!r}", hint="add the user name of the one to remove"
        )
    return Vault(tuple(row for row in vault.credentials if row is not found[0]))


def services(vault: Vault) -> tuple[tuple[str, str], ...]:
    """Service and user name of every credential, in the vault's order; nothing that is secret."""
    return tuple((row.service, row.user_name or "") for row in vault.credentials)


def import_csv(data: bytes, name: str) -> tuple[tuple[CredentialRow, ...], Findings]:
    """Credentials from a CSV with our columns, in English or French, and everything wrong in it.

    UTF-8 with or without BOM; comma, semicolon or tab; line breaks inside a cell are kept as one line feed.
    `name` is what locations call the file. With any error the rows are incomplete: import none of them.
    """
    reading = _Reading(name)
    rows = _csv_grid(data, name, reading)
    return tuple(reading.credentials(rows)), tuple(sorted(reading.findings))


# Cells with places, whatever they came from


@dataclass(frozen=True, slots=True)
class _Cell:
    location: SourceLocation
    text: str = field(repr=False)
    fault: str = ""
    """Why this isn't text, if it isn't."""


_Row = Mapping[int, _Cell]

_NOT_TEXT = {
    Kind.NUMBER: "holds a number or date, not text: zeros in front or digits after the fifteenth may be lost",
    Kind.BOOLEAN: "holds a truth value, not text",
    Kind.ERROR: "holds an error, not text",
    Kind.FORMULA: "holds a formula, not text",
}


def _grid(sheet: ReadSheet, name: str) -> Iterator[_Row]:
    rows: dict[int, dict[int, _Cell]] = {}
    characters = 0
    for cell in sheet.cells:
        characters += len(cell.text)  # one text may stand in many cells
        if characters > MAX_CHARACTERS:
            raise DamagedFile(f"{name}: has more than {MAX_CHARACTERS:,} characters", hint="shorten its notes")
        location = SourceLocation(name, cell.row, cell.column, sheet.name)
        text = cell.text.replace("\r\n", "\n")
        rows.setdefault(cell.row, {})[cell.column] = _Cell(location, text, _NOT_TEXT.get(cell.kind, ""))
    return iter(rows.values())


def _is_table(sheet: ReadSheet) -> bool:
    first = min((cell.row for cell in sheet.cells), default=0)
    headers = {_column_named(cell.text) for cell in sheet.cells if cell.row == first}
    return headers >= set(_NEEDED)


def _no_csv(data: bytes, name: str) -> tuple[str, str, str] | None:
    """Rule, message and hint for bytes that are no CSV in UTF-8, or more than is read."""
    if len(data) > MAX_CSV_BYTES:
        return "csv.too-large", f"is larger than {MAX_CSV_BYTES // 2**20} MB", "import it in parts"
    if data.startswith(_UTF16):
        return "csv.not-utf8", "is saved as UTF-16, not as UTF-8", how_to_save(name)
    if kind := kind_of(data):
        found = not_text(name, kind)
        return "csv.not-utf8", found.message, found.hint
    if max(map(data.count, (b",", b";", b"\t"))) + data.count(b"\n") > MAX_CELLS:
        return "csv.too-large", f"has more than {MAX_CELLS:,} cells", "import it in parts"
    return None


def _csv_grid(data: bytes, name: str, reading: "_Reading") -> Iterator[_Row]:
    whole = SourceLocation(name)
    if refusal := _no_csv(data, name):
        reading.say(whole, *refusal)
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        # From None, and not chained: the error holds the whole file.
        reading.say(SourceLocation(name, line), "csv.not-utf8", "isn't UTF-8 text", how_to_save(name))
        return
    if kind := markup_of(text):
        reading.say(whole, "csv.not-a-table", f"is {kind}, not a table", "export it as CSV, with the vault's columns")
        return
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        reading.say(SourceLocation(name, line), "csv.nul", "contains the character U+0000")
        return
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for values in lines:
            cells = (value.replace("\r\n", "\n").replace("\r", "\n") for value in values)
            row = {at: _Cell(SourceLocation(name, start, at), cell) for at, cell in enumerate(cells, 1) if cell}
            start = lines.line_num + 1
            if row:
                yield row
    except csv.Error:
        fault = "has a quotation mark that isn't closed or doubled, or a cell that is too long"
        reading.say(SourceLocation(name, start), "csv.malformed", fault, 'write a quotation mark in a cell as ""')


class _Reading:
    """Turns rows into credentials, collecting every finding on the way."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.findings: list[Finding] = []
        self._headed: set[int] = set()

    def say(self, location: SourceLocation, rule: str, message: str, hint: str = "") -> None:
        """Note an error. Neither message nor hint may hold a value."""
        self.findings.append(Finding(location, rule, message, hint))

    def credentials(self, rows: Iterator[_Row]) -> Iterator[CredentialRow]:
        """The first row is the header; every other that isn't blank is a credential."""
        header = next(rows, None)
        if header is None:
            if not self.findings:
                self.say(SourceLocation(self._name), "vault.empty", "is empty", "start it with a header row")
            return
        columns = self._columns(header)
        seen: dict[tuple[str, str], SourceLocation] = {}
        for row in rows:
            credential = self._credential(row, columns)
            if credential is None:
                continue
            place = next(iter(row.values())).location
            if (earlier := seen.setdefault(_key(credential), place)) is not place:
                self._repeated(place, earlier)
            yield credential

    def _columns(self, header: _Row) -> dict[int, str]:
        columns: dict[int, str] = {}
        self._headed = set(header)
        for at, cell in header.items():
            column = _column_named(cell.text)
            if column is None:
                self.say(cell.location, "vault.unknown-column", *_unknown(cell.text))
            elif column in columns.values():
                self.say(cell.location, "vault.repeated-column", f"the column {_spoken(column)!r} is there twice")
            else:
                columns[at] = column
        place = next(iter(header.values())).location
        for column in _NEEDED:
            if column not in columns.values():
                message = f"the column {_spoken(column)!r} is missing"
                self.say(place, "vault.missing-column", message, "add it to the header row")
        return columns

    def _credential(self, row: _Row, columns: Mapping[int, str]) -> CredentialRow | None:
        cells = {columns[at]: cell for at, cell in row.items() if at in columns and (cell.text or cell.fault)}
        for at, cell in row.items():
            if at not in self._headed and (cell.text.strip() or cell.fault):
                self.say(cell.location, "vault.extra-cell", "stands in a column without header")
        before = len(self.findings)
        values = {column: cell.text for column, cell in cells.items() if self._is_good(column, cell)}
        if not cells or (not values and len(self.findings) == before):
            return None
        first = next(iter(row.values())).location
        if "service" not in values and not (cells.get("service") and cells["service"].fault):
            self.say(first, "vault.missing-service", "the row has no service", "say what these credentials open")
        if len(self.findings) > before or "service" not in values:
            return None
        wrong: set[str] = set()
        try:
            credential = CredentialRow.model_validate(values)
            if credential.change_after_receipt is not YesNo.CONDITIONS:
                return credential
            wrong.add("change_after_receipt")
        except ValidationError as error:
            # Only which column: pydantic's own words quote the value.
            wrong |= {str(item["loc"][0]) for item in error.errors(include_input=False)}
        for column in sorted(wrong):
            self.say(cells[column].location, "vault.invalid-value", *_advice(column))
        return None

    def _is_good(self, column: str, cell: _Cell) -> bool:
        """Whether the cell holds a value to take; says what is wrong if it holds a bad one."""
        if cell.fault:
            hint = "format the column as text and type the value again"
            self.say(cell.location, "vault.not-text", f"{_spoken(column)}: {cell.fault}", hint)
            return False
        if column not in _SECRETS and not cell.text.strip():
            return False
        if bad := unprintable(cell.text):
            self.say(cell.location, "vault.control-character", f"{_spoken(column)}: contains the character {bad}")
            return False
        if fault := cell_fault(cell.text):
            self.say(cell.location, "vault.too-long", f"{_spoken(column)}: {fault}")
            return False
        return True

    def _repeated(self, place: SourceLocation, earlier: SourceLocation) -> None:
        message = f"has the same service and user name as line {earlier.line}"
        self.findings.append(Finding(place, "vault.repeated", message, "remove one of them", Severity.WARNING))


# Names of columns


def _headers() -> dict[str, str]:
    english = {_spoken(column).casefold(): column for column in _COLUMNS}
    return {**english, **FRENCH_HEADERS[CredentialRow]}


def _spoken(column: str) -> str:
    """`user_name` → `user name`, as people write it."""
    return column.replace("_", " ")


def _column_named(text: str) -> str | None:
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().replace("_", " ").split())
    return _headers().get(folded)


def _unknown(text: str) -> tuple[str, str]:
    # A file without header row has a credential here: the text itself must not be shown.
    near = get_close_matches(" ".join(text.casefold().split()), list(_headers()), 1)
    if near:
        return "isn't a column of the vault", f"did you mean {near[0]!r}?"
    return "isn't a column of the vault", f"columns are: {', '.join(_spoken(column) for column in _COLUMNS)}"


def _advice(column: str) -> tuple[str, str]:
    if column == "change_after_receipt":
        return f"{_spoken(column)}: isn't yes or no", "write yes or no"
    return f"{_spoken(column)}: must be one line of at most 1,000 characters", "put further text into the note"


def _key(row: CredentialRow) -> tuple[str, str]:
    return (row.service, row.user_name or "")


def _called(service: str, user_name: str | None) -> str:
    return f"{service!r} with the user name {user_name!r}" if user_name else f"credentials for {service!r}"
