"""The CSV formats of password managers, as declared data.

Role: names each program's columns (gathered from its documentation and the sources of importers and exporters) and
says which rows are no sign-ins. Formats that share their first columns stand in order: those that need more come first.
"""

from collections.abc import Mapping
from typing import Final

from handover.importers.credentials.base import CsvFormat, Values

_KINDS: Final[Mapping[str, str]] = {
    "note": "secure notes", "secure note": "secure notes", "securenote": "secure notes",
    "card": "cards", "creditcard": "cards", "credit_card": "cards", "credit card": "cards",
    "identity": "identities", "alias": "aliases of e-mail addresses", "passkey": "passkeys", "sshkey": "SSH keys",
    "ssh key": "SSH keys", "document": "documents", "wifi": "wireless networks",
}  # fmt: skip


def _columns(**ours: str) -> dict[str, tuple[str, ...]]:
    return {column: tuple(names.split("|")) for column, names in ours.items()}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


def _lastpass(row: Values) -> str:
    """LastPass gives its notes the address `http://sn`; a note with a type in `extra` is a card, an identity …"""
    return "secure notes" if row.get("url", "").strip().casefold() == "http://sn" else ""


def _nordpass(row: Values) -> str:
    if row.get("password"):
        return ""
    return "cards" if row.get("cardnumber") else "identities" if row.get("full_name") else ""


FORMATS: Final[tuple[CsvFormat, ...]] = (
    CsvFormat(
        "Bitwarden", _names("name|login_uri|login_username|login_password"),
        _columns(service="name", url="login_uri", user_name="login_username", password="login_password",
                 totp_secret="login_totp", note="notes"),
        noted=("fields",), kinds=_KINDS,
        ignored=_names("folder|collections|favorite|reprompt|archiveddate|organizationid|id"),
    ),
    CsvFormat(
        "LastPass", _names("url|username|password|extra|name|grouping"),
        _columns(service="name", url="url", user_name="username", password="password", totp_secret="totp",
                 note="extra"),
        ignored=_names("grouping|fav"), none=_names("http://|https://"), not_a_login=_lastpass,
        escapes=True,
    ),
    CsvFormat(
        "Dashlane", _names("username|username2|title|password|url"),
        _columns(service="title", url="url", user_name="username|username2|username3", password="password",
                 totp_secret="otpurl|otpsecret|otp", note="note"),
        noted=("username2", "username3"), ignored=_names("category"), none=_names("null"),
    ),
    CsvFormat(
        "Firefox", _names("url|username|password|httprealm|formactionorigin"),
        _columns(url="url", user_name="username", password="password"),
        ignored=_names("httprealm|formactionorigin|guid|timecreated|timelastused|timepasswordchanged"),
    ),
    CsvFormat(
        "Proton Pass", _names("type|name|url|password|vault"),
        _columns(service="name", url="url", user_name="username|email", password="password", totp_secret="totp",
                 note="note"),
        noted=("email",), kinds=_KINDS, ignored=_names("createtime|modifytime|vault|autofillurls"),
    ),
    CsvFormat(
        "NordPass", _names("name|url|username|password|cardnumber"),
        _columns(service="name", url="url", user_name="username|email", password="password", note="note",
                 totp_secret="totp|otp"),
        noted=("additional_urls", "custom_fields"), kinds=_KINDS, not_a_login=_nordpass,
        ignored=_names("cardholdername|cardnumber|cvc|pin|expirydate|zipcode|folder|full_name|phone_number|email|address1"
                       "|address2|city|country|state"),
    ),
    CsvFormat(
        "KeePassXC", _names("group|title|username|password|url|notes"),
        _columns(service="title", url="url", user_name="username", password="password", totp_secret="totp",
                 note="notes"),
        ignored=_names("group|icon|last modified|created"),
    ),
    CsvFormat(
        "KeePass", _names("account|login name|password|web site"),
        _columns(service="account", url="web site", user_name="login name", password="password", note="comments"),
    ),
    CsvFormat(
        "1Password", _names("title|username|password|archived"),
        _columns(service="title", url="url|website", user_name="username", password="password",
                 totp_secret="otpauth", note="notes"),
        ignored=_names("favorite|archived|tags"),
    ),
    CsvFormat(
        "RoboForm", _names("name|url|login|pwd"),
        _columns(service="name", url="url", user_name="login", password="pwd", note="note"),
        noted=("rf_fields", "rffieldsv2"), ignored=_names("matchurl|folder|favorite"),
    ),
    CsvFormat(
        "Apple Passwords or an older 1Password", _names("title|url|username|password"),
        _columns(service="title", url="url", user_name="username", password="password", totp_secret="otpauth",
                 note="notes"),
    ),
    CsvFormat(
        "Chrome, Edge or another browser", _names("name|url|username|password"),
        _columns(service="name", url="url", user_name="username", password="password", note="note|notes"),
    ),
    CsvFormat(
        "", _names("service|username|password"),  # the vault's own columns under other names
        _columns(service="service", url="url|website|web site|address", user_name="username",
                 password="password", totp_secret="totp|otp|otpauth", note="note|notes|comments"),
        exact=True,
    ),
)  # fmt: skip
