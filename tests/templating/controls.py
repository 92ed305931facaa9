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
PAGE = '<w:p><w:pPr><w:sectPr><w:pgSz w:w="21cm" w:h="29.7cm"/><w:pgMar w:left="1in" w:right="20mm"/></w:sectPr></w:pPr></w:p>'
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
    control("tags in an endnote",
            lambda: letter(p("A day.")).story("endnotes", f'<w:endnote w:id="1">{p("Until {{ date }}")}</w:endnote>')),
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
            p(field_runs(' TOC \\o "1-3" \\h ')) + p(field_runs(" REF _Ref1 \\h "))
            + p(field_runs(' HYPERLINK \\l "a" ')), "report"),
    control("cells that come and go",
            table(row(cell(p("{%tc if reason %}")), cell(p("{{ reason }}")), cell(p("{%tc endif %}")), cell(p("b"))))),
    control("cells that conditions may empty",
            table(row(cell(p("{%p if reason %}"), p("{{ reason }}"), p("{%p endif %}")), cell(p("{% if reason %}x{% endif %}"))))),
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
            p("{% if reason and wishes %}{{ reason }} {{ wishes }}{% endif %} {% if not not reason %}{{ reason }}{% endif %} "
              "{% if not reason %}x{% else %}{{ reason }}{% endif %} {% if (logo or american) and reason %}{{ reason }}"
              "{% endif %} {% if not reason or not wishes %}x{% else %}{{ reason }}{{ wishes }}{% endif %} "
              "{% if reason == 'a' %}{{ reason }}{% endif %}.")),
    control("a guard through a group", p("{% if payments.currency %}{{ payments.currency }}{% endif %}."
            "{% if payments %}{% for invoice in payments.invoices %}{{ invoice.number }} {% endfor %}{% endif %}")),
    control("a loop that shows its group to be there",
            p("Sums: {% for total in payments.totals %}{{ total }}{% if payments.late_fee_note %} {{ payments.late_fee_note }}"
              "{% endif %} {% endfor %}")),
    control("a guard inside a loop", p("To: {% for s in successors %}{% if s.contact %}{{ s.contact }} {% endif %}{% endfor %}")),
    control("sixteen conditions in one another", p("x " + "{% if logo or reason %}" * 16 + "y" + "{% endif %}" * 16)),
    control("sixteen brackets in one another", p("x {% if " + "(" * 16 + "reason" + ")" * 16 + " %}y{% endif %}")),
    control("what loop tells", p("Go: {% for line in sender.address %}{{ loop.index }} {{ line }}{% if loop.first %}!{% endif %}"
            "{% if not loop.last %}, {% endif %}{% endfor %}.")),
    control("the four forms", p("{{ place | upper }} {{ place | lower }} {{ place | title }} {{place|capitalize}}")),
    control("a word with a tag's signs, and with apostrophes",
            p("x {% if place == '5%' or place == '}' or place == 'l’été' or place == \"l'été\" %}y{% endif %}")),
    control("required content under an item's name", lambda: letter(
            deliveries=p("{%p for d in deliveries %}") + p("{{ d.what | upper }}") + p("{%p endfor %}"))),
    control("a value in a link and in an alternative text", lambda: letter(
            p('<w:hyperlink r:id="rIdOut0"><w:r><w:t>Write</w:t></w:r></w:hyperlink>')
            + p('<w:hyperlink r:id="rIdOut1"><w:r><w:t>Call</w:t></w:r></w:hyperlink>')
            + p(picture(description="The quay of {{ place }}")))
            .external("hyperlink", "mailto:%7B%7B%20owner.email%20%7D%7D?subject=%7b%7bplace%7d%7d")
            .external("hyperlink", "https://agency.example/{{ place }}")),
    control("a guard in an elif",
            p("{% if not reason %}none{% elif wishes %}{{ reason }}, {{ wishes }}{% else %}{{ reason }}{% endif %}.")),
    control("one word for each case", p("{% if voice == 'i' %}I{% elif ended_by == 'client' %}you{% else %}we{% endif %}.")),
    control("required content in a header", lambda: letter(date=p("{{ place }}")).story("header", p("{{ date }}"))),
    control("curly quotation marks that Word made", p("{% if voice == “we” %}x{% endif %}{% if voice == ‘i’ %}y{% endif %}"
            "{% if voice == «we» %}z{% endif %}.")),
    control("an invisible space inside a tag", p("{{ pla\u200bce }}")),
    control("what finished texts hold in brackets", p("We thank you […] for this [1] [sic]. Signed ________")),
    control("braces that no tag is made of", p("a {") + p("{ b, 100%") + p("} c") + p(run("d {"), "<w:r><w:tab/></w:r>", run("% e"))),
    control("a table that says no columns", f"<w:tbl><w:tr>{cell(p('x'))}</w:tr></w:tbl>"),
    control("a page measured in centimetres", lambda: Maker(letter().body + PAGE)),
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
    control("polite words", p("You were a pleasure to work with; we did not expect less. The court tennis club says thanks.")),
    control("right French", p(f"Objet{NBSP}: la fin{NARROW}; merci{NARROW}! «{NARROW}oui{NARROW}» à 12{NBSP}%, qu’il faut."),
            language="fr"),
    control("French with times, links and tags",
            p(f"À 12:30, https://exemple.fr/?a=b;c={{{{ place }}}}{NBSP}: {{{{ date }}}}{NARROW}; le 1er mars, M.{NBSP}Dupont."),
            language="fr"),
    control("le ton in French", p("Le ton de la lettre, la tension et le tutoriel."), language="fr"),
]  # fmt: skip
