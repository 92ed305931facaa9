"""`handover import metrics`: rows are added, changes are named and kept back, and nothing is written on a fault."""

import pytest

from building import make_project
from handover.cli import run
from messy_folders import cii, pdf

WIDE = "date,visitors,Newsletter readers\n2026-03-01,1200,640\n2026-04-01,1300,655\n"


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "acme")


def export(tmp_path, text=WIDE):
    path = tmp_path / "export-2026-05-02.csv"
    path.write_text(text, encoding="utf-8")
    return path


def table(root):
    return (root / "data" / "metrics.csv").read_text(encoding="utf-8")


def test_new_values_are_added_and_the_rest_is_as_it_was(root, tmp_path, said):
    before = table(root)
    status, text = said("import", "metrics", export(tmp_path), "--project", root)
    assert status == 0, text
    assert "4 added" in text
    assert table(root).startswith(before)
    assert "\n2026-03,visitors,1200,\n" in table(root)
    assert table(root).endswith("\n2026-04,newsletter_readers,655,\n2026-03,visitors,1200,\n2026-04,visitors,1300,\n")
    assert run(["validate", str(root)]) == 0


def test_a_date_in_the_files_name_is_a_question_and_no_day_of_export(root, tmp_path, said):
    file = export(tmp_path, WIDE).rename(tmp_path / "export-2026-04-20.csv")
    status, text = said("import", "metrics", file, "--project", root)
    assert status == 0
    assert "if it was exported then, 2026-04 isn't whole" in text
    assert "exported_on" not in table(root)
    assert said("import", "metrics", file, "--project", root, "--exported-on", "2026-04-20")[0] == 0


def test_columns_are_known_by_the_metrics_names_in_the_projects_language(root, tmp_path, said):
    settings = (root / "handover.yaml").read_text(encoding="utf-8").replace("language: en", "language: fr")
    (root / "handover.yaml").write_text(settings, encoding="utf-8")
    status, text = said(
        "import", "metrics", export(tmp_path, "Mois,Demandes de contact\n2026-03,12\n"), "--project", root
    )
    assert status == 0, text
    assert "\n2026-03,leads,12,\n" in table(root)


def test_a_table_in_a_language_of_the_projects_own_is_read_and_added_to(root, tmp_path, said):
    assert said("templates", "new-language", "es", "--project", root)[0] == 0
    words = root / "templates/es/language.toml"
    of_table = '[tables.metrics]\ndate = "date"\nmetric = "metric"\n'
    text = words.read_text(encoding="utf-8")
    assert of_table in text
    own = of_table.replace('"date"', '"fecha"').replace('"metric"', '"medida"')
    words.write_text(text.replace(of_table, own), encoding="utf-8")
    settings = (root / "handover.yaml").read_text(encoding="utf-8").replace("language: en", "language: es")
    (root / "handover.yaml").write_text(settings, encoding="utf-8")
    (root / "data/metrics.csv").write_text("fecha,medida,value\n2026-02,visitors,10\n", encoding="utf-8")
    status, text = said("import", "metrics", export(tmp_path, "date,visitors\n2026-03,12\n"), "--project", root)
    assert status == 0, text
    assert table(root) == "fecha,medida,value\n2026-02,visitors,10\n2026-03,visitors,12\n"


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
    assert "\n2031-01,leads,5,\n" in table(root)


def test_a_source_with_a_tab_is_a_line_in_the_table(root, tmp_path, said):
    text = "date,metric,value,source\n2031-01,leads,5,a\tb\n"
    assert said("import", "metrics", export(tmp_path, text), "--project", root)[0] == 0
    assert "\n2031-01,leads,5,a b\n" in table(root)


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
    assert "\n2026-03,visitors,1250,\n" in table(root)


def test_a_dry_run_writes_nothing(root, tmp_path, said):
    before = table(root)
    status, text = said("import", "metrics", export(tmp_path), "--project", root, "--dry-run")
    assert (status, "4 added" in text) == (0, True)
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


GOOGLE = 'Campaign report\n"January 1, 2031 - January 31, 2031"\nCampaign,Impr.,Clicks,Cost\nBrand,1000,100,1000.00\n'
META = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Link clicks\n2031-01-01,2031-01-31,A,500,89\n"


