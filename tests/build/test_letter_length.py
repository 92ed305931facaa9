"""A letter that would need a third page is told before it's built."""

import datetime as dt

import pytest

from building import edit, make_project
from handover.build.letter_length import RULE
from handover.build.prepare import prepare
from handover.build.request import ProjectRequest

SENTENCE = "We have chosen to give our time to fewer clients and other work. "


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        pytest.param(0, [], id="as it stands"),
        pytest.param(6, [], id="a reason of six sentences"),
        pytest.param(60, ["letter.reason"], id="a reason of two pages"),
    ],
)
def test_a_letter_that_needs_a_third_page_is_told_with_the_key_to_shorten(tmp_path, sentences, told) -> None:
    root = make_project(tmp_path / "acme")
    if sentences:
        edit(root, "handover.yaml", "letter:\n", f"letter:\n  reason: {SENTENCE * sentences}\n")
    found = prepare(ProjectRequest(root=root, today=dt.date(2026, 3, 2))).warnings

    assert [one.message.split("`")[1] for one in found if one.rule == RULE] == told
    assert all(one.location.line for one in found if one.rule == RULE)
