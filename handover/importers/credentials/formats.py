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
    word: kind
    for kind, words in {
        msg("secure notes"): "note|secure note|securenote",
        msg("cards"): "card|creditcard|credit_card|credit card",
        msg("identities"): "identity|address|passport|driver's license|social security",
        msg("aliases of e-mail addresses"): "alias",
        msg("passkeys"): "passkey",
        msg("SSH keys"): "sshkey|ssh key",
        msg("bank accounts"): "bank account",
        msg("wireless networks"): "wi-fi password|wifi",
        msg("documents"): "document",
    }.items()
    for word in words.split("|")
}


_USUAL: Final = {"service": "name", "url": "url", "user_name": "username", "password": "password"}


def _columns(**ours: str) -> dict[str, tuple[str, ...]]:
    """Column of ours → headers: those given here, and what nearly all programs call the others."""
    return {column: tuple(names.split("|")) for column, names in {**_USUAL, **ours}.items() if names}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_BITWARDEN: Final = _columns(
    url="login_uri", user_name="login_username", password="login_password", totp_secret="login_totp", note="notes"
)
_BITWARDEN_IGNORED: Final = _names("favorite|reprompt|archiveddate|organizationid|id")
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
        "bitwarden-csv", "Bitwarden", _names("folder|name|login_uri|login_username|login_password"), _BITWARDEN,
        msg("Tools, Export vault: .csv (better .json, which keeps what a field is)"),
        fields="fields", kinds=_KINDS, folder=("folder", "/"), ignored=_BITWARDEN_IGNORED,
    ),
    CsvFormat(
        "bitwarden-organisation-csv", msg("Bitwarden (organisation)"),
        _names("collections|name|login_uri|login_password"), _BITWARDEN,
        msg("Tools, Export vault: .csv of the organisation"),
        fields="fields", kinds=_KINDS, folder=("collections", "/"), ignored=_BITWARDEN_IGNORED,
    ),
    CsvFormat(
        "lastpass", "LastPass", _names("url|username|password|extra|name|grouping"),
        _columns(totp_secret="totp", note="extra"), msg("Advanced options, Export"),
        folder=("grouping", "\\"), ignored=_names("fav"), none=_names("http://|https://|(none)"), not_a_login=_lastpass,
        escapes=True,
    ),
    CsvFormat(
        "dashlane", "Dashlane", _names("username|username2|title|password|url"),
        _columns(service="title", user_name="username|username2|username3", totp_secret="otpurl|otpsecret|otp",
                 note="note"),
        msg("Settings, Export data: credentials.csv of the zip"),
        noted=("username2", "username3"), folder=("category", "/"), none=_names("null"),
    ),
    CsvFormat(
        "firefox", "Firefox", _names("url|username|password|httprealm|formactionorigin"), _columns(service=""),
        msg("Passwords, ⋯, Export passwords"),
        ignored=_names("httprealm|formactionorigin|guid|timecreated|timelastused|timepasswordchanged"),
    ),
    CsvFormat(
        "proton-csv", "Proton Pass", _names("type|name|url|password|vault"),
        _columns(url="url|autofillurls", user_name="username|email", totp_secret="totp", note="note"),
        msg("Settings, Export: CSV"),
        noted=("email",), kinds=_KINDS, folder=("vault", "\0"), ignored=_names("createtime|modifytime|autofillurls"),
    ),
    CsvFormat(
        "nordpass", "NordPass", _names("name|url|username|password|cardnumber"),
        _columns(user_name="username|email", note="note", totp_secret="totp|otp"), msg("Settings, Export items"),
        noted=("additional_urls", "custom_fields"), kinds=_KINDS, not_a_login=_nordpass, folder=("folder", "/"),
        ignored=_names("cardholdername|cardnumber|cvc|pin|expirydate|zipcode|full_name|phone_number|email|address1"
                       "|address2|city|country|state"),
    ),
    CsvFormat(
        "keepassxc-csv", "KeePassXC", _names("group|title|username|password|url|notes"),
        _columns(service="title", totp_secret="totp", note="notes"), msg("Database, Export, CSV file"),
        folder=("group", "/"), outermost=True, ignored=_names("icon|last modified|created"),
    ),
    CsvFormat(
        "keepass-csv", "KeePass", _names("account|login name|password|web site"),
        _columns(service="account", url="web site", user_name="login name", note="comments"),
        msg("File, Export: KeePass CSV (better: the database itself)"),
    ),
    CsvFormat(
        "1password-csv", "1Password", _names("title|username|password|archived"),
        _columns(service="title", url="url|website", totp_secret="otpauth", note="notes"),
        msg("File, Export: CSV (better 1PUX, which keeps custom fields)"),
        tags="tags", ignored=_names("favorite|archived"),
    ),
    CsvFormat(
        "roboform", "RoboForm", _names("name|url|login|pwd"), _columns(user_name="login", password="pwd", note="note"),
        msg("Options, Account & data, Export"),
        noted=_ROBOFORM, spills=_ROBOFORM, folder=("folder", "/"), ignored=_names("matchurl|favorite"),
    ),
    CsvFormat(
        "apple", msg("Apple Passwords or an older 1Password"), _names("title|url|username|password"),
        _columns(service="title", totp_secret="otpauth|one-time password", note="notes"),
        msg("Passwords, File, Export all passwords"),
    ),
    CsvFormat(
        "chrome", msg("Chrome, Edge or another browser"), _names("name|url|username|password"),
        _columns(note="note|notes"), msg("Password manager, Settings, Export passwords"),
    ),
    CsvFormat(
        "table", "", _names("service|username|password"),  # the vault's own columns under other names
        _columns(service="service", url="url|website|web site|address", totp_secret="totp|otp|otpauth",
                 note="note|notes|comments"),
        msg("a table with the columns service, username and password"), exact=True,
    ),
)  # fmt: skip
