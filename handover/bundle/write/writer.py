"""The bundle's zip being written: entries in call order, the central directory at the end.

Role: gives each entry its place, keeps its record, and refuses a name twice. Documents come as
`SealedArtifact`s only; the client's files are read by `handover.bundle.write.units`. It neither creates nor publishes
the file, decides no order of its own, and leaves verifying to `handover.bundle.verify`.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from handover.bundle.names import MIMETYPE, MIMETYPE_ENTRY, check_entry_name, collision_key, ordinary_key, printable
from handover.bundle.workers import Run, default_workers
from handover.bundle.write.assets import AssetChanged, AssetFolder
from handover.bundle.write.deflate import Codec, best_codec
from handover.bundle.write.file import PositionalFile
from handover.bundle.write.headers import (
    FREE_TOTAL,
    MOST_ENTRIES,
    MOST_RATIO,
    Stored,
    central_header,
    end_records,
    local_header,
    local_header_length,
)
from handover.bundle.write.layout import Layout
from handover.bundle.write.scan import list_paths
from handover.bundle.write.units import Look, Packed, Unit, Worker, pack_unit, plan_units, store_content
from handover.formats.memory import keep_freed_memory, many_records
from handover.model.artifact import AssetRecord, AssetSource, EntryRecord, Role, SealedArtifact
from handover.model.errors import AssetError
from handover.model.message import counted, msg
from handover.model.selection import BY_DEFAULT, Selection

Progress = Callable[[int], None]
"""Called with the number of source bytes packed since the last call; negative when work is done again."""


class BundleWriter:
    """Writes one zip of the canonical profile (docs/format.md, section 2) into a seekable file.

    `file` must be a real file opened for reading and writing, empty. The bytes depend on what is added and
    on `codec`, not on `workers`. `on_progress` may be called from any thread, one call at a time.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        workers: int | None = None,
        on_progress: Progress = lambda _count: None,
        codec: Codec | None = None,
    ) -> None:
        self._file = PositionalFile(file)
        self._workers = workers or default_workers()
        self._on_progress = on_progress
        self._codec = codec or best_codec()
        self._records: list[EntryRecord] = []
        self._keys: set[str] = set()
        self._central = bytearray()
        self._end = 0

    @property
    def entries(self) -> Sequence[EntryRecord]:
        """What is stored so far, in the bundle's order."""
        return tuple(self._records)

    @property
    def size(self) -> int:
        """Bytes written so far; after `finish`, the size of the zip."""
        return self._end

    def add_mimetype(self) -> EntryRecord:
        """Store the entry that makes this an ASiC container: it must be the first (docs/format.md, 2.8)."""
        if self._records:
            raise ValueError("mimetype must be the first entry")
        stored, _ = store_content(self._codec, MIMETYPE_ENTRY, MIMETYPE)
        return self._add(stored, MIMETYPE, None)

    def add(self, sealed: SealedArtifact) -> EntryRecord:
        """Store a sealed document.

        Raises `TypeError` for anything that isn't sealed, `AssetError` for a name that can't travel or is taken,
        `OutputError` when the disk refuses.
        """
        if not isinstance(sealed, SealedArtifact):
            raise TypeError(f"only sealed artifacts may be packed, not {type(sealed).__name__}")
        stored, data = store_content(self._codec, sealed.name, sealed.content)
        return self._add(stored, data, sealed.role)

    def copy(self, entry: Stored, data: Iterable[bytes]) -> EntryRecord:
        """Store an entry of another zip as it is stored there: `data` are its stored bytes, `entry` its facts.

        Nothing of it is checked here: verify what comes out. Raises like `add`.
        """
        self._claim(entry.name)
        header = local_header(entry)
        self._file.write_at(header, self._end)
        at = self._end + len(header)
        for piece in data:
            self._file.write_at(piece, at)
            at += len(piece)
        record = self._record(entry, self._end, None)
        self._end = at
        return record

    def add_assets(
        self,
        root: Path,
        sources: Sequence[AssetSource],
        *,
        selection: Selection = BY_DEFAULT,
        look: Look = lambda _entry, _size, _blocks: None,
    ) -> list[AssetRecord]:
        """Store the client's files under `root`, in the order given.

        `look` sees each file's content on its way. Raises `AssetChanged` for a file that changes, grows, shrinks,
        vanishes or is replaced meanwhile, and for one that came or went since `sources` were scanned; `AssetError` for
        a name that can't travel or is taken and for anything that isn't a regular file, `OutputError` when the disk
        refuses.
        """
        for source in sources:
            self._claim(source.entry)
        keep_freed_memory()
        with many_records(), AssetFolder(root) as folder:
            try:
                units, packed = self._pack_units(folder, sources, look)
            except _CallbackFailed as failure:
                raise failure.reason from None
            _check_listing(folder, selection, sources)
            return self._take_over(units, packed)

    def finish(self) -> int:
        """Write the central directory and the end records; gives the zip's size in bytes.

        Raises `AssetError` for what readers would have to take for a bomb (docs/format.md, 2.9).
        """
        closing = end_records(len(self._records), len(self._central), self._end)
        self._check_limits(self._end + len(self._central) + len(closing))
        self._file.write_at(self._central, self._end)
        self._file.write_at(closing, self._end + len(self._central))
        self._end += len(self._central) + len(closing)
        self._file.truncate(self._end)
        return self._end

    def _check_limits(self, size: int) -> None:
        total = sum(record.size for record in self._records)
        if total > max(FREE_TOTAL, MOST_RATIO * size):
            raise AssetError(
                msg(
                    "the files have {total:,} bytes and shrink to {size:,}: readers would refuse that as a bomb",
                    total=total,
                    size=size,
                ),
                hint=msg("take out or shorten the large, almost empty files (disk images, say)"),
            )
        if len(self._records) > MOST_ENTRIES:
            raise AssetError(
                msg("there are {count:,} files, a bundle holds {most:,}", count=len(self._records), most=MOST_ENTRIES),
                hint=msg("pack folders of many small files into archives first"),
            )

    def _add(self, stored: Stored, data: bytes, role: Role | None) -> EntryRecord:
        self._claim(stored.name)
        header = local_header(stored)
        self._file.write_chunks_at((header, data), self._end)
        record = self._record(stored, self._end, role)
        self._end += len(header) + len(data)
        return record

    def _claim(self, name: str) -> None:
        key = ordinary_key(name)
        if key is None:
            check_entry_name(name)
            key = collision_key(name)
        if key in self._keys:
            raise AssetError.at(
                printable(name),
                msg("the bundle already has an entry of this name (as Windows and macOS see it)"),
                hint=msg("rename one of the two"),
            )
        self._keys.add(key)

    def _record(self, stored: Stored, offset: int, role: Role | None) -> EntryRecord:
        record = EntryRecord(stored.name, stored.size, stored.sha256.hex(), role)
        self._records.append(record)
        self._central += central_header(stored, offset)
        return record

    def _pack_units(
        self, folder: AssetFolder, sources: Sequence[AssetSource], look: Look
    ) -> tuple[list[Unit], list[list[Packed]]]:
        counted = _Counter(self._on_progress)
        sizes = [source.size if source.size is not None else folder.stat(source.path).st_size for source in sources]
        units = list(plan_units(sources, sizes, self._codec.alone_below))
        layout = Layout(self._file, self._end, self._workers)
        run: Run[list[Packed]] = Run(
            [unit.alone for unit in units],
            may_run_ahead=lambda number: layout.has_room(units[number].size),
            on_failure=layout.stop,
        )

        @contextlib.contextmanager
        def make_worker() -> Iterator[Callable[[int], list[Packed]]]:
            with folder.clone() as own:
                worker = Worker(own, self._codec, counted, run.helpers, look)
                yield lambda number: pack_unit(
                    worker, units[number], layout, number, wait=not run.agenda.is_ahead(number)
                )

        return units, run.results(make_worker, self._workers)

    def _take_over(self, units: list[Unit], packed: list[list[Packed]]) -> list[AssetRecord]:
        records = []
        for number in range(len(units)):
            start = self._end
            for one in packed[number]:
                entry = self._record(one.stored, start + one.offset, Role.ASSET)
                records.append(AssetRecord(one.source, entry, _modified(one.mtime_ns // 1_000_000_000), one.properties))
            last = packed[number][-1]
            length = local_header_length(last.stored.name, last.stored.size) + last.stored.compressed
            self._end = start + last.offset + length
            packed[number] = []  # of 100,000 files only one kind of record stays in memory
        return records


class _CallbackFailed(Exception):
    """A caller's own function raised `reason`, which would be taken for a file that can't be read."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(reason)
        self.reason = reason


class _Counter:
    """Passes progress on, one call at a time."""

    def __init__(self, on_progress: Progress) -> None:
        self._on_progress = on_progress
        self._calling = threading.Lock()

    def __call__(self, count: int) -> None:
        try:
            with self._calling:
                self._on_progress(count)
        except OSError as error:
            raise _CallbackFailed(error) from error


def required_space(sources: Sequence[AssetSource]) -> int:
    """Bytes that the zip of these sources may need at most, headers included; other entries come on top."""
    # 46 + 30 bytes of headers, twice the name, two ZIP64 fields; a file is stored when deflating doesn't pay.
    return sum((source.size or 0) + 140 + 2 * len(source.entry.encode()) for source in sources)


def _check_listing(folder: AssetFolder, selection: Selection, sources: Sequence[AssetSource]) -> None:
    before = {source.path for source in sources}
    after = list_paths(folder, selection)
    for paths, change in ((before - after, msg("it vanished")), (after - before, msg("it came"))):
        if paths:
            more = counted(" (and {count} more)", " (and {count} more)", count=len(paths) - 1) if len(paths) > 1 else ""
            raise AssetChanged.at(
                folder.place(min(paths)),
                msg("{change} while the files were packed{more}", change=change, more=more),
                hint=msg("build again"),
            )


@lru_cache(maxsize=4096)  # many small files are of one moment: unpacked or checked out together
def _modified(seconds: int) -> datetime:
    """Modification time as an aware UTC time, to the second; what datetime can't express is clamped."""
    earliest, latest = 0, 253_402_300_799  # 1970-01-01 and 9999-12-31T23:59:59
    return datetime.fromtimestamp(min(max(seconds, earliest), latest), UTC)
