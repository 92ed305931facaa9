"""Boards and lists of tasks become pending projects: what is open is taken, what a list means is said or asked."""

import datetime as dt
import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from handover.importers import pending
from handover.importers.pending import Meaning, pending_rows, read_cards
from handover.languages.registry import ours
from handover.model.errors import DamagedFile, UsageError
from handover.model.rows import Decision, PendingStatus
from handover.project.read.text import in_utf_8

TRELLO = {
    "id": "b", "name": "Acme",
    "lists": [
        {"id": "l1", "name": "Doing", "closed": False, "pos": 1}, {"id": "l2", "name": "Backlog", "closed": False},
        {"id": "l3", "name": "Old", "closed": True},
    ],
    "members": [{"id": "m1", "fullName": "Anne Le Goff", "username": "anne"}, {"id": "m2", "username": "bob"}],
    "cards": [
        {"id": "c1", "name": "Shop", "desc": "**New** shop\r\nwith a cart", "idList": "l1", "idMembers": ["m1", "m2"],
         "due": "2026-12-02T11:00:00.000Z", "dueComplete": False, "closed": False, "shortUrl": "https://t.example/c1",
         "labels": [{"name": "", "color": "red"}]},
        {"id": "c2", "name": "Blog", "idList": "l2", "due": None, "closed": False},
        {"id": "c3", "name": "Gone", "idList": "l1", "closed": True},
        {"id": "c4", "name": "In a list that is archived", "idList": "l3", "closed": False},
        {"id": "c5", "name": "Ticked", "idList": "l1", "due": "2026-01-02T11:00:00.000Z", "dueComplete": True},
    ],
}  # fmt: skip

TRELLO_CSV = (
    "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List ID,List Name,Archived,Due Complete\n"
    'c1,Shop,https://t.example/c1,"New, shop",Web (red),Anne,2026-12-02T11:00:00.000Z,l1,Doing,false,false\n'
    "c2,Gone,,,,,,l1,Doing,true,false\nc3,Ticked,,,,,,l1,Doing,false,true\nc4,Short\n"
)

ASANA = (
    "Report,,\n,,\n,,\n"
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,"
    "Tags,Notes,Projects,Parent task\n"
    "1,2026-01-01,,2026-01-01,Shop,Doing,Anne,a@b.example,,2026-12-02,,A note,Acme,\n"
    "2,2026-01-01,2026-01-05,2026-01-05,Over,Doing,Anne,a@b.example,,,,,Acme,\n"
)

JIRA = (
    "\ufeffSummary,Issue key,Issue id,Issue Type,Status,Status Category,Assignee,Resolved,Due date,Labels,Labels,"
    "Description\r\n"
    "Shop,AC-1,1,Task,In Progress,In Progress,Anne,,02/Dec/26 9:41 AM,a,b,Text\r\n"
    "Over,AC-2,2,Task,Done,Done,Anne,01/Mar/26 9:41 AM,,,,\r\n"
)

LINEAR = (
    "ID,Team,Title,Description,Status,Priority,Project,Creator,Assignee,Labels,Created,Updated,Started,Completed,"
    "Canceled,Archived,Due Date\n"
    'AC-1,Web,Shop,"Text, more",In Progress,High,Acme,anne,anne,,2026-01-01,,,,,,2026-12-02\n'
    "AC-2,Web,Over,,Done,,,,anne,,2026-01-01,,,2026-02-03T10:00:00.000Z\n"
    "AC-3,Web,Dropped,,Canceled,,,,anne,,2026-01-01,,,,2026-02-03T10:00:00.000Z\n"
)

GITHUB = [
    {"number": 1, "title": "Shop", "state": "OPEN", "body": "Text", "url": "https://g.example/1",
     "assignees": [{"login": "anne", "name": ""}], "milestone": {"title": "M", "dueOn": "2026-12-02T00:00:00Z"},
     "projectItems": [{"title": "Board", "status": {"optionId": "x", "name": "Doing"}}]},
    {"number": 2, "title": "Over", "state": "CLOSED", "projectItems": []},
]  # fmt: skip


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


