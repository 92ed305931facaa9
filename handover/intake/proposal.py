"""What was seen, today and the answers so far → a project's values, and the questions that are open.

Role: pure, and called anew after each answer, since an answer changes what is proposed next. What a paper says and
nobody confirmed is a value with a mark; what would change a figure, or let something leave, waits for an answer.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from handover.bundle.names import slug
from handover.importers.pending import Meaning, pending_rows
from handover.intake import questions
from handover.intake.contract import notice_ends, period_of
from handover.intake.exports import own_words
from handover.intake.periods import choose_periods
from handover.intake.places import left_places
from handover.intake.prose import language_of
from handover.intake.questions import Answers, Question
from handover.intake.seen import Candidate, Contract, File, Kind, Mail, Origin, Passwords, Seen
from handover.intake.settings import Content, Entry, Value
from handover.intake.tables import Taken, definitions, merged_metrics, with_columns
from handover.intake.wording import (
    address_lines,
    as_people_write,
    brief,
    is_for,
    is_of,
    origin_text,
    reason_of,
    town,
    with_real_day,
)
from handover.languages import files as resources
from handover.languages import registry
from handover.model.characters import folded
from handover.model.message import msg
from handover.model.rows import Decision, InvoiceRow, MetricRow, PendingRow
from handover.model.selection import too_many
from handover.model.settings import EndedBy, Law, NoticeFrom

_ANSWERED: Final = 200
"""Days within which further e-mails about the end answer the first one, which gave notice."""
DELIVERED: Final = (Kind.FILE, Kind.LOGO, Kind.LICENCE)
_FACTS: Final = {
    "client.name": msg("client"),
    "client.address": msg("their address"),
    "contract.reference": msg("contract"),
    "contract.subject": msg("about"),
    "contract.start_date": msg("since"),
    "contract.notice_period": msg("notice"),
    "contract.governing": msg("law"),
    "agency.name": msg("you"),
    "agency.address": msg("your address"),
    "agency.email": msg("your e-mail"),
    "agency.phone": msg("your phone"),
    "agency.registration": msg("registered as"),
    "owners": msg("who signs"),
    "letter.place": msg("place"),
}
"""What a contract says, in the order in which it's shown, and what people call it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A project that may be written, and what is still open."""

    language: str
    values: Mapping[str, Value]
    questions: tuple[Question, ...]
    """Those that nobody has answered, in the order in which they are asked; a dozen or so."""
    files: tuple[File, ...] = ()
    """The client's files that come along."""
    allowed: tuple[str, ...] = ()
    """Of these, those that look secret and that a person wants delivered."""
    metrics: tuple[MetricRow, ...] = ()
    pending: tuple[PendingRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    credentials: tuple[tuple[Passwords, tuple[str, ...]], ...] = ()
    """Exports with the folders of this client; none named for all that is in one."""
    left_out: tuple[tuple[str, str], ...] = ()
    """What doesn't come along, and why."""
    in_place: bool = False
    """Whether the files are delivered from where they are."""
    licences: Mapping[str, str] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    own_address: str = ""
    """The agency's address, at whose domain no sign-in is the client's."""
    own_name: str = ""
    """What the agency is called."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """What the board's lists mean, as a person said: list → status, `-` for one that is left out."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which metrics the columns of plain tables are, as a person said: column → metric, `-` for one left out."""


def propose(
    seen: Seen,
    answers: Mapping[str, str],
    *,
    today: dt.date,
    language: str = "",
    inherited: Mapping[str, str] = MappingProxyType({}),
    lists: Mapping[str, str] = MappingProxyType({}),
    columns: Mapping[str, str] = MappingProxyType({}),
    can_stay: bool = False,
) -> Proposal:
    """The proposal. `inherited` are the keys of handover.yaml that the agency's own file gives (`agency.email`), with
    their texts: nothing is proposed for them. `lists` and `columns` are the meanings of boards' lists and of tables'
    columns that were said before. Where files `can_stay` where they are, that can be answered.

    Raises UsageError for an answer that can't be meant, naming the question.
    """
    contract = _contract(seen)
    spoken = language or _language(seen, contract)
    said = Answers(answers, spoken)
    asked, named = _columns(seen, said, columns)
    seen = with_columns(seen, {**columns, **{folded(name): metric for name, metric in named.items()}})
    taken = merged_metrics(seen.metrics)
    maker = _Maker(seen, said, contract, today, spoken, inherited, taken, lists, asked, named, can_stay)
    return maker.proposal()


def _columns(seen: Seen, said: Answers, known: Mapping[str, str]) -> tuple[tuple[Question, ...], Mapping[str, str]]:
    """The question which metrics the columns of plain tables are, where it's open, and what was said of it."""
    unknown = [name for one in seen.metrics for name in one.unknown]
    before = {name: known[folded(name)] for name in unknown if folded(name) in known}
    names = [name for name in unknown if name not in before]
    if not names:
        return (), before
    if said.get("columns") is None:
        return (questions.columns(seen.metrics, names),), before
    return (), {**before, **said.columns("columns", names)}


def _contract(seen: Seen) -> Contract | None:
    """The contract that says most: an amendment names the parties and little more."""
    return max(seen.contracts, key=lambda one: len(one.says), default=None)


def _language(seen: Seen, contract: Contract | None) -> str:
    """The language of the contract; else that of the invoices and e-mails; else the one that others start from."""
    texts = [*(one.buyer for one in seen.invoices if not one.structured), *(one.sentence for one in seen.mails)]
    code = contract.language if contract else language_of(" ".join(texts))
    return code if code in resources.languages() else registry.START


def _reachable(people: Sequence[Entry]) -> bool:
    return bool(people) and all(person.get("email") and person.get("phone") for person in people)


class _Maker:
    """One proposal in the making."""

    def __init__(
        self,
        seen: Seen,
        said: Answers,
        contract: Contract | None,
        today: dt.date,
        language: str,
        inherited: Mapping[str, str],
        taken: Taken,
        lists: Mapping[str, str],
        asked: tuple[Question, ...],
        named: Mapping[str, str],
        can_stay: bool,
    ) -> None:
        self._seen, self._said, self._contract, self._today = seen, said, contract, today
        self._language, self._inherited, self._taken = language, inherited, taken
        self._values: dict[str, Value] = {}
        self._right, self._can_stay, self._in_place = False, can_stay, False
        self._lists, self._about_columns, self._named = lists, asked, named
        self._meant: dict[str, str] = {}
        self._open: list[Question] = []
        self._left: list[tuple[str, str]] = []

    def proposal(self) -> Proposal:
        """All of it, in the order in which questions build on one another."""
        self._facts()
        self._ending()
        self._contacts()
        self._successor()
        self._open += self._about_columns
        self._periods()
        files, allowed = self._files()
        credentials = self._credentials()
        pending, invoices = self._board(), self._invoices()
        self._further()
        self._left += self._taken.left_out
        kept = {key: value for key, value in self._values.items() if not self._is_inherited(key)}
        licences = {path: name for path, name in self._seen.licences.items() if path in {file.path for file in files}}
        return Proposal(
            self._language, kept, tuple(self._open), files, allowed, self._taken.rows, pending, invoices, credentials,
            tuple(dict(self._left).items()), self._stay(files), licences, self._seen.denied, self._own_address(),
            self._own_name(), self._meant, self._named,
        )  # fmt: skip

    def _is_inherited(self, key: str) -> bool:
        return any(key == one or key.startswith((f"{one}.", f"{one}[")) for one in self._inherited) or any(
            one.startswith((f"{key}.", f"{key}[")) for one in self._inherited
        )

    # What is known

    def _candidate(self, key: str) -> Candidate | None:
        found = self._contract.says.get(key) if self._contract else None
        if not found:
            return None
        elsewhere = (self._seen.name, *(one.buyer for one in self._seen.invoices))
        people = [text for one in self._seen.mails for text in (one.name, one.to[0])]
        name = as_people_write(found[0].value, (*elsewhere, *people), person=key.endswith(".person"))
        return found[0]._replace(value=name) if key.endswith((".name", ".person")) else found[0]

    def _set(self, key: str, content: "Content", why: str, *, confirmed: bool) -> None:
        if content:
            self._values[key] = Value(content, why, confirmed)

    def _asked(self, question: Question, *, shown: bool = False) -> str | None:
        """The answer to a question; where nobody has given one, the question is open.

        A proposal that was `shown` among the facts is answered where a person has said that these are right.
        """
        if shown and self._right and question.proposal:
            self._said.accept(question)
        answer = self._said.get(question.id)
        if answer is None:
            self._open.append(question)
        return answer

    def _why(self, origin: Origin | None) -> str:
        return origin_text(origin, self._language) if origin else ""

    # The questions

    def _facts(self) -> None:
        """What the contract says, all at once: a person confirms it or doesn't."""
        found = [
            (key, one)
            for key in _FACTS
            if (one := self._candidate("agency.person" if key == "owners" else key)) and not self._is_inherited(key)
        ]
        confirmed = False
        if found:
            shown = tuple(
                msg(
                    "{what}: {value} – {sentence}",
                    what=_FACTS[key],
                    value=questions.spelt(Law, one.value, self._language)
                    if key == "contract.governing"
                    else one.value.replace("\n", "; "),
                    sentence=brief(one.origin.sentence),
                )
                for key, one in found
            )
            file = found[0][1].origin.file
            shown = (msg("{file} says:", file=file), *shown, *self._told_of_the_end())
            answer = self._asked(questions.facts(shown))
            confirmed = self._right = answer is not None and self._said.flag("facts")
        for key, one in found:
            why = self._why(one.origin)
            if key == "owners":
                title = self._candidate("agency.title")
                owner = {"name": one.value, **({"title": title.value} if title else {})}
                self._set(key, [owner], why, confirmed=confirmed)
            elif key == "contract.notice_period":
                if notice := period_of(one.value):
                    group = {"count": str(notice.count), "unit": notice.unit.value}
                    group |= {"from": notice.runs_from.value} if notice.runs_from is not NoticeFrom.NOTICE else {}
                    self._set("contract.notice", group, why, confirmed=confirmed)
            elif key.endswith(("address", "registration")):
                lines = one.value.split("\n") if key.endswith("registration") else address_lines(one.value)
                self._set(key, lines, why, confirmed=confirmed)
            else:
                self._set(key, one.value, why, confirmed=confirmed)
        if client := self._values.get("client.name"):
            self._set("client.id", slug(str(client.content)), client.why, confirmed=confirmed)

    def _notice_mail(self) -> Mail | None:
        """The e-mail that gave notice: the last one that ends the contract, but those still to come."""
        dated = sorted((mail.day, mail.file, mail) for mail in self._seen.mails if mail.day and mail.day <= self._today)
        latest = dated[-1][0] if dated else None
        return next((mail for day, _, mail in dated if latest and (latest - day).days <= _ANSWERED), None)

    def _own_address(self) -> str:
        own = self._candidate("agency.email")
        return self._inherited.get("agency.email", own.value if own else "")

    def _own_name(self) -> str:
        own = self._candidate("agency.name")
        return self._inherited.get("agency.name", own.value if own else "")

    def _is_own(self, mail: Mail) -> bool:
        """Whether the agency wrote it itself: from its own domain, or signed by who signs, or as it is called."""
        if own := self._own_address():
            return mail.address.rpartition("@")[2].casefold() == own.rpartition("@")[2].casefold()
        person, agency = self._candidate("agency.person"), self._candidate("agency.name")
        domain = mail.address.rpartition("@")[2].casefold().replace("-", "")
        return any(is_of(mail, one.value) for one in (person, agency) if one) or bool(
            agency and "".join(own_words(agency.value)) in domain
        )

    def _notice(self) -> tuple[str, str, str]:
        """Who gave notice and when, as an e-mail tells it, and where that comes from; empty without one."""
        mail = self._notice_mail()
        if mail is None:
            return "", "", ""
        by = "agency" if self._is_own(mail) else "client"
        return by, mail.day.isoformat() if mail.day else "", self._why(Origin(mail.file, sentence=mail.sentence))

    def _last_day(self, notice: str, why: str) -> tuple[str, str]:
        """The last day: the one that the e-mail names, else the end of the notice; and where that comes from."""
        mail, period = self._notice_mail(), self._candidate("contract.notice_period")
        if mail and mail.until and mail.until >= (mail.day or mail.until):
            return mail.until.isoformat(), why
        over = notice_ends(notice, period.value) if notice and period else ""
        return over, msg("notice of {day} and {period}", day=notice, period=period.value) if over and period else ""

    def _told_of_the_end(self) -> Iterator[str]:
        """What papers say of the end and of the client's people, to be confirmed with the rest."""
        by, day, why = self._notice()
        over, because = self._last_day(day, why)
        people, origins = self._people()
        if by:
            yield msg(
                "{what}: {value} – {sentence}",
                what=msg("who ends it"),
                value=questions.spelt(EndedBy, by, self._language),
                sentence=brief(why),
            )
            yield msg("{what}: {value} – {sentence}", what=msg("notice of"), value=day, sentence=brief(why))
        if over:
            yield msg(
                "{what}: {value} – {sentence}",
                what=msg("last day"),
                value=over,
                sentence=because if because is not why else brief(why),
            )
        if _reachable(people):
            value = questions.people_text(people)
            yield msg("{what}: {value} – {sentence}", what=msg("who receives it"), value=value, sentence=brief(origins))

    def _ending(self) -> None:
        """Who ends it, since when, and until when."""
        by, day, why = self._notice()
        who = self._asked(questions.ended_by(by, day, why, self._language), shown=True)
        ended = self._said.word("ended_by", EndedBy) if who is not None else by
        self._set("contract.ended_by", ended, why, confirmed=who is not None)
        given = self._said.get("notice_date")
        notice = self._said.day("notice_date") if given is not None else day
        self._set("contract.notice_date", notice, why, confirmed=given is not None)
        over, because = self._last_day(notice, why)
        last = self._asked(questions.last_working_day(over, because), shown=notice == day)
        worked = self._said.day("last_working_day") if last is not None else over
        self._set("contract.last_working_day", worked, because, confirmed=last is not None)

    def _people(self) -> tuple[list[Entry], str]:
        """The client's people, and where they come from: whom the contract names, and who wrote or was written to."""
        people: dict[str, Entry] = {}
        origins: list[str] = []
        name, email = self._candidate("client.person"), self._candidate("client.email")
        mail = self._notice_mail()
        to = mail.to if mail and self._is_own(mail) else ("", "")
        if mail and self._is_own(mail):
            mail = None
        if name:
            title, phone = self._candidate("client.title"), self._candidate("client.phone")
            wrote = mail if mail and is_of(mail, name.value) else None
            known = to[1] if set(to[0].casefold().split()) & set(name.value.casefold().split()) else ""
            address = email.value if email else wrote.address if wrote else known
            people[name.value] = {
                key: text
                for key, text in {
                    "name": name.value,
                    "role": title.value if title else wrote.role if wrote else "",
                    "email": address,
                    "phone": phone.value if phone else wrote.phone if wrote else "",
                }.items()
                if text
            }
            origins.append(self._why(name.origin))
        elif to[0] and to[1]:
            people[to[0]] = {"name": to[0], "email": to[1]}
        if mail and mail.address not in {person.get("email") for person in people.values()}:
            person = {"name": mail.name or mail.address, "role": mail.role, "email": mail.address, "phone": mail.phone}
            people[mail.name or mail.address] = {key: text for key, text in person.items() if text}
            origins.append(self._why(Origin(mail.file)))
        return list(people.values()), "; ".join(origins)

    def _contacts(self) -> None:
        people, origins = self._people()
        question = questions.contacts(people, origins)
        answer = self._asked(question, shown=_reachable(people))
        listed = self._said.people("contacts") if answer is not None else people
        self._set("client.contacts", listed, origins, confirmed=answer is not None)

    def _successor(self) -> None:
        answer = self._asked(questions.successor())
        if answer is not None and (known := self._said.successor("successor")):
            self._set("letter.successor_known", known, "", confirmed=True)

    def _periods(self) -> None:
        rows = self._taken.rows
        if not rows:
            return
        chosen = choose_periods(rows, self._today)
        answer = self._asked(questions.periods(chosen))
        periods = self._said.periods("periods") if answer is not None else chosen.periods if chosen else None
        if periods is None:
            return
        why = chosen.why if chosen else ""
        for side in ("baseline", "current"):
            for end in ("start", "end"):
                day = getattr(getattr(periods, side), end).isoformat()
                self._set(f"periods.{side}.{end}", day, why, confirmed=answer is not None)

    def _files(self) -> tuple[tuple[File, ...], tuple[str, ...]]:
        """The client's files that come along, and those that look secret but are wanted."""
        wanted: tuple[str, ...] = ()
        if secrets := self._seen.of(Kind.SECRET):
            answer = self._asked(questions.secrets([(file.path, file.why) for file in secrets]))
            wanted = self._said.paths("secrets", [file.path for file in secrets]) if answer is not None else ()
        usual = self._seen.of(*DELIVERED)
        tops = Counter(file.path.partition("/")[0] if "/" in file.path else "." for file in usual)
        sizes: Counter[str] = Counter()
        for file in usual:
            sizes[file.path.partition("/")[0] if "/" in file.path else "."] += file.size
        refused: tuple[str, ...] = tuple(tops)
        if usual:
            question = questions.files([(top, tops[top], sizes[top]) for top in tops], can_stay=self._can_stay)
            answer = self._asked(question)
            self._in_place = answer is not None and self._said.stays("files")
            refused = self._said.left_folders("files", list(tops)) if answer is not None else tuple(tops)
        taken: list[File] = []
        left: list[File] = []
        for file in usual:
            top = file.path.partition("/")[0] if "/" in file.path else "."
            (left if top in refused else taken).append(file)
        self._left += [(file.path, msg("nobody has confirmed that it's for the client")) for file in left]
        others = (file for file in self._seen.files if file.kind not in DELIVERED and file.path not in wanted)
        self._left += [(file.path, reason_of(file)) for file in others]
        return (*taken, *(file for file in secrets if file.path in wanted)), tuple(wanted)

    def _stay(self, files: Sequence[File]) -> bool:
        """Whether the files stay where they are. Raises UsageError where they can't."""
        if self._in_place and not self._can_stay:
            raise self._said.wrong("files", msg("can't be: the project and the files would lie in one another"))
        if self._in_place and too_many(left_places(files, [path for path, _ in self._left])):
            raise self._said.wrong("files", msg("can't be: too many files among them are left out"))
        return self._in_place

    def _credentials(self) -> tuple[tuple[Passwords, tuple[str, ...]], ...]:
        """The folders of the password exports that are this client's; nothing comes along unasked."""
        readable = [one for one in self._seen.passwords if one.export]
        if not readable:
            return ()
        client = self._values.get("client.name")
        names = [str(client.content), self._seen.name] if client else []
        question = questions.credentials(readable, names)
        if self._asked(question) is None:
            return ()
        return self._said.credentials("credentials", readable)

    def _board(self) -> tuple[PendingRow, ...]:
        cards = [card for one in self._seen.boards for card in one.cards]
        lists = tuple(dict.fromkeys(card.state for card in cards if card.state and not (card.archived or card.done)))
        if not lists:
            return ()
        question = questions.board(lists, self._language, self._lists)
        if all(folded(name) in self._lists or questions.is_state(name) for name in lists):
            self._said.accept(question)  # asked once, for all clients; or its lists are called as states are
        answer = self._asked(question)
        if answer is None:
            return ()
        states = self._said.states("board", lists)
        self._meant = {name: str(states[name]) if name in states else "-" for name in lists}
        meanings = {folded(name): Meaning(states.get(name)) for name in lists}
        found = pending_rows(cards, meanings, registry.ours(), decision=Decision.HAND_OVER)
        return tuple(PendingRow.model_validate(with_real_day(row)) for row in found.rows)

    def _invoices(self) -> tuple[InvoiceRow, ...]:
        """Of the invoices to this client, those that a person says are still to be paid."""
        client = self._values.get("client.name")
        own = [one for one in self._seen.invoices if client is None or is_for(one, str(client.content))]
        foreign = [one for one in self._seen.invoices if one not in own]
        self._left += [(one.file, msg("invoice {number} isn't to this client", number=one.number)) for one in foreign]
        agency = self._own_name()
        unnamed = {one.number for one in own if agency and not one.structured and not is_for(one, agency)}
        whole = [one for one in own if one.amount is not None and one.issued_on and one.due_date]
        self._left += [
            (
                one.file,
                msg("invoice {number}: its dates or its total couldn't be read; add it by hand", number=one.number),
            )
            for one in own
            if one not in whole
        ]
        unpaid = {one.number: one for one in whole if not one.paid}
        if not unpaid:
            return ()
        answer = self._asked(questions.invoices(list(unpaid.values()), self._today, unnamed))
        chosen = self._said.numbers("invoices", list(unpaid)) if answer is not None else ()
        return tuple(
            InvoiceRow(
                number=number,
                issued_on=unpaid[number].issued_on,
                due_date=unpaid[number].due_date,
                amount=unpaid[number].amount,
                currency=unpaid[number].currency or None,
            )
            for number in chosen
        )

    def _further(self) -> None:
        """What follows from the rest: the letter's date, currency, country; and what answers give by key."""
        self._set("letter.date", self._today.isoformat(), "", confirmed=True)
        currency = self._currency()
        self._set("options.currency", currency, "", confirmed=True)
        defined = definitions(self._taken.second, self._named, self._language)
        if defined:
            guessed = [f"{name}.unit" for name in defined if name not in self._taken.second]
            why = msg("from the column's name")
            self._values["metrics"] = Value(defined, why, confirmed=True, doubtful=guessed)
        locale = _LOCALES.get((self._language, currency), "")
        self._set("locale", locale, msg("amounts in {currency}", currency=currency), confirmed=True)
        if "letter.place" not in self._values and (address := self._values.get("agency.address")):
            self._set("letter.place", town(list(map(str, address.content))), address.why, confirmed=address.confirmed)
        for key, text in self._said.settings():
            lines = text.split("\n")
            several = len(lines) > 1 or key.endswith((".address", ".registration", ".highlights"))
            self._set(key, lines if several else text, "", confirmed=True)

    def _currency(self) -> str:
        found = Counter(one.currency for one in self._seen.invoices if one.currency)
        return found.most_common(1)[0][0] if found else ""


_LOCALES: Final = {("fr", "CHF"): "fr_CH", ("fr", "CAD"): "fr_CA", ("en", "USD"): "en_US", ("en", "CAD"): "en_CA"}
"""Where a language and a currency together tell the country."""
