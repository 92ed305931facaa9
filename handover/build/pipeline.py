"""The straight line of one build: prepare, render, seal, write, verify, publish.

Role: calls each step once, in order, and hands the values of one to the next. It decides nothing that a step could
decide, prints nothing and asks nothing.
"""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from handover.build.assemble import assemble, pack_second_zip
from handover.build.hidden_inputs import keep_hidden
from handover.build.prepare import prepare
from handover.build.render import base_input, letter_binding, render_all
from handover.build.request import BuildRequest, BuildResult, Environment, Prepared, Secrets, Step
from handover.build.seal import Opened, Signing, seal, unlock
from handover.bundle.names import slug
from handover.bundle.publish import FolderLock, Publication, Published
from handover.bundle.record import State
from handover.bundle.verify import Anchors, Report, verify
from handover.bundle.write import required_space
from handover.documents.base import RenderInput
from handover.documents.plan import Plan, to_sign_name
from handover.documents.typed import typed_texts
from handover.formats.opener import open_named
from handover.model.artifact import AssetRecord, Role, SealedArtifact
from handover.model.errors import Finding, InvalidInput, Severity, UsageError
from handover.model.message import msg
from handover.model.project import IssuedPassphrase
from handover.project.leaks.assets import Seeker, stored_assets
from handover.project.leaks.documents import document_leaks, typed_leaks
from handover.project.leaks.plain import Guard
from handover.project.leaks.readers import Readers

_ROOM_FOR_DOCUMENTS = 16 * 1024 * 1024
"""Bytes set aside for documents, records and signatures when the free space is checked."""


def build(request: BuildRequest, secrets: Secrets, environment: Environment) -> BuildResult:
    """Make the bundle and publish it.

    Raises a HandoverError when anything is wrong; an earlier bundle is then as it was and nothing is left behind.
    """
    step = environment.on_step
    step(Step.CHECKING)
    prepared = prepare(request)
    planned, project = prepared.plan, prepared.project
    _check_options(request, planned)
    with _outputs(planned, request, secrets) as (first, second), Readers() as readers:
        readers.read_in_advance(project.assets_root, planned.assets)
        step(Step.WRITING)
        rendered = render_all(planned.early, base_input(planned))
        if not request.draft:
            step(Step.UNLOCKING)
        signing, opened = unlock(prepared, request, secrets, environment.now())
        if opened.vault is not None and not opened.vault.credentials:
            # Only the passphrase shows that the vault is empty: what was said of its file is said anew.
            planned = planned.without(Role.CREDENTIALS)
            rendered = render_all(planned.early, base_input(planned))
            signing = replace(signing, binding=letter_binding(planned))
        first.rename(_name(planned, signing.state))
        if not request.draft:
            step(Step.SEALING)
        allowed = request.allowed_leaks | frozenset(project.settings.options.assets.allow_leaks)
        gate = _Gate(prepared.guard.with_needles(opened.needles), allowed, readers)
        sealed = functools.partial(
            seal, planned=planned, signing=signing, opened=opened, request=request, environment=environment
        )
        early = gate.documents(sealed(rendered), typed_texts(project))

        def late(base: RenderInput) -> list[SealedArtifact]:
            first.begin()
            return gate.documents(sealed(render_all(planned.late, base, opened.vault)))

        step(Step.PACKING)
        packed = pack_second_zip(second, planned, request, environment, gate.see) if second else None
        assets = assemble(first.file, planned, early, late, signing, request, environment, gate.see, packed)
        first.settle()
        step(Step.VERIFYING)
        with gate.assets((second or first).temporary, assets, container=second is None):
            report = _verified(first.file, second, signing, request, environment)
        step(Step.PUBLISHING)
        keep = functools.partial(_keep_passphrase, prepared, opened, report, environment, first.path.name)
        published = _publish(first, second, environment, keep)
    keep_hidden(project, published.path, report)
    return BuildResult(
        path=published.path,
        size=published.size,
        sha256=published.sha256,
        report=report,
        plan=planned,
        warnings=(*prepared.warnings, *gate.warnings),
        assets_path=second.path if second else None,
        left=published.left,
        leaks=tuple(gate.let_through),
        left_out=prepared.left_out,
        waits_for=report.missing,
        passed_over=signing.passed_over,
    )


def _check_options(request: BuildRequest, planned: Plan) -> None:
    """Refuse what can't be done before minutes are spent on packing."""
    if request.tsa is not None:
        from handover.seal.timestamp import check_url

        check_url(request.tsa)
    if unknown := sorted(request.allowed_leaks - set(planned.all_names())):
        raise UsageError(
            msg("--allow-leak {unknown}: the bundle has no such entry", unknown=unknown[0]),
            hint=msg("`handover build --list` shows its entries"),
        )


