"""ASN.1 of signatures, time-stamps and key files: octets ↔ plain values.

Role: the one module that meets asn1crypto, which has had no release since 2022: it reads what others wrote. What we
write has one DER form (ITU-T X.690, 10), made here without it. `check_der` refuses what no signature has and what takes
a decoder time or memory out of proportion: tag numbers and object identifiers of any length are decoded in quadratic
time, small elements by the hundred thousand one by one. It judges no signature, no time and no key; what asn1crypto
raises on octets that aren't what they should be is MALFORMED, and left to the caller.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from asn1crypto import cms, core, parser, pkcs12, tsp, x509

MAXIMUM_ELEMENTS: Final = 20_000
"""Sixteen certificates of two hundred elements each and a time-stamp have under 5,000."""
MAXIMUM_DEPTH: Final = 64
MAXIMUM_IDENTIFIER: Final = 128
"""Octets of an object identifier; those in use have under 20."""
MAX_BAGS: Final = 64
"""Keys, certificates and safes of one key file."""

MALFORMED: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
"""What asn1crypto raises on octets that aren't what they should be."""

_TAG_NUMBER: Final = 0x1F
_CONSTRUCTED: Final = 0x20
_LONG: Final = 0x80
_LENGTH_OCTETS: Final = 4
_INTEGER, _OCTETS, _IDENTIFIER, _UTC_TIME, _TIME, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x17, 0x18, 0x30, 0x31
_UTC_YEARS: Final = range(1950, 2050)
"""Years that RFC 5652, 11.3 writes as UTCTime; others are GeneralizedTime."""


def check_der(data: bytes) -> None:
    """Refuse anything but one whole element with elements in it, all of ordinary tags and definite lengths.

    Linear in the number of elements. Raises `ValueError`, as decoders do; what is inside octet strings isn't looked at.
    """
    ends = [len(data)]
    at = elements = 0
    while ends:
        if at == ends[-1]:
            ends.pop()
            continue
        elements += 1
        if elements > MAXIMUM_ELEMENTS or (len(ends) == 1 and elements > 1):
            raise ValueError("too many elements")
        tag, start, end = _element(data, at, ends[-1])
        if tag & _CONSTRUCTED:
            if len(ends) > MAXIMUM_DEPTH:
                raise ValueError("nested too deep")
            ends.append(end)
            at = start
            continue
        if tag == _IDENTIFIER and end - start > MAXIMUM_IDENTIFIER:
            raise ValueError("an object identifier that is too long")
        at = end
    if not elements:
        raise ValueError("nothing")


def _element(data: bytes, at: int, limit: int) -> tuple[int, int, int]:
    """The first tag octet of the element at `at`, and where its content starts and ends."""
    if at + 2 > limit:
        raise ValueError("cut short")
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & _TAG_NUMBER == _TAG_NUMBER:
        raise ValueError("a tag number above 30")
    if length & _LONG:
        octets = length & ~_LONG
        if not 1 <= octets <= _LENGTH_OCTETS or start + octets > limit:
            raise ValueError("a length that isn't definite, or too long")
        start += octets
        length = int.from_bytes(data[start - octets : start], "big")
    if start + length > limit:
        raise ValueError("reaches beyond what holds it")
    return tag, start, start + length


def _der(tag: int, *parts: bytes) -> bytes:
    """An element in DER."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < _LONG else size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag]) + (bytes([_LONG | len(length)]) if size >= _LONG else b"") + length + content


def _integer(number: int) -> bytes:
    return _der(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


# Signatures (RFC 5652)

_NAMES: Final = {
    "signed_data": "2a864886f70d010702", "data": "2a864886f70d010701", "tst_info": "2a864886f70d0109100104",
    "content_type": "2a864886f70d010903", "message_digest": "2a864886f70d010904", "signing_time": "2a864886f70d010905",
    "signing_certificate_v2": "2a864886f70d010910022f", "signature_time_stamp_token": "2a864886f70d010910020e",
}  # fmt: skip
"""Object identifiers of what we write (RFC 5652, 5035, 3161), by asn1crypto's names."""
SHA256: Final = bytes.fromhex("300b0609608648016503040201")
"""As an algorithm without parameters (RFC 5754, 2)."""
SHA256_RSA: Final = bytes.fromhex("300d06092a864886f70d01010b0500")
SHA256_ECDSA: Final = bytes.fromhex("300a06082a8648ce3d040302")
"""RSA has NULL parameters (RFC 5754, 3.2), ECDSA has none (3.3)."""


def _name(name: str) -> bytes:
    return _der(_IDENTIFIER, bytes.fromhex(_NAMES[name]))


