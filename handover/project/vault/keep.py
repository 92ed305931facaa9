"""Writing a bundle's passphrase into the project's vault, before the bundle is published.

Role: the one place where a build changes its project. It reads the vault again under a lock, so that what was added to
it meanwhile stays, adds one row and replaces the file whole. What the row is and how it's read is `issued`'s.
"""

from collections.abc import Callable
from dataclasses import replace

from handover.bundle.publish import FolderLock, write_file
from handover.languages.words import Words
from handover.model.errors import InvalidInput, OutputError, Severity
from handover.model.message import later, msg
from handover.model.project import IssuedPassphrase, Project, Vault
from handover.model.secret import Secret
from handover.model.sources import VAULT_FILE
from handover.project.read.files import ProjectFolder
from handover.project.vault.workbook import OTHER_SHEET, read_vault, write_vault

_MAX_VAULT = 64 * 1024 * 1024


def keep_passphrase(
    project: Project,
    issued: IssuedPassphrase,
    passphrase: Secret,
    opened: tuple[bytes, Vault],
    *,
    random: Callable[[int], bytes],
) -> None:
    """Add `issued` to the vault of `project`, which `passphrase` opens; `opened` is the file as the build has read it.

    Raises OutputError where the vault can't be written, InvalidInput where it can't be read any more; it is then as it
    was.
    """
    try:
        with FolderLock(project.root, VAULT_FILE) as lock:
            folder = ProjectFolder(project.root)
            data = folder.read(VAULT_FILE, _MAX_VAULT)
            if data is None:
                raise InvalidInput(folder.findings)
            words = Words.load(project.settings.language, project.locale, "vault", own=project.words)
            vault = opened[1]
            if data != opened[0]:  # somebody has saved it meanwhile
                vault, findings = read_vault(data, passphrase, languages=words.understood)
                if any(finding.severity is Severity.ERROR or finding.rule == OTHER_SHEET for finding in findings):
                    raise InvalidInput(findings)
            made = write_vault(replace(vault, issued=(*vault.issued, issued)), passphrase, random=random, words=words)
            write_file(project.root / VAULT_FILE, made, replace=True, lock=lock)
    except OutputError as error:
        said = later("the passphrase can't be kept in {vault_file}: {message}")
        raise OutputError(msg(said, vault_file=VAULT_FILE, message=error.message), hint=error.hint) from error
