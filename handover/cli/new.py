"""`handover new`: begin the project of one client.

Role: decides the language, asks nothing, and writes a project folder whole or not at all. What is in one is
`handover.project.start`'s; `write_project` takes the files of any other way to begin, too.
"""

from collections.abc import Mapping
from pathlib import Path

import click

from handover.cli import report
from handover.cli.options import FOLDER
from handover.cli.terminal import say
from handover.model.errors import OutputError
from handover.model.message import msg


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--lang", metavar="XX", help="Language of the documents and of the comments (default: the workspace's).")
def new(folder: str, *, lang: str | None) -> None:
    """Write a new project into DIR, every field commented; refuses a folder that isn't empty.

    In a workspace (`handover setup`) it asks for nothing that all projects share.
    """
    from handover.languages.registry import START
    from handover.model.sources import YamlScalar, node_at
    from handover.project.read.workspace import shared_with
    from handover.project.start import scaffold

    root = Path(folder)
    shared = shared_with(root)
    spoken = node_at(shared, "language")
    theirs = spoken.text if isinstance(spoken, YamlScalar) and not spoken.absent else ""
    files = scaffold(lang or theirs or START, shared)
    if theirs and lang not in {None, theirs}:
        files["handover.yaml"] = files["handover.yaml"].replace(b"\nlanguage:", b"\nlanguage: " + str(lang).encode(), 1)
    write_project(root, files)
    if shared is not None:
        say(report.shared_line(), err=True)
    report.done(
        msg("{folder}: ready to fill in, beginning with handover.yaml", folder=folder),
        report.next_line("validate", folder),
    )


def write_project(root: Path, files: Mapping[str, bytes]) -> None:
    """Write a new project, path → content (a trailing slash means an empty folder): everything or nothing.

    Raises OutputError for a folder that isn't empty or can't be written.
    """
    from handover.bundle.staging import Staged, sweep

    if root.is_dir() and any(root.iterdir()):
        raise OutputError(msg("{folder}: this folder isn't empty", folder=root), hint=msg("name a new folder"))
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        sweep(root.parent)
        # Beside the target, then renamed over the missing or empty folder.
        with Staged(root.parent, folder=True) as staged:
            for name, content in files.items():
                path = staged.path / name
                if name.endswith("/"):
                    path.mkdir(parents=True, exist_ok=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            staged.give_name(root)
    except OSError as error:
        raise OutputError(msg("{folder}: can't be written ({reason})", folder=root, reason=error.strerror)) from None
