"""CAdES-BES signatures, detached, over one small content: the bundle's manifest.

Role: makes and checks `META-INF/signature.p7s` (ETSI EN 319 122-1; CMS is RFC 5652; docs/format.md, 9.5 to 9.9).
A signature has exactly one DER form here, so checking it is: read its few variable fields, build it again from
them, demand the same octets, then check the signature itself. It knows nothing of zips and manifests, and a valid
signature says who holds a key, never who that is.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from handover.model.errors import BundleError, DamagedFile, SigningError
from handover.model.message import msg
from handover.seal import asn1
from handover.seal.certificates import (
    SignatureAlgorithm,
    algorithm_of,
    check_may_sign,
    load_certificate,
    verify_signature,
)
from handover.seal.keys import SigningIdentity
from handover.seal.timestamp import Timestamp, verify_token

MAXIMUM_SIGNATURE_BYTES = 1024 * 1024
CLOCK_TOLERANCE = timedelta(hours=1)
"""How far the signer's clock may be ahead of the time-stamping authority's."""
_METHODS = {SignatureAlgorithm.RSA: asn1.SHA256_RSA, SignatureAlgorithm.ECDSA: asn1.SHA256_ECDSA}
_SIGNED_ATTRIBUTES = frozenset({"content_type", "signing_time", "message_digest", "signing_certificate_v2"})
_TOKEN = "signature_time_stamp_token"  # noqa: S105 — an attribute's name


class CadesSignature(NamedTuple):
    """A checked signature: the signer's certificate, its issuers (nearest first), the time that the signer states
    (UTC) and, where there is one, the time-stamp."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime
    timestamp: Timestamp | None = None


def sign_cades(
    content: bytes,
    identity: SigningIdentity,
    signed_at: datetime,
    *,
    timestamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """Detached CAdES-BES signature over `content`, in DER.

    `signed_at` is an aware time, stated in whole seconds. `timestamp` takes the signature value and gives an
    RFC 3161 token (`request_timestamp`), which makes it a CAdES-T. Raises `SigningError` for an identity that may
    not sign at that time.
    """
    moment = whole_seconds(signed_at)
    check_may_sign(identity.certificate, moment)
    chain = (identity.certificate, *identity.chain)
    attributes = asn1.cades_attributes(hashlib.sha256(content).digest(), moment, [_der(one) for one in chain])
    signature = identity.sign(attributes)
    return _form(chain, attributes, signature, timestamp(signature) if timestamp else None).der()


def whole_seconds(moment: datetime) -> datetime:
    """An aware time in UTC without its fraction of a second; `SigningError` for one without a zone."""
    if moment.tzinfo is None:
        raise SigningError(msg("a signing time needs its zone"))
    return moment.astimezone(UTC).replace(microsecond=0)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _form(
    chain: Sequence[x509.Certificate], attributes: bytes, signature: bytes, token: bytes | None
) -> asn1.SignedData:
    """The one form of docs/format.md 9.5 to 9.9 for these fields."""
    certificates = tuple(_der(certificate) for certificate in chain)
    return asn1.SignedData(
        version=1,
        kind="data",
        content=None,
        certificates=certificates,
        signer_version=1,
        signer=asn1.issuer_and_serial(certificates[0]),
        digest=asn1.SHA256,
        attributes=attributes,
        method=_METHODS[algorithm_of(chain[0])],
        signature=signature,
        unsigned=((_TOKEN, (token,)),) if token is not None else (),
    )


def verify_cades(p7s: bytes, content: bytes, *, entry: str = "META-INF/signature.p7s") -> CadesSignature:
    """Check a detached signature over `content`; gives who signed and when.

    Refused: anything but the one DER form of docs/format.md 9.5 to 9.9, a digest of other content, a signature by
    another key, a signer who may not sign at the stated time, a time-stamp that is older than the stated time.
    `entry` names the signature in messages. Raises `BundleError`; says nothing about trust.
    """
    try:
        return _verify(p7s, content)
    except asn1.MALFORMED:
        refusal = _refused(msg("it isn't a CMS signature in DER"), "9.5")
    except (DamagedFile, SigningError) as error:
        refusal = _refused(error.message, "9.8")
    except BundleError as error:
        refusal = error
    refusal.entry = entry
    raise refusal


def _refused(reason: str, clause: str) -> BundleError:
    return BundleError(reason, clause=clause, hint=msg("ask the sender for the bundle again, by another way"))


def _verify(p7s: bytes, content: bytes) -> CadesSignature:
    if len(p7s) > MAXIMUM_SIGNATURE_BYTES:
        raise _refused(msg("it is larger than a signature may be"), "9.5")
    asn1.check_der(p7s)
    data = asn1.signed_data(p7s)
    if data is None:
        raise _refused(msg("it isn't SignedData"), "9.5")
    if data.signers != 1:
        raise _refused(msg("it must have one signer, has {count}", count=data.signers), "9.5")
    values, odd = asn1.attribute_values(data, _SIGNED_ATTRIBUTES)
    if odd:
        raise _refused(msg("it has an unexpected signed attribute ({name})", name=odd), "9.6")
    if missing := sorted(_SIGNED_ATTRIBUTES - values.keys()):
        raise _refused(msg("it lacks the signed attribute {missing}", missing=missing[0].replace("_", "-")), "9.6")
    signed_at, signature = values["signing_time"], data.signature
    chain = _chain(data.certificates, values["signing_certificate_v2"])
    attributes = asn1.cades_attributes(values["message_digest"], signed_at, [_der(one) for one in chain])
    token = _token(data)
    if _form(chain, attributes, signature, token).der() != p7s:
        raise _refused(msg("it isn't in the form that docs/format.md gives: an octet was changed or added"), "9.5")
    verify_signature(chain[0], signature, attributes)
    if values["message_digest"] != hashlib.sha256(content).digest():
        raise _refused(msg("it signs other content than the manifest in this bundle"), "9.6")
    check_may_sign(chain[0], signed_at)
    return CadesSignature(chain[0], tuple(chain[1:]), signed_at, _timestamp(token, signature, signed_at))


def _timestamp(token: bytes | None, signature: bytes, signed_at: datetime) -> Timestamp | None:
    if token is None:
        return None
    try:
        timestamp = verify_token(token, signature)
    except DamagedFile as error:
        raise _refused(error.message, "9.9") from None
    if timestamp.time < signed_at - CLOCK_TOLERANCE:
        raise _refused(msg("it states a signing time after its time-stamp"), "9.9")
    return timestamp


def _chain(certificates: Sequence[bytes], named: Any) -> list[x509.Certificate]:
    """The certificates in the order in which the signed attribute names them: the signer's first."""
    held = {hashlib.sha256(der).digest(): der for der in certificates}
    hashes = [entry["cert_hash"] for entry in named["certs"]]
    if len(held) != len(certificates) or len(hashes) != len(set(hashes)) or set(hashes) != set(held):
        raise _refused(msg("it holds other certificates than its signer named"), "9.7")
    return [load_certificate(held[value], msg("a certificate of the signature")) for value in hashes]


def _token(data: asn1.SignedData) -> bytes | None:
    if not data.unsigned:
        return None
    ((name, values),) = data.unsigned
    if name != _TOKEN or len(values) != 1:
        raise _refused(msg("it has an unexpected unsigned attribute"), "9.9")
    return values[0]
