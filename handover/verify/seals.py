"""Steps 10.7 to 10.9: the bundle's signature, the letter's, and the inventory's encryption.

Role: asks `handover.seal` about each sealed entry and says who signed. Whose key that is, `trust` asks; what the
inventory holds, only the passphrase tells.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from handover import record
from handover.artifact import Role
from handover.errors import BundleError, HandoverError
from handover.verify.reading import MAX_LETTER, MAX_SIGNATURE, read_encrypted, read_entry
from handover.verify.report import Signature

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from handover.archive import Archive

_AGE_HEADER: Final = b"age-encryption.org/v1\n"
_CLOCK_TOLERANCE: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Who signed the bundle: the signature, and its certificate with the issuers that came along."""

    signature: Signature
    certificate: "Certificate"
    chain: "tuple[Certificate, ...]"


def check_bundle_signature(
    archive: "Archive", manifest: bytes, bundle: record.BundleRecord, now: dt.datetime
) -> tuple[Sealer, str]:
    """Verify the signature over `manifest`; gives the sealer and what was checked, in words.

    `now` (aware) is the time of checking. Raises BundleError (10.7, or section 9's clauses).
    """
    from handover.seal.cades import verify_cades
    from handover.seal.certificates import certificate_pem, check_may_sign

    data = read_entry(archive, record.SIGNATURE_NAME, MAX_SIGNATURE, "10.7")
    signed = verify_cades(data, manifest, entry=record.SIGNATURE_NAME)
    pem = read_entry(archive, record.CERTIFICATE_NAME, MAX_SIGNATURE, "10.7")
    if pem != certificate_pem(signed.certificate, signed.chain):
        raise BundleError(
            "it isn't the certificate that the signature was made with", entry=record.CERTIFICATE_NAME, clause="10.7"
        )
    check_may_sign(signed.certificate, signed.signed_at)
    if signed.signed_at > now + _CLOCK_TOLERANCE:
        raise BundleError(
            f"it says that it was made in the future ({signed.signed_at:%Y-%m-%d %H:%M} UTC)",
            entry=record.SIGNATURE_NAME,
            clause="10.7",
            hint="check this computer's clock",
        )
    stamp = None if signed.timestamp is None else signed.timestamp.time
    signature = _signature(signed.certificate, signed.signed_at, bundle, stamp)
    words = f"bundle signed by {signature.name} on {signed.signed_at:%Y-%m-%d %H:%M} UTC"
    return Sealer(signature, signed.certificate, signed.chain), words


def check_letter(archive: "Archive", bundle: record.BundleRecord) -> tuple[Signature, str]:
    """Verify the letter's own signature; gives it and what was checked, in words. Raises BundleError (section 8)."""
    from handover.seal.letter_verify import verify_letter

    name = next(document.name for document in bundle.entries if document.role is Role.LETTER)
    signed = verify_letter(read_entry(archive, name, MAX_LETTER, "10.8"), entry=name)
    signature = _signature(signed.certificate, signed.signed_at, bundle)
    return signature, f"letter signed by {signature.name}, nothing in it left uncovered"


def check_inventory(archive: "Archive", bundle: record.BundleRecord) -> str:
    """That the inventory and the recipient's copy are encrypted; gives that in words. Raises BundleError (10.9)."""
    from handover.seal.agile import read_parameters

    found = [document.name for document in bundle.entries if document.role is Role.INVENTORY]
    for name in found:
        try:
            read_parameters(read_encrypted(archive, name))
        except HandoverError as error:
            raise BundleError(error.message, entry=name, clause="10.9", hint=error.hint) from None
    for document in [d for d in bundle.entries if d.role is Role.RECIPIENT_COPY]:
        if not read_encrypted(archive, document.name).startswith(_AGE_HEADER):
            raise BundleError("it isn't encrypted in the age format", entry=document.name, clause="10.9")
    words = "inventory: encrypted (AES-256, SHA-512, 100,000 rounds or more)"
    return words if found else "inventory: encrypted to the client's own key"


def _signature(
    certificate: "Certificate",
    signed_at: dt.datetime,
    bundle: record.BundleRecord,
    timestamp: dt.datetime | None = None,
) -> Signature:
    from handover.seal.certificates import common_name, fingerprint

    digest = fingerprint(certificate)
    return Signature(
        name=common_name(certificate),
        fingerprint=digest,
        signed_at=signed_at,
        named_by_project=digest == bundle.owner_certificate_sha256,
        timestamp=timestamp,
    )
