"""What papers say as handover.yaml and people need it: lines of an address, where a value comes from, whose it is.

Role: small pure steps of a proposal, each with its own cases. They decide nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from handover.intake.exports import own_words
from handover.intake.prose import date_of
from handover.intake.seen import File, Invoice, Kind, Mail, Origin
from handover.model.message import msg
from handover.project.leaks.names import COMMON

_COUNTY: Final = re.compile(
    r"\w+shire|(?:East|West|North|South|Greater|County)\s\w+|Kent|Essex|Surrey|Norfolk|Suffolk|Devon|Cornwall|Dorset|"
    r"Somerset|Northumberland|Cumbria|Merseyside|Rutland|Tyne and Wear"
)
"""What may stand between a British town and its postcode."""
_ADDRESSEE: Final = re.compile(
    r"\b(?:client|customer|destinataire|doit|(?:factur|adress)ée?\sà|(?:bill(?:ed)?|invoice)\sto)\s?:?\s(.{1,80})",
    re.IGNORECASE,
)
_SHOWN: Final = 70
"""Characters of a sentence that are shown."""
_SHORTEST: Final = 5
"""Letters below which capitals may be how a name is written: SNCF."""


def origin_text(origin: Origin, language: str) -> str:
    """Where a value comes from, in the file's language: `from contrat.pdf, p. 2: « … »`."""
    place = f", p. {origin.page}" if origin.page else ""
    if language == "fr":
        quoted = f" : « {origin.sentence} »" if origin.sentence else ""
        return f"d’après {origin.file}{place}{quoted}"
    quoted = f": “{origin.sentence}”" if origin.sentence else ""
    return f"from {origin.file}{place}{quoted}"


def reason_of(file: File) -> str:
    """Why a file isn't delivered."""
    if file.kind is Kind.SIGNATURE:
        return msg("a signature: it belongs beside its owner's key")
    return file.why or str(file.kind)


def address_lines(text: str) -> list[str]:
    """A postal address on lines: one before the postcode or the town, as envelopes have them."""
    whole = re.sub(
        r"(?:(?<=^)|(?<=,\s))(\d{1,4}(?:\s?(?:bis|ter))?),\s(?=[^\W\d])", r"\1 ", text
    )  # 4, impasse des Tanneurs
    whole = re.sub(r"(?<=[^\W\d_])\s(?=\d{5}\s[A-ZÉ])", ", ", whole)  # rue de la Paix 67000 Strasbourg
    # Portland, ME 04101: the state stands behind its town.
    return [part.strip() for part in re.split(r",(?!\s?[A-Z]{2}\s\d{5})|\s[–—]\s", whole) if part.strip()][:6]


def as_people_write(name: str, elsewhere: Sequence[str], *, person: bool = False) -> str:
    """A name that a contract has in capitals as other papers write it; a person's (`Loïc KERBRAT`) where none does."""
    loud = [word for word in name.split() if word.isupper() and len(word) > 2]
    if not (loud if person else name.isupper()) or len(name) < _SHORTEST:
        return name
    wanted = name.casefold().replace("’", "'")
    for text in elsewhere:
        at = text.casefold().replace("’", "'").find(wanted)
        found = text[at : at + len(name)] if at >= 0 else ""
        if found and not found.isupper() and found.casefold().replace("’", "'") == wanted:
            return found.replace("'", "’") if "’" in name else found
    return " ".join(word.title() if word in loud else word for word in name.split()) if person else name


def town(lines: Sequence[str]) -> str:
    """The town of an address: `Bordeaux` of `33000 Bordeaux`; empty where the last line doesn't show it."""
    for line in reversed(lines):
        if match := re.fullmatch(r"(?:[A-Z]{1,2}-)?\d{4,5}\s(.+)", line):
            return match[1]
        if match := re.fullmatch(r"(.+?)(?:\s\([^()]{2,20}\)|\s[A-Z]{2})?\s[A-Z]\d[A-Z]\s?\d[A-Z]\d", line):
            return match[1]
        if match := re.fullmatch(r"(.+?),\s[A-Z]{2}\s\d{5}(?:-\d{4})?", line):
            return match[1]
        if match := re.fullmatch(r"(.+?)\s[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}", line):
            above = list(lines[: lines.index(line)])
            return above[-1] if above and _COUNTY.fullmatch(match[1]) else match[1]
    return ""


def is_for(invoice: Invoice, client: str) -> bool:
    """Whether an invoice names this client, with or without its legal form."""
    name = own_words(client)
    while len(name) > 1 and name[-1] in COMMON:
        name.pop()
    return f" {' '.join(name)} " in f" {' '.join(own_words(invoice.buyer))} "


def is_to(invoice: Invoice, agency: str) -> bool:
    """Whether an invoice's own addressee is the agency: a supplier wrote it, whomever it names besides."""
    name = [word for word in own_words(agency) if word not in COMMON]
    return bool(name) and any(
        [word for word in own_words(match[1]) if word not in COMMON][: len(name)] == name
        for match in _ADDRESSEE.finditer(invoice.buyer)
    )


def is_own_logo(path: str, agency: str, client: str) -> bool:
    """Whether a logo's name is the agency's, and not the client's, too."""
    called = f" {' '.join(own_words(path.rpartition('/')[2].replace('_', ' ')))} "
    own, other = ([word for word in own_words(name) if word not in COMMON] for name in (agency, client))
    return bool(own) and f" {' '.join(own)} " in called and not any(f" {word} " in called for word in other)


def with_real_day(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without a due day that is none: what was written for it stays in the export."""
    day = date_of(str(row.get("due_date", "")))
    return {key: value for key, value in row.items() if key != "due_date"} | ({"due_date": day} if day else {})


def brief(sentence: str, value: str = "") -> str:
    """As much of a sentence as is shown beside its value: its beginning, or what begins a little before the value."""
    begins = (
        sentence.rfind(" ", 0, max(0, sentence.casefold().find(value.casefold()) - 20)) + 1
        if len(sentence) > _SHOWN
        else 0
    )
    shown = f"… {sentence[begins:]}" if begins else sentence
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN].rpartition(' ')[0].rstrip(' :«“…')} …"


def is_of(mail: Mail, name: str) -> bool:
    """Whether an e-mail was written by this person."""
    return bool(set(mail.name.casefold().split()) & set(name.casefold().split()))