ID = "0123456789abcdef0123456789abcdef"
NOTION = zipped(
    Part_1__zip=zipped(
        **{
            f"Projets {ID}__csv": b"Nom,Statut\nOnly the view,Doing\n",
            f"Projets {ID}_all__csv": "\ufeffNom,Statut,Responsable,Échéance,Description\n"
            'Shop,Doing,Anne,"December 2, 2026 11:32 AM",Text\nOver,Terminé,Anne,,\n'.encode(),
            f"Projets {ID}/Shop__md": b"# Shop",
        }
    )
)


def monday(subitem: str = "Done") -> bytes:
    """A board: two groups under headers of their own, an item with a subitem, a row of sums."""
    book = Workbook()
    header = ["Name", "Subitems", "Person", "Status", "Due date", "Item ID (auto generated)"]
    for row in (
        ["Boutique"], ["This month"], header,
        ["Shop", "Cart", "Anne", "Doing", dt.date(2026, 12, 2), 1234567890],
        ["Subitems", "Name", "Owner", "Status", "Date", "Item ID (auto generated)"],
        ["", "Cart", "Bob", subitem, "", 1234567891], ["", "", "", "", "2026-12-02", ""],
        ["Finished"], header, ["Over", "", "Anne", "Done", "", 1234567892],
    ):  # fmt: skip
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


FILES = {
    "monday.xlsx": ("monday.com", monday()),
    "trello.json": ("Trello", json.dumps(TRELLO).encode()),
    "trello.csv": ("Trello", TRELLO_CSV.encode()),
    "asana.csv": ("Asana", ASANA.encode()),
    "jira.csv": ("Jira", JIRA.encode()),
    "linear.csv": ("Linear", LINEAR.encode()),
    "issues.json": ("GitHub issues", json.dumps(GITHUB).encode()),
    "powershell.json": ("GitHub issues", json.dumps(GITHUB).encode("utf-16")),
    "notepad.json": ("Trello", json.dumps(TRELLO).encode("utf-16")),
    "notion.zip": ("Notion", NOTION),
}


def rows(name: str, **meanings: Meaning) -> list[dict[str, object]]:
    found = pending_rows(read_cards(FILES[name][1], name)[1], meanings, ours())
    return [dict(row) for row in found.rows]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_by_its_content_alone(name: str) -> None:
    title, content = FILES[name]
    known = [one for one in pending.IMPORTERS if one.recognises(in_utf_8(content), "export")]

    assert [one.title for one in known] == [title]


@pytest.mark.parametrize("name", FILES)
def test_the_open_task_of_each_is_taken_with_its_day_and_its_holder(name: str) -> None:
    (row,) = rows(name, backlog=Meaning(None))

    assert str(row["project"]).endswith("Shop")
    assert row["status"] is PendingStatus.IN_PROGRESS
    assert row["due_date"] == "2026-12-02"
    assert str(row["held_by"]).casefold().startswith("anne")
    assert "decision" not in row


