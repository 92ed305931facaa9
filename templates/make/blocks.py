"""The layout blocks that a text file calls by name: `::: letterhead {phone="Tél. "}` … `:::`.

Role: what every letter, report or form lays out alike, once. A block's options are the arguments of its function;
`templates/README.md` says what each prints. The tags in them are those of the views that share these names.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from string import Template

from docx.oxml.ns import qn
from markdown_it.tree import SyntaxTreeNode

import house
import tables
from handover.formats.word.ooxml import detach
from runs import TAB, Element, el, near
from writer import Block, Heading, Writer

STORIES = ("header", "footer", "first-page-header", "first-page-footer")
_SENDER_NAME = Template("""
{% if logo %}
{.HandoverLetterLogo}
![$alt](logo){width="$width" height="$height"}
{% else %}
{.HandoverSenderName}
{{ sender.name }}
{% endif %}
""")
"""A logo says the name, as the signature does: it isn't repeated below it."""

_SENDER_DETAILS = Template("""
{% for line in sender.address %}
{.$style}
{{ line }}
{% endfor %}
{.$style}
{% if sender.phone %}$phone{{ sender.phone }}{% endif %}

{.$style}
[{{ sender.email }}](mailto:{{sender.email}})

{.$style}
{% if sender.website %}{{ sender.website }}{% endif %}
""")

_RECIPIENT = Template("""
{.$style}
{{ recipient.company }}

{.HandoverRecipient}
{% if recipient.name %}$attention{{ recipient.name }}{% endif %}

{.HandoverRecipient}
{% if recipient.role %}{{ recipient.role }}{% endif %}

{% for line in recipient.address %}
{.HandoverRecipient}
{{ line }}
{% endfor %}
""")

_SIGNATURES = Template("""
{% for signer in owners %}
{% if signature_image %}
{.Signature}
![$alt](signature){width="$width" height="$height"}

{.Signature}
**{{ signer.name }}**
{% else %}
{.HandoverSignatureSpace}
**{{ signer.name }}**
{% endif %}
{% if loop.last %}
{.HandoverSignatureTitle}
{{ signer.title }}{% if signer.company %}, {{ signer.company }}{% endif %}
{% else %}
{.HandoverSignatureTitleHeld}
{{ signer.title }}{% if signer.company %}, {{ signer.company }}{% endif %}
{% endif %}
{% endfor %}
""")
"""A place each, as wide and high as the others: what it shows, its owner's own key puts there when it signs."""

_LOGO = Template("""
{.$style}
![$alt](logo){width="$width" height="$height"}
""")


_COVER_LOGO = Template("""
{.$style}
![$alt]($name){width="$width" height="$height"}
""")

_COVER_SENDER = """
{.HandoverCoverSender}
{% if not logo %}{{ agency }}{% endif %}
"""


def letterhead(
    writer: Writer, node: SyntaxTreeNode, *, alt: str, logo: str = "46 15", widths: str = "95 65", phone: str = ""
) -> list[Element]:
    """The sender: logo or name, address, ways to answer. What the block holds stands at the right of it all."""
    left, right = writer.measures(widths, 2)
    name = writer.text(_SENDER_NAME.substitute(_sized(writer, logo), alt=alt))
    style = "HandoverSender" if node.children else "HandoverSenderDetails"
    details = writer.text(_SENDER_DETAILS.substitute(style=style, phone=phone))
    sides = ([*name, *details], tables.side(writer, node.children)) if node.children else (name, details)
    begin = tables.properties(writer, "HandoverPlainTable", (left, right), head=False, description="")
    return [el("tbl", *begin, tables.row(tables.cell(left, sides[0]), tables.cell(right, sides[1])))]


def address(
    writer: Writer, _node: SyntaxTreeNode, *, attention: str = "", style: str = "HandoverRecipientName"
) -> list[Element]:
    """The recipient's address, where an envelope's window shows it; its first line is in `style`."""
    return writer.text(_RECIPIENT.substitute(attention=attention, style=style))


def sign_off(writer: Writer, node: SyntaxTreeNode, *, alt: str, picture: str = "48 18") -> list[Element]:
    """The closing formula that the block holds, then each owner's place, name and title: kept together."""
    with writer.styles(paragraph="Closing"):
        closing = writer.body(node.children)
    return [*closing, *writer.text(_SIGNATURES.substitute(_sized(writer, picture), alt=alt))]


