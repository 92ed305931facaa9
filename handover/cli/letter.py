"""`handover letter` and `handover sign`: the owner's part, where another person builds."""

from pathlib import Path
from typing import Any

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, PROJECT, own_folder, project_root, read_file
from handover.errors import OutputError, SigningError


@click.command()
@click.argument("project", type=PROJECT, default=".")
@click.option("-o", "--out", type=FILE, help="Where to write it (default: PROJECT/out/letter.docx).")
@click.option("--replace", is_flag=True, help="Replace a file of this name.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="As for `handover build`.")
@click.option("--recipient-only", is_flag=True, help="As for `handover build`.")
def letter(project: str, *, out: str | None, replace: bool, recipients: tuple[str, ...], recipient_only: bool) -> None:
    """Write the letter alone, unsigned, for its owner to read."""
    from handover import pipeline

    root = project_root(project)
    prepared = pipeline.prepare(
        root, today=clock.today(), judge_assets=False, recipients=recipients, recipient_only=recipient_only
    )
    artifact = pipeline.render_letter(prepared)
    target = Path(out) if out else own_folder(root, "out") / "letter.docx"
    _publish(target, artifact.content, replace=replace)
    report.done(
        f"{target}: to be read by {prepared.project.settings.owner.name}",
        f"next: handover sign {report.quoted(target)} --project {report.quoted(project)}"
        + _keys(recipients, only=recipient_only),
    )


@click.command()
@click.argument("document", metavar="LETTER.docx", type=FILE)
@click.option("--project", type=FOLDER, default=".", help="The project that the letter belongs to.")
@click.option("--key", metavar="OWNER.p12", help="The owner's key (default: the one of `handover keys create`).")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace a letter that was signed before.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="As for `handover build`.")
@click.option("--recipient-only", is_flag=True, help="As for `handover build`.")
def sign(document: str, *, project: str, replace: bool, recipients: tuple[str, ...], **options: Any) -> None:
    """Sign LETTER.docx with the owner's key; the signed letter goes into the project's signed/ folder.

    The letter must be the one that the project gives now: what its owner read is what is signed.
    """
    from handover import pipeline
    from handover.render import letter_binding
    from handover.seal.certificates import common_name, fingerprint
    from handover.seal.letter import sign_letter
    from handover.seal.letter_verify import verify_letter
    from handover.sealing import MAX_LETTER, SIGNED_LETTER

    root = project_root(project)
    asking.harden()
    prepared = pipeline.prepare(
        root, today=clock.today(), judge_assets=False, recipients=recipients, recipient_only=options["recipient_only"]
    )
    artifact = pipeline.render_letter(prepared)
    if read_file(document, MAX_LETTER) != artifact.content:
        raise SigningError(
            f"{document}: isn't the letter that this project gives now",
            hint="write it again with `handover letter`, have it read, then sign that file",
        )
    key = asking.configured_key(options["key"])
    if key is None:
        raise SigningError("there is no key to sign with", hint="create one with `handover keys create`")
    now = clock.now()
    identity = asking.unlock(key, now, password_file=options["key_passphrase_file"], no_input=options["no_input"])
    pinned = prepared.project.settings.owner.certificate_sha256
    if pinned is not None and fingerprint(identity.certificate) != pinned:
        raise SigningError(
            "this key isn't the one that owner.certificate_sha256 in handover.yaml names",
            hint="sign with the owner's key, or correct the fingerprint (`handover keys show`)",
        )
    content = sign_letter(artifact.content, identity, signed_at=now, binding=letter_binding(prepared.plan))
    verify_letter(content)
    target = root / SIGNED_LETTER
    own_folder(root, target.parent.name)
    _publish(target, content, replace=replace)
    report.done(
        f"{target}: signed by {common_name(identity.certificate)}",
        f"next: handover build {report.quoted(project)}{_keys(recipients, only=options['recipient_only'])}",
    )


def _keys(recipients: tuple[str, ...], *, only: bool) -> str:
    """The same options for the next command: what the letter encloses depends on them."""
    return "".join(f" --recipient {report.quoted(key)}" for key in recipients) + (" --recipient-only" if only else "")


def _publish(target: Path, content: bytes, *, replace: bool) -> None:
    from handover.publish import write_file

    if not target.parent.is_dir():
        raise OutputError(f"{target.parent}: there is no such folder", hint="make it, or name another with -o")
    write_file(target, content, replace=replace)
