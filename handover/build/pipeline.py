"""The straight line: load → validate → plan → render → seal → pack → verify → publish.

Role: calls each step once, in order, and carries values from one to the next. It decides nothing that a step
could decide, prints nothing and asks nothing.
"""

import contextlib
import datetime as dt
import functools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from handover.build.assemble import Assembly, assemble
from handover.build.hidden_inputs import keep_hidden
from handover.build.render import base_input, letter_binding, letter_of, render
from handover.build.request import BuildRequest, BuildResult, Environment, Prepared, Secrets, Timings
from handover.build.seal import Material, gather, seal
from handover.build.second_zip import SecondZip, earlier_second_zip
from handover.bundle.names import ASSETS_PREFIX
from handover.bundle.publish import FolderLock, Publication
from handover.bundle.record import State
from handover.bundle.verify import Anchors, Report, verify
from handover.bundle.write import BundleWriter, required_space, scan_assets
from handover.documents.plan import Copies, Plan, plan, to_sign_name
from handover.documents.typed import typed_texts
from handover.languages import files
from handover.model.artifact import Artifact, Role, SealedArtifact
from handover.model.errors import Finding, InvalidInput, Severity, UsageError
from handover.model.project import IssuedPassphrase
from handover.model.selection import Scan, Selection
from handover.model.sources import in_reading_order
from handover.project import leaks
from handover.project.leaks.project import allowed_by, denied_names, guard_of, value_leaks

_ROOM_FOR_DOCUMENTS = 16 * 1024 * 1024
"""Bytes set aside for documents, records and signatures when the free space is checked."""


def prepare(
    root: Path,
    *,
    today: dt.date,
    draft: bool = False,
    rename_unsafe: bool = False,
    allowed_leaks: Iterable[str] = (),
    deny: Iterable[str] = (),
    judge_assets: bool = True,
    recipients: Sequence[str] = (),
    recipient_only: bool = False,
) -> Prepared:
    """Load, validate and plan. Raises InvalidInput with every finding at once; nothing has been written.

    `recipients` are the client's public keys; UsageError is raised for those that can't be used. Without
    `judge_assets` the client's files are listed and not judged: the letter and the e-mail don't need them, and they may
    still change.
    """
    from handover.documents.registry import ALL
    from handover.project.check import validate
    from handover.project.read import load_project

    scan = functools.partial(scan_assets, rename_unsafe=rename_unsafe) if judge_assets else _list_assets
    copies = _copies(recipients, only=recipient_only)
    sources = load_project(root, scan_assets=scan)
    project, findings = validate(sources, draft=draft, today=today)
    denied = denied_names(sources, deny)
    named = leaks.name_leaks(asset.entry for asset in sources.assets) if judge_assets else []
    allowed = frozenset(allowed_leaks) | allowed_by(sources)
    named = [*value_leaks(sources, denied), *(found for found in named if found.location.file not in allowed)]
    if project is None or named:
        raise InvalidInput(in_reading_order([*findings, *named]))
    planned = plan(
        project,
        ALL,
        today=today,
        standard_templates=files.word_templates(project.settings.language),
        draft=draft,
        copies=copies,
        credentials=sources.vault is not None,
    )
    findings = [*findings, *_judge_templates(planned)]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidInput(findings)
    warnings = tuple(f for f in findings if f.severity is Severity.WARNING)
    return Prepared(
        project=project,
        plan=planned,
        vault=sources.vault,
        warnings=warnings,
        left_out=sources.left_out,
        guard=guard_of(sources, denied) if judge_assets else leaks.Guard(),
    )


def _judge_templates(planned: Plan) -> list[Finding]:
    """What is wrong with the project's own templates: an unclosed tag would lose text without any error."""
    own = [document for document in planned.documents if document.own_template and document.template is not None]
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


def _list_assets(root: Path, selection: Selection) -> Scan:
    return Scan(scan_assets(root, selection, rename_unsafe=True).sources)


def render_letter(prepared: Prepared) -> Artifact:
    """The letter by itself, unsigned, in the form in which its owners sign it."""
    from handover.seal.letter import unsigned_letter

    made = render(letter_of(prepared.plan), base_input(prepared.plan, alone=True))
    binding = letter_binding(prepared.plan, alone=True)
    return replace(made, content=unsigned_letter(made.content, binding, place=made.name))


