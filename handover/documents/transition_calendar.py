"""The transition's calendar: its milestones as all-day events, for any calendar program (RFC 5545).

Role: the same milestones as the transition plan. No alarm, attendee or address is in it, and no secret can be: it holds
what the plan prints. The event of a milestone keeps its UID when its day changes, so that a later calendar moves it.
"""

import datetime as dt
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from handover.documents.base import Audience, ClientInput, Outside
from handover.documents.transition import PLAN, milestones, who_by_name
from handover.model.life import Moment
from handover.model.message import msg

_PRODUCT: Final = "-//handover//transition//EN"
"""PRODID (3.7.3)."""


def render(given: ClientInput) -> bytes:
    """The calendar as UTF-8, one event a milestone: a day in every time zone (VALUE=DATE, 3.6.1), never an hour."""
    from icalendar import Calendar, Event

    settings, words = given.project.settings, given.words
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words.text("calendar", client=settings.client.name))
    # When the events were written down (3.8.7.2), in whole days: equal projects give equal bytes.
    stamp = dt.datetime.combine(given.today, dt.time(), dt.UTC)
    for one in milestones(given):
        event = Event()
        event.add("uid", str(uuid5(NAMESPACE_URL, f"handover:{settings.client.id}:{one.key}")))
        event.add("dtstamp", stamp)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + dt.timedelta(1))
        event.add("summary", words.text("event", milestone=one.what, who=who_by_name(one, given)))
        event.add("categories", [words.text(f"phase.{one.phase}")])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


CALENDAR: Final = Outside(
    id="calendar",
    audience=Audience.CLIENT,
    moment=Moment.TRANSITION,
    help=msg("the transition's days as a calendar file (.ics) that every calendar program opens"),
    given=ClientInput,
    shares="plan",
    extension="ics",
    render=render,
    lacks=PLAN.lacks,
    reads=PLAN.reads,
)
"""The registry's line for the calendar."""
