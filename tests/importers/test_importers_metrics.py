"""Exports of other programs, in the shape of each format with its quirks, become rows or findings."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.importers.metrics import IMPORTERS, import_metrics
from handover.importers.metrics.base import Imported, ImportedRow, Options
from handover.importers.metrics.merge import merge
from handover.languages.registry import language
from handover.model.errors import Severity, UsageError
from handover.model.rows import MetricRow
from handover.project.adding import in_csv
from handover.project.read.dates import read_dates, read_range


def values(made: Imported) -> dict[str, list[tuple[str, str]]]:
    """Metric → (ISO date, plain value), as imported."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in made.rows:
        text = format(row.value.normalize(), "f")
        found.setdefault(row.metric, []).append((row.date.isoformat(), text))
    return found


def rules(made: Imported) -> list[str]:
    return [finding.rule for finding in made.findings]


def read(text: str, file: str = "export.csv", options: Options | None = None, encoding: str = "utf-8") -> Imported:
    return import_metrics(text.encode(encoding), file, options)


def archive(members: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return stream.getvalue()


# Google Analytics 4

GA4 = """# ----------------------------------------
# Traffic acquisition
# Account: Dunes
# Property: Dunes shop
# ----------------------------------------
#\x20
# All Users
# Start date: 20240601
# End date: 20240603
Nth day,Total users,Sessions,Engagement rate,Key events
0000,100,120,0.625,3
0001,110,130,0.5,4
0002,90,100,0.71,5
,300,350,0.61,12

# ----------------------------------------
# Start date: 20240701
# End date: 20240702
Nth day,Total users,Sessions,Engagement rate,Key events
0000,50,60,0.25,1
0001,55,65,0.3,2
Grand total,105,125,0.28,3
"""


def test_ga4_counts_nth_days_from_each_blocks_start() -> None:
    made = read(GA4)
    assert made.format == "ga4"
    assert values(made)["visitors"] == [
        ("2024-06-01", "100"), ("2024-06-02", "110"), ("2024-06-03", "90"), ("2024-07-01", "50"), ("2024-07-02", "55"),
    ]  # fmt: skip
    assert made.findings == ()


def test_ga4_rates_become_percent_and_totals_are_left_out() -> None:
    assert values(read(GA4))["engagement_rate"][:2] == [("2024-06-01", "62.5"), ("2024-06-02", "50")]


def test_ga4_key_events_are_a_metric_only_when_the_user_says_so() -> None:
    assert read(GA4).unused == ("Key events",)
    made = read(GA4, options=Options(metrics={"key events": "leads"}))
    assert [value for _, value in values(made)["leads"]] == ["3", "4", "5", "1", "2"]


def test_ga4_rows_keep_their_place_and_nothing_is_taken_from_the_files_name() -> None:
    made = read(GA4, "data-2024-07-03.csv")
    first = made.rows[0]
    assert (first.source, first.exported_on) == ("GA4", None)
    assert str(made.rows[-1].location).startswith("data-2024-07-03.csv:")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="with CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="with a byte order mark"),
        pytest.param(
            lambda text: "\n".join(f"{line},,,," if line.startswith("#") else line for line in text.split("\n")),
            id="with the commas that Excel adds to comments",
        ),
    ],
)
def test_ga4_is_the_same(change) -> None:
    assert values(read(change(GA4))) == values(read(GA4))


GA4_HEAD = "# Start date: {start}\n# End date: {end}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Date,Sessions\n20240601,10\n20240602,11\n",
            {"sessions": [("2024-06-01", "10"), ("2024-06-02", "11")]},
            id="a column Date",
        ),
        pytest.param(
            "Year month,Sessions\n202405,10\n202406,11\n",
            {"sessions": [("2024-05-01", "10"), ("2024-06-01", "11")]},
            id="a column Year month",
        ),
        pytest.param(
            "Nth month,Sessions\n0000,10\n",
            {"sessions": [("2024-06-01", "10")]},
            id="months counted from the start",
        ),
        pytest.param(
            "Session primary channel group (Default Channel Group),Sessions,Total users\n,30,25\n"
            "Organic,20,15\nDirect,10,12\n",
            {"sessions": [("2024-06-01", "30")], "visitors": [("2024-06-01", "25")]},
            id="a table by channel of one month gives its total",
        ),
        pytest.param(
            "Date,Session default channel group,Sessions\n20240601,Organic,7\n20240601,Direct,3\n",
            {"sessions": [("2024-06-01", "10")]},
            id="channels of a day are added up",
        ),
        pytest.param(
            "Date,Active users,Date range\n20240601,5,x\n",
            {"visitors": [("2024-06-01", "5")]},
            id="Active users is a later name of users",
        ),
    ],
)
def test_ga4_blocks(text: str, expected: dict[str, list[tuple[str, str]]]) -> None:
    made = read(GA4_HEAD.format(start="20240601", end="20240630") + text)
    assert values(made) == expected


