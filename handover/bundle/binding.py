"""What a signature in a document binds: which document this is, whose, and the facts that it states.

Role: writes and reads the small JSON document that sits, signed, inside a signed document, and compares two of them by
the names that a person would use (docs/format.md, 8.7). Facts are those of the document's own date (`facts` gathers
them). Looks, template and program aren't facts: a difference there is told, and is no reason to refuse. It signs
nothing, knows no project and reads nothing from disk.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from handover.bundle.record import printable_line
from handover.model.errors import BundleError
from handover.model.message import joined, msg

VERSION = 1
_FACTS = {
    "agency": msg("the agency's details (agency)"),
    "owners": msg("the owners' details (owners)"),
    "client": msg("the client's details (client)"),
    "contract": msg("the contract (contract)"),
    "letter": msg("the letter's own section (letter)"),
    "options": msg("the currency, the passphrase's channel or the late fee note (options)"),
    "locale": msg("the language or locale"),
    "invoices": msg("the invoices (data/invoices)"),
    "enclosures": msg("the list of what is attached"),
}
_LOOKS = {
    "brand": msg("the logo or the colour"),
    "template": msg("the letter's template or its words"),
    "program": msg("the version of handover"),
}
_PROJECT = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")


class Kind(StrEnum):
    """What a signed document is: one kind never passes for another."""

    LETTER = "letter"
    NOTICE = "notice"


class Said(NamedTuple):
    """What the letter says of what matters most, as it prints it: shown to an owner before they sign."""

    recipient: tuple[str, ...]
    """The client's name, then the person's where there is one."""
    date: str
    """The letter's own."""
    last_working_day: str
    sums: tuple[str, ...]
    """What remains to be paid in all, as printed."""
    currency: str = ""
    """Its symbol, where it stands apart from the sums."""


class Bound(NamedTuple):
    """A binding that was read: its kind, project, date, what it says in short, and its digests by part."""

    kind: str
    project: str
    date: str
    made: str
    """The day of the bundle that it was made for; of a document sent alone, its own."""
    said: Said
    facts: Mapping[str, str]
    looks: Mapping[str, str]


def write_binding(
    kind: Kind, project: str, day: date, made: date, said: Said, facts: Mapping[str, Any], looks: Mapping[str, Any]
) -> bytes:
    """The binding of a document of `project` (the client's id) and of `day`, in a bundle of the day `made`, as
    canonical JSON in UTF-8.

    Of `facts` and `looks`, plain values by part, it holds digests; of `said`, the words.
    """
    days = {"date": day.isoformat(), "made": made.isoformat()}
    about = {"format": VERSION, "kind": kind.value, "project": project, **days}
    shown = {
        "date": printable_line(said.date),
        "recipient": [printable_line(line) for line in said.recipient],
        "last_working_day": printable_line(said.last_working_day),
        "sums": [printable_line(line) for line in said.sums],
        "currency": printable_line(said.currency),
    }
    digests = {"facts": _digests(facts, _FACTS), "looks": _digests(looks, _LOOKS)}
    return _canonical({**about, "said": shown, **digests})


def read_binding(binding: bytes, place: str) -> Bound:
    """The binding that a letter holds; `place` names the letter. Raises BundleError (8.7) for what isn't one."""
    try:
        value = json.loads(binding.decode("utf-8"))
        said = value["said"]
        bound = Bound(
            kind=_line(value["kind"]),
            project=_line(value["project"]),
            date=date.fromisoformat(value["date"]).isoformat(),
            made=date.fromisoformat(value["made"]).isoformat(),
            said=Said(
                tuple(_line(line) for line in said["recipient"]),
                _line(said["date"]),
                _line(said["last_working_day"]),
                tuple(_line(line) for line in said["sums"]),
                _line(said["currency"]),
            ),
            facts={part: _line(value["facts"][part]) for part in _FACTS},
            looks={part: _line(value["looks"][part]) for part in _LOOKS},
        )
        good = type(value["format"]) is int and value["format"] == VERSION and _PROJECT.fullmatch(bound.project)
    except (ValueError, TypeError, KeyError, RecursionError):
        good = None
    if not good:
        raise BundleError(
            msg("what binds it to its project isn't in the form that docs/format.md gives"), entry=place, clause="8.7"
        )
    return bound


def _line(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1_000 or not value.isprintable():
        raise ValueError("not one printable line")
    return value


def check_kind(bound: Bound, kind: Kind, project: str, place: str) -> None:
    """Refuse a document of another kind, or of another project. Raises BundleError (8.7)."""
    if bound.kind != kind.value:
        raise BundleError(
            msg("it was made as a {kind}, not as a {value}", kind=bound.kind, value=kind.value),
            entry=place,
            clause="8.7",
        )
    if bound.project != project:
        raise BundleError(
            msg("it is of the project {project}, not of {expected}", project=bound.project, expected=project),
            entry=place,
            clause="8.7",
            hint=msg("this letter was put here from elsewhere: ask its signer for the right one, by another way"),
        )


def compare(signed: bytes, current: bytes, place: str) -> tuple[str, ...]:
    """What has changed in looks, template or program since a document was made, in words: to be told.

    Raises BundleError, naming what changed, when the facts of its date are no longer those that the project says.
    """
    was, now = read_binding(signed, place), read_binding(current, place)
    changed = [words for part, words in _FACTS.items() if was.facts[part] != now.facts[part]]
    if (was.kind, was.project) != (now.kind, now.project):
        changed.insert(0, msg("the project itself"))
    if changed:
        raise BundleError(
            msg("the project has changed since this letter was written: {changed}", changed=joined("; ", changed)),
            entry=place,
            hint=msg("write it again with `handover write {kind}`, have it read, then sign that file", kind=now.kind),
        )
    return tuple(words for part, words in _LOOKS.items() if was.looks[part] != now.looks[part])


def _digests(values: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, str]:
    return {part: hashlib.sha256(_canonical(values[part])).hexdigest() for part in parts}


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
