"""A secret shows itself nowhere but where it is asked for by name."""

import copy
import logging
import pickle
import traceback

import pytest

from handover.model.secret import Secret

TEXT = "canary-passphrase"


class TestSecret:
    @pytest.mark.parametrize(
        "shown",
        [
            pytest.param(str, id="str"),
            pytest.param(repr, id="repr"),
            pytest.param(lambda secret: f"{secret}", id="an f-string"),
            pytest.param(lambda secret: f"{secret!r:>40}", id="an f-string with a width"),
            pytest.param(lambda secret: f"{secret:s}", id="a format specification"),
            pytest.param(lambda secret: "%s %r" % (secret, secret), id="percent formatting"),  # noqa: UP031
            pytest.param(lambda secret: str([secret, {"key": secret}]), id="a list and a dictionary"),
            pytest.param(lambda secret: str(dir(secret)), id="its attributes' names"),
        ],
    )
    def test_is_not_shown_by(self, shown):
        assert TEXT not in shown(Secret(TEXT))

    def test_is_not_shown_by_a_log_or_a_traceback(self, caplog):
        secret = Secret(TEXT)
        logging.getLogger("test").error("used %s", secret)
        shown = "".join(traceback.format_exception(ValueError(secret)))
        assert TEXT not in shown + caplog.text

    def test_gives_its_text_when_asked_by_name(self):
        assert Secret(TEXT).reveal() == TEXT

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_cannot_be_pickled(self, protocol):
        with pytest.raises(TypeError, match="can't be pickled"):
            pickle.dumps(Secret(TEXT), protocol)

    def test_copies_are_the_secret_itself(self):
        secret = Secret(TEXT)
        assert copy.copy(secret) is copy.deepcopy(secret) is secret

    def test_compares_by_value_and_only_with_secrets(self):
        assert Secret(TEXT) == Secret(TEXT) != Secret("other")
        assert Secret(TEXT) != TEXT
        assert len({Secret(TEXT), Secret(TEXT), Secret("a\ud800")}) == 2

    def test_is_false_when_empty(self):
        assert not Secret("")
        assert Secret(" ")
