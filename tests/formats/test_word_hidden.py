"""What nobody sees in a Word document is found, whatever hides it; what people see is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from handover.formats.word.hidden import hidden_text
from handover.formats.word.styles import Styles
from handover.formats.word.unwanted import is_safe_field

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
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
<w:style w:type="paragraph" w:styleId="Tiny"><w:rPr><w:sz w:val="3"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Flat"><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Banner"><w:pPr><w:shd w:val="clear" w:fill="203040"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="Snow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Web"><w:rPr><w:webHidden/></w:rPr></w:style>
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
HIDDEN = [
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
]  # fmt: skip


@pytest.mark.parametrize(("body", "how"), HIDDEN)
def test_what_nobody_sees_is_found(body, how):
    assert any(how in way for way in ways(body)), ways(body)


SEEN = [
    pytest.param(p(), id="plain text"),
    pytest.param(p(run("", '<w:sz w:val="2"/>')), id="an empty run of one point, as people space with"),
    pytest.param(p(run(" ", WHITE)), id="a white space"),
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
        anchor(0, 0, text=p(run(properties=WHITE)), fill="<a:gradFill/>"), id="white in a box of many colours"
    ),
    pytest.param(
        shape("width:90pt;height:30pt", 'fillcolor="#369"', p(run(properties=WHITE))), id="white in a blue VML box"
    ),
    pytest.param(anchor(-200_000, -100_000, holder="margin"), id="a box in the margin"),
    pytest.param(anchor(0, 0, size=(2_500_000, 635), body="<a:spAutoFit/>"), id="a box that grows with its text"),
    pytest.param(
        p(
            '<w:r><w:pict><v:group style="position:absolute;width:90pt"><v:shape style="position:absolute;'
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


def test_white_is_seen_on_a_dark_page_and_black_isnt():
    dark = '<w:background w:color="000000"/>'
    assert ways(p(run(properties=WHITE)), dark) == []
    assert COLOUR in ways(p(run(properties='<w:color w:val="000000"/>')), dark)[0]


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
    ],
)
def test_a_link_inside_the_document_leads_nowhere_else(code, safe):
    assert is_safe_field(code) is safe
