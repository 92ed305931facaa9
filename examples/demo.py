"""`make demo`: take both examples through the whole ending, from the decision to the lessons, into build/demo/.

Works on a copy of each example, since pinning the owner's key changes a project, and tells its months
(`making/story.py`) through the commands that a user types. Makes a throw-away key and a passphrase for each client
(kept beside the zip: only the demo does that). Ends by saying what is there and how to open it.
"""

import contextlib
import datetime as dt
import io
import os
import secrets
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from handover import cli
from handover.cli import clock
from handover.seal.passphrase import generate
from making.story import ENDINGS, copied, walk

HERE = Path(__file__).resolve().parent
OUT = Path(os.path.relpath(HERE.parent / "build" / "demo"))
SIGNS = {"sign", "build", "keys"}
LANGUAGE = {"cidrerie-trehorel": "fr", "wrenfield-nurseries": "en"}


def private(path: Path, text: str) -> Path:
    """Write a small file that only its owner may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return path


def handover(day: str, arguments: Iterable[object]) -> str:
    """Run a command line as if it were a day, and return what it prints; stop the demo where it fails.

    What is signed bears the real time where that day is still to come: a signature from the future is refused.
    """
    words = [str(argument) for argument in arguments]
    now, then = dt.datetime.now(dt.UTC), dt.datetime.fromisoformat(f"{day}T09:30:00+00:00")
    moment = min(now, then) if words[0] in SIGNS else then
    clock.now = lambda: moment
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = cli.run(words)
    if status:
        sys.exit(f"demo: `handover {shlex.join(words)}` ended with exit status {status}")
    return said.getvalue()


def tell(name: str) -> None:
    """Take one example from the decision to the lessons, and print what came of it."""
    ending = ENDINGS[name]
    workspace = OUT / "workspaces" / name
    shutil.rmtree(workspace, ignore_errors=True)
    project = copied(name, workspace)
    key = OUT / f"{name}.owner.p12"
    key_password = private(OUT / f"{name}.owner.password", generate("en", secrets.choice).reveal())
    key.unlink(missing_ok=True)
    key.with_suffix(".png").unlink(missing_ok=True)
    owner = ("--key", str(key), "--key-passphrase-file", str(key_password))
    first = ending.before[0].on
    handover(first, ["keys", "create", "--name", ending.owner, "--out", key, "--key-passphrase-file", key_password,
                     "--signature-image", project / "brand" / "signature.png"])  # fmt: skip
    handover(first, ["keys", "pin", project, *owner])
    print(f"$ handover …: {len(ending.before)} commands from the decision to the plan")
    walk(name, "before", project, handover, owner)
    bundle = build(name, project, owner)
    print(f"$ handover …: {len(ending.after)} commands from the receipt to the lessons\n")
    walk(name, "after", project, handover)
    beside = (OUT / bundle.name).with_suffix(".passphrase")
    (OUT / f"{name}.new").replace(beside)
    shutil.copy2(bundle, OUT)
    shown = shlex.quote(os.path.relpath(OUT / bundle.name))
    print("To open it as the client would: unzip it, open its start page, then the inventory with the passphrase in")
    print(f"  {os.path.relpath(beside)}")
    print(f"To check it:   .venv/bin/handover verify {shown}")
    print(f"To unpack it:  .venv/bin/handover open {shown} -o build/demo/{name}")
    print(f"The months around it: {os.path.relpath(project)}/, its out/, internal/made/ and received/\n")


def build(name: str, project: Path, owner: tuple[str, ...]) -> Path:
    """Build the bundle, and print what is said of it."""
    passphrase = private(OUT / f"{name}.new", generate(LANGUAGE[name], secrets.choice).reveal())
    vault = private(OUT / f"{name}.vault", (HERE / f"{name}.vault-passphrase").read_text(encoding="utf-8").strip())
    day = ENDINGS[name].handed_over
    print(f"$ handover build examples/{name} --date {day} …")
    said = handover(day, ["build", project, "--date", day, *owner, "--vault-passphrase-file", vault,
                          "--passphrase-file", passphrase])  # fmt: skip
    print(said)
    return Path(next(line for line in said.splitlines() if line.endswith(".zip")))


def main() -> None:
    """Tell every example."""
    OUT.mkdir(parents=True, exist_ok=True)
    for earlier in (path for name in ENDINGS for path in OUT.glob(f"{name}-*")):
        if earlier.is_file():
            earlier.unlink()  # another day's bundle would only confuse
    for name in ENDINGS:
        tell(name)


if __name__ == "__main__":
    main()
