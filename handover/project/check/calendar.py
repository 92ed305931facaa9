"""Dates that can't stand together or can't be meant: an end before notice is over, a renewal that has passed, 2062.

Role: the rules that need the notice's arithmetic, the day of the documents or the neighbourhood of other dates. What
is in the wrong order within the settings or a row is in `rules` and `references`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from handover.languages.services import Service, service_of
from handover.languages.words import Words
from handover.model.base import behind
from handover.model.characters import folded
from handover.model.contract import Contract, EndedBy, Law
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import Finding
from handover.model.message import later, msg
from handover.model.notice import Basis, earliest_end, may_end, notice_given
from handover.model.rows import TABLES, AccountRow, AccountStatus, Decision, Phase, Side
from handover.model.settings import Settings
from handover.model.sources import scalars, shown
from handover.project.check.references import Rows
from handover.project.check.settings import View, dotted, part
from handover.project.check.tables import Located
from handover.project.check.wording import field_at
from handover.project.read.dates import days_in

_LONG: Final = 2 * 365
"""Days of working together from which French courts have asked for more notice than the contract does."""


def check_notice(view: View) -> None:
    """Note an end before contract and notice allow it, and where a court may ask for more than the contract."""
    contract = part(view, Contract, "contract")
    if contract is None:
        return
    last = max(contract.last_working_day, contract.ends)
    at = ("contract", "last_working_day")
    given = notice_given(contract, written) if (written := view.date("letter", "date")) else contract.notice_date
    if contract.renews_on is not None and given is not None and contract.renews_on <= given:
        said = msg("({renewal}) isn't after the day of notice ({given}): it has renewed itself",
                   renewal=contract.renews_on, given=given)  # fmt: skip
        view.error(("contract", "renews_on"), "date.notice", said, msg("write the next renewal, or delete the line"))
        return
    allowed = None
    with suppress(OverflowError):
        allowed = earliest_end(contract, given)
    if allowed is not None and allowed.basis is Basis.NOTICE:
        values = {"last": contract.last_working_day, "given": given, "over": allowed.day, "renewal": contract.renews_on}
        if not may_end(last, allowed):
            said = msg("({last}) is before the notice from {given} is over ({over})", **values)
            hint = msg("correct one of them; where the notice was given up, write by whom: `notice_waived_by`")
            view.error(at, "date.notice", said, hint)
        if contract.renews_on is not None and allowed.day >= contract.renews_on:
            said = msg("({renewal}) comes before the notice from {given} is over ({over}): it has renewed itself",
                       **values)  # fmt: skip
            hint = msg("write the next renewal; where the notice was given up, write by whom: `notice_waived_by`")
            view.error(("contract", "renews_on"), "date.notice", said, hint)
    elif allowed is not None and allowed.basis is Basis.TERM and contract.renews_on is not None and last < allowed.day:
        said = msg("({last}) is before the end of the term ({end}), the eve of `renews_on`",
                   last=contract.last_working_day, end=allowed.day)  # fmt: skip
        hint = msg(
            "correct one of them, or write `end_date`; where an earlier end was agreed: `notice_waived_by: mutual`"
        )
        view.error(at, "date.notice", said, hint)
    if (contract.governing, contract.ended_by) != (Law.FR, EndedBy.AGENCY):
        return
    if (last - contract.start_date).days >= _LONG:
        said = msg("is French law: after years of work, courts may ask for longer notice than the contract does")
        hint = msg("ask a lawyer before you send the letter (code de commerce, art. L442-1, II)")
        view.warn(("contract", "governing"), "date.notice-law", said, hint)


def check_deadlines(rows: Rows, today: dt.date | None) -> Iterator[Finding]:
    """Renewals, licences and routines of days before the documents': as deadlines they would be false."""
    if today is None:
        return
    closed = {AccountStatus.CLOSED, AccountStatus.TO_CLOSE}
    for account in rows.accounts:
        day = account.value.renewal_date
        if day is not None and day < today and account.value.status not in closed:
            message = msg("`renewal_date` ({day}) has passed on the day of the documents ({today}): renewed, or lost?",
                          day=day, today=today)  # fmt: skip
            hint = msg("write the next renewal, or close the account; as it is, the inventory gives no date")
            yield account.warning("renewal_date", "date.renewal", message, hint)
    for asset in rows.assets:
        day = asset.value.expires_on
        if day is not None and day < today:
            message = msg("`expires_on` ({day}) has passed on the day of the documents ({today})", day=day, today=today)
            hint = msg("write the new end if the licence was renewed; as it is, the inventory says that it has ended")
            yield asset.warning("expires_on", "date.renewal", message, hint)
    for routine in rows.routines:
        day = routine.value.next_due_on
        if day is not None and day < today:
            said = later("`next_due_on` ({day}) has passed on the day of the documents ({today})")
            message = msg(said, day=day, today=today)
            yield routine.warning("next_due_on", "date.renewal", message, msg("write when it is due next"))


