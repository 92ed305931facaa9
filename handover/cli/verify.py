"""`handover verify` and `handover open`: check a received bundle, and extract it.

Role: options → anchors, one line a check as it passes, and what is known of the signers. It never says more than
the checks do.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from handover.cli import clock, report
from handover.cli.options import FILE, FOLDER, read_file, unreadable
from handover.cli.terminal import say
from handover.errors import BundleError, HandoverError, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.archive import Archive
    from handover.verify import Anchors, Check, Report, Signature

_MAX_CERTIFICATES = 1024 * 1024


def _anchor_options(command: Any) -> Any:
    for option in (
        click.option(
            "--cert", type=FILE, help="The signer's certificate (PEM or DER), from elsewhere than the bundle."
        ),
        click.option("--ca", type=FILE, help="Certificates of authorities that you trust (PEM)."),
        click.option("--fingerprint", metavar="HEX", help="SHA-256 fingerprint, as read to you by phone."),
        click.option("--allow-draft", is_flag=True, help="Accept a marked draft, which is unsigned."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("bundle", type=FILE)
@click.argument("assets", type=FILE, required=False)
@_anchor_options
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(bundle: str, assets: str | None, *, as_json: bool, **options: Any) -> None:
    """Check every byte and signature of BUNDLE (and of ASSETS, the second zip of a split one).

    Exit status: 0 intact and the signer is the one given; 3 intact, but the signer is unknown; 1 not intact.
    A draft has no signer: with --allow-draft it's 0, or 3 where a signer was given.
    """
    try:
        found = _verified(bundle, assets, options, quiet=as_json)
    except BundleError as error:
        if as_json:
            told = {"file": error.file, "clause": error.clause, "entry": error.entry, "message": error.message}
            report.print_json({"intact": False, **told})
            raise click.exceptions.Exit(error.exit_status) from None
        raise
    if as_json:
        report.print_json(_record(found))
    else:
        say("\n".join(_signer_lines(found)))
    found.require_known_signer()


@click.command()
@click.argument("bundle", type=FILE)
@click.argument("assets", type=FILE, required=False)
@click.option("-o", "--out", type=FOLDER, required=True, help="New folder for the content.")
@_anchor_options
def open_(bundle: str, assets: str | None, *, out: str, **options: Any) -> None:
    """Verify BUNDLE, then extract it into a fresh folder: everything or nothing.

    ASSETS is the second zip of a split bundle: it's verified too, and goes into the same folder.

    Exit status as for `handover verify`: with 3, all was extracted, and the signer is unknown.
    """
    from handover.archive import read_archive
    from handover.unpack import extract

    with contextlib.ExitStack() as stack:
        stack.enter_context(naming(bundle, assets))
        file = stack.enter_context(opened(bundle))
        second = stack.enter_context(opened(assets)) if assets is not None else None
        found = _checked(file, second, options, quiet=True)
        digests = {entry.name: entry.sha256 for entry in [*found.entries, *found.second]}
        extract(read_archive(file), Path(out), second=_second(second), digests=digests)
    lines = [*_signer_lines(found), f"{out}: {len(digests)} files extracted"]
    if found.record.assets_archive is not None and assets is None:
        lines.append(f"the client's own files are in {found.record.assets_archive.name}: extract it into {out} as well")
    start = next((d.name for d in found.record.entries if d.role == "start-here"), None)
    if start:
        lines.append(f"next: open {report.quoted(Path(out) / start)}")
    report.done(*lines)
    found.require_known_signer()


open_.name = "open"


def _verified(bundle: str, assets: str | None, options: dict[str, Any], *, quiet: bool) -> "Report":
    with naming(bundle, assets), opened(bundle) as file:
        if assets is None:
            return _checked(file, None, options, quiet=quiet)
        with opened(assets) as second:
            return _checked(file, second, options, quiet=quiet)


def _checked(file: BinaryIO, assets: BinaryIO | None, options: dict[str, Any], *, quiet: bool) -> "Report":
    from handover.verify import verify as check

    def tell(step: "Check") -> None:
        if not quiet:
            say("  ok ", fg="green", nl=False)
            say(f"{step.clause:<6} {step.words}")

    return check(
        file,
        anchors=_anchors(options),
        now=clock.now(),
        allow_draft=options["allow_draft"],
        assets=assets,
        on_check=tell,
    )


def _anchors(options: dict[str, Any]) -> "Anchors":
    from handover.seal.certificates import fingerprint, parse_fingerprint
    from handover.verify import Anchors

    pins = set()
    if options["fingerprint"]:
        try:
            pins.add(parse_fingerprint(options["fingerprint"]))
        except HandoverError as error:
            raise UsageError(f"--fingerprint: {error.message}", hint=error.hint) from None
    if options["cert"]:
        pins.add(fingerprint(_certificates(options["cert"], "--cert")[0]))
    authorities = _certificates(options["ca"], "--ca") if options["ca"] else ()
    return Anchors(fingerprints=frozenset(pins), authorities=authorities)


def _certificates(path: str, option: str) -> "tuple[Certificate, ...]":
    from handover.seal.certificates import load_certificates

    return load_certificates(read_file(path, _MAX_CERTIFICATES, option=option), path)


def opened(path: str) -> BinaryIO:
    """Open a file that a command was given. Raises UsageError for what isn't there, isn't a file or can't be read."""
    from handover.regular import open_named

    try:
        return open_named(Path(path))
    except OSError as error:
        raise unreadable(path, error) from None


