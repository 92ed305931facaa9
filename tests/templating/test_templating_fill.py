"""Filling a template: where values stand, what they become, what conditions and loops leave of the document."""

# ruff: noqa: E501 — tables of cases, a line each as far as it goes

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree

from handover.formats.chart.markup import Part as ChartPart
from handover.formats.chart.place import Placed
from handover.formats.package.opc import Package
from handover.formats.word.ooxml import WP, w
from handover.model.errors import TemplateError
from handover.templating import fill, repair
from handover.templating.kinds import ChartName
from template_making import Maker, cell, field_runs, p, picture, row, run, table, text_box
from templating.filling import BODY, FINISH, Part, View, filled, lines, links, root

P, END = "{%p for x in words %}", "{%p endfor %}"


# Tags as Word stores them


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(p("{{ title }}"), "Title", id="whole"),
        pytest.param(p(*"{{ title }}"), "Title", id="cut at every letter"),
        pytest.param(p("a{", "{ ti", "tle }", "}b"), "aTitleb", id="cut inside its braces, text around it"),
        pytest.param(p(run("{{ ti"), '<w:proofErr w:type="spellStart"/>', run("tle", "<w:b/>"), run(" }}")), "Title",
                     id="cut by spell-check marks"),
        pytest.param(p(run("{{ ti"), '<w:bookmarkStart w:id="4" w:name="b"/>', run("tle }}"), '<w:bookmarkEnd w:id="4"/>'),
                     "Title", id="cut by a bookmark's beginning"),
        pytest.param(p("<w:r><w:t>{{ ti</w:t><w:t>tle }}</w:t></w:r>"), "Title", id="cut inside a run"),
        pytest.param(p("<w:r><w:t>{{ ti</w:t><w:lastRenderedPageBreak/><w:t>tle }}</w:t></w:r>"), "Title",
                     id="cut by where a page once ended"),
        pytest.param(p("{{\u00a0title\u202f}}"), "Title", id="with no-break spaces"),
        pytest.param(p("{{ ti\u200btle\u00ad }}"), "Title", id="with characters that nobody sees"),
        pytest.param(p("{{title}}{{title}}"), "TitleTitle", id="two, side by side"),
        pytest.param(p("{% if pace == “slow” %}S{% endif %}{% if pace == ‘slow’ %}s{% endif %}"), "Ss", id="curly quotes"),
        pytest.param(p("{% if title == \u201ctitle\u201d %}x{% endif %}y"), "y", id="a word of other letters"),
        pytest.param(p("x<{{ title }}> & y"), "x<Title> & y", id="among XML's own signs"),
    ],
)  # fmt: skip
def test_a_tag_is_read_however_word_keeps_it(body: str, text: str) -> None:
    assert lines(filled(body)) == [text]


def test_a_value_takes_the_formatting_of_its_tags_first_letter_and_the_rest_keeps_its_own() -> None:
    body = p(run("a{{ ", "<w:b/>"), run("title", "<w:i/>"), run(" }}b", "<w:u/>"))
    runs = [
        ("".join(one.itertext()), [etree.QName(x).localname for x in one.find(w("rPr"))])
        for one in root(filled(body)).iter(w("r"))
    ]
    assert runs == [("a", ["b"]), ("Title", ["b"]), ("b", ["u"])]


@pytest.mark.parametrize("inside", ["<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>"])
@pytest.mark.parametrize("tag", ["{{ title }}", "{% if on %}", "{% endif %}"])
def test_what_stands_beside_a_tag_in_its_run_stays(inside: str, tag: str) -> None:
    rest = {"{% if on %}": ("", "{% endif %}"), "{% endif %}": ("{% if on %}", "")}.get(tag, ("", ""))
    before = p(rest[0], f"<w:r>{inside}<w:t>{tag}</w:t></w:r>", rest[1])
    after = p(rest[0], f"<w:r><w:t>{tag}</w:t>{inside}</w:r>", rest[1])
    for body in (before, after):
        package = filled(body)
        assert len(list(root(package).iter(*map(w, ("tab", "br", "noBreakHyphen"))))) == 1
        assert "".join(lines(package)).strip() == ("Title" if "title" in tag else "")


