"""`handover vault`: keep the project's credentials in `vault.xlsx`, encrypted like the delivered inventory."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import asking, boundary, report
from handover.cli.options import FILE, PROJECT, project_root, unreadable
from handover.cli.terminal import confirm, say
from handover.model.errors import InvalidInput, OutputError, SecretError, Severity, UsageError, WrongPassphrase
from handover.model.message import counted, msg, system_reason

if TYPE_CHECKING:
    from handover.bundle.publish import FolderLock
    from handover.languages.words import Words
    from handover.model.project import Vault
    from handover.model.secret import Secret
    from handover.project.vault.marks import Changes

VAULT = "vault.xlsx"
MAX_SECRETS = 256 * 1024

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
    if (root / VAULT).exists():
        raise OutputError.at(
            root / VAULT, msg("there is a vault already"), hint=msg("add to it with `handover vault add`")
        )
    passphrase = asking.new_secret(
        vault_passphrase_file, msg("a passphrase for the new vault"), option="--vault-passphrase-file",
        hint=msg("take a longer one: seven random words, say"),
    )  # fmt: skip
    _write(root, Vault(()), passphrase, replace=False)
    where = msg(" --project {project}", project=report.quoted(project)) if project != "." else ""
    report.done(
        msg("{root}: created, empty", root=root / VAULT),
        *asking.limits(),
        msg("next: handover vault add SERVICE{where}, or handover vault import EXPORT{where}", where=where),
    )


@vault.command(short_help="Add a credential; its secrets are asked for.")
@click.argument("service")
@click.option("--url", help="Where one signs in.")
@click.option("--user-name", help="The user name.")
@click.option("--owner", help="Who owns the account.")
@click.option("--keep", is_flag=True, help="The client needn't change it on receipt.")
@click.option(
    "--secrets-file",
    metavar="FILE|-",
    help="Read the secrets as JSON: password, totp_secret, recovery_codes, note.",
)
@_project
@_passphrase
def add(service: str, *, project: str, keep: bool, secrets_file: str | None, **options: Any) -> None:
    """Add the credential of SERVICE; its secrets are asked for without echo."""
    from handover.bundle.publish import FolderLock
    from handover.model.rows import CredentialRow, YesNo
    from handover.project.vault.workbook import add as append

    asking.at_most_one_stdin(secrets_file=secrets_file, vault_passphrase_file=options["vault_passphrase_file"])
    root = project_root(project)
    _vault_of(root)
    asking.harden()
    secrets = _secrets_from(secrets_file) if secrets_file is not None else _ask_secrets(service)
    row = _row(
        CredentialRow,
        service=service,
        url=options["url"],
        user_name=options["user_name"],
        owner=options["owner"],
        change_after_receipt=YesNo.NO if keep else YesNo.YES,
        **secrets,
    )
    with FolderLock(root, VAULT) as lock:
        known, passphrase = _read(root, options["vault_passphrase_file"], lock=lock)
        _write(root, append(known, [row]), passphrase, lock=lock)
    added = msg(
        "{root}: {service} added, {count} in all",
        root=root / VAULT,
        service=service,
        count=_count(len(known.credentials) + 1),
    )
    report.done(added, report.next_line("validate", project))


@vault.command("import", short_help="Add a client's entries from a password manager's export.")
@click.argument("source", metavar="FILE|-")
@click.option("--folder", multiple=True, metavar="NAME", help="A folder, vault, collection or tag of this client.")
@click.option("--everything", is_flag=True, help="All entries are this client's.")
@click.option("--take", multiple=True, metavar="NAME", help="An entry to take that would be set aside.")
@click.option("--export-passphrase-file", metavar="FILE|-", help="What opens FILE, if it's protected.")
@click.option("--key-file", type=FILE, help="The key file of a KeePass database.")
@click.option("--delete", is_flag=True, help="Delete FILE afterwards without asking.")
@_project
@_passphrase
def import_(source: str, *, delete: bool, project: str, vault_passphrase_file: str | None, **options: Any) -> None:
    """Add a client's entries from a password manager's export, or the rows of a CSV with the vault's columns.

    KeePass (KDBX, XML), 1Password (1PUX), Bitwarden (JSON), Proton Pass (ZIP), and the CSV of these, of Chrome, Edge,
    Firefox, Apple Passwords, LastPass, Dashlane, NordPass, RoboForm and KeePassXC. An export with several folders isn't
    taken whole unasked. What was exported in clear is then offered for deletion.
    """
    from handover.bundle.publish import FolderLock
    from handover.cli.exports import bring
    from handover.project.vault.workbook import add as append

    passphrases = (options["export_passphrase_file"], vault_passphrase_file)
    asking.at_most_one_stdin(export_passphrase_file=passphrases[0], vault_passphrase_file=passphrases[1])
    if source == asking.STDIN and asking.STDIN in passphrases:
        raise UsageError(
            msg("the entries and a passphrase can't both come from standard input"), hint=msg("give one of them a file")
        )
    root = project_root(project)
    _vault_of(root)
    asking.harden()
    brought = bring(root, source, options)
    rows, findings, elsewhere = brought.imported
    with FolderLock(root, VAULT) as lock:
        known, passphrase = _read(root, vault_passphrase_file, lock=lock)
        fresh = [row for row in rows if row not in known.credentials]
        _write(root, append(known, fresh), passphrase, lock=lock)
    try:
        export = msg(" from an export of {title}", title=brought.title) if brought.title else ""
        there = (
            counted(", {count} was there already", ", {count} were there already", count=len(rows) - len(fresh))
            if len(rows) > len(fresh)
            else ""
        )
        total = msg("{count} in all", count=len(known.credentials) + len(fresh))
        lines = [
            counted(
                "{root}: {count} credential added{export}{there}, {total}",
                "{root}: {count} credentials added{export}{there}, {total}",
                count=len(fresh),
                root=root / VAULT,
                export=export,
                there=there,
                total=total,
            )
        ]
        report.done(
            *lines,
            *(
                [
                    counted(
                        "{count} credential of other folders left where it is",
                        "{count} credentials of other folders left where they are",
                        count=elsewhere,
                    )
                ]
                if elsewhere
                else []
            ),
        )
        if findings:
            report.print_findings(findings)
    finally:
        if source != asking.STDIN and (delete or not brought.protected):
            _offer_deletion(Path(source), delete=delete)
    say(report.next_line("validate", project))


def _offer_deletion(path: Path, *, delete: bool) -> None:
    try:
        wanted = delete or (
            asking.interactive() and confirm(msg("delete {path}, which holds them in clear?", path=path))
        )
    except click.Abort:
        # The vault is written all the same: "nothing was written" would be wrong.
        say(msg("\n{path} still holds them in clear: delete it", path=path), err=True)
        raise click.exceptions.Exit(boundary.EXIT_INTERRUPTED) from None
    if wanted:
        try:
            path.unlink()
        except OSError as error:
            why = system_reason(error, lower=True)
            raise OutputError.at(
                path, msg("can't be deleted ({why})", why=why), hint=msg("the vault holds its rows: delete it")
            ) from None
        report.done(msg("{path}: deleted; copies in backups, mail or the trash are not", path=path))
    else:
        say(msg("{path} still holds them in clear: delete it", path=path), err=True)


@vault.command("list", short_help="List services and user names, never a secret.")
@_project
@_passphrase
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(*, project: str, vault_passphrase_file: str | None, as_json: bool) -> None:
    """List the services and user names, never a secret."""
    root = project_root(project)
    asking.harden()
    known, _ = _read(root, vault_passphrase_file)
    rows: list[dict[str, Any]] = [
        {
            "service": row.service,
            "user_name": row.user_name,
            "owner": row.owner,
            "has": [n for n in ("password", "totp_secret", "recovery_codes", "fields", "note") if getattr(row, n)],
        }
        for row in known.credentials
    ]
    if as_json:
        report.print_json(rows)
        return
    width = max((len(row["service"]) for row in rows), default=0)
    for row in rows:
        has = ", ".join(row["has"]) or msg("no secret")
        say(f"{row['service']:<{width}}  {row['user_name'] or '–'}  " + msg("({has})", has=has))
    say(_count(len(rows)))


@vault.command(short_help="Take a credential out of the vault.")
@click.argument("service")
@click.option("--user-name", help="Which one, where the service has several.")
@_project
@_passphrase
def remove(service: str, *, user_name: str | None, project: str, vault_passphrase_file: str | None) -> None:
    """Take the credential of SERVICE out of the vault."""
    from handover.bundle.publish import FolderLock
    from handover.project.vault.workbook import remove as without

    root = project_root(project)
    asking.harden()
    with FolderLock(root, VAULT) as lock:
        known, passphrase = _read(root, vault_passphrase_file, lock=lock)
        _write(root, without(known, service, user_name), passphrase, lock=lock)
    removed = msg(
        "{root}: {service} removed, {count} left",
        root=root / VAULT,
        service=service,
        count=_count(len(known.credentials) - 1),
    )
    report.done(removed, report.next_line("validate", project))


@vault.command(short_help="Show the passphrase of a bundle again.")
@click.argument("bundle", type=FILE, required=False)
@click.option("--project", type=PROJECT, help="The project's folder (default: the one above BUNDLE's, or this one).")
@_passphrase
def issued(*, bundle: str | None, project: str | None, vault_passphrase_file: str | None) -> None:
    """Show the passphrase that BUNDLE was made with, on the terminal; without BUNDLE, list which are kept.

    Whoever opens the vault can give it again: it opens no more than the vault itself holds.
    """
    from handover.project.vault.issued import passphrase_of

    root = project_root(project if project is not None else _root_of(bundle))
    asking.harden()
    inventory = _inventory_of(bundle) if bundle is not None else ""
    known, _ = _read(root, vault_passphrase_file)
    if bundle is None:
        for row in known.issued:
            say(f"{row.issued_on}  {row.bundle}")
        say(counted("{count} passphrase kept", "{count} passphrases kept", len(known.issued)))
        return
    found = passphrase_of(known.issued, inventory)
    if found is None:
        raise SecretError.at(
            root / VAULT,
            msg("keeps no passphrase for {bundle}", bundle=bundle),
            hint=msg("was it built from this project? name it with --project"),
        )
    say(
        msg(
            "\nThe client's passphrase for {bundle}, issued on {issued_on} UTC:\n",
            bundle=found.bundle,
            issued_on=found.issued_on,
        ),
        err=True,
    )
    # On the terminal itself: standard output may be a file.
    say(f"    {found.passphrase.reveal()}\n", bold=True, err=True)


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
    with FolderLock(root, VAULT) as lock:
        known, _ = _read(root, vault_passphrase_file, lock=lock)
        new = asking.new_secret(
            new_passphrase_file, msg("the vault's new passphrase"), option="--new-passphrase-file",
            hint=msg("take a longer one: seven random words, say"),
        )  # fmt: skip
        for one in known.issued:
            require_different(one.passphrase, new)
        _write(root, known, new, lock=lock)
    report.done(
        msg(
            "{file}: opens with the new passphrase from now on; copies of it still open with the old one",
            file=root / VAULT,
        ),
        report.next_line("validate", project),
    )


def _root_of(bundle: str | None) -> str:
    """The project's folder above a bundle's, where there is one; else this folder."""
    parents = list(Path(bundle).resolve().parents)[:2] if bundle is not None else []
    return str(next((parent for parent in parents if (parent / "handover.yaml").is_file()), "."))


def _inventory_of(bundle: str) -> str:
    """SHA-256 of the inventory in a bundle, which says whose passphrase is meant, whatever the zip is called."""
    import hashlib

    from handover.bundle.read import read_archive
    from handover.bundle.record import MAX_RECORD, RECORD_NAME, read_record
    from handover.cli.verify import naming, opened
    from handover.model.artifact import Role

    with naming(bundle), opened(bundle) as file:
        archive = read_archive(file)
        entry = archive.get(RECORD_NAME)
        documents = read_record(archive.read(entry, MAX_RECORD)).entries if entry else ()
        name = next((document.name for document in documents if document.role is Role.INVENTORY), "")
        stored = archive.get(name)
        if stored is None:
            raise UsageError.at(bundle, msg("has no inventory with a passphrase"))
        digest = hashlib.sha256()
        for piece in archive.stream(stored):
            digest.update(piece)
    return digest.hexdigest()


def _count(number: int) -> str:
    return counted("{count} credential", "{count} credentials", number)


def _vault_of(root: Path) -> Path:
    """The project's vault. Raises UsageError where there is none: told before anybody types secrets for it."""
    path = root / VAULT
    if not os.path.lexists(path):
        raise UsageError.at(path, msg("there is no vault"), hint=msg("make one with `handover vault init`"))
    return path


