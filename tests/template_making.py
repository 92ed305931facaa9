"""Word templates made by code: a small letter that is right, to put one fault into, and the pieces of such faults."""

# ruff: noqa: E501 — XML that no line break improves

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from handover.formats.package.opc import (
    CORE_PROPERTIES,
    EXTENDED_PROPERTIES,
    RELATIONSHIPS_TYPE,
    Package,
    Relationship,
    write_package,
    write_relationships,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
PROPERTIES = {
    "/docProps/core.xml": CORE_PROPERTIES,
    "/docProps/app.xml": EXTENDED_PROPERTIES,
    "/docProps/custom.xml": f"{R}/custom-properties",
}
FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/>'


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*texts: str, style: str = "") -> str:
    """A paragraph, each text a run of its own; a text that begins with < is XML."""
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}{''.join(text if text.startswith('<') else run(text) for text in texts)}</w:p>"


def cell(*content: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{"".join(content)}</w:tc>'


def row(*cells: str, head: bool = False) -> str:
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(cells)}</w:tr>"


def table(*rows: str, caption: str = "") -> str:
    title = f'<w:tblCaption w:val="{escape(caption)}"/>' if caption else ""
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/>{title}</w:tblPr>{grid}{"".join(rows)}</w:tbl>'


def picture(name: str = "Picture 1", description: str = "A quay", extra: str = "", relationship: str = "rIdPng") -> str:
    """A run with an inline picture."""
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="900000" cy="300000"/>'
        f'<wp:docPr id="1" name="{name}" descr="{description}">{extra}</wp:docPr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def text_box(*paragraphs: str, description: str = "A note", fallback: bool = True) -> str:
    """A run with a text box, and the copy for older programs that Word writes beside it."""
    inside = "".join(paragraphs)
    copy = f'<mc:Fallback><w:pict><v:shape style="width:90pt;height:30pt"><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>'
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="900000" cy="300000"/><wp:docPr id="7" name="Text Box 7" descr="{description}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>{inside}</w:txbxContent>'
        "</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"{copy if fallback else ''}</mc:AlternateContent></w:r>"
    )


def field_runs(instruction: str, shown: str = "1") -> str:
    """A complex field (ECMA-376 Part 1, 17.16.18)."""
    half = len(instruction) // 2
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{escape(instruction[:half])}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{escape(instruction[half:])}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


PAYMENTS = table(
    row(cell(p("Invoice")), cell(p("Amount")), head=True),
    row(cell(p("{%tr for invoice in payments.invoices %}"))),
    row(cell(p("{{ invoice.number }}")), cell(p("{{ invoice.amount }}"))),
    row(cell(p("{%tr endfor %}"))),
)

LETTER = {
    "sender": p("{{ sender.name }}"),
    "recipient": p("{{ recipient.company }}"),
    "date": p("{{ place }}, {{ date }}"),
    "greeting": p("{{ salutation }},"),
    "body": "",
    "day": p("The last working day is {{ contract.last_working_day }}."),
    "heading": p("Still to come", style="Heading1"),
    "deliveries": p("{%p for delivery in deliveries %}") + p("{{ delivery.what }}") + p("{%p endfor %}"),
    "payments": p("{%p if payments %}") + PAYMENTS + p("{%p endif %}"),
    "passphrase": p("{%p if passphrase_by %}") + p("The passphrase is given {{ passphrase_by }}.") + p("{%p endif %}"),
    "signature": p(picture("signature", "Signature")),
    "owner": p("{{ owner.name }}"),
}
"""A small letter that is right, paragraph by paragraph; `body` is where a fault goes."""

STYLES = (
    f'<w:docDefaults><w:rPrDefault><w:rPr>{FONTS}<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="HandoverChart"><w:name w:val="Handover Chart"/></w:style>'
    '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Deep"><w:name w:val="Deep"/><w:basedOn w:val="Secret"/></w:style>'
    '<w:style w:type="table" w:styleId="Veil"><w:name w:val="Veil"/><w:tblStylePr w:type="firstRow"><w:rPr><w:vanish/></w:rPr></w:tblStylePr></w:style>'
)
SECTION = '<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/>{rest}</w:sectPr>'


