"""What costs much is refused by name, by what was counted in it, before it costs anything.

The files are those of `benchmarks/costs.py`, which measures time and memory of every one; here are those that are made
and refused in no time. No clock is read: what isn't refused by its count would take minutes.
"""

import pytest

from handover.cli import run
from handover.formats.excel.number_format import section
from handover.formats.word.unwanted import is_safe_field
from handover.importers.pending.base import due_days
from handover.intake.exports import is_mail
from handover.intake.notices import QUOTED
from hostile_files import CASES

REFUSED = {
    "workbook: one text of 2 million characters in 150,000 cells": "the file has more than 150,000 cells",
    "workbook: a million styles": "more than 500,000 tags and attributes beside its cells",
    "workbook: four million elements deep": "the file has more than 1,200,000 tags",
    "workbook: 60,000 sheets": "the file has more than 255 sheets",
    "workbook: 400,000 entries in the zip": "the file is no workbook, or a damaged one",
    "CSV: a million commas": "this row has 1,000 cells or more",
    "CSV: a million quotation marks": "there is text after the closing quotation mark",
    "CSV: a header of a million commas": "this cell has 1,000,000 characters",
    "CSV: one cell of 1 MB": "this cell has 1,000,000 characters",
    "YAML: braces and colons": "is opened and never closed",
    "YAML: list in list in list": "nested more than 12 levels deep",
    "YAML: explicit keys": "nested more than 12 levels deep",
    "YAML: anchors": "this value has an anchor",
    "tone.toml: stars": "a * stands at the end of a word",
    "tone.toml: gaps": "at most 100 characters and 2 gaps",
    "tone.toml: 500 phrases with gaps": "has 500 phrases with gaps (…); 20 are the limit",
    "tone.toml: 60,000 phrases": "blame has 60,000 phrases; 500 are the limit",
    "template: 40,000 numbered paragraphs": "has more than 120,000 tags and attributes",
    "deny.txt: 90,000 names": "90,000 names that mustn't occur; 2,000 are the limit",
    "export: a zip of Search Console that inflates a thousandfold": "no table by date that can be read",
    "export: a zip of 1.3 million entries": "larger than 20 MB",
    "export: 30 MB of commas": "larger than 20 MB",
    "export: a million commas": "this row has 1,000 cells or more",
    "export: 20,000 columns": "this row has 1,000 cells or more",
    "board: thirty due dates of 15,000 Ts": "what these lists mean isn't known",
    "board: a zip of 5 million rows": "its tables hold more than 100,000 rows",
    "board: zips in a zip that inflate": "its tables hold more than 100,000 rows, or too much",
    "receipt: controls in controls": "has more than 120,000 tags and attributes",
    "receipt: paragraphs in paragraphs": "fields or paragraphs 16 deep in one another",
    "YAML: question marks": "is missing",
    "logo: a progressive JPEG of 600 scans": "this JPEG has 610 scans of 12,250,000 pixels",
    "key file: a thousand million turns for the key": "1,000,001,000 turns; 4,000,000 are the limit",
    "key file: a thousand million turns for the certificate": "1,000,001,000 turns; 4,000,000 are the limit",
    "key file: a thousand million turns inside its encrypted part": "hides it in another encrypted part",
    "bundle: the letter's signature part of 60 MB": "sig1.xml: has more than 500,000 tags and attributes",
    "bundle: the letter's content types of 60 MB": "[Content_Types].xml: has more than 500,000 tags and attributes",
    "bundle: handover.json of lists": "handover.json",
    "bundle: a signature of 400,000 elements": "signature.p7s",
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.name in REFUSED])
def test_a_file_that_would_cost_too_much_is_refused_by_what_was_counted(case, tmp_path, capsys):
    assert run(case.command(tmp_path)) in {1, 2}
    said = "".join(capsys.readouterr())
    assert REFUSED[case.name] in said


def test_every_refusal_above_is_of_a_case_that_is_measured():
    assert set(REFUSED) == {case.name for case in CASES if case.name in REFUSED}


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: is_mail(b"From: a\r\n" + b" x\r\n" * 60 + b"!!"), id="an e-mail of folded lines"),
        pytest.param(lambda: section("[" * 1_000_000, 1.0), id="a number format of a million brackets"),
        pytest.param(lambda: is_safe_field("HYPERLINK " + '"a"' + " " * 1_000_000 + "!"), id="a field of blanks"),
        pytest.param(lambda: QUOTED.split("\n" * 1_000_000 + "x"), id="an e-mail of a million empty lines"),
        pytest.param(lambda: due_days([" T" * 500_000 + "x"]), id="a due date of a million characters"),
    ],
)
def test_a_pattern_does_not_run_forever(read):
    read()
