"""Password managers' exports: each is told by its header, its sign-ins are taken, the rest is counted."""

import csv
import io

import pytest

from handover.importers.credentials import FORMATS, recognise
from handover.importers.credentials.export import Imported, import_csv
from handover.model.rows import CredentialRow

SECRET = 'Gr8,"&x'


def export(header: str, *rows: dict[str, str], delimiter: str = ",") -> bytes:
    """A CSV with these columns and rows by column; what a row doesn't name is empty."""
    names = header.split(",")
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def shown(imported: Imported) -> list[tuple[str, str | None, str | None, str, str]]:
    def text(row: CredentialRow, name: str) -> str:
        value = getattr(row, name)
        return value.reveal() if value else ""

    return [(row.service, row.user_name, row.url, text(row, "password"), text(row, "note")) for row in imported.rows]


def told(imported: Imported) -> list[str]:
    return [f"{finding.severity}: {finding.message}" for finding in imported.findings]


LOGIN = ("Shop", "ann", "https://shop.example", SECRET, "ask Bob")

BITWARDEN = (
    "folder,favorite,type,name,notes,fields,reprompt,archivedDate,login_uri,login_username,login_password,login_totp"
)
LASTPASS = "url,username,password,totp,extra,name,grouping,fav"
CHROME = "name,url,username,password,note"
FIREFOX = "url,username,password,httpRealm,formActionOrigin,guid,timeCreated,timeLastUsed,timePasswordChanged"
ONEPASSWORD = "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes"
APPLE = "Title,URL,Username,Password,Notes,OTPAuth"
DASHLANE = "username,username2,username3,title,password,note,url,category,otpUrl"
PROTON = "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault"
KEEPASSXC = "Group,Title,Username,Password,URL,Notes,TOTP,Icon,Last Modified,Created"
KEEPASS = "Account,Login Name,Password,Web Site,Comments"
NORDPASS = (
    "name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,pin,expirydate,zipcode,folder,"
    "full_name,type"
)
ROBOFORM = "Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2"
ALMOST = "Service,URL,Username,Password,Notes"


