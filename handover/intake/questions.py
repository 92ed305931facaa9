"""The dozen or so questions that no file answers for certain, each with its proposal.

Role: `Question`s as data; what people type for them is `handover.intake.answers`'s. It asks nobody: `handover.cli.new`
does.
"""

import datetime as dt
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from handover.importers.credentials.base import host
from handover.intake.exports import everyday_metric, of_client
from handover.intake.periods import Chosen
from handover.intake.seen import Invoice, Metrics, Passwords
from handover.intake.settings import Entry
from handover.intake.tables import bare, unit_of
from handover.languages.registry import language as language_of_code
from handover.languages.registry import meant, ours
from handover.model.base import Word
from handover.model.characters import folded
from handover.model.contract import EndedBy
from handover.model.message import counted, human_size, joined, msg
from handover.model.reporting import Unit
from handover.model.rows import PendingStatus

ORDER: Final = (
    "facts", "ended_by", "last_working_day", "contacts", "successor", "readings", "dates", "numbers", "columns",
    "periods", "secrets", "files", "credentials", "withheld", "board", "invoices",
)  # fmt: skip
"""Every question that there is."""
NEEDED: Final[Mapping[str, str]] = {
    "client.name": msg("what is the client called, as printed?"),
    "client.address": msg("the client's postal address (a semicolon between lines)"),
    "contract.subject": msg("what is the contract for? (so that it completes “the contract for …”)"),
    "contract.start_date": msg("since when have you worked for the client?"),
    "agency.name": msg("the agency's name, as it stands on the letterhead"),
    "agency.address": msg("your own postal address (a semicolon between lines)"),
    "agency.email": msg("the e-mail address that clients write to"),
    "owners": msg("who signs the letters? (First Last, role)"),
}
"""What no letter can do without, by key of handover.yaml: asked where no paper says it."""
_MOST_SHOWN: Final = 12
_UNITS: Final[Mapping[str, str]] = {
    Unit.COUNT: msg("numbers"), Unit.MONEY: msg("amounts of money"), Unit.PERCENT: msg("percentages"),
}  # fmt: skip


class Question(NamedTuple):
    """One question: what is asked, what can be accepted as it stands, where that comes from."""

    id: str
    text: str
    proposal: str = ""
    """What Enter answers; empty where nothing can be proposed."""
    why: str = ""
    shown: tuple[str, ...] = ()
    """Lines shown above it."""


def facts(shown: Sequence[str]) -> Question:
    """Is what the contract says right?"""
    return Question("facts", msg("the papers say this; is all of it right? (yes or no)"), "", "", tuple(shown))


def ended_by(proposal: str, day: str, why: str, code: str) -> Question:
    """Who ends the contract, and when was notice given?"""
    text = msg(
        "who ends the contract, and when was notice given? (agency, client, mutual or expiry, and a day or none)"
    )
    return Question("ended_by", text, ", ".join(filter(None, (spelt(EndedBy, proposal, code), day))), why)


def last_working_day(proposal: str, why: str) -> Question:
    """Until when does one work?"""
    return Question("last_working_day", msg("which is the last day on which you work for the client?"), proposal, why)


def contacts(people: Sequence[Entry], why: str) -> Question:
    """Whom at the client's does it go to? Whoever is named without an address is told, but Enter can't answer that."""
    named = people_text(people)
    complete = all(person.get("email") for person in people)
    shown = () if complete else (msg("the papers name {people}, without an e-mail address", people=named),)
    return Question(
        "contacts",
        msg("who receives it at the client's? (First Last <address>, role, phone; a semicolon between several)"),
        named if complete else "",
        why,
        shown,
    )


def successor(told: str) -> Question:
    """Is the next provider known? Where the notice speaks of one (`told`), Enter doesn't say that there is none."""
    text = msg("has the client chosen another provider? (name <contact>, or no)")
    return Question("successor", text, "" if told else msg("no"), told)


def readings(tables: Sequence[Metrics], *, day_first: bool) -> Question:
    """Are tables that can be read in two ways read rightly, as they will be?"""
    text = msg("these tables can be read in two ways; is this the right one? (yes or no)")
    order = msg("03/04/2026 is 3 April") if day_first else msg("03/04/2026 is 4 March")
    shown = [msg("{path}: {what}", path=one.file, what=order) for one in tables if "dates" in one.doubts]
    thousands = msg("1,234 is more than a thousand")
    shown += [msg("{path}: {what}", path=one.file, what=thousands) for one in tables if "numbers" in one.doubts]
    return Question("readings", text, msg("yes"), "", _few(tuple(shown)))


