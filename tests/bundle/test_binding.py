"""What a signature in a letter binds: kind, project and the facts of its date; and what is told or refused."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from handover.bundle.binding import Kind, Said, check_kind, compare, read_binding, write_binding
from handover.documents.facts import letter_facts, letter_looks
from handover.model.errors import BundleError
from sample_letter import given, invoice, settings

SAID = Said(("Acme", "Ruth Carter"), "1 September 2026", "30 November 2026", ("1,280.50",), "£")
BASE = settings("en", full=True)


def project(made=BASE, **changes):
    return replace(given("letter", made).project, **changes)


def bound(one=None, template: bytes = b"t", **changes) -> bytes:
    one = one or project(**changes)
    facts, looks = letter_facts(one, (), key_only=False), letter_looks(one, template, {"a": "b"})
    day = one.settings.letter.date
    return write_binding(Kind.LETTER, one.settings.client.id, day, dt.date(2026, 9, 4), SAID, facts, looks)


def test_what_is_written_is_read_back():
    found = read_binding(bound(), "letter.docx")
    assert (found.kind, found.project, found.said) == ("letter", "acme", SAID)
    assert (found.date, found.made) == ("2026-09-01", "2026-09-04")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(invoice("F-1", "2026-09-30", "80", paid_on="2026-09-15"), id="paid after the letter's date"),
        pytest.param(invoice("F-1", "2026-09-30", "80"), id="not paid at all"),
    ],
)
def test_what_became_of_an_invoice_later_changes_nothing(changed):
    before = bound(invoices=(invoice("F-1", "2026-09-30", "80"),))
    assert compare(before, bound(invoices=(changed,)), "letter.docx") == ()


def test_an_invoice_issued_after_the_letters_date_changes_nothing():
    later = invoice("F-9", "2026-10-31", "5", issued_on="2026-09-02")
    assert compare(bound(), bound(invoices=(later,)), "letter.docx") == ()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(invoice("F-1", "2026-09-30", "81"), id="another sum"),
        pytest.param(invoice("F-1", "2026-09-30", "80", paid_on="2026-08-15"), id="paid before the letter's date"),
    ],
)
def test_an_invoice_that_was_otherwise_on_the_letters_date_is_named(changed):
    before = bound(invoices=(invoice("F-1", "2026-09-30", "80"),))
    with pytest.raises(BundleError, match="the invoices"):
        compare(before, bound(invoices=(changed,)), "letter.docx")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"agency": {"email": "new@northlight.example"}}, "the agency's details", id="agency"),
        pytest.param({"owner": {"title": "Director"}}, "the owners' details", id="owner"),
        pytest.param({"contact": {"name": "Ruth Smith"}}, "the client's details", id="the person addressed"),
        pytest.param({"contract": {"end_date": "2027-01-31"}}, "the contract", id="contract"),
        pytest.param({"letter": {"place": "York"}}, "the letter's own section", id="letter"),
        pytest.param({"options": {"passphrase_by": "post"}}, "the passphrase's channel", id="channel"),
    ],
)
def test_a_changed_fact_is_named(changes, named):
    with pytest.raises(BundleError, match=named):
        compare(bound(), bound(project(settings("en", full=True, **changes))), "letter.docx")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"owner": {"pin": "ab" * 32}}, id="a new key for the owner"),
        pytest.param({"contact": {"email": "ruth.carter@acme.example"}}, id="an address that the letter doesn't say"),
        pytest.param({"options": {"on_receipt": ["Call us"]}}, id="a step of the inventory"),
    ],
)
def test_what_the_letter_doesnt_say_is_no_fact_of_it(changes):
    assert compare(bound(), bound(project(settings("en", full=True, **changes))), "letter.docx") == ()


def test_looks_template_and_program_are_told_and_not_refused(monkeypatch):
    coloured = settings("en", full=True, brand={"colour": "#123456"})
    assert compare(bound(), bound(project(coloured)), "x") == ("the logo or the colour",)
    assert compare(bound(), bound(template=b"other"), "x") == ("the letter's template or its words",)
    before = bound()
    monkeypatch.setattr("handover.documents.facts.__version__", "99.0")
    assert compare(before, bound(), "x") == ("the version of handover",)


def test_a_notice_or_another_projects_letter_never_passes():
    value = json.loads(bound())
    for change, message in (({"kind": "notice"}, "made as a notice"), ({"project": "other"}, "of the project other")):
        found = read_binding(json.dumps(value | change).encode(), "letter.docx")
        with pytest.raises(BundleError, match=message):
            check_kind(found, Kind.LETTER, "acme", "letter.docx")


@examples(st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=5), st.lists, max_leaves=5).map(
    lambda value: json.dumps(value).encode()))  # fmt: skip
def test_what_isnt_a_binding_is_refused_and_never_raises_otherwise(data):
    with pytest.raises(BundleError, match="isn't in the form"):
        read_binding(data, "letter.docx")


@pytest.mark.parametrize("key", ["kind", "project", "date", "said", "facts", "looks", "format"])
def test_a_binding_without_one_of_its_parts_is_refused(key):
    value = json.loads(bound())
    del value[key]
    with pytest.raises(BundleError, match="isn't in the form"):
        read_binding(json.dumps(value).encode(), "letter.docx")


def test_the_letters_date_is_its_own():
    assert read_binding(bound(), "x").date == dt.date(2026, 9, 1).isoformat()
