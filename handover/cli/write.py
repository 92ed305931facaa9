"""`handover write`: a document outside the bundle, or a letter alone, for its owners to read and sign."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import clock, report
from handover.cli.language import spoken
from handover.cli.options import FILE, PROJECT, own_folder, project_root
from handover.cli.terminal import say, worded
from handover.model.errors import OutputError, UsageError
from handover.model.life import VETTING_FILE, Moment, VettingRow, Wave
from handover.model.message import all_of, counted, msg

if TYPE_CHECKING:
    import datetime as dt

    from handover.documents.base import Outside

LETTER, NOTICE = "letter", "notice"


def _list(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Print every document that can be written, by its moment."""
    if not asked:
        return
    from textwrap import fill

    from handover.documents.registry import OUTSIDE

    documents = [
        (LETTER, msg("the letter alone, for its owners to read and sign")),
        (NOTICE, msg("the letter that tells the decision months before the bundle, for its owners to sign")),
        *((_shown(one), one.help) for one in OUTSIDE),
    ]
    width = max(len(name) for name, _ in documents)
    for name, about in documents:
        say(fill(worded(about), 78, initial_indent=f"{name:<{width}}  ", subsequent_indent=" " * (width + 2)))
    ctx.exit()


@click.command()
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_list,
              help="List every document that can be written.")  # fmt: skip
@click.argument("document")
@click.argument("project", metavar="[PROJECT]", type=PROJECT, default=".")
@click.option("-o", "--out", type=FILE, help="Where to write it (default: PROJECT/out/, or internal/made/).")
@click.option("--replace", is_flag=True, help="Replace a file of this name.")
@click.option("--wave", type=click.Choice(["start", "during", "end"]), help="For the survey: when (default: end).")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="For the letter: as for `build`.")
@click.option("--recipient-only", is_flag=True, help="For the letter: as for `build`.")
@click.option(
    "--allow-leak",
    "allowed",
    multiple=True,
    metavar="FILE",
    help="Write this file although it looks internal, or names a client.",
)
def write(
    document: str,
    project: str,
    *,
    out: str | None,
    replace: bool,
    wave: str | None,
    allowed: tuple[str, ...],
    **keys: Any,
) -> None:
    """Write DOCUMENT: one for the agency alone, into internal/made/, or one for the client, into out/.

    `notice` tells the decision months before the bundle, with the arithmetic of the notice; it acknowledges the
    client's own, or says that a contract isn't renewed. Signed, it is packed later as it is, beside a cover letter.
    `letter` is today's letter alone. Both are unsigned as yet, and enclose nothing.
    """
    if document == LETTER or (document == NOTICE and not any(keys.values())):
        _letter(document, project, out=out, replace=replace, allowed=allowed, **keys)
        return
    if any(keys.values()):
        raise UsageError(msg("--recipient and --recipient-only belong to the letter"))
    _outside(_document(document), project, out=out, replace=replace, wave=wave, allowed=allowed)


def _shown(document: "Outside[Any]") -> str:
    return document.id.replace("_", "-")


def _document(name: str) -> "Outside[Any]":
    from handover.documents.registry import ALL, OUTSIDE
    from handover.model.did_you_mean import did_you_mean

    known = {_shown(one): one for one in OUTSIDE}
    if name in known:
        return known[name]
    if name in {one.id for one in ALL}:
        raise UsageError(
            msg("{name} is part of the bundle", name=name), hint=msg("`handover build` writes it with all the others")
        )
    raise UsageError(
        msg("there is no document {name}", name=repr(name)),
        hint=did_you_mean(name, [LETTER, NOTICE, *known]) or msg("`handover write --list` shows every one"),
    )


def _outside(
    document: "Outside[Any]",
    given: str,
    *,
    out: str | None,
    replace: bool,
    wave: str | None,
    allowed: tuple[str, ...],
) -> None:
    from handover.build.outside import make, make_for_workspace
    from handover.documents.base import WorkspaceInput
    from handover.model.artifact import InternalArtifact

    today = clock.today()
    if document.given is WorkspaceInput:
        root = _workspace(given)
        artifact = make_for_workspace(document, root, today, spoken(), allowed)
    else:
        root = project_root(given)
        _tell(root, today)
        artifact = make(document, root, today, Wave(wave or Wave.END), allowed)
    internal = isinstance(artifact, InternalArtifact)
    if not internal and document.given is not WorkspaceInput:
        report.tell_uncompared(root)
    if out is not None:
        target = Path(out)
    else:
        folder = own_folder(root, "internal", "made") if internal else own_folder(root, "out")
        if internal:
            folder.chmod(0o700)
        target = folder / artifact.name
    if internal and target.resolve().is_relative_to((root / "out").resolve()):
        raise UsageError.at(
            target,
            msg("what is in out/ goes to the client, and this is for yourself alone"),
            hint=msg("leave -o away, and it goes to internal/made/"),
        )
    _publish(target, artifact.content, replace=replace)
    said = msg("for yourself alone; it is never delivered") if internal else msg("read it before it goes out")
    report.done(msg("{target}: {said}", target=target, said=said))
    if document.moment is Moment.LEARN and document.given is not WorkspaceInput:
        _learn(root, today)


