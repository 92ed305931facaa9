"""The grammar of entry names: every rule, its words, and what safe names look like."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handover.bundle.names import (
    as_text,
    check_entry_name,
    collision_key,
    find_clashes,
    printable,
    problems,
    safe_name,
    safe_names,
    slug,
    to_entry,
    violations,
)
from handover.model.errors import AssetError

any_text = st.text(st.characters(exclude_categories=[]), max_size=40)
pathlike = st.text(st.sampled_from("abC.é/ \\:ﬁ-\u0301\u202e\x07Ⅳ_1"), max_size=30)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("assets/Logo final (v2).svg", id="ordinary names with spaces and brackets pass"),
        pytest.param("assets/Été 2024/Œuvre n° 5 – “copie”.pdf", id="accents, dashes and quotes pass"),
        pytest.param("assets/日本語/写真.jpg", id="other scripts pass"),
        pytest.param("assets/❤️.png", id="an emoji with its variation selector passes"),
        pytest.param(".htaccess", id="a leading dot passes"),
        pytest.param("a...b", id="dots inside pass"),
        pytest.param(" leading", id="a leading space passes: Windows keeps it"),
        pytest.param("console.log", id="a name that only begins like a device passes"),
        pytest.param("com10", id="com10 is no device"),
        pytest.param("assets/" + "a" * 193, id="200 characters in all pass"),
        pytest.param("é" * 127, id="254 bytes in a part pass"),
    ],
)
def test_good_names_have_no_problems(name):
    assert problems(name) == []
    check_entry_name(name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "clause", "words"),
    [
        pytest.param("", "3.1", "it is empty", id="an empty name"),
        pytest.param("/etc/passwd", "3.1", "absolute path", id="an absolute path"),
        pytest.param("C:/x", "3.1", "drive letter (C:)", id="a drive letter with a path"),
        pytest.param("c:x", "3.1", "drive letter (c:)", id="a drive letter alone"),
        pytest.param("a\\b", "3.1", "backslash", id="a backslash"),
        pytest.param("\\\\server\\share", "3.1", "backslash", id="a network path"),
        pytest.param("a//b", "3.1", "has no name", id="an empty part"),
        pytest.param("a/", "3.1", "has no name", id="a folder's name"),
        pytest.param("../x", "3.1", "part “..”", id="a parent folder at the start"),
        pytest.param("a/../../x", "3.1", "part “..”", id="a parent folder inside"),
        pytest.param("a/..", "3.1", "part “..”", id="a parent folder at the end"),
        pytest.param("a\\..\\b", "3.1", "part “..”", id="a parent folder as Windows spells it"),
        pytest.param("./a", "3.1", "part “.”", id="the same folder"),
        pytest.param("a\x00b", "3.2", "control character (U+0000)", id="NUL"),
        pytest.param("a\nb", "3.2", "control character (U+000A)", id="a line feed"),
        pytest.param("a\x7f", "3.2", "control character (U+007F)", id="DEL"),
        pytest.param("a\x9bb", "3.2", "control character (U+009B)", id="a C1 control"),
        pytest.param("cod\u202egpj.exe", "3.2", "direction-changing character (U+202E)", id="right-to-left override"),
        pytest.param("a\u2066b", "3.2", "(U+2066)", id="a directional isolate"),
        pytest.param("a\u200bb", "3.2", "invisible or direction-changing character (U+200B)", id="zero-width space"),
        pytest.param("\ufeffa", "3.2", "(U+FEFF)", id="a byte order mark"),
        pytest.param("a\u00adb", "3.2", "(U+00AD)", id="a soft hyphen"),
        pytest.param("a\u2028b", "3.2", "line separator", id="a line separator"),
        pytest.param("a\udce9b", "3.2", "isn't UTF-8 (byte 0xE9)", id="a Latin-1 name on a UTF-8 system"),
        pytest.param("a\ue000", "3.2", "private-use", id="a private-use character"),
        pytest.param("a\uffff", "3.2", "isn't a character", id="a noncharacter"),
        pytest.param("a<b", "3.2", "“<”, which Windows refuses", id="a less-than sign"),
        pytest.param('a"b', "3.2", '“"”, which Windows refuses', id="a straight quote"),
        pytest.param("what?", "3.2", "“?”, which Windows refuses", id="a question mark"),
        pytest.param("a*b", "3.2", "“*”, which Windows refuses", id="an asterisk"),
        pytest.param("a|b", "3.2", "“|”, which Windows refuses", id="a bar"),
        pytest.param("notes:secret", "3.2", "“:”, which Windows refuses", id="an alternate data stream"),
        pytest.param("e\u0301te\u0301", "3.2", "NFC", id="a decomposed accent as stored name"),
        pytest.param("CON", "3.3", "“CON” is a device's name", id="a device"),
        pytest.param("a/nul.txt", "3.3", "“nul.txt” is a device's name", id="a device with an extension"),
        pytest.param("com1.tar.gz", "3.3", "device's name", id="a device with two extensions"),
        pytest.param("LPT²", "3.3", "device's name", id="a device with a superscript digit"),
        pytest.param("aux .txt", "3.3", "device's name", id="a device with a space before its extension"),
        pytest.param("CONOUT$", "3.3", "device's name", id="the console's output"),
        pytest.param("name.", "3.3", "ends with a dot or a space", id="a trailing dot"),
        pytest.param("folder /x", "3.3", "ends with a dot or a space", id="a folder's trailing space"),
        pytest.param("a/.../b", "3.3", "only dots", id="three dots"),
        pytest.param("a" * 256, "3.4", "256 bytes long, at most 255", id="a part of 256 bytes"),
        pytest.param("é" * 128, "3.4", "256 bytes long", id="a part of 128 two-byte characters"),
        pytest.param("a/" * 100 + "b", "3.4", "201 characters long", id="a path of 201 characters"),
        pytest.param("𝔸" * 101, "3.4", "202 characters long", id="characters that Windows counts twice"),
    ],
)
def test_each_unsafe_name_is_refused_with_its_reason(name, clause, words):
    found = violations(name)
    assert any(clause == one and words in reason for one, reason in found), found
    with pytest.raises(AssetError, match="can't travel") as caught:
        check_entry_name(name)
    assert words in caught.value.message
    assert "--rename-unsafe" in caught.value.hint
    assert caught.value.message.isprintable()


@given(st.text(st.characters(max_codepoint=0x17F), max_size=12) | pathlike)
@example("com0")
@example("a/Clock$ .x")
@example("com1x/lpt9")
@example("a\n")
@example("\u0131")
@example("ſ")
def test_the_short_cut_for_ordinary_names_agrees_with_the_rules(monkeypatch_module, name):
    quick = problems(name)
    with monkeypatch_module.context() as patch:
        patch.setattr("handover.bundle.names._ORDINARY", re.compile("(?!)"))
        assert problems(name) == quick


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_all_reasons_come_at_once():
    assert len(problems("/a//CON./b?\u202e")) >= 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Logo.SVG", "logo.svg", id="case"),
        pytest.param("STRASSE", "straße", id="full case folding"),
        pytest.param("ΣΑΣ", "σας", id="the final sigma"),
        pytest.param("é", "e\u0301", id="composed and decomposed"),
        pytest.param("ﬁn", "fin", id="a ligature"),
        pytest.param("①", "1", id="a circled digit"),
        pytest.param("Ａ", "a", id="a full-width letter"),
        pytest.param("a\u00a0b", "a b", id="a no-break space"),
        pytest.param("name.", "name", id="a trailing dot that Windows drops"),
        pytest.param("folder /x", "folder/x", id="a trailing space in the middle"),
        pytest.param("a\u200db", "ab", id="an invisible joiner"),
    ],
)
def test_names_that_windows_or_macos_takes_for_one_have_one_key(one, other):
    assert collision_key(one) == collision_key(other)
    assert find_clashes([one, other]) == [(one, other)]


def test_a_file_named_like_a_folder_clashes_with_the_first_file_in_it():
    assert find_clashes(["Logo/a.png", "Logo/b.png", "logo"]) == [("Logo/a.png", "logo")]
    assert find_clashes(["a/LOGO", "a/logo/x/y", "a/logo/x/z"]) == [("a/LOGO", "a/logo/x/y")]


def test_folders_that_differ_in_case_only_do_not_clash():
    assert find_clashes(["Photos/a.jpg", "photos/b.jpg"]) == []


def test_decomposed_paths_become_composed_entries():
    assert to_entry("e\u0301te\u0301/a", "assets/") == "assets/été/a"


@given(any_text | pathlike)
@example("con")
@example("." * 300)
@example("a" * 300 + ".jpeg")
@example("x/" * 150 + "CON.")
@example("\udcff")
def test_a_safe_name_is_always_good_and_stable(path):
    safe = safe_name(path)
    assert problems(safe) == []
    assert safe_name(safe) == safe
    assert safe == path or problems(path)


@given(st.lists(pathlike | any_text, unique=True, max_size=12))
@example(["b/c", "B", "a", "A", "x?", "x_"])
@example(["b", "B/c", "b/c"])
def test_safe_names_never_clash_and_do_not_depend_on_the_order(paths):
    chosen = safe_names(paths)
    assert list(chosen) == paths
    assert find_clashes(chosen.values()) == []
    assert all(problems(name) == [] for name in chosen.values())
    assert safe_names(paths[::-1]) == chosen


def test_safe_names_leave_good_names_alone_and_number_the_others():
    assert safe_names(["x_", "x?", "x*", "ok.txt"]) == {"x_": "x_", "x?": "x_-3", "x*": "x_-2", "ok.txt": "ok.txt"}
    assert safe_names(["a.PDF", "A.pdf"]) == {"a.PDF": "a-2.PDF", "A.pdf": "A.pdf"}


def test_a_cut_name_keeps_its_extension():
    assert safe_name("a" * 400 + ".jpeg").endswith("a.jpeg")


@given(any_text)
def test_printable_hides_nothing_from_a_terminal(text):
    shown = printable(text)
    assert shown.isprintable()
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Société d'Œuvres & Cie", "societe-d-oeuvres-cie"),
        ("Straße Łódź Ærø", "strasse-lodz-aero"),
        ("ĲSSEL İstanbul", "ijssel-istanbul"),
        ("株式会社", "client"),
        ("", "client"),
        ("CON", "con-client"),
        ("---", "client"),
        ("a" * 100, "a" * 60),
    ],
)
def test_slugs(text, expected):
    assert slug(text) == expected


@given(any_text)
def test_a_slug_is_always_a_good_ascii_name(text):
    made = slug(text)
    assert made.isascii()
    assert problems(made) == []
    assert slug(made) == made


@given(st.lists(st.text(st.sampled_from("a\\\\xe95c/\udce9\udc80é"), max_size=8), unique=True, max_size=6))
def test_names_that_arent_text_are_spelt_each_in_its_own_way(found):
    spelt = [as_text(name) for name in found]
    assert len(set(spelt)) == len(found)
    assert all(name.encode() for name in spelt if name)


def test_ordinary_names_are_spelt_as_they_are():
    assert [as_text(name) for name in ("café.txt", "a\\b", "日本")] == ["café.txt", "a\\b", "日本"]
    assert as_text("caf\udce9\\.txt") == "caf\\xe9\\x5c.txt"
