"""Whether a bundle, or one document, may go to its client: signed by whom the project names, with nothing that mustn't
leave.

Role: judges a verified bundle, or a file that `write` made, against its project, and raises; what is only worth a
warning is given back. It writes no e-mail: that is `handover.documents.email`'s.
"""

import dataclasses
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from handover.build.hidden_inputs import changed_hidden
from handover.build.seal import pins_of
from handover.bundle import binding
from handover.bundle.read import Archive
from handover.bundle.record import DocumentEntry, shown_inputs
from handover.bundle.verify import Report
from handover.documents.base import Audience, Outside, WorkspaceInput
from handover.documents.registry import OUTSIDE
from handover.formats.kdbx import read_kdbx
from handover.formats.word.contents import title_of
from handover.life.dossier import Dossier
from handover.model.artifact import AssetSource, ClientArtifact, Role, UnsealedByPolicy
from handover.model.errors import BundleError, InvalidInput, SecretInClear, SigningError, UsageError
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

_INTERNAL: Final = frozenset({"leak.internal-file", "leak.internal-words", "leak.denied-name"})
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
    """Raise InvalidInput where zip or e-mail hold what internal/ says now, one of its files or other clients' names."""
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


def client_document(
    path: Path, content: bytes, project: Project, allowed: Collection[str]
) -> tuple[str, ClientArtifact]:
    """A file as the document for the client that it is, with the document's id: by its title, a letter by its binding.

    Raises UsageError for what is for the agency alone or is no document of this project's client, SigningError for a
    letter that an owner hasn't signed, InvalidInput where it says what internal/ says, unless its name is `allowed`.
    """
    path = path.with_suffix(path.suffix.lower())
    dossier = Dossier.of(project)
    document = _told_by_title(path, content, dossier) or _letter(path, content, project)
    if document is None:
        raise UsageError.at(
            path,
            msg("isn't a document for {client} that `handover write` made", client=project.settings.client.name),
            hint=msg("write it again, or attach it to an e-mail of your own"),
        )
    if not isinstance(document, str) and document.audience is not Audience.CLIENT:
        raise UsageError.at(
            path,
            msg("is for yourself alone, and isn't sent"),
            hint=msg("`handover write --list` says what is for whom"),
        )
    stored = (AssetSource(path.name, path.name, len(content)),)
    guard = guard_of(dataclasses.replace(load_project(project.root, scan_assets=no_assets), assets=stored))
    told = [
        *document_leaks([UnsealedByPolicy(path.name, None, content)], guard.searcher),
        *asset_leaks([Asset(path.name, len(content), lambda: iter([content]))], guard),
    ]
    if path.name not in allowed and (held := [one for one in told if one.rule in _INTERNAL]):
        raise InvalidInput(held, hint=msg("nothing was drafted: write it again without it"))
    if not isinstance(document, str):
        return document.id, ClientArtifact(path.name, content)
    # In signed/ every language has one name for it; the client gets it under the one that the bundle gives it.
    name = f"{dossier.load_words(document).text('file_name')}.docx"
    return document, ClientArtifact(name, content)


def _told_by_title(path: Path, content: bytes, dossier: Dossier) -> Outside[Any] | None:
    """The document that a file's properties say that it is, or a calendar by its name."""
    title = title_of(content, path.name) if path.suffix == ".docx" else ""
    for one in OUTSIDE:
        if one.given is WorkspaceInput:
            continue
        words = dossier.load_words(one.words_id)
        if one.extension == "docx" and title == f"{words.text('title')} – {dossier.client}":
            return one
        if one.extension != "docx" and path.name.casefold() == f"{words.text('file_name')}.{one.extension}":
            return one
    return None


def _letter(path: Path, content: bytes, project: Project) -> str | None:
    """Whether it is the project's letter or notice, signed by every owner."""
    from handover.seal.owner_signature import standing

    pins = pins_of(project)
    try:
        signed, content_bound = standing(content, pins, path.name)
        bound = binding.read_binding(content_bound, path.name)
    except BundleError:
        return None
    if bound.project != project.settings.client.id:
        return None
    if missing := [name for pin, name in pins.items() if pin not in signed]:
        raise SigningError(
            msg("{path}: still to be signed by {missing}", path=path, missing=all_of(missing)),
            hint=msg("have it signed (`handover sign`), and send what comes out"),
        )
    return bound.kind


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
