"""The vault: exact round trips, every fault told with its cell, and never a value in a message."""

import io
import random
import traceback
import zipfile
from collections.abc import Callable

import msoffcrypto
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from export_samples import imported as import_csv
from handover.languages.words import Words
from handover.model.errors import DamagedFile, HandoverError, SecretInClear, Severity, WrongPassphrase
from handover.model.project import Vault
from handover.model.rows import CredentialRow, YesNo
from handover.model.secret import Secret
from handover.project.vault.workbook import add, read_vault, remove, write_vault
from handover.seal.encryption import encrypt
from sample_handover import AWKWARD_TEXTS, credentials

PASSPHRASE = Secret("seven words that nobody would ever guess")
SPIN = 1_000


def chance(count: int, source: random.Random = random.Random(1)) -> bytes:  # noqa: B008 — one test's stream
    return source.randbytes(count)


def written(vault: Vault, language: str = "en") -> bytes:
    words = Words.load(language, "fr_FR", "vault")
    return write_vault(vault, PASSPHRASE, random=chance, words=words, spin_count=SPIN)


def opened(data: bytes) -> bytes:
    """The workbook inside, by another program."""
    document = msoffcrypto.OfficeFile(io.BytesIO(data))
    document.load_key(password=PASSPHRASE.reveal())
    package = io.BytesIO()
    document.decrypt(package)
    return package.getvalue()


def edited(edit: Callable[[Worksheet], object], vault: Vault = Vault(credentials()[:2])) -> bytes:  # noqa: B008
    """The vault after somebody edited it in another program and saved it under the same password."""
    workbook = openpyxl.load_workbook(io.BytesIO(opened(written(vault))))
    edit(workbook.worksheets[0])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return encrypt(buffer.getvalue(), PASSPHRASE, random=chance, spin_count=SPIN)


def read(data: bytes) -> tuple[Vault, list[str]]:
    vault, findings = read_vault(data, PASSPHRASE, least_spin_count=SPIN)
    return vault, [f"{finding.location}: {finding.message}" for finding in findings]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_value_comes_back_exactly_in_either_language(language: str) -> None:
    vault = Vault(credentials())
    found, findings = read(written(vault, language))
    assert all("has no password" in finding for finding in findings)
    assert found == vault
    assert [row.password.reveal() for row in found.credentials if row.password] == list(AWKWARD_TEXTS)


text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]), min_size=1, max_size=40)


@settings(max_examples=25)
@given(st.lists(st.tuples(text, text, text), max_size=4))
def test_any_secret_comes_back_exactly(values: list[tuple[str, str, str]]) -> None:
    vault = Vault(
        tuple(
            CredentialRow.model_validate({"service": f"s{at}", "password": a, "note": f"{b}\n{c}", "totp_secret": c})
            for at, (a, b, c) in enumerate(values)
        )
    )
    assert read(written(vault)) == (vault, [])


def test_an_empty_vault_is_a_header_ready_to_fill_in() -> None:
    assert read(written(Vault(()))) == (Vault(()), [])
    sheet = openpyxl.load_workbook(io.BytesIO(opened(written(Vault(()), "fr"))))["Identifiants"]
    assert sheet["D1"].value == "Mot de passe"
    assert sheet.column_dimensions["D"].number_format == "@"


def test_the_vault_is_encrypted_and_shows_nothing() -> None:
    data = written(Vault(credentials()))
    assert b"Service" not in data
    assert not zipfile.is_zipfile(io.BytesIO(data))


def test_another_passphrase_does_not_open_it() -> None:
    with pytest.raises(WrongPassphrase):
        read_vault(written(Vault(())), Secret("another"), least_spin_count=SPIN)


def test_a_workbook_that_is_not_encrypted_is_refused() -> None:
    with pytest.raises(SecretInClear, match=r"vault\.xlsx: isn't encrypted"):
        read_vault(opened(written(Vault(()))), PASSPHRASE)


def test_what_is_no_vault_is_refused() -> None:
    with pytest.raises(DamagedFile):
        read_vault(b"service,password\r\n", PASSPHRASE)


