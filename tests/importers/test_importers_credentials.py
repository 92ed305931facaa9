"""Password managers' exports: each is told by its content, its sign-ins are taken whole, the rest is told."""

import io
import json
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_samples import (
    PASSPHRASE,
    bitwarden,
    bitwarden_login,
    bitwarden_protected,
    imported,
    onepux,
    onepux_item,
    proton,
    proton_item,
    table,
    unlock,
    zipped,
)
from handover.importers.credentials import FORMATS, format_of, recognise
from handover.importers.credentials.choosing import own_domains
from handover.importers.credentials.formats import FORMATS as CSV_FORMATS
from handover.importers.credentials.reading import Choice, Imported, read_export, set_aside, taken
from handover.model.custom_fields import read_fields, write_fields
from handover.model.errors import DamagedFile, HandoverError, WrongPassphrase
from handover.model.rows import CredentialRow
from handover.project.read.text import in_utf_8
from kdbx_making import Kind, document, entry, group, kdbx, uuid

SECRET = 'Gr8,"&x'
OTP = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"


def whole(row: CredentialRow) -> dict[str, str]:
    """What a credential holds, by column."""
    values = {name: getattr(row, name) for name in CredentialRow.model_fields if name != "change_after_receipt"}
    return {name: getattr(value, "reveal", lambda value=value: value)() for name, value in values.items() if value}


