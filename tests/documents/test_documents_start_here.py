"""START-HERE: one page that stands alone, in both languages, for signed bundles and drafts."""

import datetime as dt
import itertools
import re
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given as given_that
from hypothesis import settings as examples
from hypothesis import strategies as st

from handover.documents.answers import answers
from handover.documents.base import Content
from handover.documents.checking import COMMANDS, STEPS, SYSTEMS, second_zip_command
from handover.documents.page_text import reach
from handover.documents.start_here import START_HERE, render
from handover.formats.palette import GRAPHIC_CONTRAST, TEXT_CONTRAST, contrast
from handover.languages import files
from handover.model.artifact import Role, Seal
from handover.model.rows import AccountRow, InvoiceRow, MetricRow
from sample_handover import CONTENTS, assets, given, project, settings
from signing_samples import PNG

TO_PEOPLE = ("tel:", "mailto:")
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])

TILES = {
    "en": (
        "Period: Nov 2025 – Oct 2026, compared with Nov 2024 – Oct 2025.",
        "250 +150 (+150%) up, better Before: 100 on average",
        "84 Before: no value",
    ),
    "fr": (
        "Période : nov. 2025 – oct. 2026, par rapport à nov. 2024 – oct. 2025.",
        "250 +150 (+150 %) en hausse, favorable Avant : 100 en moyenne",
        "84 Avant : pas de valeur",
    ),
}


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its ids, links and visible text."""

    VOID = frozenset(["meta", "br", "img", "link", "hr"])

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.text: list[str] = []
        self.feed(data.decode())
        assert self.stack == [], "every element is closed"
        self.visible = re.sub(r"[ \n]+", " ", " ".join(self.text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] != "style":
            self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]


def schemes(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """The colours of the page by name, on white and on a dark screen."""
    found = re.findall(r":root {([^}]*)}", data.decode())
    day, night = (dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block)) for block in found)
    return day, night


def page(language: str = "en", **changes: object) -> Page:
    return Page(render(given("start_here", language, **changes)))


@LANGUAGES
def test_it_says_what_each_file_is_and_links_to_it(language: str) -> None:
    found = page(language)
    links = [href for href in found.values("href") if not href.startswith(TO_PEOPLE)]
    assert list(dict.fromkeys(links)) == [line.name for line in CONTENTS[1:]]
    for line in CONTENTS[1:]:
        if line.role is not Role.ASSET:
            assert given(line.deliverable, language).words.text("purpose") in found.visible


@LANGUAGES
def test_it_stands_alone_without_script_or_address_outside(language: str) -> None:
    data = render(given("start_here", language)).decode()
    found = Page(data.encode())
    assert not {tag for tag, _ in found.tags} & {"script", "link", "iframe", "object", "form", "base"}
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert "://" not in re.sub(r'xmlns="[^"]*"', "", data)
    assert "url(" not in data
    assert "@import" not in data


@LANGUAGES
def test_it_is_built_for_everybody(language: str) -> None:
    found = page(language)
    tags = [tag for tag, _ in found.tags]
    assert dict(found.tags[0][1])["lang"] == {"en": "en-GB", "fr": "fr-FR"}[language]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in found.tags if tag == "th")
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href in found.values("href") if href.startswith("#")]
    assert set(targets + found.values("aria-labelledby")) <= set(ids)


@LANGUAGES
def test_its_landmarks_are_header_main_and_footer(language: str) -> None:
    found = page(language)
    tags = [tag for tag, _ in found.tags]
    assert [tag for tag in tags if tag in {"header", "main", "nav", "footer"}] == ["header", "main", "footer"]
    levels = [tag for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == "h1"


@examples(max_examples=25)
@given_that(st.integers(0, 0xFFFFFF).map("#{:06X}".format))
def test_text_is_legible_on_white_and_on_a_dark_screen(colour: str) -> None:
    data = render(given("start_here", project=project(settings=settings(brand={"colour": colour}))))
    for scheme in schemes(data):
        for text in ("ink", "grey", "text", "dark"):
            assert contrast(scheme[text], scheme["page"]) >= TEXT_CONTRAST
            assert contrast(scheme[text], scheme["tint"]) >= TEXT_CONTRAST
        assert contrast(scheme["on-dark"], scheme["dark"]) >= TEXT_CONTRAST
        # Focus is marked in `dark`, rules of sections in `accent` (WCAG 2.2, 1.4.11).
        assert contrast(scheme["accent"], scheme["page"]) >= GRAPHIC_CONTRAST


def test_what_has_the_focus_is_outlined() -> None:
    assert ":focus-visible { outline: 3px solid var(--dark);" in files.read_text("pages", "start_here.html")


def test_extract_all_comes_before_everything_else() -> None:
    found = page()
    assert found.visible.index("Extract everything first.") < found.visible.index("At a glance")


@LANGUAGES
def test_the_fingerprint_stands_in_groups_of_four_beside_every_command(language: str) -> None:
    found = page(language)
    assert " ".join(["0123 4567 89ab cdef"] * 4) in found.visible
    for system in SYSTEMS:
        for step in STEPS:
            assert " ".join(COMMANDS[system][step].split()) in found.visible
    assert found.visible.count("Claire Delmas") >= 4


SECOND = "acme-assets-0123456789abcdef.zip"
SPLIT = tuple(line._replace(name=SECOND) if line.role is Role.ASSET else line for line in CONTENTS)


@LANGUAGES
def test_a_split_bundle_says_where_the_second_zip_belongs_and_how_to_check_it(language: str) -> None:
    found = page(language, contents=SPLIT, second_sha256="ab" * 32)
    words = given("start_here", language).words
    assert words.text("files.second") in found.visible
    assert SECOND not in found.values("href")
    assert "assets/" not in found.values("href")
    assert found.visible.count(words.text("check.expect.second")) == len(SYSTEMS)
    for system in SYSTEMS:
        assert " ".join(second_zip_command(system, SECOND, "ab" * 32).split()) in found.visible


@LANGUAGES
def test_a_bundle_in_one_zip_speaks_of_no_second_one(language: str) -> None:
    found, words = page(language), given("start_here", language).words
    assert words.text("files.second") not in found.visible
    assert words.text("check.expect.second") not in found.visible


@LANGUAGES
def test_a_draft_says_so_and_has_nothing_to_check(language: str) -> None:
    found = page(language, draft=True, signers=())
    words = given("start_here", language).words
    assert words.text("draft_notice") in found.visible
    assert words.text("check.draft") in found.visible
    assert words.text("inventory.draft") in found.visible
    assert words.text("first.keep") not in found.visible
    assert words.text("first.keep_draft") in found.visible
    for deliverable in ("letter", "inventory"):
        assert words.other(deliverable).text("purpose") not in found.visible
        assert words.other(deliverable).text("purpose_draft") in found.visible
    assert "openssl" not in found.visible
    assert words.text("channel.phone") not in found.visible


@LANGUAGES
def test_without_rows_nothing_is_to_read_of_pending_projects(language: str) -> None:
    found = page(language, project=project(language, metrics=(), pending=()))
    words = given("start_here", language).words
    listed = next(line.name for line in given("start_here", language).contents if line.role is Role.PENDING)
    assert words.text("first.pending", file=listed) not in found.visible


@pytest.mark.parametrize(
    ("channel", "words"),
    [("phone", "by phone"), ("sms", "by text message"), ("in-person", "in person"), ("post", "by post")],
)
def test_the_channel_of_the_passphrase_is_named(channel: str, words: str) -> None:
    changed = project(settings=settings(options={"passphrase_by": channel}))
    assert f"The passphrase will be given to you {words}, never in the same e-mail" in page(project=changed).visible


def test_questions_go_to_whom_the_letter_names() -> None:
    changed = project(settings=settings(transition={"contact": "Sam Pike, 01947 222 222"}))
    assert "Questions Sam Pike, 01947 222 222" in " ".join(page(project=changed).visible.split())


def test_a_person_on_their_own_says_i() -> None:
    agency = settings().agency.model_dump(mode="json") | {"voice": "i"}
    assert "as I held them" in page(project=project(settings=settings(agency=agency))).visible
    assert "as we held them" in page().visible


def test_the_number_and_size_of_files_is_said() -> None:
    assert "Seven files of yours, 35\u00a0MB." in page().visible
    assert "of yours" not in page(assets=()).visible
    assert "One file of yours, " in page(assets=assets()[:1]).visible


# The first questions

BARE = {"accounts": (), "invoices": (), "pending": (), "asset_notes": ()}
QUESTIONS = {
    "no table has a row": (BARE, ["What you receive"]),
    "an account is the client's already": (
        {**BARE, "accounts": [{"status": "unchanged", "current_owner": "Conserverie <Le Goff> & Cie"}]},
        ["What you receive", "Who controls it now", "Which access ends"],
    ),
    "an account is somebody else's and stays so": (
        {**BARE, "accounts": [{"status": "closed", "current_owner": "Wei Huang"}]},
        ["What you receive", "Which access ends"],
    ),
    "an invoice is open": (
        {**BARE, "invoices": [{"amount": "80"}]},
        ["What you receive", "What remains to be paid"],
    ),
    "credit notes outweigh what is to pay: the rest is in the client's favour": (
        {**BARE, "invoices": [{"amount": "80"}, {"amount": "-90"}]},
        ["What you receive", "What remains to be paid"],
    ),
    "an invoice is issued after the bundle": (
        {**BARE, "invoices": [{"amount": "80", "issued_on": "2026-12-01"}]},
        ["What you receive"],
    ),
}


@pytest.mark.parametrize("case", QUESTIONS)
def test_a_question_without_data_is_not_asked(case: str) -> None:
    tables, asked = QUESTIONS[case]
    rows = {
        "accounts": [AccountRow.model_validate({"service": "Shop", **row}) for row in tables["accounts"]],
        "invoices": [
            InvoiceRow.model_validate({"number": "F-1", "issued_on": "2026-06-30", "due_date": "2026-07-30", **row})
            for row in tables["invoices"]
        ],
    }
    own = project(**{**tables, **rows})
    assert [question for question, _ in answers(given("start_here", project=own))] == asked


@LANGUAGES
def test_no_account_is_named_on_a_page_that_is_not_encrypted(language: str) -> None:
    shown = page(language).visible
    assert not [row.service for row in project(language).accounts if row.service in shown]


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("05 56 00 00 00", "tel:0556000000"),
        ("+44 (0)117 496-0182", "tel:+441174960182"),
        ("02.61.91.61.05", "tel:0261916105"),
        ("0117 496 0182 ext. 12", ""),
    ],
)
def test_a_number_is_called_by_a_touch_where_it_is_only_a_number(number: str, address: str) -> None:
    assert [way.href for way in reach(number, None)] == [address]


def test_the_logo_is_part_of_the_page_and_tells_what_it_shows() -> None:
    own = project(settings=settings(brand={"logo": "brand/logo.png"}), images={"brand/logo.png": PNG})
    shown = [attributes for tag, attributes in page(project=own).tags if tag == "img"]
    assert [(one["alt"], str(one["src"])[:22]) for one in shown] == [
        ("Logo of Rivage & Fils", "data:image/png;base64,")
    ]
    assert "img" not in {tag for tag, _ in page().tags}


REPORT = Content("04-achievements-report.docx", Role.REPORT, "report")


def linked(data: bytes, section: str) -> list[str]:
    """Where the links of one section lead."""
    text = data.decode()
    start = text.index(f'<h2 id="{section}">')
    found = re.findall(r'href="([^"]*)"', text[start : text.index("</section>", start)])
    return [href for href in found if not href.startswith(TO_PEOPLE)]


@LANGUAGES
def test_files_are_links_wherever_they_are_named(language: str) -> None:
    data = render(given("start_here", language, contents=(*CONTENTS, REPORT)))
    documents = ["01-termination-letter.docx", "02-inventory.xlsx", "03-pending-projects.docx"]
    assert linked(data, "first") == documents
    assert linked(data, "inventory") == ["02-inventory.xlsx"]
    assert linked(data, "results") == ["04-achievements-report.docx"]


def test_a_link_in_a_sentence_is_encoded_and_its_text_is_not() -> None:
    odd = Content("03-a b#é%&.docx", Role.LETTER, "letter")
    data = render(given("start_here", contents=(CONTENTS[0], odd)))
    assert linked(data, "first") == ["03-a%20b%23%C3%A9%25%26.docx"]
    assert ">03-a b#é%&amp;.docx</a>" in data.decode()


@LANGUAGES
def test_no_link_leads_to_what_the_extracted_folder_lacks(language: str) -> None:
    for contents in (CONTENTS, (*CONTENTS, REPORT), SPLIT, CONTENTS[:2]):
        found = page(language, contents=contents, second_sha256="ab" * 32 if contents is SPLIT else "")
        beside = {line.name for line in contents} - {SECOND}
        links = {unquote(href) for href in found.values("href") if not href.startswith(TO_PEOPLE)}
        assert links <= beside


@LANGUAGES
def test_names_and_addresses_are_kept_on_one_line_with_the_sign_behind_them(language: str) -> None:
    data = render(given("start_here", language, contents=SPLIT, second_sha256="ab" * 32)).decode()
    kept = [re.sub("<[^>]*>", "", text) for text in re.findall('<span class="whole">(.*?)</span>', data)]
    assert {"bonjour@rivage.example.", "05 56 00 00 00,", "01-termination-letter.docx.", SECOND} <= set(kept)
    assert {line.name for line in SPLIT[1:]} <= set(kept)
    styles = files.read_text("pages", "start_here.html")
    # Whole where it fits on a line; longer ones may break anywhere rather than run out of the page.
    assert ".whole { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }" in styles


@LANGUAGES
def test_what_is_typed_to_open_the_clients_copy_stands_by_itself(language: str) -> None:
    copy = Content("02-inventory.xlsx.age", Role.RECIPIENT_COPY, "inventory")
    for contents in ((*CONTENTS, copy), (CONTENTS[0], copy)):
        data = render(given("start_here", language, contents=contents)).decode()
        commands = re.findall("<pre><code>(age .*?)</code></pre>", data)
        assert len(commands) == 1
        assert re.fullmatch(r"age --decrypt --identity \w+ --output [\w.-]+ 02-inventory\.xlsx\.age", commands[0])
        assert data.count("age --decrypt") == 1


def test_printed_it_takes_the_paper_of_its_readers() -> None:
    assert "@page { size: A4; margin: 14mm 18mm; }" in render(given("start_here")).decode()
    assert "@page { size: Letter;" in render(given("start_here", locale="en_US")).decode()


def test_steps_for_documents_that_are_not_there_are_absent() -> None:
    found = page(contents=(CONTENTS[0], Content("data/metrics.csv", Role.DATA, "data_metrics")))
    assert "passphrase" not in found.visible
    assert "Opening the inventory" not in found.visible
    assert "Keep the zip itself" in found.visible


@LANGUAGES
def test_figures_stand_where_there_is_a_report(language: str) -> None:
    report = Content("04-achievements-report.docx", Role.REPORT, "report")
    found = page(language, contents=(*CONTENTS, report))
    assert given("start_here", language).words.text("sections.results") in found.visible
    assert "results" in found.values("id")
    assert "results" not in page(language).values("id")
    bare = project(language, metrics=(), settings=settings(language, metrics={}))
    assert "results" not in page(language, contents=(*CONTENTS, report), project=bare).values("id")


@LANGUAGES
def test_a_figure_names_both_periods_and_says_when_nothing_was_measured_at_first(language: str) -> None:
    report = Content("04-achievements-report.docx", Role.REPORT, "report")
    months = [dt.date(2024 + (at + 10) // 12, (at + 10) % 12 + 1, 1) for at in range(24)]
    visitors = {month: 100 if at < 12 else 250 for at, month in enumerate(months)}
    values = [*(("visitors", *pair) for pair in visitors.items()), *(("leads", month, 7) for month in months[12:])]
    metrics = tuple(MetricRow(date=day, metric=name, value=Decimal(value)) for name, day, value in values)
    found = page(language, contents=(*CONTENTS, report), project=project(language, metrics=metrics))
    text = found.visible.replace("\u00a0", " ").replace("\u202f", " ")
    for tile in TILES[language]:
        assert tile in text

    ended = page(language, contents=(*CONTENTS, report), project=project(language, metrics=metrics[:12]))
    assert "results" in ended.values("id")
    assert {"en": "compared with", "fr": "par rapport à"}[language] not in ended.visible, "nothing was compared"


@LANGUAGES
def test_a_caveat_stands_once_behind_the_figures_that_it_is_about(language: str) -> None:
    months = [dt.date(2024 + (at + 10) // 12, (at + 10) % 12 + 1, 1) for at in range(24)]
    names = ("visitors", "leads", "revenue")
    rows = [(name, month) for name in names for month in months if (name, month) != ("leads", months[15])]
    metrics = tuple(MetricRow(date=month, metric=name, value=Decimal(7)) for name, month in rows)
    given_so = {"contents": (*CONTENTS, REPORT), "project": project(language, metrics=metrics)}
    text = page(language, **given_so).visible.replace("\u00a0", " ").replace("\u202f", " ")
    caveat = {
        "en": "Leads: No value for February 2026",
        "fr": "Demandes de contact : Aucune valeur pour février 2026",
    }[language]
    assert text.count(caveat) == 1


@given_that(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip))
def test_no_value_becomes_markup(text: str) -> None:
    values = settings().model_dump(mode="json")
    for part in (values["agency"], values["client"], values["owners"][0]):
        part["name"] = f"</p><script>{text}&amp;\"'{{{{ 7*7 }}}}"
    changed = settings(agency=values["agency"], client=values["client"], owners=values["owners"])
    data = render(given("start_here", project=project(settings=changed)))
    found = Page(data)
    assert "script" not in {tag for tag, _ in found.tags}
    assert "{{ 7*7 }}" in found.visible


def test_file_names_are_encoded_in_links() -> None:
    odd = Content("05-a b#é%.docx", Role.PENDING, "pending")
    assert "05-a%20b%23%C3%A9%25.docx" in page(contents=(*CONTENTS, odd)).values("href")


@LANGUAGES
def test_a_pale_brand_never_colours_text(language: str) -> None:
    data = render(given("start_here", language, project=project(settings=settings(brand={"colour": "#FFF200"}))))
    day, night = schemes(data)
    assert "#FFF200" not in day.values()
    assert day["text"] == "#7E7800"
    assert night["text"] == "#FFF200"


@LANGUAGES
def test_two_renderings_are_equal(language: str) -> None:
    assert render(given("start_here", language)) == render(given("start_here", language))


def test_names_and_seal() -> None:
    assert (START_HERE.role, START_HERE.seal, START_HERE.uses_vault) == (Role.START_HERE, Seal.NONE, False)
    names = [given("start_here", language).words.text("file_name") for language in ("en", "fr")]
    assert names == ["START-HERE", "LISEZ-MOI"]


@LANGUAGES
def test_every_purpose_is_one_line_in_every_language(language: str) -> None:
    for name in ("start_here", "inventory", "data_metrics", "data_pending", "data_assets"):
        purpose = given(name, language).words.text("purpose")
        assert purpose.endswith(".")
        assert "\n" not in purpose
