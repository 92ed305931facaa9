"""The owner's key: created, imported, kept as a password-protected PKCS#12 file, loaded again.

Role: the only module of `handover.seal` that touches the disk. A key file is written once, mode 0600, into a
folder of mode 0700 outside any project; nothing is ever overwritten. It never asks for a password, never shows
one, and does not judge how strong it is (`handover.seal.passphrase` does). On Windows file modes are not
enforced: the user's profile folder protects the file there.
"""

import contextlib
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from handover.formats.opener import NotRegular, TooLarge, read_named
from handover.model.errors import OutputError, SecretError, SigningError, WrongPassphrase
from handover.model.message import msg, system_reason
from handover.model.secret import Secret
from handover.seal.certificates import SignatureAlgorithm, check_may_sign, common_name, fingerprint, ordered_chain

KDF_ROUNDS = 600_000
"""PBKDF2-HMAC-SHA256 iterations that protect a key file (OWASP Password Storage Cheat Sheet, 2023)."""
RSA_BITS = 3072
VALID_YEARS = 10
EARLIEST_YEAR, LATEST_YEAR = 2020, 2200
"""Of a clock that is believed when a key is made: one without a battery says 1970."""
COMMON_NAME_MAXIMUM = 64
"""Characters of a common name (RFC 5280, appendix A.1, ub-common-name)."""
MAXIMUM_KEY_FILE_BYTES = 1024 * 1024
MAX_TURNS = 4_000_000
"""Turns of all derivations of one key file together: ours take 1.2 million, others' a few thousand. The count stands in
the file, and its maker chooses it."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A private key with its certificate and the certificate's issuers, nearest first."""

    private_key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __repr__(self) -> str:
        return f"SigningIdentity({common_name(self.certificate)}, {fingerprint(self.certificate)[:16]}…)"

    def sign(self, data: bytes) -> bytes:
        """Signature over `data` with SHA-256: RSA PKCS #1 v1.5, or ECDSA in DER."""
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private_key.sign(data, ec.ECDSA(hashes.SHA256()))


def create_identity(
    name: str, *, now: datetime, algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA
) -> SigningIdentity:
    """A new key and its self-signed certificate for `name`, valid for about ten years from the aware time `now`.

    RSA has 3072 bits, ECDSA the curve P-256. The certificate says CA:FALSE, digitalSignature and nonRepudiation
    (RFC 5280, 4.2.1.3 and 4.2.1.9). Raises `SigningError` for a name that a certificate can't hold,
    or a clock that is wrong.
    """
    subject = _subject(name)
    if not EARLIEST_YEAR <= now.year <= LATEST_YEAR:
        message = msg(
            "this computer's clock says {now:%Y-%m-%d}: a certificate made now would be valid for no letter", now=now
        )
        raise SigningError(message, hint=msg("set the clock, then make the key"))
    key: PrivateKey = (
        rsa.generate_private_key(65537, RSA_BITS)
        if algorithm is SignatureAlgorithm.RSA
        else ec.generate_private_key(ec.SECP256R1())
    )
    start = now.replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * VALID_YEARS + VALID_YEARS // 4))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return SigningIdentity(key, certificate)


def _subject(name: str) -> x509.Name:
    text = name.strip()
    if not text or not text.isprintable():
        raise SigningError(msg("the owner's name is empty or has characters that can't be printed"))
    if len(text) > COMMON_NAME_MAXIMUM:
        message = msg(
            "the owner's name has {count} characters; a certificate holds {common_name_maximum}",
            count=len(text),
            common_name_maximum=COMMON_NAME_MAXIMUM,
        )
        raise SigningError(message, hint=msg("give a shorter form of the name"))
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _signing_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def protect(identity: SigningIdentity, password: Secret, *, rounds: int = KDF_ROUNDS) -> bytes:
    """The identity as PKCS#12 (RFC 7292): AES-256-CBC under PBES2 with PBKDF2-HMAC-SHA256 (RFC 9579's forms).

    Raises `SecretError` for an empty password.
    """
    if not password:
        raise SecretError(msg("a key file needs a password"), hint=msg("choose one of four words or more"))
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(_octets(password))
    )
    return pkcs12.serialize_key_and_certificates(
        common_name(identity.certificate).encode(),
        identity.private_key,
        identity.certificate,
        identity.chain or None,
        encryption,
    )


def _octets(password: Secret) -> bytes:
    try:
        return password.reveal().encode()
    except UnicodeEncodeError:
        # The exception holds the password: it must not travel on.
        raise SecretError(msg("the key's password has characters that aren't Unicode text")) from None


def parse_identity(data: bytes, password: Secret, place: str) -> SigningIdentity:
    """The identity inside a PKCS#12 file; `place` names it in messages.

    The chain is put in order, nearest issuer first; certificates that aren't its issuers are dropped. Raises
    `WrongPassphrase`, or `SigningError` where the file lacks a key or a certificate, or the two don't match.
    """
    from handover.seal import asn1

    key, certificate, others = _unlock(data, password, place)
    if len(others) > asn1.MAX_BAGS:
        raise SigningError.at(
            place, msg("has {count:,} certificates; {most} are the limit", count=len(others), most=asn1.MAX_BAGS)
        )
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SigningError.at(
            place, msg("the key is neither RSA nor elliptic-curve"), hint=msg("Word checks only these")
        )
    if certificate is None:
        if any(c.public_key() == key.public_key() for c in others):
            raise SigningError.at(place, msg("the certificate isn't tied to the key"), hint=msg("export both again"))
        reason = msg("none of its certificates belongs to the key") if others else msg("has a key without certificate")
        raise SigningError.at(place, reason, hint=msg("export it again, with the certificate of this key"))
    if certificate.public_key() != key.public_key():
        raise SigningError.at(place, msg("the certificate belongs to another key"), hint=msg("export both again"))
    return SigningIdentity(key, certificate, ordered_chain(certificate, others))


