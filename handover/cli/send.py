"""`handover send`: draft the final e-mail with the bundle attached, or one with a document of its own moment.

Role: options → a draft beside the file, and what to do next. Whether a file may go out is `handover.build.sendable`'s,
what the e-mail says `handover.documents.email`'s.
"""

import contextlib
import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Never

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, project_above, project_root, read_file
from handover.cli.terminal import confirm, say
from handover.documents.drafts import Held, held_by
from handover.formats.opener import read_named
from handover.model.errors import BundleError, HandoverError, OutputError, UsageError, ZippedAgain
from handover.model.life import JOURNAL_FILE, RECEIVED_FILE, RESERVATIONS_FILE, VETTING_FILE
from handover.model.message import human_size, msg

if TYPE_CHECKING:
    from handover.bundle.read import Contents
    from handover.bundle.verify import Report
    from handover.documents.email import Draft
    from handover.model.artifact import ClientArtifact
    from handover.model.project import Project

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")
"""File names that every mail program writes and reads alike."""

_DOCUMENTS = frozenset({".docx", ".ics", ".txt"})
_MOST_DOCUMENT = 32 * 1024 * 1024

_HINTS = {
    "10.11": msg("a draft isn't sent: build without --draft, and send that bundle"),
    "10.12": msg("have its owner sign it (`handover sign`), and send what comes out"),
}
"""What to do about a bundle that fails these clauses of docs/format.md."""


@click.command()
@click.argument("bundle", metavar="FILE", type=FILE)
@click.option("-o", "--out", type=FILE, help="The draft to write (default: FILE with .eml).")
@click.option("--project", type=FOLDER, help="The project that FILE is of (default: the folder above out/).")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase (default: asked for).")
@click.option("--fingerprint", metavar="HEX", help="Fingerprint of the key that sealed it.")
@click.option(
    "--allow-leak",
    "allowed",
    multiple=True,
    metavar="ENTRY",
    help="Send this entry although it looks internal, or names a client.",
)
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace a draft that was written before.")
def send(bundle: str, *, out: str | None, project: str | None, replace: bool, **options: Any) -> None:
    """Draft the e-mail to the client with FILE attached: an .eml to open in a mail program, and its text as .txt.

    FILE is a signed bundle, or a document for the client that `handover write` made: the notice or letter once it is
    signed, plan, calendar, guide, receipt, survey (as a form, or as the text of an e-mail), invitation to a case study.
    Of a bundle, the passphrase is asked for only to make sure that it is nowhere in the e-mail or the zip.
    """
    from handover.build import sendable
    from handover.bundle.publish import private_copy, write_file
    from handover.bundle.read import read_archive
    from handover.bundle.read.source import sha256_of
    from handover.bundle.verify import read_given
    from handover.cli.verify import naming, opened
    from handover.documents import email

    asking.harden()
    source = Path(bundle)
    kind = source.suffix.lower()
    if kind not in {*_DOCUMENTS, ".zip"}:
        _refuse(source)
    target = Path(out) if out else source.with_suffix(".eml")
    beside = target.with_suffix(".txt")
    # The text of an e-mail is the text beside its draft.
    written = (target, source) if kind == ".txt" else (source, target, beside)
    if len({path.resolve() for path in written}) < len(written):
        raise UsageError.at(
            target, msg("would overwrite the bundle or its own text"), hint=msg("name a file that ends in .eml")
        )
    if kind in _DOCUMENTS:
        if named := [name for name in ("passphrase_file", "fingerprint") if options[name]]:
            raise UsageError(msg("{option} belongs to a bundle", option=f"--{named[0].replace('_', '-')}"))
        _send_document(source, target, project, options["allowed"], replace=replace)
        return
    with naming(bundle), contextlib.ExitStack() as stack:
        given = stack.enter_context(opened(bundle))
        read_given(given)  # before gigabytes are copied that are no bundle
        file = private_copy(given, target.parent, stack)
        found = _verified(read_given(file))
        digest, documents = sha256_of(file), found.record.entries
        _refuse_existing(target, beside, digest, replace=replace)
        owner = _project(source, project, found.record.client)
        report.tell_shared(shared=owner.shared)
        sendable.require_signers(found, owner, options["fingerprint"])
        _tell_older(source, found, owner)
        name = source.name if _SAFE_NAME.fullmatch(source.name) else f"{owner.settings.client.id}.zip"
        second = found.record.assets_archive
        receipt, new = _receipt(source, name, owner, digest, found)
        text = email.draft(
            owner, found, [name, *([second.name] if second else [])], today=clock.today(),
            receipt=receipt.name if receipt else "",
        )  # fmt: skip
        archive = read_archive(file)
        sendable.refuse_internal(archive, owner, documents, text.body, options["allowed"])
        if _has_passphrase(found):
            question, option = msg("the client's passphrase"), "--passphrase-file"
            passphrase = asking.given(options["passphrase_file"], question, option=option, no_input=options["no_input"])
            email.refuse_passphrase(passphrase, text.body)
            sendable.refuse_passphrase(archive, passphrase, documents)
        size = file.seek(0, 2)
        file.seek(0)
        if new and receipt:
            write_file(new, receipt.content, replace=False)
        _write(target, text, name, file, digest, receipt, replace=replace)
    report.tell_uncompared(owner.root)
    for warning in email.warnings(size, [entry.name for entry in found.entries]):
        say(msg("warning: {warning}", warning=warning), err=True)
    made = [msg("{path}: the receipt, which this bundle didn't have yet, is attached as well", path=new)] if new else []
    report.done(*_drafted(target, text, size), *made, *_what_next(found, owner, source))
    if _has_passphrase(found) and asking.interactive() and not options["no_input"]:
        _ask_given(owner)


