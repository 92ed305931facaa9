"""Our Word templates: written from their text, complete in both languages, and nothing in them but styles and text."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

import house
from blocks import BLOCKS
from handover.formats.package.opc import Package, read_package, relationships
from handover.formats.word.contents import admitted, read_template
from handover.formats.word.ooxml import WP, w
from handover.formats.word.watermark import STYLE as DRAFT_STYLE
from handover.languages import files
from handover.templating.values import CHART_STYLE
from source import Source, SourceError
from writer import Writer

ROOT = Path(__file__).parents[1]
MAKE = ROOT / "templates" / "make"
EVERY = [(language, name) for language in ("fr", "en") for name in ("letter", "pending", "report")]


def program() -> ModuleType:
    """`python templates/make`, as a module."""
    spec = spec_from_file_location("templates_make", MAKE / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(text: str, language: str = "en") -> Package:
    """The document of a text file."""
    return read_package(Writer(Source(text, f"{language}/sample.md", language), BLOCKS).document(), "sample.docx")


def said(text: str, language: str = "en", part: str = "document") -> list[str]:
    """What a text file becomes: each paragraph `style | text`, a run in a character style in its angle brackets."""
    root = etree.fromstring(made(text, language).parts[f"/word/{part}.xml"])
    return [_line(paragraph) for paragraph in root.iter(w("p"))]


def _line(paragraph: etree._Element) -> str:
    named = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    text = ""
    for run in paragraph.iter(w("r")):
        style = run.find(f"{w('rPr')}/{w('rStyle')}")
        words = "".join({w("t"): e.text or "", w("tab"): "→", w("br"): "↵"}.get(e.tag, "") for e in run)
        text += words if style is None else f"<{style.get(w('val'))}: {words}>"
    return f"{'Normal' if named is None else named.get(w('val'))} | {text}"


def statements(*lines: str) -> list[str]:
    """The same with `{%p … %}` shortened to `% …`."""
    return [re.sub(r"^Normal \| \{%(?:p|tr) (.*) %\}$", r"% \1", line) for line in lines]


# Tags and Markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{{ a }}", ["Normal | {{ a }}"], id="a value"),
        pytest.param(
            "**{{ a_b }}_c** *{{ d|upper }}*",
            ["Normal | <Strong: {{ a_b }}_c> <Emphasis: {{ d|upper }}>"],
            id="Markdown's own signs in and beside a tag",
        ),
        pytest.param(
            "{% if a == 'x' and (b or not c) %}\nYes\n{% else %}\nNo\n{% endif %}",
            ["% if a == 'x' and (b or not c)", "Normal | Yes", "% else", "Normal | No", "% endif"],
            id="a tag alone on its line takes its paragraph along, without empty lines around it",
        ),
        pytest.param(
            "{% if a %}Yes{% endif %}",
            ["% if a", "Normal | Yes", "% endif"],
            id="a paragraph that stands whole in an if goes with it",
        ),
        pytest.param(
            "{% if a %}Yes{% endif %}{% if b %}No{% endif %}",
            ["Normal | {% if a %}Yes{% endif %}{% if b %}No{% endif %}"],
            id="two ifs in one paragraph are part of it",
        ),
        pytest.param(
            "{% if a %}Yes{% else %}No{% endif %}",
            ["Normal | {% if a %}Yes{% else %}No{% endif %}"],
            id="a choice that always says something is part of its paragraph",
        ),
        pytest.param(
            "{% if a %}{% if b %}B{% else %}C{% endif %}{% endif %}",
            ["% if a", "Normal | {% if b %}B{% else %}C{% endif %}", "% endif"],
            id="the else of an inner if isn't the outer one's",
        ),
        pytest.param(
            "One\ntwo {% if a %}three.\n{% else %}four.\n{% endif %}five",
            ["Normal | One two {% if a %}three. {% else %}four. {% endif %}five"],
            id="a line's end is a space, but nothing after a statement",
        ),
        pytest.param(
            "{% for a in b %}\n- {{ a }}\n{% endfor %}",
            ["% for a in b", "ListBullet | {{ a }}", "% endfor"],
            id="a list in a loop",
        ),
        pytest.param(
            "{.HandoverItem}\n- a\n- b",
            ["HandoverItem | a", "HandoverItemLast | b"],
            id="the last item has its own style",
        ),
        pytest.param(
            "{% for a in b %}\n{.HandoverItem}\n- {{ a }}\n{% endfor %}",
            [
                "% for a in b",
                "% if loop.last",
                "HandoverItemLast | {{ a }}",
                "% else",
                "HandoverItem | {{ a }}",
                "% endif",
                "% endfor",
            ],
            id="the last item of a loop has its own style",
        ),
        pytest.param(
            "Call [us|me] at {{ a }}.",
            ["% if voice == 'i'", "Normal | Call me at {{ a }}.", "% else", "Normal | Call us at {{ a }}.", "% endif"],
            id="each voice is a paragraph of its own",
        ),
        pytest.param(
            "[We wrote to {{ a|upper }}|I wrote] *it*",
            [
                "% if voice == 'i'",
                "Normal | I wrote <Emphasis: it>",
                "% else",
                "Normal | We wrote to {{ a|upper }} <Emphasis: it>",
                "% endif",
            ],
            id="a tag with a bar in a voice",
        ),
        pytest.param("a ⇥ b\\\nc", ["Normal | a→b↵c"], id="a tab and a line break"),
        pytest.param(
            "[a]{.HandoverLabel} &amp; 1 < 2", ["Normal | <HandoverLabel: a> & 1 < 2"], id="a character style"
        ),
        pytest.param("# {{ a }}\n\n> {{ b }}", ["Heading1 | {{ a }}", "Quote | {{ b }}"], id="a heading and a quote"),
        pytest.param(
            '{.HandoverNewPage if="many"}\n# A',
            ["% if many", "HandoverNewPage | A", "% else", "Heading1 | A", "% endif"],
            id="a style under a condition",
        ),
        pytest.param(
            '{.HandoverNewPage unless="a or b"}\n# A',
            ["% if a or b", "Heading1 | A", "% else", "HandoverNewPage | A", "% endif"],
            id="a style unless a condition holds",
        ),
        pytest.param("<!-- for readers -->\n\nA", ["Normal | A"], id="a comment"),
        pytest.param(
            "    far to the right", ["Normal | far to the right"], id="no text is code because it is indented"
        ),
        pytest.param("- [ ] Done {{ a }}", ["HandoverChecklist | <HandoverTick: ☐> Done {{ a }}"], id="a box to tick"),
        pytest.param(
            "Name: [____ :who]", ["Normal | Name: <HandoverBlank: " + "\u2002" * 12 + ">"], id="a place to write into"
        ),
    ],
)
def test_a_text_becomes(text: str, expected: list[str]) -> None:
    assert statements(*said(text)) == expected


def test_our_own_french_words_get_their_spaces_and_tags_do_not() -> None:
    text = "{{ a }} : «{{ b }}» ! {% if c == ' ;' %}x{% endif %}"
    assert said(text, "fr") == ["Normal | {{ a }}\u00a0: «\u202f{{ b }}\u202f»\u202f! {% if c == ' ;' %}x{% endif %}"]


def test_each_numbered_list_begins_with_one() -> None:
    package = made("1. a\n2. b\n\nThen\n\n1. c")
    root = etree.fromstring(package.parts["/word/document.xml"])
    numbers = [element.get(w("val")) for element in root.iter(w("numId"))]
    assert numbers == ["3", "3", "4"]
    numbering = etree.fromstring(package.parts["/word/numbering.xml"])
    starts = {num.get(w("numId")): num.find(f".//{w('startOverride')}") is not None for num in numbering.iter(w("num"))}
    assert starts == {"1": False, "2": False, "3": True, "4": True}


def test_a_link_and_a_picture_are_related_to_the_part_in_which_they_stand() -> None:
    package = made(
        "[site](https://a.example/b)\n\n::: footer\n![Logo](logo){width=40 height=13} [m](mailto:{{a.email}})\n:::"
    )
    (footer,) = [name for name in package.parts if re.fullmatch(r"/word/footer\d\.xml", name)]
    targets = {r.target for r in relationships(package, "/word/document.xml", "x") if r.external}
    assert targets == {"https://a.example/b"}
    assert {r.target for r in relationships(package, footer, "x")} == {"media/image1.png", "mailto:{{a.email}}"}
    (named,) = etree.fromstring(package.parts[footer]).iter(f"{{{WP}}}docPr")
    assert (named.get("name"), named.get("descr")) == ("logo", "Logo")


# Tables


TABLE = """
{widths="60 40 60" description="Prix : tous"}
| A | B | C |
|---|---|--:|
"""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            "{% for x in y %}\n| {{ x }} | b | 1 |\n{% endfor %}",
            [["{%tr for x in y %}"], ["TableText {{ x }}", "TableText b", "TableNumber 1"], ["{%tr endfor %}"]],
            id="rows that repeat",
        ),
        pytest.param(
            "| **Sum** | | 9 |", [["TableText Sum", "TableNumber 9"]], id="an empty cell joins the one to its left"
        ),
        pytest.param("| all |", [["TableText all"]], id="a row of one cell is as wide as the table"),
        pytest.param(
            "| a ¶ {.HandoverTableBasis} {% if b %}{{ b }}{% endif %} | b | c |",
            [["TableText a/{%p if b %}/TableBasis {{ b }}/{%p endif %}", "TableText b", "TableNumber c"]],
            id="a second paragraph in a cell, under a condition",
        ),
        pytest.param(
            "| a | b | c |\n| ^ {.HandoverTableCaveat} note |",
            [["TableHeld a", "TableText b", "TableNumber c"], ["TableCaveat note"]],
            id="a note under a row",
        ),
        pytest.param(
            "| a | b | c |\n| ^ {% if d %}{{ d }}{% endif %} |",
            [
                ["{%tr if d %}"],
                ["TableHeld a", "TableText b", "TableNumber c"],
                ["TableText {{ d }}"],
                ["{%tr else %}"],
                ["TableText a", "TableText b", "TableNumber c"],
                ["{%tr endif %}"],
            ],
            id="a note that may not be there",
        ),
    ],
)
def test_a_table_has_these_rows(rows: str, expected: list[list[str]]) -> None:
    table = etree.fromstring(made(TABLE + rows).parts["/word/document.xml"]).find(f".//{w('tbl')}")
    assert table is not None
    found = [
        ["/".join(_cell(p) for p in cell.iter(w("p"))) for cell in row.iter(w("tc"))] for row in table.iter(w("tr"))
    ]
    assert found == [["TableHead A", "TableHead B", "TableHeadNumber C"], *expected]
    for row in table.iter(w("tr")):
        spans = [cell.find(f"{w('tcPr')}/{w('gridSpan')}") for cell in row.iter(w("tc"))]
        assert sum(1 if span is None else int(span.get(w("val"), "")) for span in spans) == 3
        assert sum(int(width.get(w("w"), "")) for width in row.iter(w("tcW"))) == pytest.approx(house.twips(160), abs=3)


def _cell(paragraph: etree._Element) -> str:
    style, _, text = _line(paragraph).replace("Handover", "").partition(" | ")
    text = re.sub(r"<\w+: (.*?)>", r"\1", text)
    return text if style == "Normal" else f"{style} {text}"


def test_a_table_without_a_header_has_no_row_for_it() -> None:
    table = '{widths="80 80"}\n| | |\n|---|---|\n| a | b |'
    assert said(table) == ["HandoverTableText | a", "HandoverTableText | b"]


# Layout blocks


def test_the_letterhead_gives_what_it_holds_the_right_column() -> None:
    text = ':::: letterhead {alt="Logo" widths="85 75" phone="Tél. "}\n::: address\n:::\n::::'
    cells = list(etree.fromstring(made(text, "fr").parts["/word/document.xml"]).iter(w("tc")))
    left, right = (" ".join("".join(cell.itertext()).split()) for cell in cells)
    assert "{{ sender.name }}" in left
    assert "{%p if sender.phone %}Tél. {{ sender.phone }}{%p endif %}" in left
    assert right.startswith("{{ recipient.company }}")


def test_a_field_keeps_with_the_next_one_that_is_there() -> None:
    text = "::: fields\n{% if a %}A ⇥ {{ a }}{% endif %}\n{% if b %}B ⇥ {{ b }}{% endif %}\n:::"
    assert statements(*said(text)) == [
        "% if a", "% if b", "HandoverField | <HandoverLabel: A>→{{ a }}", "% else",
        "HandoverFieldLast | <HandoverLabel: A>→{{ a }}", "% endif", "% endif",
        "% if b", "HandoverFieldLast | <HandoverLabel: B>→{{ b }}", "% endif",
    ]  # fmt: skip


def test_the_last_field_of_each_item_of_a_loop_is_its_last() -> None:
    text = "{% for a in b %}\n::: fields\nA ⇥ {{ a.x }}\nB ⇥ {{ a.y }}\n:::\n{% endfor %}"
    assert statements(*said(text)) == [
        "% for a in b",
        "HandoverField | <HandoverLabel: A>→{{ a.x }}",
        "HandoverFieldLast | <HandoverLabel: B>→{{ a.y }}",
        "% endfor",
    ]


def test_the_contents_name_each_heading_under_its_conditions() -> None:
    text = (
        "::: contents\n:::\n\n# One\n\n{% if a %}\n## Two\n{% elif b %}\n## Three {{ c }}\n{% else %}\n### Deep\n"
        "{% endif %}\n\n{% for d in e %}\n# In a loop\n{% endfor %}"
    )
    assert statements(*said(text))[:7] == [
        "HandoverContents | One→–",
        "% if (a)", "HandoverContents | Two→–", "% endif",
        "% if not (a) and (b)", "HandoverContents | Three {{ c }}→–", "% endif",
    ]  # fmt: skip
    root = etree.fromstring(made(text).parts["/word/document.xml"])
    marked = {element.get(w("name")) for element in root.iter(w("bookmarkStart"))}
    assert {link.get(w("anchor")) for link in root.iter(w("hyperlink"))} <= marked
    assert {field.get(w("instr"), "").split()[1] for field in root.iter(w("fldSimple"))} <= marked


def test_the_first_page_s_footer_holds_a_paragraph_whatever_is_left_out() -> None:
    text = "::: first-page-footer\n{% if a %}{{ a }}{% endif %}\n:::\n\n::: footer\nx ⇥ Page {page} of {pages}\n:::"
    assert statements(*said(text, part="footer1")) == ["% if a", "Footer | {{ a }}", "% else", "Footer | ", "% endif"]
    assert said(text, part="footer2") == ["Footer | x→Page 1 of 1"]


def test_columns_stand_side_by_side_and_repeat() -> None:
    text = '::: columns {widths="60 100" each="a in b"}\n{{ a.x }}\n\n***\n\n{{ a.y }}\n:::'
    assert statements(*said(text)) == ["% for a in b", "Normal | {{ a.x }}", "Normal | {{ a.y }}", "% endfor"]


# Mistakes


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param(
            "a\n\n::: leterhead\n:::",
            3,
            "there is no block 'leterhead'; did you mean 'letterhead'?",
            id="a block's name",
        ),
        pytest.param("::: adress\n:::", 1, "did you mean 'address'?", id="another block's name"),
        pytest.param(
            'a\n\n::: address {atention="x"}\n:::',
            3,
            "the block 'address' has no option 'atention'; did you mean 'attention'?",
            id="a block's option",
        ),
        pytest.param("::: sign-off\n:::", 1, "the block 'sign-off' needs alt=\"…\"", id="an option that lacks"),
        pytest.param(
            '::: cover {alt="a" client="b" logo="big"}\n:::', 1, "“big” should be 2 lengths in mm", id="a size"
        ),
        pytest.param(
            "a\n\n::: footer\nb", 3, "the block 'footer' isn't closed with :::", id="a block that isn't closed"
        ),
        pytest.param(
            "a\n\n{.HandoverWihses}\nb",
            4,
            "there is no style 'HandoverWihses'; did you mean 'HandoverWishes'?",
            id="a style",
        ),
        pytest.param("[a]{.Stong}", 1, "there is no style 'Stong'; did you mean 'Strong'?", id="a character style"),
        pytest.param("{.Strong}\nb", 2, "'Strong' is a character style", id="a style of another kind"),
        pytest.param('{.HandoverNote whenever="x"}\nb', 2, "there is no attribute 'whenever' here", id="an attribute"),
        pytest.param("a\n{.HandoverNote}\nb", 1, "a stray “{”", id="attributes in the middle of a paragraph"),
        pytest.param("a\n\n{{ b }", 3, "a stray “{”", id="a tag that is broken off"),
        pytest.param("a {{ b\n}} c", 1, "a stray “{”", id="a tag over two lines"),
        pytest.param("a [we\n|I] c", 1, "a stray “|”", id="a choice over two lines"),
        pytest.param("{% iff a %}\nb", 1, "a template knows no `iff`; did you mean 'if'?", id="a keyword"),
        pytest.param("a\n\n{% if b %}\nc\n\nd", 3, "this `if` isn't ended where it began", id="an if that isn't ended"),
        pytest.param("a\n{% endfor %}", 2, "this `endfor` has no `for` here", id="an end without beginning"),
        pytest.param(
            "{% if a %}\n{% for b in c %}\n{% endif %}\n{% endfor %}",
            3,
            "this `endif` has no `if` here",
            id="ends in the wrong order",
        ),
        pytest.param(
            "{% if a %}\n::: header\nb\n{% endif %}\n:::",
            4,
            "this `endif` has no `if` here",
            id="an end inside a block of what began outside",
        ),
        pytest.param(
            "{% if a %}\n" + TABLE.strip() + "\n| x | y | z |\n{% endif %}",
            6,
            "after a table comes an empty line",
            id="an end right below a table",
        ),
        pytest.param("| a | b |\n|---|---|\n| c | d |", 1, 'a table has {widths="…"}', id="a table without widths"),
        pytest.param('{widths="80"}\n| a | b |\n|---|---|', 2, "“80” should be 2 lengths in mm", id="a width too few"),
        pytest.param(
            '{widths="80 80" columns="."}\n| a | b |\n|---|---|',
            2,
            "names 1 styles for 2 columns",
            id="a column's style too few",
        ),
        pytest.param('::: columns {widths="80 80"}\na\n:::', 1, "2 widths ask for 2 columns", id="a column that lacks"),
        pytest.param(
            "::: fields\nName {{ a }}\n:::", 1, "a field is a label, ⇥, and what it says", id="a field without tab"
        ),
        pytest.param("- a\n  - b", 1, "each item of a list is one paragraph", id="a list in a list"),
        pytest.param("![x](logo)", 1, "a picture has {width=… height=…}, in mm", id="a picture without size"),
        pytest.param("a\n\ufdd0\U000f0000", 2, "has a private-use character", id="a character that stands for tags"),
        pytest.param("---\nmargin: 3\n---\na", 1, "the front matter has no 'margin'", id="a setting"),
        pytest.param("---\nlanguage: xx\n---\na", 1, "there is no language 'xx'", id="a language"),
        pytest.param("---\nmargins: 3\n---\na", 1, "“3” should be 4 lengths in mm", id="margins"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        made(text)
    assert str(caught.value).startswith(f"templates/en/sample.md, line {line}: ")
    assert message in str(caught.value)


# Writing and comparing


def test_what_changed_is_written_and_check_notices_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = program().main
    folder = tmp_path / "templates" / "fr"
    folder.mkdir(parents=True)
    (folder / "note.md").write_text("Bonjour {{ client }}", encoding="utf-8")
    assert main(["--check"], folder.parent) == 1
    assert capsys.readouterr().err == "templates/fr/note.docx isn't what note.md says: run `make templates`\n"
    assert main([], folder.parent) == 0
    assert capsys.readouterr().out == "templates/fr/note.docx\n"
    written = (folder / "note.docx").read_bytes()
    assert main(["--check"], folder.parent) == 0
    assert main([], folder.parent) == 0
    assert capsys.readouterr().out == ""
    (folder / "note.md").write_text("Bonsoir {{ client }}", encoding="utf-8")
    assert main(["--check"], folder.parent) == 1
    assert (folder / "note.docx").read_bytes() == written
    (folder / "note.md").write_text("{.Nothing}\nBonsoir", encoding="utf-8")
    assert main([], folder.parent) == 1
    assert "templates/fr/note.md, line 2: there is no style 'Nothing'" in capsys.readouterr().err


def test_what_several_texts_say_alike_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "fr"
    (folder / "shared").mkdir(parents=True)
    (folder / "note.md").write_text("A\n\n<!-- shared: end -->\n\n{.Nothing}\nC", encoding="utf-8")
    with pytest.raises(SourceError, match=r"fr/note\.md, line 3: there is no shared/end\.md"):
        Source.read(folder / "note.md")
    (folder / "shared" / "end.md").write_text("B\n\n{.None}\nB\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"fr/shared/end\.md, line 4: there is no style 'None'"):
        Writer(Source.read(folder / "note.md"), BLOCKS).document()
    (folder / "shared" / "end.md").write_text("B\n\nB\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"fr/note\.md, line 6: there is no style 'Nothing'"):
        Writer(Source.read(folder / "note.md"), BLOCKS).document()


def test_the_same_text_gives_the_same_bytes() -> None:
    build = program().build
    path = ROOT / "templates" / "fr" / "letter.md"
    assert build(path) == build(path) == (ROOT / "templates" / "fr" / "letter.docx").read_bytes()


# The templates that there are


def _canonical(content: bytes) -> bytes | set[bytes]:
    root = etree.fromstring(content)
    each = {etree.tostring(one, method="c14n") for one in root}
    return each if etree.QName(root).localname == "Relationships" else etree.tostring(root, method="c14n")


@pytest.mark.parametrize(
    ("language", "name"), [(language, name) for language in ("en", "fr") for name in files.word_templates(language)]
)
def test_a_template_is_admitted_as_it_is(language: str, name: str) -> None:
    """Nothing is refused and nothing left out but its properties, so that filling needn't judge it again."""
    package = read_template(files.read_bytes(language, f"{name}.docx"), name)
    left = admitted(package, name)
    assert {part for part in package.parts if not part.startswith("/docProps")} == left.parts.keys()
    assert left.types.items() <= package.types.items()
    for part, content in left.parts.items():
        if part.endswith((".xml", ".rels")) and part != "/_rels/.rels":
            assert _canonical(content) == _canonical(package.parts[part]), part
        elif part != "/_rels/.rels":
            assert content == package.parts[part]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_style_that_is_used_is_defined(language: str, name: str) -> None:
    package = read_package(files.read_bytes(language, f"{name}.docx"), name)
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    defined = {style.get(w("styleId")) for style in styles.iter(w("style"))}
    used = {
        element.get(w("val"))
        for part, content in package.parts.items()
        if re.match(r"/word/(document|header|footer|styles)", part)
        for element in etree.fromstring(content).iter(
            w("pStyle"), w("rStyle"), w("tblStyle"), w("basedOn"), w("next"), w("link")
        )
    }
    assert used - defined == set()
    assert defined - used <= {style.id for style in house.SHARED}


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_style_that_the_program_looks_for_keeps_its_identifier_when_it_is_made_anew(language: str, name: str) -> None:
    # LibreOffice makes identifiers from names, without their spaces, when it saves.
    package = read_package(files.read_bytes(language, f"{name}.docx"), name)
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    names = {style.get(w("styleId")): style.find(w("name")).get(w("val")) for style in styles.iter(w("style"))}
    for identifier in {CHART_STYLE, DRAFT_STYLE} & names.keys():
        assert names[identifier].replace(" ", "") == identifier
    assert DRAFT_STYLE in names
    assert (CHART_STYLE in names) == (name == "report")