@dataclass(frozen=True, slots=True)
class SignedData:
    """CMS SignedData of one signer (RFC 5652, 5.1 and 5.3); identifier and algorithms are DER as they stand."""

    version: int
    kind: str
    """What is signed: `data`, `tst_info` …"""
    content: bytes | None
    """None where it's elsewhere."""
    certificates: tuple[bytes, ...]
    signer_version: int
    signer: bytes
    """The SignerIdentifier: `issuer_and_serial`, or a key's identifier."""
    digest: bytes
    attributes: bytes
    """The signed attributes as the SET OF over which the signature is made (5.4)."""
    method: bytes
    signature: bytes
    unsigned: tuple[tuple[str, tuple[bytes, ...]], ...] = ()
    """The unsigned attributes: names, and values in DER."""
    signers: int = field(default=1, compare=False)
    """How many signers there are: the first one is read."""

    def der(self) -> bytes:
        """The ContentInfo (3) in DER."""
        unsigned = [_attribute(name, *values) for name, values in self.unsigned]
        signer = _der(
            _SEQUENCE, _integer(self.signer_version), self.signer, self.digest, b"\xa0" + self.attributes[1:],
            self.method, _der(_OCTETS, self.signature), *([_der(0xA1, *unsigned)] if unsigned else ()),
        )  # fmt: skip
        content = [] if self.content is None else [_der(0xA0, _der(_OCTETS, self.content))]
        data = _der(
            _SEQUENCE, _integer(self.version), _der(_SET, self.digest), _der(_SEQUENCE, _name(self.kind), *content),
            _der(0xA0, *sorted(self.certificates)), _der(_SET, signer),
        )  # fmt: skip
        return _der(_SEQUENCE, _name("signed_data"), _der(0xA0, data))


def signed_data(der: bytes) -> SignedData | None:
    """What a ContentInfo says; None where it's of another type than SignedData. Raises MALFORMED."""
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        return None
    data, inner = info["content"], info["content"]["encap_content_info"]
    signer = data["signer_infos"][0]
    return SignedData(
        version=int(data["version"]),
        kind=inner["content_type"].native,
        content=None if isinstance(inner["content"], core.Void) else bytes(inner["content"]),
        certificates=tuple(choice.dump() for choice in data["certificates"] or ()),
        signer_version=int(signer["version"]),
        signer=signer["sid"].dump(),
        digest=signer["digest_algorithm"].dump(),
        attributes=b"\x31" + signer["signed_attrs"].dump()[1:],
        method=signer["signature_algorithm"].dump(),
        signature=signer["signature"].native,
        unsigned=tuple(
            (one["type"].native, tuple(value.dump() for value in one["values"]))
            for one in signer["unsigned_attrs"] or ()
        ),
        signers=len(data["signer_infos"]),
    )


def algorithms(data: SignedData) -> tuple[str, str]:
    """The names of the digest's and the signature's algorithm; empty for one with parameters other than NULL."""
    found = (cms.DigestAlgorithm.load(data.digest), cms.SignedDigestAlgorithm.load(data.method))
    digest, method = (
        one["algorithm"].native if one["parameters"].dump() in (b"", b"\x05\x00") else "" for one in found
    )
    return digest, method


def attribute_values(data: SignedData, allowed: frozenset[str]) -> tuple[dict[str, Any], str]:
    """The signed attributes' values by name, as Python's own, and the name of the first that may not be there: not
    `allowed`, there twice, or not of one value."""
    values: dict[str, Any] = {}
    for attribute in cms.CMSAttributes.load(data.attributes):
        name = str(attribute["type"].native)
        if name not in allowed or name in values or len(attribute["values"]) != 1:
            return values, name
        values[name] = attribute["values"][0].native
    return values, ""


def cades_attributes(digest: bytes, signed_at: datetime, certificates: Sequence[bytes]) -> bytes:
    """The four attributes of docs/format.md 9.6, as the DER SET OF that is signed (RFC 5652, 5.4).

    Every certificate of the chain is named, so that the signature covers those that travel with it (RFC 5035, 3).
    """
    utc = signed_at.year in _UTC_YEARS
    moment = _der(_UTC_TIME if utc else _TIME, signed_at.strftime("%y%m%d%H%M%SZ" if utc else "%Y%m%d%H%M%SZ").encode())
    named = [_der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(one).digest())) for one in certificates]
    made = (
        _attribute("content_type", _name("data")),
        _attribute("signing_time", moment),
        _attribute("message_digest", _der(_OCTETS, digest)),
        _attribute("signing_certificate_v2", _der(_SEQUENCE, _der(_SEQUENCE, *named))),
    )
    return _der(_SET, *sorted(made))


def _attribute(name: str, *values: bytes) -> bytes:
    return _der(_SEQUENCE, _name(name), _der(_SET, *values))


def issuer_and_serial(certificate: bytes) -> bytes:
    """The identifier of a certificate in DER by its issuer and number (RFC 5652, 10.2.4)."""
    told = x509.Certificate.load(certificate)["tbs_certificate"]
    return _der(_SEQUENCE, told["issuer"].dump(), told["serial_number"].dump())


