"""Every language of the registry has what a language needs, and one more needs no code."""

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from lxml import etree, html

from building import PASSPHRASE, TODAY, build_in, edit, make_project
from conftest import BASE
from handover.build.sample import Looks, sample_project
from handover.documents.email import draft
from handover.languages import files, registry, texts, tone
from handover.languages.registry import START, Language, ours, word_list
from handover.languages.words import Words
from handover.model.base import Word
from handover.model.rows import TABLES, CredentialRow
from handover.project.check import validate
from handover.project.read import load_project
from handover.project.start import scaffold
from handover.seal import passphrase
from handover.seal.encryption import decrypt
from handover.templating.completeness import lint_language
from marked_language import CODE, MARK, words_of_ours, write_language

CATEGORIES = ("zero", "one", "two", "few", "many")
ENGLISH = {path.name: path.read_bytes() for path in files.template_path(START).glob("*.*")}


@pytest.fixture(params=ours(), ids=lambda language: language.code)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


# Each line of the registry


def test_its_default_locale_is_its_own_and_known_to_cldr(language: Language) -> None:
    assert language.locale.startswith(f"{language.code}_")
    assert str(Locale.parse(language.locale)) == language.locale


def test_it_has_every_file_and_text_that_english_has(language: Language) -> None:
    own = {path.name: path.read_bytes() for path in files.template_path(language.code).glob("*.*")}
    assert language.code == START or lint_language(language.code, own, ENGLISH, [own]) == []
    assert own.keys() >= ENGLISH.keys()


def test_it_names_every_column_every_sheet_and_every_word_of_a_list(language: Language) -> None:
    for table, model in TABLES.items():
        assert set(language.headers[table].values()) == set(model.model_fields)
    assert set(language.headers[registry.CREDENTIALS].values()) == set(CredentialRow.model_fields)
    assert set(language.sheets.values()) == set(TABLES)
    kinds = [kind for kind in Word.__subclasses__() if kind.__module__.startswith("handover.model.")]
    expected = {word_list(kind): {str(word) for word in kind} for kind in kinds} | {"flag": {"true", "false"}}
    assert {name: set(meanings.values()) for name, meanings in language.words.items()} == expected


def test_no_two_languages_mean_different_things_by_one_spelling(language: Language) -> None:
    for other in ours():
        for table, headers in language.headers.items():
            shared = headers.keys() & other.headers[table].keys()
            assert {text for text in shared if headers[text] != other.headers[table][text]} == set()
        for name, meanings in language.words.items():
            shared = meanings.keys() & other.words[name].keys()
            assert {text for text in shared if meanings[text] != other.words[name][text]} == set()


def test_its_plurals_are_those_of_its_grammar(language: Language) -> None:
    categories = {*Locale.parse(language.locale).plural_form.tags, "other", "zero"}
    names = [name.removesuffix(".toml") for name in ENGLISH if name.endswith(".toml")]
    for name in set(names) - {"tone", "sample", "language"}:
        tables: dict[str, set[str]] = {}
        for key in Words.load(language.code, language.locale, name).texts:
            tables.setdefault(key.rpartition(".")[0], set()).add(key.rpartition(".")[2])
        plurals = {table: forms for table, forms in tables.items() if {"other"} < forms <= {*CATEGORIES, "other"}}
        assert {table: forms for table, forms in plurals.items() if not forms <= categories} == {}
        assert {table for table, forms in plurals.items() if not {"one", "zero"} & forms} == set()


def test_it_has_a_made_up_project_a_new_project_phrases_of_tone_and_a_word_list(language: Language) -> None:
    assert sample_project(language.code, Looks()).locale == language.locale
    assert scaffold(language.code)["handover.yaml"]
    assert tone.tone_of(language.code).phrases
    assert len(passphrase.word_list(language.code)) == passphrase.LIST_SIZE


# One more


def _isolated(patch: pytest.MonkeyPatch, root: Path) -> None:
    """The program as if `root` held its templates."""
    caches = (registry._ours, texts.shipped, tone.tone_of, passphrase.word_list)
    patch.setattr(files, "_root", lambda: root)
    for cached in caches:
        cached.cache_clear()


