"""The house style of every Word template: named styles, theme, numbering, faces, and the page that they stand on.

Role: the one place for faces, sizes, spaces and colours; a text file names the styles, and a new look is a line here. A
colour is always a theme colour, whose values the brand sets at rendering (`handover.formats.word.theme` says what each
slot is for). The two faces are Cambria (titles) and Calibri (all else): Word for Windows and macOS have both,
LibreOffice's substitutes Caladea and Carlito have the same widths. It knows no document.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from handover.formats.package.opc import (
    OFFICE_DOCUMENT,
    RELATIONSHIPS_TYPE,
    XML_DECLARATION,
    Package,
    Relationship,
    rels_name,
    write_package,
    write_relationships,
)
from handover.formats.palette import office_hex, palette
from handover.formats.word.colours import varied
from handover.formats.word.ooxml import R, W
from handover.formats.word.theme import SCHEME, slots

TEXT_FACE, TITLE_FACE = "Calibri", "Cambria"
TEXT_WIDTH = 160.0
"""Width of the text in mm: the same on A4 (25 mm margins) and Letter (28 mm), so that no table needs two."""

TAGS = {
    path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))["locale"].replace("_", "-")
    for path in sorted(Path(__file__).resolve().parents[1].glob("??/language.toml"))
}
"""Language → tag (BCP 47), of every folder that has one."""
_COLOURS = slots(palette("#1F4E79"))
_SLOTS = {"text1": "dk1", "text2": "dk2", "background1": "lt1", "background2": "lt2", "hyperlink": "hlink"}


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point, as WordprocessingML measures."""
    return round(millimetres * 1440 / 25.4)


def colour(named: str) -> str:
    """A run's colour: the theme's slot, lightened by a tint where one follows, and its value for programs without."""
    slot, _, tint = named.partition(" ")
    value = bytes(varied(tuple(bytes.fromhex(office_hex(_COLOURS[_SLOTS.get(slot, slot)]))), tint, "")).hex().upper()
    lighter = f' w:themeTint="{tint}"' if tint else ""
    return f'<w:color w:val="{value}" w:themeColor="{slot}"{lighter}/>'


def border(side: str, slot: str, eighths: int, space: int = 0) -> str:
    """One border of a paragraph, table or cell; its width in eighths of a point."""
    value = office_hex(_COLOURS[_SLOTS.get(slot, slot)])
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{value}" w:themeColor="{slot}"/>'


