"""What Word itself asks of its files and other programs forgive: the order of elements, cells that end in a paragraph,
names that lead somewhere; and what is announced of a document: title, author, language, alternative texts.

Word isn't here to be asked. The order is that of the types of WordprocessingML (ECMA-376 Part 1, Annex A.1), for the
elements that our documents have.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from handover.build.render import base_input, render
from handover.build.sample import Looks, sample_document, sample_plan
from handover.documents.cover import COVER
from handover.documents.notice import NOTICE
from handover.documents.registry import ALL, OUTSIDE
from handover.formats.package.opc import Package, read_package
from handover.formats.word.ooxml import w

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "numPicBullet abstractNum num",
    "numPr": "ilvl numId",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding checkbox text",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tblBorders": "top left bottom right insideH insideV",
    "tcBorders": "top left bottom right insideH insideV",
    "pBdr": "top left bottom right between bar",
    "tblCellMar": "top left bottom right",
    "tcMar": "top left bottom right",
    "settings": "view zoom embedTrueTypeFonts mirrorMargins attachedTemplate documentProtection autoFormatOverride "
    "defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps evenAndOddHeaders "
    "characterSpacingControl updateFields footnotePr endnotePr compat docVars rsids mathPr themeFontLang "
    "clrSchemeMapping decimalSymbol listSeparator",
}  # fmt: skip
"""By element, its children in their order."""

FIRST = {"p": "pPr", "r": "rPr", "tc": "tcPr"}
"""Of elements with any content, what stands first if it is there."""

SIGNED = {"letter", "notice", "cover"}
"""Whose properties are fixed, since no signature covers them."""


@cache
def documents(language: str) -> dict[str, Package]:
    """Every Word document in a language, of an agency on which much was written down; a letter as of the bundle."""
    plan = sample_plan(language, Looks(logo=None))
    made = {one.deliverable.id: render(one, base_input(plan)).content for one in plan.documents if one.template}
    for one in (NOTICE, COVER, *OUTSIDE):
        if one.view and one.id not in made:
            made[one.id] = sample_document(one, plan)[0]
    return {name: read_package(content, f"{name}.docx") for name, content in made.items()}


CASES = [
    (one, language)
    for language in ("en", "fr")
    for one in sorted(
        {*(one.id for one in ALL if one.view), *(one.id for one in OUTSIDE if one.view), *SIGNED}
    )
]  # fmt: skip


def parts(package: Package) -> Iterator[tuple[str, etree._Element]]:
    for name, content in package.parts.items():
        if (
            name.startswith("/word/")
            and name.endswith(".xml")
            and not name.startswith(("/word/charts/", "/word/theme/"))
        ):
            yield name, etree.fromstring(content)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


@pytest.mark.parametrize(("document", "language"), CASES)
def test_elements_stand_in_the_schemas_order(document: str, language: str) -> None:
    wrong = []
    for name, root in parts(documents(language)[document]):
        for element in root.iter(*(w(one) for one in (*ORDER, *FIRST))):
            found = [local(child) for child in element]
            if first := FIRST.get(local(element)):
                expected = sorted(found, key=lambda one, first=first: one != first)
            else:
                places = ORDER[local(element)].split()
                expected = sorted(found, key=lambda one, places=places: places.index(one))
            wrong += [(name, local(element), found)] if found != expected else []
    assert wrong == []


@pytest.mark.parametrize(("document", "language"), CASES)
def test_what_word_would_repair_isnt_there(document: str, language: str) -> None:
    package, wrong = documents(language)[document], []
    roots = dict(parts(package))
    styles = {one.get(w("styleId")) for one in roots["/word/styles.xml"].iter(w("style"))}
    numbers = {one.get(w("numId")) for one in roots.get("/word/numbering.xml", etree.Element("x")).iter(w("num"))}
    for name, root in roots.items():
        # A cell without a paragraph at its end is damage.
        wrong += [(name, "cell") for cell in root.iter(w("tc")) if local(cell[-1]) != "p"]
        used = [
            one.get(w("val")) for one in root.iter(w("pStyle"), w("rStyle"), w("tblStyle"), w("basedOn"), w("next"))
        ]
        wrong += [(name, one) for one in used if one not in styles]
        wrong += [(name, one) for node in root.iter(w("numId")) if (one := node.get(w("val"))) not in {*numbers, "0"}]
        for table in root.iter(w("tbl")):
            columns = len(table.find(w("tblGrid")))
            for row in table.iterfind(w("tr")):
                spans = (cell.find(f"{w('tcPr')}/{w('gridSpan')}") for cell in row.iterfind(w("tc")))
                width = sum(1 if span is None else int(span.get(w("val"))) for span in spans)
                wrong += [(name, "columns", columns, width)] if width != columns else []
        drawn = [one.get("id") for one in root.iter("{*}docPr")]
        controls = [one.get(w("val")) for one in root.iterfind(f".//{w('sdtPr')}/{w('id')}")]
        wrong += [(name, "identifier", one) for one, n in (Counter(drawn) + Counter(controls)).items() if n > 1]
    assert wrong == []


@pytest.mark.parametrize(("document", "language"), CASES)
def test_a_screen_reader_is_told_what_it_reads(document: str, language: str) -> None:
    package, tag = documents(language)[document], {"en": "en-GB", "fr": "fr-FR"}[language]
    core = {local(one): one.text for one in etree.fromstring(package.parts["/docProps/core.xml"])}
    plan = sample_plan(language)
    client, agency = plan.project.settings.client.name, plan.project.settings.agency.name
    if document in SIGNED:
        assert core == {"creator": None}
    else:
        assert (core["language"], core["creator"]) == (tag, agency)
        # Of the workspace's own papers no client is the subject.
        assert core["title"].endswith(f" – {client}") or document in {"vetting", "discovery"}
    roots = dict(parts(package))
    assert {one.get(w("val")) for root in roots.values() for one in root.iter(w("lang"), w("themeFontLang"))} == {tag}
    body = roots["/word/document.xml"]
    assert [one for one in body.iter("{*}docPr") if not one.get("descr")] == []
    for table in body.iter(w("tbl")):
        described = table.find(f"{w('tblPr')}/{w('tblDescription')}") is not None
        headed = table.find(f"{w('tr')}/{w('trPr')}/{w('tblHeader')}") is not None
        assert described or not headed
    levels = {
        one.get(w("styleId"))
        for one in roots["/word/styles.xml"].iter(w("style"))
        if one.find(f".//{w('outlineLvl')}") is not None
    }
    named = {one.get(w("val")) for one in body.iter(w("pStyle"))}
    # A text to copy into an e-mail has none.
    assert named & (levels | {"Title"}) or document == "call_email", "a heading or a title"
