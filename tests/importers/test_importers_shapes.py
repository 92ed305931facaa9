"""Exports in shapes that people have: explorations, Universal Analytics, Plausible, Search Console in other languages
and as a workbook, months as Excel shows them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest
from openpyxl import Workbook

from handover.importers.metrics import base, import_metrics
from handover.importers.metrics.base import Imported, Options
from handover.project.read.dates import other_period, read_date, read_dates


def values(made: Imported) -> dict[str, list[tuple[str, str]]]:
    """Metric → (ISO date, plain value), as imported."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in made.rows:
        found.setdefault(row.metric, []).append((row.date.isoformat(), format(row.value.normalize(), "f")))
    return found


def read(text: str, file: str = "export.csv") -> Imported:
    return import_metrics(text.encode(), file)


def said(made: Imported) -> list[str]:
    return [f"{finding.rule}: {finding.message}" for finding in made.findings]


def archive(members: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    return stream.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], percent: bool = False) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if percent:
            for line in range(2, len(rows) + 1):
                sheet.cell(line, 4).number_format = "0.00%"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# GA4, explorations

EXPLORATION = """# ----------------------------------------
# Acme shop
# Free form-Free form 1
# 20260101-20260102
# ----------------------------------------

Date,Sessions,Engagement rate,Total revenue
,210,0.55,1020,Grand total
20260102,110,0.6,520
20260101,100,0.5,500
"""


def test_an_exploration_of_ga4_is_read_with_its_rates_and_without_its_total() -> None:
    made = read(EXPLORATION)

    assert (made.format, said(made)) == ("ga4", [])
    assert values(made) == {
        "engagement_rate": [("2026-01-01", "50"), ("2026-01-02", "60")],
        "revenue": [("2026-01-01", "500"), ("2026-01-02", "520")],
        "sessions": [("2026-01-01", "100"), ("2026-01-02", "110")],
    }


def test_an_exploration_is_ga4_also_when_it_is_named() -> None:
    assert import_metrics(EXPLORATION.encode(), "x.csv", format_name="ga4").format == "ga4"


def test_commas_that_excel_adds_to_comments_dont_hide_an_exploration() -> None:
    lines = [f"{line},,,," if line.startswith("#") else line for line in EXPLORATION.splitlines()]

    assert read("\r\n".join(lines)).format == "ga4"


@pytest.mark.parametrize(
    ("start", "end", "header"),
    [
        ("Startdatum", "Enddatum", "Datum,Sitzungen,Interaktionsrate,Gesamtumsatz"),
        ("Fecha de inicio", "Fecha de finalización", "Fecha,Sesiones,Porcentaje de interacciones,Ingresos totales"),
        ("Date de début", "Date de fin", "Date,Sessions,Taux d'engagement,Revenu total"),
    ],
)
def test_a_report_of_ga4_is_read_in_other_languages(start: str, end: str, header: str) -> None:
    made = read(f"# {start}: 20260101\n# {end}: 20260131\n{header}\n20260102,110,0.6,520\n")

    assert (made.format, said(made)) == ("ga4", [])
    assert {metric: found[0][1] for metric, found in values(made).items()} == {
        "engagement_rate": "60", "revenue": "520", "sessions": "110",
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Kampagnenname,Tag,Ausgegebener Betrag (EUR),Impressionen,Link-Klicks",
        "Nombre de la campaña,Día,Importe gastado (EUR),Impresiones,Clics en el enlace",
    ],
)
def test_meta_ads_is_read_in_other_languages(header: str) -> None:
    made = read(f"{header}\nA,2026-01-02,10.5,300,12\n,2026-01-02,10.5,300,12\n")

    assert (made.format, said(made)) == ("meta-ads", [])
    assert {metric: found[0][1] for metric, found in values(made).items()} == {
        "ad_spend": "10.5", "ad_clicks": "12", "ad_impressions": "300",
    }  # fmt: skip


# Universal Analytics

