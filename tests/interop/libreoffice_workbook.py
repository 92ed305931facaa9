"""What LibreOffice says of an encrypted workbook. Runs with the system's Python, which has the `uno` module.

    python3 libreoffice_workbook.py read WORKBOOK PASSWORD-FILE          prints the cells of the first sheet, as JSON
    python3 libreoffice_workbook.py save WORKBOOK PASSWORD-FILE COPY     saves it again as .xlsx with the same password

Exit status: 0 when LibreOffice opened it, 3 when it refused the password, 1 when anything else went wrong.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno  # type: ignore[import-not-found]  # belongs to LibreOffice's own Python
from com.sun.star.beans import NamedValue, PropertyValue  # type: ignore[import-not-found]  # likewise
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]  # likewise
from com.sun.star.lang import IllegalArgumentException  # type: ignore[import-not-found]  # likewise

REFUSED = 3


def prop(name, value):
    return PropertyValue(name, 0, value, 0)


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(6000):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
    raise SystemExit("LibreOffice didn't start")


def cells(document):
    sheet = document.Sheets.getByIndex(0)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
    return [list(row) for row in area.DataArray]


def run(context, action, workbook, password, copy):
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    properties = [prop("Hidden", True), prop("Password", password)]
    try:
        document = desktop.loadComponentFromURL(Path(workbook).resolve().as_uri(), "_blank", 0, properties)
    except IllegalArgumentException as error:
        # Without the right password, and nobody to ask, LibreOffice doesn't learn what kind of file it is.
        if "type detection aborted" not in str(error):
            raise
        return REFUSED
    if action == "read":
        print(json.dumps(cells(document)))
    else:
        encryption = (NamedValue("OOXPassword", password), NamedValue("CryptoType", "StrongEncryptionDataSpace"))
        typed = uno.Any("[]com.sun.star.beans.NamedValue", encryption)
        target = [prop("FilterName", "Calc MS Excel 2007 XML"), prop("EncryptionData", typed)]
        document.storeToURL(Path(copy).resolve().as_uri(), target)
    document.close(True)
    return 0


if __name__ == "__main__":
    action, workbook, password_file, *copy = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="lo-workbook-") as profile:
        pipe = Path(profile).name
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            password = Path(password_file).read_text(encoding="utf-8")
            status = run(connect(pipe), action, workbook, password, copy[0] if copy else "")
        finally:
            office.terminate()
            office.wait(30)
    sys.exit(status)
