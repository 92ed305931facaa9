"""`handover schema`: print a JSON Schema (draft 7)."""

import click

from handover.cli.terminal import say
from handover.model.errors import UsageError
from handover.model.message import msg


@click.command()
@click.argument("name", default="handover")
@click.option("--list", "list_only", is_flag=True, help="List the schemas there are.")
def schema(name: str, *, list_only: bool) -> None:
    """Print the JSON Schema called NAME: `handover` (handover.yaml, the default) or a table's rows."""
    from handover.cli.report import print_utf8
    from handover.languages.files import schema_names, schema_text

    if list_only:
        say("\n".join(schema_names()))
        return
    if name not in schema_names():
        raise UsageError(
            msg("there is no schema {name!r}", name=name),
            hint=msg("there are: {names}", names=", ".join(schema_names())),
        )
    print_utf8(schema_text(name), nl=False)
