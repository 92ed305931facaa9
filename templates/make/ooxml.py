"""Small pieces of WordprocessingML, as text: paragraphs, runs, tables, placeholders for pictures, whole packages.

Role: what the template scripts beside this one are written with. Everything looks through named styles; nothing
here sets a font, a size or a colour. Text passes through the language's spacing (French) except inside Jinja
tags. It writes no file and knows no document.
"""

import re
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from handover.i18n import french_spacing
from handover.office.opc import RELATIONSHIPS_TYPE, Package, Relationship, write_package, write_relationships

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TWIPS_PER_MM = 1440 / 25.4
EMU_PER_MM = 36_000

_TAG = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})")


def mm(millimetres: float) -> int:
    """Millimetres in twentieths of a point, as WordprocessingML measures."""
    return round(millimetres * TWIPS_PER_MM)


@dataclass(frozen=True)
class Styled:
    """A run in a named character style."""

    text: str
    style: str


def strong(text: str) -> Styled:
    """A run that matters."""
    return Styled(text, "Strong")


def label(text: str) -> Styled:
    """A run that names what follows."""
    return Styled(text, "HandoverLabel")


class Raw(str):
    """XML that goes into a paragraph as it is: a field, a picture, a tab."""

    __slots__ = ()


TAB = Raw("<w:r><w:tab/></w:r>")
Run = str | Styled | Raw


