"""The program's own sentences: none lacks its French, none reaches people without being one of them."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from house_plan import tree

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "handover"
CODE = re.compile(r"`[^`]*`|\{\{.*?\}\}+|\{[^{}]*\}|--[a-z-]+ \"[^\"]*\"|'handover-kit\[age\]'")
"""What is typed or filled in, and keeps its own spelling: commands, tags, values."""

TELLS = frozenset(
    {
        *(
            "say",
            "done",
            "redraw",
            "ask",
            "ask_text",
            "ask_secret",
            "confirm",
            "fail",
            "Finding",
            "finding",
            "_finding",
        ),
        *("problem", "Problem", "error", "warn", "at", "whole", "_say", "Refused", "_refuse", "_refused", "refused"),
        *("damaged", "_damaged", "_too_much", "passed", "_passed", "Hit", "_Stop", "_Refusal", "Edit"),
    }
)
"""What takes a sentence for people."""

OURS_ALONE = frozenset({"ValueError", "TypeError", "AssertionError", "OSError", "TimeoutError", "PydanticCustomError"})
"""Errors that a caller of ours catches; what pydantic raises is worded by handover/project/check/wording.py."""

ALLOWED = {
    ("seal/passphrase.py", "chmod 600 {}"): "a command, as it is typed",
}
"""Texts that are no sentence, and why."""


@cache
def french() -> Catalog:
    with (ROOT / "templates/fr/program.po").open("rb") as file:
        return read_po(file, locale="fr")


def translated():
    """Every sentence with its French: (English forms, French forms)."""
    for message in french():
        if message.id:
            ids = message.id if message.pluralizable else (message.id,)
            yield tuple(ids), tuple(message.string if message.pluralizable else (message.string,))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_of_the_catalogue_has_its_french():
    """That the catalogue holds every sentence of the code and none besides, `make check` says."""
    assert [ids for ids, words in translated() if not all(words)] == []
    assert [message.id for message in french() if message.fuzzy and message.id] == []


def test_every_value_of_a_sentence_is_in_its_french():
    wrong = [
        (ids, words)
        for ids, words in translated()
        if any(places(word) - {"count"} != places(ids[-1]) - {"count"} for word in words) and not ids[0].startswith("%")
        if not (len(ids) > 1 and all(places(word) <= places(ids[0]) | places(ids[1]) for word in words))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(r"[^\W\d_]'[^\W\d_]", id="a straight apostrophe"),
        pytest.param(r" [;!?»]", id="a plain space before ; ! ? or »"),
        pytest.param(r" :(\s|$)", id="a plain space before a colon"),
        pytest.param(r"« ", id="a plain space after «"),
        pytest.param(r"[“”]", id="English quotation marks"),
        pytest.param(r"\w[;!?](\s|$)", id="no space before ; ! or ?"),
    ],
)
def test_the_french_is_set_as_french_is(fault):
    wrong = [word for _, words in translated() for word in words if re.search(fault, CODE.sub("x", word))]
    assert wrong == []


def _texts(node: ast.AST):
    """The texts that an argument may be, without what stands inside a call."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            yield node
        case ast.IfExp():
            yield from (*_texts(node.body), *_texts(node.orelse))
        case ast.BoolOp():
            for value in node.values:
                yield from _texts(value)
        case ast.BinOp():
            yield from (*_texts(node.left), *_texts(node.right))


def _shape(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _is_sentence(node: ast.expr, module: str) -> bool:
    """Whether a text says something: words, or values with words between them. The command line also sets columns."""
    text = _shape(node)
    if isinstance(node, ast.Constant):
        return bool(re.search(r"[a-z]{2,}.* .*[a-z]", text))
    return bool(re.search(r"\S.* |: ", text)) and not (module.startswith("cli/") and text.replace("{}", "").isspace())


def bare_sentences() -> set[tuple[str, str]]:
    """Where a text that isn't a message goes to people: (module, text with {} for values)."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(tree(path)):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in OURS_ALONE or not (name.endswith("Error") or name in TELLS or _has_hint(call)):
                continue
            arguments = [*call.args, *(k.value for k in call.keywords if k.arg in {"hint", "message", "place"})]
            texts = [text for argument in arguments for text in _texts(argument)]
            module = path.relative_to(PACKAGE).as_posix()
            found |= {(module, _shape(text)) for text in texts if _is_sentence(text, module)}
    return found


def _has_hint(call: ast.Call) -> bool:
    return any(keyword.arg == "hint" for keyword in call.keywords) and ast.unparse(call.func) not in {"msg", "counted"}


def test_no_sentence_reaches_people_without_being_a_message():
    assert bare_sentences() == set(ALLOWED)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        pytest.param('raise HandoverError(f"{place}: is missing")', True, id="an f-string"),
        pytest.param('raise UsageError("give one of them")', True, id="a literal"),
        pytest.param('say(msg("nothing to correct"))', False, id="a message"),
    ],
)
def test_the_search_for_bare_sentences_finds_them(code, sentence):
    (call,) = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)][:1]
    texts = [text for argument in call.args for text in _texts(argument)]
    assert any(_is_sentence(text, "project/pins.py") for text in texts) is sentence
