"""What it costs to look through a messy folder: 10,000 files of the mixed tree's kinds, then with a 5 GB video.

Prints seconds on the clock, processor time with the children's, and peak memory of a process of its own.

    python benchmarks/intake.py [--dir build/bench] [--scale 1]
"""

import argparse
import subprocess
import sys
from pathlib import Path

from trees import make_tree

LOOK = """
import resource, sys, time
from pathlib import Path
from handover.intake.look import look
began, used = time.perf_counter(), time.process_time()
seen = look(Path(sys.argv[1]))
children = resource.getrusage(resource.RUSAGE_CHILDREN)
took, cpu = time.perf_counter() - began, time.process_time() - used + children.ru_utime + children.ru_stime
print(len(seen.files), round(took, 2), round(cpu, 2), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""
GB = 1_000_000_000


def measure(root: Path) -> str:
    done = subprocess.run([sys.executable, "-c", LOOK, str(root)], capture_output=True, text=True, check=True)
    files, took, cpu, memory = done.stdout.split()
    return f"{files:>8} files {took:>7} s {cpu:>7} s CPU {memory:>6} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=float, default=1)
    given = parser.parse_args()
    root = make_tree("messy", given.dir, given.scale)
    video = root / "film.mp4"
    video.unlink(missing_ok=True)
    print("without a video ", measure(root))
    with video.open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42")
        file.truncate(5 * GB)
    print("with 5 GB of one", measure(root))
    video.unlink()


if __name__ == "__main__":
    main()
