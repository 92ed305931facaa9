"""`handover import workbook`, and imports into a table that stands in the workbook."""

import json

import pytest

from building import make_project
from handover.project.check import validate
from handover.project.read import load_project


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


def tables(root):
    found = validate(load_project(root), draft=True)[0]
    return found and (found.metrics, found.pending, found.accounts, found.invoices, found.asset_notes)


def test_the_tables_of_data_move_into_a_new_workbook(root, said):
    before = tables(root)
    status, text = said("import", "workbook", "--project", root)

    assert status == 0, text
    assert text.startswith("handover.xlsx: holds the project's tables")
    assert list((root / "data").iterdir()) == []
    assert tables(root) == before
    assert said("import", "workbook", "--project", root) == (0, "handover.xlsx: holds every table already\n")


def test_what_comes_later_is_added_to_the_empty_sheet(root, said):
    kept = (root / "data/pending.csv").read_bytes()
    (root / "data/pending.csv").write_text("project,status,decision\n", encoding="utf-8")
    assert said("import", "workbook", "--project", root)[0] == 0
    (root / "data/pending.csv").write_bytes(kept)
    before = tables(root)

    assert said("import", "workbook", "--project", root)[0] == 0
    assert not (root / "data/pending.csv").exists()
    assert tables(root) == before


def test_nothing_moves_while_a_table_has_faults(root, said):
    with (root / "data/pending.csv").open("a", encoding="utf-8") as file:
        file.write('"never closed')
    status, text = said("import", "workbook", "--project", root)

    assert status == 1
    assert "never closed" in text
    assert not (root / "handover.xlsx").exists()


def test_values_of_an_export_are_added_and_replaced_in_the_workbook(root, tmp_path, said):
    said("import", "workbook", "--project", root)
    export = tmp_path / "export.csv"
    export.write_text("Month,Visitors\n2026-03,1200\n2026-04,1300\n", encoding="utf-8")
    status, text = said("import", "metrics", export, "--project", root)
    assert status == 0, text
    assert "handover.xlsx:Metrics: 2 added" in text

    export.write_text("Month,Visitors\n2026-03,1201\n2026-04,1300\n", encoding="utf-8")
    assert said("import", "metrics", export, "--project", root)[0] == 1
    assert said("import", "metrics", export, "--project", root, "--replace")[0] == 0
    values = {(str(row.date), row.metric): int(row.value) for row in tables(root)[0]}
    assert (values["2026-03-01", "visitors"], values["2026-04-01", "visitors"]) == (1201, 1300)


@pytest.mark.parametrize("lock", ["~$handover.xlsx", ".~lock.handover.xlsx#"])
def test_a_workbook_that_is_open_is_left_alone(root, tmp_path, said, lock):
    said("import", "workbook", "--project", root)
    (root / lock).touch()
    export = tmp_path / "export.csv"
    export.write_text("Month,Visitors\n2026-03,1200\n", encoding="utf-8")

    status, text = said("import", "metrics", export, "--project", root)
    assert status == 1
    assert "is open in a spreadsheet program" in text


BOARD = "Card ID,Card Name,List Name,Due Date\n1,Shop,Doing,2026-12-02\n2,Blog,Backlog,03/04/2027\n3,Old,Finished,\n"


@pytest.fixture
def board(tmp_path):
    path = tmp_path / "board.csv"
    path.write_text(BOARD, encoding="utf-8")
    return path


def pending(root):
    return [[cell.text for cell in row.cells.values()] for row in load_project(root).tables["pending"].rows]


def test_tasks_of_a_board_are_added_where_the_table_is(root, board, said):
    before = len(pending(root))
    status, text = said("import", "pending", board, "--project", root, "--map", "Backlog=idea,abandonner")
    assert status == 0, text
    assert "data/pending.csv: 2 projects added" in text
    assert "one has no decision yet" in text

    said("import", "workbook", "--project", root)
    assert said("import", "pending", board, "--project", root, "--map", "Backlog=idea")[1].count("2 were there") == 1
    board.write_text(BOARD + "4,Video,In Progress,\n", encoding="utf-8")
    status, text = said("import", "pending", board, "--project", root, "--map", "Backlog=-", "--decision", "terminer")
    assert status == 0, text
    assert "handover.xlsx:Pending: one project added" in text
    assert len(pending(root)) == before + 3
    assert {"Shop", "Blog", "Video"} <= {row[0] for row in pending(root)}


