"""`handover vault`: keep the project's credentials in `vault.xlsx`, encrypted like the delivered inventory."""

from pathlib import Path
from typing import Any

import click

from handover.cli import asking, report, vault_file
from handover.cli.options import FILE, PROJECT, project_above, project_root
from handover.cli.terminal import say
from handover.model.errors import OutputError, SecretError, UsageError
from handover.model.message import counted, msg
from handover.model.sources import VAULT_FILE

_SECRETS = ("password", "totp_secret", "recovery_codes", "fields", "note")

_project = click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")
_passphrase = click.option("--vault-passphrase-file", metavar="FILE|-", help="Its passphrase (default: asked for).")


@click.group()
def vault() -> None:
    """Keep the project's credentials, and the passphrases that bundles were made with, encrypted.

    Secrets come from a prompt, a file or standard input.
    """


@vault.command(short_help="Make an empty vault.")
@_project
@_passphrase
def init(*, project: str, vault_passphrase_file: str | None) -> None:
    """Make an empty vault with a passphrase of your own (77 bits or more)."""
    from handover.model.project import Vault

    root = project_root(project)
    asking.harden()
    path = root / VAULT_FILE
    if path.exists():
        raise OutputError.at(path, msg("there is a vault already"), hint=msg("add to it with `handover vault add`"))
    question = msg("a passphrase for the new vault")
    passphrase = asking.new_secret(vault_passphrase_file, question, option="--vault-passphrase-file")
    vault_file.write(root, Vault(()), passphrase, replace=False)
    where = msg(" --project {project}", project=report.quoted(project)) if project != "." else ""
    report.done(
        msg("{root}: created, empty", root=path),
        *asking.limits(),
        msg("next: handover vault add SERVICE{where}, or handover vault import EXPORT{where}", where=where),
    )


@vault.command(short_help="Add a credential; its secrets are asked for.")
@click.argument("service")
@click.option("--url", help="Where one signs in.")
@click.option("--user-name", help="The user name.")
@click.option("--owner", help="Who owns the account.")
@_project
@_passphrase
def add(service: str, *, project: str, vault_passphrase_file: str | None, **about: str | None) -> None:
    """Add the credential of SERVICE; its secrets are asked for without echo. Scripts give rows to `vault import -`."""
    from pydantic import ValidationError

    from handover.model.rows import CredentialRow, YesNo
    from handover.project.vault.workbook import add as append

    root = project_root(project)
    vault_file.require_vault(root)
    asking.harden()
    if not asking.interactive():
        raise SecretError(
            msg("the password of {service} is needed, and nobody can be asked", service=service),
            hint=msg("give rows with `handover vault import FILE` (or `-` for standard input)"),
        )
    password = asking.ask(msg("password (empty for none)"), optional=True)
    totp = asking.ask(msg("TOTP secret (empty for none)"), optional=True)
    codes = asking.ask(msg("recovery codes, separated by spaces (empty for none)"), optional=True)
    secrets = {
        "password": password or None,
        "totp_secret": totp or None,
        "recovery_codes": type(codes)("\n".join(codes.reveal().split())) if codes else None,
    }
    try:
        row = CredentialRow(service=service, change_after_receipt=YesNo.YES, **about, **secrets)
    except ValidationError as error:
        # Only names of fields: a message of pydantic's would quote the value.
        fields = ", ".join(str(item["loc"][0]) for item in error.errors(include_input=False, include_context=False))
        raise UsageError(
            msg("can't be kept as it is: {fields}", fields=fields), hint=msg("one line, without control characters")
        ) from None
    _, now = vault_file.change(root, vault_passphrase_file, lambda known: append(known, [row]))
    count = _count(len(now.credentials))
    added = msg("{root}: {service} added, {count} in all", root=root / VAULT_FILE, service=service, count=count)
    report.done(added, report.next_line("validate", project))


