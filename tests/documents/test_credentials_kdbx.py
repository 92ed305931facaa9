"""The credentials as a KeePass file beside the inventory: the same rows, the same passphrase, or no bundle."""

import io
import json
import os
from dataclasses import replace
from functools import partial

import pytest

from building import CREDENTIALS, PASSPHRASE, TODAY, VAULT_PASSPHRASE, build_in, edit, make_project
from handover.build.prepare import prepare
from handover.build.request import ProjectRequest
from handover.bundle.read import read_archive
from handover.bundle.record import RECORD_NAME
from handover.bundle.verify import verify
from handover.documents import credentials_kdbx
from handover.documents.credentials_kdbx import check_agree, credentials_beside
from handover.documents.inventory import render
from handover.formats.kdbx import WRITTEN, Entry, read_kdbx, write_kdbx
from handover.languages import files
from handover.languages.words import Words
from handover.model.artifact import Artifact, Role, Seal
from handover.model.errors import BundleError, DamagedFile, WrongPassphrase
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.project.vault.delivered import delivered
from handover.project.vault.workbook import write_vault
from handover.seal.encryption import decrypt
from kdbx_making import SIMPLE, Kind, document, kdbx, uuid
from kdbx_making import entry as kdbx_entry
from rezip import contents, resealed, zipped
from sample_handover import given
from signing_samples import NOW, owner

CHEAP = replace(WRITTEN, rounds=1, memory=64 * 1024)
KDBX, INVENTORY = "02-credentials.kdbx", "02-inventory.xlsx"


@pytest.fixture
def cheap(monkeypatch):
    """Files whose key costs nothing: what they hold is the same."""
    monkeypatch.setattr(credentials_kdbx, "write_kdbx", partial(write_kdbx, kdf=CHEAP))


def written(rows: tuple[CredentialRow, ...], language: str = "en") -> tuple[Entry, ...]:
    """The entries of the KeePass file that is made of these credentials."""
    words = Words.load(language, {"en": "en_GB", "fr": "fr_FR"}[language], "inventory")
    workbook = render(given("inventory", language, vault=Vault(rows)))
    artifact = Artifact(INVENTORY, Role.INVENTORY, Seal.ENCRYPTED, workbook)
    made = credentials_beside(artifact, PASSPHRASE, name=KDBX, words=words, at=NOW, random=os.urandom)
    assert (made.name, made.role) == (KDBX, Role.CREDENTIALS)
    return read_kdbx(made.content, PASSPHRASE, name=KDBX)


FULL = CredentialRow.model_validate({
    "service": "Shop & Co", "user_name": "ann@x.example", "password": " =1<é>\n&\" ", "url": "https://shop.example",
    "totp_secret": "jbsw y3dp-ehpk 3pxp", "recovery_codes": "1111\n2222", "fields": "PIN: 12\nKey: a\n\tb\nTitle: x",
    "other_urls": "https://b.example\nc.example", "folder": "Web/Shops", "owner": "Ruth", "note": "one\ntwo",
    "change_after_receipt": "no",
})  # fmt: skip


@pytest.mark.parametrize(
    ("language", "codes", "whose", "change"),
    [("en", "Recovery codes", "Owner", ("Change after receipt", "No")),
     ("fr", "Codes de secours", "Propriétaire", ("À changer", "Non"))],
)  # fmt: skip
def test_everything_that_the_workbook_holds_has_its_place(cheap, language, codes, whose, change):
    (entry,) = written((FULL,), language)

    assert entry.path == ("Web", "Shops")
    assert entry.fields == {
        "Title": "Shop & Co", "UserName": "ann@x.example", "Password": " =1<é>\n&\" ", "URL": "https://shop.example",
        "Notes": "one\ntwo", "KP2A_URL": "https://b.example", "KP2A_URL_1": "c.example", codes: "1111\n2222",
        whose: "Ruth", change[0]: change[1], "PIN": "12", "Key": "a\nb", "Title (2)": "x",
        "otp": "otpauth://totp/Shop%20%26%20Co:ann%40x.example?secret=JBSWY3DPEHPK3PXP&period=30&digits=6"
               "&issuer=Shop%20%26%20Co",
        "TimeOtp-Secret-Base32": "JBSWY3DPEHPK3PXP",
    }  # fmt: skip
    assert entry.protected == {"Password", "otp", "TimeOtp-Secret-Base32", codes, "PIN", "Key", "Title (2)"}


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("otpauth://totp/x?secret=A&digits=8", {"otp": "otpauth://totp/x?secret=A&digits=8"}),
        ("steam://ABC", {"TOTP secret": "steam://ABC"}),
        ("not base32!", {"TOTP secret": "not base32!"}),
        (None, {}),
    ],
)
def test_a_second_factor_of_another_kind_stays_as_it_is(cheap, secret, expected):
    (entry,) = written((CredentialRow.model_validate({"service": "A", "password": "x", "totp_secret": secret}),))

    usual = {"Title", "UserName", "Password", "URL", "Notes", "Change after receipt"}
    assert {key: text for key, text in entry.fields.items() if key not in usual} == expected


