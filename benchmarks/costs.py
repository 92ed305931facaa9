"""What hostile files cost: time of the processor and peak memory of the command that reads each, as a table.

The rule: a file of at most 1 MB costs at most 8 s of processor and 250 MB above an empty command; a larger one no more
than twice what an ordinary file of the largest allowed size of its kind costs; whatever would cost more is refused by
name. Each command is a process of its own, started by a small one, so that nothing of ours is counted.

    .venv/bin/python benchmarks/costs.py [--only WORDS] [--seconds 60] [--markdown]
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_files import CASES, ORDINARY, Case

SMALL = 1_000_000
SECONDS = 8.0
MEGABYTES = 250.0
_LAUNCHER = """
import json, os, resource, sys
seconds = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
said = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
child = os.posix_spawn(sys.argv[3], sys.argv[3:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, said, 1), (os.POSIX_SPAWN_DUP2, said, 2)])
_, status, usage = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Cost:
    """What one command took: seconds of processor, MB at most, and how it ended."""

    status: int
    seconds: float
    megabytes: float
    said: str


def cost(words: list[str], folder: Path, seconds: int = 60) -> Cost:
    """Run `handover` with these words in a process of its own."""
    said = folder / "said.txt"
    command = [sys.executable, "-c", _LAUNCHER, str(seconds), str(said), sys.executable, "-m", "handover", *words]
    environment = {**os.environ, "NO_COLOR": "1", "XDG_CONFIG_HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    status, used, peak = json.loads(done.stdout)
    return Cost(status, used, peak, said.read_text(errors="replace"))


def measured(case: Case, seconds: int) -> tuple[int, Cost]:
    """The size of a case's file in bytes, and what reading it costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = case.command(folder)
        file = folder / case.file.removeprefix("../") if case.file.startswith("../") else folder / "acme" / case.file
        size = file.stat().st_size
        return size, cost(words, folder, seconds)


def outcome(found: Cost) -> str:
    """What became of a file: one error refuses it, several are what was found in all of it."""
    errors = re.search(r"^(\d+) errors", found.said, re.MULTILINE)
    return f"{int(errors[1]):,} mistakes" if errors else "refused" if found.status else "read"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="Cases whose name holds this.")
    parser.add_argument("--seconds", type=int, default=60, help="Time of processor after which a case is stopped.")
    parser.add_argument("--markdown", action="store_true", help="Print the table of docs/security.md.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        empty = cost(["--version"], Path(name))
    print(f"an empty command: {empty.seconds:.2f} s, {empty.megabytes:.0f} MB", flush=True)
    beyond = []
    for case in [*ORDINARY, *CASES]:
        if options.only not in case.name:
            continue
        size, found = measured(case, options.seconds)
        above = found.megabytes - empty.megabytes
        kept = found.seconds - empty.seconds <= SECONDS and above <= MEGABYTES and 0 <= found.status < 100
        if not kept:
            beyond.append(case.name)
        row = [case.name, f"{size / 1000:,.0f} kB", f"{found.seconds:.1f} s", f"{above:.0f} MB", str(found.status)]
        said = next((line.strip() for line in found.said.splitlines() if "error:" in line), "")[:110]
        if options.markdown:
            print(f"| {' | '.join(row[:-1])} | {outcome(found)} |", flush=True)
        else:
            print(f"{'  ' if kept else '! '}{row[0]:<62} {' '.join(f'{x:>10}' for x in row[1:])}  {said}", flush=True)
    for missed in beyond:
        print(f"beyond 8 s or 250 MB: {missed}")
    return 1 if any(not name.startswith("ORDINARY") for name in beyond) else 0


if __name__ == "__main__":
    sys.exit(main())