@pytest.mark.parametrize(
    ("head", "text", "rule"),
    [
        pytest.param(
            ("20240601", "20240715"),
            "Channel,Sessions\n,30\nOrganic,30\n",
            "import.no-dates",
            id="a table by channel of six weeks has no month",
        ),
        pytest.param(
            ("20240601", "20240630"),
            "Channel,Sessions\nOrganic,30\n",
            "import.no-total",
            id="a table by channel without its total",
        ),
        pytest.param(
            ("20240601", "20240630"),
            "Nth day,Sessions,Date range\n0000,5,June\n0000,4,May\n",
            "import.two-ranges",
            id="two ranges compared",
        ),
        pytest.param(
            ("20240601", "20240630"),
            "Date,Channel,Total users\n20240601,a,3\n20240601,b,4\n",
            "import.not-additive",
            id="people by channel can't be added up",
        ),
        pytest.param(("20240601", "20240630"), "Date,Sessions\nsoon,3\n", "import.date", id="a date that isn't one"),
        pytest.param(
            ("20240601", "20240630"), "Date,Sessions\n20240701,3\n", "import.outside", id="a day after its range"
        ),
        pytest.param(("20240601", "20240630"), "Date,Sessions\n20240531,3\n", "import.outside", id="a day before it"),
    ],
)
def test_ga4_finds(head: tuple[str, str], text: str, rule: str) -> None:
    assert rule in rules(read(GA4_HEAD.format(start=head[0], end=head[1]) + text))


def test_ga4_counts_months_and_leaves_out_those_that_its_range_cuts() -> None:
    text = GA4_HEAD.format(start="20240615", end="20240812") + "Nth month,Sessions\n0000,10\n0001,11\n0002,4\n"
    made = read(text)
    assert values(made) == {"sessions": [("2024-07-01", "11")]}
    assert [(finding.rule, str(finding.location)) for finding in made.findings] == [
        ("import.cut-month", "export.csv:4:1"), ("import.cut-month", "export.csv:6:1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        pytest.param("Nth day,Sessions\n99999999999,3\n", "import.date", "4:1", id="a day that no calendar has"),
        pytest.param("Nth month,Sessions\n99999,3\n", "import.date", "4:1", id="a month past the file's range"),
        pytest.param("Nth day,Sessions\n0030,3\n", "import.date", "4:1", id="a day past the file's range"),
        pytest.param("Nth week,Sessions\n0000,3\n", "import.no-dates", "3:1", id="weeks, which belong to no month"),
        pytest.param("Date,Revenue\n20240601,x\n", "import.format", "4:10", id="no number"),
        pytest.param(f"Date,Sessions\n20240601,{'9' * 500}\n", "import.range", "4:10", id="a number beyond all sense"),
    ],
)
def test_ga4_names_the_cell_of(text: str, rule: str, place: str) -> None:
    made = read(
        GA4_HEAD.format(start="20240601", end="20240630") + text, options=Options(metrics={"Revenue": "revenue"})
    )
    assert [(finding.rule, str(finding.location)) for finding in made.findings if finding.rule == rule] == [
        (rule, f"export.csv:{place}")
    ]


def test_ga4_hidden_small_groups_are_no_values() -> None:
    text = GA4_HEAD.format(start="20240601", end="20240630") + "Date,Sessions\n20240601,< 10\n20240602,12\n"
    made = read(text)
    assert values(made) == {"sessions": [("2024-06-02", "12")]}
    assert [(f.rule, str(f.location), f.severity) for f in made.findings] == [
        ("import.inexact", "export.csv:4:10", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "# Based on 45% of sessions (sampled data)",
        "# Data thresholding has been applied",
        "# Données échantillonnées (45 % des sessions)",
    ],
)
def test_ga4_says_that_figures_are_estimates(comment: str) -> None:
    made = read(comment + "\n" + GA4_HEAD.format(start="20240601", end="20240630") + "Date,Sessions\n20240601,10\n")
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("import.estimate", Severity.WARNING)]
    assert comment.strip("# ") in made.findings[0].message


def test_ga4_saved_again_as_unicode_text() -> None:
    text = GA4_HEAD.format(start="20240601", end="20240630") + "Date\tSessions\n20240601\t10\n"
    made = import_metrics(("\ufeff" + text).encode("utf-16-le"), "data.csv")
    assert (made.format, values(made)) == ("ga4", {"sessions": [("2024-06-01", "10")]})


def test_ga4_in_french() -> None:
    text = (
        "# Propriété : Cidrerie – GA4\n# Date de début : 20240601\n# Date de fin : 20240630\n"
        "Date;Sessions;Taux d’engagement\n20240601;1\u202f234;0,51\n20240602;2 345;0,49\n"
    )
    made = read(text)
    assert values(made)["sessions"] == [("2024-06-01", "1234"), ("2024-06-02", "2345")]
    assert values(made)["engagement_rate"] == [("2024-06-01", "51"), ("2024-06-02", "49")]
    assert {row.source for row in made.rows} == {"GA4"}


def test_a_source_is_a_line_that_can_be_printed() -> None:
    text = f"date,metric,value,source\n2024-06-01,sessions,10,a\u0007b\u202e {'x' * 400}\n"
    source = read(text).rows[0].source
    assert source.startswith("a b xxx")
    assert len(source) == 200
    assert MetricRow(date=dt.date(2024, 6, 1), metric="sessions", value=Decimal(1), source=source).source == source


# Search Console

FRENCH = {
    "Requêtes.csv": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\ncidre,3,90,3.33%,4.1\n",
    "Pages.csv": "Pages les plus populaires,Clics,Impressions,CTR,Position\nhttps://a.example/,3,90,3.33%,4.1\n",
    "Pays.csv": "Pays,Clics,Impressions,CTR,Position\nFrance,3,90,3.33%,4.1\n",
    "Appareils.csv": "Appareil,Clics,Impressions,CTR,Position\nMobile,3,90,3.33%,4.1\n",
    "Apparence dans les résultats de recherche.csv": "Apparence,Clics,Impressions,CTR,Position\n",
    "Dates.csv": "Date,Clics,Impressions,CTR,Position\n2024-06-02,12,390,3.1%,2.36\n2024-06-01,10,400,2.5%,2.5",
    "Filtres.csv": "Filtre,Valeur\nDate,3 derniers mois\n",
}
ENGLISH = {
    "Queries.csv": "Top queries,Clicks,Impressions,CTR,Position\ncider,3,90,3.33%,4.1\n",
    "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2024-06-02,12,390,3.1%,2.36\n2024-06-01,10,400,2.5%,2.5",
    "Filters.csv": "Filter,Value\nDate,Last 3 months\n",
}


