"""One owner's act on the letter: their picture into their place, then their signature over all of it.

Role: the one way in which a letter is signed, by `build`, by `sign BUNDLE` and by `sign LETTER` alike. Whose key it is,
pins decide and nothing else: names on certificates are free (docs/adr/0014). It opens no bundle and asks nobody.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handover.model.characters import aloud
from handover.model.errors import SigningError
from handover.model.message import msg, one_of

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity


@dataclass(frozen=True, slots=True)
class Hand:
    """An owner at work: their key, and the picture of their handwriting where they keep one."""

    identity: "SigningIdentity" = field(repr=False)
    picture: bytes | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's certificate."""
        from handover.seal.certificates import fingerprint

        return fingerprint(self.identity.certificate)

    @property
    def called(self) -> str:
        """The name on the certificate, which says nothing about whose key it is."""
        from handover.seal.certificates import common_name

        return common_name(self.identity.certificate)


@dataclass(frozen=True, slots=True)
class SignedLetter:
    """What became of a letter: the file, who has signed it, and who is still to come, by name."""

    content: bytes = field(repr=False)
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    pictured: bool
    """Whether a picture was placed."""


def require_owner(hand: Hand, pins: Mapping[str, str]) -> str:
    """The name of the owner whose key this is; `pins` are fingerprint → name.

    Raises SigningError for a key that is pinned for none of them, whatever name its certificate has.
    """
    if hand.fingerprint in pins:
        return pins[hand.fingerprint]
    message = msg(
        "this key, whose certificate says {called}, isn't the one that is pinned for {values}: it doesn't sign here",
        called=hand.called,
        values=one_of(pins.values()),
    )
    hint = msg(
        "have the owner sign with their own key; only if it is theirs, pin it (`handover keys pin`):\n  {groups}",
        groups=" ".join(aloud(hand.fingerprint)),
    )
    raise SigningError(message, hint=hint)


def standing(docx: bytes, pins: Mapping[str, str], place: str) -> tuple[tuple[str, ...], bytes]:
    """Which owners' keys have signed a letter, as fingerprints in their order, and its binding.

    Raises BundleError for a letter that isn't whole, or that somebody else has signed.
    """
    from handover.model.errors import BundleError
    from handover.seal.certificates import common_name, fingerprint
    from handover.seal.letter_verify import is_unsigned, verify_letter, verify_unsigned

    if is_unsigned(docx, entry=place):
        return (), verify_unsigned(docx, entry=place)
    found = verify_letter(docx, entry=place, more_to_come=True)
    for signature in found.all:
        if fingerprint(signature.certificate) not in pins:
            message = msg(
                "it is signed by {certificate} with a key that is pinned for no owner",
                certificate=common_name(signature.certificate),
            )
            raise BundleError(message, entry=place, clause="8.8")
    return tuple(fingerprint(signature.certificate) for signature in found.all), found.binding


def add_signature(
    docx: bytes, hand: Hand, pins: Mapping[str, str], *, signed_at: dt.datetime, place: str
) -> SignedLetter:
    """The letter with one owner's picture and signature more.

    `pins` are every owner's fingerprint → name, in their order. The first signature takes the mark "for signature"
    away; a later one changes nothing but its own place, so that the ones before stay good. Raises SigningError for a
    key that is no owner's or has signed already, BundleError for a letter that isn't whole.
    """
    from handover.formats.package import opc
    from handover.formats.word import signature_places
    from handover.seal.letter import sign_letter
    from handover.seal.letter_verify import verify_letter

    name = require_owner(hand, pins)
    signed, binding = standing(docx, pins, place)
    if hand.fingerprint in signed:
        raise SigningError.at(
            place, msg("{name} has signed it already", name=name), hint=msg("nothing is left to do with this key")
        )
    numbers = {pin: number for number, pin in enumerate(pins, start=1)}
    waiting = [pin for pin in pins if pin not in signed]
    package = opc.read_package(docx, place)
    places = {pin for pin in waiting if signature_places.has_place(package, numbers[pin])}
    if not signed:
        package = signature_places.unmarked(package, place=place)
    pictured = hand.picture is not None and hand.fingerprint in places
    if pictured and hand.picture is not None:
        package = signature_places.with_picture(package, numbers[hand.fingerprint], hand.picture)
    later = [pin for pin in waiting if pin != hand.fingerprint]
    content = sign_letter(
        opc.write_package(package),
        hand.identity,
        signed_at=signed_at,
        binding=binding,
        open_parts=frozenset(signature_places.place_part(numbers[pin]) for pin in later if pin in places),
        place=place,
    )
    verify_letter(content, entry=place, more_to_come=bool(later))
    done, missing = (tuple(pins[pin] for pin in chosen) for chosen in ((*signed, hand.fingerprint), later))
    return SignedLetter(content, done, missing, pictured)
