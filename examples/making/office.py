"""Word and Excel files of the examples: a strategy, a calendar; the same bytes every time.

Role: wraps python-docx and openpyxl, then rewrites their packages with fixed times and properties. Both libraries
write the clock into what they save.
"""

import io
import re
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

_STAMP = (2026, 9, 14, 9, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def package(parts: Sequence[tuple[str, bytes]], stamp: tuple[int, int, int, int, int, int] = _STAMP) -> bytes:
    """A zip of these parts in this order, every time set to `stamp`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content, compresslevel=9)
    return out.getvalue()


def _settled(data: bytes) -> bytes:
    moment = b"%04d-%02d-%02dT%02d:%02d:%02dZ" % _STAMP
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = _TIMES.sub(rb"\g<1>" + moment + rb"\g<3>", core)
    if parts.pop("docProps/thumbnail.jpeg", None):
        # python-docx's starting document carries the picture of another one.
        parts["_rels/.rels"] = re.sub(rb'<Relationship [^>]*thumbnail\.jpeg"[^>]*/>', b"", parts["_rels/.rels"])
    return package(list(parts.items()))


def strategy(
    title: str, subtitle: str, author: str, language: str, colour: str, sections: Sequence[tuple[str, Sequence[str]]]
) -> bytes:
    """A Word document: title, then headings with paragraphs; a paragraph beginning with `• ` is a list item."""
    document = Document()
    document.sections[0].page_width, document.sections[0].page_height = Mm(210), Mm(297)
    properties = document.core_properties
    properties.author, properties.title, properties.language = author, title, language
    properties.last_modified_by, properties.comments, properties.revision = author, "", 1
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    for name, size in (("Title", 26), ("Heading 1", 15)):
        styles[name].font.name, styles[name].font.size = "Calibri", Pt(size)
        styles[name].font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        fonts = styles[name].element.rPr.rFonts
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    for tag in styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), language)
    document.add_paragraph(title, style="Title")
    document.add_paragraph(subtitle, style="Subtitle")
    for heading, texts in sections:
        document.add_heading(heading, level=1)
        for text in texts:
            if text.startswith("• "):
                document.add_paragraph(text.removeprefix("• "), style="List Bullet")
            else:
                document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def calendar(author: str, sheets: Sequence[tuple[str, Sequence[Sequence[str | int]]]], colour: str) -> bytes:
    """An Excel workbook: one table a sheet, its first row a header."""
    workbook = Workbook()
    workbook.properties.creator = author
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cell in sheet[1]:
            cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", start_color=colour.removeprefix("#"))
        for column in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(48, longest + 3)
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
        sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    workbook.save(out)
    return _settled(out.getvalue())
