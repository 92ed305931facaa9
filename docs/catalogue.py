"""The catalogues of the program's words (`templates/<language>/program.po`), kept to what the code says.

Role: collects every sentence (`msg`, `counted` and `later` in the code; help of commands; meanings of keys and
variables; Click's own words), brings it into the .po file without touching what is translated, and makes the .mo file
that the program reads. `docs/generate.py` writes or compares them. It translates nothing: what is new has an empty
msgstr, which tests/languages/test_program_words.py refuses.
"""

import errno
import io
import os
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from handover.build.sample import sample_plan, sample_view
from handover.cli import cli
from handover.cli.language import use_language
from handover.documents.templates import with_templates
from handover.importers.registry import TABLES as IMPORTS
from handover.model.base import behind, described
from handover.model.message import PLACE
from handover.model.rows import TABLES, CredentialRow
from handover.model.settings import Settings
from handover.project.leaks.files import KINDS
from handover.project.leaks.patterns import PATTERNS
from handover.templating.variables import variables

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = tuple(sorted(path.parent.name for path in (ROOT / "templates").glob("??/program.po")))
"""Languages other than English, which the code itself holds."""

CODE = {"msg": None, "counted": (1, 2), "later": None, "PydanticCustomError": (2,)}
_CLICK = {"_": None, "ngettext": (1, 2)}
_CLICK_FILES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_SYSTEM = (
    "E2BIG", "EACCES", "EBADF", "EBUSY", "ECONNREFUSED", "ECONNRESET", "EDQUOT", "EEXIST", "EFBIG", "EHOSTUNREACH",
    "EINVAL", "EIO", "EISDIR", "ELOOP", "EMFILE", "EMLINK", "ENAMETOOLONG", "ENFILE", "ENOENT", "ENOMEM", "ENOSPC",
    "ENOTDIR", "ENOTEMPTY", "ENXIO", "EPERM", "EPIPE", "EROFS", "ETIMEDOUT", "ETXTBSY", "EXDEV",
)  # fmt: skip
"""Reasons of the system that people can meet."""

_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural};\\n"

