"""Checks a signed letter: every octet of it is either covered by the signature or fixed by docs/format.md.

Role: the reader of section 8 of docs/format.md. Office's own rules let a signed document gain parts and
relationships unnoticed; here everything must be covered, and the whole file must be the one that its parts give
when written again. It says who signed and when they say they did; whether to trust them is the caller's question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Never

from cryptography import x509

from handover.errors import BundleError, DamagedFile, SigningError
from handover.office import opc
from handover.office.opc import Package
from handover.seal.certificates import check_may_sign, load_certificate, verify_signature
from handover.seal.letter import (
    BINDING_PART,
    MAIN_DOCUMENT_TYPE,
    SIGNATURE_PART,
    fixed_parts,
    fixed_types,
    parse_binding,
    references,
)
from handover.seal.xmldsig import (
    ParsedSignature,
    Reference,
    SignatureFields,
    der_from_raw,
    parse_signature,
    signature_document,
    signed_info,
)


@dataclass(frozen=True, slots=True)
class LetterSignature:
    """A checked letter: the signer's certificate, its issuers (nearest first), the time that the signer states
    (UTC), and the binding document that was signed with it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime
    binding: bytes


def verify_letter(docx: bytes, *, entry: str = "letter.docx") -> LetterSignature:
    """Check a signed letter, whole; gives who signed it, when, and its binding.

    `entry` names the letter in messages. Raises `BundleError`, whose message names the part that differs. It checks
    no trust: a letter signed with anyone's key passes.
    """
    try:
        items = opc.read_items(docx, entry)
        package = opc.parse_package(items, entry)
        letter = _verify(package, entry)
        _check_writing(docx, items, package, entry)
    except DamagedFile as error:
        raise BundleError(error.message, entry=entry, clause="8.1", hint=_HINT) from error
    except SigningError as error:
        raise BundleError(error.message, entry=entry, clause="8.6", hint=_HINT) from error
    return letter


_HINT = "ask the signer for the letter again, by another way"


def _refuse(entry: str, reason: str, clause: str) -> Never:
    raise BundleError(reason, entry=entry, clause=clause, hint=_HINT)


def _verify(package: Package, entry: str) -> LetterSignature:
    if SIGNATURE_PART not in package.parts:
        _refuse(entry, f"it isn't signed: {SIGNATURE_PART} is missing", "8.1")
    parsed = parse_signature(package.parts[SIGNATURE_PART], f"{entry}: {SIGNATURE_PART}")
    _check_fixed(package, entry)
    found = references(package, entry)
    _check_coverage(package, found, parsed, entry)
    certificate = load_certificate(parsed.certificate, f"{entry}: the signer's certificate")
    fields = SignatureFields(found, parsed.signed_at, certificate, parsed.issuer_name)
    if signature_document(fields, parsed.signature) != package.parts[SIGNATURE_PART]:
        _refuse(entry, f"{SIGNATURE_PART} was changed, or isn't in the form that docs/format.md gives", "8.4")
    verify_signature(certificate, der_from_raw(certificate, parsed.signature), signed_info(fields))
    check_may_sign(certificate, parsed.signed_at)
    if BINDING_PART not in package.parts:
        _refuse(entry, f"{BINDING_PART} is missing", "8.7")
    binding = parse_binding(package.parts[BINDING_PART], f"{entry}: {BINDING_PART}")
    return LetterSignature(certificate, binding.chain, parsed.signed_at, binding.content)


def _check_fixed(package: Package, entry: str) -> None:
    """The parts that aren't covered have exactly their fixed octets and types, and there is one main document."""
    documents = [name for name, kind in package.types.items() if kind == MAIN_DOCUMENT_TYPE]
    if len(documents) != 1:
        _refuse(entry, f"it must have one main document, has {len(documents)}", "8.2")
    for name, content in fixed_parts(documents[0]).items():
        if package.parts.get(name) != content:
            state = "was changed" if name in package.parts else "is missing"
            _refuse(entry, f"{name} {state}", "8.2")
        if package.types[name] != fixed_types()[name]:
            _refuse(entry, f"the content type of {name} was changed", "8.2")
    for name in package.parts.keys() - fixed_types().keys() - {SIGNATURE_PART}:
        if name.startswith(("/_xmlsignatures/", "/docProps/")):
            _refuse(entry, f"{name} was added: it isn't covered by the signature", "8.2")


def _check_coverage(package: Package, found: tuple[Reference, ...], parsed: ParsedSignature, entry: str) -> None:
    """Every part is in the signed Manifest with its digest and type, and nothing else is in it."""
    signed = {uri.partition("?")[0]: (uri, digest) for uri, digest in parsed.digests.items()}
    for reference in found:
        if reference.part not in signed:
            _refuse(entry, f"{reference.part} was added: it isn't covered by the signature", "8.3")
        uri, digest = signed.pop(reference.part)
        if uri != f"{reference.part}?ContentType={reference.content_type}":
            _refuse(entry, f"the content type of {reference.part} was changed after signing", "8.3")
        if digest != reference.digest or not _is_canonical(package, reference):
            _refuse(entry, f"{reference.part} was changed after signing", "8.3")
    if signed:
        _refuse(entry, f"{min(signed)} was signed but is missing", "8.3")
    if len(parsed.digests) != len(found):
        _refuse(entry, f"{SIGNATURE_PART} has references that it may not have", "8.3")


def _is_canonical(package: Package, reference: Reference) -> bool:
    # The transform that Office signs through forgives what isn't a relationship; the octets must not.
    if not reference.is_relationships:
        return True
    octets = package.parts[reference.part]
    return opc.write_relationships(opc.parse_relationships(octets, reference.part)) == octets


def _check_writing(docx: bytes, items: Mapping[str, bytes], package: Package, entry: str) -> None:
    """The file is what its parts give when written again: nothing is hidden in the zip or the content types."""
    if items[opc.CONTENT_TYPES] != opc.write_content_types(package.types):
        _refuse(entry, f"{opc.CONTENT_TYPES} was changed after signing", "8.2")
    opc.check_zip(docx, package, entry)