def _end(view: View) -> dt.date | None:
    contract = part(view, Contract, "contract")
    return contract.ends if contract else view.date("contract", "end_date")


def check_promises(rows: Rows, view: View, today: dt.date | None) -> Iterator[Finding]:
    """What the agency is to finish or deliver after its last working day, by its date or by the documents' day."""
    last = view.date("contract", "last_working_day")
    if last is None:
        return
    for delivery in view.items("letter", "deliveries"):
        path = (*delivery, "due_date")
        if (due := view.date(*path)) and due > max(last, _end(view) or last):
            said = msg("({due}) is after the last working day ({last})", due=due, last=last)
            view.warn(path, "date.delivery", said, msg("correct the date, or tell the client who delivers it then"))
    for row in rows.pending:
        one = row.value
        if one.decision is not Decision.FINISH or not one.is_open:
            continue
        hint = msg("write `decision: hand-over`, or where it stands: the list says that it is still to be finished")
        if one.due_date is not None and one.due_date > last:
            said = msg("`due_date` ({due}) of what is to be finished is after the last working day ({last})",
                       due=one.due_date, last=last)  # fmt: skip
            yield row.warning("due_date", "pending.after-end", said, hint)
        elif today is not None and today > last:
            said = msg("`decision` is finish, and on the day of the documents ({today}) the last working day ({last}) "
                       "has passed", today=today, last=last)  # fmt: skip
            yield row.warning("decision", "pending.after-end", said, hint)


def check_days_named(rows: Rows, view: View, today: dt.date | None) -> Iterator[Finding]:
    """Days that have passed in what the letter still offers, and in what is said to be done next."""
    hint = msg("write what is still to come, or delete it")
    if written := view.date("letter", "date"):
        read = max(written, today or written)
        for path in view.items("letter", "offers"):
            if passed := [day for day in days_in(view.text(*path) or "", written) if day < read]:
                said = msg("names a day ({day}) that has passed when the client reads it ({read})",
                           day=passed[0], read=read)  # fmt: skip
                view.warn(path, "date.passed", said, hint)
    if today is None:
        return
    for row in rows.pending:
        named = days_in(row.value.next_action or "", today) if row.value.is_open else []
        if passed := [day for day in named if day < today]:
            said = msg("`next_action` names a day ({day}) that has passed on the day of the documents ({today})",
                       day=passed[0], today=today)  # fmt: skip
            yield row.warning("next_action", "date.passed", said, hint)