# Where tags stand


@pytest.mark.parametrize("kind", ["header", "footer"])
@pytest.mark.parametrize("page", ["default", "first", "even"])
def test_headers_and_footers_are_filled(kind: str, page: str) -> None:
    package = filled(Maker(p("x")).story(kind, p("{{ title }}") + p(P) + p("{{ x }}") + p(END), page))
    assert lines(package, f"/word/{kind}1.xml") == ["Title", "a", "b", "c"]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_filled(kind: str) -> None:
    note = f'<w:{kind} w:id="1">{p("{{ title }}{% if off %}no{% endif %}")}</w:{kind}>'
    body = p("x", f'<w:r><w:{kind}Reference w:id="1"/></w:r>')
    assert lines(filled(Maker(body).story(f"{kind}s", note)), f"/word/{kind}s1.xml") == ["Title"]


def test_a_text_box_and_its_copy_for_older_programs_are_filled_alike() -> None:
    inside = p("{{ title }}") + p(P) + p("{{ x }}") + p(END)
    assert lines(filled(p("around ", text_box(inside)))) == ["around ", *["Title", "a", "b", "c"] * 2]


def test_a_text_box_in_a_loop_is_filled_for_each_item() -> None:
    package = filled(p(P) + p(text_box(p("{{ x }}"))) + p(END))
    assert [line for line in lines(package) if line] == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.parametrize("holder", [
    pytest.param('<w:hyperlink w:anchor="a">{}</w:hyperlink>', id="a link"),
    pytest.param("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", id="a content control"),
    pytest.param("<w:smartTag>{}</w:smartTag>", id="a smart tag"),
])  # fmt: skip
def test_tags_inside_what_holds_runs_are_filled(holder: str) -> None:
    assert lines(filled(p("x", holder.format(run("{{ title }}{% for x in words %}{{ x }}{% endfor %}"))))) == [
        "xTitleabc"
    ]


def test_a_field_beside_a_tag_stays_whole() -> None:
    package = filled(p(run("{% if on %}Page "), field_runs(" PAGE "), run("{% endif %}{{ title }}")))
    assert [one.get(w("fldCharType")) for one in root(package).iter(w("fldChar"))] == ["begin", "separate", "end"]
    assert lines(package) == ["Page 1Title"]


# Links and alternative texts


def linked(target: str, text: str = "{{ title }}") -> Maker:
    return Maker(p(f'<w:hyperlink r:id="rIdOut0">{run(text)}</w:hyperlink>')).external("hyperlink", target)


@pytest.mark.parametrize(("target", "value", "address"), [
    pytest.param("mailto:%7B%7B%20title%20%7D%7D", "a@b.example", "mailto:a@b.example", id="as Word stores it"),
    pytest.param("mailto:%7b%7btitle%7d%7d", "a@b.example", "mailto:a@b.example", id="in small letters"),
    pytest.param("mailto:{{ title }}", "a@b.example", "mailto:a@b.example", id="as it was typed"),
    pytest.param("%7B%7B%20title%20%7D%7D", "https://a.example/x?y=1", "https://a.example/x?y=1", id="a whole address"),
    pytest.param("tel:{{ title }}", "+33 (0)5 56", "tel:+330556", id="a phone number"),
    pytest.param("mailto:{{ title }}", "a b@c?cc=d&e", "mailto:a%20b@c%3Fcc%3Dd%26e", id="a mail that adds no copy"),
    pytest.param("https://a.example/{{ title }}", "é <x> #y", "https://a.example/%C3%A9%20%3Cx%3E%20%23y", id="a path"),
    pytest.param("https://a.example/{{ title }}/{{ size }}", "b", "https://a.example/b/7", id="two values"),
    pytest.param("https://a.example/%7Bx%7D/{{ title }}", "b", "https://a.example/%7Bx%7D/b", id="braces of its own"),
])  # fmt: skip
def test_a_value_in_a_link_makes_an_address(target: str, value: str, address: str) -> None:
    package = filled(linked(target), title=value)
    assert links(package) == [address]
    assert lines(package) == [value]


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "file:///etc/passwd", "\\\\server\\share", "x", "https://a b"]
)
def test_a_link_that_would_lead_elsewhere_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(TemplateError, match=r"^sample\.docx: a link would lead to “.*paragraph 1") as refused:
        filled(linked("{{ title }}", "x"), title=value)
    assert "https://" in refused.value.hint


