"""`handover send`: draft the final e-mail with the bundle attached."""

import dataclasses
import hashlib
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.bundle.names import ASSETS_PREFIX
from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, project_root
from handover.cli.terminal import confirm, say
from handover.documents.drafts import Held, held_by
from handover.formats.opener import read_named
from handover.model.errors import (
    BundleError,
    HandoverError,
    InvalidInput,
    OutputError,
    SecretInClear,
    SigningError,
    UsageError,
    ZippedAgain,
)
from handover.model.message import all_of, human_size, msg

if TYPE_CHECKING:
    from handover.bundle.read import Archive, Contents
    from handover.bundle.verify import Report
    from handover.model.artifact import ClientArtifact
    from handover.model.project import Project
    from handover.model.secret import Secret

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")
"""File names that every mail program writes and reads alike."""

_INTERNAL = frozenset({"leak.internal-file", "leak.internal-words"})

_DRAFT = "10.11"
"""The clause of docs/format.md that a draft fails."""
_TO_SIGN = "10.12"
"""The clause that a bundle fails which waits for a signature."""


@click.command()
@click.argument("bundle", type=FILE)
@click.option("-o", "--out", type=FILE, help="The draft to write (default: BUNDLE with .eml).")
@click.option("--project", type=FOLDER, help="The project it was built from (default: the folder above out/).")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase (default: asked for).")
@click.option("--fingerprint", metavar="HEX", help="Fingerprint of the key that sealed it.")
@click.option(
    "--allow-leak", "allowed", multiple=True, metavar="ENTRY", help="Send this entry although it looks internal."
)
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace a draft that was written before.")
def send(bundle: str, *, out: str | None, project: str | None, replace: bool, **options: Any) -> None:
    """Draft the final e-mail to the client: FINAL.eml to open in a mail program, and the same text as .txt.

    The passphrase is asked for only to make sure that it is nowhere in the e-mail or the zip.
    """
    from handover.bundle.publish import write_file
    from handover.bundle.read import read_archive
    from handover.bundle.read.source import sha256_of
    from handover.bundle.verify import read_given
    from handover.cli.verify import naming, opened
    from handover.documents import email

    asking.harden()
    source = Path(bundle)
    target = Path(out) if out else source.with_suffix(".eml")
    beside = target.with_suffix(".txt")
    _refuse_same(source, target, beside)
    with naming(bundle), opened(bundle) as file:
        found = _verified(read_given(file))
        digest = sha256_of(file)
        _refuse_existing(target, beside, digest, replace=replace)
        owner = _project(source, project, found.record.client)
        report.tell_shared(shared=owner.shared)
        _require_owners(found, owner)
        _require_sealer(found, options["fingerprint"])
        _tell_older(source, found, owner)
        name = source.name if _SAFE_NAME.fullmatch(source.name) else f"{owner.settings.client.id}.zip"
        attachments = [name]
        if found.record.assets_archive is not None:
            attachments.append(found.record.assets_archive.name)
        receipt = _receipt(source, owner, digest)
        text = email.draft(
            owner, found, attachments, today=clock.today(), receipt=receipt.name if receipt is not None else ""
        )
        archive = read_archive(file)
        _refuse_internal(archive, owner, found, text.body, options["allowed"])
        if any(document.role == "inventory" for document in found.record.entries):
            passphrase = _passphrase(options)
            email.refuse_passphrase(passphrase, text.body)
            _refuse_in_zip(archive, passphrase, found.record.entries)
        file.seek(0)
        told = _as_text(text)
        held = Held(name.replace(" ", "_"), digest, hashlib.sha256(told).hexdigest())
        write_file(beside, told, replace=replace)
        try:
            made = email.message(text, name, file, _boundary(name, text.body), held, receipt)
            write_file(target, made, replace=replace)
        except BaseException:
            beside.unlink(missing_ok=True)  # both or neither
            raise
    size = source.stat().st_size
    for warning in email.warnings(size, [entry.name for entry in found.entries]):
        say(msg("warning: {warning}", warning=warning), err=True)
    to = ", ".join(address.addr_spec for address in text.to)
    copies = msg(", copies to {cc}", cc=", ".join(address.addr_spec for address in text.cc)) if text.cc else ""
    report.done(
        msg(
            "{target}: draft to {to}{copies}, {size} attached",
            target=target,
            to=to,
            copies=copies,
            size=human_size(size),
        ),
        msg("{beside}: the same text, for mail programs that ignore drafts", beside=beside),
        *_what_next(found, owner, source),
    )
    if _has_passphrase(found) and asking.interactive() and not options["no_input"]:
        _ask_given(owner)