def _refuse(source: Path) -> Never:
    """Say of what is neither a bundle nor a document whether it is the agency's own, or what is sent."""
    root = project_above(source)
    place = source.resolve().relative_to(root).as_posix() if root else source.name
    if place in {JOURNAL_FILE, RECEIVED_FILE, RESERVATIONS_FILE, VETTING_FILE} or place.startswith("internal/"):
        raise UsageError.at(source, msg("is for yourself alone, and isn't sent"))
    raise UsageError.at(
        source,
        msg("is neither a bundle nor a document for the client"),
        hint=msg("give the signed zip, or what `handover write` made for the client"),
    )


def _send_document(source: Path, target: Path, given: str | None, allowed: Collection[str], *, replace: bool) -> None:
    """Draft the e-mail for one document; what an internal one is can't come to it (`sendable.client_document`)."""
    import io

    from handover.build import sendable
    from handover.documents import email
    from handover.model.life import Event

    content = read_file(str(source), _MOST_DOCUMENT)
    owner = _project(source, given)
    report.tell_shared(shared=owner.shared)
    kind, document = sendable.client_document(source, content, owner, allowed)
    report.tell_uncompared(owner.root)
    if kind in {"receipt", "survey"}:
        _check_form(kind, content, source, owner)
    digest = hashlib.sha256(content).hexdigest()
    name = document.name if _SAFE_NAME.fullmatch(document.name) else f"{kind}{Path(document.name).suffix}"
    if kind == "survey_email":
        _refuse_existing(target, target, digest, replace=replace)
        text = email.written(owner, content, source)
        _write_message(target, text, Held(name.replace(" ", "_"), digest, digest), replace=replace)
        drafted = [msg("{target}: draft to {people}", target=target, people=_people(text))]
    else:
        _refuse_existing(target, target.with_suffix(".txt"), digest, replace=replace)
        text = email.note(owner, "notice" if kind == "letter" else kind)
        _write(target, text, name, io.BytesIO(document.content), digest, replace=replace)
        drafted = _drafted(target, text, len(content))
    events = {"notice": Event.NOTICE_GIVEN, "survey": Event.SURVEY_SENT, "survey_email": Event.SURVEY_SENT}
    noted = [report.next_line(f"status --done {events[kind]}", owner.root)] if kind in events else []
    report.done(*drafted, msg("read it, then send it"), *noted)


def _check_form(kind: str, content: bytes, source: Path, owner: "Project") -> None:
    """Raise UsageError for a form that the client has filled in, OutputError for a receipt of no bundle in out/ now."""
    from handover.build.outside import all_sent
    from handover.documents.receipt import same_code
    from handover.formats.word.form import read_form
    from handover.life.received import code_in

    form = read_form(content, source.name)
    if form.ticked or form.written:
        command = "import answers" if kind == "survey" else "import receipt"
        raise UsageError.at(
            source,
            msg("is filled in already, and isn't sent to the client"),
            hint=msg("`handover {command}` takes what came back", command=command),
        )
    code = code_in(form)
    if kind == "receipt" and not any(
        same_code(code, sent.sha256) for sent in all_sent(owner.root, owner.settings.client.id, clock.today())
    ):
        raise OutputError.at(
            source,
            msg("its code, {code}, is of no signed bundle in out/", code=code),
            hint=msg("write it again: `handover write receipt --replace`"),
        )


def _write(
    target: Path,
    text: "Draft",
    name: str,
    file: BinaryIO,
    digest: str,
    receipt: "ClientArtifact | None" = None,
    *,
    replace: bool,
) -> None:
    """Write the draft, and its text beside it: both or neither."""
    from handover.bundle.publish import write_file

    beside, told = target.with_suffix(".txt"), _as_text(text)
    held = Held(name.replace(" ", "_"), digest, hashlib.sha256(told).hexdigest())
    write_file(beside, told, replace=replace)
    try:
        _write_message(target, text, held, (name, file), receipt, replace=replace)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write_message(
    target: Path,
    text: "Draft",
    held: Held,
    attached: tuple[str, BinaryIO] | None = None,
    receipt: "ClientArtifact | None" = None,
    *,
    replace: bool,
) -> None:
    from handover.bundle.publish import write_file
    from handover.documents import email

    # Nothing that a file could choose, and not in the text.
    boundary = "handover-" + hashlib.sha256(f"{held.file}\n{text.body}".encode()).hexdigest()[:40]
    write_file(target, email.message(text, attached, boundary, held, receipt), replace=replace)


