"""Where secrets come from on the command line: a prompt, a file or standard input; never an argument's value.

Role: implements `request.Secrets`. Prompts appear only on a terminal; a generated passphrase is shown on
the terminal alone.
"""

import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handover.cli.terminal import ask_secret, say, say_wrong
from handover.model.errors import SecretError, UsageError, WeakPassphrase, WrongPassphrase
from handover.model.message import all_of, msg
from handover.model.secret import Secret

if TYPE_CHECKING:
    from handover.seal.keys import SigningIdentity

STDIN = "-"
TRIES = 3


def interactive() -> bool:
    """Whether a person can be asked: input and error output are terminals."""
    # A stream that was closed before we began is None.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def at_most_one_stdin(**options: str | None) -> None:
    """Refuse two options that both want to read standard input. Raises UsageError."""
    wanting = [f"--{name.replace('_', '-')}" for name, value in options.items() if value == STDIN]
    if len(wanting) > 1:
        raise UsageError(
            msg("{wanting} can't both read standard input", wanting=all_of(wanting)),
            hint=msg("give one of them a file"),
        )


def from_file(source: str) -> Secret:
    """Read a secret from the file `source`, or from standard input for `-`."""
    from handover.seal.passphrase import read_passphrase, read_passphrase_file

    if source == STDIN:
        return read_passphrase(sys.stdin.buffer, msg("standard input"))
    return read_passphrase_file(Path(source))


def ask(question: str, *, no_input: bool = False, option: str = "", optional: bool = False) -> Secret:
    """Ask on the terminal without echo; an `optional` answer may be empty.

    Raises SecretError where nobody can be asked, naming `option`, and for a passphrase that nobody could type again.
    """
    if no_input or not interactive():
        way = (
            msg("give it with {option} FILE (or `-` for standard input)", option=option)
            if option
            else msg("run this on a terminal")
        )
        raise SecretError(msg("{question} is needed, and nobody can be asked", question=question), hint=way)
    text = ask_secret(question, optional=optional)
    from handover.seal.passphrase import check_typeable

    if not optional:
        check_typeable(text, question)
    return Secret(text)


def given(source: str | None, question: str, *, option: str, no_input: bool = False) -> Secret:
    """A secret from the file that `option` names, else asked for."""
    return from_file(source) if source is not None else ask(question, no_input=no_input, option=option)


def new_secret(
    source: str | None, question: str, *, option: str, least: float | None = None, no_input: bool = False
) -> Secret:
    """A new secret that is strong enough: from the file `source`, or asked for twice, and anew while it's too weak.

    Who types none gets seven words that chance picked, shown once. `least` is in bits (default: a passphrase's, 77).
    Raises WeakPassphrase for a file's.
    """
    from handover.seal.passphrase import LEAST_BITS, require_strong

    while True:
        given = from_file(source) if source is not None else _chosen(question, no_input=no_input, option=option)
        try:
            require_strong(
                given,
                least=LEAST_BITS if least is None else least,
                hint=msg("take a longer one: seven words that chance picked, say"),
            )
        except WeakPassphrase as error:
            # Whoever is asked has answered much before: nothing of it is lost for a weak passphrase.
            if source is not None:
                raise
            say_wrong(error.said(), error.hint)
        else:
            return given


def _chosen(question: str, *, no_input: bool, option: str) -> Secret:
    """A secret typed twice on the terminal, or made here and shown, where none is typed."""
    from handover.seal.passphrase import check_typeable

    offer = msg("{question} (nothing is shown while you type; Enter: seven words picked at random)", question=question)
    while True:
        given = ask(offer, no_input=no_input, option=option, optional=True)
        if not given.reveal():
            return _made()
        check_typeable(given.reveal(), question)
        if ask(msg("Repeat for confirmation"), optional=True).reveal() == given.reveal():
            return given
        say(msg("  these two differ; try again"), err=True)


def _made() -> Secret:
    import secrets

    from handover.cli.language import spoken
    from handover.seal.passphrase import generate

    made = generate(spoken(), secrets.choice)
    say(msg("  write it down now, for it can't be shown again:"), err=True)
    say(f"  {made.reveal()}", bold=True, err=True)
    return made


