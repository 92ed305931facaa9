"""Charts into a Word document: each takes the place of a paragraph that asks for it.

Role: `place_charts` finds the paragraphs that were marked while the template was filled, and puts the chart there as an
inline drawing. What people typed can't ask for one: the mark is no text. It draws nothing and packs nothing.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from lxml import etree

from handover.formats.chart.markup import C, Part
from handover.formats.chart.shapes import EMU_PER_MM, WPG, WPS
from handover.formats.word.ooxml import WP, A, R, W, w
from handover.model.errors import TemplateError
from handover.model.message import msg

MARK: Final = "{urn:handover:tag}chart"
"""The attribute of a paragraph whose place a chart takes: the chart's name."""

CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"


class Placed(NamedTuple):
    """A chart ready for a document: its part, or a small drawing's own XML; its alternative text; its size in mm."""

    part: Part | str
    description: str
    width: float
    height: float


def place_charts(
    root: etree._Element, charts: Mapping[str, Placed], add: Callable[[int, Part], str], place: str
) -> None:
    """Put each chart where a marked paragraph of a part names it.

    `add` stores a chart under a number and gives its relationship id; `place` names the document in messages. Raises
    TemplateError for a name that no chart has; a chart that no paragraph names is left out.
    """
    numbers = {name: number for number, name in enumerate(charts, 1)}
    for paragraph in list(root.iter(w("p"))):
        name = paragraph.get(MARK)
        if name is None:
            continue
        del paragraph.attrib[MARK]
        if (chart := charts.get(name)) is None:
            raise TemplateError.at(place, msg("there is no chart {name!r}", name=name))
        link = add(numbers[name], chart.part) if isinstance(chart.part, Part) else ""
        _put(paragraph, chart, link, name)


def _put(paragraph: etree._Element, chart: Placed, link: str, name: str) -> None:
    """Replace everything in the paragraph but its properties by the drawing."""
    for child in list(paragraph):
        if child.tag != w("pPr"):
            paragraph.remove(child)
    run = etree.SubElement(paragraph, w("r"), nsmap={"w": W, "wp": WP, "a": A, "c": C, "r": R})
    holder = run
    if isinstance(chart.part, str):
        # Word 2007 knows no shapes: it shows nothing there, and says nothing (ECMA-376 Part 3, 9.3).
        both = etree.SubElement(run, f"{{{MC}}}AlternateContent", nsmap={"mc": MC, "wpg": WPG, "wps": WPS})
        holder = etree.SubElement(both, f"{{{MC}}}Choice", Requires="wpg")
        etree.SubElement(both, f"{{{MC}}}Fallback")
    inline = etree.SubElement(
        etree.SubElement(holder, w("drawing")), f"{{{WP}}}inline", distT="0", distB="0", distL="0", distR="0"
    )
    size = {"cx": str(round(chart.width * EMU_PER_MM)), "cy": str(round(chart.height * EMU_PER_MM))}
    etree.SubElement(inline, f"{{{WP}}}extent", size)
    etree.SubElement(inline, f"{{{WP}}}docPr", id="1", name=name, descr=chart.description)
    etree.SubElement(inline, f"{{{WP}}}cNvGraphicFramePr")
    graphic = etree.SubElement(inline, f"{{{A}}}graphic")
    if isinstance(chart.part, str):
        data = etree.SubElement(graphic, f"{{{A}}}graphicData", uri=WPG)
        drawn = etree.fromstring(chart.part)
        # LibreOffice drops a group's text: the first of its shapes, which fills it, has it too.
        shape = next(drawn.iter(f"{{{WPS}}}wsp"))
        shape.insert(0, etree.Element(f"{{{WPS}}}cNvPr", id="0", name=name, descr=chart.description))
        data.append(drawn)
    else:
        data = etree.SubElement(graphic, f"{{{A}}}graphicData", uri=C)
        etree.SubElement(data, f"{{{C}}}chart", {f"{{{R}}}id": link})
