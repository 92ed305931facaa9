"""KeePassXC's opinion of our KDBX files, and ours of those that it saves, in every kind that it knows."""

import datetime as dt
import os
import subprocess

import pytest

from handover.documents.credentials_kdbx import credentials_beside
from handover.documents.inventory import render
from handover.formats.kdbx import Entry, read_kdbx, write_kdbx
from handover.languages.words import Words
from handover.model.artifact import Artifact, Role, Seal
from handover.model.errors import WrongPassphrase
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from kdbx_making import KINDS, PASSPHRASE, SIMPLE, kdbx
from sample_handover import given
from signing_samples import NOW

pytestmark = pytest.mark.interop

SECRET = Secret(PASSPHRASE)


def keepassxc(*arguments: object, passphrases: str = f"{PASSPHRASE}\n") -> subprocess.CompletedProcess[str]:
    command = ["keepassxc-cli", *map(str, arguments)]
    return subprocess.run(command, input=passphrases, capture_output=True, text=True, timeout=1200, check=False)


def test_our_file_opens_with_groups_fields_and_second_factors(tmp_path):
    otp = "otpauth://totp/Shop:ann?secret=JBSWY3DPEHPK3PXP&period=30&digits=6&issuer=Shop"
    fields = {"Title": "Shop", "UserName": "ann", "Password": " p&<é>\n=1 ", "URL": "https://shop.example", "otp": otp,
              "Notes": "one\ntwo", "Clé API": "a\tb"}  # fmt: skip
    entries = (
        Entry((), {"Title": "Top", "Password": "x"}, frozenset({"Password"})),
        Entry(("Web", "Boutique"), fields, frozenset({"Password", "otp", "Clé API"})),
    )
    path = tmp_path / "ours.kdbx"
    path.write_bytes(write_kdbx(entries, SECRET, title="Maison", at=dt.datetime.now(dt.UTC), random=os.urandom))

    listed = keepassxc("ls", "-R", "-f", path)
    shown = keepassxc("show", "-s", "--all", "-t", path, "Web/Boutique/Shop")
    assert listed.stdout.split() == ["Top", "Web/", "Web/Boutique/", "Web/Boutique/Shop"]
    for key, text in fields.items():
        assert f"{key}: {text}" in shown.stdout
    assert shown.stdout.splitlines()[-1].isdigit()
    assert "Invalid credentials" in keepassxc("ls", path, passphrases="other\n").stderr


def test_delivered_credentials_open_with_folder_addresses_and_second_factor(tmp_path):
    row = CredentialRow.model_validate({
        "service": "Shop & Co", "user_name": "ann@x.example", "password": " =1<é>", "url": "https://shop.example",
        "totp_secret": "jbsw y3dp-ehpk 3pxp", "recovery_codes": "1111\n2222", "fields": "PIN: 12",
        "other_urls": "https://b.example", "folder": "Web/Boutiques",
    })  # fmt: skip
    artifact = Artifact(
        "02-inventory.xlsx", Role.INVENTORY, Seal.ENCRYPTED, render(given("inventory", vault=Vault((row,))))
    )
    words = Words.load("en", "en_GB", "inventory")
    made = credentials_beside(artifact, SECRET, name="x.kdbx", words=words, at=NOW, random=os.urandom)
    path = tmp_path / "delivered.kdbx"
    path.write_bytes(made.content)

    shown = keepassxc("show", "-s", "--all", "-t", path, "Web/Boutiques/Shop & Co").stdout
    for line in ("UserName: ann@x.example", "Password:  =1<é>", "URL: https://shop.example", "PIN: 12",
                 "KP2A_URL: https://b.example", "Recovery codes: 1111\n2222"):  # fmt: skip
        assert line in shown
    assert len(shown.splitlines()[-1]) == 6
    assert shown.splitlines()[-1].isdigit()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_keepassxc_saved_is_read(tmp_path, kind):
    path = tmp_path / "theirs.kdbx"
    path.write_bytes(kdbx(kind, SIMPLE))
    added = keepassxc("add", "-q", "-u", "bob", "--url", "https://new.example", "--notes", "été", "-p", path,
                      "Clients/New", passphrases=f"{PASSPHRASE}\n =pà<ss \n")  # fmt: skip
    assert added.returncode == 0, added.stderr

    found = {one.fields["Title"]: one for one in read_kdbx(path.read_bytes(), SECRET, name="theirs.kdbx")}
    assert path.read_bytes()[10] == kind.major
    assert found["New"].path == ("Clients",)
    assert found["New"].fields["Password"] == " =pà<ss "
    assert (found["New"].fields["UserName"], found["New"].fields["Notes"]) == ("bob", "été")
    assert found["Mail"].fields["Password"] == "pà&ss  word"
    with pytest.raises(WrongPassphrase):
        read_kdbx(path.read_bytes(), Secret("other"), name="theirs.kdbx")


def test_a_file_and_a_key_file_that_keepassxc_made_open(tmp_path):
    path, key = tmp_path / "made.kdbx", tmp_path / "made.keyx"
    made = keepassxc("db-create", "-p", "-k", key, path, passphrases=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert made.returncode == 0, made.stderr

    assert read_kdbx(path.read_bytes(), SECRET, name="made.kdbx", key_file=key.read_bytes()) == ()
    with pytest.raises(WrongPassphrase):
        read_kdbx(path.read_bytes(), SECRET, name="made.kdbx")