def test_links_in_a_loop_lead_where_each_item_says() -> None:
    target = "mailto:{{ x }}@b.example"
    body = p(P) + p(f'<w:hyperlink r:id="rIdOut0">{run("{{ x }}")}</w:hyperlink>') + p(END)
    package = filled(Maker(body).external("hyperlink", target))
    assert links(package) == ["mailto:a@b.example", "mailto:b@b.example", "mailto:c@b.example"]
    assert "%7" not in package.parts["/word/_rels/document.xml.rels"].decode()


def descriptions(package: Package) -> list[str]:
    return [one.get("descr", "") for one in root(package).iter(f"{{{WP}}}docPr")]


def test_a_value_in_an_alternative_text_is_printed() -> None:
    assert descriptions(filled(p(picture("Quay", "The quay of {{ title }} &amp; co")))) == ["The quay of Title & co"]
    assert descriptions(filled(p(P) + p(picture("x", "No {{ x }}")) + p(END))) == ["No a", "No b", "No c"]


# Values


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a & b < c > \"d\" 'e'", id="markup characters"),
        pytest.param("{{ title }} {% if on %} {# z #}", id="text that looks like tags"),
        pytest.param("{{ password }}{%p endfor %}", id="tags that would be refused"),
        pytest.param("]]> &amp; &#65; <!DOCTYPE x>", id="CDATA ends, entities, a DOCTYPE"),
        pytest.param("  two  spaces  ", id="spaces at the ends and in the middle"),
        pytest.param("one\ntwo\n\nfour\n", id="line breaks"),
        pytest.param("\ta\tb\t", id="tabs"),
        pytest.param("éÀŒ 𝒜🙂\u00a0\u202f\u200d\u202e", id="any script, no-break spaces and marks"),
        pytest.param("\ue000}\ufffc", id="characters that stand for others in the program"),
        pytest.param("</w:t><w:br/><w:t>x</w:t>", id="WordprocessingML as text"),
        pytest.param("\\x41 \\n %7B%7B %s {0} $x", id="escapes"),
        pytest.param("logo", id="a placeholder's name"),
        pytest.param("chart", id="a chart's name"),
    ],
)
def test_a_value_comes_out_exactly_as_given(value: str) -> None:
    body = p("[{{ title }}]") + p("{%p for x in words %}") + p("{{ x }}") + p(END)
    assert lines(filled(body, title=value, words=(value,))) == [f"[{value}]", value]


_characters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])
_text = st.text(st.one_of(_characters, st.sampled_from("{}%_#&<>]\n\t")), min_size=1)
_BODY = p("[{{ title }}]") + table(
    row(cell(p("{%tr for x in words %}"))), row(cell(p("{{ x }}"))), row(cell(p("{%tr endfor %}")))
)


def shape(package: Package) -> list[str]:
    """The names of all elements but those that a text is made of."""
    texts = {w("t"), w("br"), w("tab")}
    return [str(one.tag) for name in sorted(package.parts) if name.startswith("/word/") and name.endswith(".xml")
            for one in etree.fromstring(package.parts[name]).iter() if one.tag not in texts]  # fmt: skip


@effort(max_examples=25)
@given(_text, st.lists(_text, min_size=1, max_size=2))
def test_no_value_makes_an_element_but_texts_breaks_and_tabs(value: str, words: list[str]) -> None:
    made = Maker(_BODY + p(picture("x", "{{ title }}"))).story("header", p("{{ title }}"))
    package = filled(made, title=value, words=tuple(words))
    assert lines(package)[:-1] == [f"[{value}]", *words]
    assert shape(package) == shape(filled(made, title="x", words=("y",) * len(words)))
    assert package.parts.keys() == filled(made).parts.keys()


