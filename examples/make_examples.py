"""Make, or check, the generated files of the example projects.

    python examples/make_examples.py            write them
    python examples/make_examples.py --check    say which aren't up to date; exit 1 if any

Generated are `data/metrics.csv`, `brand/`, `assets/` and `vault.xlsx`; the rest of a project is written by hand.
Everything comes from a seed: two runs give the same bytes.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from handover.importers.credentials.reading import Choice, read_export, taken
from handover.languages.words import Words
from handover.model.project import Vault
from handover.model.secret import Secret
from handover.model.sources import VAULT_FILE
from handover.project.vault.workbook import read_vault, write_vault
from making import trehorel, wrenfield
from making.sameness import same

HERE = Path(__file__).resolve().parent
PROJECTS = {trehorel: ("fr", "fr_FR", "#0E5A6B"), wrenfield: ("en", "en_GB", "#6A2E5B")}
"""Project module → language, locale and brand colour, as its `handover.yaml` has them."""
GENERATED = ("assets", "brand")
"""Folders that hold generated files and nothing else."""


def credentials(folder: str) -> Vault:
    """The example's credentials. They are in clear in this repository because each of them is invented."""
    source = HERE / "making" / "credentials" / f"{folder}.csv"
    export = read_export(source.read_bytes(), source.name, lambda: (None, None))
    rows, findings, _ = taken(export, Choice())
    if findings:
        sys.exit("\n".join(f"{finding.location}: {finding.message}" for finding in findings))
    return Vault(rows)


def passphrase(folder: str) -> Secret:
    """The passphrase of the example's vault: public, since there is nothing to protect."""
    return Secret((HERE / f"{folder}.vault-passphrase").read_text(encoding="utf-8").strip())


def vault(project: ModuleType) -> bytes:
    """The vault with salts and keys from a seed. A real vault takes them from the system: never copy this."""
    language, locale, colour = PROJECTS[project]
    words = Words.load(language, locale, "vault")
    random = seeded(f"vault of {project.FOLDER}")
    return write_vault(
        credentials(project.FOLDER), passphrase(project.FOLDER), random=random, words=words, colour=colour
    )


def seeded(seed: str) -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every run."""
    drawn = 0

    def draw(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed} {drawn}".encode()).digest(count)

    return draw


def write(project: ModuleType) -> None:
    """Write the project's generated files, and remove those that are no longer made."""
    root = HERE / project.FOLDER
    made = {**project.files(), VAULT_FILE: vault(project)}
    for path in _generated(root) - made.keys():
        (root / path).unlink()
    for path, content in made.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != content:
            target.write_bytes(content)
    for folder in sorted((item for item in root.rglob("*") if item.is_dir()), reverse=True):
        if not any(folder.iterdir()) and folder.relative_to(root).parts[0] in GENERATED:
            folder.rmdir()
    print(f"{project.FOLDER}: {len(made)} files, {sum(map(len, made.values())) / 1e6:.1f} MB")


def outdated(project: ModuleType) -> list[str]:
    """What isn't as the script would make it, one line each."""
    root = HERE / project.FOLDER
    made = project.files()
    problems = [f"{path}: isn't made by the script" for path in sorted(_generated(root) - made.keys())]
    for path, content in made.items():
        target = root / path
        if not target.is_file():
            problems.append(f"{path}: is missing")
        elif not same(path, target.read_bytes(), content):
            problems.append(f"{path}: differs")
    # The workbook's looks may change with handover itself; what must agree is what it holds.
    stored = root / VAULT_FILE
    if not stored.is_file():
        problems.append(f"{VAULT_FILE}: is missing")
    elif read_vault(stored.read_bytes(), passphrase(project.FOLDER)) != (credentials(project.FOLDER), ()):
        problems.append(f"{VAULT_FILE}: holds other credentials than making/credentials")
    return [f"examples/{project.FOLDER}/{problem}" for problem in problems]


def _generated(root: Path) -> set[str]:
    files = {path for folder in GENERATED for path in (root / folder).rglob("*") if path.is_file()}
    return {path.relative_to(root).as_posix() for path in files}


def main() -> int:
    """Run the command line; give the exit status."""
    parser = argparse.ArgumentParser(description="Make the generated files of the example projects.")
    parser.add_argument("--check", action="store_true", help="change nothing; say which files aren't up to date")
    if not parser.parse_args().check:
        for project in PROJECTS:
            write(project)
        return 0
    problems = [problem for project in PROJECTS for problem in outdated(project)]
    for problem in problems:
        print(problem)
    print(f"{len(problems)} outdated: run `make examples`" if problems else "examples: up to date")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
