"""The real clock, read in one place: everything below the command line is given its time."""

import datetime as dt


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Today where the user is."""
    return now().astimezone().date()
