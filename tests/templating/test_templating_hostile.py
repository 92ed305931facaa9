"""Hostile templates: each is refused, with its place, by the check and by the filling, or does no harm."""

# ruff: noqa: E501 — a table of cases, a line each as far as it goes

from dataclasses import dataclass, replace
from functools import partial

import pytest

from handover.documents.templates import template_file
from handover.formats.package.opc import read_package
from handover.formats.word.ooxml import W
from handover.model.errors import DamagedFile, Finding, Severity, TemplateError, Unfillable
from handover.templating import template
from handover.templating.check import lint_template
from handover.templating.fill import MOST_BYTES, MOST_NODES, Budget
from handover.templating.kinds import ChartName
from handover.templating.template import rendered
from hostile_templates import HOSTILE as EARLIER
from template_making import Maker, cell, letter, p, row, run, table
from templating.filling import FINISH, View, filled, lines, links
from templating.hostile import HOSTILE, linked
from templating.test_templating_controls import CHART, view_of

EVERY = [*((one.name, one.make, one.says) for one in EARLIER), *((name, make, "") for name, make in HOSTILE)]


def errors(content: bytes) -> list[Finding]:
    found = lint_template(content, template_file("letter.docx", "letter", "en"))
    return [one for one in found if one.severity is Severity.ERROR and not one.rule.startswith("content.")]


def test_there_are_enough_of_them() -> None:
    assert len(EARLIER) >= 80
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize(("make", "says"), [pytest.param(make, says, id=name) for name, make, says in EVERY])
def test_a_hostile_template_is_refused_by_check_and_filling(make, says: str, monkeypatch) -> None:
    # A fifth of the tags that a template may have is counted as all of them are (below).
    monkeypatch.setattr(template, "MOST_TAGS", 1_000)
    content = make()
    found = errors(content)
    assert found
    assert all(len(one.message) <= 500 and one.message.isprintable() and "\n" not in one.hint for one in found)
    with pytest.raises((TemplateError, DamagedFile), match=rf"^templates/letter\.docx.*{says}") as refused:
        rendered(content, view_of("letter", full=True), FINISH, place="templates/letter.docx")
    assert len(str(refused.value)) <= 1500
    assert not isinstance(refused.value, Unfillable)


def test_one_tag_too_many_is_refused() -> None:
    content = letter(p("{{ place }}" * (template.MOST_TAGS + 1))).bytes()
    assert "has 5,000 tags or more" in [one.message for one in errors(content)]


# What only the project at hand makes too much


def many(tags: str, inside: str, depth: int = 8) -> str:
    return p(
        "x " + "".join(f"{{% for v{n} in words %}}" for n in range(depth)) + inside + "{% endfor %}" * depth + tags
    )