class Writer:
    """Writes body elements in one language: the language decides how our own words are spaced."""

    def __init__(self, language: str) -> None:
        self._space: Callable[[str], str] = french_spacing if language == "fr" else str
        self._pictures = 0

    def own(self, text: str) -> str:
        """Our own words spaced as the language asks, Jinja tags left alone."""
        # The tag counts as a word while spacing is decided, or `{{ x }} :` would lose its no-break space.
        tags = _TAG.findall(text)
        marked = self._space(_TAG.sub("\ue000}", text))
        pieces = marked.split("\ue000}")
        return "".join(piece + tag for piece, tag in zip(pieces, [*tags, ""], strict=True))

    def run(self, run: Run) -> str:
        """One run."""
        if isinstance(run, Raw):
            return run
        style = f'<w:rPr><w:rStyle w:val="{run.style}"/></w:rPr>' if isinstance(run, Styled) else ""
        text = escape(self.own(run.text if isinstance(run, Styled) else run))
        # A line break in our own words is a line break in the paragraph.
        lines = [f'<w:t xml:space="preserve">{line}</w:t>' for line in text.split("\n")]
        return f"<w:r>{style}{'<w:br/>'.join(lines)}</w:r>"

    def p(self, style: str, *runs: Run) -> str:
        """A paragraph in a named style."""
        properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style != "Normal" else ""
        return f"<w:p>{properties}{''.join(self.run(run) for run in runs)}</w:p>"

    def tag(self, statement: str) -> str:
        """A paragraph that holds only a statement and leaves no trace: `if x`, `for y in z`, `endif`."""
        return f"<w:p><w:r><w:t>{{%p {escape(statement)} %}}</w:t></w:r></w:p>"

    def when(self, condition: str, *body: str) -> str:
        """Paragraphs or tables that are there only under a condition."""
        return self.tag(f"if {condition}") + "".join(body) + self.tag("endif")

    def choose(self, *branches: tuple[str, str], otherwise: str | None = None) -> str:
        """The first branch `(condition, body)` whose condition holds."""
        parts = []
        for at, (condition, body) in enumerate(branches):
            parts.append(self.tag(f"{'elif' if at else 'if'} {condition}") + body)
        if otherwise is not None:
            parts.append(self.tag("else") + otherwise)
        return "".join(parts) + self.tag("endif")

    def each(self, name: str, sequence: str, *body: str) -> str:
        """The body once for each item."""
        return self.tag(f"for {name} in {sequence}") + "".join(body) + self.tag("endfor")

    def cell(self, width: int, *paragraphs: str, span: int = 1, open_side: str = "") -> str:
        """A table cell of `width` twips; on its open side (`top`, `bottom`) the table style's rule is left out."""
        grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        rule = f'<w:tcBorders><w:{open_side} w:val="nil"/></w:tcBorders>' if open_side else ""
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{grid}{rule}</w:tcPr>{"".join(paragraphs)}</w:tc>'

    def row(self, *cells: str, header: bool = False) -> str:
        """A row that is never split over two pages; a header row repeats on each."""
        repeat = "<w:tblHeader/>" if header else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(cells)}</w:tr>"

    def row_tag(self, statement: str, columns: int, width: int) -> str:
        """A row that holds only a statement and leaves no trace."""
        body = f"<w:p><w:r><w:t>{{%tr {escape(statement)} %}}</w:t></w:r></w:p>"
        return f"<w:tr>{self.cell(width, body, span=columns)}</w:tr>"

    def table(self, style: str, widths: Sequence[int], *rows: str, head: bool = True, description: str = "") -> str:
        """A table in a named style; `widths` in twips, `description` is its alternative text."""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        caption = f'<w:tblDescription w:val="{escape(self.own(description))}"/>' if description else ""
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{"0420" if head else "0400"}" '
            f'w:firstRow="{int(head)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f"{caption}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def picture(self, name: str, width: float, height: float, relationship: str, description: str) -> Raw:
        """A placeholder of `width` × `height` mm, replaced at rendering by the picture that `name` stands for."""
        self._pictures += 1
        cx, cy = round(width * EMU_PER_MM), round(height * EMU_PER_MM)
        graphic = (
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{self._pictures}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        )
        return Raw(
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{cx}" cy="{cy}"/>'
            f'<wp:docPr id="{self._pictures}" name="{name}" descr="{escape(description)}"/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f"{graphic}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def field(self, instruction: str, shown: str = "1") -> Raw:
        """A field that Word and LibreOffice keep up to date: `PAGE`, `NUMPAGES`."""
        return Raw(f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{escape(shown)}</w:t></w:r></w:fldSimple>')


def section(
    *,
    headers: Mapping[str, str],
    margins: tuple[float, float, float, float],
    first_page_differs: bool,
    header_at: float = 12.5,
    footer_at: float = 12.5,
) -> str:
    """Section properties: A4, margins top, right, bottom, left in mm; `headers` maps `headerReference first` → rId."""
    references = "".join(
        f'<w:{kind.split()[0]} w:type="{kind.split()[1]}" r:id="{rid}"/>' for kind, rid in headers.items()
    )
    top, right, bottom, left = (mm(side) for side in margins)
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="{mm(header_at)}" w:footer="{mm(footer_at)}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if first_page_differs else ''}</w:sectPr>"
    )


def part(root: str, body: str) -> str:
    """A whole part: `w:document`, `w:hdr`, `w:ftr` …"""
    return f"{DECLARATION}<{root} {NAMESPACES}>{body}</{root}>"


def placeholder_png(width: int, height: int) -> bytes:
    """A pale grey picture with a thin frame, so that a person sees in Word where the real one will be."""
    edge, fill = b"\xb4\xba\xc2", b"\xee\xf0\xf3"
    full, row = edge * width, edge + fill * (width - 2) + edge
    raw = b"".join(b"\x00" + (full if y in {0, height - 1} else row) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = {
    "/word/document.xml": f"{_TYPES}.document.main+xml",
    "/word/styles.xml": f"{_TYPES}.styles+xml",
    "/word/settings.xml": f"{_TYPES}.settings+xml",
    "/word/fontTable.xml": f"{_TYPES}.fontTable+xml",
    "/word/numbering.xml": f"{_TYPES}.numbering+xml",
    "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
}
_RELATIONS = {
    "styles.xml": "styles",
    "settings.xml": "settings",
    "fontTable.xml": "fontTable",
    "numbering.xml": "numbering",
    "theme/theme1.xml": "theme",
}


def package(parts: Mapping[str, bytes | str], own: Mapping[str, tuple[str, str]]) -> bytes:
    """A .docx from its parts (`/word/document.xml` …); the same parts give the same bytes.

    `own` maps a relationship id of the document to its kind and target, besides those that every document has
    (styles, settings, fonts, numbering, theme). Headers, footers and pictures are recognised by their names.
    """
    every = {name: content.encode() if isinstance(content, str) else content for name, content in parts.items()}
    common = {f"rId{at}": (kind, target) for at, (target, kind) in enumerate(_RELATIONS.items(), 1)}
    every["/_rels/.rels"] = _relationships({"rId1": ("officeDocument", "word/document.xml")})
    every["/word/_rels/document.xml.rels"] = _relationships({**common, **own})
    return write_package(Package(every, {name: _content_type(name) for name in every}))


def _content_type(name: str) -> str:
    if name.endswith(".rels"):
        return RELATIONSHIPS_TYPE
    if name.endswith(".png"):
        return "image/png"
    if kind := re.fullmatch(r"/word/(header|footer)\d+\.xml", name):
        return f"{_TYPES}.{kind[1]}+xml"
    return _CONTENT_TYPES[name]


def _relationships(entries: Mapping[str, tuple[str, str]]) -> bytes:
    return write_relationships(Relationship(rid, f"{R}/{kind}", target) for rid, (kind, target) in entries.items())