def dashlane_zip(**tables: str) -> bytes:
    """A zip of these tables, by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in tables.items():
            archive.writestr(name, text)
    return made.getvalue()


def told(found: Imported) -> list[str]:
    return [f"{finding.severity}: {finding.message}" for finding in found.findings]


LOGIN = {"service": "Shop", "user_name": "ann", "url": "https://shop.example", "password": SECRET, "note": "ask Bob"}
MORE = {**LOGIN, "other_urls": "https://b.example/x,y\nc.example", "totp_secret": "JBSWY3DP", "folder": "Web/Shops",
        "fields": "PIN: 12\nKey: a\n\tb"}  # fmt: skip
URLS = "https://shop.example,https://b.example/x,y,c.example"

BITWARDEN = (
    "folder,favorite,type,name,notes,fields,reprompt,archivedDate,login_uri,login_username,login_password,login_totp"
)
ORGANISATION = "collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp"
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
    ("title", "header", "row", "expected"),
    [
        ("Bitwarden", BITWARDEN, {"type": "login", "name": "Shop", "login_uri": URLS, "login_username": "ann",
                                  "login_password": SECRET, "notes": "ask Bob", "folder": "Web/Shops",
                                  "fields": "PIN: 12\nKey: a\nb", "login_totp": "JBSWY3DP"}, MORE),
        ("Bitwarden (organisation)", ORGANISATION,
         {"type": "login", "name": "Shop", "login_uri": LOGIN["url"], "login_username": "ann", "login_password": SECRET,
          "notes": "ask Bob", "collections": "Web/Shops"}, {**LOGIN, "folder": "Web/Shops"}),
        ("LastPass", LASTPASS, {"url": LOGIN["url"], "username": "ann", "password": SECRET, "extra": "ask Bob",
                                "name": "Shop", "grouping": "Web\\Shops", "fav": "0"}, {**LOGIN, "folder": "Web/Shops"}),
        ("LastPass", LASTPASS.replace("totp,", ""), {"url": LOGIN["url"], "username": "ann", "password": SECRET,
                                                     "extra": "ask Bob", "name": "Shop", "grouping": "(none)"}, LOGIN),
        ("Chrome, Edge or another browser", CHROME,
         {"name": "Shop", "url": LOGIN["url"], "username": "ann", "password": SECRET, "note": "ask Bob"}, LOGIN),
        ("Apple Passwords in French", "Titre,URL,Nom d’utilisateur,Mot de passe,Notes,OTPAuth",
         {"Titre": "Shop", "URL": LOGIN["url"], "Nom d’utilisateur": "ann", "Mot de passe": SECRET, "Notes": "ask Bob"},
         LOGIN),
        ("Firefox", FIREFOX, {"url": "https://www.shop.example", "username": "ann", "password": SECRET, "guid": "{1}"},
         {"service": "shop.example", "url": "https://www.shop.example", "user_name": "ann", "password": SECRET}),
        ("1Password", ONEPASSWORD, {"Title": "Shop", "Url": LOGIN["url"], "Username": "ann", "Password": SECRET,
                                    "Notes": "ask Bob", "Archived": "false", "Tags": "a,b", "OTPAuth": OTP},
         {**LOGIN, "totp_secret": OTP}),
        ("1Password", ONEPASSWORD.replace("Url", "Website"),
         {"Title": "Shop", "Website": LOGIN["url"], "Username": "ann", "Password": SECRET, "Notes": "ask Bob"}, LOGIN),
        ("1Password", "Title,Website,Username,Password,One-time password,Favorite status,Archived status,Tags,Notes",
         {"Title": "Shop", "Website": LOGIN["url"], "Username": "ann", "Password": SECRET, "Notes": "ask Bob",
          "One-time password": OTP, "Favorite status": "false", "Archived status": "false", "Tags": "a"},
         {**LOGIN, "totp_secret": OTP}),
        ("1Password", "ainfo,autosubmit,createdDate,notes,password,scope,tags,title,type,url,username,uuid,vaultName",
         {"title": "Shop", "url": LOGIN["url"], "username": "ann", "password": SECRET, "notes": "ask Bob",
          "type": "Login", "uuid": "x1", "scope": "Always", "vaultName": "Web"}, {**LOGIN, "folder": "Web"}),
        ("Apple Passwords or an older 1Password", APPLE, {"Title": "Shop", "URL": LOGIN["url"], "Username": "ann",
                                                          "Password": SECRET, "Notes": "ask Bob"}, LOGIN),
        ("Dashlane", DASHLANE, {"username": "ann", "username2": "null", "username3": "bob", "title": "Shop",
                                "password": SECRET, "note": "ask Bob", "url": LOGIN["url"], "category": "Web"},
         {**LOGIN, "folder": "Web", "fields": "username3: bob"}),
        ("Proton Pass", PROTON, {"type": "login", "name": "Shop", "url": LOGIN["url"], "email": "a@b.example",
                                 "username": "ann", "password": SECRET, "note": "ask Bob", "vault": "A/B"},
         {**LOGIN, "folder": "A-B", "fields": "email: a@b.example"}),
        ("Proton Pass", PROTON.replace("url,", "url,autofillUrls,"),
         {"type": "login", "name": "Shop", "autofillUrls": LOGIN["url"], "username": "ann", "password": SECRET,
          "note": "ask Bob", "vault": "A"}, {**LOGIN, "folder": "A"}),
        ("Apple Passwords or an older 1Password", "title,username,password,url,notes,one-time password",
         {"title": "Shop", "username": "ann", "password": SECRET, "url": LOGIN["url"], "notes": "ask Bob",
          "one-time password": OTP}, {**LOGIN, "totp_secret": OTP}),
        ("KeePassXC", KEEPASSXC, {"Group": "Root/Web/Shops", "Title": "Shop", "Username": "ann", "Password": SECRET,
                                  "URL": LOGIN["url"], "Notes": "ask Bob", "Icon": "0", "TOTP": OTP},
         {**LOGIN, "folder": "Web/Shops", "totp_secret": OTP}),
        ("KeePass", KEEPASS, {"Account": "Shop", "Login Name": "ann", "Password": SECRET, "Web Site": LOGIN["url"],
                              "Comments": "ask Bob"}, LOGIN),
        ("NordPass", NORDPASS, {"name": "Shop", "url": LOGIN["url"], "username": "ann", "password": SECRET,
                                "note": "ask Bob", "type": "password", "folder": "Web"}, {**LOGIN, "folder": "Web"}),
        ("RoboForm", ROBOFORM, {"Name": "Shop", "Url": LOGIN["url"], "Login": "ann", "Pwd": SECRET, "Note": "ask Bob"},
         LOGIN),
        ("", ALMOST, {"Service": "Shop", "URL": LOGIN["url"], "Username": "ann", "Password": SECRET, "Notes": "ask Bob"},
         LOGIN),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_sign_in_of_each_table_is_taken_whole(title, header, row, expected, delimiter):
    data = table(header, row, delimiter=delimiter)
    found = imported(data)

    assert (read_export(data, "p.csv", unlock()).title, told(found)) == (title, [])
    assert [whole(one) for one in found.rows] == [expected]


def test_further_fields_of_roboform_stand_beyond_its_header():
    rows = b"Name,Url,Login,Pwd,Note,Folder,Rf_fields\nShop,https://x.example,ann,pw,,,User ID$:txt:ann,PIN$:txt:12\n"
    found = imported(rows)
    assert told(found) == []
    assert found.rows[0].fields.reveal() == "rf_fields: User ID$:txt:ann\n\tPIN$:txt:12"


ITEM = bitwarden_login(
    "Shop", SECRET, notes="ask Bob", folderId="f1", passwordHistory=[{"password": "old-canary"}],
    fields=[{"name": "PIN", "value": "12", "type": 1}, {"name": "Key", "value": "a\nb", "type": 0},
            {"name": "user", "value": None, "type": 3, "linkedId": 100}],
    login={"uris": [{"match": None, "uri": uri} for uri in ("https://shop.example", "https://b.example/x,y", "c.example")],
           "totp": "JBSWY3DP"},
)  # fmt: skip
BITWARDEN_JSON = bitwarden(ITEM, folders={"f1": "Web/Shops"})
ONEPUX = onepux({"Web/Shops": [onepux_item(
    "Shop", login=({"string": "ann"}, SECRET), notesPlain="ask Bob", urls=("https://shop.example", "https://b.example/x,y", "c.example"),
    sections=[{"id": "x", "title": "PIN", "value": {"concealed": "12"}}, {"id": "k", "title": "Key", "value": {"string": "a\nb"}},
              {"id": "t", "title": "one-time password", "value": {"totp": "JBSWY3DP"}},
              {"id": "e", "title": "empty", "value": {"email": {"email_address": ""}}}],
)]})  # fmt: skip
KEEPASS_XML = document(group(2, "Web", group(3, "Shops", entry(
    9, Title="Shop", UserName="ann", Password='Gr8,"&amp;x', URL="https://shop.example", Notes="ask Bob", PIN="12",
    Key="a\nb", KP2A_URL="https://b.example/x,y", KP2A_URL_1="c.example", otp="JBSWY3DP"))))  # fmt: skip
PROTON_ZIP = proton({"Web/Shops": [proton_item(
    "Shop", note="ask Bob", itemUsername="ann", itemEmail="", password=SECRET, totpUri="JBSWY3DP",
    urls=["https://shop.example", "https://b.example/x,y", "c.example"],
    extra=[{"fieldName": "PIN", "type": "hidden", "data": {"content": "12"}},
           {"fieldName": "Key", "type": "text", "data": {"content": "a\nb"}}],
)]})  # fmt: skip
FILES = {
    "bitwarden-json": BITWARDEN_JSON,
    "bitwarden-json, password": bitwarden_protected(BITWARDEN_JSON),
    "bitwarden-json, Argon2": bitwarden_protected(BITWARDEN_JSON, argon=True),
    "1pux": ONEPUX,
    "keepass-xml": KEEPASS_XML,
    "keepass-xml, UTF-16": KEEPASS_XML.decode().replace("utf-8", "utf-16").encode("utf-16"),
    "bitwarden-json, UTF-16": BITWARDEN_JSON.decode().encode("utf-16"),
    "kdbx": kdbx(Kind(), KEEPASS_XML, passphrase=PASSPHRASE),
    "kdbx, 3.1": kdbx(Kind(3, "aes-kdf", rounds=10), KEEPASS_XML, passphrase=PASSPHRASE),
    "proton": PROTON_ZIP,
}


DASHLANE_ZIP = dashlane_zip(
    **{
        "credentials.csv": table(DASHLANE, {"username": "ann", "title": "Shop", "password": SECRET, "url": LOGIN["url"],
                                            "note": "ask Bob", "category": "Web", "otpUrl": OTP}).decode(),
        "payments.csv": f"type,account_name,cc_number\npayment_card,Visa,{SECRET[:4]}\n",
        "ids.csv": "type,number\npassport,12\nid_card,13\n",
        "securenotes.csv": "title,note\nWiFi,canary\n",
    }
)  # fmt: skip


OTHERS = {
    "Bitwarden before it asked again, as Windows writes it": (
        "\ufefffolder,favorite,type,name,notes,fields,login_uri,login_username,login_password,login_totp\r\n"
        "A,,login,Shop,,,https://s.example,a,Pw-1!,JBSWY3DP\r\n"
    ),
    "Chrome, a row shorter than its header": "name,url,username,password,note\nShop,https://s.example,a,Pw-1!\n",
    "Edge and old Chrome, without notes": "name,url,username,password\nShop,https://s.example,a,Pw-1!\n",
    "Apple before notes and codes": "Title,URL,Username,Password\nShop,https://s.example,a,Pw-1!\n",
    "1Password 4": "title,notes,username,password,url\nShop,n,a,Pw-1!,https://s.example\n",
    "Dashlane with a bare secret, an address without a scheme": (
        "username,username2,username3,title,password,note,url,category,otpSecret\na,null,,Shop,Pw-1!,,s.example,,JBSWY3DP\n"
    ),
    "Dashlane with nothing written out": (
        "username,username2,username3,title,password,note,url,category,otp\na,,,Shop,Pw-1!,,s.example,,null\n"
    ),
}


@pytest.mark.parametrize("shape", OTHERS)
def test_older_and_shorter_shapes_of_a_table_are_read_as_the_others(shape):
    (entry,) = read_export(OTHERS[shape].encode(), "t.csv", unlock()).entries

    assert {key: entry.values[key] for key in ("service", "user_name", "password")} == {
        "service": "Shop", "user_name": "a", "password": "Pw-1!",
    }  # fmt: skip
    assert entry.values["url"].endswith("s.example")
    assert entry.values.get("totp_secret", "JBSWY3DP") == "JBSWY3DP"


KEEPER = (
    'Clients\\Shop,Shop,ann,Secret-1!,https://shop.example/,"ask, Bob",,PIN,12,TFC:Keeper,otpauth://totp/x?secret=JBSWY3DP\n'
    "Clients\\Shop,A note,,,,text,\n"
)


def test_keeper_writes_no_header_and_its_further_fields_in_pairs():
    export = read_export(KEEPER.encode(), "keeper.csv", lambda: (None, None))
    sign_in, note = export.entries

    assert export.title == "Keeper"
    assert sign_in.values == {
        "service": "Shop", "user_name": "ann", "password": "Secret-1!", "url": "https://shop.example/",
        "note": "ask, Bob", "fields": "PIN: 12", "totp_secret": "otpauth://totp/x?secret=JBSWY3DP",
    }  # fmt: skip
    assert (sign_in.folder, bool(note.kind)) == (("Clients", "Shop"), True)


@pytest.mark.parametrize(
    "row", ["2026-01-01,A post,Ann,a-slug,https://blog.example/a", "A,Bowl,Blue,12.50,https://shop.example/bowl", "a,b"]
)
def test_a_table_without_a_header_that_holds_no_passwords_is_not_keepers(row):
    assert read_export(f"{row}\n{row}\n".encode(), "t.csv", lambda: (None, None)).title == ""


def test_dashlanes_zip_gives_its_sign_ins_and_counts_the_rest():
    found = imported(DASHLANE_ZIP, "p.bin")

    assert [whole(row) for row in found.rows] == [{**LOGIN, "folder": "Web", "totp_secret": OTP}]
    assert told(found) == [
        f"warning: not taken: {what}" for what in ("cards (1)", "identities (2)", "secure notes (1)")
    ]
    with pytest.raises(DamagedFile, match=r"p\.bin: credentials\.csv: its columns aren't Dashlane's"):
        imported(dashlane_zip(**{"credentials.csv": "a,b\n1,canary\n"}), "p.bin")


@pytest.mark.parametrize("known", FILES)
def test_a_sign_in_of_each_file_is_taken_whole(known):
    found = imported(FILES[known], "p.bin")
    recognised = format_of(in_utf_8(FILES[known]))

    assert recognised is not None
    assert recognised.name == known.partition(",")[0]
    assert told(found) == []
    flat = {"Web/Shops": "Web-Shops"}.get(MORE["folder"]) if recognised.name in {"1pux", "proton"} else MORE["folder"]
    assert [whole(one) for one in found.rows] == [{**MORE, "folder": flat}]


def test_every_format_of_the_registries_has_a_sample_and_says_what_it_is():
    assert {known.name for known in FORMATS} == {*(name.partition(",")[0] for name in FILES), "dashlane-zip"}
    names = [known.name for known in (*FORMATS, *CSV_FORMATS)]
    assert len(set(names)) == len(names)
    for known in (*FORMATS, *CSV_FORMATS):
        assert known.help
        assert known.extensions
    for data in (*FILES.values(), DASHLANE_ZIP):
        assert sum(known.recognises(in_utf_8(data), "export") for known in FORMATS) == 1


def test_no_table_takes_the_vaults_own_columns_or_anothers():
    assert recognise(["service", "url", "user_name", "password", "totp_secret", "note"]) is None
    assert recognise(["service", "adresse web", "identifiant", "mot de passe", "note"]) is None
    for known in CSV_FORMATS:
        assert recognise(sorted(known.needs)) is known


# What isn't taken


CARD = {"type": 3, "name": "Visa", "card": {"number": SECRET}}
GONE = bitwarden_login("Old", deletedDate="2026-01-02T00:00:00Z")
BINNED = {"meta": f"<RecycleBinUUID>{uuid(2)}</RecycleBinUUID>"}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (table(BITWARDEN, *[{"type": "note", "name": "Plans", "notes": SECRET}] * 2), "secure notes (2)"),
        (table(LASTPASS, {"url": "http://sn", "extra": f"Lines of {SECRET}", "name": "Bank"}), "secure notes (1)"),
        (table(LASTPASS, {"url": "http://sn", "extra": f"NoteType:Credit Card\nNumber:{SECRET}", "name": "Visa"}), "cards (1)"),
        (table(LASTPASS, {"url": "http://sn", "extra": f"NoteType:Bank Account\nPIN:{SECRET}", "name": "B"}), "bank accounts (1)"),
        (table(PROTON, {"type": "creditCard", "name": "Visa", "note": SECRET}), "cards (1)"),
        (table(PROTON, {"type": "alias", "name": "a", "email": "x@y.example"}), "aliases of e-mail addresses (1)"),
        (table(NORDPASS, {"name": "Visa", "cardnumber": SECRET, "type": "credit_card"}), "cards (1)"),
        (table(NORDPASS, {"name": "Visa", "cardnumber": SECRET}), "cards (1)"),
        (table(ONEPASSWORD, {"Title": "Old", "Username": "x", "Password": SECRET, "Archived": "true"}), "archived entries (1)"),
        (table(KEEPASSXC, {"Title": "Memo", "Notes": SECRET}), "entries without user name and password (1)"),
        (bitwarden(CARD, CARD), "cards (2)"),
        (bitwarden({**CARD, "type": 4}), "identities (1)"),
        (bitwarden({**CARD, "type": 5}), "SSH keys (1)"),
        (bitwarden({**CARD, "type": 99}), "entries of another kind (1)"),
        (bitwarden(GONE), "deleted entries (1)"),
        (bitwarden(bitwarden_login("Old", archivedDate="2026-01-02T00:00:00Z")), "archived entries (1)"),
        (onepux({"A": [onepux_item("Visa", "002")]}), "cards (1)"),
        (onepux({"A": [onepux_item("Id", "103")]}), "identities (1)"),
        (onepux({"A": [onepux_item("Office", "100")]}), "software licences (1)"),
        (onepux({"A": [onepux_item("Old", state="archived")]}), "archived entries (1)"),
        (proton({"A": [proton_item("Old", state=2, password="x")]}), "deleted entries (1)"),
        (proton({"A": [proton_item("Me", "identity")]}), "identities (1)"),
        (document(entry(7, Title="Memo", Notes="x")), "entries without user name and password (1)"),
        (document(group(2, "Bin", entry(7, Title="Old", Password="x")), **BINNED), "entries in the recycle bin (1)"),
    ],
)  # fmt: skip
def test_what_is_no_sign_in_is_counted_and_told(data, what):
    found = imported(data)

    assert found.rows == ()
    assert told(found) == [f"warning: not taken: {what}"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bitwarden(bitwarden_login("A", login={"fido2Credentials": [{}, {}]})), "passkeys (2)"),
        (bitwarden(bitwarden_login("A", attachments=[{"fileName": "x"}])), "attachments (1)"),
        (onepux({"A": [onepux_item("A", passkey={"type": "webauthn"})]}), "passkeys (1)"),
        (onepux({"A": [onepux_item("A", sections=[{"id": "f", "title": "scan", "value": {"file": {"fileName": "x"}}}])]}),
         "attachments (1)"),
        (onepux({"A": [onepux_item("A", sections=[{"id": "a", "title": "home", "value": {"address": {"city": "B"}}}])]}),
         "fields of several parts (1)"),
        (document(entry(7, "<Binary><Key>id.pdf</Key><Value/></Binary>", Title="A", Password="x")), "attachments (1)"),
        (document(entry(7, Title="A", Password="x", KPEX_PASSKEY_CREDENTIAL_ID="canary")), "passkeys (1)"),
        (document(entry(7, Title="A", Password="{REF:P@T:Other}")), "texts that stand in another entry (1)"),
        (proton({"A": [proton_item("A", password="x", passkeys=[{}])]}), "passkeys (1)"),
        (table(f"{CHROME},passkey,colour", {"name": "A", "password": "x", "passkey": "k"}),
         "values of the column `passkey`, which isn't known of Chrome, Edge or another browser (1)"),
    ],
)  # fmt: skip
def test_what_a_sign_in_has_and_nobody_can_pass_on_is_told(data, what):
    found = imported(data)

    assert len(found.rows) == 1
    assert told(found) == [f"warning: not taken: {what}"]


@pytest.mark.parametrize(
    ("texts", "expected", "fields"),
    [
        ({"otp": OTP}, OTP, ""),
        ({"otp": "key=JBSW&amp;step=60&amp;size=8"}, "otpauth://totp/?secret=JBSW&period=60&digits=8", ""),
        ({"otp": "key=JBSW&amp;step=30"}, "JBSW", ""),
        ({"TOTP Seed": "JBSW Y3DP", "TOTP Settings": "30;6"}, "JBSW Y3DP", ""),
        ({"TOTP Seed": "jbsw y3dp", "TOTP Settings": "60;8"}, "otpauth://totp/?secret=JBSWY3DP&period=60&digits=8", ""),
        ({"TimeOtp-Secret-Base32": "JBSW", "TimeOtp-Length": "8", "TimeOtp-Algorithm": "HMAC-SHA-256"},
         "otpauth://totp/?secret=JBSW&digits=8&algorithm=SHA256", ""),
        ({"TimeOtp-Secret": "Hello!!!"}, "JBSWY3DPEEQSC===", ""),
        ({"TimeOtp-Secret-Hex": "48656c6c6f"}, "JBSWY3DP", ""),
        ({"TimeOtp-Secret-Base64": "SGVsbG8="}, "JBSWY3DP", ""),
        ({"TimeOtp-Secret-Hex": "no"}, "", "TimeOtp-Secret-Hex: no"),
    ],
)  # fmt: skip
def test_second_factors_are_read_as_every_keepass_keeps_them(texts, expected, fields):
    row = whole(imported(document(entry(7, Title="A", Password="x", **texts))).rows[0])

    assert (row.get("totp_secret", ""), row.get("fields", "")) == (expected, fields)


def test_a_server_of_1password_is_a_sign_in_and_its_dates_are_days():
    fields = [("url", "URL", {"string": "ssh.example"}), ("username", "user", {"string": "root"}), ("password", "", {"concealed": "x"}),
              ("d", "since", {"date": 1_760_000_000}), ("m", "until", {"monthYear": 202612}), ("k", "key", {"sshKey": {"privateKey": "A\nB"}})]  # fmt: skip
    sections = [{"id": identifier, "title": title, "value": value} for identifier, title, value in fields]
    row = whole(imported(onepux({"A": [onepux_item("Server", "110", login=(), sections=sections)]})).rows[0])

    assert (row["url"], row["user_name"], row["password"]) == ("ssh.example", "root", "x")
    assert row["fields"] == "since: 2025-10-09\nuntil: 202612\nkey: A\n\tB"


def test_lastpass_shows_its_export_as_a_page():
    page = f"<html><body><pre>{LASTPASS}\nhttps://s.example,ann,a&amp;b,,,Shop,,0\n</pre></body></html>".encode()

    assert whole(imported(page).rows[0])["password"] == "a&b"


def test_a_password_that_lastpass_may_have_escaped_is_told():
    found = imported(
        table(LASTPASS, {"url": "https://s.example", "username": "ann", "password": "a&amp;b", "name": "S"})
    )

    assert [finding.rule for finding in found.findings] == ["vault.escaped"]
    assert whole(found.rows[0])["password"] == "a&amp;b"
    assert "a&amp;b" not in str(found.findings)


def test_entries_of_one_name_are_told_apart_and_equal_ones_taken_once():
    first = {"name": "Shop", "url": "https://shop.example", "username": "ann", "password": SECRET}
    second = {**first, "url": "android://x@com.shop/", "password": "other"}
    found = imported(table(CHROME, first, second, first, {**second, "password": "third"}))

    assert [row.service for row in found.rows] == ["Shop", "Shop (com.shop)", "Shop (2)"]
    assert told(found) == ["warning: not taken: entries that are there twice (1)"]


# Which entries are the client's


def many() -> bytes:
    """A file with two clients, the agency's own entries, and some without a folder."""
    folders = {"1": "Clients/Maison & Co", "2": "Clients/Maison & Co/Web", "3": "Clients/Other", "4": "Agency"}
    items = [bitwarden_login(f"E{at}{key}", folderId=key) for key in folders for at in range(2)]
    return bitwarden(
        *items, bitwarden_login("Loose"), {**CARD, "folderId": "1"}, {**CARD, "folderId": "3"}, folders=folders
    )


