"""A bundle in other clothes: extracted, zipped again, damaged, or something else that was given in its place."""

import io
import os
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from building import PASSPHRASE, build_in, delivered, delivered_in, edit, make_project, secret_file
from handover.bundle.read import Form, Limits
from handover.bundle.record import SUMS_NAME
from handover.bundle.verify import Anchors, Trust, read_folder, read_given, verify
from handover.model.errors import BundleError, ZippedAgain
from handover.seal.certificates import fingerprint
from rezip import contents, zipped
from signing_samples import NOW, letter, owner

OWN = fingerprint(owner().certificate)
ACCENTED = "assets/Photos/été.txt"
LOAF = "assets/Photos/loaf.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = make_project(tmp_path_factory.mktemp("forms") / "acme")
    (root / "assets" / "Photos" / "été.txt").write_text("soleil", encoding="utf-8")
    return build_in(root).path


@pytest.fixture
def folder(made, tmp_path) -> Path:
    with zipfile.ZipFile(made) as bundle:
        bundle.extractall(tmp_path / "extracted")
    return tmp_path / "extracted"


@pytest.fixture(scope="module")
def split():
    """Both zips of a split bundle."""
    result = delivered(split_assets=True)
    return result.path, result.assets_path


@pytest.fixture(autouse=True)
def clock(monkeypatch, tmp_path):
    monkeypatch.setattr("handover.cli.clock.now", lambda: NOW)
    monkeypatch.setattr("handover.cli.asking.harden", lambda: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def judged(given):
    return verify(given, now=NOW, workers=1, anchors=Anchors(fingerprints=frozenset({OWN})))


def packed(folder: Path, names=None, *, date=(2026, 3, 2, 10, 0, 0), prefix="", folders=False, compress=8, spell=None):
    """The folder as another program zips it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for path in names or sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")):
            if (folder / path).is_dir():
                if folders:
                    target.writestr(zipfile.ZipInfo(f"{prefix}{path}/", date), b"")
                continue
            info = zipfile.ZipInfo(prefix + (spell(path) if spell else path), date)
            info.compress_type = compress
            info.external_attr = 0o100644 << 16
            target.writestr(info, (folder / path).read_bytes())
    return out.getvalue()


def with_system_files(folder: Path) -> Path:
    for name in (".DS_Store", "assets/.DS_Store", "assets/Photos/Thumbs.db", "desktop.ini", "assets/._loaf.txt",
                 "__MACOSX/assets/._loaf.txt", "assets/Icon\r", "$RECYCLE.BIN/S-1-5/$I1.txt"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"left by a system")
    return folder


# Folders


def test_an_extracted_bundle_is_checked_as_its_zip_is(folder):
    found = judged(read_folder(folder))
    assert (found.trust, found.form) == (Trust.MATCHED, Form.FOLDER)
    assert [check.clause for check in found.checks] == ["13.1", *(f"10.{n}" for n in range(2, 11))]


def test_what_a_system_leaves_in_a_folder_is_passed_over(folder):
    assert judged(read_folder(with_system_files(folder))).trust is Trust.MATCHED


@pytest.mark.parametrize(
    ("change", "entry", "why"),
    [
        pytest.param(lambda f: (f / LOAF).write_bytes(b"x"), LOAF, "its content has changed", id="a changed file"),
        pytest.param(
            lambda f: (f / LOAF).unlink(), SUMS_NAME, f"it lists {LOAF}, which isn't there", id="a missing file"
        ),
        pytest.param(lambda f: (f / "handover.json").unlink(), "handover.json", "it is missing", id="a missing record"),
        pytest.param(lambda f: (f / SUMS_NAME).unlink(), SUMS_NAME, "it is missing", id="a missing list"),
        pytest.param(
            lambda f: shutil.rmtree(f / "META-INF"), "META-INF/ASiCManifest.xml", "isn't signed", id="without its seal"
        ),
        pytest.param(lambda f: (f / "notes.txt").write_text("x"), "notes.txt", "doesn't name it", id="an added file"),
        pytest.param(
            lambda f: (f / "assets" / "more.txt").write_text("x"),
            "assets/more.txt",
            "doesn't name it",
            id="an added asset",
        ),
        pytest.param(
            lambda f: (f / "~$01-termination-letter.docx").write_text("x"), "~$01-", "doesn't name it", id="a lock file"
        ),
        pytest.param(lambda f: (f / "link").symlink_to("mimetype"), "link", "not a file", id="a link"),
        pytest.param(lambda f: os.mkfifo(f / "assets" / "pipe"), "assets/pipe", "not a file", id="a pipe"),
        pytest.param(
            lambda f: ((f / LOAF).unlink(), (f / LOAF).symlink_to("/etc/hostname")),
            LOAF,
            "not a file",
            id="a link in place",
        ),
        pytest.param(
            lambda f: (f / "mimetype").write_bytes(b"text/plain"), "mimetype", "type of a bundle", id="another type"
        ),
    ],
)
def test_a_folder_that_isnt_as_signed_is_refused(folder, change, entry, why):
    change(folder)
    with pytest.raises(BundleError, match=why) as refused:
        judged(read_folder(folder))
    assert refused.value.entry.startswith(entry)


def test_all_that_nobody_signed_is_named_at_once(folder):
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text("x")
    with pytest.raises(BundleError, match=r"so are b\.txt, c\.txt"):
        read_folder(folder)


def test_names_that_a_file_system_decomposed_are_the_signed_ones(folder):
    (folder / ACCENTED).rename(folder / unicodedata.normalize("NFD", ACCENTED))
    assert judged(read_folder(folder)).trust is Trust.MATCHED


def test_a_split_bundle_in_one_folder_is_checked_with_its_second_zip(split, tmp_path):
    for path in split:
        with zipfile.ZipFile(path) as zip_:
            zip_.extractall(tmp_path / "both")
    found = judged(read_folder(tmp_path / "both"))
    assert found.trust is Trust.MATCHED
    assert {entry.name for entry in found.second} == {LOAF}
    (tmp_path / "both" / LOAF).write_bytes(b"changed")
    with pytest.raises(BundleError, match="isn't what was sealed") as refused:
        judged(read_folder(tmp_path / "both"))
    assert refused.value.clause == "13.5"
    shutil.rmtree(tmp_path / "both" / "assets")
    assert any("was not checked" in check.words for check in judged(read_folder(tmp_path / "both")).checks)


# Zipped again


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="sorted, with today's date"),
        pytest.param({"compress": 0}, id="not compressed"),
        pytest.param({"folders": True}, id="with folders"),
        pytest.param({"prefix": "handover/"}, id="the folder itself"),
        pytest.param({"prefix": "Desktop/acme/handover/"}, id="the folder with those around it"),
        pytest.param({"spell": lambda name: unicodedata.normalize("NFD", name)}, id="names as macOS has them"),
        pytest.param({"spell": lambda name: name.replace("/", "\\")}, id="backslashes"),
        pytest.param({"date": (1980, 1, 1, 0, 0, 0)}, id="with our own dates, in another order"),
        pytest.param({"date": (1980, 1, 1, 0, 0, 0), "prefix": "x/"}, id="with our own dates, in a folder"),
    ],
)
def test_a_bundle_that_was_zipped_again_is_told(folder, how):
    found = judged(read_given(io.BytesIO(packed(folder, **how))))
    assert (found.form, found.trust) == (Form.REZIPPED, Trust.MATCHED)
    with pytest.raises(ZippedAgain, match="every file is as signed; the zip around them was made anew") as told:
        found.require_original()
    assert told.value.exit_status == 4


def test_what_a_system_put_into_the_zip_is_passed_over_and_not_extracted(folder, tmp_path, said):
    (tmp_path / "mac.zip").write_bytes(packed(with_system_files(folder), prefix="handover/"))
    status, text = said("open", tmp_path / "mac.zip", "-o", tmp_path / "opened", "--fingerprint", OWN)
    assert (status, "the zip around them was made anew" in text) == (0, True)
    assert (tmp_path / "opened" / ACCENTED).read_text(encoding="utf-8") == "soleil"
    assert not list((tmp_path / "opened").rglob(".DS_Store")) + list((tmp_path / "opened").rglob("Thumbs.db"))


def test_in_the_order_and_with_the_metadata_that_we_write_it_is_the_bundle(made, folder):
    with zipfile.ZipFile(made) as bundle:
        names = bundle.namelist()
    data = bytearray(packed(folder, names, date=(1980, 1, 1, 0, 0, 0), compress=0))
    assert judged(read_given(io.BytesIO(bytes(data)))).form is Form.ORIGINAL


def twice(folder):
    data = io.BytesIO(packed(folder))
    with zipfile.ZipFile(data, "a") as target, pytest.warns(UserWarning, match="Duplicate name"):
        target.writestr("handover.json", b"{}")
    return data.getvalue()


def relabelled(folder):
    """One name in the directory, another one before the content: programs differ in which they take."""
    data = packed(folder)
    at = data.index(b"assets/Photos/loaf.txt")
    return data[:at] + b"assets/Photos/evil.txt" + data[at + 22 :]


def encrypted(folder):
    data = bytearray(packed(folder))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(start) + (6 if start[2] == 3 else 8)] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("zip_", "why"),
    [
        pytest.param(lambda f: b"#!/bin/sh\n" + packed(f), "before or between its files", id="something before it"),
        pytest.param(lambda f: packed(f) + b"x" * 30, "after its files", id="something after it"),
        pytest.param(relabelled, "differs from place to place", id="two names for one file"),
        pytest.param(twice, "it's there twice", id="one name for two files"),
        pytest.param(encrypted, "the zip itself encrypts it", id="encrypted by the zip"),
        pytest.param(
            lambda f: packed(f, compress=zipfile.ZIP_BZIP2), "not every program reads", id="a rare compression"
        ),
        pytest.param(
            lambda f: ((f / "evil.exe").write_text("x"), packed(f))[1],
            "doesn't name it",
            id="with a file that nobody signed",
        ),
        pytest.param(
            lambda f: ((f / LOAF).write_text("forged"), packed(f))[1],
            "its content has changed",
            id="with a changed file",
        ),
        pytest.param(lambda f: ((f / LOAF).unlink(), packed(f))[1], "which isn't there", id="with a file missing"),
        pytest.param(lambda f: ((f / SUMS_NAME).unlink(), packed(f))[1], "it is missing", id="without its list"),
        pytest.param(lambda f: packed(f, prefix="../../"), "it is missing", id="in a folder above"),
    ],
)
def test_a_zip_made_anew_that_isnt_as_signed_is_refused(folder, zip_, why):
    with pytest.raises(BundleError, match=why):
        judged(read_given(io.BytesIO(zip_(folder))))


def test_what_a_zip_made_anew_may_take_is_counted_before_it_is_inflated(folder, monkeypatch):
    from handover.bundle.read import rezipped

    data = packed(folder)
    monkeypatch.setattr(rezipped, "_LIMITS", Limits(free_total=1000, ratio=1))
    with pytest.raises(BundleError, match="at most") as refused:
        read_given(io.BytesIO(data))
    assert refused.value.clause == "13.3"
    monkeypatch.setattr(rezipped, "LARGEST_DIRECTORY", 100)
    with pytest.raises(BundleError, match="more files than are accepted"):
        read_given(io.BytesIO(data))


# Damaged


def test_every_damage_to_a_bundles_own_zip_is_damage_and_not_another_program(made):
    """Each byte of the structures around the files, changed: never "made anew"."""
    data = made.read_bytes()
    with zipfile.ZipFile(made) as bundle:
        infos, start = bundle.infolist(), bundle.start_dir
    places = {start + at for at in range(0, len(data) - start, 7)}
    places |= {info.header_offset + at for info in infos[:4] for at in range(30)}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 0x41
        with pytest.raises(BundleError):
            judged(read_given(io.BytesIO(bytes(changed))))


@pytest.mark.parametrize("extra", [b"\0", b"x" * 1000, b"PK\5\6" + b"\0" * 18])
def test_a_bundle_with_something_around_it_is_no_bundle_made_anew(made, extra):
    data = made.read_bytes()
    for padded in (extra + data, data + extra):
        with pytest.raises(BundleError) as refused:
            judged(read_given(io.BytesIO(padded)))
        assert refused.value.clause.startswith("2.")


def test_the_strict_reader_alone_judges_what_we_write(folder):
    """`build` verifies with it: what only the lenient one takes would be a fault of the packer."""
    with pytest.raises(BundleError):
        judged(io.BytesIO(packed(folder)))


# Through the command line


def test_verify_tells_the_three_forms_by_exit_status(made, folder, tmp_path, said):
    (tmp_path / "again.zip").write_bytes(packed(folder))
    (tmp_path / "cut.zip").write_bytes(made.read_bytes()[:-40])
    named = ["--fingerprint", OWN]
    assert [said("verify", p, *named)[0] for p in (made, folder, tmp_path / "again.zip", tmp_path / "cut.zip")] == [
        0,
        0,
        4,
        1,
    ]
    assert [said("verify", p)[0] for p in (made, folder, tmp_path / "again.zip", tmp_path / "cut.zip")] == [3, 3, 4, 1]
    status, text = said("verify", tmp_path / "again.zip", "--fingerprint", "ab" * 32)
    assert (status, "isn't one that you named" in text) == (3, True)


def test_a_bundle_zipped_again_isnt_sent(folder, tmp_path, said):
    (tmp_path / "again.zip").write_bytes(packed(folder))
    root = make_project(tmp_path / "acme")
    words = ["--project", root, "--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE)]
    status, text = said("send", tmp_path / "again.zip", *words)
    assert (status, "attach the zip that `handover build` wrote" in text) == (4, True)
    assert not list(tmp_path.glob("*.eml"))


def text_file(path, content=b"x"):
    path.write_bytes(content)
    return path


def zip_of(path, *names):
    with zipfile.ZipFile(path, "w") as target:
        for name in names:
            target.writestr(name, b"x")
    return path


def project(path):
    return make_project(path)


def around(path):
    (path / "inner" / "META-INF").mkdir(parents=True)
    (path / "inner" / SUMS_NAME).write_bytes(b"")
    return path


STRANGERS = [
    pytest.param(
        lambda p: zip_of(p / "a.zip", "a.txt"), "a zip of something else (a.txt)", id="a zip of something else"
    ),
    pytest.param(lambda p: text_file(p / "l.docx", letter()), "a Word document", id="a Word document"),
    pytest.param(
        lambda p: zip_of(p / "l.docx", "[Content_Types].xml", "word/document.xml", "_xmlsignatures/sig1.xml"),
        "a Word document with a signature of its own",
        id="a signed letter",
    ),
    pytest.param(
        lambda p: zip_of(p / "b.xlsx", "[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook", id="a workbook"
    ),
    pytest.param(
        lambda p: zip_of(p / "s.zip", "assets/a.png", "assets/b.png"), "second zip of a split", id="the second zip"
    ),
    pytest.param(
        lambda p: zip_of(p / "o.asice", "mimetype", "a.pdf", "META-INF/ASiCManifest.xml"),
        "of another program",
        id="ASiC",
    ),
    pytest.param(
        lambda p: text_file(p / "i.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "an encrypted or an old Office",
        id="the inventory",
    ),
    pytest.param(lambda p: text_file(p / "a.pdf", b"%PDF-1.7\n"), "a PDF", id="a PDF"),
    pytest.param(
        lambda p: text_file(p / "m.msg", b"To: a@b.example\nSubject: x\nContent-Type: text/plain\n\nx"),
        "an e-mail",
        id="an e-mail",
    ),
    pytest.param(lambda p: text_file(p / "s.html", b"<!doctype html><title>x"), "a web page", id="the start page"),
    pytest.param(
        lambda p: text_file(p / "a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40)),
        "another kind",
        id="an archive of another kind",
    ),
    pytest.param(lambda p: text_file(p / "e.zip", b""), "it's empty", id="nothing"),
    pytest.param(lambda p: text_file(p / "t.zip", b"hello " * 20), "it's no zip", id="text"),
    pytest.param(
        lambda p: text_file(p / "c.zip", b"PK\x03\x04" + bytes(90)), "was cut short", id="the beginning of a zip"
    ),
]
FOLDERS = [
    pytest.param(lambda p: project(p / "acme"), "a project's folder", id="a project"),
    pytest.param(lambda p: (zip_of(p / "b.zip", "a"), p)[1], "a folder with zips in it", id="out/"),
    pytest.param(lambda p: around(p), "the folder around one", id="the folder around it"),
    pytest.param(lambda p: p, "without handover.json", id="an empty folder"),
]


@pytest.mark.parametrize(("make", "what"), [*STRANGERS, *FOLDERS])
def test_what_isnt_ours_hears_so_first(make, what, tmp_path, said):
    (tmp_path / "given").mkdir()
    status, text = said("verify", make(tmp_path / "given"))
    assert status == 1
    assert "this isn't a handover bundle: " in text
    assert what in text
    assert "(format" not in text


@pytest.mark.parametrize(("make", "what"), STRANGERS)
@pytest.mark.parametrize("command", ["open", "send"])
def test_open_and_email_say_the_same(make, what, tmp_path, said, command):
    (tmp_path / "given").mkdir()
    given = make(tmp_path / "given")
    expected = 1
    if command == "send" and given.suffix == ".docx":
        # One that `write` made can be sent by itself: what it lacks is a project, and what opens no letter.
        status, text = said(command, given)
        assert (status, "there is no project beside it" in text) == (2, True), text
        what, expected = "--passphrase-file belongs to a bundle", 2
    elif command == "send" and given.suffix != ".zip":
        what, expected = "is neither a bundle nor a document for the client", 2
    more = (
        ["-o", tmp_path / "opened"]
        if command == "open"
        else ["--passphrase-file", secret_file(tmp_path / "pp", PASSPHRASE)]
    )
    status, text = said(command, given, *more)
    assert (status, what in text) == (expected, True), text
    assert not (tmp_path / "opened").exists()


def test_a_folder_isnt_opened_and_is_told_how_it_is_checked(folder, tmp_path, said):
    status, text = said("open", folder, "-o", tmp_path / "opened")
    assert status == 2
    assert f"`handover verify {folder}` checks what is in it" in text


# What handover.json shows


def test_no_digest_of_accounts_invoices_and_vault_is_shown_or_can_be_derived(tmp_path):
    """The identifier is made from what is shown: it confirms no guess at a table either."""
    import json

    root = make_project(tmp_path / "acme")
    first = json.loads(contents(delivered_in(root).path.read_bytes())["handover.json"])
    assert not [name for name in first["inputs"] if "accounts" in name or "invoices" in name or "vault" in name]
    assert {"handover.yaml", "data/metrics.csv"} <= first["inputs"].keys()
    edit(root, "data/invoices.csv", "1240.50", "1240.51")
    second = json.loads(contents(build_in(root, replace=True).path.read_bytes())["handover.json"])
    assert first == second


def test_what_is_zipped_as_we_do_it_and_reordered_is_told_as_made_anew(made, tmp_path):
    entries = contents(made.read_bytes())
    names = list(entries)
    data = zipped({name: entries[name] for name in [*names[:-2], names[-1], names[-2]]}, tmp_path)
    assert judged(read_given(io.BytesIO(data))).form is Form.REZIPPED
