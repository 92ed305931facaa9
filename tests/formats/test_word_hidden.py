"""What nobody sees in a Word document is found, whatever hides it; what people see is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from handover.formats.word.hidden import hidden_text
from handover.formats.word.styles import Styles
from handover.formats.word.unwanted import is_safe_field

NAMES = {
    "other": "urn:other",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
W14_WHITE = '<w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>'
WHITE = '<w:color w:val="FFFFFF"/>'
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>
<w:style><w:name w:val="nameless"/><w:rPr><w:sz w:val="2"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Pale"><w:rPr><w:color w:val="FEFEFE"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Paler"><w:basedOn w:val="Pale"/></w:style>
<w:style w:type="paragraph" w:styleId="Folded"><w:pPr><w15:collapsed/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Tiny"><w:rPr><w:sz w:val="3"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Flat"><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Banner"><w:pPr><w:shd w:val="clear" w:fill="203040"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="Snow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Web"><w:rPr><w:webHidden/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Clear"><w:rPr><w14:textFill><w14:noFill/></w14:textFill></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Away"><w:pPr><w:framePr w:x="-9000" w:hAnchor="page"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Signs"><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Shown"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Low"><w:pPr><w:spacing w:line="20"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="White"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Dark"><w:rPr><w:color w:val="000000"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Twin"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Twin"/>
<w:style w:type="table" w:styleId="Corner"><w:tblStylePr w:type="nwCell"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>
 </w:tblStylePr></w:style>
<w:style w:type="table" w:styleId="Stripes"><w:tblStylePr w:type="band2Vert"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>
 </w:tblStylePr></w:style>
<w:style w:type="table" w:styleId="Whole"><w:tblStylePr w:type="wholeTable"><w:rPr><w:sz w:val="2"/></w:rPr>
 </w:tblStylePr></w:style>
<w:style w:type="table" w:styleId="Thin"><w:pPr><w:spacing w:line="10" w:lineRule="exact"/></w:pPr></w:style>
<w:style w:type="table" w:styleId="Shut"><w:trPr><w:trHeight w:val="9" w:hRule="exact"/></w:trPr></w:style>
<w:style w:type="table" w:styleId="Closed"><w:trPr><w:hidden/></w:trPr></w:style>
<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>
 <w:tcPr><w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>
<w:style w:type="table" w:styleId="Ghost"><w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>
 </w:tblStylePr></w:style>
"""


