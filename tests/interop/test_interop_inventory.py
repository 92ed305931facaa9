"""Other programs judge the inventory and the vault: LibreOffice shows and keeps every value; strace sees no file."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest

from handover.documents.inventory import render
from handover.languages.words import Words
from handover.model.project import Vault
from handover.model.secret import Secret
from handover.project.vault.workbook import read_vault, write_vault
from handover.seal.encryption import decrypt, encrypt
from sample_handover import AWKWARD_TEXTS, credentials, given

pytestmark = pytest.mark.interop

HERE = Path(__file__).parent
WORKBOOK = HERE / "libreoffice_workbook.py"
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that LibreOffice's `uno` module belongs to
PASSPHRASE = Secret("perd-citadin-normand-donjon-remonta-afghan-pileux")
REFUSED = 3


def office(*arguments, passphrase=PASSPHRASE, folder):
    secret = folder / "passphrase"
    secret.write_text(passphrase.reveal(), encoding="utf-8")
    action, workbook, *more = map(str, arguments)
    command = [SYSTEM_PYTHON, str(WORKBOOK), action, workbook, str(secret), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)


def vault(held=credentials()):  # noqa: B008 — frozen rows
    words = Words.load("fr", "fr_FR", "vault")
    return write_vault(Vault(held), PASSPHRASE, random=os.urandom, words=words)


def convert(folder, name, target, *more):
    """Let LibreOffice convert a file of `folder`; it must not complain."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, *more, name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    assert "Error" not in done.stdout + done.stderr


def converted(data, folder):
    """The PDF that LibreOffice makes of a workbook."""
    folder.mkdir(exist_ok=True)
    (folder / "inventory.xlsx").write_bytes(data)
    convert(folder, "inventory.xlsx", "pdf")
    return pypdf.PdfReader(folder / "inventory.pdf")


def test_libreoffice_shows_every_value_exactly_and_as_text(tmp_path):
    path = tmp_path / "vault.xlsx"
    path.write_bytes(vault())
    read = office("read", path, folder=tmp_path)
    assert read.returncode == 0, read.stderr
    rows = json.loads(read.stdout)
    assert rows[0][:4] == ["Service", "Adresse web", "Identifiant", "Mot de passe"]
    assert [row[3] for row in rows[1 : len(AWKWARD_TEXTS) + 1]] == list(AWKWARD_TEXTS)
    # LibreOffice shows a tab in a cell of several lines as its own mark.
    codes = [row[5].replace("\x01", "\t") for row in rows[1 : len(AWKWARD_TEXTS) + 1]]
    assert codes == [f"{text}\n{text}" for text in AWKWARD_TEXTS]


def test_libreoffice_refuses_another_passphrase(tmp_path):
    path = tmp_path / "vault.xlsx"
    path.write_bytes(vault())
    assert office("read", path, passphrase=Secret("another"), folder=tmp_path).returncode == REFUSED


def test_a_vault_that_libreoffice_saved_again_holds_the_same(tmp_path):
    # LibreOffice 7.4 saves encrypted workbooks in an older kind without integrity, which is refused (format 7);
    # what it writes inside is what matters here.
    # It doesn't escape what looks like an escaped escape, so that one text is left out.
    held = tuple(row for row in credentials() if row.password != Secret("_x005F_x0041_"))
    (tmp_path / "vault.xlsx").write_bytes(decrypt(vault(held), PASSPHRASE))
    convert(tmp_path, "vault.xlsx", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out")
    inside = (tmp_path / "out" / "vault.xlsx").read_bytes()
    assert b"LibreOffice" in zipfile.ZipFile(io.BytesIO(inside)).read("docProps/app.xml")
    saved = encrypt(inside, PASSPHRASE, random=os.urandom)
    found, warnings = read_vault(saved, PASSPHRASE)
    assert found == Vault(held)
    assert {finding.rule for finding in warnings} <= {"vault.no-secret"}  # one of the samples has none


def test_the_encrypted_inventory_opens_with_its_passphrase_and_no_other(tmp_path):
    path = tmp_path / "02-inventory.xlsx"
    path.write_bytes(encrypt(render(given("inventory", "fr")), PASSPHRASE, random=os.urandom))
    read = office("read", path, folder=tmp_path)
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)[0][0] == "Inventaire"
    assert office("read", path, passphrase=Secret("wrong"), folder=tmp_path).returncode == REFUSED