"""

_VALUE = re.compile(r"\{[^{}]*\}")
_SAYS = re.compile(r"[^\W\d_]|[:;!?“,]")
"""What there is to translate beside the values: a letter, or a mark that languages set differently."""


class _Catalogue(Catalog):
    """A catalogue whose header says nothing of when and with what it was made, so that it can be compared."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """The header's lines."""
        return [
            ("Language", self.locale_identifier or ""),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


Words = dict[tuple[str, ...], set[str]]
"""The sentence (and its plural) → where it stands."""


def sentences() -> Words:
    """Every sentence of the program."""
    use_language((), {})  # a command's help is in the language that is spoken
    found: Words = {}
    for file, message in _of_code():
        found.setdefault(tuple(_bare(text) for text in message), set()).add(file)
    for place, text in (
        *_of_commands(cli),
        *_of_models(),
        *_of_variables(),
        *_of_importers(),
        *_of_secrets(),
        *_of_the_system(),
    ):
        found.setdefault((_as_template(text),), set()).add(place)
    for file, message in _of_click():
        found.setdefault(message, set()).add(f"click/{file}")
    for text in (": ", ",."):
        found.setdefault((text,), set()).add("handover/model/message.py")
    return {message: places for message, places in found.items() if _SAYS.search(_VALUE.sub("", message[0]))}


def _bare(text: str) -> str:
    """The sentence without the place that it begins with."""
    place = PLACE.match(text)
    return text[place.end() :] if place else text


def _as_template(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _extracted(folder: Path, keywords: dict[str, tuple[int, ...] | None]) -> Iterator[tuple[str, tuple[str, ...]]]:
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=keywords)
    for file, _, message, _, _ in found:
        yield file.replace(os.sep, "/"), (message,) if isinstance(message, str) else tuple(message[:2])


def _of_code() -> Iterator[tuple[str, tuple[str, ...]]]:
    for file, message in _extracted(ROOT / "handover", CODE):
        yield f"handover/{file}", message


def _of_click() -> Iterator[tuple[str, tuple[str, ...]]]:
    for file, message in _extracted(Path(click.__file__).parent, _CLICK):
        if file.removesuffix(".py") in _CLICK_FILES and not message[0].startswith("DeprecationWarning"):
            yield file, message


def _of_commands(command: click.Command) -> Iterator[tuple[str, str]]:
    context = click.Context(command)
    texts = [command.help, command.short_help, command.epilog, command.options_metavar]
    for parameter in command.params:
        texts += [getattr(parameter, "help", None), parameter.metavar]
        if not parameter.metavar and not isinstance(parameter.type, click.Choice):
            texts.append((parameter.type.name if isinstance(parameter, click.Option) else parameter.name or "").upper())
    if isinstance(command, click.Group):
        texts.append(command.subcommand_metavar)
        for name in command.list_commands(context):
            yield from _of_commands(command.get_command(context, name))
    yield from (("handover/cli", cleandoc(text)) for text in texts if text)


def _of_models() -> Iterator[tuple[str, str]]:
    """What a required key or column means (handover/project/check/wording.py, `missing_hint`)."""
    waiting, seen = [Settings, CredentialRow, *TABLES.values()], set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield "handover/model", (model.__doc__ or "").splitlines()[0]
        for field in described(model).model_fields.values():
            if field.description:
                yield "handover/model", " ".join(field.description.split())
            if field.is_required() and field.examples:
                first = field.examples[0]
                yield from (("handover/model", one) for one in (first if isinstance(first, list) else [str(first)]))
            inner = behind(field.annotation)
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                waiting.append(inner)


def _of_variables() -> Iterator[tuple[str, str]]:
    """What `handover templates show` says of each variable of a document."""
    plan = sample_plan("en")
    for deliverable in with_templates().values():
        for variable in variables(deliverable.view_type or object, sample_view(deliverable, plan)):
            yield "handover/documents", variable.kind
            yield "handover/documents", variable.meaning


def _of_importers() -> Iterator[tuple[str, str]]:
    for formats in IMPORTS.values():
        for known in formats:
            yield from (("handover/importers", text) for text in (known.title, known.help) if text)


def _of_secrets() -> Iterator[tuple[str, str]]:
    yield from (("handover/project/leaks", what) for what in (*KINDS, *(pattern.what for pattern in PATTERNS)))


def _of_the_system() -> Iterator[tuple[str, str]]:
    for name in _SYSTEM:
        text = os.strerror(getattr(errno, name))
        yield "system", text
        yield "system", text.lower()


def _read(language: str) -> tuple[str, Catalog]:
    """The comment at the top of a catalogue (its glossary), and the catalogue."""
    path = ROOT / "templates" / language / "program.po"
    with path.open("rb") as file:
        return path.read_text(encoding="utf-8").partition('msgid ""')[0], read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The language's catalogue with the sentences that there are now: what is translated stays, what is gone goes."""
    _, had = _read(language)
    made = _Catalogue(locale=language, fuzzy=False)
    for message, places in sorted(sentences().items()):
        known = had.get(message[0])
        fits = known is not None and known.pluralizable == (len(message) > 1)
        made.add(
            message if len(message) > 1 else message[0],
            known.string if known is not None and fits else None,
            locations=[(place, 1) for place in sorted(places)],
        )
    return made


def generated() -> dict[str, bytes]:
    """Path from the repository's top → content, for each language's .po and .mo."""
    files = {}
    for language in LANGUAGES:
        catalogue, text, binary = updated(language), io.BytesIO(), io.BytesIO()
        write_po(text, catalogue, width=120, omit_header=True, include_lineno=False)
        write_mo(binary, catalogue)
        header = _HEADER.format(language=language, plural=catalogue.plural_forms)
        files[f"templates/{language}/program.po"] = (_read(language)[0] + header).encode() + text.getvalue()
        files[f"templates/{language}/program.mo"] = binary.getvalue()
    return files
