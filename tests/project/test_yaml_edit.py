"""One value of a settings file changes, and every other line stays; what has no plain place is refused."""

import pytest

from handover.model.errors import OutputError
from handover.project.read.yaml_tree import read_yaml
from handover.project.yaml_edit import _plain, with_value

FILE = """\
# Ours.
agency:
  # The name.
  name: Rivers # as printed
  # Lines, like this:
  #   - 1 Road
  address:
  # Mail.
  email: a@b.example
  registration:
    - VAT 1
    - VAT 2
# Who signs.
owners:
  - name:
    title:
options:
  currency: GBP
"""
GONE = {11: None, 12: None}


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        pytest.param(("agency", "name"), "Rivage", {4: "  name: Rivage # as printed"}, id="a text, its comment kept"),
        pytest.param(("agency", "address"), ["1 Quay", "Whitby"], {7: "  address:\n    - 1 Quay\n    - Whitby"},
            id="a list in an empty place"),
        pytest.param(("agency", "registration"), ["SIRET 1"], {10: "  registration:\n    - SIRET 1", **GONE},
            id="a list in place of a list"),
        pytest.param(("agency", "registration"), [], {10: "  registration:", **GONE}, id="no list any more"),
        pytest.param(("agency", "email"), "", {9: "  email:"}, id="no value any more"),
        pytest.param(("owners", 0, "name"), "Ada", {15: "  - name: Ada"}, id="the first key of an item"),
        pytest.param(("owners", 0, "pin"), "ab", {15: "  - name:\n    pin: ab"}, id="a key that an item lacks"),
        pytest.param(("agency", "phone"), "x", {4: "  name: Rivers # as printed\n  phone: x"}, id="a key that is new"),
        pytest.param(("owners", 1), {"name": "Ben", "title": "Partner"},
            {16: "    title:\n  - name: Ben\n    title: Partner"}, id="one item more"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_lines_of_a_value_change(path, value, lines, end):
    kept = FILE.splitlines()
    expected = [lines.get(number, line) for number, line in enumerate(kept, start=1)]
    made = with_value(FILE.replace("\n", end).encode(), "agency.yaml", path, value).decode()
    assert made == "".join(f"{line}\n" for line in expected if line is not None).replace("\n", end)


@pytest.mark.parametrize(
    "text",
    ["Rivers: and sons", "#1F4E79", "null", "0556", "a, b", "'quoted'", 'say "x"', "- x", "yes", "2026-11-30",
     "é l’eau", "a@b.example", "tail #1", " lead", "*", "&x", "{a}", "SAS au capital de 20 000 €",
     "x: ", "@", "%", "!tag", "a\\n"],
)  # fmt: skip
def test_any_text_is_read_back_as_it_was_written(text):
    made = with_value(FILE.encode(), "agency.yaml", ("agency", "name"), text)
    tree, findings = read_yaml(made, "agency.yaml")
    assert findings == []
    assert _plain(tree)["agency"]["name"] == text


@pytest.mark.parametrize(
    ("content", "path"),
    [
        pytest.param("agency: {name: x}\n", ("agency", "name"), id="in braces"),
        pytest.param("agency:\n  name: >\n    long\n    text\n", ("agency", "name"), id="a block of text"),
        pytest.param("agency: x\n", ("agency", "name"), id="no group"),
        pytest.param("a: [\n", ("a",), id="no YAML"),
    ],
)
def test_what_has_no_plain_place_is_refused_with_what_to_write(content, path):
    with pytest.raises(OutputError) as refused:
        with_value(content.encode(), "agency.yaml", path, "new")
    assert f"{path[-1]}: new" in refused.value.hint
