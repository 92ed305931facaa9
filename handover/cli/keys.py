"""`handover keys`: create, import and show the owner's key."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from handover.cli import asking, boundary, clock, report
from handover.cli.options import FILE
from handover.cli.terminal import say

_LEAST_BITS = 50
"""Less than for what travels by e-mail: whoever guesses at a key's password must have the key file first."""


@click.group()
def keys() -> None:
    """Create, import and show the owner's key, kept outside every project."""


@keys.command(short_help="Make a new key with a certificate of its own.")
@click.option("--name", required=True, help="The owner's first and last name, as it signs.")
@click.option("--type", "kind", type=click.Choice(["rsa", "ecdsa"]), default="rsa", help="RSA-3072 or ECDSA P-256.")
@click.option("-o", "--out", type=FILE, help="Where to keep it (default: your configuration folder).")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
def create(*, name: str, kind: str, out: str | None, key_passphrase_file: str | None) -> None:
    """Make a new key with a certificate of its own, valid for about ten years."""
    from handover.seal.certificates import SignatureAlgorithm, describe
    from handover.seal.keys import create_identity, save_identity

    asking.harden()
    target = Path(out) if out else asking.default_key()
    if target.exists():
        from handover.errors import OutputError

        raise OutputError(f"{target}: there is a key already", hint="keep it, or name another file with -o")
    password = _new_password(key_passphrase_file)
    identity = create_identity(name, now=clock.now(), algorithm=SignatureAlgorithm(kind))
    save_identity(identity, target, password)
    told = f"{target}: created; keep a copy and its password where only {name} gets at them"
    report.done(told, *_description_lines(describe(identity.certificate)))


@keys.command("import", short_help="Take over a PKCS#12 file from an authority.")
@click.argument("source", type=FILE)
@click.option("-o", "--out", type=FILE, help="Where to keep it (default: your configuration folder).")
@click.option("--key-passphrase-file", metavar="FILE|-", help="Its password (default: asked for).")
def import_(source: str, *, out: str | None, key_passphrase_file: str | None) -> None:
    """Take over a PKCS#12 file (.p12, .pfx) with its key, certificate and chain, as an authority issued it."""
    from handover.seal.certificates import describe
    from handover.seal.keys import save_identity

    asking.harden()
    password = (
        asking.from_file(key_passphrase_file)
        if key_passphrase_file
        else asking.ask(f"the password of {source}", option="--key-passphrase-file")
    )
    from handover.seal.keys import load_identity

    with boundary.killable():
        identity = load_identity(Path(source), password, now=clock.now())
    target = Path(out) if out else asking.default_key()
    save_identity(identity, target, password)
    report.done(f"{target}: imported", *_description_lines(describe(identity.certificate)))


@keys.command(short_help="Show whose key it is, and its fingerprint.")
@click.option("--key", metavar="FILE", help="Another key file than the configured one.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(*, key: str | None, key_passphrase_file: str | None, as_json: bool) -> None:
    """Show whose key it is, how long it is valid, and its fingerprint in groups to read aloud."""
    from dataclasses import asdict

    from handover.errors import SigningError
    from handover.seal.certificates import describe
    from handover.seal.keys import parse_identity, read_key_file

    asking.harden()
    path = asking.configured_key(key)
    if path is None:
        raise SigningError("there is no key yet", hint="create one with `handover keys create --name …`")
    data = read_key_file(path)
    password = (
        asking.from_file(key_passphrase_file)
        if key_passphrase_file
        else asking.ask(f"the password of the key {path.name}", option="--key-passphrase-file")
    )
    with boundary.killable():
        description = describe(parse_identity(data, password, path.name).certificate)
    if as_json:
        value = asdict(description)
        report.print_json({k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in value.items()})
        return
    say("\n".join([str(path), *_description_lines(description)]))


def _new_password(source: str | None) -> Any:
    from handover.seal.passphrase import require_strong

    if source is not None:
        password = asking.from_file(source)
    else:
        password = asking.ask("a password for the new key", confirm=True, option="--key-passphrase-file")
    require_strong(password, least=_LEAST_BITS, hint="take a longer one: five random words, say")
    return password


def _description_lines(description: Any) -> list[str]:
    rows = {
        "subject": description.subject,
        "issuer": "itself" if description.self_issued else description.issuer,
        "key": description.key,
        "valid": f"{description.not_before:%Y-%m-%d} to {description.not_after:%Y-%m-%d}",
    }
    groups = description.fingerprint_groups.split()
    return [
        *(f"  {label:<12} {value}" for label, value in rows.items()),
        f"  {'fingerprint':<12} {' '.join(groups[:8])}",
        f"  {'(SHA-256)':<12} {' '.join(groups[8:])}",
        "for handover.yaml, so that nobody else's key is taken for it:",
        "  owner:",
        f"    certificate_sha256: {description.fingerprint}",
    ]