def run(text="the fee doubles", properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def p(content=None, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{run() if content is None else content}</w:p>"


def cell(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows, style="", row=""):
    named = f'<w:tblStyle w:val="{style}"/><w:tblLook w:val="04A0"/>' if style else ""
    made = "".join(f"<w:tr><w:trPr>{row}</w:trPr>{one}</w:tr>" for one in rows)
    return f"<w:tbl><w:tblPr>{named}</w:tblPr>{made}</w:tbl>"


def anchor(x, y, *, holder="page", size=(1_000_000, 400_000), fill="", hidden="", body="", text=None):
    box = f"<wps:txbx><w:txbxContent>{p() if text is None else text}</w:txbxContent></wps:txbx>"
    return p(
        f"<w:r><w:drawing><wp:anchor>"
        f'<wp:positionH relativeFrom="{holder}"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="{holder}"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{size[0]}" cy="{size[1]}"/><wp:docPr id="1" name="x"{hidden}/>'
        f"<wps:wsp><wps:spPr>{fill}</wps:spPr>{box}<wps:bodyPr>{body}</wps:bodyPr></wps:wsp>"
        "</wp:anchor></w:drawing></w:r>"
    )


def gradient(*stops):
    made = "".join(f'<a:gs pos="0"><a:srgbClr val="{stop}"/></a:gs>' for stop in stops)
    return f"<a:gradFill><a:gsLst>{made}</a:gsLst></a:gradFill>"


def grouped(x, y, *, fill="", units=100, beside="", style="", text=None):
    """A box at a place in a group of 1 by 1 million EMU, which counts `units` in each direction."""
    box = f"<wps:txbx><w:txbxContent>{p() if text is None else text}</w:txbxContent></wps:txbx>"
    return p(
        '<w:r><w:drawing><wp:inline><wp:extent cx="1000000" cy="1000000"/><wpg:wgp><wpg:grpSpPr><a:xfrm>'
        f'<a:chOff x="0" y="0"/><a:chExt cx="{units}" cy="{units}"/></a:xfrm></wpg:grpSpPr>{beside}<wps:wsp><wps:spPr>'
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="50" cy="50"/></a:xfrm>{fill}</wps:spPr>{style}{box}'
        "<wps:bodyPr/></wps:wsp></wpg:wgp></wp:inline></w:drawing></w:r>"
    )


def shape(style, attributes="", text=None):
    inside = f"<v:textbox><w:txbxContent>{p() if text is None else text}</w:txbxContent></v:textbox>"
    return p(f'<w:r><w:pict><v:shape style="{style}" {attributes}>{inside}</v:shape></w:pict></w:r>')


def versions(choice, fallback):
    made = f'<mc:Choice Requires="wps">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
    return f"<w:p><mc:AlternateContent>{made}</mc:AlternateContent></w:p>"


def field(code, between=""):
    return p(
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{between}'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def ways(body, before="", theme=None):
    root = etree.fromstring(f"<w:document {DECLARED}>{before}<w:body>{body}</w:body></w:document>")
    styles = etree.fromstring(f"<w:styles {DECLARED}>{STYLES}</w:styles>")
    return [how for _, how in hidden_text(root, Styles(styles, theme))]


SIGN = '<w:shd w:val="clear" w:fill="FFFF00"/>'
SOLID = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
COLOUR = "in the colour of what is behind it"
SNOW = '<a:schemeClr val="bg1"/>'
FILLED = '<wps:style><a:fillRef idx="{}"><a:schemeClr val="{}"/></a:fillRef><a:fontRef>{}</a:fontRef></wps:style>'
SECTION = '<w:sectPr><w:pgMar w:left="{}" w:right="1440"/></w:sectPr>'
LONG_TEXT = "the fee doubles every year until somebody reads this " * 20


def columns(*widths, layout='<w:tblLayout w:type="fixed"/>', indent=0):
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblInd w:w="{indent}" w:type="dxa"/>{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr>{''.join(cell(p()) for _ in widths)}</w:tr></w:tbl>"
    )


def placed(position, size="", simple=""):
    return p(
        f'<w:r><w:drawing><wp:anchor {simple}>{position}<wp:extent cx="1000000" cy="400000"/>{size}'
        f"<wps:wsp><wps:spPr/><wps:txbx><w:txbxContent>{p()}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</wp:anchor></w:drawing></w:r>"
    )


CLEAR = "<w14:textFill><w14:noFill/></w14:textFill>"
LIGHTER = '<a:lumMod val="0"/><a:lumOff val="100000"/>'
THROUGH = '<a:solidFill><a:srgbClr val="336699"><a:alpha val="0"/></a:srgbClr></a:solidFill>'
VML_GROUP = '<v:group style="position:absolute;width:90pt;height:90pt" coordsize="9,9"><v:shape'


def letters(fill):
    made = fill.replace("a:", "w14:").replace(" val=", " w14:val=")
    return f"<w14:textFill>{made}</w14:textFill>"


def across(base, offset):
    return f'<wp:positionH relativeFrom="{base}">{offset}</wp:positionH>'


def formula(kind, switch, part):
    inside = f"<m:{part}><m:r><m:t>fee</m:t></m:r></m:{part}>"
    return p(f"<m:oMath><m:{kind}><m:{kind}Pr>{switch}</m:{kind}Pr>{inside}</m:{kind}></m:oMath>")


TURNED = '<a:scene3d><a:camera prst="orthographicFront"><a:rot lat="0" lon="5400000" rev="0"/></a:camera></a:scene3d>'
SHOWN = '<w:numFmt w:val="custom" w:format="0001"/>'


def over(text="the fee doubles every year until", *, vertical=("paragraph", 0), size=(6_000_000, 500_000), **said):
    """A filled box without text, in front of a paragraph."""
    wrap, behind, fill = said.get("wrap", "<wp:wrapNone/>"), said.get("behind", "0"), said.get("fill", SOLID)
    places = (("H", said.get("holder", "column"), 0), ("V", *vertical))
    made = "".join(
        f'<wp:position{axis} relativeFrom="{base}"><wp:posOffset>{at}</wp:posOffset></wp:position{axis}>'
        for axis, base, at in places
    )
    return p(
        f'<w:r><w:drawing><wp:anchor behindDoc="{behind}">{made}<wp:extent cx="{size[0]}" cy="{size[1]}"/>{wrap}'
        f"<wps:wsp><wps:spPr>{fill}</wps:spPr><wps:bodyPr/></wps:wsp></wp:anchor></w:drawing></w:r>{run(text)}"
    )


def some(properties, *, holder="trPr"):
    inside = f'<mc:AlternateContent><mc:Choice Requires="w14">{properties}</mc:Choice></mc:AlternateContent>'
    return table(cell(p())).replace(f"<w:{holder}>", f"<w:{holder}>{inside}")


def upright(height, text="the fee doubles every year until somebody reads this"):
    made = table(cell(p(run(text)), '<w:tcW w:w="400" w:type="dxa"/><w:textDirection w:val="btLr"/>'),
                 row=f'<w:trHeight w:val="{height}" w:hRule="exact"/>')  # fmt: skip
    return made.replace("<w:tblPr>", '<w:tblPr><w:tblLayout w:type="fixed"/>')


COVERED = [
    pytest.param(over(), "over text", id="a white box over its own paragraph"),
    pytest.param(over("", vertical=("paragraph", 150_000)) + p(), "over text", id="over the next paragraph"),
    pytest.param(p() + over("", vertical=("paragraph", -250_000)), "over text", id="over the one before"),
    pytest.param(
        over("", vertical=("page", 0), holder="page", size=(7_600_000, 10_700_000)), "over text", id="over a whole page"
    ),
    pytest.param(
        p('<w:r><w:pict><v:rect style="position:absolute;width:400pt;height:30pt" fillcolor="red"/></w:pict></w:r>'
          + run()), "over text", id="a VML box over its own paragraph",
    ),
    pytest.param(table(cell(p()), style="Corner").replace("04A0", "00A0"), COLOUR, id="white in a table's corner"),
    pytest.param(
        table(cell(p()) * 3, style="Stripes").replace("04A0", "0000"), COLOUR, id="white in every second column"
    ),
    pytest.param(table(cell(p()), style="Whole"), "smaller than 4", id="small in the whole table"),
    pytest.param(table(cell(p()), style="Thin"), "line without height", id="low lines by a table's style"),
    pytest.param(table(cell(p()), style="Shut"), "row without height", id="low rows by a table's style"),
    pytest.param(p(run(properties='<w:rStyle w:val="Dark"/>'), '<w:pStyle w:val="White"/>'), COLOUR,
                 id="white, and dark by a style of another kind, which nobody follows"),
    pytest.param(p(properties='<w:pStyle w:val="Twin"/>'), COLOUR, id="white by one of two styles of a name"),
    pytest.param(p(properties='<w:pStyle w:val="Low"/><w:spacing w:lineRule="exact"/>'), "line without height",
                 id="a height of the style, a rule of its own"),
    pytest.param(some("<w:hidden/>"), "two versions", id="a row hidden for some programs"),
    pytest.param(some("<w:pPr><w:vanish/></w:pPr>", holder="tcPr"), "two versions", id="a cell's properties for some"),
    pytest.param(
        '<w:p xmlns:x="urn:x" mc:Ignorable="x" mc:ProcessContent="x:y"><w:r><w:rPr><x:y><w:vanish/></x:y></w:rPr>'
        "<w:t>the fee</w:t></w:r></w:p>", "two versions", id="hidden in an element that only some look into",
    ),
    pytest.param(
        p(run(properties='<s:vanish xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')), "two versions",
        id="hidden in the namespace of the strict form",
    ),
    pytest.param(p(run(properties='<w:highlight w:val="black"/>')), COLOUR, id="black under a black marker"),
    pytest.param(p(run(properties='<w:sz w:val="12"/><w:eastAsianLayout w:combine="1"/>')), "smaller than 4",
                 id="two lines in one of six points"),
    pytest.param(
        p('<w:r><w:ruby><w:rubyPr><w:hps w:val="1"/></w:rubyPr><w:rt>' + run() + "</w:rt></w:ruby></w:r>"),
        "smaller than 4", id="beside a word, half a point high",
    ),
    pytest.param(p(run(properties='<w:cs/><w:rFonts w:ascii="Arial" w:cs="Wingdings"/>')), "font of pictures",
                 id="pictures for complex script"),
    pytest.param(p(run(properties='<w:rFonts w:ascii="Libre Barcode 39"/>')), "font of pictures", id="bars"),
    pytest.param(p(run("ok\ufe00\ufe05\ufe0a")), "without a form", id="variants of variants"),
    pytest.param(p(run("ok" + "\u200b\u200c" * 4)), "without a form", id="a text of spaces without width"),
    pytest.param(p(run("\u2067100 - 200\u2069")), "turned round", id="figures from right to left"),
    pytest.param(p(f'<w:dir w:val="rtl">{run("100 - 200")}</w:dir>'), "turned round", id="the same as an element"),
    pytest.param(p(f'<w:fldSimple w:instr="SEQ a">{run()}</w:fldSimple>'), "place of a page", id="words as a number"),
    pytest.param(anchor(0, 0).replace("<wps:spPr>", f"<wps:spPr>{TURNED}"), "without size", id="seen from its edge"),
    pytest.param(
        p() + '<w:sectPr><w:cols w:num="45" w:space="720"/></w:sectPr>', "margins that leave", id="45 equal columns"
    ),
    pytest.param(p(properties='<w:tabs><w:tab w:pos="-9000"/></w:tabs>'), "lies off the page", id="a tab off the page"),
    pytest.param(upright(250), "more text than its row", id="lines upwards in a low row"),
    pytest.param(
        columns(1000).replace("<w:tcPr>", '<w:tcPr><w:tcMar><w:left w:w="980"/></w:tcMar>'), "column without width",
        id="a cell that is all margin",
    ),
    pytest.param(
        columns(1000).replace("</w:tblPr>", '<w:tblCellSpacing w:w="30000"/></w:tblPr>'), "column without width",
        id="a space around its cell that is wider than the page",
    ),
    pytest.param(columns(4000).replace("<w:tcPr>", '<w:tcPr><w:tcW w:w="5" w:type="pct"/>'), "column without width",
                 id="a tenth of a percent wide"),
    pytest.param(shape("width:90pt;height:30pt;visibility:hidden !important"), "switched off", id="hidden, and how"),
]  # fmt: skip
"""Boxes over text, styles of tables, what only some programs follow."""
FURTHER = [
    *COVERED,
    pytest.param(
        p(run(properties='<w:rtl/><w:sz w:val="22"/><w:szCs w:val="2"/>')),
        "smaller than 4",
        id="small as complex script",
    ),
    pytest.param(p(run("שלום לכם", '<w:sz w:val="22"/><w:szCs w:val="2"/>')), "smaller than 4", id="small Hebrew"),
    pytest.param(
        p(run(properties='<w:sz w:val="9"/><w:vertAlign w:val="superscript"/>')),
        "smaller than 4",
        id="small and raised",
    ),
    pytest.param(p(run(properties='<w:spacing w:val="-120"/>')), "squeezed", id="letters on top of one another"),
    pytest.param(p(run(properties='<w:fitText w:val="20"/>')), "squeezed", id="fitted into a point"),
    pytest.param(p(run(properties='<w:position w:val="-900"/>')), "moved away", id="lowered by a page"),
    pytest.param(p(run("\u202e000,01 pay\u202c")), "turned round", id="an override of the direction"),
    pytest.param(p(f'<w:bdo w:val="rtl">{run("000,01 pay")}</w:bdo>'), "turned round", id="the same as an element"),
    pytest.param(p(properties="<w15:collapsed/>"), "folds its text away", id="a heading that is closed"),
    pytest.param(p(properties='<w:pStyle w:val="Folded"/>'), "folds its text away", id="a heading closed by its style"),
    pytest.param(p(run("net\U000e0074\U000e0068\U000e0065")), "without a form", id="tag characters"),
    pytest.param(p(run(properties='<w:rFonts w:ascii="Wingdings"/>')), "font of pictures", id="words in Wingdings"),
    pytest.param(p(run(properties='<w:rStyle w:val="Clear"/>')), "transparent", id="without filling by its style"),
    pytest.param(
        p(run(properties=f"{CLEAR}<w14:textOutline>{W14_WHITE}</w14:textOutline>")), COLOUR, id="outlined in white"
    ),
    pytest.param(p(run(properties=letters(gradient("FFFFFF", "FEFEFE")))), COLOUR, id="filled from white to white"),
    pytest.param(
        p(run(properties=letters(f'<a:solidFill><a:schemeClr val="tx1">{LIGHTER}</a:schemeClr></a:solidFill>'))),
        COLOUR,
        id="ink made as light as paper",
    ),
    pytest.param(
        p(run(properties=letters('<a:solidFill><a:prstClr val="white"/></a:solidFill>'))),
        COLOUR,
        id="white by its name",
    ),
    pytest.param(
        p(run(properties=f'{WHITE}<w:shd w:val="pct5" w:fill="FFFFFF"/>')), COLOUR, id="white on a pattern of few dots"
    ),
    pytest.param(
        p(run(properties=f'{WHITE}<w:shd w:val="horzStripe" w:color="FFFFFF" w:fill="FEFEFE"/>')),
        COLOUR,
        id="white on white stripes",
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill=gradient("FFFFFF", "FEFEFE")),
        COLOUR,
        id="white in a box from white to white",
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill=THROUGH), COLOUR, id="white in a box that is transparent"
    ),
    pytest.param(
        shape("width:90pt;height:30pt", 'fillcolor="#336699"', p(run(properties=WHITE))).replace(
            "<v:textbox>", '<v:fill opacity="0"/><v:textbox>'
        ),
        COLOUR,
        id="white in a transparent VML box",
    ),
    pytest.param(
        grouped(0, 0, text=p(run(properties=WHITE)), fill="<a:noFill/>"), COLOUR, id="white, alone in a group"
    ),
    pytest.param(
        grouped(0, 0, style=FILLED.format(0, "accent1", SNOW), fill="<a:noFill/>"),
        COLOUR,
        id="white by a shape's style",
    ),
    pytest.param(
        grouped(0, 0, text=p(run(properties=WHITE)), style=FILLED.format(1, "lt1", "")),
        COLOUR,
        id="white in a box that its style fills with white",
    ),
    pytest.param(grouped(90_000, 0), "off the page", id="a box off the page by its group's units"),
    pytest.param(grouped(0, 0, units=900_000), "box without size", id="a box made small by its group"),
    pytest.param(
        placed('<wp:simplePos x="-9000000" y="0"/>', simple='simplePos="1"'),
        "off the page",
        id="a simple position off the page",
    ),
    pytest.param(
        placed(across("page", "<wp14:pctPosHOffset>-200000</wp14:pctPosHOffset>")),
        "off the page",
        id="a place in percent off the page",
    ),
    pytest.param(
        placed(across("rightMargin", "<wp:posOffset>1000000</wp:posOffset>")),
        "off the page",
        id="right of the right margin",
    ),
    pytest.param(
        placed("", "<wp14:sizeRelH><wp14:pctWidth>10</wp14:pctWidth></wp14:sizeRelH>"),
        "box without size",
        id="a width of nearly no percent",
    ),
    pytest.param(
        anchor(0, 0).replace("<wps:spPr>", '<wps:cNvPr id="3" name="x" hidden="1"/><wps:spPr>'),
        "switched off",
        id="a shape that is switched off in its drawing",
    ),
    pytest.param(
        anchor(0, 0).replace("<wps:bodyPr>", '<wps:bodyPr lIns="900000" rIns="900000">'),
        "box without size",
        id="a box whose edges leave no room",
    ),
    pytest.param(anchor(0, 0, text=p(run(LONG_TEXT))), "more text than its box", id="a box that cuts its text off"),
    pytest.param(shape("width:1pt;height:1pt"), "box without size", id="a VML box without size"),
    pytest.param(shape("position:relative;left:-2000pt;width:90pt"), "off the page", id="VML moved off the page"),
    pytest.param(
        shape("left:900;width:9;height:9").replace("<v:shape", VML_GROUP).replace("</w:pict>", "</v:group></w:pict>"),
        "off the page",
        id="VML off the page by its group's units",
    ),
    pytest.param(p(properties='<w:pStyle w:val="Away"/>'), "off the page", id="a frame off the page by its style"),
    pytest.param(p(properties='<w:framePr w:w="3"/>'), "box without size", id="a frame without width"),
    pytest.param(p(properties='<w:ind w:left="-20000"/>'), "line that lies off", id="a line left of the page"),
    pytest.param(p(properties='<w:ind w:left="20000"/>'), "line that lies off", id="a line right of the page"),
    pytest.param(
        p(properties='<w:spacing w:line="1" w:lineRule="auto"/>'),
        "line without height",
        id="a line of a 240th of its height",
    ),
    pytest.param(
        p(run(properties='<w:sz w:val="80"/>'), '<w:spacing w:line="90" w:lineRule="exact"/>'),
        "line without height",
        id="a line that shows a sliver of its text",
    ),
    pytest.param(
        table(cell(p() + p() + p()), row='<w:trHeight w:val="300" w:hRule="exact"/>'),
        "more text than its row",
        id="a row that cuts two of three lines off",
    ),
    pytest.param(table(cell(p()), style="Closed"), "a hidden row", id="a row that its table's style hides"),
    pytest.param(columns(11_000, 4_000), "table that lies off", id="a column beyond the page"),
    pytest.param(columns(4_000, 4_000, indent=-20_000), "table that lies off", id="a table left of the page"),
    pytest.param(columns(4_000, 1), "column without width", id="a column without width"),
    pytest.param(p() + SECTION.format(30_000), "margins that leave no room", id="margins wider than the page"),
    pytest.param(
        versions(run("the fee doubles"), "").replace("wps", "none").replace("<w:p>", '<w:p xmlns:none="urn:x">'),
        "two versions",
        id="a text for a program that doesn't exist",
    ),
    pytest.param(
        '<x:y xmlns:x="urn:nobody">' + p() + "</x:y>",
        "no program shows",
        id="a paragraph in an element that nobody knows",
    ),
    pytest.param("<w:p>the fee doubles</w:p>", "no program shows", id="text outside of a run"),
    pytest.param(
        p("<w:r><w:delText>the fee doubles</w:delText></w:r>"),
        "no program shows",
        id="deleted text that no change is about",
    ),
    pytest.param(
        p('<w:fldSimple w:instr="PAGE">' + run("the fee doubles") + "</w:fldSimple>"),
        "place of a page number",
        id="a text as page number",
    ),
    pytest.param(
        formula("phant", '<m:show m:val="0"/>', "e"),
        "formula that is switched off",
        id="a formula's room without its text",
    ),
    pytest.param(formula("rad", '<m:degHide m:val="1"/>', "deg"), "formula that is switched off", id="a root's degree"),
    pytest.param(p(run(properties='<w:sz w:val="2pt"/>')), "smaller than 4", id="small, with a unit"),
    pytest.param(p(properties='<w:ind w:left="-20in"/>'), "line that lies off", id="off the page, in inches"),
    pytest.param(p(properties='<w:ind w:leftChars="-20000"/>'), "line that lies off", id="off the page, in characters"),
    pytest.param(p(run(properties='<w:color w:val="white"/>')), COLOUR, id="a text's colour by its name"),
    pytest.param(p(run(properties='<w:sz w:val="22"/><w:sz w:val="2"/>')), "two versions", id="two sizes"),
    pytest.param(p(run() + "").replace("</w:rPr>", "</w:rPr><w:rPr/>"), "two versions", id="two sets of properties"),
    pytest.param(table(cell(p(properties='<w:ind w:left="-30000"/>'))), "line that lies off", id="out of its cell"),
    pytest.param(anchor(0, 0, body='<a:normAutofit fontScale="1000"/>'), "squeezed", id="a box that shrinks its text"),
    pytest.param(
        shape("width:90pt;height:30pt").replace("<v:textbox>", '<v:textpath string="the fee"/><v:textbox>'),
        COLOUR,
        id="a white word as a drawing",
    ),
    pytest.param(
        p() + '<w:sectPr><w:cols><w:col w:w="20000"/><w:col w:w="1"/></w:cols></w:sectPr>',
        "margins that leave no room",
        id="columns beyond the page",
    ),
]
"""Other ways to the same ends."""
HIDDEN = [
    *FURTHER,
    pytest.param(table(cell(p()), row="<w:hidden/>"), "a hidden row", id="a row that is switched off"),
    pytest.param(p(run(properties='<w:sz w:val="7"/>')), "smaller than 4 points", id="three and a half points"),
    pytest.param(p(properties='<w:pStyle w:val="Tiny"/>'), "smaller than 4 points", id="tiny by its style"),
    pytest.param(p(run(properties='<w:w w:val="1"/>')), "squeezed", id="one percent wide"),
    pytest.param(p(run(properties=WHITE)), COLOUR, id="white on the page"),
    pytest.param(p(run(properties='<w:color w:val="FDFDFD"/>')), COLOUR, id="nearly white"),
    pytest.param(
        p(run(properties='<w:color w:val="000000" w:themeColor="background1"/>')), COLOUR, id="the theme's paper colour"
    ),
    pytest.param(
        p(run(properties='<w:color w:val="000000" w:themeColor="text1" w:themeTint="05"/>')),
        COLOUR,
        id="the theme's ink, thinned until nothing is left",
    ),
    pytest.param(p(properties='<w:pStyle w:val="Paler"/>'), COLOUR, id="white by a style's style"),
    pytest.param(p(run(properties='<w:rStyle w:val="Snow"/>')), COLOUR, id="white by a character style"),
    pytest.param(
        p(run(properties='<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>')), COLOUR, id="yellow on yellow"
    ),
    pytest.param(p(run(properties=f'<w:color w:val="FFFF00"/>{SIGN}')), COLOUR, id="in its own shading's colour"),
    pytest.param(
        table(cell(p(run(properties='<w:color w:val="FFFF01"/>')), SIGN)), COLOUR, id="in its cell's colour"
    ),
    pytest.param(
        table(cell(p(run(properties='<w:color w:val="000000"/>')), '<w:shd w:val="solid" w:color="auto"/>')),
        COLOUR,
        id="black on a black pattern",
    ),
    pytest.param(table(cell(p()), style="Ghost"), COLOUR, id="white by the table's first row"),
    pytest.param(p(f"<m:oMath><m:r><w:rPr>{WHITE}</w:rPr><m:t>x</m:t></m:r></m:oMath>"), COLOUR, id="a white formula"),
    pytest.param(
        p(f"<w:r><w:rPr>{WHITE}</w:rPr><w:sym w:font='Wingdings' w:char='F04A'/></w:r>"), COLOUR, id="a white symbol"
    ),
    pytest.param(
        p(run(properties="<w14:textFill><w14:noFill/></w14:textFill>")), "transparent", id="letters without filling"
    ),
    pytest.param(
        p(run(properties=f"<w14:textFill>{W14_WHITE}</w14:textFill>")),
        COLOUR,
        id="filled with white",
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill=SOLID), COLOUR, id="white in a white box"
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill="<a:noFill/>"), COLOUR, id="white in a box without filling"
    ),
    pytest.param(
        shape("width:90pt;height:30pt", 'fillcolor="#ffc000"', p(run(properties='<w:color w:val="FFC000"/>'))),
        COLOUR,
        id="in its VML box's colour",
    ),
    pytest.param(p(properties='<w:framePr w:x="-9000" w:hAnchor="page"/>'), "off the page", id="a frame off the page"),
    pytest.param(
        p(properties='<w:framePr w:w="2000" w:x="13000" w:y="100" w:hAnchor="page" w:vAnchor="page"/>'),
        "off the page",
        id="a frame beyond the right edge",
    ),
    pytest.param(
        p(properties='<w:framePr w:h="2" w:hRule="exact"/>'), "frame without height", id="a frame without height"
    ),
    pytest.param(anchor(9_000_000, 0), "off the page", id="a box beyond the right edge"),
    pytest.param(anchor(0, -3_000_000), "off the page", id="a box above the page"),
    pytest.param(anchor(0, 20_000_000, holder="paragraph"), "off the page", id="a box a page and more below"),
    pytest.param(anchor(0, 0, hidden=' hidden="1"'), "switched off", id="a drawing that is switched off"),
    pytest.param(anchor(0, 0, size=(100, 100)), "box without size", id="a box without size"),
    pytest.param(shape("position:absolute;margin-left:-999pt;width:90pt"), "off the page", id="VML off the page"),
    pytest.param(shape("visibility:hidden"), "switched off", id="VML that is switched off"),
    pytest.param(
        p(properties='<w:spacing w:line="1" w:lineRule="exact"/>'), "line without height", id="a line without height"
    ),
    pytest.param(p(properties='<w:pStyle w:val="Flat"/>'), "line without height", id="a low line by its style"),
    pytest.param(
        table(cell(p()), row='<w:trHeight w:val="10" w:hRule="exact"/>'),
        "row without height",
        id="a row without height",
    ),
    pytest.param(
        table(cell(p(), "<w:vMerge/>")), "a merged one covers", id="text in a cell that another one covers"
    ),
    pytest.param(
        versions(run("net 30 days"), run("net 90 days")), "two versions", id="two texts for two programs"
    ),
    pytest.param(versions("<w:r/>", run("only some see this")), "two versions", id="a text for one program alone"),
    pytest.param(field("PAGE", run()), "behind a field", id="text among a field's instructions"),
    pytest.param(p(run(properties="<w:vanish/>")), "hidden text", id="Word's own hidden text"),
    pytest.param(p(run(properties="<w:specVanish/>")), "hidden text", id="a style separator on text"),
    pytest.param(p(run(properties="<w:webHidden/>")), "browser's view", id="hidden in a browser's view"),
    pytest.param(p(run(properties='<w:rStyle w:val="Web"/>')), "style that hides", id="hidden so by its style"),
    pytest.param(
        p(run(properties='<w:vanish/><other:vanish w:val="0"/>')), "hidden text", id="hidden, another namespace says no"
    ),
    pytest.param(
        p(run(properties=f'{WHITE}<other:color w:val="000000"/>')), "colour of what", id="white, another says black"
    ),
    pytest.param(
        p(run(properties='<w:rFonts w:hint="default"/>'), '<w:pStyle w:val="Signs"/>'), "font of pictures",
        id="a style's pictures, where the run names a font for other scripts alone",
    ),
    pytest.param(
        p(run(properties='<w:sz/>'), '<w:pStyle w:val="Tiny"/>'), "smaller than 4", id="a style's size beside none"
    ),
    pytest.param(
        p('<w:r><w:rPr/><w:t>the fee doubles</w:t><w:rPr><w:vanish/></w:rPr></w:r>'), "two versions",
        id="properties after the text",
    ),
    pytest.param(
        p(run(properties='<w:webHidden/><w:webHidden w:val="0"/>')), "two versions", id="hidden on the web or not"
    ),
    pytest.param(
        p(run(properties="<mc:AlternateContent><mc:Choice><w:vanish/></mc:Choice></mc:AlternateContent>")),
        "two versions", id="properties for some programs",
    ),
    pytest.param(
        p(run(properties='<w:rStyle w:val="Shown"/>'), '<w:pStyle w:val="Gone"/>'),
        "style that hides",
        id="hidden by a paragraph's style, which a character's can't undo",
    ),
    pytest.param(
        p(anchor(0, 0).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)[5:-6]), "hidden text", id="a hidden box"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "how"), HIDDEN)
