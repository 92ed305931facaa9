"""`handover validate` on templates, folders, languages and projects: what it prints, writes and returns."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft7Validator
from lxml import etree

from building import edit, make_project
from handover.cli import run as handover
from handover.cli.formats import Result, github, junit, sarif
from handover.languages import files as resources
from handover.model.errors import Finding, Severity, SourceLocation
from template_making import NAMESPACES, Maker, letter, p, run

SCHEMAS = Path(__file__).parent.parent / "schemas"
ROOT = Path(__file__).parent.parent.parent
GOOD, MISSPELT, WARNED = letter(), letter(p("Dear {{ salutaton }}")), letter(p("You failed to answer."))


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def said(capfd):
    """Run the command; gives its status, what went to standard output and what to standard error."""

    def execute(*words) -> tuple[int, str, str]:
        capfd.readouterr()
        status = handover(["validate", *map(str, words)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return execute


def put(path: Path, maker: Maker | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(maker.bytes() if isinstance(maker, Maker) else maker)
    return path


# What is validated


def test_a_good_template(here, said):
    put(here / "letter.docx", GOOD)

    assert said("letter.docx") == (0, "letter.docx: nothing to correct\n", "")


def test_a_faulty_template_is_shown_with_place_rule_and_hint(here, said):
    put(here / "letter.docx", MISSPELT)

    status, _, err = said("letter.docx")

    assert status == 1
    assert err == (
        "letter.docx\n"
        "  paragraph 5, near “Dear {{ salutaton }}”: error: “{{ salutaton }}” asks for `salutaton`, which this "
        "document doesn't have [variable.unknown]\n"
        "      did you mean `salutation`?\n"
        "1 error\nnext: handover validate letter.docx\n"
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [pytest.param([], 0, id="warnings don't fail"), pytest.param(["--strict"], 1, id="they do with --strict")],
)
def test_warnings(here, said, words, status):
    put(here / "letter.docx", WARNED)

    assert said("letter.docx", *words)[0] == status


def test_several_targets_are_judged_in_the_order_given(here, said):
    put(here / "b/letter.docx", MISSPELT)
    put(here / "a/letter.docx", MISSPELT)

    status, _, err = said("b/letter.docx", "a")

    assert status == 1
    assert [line for line in err.splitlines() if line.endswith("docx")] == ["b/letter.docx", "a/letter.docx"]


def test_a_folder_of_templates_and_of_languages(here, said):
    put(here / "ours/pending.docx", resources.read_bytes("en", "pending.docx"))
    put(here / "ours/~$pending.docx", b"Word's lock")
    put(here / "ours/fr/letter.docx", letter(p("Merci !")))
    put(here / "ours/make/letter.docx", b"no language's folder")

    _, out, _ = said("ours", "--format", "json")

    assert json.loads(out)["files"] == ["ours/pending.docx", "ours/fr/letter.docx"]
    assert [finding["rule"] for finding in json.loads(out)["findings"]] == ["typography.space"]


def test_a_project_with_a_template_of_its_own(here, said):
    root = make_project(here / "acme")
    put(root / "templates/letter.docx", MISSPELT)

    status, _, err = said("acme")

    assert status == 1
    assert "templates/letter.docx\n  paragraph 5, near “Dear {{ salutaton }}”: error:" in err


def test_a_project_s_template_has_the_project_s_language(here, said):
    root = make_project(here / "acme")
    edit(root, "handover.yaml", "language: en", "language: fr")
    put(root / "templates/letter.docx", letter(p("Merci !")))

    assert "typography.space" in said("acme")[2]
    assert "typography.space" in said("acme/templates/letter.docx")[2]
    assert "typography.space" not in said("acme/templates/letter.docx", "--lang", "en")[2]


def test_a_template_that_is_named_like_no_document(here, said):
    put(here / "brief.docx", MISSPELT)

    _, _, err = said("brief.docx")
    assert "isn't named like a document: no notice.docx or letter.docx" in err
    assert "salutaton" not in err

    _, _, err = said("brief.docx", "--document", "letter")
    assert "isn't named" not in err
    assert "asks for `salutaton`" in err


def test_deny_lists(here, said):
    put(here / "en/letter.docx", letter(p("We thank Acme Bakery and Zenith.")))
    (here / "en/deny.txt").write_text("# last year's\nZenith\n\n", encoding="utf-8")
    (here / "names.txt").write_text("Acme Bakery\n", encoding="utf-8")

    _, _, err = said("en", "--deny", "names.txt")

    assert "names another client: “Zenith”" in err
    assert "names another client: “Acme Bakery”" in err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        pytest.param(["nowhere"], "there is no such folder", id="a path that isn't there"),
        pytest.param(["empty"], "no handover.yaml and no templates", id="a folder with nothing to validate"),
        pytest.param(["x.docx", "--document", "poem"], "there is no document 'poem'", id="an unknown document"),
        pytest.param(
            ["x.docx", "--deny", "missing.txt"], "--deny missing.txt: there is no such file", id="a missing deny list"
        ),
        pytest.param(["x.docx", "--format", "pdf"], "'pdf' is not one of", id="an unknown format"),
    ],
)
def test_wrong_usage(here, said, words, text):
    put(here / "x.docx", GOOD)
    (here / "empty").mkdir()

    status, _, err = said(*words)

    assert status == 2
    assert text in err


def test_a_template_that_is_a_link_is_not_read(here, said):
    put(here / "elsewhere/letter.docx", GOOD)
    (here / "letter.docx").symlink_to(here / "elsewhere/letter.docx")

    status, _, err = said("letter.docx")

    assert status == 1
    assert "letter.docx is a symbolic link" in err


# Languages


def test_what_a_new_language_still_lacks(here, said):
    put(here / "es/letter.docx", resources.read_bytes("en", "letter.docx"))
    put(here / "es/common.toml", b'assets_purpose = "Archivos"\n')
    put(here / "es/report.toml", b"broken")

    status, _, err = said("es")

    assert status == 1
    assert "es/letter.docx: warning: is the English file, not translated yet" in err
    assert "es/report.docx: error: is missing: English has it" in err
    assert "es/report.toml: error: can't be read" in err
    assert "es/common.toml: error: lacks the text" in err


def test_a_new_language_is_compared_with_ours_beside_an_english_letter_of_the_projects_own(here, said):
    put(here / "templates/en/letter.docx", GOOD)
    for name in ("letter.docx", "report.docx", "letter.toml"):
        put(here / "templates/es" / name, resources.read_bytes("en", name))

    status, _, err = said("templates/es")

    assert status == 1
    assert "templates/es/letter.docx: warning: is the English file, not translated yet" in err
    assert "templates/es/pending.docx: error: is missing: English has it" in err


def test_a_language_brings_its_own_phrases(here, said):
    put(here / "es/letter.docx", letter(p("Por su culpa no acabamos.")))
    (here / "es/tone.toml").write_text('blame = ["por su culpa"]', encoding="utf-8")

    assert "tone.blame" in said("es")[2]

    (here / "es/tone.toml").write_text("blame = 1", encoding="utf-8")
    status, _, err = said("es")
    assert status == 1
    assert "tone.toml: blame must be a list of phrases in quotes" in err


def test_a_text_with_other_places_than_in_english(here, said):
    texts = resources.read_text("fr", "inventory.toml")
    assert "{width}" in texts
    put(here / "es/inventory.toml", texts.replace("{width}", "{ancho}").encode())

    assert "es/inventory.toml: error: 'assets.pixels' has the place {ancho}" in said("es")[2]


# Mending


def test_fix_mends_french_typography_and_leaves_the_rest(here, said):
    file = put(here / "fr/letter.docx", letter(p(run("Objet", "<w:b/>"), run(" : l'an {{ place }} !", "<w:i/>"))))
    file.chmod(0o640)

    status, _, err = said("fr", "--fix", "--strict")

    assert (status, err) == (0, "fr/letter.docx: 3 corrections made\n")
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in file.parent.iterdir()) == ["letter.docx"]
    text = etree.tostring(_body(file), encoding="unicode")
    assert '<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Objet' in text
    assert "\u00a0: l’an {{ place }}\u202f!" in text
    before = file.read_bytes()
    assert said("fr", "--fix")[0] == 0
    assert file.read_bytes() == before


def _body(file: Path) -> etree._Element:
    from handover.formats.package.opc import read_package

    return etree.fromstring(read_package(file.read_bytes(), "x").parts["/word/document.xml"])


def test_fix_leaves_other_languages_and_unreadable_files_alone(here, said):
    english = put(here / "en/letter.docx", letter(p("It's : fine !")))
    broken = put(here / "fr/letter.docx", b"PK not a zip")
    before = english.read_bytes()

    assert said("en", "fr", "--fix")[0] == 1
    assert english.read_bytes() == before
    assert broken.read_bytes() == b"PK not a zip"


# Formats


def findings() -> list[Finding]:
    """One of each kind of place, with every character that a format has to escape."""
    awkward = 'a "b" <c> & 100%, d: e\nf\r\x0b]]>::error::'
    return [
        Finding(SourceLocation("acme/handover.yaml", 3, 7), "settings.unknown-key", awkward, "write, this"),
        Finding(SourceLocation("acme/data/invoices.xlsx", 12, 3, "Sheet, 1"), "number.format", "no number"),
        Finding(SourceLocation("modèles/fr/letter.docx", place="paragraph 3, near “x, y”"), "tag.split", awkward),
        Finding(SourceLocation("modèles/fr/letter.docx"), "word.language", "has none", "", Severity.WARNING),
    ]


RESULT = Result(["acme/handover.yaml", "acme/data/invoices.xlsx", "modèles/fr/letter.docx", "ok.docx"], findings())


def test_sarif_validates_against_its_schema():
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    log = sarif.document(RESULT)

    Draft4Validator.check_schema(schema)
    assert list(Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER).iter_errors(log)) == []
    assert log["$schema"] == schema["id"]


def test_sarif_says_where():
    first, second, third, fourth = sarif.document(RESULT)["runs"][0]["results"]

    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert second["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "Sheet, 1!C12"}]
    assert third["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "mod%C3%A8les/fr/letter.docx"}}
    assert third["locations"][0]["message"] == {"text": "paragraph 3, near “x, y”"}
    assert [result["level"] for result in (first, second, third, fourth)] == ["error", "error", "error", "warning"]


def test_a_finding_keeps_its_fingerprint_when_text_is_added_above():
    def fingerprint(place: str) -> str:
        finding = Finding(SourceLocation("a.docx", place=place), "tag.split", "m")
        return sarif.document(Result(["a.docx"], [finding]))["runs"][0]["results"][0]["partialFingerprints"].popitem()[
            1
        ]

    assert fingerprint("paragraph 3, near “x”") == fingerprint("paragraph 4, near “x”")
    assert fingerprint("paragraph 3, near “x”") != fingerprint("paragraph 3, near “y”")


@pytest.mark.parametrize("strict", [False, True])
def test_junit_validates_against_jenkins_schema(strict):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "jenkins-junit-10.xsd"))
    report = etree.fromstring(junit.document(Result(RESULT.files, RESULT.findings, strict)).encode())

    schema.assertValid(report)
    assert report.get("tests") == "5"
    assert report.get("failures") == ("4" if strict else "3")
    assert len(report.findall(".//failure")) == (4 if strict else 3)
    assert [suite.get("name") for suite in report] == RESULT.files


def test_github_annotations_are_escaped():
    first, second, third, fourth = github.annotations(RESULT)

    assert first == (
        "::error file=acme/handover.yaml,line=3,col=7,title=settings.unknown-key::"
        'a "b" <c> & 100%25, d: e%0Af%0D\x0b]]>::error::; write, this'
    )
    assert second == ("::error file=acme/data/invoices.xlsx,title=number.format::Sheet, 1!C12: no number")
    assert third.startswith("::error file=modèles/fr/letter.docx,title=tag.split::paragraph 3, near “x, y”: a")
    assert fourth == "::warning file=modèles/fr/letter.docx,title=word.language::has none"
    assert list(github.annotations(Result([], [Finding(SourceLocation("a,b:c%.docx"), "x.y", "m")]))) == [
        "::error file=a%2Cb%3Ac%25.docx,title=x.y::m"
    ]


def test_github_prints_the_full_list_with_commands_switched_off(here, said):
    put(here / "letter.docx", letter("".join(p(f"{{{{ wrong{at} }}}}") for at in range(30))))

    status, out, _ = said("letter.docx", "--format", "github")

    lines = out.splitlines()
    assert status == 1
    assert sum(line.startswith("::error ") for line in lines) == 30
    stop = next(at for at, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[stop].removeprefix("::stop-commands::")
    assert lines[-1] == f"::{token}::"
    assert len(token) >= 32
    assert sum("error: “{{ wrong" in line for line in lines[stop:]) == 30
    assert lines[-2] == "30 errors"


def test_json_follows_its_published_schema(here, said):
    put(here / "letter.docx", MISSPELT)
    make_project(here / "acme")
    edit(here / "acme", "handover.yaml", "ended_by: mutual", "ended_by: nobody")
    schema = json.loads((ROOT / "schemas/findings.schema.json").read_text(encoding="utf-8"))

    status, out, _ = said("letter.docx", "acme", "--json")

    Draft7Validator.check_schema(schema)
    assert list(Draft7Validator(schema).iter_errors(json.loads(out))) == []
    assert status == 1
    assert {finding["file"] for finding in json.loads(out)["findings"]} == {"letter.docx", "acme/handover.yaml"}
    assert json.loads(out)["failed"] is True


@pytest.mark.parametrize("style", ["json", "github", "sarif", "junit"])
def test_machine_formats_go_to_standard_output_alone(here, said, style):
    put(here / "letter.docx", MISSPELT)

    status, out, err = said("letter.docx", "--format", style)

    assert (status, err) == (1, "")
    assert "salutaton" in out


PLACES_OF_FAULTS = {
    "settings.missing-key": "handover.yaml",
    "secret.key": "handover.yaml",
    "metric.unknown": "data/metrics.csv",
    "number.format": "data/metrics.csv",
    "secret.column": "data/accounts.csv",
    "path.no-file": "data/pending.csv",
    "vault.missing": "vault.xlsx",
    "variable.unknown": "templates/letter.docx",
    "tone.blame": "templates/letter.docx",
}
"""A project's fault of each family, and the file in which each must be said to be."""


