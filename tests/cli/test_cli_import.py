"""`handover import metrics`: rows are added, changes are named and kept back, and nothing is written on a fault."""

import json

import pytest

from building import make_project
from handover.cli import run

WIDE = "date,visitors,Newsletter readers\n2026-03-01,1200,640\n2026-04-01,1300,655\n"


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


@pytest.fixture
def said(capfd):
    def execute(*words):
        capfd.readouterr()
        status = run([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out + err

    return execute


def export(tmp_path, text=WIDE):
    path = tmp_path / "export-2026-05-02.csv"
    path.write_text(text, encoding="utf-8")
    return path


def table(root):
    return (root / "data" / "metrics.csv").read_text(encoding="utf-8")


def test_new_values_are_added_with_their_source_and_day(root, tmp_path, said):
    before = table(root).count("\n")
    status, text = said("import", "metrics", export(tmp_path), "--project", root)
    assert status == 0, text
    assert "4 added" in text
    lines = table(root).splitlines()
    assert table(root).count("\n") == before + 4
    assert any(line.startswith("2026-03-01,visitors,1200,") and line.endswith("2026-05-02") for line in lines)
    assert any(line.startswith("2026-04-01,newsletter_readers,655,") for line in lines)
    assert run(["validate", str(root)]) == 0


def test_columns_are_known_by_the_metrics_names_in_the_projects_language(root, tmp_path, said):
    settings = (root / "handover.yaml").read_text(encoding="utf-8").replace("language: en", "language: fr")
    (root / "handover.yaml").write_text(settings, encoding="utf-8")
    status, text = said(
        "import", "metrics", export(tmp_path, "Mois,Demandes de contact\n2026-03,12\n"), "--project", root
    )
    assert status == 0, text
    assert "2026-03-01,leads,12," in table(root)


@pytest.mark.parametrize(
    ("text", "words", "said_so"),
    [
        pytest.param("Month,Mystery\n2031-01,5\n", ["--metric", "Mystery=Nicht Gut"], "can't be a metric", id="a name"),
        pytest.param(f"Month,Leads\n2031-01,{'9' * 20}\n", [], "too many digits", id="a number"),
    ],
)
def test_what_the_table_cant_hold_is_refused_with_a_sentence(root, tmp_path, said, text, words, said_so):
    before = table(root)
    status, output = said("import", "metrics", export(tmp_path, text), "--project", root, *words)
    assert status != 0
    assert said_so in output
    assert "fault of handover" not in output
    assert table(root) == before


def test_a_misspelt_column_is_refused_and_nothing_imported(root, tmp_path, said):
    before = table(root)
    file = export(tmp_path, "Month,Visitors,Quote requests\n2031-01,700,5\n")
    status, text = said("import", "metrics", file, "--project", root, "--metric", "Quote request=leads")
    assert (status, table(root)) == (2, before)
    assert f"{file.name} has no column 'Quote request'" in text
    assert "its columns: Visitors, Quote requests" in text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Month,Quote requests\n2031-01,5\n", id="months down"),
        pytest.param("KPI,2031-01,2031-02\nQuote requests,5,6\n", id="months across"),
        pytest.param("date,metric,value\n2031-01,Quote requests,5\n2031-01,visitors,7\n", id="a value a row"),
    ],
)
def test_a_column_is_named_in_any_shape_and_case(root, tmp_path, said, text):
    status, output = said(
        "import", "metrics", export(tmp_path, text), "--project", root, "--metric", "quote REQUESTS=leads"
    )
    assert status == 0, output
    assert "2031-01-01,leads,5," in table(root)


def test_a_source_with_a_tab_is_a_line_in_the_table(root, tmp_path, said):
    text = "date,metric,value,source\n2031-01,leads,5,a\tb\n"
    assert said("import", "metrics", export(tmp_path, text), "--project", root)[0] == 0
    assert "2031-01-01,leads,5,a b," in table(root)


def test_importing_twice_changes_nothing_more(root, tmp_path, said):
    assert said("import", "metrics", export(tmp_path), "--project", root)[0] == 0
    before = table(root)
    status, text = said("import", "metrics", export(tmp_path), "--project", root)
    assert (status, table(root)) == (0, before)
    assert "4 as before" in text


def test_a_value_that_would_change_is_named_and_kept(root, tmp_path, said):
    assert said("import", "metrics", export(tmp_path), "--project", root)[0] == 0
    before = table(root)
    changed = export(tmp_path, WIDE.replace("1200", "1250"))
    status, text = said("import", "metrics", changed, "--project", root)
    assert (status, table(root)) == (1, before)
    assert "visitors 2026-03-01: 1200 would become 1250" in text
    assert said("import", "metrics", changed, "--project", root, "--replace")[0] == 0
    assert "2026-03-01,visitors,1250," in table(root)


def test_a_dry_run_writes_nothing(root, tmp_path, capfd):
    before = table(root)
    capfd.readouterr()
    assert run(["import", "metrics", str(export(tmp_path)), "--project", str(root), "--dry-run", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["added"] == 4
    assert table(root) == before


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        pytest.param(["nowhere.csv"], 2, "no such file", id="a file that isn't there"),
        pytest.param(["{export}", "--metric", "visitors"], 2, "COLUMN=METRIC", id="a pair without an equals sign"),
        pytest.param(["{export}", "--format", "excel97"], 2, "there is no format", id="an unknown format"),
    ],
)
def test_wrong_usage_is_explained(root, tmp_path, said, words, status, message):
    given = [word.replace("{export}", str(export(tmp_path))) for word in words]
    found, text = said("import", "metrics", *given, "--project", root)
    assert found == status
    assert message in text


def test_a_fault_in_the_projects_table_stops_the_import(root, tmp_path, said):
    path = root / "data" / "metrics.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2026-13-01,visitors,1\n", encoding="utf-8")
    before = table(root)
    status, text = said("import", "metrics", export(tmp_path), "--project", root)
    assert (status, table(root)) == (1, before)
    assert "correct data/metrics.csv first" in text
