"""Writes our Word templates: `python templates/make` writes them, `python templates/make --check` compares.

Role: the list of templates and where they go. The same sources give the same bytes, so that a template that was
changed by hand, or a script that was changed and not run, is noticed.
"""

import importlib
import sys
from pathlib import Path

TEMPLATES = ("letter_fr", "letter_en", "pending_fr", "pending_en", "report_fr", "report_en", "variables_pages")
"""Modules beside this one, `<document>_<language>`, whose `build()` gives the template's bytes."""

_ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Write every template, or with `--check` say which differ; the number of those is the exit status."""
    stale = 0
    for module in TEMPLATES:
        name, language = module.rsplit("_", 1)
        target = _ROOT / language / f"{name}.docx"
        if not (Path(__file__).parent / f"{module}.py").exists():
            continue
        content = importlib.import_module(module).build()
        current = target.read_bytes() if target.exists() else None
        if current == content:
            continue
        stale += 1
        shown = target.relative_to(_ROOT.parent).as_posix()
        if "--check" in arguments:
            sys.stderr.write(
                f"{target.relative_to(_ROOT.parent)} isn't what templates/make writes: run `make templates`\n"
            )
        else:
            target.write_bytes(content)
            sys.stdout.write(f"{shown}\n")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