@pytest.mark.parametrize(("language", "name"), [pair for pair in EVERY if pair[1] != "report"])
def test_nothing_is_formatted_but_by_a_named_style(language: str, name: str) -> None:
    package = read_package(files.read_bytes(language, f"{name}.docx"), name)
    body = etree.fromstring(package.parts["/word/document.xml"])
    allowed = {w("pStyle"), w("rStyle")}
    direct = [
        child.tag for properties in body.iter(w("pPr"), w("rPr")) for child in properties if child.tag not in allowed
    ]
    assert direct == []


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_rows_stay_whole_and_header_rows_repeat(language: str, name: str) -> None:
    package = read_package(files.read_bytes(language, f"{name}.docx"), name)
    body = etree.fromstring(package.parts["/word/document.xml"])
    tables = [
        t for t in body.iter(w("tbl")) if t.find(f"{w('tblPr')}/{w('tblLook')}[@{w('firstRow')}='1']") is not None
    ]
    assert all(table.find(f"{w('tr')}/{w('trPr')}/{w('tblHeader')}") is not None for table in tables)
    rows = [row for row in body.iter(w("tr")) if "{%tr" not in "".join(row.itertext())]
    assert all(row.find(f"{w('trPr')}/{w('cantSplit')}") is not None for row in rows)