def masthead(writer: Writer, node: SyntaxTreeNode, *, alt: str, logo: str = "40 13") -> list[Element]:
    """The top of a document without title page: logo, title (`#`), and a line below it."""
    picture = writer.text(_LOGO.substitute(_sized(writer, logo), alt=alt, style="HandoverLogo"))
    with writer.styles(heading1="Title", paragraph="Subtitle"):
        return [*picture, *_unlisted(writer, node.children)]


def cover(writer: Writer, node: SyntaxTreeNode, *, alt: str, client: str, logo: str = "76 34") -> list[Element]:
    """A title page: both logos, title (`#`) and whom it is for on a band of colour, then what stands after `***`."""
    writer.docx.sections[0].different_first_page_header_footer = True
    rule = next((at for at, child in enumerate(node.children) if child.type == "hr"), len(node.children))
    size, half = _sized(writer, logo), house.TEXT_WIDTH / 2
    logos = [
        tables.cell(
            half, [*writer.text(_COVER_LOGO.substitute(size, alt=said, name=name, style=style) + own), _end(style)]
        )
        for said, name, style, own in (
            (alt, "logo", "HandoverCoverLogo", _COVER_SENDER),
            (client, "client-logo", "HandoverCoverClientLogo", ""),
        )
    ]
    with writer.styles(heading1="HandoverCoverTitle", paragraph="HandoverCoverClient"):
        title = _unlisted(writer, node.children[:rule])
    return [
        el("tbl", *tables.properties(writer, "HandoverPlainTable", (half, half), head=False), tables.row(*logos)),
        *writer.paragraph("&nbsp;", writer.style({}, "HandoverCoverSpace")),
        _band(writer, title),
        *_unlisted(writer, node.children[rule + 1 :]),
    ]


def _end(style: str) -> Element:
    """An empty paragraph: a cell has one, whatever is left out of it."""
    blank = el("p")
    blank.style = style
    return blank


_BLEED = 30.0
"""Millimetres that a band reaches beyond the text: over the edge of any paper."""

_BAND = 120.0
"""Its height in millimetres."""


def _band(writer: Writer, title: list[Element]) -> Element:
    """A band of colour over the whole width of the page; the title stands low in it, however long it is."""
    width = house.TEXT_WIDTH + 2 * _BLEED
    begin = tables.properties(writer, "HandoverCoverBand", [width], head=False)
    begin[0].insert(2, el("tblInd", w=-house.twips(_BLEED), type="dxa"))
    cell = tables.cell(width, title)
    cell[0].append(el("vAlign", val="bottom"))
    row = tables.row(cell)
    row[0].append(el("trHeight", val=house.twips(_BAND), hRule="exact"))
    return el("tbl", *begin, row)


def _unlisted(writer: Writer, nodes: Sequence[SyntaxTreeNode]) -> list[Element]:
    """What a block holds; its title isn't a heading of the list of contents."""
    before, writer.contents = writer.contents, False
    made = writer.body(nodes)
    writer.contents = before
    return made


def _sized(writer: Writer, size: str) -> dict[str, float]:
    width, height = writer.measures(size, 2)
    return {"width": width, "height": height}


def fields(writer: Writer, node: SyntaxTreeNode, *, style: str = "") -> list[Element]:
    """A line each: a label, ⇥, and what it says. All but the last that is there keep with the next on a page."""
    chosen = writer.style({}, style or writer.defaults["fields"])
    lines = [line for child in node.children for line in _lines(writer, child)]
    said = [writer.hoisted(line.strip()) for line in lines]
    made: list[Element] = []
    for at, (condition, text) in enumerate(said):
        label, tab, rest = text.partition(TAB)
        if not tab:
            writer.fail(f"a field is a label, {TAB}, and what it says")
        content = f"[{label.strip()}]{{.HandoverLabel}} {TAB} {rest.strip()}"
        later = [asked for asked, _ in said[at + 1 :]]
        one = _field(writer, content, chosen, later)
        made += writer.choose(condition, one) if condition else one()
    return made


def _field(writer: Writer, content: str, style: str, later: list[str]) -> Callable[[], list[Element]]:
    def held() -> list[Element]:
        return writer.paragraph(content, style)

    def last() -> list[Element]:
        return writer.paragraph(content, writer.style({}, house.STYLES[style].last or style))

    if not later:
        return last
    return held if not all(later) else lambda: writer.choose(" or ".join(later), held, last)


def _lines(writer: Writer, node: SyntaxTreeNode) -> list[str]:
    if node.type != "paragraph":
        writer.fail("this block holds lines of text, nothing else")
    return node.children[0].content.splitlines()