def test_folders_are_listed_with_what_lies_in_them():
    assert read_export(many(), "b.json", unlock()).groups == {
        "Clients/Maison & Co": 2, "Clients/Maison & Co/Web": 2, "Clients/Other": 2, "Agency": 2, "(none)": 1,
    }  # fmt: skip
    one = bitwarden(
        bitwarden_login("A", folderId="1"), bitwarden_login("B", folderId="1"), CARD, folders={"1": "Maison"}
    )
    assert read_export(one, "b.json", unlock()).groups == {}


@pytest.mark.parametrize(
    ("named", "services", "folders"),
    [
        (("Clients/Maison & Co",), ["E01", "E11", "E02", "E12"], [None, None, "Web", "Web"]),
        (("maison  & CO",), ["E01", "E11", "E02", "E12"], [None, None, "Web", "Web"]),
        (("Clients/Maison & Co/Web",), ["E02", "E12"], [None, None]),
        (("Agency", "(none)"), ["E04", "E14", "Loose"], [None, None, None]),
        ((), 9, ["Clients/Maison & Co", "Clients/Maison & Co"]),
    ],
)
def test_a_folder_comes_with_those_in_it_and_without_those_around_it(named, services, folders):
    found = imported(many(), groups=named)

    if isinstance(services, int):
        assert len(found.rows) == services
    else:
        assert [row.service for row in found.rows] == services
        assert found.elsewhere == 9 - len(services)
    assert [row.folder for row in found.rows][: len(folders)] == folders