def check_milestones(rows: Rows, view: View, words: Words | None, today: dt.date | None) -> Iterator[Finding]:
    """Milestones and lessons after the end, and what comes too late for the service that it is about."""
    last = view.date("contract", "last_working_day")
    end = max(filter(None, (last, _end(view))), default=None)
    until = view.date("transition", "help_until")
    if last is not None and until is not None and until < last:
        said = msg("({day}) is before the last working day ({last})", day=until, last=last)
        hint = msg("correct the date, or leave it out: until the last working day you are there anyway")
        view.error(("transition", "help_until"), "date.milestone", said, hint)
    latest = max(filter(None, (end, until)), default=None)
    for lesson in rows.training:
        if lesson.value.on and latest is not None and lesson.value.on > latest:
            said = msg("`on` ({day}) is after the last day on which you help ({end})", day=lesson.value.on, end=latest)
            hint = msg("correct the date, or write in `transition.help_until` how long you help")
            yield lesson.error("on", "date.milestone", said, hint)
    known = [row.value.service for row in rows.accounts]
    for row in rows.milestones:
        if end is not None and row.value.on > end:
            said = msg("`on` ({day}) is after the contract's end ({end})", day=row.value.on, end=end)
            hint = msg("correct the date, or take it out: the plan ends with the contract")
            yield row.error("on", "date.milestone", said, hint)
        if row.value.service and folded(row.value.service) not in {folded(name) for name in known}:
            said = msg("`service` is no account of the table: {service}", service=shown(row.value.service))
            hint = did_you_mean(row.value.service, known) or msg("write it as data/accounts calls it, or leave it out")
            yield row.warning("service", "date.milestone", said, hint)
    yield from _begun(rows, today)
    client = view.text("client", "name")
    if last is not None and words is not None and client:
        for account in {folded(row.value.service): row.value for row in rows.accounts}.values():
            ours = account.is_moving and not account.is_owned_by(client)
            if ours and (service := service_of(account, words)):
                yield from _too_late(rows, account, service, last, today)


def _begun(rows: Rows, today: dt.date | None) -> Iterator[Finding]:
    """Accounts of which nothing has begun by their own row, where a milestone says that a step is done.

    A milestone names the service alone: where another account of that service is under way, it may be about that one.
    """
    waiting = {folded(row.value.service): row for row in rows.accounts}
    for row in rows.accounts:
        if row.value.status is not AccountStatus.TO_TRANSFER:
            waiting.pop(folded(row.value.service), None)
    for step in rows.milestones:
        one = step.value
        done = one.phase is Phase.TRANSFER and one.done_on is not None and (today is None or one.done_on <= today)
        if done and one.service and (account := waiting.pop(folded(one.service), None)):
            said = msg("`status` says that nothing has begun, and {place} that this step is done: {milestone}",
                       place=step.place("done_on"), milestone=shown(one.milestone))  # fmt: skip
            hint = msg("write how far it has come (in-progress, transferred), or correct the milestone")
            yield account.warning("status", "account.transferred", said, hint)


def _too_late(
    rows: Rows, account: AccountRow, service: Service, last: dt.date, today: dt.date | None
) -> Iterator[Finding]:
    """Where an account's transfer begins later than its service needs, and the steps of a side after its last one.

    That a transfer is under way says that it has begun, not when: before the last safe day, it has begun in time.
    """
    steps = [row for row in rows.milestones if row.value.phase is Phase.TRANSFER]
    steps = [row for row in steps if folded(row.value.service or "") == folded(account.service)]
    steps.sort(key=lambda row: row.value.done_on or row.value.on)
    hint = msg("plan it earlier, or tell the client what may not be over by {last}", last=last)
    safe = service.last_safe_day(last)
    if safe is None or not steps:
        return
    first, begun = steps[0], steps[0].value.done_on or steps[0].value.on
    in_time = begun <= safe or (
        account.status is AccountStatus.IN_PROGRESS and not first.value.done_on and (today is None or today <= safe)
    )
    if not in_time:
        column = "done_on" if first.value.done_on else "on"
        said = msg("`{column}` ({day}) is late for {service}: by our estimate, its transfer is safe when begun by "
                   "{safe}", column=column, day=begun, service=shown(account.service), safe=safe)  # fmt: skip
        told = msg("tell the client what may not be over by {last}", last=last) if first.value.done_on else hint
        yield first.warning(column, "date.milestone", said, told)
    for row in steps if in_time else steps[1:]:
        leads = service.agency if row.value.who is Side.AGENCY else service.client
        safe = last - dt.timedelta(min(leads, default=0))
        if row.value.done_on is None and row.value.on > safe:
            said = msg("`on` ({day}) is late for {service}: by our estimate, the last step of that side is safe until "
                       "{safe}", day=row.value.on, service=shown(account.service), safe=safe)  # fmt: skip
            yield row.warning("on", "date.milestone", said, hint)


