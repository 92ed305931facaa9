"""The final e-mail: its words in both languages, its warnings, and a message that every program can read."""

import datetime as dt
import email
import email.policy
import io
from dataclasses import replace
from hashlib import sha256

import pytest

from building import TODAY, delivered, edit, make_project
from handover.documents.drafts import Held
from handover.documents.email import WARN_CAUTIOUS, WARN_USUAL, draft, message, refuse_passphrase, warnings
from handover.model.errors import SecretInClear
from handover.model.secret import Secret
from handover.project.check import validate
from handover.project.read import load_project

FRENCH = {"language: en": "language: fr", "name: Ruth Carter": "name: Rúth “Carter”, œuvre & Cie"}


@pytest.fixture(scope="module")
def report():
    return delivered().report


def project(tmp_path, changes=()):
    root = make_project(tmp_path / "acme")
    for old, new in dict(changes).items():
        edit(root, "handover.yaml", old, new)
    found, findings = validate(load_project(root))
    assert found is not None, findings
    return found


def holding(attachment: bytes) -> Held:
    return Held("acme.zip", sha256(attachment).hexdigest(), "0" * 64)


def parsed(text, attachment=b"PK zip"):
    data = b"".join(message(text, ("acme.zip", io.BytesIO(attachment)), "boundary-of-ours", holding(attachment)))
    return email.message_from_bytes(data, policy=email.policy.default)


def test_the_email_lists_the_documents_in_reading_order(report, tmp_path):
    body = draft(project(tmp_path), report, ["acme.zip"], today=TODAY).body
    places = [body.index(name) for name in ("START-HERE.html", "01-", "02-", "03-", "04-")]
    assert places == sorted(places)
    assert "data/" not in body


def test_the_email_says_that_the_passphrase_comes_by_another_way(report, tmp_path):
    body = draft(project(tmp_path), report, ["acme.zip"], today=TODAY).body
    assert "passphrase by phone" in body
    assert "never send it by e-mail" in body


def test_the_french_email_is_french_with_its_spaces(report, tmp_path):
    text = draft(project(tmp_path, FRENCH), report, ["acme.zip"], today=TODAY)
    assert text.subject.startswith("Passation\u00a0: ")
    assert "Bonjour," in text.body
    assert "phrase de passe par téléphone" in text.body
    assert not any(word in text.body for word in (" the ", "passphrase", "START-HERE is"))


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        pytest.param("en", 1, "Our contract ended on ", id="English, after the end"),
        pytest.param("en", 0, "Our contract ends on ", id="English, on the last day"),
        pytest.param("en", -9, "Our contract ends on ", id="English, before the end"),
        pytest.param("fr", 1, "Notre contrat a pris fin le ", id="French, after the end"),
        pytest.param("fr", -9, "Notre contrat prend fin le ", id="French, before the end"),
    ],
)
def test_the_contract_ends_when_it_ends(report, tmp_path, language, days, said):
    found = project(tmp_path, FRENCH if language == "fr" else {})
    ends = found.settings.contract.end_date or found.settings.contract.last_working_day
    assert said in draft(found, report, ["acme.zip"], today=ends + dt.timedelta(days=days)).body


@pytest.mark.parametrize(
    ("language", "reference", "subject"),
    [
        pytest.param("en", "C-7", "Handover of contract C-7 – Northlight Studio", id="English, with a reference"),
        pytest.param("fr", "C-7", "Passation du contrat C-7 – Northlight Studio", id="French, with a reference"),
    ],
)
def test_the_subject_names_the_contract_by_its_reference(report, tmp_path, language, reference, subject):
    found = project(tmp_path, FRENCH if language == "fr" else {})
    contract = found.settings.contract.model_copy(update={"reference": reference})
    found = replace(found, settings=found.settings.model_copy(update={"contract": contract}))
    assert draft(found, report, ["acme.zip"], today=TODAY).subject == subject


