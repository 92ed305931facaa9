"""Word documents from templates: what may not come along, pictures, colours, paper, language, draft mark."""

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from handover.formats.package.opc import (
    Package,
    fixed_docprops,
    read_package,
    relationships,
    target_part,
    write_package,
)
from handover.formats.palette import contrast, palette
from handover.formats.word.finish import Finish
from handover.formats.word.ooxml import PIC, WP, A, w
from handover.formats.word.pictures import Picture, fitted
from handover.languages import files
from handover.model.errors import DamagedFile, TemplateError
from handover.templating.template import rendered as filled
from templating.test_templating_controls import view_of

FINISH = Finish(language="en-GB", paper="A4", palette=palette("#1F4E79"))
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def image() -> tuple[str, str]:
    """Relationship and part of the one picture in `template`: the placeholder of the logo."""
    package = read_package(files.read_bytes("en", "pending.docx"), "template")
    (found,) = [r for r in relationships(package, "/word/document.xml", "template") if r.type.endswith("/image")]
    return found.id, target_part("/word/document.xml", found)


def template(body: str, name: str = "pending", **parts: str) -> bytes:
    """Our English list of pending projects with another body; `parts` replace text in other parts, `old=>new`."""
    package = read_package(files.read_bytes("en", f"{name}.docx"), "template")
    document = package.parts["/word/document.xml"].decode()
    start, end = document.index("<w:body>") + 8, document.index("<w:sectPr")
    changed = {**package.parts, "/word/document.xml": (document[:start] + body + document[end:]).encode()}
    for where, change in parts.items():
        part = "/" + where.replace("__", "/") + ".xml"
        old, _, new = change.partition("=>")
        assert old.encode() in changed[part]
        changed[part] = changed[part].replace(old.encode(), new.encode(), 1)
    return write_package(Package(changed, package.types))


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def render(made: bytes, finish: Finish = FINISH) -> bytes:
    return filled(made, view_of("pending", full=True), finish, place="sample.docx")


def rendered(body: str, finish: Finish = FINISH) -> Package:
    return read_package(render(template(body), finish), "rendered")


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


# What a template may hold


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("<w:p><w:ins w:id='1' w:author='Eve'><w:r><w:t>x</w:t></w:r></w:ins></w:p>", "a tracked change",
                     id="an insertion"),
        pytest.param("<w:p><w:del w:id='1'><w:r><w:delText>x</w:delText></w:r></w:del></w:p>", "a tracked change",
                     id="a deletion"),
        pytest.param("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>", "hidden text", id="hidden text"),
        pytest.param("<w:p><w:r><w:object/></w:r></w:p>", "embedded object", id="an object"),
        pytest.param("<w:altChunk/>", "another document", id="another document"),
        pytest.param("<w:p><w:fldSimple w:instr=' INCLUDETEXT \"/etc/passwd\" '/></w:p>", "field INCLUDETEXT",
                     id="a field that reads a file"),
        pytest.param("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DD</w:instrText></w:r>"
                     "<w:r><w:instrText>EAUTO x</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
                     "field DDEAUTO", id="a field in pieces"),
        pytest.param("<w:p><w:fldSimple w:instr=' DATE '/></w:p>", "field DATE", id="a field that changes by itself"),
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
            "image", "http://a.example/x.png", True, "a linked picture outside the document: http", id="a linked image"
        ),
        pytest.param("image", "file://srv/x.png", True, "outside the document", id="an image on a server"),
        pytest.param("hyperlink", "file:///etc/passwd", True, "something else than a web page", id="a link to a file"),
        pytest.param("aFChunk", "x.docx", False, "another document", id="a chunk"),
        pytest.param("unheardOf", "x.bin", False, "can't have: unheardOf", id="anything unknown"),
    ],
)
def test_a_relationship_is_refused(kind: str, target: str, external: bool, message: str) -> None:
    mode = ' TargetMode="External"' if external else ""
    added = f'<Relationship Id="rId99" Type="{_R}/{kind}" Target="{target}"{mode}/></Relationships>'
    made = _with_relationship(added)
    with pytest.raises(TemplateError, match=message):
        render(made)


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