def test_cards_of_other_clients_arent_even_counted():
    assert told(imported(many(), groups=("Maison & Co",))) == ["warning: not taken: cards (1)"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (onepux({"Maison": [onepux_item("A")], "Other": [onepux_item("B")]}), "Maison"),
        (onepux({"All": [onepux_item("A", tags=("maison",)), onepux_item("B", tags=("other",))]}), "maison"),
        (onepux({"All": [onepux_item("A", tags=("maison",)), onepux_item("B", tags=("other",))]}), "#maison"),
        (table(ONEPASSWORD, {"Title": "A", "Password": "x", "Tags": "web,maison"}, {"Title": "B", "Password": "x", "Tags": "web"}), "maison"),
        (table(KEEPASSXC, {"Group": "R/Maison", "Title": "A", "Password": "x"}, {"Group": "R/Other", "Title": "B", "Password": "x"}), "Maison"),
        (table(PROTON, {"type": "login", "name": "A", "password": "x", "vault": "Maison"},
               {"type": "login", "name": "B", "password": "x", "vault": "Other"}), "Maison"),
        (document(group(2, "Maison", entry(7, Title="A", Password="x")), entry(8, Title="B", Password="x")), "Maison"),
        (document(entry(7, "<Tags>Maison</Tags>", Title="A", Password="x"), entry(8, Title="B", Password="x")), "maison"),
        (bitwarden({**bitwarden_login("A"), "collectionIds": ["c2", "c1"]}, bitwarden_login("B", collectionIds=["c2"]),
                   collections=[{"id": "c1", "name": "Maison"}, {"id": "c2", "name": "Staff"}]), "Maison"),
    ],
)  # fmt: skip
def test_vaults_collections_groups_and_tags_are_chosen_as_folders_are(data, named):
    export = read_export(data, "p.bin", unlock())

    assert export.groups
    assert export.has(named)
    assert not export.has("Nobody")
    assert [(row.service, row.folder) for row in taken(export, Choice((named,))).rows] == [("A", None)]