@pytest.fixture
def faulty(here):
    """A project with a fault in its settings, metrics, credentials, tables and templates."""
    root = make_project(here / "acme")
    edit(root, "handover.yaml", "  - name: Ada Marsh\n", '  - api_key: "s3cret, 100%: \u00e9"\n')
    with (root / "data/metrics.csv").open("a", encoding="utf-8") as table:
        table.write("2026-02,visitorrs,1,\n2026-03,visitors,many,\n")
    edit(root, "data/accounts.csv", "renewal_date", "password")
    edit(root, "data/pending.csv", "Photos/loaf.txt", "Photos/loave.txt")
    put(root / "templates/letter.docx", letter(p("Dear {{ salutaton }}, you failed to answer.")))
    (root / "vault.xlsx").unlink()
    return root


@pytest.mark.parametrize("style", ["text", "json", "github", "sarif", "junit"])
def test_a_project_with_a_fault_of_every_family_is_shown_in_full(faulty, said, style):
    status, out, err = said("acme", "--format", style)

    assert status == 1
    assert (out if style == "text" else err) == ""
    assert "s3cret" not in out + err
    found = json.loads(said("acme", "--json")[1])["findings"]
    assert {finding["rule"]: finding["file"] for finding in found} == {
        rule: f"acme/{file}" for rule, file in PLACES_OF_FAULTS.items()
    }
    shown = "".join(etree.fromstring(out.encode()).itertext()) if style == "junit" else out + err
    assert [finding["message"] for finding in found if finding["message"] not in shown] == []


