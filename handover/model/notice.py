"""When a contract may end: the arithmetic of notice.

Role: pure functions of the settings and a day. Months are those of the calendar, from a day to the day of the same
number, clipped to the end of a shorter month (code de procédure civile, art. 641; Dodds v Walker [1981] 1 WLR 1027).
What a law demands beyond the contract, it doesn't know.
"""

import calendar
import datetime as dt
from enum import StrEnum
from typing import Final, NamedTuple

from handover.model.contract import Contract, EndedBy, Notice, NoticeFrom, NoticeUnit

CUSTOM: Final = Notice.model_construct(count=2, unit=NoticeUnit.WEEK)
"""What is usual where nothing was agreed. It is a custom among agencies, no rule."""

_DAY: Final = dt.timedelta(1)


class Basis(StrEnum):
    """What the earliest day follows from."""

    NOTICE = "notice"
    TERM = "term"
    """The eve of the renewal, or the agreed end."""
    CUSTOM = "custom"
    WAIVED = "waived"


class Earliest(NamedTuple):
    """The earliest day on which the contract may end, and why."""

    day: dt.date
    basis: Basis


def over(given: dt.date, notice: Notice) -> dt.date:
    """The last day of a notice given on a day. Raises OverflowError where no calendar has that day."""
    ends_month = notice.runs_from is NoticeFrom.MONTH_END
    start = _month_end(given.year, given.month) if ends_month else given
    if notice.unit is not NoticeUnit.MONTH:
        return start + notice.count * (_DAY if notice.unit is NoticeUnit.DAY else 7 * _DAY)
    year, month = divmod(start.year * 12 + start.month - 1 + notice.count, 12)
    if year > dt.MAXYEAR:
        raise OverflowError
    last = _month_end(year, month + 1)
    return last if ends_month else last.replace(day=min(start.day, last.day))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def notice_given(contract: Contract, letter_date: dt.date) -> dt.date | None:
    """The day of notice: the one that was noted, or the letter's, where the agency ends the contract by it."""
    return contract.notice_date or (letter_date if contract.ended_by is EndedBy.AGENCY else None)


def earliest_end(contract: Contract, given: dt.date | None) -> Earliest | None:
    """The earliest day that contract and notice allow; None where nothing says when notice was given.

    With a renewal the contract runs to its eve, or as long as the notice, if that is longer.
    """
    if contract.ended_by is EndedBy.EXPIRY:
        term = contract.renews_on - _DAY if contract.renews_on else contract.end_date
        return Earliest(term, Basis.TERM) if term else None
    if given is None:
        return None
    if contract.notice_waived_by is not None:
        return Earliest(given, Basis.WAIVED)
    ends = over(given, contract.notice or CUSTOM)
    if contract.renews_on is not None and contract.renews_on - _DAY > ends:
        return Earliest(contract.renews_on - _DAY, Basis.TERM)
    return Earliest(ends, Basis.NOTICE if contract.notice else Basis.CUSTOM)


def used(contract: Contract, given: dt.date | None) -> Contract:
    """The contract, without a waiver where the work goes on as long as it would have without one."""
    if contract.notice_waived_by is None or given is None:
        return contract
    kept = contract.model_copy(update={"notice_waived_by": None})
    try:
        allowed = earliest_end(kept, given)
    except OverflowError:
        return contract
    return kept if allowed and may_end(contract.last_working_day, allowed) else contract


def may_end(last: dt.date, allowed: Earliest) -> bool:
    """Whether the contract may end on a day.

    From the first of a month to the last of another is whole months too: the day of notice itself may be counted.
    """
    return last >= allowed.day - (_DAY if allowed.basis is Basis.NOTICE else dt.timedelta())
