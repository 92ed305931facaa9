"""The parts of the linter: repairs, positions, agreement with what the renderer refuses, and the documentation."""

# ruff: noqa: E501 — a list of signs on one line

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree

from handover.documents.templates import document_id, template_file, with_templates
from handover.formats.package.opc import (
    RELATIONSHIPS_TYPE,
    Package,
    Relationship,
    read_package,
    relationships,
    rels_name,
    write_relationships,
)
from handover.formats.word import contents
from handover.formats.word.ooxml import R as OFFICE
from handover.formats.word.ooxml import W, w
from handover.languages import files
from handover.languages.fr import TYPOGRAPHY
from handover.languages.tone import tone_of
from handover.model.errors import HandoverError, Severity, TemplateError
from handover.templating.check import fix_typography, lint_template
from handover.templating.completeness import lint_language
from handover.templating.kinds import paths_by_name
from handover.templating.typography import edits_of
from template_making import Maker, letter, p, run
from templating.faults import FILES, Fault

ROOT = Path(__file__).parent.parent.parent
NS = f'xmlns:w="{W}"'
FRENCH = template_file("letter.docx", "letter", "fr")


# Mending


def applied(text: str) -> str:
    """A text with the changes that typography asks for."""
    for edit in reversed(edits_of(text, TYPOGRAPHY)):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Objet : fin", "Objet\u00a0: fin", id="a colon"),
        pytest.param("Fini! Vrai?", "Fini\u202f! Vrai\u202f?", id="marks without any space"),
        pytest.param("« oui »", "«\u202foui\u202f»", id="guillemets with plain spaces"),
        pytest.param('dit "oui" et "non"', "dit «\u202foui\u202f» et «\u202fnon\u202f»", id="two straight quotations"),
        pytest.param('dit "oui !"', "dit «\u202foui\u202f!\u202f»", id="a mark inside a quotation"),
        pytest.param("l'an d'or", "l’an d’or", id="apostrophes"),
        pytest.param("le 1 er mai, la 1 re", "le 1er mai, la 1re", id="ordinals"),
        pytest.param("21 er", "21 er", id="no ordinal"),
        pytest.param("12 % de 30 €", "12\u00a0% de 30\u00a0€", id="units"),
        pytest.param("{\ue000\ue000} : {\ue000}", "{\ue000\ue000}\u00a0: {\ue000}", id="around tags"),
        pytest.param("https://a.fr/?x=1;y=2 à 12:30", "https://a.fr/?x=1;y=2 à 12:30", id="addresses and times"),
        pytest.param("5\" et 6'", "5\" et 6'", id="inches and feet"),
    ],
)
def test_what_typography_changes(before: str, after: str) -> None:
    assert applied(before) == after


_words = st.text(st.sampled_from("abé 12 :;!?«»\"'%€\u00a0\u202f"), max_size=25)


@given(_words)
def test_what_was_mended_needs_no_more_mending(text: str) -> None:
    once = applied(text)

    assert applied(applied(once)) == applied(once)


@effort(max_examples=25)
@given(st.lists(_words, min_size=1, max_size=4))
def test_mending_runs_gives_the_text_and_keeps_their_formatting(pieces: list[str]) -> None:
    formats = ["<w:b/>", "<w:i/>", "<w:u/>", "<w:strike/>"]
    body = p(*(run(piece, formats[at]) for at, piece in enumerate(pieces)))

    mended, count = fix_typography(letter(body).bytes(), FRENCH)

    paragraph = list(document(mended).iter(w("p")))[4]
    assert "".join(t.text or "" for t in paragraph.iter(w("t"))) == applied("".join(pieces))
    assert [etree.QName(r.find(w("rPr"))[0]).localname for r in paragraph.iter(w("r"))] == [
        "b", "i", "u", "strike"
    ][: len(pieces)]  # fmt: skip
    assert (count == 0) == (applied("".join(pieces)) == "".join(pieces))


def document(content: bytes) -> etree._Element:
    return etree.fromstring(read_package(content, "x").parts["/word/document.xml"])


def test_mending_leaves_tags_and_other_parts_alone() -> None:
    before = letter(p("Objet : {{ place|upper }}{% if voice == 'i' %} ; je{% endif %}")).bytes()

    after, count = fix_typography(before, FRENCH)

    assert count == 2
    was, now = read_package(before, "x").parts, read_package(after, "x").parts
    assert {name for name in was if was[name] != now[name]} == {"/word/document.xml"}
    assert "{{ place|upper }}{% if voice == 'i' %}\u202f; je{% endif %}".encode() in now["/word/document.xml"]


