"""The letter's signature: what is signed, what is refused, and that nothing can change unnoticed."""

import base64
import hashlib
import io
import re
import zipfile
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from handover.formats.package import opc
from handover.formats.package.opc import Package, Relationship
from handover.formats.package.zip_items import write_items
from handover.model.errors import BundleError, DamagedFile, SigningError
from handover.seal import xmldsig
from handover.seal.letter import BINDING_PART, SIGNATURE_PART, read_binding, sign_letter
from handover.seal.letter_verify import verify_letter
from signing_samples import ECDSA, NOW, PNG, RSA, issued, letter, letter_items, owner, pack

ENTRY = "01-termination-letter.docx"
BINDING = '{"text": "é & <b>", "template": "ab12"}'.encode()
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def signed(identity=None, docx=None, **kwargs):
    return sign_letter(docx or letter(), identity or owner(), signed_at=NOW, binding=BINDING, **kwargs)


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param(lambda: owner(RSA), id="RSA, self-signed"),
        pytest.param(owner, id="ECDSA, self-signed"),
        pytest.param(issued, id="ECDSA, issued by an authority"),
    ],
)
def test_a_signed_letter_tells_signer_issuers_time_and_binding(identity):
    docx = signed(identity())
    found = verify_letter(docx, entry=ENTRY)
    assert found.certificate == identity().certificate
    assert found.chain == identity().chain
    assert found.signed_at == NOW
    assert found.binding == BINDING
    assert read_binding(docx) == BINDING


def test_rsa_signed_letters_are_the_same_each_time():
    assert signed(owner(RSA)) == signed(owner(RSA))


def test_what_only_the_author_should_see_does_not_travel():
    docx = signed()
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    assert b"someone@example.com" not in everything


def test_the_text_and_the_image_stay_as_they_were():
    parts = opc.read_package(signed(), ENTRY).parts
    assert parts["/word/media/image1.png"] == PNG
    assert parts["/word/document.xml"] == letter_items()["word/document.xml"].encode()


def test_the_signature_is_written_as_canonical_xml_would_write_it():
    # Another program canonicalises what it parsed: it must find the octets that were digested.
    parts = opc.read_package(signed(), ENTRY).parts
    text = parts[SIGNATURE_PART]
    root = etree.fromstring(text)
    assert text.partition(b"\n")[2] == etree.tostring(root, method="c14n")
    found = {r.get("URI"): r.findtext(f"{{{xmldsig.DSIG}}}DigestValue") for r in root[0] if r.get("URI")}
    properties = next(root.iter(f"{{{xmldsig.XADES}}}SignedProperties"))
    elements = {e.get("Id"): e for e in (*root, properties) if e.get("Id")}
    assert {f"#{identifier}" for identifier in elements} == found.keys()
    for identifier, element in elements.items():
        # Serialised and parsed again, it carries the namespaces that it inherits.
        alone = etree.tostring(etree.fromstring(etree.tostring(element)), method="c14n")
        assert found[f"#{identifier}"] == base64.b64encode(hashlib.sha256(alone).digest()).decode()


def test_every_part_but_the_fixed_ones_is_in_the_manifest():
    parts = opc.read_package(signed(), ENTRY).parts
    covered = set(re.findall(r'<Reference URI="(/[^?"]*)\?', parts[SIGNATURE_PART].decode()))
    assert parts.keys() - covered == {
        "/_xmlsignatures/origin.sigs",
        "/_xmlsignatures/_rels/origin.sigs.rels",
        SIGNATURE_PART,
        "/docProps/core.xml",
        "/docProps/app.xml",
    }
    relationships = {r.id for r in opc.relationships(opc.read_package(signed(), ENTRY), "/word/document.xml", ENTRY)}
    assert relationships == set(re.findall(r'SourceId="(\w+)"', parts[SIGNATURE_PART].decode()))


# --- what cannot be signed ----------------------------------------------------------------------------------------


