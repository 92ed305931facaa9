"""Outputs that can't be written, and locales that know no accents: what is said, and with which exit status."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

import forked
from building import PASSPHRASE, VAULT_PASSPHRASE, delivered, edit, make_project, secret_file
from handover.bundle.verify import Trust, verify
from signing_samples import NOW

pytestmark = pytest.mark.skipif(os.name != "posix", reason="/dev/full, signals and such locales are POSIX's")

DATE = "2026-03-02"
DRAFT = f"acme-bakery-handover-{DATE}-draft.zip"
FULL = "/dev/full"
full = pytest.mark.skipif(not Path(FULL).exists(), reason="only Linux has a device that is always full")
ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


def handover(folder, *words, out=None, err=None, **environment):
    """Run the program in a process of its own; by a new interpreter only where it would begin in another way."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHON", "LANG"))}
    own = {"XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder / "home"), "NO_COLOR": "1"}
    if environment.keys() <= {"PYTHONIOENCODING"}:
        return forked.handover(words, inherited | own | {"LC_ALL": "C.UTF-8"} | environment, out=out, err=err)
    return subprocess.run(
        [sys.executable, "-m", "handover", *map(str, words)],
        env=inherited | own | environment,
        stdin=subprocess.DEVNULL,
        stdout=out or subprocess.PIPE,
        stderr=err or subprocess.PIPE,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
    )


def into_full(folder, *words, **environment):
    with Path(FULL).open("wb") as out:
        return handover(folder, *words, out=out, **environment)


# Outputs that take nothing


@full
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["in words", "as JSON"])
def test_a_build_that_can_not_be_told_says_that_its_bundle_stands(root, tmp_path, options):
    done = into_full(tmp_path, "build", root, "--draft", "--date", DATE, *options)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "standard output can't be written (no space left on device)" in done.stderr
    assert f"the bundle stands, whole and verified: {root / 'out' / DRAFT}" in done.stderr
    assert verify(io.BytesIO((root / "out" / DRAFT).read_bytes()), now=NOW, allow_draft=True).trust is Trust.DRAFT


def test_a_build_whose_reader_has_gone_says_that_its_bundle_stands(root, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = handover(tmp_path, "build", root, "--draft", "--date", DATE, out=writing)
    os.close(writing)
    assert done.returncode == 1
    assert "its reader has gone" in done.stderr
    assert f"the bundle stands, whole and verified: {root / 'out' / DRAFT}" in done.stderr


@full
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--help"], id="the list of commands"),
        pytest.param(["build", "--help"], id="a command's help"),
        pytest.param(["schema"], id="a schema"),
        pytest.param(["validate", "acme"], id="nothing to correct"),
        pytest.param(["build", "acme", "--list"], id="a list of entries"),
    ],
)
def test_whatever_can_not_be_printed_is_an_error_in_one_line(root, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = into_full(tmp_path, *words)
    assert done.returncode == 1
    assert done.stderr == "error: standard output can't be written (no space left on device)\n"


@full
def test_without_buffers_it_is_the_same(tmp_path):
    done = into_full(tmp_path, "--version", PYTHONUNBUFFERED="1")
    assert done.returncode == 1
    assert done.stderr == "error: standard output can't be written (no space left on device)\n"


@full
def test_a_check_that_can_not_be_told_is_not_taken_for_a_good_one(tmp_path):
    for options in ([], ["--json"]):
        done = into_full(tmp_path, "verify", delivered(draft=True).path, "--allow-draft", *options)
        assert done.returncode == 1
        assert done.stderr == "error: standard output can't be written (no space left on device)\n"


@full
def test_what_was_changed_is_told_on_the_other_output(tmp_path):
    done = into_full(tmp_path, "new", tmp_path / "new")
    assert done.returncode == 1
    assert (tmp_path / "new" / "handover.yaml").is_file()
    lines = done.stderr.splitlines()
    assert lines[0] == f"{tmp_path / 'new'}: ready to fill in, beginning with handover.yaml"
    assert lines[-1] == "  what stands above is done all the same"


@full
@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(["validate", "acme"], 1, id="findings"),
        pytest.param(["verify", "nothing.zip"], 2, id="wrong usage"),
        pytest.param(["build", "acme", "--draft"], 1, id="a refusal"),
    ],
)
def test_the_status_is_right_even_when_errors_can_not_be_told(root, tmp_path, monkeypatch, words, status):
    edit(root, "handover.yaml", "language: en", "language: xx")
    monkeypatch.chdir(tmp_path)
    with Path(FULL).open("wb") as err:
        assert handover(tmp_path, *words, err=err).returncode == status
        assert handover(tmp_path, *words, out=err, err=err).returncode == status


