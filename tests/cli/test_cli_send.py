"""`send`, `keys pin` and the passphrase's way, through the command line: who is named, and which zip a draft holds."""

import datetime as dt
import email
import email.policy
import json
import re
from pathlib import Path

import click
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from docx import Document

from building import KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE, edit, isolate, make_project, pin, secret_file
from handover.cli import run
from handover.documents.drafts import held_by
from handover.formats.media.ink import ink_on_nothing
from handover.project.pins import owners_in
from handover.seal.certificates import fingerprint
from handover.seal.keys import SigningIdentity, protect
from making import forms
from photographs import photograph
from signing_samples import certificate, curve_key, key_usage, owner
from signing_stories import ADA, BEN, Person, builders

SIGNED = "acme-bakery-handover-2026-03-02.zip"


@pytest.fixture(autouse=True)
def own_configuration(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def ada(tmp_path):
    return Person(tmp_path / "ada", ADA)


@pytest.fixture
def root(tmp_path, ada):
    made = make_project(tmp_path / "acme")
    pin(made, ada.identity)
    return made


_BUILT: dict[bytes, tuple[bytes, bytes]] = {}
"""The bundle and the vault that building gave, for each content of handover.yaml."""


def build(root, said, tmp_path, ada) -> Path:
    """A bundle that the owner built and signed; each project is built once, and what that left is copied."""
    builders(tmp_path)  # their files of secrets
    settings, made = (root / "handover.yaml").read_bytes(), root / "out" / SIGNED
    if settings not in _BUILT:
        rebuild(root, said, tmp_path, ada)
        _BUILT[settings] = (made.read_bytes(), (root / "vault.xlsx").read_bytes())
    bundle, vault = _BUILT[settings]
    (root / "vault.xlsx").write_bytes(vault)
    made.parent.mkdir(exist_ok=True)
    made.write_bytes(bundle)
    return made


def rebuild(root, said, tmp_path, ada, *more) -> str:
    """What is said of a build in place of an earlier one."""
    status, text = said("build", root, *builders(tmp_path)[1:], *ada.options, "--replace", *more)
    assert status == 0, text
    return text


# Which zip a draft holds


def test_a_draft_remembers_its_zip(root, tmp_path, said, ada):
    from hashlib import sha256

    bundle = build(root, said, tmp_path, ada)
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    held = held_by(bundle.with_suffix(".eml"))
    assert (held.file, held.sha256) == (SIGNED, sha256(bundle.read_bytes()).hexdigest())
    assert held.text == sha256(bundle.with_suffix(".txt").read_bytes()).hexdigest()


@pytest.mark.parametrize("as_json", [False, True])
def test_after_a_rebuild_the_stale_draft_is_gone_and_told(root, tmp_path, capfd, said, ada, as_json):
    bundle = build(root, said, tmp_path, ada)
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    (root / "assets" / "Photos" / "loaf.txt").write_text("another loaf", encoding="utf-8")
    text = rebuild(root, said, tmp_path, ada, *(["--json"] if as_json else []))
    draft = bundle.with_suffix(".eml")
    assert not draft.exists()
    assert not bundle.with_suffix(".txt").exists()
    if as_json:
        assert json.loads(text[text.index("{") :])["removed_drafts"] == [str(draft)]
    else:
        assert f"removed: {draft}" in text


def test_a_text_that_somebody_edited_and_other_files_stay(root, tmp_path, said, ada):
    bundle = build(root, said, tmp_path, ada)
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    bundle.with_suffix(".txt").write_text("my own words", encoding="utf-8")
    other = bundle.with_name("other.eml")
    other.write_bytes(b"From: me\r\n\r\nX-Handover-Draft: file=" + SIGNED.encode() + b";\r\n sha256=" + b"0" * 64)
    rebuild(root, said, tmp_path, ada)
    assert bundle.with_suffix(".txt").read_text(encoding="utf-8") == "my own words"
    assert other.exists()
    assert not bundle.with_suffix(".eml").exists()


def test_a_stale_draft_that_survived_is_refused_by_name(root, tmp_path, said, ada):
    bundle = build(root, said, tmp_path, ada)
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    draft = bundle.with_suffix(".eml").read_bytes()
    rebuild(root, said, tmp_path, ada)
    bundle.with_suffix(".eml").write_bytes(draft)  # another program had it open
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert status == 1
    assert "holds another file than this one" in text
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp", "--replace")[0] == 0


def test_a_rebuild_for_signature_makes_the_draft_of_the_signed_bundle_stale(root, tmp_path, said, ada):
    bundle = build(root, said, tmp_path, ada)
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    status, text = said("build", root, *builders(tmp_path))
    assert status == 0, text
    assert f"removed: {bundle.with_suffix('.eml')}" in text
    assert bundle.exists()


def test_the_owners_signature_also_makes_an_earlier_draft_stale(root, tmp_path, said, ada):
    from hashlib import sha256

    bundle = build(root, said, tmp_path, ada)
    assert said("build", root, *builders(tmp_path))[0] == 0
    assert said("send", bundle, "--passphrase-file", tmp_path / "pp")[0] == 0
    waiting = root / "out" / "acme-bakery-handover-2026-03-02-to-sign.zip"
    code = sha256(waiting.read_bytes()).hexdigest()
    status, text = said("sign", waiting, *ada.options, "--code", code, "--replace")
    assert status == 0, text
    assert f"removed: {bundle.with_suffix('.eml')}" in text


def test_a_zip_that_changes_while_it_is_drafted_is_attached_as_it_was_judged(root, tmp_path, said, ada, monkeypatch):
    bundle = build(root, said, tmp_path, ada)
    from handover.documents import email as mail

    real, judged = mail.message, bundle.read_bytes()

    def change_then_write(*words):
        bundle.write_bytes(judged[:-30] + b"another end of the zip")
        return real(*words)

    monkeypatch.setattr("handover.documents.email.message", change_then_write)
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert status == 0, text
    drafted = email.message_from_bytes(bundle.with_suffix(".eml").read_bytes())
    (attached,) = [part for part in drafted.walk() if part.get_content_type() == "application/zip"]
    assert attached.get_payload(decode=True) == judged


# Who gets what


CONTACTS = """\
    - name: Ruth Carter
      email: ruth@acme.example
      phone: 01632 960 418
    - name: Ines Moreau
      role: IT
      email: ines@acme.example
      phone: 01632 960 777
      gets_passphrase: yes
    - name: Sam Pike
      email: sam@acme.example
      signs_receipt: true
    - name: Lee Oduya
      email: lee@acme.example
"""


def test_who_has_a_part_is_addressed_and_the_others_get_copies(root, tmp_path, said, ada):
    edit(root, "handover.yaml", CONTACTS.split("    - name: Ines")[0], CONTACTS)
    edit(
        root,
        "handover.yaml",
        "options:\n",
        "options:\n  passphrase_from:\n    name: Paul Rivers\n    phone: 01947 820 015\n",
    )
    status, text = said("build", root, *builders(tmp_path)[1:], *ada.options)
    assert status == 0, text
    assert "Give Ines Moreau the passphrase by phone (01632 960 777)" in text
    bundle = root / "out" / SIGNED
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert status == 0, text
    assert "Paul Rivers then gives the passphrase: call Ines Moreau, 01632 960 777" in " ".join(text.split())
    message = email.message_from_bytes(bundle.with_suffix(".eml").read_bytes(), policy=email.policy.default)
    assert [a.addr_spec for a in message["To"].addresses] == [
        "ruth@acme.example",
        "ines@acme.example",
        "sam@acme.example",
    ]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["lee@acme.example"]
    body = " ".join(message.get_body(("plain",)).get_content().split())
    assert "Ines Moreau will receive it." in body
    assert "ask Paul Rivers, who can give it again: 01947 820 015, hello@northlight.example." in body
    page = page_text(bundle)
    assert "The passphrase will be given to Ines Moreau by phone" in page
    assert "ask Paul Rivers, who can give it again: 01947 820 015, hello@northlight.example." in page


def test_on_a_terminal_it_asks_whether_the_passphrase_was_given(root, tmp_path, said, ada, monkeypatch):
    def answered(answer) -> str:
        def confirm(question, **_options):
            assert "was the passphrase given?" in question
            if answer is None:
                raise click.Abort
            return "oui" if answer else "no"

        monkeypatch.setattr("click.prompt", confirm)
        status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp", "--replace")
        assert (status, bundle.with_suffix(".eml").is_file()) == (0, True), text
        return text

    bundle = build(root, said, tmp_path, ada)
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    assert "still to do: call Ruth Carter, 01632 960 418" in answered(False)
    assert "still to do" in answered(None)  # the draft is written all the same
    assert "nothing was written" not in answered(None)
    assert "still to do" not in answered(True)
    answered(True)
    assert (root / "journal.csv").read_text(encoding="utf-8").count("passphrase given") == 1


def test_a_passphrase_that_was_given_and_cant_be_noted_says_what_to_type(root, tmp_path, said, ada, monkeypatch):
    bundle = build(root, said, tmp_path, ada)
    (root / "journal.csv").write_text("date,event\n2026-02-30,called\n", encoding="utf-8")
    before = (root / "journal.csv").read_bytes()
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_words, **_options: "yes")
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert (status, bundle.with_suffix(".eml").is_file()) == (0, True), text
    command = f"handover status {root} --done passphrase-given"
    assert f"done, and not noted: {command}" in " ".join(text.split())
    assert "noted in the journal" not in text
    assert (root / "journal.csv").read_bytes() == before


