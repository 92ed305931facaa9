"""The gallery's texts and two of its projects' pages, measured: all pages are `make looks`."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from gallery import AROUND, CASES, documents, write
from lxml import etree
from measured import LEAST_TEXT, Word, broken, colours, faults, layout, page_faults, paragraphs_of, texts
from PIL import Image

from handover.formats.package.opc import Package, read_package
from handover.formats.word.ooxml import WP, W, w

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("needs LibreOffice and poppler")
    return write(["example-fr", "us"], tmp_path_factory.mktemp("looks"))


def test_nothing_on_the_pages_would_be_marked(pages: list[Path]) -> None:
    reports = [document for document in pages if document.stem.endswith(".report")]
    assert {document.stem: faults(document) for document in reports} == {one.stem: [] for one in reports}


@pytest.mark.parametrize("case", [*CASES, *AROUND, "specimen"])
def test_no_document_says_a_sentence_twice_or_a_figure_thrice(case: str) -> None:
    packages = {name: read_package(content, name) for name, content in documents(case)}
    said = {name: [*texts(list(paragraphs_of(one))), *colours(one)] for name, one in packages.items()}
    assert said == {name: [] for name in packages}


def test_the_measures_see_what_is_wrong(pages: list[Path], tmp_path: Path) -> None:
    letter = next(document for document in pages if document.stem == "us.letter")
    report = next(document for document in pages if document.stem == "us.report")
    # Another document's pages: too many for a letter, and headings where the letter has none.
    for suffix, source in ((".docx", letter), (".pdf", report)):
        shutil.copyfile(source.with_suffix(suffix), tmp_path / f"us.letter{suffix}")
    assert any("pages" in fault for fault in faults(tmp_path / "us.letter.docx"))


def test_an_export_as_pdf_ua_warns_of_nothing_and_keeps_headings_tables_titles_and_texts(
    pages: list[Path], tmp_path: Path
) -> None:
    asked = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation=file://{pages[0].parent.resolve()}/.profile"
    command = ["soffice", profile, "--headless", "--convert-to", asked, "--outdir", str(tmp_path), *map(str, pages)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    # What LibreOffice says of a machine without Java is no word on our pages.
    lines = [line for line in (said.stdout + said.stderr).splitlines() if line.strip() and "javaldx" not in line]
    assert all(line.startswith("convert ") for line in lines)
    assert len(lines) == len(pages)
    for document in pages:
        package = read_package(document.read_bytes(), document.name)
        reader = pypdf.PdfReader(tmp_path / f"{document.stem}.pdf")
        root = reader.trailer["/Root"]
        elements = list(structure(root["/StructTreeRoot"]))
        kinds = Counter(str(element.get("/S")) for element in elements)
        assert root["/Lang"] == ("en-US" if document.stem.startswith("us") else "fr-FR")
        kept = (sum(kinds[f"/H{level}"] for level in range(1, 7)), kinds["/Table"], kinds["/TH"])
        assert (document.stem, kept) == (document.stem, headings_and_tables(package))
        if not document.stem.endswith(".letter"):  # which is signed, and has no properties
            assert reader.metadata is not None
            assert re.search("Acme Bakery Ltd|Cidrerie Tréhorel", str(reader.metadata.title))
        body = etree.fromstring(package.parts["/word/document.xml"])
        drawn = [one for one in body.iter(f"{{{WP}}}docPr") if "chart" not in one.get("name", "")]
        # Of charts LibreOffice keeps no text: their captions and the table say what they show.
        alts = {str(element.get("/Alt", "")) for element in elements}
        assert {one.get("descr") for one in drawn if one.get("name") != "timeline"} <= alts


def headings_and_tables(package: Package) -> tuple[int, int, int]:
    """How many headings, tables and cells of header rows a document has."""
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    found = {style.get(w("styleId")): style for style in styles.iter(w("style"))}

    def is_heading(name: str | None) -> bool:
        while name in found:
            if found[name].find(f"{w('pPr')}/{w('outlineLvl')}") is not None:
                return True
            base = found[name].find(w("basedOn"))
            name = None if base is None else base.get(w("val"))
        return False

    body = etree.fromstring(package.parts["/word/document.xml"])
    named = [style.get(w("val")) for style in body.iter(w("pStyle"))]
    heads = [row for row in body.iter(w("tr")) if row.find(f"{w('trPr')}/{w('tblHeader')}") is not None]
    cells = sum(len(row.findall(w("tc"))) for row in heads)
    return sum(map(is_heading, named)), len(list(body.iter(w("tbl")))), cells


def structure(element: Any) -> Iterator[Any]:
    """An element of a tagged PDF's structure and all below it."""
    element = element.get_object()
    if isinstance(element, list):
        for one in element:
            yield from structure(one)
    elif isinstance(element, dict):
        yield element
        if "/K" in element:
            yield from structure(element["/K"])


