"""A Word document as PDF, by LibreOffice where it is installed: for previews only.

Role: finds the program and runs it once, with a profile of its own so that a running LibreOffice isn't disturbed. What
it is given has been rendered by us; no template is ever opened with it.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from handover.errors import OutputError

_SECONDS: Final = 120
_MACOS: Final = "/Applications/LibreOffice.app/Contents/MacOS/soffice"


def libreoffice() -> str | None:
    """The path of LibreOffice's program, or None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or (_MACOS if Path(_MACOS).exists() else None)


def converted(document: bytes, program: str) -> bytes:
    """The .docx as PDF. Raises OutputError when LibreOffice makes none."""
    with tempfile.TemporaryDirectory(prefix="handover-") as name:
        folder = Path(name)
        source, target = folder / "preview.docx", folder / "preview.pdf"
        source.write_bytes(document)
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 — a fixed command
            return target.read_bytes()
        except subprocess.TimeoutExpired:
            reason = f"it took more than {_SECONDS} seconds"
        except OSError as error:
            reason = str(error.strerror).lower()
    raise OutputError(
        f"LibreOffice made no PDF ({reason})", hint="open the .docx in Word, or ask for none with --no-pdf"
    )