def _unlock(
    data: bytes, password: Secret, place: str
) -> tuple[object, x509.Certificate | None, list[x509.Certificate]]:
    octets = _octets(password) or None
    if not data.startswith(b"\x30"):
        hint = msg("name the key file as it was made or issued, with its certificate in it")
        raise SigningError.at(place, msg("not a PKCS#12 file (.p12 or .pfx)"), hint=hint)
    bounded = _bounded(data, place)
    # An error's cause may hold what was decrypted, so every one is raised `from None`.
    try:
        return pkcs12.load_key_and_certificates(bounded, octets)
    except ValueError:
        # The library tells a wrong password and a damaged file alike.
        message = msg("{place}: the password doesn't open this key, or the file is damaged", place=place)
        hint = msg(
            "type it again; capital letters count. Where it is forgotten, `handover keys passphrase --help` says more"
        )
        raise WrongPassphrase(message, hint=hint) from None
    except (UnsupportedAlgorithm, TypeError):
        hint = msg("convert it with `openssl pkcs12 -legacy`, or export it again with AES-256")
        raise SigningError.at(place, msg("is protected in a way that is no longer supported"), hint=hint) from None


def _bounded(data: bytes, place: str) -> bytes:
    """The key file with its key first and without its seal, which would take a derivation more.

    Inside an encrypted part nobody can see what more it asks for; so the key must stand outside of one, and before
    them: OpenSSL derives nothing for another key once it has one. What changes the file without the password makes a
    key whose parts don't agree, or not with its certificate: neither loads. Raises SigningError where it asks for too
    much, has no key that can be seen, or can't be read that far.
    """
    from handover.seal import asn1

    try:
        bounded, costs = asn1.key_file(data)
    except asn1.MALFORMED:
        hint = msg("name the key file as it was made or issued, with its certificate in it")
        raise SigningError.at(place, msg("not a PKCS#12 file (.p12 or .pfx) that can be read"), hint=hint) from None
    if (turns := sum(cost for _, cost in costs)) > MAX_TURNS:
        hint = msg("export it again with your program's usual protection")
        said = msg("is protected with {turns:,} turns; {most:,} are the limit", turns=turns, most=MAX_TURNS)
        raise SigningError.at(place, said, hint=hint)
    if not any(is_key for is_key, _ in costs):
        message = msg("{place}: has no private key, or hides it in another encrypted part", place=place)
        raise SigningError(message, hint=msg("export it again, with its private key"))
    return bounded


def load_identity(path: Path, password: Secret, *, now: datetime) -> SigningIdentity:
    """Read a key file and check that it may sign at the aware time `now`.

    Raises `SigningError` (missing, not a key file, expired, not yet valid, unsuited), `WrongPassphrase`.
    """
    identity = parse_identity(read_key_file(path), password, path.name)
    check_may_sign(identity.certificate, now)
    return identity


def read_key_file(path: Path) -> bytes:
    """The bytes of a key file; `SigningError` where it is missing, unreadable or too large to be one."""
    try:
        return read_named(path, MAXIMUM_KEY_FILE_BYTES)
    except FileNotFoundError:
        raise SigningError.at(
            path, msg("there is no key file"), hint=msg("create one with `handover keys create`")
        ) from None
    except TooLarge:
        raise SigningError.at(path, msg("too large for a key file")) from None
    except NotRegular as error:
        raise SigningError.at(path, system_reason(error)) from None
    except OSError as error:
        raise SigningError.at(path, msg("can't be read: {reason}", reason=system_reason(error))) from error


IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg")
"""A picture of the owner's handwriting is kept beside the key, under its name with one of these endings."""
MAXIMUM_IMAGE_BYTES = 10 * 1024 * 1024


def read_key_image(key: Path) -> bytes | None:
    """The picture that is kept beside a key file, or None; `SigningError` where it can't be read or is too large."""
    path = next((path for path in map(key.with_suffix, IMAGE_SUFFIXES) if path.is_file()), None)
    if path is None:
        return None
    try:
        return read_named(path, MAXIMUM_IMAGE_BYTES)
    except TooLarge:
        raise SigningError.at(
            path, msg("too large for a picture of a signature"), hint=msg("export it smaller")
        ) from None
    except OSError as error:
        raise SigningError.at(path, msg("can't be read: {reason}", reason=system_reason(error))) from error


def save_identity(identity: SigningIdentity, path: Path, password: Secret, *, rounds: int = KDF_ROUNDS) -> None:
    """Write a new key file of mode 0600, its folder made with mode 0700; never replaces a file.

    Raises `OutputError` where one exists or the folder can't be written; nothing is left behind then.
    """
    data = protect(identity, password, rounds=rounds)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL also refuses a symbolic link that someone left at this name.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        hint = msg("keep it: letters signed with it can't be signed again without it; give another name")
        raise OutputError.at(path, msg("a key file is there already"), hint=hint) from None
    except OSError as error:
        raise OutputError.at(path, msg("can't be written: {reason}", reason=system_reason(error))) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise OutputError.at(path, msg("can't be written: {reason}", reason=system_reason(error))) from error
        raise