def _people(text: "Draft") -> str:
    to, copied = (", ".join(address.addr_spec for address in group) for group in (text.to, text.cc))
    return msg("{to}, copies to {cc}", to=to, cc=copied) if copied else to


def _drafted(target: Path, text: "Draft", size: int) -> list[str]:
    return [
        msg("{target}: draft to {people}, {size} attached", target=target, people=_people(text), size=human_size(size)),
        msg("{beside}: the same text, for mail programs that ignore drafts", beside=target.with_suffix(".txt")),
    ]


def _receipt(
    source: Path, name: str, owner: "Project", digest: str, found: "Report"
) -> tuple["ClientArtifact | None", Path | None]:
    """The receipt beside the bundle that goes out under that name, where it's this bundle's; one of an earlier build
    is told and left. Where there is none, a new one, and where it is to be written: who signs has the zip alone."""
    from handover.build.outside import receipt, sent_of
    from handover.documents.receipt import same_code
    from handover.formats.word.form import MAX_BYTES, read_form
    from handover.languages.words import Words
    from handover.life.received import code_in
    from handover.model.artifact import ClientArtifact

    words = Words.load(owner.settings.language, owner.locale, "receipt", own=owner.words)
    path = source.with_name(f"{name.removesuffix('.zip')}-{words.text('file_name')}.docx")
    try:
        content = read_named(path, MAX_BYTES, follow=False)
        if same_code(code_in(read_form(content, path.name)), digest):
            return ClientArtifact(path.name, content), None
    except FileNotFoundError:
        made = receipt(owner, sent_of(source, digest, found)._replace(name=name), found.record.date)
        return made, path
    except (OSError, HandoverError):
        pass
    say(
        msg("warning: {path}: isn't this bundle's receipt, and isn't attached: delete it, and send again", path=path),
        err=True,
    )
    return None, None


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
    from handover.model.life import Event

    try:
        dossier = read_dossier(owner.root, clock.today()).required
        if not dossier.happened(Event.PASSPHRASE_GIVEN):
            dossier.note(Event.PASSPHRASE_GIVEN, clock.today())
    except HandoverError:  # the draft is written all the same; `status` says what is wrong with the journal
        command = f"handover status {report.quoted(owner.root)} --done {Event.PASSPHRASE_GIVEN}"
        say(msg("done, and not noted: {command}", command=command), err=True)
        return
    say(msg("done, and noted in the journal: keep the vault, which shows the passphrase again if it is lost"), err=True)


def _verified(contents: "Contents") -> "Report":
    from handover.bundle.verify import verify

    try:
        found = verify(contents, now=clock.now())
    except BundleError as error:
        error.hint = _HINTS.get(error.clause, error.hint)
        raise
    try:
        found.require_original()
    except ZippedAgain as error:
        error.hint = msg("it isn't sent: attach the zip that `handover build` wrote, as it is")
        raise
    return found


def _refuse_existing(target: Path, beside: Path, digest: str, *, replace: bool) -> None:
    """Neither draft nor text is overwritten by accident; a draft that holds another file is told as such."""
    held = held_by(target)
    if held is not None and held.sha256 != digest and not replace:
        raise OutputError.at(
            target,
            msg("holds another file than this one, from before it was made again"),
            hint=msg("don't send that draft: --replace writes it anew"),
        )
    for path in (target, beside):
        if path.exists() and not replace:
            raise OutputError.at(path, msg("exists already"), hint=msg("use --replace to write it again"))


def _tell_older(source: Path, found: "Report", owner: "Project") -> None:
    """Warn of a bundle that a newer one, or the project as it is now, has overtaken."""
    from handover.build.sendable import changed_since
    from handover.bundle.verify import older_than

    if newer := older_than(found, source.absolute().parent, owner.root / "out"):
        say(msg("warning: {found}", found=newer), err=True)
    if changed := ", ".join(changed_since(source, found, owner)):
        say(msg("warning: the project has changed since this bundle was built: {changed}", changed=changed), err=True)


def _as_text(text: "Draft") -> bytes:
    copies = f"Cc: {', '.join(map(str, text.cc))}\n" if text.cc else ""
    return f"To: {', '.join(map(str, text.to))}\n{copies}Subject: {text.subject}\n\n{text.body}".encode()


def _project(bundle: Path, given: str | None, client: str = "") -> "Project":
    """The project that the file belongs to. Raises UsageError when it can't be found or is another client's."""
    from handover.build.prepare import prepare
    from handover.build.request import ProjectRequest

    root = project_root(given) if given is not None else project_above(bundle)
    if root is None:
        raise UsageError.at(bundle, msg("there is no project beside it"), hint=msg("name it with --project DIR"))
    project = prepare(ProjectRequest(root=root, today=clock.today(), judge_assets=False)).project
    if client and project.settings.client.id != client:
        said = msg("is {client}'s, and {root} is the project of {id}", client=client, root=root,
                   id=project.settings.client.id)  # fmt: skip
        raise UsageError.at(bundle, said, hint=msg("name the right project with --project DIR"))
    return project