@dataclass
class Maker:
    """A .docx to be: change what the fault needs, then `bytes()`."""

    body: str
    styles: str = STYLES
    references: str = ""
    rest: str = ""
    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    links: list[Relationship] = field(default_factory=list)
    main_type: str = f"{WML}.document.main+xml"
    package_links: list[Relationship] = field(default_factory=list)

    def part(self, name: str, kind: str, xml: str | bytes, type_: str, id_: str = "") -> "Maker":
        """A part that the document refers to."""
        self.parts[name] = xml if isinstance(xml, bytes) else xml.encode()
        self.types[name] = type_
        relation = kind if kind.startswith("http") else f"{R}/{kind}"
        self.links.append(Relationship(id_ or f"rIdPart{len(self.links)}", relation, name))
        return self

    def story(self, kind: str, xml: str, page: str = "default") -> "Maker":
        """A header, footer, footnotes or endnotes part."""
        number = sum(name.startswith(f"/word/{kind}") for name in self.parts) + 1
        id_ = f"rId{kind}{number}"
        root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
        if kind in {"header", "footer"}:
            self.references += f'<w:{kind}Reference w:type="{page}" r:id="{id_}"/>'
            self.rest += "<w:titlePg/>" if page == "first" and "titlePg" not in self.rest else ""
        else:
            self.body += f'<w:p><w:r><w:{kind.removesuffix("s")}Reference w:id="1"/></w:r></w:p>'
        if page == "even" and "/word/settings.xml" not in self.parts:
            settings = f"<w:settings {NAMESPACES}><w:evenAndOddHeaders/></w:settings>"
            self.part("/word/settings.xml", "settings", settings, f"{WML}.settings+xml")
        content = f"<w:{root} {NAMESPACES}>{xml}</w:{root}>"
        return self.part(f"/word/{kind}{number}.xml", kind, content, f"{WML}.{kind}+xml", id_)

    def external(self, kind: str, target: str) -> "Maker":
        """A relationship that leads outside."""
        relation = kind if kind.startswith("http") else f"{R}/{kind}"
        self.links.append(Relationship(f"rIdOut{len(self.links)}", relation, target, external=True))
        return self

    def bytes(self) -> bytes:
        section = SECTION.format(references=self.references, rest=self.rest)
        parts = {
            "/word/document.xml": f"<w:document {NAMESPACES}><w:body>{self.body}{section}</w:body></w:document>".encode(),
            "/word/styles.xml": f"<w:styles {NAMESPACES}>{self.styles}</w:styles>".encode(),
            "/word/media/image1.png": PNG,
            **self.parts,
        }
        types = {
            "/word/document.xml": self.main_type,
            "/word/styles.xml": f"{WML}.styles+xml",
            "/word/media/image1.png": "image/png",
            **self.types,
        }
        links = [
            Relationship("rIdStyles", f"{R}/styles", "styles.xml"),
            Relationship("rIdPng", f"{R}/image", "media/image1.png"),
            *self.links,
        ]
        main = Relationship("rId1", f"{R}/officeDocument", "word/document.xml")
        parts["/_rels/.rels"] = write_relationships([main, *self.package_links])
        parts["/word/_rels/document.xml.rels"] = write_relationships(links)
        types |= dict.fromkeys(("/_rels/.rels", "/word/_rels/document.xml.rels"), RELATIONSHIPS_TYPE)
        return write_package(Package(parts, types))


def letter(body: str = "", **changed: str) -> Maker:
    """The small letter with something in its body, or another text for one of its paragraphs."""
    return Maker("".join({**LETTER, "body": body, **changed}.values()))


REPORT: Mapping[str, str] = {
    "client": p("For {{ client }}, {{ date }}"),
    "periods": p("{{ baseline_period }} and {{ current_period }}"),
    "notes": p("{%p for note in period_notes %}") + p("{{ note }}") + p("{%p endfor %}"),
    "body": "",
    "figures": p("{%p for figure in figures %}")
    + p("{{ figure.title }}: {{ figure.current }}")
    + p("{{ figure.chart }}", style="HandoverChart")
    + p("{%p for caveat in figure.caveats %}")
    + p("{{ caveat }}")
    + p("{%p endfor %}")
    + p("{%p endfor %}"),
    "method": p("{%p if method %}")
    + p("{%p for line in method.paragraphs %}")
    + p("{{ line }}")
    + p("{%p endfor %}")
    + p("{%p endif %}"),
    "left_out": p("{%p if method %}")
    + p("{%p for item in method.left_out %}")
    + p("{{ item.label }}: {{ item.reason }}")
    + p("{%p endfor %}")
    + p("{%p endif %}"),
}
"""A small report that is right."""


def report(body: str = "", **changed: str) -> Maker:
    """The small report with something in its body."""
    return Maker("".join({**REPORT, "body": body, **changed}.values()))


PENDING: Mapping[str, str] = {
    "client": p("For {{ client }}, {{ date }}"),
    "summary": p("{{ summary }}"),
    "body": "",
    "projects": p("{%p for group in groups %}")
    + p("{%p for project in group.projects %}")
    + p("{{ project.name }}, {{ project.due_cell }}, {{ project.who_cell }}")
    + p("{%p if project.next_action %}")
    + p("{{ project.next_action }}")
    + p("{%p endif %}")
    + p("{%p if project.takeover %}")
    + p("{{ project.takeover }}")
    + p("{%p endif %}")
    + p("{%p endfor %}")
    + p("{%p endfor %}"),
}
"""A small list of pending projects that is right."""


def pending(body: str = "", **changed: str) -> Maker:
    """The small list of pending projects with something in its body."""
    return Maker("".join({**PENDING, "body": body, **changed}.values()))
