"""`handover setup`: what an agency says once for all its projects.

Role: takes answers from options, a file or a person and writes them into the workspace's `agency.yaml`, each as soon as
it is known to be good, so that an interruption loses none. Questions and rules are `handover.project.agency_answers`'s;
keys and pictures are `owner_setup`'s.
"""

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from handover.cli import asking, report
from handover.cli.options import FILE, FOLDER, read_file, require_language
from handover.cli.owner_setup import set_up_owner
from handover.cli.terminal import ask_text, confirm, say
from handover.formats.palette import palette
from handover.model.agency import AGENCY_FILE
from handover.model.errors import Finding, InvalidInput, OutputError, UsageError
from handover.model.message import msg, system_reason
from handover.model.sources import SETTINGS_FILE, Keys
from handover.project import agency_answers as answers
from handover.project.agency_answers import COLOUR, LOGO, OWNER, QUESTIONS, Answers, Question
from handover.project.yaml_edit import Value, with_value

_MAX_ANSWERS = 256 * 1024
_NOTHING = "-"
"""Typed to leave a value empty that has one."""
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
@click.option("--signature-image", type=FILE, help="The owner's handwriting, photographed on white paper.")
@click.option("--key-passphrase-file", metavar="FILE|-", help="The key's password (default: asked for).")
@click.option("--replace", is_flag=True, help="Replace the pin of an owner's earlier key.")
@click.option("--answers", "answers_file", type=FILE, help="A file with the answers (YAML).")
@click.option("--no-input", is_flag=True, help="Ask nothing; fail where something is missing.")
def setup(folder: str, *, answers_file: str | None, no_input: bool, **options: Any) -> None:
    """Say once what all your projects share, in DIR/agency.yaml; run it again to change one thing.

    What options or --answers don't say is asked for, with a proposal. With options, nothing else changes. An owner is
    the one named by --owner, or the only one; another name adds an owner.
    """
    asking.harden()
    root = Path(folder)
    if (root / SETTINGS_FILE).exists():
        hint = msg("give the folder above it, which holds all your projects")
        raise UsageError.at(folder, msg("this is one client's project"), hint=hint)
    given, owners = _given(answers_file, options)
    asks = asking.interactive() and not no_input
    form = _Form.opened(root, given, asks=asks)
    by_hand = asks and (bool(form.lacking()) or not (given or owners))
    if by_hand and form.lacking():
        say(msg("What all your projects share. Enter takes what stands in brackets; - leaves a value empty."), err=True)
        form.ask_all(given)
        owners = _owners_asked(form, owners)
    else:
        form.take(given)
        if by_hand:
            _change(form, owners)
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


