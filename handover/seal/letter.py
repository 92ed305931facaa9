"""The letter's own signatures: a rendered .docx becomes one that Word and LibreOffice show as signed.

Role: puts a package into the only form that `letter_verify` accepts (docs/format.md, section 8), adds the signed
binding part and signs, once for each owner in turn. What no reader of the letter sees (document properties, thumbnails,
add-in data) is dropped, and what could change after signing without breaking the signature (linked images, an attached
template) is refused. It renders nothing and judges no text.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from handover.formats.package import opc
from handover.formats.package.opc import Package, Relationship
from handover.formats.word.contents import MAIN_TYPE, main_part, refuse_unsignable
from handover.model.errors import DamagedFile, SigningError
from handover.model.message import msg
from handover.seal import xmldsig
from handover.seal.certificates import check_may_sign, load_certificate
from handover.seal.container_signature import whole_seconds
from handover.seal.keys import SigningIdentity

ORIGIN_PART: Final = "/_xmlsignatures/origin.sigs"
MOST_SIGNATURES: Final = 8
ORIGIN_RELATIONSHIPS: Final = opc.rels_name(ORIGIN_PART)
BINDING_PART: Final = "/customXml/handover.xml"
BINDING_ID: Final = "rIdHandoverBinding"
BINDING_NAMESPACE: Final = "urn:handover-kit:letter:1"
CUSTOM_XML: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_DIGITAL_SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
_ORIGIN_TYPE = "application/vnd.openxmlformats-package.digital-signature-origin"
_SIGNATURE_TYPE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
_SIGNATURE_PART = re.compile(r"/_xmlsignatures/sig([1-9])\.xml")
# The relationship that the Manifest covers; the package's other ones are fixed, and compared.
_DOCUMENT_ID = "rId1"
_MAXIMUM_BINDING = 256 * 1024
_NOT_XML_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# These break the RelationshipTransform of xmlsec1 and with it LibreOffice's verdict (docs/adr/0005).
_UNSAFE_TARGET = re.compile(r"""[&<"\x00-\x1f\x7f]""")


class Binding(NamedTuple):
    """What the signed part `/customXml/handover.xml` holds: the caller's document, and the signer's issuers."""

    content: bytes
    chain: tuple[x509.Certificate, ...] = ()


def signature_part(number: int) -> str:
    """The name of the part with the signature of that number, from 1."""
    return f"/_xmlsignatures/sig{number}.xml"


SIGNATURE_PART: Final = signature_part(1)


PLACE_PART: Final = re.compile(r"/word/media/signature-[1-9]\.png")


def count_signatures(package: Package) -> int:
    """How many signatures a letter has: they are numbered without gap."""
    return next(n for n in range(MOST_SIGNATURES + 1) if signature_part(n + 1) not in package.parts)


def unsigned_letter(docx: bytes, binding: bytes, *, place: str = "letter.docx", signed_next: bool = False) -> bytes:
    """A rendered letter ready to be signed: in its final form, with its binding, and without any signature.

    Raises as `sign_letter` does for what couldn't be signed; where it's `signed_next`, that is left to it.
    """
    package = normalise(opc.read_package(docx, place), place, signatures=0)
    if not signed_next:
        refuse_unsignable(package, main_part(package, place), place, binding=BINDING_PART)
    return opc.write_package(with_binding(package, Binding(binding)))


def sign_letter(
    docx: bytes,
    identity: SigningIdentity,
    *,
    signed_at: datetime,
    binding: bytes = b"",
    open_parts: frozenset[str] = frozenset(),
    place: str = "letter.docx",
) -> bytes:
    """The letter with one more signature.

    `binding` is UTF-8 text (JSON or XML) of what the letter was made from; it travels in a signed part. One that has a
    signature already keeps its own, and nothing of it is changed but that this signature is added: check it first.
    `open_parts` are the places of owners who sign later (`formats.word.signature_places`), which this one doesn't
    cover. `signed_at` is an aware time, stated in whole seconds; `place` names the letter in messages. The result is
    the same for the same arguments, but for the randomness of ECDSA. Raises `SigningError` where the letter can't be
    signed or the identity may not sign then, `TemplateError` where it holds what nobody sees or what acts,
    `DamagedFile` where it is no .docx.
    """
    moment = whole_seconds(signed_at)
    check_may_sign(identity.certificate, moment)
    package = opc.read_package(docx, place)
    number = count_signatures(package) + 1
    if number > MOST_SIGNATURES:
        raise SigningError.at(place, msg("has {most} signatures already, and can have no more", most=MOST_SIGNATURES))
    _refuse_twice(package, number, identity, place)
    if number == 1:
        package = with_binding(normalise(package, place), Binding(binding, identity.chain))
    main = main_part(package, place)
    refuse_unsignable(package, main, place, binding=BINDING_PART)
    fields = xmldsig.SignatureFields(
        references=references(package, place, without=open_parts),
        signed_at=moment,
        certificate=identity.certificate,
        issuer_name=identity.certificate.issuer.rfc4514_string(),
    )
    signature = xmldsig.raw_from_der(identity.certificate, identity.sign(xmldsig.signed_info(fields)))
    added = {**fixed_parts(main, number), signature_part(number): xmldsig.signature_document(fields, signature)}
    types = {**fixed_types(number), signature_part(number): _SIGNATURE_TYPE}
    return opc.write_package(Package({**package.parts, **added}, {**package.types, **types}))


