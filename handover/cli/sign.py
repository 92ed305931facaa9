"""`handover sign`: the owner's part, where another person builds, and for a letter that is sent alone.

Role: shows what is about to be signed, has the code compared, asks for the key, and says what became of it. What
signing does to a bundle is `handover.build.countersign`'s, to a letter `handover.seal.owner_signature`'s.
"""

import contextlib
import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from handover.cli import asking, clock, report
from handover.cli.options import FILE, FOLDER, own_folder, project_root, read_file
from handover.cli.progress import Progress
from handover.cli.terminal import confirm, say
from handover.model.errors import SigningError, UsageError
from handover.model.message import all_of, counted, joined, msg

if TYPE_CHECKING:
    from handover.build.countersign import Countersigned, Waiting
    from handover.seal.owner_signature import Hand, SignedLetter

_MAX_LETTER = 64 * 1024 * 1024


@click.command()
@click.argument("document", metavar="BUNDLE.zip|LETTER.docx", type=FILE)
@click.option("--code", metavar="HEX", help="The bundle's code, as whoever built it has read it to you.")
@click.option("-o", "--out", type=FILE, help="The signed bundle (default: beside BUNDLE, without “to-sign”).")
@click.option("--key", metavar="OWNER.p12", help="The owner's key (default: the one of `handover keys create`).")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--passphrase-file", metavar="FILE|-", help="The client's passphrase, to list the credentials' names.")
@click.option("--tsa", metavar="URL", help="Time-stamp the bundle's signature (RFC 3161).")
@click.option("--project", type=FOLDER, default=".", help="For a letter: the project that it belongs to.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="For a letter, as for `handover build`.")
@click.option("--recipient-only", is_flag=True, help="For a letter, as for `handover build`.")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
@click.option("--replace", is_flag=True, help="Replace what was signed before.")
def sign(document: str, **options: Any) -> None:
    """Sign a bundle that waits for your signature, or a LETTER.docx that is sent alone.

    A bundle needs nothing but the zip and your key. What it says is shown first, with a code to compare by phone with
    whoever built it. A letter must be the one that its project gives; signed, it goes into the project's signed/.
    """
    asking.at_most_one_stdin(
        passphrase_file=options["passphrase_file"], key_passphrase_file=options["key_passphrase_file"]
    )
    asking.harden()
    if Path(document).suffix.casefold() == ".docx":
        _letter(document, options)
    else:
        _bundle(document, options)


# A bundle


def _bundle(document: str, options: dict[str, Any]) -> None:
    from handover.build.countersign import countersign, read_waiting, signed_name
    from handover.bundle.names import slug
    from handover.bundle.publish import Publication, private_copy
    from handover.bundle.verify import read_given
    from handover.cli.verify import naming, opened
    from handover.languages.files import languages
    from handover.languages.words import Words

    source, named = Path(document), options["out"]
    environment = Progress().environment()
    with naming(document), contextlib.ExitStack() as stack:
        given = stack.enter_context(opened(document))
        read_given(given)  # before gigabytes are copied that are no bundle
        file = private_copy(given, (Path(named) if named else source).parent, stack)
        waiting = read_waiting(file, environment)
        about = waiting.report.record
        say(joined("\n", _shown(source, waiting)))
        _show_credentials(file, waiting, options)
        _compare_code(waiting, options)
        hand = _hand(options)
        last = [pin for pin, name in about.pins.items() if name in waiting.report.missing] == [hand.fingerprint]
        marks = [slug(Words.load(language, language).text("to_sign")) for language in sorted(languages())]
        target = Path(named) if named else source.with_name(signed_name(source, marks, waits=not last))
        if target.resolve() == source.resolve():
            raise UsageError.at(target, msg("is the bundle to be signed itself"), hint=msg("name another file with -o"))
        with Publication(
            target.parent, target.name, replace=options["replace"], estimate=file.seek(0, 2) + 16 * 1024 * 1024
        ) as publication:
            done = countersign(file, waiting, hand, publication, environment, tsa=options["tsa"])
    _told(done, hand)


def _shown(source: Path, waiting: "Waiting") -> list[str]:
    """What an owner should know before they sign, taken from the letter that they sign."""
    from handover.build.countersign import code_of
    from handover.languages.registry import language
    from handover.languages.words import Words

    about, said = waiting.report.record, waiting.said
    signed = [about.pins[signature.fingerprint] for signature in waiting.report.letters]
    # The record doesn't name the country: a letter that writes the month first tells it.
    words = Words.load(about.language, "en_US" if said.date[:1].isalpha() else language(about.language).locale)
    sums = ", ".join(words.with_currency(one, said.currency) if said.currency else one for one in said.sums)
    if not sums:
        sums = msg("no sum that is bound as such: see the amounts") if waiting.amounts else msg("nothing")
    assets = [entry for entry in waiting.report.entries if entry.name.startswith("assets/")]
    second = about.assets_archive
    files = (
        counted("{count} file of the client's", "{count} files of the client's", count=len(assets))
        if second is None
        else msg("the client's files are in {name}", name=second.name)
    )
    lines = {
        msg("recipient"): ", ".join(said.recipient),
        msg("dated"): said.date,
        msg("bundle of"): " ".join(words.date(about.date).split()),
        msg("last day"): said.last_working_day,
        msg("to pay"): sums,
        msg("amounts"): ", ".join(waiting.amounts) or msg("the letter's text names none"),
        # By name: what else is called data would go unseen.
        msg("documents"): "\n".join(sorted(d.name for d in about.entries if not d.name.startswith("data/"))),
        msg("files"): files,
        msg("signed by"): ", ".join(signed) or msg("nobody yet"),
        msg("to sign"): ", ".join(waiting.report.missing),
        msg("code"): code_of(waiting.sha256),
    }
    shown = [msg("{source}, to be signed:", source=source), *report.rows(lines.items())]
    if waiting.unsaid:
        shown.append(msg("careful: the letter's text doesn't say {unsaid}", unsaid=joined("; ", waiting.unsaid)))
    shown += [msg("note: {note}", note=note) for note in waiting.report.notes]
    if len(waiting.report.missing) > 1:
        shown.append(msg("you sign the letter alone: whoever signs last seals all the rest, as it is then"))
    return [*shown, msg("read {letter} in the zip before you sign it", letter=waiting.letter)]


def _show_credentials(file: BinaryIO, waiting: "Waiting", options: dict[str, Any]) -> None:
    if not waiting.inventory:
        say(msg("the inventory opens with the client's own key: its credentials weren't looked at"))
        return
    passphrase = None
    if options["passphrase_file"] is not None:
        passphrase = asking.from_file(options["passphrase_file"])
    elif not options["no_input"] and asking.interactive():
        question = msg("the client's passphrase, to list the credentials' names (empty: don't look)")
        passphrase = asking.ask(question, optional=True)
    if not passphrase:
        say(
            msg(
                "{inventory} is encrypted: its credentials weren't looked at (--passphrase-file lists their names)",
                inventory=waiting.inventory,
            )
        )
        return
    from handover.build.countersign import credentials_in

    found = credentials_in(file, waiting, passphrase)
    say(
        counted(
            "{inventory} holds {count} credential:",
            "{inventory} holds {count} credentials:",
            len(found),
            inventory=waiting.inventory,
        )
    )
    for service, user in found:
        say(f"  {service}{f' ({user})' if user else ''}")
    if waiting.credentials:
        say(msg("{credentials} holds the same: both were opened and compared", credentials=waiting.credentials))


def _compare_code(waiting: "Waiting", options: dict[str, Any]) -> None:
    """The one thing that shows that this is the zip that was built: its code, compared by another way."""
    from handover.build.countersign import code_of, same_code

    code = code_of(waiting.sha256)
    if options["code"] is not None:
        if not same_code(options["code"], waiting.sha256):
            raise SigningError(
                msg("this isn't the bundle whose code you were told: its own is {code}", code=code),
                hint=msg("it was built again, or changed on its way: ask for it again, and for its code by phone"),
            )
        return
    if options["no_input"] or not asking.interactive():
        raise SigningError(
            msg("nobody has compared the bundle's code, and nobody can be asked"),
            hint=msg("have whoever built it read you the code by phone, and give it with --code"),
        )
    say(
        msg("\nWhoever built the bundle was shown a code. Have it read to you by phone:\n\n    {code}\n", code=code),
        err=True,
    )
    if not confirm(msg("Is it the same")):
        raise SigningError(
            msg("not signed: the codes differ"), hint=msg("ask for the bundle again, and for its code by phone")
        )


def _hand(options: dict[str, Any]) -> "Hand":
    from handover.seal.keys import read_key_image
    from handover.seal.owner_signature import Hand

    key = asking.configured_key(options["key"])
    if key is None:
        raise SigningError(msg("there is no key to sign with"), hint=msg("create one with `handover keys create`"))
    password_file = options["key_passphrase_file"]
    identity = asking.unlock(key, clock.now(), password_file=password_file, no_input=options["no_input"])
    return Hand(identity, read_key_image(key))


def _told(done: "Countersigned", hand: "Hand") -> None:
    from handover.build.countersign import code_of
    from handover.documents.drafts import remove_stale

    path, digest = done.published.path, done.published.sha256
    stale = report.stale_lines(remove_stale(path.parent, path.name, digest))
    lines = [msg("{path}: signed{letter}", path=path, letter=_picture_words(done.letter, hand)), f"  SHA-256 {digest}"]
    if done.letter.missing:
        lines += [
            msg("still to sign: {missing}; tell them this code by phone:", missing=", ".join(done.letter.missing)),
            f"    {code_of(digest)}",
            report.next_line("sign", path),
        ]
    else:
        lines += [*stale, msg("signed by every owner, and sealed"), report.next_line("send", path)]
    report.done(*lines)


def _picture_words(letter: "SignedLetter", hand: "Hand") -> str:
    if letter.pictured:
        return msg(", with the picture kept beside the key")
    if hand.picture is None:
        return msg(", without a picture: there is none beside the key")
    return msg(", without the picture: the letter has no place for it")


# A letter that is sent alone


def _letter(document: str, options: dict[str, Any]) -> None:
    from handover.build.prepare import prepare
    from handover.build.render import binding_alone, render_alone
    from handover.build.request import ProjectRequest
    from handover.build.seal import pins_of
    from handover.bundle import binding
    from handover.bundle.publish import write_file
    from handover.documents.drafts import remove_stale
    from handover.documents.notice import NOTICE
    from handover.seal.owner_signature import add_signature, standing

    root = project_root(options["project"])
    keys = {name: options[name] for name in ("recipients", "recipient_only")}
    prepared = prepare(ProjectRequest(root=root, today=clock.today(), judge_assets=False, reads=NOTICE.reads, **keys))
    report.tell_shared(shared=prepared.project.shared)
    pins = pins_of(prepared.project)
    content = read_file(document, _MAX_LETTER)
    signed, bound = standing(content, pins, document)
    written = binding.read_binding(bound, document)
    kind = binding.Kind.NOTICE if written.kind == binding.Kind.NOTICE else binding.Kind.LETTER
    # It is read and signed on another day than it was written, whose date it bears.
    as_written = kind is binding.Kind.NOTICE
    plan = replace(prepared.plan, today=dt.date.fromisoformat(written.date)) if as_written else prepared.plan
    changed = binding.compare(bound, binding_alone(kind, plan), document)
    if not changed and not signed and content != render_alone(kind, plan).content:
        raise SigningError.at(
            document,
            msg("isn't the letter that this project gives now"),
            hint=msg("write it again with `handover write {kind}`, have it read, then sign that file", kind=kind),
        )
    if changed:
        say(
            msg(
                "note: since it was written, {changed} changed; what you read is what you sign", changed=all_of(changed)
            ),
            err=True,
        )
    hand = _hand(options)
    done = add_signature(content, hand, pins, signed_at=clock.now(), place=document)
    target = root / "signed" / f"{kind}.docx"
    own_folder(root, target.parent.name)
    # Whoever signs what another owner has signed adds to it: nothing is lost.
    adds = Path(document).resolve() == target.resolve()
    write_file(target, done.content, replace=options["replace"] or adds)
    digest = hashlib.sha256(done.content).hexdigest()
    again = report.next_line(f"sign {report.quoted(target)} --project {report.quoted(root)}")
    rest = (
        [msg("still to sign: {missing}", missing=", ".join(done.missing)), again]
        if done.missing
        else [msg("signed by every owner"), report.next_line("send", target)]
    )
    waits_to_be_sent = kind is binding.Kind.NOTICE and not done.missing
    report.done(
        msg(
            "{target}: signed by {signed}{done}", target=target, signed=done.signed[-1], done=_picture_words(done, hand)
        ),
        *report.stale_lines(remove_stale(target.parent, target.name, digest)),
        *([msg("once it is sent: handover status --done notice-given")] if waits_to_be_sent else []),
        *rest,
    )