def test_a_change_of_what_the_workspace_shares_is_told(root, tmp_path, said, ada):
    agency = root.parent / "agency.yaml"
    agency.write_text("agency: {website: www.first.example}\n")
    builders(tmp_path)
    rebuild(root, said, tmp_path, ada)
    bundle = root / "out" / SIGNED
    status, text = said("send", bundle, "--passphrase-file", tmp_path / "pp")
    assert (status, "settings shared from ../agency.yaml" in text, "has changed" in text) == (0, True, False), text
    agency.write_text("agency: {website: www.second.example}\n")
    text = said("send", bundle, "--passphrase-file", tmp_path / "pp", "--replace")[1]
    assert "the project has changed since this bundle was built: agency" in text


def page_text(bundle: Path) -> str:
    """What START-HERE.html says, as one line."""
    import html
    import re
    import zipfile

    with zipfile.ZipFile(bundle) as opened:
        page = opened.read("START-HERE.html").decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.partition("<body")[2])).split())


def test_with_one_contact_nobody_else_is_named(root, tmp_path, said, ada):
    bundle = build(root, said, tmp_path, ada)
    assert "The passphrase will be given to you by phone" in page_text(bundle)
    assert "ask Ada Marsh, who can give it again: hello@northlight.example." in page_text(bundle)


