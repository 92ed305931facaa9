"""`handover setup`: from options, from a file, asked on a terminal, run again; nothing is lost, nothing half done."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from building import KEY_PASSWORD, isolate, key_file, secret_file
from handover.cli import cli, run
from handover.model.secret import Secret
from handover.project.agency_answers import proposed, value_at
from handover.seal.certificates import fingerprint
from photographs import photograph
from signing_samples import owner

PASSWORD = Secret("tulip harbour mimosa fennel quartz lantern biscuit")
SENDER = [
    "--name", "Rivers & Sons", "--address", "12 Harbour Street", "--address", "Whitby YO22 4ET",
    "--email", "hello@rivers.example", "--owner", "Ada Marsh", "--title", "Director",
]  # fmt: skip
PIN = "ab" * 32


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch, tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def said(capfd, tmp_path):
    def execute(*words: object) -> tuple[int, str]:
        capfd.readouterr()
        status = run(["setup", str(tmp_path / "w"), *map(str, words)])
        out, err = capfd.readouterr()
        assert PASSWORD.reveal() not in out + err
        return status, out + err

    return execute


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Answer on a terminal: each line typed, in order."""
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)

    def execute(lines: list[str], *words: object) -> Result:
        command = ["setup", str(tmp_path / "w"), *map(str, words)]
        return CliRunner().invoke(cli, command, "".join(f"{line}\n" for line in lines))

    return execute


def agency(tmp_path: Path) -> bytes:
    return (tmp_path / "w" / "agency.yaml").read_bytes()


def logo(path: Path, colour: str = "#1450A0") -> Path:
    Image.new("RGB", (40, 20), colour).save(path)
    return path


def test_options_alone_make_a_workspace(said, tmp_path):
    status, text = said(*SENDER, "--currency", "CHF", "--colour", "#1450A0", "--no-input")

    assert status == 0, text
    content = agency(tmp_path)
    assert value_at(content, ("agency", "name")) == "Rivers & Sons"
    assert value_at(content, ("agency", "address")) == ("12 Harbour Street", "Whitby YO22 4ET")
    assert value_at(content, ("options", "currency")) == "CHF"
    assert content.decode().count("#") > 30  # the comments are there
    assert (tmp_path / "w" / ".schema" / "agency.json").is_file()
    assert f"next: handover new SOURCE {tmp_path / 'w' / 'CLIENT'}" in text
    assert run(["validate", str(tmp_path / "w")]) == 0


@pytest.mark.parametrize(
    ("address", "town"),
    [
        (["12 Harbour Street", "Whitby YO22 4ET"], "Whitby"),
        (["4 rue des Carmes", "35000 Rennes"], "Rennes"),
        (["4 rue des Carmes, 35000 Rennes"], "Rennes"),
        (["4 rue des Carmes; 35000 Rennes"], "Rennes"),
        (["Bahnhofstrasse 1", "CH-8001 Zürich"], "Zürich"),
    ],
)
def test_letters_are_signed_in_the_town_of_the_address_unless_another_is_named(said, tmp_path, address, town):
    lines = [word for line in address for word in ("--address", line)]
    status, text = said(*SENDER[:2], *lines, *SENDER[6:], "--no-input")
    assert status == 0, text
    assert value_at(agency(tmp_path), ("letter", "place")) == town
    assert ";" not in "".join(value_at(agency(tmp_path), ("agency", "address")))
    assert f"letters are signed in {town}, where the address is" in " ".join(text.split())

    assert said("--place", "Leeds", "--no-input")[0] == 0
    assert value_at(agency(tmp_path), ("letter", "place")) == "Leeds"


def test_an_address_without_a_town_leaves_the_place_to_validate(said, tmp_path):
    status, text = said(*SENDER[:2], "--address", "The Old Mill", *SENDER[6:], "--no-input")
    assert status == 0, text
    assert value_at(agency(tmp_path), ("letter", "place")) == ""