@pytest.mark.parametrize("members", [pytest.param(FRENCH, id="French"), pytest.param(ENGLISH, id="English")])
def test_search_console_takes_totals_from_the_dates(members: Mapping[str, str]) -> None:
    made = import_metrics(archive(members), "a.example-Performance-on-Search-2024-06-04.zip")
    assert (made.format, made.findings) == ("search-console", ())
    assert values(made) == {
        "average_position": [("2024-06-01", "2.5"), ("2024-06-02", "2.36")],
        "click_through_rate": [("2024-06-01", "2.5"), ("2024-06-02", "3.1")],
        "clicks": [("2024-06-01", "10"), ("2024-06-02", "12")],
        "impressions": [("2024-06-01", "400"), ("2024-06-02", "390")],
    }
    assert {row.exported_on for row in made.rows} == {None}


@pytest.mark.parametrize("name", ["Graphique.csv", "Dates.csv", "Chart.csv"])
def test_search_consoles_table_by_date_has_several_names(name: str) -> None:
    assert len(import_metrics(archive({name: ENGLISH["Chart.csv"], "Pages.csv": ""}), "x.zip").rows) == 8


@pytest.mark.parametrize(
    "header",
    ["Date,Last 3 months Clicks,Previous 3 months Clicks", "Date,3 derniers mois Clics,3 mois précédents Clics"],
)
def test_search_consoles_comparison_is_refused(header: str) -> None:
    made = import_metrics(archive({**ENGLISH, "Chart.csv": f"{header}\n2024-06-01,1,2\n"}), "x.zip")
    assert rules(made)[0] == "import.two-ranges"


@pytest.mark.parametrize("first", ["6/1/24 - 6/30/24 Clicks", "2024-06-01 - 2024-06-30 Clics"])
def test_search_consoles_comparison_of_dates_is_refused(first: str) -> None:
    made = import_metrics(archive({**ENGLISH, "Chart.csv": f"Date,{first},Clicks before\n2024-06-01,1,2\n"}), "x.zip")
    assert rules(made)[0] == "import.two-ranges"


def test_search_console_in_a_folder_of_the_zip() -> None:
    made = import_metrics(archive({f"export/{name}": text for name, text in FRENCH.items()}), "x.zip")
    assert (made.format, len(made.rows)) == ("search-console", 8)


def test_search_console_without_its_table_by_date_says_so() -> None:
    made = import_metrics(archive({"Queries.csv": ENGLISH["Queries.csv"]}), "x.zip")
    assert [finding.rule for finding in made.findings] == ["import.no-dates"]


def test_search_console_with_french_numbers() -> None:
    text = 'Date,Clics,Impressions,CTR,Position\n2024-06-02,12,"1\u202f390","3,1\u00a0%","2,36"\n'
    made = import_metrics(archive({**FRENCH, "Dates.csv": "\ufeff" + text}), "x.zip")
    assert {metric: found[0][1] for metric, found in values(made).items()} == {
        "average_position": "2.36", "click_through_rate": "3.1", "clicks": "12", "impressions": "1390",
    }  # fmt: skip


def test_a_damaged_zip_is_a_finding() -> None:
    damaged = bytearray(archive(ENGLISH))
    at = damaged.index(b"Chart.csv") + len(b"Chart.csv")
    damaged[at : at + 20] = b"\xff" * 20
    assert rules(import_metrics(bytes(damaged), "x.zip")) == ["import.no-dates"]


# Google Ads

ADS = """Campaign report
"June 1, 2024 - July 31, 2024"
Month,Campaign,Clicks,Impr.,Cost,Conversions,CTR,Currency code
Jun 2024,Search,"1,200","45,300",540.50,12.00,2.65%,EUR
Jun 2024,Brand,300,2900,60.25,--,10.34%,EUR
Jul 2024,Search,"1,100","40,000",500.00,10.00,2.75%,EUR
Total: Campaigns,,"2,600","88,200","1,100.75",22.00,2.95%,EUR
Total: Account,,"2,600","88,200","1,100.75",22.00,2.95%,EUR
"""


def test_google_ads_adds_campaigns_up_and_leaves_totals_out() -> None:
    made = read(ADS)
    assert made.format == "google-ads"
    assert values(made)["ad_spend"] == [("2024-06-01", "600.75"), ("2024-07-01", "500")]
    assert values(made)["ad_clicks"] == [("2024-06-01", "1500"), ("2024-07-01", "1100")]
    assert made.unused == ("Conversions",)
    assert {row.source for row in made.rows} == {"Google Ads"}


def test_google_ads_rates_of_several_campaigns_follow_from_what_is_added_up() -> None:
    made = read(ADS)
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("import.computed", Severity.WARNING)]
    assert "CTR isn't taken: it can't be added up" in made.findings[0].message
    assert "ad_click_through_rate" not in values(made)


def test_google_ads_rates_without_their_parts_are_an_error() -> None:
    made = read(ADS.replace(",Impr.,", ",Shown,"))
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("import.not-additive", Severity.ERROR)]