UA = """# ----------------------------------------
# All Web Site Data
# Audience Overview
# 20220101-20220131
# ----------------------------------------

Source / Medium,Users,Sessions
google / organic,900,1000

Day Index,Users
1/1/22,"1,234"
1/2/22,900
1/31/22,17
,"2,151"
"""
UA_FRENCH = """# ----------------------------------------
# Toutes les données du site Web
# Audience : vue d'ensemble
# 20220101-20220131
# ----------------------------------------

Index du jour,Sessions,Durée moyenne des sessions,Taux de rebond
01/01/2022,"1 234",00:02:15,"45,5 %"
02/01/2022,900,00:00:59,"50,0 %"
,"2 134",00:01:37,"47,0 %"
"""


def test_universal_analytics_is_read_by_day_without_its_total() -> None:
    made = read(UA)

    assert (made.format, said(made)) == ("universal-analytics", [])
    assert values(made) == {"visitors": [("2022-01-01", "1234"), ("2022-01-02", "900"), ("2022-01-31", "17")]}


def test_universal_analytics_in_french_has_seconds_and_percentages() -> None:
    assert values(read(UA_FRENCH)) == {
        "average_session_duration": [("2022-01-01", "135"), ("2022-01-02", "59")],
        "bounce_rate": [("2022-01-01", "45.5"), ("2022-01-02", "50")],
        "sessions": [("2022-01-01", "1234"), ("2022-01-02", "900")],
    }


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        pytest.param("Day Index,Users", "Week Index,Users", "import.no-dates", id="by week"),
        pytest.param("Day Index,Users", "Hour Index,Users", "import.no-dates", id="by hour"),
        pytest.param("Day Index,Users", "Day Index,Segment", "import.two-ranges", id="by segment"),
        pytest.param("Day Index,Users", "Day Index,Date Range", "import.two-ranges", id="two ranges"),
        pytest.param("1/31/22", "soon", "import.date", id="no day"),
    ],
)
def test_what_universal_analytics_cant_tell_by_day_is_refused(old: str, new: str, rule: str) -> None:
    assert rule in [finding.rule for finding in read(UA.replace(old, new)).findings]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param('"Jan 15, 2022 - Jan 31, 2022",9\n"Feb 1, 2022 - Feb 28, 2022",20\n'
                     '"Mar 1, 2022 - Mar 20, 2022",30\n', id="named"),
        pytest.param("1/15/22 - 1/31/22,9\n2/1/22 - 2/28/22,20\n3/1/22 - 3/20/22,30\n", id="in numbers"),
        pytest.param("15 janv. 2022 - 31 janv. 2022,9\n1 févr. 2022 - 28 févr. 2022,20\n"
                     "1 mars 2022 - 20 mars 2022,30\n", id="French"),
    ],
)  # fmt: skip
def test_of_universal_analytics_a_month_that_the_range_cuts_is_left_out_and_told(rows: str) -> None:
    made = read(f"# 20220115-20220320\n\nMonth Index,Users\n{rows},59\n")

    assert values(made) == {"visitors": [("2022-02-01", "20")]}
    assert [(one.rule, one.severity, one.location.line) for one in made.findings] == [
        ("import.cut-month", "warning", 4), ("import.cut-month", "warning", 6),
    ]  # fmt: skip


def test_a_week_within_a_month_isnt_taken_for_the_month() -> None:
    made = read("# 20220101-20220331\n\nMonth Index,Users\n1/3/22 - 1/9/22,9\n1/10/22 - 1/16/22,20\n")

    assert [one.rule for one in made.findings] == ["import.date", "import.date"]


WEEKS = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02")


@pytest.mark.parametrize("header", ["Semaine du", "Week", "Week commencing", "Sem."])
@pytest.mark.parametrize(
    "days", [["06/01/2025"], ["30/12/2024", "06/01/2025"], ["01/01/2025", "06/01/2025", "13/01/2025"]]
)
def test_a_column_that_is_called_one_of_weeks_has_weeks_however_few(header: str, days: list[str]) -> None:
    text = f"{header};Leads\n" + "".join(f"{day};4\n" for day in days)
    made = import_metrics(text.encode(), "export.csv", Options(day_first=True))

    assert [one.rule for one in made.findings] == ["import.weekly"]


