"""`handover keys`: create, import and show the owner's key."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, PROJECT, project_root, read_file
from handover.cli.terminal import say
from handover.model.agency import AGENCY_FILE
from handover.model.characters import aloud
from handover.model.errors import InvalidInput, OutputError, SigningError, UsageError
from handover.model.message import joined, msg

if TYPE_CHECKING:
    from handover.model.secret import Secret
    from handover.seal.certificates import CertificateDescription
    from handover.seal.keys import SigningIdentity

_LEAST_BITS = 50
"""Less than for what travels by e-mail: whoever guesses at a key's password must have the key file first."""


_signature_image = click.option(
    "--signature-image",
    type=FILE,
    help="Picture of the handwritten signature, to keep beside the key (PNG, JPEG).",
)


@click.group()
def keys() -> None:
    """Create, import and show the owner's key, kept outside every project; pin it in a project."""


@keys.command(short_help="Make a new key with a certificate of its own.")
@click.option("--name", required=True, help="The owner's first and last name, as it signs.")
@click.option("--type", "kind", type=click.Choice(["rsa", "ecdsa"]), default="rsa", help="RSA-3072 or ECDSA P-256.")
@click.option("-o", "--out", type=FILE, help="Where to keep it (default: your configuration folder).")
@_signature_image
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
def create(
    *, name: str, kind: str, out: str | None, signature_image: str | None, key_passphrase_file: str | None
) -> None:
    """Make a new key with a certificate of its own, valid for about ten years."""
    from handover.seal.certificates import describe

    asking.harden()
    target = Path(out) if out else asking.default_key()
    image = ink_of(signature_image)
    hint = msg("keep it, or name another file with -o")
    identity = made(name, target, key_passphrase_file, kind, hint=hint)
    told = msg(
        "{target}: created; keep a copy and its password where only {name} gets at them", target=target, name=name
    )
    report.done(
        told, *keep_picture(target, image), *asking.limits(), *_description_lines(describe(identity.certificate))
    )


@keys.command("import", short_help="Take over a PKCS#12 file from an authority.")
@click.argument("source", type=FILE)
@click.option("-o", "--out", type=FILE, help="Where to keep it (default: your configuration folder).")
@_signature_image
@click.option("--key-passphrase-file", metavar="FILE|-", help="Its password (default: asked for).")
def import_(source: str, *, out: str | None, signature_image: str | None, key_passphrase_file: str | None) -> None:
    """Take over a PKCS#12 file (.p12, .pfx) with its key, certificate and chain, as an authority issued it."""
    from handover.seal.certificates import describe

    asking.harden()
    target = Path(out) if out else asking.default_key()
    image = ink_of(signature_image)
    identity = taken_over(Path(source), target, key_passphrase_file)
    told = [msg("{target}: imported", target=target), *keep_picture(target, image)]
    report.done(*told, *_description_lines(describe(identity.certificate)))


