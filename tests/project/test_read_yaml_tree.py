"""The strict reading of handover.yaml: text with places, all findings at once, never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.model.sources import YamlList, YamlMap, YamlNode, YamlScalar
from handover.project.read.yaml_tree import MAX_DEPTH, read_yaml

MOST = 500
"""Values that a file may have here: as many as in truth take seconds to read."""


def plain(node: YamlNode) -> object:
    if isinstance(node, YamlMap):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, YamlList):
        return [plain(item) for item in node.items]
    return None if node.absent else node.text


def rules(content: bytes) -> list[str]:
    return [f"{f.location.line}:{f.location.column} {f.rule}" for f in read_yaml(content, "handover.yaml")[1]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"a: no\nb: 0299\nc: 1e3\nd: 2026-11-30", {"a": "no", "b": "0299", "c": "1e3", "d": "2026-11-30"},
                     id="every scalar stays the text that was written"),
        pytest.param(b"a:\nb: ~\nc: null\nd: 'null'\ne: \"\"", {"a": None, "b": None, "c": None, "d": "null", "e": ""},
                     id="nothing, a tilde and a plain null are absent, quoted ones are text"),
        pytest.param(b"a: |\n  one\n  two\nb: >\n  one\n  two\n", {"a": "one\ntwo\n", "b": "one two\n"},
                     id="block scalars keep or fold their lines"),
        pytest.param("\ufeffa: é\r\nb: [x, {c: d}]\r\n".encode(), {"a": "é", "b": ["x", {"c": "d"}]},
                     id="a byte order mark and Windows line ends are fine"),
        pytest.param(b"%YAML 1.2\n---\na: b\n...\n", {"a": "b"}, id="a directive for YAML 1.2 and markers are fine"),
    ],
)  # fmt: skip
def test_a_good_file_becomes_text(content: bytes, expected: object) -> None:
    tree, findings = read_yaml(content, "handover.yaml")

    assert findings == []
    assert tree is not None
    assert plain(tree) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"a: 1\nb: 2\na: 3\n", ["3:1 yaml.duplicate-key"], id="a key given twice"),
        pytest.param(b"a: &x 1\nb: *x\n", ["1:4 yaml.anchor", "2:4 yaml.alias"], id="an anchor and its alias"),
        pytest.param(b"a: &x {b: c}\n<<: *x\n", ["1:4 yaml.anchor", "2:5 yaml.alias"], id="a merge key"),
        pytest.param(b"a: !!python/object:os.system x\n", ["1:4 yaml.tag"], id="a tag that would make an object"),
        pytest.param(b"a: !x 1\nb: ! 2\n", ["1:4 yaml.tag", "2:4 yaml.tag"], id="tags of one's own"),
        pytest.param(b"a: 1\n---\nb: 2\n", ["2:1 yaml.several-documents"], id="two documents"),
        pytest.param(b"%YAML 1.1\n---\na: 1\n", ["2:1 yaml.version"], id="another version of YAML"),
        pytest.param(b"? [a]\n: b\n", ["1:3 yaml.key"], id="a list as a key"),
        pytest.param(b"- a\n", ["1:1 yaml.no-mapping"], id="a list instead of keys"),
        pytest.param(b"# nothing\n", ["1:1 yaml.no-mapping"], id="nothing but a comment"),
        pytest.param(b"a: 'b\nc: d\n", ["1:4 yaml.syntax"], id="an unclosed quotation mark, where it opened"),
        pytest.param(b"a: b\nc: {d: e\nf: g\n", ["2:4 yaml.syntax"], id="an unclosed brace, where it opened"),
        pytest.param(b"a:\n\tb: c\n", ["2:1 yaml.syntax"], id="a tab as indentation"),
        pytest.param(b"a: b: c\n", ["1:5 yaml.syntax"], id="a colon inside a value"),
        pytest.param(b"a: @b\n", ["1:4 yaml.syntax"], id="a reserved character"),
        pytest.param(b"a: \x07\nb: \x00\n", ["1:4 text.control-character", "2:4 text.control-character"],
                     id="raw control characters"),
        pytest.param(b'a: "\\x07"\nb: "\\udc00"\n', ["1:4 text.control-character", "2:4 text.control-character"],
                     id="control characters and lone surrogates written as escapes"),
        pytest.param(b"a: \xc3(\n", ["1:4 text.encoding"], id="bytes that are not UTF-8"),
        pytest.param("a: é\n".encode("utf-16")[:-1], ["0:0 text.encoding"], id="UTF-16 that was cut"),
        pytest.param("a: é\n".encode("latin-1"), ["1:4 text.encoding"], id="Latin-1"),
        pytest.param(b"a:\n  colour: #1F4E79\n", ["2:11 yaml.comment"], id="a colour that is a comment"),
        pytest.param(b"reference: #2019-017\n", ["1:12 yaml.comment"], id="a reference that is a comment"),
        pytest.param(b"a: # 12\nb: x\n", ["1:4 yaml.comment"], id="a number after # and a space"),
        pytest.param(b"place: Clermont #63\n", ["1:17 yaml.comment"], id="the end of a value that is a comment"),
        pytest.param(b'reference: "WN" #2019-017\n', ["1:17 yaml.comment"], id="behind quotes"),
        pytest.param(b"- a\n- Order #12 shipped\n", ["2:9 yaml.comment", "1:1 yaml.no-mapping"], id="in a list"),
        pytest.param("a: Nîmes  #30 # ok\n".encode(), ["1:11 yaml.comment"], id="with a comment behind it"),
        pytest.param(b"[" * 60_000, [f"1:{MAX_DEPTH + 1} yaml.too-deep"], id="sixty thousand open brackets"),
        pytest.param(b"a: [" + b"x, " * MOST + b"]", [f"1:{5 + 3 * (MOST - 3)} yaml.too-large"],
                     id="too many values"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_where(content: bytes, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.project.read.yaml_tree.MAX_NODES", MOST)
    assert rules(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a: b # what it is\n", id="a comment behind a value"),
        pytest.param(b"a: # what it is\n  b: c\n", id="a comment in the place of a value"),
        pytest.param(b"a:  ## chapter\nb: c #!\n", id="signs that no value begins with"),
        pytest.param(b"a: \"Clermont #63\"\nb: '#e36'  # a comment\n", id="values in quotes"),
        pytest.param(b"a: |\n  Clermont #63\n  #64\nb: C#\nc: x#1\n", id="a # that begins no comment"),
        pytest.param(b"# a: #63\na: b\n", id="a line that is a comment"),
    ],
)
def test_a_comment_that_is_one_is_left_alone(content: bytes) -> None:
    assert rules(content) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"reference: ?\n", "a value begins with a character that means something else in YAML", id="?"),
        pytest.param(b"reference: -\n", "a value begins with a character that means something else in YAML", id="-"),
        pytest.param(b"title: Director\t\n", "a tab stands where YAML wants spaces", id="a tab behind a value"),
    ],
)
def test_what_is_wrong_is_called_what_it_is(content: bytes, message: str) -> None:
    assert [finding.message for finding in read_yaml(content, "handover.yaml")[1]] == [message]


def test_aliases_that_would_unfold_into_gigabytes_are_only_named() -> None:
    bomb = b"a0: &a0 [x, x]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 40)
    )

    found = read_yaml(bomb, "handover.yaml")[1]

    assert {f.rule for f in found} == {"yaml.anchor", "yaml.alias"}


def test_every_value_knows_its_line_and_column() -> None:
    tree, _ = read_yaml(b"a:\n  b: c\n  d:\n    - e\n", "handover.yaml")

    assert tree is not None
    inner = tree.get("a")
    assert isinstance(inner, YamlMap)
    value, items = inner.get("b"), inner.get("d")
    assert isinstance(value, YamlScalar)
    assert isinstance(items, YamlList)
    assert [str(place) for place in (value.location, items.items[0].location)] == [
        "handover.yaml:2:6",
        "handover.yaml:4:7",
    ]


@given(st.binary(max_size=400))
def test_any_bytes_give_findings_or_a_tree_and_never_an_exception(content: bytes) -> None:
    tree, findings = read_yaml(content, "handover.yaml")

    assert tree is not None or findings


@given(st.text(alphabet="ab:-#&*!|>%@`'\"{}[],?\\ \n\t~<=.0\u2028\x85é", max_size=80))
def test_any_arrangement_of_yaml_punctuation_never_raises(text: str) -> None:
    tree, findings = read_yaml(text.encode(), "handover.yaml")

    assert tree is not None or findings
