"""Faulty templates, one fault each: what is put into a small template that is right, and what must be said about it.

Each case: the template, the rule, where the finding must point, and words that its message must have. Everything else in
the template is right, so that exactly one finding is expected.
"""

# ruff: noqa: E501 — a table of cases, a line each as far as it goes, and XML that no line break improves

import struct
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from handover.office.opc import RELATIONSHIPS_TYPE, Package, Relationship, write_package, write_relationships
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
) -> object:
    makers = {"letter": letter, "report": report, "pending": pending}
    make = (lambda: makers[document](body)) if isinstance(body, str) else body
    return pytest.param(Fault(make, rule, place, message, hint, document, language), id=name)


def in_header(xml: str, page: str = "default") -> Callable[[], Maker]:
    return lambda: letter().story("header", xml, page)


# The body's first paragraph is number 5 in the letter.
BODY = "paragraph 5, near "

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
    fault("an include", p("{% include 'other.docx' %}"), "tag.unknown", BODY, "`include` isn't a statement",
          hint="can't read other files"),
    fault("an import", p("{% import 'os' as os %}"), "tag.unknown", BODY, "`import` isn't a statement"),
    fault("a macro", p("{% macro m() %}"), "tag.unknown", BODY, "`macro` isn't"),
    fault("a block", p("{% block x %}"), "tag.unknown", BODY, "`block` isn't"),
    fault("raw text", p("{% raw %}"), "tag.unknown", BODY, "`raw` isn't"),
    fault("a do statement", p("{% do x.append(1) %}"), "tag.unknown", BODY, "`do` isn't"),
    fault("a with statement", p("{% with a = place %}"), "tag.unknown", BODY, "`with` isn't", hint="set"),
    fault("a merged cell's tag", p("{% vm %}"), "tag.unknown", BODY, "`vm` isn't", hint="merged"),
    fault("a coloured cell's tag", p("{% cellbg place %}"), "tag.unknown", BODY, "`cellbg` isn't", hint="style"),
    fault("a misspelt statement", p("{% esle %}"), "tag.unknown", BODY, "`esle` isn't", hint="did you mean `else`?"),
    fault("a statement with a capital", p("{% Set a = place %}"), "tag.unknown", BODY, "`Set` isn't", hint="`set`"),
    fault("an empty statement", p("{% %}"), "tag.unknown", BODY, "an empty tag"),
    fault("a level's letter after a space", p("{% p set a = place %}"), "tag.unknown", BODY, "`p` isn't", hint="{%p"),
    fault("an empty value", p("x {{ }}"), "tag.syntax", BODY, "can't be read: it is empty"),
    fault("a condition without a condition", p("{% if %}x{% endif %}"), "tag.syntax", BODY, "it has no condition"),
    fault("a loop without anything", p("{% for %}x{% endfor %}"), "tag.syntax", BODY, "what to go through"),
    fault("a loop without in", p("{% for line of sender.address %}x{% endfor %}"), "tag.syntax", BODY, "can't be read"),
    fault("a set without a value", p("{% set place %}"), "tag.syntax", BODY, "gives no value"),
    fault("a dash that Word made", p("{{ place – date }}"), "tag.syntax", BODY, "it has an en dash"),
    fault("an invisible space", p("{{ pla\u200bce }}"), "tag.syntax", BODY, "it has an invisible space"),
    fault("guillemets for quotation marks", p("{% if voice == «we» %}x{% endif %}"), "tag.syntax", BODY,
          "a French quotation mark"),
    fault("an open quotation mark", p("{% if voice == 'we %}x{% endif %}"), "tag.syntax", BODY,
          "a quotation mark isn't closed"),
    fault("a single equals sign", p("{% if voice = 'we' %}x{% endif %}"), "tag.syntax", BODY, "a single ="),
    fault("an ampersand for and", p("{% if reason && place %}x{% endif %}"), "tag.syntax", BODY, "write `and`"),
    fault("an exclamation mark for not", p("{% if ! reason %}x{% endif %}"), "tag.syntax", BODY, "write `not`"),
    fault("two words in a value's tag", p("{{ sender name }}"), "tag.syntax", BODY, "can't be read"),
    fault("a filter without a name", p("{{ place | }}"), "tag.syntax", BODY, "can't be read"),
    fault("a call", p("{{ place.upper() }}"), "tag.not-allowed", BODY, "has a call"),
    fault("a function", p("{{ range(9) }}"), "tag.not-allowed", BODY, "has a call"),
    fault("a calculation", p("{{ 9 ** 9 }}"), "tag.not-allowed", BODY, "has a calculation"),
    fault("a sum of texts", p("{{ place + date }}"), "tag.not-allowed", BODY, "has a calculation"),
    fault("a slice", p("{{ place[1:2] }}"), "tag.not-allowed", BODY, "has a part of a list"),
    fault("an argument by its name", p("{{ sender.address | join(d=', ') }}"), "tag.not-allowed", BODY, "a named argument"),
    fault("a dictionary", p("{% if {} %}x{% endif %}"), "tag.not-allowed", BODY, "has a dictionary"),
    fault("a negative number", p("{{ -1 }}"), "tag.not-allowed", BODY, "has a calculation"),
    fault("a condition without end", p("{% if reason %}x"), "tag.unbalanced", BODY, "has no {% endif %}"),
    fault("a loop without end", p("{% for line in sender.address %}x"), "tag.unbalanced", BODY, "has no {% endfor %}"),
    fault("an endif alone", p("x {% endif %}"), "tag.unbalanced", BODY, "there is no {% if … %} before it"),
    fault("an endfor alone", p("x {% endfor %}"), "tag.unbalanced", BODY, "there is no {% for … %} before it"),
    fault("an else alone", p("x {% else %}"), "tag.unbalanced", BODY, "stands outside any {% if … %}"),
    fault("an elif in a loop", p("{% for line in sender.address %}{% elif reason %}{% endfor %}"), "tag.unbalanced", BODY,
          "stands outside any {% if … %}"),
    fault("two elses", p("{% if reason %}a{% else %}b{% else %}c{% endif %}"), "tag.unbalanced", BODY, "after the {% else"),
    fault("a loop inside a condition without end", p("{% if reason %}{% for l in sender.address %}x{% endif %}"),
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
          p(run("{% if reason %}a"), f'<w:hyperlink w:anchor="a">{run("b{% endif %}")}</w:hyperlink>'), "tag.crosses", BODY,
          "stands in another paragraph, link or cell"),
    fault("a condition around a text box that ends in it", p(run("{% if reason %}a"), text_box(p("b{% endif %}"))),
          "tag.crosses", "in a text box", "stands in another"),
    fault("a lonely tag without its letter", p("{% if reason %}") + p("a") + p("{% endif %}"), "tag.paragraph", BODY,
          "leave empty paragraphs behind", hint="{%p if"),
    fault("a loop in paragraphs of its own without letters",
          p("{% for line in sender.address %}") + p("{{ line }}") + p("{% endfor %}"), "tag.paragraph", BODY,
          "leave empty paragraphs behind"),
    fault("text beside a paragraph's tag", p("Soon: {%p if reason %}") + p("a") + p("{%p endif %}"), "tag.not-alone", BODY,
          "“Soon:” would be lost"),
    fault("a picture beside a paragraph's tag", p(picture(), "{%p if reason %}") + p("a") + p("{%p endif %}"),
          "tag.not-alone", BODY, "“[picture]” would be lost"),
    fault("text beside a row's tag",
          table(row(cell(p("{%tr for line in sender.address %}")), cell(p("kept"))), row(cell(p("a"))),
                row(cell(p("{%tr endfor %}")))), "tag.not-alone", "in the table", "isn't alone in its row: “kept”"),
    fault("text beside a cell's tag",
          table(row(cell(p("{%tc if reason %}"), p("kept")), cell(p("a")), cell(p("{%tc endif %}")))), "tag.not-alone",
          "in the table", "isn't alone in its cell: “kept”"),
    fault("a row's tag outside a table", p("{%tr set a = place %}"), "tag.outside", BODY, "stands outside any table"),
    fault("a cell that a condition empties",
          table(row(cell(p("{%p if reason %}"), p("{{ reason }}"), p("{%p endif %}")), cell(p("b")))), "tag.empty-cell",
          "paragraph 5, in the table", "the cell holds nothing but"),
    fault("a cell that a loop may leave empty",
          table(row(cell(p("{%p for line in sender.address %}"), p("{{ line }}"), p("{%p endfor %}")))), "tag.empty-cell",
          "in the table", "the cell holds nothing but"),
    fault("a cell whose branches aren't all filled",
          table(row(cell(p("{%p if reason %}"), p("a"), p("{%p else %}"), p("{%p endif %}")))), "tag.empty-cell",
          "in the table", "the cell holds nothing but"),
    fault("a dash at a tag's beginning", p("{%- if reason %}x{% endif %}"), "tag.trim", BODY, "has a - or + at its edge"),
    fault("a dash at a value's end", p("{{ place -}}"), "tag.trim", BODY, "has a - or + at its edge"),
    fault("a rich text's tag", p("{{r place }}"), "tag.rich", BODY, "prints a raw part", hint="{{ place }}"),
    fault("a subdocument's tag", p("{{p place }}"), "tag.rich", BODY, "prints a raw part"),
    fault("a tag in an alternative text", p(picture(description="Logo of {{ sender.name }}")), "tag.not-filled", "paragraph 5",
          "stands in a property (descr)"),
    fault("a tag in a field", p(field_runs(' REF "{{ place }}" ')), "tag.not-filled", "paragraph 5", "stands in a field"),
    fault("a tag in an endnote", lambda: letter(p("A day.")).story(
        "endnotes", f'<w:endnote w:id="1">{p("Until {{ date }}")}</w:endnote>'), "tag.not-filled",
          "endnotes, paragraph 1", "stands in an endnote"),
]  # fmt: skip

