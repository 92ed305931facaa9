"""What crosses into the child: views as JSON and back, and nothing that isn't a view."""

from dataclasses import dataclass, fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.deliverables import letter
from handover.deliverables.word import fields as fields_of
from handover.errors import TemplateError
from handover.secret import Secret
from handover.stranger.values import check_texts, decoded, encoded
from sample_letter import INVOICES, settings
from sample_letter import given as given_for


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    flag: bool


@dataclass(frozen=True, slots=True)
class Outer:
    inner: Inner | None
    texts: tuple[str, ...]
    number: int


_texts = st.text(st.characters(exclude_categories=[]))
_outer = st.builds(
    Outer, st.none() | st.builds(Inner, _texts, st.booleans()), st.lists(_texts).map(tuple), st.integers()
)


@given(_outer)
def test_views_come_back_with_the_same_values(value: Outer) -> None:
    copy = decoded(encoded(value))
    assert copy.texts == value.texts
    assert copy.number == value.number
    assert (copy.inner is None) == (value.inner is None)
    if value.inner is not None:
        assert (copy.inner.name, copy.inner.flag) == (value.inner.name, value.inner.flag)


def test_the_letters_view_crosses_whole() -> None:
    made = letter.view(given_for("letter", settings("fr", full=True), invoices=INVOICES))
    copy = {name: decoded(encoded(value)) for name, value in fields_of(made).items()}
    assert copy["payments"].invoices[1].amount == made.payments.invoices[1].amount
    for field in fields(made.contract):
        assert getattr(copy["contract"], field.name) == getattr(made.contract, field.name)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Secret("hunter2"), id="a secret"),
        pytest.param({"a": "b"}, id="a dictionary"),
        pytest.param(b"x", id="bytes"),
        pytest.param(Decimal(1), id="a decimal number"),
        pytest.param(print, id="a function"),
        pytest.param(Inner, id="a class"),
        pytest.param(object(), id="any object"),
    ],
)
def test_nothing_else_crosses(value: object) -> None:
    with pytest.raises(TypeError, match="a template's values can't hold a") as caught:
        encoded((value,))
    assert "hunter2" not in str(caught.value)


def test_a_copy_can_be_read_and_nothing_else() -> None:
    copy = decoded(encoded(Inner("x", flag=True)))
    with pytest.raises(AttributeError):
        copy.name = "y"
    with pytest.raises(AttributeError):
        copy.other  # noqa: B018 — reading is the test
    assert not hasattr(copy, "__dict__")


@pytest.mark.parametrize(
    ("context", "path"),
    [
        pytest.param({"place": "a\x0cb"}, "place", id="a text"),
        pytest.param({"contract": Inner("\x00", flag=True)}, r"contract\.name", id="a text in a view"),
        pytest.param({"lines": ("a", "b\ufffe")}, r"lines \(item 2\)", id="a text in a list"),
        pytest.param({"rows": (Inner("\ud800", flag=True),)}, r"rows \(item 1\)\.name", id="a view in a list"),
    ],
)
def test_a_character_that_word_cannot_hold_is_refused_with_its_field_named(context, path: str) -> None:
    with pytest.raises(TemplateError, match=rf"^letter\.docx: {path} holds the character U\+[0-9A-F]{{4}}, which no"):
        check_texts(context, "letter.docx")
