"""A client who gave a public key: documents, e-mail and command line name what is in the zip, and how it opens."""

import contextlib
import io
import re
import zipfile
from urllib.parse import unquote

import openpyxl
import pytest

from building import (
    KEY_PASSWORD,
    TODAY,
    VAULT_PASSPHRASE,
    build_in,
    delivered,
    edit,
    key_file,
    make_project,
    secret_file,
)
from handover.build.prepare import prepare
from handover.cli import run
from handover.documents.email import draft
from handover.model.errors import DamagedFile
from handover.seal.encryption import size_of
from handover.seal.recipient import check_written
from sample_letter import texts
from signing_samples import NOW

COPY = "02-inventory.xlsx.age"
DATE = "2026-03-02"


@pytest.fixture(scope="module")
def key():
    return pytest.importorskip("pyrage").x25519.Identity.generate()


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


def in_french(root):
    edit(root, "handover.yaml", "language: en", "language: fr")


def entry(path, name: str) -> bytes:
    with zipfile.ZipFile(path) as bundle:
        return bundle.read(name)


def names(path) -> list[str]:
    with zipfile.ZipFile(path) as bundle:
        return bundle.namelist()


def seen(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.decode()))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="a bundle with a passphrase"),
        pytest.param({"recipients": True}, id="a copy for the client's key beside it"),
        pytest.param({"recipients": True, "recipient_only": True}, id="nothing but the copy for the client's key"),
        pytest.param({"split_assets": True}, id="the client's files in a second zip"),
        pytest.param({"draft": True}, id="a draft"),
        pytest.param({"draft": True, "recipients": True, "recipient_only": True}, id="a draft for a client's key"),
    ],
)
def test_every_link_of_the_start_page_leads_to_something_in_the_zip(key, changes):
    if changes.get("recipients"):
        changes = changes | {"recipients": (str(key.to_public()),)}
    result = delivered(**changes)
    stored = names(result.path)
    found = re.findall(r'href="([^"#][^"]*)"', entry(result.path, "START-HERE.html").decode())
    links = [link for link in found if not link.startswith(("mailto:", "tel:", "https:"))]
    assert links
    assert [link for link in links if not any(name.startswith(unquote(link)) for name in stored)] == []
    planned = set(result.plan.all_names()) - {asset.entry for asset in result.plan.assets}
    assert planned <= set(stored)
    inventories = {name for name in stored if "inventory" in name}
    assert inventories == {name for name in planned if "inventory" in name}
    assert inventories <= set(links)


@pytest.mark.parametrize(
    ("language", "start", "copy", "opens", "passphrase"),
    [
        pytest.param("en", "START-HERE.html", COPY, "opens with your key", "passphrase will be given", id="in English"),
        pytest.param("fr", "LISEZ-MOI.html", "02-inventaire.xlsx.age", "ouvre avec votre clé",
                     "phrase de passe vous sera donnée", id="in French"),
    ],
)  # fmt: skip
def test_with_the_copy_alone_no_document_promises_a_passphrase(root, key, language, start, copy, opens, passphrase):
    options = {"recipients": (str(key.to_public()),), "recipient_only": True}
    if language == "fr":
        in_french(root)
    result = build_in(root, **options) if language == "fr" else delivered(**options)
    letter_name = next(name for name in names(result.path) if name.startswith("01-"))
    page, letter = seen(entry(result.path, start)), "\n".join(texts(entry(result.path, letter_name)))
    body = draft(result.plan.project, result.report, ["acme.zip"], today=TODAY).body
    for text in (page, letter, body):
        assert copy in text
        assert opens in text
        assert passphrase not in text
        assert not re.search(re.escape(copy.removesuffix(".age")) + r"(?!\.age| 02-)", text)
    assert "age --decrypt --identity" in page
    assert "par téléphone. Elle" not in body
    assert "by phone. It" not in body


def test_with_both_each_is_named_and_said_how_to_open(key):
    result = delivered(recipients=(str(key.to_public()),))
    page = seen(entry(result.path, "START-HERE.html"))
    letter = "\n".join(texts(entry(result.path, "01-termination-letter.docx")))
    body = draft(result.plan.project, result.report, ["acme.zip"], today=TODAY).body
    for text in (page, letter, body):
        assert f"{COPY}" in text
        assert "02-inventory.xlsx" in text.replace(COPY, "")
        assert "it opens with your key" in text
        assert "passphrase" in text
    assert "passphrase will be given to you by phone" in page
    assert "passphrase by phone" in body