@pytest.mark.parametrize("bad", ["\x00", "\x0c", "\x0b", "\r", "\ud800", "\ufdd0", "\uffff", "\u2028"])
@pytest.mark.parametrize("body", [
    pytest.param(p("{{ title }}"), id="in the text"),
    pytest.param(p(picture("x", "{{ title }}")), id="in an alternative text"),
])  # fmt: skip
def test_a_character_that_no_document_holds_is_refused(body: str, bad: str) -> None:
    with pytest.raises(
        TemplateError, match=rf"^sample\.docx: “{{{{ title }}}}” prints the character U\+{ord(bad):04X}"
    ):
        filled(body, title=f"a{bad}")


@pytest.mark.parametrize("absent", [None, ""])
def test_an_absent_value_is_refused_with_its_place(absent: str | None) -> None:
    with pytest.raises(
        TemplateError, match=r"prints a value that this project doesn't have \(paragraph 2, near “call"
    ) as no:
        filled(p("x") + p("call {{ note }} today"), note=absent)
    assert "{% if note %}" in no.value.hint


@pytest.mark.parametrize(("tag", "text", "value"), [
    pytest.param("upper", "L’ÉTÉ À MCDONALD'S", "l’été à McDonald's", id="upper"),
    pytest.param("lower", "l’été à mcdonald's", "L’Été à McDonald's", id="lower"),
    pytest.param("title", "L’été À McDonald's", "l’été à McDonald's", id="title, apostrophes and capitals left alone"),
    pytest.param("title", "Jean-Paul_Sartre 3d", "jean-paul_sartre 3d", id="title after hyphens"),
    pytest.param("capitalize", "L’été à McDonald's", "l’été à McDonald's", id="capitalize"),
    pytest.param("capitalize", "Éa", "éa", id="capitalize an accent"),
])  # fmt: skip
def test_a_letter_case_form(tag: str, text: str, value: str) -> None:
    assert lines(filled(p(f"{{{{ title | {tag} }}}}"), title=value)) == [text]


def test_a_number_and_a_word_of_a_list_are_printed() -> None:
    assert lines(filled(p("{{ size }} {{ pace }} {{ pace | upper }} {{ part.size }}"))) == ["7 slow SLOW 3"]


# Conditions and loops


@pytest.mark.parametrize(("condition", "holds"), [
    ("on", True), ("off", False), ("not off", True), ("title", True), ("note", False), ("words", True), ("none", False),
    ("part", True), ("maybe", False), ("maybe.name", False), ("maybe.name == 'x'", False), ("maybe.name != 'x'", True),
    ("size", True), ("part.size", True), ("pace == 'slow'", True), ("pace == 'fast'", False), ("pace != 'fast'", True), ("note == ''", False),
    ("on and off", False), ("on or off", True), ("off or on and off", False), ("(off or on) and on", True),
    ("not (on and off)", True), ("title == 'Title'", True), ("title == 'title'", False), ("words == 'a'", False),
])  # fmt: skip
def test_a_condition_holds(condition: str, holds: bool) -> None:
    package = filled(p(f"x{{% if {condition} %}}y{{% else %}}n{{% endif %}}"), part=Part(size=0))
    assert lines(package) == ["xy" if holds else "xn"]


