"""A project whose report has every section, and rows at the limits of what a report can show. Not a test itself."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from compare_cases import STEADY, rows, settings, times
from handover.documents.base import RenderInput
from handover.languages.words import Words
from handover.model.project import Project
from handover.model.reporting import Annotation, Metric
from handover.model.rows import MetricRow

TEMPLATES = Path(__file__).parent.parent / "templates"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
AWKWARD = "Leads <&\"'> {{ x }} {% if %}"

DATA = (
    *rows("leads", "2024-06", [*STEADY, *times(1.35, STEADY)], source="CRM", exported_on=dt.date(2026, 6, 3)),
    *rows("visitors", "2024-06", [1000 + at for at in range(24)]),
    *rows("nps", "2025-06", [30] * 12),
    *rows("revenue", "2024-06", [None, *[5000 - 40 * at for at in range(23)]]),
    *rows("bounce_rate", "2024-06", [50, 51] * 12),
)
REPORT_SETTINGS: Mapping[str, Any] = {
    "summary": "A word of our own.",
    "headline": ["leads", "revenue"],
    "campaigns": [
        {"name": "New <shop>", "start": "2025-01-10", "end": "2025-03-01", "result": "It sells."},
        {"name": "Award", "start": "2024-11-05"},
    ],
    "quotes": [{"text": "It rings & rings.", "author": "Bob Sand", "role": "Owner", "date": "2026-01-02"}],
    "survey": [{"question": "Clear?", "score": "4.50", "out_of": 5, "answers": 12}],
    "left_out": [{"metric": "bounce_rate", "reason": "the banner changed it"}],
}
OWN = {
    "leads": Metric(
        label=AWKWARD,
        target=Decimal(1500),
        annotations=(Annotation(date=dt.date(2025, 6, 2), text="New form"),),
    ),
    "conversion_rate": Metric(),
}


def given(language: str = "en", data: tuple[MetricRow, ...] = DATA, **changes: Any) -> RenderInput:
    own = changes.pop("own", OWN)
    draft = changes.pop("draft", False)
    chosen = settings(own, language=language, locale=LOCALES[language], **{"report": REPORT_SETTINGS, **changes})
    root = Path("project")
    project = Project(root, chosen, data, (), (), (), (), root, (), {}, {}, {}, LOCALES[language])
    template = (TEMPLATES / language / "report.docx").read_bytes()
    words = Words.load(language, LOCALES[language], "report")
    return RenderInput(project=project, words=words, today=dt.date(2026, 6, 5), template=template, draft=draft)


def extremes(metrics: int, months: int) -> tuple[MetricRow, ...]:
    """Rows of many metrics over many months: negative, missing, very large and very small values."""
    makers: dict[str, Callable[[int], object]] = {
        "visitors": lambda at: 12000 + 100 * at,
        "leads": lambda at: None if at in {1, 2} else 40 + at % 7,
        "revenue": lambda at: round(8_500_000 * (at % 11 - 5)),
        "nps": lambda at: at % 40 - 20,
        "page_load_time": lambda at: f"{4.5 - at / 40:.2f}",
        "followers": lambda at: f"0.000{at + 1:03d}",
        "engagement_rate": lambda at: f"{45 + at % 3}.5",
        "backlinks": lambda at: 10**14 + at * 10**12,
        "response_time": lambda at: 9000 + at * 60,
        "uptime": lambda at: f"99.{at % 10}",
        "bookings": lambda at: 0,
        "downloads": lambda at: 3,
    }
    chosen = list(makers.items())[:metrics]
    year, month = divmod(2026 * 12 + 5 - months, 12)
    start = f"{year}-{month + 1:02d}"
    return tuple(row for name, make in chosen for row in rows(name, start, [make(at) for at in range(months)]))
