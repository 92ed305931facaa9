"""What the report costs: a chart beside matplotlib's PNG of the same series, and a whole report of 12 metrics.

Prints the median of paired ratios (a chart part with its embedded workbook against a PNG, alternating in one run),
the import of each, and the CPU seconds of a report with 12 metrics over 60 months in a fresh process. matplotlib is
installed into `build/bench` from `requirements/bench.txt` where it is missing.

    .venv/bin/python benchmarks/report.py [--rounds 15]
"""

import argparse
import datetime as dt
import io
import math
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
LIBRARY = ROOT / "build" / "bench"
MONTHS = 60


def series() -> list[Decimal]:
    return [Decimal(round(400 + 5 * at + 60 * math.sin(at / 2))) for at in range(MONTHS)]


def ours() -> bytes:
    from handover.formats.chart.drawingml import chart_part
    from handover.formats.chart.model import Band, Chart, Kind, Look, Role
    from handover.formats.chart.workbook import workbook
    from handover.formats.palette import palette

    values = series()
    part = chart_part(
        Chart(
            Kind.BAR, "Leads", "Alt", "en-GB", tuple(dt.date(2021 + at // 12, at % 12 + 1, 1) for at in range(MONTHS)),
            tuple(values), Look.of(palette("#1F4E79")), "Month",
            (Band(Role.BASELINE, 36, 47, ("Baseline", "7,000"), Decimal(580)),
             Band(Role.CURRENT, 48, 59, ("Current", "8,000"), Decimal(640))),
        )
    )  # fmt: skip
    return part.xml + workbook(part.rows)


def theirs() -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.3, 2.4), dpi=150)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    colours = ["#ABB2BA" if 36 <= at < 48 else "#1F4E79" if at >= 48 else "#E0E4E8" for at in range(MONTHS)]
    axes.bar(range(MONTHS), [float(value) for value in series()], color=colours)
    axes.set_xticks(range(0, MONTHS, 12), [f"Jan {2021 + at}" for at in range(MONTHS // 12)])
    axes.grid(axis="y")
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def report(months: int = MONTHS) -> float:
    """CPU seconds of a fresh process that imports, renders a report of 12 metrics and stops."""
    code = (
        "import sys, time\n"
        "from dataclasses import replace\n"
        f"sys.path.insert(0, {str(TESTS)!r})\n"
        "from report_samples import extremes, given\n"
        "from handover.documents.report import REPORT\n"
        f"made = replace(given('fr', data=extremes(12, {months}), own={{}}, report={{}}), ours=True)\n"
        "start = time.process_time(); REPORT.render(made); print(time.process_time() - start, time.process_time())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    render, whole = (float(part) for part in done.stdout.split())
    print(f"report of 12 metrics over {months} months: {render:.2f} s CPU, {whole:.2f} s with all imports")
    return whole


def install() -> None:
    if not (LIBRARY / "matplotlib").is_dir():
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            "requirements/bench.txt",
        ]
        subprocess.run([*command, "--target", str(LIBRARY)], cwd=ROOT, check=True)
    sys.path.append(str(LIBRARY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    install()
    for name, action in (("ours", ours), ("matplotlib", theirs)):
        start = time.process_time()
        action()
        print(f"first chart of {name}, imports included: {time.process_time() - start:.3f} s CPU")
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    for at in range(rounds):
        pair = [("ours", ours), ("theirs", theirs)]
        for name, action in pair if at % 2 else reversed(pair):
            start = time.process_time()
            action()
            times[name].append(time.process_time() - start)
    ratios = [one / other for one, other in zip(times["ours"], times["theirs"], strict=True)]
    print(f"a chart with its workbook: {statistics.median(times['ours']) * 1000:.2f} ms; "
          f"matplotlib's PNG: {statistics.median(times['theirs']) * 1000:.1f} ms; "
          f"median ratio {statistics.median(ratios):.4f} (limit 0.1)")  # fmt: skip
    report()


if __name__ == "__main__":
    main()
