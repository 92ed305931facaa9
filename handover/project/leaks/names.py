"""Whose names mustn't leave with a project: those on its lists, and the clients' beside it in the workspace.

Role: gathers them, less what is this project's own, and says which are names and nothing else. Finding them is
`handover.project.leaks.search`'s.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from handover.model.errors import UsageError
from handover.model.message import later, msg
from handover.model.sources import TEMPLATES_FOLDER, Sources, node_at, scalars
from handover.project.leaks.text import words
from handover.project.read.files import ProjectFolder
from handover.project.read.workspace import Workspace

DENY_FILE: Final = f"{TEMPLATES_FOLDER}/deny.txt"
"""Names of other clients, one a line: in templates, values, documents and files of this client none may occur."""

MAX_NAMES: Final = 2_000
"""Names in a list; each is looked for in every paragraph and file."""
MAX_LENGTH: Final = 200
_MAX_BYTES: Final = 1024 * 1024

LEGAL_FORMS: Final = frozenset(
    ["sas", "sasu", "sarl", "sàrl", "eurl", "sa", "srl", "ltd", "limited", "plc", "llp", "llc", "gmbh", "inc", "ag"]
)
COMMON: Final = LEGAL_FORMS | {
    "the", "le", "la", "les", "de", "du", "des", "and", "et", "co", "company", "cie", "ets", "établissements",
    "etablissements", "entreprise", "société", "groupe",
}  # fmt: skip
"""Words that tell no company from another."""
_SHORT_NAME: Final = 5
_SHORT_WORD: Final = 2


class Names(NamedTuple):
    """Other clients' names, as they are looked for."""

    denied: tuple[str, ...] = ()
    """Those that mustn't leave."""
    told: tuple[str, ...] = ()
    """Neighbours' of one word, which may be just that word."""


def names_in(text: str) -> list[str]:
    """The names in a deny list: one a line; empty lines and those that begin with # count for nothing.

    Raises UsageError for more, or longer ones, than are looked for: each is searched everywhere.
    """
    lines = (line.strip() for line in text.splitlines())
    names = [line for line in lines if line and not line.startswith("#")]
    if len(names) > MAX_NAMES:
        said = later("a list of {count:,} names that mustn't occur; {most:,} are the limit")
        raise UsageError(msg(said, count=len(names), most=MAX_NAMES))
    if (longest := max(map(len, names), default=0)) > MAX_LENGTH:
        said = later("a name of {count:,} characters in a list of those that mustn't occur; {most:,} are the limit")
        raise UsageError(msg(said, count=longest, most=MAX_LENGTH))
    return names


def names_of(sources: Sources, given: Iterable[str] = ()) -> Names:
    """The names to look for in what leaves: those given, the project's own list's or its workspace's, and of the other
    clients in the workspace, but this client's, the agency's, and what `options.assets.allow_leaks` lets pass.

    Raises UsageError for a list that is too long.
    """
    workspace = Workspace(ProjectFolder(sources.root))
    listed = (workspace.optional(DENY_FILE, _MAX_BYTES) or b"").decode("utf-8-sig", "replace")
    neighbours = [without_form(name) for name in workspace.others() if len(name) <= MAX_LENGTH]
    names = [*given, *names_in(listed), *filter(_is_telling, neighbours)]
    settings = sources.settings
    own = [one.text for key in ("client", "agency", "owners") for _, one in scalars(node_at(settings, key))]
    around = f" {' | '.join(map(_bare, own))} "
    allowed = scalars(node_at(settings, "options", "assets", "allow_leaks"))
    passed = {_bare(without_form(one.text)) for _, one in allowed}
    kept = [
        one
        for one in dict.fromkeys([*names, *neighbours])
        if f" {_bare(one)} " not in around and _bare(without_form(one)) not in passed
    ]
    denied = [one for one in kept if one in names]
    return Names(tuple(denied), tuple(one for one in kept if one not in names))


def _is_telling(name: str) -> bool:
    """Whether it's a name and nothing else: two words that tell companies apart stand together by no chance."""
    return len([word for word in _bare(name).split() if word not in COMMON and len(word) > _SHORT_WORD]) > 1


def without_form(name: str) -> str:
    """A company's name as people say it: `Wrenfield Nurseries` of `Wrenfield Nurseries Ltd`."""
    said = name.split()
    while len(said) > 1 and words(said[-1]).rstrip(".") in LEGAL_FORMS:
        said.pop()
    while len(said) > 1 and words(said[0]) in LEGAL_FORMS:
        del said[0]
    return " ".join(said)


def core(name: str, own: str) -> str:
    """What of another client's name is theirs alone, as their papers may have it: `Chavanne` of `Ets Chavanne`."""
    core = " ".join(word for word in name.split() if words(word) not in COMMON)
    return core if len(core) > _SHORT_NAME and words(core) not in own else name


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", words(text)))