def test_what_nobody_sees_is_found(body, how):
    assert any(how in way for way in ways(body)), ways(body)


SEEN = [
    pytest.param(over(wrap="<wp:wrapSquare/>"), id="a box that text flows around"),
    pytest.param(over(behind="1"), id="a box behind its text"),
    pytest.param(over(fill="<a:noFill/>"), id="a frame around its text"),
    pytest.param(over(fill=THROUGH), id="a box that text shines through"),
    pytest.param(over(size=(600_000, 500_000)), id="a box over a line's first letters"),
    pytest.param(over("", size=(6_000_000, 200_000)) + p(), id="a box over an empty line"),
    pytest.param(upright(4000), id="lines upwards in a high row"),
    pytest.param(p(run("\u2067שלום 100 - 200\u2069")), id="figures in Hebrew"),
    pytest.param(p(properties='<w:pStyle w:val="Nowhere"/>'), id="a style that there isn't"),
    pytest.param(
        f'<w:p/><w:sectPr><mc:AlternateContent><mc:Choice Requires="w14">{SHOWN}</mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent></w:sectPr>', id="a number's form, for Word"
    ),
    pytest.param(p(), id="plain text"),
    pytest.param(p(properties='<w15:collapsed w:val="0"/>'), id="a heading that is open"),
    pytest.param(p(run("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f")), id="a flag"),
    pytest.param(columns(2_000, 7_000, indent=-108), id="a table as Word sets it"),
    pytest.param(p(properties='<w:ind w:left="-1000" w:right="-1000"/>'), id="a line in the margins"),
    pytest.param(p(properties='<w:spacing w:line="200" w:lineRule="auto"/>'), id="closely set lines"),
    pytest.param(table(cell(p() + p()), row='<w:trHeight w:val="500" w:hRule="exact"/>'), id="a row that holds it"),
    pytest.param(
        grouped(0, 0, fill="<a:noFill/>", text=p(run(properties=WHITE)), beside="<wps:wsp/>"),
        id="white beside another shape"
    ),
    pytest.param(p(run("", '<w:sz w:val="2"/>')), id="an empty run of one point, as people space with"),
    pytest.param(p(run(" ", WHITE)), id="a white space"),
    pytest.param(
        p(run(properties='<w:vanish w:val="0"/>'), '<w:pStyle w:val="Gone"/>'), id="shown though its style hides it"
    ),
    pytest.param(p(run(properties='<w:sz w:val="8"/>')), id="four points"),
    pytest.param(p(run(properties='<w:color w:val="D9D9D9"/>')), id="the palest grey of Office's palette"),
    pytest.param(p(run(properties='<w:color w:val="auto"/>')), id="the automatic colour"),
    pytest.param(p(run(properties=WHITE), '<w:pStyle w:val="Banner"/>'), id="white on a dark paragraph"),
    pytest.param(
        table(cell(p(run(properties=WHITE)), '<w:shd w:val="clear" w:fill="203040"/>')), id="white in a dark cell"
    ),
    pytest.param(
        table(cell(p(run(properties=WHITE)), '<w:shd w:val="solid" w:color="auto" w:fill="auto"/>')),
        id="white on a black pattern",
    ),
    pytest.param(table(cell(p()), cell(p()), style="Grid"), id="a white heading on a coloured row"),
    pytest.param(
        table(cell(table(cell(p(run(properties=WHITE)))), '<w:shd w:val="clear" w:fill="000000"/>')),
        id="a table in a dark cell",
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill=SOLID.replace("FFFFFF", "336699")), id="white in a blue box"
    ),
    pytest.param(
        anchor(0, 0, text=p(run(properties=WHITE)), fill=gradient("FFFFFF", "336699")),
        id="white in a box from white to blue"
    ),
    pytest.param(
        shape("width:90pt;height:30pt", 'fillcolor="#369"', p(run(properties=WHITE))), id="white in a blue VML box"
    ),
    pytest.param(anchor(-200_000, -100_000, holder="margin"), id="a box in the margin"),
    pytest.param(anchor(0, 0, size=(2_500_000, 635), body="<a:spAutoFit/>"), id="a box that grows with its text"),
    pytest.param(
        p(
            '<w:r><w:pict><v:group style="position:absolute;width:90pt;height:90pt" '
            'coordsize="216000,216000"><v:shape style="position:absolute;'
            'left:99999;top:99999;width:10;height:10"/></v:group></w:pict></w:r>'
        ),
        id="places in a group's own units",
    ),
    pytest.param(
        shape("position:absolute;margin-left:11313pt;mso-position-horizontal:right"), id="VML that is aligned"
    ),
    pytest.param(p(properties='<w:framePr w:w="4000" w:x="1200" w:y="2700" w:hAnchor="page"/>'), id="an address block"),
    pytest.param(p(run(""), '<w:spacing w:line="20" w:lineRule="exact"/>'), id="a low line without text"),
    pytest.param(table(cell(p(run("")), "<w:vMerge/>")), id="a covered cell without text"),
    pytest.param(table(cell(p(), '<w:vMerge w:val="restart"/>')), id="the cell that covers others"),
    pytest.param(versions(run("same"), run("same")), id="one text in two forms"),
    pytest.param(versions(run("new"), ""), id="a form that old programs leave out"),
    pytest.param(
        versions('<w16se:symEx w16se:char="1F4D6"/>', "<w:t>\N{OPEN BOOK}</w:t>"), id="an emoji as Word writes it"
    ),
    pytest.param(field("PAGE"), id="a page number"),
    pytest.param(p(run("xii", "<w:webHidden/>")), id="a page number of a table of contents"),
    pytest.param(p(properties="<w:rPr><w:vanish/><w:specVanish/></w:rPr>"), id="a style separator's mark"),
]  # fmt: skip