def test_the_headers_of_a_language_of_ones_own_are_understood(cheap):
    own = {path.name: path.read_text() for path in files.template_path("en").glob("*.toml")}
    own["vault.toml"] = own["vault.toml"].replace('"Service"', '"Tjeneste"').replace('"Password"', '"Adgangskode"')
    danish = Words.load("da", "da_DK", "inventory", own=own)
    artifact = Artifact(INVENTORY, Role.INVENTORY, Seal.ENCRYPTED, render(given("inventory", words=danish)))
    made = credentials_beside(artifact, PASSPHRASE, name=KDBX, words=danish, at=NOW, random=os.urandom)

    assert len(read_kdbx(made.content, PASSPHRASE, name=KDBX)) > 3


def test_files_that_dont_hold_the_same_are_told_by_service_and_never_by_value(cheap):
    rows = (FULL, CredentialRow.model_validate({"service": "Bank", "password": "canary-1"}))
    plain = delivered(render(given("inventory", vault=Vault(rows))), name=INVENTORY)
    entries = written(rows)

    def kept(*changed: Entry) -> bytes:
        return write_kdbx(changed, PASSPHRASE, title="x", at=NOW, random=os.urandom, kdf=CHEAP)

    check_agree(plain, kept(*reversed(entries)), PASSPHRASE, name=KDBX)
    bank = next(one for one in entries if one.fields["Title"] == "Bank")
    others = tuple(one for one in entries if one is not bank)
    for changed in (
        others,
        (*entries, bank),
        (*others, replace(bank, fields={**bank.fields, "Password": "canary-2"})),
        (*others, replace(bank, path=("Web",))),
    ):
        with pytest.raises(DamagedFile, match="doesn't hold what the inventory does: Bank") as caught:
            check_agree(plain, kept(*changed), PASSPHRASE, name=KDBX)
        assert "canary" not in str(caught.value)
    with pytest.raises(WrongPassphrase):
        check_agree(plain, kept(*entries), Secret("other"), name=KDBX)


@pytest.mark.parametrize(
    "more",
    [
        "<History><Entry><String><Key>Password</Key><Value>canary</Value></String></Entry></History>",
        "<Binary><Key>canary.txt</Key><Value Ref='0'/></Binary>",
        "<Tags>canary</Tags>",
        "</Entry><Entry><UUID>{uuid}</UUID><String><Key>Title</Key><Value>canary</Value></String>",
    ],
    ids=["an earlier version", "an attachment", "a tag", "another entry of the same identifier"],
)
def test_what_a_keepass_file_holds_beside_the_inventory_is_no_agreement(cheap, more):
    row = CredentialRow.model_validate({"service": "Bank", "password": "x"})
    plain = delivered(render(given("inventory", vault=Vault((row,)))), name=INVENTORY)
    (entry,) = written((row,))

    def kept(inner: str) -> bytes:
        xml = document(
            kdbx_entry(7, inner.format(uuid=uuid(7)), **{k.replace(" ", "_"): v for k, v in entry.fields.items()})
        )
        xml = xml.replace(b"Change_after_receipt", b"Change after receipt")
        return kdbx(Kind(), xml, passphrase=PASSPHRASE.reveal())

    check_agree(plain, kept(""), PASSPHRASE, name=KDBX)
    with pytest.raises(DamagedFile, match="doesn't hold what the inventory does"):
        check_agree(plain, kept(more), PASSPHRASE, name=KDBX)


