"""What can be measured of a page: what an art director would mark without reading a word.

Role: `faults` judges one document by its .docx and the .pdf that LibreOffice makes of it, in sentences that name the
page. It renders nothing of ours.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from lxml import etree
from PIL import Image, ImageOps

from handover.formats.package.opc import Package, read_package
from handover.formats.palette import contrast
from handover.formats.word.ooxml import w

PAGES = {
    "letter": 2,
    "notice": 2,
    "cover": 2,
    "decision": 2,
    "pending": 4,
    "report": 11,
    "plan": 2,
    "guide": 5,
    "specimen": 3,
}
"""The most pages of each document; of one that isn't named, one."""

LARGE = {"letter": 2, "pending": 20, "report": 15, "plan": 5, "guide": 16, "reasons": 2, "post_mortem": 2}
"""Those of the largest project."""

LEAST_TEXT = 7.0
"""Points of the smallest letters, in charts."""

FOOTER = 0.92
"""Where the footer begins, as a share of the page's height."""

HALF = 0.5
_KEPT = 20
_HTML = "{http://www.w3.org/1999/xhtml}"
_NEW_PAGE = "HandoverNewPage"
_FIGURES = ("HandoverFigure", "HandoverFigureLong")
_MARKS = {"HandoverThen"}
"""Styles of marks that are no text, whose colour is that of what they mark (WCAG 2.2, 1.4.11)."""

_SPREADS = ("HandoverChartKey", "HandoverTargetKey", "HandoverSmallKey")
"""Where a figure has its own spread: it may be stated there besides."""


