"""The mark of a copied template, the list of variables, and the made-up project that examples come from."""

import dataclasses

import pytest

from handover.build.render import base_input, render
from handover.build.sample import Looks, sample_document, sample_plan, sample_view
from handover.documents.templates import template_file, with_templates
from handover.formats.package.opc import read_package
from handover.languages import files as resources
from handover.model.errors import Severity
from handover.templating.check import lint_template
from handover.templating.kinds import context_of
from handover.templating.own import Mark, documents, ejected, mark, marked, new_language, standings, version
from handover.templating.variables import as_document, variables
from hostile_templates import docx, paragraph, with_text
from sample_letter import outline

by_id = pytest.mark.parametrize("deliverable", with_templates().values(), ids=lambda deliverable: deliverable.id)


@pytest.mark.parametrize("document", documents())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_copy_says_which_version_of_ours_it_was(document: str, language: str) -> None:
    ours = resources.word_templates(language)[document]
    copy = ejected(document, language)
    assert mark(copy, "copy") == Mark(document, language, version(ours))
    ours_parts, parts = read_package(ours, "ours").parts, read_package(copy, "copy").parts
    assert {name for name in parts if parts[name] != ours_parts.get(name)} == {"/docProps/custom.xml", "/_rels/.rels"}


@pytest.mark.parametrize("document", ["letter", "report"])  # what a copy has besides ours is the same in each (above)
def test_a_copy_is_as_valid_as_ours(document: str) -> None:
    about = template_file(f"{document}.docx", document, "en")
    errors = [f for f in lint_template(ejected(document, "en"), about) if f.severity is Severity.ERROR]
    assert errors == []


def test_a_mark_can_be_set_anew() -> None:
    copy = marked(ejected("letter", "fr"), Mark("letter", "fr", "0" * 12))
    assert mark(copy, "copy") == Mark("letter", "fr", "0" * 12)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_text("x"), id="no properties"),
        pytest.param(marked(with_text("x"), Mark("Letter; DROP", "fr", "0" * 12)), id="a mark that we didn't write"),
    ],
)
def test_no_mark_is_no_mark(content: bytes) -> None:
    assert mark(content, "x") is None


def test_a_copy_of_another_document_counts_as_not_copied() -> None:
    found = next(one for one in standings("en", {"letter": ejected("report", "en")}) if one.document == "letter")
    assert found.file == "templates/letter.docx"
    assert found.mark is None


def test_the_mark_reaches_no_document() -> None:
    plain, own = sample_plan("en"), sample_plan("en", Looks(templates={"letter": ejected("letter", "en")}))
    first, second = (render(p.documents[0], base_input(p)).content for p in (plain, own))
    assert first == second
    assert b"handover-template" not in second


# Variables


NOT_ON_ITS_DAY = ("enclosures[]", "payments", "contract.notice_date", "obligations[].met_on")


@by_id
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_variable_has_a_meaning_and_nearly_every_one_an_example(deliverable, language: str) -> None:
    listed = variables(deliverable.view_type, sample_view(deliverable, sample_plan(language)))
    used = [variable for variable in listed if not variable.kind.startswith("end")]
    assert [variable.path for variable in used if not variable.meaning] == []
    # What stands in a pair is a figure, and figures have examples; highlights are there where no figure is.
    # A notice encloses nothing, is dated itself, and on its day nothing was to be paid and nothing had been given back.
    shown_elsewhere = (
        "pairs[]",
        "highlights[]",
        "chosen",  # the made-up project shows whom it could be instead
        *(NOT_ON_ITS_DAY if deliverable.id == "notice" else ()),
    )
    without = {v.path for v in used if not v.example and not v.path.startswith(shown_elsewhere)}
    # Nobody gave its notice up: it says until when it runs. Its credit note covers less than what is open.
    assert without <= {"period_notes[]", "payments.favour", "contract.waived_by"}


@by_id
def test_nothing_that_a_template_may_use_is_left_out(deliverable) -> None:
    listed = variables(deliverable.view_type, sample_view(deliverable, sample_plan("en")))
    assert {variable.path.partition(".")[0].removesuffix("[]") for variable in listed} == set(
        context_of(deliverable.view_type)
    )
    assert {field.name for field in dataclasses.fields(deliverable.view_type)} == set(context_of(deliverable.view_type))


@by_id
def test_the_tags_as_listed_make_a_template_that_renders(deliverable) -> None:
    planned = sample_plan("en")
    listed = variables(deliverable.view_type, sample_view(deliverable, planned))
    tags = [f"{{% if {v.tag.strip('{} ')} %}}{v.tag}{{% endif %}}" if v.tag.startswith("{{") and "absent" in v.kind
            else v.tag for v in listed]  # fmt: skip
    template = docx("".join(map(paragraph, tags)))
    own = sample_plan("en", Looks(templates={deliverable.id: template}))
    lines = outline(sample_document(deliverable, own)[0])
    examples = [v.example for v in listed if v.kind == "text" and "[" not in v.path and not v.example.endswith("…")]
    assert {f"Normal | {example}" for example in examples} - set(lines) == set()


@by_id
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_text_of_a_view_that_cant_be_absent_is_never_empty(deliverable, language: str) -> None:
    def empty(value: object, at: str) -> list[str]:
        if isinstance(value, tuple):
            return [path for item in value for path in empty(item, f"{at}[]")]
        if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(value)
            return [path for one in fields for path in empty(getattr(value, one.name), f"{at}.{one.name}")]
        return [at] if value == "" else []

    assert empty(sample_view(deliverable, sample_plan(language)), deliverable.id) == []


@pytest.mark.usefixtures("anew")
def test_the_word_file_is_the_same_every_time() -> None:
    report = with_templates()["report"]
    listed = variables(report.view_type, sample_view(report, sample_plan("en")))
    assert as_document("Report", listed) == as_document("Report", listed)


# The made-up project


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_made_up_project_leaves_nothing_optional_out(language: str) -> None:
    settings = sample_plan(language).project.settings
    groups = (settings.agency, settings.client.contact, settings.contract, settings.letter, settings.report)
    empty = [name for group in groups for name, value in group.model_dump().items() if value in (None, ())]
    # Who gave notice up takes the sentence away that says until when it runs, and who was chosen, whom it could be.
    empty = [name for name in empty if name not in {"notice_waived_by", "successor_known"}]
    assert empty == []


def test_a_language_without_a_sample_takes_the_english_one_and_its_own_locale() -> None:
    files = new_language("da")
    words = {name: content.decode() for name, content in files.items() if name.endswith(".toml")}
    templates = {f"da/{name[:-5]}": content for name, content in files.items() if name.endswith(".docx")}
    planned = sample_plan("da", Looks(templates=templates, words=words))
    assert planned.project.locale == "da_DK"
    assert planned.documents[0].place == "templates/da/letter.docx"
    assert planned.project.settings.client.name == "Acme Bakery Ltd"


def test_a_new_language_brings_every_file_but_sources_and_the_phrases_of_english_tone() -> None:
    ours = {path.name for path in resources.template_path("en").iterdir() if path.suffix in {".toml", ".docx"}}
    assert set(new_language("es")) == ours - {"tone.toml", "sample.toml"}
