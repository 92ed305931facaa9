"""The CSV formats of password managers, as declared data.

Role: names each program's columns (gathered from its documentation and the sources of importers and exporters) and
says which rows are no sign-ins. Formats that share their first columns stand in order: those that need more come first.
"""

import re
from collections.abc import Mapping
from typing import Final

from handover.importers.credentials.base import CsvFormat, Values
from handover.model.message import msg

_KINDS: Final[Mapping[str, str]] = {
    "note": msg("secure notes"),
    "secure note": msg("secure notes"),
    "securenote": msg("secure notes"),
    "card": msg("cards"),
    "creditcard": msg("cards"),
    "credit_card": msg("cards"),
    "credit card": msg("cards"),
    "identity": msg("identities"),
    "alias": msg("aliases of e-mail addresses"),
    "passkey": msg("passkeys"),
    "sshkey": msg("SSH keys"),
    "ssh key": msg("SSH keys"),
    "address": msg("identities"),
    "passport": msg("identities"),
    "driver's license": msg("identities"),
    "social security": msg("identities"),
    "bank account": msg("bank accounts"),
    "wi-fi password": msg("wireless networks"),
    "document": msg("documents"),
    "wifi": msg("wireless networks"),
}


def _columns(**ours: str) -> dict[str, tuple[str, ...]]:
    return {column: tuple(names.split("|")) for column, names in ours.items()}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_ROBOFORM: Final = ("rf_fields", "rffieldsv2")
_LASTPASS_NOTES: Final = re.compile(r"NoteType:\s*([^\n]*)")


def _lastpass(row: Values) -> str:
    """LastPass gives its notes the address `http://sn`; a note with a type in `extra` is a card, an identity …"""
    if row.get("url", "").strip().casefold() != "http://sn":
        return ""
    told = _LASTPASS_NOTES.match(row.get("extra", ""))
    return _KINDS.get(told[1].strip().casefold(), msg("secure notes")) if told else msg("secure notes")


def _nordpass(row: Values) -> str:
    if row.get("password"):
        return ""
    return msg("cards") if row.get("cardnumber") else msg("identities") if row.get("full_name") else ""


FORMATS: Final[tuple[CsvFormat, ...]] = (
    CsvFormat(
        "bitwarden-csv", "Bitwarden", _names("folder|name|login_uri|login_username|login_password"),
        _columns(service="name", url="login_uri", user_name="login_username", password="login_password",
                 totp_secret="login_totp", note="notes"),
        msg("Tools, Export vault: .csv (better .json, which keeps what a field is)"),
        fields="fields", kinds=_KINDS, folder=("folder", "/"),
        ignored=_names("favorite|reprompt|archiveddate|organizationid|id"),
    ),
    CsvFormat(
        "bitwarden-organisation-csv", msg("Bitwarden (organisation)"),
        _names("collections|name|login_uri|login_password"),
        _columns(service="name", url="login_uri", user_name="login_username", password="login_password",
                 totp_secret="login_totp", note="notes"),
        msg("Tools, Export vault: .csv of the organisation"),
        fields="fields", kinds=_KINDS, folder=("collections", "/"),
        ignored=_names("favorite|reprompt|archiveddate|organizationid|id"),
    ),
    CsvFormat(
        "lastpass", "LastPass", _names("url|username|password|extra|name|grouping"),
        _columns(service="name", url="url", user_name="username", password="password", totp_secret="totp",
                 note="extra"),
        msg("Advanced options, Export"),
        folder=("grouping", "\\"), ignored=_names("fav"), none=_names("http://|https://|(none)"), not_a_login=_lastpass,
        escapes=True,
    ),
    CsvFormat(
        "dashlane", "Dashlane", _names("username|username2|title|password|url"),
        _columns(service="title", url="url", user_name="username|username2|username3", password="password",
                 totp_secret="otpurl|otpsecret|otp", note="note"),
        msg("Settings, Export data: credentials.csv of the zip"),
        noted=("username2", "username3"), folder=("category", "/"), none=_names("null"),
    ),
    CsvFormat(
        "firefox", "Firefox", _names("url|username|password|httprealm|formactionorigin"),
        _columns(url="url", user_name="username", password="password"),
        msg("Passwords, ⋯, Export passwords"),
        ignored=_names("httprealm|formactionorigin|guid|timecreated|timelastused|timepasswordchanged"),
    ),
    CsvFormat(
        "proton-csv", "Proton Pass", _names("type|name|url|password|vault"),
        _columns(service="name", url="url|autofillurls", user_name="username|email", password="password",
                 totp_secret="totp", note="note"),
        msg("Settings, Export: CSV"),
        noted=("email",), kinds=_KINDS, folder=("vault", "\0"), ignored=_names("createtime|modifytime|autofillurls"),
    ),
    CsvFormat(
        "nordpass", "NordPass", _names("name|url|username|password|cardnumber"),
        _columns(service="name", url="url", user_name="username|email", password="password", note="note",
                 totp_secret="totp|otp"),
        msg("Settings, Export items"),
        noted=("additional_urls", "custom_fields"), kinds=_KINDS, not_a_login=_nordpass, folder=("folder", "/"),
        ignored=_names("cardholdername|cardnumber|cvc|pin|expirydate|zipcode|full_name|phone_number|email|address1"
                       "|address2|city|country|state"),
    ),
    CsvFormat(
        "keepassxc-csv", "KeePassXC", _names("group|title|username|password|url|notes"),
        _columns(service="title", url="url", user_name="username", password="password", totp_secret="totp",
                 note="notes"),
        msg("Database, Export, CSV file"),
        folder=("group", "/"), outermost=True, ignored=_names("icon|last modified|created"),
    ),
    CsvFormat(
        "keepass-csv", "KeePass", _names("account|login name|password|web site"),
        _columns(service="account", url="web site", user_name="login name", password="password", note="comments"),
        msg("File, Export: KeePass CSV (better: the database itself)"),
    ),
    CsvFormat(
        "1password-csv", "1Password", _names("title|username|password|archived"),
        _columns(service="title", url="url|website", user_name="username", password="password",
                 totp_secret="otpauth", note="notes"),
        msg("File, Export: CSV (better 1PUX, which keeps custom fields)"),
        tags="tags", ignored=_names("favorite|archived"),
    ),
    CsvFormat(
        "roboform", "RoboForm", _names("name|url|login|pwd"),
        _columns(service="name", url="url", user_name="login", password="pwd", note="note"),
        msg("Options, Account & data, Export"),
        noted=_ROBOFORM, spills=_ROBOFORM, folder=("folder", "/"), ignored=_names("matchurl|favorite"),
    ),
    CsvFormat(
        "apple", msg("Apple Passwords or an older 1Password"), _names("title|url|username|password"),
        _columns(service="title", url="url", user_name="username", password="password",
                 totp_secret="otpauth|one-time password", note="notes"),
        msg("Passwords, File, Export all passwords"),
    ),
    CsvFormat(
        "chrome", msg("Chrome, Edge or another browser"), _names("name|url|username|password"),
        _columns(service="name", url="url", user_name="username", password="password", note="note|notes"),
        msg("Password manager, Settings, Export passwords"),
    ),
    CsvFormat(
        "table", "", _names("service|username|password"),  # the vault's own columns under other names
        _columns(service="service", url="url|website|web site|address", user_name="username",
                 password="password", totp_secret="totp|otp|otpauth", note="note|notes|comments"),
        msg("a table with the columns service, username and password"),
        exact=True,
    ),
)  # fmt: skip
