"""RFC 3161 time-stamps: ask an authority for one, check it, read it again.

Role: proves that a signature existed at a time that its signer didn't choose. What is kept of an authority's answer
is its token with one certificate, the one that its signed attributes name: the other certificates and the unsigned
attributes are protected by no signature. It doesn't say that the authority is to be trusted: that is the caller's to
ask (`check_chain`). `request_timestamp` is the only function here that uses the network.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from handover.model.errors import DamagedFile, SigningError
from handover.model.message import msg
from handover.seal import asn1
from handover.seal.certificates import check_critical, load_certificate

if TYPE_CHECKING:
    from http.client import HTTPResponse

MAXIMUM_ANSWER_BYTES = 256 * 1024
DEFAULT_TIMEOUT = 20.0
"""Seconds in which an authority's whole answer must have arrived."""
_CHUNK_BYTES = 16 * 1024
NONCE_BYTES = 16
_GRANTED = ("granted", "granted_with_mods")
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_TOKEN_ATTRIBUTES = frozenset(
    {
        "content_type",
        "message_digest",
        "signing_time",
        "signing_certificate",
        "signing_certificate_v2",
        "cms_algorithm_protection",
    }
)


class Timestamp(NamedTuple):
    """A checked token: the time in it (UTC), its authority's certificate, and the token in DER."""

    time: datetime
    certificate: x509.Certificate
    token: bytes


def request_timestamp(
    signature: bytes,
    *,
    url: str,
    random: Callable[[int], bytes],
    timeout: float = DEFAULT_TIMEOUT,
) -> bytes:
    """Ask the authority at `url` (http or https) to time-stamp `signature`; gives the checked token in DER.

    `random` gives that many random bytes, for the nonce; `timeout` is in seconds, for all of it. Raises `SigningError`
    where the authority can't be reached, refuses, or answers something else than what was asked (RFC 3161, 2.4.2
    and 3.4).
    """
    nonce = int.from_bytes(random(NONCE_BYTES), "big")
    answer = _post(url, asn1.time_request(signature, nonce), timeout)
    try:
        return read_answer(answer, signature, nonce).token
    except DamagedFile as error:
        raise SigningError.at(url, error.message, hint=msg("try again, or use another authority")) from error


def check_url(url: str) -> None:
    """Raises SigningError unless `url` is an http or https address with a host (RFC 9110, 4.2), in ASCII."""
    import urllib.parse

    try:
        parts = urllib.parse.urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, or a port that is no number
        good = False
    if not good or not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        hint = msg("give --tsa an address that starts with https:// or http://, as the authority publishes it")
        raise SigningError.at(url, msg("this isn't the address of a time-stamping authority"), hint=hint)