def test_where_an_answer_is_missing_no_key_is_made(said, tmp_path):
    password = secret_file(tmp_path / "kp", KEY_PASSWORD)
    status, text = said(*SENDER[:6], *SENDER[8:], "--key", "new", "--key-passphrase-file", password)

    assert status == 2, text
    assert "there are answers missing: --email" in " ".join(text.split())
    assert not list(tmp_path.rglob("owner.p12"))


def test_what_is_missing_is_told_at_once_and_nothing_is_written(said, tmp_path):
    status, text = said("--name", "Rivers", "--logo", logo(tmp_path / "l.png"), "--no-input")
    assert status == 2
    assert "--address, --email, --owner" in text
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        pytest.param(["--email", "nobody"], 1, "`agency.email`", id="an address that is none"),
        pytest.param(["--currency", "Euro"], 1, "`options.currency`", id="a currency that is none"),
        pytest.param(["--colour", "blue"], 1, "`brand.colour`", id="a colour in words"),
        pytest.param(["--language", "xx"], 2, "no documents in xx", id="a language without templates"),
        pytest.param(["--language", "en", "--locale", "fr_FR"], 1, "`locale`", id="another language's variant"),
        pytest.param(["--key", "later.p12"], 1, "no key file", id="a key that isn't there"),
        pytest.param(["--logo", __file__], 2, "neither a PNG nor a JPEG", id="a logo that is none"),
        pytest.param(["--signature-image", __file__], 2, "neither a PNG nor a JPEG", id="a picture that is none"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(said, tmp_path, words, status, message):
    found, text = said(*SENDER, *words, "--no-input")
    assert (found, message in text) == (status, True), text
    assert not (tmp_path / "w").exists()


def test_all_wrong_answers_are_told_together(said):
    text = said(*SENDER, "--email", "nobody", "--colour", "blue", "--no-input")[1]
    assert "`agency.email`" in text
    assert "`brand.colour`" in text


def test_a_file_answers_everything_and_one_owner_of_two_signs_elsewhere(said, tmp_path):
    logo(tmp_path / "logo.png")
    (tmp_path / "sign.jpg").write_bytes(photograph())
    (tmp_path / "answers.yaml").write_text(
        "language: fr\nname: Atelier Rivage\naddress: [14 quai, 33000 Bordeaux]\nemail: b@rivage.example\n"
        "registration: [SAS au capital de 20 000 €]\nplace: Bordeaux\nlogo: logo.png\nowners:\n"
        "  - {name: Claire Delmas, title: Gérante, key: new, signature_image: sign.jpg}\n"
        f"  - {{name: Paul Rivière, title: Associé, key: '{PIN}'}}\n",
        encoding="utf-8",
    )
    secret = secret_file(tmp_path / "pw", PASSWORD)
    status, text = said("--answers", tmp_path / "answers.yaml", "--key-passphrase-file", secret, "--no-input")

    assert status == 0, text
    content = agency(tmp_path)
    assert value_at(content, ("language",)) == "fr"
    assert value_at(content, ("brand", "logo")) == "brand/logo.png"
    assert value_at(content, ("brand", "colour")) == "#1450A0"  # the logo's
    assert len(str(value_at(content, ("owners", 0, "pin")))) == 64
    assert value_at(content, ("owners", 1, "pin")) == PIN
    assert (tmp_path / "w" / "brand" / "logo.png").is_file()
    kept = [path for path in tmp_path.rglob("owner*") if path.is_file()]
    assert {path.name for path in kept} == {"owner.p12", "owner.png", "owner-preview.png"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    ink = next(path for path in kept if path.name == "owner.png").read_bytes()
    assert Image.open(io.BytesIO(ink)).mode == "RGBA"
    assert run(["validate", str(tmp_path / "w")]) == 0


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        pytest.param("nam: x", "did you mean", id="a misspelt question"),
        pytest.param("name: [x]", "one value", id="a list for one value"),
        pytest.param("owners: [{title: Boss}]", "no `name`", id="an owner without a name"),
        pytest.param("owners: [{name: A, pine: x}]", "the answers are", id="a misspelt word of an owner's"),
        pytest.param("owners: {name: A, pine: x}", "question `pine`", id="the same of one owner without a hyphen"),
        pytest.param("name: [", "bracket", id="no YAML"),
    ],
)
def test_a_wrong_file_of_answers_is_told(said, tmp_path, answers, message):
    (tmp_path / "a.yaml").write_text(answers)
    status, text = said("--answers", tmp_path / "a.yaml", "--no-input")
    assert (status, message in text) == (1, True), text


