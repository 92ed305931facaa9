"""Steps 10.7 to 10.10: the bundle's signature, the letter's and its owners, the inventory's encryption, and trust.

Role: asks `handover.seal` about each sealed entry, says who signed, and compares signers, owners and what the user gave
to recognise them by. The pins come from the bundle itself: they say that it agrees with itself, and nothing inside a
bundle, certificates and settings included, is a reason to trust it. What the inventory holds, only its passphrase says.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.bundle import binding, record
from handover.bundle.verify.reading import MAX_LETTER, MAX_SIGNATURE, read_encrypted, read_entry
from handover.bundle.verify.report import Anchors, Passed, Signature, Trust
from handover.model.artifact import Role
from handover.model.errors import BundleError, HandoverError, UnknownSigner
from handover.model.message import all_of, counted, msg, without_place

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.bundle.read import Contents
    from handover.seal.letter_verify import LetterSignature
    from handover.seal.timestamp import Timestamp

_TAKEN: Final = msg("somebody may have taken another bundle's letter: ask its signer for the bundle, by another way")
CLOCK_TOLERANCE: Final = dt.timedelta(hours=1)
"""How far two clocks may be apart: the signer's, an authority's and the reader's (format 9.9)."""


class Sealer(NamedTuple):
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
    proven = _proven_time(signed.timestamp, anchors)
    name = common_name(signed.certificate)
    signature = Signature(name, fingerprint(signed.certificate), signed.signed_at, proven)
    notes = _time_notes(signed.certificate, signature, now, stamped=signed.timestamp is not None, anchors=anchors)
    words = msg("bundle: signed with a key that calls itself {name}", name=signature.called)
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
        notes.append(
            msg("the time-stamp isn't by an authority that you named")
            if anchors.time_authorities or anchors.authorities
            else msg("the time-stamp can be shown once you name its authority (--tsa-ca)")
        )
    return (*notes, *_expired(certificate, signature.name, now, signature.timestamp))


def _expired(
    certificate: "Certificate", name: str, now: dt.datetime, proven: dt.datetime | None = None
) -> tuple[str, ...]:
    """That a signer's certificate has expired, and what says that they signed before: `proven`, if anything."""
    end = certificate.not_valid_after_utc
    if now <= end:
        return ()
    expired = msg("the certificate that calls itself {name} expired on {moment:%Y-%m-%d}", name=name, moment=end)
    if proven is not None and proven <= end:
        return (msg("{expired}, after the time-stamp", expired=expired),)
    return (msg("{expired}: nothing but its signer's own clock says that the signature is older", expired=expired),)


class CheckedLetter(NamedTuple):
    """Who signed the letter, in their order, and which owners haven't yet, by name."""

    signatures: tuple[Signature, ...] = ()
    missing: tuple[str, ...] = ()
    certificates: "tuple[Certificate, ...]" = ()


def notes_beside(
    letter: CheckedLetter,
    certificates: "Iterable[Certificate]",
    sealer: Sealer | None,
    anchors: Anchors,
    bundle: record.BundleRecord,
    now: dt.datetime,
) -> tuple[str, ...]:
    """What must be told of the signatures that aren't the seal: what they cover, whose they are, expired keys.

    `certificates` are the letter's and the notice's. Whose a further signature is, the bundle's own pins say, so its
    sealer alone; what a time-stamp proves of the seal, it proves of the letter in it.
    """
    from handover.seal.certificates import common_name

    notes = []
    if sealer is not None:
        others = [one for one in letter.signatures if one.fingerprint != sealer.signature.fingerprint]
        if others:
            names = all_of(bundle.pins[one.fingerprint] for one in others)
            notes.append(msg("{names} signed the letter alone; the last signature covers all the rest", names=names))
        notes += [
            msg(
                "that {name} signed the letter as well, only whoever sealed the bundle says; compare this fingerprint "
                "with {name}, too:\n{groups}",
                name=bundle.pins[one.fingerprint],
                groups=one.groups,
            )
            for one in others
            if one.fingerprint not in anchors.fingerprints
        ]
    sealed, proven = (sealer.certificate, sealer.signature.timestamp) if sealer else (None, None)
    for certificate in dict.fromkeys(certificates):
        if certificate != sealed:
            notes += _expired(certificate, common_name(certificate), now, proven)
    return tuple(notes)