class _Form:
    """`agency.yaml` while it is filled in: each answer is judged, and written when it's good."""

    def __init__(self, path: Path, content: bytes, *, saved: bool) -> None:
        self.path = path
        self.content = content
        self._saved = saved
        self._gradual = False
        self._told: list[str] = []
        self._files: dict[str, bytes] = {}

    @classmethod
    def opened(cls, root: Path, given: Answers, *, asks: bool) -> "_Form":
        """The workspace's file, or a new one in the language that was given, is asked for, or is the computer's."""
        from handover.languages import files
        from handover.project.read.yaml_tree import MAX_BYTES
        from handover.project.start import agency_scaffold

        path = root / AGENCY_FILE
        if os.path.lexists(path):
            form = cls(path, read_file(str(path), MAX_BYTES), saved=True)
            found = answers.objections(form.content, sorted(files.languages()))
            if wrong := [one for one in found if one.rule != "settings.missing-key"]:
                raise InvalidInput(wrong, hint=msg("correct {file} first", file=path))
        else:
            proposal = answers.proposed(os.environ)
            language = str(given.get("language") or proposal["language"])
            if asks and "language" not in given:
                language = _asked(QUESTIONS[0], language)
                given["language"] = language
            require_language(language)
            form = cls(path, agency_scaffold(language)[AGENCY_FILE], saved=False)
            # Ours says what an English or French agency would: the computer knows better.
            for question in (one for one in QUESTIONS if one.name in {"locale", "currency"}):
                if proposal["language"] == language:
                    form.put(question.path, str(proposal[question.name]))
        form._gradual = asks
        return form

    def put(self, path: Keys, value: Value) -> None:
        """Change one value. Raises InvalidInput for one that can't stand there; the file is then as it was."""
        from handover.languages import files

        changed = with_value(self.content, self.path.name, path, value)
        if wrong := answers.objections(changed, sorted(files.languages()), path):
            raise InvalidInput(wrong)
        if changed != self.content:
            self.content, self._saved = changed, False
        if self._gradual:
            self.save()

    def save(self) -> None:
        """Write what there is, and the schema that the first line names."""
        from handover.bundle.publish import write_file
        from handover.project.start import AGENCY_SCHEMA, agency_scaffold

        if self._saved and not self._files:
            return
        root, schema = self.path.parent, agency_scaffold("en")[AGENCY_SCHEMA]
        for name, content in {**self._files, AGENCY_SCHEMA: schema, self.path.name: self.content}.items():
            try:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                message = msg(
                    "{folder}: can't be made ({reason})", folder=(root / name).parent, reason=system_reason(error)
                )
                raise OutputError(message) from None
            mode = stat.S_IMODE((root / name).stat().st_mode) if (root / name).exists() else 0o600
            write_file(root / name, content, replace=True, mode=mode)
        self._files.clear()
        self._saved = True

    def tell(self, line: str) -> None:
        """Say something that was done, at the end."""
        self._told.append(line)

    def value(self, question: Question) -> str | tuple[str, ...]:
        """What the file answers."""
        return answers.value_at(self.content, question.path)

    def lacking(self) -> list[Question]:
        """The questions without whose answers no letter can be written."""
        named = bool(answers.owners_of(self.content)[:1] and answers.owners_of(self.content)[0])
        return [one for one in QUESTIONS if one.needed and not self.value(one)] + ([] if named else [OWNER[0]])

    def take(self, given: Answers) -> None:
        """Answers that nobody is asked for: all are judged, then all that's wrong is told at once."""
        wrong: list[Finding] = []
        for question in (*QUESTIONS, LOGO, COLOUR):
            if question.name in given:
                try:
                    self.answer(question, given[question.name], proposes="colour" not in given)
                except InvalidInput as error:
                    wrong += error.findings
        if wrong:
            raise InvalidInput(wrong)

    def answer(self, question: Question, value: str | Sequence[str], *, proposes: bool = False) -> None:
        """Take one answer; a logo may propose a colour, which is then taken."""
        if question is LOGO and isinstance(value, str):
            self._logo(value, proposes=proposes)
            return
        self.put(question.path, value)
        if question is COLOUR and isinstance(value, str):
            _tell_contrast(value)

    def _logo(self, source: str, *, proposes: bool) -> None:
        from handover.formats.media.logo import accent_of, as_picture
        from handover.project.read.images import MAX_BYTES, image_problem

        picture = as_picture(read_file(source, MAX_BYTES, hint=msg("export it smaller")), source)
        if problem := image_problem(picture):
            raise UsageError.at(source, problem[0], hint=problem[1])
        name = f"brand/logo{'.png' if picture.startswith(bytes([0x89])) else '.jpg'}"
        self._files[name] = picture
        self.put(LOGO.path, name)
        self.tell(msg("{file}: the logo", file=self.path.parent / name))
        colour = accent_of(picture)
        if proposes and colour is not None and not self._has_colour():
            self.answer(COLOUR, colour)
            say(msg("the colour is the logo's: {colour}", colour=colour), err=True)

    def _has_colour(self) -> bool:
        from handover.model.settings import Brand

        return self.value(COLOUR) not in {"", Brand().colour}

    def ask_all(self, given: Answers) -> None:
        """Ask for what isn't given, each with what the file has, then for the logo and the colour that it suggests."""
        self.take({name: value for name, value in given.items() if name != "logo"})
        for question in QUESTIONS:
            if question.name not in given:
                self.ask(question)
        if "logo" in given:
            self.answer(LOGO, given["logo"], proposes="colour" not in given)
        else:
            self.ask(LOGO)
        if "colour" not in given:
            self.ask(COLOUR)

    def ask(self, question: Question) -> None:
        """Ask until the answer is good; a value that is there is proposed, `-` empties it."""
        while True:
            old = self.value(question)
            shown = "; ".join(old) if isinstance(old, tuple) else old
            typed = _asked(question, shown)
            if typed in {"", shown}:
                if question.needed and not shown:
                    continue
                return
            value = "" if typed == _NOTHING else typed
            try:
                parts = tuple(part.strip() for part in value.split(";") if part.strip())
                self.answer(question, parts if question.many else value, proposes=True)
            except InvalidInput as error:
                for finding in error.findings:
                    _say_wrong(finding.message, finding.hint)
            except UsageError as error:
                _say_wrong(str(error), error.hint)
            else:
                return

    def finish(self) -> None:
        """Write all, or say everything that is still missing."""
        from handover.languages import files

        if lacking := self.lacking():
            named = ", ".join(one.option for one in lacking)
            raise UsageError.at(
                self.path,
                msg("there are answers missing: {options}", options=named),
                hint=msg("give them as options, with --answers FILE, or run this on a terminal"),
            )
        if wrong := answers.objections(self.content, sorted(files.languages())):
            raise InvalidInput(wrong)
        self.save()
        lines = [msg("{file}: what all projects in this folder share", file=self.path), *self._told]
        if sources := _unpinned(self.content):
            lines.append(
                msg("no key can sign yet for {owners}: `handover keys pin` says how", owners=", ".join(sources))
            )
        report.done(*lines, *asking.limits(), report.next_line("new", os.path.normpath(self.path.parent / "CLIENT")))