def _rels_with(extra):
    rels = letter_items()["word/_rels/document.xml.rels"]
    return letter(**{"word/_rels/document.xml.rels": rels.replace("</Relationships>", f"{extra}</Relationships>")})


def _external(kind, target="https://example.com/x"):
    return f'<Relationship Id="rId77" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def _main_type(kind):
    types = letter_items()["[Content_Types].xml"]
    return letter(**{"[Content_Types].xml": types.replace("document.main+xml", kind)})


def _package_rels(change):
    return letter(**{"_rels/.rels": change(letter_items()["_rels/.rels"])})


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(signed, "signed already", id="a letter that is signed"),
        pytest.param(lambda: _rels_with(_external("image")), "image from outside", id="a linked image"),
        pytest.param(
            lambda: _rels_with(_external("attachedTemplate", "file:///C:/Users/x/t.dotx")),
            "attachedTemplate from outside",
            id="an attached template",
        ),
        pytest.param(
            lambda: _rels_with(_external("hyperlink", "https://example.com/?a=1&amp;b=2")),
            "LibreOffice takes",
            id="a link that breaks LibreOffice's check",
        ),
        pytest.param(
            lambda: _rels_with(f'<Relationship Id="rId77" Type="{OFFICE}/image" Target="media/none.png"/>'),
            "isn't in the file",
            id="a target that is missing",
        ),
        pytest.param(lambda: _main_type("template.main+xml"), "is a template or has macros", id="a template"),
        pytest.param(
            lambda: _package_rels(lambda r: r.replace(f"{OFFICE}/officeDocument", "http://purl.oclc.org/x")),
            "one main document, has 0",
            id="Strict Open XML",
        ),
        pytest.param(
            lambda: _package_rels(
                lambda r: r.replace(
                    "</Relationships>",
                    f'<Relationship Id="rId9" Type="{OFFICE}/officeDocument" Target="word/styles.xml"/>'
                    "</Relationships>",
                )
            ),
            "one main document, has 2",
            id="two main documents",
        ),
    ],
)
def test_a_letter_that_cannot_be_signed_is_refused_with_a_way_out(made, says):
    with pytest.raises(SigningError, match=says) as caught:
        signed(docx=made(), place="lettre.docx")
    assert str(caught.value).startswith("lettre.docx: ")


def test_what_is_no_document_is_refused():
    with pytest.raises(DamagedFile, match=r"letter\.docx: "):
        signed(docx=b"not a zip")


def test_an_expired_signer_cannot_sign():
    with pytest.raises(SigningError, match="expired"):
        sign_letter(letter(), owner(), signed_at=NOW + timedelta(days=5000), binding=BINDING)


@pytest.mark.parametrize(
    "binding",
    [
        pytest.param(b"\xff", id="what isn't UTF-8"),
        pytest.param(b"a\x00b", id="a NUL"),
        pytest.param(b"x" * 300_000, id="too much"),
    ],
)
def test_a_binding_that_is_no_text_is_refused(binding):
    with pytest.raises(SigningError, match="binds the letter"):
        sign_letter(letter(), owner(), signed_at=NOW, binding=binding)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\t\r\n"), max_size=60))
def test_a_binding_is_read_as_it_was_given(text):
    if "\ufffe" in text or "\uffff" in text:
        return
    docx = sign_letter(letter(), owner(), signed_at=NOW, binding=text.encode())
    assert verify_letter(docx).binding == text.encode()


def test_a_letter_without_signature_is_told():
    with pytest.raises(BundleError, match=r"01-termination-letter\.docx: it isn't signed"):
        verify_letter(letter(), entry=ENTRY)


# --- manipulations ------------------------------------------------------------------------------------------------

_SIGNED = {}


def base():
    """One signed letter, its parts and types: every manipulation starts from a copy."""
    if not _SIGNED:
        package = opc.read_package(signed(), ENTRY)
        _SIGNED.update(parts=dict(package.parts), types=dict(package.types))
    return dict(_SIGNED["parts"]), dict(_SIGNED["types"])


