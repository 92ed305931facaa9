"""The language that the program speaks: chosen by `--lang` or the locale, and then everywhere the same."""

import json
import re

import click
import pytest

from building import isolate, make_project
from handover.cli import COMMANDS, cli, run
from handover.cli.language import use_language, worded_command
from handover.cli.terminal import worded
from handover.model.message import msg
from template_making import letter, p

ENGLISH = re.compile(
    r"\b(the|is|isn't|isn’t|are|aren't|of|and|with|without|must|write|this|that|has|have|it|its|from|be|was|can't|"
    r"doesn't|there|which|but|file|folder|missing|usage:|error|warning|default|more)\b",
    re.IGNORECASE,
)
"""Common English words, none of which is a French one."""

TYPED = re.compile(
    r"`[^`]*`|^  write  |handover write|'[^']*'|/\S+|--?[a-z][\w-]*"
    r"|\S+\.(?:docx|html|xlsx|yaml|csv|json|toml)\S*|\[[a-z|]+\]"
)
"""What is typed, or names a file."""


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    use_language([], {})


@pytest.fixture
def french(monkeypatch, tmp_path):
    isolate(monkeypatch, tmp_path)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


def english_words(text: str) -> list[str]:
    return [line for line in text.splitlines() if ENGLISH.search(TYPED.sub("", line))]


