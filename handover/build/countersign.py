"""A bundle that waits for an owner's signature: what it says, and the bundle with that signature.

Role: needs the zip and the owner's key alone. `read_waiting` checks the whole bundle and says what the owner should
know before they sign; `countersign` writes it anew with one signature more in its letter and, after the last one, its
seal. Everything else is copied as it is stored. Whether the zip is the one that was built, only its code tells, which
the owner compares with whoever built it. It asks nobody and knows no project.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from handover.build.assemble import add_seal
from handover.build.request import Environment, Step
from handover.bundle import binding, record
from handover.bundle.binding import Said
from handover.bundle.names import MIMETYPE_ENTRY
from handover.bundle.publish import Publication, Published
from handover.bundle.read import Archive, Form, read_archive
from handover.bundle.read.source import sha256_of
from handover.bundle.verify import Anchors, Report, read_given, verify
from handover.bundle.verify.reading import MAX_LETTER, read_encrypted, read_entry
from handover.bundle.write import BundleWriter
from handover.bundle.write.headers import Stored
from handover.formats.word.signature_places import folded, visible_text
from handover.model.artifact import AwaitingSignature, Role, SignedArtifact
from handover.model.errors import SigningError, ZippedAgain
from handover.model.message import all_of, msg
from handover.model.secret import Secret
from handover.seal.owner_signature import Hand, SignedLetter, add_signature, require_owner
from handover.seal.policy import sealing_record

CODE_GROUPS: Final = 8
"""Groups of four digits in a code: 128 bits of the zip's SHA-256, more than anyone can make a second zip for."""

_SIGN: Final = r"(?:[$\u00a2-\u00a5\u20a0-\u20cf]|\b(?:kr|fr\.|chf|eur|euros?|usd|gbp|cad|aud|dollars?|pounds|francs))"
_DIGITS: Final = r"(?:\d{1,3}(?:[ .,'\u2019]\d{3}){0,6}|\d{1,15})"
_AMOUNT: Final = re.compile(  # each part has a most, so that no text of digits takes its square
    rf"{_SIGN} ?{_DIGITS}(?:[.,]\d{{1,4}})?\b"
    rf"|(?<![\w.,+/-]){_DIGITS}(?:(?:[.,]\d{{1,4}})? ?{_SIGN}|[.,]\d\d(?![\w.,/-]))"
    r"|(?<![\w.,+/-])(?<!\d )\d{1,3}(?:[ .,'\u2019]\d{3}){1,6}(?![\w.,/-])"
)
"""How a text names an amount: beside a currency's sign or code, with two decimals, or with its thousands apart."""
_MOST_AMOUNTS: Final = 40


@dataclass(frozen=True, slots=True)
class Waiting:
    """A whole bundle that lacks signatures, and what an owner should know of it before they sign."""

    report: Report
    sha256: str
    """Of the zip."""
    letter: str
    """The letter's entry."""
    said: Said
    """What the letter was said to say when it was made, as far as its text says it, too."""
    unsaid: tuple[str, ...]
    """What of that isn't to be found in the letter's text."""
    amounts: tuple[str, ...]
    """The amounts that its text names, the first forty."""
    content: bytes = field(repr=False)
    """The letter."""

    @property
    def inventory(self) -> str:
        """The encrypted inventory's entry; empty where the client has it by their own key alone."""
        return self.report.record.name(Role.INVENTORY)

    @property
    def credentials(self) -> str:
        """The entry of the credentials as a KeePass file; empty where there is none."""
        return self.report.record.name(Role.CREDENTIALS)


class Countersigned(NamedTuple):
    """What was published, what became of the letter, and what the whole bundle is now."""

    published: Published
    letter: SignedLetter
    report: Report


def code_of(sha256: str) -> str:
    """The groups of a zip's SHA-256 that people compare by phone."""
    return " ".join(sha256[at : at + 4] for at in range(0, 4 * CODE_GROUPS, 4))


def same_code(given: str, sha256: str) -> bool:
    """Whether somebody's code is the zip's: all of its groups, or more of the digest, in any spelling."""
    digits = re.sub(r"[\s:-]", "", given).lower()
    return len(digits) >= 4 * CODE_GROUPS and sha256.startswith(digits)


def read_waiting(file: BinaryIO, environment: Environment) -> Waiting:
    """Check a bundle that waits for signatures, every byte of it.

    Raises BundleError for one that isn't whole, ZippedAgain for one that another program has zipped again, SigningError
    for a draft, for one that is signed already, and where the letter's text doesn't say for whom, of which day or until
    which day it is: every template prints these (`content.required`), and what is bound beside it nobody reads.
    """
    report = verify(read_given(file), now=environment.now(), allow_draft=True)
    if report.form is Form.REZIPPED:
        message = msg("the zip around its files was made anew by another program")
        raise ZippedAgain(message, hint=msg("nothing was signed: sign the zip that `handover build` wrote, as it is"))
    state = report.record.state
    if state is not record.State.TO_SIGN:
        raise SigningError(
            msg("this is a draft, which nobody signs") if report.record.draft else msg("this bundle is signed already"),
            hint=msg("build it without --draft") if report.record.draft else msg("send it with `handover send`"),
        )
    archive = read_archive(file)
    letter = report.record.name(Role.LETTER)
    content = read_entry(archive, letter, MAX_LETTER, "10.8")
    said, unsaid = _stated(content, letter, [owner.name for owner in report.record.owners])
    amounts = _AMOUNT.findall(visible_text(content, place=letter, everywhere=True))
    return Waiting(
        report=report,
        sha256=sha256_of(file),
        letter=letter,
        said=said,
        unsaid=unsaid,
        amounts=tuple(dict.fromkeys(amounts))[:_MOST_AMOUNTS],
        content=content,
    )


