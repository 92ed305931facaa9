"""How many turns a PKCS#12 file asks for, read and bounded before any key is derived.

Role: finds the algorithms that protect a key file (RFC 7292, 4 and 5; PBES2 of RFC 8018) and refuses what would take
more turns than any program writes: the count stands in the file, and its maker chooses it. It needs no password,
derives nothing and says nothing of what the file holds. Files may be in BER, as some programs write them. Inside an
encrypted part it can't see; so the key must stand outside of one, and `opened_first` puts it before them: OpenSSL
derives nothing for another key once it has one.
"""

from collections.abc import Iterator
from typing import Any, Final

from handover.model.errors import SigningError
from handover.model.message import msg
from handover.seal.der import MALFORMED

MAX_TURNS: Final = 4_000_000
"""Turns of all derivations of one file together: ours take 1.2 million, others' a few thousand."""

MAX_BAGS: Final = 64
"""Keys, certificates and safes of one file."""

_OLD_WEIGHT: Final = 4
"""The derivation of PKCS#12 itself (RFC 7292, B.2) runs for the key and for the vector, two blocks each at the most."""

_SCRYPT: Final = bytes.fromhex("060b2b06010401da47040b")
"""1.3.6.1.4.1.11591.4.11 (RFC 7914, 7): its cost is a product, and no program protects a key file with it."""

_PBES2: Final = "pbes2"
_INTEGER: Final = 2
_DEPTH: Final = 16


def opened_first(data: bytes, place: str) -> bytes:
    """The key file with its key first and without its seal, which would take a derivation more; `place` names it.

    What changes it without the password makes a key whose parts don't agree, or not with its certificate: neither
    loads. Raises SigningError where it asks for too much, has no key that can be seen, or can't be read that far.
    """
    from asn1crypto import cms, core, pkcs12

    try:
        safes = pkcs12.AuthenticatedSafe.load(pkcs12.Pfx.load(data)["auth_safe"]["content"].native)
        costs = list(_turns(safes))
        ordered = pkcs12.AuthenticatedSafe(sorted(safes, key=lambda safe: safe["content_type"].native != "data"))
        content = cms.ContentInfo({"content_type": "data", "content": core.OctetString(ordered.dump(force=True))})
        bounded: bytes = pkcs12.Pfx({"version": "v3", "auth_safe": content}).dump()
    except MALFORMED:
        hint = msg("name the key file as it was made or issued, with its certificate in it")
        raise SigningError.at(place, msg("not a PKCS#12 file (.p12 or .pfx) that can be read"), hint=hint) from None
    if (turns := sum(cost for _, cost in costs)) > MAX_TURNS:
        hint = msg("export it again with your program's usual protection")
        raise SigningError.at(
            place,
            msg("is protected with {turns:,} turns; {most:,} are the limit", turns=turns, most=MAX_TURNS),
            hint=hint,
        )
    if not any(is_key for is_key, _ in costs):
        message = msg("{place}: has no private key, or hides it in another encrypted part", place=place)
        raise SigningError(message, hint=msg("export it again, with its private key"))
    return bounded


def _turns(safes: Any) -> Iterator[tuple[bool, int]]:
    """For each thing that may be opened: whether it's a key, and the turns that it takes."""
    from asn1crypto import pkcs12

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
    """By the largest number in an algorithm's parameters: its count, wherever its kind keeps it."""
    der = algorithm.dump()
    if _SCRYPT in der:
        raise ValueError("scrypt")
    return max(_integers(der), default=0) * (1 if algorithm["algorithm"].native == _PBES2 else _OLD_WEIGHT)


def _integers(der: bytes, depth: int = 0) -> Iterator[int]:
    from asn1crypto import parser

    at = 0
    while at < len(der) and depth < _DEPTH:
        _, constructed, tag, header, content, trailer = parser.parse(der[at:])
        at += len(header) + len(content) + len(trailer)
        if constructed:
            yield from _integers(content, depth + 1)
        elif tag == _INTEGER:
            yield abs(int.from_bytes(content, "big"))