# In the bundle


def both(root):
    edit(root, "handover.yaml", "  credentials: workbook\n", "  credentials: both\n")
    return root


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> bytes:
    root = both(make_project(tmp_path_factory.mktemp("kdbx") / "acme"))
    return build_in(root).path.read_bytes()


def test_a_bundle_holds_both_files_under_one_passphrase(bundle):
    found = contents(bundle)
    workbook = delivered(decrypt(found[INVENTORY], PASSPHRASE), name=INVENTORY)

    check_agree(workbook, found[KDBX], PASSPHRASE, name=KDBX)
    assert [row["service"] for row in workbook.rows] == [row.service for row in CREDENTIALS.credentials]
    roles = {entry["name"]: entry["role"] for entry in json.loads(found[RECORD_NAME])["entries"]}
    assert roles[KDBX] == "credentials"
    assert KDBX in found["START-HERE.html"].decode()
    assert "KeePassXC" in found["START-HERE.html"].decode()
    report = verify(read_archive(io.BytesIO(bundle)), now=NOW)
    assert any("Argon2id over 64 MiB in 3 passes" in check.words for check in report.checks)


def planned(root, **changes) -> list[str]:
    return [
        name
        for name in prepare(ProjectRequest(root=root, today=TODAY, **changes)).plan.all_names()
        if name.endswith(".kdbx")
    ]


def test_it_is_there_unless_it_was_switched_off_or_nothing_opens_it(tmp_path):
    root = make_project(tmp_path / "acme")
    key = pytest.importorskip("pyrage").x25519.Identity.generate()
    recipients = {"recipients": (str(key.to_public()),)}

    assert planned(root) == []
    edit(root, "handover.yaml", "options:\n  credentials: workbook\n", "")
    assert planned(root) == [KDBX]
    assert planned(root, **recipients) == [KDBX]
    assert planned(root, **recipients, recipient_only=True) == []
    assert planned(root, draft=True) == []
    edit(root, "handover.yaml", "language: en", "language: fr")
    assert planned(root) == ["02-identifiants.kdbx"]


def test_an_empty_vault_gives_no_file_and_nothing_speaks_of_one(tmp_path):
    root = both(make_project(tmp_path / "acme"))
    words = Words.load("en", "en_GB", "vault")
    (root / "vault.xlsx").write_bytes(write_vault(Vault(()), VAULT_PASSPHRASE, random=os.urandom, words=words))
    found = contents(build_in(root).path.read_bytes())

    assert not [name for name in found if name.endswith(".kdbx")]
    assert "KeePass" not in found["START-HERE.html"].decode()
    assert "credentials" not in {entry["role"] for entry in json.loads(found[RECORD_NAME])["entries"]}


@pytest.mark.parametrize(
    ("change", "clause", "said"),
    [
        (lambda m: {KDBX: kdbx(Kind(4, "argon2id"), SIMPLE)}, "10.9", "Argon2id over 64 MiB in 3 passes"),
        (lambda m: {KDBX: kdbx(Kind(3, "aes-kdf"), SIMPLE)}, "10.9", "isn't KDBX 4"),
        (lambda m: {KDBX: m[KDBX][:-1]}, "10.9", "damaged or was altered"),
        (lambda m: {KDBX: b"Title,Password\nBank,x\n"}, "10.9", "isn't a KeePass file"),
        (lambda m: {KDBX: bytes(2**20)}, "10.9", "shrinks"),
        (lambda m: {RECORD_NAME: m[RECORD_NAME].replace(b'"pending-projects"', b'"credentials"')}, "10.4", "alone"),
    ],
)  # fmt: skip
def test_a_file_that_isnt_what_its_role_says_is_refused(bundle, tmp_path, change, clause, said):
    entries = contents(bundle)
    made = resealed({**entries, **change(entries)}, owner(), NOW)

    with pytest.raises(BundleError, match=said) as refused:
        verify(read_archive(io.BytesIO(zipped(made, tmp_path))), now=NOW)
    assert refused.value.clause == clause