def _receipt(source: Path, owner: "Project", digest: str) -> "ClientArtifact | None":
    """The receipt beside the bundle, where it's this bundle's; one of an earlier build is told and left."""
    from handover.documents.receipt import same_code
    from handover.formats.word.form import MAX_BYTES, read_form
    from handover.languages.words import Words
    from handover.life.received import code_in
    from handover.model.artifact import ClientArtifact

    words = Words.load(owner.settings.language, owner.locale, "receipt", own=owner.words)
    path = source.with_name(f"{source.name.removesuffix('.zip')}-{words.text('file_name')}.docx")
    try:
        content = read_named(path, MAX_BYTES, follow=False)
        if same_code(code_in(read_form(content, path.name)), digest) and _SAFE_NAME.fullmatch(path.name):
            return ClientArtifact(path.name, content)
    except FileNotFoundError:
        return None
    except (OSError, HandoverError):
        pass
    say(msg("warning: {path}: isn't this bundle's receipt, and isn't attached", path=path), err=True)
    return None


def _what_next(found: "Report", owner: "Project", source: Path) -> list[str]:
    """Whom to give the passphrase, who gives it, and where it's found again."""
    if not _has_passphrase(found):
        return [msg("read it, then send it")]
    return [
        msg(
            "read it and send it; {keeper} then gives the passphrase: {way}",
            way=_way(owner),
            keeper=owner.settings.keeper.name,
        ),
        report.next_line("vault issued", source),
    ]


def _has_passphrase(found: "Report") -> bool:
    return any(document.role == "inventory" for document in found.record.entries)


def _way(owner: "Project") -> str:
    """What the one who gives the passphrase does: whom to call, write to or see."""
    from handover.model.settings import Channel

    contact, by = owner.settings.client.passphrase_contact, owner.settings.options.passphrase_by
    whom = f"{contact.name}, {contact.phone}" if contact.phone else contact.name
    return {
        Channel.PHONE: msg("call {whom}", whom=whom),
        Channel.SMS: msg("send a text message to {whom}", whom=whom),
        Channel.IN_PERSON: msg("see {whom}", whom=contact.name),
        Channel.POST: msg("write to {whom} by post", whom=contact.name),
    }[by]


def _ask_given(owner: "Project") -> None:
    """On a terminal, ask whether the passphrase was given, so that nobody forgets it between two windows."""
    try:
        given = confirm(msg("when it is done: was the passphrase given?"))
    except click.Abort:  # the draft is written all the same: "nothing was written" would be wrong
        say("", err=True)
        given = False
    if not given:
        say(msg("still to do: {way}", way=_way(owner)), err=True)
        return
    from handover.life.dossier import read_dossier
    from handover.life.tables import add_rows
    from handover.model.life import JOURNAL_FILE, Event, JournalRow

    try:
        dossier = read_dossier(owner.root, clock.today()).required
        if not dossier.happened(Event.PASSPHRASE_GIVEN):
            row = JournalRow(date=clock.today(), event=Event.PASSPHRASE_GIVEN)
            add_rows(owner.root / JOURNAL_FILE, [row], dossier.understood)
    except HandoverError:  # the draft is written all the same; `status` says what is wrong with the journal
        command = f"handover status {report.quoted(owner.root)} --done {Event.PASSPHRASE_GIVEN}"
        say(msg("done, and not noted: {command}", command=command), err=True)
        return
    say(msg("done, and noted in the journal: keep the vault, which shows the passphrase again if it is lost"), err=True)