def test_a_word_is_compared_as_people_see_it() -> None:
    assert lines(filled(p('{% if title == "L\'Oréal 12 %" %}y{% endif %}'), title="L’Oréal\u00a012\u202f%")) == ["y"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(p("We leave{% if note %}, for {{ note }}{% endif %}."), ["We leave."], id="an if inside a sentence"),
        pytest.param(p("a{% if off %}b{% elif pace == 'slow' %}c{% else %}d{% endif %}e"), ["ace"], id="a further branch"),
        pytest.param(p("a{% if off %}b{% elif off %}c{% else %}d{% endif %}e"), ["ade"], id="an else"),
        pytest.param(p("{% for x in words %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}"), ["a, b, c"],
                     id="a list in a sentence"),
        pytest.param(p("{% for x in words %}{{ loop.index }}{% if loop.first %}!{% endif %}{% endfor %}"), ["1!23"],
                     id="what loop tells"),
        pytest.param(p("{% for x in parts %}{% for y in x.tags %}{{ loop.index }}{{ y }}{% endfor %}{{ loop.index }} "
                       "{% endfor %}"), ["1red2blue1 1red2blue2 "], id="loop belongs to the innermost loop"),
        pytest.param(p("{% for title in words %}{{ title }}{% endfor %}{{ title }}"), ["abcTitle"],
                     id="an item with a value's name"),
        pytest.param(p("x{% for y in none %}{{ y }}{% endfor %}{% for y in maybe.tags %}{{ y }}{% endfor %}"), ["x"],
                     id="loops through nothing"),
        pytest.param(p("a") + p("{%p if on %}") + p("b") + p("{%p else %}") + p("c") + p("{%p endif %}") + p("d"),
                     ["a", "b", "d"], id="paragraphs of one branch"),
        pytest.param(p(P) + p("{{ x }}") + p("{%p if loop.first %}") + p("first") + p("{%p endif %}") + p(END),
                     ["a", "first", "b", "c"], id="paragraphs in loops and conditions"),
        pytest.param(p("{%p for x in parts %}") + p("{{ x.name }}") + p("{%p for y in x.tags %}") + p("{{ y }}") + p(END)
                     + p(END), ["one", "red", "blue", "two", "red", "blue"], id="paragraphs in nested loops"),
        pytest.param(p("{%p if off %}") + table(row(cell(p("x")))) + p("{%p endif %}") + p("y"), ["y"],
                     id="a table that a condition leaves out"),
        pytest.param(p(" {%p if on %} ") + p("y") + p("{%p endif %}"), ["y"], id="spaces around a paragraph's tag"),
        pytest.param(p("a") + "<w:p/>" + p("b"), ["a", "", "b"], id="empty paragraphs of the template"),
        pytest.param(table(row(cell(p("{%tr for x in words %}")), cell("<w:p/>")), row(cell(p("{{ x }}")), cell(p("y"))),
                           row(cell(p("{%tr endfor %}")))), ["a", "y", "b", "y", "c", "y"], id="rows"),
        pytest.param(table(row(cell(p("{%tr for x in parts %}"))), row(cell(p("{{ x.name }}"))),
                           row(cell(p("{%tr for y in x.tags %}"))), row(cell(p("{{ y }}"))), row(cell(p("{%tr endfor %}"))),
                           row(cell(p("{%tr endfor %}")))), ["one", "red", "blue", "two", "red", "blue"],
                     id="rows in rows"),
        pytest.param(table(row(cell(p("{%tc for x in words %}")), cell(p("{{ x }}")), cell(p("{%tc endfor %}")))),
                     ["a", "b", "c"], id="cells"),
        pytest.param(table(row(cell(p("{%tc if off %}")), cell(p("x")), cell(p("{%tc else %}")), cell(p("y")),
                               cell(p("{%tc endif %}")), cell(p("z")))), ["y", "z"], id="cells of one branch"),
    ],
)  # fmt: skip
def test_what_conditions_and_loops_leave(body: str, said: list[str]) -> None:
    assert lines(filled(body)) == said


# What Word needs


def holes(package: Package, part: str = "/word/document.xml") -> list[str]:
    """What has no paragraph at its end, no cell, no row."""
    needs = {w("tc"): w("p"), w("txbxContent"): w("p"), w("footnote"): w("p"), w("hdr"): w("p"), w("ftr"): w("p")}
    tree = root(package, part)
    last = [str(one.tag) for one in tree.iter(*needs) if not len(one) or one[-1].tag != needs[one.tag]]
    return last + [str(one.tag) for name, inner in (("tr", "tc"), ("tbl", "tr")) for one in tree.iter(w(name))
                   if one.find(w(inner)) is None]  # fmt: skip