def call_out(writer: Writer, node: SyntaxTreeNode) -> list[Element]:
    """A few lines that must be seen, beside a thick rule."""
    with writer.styles(paragraph="HandoverCallOut"):
        return writer.body(node.children)


def contents(writer: Writer, _node: SyntaxTreeNode, *, levels: str = "2") -> list[Element]:
    """The headings of the first levels that follow, with their pages; those in a loop aren't listed."""
    place, before = el("p"), len(writer.headings)
    style = writer.style({}, "HandoverContents")

    def fill() -> None:
        for heading in (heading for heading in writer.headings[before:] if heading.level <= int(levels)):
            for element in _entry(writer, heading, style):
                place.addprevious(element)
        detach(place)

    writer.at_end.append(fill)
    return [place]


def _entry(writer: Writer, heading: Heading, style: str) -> list[Element]:
    """A heading's line in the list of contents: there under the same conditions, leading to it."""

    def line() -> list[Element]:
        (paragraph,) = writer.paragraph(heading.content, style)
        runs = [child for child in paragraph if child.tag != qn("w:pPr")]
        # Until a program counts its pages, none is named.
        page = el("fldSimple", *writer.runs("–"), instr=f" PAGEREF {heading.bookmark} \\h ", dirty="true")
        paragraph.append(el("hyperlink", *runs, *writer.runs(TAB), page, anchor=heading.bookmark))
        return [paragraph]

    return writer.choose(heading.condition, line) if heading.condition else line()


def _story(kind: str) -> Block:
    """What stands at the head or foot of pages: of every page, or of the first."""

    def write(writer: Writer, node: SyntaxTreeNode, *, pages: str = "one") -> list[Element]:
        section = writer.docx.sections[0]
        lines = [line for child in node.children for line in _lines(writer, child)] if kind == "footer" else []
        alone = pages == "one" and not section.different_first_page_header_footer
        if alone and any(TAB in line for line in lines):
            # A page alone needs no number.
            lefts = [line.partition(TAB)[0].strip() for line in lines]
            _tell(writer, "first_page_footer", lambda style: [e for one in lefts for e in writer.paragraph(one, style)])
        return _tell(writer, kind, lambda _style: writer.body(node.children))

    return write


def _tell(writer: Writer, kind: str, content: Callable[[str], list[Element]]) -> list[Element]:
    section = writer.docx.sections[0]
    if kind.startswith("first_page"):
        section.different_first_page_header_footer = True
    story, style = getattr(section, kind), kind.rpartition("_")[2].capitalize()
    story.is_linked_to_previous = False
    root, writer.part = story._element, story.part  # noqa: SLF001 — python-docx gives no other way to its XML
    with writer.styles(paragraph=style):
        made = content(style)
    writer.part = writer.docx.part
    for element in list(root):
        root.remove(element)
    blank = el("p")
    blank.style = style
    if made and made[0].text.startswith("{%p if "):
        # Whatever is left out, a header or footer holds a paragraph.
        otherwise = el("p")
        otherwise.add_r().text = "{%p else %}"
        made[-1:-1] = [otherwise, blank]
    root.extend(made or [blank])
    return []


def _block(function: Callable[..., list[Element]]) -> Block:
    """A block whose options are checked against the function's arguments; `{.Style}` is the argument `style`."""
    parameters = {
        "class" if name == "style" else name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }

    def write(writer: Writer, node: SyntaxTreeNode) -> list[Element]:
        name, brace, rest = node.info.partition("{")
        options = {**node.attrs, **writer.source.attributes(brace + rest.strip(), writer.line)[0]}
        for option in options:
            if option not in parameters:
                writer.fail(f"the block {name.strip()!r} has no option {option!r}{near(option, parameters)}")
        for option, parameter in parameters.items():
            if parameter.default is parameter.empty and option not in options:
                writer.fail(f'the block {name.strip()!r} needs {option}="…"')
        given = {"style" if option == "class" else option: str(value) for option, value in options.items()}
        return function(writer, node, **given)

    return write


BLOCKS: Mapping[str, Block] = {
    "table": tables.table,
    "columns": _block(tables.columns),
    "letterhead": _block(letterhead),
    "address": _block(address),
    "sign-off": _block(sign_off),
    "masthead": _block(masthead),
    "cover": _block(cover),
    "contents": _block(contents),
    "call-out": _block(call_out),
    "fields": _block(fields),
    **{kind: _block(_story(kind.replace("-", "_"))) for kind in STORIES},
}
"""Every block by name; a Markdown table is one too."""
