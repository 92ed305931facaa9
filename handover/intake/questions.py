"""The dozen or so questions that no file answers for certain, each with its proposal, and what answers to them mean.

Role: `Question`s as data, and `Answers`, which reads what people type for them. A question can be answered by its
proposal as it stands. It asks nobody: `handover.cli.new` does.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from handover.compare.periods import last_day, month_of
from handover.importers.credentials.base import host
from handover.intake.exports import metric_meant, of_client
from handover.intake.periods import Chosen
from handover.intake.prose import date_of
from handover.intake.seen import Invoice, Metrics, Passwords
from handover.intake.settings import Entry
from handover.languages.registry import language as language_of_code
from handover.languages.registry import meant, ours
from handover.model.base import Word
from handover.model.characters import folded
from handover.model.errors import UsageError
from handover.model.message import counted, human_size, joined, msg
from handover.model.rows import PendingStatus
from handover.model.settings import EndedBy, Period, Periods, Settings
from handover.project.check.wording import field_at

ORDER: Final = (
    "facts", "ended_by", "last_working_day", "contacts", "successor", "columns", "periods", "secrets",
    "files", "credentials", "board", "invoices",
)  # fmt: skip
"""Every question that there is."""
_NOTICE_DATE: Final = "notice_date"
"""What the second half of the answer to `ended_by` is, also by itself."""

_ALL: Final = frozenset({"all", "tout", "tous", "toutes", "yes", "oui", "y", "o"})
_NONE: Final = frozenset({"none", "no", "non", "aucun", "aucune", "rien", "nothing", "n", "leave out", "écarter", "-"})
_IN_PLACE: Final = frozenset({"in place", "sur place"})
_SKIP: Final = frozenset({"skip", "-", "none", "leave out", "écarter", "rien", "aucun"})
_MOST_SHOWN: Final = 12

W = TypeVar("W", bound=Word)


@dataclass(frozen=True, slots=True)
class Question:
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


def successor() -> Question:
    """Is the next provider known?"""
    return Question("successor", msg("has the client chosen another provider? (name <contact>, or no)"), msg("no"))


def columns(tables: Sequence[Metrics], names: Sequence[str]) -> Question:
    """Which metrics are the columns of plain tables?"""
    shown = tuple(
        msg("{file}: {columns}", file=one.file, columns="; ".join(own))
        for one in tables
        if (own := [name for name in one.unknown if name in names])
    )
    text = msg(
        "which metrics are the columns {columns}? (column = metric, with semicolons between; none leaves all out)",
        columns=joined(", ", [msg("“{name}”", name=name) for name in dict.fromkeys(names)]),
    )
    return Question("columns", text, "", "", _few(shown))


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


def files(tops: Sequence[tuple[str, int, int]], *, can_stay: bool) -> Question:
    """Which folders aren't the client's? Where the files `can_stay` where they are, that is offered, too."""
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
    return Question("files", text, msg("all"), "", _few(shown))


def credentials(exports: Sequence[Passwords], names: Sequence[str]) -> Question:
    """Which folders of the password exports are this client's?"""
    groups = [group for one in map(by_site, exports) for group in group_names(one)]
    shown = tuple(f"{group} ({count})" for one in map(by_site, exports) for group, count in group_names(one).items())
    text = msg("which of these passwords are this client's? (semicolons between, or none)")
    own = "; ".join(dict.fromkeys(of_client(groups, names)))
    return Question("credentials", text, own or msg("none"), "", _few(shown))


def board(lists: Sequence[str], code: str, known: Mapping[str, str]) -> Question:
    """What do the board's lists mean? `known` is what was said of some, folded, before."""
    means = {name: known.get(folded(name), "").partition(",")[0] or _state(name) for name in lists}
    proposal = "; ".join(f"{name} = {spelt(PendingStatus, state, code)}" for name, state in means.items())
    text = msg("what do the board's lists mean? (list = state; skip leaves one out; what is open is handed over)")
    return Question("board", text, proposal)


