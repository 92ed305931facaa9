"""`handover build`: the command line's part of making a bundle.

Role: options → one `pipeline.BuildRequest`, progress on a terminal, and the result in words or JSON.
"""

import contextlib
import functools
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.bundle.names import ASSETS_PREFIX, printable
from handover.cli import asking, clock, report
from handover.cli.assets_folder import confirm_assets
from handover.cli.options import DATE, FILE, FOLDER, PROJECT, denied, project_root, refuse_link
from handover.cli.progress import Progress
from handover.cli.terminal import say
from handover.model.errors import InvalidInput, UsageError
from handover.model.message import all_of, counted, human_size, later, msg

if TYPE_CHECKING:
    from handover.build.request import BuildRequest, BuildResult
    from handover.model.selection import LeftOut

_AS_GIVEN = (
    "draft", "for_signature", "replace", "workers", "rename_unsafe", "split_assets", "tsa", "recipients",
    "recipient_only",
)  # fmt: skip
"""Options that a request takes as they are."""

_GENERATED = msg("\nThe client's passphrase, kept in the vault alone (`handover vault issued` shows it again):\n")

_TIMES = {
    later("documents"): ("writing the documents", "sealing"),
    later("packing"): ("packing",),
    later("verifying"): ("verifying every byte",),
    later("publishing"): ("publishing",),
}
"""What the result calls the steps (`handover.build.request.Step`) whose time it gives; people's own isn't counted."""


