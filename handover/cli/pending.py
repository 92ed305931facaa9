"""`handover import pending`: open tasks of a board or list become pending projects."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from handover.cli import asking, report
from handover.cli.options import FILE, PROJECT, project_root, read_file
from handover.cli.tables import add_rows, faults_of, place_of, spoken_in
from handover.cli.terminal import ask_text, say
from handover.model.errors import InvalidInput, UsageError
from handover.model.message import counted, joined, msg

if TYPE_CHECKING:
    from handover.importers.pending import Meaning, Pending
    from handover.languages.registry import Language
    from handover.model.base import Word
    from handover.model.rows import Decision

MAX_EXPORT = 64 * 1024 * 1024
W = TypeVar("W", bound="Word")


@click.command(short_help="Add the open tasks of a board or list to the pending projects.")
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--project", type=PROJECT, default=".", help="The project's folder (default: this one).")
@click.option("--map", "mapped", multiple=True, metavar="LIST=STATUS[,DECISION]",
              help="What a list or status means; `-` leaves its tasks out.")  # fmt: skip
@click.option("--decision", metavar="WORD", help="What becomes of them, where nothing else is said.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def pending(source: str, *, project: str, mapped: Sequence[str], decision: str | None, dry_run: bool) -> None:
    """Add the open tasks of FILE to the pending projects: exports of the programs that `handover import --formats`
    lists. What its lists mean is asked, unless they are called as our statuses are, or --map says it. What becomes of
    each project is left to be filled in, unless --decision or --map says it."""
    from handover.importers.pending import github, pending_rows, read_cards
    from handover.intake.meanings import LISTS, remember, remembered
    from handover.project.read import load_project, no_assets

    root = project_root(project)
    sources = load_project(root, scan_assets=no_assets)
    place, languages = place_of(sources, "pending"), spoken_in(sources)
    if wrong := faults_of(sources, "pending"):
        raise InvalidInput(wrong, hint=msg("correct {place} first: nothing was imported", place=place))
    table = sources.tables.get("pending")
    there = [row.cells["project"].text for row in table.rows if "project" in row.cells] if table else []
    title, cards = read_cards(read_file(source, MAX_EXPORT), Path(source).name)
    given = _decision(decision, languages, "--decision") if decision else None
    said = _meanings(mapped, languages)
    known = remembered(LISTS, root.resolve().parent)
    meanings = {name: _meaning(text, languages, LISTS.file) for name, text in known.items()} | said
    made = pending_rows(cards, meanings, languages, decision=given, there=there)
    if made.unknown:
        said |= _asked(made.unknown, languages)
        meanings |= said
        made = pending_rows(cards, meanings, languages, decision=given, there=there)
    if made.rows and not dry_run:
        add_rows(root, sources, "pending", made.rows)
    told = {name: ",".join(filter(None, (one.status or "-", one.decision))) for name, one in said.items()}
    if not dry_run and (file := remember(LISTS, root.resolve().parent, told)):
        say(msg("{file}: what was said of these, for the next client", file=file), err=True)
    _print(source, title, place, made, written=not dry_run)
    if title == github.IMPORTER.title and len(cards) == github.CUT_AT:
        limit = msg("the file has {count} issues, and gh stops at as many: with --limit 1000 it gives all",
                    count=github.CUT_AT)  # fmt: skip
        say(limit, err=True)


def _meanings(mapped: Sequence[str], languages: Sequence["Language"]) -> dict[str, "Meaning"]:
    from handover.model.characters import folded

    found = {}
    for pair in mapped:
        state, equals, said = pair.rpartition("=")
        if not equals:
            raise UsageError(
                msg("--map {pair}: isn't LIST=STATUS", pair=pair), hint=msg('for example --map "Doing=in-progress"')
            )
        found[folded(state)] = _meaning(said, languages, f"--map {pair}")
    return found


def _meaning(said: str, languages: Sequence["Language"], place: str) -> "Meaning":
    """What `in-progress,hand-over` says, in any of the languages; a hyphen leaves the tasks out."""
    from handover.importers.pending import Meaning
    from handover.model.rows import PendingStatus

    status, comma, decision = (text.strip() for text in said.partition(","))
    if said.strip() in {"", "-"}:
        return Meaning(None)
    word = _word(PendingStatus, status, languages, place, msg("{status} is no status", status=status))
    return Meaning(word, _decision(decision, languages, place) if comma else None)


def _decision(said: str, languages: Sequence["Language"], place: str) -> "Decision":
    from handover.model.rows import Decision

    return _word(Decision, said, languages, place, msg("{decision} is no decision", decision=said))


def _word(kind: type[W], said: str, languages: Sequence["Language"], place: str, wrong: str) -> W:
    from handover.languages.registry import meant

    word = meant(kind, said.strip(), languages)
    if word not in set(kind):
        raise UsageError.at(place, wrong, hint=msg("write one of {words}", words=_words(kind, languages)))
    return kind(word)


def _words(kind: "type[Word]", languages: Sequence["Language"]) -> str:
    """The words of a list as the project's language spells them."""
    return ", ".join(languages[0].word(kind, one) for one in kind)


def _asked(unknown: Mapping[str, int], languages: Sequence["Language"]) -> dict[str, "Meaning"]:
    """What the user says of each list; UsageError with what to type where nobody can be asked."""
    from handover.model.characters import folded
    from handover.model.rows import PendingStatus
    from handover.model.sources import shown

    words = _words(PendingStatus, languages)
    if not asking.interactive():
        named = joined(", ", [msg("“{name}” ({number})", name=shown(one), number=n) for one, n in unknown.items()])
        first = shown(next(iter(unknown)))
        raise UsageError(
            msg("what these lists mean isn't known: {named}", named=named),
            hint=msg('say it of each with --map "{first}=STATUS": {words}; - leaves its tasks out', first=first,
                     words=words),
        )  # fmt: skip
    found = {}
    for state, number in unknown.items():
        question = counted(
            "“{state}” holds one task. Its status ({words}; - leaves it out)",
            "“{state}” holds {count} tasks. Their status ({words}; - leaves them out)",
            number, state=shown(state), words=words,
        )  # fmt: skip
        found[folded(state)] = _meaning(ask_text(question), languages, shown(state))
    return found


def _print(source: str, title: str, place: str, made: "Pending", *, written: bool) -> None:
    added = counted("{place}: one project added", "{place}: {count} projects added", len(made.rows), place=place)
    lines = [
        msg("{source}: {title}", source=source, title=title),
        added if written else msg("{added} (nothing written: --dry-run)", added=added),
    ]
    left, undecided = made.left_out, sum("decision" not in row for row in made.rows)
    told = (
        counted(
            "one that is closed (done or cancelled) is left out",
            "{count} that are closed (done or cancelled) are left out",
            left["done"],
        ),
        counted("one that is archived is left out", "{count} that are archived are left out", left["archived"]),
        counted("one is left out, as you said", "{count} are left out, as you said", left["unwanted"]),
        counted("one was there already", "{count} were there already", left["there"]),
        counted(
            "one has no decision yet: fill it in, or import with --decision",
            "{count} have no decision yet: fill it in, or import with --decision",
            undecided,
        ),
    )
    counts = (left["done"], left["archived"], left["unwanted"], left["there"], undecided)
    lines += [line for line, count in zip(told, counts, strict=True) if count]
    report.done(*lines)