@pytest.mark.parametrize("channel", ["phone", "sms", "in-person", "post"])
@pytest.mark.parametrize("voice", ["we", "i"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_there_are_words_for_every_channel_voice_and_language(report, tmp_path, language, voice, channel):
    changes = {
        "language: en": f"language: {language}",
        "credentials: workbook": f"credentials: workbook\n  passphrase_by: {channel}",
        "name: Northlight Studio": f"name: Northlight Studio\n  voice: {voice}",
    }
    assert len(draft(project(tmp_path, changes), report, ["acme.zip"], today=TODAY).body) > 400


def test_the_second_zip_is_named_and_where_it_belongs(report, tmp_path):
    body = draft(project(tmp_path), report, ["acme.zip", "acme-assets-0011.zip"], today=TODAY).body
    assert "acme-assets-0011.zip" in body
    assert "extract both into one and the same folder" in body


def test_other_programs_read_the_message_as_it_was_meant(report, tmp_path):
    text = draft(project(tmp_path, FRENCH), report, ["acme.zip"], today=TODAY)
    found = parsed(text, bytes(range(256)) * 1000)
    assert found["To"].addresses[0].display_name == "Rúth “Carter”, œuvre & Cie"
    assert found["Subject"] == text.subject
    assert found["X-Unsent"] == "1"
    assert found.get_body(("plain",)).get_content().replace("\r\n", "\n") == text.body
    (attachment,) = found.iter_attachments()
    assert attachment.get_content_type() == "application/zip"
    assert attachment.get_content() == bytes(range(256)) * 1000
    assert not found.defects


def test_no_line_is_longer_than_mail_allows(report, tmp_path):
    text = draft(project(tmp_path), report, ["acme.zip"], today=TODAY)
    data = b"".join(message(text, ("acme.zip", io.BytesIO(b"x" * 1_000_000)), "b", holding(b"x" * 1_000_000)))
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("domain", "sent"),
    [
        pytest.param("bücher.example", "xn--bcher-kva.example", id="an umlaut"),
        pytest.param("BU\u0308CHER.example", "xn--bcher-kva.example", id="capitals and a separate accent"),
        pytest.param("straße.example", "xn--strae-oqa.example", id="a sharp s, which is not ss"),
        pytest.param("例え.example", "xn--r8jz45g.example", id="another script"),
    ],
)
def test_a_domain_with_accents_is_sent_in_ascii(report, tmp_path, domain, sent):
    text = draft(project(tmp_path, {"ruth@acme.example": f"ruth@{domain}"}), report, ["acme.zip"], today=TODAY)
    assert text.to[0].addr_spec == f"ruth@{sent}"


@pytest.mark.parametrize("boundary", ["", "a b", 'x"', "x\r\nBcc: mallory@evil.example", "x\n", "a" * 71])
def test_a_boundary_that_could_end_its_header_is_refused(report, tmp_path, boundary):
    text = draft(project(tmp_path), report, ["acme.zip"], today=TODAY)
    with pytest.raises(ValueError, match="boundary"):
        next(message(text, ("acme.zip", io.BytesIO(b"")), boundary, holding(b"")))


@pytest.mark.parametrize("text", ["seven words in a row", "Seven  Words\nin a row", "… SEVEN WORDS IN A ROW …"])
def test_the_passphrase_in_the_text_is_refused(text):
    with pytest.raises(SecretInClear) as refused:
        refuse_passphrase(Secret("seven words in a row"), text)
    assert "seven" not in str(refused.value)


@pytest.mark.parametrize(
    ("size", "names", "said"),
    [
        pytest.param(1_000_000, ["assets/a.pdf"], [], id="a small zip of ordinary files"),
        pytest.param(WARN_CAUTIOUS + 1, [], ["7 MB"], id="too large for cautious servers"),
        pytest.param(WARN_USUAL + 1, [], ["Outlook and Gmail"], id="too large for Outlook and Gmail"),
        pytest.param(1, ["assets/site/app.js"], ["app.js"], id="a script"),
        pytest.param(1, ["assets/Setup.EXE"], ["Setup.EXE"], id="a program in capitals"),
        pytest.param(1, ["assets/app.js.gz"], ["app.js.gz"], id="a compressed script"),
        pytest.param(1, ["assets/app.json", "assets/notes.js.txt"], [], id="names that only look like scripts"),
        pytest.param(1, [f"assets/{n}.js" for n in range(9)], ["and 4 more"], id="many scripts"),
    ],
)
def test_what_could_keep_it_from_arriving_is_said(size, names, said):
    found = warnings(size, names)
    assert len(found) == len(said)
    assert all(word in text for word, text in zip(said, found, strict=True))
    assert all("--split-assets" in text for text in found)
