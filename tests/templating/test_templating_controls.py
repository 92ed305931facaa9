"""Templates that are right are accepted, and what was accepted can be filled in."""

import dataclasses
import types
import typing
from enum import StrEnum
from typing import Any

import pytest

from handover.documents.templates import template_file, with_templates
from handover.formats.chart.markup import Part
from handover.formats.chart.place import Placed
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.templating.check import lint_template
from handover.templating.kinds import ChartName
from handover.templating.template import rendered
from templating.controls import CONTROLS, Control

CHART = Placed(Part(b"<c/>", (("Month",),)), "A chart", 10, 10)
FINISH = Finish("en-GB", "A4", palette("#1F4E79"), {"logo": None, "signature": None}, {"chart": CHART})


def sample(annotation: Any, *, full: bool) -> Any:
    """A value of a view's field: with everything that may be there, or with nothing of it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        rest = next(argument for argument in arguments if argument is not type(None))
        return sample(rest, full=full) if full else None
    if origin is tuple:
        return (sample(arguments[0], full=full),) * 2 if full else ()
    if dataclasses.is_dataclass(annotation):
        hints = typing.get_type_hints(annotation)
        return annotation(**{name: sample(hint, full=full) for name, hint in hints.items()})
    if issubclass(annotation, StrEnum):
        return next(iter(annotation))
    return {str: "some text", bool: full, int: 3, ChartName: ChartName("chart")}[annotation]


def view_of(document: str, *, full: bool) -> object:
    return sample(with_templates()[document].view_type, full=full)


@pytest.mark.parametrize("control", CONTROLS)
def test_nothing_is_said_about_a_template_that_is_right(control: Control) -> None:
    about = template_file(f"{control.document}.docx", control.document, control.language)

    assert lint_template(control.make().bytes(), about) == []


@pytest.mark.parametrize("full", [pytest.param(True, id="with everything"), pytest.param(False, id="with nothing")])
@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_accepted_can_be_filled_in(control: Control, full: bool) -> None:
    content = rendered(control.make().bytes(), view_of(control.document, full=full), FINISH, place="control.docx")

    assert content.startswith(b"PK")
