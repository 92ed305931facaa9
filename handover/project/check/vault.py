"""The vault as a file: whether it is encrypted at all, and in the way that a build can open.

Role: what can be told without its passphrase, so that passwords in clear are told at once and not when somebody builds.
Which credentials it holds, and whether they are good, is seen when it is opened (`handover.project.vault.workbook`).
"""

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import SIGNATURE
from handover.formats.sniff import kind_of
from handover.model.errors import DamagedFile, Finding, Severity, SourceLocation
from handover.model.message import later, msg
from handover.model.sources import VAULT_FILE
from handover.seal.encryption_info import INFO_STREAM, MAX_INFO_SIZE, PACKAGE_STREAM, parse_info
from handover.seal.older_encryption import is_older

_ZIP = b"PK\x03\x04"
_OTHER = msg("take the vault from a backup, or make a new one with `handover vault init`")
_AGAIN = msg("open it in Excel, set a password to open it (File, Info, Encrypt with Password), and save it again as "
             ".xlsx")  # fmt: skip


def check_vault(data: bytes, *, draft: bool) -> list[Finding]:
    """What is wrong with the vault's file; warnings for a draft, which opens none. `data` is the file."""
    severity = Severity.WARNING if draft else Severity.ERROR
    if data.startswith(_ZIP):
        message = msg("{vault_file} isn't encrypted: whoever has the file can read its passwords",
                      vault_file=VAULT_FILE)  # fmt: skip
        return [Finding(SourceLocation(VAULT_FILE), "vault.in-clear", message, _AGAIN, severity)]
    message, hint = unlike_a_vault(data)
    if not message:
        message, hint = _unopenable(data)
    if not message:
        return []
    return [Finding(SourceLocation(VAULT_FILE), "vault.not-encrypted-workbook", message, hint, severity)]


def unlike_a_vault(data: bytes, name: str = VAULT_FILE) -> tuple[str, str]:
    """Message and hint for a file that isn't an encrypted workbook; empty for one that is, whole or not."""
    if not data.startswith(SIGNATURE):
        kind = kind_of(data)
        if kind:
            return msg("{name} is {kind}, not an encrypted workbook", name=name, kind=kind), _OTHER
        return msg("{name} isn't an encrypted workbook", name=name), _OTHER
    try:
        streams = set(CompoundReader(data, name=name).sizes)
    except DamagedFile as error:
        return error.message, error.hint or _OTHER
    if not {INFO_STREAM, PACKAGE_STREAM} <= streams:
        return msg("{name} is an old Office file (.xls), not an encrypted workbook", name=name), _AGAIN
    return "", ""


def _unopenable(data: bytes) -> tuple[str, str]:
    """Message and hint for an encrypted file that no build can open, whatever the passphrase."""
    try:
        if is_older(data, VAULT_FILE):
            said = later("{name} was saved by LibreOffice, in a kind of encryption that shows no change")
            hint = msg("`handover vault list` shows what was changed, and saves it properly once you confirm")
            return msg(said, name=VAULT_FILE), hint
        reader = CompoundReader(data, name=VAULT_FILE)
        parse_info(reader.read(INFO_STREAM, MAX_INFO_SIZE), name=VAULT_FILE)
    except DamagedFile as error:
        return error.message, error.hint or _OTHER
    return "", ""
