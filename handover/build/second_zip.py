"""The client's files in a zip of their own, for bundles that would be too large for an e-mail (`--split-assets`).

Role: packs the second zip and names it after its own digest, by which the first binds it (docs/format.md 5.1). It is no
container: it has no `mimetype` and no signature of its own.
"""

from typing import Final

from handover.build.assemble import Packed, counted, pack_assets
from handover.build.request import BuildRequest, Environment
from handover.bundle.names import slug
from handover.bundle.publish import Publication
from handover.bundle.read.source import sha256_of
from handover.bundle.record import AssetsArchive
from handover.bundle.write import BundleWriter, Look, required_space
from handover.documents.plan import Plan

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
    publication.settle()
    digest = sha256_of(publication.file)
    publication.rename(f"{slug(planned.project.settings.client.id)}-assets-{digest[:_DIGITS]}.zip")
    return assets, AssetsArchive(name=publication.path.name, size=size, sha256=digest)
