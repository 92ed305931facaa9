"""`handover letter`: the letter alone, for its owners to read and sign."""

from pathlib import Path

import click

from handover.cli import clock, report
from handover.cli.options import FILE, PROJECT, own_folder, project_root
from handover.cli.terminal import say
from handover.model.errors import OutputError
from handover.model.message import all_of, msg


@click.command()
@click.argument("project", type=PROJECT, default=".")
@click.option("-o", "--out", type=FILE, help="Where to write it (default: PROJECT/out/letter.docx).")
@click.option("--replace", is_flag=True, help="Replace a file of this name.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="As for `handover build`.")
@click.option("--recipient-only", is_flag=True, help="As for `handover build`.")
def letter(project: str, *, out: str | None, replace: bool, recipients: tuple[str, ...], recipient_only: bool) -> None:
    """Write the letter alone, unsigned, to be read and signed where it is sent before anything else.

    It encloses nothing: it promises what the bundle will bring.
    """
    from handover.build.prepare import prepare
    from handover.build.render import render_letter
    from handover.build.request import ProjectRequest

    root = project_root(project)
    planned = prepare(
        ProjectRequest(
            root=root, today=clock.today(), judge_assets=False, recipients=recipients, recipient_only=recipient_only
        )
    ).plan
    artifact = render_letter(planned)
    target = Path(out) if out else own_folder(root, "out") / "letter.docx"
    _publish(target, artifact.content, replace=replace)
    if planned.project.shared:
        say(report.shared_line(), err=True)
    report.done(
        msg(
            "{target}: to be read by {owners}",
            target=target,
            owners=all_of(owner.name for owner in planned.project.settings.owners),
        ),
        msg(
            "next: handover sign {target} --project {project}",
            target=report.quoted(target),
            project=report.quoted(project),
        )
        + _keys(recipients, only=recipient_only),
    )


def _keys(recipients: tuple[str, ...], *, only: bool) -> str:
    """The same options for the next command: how the letter says that the inventory opens depends on them."""
    return "".join(f" --recipient {report.quoted(key)}" for key in recipients) + (" --recipient-only" if only else "")


def _publish(target: Path, content: bytes, *, replace: bool) -> None:
    from handover.bundle.publish import write_file

    if not target.parent.is_dir():
        raise OutputError(
            msg("{parent}: there is no such folder", parent=target.parent), hint=msg("make it, or name another with -o")
        )
    write_file(target, content, replace=replace)
