"""What an inventory of many files costs, beside openpyxl writing the same cells in its normal mode.

Both run in this process, in pairs, the order alternating. openpyxl gets ready-made values and writes them bare (no
styles, widths or links), which is the least it can be asked; with `--dressed` it also sets the links and wraps the
cells, as a person would. Ours is everything: steps, notes, words, widths, heights, links, styles. Sealing is in
neither. Prints medians in seconds and the median of the ratios ours / openpyxl (goal: at most 1.3).

    python benchmarks/inventory.py [--rows 10000] [--rounds 5] [--dressed]
"""

import argparse
import datetime as dt
import io
import itertools
import platform
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from handover.documents.base import RenderInput
from handover.documents.inventory import render
from handover.model.artifact import AssetProperties, AssetRecord, AssetSource, EntryRecord, Role
from handover.model.rows import AssetRow, YesNo
from sample_handover import given, project

KINDS = ("photo", "image", "pdf", "document", "font")


def assets(count: int) -> tuple[AssetRecord, ...]:
    return tuple(
        AssetRecord(
            AssetSource(path := f"Photos/{at // 50:04d} reportage été/DSC_{at:06d} développée.jpg", f"assets/{path}"),
            EntryRecord(f"assets/{path}", 1_000_000 + at, f"{at:064x}", Role.ASSET),
            dt.datetime(2026, 1 + at % 12, 1 + at % 28, tzinfo=dt.UTC),
            AssetProperties(KINDS[at % 5], 6000 - at % 97, 4000 - at % 89),
        )
        for at in range(count)
    )


def big(count: int) -> RenderInput:
    notes = tuple(
        AssetRow(
            path=f"Photos/{at:04d} reportage été",
            owner="Le Goff",
            licence="Contrat C-2022-017, article 8",
            transferable=YesNo.YES,
            rights="Web et imprimés, sans limite de durée ni de territoire, avec mention de l'auteur",
            note=f"Reportage {at}, négatifs chez le photographe",
        )
        for at in range(count // 50 + 1)
    )
    made: RenderInput = given("inventory", "fr", project=project("fr", asset_notes=notes), assets=assets(count))
    return made


Sheets = list[tuple[str, list[list[Any]], dict[tuple[int | None, int | None], str]]]


def same_cells(data: bytes) -> Sheets:
    """The values of a workbook by sheet, as plain rows, and its links."""
    import openpyxl

    sheets: Sheets = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        links = {
            (cell.row, cell.column): cell.hyperlink.target
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink and cell.hyperlink.target
        }
        sheets.append((sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)], links))
    return sheets


def plainly(sheets: Sheets, *, dressed: bool) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    wrapped = Alignment(wrap_text=True, vertical="top")
    for title, rows, links in sheets:
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row, start=1):
                cell = sheet.cell(number, at)
                cell.value = value
                if isinstance(value, str):
                    # Otherwise what begins with "=" would become a formula.
                    cell.data_type = "s"
                if dressed:
                    cell.alignment = wrapped
                    if target := links.get((number, at)):
                        cell.hyperlink = target
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dressed", action="store_true", help="openpyxl wraps cells and sets links as well")
    options = parser.parse_args()
    source = big(options.rows)
    sheets = same_cells(render(source))
    cells = sum(value is not None for _, rows, _ in sheets for value in itertools.chain.from_iterable(rows))
    actions = {"ours": lambda: render(source), "openpyxl": lambda: plainly(sheets, dressed=options.dressed)}
    times: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(options.rounds):
        for name in sorted(actions, reverse=bool(number % 2)):
            start = time.process_time()
            actions[name]()
            times[name].append(time.process_time() - start)
    ratios = [ours / theirs for ours, theirs in zip(times["ours"], times["openpyxl"], strict=True)]
    kind = "dressed" if options.dressed else "bare"
    print(f"{platform.python_implementation()} {platform.python_version()}; {options.rows:,} files, {cells:,} cells")
    print(f"ours              {statistics.median(times['ours']):6.2f} s of CPU")
    print(f"openpyxl, {kind:7} {statistics.median(times['openpyxl']):6.2f} s of CPU")
    print(f"ratio             {statistics.median(ratios):6.2f}   ({min(ratios):.2f}–{max(ratios):.2f}; goal: ≤ 1.30)")
    print(f"peak memory       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB, both in one process")


if __name__ == "__main__":
    main()
