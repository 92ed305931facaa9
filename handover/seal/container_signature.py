"""CAdES-BES signatures, detached, over one small content: the bundle's manifest.

Role: makes and checks `META-INF/signature.p7s` (ETSI EN 319 122-1; CMS is RFC 5652; docs/format.md, 9.5 to 9.9).
A signature has exactly one DER form here, so checking it is: read its few variable fields, build it again from
them, demand the same octets, then check the signature itself. It knows nothing of zips and manifests, and a valid
signature says who holds a key, never who that is.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from handover.model.errors import BundleError, DamagedFile, SigningError
from handover.model.message import msg
from handover.seal.certificates import (
    SignatureAlgorithm,
    algorithm_of,
    check_may_sign,
    load_certificate,
    verify_signature,
)
from handover.seal.der import MALFORMED, check_der
from handover.seal.keys import SigningIdentity
from handover.seal.timestamp import Timestamp, verify_token

MAXIMUM_SIGNATURE_BYTES = 1024 * 1024
CLOCK_TOLERANCE = timedelta(hours=1)
"""How far the signer's clock may be ahead of the time-stamping authority's."""
UTC_TIME_YEARS = range(1950, 2050)
"""Years that RFC 5652, 11.3 writes as UTCTime; others are GeneralizedTime."""
_SHA256_IDENTIFIER = bytes.fromhex("300b0609608648016503040201")
_SIGNED_ATTRIBUTES = frozenset({"content_type", "signing_time", "message_digest", "signing_certificate_v2"})


@dataclass(frozen=True, slots=True)
class CadesSignature:
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
    attributes = _signed_attributes(hashlib.sha256(content).digest(), moment, chain)
    signature = identity.sign(attributes.dump())
    token = timestamp(signature) if timestamp else None
    return _build(chain, attributes, signature, token)


def whole_seconds(moment: datetime) -> datetime:
    """An aware time in UTC without its fraction of a second; `SigningError` for one without a zone."""
    if moment.tzinfo is None:
        raise SigningError(msg("a signing time needs its zone"))
    return moment.astimezone(UTC).replace(microsecond=0)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _signed_attributes(digest: bytes, signed_at: datetime, chain: Sequence[x509.Certificate]) -> cms.CMSAttributes:
    """The four attributes of docs/format.md 9.6, as the DER SET OF that is signed (RFC 5652, 5.4)."""
    kind = "utc_time" if signed_at.year in UTC_TIME_YEARS else "generalized_time"
    # Every certificate of the chain is named, so that the signature covers those that travel with it (RFC 5035, 3).
    named = [{"cert_hash": hashlib.sha256(_der(certificate)).digest()} for certificate in chain]
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [cms.Time(name=kind, value=signed_at)]},
            {"type": "message_digest", "values": [digest]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": named})]},
        ]
    )


def _sha256() -> algos.DigestAlgorithm:
    # RFC 5754, 2: without parameters; building it with asn1crypto would write NULL.
    return algos.DigestAlgorithm.load(_SHA256_IDENTIFIER)


def _signature_algorithm(certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    # RFC 5754, 3.2: RSA has NULL parameters; 3.3: ECDSA has none.
    if algorithm_of(certificate) is SignatureAlgorithm.RSA:
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


def _build(
    chain: Sequence[x509.Certificate], attributes: cms.CMSAttributes, signature: bytes, token: bytes | None
) -> bytes:
    certificates = [asn1_x509.Certificate.load(_der(certificate)) for certificate in chain]
    signer: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            name="issuer_and_serial_number",
            value={"issuer": certificates[0].issuer, "serial_number": certificates[0].serial_number},
        ),
        "digest_algorithm": _sha256(),
        "signed_attrs": attributes,
        "signature_algorithm": _signature_algorithm(chain[0]),
        "signature": signature,
    }
    if token is not None:
        signer["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}]
    info = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1",
                "digest_algorithms": [_sha256()],
                "encap_content_info": {"content_type": "data"},
                "certificates": certificates,
                "signer_infos": [signer],
            },
        }
    )
    return bytes(info.dump())


def verify_cades(p7s: bytes, content: bytes, *, entry: str = "META-INF/signature.p7s") -> CadesSignature:
    """Check a detached signature over `content`; gives who signed and when.

    Refused: anything but the one DER form of docs/format.md 9.5 to 9.9, a digest of other content, a signature by
    another key, a signer who may not sign at the stated time, a time-stamp that is older than the stated time.
    `entry` names the signature in messages. Raises `BundleError`; says nothing about trust.
    """
    try:
        return _verify(p7s, content)
    except MALFORMED:
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
    check_der(p7s)
    info = cms.ContentInfo.load(p7s, strict=True)
    if info["content_type"].native != "signed_data":
        raise _refused(msg("it isn't SignedData"), "9.5")
    data = info["content"]
    if len(data["signer_infos"]) != 1:
        raise _refused(msg("it must have one signer, has {count}", count=len(data["signer_infos"])), "9.5")
    (signer,) = data["signer_infos"]
    values = _attribute_values(signer["signed_attrs"])
    signed_at = values["signing_time"].native
    chain = _chain(data["certificates"], values["signing_certificate_v2"])
    attributes = _signed_attributes(values["message_digest"].native, signed_at, chain)
    signature = signer["signature"].native
    token = _token(signer)
    if _build(chain, attributes, signature, token) != p7s:
        raise _refused(msg("it isn't in the form that docs/format.md gives: an octet was changed or added"), "9.5")
    verify_signature(chain[0], signature, attributes.dump())
    if values["message_digest"].native != hashlib.sha256(content).digest():
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


def _attribute_values(attributes: cms.CMSAttributes) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for attribute in attributes:
        name = str(attribute["type"].native)
        if name not in _SIGNED_ATTRIBUTES or name in values or len(attribute["values"]) != 1:
            raise _refused(msg("it has an unexpected signed attribute ({name})", name=name), "9.6")
        values[name] = attribute["values"][0]
    if missing := sorted(_SIGNED_ATTRIBUTES - values.keys()):
        raise _refused(msg("it lacks the signed attribute {missing}", missing=missing[0].replace("_", "-")), "9.6")
    return values


def _chain(certificates: cms.CertificateSet, named: tsp.SigningCertificateV2) -> list[x509.Certificate]:
    """The certificates in the order in which the signed attribute names them: the signer's first."""
    held = {hashlib.sha256(choice.dump()).digest(): choice.dump() for choice in certificates}
    hashes = [entry["cert_hash"].native for entry in named["certs"]]
    if len(held) != len(certificates) or len(hashes) != len(set(hashes)) or set(hashes) != set(held):
        raise _refused(msg("it holds other certificates than its signer named"), "9.7")
    return [load_certificate(bytes(held[value]), msg("a certificate of the signature")) for value in hashes]


def _token(signer: cms.SignerInfo) -> bytes | None:
    attributes = signer["unsigned_attrs"]
    if not attributes:
        return None
    (attribute,) = attributes
    if attribute["type"].native != "signature_time_stamp_token" or len(attribute["values"]) != 1:
        raise _refused(msg("it has an unexpected unsigned attribute"), "9.9")
    return bytes(attribute["values"][0].dump())
