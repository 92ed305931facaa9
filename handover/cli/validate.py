"""`handover validate`: list everything that is wrong with a project, and nothing else."""

import click

from handover.cli import report
from handover.cli.options import PROJECT, project_root
from handover.errors import EXIT_FAILED, Severity


@click.command()
@click.argument("project", type=PROJECT, default=".")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to print findings.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--draft", is_flag=True, help="Judge it as for a draft: no vault is needed.")
def validate(project: str, *, style: str, as_json: bool, draft: bool) -> int:
    """Check a project: every problem at once, in file order, with its place and what to write."""
    from handover.load import load_project
    from handover.validate import validate as judge

    root = project_root(project)
    _, findings = judge(load_project(root), draft=draft)
    errors = sum(f.severity is Severity.ERROR for f in findings)
    if as_json or style == "json":
        report.print_json(
            {
                "project": str(root),
                "errors": errors,
                "warnings": len(findings) - errors,
                "findings": [report.finding_record(f) for f in findings],
            }
        )
    elif findings:
        report.print_findings(findings, next_command="" if errors else f"handover build {project}")
    else:
        click.echo(f"{root}: nothing to correct")
        click.echo(f"next: handover build {project}")
    return EXIT_FAILED if errors else 0
