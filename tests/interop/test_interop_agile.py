"""LibreOffice's opinion of our encryption: it opens our workbooks with the passphrase and with no other."""

import io
import json
import secrets
import subprocess
from pathlib import Path

import openpyxl
import pytest

from handover.model.errors import DamagedFile
from handover.model.secret import Secret
from handover.seal.encryption import decrypt, encrypt

pytestmark = pytest.mark.interop

SCRIPT = Path(__file__).with_name("libreoffice_workbook.py")
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that LibreOffice's `uno` module belongs to
REFUSED = 3
PASSPHRASE = "perd-citadin-normand-donjon-remonta-afghan-pileux"
ROWS = [["service", "password"], ["Hébergement", "=1+1 <&>\"'"], ["DNS", " p@ss  word "]]


def workbook(rows):
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(number, column)
            cell.value = value
            cell.data_type = "s"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.fixture
def libreoffice(tmp_path):
    def run(action, document, passphrase, *more):
        secret = tmp_path / "passphrase"
        secret.write_text(passphrase, encoding="utf-8")
        path = tmp_path / "workbook.xlsx"
        path.write_bytes(document)
        command = [SYSTEM_PYTHON, str(SCRIPT), action, str(path), str(secret), *more]
        return subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)

    return run


@pytest.mark.parametrize(
    ("rows", "passphrase"),
    [
        pytest.param(ROWS, PASSPHRASE, id="a small workbook"),
        pytest.param(ROWS, "mot de passe accentué : éàü €", id="a passphrase with accents"),
        pytest.param(ROWS, "x" * 255, id="the longest passphrase"),
        pytest.param(
            [[secrets.token_hex(4000) for _ in range(4)] for _ in range(600)], PASSPHRASE, id="beyond the DIFAT"
        ),
    ],
)
def test_libreoffice_reads_what_we_encrypt(libreoffice, rows, passphrase):
    document = encrypt(workbook(rows), Secret(passphrase), random=secrets.token_bytes)
    result = libreoffice("read", document, passphrase)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == rows


@pytest.mark.parametrize("wrong", [PASSPHRASE.upper(), PASSPHRASE[:-1], "password"])
def test_libreoffice_refuses_another_passphrase(libreoffice, wrong):
    document = encrypt(workbook(ROWS), Secret(PASSPHRASE), random=secrets.token_bytes)
    assert libreoffice("read", document, wrong).returncode == REFUSED


def test_what_libreoffice_encrypts_with_an_older_method_is_refused_with_advice(libreoffice, tmp_path):
    document = encrypt(workbook(ROWS), Secret(PASSPHRASE), random=secrets.token_bytes)
    copy = tmp_path / "copy.xlsx"
    result = libreoffice("save", document, PASSPHRASE, str(copy))
    assert result.returncode == 0, result.stderr
    assert reading(copy.read_bytes()) in {
        # A LibreOffice that writes agile encryption with our parameters is welcome.
        ROWS[1][1],
        "copy it into Excel 2013 or later and save it there with a password; LibreOffice may write an older kind",
    }


def reading(document):
    """The workbook's cell B2, or what to do when it can't be read."""
    try:
        package = decrypt(document, Secret(PASSPHRASE), name="vault.xlsx")
    except DamagedFile as error:
        return error.hint
    return openpyxl.load_workbook(io.BytesIO(package)).active["B2"].value
