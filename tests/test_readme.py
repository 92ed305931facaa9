"""README's commands work as they stand there: the tour is run in order, its questions answered as a user would."""

import re
from pathlib import Path

import pytest

import messy_folders

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PASSPHRASE = "riverbank-otterhound-lampshade-candlestick-mossiness-tigress-yielding"
VERIFY_STATUS = 3
"""What `verify` ends with, as the text says, as long as nobody has said whose key is expected."""

Person = pytest.importorskip("terminals", reason="terminals are POSIX's", exc_type=ImportError).Person
TOURS = {
    "README.md": (
        messy_folders.british, "Larkhill Pottery", "studio/larkhill",
        {
            "is all of it right": "yes", "the agency's name": "Tideway Studio Ltd",
            "the postal address": "1 Quay Street; Bristol BS1 4XX", "that clients write to": "hello@tideway.example",
            "who signs the letters": "Jane Morrow", "their role": "Managing Director",
        },
    ),
    "README.fr.md": (
        messy_folders.french, "Maison Kervella", "atelier/kervella",
        {
            "is all of it right": "oui", "who receives it": "Alan Kervella <alan@kervella.example>, 02 97 00 00 20",
            "the language of your documents": "fr", "the agency's name": "Studio Brume",
            "the postal address": "4 rue des Carmes; 35000 Rennes",
            "that clients write to": "bonjour@studio-brume.example",
            "who signs the letters": "Inès Caro", "their role": "Gérante",
        },
    ),
}  # fmt: skip


def tour(readme: str) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks with the output that it shows below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


# The other language's tour is as long: `make interop` takes it.
@pytest.mark.parametrize("readme", ["README.md", pytest.param("README.fr.md", marks=pytest.mark.interop)])
def test_the_tour_runs_from_a_messy_folder_to_the_email(readme, tmp_path):
    make, folder, project, answers = TOURS[readme]
    (tmp_path / folder).mkdir()
    make(tmp_path / folder)
    person = Person(tmp_path, tmp_path / "config")
    person.accepts = True
    person.answers = {
        "a password for the new key": PASSPHRASE,
        "Repeat for confirmation": PASSPHRASE,
        "the password of the key": PASSPHRASE,
        "the vault's passphrase": PASSPHRASE,
        "a passphrase for the new vault": PASSPHRASE,
        "not paid on": "all",
        "delete ": "y",
        **answers,
    }
    commands = tour(readme)
    assert [command.split()[:2] for command, _ in commands][-1] == ["handover", "send"]
    assert len(commands) <= 8
    assert [command.split()[1] for command, _ in commands[:2]] == ["setup", "new"]
    for command, shown in commands:
        before = person.given
        status, said = person.run(command)
        assert status == (VERIFY_STATUS if "verify" in command else 0), f"$ {command}\n{said}"
        # What an agency says once is more than what a client's folder leaves open.
        assert "setup" in command or person.given - before <= 15
        for line in shown:
            assert line in said, f"$ {command}\n{said}"
        words = re.search(r"shows\s+it\s+again\):\s+(\S+(?:-\S+){6})\s", said)
        if words:
            person.answers["the client's passphrase"] = words[1]
    out = tmp_path / project / "out"
    draft = next(out.glob("*.eml")).read_bytes()
    assert draft.startswith(b"X-Unsent: 1\r\n")
    assert person.answers["the client's passphrase"].encode() not in draft
    assert next(out.glob("*-28.txt")).read_text(encoding="utf-8").startswith(("To: ", "À : ", "À : "))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(target):
    assert (ROOT / target).exists()


def test_every_command_that_the_readme_names_exists():
    from handover.cli import COMMANDS

    named = set(re.findall(r"`handover ([a-z]+)", README))
    assert named <= set(COMMANDS)
