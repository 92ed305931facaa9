"""Steps 10.7 to 10.9: the bundle's signature, the letter's, and the inventory's encryption.

Role: asks `handover.seal` about each sealed entry, says who signed, and compares the two signers. Whose key that is,
`trust` asks; what the inventory holds, only the passphrase tells.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from handover.bundle import record
from handover.bundle.verify.reading import MAX_LETTER, MAX_SIGNATURE, read_encrypted, read_entry
from handover.bundle.verify.report import Anchors, Signature
from handover.bundle.verify.trust import proven_time
from handover.model.artifact import Role
from handover.model.errors import BundleError, HandoverError
from handover.model.message import all_of, counted, msg, without_place

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.bundle.read import Contents

_AGE_HEADER: Final = b"age-encryption.org/v1\n"
CLOCK_TOLERANCE: Final = dt.timedelta(hours=1)
"""How far two clocks may be apart: the signer's, an authority's and the reader's (format 9.9)."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Who signed the bundle: the signature, and its certificate with the issuers that came along."""

    signature: Signature
    certificate: "Certificate"
    chain: "tuple[Certificate, ...]"
    subject: str
    """The signer's whole name, as the certificate has it."""
    notes: tuple[str, ...] = ()
    """What must be told about the times."""


def check_bundle_signature(
    archive: "Contents", manifest: bytes, bundle: record.BundleRecord, anchors: Anchors, now: dt.datetime
) -> tuple[Sealer, str]:
    """Verify the signature over `manifest`; gives the sealer and what was checked, in words.

    `now` (aware) is the time of checking. Raises BundleError (10.7, or section 9's clauses).
    """
    from handover.seal.certificates import certificate_pem, common_name, describe, fingerprint
    from handover.seal.container_signature import verify_cades

    data = read_entry(archive, record.SIGNATURE_NAME, MAX_SIGNATURE, "10.7")
    signed = verify_cades(data, manifest, entry=record.SIGNATURE_NAME)
    pem = read_entry(archive, record.CERTIFICATE_NAME, MAX_SIGNATURE, "10.7")
    if pem != certificate_pem(signed.certificate, signed.chain):
        raise BundleError(
            msg("it isn't the certificate that the signature was made with"),
            entry=record.CERTIFICATE_NAME,
            clause="10.7",
        )
    _refuse_future(signed.signed_at, now, record.SIGNATURE_NAME, "10.7")
    if signed.timestamp is not None:
        _refuse_future(signed.timestamp.time, now, record.SIGNATURE_NAME, "9.9")
    if bundle.time_stamp != (signed.timestamp is not None):
        raise BundleError(
            msg("it lacks the time-stamp that handover.json says it has")
            if bundle.time_stamp
            else msg("it has a time-stamp, and handover.json says that it has none: it was added later"),
            entry=record.SIGNATURE_NAME,
            clause="9.9",
        )
    proven = proven_time(signed.timestamp, anchors)
    name = common_name(signed.certificate)
    signature = Signature(name, fingerprint(signed.certificate), signed.signed_at, proven)
    notes = _time_notes(signed.certificate, signature, now, stamped=signed.timestamp is not None, anchors=anchors)
    words = msg("bundle: signed with the key of {name}", name=name)
    return Sealer(signature, signed.certificate, signed.chain, describe(signed.certificate).subject, notes), words


def _refuse_future(moment: dt.datetime, now: dt.datetime, entry: str, clause: str) -> None:
    if moment > now + CLOCK_TOLERANCE:
        raise BundleError(
            msg("it says that it was made in the future ({moment:%Y-%m-%d %H:%M} UTC)", moment=moment),
            entry=entry,
            clause=clause,
            hint=msg("check this computer's clock"),
        )


def _time_notes(
    certificate: "Certificate", signature: Signature, now: dt.datetime, *, stamped: bool, anchors: Anchors
) -> tuple[str, ...]:
    """What a reader must know about the times: an authority that nobody named, an expired certificate."""
    notes = []
    if stamped and signature.timestamp is None:
        given = anchors.time_authorities or anchors.authorities
        other = (
            msg("isn't by an authority that you named") if given else msg("can be shown once you name its authority")
        )
        notes.append(msg("the time-stamp {other}{more}", other=other, more="" if given else " (--tsa-ca)"))
    if now > certificate.not_valid_after_utc:
        expired = msg(
            "{name}'s certificate expired on {moment:%Y-%m-%d}",
            name=signature.name,
            moment=certificate.not_valid_after_utc,
        )
        if signature.timestamp is None:
            notes.append(
                msg(
                    "{expired}: nothing but its signer's own clock says that the signature is older than that",
                    expired=expired,
                )
            )
        else:
            notes.append(msg("{expired}, after the time-stamp", expired=expired))
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """Who signed the letter, in their order, and which owners haven't yet, by name."""

    signatures: tuple[Signature, ...]
    missing: tuple[str, ...]


