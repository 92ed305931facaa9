"""Opening a project's vault for a command, and writing it again: its passphrase, its words, what LibreOffice changed.

Role: asks for the passphrase where no file gives it, and has a person confirm what another program wrote. What is in a
vault, and how it is encrypted, is `handover.project.vault`'s.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from handover.cli import asking, clock, report
from handover.cli.tables import words_of
from handover.cli.terminal import confirm, say
from handover.model.errors import InvalidInput, SecretError, Severity, UsageError, WrongPassphrase
from handover.model.message import counted, msg
from handover.model.sources import VAULT_FILE

if TYPE_CHECKING:
    from handover.bundle.publish import FolderLock
    from handover.languages.words import Words
    from handover.model.project import Vault
    from handover.model.secret import Secret
    from handover.project.vault.marks import Changes


def require_vault(root: Path) -> None:
    """Raises UsageError where the project has no vault: told before anybody types secrets for it."""
    path = root / VAULT_FILE
    if not os.path.lexists(path):
        raise UsageError.at(path, msg("there is no vault"), hint=msg("make one with `handover vault init`"))


def read(root: Path, source: str | None, *, lock: "FolderLock | None" = None) -> "tuple[Vault, Secret]":
    """The vault and its passphrase; one that LibreOffice saved is written again once what it changed is confirmed.

    What a rewriting would lose is refused where that is done, or the `lock` says that it will be.
    """
    from handover.project.read import MAX_VAULT
    from handover.project.read.files import ProjectFolder
    from handover.project.vault.workbook import OTHER_SHEET, read_saved_elsewhere, read_vault
    from handover.seal.older_encryption import is_older

    require_vault(root)
    folder = ProjectFolder(root)
    content = folder.read(VAULT_FILE, MAX_VAULT)
    if content is None:
        raise InvalidInput(folder.findings)
    passphrase = asking.given(source, msg("the vault's passphrase"), option="--vault-passphrase-file")
    languages = _words(root).understood
    elsewhere = is_older(content, VAULT_FILE)
    try:
        if elsewhere:
            known, findings, changed = read_saved_elsewhere(content, passphrase, languages=languages)
        else:
            known, findings = read_vault(content, passphrase, languages=languages)
    except WrongPassphrase as error:
        error.hint = msg(
            "type it again; where it is forgotten, nothing opens this vault: put it aside, make another (`handover "
            "vault init`), and import the credentials again"
        )
        raise
    rewritten = elsewhere or lock is not None
    if any(f.severity is Severity.ERROR or (rewritten and f.rule == OTHER_SHEET) for f in findings):
        raise InvalidInput(findings)
    if elsewhere:
        _confirm_changes(known, changed)
        write(root, known, passphrase, lock=lock)
        report.done(msg("{file}: saved again, encrypted as handover does", file=root / VAULT_FILE))
    return known, passphrase


def change(root: Path, source: str | None, edit: "Callable[[Vault], Vault]") -> "tuple[Vault, Vault]":
    """Read the vault, have it changed, and write it, while nobody else can; gives it as it was and as it is."""
    from handover.bundle.publish import FolderLock

    with FolderLock(root, VAULT_FILE) as lock:
        known, passphrase = read(root, source, lock=lock)
        changed = edit(known)
        write(root, changed, passphrase, lock=lock)
    return known, changed


def write(
    root: Path, content: "Vault", passphrase: "Secret", *, replace: bool = True, lock: "FolderLock | None" = None
) -> None:
    """Encrypt the vault with its passphrase, in place of the one that is there unless it mustn't be replaced."""
    from handover.bundle.publish import write_file
    from handover.project.vault.workbook import write_vault

    data = write_vault(content, passphrase, random=clock.random_bytes, words=_words(root))
    write_file(root / VAULT_FILE, data, replace=replace, lock=lock)


def _confirm_changes(known: "Vault", changed: "Changes | None") -> None:
    """Show what LibreOffice changed, never a secret, and have it confirmed: its encryption shows no later change."""
    say(msg("{file}: LibreOffice saved it, and its encryption doesn't show who changed it since", file=VAULT_FILE))
    rows = known.credentials if changed is None else changed.rows
    if changed is None:
        say(msg("which rows were changed isn't known; it holds:"))
    elif rows or changed.gone:
        say(msg("rows that are new or changed since handover wrote it:") if rows else msg("no row is new or changed"))
    else:
        say(msg("every row is as handover wrote it"))
    for row in rows:
        say(f"  {row.service}  {row.user_name or '–'}")
    if changed is not None and changed.gone:
        gone = counted(
            "one row isn't there as it was: changed, or removed",
            "{count} rows aren't there as they were: changed, or removed",
            changed.gone,
        )
        say(gone)
    if not asking.interactive():
        raise SecretError.at(
            VAULT_FILE,
            msg("what was changed must be confirmed, and nobody can be asked"),
            hint=msg("type `handover vault list` at a terminal"),
        )
    if not confirm(msg("is that what you changed?")):
        raise SecretError.at(VAULT_FILE, msg("left as it is"), hint=msg("take the vault from a backup that you trust"))


def _words(root: Path) -> "Words":
    """The vault's words in the project's language, which is known before anything else of the project is filled in."""
    from handover.project.read import load_project, no_assets

    return words_of(load_project(root, scan_assets=no_assets), "vault")