@pytest.mark.parametrize("body", SEEN)
def test_what_people_see_is_left_alone(body):
    assert ways(body) == []


def test_the_documents_own_theme_says_what_its_colours_are():
    theme = etree.fromstring(
        f"<a:theme {DECLARED}><a:themeElements><a:clrScheme name='x'><a:dk1><a:srgbClr val='FFFFFF'/></a:dk1>"
        "</a:clrScheme></a:themeElements></a:theme>"
    )
    body = p(run(properties='<w:color w:val="000000" w:themeColor="text1"/>'))
    assert ways(body) == []
    assert COLOUR in ways(body, theme=theme)[0]


def test_a_pages_colour_is_on_the_screen_alone_so_that_both_are_judged():
    dark = '<w:background w:color="000000"/>'
    for colour, seen in {"FFFFFF": False, "000000": False, "CC3333": True, "auto": True}.items():
        assert (ways(p(run(properties=f'<w:color w:val="{colour}"/>')), dark) == []) is seen


@given(rgb=st.tuples(*[st.integers(0, 255)] * 3))
def test_no_colour_is_seen_on_itself_and_every_one_on_black_or_white(rgb):
    text = f'<w:color w:val="{bytes(rgb).hex()}"/>'

    def on(fill):
        return ways(p(run(properties=f'{text}<w:shd w:val="clear" w:fill="{fill}"/>')))

    assert on(bytes(rgb).hex())
    assert not on("000000") or not on("FFFFFF")


@pytest.mark.parametrize(
    ("code", "safe"),
    [
        (r'HYPERLINK \l "_Toc12"', True),
        (r"HYPERLINK \l _Toc12 \h", True),
        (r'HYPERLINK \l "_Toc12" \* MERGEFORMAT', True),
        (r'HYPERLINK \l "a" "https://evil.example"', False),
        (r'HYPERLINK \l "a" \o "a tip that nobody reads"', False),
        (r'HYPERLINK "https://example.org/a" \l "bib9" \o "" ', True),
        (r'HYPERLINK \l "a" \t "_blank" https://evil.example', False),
        (r'hyperlink   \l "a"', True),
        (r"PAGE \* MERGEFORMAT", True),
        (r"PAGE the fee doubles", False),
        (r'PAGE \# "the fee doubles"', False),
        (r"SEQ Figure \* ARABIC", True),
        (r'TOC \o "1-3" \h \z \u', True),
        (r'STYLEREF "Heading 1"', True),
        (r'REF a "the fee doubles"', False),
    ],
)
def test_a_link_inside_the_document_leads_nowhere_else(code, safe):
    assert is_safe_field(code) is safe