def rewritten(change):
    """A letter whose parts and types `change` altered, packed as this program packs: only the content betrays it."""

    def made():
        parts, types = base()
        change(parts, types)
        return opc.write_package(Package(parts, types))

    return made


def replace(part, old, new):
    def change(parts, types):
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return rewritten(change)


def add(part, content, kind, source=None, relation=None):
    def change(parts, types):
        parts[part], types[part] = content, kind
        if source:
            name = opc.rels_name(source)
            found = opc.parse_relationships(parts[name], name)
            parts[name] = opc.write_relationships([*found, relation])

    return rewritten(change)


def drop(*names):
    def change(parts, types):
        for name in names:
            del parts[name], types[name]

    return rewritten(change)


def relationship(source, change):
    def altered(parts, types):
        name = opc.rels_name(source)
        parts[name] = opc.write_relationships(change(list(opc.parse_relationships(parts[name], name))))

    return rewritten(altered)


def signature(change):
    def altered(parts, types):
        before = parts[SIGNATURE_PART]
        parts[SIGNATURE_PART] = change(before)
        assert parts[SIGNATURE_PART] != before

    return rewritten(altered)


def _second_main(parts, types):
    """The injection that Office's own rules miss: another main document, related before the signed one."""
    parts["/word/other.xml"] = parts["/word/document.xml"].replace(b"end", b"renew")
    types["/word/other.xml"] = types["/word/document.xml"]
    found = opc.parse_relationships(parts["/_rels/.rels"], "x")
    parts["/_rels/.rels"] = opc.write_relationships(
        [Relationship("rId0", opc.OFFICE_DOCUMENT, "word/other.xml"), *found]
    )


def _swapped_main(parts, types):
    parts["/word/other.xml"] = parts["/word/document.xml"].replace(b"end", b"renew")
    types["/word/other.xml"] = "application/xml"
    parts["/_rels/.rels"] = parts["/_rels/.rels"].replace(b"word/document.xml", b"word/other.xml")


def _second_signature(parts, types):
    parts["/_xmlsignatures/sig2.xml"] = parts[SIGNATURE_PART]
    types["/_xmlsignatures/sig2.xml"] = types[SIGNATURE_PART]


def _related_second_signature(parts, types):
    _second_signature(parts, types)
    name = "/_xmlsignatures/_rels/origin.sigs.rels"
    (first,) = opc.parse_relationships(parts[name], name)
    parts[name] = opc.write_relationships([first, Relationship("rId2", first.type, "sig2.xml")])


def _resigned(parts, types):
    """Someone else's certificate in place of the owner's; the signature value stays."""
    theirs = base64.b64encode(issued().certificate.public_bytes(Encoding.DER))
    parts[SIGNATURE_PART] = re.sub(rb"(<X509Certificate>)[^<]*", lambda m: m.group(1) + theirs, parts[SIGNATURE_PART])


def _duplicate(parts, types):
    parts["/word/Document.xml"], types["/word/Document.xml"] = b"<x/>", "application/xml"


def _drop_image(parts, types):
    del parts["/word/media/image1.png"], types["/word/media/image1.png"]


def _retype(part, kind):
    def change(parts, types):
        types[part] = kind

    return rewritten(change)


def _swap(before, after):
    def change(found):
        return [Relationship(r.id, r.type, after, r.external) if r.target == before else r for r in found]

    return change


def _zip(change):
    """The signed letter's items, altered and packed by another tool."""

    def made():
        with zipfile.ZipFile(io.BytesIO(opc.write_package(Package(*base())))) as archive:
            items = {name: archive.read(name) for name in archive.namelist()}
        return pack(change(items) or items)

    return made


def _doubled_entry():
    items = opc._items(Package(*base()))
    return write_items([*items, items[-1]])


def _content_types(parts_change):
    def change(items):
        items["[Content_Types].xml"] = parts_change(items["[Content_Types].xml"])

    return _zip(change)