def test_outputs_that_were_closed_before_do_not_matter(root, tmp_path):
    command = f'"{sys.executable}" -m handover build "{root}" --draft --date {DATE} >&- 2>&-'
    done = subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0
    assert (root / "out" / DRAFT).is_file()


# Locales and encodings that know no accents


@pytest.fixture
def french(root):
    """The project in French, accents in its texts, in a file's name and in the folder's."""
    moved = root.rename(root.parent / "crêperie")
    edit(moved, "handover.yaml", "language: en", "language: fr")
    edit(moved, "handover.yaml", "  name: Acme Bakery\n", "  name: Crêperie de l’Île d’Yeu\n")
    (moved / "assets" / "été à l’île, łódź.txt").write_text("déjà vu", encoding="utf-8")
    return moved


@pytest.fixture
def pinned(french, key):
    """The same, its owner's pin that of the key."""
    content = (key[1]).read_bytes()
    certificate = load_pkcs12(content, PASSPHRASE.reveal().encode()).cert.certificate
    text = (french / "handover.yaml").read_text(encoding="utf-8")
    pin = certificate.fingerprint(SHA256()).hex()
    (french / "handover.yaml").write_text(re.sub(r"pin: [0-9a-f]{64}", f"pin: {pin}", text), encoding="utf-8")
    return french


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """Options that answer every question, with a key that is valid by the machine's own clock."""
    folder = tmp_path_factory.mktemp("key")
    password = secret_file(folder / "password", PASSPHRASE)
    made = handover(
        folder, "keys", "create", "--name", "Élodie Mârsh", "--type", "ecdsa", "-o", folder / "é.p12",
        "--key-passphrase-file", password,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    vault = secret_file(folder / "vault", VAULT_PASSPHRASE)
    client = secret_file(folder / "client", PASSPHRASE)
    return [
        "--key", folder / "é.p12", "--key-passphrase-file", password,
        "--vault-passphrase-file", vault, "--passphrase-file", client,
    ]  # fmt: skip


def test_a_french_project_is_built_and_verified_in_any_locale(pinned, tmp_path, key):
    """An ASCII locale and ASCII outputs; then outputs that lack a character of what they tell."""
    french = pinned
    built = handover(tmp_path, "build", french, *key, "--date", DATE, "--no-input", **ASCII)
    assert built.returncode == 0, built.stderr
    bundle = french / "out" / f"acme-bakery-passation-{DATE}.zip"
    lacking = {"PYTHONIOENCODING": "cp437"}
    for environment in (ASCII, lacking):
        verified = handover(tmp_path, "verify", bundle, **environment)
        assert verified.returncode == 3
        assert "intact, but nothing given says that this key is" in verified.stderr
        assert "Traceback" not in built.stderr + verified.stderr
    names = json.loads(handover(tmp_path, "verify", bundle, "--json", **lacking).stdout)["entries"]
    assert "assets/été à l’île, łódź.txt" in [entry["name"] for entry in names]


def test_an_error_with_accents_is_told_in_an_ascii_locale(french, tmp_path):
    edit(french, "handover.yaml", "ended_by: mutual", "ended_by: échéancé")
    bad = handover(tmp_path, "validate", french, **ASCII)
    assert bad.returncode == 1
    assert "isn't one of the words allowed here: échéancé" in bad.stderr
    assert "did you mean `échéance`?" in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_what_programs_read_is_utf_8_in_any_encoding(french, tmp_path, encoding):
    listed = handover(tmp_path, "build", french, "--draft", "--list", "--json", PYTHONIOENCODING=encoding)
    assert listed.returncode == 0, listed.stderr
    assert "assets/été à l’île, łódź.txt" in json.loads(listed.stdout)["entries"]
