"""Asking whether a folder outside of a project may be delivered: `assets.from`.

Role: the question and the option that answers it in scripts; what is kept of it is
`handover.project.read.assets_folder`'s. It reads no file of the folder.
"""

from pathlib import Path

from handover.cli import asking
from handover.cli.terminal import confirm, say
from handover.model.errors import UsageError
from handover.model.message import msg


def confirm_assets(root: Path, named: str | None = None, *, quiet: bool = False) -> Path | None:
    """Have the folder confirmed that the project's files come from, where nobody has done so on this computer.

    Gives that folder, None where it's the project's own. `named` is the folder that the user names on the command line.
    Raises UsageError where that is another one.
    """
    from handover.project.read import load_settings
    from handover.project.read.assets_folder import confirm as keep
    from handover.project.read.assets_folder import elsewhere, unconfirmed
    from handover.project.read.files import ProjectFolder

    settings = load_settings(ProjectFolder(root))
    folder = elsewhere(root, settings)
    if folder is None or not unconfirmed(root, settings):
        return folder
    if named is not None and Path(named).resolve() != folder.resolve():
        raise UsageError(
            msg("--assets-from {named}: `assets.from` names {folder}", named=named, folder=folder),
            hint=msg("correct one of them"),
        )
    if named is None and (quiet or not asking.interactive()):
        return folder
    if named is None:
        say(msg("the client's files are outside of the project, in {folder}", folder=folder), err=True)
        if not confirm(msg("may what is in it be delivered to this client?")):
            return folder
    keep(root, folder)
    return folder