def _stated(content: bytes, letter: str, owners: Sequence[str]) -> tuple[Said, tuple[str, ...]]:
    """What is bound beside a letter, without the sums that its text doesn't name; and what it doesn't say of all that
    an owner is shown. Raises SigningError where that is whom it is for, or its days.
    """
    from handover.seal.letter import read_binding as bound_in

    text = visible_text(content, place=letter)
    said = binding.read_binding(bound_in(content, letter), letter).said

    def unsaid(*lines: str) -> list[str]:
        return [line for line in lines if not folded(line) or folded(line) not in text]

    if without := unsaid(said.recipient[0] if said.recipient else "", said.date, said.last_working_day):
        raise SigningError.at(
            letter,
            msg("its text doesn't say what is bound beside it: {without}", without="; ".join(without)),
            hint=msg("nothing was signed: have the bundle built again"),
        )
    currency = [said.currency] if said.currency else []
    proven = said._replace(sums=tuple(line for line in said.sums if not unsaid(line)))
    return proven, tuple(unsaid(*owners, *said.recipient[1:], *said.sums, *currency))


def countersign(
    file: BinaryIO,
    waiting: Waiting,
    hand: Hand,
    publication: Publication,
    environment: Environment,
    *,
    tsa: str | None = None,
) -> Countersigned:
    """Write the bundle in `file` with one signature more to `publication`, check all of it, and publish it.

    Raises SigningError for a key that isn't an owner's or has signed, BundleError where what came out isn't whole;
    nothing is published then, and `file` stays as it was.
    """
    about = waiting.report.record
    require_owner(hand, about.pins)
    letter = add_signature(waiting.content, hand, about.pins, signed_at=environment.now(), place=waiting.letter)
    if tsa is not None and letter.missing:
        raise SigningError(
            msg(
                "--tsa: the time-stamp is of the last signature, and {missing} must sign as well",
                missing=all_of(letter.missing),
            ),
            hint=msg("give --tsa to whoever signs last"),
        )
    environment.on_step(Step.SEALING)
    state = record.State.TO_SIGN if letter.missing else record.State.SIGNED
    stamped = tsa is not None and not letter.missing
    writer = BundleWriter(publication.file, workers=1)
    _write(writer, read_archive(file), waiting, letter.content, replace(about, state=state, time_stamp=stamped))
    if not letter.missing:
        add_seal(writer, hand.identity, environment, tsa=tsa)
    writer.finish()
    publication.settle()
    environment.on_step(Step.VERIFYING)
    report = verify(
        publication.file,
        anchors=Anchors(fingerprints=frozenset(about.pins)),
        now=environment.now(),
        allow_draft=bool(letter.missing),
    )
    environment.on_step(Step.PUBLISHING)
    environment.before_publishing()
    return Countersigned(publication.commit(), letter, report)


def _write(writer: BundleWriter, archive: Archive, waiting: Waiting, letter: bytes, about: record.BundleRecord) -> None:
    """Every entry up to SHA256SUMS in the order of the bundle: letter, record and sums anew, the rest as it is."""
    digests = {entry.name: entry.sha256 for entry in waiting.report.entries}
    for entry in archive.entries:
        if entry.name == MIMETYPE_ENTRY:
            writer.add_mimetype()
        elif entry.name == waiting.letter:
            kind = SignedArtifact if about.state is record.State.SIGNED else AwaitingSignature
            writer.add(kind(name=entry.name, role=Role.LETTER, content=letter))
        elif entry.name == record.RECORD_NAME:
            writer.add(sealing_record(entry.name, record.write_record(about)))
        elif entry.name == record.SUMS_NAME:
            writer.add(sealing_record(entry.name, record.write_sums(writer.entries)))
        else:
            digest = bytes.fromhex(digests[entry.name])
            stored = Stored(entry.name, entry.method, entry.crc, entry.compressed, entry.size, digest)
            writer.copy(stored, archive.stored(entry))


def credentials_in(file: BinaryIO, waiting: Waiting, passphrase: Secret) -> tuple[tuple[str, str], ...]:
    """Service and user name of each credential in the inventory, nothing secret.

    Raises WrongPassphrase, and DamagedFile where the KeePass file beside it, if there is one, doesn't hold the same.
    """
    from handover.documents.credentials_kdbx import check_agree
    from handover.project.vault.delivered import delivered
    from handover.seal.encryption import decrypt

    archive = read_archive(file)
    package = decrypt(read_encrypted(archive, waiting.inventory), passphrase, name=waiting.inventory)
    found = delivered(package, name=waiting.inventory)
    if waiting.credentials:
        kdbx = read_encrypted(archive, waiting.credentials)
        check_agree(found, kdbx, passphrase, name=waiting.credentials)
    return tuple((row["service"], row.get("user_name", "")) for row in found.rows)


def signed_name(path: Path, marks: Sequence[str], *, waits: bool) -> str:
    """The file name of what comes out: without the mark "to sign", or with the number of the signature to come.

    `marks` are that mark in every language that we know.
    """
    stem, mark, number = path.stem, "", 1
    for known in marks:
        if found := re.fullmatch(rf"(.+)-{re.escape(known)}(?:-([2-9]))?", path.stem):
            stem, mark, number = found[1], known, int(found[2] or 1)
    if waits:
        return f"{stem}-{mark or marks[0]}-{number + 1}.zip"
    return f"{stem}.zip" if mark else f"{stem}-signed.zip"
