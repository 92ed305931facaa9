"""Packages: read within limits, refused where readers disagree, written in one form."""

import io
import struct
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.formats.package import opc
from handover.formats.package.opc import Limits, Package, Relationship
from handover.model.errors import DamagedFile
from signing_samples import letter, letter_items, pack

PLACE = "letter.docx"


def test_parts_and_their_types_are_read():
    package = opc.read_package(letter(), PLACE)
    assert package.types["/word/media/image1.png"] == "image/png"
    assert package.types["/word/document.xml"].endswith("document.main+xml")
    assert package.types["/_rels/.rels"] == opc.RELATIONSHIPS_TYPE
    assert b"31 March" in package.parts["/word/document.xml"]


def test_what_is_written_is_read_again_and_written_the_same():
    package = opc.read_package(letter(), PLACE)
    written = opc.write_package(package)
    assert opc.read_package(written, PLACE) == package
    assert opc.write_package(opc.read_package(written, PLACE)) == written
    opc.check_zip(written, package, PLACE)


def test_a_written_package_passes_a_zip_tools_check_and_starts_with_the_content_types():
    written = opc.write_package(opc.read_package(letter(), PLACE))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_folders_and_data_descriptors_are_no_obstacle():
    buffer = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return buffer.write(data)

    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("word")
        for item, content in letter_items().items():
            archive.writestr(item, content)
    assert opc.read_package(buffer.getvalue(), PLACE) == opc.read_package(letter(), PLACE)


def _twice(first, second):
    items = letter_items()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for item, content in items.items():
            archive.writestr(item, content)
        archive.writestr(first, b"x")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(second, b"x")
    return buffer.getvalue()


def _overlapping():
    """Two central entries that share one local header."""
    data = bytearray(pack({**letter_items(), "word/media/image2.png": b"y"}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        shared = archive.getinfo("word/media/image1.png").header_offset
    central = data.rindex(b"word/media/image2.png") - 46
    struct.pack_into("<L", data, central + 42, shared)
    return bytes(data)


def _encrypted():
    data = bytearray(letter())
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def _with(**items):
    return pack({**letter_items(), **{key.replace("__", "/"): value for key, value in items.items()}})


def _types(change):
    return pack({**letter_items(), "[Content_Types].xml": change(letter_items()["[Content_Types].xml"])})


DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
XXE = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(lambda: b"", "can be read", id="nothing"),
        pytest.param(lambda: letter()[:-30], "can be read", id="a zip cut short"),
        pytest.param(lambda: b"%PDF-1.7", "can be read", id="a PDF"),
        pytest.param(lambda: pack({"a.xml": "<a/>"}), "Content_Types", id="a zip without content types"),
        pytest.param(lambda: _twice("word/a.png", "word/a.png"), "twice", id="a part twice"),
        pytest.param(lambda: _twice("word/a.png", "word/A.PNG"), "twice", id="a part twice but for case"),
        pytest.param(_overlapping, "overlaps|can be read", id="parts that share their octets"),
        pytest.param(_encrypted, "encrypted", id="an encrypted part"),
        pytest.param(lambda: pack({**letter_items(), "../x.png": b""}), "name of a part", id="a way out"),
        pytest.param(lambda: pack({**letter_items(), "/x.png": b""}), "name of a part", id="an absolute name"),
        pytest.param(lambda: pack({**letter_items(), "a\\b.png": b""}), "name of a part", id="a backslash"),
        pytest.param(lambda: pack({**letter_items(), "a?b.png": b""}), "name of a part", id="a question mark"),
        pytest.param(lambda: pack({**letter_items(), "é.png": b""}), "name of a part", id="an accent"),
        pytest.param(lambda: pack({**letter_items(), "x.bin": b""}), "no valid content type", id="an undeclared part"),
        pytest.param(lambda: letter(**{"word/document.xml": DOCTYPE}), "DOCTYPE", id="an entity"),
        pytest.param(lambda: letter(**{"word/styles.xml": XXE}), "DOCTYPE", id="an outside DTD"),
        pytest.param(lambda: _types(lambda t: DOCTYPE), "DOCTYPE", id="a DOCTYPE in the content types"),
        pytest.param(
            lambda: letter(**{"word/styles.xml": DOCTYPE.encode("utf-16")}), "UTF-8", id="a DOCTYPE hidden in UTF-16"
        ),
        pytest.param(
            lambda: letter(**{"word/styles.xml": '<?xml version="1.0" encoding="UTF-7"?><x/>'}), "UTF-8", id="UTF-7"
        ),
        pytest.param(
            lambda: _types(lambda t: t.replace("</Types>", '<Default Extension="XML" ContentType="a/b"/></Types>')),
            "declares 'xml' twice",
            id="a content type declared twice",
        ),
        pytest.param(lambda: _types(lambda t: t[:-4]), "not well-formed", id="broken content types"),
        pytest.param(
            lambda: _types(lambda t: t.replace("</Types>", "<x/></Types>")), "doesn't belong", id="another element"
        ),
        pytest.param(
            lambda: _types(lambda t: t.replace("package.relationships+xml", "package.other+xml")),
            "isn't declared as relationships",
            id="relationships under another type",
        ),
        pytest.param(lambda: _with(word__media__x_png=b""), "no valid content type", id="a part without extension"),
        pytest.param(
            lambda: letter(**{"word/styles.xml": b"<x>" + bytes(9_000_000)}), "compressed more than", id="a bomb"
        ),
    ],
)
def test_a_package_that_readers_may_disagree_about_is_refused(made, says):
    with pytest.raises(DamagedFile, match=says) as caught:
        opc.read_package(made(), PLACE)
    assert str(caught.value).startswith("letter.docx: ")


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        pytest.param(Limits(parts=3), "limit", id="too many parts"),
        pytest.param(Limits(part_bytes=100), "larger than a part", id="a part too large"),
        pytest.param(Limits(total_bytes=1000), "larger than", id="too much in all"),
    ],
)
def test_limits_hold(limits, says):
    with pytest.raises(DamagedFile, match=says):
        opc.read_package(letter(), PLACE, limits)


