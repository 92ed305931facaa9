"""The draft of the final e-mail: its words, its attachment, and what could keep it from arriving.

Role: bundle + project → an RFC 5322 message that mail programs open as a draft (`X-Unsent: 1`), streamed, and
the same text on its own. It sends nothing, and the passphrase is never part of it.
"""

import base64
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from handover.bundle.record import DocumentEntry
from handover.bundle.verify import Report
from handover.documents.drafts import Held
from handover.documents.typed import typeset_project
from handover.languages.words import Words
from handover.model.artifact import ClientArtifact, Role
from handover.model.base import ascii_address
from handover.model.characters import aloud
from handover.model.errors import SecretInClear, UsageError
from handover.model.message import first_of, msg
from handover.model.parties import Contact
from handover.model.project import Project
from handover.model.secret import Secret
from handover.model.settings import Settings

# fmt: off
REJECTED_SUFFIXES = frozenset([
    ".ade", ".adp", ".apk", ".appx", ".appxbundle", ".bat", ".cab", ".chm", ".cmd", ".com", ".cpl", ".diagcab",
    ".diagcfg", ".diagpkg", ".dll", ".dmg", ".ex", ".ex_", ".exe", ".hta", ".img", ".ins", ".iso", ".isp", ".jar",
    ".jnlp", ".js", ".jse", ".lib", ".lnk", ".mde", ".mjs", ".msc", ".msi", ".msix", ".msixbundle", ".msp", ".mst",
    ".nsh", ".pif", ".ps1", ".scr", ".sct", ".shb", ".sys", ".vb", ".vbe", ".vbs", ".vhd", ".vxd", ".wsc", ".wsf",
    ".wsh", ".xll",
])
# fmt: on
"""File types that mail providers reject even inside a zip: Gmail, "File types blocked in Gmail" (as of 2025,
support.google.com/mail/answer/6590). Outlook on the web blocks more for direct attachments, but not inside archives."""


WARN_CAUTIOUS = 7_000_000
"""Bytes on the wire above which cautious company servers refuse a message (10 MB of attachments, less encoding)."""
WARN_USUAL = 15_000_000
"""Size of a zip in bytes above which Outlook (20 MB) and Gmail (25 MB), which count after encoding, may refuse it."""

_LINE = 57
"""Bytes that make one base64 line of 76 characters (RFC 2045, 6.8)."""
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
    "zip": "application/zip",
}
_BLOCK = _LINE * 16_384
_HEADED = re.compile(r"\w+\s?:\s*(\S.*)")
"""The first line of an e-mail's text: "Subject: …", in any language."""
_BOUNDARY = re.compile(r"[0-9a-z-]{1,70}")


