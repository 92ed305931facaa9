"""What an import may take for a figure: parts aren't wholes, doubt is a question, tools and steps aren't mixed."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from handover.importers.metrics import import_metrics
from handover.importers.metrics.base import Defined, Imported, ImportedRow, Options
from handover.importers.metrics.merge import merge
from handover.model.errors import SourceLocation
from handover.model.reporting import Combine, Unit
from handover.model.rows import MetricRow


def read(content: str | bytes, file: str = "export.csv", **options: Any) -> Imported:
    return import_metrics(content.encode() if isinstance(content, str) else content, file, Options(**options))


def rules(made: Imported) -> list[str]:
    return [finding.rule.removeprefix("import.") for finding in made.findings]


def values(made: Imported) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in made.rows:
        found.setdefault(row.metric, []).append(format(row.value.normalize(), "f"))
    return found


def archive(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in members.items():
            made.writestr(f"{name}.csv", text)
    return stream.getvalue()


def workbook(*rows: list[Any], formats: Mapping[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for address, code in (formats or {}).items():
        book.active[address].number_format = code
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# Nothing is taken from a file's name


@pytest.mark.parametrize(
    "file",
    [
        "Acquisition - 2024-11-01 - 2026-10-31.csv",
        "report-20261015.csv",
        "property-20250110-shop.csv",
        "Bericht_2026-10-31_2026-11-02.csv",
    ],
)
def test_a_name_is_no_day_of_export(file: str) -> None:
    made = read("Month,Leads\n2026-09,10\n2026-10,12\n", file)
    assert {(row.source, row.exported_on) for row in made.rows} == {("", None)}
    assert made.findings == ()


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        pytest.param("Month,Leads\n2026-09,10\n2026-10,4\n", True, id="a last month that it falls into"),
        pytest.param("Month,Leads\n2026-08,10\n2026-09,12\n", False, id="an earlier last month"),
        pytest.param("Day,Leads\n2026-10-11,10\n2026-10-12,12\n", False, id="days, which show where they end"),
    ],
)
def test_one_date_in_a_name_is_a_question(text: str, asks: bool) -> None:
    assert rules(read(text, "leads 2026-10-12.csv")) == (["exported-on"] if asks else [])
    assert rules(read(text, "leads 2026-10-12.csv", exported_on=dt.date(2026, 10, 12))) == []


# Parts aren't wholes

HEAD = (
    "# ---\n# Report\n# Account: A\n# Property: {name}\n# ---\n"
    "#\n# {who}\n# Start date: 20260101\n# End date: 20260131\n"
)


def ga4(table: str, who: str = "All Users", name: str = "Shop") -> str:
    return HEAD.format(who=who, name=name) + table


@pytest.mark.parametrize(
    ("table", "refused"),
    [
        pytest.param("Page path and screen class,Date,Sessions\n/,20260101,100\n/a,20260101,60\n", "Page path",
                     id="visits by page"),
        pytest.param("Event name,Date,Sessions\nclick,20260101,100\nview,20260101,60\n", "Event name",
                     id="visits by event"),
        pytest.param("Date,Page title,New users\n20260101,A,9\n20260101,B,4\n", "Page title", id="new users by page"),
        pytest.param("Date,Nom de l'événement,Nouveaux utilisateurs\n20260101,A,9\n20260101,B,4\n", "événement",
                     id="in French"),
        pytest.param("Date,Content group,Sessions\n20260101,A,9\n20260101,B,4\n", "Content group", id="by content"),
        pytest.param("Date,Hour,Sessions\n20260101,10,9\n20260101,11,4\n", "Hour", id="by hour"),
        pytest.param("Date,Country,Page path,Sessions\n20260101,FR,/,9\n20260101,FR,/a,4\n", "Page path",
                     id="by country and page"),
        pytest.param("Date,Channel,Total users\n20260101,A,9\n20260101,B,4\n", "by 'Channel'", id="people by anything"),
        pytest.param("Date,Session default channel group,Sessions\n20260101,A,9\n20260101,B,4\n", "",
                     id="visits by channel"),
        pytest.param("Date,Landing page,Sessions\n20260101,/,9\n20260101,/a,4\n", "", id="visits by landing page"),
        pytest.param("Date,Catégorie de l'appareil,Sessions\n20260101,m,9\n20260101,d,4\n", "", id="by device, French"),
        pytest.param("Page path,Date,Views\n/,20260101,9\n/a,20260101,4\n", "", id="views by page"),
    ],
)  # fmt: skip
def test_what_counts_once_in_each_part_isnt_added_up(table: str, refused: str) -> None:
    made = read(ga4(table))
    assert rules(made) == (["not-additive"] if refused else [])
    if refused:
        assert refused in made.findings[0].message
    else:
        assert sum(map(int, *values(made).values())) == 13


def test_a_name_of_ones_own_makes_no_sum_of_visits_by_page() -> None:
    table = "Page path,Date,Sessions\n/,20260101,100\n/a,20260101,60\n"
    assert rules(read(ga4(table), metrics={"Sessions": "site_visits"})) == ["not-additive"]
    engaged = table.replace("Sessions", "Engaged sessions")
    assert rules(read(ga4(engaged), metrics={"Engaged sessions": "engaged"})) == ["not-additive"]
    by_channel = engaged.replace("Page path", "Channel")
    assert values(read(ga4(by_channel), metrics={"Engaged sessions": "engaged"})) == {"engaged": ["160"]}


@pytest.mark.parametrize(
    ("header", "own", "refused"),
    [
        pytest.param("Reach", Defined(), True, id="people, by the column's name"),
        pytest.param("Avg. frequency", Defined(), True, id="an average, by its name"),
        pytest.param("Purchases", Defined(), False, id="a count"),
        pytest.param("Purchases", Defined(Unit.PERCENT), True, id="a rate, by its definition"),
        pytest.param("Purchases", Defined(combine=Combine.LAST), True, id="a stock, by its definition"),
    ],
)
def test_a_metric_of_ones_own_is_added_up_only_where_it_is_a_sum(header: str, own: Defined, refused: bool) -> None:
    text = f"Reporting starts,Reporting ends,Campaign name,Impressions,{header}\n"
    text += "2026-01-01,2026-01-31,A,10,3\n2026-01-01,2026-01-31,B,20,4\n"
    made = read(text, metrics={header: "ours"}, defined={"ours": own})
    assert rules(made) == (["not-additive"] if refused else [])


@pytest.mark.parametrize("who", ["All Users", "Tous les utilisateurs", "Alle Nutzer"])
def test_all_users_are_the_whole(who: str) -> None:
    assert rules(read(ga4("Date,Sessions\n20260101,9\n", who))) == []


@pytest.mark.parametrize("who", ["Mobile traffic", "Trafic payant", "Country = France"])
def test_a_segment_is_a_part(who: str) -> None:
    made = read(ga4("Date,Sessions\n20260101,9\n", who))
    assert rules(made) == ["filtered"]
    assert who in made.findings[0].message
    assert rules(read(ga4("Date,Sessions\n20260101,9\n", who), metrics={"Sessions": "mobile_visits"})) == []


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("Comparison,Date,Sessions\nAll Users,20260101,9\nMobile,20260101,4\n", id="with the whole"),
        pytest.param("Date,Comparaison,Sessions\n20260101,Mobile,4\n", id="of one part"),
        pytest.param("Date,Audience name,Sessions\n20260101,Buyers,4\n20260101,Readers,5\n", id="of audiences"),
    ],
)
def test_rows_of_comparisons_are_never_added(table: str) -> None:
    assert rules(read(ga4(table))) == ["comparison"]


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        pytest.param(
            "Month,Country,Sessions\n202501,France,100\n202502,France,90\n", "Country: France", id="a country"
        ),
        pytest.param("Month,Device category,Sessions\n202501,mobile,9\n", "Device category: mobile", id="a device"),
        pytest.param("Month,Country,Sessions\n202501,France,100\n202501,Spain,90\n", "", id="two countries are a sum"),
        pytest.param("Month,Country,Sessions\n202501,France,100\n202502,Spain,90\n", "", id="or one a month"),
        pytest.param("Month,Sessions\n202501,100\n202502,90\n", "", id="no column of parts"),
    ],
)
def test_rows_of_one_country_alone_are_a_question(table: str, asked: str) -> None:
    found = [finding for finding in read(ga4(table)).findings if finding.rule == "import.filtered"]
    assert [f"“{asked}”" in finding.message for finding in found] == ([True] if asked else [])


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        pytest.param("month;pays;orders\n2025-01;FR;100\n2025-02;FR;90\n", True, id="a country"),
        pytest.param("month;Boutique;orders\n2025-01;Lyon;100\n2025-02;Lyon;90\n", True, id="a shop"),
        pytest.param("month;comment;orders\n2025-01;ok;100\n2025-02;ok;90\n", False, id="a remark splits nothing"),
        pytest.param("month;source;orders\n2025-01;;100\n2025-02;;90\n", False, id="an empty column"),
    ],
)
def test_a_plain_table_of_one_country_is_a_question_too(table: str, asked: bool) -> None:
    assert ("filtered" in rules(read(table))) is asked


def test_parts_of_a_date_are_never_said_to_be_one_too_many() -> None:
    (finding,) = read("month;pays;orders\n2025-01;FR;100\n2025-01;DE;50\n").findings
    assert "enter the sum" in finding.hint


def test_two_ranges_with_dates_arent_one() -> None:
    table = "Date,Date range,Sessions\n20260101,This month,9\n20260101,Last month,4\n"
    assert rules(read(ga4(table))) == ["two-ranges"]


def test_tables_of_one_file_that_contradict_are_refused() -> None:
    text = ga4("Date,Sessions\n20260101,9\n") + "\n" + ga4("Date,Sessions\n20260101,4\n")
    assert rules(read(text)) == ["two-tables"]
    assert rules(read(text.replace("20260101,4", "20260101,9"))) == []


DATES = "Date,Clicks,Impressions\n2026-01-01,10,400\n"


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        pytest.param("Filter,Value\nSearch type,Web\nDate,Last 3 months\n", "", id="dates and the usual type"),
        pytest.param("Filtre,Valeur\nType de recherche,Web\nDate,3 derniers mois\n", "", id="in French"),
        pytest.param("Filter,Waarde\nZoektype,Web\nDatum,Afgelopen 3 maanden\n", "", id="in Dutch"),
        pytest.param("Filter,Value\nSearch type,Image\nDate,Last 3 months\n", "Search type: Image", id="another type"),
        pytest.param("Filter,Value\nQuery,+brand\nDate,Last 3 months\n", "Query: +brand", id="a query"),
        pytest.param("Filtre,Valeur\nPays,France\nDate,3 derniers mois\n", "Pays: France", id="a country, in French"),
        pytest.param("Filter,Value\nPage,/shop/\nDevice,Mobile\n", "Page: /shop/", id="a page and a device"),
    ],
)
def test_a_filtered_search_console_export_is_a_part(filters: str, names: str) -> None:
    content = archive(Chart=DATES, Filters=filters, Queries="Top queries,Clicks\n")
    made = read(content, "x.zip")
    assert rules(made) == (["filtered"] if names else [])
    if names:
        assert names in made.findings[0].message
        own = {"Clicks": "our_clicks", "Impressions": "our_impressions"}
        assert rules(read(content, "x.zip", metrics=own)) == []


def test_campaigns_that_were_filtered_out_are_missed() -> None:
    text = "Report\n2026-01-01 - 2026-01-31\nMonth,Campaign,Clicks\nJan 2026,A,10\nTotal: Campaigns,,10\n"
    assert rules(read(text)) == []
    made = read(text + "Total: Account,,25\n")
    assert rules(made) == ["filtered"]
    assert "“Clicks” of the rows is 10, of the account 25" in made.findings[0].message


# A question instead of a guess


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param([f"01/{day:02d}/2025" for day in range(1, 13)], id="twelve days of January, or twelve months"),
        pytest.param(["01/01/2025", "01/08/2025"], id="two weeks, or two months"),
        pytest.param(["01.02.2025", "01.03.2025"], id="with points"),
        pytest.param(["1/2/2025"], id="one"),
    ],
)
def test_days_that_may_be_months_are_a_question(dates: list[str]) -> None:
    wide = "date,leads\n" + "".join(f"{day},1\n" for day in dates)
    long = "date,metric,value\n" + "".join(f"{day},leads,1\n" for day in dates)
    ads = "Report\n2025-01-01 - 2025-12-31\nDay,Clicks\n" + "".join(f"{day},1\n" for day in dates)
    for text in (wide, long, ads):
        assert rules(read(text)) == ["ambiguous-dates"]
    months = {row.date.month for row in read(wide, day_first=True).rows}
    assert len(months) == len(dates)
    assert {row.date.month for row in read(wide, day_first=False).rows} <= {1, 2, 3}


@pytest.mark.parametrize("day", ["2024-12-31", "2025-02-01"])
def test_a_day_outside_the_reports_range_is_told(day: str) -> None:
    assert rules(read(f"Report\n2025-01-01 - 2025-01-31\nDay,Clicks\n2025-01-03,2\n{day},1\n")) == ["outside"]


def test_what_the_column_tells_wins_over_what_is_said() -> None:
    made = read("date,leads\n13/01/2025,1\n02/01/2025,2\n", day_first=False)
    assert [row.date for row in made.rows] == [dt.date(2025, 1, 2), dt.date(2025, 1, 13)]


@pytest.mark.parametrize("cell", ['"$1,234.50"', "1234.50 USD", "£1234.50", "US$ 12", "12 CHF", "12,50 kr"])
def test_another_currency_is_a_question(cell: str) -> None:
    text = f"month;revenue\n2024-01;{cell.strip(chr(34))}\n"
    assert rules(read(text)) == ["currency"]


@pytest.mark.parametrize(
    ("cell", "currency"),
    [("$12.50", "USD"), ("$12.50", "CAD"), ("12,50 €", "EUR"), ("£12", "GBP"), ("12 CHF", "CHF"), ("12,50 kr", "SEK")],
)
def test_the_metrics_own_currency_is_none(cell: str, currency: str) -> None:
    text = f"month;revenue\n2024-01;{cell}\n"
    assert rules(read(text, currency=currency)) == []
    assert rules(read(text, currency="JPY", defined={"revenue": Defined(currency=currency)})) == []


def test_a_currency_in_a_header_or_in_ga4_is_told_too() -> None:
    text = "month,Sales (USD)\n2024-01,12\n"
    assert rules(read(text, metrics={"Sales (USD)": "revenue"})) == ["currency"]
    assert rules(read(text, metrics={"Sales (USD)": "leads"})) == []
    assert rules(read(ga4("Date,Total revenue\n20260101,$12.50\n"))) == ["currency"]
    assert rules(read("month,leads\n2024-01,$12\n")) == ["currency"]


@pytest.mark.parametrize("header", ["currency", "Currency code", "Devise", "Code de devise"])
@pytest.mark.parametrize(("code", "refused"), [("USD", True), ("gbp", True), ("EUR", False), ("--", False)])
def test_a_column_of_currencies_tells_too(header: str, code: str, refused: bool) -> None:
    assert rules(read(f"month,revenue,{header}\n2024-01,12,\n2024-02,13,{code}\n")) == ["currency"] * refused


@pytest.mark.parametrize(
    ("code", "refused"), [("$#,##0.00", True), ("[$£-809]#,##0", True), ("#,##0.00 €", False), ("0.00", False)]
)
def test_a_workbook_that_shows_another_currency(code: str, refused: bool) -> None:
    content = workbook(["month", "revenue"], ["2024-01", 1234.5], formats={"B2": code})
    assert rules(read(content, "x.xlsx")) == (["currency"] if refused else [])


@pytest.mark.parametrize("text", ["1.300", "1,300"])
def test_a_text_beside_a_workbooks_numbers_is_a_question(text: str) -> None:
    content = workbook(["month", "revenue"], ["2026-01", 1234.5], ["2026-02", text])
    assert rules(read(content, "x.xlsx")) == ["ambiguous"]


@pytest.mark.parametrize("text", ["1.300", "2,450"])
def test_a_text_beside_a_workbooks_counts_is_one_too(text: str) -> None:
    content = workbook(["month", "visitors"], ["2026-01", 950], ["2026-02", text])
    assert rules(read(content, "x.xlsx")) == ["ambiguous"]


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        pytest.param(["980", "1.300"], ["980", "1300"], id="three digits without a mark: who writes them groups"),
        pytest.param(["1 204 500", "1 300"], ["1204500", "1300"], id="two groups"),
        pytest.param(["1.300", "2.450"], None, id="nothing but one group: they may be decimals"),
        pytest.param(["1234", "1.300"], None, id="four digits without a mark beside it"),
        pytest.param(["980", "1.300", "1,420"], ["980", None, None], id="two marks"),
        pytest.param(["12.5", "1.300"], ["12.5", "1.3"], id="a decimal point beside it"),
        pytest.param(["12,5", "1.300"], ["12.5", "1300"], id="a decimal comma beside it"),
    ],
)
@pytest.mark.parametrize("metric", ["visitors", "our_count"])
def test_counts_of_a_plain_table_with_marks(cells: list[str], taken: list[str] | None, metric: str) -> None:
    lines = "".join(f"2026-0{at};{text}\n" for at, text in enumerate(cells, 1))
    made = read(f"month;{metric}\n{lines}", defined={"our_count": Defined(Unit.COUNT)})
    if taken and None not in taken:
        assert [row.value for row in made.rows] == [Decimal(text) for text in taken]
    else:
        assert set(rules(made)) == {"ambiguous"}


def test_a_text_that_says_what_it_is_isnt() -> None:
    content = workbook(["month", "revenue"], ["2026-01", 1234.5], ["2026-02", "1.300,50"], ["2026-03", "1.300"])
    assert values(read(content, "x.xlsx")) == {"revenue": ["1234.5", "1300.5", "1300"]}


@pytest.mark.parametrize(
    ("cells", "asks"),
    [
        pytest.param(["0.021", "0.034"], True, id="shares"),
        pytest.param(["0.021", "2.4"], False, id="a value above one"),
        pytest.param(["0.4%", "0.5%"], False, id="with their sign"),
        pytest.param(["2.4%", "0.031"], True, id="one without the sign that the other has"),
        pytest.param(["0", "0"], False, id="nothing but zeros"),
    ],
)
@pytest.mark.parametrize("metric", ["conversion_rate", "our_rate"])
def test_shares_for_percentages_are_told_of_any_metric(metric: str, cells: list[str], asks: bool) -> None:
    text = "Month,Rate\n" + "".join(f"2026-{at:02d},{cell}\n" for at, cell in enumerate(cells, 1))
    own = {"our_rate": Defined(Unit.PERCENT)}
    assert rules(read(text, metrics={"Rate": metric}, defined=own)) == (["share"] if asks else [])


@pytest.mark.parametrize(
    ("header", "metric"),
    [
        ("Nb réservations", "bookings"),
        ("Nombre de commandes", "orders"),
        ("Number of orders", "orders"),
        ("# leads", "leads"),
        ("nb. de commandes", "orders"),
        ("Nombre de chiffre d’affaires", None),
        ("Nombre de clients fidèles", None),
    ],
)
def test_the_number_of_a_thing_is_the_thing(header: str, metric: str | None) -> None:
    assert [row.metric for row in french(f"Mois;{header}\n2026-01;12\n").rows] == ([metric] if metric else [])


def test_a_place_of_zero_is_no_place() -> None:
    made = read("month,average_position,leads\n2026-01,0,0\n2026-02,4.2,3\n")
    assert (values(made), rules(made)) == ({"average_position": ["4.2"], "leads": ["0", "3"]}, [])


def test_of_a_table_that_ends_in_a_quote_only_the_quote_is_told() -> None:
    assert rules(read('date,metric,value\n2025-01,"leads,5\n')) == ["csv.unclosed-quote"]


def test_shares_are_asked_about_at_a_value_that_may_be_one() -> None:
    (finding,) = read("month,conversion_rate\n2026-01,2.4%\n2026-02,0.031\n").findings
    assert finding.location.line == 3


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param("month,revenue\n2025-01,1234,50\n", 2, id="months down"),
        pytest.param(
            "month,leads,revenue,,\n2025-01,5,12,,\n2025-02,5,1234,50,\n", 3, id="below a header that Excel padded"
        ),
        pytest.param("date,metric,value\n2025-01,revenue,1234,50\n", 2, id="a value a row"),
        pytest.param("metric,2025-01,2025-02\nrevenue,1234,50,999,25\n", 2, id="months across"),
        pytest.param("date,visitors,pageviews\n2025-01-01,5,1,234\n", 2, id="Plausible"),
        pytest.param("Day,Campaign name,Amount spent (EUR)\n2025-01-01,A,12,50\n", 2, id="Meta Ads"),
        pytest.param("r\n2025-01-01 - 2025-01-31\nDay,Clicks,Cost\n2025-01-01,5,12,50\n", 4, id="Google Ads"),
        pytest.param("# Start date: 20250101\n# End date: 20250131\nDate,Revenue\n20250101,12,50\n", 4, id="GA4"),
    ],
)
def test_a_number_that_the_separator_cut_is_never_its_first_half(content: str, line: int) -> None:
    made = read(content, metrics={"Revenue": "revenue"} if content.startswith("#") else {})
    assert [finding.location.line for finding in made.findings if finding.rule == "import.cell-count"] == [line]


def test_what_stands_beside_a_workbooks_table_cut_no_number() -> None:
    assert values(read(workbook(["month", "leads"], ["2025-01", 5, "a note"]), "x.xlsx")) == {"leads": ["5"]}


@pytest.mark.parametrize(
    ("code", "value", "expected", "asks"),
    [
        pytest.param("0.0%", 0.024, "2.4", False, id="a percentage that scales"),
        pytest.param("0.0\\%", 2.4, "2.4", False, id="an escaped sign"),
        pytest.param('0.0" %"', 2.4, "2.4", False, id="a quoted sign"),
        pytest.param('0.0" %"', 0.4, "0.4", False, id="a small percentage shown as one"),
        pytest.param("0.000", 0.024, "0.024", True, id="a bare share"),
    ],
)
def test_a_workbooks_percentages(code: str, value: float, expected: str, asks: bool) -> None:
    made = read(workbook(["month", "bounce_rate"], ["2026-01", value], formats={"B2": code}), "x.xlsx")
    assert values(made) == {"bounce_rate": [expected]}
    assert rules(made) == (["share"] if asks else [])


def french(table: str, **options: Any) -> Imported:
    return read(
        table,
        labels={"Réservations": "bookings", "Commandes": "orders", "Taux de conversion": "conversion_rate"},
        **options,
    )


@pytest.mark.parametrize(
    ("table", "taken", "told"),
    [
        pytest.param("Mois;Commandes\njanvier 2026;10\nmars 2026;12\nTOTAL GÉNÉRAL;22\nMoyenne;11\n", ["10", "12"], [],
                     id="rows that sum up"),
        pytest.param("Mois;Commandes\njanv-26;1.300\nfévr-26;1.250\n", None, ["ambiguous"] * 2, id="a point alone"),
        pytest.param("Mois;Commandes\njanv-26;1\u202f300\nfévr-26;1\u00a0250\n", ["1300", "1250"], [], id="spaces"),
        pytest.param("Mois;Commandes\n2026-01;1,2k\n2026-02;1,3 k\n", None, ["format"] * 2, id="shortened numbers"),
        pytest.param("Mois;Commandes\n2026-01;1O\n2026-02;12\n", ["12"], ["format"], id="a letter for a digit"),
        pytest.param("Mois;Commandes\n2026-01;–\n2026-02;n.d.\n2026-03;12\n", ["12"], [], id="what wasn't measured"),
        pytest.param("Mois;Boutique;Commandes\n2026-01;Angers;10\n2026-01;Nantes;20\n", None, ["duplicate"],
                     id="a row for each shop"),
        pytest.param("Indicateur;janv. 2026;févr. 2026;Total\nCommandes;1 200;1 300;2 500\n", ["1200", "1300"], [],
                     id="months across, with a total"),
        pytest.param("Indicateur;2026-01;2026-02;2026-13\nCommandes;12;13;14\n", ["12", "13"], ["date"],
                     id="a month that was mistyped"),
        pytest.param("Indicateur;2026-01;2026-02;Objectif;Total 2026\nCommandes;12;13;30;25\n", ["12", "13"], ["date"],
                     id="a column beside the months"),
        pytest.param("Mois;2025;2026\njanvier;10;12\nfévrier;11;13\n", None, ["date"] * 2, id="a column for each year"),
        pytest.param("Période;Commandes\nT1 2026;10\nT2 2026;12\n", None, ["date"] * 2, id="quarters"),
        pytest.param("Semaine;Commandes\n2026-S01;10\n2026-S02;12\n", None, ["date"] * 2, id="numbered weeks"),
        pytest.param("Date;Commandes\n01/02/2026;3\n02/02/2026;4\n", None, ["ambiguous-dates"],
                     id="days up to the 12th"),
        pytest.param("Mois;Taux de conversion\n2026-01;0,021\n2026-02;0,034\n", ["0.021", "0.034"], ["share"],
                     id="shares"),
        pytest.param("Mois;Taux de conversion\n2026-01;2,1 %\n2026-02;0,034\n", ["2.1", "0.034"], ["share"],
                     id="a share among percentages"),
        pytest.param("Mois;Taux de conversion\n2026-01;2,1 %\n2026-02;3,4 %\n", ["2.1", "3.4"], [], id="percentages"),
    ],
)  # fmt: skip
def test_tables_as_the_french_keep_them(table: str, taken: list[str] | None, told: list[str]) -> None:
    made = french(table)
    assert [*values(made).values()] == ([taken] if taken else [])
    assert rules(made) == told


@pytest.mark.parametrize(
    "header",
    [
        "CA (k€)",
        "CA en milliers d’euros",
        "CA (M€)",
        "Ventes £000",
        "Revenue in thousands",
        "CA KEUR",
        "Visiteurs (k)",
        "Revenue (thousands)",
        "CA (milliers)",
    ],
)
def test_a_header_that_says_thousands_is_a_question(header: str) -> None:
    made = read(f"Mois\t{header}\n2026-01\t12,5\n2026-02\t13,1\n", metrics={header: "revenue"})
    assert rules(made) == ["format"]
    plain = read("Mois\tMarque 2000\n2026-01\t12,5\n2026-02\t13,1\n", metrics={"Marque 2000": "revenue"})
    assert rules(plain) == []


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ('0.0" k€"', None),
        ('#,##0," k€"', ["12345"]),
        ("#,##0,", ["12345"]),
        ('[$€-40C]0.0"k"', None),
        ('0" kg"', ["12345"]),
    ],
)  # fmt: skip
def test_a_workbook_that_shows_thousands_says_so_or_divides(code: str, taken: list[str] | None) -> None:
    made = read(workbook(["Mois", "CA"], ["2026-01", 12345], formats={"B2": code}), "x.xlsx", metrics={"CA": "colis"})
    assert values(made) == ({"colis": taken} if taken else {})
    assert rules(made) == ([] if taken else ["format"])


# Into the table


def existing(metric: str, value: str, day: str = "2026-01", source: str | None = None) -> MetricRow:
    return MetricRow.model_validate({"date": day, "metric": metric, "value": value, "source": source})


META = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR),Link clicks\n2026-01-01,2026-01-31,A,500,89\n"


def test_spending_of_two_tools_is_a_sum_or_two_metrics() -> None:
    made = merge([existing("ad_spend", "1000", source="Google Ads")], read(META).rows)
    assert [finding.rule for finding in made.findings] == ["import.two-tools"]
    assert "Amount spent (EUR) of 2026-01-01: 1000 from Google Ads, and 500 from Meta Ads" in made.findings[0].message
    assert '--metric "Amount spent (EUR)=meta_spend"' in made.findings[0].hint
    assert made.findings[0].hint.endswith("; or enter their sum")


@pytest.mark.parametrize(
    ("metric", "tools", "own"),
    [
        ("clicks", ("Google Ads", "Google Search Console"), "search_console_clicks"),
        ("visitors", ("Matomo", "GA4"), "ga4_visitors"),
        ("sessions", ("GA4", "Universal Analytics"), "universal_analytics_sessions"),
        ("clicks", ("Matomo", "Google"), "google_clicks"),
    ],
)
def test_what_two_tools_count_alike_is_never_to_be_added_up(metric: str, tools: tuple[str, str], own: str) -> None:
    day = dt.date(2026, 1, 1)
    row = ImportedRow(SourceLocation("x.csv", 2), day, metric, Decimal(9), tools[1], None, "Column")
    made = merge([MetricRow(date=day, metric=metric, value=Decimal(5), source=tools[0])], [row])

    assert f'--metric "Column={own}"' in made.findings[0].hint
    assert "sum" not in made.findings[0].hint
    assert "--replace" not in made.findings[0].hint


def test_a_tools_own_value_may_be_corrected() -> None:
    made = merge([existing("ad_spend", "480", source="Meta Ads")], read(META).rows)
    assert made.findings == ()
    assert [(old.value, new.value) for old, new in made.changed] == [(480, 500)]


def test_clicks_of_advertisements_never_meet_clicks_of_search() -> None:
    made = merge([existing("clicks", "7000", source="Google Search Console")], read(META).rows)
    assert (made.findings, made.changed) == ((), ())
    assert {row.metric for row in made.added} == {"ad_spend", "ad_clicks"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("date,visitors\n2026-01-01,120\n2026-01-02,110\n", "a value of the whole month", id="days"),
        pytest.param("date,visitors\n2026-01-05,120\n2026-01-06,110\n", "a value of the whole month", id="no first"),
        pytest.param("date,visitors\n2026-01,120\n", "", id="a month"),
        pytest.param("date,visitors\n2026-02-01,120\n2026-02-02,110\n", "", id="days of another month"),
    ],
)
def test_a_day_never_stands_for_a_month(text: str, said: str) -> None:
    made = merge([existing("visitors", "10931"), existing("leads", "5")], read(text).rows)
    assert [finding.rule for finding in made.findings] == (["import.steps"] if said else [])
    assert all(said in finding.message for finding in made.findings)


def test_a_month_never_stands_for_days() -> None:
    days = [existing("visitors", "10", f"2026-01-{day:02d}") for day in range(1, 20)]
    made = merge(days, read("date,visitors\n2026-01,120\n2025-12,90\n").rows)
    assert [finding.rule for finding in made.findings] == ["import.steps"]
    assert Decimal(90) in {row.value for row in made.added}