def _read(root: Path, source: str | None, *, lock: "FolderLock | None" = None) -> "tuple[Vault, Secret]":
    """The vault and its passphrase; one that LibreOffice saved is written again once what it changed is confirmed.

    What a rewriting would lose is refused where that is done, or the `lock` says that it will be.
    """
    from handover.project.read import MAX_VAULT
    from handover.project.read.files import ProjectFolder
    from handover.project.vault.workbook import OTHER_SHEET, read_saved_elsewhere, read_vault
    from handover.seal.older_encryption import is_older

    _vault_of(root)
    folder = ProjectFolder(root)
    content = folder.read(VAULT, MAX_VAULT)
    if content is None:
        raise InvalidInput(folder.findings)
    passphrase = (
        asking.from_file(source)
        if source is not None
        else asking.ask(msg("the vault's passphrase"), option="--vault-passphrase-file")
    )
    languages = _words(root).understood
    elsewhere = is_older(content, VAULT)
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
        _write(root, known, passphrase, lock=lock)
        report.done(msg("{file}: saved again, encrypted as handover does", file=root / VAULT))
    return known, passphrase


def _confirm_changes(known: "Vault", changed: "Changes | None") -> None:
    """Show what LibreOffice changed, never a secret, and have it confirmed: its encryption shows no later change."""
    say(msg("{file}: LibreOffice saved it, and its encryption doesn't show who changed it since", file=VAULT))
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
        say(
            counted(
                "one row isn't there as it was: changed, or removed",
                "{count} rows aren't there as they were: changed, or removed",
                changed.gone,
            )
        )
    if not asking.interactive():
        raise SecretError.at(
            VAULT,
            msg("what was changed must be confirmed, and nobody can be asked"),
            hint=msg("type `handover vault list` at a terminal"),
        )
    if not confirm(msg("is that what you changed?")):
        raise SecretError.at(VAULT, msg("left as it is"), hint=msg("take the vault from a backup that you trust"))


