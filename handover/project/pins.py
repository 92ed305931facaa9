"""Writing the pin of an owner's key into the settings that name the owner, a project's or its workspace's.

Role: which owner a key is to be pinned for, never in passing: where the certificate's name isn't exactly one owner's,
the user must say whose key it is, and a pin that is there already isn't replaced unless they say so. The settings are
changed on one line; every other byte stays. It reads no key and opens no file.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from handover.model.errors import SigningError, UsageError
from handover.model.message import later, msg
from handover.model.sources import SETTINGS_FILE, YamlList, YamlMap, YamlNode, YamlScalar
from handover.project.read.yaml_tree import read_yaml
from handover.project.yaml_edit import with_value


@dataclass(frozen=True, slots=True)
class PinnedOwner:
    """An owner as the settings name them: the place in the list from 0, the name, and the pin where there is one."""

    index: int
    name: str
    pin: str


def owners_in(content: bytes, file: str = SETTINGS_FILE) -> tuple[PinnedOwner, ...]:
    """The owners in the settings called `file`. Raises SigningError where they name none."""
    found = []
    for index, item in enumerate(_owners(content, file)):
        name = item.get("name") if isinstance(item, YamlMap) else None
        pin = item.get("pin") if isinstance(item, YamlMap) else None
        if isinstance(name, YamlScalar) and not name.absent:
            digits = pin.text if isinstance(pin, YamlScalar) and not pin.absent else ""
            found.append(PinnedOwner(index, name.text, "".join(digits.split()).replace(":", "").lower()))
    if not found:
        hint = msg("fill in `owners` first: `handover validate` says how")
        raise SigningError(msg("{file} names no owner to pin a key for", file=file), hint=hint)
    return tuple(found)


def choose(
    owners: Sequence[PinnedOwner], pin: str, *, named: str | None, certificate: str, replace: bool
) -> PinnedOwner:
    """The owner whose key it is: the one `named`, else the one who is called like the `certificate`.

    Raises UsageError where neither says it, SigningError where the pin is somebody else's or another one is there.
    """
    wanted = named if named is not None else certificate
    called = [owner for owner in owners if _folded(owner.name) == _folded(wanted)]
    listed = ", ".join(owner.name for owner in owners)
    if len(called) != 1 and named is not None:
        message = msg("--owner {named}: the project has no such owner", named=named)
        raise UsageError(message, hint=msg("its owners: {listed}", listed=listed))
    if len(called) != 1:
        said = msg("this key's certificate says {certificate}", certificate=certificate)
        said = said if certificate else msg("a fingerprint says nothing of its owner")
        hint = msg("add --owner with one of: {listed}", listed=listed)
        raise UsageError.at(said, msg("say whose key it is"), hint=hint)
    chosen = called[0]
    if other := next((owner for owner in owners if owner.pin == pin and owner is not chosen), None):
        said = later("this key is pinned for {name} already: one key doesn't sign for two people")
        raise SigningError(msg(said, name=other.name))
    if chosen.pin and chosen.pin != pin and not replace:
        hint = msg("only if theirs has changed, replace it with --replace; bundles signed with the old one stay theirs")
        raise SigningError(msg("another key is pinned for {name}: {pin}", name=chosen.name, pin=chosen.pin), hint=hint)
    return chosen


def with_pin(content: bytes, owner: PinnedOwner, pin: str, file: str = SETTINGS_FILE) -> bytes:
    """The settings with that owner's pin, on one line of its own.

    Raises OutputError, saying what to write by hand, for settings in which the line has no plain place.
    """
    return with_value(content, file, ("owners", owner.index, "pin"), pin)


def _owners(content: bytes, file: str) -> tuple[YamlNode, ...]:
    tree, findings = read_yaml(content, file)
    owners = tree.get("owners") if tree is not None and not findings else None
    if not isinstance(owners, YamlList):
        hint = msg("`handover validate` says what is wrong")
        raise SigningError(msg("{file} has no list `owners` that can be read", file=file), hint=hint)
    return owners.items


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