LOOK = "<w:rFonts w:ascii='" + "A" * 100_000 + "'/>"
OFF = "{% if " + " or ".join(["off"] * 60) + " %}{% endif %}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(many("", ""), id="loops that do nothing"),
        pytest.param(many("", "{{ title }}"), id="loops that print"),
        pytest.param(many("", OFF * 50, 4), id="loops that only ask"),
        pytest.param(many("", "{{ chart }}", 4), id="loops of charts"),
        pytest.param("".join(p(f"{{%p for v{n} in words %}}") for n in range(8)) + p("x") + p("{%p endfor %}") * 8,
                     id="loops of paragraphs"),
        pytest.param(table(*(row(cell(p(f"{{%tr for v{n} in words %}}"))) for n in range(8)), row(cell(p("x"))),
                           *(row(cell(p("{%tr endfor %}"))) for _ in range(8))), id="loops of rows"),
        pytest.param(table(row(*(cell(p(f"{{%tc for v{n} in words %}}")) for n in range(8)), cell(p("x")),
                               *(cell(p("{%tc endfor %}")) for _ in range(8)))), id="loops of cells"),
        pytest.param("".join(p(f"{{%p for v{n} in words %}}") for n in range(4)) + p(run("x", LOOK))
                     + p("{%p endfor %}") * 4, id="loops that copy a long attribute"),
        pytest.param("".join(p(f"{{%p for v{n} in words %}}") for n in range(4)) + p(run("{{ title }}", LOOK))
                     + p("{%p endfor %}") * 4, id="loops that copy a value's formatting"),
        pytest.param("".join(p(f"{{%p for v{n} in words %}}") for n in range(4)) + p("x" * 100_000)
                     + p("{%p endfor %}") * 4, id="loops that copy a long text"),
        pytest.param("".join(p(f"{{%p for v{n} in words %}}") for n in range(8))
                     + p(f'<w:hyperlink r:id="rIdOut0">{run("x")}</w:hyperlink>') + p("{%p endfor %}") * 8,
                     id="loops of links"),
    ],
)  # fmt: skip
def test_what_a_project_makes_too_much_is_stopped_by_count_and_names_its_loop(body: str, monkeypatch) -> None:
    # A tenth of what may be filled is counted as all of it is (test_templating_fill).
    monkeypatch.setattr("handover.templating.template.Budget", partial(Budget, MOST_NODES // 10, MOST_BYTES // 10))
    content = Maker(body).external("hyperlink", "https://a.example/{{ v3 }}").bytes()
    finish = replace(FINISH, charts={"chart": CHART})
    with pytest.raises(
        Unfillable, match=r"fills more than (200,000 elements|64 MB): “{%(p |tr |tc | )for v\d in words %}”"
    ) as no:
        rendered(content, View(words=tuple("abcdefghijk")), finish, place="letter.docx")
    assert no.value.rule == "tag.too-much"


# What does no harm


@dataclass(frozen=True, slots=True)
class Outside:
    """What no template may reach."""

    password: str = "s3cret-outside"


TEXT = f'xmlns:w="{W}"'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(p("<w:r><w:t><![CDATA[{{ title }} <b>]]></w:t></w:r>"), ["Title <b>"], id="a tag in CDATA"),
        pytest.param(p("<w:r><w:t>&#123;&#123; title &#125;&#x7d;</w:t></w:r>"), ["Title"], id="a tag in numbers of characters"),
        pytest.param(p(run("a")) + "<!-- {{ password }} --><?x {{ password }}?>" + p("b"), ["a", "b"], id="tags in comments"),
        pytest.param(f'<y:p xmlns:y="{W}"><y:r><y:t>{{{{ title }}}}</y:t></y:r></y:p>', ["Title"], id="another prefix"),
        pytest.param(p("x ", *["<w:r/>"] * 4_000, "{{ title }}"), ["x Title"], id="empty runs without number"),
        pytest.param(p("x ", *["<w:r><w:t/></w:r>"] * 4_000, "{{ title }}"), ["x Title"], id="empty texts without number"),
        pytest.param(p(*map(str, range(4_000)), "{{ title }}"), ["".join(map(str, range(4_000))) + "Title"],
                     id="runs without number"),
        pytest.param(p("{{ title }}" + "<w:bookmarkStart w:id='1' w:name='a'/>" * 4_000), None, id="bookmarks that never end"),
        pytest.param(p("{%p for x in words %}") + p("<w:bookmarkStart w:id='1' w:name='a'/><w:bookmarkEnd w:id='1'/>" * 3_000)
                     + p("{%p endfor %}"), ["", "", ""], id="bookmarks of one name without number"),
        pytest.param("<w:tbl>" + "<w:tr/>" * 5_000 + row(cell(p("{{ title }}"))) + "</w:tbl>", ["Title"], id="rows without cells"),
    ],
)  # fmt: skip
def test_what_looks_like_an_attack_does_no_harm(body: str, said: list[str] | None) -> None:
    package = filled(body)
    assert said is None or lines(package) == said
    assert b"s3cret" not in b"".join(package.parts.values())


def test_beginnings_without_end_in_a_link_are_an_address() -> None:
    address = "https://a.example/" + "%7B%7B" * 60_000
    assert links(filled(linked(address))) == [address]


def test_a_view_alone_is_read() -> None:
    content = Maker(p("{{ title }}")).bytes()
    for name in ("title", "password", "__class__"):
        made = Maker(p(f"{{{{ {name} }}}}")).bytes()
        with pytest.raises(TemplateError, match="which this document doesn't have"):
            rendered(made, Outside() if name == "title" else View(), FINISH, place="x.docx")
    assert rendered(content, View(), FINISH, place="x.docx")


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "\\\\a\\b", " https://a", "https:"]
)
def test_a_value_makes_no_link_that_acts(value: str) -> None:
    with pytest.raises(Unfillable, match="a link would lead to"):
        filled(linked("{{ title }}"), title=value)


def test_a_text_that_a_person_typed_is_no_charts_name() -> None:
    assert not isinstance("chart", ChartName)
    package = filled(p("{{ title }}"), replace(FINISH, charts={"chart": CHART}), title="chart")
    assert lines(package) == ["chart"]
    assert not [name for name in package.parts if "chart" in name]


def test_a_document_of_ours_is_a_template_that_says_the_same() -> None:
    first = linked("https://a.example/{{ title }}")
    once = rendered(first.bytes(), View(title="{{ note }}"), FINISH, place="x.docx")
    package = read_package(once, "x")
    assert b"%7B%7B%20note%20%7D%7D" in package.parts["/word/_rels/document.xml.rels"]
