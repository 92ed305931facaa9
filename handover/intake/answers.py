"""What people answer to the questions of a proposal, read in any of our languages.

Role: text → values; an answer that can't be meant is a UsageError that names its question. A question can be answered
by its proposal as it stands. It asks nobody.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from handover.compare.periods import last_day, month_of
from handover.intake.exports import metric_meant
from handover.intake.prose import date_of
from handover.intake.questions import ORDER, Question, by_site, spelt
from handover.intake.seen import Passwords
from handover.intake.settings import Content, Entry
from handover.languages.registry import meant, ours
from handover.model.base import Word
from handover.model.characters import folded
from handover.model.errors import UsageError
from handover.model.message import msg
from handover.model.reporting import Period, Periods
from handover.model.rows import PendingStatus
from handover.model.settings import Settings
from handover.project.check.wording import field_at

_NOTICE_DATE: Final = "notice_date"
"""What the second half of the answer to `ended_by` is, also by itself."""

_ALL: Final = frozenset({"all", "tout", "tous", "toutes", "yes", "oui", "y", "o"})
_NONE: Final = frozenset({"none", "no", "non", "aucun", "aucune", "rien", "nothing", "n", "leave out", "écarter", "-"})
_IN_PLACE: Final = frozenset({"in place", "sur place"})
_SKIP: Final = frozenset({"skip", "-", "none", "leave out", "écarter", "rien", "aucun"})

W = TypeVar("W", bound=Word)


class Answers:
    """What was answered, by question or by key of handover.yaml (`agency.email`)."""

    def __init__(self, given: Mapping[str, str], language: str) -> None:
        self._language = language
        self._given = {key: text.strip() for key, text in given.items()}
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

    def settings(self) -> Iterator[str]:
        """The answers' names that are keys of handover.yaml. Raises UsageError for one that is neither."""
        for key in self._given:
            if key in ORDER or key == _NOTICE_DATE:
                continue
            if "[" in key or field_at(Settings, key.split(".")) is None:
                hint = msg("the questions are {names}; a key is written like contract.subject", names=", ".join(ORDER))
                raise UsageError.at(key, msg("is neither a question nor a key of handover.yaml"), hint=hint)
            yield key

    def setting(self, key: str) -> Content:
        """What was answered for a key of handover.yaml, as it stands there."""
        text = self._given[key]
        if key == "owners":
            name, _, title = text.partition(",")
            return [{"name": name.strip(), "title": title.strip()}]
        if key == "contract.start_date":
            return self.day(key)
        lines = [line.strip() for line in re.split(r"\n|;" if key.endswith(".address") else r"\n", text)]
        return lines if len(lines) > 1 or key.endswith((".address", ".registration", ".highlights")) else text

    def wrong(self, question: str, what: str) -> UsageError:
        """The error for an answer that can't be followed, because of `what`."""
        return UsageError.at(question, msg("{answer} {what}", answer=repr(self._given[question]), what=what))

    def flag(self, question: str) -> bool:
        """Yes or no."""
        text, said = meant(bool, self._given[question]), folded(self._given[question])
        if text not in {"true", "false"} and said not in _ALL | _NONE:
            raise self.wrong(question, msg("is neither yes nor no"))
        return text == "true" or said in _ALL

    def word(self, question: str, kind: type[W]) -> str:
        """A word of a list."""
        return self._word(question, self._given[question], kind)

    def day(self, question: str) -> str:
        """A day as ISO; empty for none."""
        if self._none(question):
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
                said = msg("has somebody without an address: write First Last <name@client.example>")
                raise self.wrong(question, said)
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
        if self._none(question):
            return None
        match = re.fullmatch(r"([^<>]+?)\s*(?:<([^<>]+)>)?", self._given[question])
        if match is None:
            raise self.wrong(question, msg("isn't a name with a contact in angle brackets"))
        return {"name": match[1], **({"contact": match[2]} if match[2] else {})}

    def periods(self, question: str) -> Periods | None:
        """Two spans of whole months; None for none."""
        if self._none(question):
            return None
        months = re.findall(r"(\d{4})-(\d{2})(?!\d)", self._given[question])
        if len(months) != 4 or not all(0 < int(month) < 13 for _, month in months):
            raise self.wrong(question, msg("isn't two periods; write 2024-01..2024-12, 2025-01..2025-12"))
        firsts = [dt.date(int(year), int(month), 1) for year, month in months]
        ends = [last_day(month_of(day)) for day in firsts]
        if firsts[1] < firsts[0] or firsts[3] < firsts[2]:
            raise self.wrong(question, msg("has a period that ends before it begins"))
        return Periods(baseline=Period(start=firsts[0], end=ends[1]), current=Period(start=firsts[2], end=ends[3]))

    def some(self, question: str, known: Sequence[str], *, or_all: bool = False) -> tuple[str, ...]:
        """Some of what was shown, or none; where that can be said, all."""
        if or_all and folded(self._given[question]) in _ALL:
            return tuple(known)
        return () if self._none(question) else self._named(question, _parts(self._given[question]), known)

    def added(self, question: str, known: Sequence[str]) -> tuple[str, ...]:
        """What comes along though it was kept back: `+ name`."""
        return self._named(question, [part[1:].strip() for part in _parts(self._given[question], _ADDED)], known)

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

    def credentials(self, question: str, exports: Sequence[Passwords]) -> tuple[tuple[Passwords, tuple[str, ...]], ...]:
        """The exports with what was chosen of each."""
        exports = [by_site(one) for one in exports]
        chosen: dict[int, list[str]] = {}
        for part in () if self._none(question) else _parts(self._given[question]):
            at = [number for number, one in enumerate(exports) if _has(one, part)]
            if not at:
                raise self._unknown(question, part)
            for number in at:
                chosen.setdefault(number, []).append(part)
        return tuple(
            (exports[number], () if exports[number].file.rpartition("/")[2] in names else tuple(names))
            for number, names in chosen.items()
        )

    def columns(self, question: str, names: Sequence[str]) -> Mapping[str, str]:
        """Column → the metric that it is, or `-` for one that is left out."""
        found = dict.fromkeys(names, "-")
        for name, metric in self._pairs(question, names):
            if folded(metric) not in _SKIP and not metric_meant(metric):
                raise self.wrong(question, msg("has no metric for {what}", what=name))
            found[name] = "-" if folded(metric) in _SKIP else metric_meant(metric)
        return found

    def states(self, question: str, lists: Sequence[str]) -> Mapping[str, PendingStatus]:
        """List of the board → the state of its cards; a list that was left out isn't in it."""
        return {
            name: PendingStatus(self._word(question, state, PendingStatus))
            for name, state in self._pairs(question, lists)
            if folded(state) not in _SKIP or meant(PendingStatus, state, ours()) in set(PendingStatus)
        }

    def _none(self, question: str) -> bool:
        return folded(self._given[question]) in _NONE

    def _word(self, question: str, said: str, kind: type[W]) -> str:
        found = meant(kind, said, ours())
        if found not in {str(word) for word in kind}:
            raise self.wrong(
                question, msg("is none of {words}", words=", ".join(spelt(kind, one, self._language) for one in kind))
            )
        return found

    def _pairs(self, question: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """`name = text` for some of the names, with semicolons between; nothing for none."""
        for part in () if self._none(question) else _parts(self._given[question]):
            name, _, text = (text.strip() for text in part.rpartition("="))
            if not name:
                raise self._unknown(question, part)
            yield self._named(question, [name], names)[0], text

    def _named(self, question: str, parts: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
        names = {folded(name): name for name in known}
        if wrong := [part for part in parts if folded(part.rstrip("/")) not in names]:
            raise self._unknown(question, wrong[0])
        return tuple(names[folded(part.rstrip("/"))] for part in parts)

    def _unknown(self, question: str, what: str) -> UsageError:
        return self.wrong(question, msg("names {what}, which isn't one of them", what=what))


def _has(one: Passwords, name: str) -> bool:
    if folded(name) == folded(one.file.rpartition("/")[2]):
        return True
    return one.export is not None and bool(one.export.groups) and one.export.has(name)


_ADDED: Final = "+"


def _parts(text: str, mark: str = "") -> list[str]:
    """What stands between semicolons: what has the mark, or has none."""
    found = [part.strip() for part in text.split(";") if part.strip()]
    return [part for part in found if part.startswith(mark or _ADDED) == bool(mark)]
