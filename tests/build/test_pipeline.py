"""A whole build: what is in the zip, what is the same every time, what is refused, and that nothing is left behind."""

import io
import os
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

import building
from building import (
    CANARY,
    CREDENTIALS,
    PASSPHRASE,
    VAULT_PASSPHRASE,
    Given,
    build_in,
    delivered,
    delivered_in,
    edit,
    environment,
    make_project,
)
from handover.build.request import Step
from handover.bundle.record import read_record
from handover.bundle.verify import Trust
from handover.model.errors import (
    HandoverError,
    InvalidInput,
    OutputError,
    SecretError,
    Severity,
    SigningError,
    UsageError,
    WrongPassphrase,
)
from handover.model.secret import Secret
from handover.project.vault.workbook import read_vault
from handover.seal.certificates import fingerprint
from handover.seal.encryption import decrypt, encrypt
from handover.seal.letter_verify import verify_unsigned
from signing_samples import NOW, owner


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


@pytest.fixture(scope="module")
def built():
    return delivered()


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as bundle:
        return bundle.namelist()


def entry(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as bundle:
        return bundle.read(name)


def letter_headers(docx: bytes) -> str:
    """What stands in the headers of a letter, in lower case."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        parts = [
            package.read(name).decode() for name in package.namelist() if "/header" in name and name.endswith(".xml")
        ]
    return " ".join(re.sub(r"<[^>]+>", " ", part) for part in parts).lower()


def leftovers(out: Path) -> list[str]:
    return sorted(p.name for p in out.iterdir() if p.name != ".inputs")


# What a bundle is


def test_the_entries_stand_in_the_order_of_the_format(built):
    assert names(built.path) == [
        "mimetype",
        "01-termination-letter.docx",
        "03-pending-projects.docx",
        "04-what-we-built-together.docx",
        "data/metrics.csv",
        "data/pending.csv",
        "assets/Photos/loaf.txt",
        "02-inventory.xlsx",
        "START-HERE.html",
        "data/assets.csv",
        "handover.json",
        "SHA256SUMS",
        "signer-certificate.pem",
        "META-INF/ASiCManifest.xml",
        "META-INF/signature.p7s",
    ]


def test_the_bundle_is_verified_against_the_key_that_signed_it(built):
    assert built.report.trust is Trust.MATCHED
    assert built.report.letter.name == built.report.bundle.name == "Élodie Martin"
    assert built.report.letter.fingerprint in built.report.record.pins


def test_the_record_lists_documents_inputs_and_roles(built):
    record = read_record(entry(built.path, "handover.json"))
    assert [e.role for e in record.entries][:2] == ["letter", "pending-projects"]
    assert set(record.inputs) >= {"handover.yaml", "data/metrics.csv", "brand/signature.png"}
    assert not any(name.startswith("internal") for name in record.inputs)
    assert "vault.xlsx" not in record.inputs  # the build itself writes the passphrase into it


def test_every_secret_is_in_the_inventory_to_the_letter(built):
    package = decrypt(entry(built.path, "02-inventory.xlsx"), PASSPHRASE)
    workbook = openpyxl.load_workbook(io.BytesIO(package))
    cells = {str(c.value) for sheet in workbook for row in sheet.iter_rows() for c in row if c.value is not None}
    for credential in CREDENTIALS.credentials:
        for secret in (credential.password, credential.totp_secret, credential.recovery_codes):
            assert secret is None or secret.reveal() in cells


def test_no_secret_is_anywhere_else(built):
    data = built.path.read_bytes()
    with zipfile.ZipFile(built.path) as bundle:
        contents = [data, *(bundle.read(name) for name in bundle.namelist())]
        for name in bundle.namelist():
            if name.endswith(".docx"):
                with zipfile.ZipFile(io.BytesIO(bundle.read(name))) as package:
                    contents += [package.read(part) for part in package.namelist()]
    for secret in (CANARY, "9911-2211", "JBSWY3DPEHPK3PXP", PASSPHRASE.reveal(), VAULT_PASSPHRASE.reveal()):
        assert not any(secret.encode() in content for content in contents)


def test_internal_notes_never_enter(built, root):
    notes = (root / "internal" / "notes.md").read_bytes()
    assert notes
    with zipfile.ZipFile(built.path) as bundle:
        assert not any("internal" in name for name in bundle.namelist())
        assert not any(notes[:40] in bundle.read(name) for name in bundle.namelist())


# The same twice


def test_two_builds_differ_only_where_randomness_must_change_something(root, tmp_path):
    one = delivered()
    later = NOW.replace(hour=11)
    two = build_in(root, env=environment(seed=8, now=later), out=tmp_path / "two")
    assert names(one.path) == names(two.path)
    different = {name for name in names(one.path) if entry(one.path, name) != entry(two.path, name)}
    assert different == {
        "01-termination-letter.docx",
        "02-inventory.xlsx",
        "SHA256SUMS",
        "META-INF/ASiCManifest.xml",
        "META-INF/signature.p7s",
    }


@pytest.mark.usefixtures("anew")
def test_drafts_are_the_same_to_the_byte(root, tmp_path):
    one = delivered(draft=True)
    two = build_in(root, env=environment(seed=9), draft=True, out=tmp_path / "two")
    assert one.path.read_bytes() == two.path.read_bytes()


@pytest.mark.usefixtures("anew")
def test_the_same_with_one_worker_and_with_four(root, tmp_path):
    one = delivered(draft=True, workers=1)
    four = build_in(root, draft=True, workers=4, out=tmp_path / "four")
    assert one.sha256 == four.sha256


# Drafts


def test_a_draft_asks_for_no_secret_and_holds_none(root):
    secrets = Given(identity=None)
    result = build_in(root, secrets, draft=True)
    assert secrets.asked == []
    assert result.report.trust is Trust.DRAFT
    assert result.path.name == "acme-bakery-handover-2026-03-02-draft.zip"
    workbook = openpyxl.load_workbook(io.BytesIO(entry(result.path, "02-inventory.xlsx")))
    assert CANARY not in str([c.value for sheet in workbook for row in sheet.iter_rows() for c in row])


def test_plan_and_guide_are_packed_and_told_of_where_they_were_written_down(root):
    (root / "data/milestones.csv").write_text("on,milestone,phase,who\n2026-03-20,First call,prepare,agency\n")
    (root / "data/routines.csv").write_text("task,frequency\nCheck the backup,weekly\n")
    path = build_in(root, Given(identity=None), draft=True).path
    plan, guide = "05-transition-plan.docx", "06-takeover-guide.docx"
    roles = {e.name: e.role for e in read_record(entry(path, "handover.json")).entries}
    assert (roles[plan], roles[guide]) == ("transition-plan", "takeover-guide")
    page = entry(path, "START-HERE.html").decode()
    assert plan in page
    assert guide in page


def test_a_draft_needs_no_vault(root):
    (root / "vault.xlsx").unlink()
    assert build_in(root, Given(identity=None), draft=True).path.exists()


# Who signs


def test_without_a_key_the_bundle_waits_for_its_owner(root):
    result = build_in(root, Given(identity=None))
    assert result.path.name == "acme-bakery-handover-2026-03-02-to-sign.zip"
    assert result.waits_for == ("Ada Marsh",)
    assert names(result.path)[-2:] == ["handover.json", "SHA256SUMS"]
    assert read_record(entry(result.path, "handover.json")).state == "to-sign"
    assert decrypt(entry(result.path, "02-inventory.xlsx"), PASSPHRASE)
    letter = entry(result.path, "01-termination-letter.docx")
    assert verify_unsigned(letter)
    assert "for signature" in letter_headers(letter)


def test_whoever_was_told_not_to_sign_isnt_asked_for_a_key(root):
    secrets = Given()
    result = build_in(root, secrets, for_signature=True)
    assert result.waits_for == ("Ada Marsh",)
    assert "key" not in secrets.asked


def test_a_key_that_was_named_and_is_no_owners_is_refused_whatever_its_name(root):
    with pytest.raises(SigningError, match="isn't the one that is pinned for Ada Marsh") as refused:
        build_in(root, Given(identity=owner(name="Ada Marsh")))
    assert "handover keys pin" in refused.value.hint
    assert leftovers(root / "out") == []


def test_a_configured_key_that_is_no_owners_is_passed_over_and_told(root):
    result = build_in(root, Given(identity=owner(name="Ben Builder"), named=False))
    assert result.passed_over == "Ben Builder"
    assert result.waits_for == ("Ada Marsh",)


def test_an_owner_without_a_pin_is_named_before_anything_is_asked(root):
    edit(root, "handover.yaml", f"    pin: {fingerprint(owner().certificate)}\n", "")
    secrets = Given()
    with pytest.raises(SigningError, match="no key is pinned for Ada Marsh") as refused:
        build_in(root, secrets)
    assert "handover keys create" in refused.value.hint
    assert "--draft" in refused.value.hint
    assert secrets.asked == []


def test_a_time_stamp_is_for_the_last_signature(root):
    with pytest.raises(SigningError, match="last signature"):
        build_in(root, Given(identity=None), tsa="https://tsa.example/")


def test_the_passphrase_is_kept_in_the_vault_and_nowhere_in_what_is_delivered(root):
    result = build_in(root)
    vault, findings = read_vault((root / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE)
    assert findings == ()
    (kept,) = vault.issued
    assert kept.passphrase.reveal() == PASSPHRASE.reveal()
    assert (kept.bundle, kept.issued_on) == (result.path.name, "2026-03-02 09:30")
    assert kept.inventory == next(e.sha256 for e in result.report.entries if e.name == "02-inventory.xlsx")
    assert [row.service for row in vault.credentials] == [row.service for row in CREDENTIALS.credentials]
    package = decrypt(entry(build_in(root, replace=True).path, "02-inventory.xlsx"), PASSPHRASE)
    workbook = openpyxl.load_workbook(io.BytesIO(package))
    cells = [c.value for sheet in workbook for row in sheet.iter_rows() for c in row]
    assert PASSPHRASE.reveal() not in cells
    assert len(read_vault((root / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE)[0].issued) == 2


def test_an_earlier_passphrase_in_what_is_delivered_stops_the_build(root):
    delivered_in(root)
    (root / "assets" / "old.txt").write_text(PASSPHRASE.reveal(), encoding="utf-8")
    other = Secret("claymore-nylons-otterhound-plumage-grapevine-tigress-mossiness")
    with pytest.raises(InvalidInput) as refused:
        build_in(root, Given(passphrase=other), replace=True)
    assert [f.location.file for f in refused.value.findings] == ["assets/old.txt"]


def test_a_vault_that_cant_be_written_stops_the_build_before_it_is_published(root, monkeypatch):
    def refuse(*_words, **_options):
        raise OutputError("the disk is full")

    before = (root / "vault.xlsx").read_bytes()
    monkeypatch.setattr("handover.project.vault.keep.write_file", refuse)
    with pytest.raises(OutputError, match=r"can't be kept in vault\.xlsx: the disk is full"):
        build_in(root)
    assert leftovers(root / "out") == []
    assert (root / "vault.xlsx").read_bytes() == before


def test_a_sheet_of_ones_own_in_the_vault_is_told_before_it_would_be_lost(root):
    package = io.BytesIO(decrypt((root / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE))
    workbook = openpyxl.load_workbook(package)
    workbook.create_sheet("My notes")["A1"] = "remember the milk"
    stream = io.BytesIO()
    workbook.save(stream)
    data = encrypt(stream.getvalue(), VAULT_PASSPHRASE, random=os.urandom)
    (root / "vault.xlsx").write_bytes(data)
    with pytest.raises(InvalidInput) as refused:
        build_in(root)
    assert ["sheet of your own" in f.message for f in refused.value.findings] == [True]
    assert (root / "vault.xlsx").read_bytes() == data


# What is refused, with nothing left behind


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        pytest.param(Given(vault=Secret("wrong")), WrongPassphrase, "doesn't open", id="a wrong vault passphrase"),
        pytest.param(Given(passphrase=VAULT_PASSPHRASE), SecretError, "vault's own", id="the vault's passphrase again"),
    ],
)
def test_a_build_with_bad_secrets_is_refused(root, given, error, message):
    with pytest.raises(error, match=message):
        build_in(root, given)
    assert leftovers(root / "out") == []


def test_a_password_in_a_document_stops_the_build(root):
    edit(root, "handover.yaml", "The web shop went online in eleven weeks.", "Codes 9911-2211 went online.")
    with pytest.raises(InvalidInput) as refused:
        build_in(root)
    assert {f.rule for f in refused.value.findings} == {"leak.secret"}
    assert "9911-2211" not in str([(f.message, f.hint) for f in refused.value.findings])
    assert leftovers(root / "out") == []


def test_a_password_in_a_text_file_stops_the_build_unless_it_is_allowed(root):
    (root / "assets" / "logins.txt").write_text(f"WordPress: {CANARY}", encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        build_in(root)
    assert [f.location.file for f in refused.value.findings if f.severity is Severity.ERROR] == ["assets/logins.txt"]
    assert leftovers(root / "out") == []
    result = build_in(root, allowed_leaks=frozenset({"assets/logins.txt"}))
    assert [f.location.file for f in result.leaks] == ["assets/logins.txt"]


@pytest.mark.parametrize("split_assets", [False, True], ids=["one zip", "two zips"])
def test_all_files_that_hold_a_secret_are_named_at_once(root, split_assets):
    assets = root / "assets"
    (assets / "a small text.txt").write_text(CANARY, encoding="utf-8")
    (assets / "b large text.txt").write_text("Nothing here.\n" * 90_000 + CANARY, encoding="utf-8")
    with zipfile.ZipFile(assets / "c archive.zip", "w") as archive:
        archive.writestr("inner.txt", CANARY)
    with pytest.raises(InvalidInput) as refused:
        build_in(root, split_assets=split_assets)
    found = {(f.rule, f.location.file, f.location.line) for f in refused.value.findings}
    lines = {"a small text.txt": 1, "b large text.txt": 90_001, "c archive.zip": 0}
    assert found == {("leak.secret", f"assets/{name}", line) for name, line in lines.items()}
    assert leftovers(root / "out") == []


def test_an_existing_bundle_is_kept_unless_it_is_to_be_replaced(root):
    first = delivered_in(root)
    before = first.path.read_bytes()
    with pytest.raises(OutputError, match="exists"):
        build_in(root, env=environment(seed=10))
    assert first.path.read_bytes() == before
    assert build_in(root, env=environment(seed=10), replace=True).path.read_bytes() != before


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError(28, "No space left on device")])
def test_a_build_that_stops_at_any_step_leaves_nothing_and_keeps_the_earlier_bundle(root, step, error):
    earlier = delivered_in(root)
    before = earlier.path.read_bytes()

    def stop(name: str) -> None:
        if name == step:
            raise error

    with pytest.raises((KeyboardInterrupt, MemoryError, HandoverError, OSError)):
        build_in(root, env=environment(seed=11, on_step=stop), replace=True)
    assert leftovers(root / "out") == [earlier.path.name]
    assert earlier.path.read_bytes() == before


def test_a_missing_output_folder_is_refused(root, tmp_path):
    request = building.request(root, out=tmp_path / "there")
    shutil.rmtree(tmp_path / "there")
    with pytest.raises(OutputError, match="there"):
        building.build(request, Given(), environment())


# Public keys, second zip


def test_a_clients_public_key_gets_a_copy_of_its_own(root):
    pyrage = pytest.importorskip("pyrage")
    key = pyrage.x25519.Identity.generate()
    result = build_in(root, recipients=(str(key.to_public()),))
    stored = names(result.path)
    assert {"02-inventory.xlsx", "02-inventory.xlsx.age"} <= set(stored)
    package = pyrage.decrypt(entry(result.path, "02-inventory.xlsx.age"), [key])
    assert package == decrypt(entry(result.path, "02-inventory.xlsx"), PASSPHRASE)


def test_with_recipient_only_no_passphrase_is_asked_for(root):
    pyrage = pytest.importorskip("pyrage")
    key = pyrage.x25519.Identity.generate()
    secrets = Given()
    result = build_in(root, secrets, recipients=(str(key.to_public()),), recipient_only=True)
    assert "02-inventory.xlsx" not in names(result.path)
    assert "02-inventory.xlsx.age" in names(result.path)
    assert secrets.asked == ["key", "vault"]


@pytest.mark.parametrize(
    ("recipient", "message"),
    [
        pytest.param("age1nonsense", "isn't a public key", id="not a key"),
        pytest.param("AGE-SECRET-KEY-1QQQ", "private key", id="the client's private key"),
        pytest.param("ssh-ed25519 AAAA", "isn't a public key", id="a broken SSH key"),
    ],
)
def test_a_recipient_that_is_no_public_key_is_refused_before_any_work(root, recipient, message):
    pytest.importorskip("pyrage")
    secrets = Given()
    with pytest.raises(UsageError, match=message):
        build_in(root, secrets, recipients=(recipient,))
    assert secrets.asked == []


def test_the_passphrase_is_judged_with_the_projects_names(root):
    secrets = Given()
    build_in(root, secrets)
    assert secrets.context == ("Acme Bakery", "Ruth Carter", "Northlight Studio", "Ada Marsh")


def test_an_address_of_no_authority_is_refused_before_any_work(root):
    secrets = Given()
    with pytest.raises(SigningError, match="isn't the address"):
        build_in(root, secrets, tsa="http://[::1")
    assert secrets.asked == []


def test_split_assets_go_into_a_second_zip_that_the_first_vouches_for():
    result = delivered(split_assets=True)
    assert names(result.assets_path) == ["assets/Photos/loaf.txt"]
    assert not any(name.startswith("assets/") for name in names(result.path))
    bound = result.report.record.assets_archive
    assert bound.name == result.assets_path.name
    assert bound.sha256[:16] in result.assets_path.name
    page = entry(result.path, "START-HERE.html").decode()
    assert bound.name in page
    assert bound.sha256 in page


def refuse_the_first_zip(monkeypatch):
    from handover.bundle.publish import Publication

    commit = Publication.commit

    def refuse(self):
        if "-assets-" not in self.path.name:
            raise OutputError("the disk is full")
        return commit(self)

    monkeypatch.setattr(Publication, "commit", refuse)


def test_when_the_first_zip_fails_the_second_is_taken_back(root, monkeypatch):
    refuse_the_first_zip(monkeypatch)
    with pytest.raises(OutputError):
        build_in(root, split_assets=True)
    assert leftovers(root / "out") == []


def test_a_project_template_with_an_unclosed_tag_is_refused_before_it_can_lose_text(root):
    import docx

    (root / "templates").mkdir(exist_ok=True)
    document = docx.Document()
    document.add_paragraph("{% if reason %} lost")
    document.save(str(root / "templates" / "pending.docx"))
    with pytest.raises(InvalidInput) as refused:
        build_in(root)
    assert any(f.location.file == "templates/pending.docx" for f in refused.value.findings)
    assert leftovers(root / "out") == []
