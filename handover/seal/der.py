"""Bounds on DER from strangers, checked before anything decodes it.

Role: walks the tags and lengths of a value (ITU-T X.690, 8.1 and 10.1) and refuses what no signature has and what
takes a decoder time or memory out of proportion: tag numbers and object identifiers of any length are decoded in
quadratic time, small elements by the hundred thousand one by one. It doesn't know what a value means.
"""

from typing import Final

MAXIMUM_ELEMENTS: Final = 20_000
"""Sixteen certificates of two hundred elements each and a time-stamp have under 5,000."""
MAXIMUM_DEPTH: Final = 64
MAXIMUM_IDENTIFIER: Final = 128
"""Octets of an object identifier; those in use have under 20."""

MALFORMED: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
"""What asn1crypto raises on octets that aren't what they should be."""

_TAG_NUMBER: Final = 0x1F
_CONSTRUCTED: Final = 0x20
_OBJECT_IDENTIFIER: Final = 0x06
_LONG: Final = 0x80
_LENGTH_OCTETS: Final = 4


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
        if tag == _OBJECT_IDENTIFIER and end - start > MAXIMUM_IDENTIFIER:
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