def test_nothing_is_mended_across_a_line_break() -> None:
    body = p(run("Objet"), "<w:r><w:br/></w:r>", run(": fin"))

    assert fix_typography(letter(body).bytes(), FRENCH)[1] == 0


# Agreement


@pytest.mark.parametrize("fault", FILES)
def test_what_the_renderer_refuses_is_an_error_here(fault: Fault) -> None:
    given = fault.make()
    content = given.bytes() if isinstance(given, Maker) else given

    severe = any(f.severity is Severity.ERROR for f in lint_template(content, template_file("x.docx", "letter", "en")))

    try:
        made = contents.admitted(read_package(content, "x"), "x")
        contents.refuse_unsignable(made, contents.DOCUMENT, "x", binding="")
        refused = False
    except HandoverError:
        refused = True
    assert severe == refused


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('w:val="Normal"/></w:style>', 'w:val="Normal"/><w:rPr><w:vanish/></w:rPr></w:style>',
                     id="the style of paragraphs that name none"),
        pytest.param("<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>", id="the document's defaults"),
    ],
)  # fmt: skip
def test_text_is_hidden_without_a_word_at_its_place_by(before: str, after: str) -> None:
    made = letter()
    assert before in made.styles
    made.styles = made.styles.replace(before, after, 1)

    found = lint_template(made.bytes(), template_file("letter.docx", "letter", "en"))

    assert {finding.rule for finding in found} == {"word.hidden-text"}
    with pytest.raises(TemplateError, match="text in a style that hides it"):
        contents.admitted(read_package(made.bytes(), "x"), "x")


_LIST = (
    '<w:numbering {ns}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="the fee doubles"/>'
    "<w:rPr>{look}</w:rPr></w:lvl></w:abstractNum></w:numbering>"
)
_FONT = '<w:fonts {ns}><w:font w:name="House"><w:altName w:val="Wingdings"/></w:font></w:fonts>'
_NOTE = '<w:footnotes {ns}><w:footnote w:type="{kind}" w:id="9"><w:p><w:r><w:t>fee</w:t></w:r></w:p></w:footnote></w:footnotes>'
_SETTING = (
    '<w:settings {ns}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/>'
    "</w:settings>"
)


@pytest.mark.parametrize(
    ("kind", "content", "how"),
    [
        pytest.param("numbering", _LIST.format(ns=NS, look="<w:vanish/>"), "hidden text", id="a hidden number"),
        pytest.param("numbering", _LIST.format(ns=NS, look='<w:sz w:val="2"/>'), "smaller than 4", id="a tiny one"),
        pytest.param("fontTable", _FONT.format(ns=NS), "font of pictures", id="a font that pictures stand in for"),
        pytest.param("settings", _SETTING.format(ns=NS), "two versions", id="settings for some programs"),
        pytest.param("footnotes", _NOTE.format(ns=NS, kind="continuationNotice"), "note", id="a note for overleaf"),
    ],
)
def test_a_part_without_text_of_its_own_can_hide(kind: str, content: str, how: str) -> None:
    package = _with_part(read_package(letter().bytes(), "x"), kind, content.encode())

    with pytest.raises(TemplateError, match=how):
        contents.admitted(package, "x")


def _with_part(package: Package, kind: str, content: bytes) -> Package:
    name, rels = f"/word/{kind}9.xml", rels_name("/word/document.xml")
    kept = [r for r in relationships(package, "/word/document.xml", "x") if not r.type.endswith(f"/{kind}")]
    link = Relationship("rId99", f"{OFFICE}/{kind}", f"{kind}9.xml")
    parts = {**package.parts, name: content, rels: write_relationships([*kept, link])}
    declared = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    return Package(parts, {**package.types, name: declared, rels: RELATIONSHIPS_TYPE})