def _second(file: BinaryIO | None) -> "Archive | None":
    """The second zip's structure, read again to be extracted."""
    from handover.archive import read_archive

    if file is None:
        return None
    try:
        return read_archive(file, container=False)
    except BundleError as error:
        error.in_second = True
        raise


@contextlib.contextmanager
def naming(path: str, second: str | None = None) -> Iterator[None]:
    """Let what isn't intact about a bundle begin with the file that the user gave, the second zip where it's that."""
    try:
        yield
    except BundleError as error:
        error.file = second if error.in_second and second is not None else path
        if error.clause == "2.8" and not error.hint and _is_second_zip(path):
            error.hint = "this is the second zip of a split bundle: give the other one, and this one after it"
        raise


def _is_second_zip(path: str) -> bool:
    """Whether a zip that is no bundle holds what the second zip of one does."""
    from handover.archive import read_archive
    from handover.names import ASSETS_PREFIX

    try:
        with opened(path) as file:
            entries = read_archive(file, container=False).entries
    except HandoverError:
        return False
    return bool(entries) and all(entry.name.startswith(ASSETS_PREFIX) for entry in entries)


def _signer_lines(found: "Report") -> list[str]:
    from handover.verify import Trust

    if found.record.draft:
        return ["a draft: its digests agree, and nobody has signed it"]
    assert found.letter is not None  # noqa: S101 — only drafts have none
    assert found.bundle is not None  # noqa: S101 — the same
    lines = [f"letter: {_signer_line(found.letter)}", f"bundle: {_signer_line(found.bundle)}"]
    return lines + (["intact, and signed with the key that you named"] if found.trust is Trust.MATCHED else [])


def _signer_line(signature: "Signature") -> str:
    named = "the key that the project names" if signature.named_by_project else "the project names no such key"
    stamp = f", time-stamped {signature.timestamp:%Y-%m-%d %H:%M} UTC" if signature.timestamp else ""
    return f"signed by {signature.name}, {signature.signed_at:%Y-%m-%d %H:%M} UTC{stamp}; {named}"


def _record(found: "Report") -> dict[str, Any]:
    def signer(signature: "Signature | None") -> dict[str, Any] | None:
        if signature is None:
            return None
        return {
            "name": signature.name,
            "certificate_sha256": signature.fingerprint,
            "signed_at": signature.signed_at.isoformat(),
            "time_stamp": signature.timestamp.isoformat() if signature.timestamp else None,
            "named_by_project": signature.named_by_project,
        }

    return {
        "intact": True,
        "trust": str(found.trust),
        "bundle_id": found.record.bundle_id,
        "date": found.record.date.isoformat(),
        "draft": found.record.draft,
        "client": found.record.client,
        "letter": signer(found.letter),
        "bundle": signer(found.bundle),
        "checks": [{"clause": check.clause, "words": check.words} for check in found.checks],
        "entries": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in found.entries],
    }
