"""The commands as a user types them: exit statuses, what is printed, and that no secret ever is."""

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import click
import pytest

import forked
from building import (
    CANARY,
    KEY_PASSWORD,
    PASSPHRASE,
    VAULT_PASSPHRASE,
    edit,
    isolate,
    key_file,
    make_project,
    secret_file,
)
from export_samples import bitwarden, bitwarden_login
from handover.cli import run, terminal
from handover.formats.compound.write import compound_file
from handover.model.secret import Secret
from handover.project.vault.workbook import read_vault
from handover.seal.certificates import fingerprint
from kdbx_making import PASSPHRASE as KDBX_PASSPHRASE
from kdbx_making import Kind, document, entry, group, kdbx
from rezip import contents, zipped
from signing_samples import NOW, owner

DATE = "2026-03-02"
BUNDLE = f"acme-bakery-handover-{DATE}.zip"


@pytest.fixture(autouse=True)
def own_configuration(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


def given(tmp_path: Path) -> list[object]:
    """The options that answer every question."""
    return [
        "--key", key_file(tmp_path / "owner.p12"),
        "--key-passphrase-file", secret_file(tmp_path / "kp", KEY_PASSWORD),
        "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE),
        "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE),
        "--date", DATE,
    ]  # fmt: skip


# build


def test_build_ends_with_the_bundle_its_digest_and_how_to_give_the_passphrase(root, tmp_path, said):
    status, text = said("build", root, *given(tmp_path))
    assert status == 0
    bundle = root / "out" / BUNDLE
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    told = [line for line in text.splitlines() if not line.startswith("  ") or digest in line]
    assert told[told.index(str(bundle)) :][:4] == [
        str(bundle),
        f"  SHA-256 {digest}",
        "Give Ruth Carter the passphrase by phone (01632 960 418), not by e-mail.",
        f"next: handover send {bundle}",
    ]
    assert re.search(r"\n  [\d.]+ [kM]B, verified: \d documents, 1 client file; the receipt lies beside it\n", text)


def test_build_as_json_is_one_json_document(root, tmp_path, capfd):
    status = run(["build", str(root), *map(str, given(tmp_path)), "--json"])
    result = json.loads(capfd.readouterr().out)
    assert status == 0
    assert Path(result["bundle"]).name == BUNDLE
    assert {e["name"] for e in result["entries"]} >= {"mimetype", "SHA256SUMS"}


def test_build_list_shows_every_member_and_builds_nothing(root, said):
    status, text = said("build", root, "--list", "--date", DATE)
    assert status == 0
    assert "assets/Photos/loaf.txt" in text
    assert "internal" not in text
    assert not (root / "out").exists()


def test_of_a_project_with_errors_the_list_shows_the_clients_files_and_what_is_left_out(root, said):
    (root / "assets" / ".DS_Store").write_bytes(b"x")
    with (root / "handover.yaml").open("a", encoding="utf-8") as settings:
        settings.write("agncy: x\n")
    status, text = said("build", root, "--list", "--date", DATE)
    assert status == 1
    assert "  assets/Photos/loaf.txt\n" in text
    assert "  assets/.DS_Store: a system's own file" in text
    assert "did you mean `agency`?" in text
    assert not (root / "out").exists()


def without(options: list[object], name: str) -> list[object]:
    place = options.index(name)
    return options[:place] + options[place + 2 :]


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        pytest.param("--passphrase-file", "--passphrase-file", id="the client's passphrase"),
        pytest.param("--vault-passphrase-file", "--vault-passphrase-file", id="the vault's passphrase"),
        pytest.param("--key-passphrase-file", "--key-passphrase-file", id="the key's password"),
    ],
)
def test_without_a_terminal_what_is_missing_is_named_and_nothing_is_asked(root, tmp_path, said, left_out, message):
    status, text = said("build", root, *without(given(tmp_path), left_out))
    assert status == 1
    assert message in text
    assert not (root / "out").exists()


def test_two_options_cant_both_read_standard_input(root, said):
    status, text = said("build", root, "--passphrase-file", "-", "--vault-passphrase-file", "-")
    assert status == 2
    assert "can't both read standard input" in text


def test_a_weak_passphrase_is_refused(root, tmp_path, said):
    options = without(given(tmp_path), "--passphrase-file")
    status, text = said(
        "build", root, *options, "--passphrase-file", secret_file(tmp_path / "weak", Secret("Bakery2026!"))
    )
    assert status == 1
    assert "too easy to guess" in text


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_passphrase_file_that_others_can_read_is_refused(root, tmp_path, said):
    (tmp_path / "open").write_text("plumage-cargoes-satinwood-walruses-onionskin-grapevine-ladling\n", encoding="utf-8")
    (tmp_path / "open").chmod(0o644)
    status, text = said(
        "build", root, *without(given(tmp_path), "--passphrase-file"), "--passphrase-file", tmp_path / "open"
    )
    assert status == 1
    assert "chmod 600" in text or "can read" in text


@pytest.mark.parametrize("word", ["2026-02-30", "30.11.2026", "20261130", "2026-W10-1"])
def test_a_date_that_isnt_one_is_wrong_usage(root, said, word):
    status, text = said("build", root, "--date", word)
    assert status == 2
    assert "YYYY-MM-DD" in text


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        pytest.param(["build", "nowhere"], 2, "there is no such folder", id="a project that isn't there"),
        pytest.param(["validate", "."], 2, "no handover.yaml", id="a folder that is no project"),
        pytest.param(["verify", "nowhere.zip"], 2, "no such file", id="a bundle that isn't there"),
        pytest.param(["verify", "."], 1, "a folder without handover.json", id="a folder as a bundle"),
        pytest.param(["schema", "nonsense"], 2, "there are: ", id="a schema that isn't there"),
        pytest.param(["bulid"], 2, "did you mean `build`", id="a misspelt command"),
        pytest.param(["new", "x", "--lang", "de"], 2, "en or fr", id="a language that isn't there"),
        pytest.param(["build", "--no-such-option"], 2, "no such option", id="a misspelt option"),
    ],
)
def test_wrong_usage_is_explained(tmp_path, monkeypatch, said, words, status, message):
    monkeypatch.chdir(tmp_path)
    found, text = said(*words)
    assert found == status
    assert message in text