# The passphrase again


def test_whoever_opens_the_vault_can_give_the_passphrase_again(root, tmp_path, capfd, said, ada):
    bundle = build(root, said, tmp_path, ada)
    moved = tmp_path / "renamed.zip"
    bundle.rename(moved)
    vault = ["--vault-passphrase-file", tmp_path / "vp"]
    assert run([str(word) for word in ["vault", "issued", moved, "--project", root, *vault]]) == 0
    out, err = capfd.readouterr()
    assert PASSPHRASE.reveal() in err
    assert PASSPHRASE.reveal() not in out
    status, text = said("vault", "issued", "--project", root, *vault)
    assert (status, "1 passphrase kept" in text, PASSPHRASE.reveal() in text) == (0, True, False)


def test_another_projects_bundle_has_no_passphrase_here(root, tmp_path, said, ada):
    bundle = build(root, said, tmp_path, ada)
    other = make_project(tmp_path / "other")
    status, text = said("vault", "issued", bundle, "--project", other, "--vault-passphrase-file", tmp_path / "vp")
    assert status == 1
    assert "keeps no passphrase for" in text


def test_adding_a_credential_keeps_what_was_issued(root, tmp_path, said, ada):
    from handover.project.vault.workbook import read_vault

    build(root, said, tmp_path, ada)
    rows = tmp_path / "rows.csv"
    rows.write_text("service,user_name,password\nShop,bob,a long one\n", encoding="utf-8")
    words = ["vault", "import", rows, "--project", root, "--vault-passphrase-file", tmp_path / "vp"]
    assert said(*words)[0] == 0
    vault, findings = read_vault((root / "vault.xlsx").read_bytes(), VAULT_PASSPHRASE)
    assert (len(vault.issued), len(vault.credentials), findings) == (1, 3, ())


# keys pin


@pytest.fixture
def unpinned(tmp_path):
    made = make_project(tmp_path / "unpinned")
    edit(made, "handover.yaml", f"    pin: {fingerprint(owner().certificate)}\n", "")
    return made