def _post(url: str, body: bytes, timeout: float) -> bytes:
    import http.client
    import urllib.error
    import urllib.request

    check_url(url)
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310  # the scheme is checked above
    # Without the handler that follows redirections: nobody but the person who named the address chooses where it goes.
    director = urllib.request.OpenerDirector()
    for handler in ("ProxyHandler", "HTTPHandler", "HTTPSHandler", "HTTPErrorProcessor", "HTTPDefaultErrorHandler"):
        director.add_handler(getattr(urllib.request, handler)())
    deadline = time.monotonic() + timeout
    try:
        with director.open(request, timeout=timeout) as response:
            answer = _read(response, deadline)
    except urllib.error.HTTPError as error:
        error.close()
        raise SigningError.at(
            url, msg("the time-stamping authority answers {code} {reason}", code=error.code, reason=error.reason)
        ) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        hint = msg("check the address, or build without --tsa")
        raise SigningError.at(
            url, msg("the time-stamping authority can't be reached: {error}", error=error), hint=hint
        ) from error
    if len(answer) > MAXIMUM_ANSWER_BYTES:
        raise SigningError.at(url, msg("the answer is larger than {most} KB", most=MAXIMUM_ANSWER_BYTES // 1024))
    return answer


def _read(response: "HTTPResponse", deadline: float) -> bytes:
    """What comes until the end, the limit (one byte more shows that it was passed) or the deadline.

    The socket's own timeout starts anew with every byte, so that a slow answer could hold us for days.
    """
    answer = bytearray()
    while len(answer) <= MAXIMUM_ANSWER_BYTES:
        if time.monotonic() > deadline:
            raise TimeoutError("its answer takes too long")
        # `read1` gives what is there instead of waiting for as much as was asked.
        chunk = response.read1(min(_CHUNK_BYTES, MAXIMUM_ANSWER_BYTES + 1 - len(answer)))
        if not chunk:
            break
        answer += chunk
    return bytes(answer)


def read_answer(answer: bytes, signature: bytes, nonce: int) -> Timestamp:
    """Check a TimeStampResp against what was asked; `DamagedFile` says what doesn't fit (RFC 3161, 2.4.2)."""
    try:
        status, token = asn1.time_response(answer)
    except asn1.MALFORMED:
        raise DamagedFile(msg("the answer isn't an RFC 3161 response")) from None
    if status not in _GRANTED:
        raise DamagedFile(msg("the authority refused: {status}", status=status.replace("_", " ")))
    try:
        data = asn1.signed_data(token)
        own = [one for one in data.certificates if asn1.is_of(data.signer, one)] if data else []
        # In DER with its signer's certificate only, and without unsigned attributes: no signature protects others.
        reduced = _form(data, own[:1]) if data and data.signers == 1 else b""
    except asn1.MALFORMED:
        raise DamagedFile(msg("the answer's token is malformed")) from None
    timestamp, info = _verified(reduced, signature)
    if info.nonce != nonce:
        raise DamagedFile(msg("the answer's nonce isn't the one that was sent"))
    return timestamp


def _form(data: asn1.SignedData, certificates: Sequence[bytes]) -> bytes:
    """The one form of a token that is kept: what is left open here is compared or digested octet for octet."""
    return replace(data, version=3, kind="tst_info", certificates=tuple(certificates), unsigned=()).der()


def verify_token(token: bytes, signature: bytes) -> Timestamp:
    """Check a stored token over `signature`: structure, imprint, attributes, authority's certificate and signature.

    The token must be DER in the one form that `request_timestamp` keeps. Raises `DamagedFile`.
    """
    return _verified(token, signature)[0]


def _verified(token: bytes, signature: bytes) -> tuple[Timestamp, asn1.TimeInfo]:
    try:
        return _verify(token, signature)
    except SigningError as error:
        raise DamagedFile(error.message) from None
    except asn1.MALFORMED:
        raise DamagedFile(msg("the time-stamp token is malformed")) from None


def _verify(token: bytes, signature: bytes) -> tuple[Timestamp, asn1.TimeInfo]:
    asn1.check_der(token)
    data = asn1.signed_data(token)
    if data is None:
        raise DamagedFile(msg("the time-stamp token isn't SignedData"))
    if data.signers != 1 or len(data.certificates) != 1:
        raise DamagedFile(msg("the time-stamp token must have one signer and its certificate"))
    der, content = data.certificates[0], data.content or b""
    if not asn1.is_of(data.signer, der):
        raise DamagedFile(msg("the time-stamp token's certificate isn't its signer's"))
    if _form(data, data.certificates) != token:
        raise DamagedFile(msg("the time-stamp token isn't in DER, or holds more than it may"))
    digest, method = asn1.algorithms(data)
    if not digest or not method:
        raise DamagedFile(msg("the time-stamp token's algorithms have unexpected parameters"))
    _check_attributes(data, digest, content, der)
    certificate = load_certificate(der, msg("the time-stamping authority's certificate"))
    _check_signature(data, digest, method, certificate)
    asn1.check_der(content)
    info = asn1.time_info(content)
    if info.version != "v1":
        raise DamagedFile(msg("the time-stamp is of a version that isn't known"))
    if (info.algorithm, info.digest) != ("sha256", hashlib.sha256(signature).digest()):
        raise DamagedFile(msg("the time-stamp belongs to another signature"))
    if not isinstance(info.time, datetime) or info.time.tzinfo is None:
        raise DamagedFile(msg("the time-stamp's time isn't in UTC"))
    _check_authority(certificate, info.time)
    return Timestamp(info.time, certificate, token), info


def _check_attributes(data: asn1.SignedData, algorithm: str, content: bytes, certificate: bytes) -> None:
    """Signed attributes: allow-listed, once each, of this content and this certificate (RFC 5652, 5.3; RFC 5816)."""
    values, odd = asn1.attribute_values(data, _TOKEN_ATTRIBUTES)
    if odd:
        raise DamagedFile(msg("the time-stamp token has an unexpected signed attribute ({name})", name=odd))
    if values["content_type"] != "tst_info":
        raise DamagedFile(msg("the time-stamp token signs something else than a time"))
    if algorithm not in _HASHES:
        raise DamagedFile(msg("the time-stamp token uses {algorithm}, which isn't accepted", algorithm=algorithm))
    if values["message_digest"] != hashlib.new(algorithm, content).digest():
        raise DamagedFile(msg("the time-stamp's content isn't what its authority signed"))
    # The certificate is named by SHA-1 (RFC 2634, 5.4) or better (RFC 5035).
    if "signing_certificate_v2" in values:
        named = values["signing_certificate_v2"]["certs"][0]
        by = named["hash_algorithm"]["algorithm"]
    else:
        named, by = values["signing_certificate"]["certs"][0], "sha1"
    if by not in (*_HASHES, "sha1"):
        raise DamagedFile(msg("the time-stamp token names its certificate in a way that isn't accepted"))
    if named["cert_hash"] != hashlib.new(by, certificate, usedforsecurity=False).digest():
        raise DamagedFile(msg("the time-stamp token names another certificate than it holds"))


def _check_signature(data: asn1.SignedData, algorithm: str, method: str, certificate: x509.Certificate) -> None:
    # The attributes' octets are taken as they stand, so that none can change.
    digest, key = _HASHES[algorithm](), certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and method in ("rsassa_pkcs1v15", f"{algorithm}_rsa"):
            key.verify(data.signature, data.attributes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and method == f"{algorithm}_ecdsa":
            key.verify(data.signature, data.attributes, ec.ECDSA(digest))
        else:
            raise DamagedFile(msg("the time-stamp token is signed in a way that isn't accepted"))
    except InvalidSignature:
        raise DamagedFile(msg("the time-stamp's signature isn't its authority's")) from None
    except UnsupportedAlgorithm:
        raise DamagedFile(msg("the time-stamp token is signed in a way that isn't accepted")) from None


def _check_authority(certificate: x509.Certificate, time: datetime) -> None:
    """The authority's certificate is for time-stamping alone, and was valid then (RFC 3161, 2.3)."""
    check_critical(certificate)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise DamagedFile(msg("the time-stamp was made with a certificate that isn't for time-stamping"))
    if not certificate.not_valid_before_utc <= time <= certificate.not_valid_after_utc:
        raise DamagedFile(msg("the time-stamp lies outside the validity of its authority's certificate"))
