"""The vault: the project's credentials, kept in a workbook encrypted like the delivered inventory.

Role: reads and writes `vault.xlsx` as bytes, and adds and removes credentials. What its cells mean is `rows`'. Nothing
here opens a file, asks for a passphrase or prints; no message holds a value.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from handover.formats.excel import Book, Cell, Column, Look, ReadSheet, Sheet, read_workbook, write_workbook
from handover.languages.registry import Language, ours
from handover.languages.words import Words
from handover.model.characters import folded
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import DamagedFile, Finding, HandoverError, SecretInClear, Severity, SourceLocation
from handover.model.message import all_of, msg
from handover.model.project import Vault
from handover.model.rows import CredentialRow, YesNo
from handover.model.secret import Secret
from handover.model.sources import VAULT_FILE
from handover.project.check.vault import unlike_a_vault
from handover.project.vault.columns import credential_cells, credential_columns
from handover.project.vault.issued import is_issued, issued_sheets, read_issued
from handover.project.vault.marks import Changes, changes, marks_of
from handover.project.vault.rows import NEEDED, Findings, Reading, grid, key_of, spoken
from handover.seal.encryption import check, decrypt, encrypt
from handover.seal.encryption_info import SPIN_COUNT
from handover.seal.older_encryption import decrypt_older, is_older

SPARE_ROWS = 200
"""Empty rows below the credentials, set up as text so that what is typed there stays as typed."""

OTHER_SHEET = "vault.other-sheet"
"""The rule of a sheet that isn't ours: whoever is about to write the vault must heed it."""
_ZIP = b"PK\x03\x04"


def read_vault(
    data: bytes,
    passphrase: Secret,
    *,
    name: str = VAULT_FILE,
    least_spin_count: int = SPIN_COUNT,
    languages: Sequence[Language] = (),
) -> tuple[Vault, Findings]:
    """The credentials in a vault, and everything wrong in it, each with its cell (`vault.xlsx:Credentials!D7`).

    `name` is what locations and errors call the file; headers may be in any of the languages (ours). Rows with errors
    aren't in the vault. Raises WrongPassphrase, DamagedFile for what isn't an encrypted workbook, and SecretInClear for
    one that isn't encrypted.
    """
    if data.startswith(_ZIP):
        hint = msg("open it, set a password to open it (File, Info, Encrypt with Password), and save it again")
        raise SecretInClear.at(name, msg("isn't encrypted: whoever has the file can read its passwords"), hint=hint)
    message, hint = unlike_a_vault(data, name)
    if message:
        raise DamagedFile(message, hint=hint)
    if is_older(data, name):
        hint = msg("`handover vault list` shows what was changed, and saves it properly once you confirm")
        raise DamagedFile.at(name, msg("LibreOffice saved it, in a kind of encryption that shows no change"), hint=hint)
    package = decrypt(data, passphrase, name=name, least_spin_count=least_spin_count)
    return _read_sheets(read_workbook(package, name), name, languages or ours())


def read_saved_elsewhere(
    data: bytes, passphrase: Secret, *, name: str = VAULT_FILE, languages: Sequence[Language] = ()
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
        needed = all_of(repr(spoken(column)) for column in NEEDED)
        message = msg("no sheet has the columns {needed}", needed=needed)
        return Vault(()), (Finding(location, "vault.no-table", message),)
    credentials = tuple(reading.credentials(grid(sheet, name)))
    issued, findings = read_issued(sheets, name, languages)
    for other in sheets:
        is_help = any(folded(other.name) == one.help_sheet for one in languages)
        if other.cells and other is not sheet and not is_help and not is_issued(other, languages):
            message = msg("is a sheet of your own, which would be lost when handover writes the vault")
            place, hint = SourceLocation(name, 1, 1, other.name), msg("move it into another file")
            findings.append(Finding(place, OTHER_SHEET, message, hint, Severity.WARNING))
    return Vault(credentials, issued), tuple(sorted([*reading.findings, *findings]))


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
    check(encrypted, passphrase, workbook, name=VAULT_FILE, least_spin_count=spin_count)
    return encrypted


def add(vault: Vault, rows: Iterable[CredentialRow]) -> Vault:
    """The vault with `rows` at its end. Raises HandoverError when a service and user name are already there."""
    held = list(vault.credentials)
    taken = {key_of(row) for row in held}
    for row in rows:
        if key_of(row) in taken:
            message = msg("the vault already has {service}", service=_called(row.service, row.user_name))
            hint = msg("remove it first (`handover vault remove`), or give the other one another user name")
            raise HandoverError(message, hint=hint)
        taken.add(key_of(row))
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
        message = msg("the vault has {count} credentials for {service!r}", count=len(found), service=service)
        raise HandoverError(message, hint=msg("add the user name of the one to remove"))
    return replace(vault, credentials=tuple(row for row in vault.credentials if row is not found[0]))


def _called(service: str, user_name: str | None) -> str:
    if user_name:
        return msg("{service!r} with the user name {user_name!r}", service=service, user_name=user_name)
    return msg("credentials for {service!r}", service=service)
