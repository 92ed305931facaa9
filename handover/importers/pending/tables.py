"""Boards and lists of tasks as CSV: Asana, Jira, Linear, and Trello's paid workspaces, each as declared columns.

Role: the columns that each program writes, what it calls a state, and how it says that a task is done or archived.
Through a spreadsheet three rows stand above Asana's header; Linear's rows may be shorter than theirs. Jira's issues
have no address in this export: their key stands before what they are about.
"""

from typing import Final

from handover.importers.pending.base import Columns, table

_YES: Final = frozenset({"true", "yes"})

ASANA: Final = table(
    "asana", "Asana", "Project menu, Export/Print, CSV.",
    {"task id", "name", "section/column", "completed at"},
    Columns(["name"], ["section/column"], ["notes"], ["assignee"], ["due date"]),
    done=lambda row: "completed at" in row,
)  # fmt: skip
JIRA: Final = table(
    "jira", "Jira", "Filters, the search, Export, Export CSV (all fields).",
    {"summary", "issue key", "status"},
    Columns(["summary"], ["status"], ["description"], ["assignee"], ["due date", "due"], key="issue key"),
    done=lambda row: row.get("status category", "").casefold() == "done" or "resolved" in row,
)  # fmt: skip
LINEAR: Final = table(
    "linear", "Linear", "The view's menu, Export issues as CSV; or Settings, Workspace, Export data.",
    {"id", "team", "title", "status", "completed", "canceled"},
    Columns(["title"], ["status"], ["description"], ["assignee"], ["due date"]),
    done=lambda row: "completed" in row or "canceled" in row,
    archived=lambda row: "archived" in row,
)  # fmt: skip
TRELLO: Final = table(
    "trello-csv", "Trello", "Board menu, Print, export and share, Export as CSV (paid workspaces).",
    {"card id", "card name", "list name"},
    Columns(["card name"], ["list name"], ["card description"], ["members"], ["due date"], ["card url"]),
    done=lambda row: row.get("due complete", "").casefold() in _YES,
    archived=lambda row: row.get("archived", "").casefold() in _YES,
)  # fmt: skip
