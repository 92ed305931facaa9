"""The draft mark of a Word document: a line above and a pale word across every page.

Role: `mark` puts both into every header that a page can show, adding headers where there are none. The line is text,
so that it is read aloud, searched and seen in every program; the word across the page is the drawing that Word
itself uses for watermarks, which LibreOffice shows as well. A cover has the line alone: its band would hide a part of
the word, and leave a stain. It changes nothing else.
"""

from lxml import etree

from handover.formats.package.opc import escape_attribute, escape_text
from handover.formats.word.ooxml import R, W, serialised, w

STYLE = "HandoverDraft"
_NAMESPACES = f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_STYLE = (
    f'<w:style {_NAMESPACES} w:type="paragraph" w:customStyle="1" w:styleId="{STYLE}"><w:name w:val="Handover Draft"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
)
_COVER_TITLE = "HandoverCoverTitle"
_WIDTH = 400
"""Points: the longest side of the word, turned by 45°, on an A4 or Letter page."""
_HEIGHT = 110


def header(text: str, *, across: bool = True) -> bytes:
    """A new header part that holds only the mark; the line alone unless it is `across` the page."""
    root = etree.fromstring(f"<w:hdr {_NAMESPACES}/>")
    mark(root, text, across=across)
    return serialised(root)


def mark(header_root: etree._Element, text: str, *, across: bool = True) -> None:
    """Put the mark at the top of a header."""
    height = min(round(_WIDTH / (0.62 * max(len(text), 1))), _HEIGHT)
    shape = (
        '<w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="HandoverDraft" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{escape_attribute(text)}" '
        f'style="position:absolute;margin-left:0;margin-top:0;width:{_WIDTH}pt;height:{height}pt;rotation:315;'
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#d9dce1" stroked="f">'
        f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Calibri&quot;;font-size:1pt" '
        f'string="{escape_attribute(text)}"/></v:shape></w:pict>'
    )
    paragraph = etree.fromstring(
        f'<w:p {_NAMESPACES}><w:pPr><w:pStyle w:val="{STYLE}"/></w:pPr><w:r><w:t>{escape_text(text)}</w:t></w:r>'
        f"{f'<w:r>{shape}</w:r>' if across else ''}</w:p>"
    )
    header_root.insert(0, paragraph)


def unmark(header_root: etree._Element) -> bool:
    """Take the mark that `mark` has put at the top of a header away again; whether there was one."""
    first = header_root.find(w("p"))
    style = f"{w('pPr')}/{w('pStyle')}[@{w('val')}='{STYLE}']"
    if first is None or header_root.index(first) or first.find(style) is None:
        return False
    header_root.remove(first)
    return True


def ensure_style(styles: etree._Element) -> None:
    """Give a template that lacks it the style of the mark's line."""
    if styles.find(f"{w('style')}[@{w('styleId')}='{STYLE}']") is None:
        styles.append(etree.fromstring(_STYLE))


def has_cover(document: etree._Element) -> bool:
    """Whether the document's first page is a cover with a band."""
    return document.find(f".//{w('pStyle')}[@{w('val')}='{_COVER_TITLE}']") is not None


def missing_headers(document: etree._Element, *, even_pages: bool) -> list[tuple[etree._Element, str]]:
    """The sections that lack a header of a kind that their pages show, and that kind (ECMA-376 Part 1, 17.10.5).

    A section inherits what an earlier one has.
    """
    lacking: list[tuple[etree._Element, str]] = []
    known: set[str] = set()
    for section in document.iter(w("sectPr")):
        known |= {reference.get(w("type"), "default") for reference in section.findall(w("headerReference"))}
        first = section.find(w("titlePg")) is not None
        kinds = [kind for kind, shown in (("default", True), ("first", first), ("even", even_pages)) if shown]
        lacking += [(section, kind) for kind in kinds if kind not in known]
        known.update(kinds)
    return lacking


def refer(section: etree._Element, kind: str, relationship: str) -> None:
    """Make a section show the header of that relationship."""
    reference = etree.Element(w("headerReference"))
    reference.set(w("type"), kind)
    reference.set(f"{{{R}}}id", relationship)
    section.insert(0, reference)