def _unpinned(content: bytes) -> list[str]:
    names = answers.owners_of(content)
    return [name for at, name in enumerate(names) if not answers.value_at(content, ("owners", at, "pin"))]


def _asked(question: Question, default: str) -> str:
    text = msg("{question} (a semicolon between lines)", question=question.text) if question.many else question.text
    return ask_text(text, default=default)


def _say_wrong(problem: str, hint: str) -> None:
    say(msg("  {problem}", problem=problem), err=True)
    if hint:
        say(msg("  {hint}", hint=hint), err=True)


def _tell_contrast(colour: str) -> None:
    """Say what documents make of a colour that is too pale for text."""
    shades = palette(colour)
    if shades.text != shades.accent:
        line = msg("{colour} is too pale to be read on white: texts in it are printed in {shade}", colour=colour,
                   shade=shades.text)  # fmt: skip
        say(line, err=True)


def _owners_asked(form: _Form, given: list[Answers]) -> list[Answers]:
    """The owners that are given, else those that a person names, one after another."""
    if given:
        return given
    found = [_owner_asked(form, next(iter(answers.owners_of(form.content)), ""))]
    while confirm(msg("does somebody else sign, too?")):
        found.append(_owner_asked(form, ""))
    return found


def _owner_asked(form: _Form, name: str) -> Answers:
    at = answers.owners_of(form.content).index(name) if name else None
    found: Answers = {}
    for question in OWNER:
        old = str(answers.value_at(form.content, ("owners", at, *question.path))) if at is not None else ""
        while not (typed := _asked(question, name if question is OWNER[0] and name else old)) and question.needed:
            pass
        if question is OWNER[0] and at is not None and typed != name:
            form.put(("owners", at, "name"), typed)  # another spelling, or another name, of the same person
        if typed:
            found[question.name] = "" if typed == _NOTHING else typed
    return found


def _change(form: _Form, owners: list[Answers]) -> None:
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