def dates(tables: Sequence[Metrics], *, day_first: bool) -> Question:
    """In which order do tables have day and month, whose columns don't tell?"""
    text = msg("does the day stand before the month in these dates, so that 03/04/2026 is 3 April? (yes or no)")
    return Question("dates", text, msg("yes") if day_first else msg("no"), "", _few(tuple(one.file for one in tables)))


def numbers(tables: Sequence[Metrics]) -> Question:
    """What do marks mean in tables whose columns don't tell?"""
    text = msg("does the mark in these numbers group thousands, so that 1,234 is more than a thousand? (yes or no)")
    first = {
        one.file: next((f.message for f in one.imported.findings if f.rule == "import.ambiguous"), "") for one in tables
    }
    shown = tuple(msg("{path}: {what}", path=file, what=what) if what else file for file, what in first.items())
    return Question("numbers", text, msg("yes"), "", _few(shown))


def columns(tables: Sequence[Metrics], names: Sequence[str], code: str) -> Question:
    """Which metrics are the columns of plain tables?"""
    known = {name: everyday_metric(bare(name), code) for name in names}
    shown = tuple(
        msg("{file}: {columns}", file=one.file, columns=joined("; ", own))
        for one in tables
        if (own := [_with_unit(name, known[name]) for name in one.unknown if name in known])
    )
    # Apart from the sentence: a sentence within another's call isn't found by those who translate.
    quoted = [msg("“{name}”", name=name) for name in dict.fromkeys(names)]
    text = msg(
        "which metrics are the columns {columns}? (column = metric, with semicolons between; none leaves all out)",
        columns=joined(", ", quoted),
    )
    proposal = "; ".join(f"{name} = {metric or bare(name)}" for name, metric in known.items())
    why = "" if any(known.values()) else msg("each under its own name")
    return Question("columns", text, proposal, why, _few(shown))


def _with_unit(name: str, metric: str) -> str:
    """A column with what its values will be called, where no known metric says it."""
    return name if metric else msg("{column} ({unit})", column=name, unit=_UNITS[unit_of(name)])


def periods(chosen: Chosen | None) -> Question:
    """Which two periods are compared?"""
    proposal = ""
    if chosen is not None:
        one, other = chosen.periods.baseline, chosen.periods.current
        proposal = f"{one.start:%Y-%m}..{one.end:%Y-%m}, {other.start:%Y-%m}..{other.end:%Y-%m}"
    text = msg("which two periods does the report compare? (from..to, from..to in months)")
    return Question("periods", text, proposal, chosen.why if chosen else "")


def secrets(found: Sequence[tuple[str, str]]) -> Question:
    """What about the secrets that were found?"""
    shown = tuple(msg("{path}: {what}", path=path, what=what) for path, what in found)
    text = msg("these look secret: which are delivered all the same? (paths with semicolons between, or none)")
    return Question("secrets", text, msg("none"), "", _few(shown))


def files(tops: Sequence[tuple[str, int, int]], secret: Sequence[tuple[str, str]], *, can_stay: bool) -> Question:
    """Which folders aren't the client's? Where the files `can_stay` where they are, that is offered, too.

    What looks `secret` stays behind, and is shown with it: a plus before its path takes it along.
    """
    shown = tuple(
        counted(
            "{folder}: {count} file, {size}",
            "{folder}: {count} files, {size}",
            count=count,
            folder=top,
            size=human_size(size),
        )
        for top, count, size in tops
    )
    text = (
        msg(
            "these are copied as the client's files: all, or all but which? (all, or folders with semicolons between; "
            "with `in place`, nothing is copied, and they are delivered from where they are)"
        )
        if can_stay
        else msg(
            "these come along as the client's files: all, or all but which? (all, or folders with semicolons between)"
        )
    )
    return Question("files", text, msg("all"), "", (*_few(shown), *_kept_back(secret)))