def _write(
    root: Path, content: "Vault", passphrase: "Secret", *, replace: bool = True, lock: "FolderLock | None" = None
) -> None:
    from handover.bundle.publish import write_file
    from handover.project.vault.workbook import write_vault

    data = write_vault(content, passphrase, random=os.urandom, words=_words(root))
    write_file(root / VAULT, data, replace=replace, lock=lock)


def _words(root: Path) -> "Words":
    """The vault's words in the project's language, which is known before anything else of the project is filled in."""
    from handover.languages import registry
    from handover.languages.words import Words
    from handover.model.sources import YamlScalar
    from handover.project.read import load_project, no_assets

    sources = load_project(root, scan_assets=no_assets)
    given = sources.settings.get("language") if sources.settings else None
    language = given.text if isinstance(given, YamlScalar) else ""
    if language not in sources.languages:
        language = registry.START
    locale = registry.language(language, sources.words).locale
    return Words.load(language, locale, "vault", own=sources.words)


def _ask_secrets(service: str) -> dict[str, Any]:
    if not asking.interactive():
        raise SecretError(
            msg("the password of {service} is needed, and nobody can be asked", service=service),
            hint=msg("give it with --secrets-file FILE (or `-` for standard input), as JSON"),
        )
    password = asking.ask(msg("password (empty for none)"), option="--secrets-file", optional=True)
    totp = asking.ask(msg("TOTP secret (empty for none)"), option="--secrets-file", optional=True)
    codes = asking.ask(
        msg("recovery codes, separated by spaces (empty for none)"), option="--secrets-file", optional=True
    )
    return {
        "password": password or None,
        "totp_secret": totp or None,
        "recovery_codes": type(codes)("\n".join(codes.reveal().split())) if codes else None,
    }