def is_of(signer: bytes, certificate: bytes) -> bool:
    """Whether a SignerIdentifier means a certificate (5.3): by issuer and number, or by its key's identifier."""
    key = x509.Certificate.load(certificate).key_identifier
    return signer in {issuer_and_serial(certificate), _der(0x80, key or b"")}


# Time-stamps (RFC 3161)


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """TimeStampResp (2.4.2); asn1crypto's own demands a token even where the authority refused."""

    _fields: ClassVar[list[Any]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimeInfo(NamedTuple):
    """What a token says (TSTInfo, 2.4.2)."""

    version: str
    algorithm: str
    digest: bytes
    time: Any
    """A datetime, with its zone where it says one."""
    nonce: int | None


def time_request(signature: bytes, nonce: int) -> bytes:
    """TimeStampReq over the SHA-256 of a signature, asking for the authority's certificate (2.4.1)."""
    algorithm = _der(_SEQUENCE, SHA256[2:], b"\x05\x00")
    imprint = _der(_SEQUENCE, algorithm, _der(_OCTETS, hashlib.sha256(signature).digest()))
    return _der(_SEQUENCE, _integer(1), imprint, _integer(nonce), b"\x01\x01\xff")


def time_response(answer: bytes) -> tuple[str, bytes]:
    """The status of a TimeStampResp (`granted`, `rejection` …), and its token or nothing. Raises MALFORMED."""
    response = _Response.load(answer, strict=True)
    return str(response["status"]["status"].native), response["time_stamp_token"].dump()


def time_info(der: bytes) -> TimeInfo:
    """What is in a token. Raises MALFORMED."""
    info = tsp.TSTInfo.load(der, strict=True)
    imprint = info["message_imprint"]
    algorithm, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    return TimeInfo(info["version"].native, algorithm, digest, info["gen_time"].native, info["nonce"].native)


# Key files (PKCS#12, RFC 7292), in BER as some programs write them

_OLD_WEIGHT: Final = 4
"""The derivation of PKCS#12 itself (RFC 7292, B.2) runs for the key and for the vector, two blocks each at the most."""
_SCRYPT: Final = bytes.fromhex("060b2b06010401da47040b")
"""1.3.6.1.4.1.11591.4.11 (RFC 7914, 7): its cost is a product, and no program protects a key file with it."""
_DEPTH: Final = 16


def key_file(data: bytes) -> tuple[bytes, list[tuple[bool, int]]]:
    """A key file with its key before all else and without its seal; for each thing in it that may be opened, whether
    it's a key, and the turns that deriving it takes. Nothing is opened. Raises MALFORMED."""
    safes = pkcs12.AuthenticatedSafe.load(pkcs12.Pfx.load(data)["auth_safe"]["content"].native)
    costs = list(_turns(safes))
    ordered = pkcs12.AuthenticatedSafe(sorted(safes, key=lambda safe: safe["content_type"].native != "data"))
    content = cms.ContentInfo({"content_type": "data", "content": core.OctetString(ordered.dump(force=True))})
    return pkcs12.Pfx({"version": "v3", "auth_safe": content}).dump(), costs


def _turns(safes: Any) -> Iterator[tuple[bool, int]]:
    if len(safes) > MAX_BAGS:
        raise ValueError("too many safes")
    for info in safes:
        kind = info["content_type"].native
        if kind == "encrypted_data":
            yield False, _cost(info["content"]["encrypted_content_info"]["content_encryption_algorithm"])
        elif kind == "data":
            yield from _bags(pkcs12.SafeContents.load(info["content"].native))
        else:
            raise ValueError("a safe of another kind")


def _bags(bags: Any, depth: int = 0) -> Iterator[tuple[bool, int]]:
    if len(bags) > MAX_BAGS or depth > _DEPTH:
        raise ValueError("too many bags")
    for bag in bags:
        kind = bag["bag_id"].native
        if kind == "pkcs8_shrouded_key_bag":
            yield True, _cost(bag["bag_value"]["encryption_algorithm"])
        elif kind == "key_bag":
            yield True, 0
        elif kind == "safe_contents":
            yield from _bags(bag["bag_value"], depth + 1)


def _cost(algorithm: Any) -> int:
    """By the largest number in an algorithm's parameters: its count, wherever its kind keeps it (PBES2: RFC 8018)."""
    der = algorithm.dump()
    if _SCRYPT in der:
        raise ValueError("scrypt")
    return max(_integers(der), default=0) * (1 if algorithm["algorithm"].native == "pbes2" else _OLD_WEIGHT)


def _integers(der: bytes, depth: int = 0) -> Iterator[int]:
    at = 0
    while at < len(der) and depth < _DEPTH:
        _, constructed, tag, header, content, trailer = parser.parse(der[at:])
        at += len(header) + len(content) + len(trailer)
        if constructed:
            yield from _integers(content, depth + 1)
        elif tag == _INTEGER:
            yield abs(int.from_bytes(content, "big"))
