"""The zip in the order of docs/format.md 4.1: documents, assets, what lists them, the seals.

Role: drives the packer through one zip, or the two of a split bundle (`--split-assets`). The documents that list the
assets are asked for once these are packed. The second zip is no container: it has no `mimetype` and no signature of its
own, and is named after its digest, by which the first binds it (docs/format.md 5.1). It opens no output and verifies
nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from handover import __version__
from handover.build.render import base_input
from handover.build.request import BuildRequest, Environment
from handover.build.seal import Signing
from handover.bundle import record
from handover.bundle.names import ASSETS_PREFIX, MIMETYPE_ENTRY, slug
from handover.bundle.publish import Publication
from handover.bundle.write import BundleWriter, Look, required_space
from handover.documents.base import RenderInput
from handover.documents.plan import Plan
from handover.model.artifact import AssetRecord, EntryRecord, Role, SealedArtifact
from handover.seal.policy import sealing_record

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity

Packed = tuple[Sequence[AssetRecord], record.AssetsArchive]
"""What the second zip holds, and what the first says of it."""


def assemble(
    file: BinaryIO,
    planned: Plan,
    early: Sequence[SealedArtifact],
    late: Callable[[RenderInput], Sequence[SealedArtifact]],
    signing: Signing,
    request: BuildRequest,
    environment: Environment,
    look: Look,
    second: Packed | None = None,
) -> Sequence[AssetRecord]:
    """Write the whole bundle into `file`; gives what is known of the client's files, each of which `look` has seen.

    `late` makes the documents that list the assets; `second` is there where these are in a zip of their own. Raises
    what `late` and packing raise.
    """
    writer = BundleWriter(file, workers=request.workers, on_progress=counted(planned, environment))
    writer.add_mimetype()
    for artifact in early:
        writer.add(artifact)
    assets, archive = second or (pack_assets(writer, planned, look), None)
    base = _late_input(planned, assets, archive, signing)
    for artifact in late(base):
        writer.add(artifact)
    stamped = signing.state is record.State.SIGNED and request.tsa is not None
    about = _record(planned, writer.entries, base.bundle_id, signing.state, archive, stamped)
    writer.add(sealing_record(record.RECORD_NAME, record.write_record(about)))
    writer.add(sealing_record(record.SUMS_NAME, record.write_sums(writer.entries)))
    if signing.hand is not None and signing.state is record.State.SIGNED:
        add_seal(writer, signing.hand.identity, environment, tsa=request.tsa)
    writer.finish()
    return assets


def pack_assets(writer: BundleWriter, planned: Plan, look: Look) -> Sequence[AssetRecord]:
    """Store the client's files."""
    project = planned.project
    selection = project.settings.options.assets.selection
    return writer.add_assets(project.assets_root, planned.assets, selection=selection, look=look)


def counted(planned: Plan, environment: Environment) -> Callable[[int], None]:
    """Turns the packer's increments into "done of all"."""
    total, done = sum(asset.size or 0 for asset in planned.assets), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        environment.on_bytes(done, total)

    return count


def _late_input(
    planned: Plan, assets: Sequence[AssetRecord], archive: record.AssetsArchive | None, signing: Signing
) -> RenderInput:
    """What documents are made from once the assets are packed; a split bundle's are in the second zip."""
    contents = planned.contents
    if archive is not None:
        contents = tuple(line._replace(name=archive.name) if line.role is Role.ASSET else line for line in contents)
    return replace(
        base_input(planned),
        assets=tuple(assets),
        bundle_id=record.bundle_id(
            date=planned.today,
            draft=planned.draft,
            inputs=record.shown_inputs(planned.project.digests),
            assets={asset.entry.name: asset.entry.sha256 for asset in assets},
        ),
        signers=signing.signers,
        second_sha256=archive.sha256 if archive else "",
        contents=contents,
    )


def _record(
    planned: Plan,
    entries: Sequence[EntryRecord],
    bundle_id: str,
    state: record.State,
    archive: record.AssetsArchive | None,
    stamped: bool,
) -> record.BundleRecord:
    settings = planned.project.settings
    documents = tuple(
        record.DocumentEntry(entry.name, entry.role)
        for entry in entries
        if entry.role is not None and not entry.name.startswith(ASSETS_PREFIX)
    )
    return record.BundleRecord(
        bundle_id=bundle_id,
        date=planned.today,
        state=state,
        language=settings.language,
        client=settings.client.id,
        generator=f"handover-kit {__version__}",
        owners=tuple(record.OwnerPin(record.printable_line(owner.name), owner.pin) for owner in settings.owners),
        time_stamp=stamped,
        entries=documents,
        renamed=planned.renamed,
        inputs=record.shown_inputs(planned.project.digests),
        assets_archive=archive,
    )


def add_seal(writer: BundleWriter, identity: "SigningIdentity", environment: Environment, *, tsa: str | None) -> None:
    """Certificate, manifest and signature over everything that is stored, time-stamped by the authority at `tsa`."""
    from handover.seal.certificates import certificate_pem
    from handover.seal.container import build_manifest
    from handover.seal.container_signature import sign_cades

    writer.add(sealing_record(record.CERTIFICATE_NAME, certificate_pem(identity.certificate, identity.chain)))
    manifest = build_manifest([entry for entry in writer.entries if entry.name != MIMETYPE_ENTRY])
    signature = sign_cades(manifest, identity, environment.now(), timestamp=_timestamper(environment, tsa))
    writer.add(sealing_record(record.MANIFEST_NAME, manifest))
    writer.add(sealing_record(record.SIGNATURE_NAME, signature))


def _timestamper(environment: Environment, url: str | None) -> Callable[[bytes], bytes] | None:
    if url is None:
        return None
    from handover.seal.timestamp import request_timestamp

    return lambda signature: request_timestamp(signature, url=url, random=environment.random)


_DIGITS: Final = 16
"""Hexadecimal digits of the digest in the file name: enough to tell any two apart, short enough to read."""


def pack_second_zip(
    publication: Publication, planned: Plan, request: BuildRequest, environment: Environment, look: Look
) -> Packed:
    """Pack all assets, and give the publication its name; gives their records and what the first zip must say of it.

    `look` sees each file on its way.
    """
    publication.require_space(required_space(planned.assets))
    writer = BundleWriter(publication.file, workers=request.workers, on_progress=counted(planned, environment))
    assets = pack_assets(writer, planned, look)
    size = writer.finish()
    digest = publication.sha256()
    publication.rename(f"{slug(planned.project.settings.client.id)}-assets-{digest[:_DIGITS]}.zip")
    return assets, record.AssetsArchive(name=publication.path.name, size=size, sha256=digest)