def test_comments_people_and_custom_parts_are_dropped() -> None:
    added = f'<Relationship Id="rId99" Type="{_R}/comments" Target="comments.xml"/></Relationships>'
    made = _with_relationship(added, **{"/word/comments.xml": b"<c>by Eve</c>", "/customXml/item1.xml": b"<x>Eve</x>"})
    package = read_package(render(made), "rendered")
    assert not [name for name in package.parts if "comments" in name or "custom" in name]
    assert b"Eve" not in b"".join(package.parts.values())


def test_revision_ids_go_and_the_properties_are_fixed() -> None:
    package = rendered("<w:p w:rsidR='00AB12CD' w:rsidRDefault='00AB12CD'><w:r w:rsidR='1'><w:t>x</w:t></w:r></w:p>")
    assert b"rsid" not in package.parts["/word/document.xml"]
    assert {name: package.parts[name] for name in fixed_docprops()} == fixed_docprops()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04"])
def test_what_is_no_docx_is_refused(content: bytes) -> None:
    with pytest.raises(DamagedFile, match=r"^sample\.docx: "):
        render(content)


def test_a_zip_that_is_no_word_document_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DamagedFile):
        render(stream.getvalue())


# Pictures


def picture(width: int = 300, height: int = 100, kind: str = "PNG", **save: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#123456").save(stream, kind, **save)
    return stream.getvalue()


def placeholder(name: str, described: str = "") -> str:
    relationship, _ = image()
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


@pytest.mark.parametrize("change", [
    pytest.param("<a:blip r:embed=\"RELATION\"/>=>", id="a drawing without a picture"),
    pytest.param('cx="1800000" cy="360000"/><wp:docPr=>cx="wide" cy="9"/><wp:docPr', id="a picture without a size"),
    pytest.param('<wp:extent cx="1800000" cy="360000"/>=>', id="a picture without a box"),
])  # fmt: skip
def test_a_drawing_that_no_picture_fits_into_is_no_placeholder(change: str) -> None:
    old, _, new = change.partition("=>")
    body = placeholder("logo").replace(image()[0], "RELATION")
    assert old in body
    body = body.replace(old, new).replace("RELATION", image()[0])
    package = rendered(body, replace(FINISH, pictures={"logo": Picture(picture(), "x")}))
    assert next(document_of(package).iter(f"{{{WP}}}docPr")).get("name") == "logo"
    assert "/word/media/logo.png" not in package.parts


def test_other_pictures_of_a_template_stay() -> None:
    package = rendered(placeholder("seal of quality"), replace(FINISH, pictures={"logo": None}))
    assert [name for name in package.parts if "/media/" in name] == [image()[1]]


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
    package = read_package(render(made, replace(FINISH, palette=palette("#FF0000"))), "rendered")
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


@pytest.mark.parametrize(
    ("rows", "held"),
    [(1, ""), (2, "1"), (3, "2"), (4, "3"), (9, "8")],
    ids=lambda value: str(value) or "none",
)
@pytest.mark.parametrize("headed", [True, False], ids=["under a repeated head", "without a head"])
def test_the_last_two_rows_of_a_table_stay_on_a_page(rows: int, held: str, headed: bool) -> None:
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>{p('Head')}</w:tc></w:tr>" if headed else ""
    style = '<w:pPr><w:pStyle w:val="HandoverTableText"/><w:jc w:val="right"/></w:pPr>'
    body = "".join(f"<w:tr><w:tc>{p(str(at), style if at % 2 else '')}</w:tc></w:tr>" for at in range(1, rows + 1))
    made = document_of(rendered(f"<w:tbl>{head}{body}</w:tbl>{p('x')}"))
    kept = [one for one in made.iter(w("p")) if one.find(f"{w('pPr')}/{w('keepNext')}") is not None]
    assert "".join(one.findtext(f".//{w('t')}", "") for one in kept) == (held if headed else "")
    # Where the schema wants it: behind the style, before all else.
    assert {[child.tag for child in one[0]].index(w("keepNext")) for one in kept} <= {0, 1}


@pytest.mark.parametrize("width", ["11906", "21cm", "210mm", "8.268in", "595.3pt", "49.61pc"])
def test_a_page_may_be_measured_in_any_unit(width: str) -> None:
    package = read_package(template(p("x")), "template")
    document = package.parts["/word/document.xml"].replace(b'w:w="11906"', f'w:w="{width}"'.encode())
    assert width.encode() in document
    made = write_package(Package({**package.parts, "/word/document.xml": document}, package.types))
    margins = document_of(read_package(render(made, replace(FINISH, paper="Letter")), "r")).find(f".//{w('pgMar')}")
    plain = document_of(rendered(p("x"), replace(FINISH, paper="Letter"))).find(f".//{w('pgMar')}")
    for side in ("left", "right"):
        assert int(margins.get(w(side))) == pytest.approx(int(plain.get(w(side))), abs=1)


@pytest.mark.parametrize("width", ["", "wide", "-", "9" * 5000, "1e9", "NaN", "21 cm", "٣"])
def test_a_page_without_a_width_keeps_its_margins(width: str) -> None:
    package = read_package(template(p("x")), "template")
    document = package.parts["/word/document.xml"].replace(b'w:w="11906"', f'w:w="{width}"'.encode())
    made = write_package(Package({**package.parts, "/word/document.xml": document}, package.types))
    now = document_of(read_package(render(made), "r")).find(f".//{w('pgMar')}")
    assert now.attrib == document_of(rendered(p("x"))).find(f".//{w('pgMar')}").attrib


def test_the_language_is_set_once_and_runs_keep_none_of_their_own() -> None:
    run = "<w:p><w:r><w:rPr><w:lang w:val='de-DE'/></w:rPr><w:t>x</w:t></w:r></w:p>"
    package = rendered(run, replace(FINISH, language="fr-CH"))
    assert b"w:lang" not in package.parts["/word/document.xml"]
    assert b'w:lang w:val="fr-CH"' in package.parts["/word/styles.xml"]


@pytest.mark.parametrize(
    ("extra", "text", "across"),
    [
        pytest.param("", p("x"), 1, id="one kind of page"),
        pytest.param("<w:titlePg/>", p("x"), 2, id="a first page of its own"),
        pytest.param(
            "<w:titlePg/>",
            p("x", "<w:pPr><w:pStyle w:val='HandoverCoverTitle'/></w:pPr>"),
            1,
            id="a cover, in the line above alone",
        ),
    ],
)
def test_a_draft_is_marked_on_every_kind_of_page(extra: str, text: str, across: int) -> None:
    package = read_package(template(text, "receipt"), "template")  # whose first page has a footer of its own
    links, body = "/word/_rels/document.xml.rels", package.parts["/word/document.xml"]
    first = re.search(rb'<w:footerReference w:type="first" r:id="(\w+)"/>', body)
    assert first is not None
    body = body.replace(first[0], b"").replace(b"<w:titlePg/>", extra.encode())
    link = re.sub(rb'<Relationship [^>]*Id="%b"[^>]*>' % first[1], b"", package.parts[links])
    made = write_package(Package({**package.parts, "/word/document.xml": body, links: link}, package.types))
    result = read_package(render(made, replace(FINISH, draft="DRAFT")), "r")
    references = document_of(result).findall(f".//{w('headerReference')}")
    headers = [content for name, content in result.parts.items() if name.startswith("/word/header")]
    assert len(references) == len(headers) == (2 if extra else 1)
    assert all(header.count(b">DRAFT<") == 1 for header in headers)
    assert sum(b'string="DRAFT"' in header for header in headers) == across


def test_without_a_draft_mark_no_header_is_added() -> None:
    assert b"w:pict" not in b"".join(rendered(p("x")).parts.values())


@pytest.mark.usefixtures("anew")
def test_the_same_input_gives_the_same_bytes() -> None:
    made = template(placeholder("logo") + p("{{ client }}"))
    finish = replace(FINISH, pictures={"logo": Picture(picture(), "x")}, draft="DRAFT")
    assert render(made, finish) == render(made, finish)


def test_python_docx_opens_the_result() -> None:
    from docx import Document

    content = render(template(p("{{ client }}")))
    assert [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs] == ["some text"]