def test_run_again_it_changes_one_thing_and_no_other_line(said, tmp_path):
    said(*SENDER, "--no-input")
    before = (tmp_path / "w" / "agency.yaml").read_text() + "# a remark of ours\n"
    (tmp_path / "w" / "agency.yaml").write_text(before)
    (tmp_path / "w" / "agency.yaml").chmod(0o640)  # colleagues read it

    assert said("--phone", "01947 820 015", "--no-input")[0] == 0

    now = agency(tmp_path).decode()
    changed = [(a, b) for a, b in zip(before.splitlines(), now.splitlines(), strict=True) if a != b]
    assert (tmp_path / "w" / "agency.yaml").stat().st_mode & 0o777 == 0o640
    assert changed == [("  phone:", "  phone: '01947 820 015'")]


def test_run_again_with_another_name_it_adds_an_owner_and_changes_one(said, tmp_path):
    said(*SENDER, "--no-input")
    assert said("--owner", "Ben Okafor", "--title", "Partner", "--key", PIN, "--no-input")[0] == 0
    assert said("--owner", "Ada Marsh", "--title", "Managing director", "--no-input")[0] == 0
    content = agency(tmp_path)
    assert [value_at(content, ("owners", at, "name")) for at in (0, 1)] == ["Ada Marsh", "Ben Okafor"]
    assert value_at(content, ("owners", 0, "title")) == "Managing director"
    assert value_at(content, ("owners", 1, "pin")) == PIN
    assert said("--title", "Boss", "--no-input")[0] == 2  # whose?


def test_a_pin_isnt_replaced_in_passing(said, tmp_path):
    said(*SENDER, "--key", PIN, "--no-input")
    status, text = said("--key", "cd" * 32, "--no-input")
    assert (status, "another key is pinned" in text) == (1, True)
    assert value_at(agency(tmp_path), ("owners", 0, "pin")) == PIN
    assert said("--key", "cd" * 32, "--replace", "--no-input")[0] == 0


def test_a_key_of_an_authority_is_taken_over_and_pinned(said, tmp_path):
    theirs, password = key_file(tmp_path / "theirs.p12"), secret_file(tmp_path / "pw", KEY_PASSWORD)
    status, text = said(*SENDER, "--key", theirs, "--key-passphrase-file", password, "--no-input")
    assert status == 0, text
    assert value_at(agency(tmp_path), ("owners", 0, "pin")) == fingerprint(owner().certificate)
    assert list(tmp_path.rglob("owner.p12"))


def test_a_pale_colour_is_told_with_what_documents_make_of_it(said):
    assert "too pale to be read on white" in said(*SENDER, "--colour", "#F7E018", "--no-input")[1]
    assert "too pale" not in said("--colour", "#1450A0", "--no-input")[1]


def test_a_project_is_no_workspace(said, tmp_path):
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "handover.yaml").touch()
    status, text = said(*SENDER, "--no-input")
    assert (status, "this is one client's project" in text) == (2, True)


ASKED = [
    "fr", "", "Atelier Rivage", "nous", "14 quai des Salinières; 33000 Bordeaux", "nobody", "b@rivage.example",
    "05 56 00 00 00", "", "SAS au capital de 20 000 €; SIRET 123", "Bordeaux", "", "fr",
]  # fmt: skip
"""Language, variant, name, voice, address, e-mail (a wrong one first), phone, site, mentions, town, currency, law."""


