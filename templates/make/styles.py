"""The looks that all our Word templates share: theme, named styles, numbering, settings; and whole documents of them.

Role: one place for faces, sizes, spaces and colours. A colour is always a theme colour, whose values the brand
sets at rendering (`handover.office.theme` says what each slot is for). The two faces are Cambria (titles) and Calibri
(all else): Word for Windows and macOS have both, LibreOffice's substitutes Caladea and Carlito have the same widths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handover.brand import office_hex, palette
from handover.office.theme import SCHEME, slots
from ooxml import DECLARATION, NAMESPACES, Writer, mm, package, part, placeholder_png, section

TEXT_FACE = "Calibri"
TITLE_FACE = "Cambria"
TEXT_WIDTH = mm(160)
"""Width of the text in twips: the same on A4 (25 mm margins) and Letter (28 mm), so that no table needs two."""

THEME_COLOURS = slots(palette("#1F4E79"))
_SLOTS = {"text1": "dk1", "text2": "dk2", "background1": "lt1", "background2": "lt2"}


def colour(slot: str, element: str = "color", attribute: str = "val") -> str:
    """Colour attributes of an element: the theme's slot, and its value for programs that know no themes."""
    value = office_hex(THEME_COLOURS[_SLOTS.get(slot, slot)])
    theme = "themeFill" if attribute == "fill" else "themeColor"
    start = f'<w:{element} w:val="clear" w:color="auto"' if element == "shd" else f"<w:{element}"
    return f'{start} w:{attribute}="{value}" w:{theme}="{slot}"/>'


def border(side: str, slot: str, eighths: int, space: int = 0) -> str:
    """One border of a paragraph, table or cell; its width in eighths of a point."""
    value = office_hex(THEME_COLOURS[_SLOTS.get(slot, slot)])
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{value}" w:themeColor="{slot}"/>'