def test_google_ads_dashes_are_no_data() -> None:
    made = read(ADS, options=Options(metrics={"Conversions": "leads"}))
    assert values(made)["leads"] == [("2024-06-01", "12"), ("2024-07-01", "10")]


def test_google_ads_for_excel_is_utf16_with_tabs() -> None:
    rows = [line.split(",") for line in ADS.replace('"', "").split("\n")]
    text = "\n".join("\t".join(row) for row in rows[:2]) + "\n"
    text += "Month\tCampaign\tClicks\tImpr.\tCost\nJun 2024\tSearch\t1200\t45300\t540.50\n"
    made = import_metrics(b"\xff\xfe" + text.encode("utf-16-le"), "ads.csv")
    assert values(made)["ad_clicks"] == [("2024-06-01", "1200")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Rapport sur les campagnes\n1 juin 2024 - 30 juin 2024\nCampagne,Clics,Impr.,Coût\n"
            'Recherche,10,100,"5,50"\n'
            'Total : compte,12,120,"6,60"\n',
            {"ad_spend": "6.6", "ad_clicks": "12", "ad_impressions": "120"},
            id="the French account's total of one month",
        ),
        pytest.param(
            'Kampagnenbericht\n1. Juni 2024 - 30. Juni 2024\nKampagne,Klicks,Kosten\nSuche,10,"5,50"\n'
            'Gesamt: Konto,10,"5,50"\n',
            {"ad_spend": "5.5", "ad_clicks": "10"},
            id="the German one",
        ),
        pytest.param(
            "Campaign report\n2024-06-01 - 2024-06-30\nCampaign,Clicks\nOne,3\nTwo,4\n",
            {"ad_clicks": "7"},
            id="campaigns without a total",
        ),
    ],
)
def test_google_ads_without_months(text: str, expected: dict[str, str]) -> None:
    assert values(read(text)) == {metric: [("2024-06-01", value)] for metric, value in expected.items()}


def test_google_ads_of_two_months_without_a_column_for_them_is_a_finding() -> None:
    text = "Campaign report\n2024-06-01 - 2024-07-31\nCampaign,Clicks\nOne,3\n"
    assert "import.no-dates" in rules(read(text))


def test_google_ads_in_another_currency_is_an_error() -> None:
    made = read(ADS, options=Options(currency="GBP"))
    assert "Cost: amounts are in EUR, the metric's currency is GBP" in [finding.message for finding in made.findings]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param(
            "1 juin 2024 - 30 juin 2024\nJour;Clics\n01/06/2024;1 200\n02/06/2024;--", id="in French, by its range"
        ),
        pytest.param("01.06.2024 - 30.06.2024\nTag;Klicks\n01.06.2024;1.200\n02.06.2024;--", id="in German"),
        pytest.param("June 1, 2024 - June 30, 2024\nDay;Clicks\n6/1/2024;1,200\n6/2/2024;--", id="in American English"),
    ],
)
def test_google_ads_days_are_told_from_months(dates: str) -> None:
    made = read(f"Report\n{dates}\nTotal : compte;1 200\n")
    assert (made.format, values(made), made.findings) == ("google-ads", {"ad_clicks": [("2024-06-01", "1200")]}, ())


def test_google_ads_months_that_its_range_cuts_are_left_out() -> None:
    made = read("Report\n2024-06-15 - 2024-07-31\nMonth,Clicks\nJun 2024,10\nJul 2024,20\n")
    assert values(made) == {"ad_clicks": [("2024-07-01", "20")]}
    assert [(f.rule, str(f.location)) for f in made.findings] == [("import.cut-month", "export.csv:4:1")]


def test_google_ads_shares_below_what_is_shown_are_no_values() -> None:
    made = read("Report\n2024-06-01 - 2024-06-30\nMonth,Clicks,CTR\nJun 2024,10,< 10%\n")
    assert values(made) == {"ad_clicks": [("2024-06-01", "10")]}
    assert [finding.rule for finding in made.findings] == ["import.inexact"]


# Meta Ads


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_metas_report_as_a_workbook_is_read_as_its_csv_is() -> None:
    header = ["Nom de la campagne", "Mois", "Début des rapports", "Fin des rapports", "Impressions"]
    row = ["Noël", "2026-01-01 - 2026-01-31", dt.date(2026, 1, 1), dt.date(2026, 1, 31), 900]
    made = import_metrics(workbook(Report=[header, row]), "Report.xlsx")

    assert (made.format, [(one.metric, one.value) for one in made.rows]) == ("meta-ads", [("ad_impressions", 900)])


def test_of_a_workbook_the_one_sheet_that_is_a_table_is_read_and_of_two_none() -> None:
    table = [["Month", "Visitors"], ["2026-01", 3], ["2026-02", 4]]
    assert len(import_metrics(workbook(Notes=[["do not edit"]], Data=table), "b.xlsx").rows) == 2
    two = import_metrics(workbook(A=table, B=table), "b.xlsx")
    assert [finding.rule for finding in two.findings][:1] == ["xlsx.which-sheet"]


META = """\ufeffReporting starts,Reporting ends,Campaign name,Amount spent (EUR),Impressions,Link clicks,Reach,Ends
2024-06-01,2024-06-30,,350.50,52000,840,30000,
2024-06-01,2024-06-30,Spring,250.25,40000,640,20000,Ongoing
2024-06-01,2024-06-30,Autumn,100.25,12000,200,15000,2024-06-30
2024-07-01,2024-07-31,Spring,90.00,9000,150,8000,Ongoing
"""


