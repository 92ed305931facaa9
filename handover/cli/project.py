"""`handover init`: write a new project folder."""

from pathlib import Path

import click

from handover.cli.options import FOLDER
from handover.errors import OutputError


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--lang", default="en", metavar="fr|en", help="Language of the documents and of the comments.")
def init(folder: str, *, lang: str) -> None:
    """Write a new project into FOLDER, every field commented; refuses a folder that isn't empty."""
    from handover.scaffold import scaffold

    root = Path(folder)
    files = scaffold(lang)
    if root.is_dir() and any(root.iterdir()):
        raise OutputError(f"{folder}: this folder isn't empty", hint="name a new folder")
    try:
        _write(root, files)
    except OSError as error:
        raise OutputError(f"{folder}: can't be written ({error.strerror})") from None
    click.echo(f"{folder}: ready to fill in, beginning with handover.yaml")
    click.echo(f"next: handover validate {folder}")


def _write(root: Path, files: dict[str, bytes]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