_AHEAD: Final[Mapping[str, int]] = {"renewal_date": 10, "expires_on": 30}
_USUALLY_AHEAD: Final = 3
"""Years after the documents' day from which a date is taken for a slip: a domain is paid for ten at most."""
_BEFORE_CONTRACT: Final = 10
_OLDEST: Final = 80
"""Years before: of a first day, and (from the first day on) of anything else."""


def check_years(view: View, rows: Rows, today: dt.date | None) -> Iterator[Finding]:
    """Dates in years that can't be meant, as seen from the documents' day."""
    now = today or view.date("letter", "date")
    if now is None:
        return
    start = view.date("contract", "start_date")
    begun = start if start is not None and now.year - _OLDEST <= start.year <= now.year else now

    def odd(name: str, day: dt.date) -> bool:
        oldest = now.year - _OLDEST if name == "start_date" else begun.year - _BEFORE_CONTRACT
        return not oldest <= day.year <= now.year + _AHEAD.get(name, _USUALLY_AHEAD)

    said = msg("is far from the day of the documents ({now}): is the year meant?", now=now)
    for path, _ in scalars(view.tree):
        field = field_at(Settings, path)
        day = view.date(*path) if field is not None and behind(field.annotation) is dt.date else None
        if day is not None and odd(str(path[-1]), day):
            view.warn(path, "date.year", msg("({day}) {said}", day=day, said=said), msg("correct the year"))
    for row in (row for table in TABLES if table != "metrics" for row in rows.of(table)):
        for name in type(row.value).model_fields:
            if isinstance(day := getattr(row.value, name), dt.date) and odd(name, day):
                message = msg("`{name}` ({day}) {said}", name=name, day=day, said=said)
                yield row.warning(name, "date.year", message, msg("correct the year"))


_HAPPENED: Final = re.compile(
    r"(?:report\.(?:quotes|survey)|metrics\..*\.annotations)\[\d+\]\.date|contract\.obligations\[\d+\]\.met_on"
)
_CAMPAIGN: Final = re.compile(r"report\.campaigns\[\d+\]\.start")


def check_future(view: View, rows: Rows, today: dt.date | None) -> Iterator[Finding]:
    """What is told as having happened and lies after the documents' day."""
    if today is None:
        return
    said = msg("is after the day of the documents ({today})", today=today)
    hint = msg("correct the date, or tell of it once it has happened")
    for path, _ in scalars(view.tree):
        day, name = view.date(*path), dotted(path)
        if day is not None and day > today and (_HAPPENED.fullmatch(name) or _CAMPAIGN.fullmatch(name)):
            left_out = msg(", so left out") if _CAMPAIGN.fullmatch(name) else ""
            view.warn(path, "date.ahead", msg("({day}) {said}{left_out}", day=day, said=said, left_out=left_out), hint)
    if (day := view.date("letter", "date")) and day > today:
        ahead = msg("build the documents on that day, or date the letter today: it speaks as of its date")
        view.warn(("letter", "date"), "date.ahead", msg("({day}) {said}", day=day, said=said), ahead)
    told: list[tuple[Located[Any], str]] = [(row, "paid_on") for row in rows.invoices]
    told += [(row, name) for row in rows.metrics for name in ("date", "exported_on")]
    told += [(row, "last_on") for row in rows.routines]
    told += [(row, "done_on") for table in ("milestones", "training") for row in rows.of(table)]
    for row, name in told:
        day = getattr(row.value, name)
        if day is not None and day > today:
            message = msg("`{name}` ({day}) {said}", name=name, day=day, said=said)
            yield row.warning(name, "date.ahead", message, hint)
