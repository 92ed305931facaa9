"""Fixtures that several folders of tests share."""

import gc
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import signing_samples  # noqa: F401 — makes keys quick to make and to open
from handover.formats import confined
from handover.formats.confined import Answer, Confined, Ending
from handover.formats.kdbx import ciphers
from handover.formats.package.opc import Package
from handover.formats.word import contents
from handover.formats.word.finish import Finish
from handover.model.errors import Finding, Severity
from handover.project.check import validate
from handover.project.leaks import documents, internal
from handover.project.leaks import project as project_leaks
from handover.project.read import load_project
from handover.seal import encryption_cipher, letter, passphrase
from handover.templating import template

# What the program says is compared in English, whatever the machine speaks; processes that tests start inherit it.
os.environ["LC_ALL"] = "C.UTF-8"

# A busy machine is not a fault of the code: no example is judged by the clock. The same commit has the same outcome:
# what chance finds is found by `--hypothesis-profile=search`, on purpose, and not by whoever comes next.
# As they are the same every time, more than a few dozen prove little more.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("steady")

gc.set_threshold(200_000)  # as the program itself does

# Half of what a build costs, and a pure function: the same hash of the same passphrase and salt, again, proves nothing.
encryption_cipher.passphrase_hash = cache(encryption_cipher.passphrase_hash)
ciphers._derived = cache(ciphers._derived.__wrapped__)

_MOST_KNOWN = 1_000
_known: dict[object, Any] | None = {}
"""What pure functions gave; None in tests of their being pure."""


def _once(
    function: Callable[..., Any],
    key: Callable[..., object] = lambda *values: repr(values),
    *,
    keeps: Callable[[Any], bool] = lambda _answer: True,
) -> Callable[..., Any]:
    """A pure function that is asked for the same again and again: the same answer, again, proves nothing."""

    def given(*values: Any, **named: Any) -> Any:
        wanted = (function, key(*values, **named))
        if _known is None or wanted[1] is None:
            return function(*values, **named)
        if wanted in _known:
            return _known[wanted]
        answer = function(*values, **named)
        if keeps(answer):
            if len(_known) == _MOST_KNOWN:
                del _known[next(iter(_known))]
            _known[wanted] = answer
        return answer

    return given


def _rendered_from(content: bytes, view: object, finish: Finish, *, join: Any = None, **named: object) -> object:
    """All that a Word document follows from; None where a project brings words of its own."""
    words = getattr(join, "__self__", None)
    if words is not None and words.own:
        return None
    pictures = [(name, picture and picture.content) for name, picture in finish.pictures.items()]
    said = words and (words.language, words.locale, words.source)
    return content, repr((view, finish, named)), tuple(pictures), said


def _of_package(package: Package, *where: str, **named: str) -> object:
    return tuple(package.parts.items()), tuple(package.types.items()), where, tuple(named.items())


def _of_office(content: bytes, only: object = None, cost: object = None) -> object:
    """All that a text follows from; None where it also counts what several files cost together."""
    return (content, only) if cost is None else None


def _is_whole(answer: Answer) -> bool:
    return answer.ending is Ending.WHOLE


def _of_tuple(made: Callable[[tuple[str, ...]], Any]) -> Callable[[Iterable[str]], Any]:
    known = lru_cache(100)(made)
    return lambda texts: known(tuple(texts))


def _copied(child: Confined) -> object:
    """What `Confined` starts: a copy of this process instead of an interpreter that imports everything first."""
    if _known is None or not hasattr(os, "fork"):
        return _started(child)
    import forked

    if child._limits.seconds >= 1:  # a busy machine is none of a file's faults: what is to take too long says so
        child._limits = replace(child._limits, seconds=60)
    child._process = forked.Reader(child._work, child._limits.seconds)
    return child._process if confined._read_length(child._process.stdout) == confined._READY else _started(child)


_started, Confined._started = Confined._started, _copied


# A document of the same data, how hard a passphrase is to guess, what a document shows or hides, what our templates say
# in runs of words, what a child reads.
template.rendered = _once(template.rendered, _rendered_from)
passphrase._measured_bits = _once(passphrase._measured_bits)
documents.office_text = project_leaks.office_text = _once(documents.office_text, _of_office)
internal._Spoken = _of_tuple(internal._Spoken)
# The program remembers a few templates; the tests come back to all of ours.
contents._admitted = lru_cache(200)(contents._admitted.__wrapped__)
template._read = lru_cache(200)(template._read.__wrapped__)
letter.refuse_unsignable = _once(letter.refuse_unsignable, _of_package)
Confined.ask = _once(Confined.ask, lambda child, data: (child._work, child._limits, data), keeps=_is_whole)


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered, and children are started as for users: what the same input gives twice was made twice."""
    monkeypatch.setattr("conftest._known", None)


BASE = Path(__file__).parent / "projects" / "base"
VAULT = Path(__file__).parent / "vectors" / "agile" / "outside-mini-stream.xlsx"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where another program isn't asked, its tests needn't be imported only to be left out."""
    others = collection_path.parent == Path(__file__).parent and collection_path.name in {"interop", "faults"}
    return True if others and config.option.markexpr == "not interop" else None


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the garbage collector needn't look at them again and again."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What is left is looked through once for what its end would raise; pytest itself does so five times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests look for sentences, which a log of 80 columns would fold; how they are folded has tests of its own."""
    monkeypatch.setenv("COLUMNS", "10000")


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command; gives its status and all that it printed, in which no fault of ours and no secret may be."""
    from building import CANARY, KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE
    from handover.cli import run

    secrets = [CANARY, "9911-2211", "JBSWY3DPEHPK3PXP"]
    secrets += [secret.reveal() for secret in (PASSPHRASE, VAULT_PASSPHRASE, KEY_PASSWORD)]

    def execute(*words: object) -> tuple[int, str]:
        capfd.readouterr()
        status = run([str(word) for word in words])
        told = "".join(capfd.readouterr())
        assert not [secret for secret in ("Traceback", "fault of handover", *secrets) if secret in told]
        return status, told

    return execute


class ProjectCopy:
    """A copy of the small valid project in `tests/projects/base`, to put one fault into."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(BASE, root)
        # Reading and judging a project only asks whether the vault is encrypted: any such file will do.
        shutil.copyfile(VAULT, root / "vault.xlsx")

    def replace(self, file: str, old: str, new: str) -> "ProjectCopy":
        """Replace text that must occur exactly once."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
        return self.write(file, text.replace(old, new))

    def append(self, file: str, text: str) -> "ProjectCopy":
        return self.write(file, (self.root / file).read_text(encoding="utf-8") + text)

    def write(self, file: str, content: str | bytes) -> "ProjectCopy":
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        return self

    def remove(self, file: str) -> "ProjectCopy":
        path = self.root / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self

    def findings(self, *, draft: bool = False) -> list[Finding]:
        return validate(load_project(self.root), draft=draft)[1]

    def said(self, *, draft: bool = False) -> list[str]:
        """Each finding as `place rule: message`, warnings marked."""
        return [
            f"{'warning ' if f.severity is Severity.WARNING else ''}{f.location} {f.rule}: {f.message}"
            for f in self.findings(draft=draft)
        ]


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return ProjectCopy(tmp_path / "acme")