def _tell(root: Path, today: "dt.date") -> None:
    """Show what is worth a warning in the files that no build reads."""
    from handover.life.dossier import read_dossier

    found = read_dossier(root, today).required.findings
    if found:
        report.print_findings(found)


def _learn(root: Path, today: "dt.date") -> None:
    """Put what was decided into the vetting list of the workspace, where the project stands in one."""
    from handover.life.dossier import read_dossier
    from handover.life.workspace import AGENCY_FILE, learn

    folder = root.resolve().parent
    dossier = read_dossier(root, today)
    if not any((folder / name).exists() for name in (AGENCY_FILE, VETTING_FILE)):
        if (meeting := dossier.internal.post_mortem) and meeting.decisions:
            message = msg(
                "caution: what was decided is in no vetting list: {folder} has neither {agency} nor {vetting}; "
                "make one of them there (`handover setup` writes {agency}; the first line of {vetting} is {columns}), "
                "then write this again",
                folder=folder, agency=AGENCY_FILE, vetting=VETTING_FILE, columns=",".join(VettingRow.model_fields),
            )  # fmt: skip
            say(message, err=True)
        return
    new = learn(folder, dossier, today)
    say(counted("{file}: {count} new point", "{file}: {count} new points", count=new, file=folder / VETTING_FILE))


def _workspace(given: str) -> Path:
    path = Path(given)
    if not path.is_dir():
        raise UsageError.at(given, msg("there is no such folder"))
    if (path / "handover.yaml").exists():
        raise UsageError.at(
            given,
            msg("is a project, and this belongs to the workspace"),
            hint=msg("give the folder in which your projects are"),
        )
    return path


def _letter(
    kind: str,
    project: str,
    *,
    out: str | None,
    replace: bool,
    allowed: tuple[str, ...],
    recipients: tuple[str, ...],
    recipient_only: bool,
) -> None:
    from handover.build.outside import refuse_internal
    from handover.build.prepare import prepare
    from handover.build.render import render_alone, sent_alone
    from handover.build.request import ProjectRequest
    from handover.bundle.binding import Kind
    from handover.documents.notice import NOTICE as LINE
    from handover.documents.notice import lacks

    root = project_root(project)
    planned = prepare(
        ProjectRequest(
            root=root,
            today=clock.today(),
            judge_assets=False,
            reads=LINE.reads,
            recipients=recipients,
            recipient_only=recipient_only,
        )
    ).plan
    if kind == NOTICE and (lacking := lacks(planned.project, planned.today)):
        raise OutputError.at(NOTICE, lacking)
    artifact, words = render_alone(Kind(kind), planned), sent_alone(Kind(kind), planned)[0].words
    target = Path(out) if out else own_folder(root, "out") / f"{words.text('alone_name')}.docx"
    refuse_internal(target.name, artifact.content, root, allowed)
    report.tell_uncompared(root)
    _publish(target, artifact.content, replace=replace)
    report.tell_shared(shared=planned.project.shared)
    owners = all_of(owner.name for owner in planned.project.settings.owners)
    # The same options again: how the letter says that the inventory opens depends on them.
    keys = "".join(f" --recipient {report.quoted(key)}" for key in recipients) + " --recipient-only" * recipient_only
    report.done(
        msg("{target}: to be read by {owners}", target=target, owners=owners),
        report.next_line(f"sign {report.quoted(target)} --project {report.quoted(project)}{keys}"),
    )


def _publish(target: Path, content: bytes, *, replace: bool) -> None:
    import hashlib

    from handover.bundle.publish import write_file
    from handover.documents.drafts import remove_stale

    if not target.parent.is_dir():
        raise OutputError.at(
            target.parent, msg("there is no such folder"), hint=msg("make it, or name another with -o")
        )
    write_file(target, content, replace=replace)
    for line in report.stale_lines(remove_stale(target.parent, target.name, hashlib.sha256(content).hexdigest())):
        say(line)
