"""Another library reads the transition's calendar: vobject, which shares no code with the one that writes it."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handover.cli import clock, run
from making import story

pytestmark = pytest.mark.interop

ROOT = Path(__file__).parent.parent.parent
LOCKED = ROOT / "requirements" / "calendar.txt"
DAY = dt.date(2026, 10, 1)
READ = """
import sys, vobject
calendar = vobject.readOne(open(sys.argv[1], encoding="utf-8", newline=""))
calendar.validate(raiseException=True)
for event in calendar.vevent_list:
    assert type(event.dtstart.value).__name__ == type(event.dtend.value).__name__ == "date", event
    print(event.uid.value, event.dtstart.value, event.dtend.value, event.summary.value, sep="\\t")
"""


@pytest.fixture(scope="session")
def reader() -> Path:
    """The folder of the library, installed apart from what the project itself uses."""
    folder = ROOT / "build" / "calendar"
    if not (folder / "vobject").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--require-hashes", "-r", str(LOCKED), "--target", str(folder)], check=True)
    return folder


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris"])
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", ["cidrerie-trehorel", "wrenfield-nurseries"])
@pytest.mark.usefixtures("zone")
def test_a_calendar_is_read_as_whole_days_in_every_time_zone(reader, tmp_path, monkeypatch, name):
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.combine(DAY, dt.time(12), dt.UTC))
    monkeypatch.setattr(clock, "today", lambda: DAY)
    made = tmp_path / "transition.ics"
    assert run(["write", "calendar", str(story.copied(name, tmp_path / "work")), "-o", str(made)]) == 0
    there = {**os.environ, "PYTHONPATH": str(reader)}
    read = subprocess.run([sys.executable, "-c", READ, made], check=True, env=there, capture_output=True, text=True)

    events = [line.split("\t") for line in read.stdout.splitlines()]
    assert len(events) > 10
    assert len({uid for uid, *_ in events}) == len(events)
    assert all(
        dt.date.fromisoformat(end) - dt.date.fromisoformat(start) == dt.timedelta(1) for _, start, end, _ in events
    )
    # What it reads is what stands there: no day moved, no text was lost in folding or escaping.
    unfolded = made.read_text("utf-8").replace("\n ", "")
    assert all(f"DTSTART;VALUE=DATE:{start.replace('-', '')}" in unfolded for _, start, *_ in events)