VARIABLES = [
    fault("a misspelt variable", p("Dear {{ salutaton }}"), "variable.unknown", BODY, "there is no variable `salutaton`",
          hint="did you mean `salutation`?"),
    fault("a misspelt attribute", p("{{ sender.nmae }}"), "variable.unknown", BODY, "there is no `sender.nmae`",
          hint="did you mean `sender.name`?"),
    fault("a variable that is an attribute", p("{{ last_working_day }}"), "variable.unknown", BODY, "`last_working_day`",
          hint="did you mean `contract.last_working_day`?"),
    fault("a variable of another document", p("{{ headlines }}"), "variable.unknown", BODY, "`headlines`"),
    fault("a misspelt variable in a condition", p("{% if reson %}x{% endif %}"), "variable.unknown", BODY, "`reson`",
          hint="`reason`"),
    fault("a misspelt list", p("{% for h in highlight %}{{ h }}{% endfor %}"), "variable.unknown", BODY, "`highlight`",
          hint="`highlights`"),
    fault("a misspelt attribute of an item", p("{% for s in successors %}{{ s.nam }}{% endfor %}"), "variable.unknown",
          BODY, "there is no `s.nam`", hint="did you mean `s.name`?"),
    fault("a misspelt attribute two loops deep", p("{% for g in groups %}{% for x in g.projects %}{{ x.nme }}"
          "{% endfor %}{% endfor %}"), "variable.unknown", "paragraph 3", "there is no `x.nme`", document="pending"),
    fault("a misspelt attribute of a set variable", p("{% set o = owner %}{{ o.nme }}"), "variable.unknown", BODY,
          "there is no `o.nme`", hint="`o.name`"),
    fault("a misspelt attribute in brackets", p("{{ owner['nme'] }}"), "variable.unknown", BODY, "no `owner['nme']`",
          hint="name"),
    fault("an item outside its loop", p("{% for h in highlights %}{{ h }}{% endfor %} {{ h }}"), "variable.unknown", BODY,
          "there is no variable `h`"),
    fault("loop outside a loop", p("{% if loop.first %}x{% endif %}"), "variable.unknown", BODY, "no variable `loop`"),
    fault("something that loop doesn't have", p("{% for h in highlights %}{{ loop.number }}{% endfor %}"),
          "variable.unknown", BODY, "there is no `loop.number`"),
    fault("an attribute of a list", p("{% if payments %}{{ payments.invoices.number }}{% endif %}"), "variable.unknown",
          BODY, "asks a list for `number`", hint="{% for item in payments.invoices %}"),
    fault("an attribute of a text", p("{{ place.upper }}"), "variable.unknown", BODY, "`place` is a text",
          hint="write `| upper`"),
    fault("a class behind a text", p("{{ place.__class__ }}"), "variable.unknown", BODY, "no `place.__class__`"),
    fault("a password", p("{{ password }}"), "variable.secret", BODY, "asks for a secret: `password`"),
    fault("a token of a group", p("{{ sender.api_key }}"), "variable.secret", BODY, "asks for a secret: `api_key`"),
    fault("a passphrase", p("{{ passphrase }}"), "variable.secret", BODY, "asks for a secret"),
    fault("an optional value in a sentence", p("We leave because {{ reason }}."), "variable.optional", BODY,
          "`reason`, which may be absent", hint="{% if reason %}"),
    fault("the passphrase's channel, promised also where there is no passphrase",
          p("You will get the passphrase {{ passphrase_by }}."), "variable.optional", BODY,
          "`passphrase_by`, which may be absent", hint="{% if passphrase_by %}"),
    fault("an optional group's value", p("In {{ payments.currency }}."), "variable.optional", BODY,
          "asks for something in `payments`, which may be absent"),
    fault("an optional value that only another guards", p("{% if wishes %}As {{ reason }} says{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("an optional value where it is known to be absent", p("{% if not reason %}As {{ reason }} says{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("an optional value in the else of its guard", p("{% if reason %}x{% else %}As {{ reason }}{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("an optional value after its guard", p("{% if reason %}x{% endif %} as {{ reason }}"), "variable.optional", BODY,
          "`reason`, which may be absent"),
    fault("an optional value guarded by or", p("{% if reason or place %}as {{ reason }}{% endif %}"), "variable.optional",
          BODY, "`reason`, which may be absent"),
    fault("an optional value through a filter", p("As {{ reason | upper }}"), "variable.optional", BODY,
          "`upper` takes `reason`, which may be absent"),
    fault("an optional value joined to a text", p("{{ 'As ' ~ reason }}"), "variable.optional", BODY, "joins `reason`"),
    fault("an optional value under another name", p("{% set r = reason %}As {{ r }}"), "variable.optional", BODY,
          "`reason`, which may be absent"),
    fault("an optional value of an item", p("{% for s in successors %}{{ s.name }} ({{ s.contact }}){% endfor %}"),
          "variable.optional", BODY, "`successors[].contact`, which may be absent"),
    fault("the first item of a list that may be empty", p("First {{ highlights | first }}"), "variable.optional", BODY,
          "takes the first of `highlights`, which may have none", hint="{% if highlights %}"),
    fault("a joined list that may be empty", p("We did {{ highlights | join(', ') }}."), "variable.optional", BODY,
          "which may be absent"),
    fault("an arrow where there may be none", p("{% for f in figures %}{{ f.arrow }} {{ f.change }}{% endfor %}"),
          "variable.optional", "paragraph 6", "`figures[].arrow`, which may be absent", document="report"),
    fault("an optional list's loop", p("{% for i in payments.totals %}{{ i }}{% endfor %}"), "variable.optional", BODY,
          "asks for something in `payments`"),
    fault("an optional value in a choice", p("As {{ reason if place else date }}"), "variable.optional", BODY,
          "which may be absent"),
    fault("an optional value alone in its paragraph", p("{{ reason }}"), "variable.blank", BODY,
          "the paragraph then disappears", hint="{%p if reason %}"),
    fault("an optional value alone in a cell", table(row(cell(p("{{ reason }}")), cell(p("b")))), "variable.blank",
          "paragraph 5, in the table", "may be absent"),
    fault("a variable set in one branch", p("{% if reason %}{% set a = place %}{% endif %}{{ a }}"), "variable.not-set",
          BODY, "uses `a`, which isn't set in every case"),
    fault("a choice without else", p("From {{ place if reason }}"), "variable.not-set", BODY, "nothing for the other case"),
    fault("a loop over a text", p("{% for c in place %}x{% endfor %}"), "variable.not-a-list", BODY,
          "goes through a text, not a list", hint="without a loop"),
    fault("a loop over a group", p("{% if payments %}{% for i in payments %}x{% endfor %}{% endif %}"),
          "variable.not-a-list", BODY, "goes through a group of values", hint="`payments.invoices`"),
    fault("a loop over a yes or no", p("{% for x in american %}x{% endfor %}"), "variable.not-a-list", BODY,
          "goes through a yes or no"),
    fault("a loop over a number", p("{% for x in highlights | length %}x{% endfor %}"), "variable.not-a-list", BODY,
          "goes through a number"),
    fault("texts taken apart", p("{% for a, b in highlights %}x{% endfor %}"), "variable.not-a-list", BODY,
          "takes a text apart"),
    fault("a list of any length taken apart", p("{% set a, b = highlights %}{{ a }}"), "variable.not-a-list", BODY,
          "takes `highlights` apart into several variables, and it may have more or fewer items",
          hint="{% for item in highlights %}"),
    fault("a list printed", p("{{ highlights }}"), "variable.not-printable", BODY, "prints a list of texts", hint="join"),
    fault("a group printed", p("{{ owner }}"), "variable.not-printable", BODY, "prints a group", hint="name, title"),
    fault("an item that is a group printed", p("{% for s in successors %}{{ s }}{% endfor %}"), "variable.not-printable",
          BODY, "prints a group of values"),
    fault("a yes or no printed", p("{{ american }}"), "variable.not-printable", BODY, "prints a yes or no"),
    fault("a comparison printed", p("{{ voice == 'we' }}"), "variable.not-printable", BODY, "prints a yes or no"),
    fault("a list joined to a text", p("{{ 'All: ' ~ highlights }}"), "variable.not-printable", BODY, "joins a list"),
    fault("a text compared with a number", p("{% if voice == 1 %}x{% endif %}"), "variable.comparison", BODY,
          "compares a text with a number"),
    fault("a list compared with a text", p("{% if highlights == 'none' %}x{% endif %}"), "variable.comparison", BODY,
          "compares a list of texts with a text"),
    fault("is defined as a guard", p("{% if highlights is defined %}x{% endif %}"), "variable.defined", BODY,
          "it always is", hint="{% if highlights %}"),
    fault("an unknown filter", p("{{ place | shout }}"), "filter.unknown", BODY, "there is no filter `shout`"),
    fault("a misspelt filter", p("{{ place | uper }}"), "filter.unknown", BODY, "`uper`", hint="did you mean `upper`?"),
    fault("the filter default", p("{{ place | default('x') }}"), "filter.unknown", BODY, "no filter `default`", hint="if"),
    fault("the filter safe", p("{{ place | safe }}"), "filter.unknown", BODY, "no filter `safe`"),
    fault("the filter map", p("{{ highlights | map('upper') | join(', ') }}"), "filter.unknown", BODY, "no filter `map`"),
    fault("an unknown test", p("{% if place is filled %}x{% endif %}"), "filter.unknown", BODY, "no test `is filled`"),
    fault("a list in capitals", p("{{ highlights | upper }}"), "filter.type", BODY, "`upper` takes a text, not a list"),
    fault("a joined text", p("{{ place | join(', ') }}"), "filter.type", BODY, "`join` takes a list of texts, not a text"),
    fault("joined groups", p("{{ successors | join(', ') }}"), "filter.type", BODY, "not a list of groups"),
    fault("the length of a group", p("{{ owner | length }}"), "filter.type", BODY, "`length` takes a list, not a group"),
    fault("the first of a text", p("First: {{ place | first }}"), "filter.type", BODY, "`first` takes a list"),
]  # fmt: skip

CONTENT = [
    fault("a letter without the owner's name", lambda: letter(owner=p("Yours")), "content.required", "",
          "doesn't print the owner's name", hint="{{ owner.name }}"),
    fault("a letter without room for the signature", lambda: letter(signature=p("Signed")), "content.required", "",
          "the place of the owner's signature", hint="write signature as its alternative text"),
    fault("a letter without the client", lambda: letter(recipient=p("Dear client")), "content.required", "",
          "doesn't print the client's name"),
    fault("a letter without the last working day", lambda: letter(day=p("Soon.")), "content.required", "",
          "the last working day"),
    fault("a letter that only asks for the last working day",
          lambda: letter(day=p("{% if contract.last_working_day %}Soon.{% endif %}")), "content.required", "",
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
          lambda: report(figures=p("{%p for f in figures %}") + p("{{ f.sentence }}") + p("{%p endfor %}")),
          "content.required", "", "how each figure must be read", document="report"),
    fault("a report without its method", lambda: report(method=p("Trust us.")), "content.expected", "",
          "how the figures were compared", document="report"),
    fault("a report that hides what was left out", lambda: report(left_out=p("Nothing.")), "content.expected", "",
          "which metrics were left out", document="report"),
    fault("a list of pending projects without the summary", lambda: pending(summary=p("Here.")), "content.required", "",
          "the summary", document="pending"),
    fault("a picture without an alternative text", p(picture(description="")), "picture.alt", "paragraph 5",
          "“Picture 1” has no alternative text"),
    fault("a chart's name in plain text", p("See {{ timeline or date }}, {% for f in figures %}{{ f.chart }}{% endfor %}"),
          "picture.chart", "paragraph 6", "prints a chart's name outside", document="report"),
    fault("a chart's style without a chart", p("Nothing to see", style="HandoverChart"), "picture.chart", "paragraph 6",
          "names no chart", document="report"),
    fault("a chart's style with another value", p("{{ client }}", style="HandoverChart"), "picture.chart", "paragraph 6",
          "names no chart", document="report"),
    fault("a chart with a word beside it",
          p("{%p if timeline %}") + p("Chart: {{ timeline }}", style="HandoverChart") + p("{%p endif %}"),
          "picture.chart", "paragraph 7", "isn't the only thing", document="report"),
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
    fault("tu in French", p("Comme tu le sais."), "tone.informal", BODY, "“tu”", language="fr"),
    fault("ton in French", p("Nous clôturons ton dossier."), "tone.informal", BODY, "“ton”", language="fr"),
    fault("t’ in French", p("Nous t’envoyons la suite."), "tone.informal", BODY, "“t’envoyons”", language="fr"),
    fault("lorem ipsum", p("Lorem ipsum dolor sit amet."), "tone.placeholder", BODY, "“Lorem ipsum”"),
    fault("capital X", p("The sum is XXX euros."), "tone.placeholder", BODY, "“XXX”"),
    fault("a note to oneself", p("TODO check this."), "tone.placeholder", BODY, "“TODO”"),
    fault("text in brackets", p("Dear [name of the client],"), "tone.placeholder", BODY, "“[name of the client]”"),
    fault("an ellipsis in brackets", p("We thank you […] for this."), "tone.placeholder", BODY, "“[…]”"),
    fault("a line to fill in", p("Signed on ________"), "tone.placeholder", BODY, "“________”"),
    fault("another client", p("We thank Acme Bakery for the trust."), "tone.other-client", BODY, "“Acme Bakery”"),
    fault("another client in other letters", p("We thank ACME bakery."), "tone.other-client", BODY, "“Acme Bakery”"),
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
    fault("an attached template", lambda: letter().part("/word/settings.xml", "settings",
          f"<w:settings {NAMESPACES}/>", f"{WML}.settings+xml").external("attachedTemplate", "file:///z:/agency.dotx"),
          "word.attached-template", "", "is attached to a template somewhere else: file:///z:/agency.dotx"),
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
    fault("comments", lambda: letter().part("/word/comments.xml", "comments", f"<w:comments {NAMESPACES}/>",
          f"{WML}.comments+xml"), "word.comments", "", "has comments"),
    fault("an author", lambda: letter().properties("/docProps/core.xml",
          '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
          'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Ann Other</dc:creator></cp:coreProperties>',
          "application/vnd.openxmlformats-package.core-properties+xml"), "word.author", "", "names its author: Ann Other"),
    fault("a company", lambda: letter().properties("/docProps/app.xml",
          '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
          "<Company>Other Agency</Company></Properties>",
          "application/vnd.openxmlformats-officedocument.extended-properties+xml"), "word.author", "",
          "names its company: Other Agency"),
    fault("people", lambda: letter().part("/word/people.xml", "http://schemas.microsoft.com/office/2011/relationships"
          "/people", "<x/>", "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml"), "word.author",
          "", "names the people"),
    fault("custom XML", lambda: letter().part("/customXml/item1.xml", "customXml", "<x/>", "application/xml"),
          "word.custom-xml", "", "carries custom XML"),
    fault("a custom property", lambda: letter().properties("/docProps/custom.xml",
          '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
          '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="DMSPath"/></Properties>',
          "application/vnd.openxmlformats-officedocument.custom-properties+xml"), "word.custom-xml", "",
          "carries the property DMSPath"),
    fault("mail merge", lambda: letter().part("/word/settings.xml", "settings",
          f"<w:settings {NAMESPACES}><w:mailMerge/></w:settings>", f"{WML}.settings+xml"), "word.mail-merge", "",
          "set up for mail merge"),
    fault("a rare font in a style", changed_styles(FONTS, FONTS.replace("Calibri", "Agency Grotesk")), "word.font", "",
          "uses the font Agency Grotesk"),
    fault("a rare font in the text", p(run("x", '<w:rFonts w:ascii="Proxima Nova" w:hAnsi="Proxima Nova"/>')), "word.font",
          "", "uses the font Proxima Nova"),
    fault("no language", changed_styles('<w:lang w:val="en-GB"/>', ""), "word.language", "", "doesn't say its language"),
]  # fmt: skip

ELSEWHERE = [
    fault("a misspelt variable in a header", in_header(p("{{ sender.nme }}")), "variable.unknown", "header, paragraph 1",
          "no `sender.nme`"),
    fault("a misspelt variable in the first page's header", in_header(p("{{ sender.nme }}"), "first"), "variable.unknown",
          "first page's header, paragraph 1", "no `sender.nme`"),
    fault("a misspelt variable in a footer", lambda: letter().story("footer", p("x") + p("{{ sender.nme }}")),
          "variable.unknown", "footer, paragraph 2", "no `sender.nme`"),
    fault("a misspelt variable in a footnote", lambda: letter().story("footnotes",
          f'<w:footnote w:id="1">{p("{{ sender.nme }}")}</w:footnote>'), "variable.unknown", "footnotes, paragraph 1",
          "no `sender.nme`"),
    fault("a misspelt variable in a text box", p(text_box(p("{{ sender.nme }}"))), "variable.unknown",
          "paragraph 6, in a text box", "no `sender.nme`"),
    fault("a misspelt variable in a table", table(row(cell(p("Invoice")), cell(p("Amount")), head=True),
          row(cell(p("a")), cell(p("amount of {{ invoce.total }}")))), "variable.unknown",
          "paragraph 8, in the table “Invoice | Amount”, near “amount of {{ invoce.total }}”", "no variable `invoce`"),
    fault("a misspelt variable in a named table", table(row(cell(p("{{ owner.nme }}")), cell(p("b"))),
          caption="Outstanding payments"), "variable.unknown", "in the table “Outstanding payments”", "no `owner.nme`"),
    fault("a misspelt variable in a table in a table",
          table(row(cell(table(row(cell(p("{{ owner.nme }}"))), caption="Inner"), p("x")))), "variable.unknown",
          "in the table “Inner”", "no `owner.nme`"),
    fault("a misspelt variable in a content control",
          f"<w:sdt><w:sdtContent>{p('{{ owner.nme }}')}</w:sdtContent></w:sdt>", "variable.unknown", BODY, "no `owner.nme`"),
    fault("a misspelt variable in a link", p(f'<w:hyperlink w:anchor="a">{run("{{ owner.nme }}")}</w:hyperlink>'),
          "variable.unknown", BODY, "no `owner.nme`"),
    fault("a misspelt variable cut into runs", p("{", "{ own", "er.n", "me }", "}"), "variable.unknown", BODY,
          "“{{ owner.nme }}” there is no `owner.nme`"),
    fault("a misspelt variable under a heading", p("A word", style="Heading1") + p("{{ owner.nme }}"), "variable.unknown",
          "paragraph 6, under “A word”, near “{{ owner.nme }}”", "no `owner.nme`"),
    fault("a misspelt variable in a long paragraph", p("one two three four five six seven {{ owner.nme }} " + "nine " * 9),
          "variable.unknown", "near “… three four five six seven {{ owner.nme }} nine nine nine nine nine …”", "no `owner.nme`"),
]  # fmt: skip

PAGE = '<w:p><w:pPr><w:sectPr><w:pgSz w:w="21cm" w:h="29.7cm"/></w:sectPr></w:pPr></w:p>'
FORMULA = (
    '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>{{ place }}</m:t></m:r>'
    "</m:oMath></w:p>"
)

CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
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

# What looked right and failed when the document was made.
OPERATIONS = [
    fault("a text and a yes or no put in order", p("{% if place < american %}x{% endif %}"), "variable.operation", BODY,
          "which is more of a text and a yes or no"),
    fault("a text and nothing put in order", p("{% if place < none %}x{% endif %}"), "variable.operation", BODY,
          "a text and nothing"),
    fault("groups put in order", p("{% if owner > sender %}x{% endif %}"), "variable.operation", BODY, "a group of values"),
    fault("values of several kinds put in order", p("{% if (place or american) < 1 %}x{% endif %}"), "variable.operation",
          BODY, "a yes or no or a text and a number"),
    fault("an even text", p("{% if place is even %}x{% endif %}"), "variable.operation", BODY,
          "`is even` asks about a number, not a text"),
    fault("something in a yes or no", p("{% if 'a' in american %}x{% endif %}"), "variable.operation", BODY,
          "looks for something in a yes or no"),
    fault("something in a yes or no, by a test", p("{% if place is in american %}x{% endif %}"), "variable.operation", BODY,
          "looks for something in a yes or no"),
    fault("a number in a text", p("{% if 1 in place %}x{% endif %}"), "variable.operation", BODY, "looks for a number in a text"),
    fault("something in a text that may be absent", p("{% if 'a' in reason %}x{% endif %}"), "variable.optional", BODY,
          "searches `reason`"),
    fault("a text that may be absent in another", p("{% if reason in place %}x{% endif %}"), "variable.optional", BODY,
          "looks for `reason`"),
    fault("a filter with an argument too many", p("x {{ place | upper(1) }}"), "filter.arguments", BODY,
          "`upper` takes nothing between brackets"),
    fault("an argument for the first", p("{% if highlights %}{{ highlights | first('x') }}{% endif %}"), "filter.arguments",
          BODY, "`first` takes nothing between brackets"),
    fault("arguments from a list", p("x {{ sender.address | join(*sender.address) }}"), "filter.arguments", BODY,
          "`join` takes at most 2 values, written out,"),
    fault("an attribute of joined texts", p("x {{ sender.address | join(', ', 'x') }}"), "filter.arguments", BODY,
          "only where the items are groups"),
    fault("a joined attribute that isn't written out", p("{{ enclosures | join(', ', place) }}"), "filter.arguments", BODY,
          "by its name"),
    fault("a list between joined texts", p("x {{ sender.address | join(highlights) }}"), "filter.type", BODY,
          "`join` puts a text between the items, not a list of texts"),
    fault("a test without its value", p("{% if place is eq %}x{% endif %}"), "filter.arguments", BODY, "`is eq` takes one value"),
    fault("a test with two values", p("{% if place is in(place, place) %}x{% endif %}"), "filter.arguments", BODY,
          "`is in` takes one value"),
    fault("a test with a value that it doesn't take", p("{% if place is none(1) %}x{% endif %}"), "filter.arguments", BODY,
          "`is none` takes nothing"),
    fault("a question for the first of an empty list", p("{% if highlights | first %}x{% endif %}"), "variable.optional", BODY,
          "takes the first of `highlights`"),
    fault("a question for an item by its number", p("{% if highlights[0] %}x{% endif %}"), "variable.optional", BODY,
          "takes an item of `highlights` by its number", hint="{% if highlights %}"),
    fault("a third item that may not be there", p("{% if highlights %}{{ highlights[2] }}{% endif %}"), "variable.optional",
          BODY, "by its number", hint="{% for item in highlights %}"),
    fault("a letter of a text that may not be there", p("x {{ place[99] }}"), "variable.unknown", BODY,
          "asks a text for an item by its number"),
    fault("the first of an empty list that is there", p("{% if highlights is not none %}{{ highlights | last }}{% endif %}"),
          "variable.optional", BODY, "takes the last of `highlights`"),
    fault("the first of a list known to be empty", p("{% if highlights | length == 0 %}{{ highlights | first }}{% endif %}"),
          "variable.optional", BODY, "takes the first of `highlights`"),
    fault("a guard by a length that proves nothing",
          p("{% if highlights | length >= 0 %}{{ highlights | first }}{% endif %}"), "variable.optional", BODY, "the first of"),
    fault("a guard by two values that may both be absent", p("{% if reason == wishes %}As {{ reason }}{% endif %}"),
          "variable.optional", BODY, "`reason`, which may be absent"),
    fault("the item before the first", p("{% for h in highlights %}{% if loop.previtem %}x{% endif %}{% endfor %}"),
          "variable.unknown", BODY, "there is no `loop.previtem`"),
    fault("a text without letters in a sentence", p("x {{ 's' if american else '' }}"), "variable.optional", BODY,
          "which may be absent"),
    fault("a value that is absent at times, and alone in a loop",
          p("{% for s in successors %}{{ s.contact }}{% endfor %}"), "variable.optional", BODY, "may be absent"),
    fault("a yes or no or a text printed", p("x {{ american or place }}"), "variable.not-printable", BODY,
          "prints a yes or no or a text"),
    fault("a list of several kinds printed", p("{% for f in ['a', american] %}{{ f }}{% endfor %}"), "variable.not-printable",
          BODY, "prints a yes or no or a text"),
    fault("nothing joined to a text", p("{{ 'x' ~ none }}"), "variable.not-printable", BODY, "joins nothing to a text"),
    fault("a broken number printed", p("x {{ 1.5 }}"), "variable.not-printable", BODY, "prints a decimal fraction"),
    fault("loop as a name of one's own", p("{% for loop in highlights %}x{% endfor %}"), "variable.fails", BODY,
          "can't be read: can't assign to special loop variable"),
    fault("a list taken apart into too many", p("{% for a, b in [['x']] %}y{% endfor %}"), "variable.not-a-list",
          BODY, "takes a list apart"),
    fault("a list under another name taken apart", p("{% set l = ['x', 'y'] %}{% set a, b = l %}y"), "variable.not-a-list",
          BODY, "takes a list apart"),
    fault("a character that no document can hold, spelt out", p(r"{{ 'a\x07b' }}"), "variable.not-printable", BODY, "U+0007"),
    fault("a number longer than Python's", p("{{ " + "9" * 5000 + " }}"), "tag.syntax", BODY, "longer than 2000 characters"),
    fault("a chain of filters without end", p("{{ place" + " | upper" * 200 + " }}"), "tag.syntax", BODY, "nested too deeply"),
    fault("conditions in conditions", p("{% if place %}" * 17 + "{% endif %}" * 17), "tag.depth", BODY, "the 17th tag inside"),
    fault("loops in loops that never end",
          p("".join(f"{{% for v{n} in [1,2,3,4,5,6,7,8,9,0] %}}" for n in range(9)) + "{% endfor %}" * 9), "variable.fails",
          BODY, "is filled in too often"),
    fault("a text that doubles itself", p("{% set s = 'xxxxxxxx' %}" + "{% set s = s ~ s %}" * 30 + "{{ s }}"),
          "variable.fails", BODY, "a value that grows beyond any document's"),
    fault("a list that doubles itself", p("{% set s = ['x'] %}" + "{% set s = [s, s] %}" * 30 + "x"), "variable.fails", BODY,
          "a value that grows beyond any document's"),
]  # fmt: skip

BRACES = [
    fault("a percent sign in a paragraph's tag", p("{%p if place == '5%' %}") + p("x") + p("{%p endif %}"), "tag.not-allowed",
          BODY, "has a % or } inside", hint="`set` before"),
    fault("a brace in a paragraph's tag", p("{%p if place == '}' %}") + p("x") + p("{%p endif %}"), "tag.not-allowed", BODY,
          "has a % or } inside"),
    fault("a tag in a formula", FORMULA, "tag.not-filled", "", "“{{ place }}” stands in an element (t), not in the text"),
    fault("braces on both sides of a paragraph's edge", p("a {") + p("{ b"), "tag.not-filled", "paragraph 6",
          "“{” and “{” stand side by side"),
    fault("braces on both sides of a tab", p(run("a {"), "<w:r><w:tab/></w:r>", run("% b")), "tag.not-filled", "paragraph 5",
          "“{” and “%” stand side by side"),
    fault("a percent sign and a brace on both sides of an edge", p("100%") + p("} b"), "tag.not-filled", "paragraph 6",
          "“%” and “}” stand side by side"),
    fault("braces around a note", p("a}{# note #}} b"), "tag.not-filled", BODY, "a brace follows a tag"),
    fault("braces with an underscore", p("a {_{ b"), "tag.not-filled", BODY, "an underscore stands between two braces"),
    fault("a tag's beginning in an alternative text", p(picture(description="a {{ b")), "tag.not-filled", "paragraph 5",
          "“{{” stands in a property (descr)"),
    fault("a note in an alternative text", p(picture(description="{# b #}")), "tag.not-filled", "paragraph 5", "“{# b #}”"),
    fault("a character that stands for an absent value", p("a\ufdd0b"), "word.character", "paragraph 5", "U+FDD0"),
    fault("characters that stand for braces", p("\ufdd1\ufdd1 place \ufdd2\ufdd2"), "word.character", "paragraph 5", "U+FDD1"),
    fault("a table without its columns", f"<w:tbl><w:tr>{cell(p('x'))}</w:tr></w:tbl>", "word.damaged", "paragraph 5",
          "doesn't say its columns"),
    fault("a column without a width", table(row(cell(p("x")))).replace('<w:gridCol w:w="2000"/>', "<w:gridCol/>"),
          "word.damaged", "paragraph 5", "column has no width"),
    fault("a cell that spans a word", table(row(cell(p("x")).replace("</w:tcPr>", '<w:gridSpan w:val="x"/></w:tcPr>'))),
          "word.damaged", "paragraph 5", "how many columns"),
    fault("a page measured in centimetres", lambda: Maker(letter().body + PAGE), "word.damaged", "", "whole number of twips"),
]  # fmt: skip

FAULTS = [*TAGS, *VARIABLES, *CONTENT, *WORDS, *FILES, *ELSEWHERE, *OPERATIONS, *BRACES, *REFUSED]