NOTHING = p("{%p if off %}") + p("x") + p("{%p endif %}")


@pytest.mark.parametrize(
    ("body", "part"),
    [
        pytest.param(table(row(cell(NOTHING))), "document", id="a cell"),
        pytest.param(table(row(cell(NOTHING + table(row(cell(p("x"))))))), "document", id="a cell that ends with a table"),
        pytest.param(p(text_box(NOTHING)), "document", id="a text box"),
        pytest.param(table(row(cell(p("{%tr for x in none %}"))), row(cell(p("x"))), row(cell(p("{%tr endfor %}")))),
                     "document", id="a table without a row"),
        pytest.param(table(row(cell(p("{%tc if off %}")), cell(p("x")), cell(p("{%tc endif %}"))), row(cell(p("y")))),
                     "document", id="a row without a cell"),
        pytest.param(table(row(cell(table(row(cell(p("{%tr if off %}"))), row(cell(p("x"))), row(cell(p("{%tr endif %}"))))))),
                     "document", id="a table in a cell without a row"),
        pytest.param(Maker(p("x")).story("header", NOTHING), "header1", id="a header"),
        pytest.param(Maker(p("x")).story("footer", NOTHING), "footer1", id="a footer"),
        pytest.param(Maker(p("x")).story("footnotes", f'<w:footnote w:id="1">{NOTHING}</w:footnote>'), "footnotes1",
                     id="a footnote"),
    ],
)  # fmt: skip
def test_what_conditions_empty_keeps_what_word_needs(body: str | Maker, part: str) -> None:
    assert holes(filled(body), f"/word/{part}.xml") == []