def _kept_back(what: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if not what:
        return ()
    lines = tuple(msg("{path}: {what}", path=path, what=why) for path, why in what)
    return (msg("kept back; a + before a name below takes it along all the same:"), *_few(lines))


def own_groups(exports: Sequence[Passwords], names: Sequence[str]) -> str:
    """The folders and tags of password exports that are called as the client is."""
    groups = [group for one in map(by_site, exports) for group in group_names(one)]
    return "; ".join(dict.fromkeys(of_client(groups, names)))


def credentials(exports: Sequence[Passwords], own: str, aside: Mapping[str, str]) -> Question:
    """Which folders of the password exports are this client's? `own` is proposed; `aside` of these is kept back."""
    shown = tuple(f"{group} ({count})" for one in map(by_site, exports) for group, count in group_names(one).items())
    text = msg("which of these passwords are this client's? (semicolons between, or none)")
    return Question("credentials", text, own or msg("none"), "", (*_few(shown), *_kept_back(list(aside.items()))))


def board(lists: Sequence[str], code: str, known: Mapping[str, str]) -> Question:
    """What do the board's lists mean? `known` is what was said of some, folded, before."""
    said = {name: known.get(folded(name), "").partition(",")[0] or says_state(name) for name in lists}
    means = {name: state or PendingStatus.NOT_STARTED for name, state in said.items()}
    proposal = "; ".join(f"{name} = {spelt(PendingStatus, state, code)}" for name, state in means.items())
    text = msg("what do the board's lists mean? (list = state; skip leaves one out; what is open is handed over)")
    return Question("board", text, proposal)


def invoices(unpaid: Sequence[Invoice], today: dt.date, unnamed: Container[str] = ()) -> Question:
    """Which invoices are still to be paid? The agency isn't named in those that are `unnamed`."""
    shown = tuple(
        msg(
            "{number}: {amount} of {issued}, due {due}, {how} {file}",
            number=one.number,
            amount=msg("{amount} {currency}", amount=one.amount, currency=one.currency) if one.currency else one.amount,
            issued=one.issued_on,
            due=one.due_date,
            how=msg("from the XML in")
            if one.structured
            else msg("not naming you, read from the text of")
            if one.number in unnamed
            else msg("read from the text of"),
            file=one.file,
        )
        for one in unpaid
    )
    text = msg(
        "which of these invoices are not paid on {day}? (numbers with semicolons between, all, or none)", day=today
    )
    return Question("invoices", text, "", "", _few(shown))


def _few(shown: tuple[str, ...]) -> tuple[str, ...]:
    more = len(shown) - _MOST_SHOWN
    return shown if more <= 0 else (*shown[:_MOST_SHOWN], counted("and {count} more", "and {count} more", count=more))


def spelt(kind: type[Word], word: str, code: str) -> str:
    """A word of a list as the language of the project spells it; what is none of its words as it is."""
    return language_of_code(code).word(kind, kind(word)) if word in set(kind) else word


_STATES: Final = (
    ("done", r"done|termin|fini|fait|livr|closed|complete"),
    ("in-review", r"review|relecture|valid|test|recette|approval"),
    ("waiting", r"wait|attente|pause|hold|client"),
    ("blocked", r"block|bloqu|stuck|coincé"),
    ("not-started", r"selected for|ready for|prêt|not started|non commencé|pas commencé"),
    ("in-progress", r"doing|progress|en cours|wip|development|développement|working on|ongoing|underway|started"),
    ("idea", r"idea|idée|someday|plus tard|later"),
    ("not-started", r"to ?do|à faire|a faire|backlog|next|prochain|planned|prévu|sprint|inbox"),
)


def is_state(name: str) -> bool:
    """Whether a list's name is the word of a state, in one of our languages, so that nobody need be asked."""
    return meant(PendingStatus, name, ours()) in set(PendingStatus)


def says_state(name: str) -> str:
    """What a list's name says of its cards; empty where it says nothing."""
    if is_state(name):
        return meant(PendingStatus, name, ours())
    return next((state for state, words in _STATES if re.search(words, name, re.IGNORECASE)), "")


def group_names(one: Passwords) -> Mapping[str, int]:
    """What an export's entries are chosen by: its folders and tags; its file's name where it has none."""
    if one.export is None:
        return {}
    found = one.export.groups
    return found or {one.file.rpartition("/")[2]: sum(not entry.kind for entry in one.export.entries)}


def by_site(one: Passwords) -> Passwords:
    """The same, where nothing else tells its entries apart with the host of each as a tag: browsers know no folders."""
    if one.export is None or one.export.groups:
        return one
    tagged = tuple(replace(entry, tags=(host(entry.values.get("url", "")),)) for entry in one.export.entries)
    return one._replace(export=replace(one.export, entries=tagged))


def people_text(people: Sequence[Entry]) -> str:
    """Contacts as they are typed."""
    written = []
    for person in people:
        address = f" <{person['email']}>" if person.get("email") else ""
        further = "".join(f", {person[key]}" for key in ("role", "phone") if person.get(key))
        written.append(f"{person['name']}{address}{further}")
    return "; ".join(written)
