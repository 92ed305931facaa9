"""START-HERE: one page that stands alone, in both languages, for signed bundles and drafts."""

import datetime as dt
import itertools
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given as given_that
from hypothesis import settings as examples
from hypothesis import strategies as st

from handover import resources
from handover.artifact import Role, Seal
from handover.deliverables.base import Content
from handover.deliverables.checking import COMMANDS, STEPS, SYSTEMS, second_zip_command
from handover.deliverables.start_here import START_HERE, render
from handover.model import MetricRow
from sample_handover import CONTENTS, assets, given, project, settings

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])

TILES = {
    "en": (
        "250 Nov 2025 – Oct 2026 +150 (+150%) up, better Baseline: 100 on average Nov 2024 – Oct 2025",
        "84 Nov 2025 – Oct 2026 Baseline: not measured Nov 2024 – Oct 2025",
    ),
    "fr": (
        "250 nov. 2025 – oct. 2026 +150 (+150 %) en hausse, mieux Référence : 100 en moyenne nov. 2024 – oct. 2025",
        "84 nov. 2025 – oct. 2026 Référence : pas de mesure nov. 2024 – oct. 2025",
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


def page(language: str = "en", **changes: object) -> Page:
    return Page(render(given("start_here", language, **changes)))


@LANGUAGES
def test_it_says_what_each_file_is_and_links_to_it(language: str) -> None:
    found = page(language)
    links = [href for href in found.values("href") if not href.startswith("#")]
    assert links == ["01-termination-letter.docx", "02-inventory.xlsx", "03-pending-projects.docx", "assets/",
                     "data/metrics.csv"]  # fmt: skip
    for line in CONTENTS[1:]:
        if line.role is not Role.ASSET:
            assert given(line.deliverable, language).words.text("purpose") in found.visible


@LANGUAGES
def test_it_stands_alone_without_script_or_address_outside(language: str) -> None:
    data = render(given("start_here", language)).decode()
    found = Page(data.encode())
    assert not {tag for tag, _ in found.tags} & {"script", "link", "iframe", "img", "object", "form", "base"}
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


def test_extract_all_comes_before_everything_else() -> None:
    found = page()
    assert found.visible.index("Extract everything first.") < found.visible.index("What you have received")


@LANGUAGES
def test_the_fingerprint_stands_in_groups_of_four_beside_every_command(language: str) -> None:
    found = page(language)
    assert " ".join(["0123 4567 89ab cdef"] * 4) in found.visible
    for system in SYSTEMS:
        for step in STEPS:
            assert " ".join(COMMANDS[system][step].split()) in found.visible
    assert found.visible.count("Claire Delmas") >= 4


SECOND = "acme-assets-0123456789abcdef.zip"
SPLIT = tuple(replace(line, name=SECOND) if line.role is Role.ASSET else line for line in CONTENTS)


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
    found = page(language, draft=True, signer=None)
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
def test_without_rows_nothing_is_said_of_pending_projects(language: str) -> None:
    found = page(language, project=project(language, metrics=(), pending=()))
    words = given("start_here", language).words
    assert words.other("pending").text("purpose") not in found.visible
    assert words.other("pending").text("purpose_empty") in found.visible
    listed = next(line.name for line in given("start_here", language).contents if line.role is Role.PENDING)
    assert words.text("first.pending", file=listed) not in found.visible


def test_on_a_narrow_screen_charts_are_as_wide_as_the_page() -> None:
    styles = resources.read_text("pages", "start_here.html")
    assert ".chart svg { display: block; width: 100%; height: auto; }" in styles
    assert "min-width: 36rem" not in styles


def test_a_bundle_without_signer_that_is_no_draft_says_that_nothing_is_proven() -> None:
    assert "This delivery isn’t signed" in page(signer=None).visible


@pytest.mark.parametrize(
    ("channel", "words"),
    [("phone", "by phone"), ("sms", "by text message"), ("in-person", "in person"), ("post", "by post")],
)
def test_the_channel_of_the_passphrase_is_named(channel: str, words: str) -> None:
    changed = project(settings=settings(options={"passphrase_by": channel}))
    assert f"The passphrase will be given to you {words}, never in the same e-mail" in page(project=changed).visible


def test_a_person_on_their_own_says_i() -> None:
    agency = settings().agency.model_dump(mode="json") | {"voice": "i"}
    assert "as I held them" in page(project=project(settings=settings(agency=agency))).visible
    assert "as we held them" in page().visible


def test_the_number_and_size_of_files_is_said() -> None:
    assert "7 files, 35\u00a0MB." in page().visible
    assert not re.search("[0-9] files, ", page(assets=()).visible)
    assert "One file, " in page(assets=assets()[:1]).visible


def test_steps_for_documents_that_are_not_there_are_absent() -> None:
    found = page(contents=(CONTENTS[0], Content("data/metrics.csv", Role.DATA, "data_metrics")))
    assert "passphrase" not in found.visible
    assert "Opening the inventory" not in found.visible
    assert "Keep the zip itself" in found.visible


@LANGUAGES
def test_figures_stand_with_their_charts_where_there_is_a_report(language: str) -> None:
    report = Content("04-achievements-report.docx", Role.REPORT, "report")
    found = page(language, contents=(*CONTENTS, report))
    assert given("start_here", language).words.text("sections.results") in found.visible
    tags = [tag for tag, _ in found.tags]
    assert tags.count("svg") == tags.count("figure") >= 2
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


@examples(max_examples=40)
@given_that(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip))
def test_no_value_becomes_markup(text: str) -> None:
    values = settings().model_dump(mode="json")
    for part in ("agency", "client", "owner"):
        values[part]["name"] = f"</p><script>{text}&amp;\"'{{{{ 7*7 }}}}"
    changed = settings(agency=values["agency"], client=values["client"], owner=values["owner"])
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
    assert b"#FFF200" not in data
    assert b"--text: #7E7800" in data


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
