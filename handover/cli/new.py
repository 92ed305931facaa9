"""`handover new`: write a new project folder."""

from pathlib import Path

import click

from handover.cli import report
from handover.cli.options import FOLDER
from handover.model.errors import OutputError
from handover.model.message import msg, system_reason


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--lang", metavar="XX", help="Language of the documents and of the comments (default: English).")
def new(folder: str, *, lang: str | None) -> None:
    """Write a new project into FOLDER, every field commented; refuses a folder that isn't empty."""
    from handover.languages.registry import START
    from handover.project.start import scaffold

    root = Path(folder)
    files = scaffold(lang or START)
    if root.is_dir() and any(root.iterdir()):
        raise OutputError(msg("{folder}: this folder isn't empty", folder=folder), hint=msg("name a new folder"))
    try:
        _write_whole(root, files)
    except OSError as error:
        raise OutputError(
            msg("{folder}: can't be written ({reason})", folder=folder, reason=system_reason(error))
        ) from None
    report.done(
        msg("{folder}: ready to fill in, beginning with handover.yaml", folder=folder),
        msg("next: handover validate {folder}", folder=report.quoted(folder)),
    )


def _write_whole(root: Path, files: dict[str, bytes]) -> None:
    """Everything or nothing: written beside the target, then renamed over the missing or empty folder."""
    from handover.bundle.staging import Staged, sweep

    root.parent.mkdir(parents=True, exist_ok=True)
    sweep(root.parent)
    with Staged(root.parent, folder=True) as staged:
        for name, content in files.items():
            path = staged.path / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        staged.give_name(root)