@pytest.mark.parametrize("language", ["en", "fr"])
def test_printed_pages_hold_every_column_but_digests_and_repeat_the_header(language, tmp_path):
    pages = converted(render(given("inventory", language)), tmp_path / "out").pages
    texts = [page.extract_text() for page in pages]
    words = Words.load(language, "fr_FR" if language == "fr" else "en_GB", "inventory")
    assert words.text("title") in texts[0]
    heads = [words.text(f"assets.header.{name}") for name in ("path", "kind", "expires_on", "note")]
    found = [[head in text for head in heads] for text in texts if heads[0] in text.split("\n")[1]]
    assert found == [[True] * len(heads)]
    assert not [text for text in texts if words.text("assets.header.sha256") in text]
    assert sum(words.text("todo.header.step") in text for text in texts) >= 2
    assert all(re.search(rf"{at} (of|sur) {len(texts)}", text) for at, text in enumerate(texts, 1))


def test_links_lead_to_the_files_beside_the_workbook(tmp_path):
    pages = converted(render(given("inventory")), tmp_path / "out").pages
    targets = [
        str(annotation.get_object()["/A"]["/URI"])
        for page in pages
        for annotation in page.get("/Annots", ())
        if "/URI" in annotation.get_object().get("/A", {})
    ]
    beside = [target for target in targets if "assets/" in target]
    assert any(target.endswith("assets/logo/Logo%20%C3%A9t%C3%A9%20100%20%25.svg") for target in beside)
    assert any(target.endswith("assets/logo/logo%231.png") for target in beside)


WRITES = re.compile(r"^(?:\d+ +)?(open|openat|creat|mkdir|mknod|memfd_create|rename|link|symlink)\w*\(.*")

CHILD = """
import os, sys
sys.path.insert(0, {tests!r})
from sample_handover import credentials, given
from handover.documents.inventory import render
from handover.languages.words import Words
from handover.model.project import Vault
from handover.seal.encryption import encrypt
from handover.model.secret import Secret
from handover.project.vault.workbook import read_vault, write_vault
passphrase = Secret("canary passphrase")
if {plainly!r}:
    import io, openpyxl
    book = openpyxl.Workbook()
    book.active["A1"] = "canary"
    book.save(io.BytesIO())
else:
    encrypt(render(given("inventory")), passphrase, random=os.urandom)
    data = write_vault(Vault(credentials()), passphrase, random=os.urandom, words=Words.load("en", "en_GB", "vault"))
    read_vault(data, passphrase)
"""


def opened_for_writing(folder, *, plainly):
    """Every file that the child opened for writing, or made, by the kernel's word."""
    log = folder / "calls"
    child = CHILD.format(tests=str(HERE.parent), plainly=plainly)
    command = ["strace", "-f", "-o", str(log), "-e", "trace=%file,memfd_create", sys.executable, "-B", "-c", child]
    subprocess.run(command, check=True, timeout=1200, env={**os.environ, "TMPDIR": str(folder)})
    calls = [line for line in log.read_text().splitlines() if WRITES.match(line)]
    return [
        line
        for line in calls
        if ("open" not in line.partition("(")[0] or re.search(r"O_WRONLY|O_RDWR|O_CREAT", line))
        and "/dev/null" not in line
        and "ENOENT" not in line
    ]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace isn't installed")
def test_no_file_at_all_is_written_while_secrets_are_handled(tmp_path):
    assert opened_for_writing(tmp_path, plainly=False) == []
    # The same look at openpyxl's own way to save does find the file that it writes in clear.
    assert any("openpyxl." in line for line in opened_for_writing(tmp_path, plainly=True))


def test_another_programs_package_check_finds_nothing_amiss(tmp_path):
    path = tmp_path / "inventory.xlsx"
    path.write_bytes(render(given("inventory")))
    tested = subprocess.run(["unzip", "-tq", str(path)], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower() or "printer" in name.lower()]
