"""`handover init`: write a new project folder."""

from pathlib import Path

import click

from handover.cli import report
from handover.cli.options import FOLDER
from handover.model.errors import OutputError


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--lang", default="en", metavar="fr|en", help="Language of the documents and of the comments.")
def init(folder: str, *, lang: str) -> None:
    """Write a new project into FOLDER, every field commented; refuses a folder that isn't empty."""
    from handover.project.start import scaffold

    root = Path(folder)
    files = scaffold(lang)
    if root.is_dir() and any(root.iterdir()):
        raise OutputError(f"{folder}: this folder isn't empty", hint="name a new folder")
    try:
        _write_whole(root, files)
    except OSError as error:
        raise OutputError(f"{folder}: can't be written ({error.strerror})") from None
    report.done(
        f"{folder}: ready to fill in, beginning with handover.yaml", f"next: handover validate {report.quoted(folder)}"
    )


def _write_whole(root: Path, files: dict[str, bytes]) -> None:
    """Everything or nothing: written beside the target, then renamed over the missing or empty folder."""
    import shutil
    import tempfile

    root.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".handover-init-", dir=root.parent))
    try:
        _write(made, files)
        if root.is_dir():
            root.rmdir()  # empty; Windows renames over nothing else
        made.rename(root)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _write(root: Path, files: dict[str, bytes]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
