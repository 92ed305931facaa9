"""A made-up agency's folder: nothing secret in it leaves unasked, and what only speaks of secrets does."""

import pytest

from building import build_in, make_project
from handover.model.errors import InvalidInput, Severity
from handover.project.leaks.assets import asset_leaks
from handover.project.leaks.patterns import PATTERNS
from handover.project.leaks.plain import Asset, Guard, name_leaks
from handover.project.leaks.project import folder_leaks
from handover.project.read import load_project
from secret_samples import JUNK, ORDINARY, PASSWORD, SECRET_FILES, TOKENS, document


def look_at(path: str, content: bytes):
    entry = f"assets/{path}"
    found = asset_leaks([Asset(entry, len(content), lambda: iter([content]))], Guard(), clock=lambda: 0.0)
    return [finding for finding in (*name_leaks([entry]), *found) if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("path", SECRET_FILES)
def test_a_file_that_holds_a_secret_is_told_without_it(path):
    found = look_at(path, SECRET_FILES[path])

    assert found
    said = " ".join(f"{finding.message} {finding.hint}" for finding in found)
    assert PASSWORD not in said
    assert not any(token in said for token in TOKENS.values())
    assert all(finding.location.file == f"assets/{path}" for finding in found)


@pytest.mark.parametrize("path", ORDINARY)
def test_a_file_that_only_speaks_of_secrets_passes(path):
    assert look_at(path, ORDINARY[path]) == []


@pytest.mark.parametrize("name", TOKENS)
def test_the_line_of_a_token_is_told(name):
    content = b"\n" * 41 + TOKENS[name].encode() + b"\n"
    lines = {finding.location.line for finding in look_at("notes/x.txt", content)}
    assert min(lines) == 42 + TOKENS[name].startswith("[Interface]")


def test_a_token_in_a_long_text_has_the_line_that_it_has_in_the_file():
    content = b"an ordinary line of text\n" * 120_000 + TOKENS["Stripe"].encode()
    assert [finding.location.line for finding in look_at("x.log", content)] == [120_001]


def test_every_pattern_says_where_its_form_is_published():
    assert [pattern.what for pattern in PATTERNS if not pattern.source.startswith("https://")] == []
    assert all(literal == literal.lower() for pattern in PATTERNS for literal in pattern.literals)


@pytest.fixture
def root(tmp_path):
    root = make_project(tmp_path / "acme")
    for path in JUNK:
        write(root, path, b"x")
    for path, content in ORDINARY.items():
        write(root, path, content)
    return root


def write(root, path, content):
    file = root / "assets" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_of_junk_and_secrets_nothing_is_delivered_unasked(root):
    for path, content in SECRET_FILES.items():
        write(root, path, content)

    with pytest.raises(InvalidInput) as by_name:
        build_in(root, draft=True)
    told = {f.location.file for f in by_name.value.findings if f.severity is Severity.ERROR}
    with pytest.raises(InvalidInput) as by_content:
        build_in(root, draft=True, allowed_leaks=frozenset(told))
    told |= {f.location.file for f in by_content.value.findings if f.severity is Severity.ERROR}

    assert told == {f"assets/{path}" for path in SECRET_FILES}
    assert list((root / "out").glob("*.zip")) == []
    assert {f.location.file for f in folder_leaks(load_project(root)) if f.severity is Severity.ERROR} == told


def test_without_the_secrets_the_rest_is_delivered_and_the_junk_is_not(root):
    result = build_in(root, draft=True)

    delivered = {entry.name for entry in result.report.entries}
    assert {f"assets/{path}" for path in ORDINARY} <= delivered
    assert {f"assets/{path}" for path in JUNK} & delivered == set()
    assert len(result.left_out) == len(JUNK)


def test_what_the_settings_allow_by_name_is_delivered_and_reported(root):
    write(root, "site/.env", SECRET_FILES["site/.env"])
    settings = root / "handover.yaml"
    text = settings.read_text()
    assert text.endswith("options:\n  credentials: workbook\n")
    settings.write_text(f"{text}  assets:\n    allow_leaks: [assets/site/.env]\n")

    result = build_in(root, draft=True)

    assert "assets/site/.env" in {entry.name for entry in result.report.entries}
    assert folder_leaks(load_project(root)) == []


# What is internal, and whose it isn't


def test_a_file_of_internal_is_refused_under_any_name(root):
    (root / "internal/evidence").mkdir(parents=True, exist_ok=True)
    (root / "internal/evidence/mail.png").write_bytes(b"\x89PNG\r\n\x1a\n\0 evidence")
    write(root, "photos/harmless.png", b"\x89PNG\r\n\x1a\n\0 evidence")

    assert [f.message for f in folder_leaks(load_project(root))] == ["this is internal/evidence/mail.png, byte by byte"]


SAID = "They have paid every single invoice at least forty days late since March."


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("a.txt", "Minutes.\n\nRuth: they have paid every single\n invoice — at least forty days late!".encode(), id="a text"),
        pytest.param("a.html", b"<p>They&nbsp;have paid every single invoice at least forty days late", id="a page"),
        pytest.param("a.docx", document("Minutes", SAID.upper()), id="a Word document"),
    ],
)  # fmt: skip
def test_a_sentence_of_internal_is_found_in(root, path, content):
    (root / "internal").mkdir(exist_ok=True)
    (root / "internal/reasons.md").write_text(f"# Reasons\n\n{SAID} Nobody else does.\n")
    write(root, path, content)

    (found,) = [f for f in folder_leaks(load_project(root)) if f.severity is Severity.ERROR]

    assert (found.rule, found.location.file) == ("leak.internal-words", f"assets/{path}")
    assert "internal/reasons.md" in found.message


@pytest.mark.parametrize(
    ("noted", "public", "told"),
    [
        pytest.param("{}", "options:\n  passphrase_from: {}.\n", [], id="a fact that the settings hold too"),
        pytest.param("They were told “{}”.", "letter:\n  wishes: {}.\n", [], id="quoted, so that it was said"),
        pytest.param("{}", "letter:\n  wishes: {}.\n", ["leak.internal-words"], id="copied into what the letter says"),
    ],
)
def test_what_internal_says_and_the_settings_say_too_may_leave(root, noted, public, told):
    (root / "internal").mkdir(exist_ok=True)
    sentence = "The website is moved to a server of the client's own in the month of June"
    (root / "internal/notes.md").write_text(noted.format(sentence))
    settings = root / "handover.yaml"
    key = public.partition("\n")[0] + "\n"
    before = settings.read_text()
    settings.write_text(
        before.replace(key, public.format(sentence), 1) if key in before else before + public.format(sentence)
    )
    write(root, "plan.txt", f"Plan: {sentence}".encode())

    assert [finding.rule for finding in folder_leaks(load_project(root))] == told


def test_names_of_other_clients_are_found_in_values_names_and_texts(root):
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates/deny.txt").write_text("# clients\nCafé du Port\nAcme\n")
    write(root, "Café-du-port offer.txt", b"x")
    write(root, "b.txt", "\n\nwritten for Café du  Port first".encode())
    write(root, "c.txt", "Cafés du portail".encode())

    found = folder_leaks(load_project(root))

    places = {(f.location.file, f.location.line) for f in found if f.rule == "leak.denied-name"}
    assert ("assets/b.txt", 3) in places
    assert ("assets/Café-du-port offer.txt", 0) in places
    assert all(f.location.file != "assets/c.txt" for f in found)
