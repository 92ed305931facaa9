"""What is in the assets' folder, and everything about it that can't be delivered, all at once.

Role: lists the files to pack in the bundle's order and gives a finding for each link, pipe, device, unreadable
file, unsafe name and clash, and tells what isn't delivered (`handover.model.selection`). It opens no file and reads no
content.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from handover.bundle.names import ASSETS_PREFIX, find_clashes, ordinary_key, printable, problems, safe_names, to_entry
from handover.bundle.write.assets import AssetFolder
from handover.formats.memory import many_records
from handover.formats.opener import is_link, kind_of
from handover.model.artifact import AssetSource
from handover.model.errors import AssetError, Finding, Severity, SourceLocation
from handover.model.message import counted, first_of, joined, msg
from handover.model.selection import BY_DEFAULT, LeftOut, Reason, Scan, Selection

_WINDOWS: Final = os.name == "nt"  # junctions pass for folders there
_DEEPEST: Final = 500
"""Characters of a folder's path beyond which it isn't entered: no name under it could travel."""


def scan_assets(
    root: Path, selection: Selection = BY_DEFAULT, *, rename_unsafe: bool = False, label: str = "assets"
) -> Scan:
    """List the files under `root`, and what can't be or isn't delivered.

    The sources' sizes are as found, in bytes: for planning, never trusted. With `rename_unsafe`, names that
    can't travel and names that clash get safe ones instead of findings. A hard-linked file is a warning.
    Raises `AssetError` when `root` can't be listed at all.
    """
    findings: list[Finding] = []
    left_out: list[LeftOut] = []
    files: list[tuple[str, int]] = []
    with many_records(), AssetFolder(root, label) as folder:
        for path, facts, readable in _walk(folder, selection, findings, left_out, label):
            problem = _file_problem(facts, readable)
            if problem is None:
                files.append((path, facts.st_size))
                if facts.st_nlink > 1:
                    findings.append(_finding(label, path, "asset.hard-link", _HARD_LINK, "", Severity.WARNING))
            else:
                findings.append(_finding(label, path, *problem))
        sources = _name(files, rename_unsafe)
        if not rename_unsafe:
            findings += _name_findings(label, sources)
    left_out.sort()
    return Scan(sources, [*sorted(findings), *_left_out_findings(label, left_out)], left_out)


def list_paths(folder: AssetFolder, selection: Selection) -> set[str]:
    """Relative paths of every file to deliver, and of what can't be: to notice what came or went."""
    return {path for path, _, _ in _walk(folder, selection, [], [], "", facts_needed=False)}


def _walk(
    folder: AssetFolder,
    selection: Selection,
    findings: list[Finding],
    left_out: list[LeftOut],
    label: str,
    *,
    facts_needed: bool = True,
) -> Iterator[tuple[str, os.stat_result, bool]]:
    """Everything to deliver under the folder that isn't a folder: path, own facts, and whether it may be read."""
    pending: list[tuple[str, Reason | None]] = [("", None)]
    while pending:
        current, reason = pending.pop()
        prefix = f"{current}/" if current else ""
        try:
            entries = folder.scan(current)
        except AssetError as error:
            if not current:
                raise
            findings.append(_finding(label, current, "asset.unreadable", str(error.message).partition(": ")[2], ""))
            continue
        for entry in entries:
            path = prefix + entry.name
            is_folder = entry.is_dir(follow_symlinks=False) and not (
                _WINDOWS and is_link(entry.stat(follow_symlinks=False))
            )
            why = selection.judge(path, entry.name, folder=is_folder, inside=reason)
            if why and not (is_folder and selection.looks_inside(why)):
                left_out.append(LeftOut(f"{path}/" if is_folder else path, why))
                continue
            if is_folder:
                if len(path) <= _DEEPEST:
                    pending.append((path, why))
                else:
                    findings.append(_finding(label, path, "asset.name", msg("its path is too long to travel"), ""))
                continue
            if not facts_needed:
                yield path, _NO_FACTS, True
                continue
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:
                findings.append(_finding(label, path, "asset.unreadable", msg("it vanished while it was listed"), ""))
                continue
            yield path, facts, not stat.S_ISREG(facts.st_mode) or folder.is_readable(current, entry.name, facts)


