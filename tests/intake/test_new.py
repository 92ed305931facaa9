"""From messy folders to verified, signed bundles: what is asked, what comes along, what doesn't."""

import datetime as dt
import json
import re
import shlex
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

import messy_folders
from building import KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE, isolate
from handover.cli import run
from handover.project.check import validate
from handover.project.leaks.office import office_text
from handover.project.read import load_project
from messy_folders import TODAY, Messy

DAY = ["--date", str(TODAY)]
CONFIRMED = {
    "french": {
        "ended_by": "client", "notice_date": "2026-09-14", "last_working_day": "14/11/2026", "successor": "non",
        "periods": "2024-11..2025-10, 2025-11..2026-10", "secrets": "none", "files": "tout",
        "credentials": "Clients/Maison Kervella",
        "board": "Idées = idée; À faire = à faire; En cours = en cours; Terminé = -",
    },
    "british": {
        "ended_by": "agency", "notice_date": "29 October 2026", "last_working_day": "28 November 2026",
        "contacts": "Tom Hale <tom.hale@larkhill.example>, Operations Manager, 01584 496 000",
        "successor": "Kite Web <hi@kite.example>", "periods": "2024-11..2025-10, 2025-11..2026-10", "files": "all",
        "credentials": "Larkhill Pottery",
    },
    "swiss": {
        "ended_by": "client", "notice_date": "2026-09-29", "last_working_day": "30.11.2026", "successor": "non",
        "periods": "2024-11..2025-10, 2025-11..2026-10", "files": "tout",
    },
}  # fmt: skip
"""What somebody answers who accepts what is proposed."""


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder with an owner's key and the files of passphrases; commands see no other configuration."""
    isolate(monkeypatch, tmp_path)
    for name, secret in (("vault", VAULT_PASSPHRASE), ("client", PASSPHRASE), ("key", KEY_PASSWORD)):
        path = tmp_path / f"{name}.txt"
        path.write_text(secret.reveal(), encoding="utf-8")
        path.chmod(0o600)
    return tmp_path


def messy(name: str, folder: Path) -> Messy:
    (folder / name).mkdir()
    return getattr(messy_folders, name)(folder / name)


def answers_file(folder: Path, given: dict[str, str]) -> Path:
    path = folder / "answers.yaml"
    text = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in given.items())
    path.write_text(text, encoding="utf-8")
    return path


def project_of(name: str, desk: Path, project: str = "acme", **more: str) -> tuple[Messy, Path]:
    """The project that `new` makes of a messy folder with answers in a file."""
    made = messy(name, desk)
    answers = answers_file(desk, CONFIRMED[name] | made.answers | more)
    command = ["new", str(made.root), str(desk / project), "--answers", str(answers), "--no-input", *DAY]
    assert run([*command, "--vault-passphrase-file", str(desk / "vault.txt")]) == 0
    return made, desk / project


def findings(root: Path) -> list[str]:
    return [f"{finding.severity} {finding.rule} {finding.message}" for finding in validate(load_project(root))[1]]


def everything_in(bundle: Path) -> bytes:
    """Names and contents of a bundle, with the text of its Word files."""
    out = b""
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            out += name.encode() + b"\n" + content
            if name.endswith(".docx"):
                out += office_text(content)[0].encode()
    return out


SETUPS = {
    "french": "language: fr\nname: Studio Brume\naddress: [4 rue des Carmes, 35000 Rennes]\nplace: Rennes\n"
    "email: bonjour@studio-brume.example\nphone: 02 99 00 00 10\nlaw: fr\n"
    "owners:\n  - {name: Inès Caro, title: Gérante, key: new}\n",
    "british": "language: en\nname: Tideway Ltd\naddress: [1 Quay Street, Bristol BS1 4XX]\nplace: Bristol\n"
    "email: hello@tideway.example\nphone: 0117 496 0000\nlaw: uk\ncurrency: GBP\n"
    "owners:\n  - {name: Jane Morrow, title: Managing Director, key: new}\n",
    "swiss": "language: fr\nlocale: fr_CH\nname: Studio Lémanique\naddress: [Avenue de la Gare 10, 1003 Lausanne]\n"
    "place: Lausanne\nemail: luc@lemanique.example\nphone: +41 21 555 01 01\nlaw: other\ncurrency: CHF\n"
    "owners:\n  - {name: Luc Favre, title: Fondateur, key: new}\n",
}
"""What each agency says of itself once, in a file."""


