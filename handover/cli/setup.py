"""`handover setup`: what an agency says once for all its projects.

Role: takes answers from options, a file or a person into the workspace's `agency.yaml` (`agency_form`), so that an
interruption loses none. Questions and rules are `handover.project.agency_answers`'s; keys and pictures `owner_setup`'s.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from handover.cli import asking
from handover.cli.agency_form import NOTHING, Form, asked
from handover.cli.options import FILE, FOLDER, read_file
from handover.cli.owner_setup import set_up_owner
from handover.cli.terminal import ask_text, confirm, say
from handover.model.errors import UsageError
from handover.model.message import msg
from handover.model.sources import SETTINGS_FILE
from handover.project import agency_answers as answers
from handover.project.agency_answers import COLOUR, LOGO, OWNER, QUESTIONS, Answers

_MAX_ANSWERS = 256 * 1024
_OF_OWNER = ("key", "signature_image")


def _answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for question in reversed((*QUESTIONS, COLOUR, *OWNER)):
        about = f"{question.text[:1].upper()}{question.text[1:]}."
        command = click.option(question.option, question.name, multiple=question.many, metavar="TEXT", help=about)(
            command
        )
    return command


@click.command()
@click.argument("folder", metavar="[DIR]", type=FOLDER, default=".")
@_answer_options
@click.option("--logo", type=FILE, help="Your logo: PNG, JPEG or SVG.")
@click.option("--key", metavar="new|FILE|FINGERPRINT|later", help="The owner's key: make one, take this .p12, or pin.")
@click.option("--signature-image", type=FILE, help="The owner's signature in ink, photographed on white paper.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--replace", is_flag=True, help="Replace the pin of an owner's earlier key.")
@click.option("--answers", "answers_file", type=FILE, help="A file with the answers (YAML).")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
def setup(folder: str, *, answers_file: str | None, no_input: bool, **options: Any) -> None:
    """Say once what all your projects share, in DIR/agency.yaml; run it again to change one thing.

    What options or --answers don't say is asked for, with a proposal. With options, nothing else changes. --owner names
    the owner who is meant, where there are several; a new name adds one.
    """
    asking.harden()
    root = Path(folder)
    if (root / SETTINGS_FILE).exists():
        hint = msg("give the folder above it, which holds all your projects")
        raise UsageError.at(folder, msg("this is one client's project"), hint=hint)
    given, owners = _given(answers_file, options)
    asks = asking.interactive() and not no_input
    form = Form.opened(root, given, asks=asks)
    if answers_file is not None:
        form.take(given)
    by_hand = asks and (bool(form.lacking(owners)) or not (given or owners))
    if by_hand and form.lacking(owners):
        say(msg("What all your projects share. Enter takes what stands in brackets; - leaves a value empty."), err=True)
        form.ask_all(given)
        owners = _owners_asked(form, owners)
    else:
        if answers_file is None:
            form.take(given)
        if by_hand:
            _change(form, owners)
    form.require(owners)  # before a key is made
    for owner in owners:
        set_up_owner(form, owner, options, asks=asks, by_hand=by_hand)
    form.finish()


def _given(file: str | None, options: dict[str, Any]) -> tuple[Answers, list[Answers]]:
    """The answers of the file, then of the options, which win; those about owners apart."""
    given: Answers = {}
    owners: list[Answers] = []
    if file is not None:
        given, owners = answers.read_answers(read_file(file, _MAX_ANSWERS, option="--answers"), file)
    known = [question.name for question in (*QUESTIONS, COLOUR, LOGO)]
    given.update({name: options[name] for name in known if options[name]})
    own = {name: options[name] for name in (*(one.name for one in OWNER), *_OF_OWNER) if options[name]}
    return given, [*owners, own] if own else owners


def _owners_asked(form: Form, given: list[Answers]) -> list[Answers]:
    """The owners that are given, else those that a person names, one after another."""
    if given:
        return given
    found = [_owner_asked(form, next(iter(answers.owners_of(form.content)), ""))]
    while not form.is_one_person() and confirm(msg("does somebody else sign, too?")):
        found.append(_owner_asked(form, ""))
    return found


def _owner_asked(form: Form, name: str) -> Answers:
    at = answers.owners_of(form.content).index(name) if name else None
    found: Answers = {}
    # A freelancer has no second address, and signs with their own name.
    for question in OWNER[:2] if form.is_one_person() else OWNER:
        old = str(answers.value_at(form.content, ("owners", at, *question.path))) if at is not None else ""
        typed = asked(question, name if question is OWNER[0] and name else old)
        if question is OWNER[0] and at is not None and typed != name:
            form.put(("owners", at, "name"), typed)  # another spelling, or another name, of the same person
        if typed:
            found[question.name] = "" if typed == NOTHING else typed
    return found


def _change(form: Form, owners: list[Answers]) -> None:
    """Show what there is, and ask what is to change until nothing is."""
    while True:
        questions = [*QUESTIONS, LOGO, COLOUR]
        names = answers.owners_of(form.content)
        for number, question in enumerate(questions, start=1):
            old = form.value(question)
            say(f"  {number:>2}  {question.name:<13} {'; '.join(old) if isinstance(old, tuple) else old}", err=True)
        for number, name in enumerate(names, start=len(questions) + 1):
            say(f"  {number:>2}  {'owner':<13} {name}", err=True)
        last = len(questions) + len(names) + 1
        say(msg("  {number}  another owner", number=f"{last:>2}"), err=True)
        typed = ask_text(msg("which one is to change? (its number; Enter for none)"), default="")
        if not typed:
            return
        chosen = int(typed) if typed.isdecimal() else 0
        if 1 <= chosen <= len(questions):
            form.ask(questions[chosen - 1])
        elif chosen <= last and chosen:
            owners.append(_owner_asked(form, names[chosen - len(questions) - 1] if chosen < last else ""))
            return
