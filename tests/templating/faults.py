"""Faulty templates, one fault each: what is put into a small template that is right, and what must be said about it.

Each case: the template, the rule, where the finding must point, and words that its message must have. Everything else in
the template is right, so that exactly one finding is expected.
"""

# ruff: noqa: E501 — a table of cases, a line each as far as it goes, and XML that no line break improves

import struct
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from export_samples import zipped
from handover.formats.package.opc import RELATIONSHIPS_TYPE, Package, Relationship, write_package, write_relationships
from template_making import (
    FONTS,
    LETTER,
    NAMESPACES,
    PNG,
    STYLES,
    WML,
    Maker,
    R,
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

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
NBSP = "\u00a0"
NARROW = "\u202f"


@dataclass(frozen=True)
class Fault:
    """One faulty template and what is said about it."""

    make: Callable[[], Maker | bytes]
    rule: str
    place: str
    """Must be part of the finding's place."""
    message: str
    """Must be part of the finding's message."""
    hint: str = ""
    document: str = "letter"
    language: str = "en"
    times: int = 1
    """How often the rule is broken."""


def fault(
    name: str,
    body: str | Callable[[], Maker | bytes],
    rule: str,
    place: str,
    message: str,
    *,
    hint: str = "",
    document: str = "letter",
    language: str = "en",
    times: int = 1,
) -> object:
    makers = {"letter": letter, "report": report, "pending": pending}
    make = (lambda: makers[document](body)) if isinstance(body, str) else body
    return pytest.param(Fault(make, rule, place, message, hint, document, language, times), id=name)


def in_header(xml: str, page: str = "default") -> Callable[[], Maker]:
    return lambda: letter().story("header", xml, page)


# The body's first paragraph is number 5 in the letter.
BODY = "paragraph 5, near "

FORMULA = (
    '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>{{ place }}</m:t></m:r>'
    "</m:oMath></w:p>"
)
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

TAGS = [
    fault("a value's tag without its end", p("Dear {{ salutation of all"), "tag.unclosed", BODY, "isn't closed with }}"),
    fault("a statement without its end", p("{% if reason"), "tag.unclosed", BODY, "isn't closed with %}"),
    fault("a note without its end", p("{# later"), "tag.unclosed", BODY, "isn't closed with #}"),
    fault("a statement closed like a value", p("{% if reason }} x"), "tag.unclosed", BODY, "isn't closed with %}"),
    fault("a value's tag that only the next one closes", p("{{ place and {{ date }}"), "tag.unclosed", BODY,
          "before the next tag begins"),
    fault("an end without a beginning", p("Dear salutation }}, hello"), "tag.stray-end", BODY, "begin with {{"),
    fault("a statement's end without a beginning", p("if reason %}"), "tag.stray-end", BODY, "begin with {%"),
    fault("a tag inside a condition", p("{% if {{ reason }} %}"), "tag.nested", BODY, "a tag inside a tag"),
    fault("a value inside a value", p("{{ place {{ date }} }}"), "tag.nested", BODY, "a tag inside a tag"),
    fault("a line break inside a tag", p(run("{{ pla"), "<w:r><w:br/></w:r>", run("ce }}")), "tag.split", BODY,
          "interrupted by a line break"),
    fault("a tab inside a tag", p(run("{{ "), "<w:r><w:tab/></w:r>", run("place }}")), "tag.split", BODY,
          "interrupted by a tab"),
    fault("a picture inside a tag", p(run("{{ place"), picture(), run(" }}")), "tag.split", BODY, "interrupted by a pict"),
    fault("a tag that ends inside a link", p(run("{{ pla"), f'<w:hyperlink w:anchor="a">{run("ce }}")}</w:hyperlink>'),
          "tag.split", BODY, "partly inside a link"),
    fault("a tag that begins inside a content control",
          p(f"<w:sdt><w:sdtContent>{run('{{ pla')}</w:sdtContent></w:sdt>", run("ce }}")), "tag.split", BODY,
          "partly inside a link or content control"),
    fault("a value in single braces", p("Dear {salutation}"), "tag.single-brace", BODY, "“{salutation}” is printed",
          hint="{{ salutation }}"),
    fault("braces with a space between them", p("Dear { { salutation } }"), "tag.single-brace", BODY, "is printed as it"),
    fault("a mail merge field's marks", p("Dear <<salutation>>"), "tag.single-brace", BODY, "“<<salutation>>” is printed"),
    *(fault(f"another engine's {text}", p(f"We thank {text} here"), "tag.single-brace", BODY, f"“{text}” is printed", hint=hint)
      for text, hint in (
          ("{#highlights}", "{% for item in highlights %}"), ("{# sender name}", "{% if sender_name %}"),
          ("{#שם}", "{% if שם %}"), ("{^reason}", "{% if not reason %}"), ("{/highlights}", "{% endfor %}"),
          ("{/}", "{% endif %}"), ("{@raw}", "{{ raw }}"), ("{>part}", "{{ part }}"), ("{%image}", "write image as its alternative"),
          ("{d.place}", "{{ place }}"), ("{d.items:upperCase}", "{{ items }}"), ("[[place]]", "{{ place }}"),
          ("${place}", "{{ place }}"), ("<%= place %>", "without a space"), ("+++INS $place+++", "{{ place }}"),
          ("+++= place+++", "{{ place }}"), ("+++FOR a IN b+++", "{% for item in list %}"), ("+++ END-IF +++", "{% endif %}"),
          ("+++QUERY x+++", "leave it out"), ("{ % if reason % }", "without a space"))),
    fault("a misspelt statement", p("{% esle %}"), "tag.unknown", BODY, "isn't a statement", hint="did you mean `else`?"),
    fault("a statement with a capital", p("x {% If reason %}y{% endif %}"), "tag.unknown", BODY, "“{% If reason %}” isn't",
          hint="`if`"),
    fault("an empty statement", p("{% %}"), "tag.unknown", BODY, "is empty"),
    fault("a level's letter after a space", p("{% p if reason %}") + p("x {{ place }}"), "tag.unknown", BODY,
          "has a space before `p`", hint="{%p"),
    fault("an empty value", p("x {{ }}"), "tag.syntax", BODY, "is empty"),
    fault("a condition without a condition", p("{% if %}x{% endif %}"), "tag.syntax", BODY, "can't be read"),
    fault("a loop without anything", p("{% for %}x{% endfor %}"), "tag.syntax", BODY, "can't be read"),
    fault("a loop whose item is called loop", p("{% for loop in highlights %}x{% endfor %}"), "tag.syntax", BODY,
          "calls an item `loop`"),
    fault("an open quotation mark", p("{% if voice == 'we %}x{% endif %}"), "tag.syntax", BODY,
          "a quotation mark that isn't closed"),
    fault("a value without a form", p("{{ place | }}"), "tag.syntax", BODY, "can't be read"),
    fault("a tag without end", p("{{ place" + " | upper" * 200 + " }}"), "tag.syntax", BODY, "longer than 500 characters"),
    fault("a form that doesn't exist", p("{{ place | uper }}"), "tag.not-allowed", BODY, "with a filter",
          hint="did you mean `upper`?"),
    fault("a note", p("Dear {# the salutation #}{{ salutation }}"), "tag.not-allowed", BODY, "is a note", hint="comment in Word"),
    fault("a dash at a tag's beginning", p("x {%- if reason %}y{% endif %}"), "tag.not-allowed", BODY, "a - or + at its edge"),
    fault("a condition without end", p("{% if reason %}x"), "tag.unbalanced", BODY, "has no {% endif %}"),
    fault("a loop without end", p("{% for line in sender.address %}x"), "tag.unbalanced", BODY, "has no {% endfor %}"),
    fault("an endif alone", p("x {% endif %}"), "tag.unbalanced", BODY, "there is no {% if … %} before it"),
    fault("an endfor alone", p("x {% endfor %}"), "tag.unbalanced", BODY, "there is no {% for … %} before it"),
    fault("an else alone", p("x {% else %}"), "tag.unbalanced", BODY, "stands outside any {% if … %}"),
    fault("an elif in a loop", p("x {% for line in sender.address %}{% elif reason %}{% endfor %}"), "tag.unbalanced", BODY,
          "stands outside any {% if … %}", hint="before the loop"),
    fault("two elses", p("x {% if reason %}a{% else %}b{% else %}c{% endif %}"), "tag.unbalanced", BODY, "after the {% else"),
    fault("a loop inside a condition without end", p("x {% if reason %}{% for l in sender.address %}x{% endif %}"),
          "tag.unbalanced", BODY, "“{% for l in sender.address %}” has no {% endfor %}"),
    fault("an end of another level", p("{%p if reason %}") + p("{{ reason }}") + p("{% endif %}"), "tag.level",
          "paragraph 7", "belongs to “{%p if reason %}”", hint="{%p endif %}"),
    fault("an else of another level", p("{%p if reason %}") + p("a {% else %}") + p("{%p endif %}"), "tag.level",
          "paragraph 6", "belongs to “{%p if reason %}”"),
    fault("a condition over two cells", table(row(cell(p("{% if reason %}a")), cell(p("b{% endif %}")))), "tag.crosses",
          "paragraph 6, in the table", "stands in another paragraph, link or cell"),
    fault("paragraphs' condition that ends in a cell", p("{%p if reason %}") + table(row(cell(p("a"), p("{%p endif %}")))),
          "tag.crosses", "paragraph 7, in the table", "stands in another cell"),
    fault("rows' loop that ends in another table",
          table(row(cell(p("{%tr for line in sender.address %}"))), row(cell(p("a"))))
          + table(row(cell(p("b"))), row(cell(p("{%tr endfor %}")))), "tag.crosses", "paragraph 8, in the table",
          "stands in another table"),
    fault("a condition that ends inside a link",
          p(run("x {% if reason %}a"), f'<w:hyperlink w:anchor="a">{run("b{% endif %}")}</w:hyperlink>'), "tag.crosses", BODY,
          "stands in another paragraph, link or cell"),
    fault("a condition around a text box that ends in it", p(run("{% if reason %}a"), text_box(p("b{% endif %}"))),
          "tag.crosses", "in a text box", "stands in another"),
    fault("a condition that cuts a field in two", p(run("x {% if reason %}"), field_runs(" PAGE ", "y{% endif %}")),
          "tag.crosses", BODY, "cut a field or link in two"),
    fault("a condition in paragraphs of its own without letters", p("{% if reason %}") + p("a") + p("{% endif %}"),
          "tag.crosses", "paragraph 7", "stands in another paragraph", hint="{%p if … %} and {%p endif %}"),
    fault("a condition that holds all of its paragraph", p("{% if reason %}It is {{ reason }}.{% endif %}"), "tag.paragraph",
          BODY, "may leave its paragraph empty", hint="{%p if … %}"),
    fault("a loop that holds all of its paragraph", p("{% for line in sender.address %}{{ line }} {% endfor %}"),
          "tag.paragraph", BODY, "may leave its paragraph empty", hint="{%p for … %}"),
    fault("text beside a paragraph's tag", p("Soon: {%p if reason %}") + p("a") + p("{%p endif %}"), "tag.not-alone", BODY,
          "“Soon:” would be lost"),
    fault("a picture beside a paragraph's tag", p(picture(), "{%p if reason %}") + p("a") + p("{%p endif %}"),
          "tag.not-alone", BODY, "“[picture]” would be lost"),
    fault("a section's end beside a paragraph's tag",
          '<w:p><w:pPr><w:sectPr/></w:pPr>' + run("{%p if reason %}") + "</w:p>" + p("a") + p("{%p endif %}"), "tag.not-alone",
          BODY, "“a section break” would be lost"),
    fault("text beside a row's tag",
          table(row(cell(p("{%tr for line in sender.address %}")), cell(p("kept"))), row(cell(p("a"))),
                row(cell(p("{%tr endfor %}")))), "tag.not-alone", "in the table", "isn't alone in its row: “kept”"),
    fault("text beside a cell's tag",
          table(row(cell(p("{%tc if reason %}"), p("kept")), cell(p("a")), cell(p("{%tc endif %}")))), "tag.not-alone",
          "in the table", "isn't alone in its cell: “kept”"),
    fault("rows' tags outside a table", p("{%tr if reason %}") + p("x") + p("{%tr endif %}"), "tag.outside", BODY,
          "“{%tr if reason %}” stands outside any table", times=2),
    fault("seventeen conditions in one another", p("x " + "{% if logo or reason %}" * 17 + "{% endif %}" * 17), "tag.depth",
          BODY, "the 17th tag inside"),
    fault("seventeen brackets in one another", p("x {% if " + "(" * 17 + "reason" + ")" * 17 + " %}y{% endif %}"), "tag.depth",
          BODY, "more than 16 brackets"),
    fault("a footnote in a loop", lambda: letter(p("{%p for line in sender.address %}")
          + p("{{ line }}", '<w:r><w:footnoteReference w:id="1"/></w:r>') + p("{%p endfor %}"))
          .story("footnotes", f'<w:footnote w:id="1">{p("A note")}</w:footnote>'), "tag.note", "paragraph 6",
          "would repeat a footnote's mark"),
    fault("a condition in an alternative text", p(picture(description="{% if reason %}A quay")), "tag.not-filled",
          "paragraph 5", "“{% if reason %}” stands in a link or an alternative text"),
    fault("a tag's beginning in an alternative text", p(picture(description="a {{ b")), "tag.not-filled", "paragraph 5",
          "“{{” stands in a link or an alternative text"),
    fault("a note in an alternative text", p(picture(description="{# b #}")), "tag.not-filled", "paragraph 5", "“{# b #}”"),
    fault("a tag in a field", p(field_runs(' PAGEREF "{{ place }}" ')), "tag.not-filled", "paragraph 5", "stands in a field"),
    fault("a tag in a formula", FORMULA, "tag.not-filled", "", "“{{ place }}” stands in an element (t), not in the text"),
    fault("a tag in a bookmark's name", p("x", '<w:bookmarkStart w:id="1" w:name="{{ place }}"/><w:bookmarkEnd w:id="1"/>'),
          "tag.not-filled", "paragraph 5", "stands in a property (name)"),
    fault("a tag in a chart", lambda: letter().part("/word/charts/chart1.xml", "chart", "<c><v>{{ place }}</v></c>", CHART),
          "tag.not-filled", "in /word/charts/chart1.xml", "“{{ place }}” stands in a chart"),
]  # fmt: skip

VARIABLES = [
    fault("a misspelt value", p("Dear {{ salutaton }}"), "variable.unknown", BODY, "`salutaton`",
          hint="did you mean `salutation`?"),
    fault("a misspelt value of a group", p("{{ sender.nmae }}"), "variable.unknown", BODY, "`sender.nmae`",
          hint="did you mean `name`?"),
    fault("a value that stands in a group", p("{{ last_working_day }}"), "variable.unknown", BODY, "`last_working_day`",
          hint="did you mean `contract.last_working_day`?"),
    fault("a value of another document", p("{{ headlines }}"), "variable.unknown", BODY, "`headlines`"),
    fault("a misspelt value in a condition", p("x {% if reson %}y{% endif %}"), "variable.unknown", BODY, "`reson`",
          hint="`reason`"),
    fault("a misspelt list", p("x {% for h in highlight %}{{ h }}{% endfor %}"), "variable.unknown", BODY, "`highlight`",
          hint="`highlights`"),
    fault("a misspelt value of an item", p("x {% for s in successors %}{{ s.nam }}{% endfor %}"), "variable.unknown",
          BODY, "`s.nam`", hint="did you mean `name`?"),
    fault("a misspelt value two loops deep", p("x {% for g in groups %}{% for x in g.projects %}{{ x.nme }}"
          "{% endfor %}{% endfor %}"), "variable.unknown", "paragraph 3", "`x.nme`", document="pending"),
    fault("an item outside its loop", p("x {% for h in highlights %}{{ h }}{% endfor %} {{ h }}"), "variable.unknown", BODY,
          "`h`"),
    fault("loop outside a loop", p("x {% if loop.first %}y{% endif %}"), "variable.unknown", BODY, "`loop`"),
    fault("something that loop doesn't tell", p("x {% for h in highlights %}{{ loop.number }}{% endfor %}"),
          "tag.not-allowed", BODY, "asks a loop for what it doesn't tell", hint="loop.index"),
    fault("a value of a list", p("x {% if payments %}{{ payments.invoices.number }}{% endif %}"), "variable.unknown",
          BODY, "asks a list for `number`", hint="{% for item in payments.invoices %}"),
    fault("a value of a text", p("{{ place.upper }}"), "variable.unknown", BODY, "`place` is a text"),
    fault("a class behind a text", p("{{ place.__class__ }}"), "variable.unknown", BODY, "`place.__class__`"),
    fault("a class behind a group", p("{{ sender.__class__ }}"), "variable.unknown", BODY, "`sender.__class__`"),
    fault("a password", p("{{ password }}"), "variable.secret", BODY, "`password`: secrets are"),
    fault("a token of a group", p("{{ sender.api_key }}"), "variable.secret", BODY, "`api_key`: secrets are"),
    fault("a passphrase", p("{{ passphrase }}"), "variable.secret", BODY, "`passphrase`: secrets are"),
    fault("a value that may be absent in a sentence", p("We leave because {{ reason }}."), "variable.optional", BODY,
          "`reason`, which may be absent", hint="{% if reason %}"),
    fault("the passphrase's channel, promised also where there is no passphrase",
          p("You will get the passphrase {{ passphrase_by }}."), "variable.optional", BODY,
          "`passphrase_by`, which may be absent", hint="{% if passphrase_by %}"),
    fault("a value of a group that may be absent", p("In {{ payments.currency }}."), "variable.optional", BODY,
          "`payments.currency`, which may be absent"),
    fault("a value that only another guards", p("x {% if wishes %}As {{ reason }} says{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("a value where it is known to be absent", p("x {% if not reason %}As {{ reason }} says{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("a value in the else of its guard", p("{% if reason %}x{% else %}As {{ reason }}{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("a value after its guard", p("{% if reason %}x{% endif %} as {{ reason }}"), "variable.optional", BODY,
          "`reason`, which may be absent"),
    fault("a value guarded by or", p("x {% if reason or logo %}as {{ reason }}{% endif %}"), "variable.optional",
          BODY, "`reason`, which may be absent"),
    fault("a value guarded by the opposite of and", p("x {% if not (reason and logo) %}{{ reason }}{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("a value compared with another word", p("x {% if reason != 'a' %}as {{ reason }}{% endif %}"), "variable.optional",
          BODY, "`reason`, which may be absent"),
    fault("a value that may be absent with a form", p("As {{ reason | upper }}"), "variable.optional", BODY,
          "`reason`, which may be absent"),
    fault("a value of an item that may be absent", p("x {% for s in successors %}{{ s.name }} ({{ s.contact }}){% endfor %}"),
          "variable.optional", BODY, "`s.contact`, which may be absent"),
    fault("a value that another item's guard shows",
          p("x {% for s in successors %}{% if s.contact %}y{% endif %}{% endfor %}"
            "{% for s in successors %}{{ s.contact }}{% endfor %}"), "variable.optional", BODY, "`s.contact`, which may"),
    fault("an arrow where there may be none", p("x {% for f in figures %}{{ f.arrow }} {{ f.change }}{% endfor %}"),
          "variable.optional", "paragraph 6", "`f.arrow`, which may be absent", document="report"),
    fault("a value that may be absent alone in its paragraph", p("{{ reason }}"), "variable.optional", BODY,
          "`reason`, which may be absent", hint="{%p if reason %}"),
    fault("a value that may be absent in a link", lambda: letter(p('<w:hyperlink r:id="rIdOut0"><w:r><w:t>x</w:t></w:r>'
          "</w:hyperlink>")).external("hyperlink", "mailto:%7B%7B%20sender.phone%20%7D%7D"), "variable.optional",
          "paragraph 5", "`sender.phone`, which may be absent"),
    fault("a value that may be absent in an alternative text", p(picture(description="As {{ reason }}")), "variable.optional",
          "paragraph 5", "`reason`, which may be absent"),
    fault("a loop over a text", p("x {% for c in place %}y{% endfor %}"), "variable.not-a-list", BODY,
          "goes through a text, not a list", hint="without a loop"),
    fault("a loop over a group", p("x {% if payments %}{% for i in payments %}y{% endfor %}{% endif %}"),
          "variable.not-a-list", BODY, "goes through a group of values", hint="`payments.invoices`"),
    fault("a loop over a yes or no", p("x {% for x in american %}y{% endfor %}"), "variable.not-a-list", BODY,
          "goes through a yes or no"),
    fault("a list printed", p("{{ highlights }}"), "variable.not-printable", BODY, "prints a list of texts",
          hint="{% for item in"),
    fault("a list in capitals", p("{{ highlights | upper }}"), "variable.not-printable", BODY, "prints a list of texts"),
    fault("a group printed", p("{{ owner }}"), "variable.not-printable", BODY, "prints a group", hint="name, title"),
    fault("an item that is a group printed", p("x {% for s in successors %}{{ s }}{% endfor %}"), "variable.not-printable",
          BODY, "prints a group of values"),
    fault("a yes or no printed", p("{{ american }}"), "variable.not-printable", BODY, "prints a yes or no",
          hint="{% if american %}"),
    fault("a number in capitals", p("x {% for h in highlights %}{{ loop.index | upper }}{% endfor %}"),
          "variable.not-printable", BODY, "asks a number for a letter-case form"),
    fault("a list compared", p("x {% if highlights == 'none' %}y{% endif %}"), "variable.comparison", BODY,
          "compares a list of texts with a word"),
    fault("a word that a value never is", p("x {% if voice == 'you' %}y{% endif %}"), "variable.comparison", BODY,
          "compares `voice` with “you”, which it never is", hint="we"),
    fault("a condition that always holds", p("x {% if place %}y{% endif %}"), "variable.constant", BODY, "always holds here"),
    fault("a condition that its own guard has decided", p("x {% if reason %}{% if reason %}y{% endif %}{% endif %}"),
          "variable.constant", BODY, "always holds here"),
    fault("a branch that never shows", p("x {% if reason %}a{% elif reason %}b{% endif %}"), "variable.constant", BODY,
          "“{% elif reason %}” never holds here"),
    fault("an else that is never reached",
          p("{% if voice == 'we' %}a{% elif voice == 'i' %}b{% else %}c{% endif %}"), "variable.constant", BODY,
          "“{% else %}” is never reached"),
]  # fmt: skip

CONTENT = [
    fault("a letter without the owners' names", lambda: letter(owner=p("Yours")), "content.required", "",
          "doesn't print the owners' names", hint="{{ item.name }}"),
    fault("a letter without room for the signature", lambda: letter(signature=p("Signed")), "content.required", "",
          "the place of the owner's signature", hint="write signature as its alternative text"),
    fault("a letter without the client", lambda: letter(recipient=p("Dear client")), "content.required", "",
          "doesn't print the client's name"),
    fault("a letter without the last working day", lambda: letter(day=p("Soon.")), "content.required", "",
          "the last working day"),
    fault("a letter with another day than the last working day",
          lambda: letter(day=p("Soon{% if contract.end_date %}, {{ contract.end_date }}{% endif %}.")), "content.required", "",
          "the last working day"),
    fault("a letter without a date", lambda: letter(date=p("{{ place }}")), "content.required", "", "the letter's date"),
    fault("a letter without what remains to be paid", lambda: letter(payments=p("All is paid.")), "content.expected", "",
          "what remains to be paid"),
    fault("a letter without the deliveries", lambda: letter(deliveries=p("Nothing.")), "content.expected", "",
          "what will still be delivered", hint="{%p for item in deliveries %}, {{ item.what }}"),
    fault("a letter that doesn't say how the passphrase comes", lambda: letter(passphrase=p("Bye.")), "content.expected",
          "", "how the passphrase is given"),
    fault("a report with one period", lambda: report(periods=p("{{ current_period }}")), "content.required", "",
          "doesn't print the baseline period", document="report"),
    fault("a report without caveats",
          lambda: report(figures=p("{%p for f in figures %}") + p("{{ f.current }}") + p("{%p endfor %}")),
          "content.required", "", "how each figure must be read", document="report"),
    fault("a report without its method", lambda: report(method=p("Trust us.")), "content.expected", "",
          "how the figures were compared", document="report"),
    fault("a report that hides what was left out", lambda: report(left_out=p("Nothing.")), "content.expected", "",
          "which metrics were left out", document="report"),
    fault("a list of pending projects without the summary", lambda: pending(summary=p("Here.")), "content.required", "",
          "the summary", document="pending"),
    fault("a picture without an alternative text", p(picture(description="")), "picture.alt", "paragraph 5",
          "“Picture 1” has no alternative text"),
    fault("a chart's name in plain text", p("See {% for f in figures %}{{ f.chart }}{% endfor %}"), "picture.chart",
          "paragraph 6", "stands for a chart, which takes a whole paragraph", document="report"),
    fault("a chart's style without a chart", p("Nothing to see", style="HandoverChart"), "picture.chart", "paragraph 6",
          "names no chart", document="report"),
    fault("a chart's style with another value", p("{{ client }}", style="HandoverChart"), "picture.chart", "paragraph 6",
          "names no chart", document="report"),
    fault("a chart with a word beside it",
          p("{%p if timeline %}") + p("Chart: {{ timeline }}", style="HandoverChart") + p("{%p endif %}"),
          "picture.chart", "paragraph 7", "takes a whole paragraph", document="report"),
]  # fmt: skip

WORDS = [
    fault("blame", p("You failed to send us the texts."), "tone.blame", BODY, "blames the client: “You failed to”"),
    fault("blame with no-break spaces", p(f"Despite{NBSP}our three reminders, nothing came."), "tone.blame", BODY,
          "“Despite our three reminders”"),
    fault("blame over two runs", p("This is your ", "fault."), "tone.blame", BODY, "“your fault”"),
    fault("a threat", p("Otherwise we take legal action."), "tone.threat", BODY, "threatens: “legal action”"),
    fault("a lawyer", p("Our lawyers will write."), "tone.threat", BODY, "“Our lawyers”"),
    fault("blame in French", p("Vous n'avez pas payé."), "tone.blame", BODY, "“Vous n'avez pas”", language="fr-tone"),
    fault("a threat in French", p("Ceci vaut mise en demeure."), "tone.threat", BODY, "mise en demeure", language="fr"),
    fault("sarcasm", p("Good luck without us."), "tone.sarcasm", BODY, "“Good luck without us”"),
    fault("tu in French", p("Comme tu le sais."), "tone.informal", BODY, "“tu”", language="fr"),
    fault("ton in French", p("Nous clôturons ton dossier."), "tone.informal", BODY, "“ton”", language="fr"),
    fault("t’ in French", p("Nous t’envoyons la suite."), "tone.informal", BODY, "“t’envoyons”", language="fr"),
    fault("lorem ipsum", p("Lorem ipsum dolor sit amet."), "tone.placeholder", BODY, "“Lorem ipsum”"),
    fault("capital X", p("The sum is XXX euros."), "tone.placeholder", BODY, "“XXX”"),
    fault("a note to oneself", p("TODO check this."), "tone.placeholder", BODY, "“TODO”"),
    fault("text in brackets", p("Dear [name of the client],"), "tone.placeholder", BODY, "“[name of the client]”"),
    fault("another client", p("We thank Acme Bakery for the trust."), "tone.other-client", BODY, "“Acme Bakery”"),
    fault("another client in other letters", p("We thank ACME bakery."), "tone.other-client", BODY, "“ACME bakery”"),
    fault("a plain space before a colon", p("Objet : la fin"), "typography.space", BODY, "(U+00A0) missing before “:”",
          language="fr"),
    fault("no space before a semicolon", p("Fini; merci"), "typography.space", BODY, "(U+202F) missing before “;”",
          language="fr"),
    fault("a plain space before an exclamation mark", p("Merci !"), "typography.space", BODY, "missing before “!”",
          language="fr"),
    fault("no space before a question mark", p("Compris?"), "typography.space", BODY, "missing before “?”", language="fr"),
    fault("a plain space inside guillemets", p(f"«{NARROW}oui »"), "typography.space", BODY, "missing before “»”",
          language="fr"),
    fault("no space after a guillemet", p(f"«oui{NARROW}»"), "typography.space", BODY, "missing after “«”", language="fr"),
    fault("a plain space before a percent sign", p("Soit 12 % de plus"), "typography.space", BODY, "missing before “%”",
          language="fr"),
    fault("a plain space between a value and its unit", p("Soit {{ place }} €"), "typography.space", BODY, "before “€”",
          language="fr"),
    fault("a plain space after M.", p("M. Dupont"), "typography.space", BODY, "missing", language="fr"),
    fault("a space that was lost over two runs", p("Objet", " : la fin"), "typography.space", BODY, "before “:”",
          language="fr"),
    fault("a straight apostrophe", p("Ce qu'il faut"), "typography.apostrophe", BODY, "straight apostrophe in “Ce qu'il",
          language="fr"),
    fault("straight quotation marks", p('Le mot "fin" ici'), "typography.quotes", BODY, "around “fin”", language="fr"),
    fault("a first of the month with a space", p("Le 1 er mars"), "typography.ordinal", BODY, "without a space",
          language="fr"),
]  # fmt: skip


def zip_without(name: str) -> Callable[[], bytes]:
    """The small letter's package without one item."""

    def make() -> bytes:
        import io
        import zipfile

        source, stream = zipfile.ZipFile(io.BytesIO(letter().bytes())), io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            for item in source.namelist():
                if item != name:
                    target.writestr(item, source.read(item))
        return stream.getvalue()

    return make


SIMPLE_FIELD = '<w:fldSimple w:instr=" {} "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
OLE = f"{R}/oleObject"
TRACKED = 'w:id="1" w:author="Ann" w:date="2026-01-01T00:00:00Z"'


def changed_styles(old: str, new: str) -> Callable[[], Maker]:
    assert old in STYLES
    return lambda: Maker("".join(LETTER.values()), styles=STYLES.replace(old, new))


FILES = [
    fault("a text file", lambda: b"Dear client,", "word.not-docx", "", "isn't a Word document (.docx)",
          hint="save it in Word as .docx"),
    fault("a PDF", lambda: b"%PDF-1.7 ", "word.not-docx", "", "is a PDF, not a Word document (.docx)"),
    fault("an OpenDocument", lambda: zipped(META_INF_S_manifest__xml="<m/>", content__xml="<c/>").replace(b"META_INF", b"META-INF"),
          "word.not-docx", "", "is an OpenDocument file, not a Word document (.docx)"),
    fault("an empty file", lambda: b"", "word.not-docx", "", "isn't a Word document (.docx)"),
    fault("an old Word file", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "word.not-docx", "",
          "is an old Word file (.doc) or protected by a password"),
    fault("a Word template", lambda: Maker(letter().body, main_type=f"{WML}.template.main+xml"), "word.not-docx", "",
          "is a Word template (.dotx)"),
    fault("a zip of something else", zip_without("[Content_Types].xml"), "word.damaged", "", "has no [Content_Types].xml"),
    fault("a zip that is cut off", lambda: letter().bytes()[:900], "word.damaged", "", ""),
    fault("a package without its styles", zip_without("word/_rels/document.xml.rels"), "word.language", "",
          "doesn't say its language"),
    fault("XML that isn't well-formed", lambda: letter().part("/word/header1.xml", "header", "<w:hdr>",
          f"{WML}.header+xml"), "word.damaged", "", "not well-formed XML"),
    fault("a DOCTYPE", lambda: letter().part("/word/header1.xml", "header",
          f'<!DOCTYPE x [<!ENTITY e "boom">]><w:hdr {NAMESPACES}/>', f"{WML}.header+xml"), "word.doctype", "", "a DOCTYPE"),
    fault("a macro", lambda: letter().part("/word/vbaProject.bin", "http://schemas.microsoft.com/office/2006/relationships"
          "/vbaProject", b"x", "application/vnd.ms-office.vbaProject"), "word.macro", "", "holds a macro"),
    fault("an embedded object", lambda: letter().part("/word/embeddings/oleObject1.bin", "oleObject", b"x",
          "application/vnd.openxmlformats-officedocument.oleObject"), "word.embedded-object", "", "embedded object"),
    fault("an object in the text", p("<w:r><w:object/></w:r>", "x"), "word.embedded-object", BODY, "embedded object"),
    fault("an ActiveX control", lambda: letter().part("/word/activeX/activeX1.xml", "control", "<x/>",
          "application/vnd.ms-office.activeX+xml"), "word.activex", "", "ActiveX"),
    fault("a control in the text", p("x", '<w:r><w:control r:id="rIdNone"/></w:r>'), "word.activex", BODY, "ActiveX"),
    fault("an inserted document's part", lambda: letter().part("/word/chunk.html", "aFChunk", b"<p>x</p>", "text/html"),
          "word.inserted-document", "", "altChunk"),
    fault("an inserted document in the text", '<w:altChunk r:id="rIdNone"/>', "word.inserted-document", "", "altChunk"),
    fault("a subdocument", lambda: letter().external("subDocument", "other.docx"), "word.inserted-document", "", "subdocument"),
    fault("a frame", lambda: letter().external("frame", "http://evil.example/x"), "word.inserted-document", "", "in a frame"),
    fault("a linked picture", lambda: letter().external("image", "http://track.example/pixel.png"), "word.external", "",
          "refers to a linked picture outside the document: http://track.example/pixel.png"),
    fault("a picture on a file server", lambda: letter().external("image", "\\\\server\\share\\logo.png"), "word.external",
          "", "\\\\server\\share\\logo.png"),
    fault("a linked object", lambda: letter().external("hyperlink", "file:///c:/windows/system32/calc.exe"),
          "word.external", "", "has a link to something else than a web page: file:"),
    fault("a script for a link", lambda: letter().external("hyperlink", "javascript:alert(1)"), "word.external", "",
          "javascript:alert(1)"),
    fault("a link to a file server", lambda: letter().external("hyperlink", "\\\\server\\share"), "word.external", "",
          "something else than a web page"),
    fault("a diagram", lambda: letter().part("/word/diagrams/data1.xml", "diagramData", "<x/>",
          "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"), "word.unknown-part", "",
          "diagramData"),
    fault("a web extension", lambda: letter().part("/word/webextensions/taskpanes.xml", "http://schemas.microsoft.com"
          "/office/2011/relationships/webextensiontaskpanes", "<x/>",
          "application/vnd.ms-office.webextensiontaskpanes+xml"), "word.unknown-part", "", "webextensiontaskpanes"),
    fault("a DDE field", p(SIMPLE_FIELD.format("DDE c:\\\\x cmd")), "word.field", BODY, "has the field DDE"),
    fault("a DDEAUTO field in pieces", p(field_runs(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ")), "word.field", BODY,
          "has the field DDEAUTO"),
    fault("an INCLUDETEXT field", p(SIMPLE_FIELD.format("INCLUDETEXT secret.txt")), "word.field", BODY, "INCLUDETEXT"),
    fault("an INCLUDEPICTURE field", p(SIMPLE_FIELD.format("INCLUDEPICTURE &quot;http://x.example/p.png&quot;")),
          "word.field", BODY, "INCLUDEPICTURE"),
    fault("a DATE field", p(SIMPLE_FIELD.format("DATE \\@ yyyy")), "word.field", BODY, "has the field DATE"),
    fault("a letter's reference to another text", p(SIMPLE_FIELD.format("REF here")), "word.field", BODY,
          "has the field REF, whose text can be another after signing"),
    fault("a font that a letter brings along", lambda: Maker(letter().body).part("/word/fonts/font1.odttf", "font", b"x",
          "application/vnd.openxmlformats-officedocument.obfuscatedFont"), "word.embedded-font", "", "brings a font along"),
    fault("a field in a header", in_header(p(SIMPLE_FIELD.format("FILENAME"))), "word.field", "header, paragraph 1",
          "FILENAME"),
    fault("an insertion", p(f"<w:ins {TRACKED}>{run('new')}</w:ins>"), "word.tracked-changes", BODY, "a tracked change"),
    fault("a deletion", p("x", f"<w:del {TRACKED}><w:r><w:delText>old</w:delText></w:r></w:del>"), "word.tracked-changes",
          BODY, "a tracked change"),
    fault("a tracked format", p(f"<w:r><w:rPr><w:b/><w:rPrChange {TRACKED}><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t>"
          "</w:r>"), "word.tracked-changes", BODY, "a tracked change"),
    fault("hidden text", p(run("secret price", "<w:vanish/>")), "word.hidden-text", BODY, "has hidden text"),
    fault("text hidden by its style", p(run("secret", '<w:rStyle w:val="Secret"/>')), "word.hidden-text", BODY,
          "in a style that hides it"),
    fault("text hidden by its style's style", p(run("secret", '<w:rStyle w:val="Deep"/>')), "word.hidden-text", BODY,
          "in a style that hides it"),
    fault("text of a table hidden by its style", f'<w:tbl><w:tblPr><w:tblStyle w:val="Veil"/></w:tblPr><w:tblGrid/><w:tr><w:tc>'
          f'{p("x")}</w:tc></w:tr></w:tbl>', "word.hidden-text", "", "in a style that hides it"),
    fault("hidden text in a formula", p(f"<m:oMath xmlns:m='{M}'><m:r><w:rPr><w:vanish/></w:rPr><m:t>x</m:t></m:r></m:oMath>"),
          "word.hidden-text", "paragraph 5", "has hidden text"),
    fault("a tracked change of a row", f'<w:tbl><w:tblGrid/><w:tr><w:trPr><w:trPrChange {TRACKED}><w:trPr/></w:trPrChange>'
          f'</w:trPr><w:tc>{p("x")}</w:tc></w:tr></w:tbl>', "word.tracked-changes", "", "a tracked change"),
    fault("hidden text in a footer", lambda: letter().story("footer", p(run("x", "<w:vanish/>")), "first"),
          "word.hidden-text", "first page's footer, paragraph 1", "has hidden text"),
    fault("a rare font in a style", changed_styles(FONTS, FONTS.replace("Calibri", "Agency Grotesk")), "word.font", "",
          "uses the font Agency Grotesk"),
    fault("a rare font in the text", p(run("x", '<w:rFonts w:ascii="Proxima Nova" w:hAnsi="Proxima Nova"/>')), "word.font",
          "", "uses the font Proxima Nova"),
    fault("no language", changed_styles('<w:lang w:val="en-GB"/>', ""), "word.language", "", "doesn't say its language"),
]  # fmt: skip

ELSEWHERE = [
    fault("a misspelt variable in a header", in_header(p("{{ sender.nme }}")), "variable.unknown", "header, paragraph 1",
          "`sender.nme`"),
    fault("a misspelt variable in the first page's header", in_header(p("{{ sender.nme }}"), "first"), "variable.unknown",
          "first page's header, paragraph 1", "`sender.nme`"),
    fault("a misspelt variable in a footer", lambda: letter().story("footer", p("x") + p("{{ sender.nme }}")),
          "variable.unknown", "footer, paragraph 2", "`sender.nme`"),
    fault("a misspelt variable in a footnote", lambda: letter().story("footnotes",
          f'<w:footnote w:id="1">{p("{{ sender.nme }}")}</w:footnote>'), "variable.unknown", "footnotes, paragraph 1",
          "`sender.nme`"),
    fault("a misspelt variable in a text box", p(text_box(p("{{ sender.nme }}"))), "variable.unknown",
          "paragraph 6, in a text box", "`sender.nme`"),
    fault("a misspelt variable in a table", table(row(cell(p("Invoice")), cell(p("Amount")), head=True),
          row(cell(p("a")), cell(p("amount of {{ invoce.total }}")))), "variable.unknown",
          "paragraph 8, in the table “Invoice | Amount”, near “amount of {{ invoce.total }}”", "`invoce`"),
    fault("a misspelt variable in a named table", table(row(cell(p("{{ owner.nme }}")), cell(p("b"))),
          caption="Outstanding payments"), "variable.unknown", "in the table “Outstanding payments”", "`owner.nme`"),
    fault("a misspelt variable in a table in a table",
          table(row(cell(table(row(cell(p("{{ owner.nme }}"))), caption="Inner"), p("x")))), "variable.unknown",
          "in the table “Inner”", "`owner.nme`"),
    fault("a misspelt variable in a content control",
          f"<w:sdt><w:sdtContent>{p('{{ owner.nme }}')}</w:sdtContent></w:sdt>", "variable.unknown", BODY, "`owner.nme`"),
    fault("a misspelt variable in a link", p(f'<w:hyperlink w:anchor="a">{run("{{ owner.nme }}")}</w:hyperlink>'),
          "variable.unknown", BODY, "`owner.nme`"),
    fault("a misspelt variable cut into runs", p("{", "{ own", "er.n", "me }", "}"), "variable.unknown", BODY,
          "“{{ owner.nme }}” asks for `owner.nme`"),
    fault("a misspelt variable under a heading", p("A word", style="Heading1") + p("{{ owner.nme }}"), "variable.unknown",
          "paragraph 6, under “A word”, near “{{ owner.nme }}”", "`owner.nme`"),
    fault("a misspelt variable in a long paragraph", p("one two three four five six seven {{ owner.nme }} " + "nine " * 9),
          "variable.unknown", "near “… three four five six seven {{ owner.nme }} nine nine nine nine nine …”", "`owner.nme`"),
]  # fmt: skip

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def behind_a_chart(content: bytes, type_: str) -> Maker:
    """A letter with a chart, and what stands behind that."""
    made = letter().part("/word/charts/chart1.xml", "chart", "<c/>", CHART)
    made.parts["/word/embeddings/book.bin"], made.types["/word/embeddings/book.bin"] = content, type_
    link = write_relationships([Relationship("rId1", f"{R}/package", "../embeddings/book.bin")])
    made.parts["/word/charts/_rels/chart1.xml.rels"] = link
    made.types["/word/charts/_rels/chart1.xml.rels"] = RELATIONSHIPS_TYPE
    return made


def workbook_with_macro() -> bytes:
    rels = write_relationships([])
    types = {"/_rels/.rels": RELATIONSHIPS_TYPE, "/xl/vba.bin": "application/vnd.ms-office.vbaProject"}
    return write_package(Package({"/_rels/.rels": rels, "/xl/vba.bin": b"x"}, types))


def drawing(inside: str) -> Maker:
    return letter().part("/word/media/image2.svg", "image", SVG.format(inside), "image/svg+xml")


def two_in_one() -> Maker:
    made = letter().story("header", p("x"))
    made.links.append(Relationship("rIdTwo", f"{R}/footer", "header1.xml"))
    made.references += '<w:footerReference w:type="default" r:id="rIdTwo"/>'
    return made


def bomb() -> Maker:
    """A letter with a picture whose header promises 3.6 gigapixels."""
    made = letter()
    made.parts["/word/media/image1.png"] = PNG[:16] + struct.pack(">II", 60_000, 60_000) + PNG[24:]
    return made


REFUSED = [
    fault("a workbook with macros behind a chart", lambda: behind_a_chart(b"x", XLSM), "word.embedded-object", "",
          "book.bin: holds an embedded object"),
    fault("a macro in the workbook behind a chart", lambda: behind_a_chart(workbook_with_macro(), XLSX),
          "word.embedded-object", "", "holds an embedded object"),
    fault("a program in a drawing", lambda: drawing("<script>x</script>"), "word.embedded-object", "", "with a program"),
    fault("a drawing that shows a picture from the web", lambda: drawing('<image xlink:href="http://a.example/x.png"/>'),
          "word.external", "", "refers to http://a.example/x.png"),
    fault("a shape that links to a file",
          p('<w:r><w:pict><v:shape style="width:9pt" href="file:///etc/passwd"/></w:pict></w:r>'), "word.external",
          "paragraph 5", "outside the document: file:///etc/passwd"),
    fault("a shape's picture from the web",
          p('<w:r><w:pict><v:shape><v:imagedata src="http://a.example/x.png"/></v:shape></w:pict></w:r>'), "word.external",
          "paragraph 5", "http://a.example/x.png"),
    fault("one part as two things", two_in_one,
          "word.damaged", "", "is both"),
    fault("a picture of 3.6 gigapixels", bomb, "picture.size", "", "60000 × 60000 pixels"),
]  # fmt: skip

FAULTS = [*TAGS, *VARIABLES, *CONTENT, *WORDS, *FILES, *ELSEWHERE, *REFUSED]
