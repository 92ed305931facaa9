"""The list of variables that `handover templates show` writes as a Word file: in English, like the program.

Its tags are those of the list itself; the tags that it lists are values, as is the sentence that explains them, and
come out as they are.
"""

from ooxml import TAB, Writer, mm
from styles import Style, document

_WIDTHS = (mm(66), mm(24), mm(38), mm(32))
_HEADS = ("Type or copy", "Kind", "Meaning", "Example")
STYLES = (
    Style("HandoverTag", "Handover Tag", "Handover Balise", based_on="HandoverTableText", face="Consolas", size=8.5),
)


def _printed(name: str) -> str:
    """A column of a row; the ends of lists and groups have no meaning and no example."""
    tag = f"{{{{ row.{name} }}}}"
    return f"{{% if row.{name} %}}{tag}{{% endif %}}" if name in {"meaning", "example"} else tag


def build() -> bytes:
    """`templates/pages/variables.docx`."""
    w = Writer("en")
    head = w.row(
        *(w.cell(x, w.p("HandoverTableHead", text)) for x, text in zip(_WIDTHS, _HEADS, strict=True)), header=True
    )
    kinds = ("HandoverTag", "HandoverTableText", "HandoverTableText", "HandoverTableText")
    cells = ("tag", "kind", "meaning", "example")
    line = w.row(
        *(w.cell(x, w.p(kind, _printed(name))) for x, kind, name in zip(_WIDTHS, kinds, cells, strict=True))
    )
    table = w.table(
        "HandoverTable", _WIDTHS, head, w.row_tag("for row in group.rows", 4, sum(_WIDTHS)), line,
        w.row_tag("endfor", 4, sum(_WIDTHS)), description="Variables: what to type, kind, meaning and example",
    )  # fmt: skip
    body = (
        w.p("Title", "{{ title }}")
        + w.p("Subtitle", "What its Word template may use")
        + w.p("Normal", "{{ intro }}")
        + w.each("group", "groups", w.p("Heading1", "{{ group.name }}"), table)
    )
    footer = w.p("Footer", "{{ title }} · variables", TAB, "Page ", w.field("PAGE"), " of ", w.field("NUMPAGES"))
    return document("en", body, styles=STYLES, footer=footer, margins=(22, 25, 22, 25))
