"""Charts into a Word document: each takes the place of a paragraph that asks for it.

Role: `place_charts` finds the paragraphs in the style `HandoverChart`, whose text names a chart, and puts the chart
there as an inline drawing with its part, workbook, relationships and content types. What people typed can't ask for
one: no value can choose its paragraph's style. It draws nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from handover.errors import TemplateError
from handover.office.chart.markup import WORKBOOK_RELATIONSHIP, C, Part
from handover.office.chart.workbook import workbook
from handover.office.opc import (
    RELATIONSHIPS_TYPE,
    Package,
    Relationship,
    parse_xml,
    read_package,
    relationships,
    rels_name,
    write_package,
    write_relationships,
)

STYLE = "HandoverChart"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EMU_PER_MM = 36_000

_DOCUMENT = "/word/document.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = f"{_R}/package"
_CHART = f"{_R}/chart"


@dataclass(frozen=True, slots=True)
class Placed:
    """A chart ready for a document: its part, its alternative text, and its size in millimetres."""

    part: Part
    description: str
    width: float
    height: float


def place_charts(document: bytes, charts: Mapping[str, Placed], place: str) -> bytes:
    """The document with each chart where a paragraph of the style `HandoverChart` names it.

    `place` names the document in messages. Raises TemplateError for a name that no chart has; a chart that no
    paragraph names is left out. Raises DamagedFile when the document can't be read.
    """
    package = read_package(document, place)
    root = parse_xml(package.parts[_DOCUMENT], f"{place}: {_DOCUMENT}")
    parts, types = dict(package.parts), dict(package.types)
    links = list(relationships(package, _DOCUMENT, place))
    number = 0
    for paragraph in _asking(root):
        name = _text(paragraph)
        if (chart := charts.get(name)) is None:
            raise TemplateError(f"{place}: a paragraph in the style {STYLE} names no chart: {name!r}")
        number += 1
        link = Relationship(f"rIdChart{number}", _CHART, f"charts/chart{number}.xml")
        links.append(link)
        _add_parts(parts, types, number, chart.part)
        _put(paragraph, chart, link.id, _next_id(root), name)
    if not number:
        return document
    parts[rels_name(_DOCUMENT)] = write_relationships(links)
    types[rels_name(_DOCUMENT)] = RELATIONSHIPS_TYPE
    parts[_DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_package(Package(parts, types))


def _asking(root: etree._Element) -> list[etree._Element]:
    wanted = f"{{{_W}}}pPr/{{{_W}}}pStyle[@{{{_W}}}val='{STYLE}']"
    found = [paragraph for paragraph in root.iter(f"{{{_W}}}p") if paragraph.find(wanted) is not None]
    return [paragraph for paragraph in found if _text(paragraph)]


def _text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{{{_W}}}t")).strip()


def _add_parts(parts: dict[str, bytes], types: dict[str, str], number: int, part: Part) -> None:
    chart, book = f"/word/charts/chart{number}.xml", f"/word/embeddings/chart{number}.xlsx"
    link = Relationship(WORKBOOK_RELATIONSHIP, _PACKAGE, f"../embeddings/chart{number}.xlsx")
    parts[chart], types[chart] = part.xml, CHART_TYPE
    parts[book], types[book] = workbook(part.rows), WORKBOOK_TYPE
    parts[rels_name(chart)], types[rels_name(chart)] = write_relationships([link]), RELATIONSHIPS_TYPE


def _put(paragraph: etree._Element, chart: Placed, link: str, number: int, name: str) -> None:
    """Replace everything in the paragraph but its properties by the drawing."""
    for child in list(paragraph):
        if child.tag != f"{{{_W}}}pPr":
            paragraph.remove(child)
    names = {"w": _W, "wp": _WP, "a": _A, "c": C, "r": _R}
    run = etree.SubElement(paragraph, f"{{{_W}}}r", nsmap=names)
    drawing = etree.SubElement(run, f"{{{_W}}}drawing")
    inline = etree.SubElement(drawing, f"{{{_WP}}}inline", distT="0", distB="0", distL="0", distR="0")
    size = {"cx": str(round(chart.width * EMU_PER_MM)), "cy": str(round(chart.height * EMU_PER_MM))}
    etree.SubElement(inline, f"{{{_WP}}}extent", size)
    etree.SubElement(inline, f"{{{_WP}}}docPr", id=str(number), name=name, descr=chart.description)
    etree.SubElement(inline, f"{{{_WP}}}cNvGraphicFramePr")
    graphic = etree.SubElement(inline, f"{{{_A}}}graphic")
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", uri=C)
    etree.SubElement(data, f"{{{C}}}chart", {f"{{{_R}}}id": link})


def _next_id(root: etree._Element) -> int:
    ids = (element.get("id", "") for element in root.iterfind(f".//{{{_WP}}}docPr"))
    return max((int(number) for number in ids if number.isdigit()), default=0) + 1
