"""Templates that are right are accepted, and the renderer can fill in what was accepted."""

import dataclasses
import types
import typing
from decimal import Decimal
from typing import Any

import pytest

from handover import resources
from handover.brand import palette
from handover.deliverables.registry import ALL
from handover.lint import TemplateFile, lint_template
from handover.office.docx import Finish, render
from lint.controls import CONTROLS, Control

VIEWS = {deliverable.id: deliverable.view for deliverable in ALL if deliverable.view}
FINISH = Finish("en-GB", "A4", palette("#1F4E79"), {"logo": None, "signature": None})
OURS = [(language, name) for language in ("en", "fr") for name in VIEWS]


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
        # Nobody is without an address.
        return annotation(**{name: sample(hint, full=full or name == "address") for name, hint in hints.items()})
    return {str: "some text", bool: full, int: 3, Decimal: Decimal(3)}[annotation]


def context(document: str, *, full: bool) -> dict[str, Any]:
    view = sample(VIEWS[document], full=full)
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}


@pytest.mark.parametrize("control", CONTROLS)
def test_nothing_is_said_about_a_template_that_is_right(control: Control) -> None:
    about = TemplateFile(f"{control.document}.docx", control.document, control.language)

    assert lint_template(control.make().bytes(), about) == []


@pytest.mark.parametrize("full", [pytest.param(True, id="with everything"), pytest.param(False, id="with nothing")])
@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_accepted_can_be_filled_in(control: Control, full: bool) -> None:
    document = render(control.make().bytes(), context(control.document, full=full), FINISH, place="control.docx")

    assert document.startswith(b"PK")


@pytest.mark.parametrize(("language", "document"), OURS)
def test_nothing_is_said_about_our_own_templates(language: str, document: str) -> None:
    content = resources.read_bytes(language, f"{document}.docx")

    assert lint_template(content, TemplateFile(f"{language}/{document}.docx", document, language)) == []