def ref(text: str, number: int) -> str:
    """How an entry shows another's text."""
    return f"{{REF:{text}@I:{number:032X}}}"


AGENCY = document(
    group(2, "Clients", group(3, "Maison", entry(7, Title="A", Password="x")), group(4, "Other", group(
        5, "Web", entry(8, Title="B", Password="x")))),
    group(6, "Web", entry(9, Title="C", Password="x")), group(7, "Old", group(8, "Maison", entry(10, Title="D", Password="x"))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("named", "folders", "taken_"),
    [
        ("Clients/Maison", ["Clients/Maison"], ["A"]),
        ("web", ["Web"], ["C"]),
        ("Other/Web", ["Clients/Other/Web"], ["B"]),
        ("Maison", ["Clients/Maison", "Old/Maison"], ["A", "D"]),
    ],
)
def test_a_folder_that_is_spelt_out_is_no_other_and_a_name_of_several_is_told(named, folders, taken_):
    export = read_export(AGENCY, "p.xml", unlock())

    assert export.folders(named) == folders
    assert [row.service for row in taken(export, Choice((named,))).rows] == taken_


@pytest.mark.parametrize(
    ("borrower", "why"),
    [
        (ref("P", 8), "it shows texts of an entry that wasn't chosen"),
        ("a " + ref("N", 9), "it shows texts of an entry that wasn't chosen"),
        (ref("P", 10), ""),
        (ref("T", 7), ""),
    ],
    ids=["of another client's", "through an entry of the client's", "of the client's", "of its own"],
)
def test_what_an_entry_borrows_from_another_client_doesnt_come_along_unasked(borrower, why):
    data = document(
        group(2, "Maison", entry(7, Title="A", Password=borrower), entry(10, Title="C", Password="y"),
              entry(9, Title="D", Notes=ref("P", 8), Password="z")),
        group(3, "Other", entry(8, Title="B", Password="canary-of-another")),
    )  # fmt: skip
    export = read_export(data, "p.xml", unlock())
    choice = Choice(("Maison",))

    assert set_aside(export, choice).get("A", "") == why
    assert "D" in set_aside(export, choice)
    assert "canary-of-another" not in str([whole(row) for row in taken(export, choice).rows])
    everything = [row.service for row in taken(export, Choice()).rows]
    assert everything == ["A", "C", "D", "B"]


OWN = own_domains(["bonjour@atelier-rivage.example", "www.rivage.example", "claire@gmail.com", None, "x"])


def test_the_agencys_domains_are_its_own_alone():
    assert {"atelier-rivage.example", "rivage.example"} == OWN


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"note": "Ne pas transmettre au client"}, "its note says not to pass it on"),
        ({"note": "À ne pas communiquer !"}, "its note says not to pass it on"),
        ({"note": "code 12\nDON’T PASS ON"}, "its note says not to pass it on"),
        ({"note": "please do not share this"}, "its note says not to pass it on"),
        ({"note": "internal use only"}, "its note says not to pass it on"),
        ({"url": "https://mail.atelier-rivage.example/x"}, "it signs in at the agency's own domain"),
        ({"url": "rivage.example"}, "it signs in at the agency's own domain"),
        ({"url": "https://not-rivage.example"}, ""),
        ({"url": "https://shop.example", "note": "pass on to Bob; international interne"}, ""),
    ],
)
def test_what_may_not_be_for_the_client_is_set_aside(row, why):
    export = read_export(table(CHROME, {"name": "A", "username": "ann", "password": "x", **row}), "p.csv", unlock())
    choice = Choice(domains=OWN)

    assert set_aside(export, choice) == ({"A": why} if why else {})
    assert told(taken(export, choice)) == ([f"warning: isn't taken: {why}"] if why else [])
    assert len(taken(export, choice).rows) == (0 if why else 1)
    assert len(taken(export, choice._replace(doubtful=("a",))).rows) == 1


