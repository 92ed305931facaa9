"""Which rows of a vault another program changed: told by the marks that we leave beside them."""

import os

import pytest

from handover.formats.excel import read_workbook
from handover.languages import registry
from handover.languages.words import Words
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.project.vault.marks import changes
from handover.project.vault.workbook import write_vault
from handover.seal.encryption import decrypt
from sample_handover import credentials

PASSPHRASE = Secret("perd-citadin-normand-donjon-remonta-afghan-pileux")
HELD = credentials()
NEW = CredentialRow(service="New one", password=Secret("x"))
OTHER = HELD[0].model_copy(update={"password": Secret("another")})


def told(rows: tuple[CredentialRow, ...], language: str = "en") -> object:
    words = Words.load(language, "fr_FR" if language == "fr" else "en_GB", "vault")
    written = write_vault(Vault(HELD), PASSPHRASE, random=os.urandom, words=words, spin_count=1000)
    sheets = read_workbook(decrypt(written, PASSPHRASE, least_spin_count=1000), "vault.xlsx")
    return changes(rows, sheets, registry.ours())


@pytest.mark.parametrize(
    ("rows", "changed", "gone"),
    [
        pytest.param(HELD, (), 0, id="none"),
        pytest.param((*HELD[::-1],), (), 0, id="none, in another order"),
        pytest.param((*HELD, NEW), (NEW,), 0, id="a new one"),
        pytest.param((OTHER, *HELD[1:]), (OTHER,), 1, id="another password"),
        pytest.param(HELD[1:], (), 1, id="one removed"),
        pytest.param((HELD[0], *HELD), (HELD[0],), 0, id="one twice"),
    ],
)
def test_changes_are_told(rows: tuple[CredentialRow, ...], changed: tuple[CredentialRow, ...], gone: int) -> None:
    assert told(rows) == (changed, gone)


def test_the_sheet_is_found_in_french() -> None:
    assert told(HELD, "fr") == ((), 0)


def test_a_vault_without_marks_tells_nothing() -> None:
    assert changes(HELD, (), registry.ours()) is None
