"""Checks a signed letter: every octet of it is either covered by its signatures or fixed by docs/format.md.

Role: the reader of section 8 of docs/format.md. Office's own rules let a signed document gain parts and
relationships unnoticed; here everything must be covered, and the whole file must be the one that its parts give
when written again. It says who signed and when they say they did; whether to trust them is the caller's question.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Never, TypeVar

from cryptography import x509

from handover.formats.package import opc
from handover.formats.package.opc import Package
from handover.formats.word.contents import MAIN_TYPE
from handover.model.errors import BundleError, DamagedFile, SigningError
from handover.model.message import msg
from handover.seal import letter, xmldsig
from handover.seal.certificates import check_may_sign, load_certificate, verify_signature

T = TypeVar("T")


class LetterSignature(NamedTuple):
    """A checked letter: the certificate of who signed last, its issuers (nearest first; known of the first signer
    alone), the time that the signer states (UTC), the binding document that was signed with it, and the signatures
    made before, in their order."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime
    binding: bytes
    earlier: "tuple[LetterSignature, ...]" = ()
    open_parts: frozenset[str] = frozenset()
    """The places of owners who haven't signed yet; empty unless `verify_letter` was told to allow some."""

    @property
    def all(self) -> "tuple[LetterSignature, ...]":
        """Every signature, in the order in which they were made."""
        return (*self.earlier, self)


def verify_letter(docx: bytes, *, entry: str = "letter.docx", more_to_come: bool = False) -> LetterSignature:
    """Check a signed letter, whole; gives who signed it, when, and its binding.

    `entry` names the letter in messages. With `more_to_come`, places of owners who sign later may be uncovered as yet.
    Raises `BundleError`, whose message names the part that differs. It checks no trust: a letter signed with anyone's
    key passes.
    """
    return _checked(docx, entry, lambda package: _verify(package, entry, more_to_come=more_to_come))


def verify_unsigned(docx: bytes, *, entry: str = "letter.docx") -> bytes:
    """Check a letter that nobody has signed yet, whole: it has the form in which it will be signed. Gives its binding.

    Raises `BundleError` like `verify_letter`.
    """
    return _checked(docx, entry, lambda package: _verify_unsigned(package, entry))


def is_unsigned(docx: bytes, *, entry: str = "letter.docx") -> bool:
    """Whether a letter has no signature. Raises `BundleError` for what is no .docx."""
    return _checked(docx, entry, lambda package: not letter.count_signatures(package), writing=False)


def _checked(docx: bytes, entry: str, check: Callable[[Package], T], *, writing: bool = True) -> T:
    try:
        items = opc.read_items(docx, entry)
        package = opc.parse_package(items, entry)
        found = check(package)
        if writing:
            # The file is what its parts give when written again: nothing is hidden in the zip or the content types.
            if items[opc.CONTENT_TYPES] != opc.write_content_types(package.types):
                _refuse(entry, msg("{content_types} was changed after signing", content_types=opc.CONTENT_TYPES), "8.2")
            opc.check_zip(docx, package, entry)
    except DamagedFile as error:
        raise BundleError(error.message, entry=entry, clause="8.1", hint=_HINT) from error
    except SigningError as error:
        raise BundleError(error.message, entry=entry, clause="8.6", hint=_HINT) from error
    return found


_HINT = msg("ask the signer for the letter again, by another way")


def _refuse(entry: str, reason: str, clause: str) -> Never:
    raise BundleError(reason, entry=entry, clause=clause, hint=_HINT)


def _verify(package: Package, entry: str, *, more_to_come: bool) -> LetterSignature:
    count = letter.count_signatures(package)
    if not count:
        _refuse(entry, msg("it isn't signed: {signature_part} is missing", signature_part=letter.SIGNATURE_PART), "8.1")
    _check_fixed(package, entry, count)
    binding = _binding(package, entry)
    signatures: list[LetterSignature] = []
    # The last one must cover everything; whoever signed before covered all but the places of those who came later.
    still_open = frozenset(name for name in package.parts if letter.PLACE_PART.fullmatch(name))
    for number in range(1, count + 1):
        may_skip = still_open if number < count or more_to_come else frozenset()
        signature = _verify_one(package, letter.signature_part(number), may_skip, entry)
        still_open = signature.open_parts
        chain = binding.chain if number == 1 else ()
        signatures.append(signature._replace(chain=chain, binding=binding.content))
    if len({signature.certificate for signature in signatures}) < count:
        _refuse(entry, msg("one key signed it twice"), "8.8")
    *earlier, last = signatures
    return last._replace(earlier=tuple(earlier))