def test_an_address_at_the_agency_is_told():
    rows = [
        {"name": "A", "username": "web@rivage.example", "password": "x"},
        {"name": "B", "username": "ann@gmail.com", "password": "x"},
    ]
    found = imported(table(CHROME, *rows), domains=OWN)

    assert len(found.rows) == 2
    assert [(finding.rule, finding.location.line) for finding in found.findings] == [("vault.agency-address", 2)]


# What is refused


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (bitwarden_protected(b"{}", passphrase="other"), WrongPassphrase, "doesn't open p.bin"),
        (bitwarden_protected(b"{}", data="2.AAAA|AAAA|AAAA"), DamagedFile, "damaged or was altered"),
        (bitwarden_protected(b"no"), DamagedFile, "isn't whole"),
        (bitwarden_protected(b"{}", kdfIterations=10**9), DamagedFile, "costs too much"),
        (bitwarden_protected(b"{}", argon=True, kdfMemory=4096), DamagedFile, "costs too much"),
        (bitwarden_protected(b"{}", kdfType=7), DamagedFile, "what can't be"),
        (b'{"encrypted": true, "data": "2.x"}', DamagedFile, "encrypted for one Bitwarden account"),
        (b'{"encrypted": false, "items": [], "items": []}', DamagedFile, "isn't whole"),
        (b'{"encrypted": false, "items": ' + b"[" * 100_000, DamagedFile, "isn't whole"),
        (zipped(export__attributes="{}", export__data="no"), DamagedFile, "isn't whole"),
        (zipped(Proton_B_Pass_S_data__pgp="x"), DamagedFile, "encrypted with PGP"),
        (document().replace(b"<Meta>", b"<Meta"), DamagedFile, "not well-formed"),
        (struct.pack("<IIHH", 0x9AA2D903, 0xB54BFB65, 0, 1), DamagedFile, "KeePass 1 database"),
    ],
)  # fmt: skip
def test_an_export_that_cant_be_read_is_refused_clearly(data, error, message):
    with pytest.raises(error, match=message) as caught:
        imported(data, "p.bin")
    assert "p.bin" in str(caught.value)
    assert PASSPHRASE not in str(caught.value) + caught.value.hint


