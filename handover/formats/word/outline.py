"""A Word document as lines of text, to see what two of them say differently.

Role: one line for each paragraph, with its style; rows of tables are marked; part by part. It knows no template and
judges nothing.
"""

from collections.abc import Iterator

from lxml import etree

from handover.formats.package.opc import Package, parse_xml, read_package
from handover.formats.word.contents import STORY_TYPE
from handover.formats.word.ooxml import WP, w
from handover.model.message import msg


def outline(content: bytes, place: str) -> list[str]:
    """The document's lines: `style | text`, each part after a line with its name. Raises DamagedFile for no .docx."""
    package = read_package(content, place)
    lines: list[str] = []
    for name in sorted(package.parts, key=lambda name: (name != "/word/document.xml", name)):
        if STORY_TYPE.search(package.types[name]):
            lines.append(f"== {name.removeprefix('/word/')}")
            lines += _lines(parse_xml(package.parts[name], f"{place}: {name}"))
    return lines


def other_differences(one: bytes, other: bytes, place: str) -> list[str]:
    """Names of the parts without paragraphs (styles, pictures …) that differ between two documents, or that one lacks.

    Word writes every part anew when it saves, so this says where to look, not that anything looks different.
    """
    first, second = _others(read_package(one, place)), _others(read_package(other, place))
    return sorted(
        name.removeprefix("/word/") for name in first.keys() | second.keys() if first.get(name) != second.get(name)
    )


def _others(package: Package) -> dict[str, bytes]:
    return {
        name: content
        for name, content in package.parts.items()
        if not STORY_TYPE.search(package.types[name]) and not name.endswith(".rels") and "/docProps/" not in name
    }


def _lines(root: etree._Element) -> Iterator[str]:
    for element in root.iter(w("p"), w("tr")):
        if element.tag == w("tr"):
            yield "[row]"
            continue
        style = element.find(f"{w('pPr')}/{w('pStyle')}")
        yield f"{'Normal' if style is None else style.get(w('val'))} | {_text(element)}"


def _text(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for element in paragraph.iter(w("t"), w("tab"), w("br"), f"{{{WP}}}docPr"):
        # A text box holds paragraphs of its own, which are lines of their own.
        if next(element.iterancestors(w("p")), None) is not paragraph:
            continue
        if element.tag == w("t"):
            pieces.append(element.text or "")
        elif element.tag == f"{{{WP}}}docPr":
            pieces.append(msg("[picture {element}]", element=element.get("name", "")))
        else:
            parent = element.getparent()
            if parent is not None and parent.tag == w("r"):
                pieces.append(" → " if element.tag == w("tab") else " ⏎ ")
    return "".join(pieces)
