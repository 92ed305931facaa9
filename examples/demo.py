"""`make demo`: build both example projects into build/demo/, as their owners would.

Works on a copy of each example, since pinning the owner's key changes a project. Makes a throw-away key and a
passphrase for each client (kept beside the zip: only the demo does that) and runs the same `handover keys create`,
`keys pin` and `build` that a user types. Ends by saying what is there and how to open it.
"""

import os
import secrets
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from handover.seal.passphrase import generate

HERE = Path(__file__).resolve().parent
OUT = Path(os.path.relpath(HERE.parent / "build" / "demo"))
EXAMPLES = {
    "cidrerie-trehorel": ("fr", "Maëlle Quéméneur", "2026-11-23"),
    "wrenfield-nurseries": ("en", "Tamsin Reeve", "2026-11-23"),
}


def private(path: Path, text: str) -> Path:
    """Write a small file that only its owner may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return path


def handover(*arguments: object) -> str:
    """Run a command line as a user would and return what it prints; stop the demo where it fails."""
    words = [str(argument) for argument in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "handover", *words], stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"demo: `handover {shlex.join(words)}` ended with exit status {done.returncode}")
    return done.stdout


def build(name: str) -> None:
    """Build one example and print what came of it."""
    language, owner, date = EXAMPLES[name]
    key = OUT / f"{name}.owner.p12"
    key_password = private(OUT / f"{name}.owner.password", generate("en", secrets.choice).reveal())
    key.unlink(missing_ok=True)
    key.with_suffix(".png").unlink(missing_ok=True)
    project = OUT / "projects" / name
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(HERE / name, project, ignore=shutil.ignore_patterns("out"))
    picture = project / "brand" / "signature.png"
    handover("keys", "create", "--name", owner, "--out", key, "--signature-image", picture,
             "--key-passphrase-file", key_password)  # fmt: skip
    handover("keys", "pin", project, "--key", key, "--key-passphrase-file", key_password)
    passphrase = private(OUT / f"{name}.new", generate(language, secrets.choice).reveal())
    vault = private(OUT / f"{name}.vault", (HERE / f"{name}.vault-passphrase").read_text(encoding="utf-8").strip())
    print(f"$ handover build examples/{name} --date {date} …")
    said = handover(
        "build", project, "--out", OUT, "--date", date, "--replace", "--key", key,
        "--key-passphrase-file", key_password, "--vault-passphrase-file", vault, "--passphrase-file", passphrase,
    )  # fmt: skip
    print(said)
    bundle = Path(next(line for line in said.splitlines() if line.endswith(".zip")))
    beside = bundle.with_suffix(".passphrase")
    passphrase.replace(beside)
    shown = os.path.relpath(bundle)
    print("To open it as the client would: unzip it, open its start page, then 02-… with the passphrase in")
    print(f"  {os.path.relpath(beside)}")
    print(f"To check it:   .venv/bin/handover verify {shlex.quote(shown)}")
    print(f"To unpack it:  .venv/bin/handover open {shlex.quote(shown)} -o build/demo/{name}\n")


def main() -> None:
    """Build every example."""
    OUT.mkdir(parents=True, exist_ok=True)
    for earlier in (path for name in EXAMPLES for path in OUT.glob(f"{name}-*")):
        if earlier.is_file():
            earlier.unlink()  # another day's bundle would only confuse
    for name in EXAMPLES:
        build(name)


if __name__ == "__main__":
    main()
