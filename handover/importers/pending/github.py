"""GitHub: issues as `gh issue list --json` prints them; the state is that of the issue's project, else OPEN.

Role: a JSON list of issues with whichever fields were asked for. Closed issues are done.
"""

from typing import Any, Final

from handover.importers.importer import Importer
from handover.importers.json_tree import at, objects, read_json, text
from handover.importers.pending.base import Card
from handover.model.errors import DamagedFile
from handover.model.message import msg

_FIELDS: Final = "title,state,body,url,assignees,milestone,projectItems"

CUT_AT: Final = 30
"""Issues that `gh` gives where nobody says how many (`--limit`)."""


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    cards = [_card(issue) for issue in objects(read_json(content, file))]
    if not cards:
        hint = msg("write it with `gh issue list --limit 1000 --json {fields}`", fields=_FIELDS)
        raise DamagedFile.at(file, msg("holds no issue"), hint=hint)
    return cards


def _card(issue: dict[str, Any]) -> Card:
    state = text(issue, "state")
    states = filter(None, (text(item, "status", "name") for item in objects(issue, "projectItems")))
    people = (text(one, "name") or text(one, "login") for one in objects(issue, "assignees"))
    return Card(
        title=text(issue, "title"),
        state=next(states, state),
        description=text(issue, "body"),
        held_by=", ".join(filter(None, people)),
        due=text(issue, "milestone", "dueOn")[:10],
        url=text(issue, "url"),
        done=at(issue, "closed") is True or state.upper() == "CLOSED",
    )


IMPORTER: Final = Importer(
    "github",
    "GitHub issues",
    f"gh issue list --limit 1000 --json {_FIELDS} > issues.json",
    ("json",),
    lambda content, _: content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and b'"title"' in content,
    _read,
)