@contextlib.contextmanager
def _outputs(
    planned: Plan, request: BuildRequest, secrets: Secrets
) -> Iterator[tuple[Publication, Publication | None]]:
    """The zip on its way to its likely name, and the second one of a split bundle."""
    client = planned.project.settings.client.id
    signs = secrets.has_key and not request.for_signature and len(planned.project.settings.owners) == 1
    likely = State.DRAFT if request.draft else State.SIGNED if signs else State.TO_SIGN
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context(FolderLock(request.out, client))
        # Refused early, unless the key turns out to be no owner's.
        name = _name(planned, likely)
        first = stack.enter_context(Publication(request.out, name, replace=request.replace, lock=lock))
        first.require_space(required_space(planned.assets) + _ROOM_FOR_DOCUMENTS)
        second = None
        if request.split_assets:
            # Named after its content in the end: one that is there already has the same bytes.
            name = f"{slug(client)}-assets.zip"
            second = stack.enter_context(Publication(request.out, name, replace=True, lock=lock))
        yield first, second


def _name(planned: Plan, state: State) -> str:
    """What the zip is called; a draft's plan says so itself."""
    return to_sign_name(planned) if state is State.TO_SIGN else planned.bundle_name


class _Gate:
    """Lets nothing leave that mustn't, but what the user allowed; keeps what is to be told of it."""

    def __init__(self, guard: Guard, allowed: frozenset[str], readers: Readers) -> None:
        self._guard = guard
        self._allowed = allowed
        self._readers = readers
        self._seeker = Seeker(guard, readers)
        self.let_through: list[Finding] = []
        self.warnings: list[Finding] = []

    def documents(
        self, artifacts: list[SealedArtifact], typed: Mapping[str, Iterable[str]] = MappingProxyType({})
    ) -> list[SealedArtifact]:
        """The documents, none of which shows what it mustn't, as printed or as it was `typed`. Raises InvalidInput."""
        told = document_leaks(artifacts, self._guard.searcher)
        self._refuse([*told, *typed_leaks(typed, self._guard.searcher, told)])
        return artifacts

    def see(self, entry: str, size: int, blocks: Iterator[bytes]) -> None:
        """Look for secrets in one of the client's files while it's packed."""
        self._seeker.see(entry, size, blocks)

    @contextlib.contextmanager
    def assets(self, zipped: Path, packed: Sequence[AssetRecord], *, container: bool) -> Iterator[None]:
        """Read apart what couldn't be searched on its way, in the zip that it's delivered in, beside what is done
        meanwhile. Raises InvalidInput in the end, with everything that was found in the client's files.
        """
        from handover.bundle.read import read_archive

        digests = {asset.entry.name: asset.entry.sha256 for asset in packed}
        # Opened anew: where the system can't read at an offset, whoever reads meanwhile moves the position.
        with open_named(zipped, follow=False) as file, ThreadPoolExecutor(1) as aside:
            stored = stored_assets(read_archive(file, container=container))
            found = aside.submit(self._seeker.rest, stored, digests)
            try:
                yield
                told = found.result()
            except BaseException:
                self._readers.stopped.set()
                raise
            self._refuse(told)

    def _refuse(self, found: Sequence[Finding]) -> None:
        others = [finding for finding in found if finding.location.file not in self._allowed]
        self.let_through += [finding for finding in found if finding.location.file in self._allowed]
        self.warnings += [finding for finding in others if finding.severity is Severity.WARNING]
        if any(finding.severity is Severity.ERROR for finding in others):
            raise InvalidInput(others)


def _verified(
    file: BinaryIO, second: Publication | None, signing: Signing, request: BuildRequest, environment: Environment
) -> Report:
    """Check what is about to be published, as the client would."""
    return verify(
        file,
        anchors=Anchors(fingerprints=frozenset(signing.pins)),
        now=environment.now(),
        allow_draft=signing.state is not State.SIGNED,
        assets=second.file if second else None,
        workers=request.workers,
    )


def _keep_passphrase(prepared: Prepared, opened: Opened, report: Report, environment: Environment, bundle: str) -> None:
    """Put the client's passphrase into the vault: once the bundle is published, nobody else may know it."""
    from handover.project.vault.keep import keep_passphrase

    if opened.passphrase is None or opened.vault_passphrase is None or opened.vault is None or prepared.vault is None:
        return
    name = report.record.name(Role.INVENTORY)
    issued = IssuedPassphrase(
        bundle=bundle,
        issued_on=f"{environment.now():%Y-%m-%d %H:%M}",
        inventory=next(entry.sha256 for entry in report.entries if entry.name == name),
        passphrase=opened.passphrase,
    )
    held = prepared.vault, opened.vault
    keep_passphrase(prepared.project, issued, opened.vault_passphrase, held, random=environment.random)


def _publish(
    first: Publication, second: Publication | None, environment: Environment, keep_passphrase: Callable[[], None]
) -> Published:
    """Publish both zips or neither."""
    environment.before_publishing()
    keep_passphrase()
    is_new = second is not None and not second.path.exists()
    try:
        if second is not None:
            second.commit()
        return first.commit()
    except BaseException:
        if second is not None and is_new:
            with contextlib.suppress(OSError):
                second.path.unlink()
        raise
