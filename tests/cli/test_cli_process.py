"""What only a process of its own shows: libraries' warnings, and the modes of the files that it writes."""

import datetime as dt
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

import forked
from building import PASSPHRASE, delivered, secret_file

LONG_NAME = "A Studio With A Long Trading Name That Fills More Than Sixty-Four Characters Ltd"


def handover(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "handover", *map(str, words)], capture_output=True, text=True, check=False, **options
    )


def odd_certificate(path):
    """Its name has more characters than RFC 5280 allows, of which the library warns."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, LONG_NAME, _validate=False)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=3000))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.filterwarnings("ignore:Attribute's length")
def test_warnings_of_libraries_never_reach_the_terminal(tmp_path):
    bundle = delivered(draft=True).path
    done = handover("verify", bundle, "--allow-draft", "--cert", odd_certificate(tmp_path / "long.pem"))
    assert done.returncode == 3
    assert "Warning" not in done.stderr + done.stdout
    assert ".py" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_what_is_made_is_its_owners_alone_whatever_the_umask(tmp_path):
    secret, config = secret_file(tmp_path / "passphrase", PASSPHRASE), tmp_path / "config"
    project, before = tmp_path / "acme", os.umask(0)
    try:
        for words in (
            ("new", project),
            ("vault", "init", "--project", project, "--vault-passphrase-file", secret),
            ("keys", "create", "--name", "Ada Marsh", "--key-passphrase-file", secret),
        ):
            assert forked.handover(words, os.environ | {"XDG_CONFIG_HOME": str(config)}).returncode == 0
    finally:
        os.umask(before)
    made = [path for root in (project, config) for path in [root, *root.rglob("*")]]
    assert {"vault.xlsx", "owner.p12", "handover.yaml"} <= {path.name for path in made}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700, 0o600}


# Where it is started


TEMPTING = (
    "handover",
    "click",
    "json",
    "re",
    "pydantic",
    "lxml",
    "sitecustomize",
    "usercustomize",
    "conftest",
    "secrets",
)


def test_the_console_script_imports_nothing_from_the_folder_that_it_is_started_in(tmp_path):
    for name in TEMPTING:
        (tmp_path / f"{name}.py").write_text("open('it-ran', 'w')\n", encoding="utf-8")
    (tmp_path / ".env").write_text("PYTHONSTARTUP=click.py\nHANDOVER_LANG=fr\n", encoding="utf-8")
    (tmp_path / "pyvenv.cfg").write_text("home = .\n", encoding="utf-8")
    (tmp_path / "handover.yaml").write_text("language: en\n", encoding="utf-8")
    script = Path(sys.executable).with_name("handover")
    without = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([script, "validate", "."], cwd=tmp_path, env=without, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "error" in done.stdout + done.stderr
    assert not (tmp_path / "it-ran").exists()