LONG = "n" * 1_000_000
BORROWING = ref("N", 9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: zipped(export__data=" " * 5_000_000), "export.data is larger than 4 MB"),
        (lambda: zipped(export__data="[" + "[]," * 600_000 + "0]"), "has more than 500,"),
        (lambda: kdbx(Kind(), document(" " * 5_000_000), passphrase=PASSPHRASE), "holds more than 4 MB"),
        (lambda: kdbx(Kind(), document("<a/>" * 600_000), passphrase=PASSPHRASE), "has more than 500,"),
        (lambda: document(entry(9, Notes=LONG), entry(8, Notes=BORROWING * 20)), "borrow more than 10,000,000 characters"),
        (lambda: document(entry(9, Notes=LONG), *(entry(n, Notes=BORROWING) for n in range(10, 25))), "borrow more than"),
        (lambda: document(entry(9, Notes=BORROWING * 30)), "borrow more than"),
        (lambda: document(group(2, LONG, entry(9, Title="A"))), "their names have more than 1,000 characters"),
        (lambda: document("<Group>" * 100, entry(9, Title="A"), "</Group>" * 100), "more than 64 folders deep"),
        (lambda: onepux({LONG: [onepux_item("A")]}), "their names have more than 1,000 characters"),
        (lambda: bitwarden({**bitwarden_login("A"), "folderId": "f"}, folders={"f": "/" * 100_000}), "64 folders deep"),
    ],
)  # fmt: skip
def test_what_would_grow_out_of_all_proportion_is_refused(make, message):
    with pytest.raises(DamagedFile, match=message):
        imported(make(), "p.bin")


