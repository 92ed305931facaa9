"""The manifest: one text for given entries, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.model.artifact import EntryRecord
from handover.model.errors import BundleError
from handover.seal.container import MANIFEST_ENTRY, build_manifest, parse_manifest

SHA = "ab" * 32


def entry(name, sha256=SHA):
    return EntryRecord(name, 3, sha256)


SAMPLE = build_manifest([entry("START-HERE.html"), entry("assets/été & co/a+b%20.txt", "cd" * 32)])

names = st.lists(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=30), unique=True, max_size=8)


@given(names, st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_again_in_its_order(found, digest):
    manifest = build_manifest([entry(name, digest.hex()) for name in found])
    assert list(parse_manifest(manifest).items()) == [(name, digest.hex()) for name in found]
    assert manifest.isascii()


def test_the_manifest_has_the_elements_of_the_standard():
    text = SAMPLE.decode()
    assert '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"' in text
    assert 'SigReference URI="META-INF/signature.p7s" MimeType="application/x-pkcs7-signature"' in text
    assert 'URI="assets/%C3%A9t%C3%A9%20%26%20co/a%2Bb%2520.txt"' in text
    assert 'DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"' in text


def _cut(data):
    return data[: len(data) // 2]


def _line(data, number):
    return data.splitlines(keepends=True)[number]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: b"", id="nothing"),
        pytest.param(_cut, id="half of it"),
        pytest.param(lambda d: d + b"\n", id="a line feed more"),
        pytest.param(lambda d: d.replace(b"\n", b"\r\n"), id="other line ends"),
        pytest.param(lambda d: d.replace(_line(d, 3), _line(d, 3) * 2), id="an entry twice"),
        pytest.param(lambda d: d.replace(b"/>\n<asic:Data", b"/><!-- -->\n<asic:Data", 1), id="a comment"),
        pytest.param(lambda d: d.replace(b"xmlenc#sha256", b"xmlenc#sha512"), id="another digest method"),
        pytest.param(lambda d: d.replace(b"signature.p7s", b"signature2.p7s"), id="another signature"),
        pytest.param(lambda d: d.replace(b"%C3%A9t", b"%c3%a9t"), id="another spelling of a name"),
        pytest.param(lambda d: d.replace(b"%C3%A9t", b"%FF%A9t"), id="a name that isn't UTF-8"),
        pytest.param(lambda d: d.replace(b"START", b"\xe2\x80\xaeSTART"), id="a name that isn't escaped"),
        pytest.param(lambda d: d.replace(b"=</ds", b"</ds", 1), id="a digest cut short"),
        pytest.param(lambda d: d.replace(b"=</ds", b"=\n</ds", 1), id="white space in a digest"),
        pytest.param(lambda d: d.replace(b"<asic:Sig", b"<!DOCTYPE x><asic:Sig", 1), id="a DOCTYPE"),
        pytest.param(lambda d: d.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(
            lambda d: d.replace(b"</asic:DataObjectReference>", b"<x/></asic:DataObjectReference>", 1),
            id="an element more",
        ),
        pytest.param(lambda d: d.replace(b"<asic:Data", b'<asic:Data Rootfile="true"', 1), id="a broken name"),
    ],
)
def test_any_other_text_is_refused_by_name(change):
    assert change(SAMPLE) != SAMPLE
    with pytest.raises(BundleError, match=r"^META-INF/ASiCManifest\.xml: ") as caught:
        parse_manifest(change(SAMPLE))
    assert caught.value.entry == MANIFEST_ENTRY
    assert caught.value.clause == "9.2"


@given(st.integers(0, len(SAMPLE) * 8 - 1))
def test_a_flipped_bit_changes_what_is_covered_or_is_refused(position):
    flipped = bytearray(SAMPLE)
    flipped[position // 8] ^= 1 << position % 8
    try:
        read = parse_manifest(bytes(flipped))
    except BundleError:
        read = {}
    assert read != parse_manifest(SAMPLE)


def test_a_name_given_twice_is_the_callers_mistake():
    with pytest.raises(ValueError, match="twice"):
        build_manifest([entry("a"), entry("a")])


def test_a_digest_of_another_length_is_the_callers_mistake():
    with pytest.raises(ValueError, match="32 octets"):
        build_manifest([entry("a", "abcd")])


def test_twenty_thousand_entries_are_read_again():
    manifest = build_manifest([entry(f"assets/{number}") for number in range(20_000)])
    assert len(parse_manifest(manifest)) == 20_000
