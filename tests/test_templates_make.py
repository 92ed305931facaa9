"""Our Word templates: written by their scripts, complete in both languages, and nothing in them but styles and text."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from handover import resources
from handover.office.chart.place import STYLE as CHART_STYLE
from handover.office.docx_guard import admitted
from handover.office.draft import STYLE as DRAFT_STYLE
from handover.office.opc import read_package
from handover.office.tree import w

ROOT = Path(__file__).parents[1]
EVERY = [(language, name) for language in ("fr", "en") for name in ("letter", "pending", "report")]


def test_the_templates_are_what_their_scripts_write() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "templates" / "make"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_template_is_admitted(language: str, name: str) -> None:
    package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
    assert admitted(package, name).parts.keys() <= package.parts.keys()


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_style_that_is_used_is_defined(language: str, name: str) -> None:
    package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    defined = {style.get(w("styleId")) for style in styles.iter(w("style"))}
    used = {
        element.get(w("val"))
        for part, content in package.parts.items()
        if re.match(r"/word/(document|header|footer|styles)", part)
        for element in etree.fromstring(content).iter(
            w("pStyle"), w("rStyle"), w("tblStyle"), w("basedOn"), w("next"), w("link")
        )
    }
    assert used - defined == set()


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_style_that_the_program_looks_for_keeps_its_identifier_when_it_is_made_anew(language: str, name: str) -> None:
    # LibreOffice makes identifiers from names, without their spaces, when it saves.
    package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
    styles = etree.fromstring(package.parts["/word/styles.xml"])
    names = {style.get(w("styleId")): style.find(w("name")).get(w("val")) for style in styles.iter(w("style"))}
    for identifier in {CHART_STYLE, DRAFT_STYLE} & names.keys():
        assert names[identifier].replace(" ", "") == identifier
    assert DRAFT_STYLE in names
    assert (CHART_STYLE in names) == (name == "report")


@pytest.mark.parametrize(("language", "name"), [pair for pair in EVERY if pair[1] != "report"])
def test_nothing_is_formatted_but_by_a_named_style(language: str, name: str) -> None:
    package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
    body = etree.fromstring(package.parts["/word/document.xml"])
    allowed = {w("pStyle"), w("rStyle")}
    direct = [
        child.tag for properties in body.iter(w("pPr"), w("rPr")) for child in properties if child.tag not in allowed
    ]
    assert direct == []


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_rows_stay_whole_and_header_rows_repeat(language: str, name: str) -> None:
    package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
    body = etree.fromstring(package.parts["/word/document.xml"])
    tables = [
        t for t in body.iter(w("tbl")) if t.find(f"{w('tblPr')}/{w('tblLook')}[@{w('firstRow')}='1']") is not None
    ]
    assert all(table.find(f"{w('tr')}/{w('trPr')}/{w('tblHeader')}") is not None for table in tables)
    rows = [row for row in body.iter(w("tr")) if "{%tr" not in "".join(row.itertext())]
    assert all(row.find(f"{w('trPr')}/{w('cantSplit')}") is not None for row in rows)


@pytest.mark.parametrize("name", ["letter", "pending"])
def test_both_languages_ask_for_the_same_values(name: str) -> None:
    def asked(language: str) -> set[str]:
        package = read_package(resources.read_bytes(language, f"{name}.docx"), name)
        text = " ".join("".join(etree.fromstring(c).itertext()) for n, c in package.parts.items() if n.endswith(".xml"))
        return set(re.findall(r"\{\{ ([a-z_.]+)", text))

    # French alone names the place, and repeats the salutation at the end.
    assert asked("fr") - asked("en") <= {"place", "salutation_in_closing"}
    assert asked("en") - asked("fr") == set()


@pytest.mark.parametrize("name", ["letter", "pending", "report"])
def test_french_templates_hold_french_spaces(name: str) -> None:
    package = read_package(resources.read_bytes("fr", f"{name}.docx"), name)
    text = "\n".join("".join(p.itertext()) for p in etree.fromstring(package.parts["/word/document.xml"]).iter(w("p")))
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    assert re.findall(r".{0,20} [;:!?»]", words) == []
    assert "'" not in words


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "en").glob("*.toml")), ids=lambda path: path.stem)
def test_our_english_words_have_typographic_apostrophes(path: Path) -> None:
    # French ones become so when they are loaded; words that are only compared with (`tone`) are as people type them.
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert path.stem == "tone" or [line for line in lines if re.search(r"[a-z]'[a-z]", line)] == []
