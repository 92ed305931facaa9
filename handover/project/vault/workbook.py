"""The vault: the project's credentials, kept in a workbook encrypted like the delivered inventory.

Role: reads and writes `vault.xlsx` as bytes, adds and removes credentials, and turns rows of cells into them. People
may edit the vault in Excel or LibreOffice: whatever these turned into a number, a date or a formula is told with
its cell, never guessed at. Nothing here opens a file, asks for a passphrase or prints; no message holds a value.
Lists of credentials in CSV are `handover.importers.credentials.export`'s.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from pydantic import ValidationError

from handover.formats.excel import Book, Cell, Column, Kind, Look, ReadSheet, Sheet, read_workbook, write_workbook
from handover.formats.excel.read import open_workbook
from handover.formats.excel.rows import cell_fault
from handover.languages.registry import CREDENTIALS, Language, columns, meant, ours
from handover.languages.words import Words
from handover.model.base import unprintable
from handover.model.characters import folded
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import DamagedFile, Finding, HandoverError, SecretInClear, Severity, SourceLocation
from handover.model.message import all_of, msg
from handover.model.project import Vault
from handover.model.rows import CredentialRow, YesNo
from handover.model.secret import Secret
from handover.model.sources import shown
from handover.project.check.vault import unlike_a_vault
from handover.project.vault.columns import credential_cells, credential_columns
from handover.project.vault.issued import is_issued, issued_sheets, read_issued
from handover.project.vault.marks import Changes, changes, marks_of
from handover.seal.encryption import check, decrypt, encrypt
from handover.seal.encryption_info import SPIN_COUNT
from handover.seal.older_encryption import decrypt_older, is_older

VAULT_NAME = "vault.xlsx"
MAX_CHARACTERS = 10_000_000
_MAX_COLUMNS = 200
"""Columns of a table; near names are looked for of each that isn't known."""
_BEGINNING = 40
"""Cells in which a sheet's header row is looked for."""
SPARE_ROWS = 200
"""Empty rows below the credentials, set up as text so that what is typed there stays as typed."""

COLUMNS = tuple(CredentialRow.model_fields)
_SECRETS = frozenset({"password", "totp_secret", "recovery_codes", "fields", "note"})
_NEEDED = ("service", "password")
OTHER_SHEET = "vault.other-sheet"
"""The rule of a sheet that isn't ours: whoever is about to write the vault must heed it."""
_ZIP = b"PK\x03\x04"

Findings = tuple[Finding, ...]


def read_vault(
    data: bytes,
    passphrase: Secret,
    *,
    name: str = VAULT_NAME,
    least_spin_count: int = SPIN_COUNT,
    languages: Sequence[Language] = (),
) -> tuple[Vault, Findings]:
    """The credentials in a vault, and everything wrong in it, each with its cell (`vault.xlsx:Credentials!D7`).

    `name` is what locations and errors call the file; headers may be in any of the languages (ours). Rows with errors
    aren't in the vault. Raises WrongPassphrase, DamagedFile for what isn't an encrypted workbook, and SecretInClear for
    one that isn't encrypted.
    """
    if data.startswith(_ZIP):
        raise SecretInClear.at(
            name,
            msg("isn't encrypted: whoever has the file can read its passwords"),
            hint=msg("open it, set a password to open it (File, Info, Encrypt with Password), and save it again"),
        )
    message, hint = unlike_a_vault(data, name)
    if message:
        raise DamagedFile(message, hint=hint)
    if is_older(data, name):
        raise DamagedFile.at(
            name,
            msg("LibreOffice saved it, in a kind of encryption that shows no change"),
            hint=msg("`handover vault list` shows what was changed, and saves it properly once you confirm"),
        )
    package = decrypt(data, passphrase, name=name, least_spin_count=least_spin_count)
    return _read_sheets(read_workbook(package, name), name, languages or ours())


def read_saved_elsewhere(
    data: bytes, passphrase: Secret, *, name: str = VAULT_NAME, languages: Sequence[Language] = ()
) -> tuple[Vault, Findings, Changes | None]:
    """The same of a vault that LibreOffice saved (`is_older`), and what it changed, where the vault tells it.

    Nothing shows whether anybody else altered it since: whoever reads it so must have it confirmed. Raises
    WrongPassphrase and DamagedFile.
    """
    sheets = read_workbook(decrypt_older(data, passphrase, name=name), name)
    vault, findings = _read_sheets(sheets, name, languages or ours())
    return vault, findings, changes(vault.credentials, sheets, languages or ours())


def _read_sheets(sheets: Sequence[ReadSheet], name: str, languages: Sequence[Language]) -> tuple[Vault, Findings]:
    reading = Reading(name, languages)
    sheet = next((sheet for sheet in sheets if reading.is_table(sheet)), None)
    if sheet is None:
        location = SourceLocation(name, 1, 1, sheets[0].name if sheets else "")
        needed = all_of(repr(spoken(column)) for column in _NEEDED)
        return Vault(()), (
            Finding(location, "vault.no-table", msg("no sheet has the columns {needed}", needed=needed)),
        )
    credentials = tuple(reading.credentials(_grid(sheet, name)))
    issued, findings = read_issued(sheets, name, languages)
    others = [other for other in sheets if other.cells and other is not sheet and not _is_ours(other, languages)]
    findings += [_other_sheet(name, other) for other in others]
    return Vault(credentials, issued), tuple(sorted([*reading.findings, *findings]))


