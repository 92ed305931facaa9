"""The moments of an ending: which events belong to each, when they are due, and what to type.

Role: one table, from which status, documentation and tests derive. The days by which something is due are the
contract's and the agency's own plans; where nobody planned anything, the habits below (in days) stand in. It
reads no file and knows no document but by its name.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from handover.life.dossier import Dossier
from handover.model.contract import EndedBy
from handover.model.life import Event, Moment
from handover.model.message import msg

ANSWER_DAYS: Final = 7
"""After the client's own notice: a week to acknowledge it."""
PLAN_DAYS: Final = 7
"""After notice, whoever gave it, and never after the last day."""
RECEIPT_DAYS: Final = 14
"""After the bundle was sent: two working weeks to open and compare it."""
REVOKE_DAYS: Final = 7
"""After the receipt came back, and never before the contract's end."""
SURVEY_DAYS: Final = 30
"""After the contract's end: the guides ask while people remember."""
LEARN_DAYS: Final = 45
CLOSE_DAYS: Final = 90
"""After the contract's end."""

Due = Callable[[Dossier], dt.date | None]


def _after(day: dt.date | None, days: int) -> dt.date | None:
    return None if day is None else day + dt.timedelta(days)


def _call(dossier: Dossier) -> dt.date | None:
    planned = dossier.internal.call.planned_on if dossier.internal.call else None
    return planned or dossier.notice


def _notice(dossier: Dossier) -> dt.date | None:
    return _after(dossier.notice, ANSWER_DAYS) if dossier.ended_by is EndedBy.CLIENT else dossier.notice


def _plan(dossier: Dossier) -> dt.date | None:
    days = [_after(dossier.notice, PLAN_DAYS), dossier.last_day]
    return min((day for day in days if day), default=None)


def _revoke(dossier: Dossier) -> dt.date | None:
    days = [_after(dossier.happened(Event.RECEIPT_RETURNED), REVOKE_DAYS), dossier.end]
    return None if None in days else max(day for day in days if day)


def _learn(dossier: Dossier) -> dt.date | None:
    planned = dossier.internal.post_mortem.planned_on if dossier.internal.post_mortem else None
    return planned or _after(dossier.end, LEARN_DAYS)


class Step(NamedTuple):
    """One event that completes a moment, or a part of it."""

    event: Event
    moment: Moment
    action: str
    """What to do, for a person."""
    command: str
    """What to type; `{dir}` is the project. With `write NAME`, what notes it follows once that document is written."""
    due: Due
    only: frozenset[EndedBy] = frozenset(EndedBy)
    """Who must have ended the contract for this to be expected."""
    awaited: bool = True
    """False for what others do, or may not do: it is never late."""
    instead: Mapping[EndedBy, str] = {}
    """What to do instead where somebody else than the agency ends the contract."""


_OURS = frozenset({EndedBy.AGENCY})

STEPS: Final = (
    Step(Event.DECIDED, Moment.DECIDE, msg("weigh the decision"), "write decision {dir}",
         lambda d: d.notice, only=_OURS),
    Step(Event.CALLED, Moment.CALL, msg("hold the call"), "write call {dir}", _call,
         instead=dict.fromkeys(EndedBy, msg("call to thank them, and say what comes next"))),
    Step(Event.NOTICE_GIVEN, Moment.NOTICE, msg("give notice"), "write notice {dir}", _notice,
         instead={EndedBy.CLIENT: msg("acknowledge the client's notice"),
                EndedBy.MUTUAL: msg("confirm in writing that both end it"),
                EndedBy.EXPIRY: msg("say in writing that the contract isn't renewed")}),
    Step(Event.PLAN_AGREED, Moment.TRANSITION, msg("agree on what happens until the last day"),
         "write plan {dir}", _plan),
    Step(Event.BUNDLE_SENT, Moment.LAST_DAY, msg("build and send the bundle"), "build {dir}", lambda d: d.last_day),
    Step(Event.PASSPHRASE_GIVEN, Moment.LAST_DAY, msg("give the passphrase"),
         "status --done passphrase-given {dir}", lambda d: d.last_day),
    Step(Event.RECEIPT_RETURNED, Moment.RECEIPT, msg("ask for the signed receipt"),
         "import receipt FILE --project {dir}", lambda d: _after(d.happened(Event.BUNDLE_SENT), RECEIPT_DAYS)),
    Step(Event.ACCESS_REVOKED, Moment.REVOKE, msg("give up the last accesses"),
         "status --done access-revoked {dir}", _revoke),
    Step(Event.SURVEY_SENT, Moment.AFTER, msg("send the survey"), "write survey {dir}",
         lambda d: _after(d.end, SURVEY_DAYS)),
    Step(Event.SURVEY_ANSWERED, Moment.AFTER, msg("read the answers in"),
         "import answers FILE --project {dir}", lambda _: None, awaited=False),
    Step(Event.POST_MORTEM_HELD, Moment.LEARN, msg("look back on the work"), "write post-mortem {dir}", _learn),
    Step(Event.CLOSED, Moment.CLOSE, msg("close the file"), "status --done closed {dir}",
         lambda d: _after(d.end, CLOSE_DAYS)),
)  # fmt: skip
"""Every event, in the order of the moments."""
