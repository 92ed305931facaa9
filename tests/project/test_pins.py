"""Writing a pin: into one line, for one owner, never in passing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.model.errors import OutputError, SigningError, UsageError
from handover.project.pins import choose, owners_in, with_pin

PIN, OTHER = "ab" * 32, "cd" * 32
PLAIN = (
    "language: en\nowners:\n  - name: Ada Marsh # the boss\n    title: Director\n"
    "  - name: Ben Okafor\n    title: Partner\nclient:\n  id: a\n"
)
TITLE = "    title: Director\n"


@pytest.mark.parametrize(
    ("before", "line"),
    [
        pytest.param(PLAIN, 4, id="no line for it yet"),
        pytest.param(PLAIN.replace(TITLE, f"    pin:\n{TITLE}"), 4, id="an empty line"),
        pytest.param(PLAIN.replace(TITLE, f"{TITLE}    pin: {OTHER}\n"), 5, id="another pin"),
        pytest.param(
            PLAIN.replace(TITLE, f'{TITLE}    pin: "CD:CD {"cd" * 30}" # old\n'), 5,
            id="another pin, in quotes, with a comment",
        ),
        pytest.param(PLAIN.replace("  - name: Ada", "  -  name: Ada").replace(TITLE, f" {TITLE}"), 4, id="deeper"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_line_changes_and_every_other_byte_stays(before, line, end):
    content = before.replace("\n", end).encode()
    made = with_pin(content, owners_in(content)[0], PIN)
    assert owners_in(made)[0].pin == PIN
    kept, now = content.split(end.encode()), made.split(end.encode())
    assert PIN.encode() in now[line - 1]
    rest = now[: line - 1] + now[line:]
    assert rest in (kept, kept[: line - 1] + kept[line:])
    assert (b"# old" in made) is (b"# old" in content)


def test_the_second_owners_pin_goes_to_the_second_owner():
    content = PLAIN.encode()
    made = with_pin(content, owners_in(content)[1], PIN)
    assert [owner.pin for owner in owners_in(made)] == ["", PIN]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"owners: [{name: Ada Marsh, title: Director}]\n", id="on one line"),
        pytest.param(b"owners:\n- {name: Ada Marsh,\n   title: Director}\n", id="in braces"),
    ],
)
def test_where_the_line_has_no_plain_place_the_user_is_told_what_to_write(content):
    with pytest.raises(OutputError) as refused:
        with_pin(content, owners_in(content)[0], PIN)
    assert f"pin: {PIN}" in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"owners:\n", b"a: [", b"owners:\n  - title: x\n"])
def test_settings_without_owners_have_nothing_to_pin(content):
    with pytest.raises(SigningError, match="owner"):
        owners_in(content)


def test_the_owner_is_the_one_whose_name_the_certificate_has():
    owners = owners_in(PLAIN.encode())
    assert choose(owners, PIN, named=None, certificate="ben  OKAFOR", replace=False).name == "Ben Okafor"


@pytest.mark.parametrize("certificate", ["Northlight Studio seal", "Ada", "", "Ada Marshall"])
def test_any_other_name_is_never_pinned_in_passing(certificate):
    owners = owners_in(PLAIN.encode())
    with pytest.raises(UsageError, match="say whose key it is"):
        choose(owners, PIN, named=None, certificate=certificate, replace=False)
    assert choose(owners, PIN, named="Ada Marsh", certificate=certificate, replace=False).name == "Ada Marsh"


def test_an_owner_that_the_project_doesnt_have_is_refused_with_those_it_has():
    with pytest.raises(UsageError) as refused:
        choose(owners_in(PLAIN.encode()), PIN, named="Eve", certificate="Eve", replace=False)
    assert refused.value.hint == "its owners: Ada Marsh, Ben Okafor"


def test_one_key_is_pinned_for_one_person():
    content = with_pin(PLAIN.encode(), owners_in(PLAIN.encode())[0], PIN)
    with pytest.raises(SigningError, match="pinned for Ada Marsh already"):
        choose(owners_in(content), PIN, named="Ben Okafor", certificate="x", replace=True)


def test_an_earlier_pin_is_replaced_only_when_that_is_said():
    content = with_pin(PLAIN.encode(), owners_in(PLAIN.encode())[0], OTHER)
    with pytest.raises(SigningError, match="another key is pinned"):
        choose(owners_in(content), PIN, named="Ada Marsh", certificate="", replace=False)
    assert choose(owners_in(content), PIN, named="Ada Marsh", certificate="", replace=True).pin == OTHER


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip))
def test_whatever_an_owner_is_called_nothing_but_the_pin_changes(name):
    quoted = name.replace("'", "''")
    content = f"owners:\n  - name: '{quoted}'\n    title: x\nz: 1\n".encode()
    try:
        before = owners_in(content)
    except SigningError:
        return  # an invisible character, which the settings may not hold
    made = with_pin(content, before[0], PIN)
    assert owners_in(made)[0].name == before[0].name
    assert made.replace(f"    pin: {PIN}\n".encode(), b"") == content
