"""`Sources` → `Project`, or every `Finding`: after it there are no dicts, and nothing is checked again.

Role: the second step of the line. Pure: it reads no file and no clock. The parts: `settings` and `tables` hand
text to the models, `numbers` decides decimal marks, `rules` and `references` know what contradicts, `wording`
says it. Of the vault it looks at the encryption alone (`vault`): its credentials are read when a build opens it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

from handover.formats.memory import many_records
from handover.languages import files
from handover.languages.registry import Language, language
from handover.languages.tone import Tone, read_tone, tone_of
from handover.languages.words import Words
from handover.model.errors import Finding, HandoverError, Severity, SourceLocation, TemplateError
from handover.model.message import msg
from handover.model.project import Project
from handover.model.rows import TABLES
from handover.model.settings import Settings
from handover.model.sources import ASSETS_FOLDER, VAULT_FILE, Sources, in_reading_order
from handover.project.check.across_keys import check_settings
from handover.project.check.calendar import (
    check_days_named,
    check_deadlines,
    check_future,
    check_milestones,
    check_notice,
    check_promises,
    check_years,
)
from handover.project.check.metrics import check_metrics, check_spans
from handover.project.check.placeholders import check_placeholders
from handover.project.check.references import Rows, check_rows
from handover.project.check.settings import View, read_settings
from handover.project.check.tables import MAX_FINDINGS, read_rows
from handover.project.check.titles import check_labels, check_titles
from handover.project.check.tone import check_tone
from handover.project.check.vault import check_vault

__all__ = ["validate"]


@many_records()
def validate(
    sources: Sources, *, draft: bool = False, today: dt.date | None = None
) -> tuple[Project | None, list[Finding]]:
    """The project, or None when there is an error; and all findings in reading order, the reader's included.

    With `draft` a project without a vault is accepted, since a draft carries no credentials. `today` is the day that
    documents will bear, where that is known.
    """
    findings = list(sources.findings)
    view = View(sources.settings) if sources.settings is not None else None
    settings = read_settings(view) if view else None
    rows = _rows(sources, findings, _spoken(sources, view))
    if view is not None:
        check_settings(view, sources.languages)
    listed = sources.assets_root and all(finding.location.file != ASSETS_FOLDER for finding in sources.findings)
    findings += check_rows(rows, view, sources.assets if listed else None)
    findings += check_deadlines(rows, today)
    if view is not None:
        check_notice(view)
        findings += check_years(view, rows, today)
        findings += check_milestones(rows, view, _services(sources, view), today)
        findings += check_future(view, rows, today)
        findings += check_promises(rows, view, today)
        findings += check_days_named(rows, view, today)
        findings += check_tone(view, sources.tables, _tone(sources, view.text("language")))
        if "metrics" in sources.tables:
            check_spans(rows.metrics, view)
    if settings is not None and view is not None and "metrics" in sources.tables:
        findings += check_metrics(settings, rows.metrics, view, today)
        findings += _titles(sources, settings, rows, view, today)
    if view is not None:
        findings += view.findings
    if not draft and sources.vault is None and not any(f.location.file == VAULT_FILE for f in findings):
        findings.append(_no_vault())
    if sources.vault is not None:
        findings += check_vault(sources.vault, draft=draft)
    wrong = {finding.location for finding in findings}
    findings += [f for f in check_placeholders(sources.settings, sources.tables.values()) if f.location not in wrong]
    findings = _countable(in_reading_order(set(findings)))
    if settings is None or any(f.severity is Severity.ERROR for f in findings):
        return None, findings
    return _project(sources, settings, rows), findings


def _countable(findings: list[Finding]) -> list[Finding]:
    """The findings, of each file as many as anybody corrects at once, errors before warnings."""
    kept: list[Finding] = []
    for file, group in groupby(findings, key=lambda finding: finding.location.file):
        own = list(group)
        if len(own) > MAX_FINDINGS:
            first = sorted(own, key=lambda finding: finding.severity is not Severity.ERROR)[:MAX_FINDINGS]
            message = msg("the first {most:,} mistakes of this file are listed, and there are more", most=MAX_FINDINGS)
            hint = msg("correct these, then run it again")
            own = [*in_reading_order(first), Finding(SourceLocation(file), "table.too-many", message, hint)]
        kept += own
    return kept


def _rows(sources: Sources, findings: list[Finding], spoken: Language | None) -> Rows:
    rows = Rows()
    for name, table in sources.tables.items():
        rows.of(name).extend(read_rows(table, TABLES[name], findings, rows.refused.setdefault(name, []), spoken))
    return rows


def _spoken(sources: Sources, view: View | None) -> Language | None:
    """The project's language, in which words of lists are named; None where that isn't known."""
    code = view.text("language") if view else None
    with suppress(HandoverError):  # the check of the language says what is wrong with it
        return language(code, sources.words) if code in sources.languages else None
    return None


def _services(sources: Sources, view: View) -> Words | None:
    """The words of known services in the project's language; None where that isn't known."""
    code = view.text("language") or ""
    with suppress(HandoverError):
        return Words.load(code, language(code, sources.words).locale, "services", own=sources.words)
    return None


def _tone(sources: Sources, code: str | None) -> Tone:
    """The phrases that don't belong in a last letter, in the project's language: its own, or one of ours."""
    if (own := sources.words.get("tone.toml")) is not None:
        with suppress(TemplateError):  # the check of the language's folder says what is wrong with it
            return read_tone(own, "tone.toml")
    return tone_of(code) if code in files.languages() else Tone({})


def _titles(sources: Sources, settings: Settings, rows: Rows, view: View, today: dt.date | None) -> Iterator[Finding]:
    """What titles and labels of figures claim, in the project's language: its own, or one of ours."""
    spans = settings.periods
    with suppress(HandoverError):  # the check of the language says what is wrong with it
        locale = settings.locale or language(settings.language, sources.words).locale
        words = Words.load(settings.language, locale, "metrics", "report", own=sources.words)
        yield from check_labels(settings, view, words)
        if spans and spans.baseline.start <= spans.baseline.end < spans.current.start <= spans.current.end:
            yield from check_titles(settings, [row.value for row in rows.metrics], view, words, today)


def _no_vault() -> Finding:
    message = msg("{vault_file} is missing: it holds the credentials, encrypted", vault_file=VAULT_FILE)
    hint = msg("make one with `handover vault init`, then fill it with `handover vault add` or `handover vault import`")
    return Finding(SourceLocation(VAULT_FILE), "vault.missing", message, hint)


def _project(sources: Sources, settings: Settings, rows: Rows) -> Project:
    values: dict[str, Any] = {name: tuple(row.value for row in rows.of(name)) for name in TABLES}
    return Project(
        root=sources.root,
        settings=settings,
        asset_notes=values.pop("assets"),
        **values,
        assets_root=sources.assets_root or sources.root / ASSETS_FOLDER,
        assets=sources.assets,
        images=dict(sources.images),
        templates=dict(sources.templates),
        digests=dict(sources.digests),
        default_locale=language(settings.language, sources.words).locale,
        words=dict(sources.words),
        shared=sources.shared,
        from_workspace=sources.from_workspace,
        notice=sources.notice,
    )
