"""What a certificate says and whether it may sign: fingerprints, usability, chains, raw signatures.

Role: everything about X.509 certificates that needs no private key and no disk (RFC 5280). The letter's and the
bundle's signatures use it to judge signers; the command line uses it to show them. It decides nothing about
trust by itself: `check_chain` answers one question about the authorities that the caller names.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from handover.model.characters import aloud
from handover.model.errors import DamagedFile, SigningError, UnknownSigner
from handover.model.message import msg

if TYPE_CHECKING:
    from cryptography.x509.verification import ExtensionPolicy

MINIMUM_RSA_BITS = 2048
"""Shortest RSA modulus accepted (ETSI TS 119 312, clause 6; NIST SP 800-131A)."""
MAXIMUM_RSA_BITS = 8192
"""Longest RSA modulus accepted: beyond it, a hostile key makes one check cost seconds."""
MAXIMUM_CERTIFICATE_BYTES = 64 * 1024
MAXIMUM_CERTIFICATES = 16
_LONGEST_NAME = 128
"""Characters of a name that are shown: twice what a common name may have (RFC 5280, appendix A.1)."""
CURVES: tuple[type[ec.EllipticCurve], ...] = (ec.SECP256R1, ec.SECP384R1)

_UNDERSTOOD: frozenset[x509.ObjectIdentifier] = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.INHIBIT_ANY_POLICY,
    }
)
"""Extensions that may be critical: a certificate with any other must be refused (RFC 5280, 4.2)."""

_FOR_DOCUMENTS: frozenset[x509.ObjectIdentifier] = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning (RFC 9336, 3)
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # Microsoft's document signing
        x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # Adobe's authentic documents trust
    }
)
"""Extended key usages of people who sign documents: a web server's certificate isn't one (RFC 5280, 4.2.1.12)."""


class SignatureAlgorithm(StrEnum):
    """The two ways a signature is made here, both with SHA-256: RSA PKCS #1 v1.5 or ECDSA."""

    RSA = "rsa"
    ECDSA = "ecdsa"


class CertificateDescription(NamedTuple):
    """What `handover keys show` and `handover verify` print about a certificate. Times are in UTC."""

    subject: str
    common_name: str
    issuer: str
    self_issued: bool
    not_before: datetime
    not_after: datetime
    key: str
    fingerprint: str
    caution: str
    """What its owner should know before they sign with it; mostly empty."""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, 64 lower-case hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def fingerprint_groups(certificate: x509.Certificate) -> str:
    """The fingerprint in sixteen groups of four lower-case digits, to be read aloud on the phone."""
    return " ".join(aloud(fingerprint(certificate)))


def parse_fingerprint(text: str) -> str:
    """A fingerprint as people write it (spaces, colons, any case) → 64 lower-case digits; `SigningError`."""
    digits = "".join(text.split()).replace(":", "").replace("-", "").lower()
    if len(digits) != 64 or any(digit not in "0123456789abcdef" for digit in digits):
        hint = msg("copy the whole line that `handover keys show` prints")
        raise SigningError(msg("a fingerprint has 64 hexadecimal digits (SHA-256)"), hint=hint)
    return digits