def fill_red_cells(book: Path, client: str) -> int:
    """Say who owns the accounts that are proposed, as a person does in the workbook; how many cells that took."""
    workbook = load_workbook(book)
    sheet = next(one for one in workbook if one.title in {"Comptes", "Accounts"})
    empty = [row[3] for row in sheet.iter_rows(min_row=2) if row[1].value and not row[3].value]
    for cell in empty:
        cell.value = client
    workbook.save(book)
    return len(empty)


# README's tour walks through the British folder; `make interop` looks into what is made of it and of the French one.
@pytest.mark.parametrize(
    "name", ["swiss", *(pytest.param(one, marks=pytest.mark.interop) for one in ("british", "french"))]
)
def test_a_messy_folder_becomes_a_signed_bundle_in_eight_commands_and_fifteen_answers(name, desk, monkeypatch):
    terminals = pytest.importorskip("terminals", reason="terminals are POSIX's", exc_type=ImportError)
    made = messy(name, desk)
    (desk / "setup.yaml").write_text(SETUPS[name], encoding="utf-8")
    (desk / "studio").mkdir()
    person = terminals.Person(desk, desk / "config")
    noon = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    monkeypatch.setattr("handover.cli.clock.now", lambda: noon)
    typed: list[str] = []

    def types(command: str) -> str:
        typed.append(command)
        status, said = person.run(f"handover {command}")
        assert status == 0, said
        return said

    types("setup studio --answers setup.yaml --key-passphrase-file key.txt --no-input")
    assert person.given == 0
    person.accepts = True
    person.answers = {
        "is all of it right?": "yes", "who receives it": made.answers.get("contacts", ""),
        "chosen another provider": CONFIRMED[name]["successor"],
        "which of these passwords": made.answers.get("credentials", ""),
        "not paid on": made.answers["invoices"], "key owner.p12": KEY_PASSWORD.reveal(),
        "a passphrase for the new vault": VAULT_PASSPHRASE.reveal(), "Repeat for": VAULT_PASSPHRASE.reveal(),
        "the vault's passphrase": VAULT_PASSPHRASE.reveal(), "which hold": "yes",
    }  # fmt: skip
    said = types(f"new {shlex.quote(str(made.root))} studio/acme")
    assert "next: handover validate studio/acme" in said
    cells = fill_red_cells(next((desk / "studio/acme").glob("*er.xlsx")), made.client)
    assert "nothing to correct" in types("validate studio/acme")
    types("preview studio/acme --no-open")
    shown = re.search(r"^    (\w+(?:-\w+){6,})$", types("build studio/acme"), re.MULTILINE)
    person.answers |= {"the client's passphrase": shown[1], "was the passphrase given": "yes"}
    bundle = next((desk / "studio/acme/out").glob("*.zip"))
    types(f"send {bundle.relative_to(desk)}")
    assert (len(typed) <= 8, person.given <= 15, cells <= 3) == (True, True, True), (typed, person.given, cells)

    assert run(["verify", str(bundle)]) == 3  # intact, and nobody has said yet whose key it is
    held = everything_in(bundle)
    for text in (*made.secrets, *made.foreign, *made.private):
        assert text.encode() not in held, text
    assert made.client.encode() in held
    bare = held.decode("utf-8", "replace").translate(dict.fromkeys(map(ord, " \u00a0\u202f,'’")))
    for metric, sums in made.months.items():
        assert all(str(value) in bare for value in sums), (metric, sums)
    for text in made.says:
        assert text in held.decode("utf-8", "replace").replace("\u00a0", " ").replace("\u202f", " "), text
    if name == "french":
        assert not (made.root / "mdp/bitwarden_export.json").exists()  # its deletion was offered, and wished
        assert (made.root / "mdp/Mots de passe Chrome.csv").exists()  # nothing of it was taken


