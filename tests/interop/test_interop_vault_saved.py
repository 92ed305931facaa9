"""A vault that LibreOffice saved with its passphrase: read, its changed rows listed, and saved again as ours."""

import os

import pytest

from building import make_project
from handover.cli import run
from handover.languages.words import Words
from handover.model.errors import DamagedFile, WrongPassphrase
from handover.model.project import Vault
from handover.model.secret import Secret
from handover.project.vault.workbook import read_saved_elsewhere, read_vault, write_vault
from handover.seal.older_encryption import is_older
from interop.test_interop_inventory import PASSPHRASE, office
from sample_handover import credentials

pytestmark = pytest.mark.interop

HELD = tuple(row for row in credentials() if row.password != Secret("_x005F_x0041_"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Our vault, opened and saved under its passphrase."""
    folder = tmp_path_factory.mktemp("office")
    words = Words.load("en", "en_GB", "vault")
    (folder / "vault.xlsx").write_bytes(write_vault(Vault(HELD), PASSPHRASE, random=os.urandom, words=words))
    done = office("save", folder / "vault.xlsx", folder / "again.xlsx", folder=folder)
    assert done.returncode == 0, done.stderr
    content = (folder / "again.xlsx").read_bytes()
    if not is_older(content, "vault.xlsx"):
        pytest.skip("this LibreOffice writes agile encryption, which is read anyway")
    return content


def test_it_holds_the_same_rows_and_nothing_is_told_as_changed(saved):
    found, findings, changed = read_saved_elsewhere(saved, PASSPHRASE)

    assert found == Vault(HELD)
    assert {finding.rule for finding in findings} <= {"vault.no-secret"}
    assert changed is not None
    assert (changed.rows, changed.gone) == ((), 0)


def test_without_confirmation_it_is_refused_with_what_to_do(saved):
    with pytest.raises(DamagedFile, match="LibreOffice saved it") as refused:
        read_vault(saved, PASSPHRASE)
    assert "handover vault list" in refused.value.hint
    with pytest.raises(WrongPassphrase):
        read_saved_elsewhere(saved, Secret("another"))


@pytest.mark.parametrize(("answer", "status"), [(True, 0), (False, 1)])
def test_confirmed_at_the_terminal_it_is_saved_again_as_ours(saved, tmp_path, monkeypatch, capfd, answer, status):
    root = make_project(tmp_path / "acme")
    (root / "vault.xlsx").write_bytes(saved)
    (tmp_path / "pass").write_text(PASSPHRASE.reveal(), encoding="utf-8")
    (tmp_path / "pass").chmod(0o600)
    command = ["vault", "list", "--project", str(root), "--vault-passphrase-file", str(tmp_path / "pass")]
    assert run(command) == 1
    assert "must be confirmed, and nobody can be asked" in capfd.readouterr().err
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("handover.cli.vault_file.confirm", lambda _question: answer)

    assert run(command) == status
    assert "every row is as handover wrote it" in capfd.readouterr().out
    assert is_older((root / "vault.xlsx").read_bytes(), "vault.xlsx") is (status == 1)