def set_cell(place: str, value: object) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        sheet[place].value = value  # type: ignore[assignment]  # whatever people type
        if not isinstance(value, str) or value.startswith("="):
            return
        sheet[place].data_type = "s"

    return edit


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(
            set_cell("D2", 123456),
            "vault.xlsx:Credentials!D2: password: holds a number or date, not text: zeros in front or digits after "
            "the fifteenth may be lost",
            id="a password that became a number",
        ),
        pytest.param(
            set_cell("A2", True),
            "vault.xlsx:Credentials!A2: service: holds a truth value, not text",
            id="a truth value",
        ),
        pytest.param(
            set_cell("D3", "=canary+1"),
            "vault.xlsx:Credentials!D3: password: holds a formula, not text",
            id="a password that became a formula",
        ),
        pytest.param(
            set_cell("A2", None), "vault.xlsx:Credentials!B2: the row has no service", id="a row without service"
        ),
        pytest.param(
            set_cell("C2", "canary\nline"),
            "vault.xlsx:Credentials!C2: user name: must be one line of at most 1,000 characters",
            id="a user name of two lines",
        ),
        pytest.param(
            set_cell("D2", "canary\u2028"),
            "vault.xlsx:Credentials!D2: password: contains the character U+2028",
            id="a character that breaks lines unseen",
        ),
        pytest.param(
            set_cell("L2", "canary"),
            "vault.xlsx:Credentials!L2: change after receipt: isn't yes or no",
            id="neither yes nor no",
        ),
        pytest.param(
            set_cell("L2", "conditions"),
            "vault.xlsx:Credentials!L2: change after receipt: isn't yes or no",
            id="a word for another column",
        ),
        pytest.param(
            set_cell("N2", "canary"),
            "vault.xlsx:Credentials!N2: stands in a column without header",
            id="a value beside the table",
        ),
        pytest.param(
            set_cell("E1", "Passwort"),
            "vault.xlsx:Credentials!E1: `Passwort` isn't a column of the vault",
            id="a header that isn't known",
        ),
        pytest.param(
            set_cell("E1", "Password"),
            "vault.xlsx:Credentials!E1: the column 'password' is there twice",
            id="a header twice",
        ),
        pytest.param(
            set_cell("D1", "canary"),
            "vault.xlsx:Credentials!A1: no sheet has the columns 'service' and 'password'",
            id="no column of passwords",
        ),
    ],
)
def test_each_fault_is_told_with_its_cell_and_without_its_value(
    edit: Callable[[Worksheet], object], expected: str
) -> None:
    _, findings = read_vault(edited(edit), PASSPHRASE, least_spin_count=SPIN)
    assert [f"{finding.location}: {finding.message}" for finding in findings] == [expected]
    assert all("canary" not in finding.message + finding.hint for finding in findings)


def test_all_faults_are_told_at_once_in_reading_order() -> None:
    def edit(sheet: Worksheet) -> None:
        for place in ("D3", "A2", "D2"):
            sheet[place].value = 1

    assert [line.partition(": ")[0] for line in read(edited(edit))[1]] == [
        f"vault.xlsx:Credentials!{place}" for place in ("A2", "D2", "D3")
    ]


def test_columns_may_be_moved_and_sheets_added_in_front() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.move_range("A1:A3", cols=11)
        book = sheet.parent
        assert book is not None
        book.create_sheet("Notes", 0)["A1"].value = "ours"

    vault, findings = read(edited(edit))
    assert vault == Vault(credentials()[:2])
    # Nothing is lost by reading; whoever writes the vault heeds this.
    assert findings == [
        "vault.xlsx:Notes!A1: is a sheet of your own, which would be lost when handover writes the vault"
    ]


def test_the_same_service_and_user_twice_is_a_warning() -> None:
    row = credentials()[0]
    vault, findings = read_vault(written(Vault((row, row))), PASSPHRASE, least_spin_count=SPIN)
    assert len(vault.credentials) == 2
    assert [(str(f.location), f.severity) for f in findings] == [("vault.xlsx:Credentials!A3", Severity.WARNING)]


def test_adding_refuses_what_is_there() -> None:
    first, second = credentials()[:2]
    vault = add(Vault((first,)), [second])
    assert vault.credentials == (first, second)
    with pytest.raises(HandoverError, match="already has 'Service 0' with the user name '=1\\+1'"):
        add(vault, [first])
    with pytest.raises(HandoverError):
        add(Vault(()), [first, first])


def named(vault: Vault) -> list[tuple[str, str | None]]:
    return [(row.service, row.user_name) for row in vault.credentials]


def test_removing_names_what_is_not_there() -> None:
    vault = Vault(
        (
            CredentialRow(service="Mail", user_name="a"),
            CredentialRow(service="Mail", user_name="b"),
            CredentialRow(service="Web"),
        )
    )
    assert named(remove(vault, "Web")) == [("Mail", "a"), ("Mail", "b")]
    assert named(remove(vault, "Mail", "a")) == [("Mail", "b"), ("Web", None)]
    with pytest.raises(HandoverError, match="2 credentials for 'Mail'"):
        remove(vault, "Mail")
    with pytest.raises(HandoverError) as caught:
        remove(vault, "Maill")
    assert caught.value.hint == "did you mean `Mail`?"
    with pytest.raises(HandoverError, match="no 'Web' with the user name 'x'"):
        remove(vault, "Web", "x")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'service,user_name,password\r\nMail,me,"=a,""b"\r\n', id="commas and CRLF"),
        pytest.param(b'\xef\xbb\xbfService;User name;Password\nMail;me;"=a,""b"\n', id="BOM, semicolons, LF"),
        pytest.param(b'Mot de passe\tIDENTIFIANT\tservice\n"=a,""b"\tme\tMail', id="French, tabs, moved"),
        pytest.param('sep=;\nservice;user name;password\nMail;me;"=a,""b"'.encode("utf-16"), id="UTF-16, hinted"),
        pytest.param(b'service,user name,password\n\n,,\nMail,me,"=a,""b"\n', id="blank rows"),
    ],
)
def test_a_csv_of_any_shape_gives_the_same_credential(data: bytes) -> None:
    rows, findings = import_csv(data, "p.csv")[:2]
    assert findings == ()
    assert rows == (CredentialRow.model_validate({"service": "Mail", "user_name": "me", "password": '=a,"b'}),)


