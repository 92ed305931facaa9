"""The CSV formats of password managers, as declared in formats.toml.

Role: makes each declaration a format, and says which rows are no sign-ins where only their values tell. Formats that
share their first columns stand in order: those that need more come first.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from handover.importers.credentials.base import CsvFormat, Values
from handover.model.message import literal, msg

_KINDS: Final[Mapping[str, str]] = {
    word: kind
    for kind, words in {
        msg("secure notes"): "note|secure note|securenote",
        msg("cards"): "card|creditcard|credit_card|credit card|wallet.financial.creditcard",
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
"""What nearly all programs call these columns."""
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


_CHECKS: Final = {"": lambda _: "", "lastpass": _lastpass, "nordpass": _nordpass}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _format(given: dict[str, Any]) -> CsvFormat:
    """A format from its declaration, whose other keys are the format's as they are."""
    columns = {**_USUAL, **given.pop("columns", {})}
    folder, between = given.pop("folder", ("", "/"))
    return CsvFormat(
        title=literal(given.pop("title")),
        help=literal(given.pop("help")),
        needs=frozenset(_names(given.pop("needs"))),
        columns={column: _names(headers) for column, headers in columns.items() if headers},
        noted=_names(given.pop("noted", "")),
        spills=_names(given.pop("spills", "")),
        unheaded=_names(given.pop("unheaded", "")),
        ignored=frozenset(_names(given.pop("ignored", ""))),
        none=frozenset(_names(given.pop("none", ""))),
        folder=(folder, between),
        kinds=_KINDS if given.pop("kinds", False) else {},
        not_a_login=_CHECKS[given.pop("check", "")],
        **given,
    )


FORMATS: Final = tuple(
    map(_format, tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))["format"])
)
"""In the order in which a header is asked whether it is one's."""