def check_letter(
    archive: "Contents", bundle: record.BundleRecord, sealer: Signature | None, now: dt.datetime
) -> tuple[CheckedLetter, str]:
    """Verify the letter's own signatures, and that it belongs here; gives them and what was checked, in words.

    `sealer` is None in a bundle that waits for signatures. Raises BundleError: section 8 for a letter that isn't
    intact, isn't its owners', or was written for somebody else; 10.8 for one whose last signature is by another key
    than the bundle's, or that was signed after it.
    """
    from handover.seal.letter_verify import is_unsigned, verify_letter, verify_unsigned

    entry = bundle.name(Role.LETTER)
    content = read_entry(archive, entry, MAX_LETTER, "10.8")
    waits = sealer is None
    if waits and is_unsigned(content, entry=entry):
        _check_letters_binding(bundle, verify_unsigned(content, entry=entry), entry)
        missing = _check_owners(bundle, (), entry)
        words = msg("letter for this client, not signed yet by {missing}", missing=all_of(missing))
        return CheckedLetter(missing=missing), words
    letter = verify_letter(content, entry=entry, more_to_come=waits)
    _check_letters_binding(bundle, letter.binding, entry)
    signatures = _signatures(letter)
    if sealer is not None and signatures[-1].fingerprint != sealer.fingerprint:
        raise BundleError(
            msg(
                "it's signed with another key, said to be {name}'s, than the bundle around it, whose key is said "
                "to be {sealer_name}'s",
                name=signatures[-1].name,
                sealer_name=sealer.name,
            ),
            entry=entry,
            clause="10.8",
            hint=_TAKEN,
        )
    missing = _check_owners(bundle, signatures, entry, clause="" if waits else "8.8")
    if waits and not missing:
        raise BundleError(msg("every owner has signed it, and the bundle says to be signed"), entry=entry, clause="5.3")
    latest = max(signature.signed_at for signature in signatures)
    if sealer is not None and latest > sealer.signed_at + CLOCK_TOLERANCE:
        raise BundleError(msg("it says that it was signed after the bundle that holds it"), entry=entry, clause="10.8")
    _refuse_future(latest, now, entry, "10.8")
    named = counted(
        "a key that calls itself {signatures}",
        "keys that call themselves {signatures}",
        len(signatures),
        signatures=all_of(signature.called for signature in signatures),
    )
    rest = msg("{missing} still to come", missing=all_of(missing)) if missing else msg("nothing in it left uncovered")
    words = msg("letter: signed with {named}, for this client; {rest}", named=named, rest=rest)
    return CheckedLetter(signatures, missing, tuple(one.certificate for one in letter.all)), words


def _check_owners(
    bundle: record.BundleRecord, signatures: Iterable[Signature], entry: str, *, clause: str = ""
) -> tuple[str, ...]:
    """The owners who haven't signed the letter yet, by name.

    Raises BundleError: 8.8 for a signature that is no owner's, `clause` for one that is missing where none may be.
    """
    signed = {signature.fingerprint: signature.name for signature in signatures}
    if others := [name for pin, name in signed.items() if pin not in bundle.pins]:
        raise BundleError(
            msg("it's signed with a key, said to be {name}'s, that is pinned for no owner", name=others[0]),
            entry=entry,
            clause="8.8",
            hint=_TAKEN,
        )
    missing = tuple(name for pin, name in bundle.pins.items() if pin not in signed)
    if clause and missing:
        raise BundleError(
            msg("{missing} must have signed it, and hasn't", missing=all_of(missing)), entry=entry, clause=clause
        )
    return missing


def _signatures(letter: "LetterSignature") -> tuple[Signature, ...]:
    from handover.seal.certificates import common_name, fingerprint

    return tuple(
        Signature(common_name(one.certificate), fingerprint(one.certificate), one.signed_at) for one in letter.all
    )


def _check_binding(bundle: record.BundleRecord, bound: bytes, entry: str, kind: binding.Kind) -> binding.Bound:
    """That it was made as one of its kind, for this bundle's client; gives what it binds. Raises BundleError (8.7)."""
    found = binding.read_binding(bound, entry)
    binding.check_kind(found, kind, bundle.client, entry)
    return found


def _check_letters_binding(bundle: record.BundleRecord, bound: bytes, entry: str) -> None:
    """The same for the letter, which was made with this bundle: on its day, too."""
    found = _check_binding(bundle, bound, entry, binding.Kind.LETTER)
    if found.made != bundle.date.isoformat():
        raise BundleError(
            msg("it was made for a bundle of {made}, and handover.json says {date}", made=found.made, date=bundle.date),
            entry=entry,
            clause="8.7",
            hint=_TAKEN,
        )