def build(request: BuildRequest, secrets: Secrets, environment: Environment) -> BuildResult:
    """Make the bundle and publish it.

    Raises a HandoverError when anything is wrong; an earlier bundle is then as it was and nothing is left behind.
    """
    environment.on_step("checking the project")
    prepared = prepare(
        request.root,
        today=request.today,
        draft=request.draft,
        rename_unsafe=request.rename_unsafe,
        allowed_leaks=request.allowed_leaks,
        deny=request.deny,
        recipients=request.recipients,
        recipient_only=request.recipient_only,
    )
    _check_authority(request.tsa)
    _check_allowed(request.allowed_leaks, prepared.plan.all_names())
    gate = _LeakGate(request.allowed_leaks | frozenset(prepared.project.settings.options.assets.allow_leaks))
    clock = _Stopwatch()
    step = environment.on_step
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context(FolderLock(request.out, prepared.project.settings.client.id))
        publication = stack.enter_context(
            Publication(request.out, _likely_name(prepared.plan, request, secrets), replace=request.replace, lock=lock)
        )
        publication.require_space(required_space(prepared.plan.assets) + _ROOM_FOR_DOCUMENTS)
        step("writing the documents")
        rendered = [render(document, base_input(prepared.plan)) for document in prepared.plan.early]
        clock.pause()  # a person may be asked now
        material = gather(prepared, request, secrets, environment.now())
        if material.vault is not None and not material.vault.credentials:
            # Only the passphrase shows that the vault is empty: what was said of its file is said anew.
            prepared = replace(prepared, plan=prepared.plan.without(Role.CREDENTIALS))
            rendered = [render(document, base_input(prepared.plan)) for document in prepared.plan.early]
            material = replace(material, binding=letter_binding(prepared.plan))
        if not request.draft:
            signed = material.state is State.SIGNED
            publication.rename(prepared.plan.bundle_name if signed else to_sign_name(prepared.plan))
        clock.resume()
        early = [sealed for artifact in rendered for sealed in seal(artifact, material, environment)]
        guard = prepared.guard.with_needles(material.needles)
        told = leaks.document_leaks(early, guard.searcher)
        gate([*told, *leaks.typed_leaks(typed_texts(prepared.project), guard.searcher, told)])
        documents = clock.split()
        step("packing")
        assembly = Assembly(prepared.plan, request, material, environment, guard, gate)
        second = stack.enter_context(SecondZip(assembly, lock)) if request.split_assets else None
        _pack(publication.file, assembly, early, second)
        packing = clock.split()
        step("verifying every byte")
        report = _check(publication.file, assembly, second)
        verifying = clock.split()
        step("publishing")
        earlier = earlier_second_zip(publication.path, keep=second.name if second else "") if request.replace else None
        environment.before_publishing()
        _keep_passphrase(prepared, material, report, environment, publication.path.name)
        try:
            assets_path = second.commit() if second else None
            published = publication.commit()
        except BaseException:
            if second:
                second.withdraw()
            raise
        syncing = clock.split()
        removed = earlier.remove() if earlier else None
    keep_hidden(prepared.project, published.path, report)
    return BuildResult(
        path=published.path,
        size=published.size,
        sha256=published.sha256,
        report=report,
        plan=prepared.plan,
        warnings=(*prepared.warnings, *gate.warnings),
        timings=Timings(documents, packing, verifying, syncing),
        assets_path=assets_path,
        removed_assets=removed,
        left=published.left,
        leaks=tuple(gate.allowed),
        left_out=prepared.left_out,
        waits_for=report.missing,
        passed_over=material.passed_over,
    )


def _likely_name(planned: Plan, request: BuildRequest, secrets: Secrets) -> str:
    """What the zip will be called unless its key turns out to be no owner's, or one of several: refused early."""
    signs = secrets.has_key and not request.for_signature and len(planned.project.settings.owners) == 1
    return planned.bundle_name if signs or request.draft else to_sign_name(planned)