def describe(certificate: x509.Certificate) -> CertificateDescription:
    """What to show of a certificate; names as RFC 4514 strings."""
    return CertificateDescription(
        subject=_readable(certificate.subject),
        common_name=common_name(certificate),
        issuer=_readable(certificate.issuer),
        self_issued=certificate.subject == certificate.issuer,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        key=_key_words(certificate),
        fingerprint=fingerprint(certificate),
        caution=caution(certificate),
    )


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name, or its whole name where it has none. Control characters are shown as `?`, and what
    is longer than any name is cut."""
    values = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = _printable(str(values[0].value)) if values else _readable(certificate.subject)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _readable(name: x509.Name) -> str:
    return _printable(name.rfc4514_string())


def _printable(text: str) -> str:
    # A hostile certificate must not move the terminal's cursor or reverse the line's direction.
    return "".join(character if character.isprintable() else "?" for character in text)


def _key_words(certificate: x509.Certificate) -> str:
    key = _public_key(certificate)
    if isinstance(key, rsa.RSAPublicKey):
        return msg("RSA {key_size} bits", key_size=key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    return "unsupported"


def _public_key(certificate: x509.Certificate) -> object:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def algorithm_of(certificate: x509.Certificate) -> SignatureAlgorithm:
    """How signatures of this certificate's key are made; `SigningError` where the key can't be accepted."""
    key = _public_key(certificate)
    if isinstance(key, rsa.RSAPublicKey):
        if not MINIMUM_RSA_BITS <= key.key_size <= MAXIMUM_RSA_BITS:
            said = msg(
                "the certificate of {certificate} has an RSA key of {key_size} bits; between {least} and {most} "
                "are accepted",
                certificate=common_name(certificate),
                key_size=key.key_size,
                least=MINIMUM_RSA_BITS,
                most=MAXIMUM_RSA_BITS,
            )
            raise SigningError(said, hint=msg("use `handover keys create`, or ask the issuer for a key of 3072 bits"))
        return SignatureAlgorithm.RSA
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
        return SignatureAlgorithm.ECDSA
    message = msg(
        "the certificate of {certificate} has a kind of key that Word can't check", certificate=common_name(certificate)
    )
    raise SigningError(message, hint=msg("use an RSA key, or an elliptic-curve key on P-256 or P-384"))


def check_may_sign(certificate: x509.Certificate, at: datetime) -> SignatureAlgorithm:
    """Refuse a certificate that may not sign at the aware time `at`; gives how it signs.

    Checked: validity (RFC 5280, 4.1.2.5), kind and size of key, that no critical extension is unknown (4.2), and,
    where the key usage extension is present, that it names digitalSignature or nonRepudiation (4.2.1.3). Raises
    `SigningError`.
    """
    name = common_name(certificate)
    check_critical(certificate)
    if at < certificate.not_valid_before_utc:
        message = msg(
            "the certificate of {name} isn't valid before {moment:%Y-%m-%d %H:%M} UTC",
            name=name,
            moment=certificate.not_valid_before_utc,
        )
        raise SigningError(message, hint=msg("check this computer's clock, or wait until then"))
    if at > certificate.not_valid_after_utc:
        said = msg(
            "the certificate of {name} expired on {moment:%Y-%m-%d}", name=name, moment=certificate.not_valid_after_utc
        )
        hint = msg("create a new key with `handover keys create`, or import a renewed certificate")
        raise SigningError(said, hint=hint)
    usage = next((e.value for e in _extensions(certificate) if isinstance(e.value, x509.KeyUsage)), None)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        message = msg(
            "the certificate of {name} isn't made for signing: its key usage lacks digitalSignature", name=name
        )
        raise SigningError(message, hint=msg("import a certificate for signing documents"))
    return algorithm_of(certificate)


def check_critical(certificate: x509.Certificate) -> None:
    """Refuse a certificate with a critical extension that isn't known here (RFC 5280, 4.2); `SigningError`."""
    unknown = [e.oid for e in _extensions(certificate) if e.critical and e.oid not in _UNDERSTOOD]
    if unknown:
        raise SigningError(
            msg(
                "the certificate of {certificate} demands that its reader knows the extension {dotted_string}, "
                "which isn't known here",
                certificate=common_name(certificate),
                dotted_string=unknown[0].dotted_string,
            ),
            hint=msg("use a certificate for signing documents, or one of `handover keys create`"),
        )


def _extensions(certificate: x509.Certificate) -> x509.Extensions:
    try:
        return certificate.extensions
    except (ValueError, x509.DuplicateExtension) as error:
        raise SigningError(
            msg("the certificate of {certificate} has malformed extensions", certificate=common_name(certificate))
        ) from error


def verify_signature(certificate: x509.Certificate, signature: bytes, data: bytes) -> None:
    """Check a signature over `data` with SHA-256; ECDSA signatures are in DER (RFC 3279, 2.2.3).

    Returns nothing: raises `SigningError` where the signature isn't this key's.
    """
    algorithm_of(certificate)
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SigningError(
            msg("the signature isn't the one that the key of {certificate} makes", certificate=common_name(certificate))
        ) from None