def test_meta_ads_leaves_the_summary_out_and_adds_campaigns_up() -> None:
    made = read(META)
    assert (made.format, made.findings, made.unused) == ("meta-ads", (), ("Reach",))
    assert values(made) == {
        "ad_spend": [("2024-06-01", "350.5"), ("2024-07-01", "90")],
        "ad_clicks": [("2024-06-01", "840"), ("2024-07-01", "150")],
        "ad_impressions": [("2024-06-01", "52000"), ("2024-07-01", "9000")],
    }


def test_meta_ads_currency_is_in_the_header() -> None:
    made = read(META, options=Options(currency="CHF"))
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("import.currency", Severity.ERROR)]


def test_a_percent_sign_beside_a_ratio_is_an_error() -> None:
    made = read("month,return_on_ad_spend\n2026-01,240 %\n2026-02,250 %\n")
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("import.percent", Severity.ERROR)]


def test_meta_ads_in_french_by_day() -> None:
    text = (
        "Jour,Début des rapports,Nom de la campagne,Montant dépensé (EUR),Résultats,Couverture,Impressions,"
        'Clics sur un lien\n2024-06-01,2024-06-01,Été,"12,50",3,900,1000,20\n'
        '2024-06-02,2024-06-02,Été,"13,75",2,800,990,18\n'
    )
    made = read(text)
    assert values(made)["ad_spend"] == [("2024-06-01", "12.5"), ("2024-06-02", "13.75")]
    assert made.unused == ("Résultats", "Couverture")


def test_meta_ads_over_a_quarter_is_a_finding() -> None:
    text = META.replace("2024-06-30,Spring", "2024-08-31,Spring")
    assert "import.no-dates" in rules(read(text))


def test_meta_ads_of_a_whole_account_leaves_the_summary_out_too() -> None:
    text = META.replace("Campaign name", "Account name")
    assert values(read(text))["ad_spend"] == [("2024-06-01", "350.5"), ("2024-07-01", "90")]


def test_meta_ads_month_that_begins_in_its_middle_is_a_finding() -> None:
    text = "Month,Reporting starts,Campaign name,Impressions\n2024-06-15 - 2024-06-30,2024-06-15,Spring,7\n"
    assert "import.no-dates" in rules(read(text))


# Generic tables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("date,metric,value\n2024-06,leads,12\n2024-07,leads,14\n", {"leads": ["12", "14"]}, id="long"),
        pytest.param(
            "Mois;Indicateur;Valeur\n2024-06;leads;1 200,5\n2024-07;leads;1 300\n",
            {"leads": ["1200.5", "1300"]},
            id="long, in French, with semicolons and decimal commas",
        ),
        pytest.param(
            "Month,Leads,Visitors\nJune 2024,12,300\nJuly 2024,14,310\n",
            {"leads": ["12", "14"], "visitors": ["300", "310"]},
            id="wide, months down",
        ),
        pytest.param(
            "Indicateur,juin 2024,juill. 2024\nleads,12,14\nvisitors,300,310\n",
            {"leads": ["12", "14"], "visitors": ["300", "310"]},
            id="wide, months across",
        ),
        pytest.param(
            "Month\tRevenue\n2024-06\t€1,200.50\n2024-07\t€1,300.00\n",
            {"revenue": ["1200.5", "1300"]},
            id="money with its sign, by tabs",
        ),
        pytest.param(
            "Month,Leads\n06/2024,12\n07/2024,\n08/2024,--\n", {"leads": ["12"]}, id="empty cells are no values"
        ),
        pytest.param(
            "Month,Leads\n13/06/2024,12\n14/06/2024,13\n", {"leads": ["12", "13"]}, id="a thirteenth is a day"
        ),
        pytest.param(
            "Month,Bounce rate\n2024-06,52.1%\n2024-07,50%\n", {"bounce_rate": ["52.1", "50"]}, id="percent signs"
        ),
        pytest.param("Month,Leads\n2024-06,12\n2024-07\n", {"leads": ["12"]}, id="rows shorter than the header"),
        pytest.param(
            "Month,Leads\n2024-06,12\n2024-07,14\nTotal,26\nMoyenne,13\n", {"leads": ["12", "14"]}, id="rows of sums"
        ),
        pytest.param(
            "Our figures\n\nMonth,Leads\n2024-06,12\n2024-07,14\n", {"leads": ["12", "14"]}, id="a title above"
        ),
        pytest.param(
            "Date,Leads\n2024-06-01T00:00:00Z,12\n2024-07-01 00:00,14\n", {"leads": ["12", "14"]}, id="midnights"
        ),
        pytest.param("Month,Leads\n2024-06,<10\n2024-07,14\n", {"leads": ["14"]}, id="hidden small groups"),
    ],
)
def test_a_table_of_ones_own(text: str, expected: dict[str, list[str]]) -> None:
    made = read(text)
    assert made.format == "generic"
    assert {metric: [value for _, value in found] for metric, found in values(made).items()} == expected


def test_a_workbook_wide() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Month", "Leads", "Visitors"])
    book.active.append([dt.date(2024, 6, 1), 12, 1234])
    book.active.append([dt.date(2024, 7, 1), 14, 2345])
    stream = io.BytesIO()
    book.save(stream)
    made = import_metrics(stream.getvalue(), "kpi.xlsx")
    assert values(made)["visitors"] == [("2024-06-01", "1234"), ("2024-07-01", "2345")]
    assert str(made.rows[0].location) == "kpi.xlsx:Sheet!B2"


def test_long_rows_keep_their_own_source_and_export_date() -> None:
    made = read("date,metric,value,source,exported_on\n2024-06,leads,12,CRM,2024-07-02\n2024-07,leads,14,,\n", "k.csv")
    assert [(row.source, row.exported_on) for row in made.rows] == [("CRM", dt.date(2024, 7, 2)), ("", None)]


