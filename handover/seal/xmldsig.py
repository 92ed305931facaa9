"""The letter's signature as XML: built in canonical form, read back into its few variable fields.

Role: the exact text of `_xmlsignatures/sig1.xml` (XML Signature 1.1; ECMA-376 Part 2, 10; MS-OFFCRYPTO 2.5.2;
XAdES 1.3.2; docs/format.md, 8.3 to 8.6). Every element is written as Canonical XML 1.0 would write it, so what is
digested is a plain string and no library's idea of inherited namespaces matters. There is exactly one text for
given fields: a reader rebuilds it and compares. It judges neither parts nor certificates.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from handover.formats.package.opc import RELATIONSHIPS_NAMESPACE, Relationship, escape_attribute, escape_text, parse_xml
from handover.model.errors import DamagedFile
from handover.model.message import msg
from handover.seal.certificates import SignatureAlgorithm, algorithm_of

DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
PACKAGE_SIGNATURE: Final = "http://schemas.openxmlformats.org/package/2006/digital-signature"
OFFICE_SIGNATURE: Final = "http://schemas.microsoft.com/office/2006/digsig"
CANONICAL_XML: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RELATIONSHIP_TRANSFORM: Final = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
METHODS: Final = {
    SignatureAlgorithm.RSA: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    SignatureAlgorithm.ECDSA: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
}
"""Signature methods (RFC 9231, 2.3.2 and 2.3.6)."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_DIGEST_METHOD = f'<DigestMethod Algorithm="{SHA256}"></DigestMethod>'
# What Office demands to be there (MS-OFFCRYPTO 2.5.2.5). The values describe no machine: they name the first
# Office that writes signatures of this kind and the provider that Office itself names for an invisible signature.
_OFFICE_DETAILS = (
    "<SetupID></SetupID><SignatureText></SignatureText><SignatureImage></SignatureImage>"
    "<SignatureComments></SignatureComments><WindowsVersion>10.0</WindowsVersion>"
    "<OfficeVersion>16.0</OfficeVersion><ApplicationVersion>16.0</ApplicationVersion><Monitors>1</Monitors>"
    "<HorizontalResolution>1280</HorizontalResolution><VerticalResolution>800</VerticalResolution>"
    "<ColorDepth>32</ColorDepth><SignatureProviderId>{00000000-0000-0000-0000-000000000000}</SignatureProviderId>"
    "<SignatureProviderUrl></SignatureProviderUrl><SignatureProviderDetails>9</SignatureProviderDetails>"
    "<SignatureType>1</SignatureType>"
)


@dataclass(frozen=True, order=True, slots=True)
class Reference:
    """One Reference of the Manifest: a part, its content type, its SHA-256, and for a `.rels` part the ids of the
    relationships that its transform keeps."""

    part: str
    content_type: str
    digest: bytes
    relationship_ids: tuple[str, ...] = ()
    is_relationships: bool = False


class SignatureFields(NamedTuple):
    """All that varies from one signature to another, but the signature value itself."""

    references: tuple[Reference, ...]
    signed_at: datetime
    certificate: x509.Certificate
    issuer_name: str


def relationships_digest(found: tuple[Relationship, ...]) -> bytes:
    """SHA-256 of relationships after the RelationshipTransform and canonicalisation (ECMA-376 Part 2, 10.6)."""
    elements = "".join(
        f'<Relationship Id="{escape_attribute(r.id)}" Target="{escape_attribute(r.target)}" '
        f'TargetMode="{"External" if r.external else "Internal"}" Type="{escape_attribute(r.type)}">'
        "</Relationship>"
        for r in sorted(found)
    )
    text = f'<Relationships xmlns="{RELATIONSHIPS_NAMESPACE}">{elements}</Relationships>'
    return hashlib.sha256(text.encode()).digest()


def signed_info(fields: SignatureFields) -> bytes:
    """SignedInfo in canonical form: the octets that the key signs."""
    return _signed_info(fields, f' xmlns="{DSIG}"').encode()


