"""GitHub: issues as `gh issue list --json` prints them; the state is that of the issue's project, else OPEN.

Role: a JSON list of issues with whichever fields were asked for. Closed issues are done.
"""

from typing import Any, Final

from handover.importers.credentials.json_tree import read_json
from handover.importers.importer import Importer
from handover.importers.pending.base import Card, texts
from handover.model.errors import DamagedFile
from handover.model.message import msg

_FIELDS: Final = "title,state,body,url,assignees,milestone,projectItems"


def _recognises(content: bytes, _file: str) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and b'"title"' in content


def _read(content: bytes, file: str, _asked: None) -> list[Card]:
    issues = read_json(content, file)
    cards = [_card(one) for one in issues if isinstance(one, dict)] if isinstance(issues, list) else []
    if not cards:
        raise DamagedFile.at(
            file,
            msg("holds no issue"),
            hint=msg("write it with `gh issue list --limit 1000 --json {fields}`", fields=_FIELDS),
        )
    return cards


def _card(issue: dict[str, Any]) -> Card:
    def text(key: str) -> str:
        value = issue.get(key)
        return value.strip() if isinstance(value, str) else ""

    milestone = issue.get("milestone")
    due = milestone.get("dueOn") if isinstance(milestone, dict) else None
    states = texts(
        status.get("name")
        for item in issue.get("projectItems") or ()
        if isinstance(item, dict) and isinstance(status := item.get("status"), dict)
    )
    people = (one.get("name") or one.get("login") for one in issue.get("assignees") or () if isinstance(one, dict))
    return Card(
        title=text("title"),
        state=states[0] if states else text("state"),
        description=text("body"),
        held_by=", ".join(texts(people)),
        due=due[:10] if isinstance(due, str) else "",
        url=text("url"),
        done=issue.get("closed") is True or text("state").upper() == "CLOSED",
    )


IMPORTER: Final = Importer(
    name="github",
    title="GitHub issues",
    help=f"gh issue list --limit 1000 --json {_FIELDS} > issues.json",
    extensions=("json",),
    recognises=_recognises,
    lacks=lambda content, file: "" if _recognises(content, file) else "a list of issues",
    read=_read,
)