@vault.command("import", short_help="Add a client's entries from a password manager's export.")
@click.argument("source", metavar="FILE|-")
@click.option("--folder", multiple=True, metavar="NAME", help="A folder, vault, collection or tag of this client.")
@click.option("--everything", is_flag=True, help="All entries are this client's.")
@click.option("--take", multiple=True, metavar="NAME", help="An entry to take that would be set aside.")
@click.option("--export-passphrase-file", metavar="FILE|-", help="What opens FILE, if it's protected.")
@click.option("--key-file", type=FILE, help="The key file of a KeePass database.")
@_project
@_passphrase
def import_(source: str, *, project: str, vault_passphrase_file: str | None, **options: Any) -> None:
    """Add a client's entries from a password manager's export, or the rows of a CSV with the vault's columns.

    KeePass (KDBX, XML), 1Password (1PUX), Bitwarden (JSON), Proton Pass (ZIP), and the CSV of these, of Chrome, Edge,
    Firefox, Apple Passwords, LastPass, Dashlane, NordPass, RoboForm and KeePassXC. An export with several folders isn't
    taken whole unasked. What was exported in clear is then offered for deletion.
    """
    from handover.cli.exports import bring, offer_deletion
    from handover.model.project import Vault
    from handover.project.vault.workbook import add as append

    passphrases = (options["export_passphrase_file"], vault_passphrase_file)
    asking.at_most_one_stdin(export_passphrase_file=passphrases[0], vault_passphrase_file=passphrases[1])
    if source == asking.STDIN and asking.STDIN in passphrases:
        raise UsageError(
            msg("the entries and a passphrase can't both come from standard input"), hint=msg("give one of them a file")
        )
    root = project_root(project)
    vault_file.require_vault(root)
    asking.harden()
    brought = bring(root, source, options)
    rows, findings, elsewhere = brought.imported

    def grown(known: Vault) -> Vault:
        return append(known, [row for row in rows if row not in known.credentials])

    before, now = vault_file.change(root, vault_passphrase_file, grown)
    try:
        fresh, total = len(now.credentials) - len(before.credentials), len(now.credentials)
        report.done(*_imported(root, brought.title, fresh, len(rows) - fresh, total, elsewhere))
        if findings:
            report.print_findings(findings)
    finally:
        if source != asking.STDIN and not brought.protected:
            offer_deletion([Path(source)])
    say(report.next_line("validate", project))


def _imported(root: Path, title: str, fresh: int, known: int, total: int, elsewhere: int) -> list[str]:
    """What became of the entries that an export gave."""
    there = counted(", {count} was there already", ", {count} were there already", count=known) if known else ""
    added = counted(
        "{root}: {count} credential added{export}{there}, {total}",
        "{root}: {count} credentials added{export}{there}, {total}",
        count=fresh,
        root=root / VAULT_FILE,
        export=msg(" from an export of {title}", title=title) if title else "",
        there=there,
        total=msg("{count} in all", count=total),
    )
    left = counted(
        "{count} credential of other folders left where it is",
        "{count} credentials of other folders left where they are",
        count=elsewhere,
    )
    return [added, left] if elsewhere else [added]


@vault.command("list", short_help="List services and user names, never a secret.")
@_project
@_passphrase
def list_(*, project: str, vault_passphrase_file: str | None) -> None:
    """List the services and user names, never a secret."""
    root = project_root(project)
    asking.harden()
    known, _ = vault_file.read(root, vault_passphrase_file)
    width = max((len(row.service) for row in known.credentials), default=0)
    for row in known.credentials:
        has = ", ".join(name for name in _SECRETS if getattr(row, name)) or msg("no secret")
        say(f"{row.service:<{width}}  {row.user_name or '–'}  " + msg("({has})", has=has))
    say(_count(len(known.credentials)))


@vault.command(short_help="Take a credential out of the vault.")
@click.argument("service")
@click.option("--user-name", help="Which one, where the service has several.")
@_project
@_passphrase
def remove(service: str, *, user_name: str | None, project: str, vault_passphrase_file: str | None) -> None:
    """Take the credential of SERVICE out of the vault."""
    from handover.project.vault.workbook import remove as without

    root = project_root(project)
    asking.harden()
    _, now = vault_file.change(root, vault_passphrase_file, lambda known: without(known, service, user_name))
    count = _count(len(now.credentials))
    removed = msg("{root}: {service} removed, {count} left", root=root / VAULT_FILE, service=service, count=count)
    report.done(removed, report.next_line("validate", project))


