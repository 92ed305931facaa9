"""Templates that are right, some of them unusual: nothing may be said about them, and they can be filled in.

Each case: a template, the document that it makes, its language.
"""

# ruff: noqa: E501 — a table of cases, a line each as far as it goes, and XML that no line break improves

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from template_making import (
    STYLES,
    Maker,
    cell,
    field_runs,
    letter,
    p,
    pending,
    picture,
    report,
    row,
    run,
    table,
    text_box,
)

NBSP = "\u00a0"
NARROW = "\u202f"


@dataclass(frozen=True)
class Control:
    """A template about which nothing may be said."""

    make: Callable[[], Maker]
    document: str = "letter"
    language: str = "en"


def control(name: str, body: str | Callable[[], Maker], document: str = "letter", language: str = "en") -> object:
    makers = {"letter": letter, "report": report, "pending": pending}
    make = (lambda: makers[document](body)) if isinstance(body, str) else body
    return pytest.param(Control(make, document, language), id=name)


DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)
SDT = '<w:sdtPr><w:alias w:val="Sender"/><w:tag w:val="sender"/><w:id w:val="41"/></w:sdtPr>'
LINES = "{%p for line in sender.address %}", "{{ line }}", "{%p endfor %}"

CONTROLS = [
    control("the small letter", ""),
    control("the small report", "", "report"),
    control("the small list of pending projects", "", "pending"),
    control("a tag cut into runs at every letter", p(*"{{ owner.name }}")),
    control("a tag cut by marks that show nothing",
            p(run("{{ ow"), '<w:proofErr w:type="spellStart"/>', run("ner", "<w:b/>"),
              '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>', run(".name }}", "<w:i/>"))),
    control("tags in every header and footer",
            lambda: letter(p("A page.")).story("header", p("{{ sender.name }}"), "first").story("header", p("{{ date }}"))
            .story("header", p("{{ place }}"), "even").story("footer", "".join(map(p, LINES)))),
    control("tags in a footnote",
            lambda: letter(p("A day.")).story("footnotes", f'<w:footnote w:id="1">{p("Until {{ date }}")}</w:footnote>')),
    control("tags in a text box", p(text_box(p("{{ owner.name }}"), p("{%p if reason %}"), p("{{ reason }}"),
            p("{%p endif %}"), p("The end")))),
    control("a text box without its copy", p(text_box(p("{{ owner.name }}"), fallback=False))),
    control("tags in a table in a table", table(row(cell(table(
            row(cell(p("{%tr for line in sender.address %}"))), row(cell(p("{{ line }}"))),
            row(cell(p("{%tr endfor %}")))), p("x"))))),
    control("tags in content controls of every size",
            f"<w:sdt>{SDT}<w:sdtContent>{p('{{ owner.name }}')}{''.join(map(p, LINES))}</w:sdtContent></w:sdt>"
            + p(f"<w:sdt>{SDT}<w:sdtContent>{run('{{ date }}')}{run('{% if reason %}, {{ reason }}{% endif %}')}"
                "</w:sdtContent></w:sdt>")),
    control("tags inside a link", p(f'<w:hyperlink w:anchor="a">{run("{{ owner.na")}{run("me }}")}</w:hyperlink>')),
    control("a link to a web page", lambda: letter(p("x")).external("hyperlink", "https://agency.example/fin")),
    control("a link to an address and a phone number",
            lambda: letter(p("x")).external("hyperlink", "mailto:a@b.example").external("hyperlink", "tel:+33556000000")),
    control("page numbers", lambda: letter(p("x")).story(
            "footer", p(run("Page "), field_runs(" PAGE "), run(" of "), field_runs(" NUMPAGES \\* MERGEFORMAT ")))),
    control("a table of contents, a reference and a link inside the document",
            p(field_runs(' TOC \\o "1-3" \\h ')) + p(field_runs(" REF _Ref1 \\h ")) + p(field_runs(' HYPERLINK \\l "a" '))),
    control("cells that come and go",
            table(row(cell(p("{%tc if reason %}")), cell(p("{{ reason }}")), cell(p("{%tc endif %}")), cell(p("b"))))),
    control("a cell whose branches are all filled",
            table(row(cell(p("{%p if reason %}"), p("a"), p("{%p else %}"), p("b"), p("{%p endif %}"))))),
    control("a cell with a paragraph outside its conditions",
            table(row(cell(p("x"), p("{%p if reason %}"), p("{{ reason }}"), p("{%p endif %}"))))),
    control("a cell that tells one word's values apart", p("{%p for g in groups %}")
            + table(row(cell(p("{%p if g.decision == 'finish' %}"), p("a"), p("{%p elif g.decision == 'hand-over' %}"),
                             p("b"), p("{%p elif g.decision == 'cancel' %}"), p("c"), p("{%p endif %}"))))
            + p("{%p endfor %}"), "pending"),
    control("rows in two loops, one in the other",
            table(row(cell(p("{%tr for s in successors %}"))), row(cell(p("{{ s.name }}"))),
                  row(cell(p("{%tr for line in sender.address %}"))), row(cell(p("{{ line }}"))),
                  row(cell(p("{%tr endfor %}"))), row(cell(p("{%tr endfor %}"))), row(cell(p("x"))))),
    control("a condition inside a sentence", p("We leave{% if reason %} because {{ reason }}{% endif %}.")),
    control("a condition over several runs", p("We leave{% if reason %}", " because ", "{{ reason }}", "{% endif %}.")),
    control("every way to guard a value",
            p("{% if reason and wishes %}{{ reason }} {{ wishes }}{% endif %} "
              "{% if reason is not none %}{{ reason }}{% endif %} {% if reason != none %}{{ reason }}{% endif %} "
              "{% if not reason %}x{% else %}{{ reason }}{% endif %} {% if reason is none %}x{% else %}{{ reason }}"
              "{% endif %} {% if not reason or not wishes %}x{% else %}{{ reason }}{{ wishes }}{% endif %} "
              "{{ reason if reason else 'nothing' }} {{ reason or 'nothing' }}.")),
    control("a guard in an elif",
            p("{% if not reason %}none{% elif wishes %}{{ reason }}, {{ wishes }}{% else %}{{ reason }}{% endif %}.")),
    control("a guard through a group",
            p("{% if payments and payments.currency %}{{ payments.currency }}{% endif %}."
              "{% if payments %}{% for invoice in payments.invoices %}{{ invoice.number }} {% endfor %}{% endif %}")),
    control("a guard by a filter in the loop",
            p("To: {% for s in successors if s.contact %}{{ s.name }} {{ s.contact }} {% endfor %}")),
    control("a guard by length", p("{% if highlights | length > 0 %}First {{ highlights | first }}{% endif %}.")),
    control("guards by counts and lists",
            p("{% if highlights | length >= 1 %}{{ highlights | first }}{% endif %} "
              "{% if 0 < highlights | count %}{{ highlights | last }}{% endif %} "
              "{% if highlights | length == 0 %}x{% else %}{{ highlights[0] }}{% endif %} "
              "{% if place in highlights %}{{ highlights | first }}{% endif %} {{ sender.address | first }} "
              "{% if reason in ['a', 'b'] %}{{ reason }}{% endif %} {% if reason == 'a' %}{{ reason }}{% endif %}.")),
    control("orders that exist", p("{% if place < date and highlights | length > 1 and sender.address | count is even %}x"
              "{% elif 'a' in place and place in highlights and place is in highlights and place is eq 'x' %}y{% endif %}.")),
    control("lists that are spelt out, taken apart",
            p("{% set a, b = ['x', 1] %}{{ a }}{% for c, d in [['x', 2], ['y', 3]] %}{{ c }}{{ d }}{% endfor %}.")),
    control("a number or a text", p("{% if american %}{% set a = 1 %}{% else %}{% set a = 'one' %}{% endif %}{{ a }}.")),
    control("the first letter of a name", p("{{ owner.name[0] }}.")),
    control("texts with braces of their own, spelt out", p("{{ '}' }} {{ '{_{' }} {{ '%}' }} {{ '<&>' }} {{ 'a' ~ 1 }}")),
    control("sixteen conditions in one another", p("{% if place %}" * 16 + "x" + "{% endif %}" * 16)),
    control("one word for each case", p("{% if voice == 'i' %}I{% elif ended_by == 'client' %}you{% else %}we{% endif %}.")),
    control("values by their names in brackets", p("{{ owner['name'] }}, {{ sender['email'] }}")),
    control("what loop knows",
            p("{% for line in sender.address %}{{ loop.index }}/{{ loop.length }} {{ line }}"
              "{% if not loop.last %}, {% endif %}{% endfor %}.")),
    control("a loop with an else", p("{% for h in highlights %}{{ h }} {% else %}Nothing{% endfor %}.")),
    control("every filter", p("{{ place | upper }} {{ place | lower }} {{ place | title }} {{ place | capitalize }} "
            "{{ sender.address | join(', ') }} {{ sender.address | length }} {{ highlights | count }}")),
    control("joined attributes", p("By {{ deliveries | join(', ', 'what') if deliveries else 'nothing' }}.")),
    control("a variable set in every branch",
            p("{% if reason %}{% set a = reason %}{% else %}{% set a = place %}{% endif %}As {{ a }}")),
    control("a variable set before", p("{% set o = owner %}{% set n = o.name %}{{ n }}, {{ o.title }}")),
    control("required content under another name", lambda: letter(
            recipient=p("{% set to = recipient %}{{ to.company }}"), owner=p("{% set o = owner %}{{ o.name | upper }}"))),
    control("required content in a header", lambda: letter(date=p("{{ place }}")).story("header", p("{{ date }}"))),
    control("a note that isn't printed", p("Dear {# the salutation #}{{ salutation }}")),
    control("a paragraph's note", p("{#p written by hand #}")),
    control("curly quotation marks that Word made", p("{% if voice == “we” %}x{% endif %}{% if voice == ‘i’ %}y{% endif %}.")),
    control("no-break spaces inside a tag", p(f"{{{{{NBSP}owner.name{NBSP}}}}} {{%{NARROW}if reason{NBSP}%}}x{{%{NBSP}endif %}}")),
    control("a picture that stands for the logo", p(picture("logo", "")) + p(picture("Bild 3", "Logo"))),
    control("a decorative picture", p(picture("Line", "", DECORATIVE))),
    control("a chart guarded and in a loop", p("{%p if timeline %}")
            + p("{{ timeline }}", style="HandoverChart") + p("{%p endif %}"), "report"),
    control("text with braces that aren't tags", p("A set {1, 2} and {name} and [1] and x << y >> z, 3 > 2.")),
    control("hidden marks of a paragraph", '<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>seen</w:t></w:r></w:p>'),
    control("hiding that is switched off", p(run("seen", '<w:vanish w:val="0"/>'))),
    control("an embedded font", lambda: Maker(letter(p("x")).body, styles=STYLES.replace("Calibri", "Brand Sans")).part(
            "/word/fontTable.xml", "fontTable",
            '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:font w:name="Brand Sans">'
            '<w:embedRegular r:id="rIdFont" w:fontKey="{00000000-0000-0000-0000-000000000000}"/></w:font></w:fonts>',
            "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml")),
    control("our own property", lambda: letter().properties("/docProps/custom.xml",
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
            '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="handover-template"/></Properties>',
            "application/vnd.openxmlformats-officedocument.custom-properties+xml")),
    control("polite words", p("You were a pleasure to work with; we did not expect less. The court tennis club says thanks.")),
    control("right French", p(f"Objet{NBSP}: la fin{NARROW}; merci{NARROW}! «{NARROW}oui{NARROW}» à 12{NBSP}%, qu’il faut."),
            language="fr"),
    control("French with times, links and tags",
            p(f"À 12:30, https://exemple.fr/?a=b;c={{{{ place }}}}{NBSP}: {{{{ date }}}}{NARROW}; le 1er mars, M.{NBSP}Dupont."),
            language="fr"),
    control("le ton in French", p("Le ton de la lettre, la tension et le tutoriel."), language="fr"),
]  # fmt: skip
