"""Which entries of an export are this client's: an agency keeps all its clients in one place.

Role: counts entries by folder and tag, picks those that were named, and sets aside what shouldn't go along unasked. It
asks nobody: whoever calls it does. It makes no credential.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from handover.importers.credentials.base import ForeignEntry, host
from handover.model.characters import folded
from handover.model.message import msg

ELSEWHERE: Final = "(none)"
"""What an entry without a folder and without a tag is listed under."""

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
    """Folders as `Clients/Maison` and tags as `#maison`, each with how many sign-ins lie in it, in the file's order.

    Empty where nothing tells some sign-ins from others, so that there is nothing to choose.
    """
    placed = [(entry.folder, entry.tags) for entry in entries if not entry.kind]
    names = ((*_place(folder, tags), *(f"#{tag}" for tag in tags)) for folder, tags in placed)
    return Counter(chain.from_iterable(names)) if len(set(placed)) > 1 else {}


def folders(entries: Iterable[ForeignEntry], name: str) -> list[str]:
    """The folders called so, from the outermost on: the one that is spelt out, else each of which this is the end."""
    wanted = _levels(name.strip("/"))
    found: dict[tuple[str, ...], str] = {}
    for folder in dict.fromkeys(place for entry in entries for place in _place(entry.folder, entry.tags)):
        here = _levels(folder)
        ends = (end for end in range(len(wanted), len(here) + 1) if here[end - len(wanted) : end] == wanted)
        if end := next(ends, 0):
            found.setdefault(here[:end], "/".join(folder.split("/")[:end]))
    return [found[wanted]] if wanted in found else [*found.values()]


def chosen(entries: Sequence[ForeignEntry], names: Sequence[str]) -> list[ForeignEntry]:
    """The entries in the folders and of the tags named, and in the folders in these; once each, in the file's order.

    Their folders begin below the one that was named: how the agency sorts its clients is no business of the client's.
    Of those whose texts they show, only the ones that weren't chosen stay noted. Without names all are chosen.
    """
    if not names:
        return [replace(entry, lenders=()) for entry in entries]
    within = _within_these(entries, names)
    return [
        replace(entry, folder=below, lenders=tuple(one for one in entry.lenders if within(*one) is None))
        for entry in entries
        if (below := within(entry.folder, entry.tags)) is not None
    ]


Within = Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...] | None]
"""Folder and tags of an entry → what is left of its folder below the one that was named, or None."""


def _within_these(entries: Sequence[ForeignEntry], names: Sequence[str]) -> Within:
    whole = [_levels(folder) for name in names for folder in folders(entries, name)]
    tags = {folded(name.removeprefix("#")) for name in names}

    def within(folder: tuple[str, ...], tagged: tuple[str, ...]) -> tuple[str, ...] | None:
        path = "/".join(folder).split("/") if folder else []
        here = _levels("".join(_place(folder, tagged)))
        below = [tuple(path[len(one) :]) for one in whole if here[: len(one)] == one]
        if any(folded(tag) in tags for tag in tagged):
            below.append(folder if len(folder) > 1 else ())
        return min(below, key=len, default=None)

    return within


def _place(folder: tuple[str, ...], tags: tuple[str, ...]) -> tuple[str, ...]:
    """The folder that an entry is listed under; none for one that its tags alone sort."""
    return ("/".join(folder) or ELSEWHERE,) if folder or not tags else ()


def _levels(folder: str) -> tuple[str, ...]:
    return tuple(map(folded, folder.split("/")))


def own_domains(addresses: Iterable[str | None]) -> frozenset[str]:
    """The domains in e-mail addresses and web addresses that are the agency's alone."""
    found = {host(address.rpartition("@")[2]).casefold() for address in addresses if address}
    return frozenset(domain for domain in found if "." in domain) - {*_FREE_MAIL.split()}


def doubt(entry: ForeignEntry, domains: frozenset[str]) -> str:
    """Why an entry that was chosen may not be the client's, in words; empty where nothing says so."""
    if entry.lenders:
        return msg("it shows texts of an entry that wasn't chosen")
    if _NOT_FOR_THE_CLIENT.search(entry.values.get("note", "") + "\n" + entry.values.get("fields", "")):
        return msg("its note says not to pass it on")
    addresses = [entry.values.get("url", ""), *entry.values.get("other_urls", "").split("\n")]
    if all(_within(host(address), domains) for address in addresses if address) and any(addresses):
        return msg("it signs in at the agency's own domain")
    return ""


def is_own_address(user_name: str, domains: frozenset[str]) -> bool:
    """Whether somebody signs in with an address at the agency, whose mail the client will never get."""
    return "@" in user_name and _within(user_name.rpartition("@")[2], domains)


def _within(name: str, domains: frozenset[str]) -> bool:
    plain = name.strip().casefold()
    return any(plain == domain or plain.endswith(f".{domain}") for domain in domains)