def test_without_answers_the_proposal_is_written_and_all_that_is_open_is_listed(desk, capsys):
    made = messy("french", desk)
    before = {path: path.read_bytes() for path in made.root.rglob("*") if path.is_file() and not path.is_symlink()}
    assert run(["new", str(made.root), str(desk / "acme"), "--no-input", *DAY]) == 0
    said = capsys.readouterr().err
    for question in ("facts", "ended_by", "periods", "credentials", "invoices", "files"):
        assert f"open: {question}: " in said
    found = findings(desk / "acme")
    assert any("value.unconfirmed `contract.start_date`" in one for one in found)
    assert any("value.unconfirmed `client.contacts[1].name`" in one for one in found)
    assert list((desk / "acme" / "assets").iterdir()) == []  # nobody has said whose files these are
    assert not (desk / "acme" / "vault.xlsx").exists()
    after = {path: path.read_bytes() for path in made.root.rglob("*") if path.is_file() and not path.is_symlink()}
    assert after == before  # the folder itself is only read


def test_what_was_left_out_is_listed_with_the_reason(desk):
    _, root = project_of("french", desk)
    told = (root / "ecartes.txt").read_text(encoding="utf-8")
    blocks = dict(block.strip().split(":\n", 1) for block in told.split("\n\n")[1:])
    assert blocks["settings with secrets (.env)"] == "  site/.env"
    assert blocks["holds what looks like a GitHub token"] == "  site/deploy notes.txt"
    assert blocks["invoice F2026-004 isn't to this client"] == "  Admin/factures/F2026-004 erreur de dossier.pdf"
    assert (
        blocks["names Cycles Armor, which mustn't leave with this client's files"] == "  Photos/Cycles Armor/velo.jpg"
    )
    assert blocks["its first lines say that it is internal"] == "  notes interne.docx"
    assert "plage n°000 - Copie.jpg" in blocks["the same as Photos/Été 2026/plage n°000.jpg, byte by byte"]
    assert "quai: aube?.jpg" in blocks["written as assets/Photos/quai_ aube_.jpg: its own name can't travel"]
    assert (root / "templates/deny.txt").read_text(encoding="utf-8") == "Cycles Armor\n"


def test_files_that_stay_in_place_are_the_same_in_the_bundle_as_copied_ones(desk, capsys):
    made, copied = project_of("french", desk)
    shutil.rmtree(made.root)
    made, root = project_of("french", desk, "there", files="tout; sur place")
    assert 'from: "../french"\n' in (root / "handover.yaml").read_text(encoding="utf-8")
    assert not (root / "assets").exists()
    assert findings(root) == findings(copied)
    capsys.readouterr()
    assert run(["build", str(root), "--list", "--json", *DAY]) == 0
    listed = {one for one in json.loads(capsys.readouterr().out)["entries"] if one.startswith("assets/")}
    assert (
        listed == {str(path.relative_to(copied)) for path in (copied / "assets").rglob("*") if path.is_file()} != set()
    )