@pytest.mark.parametrize("words", [[], ["--replace"]], ids=["plainly", "with --replace"])
def test_one_tools_spending_never_replaces_anothers(root, tmp_path, said, words):
    settings = (root / "handover.yaml").read_text(encoding="utf-8")
    (root / "handover.yaml").write_text(settings + "  currency: EUR\n", encoding="utf-8")
    for name, text in (("g.csv", GOOGLE), ("m.csv", META)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert said("import", "metrics", tmp_path / "g.csv", "--project", root)[0] == 0
    before = table(root)
    status, text = said("import", "metrics", tmp_path / "m.csv", "--project", root, *words)
    assert (status, table(root)) == (1, before)
    assert '--metric "Amount spent (EUR)=meta_spend"' in text
    assert "--replace" not in text
    named = ["--metric", "Amount spent (EUR)=meta_spend", "--metric", "Link clicks=meta_clicks"]
    assert said("import", "metrics", tmp_path / "m.csv", "--project", root, *named)[0] == 0
    assert "2031-01,ad_spend,1000.00,Google Ads\n" in table(root)
    assert "2031-01,meta_spend,500,Meta Ads\n" in table(root)


def test_the_hint_for_a_value_that_would_change_names_both_ways(root, tmp_path, said):
    assert said("import", "metrics", export(tmp_path, "Month,Ad spend\n2031-01,1000\n"), "--project", root)[0] == 0
    status, text = said("import", "metrics", export(tmp_path, "Month,Ad spend\n2031-01,500\n"), "--project", root)
    assert status == 1
    assert "if these are the same figures, corrected, import again with --replace" in text
    assert 'those of another tool, account or shop add to them or stand beside them: --metric "Ad spend=' in text


@pytest.mark.parametrize(("words", "expected"), [(["--day-first"], "2031-03"), (["--month-first"], "2031-01-03")])
def test_which_number_is_the_day_is_said_by_the_user(root, tmp_path, said, words, expected):
    file = export(tmp_path, "date,leads\n01/03/2031,5\n")
    assert "--day-first or --month-first" in said("import", "metrics", file, "--project", root)[1]
    assert said("import", "metrics", file, "--project", root, *words)[0] == 0
    assert f"\n{expected},leads,5,\n" in table(root)


def test_the_settings_say_what_a_metric_is(root, tmp_path, said):
    settings = (root / "handover.yaml").read_text(encoding="utf-8")
    own = "  ours: {label: Ours, unit: percent}\n  revenue: {currency: USD}\nreport:\n"
    (root / "handover.yaml").write_text(settings.replace("report:\n", own, 1), encoding="utf-8")
    command = ("import", "metrics", export(tmp_path, "month;ours;revenue\n2031-01;0.02;$5\n"), "--project", root)
    status, text = said(*command)
    assert status == 1
    assert "ours: no value is above 1" in text
    assert said(*command, "--percentages")[0] == 0


def test_a_french_table_stays_one(root, tmp_path, said):
    content = "\ufeffmois;indicateur;valeur\r\n2026-02;visitors;9544\r\n2025-12;newsletter_readers;1210,5\r\n"
    (root / "data" / "metrics.csv").write_bytes(content.encode())
    assert said("import", "metrics", export(tmp_path, "Month,Visitors\n2026-03,12.5\n"), "--project", root)[0] == 0
    assert (root / "data" / "metrics.csv").read_bytes() == (content + "2026-03;visitors;12,5\r\n").encode()


def test_a_plain_tables_unknown_columns_are_asked_once_for_all_clients(root, tmp_path, said, monkeypatch):
    (tmp_path / "agency.yaml").write_text("agency: {}\n", encoding="utf-8")
    text = "date,visitors,Lecteurs,Stand\n2026-03-01,1200,640,1\n2026-04-01,1300,655,2\n"
    answers = iter(["!", "newsletter readers", "-"])
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    status, told = said("import", "metrics", export(tmp_path, text), "--project", root)
    assert (status, "begin it with a letter" in told, "not taken: Stand" in told) == (0, True, True)
    assert "\n2026-04,newsletter_readers,655,\n" in table(root)
    kept = (tmp_path / "columns.csv").read_text(encoding="utf-8")
    assert kept == "column,metric\nlecteurs,newsletter_readers\nstand,-\n"
    (root / "data" / "metrics.csv").write_text("date,metric,value\n", encoding="utf-8")
    assert said("import", "metrics", export(tmp_path, text), "--project", root)[0] == 0  # and nobody is asked
    assert "\n2026-04-01,newsletter_readers,655\n" in table(root)


# Invoices

XML = cii("2026-031", "20260401", "20260430", "1200.00", "Acme Bakery Ltd", currency="EUR")
TEXT = (
    "INVOICE No. 2026-032\nBill to: Acme Bakery Ltd\nInvoice date: 2 May 2026\nDue date: 1 June 2026\nTotal due: €90.50"
)


def test_invoices_are_added_from_xml_from_pdfs_and_from_text_each_once(root, tmp_path, said):
    there = (root / "data" / "invoices.csv").read_text(encoding="utf-8")
    files = {"a.pdf": pdf("FACTURE", attached=XML), "a.xml": XML, "b.pdf": pdf(TEXT), "c.txt": TEXT.encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    dry = said("import", "invoices", *(tmp_path / name for name in files), "--project", root, "--dry-run")
    assert dry == (0, "data/invoices.csv: 2 invoices added (nothing written: --dry-run)\n")
    status, text = said("import", "invoices", *(tmp_path / name for name in files), "--project", root)

    assert (status, text.splitlines()[0]) == (0, "data/invoices.csv: 2 invoices added")
    added = (root / "data" / "invoices.csv").read_text(encoding="utf-8").removeprefix(there).splitlines()
    assert [[part for part in line.split(",") if part] for line in added] == [
        ["2026-031", "2026-04-01", "2026-04-30", "1200.00", "EUR"],
        ["2026-032", "2026-05-02", "2026-06-01", "90.50", "EUR"],
    ]
    assert "one was there already" in said("import", "invoices", tmp_path / "b.pdf", "--project", root)[1]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(XML.replace(b"Acme Bakery Ltd", b"Brook Farm Ltd"), "isn't to this client", id="another client's"),
        pytest.param(b"Minutes of the meeting", "no invoice can be read in it", id="no invoice"),
        pytest.param(b"<invoice", "no invoice can be read in it", id="broken XML"),
        pytest.param(pdf(TEXT.replace("Total due: €90.50", "")), "its dates or its total", id="no total"),
        pytest.param(TEXT.replace("Due date: 1 June 2026", "").encode(), "its dates or its total", id="not due"),
        pytest.param(TEXT.replace("€", "$").encode(), "doesn't say in which currency", id="dollars"),
        pytest.param(TEXT.replace("90.50", "90.05").encode(), "says something else in", id="two sums"),
    ],
)
def test_of_several_invoices_none_is_added_where_one_cannot_be(root, tmp_path, said, content, why):
    there = (root / "data" / "invoices.csv").read_bytes()
    (tmp_path / "good.pdf").write_bytes(pdf(TEXT))
    (tmp_path / "other").write_bytes(content)
    status, text = said("import", "invoices", tmp_path / "good.pdf", tmp_path / "other", "--project", root)

    assert status == 1
    assert "one file can't be added" in text
    assert why in " ".join(text.split())
    assert (root / "data" / "invoices.csv").read_bytes() == there


def test_an_invoice_that_says_otherwise_than_the_table_changes_nothing_and_a_paid_one_is_told(root, tmp_path, said):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert said("import", "invoices", tmp_path / "a.txt", "--project", root)[0] == 0
    (tmp_path / "a.txt").write_text(TEXT.replace("90.50", "95.00"), encoding="utf-8")
    status, text = said("import", "invoices", tmp_path / "a.txt", "--project", root)
    assert (status, "is about 95.00" in text, "has 90.50" in text) == (1, True, True)

    (tmp_path / "a.txt").write_text(f"{TEXT}\nPaid on 3 June 2026", encoding="utf-8")
    assert "one says that it was paid" in said("import", "invoices", tmp_path / "a.txt", "--project", root)[1]