def test_a_key_made_here_is_pinned_and_signs(unpinned, tmp_path, said):
    password = secret_file(tmp_path / "kp", KEY_PASSWORD)
    picture = tmp_path / "signature.jpg"
    picture.write_bytes(photograph())
    key = ["--key-passphrase-file", password]
    status, text = said("keys", "create", "--name", ADA, "--type", "ecdsa", "--signature-image", picture, *key)
    assert status == 0, text
    assert "handover keys pin PROJECT" in text
    kept = tmp_path / "config" / "handover" / "owner.png"
    assert kept.read_bytes() == ink_on_nothing(photograph())  # no grey box of paper comes into the letter
    assert re.search(r"owner\.png \(\d+ × \d+ pixels\)", text)
    assert kept.with_name("owner-preview.png").is_file()
    assert kept.stat().st_mode & 0o777 == 0o600
    status, text = said("validate", unpinned)
    assert "`owners[1].pin` is missing: no key can sign for this owner yet" in text
    status, text = said("build", unpinned, *builders(tmp_path)[1:], *key)
    assert status == 1
    assert "no key is pinned for Ada Marsh" in text
    status, text = said("keys", "pin", unpinned, *key)
    assert status == 0, text
    assert "the key of Ada Marsh is pinned" in text
    assert said("validate", unpinned)[0] == 0
    status, text = said("build", unpinned, *builders(tmp_path)[1:], *key)
    assert status == 0, text
    assert "was pinned before" in said("keys", "pin", unpinned, *key)[1]


def test_a_fingerprint_compared_by_phone_is_pinned_for_the_person_named(unpinned, said):
    digits = fingerprint(owner().certificate)
    groups = " ".join(digits[at : at + 4] for at in range(0, 64, 4)).upper()
    status, text = said("keys", "pin", unpinned, "--fingerprint", groups)
    assert status == 2
    assert "say whose key it is" in text
    assert said("keys", "pin", unpinned, "--fingerprint", groups, "--owner", ADA)[0] == 0
    assert owners_in((unpinned / "handover.yaml").read_bytes())[0].pin == digits


@pytest.mark.parametrize("given", ["1234", "zz" * 32, "ab" * 31])
def test_a_part_of_a_fingerprint_isnt_one(unpinned, said, given):
    before = (unpinned / "handover.yaml").read_bytes()
    status, text = said("keys", "pin", unpinned, "--fingerprint", given, "--owner", ADA)
    assert status == 1
    assert "64 hexadecimal digits" in text
    assert (unpinned / "handover.yaml").read_bytes() == before


def test_somebody_elses_key_is_never_pinned_in_passing(unpinned, tmp_path, said):
    ben = Person(tmp_path / "ben", BEN)
    before = (unpinned / "handover.yaml").read_bytes()
    status, text = said("keys", "pin", unpinned, *ben.options)
    assert status == 2
    assert "this key's certificate says Ben Okafor: say whose key it is" in text
    for command in (["build", unpinned, *builders(tmp_path)[1:]], ["validate", unpinned]):
        said(*command, *(ben.options if command[0] == "build" else []))
    assert (unpinned / "handover.yaml").read_bytes() == before
    status, text = said("keys", "pin", unpinned, *ben.options, "--owner", ADA)  # a company seal, say
    assert status == 0
    assert "its certificate says Ben Okafor" in text


def test_a_key_whose_certificate_is_for_a_web_server_is_told_as_such_wherever_it_signs(unpinned, tmp_path, said):
    made = certificate(ADA, curve_key("server"), extended=[ExtendedKeyUsageOID.SERVER_AUTH], usage=key_usage(sign=True))
    source, password = tmp_path / "server.p12", secret_file(tmp_path / "kp", KEY_PASSWORD)
    source.write_bytes(protect(SigningIdentity(curve_key("server"), made), KEY_PASSWORD))
    key = ["--key-passphrase-file", password]
    careful = "careful: the certificate of Ada Marsh isn't made for signing documents"
    for command in (["import", source], ["show"], ["pin", unpinned]):
        status, text = said("keys", *command, *key)
        assert status == 0, text
        assert careful in text
    status, text = said("build", unpinned, *builders(tmp_path)[1:], *key)
    assert status == 0, text
    assert careful in text


def test_a_pin_isnt_replaced_unless_that_is_said(root, tmp_path, said):
    ben = Person(tmp_path / "ben", BEN)
    before = (root / "handover.yaml").read_bytes()
    status, text = said("keys", "pin", root, *ben.options, "--owner", ADA)
    assert status == 1
    assert "another key is pinned for Ada Marsh" in text
    assert (root / "handover.yaml").read_bytes() == before
    assert said("keys", "pin", root, *ben.options, "--owner", ADA, "--replace")[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("owners:\n", "owner:\n  name: Ada Marsh\nowners:\n", "`owners` is there already", id="owner"),
        pytest.param("    pin: ", "    certificate_sha256: ", "it is called `pin` now", id="certificate_sha256"),
        pytest.param("  contacts:\n", "  contact:\n    name: Ruth\n  contacts:\n", "`contacts` is there already",
                     id="contact"),
    ],
)  # fmt: skip
def test_a_key_of_another_name_says_the_right_one(root, said, old, new, message):
    edit(root, "handover.yaml", old, new)
    status, text = said("validate", root)
    assert status == 1
    assert message in text


