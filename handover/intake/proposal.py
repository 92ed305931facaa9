"""What was seen, today and the answers so far → a project's values, and the questions that are open.

Role: pure, and called anew after each answer, since an answer changes what is proposed next. What a paper says and
nobody confirmed is a value with a mark; what would change a figure, or let something leave, waits for an answer.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from handover.bundle.names import slug
from handover.importers.credentials.choosing import own_domains
from handover.importers.pending import Meaning, pending_rows
from handover.importers.pending.base import Card
from handover.intake import questions
from handover.intake.answers import Answers
from handover.intake.owed import owed
from handover.intake.periods import choose_periods
from handover.intake.places import left_places
from handover.intake.questions import Question
from handover.intake.readings import columns_meant, read_as_said
from handover.intake.seen import File, Kind, Passwords, Seen
from handover.intake.settings import Content, Entry, Value
from handover.intake.sign_ins import Chosen, chosen_sign_ins
from handover.intake.tables import Taken, definitions, headlines, merged_metrics, with_columns
from handover.intake.told import FACTS, Told, language_told, reachable
from handover.intake.wording import is_own_logo, reason_of, town, with_real_day
from handover.languages import registry
from handover.model.characters import folded
from handover.model.contract import EndedBy
from handover.model.message import msg
from handover.model.rows import Decision, InvoiceRow, MetricRow, PendingRow
from handover.model.selection import too_many

DELIVERED: Final = (Kind.FILE, Kind.LOGO, Kind.LICENCE)


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
    withheld: tuple[str, ...] = ()
    """Names of sign-ins that come along though something says that they aren't for the client."""
    left_out: tuple[tuple[str, str], ...] = ()
    """What doesn't come along, and why."""
    unread: tuple[str, ...] = ()
    """What is told of invoices that couldn't be read: a sum without them would be wrong."""
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
    spoken = language or language_told(seen)
    said = Answers(answers, spoken)
    are_plain = not any(one.unknown or one.doubts for one in seen.metrics)
    seen, doubtful = read_as_said(seen, said, day_first=inherited.get("locale") != "en_US")
    asked, named = columns_meant(seen, said, columns, spoken)
    seen = with_columns(seen, {**columns, **{folded(name): metric for name, metric in named.items()}})
    told = Told(seen, today, spoken, inherited)
    taken, about_columns = merged_metrics(seen.metrics), [*doubtful, *asked]
    return _Maker(told, said, taken, lists, named, can_stay, about_columns, are_plain).proposal()


