"""Write the files that are made from the models and from the table of rules, or say which of them are out of date.

Run `python docs/generate.py` after a change of the models; `--check` writes nothing and fails when a file differs.
"""

import json
import sys
from pathlib import Path

from handover.cli.formats.json import schema as findings_schema
from project_page import project_reference
from rules_page import rules_reference
from schemas import generate_all

ROOT = Path(__file__).resolve().parent.parent


def generated_files() -> dict[str, str]:
    """Path from the repository's top → text, for every generated file."""
    schemas = {f"schemas/{name}": text for name, text in generate_all().items()}
    schemas["schemas/findings.schema.json"] = json.dumps(findings_schema(), indent=2, ensure_ascii=False) + "\n"
    return {**schemas, "docs/project.md": project_reference(), "docs/rules.md": rules_reference()}


def outdated(root: Path = ROOT) -> list[str]:
    """The generated files that are missing or differ from what the models give now."""
    return [
        path
        for path, text in generated_files().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write or check; the exit status."""
    stale = outdated()
    if "--check" in arguments:
        for path in stale:
            print(f"{path}: out of date; run `python docs/generate.py`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in generated_files().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