@click.command()
@click.argument("project", type=PROJECT, default=".")
@click.option("-o", "--out", type=FOLDER, help="Folder for the bundle (default: PROJECT/out).")
@click.option("--date", "today", type=DATE, help="The bundle's date (default: today).")
@click.option("--draft", is_flag=True, help="Mark every document DRAFT, leave credentials out, sign nothing.")
@click.option("--for-signature", is_flag=True, help="Sign nothing: make a bundle for its owners to sign.")
@click.option("--replace", is_flag=True, help="Replace a bundle of the same name.")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase (default: one is made).")
@click.option("--vault-passphrase-file", metavar="FILE|-", help="The vault's passphrase (default: asked for).")
@click.option("--key", metavar="FILE", help="Key that signs, PKCS#12 (default: the one of `handover keys create`).")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="Client's age or SSH public key.")
@click.option("--recipient-only", is_flag=True, help="Leave the inventory with a passphrase out.")
@click.option("--tsa", metavar="URL", help="Time-stamp the signature (RFC 3161).")
@click.option("--split-assets", is_flag=True, help="Put the client's files into a second zip.")
@click.option("--assets-from", type=FOLDER, help="Confirm that `assets.from`, this folder, may be delivered.")
@click.option("--rename-unsafe", is_flag=True, help="Store files whose names can't travel under safe names.")
@click.option(
    "--allow-leak",
    "allowed",
    multiple=True,
    metavar="ENTRY",
    help="Deliver this entry although it looks secret or internal, or names a client.",
)
@click.option("--deny", type=FILE, multiple=True, help="A file of other clients' names, which mustn't leave.")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="Files packed at once (default: one a core).")
@click.option("--list", "list_only", is_flag=True, help="List what would be in the zip, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(project: str, **options: Any) -> None:
    """Make the bundle: validate, write the documents, sign, encrypt, pack, verify, publish.

    With an owner's key it's signed at once; without, it waits for the owner's `handover sign`.
    """
    asking.at_most_one_stdin(
        passphrase_file=options["passphrase_file"],
        vault_passphrase_file=options["vault_passphrase_file"],
        key_passphrase_file=options["key_passphrase_file"],
    )
    from handover.build import pipeline
    from handover.build.request import BuildRequest

    root = project_root(project)
    assets = confirm_assets(root, options["assets_from"], quiet=options["no_input"] or options["as_json"])
    out = Path(options["out"]) if options["out"] else root / "out"
    request = BuildRequest(
        root=root,
        out=out,
        today=options["today"] or clock.today(),
        allowed_leaks=frozenset(options["allowed"]),
        deny=denied(options["deny"]),
        **{name: options[name] for name in _AS_GIVEN},
    )
    if options["list_only"]:
        _list(request, as_json=options["as_json"])
        return
    asking.harden()
    _check_out(out, root, assets)
    secrets = asking.CommandSecrets(
        key_file=asking.configured_key(options["key"]),
        key_is_named=options["key"] is not None,
        passphrase_file=options["passphrase_file"],
        vault_passphrase_file=options["vault_passphrase_file"],
        key_passphrase_file=options["key_passphrase_file"],
        no_input=options["no_input"],
    )
    progress = Progress(quiet=options["as_json"])
    with _made(out, wanted=options["out"] is None):
        result = pipeline.build(request, secrets, progress.environment())
    _tell(result, progress.seconds(), secrets, as_json=options["as_json"])


def _tell(
    result: "BuildResult", seconds: Mapping[str, float], secrets: asking.CommandSecrets, *, as_json: bool
) -> None:
    """Say what became of it: whatever goes wrong in that, the bundle is published."""
    times = {label: sum(seconds.get(step, 0.0) for step in steps) for label, steps in _TIMES.items()}
    try:
        try:
            from handover.documents.drafts import remove_stale

            stale = remove_stale(result.path.parent, result.plan.bundle_name, result.sha256)
            receipt, of_receipt = _write_receipt(result)
            stale = (*stale, *of_receipt)
            if as_json:
                report.print_json(_record(result, times, stale))
            else:
                _print_result(result, stale, receipt)
        finally:
            # Whatever became of standard output: nobody else knows it.
            if secrets.generated is not None:
                report.show_passphrase(_GENERATED, secrets.generated)
        if not as_json:
            _print_next(result)
    except OSError as error:
        raise report.untold(error, hint=_standing(result)) from None
    except Exception:  # raised again
        say(_standing(result), err=True)
        raise


def _write_receipt(result: "BuildResult") -> tuple[Path | None, tuple[Path, ...]]:
    """Write the receipt beside a signed bundle, and remove the drafts of an earlier one; gives it and them.

    A bundle that nobody has signed yet has none.
    """
    from handover.build.outside import receipt, sent_of
    from handover.bundle.publish import write_file
    from handover.documents.drafts import remove_stale

    if result.plan.draft or result.waits_for:
        return None, ()
    made = receipt(result.plan.project, sent_of(result.path, result.sha256, result.report), result.plan.today)
    target = result.path.parent / made.name
    with contextlib.suppress(OSError):  # an earlier bundle's, should this one not get written
        target.unlink()
    write_file(target, made.content, replace=True)
    return target, remove_stale(target.parent, target.name, hashlib.sha256(made.content).hexdigest())


def _standing(result: "BuildResult") -> str:
    """What is published although it couldn't be told: who reads the exit status alone would build again."""
    path, second = result.path, result.assets_path
    zips = msg("{path} with {name} beside it", path=path, name=second.name) if second else path
    return msg("the bundle stands, whole and verified: {path} (SHA-256 {sha256})", path=zips, sha256=result.sha256)


def _check_out(out: Path, root: Path, assets: Path | None) -> None:
    """A bundle written among the client's files would be one of them; and none is written through a project's link."""
    if any(out.resolve().is_relative_to(folder.resolve()) for folder in (root / "assets", assets) if folder):
        raise UsageError.at(out, msg("lies among the client's files"), hint=msg("name another folder with -o"))
    if out.absolute().is_relative_to(root.absolute()):
        for folder in [out, *out.parents]:
            if folder.absolute() == root.absolute():
                break
            refuse_link(folder)


@contextlib.contextmanager
def _made(out: Path, *, wanted: bool) -> Iterator[None]:
    """Make the project's own output folder where it is missing, and take it away again when nothing comes of it."""
    made = wanted and not os.path.lexists(out)
    if made:
        out.mkdir()
    try:
        yield
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                out.rmdir()
        raise


def _list(request: "BuildRequest", *, as_json: bool) -> None:
    """Print what would be in the zip; of a project with errors the client's files alone, then raise InvalidInput."""
    from handover.build.prepare import prepare

    try:
        prepared = prepare(request)
    except InvalidInput:
        from handover.bundle.write import scan_assets
        from handover.project.read import load_project

        scan = functools.partial(scan_assets, rename_unsafe=request.rename_unsafe)
        sources = load_project(request.root, scan_assets=scan)
        names = [asset.entry for asset in sources.assets]
        title = msg("the project has errors; of what would be in the zip, the client's files are known:")
        _print_list("" if as_json else title, names, sources.left_out, as_json=as_json)
        raise
    if not as_json:
        report.tell_shared(shared=prepared.project.shared)
    _print_list(prepared.plan.bundle_name, prepared.plan.all_names(), prepared.left_out, as_json=as_json, whole=True)


def _print_list(
    title: str, names: Sequence[str], left_out: Sequence["LeftOut"], *, as_json: bool, whole: bool = False
) -> None:
    if as_json:
        left = [{"path": f"assets/{path}", "why": why} for path, why in left_out]
        report.print_json({"bundle": title, "entries": names, "left_out": left})
        return
    say(title)
    for name in names:
        say(f"  {printable(name)}")
    if whole:
        say(msg("and what seals it: handover.json, SHA256SUMS, signer-certificate.pem, META-INF/"))
    if left_out:
        say(msg("\n{left_out}:", left_out=report.left_out_line(left_out)))
    for path, why in left_out:
        say(msg("  assets/{path}: {why}", path=printable(path), why=why))


def _print_result(result: "BuildResult", stale: Sequence[Path], receipt: Path | None) -> None:
    from handover.model.artifact import Role

    report.tell_shared(shared=result.plan.project.shared)
    if result.warnings:
        report.print_findings(result.warnings)
    if result.left_out:
        say(
            msg("{left_out}; `handover build --list` shows each", left_out=report.left_out_line(result.left_out)),
            err=True,
        )
    for leak in result.leaks:
        say(msg("delivered on purpose: {location}: {message}", location=leak.location, message=leak.message), err=True)
    documents = sum(line.role not in {Role.START_HERE, Role.DATA} for line in result.report.record.entries)
    held = counted("{count} document", "{count} documents", documents)
    packed = (*result.report.entries, *result.report.second)
    if files := sum(entry.name.startswith(ASSETS_PREFIX) for entry in packed):
        held = counted("{held}, {count} client file", "{held}, {count} client files", files, held=held)
    if receipt:
        held = msg("{held}; the receipt lies beside it", held=held)
    say(str(result.path), whole=True)
    say(msg("  {size}, verified: {held}", size=human_size(result.size), held=held))
    say(msg("  SHA-256 {digest}", digest=result.sha256), whole=True)
    if result.assets_path is not None:
        say(str(result.assets_path), whole=True)
    for line in report.stale_lines(stale):
        say(line)
    if result.left is not None:
        say(
            msg("warning: {left} is another name of the bundle, and couldn't be removed: delete it", left=result.left),
            err=True,
        )


def _print_waiting(result: "BuildResult") -> None:
    from handover.build.countersign import code_of

    if result.passed_over:
        say(
            msg(
                "not signed: the configured key, whose certificate says {passed_over}, isn't an owner's here",
                passed_over=result.passed_over,
            )
        )
    say(
        msg(
            "To be signed by {waits_for}: give them the zip, and tell them this code by phone:",
            waits_for=all_of(result.waits_for),
        )
    )
    say(f"\n    {code_of(result.sha256)}\n")


def _print_next(result: "BuildResult") -> None:
    from handover.model.artifact import Role

    if result.plan.draft:
        say(msg("This is a draft: read it, then build without --draft."))
        say(report.next_line("build", result.plan.project.root))
        return
    root = result.plan.project.root
    beside = result.path.resolve().parent.parent == root.resolve()
    where = "" if beside else f" --project {report.quoted(root)}"
    if result.waits_for:
        _print_waiting(result)
    contact = result.plan.project.settings.client.passphrase_contact
    channel = {
        "phone": msg("by phone ({phone})", phone=contact.phone) if contact.phone else msg("by phone"),
        "sms": msg("by text message ({phone})", phone=contact.phone) if contact.phone else msg("by text message"),
        "in-person": msg("in person"),
        "post": msg("by post"),
    }[result.plan.project.settings.options.passphrase_by]
    stored = {document.role: document.name for document in result.report.record.entries}
    if Role.INVENTORY in stored:
        say(msg("Give {name} the passphrase {channel}, not by e-mail.", name=contact.name, channel=channel))
    if result.assets_path is not None:
        say(
            msg(
                "Share {name} by a link; it is extracted into the same folder as the first zip.",
                name=result.assets_path.name,
            )
        )
    if Role.RECIPIENT_COPY in stored:
        say(msg("{stored} opens with {name}'s own key.", stored=stored[Role.RECIPIENT_COPY], name=contact.name))
    if result.waits_for:
        say(msg("next, for the owner: handover sign {name}", name=report.quoted(result.path.name)))
    else:
        say(report.next_line(f"send {report.quoted(result.path)}{where}"))


def _record(result: "BuildResult", times: Mapping[str, float], stale: Sequence[Path]) -> dict[str, Any]:
    from handover.build.countersign import code_of

    return {
        "bundle": result.path,
        "size": result.size,
        "sha256": result.sha256,
        "bundle_id": result.report.record.bundle_id,
        "draft": result.plan.draft,
        "shared_settings": result.plan.project.shared,
        "state": result.report.record.state,
        "waits_for": result.waits_for,
        "code": code_of(result.sha256),
        "assets_archive": result.assets_path,
        "entries": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in result.report.entries],
        "left_out": [f"assets/{path}" for path, _ in result.left_out],
        "warnings": [report.finding_record(f) for f in result.warnings],
        "allowed_leaks": [report.finding_record(f) for f in result.leaks],
        "seconds": {label: round(spent, 3) for label, spent in times.items()},
        "removed_drafts": stale,
    }
