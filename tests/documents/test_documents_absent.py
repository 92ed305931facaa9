"""Outside the bundle, too: a document whose inputs are empty isn't written, and says what it lacks."""

import itertools
from dataclasses import replace
from functools import cache

import pytest

from handover.build.sample import sample_given, sample_plan
from handover.documents.base import ClientInput, Outside, WorkspaceInput
from handover.documents.registry import OUTSIDE
from handover.life.dossier import Dossier

PROJECT = sample_plan("en").project
NEEDS = {
    "reasons": "reasons", "survey_results": "answers", "vetting": "vetting", "receipt": "a bundle",
    "guide": "something to pass on", "case_study": "figures",
}  # fmt: skip
"""Document → the one input without which there is nothing to say."""
INPUTS = tuple(NEEDS.values())


@cache
def whole(document):
    return sample_given(document, PROJECT)


def lacking(document, held: frozenset[str]) -> str:
    """Why it can't be written where a project has these inputs and no others."""
    bare = replace(
        PROJECT,
        routines=PROJECT.routines if "something to pass on" in held else (),
        training=PROJECT.training if "something to pass on" in held else (),
        accounts=PROJECT.accounts if "something to pass on" in held else (),
        metrics=PROJECT.metrics if "figures" in held else (),
        invoices=(),
    )
    given = whole(document)
    dossier = Dossier.of(bare)
    if isinstance(given, WorkspaceInput):
        given = given._replace(vetting=given.vetting if "vetting" in held else ())
    elif isinstance(given, ClientInput):
        given = given._replace(project=bare, sent=given.sent if "a bundle" in held else None)
    else:
        full = given.dossier
        dossier = replace(
            full,
            reasons=full.reasons if "reasons" in held else (),
            answers=full.answers if "answers" in held else (),
        )
        given = given._replace(dossier=dossier)
    return document.lacks(given, dossier)


@pytest.mark.parametrize("document", [one for one in OUTSIDE if one.id in NEEDS], ids=lambda one: one.id)
def test_a_document_is_there_where_its_input_is_whatever_else_is_given(document):
    every = [frozenset(some) for size in range(len(INPUTS) + 1) for some in itertools.combinations(INPUTS, size)]
    wrong = [set(held) for held in every if bool(lacking(document, held)) is (NEEDS[document.id] in held)]
    assert wrong == []


def test_every_document_that_needs_something_is_tried():
    others = {"decision", "call", "call_email", "plan", "calendar", "survey", "survey_email"}
    needs_nothing = Outside.__dataclass_fields__["lacks"].default
    assert {one.id for one in OUTSIDE if one.lacks is not needs_nothing} == {*NEEDS, *others}
