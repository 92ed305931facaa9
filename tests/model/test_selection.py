"""What is left out of a delivery by its name, what brings it back, and that no pattern runs forever."""

import pytest

from handover.bundle.write import scan_assets
from handover.model.selection import LeftOut, Reason, Selection, pattern_problem


def make(root, *paths):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return root


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("photos/.DS_Store", Reason.SYSTEM),
        ("photos/._IMG_1.jpg", Reason.SYSTEM),
        ("THUMBS.DB", Reason.SYSTEM),
        ("a/Desktop.ini", Reason.SYSTEM),
        ("Icon\r", Reason.SYSTEM),
        ("~$Contract.docx", Reason.LOCK),
        (".~lock.Contract.odt#", Reason.LOCK),
        ("~brochure~x1a.idlk", Reason.LOCK),
        (".notes.txt.swp", Reason.LOCK),
        ("film.mp4.crdownload", Reason.LOCK),
        ("site/.git", Reason.VERSIONS),
        ("app/module.pyc", Reason.CACHE),
        ("Plan.gdoc", Reason.POINTER),
        ("Budget.GSHEET", Reason.POINTER),
        (".Film.mov.icloud", Reason.POINTER),
    ],
)
def test_a_file_that_nobody_means_to_deliver_is_left_out(path, reason):
    assert Selection().judge(path, path.rpartition("/")[2], folder=False) is reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("__MACOSX", Reason.SYSTEM),
        ("$RECYCLE.BIN", Reason.SYSTEM),
        ("@eaDir", Reason.SYSTEM),
        (".git", Reason.VERSIONS),
        (".svn", Reason.VERSIONS),
        ("node_modules", Reason.CACHE),
        ("__pycache__", Reason.CACHE),
        ("Catalogue Previews.lrdata", Reason.CACHE),
    ],
)
def test_a_folder_that_nobody_means_to_deliver_is_left_out(name, reason):
    assert Selection().judge(f"x/{name}", name, folder=True) is reason


@pytest.mark.parametrize(
    "path",
    [
        "Icon",
        "icon.png",
        ".htaccess",
        ".gitignore",
        "node_modules.txt",
        "git",
        "plan.docx",
        "gdoc",
        "a~b.txt",
        "$x.txt",
    ],
)
def test_an_ordinary_file_is_delivered(path):
    assert Selection().judge(path, path, folder=False) is None


def test_a_folder_that_is_left_out_counts_once_and_its_links_and_names_are_nobodys_business(tmp_path):
    make(tmp_path, "a.txt", "site/node_modules/x/con.js")
    (tmp_path / "site/node_modules/x/link").symlink_to("/")

    found = scan_assets(tmp_path)

    assert [source.path for source in found.sources] == ["a.txt"]
    assert found.left_out == [LeftOut("site/node_modules/", Reason.CACHE)]
    assert [finding.rule for finding in found.findings] == ["asset.left-out"]


def test_what_is_left_out_is_told_by_kind_with_its_count(tmp_path):
    make(tmp_path, *(f"{n}/.DS_Store" for n in range(7)), "Brief.gdoc")

    system, pointer = scan_assets(tmp_path).findings

    assert system.message.startswith("7 left out (a system's own file): assets/0/.DS_Store, ")
    assert system.message.endswith(" and 2 more")
    assert (pointer.rule, "assets/Brief.gdoc" in pointer.message) == ("asset.pointer", True)
    assert "export" in pointer.hint


@pytest.mark.parametrize(
    ("selection", "delivered"),
    [
        pytest.param(Selection(), ["keep.psd", "raw/a.psd", "raw/b.txt"], id="by default"),
        pytest.param(Selection(exclude=["raw/"]), ["keep.psd"], id="a folder"),
        pytest.param(Selection(exclude=["*.psd", "!keep.psd"]), ["keep.psd", "raw/b.txt"], id="a kind but one"),
        pytest.param(Selection(exclude=["/keep.psd"]), ["raw/a.psd", "raw/b.txt"], id="at the top"),
        pytest.param(
            Selection(include=[".git/"]), [".git/.DS_Store", ".git/config", "keep.psd", "raw/a.psd", "raw/b.txt"],
            id="version control on purpose, with all that is in it",
        ),
        pytest.param(
            Selection(include=["node_modules/own.js"]), ["keep.psd", "node_modules/own.js", "raw/a.psd", "raw/b.txt"],
            id="one file of a folder that is left out",
        ),
        pytest.param(
            Selection(include=["node_modules/"], exclude=["other.js"]),
            ["keep.psd", "node_modules/own.js", "raw/a.psd", "raw/b.txt"],
            id="what is excluded stays so",
        ),
    ],
)  # fmt: skip
def test_patterns_decide(tmp_path, selection, delivered):
    make(tmp_path, "keep.psd", "raw/a.psd", "raw/b.txt", ".git/config", ".git/.DS_Store")
    make(tmp_path, "node_modules/own.js", "node_modules/other.js")

    found = scan_assets(tmp_path, selection)

    assert sorted(source.path for source in found.sources) == delivered


def test_what_one_excludes_oneself_is_listed_without_a_warning(tmp_path):
    make(tmp_path, ".DS_Store", "raw/a")

    found = scan_assets(tmp_path, Selection(exclude=["raw/", ".DS_Store"]))

    assert found.findings == []
    assert found.left_out == [LeftOut(".DS_Store", Reason.EXCLUDED), LeftOut("raw/", Reason.EXCLUDED)]


@pytest.mark.parametrize(
    "pattern", ["!", "# a comment", "*a*a*a", "**/a/**/b/**/c", "a/*b**c*d"], ids=lambda pattern: pattern
)
def test_a_pattern_that_says_nothing_or_could_take_forever_is_objected_to(pattern):
    assert pattern_problem(pattern)
    assert Selection(exclude=[pattern]).judge("a", "a", folder=False) is None


@pytest.mark.parametrize("pattern", ["raw/", "*.psd", "!keep.psd", "/film.mp4", "**/cache/**", "IMG_*_raw*"])
def test_an_ordinary_pattern_is_good(pattern):
    assert pattern_problem(pattern) == ""