def test_a_size_that_lies_does_not_get_past_the_limit():
    data = bytearray(_with(**{"word/media/big.png": bytes(500_000)}))
    central = data.rindex(b"word/media/big.png") - 46
    struct.pack_into("<L", data, central + 24, 10)
    with pytest.raises(DamagedFile):
        opc.read_package(bytes(data), PLACE, Limits(part_bytes=100_000))


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        pytest.param('<Relationship Id="a" Type="t" Target="x"/>' * 2, "twice", id="an id twice"),
        pytest.param('<Relationship Id="a" Type="t"/>', "plain relationships", id="no target"),
        pytest.param('<Relationship Id="a" Type="t" Target="x" Other="y"/>', "plain", id="an attribute more"),
        pytest.param('<Relationship Id="a" Type="t" Target="x" TargetMode="Away"/>', "plain", id="an unknown mode"),
        pytest.param("<Other/>", "plain relationships", id="another element"),
        pytest.param("<!-- a note -->", "plain relationships", id="a comment"),
    ],
)
def test_relationships_hold_nothing_else(xml, says):
    data = f'<Relationships xmlns="{opc.RELATIONSHIPS_NAMESPACE}">{xml}</Relationships>'.encode()
    with pytest.raises(DamagedFile, match=says):
        opc.parse_relationships(data, PLACE)


text = st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs", "Cn"]), min_size=1, max_size=20)
relationship = st.builds(Relationship, text, text, text.map(str.strip), st.booleans())


@given(st.lists(relationship, unique_by=lambda r: r.id, max_size=6))
def test_relationships_are_read_as_they_were_written(found):
    written = opc.write_relationships(found)
    assert opc.parse_relationships(written, PLACE) == tuple(sorted(found))
    assert opc.write_relationships(opc.parse_relationships(written, PLACE)) == written


@pytest.mark.parametrize(
    ("source", "target", "part"),
    [
        ("/", "word/document.xml", "/word/document.xml"),
        ("/", "/word/document.xml", "/word/document.xml"),
        ("/word/document.xml", "media/a.png", "/word/media/a.png"),
        ("/word/document.xml", "../customXml/item1.xml", "/customXml/item1.xml"),
        ("/word/document.xml", "./styles.xml", "/word/styles.xml"),
        ("/word/document.xml", "../../../x.xml", "/x.xml"),
        ("/word/document.xml", "#bookmark", "/word/document.xml"),
    ],
)
def test_a_target_is_resolved_against_its_source(source, target, part):
    assert opc.target_part(source, Relationship("a", "t", target)) == part


@pytest.mark.parametrize("source", ["/", "/word/document.xml", "/a/b/c.d.xml"])
def test_the_name_of_a_relationships_part_leads_back_to_its_source(source):
    assert opc.rels_source(opc.rels_name(source)) == source


def test_content_types_are_a_function_of_the_parts_alone():
    types = {"/a.png": "image/png", "/b.png": "image/png", "/c.bin": "a/b", "/d.bin": "a/c", "/e.xml": "x/y"}
    written = opc.write_content_types(types).decode()
    assert written.count("<Default") == 1
    assert '<Default Extension="png" ContentType="image/png"/>' in written
    assert written.count("<Override") == 3
    package = Package(dict.fromkeys(types, b"<x/>"), types)
    assert opc.read_package(opc.write_package(package), PLACE).types == types


@given(st.integers(0, 10_000_000), st.integers(0, 7))
def test_damage_is_an_error_or_the_same_parts(position, bit):
    whole = letter()
    data = bytearray(whole)
    data[position % len(data)] ^= 1 << bit
    original = opc.read_package(whole, PLACE).parts
    try:
        found = dict(opc.read_package(bytes(data), PLACE).parts)
    except DamagedFile:
        found = {}
    assert {name: found[name] for name in found if name in original}.items() <= original.items()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d + b"\0", id="an octet after its end"),
        pytest.param(lambda d: b"\0" + d, id="an octet before its start"),
        pytest.param(lambda d: d[:-2] + b"\5\0hello", id="a comment"),
        pytest.param(lambda d: d[:10] + b"\1" + d[11:], id="another time"),
        pytest.param(lambda d: d[:14] + b"\1" + d[15:], id="another checksum"),
        pytest.param(lambda d: d[:18] + b"\xff\xff\xff\xff" + d[22:], id="a size beyond its end"),
        pytest.param(lambda d: d[:40], id="its start alone"),
        pytest.param(lambda d: letter(), id="the zip it was made from"),
    ],
)
def test_a_zip_that_is_not_written_here_is_told(change):
    package = opc.read_package(letter(), PLACE)
    with pytest.raises(DamagedFile, match="zip around its parts"):
        opc.check_zip(change(opc.write_package(package)), package, PLACE)


def test_the_fixed_properties_name_nobody():
    properties = opc.fixed_docprops()
    assert b"<dc:creator></dc:creator>" in properties["/docProps/core.xml"]
    assert b"<Application>handover</Application>" in properties["/docProps/app.xml"]