def _project(root: Path, language: Language) -> Path:
    """The base project in a language, its tables' headers and words of lists too."""
    project = make_project(root)
    edit(project, "handover.yaml", "language: en", f"language: {CODE}")
    edit(project, "handover.yaml", "ended_by: mutual", f"ended_by: {_spelt(language, 'ended-by', 'mutual')}")
    for table in TABLES:
        path = project / f"data/{table}.csv"
        if not path.exists():
            continue
        header, _, rows = path.read_text(encoding="utf-8").partition("\n")
        columns = ",".join(language.header(table, column) for column in header.split(","))
        rows = rows.replace("in-progress", _spelt(language, "pending-status", "in-progress"))
        path.write_text(f"{columns}\n{rows}", encoding="utf-8")
    return project


def _spelt(language: Language, name: str, word: str) -> str:
    return next(text for text, meant in language.words[name].items() if meant == word)


def _said(root: Path) -> dict[str, str]:
    """What the bundle and its e-mail say, by entry; assets, machine copies and the record are no words of ours."""
    made = build_in(root)
    said = {"file name": made.path.stem}
    with zipfile.ZipFile(made.path) as archive:
        for name in archive.namelist():
            if name.startswith(("assets/", "data/", "META-INF/", "mimetype", "handover.json", "SHA256SUMS", "signer")):
                continue
            said[f"name of {name}"] = name.rpartition(".")[0].removeprefix("START-HERE")
            content = archive.read(name)
            if name.endswith(".html"):
                page = html.fromstring(content)
                seen = [
                    page.xpath("//text()[not(ancestor::style | ancestor::pre | ancestor::code)]"),
                    page.xpath("//@alt | //@aria-label | //@title"),
                ]
                said[name] = " ".join(map(str, [*seen[0], *seen[1]]))
            elif name.endswith(".xlsx"):
                said[name] = _office(decrypt(content, PASSPHRASE, name=name))
            else:
                said[name] = _office(content)
    project, findings = validate(load_project(root))
    assert project is not None, findings
    mail = draft(project, made.report, [made.path.name], today=TODAY)
    said["e-mail"] = f"{mail.subject} {mail.body}"
    return said


def _office(content: bytes) -> str:
    """The texts that a document or workbook shows, its sheets' names and alternative texts."""
    said: list[str] = []
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if not name.endswith(".xml") or "styles" in name or name.startswith(("_xmlsignatures", "customXml")):
                continue
            root = etree.fromstring(package.read(name))
            for element in root.iter(etree.Element):
                local = etree.QName(element).localname
                said += [element.text or ""] if local in {"t", "v", "formula1", "title", "subject"} else []
                said += [element.get(key, "") for key in ("descr",)] + ([element.get("name", "")] * (local == "sheet"))
    return " ".join(said)


def _given() -> set[str]:
    """Words of the project itself, which nobody translates, and names of programs and formats."""
    texts = [path.read_text(encoding="utf-8") for path in (BASE / "handover.yaml", *BASE.glob("data/*.csv"))]
    texts += [str(path.relative_to(BASE)) for path in BASE.rglob("assets/**/*")]
    texts += ["WordPress Bank handover sheet cms pem"]
    return {word.casefold() for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)}


@pytest.mark.parametrize("place", ["beside ours", "the project's own"])
def test_one_more_language_is_a_folder_and_no_english_word_of_ours_is_left(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = words_of_ours() - _given()
    folder = tmp_path / "data" / "templates" / CODE if place == "beside ours" else tmp_path / "own" / CODE
    write_language(folder)
    own = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.toml")}
    project = _project(tmp_path / "acme", registry.language(CODE, own))
    if place == "beside ours":
        shutil.copytree(files.template_path(), tmp_path / "data" / "templates", dirs_exist_ok=True)
        shutil.copytree(files.template_path().parent / "schemas", tmp_path / "data" / "schemas")
        with monkeypatch.context() as patch:
            _isolated(patch, tmp_path / "data")
            said = _said(project)
        _isolated(monkeypatch, files.data_root(Path(files.__file__).parents[1]))
    else:
        shutil.copytree(folder, project / "templates" / CODE)
        said = _said(project)

    assert len(said) > 9
    assert MARK in said["file name"]
    # Endings of files, paths of the machine copies, digests and identifiers are the same in every language.
    same = re.compile(r"\bdata/\S*|(?:[0-9A-Fa-f]{4}[\s:-]*){4,}")
    seen = {name: re.findall(r"(?<![.\w])[A-Za-z]{3,}", same.sub("", text)) for name, text in said.items()}
    left = {name: sorted({word for word in found if word.casefold() in english}) for name, found in seen.items()}
    assert [f"{name}: {found}" for name, found in left.items() if found] == []