def check_notice(
    archive: "Contents", bundle: record.BundleRecord, now: dt.datetime
) -> "tuple[tuple[Certificate, ...], str]":
    """Verify the notice that was signed before the bundle; gives whose certificates signed it, and what was checked in
    words; nothing without one.

    Raises BundleError: section 8, as for a letter, and 8.11 where an owner's signature is missing.
    """
    from handover.seal.letter_verify import verify_letter

    if not (entry := bundle.name(Role.NOTICE)):
        return (), ""
    notice = verify_letter(read_entry(archive, entry, MAX_LETTER, "10.8"), entry=entry)
    day = _check_binding(bundle, notice.binding, entry, binding.Kind.NOTICE).date
    _check_owners(bundle, _signatures(notice), entry, clause="8.11")
    _refuse_future(max(one.signed_at for one in notice.all), now, entry, "10.8")
    words = msg("notice of {day}: as every owner signed it, for this client", day=day)
    return tuple(one.certificate for one in notice.all), words


def check_inventory(archive: "Contents", bundle: record.BundleRecord) -> str:
    """That the inventory, the credentials beside it and the recipient's copy are encrypted, in words.

    Raises BundleError (10.9).
    """
    from handover.formats.kdbx import check_written
    from handover.seal import recipient
    from handover.seal.encryption import read_parameters, size_of

    found, kdbx = bundle.names(Role.INVENTORY), bundle.names(Role.CREDENTIALS)
    for name in found:
        try:
            read_parameters(read_encrypted(archive, name))
        except HandoverError as error:
            raise BundleError(error.message, entry=name, clause="10.9", hint=error.hint) from None
    for name in bundle.names(Role.RECIPIENT_COPY):
        try:
            size = size_of(read_encrypted(archive, found[0]), name) if found else None
            recipient.check_written(read_encrypted(archive, name), size, name)
        except HandoverError as error:
            raise BundleError(without_place(error.message, name), entry=name, clause="10.9") from None
    for name in kdbx:
        try:
            check_written(read_encrypted(archive, name), name=name)
        except HandoverError as error:
            raise BundleError(without_place(error.message, name), entry=name, clause="10.9") from None
    words = msg("inventory: encrypted (AES-256, SHA-512, 100,000 rounds or more)")
    beside = msg("; credentials: KDBX 4 (AES-256, Argon2id over 64 MiB in 3 passes)") if kdbx else ""
    return words + beside if found else msg("inventory: encrypted to the client's own key")


class Judgement(NamedTuple):
    """What the user's anchors say of the sealer."""

    trust: Trust
    authority: str = ""
    """Who vouches for the sealer's name, where it was recognised by an authority."""
    doubt: str = ""
    """Why an authority that was given doesn't vouch for the sealer."""


def judge_trust(sealer: Sealer, anchors: Anchors, at: dt.datetime, passed: Passed) -> Judgement:
    """MATCHED when the certificate is pinned or leads to an authority that was given, else UNKNOWN; never an error.

    Where a key was named, it alone decides: an authority vouches for many, and may be named for its times.
    `at` (aware) is the time at which the certificate must have been valid for an authority to vouch for it.
    """
    from handover.seal.certificates import check_signer_chain, common_name

    if sealer.signature.fingerprint in anchors.fingerprints:
        passed("10.10", msg("signer: the certificate is the one that was given"))
        return Judgement(Trust.MATCHED)
    if anchors.fingerprints or not anchors.authorities:
        return Judgement(Trust.UNKNOWN)
    try:
        found = check_signer_chain(sealer.certificate, sealer.chain, anchors.authorities, at)
    except UnknownSigner as error:
        return Judgement(Trust.UNKNOWN, doubt=error.message)
    if found == sealer.certificate:
        passed("10.10", msg("signer: the certificate is the one that was given"))
        return Judgement(Trust.MATCHED)
    passed("10.10", msg("signer: the certificate leads to {found}, which was given", found=common_name(found)))
    return Judgement(Trust.MATCHED, authority=common_name(found))


def _proven_time(stamp: "Timestamp | None", anchors: Anchors) -> dt.datetime | None:
    """The time of a time-stamp whose authority the user named, or None: anyone can run an authority of their own."""
    from handover.seal.certificates import check_chain

    if stamp is None:
        return None
    named: tuple[Certificate, ...] = (*anchors.time_authorities, *anchors.authorities)
    try:
        check_chain(stamp.certificate, (), named, stamp.time)
    except UnknownSigner:
        return None
    return stamp.time