def _refuse_twice(package: Package, number: int, identity: SigningIdentity, place: str) -> None:
    own = identity.certificate.public_bytes(Encoding.DER)
    for earlier in map(signature_part, range(1, number)):
        if xmldsig.parse_signature(package.parts[earlier], f"{place}: {earlier}").certificate == own:
            raise SigningError.at(place, msg("is signed already with this key"))


def normalise(package: Package, place: str, *, signatures: int = 1) -> Package:
    """The package with only what the main document leads to, canonical relationships and fixed properties.

    Raises `SigningError` for what can't be signed: a signature, macros, a target outside the package.
    """
    main = _main_document(package, place)
    kept: dict[str, tuple[Relationship, ...]] = {}
    waiting = [main]
    while waiting:
        source = waiting.pop()
        if source in kept:
            continue
        kept[source] = _checked(package, source, place)
        waiting += [opc.target_part(source, r) for r in kept[source] if not r.external]
    parts = {name: package.parts[name] for name in kept}
    types = {name: package.types[name] for name in kept}
    for source, found in kept.items():
        if found:
            parts[opc.rels_name(source)] = opc.write_relationships(found)
            types[opc.rels_name(source)] = opc.RELATIONSHIPS_TYPE
    return Package({**parts, **fixed_parts(main, signatures)}, {**types, **fixed_types(signatures)})


def _main_document(package: Package, place: str) -> str:
    found = opc.relationships(package, "/", place)
    if any(r.type.startswith(_DIGITAL_SIGNATURE) for r in found):
        raise SigningError.at(
            place, msg("is signed already"), hint=msg("sign the letter that `handover write letter` gives")
        )
    documents = [opc.target_part("/", r) for r in found if r.type == opc.OFFICE_DOCUMENT and not r.external]
    if len(documents) != 1 or documents[0] not in package.parts:
        hint = msg("save the template as “Word Document (.docx)”, not as Strict Open XML")
        raise SigningError.at(place, msg("must have one main document, has {count}", count=len(documents)), hint=hint)
    if package.types[documents[0]] != MAIN_TYPE:
        raise SigningError.at(
            place, msg("is a template or has macros"), hint=msg("save it as “Word Document (.docx)”, without macros")
        )
    return documents[0]


def _checked(package: Package, source: str, place: str) -> tuple[Relationship, ...]:
    """The relationships of a part, each of which must lead to a part of the package, or be a link to click."""
    found = opc.relationships(package, source, place)
    for relationship in found:
        _check_relationship(relationship, source, place)
        target = "" if relationship.external else opc.target_part(source, relationship)
        if target and target not in package.parts:
            raise SigningError.at(
                place, msg("{source} leads to {target}, which isn't in the file", source=source, target=target)
            )
    return tuple(found)


def _check_relationship(relationship: Relationship, source: str, place: str) -> None:
    if relationship.external and relationship.type != opc.HYPERLINK:
        kind = relationship.type.rpartition("/")[2]
        message = msg(
            "{place}: {source} takes its {kind} from outside the file: it could change after signing",
            place=place,
            source=source,
            kind=kind,
        )
        raise SigningError(message, hint=msg("in Word, embed it instead of linking it"))
    for text in (relationship.id, relationship.type, relationship.target):
        if _UNSAFE_TARGET.search(text):
            said = msg(
                "{source} links to {target!a}: with such a character in it, LibreOffice takes the "
                "letter's signature for broken",
                source=source,
                target=relationship.target,
            )
            hint = msg("link to an address without “&”: a short link, or a page of your own")
            raise SigningError.at(place, said, hint=hint)


def fixed_parts(main: str, signatures: int = 1) -> dict[str, bytes]:
    """The parts whose octets docs/format.md 8.2 gives once the main document and the number of signatures are known."""
    package = opc.package_relationships(main)
    if not signatures:
        return {opc.rels_name("/"): opc.write_relationships(package), **opc.fixed_docprops()}
    package.append(Relationship("rId4", f"{_DIGITAL_SIGNATURE}/origin", ORIGIN_PART.removeprefix("/")))
    origin = [
        Relationship(f"rId{number}", f"{_DIGITAL_SIGNATURE}/signature", f"sig{number}.xml")
        for number in range(1, signatures + 1)
    ]
    return {
        opc.rels_name("/"): opc.write_relationships(package),
        ORIGIN_PART: b"",
        ORIGIN_RELATIONSHIPS: opc.write_relationships(origin),
        **opc.fixed_docprops(),
    }