@dataclass(frozen=True)
class Style:
    """A named style. Sizes are in points, spaces in points, indents in mm; None leaves what it is based on."""

    id: str
    english: str
    french: str
    kind: str = "paragraph"
    based_on: str | None = "Normal"
    next: str | None = None
    size: float | None = None
    face: str | None = None
    bold: bool | None = None
    italic: bool = False
    caps: bool = False
    colour: str | None = None
    tracking: float = 0
    before: float | None = None
    after: float | None = None
    line: float | None = None
    """Multiple of the face's own line height."""
    left: float | None = None
    right: float | None = None
    hanging: float | None = None
    align: str | None = None
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    contextual: bool = False
    outline: int | None = None
    numbering: int | None = None
    tabs: Sequence[tuple[str, float]] = ()
    borders: str = ""
    shade: str = ""
    table: str = ""
    """For a table style: everything after its paragraph and run properties."""
    quick: bool = True
    sought: bool = False
    """The program looks for it. Word and LibreOffice make identifiers anew from names when they save: its name is the
    same in every language, and the French one is an alias."""

    def xml(self, language: str) -> str:
        """The style as WordprocessingML (ECMA-376 Part 1, 17.7.4.17)."""
        french = language == "fr" and self.id.startswith("Handover")
        name = self.french if french and not self.sought else self.english
        alias = f'<w:aliases w:val="{self.french}"/>' if french and self.sought else ""
        default = ' w:default="1"' if self.id in {"Normal", "TableNormal", "DefaultParagraphFont"} else ""
        custom = ' w:customStyle="1"' if self.id.startswith("Handover") else ""
        return (
            f'<w:style w:type="{self.kind}"{default}{custom} w:styleId="{self.id}"><w:name w:val="{name}"/>{alias}'
            + (f'<w:basedOn w:val="{self.based_on}"/>' if self.based_on and not default else "")
            + (f'<w:next w:val="{self.next}"/>' if self.next else "")
            + ("<w:qFormat/>" if self.quick else "")
            + _wrapped("pPr", self._paragraph())
            + _wrapped("rPr", self._run())
            + self.table
            + "</w:style>"
        )

    def _paragraph(self) -> str:
        return (
            _flag("keepNext", self.keep_next)
            + _flag("keepLines", self.keep_lines)
            + _flag("pageBreakBefore", self.page_break)
            + (f'<w:numPr><w:numId w:val="{self.numbering}"/></w:numPr>' if self.numbering is not None else "")
            + _wrapped("pBdr", self.borders)
            + self.shade
            + _wrapped("tabs", "".join(f'<w:tab w:val="{kind}" w:pos="{mm(at)}"/>' for kind, at in self.tabs))
            + self._spacing()
            + self._indent()
            + _flag("contextualSpacing", self.contextual)
            + (f'<w:jc w:val="{self.align}"/>' if self.align else "")
            + (f'<w:outlineLvl w:val="{self.outline}"/>' if self.outline is not None else "")
        )

    def _spacing(self) -> str:
        pairs = [
            ("before", None if self.before is None else round(self.before * 20)),
            ("after", None if self.after is None else round(self.after * 20)),
            ("line", None if self.line is None else round(self.line * 240)),
        ]
        given = "".join(f' w:{name}="{value}"' for name, value in pairs if value is not None)
        rule = ' w:lineRule="auto"' if self.line is not None else ""
        return f"<w:spacing{given}{rule}/>" if given else ""

    def _indent(self) -> str:
        pairs = [("left", self.left), ("right", self.right), ("hanging", self.hanging)]
        given = "".join(f' w:{name}="{mm(value)}"' for name, value in pairs if value is not None)
        return f"<w:ind{given}/>" if given else ""

    def _run(self) -> str:
        face = f'<w:rFonts w:ascii="{self.face}" w:hAnsi="{self.face}" w:cs="{self.face}"/>' if self.face else ""
        size = f'<w:sz w:val="{round(self.size * 2)}"/><w:szCs w:val="{round(self.size * 2)}"/>' if self.size else ""
        bold = "" if self.bold is None else f'<w:b w:val="{int(self.bold)}"/>' if not self.bold else "<w:b/>"
        return (
            face
            + bold
            + _flag("i", self.italic)
            + _flag("caps", self.caps)
            + (colour(self.colour) if self.colour else "")
            + (f'<w:spacing w:val="{round(self.tracking * 20)}"/>' if self.tracking else "")
            + size
        )


def _flag(name: str, on: bool) -> str:
    return f"<w:{name}/>" if on else ""


def _wrapped(name: str, content: str) -> str:
    return f"<w:{name}>{content}</w:{name}>" if content else ""


def _margins(top: float, side: float, bottom: float) -> str:
    parts = (("top", top), ("left", side), ("bottom", bottom), ("right", side))
    return "".join(f'<w:{name} w:w="{mm(value)}" w:type="dxa"/>' for name, value in parts)


_TABLE_NORMAL = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)
_RULED = (
    f"<w:tblPr><w:tblBorders>{border('top', 'accent4', 8)}{border('bottom', 'accent4', 8)}"
    f"{border('insideH', 'accent6', 4)}</w:tblBorders><w:tblCellMar>{_margins(0.9, 1.6, 0.9)}</w:tblCellMar></w:tblPr>"
    f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{border("bottom", "accent4", 8)}</w:tcBorders>'
    f"{colour('accent5', 'shd', 'fill')}</w:tcPr></w:tblStylePr>"
)
_CARD = f"<w:tblPr><w:tblCellMar>{_margins(0.35, 0, 0.35)}</w:tblCellMar></w:tblPr>"