def test_findings_are_printed_together_and_counted(root, said):
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: nobody")
    edit(root, "handover.yaml", "last_working_day: 2026-11-30", "last_working_day: 2026-11-31")
    status, text = said("build", root, "--draft")
    assert status == 1
    assert "2 errors" in text
    assert text.index("ended_by") < text.index("2026-11-31") or "handover.yaml:" in text


# new, validate, schema, completion


@pytest.mark.parametrize("language", ["en", "fr"])
def test_new_writes_a_project_that_only_lacks_what_the_user_knows(tmp_path, said, language):
    status, text = said("new", tmp_path / "new", "--lang", language)
    assert status == 0
    status, text = said("validate", tmp_path / "new")
    assert status == 1
    assert "unknown" not in text
    assert (tmp_path / "new" / "assets").is_dir()


def test_new_refuses_a_folder_that_isnt_empty(root, said):
    before = sorted(root.rglob("*"))
    status, text = said("new", root)
    assert status == 1
    assert "isn't empty" in text
    assert sorted(root.rglob("*")) == before


def test_the_next_command_can_be_copied_from_a_path_with_spaces(tmp_path, said):
    import shlex

    folder = tmp_path / "one client's folder"
    status, text = said("new", folder)
    assert status == 0
    (line,) = [line for line in text.splitlines() if line.startswith("next: ")]
    assert shlex.split(line) == ["next:", "handover", "validate", str(folder)]


