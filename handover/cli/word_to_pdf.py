"""A Word document as PDF, by LibreOffice where it is installed: for previews only.

Role: finds the program and runs it once, with a profile of its own so that a running LibreOffice isn't disturbed, with
macros and links off. What it is given has been rendered by us; no template is ever opened with it.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from handover.model.errors import OutputError
from handover.model.message import msg, system_reason

_SECONDS: Final = 120
_MACOS: Final = "/Applications/LibreOffice.app/Contents/MacOS/soffice"

_SET: Final = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
"""LibreOffice's settings (officecfg, Common.xcs and Writer.xcs): no macros, no active content, links never updated."""

_SETTINGS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SET
    )
    + "</oor:items>\n"
)


def libreoffice() -> str | None:
    """The path of LibreOffice's program, or None where there is none.

    Never one in the current folder, which may be a stranger's: Windows looks there first, and so does a careless PATH.
    """
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found is not None and Path(found).is_absolute() and Path(found).parent != Path.cwd():
            return found
    return _MACOS if Path(_MACOS).exists() else None


def converted(document: bytes, program: str) -> bytes:
    """The .docx as PDF. Raises OutputError when LibreOffice makes none."""
    with tempfile.TemporaryDirectory(prefix="handover-") as name:
        folder = Path(name)
        source, target = folder / "preview.docx", folder / "preview.pdf"
        source.write_bytes(document)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), str(source)]
        try:
            # In the folder that we made: the current one may be a stranger's project.
            subprocess.run(command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 — a fixed command
            return target.read_bytes()
        except subprocess.TimeoutExpired:
            reason = msg("it took more than {seconds} seconds", seconds=_SECONDS)
        except OSError as error:
            reason = system_reason(error, lower=True)
    raise OutputError(
        msg("LibreOffice made no PDF ({reason})", reason=reason),
        hint=msg("open the .docx in Word, or ask for none with --no-pdf"),
    )
