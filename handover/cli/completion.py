"""`handover completion`: print the script that makes a shell complete our commands."""

import click

from handover.cli.terminal import say
from handover.model.errors import UsageError
from handover.model.message import msg


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL; add its output to the shell's start-up file."""
    from click.shell_completion import ShellComplete, get_completion_class

    from handover.cli import cli

    kind = get_completion_class(shell)
    if kind is None:  # Click learnt PowerShell in 8.4
        raise UsageError(
            msg("the installed Click can't complete for {shell}", shell=shell),
            hint=msg("update it: pip install -U click"),
        )
    # Bash's own `source` starts bash to ask for its version; the script is the same without that.
    say(ShellComplete.source(kind(cli, {}, "handover", "_HANDOVER_COMPLETE")), whole=True)