EMPTY_REFERENCE = (
    b'<Reference URI="/word/none.xml?ContentType=application/xml">'
    b'<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>'
    b"<DigestValue>AAAA</DigestValue></Reference></Manifest>"
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"

MANIPULATIONS = [
    pytest.param(
        replace("/word/document.xml", b"31 March", b"30 April"), "/word/document.xml was changed", id="the text"
    ),
    pytest.param(
        replace("/word/media/image1.png", b"IDAT", b"IDAT\0"),
        "/word/media/image1.png was changed",
        id="the signature image",
    ),
    pytest.param(replace("/word/styles.xml", b"/>", b"> </w:styles>"), "/word/styles.xml was changed", id="the styles"),
    pytest.param(
        replace("/word/header1.xml", b"<w:p/>", b"<w:p></w:p>"),
        "/word/header1.xml was changed",
        id="the header, though it looks the same",
    ),
    pytest.param(replace(BINDING_PART, b"ab12", b"ab13"), "/customXml/handover.xml was changed", id="the binding"),
    pytest.param(add("/word/note.xml", b"<x/>", WORD_TYPE), "/word/note.xml was added", id="a part more"),
    pytest.param(add("/word/media/note.png", PNG, "image/png"), "/word/media/note.png was added", id="an image more"),
    pytest.param(
        add(
            "/word/glossary.xml",
            b"<x/>",
            WORD_TYPE,
            "/word/document.xml",
            Relationship("rId88", f"{OFFICE}/glossaryDocument", "glossary.xml"),
        ),
        "/word/_rels/document.xml.rels was changed|/word/glossary.xml was added",
        id="a part more, with its relationship",
    ),
    pytest.param(
        relationship(
            "/word/document.xml", lambda found: [*found, Relationship("rId88", f"{OFFICE}/image", "media/image1.png")]
        ),
        "/word/_rels/document.xml.rels was changed",
        id="a relationship more",
    ),
    pytest.param(
        relationship("/word/document.xml", lambda found: found[1:]),
        "/word/_rels/document.xml.rels was changed",
        id="a relationship less",
    ),
    pytest.param(
        relationship("/word/document.xml", _swap("media/image1.png", "styles.xml")),
        "/word/_rels/document.xml.rels was changed",
        id="a swapped target",
    ),
    pytest.param(
        relationship("/word/document.xml", _swap("https://example.com/a?b=1", "https://example.org/")),
        "/word/_rels/document.xml.rels was changed",
        id="a link that leads elsewhere",
    ),
    pytest.param(
        replace("/word/_rels/document.xml.rels", b"<Relationship Id", b" <Relationship Id"),
        "/word/_rels/document.xml.rels was changed",
        id="white space that the relationship transform forgives",
    ),
    pytest.param(
        replace("/word/_rels/document.xml.rels", b"/></Relationships>", b' TargetMode="Internal"/></Relationships>'),
        "/word/_rels/document.xml.rels was changed",
        id="a mode that the relationship transform adds anyway",
    ),
    pytest.param(rewritten(_second_main), "one main document, has 2", id="a second main document"),
    pytest.param(rewritten(_swapped_main), "/_rels/.rels was changed", id="another main document under a plain type"),
    pytest.param(
        relationship(
            "/", lambda found: [*found, Relationship("rId9", f"{OFFICE}/custom-properties", "docProps/core.xml")]
        ),
        "/_rels/.rels was changed",
        id="a relationship more of the package",
    ),
    pytest.param(
        _retype("/word/styles.xml", "application/xml"),
        "content type of /word/styles.xml was changed",
        id="a content type",
    ),
    pytest.param(
        _retype("/word/media/image1.png", "image/gif"),
        "content type of /word/media/image1.png",
        id="the image's content type",
    ),
    pytest.param(
        _retype("/docProps/core.xml", "application/xml"),
        "content type of /docProps/core.xml",
        id="the properties' content type",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"2026-03-02T09", b"2026-03-01T09")),
        "sig1.xml was changed|isn't the one",
        id="the signing time",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"SigningTime>2026-03-02T09", b"SigningTime>2026-03-01T09", 1)),
        "sig1.xml was changed",
        id="the signing time in one of its two places",
    ),
    pytest.param(rewritten(_resigned), "sig1.xml was changed|isn't the one", id="the certificate"),
    pytest.param(
        signature(lambda s: re.sub(rb"(<SignatureValue>)....", rb"\1AAAA", s)),
        "isn't the one",
        id="the signature value",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"</Manifest>", EMPTY_REFERENCE)),
        "none.xml was signed but is missing",
        id="a reference more",
    ),
    pytest.param(
        signature(lambda s: re.sub(rb'<Reference URI="/word/styles.xml.*?</Reference>', b"", s)),
        "/word/styles.xml was added: it isn't covered",
        id="a reference less",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"</Signature>", b"<Object></Object></Signature>")),
        "sig1.xml was changed",
        id="an object more",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"<KeyInfo>", b"<!-- --><KeyInfo>")),
        "sig1.xml was changed",
        id="a comment in the signature",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"xmlenc#sha256", b"xmlenc#sha512", 1)),
        "sig1.xml was changed",
        id="another digest method",
    ),
    pytest.param(
        signature(
            lambda s: s.replace(
                b'<Transform Algorithm="http://schemas',
                b'<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></Transform><Transform Algorithm="http://schemas',
                1,
            )
        ),
        "sig1.xml was changed",
        id="a transform more",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"<Signature ", b"<!DOCTYPE x><Signature ", 1)),
        "DOCTYPE",
        id="a DOCTYPE in the signature",
    ),
    pytest.param(
        signature(lambda s: s.replace(b"<SetupID></SetupID>", b"<SetupID>{1}</SetupID>")),
        "sig1.xml was changed",
        id="a signature line",
    ),
    pytest.param(drop("/word/styles.xml"), "/word/styles.xml was signed but is missing", id="a dropped part"),
    pytest.param(
        rewritten(_drop_image), "/word/media/image1.png was signed but is missing", id="the dropped signature image"
    ),
    pytest.param(
        drop("/word/_rels/header1.xml.rels"), "header1.xml.rels was signed but is missing", id="dropped relationships"
    ),
    pytest.param(drop(BINDING_PART), "/customXml/handover.xml is missing", id="the dropped binding"),
    pytest.param(drop(SIGNATURE_PART), "isn't signed", id="the dropped signature"),
    pytest.param(drop("/_xmlsignatures/origin.sigs"), "origin.sigs is missing", id="the dropped origin"),
    pytest.param(drop("/docProps/app.xml"), "/docProps/app.xml is missing", id="dropped properties"),
    pytest.param(
        replace("/docProps/core.xml", b"<dc:creator>", b"<dc:creator>Eve"),
        "/docProps/core.xml was changed",
        id="the author in the properties",
    ),
    pytest.param(
        replace("/docProps/app.xml", b"handover", b"Word"),
        "/docProps/app.xml was changed",
        id="the program in the properties",
    ),
    pytest.param(
        add("/docProps/custom.xml", b"<x/>", "application/xml"),
        "/docProps/custom.xml was added",
        id="custom properties",
    ),
    pytest.param(rewritten(_second_signature), "origin.sigs.rels was changed", id="a second signature"),
    pytest.param(rewritten(_related_second_signature), "one key signed it twice", id="the signature again, related"),
    pytest.param(
        replace("/_xmlsignatures/_rels/origin.sigs.rels", b"sig1", b"sig9"),
        "origin.sigs.rels was changed",
        id="another signature's name",
    ),
    pytest.param(rewritten(_duplicate), "twice", id="a part twice but for case"),
    pytest.param(_doubled_entry, "twice", id="a part twice in the zip"),
    pytest.param(_zip(lambda items: items), "zip around its parts", id="packed again by another tool"),
    pytest.param(
        _zip(lambda items: dict(reversed(items.items()))), "zip around its parts", id="packed in another order"
    ),
    pytest.param(
        _content_types(lambda t: t.replace(b"</Types>", b'<Default Extension="bin" ContentType="a/b"/></Types>')),
        r"\[Content_Types\]\.xml was changed",
        id="a content type that no part has",
    ),
    pytest.param(
        lambda: opc.write_package(Package(*base())) + b"\0",
        "zip around its parts|can be read",
        id="an octet after the end",
    ),
    pytest.param(lambda: opc.write_package(Package(*base()))[:-1], "can be read", id="an octet less"),
]


