"""What a bundle doesn't show of its inputs, kept beside it in the project: accounts, invoices, the vault as it left it.

Role: `handover.json` shows no digest of what could be guessed (docs/format.md, 5.5), so their digests stay in
`out/.inputs/`, by the digest of the inventory, which signing leaves alone, for `send` to compare. They never leave the
project: nothing is kept of a bundle that is written elsewhere. A record that is missing or damaged says nothing.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from handover.bundle.record import shown_inputs
from handover.bundle.verify import Report
from handover.formats.opener import read_named
from handover.model.artifact import Role
from handover.model.project import Project
from handover.model.sources import VAULT_FILE

_FOLDER: Final = ".inputs"
_MAXIMUM: Final = 64 * 1024
_MAXIMUM_VAULT: Final = 64 * 1024 * 1024


def keep_hidden(project: Project, bundle: Path, report: Report) -> None:
    """Record what the published bundle was made from. Failing costs a warning that `send` could give later."""
    path = _record(project, bundle, report)
    if path is None or path.parent.is_symlink():
        return  # whoever may write to the folder must not send the record elsewhere
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)  # a link, it may be
        path.write_text(json.dumps(_hidden(project)), encoding="utf-8")


def changed_hidden(project: Project, bundle: Path, report: Report) -> list[str]:
    """The files that a bundle doesn't show and that have changed since it was built, as far as that was recorded."""
    path = _record(project, bundle, report)
    try:
        was = json.loads(read_named(path, _MAXIMUM)) if path and not path.parent.is_symlink() else None
    except (OSError, ValueError, RecursionError):
        return []
    now = _hidden(project)
    return sorted(n for n in was.keys() | now.keys() if was.get(n) != now.get(n)) if isinstance(was, dict) else []


def _record(project: Project, bundle: Path, report: Report) -> Path | None:
    folder, about = bundle.resolve().parent, report.record
    inventory = about.name(Role.INVENTORY)
    key = next((entry.sha256 for entry in report.entries if entry.name == inventory), about.bundle_id)
    return folder / _FOLDER / f"{key}.json" if folder.is_relative_to(project.root.resolve()) else None


def _hidden(project: Project) -> Mapping[str, str]:
    """Digests by name; the vault's is read anew, since a build keeps the client's passphrase in it."""
    found = {name: digest for name, digest in project.digests.items() if name not in shown_inputs(project.digests)}
    if VAULT_FILE in found:
        found[VAULT_FILE] = hashlib.sha256(read_named(project.root / VAULT_FILE, _MAXIMUM_VAULT)).hexdigest()
    return found
