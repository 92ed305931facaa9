"""What it costs to search the client's files for what mustn't leave: text, Office files, PDFs, apart.

Searches the `mixed` tree of benchmarks/trees.py in one process, with a vault of twelve services and with the words of
an internal note, and prints megabytes, milliseconds a megabyte on the clock, and the longest time of a file.

    python benchmarks/searching.py [--dir build/bench] [--scale 0.2] [--rounds 3]
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from trees import make_tree

from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.project.leaks.archives import in_blocks
from handover.project.leaks.assets import asset_leaks
from handover.project.leaks.internal import internal_texts
from handover.project.leaks.needles import needles
from handover.project.leaks.plain import Asset, Guard
from handover.project.leaks.search import Searcher

NOTE = "They have paid every single invoice at least forty days late since March, and nobody else ever did. " * 3
KINDS: dict[str, Callable[[Path], bool]] = {
    "text up to 1 MB": lambda path: path.parent.parent.name == "site",
    "text over 1 MB": lambda path: path.suffix in {".csv", ".txt"},
    "Word": lambda path: path.suffix == ".docx",
    "Excel": lambda path: path.suffix == ".xlsx",
    "PDF": lambda path: path.suffix == ".pdf",
    "photos": lambda path: path.suffix == ".jpg",
}


def guards() -> dict[str, Guard]:
    rows = [CredentialRow(service=f"S{i}", password=f"pA{i}xx-{i * 7919}!q", totp_secret=None) for i in range(12)]
    sought = needles({"the passphrase": Secret("plumage cargoes satinwood walruses onionskin")}, Vault(tuple(rows)))
    internal = internal_texts({"internal/reasons.md": NOTE}, ())
    return {"vault": Guard(Searcher(sought)), "vault and internal": Guard(Searcher(sought, internal=internal))}


def measure(files: dict[str, bytes], guard: Guard) -> tuple[float, float]:
    """Wall seconds for all, children's work included, and for the file that takes longest."""
    began, longest = time.perf_counter(), 0.0

    def assets() -> Iterator[Asset]:
        nonlocal longest
        before = time.perf_counter()
        for name, content in files.items():
            yield Asset(f"assets/{name}", len(content), partial(in_blocks, content))
            longest, before = max(longest, time.perf_counter() - before), time.perf_counter()

    asset_leaks(assets(), guard)
    return time.perf_counter() - began, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    tree = make_tree("mixed", options.dir, options.scale)
    paths = sorted(path for path in tree.rglob("*") if path.is_file())
    print("| files | number | MB | with | ms a MB | longest ms |\n|---|---:|---:|---|---:|---:|")
    for kind, belongs in KINDS.items():
        files = {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths if belongs(path)}
        size = sum(map(len, files.values())) / 1e6
        for words, guard in guards().items():
            results = [measure(files, guard) for _ in range(options.rounds)]
            each = 1e3 * statistics.median(wall for wall, _ in results) / size
            longest = 1e3 * statistics.median(longest for _, longest in results)
            print(f"| {kind} | {len(files)} | {size:.1f} | {words} | {each:.1f} | {longest:.0f} |")


if __name__ == "__main__":
    main()