def _keep_passphrase(
    prepared: Prepared, material: Material, report: Report, environment: Environment, bundle: str
) -> None:
    """Put the client's passphrase into the vault: once the bundle is published, nobody else may know it."""
    from handover.project.vault.keep import keep_passphrase

    vault = material.vault
    if material.passphrase is None or material.vault_passphrase is None or vault is None or prepared.vault is None:
        return
    name = next(document.name for document in report.record.entries if document.role is Role.INVENTORY)
    issued = IssuedPassphrase(
        bundle=bundle,
        issued_on=f"{environment.now():%Y-%m-%d %H:%M}",
        inventory=next(entry.sha256 for entry in report.entries if entry.name == name),
        passphrase=material.passphrase,
    )
    opened = prepared.vault, vault
    keep_passphrase(prepared.project, issued, material.vault_passphrase, opened, random=environment.random)


def _pack(file: BinaryIO, assembly: Assembly, early: Sequence[SealedArtifact], second: SecondZip | None) -> None:
    progress = _Progress(assembly.environment.on_bytes, sum(asset.size or 0 for asset in assembly.plan.assets))
    writer = BundleWriter(file, workers=assembly.request.workers, on_progress=progress)
    if second is None:
        assemble(writer, assembly, early)
    else:
        assets, archive = second.pack(progress)
        assemble(writer, assembly, early, assets=assets, archive=archive)


def _check(file: BinaryIO, assembly: Assembly, second: SecondZip | None) -> Report:
    """Verify what is about to be published, as the client would, and look for secrets in the client's files."""
    from handover.bundle.read import read_archive

    request, material = assembly.request, assembly.material
    report = verify(
        file,
        anchors=Anchors(fingerprints=frozenset(material.pins)),
        now=assembly.environment.now(),
        allow_draft=material.state is not State.SIGNED,
        assets=second.file if second else None,
        workers=request.workers,
    )
    archive = read_archive(file) if second is None else read_archive(second.file, container=False)
    assets = (
        leaks.Asset(entry.name, entry.size, functools.partial(archive.stream, entry))
        for entry in archive.entries
        if entry.name.startswith(ASSETS_PREFIX)
    )
    assembly.refuse_leaks(leaks.asset_leaks(assets, assembly.guard))
    return report


class _LeakGate:
    """Refuses findings that the user hasn't allowed; remembers those that were, and the warnings."""

    def __init__(self, entries: frozenset[str]) -> None:
        self._entries = entries
        self.allowed: list[Finding] = []
        self.warnings: list[Finding] = []

    def __call__(self, found: Sequence[Finding]) -> None:
        others = [finding for finding in found if finding.location.file not in self._entries]
        self.allowed += [finding for finding in found if finding.location.file in self._entries]
        self.warnings += [finding for finding in others if finding.severity is Severity.WARNING]
        if any(finding.severity is Severity.ERROR for finding in others):
            raise InvalidInput(others)


class _Progress:
    """Turns the packer's increments into "done of all"."""

    def __init__(self, on_bytes: Callable[[int, int], None], total: int) -> None:
        self._on_bytes = on_bytes
        self._total = total
        self._done = 0

    def __call__(self, count: int) -> None:
        self._done += count
        self._on_bytes(self._done, self._total)


class _Stopwatch:
    """Wall time of our own work in seconds, without the time that people take to answer."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._before = 0.0

    def pause(self) -> None:
        self._before += time.monotonic() - self._since

    def resume(self) -> None:
        self._since = time.monotonic()

    def split(self) -> float:
        """Seconds since the last split."""
        now = time.monotonic()
        seconds = self._before + now - self._since
        self._since, self._before = now, 0.0
        return seconds


def _check_allowed(allowed: frozenset[str], entries: Sequence[str]) -> None:
    if unknown := sorted(allowed - set(entries)):
        raise UsageError(
            f"--allow-leak {unknown[0]}: the bundle has no such entry", hint="`handover build --list` shows its entries"
        )


def _check_authority(url: str | None) -> None:
    """Refuse an address that can't be asked before minutes are spent on packing."""
    if url is not None:
        from handover.seal.timestamp import check_url

        check_url(url)


def _copies(recipients: Sequence[str], *, only: bool) -> Copies:
    if only and not recipients:
        raise UsageError("--recipient-only needs --recipient with the client's public key")
    if not recipients:
        return Copies.NONE
    from handover.seal.recipient import check_recipients

    check_recipients(recipients)
    return Copies.ONLY if only else Copies.BESIDE