def marked(number: int, name: str, inside: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'


def test_bookmarks_that_loops_copy_have_numbers_and_names_of_their_own() -> None:
    body = (
        p(marked(3, "a", run("x"))) + p(P) + p(marked(3, "a", run("{{ x }}"))) + p(marked(5, "a_2", run("y"))) + p(END)
    )
    starts = list(root(filled(body)).iter(w("bookmarkStart")))
    ends = [one.get(w("id")) for one in root(filled(body)).iter(w("bookmarkEnd"))]
    assert len(starts) == 7
    assert len({one.get(w("name")) for one in starts}) == 7
    assert starts[0].get(w("name")) == "a"
    assert [one.get(w("id")) for one in starts] == ends == [str(number) for number in range(1, 8)]


def test_many_bookmarks_that_begin_alike_are_each_numbered_once() -> None:
    taken: defaultdict[str, int] = defaultdict(int)
    names = [f"{'b' * 32}{number}" for number in range(6_000)]
    owns = [repair._own_name(name, taken) for name in names * 2]

    assert len(set(owns)) == len(owns)
    assert owns[:6_000] == names


@pytest.mark.parametrize(("spaces", "found"), [(0, "yes"), (100, "yes"), (300, "")])
def test_a_value_that_is_longer_than_any_word_equals_none(spaces: int, found: str) -> None:
    made = filled(p("{% if title == 'é' %}yes{% endif %}x"), title="\u200b" * spaces + "é")
    assert lines(made) == [f"{found}x"]


def test_a_bookmark_that_loses_one_end_goes() -> None:
    start, end = '<w:bookmarkStart w:id="3" w:name="a"/>', '<w:bookmarkEnd w:id="3"/>'
    package = filled(p(start, "x") + p("{%p if off %}") + p("y", end) + p("{%p endif %}") + p(marked(4, "b", run("z"))))
    assert [one.get(w("name")) for one in root(package).iter(w("bookmarkStart"))] == ["b"]
    assert len(list(root(package).iter(w("bookmarkEnd")))) == 1


def test_drawings_that_loops_copy_have_ids_of_their_own() -> None:
    made = Maker(p(P) + p(picture("seal"), text_box(p("y"))) + p(END)).story("header", p(picture("seal")))
    package = filled(made)
    ids = [one.get("id") for part in ("document", "header1")
           for one in root(package, f"/word/{part}.xml").iter(f"{{{WP}}}docPr")]  # fmt: skip
    assert len(set(ids)) == len(ids) == 7


def test_content_controls_that_loops_copy_have_no_id_that_two_share() -> None:
    control = f'<w:sdt><w:sdtPr><w:alias w:val="x"/><w:id w:val="41"/></w:sdtPr><w:sdtContent>{p("{{ x }}")}</w:sdtContent></w:sdt>'
    package = filled(p(P) + control + p(END))
    assert lines(package) == ["a", "b", "c"]
    assert list(root(package).iter(w("id"))) == []
    assert len(list(root(package).iter(w("alias")))) == 3


def test_a_numbered_list_keeps_its_numbering_and_its_style() -> None:
    numbered = '<w:pPr><w:pStyle w:val="Normal"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr></w:pPr>'
    package = filled(p(P) + f"<w:p>{numbered}{run('{{ x }}')}</w:p>" + p(END))
    assert [one.get(w("val")) for one in root(package).iter(w("numId"))] == ["4"] * 3
    assert lines(package) == ["a", "b", "c"]


def test_sections_and_what_holds_no_tag_stay_as_they_are() -> None:
    section = "<w:p><w:pPr><w:sectPr><w:cols w:num='2'/></w:sectPr></w:pPr></w:p>"
    before = p("a", '<w:r><w:rPr><w:b/></w:rPr><w:sym w:font="Symbol" w:char="F0B7"/></w:r>') + section
    after = etree.tostring(root(filled(before + p("{{ title }}"))).find(w("body")))
    assert after.startswith(
        etree.tostring(root(filled(before)).find(w("body")))[: -len(b"<w:sectPr")].split(b"<w:sectPr>")[0]
    )
    assert len(list(root(filled(before + p("{{ title }}"))).iter(w("sectPr")))) == 2


# Pictures and charts


CHART = Placed(ChartPart(b"<c/>", (("Month",),)), "What is seen", 50, 20)
LOOKS = replace(FINISH, charts={"chart": CHART}, pictures={"logo": None})


def test_a_chart_takes_the_place_of_its_paragraph() -> None:
    package = filled(p("a") + p("{{ chart }}", style="HandoverChart") + p("b"), LOOKS)
    assert lines(package) == ["a", "", "b"]
    assert descriptions(package) == ["What is seen"]


def test_a_value_that_spells_a_charts_name_is_a_text() -> None:
    package = filled(p("{{ title }}", style="HandoverChart"), LOOKS, title="chart")
    assert lines(package) == ["chart"]
    assert descriptions(package) == []


def test_a_chart_that_the_document_lacks_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"^sample\.docx: there is no chart 'other'"):
        filled(p("{{ chart }}"), LOOKS, chart=ChartName("other"))


@pytest.mark.parametrize("value", ["logo", " Logo ", "{{ logo }}"])
def test_a_value_that_spells_a_placeholders_name_is_a_text(value: str) -> None:
    package = filled(p("x", picture("Quay", "{{ title }}")), LOOKS, title=value)
    assert descriptions(package) == [value]
    assert [name for name in package.parts if "/media/" in name] == ["/word/media/image1.png"]


def test_a_placeholder_in_a_loop_is_one_for_each_item() -> None:
    package = filled(p(P) + p("{{ x }}", picture("logo")) + p(END), LOOKS)
    assert lines(package) == ["a", "b", "c"]
    assert descriptions(package) == []


# What is counted


GROUPS = "".join(f"{{% for v{n} in words %}}" for n in range(8)) + "{{ title }}" + "{% endfor %}" * 8


@pytest.mark.parametrize(("words", "title", "says"), [
    pytest.param(40, "x", "more than 200,000 elements: “{% for v", id="too many elements"),
    pytest.param(9, "x" * 100_000, "more than 64 MB: “{% for v", id="too many bytes"),
])  # fmt: skip
def test_loops_in_loops_are_stopped_by_count_and_named(words: int, title: str, says: str) -> None:
    with pytest.raises(TemplateError) as refused:
        filled(p("x " + GROUPS), words=("w",) * words, title=title)
    assert says in refused.value.message
    assert "(paragraph 1, near “" in refused.value.message
    assert refused.value.hint == "take loops out of one another"


