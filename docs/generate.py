"""Write the files that are made from the models, the rules and the program's sentences, or say what is out of date.

Run `python docs/generate.py` after a change of the models; `--check` writes nothing and fails when a file differs.
"""

import sys
from pathlib import Path

from catalogue import generated as catalogues
from project_page import project_reference
from rules_page import rules_reference
from schemas import generate_all

ROOT = Path(__file__).resolve().parent.parent


def generated_files() -> dict[str, bytes]:
    """Path from the repository's top → content, for every generated file."""
    schemas = {f"schemas/{name}": text for name, text in generate_all().items()}
    texts = {**schemas, "docs/project.md": project_reference(), "docs/rules.md": rules_reference()}
    return {**{path: text.encode() for path, text in texts.items()}, **catalogues()}


def outdated(root: Path = ROOT) -> list[str]:
    """The generated files that are missing or differ from what the models give now."""
    return [
        path
        for path, content in generated_files().items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]


def main(arguments: list[str]) -> int:
    """Write or check; the exit status."""
    if "--check" in arguments:
        stale = outdated()
        for path in stale:
            print(f"{path}: out of date; run `python docs/generate.py`", file=sys.stderr)
        return 1 if stale else 0
    for path, content in generated_files().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
