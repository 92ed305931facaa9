"""Templates made to reach what isn't theirs, or to cost without end: one attack each. Not a test itself."""

# ruff: noqa: E501 — a table of cases, a line each as far as it goes, and XML that no line break improves

from collections.abc import Callable

from handover.templating.stories import DEEPEST
from template_making import Maker, cell, field_runs, p, picture, row, run, table, text_box

CLASS = "{{ contract.__class__ }}"
MARK = '<w:r><w:footnoteReference w:id="1"/></w:r>'
EACH = "{% for x in highlights %}"


def linked(target: str) -> Maker:
    return Maker(p(f'<w:hyperlink r:id="rIdOut0">{run("x")}</w:hyperlink>')).external("hyperlink", target)


def story(kind: str, xml: str, page: str = "default") -> Maker:
    return Maker(p("x")).story(kind, xml, page)


def note(kind: str, xml: str) -> Maker:
    return story(f"{kind}s", f'<w:{kind} w:id="1">{xml}</w:{kind}>')


def nested(level: str, depth: int) -> str:
    return "".join(p(f"{{%{level} if reason %}}") for _ in range(depth)) + p("x") + p(f"{{%{level} endif %}}") * depth


def copies(choice: str, fallback: str) -> str:
    """A text box whose copy for older programs holds something else."""
    made = text_box(choice)
    before, _, after = made.rpartition(choice)
    return p(before + fallback + after)


NAMES = (
    "{{ __class__ }}", "{{ __builtins__ }}", "{{ self }}", "{{ view }}", "{{ contract.__dict__ }}", "{{ contract.__slots__ }}",
    "{{ contract.__dataclass_fields__ }}", "{{ contract.__init__.__globals__ }}", "{{ contract.__doc__ }}", "{{ place.join }}",
    "{{ place.__class__.__mro__ }}", "{{ highlights.__len__ }}", "{{ highlights.count }}", "{{ loop.__class__ }}", "{{ loop }}",
    "{% if contract.__class__ %}x{% endif %}", "{% if contract.__class__.__name__ == 'ContractView' %}x{% endif %}",
    "{% for x in contract.__dict__ %}{{ x }}{% endfor %}", "{% for x in loop %}{{ x }}{% endfor %}",
    EACH + "{{ loop.__init__.__globals__ }}{% endfor %}", EACH + "{{ x.__class__ }}{% endfor %}",
    "{% for __class__ in highlights %}{{ __class__.__mro__ }}{% endfor %}", "{% for contract in highlights %}{{ contract.subject }}{% endfor %}",
    "{{ contract.\uff3f\uff3fclass\uff3f\uff3f }}", "{{ contract.__\u200bclass__ }}", "{{ \uff43ontract.subject }}", "{{ contract.subject() }}",
    "{{ contract [ 'subject' ] }}", "{{ %s }}", "{{ {0.__class__} }}", "{{ ${place} }}", "{{ `id` }}", "{{ place; place }}", "{{ place\x0bx }}".replace("\x0b", " "),
)  # fmt: skip
"""Ways from a name to what isn't in the view."""

