"""A project that can be built, its key and its passphrases, for the tests of whole builds. Not a test itself."""

import atexit
import datetime as dt
import random
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from handover.build.pipeline import build
from handover.build.request import BuildRequest, Environment
from handover.languages.words import Words
from handover.model.project import Vault
from handover.model.rows import CredentialRow
from handover.model.secret import Secret
from handover.project.pins import owners_in, with_pin
from handover.project.vault.workbook import write_vault
from handover.seal.certificates import fingerprint
from handover.seal.keys import protect
from signing_samples import NOW, owner

BASE = Path(__file__).parent / "projects" / "base"
TODAY = dt.date(2026, 3, 2)
VAULT_PASSPHRASE = Secret("riverbank-otterhound-lampshade-candlestick-mossiness-tigress-yielding")
PASSPHRASE = Secret("plumage-cargoes-satinwood-walruses-onionskin-grapevine-nylons")
KEY_PASSWORD = Secret("cactuses-drilling-heronry-mapleleaf-vividness-spoonful-ladling")
CANARY = "canary =+-@ &<>\"' é 7f3a91"
CREDENTIALS = Vault(
    (
        CredentialRow(service="WordPress", user_name="ruth", password=CANARY, recovery_codes="9911-2211\n9911-3311"),
        CredentialRow(service="Bank", password=" leading and trailing ", totp_secret="JBSWY3DPEHPK3PXP"),
    )
)


class Given:
    """Secrets as a test gives them; counts what was asked for."""

    def __init__(
        self,
        passphrase: Secret = PASSPHRASE,
        vault: Secret = VAULT_PASSPHRASE,
        identity="owner",
        *,
        image=None,
        named=True,
    ) -> None:
        self._passphrase, self._vault = passphrase, vault
        self._image, self.key_is_named = image, named
        self._identity = owner() if identity == "owner" else identity
        self.asked: list[str] = []

    @property
    def has_key(self) -> bool:
        return self._identity is not None

    def vault_passphrase(self) -> Secret:
        self.asked.append("vault")
        return self._vault

    def bundle_passphrase(self, language: str, context) -> Secret:
        self.asked.append(f"passphrase {language}")
        self.context = tuple(context)
        return self._passphrase

    def identity(self, now: dt.datetime):
        self.asked.append("key")
        return self._identity

    def signature_image(self) -> bytes | None:
        return self._image


@cache
def vault_bytes() -> bytes:
    words = Words.load("en", "en_GB", "vault")
    return write_vault(CREDENTIALS, VAULT_PASSPHRASE, random=random.Random(1).randbytes, words=words)


def make_project(root: Path) -> Path:
    """A copy of the base project with a vault that opens, and the pin of the tests' owner.

    Its credentials are delivered in the workbook alone: the key of a KeePass file takes half a second a build.
    """
    shutil.copytree(BASE, root)
    settings = root / "handover.yaml"
    settings.write_bytes(settings.read_bytes() + b"options:\n  credentials: workbook\n")
    (root / "vault.xlsx").write_bytes(vault_bytes())
    pin(root, owner())
    return root


def pin(root: Path, identity, name: str = "Ada Marsh") -> None:
    """Pin a key for an owner, as `handover keys pin --owner` does."""
    path = root / "handover.yaml"
    path.write_bytes(_pinned(path.read_bytes(), fingerprint(identity.certificate), name))


@cache
def _pinned(content: bytes, digest: str, name: str) -> bytes:
    chosen = next(one for one in owners_in(content) if one.name == name)
    return with_pin(content, chosen, digest)


def add_owner(root: Path, name: str, identity, title: str = "Partner") -> None:
    """A further owner, with the pin of their key."""
    edit(root, "handover.yaml", "client:\n", f"  - name: {name}\n    title: {title}\nclient:\n")
    pin(root, identity, name)


def environment(seed: int = 7, now: dt.datetime = NOW, **listeners) -> Environment:
    return Environment(now=lambda: now, random=random.Random(seed).randbytes, **listeners)


def request(root: Path, **changes) -> BuildRequest:
    out = changes.pop("out", root / "out")
    out.mkdir(exist_ok=True)
    return replace(BuildRequest(root=root, out=out, today=TODAY), **changes)


def build_in(root: Path, secrets: Given | None = None, env: Environment | None = None, **changes):
    return build(request(root, **changes), secrets or Given(), env or environment())


@cache
def delivered(**changes):
    """What `build_in` gives for the project as it is, built once per process: read it, and change copies only."""
    folder = tempfile.mkdtemp(prefix="handover-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build_in(make_project(Path(folder) / "acme"), **changes)


def delivered_in(root: Path, **changes):
    """The same as if it had been built in `root`, from `make_project`: all that the build left is copied there."""
    made = delivered(**changes)
    shutil.copytree(made.path.parents[1], root, dirs_exist_ok=True)
    second = made.assets_path and root / "out" / made.assets_path.name
    return made._replace(path=root / "out" / made.path.name, assets_path=second)


def isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """For commands run in this process: they see no configuration but the folder's, and it is NOW.

    Chance begins anew as well: salts come again, and with them what was hashed from them a hundred thousand times.
    """
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    patch.setenv("HOME", str(folder / "home"))
    patch.setenv("NO_COLOR", "1")
    patch.setattr("handover.cli.asking.harden", lambda: None)  # this process's own protections stay
    patch.setattr("handover.cli.clock.now", lambda: NOW)
    patch.setattr("handover.cli.clock.random_bytes", random.Random(11).randbytes)


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def secret_file(path: Path, secret: Secret) -> Path:
    path.write_text(secret.reveal() + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@cache
def _protected() -> bytes:
    return protect(owner(), KEY_PASSWORD, rounds=10_000)


def key_file(path: Path) -> Path:
    path.write_bytes(_protected())
    path.chmod(0o600)
    return path