@pytest.mark.parametrize(("made", "says"), MANIPULATIONS)
def test_a_manipulated_letter_is_refused_and_the_part_named(made, says):
    with pytest.raises(BundleError, match=says) as caught:
        verify_letter(made(), entry=ENTRY)
    assert str(caught.value).startswith(f"{ENTRY}: ")
    assert caught.value.entry == ENTRY
    assert caught.value.clause.startswith("8.")


def test_the_manipulations_start_from_a_letter_that_passes():
    assert verify_letter(opc.write_package(Package(*base())), entry=ENTRY).binding == BINDING
    assert len(MANIPULATIONS) >= 18


def test_a_letter_signed_anew_names_its_new_signer():
    # Trust isn't decided here: whoever signs is told, and the caller compares.
    assert verify_letter(signed(issued())).certificate == issued().certificate


@given(st.integers(0, 1_000_000), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_nothing(position, bit):
    whole = opc.write_package(Package(*base()))
    data = bytearray(whole)
    data[position % len(data)] ^= 1 << bit
    try:
        verify_letter(bytes(data), entry=ENTRY)
    except BundleError:
        found = None
    else:
        # Unused bits at the end of a deflate stream carry nothing.
        found = opc.read_package(bytes(data), ENTRY)
    assert found in (None, opc.read_package(whole, ENTRY))


def test_the_raw_form_of_an_ecdsa_signature_has_a_fixed_length():
    identity = owner(ECDSA)
    der = identity.sign(b"x")
    raw = xmldsig.raw_from_der(identity.certificate, der)
    assert len(raw) == 64
    assert xmldsig.der_from_raw(identity.certificate, raw) == der
    with pytest.raises(DamagedFile, match="length"):
        xmldsig.der_from_raw(identity.certificate, raw[:-1])


@pytest.mark.parametrize(
    ("found", "becomes", "says"),
    [
        pytest.param(
            "<w:p><w:r>", '<w:p><w:hyperlink w:tooltip="the fee doubles"/><w:r>', "a link with a tip", id="a tip"
        ),
        pytest.param(
            "<w:p>",
            '<w:sdt><w:sdtPr><w15:dataBinding xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
            'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:xpath="/cp:coreProperties"'
            "/></w:sdtPr></w:sdt><w:p>",
            "two versions",
            id="a control that shows a property, which no signature covers",
        ),
    ],
)
def test_what_word_takes_from_elsewhere_isnt_signed(found, becomes, says):
    from handover.model.errors import TemplateError

    shown = letter_items()["word/document.xml"].replace(found, becomes, 1)
    with pytest.raises(TemplateError, match=says):
        sign_letter(letter(**{"word/document.xml": shown}), owner(), signed_at=NOW, binding=b"{}")


def test_what_nobody_sees_isnt_signed():
    from handover.model.errors import TemplateError

    shown = letter_items()["word/document.xml"]
    white = shown.replace("<w:r><w:t>", '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>')
    assert white != shown
    with pytest.raises(TemplateError, match=r"in the colour of what is behind it \(near “We end our contract"):
        sign_letter(letter(**{"word/document.xml": white}), owner(), signed_at=NOW, binding=b"{}")
