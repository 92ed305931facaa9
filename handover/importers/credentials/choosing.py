"""Which entries of an export are this client's: an agency keeps all its clients in one place.

Role: counts entries by folder and tag, picks those that were named, and sets aside what shouldn't go along unasked. It
asks nobody: whoever calls it does. It makes no credential.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handover.importers.credentials.base import ForeignEntry, fold, host

ELSEWHERE: Final = "(none)"
"""What an entry without a folder is listed under."""

_NOT_FOR_THE_CLIENT: Final = re.compile(
    r"\b(ne (surtout )?(pas|jamais) (le |la |les |l['’])?(transmettre|communiquer|diffuser|partager|donner|divulguer)"
    r"|pas pour le client|(usage|document) interne"
    r"|do(n't|n’t| not|nt) (pass|share|send|give|forward|hand|disclose)|not (for|to be shared with) the client"
    r"|never (pass|share|send|give)|internal (use )?only|not to be (passed|shared|given))\b",
    re.IGNORECASE,
)
_FREE_MAIL: Final = """
    gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr hotmail.co.uk live.com live.fr msn.com
    yahoo.com yahoo.fr yahoo.co.uk icloud.com me.com mac.com aol.com gmx.com gmx.net gmx.fr gmx.ch gmx.de web.de
    proton.me protonmail.com pm.me zoho.com mail.com orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr
    bluewin.ch hispeed.ch skynet.be telenet.be videotron.ca sympatico.ca btinternet.com sky.com virginmedia.com
    talktalk.net fastmail.com hey.com posteo.net mailbox.org ik.me
"""
"""Where everybody may have an address: such a domain isn't the agency's own."""


def groups(entries: Iterable[ForeignEntry]) -> Mapping[str, int]:
    """Folders as `Clients/Maison` and tags as `#maison`, each with how many sign-ins lie in it, in the file's order."""
    found: Counter[str] = Counter()
    for entry in entries:
        if not entry.kind:
            found.update(("/".join(entry.folder) or ELSEWHERE, *(f"#{tag}" for tag in entry.tags)))
    return found


def is_one_group(entries: Sequence[ForeignEntry]) -> bool:
    """Whether nothing tells some sign-ins from others, so that there is nothing to choose."""
    return len({(entry.folder, entry.tags) for entry in entries if not entry.kind}) < 2


def is_there(entries: Iterable[ForeignEntry], name: str) -> bool:
    """Whether a folder or a tag is called so."""
    return any(_below(entry, name) is not None for entry in entries)


def chosen(entries: Iterable[ForeignEntry], names: Sequence[str]) -> list[ForeignEntry]:
    """The entries in the folders and of the tags named, and in the folders in these; once each, in the file's order.

    Their folders begin below the one that was named: how the agency sorts its clients is no business of the client's.
    """
    found = []
    for entry in entries:
        below = [path for name in names if (path := _below(entry, name)) is not None]
        if below:
            found.append(replace(entry, folder=min(below, key=len)))
    return found


def _below(entry: ForeignEntry, name: str) -> tuple[str, ...] | None:
    """What is left of the entry's folder below the one called so, or None. A name may leave out what is around it."""
    wanted = [fold(part) for part in name.strip("/").split("/")]
    here = [fold(part) for part in "/".join(entry.folder).split("/")] if entry.folder else [ELSEWHERE]
    for start in range(len(here) - len(wanted) + 1):
        if here[start : start + len(wanted)] == wanted:
            return tuple("/".join(entry.folder).split("/")[start + len(wanted) :])
    if fold(name.removeprefix("#")) in map(fold, entry.tags):
        return entry.folder if len(entry.folder) > 1 else ()
    return None


def own_domains(addresses: Iterable[str | None]) -> frozenset[str]:
    """The domains in e-mail addresses and web addresses that are the agency's alone."""
    found = {host(address.rpartition("@")[2]).casefold() for address in addresses if address}
    return frozenset(domain for domain in found if "." in domain) - {*_FREE_MAIL.split()}


def doubt(entry: ForeignEntry, domains: frozenset[str]) -> str:
    """Why an entry may not be the client's, in words; empty where nothing says so."""
    if _NOT_FOR_THE_CLIENT.search(entry.values.get("note", "") + "\n" + entry.values.get("fields", "")):
        return "its note says not to pass it on"
    addresses = [entry.values.get("url", ""), *entry.values.get("other_urls", "").split("\n")]
    if all(_within(host(address), domains) for address in addresses if address) and any(addresses):
        return "it signs in at the agency's own domain"
    return ""


def is_own_address(user_name: str, domains: frozenset[str]) -> bool:
    """Whether somebody signs in with an address at the agency, whose mail the client will never get."""
    return "@" in user_name and _within(user_name.rpartition("@")[2], domains)


def _within(name: str, domains: frozenset[str]) -> bool:
    folded = name.strip().casefold()
    return any(folded == domain or folded.endswith(f".{domain}") for domain in domains)