@vault.command(short_help="Show the passphrase of a bundle again.")
@click.argument("bundle", type=FILE, required=False)
@click.option("--project", type=PROJECT, help="The project's folder (default: the one above BUNDLE's, or this one).")
@_passphrase
def issued(*, bundle: str | None, project: str | None, vault_passphrase_file: str | None) -> None:
    """Show the passphrase that BUNDLE was made with, on the terminal; without BUNDLE, list which are kept.

    Whoever opens the vault can give it again: it opens no more than the vault itself holds.
    """
    above = project_above(Path(bundle)) if bundle is not None else None
    root = project_root(project if project is not None else str(above or "."))
    asking.harden()
    inventory = _inventory_of(bundle) if bundle is not None else ""
    known, _ = vault_file.read(root, vault_passphrase_file)
    if bundle is None:
        for row in known.issued:
            say(f"{row.issued_on}  {row.bundle}")
        say(counted("{count} passphrase kept", "{count} passphrases kept", len(known.issued)))
        return
    found = next((row for row in reversed(known.issued) if row.inventory == inventory), None)
    if found is None:
        raise SecretError.at(
            root / VAULT_FILE,
            msg("keeps no passphrase for {bundle}", bundle=bundle),
            hint=msg("was it built from this project? name it with --project"),
        )
    told = msg(
        "\nThe client's passphrase for {bundle}, issued on {issued_on} UTC:\n",
        bundle=found.bundle,
        issued_on=found.issued_on,
    )
    report.show_passphrase(told, found.passphrase)


@vault.command(short_help="Change the vault's own passphrase.")
@click.argument("bundle", type=FILE, required=False, metavar="")
@click.option("--new-passphrase-file", metavar="FILE|-", help="The new one (default: asked for).")
@_project
@_passphrase
def passphrase(
    *, bundle: str | None, project: str, vault_passphrase_file: str | None, new_passphrase_file: str | None
) -> None:
    """Change the vault's own passphrase (77 bits or more); what it holds stays as it is.

    Copies of the vault, in backups say, still open with the old one. Nothing opens a vault whose passphrase is
    forgotten: put it aside, make another (`handover vault init`), and import the credentials again.
    """
    from handover.bundle.publish import FolderLock
    from handover.seal.passphrase import require_different

    if bundle is not None:
        hint = msg("`handover vault issued {bundle}` shows the client's passphrase", bundle=report.quoted(bundle))
        raise UsageError(msg("this changes the passphrase of the vault itself"), hint=hint)
    asking.at_most_one_stdin(vault_passphrase_file=vault_passphrase_file, new_passphrase_file=new_passphrase_file)
    root = project_root(project)
    asking.harden()
    with FolderLock(root, VAULT_FILE) as lock:
        known, _ = vault_file.read(root, vault_passphrase_file, lock=lock)
        question = msg("the vault's new passphrase")
        new = asking.new_secret(new_passphrase_file, question, option="--new-passphrase-file")
        for one in known.issued:
            require_different(one.passphrase, new)
        vault_file.write(root, known, new, lock=lock)
    told = msg(
        "{file}: opens with the new passphrase from now on; copies of it still open with the old one",
        file=root / VAULT_FILE,
    )
    report.done(told, report.next_line("validate", project))


def _inventory_of(bundle: str) -> str:
    """SHA-256 of the inventory in a bundle, which says whose passphrase is meant, whatever the zip is called."""
    from handover.bundle.read import read_archive
    from handover.bundle.record import MAX_RECORD, RECORD_NAME, read_record
    from handover.cli.verify import naming, opened
    from handover.model.artifact import Role

    with naming(bundle), opened(bundle) as file:
        archive = read_archive(file)
        entry = archive.get(RECORD_NAME)
        name = read_record(archive.read(entry, MAX_RECORD)).name(Role.INVENTORY) if entry else ""
        stored = archive.get(name)
        if stored is None:
            raise UsageError.at(bundle, msg("has no inventory with a passphrase"))
        return archive.holding([stored]).digest_all(1)[name]


def _count(number: int) -> str:
    return counted("{count} credential", "{count} credentials", number)
