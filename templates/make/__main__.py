"""Writes our Word templates from their text files: `python templates/make`, or with `--check` compares.

Role: which text files there are (`templates/<folder>/<document>.md`) and where their documents go. The same sources
give the same bytes, so that a template changed by hand, or a text changed and not written, is noticed.
"""

import sys
from pathlib import Path

import house
from blocks import BLOCKS
from source import Source, SourceError
from writer import Writer

ROOT = Path(__file__).resolve().parent.parent


def build(path: Path) -> bytes:
    """The template that a text file describes. Raises SourceError, naming file and line."""
    return Writer(Source.read(path), BLOCKS).document()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write every template, or with `--check` say which differ; the exit status counts those and faults."""
    wrong = 0
    for path in sorted(path for folder in (*house.TAGS, "pages") for path in (root / folder).glob("*.md")):
        target = path.with_suffix(".docx")
        shown = target.relative_to(root.parent).as_posix()
        try:
            content = build(path)
        except SourceError as error:
            wrong += 1
            sys.stderr.write(f"{error}\n")
            continue
        if target.exists() and target.read_bytes() == content:
            continue
        if "--check" in arguments:
            wrong += 1
            sys.stderr.write(f"{shown} isn't what {path.name} says: run `make templates`\n")
        else:
            target.write_bytes(content)
            sys.stdout.write(f"{shown}\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