def fixed_types(signatures: int = 1) -> dict[str, str]:
    """The content types of the parts that `fixed_parts` gives."""
    types = {opc.rels_name("/"): opc.RELATIONSHIPS_TYPE, **opc.DOCPROPS_TYPES}
    return types | ({ORIGIN_PART: _ORIGIN_TYPE, ORIGIN_RELATIONSHIPS: opc.RELATIONSHIPS_TYPE} if signatures else {})


def references(
    package: Package, place: str = "letter.docx", *, without: frozenset[str] = frozenset()
) -> tuple[xmldsig.Reference, ...]:
    """The Manifest's references for a normalised package: every part but those that `fixed_parts` gives, the
    signatures, and what is named in `without`.

    A `.rels` part is covered through the RelationshipTransform with the id of each of its relationships
    (docs/adr/0005). Of the package's own, only the main document's is: the others are fixed.
    """
    found = []
    uncovered = (fixed_types().keys() - {opc.rels_name("/")}) | without
    for name in sorted(name for name in package.parts.keys() - uncovered if not _SIGNATURE_PART.fullmatch(name)):
        content_type = package.types[name]
        if content_type != opc.RELATIONSHIPS_TYPE:
            found.append(xmldsig.Reference(name, content_type, hashlib.sha256(package.parts[name]).digest()))
            continue
        held = opc.parse_relationships(package.parts[name], f"{place}: {name}")
        if name == opc.rels_name("/"):
            held = tuple(r for r in held if r.id == _DOCUMENT_ID)
        ids = tuple(sorted(r.id for r in held))
        found.append(
            xmldsig.Reference(name, content_type, xmldsig.relationships_digest(held), ids, is_relationships=True)
        )
    return tuple(found)


def with_binding(package: Package, binding: Binding) -> Package:
    """The package with the binding part, and a relationship from the main document that leads to it."""
    main = main_part(package, BINDING_PART)
    name = opc.rels_name(main)
    held: Iterable[Relationship] = ()
    if name in package.parts:
        held = opc.parse_relationships(package.parts[name], name)
    target = Relationship(BINDING_ID, CUSTOM_XML, BINDING_PART)
    others = [r for r in held if r.id != BINDING_ID and opc.target_part(main, r) != BINDING_PART]
    added: Mapping[str, bytes] = {
        BINDING_PART: write_binding(binding),
        name: opc.write_relationships([*others, target]),
    }
    types = {BINDING_PART: "application/xml", name: opc.RELATIONSHIPS_TYPE}
    return Package({**package.parts, **added}, {**package.types, **types})


def write_binding(binding: Binding) -> bytes:
    """The octets of `/customXml/handover.xml` (docs/format.md 8.7); `SigningError` for what isn't XML text."""
    try:
        text = binding.content.decode("utf-8")
    except UnicodeDecodeError:
        raise SigningError(msg("what binds the letter to its inputs isn't UTF-8 text")) from None
    if _NOT_XML_TEXT.search(text) or len(binding.content) > _MAXIMUM_BINDING:
        raise SigningError(msg("what binds the letter to its inputs is too long, or holds control characters"))
    issuers = "".join(
        f"<issuer>{base64.b64encode(c.public_bytes(Encoding.DER)).decode('ascii')}</issuer>" for c in binding.chain
    )
    body = f'<letter xmlns="{BINDING_NAMESPACE}"><binding>{opc.escape_text(text)}</binding>{issuers}</letter>'
    return opc.XML_DECLARATION + body.encode()


def parse_binding(data: bytes, place: str) -> Binding:
    """The inverse of `write_binding`, octet for octet; `DamagedFile` otherwise."""
    malformed = DamagedFile.at(place, msg("isn't in the form that docs/format.md gives"))
    root = opc.parse_xml(data, place)
    children = list(root)
    if not children:
        raise malformed
    try:
        chain = tuple(
            load_certificate(base64.b64decode(element.text or "", validate=True), place) for element in children[1:]
        )
    except ValueError:
        raise malformed from None
    binding = Binding((children[0].text or "").encode(), chain)
    if write_binding(binding) != data:
        raise malformed
    return binding


def read_binding(docx: bytes, place: str = "letter.docx") -> bytes:
    """What `sign_letter` was given as `binding`, without checking the signature; raises `DamagedFile`."""
    package = opc.read_package(docx, place)
    if BINDING_PART not in package.parts:
        raise DamagedFile.at(
            place, msg("isn't a letter that `handover` signed: {binding_part} is missing", binding_part=BINDING_PART)
        )
    return parse_binding(package.parts[BINDING_PART], f"{place}: {BINDING_PART}").content