@pytest.mark.parametrize(("count", "asks"), [(29, False), (30, True), (31, False)])
def test_as_many_issues_as_gh_stops_at_may_not_be_all(root, tmp_path, said, count, asks):
    issues = [{"title": f"Issue {at}", "state": "OPEN"} for at in range(count)]
    (tmp_path / "issues.json").write_text(json.dumps(issues), encoding="utf-8")
    words = ("--project", root, "--map", "OPEN=idea", "--dry-run")
    assert ("with --limit 1000" in said("import", "pending", tmp_path / "issues.json", *words)[1]) is asks


def test_what_was_said_of_a_list_is_kept_for_the_next_client(root, board, said):
    (root.parent / "agency.yaml").write_text("agency: {}\n", encoding="utf-8")
    words = ["import", "pending", board, "--project", root]
    assert said(*words, "--map", "Backlog=idea,abandonner", "--map", "Elsewhere=-")[0] == 0
    kept = (root.parent / "lists.csv").read_text(encoding="utf-8")
    assert kept == 'list,status\nbacklog,"idea,cancel"\nelsewhere,-\n'
    board.write_text(BOARD + "9,Film,Backlog,\n", encoding="utf-8")
    assert said(*words)[0] == 0  # and nobody is asked
    assert [row[0] for row in pending(root)][-1] == "Film"


def test_a_list_that_nobody_knows_is_asked_for(root, board, said, monkeypatch):
    before = pending(root)
    status, text = said("import", "pending", board, "--project", root)
    assert status == 2
    assert "what these lists mean isn't known: “Backlog” (1)" in text
    assert '--map "Backlog=STATUS"' in text
    assert pending(root) == before

    (board.parent / "issues.json").write_text('[{"title": "Wiki"}]', encoding="utf-8")
    words = ["import", "pending", board.parent / "issues.json", "--project", root, "--dry-run"]
    assert '--map "=STATUS"' in said(*words)[1]
    assert said(*words, "--map", "=waiting")[0] == 0

    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("handover.cli.pending.ask_text", lambda _question: "en attente,transmettre")
    assert said("import", "pending", board, "--project", root, "--dry-run")[0] == 0
    assert pending(root) == before
    assert said("import", "pending", board, "--project", root)[0] == 0
    assert len(pending(root)) == len(before) + 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--map", "Backlog"], "isn't LIST=STATUS"),
        (["--map", "Backlog=perhaps"], "perhaps is no status"),
        (["--map", "Backlog=idea,perhaps"], "perhaps is no decision"),
        (["--decision", "perhaps"], "perhaps is no decision"),
    ],
)
def test_what_is_no_status_is_told(root, board, said, words, told):
    status, text = said("import", "pending", board, "--project", root, *words)
    assert status == 2
    assert told in text


@pytest.mark.parametrize("fault", ["twice", "damaged"])
def test_nothing_is_added_while_nobody_knows_where_the_table_is(root, board, said, fault):
    kept = (root / "data/pending.csv").read_bytes()
    said("import", "workbook", "--project", root)
    if fault == "twice":
        (root / "data/pending.csv").write_bytes(kept)
    else:
        (root / "handover.xlsx").write_bytes(b"PK\x03\x04 and no more")
    before = sorted((path, path.read_bytes()) for path in root.rglob("*") if path.is_file())

    assert said("import", "pending", board, "--project", root, "--map", "Backlog=idea")[0] == 1
    board.write_text("Month,Visitors\n2026-03,1200\n", encoding="utf-8")
    assert said("import", "metrics", board, "--project", root)[0] == 1
    assert sorted((path, path.read_bytes()) for path in root.rglob("*") if path.is_file()) == before
