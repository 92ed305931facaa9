"""A small project, in either language, for tests of the inventory, START-HERE and the data copies.

Not a test: a builder. Every value that could break a workbook, a page or a CSV file is in it somewhere.
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from handover.documents.base import Content, RenderInput, Signer
from handover.languages import registry
from handover.languages.words import Words
from handover.model.artifact import AssetProperties, AssetRecord, AssetSource, EntryRecord, Role
from handover.model.project import Project, Vault
from handover.model.rows import AccountRow, AssetRow, CredentialRow, MetricRow, PendingRow, YesNo
from handover.model.settings import Settings

TODAY = dt.date(2026, 11, 30)

AWKWARD_TEXTS = (
    "=1+1", "+33 5", "-2+3", "@SUM(A1)", "'quoted", "''twice", " leading", "trailing ", "in  side", "two\nlines",
    "\ttab", "_x0041_", "_x005F_x0041_", "_x005F_", "<&>\"'", "0OoQ1lI|", "éàü ÀÇ", "007", "1e5", "TRUE", "#N/A",
    "𝒜🙂", "{{ x }}", "{_{", "1/2", "]]>", "&amp;", "a,b;c", "€\u00a0\u202f", "%41%", "\u202eabc",
)  # fmt: skip
"""Texts that a spreadsheet would run, trim, convert or unescape."""


def settings(language: str = "en", **changes: Any) -> Settings:
    """Settings of a small contract; `changes` replace top-level keys."""
    values: dict[str, Any] = {
        "language": language,
        "agency": {"name": "Rivage & Fils", "address": ["14 quai des Salinières"], "email": "bonjour@rivage.example"},
        "owners": [{"name": "Claire Delmas", "title": "Gérante", "phone": "05 56 00 00 00"}],
        "client": {
            "id": "le-goff",
            "name": "Conserverie <Le Goff> & Cie",
            "contacts": [{"name": "Yann Le Goff", "email": "yann@legoff.example"}],
            "address": ["3 rue du Port"],
        },
        "contract": {
            "subject": "le site",
            "start_date": "2022-03-01",
            "ended_by": "agency",
            "last_working_day": "2026-11-30",
        },
        "letter": {"date": "2026-08-31", "place": "Bordeaux"},
        "periods": {
            "baseline": {"start": "2024-11-01", "end": "2025-10-31"},
            "current": {"start": "2025-11-01", "end": "2026-10-31"},
        },
        "metrics": {"visitors": {}, "leads": {}},
        "options": {"on_receipt": ["Call Marie about the =print run"]},
    }
    return Settings.model_validate(values | changes)


def credentials() -> tuple[CredentialRow, ...]:
    """One credential per awkward text, each with the text in every secret."""
    rows = [
        CredentialRow.model_validate(
            {
                "service": f"Service {number}",
                "url": "https://example.org/login?next=/a b&é=1" if number % 2 else "ftp.example.org",
                "user_name": text.replace("\n", " ").replace("\t", " "),
                "password": text,
                "totp_secret": text,
                "recovery_codes": f"{text}\n{text}",
                "owner": "Rivage",
                "note": text,
                "change_after_receipt": "no" if number == 3 else "yes",
            }
        )
        for number, text in enumerate(AWKWARD_TEXTS)
    ]
    return (*rows, CredentialRow(service="Only a service"))


def assets() -> tuple[AssetRecord, ...]:
    """Files of several kinds, with names that links must encode."""
    shapes = {
        "logo/Logo été 100 %.svg": AssetProperties("vector", 400, 120),
        "logo/logo#1.png": AssetProperties("image", 1200, 800),
        "photos/port.jpg": AssetProperties("photo", 6000, 4000),
        "contracts/contract.pdf": AssetProperties("pdf"),
        "video/tour.mp4": AssetProperties("video", 1920, 1080, duration=205.4),
        "fonts/Work Sans.ttf": AssetProperties("font"),
        "unknown.bin": AssetProperties("hologram"),
    }
    return tuple(
        AssetRecord(
            AssetSource(path, f"assets/{path}"),
            EntryRecord(f"assets/{path}", 1_234_567 * (number + 1), f"{number:x}" * 64, Role.ASSET),
            dt.datetime(2026, 5, 4, 12, 30, tzinfo=dt.UTC),
            properties,
        )
        for number, (path, properties) in enumerate(shapes.items())
    )


def project(language: str = "en", **changes: Any) -> Project:
    """The project; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "root": Path("project"),
        "settings": settings(language),
        "metrics": (
            MetricRow(date=dt.date(2026, 1, 1), metric="visitors", value=Decimal("-1234.50"), source="=GA4 é"),
            MetricRow(date=dt.date(2026, 2, 1), metric="leads", value=Decimal(7)),
        ),
        "pending": tuple(
            PendingRow.model_validate(
                {"project": "New shop", "status": status, "decision": decision, "due_date": due,
                 "next_action": '-call, "now"'}
            )
            for status, decision, due in (
                ("in-progress", "hand-over", "2026-12-15"),
                ("blocked", "finish", None),
                ("done", "finish", "2026-01-01"),
                ("idea", "cancel", None),
            )
        ),
        "asset_notes": (
            AssetRow(path="fonts", owner="Wei Huang", licence="OFL 1.1", transferable=YesNo.YES),
            AssetRow(path="photos/", transferable=YesNo.NO, expires_on=dt.date(2027, 1, 31), rights="Web only"),
            AssetRow(path="logo/logo#1.png", transferable=YesNo.CONDITIONS, note="=see\nthe contract"),
            AssetRow(path="logo", owner="Le Goff", note="All variants"),
        ),
        "accounts": tuple(
            AccountRow.model_validate(
                {"service": service, "current_owner": "Rivage & Fils", "status": status, "renewal_date": renewal,
                 "payer": payer, "transfer": transfer, "url": "https://registrar.example"}
            )
            for service, status, renewal, payer, transfer in (
                ("Hosting", "to-transfer", "2027-02-01", "Rivage & Fils", "Accept the e-mail."),
                ("Domain", "in-progress", "2026-12-24", "Rivage & Fils", None),
                ("Old blog", "to-close", None, None, None),
                ("Analytics", "unchanged", None, "Le Goff", None),
            )
        ),
        "invoices": (),
        "assets_root": Path("project/assets"),
        "assets": (),
        "images": {},
        "templates": {},
        "digests": {},
        "default_locale": registry.language(language).locale,
    }  # fmt: skip
    return Project(**(fields | changes))


CONTENTS = (
    Content("START-HERE.html", Role.START_HERE, "start_here"),
    Content("01-termination-letter.docx", Role.LETTER, "letter"),
    Content("02-inventory.xlsx", Role.INVENTORY, "inventory"),
    Content("03-pending-projects.docx", Role.PENDING, "pending"),
    Content("assets/", Role.ASSET, "assets"),
    Content("data/metrics.csv", Role.DATA, "data_metrics"),
)


def given(deliverable: str, language: str = "en", *, locale: str = "", **changes: Any) -> RenderInput:
    """What a deliverable is rendered from; `changes` replace fields of RenderInput."""
    own = changes.pop("project", None) or project(language)
    fields: dict[str, Any] = {
        "project": own,
        "words": Words.load(language, locale or own.locale, deliverable),
        "today": TODAY,
        "contents": CONTENTS,
        "bundle_id": "0b0e8d70-0000-8000-8000-000000000000",
        "signers": (Signer("Claire Delmas", "0123456789abcdef" * 4),),
        "assets": assets(),
        "vault": Vault(credentials()),
    }
    return RenderInput(**(fields | changes))
