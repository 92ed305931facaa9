"""`handover preview`: what the client will read, made from the project as it is now and opened to be looked at.

Role: writes the documents that people read as drafts into `out/preview/` and opens them with the computer's own
programs. It asks for no passphrase, and nothing of it is a bundle.
"""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import click

from handover.cli import asking, clock, report
from handover.cli.assets_folder import confirm_assets
from handover.cli.options import DATE, PROJECT, own_folder, project_root
from handover.model.errors import UsageError
from handover.model.message import msg

_FOLDER = "preview"
_OPENED = ("letter", "start_here", "report")
"""What is opened when nothing is named: what a client reads first."""
_REFUSES_WITHIN = 1.0
"""Seconds in which a program that can't open a file says so."""


@click.command()
@click.argument("project", type=PROJECT, default=".")
@click.option("--document", "named", multiple=True, metavar="NAME", help="Open this one alone (again for several).")
@click.option("--date", "today", type=DATE, help="The day that documents bear (default: today).")
@click.option("--no-open", is_flag=True, help="Write the files, and open none.")
def preview(project: str, *, named: tuple[str, ...], today: dt.date | None, no_open: bool) -> None:
    """Write letter, page and report of PROJECT as drafts into out/preview/, and open them.

    They open in the programs that this computer uses for such files. They hold no credentials and are marked as drafts.
    """
    from handover.build.prepare import prepare
    from handover.build.render import base_input, render
    from handover.build.request import ProjectRequest
    from handover.bundle.publish import write_file
    from handover.model.artifact import Role

    root = project_root(project)
    confirm_assets(root)
    prepared = prepare(ProjectRequest(root=root, today=today or clock.today(), draft=True, judge_assets=False))
    kinds = {Role.INVENTORY, Role.DATA}
    documents = {one.deliverable.id: one for one in prepared.plan.documents if one.deliverable.role not in kinds}
    if wrong := [name for name in named if name not in documents]:
        hint = msg("this project makes {names}", names=", ".join(documents))
        raise UsageError(msg("--document: there is no {name} to preview", name=wrong[0]), hint=hint)
    chosen = named or [name for name in _OPENED if name in documents]
    folder = own_folder(root, "out", _FOLDER)
    base = base_input(prepared.plan)
    written = {}
    for name, document in documents.items():
        path = folder / document.name
        write_file(path, render(document, base).content, replace=True)
        written[name] = path
    report.tell_shared(shared=prepared.project.shared)
    if prepared.warnings:
        report.print_findings(prepared.warnings)
    opened = [] if no_open or not asking.interactive() else [written[name] for name in chosen if _opens(written[name])]
    report.done(
        *(msg("{file}: opened", file=path) if path in opened else str(path) for path in written.values()),
        report.next_line("build", project),
    )


def _opens(path: Path) -> bool:
    """Open a file of ours with the program that the computer has for it; whether that went well, as far as it tells.

    A desktop's program is given neither this terminal, which it would read from and write to, nor a folder to start in:
    without a desktop, `xdg-open` would take what the terminal has for such files.
    """
    if sys.platform in ("darwin", "win32"):
        return click.launch(str(path.absolute())) == 0
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    command, none = ["xdg-open", str(path.absolute())], subprocess.DEVNULL
    try:
        started = subprocess.Popen(  # noqa: S603 — one program, and a file that we made
            command, stdin=none, stdout=none, stderr=none, cwd="/", start_new_session=True
        )
        return started.wait(_REFUSES_WITHIN) == 0
    except subprocess.TimeoutExpired:
        return True  # some stay as long as the window does
    except OSError:
        return False