def test_a_workbook_for_the_clients_key_alone_says_that_it_is_open_now(key):
    pyrage = pytest.importorskip("pyrage")
    result = delivered(recipients=(str(key.to_public()),), recipient_only=True)
    workbook = openpyxl.load_workbook(io.BytesIO(pyrage.decrypt(entry(result.path, COPY), [key])))
    text = " ".join(str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row if c.value)
    assert "no longer encrypted" in text
    assert "passphrase" not in text


@pytest.mark.parametrize(
    ("change", "knows", "refused"),
    [
        pytest.param(lambda copy: copy, True, False, id="as it was written"),
        pytest.param(lambda copy: copy + b"x" * 17, True, True, id="bytes behind it"),
        pytest.param(lambda copy: copy[:-1], True, True, id="a byte less"),
        pytest.param(lambda copy: copy, False, False, id="as it was written, alone"),
        pytest.param(lambda copy: copy[: copy.index(b"--- ")], False, True, id="half a header"),
        pytest.param(lambda copy: copy.replace(b"-> ", b"=> ", 1), False, True, id="another header"),
        pytest.param(lambda copy: copy[: copy.index(b"--- ") + 60], False, True, id="nothing encrypted"),
    ],
)
def test_the_copy_is_judged_to_its_last_byte_as_far_as_that_shows_without_a_key(key, change, knows, refused):
    path = delivered(recipients=(str(key.to_public()),)).path
    size = size_of(entry(path, COPY.removesuffix(".age")), "inventory") if knows else None
    with pytest.raises(DamagedFile) if refused else contextlib.nullcontext():
        check_written(change(entry(path, COPY)), size, COPY)


def test_a_letter_written_for_a_passphrase_isnt_signed_for_the_key_alone(root, key, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("handover.cli.asking.harden", lambda: None)
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    public = str(key.to_public())
    letter, secret = tmp_path / "letter.docx", secret_file(tmp_path / "key.txt", KEY_PASSWORD)
    signing = ("--key", str(key_file(tmp_path / "owner.p12")), "--key-passphrase-file", str(secret), "--no-input")
    for_key = ("--recipient", public, "--recipient-only")
    assert run(["write", "letter", str(root), "-o", str(letter)]) == 0
    assert run(["sign", str(letter), "--project", str(root), *signing, *for_key]) == 1
    assert "the list of what is attached" in capsys.readouterr().err
    assert run(["write", "letter", str(root), "-o", str(letter), "--replace", *for_key]) == 0
    assert f"--recipient {public} --recipient-only" in capsys.readouterr().out
    assert run(["sign", str(letter), "--project", str(root), *signing, *for_key]) == 0


@pytest.mark.parametrize(
    ("options", "there", "absent"),
    [
        pytest.param((), ["02-inventory.xlsx\n"], [".age"], id="without a key"),
        pytest.param(("--recipient",), ["02-inventory.xlsx\n", f"{COPY}\n"], [], id="a copy beside it"),
        pytest.param(("--recipient", "--recipient-only"), [f"{COPY}\n"], ["inventory.xlsx\n"], id="the copy alone"),
    ],
)
def test_the_list_names_what_a_build_would_store(root, key, capsys, options, there, absent):
    words = [word for option in options for word in (option, *([str(key.to_public())] * (option == "--recipient")))]
    assert run(["build", str(root), "--list", "--date", DATE, *words]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in there)
    assert not any(text in out for text in absent)


def test_the_build_and_the_email_end_without_a_passphrase_to_give(root, key, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("handover.cli.asking.harden", lambda: None)
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    vault, password = (
        secret_file(tmp_path / "vault.txt", VAULT_PASSPHRASE),
        secret_file(tmp_path / "key.txt", KEY_PASSWORD),
    )
    status = run(
        [
            "build", str(root), "--date", DATE, "--no-input", "--key", str(key_file(tmp_path / "owner.p12")),
            "--key-passphrase-file", str(password), "--vault-passphrase-file", str(vault),
            "--recipient", str(key.to_public()), "--recipient-only",
        ]
    )  # fmt: skip
    said = capsys.readouterr().out
    assert status == 0
    assert f"{COPY} opens with Ruth Carter's own key." in said
    assert "Give it to" not in said
    assert run(["send", str(root / "out" / f"acme-bakery-handover-{DATE}.zip"), "--no-input"]) == 0
    assert "passphrase" not in capsys.readouterr().out


def test_a_drafts_inventory_isnt_for_any_key(root, key):
    import building

    prepared = prepare(building.request(root, draft=True, recipients=(str(key.to_public()),), recipient_only=True))
    assert COPY not in prepared.plan.all_names()
