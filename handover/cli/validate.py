"""`handover validate`: list everything that is wrong with projects and templates, and mend what needs no judgement."""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli import report
from handover.cli.options import FILE, FOLDER, denied
from handover.cli.terminal import json_text, say
from handover.model.agency import AGENCY_FILE
from handover.model.errors import EXIT_FAILED
from handover.model.message import counted, joined, msg

if TYPE_CHECKING:
    from handover.cli.formats import Result
    from handover.cli.template_targets import Checked

FORMATS = ("text", "json", "github", "sarif", "junit")


@click.command()
@click.argument("targets", nargs=-1, type=click.Path(), metavar="[PROJECT|TEMPLATE.docx|FOLDER]...")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", help="How to print findings.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--fix", is_flag=True, help="Mend the typography of templates, in place.")
@click.option("--annotate", type=FOLDER, help="Write copies of templates into this folder, findings as Word comments.")
@click.option("--draft", is_flag=True, help="Judge projects as for a draft: no vault is needed.")
@click.option("--document", metavar="NAME", help="What a template makes (letter, …), when its name doesn't say.")
@click.option("--lang", "language", metavar="XX", help="The templates' language, when their folder doesn't say.")
@click.option("--assets-from", type=FOLDER, help="Confirm that `assets.from`, this folder, may be delivered.")
@click.option("--deny", type=FILE, multiple=True, help="A file of other clients' names, which mustn't leave.")
def validate(targets: tuple[str, ...], *, style: str, as_json: bool, strict: bool, **options: Any) -> int:
    """Check projects and Word templates: every problem at once, with its place and what to write.

    Without arguments, the project in the current folder. A template is checked without any data: its tags, variables,
    required content, tone, typography and the file itself (docs/rules.md). A folder may hold templates, or languages.
    """
    from handover.cli.formats import Result
    from handover.cli.targets import check

    style = "json" if as_json else style
    checked = check(targets or (".",), _wishes(quiet=style != "text", **options))
    result = Result(checked.files, checked.findings, strict)
    for file, count in checked.mended.items():
        say(counted("{file}: {count} correction made", "{file}: {count} corrections made", count, file=file), err=True)
    for copy in checked.annotated:
        say(msg("{copy}: a copy with the findings as comments", copy=copy), err=True)
    for project in checked.sharing:
        report.tell_shared(shared=True, project="" if len(checked.projects) == 1 else project)
    for project, left_out in checked.left_out.items():
        listing = msg("`handover build {project} --list` shows each", project=report.quoted(project))
        said = joined("; ", (report.left_out_line(left_out), listing))
        say(said if len(checked.projects) == 1 else msg("{project}: {said}", project=project, said=said), err=True)
    if style == "text":
        _print_text(targets or (".",), checked, result)
    else:
        made = import_module(f"handover.cli.formats.{style}").document(result)
        report.print_utf8(made if isinstance(made, str) else json_text(made))
    return EXIT_FAILED if result.failed else 0


def _wishes(**options: Any) -> Any:
    from handover.cli.template_targets import Wishes
    from handover.documents.templates import document_id, with_templates
    from handover.model.errors import UsageError

    document = options["document"]
    if document is not None and document_id(document) is None:
        hint = msg("there are: {known}", known=", ".join(with_templates()))
        raise UsageError(msg("--document: there is no document {document!r}", document=document), hint=hint)
    annotate = Path(options["annotate"]) if options["annotate"] else None
    given = {name: options[name] for name in ("draft", "fix", "language", "assets_from", "quiet")}
    return Wishes(document=document, deny=denied(options["deny"]), annotate=annotate, **given)


def _print_text(targets: Sequence[str], checked: "Checked", result: "Result") -> None:
    alone = checked.projects[0] if list(targets) == checked.projects and len(targets) == 1 else None
    findings = result.findings if alone is None else _inside(alone, result)
    if findings:
        again = f"handover validate {report.quoted(targets[0])}" if len(targets) == 1 else ""
        report.print_findings(
            findings,
            next_command=again if result.failed else f"handover preview {report.quoted(alone)}" if alone else "",
        )
        return
    shown = alone or targets[0]
    count = len(checked.files)
    say(
        msg("{shown}: nothing to correct", shown=shown)
        if len(targets) == 1
        else counted("{count} file: nothing to correct", "{count} files: nothing to correct", count=count)
    )
    if alone:
        say(report.next_line("preview", alone))
    elif len(targets) == 1 and (Path(shown) / AGENCY_FILE).is_file():
        say(report.next_line("new", "SOURCE", Path(shown) / "CLIENT"))


def _inside(target: str, result: "Result") -> Sequence[Any]:
    """The findings of one project, their files named from its folder."""
    from handover.cli.options import project_root

    prefix = f"{project_root(target).as_posix()}/"
    return [
        replace(found, location=replace(found.location, file=found.location.file.removeprefix(prefix)))
        for found in result.findings
    ]