class Delivered(NamedTuple):
    """The credentials in a delivered inventory as its cells spell them, in its order."""

    headers: Mapping[str, str]
    """Column → what the sheet calls it."""
    rows: tuple[Mapping[str, str], ...]
    """Column → value; what is blank isn't there."""


def delivered(package: bytes, *, name: str, languages: Sequence[Language] = ()) -> Delivered:
    """The credentials in an inventory that isn't encrypted, or has been decrypted.

    Its headers may be in any of the languages (ours). Raises DamagedFile for what is no workbook.
    """
    known = _headers(languages)
    rows: list[Mapping[str, str]] = []
    columns: dict[int, str] = {}
    titles: dict[str, str] = {}
    for sheet in open_workbook(package, name):
        columns = {}
        # The list of the client's files may have a million cells: only a sheet that begins as this one does is read.
        if not set(_NEEDED) <= {known.get(_folded(cell.text)) for cell in islice(sheet.cells(), _BEGINNING)}:
            continue
        for row in _grid(ReadSheet(sheet.name, tuple(sheet.cells())), name):
            named = {at: column for at, cell in row.items() if (column := known.get(_folded(cell.text)))}
            if not columns and set(named.values()) >= set(_NEEDED):
                columns, titles = named, {column: row[at].text for at, column in named.items()}
            elif columns:
                values = {columns[at]: cell.text for at, cell in row.items() if at in columns and cell.text}
                rows += [values] if values.get("service") else []
    return Delivered(titles, tuple(rows))


def _is_ours(sheet: ReadSheet, languages: Sequence[Language]) -> bool:
    return any(folded(sheet.name) == one.help_sheet for one in languages) or is_issued(sheet, languages)


