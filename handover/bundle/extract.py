"""Safe extraction of a bundle: into a fresh folder, all or nothing.

Role: writes the contents of an archive whose structure `handover.bundle.read` accepted. Everything goes to a new
folder beside the target, private to the user, which gets the target's name when the last byte is checked. It
trusts no name (they are in the grammar by then), overwrites nothing, and verifies no signature: the
caller did.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from handover.bundle.names import check_entry_name, printable
from handover.bundle.read import ArchiveEntry, Contents
from handover.bundle.read.contents import told_of_second
from handover.bundle.staging import Staged, make_private, new_token, sweep, write_all
from handover.model.errors import BundleError, OutputError
from handover.model.message import msg, system_reason

_RESERVE: Final = 16 * 1024 * 1024
_CLUSTER: Final = 4096
"""What the last bytes of a file take on nearly every file system."""
# O_EXCL: an existing name, a link included, is never written through.
_FRESH_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def extract(
    archive: Contents,
    target: Path,
    *,
    second: Contents | None = None,
    digests: Mapping[str, str] | None = None,
    on_progress: Callable[[int], None] | None = None,
    token: Callable[[], str] = new_token,
) -> Path:
    """Extract every entry into `target`, which mustn't exist or must be an empty folder; gives `target`.

    `second` is the second zip of a split bundle, which goes into the same folder.

    Files get mode 0600 and folders 0700 (docs/format.md, section 12). `digests` are the SHA-256 by entry that
    verification found: a content that differs from them (the file was changed in between) is refused, and so is
    an entry that they don't list, or one of theirs that is gone. `on_progress` gets the bytes written since its
    last call. Raises `BundleError` for damaged contents, `OutputError` when the target isn't fresh or the disk
    refuses; then nothing is left. What a killed extraction left beside the target is removed first.
    """
    archives = [archive] if second is None else [archive, second]
    listed = {entry.name for one in archives for entry in one.entries}
    _check_target(target)
    parent = target.absolute().parent
    sweep(parent)
    _check_space(archives, target)
    try:
        with Staged(parent, folder=True, token=token) as staged:
            for one in archives:
                with told_of_second() if one is second else contextlib.nullcontext():
                    for entry in one.entries:
                        _write(one, entry, staged.path, digests, on_progress)
            if gone := sorted((digests or {}).keys() - listed):
                raise BundleError(
                    msg("it is gone since it was verified"), entry=gone[0], clause="12.2", hint=msg("verify again")
                )
            staged.give_name(target)
    except OSError as error:
        raise _refused(target, error) from error
    return target


def _check_target(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise OutputError.at(
            target.parent, msg("there is no such folder"), hint=msg("make it first, or choose another place")
        )
    if target.absolute() == Path.cwd():
        # What replaces it would be another folder, and whoever stands here would see nothing of it.
        raise OutputError.at(
            target, msg("this is the folder you are in"), hint=msg("name a new folder inside it: -o handover")
        )
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise OutputError.at(target, msg("it exists and isn't a folder"), hint=msg("choose another name"))
    with os.scandir(target) as entries:
        if next(entries, None) is not None:
            raise OutputError.at(
                target, msg("the folder isn't empty"), hint=msg("choose a new folder: nothing is ever overwritten")
            )


def _check_space(archives: Sequence[Contents], target: Path) -> None:
    sizes = (entry.size for archive in archives for entry in archive.entries)
    needed = sum(-(-size // _CLUSTER) * _CLUSTER for size in sizes) + _RESERVE
    free = shutil.disk_usage(target.absolute().parent).free
    if free < needed:
        raise OutputError.at(
            target,
            msg(
                "the disk has {free:,.0f} MB free, extracting needs {needed:,.0f} MB",
                free=free / 1000000.0,
                needed=needed / 1000000.0,
            ),
            hint=msg("free some space, or extract to another disk"),
        )


def _write(
    archive: Contents,
    entry: ArchiveEntry,
    folder: Path,
    digests: Mapping[str, str] | None,
    on_progress: Callable[[int], None] | None,
) -> None:
    check_entry_name(entry.name)  # read_archive did; a path is never built from an unchecked name
    path = folder.joinpath(*entry.name.split("/"))
    if path.parent != folder:
        _make_folders(path.parent)
    digest = hashlib.sha256()
    descriptor = os.open(path, _FRESH_FILE, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)  # a strict umask takes the owner's own rights away
        for piece in archive.stream(entry):
            digest.update(piece)
            write_all(partial(os.write, descriptor), piece)
            if on_progress:
                on_progress(len(piece))
    finally:
        os.close(descriptor)
    if digests is not None and digests.get(entry.name) != digest.hexdigest():
        raise BundleError(
            msg("it changed since it was verified"), entry=entry.name, clause="12.2", hint=msg("verify again")
        )


def _make_folders(folder: Path) -> None:
    # mkdir's mode doesn't reach the parents that it makes (Path.mkdir), and the umask may be open.
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    make_private(folder)


def _refused(target: Path, error: OSError) -> OutputError:
    shown = printable(str(target))
    if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
        return OutputError.at(shown, msg("something was put there meanwhile"), hint=msg("choose a new folder"))
    if error.errno == errno.ENOSPC:
        return OutputError.at(shown, msg("the disk is full"), hint=msg("free some space, or extract to another disk"))
    return OutputError.at(
        shown, msg("can't write: {reason}", reason=system_reason(error)), hint=msg("choose another place")
    )
