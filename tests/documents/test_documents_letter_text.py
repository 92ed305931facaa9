"""Any text in any field of the letter comes out as given, whichever paragraph of the template prints it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from handover.documents.letter import LetterView, view
from handover.documents.word import finish
from handover.formats.package.opc import read_package
from handover.formats.word.ooxml import w
from handover.model.errors import TemplateError
from handover.templating.template import rendered
from sample_letter import INVOICES, settings
from sample_letter import given as given_for

Path = tuple[str | int, ...]

_DECIDE = {("voice",), ("ended_by",), ("country",), ("contract", "last_day"), ("contract", "end")}
_OWNER = {
    *(("owner", one) for one in ("name", "title", "company")),
    *(("owners", 0, one) for one in ("email", "phone")),
}
"""The first owner's name is printed where the owners sign; their number and address where questions go."""
NOT_PRINTED = {
    # Our templates say how long the work lasted, and print the start of notice only where no day of notice is known.
    "fr": {*_DECIDE, *_OWNER, ("contract", "start_date"), ("contract", "notice_start")},
    # British letters name no place, and have no salutation in their closing formula.
    "en": {
        *_DECIDE, *_OWNER, ("contract", "start_date"), ("contract", "notice_start"), ("place",),
        ("salutation_in_closing",),
    },
}  # fmt: skip
"""What a value decides rather than being printed, and what our own templates leave out."""


@cache
def whole(language: str):
    made = settings(language, full=True, owner={"signature_image": None})
    return given_for("letter", made, invoices=INVOICES)


@cache
def whole_view(language: str) -> LetterView:
    return view(whole(language))


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every text in a view, as the steps that lead to it."""
    if isinstance(value, str):
        yield at
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from paths(item, (*at, number))
    elif is_dataclass(value):
        for field in fields(value):
            yield from paths(getattr(value, field.name), (*at, field.name))


def put(value: Any, path: Path, text: str) -> Any:
    """The same view with another text at the end of the path."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], put(value[step], rest, text), *value[step + 1 :])
    return replace(value, **{step: put(getattr(value, step), rest, text)})


def document_of(language: str, shown: LetterView) -> str:
    """All that the letter's paragraphs, headers and footers say."""
    one = whole(language)
    package = read_package(rendered(one.template or b"", shown, finish(one), place="letter.docx"), "rendered")
    pieces = {w("br"): "\n", w("tab"): "\t"}
    lines = []
    for name, content in sorted(package.parts.items()):
        if name.startswith(("/word/document", "/word/header", "/word/footer")) and name.endswith(".xml"):
            for paragraph in etree.fromstring(content).iter(w("p")):
                nodes = paragraph.iter(w("t"), w("br"), w("tab"))
                lines.append("".join((n.text or "") if n.tag == w("t") else pieces[n.tag] for n in nodes))
    return "\n".join(lines)


def document_with(language: str, path: Path, text: str) -> str:
    """All that the letter says when the field holds this text."""
    return document_of(language, put(whole_view(language), path, text))


PRINTED = [
    (language, path)
    for language in ("fr", "en")
    for path in paths(whole_view(language))
    if path not in NOT_PRINTED[language]
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_field_but_those_is_printed(language: str) -> None:
    marked, found = whole_view(language), list(paths(whole_view(language)))
    for number, path in enumerate(found):
        marked = marked if path in _DECIDE else put(marked, path, f"⟨{number}⟩")
    said = document_of(language, marked)
    assert {path for number, path in enumerate(found) if f"⟨{number}⟩" not in said} == NOT_PRINTED[language]


_characters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=[
    *map(chr, range(0xFDD0, 0xFDF0)), "\ufffe", "\uffff"
])  # fmt: skip
_tag_like = st.sampled_from(
    ["{{ x }}", "{% if %}", "{%p endif %}", "{#", "#}", "{_{", "}_}", "{_%", "%_}", "]]>", "<![CDATA[", "&amp;",
     "&", "<", ">", '"', "'", "\n", "\t", "  ", "</w:t>", "<w:br/>", "\\", "_x0041_", "{", "}", "%"]
)  # fmt: skip
_text = st.lists(st.one_of(st.text(_characters, max_size=6), _tag_like), max_size=8).map("".join)


@given(st.sampled_from(PRINTED), _text)
@example(("en", ("reason",)), "{{ contract.subject }} {_{ ]]> & < \n\n\t x ")
@example(("fr", ("recipient", "company")), "\U0010fffd\u00ad\u200b\ufeff\u0301 .")
def test_any_text_in_any_field_comes_out_exactly_as_given(field: tuple[str, Path], text: str) -> None:
    language, path = field
    given_text = f"⟨{text}⟩"
    assert given_text in document_with(language, path, given_text)


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x0b", "\x0c", "\r", "\x85", "\u2028", "\ud800", "\ufdd1", "\uffff"])
@pytest.mark.parametrize(("path", "tag"), [
    pytest.param(("reason",), "reason", id="a text"),
    pytest.param(("contract", "subject"), r"contract\.subject", id="a text in a group"),
    pytest.param(("deliveries", 1, "what"), r"\w+\.what", id="a text in a list"),
])  # fmt: skip
def test_what_word_cannot_hold_is_refused_with_its_tag_named(path: Path, tag: str, bad: str) -> None:
    says = rf"^letter\.docx: “{{{{ {tag} }}}}” prints the character U\+{ord(bad):04X}, "
    with pytest.raises(TemplateError, match=says):
        document_with("en", path, f"a{bad}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("The upkeep of your site.", "the upkeep of your site"),
        ("Your website", "your website"),
        ("La refonte de votre boutique ;", "la refonte de votre boutique"),
        ("L’entretien de votre site.", "l’entretien de votre site"),
        ("La Poste et ses pages", "La Poste et ses pages"),
        ("The Gardener’s newsletter", "The Gardener’s newsletter"),
        ("SEO and hosting", "SEO and hosting"),
        ("the site of Mills Jr.", "the site of Mills Jr."),
    ],
)
def test_a_subject_typed_as_a_heading_stands_inside_a_sentence(typed: str, said: str) -> None:
    assert settings("en", full=False, contract={"subject": typed}).contract.subject == said