@pytest.mark.parametrize(
    ("args", "environ", "spoken"),
    [
        pytest.param([], {}, "nothing to correct", id="nothing set"),
        pytest.param([], {"LANG": "fr_FR.UTF-8"}, "rien à corriger", id="LANG"),
        pytest.param(
            [], {"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "C"}, "nothing to correct", id="LC_MESSAGES before LANG"
        ),
        pytest.param([], {"LC_MESSAGES": "en_GB", "LC_ALL": "fr"}, "rien à corriger", id="LC_ALL before LC_MESSAGES"),
        pytest.param([], {"LC_ALL": "", "LANG": "fr"}, "rien à corriger", id="an empty one is none"),
        pytest.param([], {"LC_ALL": "POSIX", "LANG": "fr"}, "nothing to correct", id="POSIX is English"),
        pytest.param([], {"LC_ALL": "fr_CA@euro"}, "rien à corriger", id="a modifier"),
        pytest.param([], {"LC_ALL": "xx_XX.UTF-8"}, "nothing to correct", id="a language without words"),
        pytest.param([], {"LC_ALL": "../../x"}, "nothing to correct", id="no locale at all"),
        pytest.param(["--lang", "en"], {"LC_ALL": "fr"}, "nothing to correct", id="--lang before all"),
        pytest.param(["--lang=fr", "build"], {"LC_ALL": "C"}, "rien à corriger", id="--lang with ="),
        pytest.param(["--help", "--lang", "fr"], {}, "rien à corriger", id="--lang after --help"),
        pytest.param(["validate", "--lang", "fr"], {}, "nothing to correct", id="a command's own --lang"),
    ],
)
def test_the_language_is_chosen_by_the_option_then_the_locale(args, environ, spoken):
    use_language(args, environ)
    assert worded(msg("nothing to correct")) == spoken


def test_a_broken_project_is_told_in_french(french, tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    settings = root / "handover.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("voice:", "voicee:") + "\nowner: x\n", "utf-8")
    (root / "data/pending.csv").write_text('name,due_date\nx,31/02/2026\n"a\n', "utf-8")
    (root / "data/metrics.csv").write_text("date,metric,value\n2026-13,visitors,abc\n2025-01,leeds,1\n", "utf-8")
    (root / "assets/id_rsa").write_text("secret", "utf-8")
    (root / "vault.xlsx").write_bytes(b"PK\3\4")
    assert run(["validate", str(root)]) == 1
    told = capfd.readouterr()
    assert "erreur" in told.err
    assert "la colonne `project` manque" in told.err
    assert english_words(told.out + told.err) == []


def test_a_faulty_template_is_told_in_french(french, tmp_path, capfd):
    template = tmp_path / "letter.docx"
    hidden = p("les frais doublent").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    template.write_bytes(letter(hidden + p("{{ clientt.name }}") + p("{% if enclosures %}x{% endif %}")).bytes())
    assert run(["validate", str(template)]) == 1
    told = capfd.readouterr().err
    assert "contient du texte masqué" in told
    assert english_words(told) == []


def test_a_draft_is_built_in_french(french, tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    assert run(["build", str(root), "--draft", "--date", "2026-03-02"]) == 0
    told = capfd.readouterr()
    assert "Ceci est un brouillon" in told.out
    assert english_words(told.out + told.err) == []


def every_command() -> list[list[str]]:
    """Each command and each of its own, as it's typed."""
    found = [[]]
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        found.append([name])
        if isinstance(command, click.Group):
            found += [[name, inner] for inner in command.list_commands(click.Context(command))]
    return found


@pytest.mark.parametrize("command", every_command(), ids=lambda words: " ".join(words) or "handover")
def test_the_help_of_every_command_is_french(french, command, capfd):
    assert run([*command, "--help"]) == 0
    told = capfd.readouterr().out
    assert told.startswith("Usage\u00a0: handover")
    assert not re.search(r"\b(DIR|PROJECT|FILE|FOLDER|BUNDLE)\b", told)  # what its usage calls otherwise
    assert english_words(told) == []


def test_the_list_of_documents_is_french_and_so_is_what_stands_for_a_value(french, capfd):
    assert run(["write", "--list"]) == 0
    assert english_words(capfd.readouterr().out) == []
    assert run(["open", "--help"]) == 0
    assert "LIVRAISON [FICHIERS]" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(
            ["buld"], "erreur\u00a0: il n’y a pas de commande `buld`\u202f; vouliez-vous dire `build`", id="command"
        ),
        pytest.param(["build", "--foo"], "il n’y a pas d’option '--foo'", id="an unknown option"),
        pytest.param(["build", "--workers", "x"], "n’est pas une valeur du type", id="a wrong value"),
        pytest.param(["verify"], "argument manquant 'LIVRAISON|DOSSIER'", id="a missing argument"),
        pytest.param(["verify", "absent.zip"], "absent.zip\u00a0: ", id="a missing file"),
    ],
)
def test_wrong_usage_is_told_in_french(french, args, told, capfd):
    assert run(args) != 0
    said = capfd.readouterr().err
    assert told in said
    assert english_words(said) == []


@pytest.mark.parametrize(
    ("name", "said"), [("Inès Moreau", "la clé d’Inès Moreau est"), ("Claire Le Goff", "la clé de Claire Le Goff est")]
)
def test_a_name_is_joined_to_what_stands_before_it_as_french_does(name, said):
    use_language([], {"LC_ALL": "fr_FR.UTF-8"})
    told = msg("the key of {owner} is pinned; its fingerprint, for whoever asks by phone:", owner=name)
    assert said in worded(told)


def test_the_option_wins_over_the_locale(french, tmp_path, capfd):
    assert run(["--lang", "en", "validate", str(tmp_path)]) == 2
    assert "there is nothing to validate" in capfd.readouterr().err


def test_a_language_that_isnt_spoken_is_refused_with_those_that_are(french, capfd):
    assert run(["--lang", "xx", "build"]) == 2
    assert "en, fr" in capfd.readouterr().err


def test_what_programs_read_stays_english(french, tmp_path, capfd):
    root = make_project(tmp_path / "acme")
    (root / "vault.xlsx").unlink()
    assert run(["validate", str(root), "--format", "json"]) == 1
    findings = json.loads(capfd.readouterr().out)["findings"]
    assert "vault.xlsx is missing: it holds the credentials, encrypted" in [one["message"] for one in findings]


def test_wording_a_command_leaves_the_original_alone(french):
    use_language(["--lang", "fr"], {})
    assert worded_command(cli).params[1].help != cli.params[1].help