PAPER = Word(0, 0, 595, 842, "")


def drawn(share: float) -> Image.Image:
    """A page that is full down to this share of it."""
    page = Image.new("RGB", (100, 1000), "white")
    page.paste("black", (0, 0, 100, round(share * 1000)))
    return page


def styled(colour: str, band: str = "") -> Package:
    """A document whose one style is in this colour, white on a band where there is one."""
    name = f'xmlns:w="{W}"'
    behind = (
        f'<w:style w:styleId="HandoverCoverBand"><w:tcPr><w:shd w:fill="{band}"/></w:tcPr></w:style>' if band else ""
    )
    style = f'<w:style w:styleId="One"><w:rPr><w:color w:val="{colour}"/></w:rPr></w:style>'
    return Package({"/word/styles.xml": f"<w:styles {name}>{behind}{style}</w:styles>".encode()}, {})


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        pytest.param([Word(60, 60, 90, 73, "one"), Word(95, 60, 120, 73, "two")], "", id="two words of a line"),
        pytest.param([Word(60, 60, 90, 73, "one"), Word(62, 62, 92, 75, "two")], "lie on each other", id="overlapping"),
        pytest.param([Word(570, 60, 620, 73, "cut")], "runs off the page", id="clipped"),
        pytest.param([Word(60, 60, 70, 66, "tiny")], "is smaller than", id="too small"),
    ],
)
def test_words_on_a_page_are_measured(words: list[Word], fault: str) -> None:
    found = list(page_faults([PAPER, *words], LEAST_TEXT))
    assert all(fault in one for one in found)
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("share", "text", "following", "fault"),
    [
        pytest.param(0.8, "The rest", "More", "", id="a full page"),
        pytest.param(0.3, "The rest", "More", "is 30 % full", id="half empty in a chapter"),
        pytest.param(0.3, "The rest", "Chapter two", "", id="half empty before a chapter"),
        pytest.param(0.8, "A heading", "More", "ends it", id="a heading that ends its page"),
    ],
)
def test_how_pages_end_is_measured(share: float, text: str, following: str, fault: str) -> None:
    line = Word(60, 842 * share - 13, 200, 842 * share, text)
    pages = [[PAPER, line], [PAPER, Word(60, 60, 200, 73, following)]]
    paragraphs = [("Heading1", "A heading", False), ("HandoverNewPage", "Chapter two", False)]
    found = list(layout(pages, [drawn(share), drawn(0.9)], paragraphs))
    assert all(fault in one for one in found)
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("paragraphs", "fault"),
    [
        pytest.param([("Normal", "The shop and the school grew together.", False)], "", id="once"),
        pytest.param([("Normal", "The shop and the school grew together.", False)] * 2, "says twice", id="twice"),
        pytest.param(
            [("", "Figure 1. Sales", False), ("", "Figure 3. Leads", False)], "numbers its", id="a number lacks"
        ),
        pytest.param(
            [("HandoverFigure", "17,690", False), ("", "17,690 came.", False)], "", id="a figure in two places"
        ),
        pytest.param(
            [("HandoverFigure", "17,690", False), *[("", "17,690 came.", False)] * 2], "states", id="in three"
        ),
        pytest.param([("HandoverFigure", "17,690", False), *[("", "17,690", True)] * 3], "", id="in the table"),
    ],
)
def test_what_is_said_too_often_is_measured(paragraphs: list[tuple[str, str, bool]], fault: str) -> None:
    found = list(texts(paragraphs))
    assert all(fault in one for one in found)
    assert bool(found) == bool(fault)


def test_a_number_that_a_column_breaks_is_noticed() -> None:
    paragraphs = [("", "EUR 117’700", True), ("", "117’700 euros", False)]
    assert not list(broken("EUR 117’700 117’700 euros 99", paragraphs))
    assert list(broken("EUR 117’70 0 117’700 euros", paragraphs)) == ["breaks the number 700"]


@pytest.mark.parametrize(
    ("package", "faint"),
    [
        pytest.param(styled("1F4E79"), False, id="dark on white"),
        pytest.param(styled("FFF3B0"), True, id="pale yellow on white"),
        pytest.param(styled("FFFFFF", "1F4E79"), False, id="white on a dark band"),
        pytest.param(styled("FFFFFF", "39FF14"), True, id="white on neon"),
    ],
)
def test_contrast_is_measured(package: Package, *, faint: bool) -> None:
    assert bool(list(colours(package))) == faint
