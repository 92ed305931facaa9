"""Who writes a letter to whom: the sender, the owners, the recipient, and how they are greeted.

Role: a letter's address, signatures' lines and salutation, taken from the project's settings; the country decides the
layout. What the letter is about is `letter`'s business.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handover.documents.word import short_name
from handover.languages.typography import NO_BREAK_SPACE
from handover.languages.words import Words
from handover.model.parties import Agency, Client, Contact, Owner


class Country(StrEnum):
    """A country whose letters differ from those of the language's main one."""

    BELGIUM = "BE"
    CANADA = "CA"
    SWITZERLAND = "CH"
    OTHER = "other"

    @classmethod
    def of(cls, locale: str) -> "Country":
        """The locale's country, where its letters differ."""
        country = locale.partition("_")[2]
        return cls(country) if country in set(cls) else cls.OTHER


@dataclass(frozen=True, slots=True)
class SenderView:
    """The agency or freelancer."""

    name: str
    """Trading name."""
    address: tuple[str, ...]
    """Postal address, line by line."""
    email: str
    """General e-mail address."""
    phone: str | None
    """General phone number."""
    website: str | None
    """Web site."""
    registration: tuple[str, ...]
    """Legal details for the foot of the page."""


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner, who signs."""

    name: str
    """First and last name."""
    title: str
    """Role."""
    company: str | None
    """The sender's name, unless the sender is this person."""
    email: str
    """Their address, or the agency's."""
    phone: str | None
    """Their direct line, or the agency's number."""


@dataclass(frozen=True, slots=True)
class RecipientView:
    """The client."""

    company: str
    """The client's name."""
    short_company: str
    """The client's name, shortened where it wouldn't fit into a footer."""
    name: str | None
    """The person addressed, with "M." or "Mme" where the salutation says so; absent when this is the client."""
    role: str | None
    """Their role."""
    address: tuple[str, ...]
    """Postal address, line by line."""


def sender_of(agency: Agency) -> SenderView:
    """The sender as the letterhead names them."""
    return SenderView(agency.name, agency.address, agency.email, agency.phone, agency.website, agency.registration)


def owner_of(owner: Owner, agency: Agency) -> OwnerView:
    """An owner as a signature's lines name them."""
    # A freelancer trades under their own name, alone or with what they do: saying it twice sounds odd.
    company = None if agency.name.startswith(owner.name) else agency.name
    return OwnerView(owner.name, owner.title, company, owner.email or agency.email, owner.phone or agency.phone)


def recipient_of(client: Client, words: Words) -> RecipientView:
    """The client as the address names them."""
    person = None if client.contact.name == client.name else _with_title(client.contact, words)
    return RecipientView(client.name, short_name(client.name), person, client.contact.role, client.address)


def _with_title(contact: Contact, words: Words) -> str:
    # "Cher Monsieur" says how to write "À l'attention de M. …"; "Madame, Monsieur" says neither.
    said = re.findall(r"\w+", contact.salutation or "")
    titles = [words.text(key) for key in (f"salutation_titles.{word}" for word in said) if words.has(key)]
    return f"{titles[0]}{NO_BREAK_SPACE}{contact.name}" if len(titles) == 1 else contact.name


def greeting(contact: Contact, words: Words) -> dict[str, Any]:
    """How the letter begins and closes: `salutation`, `salutation_in_closing` and `addressed_by_name` of a view."""
    # "Dear Ruth Carter", but "Madame, Monsieur": some languages would have to know which.
    name = {"name": contact.name} if words.uses("salutation", "name") else {}
    salutation = contact.salutation or words.text("salutation", **name)
    unnamed = {one.casefold() for one in words.lines("salutations_unnamed")}
    return {
        "salutation": salutation,
        "salutation_in_closing": _in_closing(salutation, words),
        "addressed_by_name": salutation.casefold() not in unnamed,
    }


def _in_closing(salutation: str, words: Words) -> str | None:
    first = re.match(r"\w*", salutation.casefold())
    if first is None or first[0] in words.lines("salutation_greetings"):
        return None  # one greets once: "Nous vous prions d’agréer, Bonjour Yann, …" is no sentence
    if first[0] in words.lines("salutation_lowered"):
        return salutation[0].lower() + salutation[1:]
    return salutation