def test_a_style_may_show_what_the_one_it_is_based_on_hides() -> None:
    made = letter(p(run("seen", '<w:rStyle w:val="Shown"/>')))
    made.styles += (
        '<w:style w:type="character" w:styleId="Shown"><w:name w:val="Shown"/><w:basedOn w:val="Secret"/>'
        '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    )

    assert lint_template(made.bytes(), template_file("letter.docx", "letter", "en")) == []
    assert contents.admitted(read_package(made.bytes(), "x"), "x").parts


def paths(view: type[object]) -> set[str]:
    """Every path of a document's values."""
    return {path for found in paths_by_name(view).values() for path in found} | {
        f"{path}[]" for found in paths_by_name(view).values() for path in found
    }


@pytest.mark.parametrize("deliverable", with_templates().values(), ids=lambda d: d.id)
def test_required_content_names_values_that_exist(deliverable) -> None:
    named = {path for item in deliverable.required for path in item.any_of if not path.startswith("picture:")}

    assert named - paths(deliverable.view_type) == set()
    assert any(item.always for item in deliverable.required)


# Order and copies


def test_findings_come_in_reading_order() -> None:
    made = letter("".join(p(f"{{{{ wrong{at} }}}}") for at in range(12))).story("header", p("{{ wrong99 }}"))

    found = lint_template(made.bytes(), template_file("letter.docx", "letter", "en"))

    places = [finding.location.place.partition(", near")[0] for finding in found]
    assert places == [*(f"paragraph {number}" for number in range(5, 17)), "header, paragraph 1"]


def test_the_same_fault_in_two_paragraphs_is_said_twice() -> None:
    made = letter(p("{{ wrong }}") + p("{{ wrong }}"))

    assert len(lint_template(made.bytes(), template_file("letter.docx", "letter", "en"))) == 2


def test_a_template_whose_document_isnt_known_is_checked_as_far_as_that_goes() -> None:
    made = letter(p("{{ anything.at.all }} {{ x.y.z }} {% endif %}"))

    found = lint_template(made.bytes(), template_file("brief.docx", None, "en"))

    assert [finding.rule for finding in found] == ["template.unknown-name", "tag.unbalanced"]


@pytest.mark.parametrize(
    ("name", "document"),
    [("letter.docx", "letter"), ("x/fr/report.docx", "report"), ("letter", "letter"), ("inventory.docx", None)],
)
def test_a_template_s_name_says_what_it_makes(name: str, document: str | None) -> None:
    assert document_id(name) == document


def test_without_a_language_the_file_says_it() -> None:
    made = Maker(letter(p("Merci !")).body, styles=letter().styles.replace("en-GB", "fr-FR"))

    found = lint_template(made.bytes(), template_file("letter.docx", "letter"))

    assert [finding.rule for finding in found] == ["typography.space"]


# Anything


@effort(max_examples=25)
@given(st.lists(st.sampled_from([
    "{{", "}}", "{%", "%}", "{#", "#}", "{%p ", "{%tr ", "if ", "for ", " in ", "endif", "endfor", "else", "elif ", "=", "==", "loop.",
    "reason", "payments", ".", "invoices", "|", "upper", "(", ")", "'", "“", "not ", "x", " ", "\u202f", "[", "]",
]), max_size=14).map("".join))  # fmt: skip
def test_no_text_makes_the_check_fail(text: str) -> None:
    content = letter(p(text) + p(*text)).bytes()

    assert isinstance(lint_template(content, template_file("letter.docx", "letter", "fr")), list)


# Words and documentation


@pytest.mark.parametrize("language", ["en", "fr"])
def test_phrases_are_lists_of_their_own_kind(language: str) -> None:
    found = tone_of(language)

    assert {"blame", "threat", "sarcasm"} <= found.phrases.keys()
    assert ("informal" in found.phrases) == (language == "fr")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("blame = [", "not valid TOML", id="no TOML"),
        pytest.param('insult = ["x"]', "no kind of phrase called 'insult'", id="an unknown kind"),
        pytest.param('blame = "x"', "must be a list of phrases", id="no list"),
    ],
)
def test_a_broken_list_of_phrases(monkeypatch, text: str, message: str) -> None:
    tone_of.cache_clear()
    monkeypatch.setattr(files, "read_text", lambda *_: text)
    with pytest.raises(TemplateError, match=message):
        tone_of("xx")
    tone_of.cache_clear()


def test_a_language_without_phrases_has_none() -> None:
    assert tone_of("zz").phrases == {}


def test_a_language_is_compared_with_english() -> None:
    english = {
        "a.toml": b'one = "Hello there dear client {name}"\ntwo.one = "x"\ntwo.other = "{n} things"',
        "b.docx": b"E",
    }
    own = {"a.toml": b'one = "Hello there dear client {name}"\ntwo.other = "cosas"'}

    found = [(f.location.file, f.rule, f.message) for f in lint_language("es", own, english)]

    assert found == [
        ("es/a.toml", "language.untranslated", "'one' is the English text: “Hello there dear client {name}”"),
        ("es/b.docx", "language.missing-file", "is missing: English has it"),
    ]


def test_what_the_ci_page_shows_is_what_there_is() -> None:
    from handover.cli.validate import FORMATS

    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")

    assert all(f"| `{style}` |" in page for style in FORMATS)
    assert "id: handover-validate" in page
    assert "id: handover-validate" in (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
