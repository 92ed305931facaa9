"""What a language's folder still lacks, compared with English: files, texts, places for values, translations.

Role: `lint_language` judges `templates/<language>/`, so that whoever translates sees what is left. It takes the files'
bytes and opens none; each template is judged by `check`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from handover.formats.toml import read_toml
from handover.languages.texts import PLACE, flat
from handover.model.errors import Finding, SourceLocation, TemplateError
from handover.model.message import msg, without_place
from handover.templating.rules import SEVERITIES

_PLURALS: Final = ("zero", "one", "two", "few", "many")
"""CLDR's plural categories besides `other`: which of them a language has differs (UTS 35, part 3)."""

_OPTIONAL_PLACES: Final = frozenset({"n"})
_NOT_COMPARED: Final = frozenset({"tone.toml", "sample.toml", "passphrase.txt", "passphrase-source.txt"})
"""What a language may do without, or has of its own."""
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SENTENCE: Final = 3
"""Words from which on the same text in two languages is no coincidence."""


def lint_language(
    folder: str,
    files: Mapping[str, bytes],
    english: Mapping[str, bytes],
    ours: Sequence[Mapping[str, bytes]] = (),
) -> list[Finding]:
    """Findings about a language's folder as a whole, file by file.

    `folder` is what messages call it; the mappings go from file name (`letter.toml`, `project/README.md`) to bytes.
    A place for a value that some language of `ours` does without may be left out.
    """
    found: list[Finding] = []
    for name in sorted(english):
        place = f"{folder}/{name}"
        if name not in files:
            if name not in _NOT_COMPARED:
                found.append(_finding("language.missing-file", place, msg("is missing: English has it")))
        elif name in _NOT_COMPARED:
            continue
        elif files[name] == english[name] and name.endswith((".toml", ".docx", ".md", ".yaml")):
            found.append(_finding("language.untranslated", place, msg("is the English file, not translated yet")))
        elif name.endswith(".toml"):
            found += _texts(place, files[name], english[name], [other[name] for other in ours if name in other])
    return found


def _texts(place: str, content: bytes, english: bytes, ours: Sequence[bytes]) -> Iterator[Finding]:
    try:
        own = _texts_of(read_toml(content.decode("utf-8"), place))
    except (TemplateError, UnicodeDecodeError) as error:
        said = without_place(error.said(), place) if isinstance(error, TemplateError) else str(error)
        yield _finding("language.toml", place, msg("can't be read: {said}", said=said))
        return
    known = [_texts_of(tomllib.loads(other.decode("utf-8"))) for other in ours]
    for key, text in _texts_of(tomllib.loads(english.decode("utf-8"))).items():
        hint = msg("in English: “{text}”", text=text)
        if key not in own:
            if not _may_lack(key, own):
                yield _finding("language.missing-text", place, msg("lacks the text {key!r}", key=key), hint)
            continue
        missing = (_places(text) ^ _places(own[key])) - _OPTIONAL_PLACES
        if any(_places(own[key]) == _places(other[key]) for other in known if key in other):
            missing = set()
        if missing and key.rpartition(".")[2] not in (*_PLURALS, "other"):
            name = min(missing)
            lacks = msg("{key!r} lacks the place {{{name}}}", key=key, name=name)
            has = msg("{key!r} has the place {{{name}}}", key=key, name=name)
            yield _finding("language.places", place, lacks if name in _places(text) else has, hint)
        elif own[key] == text and len(_WORD.findall(PLACE.sub(" ", text))) >= _SENTENCE:
            message = msg("{key!r} is the English text: “{text}”", key=key, text=text)
            yield _finding("language.untranslated", place, message)


def _may_lack(key: str, own: Mapping[str, str]) -> bool:
    """Whether a language may do without this text: another plural, another locale, a shorter list."""
    first, _, _ = key.partition(".")
    rest, _, last = key.rpartition(".")
    if first == "locale" or last in _PLURALS:
        return True
    # Where one language has a list, another may have a single text.
    return any(other.startswith(f"{key}.") or (last.isdigit() and f"{other}.".startswith(f"{rest}.")) for other in own)


def _texts_of(table: Any) -> dict[str, str]:
    return {key: text for key, text in flat(table).items() if isinstance(text, str)}


def _places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def _finding(rule: str, place: str, message: str, hint: str = "") -> Finding:
    return Finding(SourceLocation(place), rule, message, hint, SEVERITIES[rule])