def _verify_unsigned(package: Package, entry: str) -> bytes:
    if letter.count_signatures(package):
        _refuse(entry, msg("it is signed already"), "8.8")
    _check_fixed(package, entry, 0)
    for reference in letter.references(package, entry):
        if not _is_canonical(package, reference):
            _refuse(entry, msg("{part} isn't in the form that docs/format.md gives", part=reference.part), "8.2")
    binding = _binding(package, entry)
    if binding.chain:
        message = msg("{binding_part} names issuers although nobody has signed", binding_part=letter.BINDING_PART)
        _refuse(entry, message, "8.8")
    return binding.content


def _binding(package: Package, entry: str) -> letter.Binding:
    if letter.BINDING_PART not in package.parts:
        _refuse(entry, msg("{binding_part} is missing", binding_part=letter.BINDING_PART), "8.7")
    return letter.parse_binding(package.parts[letter.BINDING_PART], f"{entry}: {letter.BINDING_PART}")


def _verify_one(package: Package, part: str, may_skip: frozenset[str], entry: str) -> LetterSignature:
    """One of the signatures; its `open_parts` are what it doesn't cover, which must be among `may_skip`."""
    parsed = xmldsig.parse_signature(package.parts[part], f"{entry}: {part}")
    named = {uri.partition("?")[0] for uri in parsed.digests}
    skipped = frozenset(name for name in may_skip if name not in named)
    found = letter.references(package, entry, without=skipped)
    _check_coverage(package, found, parsed, part, entry)
    certificate = load_certificate(parsed.certificate, msg("{entry}: the signer's certificate", entry=entry))
    fields = xmldsig.SignatureFields(found, parsed.signed_at, certificate, parsed.issuer_name)
    if xmldsig.signature_document(fields, parsed.signature) != package.parts[part]:
        _refuse(entry, msg("{part} was changed, or isn't in the form that docs/format.md gives", part=part), "8.4")
    verify_signature(certificate, xmldsig.der_from_raw(certificate, parsed.signature), xmldsig.signed_info(fields))
    check_may_sign(certificate, parsed.signed_at)
    return LetterSignature(certificate, (), parsed.signed_at, b"", open_parts=skipped)


def _check_fixed(package: Package, entry: str, signatures: int) -> None:
    """The parts that aren't covered have exactly their fixed octets and types, and there is one main document."""
    documents = [name for name, kind in package.types.items() if kind == MAIN_TYPE]
    if len(documents) != 1:
        _refuse(entry, msg("it must have one main document, has {count}", count=len(documents)), "8.2")
    types = letter.fixed_types(signatures)
    for name, content in letter.fixed_parts(documents[0], signatures).items():
        if package.parts.get(name) != content:
            state = msg("was changed") if name in package.parts else msg("is missing")
            _refuse(entry, msg("{name} {state}", name=name, state=state), "8.2")
        if package.types[name] != types[name]:
            _refuse(entry, msg("the content type of {name} was changed", name=name), "8.2")
    known = types.keys() | {letter.signature_part(number) for number in range(1, signatures + 1)}
    for name in package.parts.keys() - known:
        if name.startswith(("/_xmlsignatures/", "/docProps/")):
            _refuse(entry, msg("{name} was added: it isn't covered by the signature", name=name), "8.2")


def _check_coverage(
    package: Package, found: tuple[xmldsig.Reference, ...], parsed: xmldsig.ParsedSignature, part: str, entry: str
) -> None:
    """Every part is in the signed Manifest with its digest and type, and nothing else is in it."""
    signed = {uri.partition("?")[0]: (uri, digest) for uri, digest in parsed.digests.items()}
    for reference in found:
        if reference.part not in signed:
            _refuse(entry, msg("{part} was added: it isn't covered by the signature", part=reference.part), "8.3")
        uri, digest = signed.pop(reference.part)
        if uri != f"{reference.part}?ContentType={reference.content_type}":
            _refuse(entry, msg("the content type of {part} was changed after signing", part=reference.part), "8.3")
        if digest != reference.digest or not _is_canonical(package, reference):
            _refuse(entry, msg("{part} was changed after signing", part=reference.part), "8.3")
    if signed:
        _refuse(entry, msg("{signed} was signed but is missing", signed=min(signed)), "8.3")
    if len(parsed.digests) != len(found):
        _refuse(entry, msg("{part} has references that it may not have", part=part), "8.3")


def _is_canonical(package: Package, reference: xmldsig.Reference) -> bool:
    # The transform that Office signs through forgives what isn't a relationship; the octets must not.
    if not reference.is_relationships:
        return True
    octets = package.parts[reference.part]
    return opc.write_relationships(opc.parse_relationships(octets, reference.part)) == octets