def test_one_owner_and_one_contact_need_no_list(root, said, ada):
    edit(root, "handover.yaml", "owners:\n  - name: Ada Marsh\n    title", "owner:\n    name: Ada Marsh\n    title")
    edit(root, "handover.yaml", "  contacts:\n    - name: Ruth", "  contact:\n      name: Ruth")
    assert said("validate", root)[0] == 0
    assert said("keys", "pin", root, *ada.options)[0] == 0


@pytest.mark.parametrize("flag", ["signs_receipt", "gets_passphrase"])
def test_two_people_cant_both_have_the_same_part(root, said, flag):
    two = f"      {flag}: yes\n    - name: Ines\n      email: i@acme.example\n      phone: '1'\n      {flag}: oui\n"
    edit(root, "handover.yaml", "      phone: 01632 960 418\n", f"      phone: 01632 960 418\n{two}")
    status, text = said("validate", root)
    assert status == 1
    assert f"`client.contacts[2].{flag}` is said of two people" in text


def test_one_key_isnt_pinned_for_two_owners(root, said, ada):
    digits = fingerprint(ada.identity.certificate)
    spelt = f"  - name: Ben\n    title: x\n    pin: '{digits.upper()[:32]} {digits[32:]}'\nclient:\n"
    edit(root, "handover.yaml", "client:\n", spelt)
    status, text = said("validate", root)
    assert status == 1
    assert "`owners[2].pin` is the same as `owners[1].pin`" in text


# A document of its own moment


@pytest.fixture
def on(monkeypatch):
    def day(text: str) -> None:
        moment = dt.datetime.fromisoformat(f"{text}T09:30:00+00:00")
        monkeypatch.setattr("handover.cli.clock.now", lambda: moment)

    return day


DOCUMENTS = [
    pytest.param("plan", "out/transition-plan.docx", "Transition plan – Northlight Studio", id="the plan"),
    pytest.param("calendar", "out/transition-plan.ics", "Dates of the transition – Northlight Studio", id="its dates"),
    pytest.param("guide", "out/takeover-guide.docx", "Takeover guide – Northlight Studio", id="the guide"),
    pytest.param("survey", "out/survey.docx", "Your feedback – Northlight Studio", id="the survey"),
    pytest.param(
        "survey", "out/survey.DOCX", "Your feedback – Northlight Studio", id="the survey, renamed in capitals"
    ),
]
OTHERS = "    - {name: Tom Hale, email: tom@acme.example}\n    - {name: Eve Lamb, email: eve@acme.example}\n  address:"


@pytest.mark.parametrize(("name", "file", "subject"), DOCUMENTS)
def test_a_document_for_the_client_is_drafted_with_words_of_its_moment(root, said, on, name, file, subject):
    on("2026-03-02")
    edit(root, "handover.yaml", "  address: [3 Mill", f"{OTHERS} [3 Mill")
    assert said("write", name, root, *(["--wave", "during"] if name == "survey" else []))[0] == 0
    (made,) = (root / "out").iterdir()
    made.rename(root / file)
    status, text = said("send", root / file)
    assert status == 0, text

    draft = (root / file).with_suffix(".eml")
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    (attached,) = message.iter_attachments()
    assert (message["Subject"], attached.get_filename().casefold()) == (subject, Path(file).name.casefold())
    assert attached.get_payload(decode=True) == (root / file).read_bytes()
    assert "draft to ruth@acme.example, copies to tom@acme.example, eve@acme.example, " in " ".join(text.split())
    assert (str(message["To"]), str(message["Cc"])) == (
        "Ruth Carter <ruth@acme.example>", "Tom Hale <tom@acme.example>, Eve Lamb <eve@acme.example>"
    )  # fmt: skip
    assert ("status --done survey-sent" in text) == (name == "survey")
    assert "{" not in message.get_body().get_content()