def test_schema_prints_draft_7(capfd):
    assert run(["schema"]) == 0
    assert "draft-07" in json.loads(capfd.readouterr().out)["$schema"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_prints_a_script(shell, capfd):
    assert run(["completion", shell]) == 0
    assert "_HANDOVER_COMPLETE" in capfd.readouterr().out


# verify and open


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder in which `build` was run with the given words: made once each, to be copied."""

    @cache
    def folder_of(*words: str) -> Path:
        folder = tmp_path_factory.mktemp("built")
        with pytest.MonkeyPatch.context() as patch:
            isolate(patch, folder)
            assert run(["build", str(make_project(folder / "acme")), *words, *map(str, given(folder))]) == 0
        return folder

    return folder_of


@pytest.fixture
def bundle(root, built, tmp_path, capfd) -> Path:
    shutil.copytree(built(), tmp_path, dirs_exist_ok=True)
    capfd.readouterr()
    return root / "out" / BUNDLE


def test_verify_says_unknown_until_a_fingerprint_is_given(bundle, said):
    status, text = said("verify", bundle)
    assert status == 3
    assert "caution: the bundle is intact, but nothing given says that this key is" in text
    groups = re.findall("[0-9a-f]{4}(?= |$)", text[text.index("compare this fingerprint by phone") :], re.MULTILINE)
    assert "".join(groups[:16]) == fingerprint(owner().certificate)
    assert f"\nnext: handover verify {bundle} --fingerprint FINGERPRINT\n" in text
    status, text = said("verify", bundle, "--fingerprint", fingerprint(owner().certificate).upper())
    assert status == 0
    assert "intact" in text


def test_verify_says_in_words_what_it_checked_and_names_clauses_only_where_asked(bundle, said):
    plain, verbose = said("verify", bundle)[1], said("verify", bundle, "-v")[1]
    assert "  ok  SHA256SUMS            " in plain
    assert not re.search(r"\b10\.\d", plain)
    assert re.search(r"^  ok  10\.5  SHA256SUMS            ", verbose, re.MULTILINE)


FOLDED = {
    "a word is never broken": ("a" * 30 + " " + "b" * 30, {}, ["a" * 30, "  " + "b" * 30]),
    "what goes on begins where the line began": ("    one two three four five six seven eight nine", {},
                                                  ["    one two three four five six seven", "    eight nine"]),
    "a command in backquotes stays whole": ("then type `handover verify a b` to check it all", {},
                                            ["then type `handover verify a b` to check", "  it all"]),
    "a quoted path stays whole": ("made the bundle: '/home/ada/my own clients/a.zip'", {},
                                  ["made the bundle:", "  '/home/ada/my own clients/a.zip'"]),
    "what to type next is one line": ("next: handover verify one two three four five six", {},
                                      ["next: handover verify one two three four five six"]),
    "what is to be copied is one line": ("one two three four five six seven eight nine", {"whole": True},
                                         ["one two three four five six seven eight nine"]),
    "a no-break space breaks nothing": ("il reste encore à payer la somme de 2,7\u00a0Mo\u202f; rien d’autre", {},
                                        ["il reste encore à payer la somme de", "  2,7\u00a0Mo\u202f; rien d’autre"]),
    "what is written already is counted": ("one two three four five six", {"begun": 20, "hang": 6},
                                           ["one two three four", "      five six"]),
    "nothing of it has room on the begun line": ("`one two three four`", {"begun": 30, "hang": 6},
                                                 ["", "      `one two three four`"]),
    "a label is counted": ("one two three four five six seven", {"label": "caution: "},
                           ["caution: one two three four five six", "         seven"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FOLDED)
def test_a_line_that_is_too_long_goes_on_below(case, capsys, monkeypatch):
    text, options, lines = FOLDED[case]
    monkeypatch.setenv("COLUMNS", "40")
    terminal.say(text, **options)
    assert capsys.readouterr().out.splitlines() == lines


def test_verify_takes_a_certificate_from_elsewhere(bundle, tmp_path, said):
    from handover.seal.certificates import certificate_pem

    (tmp_path / "cert.pem").write_bytes(certificate_pem(owner().certificate))
    assert said("verify", bundle, "--cert", tmp_path / "cert.pem")[0] == 0
    assert said("verify", bundle, "--ca", tmp_path / "cert.pem")[0] == 0


def test_verify_names_what_differs(bundle, said):
    data = bytearray(bundle.read_bytes())
    data[60] ^= 1
    bundle.write_bytes(data)
    status, text = said("verify", bundle)
    assert status == 1
    assert "mimetype: it isn't the type of a bundle" in text
    assert "(format " not in text
    assert "(format " in said("verify", bundle, "-v")[1]


def test_verify_as_json(bundle, capfd):
    assert run(["verify", str(bundle), "--json"]) == 3
    report = json.loads(capfd.readouterr().out)
    assert report["intact"] is True
    assert report["trust"] == "unknown"


def test_open_extracts_everything_into_a_fresh_folder(bundle, tmp_path, said):
    status, text = said("open", bundle, "-o", tmp_path / "opened", "--fingerprint", fingerprint(owner().certificate))
    assert status == 0
    assert (tmp_path / "opened" / "assets" / "Photos" / "loaf.txt").is_file()
    assert "START-HERE.html" in text


@pytest.fixture
def split(root, built, tmp_path):
    """Both zips of a split bundle."""
    shutil.copytree(built("--split-assets"), tmp_path, dirs_exist_ok=True)
    paths = sorted((root / "out").glob("*.zip"), key=lambda path: "assets" in path.name)
    assert len(paths) == 2
    return paths


def test_open_extracts_both_zips_of_a_split_bundle_into_one_folder(split, tmp_path, said):
    first, second = split
    anchor = ["--fingerprint", fingerprint(owner().certificate)]
    status, text = said("open", first, second, "-o", tmp_path / "opened", *anchor)
    assert status == 0
    assert (tmp_path / "opened" / "assets" / "Photos" / "loaf.txt").is_file()
    assert (tmp_path / "opened" / "START-HERE.html").is_file()
    assert second.name not in text
    status, text = said("open", first, "-o", tmp_path / "one", *anchor)
    assert status == 0
    assert not (tmp_path / "one" / "assets").exists()
    assert second.name in text


def test_open_extracts_nothing_when_the_second_zip_is_another(split, tmp_path, said):
    first, second = split
    second.write_bytes(second.read_bytes()[:-1] + b"\1")
    status, text = said("open", first, second, "-o", tmp_path / "opened")
    assert status == 1
    assert "isn't the second zip" in text
    assert f"error: {second}: it" in text
    assert not (tmp_path / "opened").exists()
    assert said("open", second, first, "-o", tmp_path / "opened")[0] == 1


@pytest.mark.parametrize("command", ["verify", "open", "send"])
def test_the_second_zip_in_place_of_the_first_is_recognised(split, tmp_path, said, command):
    _, second = split
    status, text = said(command, second, *(["-o", tmp_path / "opened"] if command == "open" else []))
    assert status == 1
    assert "this is the second zip of a split bundle: give the other one" in text


def test_a_zip_of_something_else_isnt_called_a_second_zip(tmp_path, said):
    with zipfile.ZipFile(tmp_path / "any.zip", "w") as made:
        made.writestr("mimetypes", "x")
    status, text = said("verify", tmp_path / "any.zip")
    assert status == 1
    assert "second zip" not in text


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param(
            ["build", "out/acme.zip"], "this isn't a project's folder", "the folder that holds", id="build a zip"
        ),
        pytest.param(["validate", "out/acme.zip"], "no template", "handover verify out/acme.zip", id="validate a zip"),
        pytest.param(
            ["validate", "data/metrics.csv"], "isn't judged on its own", "`handover validate .`", id="validate a table"
        ),
        pytest.param(
            ["validate", "../table.csv"], "isn't judged on its own", "give the project's folder", id="any table"
        ),
        pytest.param(
            ["import", "data/metrics.csv"], "say what this file holds", "handover import metrics data/", id="import"
        ),
    ],
)
def test_a_file_given_to_the_wrong_command_is_told_the_right_one(root, said, monkeypatch, words, message, hint):
    monkeypatch.chdir(root)
    (root / "out").mkdir()
    (root / "out/acme.zip").write_bytes(b"PK")
    (root.parent / "table.csv").write_bytes(b"a,b")
    status, text = said(*words)
    assert status == 2
    assert message in text
    assert hint in text


def test_a_draft_isnt_sent_and_the_way_out_is_one_that_this_command_has(root, said):
    assert said("build", root, "--draft", "--date", DATE)[0] == 0
    status, text = said("send", next((root / "out").glob("*draft.zip")))
    assert status == 1
    assert "build without --draft" in text
    assert "--allow-draft" not in text
    assert not list((root / "out").glob("*.eml"))


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        pytest.param(
            "frobnicate",
            ["error: there is no command `frobnicate`", "  `handover --help` says what it takes"],
            id="like no command",
        ),
        pytest.param(
            "biuld",
            [
                "error: there is no command `biuld`; did you mean `build`?",
                "  `handover --help` says what it takes",
            ],
            id="misspelt",
        ),
    ],
)
def test_an_unknown_command_points_to_the_help_once(word, lines, said):
    status, text = said(word)
    assert status == 2
    assert text.splitlines() == lines


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["write", "letter", "acme"], id="a letter"),
        pytest.param(["templates", "eject", "letter", "--project", "acme"], id="a template"),
        pytest.param(["templates", "show", "letter", "-o", "acme/tags.docx"], id="a list of variables"),
        pytest.param(["templates", "preview", "letter", "-o", "preview.docx"], id="a preview, here"),
    ],
)
def test_a_file_that_is_there_is_named_as_it_was_typed(words, root, monkeypatch, said):
    monkeypatch.chdir(root.parent)
    assert said(*words)[0] == 0
    status, text = said(*words)
    assert status == 1
    assert "it exists already" in text
    assert str(root.parent) not in text


@pytest.mark.parametrize("words", [[], ["vault"], ["keys"], ["templates"], ["import"]], ids=" ".join)
def test_without_a_command_the_help_is_shown_and_no_error(words, said):
    status, text = said(*words)
    assert status == 2
    assert text.startswith(" ".join(["Usage: handover", *words]))
    assert "error:" not in text
    assert "says what it takes" not in text


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(["keys", "show", "--key-passphrase-file", "nowhere"], "in one line", id="a passphrase file"),
        pytest.param(["keys", "import", "FILE", "--key-passphrase-file", "PASS"], "name the key file", id="a key"),
        pytest.param(["verify", "BUNDLE", "--cert", "FILE"], "name a certificate file", id="a certificate"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_give(bundle, tmp_path, said, words, hint):
    (tmp_path / "text.txt").write_text("no key, no certificate", encoding="utf-8")
    passed = secret_file(tmp_path / "kp", KEY_PASSWORD)
    (tmp_path / "config" / "handover").mkdir(parents=True)
    key_file(tmp_path / "config" / "handover" / "owner.p12")
    places = {"FILE": tmp_path / "text.txt", "PASS": passed, "BUNDLE": bundle}
    status, text = said(*[places.get(word, word) for word in words])
    assert status == 1
    assert hint in text


@pytest.mark.parametrize("command", ["verify", "open", "send"])
def test_what_isnt_intact_is_told_with_the_files_name(bundle, root, tmp_path, said, command):
    cut = bundle.with_name("cut.zip")
    cut.write_bytes(bundle.read_bytes()[:-1])
    more = {"open": ["-o", tmp_path / "opened"], "send": ["--project", root]}.get(command, [])
    status, text = said(command, cut, *more)
    assert status == 1
    assert f"error: {cut}: it doesn't end as a bundle's zip does" in text


def test_open_extracts_nothing_of_a_bundle_that_was_changed(bundle, tmp_path, said):
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    assert said("open", bundle, "-o", tmp_path / "opened")[0] == 1
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("command", ["verify", "open"])
def test_what_isnt_intact_about_the_second_zip_is_told_with_its_name(split, tmp_path, said, capfd, command):
    first, second = split
    second.write_bytes(second.read_bytes()[:-1])
    status, text = said(command, first, second, *(["-o", tmp_path / "opened"] if command == "open" else []))
    assert status == 1
    assert f"error: {second}: it isn't the second zip" in text
    assert f"{first}:" not in text
    assert run(["verify", str(first), str(second), "--json"]) == 1
    assert json.loads(capfd.readouterr().out)["file"] == str(second)


def test_a_second_zip_that_loses_its_form_after_it_was_verified_is_named(split, tmp_path, said, monkeypatch):
    from handover.cli import verify

    first, second = split
    checked = verify._checked

    def check_then_cut(*words, **options):
        found = checked(*words, **options)
        second.write_bytes(second.read_bytes()[:-1])
        return found

    monkeypatch.setattr(verify, "_checked", check_then_cut)
    status, text = said("open", first, second, "-o", tmp_path / "opened")
    assert status == 1
    assert f"error: {second}: it doesn't end as a bundle's zip does" in text


def test_open_extracts_nothing_of_a_bundle_that_changes_after_it_was_verified(bundle, tmp_path, said, monkeypatch):
    from handover.cli import verify

    checked = verify._checked

    def check_then_change(*words, **options):
        found = checked(*words, **options)
        entries = contents(bundle.read_bytes())
        bundle.write_bytes(zipped(entries | {"assets/Photos/loaf.txt": b"another"}, tmp_path))
        return found

    monkeypatch.setattr(verify, "_checked", check_then_change)
    status, text = said("open", bundle, "-o", tmp_path / "opened", "--fingerprint", fingerprint(owner().certificate))
    assert status == 1
    assert "assets/Photos/loaf.txt" in text
    assert "format 12.2" in text
    assert not (tmp_path / "opened").exists()
    assert not list(tmp_path.glob(".handover-*"))


@pytest.mark.parametrize("anchor", ["--fingerprint", "--cert", "--ca"])
def test_a_draft_isnt_accepted_as_the_named_signers(root, tmp_path, said, capfd, anchor):
    from handover.seal.certificates import certificate_pem

    (tmp_path / "cert.pem").write_bytes(certificate_pem(owner().certificate))
    value = fingerprint(owner().certificate) if anchor == "--fingerprint" else tmp_path / "cert.pem"
    assert said("build", root, "--draft", "--date", DATE)[0] == 0
    (draft,) = (root / "out").glob("*.zip")
    status, text = said("verify", draft, "--allow-draft")
    assert (status, "nobody has signed it" in text) == (0, True)
    status, text = said("verify", draft, "--allow-draft", anchor, value)
    assert status == 3
    assert "which nobody signed" in text
    assert run(["verify", str(draft), "--allow-draft", anchor, str(value), "--json"]) == 3
    assert json.loads(capfd.readouterr().out)["trust"] == "unknown"
    assert said("open", draft, "-o", tmp_path / "opened", "--allow-draft", anchor, value)[0] == 3


def test_open_refuses_a_folder_with_something_in_it(bundle, root, said):
    assert said("open", bundle, "-o", root)[0] == 1
    assert (root / "handover.yaml").is_file()


# Passphrases that change

NEW = Secret("tulip harbour mimosa fennel quartz lantern biscuit")


def test_the_vaults_passphrase_changes_and_what_it_holds_stays(root, tmp_path, said):
    old, new = secret_file(tmp_path / "old", VAULT_PASSPHRASE), secret_file(tmp_path / "new", NEW)
    listed = said("vault", "list", "--project", root, "--vault-passphrase-file", old)
    change = ["vault", "passphrase", "--project", root, "--vault-passphrase-file", old, "--new-passphrase-file"]
    status, text = said(*change, new)

    assert status == 0, text
    assert NEW.reveal() not in text
    assert said("vault", "list", "--project", root, "--vault-passphrase-file", new) == listed
    status, text = said("vault", "list", "--project", root, "--vault-passphrase-file", old)
    assert status == 1
    assert "forgotten" in text
    assert (root / "vault.xlsx").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("wrong", [Secret("short"), PASSPHRASE], ids=["a weak one", "a client's"])
def test_a_passphrase_that_wont_do_leaves_the_vault_as_it_was(root, tmp_path, said, wrong):
    files = {name: secret_file(tmp_path / name, text) for name, text in (("p", PASSPHRASE), ("v", VAULT_PASSPHRASE))}
    key = [key_file(tmp_path / "k.p12"), "--key-passphrase-file", secret_file(tmp_path / "kp", KEY_PASSWORD)]
    options = ["--passphrase-file", files["p"], "--vault-passphrase-file", files["v"], "--key", *key]
    assert said("build", root, "--date", DATE, *options)[0] == 0
    before = (root / "vault.xlsx").read_bytes()
    new = secret_file(tmp_path / "new", wrong)
    change = ["vault", "passphrase", "--project", root, "--vault-passphrase-file", files["v"], "--new-passphrase-file"]
    assert said(*change, new)[0] == 1
    assert (root / "vault.xlsx").read_bytes() == before


def test_the_passphrase_of_a_bundle_is_shown_by_another_command(root, said):
    status, text = said("vault", "passphrase", root / "x.zip", "--project", root)
    assert status == 2
    assert f"handover vault issued {root / 'x.zip'}" in text


def test_a_keys_password_changes_and_its_fingerprint_stays(tmp_path, said):
    key = key_file(tmp_path / "k.p12")
    old, new = secret_file(tmp_path / "old", KEY_PASSWORD), secret_file(tmp_path / "new", NEW)
    weak = secret_file(tmp_path / "weak", Secret("short"))
    change = ["keys", "passphrase", "--key", key, "--key-passphrase-file", old, "--new-passphrase-file"]
    before = key.read_bytes()
    assert said(*change, weak)[0] == 1
    assert key.read_bytes() == before

    status, text = said(*change, new)
    assert status == 0, text
    shown = said("keys", "show", "--key", key, "--key-passphrase-file", new)[1]
    assert fingerprint(owner().certificate)[:8] in shown.replace(" ", "")
    status, text = said("keys", "show", "--key", key, "--key-passphrase-file", old)
    assert (status, "forgotten" in text) == (1, True)


# An old name


@pytest.mark.parametrize(("old", "new"), [("email", "send"), ("init", "new")])
def test_the_old_name_of_a_command_says_the_new_one(said, old, new):
    status, text = said(old, "x")
    assert status == 2
    assert f"`{old}` is called `{new}` now" in text


# keys


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_keys_are_created_privately_and_shown(tmp_path, said, kind):
    password = secret_file(tmp_path / "kp", KEY_PASSWORD)
    status, text = said("keys", "create", "--name", "Élodie Martin", "--type", kind, "--key-passphrase-file", password)
    assert status == 0
    key = tmp_path / "config" / "handover" / "owner.p12"
    assert key.stat().st_mode & 0o777 == 0o600
    assert said("keys", "create", "--name", "X", "--key-passphrase-file", password)[0] == 1
    status, shown = said("keys", "show", "--key-passphrase-file", password)
    assert status == 0
    digest = next(line.split()[-1] for line in shown.splitlines() if "--fingerprint" in line)
    assert digest in text
    assert "Élodie Martin" in shown


def test_a_wrong_key_password_is_said_without_it(root, tmp_path, said):
    options = without(given(tmp_path), "--key-passphrase-file")
    status, text = said(
        "build", root, *options, "--key-passphrase-file", secret_file(tmp_path / "w", Secret("wrong wrong"))
    )
    assert status == 1
    assert "password" in text
    assert "wrong wrong" not in text


# vault


def test_the_vault_is_filled_listed_and_emptied(tmp_path, said, monkeypatch):
    root = make_project(tmp_path / "acme")
    (root / "vault.xlsx").unlink()
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    assert said("vault", "init", *passphrase)[0] == 0
    assert said("vault", "init", *passphrase)[0] == 1
    answers = iter((CANARY, "", ""))
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("handover.cli.asking.ask_secret", lambda *_words, **_options: next(answers))
    assert said("vault", "add", "WordPress", "--user-name", "ruth", *passphrase)[0] == 0
    plain = tmp_path / "logins.csv"
    plain.write_text('service,user_name,password\nBank,bob,"=cmd|x, 9911-2211"\n', encoding="utf-8")
    monkeypatch.setattr("handover.cli.exports.confirm", lambda _question: True)
    status, text = said("vault", "import", plain, *passphrase)
    assert (status, plain.exists()) == (0, False), text
    status, text = said("vault", "list", *passphrase)
    assert "WordPress" in text
    assert "2 credentials" in text
    assert said("vault", "remove", "WordPres", *passphrase)[0] == 1
    assert said("vault", "remove", "WordPress", *passphrase)[0] == 0
    assert "1 credential" in said("vault", "list", *passphrase)[1]


def test_a_browsers_export_fills_the_vault_and_says_what_it_is(root, tmp_path, said):
    (root / "vault.xlsx").unlink()
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    assert said("vault", "init", *passphrase)[0] == 0
    plain = tmp_path / "Chrome Passwords.csv"
    plain.write_text(f"name,url,username,password,note\nShop,https://x.example,ann,{CANARY},\n", encoding="utf-8")
    status, text = said("vault", "import", plain, *passphrase)
    assert status == 0
    assert "1 credential added from an export of Chrome, Edge or another browser" in text
    assert "Shop  ann  (password)" in said("vault", "list", *passphrase)[1]


CLIENTS = {"1": "Maison", "2": "Other"}


def agency_export(folder: Path) -> Path:
    """Two clients' entries, of whom the first has one at the agency's own domain."""
    mine = [bitwarden_login("Shop", CANARY, folderId="1"), bitwarden_login("Mail", folderId="1",
            login={"uris": [{"uri": "https://mail.northlight.example"}]})]  # fmt: skip
    path = folder / "bitwarden.json"
    path.write_bytes(bitwarden(*mine, bitwarden_login("Theirs", "other-canary", folderId="2"), folders=CLIENTS))
    return path


@pytest.fixture
def filling(root, tmp_path, said):
    """`vault import` into an empty vault; gives status and text, and what the vault lists then."""
    (root / "vault.xlsx").unlink()
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    assert said("vault", "init", *passphrase)[0] == 0

    def fill(*words):
        status, text = said("vault", "import", *words, *passphrase)
        return status, text, said("vault", "list", *passphrase)[1]

    return fill


def test_another_clients_entries_dont_come_along_unasked(tmp_path, filling):
    status, text, listed = filling(agency_export(tmp_path))
    assert status == 2
    assert "has several folders, and not all may be this client's:\n  Maison (2)\n  Other (1)" in text
    assert "0 credentials" in listed

    status, text, listed = filling(agency_export(tmp_path), "--folder", "Maisson")
    assert (status, "Maison" in text) == (2, True)

    status, text, listed = filling(agency_export(tmp_path), "--folder", "Maison")
    assert status == 0
    assert "1 credential added from an export of Bitwarden" in text
    assert "1 credential of other folders left where it is" in text
    assert "“Mail”" in text
    assert "isn't taken: it signs in at the agency's own domain" in text
    assert ("Shop" in listed, "Mail" in listed, "Theirs" in listed) == (True, False, False)

    status, text, listed = filling(agency_export(tmp_path), "--folder", "Maison", "--take", "Mail")
    assert "1 credential added from an export of Bitwarden, 1 was there already, 2 in all" in text
    assert "Theirs" not in listed
    assert filling(agency_export(tmp_path), "--folder", "Maison", "--take", "Shop")[0] == 2


def test_a_folder_that_several_clients_have_is_spelt_out(tmp_path, filling):
    logins = [bitwarden_login(name, folderId=name) for name in "AB"]
    export = tmp_path / "export.json"
    export.write_bytes(bitwarden(*logins, folders={"A": "Maison/Web", "B": "Other/Web"}))
    status, text, listed = filling(export, "--folder", "Web")
    assert (status, "0 credentials" in listed) == (2, True)
    assert "'Web' is the name of several folders:\n  Maison/Web\n  Other/Web" in text

    status, text, listed = filling(export, "--folder", "Maison/Web")
    assert (status, "1 credential" in listed) == (0, True)


def test_on_a_terminal_people_are_asked_which_entries_are_the_clients(tmp_path, filling, monkeypatch):
    answers = iter(["Nobody", "maison"])
    asked = []
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        yes_or_no = "yes" if "Mail" in question else "no"
        return yes_or_no if "(yes or no)" in question else next(answers)

    monkeypatch.setattr("click.prompt", prompt)
    status, text, listed = filling(agency_export(tmp_path))
    assert status == 0, text
    assert len(asked) == 4
    assert "which are this client's?" in asked[0]
    assert ("Shop" in listed, "Mail" in listed, "Theirs" in listed) == (True, True, False)


def test_a_protected_export_is_opened_with_its_own_passphrase_and_isnt_offered_for_deletion(tmp_path, filling):
    path = tmp_path / "agency.kdbx"
    mine = group(2, "Maison", entry(9, Title="OVH", UserName="ann", Password="x"))
    xml = document(mine, entry(8, Title="B", Password="x"))
    path.write_bytes(kdbx(Kind(), xml, key=bytes(32)))
    (tmp_path / "key").write_bytes(bytes(32))
    right, wrong = (secret_file(tmp_path / name, Secret(text)) for name, text in (("r", KDBX_PASSPHRASE), ("w", "no")))
    options = (path, "--folder", "Maison", "--key-file", tmp_path / "key", "--export-passphrase-file")
    status, text, listed = filling(*options, wrong)
    assert (status, "doesn't open agency.kdbx" in text) == (1, True)
    status, text, listed = filling(*options, right)
    assert status == 0, text
    assert "OVH  ann  (password)" in listed
    assert "in clear" not in text
    assert path.exists()


def test_an_old_workbook_as_vault_is_called_so_by_list_as_by_validate(root, tmp_path, said):
    (root / "vault.xlsx").write_bytes(compound_file({("Workbook",): bytes(5_000)}))
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    expected = "vault.xlsx is an old Office file (.xls), not an encrypted workbook"
    assert expected in said("vault", "list", *passphrase)[1]
    assert expected in said("validate", root)[1]


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="these file systems refuse such names")
def test_a_name_that_isnt_utf_8_is_renamed_and_written_escaped(root, said):
    (root / "assets" / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
    assert "--rename-unsafe" in said("build", root, "--draft", "--date", DATE)[1]
    status, text = said("build", root, "--draft", "--date", DATE, "--rename-unsafe")
    assert status == 0, text
    (made,) = (root / "out").glob("*.zip")
    with zipfile.ZipFile(made) as archive:
        assert json.loads(archive.read("handover.json"))["renamed"] == {"assets/caf\\xe9.txt": "assets/caf_.txt"}
    assert "SHA256SUMS" in said("verify", made, "--allow-draft")[1]


def test_a_plain_csv_with_a_fault_is_not_imported(root, tmp_path, said):
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    plain = tmp_path / "logins.csv"
    plain.write_text(f'service,pasword\nBank,"{CANARY}"\n', encoding="utf-8")
    before = (root / "vault.xlsx").read_bytes()
    status, text = said("vault", "import", plain, *passphrase)
    assert status == 1
    assert "password" in text
    assert (root / "vault.xlsx").read_bytes() == before
    assert plain.exists()


def test_rows_and_passphrase_cant_both_come_from_standard_input(root, said):
    status, text = said("vault", "import", "-", "--vault-passphrase-file", "-", "--project", root)
    assert status == 2
    assert "can't both come from standard input" in text


@pytest.mark.parametrize("command", [[], ["vault"], ["keys"], ["templates"], ["import"]], ids=" ".join)
def test_no_line_of_a_list_of_commands_is_cut_off(said, command):
    status, text = said(*command, "--help")
    assert status == 0
    assert "..." not in text.replace("[ARGS]...", "")


def test_an_interruption_after_the_import_doesnt_say_that_nothing_was_written(root, tmp_path, said, monkeypatch):
    def interrupted(*_words, **_options):
        raise click.Abort

    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("click.prompt", interrupted)
    passphrase = ["--project", root, "--vault-passphrase-file", secret_file(tmp_path / "vp", VAULT_PASSPHRASE)]
    plain = tmp_path / "logins.csv"
    plain.write_text("service,user_name,password\nMail,bob,x\n", encoding="utf-8")
    status, text = said("vault", "import", plain, *passphrase)
    assert status == 130
    assert "1 credential added, 3 in all" in text
    assert f"{plain} still holds them in clear: delete it" in text
    assert "nothing was written" not in text


def test_secrets_without_a_terminal_are_asked_for_by_the_services_name(root, said):
    status, text = said("vault", "add", "WordPress", "--project", root)
    assert status == 1
    assert "the password of WordPress is needed" in text
    assert "handover vault import" in text


def test_a_vault_that_isnt_there_is_told_before_anything_is_asked(root, said):
    (root / "vault.xlsx").unlink()
    status, text = said("vault", "add", "WordPress", "--project", root)
    assert status == 2
    assert "handover vault init" in text


def test_commands_that_write_the_vault_at_once_lose_nothing_that_they_say(root, tmp_path):
    secret_file(tmp_path / "vp", VAULT_PASSPHRASE)
    for n in range(3):
        (tmp_path / f"{n}.csv").write_text(f"service,user_name,password\nsvc{n},bob,a long one\n", encoding="utf-8")
    options = ["--project", root, "--vault-passphrase-file", tmp_path / "vp"]
    with Path(os.devnull).open("r+") as nothing:
        here = [nothing.fileno()] * 3
        running = [
            forked.begun(["vault", "import", tmp_path / f"{n}.csv", *options], os.environ, here) for n in range(3)
        ]
    added = {f"svc{n}" for n, process in enumerate(running) if forked.ended(process) == 0}
    assert added
    kept, _ = read_vault((root / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE)
    assert {row.service for row in kept.credentials if row.service.startswith("svc")} == added


# email


def test_the_draft_holds_the_zip_and_never_the_passphrase(bundle, tmp_path, said):
    import email
    import email.policy

    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert status == 0, text
    draft = bundle.with_suffix(".eml").read_bytes()
    message = email.message_from_bytes(draft, policy=email.policy.default)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "Ruth Carter <ruth@acme.example>"
    attachment, receipt = message.iter_attachments()
    assert attachment.get_filename() == BUNDLE
    assert attachment.get_content() == bundle.read_bytes()
    assert receipt.get_filename() == f"{bundle.stem}-receipt.docx"
    assert receipt.get_content() == bundle.with_name(receipt.get_filename()).read_bytes()
    body = message.get_body(("plain",)).get_content()
    assert " ".join([fingerprint(owner().certificate)[:4]]) in body
    assert PASSPHRASE.reveal() not in body
    assert body.replace("\r\n", "\n").strip() in bundle.with_suffix(".txt").read_text(encoding="utf-8")
    assert max(map(len, draft.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


def test_a_draft_isnt_overwritten_without_replace(bundle, tmp_path, said):
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 1
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp", "--replace")[0] == 0


def test_another_passphrase_than_the_bundles_is_noticed(bundle, tmp_path, said):
    other = secret_file(tmp_path / "other", Secret("claymore-nylons-otterhound-plumage-grapevine-tigress-mossiness"))
    status, text = said("send", bundle, "--passphrase-file", other)
    assert status == 1
    assert "doesn't open" in text
    assert not bundle.with_suffix(".eml").exists()


# Interruption


def test_a_bundle_stands_though_its_temporary_name_cannot_be_removed(said, root, monkeypatch):
    def refuse(path, **_options):
        raise PermissionError(errno.EPERM, "not here")

    monkeypatch.setattr(Path, "unlink", refuse)
    status, text = said("build", root, "--draft")
    assert status == 0
    assert "is another name of the bundle, and couldn't be removed: delete it" in text
    assert len(list((root / "out").glob("*.zip"))) == 1


def test_a_clock_of_1971_stops_no_draft_and_makes_no_key(said, root, tmp_path, monkeypatch):
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW.replace(year=1971))
    assert said("build", root, "--draft")[0] == 0
    key = ["keys", "create", "--name", "A B", "--out", tmp_path / "o.p12"]
    status, text = said(*key, "--key-passphrase-file", secret_file(tmp_path / "key.txt", KEY_PASSWORD))
    assert status == 1
    assert "error: this computer's clock says 1971-03-02: a certificate made now would be valid for no letter" in text


SIGNALS = pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


def left_in(out: Path) -> list[str]:
    return [path.name for path in out.iterdir() if not path.name.startswith(".inputs")] if out.exists() else []


@posix
@SIGNALS
@pytest.mark.parametrize("moment", ["checking the project", "writing the documents", "packing", "a file is packed",
                                    "verifying every byte", "publishing"])  # fmt: skip
def test_an_interrupted_build_leaves_nothing(root, said, monkeypatch, number, status, moment):
    def arrive(reached: str) -> None:
        if reached == moment:
            signal.raise_signal(number)

    monkeypatch.setattr("handover.cli.progress.Progress.step", lambda _, step: arrive(step))
    monkeypatch.setattr("handover.cli.progress.Progress.bytes", lambda *_: arrive("a file is packed"))
    found, text = said("build", root, "--draft")
    assert (found, "nothing was written" in text) == (status, True), text
    assert left_in(root / "out") == []


EARLY = """
import signal, sys
class Finder:
    def find_spec(self, name, *more):
        if name == "handover.cli":
            signal.raise_signal(signal.NUMBER)
sys.meta_path.insert(0, Finder())
"""
LATE = """
import signal
from handover import __main__
__main__._flush = lambda: signal.raise_signal(signal.NUMBER)
"""


def program(preface: str, *words: object) -> list[str]:
    """What `python -m handover` does, something done before."""
    return [sys.executable, "-c", f"{preface}\nfrom handover.__main__ import main\nmain()", *map(str, words)]


@posix
@SIGNALS
def test_a_signal_from_outside_ends_a_build_quietly_and_leaves_nothing(root, tmp_path, monkeypatch, number, status):
    def pause(_, step: str) -> None:
        if step == "packing":
            print(step, flush=True)
            signal.pause()

    monkeypatch.setattr("handover.cli.progress.Progress.step", pause)
    reading, writing = os.pipe()
    with (tmp_path / "err").open("wb") as err, Path(os.devnull).open() as nothing, os.fdopen(reading) as said:
        process = forked.begun(["build", root, "--draft"], os.environ, [nothing.fileno(), writing, err.fileno()])
        os.close(writing)
        assert said.readline() == "packing\n"
        assert [name.partition("-")[0] for name in left_in(root / "out")] == [".handover"] * 2  # the zip and the lock
        os.kill(process, number)
        assert forked.ended(process) == status
    assert "Traceback" not in (tmp_path / "err").read_text()
    assert left_in(root / "out") == []


@posix
@SIGNALS
@pytest.mark.parametrize("moment", ["before the command line is there", "after the result was said"])
def test_before_and_after_the_command_line_a_signal_leaves_no_traceback(number, status, moment):
    preface = (LATE if moment.startswith("after") else EARLY).replace("NUMBER", number.name)
    done = subprocess.run(program(preface, "--version"), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == (0 if moment.startswith("after") else status)


@posix
@SIGNALS
def test_a_signal_that_a_library_turns_into_a_fault_of_its_own_is_still_one(number, status, capfd):
    from handover.cli import boundary

    def action(_args):
        try:
            signal.raise_signal(number)
        except (KeyboardInterrupt, boundary.Terminated):
            raise RuntimeError("Error calling __set_name__") from None  # as Python does before 3.12

    with boundary.signals():
        assert boundary.guard(action, None) == status
    assert "nothing was written" in capfd.readouterr().err
    with boundary.signals():
        assert boundary.guard(lambda _: 1 // 0, None) == 1
    assert "fault of handover" in capfd.readouterr().err


# What a reviewer found


def test_an_email_of_a_strangers_bundle_is_refused_where_the_project_names_its_key(root, bundle, tmp_path, said):
    edit(root, "handover.yaml", fingerprint(owner().certificate), "ab" * 32)
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert status == 1
    assert "isn't signed with the key that the project pins for Ada Marsh" in text
    assert not bundle.with_suffix(".eml").exists()


@pytest.mark.parametrize("name", ["{bundle}", "{folder}/x.txt"])
def test_an_email_never_overwrites_its_bundle_or_its_own_text(bundle, tmp_path, said, name):
    before = bundle.read_bytes()
    target = name.format(bundle=bundle, folder=bundle.parent)
    status, text = said("send", bundle, "-o", target, "--passphrase-file", tmp_path / "pp", "--replace")
    assert status == 2
    assert "overwrite" in text
    assert bundle.read_bytes() == before


def test_a_bundle_with_a_hostile_file_name_is_attached_under_a_plain_one(bundle, root, tmp_path, said):
    renamed = bundle.with_name('a"b\nX-Evil: 1.zip')
    bundle.rename(renamed)
    target = bundle.with_name("final.eml")
    assert said("send", renamed, "-o", target, "--passphrase-file", tmp_path / "pp")[0] == 0
    assert b"X-Evil" not in target.read_bytes()
    assert b'filename="acme-bakery.zip"' in target.read_bytes()


def test_what_was_allowed_when_building_doesnt_stop_the_email_or_the_letter(root, tmp_path, said):
    (root / "assets" / "internal").mkdir()
    (root / "assets" / "internal" / "x.txt").write_text("x", encoding="utf-8")
    allowed = ["--allow-leak", "assets/internal/x.txt"]
    assert said("build", root, *given(tmp_path), *allowed)[0] == 0
    assert said("build", root, "--list", *allowed)[0] == 0
    assert said("send", root / "out" / BUNDLE, "--passphrase-file", tmp_path / "pp")[0] == 0
    assert said("write", "letter", root, "-o", tmp_path / "l.docx")[0] == 0


def test_allowing_an_entry_that_isnt_there_is_wrong_usage(root, tmp_path, said):
    status, text = said("build", root, *given(tmp_path), "--allow-leak", "nosuch")
    assert status == 2
    assert "no such entry" in text


def test_a_build_that_fails_leaves_no_folder_behind(root, said):
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: nobody")
    assert said("build", root, "--draft")[0] == 1
    assert not (root / "out").exists()


def test_a_bundle_isnt_written_among_the_clients_files(root, said):
    (root / "assets" / "out").mkdir()
    status, text = said("build", root, "--draft", "-o", root / "assets" / "out")
    assert status == 2
    assert "lies among the client's files" in text


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
@pytest.mark.parametrize("as_json", [False, True])
def test_a_generated_passphrase_goes_to_the_terminal_and_not_into_redirected_output(root, tmp_path, as_json):
    import pty

    options = without(given(tmp_path), "--passphrase-file")
    ours, theirs = pty.openpty()
    log = tmp_path / "log"
    with log.open("wb") as out:
        words = ["build", root, *options, *(["--json"] if as_json else [])]
        process = forked.begun(words, os.environ, [theirs, out.fileno(), theirs])
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert forked.ended(process) == 0, shown
    words_shown = re.search(rb"shows it again\):\s+([a-z]+(?:-[a-z]+){6,})\s", shown)
    assert words_shown
    assert words_shown[1] not in log.read_bytes()


@posix
def test_from_publishing_on_a_signal_changes_nothing_that_is_said(root, said, monkeypatch):
    """Signals at each call in turn that makes the bundle durable, gives it its name and tells of it."""
    reached, struck, publishing = [], 0, False

    def with_signal(name, call):
        def signalled(*words, **options):
            if publishing and not ([name] == reached[-1:] == ["say"]):
                reached.append(name)
                if len(reached) == struck:
                    signal.raise_signal(signal.SIGTERM)
            return call(*words, **options)

        return signalled

    def ignore_signals():
        nonlocal publishing
        real()
        publishing = True

    from handover.cli import boundary
    from handover.cli import build as command

    real = boundary.ignore_signals
    monkeypatch.setattr(boundary, "ignore_signals", ignore_signals)
    for owner_of_it, name in ((os, "fsync"), (os, "link"), (os, "unlink"), (command, "say")):
        monkeypatch.setattr(owner_of_it, name, with_signal(name, getattr(owner_of_it, name)))
    while struck <= len(reached):
        struck += 1
        reached.clear()
        status, text = said("build", root, "--draft", "--date", DATE)
        publishing = False
        (bundle,) = (root / "out").glob("*.zip")
        assert status == 0, text
        assert bundle.name in text
        bundle.unlink()
    assert {"fsync", "link", "say"} <= set(reached)