@dataclass(frozen=True)
class Style:
    """A named style. Sizes are in points, spaces in points, indents in mm; None leaves what it is based on."""

    id: str
    french: str = ""
    """What Word calls it in French, without "Handover"; Word itself translates the styles that it brings along."""
    name: str = ""
    """What Word calls it; as a rule the identifier, in words."""
    kind: str = "paragraph"
    based_on: str | None = "Normal"
    next: str | None = None
    size: float | None = None
    face: str | None = None
    bold: bool | None = None
    italic: bool = False
    colour: str | None = None
    filled: str | None = None
    """What is behind its letters."""
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
    outline: int | None = None
    numbering: int | None = None
    tabs: Sequence[tuple[str, float]] = ()
    borders: str = ""
    table: str = ""
    """For a table style: everything after its paragraph and run properties."""
    quick: bool = True
    sought: bool = False
    """The program looks for it. Word and LibreOffice make identifiers anew from names when they save: its name is the
    same in every language, and the French one is an alias."""
    fr: Mapping[str, Any] = field(default_factory=dict)
    """What differs in French, whose letters are laid out otherwise (NF Z 11-001)."""
    last: str | None = None
    """The style of the last of several paragraphs in this one: the last item of a list, the last field."""
    head: str | None = None
    """The style of the head of a table's column in this style."""

    def called(self, language: str) -> str:
        """Its name in a template of that language."""
        if language == "fr" and self.french and not self.sought:
            return f"Handover {self.french}"
        return self.name or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.id)

    def xml(self, language: str) -> str:
        """The style as WordprocessingML (ECMA-376 Part 1, 17.7.4.17)."""
        own = replace(self, **self.fr) if language == "fr" else self
        alias = f'<w:aliases w:val="Handover {self.french}"/>' if language == "fr" and self.sought else ""
        default = ' w:default="1"' if self.id in {"Normal", "TableNormal", "DefaultParagraphFont"} else ""
        custom = ' w:customStyle="1"' if self.id.startswith("Handover") else ""
        return (
            f'<w:style w:type="{self.kind}"{default}{custom} w:styleId="{self.id}">'
            f'<w:name w:val="{self.called(language)}"/>{alias}'
            + (f'<w:basedOn w:val="{self.based_on}"/>' if self.based_on and not default else "")
            + (f'<w:next w:val="{self.next}"/>' if self.next else "")
            + _flag("qFormat", self.quick)
            + _wrapped("pPr", own._paragraph())  # noqa: SLF001 — another one of this class
            + _wrapped("rPr", own._run())  # noqa: SLF001
            + self.table
            + "</w:style>"
        )

    def _paragraph(self) -> str:
        spaces = (("before", self.before, 20), ("after", self.after, 20), ("line", self.line, 240))
        spacing = "".join(f' w:{name}="{round(value * by)}"' for name, value, by in spaces if value is not None)
        rule = ' w:lineRule="auto"' if self.line is not None else ""
        sides = (("left", self.left), ("right", self.right), ("hanging", self.hanging))
        indent = "".join(f' w:{name}="{twips(value)}"' for name, value in sides if value is not None)
        return (
            _flag("keepNext", self.keep_next)
            + _flag("keepLines", self.keep_lines)
            + _flag("pageBreakBefore", self.page_break)
            + (f'<w:numPr><w:numId w:val="{self.numbering}"/></w:numPr>' if self.numbering is not None else "")
            + _wrapped("pBdr", self.borders)
            + _wrapped("tabs", "".join(f'<w:tab w:val="{kind}" w:pos="{twips(at)}"/>' for kind, at in self.tabs))
            + (f"<w:spacing{spacing}{rule}/>" if spacing else "")
            + (f"<w:ind{indent}/>" if indent else "")
            + (f'<w:jc w:val="{self.align}"/>' if self.align else "")
            + (f'<w:outlineLvl w:val="{self.outline}"/>' if self.outline is not None else "")
        )

    def _run(self) -> str:
        face = f'<w:rFonts w:ascii="{self.face}" w:hAnsi="{self.face}" w:cs="{self.face}"/>' if self.face else ""
        size = f'<w:sz w:val="{round(self.size * 2)}"/><w:szCs w:val="{round(self.size * 2)}"/>' if self.size else ""
        bold = "" if self.bold is None else f'<w:b w:val="{int(self.bold)}"/>' if not self.bold else "<w:b/>"
        return (
            face
            + bold
            + _flag("i", self.italic)
            + (colour(self.colour) if self.colour else "")
            + (f'<w:spacing w:val="{round(self.tracking * 20)}"/>' if self.tracking else "")
            + size
            + (_shaded(self.filled) if self.filled else "")
        )


def _flag(name: str, on: bool) -> str:
    return f"<w:{name}/>" if on else ""


def _wrapped(name: str, content: str) -> str:
    return f"<w:{name}>{content}</w:{name}>" if content else ""


def _table(borders: str, cells: tuple[float, float, float, float], before: str = "", after: str = "") -> str:
    """A table style's properties; the cells' margins are top, left, bottom, right in mm."""
    sides = zip(("top", "left", "bottom", "right"), cells, strict=True)
    margins = "".join(f'<w:{name} w:w="{twips(value)}" w:type="dxa"/>' for name, value in sides)
    ruled = _wrapped("tblBorders", borders)
    return f"<w:tblPr>{before}{ruled}<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>{after}"