def test_a_csv_keeps_spaces_and_has_one_kind_of_line_break() -> None:
    rows, findings, _ = import_csv(b'service,password,recovery codes\nMail," a ","1\r\n2\r\n"\n', "p.csv")
    assert findings == ()
    assert rows[0].password == Secret(" a ")
    assert rows[0].recovery_codes == Secret("1\n2\n")
    assert rows[0].change_after_receipt is YesNo.YES


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", "the file: is empty", id="nothing"),
        pytest.param(b"service\nMail", "p.csv:1:1: the column 'password' is missing", id="no passwords"),
        pytest.param(
            b"adresse web;identifiant;service\n",
            "p.csv:1:1: the column 'mot de passe' is missing",
            id="a French header is told French names",
        ),
        pytest.param(
            b"service,password,pasword\nMail,x,canary",
            "p.csv:1:3: `pasword` isn't a column of the vault",
            id="an unknown column",
        ),
        pytest.param(b"service,password\nMail,caf\xe9", "p.csv:2:1: isn't UTF-8 text", id="another encoding"),
        pytest.param(
            "service,password\nMail,canary".encode("utf-16")[:-1],
            "p.csv: the file begins as UTF-16 does and isn't valid UTF-16",
            id="UTF-16 that was cut",
        ),
        pytest.param(
            "service,password\nMail,canary".encode("utf-16-le"),
            "p.csv: the file is UTF-16 text without the mark that says so, not UTF-8",
            id="UTF-16 without a mark",
        ),
        pytest.param(b"\x89PNG\r\n\x1a\ncanary", "p.csv: the file is a picture (PNG), not a text file", id="a picture"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "p.csv: the file is an old Office file (.xls, .doc), not a text file",
            id="an old workbook",
        ),
        pytest.param(b'{"items": ["canary"]}', "p.csv: is JSON, not a table", id="JSON"),
        pytest.param(b'[\n {"name": "canary"}\n]', "p.csv: is JSON, not a table", id="JSON that begins with a list"),
        pytest.param(
            b"Web,Shop,ann,canary,https://a.example,note\n",
            "p.csv:1:1: the first row isn't a header of the vault's columns",
            id="no header row, and a word of it is a column's name",
        ),
        pytest.param(
            b"Mail,me,canary\n", "p.csv:1:1: the first row isn't a header of the vault's columns", id="no header row"
        ),
        pytest.param(b"service,password\nMail,a\0b", "p.csv:2:2: password: contains the character U+0000", id="a NUL"),
        pytest.param(
            b'service,password\nMail,"canary\nWeb,x\n',
            "p.csv:2:1: a quotation mark is opened here and never closed",
            id="an unclosed quotation mark",
        ),
        pytest.param(
            b"service,password\nMail,canary\x07", "p.csv:2:2: password: contains the character U+0007", id="a bell"
        ),
        pytest.param(
            b"service,password\nMail," + b"x" * 32_768,
            "p.csv:2:2: password: is longer than the 32,767 characters that a cell holds",
            id="longer than a cell",
        ),
        pytest.param(b"service,password\n,canary", "p.csv:2:2: the row has no service", id="no service"),
        pytest.param(
            b"service,password\nMail,x,canary", "p.csv:2:3: stands in a column without header", id="a cell too many"
        ),
    ],
)
def test_each_fault_of_a_csv_is_told_with_its_line(data: bytes, expected: str) -> None:
    _, findings, _ = import_csv(data, "p.csv")
    assert [f"{finding.location}: {finding.message}" for finding in findings] == [
        expected.replace("the file:", "p.csv:")
    ]
    assert all("canary" not in finding.message + finding.hint for finding in findings)


@given(st.binary(max_size=200))
@example(b"<KeePassFile>")
@example(b"PK\x03\x04")
def test_no_bytes_make_the_csv_reader_fail(data: bytes) -> None:
    rows, findings, _ = import_csv(b"service,password\n" + data, "p.csv")
    assert all(row.service for row in rows)
    assert all(finding.location.file == "p.csv" for finding in findings)


def test_an_error_while_writing_shows_no_value_even_in_its_traceback() -> None:
    vault = Vault((CredentialRow.model_validate({"service": "Mail", "password": "canary\x07"}),))
    with pytest.raises(HandoverError) as caught:
        written(vault)
    assert str(caught.value).startswith("Credentials!D2: contains the character U+0007")
    assert "canary" not in "".join(traceback.format_exception(caught.value))
