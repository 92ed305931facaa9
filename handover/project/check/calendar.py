"""Dates that can't stand together or can't be meant: an end before the notice is over, a renewal that has passed, 2062.

Role: the rules that need a period in words, the day of the documents or the neighbourhood of other dates. What is in
the wrong order within the settings or a row is in `rules` and `references`.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from handover.model.base import behind
from handover.model.errors import Finding, Severity
from handover.model.message import msg
from handover.model.rows import AccountStatus
from handover.model.settings import EndedBy, Settings
from handover.model.sources import scalars
from handover.project.check.references import Rows
from handover.project.check.settings import View, dotted
from handover.project.check.tables import Located
from handover.project.check.wording import field_at

_COUNTS: Final = {
    word: count
    for count, words in {
        1: "a an one un une", 2: "two deux", 3: "three trois", 4: "four quatre", 5: "five cinq", 6: "six",
        7: "seven sept", 8: "eight huit", 9: "nine neuf", 10: "ten dix", 12: "twelve douze", 14: "fourteen quatorze",
        15: "fifteen quinze", 18: "eighteen dix-huit", 20: "twenty vingt", 30: "thirty trente", 45: "forty-five",
        60: "sixty soixante", 90: "ninety quatre-vingt-dix nonante", 120: "cent-vingt", 180: "cent-quatre-vingts",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNITS: Final = {
    "day": (0, 1), "jour": (0, 1), "week": (0, 7), "semaine": (0, 7), "fortnight": (0, 14), "quinzaine": (0, 15),
    "month": (1, 0), "mois": (1, 0), "quarter": (3, 0), "trimestre": (3, 0), "semestre": (6, 0), "year": (12, 0),
    "an": (12, 0), "année": (12, 0),
}  # fmt: skip
"""A unit of a period → its months and days."""

_PERIOD: Final = re.compile(
    rf"(?<![\w.,-])(\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
    r"(?:\s*\([^)]*\))?[\s\u00a0\u202f-]+(?:(?:full|whole|clear|calendar|working|business)\s+)?"
    rf"({'|'.join(_UNITS)})(?:s\b|['’]|\b)",
    re.IGNORECASE,
)


def after_notice(start: dt.date, period: str) -> dt.date | None:
    """The day on which a notice given on `start` is over, by calendar months clipped to the month's end.

    None where the period's words give no number of days, weeks, months or years.
    """
    match = _PERIOD.search(period)
    if match is None:
        return None
    count = int(match[1]) if match[1].isdigit() else _COUNTS[match[1].casefold()]
    months, days = (count * part for part in _UNITS[match[2].casefold()])
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > dt.MAXYEAR - 2:
        return None
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day) + dt.timedelta(days)


def check_notice(view: View) -> None:
    """Note a last working day, and a contract's end where it is given, before the notice is over."""
    period, ended_by = view.text("contract", "notice_period"), view.text("contract", "ended_by")
    last, end = view.date("contract", "last_working_day"), view.date("contract", "end_date")
    start = view.date("contract", "notice_date")
    try:
        who = EndedBy(ended_by) if ended_by else None
    except ValueError:
        return
    if start is None and who is EndedBy.AGENCY:
        start = view.date("letter", "date")
    over = after_notice(start, period) if start and period and who is not EndedBy.EXPIRY else None
    ends = max(filter(None, (last, end)), default=None)
    # From the first of a month to the last of another is whole months too; work may end before the contract does.
    if over is not None and last is not None and ends is not None and ends < over - dt.timedelta(1):
        said = msg(
            "({last}) is before the notice of {period} from {start} is over ({over})",
            last=last,
            period=period,
            start=start,
            over=over,
        )
        hint = msg(
            "correct one of them; where a shorter notice was agreed, write that one, or leave `notice_period` out"
        )
        view.error(("contract", "last_working_day"), "date.notice", said, hint)


def check_deadlines(rows: Rows, today: dt.date | None, findings: list[Finding]) -> None:
    """Note renewals and licences that ended before the day of the documents: as deadlines they would be false."""
    if today is None:
        return
    closed = {AccountStatus.CLOSED, AccountStatus.TO_CLOSE}
    for account in rows.accounts:
        day = account.value.renewal_date
        if day is not None and day < today and account.value.status not in closed:
            message = msg(
                "`renewal_date` ({day}) has passed on the day of the documents ({today}): renewed, or lost?",
                day=day,
                today=today,
            )
            hint = msg("write the next renewal, or close the account; as it is, the inventory gives no date")
            findings.append(Finding(account.place("renewal_date"), "date.renewal", message, hint, Severity.WARNING))
    for asset in rows.assets:
        day = asset.value.expires_on
        if day is not None and day < today:
            message = msg("`expires_on` ({day}) has passed on the day of the documents ({today})", day=day, today=today)
            hint = msg("write the new end if the licence was renewed; as it is, the inventory says that it has ended")
            findings.append(Finding(asset.place("expires_on"), "date.renewal", message, hint, Severity.WARNING))


_AHEAD: Final[Mapping[str, int]] = {"renewal_date": 10, "expires_on": 30}
_USUALLY_AHEAD: Final = 3
"""Years after the documents' day from which a date is taken for a slip: a domain is paid for ten at most."""
_BEFORE_CONTRACT: Final = 10
_OLDEST: Final = 80
"""Years before: of a first day, and (from the first day on) of anything else."""


def check_years(view: View, rows: Rows, today: dt.date | None, findings: list[Finding]) -> None:
    """Note dates in years that can't be meant, as seen from the documents' day."""
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
            view.warn(path, "date.year", f"({day}) {said}", msg("correct the year"))
    every: list[Located[Any]] = [*rows.pending, *rows.assets, *rows.accounts, *rows.invoices]
    for row in every:
        for name in type(row.value).model_fields:
            if isinstance(day := getattr(row.value, name), dt.date) and odd(name, day):
                message = f"`{name}` ({day}) {said}"
                findings.append(
                    Finding(row.place(name), "date.year", message, msg("correct the year"), Severity.WARNING)
                )


_HAPPENED: Final = re.compile(r"(?:report\.(?:quotes|survey)|metrics\..*\.annotations)\[\d+\]\.date")
_CAMPAIGN: Final = re.compile(r"report\.campaigns\[\d+\]\.start")


def check_future(view: View, rows: Rows, today: dt.date | None, findings: list[Finding]) -> None:
    """Note what is told as having happened and lies after the documents' day."""
    if today is None:
        return
    said = msg("is after the day of the documents ({today})", today=today)
    hint = msg("correct the date, or tell of it once it has happened")
    for path, _ in scalars(view.tree):
        day, name = view.date(*path), dotted(path)
        if day is not None and day > today and (_HAPPENED.fullmatch(name) or _CAMPAIGN.fullmatch(name)):
            left_out = msg(", so left out") if _CAMPAIGN.fullmatch(name) else ""
            view.warn(path, "date.ahead", f"({day}) {said}{left_out}", hint)
    told: list[tuple[Located[Any], str]] = [(row, "paid_on") for row in rows.invoices]
    told += [(row, name) for row in rows.metrics for name in ("date", "exported_on")]
    for row, name in told:
        day = getattr(row.value, name)
        if day is not None and day > today:
            message = f"`{name}` ({day}) {said}"
            findings.append(Finding(row.place(name), "date.ahead", message, hint, Severity.WARNING))
