"""The project's table of metrics with an import in it: new and changed values, and every other byte as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.importers.metrics.merge import Merge
from handover.importers.metrics.table_edit import edited
from handover.languages.registry import ours
from handover.model.errors import OutputError
from handover.model.rows import MetricRow
from handover.project.check.tables import read_rows
from handover.project.read.csv_table import read_csv


def row(day: str, metric: str, value: str, **more: object) -> MetricRow:
    return MetricRow.model_validate({"date": day, "metric": metric, "value": value, **more})


def rows_of(content: bytes) -> list[MetricRow]:
    table, findings = read_csv(content, "data/metrics.csv", "metrics")
    assert findings == []
    assert table is not None
    found = [located.value for located in read_rows(table, MetricRow, findings)]
    assert findings == []
    return found


def after(content: str | bytes, *added: MetricRow, changed: tuple[tuple[MetricRow, MetricRow], ...] = ()) -> str:
    given_bytes = content.encode() if isinstance(content, str) else content
    return edited(given_bytes, "data/metrics.csv", Merge(added, changed, 0), ours()).decode()


LONG = "date,metric,value\n2026-01,leads,12\n"
FRENCH = "mois;indicateur;valeur\n2026-01;leads;12,5\n2025-12;leads;11\n"


@pytest.mark.parametrize(
    ("content", "added", "expected"),
    [
        pytest.param(LONG, [("2026-02", "leads", "13.5")], "2026-02,leads,13.5\n", id="English, with commas"),
        pytest.param(FRENCH, [("2026-02", "leads", "13.5")], "2026-02;leads;13,5\n", id="French, with decimal commas"),
        pytest.param(LONG.replace(",", "\t"), [("2026-02", "leads", "1")], "2026-02\tleads\t1\n", id="tabs"),
        pytest.param("\ufeff" + LONG, [("2026-02", "leads", "1")], "2026-02,leads,1\n", id="a byte order mark"),
        pytest.param(LONG.rstrip("\n"), [("2026-02", "leads", "1")], "\n2026-02,leads,1\n", id="no last line end"),
        pytest.param(LONG.replace("\n", "\r\n"), [("2026-02", "leads", "1")], "2026-02,leads,1\r\n", id="CRLF"),
        pytest.param(LONG.replace("2026-01", "2026-01-01"), [("2026-02", "leads", "1")], "2026-02-01,leads,1\n",
                     id="months written as first days"),
        pytest.param(LONG, [("2026-02-01", "leads", "1"), ("2026-02-02", "leads", "2")],
                     "2026-02-01,leads,1\n2026-02-02,leads,2\n", id="days are days"),
        pytest.param("value,metric,date\n12,leads,2026-01\n", [("2026-02", "leads", "1")], "1,leads,2026-02\n",
                     id="columns in another order"),
        pytest.param(LONG, [("2026-02", "leads", "1.125")], "2026-02,leads,1.1250\n",
                     id="three decimals can't be taken for a group"),
        pytest.param(FRENCH, [("2026-02", "leads", "1.125")], "2026-02;leads;1,1250\n", id="nor with a comma"),
        pytest.param("mois,indicateur,valeur\n2026-01,leads,\"12,5\"\n", [("2026-02", "leads", "1.5")],
                     '2026-02,leads,"1,5"\n', id="a decimal comma between commas is quoted"),
    ],
)  # fmt: skip
def test_new_rows_are_written_as_the_table_writes_its_own(
    content: str, added: list[tuple[str, str, str]], expected: str
) -> None:
    made = after(content, *(row(*cells) for cells in added))
    assert made == content + expected
    assert [(r.date, r.metric, r.value) for r in rows_of(made.encode())][-len(added) :] == [
        (r.date, r.metric, r.value) for r in (row(*cells) for cells in added)
    ]


def test_a_changed_value_changes_its_cell_alone() -> None:
    content = 'metric,note_of_ours,date,value,source\n"leads",x,2026-01,"1,200",CRM\nvisitors,y,2026-01,7,\n'
    content = content.replace(",note_of_ours", "").replace(",x", "").replace(",y", "")
    old = row("2026-01", "leads", "1200", source="CRM")
    made = after(content, changed=((old, row("2026-01", "leads", "1250")),))
    assert made == "metric,date,value,source\nleads,2026-01,1250,CRM\nvisitors,2026-01,7,\n"


def test_the_day_of_export_of_a_replaced_value_goes_with_it() -> None:
    content = "date,metric,value,exported_on\n2026-01,leads,12,2026-01-20\n"
    old = row("2026-01", "leads", "12", exported_on="2026-01-20")
    assert after(content, changed=((old, row("2026-01", "leads", "31")),)).splitlines()[1] == "2026-01,leads,31,"


@pytest.mark.parametrize(
    ("content", "header"),
    [
        pytest.param(LONG, "date,metric,value,source,exported_on", id="English"),
        pytest.param(FRENCH, "mois;indicateur;valeur;source;exporté le", id="French"),
    ],
)
def test_a_column_that_lacks_is_added_in_the_tables_language(content: str, header: str) -> None:
    made = after(content, row("2026-02", "leads", "13", source="GA4", exported_on="2026-02-20"))
    assert made.splitlines()[0] == header
    assert [(r.source, r.exported_on) for r in rows_of(made.encode())][-1] == ("GA4", dt.date(2026, 2, 20))


WIDE = "month,visitors,leads\n2026-01,700,12\n2026-02,710,13\n"
ACROSS = "metric;2026-01;2026-02\nvisitors;700;710\nleads;12;13\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(WIDE, "month,visitors,leads,orders\n2026-01,700,12,\n2026-02,710,13,\n2026-03,,14,5\n", id="down"),
        pytest.param(
            ACROSS, "metric;2026-01;2026-02;2026-03\nvisitors;700;710;\nleads;12;13;14\norders;;;5\n", id="across"
        ),
    ],
)
def test_a_wide_table_stays_wide(content: str, expected: str) -> None:
    made = after(content, row("2026-03", "leads", "14"), row("2026-03", "orders", "5"))
    assert made == expected
    assert {(r.metric, r.value) for r in rows_of(made.encode()) if r.date.month == 3} == {("leads", 14), ("orders", 5)}


def test_a_wide_tables_value_is_replaced_in_its_place() -> None:
    pair = (row("2026-02", "leads", "13"), row("2026-02", "leads", "15"))
    assert after(WIDE, changed=(pair,)) == WIDE.replace("710,13", "710,15")


def test_a_wide_table_has_no_place_for_the_day_of_export() -> None:
    with pytest.raises(OutputError, match="no column for the day of export"):
        after(WIDE, row("2026-03", "leads", "14", exported_on="2026-03-20"))


NUMBERS = st.decimals(-(10**6), 10**6, places=3) | st.decimals(0, 100, places=1) | st.integers(0, 10**6).map(Decimal)


@given(st.lists(NUMBERS, min_size=1, max_size=6), NUMBERS, st.sampled_from([(",", "."), (";", ","), ("\t", ".")]))
def test_what_is_written_is_read_back(values: list[Decimal], more: Decimal, style: tuple[str, str]) -> None:
    delimiter, mark = style
    lines = [
        f"2025-{at:02d}{delimiter}leads{delimiter}{value:f}0".replace(".", mark)
        if value % 1
        else f"2025-{at:02d}{delimiter}leads{delimiter}{value:f}".partition(".")[0]
        for at, value in enumerate(values, 1)
    ]
    content = "\n".join([delimiter.join(["date", "metric", "value"]), *lines]) + "\n"
    made = edited(content.encode(), "data/metrics.csv", Merge((row("2026-01", "leads", f"{more:f}"),), (), 0), ours())
    assert [r.value for r in rows_of(made)] == [*values, more]
