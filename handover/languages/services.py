"""How the ownership of known services passes: which service an account is, its steps, and its last safe day.

Role: reads the catalogue that ships with the program (`templates/services.toml`; the steps are words, in
`<language>/services.toml`) and matches accounts to it by the host of their address, or by a domain's ending. It reads
no project, and of a service that it doesn't know it says nothing.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from handover.formats.toml import read_toml
from handover.languages import files
from handover.languages.words import Words
from handover.model.characters import folded
from handover.model.rows import AccountRow

FILE: Final = "services.toml"


class Service(NamedTuple):
    """One known service; its steps are words of a language, at its id."""

    id: str
    title: str
    hosts: tuple[str, ...]
    """A host of its pages is one of these, or ends with one after a point."""
    paths: tuple[str, ...]
    """Parts of a path that tell it on any host."""
    domain: str
    """What a domain's name ends with; empty for what is no domain, `*` for one of three letters or more (ICANN's)."""
    agency: tuple[int, ...]
    """Days before the end by which each step of whoever hands over is taken; without a source, their order alone."""
    client: tuple[int, ...]
    """The same for the client's steps."""
    source: str | None
    checked_on: dt.date | None
    """The day on which the source was read."""

    def last_safe_day(self, end: dt.date) -> dt.date | None:
        """The last day on which the first step can be begun, to be over by `end`; None where no source says so."""
        days = (*self.agency, *self.client) if self.source else ()
        return end - dt.timedelta(max(days)) if days else None


@cache
def catalogue() -> tuple[Service, ...]:
    """Every known service, domains last. Raises HandoverError for an installation without it."""
    tables: Mapping[str, Any] = read_toml(files.read_text(FILE), f"templates/{FILE}")
    return tuple(
        Service(
            id=name,
            title=table["title"],
            hosts=tuple(table.get("hosts", ())),
            paths=tuple(table.get("paths", ())),
            domain=table.get("domain", ""),
            agency=tuple(table.get("agency", ())),
            client=tuple(table.get("client", ())),
            source=table.get("source"),
            checked_on=dt.date.fromisoformat(table["checked_on"]) if "source" in table else None,
        )
        for name, table in tables.items()
    )


def service_of(account: AccountRow, words: Words) -> Service | None:
    """The service that an account is one of; None for one that isn't known. `words` are those of `services`."""
    domain = _domain(account, words)
    if domain:
        generic = len(domain.rpartition(".")[2]) > 2  # two letters are a country's, which has rules of its own
        kinds = (one for one in catalogue() if one.domain)
        return next((one for one in kinds if domain.endswith(one.domain) or (one.domain == "*" and generic)), None)
    return service_at(account.url or "")


def service_at(url: str) -> Service | None:
    """The service whose page an address is; None for one that isn't known."""
    address = _address(url)
    if address is None:
        return None
    host, path = address
    for one in catalogue():
        if any(host == known or host.endswith(f".{known}") for known in one.hosts):
            return one
        if any(known in path for known in one.paths):
            return one
    return None


def _address(url: str) -> tuple[str, str] | None:
    """Host and path of an address as people write it, with or without `https://`."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parts.hostname or ""
    except ValueError:
        return None
    return (host, parts.path) if host else None


def _domain(account: AccountRow, words: Words) -> str:
    """The domain that an account stands for: named where the service calls itself one; empty where it doesn't."""
    said = folded(account.service).split()
    if not any(word in said for word in (folded(known) for known in words.lines("domain_words"))):
        return ""
    names = [word.strip("«»“”\"'()[],;:") for text in (account.service, account.account or "") for word in text.split()]
    return next((name.casefold() for name in names if "." in name.strip(".") and not name.endswith("/")), "")