def test_every_rule_of_a_sarif_log_brings_its_help(faulty, said):
    log = json.loads(said("acme", "--format", "sarif")[1])
    rules = log["runs"][0]["tool"]["driver"]["rules"]

    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    assert list(Draft4Validator(schema).iter_errors(log)) == []
    assert {rule["id"] for rule in rules} == set(PLACES_OF_FAULTS)
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)


# Sizes


def test_three_hundred_rows_in_error_are_all_printed_in_order(here, said):
    root = make_project(here / "acme")
    rows = "".join(f"2025-{1 + at % 12:02d}-01,leads,many{at}\n" for at in range(300))
    (root / "data/metrics.csv").write_text(f"date,metric,value\n{rows}", encoding="utf-8")

    status, _, err = said("acme")

    printed = [
        line.split(":")[1] for line in err.splitlines() if line.startswith("  data/metrics.csv:") and "many" in line
    ]
    assert status == 1
    assert printed == [str(line) for line in range(2, 302)]


def test_a_hostile_nest_of_attributes_takes_no_time_worth_speaking_of(here, said):
    chain = ".".join(["payments", *["x"] * 60])
    put(here / "letter.docx", letter(p(f"{{{{ {chain} }}}} {{{{ {'(' * 300}place{')' * 300} }}}}")))

    assert said("letter.docx")[0] == 1


def test_validating_imports_nothing_that_only_building_needs(here):
    put(here / "letter.docx", GOOD)
    code = (
        "import sys\nfrom handover.cli import run\nrun(['validate', 'letter.docx'])\n"
        "heavy = ('docx', 'openpyxl', 'cryptography', 'babel', 'PIL', 'rich')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)

    assert result.stdout.splitlines()[-1] == "[]"


def test_a_part_with_another_root_is_no_crash(here, said):
    put(here / "letter.docx", letter().part("/word/header1.xml", "header", f"<w:p {NAMESPACES}/>", "application/xml"))

    assert said("letter.docx")[0] in {0, 1}
