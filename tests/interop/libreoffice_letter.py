"""Ask LibreOffice what it thinks of signed letters; run by the system's Python, which has `uno`.

Usage: /usr/bin/python3 libreoffice_letter.py PROFILE LETTER...
Prints one JSON list: for each letter, what `DocumentDigitalSignatures` says of each signature in it.
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

import uno  # type: ignore[import-not-found]  # belongs to LibreOffice's own Python
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]  # likewise
from com.sun.star.embed.ElementModes import READ  # type: ignore[import-not-found]  # likewise


def start(profile):
    """A headless office with its own profile, and the component context to talk to it."""
    pipe = f"handover-{pathlib.Path(profile).name}"
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp",
        ]
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(4800):
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001  # UNO raises its own kinds until the office listens
            time.sleep(0.25)
    office.kill()
    raise SystemExit("LibreOffice did not start")


def signatures(context, letter):
    """Each signature of one letter: whether it is valid, covers the document, and whose it is."""
    manager = context.ServiceManager
    factory = manager.createInstanceWithContext("com.sun.star.embed.StorageFactory", context)
    as_zip = uno.Any("[]com.sun.star.beans.PropertyValue", (_value("StorageFormat", "ZipFormat"),))
    arguments = (pathlib.Path(letter).absolute().as_uri(), READ, as_zip)
    storage = uno.invoke(factory, "createInstanceWithArguments", (arguments,))
    checker = manager.createInstanceWithArgumentsAndContext(
        "com.sun.star.security.DocumentDigitalSignatures", ("1.2", True), context
    )
    return [
        {
            "valid": bool(found.SignatureIsValid),
            "partial": bool(found.PartialDocumentSignature),
            "signer": found.Signer.SubjectName if found.Signer else "",
            "date": found.SignatureDate,
            "time": found.SignatureTime,
        }
        for found in checker.verifyDocumentContentSignatures(storage, None)
    ]


def _value(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def main():
    office, context = start(sys.argv[1])
    try:
        print(json.dumps([signatures(context, letter) for letter in sys.argv[2:]]))
    finally:
        # The bridge breaks while the office ends.
        with contextlib.suppress(Exception):
            context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        office.wait(30)


if __name__ == "__main__":
    main()
