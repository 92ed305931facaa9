"""A language that nobody speaks, made from English: every word of ours ends in a mark. Not a test itself."""

import re
import shutil
from pathlib import Path

from lxml import etree

from handover.formats.package.opc import Package, read_package, write_package
from handover.languages import files

MARK = "qx"
CODE = "cy"
"""Welsh, for CLDR's sake alone: its months and plurals are neither English nor French."""

_TAG = r"\{[{%].*?[}%]\}|\{\w+\}|&#?\w+;|<[^>]*>|\\(?:u[0-9A-Fa-f]{4}|.)"
_WORD = re.compile(rf"({_TAG})|[A-Za-z]{{2,}}")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\s*=)')
_NOT_WORDS = re.compile(r'\s*(?:#|short_date|locale\b|delimiter|\w+_format\b)|\w+ = "data/')
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def marked(text: str) -> str:
    """The text with its words marked; tags, places for values and what HTML writes for itself stay."""
    return _WORD.sub(lambda match: match[1] or match[0] + MARK, text)


def words_of_ours() -> set[str]:
    """Every English word that our templates hold, in lower case."""
    found: set[str] = set()
    for path in files.template_path("en").iterdir():
        if path.suffix == ".toml" and path.stem not in {"tone", "sample", "language"}:
            found.update(_words(" ".join(_STRING.findall(path.read_text(encoding="utf-8")))))
        elif path.suffix == ".docx":
            for part in _texts(path.read_bytes()):
                found.update(_words(part))
    return found


def write_language(folder: Path) -> None:
    """The language's folder: English's files, marked."""
    folder.mkdir(parents=True)
    for path in files.template_path("en").iterdir():
        if path.suffix == ".toml" and path.stem != "tone":
            (folder / path.name).write_text(_toml(path.read_text(encoding="utf-8"), path.stem), encoding="utf-8")
        elif path.suffix == ".docx":
            (folder / path.name).write_bytes(_docx(path.read_bytes()))
        elif path.name == "project":
            shutil.copytree(path, folder / path.name)
        elif path.suffix == ".txt":
            shutil.copy(path, folder / path.name)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[A-Za-z]{3,}", re.sub(_TAG, " ", text))}


def _toml(text: str, name: str) -> str:
    if name == "sample":
        return text
    lines = (
        text.replace('locale = "en_GB"', f'locale = "{CODE}_GB"').replace("[locale.en_US", "[locale.cy_US").split("\n")
    )
    return "\n".join(
        line if _NOT_WORDS.match(line) else _STRING.sub(lambda match: f'"{marked(match[1])}"', line) for line in lines
    )


def _texts(content: bytes) -> list[str]:
    package = read_package(content, "template")
    return [
        "".join(etree.fromstring(part).itertext(f"{_W}t"))
        for name, part in package.parts.items()
        if name.startswith("/word/") and name.endswith(".xml")
    ]


def _docx(content: bytes) -> bytes:
    package = read_package(content, "template")
    parts = dict(package.parts)
    for name, part in parts.items():
        if not name.startswith("/word/") or not name.endswith(".xml") or "styles" in name:
            continue
        root = etree.fromstring(part)
        for element in root.iter():
            if element.tag == f"{_W}t" and element.text:
                assert element.text.count("{{") == element.text.count("}}"), element.text
                element.text = marked(element.text)
            elif element.get("descr"):
                element.set("descr", marked(element.get("descr")))
            elif element.tag in {f"{_W}tblCaption", f"{_W}tblDescription"}:
                element.set(f"{_W}val", marked(element.get(f"{_W}val")))
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_package(Package(parts, package.types))