def signature_document(fields: SignatureFields, signature: bytes) -> bytes:
    """The whole of `sig1.xml`. `signature` is the raw value: PKCS #1 v1.5, or r‖s (RFC 9231, 2.3.6)."""
    certificate = fields.certificate.public_bytes(Encoding.DER)
    text = (
        f'<Signature xmlns="{DSIG}" Id="idPackageSignature">{_signed_info(fields, "")}'
        f"<SignatureValue>{_base64(signature)}</SignatureValue>"
        f"<KeyInfo><X509Data><X509Certificate>{_base64(certificate)}</X509Certificate></X509Data></KeyInfo>"
        f"{_package_object(fields, '')}{_office_object('')}"
        f'<Object><xd:QualifyingProperties xmlns:xd="{XADES}" Target="#idPackageSignature">'
        f"{_signed_properties(fields, '')}</xd:QualifyingProperties></Object></Signature>"
    )
    return (_DECLARATION + text).encode()


# Each function below takes the namespace declarations that its element shows when it stands alone, as inclusive
# canonicalisation demands, and nothing when it stands inside the document, where its ancestors carry them.


def _signed_info(fields: SignatureFields, namespaces: str) -> str:
    standalone = f' xmlns="{DSIG}"'
    package = _package_object(fields, standalone)
    office = _office_object(standalone)
    canonical = f'<Transforms><Transform Algorithm="{CANONICAL_XML}"></Transform></Transforms>'
    properties = _signed_properties(fields, f'{standalone} xmlns:xd="{XADES}"')
    return (
        f"<SignedInfo{namespaces}>"
        f'<CanonicalizationMethod Algorithm="{CANONICAL_XML}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{METHODS[algorithm_of(fields.certificate)]}"></SignatureMethod>'
        + _own_reference("idPackageObject", f"{DSIG}Object", package)
        + _own_reference("idOfficeObject", f"{DSIG}Object", office)
        + _own_reference("idSignedProperties", "http://uri.etsi.org/01903#SignedProperties", properties, canonical)
        + "</SignedInfo>"
    )


def _own_reference(identifier: str, kind: str, canonical: str, transforms: str = "") -> str:
    digest = hashlib.sha256(canonical.encode()).digest()
    return f'<Reference Type="{kind}" URI="#{identifier}">{transforms}{_digest(digest)}</Reference>'


def _digest(digest: bytes) -> str:
    return f"{_DIGEST_METHOD}<DigestValue>{_base64(digest)}</DigestValue>"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _package_object(fields: SignatureFields, namespaces: str) -> str:
    references = "".join(_part_reference(reference) for reference in fields.references)
    return (
        f'<Object{namespaces} Id="idPackageObject"><Manifest>{references}</Manifest>'
        '<SignatureProperties><SignatureProperty Id="idSignatureTime" Target="#idPackageSignature">'
        f'<mdssi:SignatureTime xmlns:mdssi="{PACKAGE_SIGNATURE}">'
        "<mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format>"
        f"<mdssi:Value>{fields.signed_at.strftime(_TIME_FORMAT)}</mdssi:Value></mdssi:SignatureTime>"
        "</SignatureProperty></SignatureProperties></Object>"
    )


def _part_reference(reference: Reference) -> str:
    transforms = ""
    if reference.is_relationships:
        kept = "".join(
            f'<mdssi:RelationshipReference xmlns:mdssi="{PACKAGE_SIGNATURE}" '
            f'SourceId="{escape_attribute(identifier)}"></mdssi:RelationshipReference>'
            for identifier in reference.relationship_ids
        )
        transforms = (
            f'<Transforms><Transform Algorithm="{RELATIONSHIP_TRANSFORM}">{kept}</Transform>'
            f'<Transform Algorithm="{CANONICAL_XML}"></Transform></Transforms>'
        )
    uri = escape_attribute(f"{reference.part}?ContentType={reference.content_type}")
    return f'<Reference URI="{uri}">{transforms}{_digest(reference.digest)}</Reference>'