def load_certificate(der: bytes, place: str) -> x509.Certificate:
    """A certificate from its DER; `DamagedFile` names `place`."""
    if len(der) > MAXIMUM_CERTIFICATE_BYTES:
        raise DamagedFile.at(place, msg("a certificate larger than {most} KB", most=MAXIMUM_CERTIFICATE_BYTES // 1024))
    try:
        certificate = x509.load_der_x509_certificate(der)
        # What is parsed lazily must fail here, not where it's shown.
        _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.not_valid_after_utc)
    except (ValueError, TypeError, x509.DuplicateExtension, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        message = msg("not a certificate that can be read")
        raise DamagedFile.at(place, message, hint=msg("name a certificate file, as PEM (.pem, .crt) or DER")) from error
    return certificate


def load_certificates(data: bytes, place: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM or DER file (`--cert`, `--ca`), in its order; `DamagedFile` names `place`."""
    if len(data) > MAXIMUM_CERTIFICATES * MAXIMUM_CERTIFICATE_BYTES:
        raise DamagedFile.at(place, msg("too large for a file of certificates"))
    if b"-----BEGIN CERTIFICATE-----" not in data:
        return (load_certificate(data, place),)
    try:
        found = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError) as error:
        raise DamagedFile.at(place, msg("a PEM certificate in it can't be read")) from error
    return tuple(load_certificate(c.public_bytes(serialization.Encoding.DER), place) for c in found)


def certificate_pem(certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()) -> bytes:
    """`signer-certificate.pem`: the signer's certificate first, then its issuers (RFC 7468)."""
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (certificate, *chain))


def ordered_chain(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The issuers of `certificate` found among `others`, nearest first; unrelated ones are left out."""
    chain: list[x509.Certificate] = []
    current = certificate
    while current.subject != current.issuer and len(chain) < MAXIMUM_CERTIFICATES:
        issuer = next((c for c in others if c not in chain and _issued(c, current)), None)
        if issuer is None:
            break
        chain.append(issuer)
        current = issuer
    return tuple(chain)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def check_signer_chain(
    certificate: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    at: datetime,
) -> x509.Certificate:
    """Demand that `certificate` is for signing documents and leads to one of `authorities` then; gives that one.

    As `check_chain`; besides, the certificate is no authority's own, and its extended key usage, where it has one, is
    for documents or e-mail: whoever may run a web server doesn't sign letters. Raises `UnknownSigner`.
    """
    if certificate not in authorities and (reason := _unfit(certificate)):
        raise _unknown(certificate, reason)
    return check_chain(certificate, intermediates, authorities, at)


def _unfit(certificate: x509.Certificate) -> str:
    """Why a certificate isn't one that signs documents; an empty text for one that is."""
    if any(e.value.ca for e in _extensions(certificate) if isinstance(e.value, x509.BasicConstraints)):
        return msg("is an authority's own: it issues, and doesn't sign")
    usages = (e.value for e in _extensions(certificate) if isinstance(e.value, x509.ExtendedKeyUsage))
    if any(_FOR_DOCUMENTS.isdisjoint(usage) for usage in usages):
        return msg("isn't made for signing documents (extended key usage)")
    return ""


def caution(certificate: x509.Certificate) -> str:
    """What its owner should know before they sign with it; an empty text where that is nothing.

    It signs all the same: a fingerprint that was compared says whose key it is, whatever it was issued for.
    """
    if not (reason := _unfit(certificate)):
        return ""
    return msg(
        "careful: the certificate of {certificate} {reason}; clients know it by its fingerprint, by no authority",
        certificate=common_name(certificate), reason=reason,
    )  # fmt: skip


def check_chain(
    certificate: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    at: datetime,
) -> x509.Certificate:
    """Demand that `certificate` leads to one of `authorities` at the aware time `at` (RFC 5280, 6); gives that one.

    A certificate that is itself among `authorities` passes while it's valid. Signatures, validity, critical extensions,
    CA:TRUE, key usage, path length and name constraints of the issuers are checked; revocation isn't. Raises
    `UnknownSigner`.
    """
    from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _unknown(certificate, msg("wasn't valid on {at:%Y-%m-%d}", at=at))
    if certificate in authorities:
        return certificate
    unknown = _unknown(certificate, msg("doesn't lead to any of the authorities given"))
    if not authorities:
        raise unknown
    authority_policy, signer_policy = _extension_policies()
    try:
        verifier = (
            PolicyBuilder()
            .store(Store(list(authorities)))
            .time(at)
            .max_chain_depth(MAXIMUM_CERTIFICATES)
            .extension_policies(ca_policy=authority_policy, ee_policy=signer_policy)
            .build_client_verifier()
        )
        return verifier.verify(certificate, list(intermediates)).chain[-1]
    except (VerificationError, ValueError, UnsupportedAlgorithm):
        raise unknown from None


def _unknown(certificate: x509.Certificate, reason: str) -> UnknownSigner:
    return UnknownSigner(
        msg("the certificate of {certificate} {reason}", certificate=common_name(certificate), reason=reason),
        hint=msg("compare this fingerprint by phone: {certificate}", certificate=fingerprint_groups(certificate)),
    )


def _extension_policies() -> "tuple[ExtensionPolicy, ExtensionPolicy]":
    """For issuers: CA:TRUE and, where key usage is present, keyCertSign. For signers: no rule of the web's."""
    from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy

    def must_be_authority(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints) -> None:
        if not constraints.ca:
            raise ValueError("an issuer that is no authority")

    def may_issue(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
        if usage is not None and not usage.key_cert_sign:
            raise ValueError("an issuer that may not issue")

    authority = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, must_be_authority)
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, may_issue)
    )
    return authority, ExtensionPolicy.permit_all()