@pytest.mark.parametrize(
    "first", [pytest.param([], id="whole weeks"), pytest.param(["2026-01-01"], id="the first cut")]
)
@pytest.mark.parametrize(
    ("header", "rest"),
    [
        pytest.param("date,visitors,pageviews", "10,20", id="Plausible"),
        pytest.param("date,nb_visits,nb_actions", "10,20", id="Matomo"),
        pytest.param("Date,Clicks,Impressions,CTR,Position", "10,200,5%,3.1", id="Search Console"),
        pytest.param("Semaine du,Commandes,Notes", "10,", id="a French shop's own table"),
        pytest.param("Week commencing,Orders,Notes", "10,", id="an English shop's own table"),
    ],
)
def test_a_tools_weeks_are_refused_since_they_belong_to_no_month(header: str, rest: str, first: list[str]) -> None:
    text = f"{header}\n" + "".join(f"{day},{rest}\n" for day in (*first, *WEEKS))
    content = archive({"Chart.csv": text, "Queries.csv": "x\n"}) if "CTR" in header else text.encode()
    made = import_metrics(content, "export.zip" if "CTR" in header else "export.csv")

    assert [one.rule for one in made.findings if one.severity == "error"] == ["import.weekly"]


# Plausible

PLAUSIBLE = (
    "date,visitors,pageviews,visits,views_per_visit,bounce_rate,visit_duration\n2026-01-01,100,250,120,2.08,48,95\n"
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(archive({"pages.csv": "name,visitors\n/,10\n", "visitors.csv": PLAUSIBLE}), id="a zip"),
        pytest.param(archive({"site/visitors.csv": PLAUSIBLE, "site/sources.csv": "x\n"}), id="a folder in a zip"),
        pytest.param(PLAUSIBLE.encode(), id="the table alone"),
    ],
)
def test_plausible_is_read_from_its_table_of_visitors(content: bytes) -> None:
    made = import_metrics(content, "export.csv" if content.startswith(b"d") else "export.zip")

    assert (made.format, said(made)) == ("plausible", [])
    assert {metric: found[0][1] for metric, found in values(made).items()} == {
        "average_session_duration": "95", "bounce_rate": "48", "page_views": "250", "sessions": "120",
        "visitors": "100",
    }  # fmt: skip


def test_durations_that_are_sums_are_no_averages() -> None:
    table = "date,visitors,pageviews,bounces,visits,visit_duration\n2026-01-01,100,250,10,120,9500\n"
    made = import_metrics(archive({"imported_visitors_20260101_20260131.csv": table}), "export.zip")

    assert set(values(made)) == {"visitors", "page_views", "sessions"}


# Matomo

MATOMO = {
    "the API's names": "date,nb_visits,nb_uniq_visitors,nb_actions,bounce_rate\n2026-01,120,100,250,48%\n",
    "English": "Date,Unique visitors,Visits,Actions,Bounce Rate\n2026-01,100,120,250,48%\n",
    "French": "Date,Visiteurs uniques,Visites,Actions,Taux de rebond\n2026-01,100,120,250,48%\n",
}


@pytest.mark.parametrize("names", MATOMO)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_matomo_is_read_by_month_whatever_its_columns_are_called(names: str, encoding: str) -> None:
    made = import_metrics(MATOMO[names].encode(encoding), "Export.csv")

    assert (made.format, said(made)) == ("matomo", [])
    assert {metric: found[0][1] for metric, found in values(made).items()} == {
        "bounce_rate": "48", "sessions": "120", "visitors": "100",
    }  # fmt: skip


def test_matomo_by_week_is_refused_and_by_day_its_visitors_are_those_of_a_day() -> None:
    weeks = MATOMO["English"].replace("2026-01,", '"2026-01-05,2026-01-11",')
    assert "import.date" in [finding.rule for finding in read(weeks).findings]


def test_matomo_of_a_single_date_is_told_not_taken_for_something_else() -> None:
    made = read("nb_visits,nb_uniq_visitors,nb_actions\n120,100,250\n")
    assert (made.format, made.rows, [finding.rule for finding in made.findings]) == ("matomo", (), ["import.no-dates"])


# Search Console

