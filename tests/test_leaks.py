"""Secrets and internal papers are noticed before they leave in clear; the message never holds the secret."""

import io
import zipfile

import pytest

from handover.artifact import EncryptedArtifact, Role, SignedArtifact, UnsealedByPolicy
from handover.leaks import asset_leaks, document_leaks, internal_names, needles
from handover.model import CredentialRow, Vault
from handover.secret import Secret

PASSWORD = "tr0ub4dor&3<x>"
VAULT = Vault(
    (
        CredentialRow(service="WordPress", password=PASSWORD, recovery_codes="1111-2222\n3333-4444"),
        CredentialRow(service="Short", password="abc"),
    )
)
SOUGHT = needles({"the client's passphrase": Secret("seven words in a row")}, VAULT)


def docx(*runs: str) -> bytes:
    from xml.sax.saxutils import escape

    body = "".join(f"<w:r><w:t>{escape(run)}</w:t></w:r>" for run in runs)
    xml = f'<w:document xmlns:w="urn:w"><w:p>{body}</w:p></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", xml)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("artifact", "called"),
    [
        pytest.param(SignedArtifact("1.docx", Role.LETTER, docx("Hello ", PASSWORD)), "password", id="in a letter"),
        pytest.param(
            SignedArtifact("1.docx", Role.LETTER, docx("tr0ub4", "dor&3<x>")), "password", id="split over runs"
        ),
        pytest.param(
            UnsealedByPolicy("S.html", Role.START_HERE, b"<p>tr0ub4dor&amp;3&lt;x&gt;</p>"),
            "password",
            id="as entities",
        ),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"a,3333-4444\n"), "recovery code", id="a recovery code"),
        pytest.param(
            UnsealedByPolicy("S.html", Role.START_HERE, b"seven words in a row"), "passphrase", id="the passphrase"
        ),
    ],
)
def test_a_secret_in_a_document_in_clear_is_found(artifact, called):
    found = document_leaks([artifact], SOUGHT)
    assert [f.location.file for f in found] == [artifact.name]
    assert called in found[0].message
    assert PASSWORD not in found[0].message + found[0].hint


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(EncryptedArtifact("2.xlsx", Role.INVENTORY, PASSWORD.encode()), id="an encrypted document"),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"abc"), id="a secret too short to tell from a word"),
        pytest.param(UnsealedByPolicy("d.csv", Role.DATA, b"nothing"), id="nothing at all"),
    ],
)
def test_nothing_is_found_in(artifact):
    assert document_leaks([artifact], SOUGHT) == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(f"login: {PASSWORD}\n".encode(), "leak.secret", id="a text file with a password"),
        pytest.param(f"login: {PASSWORD}".encode("utf-16"), "leak.secret", id="the same in UTF-16"),
        pytest.param(b"# INTERNAL ONLY\nwhy we left", "leak.internal-text", id="a note that says internal only"),
        pytest.param(b"Ne pas diffuser\n", "leak.internal-text", id="the same in French"),
        pytest.param(b"---\ntitle: x\ninternal: true\n---\n", "leak.internal-text", id="front matter"),
    ],
)
def test_an_asset_that_must_not_leave_is_found(content, rule):
    assert [f.rule for f in asset_leaks("assets/notes.txt", content, SOUGHT)] == [rule]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x89PNG\0\0" + PASSWORD.encode(), id="a binary file, which is opaque"),
        pytest.param(b"La communication interne, un guide", id="a text about internal communication"),
        pytest.param(b"", id="an empty file"),
    ],
)
def test_an_ordinary_asset_passes(content):
    assert asset_leaks("assets/notes.txt", content, SOUGHT) == []


@pytest.mark.parametrize(
    ("entry", "noticed"),
    [
        pytest.param("assets/internal/reasons.md", True, id="a folder called internal"),
        pytest.param("assets/Interne/notes.txt", True, id="a folder called Interne"),
        pytest.param("assets/post-mortem.pdf", True, id="a post-mortem"),
        pytest.param("assets/rapport NE PAS DIFFUSER.pdf", True, id="a name that says so"),
        pytest.param("assets/communication interne/guide.pdf", False, id="internal communication is a trade"),
        pytest.param("assets/international.pdf", False, id="a longer word"),
    ],
)
def test_a_name_that_says_internal_is_noticed(entry, noticed):
    assert bool(internal_names([entry])) is noticed
