"""Where the time of one whole `handover build` goes: a signed and encrypted bundle of an example and a mixed tree.

A process of its own runs the real command, with clocks around its steps: each step's time excludes that of the
steps inside it. Prints medians of wall times over the rounds, and each one's share; and how many times as long the
whole takes as packing the same files alone, and as `zip -0` and openssl take to store and hash them, in the same run.

    python benchmarks/whole.py [--dir build/bench] [--scale 1] [--rounds 3] [--project wrenfield-nurseries]
"""

import argparse
import functools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from packing import OURS, contenders, machine, made, run, warm
from startup import ROOT, build_words

PYTHON = sys.executable
BESIDE = (OURS, "zip -0 + openssl")
REST = "starting Python, importing, everything else"


class Steps:
    """Wall seconds by label, of steps that may lie inside each other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def around(self, owner: Any, name: str, label: Callable[..., str] | str) -> None:
        """Put a clock around `owner.name`; the label may be made from the call's arguments."""
        real = getattr(owner, name)

        @functools.wraps(real)
        def timed(*arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return real(*arguments, **named)  # what is done beside a step is no step inside it
            self._inside.append(0.0)
            began = time.perf_counter()
            try:
                return real(*arguments, **named)
            finally:
                spent = time.perf_counter() - began
                words = label if isinstance(label, str) else label(*arguments)
                self.seconds[words] += spent - self._inside.pop()
                if self._inside:
                    self._inside[-1] += spent

        setattr(owner, name, timed)


def child(words: list[str], told: Path) -> None:
    """Run the command in this process, with clocks; leaves the steps' seconds in the file `told`."""
    steps = Steps()
    from handover.build import assemble, pipeline, render, seal
    from handover.bundle.publish import Publication
    from handover.bundle.write import BundleWriter

    def document(planned: Any, *_: Any) -> str:
        return f"writing: {planned.deliverable.id}"

    def sealed(artifact: Any, *_: Any) -> str:
        return {"signed": "signing the letter", "encrypted": "encrypting the inventory"}.get(artifact.seal, REST)

    steps.around(pipeline, "prepare", "reading and checking the project")
    steps.around(pipeline, "unlock", "opening the key and the vault")
    steps.around(render, "render", document)
    steps.around(seal, "_sealed", sealed)
    steps.around(assemble, "add_seal", "signing the bundle")
    steps.around(BundleWriter, "add_assets", "packing the client's files, hashed and searched")
    steps.around(pipeline, "verify", "verifying every byte")
    steps.around(Future, "result", "waiting for the look into documents and archives")
    steps.around(Publication, "commit", "fsync and publishing")
    from handover.cli import run

    sys.argv = ["handover", *words]
    status = run()
    told.write_text(json.dumps(steps.seconds), encoding="utf-8")
    sys.exit(status)


def project_with(tree: Path, name: str, folder: Path) -> Path:
    """A copy of the example whose client's files are the tree's as well."""
    root = folder / name
    if not root.exists():
        shutil.copytree(ROOT / "examples" / name, root)
        shutil.copytree(tree, root / "assets" / "archive")
    return root


def measure(words: list[str], folder: Path) -> dict[str, float]:
    told = folder / "told.json"
    began = time.perf_counter()
    # The example is of another day, of which it warns; what it tells more goes nowhere either.
    subprocess.run([PYTHON, __file__, "--child", str(told), *words], check=True, capture_output=True)
    whole = time.perf_counter() - began
    steps: dict[str, float] = json.loads(told.read_text(encoding="utf-8"))
    steps[REST] = steps.get(REST, 0.0) + whole - sum(steps.values())
    return steps


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[3:], Path(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--project", default="wrenfield-nurseries")
    arguments = parser.parse_args()
    folder = arguments.dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    tree = made("mixed", folder, arguments.scale)
    print(machine())
    with tempfile.TemporaryDirectory(dir=folder) as place:
        root = project_with(tree, arguments.project, Path(place))
        # The first words run this Python as `-m handover`; the rest is what a user would type.
        words = build_words(arguments.project, Path(place))[3:]
        # The pin of the key that was made for it.
        shutil.copyfile(Path(words[1]) / "handover.yaml", root / "handover.yaml")
        words[1] = str(root)
        rounds, ratios = [], defaultdict(list)
        for _ in range(arguments.rounds):
            warm(root / "assets", Path(place) / "bundle.zip")
            rounds.append(measure(words, Path(place)))
            for other in contenders(folder, BESIDE):
                alone = run(other, root / "assets", Path(place) / "alone.zip").wall
                ratios[other.name].append(sum(rounds[-1].values()) / alone)
    labels = sorted({label for steps in rounds for label in steps}, key=lambda label: -rounds[0].get(label, 0.0))
    medians = {label: statistics.median(steps.get(label, 0.0) for steps in rounds) for label in labels}
    whole = sum(medians.values())
    print(f"\n| step of `handover build` | wall s | share |\n|---|---:|---:|\n| all of it | {whole:.2f} | |")
    for label, seconds in medians.items():
        print(f"| {label} | {seconds:.2f} | {seconds / whole:.0%} |")
    for name, found in ratios.items():
        other_way = "packing alone" if name == OURS else name
        print(f"| all of it, against {other_way} | {statistics.median(found):.2f}× | |")


if __name__ == "__main__":
    main()