@keys.command(short_help="Show whose key it is, and its fingerprint.")
@click.option("--key", metavar="FILE", help="Another key file than the configured one.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
def show(*, key: str | None, key_passphrase_file: str | None) -> None:
    """Show whose key it is, how long it is valid, and its fingerprint in groups to read aloud."""
    asking.harden()
    path = _configured(key)
    description = _described(key, key_passphrase_file)
    say(joined("\n", [str(path), *_description_lines(description), *_image_lines(path)]))


@keys.command(short_help="Write an owner's pin into a project.")
@click.argument("project", type=PROJECT, default=".")
@click.option("--owner", "named", metavar="NAME", help="Whose key it is, as the project spells the name.")
@click.option("--key", metavar="FILE", help="Another key file than the configured one.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--fingerprint", metavar="HEX", help="The fingerprint that the owner has read to you by phone.")
@click.option("--replace", is_flag=True, help="Replace the pin of the owner's earlier key.")
def pin(project: str, *, named: str | None, fingerprint: str | None, replace: bool, **options: Any) -> None:
    """Pin an owner's key in PROJECT: from then on, no other key signs for this owner.

    The key is the one that was made or imported here, or --fingerprint names another person's, once they have read it
    to you by phone. Never take a fingerprint from a bundle or an e-mail. Where the workspace names the owners, the pin
    is written there.
    """
    from handover.bundle.publish import write_file
    from handover.project.pins import choose, owners_in, with_pin
    from handover.project.read.files import ProjectFolder
    from handover.project.read.workspace import owners_file
    from handover.project.read.yaml_tree import MAX_BYTES
    from handover.seal.certificates import parse_fingerprint

    if fingerprint is not None and options["key"] is not None:
        raise UsageError(msg("--key and --fingerprint can't both say which key it is"), hint=msg("give one of them"))
    path = owners_file(Path(project) if (Path(project) / AGENCY_FILE).is_file() else project_root(project))
    folder = ProjectFolder(path.parent)
    content = folder.read(path.name, MAX_BYTES)
    if content is None:
        raise InvalidInput(folder.findings)
    owners = owners_in(content, path.name)
    about = []
    if fingerprint is not None:
        certificate, digits = "", parse_fingerprint(fingerprint)
    else:
        asking.harden()
        description = _described(options["key"], options["key_passphrase_file"])
        certificate, digits = description.common_name, description.fingerprint
        about = [msg("its certificate says {certificate}", certificate=certificate), description.caution]
    owner = choose(owners, digits, named=named, certificate=certificate, replace=replace)
    if owner.pin != digits:
        mode = stat.S_IMODE(path.stat().st_mode)
        write_file(path, with_pin(content, owner, digits, path.name), replace=True, mode=mode)
    done = msg("pinned") if owner.pin != digits else msg("was pinned before")
    report.done(
        msg("{path}: the key of {name} is {done}", path=path, name=owner.name, done=done),
        *filter(None, about),
        report.fingerprint_block(digits),
        report.next_line("validate", project),
    )


@keys.command(short_help="Change the password of a key.")
@click.option("--key", metavar="FILE", help="Another key file than the configured one.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="Its password now (default: asked for).")
@click.option("--new-passphrase-file", metavar="FILE|-", help="The new one (default: asked for).")
def passphrase(*, key: str | None, key_passphrase_file: str | None, new_passphrase_file: str | None) -> None:
    """Change the password of a key file; the key, its certificate and every pin stay as they are.

    Copies of the file still open with the old password. Nothing opens a key whose password is forgotten: make another
    (`handover keys create -o FILE`), pin it with --replace, and tell clients the new fingerprint by phone. What was
    signed with the old one stays good.
    """
    from handover.bundle.publish import write_file
    from handover.seal.keys import parse_identity, protect, read_key_file

    asking.at_most_one_stdin(key_passphrase_file=key_passphrase_file, new_passphrase_file=new_passphrase_file)
    asking.harden()
    path = _configured(key)
    data = read_key_file(path)
    identity = parse_identity(data, _password(path, key_passphrase_file), path.name)
    question = msg("the key's new password")
    new = asking.new_secret(new_passphrase_file, question, option="--new-passphrase-file", least=_LEAST_BITS)
    write_file(path, protect(identity, new), replace=True)
    report.done(
        msg("{file}: opens with the new password from now on; copies of it still open with the old one", file=path),
        report.next_line("keys show"),
    )


def _password(path: Path, source: str | None) -> "Secret":
    question = msg("the password of the key {file}", file=path.name)
    return asking.given(source, question, option="--key-passphrase-file")


def _configured(key: str | None) -> Path:
    path = asking.configured_key(key)
    if path is None:
        raise SigningError(msg("there is no key yet"), hint=msg("create one with `handover keys create --name …`"))
    return path


def _described(key: str | None, password_file: str | None) -> "CertificateDescription":
    """What the certificate of a key says: it's locked away with the key, so the password is needed."""
    from handover.seal.certificates import describe
    from handover.seal.keys import parse_identity, read_key_file

    path = _configured(key)
    data = read_key_file(path)
    return describe(parse_identity(data, _password(path, password_file), path.name).certificate)


def ink_of(source: str | None) -> bytes | None:
    """The ink of a photographed signature, on nothing; None where there is no photo.

    Raises UsageError for a picture that Word can't show, or whose ink can't be told from paper, before a key is made.
    """
    if source is None:
        return None
    from handover.formats.media.ink import ink_on_nothing
    from handover.project.read.images import MAX_BYTES, image_problem

    content = read_file(source, MAX_BYTES, hint=msg("export it smaller"))
    if problem := image_problem(content):
        raise UsageError.at(source, problem[0], hint=problem[1])
    return ink_on_nothing(content)


def keep_picture(key: Path, picture: bytes | None) -> list[str]:
    """Keep the ink beside the key, in place of an earlier one, with a preview to look at; gives what to say of it."""
    from handover.bundle.publish import write_file
    from handover.formats.media.ink import preview
    from handover.seal.keys import IMAGE_SUFFIXES

    if picture is not None:
        target = key.with_suffix(".png" if picture.startswith(b"\x89PNG") else ".jpg")
        write_file(target, picture, replace=True)
        for suffix in set(IMAGE_SUFFIXES) - {target.suffix}:
            key.with_suffix(suffix).unlink(missing_ok=True)
        shown = key.with_name(f"{key.stem}-preview.png")
        write_file(shown, preview(picture), replace=True)
        return [*_image_lines(key), msg("{file}: the signature as letters will show it; look at it", file=shown)]
    return _image_lines(key)


def _image_lines(key: Path) -> list[str]:
    from handover.seal.keys import IMAGE_SUFFIXES

    found = next((path for path in map(key.with_suffix, IMAGE_SUFFIXES) if path.is_file()), None)
    if found is None:
        said = msg("none; put one beside the key: {key}", key=key.with_suffix(".png"))
    else:
        from PIL import Image

        with Image.open(found, formats=("PNG", "JPEG")) as image:
            width, height = image.size
        said = msg(
            "{found} ({width} × {height} pixels), placed in the letter when this key signs",
            found=found, width=width, height=height,
        )  # fmt: skip
    return report.rows([(msg("picture"), said)])


def made(name: str, target: Path, password_file: str | None, kind: str = "rsa", *, hint: str) -> "SigningIdentity":
    """A new key of an owner's, kept in `target`; its password, a strong one, comes from a file or is asked for twice.

    Raises OutputError, with the `hint`, where there is one already.
    """
    from handover.seal.certificates import SignatureAlgorithm
    from handover.seal.keys import create_identity, save_identity

    if target.exists():
        raise OutputError.at(target, msg("there is a key already"), hint=hint)
    question = msg("a password for the new key")
    password = asking.new_secret(password_file, question, option="--key-passphrase-file", least=_LEAST_BITS)
    identity = create_identity(name, now=clock.now(), algorithm=SignatureAlgorithm(kind))
    save_identity(identity, target, password)
    return identity


def taken_over(source: Path, target: Path, password_file: str | None) -> "SigningIdentity":
    """The key in the file `source`, kept in `target` from now on, if it isn't that file."""
    from handover.seal.keys import load_identity, read_key_file, save_identity

    read_key_file(source)  # told before anybody types its password
    password = asking.given(
        password_file, msg("the password of {source}", source=source), option="--key-passphrase-file"
    )
    identity = load_identity(source, password, now=clock.now())
    if not (target.is_file() and source.resolve() == target.resolve()):
        save_identity(identity, target, password)
    return identity


def _description_lines(description: Any) -> list[str]:
    rows = {
        msg("subject"): description.subject,
        msg("issuer"): msg("itself") if description.self_issued else description.issuer,
        msg("key"): description.key,
        msg("valid"): msg(
            "{not_before:%Y-%m-%d} to {not_after:%Y-%m-%d}",
            not_before=description.not_before,
            not_after=description.not_after,
        ),
    }
    rows[msg("fingerprint")], rows["(SHA-256)"] = aloud(description.fingerprint)
    return [
        *report.rows(rows.items()),
        *filter(None, [description.caution]),
        msg("on another computer it is pinned, once you have read it to them by phone, with"),
        f"  handover keys pin PROJECT --owner … --fingerprint {description.fingerprint}",
        msg("here it is pinned so that no other key signs for this owner:"),
        report.next_line("keys pin PROJECT --owner", description.common_name),
    ]