SHARED: tuple[Style, ...] = (
    Style("Normal", "Normal", "Normal", based_on=None, after=6, line=1.1),
    Style("DefaultParagraphFont", "Default Paragraph Font", "", kind="character", based_on=None, quick=False),
    Style("TableNormal", "Normal Table", "", kind="table", based_on=None, table=_TABLE_NORMAL, quick=False),
    Style("Title", "Title", "", next="Subtitle", face=TITLE_FACE, size=26, colour="accent3", after=3, line=1.0,
          keep_next=True),
    Style("Subtitle", "Subtitle", "", next="Normal", size=12, colour="text2", after=14, keep_next=True),
    Style("Heading1", "heading 1", "", next="Normal", face=TITLE_FACE, size=16, colour="accent3", before=20, after=4,
          line=1.0, keep_next=True, keep_lines=True, outline=0),
    Style("Heading2", "heading 2", "", next="Normal", size=12, bold=True, colour="text1", before=12, after=2,
          line=1.05, keep_next=True, keep_lines=True, outline=1),
    Style("Heading3", "heading 3", "", next="Normal", bold=True, colour="accent2", before=8, after=2, keep_next=True,
          keep_lines=True, outline=2),
    Style("ListBullet", "List Bullet", "", numbering=1, after=2, contextual=False, keep_lines=True),
    Style("ListNumber", "List Number", "", numbering=2, after=2, keep_lines=True),
    Style("Header", "header", "", size=8.5, colour="text2", after=0, line=1.0, tabs=(("right", 160),), quick=False),
    Style("Footer", "footer", "", size=8.5, colour="text2", after=0, line=1.0, tabs=(("right", 160),), quick=False),
    Style("Quote", "Quote", "", face=TITLE_FACE, italic=True, size=11.5, left=6, before=4, after=2, keep_lines=True,
          borders=border("left", "accent4", 18, 10)),
    Style("Caption", "caption", "", size=9, colour="text2", before=2, after=8, keep_lines=True),
    Style("HandoverLead", "Handover Lead", "Handover Chapeau", size=12, after=8),
    Style("HandoverNote", "Handover Note", "Handover Note", size=9, colour="text2", before=2, after=6),
    Style("HandoverTableHead", "Handover Table Head", "Handover Tableau en-tête", size=9, bold=True, colour="accent3",
          after=0, line=1.0, keep_next=True),
    Style("HandoverTableHeadNumber", "Handover Table Head Number", "Handover Tableau en-tête nombre",
          based_on="HandoverTableHead", align="right"),
    Style("HandoverTableText", "Handover Table Text", "Handover Tableau texte", size=9.5, after=0, line=1.05),
    Style("HandoverTableNumber", "Handover Table Number", "Handover Tableau nombre", based_on="HandoverTableText",
          align="right"),
    Style("HandoverTableTotal", "Handover Table Total", "Handover Tableau total", based_on="HandoverTableNumber",
          bold=True),
    Style("HandoverTableGroup", "Handover Table Group", "Handover Tableau groupe", based_on="HandoverTableText",
          bold=True, colour="accent2", before=3, keep_next=True),
    Style("HandoverDraft", "Handover Draft", "Handover Brouillon", size=9, bold=True, tracking=2, colour="text2",
          align="center", after=4, line=1.0, sought=True),
    Style("Strong", "Strong", "", kind="character", based_on="DefaultParagraphFont", bold=True),
    Style("Emphasis", "Emphasis", "", kind="character", based_on="DefaultParagraphFont", italic=True),
    Style("HandoverLabel", "Handover Label", "Handover Libellé", kind="character", based_on="DefaultParagraphFont",
          colour="text2"),
    Style("HandoverTable", "Handover Table", "Handover Tableau", kind="table", based_on="TableNormal", table=_RULED),
    Style("HandoverPlainTable", "Handover Plain Table", "Handover Tableau simple", kind="table",
          based_on="TableNormal", table=_CARD),
)  # fmt: skip
"""Styles that every template has. A template's own come on top, under names of its own."""