@pytest.mark.parametrize("name", ["letter", "pending", "report"])
def test_both_languages_ask_for_the_same_values(name: str) -> None:
    def asked(language: str) -> set[str]:
        package = read_package(files.read_bytes(language, f"{name}.docx"), name)
        text = " ".join("".join(etree.fromstring(c).itertext()) for n, c in package.parts.items() if n.endswith(".xml"))
        return set(re.findall(r"\{\{ ([a-z_.]+)", text))

    # French alone names the place, and repeats the salutation at the end.
    assert asked("fr") - asked("en") <= {"place", "salutation_in_closing"}
    assert asked("en") - asked("fr") == set()


@pytest.mark.parametrize("name", ["letter", "pending", "report"])
def test_french_templates_hold_french_spaces(name: str) -> None:
    package = read_package(files.read_bytes("fr", f"{name}.docx"), name)
    text = "\n".join("".join(p.itertext()) for p in etree.fromstring(package.parts["/word/document.xml"]).iter(w("p")))
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    assert re.findall(r".{0,20} [;:!?»]", words) == []
    assert "'" not in words


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "en").glob("*.toml")), ids=lambda path: path.stem)
def test_our_english_words_have_typographic_apostrophes(path: Path) -> None:
    # French ones become so when they are loaded; words that are only compared with (`tone`), or set when they are
    # printed (`sample`), are as people type them.
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert path.stem in {"tone", "sample"} or [line for line in lines if re.search(r"[a-z]'[a-z]", line)] == []