@dataclass
class CommandSecrets:
    """The secrets of one build, as the command line's options say."""

    key_file: Path | None
    passphrase_file: str | None = None
    vault_passphrase_file: str | None = None
    key_passphrase_file: str | None = None
    no_input: bool = False
    key_is_named: bool = False
    """Whether `--key` named the key, so that it must be an owner's."""
    generated: Secret | None = None
    """The passphrase that was made here, to be shown once the bundle is published."""

    @property
    def has_key(self) -> bool:
        """Whether there is a key file."""
        return self.key_file is not None

    def vault_passphrase(self) -> Secret:
        """The vault's passphrase: from its file, or asked for."""
        question, source = msg("the vault's passphrase"), self.vault_passphrase_file
        return given(source, question, no_input=self.no_input, option="--vault-passphrase-file")

    def bundle_passphrase(self, language: str, context: Iterable[str]) -> Secret:
        """The client's passphrase: from its file, strong even for who knows `context`, or seven words made here."""
        from handover.seal.passphrase import generate, require_strong

        if self.passphrase_file is not None:
            given = from_file(self.passphrase_file)
            require_strong(given, context=context)
            return given
        if self.no_input or not interactive():
            raise SecretError(
                msg("the client's passphrase is needed, and there is no terminal to show a generated one on"),
                hint=msg("give it with --passphrase-file FILE (or `-` for standard input)"),
            )
        import secrets

        self.generated = generate(language, secrets.choice)
        return self.generated

    def identity(self, now: dt.datetime) -> "SigningIdentity | None":
        """The owner's key, unlocked; None where there is no key file."""
        if self.key_file is None:
            return None
        return unlock(self.key_file, now, password_file=self.key_passphrase_file, no_input=self.no_input)

    def signature_image(self) -> bytes | None:
        """The picture kept beside the owner's key."""
        from handover.seal.keys import read_key_image

        return None if self.key_file is None else read_key_image(self.key_file)


def unlock(path: Path, now: dt.datetime, *, password_file: str | None, no_input: bool = False) -> "SigningIdentity":
    """Read a key file with its password: from a file, or asked for at most three times.

    What its certificate isn't made for is told: it signs all the same.
    """
    from handover.seal.certificates import caution

    identity = _unlocked(path, now, password_file, no_input=no_input)
    if told := caution(identity.certificate):
        say(told, err=True)
    return identity


def _unlocked(path: Path, now: dt.datetime, password_file: str | None, *, no_input: bool) -> "SigningIdentity":
    from handover.seal.keys import load_identity, read_key_file

    if password_file is not None:
        return load_identity(path, from_file(password_file), now=now)
    read_key_file(path)
    question = msg("the password of the key {name}", name=path.name)
    for attempt in range(1, TRIES + 1):
        password = ask(question, no_input=no_input, option="--key-passphrase-file")
        try:
            return load_identity(path, password, now=now)
        except WrongPassphrase:
            if attempt == TRIES:
                raise
            say(msg("  that isn't its password; try again"), err=True)
    raise AssertionError  # the loop returns or raises


def default_key() -> Path:
    """Where the owner's key lives: the user's configuration folder, never the project."""
    return Path(click.get_app_dir("handover")) / "owner.p12"


def configured_key(option: str | None) -> Path | None:
    """The key file that `--key` names, else the configured one where it exists, else None."""
    if option is not None:
        return Path(option)
    path = default_key()
    return path if path.is_file() else None


def limits() -> list[str]:
    """What this system can't give of what `harden` and private files promise elsewhere, for people to know."""
    if sys.platform == "win32":
        return [
            msg("on Windows, a folder says who may read its files: keep keys, vaults and projects in your own profile"),
            msg(
                "on Windows, programs that you start can read this program's memory, and a dump of it may hold secrets"
            ),
            msg("on Windows, what a killed build leaves (.handover-*.tmp, never in clear) isn't swept away: delete it"),
        ]
    if sys.platform == "darwin":
        return [msg("on macOS, an administrator's programs can read this program's memory while it runs")]
    return []


def harden() -> None:
    """Keep secrets out of core dumps and other users' reach: private files, no dumps (POSIX and Linux only)."""
    import os

    os.umask(0o077)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return
    if sys.platform == "linux":
        import ctypes

        pr_set_dumpable = 4  # prctl(2)
        ctypes.CDLL(None).prctl(pr_set_dumpable, 0, 0, 0, 0)
