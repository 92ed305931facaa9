"""Bundles taken apart and put together again in the canonical form, with one thing changed: forgeries for tests."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping

from handover.bundle.record import (
    CERTIFICATE_NAME,
    MANIFEST_NAME,
    RECORD_NAME,
    SIGNATURE_NAME,
    SUMS_NAME,
    bundle_id,
    write_sums,
)
from handover.bundle.write import BundleWriter
from handover.model.artifact import EntryRecord, Role, UnsealedByPolicy
from handover.seal.certificates import certificate_pem
from handover.seal.container import build_manifest
from handover.seal.container_signature import sign_cades


def contents(data: bytes) -> dict[str, bytes]:
    """Every entry in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def zipped(entries: Mapping[str, bytes], tmp_path, codec=None) -> bytes:
    """The entries as one zip of the canonical profile, in order, deflated by another encoder where one is given."""
    path = tmp_path / "rezipped.zip"
    with path.open("w+b", buffering=0) as file:
        writer = BundleWriter(file, workers=1, codec=codec)
        for name, content in entries.items():
            if name == "mimetype" and not writer.entries:
                writer.add_mimetype()
            else:
                writer.add(UnsealedByPolicy(name, Role.DATA, content))
        writer.finish()
    data = path.read_bytes()
    path.unlink()
    return data


def reidentified(entries: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same entries, handover.json with the identifier that they give (docs/format.md 5.2)."""
    from hashlib import sha256

    value = json.loads(entries[RECORD_NAME])
    made = bundle_id(
        date=dt.date.fromisoformat(value["date"]),
        draft=value["state"] == "draft",
        inputs=value["inputs"],
        assets={name: sha256(data).hexdigest() for name, data in entries.items() if name.startswith("assets/")},
    )
    about = entries[RECORD_NAME].replace(value["bundle_id"].encode(), made.encode())
    return {name: about if name == RECORD_NAME else data for name, data in entries.items()}


def resealed(entries: dict[str, bytes], identity=None, signed_at=None) -> dict[str, bytes]:
    """The same entries with SHA256SUMS, and with `identity` also manifest and signature, made anew."""
    from hashlib import sha256

    made = dict(entries)
    names = list(made)
    before = names[: names.index(SUMS_NAME)]
    made[SUMS_NAME] = write_sums([EntryRecord(n, len(made[n]), sha256(made[n]).hexdigest()) for n in before])
    if identity is not None:
        made[CERTIFICATE_NAME] = certificate_pem(identity.certificate, identity.chain)
        listed = [n for n in made if n not in {"mimetype", MANIFEST_NAME, SIGNATURE_NAME}]
        made[MANIFEST_NAME] = build_manifest(
            [EntryRecord(n, len(made[n]), sha256(made[n]).hexdigest()) for n in listed]
        )
        made[SIGNATURE_NAME] = sign_cades(made[MANIFEST_NAME], identity, signed_at)
    return made
