"""`handover new`: a project folder, empty or from a folder of papers, exports and files.

Role: the options. What is in an empty project, and how it's written, is `handover.project.start`'s;
what is asked of whoever has a messy folder, `handover.cli.from_folder`'s.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from handover.cli import report
from handover.cli.options import DATE, FILE, FOLDER
from handover.model.errors import OutputError, UsageError
from handover.model.message import msg


@click.command(short_help="Make a project: empty, or from a folder of papers, exports and files.")
@click.argument("folders", nargs=-1, required=True, metavar="[SOURCE] DIR", type=FOLDER)
@click.option(
    "--language",
    "--lang",
    metavar="XX",
    help="Language of the documents (default: the workspace's, or that of the papers).",
)
@click.option("--answers", type=FILE, help="Answers by question, or by key of handover.yaml, as YAML.")
@click.option("--no-input", is_flag=True, help="Ask nothing: write the proposal, and list what is open.")
@click.option("--date", "today", type=DATE, help="The day as of which it's written (default: today).")
@click.option("--vault-passphrase-file", metavar="FILE|-", help="The new vault's passphrase (default: asked for).")
def new(folders: tuple[str, ...], *, language: str | None, today: dt.date | None, **options: Any) -> None:
    """Make the project DIR. From SOURCE, a folder as it is after years of work, come what papers and exports say, the
    client's files and passwords; it's read, never changed. What no file tells is asked, with a proposal."""
    from handover.cli.clock import today as today_here
    from handover.cli.from_folder import from_folder

    if len(folders) > 2:
        raise UsageError(msg("give a folder to read and a folder to make, no more"))
    target = Path(folders[-1])
    if target.is_dir() and any(target.iterdir()):
        raise OutputError.at(target, msg("this folder isn't empty"), hint=msg("name a new folder"))
    if len(folders) == 1:
        _make_empty(target, language)
        return
    from_folder(Path(folders[0]), target, language or "", today or today_here(), options)


def _make_empty(root: Path, lang: str | None) -> None:
    """Write an empty project. In a workspace (`handover setup`) it asks for nothing that all projects share."""
    from handover.languages.registry import START
    from handover.model.sources import text_at
    from handover.project.read.workspace import shared_with
    from handover.project.start import scaffold, write_project

    shared = shared_with(root)
    theirs = text_at(shared, "language")
    files = scaffold(lang or theirs or START, shared)
    if theirs and lang not in {None, theirs}:
        files["handover.yaml"] = files["handover.yaml"].replace(b"\nlanguage:", b"\nlanguage: " + str(lang).encode(), 1)
    write_project(root, files)
    report.tell_shared(shared=shared is not None)
    report.done(
        msg("{folder}: ready to fill in, beginning with handover.yaml", folder=root),
        report.next_line("validate", str(root)),
    )
