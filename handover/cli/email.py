"""`handover email`: draft the final e-mail with the bundle attached."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, project_root
from handover.errors import SecretInClear, UsageError

if TYPE_CHECKING:
    from handover.archive import Archive
    from handover.model import Project
    from handover.secret import Secret


@click.command()
@click.argument("bundle", type=FILE)
@click.option("-o", "--out", type=FILE, help="The draft to write (default: BUNDLE with .eml).")
@click.option("--project", type=FOLDER, help="The project it was built from (default: the folder above out/).")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase (default: asked for).")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace a draft that was written before.")
def email(bundle: str, *, out: str | None, project: str | None, replace: bool, **options: Any) -> None:
    """Draft the final e-mail to the client: FINAL.eml to open in a mail program, and the same text as .txt.

    The passphrase is asked for only to make sure that it is nowhere in the e-mail or the zip.
    """
    from handover import mail
    from handover.archive import read_archive
    from handover.cli.verify import opened
    from handover.publish import write_file
    from handover.verify import verify

    asking.harden()
    source = Path(bundle)
    target = Path(out) if out else source.with_suffix(".eml")
    with opened(bundle) as file:
        found = verify(file, now=clock.now())
        owner = _project(source, project, found.record.client)
        attachments = [source.name]
        if found.record.assets_archive is not None:
            attachments.append(found.record.assets_archive.name)
        text = mail.draft(owner, found, attachments)
        archive = read_archive(file)
        if any(document.role == "inventory" for document in found.record.entries):
            passphrase = _passphrase(options)
            mail.refuse_passphrase(passphrase, text.body)
            _refuse_in_zip(archive, passphrase, found.record.entries)
        file.seek(0)
        boundary = f"handover-{found.record.bundle_id}"
        ascii_name = source.name if source.name.isascii() else f"{owner.settings.client.id}.zip"
        write_file(target, mail.message(text, ascii_name, file, boundary), replace=replace)
    write_file(target.with_suffix(".txt"), [_as_text(text)], replace=replace)
    size = source.stat().st_size
    for warning in mail.warnings(size, [entry.name for entry in found.entries]):
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{target}: draft to {owner.settings.client.contact.email}, {report.human_size(size)} attached")
    click.echo(f"{target.with_suffix('.txt')}: the same text, for mail programs that ignore drafts")
    click.echo("read it, send it, then give the passphrase the other way")


def _as_text(text: Any) -> bytes:
    return f"To: {text.to}\nSubject: {text.subject}\n\n{text.body}".encode()


def _project(bundle: Path, given: str | None, client: str) -> "Project":
    """The project that the bundle belongs to. Raises UsageError when it can't be found or is another client's."""
    from handover.pipeline import prepare

    if given is not None:
        root = project_root(given)
    else:
        parents = list(bundle.resolve().parents)[:2]
        found = next((parent for parent in parents if (parent / "handover.yaml").is_file()), None)
        if found is None:
            raise UsageError(f"{bundle}: there is no project beside it", hint="name it with --project DIR")
        root = found
    project = prepare(root, today=clock.today()).project
    if project.settings.client.id != client:
        raise UsageError(
            f"{bundle}: is {client}'s, and {root} is the project of {project.settings.client.id}",
            hint="name the right project with --project DIR",
        )
    return project


def _passphrase(options: dict[str, Any]) -> "Secret":
    if options["passphrase_file"] is not None:
        return asking.from_file(options["passphrase_file"])
    return asking.ask("the client's passphrase", no_input=options["no_input"], option="--passphrase-file")


def _refuse_in_zip(archive: "Archive", passphrase: "Secret", documents: Any) -> None:
    """The passphrase must open the inventory, and stand nowhere in clear."""
    from handover import leaks
    from handover.artifact import UnsealedByPolicy
    from handover.seal.agile import unlocks

    sought = leaks.needles({"the passphrase": passphrase}, None)
    roles = {document.name: document.role for document in documents}
    for entry in archive.entries:
        if roles.get(entry.name) == "inventory":
            unlocks(b"".join(archive.stream(entry)), passphrase, name=entry.name)
        elif entry.size <= leaks.MAX_TEXT_FILE:
            content = b"".join(archive.stream(entry))
            if entry.name in roles:
                found = leaks.document_leaks([UnsealedByPolicy(entry.name, roles[entry.name], content)], sought)
            else:
                found = leaks.asset_leaks(entry.name, content, sought)
            if any(f.rule == "leak.secret" for f in found):
                raise SecretInClear(f"{entry.name}: holds the passphrase in clear", hint="build again without it")
