"""`handover email`: draft the final e-mail with the bundle attached."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, project_root
from handover.cli.terminal import say
from handover.errors import BundleError, OutputError, SecretInClear, SigningError, UsageError, ZippedAgain

if TYPE_CHECKING:
    from handover.archive import Archive, Contents
    from handover.model import Project
    from handover.secret import Secret
    from handover.verify import Report

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")
"""File names that every mail program writes and reads alike."""

_DRAFT = "10.11"
"""The clause of docs/format.md that a draft fails."""


@click.command()
@click.argument("bundle", type=FILE)
@click.option("-o", "--out", type=FILE, help="The draft to write (default: BUNDLE with .eml).")
@click.option("--project", type=FOLDER, help="The project it was built from (default: the folder above out/).")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase (default: asked for).")
@click.option("--fingerprint", metavar="HEX", help="Fingerprint of the key that sealed it.")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace a draft that was written before.")
def email(bundle: str, *, out: str | None, project: str | None, replace: bool, **options: Any) -> None:
    """Draft the final e-mail to the client: FINAL.eml to open in a mail program, and the same text as .txt.

    The passphrase is asked for only to make sure that it is nowhere in the e-mail or the zip.
    """
    from handover import mail
    from handover.archive import read_archive
    from handover.cli.verify import naming, opened
    from handover.publish import write_file
    from handover.verify import read_given

    asking.harden()
    source = Path(bundle)
    target = Path(out) if out else source.with_suffix(".eml")
    beside = target.with_suffix(".txt")
    _refuse_targets(source, target, beside, replace=replace)
    with naming(bundle), opened(bundle) as file:
        found = _verified(read_given(file))
        owner = _project(source, project, found.record.client)
        _recognise(found, owner, options["fingerprint"])
        _tell_older(source, found, owner)
        name = source.name if _SAFE_NAME.fullmatch(source.name) else f"{owner.settings.client.id}.zip"
        attachments = [name]
        if found.record.assets_archive is not None:
            attachments.append(found.record.assets_archive.name)
        text = mail.draft(owner, found, attachments)
        archive = read_archive(file)
        if any(document.role == "inventory" for document in found.record.entries):
            passphrase = _passphrase(options)
            mail.refuse_passphrase(passphrase, text.body)
            _refuse_in_zip(archive, passphrase, found.record.entries)
        file.seek(0)
        write_file(beside, [_as_text(text)], replace=replace)
        try:
            write_file(target, mail.message(text, name, file, _boundary(name, text.body)), replace=replace)
        except BaseException:
            beside.unlink(missing_ok=True)  # both or neither
            raise
    size = source.stat().st_size
    for warning in mail.warnings(size, [entry.name for entry in found.entries]):
        say(f"warning: {warning}", err=True)
    by_passphrase = any(document.role == "inventory" for document in found.record.entries)
    report.done(
        f"{target}: draft to {owner.settings.client.contact.email}, {report.human_size(size)} attached",
        f"{beside}: the same text, for mail programs that ignore drafts",
        "read it, send it, then give the passphrase the other way" if by_passphrase else "read it, then send it",
    )


def _verified(contents: "Contents") -> "Report":
    from handover.verify import verify

    try:
        found = verify(contents, now=clock.now())
    except BundleError as error:
        if error.clause == _DRAFT:
            error.hint = "a draft isn't sent: build without --draft, and send that bundle"
        raise
    try:
        found.require_original()
    except ZippedAgain as error:
        error.hint = "it isn't sent: attach the zip that `handover build` wrote, as it is"
        raise
    return found


def _refuse_targets(source: Path, target: Path, beside: Path, *, replace: bool) -> None:
    """The bundle, the draft and its text are three files, and none of the two is overwritten by accident."""
    if len({path.resolve() for path in (source, target, beside)}) < 3:
        raise UsageError(f"{target}: would overwrite the bundle or its own text", hint="name a file that ends in .eml")
    for path in (target, beside):
        if path.exists() and not replace:
            raise OutputError(f"{path}: exists already", hint="use --replace to write it again")


def _recognise(found: "Report", owner: "Project", given: str | None) -> None:
    """Refuse to send a bundle that somebody else has sealed; say whose key it is where nobody told us.

    The e-mail tells the client which fingerprint to trust: it must not be a stranger's.
    """
    from handover.seal.certificates import parse_fingerprint

    if found.bundle is None:
        return
    pin = owner.settings.owner.certificate_sha256
    named = {"the project names (owner.certificate_sha256)": pin}
    named["you named (--fingerprint)"] = parse_fingerprint(given) if given else None
    # The sealer's own key, not the letter's: verify has found them to be the same.
    for who, digest in named.items():
        if digest is not None and digest != found.bundle.fingerprint:
            raise SigningError(
                f"this bundle was sealed with a key, said to be {found.bundle.name}'s, that isn't the one that {who}",
                hint="send the bundle that the owner signed, or correct the fingerprint (`handover keys show`)",
            )
    if not any(named.values()):
        say(f"warning: make sure that this is the key of whoever built it, {found.bundle.name}:", err=True)
        say(f"  {found.bundle.groups}", err=True)
        say("  (owner.certificate_sha256 in handover.yaml, or --fingerprint, says so for good)", err=True)


def _tell_older(source: Path, found: "Report", owner: "Project") -> None:
    """Warn of a bundle that a newer one, or the project as it is now, has overtaken."""
    from handover.record import PRIVATE_INPUTS, shown_inputs
    from handover.verify import newer_bundle

    out = owner.assets_root.parent / "out"
    if newer := newer_bundle(found, source.absolute().parent, out):
        say(f"warning: {newer.told(found)}", err=True)
    was, now = found.record.inputs, shown_inputs(owner.digests)
    if changed := sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name)):
        names = ["the accounts, the invoices or the vault" if name == PRIVATE_INPUTS else name for name in changed]
        say(f"warning: the project has changed since this bundle was built: {', '.join(names)}", err=True)


def _boundary(name: str, body: str) -> str:
    """What separates the message's parts: nothing that a bundle could choose, and not in the text."""
    import hashlib

    return "handover-" + hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()[:40]


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
    project = prepare(root, today=clock.today(), judge_assets=False).project
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

    searcher = leaks.Searcher(leaks.needles({"the passphrase": passphrase}, None))
    roles = {document.name: document.role for document in documents}
    for entry in archive.entries:
        if roles.get(entry.name) == "inventory":
            unlocks(b"".join(archive.stream(entry)), passphrase, name=entry.name)
            continue
        if entry.name in roles:
            content = b"".join(archive.stream(entry))
            found = leaks.document_leaks([UnsealedByPolicy(entry.name, roles[entry.name], content)], searcher)
        else:
            found = leaks.text_leaks(leaks.Asset(entry.name, entry.size, partial(archive.stream, entry)), searcher)
        if any(f.rule == "leak.secret" for f in found):
            raise SecretInClear(f"{entry.name}: holds the passphrase in clear", hint="build again without it")
