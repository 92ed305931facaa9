"""Fill in a Word form with LibreOffice; run by the system's Python, which has `uno`.

Usage: /usr/bin/python3 libreoffice_form.py PROFILE FORM TARGET ANSWERS.json
ANSWERS is a list with an item for each of the form's fields, in their order: true ticks a box, a text is written.
"""

import contextlib
import json
import pathlib
import sys

from libreoffice_letter import _value, start


def controls(text):
    """Every field of a form, those in its tables too. LibreOffice 7.4 takes boxes as controls, texts as input."""
    for block in _each(text):
        if block.supportsService("com.sun.star.text.TextTable"):
            for name in block.getCellNames():
                yield from controls(block.getCellByName(name))
            continue
        for portion in _each(block):
            if portion.TextPortionType == "ContentControl":
                yield portion.ContentControl
            elif portion.TextPortionType == "TextField":
                yield portion.TextField


def _each(container):
    items = container.createEnumeration()
    while items.hasMoreElements():
        yield items.nextElement()


def fill(document, answers):
    """Tick and write, as somebody would who clicks on a box and types into a field."""
    fields = list(controls(document.Text))
    if len(fields) != len(answers):
        raise SystemExit(f"{len(fields)} fields, and {len(answers)} answers")
    for control, answer in zip(fields, answers, strict=True):
        if answer is True:
            control.Checked = True
            control.setString(control.CheckedState)
        elif answer:
            control.Content = answer


def _url(path):
    return pathlib.Path(path).absolute().as_uri()


def main():
    profile, form, target, answers = sys.argv[1:]
    office, context = start(profile)
    try:
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(_url(form), "_blank", 0, (_value("Hidden", True),))
        fill(document, json.loads(pathlib.Path(answers).read_text(encoding="utf-8")))
        document.storeToURL(_url(target), (_value("FilterName", "MS Word 2007 XML"),))
        document.close(True)
    finally:
        with contextlib.suppress(Exception):
            context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        office.wait(30)


if __name__ == "__main__":
    main()