def test_names_in_the_clients_language_are_metrics() -> None:
    made = read("Mois,Demandes de contact\n2024-06,12\n", options=Options(labels={"Demandes de contact": "leads"}))
    assert values(made) == {"leads": [("2024-06-01", "12")]}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param(
            'Month,Revenue\n2024-06,"1,234"\n2024-07,"2,345"\n', "import.ambiguous", id="1,234 alone is ambiguous"
        ),
        pytest.param("Month,Leads\n2024-06,many\n", "import.format", id="no number"),
        pytest.param("Month,Leads\n03/04/2024,1\n05/06/2024,2\n", "import.ambiguous-dates", id="day or month?"),
        pytest.param("Month,Leads\n01/06/2024,1\n01/07/2024,2\n", "import.ambiguous-dates", id="first days of months"),
        pytest.param("Month,Leads\n13/02/2025,1\n32/01/2025,2\n", "import.date", id="no day in either order"),
        pytest.param("Month,Leads\n2024-06,1\n2024-06,2\n", "import.duplicate", id="the same month twice"),
        pytest.param("Month,Leads,leads\n2024-06,1,2\n", "import.two-columns", id="two columns for one metric"),
        pytest.param("Month,Mystery\n2024-06,1\n", "import.nothing", id="no known metric"),
        pytest.param("a,b\nc,d\n", "import.shape", id="no table of a known shape"),
        pytest.param("", "import.empty", id="an empty file"),
        pytest.param("Month,Leads\n2024-13,1\n2024-06,2\n", "import.date", id="a thirteenth month"),
    ],
)
def test_what_cant_be_told_is_a_finding(text: str, rule: str) -> None:
    assert rule in rules(read(text))


@pytest.mark.parametrize("day_first", [None, True, False])
@pytest.mark.parametrize(
    ("text", "one", "other", "place"),
    [
        pytest.param("Month;Leads\n13/02/2025;3\n01/14/2025;4\n", ("13/02/2025", 2), ("01/14/2025", 3), 3, id="wide"),
        pytest.param("date,metric,value\n05/06/25,leads,1\n06/28/25,leads,3\n31.12.25,leads,4\n",
                     ("31.12.25", 4), ("06/28/25", 3), 4, id="long"),
    ],
)  # fmt: skip
def test_days_written_in_two_orders_are_told_with_a_row_of_each(
    text: str, one: tuple[str, int], other: tuple[str, int], place: int, day_first: bool | None
) -> None:
    (finding,) = read(text, options=Options(day_first=day_first)).findings

    assert (finding.rule, finding.location.line) == ("import.ambiguous-dates", place)
    assert finding.message == (
        f"the day comes first in {one[0]} (line {one[1]}), the month in {other[0]} (line {other[1]})"
    )
    assert "--day-first" not in finding.hint


def test_a_duration_of_three_parts_is_read_as_seconds_and_one_of_two_is_a_question() -> None:
    made = read("Month,average_session_duration\n2024-06,0:02:15\n2024-07,1:00:00\n2024-08,2:15\n")

    assert [str(row.value) for row in made.rows] == ["135", "3600"]
    assert [one.hint for one in made.findings] == ["write seconds: 135 for 2 min 15 s"]


@pytest.mark.parametrize("said", ["Country exactly matches France", "Le pays correspond exactement à France"])
@pytest.mark.parametrize("line", [3, 4, 5])
def test_a_filter_in_a_comment_of_ga4_is_told(said: str, line: int) -> None:
    comments = ["# ---", "# Traffic", "# Start date: 20240601", "# End date: 20240630", "# ---"]
    comments.insert(line - 1, f"# {said}")
    made = read("\n".join(comments) + "\nDate,Sessions\n20240601,3\n20240602,4\n")

    assert [(one.rule, one.location.line) for one in made.findings] == [("import.filtered", line)]
    assert said in made.findings[0].message


@pytest.mark.parametrize("header", ["Default Channel Grouping,Users", "Page,Pages / Session,Users"])
def test_a_report_of_universal_analytics_without_days_isnt_taken_for_ga4(header: str) -> None:
    made = read(f"# ---\n# All Web Site Data\n# 20220101-20220131\n# ---\n\n{header}\nOrganic,10,10\n,13,13\n")

    assert (made.format, [one.rule for one in made.findings]) == ("universal-analytics", ["import.no-dates"])


@pytest.mark.parametrize("file", ["Queries.csv", "Requêtes.csv", "pages.csv"])
def test_a_table_without_dates_is_told_which_one_has_them(file: str) -> None:
    (finding,) = import_metrics(b"Top queries,Clicks\nbread,3\n", file).findings

    assert "Chart.csv" in finding.hint


def test_what_a_format_calls_a_number_itself_counts_first() -> None:
    made = read("# Start date: 20240601\n# End date: 20240630\nDate,Nombre total d'utilisateurs\n20240601,7\n")

    assert [(row.metric, str(row.value)) for row in made.rows] == [("visitors", "7")]


@pytest.mark.parametrize(("rate", "taken"), [("0.55", ["55.00"]), ("1", ["100"]), ("55", None), ("55%", ["55"])])
def test_a_rate_of_ga4_above_one_is_no_share_of_one(rate: str, taken: list[str] | None) -> None:
    made = read(f"# Start date: 20240601\n# End date: 20240630\nDate,Engagement rate\n20240601,{rate}\n")

    assert [str(row.value) for row in made.rows] == (taken or ["5500"])
    assert [one.rule for one in made.findings] == ([] if taken else ["import.share"])