class Draft(NamedTuple):
    """The e-mail in words."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    sender: Address
    subject: str
    body: str


def draft(project: Project, report: Report, attachments: Sequence[str], *, today: dt.date, receipt: str = "") -> Draft:
    """Write the e-mail for a verified bundle, in the client's language, as of the day on which it is sent.

    `attachments` are the file names of the zip, and of the second zip of a split bundle, which is too large to be
    attached and is only named; `receipt` that of a receipt to sign, where one is attached.
    """
    typed, project = project.settings, typeset_project(project)
    settings = project.settings
    words = Words.load(settings.language, project.locale, "email", own=project.words)
    voice = str(settings.agency.voice)
    contact = settings.client.contact
    lines = [words.text("greeting", salutation=contact.salutation or words.text("neutral_salutation")), ""]
    ends = settings.contract.ends
    # On its last day the contract hasn't ended yet.
    intro = "intro" if today > ends else "intro_before"
    lines += [words.text(f"{intro}.{voice}", attachment=attachments[0], date=words.date(ends)), ""]
    lines += [
        words.text("item", name=document.name, purpose=purpose) for document, purpose in _purposes(project, report)
    ]
    lines += ["", words.text("extract"), ""]
    if len(attachments) > 1:
        lines += [words.text(f"second.{voice}", name=attachments[1]), ""]
    named = {document.role: document.name for document in report.record.entries}
    if Role.RECIPIENT_COPY not in named or Role.INVENTORY in named:
        lines += [_passphrase(project, words), ""]
    if copy := named.get(Role.RECIPIENT_COPY):
        lines += [words.text("key.copy" if Role.INVENTORY in named else "key.only", file=copy), ""]
    if report.bundle is not None:
        lines += [words.text(f"check.{voice}"), "", *(f"  {line}" for line in aloud(report.bundle.fingerprint)), ""]
    if receipt:
        lines += [words.text(f"receipt.{voice}", name=receipt), ""]
    lines += [words.text(f"closing.{voice}"), "", *_signature(settings)]
    return Draft(
        to=tuple(_address(contact) for contact in typed.client.contacts if _has_a_part(contact, typed)),
        cc=tuple(_address(contact) for contact in typed.client.contacts if not _has_a_part(contact, typed)),
        sender=_sender(typed),
        subject=_subject(project, words),
        body="\n".join(lines) + "\n",
    )


_ALONE = frozenset({"notice", "case_study"})
"""Documents that go to one person: to whom else they may be shown, the agency or that person decides."""


def note(project: Project, name: str) -> Draft:
    """Write the e-mail for one document for the client, `name` by its id: to whom it is for, the others get a copy."""
    typed, project = project.settings, typeset_project(project)
    settings = project.settings
    words = Words.load(settings.language, project.locale, "email", own=project.words)
    contact = settings.client.receipt_contact if name == "receipt" else settings.client.contact
    lines = [
        words.text("greeting", salutation=contact.salutation or words.text("neutral_salutation")),
        words.text(f"document.{name}.{settings.agency.voice}"),
        words.text("document.closing"),
    ]
    subject, body = words.text(f"document.{name}.subject", agency=settings.agency.name), "\n\n".join(lines)
    return _to_one(typed, name, subject, "\n".join([body, "", *_signature(settings), ""]))


def written(project: Project, content: bytes, place: Path) -> Draft:
    """The e-mail whose text `handover write` made, as it is by now: its first line is the subject.

    Raises UsageError, naming `place`, for what has no subject, no text, or another encoding than UTF-8.
    """
    try:
        subject, _, body = content.decode("utf-8-sig").replace("\r\n", "\n").partition("\n")
    except UnicodeDecodeError:
        raise UsageError.at(place, msg("isn't written in UTF-8"), hint=msg("save it as UTF-8, as it was")) from None
    headed = _HEADED.fullmatch(subject)
    if headed is None or not body.strip():
        raise UsageError.at(
            place,
            msg("has no subject in its first line, or no text under it"),
            hint=msg("write it again: `handover write survey-email --replace`"),
        )
    return _to_one(project.settings, "survey", " ".join(headed[1].split()), body.strip("\n") + "\n")


def _to_one(settings: Settings, name: str, subject: str, body: str) -> Draft:
    client = settings.client
    contact = client.receipt_contact if name == "receipt" else client.contact
    others = [] if name in _ALONE else [one for one in client.contacts if one != contact]
    return Draft(
        to=(_address(contact),),
        cc=tuple(_address(one) for one in others),
        sender=_sender(settings),
        subject=subject,
        body=body,
    )


def _sender(settings: Settings) -> Address:
    return Address(settings.agency.name, addr_spec=ascii_address(settings.owner.email or settings.agency.email))


def _signature(settings: Settings) -> list[str]:
    """Who writes, and how they are reached."""
    owner, agency = settings.owner, settings.agency
    named = agency.name if agency.name != owner.name else None
    return [text for text in (owner.name, owner.title, named, owner.phone or agency.phone, agency.website) if text]


def _has_a_part(contact: Contact, settings: Settings) -> bool:
    """Whether the e-mail is to them, and not a copy: the addressee, who signs the receipt, who gets the passphrase."""
    client = settings.client
    return contact in {client.contact, client.receipt_contact, client.passphrase_contact}


def _address(contact: Contact) -> Address:
    return Address(contact.name, addr_spec=ascii_address(contact.email))


def _passphrase(project: Project, words: Words) -> str:
    """How the passphrase comes, to whom where several read this, and whom to call about it."""
    settings = project.settings
    client, keeper = settings.client, settings.keeper
    said = [words.text(f"passphrase.{settings.options.passphrase_by}.{settings.agency.voice}")]
    if client.passphrase_contact is not client.contact:
        said.append(words.text("passphrase_call.to", name=client.passphrase_contact.name))
    contact = ", ".join(way for way in (keeper.phone, keeper.email) if way)
    return " ".join([*said, words.text("passphrase_call.lost", name=keeper.name, contact=contact)])


def _subject(project: Project, words: Words) -> str:
    agency, contract = project.settings.agency.name, project.settings.contract
    if contract.reference:
        return words.text("subject_reference", agency=agency, reference=contract.reference)
    return words.text("subject", agency=agency, subject=contract.subject)


def _purposes(project: Project, report: Report) -> Iterator[tuple[DocumentEntry, str]]:
    from handover.documents.cover import COVER
    from handover.documents.registry import ALL
    from handover.documents.word import purpose_key, spoken

    ids = {deliverable.role: deliverable.id for deliverable in reversed(ALL)}
    if any(document.role is Role.NOTICE for document in report.record.entries):
        ids[Role.LETTER] = COVER.id  # the termination letter is the notice then
    ids[Role.RECIPIENT_COPY] = ids[Role.CREDENTIALS] = ids[Role.INVENTORY]
    for document in sorted(report.record.entries, key=_reading_order):
        if document.name.startswith("data/") or document.role not in ids:
            continue
        words = Words.load(project.settings.language, project.locale, ids[document.role], own=project.words)
        key = purpose_key(words, document.role, project)
        yield document, spoken(words, key, project.settings.agency.voice)


def _reading_order(document: DocumentEntry) -> tuple[bool, str, bool]:
    """The start page first, then the documents by their numbers; of one number, the inventory before others."""
    number = document.name.partition("-")[0]
    return document.role is not Role.START_HERE, number, document.role is not Role.INVENTORY


def refuse_passphrase(passphrase: Secret, body: str) -> None:
    """Raise SecretInClear when the passphrase stands in the text of the e-mail."""
    folded = " ".join(body.casefold().split())
    if " ".join(passphrase.reveal().casefold().split()) in folded:
        raise SecretInClear(
            msg("the passphrase is in the text of the e-mail"), hint=msg("give it by another way, then try again")
        )


def warnings(size: int, names: Iterable[str]) -> list[str]:
    """What could keep a message with a zip of `size` bytes and these entries from arriving, in words."""
    found = []
    if size > WARN_USUAL:
        found.append(
            msg(
                "the zip has {size:.1f} MB, more than Outlook and Gmail take once it is encoded (about 15 MB); "
                "`handover build --split-assets` puts the client's files into a second zip to share by link",
                size=size / 1000000.0,
            )
        )
    elif size > WARN_CAUTIOUS:
        found.append(
            msg(
                "the zip has {size:.1f} MB; cautious company servers refuse more than about 7 MB; `handover "
                "build --split-assets` puts the client's files into a second zip to share by link",
                size=size / 1000000.0,
            )
        )
    rejected = [name for name in names if _is_rejected(name)]
    if rejected:
        found.append(
            msg(
                "mail providers reject these types even inside a zip: {listed}; `handover build --split-assets` "
                "keeps them out of the attached zip",
                listed=first_of(rejected),
            )
        )
    return found


def _is_rejected(name: str) -> bool:
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    while suffixes and suffixes[-1] in {".gz", ".bz2"}:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in REJECTED_SUFFIXES


def message(
    text: Draft,
    attached: tuple[str, BinaryIO] | None,
    boundary: str,
    held: Held,
    receipt: ClientArtifact | None = None,
) -> Iterator[bytes]:
    """The message as bytes, block by block: its headers, its text, and where there is one, the attachment in base64.

    `held` says which file this is.
    Its name is ASCII (RFC 2231 continuations have been mis-decoded), without quotes and control characters.
    `boundary` must not occur in the text, and has 1 to 70 lower-case letters, digits and hyphens (RFC 2046, 5.1.1
    allows more): ValueError for any other, which could end the header that it stands in. The attachment is read
    once, so its size never stands in memory.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("not a boundary")
    head = EmailMessage(policy=SMTP)
    head["X-Unsent"] = "1"
    head["From"] = text.sender
    head["To"] = text.to
    if text.cc:
        head["Cc"] = text.cc
    head["Subject"] = text.subject
    head["MIME-Version"] = "1.0"
    yield head.as_bytes(policy=SMTP).rstrip(b"\r\n") + b"\r\n" + held.header()
    part = EmailMessage(policy=SMTP)
    part.set_content(text.body, cte="quoted-printable")
    del part["MIME-Version"]
    if attached is None:
        yield b"\r\n" + part.as_bytes(policy=SMTP)
        return
    # By hand: the library would write an empty body of its own for a multipart message without parts.
    yield f'\r\nContent-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    yield b"--" + boundary.encode() + b"\r\n" + part.as_bytes(policy=SMTP)
    name, attachment = attached
    yield _attached(name, boundary)
    while block := attachment.read(_BLOCK):
        yield base64.encodebytes(block).replace(b"\n", b"\r\n")
    if receipt is not None:
        yield _attached(receipt.name, boundary)
        yield base64.encodebytes(receipt.content).replace(b"\n", b"\r\n")
    yield f"\r\n--{boundary}--\r\n".encode("ascii")


def _attached(name: str, boundary: str) -> bytes:
    kind = _TYPES[name.rpartition(".")[2]]
    return (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: {kind}; name="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    ).encode("ascii")