def _require_owners(found: "Report", owner: "Project") -> None:
    """Refuse what isn't signed by all owners, each with the key that the project pins, and by nobody else."""
    from handover.build.seal import pins_of

    pins = pins_of(owner)
    signed = {signature.fingerprint for signature in found.letters}
    if missing := [name for pin, name in pins.items() if pin not in signed]:
        raise SigningError(
            msg("this bundle isn't signed with the key that the project pins for {missing}", missing=all_of(missing)),
            hint=msg("have it signed (`handover sign`), or build it again if a pin has changed since"),
        )
    if others := [signature.name for signature in found.letters if signature.fingerprint not in pins]:
        raise SigningError(
            msg(
                "this bundle is signed with a key, said to be {others}'s, that the project pins for nobody",
                others=all_of(others),
            ),
            hint=msg("build it again with the owners that the project has now"),
        )


def _verified(contents: "Contents") -> "Report":
    from handover.bundle.verify import verify

    try:
        found = verify(contents, now=clock.now())
    except BundleError as error:
        if error.clause == _DRAFT:
            error.hint = msg("a draft isn't sent: build without --draft, and send that bundle")
        if error.clause == _TO_SIGN:
            error.hint = msg("have its owner sign it (`handover sign`), and send what comes out")
        raise
    try:
        found.require_original()
    except ZippedAgain as error:
        error.hint = msg("it isn't sent: attach the zip that `handover build` wrote, as it is")
        raise
    return found


def _refuse_same(source: Path, target: Path, beside: Path) -> None:
    """The bundle, the draft and its text are three files."""
    if len({path.resolve() for path in (source, target, beside)}) < 3:
        raise UsageError.at(
            target, msg("would overwrite the bundle or its own text"), hint=msg("name a file that ends in .eml")
        )


def _refuse_existing(target: Path, beside: Path, digest: str, *, replace: bool) -> None:
    """Neither draft nor text is overwritten by accident; a draft that holds another zip is told as such."""
    held = held_by(target)
    if held is not None and held.zip != digest and not replace:
        raise OutputError.at(
            target,
            msg("holds another zip than this one, from before it was built again"),
            hint=msg("don't send that draft: --replace writes it anew"),
        )
    for path in (target, beside):
        if path.exists() and not replace:
            raise OutputError.at(path, msg("exists already"), hint=msg("use --replace to write it again"))


def _require_sealer(found: "Report", given: str | None) -> None:
    """Refuse a bundle that another key has sealed than the one that was named.

    The e-mail tells the client which fingerprint to trust: it must not be a stranger's.
    """
    from handover.seal.certificates import parse_fingerprint

    if found.bundle is not None and given and parse_fingerprint(given) != found.bundle.fingerprint:
        raise SigningError(
            msg(
                "this bundle was sealed with a key, said to be {name}'s, that isn't the one that you named",
                name=found.bundle.name,
            ),
            hint=msg("send the bundle that the owners signed, or correct --fingerprint (`handover keys show`)"),
        )


def _tell_older(source: Path, found: "Report", owner: "Project") -> None:
    """Warn of a bundle that a newer one, or the project as it is now, has overtaken."""
    from handover.build.hidden_inputs import changed_hidden
    from handover.bundle.record import shown_inputs
    from handover.bundle.verify import newer_bundle

    out = owner.root / "out"
    if newer := newer_bundle(found, source.absolute().parent, out):
        say(msg("warning: {found}", found=newer.told(found)), err=True)
    was, now = found.record.inputs, shown_inputs(owner.digests)
    changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    if changed := [*changed, *changed_hidden(owner, source, found)]:
        say(
            msg("warning: the project has changed since this bundle was built: {changed}", changed=", ".join(changed)),
            err=True,
        )


def _boundary(name: str, body: str) -> str:
    """What separates the message's parts: nothing that a bundle could choose, and not in the text."""
    import hashlib

    return "handover-" + hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()[:40]


def _as_text(text: Any) -> bytes:
    copies = f"Cc: {', '.join(map(str, text.cc))}\n" if text.cc else ""
    return f"To: {', '.join(map(str, text.to))}\n{copies}Subject: {text.subject}\n\n{text.body}".encode()


