"""`agency.yaml` while `handover setup` fills it in: each answer is judged, and written as soon as it's good.

Role: holds the file's text, asks for what it lacks, and says at the end what was done. Questions and rules are
`handover.project.agency_answers`'s.
"""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from handover.cli import asking, report
from handover.cli.options import read_file, require_language
from handover.cli.terminal import ask_text, say, say_wrong
from handover.formats.palette import palette
from handover.languages.registry import meant, ours
from handover.model.agency import AGENCY_FILE
from handover.model.errors import Finding, InvalidInput, OutputError, UsageError
from handover.model.message import msg, system_reason
from handover.model.parties import Voice
from handover.model.sources import Keys
from handover.project import agency_answers as answers
from handover.project.agency_answers import COLOUR, LOGO, OWNER, QUESTIONS, Answers, Question
from handover.project.yaml_edit import Value, with_value

ADDRESS, PLACE = (next(one for one in QUESTIONS if one.name == name) for name in ("address", "place"))
NOTHING = "-"
"""Typed to leave a value empty that has one."""


class Form:
    """`agency.yaml` while it is filled in: each answer is judged, and written when it's good."""

    def __init__(self, path: Path, content: bytes, *, saved: bool) -> None:
        self.path = path
        self.content = content
        self._saved = saved
        self._gradual = False
        self._told: list[str] = []
        self._files: dict[str, bytes] = {}

    @classmethod
    def opened(cls, root: Path, given: Answers, *, asks: bool) -> "Form":
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
            while asks and "language" not in given:
                typed = asked(QUESTIONS[0], language)
                try:
                    require_language(typed)
                    given["language"] = language = typed
                except UsageError as error:
                    say_wrong(error.said(), error.hint)
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

    def is_one_person(self) -> bool:
        """Whether the agency speaks of itself as `I`: nobody else signs for a freelancer."""
        return meant(Voice, str(answers.value_at(self.content, ("agency", "voice"))), ours()) == Voice.I

    def lacking(self, owners: Sequence[Answers] = ()) -> list[Question]:
        """The questions without whose answers no letter can be written, where `owners` are still to be written."""
        named = any(owners) or bool(answers.owners_of(self.content)[:1] and answers.owners_of(self.content)[0])
        # The place is asked for; where nobody is, an address mostly says it, and `validate` tells of the rest.
        missing = [one for one in QUESTIONS if one.needed and not self.value(one) and one is not PLACE]
        return missing + ([] if named else [OWNER[0]])

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
        if not self.value(PLACE) and (seat := self._seat()):
            self.put(PLACE.path, seat)
            self.tell(msg("letters are signed in {town}, where the address is (--place says another)", town=seat))

    def _seat(self) -> str:
        """The town of the agency's address; empty where that doesn't show it."""
        from handover.intake.wording import town

        return town([part.strip() for line in self.value(ADDRESS) for part in str(line).split(",")])

    def answer(self, question: Question, value: str | Sequence[str], *, proposes: bool = False) -> None:
        """Take one answer, a list also in one line with semicolons; a logo may propose a colour, then taken."""
        if question is LOGO and isinstance(value, str):
            self._logo(value, proposes=proposes)
            return
        if question.many:
            given = (value,) if isinstance(value, str) else value
            value = tuple(part.strip() for one in given for part in re.split(r"[;\n]", one) if part.strip())
        self.put(question.path, value)
        if question is COLOUR and isinstance(value, str):
            shades = palette(value)
            if shades.text != shades.accent:
                line = msg("{colour} is too pale to be read on white: texts in it are printed in {shade}", colour=value,
                           shade=shades.text)  # fmt: skip
                say(line, err=True)

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
            typed = asked(question, shown or (self._seat() if question is PLACE else ""))
            if typed in {"", shown}:
                return
            value = "" if typed == NOTHING else typed
            try:
                self.answer(question, value, proposes=True)
            except InvalidInput as error:
                for finding in error.findings:
                    say_wrong(finding.message, finding.hint)
            except UsageError as error:
                say_wrong(error.said(), error.hint)
            else:
                return

    def require(self, owners: Sequence[Answers] = ()) -> None:
        """Raise UsageError for all that is still missing, where `owners` are still to be written."""
        if lacking := self.lacking(owners):
            named = ", ".join(one.option for one in lacking)
            raise UsageError.at(
                self.path,
                msg("there are answers missing: {options}", options=named),
                hint=msg("give them as options, with --answers FILE, or run this on a terminal"),
            )

    def finish(self) -> None:
        """Write all, or say everything that is still missing."""
        from handover.languages import files

        self.require()
        if wrong := answers.objections(self.content, sorted(files.languages())):
            raise InvalidInput(wrong)
        self.save()
        lines = [msg("{file}: what all projects in this folder share", file=self.path), *self._told]
        if sources := _unpinned(self.content):
            lines.append(
                msg("no key can sign yet for {owners}: `handover keys pin` says how", owners=", ".join(sources))
            )
        first = os.path.normpath(self.path.parent / "CLIENT")
        report.done(*lines, *asking.limits(), report.next_line("new", "SOURCE", first))


def _unpinned(content: bytes) -> list[str]:
    names = answers.owners_of(content)
    return [name for at, name in enumerate(names) if not answers.value_at(content, ("owners", at, "pin"))]


def asked(question: Question, default: str) -> str:
    """What a person types for a question, asked again while it can't be left out; Enter gives what there is."""
    text = msg("{question} (a semicolon between lines)", question=question.text) if question.many else question.text
    while not (typed := ask_text(text, default=default)) and question.needed:
        say_wrong(msg("no letter can be written without it"))
    return typed
