"""What is in the assets' folder, and everything about it that can't be delivered, all at once.

Role: lists the files to pack in the bundle's order and gives a finding for each link, pipe, device, unreadable
file, unsafe name and clash. It opens no file and reads no content.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from handover.artifact import AssetSource
from handover.errors import AssetError, Finding, Severity, SourceLocation
from handover.memory import many_records
from handover.names import ASSETS_PREFIX, find_clashes, ordinary_key, printable, problems, safe_names, to_entry
from handover.pack.assets import AssetFolder
from handover.regular import kind_of

_DEEPEST: Final = 500
"""Characters of a folder's path beyond which it isn't entered: no name under it could travel."""


def scan_assets(
    root: Path, *, rename_unsafe: bool = False, label: str = "assets"
) -> tuple[list[AssetSource], list[Finding]]:
    """List the files under `root`, ordered by their entry names, and what can't be delivered.

    The sources' sizes are as found, in bytes: for planning, never trusted. With `rename_unsafe`, names that
    can't travel and names that clash get safe ones instead of findings. A hard-linked file is a warning.
    Findings are located by file, in order. Raises `AssetError` when `root` can't be listed at all.
    """
    findings: list[Finding] = []
    files: list[tuple[str, int]] = []
    with many_records(), AssetFolder(root, label) as folder:
        for path, facts, readable in _walk(folder, findings, label):
            problem = _file_problem(facts, readable)
            if problem is None:
                files.append((path, facts.st_size))
                if facts.st_nlink > 1:
                    findings.append(_hard_link(label, path))
            else:
                findings.append(_finding(label, path, *problem))
        sources = _name(files, rename_unsafe)
        if not rename_unsafe:
            findings += _name_findings(label, sources)
    return sources, sorted(findings)


def list_paths(folder: AssetFolder) -> set[str]:
    """Relative paths of everything under the folder but folders: to notice what came or went."""
    return {path for path, _, _ in _walk(folder, [], "", facts_needed=False)}


def _walk(
    folder: AssetFolder, findings: list[Finding], label: str, *, facts_needed: bool = True
) -> Iterator[tuple[str, os.stat_result, bool]]:
    """Everything under the folder that isn't a folder: path, own facts, and whether it may be read."""
    pending = [""]
    while pending:
        current = pending.pop()
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
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                if len(path) <= _DEEPEST:
                    pending.append(path)
                else:
                    findings.append(_finding(label, path, "asset.name", "its path is too long to travel", ""))
                continue
            if not facts_needed:
                yield path, _NO_FACTS, True
                continue
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:
                findings.append(_finding(label, path, "asset.unreadable", "it vanished while it was listed", ""))
                continue
            yield path, facts, not stat.S_ISREG(facts.st_mode) or folder.is_readable(current, entry.name, facts)


_NO_FACTS: Final = os.stat_result((0,) * 10)


def _is_junction(entry: "os.DirEntry[str]") -> bool:
    facts = entry.stat(follow_symlinks=False) if os.name == "nt" else None
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return facts is not None and bool(getattr(facts, "st_file_attributes", 0) & reparse)


def _file_problem(facts: os.stat_result, readable: bool) -> tuple[str, str, str] | None:
    if not stat.S_ISREG(facts.st_mode):
        hint = "put the file itself there" if stat.S_ISLNK(facts.st_mode) else "take it out"
        return "asset.not-a-file", f"it's {kind_of(facts.st_mode)}, not a file", hint
    if not readable:
        return "asset.unreadable", "it can't be read: permission denied", "allow yourself to read it"
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
    hint = "rename it, or build with --rename-unsafe"
    for source in sources:
        if ordinary_key(source.entry) is None and (reasons := problems(source.entry)):
            yield _finding(label, source.path, "asset.name", f"its name can't travel: {'; '.join(reasons)}", hint)
    # Two spellings of one NFC name have the same entry name: tell them apart by position.
    for first, second in _clashing_sources(sources):
        yield _finding(
            label,
            second.path,
            "asset.name-clash",
            f"on Windows and macOS this is the same name as {label}/{printable(first.path)}",
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


def _hard_link(label: str, path: str) -> Finding:
    message = "it has other names on this disk (a hard link): make sure that it belongs to this client"
    return _finding(label, path, "asset.hard-link", message, "", Severity.WARNING)


def _finding(label: str, path: str, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(SourceLocation(f"{label}/{printable(path)}"), rule, message, hint, severity)