def _office_object(namespaces: str) -> str:
    return (
        f'<Object{namespaces} Id="idOfficeObject"><SignatureProperties>'
        '<SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">'
        f'<SignatureInfoV1 xmlns="{OFFICE_SIGNATURE}">{_OFFICE_DETAILS}</SignatureInfoV1>'
        "</SignatureProperty></SignatureProperties></Object>"
    )


def _signed_properties(fields: SignatureFields, namespaces: str) -> str:
    certificate = hashlib.sha256(fields.certificate.public_bytes(Encoding.DER)).digest()
    return (
        f'<xd:SignedProperties{namespaces} Id="idSignedProperties"><xd:SignedSignatureProperties>'
        f"<xd:SigningTime>{fields.signed_at.strftime(_TIME_FORMAT)}</xd:SigningTime>"
        f"<xd:SigningCertificate><xd:Cert><xd:CertDigest>{_digest(certificate)}</xd:CertDigest>"
        f"<xd:IssuerSerial><X509IssuerName>{escape_text(fields.issuer_name)}</X509IssuerName>"
        f"<X509SerialNumber>{fields.certificate.serial_number}</X509SerialNumber></xd:IssuerSerial>"
        "</xd:Cert></xd:SigningCertificate>"
        "<xd:SignaturePolicyIdentifier><xd:SignaturePolicyImplied></xd:SignaturePolicyImplied>"
        "</xd:SignaturePolicyIdentifier></xd:SignedSignatureProperties></xd:SignedProperties>"
    )


def raw_from_der(certificate: x509.Certificate, signature: bytes) -> bytes:
    """The form that XML holds: RSA as it is, ECDSA from DER to r‖s, each as long as the curve's order."""
    size = _half(certificate)
    if not size:
        return signature
    r, s = decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def der_from_raw(certificate: x509.Certificate, signature: bytes) -> bytes:
    """The inverse of `raw_from_der`; `DamagedFile` where the length isn't the curve's."""
    size = _half(certificate)
    if not size:
        return signature
    if len(signature) != 2 * size:
        raise DamagedFile(msg("the signature value has the wrong length"))
    return encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))


def _half(certificate: x509.Certificate) -> int:
    key = certificate.public_key()
    return (key.key_size + 7) // 8 if isinstance(key, ec.EllipticCurvePublicKey) else 0


class ParsedSignature(NamedTuple):
    """What a `sig1.xml` says, before any of it is believed: digests by reference URI, and the variable fields."""

    digests: dict[str, bytes]
    signed_at: datetime
    certificate: bytes
    issuer_name: str
    signature: bytes


def parse_signature(data: bytes, place: str) -> ParsedSignature:
    """Read the variable fields of a `sig1.xml`; `DamagedFile` where one is missing, repeated or malformed.

    Nothing is checked here: rebuild the document from what is read, compare, then check the signature.
    """
    root = parse_xml(data, place)

    def only(namespace: str, name: str) -> str:
        found = list(root.iter(f"{{{namespace}}}{name}"))
        if len(found) != 1 or len(found[0]):
            raise DamagedFile.at(place, msg("must have one {name}, has {count}", name=name, count=len(found)))
        return found[0].text or ""

    try:
        return ParsedSignature(
            digests=_manifest_digests(root, place),
            signed_at=datetime.strptime(only(XADES, "SigningTime"), _TIME_FORMAT).replace(tzinfo=UTC),
            certificate=_decode(only(DSIG, "X509Certificate")),
            issuer_name=only(DSIG, "X509IssuerName"),
            signature=_decode(only(DSIG, "SignatureValue")),
        )
    except (ValueError, binascii.Error):
        raise DamagedFile.at(place, msg("has a malformed time or base64 value")) from None


def _manifest_digests(root: etree._Element, place: str) -> dict[str, bytes]:
    digests: dict[str, bytes] = {}
    for manifest in root.iter(f"{{{DSIG}}}Manifest"):
        for reference in manifest.iter(f"{{{DSIG}}}Reference"):
            uri = reference.get("URI", "")
            if uri in digests:
                raise DamagedFile.at(place, msg("refers to {uri} twice", uri=uri))
            digests[uri] = _decode(reference.findtext(f"{{{DSIG}}}DigestValue") or "")
    return digests


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