def _other_sheet(name: str, sheet: ReadSheet) -> Finding:
    location = SourceLocation(name, 1, 1, sheet.name)
    message = msg("is a sheet of your own, which would be lost when handover writes the vault")
    return Finding(location, OTHER_SHEET, message, msg("move it into another file"), Severity.WARNING)


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
    columns = credential_columns(words, tuple(answers.values()))
    rows = [credential_cells(row, answers, links=False) for row in vault.credentials]
    helps = [
        (Cell(words.text(key), Look.LABEL), Cell(words.text(f"{key}_text"), Look.BODY))
        for key in ("fill", "save", "header_help")
    ]
    helps += [(Cell(words.text("marks"), Look.LABEL), Cell(text, Look.DIGEST)) for text in marks_of(vault.credentials)]
    sheets = (
        Sheet(words.text("sheet"), columns, rows, spare_rows=SPARE_ROWS),
        *issued_sheets(vault.issued, words),
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
            hint = msg("remove it first (`handover vault remove`), or give the other one another user name")
            raise HandoverError(
                msg("the vault already has {service}", service=_called(row.service, row.user_name)), hint=hint
            )
        taken.add(_key(row))
        held.append(row)
    return replace(vault, credentials=tuple(held))


def remove(vault: Vault, service: str, user_name: str | None = None) -> Vault:
    """The vault without one credential.

    Raises HandoverError when there is none, or when the service has several and no user name says which.
    """
    named = [row for row in vault.credentials if row.service == service]
    found = [row for row in named if user_name is None or row.user_name == user_name]
    if not found:
        guess = did_you_mean(service, [row.service for row in vault.credentials]) if not named else ""
        hint = guess or msg("`handover vault list` shows what there is")
        raise HandoverError(msg("the vault has no {service}", service=_called(service, user_name)), hint=hint)
    if len(found) > 1:
        raise HandoverError(
            msg("the vault has {count} credentials for {service!r}", count=len(found), service=service),
            hint=msg("add the user name of the one to remove"),
        )
    return replace(vault, credentials=tuple(row for row in vault.credentials if row is not found[0]))


def services(vault: Vault) -> tuple[tuple[str, str], ...]:
    """Service and user name of every credential, in the vault's order; nothing that is secret."""
    return tuple((row.service, row.user_name or "") for row in vault.credentials)


# Cells with places, whatever they came from


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


def _grid(sheet: ReadSheet, name: str) -> Iterator[PlacedRow]:
    rows: dict[int, dict[int, PlacedCell]] = {}
    characters = 0
    for cell in sheet.cells:
        characters += len(cell.text)  # one text may stand in many cells
        if characters > MAX_CHARACTERS:
            raise DamagedFile.at(
                name, msg("has more than {most:,} characters", most=MAX_CHARACTERS), hint=msg("shorten its notes")
            )
        location = SourceLocation(name, cell.row, cell.column, sheet.name)
        text = cell.text.replace("\r\n", "\n")
        rows.setdefault(cell.row, {})[cell.column] = PlacedCell(location, text, _NOT_TEXT.get(cell.kind, ""))
    return iter(rows.values())


class Reading:
    """Turns rows into credentials, collecting every finding on the way."""

    def __init__(self, name: str, languages: Sequence[Language] = ()) -> None:
        self._name = name
        self._languages = languages
        self._known = _headers(languages)
        self.findings: list[Finding] = []
        self._headed: set[int] = set()

    def is_table(self, sheet: ReadSheet) -> bool:
        """Whether a sheet's first row names the columns that a vault has at least."""
        first = min((cell.row for cell in sheet.cells), default=0)
        return {self._named(cell.text) for cell in sheet.cells if cell.row == first} >= set(_NEEDED)

    def _named(self, text: str) -> str | None:
        return self._known.get(_folded(text))

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
            if (earlier := seen.setdefault(_key(credential), place)) is not place:
                self._repeated(place, earlier)
            yield credential

    def _columns(self, header: PlacedRow) -> dict[int, str]:
        columns: dict[int, str] = {}
        self._headed = set(header)
        place = next(iter(header.values())).location
        named = [column for cell in header.values() if (column := self._named(cell.text))]
        if not set(_NEEDED) & set(named) or len(named) == 1 < len(header):
            # Without a header row a credential stands here, one word of which may be a column's name: none is shown.
            self.say(
                place, "vault.missing-column", msg("the first row isn't a header of the vault's columns"), _ALL_COLUMNS
            )
            return {}
        if len(header) > _MAX_COLUMNS:
            self.say(
                place,
                "vault.unknown-column",
                msg("the header has more than {most} columns", most=_MAX_COLUMNS),
                _ALL_COLUMNS,
            )
            return {}
        for at, cell in header.items():
            column = self._named(cell.text)
            if column is None:
                self.say(cell.location, "vault.unknown-column", *_unknown(cell.text, self._known))
            elif column in columns.values():
                self.say(
                    cell.location,
                    "vault.repeated-column",
                    msg("the column {column!r} is there twice", column=spoken(column)),
                )
            else:
                columns[at] = column
        for column in _NEEDED:
            if column not in columns.values():
                message = msg("the column {column!r} is missing", column=spoken(column))
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
            self.say(
                first, "vault.missing-service", msg("the row has no service"), msg("say what these credentials open")
            )
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
            hint = msg("format the column as text and type the value again")
            self.say(
                cell.location,
                "vault.not-text",
                msg("{column}: {fault}", column=spoken(column), fault=cell.fault),
                hint,
            )
            return False
        if column not in _SECRETS and not cell.text.strip():
            return False
        if bad := unprintable(cell.text):
            self.say(
                cell.location,
                "vault.control-character",
                msg("{column}: contains the character {bad}", column=spoken(column), bad=bad),
            )
            return False
        if fault := cell_fault(cell.text):
            self.say(cell.location, "vault.too-long", msg("{column}: {fault}", column=spoken(column), fault=fault))
            return False
        return True

    def _without_secret(self, credential: CredentialRow, place: SourceLocation) -> None:
        if not any(getattr(credential, column) for column in _SECRETS):
            message = msg(
                "{service} has no password, TOTP secret, recovery codes or note", service=shown(credential.service)
            )
            self.warn(place, "vault.no-secret", message, msg("write in its note how one signs in, or remove it"))

    def _repeated(self, place: SourceLocation, earlier: SourceLocation) -> None:
        message = msg("has the same service and user name as line {line}", line=earlier.line)
        self.warn(place, "vault.repeated", message, msg("remove one of them"))


# Names of columns


def _headers(languages: Sequence[Language]) -> dict[str, str]:
    return {**{spoken(column): column for column in COLUMNS}, **columns(CREDENTIALS, languages)}


def spoken(column: str) -> str:
    """`user_name` → `user name`, as people write it."""
    return column.replace("_", " ")


_ALL_COLUMNS = msg("columns are: {columns}", columns=", ".join(spoken(column) for column in COLUMNS))


def _folded(text: str) -> str:
    return folded(text.replace("_", " "))


def _unknown(text: str, known: Mapping[str, str]) -> tuple[str, str]:
    guess = did_you_mean(" ".join(text.split()), known)
    return msg("`{text}` isn't a column of the vault", text=shown(text)), guess or _ALL_COLUMNS


def _advice(column: str) -> tuple[str, str]:
    if column == "change_after_receipt":
        return msg("{column}: isn't yes or no", column=spoken(column)), msg("write yes or no")
    if column == "fields":
        return msg("fields: a line isn't `name: value`"), msg(
            "write each field so; further lines of a value begin with a tab"
        )
    if column == "other_urls":
        return msg("other urls: is longer than a cell"), msg("keep the addresses that are used")
    return msg("{column}: must be one line of at most 1,000 characters", column=spoken(column)), msg(
        "put further text into the note"
    )


def _key(row: CredentialRow) -> tuple[str, str]:
    return (row.service, row.user_name or "")


def _called(service: str, user_name: str | None) -> str:
    return (
        msg("{service!r} with the user name {user_name!r}", service=service, user_name=user_name)
        if user_name
        else msg("credentials for {service!r}", service=service)
    )
