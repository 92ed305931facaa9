"""Guesses at what was meant: slips of the keyboard are mended, and nothing is suggested that would be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.languages import registry
from handover.model.base import Word
from handover.model.did_you_mean import NEVER, did_you_mean, nearest
from handover.model.rows import (
    AccountStatus,
    Decision,
    PendingStatus,
)


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("pasword", ["service", "password"], "password"), ("username", ["user name", "url"], "user name"),
        ("duedate", ["due_date", "files"], "due_date"), ("Échance", ["échéance", "statut"], "échéance"),
        ("in-progres", ["idea", "in-progress"], "in-progress"), ("closd", ["closed", "to-close"], "closed"),
        ("transfered", ["transferred", "to-transfer"], "transferred"), ("visitorz", ["visitors", "leads"], "visitors"),
        ("organic visitors", ["organic_visitors"], "organic_visitors"), ("bulid", ["build", "verify"], "build"),
    ],
)  # fmt: skip
def test_a_slip_is_mended(typed: str, known: list[str], meant: str) -> None:
    assert nearest(typed, known) == meant


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("name", ["user name"]), ("name", ["username"]), ("owner", ["new owner", "current owner"]),
        ("date", ["due date"]), ("done", ["percent done"]), ("undone", ["done"]), ("not done", ["done"]),
        ("non transféré", ["transféré"]), ("à terminer", ["terminé"]), ("inactive", ["active"]), ("Doing", ["done"]),
        ("close", ["closed"]), ("transfer", ["transferred"]), ("fermer", ["fermé"]), ("finished", ["finish"]),
        ("leads_2024", ["leads_2025"]), ("logo-1.png", ["logo-2.png"]), ("visitors", ["new_visitors"]), ("x", ["xyz"]),
    ],
)  # fmt: skip
def test_what_would_be_wrong_is_not_suggested(typed: str, known: list[str]) -> None:
    assert did_you_mean(typed, known) == ""


@pytest.mark.parametrize("words", [PendingStatus, AccountStatus, Decision])
def test_no_word_of_a_list_is_taken_for_one_that_means_something_else(words: type[Word]) -> None:
    meanings = {**{member.value: member.value for member in words}, **registry.spellings(words)}
    for typed, meaning in meanings.items():
        others = [word for word, other in meanings.items() if other != meaning]
        assert nearest(typed, others) == "", typed


@pytest.mark.parametrize("table", ["pending", "invoices", "credentials"])
def test_no_column_is_taken_for_another(table: str) -> None:
    headers = {header.replace("_", " "): column for header, column in registry.columns(table).items()}
    for typed, column in headers.items():
        assert nearest(typed, [header for header, other in headers.items() if other != column]) == "", typed


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=30), max_size=6))
def test_a_guess_is_one_of_the_known_words_or_nothing(typed: str, known: list[str]) -> None:
    assert nearest(typed, known) in {*known, ""}


def test_what_is_never_meant_is_written_as_it_is_compared() -> None:
    assert all(word == word.casefold() for words in NEVER.items() for word in (words[0], *words[1]))