def test_files_do_not_stay_where_the_project_would_lie_among_them(desk, capsys):
    made = messy("french", desk)
    answers = answers_file(desk, CONFIRMED["french"] | made.answers | {"files": "in place"})
    command = ["new", str(made.root), str(made.root / "acme"), "--answers", str(answers), "--no-input", *DAY]
    assert run(command) == 2
    assert "can't be: the project and the files would lie in one another" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"ended_by": "nobody"}, "ended_by: 'nobody' is none of agency, client, mutual, expiry"),
        ({"notice_date": "soon"}, "notice_date: 'soon' is no day; write it as 2026-11-30"),
        ({"credentials": "Otter Shop"}, "credentials: 'Otter Shop' names Otter Shop, which isn't one of them"),
        ({"invoices": "INV-9"}, "invoices: 'INV-9' names INV-9, which isn't one of them"),
        ({"contacts": "Tom"}, "contacts: 'Tom' has somebody without an address"),
        ({"periods": "2024"}, "periods: '2024' isn't two periods"),
        ({"notice_dat": "2026-09-01"}, "notice_dat: is neither a question nor a key of handover.yaml"),
        ({"contract.subjects": "x"}, "contract.subjects: is neither a question nor a key of handover.yaml"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_and_nothing_is_written(answer, said, desk, capsys):
    made = messy("british", desk)
    command = ["new", str(made.root), str(desk / "acme"), "--no-input", "--answers", str(answers_file(desk, answer))]
    assert run([*command, *DAY]) == 2
    assert said in capsys.readouterr().err
    assert not (desk / "acme").exists()


def test_a_passphrase_that_is_too_weak_is_refused_before_anything_is_asked(desk, capsys):
    made = messy("british", desk)
    (desk / "weak.txt").write_text("summer2026", encoding="utf-8")
    (desk / "weak.txt").chmod(0o600)
    command = ["new", str(made.root), str(desk / "acme"), "--vault-passphrase-file", str(desk / "weak.txt")]
    assert run(command) != 0
    said = capsys.readouterr().err
    assert "too easy to guess" in said
    assert "looked at" not in said


def test_a_folder_that_is_not_empty_is_refused_before_anything_is_read(desk, capsys):
    assert run(["new", str(desk / "nowhere"), str(desk)]) == 1
    assert "this folder isn't empty" in capsys.readouterr().err


def test_without_a_source_an_empty_project_is_made(desk):
    assert run(["new", str(desk / "acme"), "--language", "fr"]) == 0
    assert "language: fr" in (desk / "acme" / "handover.yaml").read_text(encoding="utf-8")


def test_of_a_files_answers_all_that_cant_be_meant_are_told_at_once(desk, capsys):
    (desk / "client").mkdir()
    made = messy_folders.british(desk / "client")
    wrong = {"ended_by": "client, some day", "contacts": "Tom", "last_working_day": "soon", "agency.fax": "1"}
    command = ["new", str(made.root), str(desk / "acme"), "--no-input", "--answers", str(answers_file(desk, wrong))]
    assert run(command) == 2
    said = " ".join(capsys.readouterr().err.split())
    for told in ("notice_date: 'some day' is no day", "contacts: 'Tom' has somebody without an address",
                 "last_working_day: 'soon' is no day", "agency.fax: is neither a question nor a key"):  # fmt: skip
        assert told in said
    assert not (desk / "acme").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
def test_where_the_disk_refuses_nothing_is_left(desk, monkeypatch, capsys):
    made = messy("british", desk)
    monkeypatch.setattr("handover.intake.write._copy", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    answers = answers_file(desk, CONFIRMED["british"] | made.answers)
    command = ["new", str(made.root), str(desk / "acme"), "--answers", str(answers), "--no-input", *DAY]
    assert run([*command, "--vault-passphrase-file", str(desk / "vault.txt")]) == 1
    assert "can't be written (No space left)" in capsys.readouterr().err
    assert not [path for path in desk.iterdir() if path.name.startswith((".handover", "acme"))]


def test_what_was_made_is_told_in_the_right_number_in_both_languages(desk, monkeypatch, capsys):
    (desk / "one").mkdir()
    (desk / "one" / "visites.csv").write_text("date,visitors\n2026-09,12\n", encoding="utf-8")
    assert run(["new", str(desk / "one"), str(desk / "acme"), "--no-input", *DAY]) == 0
    assert "1 value, 0 pending projects, 0 open invoices, 0 files\n" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert run(["new", str(desk / "one"), str(desk / "salins"), "--no-input", *DAY]) == 0
    assert "1 valeur, 0 projet en cours, 0 facture ouverte, 0 fichier\n" in capsys.readouterr().out