@dataclass(slots=True)
class _Maker:
    """One proposal in the making."""

    told: Told
    said: Answers
    taken: Taken
    lists: Mapping[str, str]
    named: Mapping[str, str]
    """Which metrics columns are, as a person said."""
    can_stay: bool
    about_columns: list[Question]
    are_plain: bool
    """Whether no table needs a person's word, so that what is compared can be shown before anything is asked."""
    values: dict[str, Value] = field(default_factory=dict)
    open: list[Question] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    meant: Mapping[str, str] = field(default_factory=dict)
    """What the board's lists mean, as a person said."""
    unread: tuple[str, ...] = ()
    right: bool = False
    """Whether a person has said that what was shown of the papers is right."""

    def proposal(self) -> Proposal:
        """All of it, in the order in which questions build on one another."""
        self._facts()
        self._ending()
        people, origins = self.told.people()
        asked = self._asked(questions.contacts(people, origins), shown=reachable(people))
        self._set("client.contacts", self._people(), origins, confirmed=asked)
        if self._asked(questions.successor(self.told.next_provider())) and (known := self.said.successor("successor")):
            self._set("letter.successor_known", known, "", confirmed=True)
        self.open += self.about_columns
        self._periods()
        files, allowed = self._files()
        credentials, withheld = self._credentials()
        pending, invoices = self._board(), self._invoices()
        self._further()
        self.left += self.taken.left_out
        seen, kept = self.told.seen, {file.path for file in files}
        return Proposal(
            language=self.told.language,
            values={key: value for key, value in self.values.items() if not self.told.is_inherited(key)},
            questions=tuple(self.open),
            files=files,
            allowed=allowed,
            metrics=self.taken.rows,
            pending=pending,
            invoices=invoices,
            credentials=credentials,
            withheld=withheld,
            left_out=tuple(dict(self.left).items()),
            unread=self.unread,
            in_place=self._stay(files),
            licences={path: name for path, name in seen.licences.items() if path in kept},
            denied=seen.denied,
            own_address=self.told.own("agency.email"),
            own_name=self.told.own("agency.name"),
            lists=self.meant,
            columns=self.named,
        )

    def _set(self, key: str, content: Content, why: str, *, confirmed: bool) -> None:
        if content:
            self.values[key] = Value(content, why, confirmed)

    def _asked(self, question: Question, *, shown: bool = False) -> bool:
        """Whether a question is answered; where it isn't, it's open.

        A proposal that was `shown` among the facts is answered where a person has said that these are right.
        """
        if shown and self.right and question.proposal:
            self.said.accept(question)
        answered = self.said.get(question.id) is not None
        if not answered:
            self.open.append(question)
        return answered

    # The questions

    def _facts(self) -> None:
        """What the contract says, all at once: a person confirms it or doesn't."""
        found = [
            (key, one)
            for key in FACTS
            if (one := self.told.candidate("agency.person" if key == "owners" else key))
            and not self.told.is_inherited(key)
        ]
        if found:
            shown = tuple(self.told.shown(key, one) for key, one in found)
            file = msg("{file} says:", file=found[0][1].origin.file)
            asked = self._asked(questions.facts((file, *shown, *self.told.of_the_end(), *self._shown_besides())))
            self.right = asked and self.said.flag("facts")
        for key, one in found:
            self._set(*self.told.as_setting(key, one), self.told.why(one.origin), confirmed=self.right)
        self._needed()
        if client := self.values.get("client.name"):
            self._set("client.id", slug(str(client.content)), client.why, confirmed=client.confirmed)

    def _needed(self) -> None:
        """What no letter can do without, as answered; asked where no paper says it either."""
        for key, text in questions.NEEDED.items():
            proposal = self.told.seen.name if key == "client.name" else ""
            if self.said.get(key) is not None:
                self._set(key, self.said.setting(key), "", confirmed=True)
            elif key not in self.values and not self.told.is_inherited(key):
                self.open.append(Question(key, text, proposal))

    def _shown_besides(self) -> Iterator[str]:
        """What follows from exports alone, to be confirmed with what the papers say."""
        chosen = choose_periods(self.taken.rows, self.told.today) if self.are_plain else None
        if chosen is not None:
            compared = questions.periods(chosen)
            what = msg("what is compared")
            yield msg("{what}: {value} – {sentence}", what=what, value=compared.proposal, sentence=compared.why)
        if (lists := self._lists()) and all(map(questions.says_state, lists)):
            board = questions.board(lists, self.told.language, self.lists)
            yield msg("{path}: {what}", path=msg("the board's lists"), what=board.proposal)

    def _ending(self) -> None:
        """Who ends it, since when, and until when."""
        by, day, why = self.told.notice()
        asked = self._asked(questions.ended_by(by, day, why, self.told.language), shown=True)
        self._set("contract.ended_by", self.said.word("ended_by", EndedBy) if asked else by, why, confirmed=asked)
        given = self.said.get("notice_date") is not None
        notice = self.said.day("notice_date") if given else day
        self._set("contract.notice_date", notice, why, confirmed=given)
        over, because = self.told.last_day(notice)
        asked = self._asked(questions.last_working_day(over, because), shown=notice == day)
        worked = self.said.day("last_working_day") if asked else over
        self._set("contract.last_working_day", worked, because, confirmed=asked)

    def _people(self) -> list[Entry]:
        """The client's people, as far as they are known."""
        return self.said.people("contacts") if self.said.get("contacts") else self.told.people()[0]

    def _periods(self) -> None:
        if not self.taken.rows:
            return
        chosen = choose_periods(self.taken.rows, self.told.today)
        asked = self._asked(questions.periods(chosen), shown=self.are_plain and chosen is not None)
        periods = self.said.periods("periods") if asked else chosen.periods if chosen else None
        if periods is None:
            return
        for side in ("baseline", "current"):
            for end in ("start", "end"):
                day = getattr(getattr(periods, side), end).isoformat()
                self._set(f"periods.{side}.{end}", day, chosen.why if chosen else "", confirmed=asked)

    def _files(self) -> tuple[tuple[File, ...], tuple[str, ...]]:
        """The client's files that come along, and those that look secret but are wanted."""
        seen = self.told.seen
        secret = {file.path: file.why for file in seen.of(Kind.SECRET)}
        usual = defaultdict[str, list[File]](list)
        agency, client = self.told.own("agency.name"), self.told.value("client.name")
        own_logos = [file for file in seen.of(Kind.LOGO) if is_own_logo(file.path, agency, client)]
        self.left += [(file.path, msg("your own logo")) for file in own_logos]
        for file in (one for one in seen.of(*DELIVERED) if one not in own_logos):
            # Written in two ways of Unicode, one name is one folder to whoever answers.
            usual[normalize("NFC", file.path.partition("/")[0]) if "/" in file.path else "."].append(file)
        refused: Sequence[str] = tuple(usual)
        if usual:
            tops = [(top, len(files), sum(file.size for file in files)) for top, files in usual.items()]
            if self._asked(questions.files(tops, list(secret.items()), can_stay=self.can_stay)):
                refused = self.said.left_folders("files", list(usual))
        wanted = self._wanted(secret, asked_with_files=bool(usual))
        unconfirmed = msg("nobody has confirmed that it's for the client")
        self.left += [(file.path, unconfirmed) for top in usual if top in refused for file in usual[top]]
        others = (file for file in seen.files if file.kind not in DELIVERED and file.path not in wanted)
        self.left += [(file.path, reason_of(file)) for file in others]
        taken = [file for top in usual if top not in refused for file in usual[top]]
        return (*taken, *(file for file in seen.files if file.path in wanted)), wanted

    def _wanted(self, secret: Mapping[str, str], *, asked_with_files: bool) -> tuple[str, ...]:
        """What looks secret and comes along all the same: nothing that nobody named."""
        if secret and self.said.get("secrets") is None and asked_with_files:
            return self.said.added("files", list(secret)) if self.said.get("files") is not None else ()
        asked = secret and self._asked(questions.secrets(list(secret.items())))
        return self.said.some("secrets", list(secret)) if asked else ()

    def _stay(self, files: Sequence[File]) -> bool:
        """Whether the files stay where they are. Raises UsageError where they can't."""
        if self.said.get("files") is None or not self.said.stays("files"):
            return False
        if not self.can_stay:
            raise self.said.wrong("files", msg("can't be: the project and the files would lie in one another"))
        if too_many(left_places(files, [path for path, _ in self.left])):
            raise self.said.wrong("files", msg("can't be: too many files among them are left out"))
        return True

    def _credentials(self) -> Chosen:
        """The sign-ins that are this client's: of the folders called as the client, or at the hosts of their mail."""
        client = self.values.get("client.name")
        names = [str(client.content), self.told.seen.name] if client else []
        names += own_domains([person.get("email") for person in self._people()])
        return chosen_sign_ins(self.told.seen.passwords, names, self.told.own("agency.email"), self.said, self._asked)

    def _cards(self) -> list[Card]:
        return [card for one in self.told.seen.boards for card in one.cards]

    def _lists(self) -> tuple[str, ...]:
        """The boards' lists that hold open cards."""
        open_ones = (card for card in self._cards() if card.state and not (card.archived or card.done))
        return tuple(dict.fromkeys(card.state for card in open_ones))

    def _board(self) -> tuple[PendingRow, ...]:
        if not (lists := self._lists()):
            return ()
        question = questions.board(lists, self.told.language, self.lists)
        if all(folded(name) in self.lists or questions.is_state(name) for name in lists):
            self.said.accept(question)  # asked once, for all clients; or its lists are called as states are
        if not self._asked(question, shown=all(map(questions.says_state, lists))):
            return ()
        states = self.said.states("board", lists)
        self.meant = {name: str(states[name]) if name in states else "-" for name in lists}
        meanings = {folded(name): Meaning(states.get(name)) for name in lists}
        found = pending_rows(self._cards(), meanings, registry.ours(), decision=Decision.HAND_OVER)
        return tuple(PendingRow.model_validate(with_real_day(row)) for row in found.rows)

    def _invoices(self) -> tuple[InvoiceRow, ...]:
        """Of the invoices to this client, those that a person says are still to be paid."""
        client, agency = self.values.get("client.name"), self.told.own("agency.name")
        found = owed(self.told.seen, str(client.content) if client else "", agency)
        self.left += found.left
        self.unread = tuple(found.unread)
        question = questions.invoices(found.unpaid, self.told.today, found.unnamed)
        if not found.unpaid or not self._asked(question):
            return ()
        return found.rows(self.said.some("invoices", [one.number for one in found.unpaid], or_all=True))

    def _further(self) -> None:
        """What follows from the rest: the letter's date, currency, country; and what answers give by key."""
        self._set("letter.date", self.told.today.isoformat(), "", confirmed=True)
        currencies = Counter(one.currency for one in self.told.seen.invoices if one.currency)
        currency = next((name for name, _ in currencies.most_common(1)), "")
        if not currency and (unsaid := [one for one in self.told.seen.invoices if one.amount is not None]):
            guess = "USD" if any("$" in one.buyer for one in unsaid) else "EUR"
            self._set("options.currency", guess, msg("the invoices don't say which currency it is"), confirmed=False)
        self._set("options.currency", currency, "", confirmed=True)
        if defined := definitions(self.taken.second, self.named, self.told.language):
            self._set("metrics", defined, "", confirmed=True)
        self._set("report.headline", headlines(self.taken.rows), "", confirmed=True)
        locale = _LOCALES.get((self.told.language, currency), "")
        self._set("locale", locale, msg("amounts in {currency}", currency=currency), confirmed=True)
        if "letter.place" not in self.values and (address := self.values.get("agency.address")):
            self._set("letter.place", town(list(map(str, address.content))), address.why, confirmed=address.confirmed)
        for key in self.said.settings():
            self._set(key, self.said.setting(key), "", confirmed=True)


_LOCALES: Final = {("fr", "CHF"): "fr_CH", ("fr", "CAD"): "fr_CA", ("en", "USD"): "en_US", ("en", "CAD"): "en_CA"}
"""Where a language and a currency together tell the country."""
