"""A project from a folder as it is after years of work: what no file tells is asked, one question at a time.

Role: asks what `handover.intake` couldn't tell and tells what was made, for `handover new`. It reads no paper.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handover.cli import asking, report
from handover.cli.options import read_file, require_language
from handover.cli.terminal import ask_text, say, worded
from handover.model.characters import folded
from handover.model.errors import InvalidInput, UsageError
from handover.model.message import counted, joined, msg, without_place

if TYPE_CHECKING:
    from handover.intake.proposal import Proposal
    from handover.intake.seen import Seen
    from handover.intake.write import Credentials
    from handover.model.secret import Secret

_MAX_ANSWERS = 256 * 1024


def from_folder(source: Path, target: Path, language: str, today: dt.date, options: Mapping[str, Any]) -> None:
    """Make the project `target` from the folder `source`, in a language or that of the papers."""
    from handover.cli.exports import offer_deletion
    from handover.intake.look import look
    from handover.intake.meanings import COLUMNS, LISTS, remember, remembered
    from handover.intake.proposal import propose
    from handover.intake.write import credentials_of, write
    from handover.model.sources import scalars
    from handover.project.check.settings import dotted
    from handover.project.read.assets_folder import overlap
    from handover.project.read.workspace import shared_with
    from handover.project.start import scaffold

    if language:
        require_language(language)
    if not source.is_dir():
        raise UsageError.at(source, msg("there is no such folder"))
    asking.harden()
    given = _answers(options["answers"]) if options["answers"] else {}
    quiet = options["no_input"] or not asking.interactive()
    file = options["vault_passphrase_file"]
    passphrase = _new_passphrase(file, quiet=quiet) if file else None  # before questions: their answers would be lost
    shared = shared_with(target)
    inherited = {dotted(path): scalar.text for path, scalar in scalars(shared) if not scalar.absent} if shared else {}
    seen = look(source, skip=target.resolve(), day_first=inherited.get("locale") != "en_US")
    _tell_seen(seen)
    if not quiet:
        seen = _unlocked(seen, source)
    before = {memory: remembered(memory, target.parent) for memory in (LISTS, COLUMNS)}
    proposed = partial(
        propose, seen, today=today, language=language or inherited.get("language", ""), inherited=inherited,
        lists=before[LISTS], columns=before[COLUMNS], can_stay=not overlap(target, source),
    )  # fmt: skip
    proposal = _asked(proposed, given, quiet=quiet)
    credentials = credentials_of(proposal) if proposal.credentials else None
    # Without credentials, too, it keeps the passphrase that the client is given.
    if passphrase is None and (credentials is not None or not quiet):
        passphrase = _new_passphrase(None, quiet=quiet)
    empty = scaffold(proposal.language, shared)
    write(proposal, empty, source, target, credentials=credentials, passphrase=passphrase, worded=worded)
    _tell_made(proposal, target, passphrase is not None)
    for memory, meant in ((LISTS, proposal.lists), (COLUMNS, proposal.columns)):
        new = {name: text for name, text in meant.items() if folded(name) not in before[memory]}
        if file := remember(memory, target.parent, new):
            say(msg("{file}: what was said of these, for the next client", file=file), err=True)
    if credentials is not None:
        _tell_credentials(proposal, credentials)
        in_clear = [source / one.file for one, _ in proposal.credentials if not one.protected]
        offer_deletion(in_clear, quiet=quiet)
    report.done(report.next_line("validate", target))


def _new_passphrase(file: str | None, *, quiet: bool) -> "Secret":
    question = msg("a passphrase for the new vault")
    return asking.new_secret(file, question, option="--vault-passphrase-file", no_input=quiet)


def _answers(path: str) -> dict[str, str]:
    """The answers in a YAML file: question or key of handover.yaml → text, or a list. Raises InvalidInput."""
    from handover.model.errors import Severity
    from handover.model.sources import YamlList, YamlScalar
    from handover.project.read.yaml_tree import read_yaml

    tree, findings = read_yaml(read_file(path, _MAX_ANSWERS, option="--answers"), Path(path).name)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(findings)
    given = {}
    for key, value in tree.entries if tree else ():
        if isinstance(value, YamlScalar) and not value.absent:
            given[key.text] = value.text
        elif isinstance(value, YamlList) and all(isinstance(item, YamlScalar) for item in value.items):
            mark = "\n" if "." in key.text else "; "
            given[key.text] = mark.join(item.text for item in value.items if isinstance(item, YamlScalar))
        elif not isinstance(value, YamlScalar):
            raise UsageError.at(str(value.location), msg("`{key}` must be a text or a list of texts", key=key.text))
    return given


def _asked(proposed: "Callable[[dict[str, str]], Proposal]", given: dict[str, str], *, quiet: bool) -> "Proposal":
    """The proposal when all is answered that can be; each question in its turn."""
    answers = dict(given)
    proposal = _followed(proposed, answers)
    while not quiet and proposal.questions:
        question = proposal.questions[0]
        while True:
            try:
                for line in question.shown:
                    say(line, label="  ", err=True)
                if question.why:
                    say(question.why, label="  ", err=True)
                answers[question.id] = ask_text(question.text, default=worded(question.proposal) or None)
                proposal = proposed(answers)
                break
            except UsageError as error:
                # The person sees which question it is, and answers two in one.
                said = without_place(without_place(error.message, question.id), "notice_date")
                say(said, err=True, fg="yellow")
    return proposal


def _followed(proposed: "Callable[[dict[str, str]], Proposal]", given: dict[str, str]) -> "Proposal":
    """The proposal that follows a file's answers. Raises UsageError with everything that can't be meant in them."""
    left, wrong = dict(given), list[UsageError]()
    while True:
        try:
            proposal = proposed(left)
            break
        except UsageError as error:
            wrong.append(error)
            key = str(error.message).partition(": ")[0]
            # What the others say is judged without it; a day of notice may be the second half of an answer.
            if left.pop(key, None) is None and left.pop("ended_by", None) is None:
                raise
    if len(wrong) > 1:
        lines = [line for one in wrong for line in (one.said(), one.hint and msg("  {hint}", hint=one.hint)) if line]
        raise UsageError(joined("\n", lines))
    if wrong:
        raise wrong[0]
    return proposal


def _unlocked(seen: "Seen", source: Path) -> "Seen":
    """The same with the password lists that a person gives the passphrases of; an empty one leaves a list alone."""
    from dataclasses import replace

    from handover.intake.look import unlocked, without_others
    from handover.model.errors import HandoverError

    opened = []
    for one in seen.passwords:
        found = one
        while found.export is None:
            secret = asking.ask(msg("the passphrase of {file} (empty to leave it)", file=one.file), optional=True)
            if not secret:
                break
            try:
                found = unlocked(source, one, secret)
            except HandoverError as error:
                say(error.message, err=True, fg="yellow")
        opened.append(found)
    return without_others(replace(seen, passwords=tuple(opened)))


def _tell_seen(seen: "Seen") -> None:
    """How many files are what, in a line each."""
    from handover.intake.seen import Kind

    def of(kind: Kind) -> int:
        return len(seen.of(kind))

    said = (
        counted("{count} file looked at", "{count} files looked at", count=len(seen.files)),
        counted("  {count} contract", "  {count} contracts", count=len(seen.contracts)),
        counted("  {count} invoice", "  {count} invoices", count=len(seen.invoices)),
        counted(
            "  {count} e-mail or letter that ends a contract",
            "  {count} e-mails and letters that end a contract",
            count=of(Kind.NOTICE),
        ),
        counted("  {count} export of metrics", "  {count} exports of metrics", count=of(Kind.METRICS)),
        counted("  {count} export of tasks", "  {count} exports of tasks", count=len(seen.boards)),
        counted("  {count} password list", "  {count} password lists", count=len(seen.passwords)),
        counted("  {count} file that looks secret", "  {count} files that look secret", count=of(Kind.SECRET)),
        counted("  {count} copy", "  {count} copies", count=of(Kind.COPY)),
        counted("  {count} file of another client", "  {count} files of other clients", count=of(Kind.FOREIGN)),
        counted(
            "  {count} file or folder of programs",
            "  {count} files and folders of programs",
            count=of(Kind.JUNK),
        ),
    )
    for path in seen.unread:
        say(msg("  {file}: pictures of pages without text; what it says isn't read", file=path), err=True)
    for line in said:
        if not line.lstrip().startswith("0 "):
            say(line, err=True)


def _tell_credentials(proposal: "Proposal", credentials: "Credentials") -> None:
    from handover.intake.write import accounts_of

    told = counted("{count} credential in the vault", "{count} credentials in the vault", count=len(credentials.rows))
    say(told, err=True)
    if accounts := accounts_of(proposal, credentials.rows):
        said = counted(
            "{count} account at a known service is proposed in the workbook: say who owns it",
            "{count} accounts at known services are proposed in the workbook: say who owns each",
            count=len(accounts),
        )
        say(said, err=True)
    if credentials.findings:
        report.print_findings(credentials.findings)


def _tell_made(proposal: "Proposal", target: Path, has_vault: bool) -> None:
    lines = [
        msg("{folder}: written", folder=target),
        joined(
            ", ",
            (
                counted("{count} value", "{count} values", count=len(proposal.metrics)),
                counted("{count} pending project", "{count} pending projects", count=len(proposal.pending)),
                counted("{count} open invoice", "{count} open invoices", count=len(proposal.invoices)),
                counted("{count} file", "{count} files", count=len(proposal.files)),
            ),
        ),
    ]
    if proposal.left_out:
        lines.append(
            counted(
                "{count} file or folder left out: the list says why",
                "{count} files and folders left out: the list says why",
                count=len(proposal.left_out),
            )
        )  # fmt: skip
    report.done(*lines)
    for line in proposal.unread:
        say(line, err=True, fg="yellow")
    if proposal.in_place:
        say(msg("the client's files stay where they are: what is put there later is delivered, too"), err=True)
    doubtful = sorted(key for key, value in proposal.values.items() if not value.confirmed)
    if doubtful:
        say(msg("not confirmed, and marked so in handover.yaml: {keys}", keys=", ".join(doubtful)), err=True)
    for question in proposal.questions:
        asked = {"id": question.id, "question": question.text}
        if question.proposal:
            say(msg("open: {id}: {question} [{proposal}]", **asked, proposal=question.proposal), err=True)
        else:
            say(msg("open: {id}: {question}", **asked), err=True)
    if proposal.questions:
        say(msg("answers can be given in a file: --answers FILE, with a line `question: answer` for each"), err=True)
    if not has_vault:
        say(msg("no vault yet: handover vault init --project {folder}", folder=report.quoted(str(target))), err=True)