@dataclass(frozen=True)
class Word:
    """A word on a page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def images(pdf: Path, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    for old in pdf.parent.glob(f"{pdf.stem}.page-*.png"):
        old.unlink()
    prefix = pdf.with_name(f"{pdf.stem}.page")
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(prefix)], check=True, capture_output=True)
    found = sorted(pdf.parent.glob(f"{pdf.stem}.page-*.png"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return [Image.open(path).convert("RGB") for path in found]


def faults(document: Path) -> list[str]:
    """What is wrong with a document beside which its PDF lies, a sentence each."""
    package = read_package(document.read_bytes(), document.name)
    case, _, kind = document.stem.partition(".")
    pdf = document.with_suffix(".pdf")
    pages = [list(page) for page in _pages(pdf)]
    # Of more than twenty charts LibreOffice keeps pictures alone, and shrinks their letters (Cache/Writer/OLE_Objects).
    least = LEAST_TEXT if sum("/charts/" in name for name in package.parts) <= 2 * _KEPT else 0
    found = [f"page {at}: {said}" for at, page in enumerate(pages, 1) for said in page_faults(page, least)]
    most = (PAGES | LARGE if case.endswith("large") else PAGES).get(kind, 1)
    if len(pages) > most:
        found.append(f"has {len(pages)} pages; {most} are the limit")
    paragraphs = list(paragraphs_of(package))
    found += layout(pages, images(pdf, 40), paragraphs)
    found += texts(paragraphs)
    printed = " ".join(word.text for page in pages for word in page)
    found += broken(printed, paragraphs)
    found += lost(printed, package)
    found += colours(package)
    return found


def _pages(pdf: Path) -> Iterator[Iterator[Word]]:
    made = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True).stdout
    root = etree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", made), etree.XMLParser(recover=True))
    for page in root.iter(f"{_HTML}page"):
        yield iter(
            [Word(0, 0, float(page.get("width")), float(page.get("height")), "")]
            + [
                Word(*(float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")), word.text or "")
                for word in page.iter(f"{_HTML}word")
            ]
        )


def page_faults(page: list[Word], least: float) -> Iterator[str]:
    """Text that is clipped, lies on other text, or is too small. The first word is the page itself."""
    whole, words = page[0], [word for word in page[1:] if word.text.strip()]
    for word in words:
        if word.left < -1 or word.top < -1 or word.right > whole.right + 1 or word.bottom > whole.bottom + 1:
            yield f"“{word.text}” runs off the page"
        # A line of Carlito or Caladea is 1.2 times as high as its size.
        if word.bottom - word.top < least * 1.12:
            yield f"“{word.text}” is smaller than {least} points"
    upright = [word for word in words if word.bottom - word.top < 60]  # a draft's mark lies under everything
    for one, other in combinations(sorted(upright, key=lambda word: word.top), 2):
        if other.top > one.bottom:
            continue
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        small = min(one.right - one.left, other.right - other.left), min(one.bottom - one.top, other.bottom - other.top)
        if across > 0.25 * small[0] and down > 0.45 * small[1]:
            yield f"“{one.text}” and “{other.text}” lie on each other"


def paragraphs_of(package: Package) -> Iterator[tuple[str, str, bool]]:
    """Style, text, and whether it stands in a table with rules, of each paragraph."""
    root = etree.fromstring(package.parts["/word/document.xml"])
    for paragraph in root.iter(w("p")):
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        table = next(paragraph.iterancestors(w("tbl")), None)
        name = None if table is None else table.find(f"{w('tblPr')}/{w('tblStyle')}")
        text = "".join(" " if node.tag == w("tab") else node.text or "" for node in paragraph.iter(w("t"), w("tab")))
        in_table = name is not None and name.get(w("val")) == "HandoverTable"
        yield ("" if style is None else style.get(w("val"), "")), text.strip(), in_table


def layout(pages: list[list[Word]], drawn: list[Image.Image], paragraphs: list[tuple[str, str, bool]]) -> Iterator[str]:
    """Headings that end a page, and pages half empty that no chapter ends."""
    headings = {
        _plain(text)
        for style, text, _ in paragraphs
        if re.match(r"Heading|HandoverMetric|HandoverFollows|.*Head$", style) and text
    }
    openers = {_plain(text) for style, text, _ in paragraphs if style == _NEW_PAGE}
    lines = [_lines(page) for page in pages]
    for at, (own, picture) in enumerate(zip(lines, drawn, strict=True), 1):
        low = _lowest(picture)
        below = [line for line, bottom in own if bottom > (low - 0.02) * pages[at - 1][0].bottom]
        if own and own[-1][0] in headings and below:
            yield f"page {at}: the heading “{own[-1][0]}” ends it"
        following = lines[at] if at < len(lines) else []
        opens = not following or any(following[0][0] and opener.startswith(following[0][0]) for opener in openers)
        if low < HALF and not opens:
            yield f"page {at}: is {round(100 * low)} % full, and no chapter ends there"


def _lines(page: list[Word]) -> list[tuple[str, float]]:
    """The lines above the footer with where they end, from the top."""
    found: dict[int, list[Word]] = {}
    for word in page[1:]:
        if word.bottom < FOOTER * page[0].bottom:
            found.setdefault(round(word.bottom / 3), []).append(word)
    return [
        (_plain(" ".join(word.text for word in sorted(words, key=lambda word: word.left))), words[0].bottom)
        for _, words in sorted(found.items())
    ]


def _lowest(picture: Image.Image) -> float:
    """How far down something is drawn above the footer, as a share of the page."""
    body = ImageOps.invert(picture.convert("L").crop((0, 0, picture.width, round(picture.height * FOOTER))))
    box = body.point(lambda value: 255 if value > 12 else 0).getbbox()
    return (box[3] if box else 0) / picture.height


def texts(paragraphs: list[tuple[str, str, bool]]) -> Iterator[str]:
    """Sentences said twice, numbers of figures that lack, and figures stated more than twice."""
    said = Counter(
        sentence
        for _, text, in_table in paragraphs
        if not in_table
        for sentence in re.split(r"(?<=[.!?])\s+", text)
        if len(sentence.split()) > 5 and sentence[-1] in ".!?"
    )
    yield from (f"says twice: “{sentence}”" for sentence, count in said.items() if count > 1)
    numbers = [int(found[1]) for _, text, _ in paragraphs if (found := re.match(r"Figure (\d+)\.", text))]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield f"numbers its figures {numbers}"
    values = {text for style, text, _ in paragraphs if style in _FIGURES and len(text) > 3}
    outside = [_plain(text) for style, text, in_table in paragraphs if not in_table and style not in _SPREADS]
    for value in values:
        times = sum(len(re.findall(rf"(?<![\d.,]){re.escape(_plain(value))}(?![\d])", text)) for text in outside)
        if times > 2:
            yield f"states {value} {times} times outside its spread and the table"


def broken(printed: str, paragraphs: list[tuple[str, str, bool]]) -> Iterator[str]:
    """Numbers that a narrow column has broken in two."""
    written, read = (
        Counter(re.findall(r"\d{3,}", text)) for text in (" ".join(text for _, text, _ in paragraphs), printed)
    )
    yield from (f"breaks the number {number}" for number in written - read)


def lost(printed: str, package: Package) -> Iterator[str]:
    """What stands in the document and on no page: LibreOffice drops rows of tables that it can't place."""
    drawn = _squeezed(printed)
    for paragraph in etree.fromstring(package.parts["/word/document.xml"]).iter(w("p")):
        text = "".join("\t" if node.tag == w("tab") else node.text or "" for node in paragraph.iter(w("t"), w("tab")))
        yield from (f"“{piece}” is on no page" for piece in text.split("\t") if _squeezed(piece)[:12] not in drawn)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u2060\u00ad]", "", text)


def colours(package: Package) -> Iterator[str]:
    """Styles that are too faint on white; what is white stands on the cover's band."""
    root = etree.fromstring(package.parts["/word/styles.xml"])
    band = next((s for s in root.iter(w("style")) if s.get(w("styleId")) == "HandoverCoverBand"), None)
    for style in root.iter(w("style")):
        colour = style.find(f"{w('rPr')}/{w('color')}")
        value = None if colour is None else colour.get(w("val"))
        if value is None or value == "auto":
            continue
        own = style.find(f"{w('rPr')}/{w('shd')}")
        behind = "#FFFFFF" if own is None else f"#{own.get(w('fill'))}"
        if value.upper() == "FFFFFF" and own is None and band is not None:
            shading = band.find(f"{w('tcPr')}/{w('shd')}")
            behind = f"#{shading.get(w('fill'))}" if shading is not None else behind
        if contrast(f"#{value}", behind) < (3 if style.get(w("styleId")) in _MARKS else 4.5):
            yield f"the style {style.get(w('styleId'))} is too faint: #{value} on {behind}"


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()