@pytest.mark.parametrize(
    ("title", "header", "row"),
    [
        ("Bitwarden", BITWARDEN, {"type": "login", "name": "Shop", "login_uri": LOGIN[2], "login_username": "ann",
                                  "login_password": SECRET, "notes": "ask Bob", "folder": "x"}),
        ("LastPass", LASTPASS, {"url": LOGIN[2], "username": "ann", "password": SECRET, "extra": "ask Bob",
                                "name": "Shop", "grouping": "Web\\Shops", "fav": "0"}),
        ("Chrome, Edge or another browser", CHROME, {"name": "Shop", "url": LOGIN[2], "username": "ann",
                                                     "password": SECRET, "note": "ask Bob"}),
        ("1Password", ONEPASSWORD, {"Title": "Shop", "Url": LOGIN[2], "Username": "ann", "Password": SECRET,
                                    "Notes": "ask Bob", "Archived": "false", "Tags": "a;b"}),
        ("1Password", ONEPASSWORD.replace("Url", "Website"),
         {"Title": "Shop", "Website": LOGIN[2], "Username": "ann", "Password": SECRET, "Notes": "ask Bob"}),
        ("Apple Passwords or an older 1Password", APPLE, {"Title": "Shop", "URL": LOGIN[2], "Username": "ann",
                                                          "Password": SECRET, "Notes": "ask Bob"}),
        ("Dashlane", DASHLANE, {"username": "ann", "username2": "null", "title": "Shop", "password": SECRET,
                                "note": "ask Bob", "url": LOGIN[2], "category": "x"}),
        ("Proton Pass", PROTON, {"type": "login", "name": "Shop", "url": LOGIN[2], "username": "ann",
                                 "password": SECRET, "note": "ask Bob", "vault": "Personal"}),
        ("KeePassXC", KEEPASSXC, {"Group": "Root", "Title": "Shop", "Username": "ann", "Password": SECRET,
                                  "URL": LOGIN[2], "Notes": "ask Bob", "Icon": "0"}),
        ("KeePass", KEEPASS, {"Account": "Shop", "Login Name": "ann", "Password": SECRET, "Web Site": LOGIN[2],
                              "Comments": "ask Bob"}),
        ("NordPass", NORDPASS, {"name": "Shop", "url": LOGIN[2], "username": "ann", "password": SECRET,
                                "note": "ask Bob", "type": "password"}),
        ("RoboForm", ROBOFORM, {"Name": "Shop", "Url": LOGIN[2], "Login": "ann", "Pwd": SECRET, "Note": "ask Bob"}),
        ("", ALMOST, {"Service": "Shop", "URL": LOGIN[2], "Username": "ann", "Password": SECRET, "Notes": "ask Bob"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_sign_in_of_each_program_is_taken_whole(title: str, header: str, row: dict[str, str], delimiter: str) -> None:
    imported = import_csv(export(header, row, delimiter=delimiter), "p.csv")

    assert (imported.title, told(imported)) == (title, [])
    assert shown(imported) == [LOGIN]


def test_firefox_names_no_site_so_its_host_does() -> None:
    row = {"url": "https://www.shop.example", "username": "ann", "password": SECRET, "guid": "{1}"}
    imported = import_csv(export(FIREFOX, row), "p.csv")

    assert imported.title == "Firefox"
    assert shown(imported) == [("shop.example", "ann", "https://www.shop.example", SECRET, "")]


@pytest.mark.parametrize(
    ("header", "row", "what"),
    [
        (BITWARDEN, {"type": "note", "name": "Plans", "notes": SECRET}, "secure notes"),
        (
            LASTPASS,
            {"url": "http://sn", "extra": f"NoteType:Bank Account\nPIN:{SECRET}", "name": "Bank"},
            "secure notes",
        ),
        (PROTON, {"type": "creditCard", "name": "Visa", "note": SECRET}, "cards"),
        (PROTON, {"type": "alias", "name": "a", "email": "x@y.example"}, "aliases of e-mail addresses"),
        (NORDPASS, {"name": "Visa", "cardnumber": SECRET, "type": "credit_card"}, "cards"),
        (NORDPASS, {"name": "Visa", "cardnumber": SECRET}, "cards"),
        (ONEPASSWORD, {"Title": "Old", "Username": "x", "Password": SECRET, "Archived": "true"}, "archived entries"),
        (KEEPASSXC, {"Title": "Memo", "Notes": SECRET}, "entries without user name and password"),
    ],
)
def test_what_is_no_sign_in_is_counted_and_told(header: str, row: dict[str, str], what: str) -> None:
    imported = import_csv(export(header, row, row), "p.csv")

    assert shown(imported) == []
    assert told(imported) == [f"warning: not taken: 2 {what}"]


def test_fields_without_a_column_of_ours_go_into_the_note() -> None:
    row = {"type": "login", "name": "Shop", "login_password": SECRET, "notes": "ask Bob", "fields": "PIN: 12\nKey: a"}

    assert shown(import_csv(export(BITWARDEN, row), "p.csv"))[0][4] == "ask Bob\nfields: PIN: 12\nKey: a"


def test_a_second_factor_is_taken() -> None:
    row = {"Title": "Shop", "Username": "ann", "Password": SECRET, "TOTP": "otpauth://totp/x?secret=A"}
    secret = import_csv(export(KEEPASSXC, row), "p.csv").rows[0].totp_secret

    assert secret is not None
    assert secret.reveal() == "otpauth://totp/x?secret=A"


def test_a_column_that_a_newer_version_added_is_told_when_it_holds_something() -> None:
    rows = ({"name": "Shop", "username": "ann", "password": SECRET, "passkey": "k"}, {"name": "B", "password": SECRET})
    imported = import_csv(export(f"{CHROME},passkey,colour", *rows), "p.csv")

    assert len(imported.rows) == 2
    assert told(imported) == [
        "warning: the column `passkey` isn't known of Chrome, Edge or another browser: its 1 values aren't taken"
    ]


def test_entries_of_one_name_are_told_apart_and_equal_ones_taken_once() -> None:
    first = {"name": "Shop", "url": "https://shop.example", "username": "ann", "password": SECRET}
    second = {**first, "url": "android://x@com.shop/", "password": "other"}
    imported = import_csv(export(CHROME, first, second, first, {**second, "password": "third"}), "p.csv")

    assert [row.service for row in imported.rows] == ["Shop", "Shop (com.shop)", "Shop (2)"]
    assert told(imported) == ["warning: not taken: 1 entries that are there twice"]


def test_a_password_that_lastpass_may_have_escaped_is_told() -> None:
    row = {"url": "https://shop.example", "username": "ann", "password": "a&amp;b", "name": "Shop"}
    imported = import_csv(export(LASTPASS, row), "p.csv")

    assert [finding.rule for finding in imported.findings] == ["vault.escaped"]
    assert shown(imported)[0][3] == "a&amp;b"
    assert "a&amp;b" not in str(imported.findings)


def test_no_format_takes_the_vaults_own_columns_or_anothers() -> None:
    assert recognise(["service", "url", "user_name", "password", "totp_secret", "note"]) is None
    assert recognise(["service", "adresse web", "identifiant", "mot de passe", "note"]) is None
    for known in FORMATS:
        found = recognise(sorted(known.needs))
        assert found is known


def test_no_value_of_an_export_is_ever_in_a_message() -> None:
    row = {"name": "", "url": "", "username": "canary\x07", "password": "canary\x07", "note": "canary\x07"}
    imported = import_csv(export(CHROME, row), "p.csv")

    assert {str(finding.severity) for finding in imported.findings} == {"error"}
    assert "canary" not in str(imported.findings)
