"""The list of pending projects: its text, its order, and what it says when there is nothing to say."""

from typing import Any

import pytest

from handover.documents import pending as document
from handover.model.rows import PendingRow
from sample_letter import given, golden, pending, settings, texts

ROWS = (
    pending("Later", "hand-over", due_date="2027-02-01", takeover="Ask Léa.\nThen Ben."),
    pending("No date", "hand-over", description="What it is."),
    pending("Sooner", "hand-over", due_date="2026-12-01", percent_done=40, held_by="Bo", next_owner="Léa",
            next_action="Call.", files="Site", blockers="A reply."),
    pending("Late", "finish", due_date="2026-11-19", status="blocked"),
    pending("Today", "finish", due_date="2026-11-20", percent_done=0),
    pending("Dropped", "cancel", due_date="2026-01-01", status="idea"),
)  # fmt: skip
DONE = pending("Ready", "finish", due_date="2026-11-02", status="done")


def said(rows: tuple[PendingRow, ...], language: str = "en", **changes: dict[str, Any]) -> list[str]:
    return texts(document.PENDING.render(given("pending", settings(language, full=False, **changes), pending=rows)))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_reads_like_its_golden(language: str) -> None:
    sample = given("pending", settings(language, full=False), pending=ROWS)
    text, expected = golden(f"pending/{language}-full.txt", document.PENDING.render(sample))
    assert text == expected


def test_projects_are_grouped_by_decision_and_sorted_by_due_date() -> None:
    view = document.view(given("pending", settings("en", full=False), pending=ROWS))
    assert [(group.decision, [p.name for p in group.projects]) for group in view.groups] == [
        ("finish", ["Late", "Today"]),
        ("hand-over", ["Sooner", "Later", "No date"]),
        ("cancel", ["Dropped"]),
    ]


@pytest.mark.parametrize(
    ("decision", "group", "is_open"),
    [
        pytest.param("finish", "done", False, id="what was to be finished is done"),
        pytest.param("hand-over", "done", False, id="what was to be handed over is done"),
        pytest.param("cancel", "done", False, id="what was done can't be cancelled"),
    ],
)
def test_what_is_done_stands_apart_and_the_inventory_agrees(decision: str, group: str, is_open: bool) -> None:
    row = pending("Ready", decision, due_date="2026-11-02", status="done")
    view = document.view(given("pending", settings("en", full=False), pending=(row,)))
    assert [found.decision for found in view.groups] == [group]
    assert not view.groups[0].projects[0].overdue
    assert row.is_open == is_open


def test_done_projects_have_a_heading_in_both_languages() -> None:
    assert {"Done", "Ready"} <= set(said((DONE,)))
    assert {"Terminé", "Ready"} <= set(said((DONE,), "fr"))


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        pytest.param("en", "This is complete.", "These are complete.", id="in English"),
        pytest.param("fr", "Il est achevé.", "Ils sont achevés.", id="in French"),
    ],
)
def test_what_is_said_of_a_group_agrees_with_its_number(language: str, one: str, two: str) -> None:
    assert one in said((DONE,), language)
    assert two in said((DONE, DONE.model_copy(update={"project": "Steady"})), language)


@pytest.mark.parametrize(
    ("rows", "language", "summary"),
    [
        pytest.param(ROWS[:1], "en", "As of 20\u00a0November\u00a02026, one project is open: we will hand it over. "
                     "Next due: Later, on 1\u00a0February\u00a02027.", id="one project is counted in words"),
        pytest.param(ROWS[1:2], "en", "As of 20\u00a0November\u00a02026, one project is open: we will hand it over.",
                     id="without due dates there is no next one"),
        pytest.param(ROWS, "en", "As of 20\u00a0November\u00a02026, five projects are open: we will finish two and "
                     "hand over three. One other is cancelled. One due date has passed.",
                     id="a due date is past from the day after"),
        pytest.param((*(pending(f"P{n}", "finish") for n in range(19)), ROWS[1]), "en",
                     "As of 20\u00a0November\u00a02026, 20 projects are open: we will finish 19 and hand over 1.",
                     id="one sentence writes all its numbers alike"),
        pytest.param(ROWS, "fr", "Au 20\u00a0novembre\u00a02026, cinq projets sont en cours\u00a0: deux\u00a0à "
                     "terminer et trois\u00a0à transmettre. Par ailleurs, un projet est abandonné. Une échéance est "
                     "dépassée.",
                     id="the French summary agrees in number"),
        pytest.param(ROWS[5:], "en", "No project is open: the one listed is cancelled.",
                     id="what was cancelled is neither late nor next"),
        pytest.param((*ROWS[:1], DONE), "en", "As of 20\u00a0November\u00a02026, one project is open: we will hand it "
                     "over. One other is done. Next due: Later, on 1\u00a0February\u00a02027.",
                     id="what is done is neither open nor late"),
        pytest.param((*ROWS[:1], DONE, DONE), "fr", "Au 20\u00a0novembre\u00a02026, un seul projet est en cours\u00a0: "
                     "nous vous le transmettons. S’y ajoutent deux projets terminés. Prochaine échéance\u00a0: "
                     "1er\u00a0février\u00a02027, Later.", id="nor is it in French"),
        pytest.param((DONE,), "en", "No project is open: the one listed is done.", id="a list of what is done says so"),
        pytest.param((DONE, ROWS[5]), "fr", "Aucun projet n’est ouvert\u00a0: les deux de la liste sont terminés ou "
                     "abandonnés.", id="a list of what is done or cancelled says so"),
    ],
)  # fmt: skip
def test_the_summary_says(rows: tuple[PendingRow, ...], language: str, summary: str) -> None:
    view = document.view(given("pending", settings(language, full=False), pending=rows))
    assert view.summary == summary


