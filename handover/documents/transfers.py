"""How each account changes hands: the steps of its service, each with the last day on which it is safe.

Role: what documents say alike of accounts: whose they are, who pays for them, and how those are passed on that still
have to be. Steps, traps and sources are the catalogue's (`handover.languages.services`); of a service that it doesn't
know, the project's own words are all.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from handover.documents.base import OfProject
from handover.languages.services import Service, service_of
from handover.model.rows import AccountRow, AccountStatus, is_named


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a service's change of hands."""

    text: str
    """What to do."""
    by: str | None
    """The last safe day, short; absent where no source says so, and of a transfer under way, once it has passed."""
    late: bool
    """Whether that day has passed, and nothing has begun."""
    who: str
    """Who takes it, by name."""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One account that changes hands."""

    name: str
    """The account, as the project calls it."""
    own: str | None
    """How ownership passes in the project's own words."""
    owned: bool
    """Whether the client owns it already: only the sender's access ends."""
    known: bool
    """Whether its steps are known; else the project's own words are all there is."""
    dated: bool
    """Whether a source says how long they take."""
    begun: bool
    """Whether the transfer is under way."""
    done: tuple[str, ...]
    """What was done of it already, with its day."""
    late: bool
    """Whether nothing has begun, and the last safe day to begin has passed."""
    steps: tuple[StepView, ...]
    """Of whoever hands over and of the client, in the order of their last safe days."""
    trap: str | None
    """What easily goes wrong."""
    kept: str | None
    """What stays, and what doesn't."""
    source: str | None
    """The page that says so."""
    checked_on: str | None
    """When it was read."""


def moving(given: OfProject) -> Iterator[tuple[AccountRow, Service | None]]:
    """The accounts that are still to pass on, and what each is an account of, where that is known and matters."""
    words = given.words.other("services")
    for account in given.project.accounts:
        if account.is_moving:
            yield account, None if owned(account, given) else service_of(account, words)


def name_of(account: AccountRow, given: OfProject) -> str:
    """What documents call an account: its service, and its name or address where several are of that service."""
    several = sum(other.service == account.service for other in given.project.accounts) > 1
    apart = account.account or account.url
    return f"{account.service} ({apart})" if several and apart else account.service


def owned(account: AccountRow, given: OfProject) -> bool:
    """Whether the client owns the account already, so that only the sender's access ends."""
    return account.is_owned_by(given.project.settings.client.name)


def paid_by_agency(given: OfProject, row: AccountRow) -> bool:
    """Whether the agency or its owner is named as who pays for an account."""
    # A freelancer's tables name the person, not the firm: "Tamsin Reeve", not "Tamsin Reeve, Web & Content".
    settings = given.project.settings
    leaving = (settings.agency.name.casefold(), settings.owner.name.casefold())
    return row.payer is not None and any(name in row.payer.casefold() for name in leaving)


def names_client(given: OfProject, owner: str) -> bool:
    """Whether an owner, as a table names them, is the client."""
    return is_named(given.project.settings.client.name, owner)


def safe_to_begin(account: AccountRow, service: Service | None, end: dt.date) -> dt.date | None:
    """The last day on which the account's transfer can begin; None once it has, or where no source says so."""
    return service.last_safe_day(end) if service and account.status is AccountStatus.TO_TRANSFER else None


def services(given: OfProject) -> tuple[ServiceView, ...]:
    """Every account that is still to pass on, the most urgent first."""
    end = given.project.settings.contract.last_working_day
    found = sorted(moving(given), key=lambda pair: (pair[1].last_safe_day(end) if pair[1] else None) or end)
    return tuple(_service(account, service, given) for account, service in found)


def _service(account: AccountRow, service: Service | None, given: OfProject) -> ServiceView:
    words = given.words.other("services")
    safe = safe_to_begin(account, service, given.project.settings.contract.last_working_day)

    def said(key: str) -> str | None:
        return words.text(f"{service.id}.{key}") if service and words.has(f"{service.id}.{key}") else None

    return ServiceView(
        name=name_of(account, given),
        own=account.transfer,
        owned=owned(account, given),
        known=service is not None,
        dated=service is not None and service.source is not None,
        begun=account.status is AccountStatus.IN_PROGRESS,
        done=tuple(
            f"{row.milestone}, {words.date_short(row.done_on)}"
            for row in given.project.milestones
            if row.service == account.service and row.done_on and row.done_on <= given.today
        ),
        late=safe is not None and safe < given.today,
        steps=_steps(service, given, begun=account.status is AccountStatus.IN_PROGRESS) if service else (),
        trap=said("trap"),
        kept=said("kept"),
        source=service.source if service else None,
        checked_on=words.date(service.checked_on) if service and service.checked_on else None,
    )


def _steps(service: Service, given: OfProject, *, begun: bool) -> tuple[StepView, ...]:
    settings, words = given.project.settings, given.words.other("services")
    end, found = settings.contract.last_working_day, list[tuple[dt.date, StepView]]()
    sides = [("agency", service.agency, settings.agency.name), ("client", service.client, settings.client.name)]
    # The client opens accounts to which something can be moved: of the same day, their step comes first.
    for side, lead, who in reversed(sides):
        # A language of a project's own may put the steps in more sentences than ours: those have until the last day.
        for text, days in zip(words.lines(f"{service.id}.{side}"), chain(lead, repeat(0)), strict=False):
            by = end - dt.timedelta(days)
            late = service.source is not None and by < given.today
            shown = None if service.source is None or (late and begun) else words.date_short(by)
            found.append((by, StepView(text, shown, late and not begun, who)))
    return tuple(step for _, step in sorted(found, key=lambda pair: pair[0]))
