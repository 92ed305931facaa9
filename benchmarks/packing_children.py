"""What `benchmarks/packing.py` measures in Python: `packing_children.py MODE TREE OUT [OPTION …]`, a process each.

Imports stand where they're used, so that a process pays only for its own.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def files_of(tree: Path) -> list[Path]:
    return sorted(path for path in tree.rglob("*") if path.is_file())


def child_ours(tree: Path, out: Path, *options: str) -> None:
    import json
    import resource

    from handover.bundle.write import BundleWriter, scan_assets

    workers = next((int(option) for option in options if option.isdigit()), None)
    with out.open("wb+", buffering=0) as file:
        sources = scan_assets(tree).sources
        writer = BundleWriter(file, workers=workers)
        writer.add_mimetype()
        writer.add_assets(tree, sources)
        writer.finish()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        # Not ru_maxrss: that counts what the parent had when it forked.
        peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
        packed = time.perf_counter()
        os.fsync(file.fileno())
        synced = time.perf_counter()
        from handover.bundle.read import read_archive  # what verifying needs is loaded at its own cost

        read_archive(file).digest_all(workers or len(os.sched_getaffinity(0)))
        verified = time.perf_counter()
    told = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": peak / 1024,
        "fsync": synced - packed,
        "verify": verified - synced,
    }
    print(json.dumps(told), flush=True)
    os._exit(0)  # as the command itself ends


def child_zipfile(tree: Path, out: Path, method: str) -> None:
    import hashlib
    import zipfile

    kind = zipfile.ZIP_DEFLATED if method == "deflated" else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as archive:
        for path in files_of(tree):
            archive.write(path, path.relative_to(tree))
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")


def child_stream(tree: Path, out: Path) -> None:
    import datetime as dt
    import hashlib

    from stream_zip import ZIP_32, ZIP_64, stream_zip  # type: ignore[import-not-found]

    def content(path: Path) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(65536):
                digest.update(piece)
                yield piece

    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    files = files_of(tree)
    method = ZIP_32 if len(files) < 65_535 else ZIP_64
    members = ((str(path.relative_to(tree)), moment, 0o600, method, content(path)) for path in files)
    with out.open("wb") as file:
        for piece in stream_zip(members):
            file.write(piece)


def child_read(tree: Path, _out: Path, hashing: bool = False) -> None:
    import hashlib
    import threading

    pending = iter(files_of(tree))
    lock = threading.Lock()

    def work() -> None:
        block = memoryview(bytearray(1024 * 1024))
        while True:
            with lock:
                path = next(pending, None)
            if path is None:
                return
            digest = hashlib.sha256()
            with path.open("rb", buffering=0) as file:
                while count := file.readinto(block):
                    if hashing:
                        digest.update(block[:count])

    threads = [threading.Thread(target=work) for _ in os.sched_getaffinity(0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def child_warm(tree: Path, out: Path) -> None:
    """Copy everything once, and delete the copy: the tree is in the cache then, and memory for an output at hand.

    A virtual machine's host takes memory back that nobody uses for some seconds; giving it again costs several times
    what writing to it does, and would fall to whoever runs next.
    """
    import shutil

    copy = out.with_suffix(".warm")
    if sum(path.stat().st_size - path.stat().st_blocks * 512 for path in files_of(tree)) > 1 << 30:
        child_read(tree, out)  # sparse: a copy would fill the disk
        return
    shutil.rmtree(copy, ignore_errors=True)  # an interrupted run's
    shutil.copytree(tree, copy)
    shutil.rmtree(copy)


def child_make(kind: Path, folder: Path, scale: str) -> None:
    from trees import make_tree

    make_tree(str(kind), folder, float(scale))


CHILDREN: dict[str, Callable[..., None]] = {
    "ours": child_ours,
    "zipfile": child_zipfile,
    "stream": child_stream,
    "read": child_read,
    "warm": child_warm,
    "hash": lambda tree, out: child_read(tree, out, hashing=True),
    "make": child_make,
}

if __name__ == "__main__":
    mode, tree, out, *options = sys.argv[1:]
    CHILDREN[mode](Path(tree), Path(out), *options)