ALIKE = [{"title": "PIN", "id": "pin", "value": {"string": str(number)}} for number in range(6_000)]


@pytest.mark.parametrize(
    ("data", "rows", "messages"),
    [
        (onepux({"A": [onepux_item("Shop", number=number) for number in range(3_000)]}), 1,
         {"not taken: entries that are there twice (2999)"}),
        (bitwarden(*(bitwarden_login("Shop", str(number)) for number in range(3_000))), 3_000, set()),
        (bitwarden(*(bitwarden_login(LONG, str(number)) for number in range(3))), 0,
         {"the row has no service", "service: is longer than the 32,767 characters that a cell holds"}),
        (onepux({"A": [onepux_item("Shop", sections=ALIKE)]}), 0,
         {"fields: is longer than the 32,767 characters that a cell holds"}),
        (b"<pre>url,username,password," * 30_000, 0, {"this row has 1,000 cells or more"}),
        (b"<pre" * 200_000, 0, {"is a web page or XML, not a table"}),
        (b"service,password" + b",zz zz" * 20_000 + b"\na,b\n", 0, {"this row has 1,000 cells or more"}),
        (b"service,password" + b",zz zz" * 300 + b"\na,b\n", 0, {"the header has more than 200 columns"}),
    ],
)  # fmt: skip
def test_names_that_are_alike_or_long_cost_no_more_than_others(data, rows, messages):
    found = imported(data, "p.bin")

    assert len(found.rows) == rows
    assert len({row.service for row in found.rows}) == rows
    assert {finding.message for finding in found.findings} == messages


ODD = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3)
                   | st.dictionaries(st.sampled_from(["items", "type", "login", "uris", "fields", "folders", "id", "vaults", "accounts",
                                                      "details", "sections", "value", "totp", "overview", "data", "content"]), inner, max_size=4), max_leaves=25)  # fmt: skip


@given(ODD)
def test_no_shape_of_json_makes_a_reader_fail(value):
    trees = (
        json.dumps({"encrypted": False, "items": [value], "folders": value}).encode(),
        onepux({"A": [value]}),
        proton({"A": [value]}),
        zipped(export__data=json.dumps(value)),
        zipped(Proton_B_Pass_S_data__json=json.dumps(value)),
    )
    for data in trees:
        try:
            imported(data, "p.bin")
        except HandoverError:
            continue


@pytest.mark.parametrize("known", FILES)
def test_no_value_of_an_export_is_ever_in_a_message(known):
    canary = "canary-\x07"
    rows = {
        "bitwarden": bitwarden(bitwarden_login("A", canary, notes=canary)),
        "chrome": table(CHROME, {"username": canary, "password": canary}),
    }
    for data in rows.values():
        found = imported(data)
        assert {str(finding.severity) for finding in found.findings} == {"error"}
        assert "canary" not in str(found.findings)
    damaged = bytearray(FILES[known])
    damaged[len(damaged) // 2] ^= 0xFF
    try:
        said = str(imported(bytes(damaged), "p.bin").findings)
    except HandoverError as error:
        said = str(error) + error.hint
    assert SECRET not in said


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12)), max_size=5))
def test_custom_fields_are_read_back_as_they_were(fields):
    text = write_fields(fields)
    found = read_fields(text) if text else ()

    values = [value.replace("\r\n", "\n").replace("\r", "\n") for _, value in fields if value.strip()]
    assert [value for _, value in found] == values
    assert len({name for name, _ in found}) == len(found)


def test_a_cell_of_fields_that_people_typed_wrong_is_told():
    found = imported(b"service,password,fields\nA,x,canary\nB,x,PIN: 1\n", "p.csv")

    assert [finding.message for finding in found.findings] == ["fields: a line isn't `name: value`"]
