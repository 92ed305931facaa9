"""The program's own files are found in a wheel, an editable install and a bare checkout, and nothing else is."""

import pytest

from handover.languages import files as resources
from handover.model.errors import HandoverError


def tree(root, *files):
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("text", encoding="utf-8")
    return root


class TestDataRoot:
    def test_a_wheel_has_its_data_inside_the_package(self, tmp_path):
        tree(tmp_path, "site/handover/_data/templates/a.txt")
        assert resources.data_root(tmp_path / "site/handover") == tmp_path / "site/handover/_data"

    def test_a_checkout_has_it_beside_the_package(self, tmp_path):
        tree(tmp_path, "checkout/templates/a.txt", "checkout/handover/x.py")
        assert resources.data_root(tmp_path / "checkout/handover") == tmp_path / "checkout"

    def test_a_wheels_own_data_wins_over_what_happens_to_lie_beside_it(self, tmp_path):
        tree(tmp_path, "site/handover/_data/templates/a.txt", "site/templates/a.txt")
        assert resources.data_root(tmp_path / "site/handover") == tmp_path / "site/handover/_data"

    def test_an_incomplete_installation_is_said_to_be_one(self, tmp_path):
        with pytest.raises(HandoverError, match="incomplete"):
            resources.data_root(tmp_path / "site/handover")


class TestReading:
    def test_text_and_bytes_of_a_file(self):
        assert resources.read_text("en", "passphrase.txt").startswith("abacus\n")
        assert resources.read_bytes("en", "passphrase.txt").startswith(b"abacus")
        assert resources.template_path("en", "passphrase.txt").is_file()

    def test_the_folder_of_all_templates(self):
        assert {"en", "fr", "pages"} <= {path.name for path in resources.template_path().iterdir()}

    @pytest.mark.parametrize(
        "parts",
        [("..", "pyproject.toml"), ("en/passphrase.txt",), ("",), (".",), ("a\\b",), ("C:",), ("/etc", "passwd")],
    )
    def test_no_name_leads_out_of_the_folder(self, parts):
        with pytest.raises(HandoverError, match="is not a name"):
            resources.read_bytes(*parts)

    def test_a_missing_file_is_named(self):
        with pytest.raises(HandoverError, match=r"^templates/xx/letter\.docx: there is no such file"):
            resources.read_bytes("xx", "letter.docx")

    def test_a_folder_is_not_a_file(self):
        with pytest.raises(HandoverError, match="can't be read"):
            resources.read_bytes("en")

    def test_an_unknown_schema_is_named(self):
        with pytest.raises(HandoverError, match=r"schemas/nonsense\.schema\.json"):
            resources.schema_text("nonsense")