_NO_FACTS: Final = os.stat_result((0,) * 10)


def _file_problem(facts: os.stat_result, readable: bool) -> tuple[str, str, str] | None:
    if not stat.S_ISREG(facts.st_mode):
        hint = msg("put the file itself there") if stat.S_ISLNK(facts.st_mode) else msg("take it out")
        return "asset.not-a-file", msg("it's {st_mode}, not a file", st_mode=kind_of(facts.st_mode)), hint
    if not readable:
        return "asset.unreadable", msg("it can't be read: permission denied"), msg("allow yourself to read it")
    return None


def _name(files: Sequence[tuple[str, int]], rename_unsafe: bool) -> list[AssetSource]:
    paths = [path for path, _ in files]
    if rename_unsafe:
        safe = safe_names([ASSETS_PREFIX + path for path in paths])
        entries = [safe[ASSETS_PREFIX + path] for path in paths]
    else:
        entries = [to_entry(path, ASSETS_PREFIX) for path in paths]
    named = sorted((entry, path, size) for entry, (path, size) in zip(entries, files, strict=True))
    return [AssetSource(path, entry, size) for entry, path, size in named]


def _name_findings(label: str, sources: Sequence[AssetSource]) -> Iterator[Finding]:
    hint = msg("rename it, or build with --rename-unsafe")
    for source in sources:
        if ordinary_key(source.entry) is None and (reasons := problems(source.entry)):
            yield _finding(
                label,
                source.path,
                "asset.name",
                msg("its name can't travel: {reasons}", reasons=joined("; ", reasons)),
                hint,
            )
    # Two spellings of one NFC name have the same entry name: tell them apart by position.
    for first, second in _clashing_sources(sources):
        yield _finding(
            label,
            second.path,
            "asset.name-clash",
            msg(
                "on Windows and macOS this is the same name as {label}/{path}", label=label, path=printable(first.path)
            ),
            hint,
        )


def _clashing_sources(sources: Sequence[AssetSource]) -> Iterator[tuple[AssetSource, AssetSource]]:
    by_entry: dict[str, AssetSource] = {}
    for source in sources:
        first = by_entry.setdefault(source.entry, source)
        if first is not source:
            yield first, source
    for one, other in find_clashes(by_entry):
        yield by_entry[one], by_entry[other]


_HARD_LINK: Final = msg("it has other names on this disk (a hard link): make sure that it belongs to this client")
_LEFT_OUT_HINTS: Final = {
    Reason.POINTER: msg("export what they lead to (as .docx, .xlsx, .pptx or PDF, or download it), and put that there"),
}


def _left_out_findings(label: str, left_out: Sequence[LeftOut]) -> Iterator[Finding]:
    """One finding for each kind of what nobody asked to leave out."""
    for reason in Reason:
        paths = [f"{label}/{printable(path)}" for path, why in left_out if why is reason]
        if not paths or reason is Reason.EXCLUDED:
            continue
        yield Finding(
            SourceLocation(label),
            "asset.pointer" if reason is Reason.POINTER else "asset.left-out",
            counted(
                "{count} left out ({reason}): {paths}",
                "{count} left out ({reason}): {paths}",
                count=len(paths),
                reason=reason,
                paths=first_of(paths),
            ),
            _LEFT_OUT_HINTS.get(
                reason, msg("`options.assets` brings them back (include), or says that they may go (exclude)")
            ),
            Severity.WARNING,
        )


def _finding(label: str, path: str, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(SourceLocation(f"{label}/{printable(path)}"), rule, message, hint, severity)
