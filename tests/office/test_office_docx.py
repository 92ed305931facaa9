"""Word documents from templates: what tags may do, what values become, what is left out."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from handover import resources
from handover.brand import contrast, palette
from handover.errors import DamagedFile, TemplateError
from handover.office.docx import Finish, render
from handover.office.opc import Package, fixed_docprops, read_package, write_package
from handover.office.pictures import Picture, fitted
from handover.office.tree import PIC, WP, A, w

FINISH = Finish(language="en-GB", paper="A4", palette=palette("#1F4E79"))
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def template(body: str, **parts: str) -> bytes:
    """Our English list of pending projects with another body; `parts` replace text in other parts, `old=>new`."""
    package = read_package(resources.read_bytes("en", "pending.docx"), "template")
    document = package.parts["/word/document.xml"].decode()
    start, end = document.index("<w:body>") + 8, document.index("<w:sectPr")
    changed = {**package.parts, "/word/document.xml": (document[:start] + body + document[end:]).encode()}
    for name, change in parts.items():
        part = "/" + name.replace("__", "/") + ".xml"
        old, _, new = change.partition("=>")
        assert old.encode() in changed[part]
        changed[part] = changed[part].replace(old.encode(), new.encode(), 1)
    return write_package(Package(changed, package.types))


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def rendered(body: str, finish: Finish = FINISH, **context: Any) -> Package:
    values = {"client": "Acme", "short_client": "Acme", "date": "today", **context}
    return read_package(render(template(body), values, finish, place="sample.docx"), "rendered")


def document_of(package: Package) -> etree._Element:
    return etree.fromstring(package.parts["/word/document.xml"])


def lines(package: Package) -> list[str]:
    """The text of each paragraph; breaks and tabs as people typed them."""
    found = []
    for paragraph in document_of(package).iter(w("p")):
        pieces = {w("br"): "\n", w("tab"): "\t"}
        nodes = list(paragraph.iter(w("t"), w("br"), w("tab")))
        found.append("".join((n.text or "") if n.tag == w("t") else pieces[n.tag] for n in nodes))
    return found


# Values


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a & b < c > \"d\" 'e'", id="markup characters"),
        pytest.param("{{ x }} {% if y %} {# z #}", id="text that looks like tags"),
        pytest.param("{_{ }_} {_% %_}", id="what docxtpl rewrites"),
        pytest.param("]]> &amp; &#65;", id="CDATA ends and entities"),
        pytest.param("  two  spaces  ", id="spaces at the ends and in the middle"),
        pytest.param("one\ntwo\n\nfour", id="line breaks"),
        pytest.param("a\tb", id="tabs"),
        pytest.param("éÀŒ 𝒜🙂\u00a0\u202f\u200d\u202e", id="any script, no-break spaces and marks"),
        pytest.param("\ue000}", id="private use characters"),
        pytest.param("<w:t>x</w:t>", id="WordprocessingML as text"),
    ],
)
def test_a_value_comes_out_exactly_as_given(value: str) -> None:
    assert lines(rendered(p("{{ x }}"), x=value)) == [value]


_characters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])
_text = st.text(st.one_of(_characters, st.sampled_from("{}%_#&<>]\n\t")), min_size=1)


@effort(max_examples=60, deadline=None)
@given(_text)
def test_any_text_comes_out_exactly_as_given(value: str) -> None:
    assert lines(rendered(p("[{{ x }}]"), x=value)) == [f"[{value}]"]


@pytest.mark.parametrize("bad", ["\x00", "\x0c", "\x0b", "\r", "\ud800", "\ufdd0", "\uffff", "\u2028"])
def test_a_character_that_no_document_holds_is_refused(bad: str) -> None:
    with pytest.raises(TemplateError, match=rf"sample\.docx: a value holds the character U\+{ord(bad):04X}"):
        rendered(p("{{ x }}"), x=f"a{bad}")


@pytest.mark.parametrize("absent", [None, ""])
def test_a_paragraph_that_holds_only_an_absent_value_disappears(absent: str | None) -> None:
    assert lines(rendered(p("before") + p("{{ x }}") + p("after"), x=absent)) == ["before", "after"]


def test_a_cell_keeps_its_last_paragraph() -> None:
    cell = f"<w:tbl><w:tblGrid><w:gridCol w:w='9'/></w:tblGrid><w:tr><w:tc>{p('{{ x }}')}</w:tc></w:tr></w:tbl>"
    assert lines(rendered(cell + p("after"), x=None)) == ["", "after"]


def test_an_absent_value_inside_a_sentence_is_refused() -> None:
    with pytest.raises(TemplateError, match="“call … today” prints a value that this project doesn't have"):
        rendered(p("call {{ x }} today"), x=None)


def test_empty_paragraphs_of_the_template_stay() -> None:
    assert lines(rendered(p("a") + "<w:p/>" + p("b"))) == ["a", "", "b"]


# Tags


def test_paragraph_tags_leave_no_trace() -> None:
    body = p("{%p for x in xs %}") + p("{{ x }}") + p("{%p endfor %}") + p("end")
    assert lines(rendered(body, xs=("a", "b"))) == ["a", "b", "end"]


def test_a_tag_that_word_split_over_runs_works() -> None:
    split = "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{ x</w:t></w:r><w:r><w:t> }}</w:t></w:r></w:p>"
    assert lines(rendered(split, x="whole")) == ["whole"]


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        pytest.param("{{ nothing }}", "'nothing' is undefined", id="an unknown name"),
        pytest.param("{{ x.nothing }}", "has no attribute 'nothing'", id="an unknown attribute"),
        pytest.param("{{ x.__class__ }}", "access to attribute '__class__'", id="a way to Python's classes"),
        pytest.param("{{ x.upper() }}", "call isn't allowed", id="a call"),
        pytest.param("{{ x.upper }}", "can't be printed", id="a method"),
        pytest.param("{{ range(9) }}", "call isn't allowed", id="a global function"),
        pytest.param("{{ cycler }}", "'cycler' is undefined", id="a global of Jinja"),
        pytest.param("{{ x|safe }}", "No filter named 'safe'", id="a filter that would skip escaping"),
        pytest.param("{{ x|attr('y') }}", "No filter named 'attr'", id="a filter that reaches attributes"),
        pytest.param("{{ 'x' * 999 }}", "mul isn't allowed", id="arithmetic, which can fill memory"),
        pytest.param("{% include 'y' %}", "include isn't allowed", id="an include"),
        pytest.param("{% import 'y' as z %}", "import isn't allowed", id="an import"),
        pytest.param("{% macro y() %}{% endmacro %}", "macro isn't allowed", id="a macro"),
        pytest.param("{% block y %}{% endblock %}", "block isn't allowed", id="a block"),
        pytest.param("{% if x %}", "Unexpected end of template", id="an unbalanced tag"),
        pytest.param("{{ x", "", id="an unclosed tag"),
        pytest.param("{{ flag }}", "a bool can't be printed", id="a flag printed as text"),
        pytest.param("{{ xs }}", "a tuple can't be printed", id="a list printed as text"),
    ],
)
def test_a_tag_is_refused(tag: str, message: str) -> None:
    with pytest.raises(TemplateError, match=f"^sample.docx: .*{message}"):
        rendered(p(tag), x="text", xs=("a",), flag=True)


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        pytest.param("{% for a, b in xs %}{{ a }}{% endfor %}", "not enough values to unpack", id="a text taken apart"),
        pytest.param("{% set a, b = xs %}{{ a }}", "not enough values to unpack", id="a list of another length"),
        pytest.param("{% for a, b in [1] %}{{ a }}{% endfor %}", "cannot unpack", id="a number taken apart"),
        pytest.param("{% if x > 3 %}{{ x }}{% endif %}", "'>' not supported", id="a text compared with a number"),
        pytest.param("{{ flag | length }}", "has no len", id="the length of a flag"),
    ],
)
def test_a_value_taken_for_what_it_is_not_is_told_with_its_place(tag: str, message: str) -> None:
    pattern = rf"^sample\.docx: a tag can't do that with its value: .*{message}.* \(near “.*after”\)$"
    with pytest.raises(TemplateError, match=pattern) as refused:
        rendered(p(f"{tag} after"), x="text", xs=("a",), flag=True)
    assert "handover validate" in refused.value.hint


def test_an_error_shows_the_text_around_it() -> None:
    with pytest.raises(TemplateError, match=r"near “.*Amount of"):
        rendered(p("Amount of {{ invoce }}"))


def test_a_tag_that_breaks_the_structure_is_refused_instead_of_losing_text() -> None:
    cell = f"<w:tbl><w:tblGrid/><w:tr><w:tc>{p('a{% endif %}')}</w:tc></w:tr></w:tbl>"
    body = p("{% if x %}") + cell
    with pytest.raises(TemplateError, match=r"sample\.docx: can't be filled in"):
        rendered(body, x=False)


# What a template may hold


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("<w:p><w:ins w:id='1' w:author='Eve'><w:r><w:t>x</w:t></w:r></w:ins></w:p>", "tracked changes",
                     id="an insertion"),
        pytest.param("<w:p><w:del w:id='1'><w:r><w:delText>x</w:delText></w:r></w:del></w:p>", "tracked changes",
                     id="a deletion"),
        pytest.param("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>", "hidden text", id="hidden text"),
        pytest.param("<w:p><w:r><w:object/></w:r></w:p>", "embedded object", id="an object"),
        pytest.param("<w:altChunk/>", "embedded object", id="another document"),
        pytest.param("<w:p><w:fldSimple w:instr=' INCLUDETEXT \"/etc/passwd\" '/></w:p>", "field 'INCLUDETEXT'",
                     id="a field that reads a file"),
        pytest.param("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DD</w:instrText></w:r>"
                     "<w:r><w:instrText>EAUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
                     "field 'DDEAUTO'", id="a field in pieces"),
        pytest.param("<w:p><w:fldSimple w:instr=' DATE '/></w:p>", "field 'DATE'", id="a field that changes by itself"),
        pytest.param(p("a\ufdd0b"), "the character U\\+FDD0", id="a character that stands for an absent value"),
        pytest.param(p("&#xFDD1;&#xFDD1; x &#xFDD2;"), "the character U\\+FDD1", id="characters that become braces"),
        pytest.param("<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml' href='file:///x'/></w:pict></w:r>"
                     "</w:p>", "outside the document: file:///x", id="an old shape that links to a file"),
    ],
)  # fmt: skip
def test_a_template_is_refused_for(body: str, message: str) -> None:
    with pytest.raises(TemplateError, match=rf"^sample\.docx: /word/document\.xml: .*{message}"):
        rendered(body)


@pytest.mark.parametrize(
    ("kind", "target", "external", "message"),
    [
        pytest.param("vbaProject", "vba.bin", False, "holds a macro", id="a macro"),
        pytest.param("oleObject", "o.bin", False, "holds an embedded object", id="an OLE object"),
        pytest.param(
            "image", "http://a.example/x.png", True, "something outside the document: http", id="a linked image"
        ),
        pytest.param("image", "file://srv/x.png", True, "something outside the document", id="an image on a server"),
        pytest.param("hyperlink", "file:///etc/passwd", True, "something outside", id="a link to a file"),
        pytest.param("aFChunk", "x.docx", False, "another document", id="a chunk"),
        pytest.param("unheardOf", "x.bin", False, "refers to a unheardOf", id="anything unknown"),
    ],
)
def test_a_relationship_is_refused(kind: str, target: str, external: bool, message: str) -> None:
    mode = ' TargetMode="External"' if external else ""
    added = f'<Relationship Id="rId99" Type="{_R}/{kind}" Target="{target}"{mode}/></Relationships>'
    made = _with_relationship(added)
    with pytest.raises(TemplateError, match=message):
        render(made, {"client": "Acme", "short_client": "Acme", "date": "today"}, FINISH, place="sample.docx")


def _with_relationship(added: str, **parts: bytes) -> bytes:
    package = read_package(template(p("x")), "template")
    rels = "/word/_rels/document.xml.rels"
    content = package.parts[rels].replace(b"</Relationships>", added.encode())
    types = {**package.types, **dict.fromkeys(parts, "application/xml")}
    return write_package(Package({**package.parts, rels: content, **parts}, types))


def test_text_that_word_would_fill_in_again_is_let_go() -> None:
    bound = "<w:sdt><w:sdtPr><w:dataBinding w:xpath='/x' w:storeItemID='{1}'/></w:sdtPr><w:sdtContent>"

    package = rendered(f"{bound}{p('stays')}</w:sdtContent></w:sdt>")

    assert lines(package) == ["stays"]
    assert next(document_of(package).iter(w("dataBinding")), None) is None


@pytest.mark.parametrize("text", ["{_{ x }_}", "%}", "}", "<b> & 'c'", "&lt;", "{%"])
def test_a_text_that_a_tag_spells_out_is_printed_as_it_is(text: str) -> None:
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert lines(rendered(p(f'{{{{ "{quoted}" }}}}'))) == [text]


def test_an_ampersand_in_a_tag_is_one() -> None:
    assert lines(rendered(p("{% if client == 'R&amp;D' %}theirs{% endif %}"), client="R&D")) == ["theirs"]


@pytest.mark.parametrize("literal", ["1.5", "true", r"'\x07'"])
def test_a_constant_that_cant_be_printed_is_refused(literal: str) -> None:
    with pytest.raises(TemplateError, match=r"can't be printed|holds the character"):
        rendered(p(f"{{{{ {literal} }}}}"))


def test_comments_people_and_custom_parts_are_dropped() -> None:
    added = f'<Relationship Id="rId99" Type="{_R}/comments" Target="comments.xml"/></Relationships>'
    made = _with_relationship(added, **{"/word/comments.xml": b"<c>by Eve</c>", "/customXml/item1.xml": b"<x>Eve</x>"})
    content = render(made, {"client": "Acme", "short_client": "Acme", "date": "today"}, FINISH, place="sample.docx")
    package = read_package(content, "rendered")
    assert not [name for name in package.parts if "comments" in name or "custom" in name]
    assert b"Eve" not in b"".join(package.parts.values())


def test_revision_ids_go_and_the_properties_are_fixed() -> None:
    package = rendered("<w:p w:rsidR='00AB12CD' w:rsidRDefault='00AB12CD'><w:r w:rsidR='1'><w:t>x</w:t></w:r></w:p>")
    assert b"rsid" not in package.parts["/word/document.xml"]
    assert {name: package.parts[name] for name in fixed_docprops()} == fixed_docprops()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04"])
def test_what_is_no_docx_is_refused(content: bytes) -> None:
    with pytest.raises(DamagedFile, match=r"^sample\.docx: "):
        render(content, {}, FINISH, place="sample.docx")


def test_a_zip_that_is_no_word_document_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DamagedFile):
        render(stream.getvalue(), {}, FINISH, place="sample.docx")


# Pictures


def picture(width: int = 300, height: int = 100, kind: str = "PNG", **save: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#123456").save(stream, kind, **save)
    return stream.getvalue()


def placeholder(name: str, relationship: str = "rId21", described: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing xmlns:wp="{WP}" xmlns:a="{A}" xmlns:pic="{PIC}"><wp:inline>'
        f'<wp:extent cx="1800000" cy="360000"/><wp:docPr id="1" name="{name}" descr="{described}"/><a:graphic>'
        f'<a:graphicData uri="{PIC}"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:srcRect l="9"/></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:ext cx="1800000" cy="360000"/></a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(placeholder("logo"), id="named logo"),
        pytest.param(placeholder("Picture 1", described="Logo"), id="described as logo"),
    ],
)
def test_a_placeholder_takes_its_picture(body: str) -> None:
    finish = replace(FINISH, pictures={"logo": Picture(picture(), "Logo of Acme")})
    package = rendered(body, finish)
    root = document_of(package)
    extent = root.find(f".//{{{WP}}}extent")
    properties = root.find(f".//{{{WP}}}docPr")
    assert extent is not None
    assert properties is not None
    assert (extent.get("cx"), extent.get("cy")) == ("1080000", "360000")
    assert properties.get("descr") == "Logo of Acme"
    assert [name for name in package.parts if "/media/" in name] == ["/word/media/logo.png"]


def test_a_placeholder_without_a_picture_goes_with_its_paragraph() -> None:
    package = rendered(p("a") + placeholder("logo") + p("b"), replace(FINISH, pictures={"logo": None}))
    assert lines(package) == ["a", "b"]
    assert not [name for name in package.parts if "/media/" in name]


def test_other_pictures_of_a_template_stay() -> None:
    package = rendered(placeholder("seal of quality"), replace(FINISH, pictures={"logo": None}))
    assert [name for name in package.parts if "/media/" in name] == ["/word/media/rId21.png"]


def test_what_a_photograph_tells_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken by Eve"
    exif[0x0112] = 6
    finish = replace(FINISH, pictures={"logo": Picture(picture(kind="JPEG", exif=exif), "x")})
    content = rendered(placeholder("logo"), finish).parts["/word/media/logo.jpeg"]
    assert b"Eve" not in content
    assert Image.open(io.BytesIO(content)).size == (100, 300)


def test_text_in_a_png_is_left_out_and_its_pixels_stay() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Eve")
    finish = replace(FINISH, pictures={"logo": Picture(picture(pnginfo=info), "x")})
    content = rendered(placeholder("logo"), finish).parts["/word/media/logo.png"]
    assert b"Eve" not in content
    assert Image.open(io.BytesIO(content)).convert("RGB").getpixel((5, 5)) == (0x12, 0x34, 0x56)


@pytest.mark.parametrize("content", [b"", b"GIF89a", picture()[:60]])
def test_a_picture_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateError, match="'logo' isn't a PNG or JPEG"):
        rendered(placeholder("logo"), replace(FINISH, pictures={"logo": Picture(content, "x")}))


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(10_000, 9_000_000), st.integers(10_000, 9_000_000))
def test_a_picture_fits_its_box_and_keeps_its_shape(wide: int, high: int, box_wide: int, box_high: int) -> None:
    width, height = fitted(wide, high, box_wide, box_high)
    assert 1 <= width <= box_wide + 1
    assert 1 <= height <= box_high + 1
    assert abs(width * high - height * wide) <= max(wide, high)


# Finish


@pytest.mark.parametrize("colour", ["#FFE600", "#000000", "#FFFFFF", "#0E5A6B"])
def test_the_brand_colours_the_styles_and_stays_legible(colour: str) -> None:
    shades = palette(colour)
    package = rendered(p("x"), replace(FINISH, palette=shades))
    heading = etree.fromstring(package.parts["/word/styles.xml"]).find(f"{w('style')}[@{w('styleId')}='Heading1']")
    assert heading is not None
    element = heading.find(f".//{w('color')}")
    assert element is not None
    assert "#" + element.get(w("val"), "") == shades.dark
    assert contrast(shades.dark, "#FFFFFF") >= 4.5
    assert f'<a:accent1><a:srgbClr val="{colour[1:]}"/>' in package.parts["/word/theme/theme1.xml"].decode()


def test_colours_that_somebody_chose_in_word_stay() -> None:
    made = template(p("x"), word__theme__theme1='clrScheme name="Handover"=>clrScheme name="Blue"')
    package = read_package(
        render(
            made,
            {"client": "Acme", "short_client": "Acme", "date": "today"},
            replace(FINISH, palette=palette("#FF0000")),
            place="s",
        ),
        "rendered",
    )
    assert b"FF0000" not in package.parts["/word/theme/theme1.xml"]


@pytest.mark.parametrize(
    ("paper", "size"),
    [pytest.param("A4", ("11906", "16838"), id="A4"), pytest.param("Letter", ("12240", "15840"), id="Letter")],
)
def test_the_paper_changes_and_the_width_of_the_text_does_not(paper: str, size: tuple[str, str]) -> None:
    section = document_of(rendered(p("x"), replace(FINISH, paper=paper))).find(f".//{w('sectPr')}")
    assert section is not None
    page, margins = section.find(w("pgSz")), section.find(w("pgMar"))
    assert page is not None
    assert margins is not None
    assert (page.get(w("w")), page.get(w("h"))) == size
    text = int(size[0]) - int(margins.get(w("left"), "0")) - int(margins.get(w("right"), "0"))
    assert text == pytest.approx(160 / 25.4 * 1440, abs=2)


def test_the_language_is_set_once_and_runs_keep_none_of_their_own() -> None:
    run = "<w:p><w:r><w:rPr><w:lang w:val='de-DE'/></w:rPr><w:t>x</w:t></w:r></w:p>"
    package = rendered(run, replace(FINISH, language="fr-CH"))
    assert b"w:lang" not in package.parts["/word/document.xml"]
    assert b'w:lang w:val="fr-CH"' in package.parts["/word/styles.xml"]


@pytest.mark.parametrize("extra", ["", "<w:titlePg/>"], ids=["one kind of page", "a first page of its own"])
def test_a_draft_is_marked_on_every_kind_of_page(extra: str) -> None:
    package = read_package(template(p("x")), "template")
    document = package.parts["/word/document.xml"].replace(b"</w:sectPr>", extra.encode() + b"</w:sectPr>")
    made = write_package(Package({**package.parts, "/word/document.xml": document}, package.types))
    result = read_package(
        render(
            made, {"client": "Acme", "short_client": "Acme", "date": "today"}, replace(FINISH, draft="DRAFT"), place="s"
        ),
        "r",
    )
    references = document_of(result).findall(f".//{w('headerReference')}")
    headers = [content for name, content in result.parts.items() if name.startswith("/word/header")]
    assert len(references) == len(headers) == (2 if extra else 1)
    assert all(header.count(b">DRAFT<") == 1 and b'string="DRAFT"' in header for header in headers)


def test_without_a_draft_mark_no_header_is_added() -> None:
    assert b"w:pict" not in b"".join(rendered(p("x")).parts.values())


def test_drawings_repeated_by_a_loop_have_ids_of_their_own() -> None:
    body = p("{%p for x in xs %}") + placeholder("seal") + p("{%p endfor %}")
    ids = [e.get("id") for e in document_of(rendered(body, xs=("a", "b"))).iter(f"{{{WP}}}docPr")]
    assert len(set(ids)) == len(ids) == 2


def test_the_same_input_gives_the_same_bytes() -> None:
    made = template(placeholder("logo") + p("{{ x }}"))
    finish = replace(FINISH, pictures={"logo": Picture(picture(), "x")}, draft="DRAFT")
    values = {"client": "Acme", "short_client": "Acme", "date": "today", "x": "y"}
    assert render(made, values, finish, place="s") == render(made, values, finish, place="s")


def test_python_docx_opens_the_result() -> None:
    from docx import Document

    content = render(
        template(p("{{ x }}")), {"client": "A", "short_client": "A", "date": "d", "x": "y"}, FINISH, place="s"
    )
    assert [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs] == ["y"]
