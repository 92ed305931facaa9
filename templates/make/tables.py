"""Tables: rows that repeat or depend on something, cells that join, a note under a row; and columns of blocks.

Role: the layout of what stands side by side. A row is never split over two pages, a header row repeats on each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.oxml.ns import qn
from markdown_it.tree import SyntaxTreeNode

import house
from runs import Element, el
from writer import Writer

PARAGRAPH, NOTE = "¶", "^"
"""Between two paragraphs of a cell; before a note that belongs to the row above it."""


def properties(
    writer: Writer, style: str, widths: Sequence[float], *, head: bool, description: str = ""
) -> list[Element]:
    """What a table begins with; `widths` in mm, the description is its alternative text."""
    writer.style({}, style, kind="table")
    look = {"firstRow": int(head), "lastRow": 0, "firstColumn": 0, "lastColumn": 0, "noHBand": 0, "noVBand": 1}
    found = el(
        "tblPr",
        el("tblStyle", val=style),
        el("tblW", w=sum(map(house.twips, widths)), type="dxa"),
        el("tblLayout", type="fixed"),
        el("tblLook", val="0420" if head else "0400", **look),
    )
    if description:
        found.append(el("tblDescription", val=writer.spaced(description)))
    return [found, el("tblGrid", *(el("gridCol", w=house.twips(width)) for width in widths))]


def cell(width: float, content: Sequence[Element], *, span: int = 1, open_side: str = "") -> Element:
    """A cell of `width` mm; on its open side (`top`, `bottom`) the table style's rule is left out."""
    own = el("tcPr", el("tcW", w=house.twips(width), type="dxa"))
    if span > 1:
        own.append(el("gridSpan", val=span))
    if open_side:
        own.append(el("tcBorders", el(open_side, val="nil")))
    return el("tc", own, *content)


def row(*cells: Element, head: bool = False) -> Element:
    """A row that is never split over two pages; a header row repeats on each."""
    own = el("trPr", el("cantSplit"))
    if head:
        own.append(el("tblHeader"))
    return el("tr", own, *cells)


def statement_row(writer: Writer, said: str, widths: Sequence[float]) -> Element:
    """A row that holds only a statement and leaves no trace."""
    return el("tr", cell(sum(widths), [writer.statement(said, "tr")], span=len(widths)))


@dataclass(frozen=True)
class _Row:
    line: int
    texts: list[str]
    """The cells' texts; an empty one joins the one to its left."""


def table(writer: Writer, node: SyntaxTreeNode) -> list[Element]:
    """A Markdown table: `{widths="40 60 60" description="…" columns="Style . ."}` on the line above it."""
    options = {name: str(value) for name, value in node.attrs.items()}
    style = writer.style(options, "HandoverTable", ("widths", "description", "columns"), "table")
    if "widths" not in options:
        writer.fail('a table has {widths="…"}, its columns in mm, on the line above it')
    rows = [
        _Row((tr.map or (0,))[0] + 1, [c.children[0].content for c in tr.children])
        for part in node.children
        for tr in part.children
    ]
    head, columns = rows[0], [c.attrs.get("style", "") for c in node.children[0].children[0].children]
    widths = writer.measures(options["widths"], len(columns))
    styles = _column_styles(writer, options.get("columns", ""), [str(align).endswith("right") for align in columns])
    made = properties(writer, style, widths, head=any(head.texts), description=options.get("description", ""))
    if any(head.texts):
        heads = [_head_style(writer, name) for name in styles]
        made.append(row(*_cells(writer, head, widths, heads), head=True))
    with writer.whole():
        for given, following in zip(rows[1:], [*rows[2:], None], strict=True):
            if not given.texts[0].startswith(NOTE):
                note = following if following and following.texts[0].startswith(NOTE) else None
                made += _rows(writer, given, note, widths, styles)
    return [el("tbl", *made)]


def _column_styles(writer: Writer, named: str, numbers: Sequence[bool]) -> list[str]:
    """Each column's style: numbers to the right, unless one is named."""
    names = named.split() or ["."] * len(numbers)
    if len(names) != len(numbers):
        writer.fail(f'columns="{named}" names {len(names)} styles for {len(numbers)} columns')
    usual = ["HandoverTableNumber" if number else "HandoverTableText" for number in numbers]
    return [writer.style({}, default if name == "." else name) for name, default in zip(names, usual, strict=True)]