PARTS: tuple[tuple[str, Callable[[], Maker]], ...] = (
    *((f"in the {page} {kind}", lambda kind=kind, page=page: story(kind, p(CLASS), page))
      for kind in ("header", "footer") for page in ("default", "first", "even")),
    *((f"in a {kind}", lambda kind=kind: note(kind, p(CLASS))) for kind in ("footnote", "endnote")),
    ("in a text box", lambda: Maker(p(text_box(p(CLASS))))),
    ("in the copy of a text box alone", lambda: Maker(copies(p("x"), p(CLASS)))),
    ("in a text box of a header", lambda: story("header", p(text_box(p(CLASS))))),
    ("in a table in a table", lambda: Maker(table(row(cell(table(row(cell(p(CLASS)))), p("x")))))),
    ("in a content control", lambda: Maker(f"<w:sdt><w:sdtContent>{p(CLASS)}</w:sdtContent></w:sdt>")),
    ("in an alternative text", lambda: Maker(p(picture(description=CLASS)))),
    ("in an alternative text's title", lambda: Maker(p(picture(description='x" title="' + CLASS)))),
    ("in a drawing's name", lambda: Maker(p(picture(name=CLASS)))),
    ("in a link as Word stores it", lambda: linked("mailto:%7B%7B%20contract.__class__%20%7D%7D")),
    ("in a link as it was typed", lambda: linked("https://a.example/" + CLASS)),
    ("as a link's whole address", lambda: linked(CLASS)),
    ("a loop in a link", lambda: linked("https://a.example/" + EACH + "{{ x }}{% endfor %}")),
    ("a loop in an alternative text", lambda: Maker(p(picture(description=EACH + "{{ x }}{% endfor %}")))),
    ("in a field's instruction", lambda: Maker(p(field_runs(' HYPERLINK "https://a.example/{{ place }}" ')))),
    ("for a field's name", lambda: Maker(p(field_runs(" {{ place }} x ")))),
    ("in a simple field", lambda: Maker(p('<w:fldSimple w:instr=" REF {{ place }} "/>'))),
    ("in a formula", lambda: Maker('<w:p><m:oMath xmlns:m="urn:x"><m:t>{{ place }}</m:t></m:oMath></w:p>')),
    ("in a bookmark's name", lambda: Maker(p(f'<w:bookmarkStart w:id="1" w:name="{CLASS}"/><w:bookmarkEnd w:id="1"/>'))),
    ("in a style's name", lambda: Maker('<w:p><w:pPr><w:pStyle w:val="{{ place }}"/></w:pPr></w:p>')),
    ("in a relationship's name", lambda: Maker(p(picture(relationship="{{ place }}")))),
    ("in a chart", lambda: Maker(p("x")).part("/word/charts/chart1.xml", "chart", "<c>{{ place }}</c>",
                                             "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")),
    ("in another program's text", lambda: Maker(p('<x:t xmlns:x="urn:x">{{ place }}</x:t>'))),
    ("in a shape's link", lambda: Maker(p('<w:r><w:pict><v:shape href="{{ place }}"/></w:pict></w:r>'))),
    ("in a shape's picture", lambda: Maker(p('<w:r><w:pict><v:shape><v:imagedata src="{{ place }}"/></v:shape></w:pict></w:r>'))),
    ("an inclusion", lambda: Maker(p("x", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'))),
    ("in a WordArt's text", lambda: Maker(p('<w:r><w:pict><v:shape><v:textpath string="{{ place }}"/></v:shape></w:pict></w:r>'))),
)  # fmt: skip
"""Tags in every kind of part, and where none may be; a part that would read another file."""

UNBALANCED: tuple[tuple[str, Callable[[], Maker]], ...] = (
    ("a condition over two cells", lambda: Maker(table(row(cell(p("{% if reason %}a")), cell(p("{% endif %}")))))),
    ("cells' condition over two rows", lambda: Maker(table(row(cell(p("{%tc if reason %}")), cell(p("a"))), row(cell(p("{%tc endif %}")), cell(p("b")))))),
    ("rows' loop out of a table in a table", lambda: Maker(table(row(cell(table(row(cell(p("{%tr for x in highlights %}")))), p("x"))), row(cell(p("{%tr endfor %}")))))),
    ("paragraphs' condition out of a text box", lambda: Maker(p(text_box(p("{%p if reason %}"), p("x"))) + p("{%p endif %}"))),
    ("paragraphs' condition into a content control", lambda: Maker(p("{%p if reason %}") + f"<w:sdt><w:sdtContent>{p('{%p endif %}')}</w:sdtContent></w:sdt>")),
    ("paragraphs' condition from body to header", lambda: Maker(p("{%p if reason %}")).story("header", p("{%p endif %}"))),
    ("a condition from a text box to its copy", lambda: Maker(copies(p("{% if reason %}"), p("{% endif %}")))),
    ("a condition out of a link", lambda: Maker(p(run("{% if reason %}"), f'<w:hyperlink w:anchor="a">{run("{% endif %}")}</w:hyperlink>'))),
    ("a loop and a condition that cross", lambda: Maker(p("{% if reason %}" + EACH + "{% endif %}{% endfor %}"))),
    ("an end before its beginning", lambda: Maker(p("{% endfor %}" + EACH))),
    ("ends alone", lambda: Maker(p("{% endif %}{% endfor %}{% else %}"))),
    ("a loop's else", lambda: Maker(p(EACH + "{% else %}{% endfor %}"))),
    ("a branch after the last", lambda: Maker(p("{% if reason %}{% else %}{% elif logo %}{% endif %}"))),
    ("a row's tag beside a table in its row", lambda: Maker(table(row(cell(p("{%tr if reason %}"), table(row(cell(p("x")))), p("y"))), row(cell(p("{%tr endif %}")))))),
    ("a cell's tag outside a table", lambda: Maker(p("{%tc if reason %}") + p("{%tc endif %}"))),
    ("a paragraph's tag that would take a section along", lambda: Maker(f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('{%p if reason %}')}</w:p>" + p("{%p endif %}"))),
    ("a condition that cuts a field", lambda: Maker(p(run("{% if reason %}"), '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("{% endif %}")))),
    ("a tag that spans two paragraphs", lambda: Maker(p("{{ place") + p("}}"))),
    ("a tag that spans a link's edge", lambda: Maker(p(run("{{ pla"), f'<w:hyperlink w:anchor="a">{run("ce }}")}</w:hyperlink>'))),
    ("a tag in a tag", lambda: Maker(p("{{ {{ place }} }}"))),
    ("a tag that a picture interrupts", lambda: Maker(p(run("{{ pla"), picture(), run("ce }}")))),
    ("seventeen conditions in one another", lambda: Maker(nested("p", 17))),
    ("a hundred rows' conditions in one another", lambda: Maker(table(*(row(cell(p("{%tr if reason %}"))) for _ in range(100)), *(row(cell(p("{%tr endif %}"))) for _ in range(100))))),
)  # fmt: skip
"""Tags that would take the document apart."""

MANY = 1_200
"""More tags than a template may have in these tests."""
DEEP = 1_200
"""Deeper than Python goes."""
COSTLY: tuple[tuple[str, Callable[[], Maker]], ...] = (
    ("a tag of letters without number", lambda: Maker(p("{{ " + "a" * 50_000 + " }}"))),
    ("a condition of words without number", lambda: Maker(p("{% if " + "a and " * 10_000 + "a %}{% endif %}"))),
    ("brackets without end", lambda: Maker(p("{% if " + "(" * DEEP + " %}{% endif %}"))),
    ("nots without end", lambda: Maker(p("{% if " + "not " * DEEP + "a %}{% endif %}"))),
    ("quotation marks without end", lambda: Maker(p("{% if a == " + "'" * DEEP + " %}{% endif %}"))),
    ("dots without end", lambda: Maker(p("{{ a" + ".a" * DEEP + " }}"))),
    ("spaces without end after half a tag", lambda: Maker(p("{{ nonsense }}{ %" + " " * 50_000))),
    ("beginnings without end", lambda: Maker(p("{{" * DEEP))),
    ("beginnings of statements and values in turn", lambda: Maker(p("{%{{" * DEEP))),
    ("ends without end", lambda: Maker(p("}}%}" * DEEP))),
    ("tags without number in one run", lambda: Maker(p("{{ place }}" * MANY))),
    ("tags without number, a run each", lambda: Maker(p(*["{{ place }}"] * MANY))),
    ("tags without number, a paragraph each", lambda: Maker(p("{{ place }}") * MANY)),
    ("tags without number in alternative texts", lambda: Maker(p(*[picture(description="{{ place }}")] * MANY))),
    ("tags without number in one alternative text", lambda: Maker(p(picture(description="{{ place }}" * MANY)))),
    ("beginnings without end in an alternative text", lambda: Maker(p(picture(description="{{" * DEEP)))),
    ("beginnings without end in a field", lambda: Maker(p(field_runs("REF " + "{{" * DEEP)))),
    ("beginnings without end in a bookmark's name", lambda: Maker(p(f'<w:bookmarkStart w:id="1" w:name="{"{{" * DEEP}"/>'))),
    ("conditions in conditions", lambda: Maker(p("{% if reason %}" * DEEP + "{% endif %}" * DEEP))),
    ("loops in loops, ended as conditions", lambda: Maker(p(EACH * DEEP + "{% endif %}" * DEEP))),
    ("conditions without end", lambda: Maker(p("{% if reason %}" * DEEP))),
    ("branches without end", lambda: Maker(p("{% if reason %}" + "{% elif logo %}" * MANY + "{% endif %}"))),
    ("paragraphs' conditions in one another", lambda: Maker(nested("p", 500))),
    ("tags that can't be read without number", lambda: Maker(p("{% if reason and %}" * DEEP + "{% endif %}" * DEEP))),
    ("conditions around text that runs cut", lambda: Maker(p(*["{% if reason %}"] * DEEP, *["x"] * DEEP, *["{% endif %}"] * DEEP))),
    ("elements in elements", lambda: Maker("<w:sdt><w:sdtContent>" * DEEPEST + p("x") + "</w:sdtContent></w:sdt>" * DEEPEST)),
    ("tables in tables", lambda: Maker("<w:tbl><w:tr><w:tc>" * 60 + p("x") + f"</w:tc></w:tr></w:tbl>{p('y')}" * 60)),
    ("footnotes' marks and loops without number", lambda: Maker(p(*[EACH + "x{% endfor %}"] * DEEP, *[MARK] * DEEP, "{{ nonsense }}"))),
    ("tracked changes without number", lambda: Maker("".join(p(f'<w:ins w:id="{n}" w:author="a">{run("x")}</w:ins>') for n in range(DEEP)))),
)  # fmt: skip
"""What would cost its reader time or memory."""


HOSTILE: tuple[tuple[str, Callable[[], bytes]], ...] = (
    *((name, lambda name=name: Maker(p("x " + name)).bytes()) for name in NAMES),
    *((f"{name}", lambda make=make: make().bytes()) for name, make in (*PARTS, *UNBALANCED, *COSTLY)),
)