LANGUAGES = {
    "German": ("Diagramm", "Datum,Klicks,Impressionen,CTR,Position", "Suchanfragen"),
    "Spanish": ("Gráfico", "Fecha,Clics,Impresiones,CTR,Posición", "Consultas"),
    "Italian": ("Grafico", "Data,Clic,Impressioni,CTR,Posizione", "Query"),
    "Portuguese": ("Gráfico", "Data,Cliques,Impressões,CTR,Posição", "Consultas"),
    "Dutch": ("Diagram", "Datum,Klikken,Vertoningen,CTR,Positie", "Zoekopdrachten"),
    "Polish": ("Wykres", "Data,Kliknięcia,Wyświetlenia,CTR,Pozycja", "Zapytania"),
}
DAY = ("2026-01-02", 12, 300, "4%", 8.1)
EXPECTED = {
    "average_position": [("2026-01-02", "8.1")], "click_through_rate": [("2026-01-02", "4")],
    "clicks": [("2026-01-02", "12")], "impressions": [("2026-01-02", "300")],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_console_is_read_in_any_language(language: str) -> None:
    table, header, queries = LANGUAGES[language]
    members = {f"{queries}.csv": "x,y\n", f"{table}.csv": f"{header}\n{','.join(map(str, DAY))}\n", "Filter.csv": "x\n"}
    made = import_metrics(archive(members), "x.zip")

    assert (made.format, said(made)) == ("search-console", [])
    assert values(made) == EXPECTED


@pytest.mark.parametrize("titles", [("Chart", "Queries"), ("Dates", "Requêtes"), ("Diagramm", "Suchanfragen")])
@pytest.mark.parametrize(("rate", "percent"), [("4%", False), (0.04, False), (0.04, True), (4, False)])
def test_search_consoles_workbook_is_read_however_it_writes_rates(
    titles: tuple[str, str], rate: object, percent: bool
) -> None:
    rows = [["Date", "Clicks", "Impressions", "CTR", "Position"], [*DAY[:3], rate, DAY[4]]]
    content = workbook(
        {titles[1]: [["Top queries", "Clicks"], ["a", 1]], titles[0]: rows, "Filters": [["a", "b"]]}, percent
    )
    made = import_metrics(content, "x.xlsx")

    assert (made.format, said(made)) == ("search-console", [])
    assert values(made) == EXPECTED


def test_a_comparison_is_refused_in_any_language() -> None:
    header = "Fecha,a Clics,b Clics,a Impresiones,b Impresiones,a CTR,b CTR,a Posición,b Posición"
    made = import_metrics(
        archive({"Gráfico.csv": f"{header}\n2026-01-02,1,2,3,4,5%,6%,7,8\n", "Consultas.csv": "x\n"}), "x.zip"
    )

    assert [finding.rule for finding in made.findings] == ["import.two-ranges"]


def test_search_consoles_days_alone_are_taken_and_their_filters_are_unknown() -> None:
    made = read("Date,Clics,Impressions,CTR,Position\n2026-01-02,3,100,3%,4.5\n2026-01-01,2,100,2%,4.5\n")
    assert made.format == "search-console"
    assert [finding.rule for finding in made.findings] == ["import.filters-unknown"]


def test_another_zip_isnt_called_search_consoles() -> None:
    made = import_metrics(archive({"notes.csv": "a,b\n1,2\n"}), "x.zip")

    assert said(made) == ["text.encoding: the file is a zip file, not a text file"]


# Months and days as people write them


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("janv-24", "2024-01-01"), ("févr-24", "2024-02-01"), ("fevr.-24", "2024-02-01"), ("août-2025", "2025-08-01"),
        ("déc-23", "2023-12-01"), ("Jan-24", "2024-01-01"), ("Sep-99", "1999-09-01"), ("Mrz-24", "2024-03-01"),
        ("ene-24", "2024-01-01"), ("gen-24", "2024-01-01"), ("mrt-24", "2024-03-01"), ("Jan '24", "2024-01-01"),
        ("15-janv-24", "2024-01-15"), ("1 de enero de 2024", "2024-01-01"), ("marzo de 2024", "2024-03-01"),
        ("1. März 2024", "2024-03-01"), ("1er février 2024", "2024-02-01"),
    ],
)  # fmt: skip
def test_a_month_in_words_is_read(text: str, day: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.isoformat() == day


@pytest.mark.parametrize("text", ["Jan 24", "24", "24-janv", "T1 2024", "janvier", "2024", "x-24", "31-févr-24", ""])
def test_what_isnt_sure_to_be_a_day_is_none(text: str) -> None:
    assert read_date(text) is None


def test_years_of_two_digits_are_read_where_the_column_tells_the_order() -> None:
    days = read_dates(["30/01/24", "01/02/24"])
    assert days is not None
    assert [day.isoformat() for day in days if day] == ["2024-01-30", "2024-02-01"]
    assert read_dates(["03/04/24", "05/06/24"]) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("T1 2024", "a quarter"), ("Q3-24", "a quarter"), ("2024-Q4", "a quarter"), ("2024 T2", "a quarter"),
        ("1er trimestre 2024", "a quarter"), ("2. Quartal 2024", "a quarter"), ("3rd quarter 2024", "a quarter"),
        ("S1 2024", "a half-year"), ("H2 2024", "a half-year"), ("1er semestre 2024", "a half-year"),
        ("W12 2024", "a week"), ("2024-W05", "a week"), ("semaine 12", "a week"), ("KW 3 2024", "a week"),
        ("2024", "a year"), ("janvier", "a month without its year"), ("Mar", "a month without its year"),
        ("2024-01", ""), ("x", ""), ("", ""), ("Total", ""), ("12", ""),
    ],
)  # fmt: skip
def test_another_period_is_called_by_its_name(text: str, kind: str) -> None:
    assert other_period(text) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Mois;leads\njanv-24;10\nfévr-24;12\n", {"leads": [("2024-01-01", "10"), ("2024-02-01", "12")]},
                     id="Excel's own months, in French"),
        pytest.param("Month,leads\nJan-24,10\nFeb-24,12\n", {"leads": [("2024-01-01", "10"), ("2024-02-01", "12")]},
                     id="in English"),
        pytest.param("sep=;\nMonat;leads\nMrz-24;1\nMai-24;2\n", {"leads": [("2024-03-01", "1"), ("2024-05-01", "2")]},
                     id="in German, with Excel's hint"),
        pytest.param("KPI;janv-24;févr-24\nleads;10;12\n", {"leads": [("2024-01-01", "10"), ("2024-02-01", "12")]},
                     id="across"),
    ],
)  # fmt: skip
def test_months_as_excel_shows_them_are_read(text: str, expected: dict[str, list[tuple[str, str]]]) -> None:
    assert values(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "said_first"),
    [
        pytest.param("Trimestre;leads\nT1 2024;10\nT2 2024;12\n", "import.date: 'T1 2024' is a quarter", id="quarters"),
        pytest.param("Mois;2023;2024\njanvier;10;12\nfévrier;11;13\n",
                     "import.date: 'janvier' is a month without its year", id="a pivot of years"),
        pytest.param("Année;leads\n2023;10\n2024;12\n", "import.date: '2023' is a year", id="years"),
        pytest.param("date;leads\n2025-01-01 10:00;10\n2025-01-01 11:00;12\n",
                     "import.date: '2025-01-01 10:00' is no date", id="hours"),
        pytest.param("Période;leads\n01/01/2025 - 31/01/2025;10\n01/02/2025 - 28/02/2025;2\n",
                     "import.date: '01/01/2025 - 31/01/2025' is no date", id="ranges"),
        pytest.param("Mois;leads\n1;10\n2;12\n", "import.date: '1' is no date", id="numbers of months"),
        pytest.param("Week;leads\nW01 2024;10\nW02 2024;12\n", "import.date: 'W01 2024' is a week", id="weeks"),
    ],
)  # fmt: skip
def test_the_cell_that_is_no_month_is_named(text: str, said_first: str) -> None:
    assert said(read(text))[0] == said_first


def test_a_tables_beginning_is_parsed_once_for_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read_rows = base.read_csv_rows
    monkeypatch.setattr(base, "read_csv_rows", lambda *given: parsed.append(given[1]) or read_rows(*given))
    made = import_metrics(b"Month,Visitors\n2026-01,12\n2026-02,13\n", "parsed-once.csv")

    assert (len(made.rows), parsed) == (2, ["parsed-once.csv"])
