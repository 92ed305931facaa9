"""The real clock and chance, each asked in one place: everything below the command line is given its own."""

import datetime as dt
import os


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Today where the user is."""
    return now().astimezone().date()


def random_bytes(count: int) -> bytes:
    """That many bytes that nobody can foresee."""
    return os.urandom(count)
