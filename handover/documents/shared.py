"""What the views of several documents have alike, and its values.

Role: each view names these fields once, by inheriting them, so that `{{ client }}` is the same in every template.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from handover.documents.base import InternalInput, OfProject
from handover.documents.word import short_name, whom_to_call
from handover.languages.words import Words
from handover.model.contract import Contract, Letter
from handover.model.parties import Voice


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What every document says."""

    voice: Voice
    """`we` for an agency, `i` for a person."""
    client: str
    """The client's name."""
    date: str
    """The document's own day, written out."""


@dataclass(frozen=True, slots=True)
class ClientView(DocumentView):
    """What every document for the client says, letters aside."""

    agency: str
    """The sender's name."""


@dataclass(frozen=True, slots=True)
class PagesView(ClientView):
    """What a document of several pages says besides."""

    short_client: str
    """The client's name, shortened where it wouldn't fit into a footer."""
    logo: bool
    """Whether the sender has a logo, which says the name."""


@dataclass(frozen=True, slots=True)
class TransitionView(PagesView):
    """What the transition's documents say besides."""

    last_day: str
    """The last working day, written out."""
    contact: str
    """Whom to call or write to."""


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider who could carry on the work, or will."""

    name: str
    """Who."""
    contact: str | None
    """How to reach them."""
    note: str | None
    """Why this one."""


@dataclass(frozen=True, slots=True)
class ObligationView:
    """Something that the contract asks of the sender at its end."""

    what: str
    """What it asks for."""
    clause: str | None
    """Where the contract says so."""
    met_on: str | None
    """When it was met, written out; absent where that isn't so by the document's date."""


def of_dossier(given: InternalInput) -> dict[str, Any]:
    """The values of a `DocumentView`."""
    return {"voice": given.dossier.voice, "client": given.dossier.client, "date": given.words.date(given.today)}


def of_project(given: OfProject) -> dict[str, Any]:
    """The values of a `ClientView`."""
    agency, client = given.project.settings.agency, given.project.settings.client
    return {
        "voice": agency.voice, "client": client.name, "agency": agency.name, "date": given.words.date(given.today)
    }  # fmt: skip


def of_pages(given: OfProject) -> dict[str, Any]:
    """The values of a `PagesView`."""
    settings = given.project.settings
    return {
        **of_project(given), "short_client": short_name(settings.client.name), "logo": settings.brand.logo is not None
    }  # fmt: skip


def of_transition(given: OfProject) -> dict[str, Any]:
    """The values of a `TransitionView`."""
    settings = given.project.settings
    last = given.words.date(settings.contract.last_working_day)
    return {**of_pages(given), "last_day": last, "contact": whom_to_call(settings)}


def providers(letter: Letter) -> tuple[ProviderView, ...]:
    """Providers whom the client could turn to; none where the client has chosen one."""
    if letter.successor_known:
        return ()
    return tuple(ProviderView(one.name, one.contact, one.note) for one in letter.successors)


def obligations(contract: Contract, words: Words, day: dt.date) -> tuple[ObligationView, ...]:
    """What the contract asks of the sender at its end, and when it was met, as known on a day."""
    return tuple(
        ObligationView(one.what, one.clause, words.date(one.met_on) if one.met_on and one.met_on <= day else None)
        for one in contract.obligations
    )