def test_on_a_terminal_it_asks_in_plain_words_and_shows_what_it_proposes(typed, tmp_path):
    answers = [*ASKED, str(logo(tmp_path / "l.png")), "", "Claire Delmas", "Gérante", "", "", "n", "later"]
    result = typed(answers)

    assert result.exit_code == 0, result.output
    content = agency(tmp_path)
    assert value_at(content, ("agency", "address")) == ("14 quai des Salinières", "33000 Bordeaux")
    assert value_at(content, ("agency", "registration")) == ("SAS au capital de 20 000 €", "SIRET 123")
    assert value_at(content, ("agency", "email")) == "b@rivage.example"
    assert value_at(content, ("brand", "colour")) == "#1450A0"
    assert value_at(content, ("owners", 0, "name")) == "Claire Delmas"
    assert "the one colour of your documents [#1450A0]" in result.output
    assert "write one e-mail address" in result.output
    assert "no key can sign yet for Claire Delmas" in result.output


def test_a_key_elsewhere_is_pinned_once_its_fingerprint_was_compared(typed, tmp_path):
    before = [*ASKED, "", "", "Claire Delmas", "Gérante", "", "", "n", PIN]
    result = typed([*before, "n"])
    assert result.exit_code == 0, result.output
    assert value_at(agency(tmp_path), ("owners", 0, "pin")) == ""
    assert "abab abab" in result.output

    assert typed(["y"], "--owner", "Claire Delmas", "--key", PIN).exit_code == 0
    assert value_at(agency(tmp_path), ("owners", 0, "pin")) == PIN


def test_a_key_is_made_and_the_photographed_signature_kept_beside_it(typed, tmp_path):
    photo = tmp_path / "sign.jpg"
    photo.write_bytes(photograph(shade=150))
    better = tmp_path / "better.jpg"
    better.write_bytes(photograph())
    password = PASSWORD.reveal()
    keys = ["new", str(photo), str(better), password, password]
    result = typed([*ASKED, "", "", "Claire Delmas", "Gérante", "", "", "n", *keys])

    assert result.exit_code == 0, result.output
    assert "something else than paper" in result.output
    assert password not in result.output
    assert len(str(value_at(agency(tmp_path), ("owners", 0, "pin")))) == 64
    (kept,) = tmp_path.rglob("owner.png")
    assert Image.open(io.BytesIO(kept.read_bytes())).mode == "RGBA"


def test_interrupted_nothing_that_was_answered_is_lost(typed, tmp_path):
    assert typed(ASKED[:7]).exit_code != 0  # the terminal is closed
    assert value_at(agency(tmp_path), ("agency", "name")) == "Atelier Rivage"

    # Enter takes what was answered before.
    rest = ["", "", "", "", "", "", *ASKED[7:], "", "", "Claire Delmas", "Gérante", "", "", "n", "later"]
    result = typed(rest)
    assert result.exit_code == 0, result.output
    assert value_at(agency(tmp_path), ("agency", "name")) == "Atelier Rivage"
    assert value_at(agency(tmp_path), ("letter", "place")) == "Bordeaux"


def test_run_again_on_a_terminal_it_shows_all_and_changes_what_is_chosen(typed, said, tmp_path, monkeypatch):
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: False)
    said(*SENDER, "--phone", "1", "--no-input")
    monkeypatch.setattr("handover.cli.asking.interactive", lambda: True)

    result = typed(["7", "-", "3", "Rivers Ltd", "15", "Ada M. Marsh", "", "", "", "later"])

    assert result.exit_code == 0, result.output
    content = agency(tmp_path)
    assert value_at(content, ("agency", "phone")) == ""
    assert value_at(content, ("agency", "name")) == "Rivers Ltd"
    assert value_at(content, ("owners", 0, "name")) == "Ada M. Marsh"
    assert value_at(content, ("owners", 0, "title")) == "Director"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"LANG": "fr_CH.UTF-8"}, ("fr", "fr_CH", "CHF")),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, ("fr", "fr_FR", "EUR")),
        ({"LANG": "en_US.UTF-8"}, ("en", "en_US", "USD")),
        ({"LANG": "C.UTF-8"}, ("en", "en_GB", "GBP")),
        ({"LANG": "de_DE.UTF-8"}, ("en", "en_GB", "GBP")),
        ({}, ("en", "en_GB", "GBP")),
    ],
)
def test_what_the_computer_speaks_is_proposed(named, expected):
    found = proposed(named)
    assert (found["language"], found["locale"], found["currency"]) == expected