def test_rates_that_look_like_shares_are_a_question_and_what_is_said_decides() -> None:
    text = "Month,Conversion rate\n2024-06,0.024\n2024-07,0.031\n"
    assert [(f.rule, str(f.location), f.severity) for f in read(text).findings] == [
        ("import.share", "export.csv:2:9", Severity.ERROR)
    ]
    for shares, values in ((True, ["2.400", "3.100"]), (False, ["0.024", "0.031"])):
        made = read(text, options=Options(shares=shares))
        assert (made.findings, [str(row.value) for row in made.rows]) == ((), values)
    assert read("Month,Conversion rate\n2024-06,0.024%\n2024-07,0.031%\n").findings == ()
    assert read("Month,Conversion rate\n2024-06,0.9\n2024-07,1.1\n").findings == ()


def test_of_hundreds_of_columns_a_dozen_are_named() -> None:
    header = ",".join(f"c{number}" for number in range(90))
    message = read(f"Month,{header}\n2024-06,{','.join('1' * 90)}\n").findings[0].hint
    assert "c11 …" in message
    assert "c12" not in message


@pytest.mark.parametrize("metric", ["Nicht Gut", "", "9leads", "x" * 61])
def test_a_metric_that_cant_be_called_so_is_refused(metric: str) -> None:
    with pytest.raises(UsageError, match="can't be a metric"):
        read("Month,Mystery\n2024-06,1\n", options=Options(metrics={"Mystery": metric}))


def test_a_column_that_isnt_imported_is_named() -> None:
    made = read("Month,Leads,Mystery\n2024-06,1,7\n")
    assert made.unused == ("Mystery",)


def test_a_finding_names_the_cell() -> None:
    finding = read("Month,Leads\n2024-06,12\n2024-07,many\n").findings[0]
    assert str(finding.location) == "export.csv:3:9"
    assert finding.message == "Leads: 'many' isn't a number"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no format 'excel'"):
        import_metrics(b"", "x", format_name="excel")


def test_every_format_has_a_name_of_its_own() -> None:
    assert len({importer.name for importer in IMPORTERS}) == len(IMPORTERS)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.zip", "a.xlsx"]))
def test_no_bytes_raise(content: bytes, file: str) -> None:
    made = import_metrics(content, file)
    assert all(row.value.is_finite() for row in made.rows)


@given(
    st.text(alphabet='0123456789,.;"\n-/#: aeMonthLedsTol', max_size=200),
    st.sampled_from(["", "# Start date: 20240601\n"]),
)
def test_no_text_raises(text: str, head: str) -> None:
    made = read(head + text)
    assert isinstance(made.findings, tuple)


# Dates


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            ["2024-06", "2024-6-3", "20240603", "202406"],
            ["2024-06-01", "2024-06-03", "2024-06-03", "2024-06-01"],
            id="digits",
        ),
        pytest.param(
            ["Jun 2024", "June 3, 2024", "3 June 2024", "1er juin 2024", "août 2024", "3. Juni 2024", "sept. 2024"],
            ["2024-06-01", "2024-06-03", "2024-06-03", "2024-06-01", "2024-08-01", "2024-06-03", "2024-09-01"],
            id="names",
        ),
        pytest.param(["31/12/2024", "01/02/2024"], ["2024-12-31", "2024-02-01"], id="days first"),
        pytest.param(["12/31/2024", "01/02/2024"], ["2024-12-31", "2024-01-02"], id="months first"),
        pytest.param(["30/02/2024", "x"], [None, None], id="a day that doesn't exist"),
    ],
)
def test_dates_are_read_by_column(texts: list[str], expected: list[str] | None) -> None:
    found = read_dates(texts)
    assert (None if found is None else [day.isoformat() if day else None for day in found]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "June 1, 2024 - June 30, 2024",
        "2024-06-01 - 2024-06-30",
        "1 juin 2024 – 30 juin 2024",
        "1 juin 2024 au 30 juin 2024",
    ],
)
def test_ranges(text: str) -> None:
    assert read_range(text) == (dt.date(2024, 6, 1), dt.date(2024, 6, 30))


# Into the project's table


def imported(month: int, value: str) -> ImportedRow:
    day = dt.date(2024, month, 1)
    row = read("Month,Leads\n2024-06,1\n").rows[0]
    return row._replace(date=day, value=Decimal(value), source="CRM")


def test_a_merge_tells_new_same_and_changed() -> None:
    existing = [MetricRow(date=dt.date(2024, month, 1), metric="leads", value=Decimal(10)) for month in (1, 2)]
    made = merge(existing, [imported(1, "10.0"), imported(2, "11"), imported(3, "12")])
    assert (len(made.added), len(made.changed), made.same) == (1, 1, 1)
    assert [(row.date.month, row.value) for row in made.added] == [(3, 12)]
    assert made.columns == ("Leads",)
    assert made.changed[0][0].value == 10


def test_a_table_is_written_so_that_it_reads_back() -> None:
    made = merge([], [imported(1, "1E+3"), imported(2, "0.50")])
    text = in_csv(b"", "m.csv", "metrics", [row.model_dump() for row in made.added], [language("en")])
    assert (
        text.decode("utf-8-sig")
        == "date,metric,value,source,exported_on\n2024-01-01,leads,1000,CRM,\n2024-02-01,leads,0.50,CRM,\n"
    )
    assert [(row.date, row.value) for row in import_metrics(text, "m.csv").rows] == [
        (r.date, r.value) for r in made.added
    ]