def _head_style(writer: Writer, name: str) -> str:
    style = house.STYLES[name]
    aligned = style.align or house.STYLES[str(style.based_on)].align
    return writer.style({}, style.head or f"HandoverTableHead{'Number' if aligned == 'right' else ''}")


def _rows(
    writer: Writer, given: _Row, note: _Row | None, widths: Sequence[float], styles: Sequence[str]
) -> list[Element]:
    """A row, with its note: together on a page, and no rule between them."""
    writer.line = given.line
    if said := writer.source.statement(given.texts[0]):
        if any(given.texts[1:]):
            writer.fail("a tag that takes its row along stands alone in it")
        return [statement_row(writer, said, widths)]
    if note is None:
        return [row(*_cells(writer, given, widths, styles))]
    held = ["HandoverTableHeld", *styles[1:]]
    attributes, text = writer.source.attributes(note.texts[0].removeprefix(NOTE).strip(), note.line)
    condition, text = writer.hoisted(text)
    depth = [statement_row(writer, f"if {condition}", widths)] if condition else []
    above = row(*_cells(writer, given, widths, held, open_side="bottom"))
    writer.line = note.line
    said_below = writer.paragraph(text, writer.style(attributes, "HandoverTableText"))
    below = row(cell(sum(widths), said_below, span=len(widths), open_side="top"))
    if not condition:
        return [above, below]
    otherwise = statement_row(writer, "else", widths)
    alone = row(*_cells(writer, given, widths, styles))
    return [*depth, above, below, otherwise, alone, statement_row(writer, "endif", widths)]


def _cells(
    writer: Writer, given: _Row, widths: Sequence[float], styles: Sequence[str], *, open_side: str = ""
) -> list[Element]:
    made, at = [], 0
    while at < len(widths):
        end = at + 1
        while end < len(widths) and not given.texts[end]:
            end += 1
        pieces = [piece.strip() for piece in given.texts[at].split(PARAGRAPH)]
        content = [element for piece in pieces for element in _piece(writer, piece, styles[at])]
        made.append(cell(sum(widths[at:end]), content, span=end - at, open_side=open_side))
        at = end
    return made


def _piece(writer: Writer, text: str, default: str) -> list[Element]:
    """One paragraph of a cell, in a style of its own where it begins with one."""
    attributes, inner = writer.source.attributes(text, writer.line)
    return writer.paragraph(inner, writer.style(attributes, default))


def side(writer: Writer, nodes: Sequence[SyntaxTreeNode]) -> list[Element]:
    """Blocks for a cell, which Word wants to end with a paragraph. Raises SourceError for a table among them."""
    made = writer.body(nodes)
    if any(element.tag == qn("w:tbl") for element in made):
        writer.fail("a table can't stand in a column")
    return made


def columns(
    writer: Writer,
    node: SyntaxTreeNode,
    *,
    widths: str,
    description: str = "",
    each: str = "",
    across: str = "",
    style: str = "HandoverPlainTable",
) -> list[Element]:
    """Blocks side by side, `***` between two columns; `each="x in list"` repeats the row, `across="x in list"` its one
    column, as often as there are widths."""
    measured = writer.measures(widths)
    parts: list[list[SyntaxTreeNode]] = [[]]
    for child in node.children:
        if child.type == "hr":
            parts.append([])
        else:
            parts[-1].append(child)
    if len(parts) != (1 if across else len(measured)) or not all(parts):
        writer.fail(f"{len(measured)} widths ask for {len(measured)} columns, with *** between them")
    made = properties(writer, style, measured, head=False, description=description)
    if across:
        first = measured[0]
        begin, end = (cell(first, [writer.statement(said, "tc")]) for said in (f"for {across}", "endfor"))
        made.append(row(begin, cell(first, side(writer, parts[0])), end))
        return [el("tbl", *made)]
    if each:
        made.append(statement_row(writer, f"for {each}", measured))
    made.append(row(*(cell(width, side(writer, part)) for width, part in zip(measured, parts, strict=True))))
    if each:
        made.append(statement_row(writer, "endfor", measured))
    return [el("tbl", *made)]