def test_the_survey_as_an_email_is_drafted_with_nothing_attached_and_as_somebody_edited_it(root, said, on):
    on("2027-03-02")
    edit(root, "handover.yaml", "  address: [3 Mill", f"{OTHERS} [3 Mill")
    assert said("write", "survey-email", root)[0] == 0
    text = root / "out/survey-email.txt"
    written = text.read_text().replace("Ada Marsh", "Ada Marsh, who thanks you – très sincèrement")
    text.write_bytes(written.replace("\n", "\r\n").encode("utf-8-sig"))
    status, out = said("send", text)
    assert (status, "survey-email.eml: draft to ruth@acme.example, copies to tom" in out) == (0, True), out
    assert "status --done survey-sent" in out
    message = email.message_from_bytes((root / "out/survey-email.eml").read_bytes(), policy=email.policy.default)
    subject, _, body = written.partition("\n")
    assert (message["Subject"], message["X-Unsent"], message.get_content_type()) == (
        subject.removeprefix("Subject: "),
        "1",
        "text/plain",
    )
    assert message.get_content().replace("\r\n", "\n") == body.strip("\n") + "\n"
    assert len(message["Cc"].addresses) == 2
    assert said("send", text)[0] == 1
    on("2027-03-03")
    assert "removed: " in said("write", "survey-email", root, "--replace")[1]
    assert (text.exists(), text.with_suffix(".eml").exists()) == (True, False)
    for content, told in ((b"Subject: and no more\n", "has no subject in its first line"), (b"Caf\xe9\n\n?", "UTF-8")):
        text.write_bytes(content)
        status, out = said("send", text)
        assert (status, told in out) == (2, True), out


def test_a_document_that_is_written_again_takes_its_draft_away(root, said, on):
    on("2026-03-02")
    said("write", "plan", root)
    said("send", root / "out/transition-plan.docx")
    draft = root / "out/transition-plan.eml"
    assert "removed" not in said("write", "plan", root, "--replace")[1]  # the same again
    on("2026-03-03")
    assert "removed: " in said("write", "plan", root, "--replace")[1]
    assert not draft.exists()


def test_what_is_internal_isnt_sent_under_any_name(root, said, on):
    on("2026-03-02")
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: agency")
    assert said("write", "call", root)[0] == 0
    made = root / "internal/made/call-sheet.docx"
    renamed = root / "out/survey.docx"
    renamed.parent.mkdir(exist_ok=True)
    renamed.write_bytes(made.read_bytes())
    for file in (made, renamed):
        status, text = said("send", file, "--project", root)
        assert (status, "is for yourself alone" in text) == (2, True)
        assert not file.with_suffix(".eml").exists()


def test_a_letter_is_sent_once_every_owner_has_signed_it(root, said, on, ada):
    on("2026-09-01")
    status, text = said("write", "notice", root)
    assert status == 0, text
    status, text = said("send", root / "out/notice.docx")
    assert (status == 0, "still to be signed by Ada Marsh" in text) == (False, True)
    assert said("sign", root / "out/notice.docx", "--project", root, *ada.options)[0] == 0
    status, text = said("send", root / "signed/notice.docx")
    assert (status, "status --done notice-given" in text) == (0, True)
    # Called as in the bundle, in the client's language.
    assert b'filename="termination-letter.docx"' in (root / "signed/notice.eml").read_bytes()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param("survey.txt", "isn't a document for Acme Bakery", id="another e-mail's text"),
        pytest.param("notes.docx", "isn't a document for Acme Bakery", id="somebody's own file"),
        pytest.param("../journal.csv", "is for yourself alone", id="the journal"),
        pytest.param("../internal/internal.yaml", "is for yourself alone", id="a file under internal/"),
        pytest.param("../received/received.csv", "is for yourself alone", id="what is noted of what came back"),
        pytest.param("../handover.yaml", "is neither a bundle nor a document", id="a file of the project"),
        pytest.param("filled-survey.docx", "is filled in already", id="a form that came back"),
    ],
)
def test_what_handover_has_no_words_for_is_refused_with_what_to_do(root, said, on, file, told):
    on("2027-03-02")
    (root / "out").mkdir()
    plain = Document()
    plain.save(str(root / "out/notes.docx"))
    said("write", "survey", root)
    survey = (root / "out/survey.docx").read_bytes()
    (root / "out/filled-survey.docx").write_bytes(forms.filled(survey, {"respondent": "Ruth"}, ("experience-5",), ()))
    for own in ("journal.csv", "internal/internal.yaml", "received/received.csv", "out/survey.txt"):
        (root / own).parent.mkdir(exist_ok=True)
        (root / own).touch()
    status, text = said("send", root / "out" / file)
    assert (status, told in text) == (2, True), text
