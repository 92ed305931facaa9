"""Whether a bundle may go to its client: signed by whom the project names, and with nothing in it that mustn't leave.

Role: judges a verified bundle against its project, and raises; what is only worth a warning is given back. It writes no
e-mail: that is `handover.documents.email`'s.
"""

import dataclasses
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from handover.build.hidden_inputs import changed_hidden
from handover.build.seal import pins_of
from handover.bundle.read import Archive
from handover.bundle.record import DocumentEntry, shown_inputs
from handover.bundle.verify import Report
from handover.formats.kdbx import read_kdbx
from handover.model.artifact import AssetSource, Role, UnsealedByPolicy
from handover.model.errors import InvalidInput, SecretInClear, SigningError
from handover.model.message import all_of, msg
from handover.model.project import Project
from handover.model.secret import Secret
from handover.project.leaks.assets import asset_leaks, stored_assets
from handover.project.leaks.documents import document_leaks
from handover.project.leaks.needles import needles
from handover.project.leaks.plain import Asset, text_leaks
from handover.project.leaks.project import guard_of
from handover.project.leaks.search import Searcher
from handover.project.read import load_project, no_assets
from handover.seal.certificates import parse_fingerprint
from handover.seal.encryption import unlocks

_INTERNAL: Final = frozenset({"leak.internal-file", "leak.internal-words"})
_ENCRYPTED: Final = frozenset({Role.INVENTORY, Role.CREDENTIALS, Role.RECIPIENT_COPY})


def require_signers(found: Report, project: Project, sealer: str | None) -> None:
    """Refuse what isn't signed by all owners, each with the key that the project pins, or by somebody else, too.

    `sealer` is the fingerprint of the key that must have sealed it, where one was named: the e-mail tells the client
    which one to trust, and it must not be a stranger's. Raises SigningError.
    """
    pins = pins_of(project)
    signed = {signature.fingerprint for signature in found.letters}
    if missing := [name for pin, name in pins.items() if pin not in signed]:
        raise SigningError(
            msg("this bundle isn't signed with the key that the project pins for {missing}", missing=all_of(missing)),
            hint=msg("have it signed (`handover sign`), or build it again if a pin has changed since"),
        )
    if others := [signature.name for signature in found.letters if signature.fingerprint not in pins]:
        raise SigningError(
            msg(
                "this bundle is signed with a key, said to be {others}'s, that the project pins for nobody",
                others=all_of(others),
            ),
            hint=msg("build it again with the owners that the project has now"),
        )
    if found.bundle is not None and sealer and parse_fingerprint(sealer) != found.bundle.fingerprint:
        raise SigningError(
            msg(
                "this bundle was sealed with a key, said to be {name}'s, that isn't the one that you named",
                name=found.bundle.name,
            ),
            hint=msg("send the bundle that the owners signed, or correct --fingerprint (`handover keys show`)"),
        )


def changed_since(bundle: Path, found: Report, project: Project) -> list[str]:
    """The project's files that have changed since the bundle was built from them."""
    was, now = found.record.inputs, shown_inputs(project.digests)
    changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return [*changed, *changed_hidden(project, bundle, found)]


def refuse_internal(
    archive: Archive, project: Project, documents: Sequence[DocumentEntry], body: str, allowed: Collection[str]
) -> None:
    """Raise InvalidInput where the zip or the e-mail holds what internal/ says now, or one of its files."""
    stored = tuple(AssetSource(entry.name, entry.name, entry.size) for entry in archive.entries)
    guard = guard_of(dataclasses.replace(load_project(project.root, scan_assets=no_assets), assets=stored))
    roles = {document.name: document.role for document in documents}
    in_clear = [
        UnsealedByPolicy(entry.name, roles[entry.name], b"".join(archive.stream(entry)))
        for entry in archive.entries
        if entry.name in roles and roles[entry.name] not in _ENCRYPTED
    ]
    mail = UnsealedByPolicy("the e-mail", None, body.encode())
    passed = {*allowed, *project.settings.options.assets.allow_leaks}
    told = [
        *document_leaks([*in_clear, mail], guard.searcher),
        *asset_leaks(stored_assets(archive), guard),
    ]
    if held := [one for one in told if one.rule in _INTERNAL and one.location.file not in passed]:
        raise InvalidInput(held, hint=msg("nothing was drafted: build again without it"))


def refuse_passphrase(archive: Archive, passphrase: Secret, documents: Sequence[DocumentEntry]) -> None:
    """The passphrase must open the inventory and the credentials, and stand nowhere in clear.

    Raises WrongPassphrase, SecretInClear.
    """
    searcher = Searcher(needles({msg("the passphrase"): passphrase}, None))
    roles = {document.name: document.role for document in documents}
    for entry in archive.entries:
        role = roles.get(entry.name)
        if role is None:
            found = text_leaks(Asset(entry.name, entry.size, partial(archive.stream, entry)), searcher)
        else:
            content = b"".join(archive.stream(entry))
            if role is Role.INVENTORY:
                unlocks(content, passphrase, name=entry.name)
                continue
            if role is Role.CREDENTIALS:
                read_kdbx(content, passphrase, name=entry.name)
                continue
            found = document_leaks([UnsealedByPolicy(entry.name, role, content)], searcher)
        if any(one.rule == "leak.secret" for one in found):
            raise SecretInClear.at(entry.name, msg("holds the passphrase in clear"), hint=msg("build again without it"))