_TINT = office_hex(_COLOURS["accent5"])
_HEAD_ROW = (
    f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{border("bottom", "accent4", 8)}</w:tcBorders>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{_TINT}" w:themeFill="accent5"/></w:tcPr></w:tblStylePr>'
)


def _shaded(slot: str) -> str:
    value = office_hex(_COLOURS[_SLOTS.get(slot, slot)])
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{value}" w:themeFill="{slot}"/>'


def _filled(slot: str) -> str:
    """The properties of cells filled with a colour."""
    return _wrapped("tcPr", _shaded(slot))


_RULES = border("top", "accent4", 8) + border("bottom", "accent4", 8) + border("insideH", "accent6", 4)
_THIN = "".join(border(side, "accent6", 6) for side in ("top", "bottom", "insideH"))
_BOX = "".join(border(side, "accent6", 4, 4) for side in ("top", "left", "bottom", "right"))

SHARED: tuple[Style, ...] = (
    Style("Normal", based_on=None, after=6, line=1.1),
    Style("DefaultParagraphFont", kind="character", based_on=None, quick=False),
    Style("TableNormal", name="Normal Table", kind="table", based_on=None, quick=False,
          table=_table("", (0, 0, 0, 0), before='<w:tblInd w:w="0" w:type="dxa"/>')),
    Style("Title", next="Subtitle", face=TITLE_FACE, size=26, colour="accent3", after=3, line=1.0, keep_next=True),
    Style("Subtitle", next="Normal", size=12, colour="text2", after=14, keep_next=True),
    Style("Heading1", name="heading 1", next="Normal", face=TITLE_FACE, size=16, colour="accent3", before=20, after=4,
          line=1.0, keep_next=True, keep_lines=True, outline=0),
    Style("Heading2", name="heading 2", next="Normal", size=12, bold=True, colour="text1", before=12, after=2,
          line=1.05, keep_next=True, keep_lines=True, outline=1),
    Style("Heading3", name="heading 3", next="Normal", bold=True, colour="accent2", before=8, after=2, keep_next=True,
          keep_lines=True, outline=2),
    Style("ListBullet", numbering=1, after=2, keep_lines=True),
    Style("ListNumber", numbering=2, after=2, keep_lines=True),
    Style("Header", name="header", size=8.5, colour="text2", after=0, line=1.0, tabs=(("right", TEXT_WIDTH),),
          quick=False),
    Style("Footer", name="footer", size=8.5, colour="text2", after=0, line=1.0, tabs=(("right", TEXT_WIDTH),),
          quick=False),
    Style("Quote", face=TITLE_FACE, italic=True, size=11.5, left=6, before=4, after=2, keep_lines=True,
          borders=border("left", "accent4", 18, 10)),
    Style("Caption", name="caption", size=9, colour="text2", before=2, after=8, keep_lines=True),
    Style("HandoverLead", "Chapeau", size=12, after=8),
    Style("HandoverCallOut", "Encadré", size=10.5, after=6, left=4, keep_lines=True,
          borders=border("left", "accent4", 36, 8)),
    Style("HandoverNote", "Note", size=9, colour="text2", before=2, after=6),
    Style("HandoverTableHead", "Tableau en-tête", size=9, bold=True, colour="accent3", after=0, line=1.0,
          keep_next=True),
    Style("HandoverTableHeadNumber", "Tableau en-tête nombre", based_on="HandoverTableHead", align="right"),
    Style("HandoverTableText", "Tableau texte", size=9.5, after=0, line=1.05),
    Style("HandoverTableNumber", "Tableau nombre", based_on="HandoverTableText", align="right"),
    Style("HandoverTableTotal", "Tableau total", based_on="HandoverTableNumber", bold=True),
    Style("HandoverTableGroup", "Tableau groupe", based_on="HandoverTableText", bold=True, colour="accent2", before=3,
          keep_next=True),
    Style("HandoverDraft", "Brouillon", size=9, bold=True, tracking=2, colour="text2", align="center", after=4,
          line=1.0, sought=True),
    Style("Strong", kind="character", based_on="DefaultParagraphFont", bold=True),
    Style("Emphasis", kind="character", based_on="DefaultParagraphFont", italic=True),
    Style("HandoverLabel", "Libellé", kind="character", based_on="DefaultParagraphFont", colour="text2"),
    Style("HandoverTable", "Tableau", kind="table", based_on="TableNormal",
          table=_table(_RULES, (0.9, 1.6, 0.9, 1.6), after=_HEAD_ROW)),
    Style("HandoverPlainTable", "Tableau simple", kind="table", based_on="TableNormal",
          table=_table("", (0.35, 0, 0.35, 0))),
)  # fmt: skip
"""Styles that every template has, for people who change it in Word."""

