"""The command line: the only place that prints, prompts or exits.

Role: one lazily loaded module per command, and the one boundary where errors become messages and exit
statuses. Click is the only third-party import at start-up; a command imports what it needs when it runs.
"""

import importlib
import os
import sys
from typing import Any

import click

from handover import __version__
from handover.cli.language import languages, use_language, worded_command
from handover.cli.terminal import worded
from handover.model.message import later, msg

COMMANDS = {
    "setup": ("setup", "setup", later("Say once what all your projects share: sender, owners, looks.")),
    "new": ("new", "new", later("Make a project: empty, or from a folder of papers, exports and files.")),
    "validate": ("validate", "validate", later("Check a project and list everything that is wrong.")),
    "preview": ("preview", "preview", later("Open the letter, the page and the report as they are now, as drafts.")),
    "build": ("build", "build", later("Make the bundle: one signed zip, secrets encrypted.")),
    "status": ("status", "status", later("Say where an ending stands, and what to do next.")),
    "write": ("write", "write", later("Write a document outside the bundle, or the letter alone.")),
    "sign": ("sign", "sign", later("Sign a bundle, or a letter, with the owner's key.")),
    "verify": ("verify", "verify", later("Check every byte and signature of a bundle.")),
    "open": ("verify", "open_", later("Verify a bundle, then extract it into a fresh folder.")),
    "send": ("send", "send", later("Draft the final e-mail with the bundle attached.")),
    "import": ("importing", "import_", later("Bring another tool's export into a project's tables.")),
    "templates": ("templates", "templates", later("List, copy, compare and preview the Word templates.")),
    "vault": ("vault", "vault", later("Keep the project's credentials, encrypted.")),
    "keys": ("keys", "keys", later("Create, import and show the owner's key; pin it in a project.")),
    "schema": ("schema", "schema", later("Print the JSON Schema of a project file.")),
    "completion": ("completion", "completion", later("Print the completion script for a shell.")),
}
"""Command → module in this package, its function, and its line in `--help` (so that help imports no command)."""

RENAMED = {"email": "send", "init": "new", "letter": "write letter"}
"""Commands that had another name before: what they are called now."""

_EPILOG = """\
Start with `handover setup`, make a project with `handover new`, fill in what `handover validate` asks for, then
`handover build`.

Exit status: 0 good; 1 findings, or something that failed; 2 wrong usage; 3 intact, but the signer is unknown; 4 every
file as signed, but the zip made anew; 130 interrupted; 143 terminated.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run (start-up: docs/performance.md)."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — Click's signature
        """The commands in the order of the work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — Click's signature
        """Import the module of `cmd_name` and return its command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"handover.cli.{module}"), function)
        assert isinstance(command, click.Command)  # noqa: S101 — a wrong table is our own mistake
        return worded_command(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, with a near-miss suggestion for a misspelt command."""
        name = args[0] if args else ""
        if name in RENAMED:
            ctx.fail(msg("`{name}` is called `{renamed}` now", name=name, renamed=RENAMED[name]))
        if name and not name.startswith("-") and name not in COMMANDS:
            from handover.model.did_you_mean import did_you_mean

            tip = did_you_mean(name, COMMANDS)  # the line below it points to --help
            said = msg("there is no command `{name}`", name=name)
            ctx.fail(msg("{said}; {tip}", said=said, tip=tip) if tip else said)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 — Click's
        """Write the list of commands from the table, without importing one of them."""
        with formatter.section(worded(msg("Commands"))):
            formatter.write_dl([(name, worded(msg(line))) for name, (_, _, line) in COMMANDS.items()])


def _known_language(_ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Refuse a language whose words there aren't; `use_language` has taken it already."""
    if value is not None and value not in (known := languages()):
        raise click.BadParameter(worded(msg("there are {known}", known=", ".join(known))))


@click.group(cls=LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="handover", message="%(prog)s %(version)s")
@click.option("--lang", metavar="LANGUAGE", expose_value=False, callback=_known_language,
              help="Language of what is printed: en, fr (default: your system's).")  # fmt: skip
@click.option("--no-color", is_flag=True, help="Never colour the output (also: NO_COLOR=1, TERM=dumb).")
@click.pass_context
def cli(ctx: click.Context, *, no_color: bool) -> None:
    """End a client contract well: one zip with a signed letter, an encrypted inventory, what is pending and
    what was achieved."""

    if no_color:
        os.environ["NO_COLOR"] = "1"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def run(args: list[str] | None = None) -> int:
    """Run the command line; every error is already on standard error.

    Returns the exit status: 0 good, 1 findings or a failed check, 2 wrong usage, 3 intact but the signer is
    unknown, 4 as signed but zipped again, 130 interrupted, 143 terminated.
    """
    from handover.cli import boundary

    with boundary.signals():
        return boundary.guard(_invoke, args)


def _invoke(args: list[str] | None) -> Any:
    use_language(sys.argv[1:] if args is None else args, os.environ)
    return worded_command(cli).main(args=args, prog_name="handover", standalone_mode=False)
