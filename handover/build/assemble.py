"""Put one bundle together in the order of docs/format.md 4.1: documents, assets, what lists them, the seals.

Role: drives the packer through one zip. Late documents are rendered here, from the records that packing the assets
gave. It chooses no name, opens no output and verifies nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handover import __version__
from handover.build.render import base_input, render
from handover.build.request import BuildRequest, Environment
from handover.build.seal import Material, seal
from handover.bundle import record
from handover.bundle.names import ASSETS_PREFIX, MIMETYPE_ENTRY
from handover.bundle.write import BundleWriter
from handover.documents.base import Content, RenderInput
from handover.documents.plan import Plan
from handover.model.artifact import AssetRecord, EntryRecord, Role, SealedArtifact
from handover.model.errors import Finding
from handover.project import leaks
from handover.seal.policy import sealing_record

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity

RefuseLeaks = Callable[[Sequence[Finding]], None]


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything that one zip is put together from."""

    plan: Plan
    request: BuildRequest
    material: Material
    environment: Environment
    guard: leaks.Guard
    refuse_leaks: RefuseLeaks


def assemble(
    writer: BundleWriter,
    assembly: Assembly,
    early: Sequence[SealedArtifact],
    *,
    assets: Sequence[AssetRecord] | None = None,
    archive: record.AssetsArchive | None = None,
) -> None:
    """Write the whole bundle and finish it.

    `assets` is None to pack the client's files into this zip; for a split bundle it holds the records of the second
    zip's files, and `archive` names that zip. Raises what rendering, sealing and packing raise.
    """
    plan = assembly.plan
    writer.add_mimetype()
    for artifact in early:
        writer.add(artifact)
    if assets is None:
        assets = writer.add_assets(
            plan.project.assets_root,
            plan.assets,
            selection=plan.project.settings.options.assets.selection,
            retry=assembly.request.retry,
        )
    bundle_id = record.bundle_id(
        date=plan.today,
        draft=plan.draft,
        inputs=record.shown_inputs(plan.project.digests),
        assets={asset.entry.name: asset.entry.sha256 for asset in assets},
    )
    base = replace(
        base_input(plan),
        assets=tuple(assets),
        bundle_id=bundle_id,
        signers=assembly.material.signers,
        second_sha256=archive.sha256 if archive else "",
        contents=_contents(plan, archive),
    )
    late = _late_documents(assembly, base)
    assembly.refuse_leaks(leaks.document_leaks(late, assembly.guard.searcher))
    for artifact in late:
        writer.add(artifact)
    about = _record(assembly, writer.entries, bundle_id, archive)
    writer.add(sealing_record(record.RECORD_NAME, record.write_record(about)))
    writer.add(sealing_record(record.SUMS_NAME, record.write_sums(writer.entries)))
    if assembly.material.hand is not None and assembly.material.state is record.State.SIGNED:
        add_seal(writer, assembly.material.hand.identity, assembly.environment, tsa=assembly.request.tsa)
    writer.finish()


def _contents(plan: Plan, archive: record.AssetsArchive | None) -> tuple[Content, ...]:
    """The table of contents; the client's files of a split bundle are in the second zip."""
    if archive is None:
        return plan.contents
    return tuple(replace(line, name=archive.name) if line.role is Role.ASSET else line for line in plan.contents)


def _late_documents(assembly: Assembly, base: RenderInput) -> list[SealedArtifact]:
    material = assembly.material
    sealed: list[SealedArtifact] = []
    for planned in assembly.plan.late:
        vault = material.vault if planned.deliverable.uses_vault else None
        sealed += seal(render(planned, replace(base, vault=vault)), material, assembly.environment, planned)
    return sealed


def _record(
    assembly: Assembly, entries: Sequence[EntryRecord], bundle_id: str, archive: record.AssetsArchive | None
) -> record.BundleRecord:
    plan = assembly.plan
    settings = plan.project.settings
    documents = tuple(
        record.DocumentEntry(entry.name, entry.role)
        for entry in entries
        if entry.role is not None and not entry.name.startswith(ASSETS_PREFIX)
    )
    return record.BundleRecord(
        bundle_id=bundle_id,
        date=plan.today,
        state=assembly.material.state,
        language=settings.language,
        client=settings.client.id,
        generator=f"handover-kit {__version__}",
        owners=tuple(record.OwnerPin(record.printable_line(owner.name), owner.pin) for owner in settings.owners),
        time_stamp=assembly.material.state is record.State.SIGNED and assembly.request.tsa is not None,
        entries=documents,
        renamed=plan.renamed,
        inputs=record.shown_inputs(plan.project.digests),
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