def _secrets_from(source: str) -> dict[str, Any]:
    import json

    from handover.model.secret import Secret

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        value = json.loads(_private_text(source), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise UsageError(
            msg("--secrets-file {source}: isn't JSON in UTF-8 with each key once", source=source)
        ) from None
    allowed = {"password", "totp_secret", "recovery_codes", "note"}
    if not isinstance(value, dict) or not set(value) <= allowed or not all(isinstance(v, str) for v in value.values()):
        raise UsageError(
            msg(
                "--secrets-file {source}: must be a JSON object of texts with {allowed}",
                source=source,
                allowed=", ".join(sorted(allowed)),
            )
        )
    return {key: Secret(text) for key, text in value.items() if text}


def _private_text(source: str) -> str:
    """The text of a file that only its owner can read, or of standard input."""
    import sys

    from handover.formats.opener import open_named

    try:
        if source == asking.STDIN:
            return sys.stdin.buffer.read(MAX_SECRETS).decode("utf-8")
        with open_named(Path(source), pipes=True) as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                hint = f"chmod 600 {report.quoted(source)}"
                raise UsageError(msg("--secrets-file {source}: others can read it", source=source), hint=hint)
            return file.read(MAX_SECRETS).decode("utf-8")
    except OSError as error:
        raise unreadable(source, error, option="--secrets-file") from None


def _row(model: Any, **values: Any) -> Any:
    from pydantic import ValidationError

    try:
        return model(**values)
    except ValidationError as error:
        # Only names of fields: a message of pydantic's would quote the value.
        fields = ", ".join(str(item["loc"][0]) for item in error.errors(include_input=False, include_context=False))
        raise UsageError(
            msg("can't be kept as it is: {fields}", fields=fields), hint=msg("one line, without control characters")
        ) from None
