"""What the papers of a folder say together: who ends the contract, when, until when, and who the client's people are.

Role: contract and e-mails → candidates, each with where it comes from. It asks nobody and decides nothing.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from handover.intake import questions
from handover.intake.contract import notice_ends, period_of
from handover.intake.exports import own_words
from handover.intake.prose import language_of
from handover.intake.seen import Candidate, Contract, Mail, Origin, Seen
from handover.intake.settings import Content, Entry
from handover.intake.wording import address_lines, as_people_write, brief, is_of, origin_text
from handover.languages import files as resources
from handover.languages import registry
from handover.model.contract import EndedBy, Law, NoticeFrom, NoticeUnit
from handover.model.message import msg
from handover.project.leaks.names import COMMON

_ANSWERED: Final = 200
"""Days within which further e-mails about the end answer the first one, which gave notice."""
FACTS: Final = {
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


def _telling(name: str) -> list[str]:
    """The words of a name or a text that tell one company from another."""
    return [word for word in own_words(name) if word not in COMMON]


def reachable(people: Sequence[Entry]) -> bool:
    """Whether all of the people can be written to and called."""
    return bool(people) and all(person.get("email") and person.get("phone") for person in people)


def _contract(seen: Seen) -> Contract | None:
    """The contract that says most: an amendment names the parties and little more."""
    return max(seen.contracts, key=lambda one: len(one.says), default=None)


def language_told(seen: Seen) -> str:
    """The language of the contract; else that of the invoices and e-mails; else the one that others start from."""
    contract = _contract(seen)
    texts = [*(one.buyer for one in seen.invoices if not one.structured), *(one.sentence for one in seen.mails)]
    code = contract.language if contract else language_of(" ".join(texts))
    return code if code in resources.languages() else registry.START


class Told(NamedTuple):
    """What papers say on a day, in words of a language. `inherited` is what the agency's own file says, by key."""

    seen: Seen
    today: dt.date
    language: str
    inherited: Mapping[str, str]

    def candidate(self, key: str) -> Candidate | None:
        """What the contract says for a key, a name as other papers write it."""
        contract = _contract(self.seen)
        found = contract.says.get(key) if contract else None
        if not found:
            return None
        letters = (text for one in self.seen.mails for text in one.letter)
        elsewhere = (self.seen.name, *letters, *(one.buyer for one in self.seen.invoices))
        people = [text for one in self.seen.mails for text in (one.name, one.to[0])]
        name = as_people_write(found[0].value, (*elsewhere, *people), person=key.endswith(".person"))
        return found[0]._replace(value=name) if key.endswith((".name", ".person")) else found[0]

    def value(self, key: str) -> str:
        """The same, as a text; empty for nothing."""
        found = self.candidate(key)
        return found.value if found else ""

    def own(self, key: str) -> str:
        """What is known of the agency itself: from its own file, else from the contract."""
        return self.inherited.get(key, self.value(key))

    def is_inherited(self, key: str) -> bool:
        """Whether the agency's own file gives a key, or what holds it or lies in it."""
        return any(
            key == one or key.startswith((f"{one}.", f"{one}[")) or one.startswith((f"{key}.", f"{key}["))
            for one in self.inherited
        )

    def why(self, origin: Origin | None) -> str:
        """Where a value comes from, in the file's language."""
        return origin_text(origin, self.language) if origin else ""

    def _mail(self) -> Mail | None:
        """The e-mail that gave notice: the last one that ends the contract, but those still to come."""
        told = ((mail.day, mail.file, mail) for mail in self.seen.mails if mail.day and mail.day <= self.today)
        dated = sorted(one for one in told if self._author(one[2]))
        latest = dated[-1][0] if dated else None
        return next((mail for day, _, mail in dated if latest and (latest - day).days <= _ANSWERED), None)

    def _author(self, mail: Mail) -> str:
        """Who wrote it, `agency` or `client`; empty for a letter that names neither.

        The agency writes from its own domain, as who signs for it, or as it's called. A letter is written by whose name
        stands below its closing, else by whose stands first.
        """
        if any(mail.letter):
            for text, first in ((mail.letter[1], False), (mail.letter[0], True)):
                if found := self._named(text):
                    return (min if first else max)(found)[1]
            return ""
        domain = mail.address.rpartition("@")[2].casefold()
        if own := self.own("agency.email"):
            return "agency" if domain == own.rpartition("@")[2].casefold() else "client"
        agency = self.value("agency.name")
        owns = any(is_of(mail, name) for name in (self.value("agency.person"), agency)) or bool(
            agency and "".join(own_words(agency)) in domain.replace("-", "")
        )
        return "agency" if owns else "client"

    def _named(self, text: str) -> list[tuple[int, str]]:
        """Where a text names the agency and the client, or who signs for them."""
        whole = f" {' '.join(_telling(text))} "
        found = []
        for party in ("agency", "client"):
            company, person = _telling(self.own(f"{party}.name")), _telling(self.own(f"{party}.person"))
            called = (f" {' '.join(words)} " for words in (company, person[-1:]) if words)
            found += [(at, party) for name in called if (at := whole.find(name)) >= 0]
        return found

    def notice(self) -> tuple[str, str, str]:
        """Who gave notice and when, as an e-mail tells it, and where that comes from; empty without one."""
        mail = self._mail()
        if mail is None:
            return "", "", ""
        return (
            self._author(mail),
            mail.day.isoformat() if mail.day else "",
            self.why(Origin(mail.file, sentence=mail.sentence)),
        )

    def last_day(self, notice: str) -> tuple[str, str]:
        """The last day: the one that the e-mail names, else the end of the notice; and where that comes from."""
        mail, period = self._mail(), self.value("contract.notice_period")
        if mail and mail.until and mail.until >= (mail.day or mail.until):
            return mail.until.isoformat(), self.why(Origin(mail.file, sentence=mail.until_said))
        over = notice_ends(notice, period) if notice and period else ""
        return over, msg("notice of {day} and {period}", day=notice, period=period) if over else ""

    def next_provider(self) -> str:
        """Where the client's notice speaks of who goes on with the work; empty where it doesn't."""
        mail = self._mail()
        if mail is None or not mail.next_provider or self._author(mail) != "client":
            return ""
        return self.why(Origin(mail.file, sentence=mail.next_provider))

    def people(self) -> tuple[list[Entry], str]:
        """The client's people, and where they come from: whom the contract names, and who wrote or was written to."""
        people: dict[str, Entry] = {}
        origins: list[str] = []
        name, mail, to = self.candidate("client.person"), self._mail(), ("", "")
        if mail and self._author(mail) == "agency":
            to = mail.to
            mail = None
        if name:
            wrote = mail if mail and is_of(mail, name.value) else None
            known = to[1] if set(to[0].casefold().split()) & set(name.value.casefold().split()) else ""
            people[name.value] = {
                "name": name.value,
                "role": self.value("client.title") or (wrote.role if wrote else ""),
                "email": self.value("client.email") or (wrote.address if wrote else known),
                "phone": self.value("client.phone") or (wrote.phone if wrote else ""),
            }
            origins.append(self.why(name.origin))
        elif to[0] and to[1]:
            people[to[0]] = {"name": to[0], "email": to[1]}
        called = mail.name or mail.address if mail else ""
        if (
            mail
            and called
            and called not in people
            and mail.address not in {one.get("email") for one in people.values()}
        ):
            people[called] = {"name": called, "role": mail.role, "email": mail.address, "phone": mail.phone}
            origins.append(self.why(Origin(mail.file)))
        written: list[Entry] = [{key: text for key, text in person.items() if text} for person in people.values()]
        return written, "; ".join(origins)

    def shown(self, key: str, one: Candidate) -> str:
        """What the contract says for a key, to be confirmed: what it is, its value, the sentence that says so."""
        law = key == "contract.governing"
        value = questions.spelt(Law, one.value, self.language) if law else one.value.replace("\n", "; ")
        sentence = brief(one.origin.sentence, one.value.partition("\n")[0])
        return msg("{what}: {value} – {sentence}", what=FACTS[key], value=value, sentence=sentence)

    def as_setting(self, key: str, one: Candidate) -> tuple[str, Content]:
        """What the contract says as handover.yaml has it: key and content; an empty one for words that mean nothing."""
        if key == "owners":
            title = self.value("agency.title")
            return key, [{"name": one.value, **({"title": title} if title else {})}]
        if key == "contract.notice_period":
            notice = period_of(one.value)
            if notice is None:
                return key, ""
            code = self.language
            group = {"count": str(notice.count), "unit": questions.spelt(NoticeUnit, notice.unit, code)}
            if notice.runs_from is not NoticeFrom.NOTICE:
                group["from"] = questions.spelt(NoticeFrom, notice.runs_from, code)
            return "contract.notice", group
        if key.endswith("registration"):
            return key, one.value.split("\n")
        return key, address_lines(one.value) if key.endswith("address") else one.value

    def of_the_end(self) -> Iterator[str]:
        """What papers say of the end and of the client's people, to be confirmed with the rest."""
        by, day, why = self.notice()
        over, because = self.last_day(day)
        people, origins = self.people()
        shown = (
            (msg("who ends it"), questions.spelt(EndedBy, by, self.language) if by else "", why),
            (msg("notice of"), day if by else "", why),
            (msg("last day"), over, because),
            (msg("who receives it"), questions.people_text(people) if reachable(people) else "", brief(origins)),
        )
        for what, value, sentence in shown:
            if value:
                yield msg("{what}: {value} – {sentence}", what=what, value=value, sentence=sentence)