# A format that the user names


PLAIN = "Month,Visitors,Bounce rate\n2024-06,700,0.45\n"
REAL = {
    "ga4": GA4.encode(),
    "google-ads": ADS.encode(),
    "meta-ads": META.encode(),
    "search-console": archive(ENGLISH),
}


@pytest.mark.parametrize("content", [PLAIN.encode(), b"", b"Leads\n"], ids=["a plain table", "nothing", "one word"])
@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        pytest.param("ga4", "this is no GA4 export: it lacks the comment “# Start date: …”", id="GA4"),
        pytest.param("google-ads", "no Google Ads export: it lacks the range of dates in its second line", id="Ads"),
        pytest.param("meta-ads", "no Meta Ads export: it lacks the columns “Reporting starts”", id="Meta"),
        pytest.param("search-console", "no Search Console export: it lacks the tables Dates.csv", id="Search Console"),
    ],
)
def test_a_file_of_another_format_than_the_one_named_is_refused(name: str, lacking: str, content: bytes) -> None:
    made = import_metrics(content, "export.csv", format_name=name)
    (finding,) = made.findings
    assert made.rows == ()
    assert finding.rule == "import.other-format"
    assert lacking in finding.message


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("given_name", REAL)
def test_each_formats_own_file_and_no_other_is_read_as_it(name: str, given_name: str) -> None:
    made = import_metrics(REAL[given_name], "export.csv", format_name=name)
    if name == given_name:
        assert made == import_metrics(REAL[given_name], "export.csv")
        assert made.rows
    else:
        (finding,) = made.findings
        assert f"--format {given_name}" in finding.hint


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        pytest.param(
            PLAIN.encode(), "its first line is Month, Visitors, Bounce rate: leave --format out", id="a table"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "the file is a picture (PNG): export it again, as CSV", id="a picture"),
        pytest.param(b"", "its first line is nothing", id="nothing"),
        pytest.param(b"\x1b]0;x\x07,b\n", "its first line is <U+001B>]0;x<U+0007>, b", id="what steers a terminal"),
    ],
)
def test_it_is_said_what_the_file_looks_like_instead(content: bytes, hint: str) -> None:
    (finding,) = import_metrics(content, "export.csv", format_name="ga4").findings
    assert finding.hint.startswith(hint)


def test_ga4_under_another_name_or_as_a_workbook_is_read_when_it_is_named() -> None:
    assert values(import_metrics(GA4.encode(), "export.txt", format_name="ga4")) == values(read(GA4))
    book = openpyxl.Workbook()
    sheet = book.active
    for line in GA4.splitlines():
        sheet.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    assert (
        values(import_metrics(stream.getvalue(), "export.xlsx", format_name="ga4")).keys() == values(read(GA4)).keys()
    )


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
@given(content=st.binary(max_size=300))
def test_no_bytes_make_a_named_format_fail(importer, content: bytes) -> None:
    made = import_metrics(content, "export.csv", format_name=importer.name)
    assert made.rows or made.findings


# Files that are no tables


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG)", id="JPEG"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "a PDF", id="PDF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file (.xls, .doc)", id="xls"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "an Office file with a password",
            id="encrypted",
        ),
        pytest.param(archive({"word/document.xml": "<w/>"}), "a Word document", id="docx"),
        pytest.param(archive({"META-INF/manifest.xml": "<m/>", "content.xml": ""}), "an OpenDocument file", id="ods"),
        pytest.param(archive({"table.csv": PLAIN}), "a zip file", id="zip"),
        pytest.param(PLAIN.encode("utf-16-le"), "UTF-16 text without the mark that says so", id="UTF-16"),
        pytest.param(
            PLAIN.encode("utf-16-be"), "UTF-16 text without the mark that says so", id="UTF-16, big end first"
        ),
        pytest.param(b'\xef\xbb\xbf [{"date": "2024-06"}]', "JSON", id="a list as JSON"),
        pytest.param(b'{"date": "2024-06"}', "JSON", id="JSON"),
        pytest.param(b"<!doctype html><table><tr><td>1", "a web page or XML", id="HTML"),
    ],
)
def test_what_is_no_table_is_called_by_its_name_once(content: bytes, said: str) -> None:
    (finding,) = import_metrics(content, "export.csv").findings
    assert finding.message.startswith(f"the file is {said}, not ")
    assert finding.hint


def test_a_cell_that_cant_be_read_is_told_once() -> None:
    book = openpyxl.Workbook()
    noon = dt.datetime.combine(dt.date(2025, 1, 1), dt.time(12))
    for row in (["month", "visitors"], [noon, 950], [dt.date(2025, 2, 1), 1300]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert [finding.rule for finding in import_metrics(stream.getvalue(), "x.xlsx").findings] == ["xlsx.time"]


@pytest.mark.parametrize("start", ["{0>Erster Satz<}0{>A phrase<0}", "{{ if .Params.series }}", "[a link](page)"])
def test_a_text_that_begins_with_a_bracket_isnt_called_json(start: str) -> None:
    assert not any("JSON" in finding.message for finding in import_metrics(start.encode(), "export.csv").findings)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_a_table_with_a_byte_order_mark_is_read(encoding: str) -> None:
    assert values(read(PLAIN, encoding=encoding))["visitors"] == [("2024-06-01", "700")]


def test_bytes_that_are_no_text_are_told_without_a_second_complaint_about_the_tables_shape() -> None:
    assert rules(import_metrics(bytes([3, 200, 10, 0, 7, 9]), "export.csv")) == ["text.encoding"]