def invoices(unpaid: Sequence[Invoice], today: dt.date, unnamed: Container[str] = ()) -> Question:
    """Which invoices are still to be paid? The agency isn't named in those that are `unnamed`."""
    shown = tuple(
        msg(
            "{number}: {amount} {currency} of {issued}, due {due}, {how} {file}",
            number=one.number,
            amount=one.amount,
            currency=one.currency,
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
    """A word of a list as the language of the project spells it."""
    from handover.languages.registry import word_list

    spellings = language_of_code(code).words.get(word_list(kind), {})
    return next((text for text, means in spellings.items() if means == word), word)


_STATES: Final = (
    ("done", r"done|termin|fini|fait|livr|closed|complete"),
    ("in-review", r"review|relecture|valid|test|recette|approval"),
    ("waiting", r"wait|attente|pause|hold|client"),
    ("blocked", r"block|bloqu"),
    ("not-started", r"selected for|ready for|prêt"),
    ("in-progress", r"doing|progress|en cours|wip|development|développement"),
    ("idea", r"idea|idée|someday|plus tard|later"),
    ("not-started", r"to ?do|à faire|a faire|backlog|next|prochain|planned|prévu|sprint|inbox"),
)


def is_state(name: str) -> bool:
    """Whether a list's name is the word of a state, in one of our languages, so that nobody need be asked."""
    return meant(PendingStatus, name, ours()) in set(PendingStatus)


def _state(name: str) -> str:
    """What a list's name says of its cards; not started where it says nothing."""
    if is_state(name):
        return meant(PendingStatus, name, ours())
    return next((state for state, words in _STATES if re.search(words, name, re.IGNORECASE)), "not-started")


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


class Answers:
    """What was answered, by question or by key of handover.yaml (`agency.email`)."""

    def __init__(self, given: Mapping[str, str], code: str) -> None:
        self._given = {key: text.strip() for key, text in given.items()}
        self._code = code
        self._take_apart()

    def _take_apart(self) -> None:
        """`client, 14 September 2026` answers who ends it and when notice was given."""
        who, comma, day = self._given.get("ended_by", "").partition(",")
        if comma:
            self._given["ended_by"] = who.strip()
            self._given.setdefault(_NOTICE_DATE, day.strip())

    def get(self, question: str) -> str | None:
        """What was answered; None where nothing was."""
        return self._given.get(question)

    def accept(self, question: Question) -> None:
        """Answer a question that is open by its proposal."""
        self._given.setdefault(question.id, question.proposal)
        self._take_apart()

    def settings(self) -> Iterator[tuple[str, str]]:
        """The answers that are keys of handover.yaml. Raises UsageError for one that is neither."""
        for key, text in self._given.items():
            if key in ORDER or key == _NOTICE_DATE:
                continue
            if "[" in key or field_at(Settings, key.split(".")) is None:
                raise UsageError.at(
                    key,
                    msg("is neither a question nor a key of handover.yaml"),
                    hint=msg(
                        "the questions are {names}; a key is written like contract.subject", names=", ".join(ORDER)
                    ),
                )
            yield key, text

    def wrong(self, question: str, what: str) -> UsageError:
        """The error for an answer that can't be followed, because of `what`."""
        return UsageError.at(question, msg("{answer} {what}", answer=repr(self._given[question]), what=what))

    def flag(self, question: str) -> bool:
        """Yes or no."""
        text = meant(bool, self._given[question])
        if text not in {"true", "false"} and folded(self._given[question]) not in _ALL | _NONE:
            raise self.wrong(question, msg("is neither yes nor no"))
        return text == "true" or folded(self._given[question]) in _ALL

    def word(self, question: str, kind: type[W]) -> str:
        """A word of a list."""
        found = meant(kind, self._given[question], ours())
        if found not in {str(word) for word in kind}:
            raise self.wrong(question, msg("is none of {words}", words=", ".join(kind)))
        return found

    def day(self, question: str) -> str:
        """A day as ISO; empty for none."""
        if folded(self._given[question]) in _NONE:
            return ""
        day = date_of(self._given[question])
        if day is None:
            raise self.wrong(question, msg("is no day; write it as 2026-11-30"))
        return day.isoformat()

    def people(self, question: str) -> list[Entry]:
        """Contacts: `First Last <address>, role, phone`."""
        found: list[Entry] = []
        for part in _parts(self._given[question]):
            match = re.fullmatch(r"([^<>,]+?)\s*(?:<([^<>\s]+@[^<>\s]+)>)?(?:,\s*(.*))?", part)
            if match is None or not match[2]:
                raise self.wrong(
                    question, msg("has somebody without an address: write First Last <name@client.example>")
                )
            further = [text.strip() for text in (match[3] or "").split(",") if text.strip()]
            phone = next((text for text in further if re.fullmatch(r"\+?[\d .()-]{8,}", text)), "")
            role = ", ".join(text for text in further if text != phone)
            person = {"name": match[1], "role": role, "email": match[2], "phone": phone}
            found.append({key: text for key, text in person.items() if text})
        if not found:
            raise self.wrong(question, msg("names nobody"))
        return found

    def successor(self, question: str) -> Entry | None:
        """The provider whom the client has chosen; None for none."""
        text = self._given[question]
        if folded(text) in _NONE:
            return None
        match = re.fullmatch(r"([^<>]+?)\s*(?:<([^<>]+)>)?", text)
        if match is None:
            raise self.wrong(question, msg("isn't a name with a contact in angle brackets"))
        return {"name": match[1], **({"contact": match[2]} if match[2] else {})}

    def periods(self, question: str) -> Periods | None:
        """Two spans of whole months; None for none."""
        if folded(self._given[question]) in _NONE:
            return None
        months = re.findall(r"(\d{4})-(\d{2})(?!\d)", self._given[question])
        if len(months) != 4 or not all(0 < int(month) < 13 for _, month in months):
            raise self.wrong(question, msg("isn't two periods; write 2024-01..2024-12, 2025-01..2025-12"))
        firsts = [dt.date(int(year), int(month), 1) for year, month in months]
        ends = [last_day(month_of(day)) for day in firsts]
        if firsts[1] < firsts[0] or firsts[3] < firsts[2]:
            raise self.wrong(question, msg("has a period that ends before it begins"))
        return Periods(baseline=Period(start=firsts[0], end=ends[1]), current=Period(start=firsts[2], end=ends[3]))

    def paths(self, question: str, known: Sequence[str]) -> tuple[str, ...]:
        """Some of the files that were shown."""
        return self._some(question, known)

    def stays(self, question: str) -> bool:
        """Whether the files are delivered from where they are."""
        return any(folded(part) in _IN_PLACE for part in _parts(self._given[question]))

    def left_folders(self, question: str, known: Sequence[str]) -> tuple[str, ...]:
        """The folders that are left out."""
        parts = [part for part in _parts(self._given[question]) if folded(part) not in _IN_PLACE]
        text = folded("; ".join(parts))
        if not text or text in _ALL:
            return ()
        return tuple(known) if text in _NONE else self._named(question, parts, known)

    def numbers(self, question: str, known: Sequence[str]) -> tuple[str, ...]:
        """Some of the invoices."""
        return tuple(known) if folded(self._given[question]) in _ALL else self._some(question, known)

    def _some(self, question: str, known: Sequence[str]) -> tuple[str, ...]:
        if folded(self._given[question]) in _NONE:
            return ()
        return self._named(question, _parts(self._given[question]), known)

    def _named(self, question: str, parts: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
        names = {folded(name): name for name in known}
        if wrong := [part for part in parts if folded(part.rstrip("/")) not in names]:
            raise self.wrong(question, msg("names {what}, which isn't one of them", what=wrong[0]))
        return tuple(names[folded(part.rstrip("/"))] for part in parts)

    def credentials(self, question: str, exports: Sequence[Passwords]) -> tuple[tuple[Passwords, tuple[str, ...]], ...]:
        """The exports with what was chosen of each."""
        if folded(self._given[question]) in _NONE:
            return ()
        exports = [by_site(one) for one in exports]
        chosen: dict[int, list[str]] = {}
        for part in _parts(self._given[question]):
            at = [number for number, one in enumerate(exports) if _has(one, part)]
            if not at:
                raise self.wrong(question, msg("names {what}, which isn't one of them", what=part))
            for number in at:
                chosen.setdefault(number, []).append(part)
        return tuple(
            (exports[number], () if exports[number].file.rpartition("/")[2] in names else tuple(names))
            for number, names in chosen.items()
        )

    def columns(self, question: str, names: Sequence[str]) -> Mapping[str, str]:
        """Column → the metric that it is, or `-` for one that is left out."""
        known = {folded(name): name for name in names}
        found = dict.fromkeys(names, "-")
        if folded(self._given[question]) in _NONE:
            return found
        for part in _parts(self._given[question]):
            name, _, metric = (text.strip() for text in part.rpartition("="))
            if folded(name) not in known:
                raise self.wrong(question, msg("names {what}, which isn't one of them", what=name or part))
            meant_by_it = "-" if folded(metric) in _SKIP else metric_meant(metric)
            if not meant_by_it:
                raise self.wrong(question, msg("has no metric for {what}", what=name))
            found[known[folded(name)]] = meant_by_it
        return found

    def states(self, question: str, lists: Sequence[str]) -> Mapping[str, PendingStatus]:
        """List of the board → the state of its cards; a list that was left out isn't in it."""
        known = {folded(name): name for name in lists}
        found: dict[str, PendingStatus] = {}
        if folded(self._given[question]) in _NONE:
            return found
        for part in _parts(self._given[question]):
            name, _, state = (text.strip() for text in part.rpartition("="))
            if folded(name) not in known:
                raise self.wrong(question, msg("names {what}, which isn't one of them", what=name or part))
            word = meant(PendingStatus, state, ours())
            if word in set(PendingStatus):
                found[known[folded(name)]] = PendingStatus(word)
            elif folded(state) not in _SKIP:
                raise self.wrong(question, msg("is none of {words}", words=", ".join(PendingStatus)))
        return found


def _has(one: Passwords, name: str) -> bool:
    if folded(name) == folded(one.file.rpartition("/")[2]):
        return True
    return one.export is not None and bool(one.export.groups) and one.export.has(name)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