def check_letter(
    archive: "Contents", bundle: record.BundleRecord, sealer: Signature | None, now: dt.datetime
) -> tuple[CheckedLetter, str]:
    """Verify the letter's own signatures, and that it belongs here; gives them and what was checked, in words.

    `sealer` is None in a bundle that waits for signatures. Raises BundleError: section 8 for a letter that isn't
    intact, isn't its owners', or was written for somebody else; 10.8 for one whose last signature is by another key
    than the bundle's, or that was signed after it.
    """
    from handover.bundle.verify.owners import check_binding, check_owners, check_sealer
    from handover.seal.certificates import common_name, fingerprint
    from handover.seal.letter_verify import is_unsigned, verify_letter, verify_unsigned

    entry = next(document.name for document in bundle.entries if document.role is Role.LETTER)
    content = read_entry(archive, entry, MAX_LETTER, "10.8")
    waits = sealer is None
    if waits and is_unsigned(content, entry=entry):
        check_binding(bundle, verify_unsigned(content, entry=entry), entry)
        missing = check_owners(bundle, (), entry)
        return CheckedLetter((), missing), msg(
            "letter for this client, not signed yet by {missing}", missing=all_of(missing)
        )
    letter = verify_letter(content, entry=entry, more_to_come=waits)
    check_binding(bundle, letter.binding, entry)
    signatures = tuple(
        Signature(common_name(one.certificate), fingerprint(one.certificate), one.signed_at) for one in letter.all
    )
    if sealer is not None:
        check_sealer(signatures[-1], sealer, entry)
    missing = check_owners(bundle, signatures, entry)
    latest = max(signature.signed_at for signature in signatures)
    if sealer is not None and latest > sealer.signed_at + CLOCK_TOLERANCE:
        raise BundleError(msg("it says that it was signed after the bundle that holds it"), entry=entry, clause="10.8")
    _refuse_future(latest, now, entry, "10.8")
    named = counted(
        "key of {signatures}",
        "keys of {signatures}",
        len(signatures),
        signatures=all_of(signature.name for signature in signatures),
    )
    rest = msg("{missing} still to come", missing=all_of(missing)) if missing else msg("nothing in it left uncovered")
    return CheckedLetter(signatures, missing), msg(
        "letter: signed with the {named}, for this client; {rest}", named=named, rest=rest
    )


def check_inventory(archive: "Contents", bundle: record.BundleRecord) -> str:
    """That the inventory, the credentials beside it and the recipient's copy are encrypted, in words.

    Raises BundleError (10.9).
    """
    from handover.formats.kdbx import check_written
    from handover.seal.encryption import read_parameters

    found = [document.name for document in bundle.entries if document.role is Role.INVENTORY]
    for name in found:
        try:
            read_parameters(read_encrypted(archive, name))
        except HandoverError as error:
            raise BundleError(error.message, entry=name, clause="10.9", hint=error.hint) from None
    for document in [d for d in bundle.entries if d.role is Role.RECIPIENT_COPY]:
        if not read_encrypted(archive, document.name).startswith(_AGE_HEADER):
            raise BundleError(msg("it isn't encrypted in the age format"), entry=document.name, clause="10.9")
    kdbx = [document.name for document in bundle.entries if document.role is Role.CREDENTIALS]
    for name in kdbx:
        try:
            check_written(read_encrypted(archive, name), name=name)
        except HandoverError as error:
            raise BundleError(without_place(error.message, name), entry=name, clause="10.9") from None
    words = msg("inventory: encrypted (AES-256, SHA-512, 100,000 rounds or more)")
    beside = msg("; credentials: KDBX 4 (AES-256, Argon2id over 64 MiB in 3 passes)") if kdbx else ""
    return words + beside if found else msg("inventory: encrypted to the client's own key")
