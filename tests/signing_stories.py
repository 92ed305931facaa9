"""People, keys and bundles for the tests of signing: who holds which key, and how a zip is changed on its way."""

import io
import json
from pathlib import Path

from PIL import Image

from building import KEY_PASSWORD, PASSPHRASE, VAULT_PASSPHRASE, secret_file
from handover.bundle.record import RECORD_NAME
from handover.seal.keys import protect
from rezip import contents, resealed, zipped
from signing_samples import owner

ADA = "Ada Marsh"
BEN = "Ben Okafor"
LETTER = "01-termination-letter.docx"


def ink(colour: str = "#1B2A6B", size: tuple[int, int] = (300, 90)) -> bytes:
    """A picture of handwriting."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste(colour, (20, 20, size[0] - 20, size[1] - 20))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


class Person:
    """Somebody with a folder of their own, a key in it, and perhaps a picture beside the key."""

    def __init__(self, folder: Path, name: str, *, picture: bytes | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.identity = folder, owner(name=name)
        self.key = folder / "owner.p12"
        self.key.write_bytes(protect(self.identity, KEY_PASSWORD, rounds=10_000))
        if picture is not None:
            (folder / "owner.png").write_bytes(picture)
        self.password = secret_file(folder / "password", KEY_PASSWORD)

    @property
    def options(self) -> list[object]:
        """What answers every question about the key."""
        return ["--key", self.key, "--key-passphrase-file", self.password]


def builders(folder: Path) -> list[object]:
    """What a colleague without any key answers while building."""
    return [
        "--for-signature", "--date", "2026-03-02",
        "--vault-passphrase-file", secret_file(folder / "vp", VAULT_PASSPHRASE),
        "--passphrase-file", secret_file(folder / "pp", PASSPHRASE),
    ]  # fmt: skip


def rewritten(bundle: Path, change, tmp_path: Path) -> None:
    """The bundle with its entries changed by `change`, consistent again but for signatures."""
    entries = contents(bundle.read_bytes())
    bundle.write_bytes(zipped(resealed(change(dict(entries))), tmp_path))


def record(bundle: Path) -> dict:
    """What handover.json says."""
    return json.loads(contents(bundle.read_bytes())[RECORD_NAME])


def parts(docx: bytes) -> dict[str, bytes]:
    """The items of a .docx."""
    return contents(docx)
