"""LibreOffice's opinion of the tables' workbook: saved there, it holds the same values, lists, notes and red."""

import io
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from handover.languages import registry
from handover.model.rows import PendingStatus
from handover.project.adding import in_workbook
from handover.project.check.tables import cell_values
from handover.project.read.xlsx_table import read_table_sheets
from handover.project.workbook import write_tables
from project.test_workbook import ROWS, kept_by_people, table_sheet, words

pytestmark = pytest.mark.interop


def saved(content: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it in Excel's format."""
    (folder / "dossier.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", "dossier.xlsx"]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    assert "Error" not in done.stdout + done.stderr
    return (folder / "out" / "dossier.xlsx").read_bytes()


def values(content: bytes) -> dict[str, list[dict[str, object]]]:
    sheets, findings = read_table_sheets(content, "dossier.xlsx")
    found = {}
    for sheet in sheets:
        table, wrong = sheet.read("dossier.xlsx", registry.ours())
        findings += wrong
        found[sheet.table] = list(cell_values(table)) if table else []
    assert findings == []
    return found


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("fr", "fr_FR")])
def test_every_table_holds_the_same_after_libreoffice_saved_it(language: str, locale: str, tmp_path: Path) -> None:
    # It doesn't escape what looks like an escaped escape, so that one text is another.
    rows = ROWS | {"assets": [{**ROWS["assets"][0], "note": "x0041"}]}
    made = write_tables(rows, words(language, locale))
    back = saved(made, tmp_path)

    assert values(back) == values(made)
    (before, after) = (load_workbook(io.BytesIO(content)) for content in (made, back))
    for sheet in before:
        other = after[sheet.title]
        assert [cell.comment.text for cell in other[1]] == [cell.comment.text for cell in sheet[1]]
        lists = [
            {str(one.sqref): one.formula1 for one in book.data_validations.dataValidation} for book in (sheet, other)
        ]
        assert lists[0] == lists[1]
        red = [{str(area.sqref) for area in book.conditional_formatting} for book in (sheet, other)]
        assert red[0] == red[1]


def test_rows_added_to_what_libreoffice_saved_are_read_by_it(tmp_path: Path) -> None:
    kept = saved(kept_by_people(), tmp_path)
    row = {"project": "Blog", "status": PendingStatus.BLOCKED}
    again = saved(in_workbook(kept, "dossier.xlsx", table_sheet(kept, "pending"), [row], registry.ours()), tmp_path)

    sheet = table_sheet(again, "pending")
    assert [cell.text for cell in sheet.rows[-1]][:3] == ["Blog", "", "bloqué"]
    assert load_workbook(io.BytesIO(again))["Mes notes"]["A1"].value == "ne pas perdre"