FURTHER: tuple[Style, ...] = (
    Style("Hyperlink", kind="character", based_on="DefaultParagraphFont", colour="hyperlink"),
    # Letters
    Style("HandoverLetterLogo", "Logo de lettre", after=4, line=1.0),
    Style("HandoverSenderName", "Expéditeur nom", face=TITLE_FACE, size=14, bold=True, colour="accent3", before=3,
          after=2, line=1.0, next="HandoverSender"),
    Style("HandoverSender", "Expéditeur", size=9.5, colour="text2", after=0, line=1.05),
    Style("HandoverSenderDetails", "Expéditeur coordonnées", based_on="HandoverSender", align="right"),
    Style("HandoverRecipient", "Destinataire", after=0, line=1.05),
    Style("HandoverRecipientName", "Destinataire nom", based_on="HandoverRecipient", bold=True, before=8,
          next="HandoverRecipient", fr={"before": 60}),
    # Below the date, at the left, as in Québec; in English it stands there anyway.
    Style("HandoverRecipientLeft", "Destinataire à gauche", based_on="HandoverRecipient", bold=True, before=10,
          next="HandoverRecipient"),
    Style("HandoverPlaceDate", "Lieu et date", "Handover Place and Date", before=8, after=0,
          next="HandoverReference", fr={"after": 5}),
    Style("HandoverReference", "Référence", before=7, after=0, fr={"before": 6, "left": 19, "hanging": 19}),
    # What a letter is about is its heading, for readers who go by headings.
    Style("HandoverSubject", "Objet", before=6, after=6, bold=True, colour="accent3", keep_next=True, outline=0,
          fr={"before": 3, "bold": None, "colour": None, "left": 19, "hanging": 19}),
    # The American one stands between the address and the salutation, at the same distance from both.
    Style("HandoverRe", based_on="HandoverSubject", before=11, after=0),
    Style("Salutation", before=9, after=6.5, next="Normal"),
    Style("HandoverIntroduction", "Introduction", after=2, keep_next=True),
    Style("HandoverItem", "Élément", based_on="ListBullet", after=1.2, keep_next=True, last="HandoverItemLast"),
    Style("HandoverItemLast", "Élément dernier", based_on="ListBullet", after=6),
    Style("HandoverDated", "Élément daté", after=1.2, line=1.05, left=40, hanging=40, tabs=(("left", 40),),
          keep_next=True, keep_lines=True),
    Style("HandoverDatedLast", "Élément daté dernier", after=6, line=1.05, left=40, hanging=40, tabs=(("left", 40),),
          keep_lines=True),
    # What follows the signature moves to the next page as one, rather than begin at the foot of this one.
    Style("HandoverFollows", "Suite", face=TITLE_FACE, size=14, colour="accent3", before=18, after=2, line=1.0,
          keep_next=True, outline=1, borders=border("top", "accent6", 4, 8)),
    Style("HandoverFollowsOverleaf", "Suite au verso", face=TITLE_FACE, size=14, colour="accent3", before=0, after=2,
          line=1.0, keep_next=True, outline=1, page_break=True),
    Style("HandoverFollowsLead", "Suite introduction", bold=True, before=8, after=2, keep_next=True),
    Style("HandoverFollowsItem", "Suite élément", based_on="ListBullet", after=1.2, keep_next=True),
    Style("HandoverFollowsDated", "Suite élément daté", after=1.2, line=1.05, left=40, hanging=40,
          tabs=(("left", 40),), keep_next=True, keep_lines=True),
    Style("HandoverFollowsNote", "Suite note", based_on="HandoverNote", before=3, after=2, keep_next=True,
          keep_lines=True),
    Style("HandoverTableNote", "Note de tableau", based_on="HandoverNote", before=3, after=7, keep_lines=True),
    # A payment row holds on to the next, so that no total stands alone on a page.
    Style("HandoverPayment", "Paiement", based_on="HandoverTableText", keep_next=True),
    Style("HandoverPaymentAmount", "Paiement montant", based_on="HandoverTableNumber", keep_next=True),
    Style("HandoverHeld", "Lié à la suite", keep_next=True, keep_lines=True),
    Style("HandoverWishes", "Vœux", keep_next=True, keep_lines=True, next="Closing"),
    Style("Closing", before=2, after=8, keep_next=True, keep_lines=True, next="Signature"),
    Style("Signature", left=0, after=0, line=1.05, keep_next=True, fr={"left": 85}),
    # Room for a pen, where there is no picture of a signature.
    Style("HandoverSignatureSpace", "Signature espace", based_on="Signature", before=44),
    Style("HandoverSignatureTitle", "Signature fonction", left=0, after=0, line=1.05, colour="text2", keep_lines=True,
          fr={"left": 85}),
    # Of several who sign, none is left for another page.
    Style("HandoverSignatureTitleHeld", "Signature fonction liée", based_on="HandoverSignatureTitle", keep_next=True),
    Style("HandoverEnclosuresHead", "Pièces jointes titre", size=9, bold=True, colour="text2", before=16, after=1,
          line=1.05, keep_next=True, borders=border("top", "accent6", 4, 5)),
    Style("HandoverEnclosure", "Pièce jointe", size=9, colour="text2", after=1, line=1.05, left=62, hanging=62,
          keep_next=True, keep_lines=True),
    Style("HandoverLegal", "Mentions légales", based_on="Footer", align="center"),
    # Lists of things with facts about each
    Style("HandoverLogo", "Logo", after=10, line=1.0),
    Style("HandoverGroup", "Groupe", after=2, colour="text2", keep_next=True),
    Style("HandoverProject", "Projet", based_on="Heading2", next="HandoverState", before=10, after=1,
          borders=border("top", "accent6", 4, 5)),
    Style("HandoverState", "État", size=9.5, colour="accent2", after=3, keep_next=True, keep_lines=True, line=1.05),
    Style("HandoverWhat", "Description", after=2, line=1.05, keep_next=True, keep_lines=True),
    # Long instructions may run over a page: held together, they would leave the page before half empty.
    Style("HandoverField", "Rubrique", after=1, left=32, hanging=32, keep_next=True, line=1.05,
          last="HandoverFieldLast"),
    Style("HandoverFieldLast", "Rubrique dernière", after=1, left=32, hanging=32, line=1.05),
    Style("HandoverProgressHead", "Avancement en-tête", based_on="HandoverTableHeadNumber", right=3),
    Style("HandoverProgress", "Avancement", based_on="HandoverTableNumber", colour="accent2", right=3,
          head="HandoverProgressHead"),
    # A bar is made of spaces that are filled.
    Style("HandoverBar", "Jauge", kind="character", based_on="DefaultParagraphFont", size=7, colour="background1",
          filled="accent3"),
    Style("HandoverBarLeft", "Jauge reste", kind="character", based_on="HandoverBar", colour="text1", filled="accent6"),
    # Reports with a title page
    Style("HandoverCoverLogo", "Logo de couverture", after=0, line=1.0),
    Style("HandoverCoverClientLogo", "Logo du client", based_on="HandoverCoverLogo", align="right"),
    Style("HandoverCoverSender", "Expéditeur de couverture", face=TITLE_FACE, size=17, colour="accent3", before=6,
          after=0, line=1.0),
    Style("HandoverCoverSpace", "Blanc de couverture", size=8, after=0, line=1.0),
    Style("HandoverCoverBand", "Bandeau de couverture", kind="table", based_on="TableNormal",
          table=_table("", (0, 30, 0, 30), after=_filled("accent3"))),
    Style("HandoverCoverTitle", "Titre de couverture", based_on="Title", size=40, colour="background1", before=0,
          after=10, next="HandoverCoverClient"),
    Style("HandoverCoverClient", "Client de couverture", face=TITLE_FACE, size=17, colour="background1", after=44,
          line=1.05),
    Style("HandoverCoverNumber", "Chiffre de couverture", face=TITLE_FACE, size=30, colour="accent3", before=30,
          after=0, line=1.0, keep_next=True),
    Style("HandoverCoverLabel", "Libellé de couverture", size=10, colour="text2", after=0, line=1.1),
    Style("HandoverCoverPeriods", "Périodes de couverture", size=10, colour="text2", before=8, after=0),
    Style("HandoverCoverQuote", "Citation de couverture", face=TITLE_FACE, italic=True, size=13, before=26, after=4,
          line=1.2, keep_next=True, keep_lines=True),
    Style("HandoverCoverAuthor", "Auteur de couverture", size=10, colour="text2", after=0),
    Style("HandoverCoverLead", "Chapeau de couverture", face=TITLE_FACE, size=14, before=26, after=0, line=1.3),
    Style("HandoverContentsTitle", "Sommaire titre", size=9.5, bold=True, colour="text2", before=26, after=3,
          keep_next=True),
    Style("HandoverContents", "Sommaire", after=2, line=1.05, tabs=(("right", TEXT_WIDTH),)),
    Style("HandoverNewPage", "Titre en haut de page", "Handover New Page Heading", based_on="Heading1", next="Normal",
          page_break=True, size=22, before=0, after=8),
    # A few lines under one heading stay together.
    Style("HandoverHighlight", "Temps fort", based_on="ListBullet", keep_next=True, last="ListBullet"),
    # The grey of what is drawn of then (`formats.palette`), since it marks that alone.
    Style("HandoverThen", "Hier", kind="character", based_on="DefaultParagraphFont", colour="text2 B1"),
    Style("HandoverNow", "Aujourd’hui", kind="character", based_on="DefaultParagraphFont", colour="accent3"),
    Style("HandoverPeriods", "Périodes", size=9.5, colour="text2", after=5, keep_next=True,
          tabs=(("left", 50), ("left", 100))),
    Style("HandoverFigure", "Chiffre", face=TITLE_FACE, size=27, colour="accent3", after=1, line=1.0, keep_next=True),
    Style("HandoverFigureLong", "Chiffre long", based_on="HandoverFigure", size=19, before=5, after=3),
    Style("HandoverFigureChange", "Chiffre changement", size=9.5, colour="text2", after=0, line=1.0),
    Style("HandoverFigureTitle", "Chiffre titre", size=11.5, bold=True, colour="text1", before=2, after=1, line=1.05,
          keep_next=True),
    Style("HandoverFigureText", "Chiffre texte", size=9.5, after=1, line=1.1),
    Style("HandoverCaveat", "Réserve", size=9, italic=True, colour="text1", after=1, line=1.05, left=3,
          borders=border("left", "accent4", 12, 5)),
    Style("HandoverTableCaveat", "Tableau réserve", based_on="HandoverTableText", size=8.5, italic=True),
    # A row keeps with the next by the first paragraph of its first cell.
    Style("HandoverTableHeld", "Tableau lié", based_on="HandoverTableText", keep_next=True),
    Style("HandoverTableBasis", "Tableau base", based_on="HandoverTableText", size=8.5, colour="text2"),
    Style("HandoverMetric", "Indicateur", based_on="Heading2", next="HandoverChartNote", size=13, before=14, after=0,
          colour="accent3"),
    Style("HandoverChartCaveat", "Réserve de graphique", based_on="HandoverCaveat", keep_next=True, keep_lines=True),
    Style("HandoverTargetKey", "Légende d’objectif", based_on="HandoverChartKey", before=0),
    Style("HandoverChartKey", "Légende de graphique", size=9.5, before=2, after=2, keep_next=True, keep_lines=True,
          line=1.0, tabs=(("left", 80),)),
    Style("HandoverChart", "Graphique", after=1, line=1.0, keep_next=True, sought=True),
    Style("HandoverChartNote", "Note de graphique", size=9, colour="text2", after=2, line=1.0),
    Style("HandoverEvent", "Événement", size=9, after=0, line=1.05, keep_next=True, keep_lines=True),
    Style("HandoverReading", "Lecture", before=1, after=1, keep_next=True, keep_lines=True, line=1.05),
    Style("HandoverSmallTitle", "Petit graphique titre", size=10.5, bold=True, colour="accent3", before=6, after=1,
          line=1.0),
    Style("HandoverSmallKey", "Petit graphique légende", size=9, colour="text1", after=0, line=1.0, keep_next=True),
    Style("HandoverSmallNote", "Petit graphique note", size=8.5, colour="text2", after=0, line=1.0),
    Style("HandoverStoryHead", "Récit titre", based_on="Heading2", face=TITLE_FACE, size=14, bold=False,
          colour="accent3", before=16, after=3),
    Style("HandoverStory", "Récit", size=12, line=1.3, after=6),
    Style("HandoverPicture", "Image", before=10, after=2, line=1.0, keep_next=True),
    Style("HandoverPictureLabel", "Image légende", size=9.5, bold=True, colour="text2", after=2, line=1.0),
    Style("HandoverCampaign", "Campagne", after=0, left=52, hanging=52, keep_next=True, keep_lines=True,
          tabs=(("left", 52),)),
    Style("HandoverCampaignResult", "Campagne résultat", after=5, left=52, keep_lines=True, line=1.05),
    Style("HandoverSource", "Source", based_on="ListBullet", size=9.5, after=1, keep_lines=True),
    Style("HandoverMethod", "Méthode", size=9.5, after=4, line=1.1, keep_lines=True),
    Style("HandoverAuthor", "Auteur", size=9.5, colour="text2", left=6, after=10),
    Style("HandoverFigureTable", "Tableau de chiffres", kind="table", based_on="TableNormal",
          table=_table(_THIN, (2.6, 0, 2.6, 3))),
    # Forms
    Style("HandoverTick", "Case", kind="character", based_on="DefaultParagraphFont", face="MS Gothic"),
    Style("HandoverBlank", "Blanc", kind="character", based_on="DefaultParagraphFont", colour="text2"),
    Style("HandoverChecklist", "Liste à cocher", after=2, left=6, hanging=6, tabs=(("left", 6),), keep_lines=True),
    # A row of a form is written into by hand, too.
    Style("HandoverRoom", "Place pour écrire", based_on="HandoverTableText", after=13),
    Style("HandoverRoomLarge", "Grande place pour écrire", based_on="HandoverTableText", after=28),
    Style("HandoverAnswer", "Réponse", before=4, after=10, keep_lines=True, borders=_BOX),
    # What a person copies out of a page
    Style("HandoverTag", "Balise", based_on="HandoverTableText", face="Consolas", size=8.5),
)  # fmt: skip
"""Styles that a template has where its text uses them."""

