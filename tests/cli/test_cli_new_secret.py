"""A secret that a person chooses: strong enough, or asked for again."""

import re

import pytest

from handover.cli import asking
from handover.model.errors import WeakPassphrase
from handover.model.secret import Secret
from handover.seal.passphrase import require_strong

STRONG = "dusk-squatting-glazing-unwieldy-education-grimace-excusable"
ASKED = {"option": "--vault-passphrase-file"}


def typing(monkeypatch, *typed: str) -> None:
    """Have a person type these, one after another."""
    answers = iter(typed)
    monkeypatch.setattr(asking, "ask", lambda question, **_: Secret(next(answers)))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ((STRONG, STRONG), []),
        (("weak", "weak", STRONG, STRONG), ["take a longer one"]),
        (("weak", "weak") * 4 + (STRONG, STRONG), ["take a longer one"] * 4),
        ((STRONG, STRONG[:-1], STRONG, STRONG), ["these two differ"]),
    ],
)
def test_a_weak_one_is_asked_for_again_so_that_no_answer_before_it_is_lost(typed, told, monkeypatch, capsys):
    typing(monkeypatch, *typed)
    assert asking.new_secret(None, "a passphrase", **ASKED).reveal() == STRONG
    assert re.findall("take a longer one|these two differ", capsys.readouterr().err) == told


def test_who_types_none_gets_seven_words_that_are_shown(monkeypatch, capsys):
    typing(monkeypatch, "")
    made = asking.new_secret(None, "a passphrase", **ASKED).reveal()
    require_strong(Secret(made))
    assert made in capsys.readouterr().err


def test_a_weak_one_in_a_file_is_refused_at_once(tmp_path):
    (tmp_path / "secret.txt").write_text("weak\n")
    (tmp_path / "secret.txt").chmod(0o600)
    with pytest.raises(WeakPassphrase):
        asking.new_secret(str(tmp_path / "secret.txt"), "a passphrase", **ASKED)
