"""What rendering apart costs: a bundle's Word documents filled in children, and here, alternating in one run.

Prints medians of paired differences and ratios: for one letter in a warm process, for the early documents of a bundle
together (children start at once, so their imports overlap), and for the same in a fresh process each time, as a build
does it once. The cost of one child must stay below 0.3 s.

    .venv/bin/python benchmarks/child.py [--rounds 15]
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

LIMIT = 0.3
_FRESH = """
import time
from dataclasses import replace
from handover.sample import sample_plan
from handover.render import render_early
planned = sample_plan("en")
documents = tuple(replace(d, own_template={apart} and d.template is not None, place="templates/x.docx")
                  for d in planned.documents if d.template is not None)
planned = replace(planned, documents=documents)
start = time.perf_counter()
render_early(planned)
print(time.perf_counter() - start)
"""


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def fresh(*, apart: bool) -> float:
    command = [sys.executable, "-c", _FRESH.format(apart=apart)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def letter(rounds: int) -> list[tuple[float, float]]:
    """(here, apart) for the letter, in this process, which has everything loaded."""
    from handover.deliverables.base import fill_here
    from handover.deliverables.letter import LETTER
    from handover.render import base_input, document_input
    from handover.sample import sample_plan
    from handover.stranger.parent import fill

    planned = sample_plan("en")
    given = document_input(planned.documents[0], base_input(planned))
    here = lambda: LETTER.render(_with(given, fill_here))  # noqa: E731
    apart = lambda: LETTER.render(_with(given, fill))  # noqa: E731
    here(), apart()
    return [(seconds(here), seconds(apart)) for _ in range(rounds)]


def _with(given, fill):
    from dataclasses import replace

    return replace(given, fill=fill)


def report(name: str, pairs: list[tuple[float, float]]) -> float:
    differences = [apart - here for here, apart in pairs]
    cost = statistics.median(differences)
    ratio = statistics.median(apart / here for here, apart in pairs)
    here, apart = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{name:<34} here {here * 1000:5.0f} ms  apart {apart * 1000:5.0f} ms  "
        f"cost {cost * 1000:+5.0f} ms ({min(differences) * 1000:+.0f} … {max(differences) * 1000:+.0f})  ×{ratio:.1f}"
    )
    return cost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    cost = report("the letter, everything loaded", letter(rounds))
    fresh(apart=False), fresh(apart=True)
    report("three documents, a fresh process", [(fresh(apart=False), fresh(apart=True)) for _ in range(rounds)])
    verdict = "below" if cost < LIMIT else "NOT below"
    print(f"one child costs {cost:.2f} s: {verdict} {LIMIT} s")
    return 0 if cost < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