def _project(bundle: Path, given: str | None, client: str) -> "Project":
    """The project that the bundle belongs to. Raises UsageError when it can't be found or is another client's."""
    from handover.build.prepare import prepare
    from handover.build.request import ProjectRequest

    if given is not None:
        root = project_root(given)
    else:
        parents = list(bundle.resolve().parents)[:2]
        found = next((parent for parent in parents if (parent / "handover.yaml").is_file()), None)
        if found is None:
            raise UsageError.at(bundle, msg("there is no project beside it"), hint=msg("name it with --project DIR"))
        root = found
    project = prepare(ProjectRequest(root=root, today=clock.today(), judge_assets=False)).project
    if project.settings.client.id != client:
        raise UsageError.at(
            bundle,
            msg(
                "is {client}'s, and {root} is the project of {id}",
                client=client,
                root=root,
                id=project.settings.client.id,
            ),
            hint=msg("name the right project with --project DIR"),
        )
    return project


def _passphrase(options: dict[str, Any]) -> "Secret":
    if options["passphrase_file"] is not None:
        return asking.from_file(options["passphrase_file"])
    return asking.ask(msg("the client's passphrase"), no_input=options["no_input"], option="--passphrase-file")


def _refuse_internal(
    archive: "Archive", owner: "Project", found: "Report", body: str, allowed: tuple[str, ...]
) -> None:
    """Raise InvalidInput where the zip or the e-mail holds what internal/ says now, or one of its files."""
    from handover.model.artifact import AssetSource, UnsealedByPolicy
    from handover.project import leaks
    from handover.project.leaks.project import guard_of
    from handover.project.read import load_project, no_assets

    stored = tuple(AssetSource(entry.name, entry.name, entry.size) for entry in archive.entries)
    guard = guard_of(dataclasses.replace(load_project(owner.root, scan_assets=no_assets), assets=stored))
    encrypted = {"inventory", "credentials", "recipient-copy"}
    roles = {document.name: document.role for document in found.record.entries}
    documents = [
        UnsealedByPolicy(entry.name, roles[entry.name], b"".join(archive.stream(entry)))
        for entry in archive.entries
        if entry.name in roles and roles[entry.name] not in encrypted
    ]
    assets = (
        leaks.Asset(entry.name, entry.size, partial(archive.stream, entry))
        for entry in archive.entries
        if entry.name.startswith(ASSETS_PREFIX)
    )
    mail = UnsealedByPolicy("the e-mail", None, body.encode())
    passed = {*allowed, *owner.settings.options.assets.allow_leaks}
    told = [*leaks.document_leaks([*documents, mail], guard.searcher), *leaks.asset_leaks(assets, guard)]
    if held := [one for one in told if one.rule in _INTERNAL and one.location.file not in passed]:
        raise InvalidInput(held, hint=msg("nothing was drafted: build again without it"))


def _refuse_in_zip(archive: "Archive", passphrase: "Secret", documents: Any) -> None:
    """The passphrase must open the inventory, and stand nowhere in clear."""
    from handover.formats.kdbx import read_kdbx
    from handover.model.artifact import UnsealedByPolicy
    from handover.project import leaks
    from handover.seal.encryption import unlocks

    searcher = leaks.Searcher(leaks.needles({msg("the passphrase"): passphrase}, None))
    roles = {document.name: document.role for document in documents}
    for entry in archive.entries:
        if roles.get(entry.name) == "inventory":
            unlocks(b"".join(archive.stream(entry)), passphrase, name=entry.name)
            continue
        if roles.get(entry.name) == "credentials":
            read_kdbx(b"".join(archive.stream(entry)), passphrase, name=entry.name)
            continue
        if entry.name in roles:
            content = b"".join(archive.stream(entry))
            found = leaks.document_leaks([UnsealedByPolicy(entry.name, roles[entry.name], content)], searcher)
        else:
            found = leaks.text_leaks(leaks.Asset(entry.name, entry.size, partial(archive.stream, entry)), searcher)
        if any(f.rule == "leak.secret" for f in found):
            raise SecretInClear.at(entry.name, msg("holds the passphrase in clear"), hint=msg("build again without it"))