STYLES: Mapping[str, Style] = {style.id: style for style in (*SHARED, *FURTHER)}
_ROOT = f'xmlns:w="{W}" xmlns:r="{R}"'


def styles(language: str, used: Collection[str]) -> bytes:
    """The styles part: defaults (10.5 pt, in ink), the shared styles, those that are used, and what these refer to."""
    wanted, waiting = {style.id for style in SHARED}, list(used)
    while waiting:
        style = STYLES[waiting.pop()]
        wanted.add(style.id)
        waiting += [other for other in (style.based_on, style.next) if other and other not in wanted]
    tag = TAGS[language]
    faces = f'<w:rFonts w:ascii="{TEXT_FACE}" w:hAnsi="{TEXT_FACE}" w:eastAsia="{TEXT_FACE}" w:cs="{TEXT_FACE}"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{faces}{colour('text1')}"
        f'<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    every = "".join(style.xml(language) for style in STYLES.values() if style.id in wanted)
    return _part("styles", defaults + every)


def numbering(numbered: int) -> bytes:
    """The numbering part: bullets, numbers, and one more sequence of numbers for each numbered list."""
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{twips(5)}" w:hanging="{twips(4)}"/></w:pPr>'
        f"<w:rPr>{colour('accent2')}</w:rPr></w:lvl></w:abstractNum>"
        for at, kind, style, text in ((1, "bullet", "ListBullet", "•"), (2, "decimal", "ListNumber", "%1."))
    )
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    nums = "".join(f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>' for at in (1, 2))
    lists = "".join(
        f'<w:num w:numId="{FIRST_LIST + at}"><w:abstractNumId w:val="2"/>{anew}</w:num>' for at in range(numbered)
    )
    return _part("numbering", levels + nums + lists)


FIRST_LIST = 3
"""The number of the first numbered list; each begins with one, and so has a number of its own."""


def skeleton(language: str) -> bytes:
    """An empty document in the house style, with every style; python-docx fills it."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "document": (f"{main}.document.main+xml", _part("document", "<w:body><w:sectPr/></w:body>")),
        "styles": (f"{main}.styles+xml", styles(language, STYLES)),
        "settings": (f"{main}.settings+xml", _settings(language)),
        "fontTable": (f"{main}.fontTable+xml", _fonts()),
        "numbering": (f"{main}.numbering+xml", numbering(0)),
        "theme": ("application/vnd.openxmlformats-officedocument.theme+xml", _theme()),
    }
    names = {kind: "theme/theme1.xml" if kind == "theme" else f"{kind}.xml" for kind in parts}
    relations = [Relationship(f"rId{at}", f"{R}/{kind}", name) for at, (kind, name) in enumerate(names.items()) if at]
    content = {f"/word/{names[kind]}": part for kind, (_, part) in parts.items()}
    types = {f"/word/{names[kind]}": declared for kind, (declared, _) in parts.items()}
    rels = {
        rels_name("/"): write_relationships([Relationship("rId1", OFFICE_DOCUMENT, "word/document.xml")]),
        rels_name("/word/document.xml"): write_relationships(relations),
    }
    return write_package(Package({**content, **rels}, {**types, **dict.fromkeys(rels, RELATIONSHIPS_TYPE)}))


def _part(name: str, body: str) -> bytes:
    return XML_DECLARATION + f"<w:{name} {_ROOT}>{body}</w:{name}>".encode()


def _theme() -> bytes:
    scheme = "".join(f'<a:{k}><a:srgbClr val="{office_hex(v)}"/></a:{k}>' for k, v in _COLOURS.items())
    faces = "".join(
        f'<a:{kind}Font><a:latin typeface="{face}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, face in (("major", TITLE_FACE), ("minor", TEXT_FACE))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    body = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Handover">'
        f'<a:themeElements><a:clrScheme name="{SCHEME}">{scheme}</a:clrScheme><a:fontScheme name="Handover">{faces}'
        f'</a:fontScheme><a:fmtScheme name="Handover"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
    return XML_DECLARATION + body.encode()


def _settings(language: str) -> bytes:
    return _part(
        "settings",
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{TAGS[language]}"/><w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" '
        'w:t2="dark2" w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" '
        'w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>',
    )


def _fonts() -> bytes:
    return _part(
        "fonts",
        "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:family w:val="{family}"/>'
            '<w:pitch w:val="variable"/></w:font>'
            for name, other, family in ((TEXT_FACE, "Carlito", "swiss"), (TITLE_FACE, "Caladea", "roman"))
        ),
    )
