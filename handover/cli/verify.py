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
from handover.cli.options import BUNDLE, FILE, FOLDER, read_file, unreadable
from handover.cli.terminal import say, worded
from handover.model.errors import BundleError, HandoverError, UnknownSigner, UsageError, ZippedAgain
from handover.model.message import all_of, msg

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.bundle.read import Archive, Contents
    from handover.bundle.verify import Anchors, Check, Report, Signature

_MAX_CERTIFICATES = 1024 * 1024


def _anchor_options(command: Any) -> Any:
    for option in (
        click.option(
            "--cert", type=FILE, help="The signer's certificate (PEM or DER), from elsewhere than the bundle."
        ),
        click.option("--ca", type=FILE, help="Certificates of authorities that you trust for signers' names (PEM)."),
        click.option("--tsa-ca", type=FILE, help="Certificates of authorities that you trust for times (PEM)."),
        click.option("--fingerprint", metavar="HEX", help="SHA-256 fingerprint, as read to you by phone."),
        click.option("--allow-draft", is_flag=True, help="Accept a draft, or a bundle to be signed: both unsigned."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("bundle", type=BUNDLE, metavar="BUNDLE|FOLDER")
@click.argument("assets", type=FILE, required=False)
@_anchor_options
@click.option("-v", "--verbose", is_flag=True, help="Name the clause of docs/format.md that each check holds.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(bundle: str, assets: str | None, *, as_json: bool, verbose: bool, **options: Any) -> None:
    """Check every byte and signature of BUNDLE (and of ASSETS, the second zip of a split one).

    A FOLDER into which a bundle was extracted is checked as the zip is. Revocation of certificates isn't checked.

    Exit status: 0 intact and the signer is the one given; 3 intact, but the signer isn't the one given, or none was;
    4 every file is as signed, but another program has made the zip anew; 1 not intact. A draft has no signer: with
    --allow-draft it's 0, or 3 where a signer was given.
    """
    try:
        with naming(bundle, assets), contextlib.ExitStack() as stack:
            found = _checked(*_opened_both(bundle, assets, stack), options, quiet=as_json, verbose=verbose)
    except BundleError as error:
        if as_json:
            told = {"file": error.file, "clause": error.clause, "entry": error.entry, "message": error.message}
            report.print_json({"intact": False, **told})
            raise click.exceptions.Exit(error.exit_status) from None
        error.clause = error.clause if verbose else ""
        raise
    if as_json:
        report.print_json(_record(found))
    else:
        for line in _signer_lines(found):
            _aligned(line, " " * (12 if verbose else 6))
    try:
        if found.named:
            found.require_known_signer()
        found.require_original()
        found.require_known_signer()
    except (UnknownSigner, ZippedAgain) as error:
        if error.caution and found.bundle and not found.named:
            error.hint += "\n" + report.next_line(f"verify {report.quoted(bundle)} --fingerprint FINGERPRINT")
        raise


@click.command()
@click.argument("bundle", type=BUNDLE)
@click.argument("assets", type=FILE, required=False)
@click.option("-o", "--out", type=FOLDER, required=True, help="New folder for the content.")
@_anchor_options
def open_(bundle: str, assets: str | None, *, out: str, **options: Any) -> None:
    """Verify BUNDLE, then extract it into a fresh folder: everything or nothing.

    ASSETS is the second zip of a split bundle: it's verified too, and goes into the same folder. A bundle that was
    zipped again is extracted too: every file is as signed.

    Exit status: 0 extracted; 1 not intact, 3 sealed by another than the signer that you named: nothing is extracted;
    3 where you named none: all was extracted, and the signer is unknown.
    """
    from handover.bundle.extract import extract
    from handover.bundle.verify import older_than

    if Path(bundle).is_dir():
        raise UsageError.at(
            bundle,
            msg("this is a folder, so it's extracted"),
            hint=msg("`handover verify {folder}` checks what is in it", folder=report.quoted(bundle)),
        )
    with contextlib.ExitStack() as stack:
        stack.enter_context(naming(bundle, assets))
        contents, second = _opened_both(bundle, assets, stack)
        found = _checked(contents, second, options, quiet=True)
        if found.named:
            found.require_known_signer()
        digests = {entry.name: entry.sha256 for entry in [*found.entries, *found.second]}
        contents = read_bundle(bundle, stack)  # as it is now: what has changed since doesn't have these digests
        loose = contents.holding(contents.loose) if contents.loose else None
        extract(contents, Path(out), second=_second(second) or loose, digests=digests)
    lines = [*_signer_lines(found), msg("{out}: {count} files extracted", out=out, count=len(digests))]
    if newer := older_than(found, Path(bundle).absolute().parent, Path(out).absolute().parent):
        lines.append(msg("note: {found}", found=newer))
    if found.record.assets_archive is not None and not found.second:
        lines.append(
            msg(
                "the client's own files are in {name}: extract it into {out} as well",
                name=found.record.assets_archive.name,
                out=out,
            )
        )
    start = next((d.name for d in found.record.entries if d.role == "start-here"), None)
    if start:
        lines.append(msg("next: open {out}", out=report.quoted(Path(out) / start)))
    report.done(*lines)
    found.require_known_signer()


open_.name = "open"


def _opened_both(bundle: str, assets: str | None, stack: contextlib.ExitStack) -> "tuple[Contents, BinaryIO | None]":
    """What BUNDLE holds, and the second zip where it was named."""
    if assets is not None and Path(bundle).is_dir():
        raise UsageError.at(
            assets,
            msg("a folder is checked with what is in it"),
            hint=msg("extract both zips into one folder, or name both"),
        )
    contents = read_bundle(bundle, stack)
    return contents, None if assets is None else stack.enter_context(opened(assets))


def read_bundle(path: str, stack: contextlib.ExitStack) -> "Contents":
    """The bundle in the zip or folder that a command was given, whose file `stack` closes.

    Raises UsageError for what can't be opened, BundleError for what is no bundle.
    """
    from handover.bundle.verify import read_folder, read_given

    if Path(path).is_dir():
        return read_folder(Path(path))
    return read_given(stack.enter_context(opened(path)))


def _checked(
    contents: "Contents", assets: BinaryIO | None, options: dict[str, Any], *, quiet: bool, verbose: bool = False
) -> "Report":
    from handover.bundle.verify import verify as check

    def tell(step: "Check") -> None:
        if not quiet:
            _aligned(step.words, label=f"  ok  {f'{step.clause:<6}' if verbose else ''}")

    return check(
        contents,
        anchors=_anchors(options),
        now=clock.now(),
        allow_draft=options["allow_draft"],
        assets=assets,
        on_check=tell,
    )


_ABOUT = 21
"""Columns of what a line is about: "préavis du 2026-11-02" is the longest."""


def _aligned(words: str, label: str) -> None:
    """What a line is about in one column, what is said of it in the next."""
    words = worded(words)
    about, colon, rest = words.partition(": ")
    is_about = bool(colon) and len(about.rstrip()) <= _ABOUT  # else a sentence with a colon in it
    shown = f"{about.rstrip():<{_ABOUT}} {rest}" if is_about else words
    say(shown, label=label, hang=len(label) + _ABOUT + 1 if is_about else 0, fg="green")


def _anchors(options: dict[str, Any]) -> "Anchors":
    from handover.bundle.verify import Anchors
    from handover.seal.certificates import fingerprint, parse_fingerprint

    pins = set()
    if options["fingerprint"]:
        try:
            pins.add(parse_fingerprint(options["fingerprint"]))
        except HandoverError as error:
            raise UsageError(msg("--fingerprint: {message}", message=error.message), hint=error.hint) from None
    if options["cert"]:
        pins.add(fingerprint(_certificates(options["cert"], "--cert")[0]))
    if len(pins) > 1:
        raise UsageError(
            msg("--cert and --fingerprint name two keys"),
            hint=msg("give the fingerprint alone that the signer read to you by phone"),
        )
    authorities, times = (
        _certificates(options[name], option) if options[name] else ()
        for name, option in (("ca", "--ca"), ("tsa_ca", "--tsa-ca"))
    )
    return Anchors(fingerprints=frozenset(pins), authorities=authorities, time_authorities=times)


def _certificates(path: str, option: str) -> "tuple[Certificate, ...]":
    from handover.seal.certificates import load_certificates

    return load_certificates(read_file(path, _MAX_CERTIFICATES, option=option), path)


def opened(path: str) -> BinaryIO:
    """Open a file that a command was given. Raises UsageError for what isn't there, isn't a file or can't be read."""
    from handover.formats.opener import open_named

    try:
        return open_named(Path(path))
    except OSError as error:
        raise unreadable(path, error) from None


def _second(file: BinaryIO | None) -> "Archive | None":
    """The second zip's structure, read again to be extracted."""
    from handover.bundle.read import read_archive

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
        raise


def _signer_lines(found: "Report") -> list[str]:
    from handover.bundle.verify import Form, Trust

    if found.record.draft:
        return [msg("a draft: its digests agree, and nobody has signed it")]
    lines = [msg("letter signed: {signature}", signature=_signer_line(signature)) for signature in found.letters]
    if found.missing:
        waits = msg("waits for the signature of {missing}: nothing seals it yet", missing=all_of(found.missing))
        return [*lines, *(msg("note: {note}", note=note) for note in found.notes), waits]
    assert found.bundle is not None  # noqa: S101 — only drafts have none
    lines.append(msg("bundle signed: {bundle}", bundle=_signer_line(found.bundle)))
    lines += [msg("note: {note}", note=note) for note in found.notes]
    if found.form is Form.REZIPPED:
        lines.append(msg("note: every file is as signed; the zip around them was made anew, by another program"))
    if found.trust is Trust.MATCHED and found.authority:
        lines.append(
            msg(
                "intact; {authority}, which you named, says that the key is {subject}'s",
                authority=found.authority,
                subject=found.subject,
            )
        )
        lines.append(msg("make sure that this is who you expect: an authority vouches for many"))
    elif found.trust is Trust.MATCHED:
        lines.append(msg("intact, and signed with the key that you named"))
    return lines


def _signer_line(signature: "Signature") -> str:
    stamp = (
        msg("; time-stamped {timestamp:%Y-%m-%d %H:%M} UTC", timestamp=signature.timestamp)
        if signature.timestamp
        else ""
    )
    return msg(
        "a key that calls itself {name}, {signed_at:%Y-%m-%d %H:%M} UTC by the signer's clock{stamp}",
        name=signature.called,
        signed_at=signature.signed_at,
        stamp=stamp,
    )


def _record(found: "Report") -> dict[str, Any]:
    def signer(signature: "Signature | None") -> dict[str, Any] | None:
        if signature is None:
            return None
        return {
            "calls_itself": signature.name,
            "certificate_sha256": signature.fingerprint,
            "signed_at": signature.signed_at,
            "time_stamp": signature.timestamp,
        }

    return {
        "intact": True,
        "trust": found.trust,
        "form": found.form,
        "bundle_id": found.record.bundle_id,
        "date": found.record.date,
        "draft": found.record.draft,
        "state": found.record.state,
        "waits_for": list(found.missing),
        "client": found.record.client,
        "letter": signer(found.letter),
        "letter_signers": [signer(signature) for signature in found.letters],
        "bundle": signer(found.bundle),
        "subject": found.subject,
        "authority": found.authority,
        "notes": [*found.notes, *([found.doubt] if found.doubt else [])],
        "checks": [{"clause": check.clause, "words": check.words} for check in found.checks],
        "entries": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in found.entries],
    }
