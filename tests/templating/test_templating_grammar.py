"""What a tag may say (docs/templates.md, section 2), and what to write instead of what it may not."""

# ruff: noqa: E501 — tables of cases, a line each as far as it goes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.templating.elsewhere import INSTEAD
from handover.templating.grammar import (
    DEEPEST,
    FORMS,
    KEYWORDS,
    LONGEST,
    LOOP_TELLS,
    Both,
    Condition,
    Either,
    Equals,
    For,
    Given,
    If,
    Mark,
    Not,
    Path,
    Print,
    Refused,
    Statement,
    printed,
    stated,
)


def path(text: str) -> Path:
    return Path(tuple(text.split(".")))


A, B, C = (Given(path(name)) for name in "abc")


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        pytest.param("a", Print(path("a")), id="2.1 a name"),
        pytest.param(" a.b_2.c ", Print(path("a.b_2.c")), id="2.1 names and dots"),
        pytest.param("a . b", Print(path("a.b")), id="2.1 spaces around a dot"),
        pytest.param("été._x", Print(path("été._x")), id="2.1 letters of any script"),
        pytest.param("a|upper", Print(path("a"), "upper"), id="2.3 a form"),
        pytest.param("a | title ", Print(path("a"), "title"), id="2.3 a form between spaces"),
        pytest.param("iffy", Print(path("iffy")), id="a name that begins like a statement"),
        pytest.param("a.if.for", Print(path("a.if.for")), id="names after a dot that are statements elsewhere"),
        pytest.param("loop.index", Print(path("loop.index")), id="2.6 what loop tells"),
        pytest.param("\u00a0a\u202f.\u200bb\ufeff", Print(path("a.b")), id="2.9 spaces and marks that nobody sees"),
    ],
)
def test_a_value_is_printed_by_its_path(inside: str, says: Print) -> None:
    assert printed(inside) == says


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        pytest.param("if a", If(A), id="2.4 a value that is there"),
        pytest.param("elif a.b", If(Given(path("a.b")), further=True), id="2.4 a further branch"),
        pytest.param("if not a", If(Not(A)), id="2.4 not"),
        pytest.param("if not not a", If(A), id="2.4 not, twice"),
        pytest.param("if not not not a", If(Not(A)), id="2.4 not, three times"),
        pytest.param("if a and b and c", If(Both((A, B, C))), id="2.4 and"),
        pytest.param("if a or b or c", If(Either((A, B, C))), id="2.4 or"),
        pytest.param("if a or b and not c", If(Either((A, Both((B, Not(C)))))), id="2.4 not before and before or"),
        pytest.param("if (a or b) and c", If(Both((Either((A, B)), C))), id="2.4 brackets"),
        pytest.param("if not(a or b)", If(Not(Either((A, B)))), id="2.4 not before a bracket"),
        pytest.param("if a == 'x'", If(Equals(path("a"), "x")), id="2.4 a word"),
        pytest.param('if a=="x y"', If(Equals(path("a"), "x y")), id="2.4 a word in double quotes"),
        pytest.param("if a != 'x'", If(Not(Equals(path("a"), "x"))), id="2.4 another word"),
        pytest.param("if not a == 'x'", If(Not(Equals(path("a"), "x"))), id="2.4 not before a comparison"),
        pytest.param("if a == ''", If(Equals(path("a"), "")), id="2.4 no word"),
        pytest.param("if a == 'and or ( } %'", If(Equals(path("a"), "and or ( } %")), id="2.4 signs inside a word"),
        pytest.param("if a == “x”", If(Equals(path("a"), "x")), id="2.9 curly quotes"),
        pytest.param("if a == „x“ or b == ‚y‘", If(Either((Equals(path("a"), "x"), Equals(path("b"), "y")))),
                     id="2.9 German quotes"),
        pytest.param("if a == «x»", If(Equals(path("a"), "x")), id="2.9 guillemets"),
        pytest.param("if a == ‘l’été’", If(Equals(path("a"), "l'été")), id="2.9 an apostrophe inside a word"),
        pytest.param("if a == 'we' or b == 'i'", If(Either((Equals(path("a"), "we"), Equals(path("b"), "i")))),
                     id="2.4 two words"),
        pytest.param("for x in a.b", For("x", path("a.b")), id="2.6 a loop"),
        pytest.param("\u00a0for\u00a0x\tin\na ", For("x", path("a")), id="2.6 a loop between any spaces"),
        *(pytest.param(keyword, Mark(keyword), id=f"the statement {keyword}") for keyword in ("else", "endif", "endfor")),
        pytest.param(f"if {'(' * DEEPEST}a{')' * DEEPEST}", If(A), id="2.8 sixteen brackets"),
        pytest.param("if " + " or ".join("a" * 80), If(Either((A,) * 80)), id="2.8 eighty conditions side by side"),
    ],
)  # fmt: skip
def test_a_statement_says(inside: str, says: Statement) -> None:
    assert stated(inside) == says


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        pytest.param("", "tag.unknown", id="nothing"),
        pytest.param("if", "tag.syntax", id="if without a condition"),
        pytest.param("if not", "tag.syntax", id="not without a condition"),
        pytest.param("if a and", "tag.syntax", id="and without a second condition"),
        pytest.param("if a b", "tag.syntax", id="two conditions"),
        pytest.param("if (a", "tag.syntax", id="a bracket that stays open"),
        pytest.param("if a)", "tag.syntax", id="a bracket that was never open"),
        pytest.param("if ()", "tag.syntax", id="nothing in brackets"),
        pytest.param("if a.", "tag.syntax", id="a dot without a name"),
        pytest.param("if .a", "tag.syntax", id="a dot before any name"),
        pytest.param("if a == 'x", "tag.syntax", id="an open quotation mark"),
        pytest.param("if a ==", "tag.syntax", id="a comparison without a word"),
        pytest.param("for x", "tag.syntax", id="for without in"),
        pytest.param("for x in", "tag.syntax", id="in without a list"),
        pytest.param("for x.y in a", "tag.syntax", id="a path for an item's name"),
        pytest.param("for loop in a", "tag.syntax", id="an item called loop"),
        pytest.param("for if in a", "tag.syntax", id="an item called like a statement"),
        pytest.param("else a", "tag.syntax", id="else with a condition"),
        pytest.param("endif a", "tag.syntax", id="an end with a condition"),
        pytest.param("a", "tag.unknown", id="no statement"),
        pytest.param("p if a", "tag.unknown", id="a level after a space"),
        pytest.param("if loop", "tag.not-allowed", id="loop itself"),
        pytest.param("if loop.first.last", "tag.not-allowed", id="something behind what loop tells"),
        pytest.param("if loop.__class__", "tag.not-allowed", id="loop's class"),
        pytest.param(f"if {'(' * (DEEPEST + 1)}a{')' * (DEEPEST + 1)}", "tag.depth", id="seventeen brackets"),
        pytest.param("if " + "a" * LONGEST, "tag.syntax", id="501 characters and more"),
        pytest.param("if a\ue000", "tag.syntax", id="a character of nobody's"),
    ],
)
def test_a_statement_is_refused(inside: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        stated(inside)
    assert refused.value.rule == rule
    assert refused.value.message


@pytest.mark.parametrize(("inside", "rule"), [
    pytest.param("", "tag.syntax", id="nothing"),
    pytest.param("a |", "tag.syntax", id="a form without a name"),
    pytest.param("a | upper | lower", "tag.not-allowed", id="two forms"),
    pytest.param("if", "tag.not-allowed", id="the name of a statement"),
    pytest.param("IF a", "tag.not-allowed", id="a statement in capitals"),
    pytest.param("endfor", "tag.not-allowed", id="a statement's end"),
    pytest.param("a..b", "tag.syntax", id="two dots"),
    pytest.param("not a", "tag.not-allowed", id="a condition"),
])  # fmt: skip
def test_what_is_printed_is_refused(inside: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        printed(inside)
    assert refused.value.rule == rule


# What people know from elsewhere (section 4)


def read(tag: str) -> Statement:
    """What a whole tag says."""
    return printed(tag[2:-2]) if tag.startswith("{{") else stated(tag[2:-2])


@pytest.mark.parametrize(("example", "what", "hint"), [pytest.param(*row[1:], id=row[1]) for row in INSTEAD])
def test_a_tag_from_elsewhere_is_refused_with_what_to_write(example: str, what: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        read(example)
    assert (refused.value.rule, refused.value.message, refused.value.hint) == ("tag.not-allowed", what, hint)


@pytest.mark.parametrize(("tag", "what"), [
    ("{{r text }}", "raw part"), ("{{ place -}}", "- or +"), ("{%+ if a %}", "- or +"), ("{{ a | count }}", "counts"),
    ("{{ a|join }}", "joins a list"), ("{{ a | first }}", "one item"), ("{{ a[-1] }}", "one item"), ("{{ a[1:2] }}", "one item"),
    ("{{ a.b[i].c }}", "one item"), ("{{ a | d('x') }}", "a default"), ("{{ a|e }}", "escaping"),
    ("{{ a|strftime('%d') }}", "formats"), ("{{ a | replace('x','y') }}", "changes a text"),
    ("{{ a | shout }}", "with a filter"), ("{{ a | upper() }}", "with a filter"), ("{{ a|groupby('x') }}", "with a filter"),
    ("{% set a.b = 1 %}", "names a value"), ("{% extends 'a' %}", "another file"), ("{% block b %}", "a program"),
    ("{% endmacro %}", "a program"), ("{% endset %}", "a program"), ("{% endraw %}", "a program"), ("{% endwith %}", "a program"),
    ("{% continue %}", "leaves a loop"), ("{% cellbg c %}", "cells"), ("{% hm %}", "cells"), ("{% else if a %}", "another engine"),
    ("{% elseif a %}", "another engine"), ("{% fi %}", "isn't an end"), ("{% endunless %}", "another engine"),
    ("{% endforeach %}", "another language's loop"), ("{% foreach a as b %}", "another language's loop"),
    ("{% for each a in b %}", "another language's loop"), ("{% for k, v in a.items() %}", "takes items apart"),
    ("{% for a in b recursive %}", "chooses among"), ("{% for a in enumerate(b) %}", "counts through"),
    ("{% for a in b.values() %}", "counts through"), ("{% for a in 1..3 %}", "counts through"),
    ("{% for a in (1, 2) %}", "spells out"), ("{{ loop.length }}", "a loop for"), ("{{ loop.index0 }}", "a loop for"),
    ("{% if loop.previtem %}", "a loop for"), ("{% if a is not none %}", "a value exists"),
    ("{% if a is divisibleby(2) %}", "even from odd"), ("{% if a is mapping %}", "with `is`"), ("{% if a is string %}", "with `is`"),
    ("{%r if a %}", "takes a run along"), ("{%r endif %}", "takes a run along"), ("{{ END-IF }}", "isn't an end"),
    ("{{ << a }}", "another engine"), ("{{ INS a }}", "another engine"), ("{{ for a in b }}", "a value's braces"), ("{% if a is sameas b %}", "with `is`"),
    ("{% if a not in b %}", "looks into"), ("{{ 'a' in b }}", "looks into"), ("{% if a >= b %}", "sizes"),
    ("{{ a or 'x' }}", "inside a tag"), ("{{ a and b }}", "inside a tag"), ("{{ a ? b : c }}", "inside a tag"),
    ("{% if ! a %}", "`not`"), ("{% if a and !b %}", "`not`"), ("{{ a.upper() }}", "letter-case form"), ("{{ a.strip() }}", "calls"), ("{{ f(a) }}", "calls"),
    ("{{ a['b'] }}", "an index"), ("{{ a ~ b }}", "joins texts"), ("{{ client-name }}", "hyphen"), ("{{ a – b }}", "calculates"),
    ("{{ a + 1 }}", "calculates"), ("{{ /a }}", "another engine"), ("{{ >a }}", "another engine"), ("{{ ^a }}", "another engine"),
    ("{{ @a }}", "another engine"), ("{{ $a }}", "another engine"), ("{{ \"a\" }}", "a fixed text"), ("{{ 1.5 }}", "constant"),
    ("{% if a != 0 %}", "constant"), ("{% if 1 %}", "constant"), ("{% if a == none %}", "constant"),
    ("{{ a != 'x' }}", "whether something holds"), ("{% if a == b %}", "two values"), ("{% if 'x' == a %}", "its word"),
    ("{{ last working day }}", "a space in a name"),
])  # fmt: skip
def test_what_people_write_elsewhere_is_recognised(tag: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        read(tag)
    assert refused.value.rule == "tag.not-allowed"
    assert what in refused.value.message
    assert refused.value.hint


# Every tag of the grammar

_reserved = {*KEYWORDS, "in", "and", "or", "not", "loop"}
_name = st.from_regex(r"[A-Za-zÀ-ÿ_][A-Za-zÀ-ÿ_0-9]{0,8}", fullmatch=True).filter(lambda name: name.isidentifier())
_first = _name.filter(lambda name: name not in _reserved)
_path = st.one_of(
    st.builds(lambda first, rest: Path((first, *rest)), _first, st.lists(_name, max_size=3)),
    st.sampled_from(LOOP_TELLS).map(lambda name: Path(("loop", name))),
)
_word = st.text(st.sampled_from("ab é,.|()=!<>{}[]+-*/%#&~?:0"), max_size=8)
_single = st.one_of(st.builds(Given, _path), st.builds(Equals, _path, _word))


def _more(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(Not, inner.filter(lambda one: not isinstance(one, Not))),
        st.builds(lambda parts: Both(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: Either(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
    )


_condition = st.recursive(_single, _more, max_leaves=5)


def written(condition: Condition) -> str:
    """A condition as people write it, every compound part in brackets."""
    match condition:
        case Given(value):
            return str(value)
        case Equals(value, word):
            return f"{value} == '{word}'"
        case Not(inner):
            return f"not ({written(inner)})"
        case Both(parts):
            return " and ".join(f"({written(part)})" for part in parts)
        case Either(parts):
            return " or ".join(f"({written(part)})" for part in parts)


@given(_condition, st.booleans())
def test_every_condition_of_the_grammar_is_read_as_it_was_meant(condition: Condition, further: bool) -> None:
    text = f"{'elif' if further else 'if'} {written(condition)}"
    if len(text) <= LONGEST:
        assert stated(text) == If(condition, further)


@given(_path, st.sampled_from(["", *FORMS]), _first)
def test_every_value_and_every_loop_of_the_grammar_is_read(value: Path, form: str, name: str) -> None:
    assert printed(f"{value} | {form}" if form else str(value)) == Print(value, form)
    if value.names[0] != "loop":
        assert stated(f"for {name} in {value}") == For(name, value)


@given(st.text(st.sampled_from("ab.|()'\"=! ifnotadr“’\u00a0{}%[]<>+,0")))
def test_any_text_is_a_statement_or_refused_with_a_message(text: str) -> None:
    for read_as in (printed, stated):
        said: Statement | Refused
        try:
            said = read_as(text)
        except Refused as refused:
            said = refused
        assert not isinstance(said, Refused) or (said.rule.startswith("tag.") and said.message.isprintable())
