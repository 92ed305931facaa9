"""A project's folder → the plan of its bundle, or everything that is wrong with it.

Role: the first step of the line. It reads and checks the project, judges its own templates and the names of what would
leave, and plans. It renders nothing, opens no secret and writes nothing.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from handover.build.earlier_notice import judge_cover_date, judge_notice
from handover.build.letter_length import judge_length
from handover.build.request import Prepared, ProjectRequest
from handover.bundle.write import scan_assets
from handover.documents.plan import Copies, Plan, plan
from handover.languages import files
from handover.model.errors import Finding, InvalidInput, Severity, UsageError
from handover.model.message import msg
from handover.model.selection import Scan, Selection
from handover.model.sources import in_reading_order
from handover.project.leaks.names import names_of
from handover.project.leaks.plain import Guard, name_leaks
from handover.project.leaks.project import allowed_by, guard_of, value_leaks


def prepare(request: ProjectRequest) -> Prepared:
    """Load, validate and plan. Raises InvalidInput with every finding at once; nothing has been written.

    Raises UsageError for public keys of the client's that can't be used.
    """
    from handover.documents.registry import ALL
    from handover.project.check import validate
    from handover.project.read import load_project

    copies = _copies(request)
    scan = functools.partial(scan_assets, rename_unsafe=request.rename_unsafe) if request.judge_assets else _list_assets
    sources = load_project(request.root, scan_assets=scan, only=request.reads)
    # A letter by itself carries no credentials either: months before the end there may be no vault yet.
    project, findings = validate(sources, draft=request.draft or not request.judge_assets, today=request.today)
    names = names_of(sources, request.deny)
    named = name_leaks(asset.entry for asset in sources.assets) if request.judge_assets else []
    allowed = request.allowed_leaks | allowed_by(sources)
    findings = [*findings, *value_leaks(sources, names), *(one for one in named if one.location.file not in allowed)]
    if project is None or any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(in_reading_order(findings))
    planned = plan(
        project,
        ALL,
        today=request.today,
        standard_templates=files.word_templates(project.settings.language),
        draft=request.draft,
        copies=copies,
        credentials=sources.vault is not None,
    )
    findings = [*findings, *_judge_templates(planned)]
    if request.judge_assets and not request.draft:
        findings += [*judge_notice(planned), *judge_cover_date(planned, sources), *judge_length(planned, sources)]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(findings)
    guard = guard_of(sources, names) if request.judge_assets else Guard()
    return Prepared(
        plan=planned,
        vault=sources.vault,
        warnings=(*(f for f in findings if f.severity is Severity.WARNING), *guard.gaps),
        left_out=sources.left_out,
        guard=guard,
    )


def _list_assets(root: Path, selection: Selection, **_: bool) -> Scan:
    return Scan(scan_assets(root, selection, rename_unsafe=True).sources)


def _copies(request: ProjectRequest) -> Copies:
    if request.recipient_only and not request.recipients:
        raise UsageError(msg("--recipient-only needs --recipient with the client's public key"))
    if not request.recipients:
        return Copies.NONE
    from handover.seal.recipient import check_recipients

    check_recipients(request.recipients)
    return Copies.ONLY if request.recipient_only else Copies.BESIDE


def _judge_templates(planned: Plan) -> Sequence[Finding]:
    """What is wrong with the project's own templates: an unclosed tag would lose text without any error."""
    own = [document for document in planned.documents if document.place and document.template is not None]
    if not own:
        return []
    from handover.documents.templates import template_file
    from handover.templating.check import lint_template

    language = planned.project.settings.language
    return [
        finding
        for document in own
        for finding in lint_template(
            document.template or b"", template_file(document.place, document.deliverable.id, language)
        )
    ]
