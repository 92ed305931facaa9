"""DER from strangers: what a signature consists of passes, what only costs its reader time is refused at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.seal.asn1 import MAXIMUM_DEPTH, MAXIMUM_ELEMENTS, check_der
from handover.seal.container_signature import sign_cades
from signing_samples import NOW, owner

NULL = b"\x05\x00"


def element(tag: int, content: bytes) -> bytes:
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(4, "big").lstrip(b"\0")
    return bytes([tag, 0x80 | len(length)]) + length + content


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = element(0x30, data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(sign_cades(b"content", owner(), NOW), id="a signature"),
        pytest.param(NULL, id="one element"),
        pytest.param(element(0x30, b""), id="an empty sequence"),
        pytest.param(element(0x30, NULL * (MAXIMUM_ELEMENTS - 1)), id="as many elements as may be"),
        pytest.param(nested(MAXIMUM_DEPTH), id="as deep as may be"),
        pytest.param(element(0x04, b"\x1f" + b"\xff" * 100_000), id="anything inside an octet string"),
    ],
)
def test_what_signatures_consist_of_passes(data):
    assert check_der(data) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "nothing", id="nothing"),
        pytest.param(NULL + NULL, "too many", id="two elements"),
        pytest.param(element(0x30, NULL * MAXIMUM_ELEMENTS), "too many", id="an element too many"),
        pytest.param(nested(MAXIMUM_DEPTH + 1), "too deep", id="a level too deep"),
        pytest.param(b"\x30\x80" * 1000, "definite", id="lengths that are told at the end"),
        pytest.param(b"\x30\x85\0\0\0\0\1\0", "definite", id="a length of five octets"),
        pytest.param(b"\x30\x84\x7f\xff\xff\xff", "beyond", id="a length of two gigabytes"),
        pytest.param(b"\x30\x82\x01", "definite", id="a length that is cut"),
        pytest.param(b"\x30", "cut", id="a tag alone"),
        pytest.param(element(0x30, b"\x05\x01"), "beyond", id="an element that reaches out of its sequence"),
        pytest.param(b"\x1f" + b"\xff" * 100_000, "tag number", id="a tag of a hundred thousand octets"),
        pytest.param(element(0x30, b"\xbf\xff\xff\x7f\x00"), "tag number", id="a long tag inside"),
        pytest.param(element(0x06, b"\xff" * 129), "identifier", id="an object identifier without end"),
    ],
)
def test_what_only_costs_time_is_refused(data, words):
    with pytest.raises(ValueError, match=words):
        check_der(data)


@given(st.binary(max_size=200))
def test_any_octets_pass_or_are_refused_as_a_value_error(data):
    try:
        check_der(data)
    except ValueError as refused:
        told = str(refused)
        assert told
    else:
        assert len(data) >= 2