def test_an_open_subitem_of_monday_stands_behind_its_items_name() -> None:
    _, cards = read_cards(monday("Stuck"), "monday.xlsx")

    assert [(card.title, card.state, card.held_by) for card in cards] == [
        ("Shop", "Doing", "Anne"), ("Shop – Cart", "Stuck", "Bob"), ("Over", "Done", "Anne"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind"), [(b'[\n{"a":1}]', "JSON"), (b"<html>", "a web page or XML"), (b"a", "a file of")]
)
def test_what_is_no_export_of_tasks_is_called_what_it_is(content: bytes, kind: str) -> None:
    with pytest.raises(UsageError, match=f"but {kind}"):
        read_cards(content, "x")


FULL = {
    "Trello": (
        "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Count,Attachment Links,"
        "Checklist Item Total Count,Checklist Item Completed Count,Vote Count,Comment Count,Last Activity Date,List ID,"
        "List Name,Board ID,Board Name,Archived,Start Date,Due Complete,Due Reminder\n"
        "c,Shop,u,d,Web (red),Anne,2026-12-02T11:00:00.000Z,0,,0,0,0,0,x,l,Doing,b,B,false,,false,\n"
    ),
    "Asana": (
        "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,"
        "Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies),Effort\n"
        "1,2026-01-01,,2026-01-01,Shop,Doing,Anne,,,2026-12-02,,,,Parent,,,3\n"
    ),
    "Jira": "Summary,Issue key,Issue id,Status,Assignee,Due date\nShop,A-1,1,Doing,Anne,12/21/2026 16:14\n",
    "Linear": (
        "ID,Team,Title,Description,Status,Estimate,Priority,Project ID,Project,Creator,Assignee,Labels,Cycle Number,"
        "Cycle Name,Cycle Start,Cycle End,Created,Updated,Started,Triaged,Completed,Canceled,Archived,Due Date,"
        "Parent issue,Initiatives,Project Milestone ID,Project Milestone,SLA Status,UUID,Time in status (minutes),"
        "Related to,Blocked by,Duplicate of\nA-1,Web,Shop,,Doing,,High,,,,Anne,,,,,,2026,2026,,,,,,2026-12-02,,,,,,u\n"
    ),
}


@pytest.mark.parametrize("title", FULL)
def test_every_column_that_a_program_writes_may_be_there(title: str) -> None:
    called, (card,) = read_cards(FULL[title].encode(), "export.csv")

    assert (called, card.title.endswith("Shop"), card.state, card.held_by) == (title, True, "Doing", "Anne")
    assert card.due in {"2026-12-02", "2026-12-21"}


def test_what_trello_says_of_a_card_is_taken() -> None:
    (row,) = rows("trello.json", backlog=Meaning(None))

    assert row == {
        "project": "Shop", "description": "New shop\nwith a cart", "status": PendingStatus.IN_PROGRESS,
        "held_by": "Anne Le Goff, bob", "due_date": "2026-12-02", "files": "https://t.example/c1",
    }  # fmt: skip


def test_what_is_done_archived_or_unknown_is_counted() -> None:
    made = pending_rows(read_cards(FILES["trello.json"][1], "x")[1], {}, ours())

    assert made.unknown == {"Backlog": 1}
    assert made.left_out == {"archived": 2, "done": 1}


def test_what_a_list_means_is_what_the_user_says() -> None:
    meanings = {"backlog": Meaning(PendingStatus.IDEA, Decision.CANCEL)}
    made = pending_rows(read_cards(FILES["trello.json"][1], "x")[1], meanings, ours(), decision=Decision.HAND_OVER)

    assert [(row["project"], row["status"], row["decision"]) for row in made.rows] == [
        ("Shop", PendingStatus.IN_PROGRESS, Decision.HAND_OVER),
        ("Blog", PendingStatus.IDEA, Decision.CANCEL),
    ]


def test_what_the_table_has_already_stays_as_it_is() -> None:
    made = pending_rows(read_cards(FILES["asana.csv"][1], "x")[1], {}, ours(), there=["SHOP"])

    assert made.rows == ()
    assert made.left_out == {"done": 1, "there": 1}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"a,b\n1,2\n", UsageError, id="another table"),
        pytest.param(b"", UsageError, id="nothing"),
        pytest.param(b'{"lists": 3, "cards": 4, "idList": 5}', None, id="a board without cards"),
        pytest.param(b'{"lists": [], "cards": [{"idList": 1', DamagedFile, id="cut off"),
        pytest.param(b'[{"title": 3}, 7]', None, id="issues of odd kinds"),
        pytest.param(b'["title"]', DamagedFile, id="a list of texts"),
        pytest.param(JIRA.splitlines()[0].encode(), DamagedFile, id="a header alone"),
        pytest.param(zipped(a__csv=b"x,y\n1,2\n"), DamagedFile, id="a zip with another table"),
    ],
)
def test_strange_files_are_refused_or_empty(content: bytes, error: type[Exception] | None) -> None:
    if error is None:
        assert pending_rows(read_cards(content, "x")[1], {}, ours()).rows == ()
    else:
        with pytest.raises(error):
            read_cards(content, "x")


def test_related_pages_and_ranges_of_days_in_notion_are_read_as_people_see_them() -> None:
    table = (
        "Name,Status,Assign,Due\n"
        'Shop,Doing,"Anne (https://www.notion.so/x?pvs=21), Bob (https://www.notion.so/y?pvs=21)",'
        '"November 30, 2026 → December 2, 2026"\n'
    )
    (card,) = read_cards(zipped(**{f"DB {ID}_all__csv": table.encode()}), "x")[1]

    assert (card.held_by, card.due) == ("Anne, Bob", "2026-12-02")