@pytest.mark.parametrize(
    ("language", "changes", "expected"),
    [
        pytest.param("en", {}, "To be finished", id="groups are headed in English"),
        pytest.param("fr", {}, "À transmettre", id="groups are headed in French"),
        pytest.param("en", {"locale": {"name": "en_US"}}, "Canceled", id="Americans write one l"),
        pytest.param("en", {}, "In progress · 40% · due 1\u00a0December\u00a02026 · with Léa",
                     id="the state line tells where it is"),
        pytest.param("fr", {}, "Bloqué · échéance le 19\u00a0novembre\u00a02026 (dépassée)",
                     id="a past due date is marked"),
        pytest.param("en", {}, "To take over → Ask Léa. ⏎ Then Ben.", id="takeover instructions keep their lines"),
        pytest.param("fr", {"agency": {"voice": "i"}},
                     "Je les termine d’ici à mon dernier jour, le 30\u00a0novembre\u00a02026.",
                     id="a person speaks for themselves"),
    ],
)  # fmt: skip
def test_the_list_says(language: str, changes: dict[str, Any], expected: str) -> None:
    assert expected in said(ROWS, language, **changes)


@pytest.mark.parametrize(
    ("count", "tables"),
    [pytest.param(3, 0, id="three projects need no overview"), pytest.param(4, 1, id="four projects get a table")],
)
def test_a_long_list_starts_with_an_overview(count: int, tables: int) -> None:
    lines = said(tuple(pending(f"Project {n}", "finish") for n in range(count)))
    assert lines.count("With") == tables


SOON = {
    "overdue comes first, then by date": (("2026-11-27", "2026-11-19", "2026-11-28", "2026-11-20"), ["P1", "P3", "P0"]),
    "a week's last day is the seventh": (("2026-11-28", "2026-11-27", None, None), ["P1"]),
    "nothing is due soon": ((None, "2026-12-20", None, None), []),
    "a few projects are their own overview": (("2026-11-21", "2026-11-21", "2026-11-21"), []),
}


@pytest.mark.parametrize("case", SOON)
def test_what_is_due_within_seven_days_is_told_first(case: str) -> None:
    days, expected = SOON[case]
    rows = tuple(pending(f"P{n}", "hand-over", due_date=day) for n, day in enumerate(days))
    view = document.view(given("pending", settings("en", full=False), pending=rows))
    assert [project.name for project in view.soon] == expected


@pytest.mark.parametrize(
    ("percent", "bar"),
    [
        (None, (0, 0)),
        (0, (0, 20)),
        (1, (1, 19)),
        (24, (4, 16)),
        (50, (10, 10)),
        (99, (19, 1)),
        (100, (20, 0)),
    ],
)
def test_a_bar_shows_whole_twentieths_alone_and_one_for_what_is_begun(
    percent: int | None, bar: tuple[int, int]
) -> None:
    row = pending("P", "finish", percent_done=percent)
    view = document.view(given("pending", settings("en", full=False), pending=(row,)))
    project = view.groups[0].projects[0]
    assert (len(project.bar or ""), len(project.bar_left or "")) == bar


def test_only_the_last_paragraph_of_a_project_lets_a_page_end() -> None:
    from sample_letter import outline

    content = document.PENDING.render(given("pending", settings("en", full=False), pending=ROWS[2:3]))
    styles = [line.partition(" | ")[0] for line in outline(content) if line.startswith("HandoverField")]
    assert styles == ["HandoverField", "HandoverField", "HandoverFieldLast"]


def test_title_client_and_author_are_in_the_properties() -> None:
    from handover.formats.package.opc import read_package

    content = document.PENDING.render(given("pending", settings("fr", full=False)))
    properties = read_package(content, "list").parts["/docProps/core.xml"].decode()
    assert "<dc:title>Projets en cours – Conserverie &lt;Le " in properties
    assert "</dc:title><dc:language>fr-FR</dc:language>" in properties
    assert f"<dc:creator>{settings('fr', full=False).agency.name}</dc:creator>" in properties