def test_empty_turns_of_loops_are_counted_too() -> None:
    loops = "".join(f"{{% for v{n} in words %}}" for n in range(8)) + "{% endfor %}" * 8
    with pytest.raises(TemplateError, match="more than 200,000 elements"):
        filled(p("x " + loops), words=("w",) * 40)


def test_what_is_spent_is_what_was_made(monkeypatch: Any) -> None:
    spent = []
    real = fill.Budget.spend
    monkeypatch.setattr(
        fill.Budget, "spend", lambda self, nodes, size: (spent.append(nodes), real(self, nodes, size))[1]
    )
    body = p(P) + p("{{ x }} and {{ title }}", picture()) + p(END) + table(row(cell(p("y"))))
    package = filled(body)
    made = sum(1 for _ in root(package).iter())
    assert made <= sum(spent) <= made * 2


def test_a_template_that_spells_the_marks_of_filling_is_filled_as_any_other() -> None:
    forged = (
        "<w:p handover-tag='0' handover-holds='7' xmlns:h='urn:handover:tag' h:chart='chart'>"
        + run("x {{ title }}")
        + "</w:p>"
    )
    inside = p(run("y").replace("<w:r>", "<w:r handover-tag='9'>", 1), picture("Quay").replace(
        "<w:drawing>", "<w:drawing xmlns:h='urn:handover:tag' h:picture='nobody'>", 1))  # fmt: skip
    package = filled(forged + p(P) + inside + p(END), LOOKS)
    assert lines(package) == ["x Title", "y", "y", "y"]
    assert b"handover-" not in package.parts[BODY]
    assert b"urn:handover" not in package.parts[BODY]


# Nothing but declared fields


def test_only_declared_fields_are_followed() -> None:
    class Sly(str):
        """A text with an attribute that a template mustn't reach."""

        secret = "s3cret"

    for tag in ("{{ title.secret }}", "{{ part.__class__ }}", "{{ part.__doc__ }}", "{{ words.count }}", "{{ self }}",
                "{{ part.__dataclass_fields__ }}", "{{ size.real }}", "{{ View }}", "{{ __builtins__ }}"):  # fmt: skip
        with pytest.raises(
            TemplateError, match=r"” asks for `.*`, which this document doesn't have \(paragraph 1, near"
        ):
            filled(p(tag), title=Sly("x"))


@pytest.mark.parametrize("body", [
    pytest.param(p("x{% if nonsense %}y{% endif %}"), id="in a condition"),
    pytest.param(p("x{% if off and part.nonsense == 'a' or maybe.nonsense or part.nonsense %}y{% endif %}"), id="in its last part"),
    pytest.param(p("x{% for y in nonsense %}y{% endfor %}"), id="in a loop"),
    pytest.param(p(picture("x", "{{ nonsense }}")), id="in an alternative text"),
])  # fmt: skip
def test_an_unknown_name_is_never_taken_for_an_absent_value(body: str) -> None:
    with pytest.raises(TemplateError, match=r"^sample\.docx: “{.*}” asks for `(part\.)?nonsense`.*\(paragraph 1"):
        filled(body)


def test_the_view_is_left_as_it_was() -> None:
    view, body = View(), p(P) + p("{{ x }}{{ part.name }}") + p(END)
    assert lines(filled(body, part=view.part)) == ["apart", "bpart", "cpart"]
    assert view == View()


@pytest.mark.usefixtures("anew")
def test_the_same_template_and_view_give_the_same_bytes() -> None:
    body = p(P) + p("{{ x }}", picture("logo")) + p(marked(3, "a", run("{{ title }}"))) + p(END)
    assert filled(body, LOOKS).parts == filled(body, LOOKS).parts


def test_a_group_that_is_there_holds_though_all_in_it_is_empty() -> None:
    assert lines(filled(p("{% if maybe %}y{% endif %}"), maybe=Part("", None, (), 0))) == ["y"]