def styles_xml(language: str, own: Sequence[Style]) -> str:
    """`styles.xml`: defaults (10.5 pt on about 1.34, in ink), the shared styles, then `own`, which may replace any."""
    every = {style.id: style for style in (*SHARED, *own)}
    tag = {"fr": "fr-FR", "en": "en-GB"}[language]
    faces = f'<w:rFonts w:ascii="{TEXT_FACE}" w:hAnsi="{TEXT_FACE}" w:eastAsia="{TEXT_FACE}" w:cs="{TEXT_FACE}"/>'
    return (
        f"{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{faces}{colour('text1')}"
        f'<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{''.join(style.xml(language) for style in every.values())}</w:styles>"
    )


def _numbering() -> str:
    def level(number: int, kind: str, text: str) -> str:
        style = {1: "ListBullet", 2: "ListNumber"}[number]
        return (
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
            f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{mm(5)}" w:hanging="{mm(4)}"/></w:pPr>'
            f"<w:rPr>{colour('accent2')}</w:rPr></w:lvl></w:abstractNum>"
        )

    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    levels = level(1, "bullet", "•") + level(2, "decimal", "%1.")
    return f"{DECLARATION}<w:numbering {NAMESPACES}>{levels}{nums}</w:numbering>"


def _theme() -> str:
    slots = "".join(f'<a:{k}><a:srgbClr val="{office_hex(v)}"/></a:{k}>' for k, v in THEME_COLOURS.items())
    faces = "".join(
        f'<a:{kind}Font><a:latin typeface="{face}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, face in (("major", TITLE_FACE), ("minor", TEXT_FACE))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Handover">'
        f'<a:themeElements><a:clrScheme name="{SCHEME}">{slots}</a:clrScheme><a:fontScheme name="Handover">{faces}'
        f'</a:fontScheme><a:fmtScheme name="Handover"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _settings(language: str) -> str:
    tag = {"fr": "fr-FR", "en": "en-GB"}[language]
    return (
        f'{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{tag}"/><w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" '
        'w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" '
        'w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def _fonts() -> str:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other, family in ((TEXT_FACE, "Carlito", "swiss"), (TITLE_FACE, "Caladea", "roman"))
    )
    return f"{DECLARATION}<w:fonts {NAMESPACES}>{entries}</w:fonts>"


def document(
    language: str,
    body: str,
    *,
    styles: Sequence[Style] = (),
    footer: str,
    first_footer: str | None = None,
    header: str = "",
    first_header: str = "",
    margins: tuple[float, float, float, float] = (25, 25, 25, 25),
    pictures: Mapping[str, tuple[float, float]] | None = None,
) -> bytes:
    """A whole template of paragraphs and tables; a `first_footer` makes the first page differ.

    `pictures` maps the relationship id that `Writer.picture` was given to the placeholder's size in mm; margins are
    top, right, bottom, left in mm.
    """
    running = {"headerReference default": header, "footerReference default": footer}
    if first_footer is not None:
        running |= {"headerReference first": first_header, "footerReference first": first_footer}
    parts: dict[str, bytes | str] = {
        "/word/styles.xml": styles_xml(language, styles),
        "/word/settings.xml": _settings(language),
        "/word/fontTable.xml": _fonts(),
        "/word/numbering.xml": _numbering(),
        "/word/theme/theme1.xml": _theme(),
    }
    own: dict[str, tuple[str, str]] = {}
    references: dict[str, str] = {}
    for at, (kind, content) in enumerate(running.items(), 1):
        what = kind[:6]
        empty = Writer(language).p(what.capitalize())
        parts[f"/word/{what}{at}.xml"] = part("w:hdr" if what == "header" else "w:ftr", content or empty)
        references[kind] = f"rId{10 + at}"
        own[f"rId{10 + at}"] = (what, f"{what}{at}.xml")
    for rid, (width, height) in (pictures or {}).items():
        parts[f"/word/media/{rid}.png"] = placeholder_png(round(width * 4), round(height * 4))
        own[rid] = ("image", f"media/{rid}.png")
    end = section(headers=references, margins=margins, first_page_differs=first_footer is not None)
    parts["/word/document.xml"] = part("w:document", f"<w:body>{body}{end}</w:body>")
    return package(parts, own)
