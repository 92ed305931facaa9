"""A secret that a person chooses: strong enough, or asked for again."""

import pytest

from handover.cli import asking
from handover.model.errors import WeakPassphrase
from handover.model.secret import Secret

STRONG = "dusk-squatting-glazing-unwieldy-education-grimace-excusable"
ASKED = {"option": "--vault-passphrase-file", "hint": "take a longer one"}


@pytest.mark.parametrize(("typed", "told"), [([STRONG], 0), (["weak", STRONG], 1), (["weak", "weaker", STRONG], 2)])
def test_a_weak_one_is_asked_for_again_so_that_no_answer_before_it_is_lost(typed, told, monkeypatch, capsys):
    answers = iter(typed)
    monkeypatch.setattr(asking, "ask", lambda question, **_: Secret(next(answers)))
    assert asking.new_secret(None, "a passphrase", **ASKED).reveal() == STRONG
    assert capsys.readouterr().err.count("take a longer one") == told


def test_the_third_weak_one_is_the_last(monkeypatch):
    monkeypatch.setattr(asking, "ask", lambda question, **_: Secret("weak"))
    with pytest.raises(WeakPassphrase):
        asking.new_secret(None, "a passphrase", **ASKED)


def test_a_weak_one_in_a_file_is_refused_at_once(tmp_path):
    (tmp_path / "secret.txt").write_text("weak\n")
    (tmp_path / "secret.txt").chmod(0o600)
    with pytest.raises(WeakPassphrase):
        asking.new_secret(str(tmp_path / "secret.txt"), "a passphrase", **ASKED)
