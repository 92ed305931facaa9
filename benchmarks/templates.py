"""What filling a template costs: our letter by us and by docxtpl, in turn in one run; and one that an agency restyled.

Both open the same template, fill it from the same values and write it. "whole" is what a build does: it also refuses
what a template may not hold, places pictures and finishes the document. Prints the medians of paired ratios of CPU
time. docxtpl is installed into `build/bench` from `requirements/docxtpl.txt` where it is missing.

    .venv/bin/python benchmarks/templates.py [--rounds 15]
"""

import argparse
import dataclasses
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from handover.build.render import base_input, document_input, sent_alone
from handover.build.sample import sample_plan
from handover.bundle.binding import Kind
from handover.documents.letter import LETTER
from handover.documents.word import finish
from handover.formats.package.opc import Package, write_package
from handover.formats.word.contents import read_template
from handover.formats.word.ooxml import serialised
from handover.languages import files
from handover.templating.fill import Budget, Filler, marked, unjoined
from handover.templating.own import ejected
from handover.templating.report import Report
from handover.templating.stories import Document
from handover.templating.template import parsed, rendered

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "build" / "bench"
REQUIREMENTS = ROOT / "requirements" / "docxtpl.txt"


def install() -> None:
    if not (LIBRARY / "docxtpl").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        subprocess.run([*command, "-r", str(REQUIREMENTS), "--target", str(LIBRARY)], cwd=ROOT, check=True)
    sys.path.append(str(LIBRARY))


def contenders() -> dict[str, Callable[[], object]]:
    from docxtpl import DocxTemplate

    planned = sample_plan("en")
    given = document_input(sent_alone(Kind.LETTER, planned)[0], base_input(planned))
    view = LETTER.view(given) if LETTER.view else None
    looks = finish(given)
    standard = files.word_templates("en")["letter"]
    restyled = ejected("letter", "en")
    context = {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}  # type: ignore[arg-type]

    def theirs() -> None:
        template = DocxTemplate(io.BytesIO(standard))
        template.render(context, autoescape=True)
        template.save(io.BytesIO())

    def ours() -> None:
        package = read_template(standard, "letter.docx")
        document = Document(package, "letter.docx")
        budget = Budget(place="letter.docx")
        parts = dict(package.parts)
        for part in parsed(document, Report("letter.docx")):
            story = marked(part.story, part.nodes, part.texts)
            parts[story.part] = serialised(Filler(story, budget, str, unjoined).fill(story.root, view))
        write_package(Package(parts, package.types))

    return {
        "ours": ours,
        "whole": lambda: rendered(standard, view, looks, place="letter.docx"),
        "restyled": lambda: rendered(restyled, view, looks, place="templates/letter.docx"),
        "docxtpl": theirs,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    install()
    actions = contenders()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for at in range(rounds + 1):
        names = list(actions)
        for name in names if at % 2 else reversed(names):
            start = time.process_time()
            actions[name]()
            if at:  # the first round loads what the others have loaded
                times[name].append(time.process_time() - start)
    for name, found in times.items():
        print(f"{name}: {statistics.median(found) * 1000:.1f} ms CPU")
    for name, other, limit in (("ours", "docxtpl", "0.33"), ("restyled", "whole", "1, but for noise")):
        ratios = [one / two for one, two in zip(times[name], times[other], strict=True)]
        print(f"{name} / {other}: median ratio {statistics.median(ratios):.2f} (limit {limit})")


if __name__ == "__main__":
    main()
