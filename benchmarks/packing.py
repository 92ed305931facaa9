"""What packing costs, beside other ways of making a zip with digests, in turn in one run.

Each contender makes a zip of the same tree *and* a SHA-256 of every file, as a handover needs both. Rounds alternate
between the contenders, each run after the tree was copied once and the copy deleted; the table gives medians of wall
time, CPU, peak memory and output size, and the median of the paired ratios of wall times. Ours is a whole process,
start-up and listing included; fsync and verification are reported apart. Trees are made once from a seed
(`benchmarks/trees.py`).

    python benchmarks/packing.py [--dir build/bench] [--scale 0.1] [--rounds 3]
                                 [--trees mixed tiny sparse growth] [--only "zip -0 + openssl"]

stream-zip and bagit are installed into a virtual environment under `--dir` for the occasion.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
CHILDREN = str(Path(__file__).with_name("packing_children.py"))
DIGESTS = "find . -type f -print0 | xargs -0 openssl dgst -sha256 > /dev/null"
OURS = "handover"
TARGETS = {
    "mixed": {
        "zip -6 + openssl": 25.0,
        "zip -0 + openssl": 3.5,
        "zipfile deflated + hashlib": 20.0,
        "bagit + zip -0": 3.3,
        "openssl alone, all cores": 1 / 2.2,
        "hashing alone": 1 / 2.2,
    },
    "tiny": {"zip -0 + openssl": 1 / 1.3},
    "sparse": {},
}
"""How many times as long as ours the others must take at least."""


@dataclass
class Result:
    wall: float
    cpu: float
    peak_mb: float
    size: int
    apart: dict[str, float]


@dataclass
class Contender:
    name: str
    command: Callable[[Path, Path], list[str]]
    prepare: Callable[[Path, Path], None] | None = None


def shell(script: str) -> Callable[[Path, Path], list[str]]:
    return lambda tree, out: ["sh", "-c", f'cd "{tree}" && {script}'.replace("OUT", str(out))]


def itself(mode: str, *options: str) -> Callable[[Path, Path], list[str]]:
    return lambda tree, out: [PYTHON, CHILDREN, mode, str(tree), str(out), *options]


def run(contender: Contender, tree: Path, out: Path) -> Result:
    clean(out)
    if contender.prepare:
        contender.prepare(tree, out)
    os.sync()  # what the contender before left to be written isn't this one's cost
    warm(tree, out)
    began = time.perf_counter()
    process = subprocess.Popen(contender.command(tree, out), stdout=subprocess.PIPE)
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{contender.name} failed with status {process.returncode}")
    told = json.loads(output) if output.startswith(b"{") else {}
    apart = {key: told[key] for key in ("fsync", "verify") if key in told}
    cpu = told.get("cpu", usage.ru_utime + usage.ru_stime)
    peak = told.get("peak_mb", usage.ru_maxrss / 1024)
    size = sum(path.stat().st_blocks * 512 if path.is_dir() else path.stat().st_size for path in outputs(out))
    clean(out)
    return Result(wall - sum(apart.values()), cpu, peak, size, apart)


def outputs(out: Path) -> list[Path]:
    if out.is_dir():
        return [path for path in out.rglob("*") if path.is_file()]
    return [out] if out.exists() else []


def clean(out: Path) -> None:
    for path in (out, out.with_suffix(".bag")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def contenders(tools: Path, names: Sequence[str]) -> list[Contender]:
    python = str(tools / "bin/python")
    cores = len(os.sched_getaffinity(0))

    def copy_for_bag(tree: Path, out: Path) -> None:
        shutil.copytree(tree, out.with_suffix(".bag"), copy_function=os.link)

    def bag(_tree: Path, out: Path) -> list[str]:
        bagged = out.with_suffix(".bag")
        script = (
            f'{python} -m bagit --quiet --sha256 --processes 2 "{bagged}" && cd "{bagged}" && zip -q -0 -r "{out}" .'
        )
        return ["sh", "-c", script]

    every = [
        Contender(OURS, itself("ours")),
        Contender("cp -r + openssl", shell(f"cp -r . OUT && {DIGESTS}")),
        Contender("zip -6 + openssl", shell(f"zip -q -6 -r OUT . && {DIGESTS}")),
        Contender("zip -0 + openssl", shell(f"zip -q -0 -r OUT . && {DIGESTS}")),
        Contender("7z -mx1 + openssl", shell(f"7z a -tzip -mx1 OUT . > /dev/null && {DIGESTS}")),
        Contender("zipfile deflated + hashlib", itself("zipfile", "deflated")),
        Contender("zipfile stored + hashlib", itself("zipfile", "stored")),
        Contender("stream-zip + hashlib", lambda tree, out: [python, CHILDREN, "stream", str(tree), str(out)]),
        Contender("bagit + zip -0", bag, copy_for_bag),
        Contender("reading alone", itself("read")),
        Contender("openssl alone, all cores", shell(DIGESTS.replace(" -0 ", f" -0 -n 64 -P {cores} "))),
        Contender("hashing alone", itself("hash")),
    ]
    return [contender for contender in every if contender.name in names] if names else every


# the tables


def compare(tree: Path, folder: Path, chosen: list[Contender], rounds: int) -> None:
    results: dict[str, list[Result]] = {contender.name: [] for contender in chosen}
    for number in range(rounds):
        for contender in chosen if number % 2 == 0 else chosen[::-1]:
            results[contender.name].append(run(contender, tree, folder / "out.zip"))
    print(f"\n{tree.name}: {describe_tree(tree)}, {rounds} rounds\n")
    print("| way | wall s | times ours | CPU s | peak MB | output MB |\n|---|---:|---:|---:|---:|---:|")
    for name, found in results.items():
        ratios = [theirs.wall / ours.wall for theirs, ours in zip(found, results[OURS], strict=True)]
        row = [middle(found, "wall"), statistics.median(ratios), middle(found, "cpu"), middle(found, "peak_mb")]
        size = statistics.median(one.size for one in found) / 1e6
        print(f"| {name} | {row[0]:.2f} | {row[1]:.2f} | {row[2]:.2f} | {row[3]:.0f} | {size:.1f} |")
    ours = results[OURS]
    for part in ("fsync", "verify"):
        apart = [one.apart[part] for one in ours]
        ratio = statistics.median(time / one.wall for time, one in zip(apart, ours, strict=True))
        print(f"| of ours, apart: {part} | {statistics.median(apart):.2f} | {ratio:.2f} | | | |")
    check_targets(results, TARGETS[tree.name.partition("-")[0]])


def check_targets(results: dict[str, list[Result]], targets: dict[str, float]) -> None:
    print()
    for name, target in targets.items():
        if name in results:
            pairs = zip(results[name], results[OURS], strict=True)
            ratio = statistics.median(theirs.wall / ours.wall for theirs, ours in pairs)
            verdict = "met" if ratio >= target else "NOT MET"
            print(f"- {name}: {ratio:.2f} times ours, at least {target:.2f}: {verdict}")
    if "zip -6 + openssl" in results:
        share = results[OURS][0].size / results["zip -6 + openssl"][0].size - 1
        print(f"- size beside zip -6: {share:+.2%}, at most +2 %: {'met' if share <= 0.02 else 'NOT MET'}")


def growth(folder: Path, scale: float, rounds: int) -> None:
    """Twice the data should take at most 2.1 times as long."""
    half, whole = (made("mixed", folder, part) for part in (scale / 2, scale))
    ours = Contender(OURS, itself("ours"))
    ratios = []
    for _ in range(rounds):
        times = [run(ours, tree, folder / "out.zip").wall for tree in (half, whole)]
        ratios.append(times[1] / times[0])
    print(f"\ntwice the data takes {statistics.median(ratios):.2f} times as long (at most 2.1), median of {rounds}")


def made(kind: str, folder: Path, scale: float) -> Path:
    # In a process of its own: a child's peak memory counts what its parent had when it forked.
    subprocess.run([PYTHON, CHILDREN, "make", kind, str(folder), str(scale)], check=True)
    return folder / f"{kind}-{scale:g}"


def middle(found: list[Result], field: str) -> float:
    return float(statistics.median(getattr(one, field) for one in found))


def warm(tree: Path, out: Path) -> None:
    subprocess.run(itself("warm")(tree, out), check=True)


def describe_tree(tree: Path) -> str:
    count = total = 0
    for folder, _, names in os.walk(tree):
        count += len(names)
        total += sum(Path(folder, name).stat().st_size for name in names)
    return f"{count:,} files, {total / 1e6:,.0f} MB"


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{cores} cores {model}, {memory:.0f} GiB, {system}"


def install_tools(folder: Path) -> Path:
    tools = folder / "tools"
    if not (tools / "installed").exists():
        venv.create(tools, with_pip=True, clear=True)
        pip = [str(tools / "bin/python"), "-m", "pip", "install", "--quiet", "setuptools<81", "stream-zip", "bagit"]
        subprocess.run(pip, check=True)
        (tools / "installed").touch()
    return tools


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trees", nargs="+", default=["mixed", "tiny", "sparse", "growth"])
    parser.add_argument("--only", nargs="+", default=[], help="names of contenders")
    arguments = parser.parse_args()
    folder = arguments.dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = contenders(install_tools(folder), [*arguments.only, OURS] if arguments.only else [])
    print(machine())
    for kind in arguments.trees:
        tree = made("mixed" if kind == "growth" else kind, folder, arguments.scale)
        if kind == "growth":
            growth(folder, arguments.scale, arguments.rounds)
        elif kind == "sparse":  # what the others need minutes for says nothing about a handover
            few = {OURS, "cp -r + openssl", "reading alone", "hashing alone"}
            compare(tree, folder, [one for one in chosen if one.name in few], 1)
        else:
            compare(tree, folder, chosen, arguments.rounds)


if __name__ == "__main__":
    main()
