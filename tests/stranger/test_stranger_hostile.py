"""Hostile templates: none runs, hangs, fills memory or gets a document made; each is answered with what and where."""

import pytest

from handover.deliverables.letter import view
from handover.deliverables.word import fields, finish
from handover.errors import DamagedFile, TemplateError
from handover.stranger.limits import Limits
from handover.stranger.parent import fill
from hostile_templates import HOSTILE, Hostile, with_text
from sample_letter import given, settings

GIVEN = given("letter", settings("en", full=True))
LIMITS = Limits(memory=400 * 1024 * 1024, cpu_seconds=1, wall_seconds=30)


def filled(template: bytes, limits: Limits = LIMITS) -> bytes:
    return fill(template, fields(view(GIVEN)), finish(GIVEN), place="templates/letter.docx", limits=limits)


def test_there_are_enough_of_them() -> None:
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE) >= 80


def test_the_frame_they_are_made_in_is_accepted() -> None:
    assert filled(with_text("{{ contract.subject }}")).startswith(b"PK")


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_template_is_refused_by_name_and_place(hostile: Hostile) -> None:
    with pytest.raises((TemplateError, DamagedFile), match=rf"^templates/letter\.docx.*({hostile.says})") as caught:
        filled(hostile.make())
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 1500
