"""Every line of the registry of formats: its name, its words, and that it knows its own files and no other's."""

import pytest

from building import isolate
from handover.cli import run
from handover.importers import credentials, metrics
from handover.importers.registry import TABLES

LINES = [pytest.param(table, line, id=f"{table} {line.name}") for table, lines in TABLES.items() for line in lines]

METRICS = {
    "ga4.csv": (b"# Start date: 20240601\n# End date: 20240630\nDate,Sessions\n20240601,5\n", "ga4"),
    "ads.csv": (b"Report\nJune 1, 2024 - June 30, 2024\nDay,Clicks,Impr.\n2024-06-01,5,9\n", "google-ads"),
    "meta.csv": (
        (
            b"Campaign name,Day,Impressions,Link clicks,Reporting starts,Reporting ends\n"
            b"A,2024-06-01,9,5,2024-06-01,2024-06-30\n"
        ),
        "meta-ads",
    ),
    "own.csv": (b"month,leads\n2024-06,12\n", "generic"),
}


@pytest.mark.parametrize(("table", "line"), LINES)
def test_a_format_says_what_it_is_and_how_one_gets_such_a_file(table, line) -> None:
    assert line.name == line.name.lower().replace(" ", "-")
    assert line.help.strip()
    assert line.extensions
    assert all(one == one.lower().strip(".") for one in line.extensions)


@pytest.mark.parametrize("table", TABLES)
def test_no_two_formats_of_a_table_share_a_name(table) -> None:
    names = [line.name for line in TABLES[table]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("file", "content", "name"), [(file, *given) for file, given in METRICS.items()])
def test_the_first_format_that_knows_a_file_is_its_own(file, content, name) -> None:
    assert next(one for one in metrics.IMPORTERS if one.recognises(content, file)).name == name
    assert metrics.import_metrics(content, file).format == name


@pytest.mark.parametrize("known", credentials.CSV_FORMATS, ids=lambda known: known.name)
def test_a_header_with_a_formats_own_columns_is_that_formats(known) -> None:
    assert credentials.recognise(sorted(known.needs)) is known


def test_every_format_is_listed_with_its_help(capsys, monkeypatch, tmp_path) -> None:
    isolate(monkeypatch, tmp_path)
    assert run(["import", "--formats"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for lines in TABLES.values():
        for line in lines:
            assert " ".join(line.help.split()) in said
